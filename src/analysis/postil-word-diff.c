/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-word-diff.h"

#include <math.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "postil-folding.h"

/*
 * Which words of two texts differ: the middle-snake algorithm of E. W. Myers ("An O(ND) Difference
 * Algorithm and Its Variations", Algorithmica 1, 1986), in linear space, over words folded as
 * everywhere in Postil. Texts that have little in common are cut at the furthest point found after
 * some effort, so that time stays near linear; the result is then right, but not the shortest.
 */

/* Least number of differences that are looked through before a cut is made. */
#define MIN_EFFORT 256

typedef struct
{
  guint32 id;
  PostilSpan span;
} Word;

typedef struct
{
  GArray *words;
  /* For each word, whether the other text lacks it. */
  guint8 *changed;
} Side;

typedef struct
{
  Side a;
  Side b;
  int effort;
  /* How far the paths of each diagonal lead, forward from the start and backward from the end. */
  int *forward;
  int *backward;
} Diff;

/* A stretch of both texts, by word. */
typedef struct
{
  int a_start;
  int a_end;
  int b_start;
  int b_end;
} Box;

static guint32
get_word (Side *side, int position)
{
  return g_array_index (side->words, Word, position).id;
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

/* The words of a text and the signs between them, without white space. */
static GArray *
list_words (GHashTable *ids, const char *utf8, gsize n_bytes)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_autoptr (GString) folded = g_string_new (NULL);
  UText storage = UTEXT_INITIALIZER;
  UBreakIterator *breaks = open_words (&storage, utf8, n_bytes);
  int start = ubrk_first (breaks), end;
  guint offset = 0;

  for (; (end = ubrk_next (breaks)) != UBRK_DONE; start = end)
    {
      Word word = { .span = { offset, offset + g_utf8_strlen (utf8 + start, end - start) } };
      gpointer id;

      offset = word.span.end;
      g_string_truncate (folded, 0);
      postil_folding_append (folded, utf8 + start, end - start);
      if (folded->str[strspn (folded->str, " ")] == '\0')
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

/* Where the paths are to be cut that led furthest, after too much effort. */
static void
cut (Diff *self, const Box *box, const int *range, int *a, int *b)
{
  int best_forward = -1, best_backward = G_MAXINT, x, y;
  int forward_a = 0, backward_a = 0;

  for (int d = range[1]; d >= range[0]; d -= 2)
    {
      x = MIN (self->forward[d], box->a_end);
      y = x - d;
      if (y > box->b_end)
        {
          y = box->b_end;
          x = y + d;
        }
      if (x + y > best_forward)
        {
          best_forward = x + y;
          forward_a = x;
        }
    }
  for (int d = range[3]; d >= range[2]; d -= 2)
    {
      x = MAX (self->backward[d], box->a_start);
      y = x - d;
      if (y < box->b_start)
        {
          y = box->b_start;
          x = y + d;
        }
      if (x + y < best_backward)
        {
          best_backward = x + y;
          backward_a = x;
        }
    }

  if (best_forward - box->a_start - box->b_start > box->a_end + box->b_end - best_backward)
    {
      *a = forward_a;
      *b = best_forward - forward_a;
    }
  else
    {
      *a = backward_a;
      *b = best_backward - backward_a;
    }
}

/* Widens a range of diagonals by one on both sides, but not beyond those that cross the box. */
static void
widen (int *paths, int *range, int lowest, int highest, int nowhere)
{
  if (range[0] > lowest)
    paths[--range[0] - 1] = nowhere;
  else
    range[0]++;
  if (range[1] < highest)
    paths[++range[1] + 1] = nowhere;
  else
    range[1]--;
}

/* A point on a shortest path through @box, where paths from both ends meet. */
static void
find_middle (Diff *self, const Box *box, int *a, int *b)
{
  int lowest = box->a_start - box->b_end, highest = box->a_end - box->b_start;
  int first = box->a_start - box->b_start, last = box->a_end - box->b_end;
  int range[] = { first, first, last, last };
  gboolean is_odd = ((first - last) & 1) != 0;

  self->forward[first] = box->a_start;
  self->backward[last] = box->a_end;
  for (int effort = 1;; effort++)
    {
      widen (self->forward, range, lowest, highest, -1);
      for (int d = range[1]; d >= range[0]; d -= 2)
        {
          int x = MAX (self->forward[d - 1] + 1, self->forward[d + 1]);

          for (; x < box->a_end && x - d < box->b_end &&
                 get_word (&self->a, x) == get_word (&self->b, x - d);
               x++)
            ;
          self->forward[d] = x;
          if (is_odd && range[2] <= d && d <= range[3] && self->backward[d] <= x)
            {
              *a = x;
              *b = x - d;
              return;
            }
        }

      widen (self->backward, range + 2, lowest, highest, G_MAXINT);
      for (int d = range[3]; d >= range[2]; d -= 2)
        {
          int x = MIN (self->backward[d - 1], self->backward[d + 1] - 1);

          for (; x > box->a_start && x - d > box->b_start &&
                 get_word (&self->a, x - 1) == get_word (&self->b, x - d - 1);
               x--)
            ;
          self->backward[d] = x;
          if (!is_odd && range[0] <= d && d <= range[1] && x <= self->forward[d])
            {
              *a = x;
              *b = x - d;
              return;
            }
        }

      if (effort >= self->effort)
        {
          cut (self, box, range, a, b);
          return;
        }
    }
}

static void
compare (Diff *self, Box box)
{
  int a, b;

  for (;;)
    {
      for (; box.a_start < box.a_end && box.b_start < box.b_end &&
             get_word (&self->a, box.a_start) == get_word (&self->b, box.b_start);
           box.a_start++)
        box.b_start++;
      for (; box.a_start < box.a_end && box.b_start < box.b_end &&
             get_word (&self->a, box.a_end - 1) == get_word (&self->b, box.b_end - 1);
           box.a_end--)
        box.b_end--;
      if (box.a_start == box.a_end || box.b_start == box.b_end)
        break;

      find_middle (self, &box, &a, &b);
      compare (self, (Box){ box.a_start, a, box.b_start, b });
      box.a_start = a;
      box.b_start = b;
    }
  memset (self->a.changed + box.a_start, TRUE, box.a_end - box.a_start);
  memset (self->b.changed + box.b_start, TRUE, box.b_end - box.b_start);
}

/* From the start of word @first to the end of the one before @end; empty where there is none. */
static PostilSpan
get_span (const Side *side, guint first, guint end)
{
  const Word *words = (const Word *) side->words->data;

  if (first < end)
    return (PostilSpan){ words[first].span.start, words[end - 1].span.end };
  if (first > 0)
    return (PostilSpan){ words[first - 1].span.end, words[first - 1].span.end };
  return (PostilSpan){ 0, 0 };
}

static void
add_run (GArray *runs,
         const Diff *self,
         PostilWordRunKind kind,
         guint a,
         guint a_end,
         guint b,
         guint b_end)
{
  PostilWordRun run = { kind, get_span (&self->a, a, a_end), get_span (&self->b, b, b_end) };

  if (a < a_end || b < b_end)
    g_array_append_val (runs, run);
}

static GArray *
list_runs (const Diff *self)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (PostilWordRun));
  guint n_a = self->a.words->len, n_b = self->b.words->len, a = 0, b = 0;

  while (a < n_a || b < n_b)
    {
      guint first_a = a, first_b = b;

      for (; a < n_a && b < n_b && !self->a.changed[a] && !self->b.changed[b]; a++)
        b++;
      add_run (runs, self, POSTIL_WORD_RUN_SAME, first_a, a, first_b, b);
      for (first_a = a; a < n_a && self->a.changed[a]; a++)
        ;
      add_run (runs, self, POSTIL_WORD_RUN_REMOVED, first_a, a, b, b);
      for (first_b = b; b < n_b && self->b.changed[b]; b++)
        ;
      add_run (runs, self, POSTIL_WORD_RUN_ADDED, a, a, first_b, b);
    }

  return runs;
}

/**
 * postil_word_diff:
 * @a: a text in UTF-8
 * @n_a: its length in bytes, less than 2 GiB
 * @b: another one
 * @n_b: its length in bytes, less than 2 GiB
 *
 * Compares two texts word by word. Words are what Unicode says they are (UAX #29), and equal when
 * they fold to the same, see postil_folding_append(); white space does not count.
 *
 * Returns: (transfer full) (element-type PostilWordRun): all words of both texts in order; of what
 * was replaced, the removed words come first
 */
GArray *
postil_word_diff (const char *a, gsize n_a, const char *b, gsize n_b)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree int *forward = NULL, *backward = NULL;
  Diff diff = { 0 };
  GArray *runs;
  gsize n;

  g_return_val_if_fail ((a != NULL || n_a == 0) && (b != NULL || n_b == 0), NULL);
  g_return_val_if_fail (n_a < G_MAXINT && n_b < G_MAXINT, NULL);

  diff.a.words = list_words (ids, a ? a : "", n_a);
  diff.b.words = list_words (ids, b ? b : "", n_b);
  n = (gsize) diff.a.words->len + diff.b.words->len;
  diff.a.changed = g_new0 (guint8, diff.a.words->len + 1);
  diff.b.changed = g_new0 (guint8, diff.b.words->len + 1);
  /* One more diagonal on each side than cross the texts, and the middle one. */
  forward = g_new (int, n + 3);
  backward = g_new (int, n + 3);
  diff.forward = forward + diff.b.words->len + 1;
  diff.backward = backward + diff.b.words->len + 1;
  diff.effort = MAX (MIN_EFFORT, (int) sqrt (n));
  compare (&diff, (Box){ 0, diff.a.words->len, 0, diff.b.words->len });
  runs = list_runs (&diff);

  g_array_unref (diff.a.words);
  g_array_unref (diff.b.words);
  g_free (diff.a.changed);
  g_free (diff.b.changed);

  return runs;
}
