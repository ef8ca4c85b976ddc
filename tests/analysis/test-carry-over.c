/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-carry-over.h"

#include <string.h>

#include "postil-edit.h"
#include "postil-linking.h"
#include "postil-test.h"

#define A                                                                                          \
  "Preparations began early in the morning.\n\n"                                                   \
  "The envoys met on the island at dawn. They asked for tribute and for peace. "                   \
  "Nobody wrote down how the captain laughed about it.\n\n"                                        \
  "The islanders refused to surrender their ancient city."

#define B                                                                                          \
  "The envoys met on the small island at dawn. They asked for tribute and for lasting peace.\n\n"  \
  "Then the islanders refused to surrender their ancient city."

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *a;
  PostilDocument *b;
  PostilAlignment *alignment;
} Fixture;

static void
open_texts (Fixture *fixture, const char *a, const char *b)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->a = postil_test_document_new ("a.txt", a);
  fixture->b = postil_test_document_new ("b.txt", b);
  postil_workspace_add_document (fixture->workspace, fixture->a);
  postil_workspace_add_document (fixture->workspace, fixture->b);
  fixture->alignment =
    postil_alignment_new (postil_document_get_text (fixture->a),
                          postil_document_get_text (fixture->b), NULL, NULL, NULL, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  open_texts (fixture, A, B);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->alignment, postil_alignment_unref);
  g_clear_object (&fixture->a);
  g_clear_object (&fixture->b);
  g_clear_object (&fixture->workspace);
}

static PostilAnnotation *
annotate (Fixture *fixture, PostilDocument *document, const char *words, const char *topic)
{
  PostilSpan span = postil_test_find_in (document, words);
  g_autofree char *id =
    postil_test_annotate (fixture->workspace, document, span.start, span.end, topic, "a note");

  return postil_document_get_annotation (document, id);
}

static PostilCarryOver *
plan_one (Fixture *fixture, gboolean from_b, PostilAnnotation *annotation, GPtrArray **items)
{
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();

  g_ptr_array_add (annotations, annotation);
  *items = postil_carry_over_plan (fixture->alignment, fixture->a, fixture->b, from_b, annotations);
  g_assert_cmpuint ((*items)->len, ==, 1);
  return (*items)->pdata[0];
}

/* Carries it over in a step of its own. */
static PostilAnnotation *
carry (Fixture *fixture, gboolean from_b, PostilAnnotation *annotation, gboolean with_note)
{
  PostilDocument *from = from_b ? fixture->b : fixture->a, *to = from_b ? fixture->a : fixture->b;
  g_autoptr (PostilStep) step = postil_step_new ("Carry Over");
  g_autoptr (GPtrArray) items = NULL;
  PostilCarryOver *item = plan_one (fixture, from_b, annotation, &items);
  g_autofree char *id = NULL;

  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_READY);
  id = postil_carry_over_apply (fixture->workspace, step, from, to, item, with_note);
  postil_workspace_commit (fixture->workspace, step, NULL);
  return postil_document_get_annotation (to, id);
}

/* The ranges of @places as words, with "|" between them. */
static char *
quote (PostilDocument *document, const PostilSpan *spans, guint n_spans)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < n_spans; i++)
    {
      g_autofree char *part = postil_text_dup_range (postil_document_get_text (document), spans[i]);

      g_string_append_printf (words, "%s%s", i > 0 ? "|" : "", part);
    }
  return g_string_free (words, FALSE);
}

static void
test_places (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    gboolean from_b;
    const char *words[3];
    const char *places;
  } cases[] = {
    { FALSE,
      { "The envoys met on the island at dawn." },
      "The envoys met on the small island at dawn." },
    { FALSE, { "asked for tribute" }, "asked for tribute" },
    /* Letters of words lead to whole words. */
    { FALSE, { "ask" }, "asked" },
    { TRUE, { "refused to surrender" }, "refused to surrender" },
    /* Sentences that stand together are one range, over the end of a line, too. */
    { FALSE,
      { "met on the island at dawn. They asked" },
      "met on the small island at dawn. They asked" },
    /* What the other text lacks is left out. */
    { FALSE, { "Nobody wrote down" }, "" },
    { FALSE, { "Preparations", "tribute", "city" }, "tribute|city" },
    { FALSE, { "city", "tribute" }, "tribute|city" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PostilDocument *from = cases[i].from_b ? fixture->b : fixture->a;
      PostilSpan spans[3];
      guint n = 0;
      double score = -1;
      g_autoptr (GArray) places = NULL;
      g_autofree char *words = NULL;

      for (; n < 3 && cases[i].words[n]; n++)
        spans[n] = postil_test_find_in (from, cases[i].words[n]);
      places = postil_carry_over_find_places (
        fixture->alignment, postil_document_get_text (fixture->a),
        postil_document_get_text (fixture->b), cases[i].from_b, spans, n, &score);
      words =
        quote (cases[i].from_b ? fixture->a : fixture->b, (PostilSpan *) places->data, places->len);
      g_assert_cmpstr (words, ==, cases[i].places);
      g_assert_true (places->len > 0 ? score > 0.3 && score <= 1 : score == 0);
    }
}

static void
test_carry (Fixture *fixture, gconstpointer data)
{
  PostilAnnotation *annotation = annotate (fixture, fixture->a, "asked for tribute", "War/Demand");
  PostilAnnotation *carried = carry (fixture, FALSE, annotation, FALSE);
  PostilAnnotationFields fields, before;
  GPtrArray *links;
  PostilLink *link;
  g_autofree char *words = NULL;

  postil_annotation_get_fields (annotation, &before);
  postil_annotation_get_fields (carried, &fields);
  words = quote (fixture->b, fields.spans, fields.n_spans);
  g_assert_cmpstr (words, ==, "asked for tribute");
  g_assert_cmpuint (fields.n_topics, ==, 1);
  g_assert_cmpstr (fields.topics[0], ==, before.topics[0]);
  g_assert_cmpuint (fields.n_notes, ==, 0);
  g_assert_cmpstr (fields.creator, ==,
                   postil_annotator_get_id (postil_workspace_get_annotator (fixture->workspace)));

  links = postil_document_get_links (fixture->b, before.id);
  g_assert_nonnull (links);
  g_assert_cmpuint (links->len, ==, 1);
  link = postil_annotation_get_link (links->pdata[0]);
  g_assert_cmpint (postil_link_get_kind (link), ==, POSTIL_LINK_PLAIN);
  g_assert_cmpstr (postil_link_get_from (link), ==, before.id);
  g_assert_cmpstr (postil_link_get_to (link), ==, fields.id);
  g_assert_null (postil_document_get_links (fixture->a, before.id));

  postil_workspace_undo (fixture->workspace);
  g_assert_cmpuint (postil_annotation_index_get_size (postil_document_get_annotations (fixture->b)),
                    ==, 0);
  g_assert_null (postil_document_get_links (fixture->b, before.id));
  postil_workspace_redo (fixture->workspace);
  g_assert_cmpuint (postil_annotation_index_get_size (postil_document_get_annotations (fixture->b)),
                    ==, 2);
}

/* Only one's own note comes along, when it is wanted. */
static void
test_note (Fixture *fixture, gconstpointer data)
{
  PostilAnnotation *annotation = annotate (fixture, fixture->a, "tribute", "Demand");
  PostilAnnotation *carried = carry (fixture, FALSE, annotation, TRUE);
  g_autoptr (PostilAnnotator) other = postil_annotator_new ("urn:x-other", "Other", NULL);
  PostilNote *note = postil_annotation_find_note (
    carried, postil_annotator_get_id (postil_workspace_get_annotator (fixture->workspace)));
  guint n_notes;

  g_assert_cmpstr (postil_note_get_text (note), ==, "a note");

  annotation = annotate (fixture, fixture->a, "ancient city", "Place");
  postil_workspace_set_annotator (fixture->workspace, other);
  carried = carry (fixture, FALSE, annotation, TRUE);
  postil_annotation_get_notes (carried, &n_notes);
  g_assert_cmpuint (n_notes, ==, 0);
}

/* What was carried over, either way, or is there by other means is recognised. */
static void
test_done (Fixture *fixture, gconstpointer data)
{
  PostilAnnotation *annotation = annotate (fixture, fixture->a, "tribute", "Demand");
  PostilAnnotation *carried = carry (fixture, FALSE, annotation, FALSE);
  g_autoptr (GPtrArray) there = NULL, back = NULL, twin = NULL, other = NULL, again = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Change");
  PostilCarryOver *item = plan_one (fixture, FALSE, annotation, &there);

  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_DONE);
  g_assert_true (item->done == carried);
  item = plan_one (fixture, TRUE, carried, &back);
  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_DONE);
  g_assert_true (item->done == annotation);

  annotate (fixture, fixture->b, "ancient city", "Place");
  item = plan_one (fixture, FALSE, annotate (fixture, fixture->a, "ancient city", "Place"), &twin);
  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_DONE);
  item = plan_one (fixture, FALSE, annotate (fixture, fixture->a, "ancient city", "Old"), &other);
  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_READY);

  /* One that is gone can be carried over again, even if its link stayed. */
  postil_edit_remove_annotation (step, fixture->b, carried);
  postil_workspace_commit (fixture->workspace, step, NULL);
  item = plan_one (fixture, FALSE, annotation, &again);
  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_READY);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) omitted = NULL, document = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Note");
  g_autofree char *id = NULL;
  PostilCarryOver *item = plan_one (
    fixture, FALSE, annotate (fixture, fixture->a, "the captain laughed", "Joy"), &omitted);

  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_MISSING);
  g_assert_cmpuint (item->places->len, ==, 0);

  id = postil_edit_add_annotation (fixture->workspace, step, fixture->a, NULL, 0, NULL, "all");
  postil_workspace_commit (fixture->workspace, step, NULL);
  item = plan_one (fixture, FALSE, postil_document_get_annotation (fixture->a, id), &document);
  g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_MISSING);
}

/* With an annotation go the links that name it, whichever end, and come back with it. */
static void
test_remove (Fixture *fixture, gconstpointer data)
{
  for (guint ends = 1; ends <= 3; ends++)
    {
      PostilAnnotation *annotation = annotate (fixture, fixture->a, "tribute", "Demand");
      PostilAnnotation *carried = carry (fixture, FALSE, annotation, FALSE);
      g_autofree char *id = g_strdup (postil_annotation_get_id (annotation));
      g_autoptr (PostilStep) step = postil_step_new ("Delete");
      guint n_changes;

      if (ends & 1)
        postil_edit_remove_annotation (step, fixture->a, annotation);
      if (ends & 2)
        postil_edit_remove_annotation (step, fixture->b, carried);
      postil_edit_remove_links (fixture->workspace, step);
      postil_step_get_changes (step, &n_changes);
      g_assert_cmpuint (n_changes, ==, ends == 3 ? 3 : 2);
      postil_workspace_commit (fixture->workspace, step, NULL);
      g_assert_null (postil_document_get_links (fixture->b, id));

      postil_workspace_undo (fixture->workspace);
      g_assert_cmpuint (postil_document_get_links (fixture->b, id)->len, ==, 1);
      g_assert_nonnull (postil_document_get_annotation (fixture->a, id));
      for (guint i = 0; i < 2; i++)
        postil_workspace_undo (fixture->workspace);
      g_assert_cmpuint (
        postil_annotation_index_get_size (postil_document_get_annotations (fixture->a)), ==, 0);
    }
}

typedef struct
{
  GMainLoop *loop;
  GPtrArray *items;
} Waiting;

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;
  g_autoptr (GError) error = NULL;

  waiting->items = postil_carry_over_plan_finish (result, &error);
  g_assert_true (waiting->items || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_main_loop_quit (waiting->loop);
}

static GPtrArray *
plan_many (Fixture *fixture, const char *topic, GCancellable *cancellable)
{
  Waiting waiting = { g_main_loop_new (NULL, FALSE), NULL };
  g_autoptr (PostilAnnotationMatcher) matcher =
    postil_annotation_matcher_new (&(PostilAnnotationFilter){ .topic = topic },
                                   postil_workspace_get_codebook (fixture->workspace));

  postil_carry_over_plan_async (fixture->alignment, fixture->a, fixture->b, FALSE, matcher,
                                cancellable, planned_cb, &waiting);
  g_main_loop_run (waiting.loop);
  g_main_loop_unref (waiting.loop);
  return waiting.items;
}

/* Ten thousand of one topic, in one step. */
static void
test_many (void)
{
  const guint n = 10000;
  g_autoptr (GString) a = g_string_new (NULL), b = g_string_new (NULL);
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (PostilStep) tagging = postil_step_new ("Topic"), step = postil_step_new ("Carry Over");
  g_autoptr (GPtrArray) items = NULL, again = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autofree char *topic = NULL;
  PostilAnnotationIndex *index;
  Fixture fixture;

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (a, "Row %u was kept by clerk%u in %u boxes. ", i, i * 7, i % 89);
      g_string_append_printf (b, "Row %u was surely kept by clerk%u in %u boxes.\n", i, i * 7,
                              i % 89);
    }
  open_texts (&fixture, a->str, b->str);
  topic = postil_edit_ensure_path (fixture.workspace, tagging, "Rows");
  for (guint i = 0, at = 0; i < n; i++)
    {
      const char *const topics[] = { topic, NULL };
      const char *start = a->str + at, *end = strstr (start, "boxes. ");
      const PostilSpan span = { at, end - a->str };

      at = end + strlen ("boxes. ") - a->str;
      g_free (
        postil_edit_add_annotation (fixture.workspace, tagging, fixture.a, &span, 1, topics, NULL));
    }
  postil_workspace_commit (fixture.workspace, tagging, NULL);
  index = postil_document_get_annotations (fixture.a);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (annotations, postil_annotation_index_get (index, i));
  /* Not one of them. */
  g_free (postil_test_annotate (fixture.workspace, fixture.a, 0, 3, "Other", NULL));

  g_cancellable_cancel (cancelled);
  g_assert_null (plan_many (&fixture, topic, cancelled));
  items = plan_many (&fixture, topic, NULL);
  g_assert_cmpuint (items->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      PostilCarryOver *item = items->pdata[i];

      g_assert_true (item->annotation == annotations->pdata[i]);
      g_assert_cmpint (item->state, ==, POSTIL_CARRY_OVER_READY);
      g_free (postil_carry_over_apply (fixture.workspace, step, fixture.a, fixture.b, item, FALSE));
    }
  postil_workspace_commit (fixture.workspace, step, NULL);
  g_assert_cmpuint (postil_document_count_topic (fixture.b, topic), ==, n);

  again = plan_many (&fixture, topic, NULL);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (((PostilCarryOver *) again->pdata[i])->state, ==, POSTIL_CARRY_OVER_DONE);
  postil_workspace_undo (fixture.workspace);
  g_assert_cmpuint (postil_document_count_topic (fixture.b, topic), ==, 0);
  tear_down (&fixture, NULL);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/carry-over/places", test_places);
  ADD ("/carry-over/carry", test_carry);
  ADD ("/carry-over/note", test_note);
  ADD ("/carry-over/done", test_done);
  ADD ("/carry-over/missing", test_missing);
  ADD ("/carry-over/remove", test_remove);
  g_test_add_func ("/carry-over/many", test_many);
  return g_test_run ();
}
