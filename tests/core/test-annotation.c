/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation.h"

static PostilAnnotation *
annotation_new (const char *id, PostilAnnotationKind kind, guint start, guint end)
{
  PostilSpan span = { start, end };

  return postil_annotation_new (&(PostilAnnotationFields){
    .id = id, .kind = kind, .spans = &span, .n_spans = kind == POSTIL_ANNOTATION_PASSAGE });
}

static void
test_fields (void)
{
  const PostilSpan spans[] = { { 3, 9 }, { 12, 20 } };
  const char *topics[] = { "urn:a", "urn:b" };
  g_autoptr (PostilNote) mine = postil_note_new ("mine 😀", "urn:me", 5, NULL);
  g_autoptr (PostilNote) other = postil_note_new ("other", "urn:you", 6, NULL);
  PostilNote *notes[] = { mine, other };
  PostilAnnotationFields fields = { .id = "urn:1",
                                    .kind = POSTIL_ANNOTATION_PASSAGE,
                                    .creator = "urn:me",
                                    .created = 5,
                                    .modified = 7,
                                    .spans = spans,
                                    .n_spans = 2,
                                    .topics = topics,
                                    .n_topics = 2,
                                    .notes = notes,
                                    .n_notes = 2 };
  g_autoptr (PostilAnnotation) a = postil_annotation_new (&fields);
  g_autoptr (PostilAnnotation) b = NULL;
  PostilAnnotationFields got;
  guint n;

  postil_annotation_get_fields (a, &got);
  g_assert_cmpstr (got.id, ==, "urn:1");
  g_assert_cmpstr (got.creator, ==, "urn:me");
  g_assert_cmpint (got.created, ==, 5);
  g_assert_cmpint (got.modified, ==, 7);
  g_assert_cmpmem (got.spans, got.n_spans * sizeof (PostilSpan), spans, sizeof spans);
  g_assert_cmpstr (got.topics[1], ==, "urn:b");
  g_assert_true (got.notes[1] == other);
  g_assert_true (postil_annotation_find_note (a, "urn:you") == other);
  g_assert_null (postil_annotation_find_note (a, NULL));
  g_assert_true (postil_annotation_has_topic (a, "urn:b"));
  g_assert_false (postil_annotation_has_topic (a, "urn:c"));
  g_assert_cmpuint (postil_annotation_get_extent (a).start, ==, 3);
  g_assert_cmpuint (postil_annotation_get_extent (a).end, ==, 20);
  g_assert_cmpuint (postil_annotation_get_spans (a, &n)[1].end, ==, 20);

  b = postil_annotation_new (&got);
  g_assert_true (postil_annotation_equal (a, b));
  got.modified = 8;
  g_clear_pointer (&b, postil_annotation_unref);
  b = postil_annotation_new (&got);
  g_assert_false (postil_annotation_equal (a, b));
}

/* More than a byte counts of anything. */
static void
test_many (void)
{
  g_autoptr (PostilNote) note = postil_note_new ("n", NULL, 0, NULL);
  g_autofree PostilNote **notes = g_new (PostilNote *, 70000);
  g_autofree const char **topics = g_new (const char *, 70000);
  g_autoptr (PostilAnnotation) a = NULL;
  guint n;

  for (guint i = 0; i < 70000; i++)
    {
      notes[i] = note;
      topics[i] = "urn:t";
    }
  a = postil_annotation_new (&(PostilAnnotationFields){
    .id = "urn:1", .notes = notes, .n_notes = 70000, .topics = topics, .n_topics = 70000 });
  postil_annotation_get_notes (a, &n);
  g_assert_cmpuint (n, ==, 70000);
  postil_annotation_get_topics (a, &n);
  g_assert_cmpuint (n, ==, 70000);
}

static void
test_order (void)
{
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (
    &(PostilSelector){ .has_position = TRUE, .position = { 4, 6 }, .exact = "x" }, 1, NULL, NULL);
  PostilAnnotation *in_order[] = {
    annotation_new ("urn:z", POSTIL_ANNOTATION_DOCUMENT, 0, 0),
    annotation_new ("urn:b", POSTIL_ANNOTATION_PASSAGE, 0, 9),
    annotation_new ("urn:c", POSTIL_ANNOTATION_PASSAGE, 3, 4),
    annotation_new ("urn:d", POSTIL_ANNOTATION_PASSAGE, 3, 3),
    postil_annotation_new (&(PostilAnnotationFields){ .id = "urn:a",
                                                      .kind = POSTIL_ANNOTATION_PASSAGE,
                                                      .status = POSTIL_STATUS_ORPHANED,
                                                      .anchor = anchor }),
    annotation_new ("urn:0", POSTIL_ANNOTATION_PASSAGE, 5, 6),
    annotation_new ("urn:00", POSTIL_ANNOTATION_FOREIGN, 0, 0),
  };

  for (guint i = 0; i < G_N_ELEMENTS (in_order); i++)
    for (guint j = 0; j < G_N_ELEMENTS (in_order); j++)
      {
        int order = postil_annotation_compare (in_order[i], in_order[j]);

        g_assert_cmpint (order < 0, ==, i < j);
        g_assert_cmpint (order == 0, ==, i == j);
      }
  for (guint i = 0; i < G_N_ELEMENTS (in_order); i++)
    postil_annotation_unref (in_order[i]);
}

static void
test_span (void)
{
  static const struct
  {
    PostilSpan a, b;
    gboolean touches;
  } cases[] = {
    { { 0, 5 }, { 5, 9 }, FALSE }, { { 0, 6 }, { 5, 9 }, TRUE }, { { 5, 5 }, { 5, 9 }, TRUE },
    { { 9, 9 }, { 5, 9 }, FALSE }, { { 5, 5 }, { 5, 5 }, TRUE }, { { 4, 4 }, { 5, 5 }, FALSE },
    { { 2, 3 }, { 0, 9 }, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (postil_span_touches (cases[i].a, cases[i].b), ==, cases[i].touches);
      g_assert_cmpint (postil_span_touches (cases[i].b, cases[i].a), ==, cases[i].touches);
    }
}

/* What an anchor is written as does not count as long as it was not written. */
static void
test_anchor_equal (void)
{
  const PostilSelector selector = { TRUE, { 4, 9 }, "large", "The ", " river" };
  const PostilSelector other = { TRUE, { 4, 9 }, "great", "The ", " river" };
  g_autoptr (PostilAnchor) made = postil_anchor_new (&selector, 1, "abc", NULL);
  g_autoptr (PostilAnchor) read = postil_anchor_new (&selector, 1, "abc", "{}");
  g_autoptr (PostilAnchor) foreign = postil_anchor_new (&selector, 1, "abc", "{ \"a\": 1 }");
  g_autoptr (PostilAnchor) wrong = postil_anchor_new (&other, 1, "abc", NULL);

  g_assert_true (postil_anchor_equal (made, read));
  g_assert_true (postil_anchor_equal (read, made));
  g_assert_false (postil_anchor_equal (read, foreign));
  g_assert_false (postil_anchor_equal (made, wrong));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation/fields", test_fields);
  g_test_add_func ("/annotation/many", test_many);
  g_test_add_func ("/annotation/order", test_order);
  g_test_add_func ("/anchor/equal", test_anchor_equal);
  g_test_add_func ("/span/touches", test_span);
  return g_test_run ();
}
