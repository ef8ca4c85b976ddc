/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-word-diff.h"

#include <string.h>

static void
append_part (GString *shown, const char *text, PostilSpan span, char mark)
{
  g_autofree char *part = g_utf8_substring (text, span.start, span.end);

  if (shown->len > 0)
    g_string_append_c (shown, ' ');
  if (mark)
    g_string_append_c (shown, mark);
  g_string_append_printf (shown, "[%s]", part);
}

/* Shows the runs: [same] -[removed] +[added] *[moved]. */
static char *
show (const char *a, const char *b, gboolean exact)
{
  static const char marks[] = {
    [POSTIL_WORD_RUN_SAME] = 0,
    [POSTIL_WORD_RUN_REMOVED] = '-',
    [POSTIL_WORD_RUN_ADDED] = '+',
    [POSTIL_WORD_RUN_MOVED] = '*',
  };
  g_autoptr (GArray) runs = postil_word_diff (a, strlen (a), b, strlen (b), exact);
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);

      if (run->kind == POSTIL_WORD_RUN_ADDED)
        append_part (shown, b, run->b, marks[run->kind]);
      else
        append_part (shown, a, run->a, marks[run->kind]);
    }

  return g_string_free (shown, FALSE);
}

static void
test_cases (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    const char *runs;
  } cases[] = {
    { "", "", "" },
    { "one", "", "-[one]" },
    { "", " one two ", "+[one two]" },
    { "one two three", "one two three", "[one two three]" },
    { "one  two\nthree", "One “two” three", "[one  two\nthree]" },
    { "one two three", "one 2 three", "[one] -[two] +[2] [three]" },
    { "café naïve", "CAFE NAIVE", "[café naïve]" },
    { "a b c a b b a", "c b a b a c", NULL },
    { "the old man said", "the man had said so", "[the] -[old] [man] +[had] [said] +[so]" },
    { "😀 one", "😀 two", "[😀] -[one] +[two]" },
    { "don't go", "do not go", "-[don't] +[do not] [go]" },
    { "我喜欢书", "我喜欢猫", NULL },
    { "We met – he said – at \"noon\"", "we met, he said, AT ‘noon’", NULL },
    { "one “two” -- three", "one two three", "[one “two” -- three]" },
    { "in the spring the old bridge was closed", "the old bridge was closed in the spring",
      "*[in the spring] [the old bridge was closed]" },
    /* Too little to say that it moved. */
    { "of the men came", "men came of the", "+[men came] [of the] -[men came]" },
    { "in the spring the bridge fell down", "the bridge fell in the cold spring down",
      "-[in the spring] [the bridge fell] +[in the cold spring] [down]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *runs = show (cases[i].a, cases[i].b, FALSE);

      if (cases[i].runs)
        g_assert_cmpstr (runs, ==, cases[i].runs);
    }
}

static void
test_exact (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    const char *runs;
  } cases[] = {
    { "one two", "one two", "[one two]" },
    { "One two", "one two", "-[One] +[one] [ two]" },
    { "one “two”", "one \"two\"", "[one ] -[“] +[\"] [two] -[”] +[\"]" },
    { "one  two", "one two", "[one] -[  ] +[ ] [two]" },
    { "one – two", "one - two", "[one ] -[–] +[-] [ two]" },
    { "café", "cafe", "-[café] +[cafe]" },
    { "In the spring, the old bridge was closed", "the old bridge was closed In the spring", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *runs = show (cases[i].a, cases[i].b, TRUE);

      if (cases[i].runs)
        g_assert_cmpstr (runs, ==, cases[i].runs);
      else
        g_assert_nonnull (strstr (runs, "*[In the spring"));
    }
}

/* Beyond a NUL offsets are right, too. */
static void
test_nul (void)
{
  static const char a[] = "one\0two three", b[] = "one\0two four";
  g_autoptr (GArray) runs = postil_word_diff (a, sizeof a - 1, b, sizeof b - 1, FALSE);
  const PostilWordRun *last = &g_array_index (runs, PostilWordRun, runs->len - 1);

  g_assert_cmpint (last->kind, ==, POSTIL_WORD_RUN_ADDED);
  g_assert_cmpuint (last->b.start, ==, 8);
  g_assert_cmpuint (last->b.end, ==, 12);
}

static PostilWordRunKind
mirror (PostilWordRunKind kind)
{
  return kind == POSTIL_WORD_RUN_ADDED     ? POSTIL_WORD_RUN_REMOVED
         : kind == POSTIL_WORD_RUN_REMOVED ? POSTIL_WORD_RUN_ADDED
                                           : kind;
}

/* What the other one says the other way round; words that moved are the same on both sides. */
static void
check_symmetry (const char *a, const char *b, GArray *runs)
{
  g_autoptr (GArray) others = postil_word_diff (b, strlen (b), a, strlen (a), FALSE);

  g_assert_cmpuint (runs->len, ==, others->len);
  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);
      guint n = 0;

      for (guint j = 0; j < others->len; j++)
        {
          const PostilWordRun *other = &g_array_index (others, PostilWordRun, j);

          n += other->kind == mirror (run->kind) &&
               (run->kind == POSTIL_WORD_RUN_ADDED || postil_span_equal (run->a, other->b)) &&
               (run->kind == POSTIL_WORD_RUN_REMOVED || postil_span_equal (run->b, other->a));
        }
      g_assert_cmpuint (n, ==, 1);
    }
}

static void
append_words (GString *words, const char *text, PostilSpan span)
{
  g_string_append_len (words, text + span.start, postil_span_length (span));
  g_string_append_c (words, ' ');
}

/* Put together again, the runs are both texts, of ASCII; returns how many words differ. */
static guint
check_whole (const char *a, const char *b)
{
  g_autoptr (GArray) runs = postil_word_diff (a, strlen (a), b, strlen (b), FALSE);
  g_autoptr (GString) whole_a = g_string_new (NULL), whole_b = g_string_new (NULL);
  guint n_changed = 0;

  for (guint side = 0; side < 2; side++)
    {
      g_autoptr (GArray) listed = postil_word_diff_list_side (runs, side);

      for (guint i = 0; i < listed->len; i++)
        {
          const PostilWordRun *run = &g_array_index (listed, PostilWordRun, i);

          append_words (side ? whole_b : whole_a, side ? b : a, side ? run->b : run->a);
        }
    }
  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);
      g_autofree char *in_a = g_strndup (a + run->a.start, postil_span_length (run->a));
      g_autofree char *in_b = g_strndup (b + run->b.start, postil_span_length (run->b));

      switch (run->kind)
        {
        case POSTIL_WORD_RUN_SAME:
          g_assert_cmpstr (in_a, ==, in_b);
          continue;
        case POSTIL_WORD_RUN_MOVED:
          g_assert_cmpstr (in_a, ==, in_b);
          g_assert_cmpuint (strlen (in_a), >=, 10);
          break;
        case POSTIL_WORD_RUN_REMOVED:
          g_assert_cmpstr (in_b, ==, "");
          break;
        case POSTIL_WORD_RUN_ADDED:
          g_assert_cmpstr (in_a, ==, "");
          break;
        }
      n_changed += (postil_span_length (run->a) + 1) / 2 + (postil_span_length (run->b) + 1) / 2;
    }
  g_assert_cmpstr (g_strchomp (whole_a->str), ==, a);
  g_assert_cmpstr (g_strchomp (whole_b->str), ==, b);
  if (strlen (a) < 1000)
    check_symmetry (a, b, runs);

  return n_changed;
}

/* One letter a word, so that many are alike. */
static char *
create_text (GRand *rand, guint n_words, guint n_letters)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_words; i++)
    g_string_append_printf (text, "%s%c", i > 0 ? " " : "",
                            'a' + g_rand_int_range (rand, 0, n_letters));

  return g_string_free (text, FALSE);
}

/* How many words a longest common subsequence leaves over. */
static guint
count_shortest (const char *a, const char *b)
{
  guint n_a = (strlen (a) + 1) / 2, n_b = (strlen (b) + 1) / 2;
  g_autofree guint *row = g_new0 (guint, n_b + 1);

  for (guint i = 0; i < n_a; i++)
    for (guint j = 0, corner = 0; j < n_b; j++)
      {
        guint above = row[j + 1];

        row[j + 1] = a[2 * i] == b[2 * j] ? corner + 1 : MAX (above, row[j]);
        corner = above;
      }

  return n_a + n_b - 2 * row[n_b];
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *a = create_text (rand, g_rand_int_range (rand, 0, 40), 1 + i % 6);
      g_autofree char *b = create_text (rand, g_rand_int_range (rand, 0, 40), 1 + i % 6);

      g_assert_cmpuint (check_whole (a, b), ==, count_shortest (a, b));
    }
}

/* Nothing in common but the alphabet: cut short, and still right. */
static void
test_much (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  g_autofree char *a = create_text (rand, 20000, 26);
  g_autofree char *b = create_text (rand, 20000, 26);

  check_whole (a, b);
  check_whole (a, "");
  check_whole (a, a);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/word-diff/cases", test_cases);
  g_test_add_func ("/word-diff/exact", test_exact);
  g_test_add_func ("/word-diff/nul", test_nul);
  g_test_add_func ("/word-diff/random", test_random);
  g_test_add_func ("/word-diff/much", test_much);

  return g_test_run ();
}
