/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-word-aligner.h"

#include "postil-word-chain.h"

/*
 * Which words became which, where a few words at the end of a passage changed. Alignment by letters
 * would as well turn "Foreign Ministry" into "Ministry office", letter by letter, as leave out one
 * word and put in the other.
 */

#define MAX_WORDS 16
#define MAX_LETTERS 32

/* What it costs to leave out a word or to put one in, and to replace one by another, which is
 * likelier than both. */
#define GAP 0.75
#define REPLACEMENT 1.4

/* Words that are alike by half are the same word, misspelt. */
#define LIKE 0.5

typedef struct
{
  guint start;
  guint end;
} Word;

static guint
list_words (const PostilFoldedText *text, guint start, guint end, Word *words)
{
  guint n = 0;

  for (guint i = start; i < end; i++)
    {
      if (text->units[i] == ' ')
        continue;
      if (n == 0 || postil_word_chain_is_start (text, i))
        {
          if (n == MAX_WORDS)
            return MAX_WORDS + 1;
          words[n++].start = i;
        }
      words[n - 1].end = i + 1;
    }
  return n;
}

/* What it costs to turn a word into another. */
static double
compare_words (const PostilFoldedText *old, Word a, const PostilFoldedText *new, Word b)
{
  guint n_a = MIN (a.end - a.start, MAX_LETTERS), n_b = MIN (b.end - b.start, MAX_LETTERS);
  guint row[MAX_LETTERS + 1];
  double unlike;

  for (guint j = 0; j <= n_b; j++)
    row[j] = j;
  for (guint i = 1; i <= n_a; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j <= n_b; j++)
        {
          guint above = row[j];
          gboolean same = old->units[a.start + i - 1] == new->units[b.start + j - 1];

          row[j] = MIN (MIN (above, row[j - 1]) + 1, diagonal + !same);
          diagonal = above;
        }
    }
  unlike = (double) row[n_b] / MAX (MAX (n_a, n_b), 1);
  return unlike <= LIKE ? unlike : REPLACEMENT;
}

/* Aligns words at the least cost; @partners are counted from 1, 0 for what was left out. */
static void
align (const PostilFoldedText *old,
       const Word *olds,
       guint n_old,
       const PostilFoldedText *new,
       const Word *news,
       guint n_new,
       guint *partners)
{
  double costs[MAX_WORDS + 1][MAX_WORDS + 1], turns[MAX_WORDS + 1][MAX_WORDS + 1];

  for (guint i = 0; i <= n_old; i++)
    for (guint j = 0; j <= n_new; j++)
      {
        if (i == 0 || j == 0)
          {
            costs[i][j] = (i + j) * GAP;
            continue;
          }
        turns[i][j] = compare_words (old, olds[i - 1], new, news[j - 1]);
        costs[i][j] =
          MIN (costs[i - 1][j - 1] + turns[i][j], MIN (costs[i - 1][j], costs[i][j - 1]) + GAP);
      }
  for (guint i = n_old, j = n_new; i > 0;)
    {
      if (j > 0 && costs[i][j] >= costs[i - 1][j - 1] + turns[i][j])
        partners[--i] = j--;
      else if (j > 0 && costs[i][j] >= costs[i][j - 1] + GAP)
        j--;
      else
        partners[--i] = 0;
    }
}

/**
 * postil_word_aligner_find_end:
 * @old: a text
 * @old_start: from where on it changed
 * @old_end: up to where
 * @old_at: an end of a passage between them, where no word is cut
 * @new: what became of it
 * @new_start: what @old_start is in it
 * @new_end: what @old_end is in it
 * @is_start: whether the passage starts at @old_at
 * @new_at: (out): where that end is now; words that were put in just there are outside
 *
 * Returns: whether the words were few enough to tell
 */
gboolean
postil_word_aligner_find_end (const PostilFoldedText *old,
                              guint old_start,
                              guint old_end,
                              guint old_at,
                              const PostilFoldedText *new,
                              guint new_start,
                              guint new_end,
                              gboolean is_start,
                              guint *new_at)
{
  Word olds[MAX_WORDS] = { 0 }, news[MAX_WORDS] = { 0 };
  guint partners[MAX_WORDS] = { 0 };
  guint n_old = list_words (old, old_start, old_end, olds);
  guint n_new = list_words (new, new_start, new_end, news);

  if (n_old > MAX_WORDS || n_new > MAX_WORDS)
    return FALSE;
  align (old, olds, n_old, new, news, n_new, partners);

  *new_at = is_start ? new_end : new_start;
  for (guint i = n_old; is_start && i > 0 && olds[i - 1].start >= old_at; i--)
    if (partners[i - 1] > 0)
      *new_at = news[partners[i - 1] - 1].start;
  for (guint i = 0; !is_start && i < n_old && olds[i].end <= old_at; i++)
    if (partners[i] > 0)
      *new_at = news[partners[i] - 1].end;
  return TRUE;
}
