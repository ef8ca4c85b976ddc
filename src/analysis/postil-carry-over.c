/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-carry-over.h"

#include "postil-counterpart.h"
#include "postil-edit.h"
#include "postil-linking.h"

/*
 * Makes of an annotation the same one on its counterpart in another text, and joins the two with a
 * link. What is to be carried over is planned first, for a person to look through: which of them
 * were carried over before is looked up in the documents; what the others' counterparts are takes
 * longer and is found from snapshots, in any thread. Carrying them out is a step of the workspace.
 */

/* Counterparts to be found. */
typedef struct
{
  PostilAlignment *alignment;
  PostilText *a;
  PostilText *b;
  gboolean from_b;
  /* What both documents hold. */
  PostilAnnotationIndex *annotations;
  PostilAnnotationIndex *present;
  /* %NULL when it is known which annotations; only the main thread lets go of it. */
  PostilAnnotationMatcher *matcher;
  /* By id of an annotation: the one of the other document that it is linked with. */
  GHashTable *linked;
  GPtrArray *items;
} Plan;

static void
plan_free (gpointer data)
{
  Plan *plan = data;

  postil_alignment_unref (plan->alignment);
  postil_text_unref (plan->a);
  postil_text_unref (plan->b);
  postil_annotation_index_unref (plan->annotations);
  postil_annotation_index_unref (plan->present);
  g_hash_table_unref (plan->linked);
  g_ptr_array_unref (plan->items);
  g_free (plan);
}

/* Notes what @annotation joins if it is a plain link: whichever of the two was there first. */
static void
note_link (Plan *plan, PostilAnnotation *annotation, gboolean is_there)
{
  PostilLink *link = postil_annotation_get_link (annotation);
  const char *ids[] = { link ? postil_link_get_from (link) : NULL,
                        link ? postil_link_get_to (link) : NULL };
  PostilAnnotation *linked =
    ids[is_there] ? postil_annotation_index_lookup (plan->present, ids[is_there]) : NULL;

  if (!linked || postil_link_get_kind (link) != POSTIL_LINK_PLAIN)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (ids[i] && !g_hash_table_contains (plan->linked, ids[i]))
      g_hash_table_insert (plan->linked, (gpointer) ids[i], linked);
}

static void
note_links (Plan *plan)
{
  PostilAnnotationIndex *both[] = { plan->annotations, plan->present };

  for (guint there = G_N_ELEMENTS (both); there-- > 0;)
    for (guint i = postil_annotation_index_get_n_shown (both[there]);
         i < postil_annotation_index_get_size (both[there]); i++)
      note_link (plan, postil_annotation_index_get (both[there], i), there);
}

static void
add_item (Plan *plan, PostilAnnotation *annotation)
{
  PostilCarryOver *item = g_new0 (PostilCarryOver, 1);

  item->annotation = postil_annotation_ref (annotation);
  item->places = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  item->done = g_hash_table_lookup (plan->linked, postil_annotation_get_id (annotation));
  if (item->done)
    {
      guint n_spans;
      const PostilSpan *spans = postil_annotation_get_spans (item->done, &n_spans);

      postil_annotation_ref (item->done);
      g_array_append_vals (item->places, spans, n_spans);
      item->state = POSTIL_CARRY_OVER_DONE;
    }
  g_ptr_array_add (plan->items, item);
}

typedef struct
{
  Plan *plan;
  GString *folded;
} Matching;

static gboolean
match_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  const Matching *matching = data;
  Plan *plan = matching->plan;

  if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_LINK)
    return G_SOURCE_REMOVE;
  if (postil_annotation_matcher_match (plan->matcher, NULL, plan->from_b ? plan->b : plan->a,
                                       annotation, matching->folded))
    add_item (plan, annotation);
  return G_SOURCE_CONTINUE;
}

static Plan *
plan_new (PostilAlignment *alignment, PostilDocument *a, PostilDocument *b, gboolean from_b)
{
  Plan *plan = g_new0 (Plan, 1);

  plan->alignment = postil_alignment_ref (alignment);
  plan->a = postil_text_ref (postil_document_get_text (a));
  plan->b = postil_text_ref (postil_document_get_text (b));
  plan->from_b = from_b;
  plan->annotations =
    postil_annotation_index_ref (postil_document_get_annotations (from_b ? b : a));
  plan->present = postil_annotation_index_ref (postil_document_get_annotations (from_b ? a : b));
  plan->linked = g_hash_table_new (g_str_hash, g_str_equal);
  plan->items = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_carry_over_free);
  return plan;
}

static gboolean
is_blank (PostilText *text, PostilSpan span)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  const char *end = utf8 + postil_text_get_byte (text, span.end);

  for (const char *p = utf8 + postil_text_get_byte (text, span.start); p < end;
       p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/* Makes one range of those that meet or have only blanks between them. */
static void
join (GArray *places, PostilText *text)
{
  guint n = 0;

  g_array_sort (places, postil_span_compare);
  for (guint i = 0; i < places->len; i++)
    {
      PostilSpan place = g_array_index (places, PostilSpan, i);
      PostilSpan *last = n > 0 ? &g_array_index (places, PostilSpan, n - 1) : NULL;

      if (last &&
          (place.start <= last->end || is_blank (text, (PostilSpan){ last->end, place.start })))
        last->end = MAX (last->end, place.end);
      else
        g_array_index (places, PostilSpan, n++) = place;
    }
  g_array_set_size (places, n);
}

/* An annotation of the same passage that has all the topics of @annotation. */
static PostilAnnotation *
find_twin (PostilAnnotationIndex *present, GArray *places, PostilAnnotation *annotation)
{
  g_autoptr (GPtrArray) near =
    postil_annotation_index_list_in (present, g_array_index (places, PostilSpan, 0));
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < near->len; i++)
    {
      PostilAnnotation *twin = near->pdata[i];
      guint n_spans, n_common = 0;
      const PostilSpan *spans = postil_annotation_get_spans (twin, &n_spans);

      if (postil_annotation_get_kind (twin) != POSTIL_ANNOTATION_PASSAGE ||
          n_spans != places->len || memcmp (spans, places->data, n_spans * sizeof *spans) != 0)
        continue;
      while (n_common < n_topics && postil_annotation_has_topic (twin, topics[n_common]))
        n_common++;
      if (n_common == n_topics)
        return twin;
    }
  return NULL;
}

/* Finds the counterparts, until @cancellable ends it. */
static void
run (Plan *plan, GCancellable *cancellable)
{
  for (guint i = 0; i < plan->items->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      PostilCarryOver *item = plan->items->pdata[i];
      guint n_spans;
      const PostilSpan *spans = postil_annotation_get_spans (item->annotation, &n_spans);

      if (item->done)
        continue;
      g_array_unref (item->places);
      item->places = postil_carry_over_find_places (plan->alignment, plan->a, plan->b, plan->from_b,
                                                    spans, n_spans, &item->score);
      item->state = POSTIL_CARRY_OVER_MISSING;
      if (item->places->len == 0)
        continue;
      item->done = find_twin (plan->present, item->places, item->annotation);
      item->state = item->done ? POSTIL_CARRY_OVER_DONE : POSTIL_CARRY_OVER_READY;
      if (item->done)
        postil_annotation_ref (item->done);
    }
}

static void
plan_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Plan *plan = data;
  g_autoptr (GString) folded = g_string_new (NULL);

  note_links (plan);
  postil_annotation_index_foreach (plan->annotations, match_cb, &(Matching){ plan, folded });
  run (plan, cancellable);
  g_task_return_pointer (task, g_ptr_array_ref (plan->items), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * postil_carry_over_find_places:
 * @alignment: the alignment of two texts
 * @a: the first one
 * @b: the second one
 * @from_b: whether @spans are in the second text
 * @spans: (array length=n_spans): the ranges of a passage, in code points
 * @n_spans: how many
 * @score: (out) (optional): that of the weakest pair that it was found by, from 0 to 1
 *
 * Finds the passage of the other text that says the same: whole words, and one range of those that
 * only blanks are between. Ranges that the other text lacks are left out. May be called in any
 * thread.
 *
 * Returns: (transfer full) (element-type PostilSpan): its ranges in the other text, in order; none
 * when it lacks all of them
 */
GArray *
postil_carry_over_find_places (PostilAlignment *alignment,
                               PostilText *a,
                               PostilText *b,
                               gboolean from_b,
                               const PostilSpan *spans,
                               guint n_spans,
                               double *score)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  PostilText *to = from_b ? a : b;
  double weakest = 1;

  g_return_val_if_fail (alignment != NULL && a != NULL && b != NULL, places);

  for (guint i = 0; i < n_spans; i++)
    {
      g_autoptr (GArray) found = postil_counterpart_find (alignment, a, b, from_b, spans[i]);

      for (guint k = 0; k < found->len; k++)
        {
          PostilSpan place = g_array_index (found, PostilSpan, k);
          const PostilPair *pair = postil_alignment_find_pair (alignment, !from_b, place.start);

          if (pair)
            weakest = MIN (weakest, pair->score);
          place = postil_text_snap_to_words (to, place);
          g_array_append_val (places, place);
        }
    }
  join (places, to);
  if (score)
    *score = places->len > 0 ? weakest : 0;
  return places;
}

/**
 * postil_carry_over_plan:
 * @alignment: the alignment of the texts of two documents
 * @a: the first one
 * @b: the second one
 * @from_b: whether @annotations are of the second one
 * @annotations: (element-type PostilAnnotation): annotations of one of them
 *
 * Finds what carrying them over would do.
 *
 * Returns: (transfer full) (element-type PostilCarryOver): one for each, in their order
 */
GPtrArray *
postil_carry_over_plan (PostilAlignment *alignment,
                        PostilDocument *a,
                        PostilDocument *b,
                        gboolean from_b,
                        GPtrArray *annotations)
{
  PostilDocument *both[] = { from_b ? b : a, from_b ? a : b };
  Plan *plan;
  GPtrArray *items;

  g_return_val_if_fail (alignment != NULL && annotations != NULL, NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (a) && POSTIL_IS_DOCUMENT (b), NULL);

  plan = plan_new (alignment, a, b, from_b);
  for (guint i = 0; i < annotations->len; i++)
    {
      for (guint there = G_N_ELEMENTS (both); there-- > 0;)
        {
          GPtrArray *links = postil_document_get_links (
            both[there], postil_annotation_get_id (annotations->pdata[i]));

          for (guint k = 0; links && k < links->len; k++)
            note_link (plan, links->pdata[k], there);
        }
      add_item (plan, annotations->pdata[i]);
    }
  run (plan, NULL);
  items = g_ptr_array_ref (plan->items);
  plan_free (plan);
  return items;
}

/**
 * postil_carry_over_plan_async:
 * @alignment: the alignment of the texts of two documents
 * @a: the first one
 * @b: the second one
 * @from_b: whether annotations of the second one are carried over to the first one
 * @matcher: which ones
 * @cancellable: (nullable): ends it early
 * @callback: called when it is done
 *
 * Does as postil_carry_over_plan(), but in a thread, on the documents as they are now.
 */
void
postil_carry_over_plan_async (PostilAlignment *alignment,
                              PostilDocument *a,
                              PostilDocument *b,
                              gboolean from_b,
                              PostilAnnotationMatcher *matcher,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Plan *plan;

  g_return_if_fail (alignment != NULL && matcher != NULL);
  g_return_if_fail (POSTIL_IS_DOCUMENT (a) && POSTIL_IS_DOCUMENT (b));

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, postil_carry_over_plan_async);
  plan = plan_new (alignment, a, b, from_b);
  plan->matcher = postil_annotation_matcher_ref (matcher);
  g_task_set_task_data (task, plan, plan_free);
  g_task_run_in_thread (task, plan_in_thread);
}

/**
 * postil_carry_over_plan_finish:
 * @result: what the callback was given
 * @error: return location; %G_IO_ERROR_CANCELLED when it was ended
 *
 * Returns: (transfer full) (nullable): as of postil_carry_over_plan()
 */
GPtrArray *
postil_carry_over_plan_finish (GAsyncResult *result, GError **error)
{
  Plan *plan;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  plan = g_task_get_task_data (G_TASK (result));
  g_clear_pointer (&plan->matcher, postil_annotation_matcher_unref);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * postil_carry_over_apply:
 * @workspace: a workspace
 * @step: the step to add to
 * @from: the document of the annotation
 * @to: the other document
 * @item: an annotation that is ready to be carried over
 * @with_note: whether the note of the workspace's annotator comes along
 *
 * Makes an annotation of the counterpart that has the same topics, and a link that joins the two.
 *
 * Returns: (transfer full): the id of the new annotation
 */
char *
postil_carry_over_apply (PostilWorkspace *workspace,
                         PostilStep *step,
                         PostilDocument *from,
                         PostilDocument *to,
                         const PostilCarryOver *item,
                         gboolean with_note)
{
  g_autofree const char **topics = NULL;
  g_autofree char *link = NULL;
  const PostilSpan *places;
  PostilAnnotationFields fields;
  PostilNote *note = NULL;
  char *id;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && step != NULL && item != NULL, NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (from) && POSTIL_IS_DOCUMENT (to), NULL);
  g_return_val_if_fail (item->places->len > 0, NULL);

  postil_annotation_get_fields (item->annotation, &fields);
  topics = g_new0 (const char *, fields.n_topics + 1);
  for (guint i = 0; i < fields.n_topics; i++)
    topics[i] = fields.topics[i];
  if (with_note)
    note = postil_annotation_find_note (
      item->annotation, postil_annotator_get_id (postil_workspace_get_annotator (workspace)));
  places = (const PostilSpan *) item->places->data;
  id = postil_edit_add_annotation (workspace, step, to, places, item->places->len, topics,
                                   note ? postil_note_get_text (note) : NULL);
  link = postil_linking_add (workspace, step, POSTIL_LINK_PLAIN, from, fields.spans, fields.n_spans,
                             fields.id, to, places, item->places->len, id);
  return id;
}

void
postil_carry_over_free (PostilCarryOver *self)
{
  postil_annotation_unref (self->annotation);
  g_clear_pointer (&self->done, postil_annotation_unref);
  g_array_unref (self->places);
  g_free (self);
}
