/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sentences.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>

/*
 * Sentences are where ICU breaks them (UAX #29), except that
 *
 * - lines of a hard-wrapped block go on in the next line,
 * - an abbreviation, an initial or a number that begins a line ends no sentence unless what follows
 *   says so,
 * - closing quotes, brackets and footnote marks such as "[1]" stay with the sentence before them,
 * - what goes on in a small letter goes on.
 *
 * Everything else that stands on a line of its own, such as a heading or an item of a list, is by
 * itself.
 */

#define CANCEL_INTERVAL 256

#define ELLIPSIS 0x2026

/* A block is hard-wrapped when its longest line has a length within these bounds, in code points,
 * and all but the last one are at least this share of it. */
#define MIN_WIDTH 45
#define MAX_WIDTH 120
#define MIN_SHARE 0.6

/* A wrapped block without any end is no sentence: after so many code points a line ends it. */
#define MAX_LENGTH 1500

/* What stands before a name, so that no sentence ends there. */
static const char *const titles[] = { "mr",  "mrs", "ms",   "dr",   "prof", "gen", "sen", "rep",
                                      "gov", "col", "lt",   "sgt",  "capt", "rev", "st",  "mt",
                                      "vs",  "cf",  "esp",  "bros", "bzw",  "hr",  "fr",  "vgl",
                                      "ca",  "mme", "mlle", "sr",   "sra",  "dra", "av",  "avda" };

/* What may end a sentence or not. */
static const char *const abbreviations[] = { "jan", "feb",    "mar",  "apr", "jun", "jul",
                                             "aug", "sep",    "sept", "oct", "nov", "dec",
                                             "est", "approx", "ibid", "op",  "eds" };

/* What begins a new sentence even after those. */
static const char *const starters[] = {
  "the",   "this", "that",  "these", "those", "it",      "its",   "he",   "she",  "they", "we",
  "in",    "on",   "at",    "as",    "but",   "however", "for",   "from", "with", "when", "while",
  "after", "if",   "there", "both",  "his",   "her",     "their", "our",  "to",   "by",   "although"
};

/* What stands before a day or another ordinal number in German. */
static const char *const before_ordinals[] = { "der", "die", "das", "dem", "den", "des",
                                               "am",  "vom", "zum", "zur", "im",  "beim" };

/* Longest abbreviation before a number, and longest ordinal number, in code points. */
#define MAX_BEFORE_NUMBER 5
#define MAX_ORDINAL 2

typedef struct
{
  PostilText *text;
  const char *utf8;
  gsize n_utf8;
  GArray *sentences;
} Splitter;

static gboolean
is_in (const char *word, const char *const *list, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (g_ascii_strcasecmp (word, list[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_opener (gunichar c)
{
  int type = u_charType (c);

  return type == U_INITIAL_PUNCTUATION || type == U_START_PUNCTUATION;
}

static gboolean
is_superscript (gunichar c)
{
  return c == 0xb9 || c == 0xb2 || c == 0xb3 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079);
}

static gboolean
is_closer (gunichar c)
{
  switch (u_charType (c))
    {
    case U_END_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
    case U_INITIAL_PUNCTUATION:
      return TRUE;
    default:
      return c == '"' || c == '\'';
    }
}

static gboolean
is_terminator (gunichar c)
{
  int class = u_getIntPropertyValue (c, UCHAR_SENTENCE_BREAK);

  return class == U_SB_ATERM || class == U_SB_STERM;
}

/* Where what stands before @at really ends: before blanks. */
static const char *
skip_blanks_back (const char *start, const char *at)
{
  while (at > start && u_isUWhiteSpace (g_utf8_get_char (g_utf8_prev_char (at))))
    at = g_utf8_prev_char (at);
  return at;
}

static const char *
skip_blanks (const char *at, const char *end)
{
  while (at < end && u_isUWhiteSpace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return at;
}

/* The end of footnote marks such as "[12]" and superscript numbers at @at, or @at. */
static const char *
skip_marks (const char *at, const char *end)
{
  for (;;)
    {
      const char *p = at;

      while (at < end && is_superscript (g_utf8_get_char (at)))
        p = at = g_utf8_next_char (at);
      if (p >= end || *p != '[')
        return at;
      for (p++; p < end && g_ascii_isalnum (*p) && p - at < 6; p++)
        ;
      if (p >= end || *p != ']' || p == at + 1)
        return at;
      at = p + 1;
    }
}

/* What stands before closing quotes, brackets and footnote marks that end at @at. */
static const char *
skip_closers_back (const char *start, const char *at)
{
  while (at > start)
    {
      const char *p = at - 1;

      if (*p == ']')
        {
          while (p > start && g_ascii_isalnum (p[-1]))
            p--;
          if (p > start && p[-1] == '[' && skip_marks (p - 1, at) == at)
            {
              at = p - 1;
              continue;
            }
        }
      p = g_utf8_prev_char (at);
      if (!is_closer (g_utf8_get_char (p)) && !is_superscript (g_utf8_get_char (p)))
        break;
      /* French and Spanish put a blank or a dash between. */
      at = skip_blanks_back (start, p);
    }
  return at;
}

/* The letters, digits and points that end at @at: at most 8 code points. */
static const char *
find_token (const char *start, const char *at)
{
  const char *p = at;

  for (guint n = 0; p > start && n < 8; n++)
    {
      const char *before = g_utf8_prev_char (p);
      gunichar c = g_utf8_get_char (before);

      if (c != '.' && !u_isalnum (c) && !(U_MASK (u_charType (c)) & U_GC_M_MASK))
        break;
      p = before;
    }
  return p;
}

/* Single letters with points: "U.S", "J", "e.g"; also doubled ones as in "EE. UU." */
static gboolean
is_initials (const char *token, const char *end)
{
  guint n_letters = 0;
  gboolean doubled = end - token == 2 && token[0] == token[1] && g_ascii_isupper (token[0]);

  for (const char *p = token; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '.')
        n_letters = 0;
      else if (u_isalpha (c) && !u_hasBinaryProperty (c, UCHAR_IDEOGRAPHIC))
        n_letters++;
      else if (!(U_MASK (u_charType (c)) & U_GC_M_MASK))
        return FALSE;
      if (n_letters > 1 && !doubled)
        return FALSE;
    }
  return token < end;
}

static gboolean
is_number (const char *token, const char *end)
{
  for (const char *p = token; p < end; p++)
    if (!g_ascii_isdigit (*p))
      return FALSE;
  return token < end;
}

static gboolean
follows_article (const char *start, const char *token)
{
  const char *end = skip_blanks_back (start, token);
  g_autofree char *word = NULL;

  start = find_token (start, end);
  word = g_strndup (start, end - start);
  return is_in (word, before_ordinals, G_N_ELEMENTS (before_ordinals));
}

static gboolean
starts_sentence (const char *at, const char *end)
{
  char word[16];
  gsize n = 0;

  while (at < end && !g_ascii_isalpha (*at))
    at++;
  while (at + n < end && n < sizeof word - 1 && g_ascii_isalpha (at[n]))
    n++;
  memcpy (word, at, n);
  word[n] = '\0';
  return is_in (word, starters, G_N_ELEMENTS (starters));
}

/* Whether the point that ends the token before @point, in a sentence from @start on, is part of it
 * and no end. */
static gboolean
is_abbreviation (const char *start, const char *point, const char *next, const char *end)
{
  const char *token = find_token (start, point);
  g_autofree char *word = g_strndup (token, point - token);
  gboolean number = is_number (token, point);

  if (token == point)
    return FALSE;
  /* "1." and "a." at the beginning belong to what they number. */
  if (token == start && (number || is_initials (token, point)))
    return TRUE;
  if (number)
    return point - token <= MAX_ORDINAL && follows_article (start, token);
  if (u_isdigit (g_utf8_get_char (next)))
    return g_utf8_strlen (word, -1) <= MAX_BEFORE_NUMBER;
  if (is_in (word, titles, G_N_ELEMENTS (titles)))
    return TRUE;
  return (is_initials (token, point) ||
          is_in (word, abbreviations, G_N_ELEMENTS (abbreviations))) &&
         !starts_sentence (next, end);
}

/* Whether a sentence that began at @start ends at @at. */
static gboolean
is_end (const char *start, const char *at, const char *end, gboolean wrapped)
{
  const char *stop = skip_blanks_back (start, at);
  const char *next = skip_blanks (at, end);
  const char *core = skip_closers_back (start, stop);
  gboolean line_ends = at > start && (at[-1] == '\n' || at[-1] == '\r');
  gunichar last, after;

  if (next >= end)
    return TRUE;
  if (line_ends && (!wrapped || g_utf8_strlen (start, stop - start) > MAX_LENGTH))
    return TRUE;
  if (core == start)
    return FALSE;
  last = g_utf8_get_char (g_utf8_prev_char (core));
  after = g_utf8_get_char (next);
  if (!is_terminator (last) && last != ELLIPSIS)
    return FALSE;
  /* "…?" he asked; 「…。」と聞いた */
  if (u_islower (after) || (core < stop && after == 0x3068))
    return FALSE;
  return last != '.' || !is_abbreviation (start, core - 1, next, end);
}

static void
add (Splitter *self, const char *start, const char *end)
{
  PostilSpan span;

  start = skip_blanks (start, end);
  end = skip_blanks_back (start, end);
  if (start >= end)
    return;
  span.start = postil_text_get_offset (self->text, start - self->utf8);
  span.end = postil_text_get_offset (self->text, end - self->utf8);
  g_array_append_val (self->sentences, span);
}

/* Where the sentence that ICU ends at @here really would: closing quotes after a blank, and
 * footnote marks, belong to it; opening ones do not. */
static const char *
adjust (const char *start, const char *here, const char *end)
{
  const char *next = skip_blanks (here, end), *before;

  if (next < end && u_charType (g_utf8_get_char (next)) == U_FINAL_PUNCTUATION)
    here = skip_blanks (g_utf8_next_char (next), end);
  while (here > start && here < end && !u_isUWhiteSpace (g_utf8_get_char (here)))
    {
      before = g_utf8_prev_char (here);
      if (!is_opener (g_utf8_get_char (before)))
        break;
      here = before;
    }
  return skip_marks (here, end);
}

/* After an ellipsis, where ICU sees no end. */
static const char *
find_ellipsis (const char *start, const char *end)
{
  for (const char *p = start; p < end; p = g_utf8_next_char (p))
    if (g_utf8_get_char (p) == ELLIPSIS)
      {
        const char *after = g_utf8_next_char (p);
        gunichar c;

        while (after < end &&
               (g_utf8_get_char (after) == ELLIPSIS || is_closer (g_utf8_get_char (after))))
          after = g_utf8_next_char (after);
        c = after < end ? g_utf8_get_char (skip_blanks (after, end)) : 0;
        if (u_isupper (c) || u_hasBinaryProperty (c, UCHAR_IDEOGRAPHIC))
          return after;
        p = g_utf8_prev_char (after);
      }
  return NULL;
}

static void
split (Splitter *self, UBreakIterator *breaks, PostilSpan block, gboolean wrapped)
{
  const char *begin = self->utf8 + postil_text_get_byte (self->text, block.start);
  const char *end = self->utf8 + postil_text_get_byte (self->text, block.end);
  const char *start = begin, *searched = begin, *ellipsis;
  UErrorCode status = U_ZERO_ERROR;
  UText utext = UTEXT_INITIALIZER;

  utext_openUTF8 (&utext, begin, end - begin, &status);
  ubrk_setUText (breaks, &utext, &status);
  g_assert (U_SUCCESS (status));

  for (int32_t at = ubrk_next (breaks); at != UBRK_DONE; at = ubrk_next (breaks))
    {
      const char *here = begin + at;

      if (here <= start)
        continue;
      here = adjust (start, here, end);
      while ((ellipsis = find_ellipsis (searched, here)) != NULL && ellipsis < here)
        {
          add (self, start, ellipsis);
          start = searched = ellipsis;
        }
      searched = here;
      if (is_end (start, here, end, wrapped))
        {
          add (self, start, here);
          start = here;
        }
    }
  add (self, start, end);
  utext_close (&utext);
}

static gboolean
is_blank (Splitter *self, PostilSpan line)
{
  const char *start = self->utf8 + postil_text_get_byte (self->text, line.start);
  const char *end = self->utf8 + postil_text_get_byte (self->text, line.end);

  return skip_blanks (start, end) == end;
}

/* An indented line in small letters goes on with the item of a list before it. */
static gboolean
goes_on (Splitter *self, PostilSpan line)
{
  const char *start = self->utf8 + postil_text_get_byte (self->text, line.start);
  const char *end = self->utf8 + postil_text_get_byte (self->text, line.end);

  return (*start == ' ' || *start == '\t') &&
         u_islower (g_utf8_get_char (skip_blanks (start, end)));
}

/* Whether the lines from @first to before @last are one paragraph that was broken by width. */
static gboolean
is_wrapped (PostilText *text, guint first, guint last)
{
  guint longest = 0, shortest = G_MAXUINT;

  for (guint i = first; i < last; i++)
    {
      guint length = postil_span_length (postil_text_get_paragraph (text, i));

      longest = MAX (longest, length);
      if (i + 1 < last)
        shortest = MIN (shortest, length);
    }
  return last - first > 1 && longest >= MIN_WIDTH && longest <= MAX_WIDTH &&
         shortest >= MIN_SHARE * longest;
}

/**
 * postil_sentences_list:
 * @text: a text
 * @cancellable: (nullable): ends it early; what was found until then is returned
 *
 * Divides a text into its sentences, headings, and items of lists. Works for every language that
 * ICU knows where to break; the abbreviations are English and some German, French and Spanish ones.
 * May be called in any thread.
 *
 * Returns: (transfer full) (element-type PostilSpan): their spans in code points, in order, without
 * the blanks between them
 */
GArray *
postil_sentences_list (PostilText *text, GCancellable *cancellable)
{
  Splitter self = { .text = text, .sentences = g_array_new (FALSE, FALSE, sizeof (PostilSpan)) };
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *breaks;
  guint n_lines;

  g_return_val_if_fail (text != NULL, self.sentences);

  breaks = ubrk_open (UBRK_SENTENCE, "", NULL, 0, &status);
  g_assert (U_SUCCESS (status));
  self.utf8 = postil_text_get_utf8 (text, &self.n_utf8);
  n_lines = postil_text_get_n_paragraphs (text);

  for (guint first = 0, last; first < n_lines; first = last)
    {
      PostilSpan block = postil_text_get_paragraph (text, first);

      if (first % CANCEL_INTERVAL == 0 && g_cancellable_is_cancelled (cancellable))
        break;
      last = first + 1;
      if (is_blank (&self, block))
        continue;
      while (last < n_lines && !is_blank (&self, postil_text_get_paragraph (text, last)))
        last++;
      if (is_wrapped (text, first, last))
        {
          block.end = postil_text_get_paragraph (text, last - 1).end;
          split (&self, breaks, block, TRUE);
        }
      else
        for (guint i = first, next; i < last; i = next)
          {
            block = postil_text_get_paragraph (text, i);
            for (next = i + 1;
                 next < last && goes_on (&self, postil_text_get_paragraph (text, next)); next++)
              block.end = postil_text_get_paragraph (text, next).end;
            split (&self, breaks, block, next > i + 1);
          }
    }

  ubrk_close (breaks);
  return self.sentences;
}
