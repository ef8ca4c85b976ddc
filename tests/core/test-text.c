/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-text.h"

#define FAMILY "👨‍👩‍👧"
#define FLAG "🇫🇷"

static PostilText *
new_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

/* A text of every width of character, with all ends of paragraphs, @n code points long or more. */
static char *
make_random_text (guint n, guint32 seed)
{
  static const char *const pieces[] = { "a",        "word ",     "é",    "ø ",
                                        "€",        "総",        "😀",    "\n",
                                        "\r\n",     "\r",        "\t",   "\xE2\x80\xA9",
                                        "“quoted”", "e\xCC\x81", FAMILY, FLAG FLAG };
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (text, FALSE);
}

static void
test_origin (void)
{
  g_autoptr (PostilText) plain = new_text ("abc");
  g_autoptr (PostilText) other =
    postil_text_new (g_strdup ("abc"), 3,
                     &(PostilTextOrigin){ .charset = "Big5", .sha256 = "12", .n_ill_formed = 7 });
  gsize n_bytes;

  g_assert_cmpstr (postil_text_get_utf8 (plain, &n_bytes), ==, "abc");
  g_assert_cmpuint (n_bytes, ==, 3);
  g_assert_cmpstr (postil_text_get_charset (plain), ==, "UTF-8");
  g_assert_cmpstr (postil_text_get_sha256 (plain), ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpuint (postil_text_get_n_ill_formed (plain), ==, 0);
  g_assert_cmpstr (postil_text_get_charset (other), ==, "Big5");
  g_assert_cmpstr (postil_text_get_sha256 (other), ==, "12");
  g_assert_cmpuint (postil_text_get_n_ill_formed (other), ==, 7);
}

/* Offsets, bytes and paragraphs against a plain walk over the text. */
static void
check_tables (const char *utf8)
{
  g_autoptr (PostilText) text = new_text (utf8);
  gsize n_bytes = strlen (utf8);
  guint offset = 0, paragraph = 0, start = 0;

  g_assert_cmpuint (postil_text_get_length (text), ==, g_utf8_strlen (utf8, -1));
  for (const char *p = utf8;; p = g_utf8_next_char (p), offset++)
    {
      gsize byte = p - utf8;

      g_assert_cmpuint (postil_text_get_byte (text, offset), ==, byte);
      g_assert_cmpuint (postil_text_get_paragraph_at (text, offset), ==, paragraph);
      if (*p == '\0')
        break;
      for (const char *q = p; q < g_utf8_next_char (p); q++)
        g_assert_cmpuint (postil_text_get_offset (text, q - utf8), ==, offset);
      if (*p == '\n' || (*p == '\r' && p[1] != '\n') || g_utf8_get_char (p) == 0x2029)
        {
          PostilSpan span = postil_text_get_paragraph (text, paragraph);

          g_assert_cmpuint (span.start, ==, start);
          g_assert_cmpuint (span.end, ==, offset + 1);
          start = offset + 1;
          paragraph++;
        }
    }
  g_assert_cmpuint (postil_text_get_offset (text, n_bytes), ==, offset);
  g_assert_cmpuint (postil_text_get_n_paragraphs (text), ==, paragraph + 1);
  g_assert_cmpuint (postil_text_get_paragraph (text, paragraph).start, ==, start);
  g_assert_cmpuint (postil_text_get_paragraph (text, paragraph).end, ==, offset);
}

static void
test_tables (void)
{
  static const char *const texts[] = { "",
                                       "a",
                                       "é",
                                       "\n",
                                       "\r\n",
                                       "\r",
                                       "\n\r",
                                       "a\r\nb\rc\nd",
                                       "a\n\n",
                                       "\xE2\x80\xA9",
                                       "a\xE2\x80\xA9",
                                       "\xE2\x80\xA8" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    check_tables (texts[i]);
  for (guint n = 1; n <= 9000; n = n * 3 / 2 + 1)
    {
      g_autofree char *text = make_random_text (n, n);
      g_autofree char *ascii = g_strnfill (n, 'x');
      g_autofree char *wide = g_strjoinv ("é", (char *[]){ ascii, ascii, "\n", NULL });

      check_tables (text);
      check_tables (ascii);
      check_tables (wide);
    }
}

static void
test_range (void)
{
  g_autoptr (PostilText) text = new_text ("a café 😀 b");
  g_autofree char *word = postil_text_dup_range (text, (PostilSpan){ 2, 6 });
  g_autofree char *smile = postil_text_dup_range (text, (PostilSpan){ 7, 8 });
  g_autofree char *none = postil_text_dup_range (text, (PostilSpan){ 10, 10 });

  g_assert_cmpstr (word, ==, "café");
  g_assert_cmpstr (smile, ==, "😀");
  g_assert_cmpstr (none, ==, "");
}

typedef PostilSpan (*Snap) (PostilText *text, PostilSpan span);

typedef struct
{
  const char *utf8;
  PostilSpan span;
  PostilSpan expected;
} SnapCase;

static void
check_snap (const SnapCase *cases, gsize n_cases, Snap snap)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (PostilText) text = new_text (cases[i].utf8);
      PostilSpan found = snap (text, cases[i].span);

      g_test_message ("%s [%u, %u)", cases[i].utf8, cases[i].span.start, cases[i].span.end);
      g_assert_cmpuint (found.start, ==, cases[i].expected.start);
      g_assert_cmpuint (found.end, ==, cases[i].expected.end);
      g_assert_true (postil_span_equal (snap (text, found), found));
    }
}

static void
test_graphemes (void)
{
  static const SnapCase cases[] = {
    { "", { 0, 0 }, { 0, 0 } },
    { "abc", { 1, 2 }, { 1, 2 } },
    { "ae\xCC\x81z", { 1, 2 }, { 1, 3 } },
    { "ae\xCC\x81z", { 2, 3 }, { 1, 3 } },
    { "ae\xCC\x81z", { 2, 2 }, { 1, 3 } },
    { "a\r\nb", { 2, 3 }, { 1, 3 } },
    { "a\r\nb", { 0, 2 }, { 0, 3 } },
    { "a\n\rb", { 0, 2 }, { 0, 2 } },
    { "x" FAMILY "y", { 2, 4 }, { 1, 6 } },
    { FLAG FLAG, { 1, 2 }, { 0, 2 } },
    { FLAG FLAG, { 2, 3 }, { 2, 4 } },
    { "각\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", { 2, 3 }, { 1, 4 } },
    { "नि", { 1, 2 }, { 0, 2 } },
    { "\xCC\x81"
      "a",
      { 0, 1 },
      { 0, 1 } },
    { "\n\xCC\x81"
      "a",
      { 1, 1 },
      { 1, 1 } },
  };

  check_snap (cases, G_N_ELEMENTS (cases), postil_text_snap_to_graphemes);
}

static void
test_words (void)
{
  static const SnapCase cases[] = {
    { "", { 0, 0 }, { 0, 0 } },
    { "one two three", { 5, 6 }, { 4, 7 } },
    { "one two three", { 2, 9 }, { 0, 13 } },
    { "one two three", { 3, 4 }, { 3, 4 } },
    { "one   two", { 4, 5 }, { 4, 5 } },
    { "one two", { 4, 7 }, { 4, 7 } },
    { "one two", { 5, 5 }, { 4, 7 } },
    { "one two three", { 3, 8 }, { 4, 7 } },
    { "one \r\n\u00a0two", { 1, 6 }, { 0, 3 } },
    { "one \u0301two", { 3, 6 }, { 3, 8 } },
    { "don’t stop", { 4, 7 }, { 0, 10 } },
    { "(word), then", { 2, 8 }, { 1, 7 } },
    { "3,141.5 pi", { 2, 3 }, { 0, 7 } },
    { "cafe\xCC\x81 noir", { 1, 3 }, { 0, 5 } },
    { "Straße→Weg", { 2, 8 }, { 0, 10 } },
    { "say 👍🏽 now", { 5, 6 }, { 4, 6 } },
    { "ไทย ภาษา", { 1, 2 }, { 0, 3 } },
    { "a\r\nword", { 4, 5 }, { 3, 7 } },
  };

  check_snap (cases, G_N_ELEMENTS (cases), postil_text_snap_to_words);
}

/* What a window of a long text gives is what the whole text gives. */
static void
test_windows (void)
{
  g_autofree char *around = make_random_text (3000, 1);
  g_autofree char *long_text =
    g_strconcat (around, ". ", FAMILY "e\xCC\x81\r\nun word ", around, NULL);
  g_autoptr (PostilText) text = new_text (long_text);
  guint base = g_utf8_strlen (around, -1) + 2;
  PostilSpan found;

  found = postil_text_snap_to_graphemes (text, (PostilSpan){ base + 1, base + 8 });
  g_assert_cmpuint (found.start, ==, base);
  g_assert_cmpuint (found.end, ==, base + 9);
  found = postil_text_snap_to_words (text, (PostilSpan){ base + 13, base + 14 });
  g_assert_cmpuint (found.start, ==, base + 12);
  g_assert_cmpuint (found.end, ==, base + 16);
}

/* No text makes it slow: a million marks on one letter, a word of a million letters. */
static void
test_endless (void)
{
  static const char *const pieces[] = { "\xCC\x81", "x", "総", "🇫", "\xE2\x80\x8D", "ไ" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      GString *utf8 = g_string_new ("a");
      g_autoptr (PostilText) text = NULL;

      for (guint j = 0; j < 1000000; j++)
        g_string_append (utf8, pieces[i]);
      text = postil_text_new (utf8->str, utf8->len, NULL);
      g_string_free (utf8, FALSE);
      for (guint j = 1; j <= 100; j++)
        {
          PostilSpan span = { j * 9001, j * 9001 + 5 }, found;

          found = postil_text_snap_to_graphemes (text, span);
          g_assert_true (found.start <= span.start && found.end >= span.end);
          found = postil_text_snap_to_words (text, span);
          g_assert_true (found.start <= span.start && found.end >= span.end);
        }
    }
}

static gpointer
read_in_thread (gpointer data)
{
  PostilText *text = data;
  guint length = postil_text_get_length (text);

  for (guint i = 0; i < length; i += 7)
    {
      PostilSpan span = postil_text_snap_to_words (text, (PostilSpan){ i, i + 1 });

      g_assert_cmpuint (postil_text_get_offset (text, postil_text_get_byte (text, span.end)), ==,
                        span.end);
    }
  postil_text_unref (text);
  return NULL;
}

static void
test_threads (void)
{
  char *utf8 = make_random_text (2000, 5);
  g_autoptr (PostilText) text = postil_text_new (utf8, strlen (utf8), NULL);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_in_thread, postil_text_ref (text));
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* What is around a passage is the same in bytes as in code points, and cuts no grapheme. */
static void
test_context (void)
{
  g_autofree char *utf8 = make_random_text (2000, 7);
  g_autoptr (PostilText) text = new_text (utf8);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint length = postil_text_get_length (text);

  for (guint i = 0; i < 4000; i++)
    {
      guint start = g_rand_int_range (random, 0, length + 1);
      guint wanted = g_rand_int_range (random, 0, 50);
      guint end = MIN (length, start + wanted);
      guint n = i % 40;
      PostilSpan context = postil_text_add_context (text, (PostilSpan){ start, end }, n);
      gsize bytes[4];

      postil_text_get_context (text, (PostilSpan){ start, end }, n, bytes);
      g_assert_cmpuint (bytes[0], ==, postil_text_get_byte (text, context.start));
      g_assert_cmpuint (bytes[1], ==, postil_text_get_byte (text, start));
      g_assert_cmpuint (bytes[2], ==, postil_text_get_byte (text, end));
      g_assert_cmpuint (bytes[3], ==, postil_text_get_byte (text, context.end));
      if (context.start < start)
        g_assert_cmpuint (
          postil_text_snap_to_graphemes (text, (PostilSpan){ context.start, start }).start, ==,
          context.start);
      if (context.end > end)
        g_assert_cmpuint (
          postil_text_snap_to_graphemes (text, (PostilSpan){ end, context.end }).end, ==,
          context.end);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/text/origin", test_origin);
  g_test_add_func ("/core/text/tables", test_tables);
  g_test_add_func ("/core/text/range", test_range);
  g_test_add_func ("/core/text/graphemes", test_graphemes);
  g_test_add_func ("/core/text/words", test_words);
  g_test_add_func ("/core/text/windows", test_windows);
  g_test_add_func ("/core/text/endless", test_endless);
  g_test_add_func ("/core/text/threads", test_threads);
  g_test_add_func ("/core/text/context", test_context);

  return g_test_run ();
}
