/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "postil-alignment.h"
#include "postil-comparison.h"
#include "postil-counterpart.h"
#include "postil-edits.h"
#include "postil-sentences.h"
#include "postil-test.h"

#define MAX_LENGTH 1500

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

static PostilText *
load_text (const char *path)
{
  char *bytes;
  gsize n_bytes;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &bytes, &n_bytes, &error);
  g_assert_no_error (error);
  return postil_text_new (bytes, n_bytes, NULL);
}

static PostilSpan
get_span (JsonObject *object, const char *member)
{
  JsonArray *array = json_object_get_array_member (object, member);

  return (PostilSpan){ json_array_get_int_element (array, 0),
                       json_array_get_int_element (array, 1) };
}

static GArray *
load_pairs (JsonObject *object)
{
  JsonArray *array = json_object_get_array_member (object, "pairs");
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (PostilPair));

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *element = json_array_get_object_element (array, i);
      PostilPair pair = { .a = get_span (element, "a"), .b = get_span (element, "b") };

      g_array_append_val (pairs, pair);
    }
  return pairs;
}

static guint
count_common (PostilSpan x, PostilSpan y)
{
  guint start = MAX (x.start, y.start), end = MIN (x.end, y.end);

  return start < end ? end - start : 0;
}

/* Of the code points that @pairs cover in both texts the share that @others pair with the same. */
static double
get_agreement (GArray *pairs, GArray *others)
{
  guint64 all = 0, agreed = 0;

  for (guint i = 0; i < pairs->len; i++)
    {
      const PostilPair *x = &g_array_index (pairs, PostilPair, i);

      if (x->kind == POSTIL_PAIR_ECHO)
        continue;
      all += postil_span_length (x->a) + postil_span_length (x->b);
      for (guint j = 0; j < others->len; j++)
        {
          const PostilPair *y = &g_array_index (others, PostilPair, j);
          guint a = count_common (x->a, y->a), b = count_common (x->b, y->b);

          if (y->kind != POSTIL_PAIR_ECHO && a > 0 && b > 0)
            agreed += a + b;
        }
    }
  return all > 0 ? (double) agreed / all : 1;
}

static void
check_length (GArray *sentences, PostilSpan span)
{
  for (guint i = 0; i < sentences->len && postil_span_length (span) > MAX_LENGTH; i++)
    if (postil_span_equal (g_array_index (sentences, PostilSpan, i), span))
      return;
  g_assert_cmpuint (postil_span_length (span), <=, MAX_LENGTH);
}

/* No pair is longer than a reader can use, unless its sentence is; spans are in order; what is
 * paired and what is not make up all sentences. */
static void
check_alignment (const PostilAlignment *alignment, PostilText *a, PostilText *b)
{
  g_autoptr (GArray) sentences_a = postil_sentences_list (a, NULL);
  g_autoptr (GArray) sentences_b = postil_sentences_list (b, NULL);

  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);

      g_assert_cmpuint (pair->a.start, <, pair->a.end);
      g_assert_cmpuint (pair->b.start, <, pair->b.end);
      g_assert_cmpuint (pair->a.end, <=, postil_text_get_length (a));
      g_assert_cmpuint (pair->b.end, <=, postil_text_get_length (b));
      g_assert_cmpfloat (pair->score, >, 0);
      g_assert_cmpfloat (pair->score, <=, 1);
      check_length (sentences_a, pair->a);
      check_length (sentences_b, pair->b);
      if (i > 0)
        g_assert_cmpuint (pair[-1].a.start, <=, pair->a.start);
      for (guint j = 0; j < i && pair->kind != POSTIL_PAIR_ECHO; j++)
        if (pair[-1 - (int) j].kind != POSTIL_PAIR_ECHO)
          {
            g_assert_cmpuint (count_common (pair->a, pair[-1 - (int) j].a), ==, 0);
            g_assert_cmpuint (count_common (pair->b, pair[-1 - (int) j].b), ==, 0);
          }
    }
}

/* An alignment is the same from the other side. */
static void
check_symmetry (const PostilAlignment *alignment, PostilText *a, PostilText *b)
{
  g_autoptr (PostilAlignment) other = postil_alignment_new (b, a, NULL, NULL, NULL, NULL);

  g_assert_cmpuint (alignment->pairs->len, ==, other->pairs->len);
  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);
      gboolean found = FALSE;

      for (guint j = 0; j < other->pairs->len && !found; j++)
        {
          const PostilPair *mirrored = &g_array_index (other->pairs, PostilPair, j);

          found = postil_span_equal (pair->a, mirrored->b) &&
                  postil_span_equal (pair->b, mirrored->a) && pair->kind == mirrored->kind &&
                  pair->score == mirrored->score;
        }
      g_assert_true (found);
    }
  g_assert_cmpuint (alignment->only_a->len, ==, other->only_b->len);
  g_assert_cmpuint (alignment->only_b->len, ==, other->only_a->len);
}

static void
check_by_hand (const char *hand, const char *path_a, const char *path_b, double least[2])
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "analysis", hand, NULL);
  g_autoptr (PostilText) a = load_text (path_a);
  g_autoptr (PostilText) b = load_text (path_b);
  g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
  g_autoptr (GArray) pairs = NULL;
  double precision, recall;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  pairs = load_pairs (json_node_get_object (json_parser_get_root (parser)));
  precision = get_agreement (alignment->pairs, pairs);
  recall = get_agreement (pairs, alignment->pairs);
  g_test_message ("%s: precision %.4f, recall %.4f", hand, precision, recall);
  g_assert_cmpfloat (precision, >=, least[0]);
  g_assert_cmpfloat (recall, >=, least[1]);
  check_alignment (alignment, a, b);
  check_symmetry (alignment, a, b);
}

/* Two alignments of the two accounts, made by hand, each without the other: the same pairs. */
static void
test_accounts (void)
{
  g_autofree char *a = postil_test_find_shared ("documents/xinhua-2021-03-19.txt");
  g_autofree char *b = postil_test_find_shared ("documents/memri-9249-2021-03-23.txt");
  double least[] = { 0.99, 0.99 };

  if (a == NULL || b == NULL)
    {
      g_test_skip ("The two accounts are not there");
      return;
    }
  check_by_hand ("accounts-alignment-1.json", a, b, least);
  check_by_hand ("accounts-alignment-2.json", a, b, least);
}

/* Nothing is ever tuned for this pair; the bounds are what was reached when it was first tried. */
static void
test_bridge (void)
{
  g_autofree char *a = g_test_build_filename (G_TEST_DIST, "analysis", "bridge-a.txt", NULL);
  g_autofree char *b = g_test_build_filename (G_TEST_DIST, "analysis", "bridge-b.txt", NULL);
  double least[] = { 0.94, 0.88 };

  check_by_hand ("bridge-alignment.json", a, b, least);
}

static void
test_same (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "analysis", "bridge-a.txt", NULL);
  g_autoptr (PostilText) a = load_text (path);
  const char *const utf8[] = { "one", "same line\nsame line\nsame line\n", "--- --- ---\n\n* * *\n",
                               "他问。他答。他问。" };

  for (gsize i = 0; i <= G_N_ELEMENTS (utf8); i++)
    {
      g_autoptr (PostilText) text =
        i < G_N_ELEMENTS (utf8) ? make_text (utf8[i]) : postil_text_ref (a);
      g_autoptr (PostilAlignment) alignment =
        postil_alignment_new (text, text, NULL, NULL, NULL, NULL);

      g_assert_cmpuint (alignment->only_a->len + alignment->only_b->len, ==, 0);
      for (guint j = 0; j < alignment->pairs->len; j++)
        {
          const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, j);

          g_assert_cmpint (pair->kind, ==, POSTIL_PAIR_SAME);
          g_assert_cmpfloat (pair->score, ==, 1);
          g_assert_true (postil_span_equal (pair->a, pair->b));
        }
    }
}

static char *
repeat (const char *piece, gsize n_bytes)
{
  GString *text = g_string_new (NULL);

  while (text->len < n_bytes)
    g_string_append (text, piece);
  return g_string_free (text, FALSE);
}

static char *
make_noise (guint32 seed, gsize n_bytes)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  GString *text = g_string_new (NULL);

  while (text->len < n_bytes)
    g_string_append_c (text, g_rand_int_range (rand, 32, 127));
  return g_string_free (text, FALSE);
}

static void
test_extremes (void)
{
  g_autofree char *lines = repeat ("the same line again\n", 400000);
  g_autofree char *fewer = repeat ("the same line again\n", 399000);
  g_autofree char *line = repeat ("word and word ", 300000);
  g_autofree char *noise = make_noise (1, 100000);
  g_autofree char *more_noise = make_noise (2, 100000);
  const struct
  {
    const char *a;
    const char *b;
    /* In hundredths of the first text, what is paired at most. */
    guint most;
  } cases[] = {
    { "", "", 100 },         { "", lines, 0 },
    { "\n\n \n", "a", 0 },   { lines, fewer, 100 },
    { line, line, 100 },     { noise, more_noise, 2 },
    { line, more_noise, 2 }, { "One. Two.", "Drei. Vier.", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilText) a = make_text (cases[i].a);
      g_autoptr (PostilText) b = make_text (cases[i].b);
      g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      PostilComparisonShares shares = postil_comparison_get_shares (alignment, FALSE);

      g_assert_cmpuint ((guint64) 100 * (shares.length - shares.only), <=,
                        (guint64) cases[i].most * shares.length);
    }
}

/* Of each text its own sentences in another order of words; nothing else is in both. */
static void
test_scripts (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    guint n_pairs;
  } cases[] = {
    { "旧桥在春天被关闭了。没有人受伤。市长答应两年之内建一座新桥。",
      "春天旧桥关闭了。幸好没有人受伤。市长说两年之内要建一座新桥。", 3 },
    { "أغلق الجسر القديم في الربيع. لم يصب أحد بأذى عندما سقط السور. وعد العمدة بجسر جديد خلال "
      "عامين.",
      "في الربيع أغلق الجسر القديم. عندما سقط السور لم يصب أحد. خلال عامين وعد العمدة بجسر جديد.",
      3 },
    { "橋は春に閉鎖された。負傷者はいなかった。市長は新しい橋を約束した。",
      "春に橋は閉鎖された。負傷者は一人もいなかった。新しい橋を市長は約束した。", 3 },
    { "The old bridge was closed.\r\nNobody was hurt at all.\r\n",
      "The old bridge was closed.\nNobody was hurt at all.\n", 2 },
    { "Bridges\n\nFerries\n\nBakeries\n", "Bridges\n\nBakeries\n\nFerries\n", 2 },
    { "a", "a", 1 },
    { "a", "b", 0 },
    { "🙂", "🙂", 1 },
    { "́", "é", 0 },
    /* Who says it makes no difference, and does not divide it. */
    { "China, it added, firmly opposes any foreign interference in its internal affairs. The two "
      "sides agreed to meet again.",
      "“China firmly opposes any foreign interference in its internal affairs,” said the "
      "delegation. "
      "The two sides, he noted, agreed to meet again.",
      2 },
    { "The dialogue was candid, said Yang. It was constructive and helpful, the delegation added.",
      "Yang said that the dialogue was candid. The delegation added: It was constructive and "
      "helpful.",
      2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilText) a = make_text (cases[i].a);
      g_autoptr (PostilText) b = make_text (cases[i].b);
      g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      g_autoptr (GPtrArray) pairs = NULL;

      g_test_message ("%s", cases[i].a);
      check_alignment (alignment, a, b);
      check_symmetry (alignment, a, b);
      pairs =
        postil_alignment_list_in (alignment, FALSE, (PostilSpan){ 0, postil_text_get_length (a) });
      g_assert_cmpuint (pairs->len, ==, cases[i].n_pairs);
    }
}

/* What is no text at all, and what is hardly one. */
static void
test_odd (void)
{
  static const char with_nul[] = "One\0two three four. Five six\0seven.\0\0";
  char *utf8 = g_memdup2 (with_nul, sizeof with_nul);
  g_autoptr (PostilText) nul = postil_text_new (utf8, sizeof with_nul - 1, NULL);
  g_autoptr (PostilText) plain = make_text ("One two three four. Five six seven.");
  g_autofree char *one = repeat ("x", 100000);
  g_autofree char *no_end = repeat ("a long sentence that has no end and goes on ", 100000);
  g_autofree char *digits = repeat ("1 2 3. 4 5 6. 7\n", 20000);
  g_autofree char *signs = repeat ("?! ", 30000);
  g_autofree char *blanks = repeat (" \r\n\t", 100000);
  PostilText *texts[] = { make_text (one),        make_text (no_end), make_text (digits),
                          make_text (signs),      make_text (blanks), postil_text_ref (nul),
                          postil_text_ref (plain) };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (PostilAlignment) alignment =
          postil_alignment_new (texts[i], texts[j], NULL, NULL, NULL, NULL);

        if (i == j)
          g_assert_cmpuint (alignment->only_a->len + alignment->only_b->len, ==, 0);
        check_symmetry (alignment, texts[i], texts[j]);
      }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    postil_text_unref (texts[i]);
}

/* Texts of many languages and what became of them. */
static void
test_random (void)
{
  for (guint i = 0; i < 3 * POSTIL_EDITS_N_STYLES * POSTIL_EDITS_N_KINDS; i++)
    {
      g_autoptr (PostilEdits) edits = postil_edits_new (
        i % POSTIL_EDITS_N_STYLES, i / POSTIL_EDITS_N_STYLES % POSTIL_EDITS_N_KINDS, 3000, i);
      PostilText *a = edits->old_text, *b = edits->new_text;
      g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      guint last[2] = { 0, 0 };

      check_alignment (alignment, a, b);
      check_symmetry (alignment, a, b);
      /* What stands beside what never goes back, from the beginning to the end. */
      for (guint side = 0; side < 2; side++)
        {
          guint n = postil_text_get_length (side ? b : a);

          for (guint offset = 0; offset <= n; offset++)
            {
              guint beside = postil_alignment_map (alignment, side, offset);

              g_assert_cmpuint (beside, >=, last[side]);
              last[side] = beside;
            }
          g_assert_cmpuint (last[side], ==, postil_text_get_length (side ? a : b));
        }
    }
}

static void
test_lookup (void)
{
  g_autoptr (PostilText) a = make_text ("The old bridge was closed. Nobody was hurt at all. Some "
                                        "words that are only here. A ferry carries cyclists.");
  g_autoptr (PostilText) b =
    make_text ("The old bridge was closed. Nobody was hurt at all. A ferry "
               "carries cyclists.");
  g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
  g_autoptr (GPtrArray) some = postil_alignment_list_in (alignment, FALSE, (PostilSpan){ 25, 28 });
  g_autoptr (GPtrArray) none = postil_alignment_list_in (alignment, FALSE, (PostilSpan){ 26, 27 });
  const PostilPair *pair = postil_alignment_find_pair (alignment, FALSE, 0);

  g_assert_nonnull (pair);
  g_assert_cmpuint (pair->b.end, ==, 26);
  g_assert_true (postil_alignment_find_pair (alignment, FALSE, 25) == pair);
  g_assert_null (postil_alignment_find_pair (alignment, FALSE, 26));
  g_assert_null (postil_alignment_find_pair (alignment, FALSE, 60));
  g_assert_null (postil_alignment_find_pair (alignment, TRUE, 100000));
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (postil_alignment_map (alignment, FALSE, 10), ==, 10);
  g_assert_cmpuint (postil_alignment_map (alignment, TRUE, 51), ==, 82);
  g_assert_cmpuint (postil_alignment_map (alignment, FALSE, 100000), ==,
                    postil_text_get_length (b));
}

static void
test_cancelled (void)
{
  g_autofree char *lines = repeat ("the same line again\n", 40000);
  g_autoptr (PostilText) a = make_text (lines);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_null (postil_alignment_new (a, a, NULL, NULL, NULL, cancellable));
}

static void
test_counterpart (void)
{
  g_autoptr (PostilText) a = make_text ("The old bridge, he said, was closed in the spring of last "
                                        "year. Nobody was hurt.");
  g_autoptr (PostilText) b = make_text ("In the town all was quiet. The old bridge was shut in the "
                                        "spring of last year.");
  g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
  const struct
  {
    const char *passage;
    const char *counterpart;
  } cases[] = {
    { "old bridge", "old bridge" },         { "closed", "shut" },
    { "spring of last", "spring of last" }, { "was closed in", "was shut in" },
    { "Nobody was hurt.", NULL },           { "old bri", "old bri" },
    { "e old bridge, he", "e old bridge" }, { "g", "g" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *utf8 = postil_text_get_utf8 (a, NULL);
      guint start = strstr (utf8, cases[i].passage) - utf8;
      g_autoptr (GArray) places = postil_counterpart_find (
        alignment, a, b, FALSE,
        (PostilSpan){ start, start + g_utf8_strlen (cases[i].passage, -1) });
      g_autofree char *found = NULL;

      g_assert_cmpuint (places->len, ==, cases[i].counterpart != NULL);
      if (places->len > 0)
        found = postil_text_dup_range (b, g_array_index (places, PostilSpan, 0));
      g_assert_cmpstr (found, ==, cases[i].counterpart);
    }
}

static void
test_rows (void)
{
  g_autofree char *path_a = g_test_build_filename (G_TEST_DIST, "analysis", "bridge-a.txt", NULL);
  g_autofree char *path_b = g_test_build_filename (G_TEST_DIST, "analysis", "bridge-b.txt", NULL);
  g_autoptr (PostilText) a = load_text (path_a);
  g_autoptr (PostilText) b = load_text (path_b);
  g_autoptr (PostilAlignment) alignment = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
  g_autoptr (GArray) rows = postil_comparison_list_rows (alignment, FALSE);
  guint n_pairs = 0, last_a = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const PostilComparisonRow *row = &g_array_index (rows, PostilComparisonRow, i);

      n_pairs += row->pair != NULL;
      if (row->a.start < row->a.end)
        {
          g_assert_cmpuint (last_a, <=, row->a.start);
          last_a = row->a.end;
        }
    }
  g_assert_cmpuint (rows->len, ==, n_pairs + alignment->only_a->len + alignment->only_b->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alignment/accounts", test_accounts);
  g_test_add_func ("/alignment/bridge", test_bridge);
  g_test_add_func ("/alignment/same", test_same);
  g_test_add_func ("/alignment/extremes", test_extremes);
  g_test_add_func ("/alignment/scripts", test_scripts);
  g_test_add_func ("/alignment/odd", test_odd);
  g_test_add_func ("/alignment/random", test_random);
  g_test_add_func ("/alignment/lookup", test_lookup);
  g_test_add_func ("/alignment/cancelled", test_cancelled);
  g_test_add_func ("/alignment/counterpart", test_counterpart);
  g_test_add_func ("/alignment/rows", test_rows);
  return g_test_run ();
}
