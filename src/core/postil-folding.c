/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-folding.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#define N_CACHED 4096
#define N_ASCII 128

/* What all white space, quotation marks and dashes fold to. */
#define SPACE ' '
#define QUOTE '\''
#define DASH '-'

/* One cache a thread, so that none waits for another. */
static GPrivate cache_private = G_PRIVATE_INIT (g_free);

static gboolean
is_quote (gunichar c)
{
  return u_hasBinaryProperty (c, UCHAR_QUOTATION_MARK) || c == 0x60 || c == 0xb4 || c == 0x2bc ||
         c == 0x2032 || c == 0x2033;
}

/* The combining classes of accents, Hebrew points and Arabic vowel marks; not those of vowels and
 * conjuncts, which make another word, nor of strokes, which turn "=" into "not equal". */
static gboolean
is_accent (gunichar c)
{
  guint8 class = u_getCombiningClass (c);

  return class >= 200 || (class >= 10 && class <= 35);
}

static void
normalize (PostilFold *fold, gunichar c)
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *case_folding = unorm2_getNFKCCasefoldInstance (&status);
  const UNormalizer2 *decomposition = unorm2_getNFDInstance (&status);
  UChar source[2], folded[POSTIL_FOLDING_MAX_UNITS * 2], units[POSTIL_FOLDING_MAX_UNITS * 2];
  int32_t n_source = 0, n_folded, n_units;

  U16_APPEND_UNSAFE (source, n_source, c);
  n_folded =
    unorm2_normalize (case_folding, source, n_source, folded, G_N_ELEMENTS (folded), &status);
  n_units =
    unorm2_normalize (decomposition, folded, n_folded, units, G_N_ELEMENTS (units), &status);
  g_assert (U_SUCCESS (status));

  for (int32_t i = 0; i < n_units;)
    {
      gunichar unit;

      U16_NEXT_UNSAFE (units, i, unit);
      if (!is_accent (unit))
        fold->units[fold->n_units++] = unit;
    }
}

static void
compute (PostilFold *fold, gunichar c)
{
  fold->code_point = c;
  fold->n_units = 0;
  if (u_isUWhiteSpace (c))
    fold->units[fold->n_units++] = SPACE;
  else if (is_quote (c))
    fold->units[fold->n_units++] = QUOTE;
  else if (u_hasBinaryProperty (c, UCHAR_DASH))
    fold->units[fold->n_units++] = DASH;
  else
    normalize (fold, c);
}

/**
 * postil_folding_get:
 * @code_point: a code point
 *
 * Folds away what does not count when texts are compared loosely: case, accents, compatibility
 * forms such as ligatures and full-width letters (all as by NFKC_Casefold, Unicode 3.13),
 * invisible code points, the kind of quotation marks, dashes and white space.
 *
 * Returns: (transfer none): what it folds to; valid until the next call in this thread
 */
const PostilFold *
postil_folding_get (gunichar code_point)
{
  PostilFold *cache = g_private_get (&cache_private);
  PostilFold *fold;

  if (G_UNLIKELY (cache == NULL))
    {
      cache = g_new (PostilFold, N_CACHED);
      /* No code point is this one, so that every entry is free. */
      memset (cache, 0xff, sizeof (PostilFold) * N_CACHED);
      g_private_set (&cache_private, cache);
    }
  fold = &cache[code_point % N_CACHED];
  if (G_UNLIKELY (fold->code_point != code_point))
    compute (fold, code_point);
  return fold;
}

/* What each code point of ASCII folds to, one of ASCII. */
static const char *
get_ascii (void)
{
  static char ascii[N_ASCII];
  static gsize is_ready;

  if (g_once_init_enter (&is_ready))
    {
      for (guint c = 0; c < N_ASCII; c++)
        {
          const PostilFold *fold = postil_folding_get (c);

          g_assert (fold->n_units == 1 && fold->units[0] < N_ASCII);
          ascii[c] = fold->units[0];
        }
      g_once_init_leave (&is_ready, 1);
    }
  return ascii;
}

/**
 * postil_folding_append:
 * @folded: a string to append to
 * @utf8: a text
 * @n_bytes: its length in bytes
 *
 * Appends @utf8, each code point folded as by postil_folding_get().
 */
void
postil_folding_append (GString *folded, const char *utf8, gsize n_bytes)
{
  const char *ascii = get_ascii (), *end = utf8 + n_bytes;

  g_return_if_fail (folded != NULL);
  g_return_if_fail (utf8 != NULL || n_bytes == 0);

  while (utf8 < end)
    {
      const char *run = utf8;
      const PostilFold *fold;
      char *to;

      while (utf8 < end && (guchar) *utf8 < N_ASCII)
        utf8++;
      g_string_set_size (folded, folded->len + (utf8 - run));
      to = folded->str + folded->len - (utf8 - run);
      while (run < utf8)
        *to++ = ascii[(guchar) *run++];
      if (utf8 == end)
        break;

      fold = postil_folding_get (g_utf8_get_char (utf8));
      for (guint i = 0; i < fold->n_units; i++)
        g_string_append_unichar (folded, fold->units[i]);
      utf8 = g_utf8_next_char (utf8);
    }
}
