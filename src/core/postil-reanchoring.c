/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-reanchoring.h"

#include <string.h>

#include "postil-step.h"

/*
 * What becomes of annotations when their text changes while they are held: each is described by
 * where it stands, looked for in the new text, and keeps how it was first described until a person
 * confirms its new place. Pure functions, for any thread.
 */

/* How much on either side of an offset tells it again, in code points. */
#define LANDMARK 48

/* How far a place that is not an annotation is looked for, in code points; a page or three. */
#define NEAR 8192

/* Whether @text is again the one that the annotation's earlier places were made on. */
static gboolean
is_reverted (const PostilAnnotationFields *fields, PostilText *text)
{
  return fields->anchor != NULL && postil_anchor_get_sha256 (fields->anchor) != NULL &&
         g_strcmp0 (postil_anchor_get_sha256 (fields->anchor), postil_text_get_sha256 (text)) == 0;
}

/* An anchor for the same quotes without the places, which are of another text. */
static PostilAnchor *
forget_positions (PostilAnchor *anchor)
{
  guint n;
  const PostilSelector *known = postil_anchor_get_selectors (anchor, &n);
  g_autofree PostilSelector *selectors = g_memdup2 (known, n * sizeof (PostilSelector));

  for (guint i = 0; i < n; i++)
    selectors[i].has_position = FALSE;
  return postil_anchor_new (selectors, n, NULL, NULL);
}

/* What is to be looked for: the present places, where there are none left the earlier ones. */
static PostilPlacement
make_request (const PostilAnnotationFields *fields, PostilText *old_text, PostilText *text)
{
  PostilPlacement request = { .trusted = is_reverted (fields, text) };

  if (request.trusted)
    request.anchor = postil_anchor_ref (fields->anchor);
  else if (fields->n_spans > 0)
    request.anchor = postil_anchor_new_for_spans (old_text, fields->spans, fields->n_spans);
  else if (is_reverted (fields, old_text))
    request.anchor = postil_anchor_ref (fields->anchor);
  else
    request.anchor = forget_positions (fields->anchor);
  return request;
}

/* Puts the ranges in the order of the text. Returns whether they were not; @order then says which
 * each of them was. */
static gboolean
sort_ranges (PostilSpan *spans, guint *order, guint n)
{
  g_autofree PostilSpan *unsorted = NULL;
  gboolean sorted = TRUE;

  for (guint i = 0; i < n; i++)
    {
      order[i] = i;
      sorted &= i == 0 || spans[i - 1].start <= spans[i].start;
    }
  if (sorted)
    return FALSE;

  unsorted = g_memdup2 (spans, n * sizeof (PostilSpan));
  g_qsort_with_data (order, n, sizeof (guint), postil_span_compare_nth, unsorted);
  for (guint i = 0; i < n; i++)
    spans[i] = unsorted[order[i]];
  return TRUE;
}

static PostilAnchor *
reorder_anchor (PostilAnchor *anchor, const guint *order, guint n)
{
  guint n_selectors;
  const PostilSelector *selectors = postil_anchor_get_selectors (anchor, &n_selectors);
  g_autofree PostilSelector *sorted = g_new (PostilSelector, n);

  if (n_selectors != n)
    return postil_anchor_ref (anchor);
  for (guint i = 0; i < n; i++)
    sorted[i] = selectors[order[i]];
  return postil_anchor_new (sorted, n, postil_anchor_get_sha256 (anchor), NULL);
}

/* What other programs put into a range stays with that range. */
static PostilForeign *
reorder_foreign (PostilForeign *foreign, const guint *order, guint n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree PostilForeignMember *members = NULL;
  guint n_members;
  const PostilForeignMember *known = postil_foreign_get_members (foreign, &n_members);

  members = g_memdup2 (known, n_members * sizeof (PostilForeignMember));
  for (guint i = 0; i < n_members; i++)
    {
      guint64 range;
      char *rest;

      if (!g_str_has_prefix (members[i].object, "target/"))
        continue;
      range = g_ascii_strtoull (members[i].object + strlen ("target/"), &rest, 10);
      for (guint j = 0; j < n; j++)
        if (order[j] == range)
          {
            g_ptr_array_add (names, g_strdup_printf ("target/%u%s", j, rest));
            members[i].object = names->pdata[names->len - 1];
            break;
          }
    }
  return postil_foreign_new (members, n_members);
}

/* What @annotation is now that the answer is known; itself when that is what it was. */
static PostilAnnotation *
take_answer (PostilAnnotation *annotation,
             PostilPlacement *answer,
             PostilText *old_text,
             PostilText *text)
{
  g_autoptr (PostilAnchor) anchor = NULL;
  g_autoptr (PostilForeign) foreign = NULL;
  g_autofree guint *order = NULL;
  PostilAnnotationFields fields;
  PostilStatus status;
  gboolean reordered;
  guint n = 0;

  postil_annotation_get_fields (annotation, &fields);
  status = postil_reanchoring_decide (fields.status, answer->trusted, answer->status);
  if (status != POSTIL_STATUS_ORPHANED)
    postil_anchor_get_selectors (answer->anchor, &n);
  if (status == fields.status && n == fields.n_spans &&
      memcmp (answer->spans ? answer->spans : fields.spans, fields.spans,
              n * sizeof (PostilSpan)) == 0)
    return postil_annotation_ref (annotation);

  if (status != POSTIL_STATUS_PLACED)
    anchor = fields.anchor ? postil_anchor_ref (fields.anchor)
                           : postil_anchor_new_for_spans (old_text, fields.spans, fields.n_spans);
  order = g_new (guint, n);
  reordered = sort_ranges (answer->spans, order, n);
  if (reordered && anchor)
    {
      PostilAnchor *sorted = reorder_anchor (anchor, order, n);

      postil_anchor_unref (anchor);
      anchor = sorted;
    }
  if (reordered && fields.foreign)
    fields.foreign = foreign = reorder_foreign (fields.foreign, order, n);
  fields.status = status;
  fields.spans = answer->spans;
  fields.n_spans = n;
  fields.anchor = anchor;
  return postil_annotation_new (&fields);
}

/* Both texts, and how much they have in common at their beginnings and ends, in code points. */
typedef struct
{
  PostilText *old_text;
  PostilText *text;
  guint before;
  guint behind;
} Pair;

/* Moves @offset along when it stands in what both texts begin or end with. An end belongs to what
 * stands before it, a start to what stands behind it. */
static gboolean
follow_common (const Pair *pair, guint *offset, gboolean is_end)
{
  guint behind = postil_text_get_length (pair->old_text) - *offset;

  if (*offset < pair->before + is_end)
    return TRUE;
  if (behind >= pair->behind + !is_end)
    return FALSE;
  *offset = postil_text_get_length (pair->text) - behind;
  return TRUE;
}

/* Where nothing of the changed part was found again: at the same share of it. */
static guint
guess (const Pair *pair, guint offset)
{
  guint old_changed = postil_text_get_length (pair->old_text) - pair->before - pair->behind;
  guint changed = postil_text_get_length (pair->text) - pair->before - pair->behind;

  offset = pair->before + (guint64) (offset - pair->before) * changed / MAX (old_changed, 1);
  return postil_text_snap_to_graphemes (pair->text, (PostilSpan){ offset, offset }).start;
}

/* (transfer full): a part of a text as a text of its own */
static PostilText *
cut (PostilText *text, PostilSpan part)
{
  gsize n_bytes = postil_text_get_byte (text, part.end) - postil_text_get_byte (text, part.start);

  return postil_text_new (postil_text_dup_range (text, part), n_bytes, NULL);
}

/* Looks for @offset near @there by what stands at one side of it, or else at the other. Returns
 * where it is, or %G_MAXUINT.
 */
static guint
look_near (const Pair *pair, guint offset, guint there, gboolean is_end)
{
  PostilSpan old_part =
    postil_text_add_context (pair->old_text, (PostilSpan){ offset, offset }, NEAR);
  PostilSpan part = postil_text_add_context (pair->text, (PostilSpan){ there, there }, NEAR);
  g_autoptr (PostilText) old_text = cut (pair->old_text, old_part), text = cut (pair->text, part);
  guint at = offset - old_part.start;
  PostilSpan around = postil_text_add_context (old_text, (PostilSpan){ at, at }, LANDMARK);
  PostilSpan sides[] = { { at, around.end }, { around.start, at } };
  PostilPlacement placements[G_N_ELEMENTS (sides)];
  guint found[G_N_ELEMENTS (sides)], first = is_end ? 1 : 0;

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    placements[i] = (PostilPlacement){
      .anchor = postil_anchor_new_for_spans (old_text, &sides[i], 1),
    };
  postil_anchoring_place (text, old_text, placements, G_N_ELEMENTS (sides), NULL, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      found[i] = placements[i].spans == NULL || sides[i].start == sides[i].end ? G_MAXUINT
                 : i == 0 ? part.start + placements[i].spans[0].start
                          : part.start + placements[i].spans[0].end;
      postil_anchor_unref (placements[i].anchor);
      g_free (placements[i].spans);
    }
  return found[first] != G_MAXUINT ? found[first] : found[!first];
}

/* Looks for @offset as far from the start as it was, and then as far from the end. */
static guint
follow_changed (const Pair *pair, guint offset, gboolean is_end)
{
  guint length = postil_text_get_length (pair->text);
  guint behind = postil_text_get_length (pair->old_text) - offset;
  guint from_start = MIN (offset, length), from_end = length - MIN (behind, length);
  guint found = look_near (pair, offset, from_start, is_end);

  if (found == G_MAXUINT && from_end != from_start)
    found = look_near (pair, offset, from_end, is_end);
  return found != G_MAXUINT ? found : guess (pair, offset);
}

/**
 * postil_reanchoring_decide:
 * @before: what was said of the annotation
 * @reverted: whether the text is again the one that it was first made on
 * @answer: what became of the places that were looked for
 *
 * What was found once needs confirming until a person did, however well it is found again; except
 * in a text that is as it was, or where an orphan's passage came back.
 *
 * Returns: what is to be said of it now
 */
PostilStatus
postil_reanchoring_decide (PostilStatus before, gboolean reverted, PostilStatus answer)
{
  if (answer == POSTIL_STATUS_ORPHANED)
    return POSTIL_STATUS_ORPHANED;
  if (answer == POSTIL_STATUS_PLACED && (reverted || before == POSTIL_STATUS_ORPHANED))
    return POSTIL_STATUS_PLACED;
  return MAX (before == POSTIL_STATUS_ORPHANED ? POSTIL_STATUS_MOVED : before, answer);
}

/**
 * postil_reanchoring_run:
 * @old_text: the text that the annotations stand in
 * @text: the text to place them in
 * @annotations: (element-type PostilAnnotation): annotations of a snapshot
 * @progress: (nullable): called again and again, with @progress_data
 * @cancellable: (nullable): ends it early
 *
 * Places annotations in a text that changed, all of them together; see postil_anchoring_place().
 * Those of the whole document, and those that Postil cannot show, stay as they are.
 *
 * Returns: (transfer full) (nullable) (element-type PostilAnnotation): for each annotation what it
 *   is in @text, which is the same value where nothing changes; %NULL when cancelled
 */
GPtrArray *
postil_reanchoring_run (PostilText *old_text,
                        PostilText *text,
                        GPtrArray *annotations,
                        PostilAnchoringProgress progress,
                        gpointer progress_data,
                        GCancellable *cancellable)
{
  g_autoptr (GPtrArray) answers = NULL;
  g_autofree PostilPlacement *placements = NULL;
  guint n = 0, answered = 0;
  gboolean done;

  g_return_val_if_fail (old_text != NULL && text != NULL && annotations != NULL, NULL);

  placements = g_new (PostilPlacement, annotations->len);
  for (guint i = 0; i < annotations->len; i++)
    {
      PostilAnnotationFields fields;

      postil_annotation_get_fields (annotations->pdata[i], &fields);
      if (postil_annotation_kind_has_place (fields.kind))
        placements[n++] = make_request (&fields, old_text, text);
    }
  done =
    postil_anchoring_place (text, old_text, placements, n, progress, progress_data, cancellable);

  answers = g_ptr_array_new_full (annotations->len, (GDestroyNotify) postil_annotation_unref);
  for (guint i = 0; i < annotations->len && done; i++)
    {
      PostilAnnotation *annotation = annotations->pdata[i];

      g_ptr_array_add (answers,
                       postil_annotation_kind_has_place (postil_annotation_get_kind (annotation))
                         ? take_answer (annotation, &placements[answered++], old_text, text)
                         : postil_annotation_ref (annotation));
    }
  for (guint i = 0; i < n; i++)
    {
      postil_anchor_unref (placements[i].anchor);
      g_free (placements[i].spans);
    }
  return done ? g_steal_pointer (&answers) : NULL;
}

/* What is to be placed, and the changes that it makes, which name it until it is. */
typedef struct
{
  PostilAnnotationIndex *placed;
  GPtrArray *unplaced;
  GArray *changes;
} Placing;

static gboolean
add_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  const Placing *self = data;

  g_ptr_array_add (self->unplaced, annotation);
  g_array_append_val (self->changes, ((PostilChange){ .annotation = { annotation, annotation } }));
  return G_SOURCE_CONTINUE;
}

static gboolean
add_difference_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  const Placing *self = data;

  if (before != NULL)
    before = postil_annotation_index_lookup (self->placed, postil_annotation_get_id (before));
  if (after != NULL)
    g_ptr_array_add (self->unplaced, after);
  g_array_append_val (self->changes, ((PostilChange){ .annotation = { before, after } }));
  return G_SOURCE_CONTINUE;
}

/* Lets changes make of what is unplaced what became of it; drops those that make nothing. */
static void
resolve (GArray *changes, GPtrArray *answers)
{
  guint n = 0, answered = 0;

  for (guint i = 0; i < changes->len; i++)
    {
      PostilChange change = g_array_index (changes, PostilChange, i);

      if (change.annotation.after != NULL)
        change.annotation.after = answers->pdata[answered++];
      if (change.annotation.after != change.annotation.before)
        g_array_index (changes, PostilChange, n++) = change;
    }
  g_array_set_size (changes, n);
}

/**
 * postil_reanchoring_run_index:
 * @old_text: the text that the annotations stand in
 * @text: the text to place them in
 * @annotations: all annotations of a document
 * @known: (nullable): what they were when this was called before
 * @placed: (nullable): what was returned then
 * @cancellable: (nullable): ends it early
 *
 * Does as postil_reanchoring_run(), but for those that were placed before.
 *
 * Returns: (transfer full) (nullable): what the annotations are in @text; %NULL when cancelled
 */
PostilAnnotationIndex *
postil_reanchoring_run_index (PostilText *old_text,
                              PostilText *text,
                              PostilAnnotationIndex *annotations,
                              PostilAnnotationIndex *known,
                              PostilAnnotationIndex *placed,
                              GCancellable *cancellable)
{
  g_autoptr (GPtrArray) unplaced = g_ptr_array_new (), answers = NULL;
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (PostilChange));
  Placing placing = { placed, unplaced, changes };

  g_return_val_if_fail (old_text != NULL && text != NULL && annotations != NULL, NULL);
  g_return_val_if_fail ((known != NULL) == (placed != NULL), NULL);

  if (known != NULL)
    postil_annotation_index_foreach_difference (known, annotations, add_difference_cb, &placing);
  else
    postil_annotation_index_foreach (annotations, add_cb, &placing);
  answers = postil_reanchoring_run (old_text, text, unplaced, NULL, NULL, cancellable);
  if (answers == NULL)
    return NULL;
  resolve (changes, answers);
  return postil_changes_make (placed != NULL ? placed : annotations,
                              (const PostilChange *) changes->data, changes->len);
}

/**
 * postil_reanchoring_run_snapshot:
 * @snapshot: what a document held
 * @text: the text that the document has by now
 *
 * Returns: (transfer full): @snapshot with its annotations placed in @text; itself when that is its
 *   text already
 */
PostilSnapshot *
postil_reanchoring_run_snapshot (PostilSnapshot *snapshot, PostilText *text)
{
  g_autoptr (PostilAnnotationIndex) annotations = NULL;
  PostilSnapshot fields;

  g_return_val_if_fail (snapshot != NULL, NULL);

  if (snapshot->text == text)
    return postil_snapshot_ref (snapshot);
  annotations =
    postil_reanchoring_run_index (snapshot->text, text, snapshot->annotations, NULL, NULL, NULL);
  fields = *snapshot;
  fields.text = text;
  fields.annotations = annotations;
  return postil_snapshot_new (&fields);
}

/**
 * postil_reanchoring_follow:
 * @old_text: a text
 * @text: what became of it
 * @spans: (array length=n_spans) (inout): ranges of @old_text, in code points; those of @text
 * @n_spans: how many, a few
 *
 * Follows places that are not annotations, such as what is selected or in sight, through a change
 * of the text. The start of a span stays before what it stood before, the end behind what it stood
 * behind, an empty span before what it stood before; what is gone is somewhere near.
 */
void
postil_reanchoring_follow (PostilText *old_text, PostilText *text, PostilSpan *spans, guint n_spans)
{
  Pair pair = { .old_text = old_text, .text = text };

  g_return_if_fail (old_text != NULL && text != NULL && (spans != NULL || n_spans == 0));

  postil_text_compare (old_text, text, &pair.before, &pair.behind);
  for (guint i = 0; i < n_spans; i++)
    {
      gboolean empty = spans[i].start == spans[i].end;

      if (!follow_common (&pair, &spans[i].start, FALSE))
        spans[i].start = follow_changed (&pair, spans[i].start, FALSE);
      if (!empty && !follow_common (&pair, &spans[i].end, TRUE))
        spans[i].end = follow_changed (&pair, spans[i].end, TRUE);
      spans[i].end = empty ? spans[i].start : MAX (spans[i].start, spans[i].end);
    }
}
