/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-word-chain.h"

#include <string.h>

/*
 * Which words of a short stretch of text stayed, in order, however often each of them is in it:
 * where all paragraphs are alike, nothing else tells which is which. E. Myers, "An O(ND) difference
 * algorithm and its variations", Algorithmica 1(2), 1986.
 */

/* More words than these came or went: the stretches have little in common. */
#define MAX_DIFFERENCES 400

/* Fewer units in a row may be the same by chance. */
#define MIN_RUN 10

typedef struct
{
  guint32 start;
  guint32 length;
  guint32 hash;
} Word;

/**
 * postil_word_chain_is_start:
 * @text: a folded text
 * @unit: one of its units
 *
 * Returns: whether a word starts with @unit: anything between blanks, or an ideograph
 */
gboolean
postil_word_chain_is_start (const PostilFoldedText *text, guint unit)
{
  const gunichar *here = text->units + unit;

  return *here != ' ' && (unit == 0 || here[-1] == ' ' || *here >= 0x2e80 || here[-1] >= 0x2e80);
}

static GArray *
list_words (const PostilFoldedText *text, guint start, guint end)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));
  Word *word = NULL;

  for (guint i = start; i < end; i++)
    {
      if (text->units[i] == ' ')
        continue;
      if (word == NULL || postil_word_chain_is_start (text, i))
        {
          Word next = { .start = i };

          g_array_append_val (words, next);
          word = &g_array_index (words, Word, words->len - 1);
        }
      word->length = i + 1 - word->start;
      word->hash = (word->hash ^ text->units[i]) * 0x9e3779b1u;
    }
  return words;
}

/* Adds the words that are the same from @old and @new on, @n of them, as far as what is between
 * them is the same too. */
static void
add_run (const PostilFoldedText *old_text,
         const PostilFoldedText *new_text,
         const Word *old,
         const Word *new,
         guint n,
         GArray *blocks)
{
  for (guint first = 0, last; first < n; first = last)
    {
      PostilTextBlock block = { old[first].start, new[first].start, 0 };

      for (last = first; last < n && old[last].start - block.old == new[last].start - block.new;
           last++)
        block.length = old[last].start + old[last].length - block.old;
      if (block.length >= MIN_RUN &&
          memcmp (old_text->units + block.old, new_text->units + block.new,
                  block.length * sizeof (gunichar)) == 0)
        g_array_append_val (blocks, block);
    }
}

/* The furthest word of the old text that each diagonal reaches, from -d to d, for a number of
 * differences d. */
typedef struct
{
  int *furthest;
} Front;

static void
front_clear (gpointer data)
{
  g_free (((Front *) data)->furthest);
}

/* Where diagonal @k begins with one difference more than @front, which has @d of them. */
static int
step (const int *furthest, int d, int k)
{
  int left = k - 1 >= -d ? furthest[k - 1 + d] + 1 : -1;
  int down = k + 1 <= d ? furthest[k + 1 + d] : -1;

  return MAX (left, down);
}

static int
slide (const GArray *old, const GArray *new, int x, int k)
{
  while (x < (int) old->len && x - k < (int) new->len &&g_array_index (old, Word, x).hash ==
                                 g_array_index (new, Word, x - k).hash)
    x++;
  return x;
}

/* Finds the furthest points until both texts end or too much differs. Returns the diagonal of the
 * one that is furthest. */
static int
walk_fronts (const GArray *old, const GArray *new, GArray *fronts)
{
  int n_old = old->len, n_new = new->len, best = 0;

  for (int d = 0; d <= MAX_DIFFERENCES; d++)
    {
      Front front = { g_new (int, 2 * d + 1) };
      const int *last = d > 0 ? g_array_index (fronts, Front, d - 1).furthest : NULL;

      best = -d;
      for (int k = -d; k <= d; k += 1)
        {
          int x;

          /* Only every other diagonal can be reached. */
          front.furthest[k + d] = G_MININT / 2;
          if ((k + d) % 2 != 0)
            continue;
          x = d > 0 ? step (last, d - 1, k) : 0;
          if (x < 0 || x > n_old || x - k > n_new)
            continue;
          front.furthest[k + d] = slide (old, new, x, k);
          if (front.furthest[best + d] < 0 ||
              2 * front.furthest[k + d] - k > 2 * front.furthest[best + d] - best)
            best = k;
        }
      g_array_append_val (fronts, front);
      if (front.furthest[best + d] == n_old && n_old - best == n_new)
        break;
    }
  return best;
}

/**
 * postil_word_chain_find:
 * @old: a text
 * @old_start: where to start in it
 * @old_end: where to end, at most %POSTIL_WORD_CHAIN_MAX_UNITS later
 * @new: another text
 * @new_start: where to start in it
 * @new_end: where to end, likewise
 * @blocks: (element-type PostilTextBlock): where to add what is in both, ascending
 */
void
postil_word_chain_find (const PostilFoldedText *old,
                        guint old_start,
                        guint old_end,
                        const PostilFoldedText *new,
                        guint new_start,
                        guint new_end,
                        GArray *blocks)
{
  g_autoptr (GArray) olds = list_words (old, old_start, old_end);
  g_autoptr (GArray) news = list_words (new, new_start, new_end);
  g_autoptr (GArray) fronts = g_array_new (FALSE, FALSE, sizeof (Front));
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (PostilTextBlock));
  int k, d, end;

  g_array_set_clear_func (fronts, front_clear);
  k = walk_fronts (olds, news, fronts);
  d = fronts->len - 1;
  end = g_array_index (fronts, Front, d).furthest[k + d];
  while (end >= 0)
    {
      const int *last = d > 0 ? g_array_index (fronts, Front, d - 1).furthest : NULL;
      int start = d > 0 ? step (last, d - 1, k) : 0;
      PostilTextBlock run = { start, start - k, end - start };

      if (run.length > 0)
        g_array_append_val (runs, run);
      if (d == 0)
        break;
      d--;
      if (k - 1 >= -d && last[k - 1 + d] + 1 == start)
        {
          k--;
          end = start - 1;
        }
      else
        {
          k++;
          end = start;
        }
    }
  for (guint i = runs->len; i > 0; i--)
    {
      const PostilTextBlock *run = &g_array_index (runs, PostilTextBlock, i - 1);

      add_run (old, new, &g_array_index (olds, Word, run->old),
               &g_array_index (news, Word, run->new), run->length, blocks);
    }
}
