/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-search.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

/*
 * The text is folded one code point at a time and the folded units run through the automaton of
 * Knuth, Morris and Pratt ("Fast pattern matching in strings", SIAM J. Comput. 6, 1977): one pass,
 * and memory for the query alone. A place is known for each of the last units, as many as the
 * query has, so that a match knows where it began in the text as it stands.
 */

/* No code point folds to more (U+FDFA does). */
#define MAX_UNITS 18
#define N_CACHED 4096
#define CANCEL_INTERVAL 65536

/* What all white space, quotation marks and dashes fold to. */
#define SPACE ' '
#define QUOTE '\''
#define DASH '-'

typedef struct
{
  gunichar code_point;
  guint8 n_units;
  gunichar units[MAX_UNITS];
} Fold;

typedef struct
{
  const UNormalizer2 *case_folding;
  const UNormalizer2 *decomposition;
  gboolean exact;
  Fold *cache;
} Folder;

/* Where a unit comes from, and whether it is the first one of its code point. */
typedef struct
{
  guint offset;
  gboolean first;
} Place;

static void
folder_init (Folder *self, gboolean exact)
{
  UErrorCode status = U_ZERO_ERROR;

  self->case_folding = unorm2_getNFKCCasefoldInstance (&status);
  self->decomposition = unorm2_getNFDInstance (&status);
  self->exact = exact;
  self->cache = g_new (Fold, N_CACHED);
  g_assert (U_SUCCESS (status));

  /* No code point is this one, so that every entry is free. */
  memset (self->cache, 0xff, sizeof (Fold) * N_CACHED);
}

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
fold_compute (const Folder *self, Fold *fold, gunichar c)
{
  UChar source[2], folded[MAX_UNITS * 2], units[MAX_UNITS * 2];
  UErrorCode status = U_ZERO_ERROR;
  int32_t n_source = 0, n_folded, n_units;

  fold->code_point = c;
  fold->n_units = 0;

  if (self->exact)
    fold->units[fold->n_units++] = c;
  else if (u_isUWhiteSpace (c))
    fold->units[fold->n_units++] = SPACE;
  else if (is_quote (c))
    fold->units[fold->n_units++] = QUOTE;
  else if (u_hasBinaryProperty (c, UCHAR_DASH))
    fold->units[fold->n_units++] = DASH;
  else
    {
      U16_APPEND_UNSAFE (source, n_source, c);
      n_folded = unorm2_normalize (self->case_folding, source, n_source, folded,
                                   G_N_ELEMENTS (folded), &status);
      n_units = unorm2_normalize (self->decomposition, folded, n_folded, units,
                                  G_N_ELEMENTS (units), &status);
      g_assert (U_SUCCESS (status));

      for (int32_t i = 0; i < n_units;)
        {
          gunichar unit;

          U16_NEXT_UNSAFE (units, i, unit);
          if (!is_accent (unit))
            fold->units[fold->n_units++] = unit;
        }
    }
}

static inline const Fold *
folder_fold (const Folder *self, gunichar c)
{
  Fold *fold = &self->cache[c % N_CACHED];

  if (G_UNLIKELY (fold->code_point != c))
    fold_compute (self, fold, c);
  return fold;
}

static inline gboolean
is_space (const Folder *self, const Fold *fold)
{
  return !self->exact && fold->n_units == 1 && fold->units[0] == SPACE;
}

static GArray *
fold_query (const Folder *self, const char *query)
{
  GArray *units = g_array_new (FALSE, FALSE, sizeof (gunichar));
  gboolean after_space = FALSE;

  for (const char *p = query; *p != '\0'; p = g_utf8_next_char (p))
    {
      const Fold *fold = folder_fold (self, g_utf8_get_char (p));
      gboolean space = is_space (self, fold);

      if (fold->n_units == 0 || (space && after_space))
        continue;
      after_space = space;
      g_array_append_vals (units, fold->units, fold->n_units);
    }
  return units;
}

/* How much of the query still stands at its beginning, for each length of it that stood. */
static guint *
new_borders (const gunichar *query, guint n_query)
{
  guint *borders = g_new0 (guint, n_query);
  guint length = 0;

  for (guint i = 1; i < n_query; i++)
    {
      while (length > 0 && query[i] != query[length])
        length = borders[length - 1];
      if (query[i] == query[length])
        length++;
      borders[i] = length;
    }
  return borders;
}

/* A match is taken only when it holds whole graphemes: "f" is not in the ligature of "f" and "i",
 * nor one person in the emoji of a family. Accents after it, which fold to nothing, belong to it;
 * @limit is the next code point that folds to something. */
static gboolean
take_match (PostilText *text, GArray *matches, const Place *from, guint end, guint limit)
{
  PostilSpan span = { from->offset, end };

  if (!from->first)
    return FALSE;
  span = postil_text_snap_to_graphemes (text, span);
  if (span.start != from->offset || span.end > limit)
    return FALSE;

  g_array_append_val (matches, span);
  return TRUE;
}

/* Marks the ASCII characters that a match cannot begin with. */
static void
fill_skippable (const Folder *folder, gunichar first, gboolean *skippable)
{
  for (gunichar c = 0; c < 0x80; c++)
    {
      const Fold *fold = folder_fold (folder, c);

      skippable[c] = fold->n_units == 1 && fold->units[0] != first && !is_space (folder, fold);
    }
}

static void
scan (PostilText *text,
      const Folder *folder,
      const gunichar *query,
      guint n_query,
      GArray *matches,
      GCancellable *cancellable)
{
  g_autofree guint *borders = new_borders (query, n_query);
  g_autofree Place *places = g_new0 (Place, n_query);
  gsize n_bytes, byte = 0;
  const char *utf8 = postil_text_get_utf8 (text, &n_bytes);
  guint offset = 0, next_check = 0, match_end = 0;
  guint oldest = 0, length = 0;
  gboolean after_space = FALSE;
  gboolean skippable[256] = { FALSE };

  fill_skippable (folder, query[0], skippable);

  for (; byte < n_bytes; offset++)
    {
      gunichar c;
      const Fold *fold;
      gboolean space;

      if (offset >= next_check)
        {
          if (g_cancellable_is_cancelled (cancellable))
            return;
          next_check = offset + CANCEL_INTERVAL;
        }

      if (length == 0 && skippable[(guchar) utf8[byte]])
        {
          byte++;
          after_space = FALSE;
          continue;
        }

      U8_NEXT_UNSAFE (utf8, byte, c);
      fold = folder_fold (folder, c);
      space = is_space (folder, fold);
      if (fold->n_units == 0 || (space && after_space))
        continue;
      after_space = space;

      if (length == n_query)
        length =
          take_match (text, matches, &places[oldest], match_end, offset) ? 0 : borders[n_query - 1];

      for (guint i = 0; i < fold->n_units; i++)
        {
          /* The code point goes on after a whole match: that would end inside of it. */
          if (length == n_query)
            length = borders[n_query - 1];

          places[oldest] = (Place){ offset, i == 0 };
          if (++oldest == n_query)
            oldest = 0;

          while (length > 0 && fold->units[i] != query[length])
            length = borders[length - 1];
          if (fold->units[i] == query[length])
            length++;
        }
      match_end = offset + 1;
    }

  if (length == n_query)
    take_match (text, matches, &places[oldest], match_end, offset);
}

/**
 * postil_search_find:
 * @text: where to search
 * @query: what to search for, in UTF-8
 * @exact: whether every code point counts
 * @cancellable: (nullable): ends the search early
 *
 * Finds @query in @text. Unless @exact, these do not count: case, accents, compatibility forms such
 * as ligatures and full-width letters (all as by NFKC_Casefold, Unicode 3.13), invisible code
 * points, the kind of quotation marks, dashes and white space, and how much white space there is;
 * so a quotation is found across a line's end. A match always begins and ends between graphemes.
 *
 * May run in any thread.
 *
 * Returns: (transfer full) (element-type PostilSpan): the matches in order, none overlapping
 *   another, in code points of @text; those found so far when it was cancelled
 */
GArray *
postil_search_find (PostilText *text, const char *query, gboolean exact, GCancellable *cancellable)
{
  GArray *matches;
  g_autoptr (GArray) units = NULL;
  Folder folder;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (query != NULL && g_utf8_validate (query, -1, NULL), NULL);

  matches = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  folder_init (&folder, exact);
  units = fold_query (&folder, query);
  if (units->len > 0)
    scan (text, &folder, (const gunichar *) units->data, units->len, matches, cancellable);

  g_free (folder.cache);
  return matches;
}
