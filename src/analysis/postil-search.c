/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-search.h"

#include <unicode/utf8.h>

#include "postil-folding.h"

/*
 * The text is folded one code point at a time and the folded units run through the automaton of
 * Knuth, Morris and Pratt ("Fast pattern matching in strings", SIAM J. Comput. 6, 1977): one pass,
 * and memory for the query alone. A place is known for each of the last units, as many as the
 * query has, so that a match knows where it began in the text as it stands.
 */

#define CANCEL_INTERVAL 65536

/* Where a unit comes from, in code points and bytes, and whether it is the first one of its code
 * point. */
typedef struct
{
  guint offset;
  gsize byte;
  gboolean first;
} Place;

static inline const PostilFold *
get_fold (gunichar c, gboolean exact, PostilFold *itself)
{
  if (!exact)
    return postil_folding_get (c);
  *itself = (PostilFold){ .code_point = c, .n_units = 1, .units = { c } };
  return itself;
}

static inline gboolean
is_space (const PostilFold *fold, gboolean exact)
{
  return !exact && fold->n_units == 1 && fold->units[0] == ' ';
}

static GArray *
fold_query (const char *query, gboolean exact)
{
  GArray *units = g_array_new (FALSE, FALSE, sizeof (gunichar));
  gboolean after_space = FALSE;

  for (const char *p = query; *p != '\0'; p = g_utf8_next_char (p))
    {
      PostilFold itself;
      const PostilFold *fold = get_fold (g_utf8_get_char (p), exact, &itself);
      gboolean space = is_space (fold, exact);

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

/* Whether graphemes end at @byte for sure: between two ASCII characters, unless those are CRLF. */
static inline gboolean
is_between_ascii (const char *utf8, gsize byte)
{
  return byte > 0 && ((utf8[byte - 1] | utf8[byte]) & 0x80) == 0 &&
         (utf8[byte - 1] != '\r' || utf8[byte] != '\n');
}

/* A match is taken only when it holds whole graphemes: "f" is not in the ligature of "f" and "i",
 * nor one person in the emoji of a family. Accents after it, which fold to nothing, belong to it;
 * @limit is the next code point that folds to something. */
static gboolean
take_match (PostilText *text, GArray *matches, const Place *from, const Place *end, guint limit)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  PostilSpan span = { from->offset, end->offset };

  if (!from->first)
    return FALSE;
  if (!is_between_ascii (utf8, from->byte) || !is_between_ascii (utf8, end->byte))
    span = postil_text_snap_to_graphemes (text, span);
  if (span.start != from->offset || span.end > limit)
    return FALSE;

  g_array_append_val (matches, span);
  return TRUE;
}

/* Marks the ASCII characters that a match cannot begin with. */
static void
fill_skippable (gunichar first, gboolean exact, gboolean *skippable)
{
  for (gunichar c = 0; c < 0x80; c++)
    {
      PostilFold itself;
      const PostilFold *fold = get_fold (c, exact, &itself);

      skippable[c] = fold->n_units == 1 && fold->units[0] != first && !is_space (fold, exact);
    }
}

/* Takes the matches in @within, or @n_matches of them if there are more. */
static void
scan (PostilText *text,
      PostilSpan within,
      gboolean exact,
      const gunichar *query,
      guint n_query,
      GArray *matches,
      guint n_matches,
      GCancellable *cancellable)
{
  g_autofree guint *borders = new_borders (query, n_query);
  g_autofree Place *places = g_new0 (Place, n_query);
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  gsize byte = postil_text_get_byte (text, within.start);
  guint offset = within.start, next_check = offset;
  guint oldest = 0, length = 0;
  Place match_end = { 0 };
  gboolean after_space = FALSE;
  gboolean skippable[256] = { FALSE };

  fill_skippable (query[0], exact, skippable);

  for (; offset < within.end && matches->len < n_matches; offset++)
    {
      gunichar c;
      PostilFold itself;
      const PostilFold *fold;
      gboolean space;
      gsize start = byte;

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
      fold = get_fold (c, exact, &itself);
      space = is_space (fold, exact);
      if (fold->n_units == 0 || (space && after_space))
        continue;
      after_space = space;

      if (length == n_query)
        length = take_match (text, matches, &places[oldest], &match_end, offset)
                   ? 0
                   : borders[n_query - 1];

      for (guint i = 0; i < fold->n_units; i++)
        {
          /* The code point goes on after a whole match: that would end inside of it. */
          if (length == n_query)
            length = borders[n_query - 1];

          places[oldest] = (Place){ offset, start, i == 0 };
          if (++oldest == n_query)
            oldest = 0;

          while (length > 0 && fold->units[i] != query[length])
            length = borders[length - 1];
          if (fold->units[i] == query[length])
            length++;
        }
      match_end = (Place){ offset + 1, byte, TRUE };
    }

  if (length == n_query && matches->len < n_matches)
    take_match (text, matches, &places[oldest], &match_end, offset);
}

static GArray *
find (PostilText *text,
      PostilSpan within,
      const char *query,
      gboolean exact,
      guint n_matches,
      GCancellable *cancellable)
{
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  g_autoptr (GArray) units = fold_query (query, exact);

  if (units->len > 0)
    scan (text, within, exact, (const gunichar *) units->data, units->len, matches, n_matches,
          cancellable);
  return matches;
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
  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (query != NULL && g_utf8_validate (query, -1, NULL), NULL);

  return find (text, (PostilSpan){ 0, postil_text_get_length (text) }, query, exact, G_MAXUINT,
               cancellable);
}

/**
 * postil_search_find_first:
 * @text: where to search
 * @within: the part of @text that is searched, in code points
 * @query: what to search for, in UTF-8
 * @exact: whether every code point counts
 * @cancellable: (nullable): ends the search early
 * @match: (out): where it is found first
 *
 * Finds @query in a part of @text, as postil_search_find() does. Where @query overlaps itself, or
 * begins with white space, that may find another one there. Takes some 10 ms a MB.
 *
 * May run in any thread.
 *
 * Returns: whether it is there; %FALSE also when it was cancelled before it was found
 */
gboolean
postil_search_find_first (PostilText *text,
                          PostilSpan within,
                          const char *query,
                          gboolean exact,
                          GCancellable *cancellable,
                          PostilSpan *match)
{
  g_autoptr (GArray) matches = NULL;

  g_return_val_if_fail (text != NULL && match != NULL, FALSE);
  g_return_val_if_fail (within.start <= within.end && within.end <= postil_text_get_length (text),
                        FALSE);
  g_return_val_if_fail (query != NULL && g_utf8_validate (query, -1, NULL), FALSE);

  matches = find (text, within, query, exact, 1, cancellable);
  if (matches->len == 0)
    return FALSE;
  *match = g_array_index (matches, PostilSpan, 0);
  return TRUE;
}
