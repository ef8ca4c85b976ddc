/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-search.h"

typedef struct
{
  const char *name;
  const char *text;
  const char *query;
  /* Matches as "start:end start:end", in code points. */
  const char *folded;
  const char *exact;
} Case;

static const Case cases[] = {
  { "plain", "the cat and the dog", "the", "0:3 12:15", "0:3 12:15" },
  { "absent", "the cat", "dog", "", "" },
  { "empty-text", "", "a", "", "" },
  { "empty-query", "abc", "", "", "" },
  { "whole-text", "abc", "abc", "0:3", "0:3" },
  { "longer-than-text", "abc", "abcd", "", "" },
  { "no-overlap", "aaaaa", "aa", "0:2 2:4", "0:2 2:4" },
  { "falls-back", "aabaabaaab", "aabaaab", "3:10", "3:10" },
  { "case", "Straw STRAW straw", "straw", "0:5 6:11 12:17", "12:17" },
  { "dotted-i", "İstanbul istanbul", "istanbul", "0:8 9:17", "9:17" },
  { "dotted-i-query", "istanbul", "İSTANBUL", "0:8", "" },
  { "sharp-s", "Straße STRASSE", "strasse", "0:6 7:14", "" },
  { "sharp-s-query", "strasse", "Straße", "0:7", "" },
  { "sharp-s-not-halved", "Maß mas", "mas", "4:7", "4:7" },
  { "sharp-s-not-entered", "ßt", "st", "", "" },
  { "precomposed", "caf\u00e9 cafe", "cafe", "0:4 5:9", "5:9" },
  { "decomposed", "cafe\u0301 cafe", "cafe", "0:5 6:10", "6:10" },
  { "decomposed-query", "caf\u00e9", "cafe\u0301", "0:4", "" },
  { "exact-counts-accents", "cafe\u0301", "cafe\u0301", "0:5", "0:5" },
  { "exact-whole-graphemes", "e\u0301", "e", "0:2", "" },
  { "several-accents", "a\u0323\u0302b", "ab", "0:4", "" },
  { "stroke-is-no-accent", "a \u2260 b = c", "=", "6:7", "6:7" },
  { "accents-only", "e\u0301", "\u0301", "", "" },
  { "hebrew-points", "שָׁלוֹם", "שלום", "0:7", "" },
  { "arabic-vowels", "كِتَاب", "كتاب", "0:6", "" },
  { "devanagari-vowels-count", "कु क", "क", "3:4", "3:4" },
  { "hangul", "한국 하", "하", "3:4", "3:4" },
  { "hangul-decomposed", "\u1112\u1161\u11ab\uad6d", "한국", "0:4", "" },
  { "ligature", "o\ufb03ce office", "office", "0:4 5:11", "5:11" },
  { "ligature-not-halved", "\ufb01nd", "ind", "", "" },
  { "full-width", "ＡＢＣ abc", "abc", "0:3 4:7", "4:7" },
  { "emoji", "a 😀 b", "😀", "2:3", "2:3" },
  { "emoji-after", "😀x", "x", "1:2", "1:2" },
  { "emoji-presentation", "I ❤\ufe0f it, ❤", "❤", "2:4 9:10", "9:10" },
  { "emoji-of-a-family", "👩\u200d👧 👧", "👧", "4:5", "4:5" },
  { "emoji-family-query", "x👩\u200d👧", "👩\u200d👧", "1:4", "1:4" },
  { "emoji-skin", "👍🏽 👍", "👍", "3:4", "3:4" },
  { "flags", "🇩🇪🇫🇷", "🇪🇫", "", "" },
  { "cjk", "中文文本，文本", "文本", "2:4 5:7", "2:4 5:7" },
  { "double-quotes", "“yes” «yes» \"yes\"", "\"yes\"", "0:5 6:11 12:17", "12:17" },
  { "curly-query", "\"yes\"", "“yes”", "0:5", "" },
  { "apostrophes", "don’t don't don`t", "don't", "0:5 6:11 12:17", "6:11" },
  { "dashes", "a–b a—b a-b a\u2212b a\u2011b", "a-b", "0:3 4:7 8:11 12:15 16:19", "8:11" },
  { "no-break-space", "10\u00a0km 10\u202fkm 10 km", "10 km", "0:5 6:11 12:17", "12:17" },
  { "across-lines", "one\ntwo one\r\n\ttwo", "one two", "0:7 8:17", "" },
  { "query-spaces", "one two", "one  \n two", "0:7", "" },
  { "space-at-end", "one  two", "one ", "0:4", "0:4" },
  { "crlf-is-one", "a\r\nb", "\n", "1:3", "" },
  { "crlf-exact", "a\r\nb", "\r\n", "1:3", "1:3" },
  { "soft-hyphen", "co\u00adoperate", "cooperate", "0:10", "" },
  { "zero-width", "a\u200bb", "ab", "0:3", "" },
  { "not-past-the-invisible", "ab\u200bc", "ab", "0:2", "0:2" },
  { "long-fold", "\ufdfa", "صلى الله عليه وسلم", "0:1", "" },
};

static PostilText *
new_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

static char *
find (const char *utf8, const char *query, gboolean exact)
{
  g_autoptr (PostilText) text = new_text (utf8);
  g_autoptr (GArray) matches = postil_search_find (text, query, exact, NULL);
  GString *result = g_string_new (NULL);

  for (guint i = 0; i < matches->len; i++)
    {
      PostilSpan span = g_array_index (matches, PostilSpan, i);

      g_string_append_printf (result, i > 0 ? " %u:%u" : "%u:%u", span.start, span.end);
    }
  return g_string_free (result, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *folded = find (c->text, c->query, FALSE);
  g_autofree char *exact = find (c->text, c->query, TRUE);

  g_assert_cmpstr (folded, ==, c->folded);
  g_assert_cmpstr (exact, ==, c->exact);
}

/* The automaton against looking at every place, on texts that repeat themselves. */
static void
test_against_naive (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 2000; round++)
    {
      char text[41], query[6];
      guint n_text = g_rand_int_range (rand, 0, 41), n_query = g_rand_int_range (rand, 1, 6);
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autofree char *found = NULL;

      for (guint i = 0; i < n_text; i++)
        text[i] = g_rand_int_range (rand, 'a', 'c');
      text[n_text] = '\0';
      for (guint i = 0; i < n_query; i++)
        query[i] = g_rand_int_range (rand, 'a', 'c');
      query[n_query] = '\0';

      for (const char *p = text; (p = strstr (p, query)) != NULL; p += n_query)
        g_string_append_printf (expected, expected->len > 0 ? " %u:%u" : "%u:%u",
                                (guint) (p - text), (guint) (p - text + n_query));
      found = find (text, query, round % 2);
      g_assert_cmpstr (found, ==, expected->str);
    }
}

static gboolean
find_first (PostilText *text, guint start, guint end, const char *query, PostilSpan *match)
{
  return postil_search_find_first (text, (PostilSpan){ start, end }, query, FALSE, NULL, match);
}

/* The first match is the first of all, the one behind it the second, and none goes beyond the part
 * of the text that is searched. */
static void
test_first (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *query = cases[i].query;
      g_autoptr (PostilText) text = new_text (cases[i].text);
      g_autoptr (GArray) matches = postil_search_find (text, query, FALSE, NULL);
      const PostilSpan *spans = (const PostilSpan *) (gpointer) matches->data;
      guint length = postil_text_get_length (text);
      PostilSpan match;

      g_assert_cmpint (find_first (text, 0, length, query, &match), ==, matches->len > 0);
      if (matches->len == 0)
        continue;
      g_assert_true (postil_span_equal (match, spans[0]));
      g_assert_false (find_first (text, spans[0].start, spans[0].start, query, &match));
      g_assert_false (find_first (text, 0, spans[0].end - 1, query, &match) &&
                      match.end >= spans[0].end);
      g_assert_cmpint (find_first (text, spans[0].end, length, query, &match), ==,
                       matches->len > 1);
      g_assert_true (matches->len == 1 || postil_span_equal (match, spans[1]));
    }
}

static void
test_cancelled (void)
{
  g_autoptr (PostilText) text = new_text ("the cat");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GArray) matches = NULL;

  g_cancellable_cancel (cancellable);
  matches = postil_search_find (text, "cat", FALSE, cancellable);
  g_assert_cmpuint (matches->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/search/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/search/against-naive", test_against_naive);
  g_test_add_func ("/search/first", test_first);
  g_test_add_func ("/search/cancelled", test_cancelled);

  return g_test_run ();
}
