/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-reanchoring.h"

#include <string.h>

#include "postil-test.h"

#define FIRST "In the morning we sat by the harbour. The boats were late. Nobody minded the wind."
#define HARBOUR "In the morning we sat by the harbour and counted the masts that came home.\n"
#define WIND "Nobody minded the wind, although it had blown our hats across the whole quay.\n"
#define SHA256 "0000000000000000000000000000000000000000000000000000000000000001"

static PostilText *
make_text (const char *utf8, const char *sha256)
{
  PostilTextOrigin origin = { .charset = "UTF-8", .sha256 = sha256 };

  return postil_text_new (g_strdup (utf8), strlen (utf8), &origin);
}

static PostilAnnotation *
annotate (PostilText *text, const char *const *quotes, PostilForeign *foreign)
{
  PostilSpan spans[4];
  PostilAnnotationFields fields = {
    .id = "urn:x:1",
    .kind = quotes ? POSTIL_ANNOTATION_PASSAGE : POSTIL_ANNOTATION_DOCUMENT,
    .spans = spans,
    .foreign = foreign,
  };

  for (guint i = 0; quotes && quotes[i]; i++)
    spans[fields.n_spans++] = postil_test_find (text, quotes[i]);
  return postil_annotation_new (&fields);
}

static PostilAnnotation *
run_one (PostilText *old_text, PostilText *text, PostilAnnotation *annotation)
{
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (GPtrArray) answers = NULL;

  g_ptr_array_add (annotations, annotation);
  answers = postil_reanchoring_run (old_text, text, annotations, NULL, NULL, NULL);
  g_assert_cmpuint (answers->len, ==, 1);
  return postil_annotation_ref (answers->pdata[0]);
}

static void
assert_quotes (PostilText *text, PostilAnnotation *annotation, const char *const *quotes)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);

  g_assert_cmpuint (n_spans, ==, g_strv_length ((GStrv) quotes));
  for (guint i = 0; i < n_spans; i++)
    {
      g_autofree char *quote = postil_text_dup_range (text, spans[i]);

      g_assert_cmpstr (quote, ==, quotes[i]);
    }
}

static void
test_shift (void)
{
  const char *const quotes[] = { "The boats", NULL };
  g_autoptr (PostilText) first = make_text (FIRST, NULL);
  g_autoptr (PostilText) second = make_text ("Late. " FIRST, NULL);
  g_autoptr (PostilAnnotation) annotation = annotate (first, quotes, NULL);
  g_autoptr (PostilAnnotation) after = run_one (first, second, annotation);
  PostilAnnotationFields fields;

  g_assert_true (after != annotation);
  assert_quotes (second, after, quotes);
  postil_annotation_get_fields (after, &fields);
  g_assert_cmpint (fields.status, ==, POSTIL_STATUS_PLACED);
  g_assert_null (fields.anchor);
}

static void
test_same (void)
{
  const char *const quotes[] = { "The boats", NULL };
  g_autoptr (PostilText) first = make_text (FIRST, NULL);
  g_autoptr (PostilText) second = make_text (FIRST " And then?", NULL);
  g_autoptr (PostilAnnotation) annotation = annotate (first, quotes, NULL);
  g_autoptr (PostilAnnotation) document = annotate (first, NULL, NULL);
  g_autoptr (PostilAnnotation) after = run_one (first, second, annotation);
  g_autoptr (PostilAnnotation) document_after = run_one (first, second, document);

  g_assert_true (after == annotation);
  g_assert_true (document_after == document);
}

/* Gone, then elsewhere, then as it was: the earliest description is kept all the time. */
static void
test_there_and_back (void)
{
  const char *const quotes[] = { "The boats were late.", NULL };
  g_autoptr (PostilText) first = make_text (FIRST, SHA256);
  g_autoptr (PostilText) without =
    make_text ("In the morning we sat by the harbour. Nobody minded the wind.", "b");
  g_autoptr (PostilText) moved =
    make_text ("So it went on for many a day. In the morning we sat by the harbour. The boats were "
               "late. Nobody minded the wind. And so on.",
               "c");
  g_autoptr (PostilAnnotation) annotation = annotate (first, quotes, NULL);
  g_autoptr (PostilAnnotation) orphan = run_one (first, without, annotation);
  g_autoptr (PostilAnnotation) found = run_one (without, moved, orphan);
  g_autoptr (PostilAnnotation) still = run_one (moved, without, found);
  g_autoptr (PostilAnnotation) back = run_one (without, first, still);
  g_autoptr (PostilAnnotation) at_once = run_one (moved, first, found);
  PostilAnnotationFields fields;
  g_autofree char *quote = NULL;

  postil_annotation_get_fields (orphan, &fields);
  g_assert_cmpint (fields.status, ==, POSTIL_STATUS_ORPHANED);
  g_assert_cmpuint (fields.n_spans, ==, 0);
  g_assert_cmpstr (postil_anchor_get_sha256 (fields.anchor), ==, SHA256);
  g_assert_cmpuint (postil_anchor_get_place (fields.anchor), ==,
                    postil_test_find (first, quotes[0]).start);
  quote = postil_anchor_dup_quote (fields.anchor);
  g_assert_cmpstr (quote, ==, quotes[0]);

  postil_annotation_get_fields (found, &fields);
  g_assert_cmpint (fields.status, !=, POSTIL_STATUS_PLACED);
  g_assert_cmpint (fields.status, !=, POSTIL_STATUS_ORPHANED);
  assert_quotes (moved, found, quotes);
  g_assert_cmpstr (postil_anchor_get_sha256 (fields.anchor), ==, SHA256);

  g_assert_cmpint (postil_annotation_get_status (still), ==, POSTIL_STATUS_ORPHANED);
  g_assert_true (postil_annotation_equal (back, annotation));
  g_assert_true (postil_annotation_equal (at_once, annotation));
}

/* Ranges that change places keep what is known of each. */
static void
test_ranges_swap (void)
{
  const char *const quotes[] = { "the harbour", "Nobody minded the wind", NULL };
  const char *const swapped[] = { "Nobody minded the wind", "the harbour", NULL };
  const PostilForeignMember members[] = {
    { .object = "target/0", .after = "", .key = "x", .value = "0", .n_value = 1 },
    { .object = "target/1/quote", .after = "", .key = "x", .value = "1", .n_value = 1 },
  };
  g_autoptr (PostilForeign) foreign = postil_foreign_new (members, G_N_ELEMENTS (members));
  g_autoptr (PostilText) first = make_text (HARBOUR WIND, SHA256);
  g_autoptr (PostilText) second = make_text (WIND HARBOUR, "b");
  g_autoptr (PostilAnnotation) annotation = annotate (first, quotes, foreign);
  g_autoptr (PostilAnnotation) after = run_one (first, second, annotation);
  g_autoptr (PostilAnnotation) back = run_one (second, first, after);
  PostilAnnotationFields fields;
  const PostilSelector *selectors;
  guint n;

  assert_quotes (second, after, swapped);
  postil_annotation_get_fields (after, &fields);
  selectors = postil_anchor_get_selectors (fields.anchor, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (selectors[0].exact, ==, swapped[0]);
  g_assert_cmpstr (selectors[1].exact, ==, swapped[1]);
  g_assert_nonnull (postil_foreign_find (fields.foreign, "target/1", "x"));
  g_assert_nonnull (postil_foreign_find (fields.foreign, "target/0/quote", "x"));
  g_assert_true (postil_annotation_equal (back, annotation));
}

static void
test_cancel (void)
{
  const char *const quotes[] = { "The boats", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (PostilText) first = make_text (FIRST, NULL);
  g_autoptr (PostilText) second = make_text ("Late. " FIRST, NULL);
  g_autoptr (PostilAnnotation) annotation = annotate (first, quotes, NULL);

  g_ptr_array_add (annotations, annotation);
  g_cancellable_cancel (cancellable);
  g_assert_null (postil_reanchoring_run (first, second, annotations, NULL, NULL, cancellable));
}

static const struct
{
  PostilStatus before;
  gboolean reverted;
  PostilStatus answer;
  PostilStatus after;
} decisions[] = {
  { POSTIL_STATUS_PLACED, FALSE, POSTIL_STATUS_PLACED, POSTIL_STATUS_PLACED },
  { POSTIL_STATUS_PLACED, FALSE, POSTIL_STATUS_UNCERTAIN, POSTIL_STATUS_UNCERTAIN },
  { POSTIL_STATUS_MOVED, FALSE, POSTIL_STATUS_PLACED, POSTIL_STATUS_MOVED },
  { POSTIL_STATUS_UNCERTAIN, FALSE, POSTIL_STATUS_MOVED, POSTIL_STATUS_UNCERTAIN },
  { POSTIL_STATUS_UNCERTAIN, TRUE, POSTIL_STATUS_PLACED, POSTIL_STATUS_PLACED },
  { POSTIL_STATUS_UNCERTAIN, FALSE, POSTIL_STATUS_ORPHANED, POSTIL_STATUS_ORPHANED },
  { POSTIL_STATUS_ORPHANED, FALSE, POSTIL_STATUS_MOVED, POSTIL_STATUS_MOVED },
  { POSTIL_STATUS_ORPHANED, FALSE, POSTIL_STATUS_PLACED, POSTIL_STATUS_PLACED },
  { POSTIL_STATUS_ORPHANED, FALSE, POSTIL_STATUS_ORPHANED, POSTIL_STATUS_ORPHANED },
};

static PostilAnnotation *
make (guint number, guint start, gint64 modified)
{
  g_autofree char *id = g_strdup_printf ("urn:x:%u", number);
  PostilSpan span = { start, start + 6 };

  return postil_annotation_new (&(PostilAnnotationFields){
    .id = id,
    .kind = POSTIL_ANNOTATION_PASSAGE,
    .spans = &span,
    .n_spans = 1,
    .modified = modified,
  });
}

static gboolean
differ_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  ++*(guint *) data;
  return G_SOURCE_CONTINUE;
}

static guint
count_differences (PostilAnnotationIndex *a, PostilAnnotationIndex *b)
{
  guint n = 0;

  postil_annotation_index_foreach_difference (a, b, differ_cb, &n);
  return n;
}

/* What was placed before is what it would be had it all been placed at once. */
static void
test_known (void)
{
  const char *const texts[] = { "Late. " FIRST, FIRST " And then?" };
  const guint n = 40;
  g_autoptr (PostilText) first = make_text (FIRST, NULL);
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (PostilAnnotationIndex) known = NULL, changed = NULL;
  g_autoptr (PostilAnnotation) moved = make (7, 1, 2), edited = make (20, 20, 2),
                               added = make (n, 3, 1);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (list, make (i, i, 1));
  known = postil_annotation_index_new ((PostilAnnotation *const *) list->pdata, n);
  changed = postil_annotation_index_ref (known);
  changed = postil_annotation_index_replace (changed, list->pdata[7], moved);
  changed = postil_annotation_index_replace (changed, list->pdata[20], edited);
  changed = postil_annotation_index_replace (changed, list->pdata[30], NULL);
  changed = postil_annotation_index_replace (changed, NULL, added);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PostilText) second = make_text (texts[i], NULL);
      g_autoptr (PostilAnnotationIndex) placed =
        postil_reanchoring_run_index (first, second, known, NULL, NULL, NULL);
      g_autoptr (PostilAnnotationIndex) both =
        postil_reanchoring_run_index (first, second, changed, known, placed, NULL);
      g_autoptr (PostilAnnotationIndex) at_once =
        postil_reanchoring_run_index (first, second, changed, NULL, NULL, NULL);

      g_assert_cmpuint (postil_annotation_index_get_size (both), ==, n);
      g_assert_cmpuint (count_differences (both, at_once), ==, 0);
      g_assert_cmpuint (count_differences (changed, both), ==, i == 0 ? n : 0);
    }
}

static void
test_decide (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
    g_assert_cmpint (
      postil_reanchoring_decide (decisions[i].before, decisions[i].reverted, decisions[i].answer),
      ==, decisions[i].after);
}

/* "[" and "]" enclose a span, "|" is an empty one. */
static const struct
{
  const char *before;
  const char *after;
} walks[] = {
  { "one |two three", "one |two three" },
  { "one two thr|ee", "zero one two thr|ee" },
  { "one [two] three", "one [two] four" },
  { "|one two three", "zero |one two three" },
  { "one two three|", "one two three and four|" },
  { "one [two three]", "zero one [two three] four" },
  { "a[é]b", "a[é]bc" },
  { "a|éb", "a|èb" },
  { "|", "|" },
  { "one |two", "|" },
  { "|", "one|" },
  { "First the rain came down. |Then the boats were all late again. So it went.",
    "First the snow came down. |Then the boats were all late again. So we left." },
  { "First the rain came down. [Then the boats were all late again.] So it went.",
    "At first snow came. [Then the boats were all late again.] So we left." },
  { "The rain. First it came. |Then the boats were all late again, so it went.",
    "The rain. So it went. |Then the boats were all late again; and we left." },
};

static PostilText *
parse (const char *marked, PostilSpan *span)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  guint offset = 0;

  for (const char *p = marked; *p; p = g_utf8_next_char (p))
    if (*p == '|')
      span->start = span->end = offset;
    else if (*p == '[')
      span->start = offset;
    else if (*p == ']')
      span->end = offset;
    else
      {
        g_string_append_len (plain, p, g_utf8_next_char (p) - p);
        offset++;
      }
  return make_text (plain->str, NULL);
}

static void
test_follow (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (walks); i++)
    {
      PostilSpan span = { 0 }, expected = { 0 };
      g_autoptr (PostilText) before = parse (walks[i].before, &span);
      g_autoptr (PostilText) after = parse (walks[i].after, &expected);

      g_test_message ("%s", walks[i].before);
      postil_reanchoring_follow (before, after, &span, 1);
      g_assert_cmpuint (span.start, ==, expected.start);
      g_assert_cmpuint (span.end, ==, expected.end);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reanchoring/shift", test_shift);
  g_test_add_func ("/reanchoring/same", test_same);
  g_test_add_func ("/reanchoring/there-and-back", test_there_and_back);
  g_test_add_func ("/reanchoring/ranges-swap", test_ranges_swap);
  g_test_add_func ("/reanchoring/cancel", test_cancel);
  g_test_add_func ("/reanchoring/known", test_known);
  g_test_add_func ("/reanchoring/decide", test_decide);
  g_test_add_func ("/reanchoring/follow", test_follow);

  return g_test_run ();
}
