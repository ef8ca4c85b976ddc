/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "postil-merge.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/*
 * Makes of bytes a document and what two people made of it, with its text and without, and merges.
 * What either of them has or wrote is in the result once, the order of the sides does not matter,
 * and merging with what a side started from, or with itself, changes nothing.
 */

#define N_ANNOTATIONS 5
#define N_TOPICS 3
#define N_ANNOTATORS 3

static const char prose[] = "the café 😀 was closed.\r\nA second line, 会議 again.\n";
static const char *const texts[] = { "why here?", "because", "why\nthere? 😀" };

/* One of each of them, or %NULL. */
typedef struct
{
  PostilAnnotation *annotations[N_ANNOTATIONS];
  PostilTopic *topics[N_TOPICS];
} Side;

static char *
make_id (char kind, guint n)
{
  return g_strdup_printf ("urn:%c%u", kind, n);
}

static PostilAnnotation *
make_annotation (FuzzBytes *bytes, guint number)
{
  g_autofree char *id = make_id ('a', number);
  g_autofree char *creator = make_id ('p', fuzz_take (bytes, N_ANNOTATORS));
  PostilSpan spans[2] = { { fuzz_take (bytes, 20), 0 }, { 0, 0 } };
  g_autoptr (GPtrArray) topics = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_note_unref);
  guint n_spans = fuzz_take (bytes, 3);
  guint has = fuzz_take (bytes, 1 << (N_TOPICS + N_ANNOTATORS));

  spans[0].end = spans[0].start + fuzz_take (bytes, 8);
  spans[1] = (PostilSpan){ spans[0].end + fuzz_take (bytes, 5), 32 };
  for (guint i = 0; i < N_TOPICS; i++)
    if (has & (1 << i))
      g_ptr_array_add (topics, make_id ('t', i));
  for (guint i = 0; i < N_ANNOTATORS; i++)
    if (has & (1 << (N_TOPICS + i)))
      {
        g_autofree char *by = make_id ('p', i);

        g_ptr_array_add (notes, postil_note_new (texts[fuzz_take (bytes, G_N_ELEMENTS (texts))], by,
                                                 1767225600 + fuzz_take (bytes, 3), NULL));
      }
  return postil_annotation_new (&(PostilAnnotationFields){
    .id = id,
    .kind = n_spans == 0 ? POSTIL_ANNOTATION_DOCUMENT : POSTIL_ANNOTATION_PASSAGE,
    .creator = creator,
    .created = 1767225600,
    .modified = 1767225600 + fuzz_take (bytes, 4),
    .spans = spans,
    .n_spans = n_spans,
    .topics = (const char *const *) topics->pdata,
    .n_topics = topics->len,
    .notes = (PostilNote *const *) notes->pdata,
    .n_notes = notes->len,
  });
}

static PostilTopic *
make_topic (FuzzBytes *bytes, guint number)
{
  static const char *const labels[] = { "Trust", "会議", "Time" };
  static const char *const colors[] = { NULL, "#e5a50a", "#000000" };
  g_autofree char *id = make_id ('t', number);
  g_autofree char *broader = number > 0 && fuzz_take (bytes, 2) ? make_id ('t', 0) : NULL;

  return postil_topic_new (&(PostilTopicFields){
    .id = id,
    .label = labels[fuzz_take (bytes, G_N_ELEMENTS (labels))],
    .color = colors[fuzz_take (bytes, G_N_ELEMENTS (colors))],
    .definition = fuzz_take (bytes, 2) ? texts[fuzz_take (bytes, 2)] : NULL,
    .broader = broader,
    .modified = 1767225600 + fuzz_take (bytes, 3),
    .deprecated = fuzz_take (bytes, 5) == 4,
  });
}

static void
side_clear (Side *side)
{
  for (guint i = 0; i < N_ANNOTATIONS; i++)
    g_clear_pointer (&side->annotations[i], postil_annotation_unref);
  for (guint i = 0; i < N_TOPICS; i++)
    g_clear_pointer (&side->topics[i], postil_topic_unref);
}

/* What someone makes of @base: annotates, deletes, changes. */
static void
side_init (Side *side, const Side *base, FuzzBytes *bytes)
{
  for (guint i = 0; i < N_ANNOTATIONS; i++)
    {
      guint verb = fuzz_take (bytes, 8);

      side->annotations[i] = NULL;
      if (base->annotations[i] != NULL && verb > 2)
        side->annotations[i] = postil_annotation_ref (base->annotations[i]);
      else if (verb == (base->annotations[i] != NULL ? 1 : 7))
        side->annotations[i] = make_annotation (bytes, i);
    }
  for (guint i = 0; i < N_TOPICS; i++)
    side->topics[i] = base->topics[i] != NULL && fuzz_take (bytes, 4) < 3
                        ? postil_topic_ref (base->topics[i])
                        : make_topic (bytes, i);
}

static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static char *
write_sidecar (PostilSnapshot *snapshot)
{
  GString *sidecar = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append_cb, sidecar, NULL, &error);
  g_assert_no_error (error);
  return g_string_free (sidecar, FALSE);
}

/* (transfer full): @side as it is in memory, or as it is read without its text */
static PostilSnapshot *
make_snapshot (const Side *side, PostilText *text, gboolean with_text)
{
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (GPtrArray) annotators =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sidecar = NULL;
  PostilSnapshot *read;

  for (guint i = 0; i < N_ANNOTATIONS; i++)
    if (side->annotations[i] != NULL)
      g_ptr_array_add (annotations, side->annotations[i]);
  for (guint i = 0; i < N_TOPICS; i++)
    g_ptr_array_add (topics, postil_topic_ref (side->topics[i]));
  for (guint i = 0; i < N_ANNOTATORS; i++)
    {
      g_autofree char *id = make_id ('p', i);

      g_ptr_array_add (annotators, postil_annotator_new (id, "Annotator", NULL));
    }
  index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  snapshot = postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) "urn:text",
    .collection = (char *) "urn:collection",
    .label = (char *) "a.txt",
    .text = text,
    .annotations = index,
    .annotators = annotators,
    .topics = topics,
  });
  if (with_text)
    return g_steal_pointer (&snapshot);

  sidecar = write_sidecar (snapshot);
  read = postil_sidecar_read (sidecar, strlen (sidecar), "a.json", "a.txt", NULL,
                              fuzz_get_environment (), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return read;
}

static void
show (const char *name, PostilSnapshot *snapshot)
{
  g_autofree char *sidecar = fuzz_is_shown () ? write_sidecar (snapshot) : NULL;

  fuzz_show (name, sidecar);
}

static gboolean
add_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_assert_true (
    g_hash_table_insert (data, (gpointer) postil_annotation_get_id (annotation), annotation));
  return G_SOURCE_CONTINUE;
}

static gboolean
equal (PostilAnnotation *a, PostilAnnotation *b)
{
  return a == b || (a != NULL && b != NULL && postil_annotation_equal (a, b));
}

static gboolean
is_same (PostilSnapshot *a, PostilSnapshot *b)
{
  guint n = postil_annotation_index_get_size (a->annotations);

  if (postil_annotation_index_get_size (b->annotations) != n || b->topics->len != a->topics->len ||
      b->annotators->len != a->annotators->len || !postil_foreign_equal (a->foreign, b->foreign))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!postil_annotation_equal (postil_annotation_index_get (a->annotations, i),
                                  postil_annotation_index_get (b->annotations, i)))
      return FALSE;
  for (guint i = 0; i < a->topics->len; i++)
    if (!postil_topic_equal (a->topics->pdata[i], b->topics->pdata[i]))
      return FALSE;
  for (guint i = 0; i < a->annotators->len; i++)
    if (strcmp (postil_annotator_get_id (a->annotators->pdata[i]),
                postil_annotator_get_id (b->annotators->pdata[i])) != 0)
      return FALSE;
  return TRUE;
}

/* Merges, and expects that @result is written. Writing takes much longer than merging, so it is
 * done only where memory does not say enough. */
static void
check_merge (PostilSnapshot *base,
             PostilSnapshot *ours,
             PostilSnapshot *theirs,
             PostilSnapshot *result)
{
  g_autoptr (PostilSnapshot) merged = postil_merge (base, ours, theirs, NULL);
  g_autofree char *sidecar = NULL;
  g_autofree char *expected = NULL;

  if (is_same (merged, result))
    return;
  sidecar = write_sidecar (merged);
  expected = write_sidecar (result);
  fuzz_assert_same (sidecar, expected);
}

static gboolean
holds_note (PostilAnnotation *annotation, PostilNote *note)
{
  PostilNote *const *notes;
  guint n_notes = 0;

  if (annotation != NULL)
    notes = postil_annotation_get_notes (annotation, &n_notes);
  for (guint i = 0; i < n_notes; i++)
    if (strcmp (postil_note_get_text (notes[i]), postil_note_get_text (note)) == 0 &&
        strcmp (postil_note_get_creator (notes[i]), postil_note_get_creator (note)) == 0)
      return TRUE;
  return FALSE;
}

/* Whether @annotations has the note in the one with @id or another version of it. */
static gboolean
is_kept (GHashTable *annotations, const char *id, PostilNote *note)
{
  GHashTableIter iter;
  PostilAnnotation *annotation;

  g_hash_table_iter_init (&iter, annotations);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &annotation))
    if ((strcmp (postil_annotation_get_id (annotation), id) == 0 ||
         g_strcmp0 (postil_annotation_get_version_of (annotation), id) == 0) &&
        holds_note (annotation, note))
      return TRUE;
  return FALSE;
}

/* Whether all that @ours has is in the merged @annotations, unless @theirs took it away. */
static void
check_side (const Side *base, const Side *ours, const Side *theirs, GHashTable *annotations)
{
  for (guint i = 0; i < N_ANNOTATIONS; i++)
    {
      PostilAnnotation *before = base->annotations[i], *mine = ours->annotations[i];
      g_autofree char *id = make_id ('a', i);
      gboolean gone = theirs->annotations[i] == NULL && equal (before, mine);
      PostilNote *const *notes;
      guint n_notes;

      if (mine == NULL)
        continue;
      g_assert_true (g_hash_table_contains (annotations, id) == !gone);
      notes = postil_annotation_get_notes (mine, &n_notes);
      for (guint k = 0; k < n_notes; k++)
        if (!holds_note (before, notes[k]) && !is_kept (annotations, id, notes[k]))
          g_error ("%s lost the note “%s” by %s", id, postil_note_get_text (notes[k]),
                   postil_note_get_creator (notes[k]));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const Side nothing = { 0 };
  static PostilText *text;
  FuzzBytes bytes = { data, data + size };
  gboolean with_text = fuzz_take (&bytes, 16) > 0, with_base = fuzz_take (&bytes, 8) > 0;
  Side sides[3] = { { { NULL } } };
  g_autoptr (PostilSnapshot) base = NULL;
  g_autoptr (PostilSnapshot) ours = NULL;
  g_autoptr (PostilSnapshot) theirs = NULL;
  g_autoptr (PostilSnapshot) merged = NULL;
  g_autoptr (GHashTable) annotations = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *sidecar = NULL;

  if (text == NULL)
    {
      g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, prose, -1);

      text = postil_text_new (g_strdup (prose), strlen (prose),
                              &(PostilTextOrigin){ .charset = "UTF-8", .sha256 = sum });
    }
  for (guint i = 0; i < N_TOPICS; i++)
    sides[0].topics[i] = make_topic (&bytes, i);
  for (guint i = 0; i < N_ANNOTATIONS && with_base; i++)
    if (fuzz_take (&bytes, 2))
      sides[0].annotations[i] = make_annotation (&bytes, i);
  side_init (&sides[1], with_base ? &sides[0] : &nothing, &bytes);
  side_init (&sides[2], with_base ? &sides[0] : &nothing, &bytes);
  base = with_base ? make_snapshot (&sides[0], text, with_text) : NULL;
  ours = make_snapshot (&sides[1], text, with_text);
  theirs = make_snapshot (&sides[2], text, with_text);

  if (base != NULL)
    show ("base", base);
  show ("ours", ours);
  show ("theirs", theirs);
  merged = postil_merge (base, ours, theirs, NULL);
  sidecar = write_sidecar (merged);
  fuzz_show ("merged", sidecar);

  postil_annotation_index_foreach (merged->annotations, add_cb, annotations);
  check_side (&sides[0], &sides[1], &sides[2], annotations);
  check_side (&sides[0], &sides[2], &sides[1], annotations);

  check_merge (base, theirs, ours, merged);
  check_merge (base, merged, theirs, merged);
  check_merge (base, ours, ours, ours);
  if (base != NULL)
    {
      check_merge (base, base, theirs, theirs);
      check_merge (base, ours, base, ours);
    }

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    side_clear (&sides[i]);
  return 0;
}
