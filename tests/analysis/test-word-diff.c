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

/* Shows the runs: [same] -[removed] +[added]. */
static char *
show (const char *a, const char *b)
{
  g_autoptr (GArray) runs = postil_word_diff (a, strlen (a), b, strlen (b));
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);

      if (run->kind == POSTIL_WORD_RUN_ADDED)
        append_part (shown, b, run->b, '+');
      else
        append_part (shown, a, run->a, run->kind == POSTIL_WORD_RUN_REMOVED ? '-' : 0);
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
    { "one  two\nthree", "One “two” three", "[one] +[“] [two] +[”] [three]" },
    { "one two three", "one 2 three", "[one] -[two] +[2] [three]" },
    { "café naïve", "CAFE NAIVE", "[café naïve]" },
    { "a b c a b b a", "c b a b a c", NULL },
    { "the old man said", "the man had said so", "[the] -[old] [man] +[had] [said] +[so]" },
    { "😀 one", "😀 two", "[😀] -[one] +[two]" },
    { "don't go", "do not go", "-[don't] +[do not] [go]" },
    { "我喜欢书", "我喜欢猫", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *runs = show (cases[i].a, cases[i].b);

      if (cases[i].runs)
        g_assert_cmpstr (runs, ==, cases[i].runs);
    }
}

static void
append_words (GString *words, const char *text, PostilSpan span)
{
  g_autofree char *part = g_utf8_substring (text, span.start, span.end);

  g_string_append_printf (words, "%s ", part);
}

/* Put together again, the runs are both texts; returns how many words differ. */
static guint
check_whole (const char *a, const char *b)
{
  g_autoptr (GArray) runs = postil_word_diff (a, strlen (a), b, strlen (b));
  g_autoptr (GString) whole_a = g_string_new (NULL), whole_b = g_string_new (NULL);
  guint n_changed = 0;

  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);
      g_autofree char *in_a = g_utf8_substring (a, run->a.start, run->a.end);
      g_autofree char *in_b = g_utf8_substring (b, run->b.start, run->b.end);

      if (run->kind == POSTIL_WORD_RUN_SAME)
        g_assert_cmpstr (in_a, ==, in_b);
      if (run->kind != POSTIL_WORD_RUN_ADDED)
        append_words (whole_a, a, run->a);
      else
        g_assert_cmpuint (postil_span_length (run->a), ==, 0);
      if (run->kind != POSTIL_WORD_RUN_REMOVED)
        append_words (whole_b, b, run->b);
      else
        g_assert_cmpuint (postil_span_length (run->b), ==, 0);
      if (run->kind != POSTIL_WORD_RUN_SAME)
        n_changed += (postil_span_length (run->a) + postil_span_length (run->b) + 1) / 2;
    }
  g_assert_cmpstr (g_strchomp (whole_a->str), ==, a);
  g_assert_cmpstr (g_strchomp (whole_b->str), ==, b);

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
  g_test_add_func ("/word-diff/random", test_random);
  g_test_add_func ("/word-diff/much", test_much);

  return g_test_run ();
}
