/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-word-diff.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "postil-difference.h"
#include "postil-folding.h"

/*
 * Which words of two texts differ: what postil_difference_find() leaves over is what was added and
 * removed, and of that the same words in a row on both sides, longest first, are what was moved.
 * Texts are always compared in the same order, so that the result is the same from either side.
 */

/* What moved are at least so many words, and so many bytes: "of the" is everywhere. */
#define MIN_MOVED 2
#define MIN_MOVED_BYTES 10

/* So many places of the same two words are looked at. */
#define MAX_PLACES 32

typedef struct
{
  guint32 id;
  guint32 n_bytes;
  gboolean has_letter;
  PostilSpan span;
} Word;

typedef struct
{
  GArray *words;
  /* For each word, whether the other text lacks it, and the other's word that it is when it moved,
   * counted from 1. */
  guint8 *changed;
  guint *moved;
} Side;

/* The same words in a row, that moved. */
typedef struct
{
  guint a;
  guint b;
  guint n;
} Row;

static const Word *
get_word (const Side *side, guint i)
{
  return &g_array_index (side->words, Word, i);
}

static UBreakIterator *
open_words (UText *storage, const char *utf8, gsize n_bytes)
{
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *breaks;

  utext_openUTF8 (storage, utf8, n_bytes, &status);
  breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);
  ubrk_setUText (breaks, storage, &status);
  /* Only a missing ICU data file or memory gets here. */
  if (U_FAILURE (status))
    g_error ("ICU cannot break text: %s", u_errorName (status));

  return breaks;
}

/* Other than g_utf8_strlen() does, beyond NULs. */
static guint
count_points (const char *utf8, guint n_bytes)
{
  guint n = 0;

  for (guint i = 0; i < n_bytes; i++)
    n += (utf8[i] & 0xc0) != 0x80;
  return n;
}

/* The words of a text and the signs between them; unless @exact without what does not count. */
static GArray *
list_words (GHashTable *ids, const char *utf8, gsize n_bytes, gboolean exact)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_autoptr (GString) folded = g_string_new (NULL);
  UText storage = UTEXT_INITIALIZER;
  UBreakIterator *breaks = open_words (&storage, utf8, n_bytes);
  int start = ubrk_first (breaks), end;
  guint offset = 0;

  for (; (end = ubrk_next (breaks)) != UBRK_DONE; start = end)
    {
      Word word = { .n_bytes = end - start,
                    .has_letter = ubrk_getRuleStatus (breaks) != UBRK_WORD_NONE,
                    .span = { offset, offset + count_points (utf8 + start, end - start) } };
      gpointer id;

      offset = word.span.end;
      g_string_truncate (folded, 0);
      if (exact)
        g_string_append_len (folded, utf8 + start, end - start);
      else
        postil_folding_append (folded, utf8 + start, end - start);
      if (!exact && folded->str[strspn (folded->str, POSTIL_WORD_DIFF_IGNORED)] == '\0')
        continue;
      if (!g_hash_table_lookup_extended (ids, folded->str, NULL, &id))
        {
          id = GUINT_TO_POINTER (g_hash_table_size (ids));
          g_hash_table_insert (ids, g_strdup (folded->str), id);
        }
      word.id = GPOINTER_TO_UINT (id);
      g_array_append_val (words, word);
    }
  ubrk_close (breaks);
  utext_close (&storage);

  return words;
}

static void
side_init (Side *side, GHashTable *ids, const char *utf8, gsize n_bytes, gboolean exact)
{
  side->words = list_words (ids, utf8, n_bytes, exact);
  side->changed = g_new0 (guint8, side->words->len + 1);
  side->moved = g_new0 (guint, side->words->len + 1);
}

static void
side_clear (Side *side)
{
  g_array_unref (side->words);
  g_free (side->changed);
  g_free (side->moved);
}

static guint32 *
list_ids (const Side *side)
{
  guint32 *ids = g_new (guint32, side->words->len + 1);

  for (guint i = 0; i < side->words->len; i++)
    ids[i] = get_word (side, i)->id;
  return ids;
}

static gboolean
is_free (const Side *side, guint i)
{
  return i < side->words->len && side->changed[i] && side->moved[i] == 0;
}

static gboolean
may_move (const Side *a, guint i, const Side *b, guint j)
{
  return is_free (a, i) && is_free (b, j) && get_word (a, i)->id == get_word (b, j)->id;
}

static int
compare_rows (gconstpointer x, gconstpointer y)
{
  const Row *a = x, *b = y;

  if (a->n != b->n)
    return a->n > b->n ? -1 : 1;
  if (a->a != b->a)
    return a->a < b->a ? -1 : 1;
  return a->b < b->b ? -1 : a->b > b->b;
}

static gint64
get_two (const Side *side, guint i)
{
  return (gint64) get_word (side, i)->id << 32 | get_word (side, i + 1)->id;
}

/* All rows that cannot be longer, the longest first. */
static GArray *
list_rows (const Side *a, const Side *b)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  /* For each word of the second text the next place with the same two words, counted from 1. */
  g_autofree guint *next = g_new0 (guint, b->words->len + 1);

  for (guint j = b->words->len; j > 0; j--)
    if (is_free (b, j - 1) && is_free (b, j))
      {
        gint64 two = get_two (b, j - 1);

        next[j - 1] = GPOINTER_TO_UINT (g_hash_table_lookup (places, &two));
        g_hash_table_insert (places, g_memdup2 (&two, sizeof two), GUINT_TO_POINTER (j));
      }
  for (guint i = 0; i < a->words->len; i++)
    {
      gint64 two;
      guint place;

      if (!is_free (a, i) || !is_free (a, i + 1))
        continue;
      two = get_two (a, i);
      place = GPOINTER_TO_UINT (g_hash_table_lookup (places, &two));
      for (guint tried = 0; place != 0 && tried < MAX_PLACES; place = next[place - 1], tried++)
        {
          Row row = { i, place - 1, 2 };

          if (i > 0 && place > 1 && may_move (a, i - 1, b, place - 2))
            continue;
          while (may_move (a, i + row.n, b, row.b + row.n))
            row.n++;
          g_array_append_val (rows, row);
        }
    }
  g_array_sort (rows, compare_rows);
  return rows;
}

static gboolean
is_enough (const Side *side, guint first, guint n)
{
  guint n_words = 0, n_bytes = 0;

  for (guint i = first; i < first + n; i++)
    {
      n_words += get_word (side, i)->has_letter;
      n_bytes += get_word (side, i)->n_bytes;
    }
  return n_words >= MIN_MOVED && n_bytes >= MIN_MOVED_BYTES;
}

/* Finds what moved; each word only once. */
static void
find_moved (Side *a, Side *b)
{
  g_autoptr (GArray) rows = list_rows (a, b);

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      /* Longer rows may have taken a part of it. */
      for (guint start = 0, end; start < row->n; start = end + 1)
        {
          for (end = start; end < row->n && is_free (a, row->a + end) && is_free (b, row->b + end);)
            end++;
          if (end == start || !is_enough (a, row->a + start, end - start))
            continue;
          for (guint k = start; k < end; k++)
            {
              a->moved[row->a + k] = row->b + k + 1;
              b->moved[row->b + k] = row->a + k + 1;
            }
        }
    }
}

/* From the start of word @first to the end of the one before @end; empty where there is none. */
static PostilSpan
get_span (const Side *side, guint first, guint end)
{
  if (first < end)
    return (PostilSpan){ get_word (side, first)->span.start, get_word (side, end - 1)->span.end };
  if (first > 0)
    return (PostilSpan){ get_word (side, first - 1)->span.end,
                         get_word (side, first - 1)->span.end };
  return (PostilSpan){ 0, 0 };
}

static void
add_run (GArray *runs, PostilWordRunKind kind, PostilSpan a, PostilSpan b)
{
  PostilWordRun run = { kind, a, b };

  g_array_append_val (runs, run);
}

/* The words of the first text that the second lacks at this place. */
static void
add_removed (GArray *runs, const Side *a, guint first, guint end, const Side *b, guint at)
{
  for (guint next; first < end; first = next)
    {
      guint to = a->moved[first];

      for (next = first + 1; next < end && a->moved[next] == (to ? to + (next - first) : 0);)
        next++;
      if (to != 0)
        add_run (runs, POSTIL_WORD_RUN_MOVED, get_span (a, first, next),
                 get_span (b, to - 1, to - 1 + next - first));
      else
        add_run (runs, POSTIL_WORD_RUN_REMOVED, get_span (a, first, next), get_span (b, at, at));
    }
}

/* Those of the second text that the first lacks; what moved is named where the first has it. */
static void
add_added (GArray *runs, const Side *b, guint first, guint end, const Side *a, guint at)
{
  for (guint next; first < end; first = next)
    {
      for (next = first; next < end && b->moved[next] == 0;)
        next++;
      if (next > first)
        add_run (runs, POSTIL_WORD_RUN_ADDED, get_span (a, at, at), get_span (b, first, next));
      while (next < end && b->moved[next] != 0)
        next++;
    }
}

static GArray *
list_runs (const Side *a, const Side *b)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (PostilWordRun));
  guint n_a = a->words->len, n_b = b->words->len, i = 0, j = 0;

  while (i < n_a || j < n_b)
    {
      guint first_i = i, first_j = j;

      for (; i < n_a && j < n_b && !a->changed[i] && !b->changed[j]; i++)
        j++;
      if (i > first_i)
        add_run (runs, POSTIL_WORD_RUN_SAME, get_span (a, first_i, i), get_span (b, first_j, j));
      for (first_i = i; i < n_a && a->changed[i];)
        i++;
      add_removed (runs, a, first_i, i, b, j);
      for (first_j = j; j < n_b && b->changed[j];)
        j++;
      add_added (runs, b, first_j, j, a, i);
    }

  return runs;
}

static int
compare_in_a (gconstpointer x, gconstpointer y)
{
  const PostilWordRun *a = x, *b = y;

  return a->a.start < b->a.start ? -1 : a->a.start > b->a.start;
}

static int
compare_in_b (gconstpointer x, gconstpointer y)
{
  const PostilWordRun *a = x, *b = y;

  return a->b.start < b->b.start ? -1 : a->b.start > b->b.start;
}

/**
 * postil_word_diff:
 * @a: a text in UTF-8
 * @n_a: its length in bytes, less than 2 GiB
 * @b: another one
 * @n_b: its length in bytes, less than 2 GiB
 * @exact: whether case, accents, quotes, dashes and spacing count
 *
 * Compares two texts word by word. Words are what Unicode says they are (UAX #29). Unless @exact,
 * they are equal when they fold to the same, see postil_folding_append(), and white space, quotes
 * and dashes between words do not count. The other way round it gives the same runs.
 *
 * Returns: (transfer full) (element-type PostilWordRun): all words of both texts, in order; of what
 * was replaced, the removed words come first, and what moved stands where the first text has it
 */
GArray *
postil_word_diff (const char *a, gsize n_a, const char *b, gsize n_b, gboolean exact)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree guint32 *ids_a = NULL, *ids_b = NULL;
  Side first = { 0 }, second = { 0 };
  gboolean swapped;
  int order;
  GArray *runs;

  g_return_val_if_fail ((a != NULL || n_a == 0) && (b != NULL || n_b == 0), NULL);
  g_return_val_if_fail (n_a < G_MAXINT && n_b < G_MAXINT, NULL);

  a = a != NULL ? a : "";
  b = b != NULL ? b : "";
  order = memcmp (a, b, MIN (n_a, n_b));
  swapped = order > 0 || (order == 0 && n_a > n_b);
  side_init (&first, ids, swapped ? b : a, swapped ? n_b : n_a, exact);
  side_init (&second, ids, swapped ? a : b, swapped ? n_a : n_b, exact);
  ids_a = list_ids (&first);
  ids_b = list_ids (&second);
  postil_difference_find (ids_a, first.words->len, ids_b, second.words->len, first.changed,
                          second.changed);
  find_moved (&first, &second);
  runs = swapped ? list_runs (&second, &first) : list_runs (&first, &second);

  side_clear (&first);
  side_clear (&second);

  return runs;
}

/**
 * postil_word_diff_list_side:
 * @runs: (element-type PostilWordRun): what two texts differ in
 * @of_b: whether to show the second text
 *
 * Returns: (transfer full) (element-type PostilWordRun): the runs that this text has words in, by
 * their place in it
 */
GArray *
postil_word_diff_list_side (GArray *runs, gboolean of_b)
{
  GArray *side = g_array_new (FALSE, FALSE, sizeof (PostilWordRun));

  g_return_val_if_fail (runs != NULL, side);

  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);

      if (postil_span_length (of_b ? run->b : run->a) > 0)
        g_array_append_vals (side, run, 1);
    }
  g_array_sort (side, of_b ? compare_in_b : compare_in_a);
  return side;
}
