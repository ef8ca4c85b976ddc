/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-passage-finder.h"

#include <string.h>

#include "postil-approximate.h"
#include "postil-word-aligner.h"
#include "postil-word-chain.h"

/*
 * PostilPassageFinder: places that may be those of a passage, and how like it they are. It belongs
 * to one search, and to one thread.
 *
 * A passage is aligned together with what is known round it, in a window of the new text. Where the
 * window is, the map of unchanged blocks says: a block that reaches into the passage says it to the
 * unit, else the nearest blocks before and after say where it should be. Of a long passage the two
 * ends are aligned, each for itself, and the blocks tell how much of it is between them.
 *
 * The score is the mean of how like the passage, what is before it and what is after it are, each
 * weighed by its length: a word is known by its surroundings, a paragraph by itself.
 */

/* What is aligned of either end of a passage that is too long to be aligned as a whole. */
#define PART 120

/* A window reaches so many units further than it is expected to, and an eighth of the distance to
 * what it is expected by, for what may have come or gone between them. */
#define MARGIN 40
#define MAX_DRIFT 1000

/* How far from a passage, in units, what was moved may take it along. */
#define VICINITY 240

/* What the score of a place elsewhere is multiplied with for each side that it does without, and
 * how much more when that is like it nevertheless. It may do without both when the passage is so
 * long. */
#define EDGE 0.93
#define EDGE_REST 0.03
#define MIN_ALONE 16

/* What was moved says what its new place is when it is so long. */
#define MIN_ARRIVED 48

/* A block says where a passage is when it has so many units more. */
#define MIN_ROUND 16

/* So long is a passage at least that something longer may have been put into. */
#define MIN_SPLIT 12

/* How far from a passage, in units, something that came or went may have been it. */
#define NEIGHBOURHOOD 400

/* A passage counts so many units more than it has. */
#define QUOTE_BONUS 4

#define MAX_WORD 64

struct _PostilPassageFinder
{
  const PostilFoldedText *old;
  const PostilFoldedText *new;
  const PostilTextBlock *chain;
  guint n_chain;
  const PostilTextBlock *moved;
  guint n_moved;
  /* What was moved, by where it is now. */
  GArray *arrived;
  /* How many units of the old text are known to be in order. */
  guint n_ordered;
  /* Whether the old text is known up to its end. */
  gboolean whole;
  PostilApproximate *approximate;
};

/* Where a unit of the old text should be in the new one, and how sure that is. */
typedef struct
{
  guint at;
  guint low;
  guint high;
} Expectation;

/* A part of the old text as it was aligned with the new one. */
typedef struct
{
  guint from;
  guint to;
  guint base;
} Part;

/* The unit of the new text so many code points after another one, or before it. */
static guint
move_offset (const PostilFoldedText *text, guint unit, gint64 distance)
{
  gint64 offset = (gint64) text->offsets[unit] + distance;

  return postil_folded_text_find (text, 0, text->n_units,
                                  CLAMP (offset, 0, (gint64) text->offsets[text->n_units]));
}

static Expectation
expect (PostilPassageFinder *self, guint unit)
{
  const PostilFoldedText *old = self->old, *new = self->new;
  guint next = postil_text_map_find (self->chain, self->n_chain, unit);
  const PostilTextBlock *left = next > 0 ? &self->chain[next - 1] : NULL;
  const PostilTextBlock *right = next < self->n_chain ? &self->chain[next] : NULL;
  PostilTextBlock end = { old->n_units, new->n_units, 0 };
  guint before, after, floor, ceiling, n_before, n_after, drift;
  Expectation expectation;

  if (right != NULL && right->old <= unit)
    {
      guint at = right->new + (unit - right->old);

      return (Expectation){ at, at - MIN (at, 8), MIN (at + 8, new->n_units) };
    }
  if (right == NULL && self->whole)
    right = &end;

  floor = left != NULL ? left->new + left->length : 0;
  n_before =
    old->offsets[unit] - (left != NULL ? old->offsets[left->old + left->length - 1] + 1 : 0);
  before = move_offset (new, floor, n_before);
  ceiling = right != NULL ? right->new : new->n_units;
  n_after = right != NULL ? old->offsets[right->old] - old->offsets[unit] : G_MAXUINT;
  after = right != NULL ? move_offset (new, ceiling, -(gint64) n_after) : before;
  drift = MARGIN + MIN (MIN (n_before, n_after) / 8, MAX_DRIFT);
  floor -= MIN (floor, MARGIN / 2);
  ceiling = MIN (ceiling + MARGIN / 2, new->n_units);

  expectation.at = CLAMP (n_before <= n_after ? before : after, floor, ceiling);
  expectation.low = MIN (before, after);
  expectation.low = CLAMP (expectation.low - MIN (expectation.low, drift), floor, ceiling);
  expectation.high = CLAMP (MAX (before, after) + drift, floor, ceiling);
  return expectation;
}

/* Where what ends before a unit should end. */
static Expectation
expect_end (PostilPassageFinder *self, guint unit)
{
  Expectation expectation = expect (self, unit - 1);

  return (Expectation){ expectation.at + 1, expectation.low, expectation.high + 1 };
}

/* Aligns a part of the old text in a window of the new one, in which it should end at @end. */
static Part
align_in (PostilPassageFinder *self, guint from, guint to, guint low, guint high, guint end)
{
  guint n_text;

  low = MIN (low, self->new->n_units);
  high = CLAMP (high, low, self->new->n_units);
  end = CLAMP (end, low, high);
  if (high - low > POSTIL_APPROXIMATE_MAX_TEXT)
    {
      low = MAX (low, end - MIN (end, POSTIL_APPROXIMATE_MAX_TEXT / 2));
      high = MIN (high, low + POSTIL_APPROXIMATE_MAX_TEXT);
    }
  n_text = high - low;
  postil_approximate_align (self->approximate, self->old->units + from, to - from,
                            self->new->units + low, n_text, end - low);
  return (Part){ from, to, low };
}

/* Aligns a part of the old text where its ends should be; where these are too far apart, as only
 * one of them may be right, at the better of both. */
static Part
align (PostilPassageFinder *self,
       guint from,
       guint to,
       const Expectation *start,
       const Expectation *end)
{
  guint n = to - from, room = n + n / 2 + 4 * MARGIN, n_errors;
  Part part;

  if (end->high <= start->low + 2 * room)
    return align_in (self, from, to, start->low, end->high, end->at);

  part = align_in (self, from, to, start->low, start->high + room, start->at + n);
  n_errors = postil_approximate_count_errors (self->approximate, 0, n);
  if (n_errors == 0)
    return part;
  part = align_in (self, from, to, end->low - MIN (end->low, room), end->high, end->at);
  if (postil_approximate_count_errors (self->approximate, 0, n) > n_errors)
    part = align_in (self, from, to, start->low, start->high + room, start->at + n);
  return part;
}

/* How many units of the new text from @start to @end are in a part. */
static guint
count_equal (PostilPassageFinder *self, const Part *part, guint start, guint end)
{
  return postil_approximate_count_equal (self->approximate, MAX (start, part->base) - part->base,
                                         MAX (end, part->base) - part->base);
}

/* Puts the ends of a match where no word is cut: a word is part of the passage if more of it was.
 */
static void
snap (PostilPassageFinder *self, const Part *part, guint *at, gboolean is_start)
{
  const PostilFoldedText *new = self->new;
  guint start = *at, end = *at, n_before, n_after;

  if (!postil_folded_text_cuts_word (new, *at))
    return;
  while (*at - start < MAX_WORD && postil_folded_text_cuts_word (new, start))
    start--;
  while (end - *at < MAX_WORD && postil_folded_text_cuts_word (new, end))
    end++;
  /* Nobody reads that as a word. */
  if (end - start > MAX_WORD)
    return;
  n_before = count_equal (self, part, start, *at);
  n_after = count_equal (self, part, *at, end);
  if (is_start)
    *at = n_before > n_after ? end : start;
  else
    *at = n_after > n_before ? start : end;
}

/* Whether a word of the old text, from @start to @end, stands unchanged as a whole word. */
static gboolean
is_solid (PostilPassageFinder *self, const Part *part, guint start, guint end)
{
  const gunichar *news = self->new->units;
  guint first, last;

  if (postil_approximate_count_errors (self->approximate, start - part->from, end - part->from) > 0)
    return FALSE;
  first = part->base + postil_approximate_get_last (self->approximate, start - part->from);
  last = part->base + postil_approximate_get_first (self->approximate, end - part->from);
  return (first == 0 || news[first - 1] == ' ') &&
         (last == self->new->n_units || news[last] == ' ');
}

/* Finds an end of a passage by the words round it, between the nearest that did not change. */
static gboolean
place_by_words (PostilPassageFinder *self,
                const Part *part,
                guint old_at,
                gboolean is_start,
                guint *at)
{
  const gunichar *olds = self->old->units;
  guint low = old_at, high = old_at, first, last;

  if (old_at == part->from || old_at == part->to || olds[old_at] >= 0x2e80 ||
      olds[old_at - 1] >= 0x2e80 || (olds[old_at] != ' ' && olds[old_at - 1] != ' '))
    return FALSE;
  for (guint end = old_at; low > part->from; end = low)
    {
      while (end > part->from && olds[end - 1] == ' ')
        end--;
      for (low = end; low > part->from && olds[low - 1] != ' ';)
        low--;
      if (low < end && is_solid (self, part, low, end))
        {
          low = end;
          break;
        }
    }
  for (guint start = old_at; high < part->to; start = high)
    {
      while (start < part->to && olds[start] == ' ')
        start++;
      for (high = start; high < part->to && olds[high] != ' ';)
        high++;
      if (start < high && is_solid (self, part, start, high))
        {
          high = start;
          break;
        }
    }
  first = part->base + (low == part->from
                          ? postil_approximate_get_last (self->approximate, 0)
                          : postil_approximate_get_first (self->approximate, low - part->from));
  last = part->base + (high == part->to
                         ? postil_approximate_get_first (self->approximate, part->to - part->from)
                         : postil_approximate_get_last (self->approximate, high - part->from));
  return postil_word_aligner_find_end (self->old, low, high, old_at, self->new, first,
                                       MAX (first, last), is_start, at);
}

/* How many units at an end of a part are not there. */
static guint
count_lost (PostilPassageFinder *self, const Part *part, gboolean at_start)
{
  guint n = part->to - part->from, n_lost = 0;

  if (at_start)
    while (n_lost < n && postil_approximate_get_first (self->approximate, n_lost + 1) ==
                           postil_approximate_get_last (self->approximate, 0))
      n_lost++;
  else
    while (n_lost < n && postil_approximate_get_last (self->approximate, n - n_lost - 1) ==
                           postil_approximate_get_first (self->approximate, n))
      n_lost++;
  return n_lost;
}

static guint
place_start (PostilPassageFinder *self, const PostilPassage *passage, const Part *part)
{
  guint at =
    part->base + postil_approximate_get_last (self->approximate, passage->start - part->from);

  /* With nothing known before it, it costs the same to leave a word out and to replace it. */
  if (part->from == passage->start)
    at -= MIN (at, count_lost (self, part, TRUE));
  if (passage->begins_whole && !place_by_words (self, part, passage->start, TRUE, &at))
    snap (self, part, &at, TRUE);
  return at;
}

static guint
place_end (PostilPassageFinder *self, const PostilPassage *passage, const Part *part)
{
  guint at =
    part->base + postil_approximate_get_first (self->approximate, passage->end - part->from);

  if (part->to == passage->end)
    at = MIN (at + count_lost (self, part, FALSE), self->new->n_units);
  if (passage->ends_whole && !place_by_words (self, part, passage->end, FALSE, &at))
    snap (self, part, &at, FALSE);
  return at;
}

static double
get_likeness (guint n_errors, guint n_units)
{
  return n_errors < n_units ? 1 - (double) n_errors / n_units : 0;
}

static double
count_likeness (PostilPassageFinder *self, const Part *part, guint from, guint to)
{
  return get_likeness (
    postil_approximate_count_errors (self->approximate, from - part->from, to - part->from),
    to - from);
}

/* Leaves out blanks at the ends that the passage did not have there. */
static void
trim (PostilPassageFinder *self, const PostilPassage *passage, PostilPassageMatch *match)
{
  const gunichar *olds = self->old->units, *news = self->new->units;

  if (passage->start == passage->end)
    return;
  if (match->start < match->end && news[match->start] == ' ' && olds[passage->start] != ' ')
    match->start++;
  if (match->start < match->end && news[match->end - 1] == ' ' && olds[passage->end - 1] != ' ')
    match->end--;
}

/* How many units of the new text from @start to @end were something else in the old one. */
static guint
count_taken (const PostilTextBlock *blocks,
             guint n_blocks,
             const PostilPassage *passage,
             guint start,
             guint end)
{
  guint n = 0;

  for (guint i = postil_text_map_find_new (blocks, n_blocks, start);
       i < n_blocks && blocks[i].new < end; i++)
    {
      guint first = MAX (blocks[i].new, start);
      guint last = MIN (blocks[i].new + blocks[i].length, end);
      guint old = blocks[i].old + (first - blocks[i].new);

      if (old + (last - first) <= passage->start || old >= passage->end)
        n += last - first;
    }
  return n;
}

static gboolean
is_taken (PostilPassageFinder *self, const PostilPassage *passage, guint start, guint end)
{
  const PostilTextBlock *arrived = (const PostilTextBlock *) self->arrived->data;

  return 2 * count_taken (self->chain, self->n_chain, passage, start, end) > end - start ||
         2 * count_taken (arrived, self->arrived->len, passage, start, end) > end - start;
}

static int
compare_by_new (gconstpointer a, gconstpointer b)
{
  const PostilTextBlock *x = a, *y = b;

  return x->new < y->new ? -1 : x->new > y->new;
}

/* Lists what was moved by where it is now, if it is long enough to say what that is. */
static GArray *
list_arrived (PostilPassageFinder *self)
{
  GArray *arrived = g_array_new (FALSE, FALSE, sizeof (PostilTextBlock));
  guint n = 0, end = 0;

  for (guint i = 0; i < self->n_moved && self->moved[i].old < self->n_ordered; i++)
    if (self->moved[i].length >= MIN_ARRIVED)
      g_array_append_val (arrived, self->moved[i]);
  g_array_sort (arrived, compare_by_new);
  for (guint i = 0; i < arrived->len; i++)
    {
      const PostilTextBlock *block = &g_array_index (arrived, PostilTextBlock, i);

      if (block->new < end)
        continue;
      end = block->new + block->length;
      g_array_index (arrived, PostilTextBlock, n++) = *block;
    }
  g_array_set_size (arrived, n);
  return arrived;
}

static void
rate (PostilPassageFinder *self, const PostilPassage *passage, PostilPassageMatch *match)
{
  guint n_quote = passage->end - passage->start;
  guint n_before = passage->start - passage->from, n_after = passage->to - passage->end;
  double quote = (n_quote + QUOTE_BONUS) * match->quote;
  double before = n_before * match->before, after = n_after * match->after;

  match->likeness = (quote + before + after) / (n_quote + n_before + n_after + QUOTE_BONUS);
  match->score = match->likeness;
  if (!match->in_place)
    {
      /* What is at the edge of what was moved has other neighbours now. */
      double no_before = EDGE + EDGE_REST * match->before,
             no_after = EDGE + EDGE_REST * match->after;

      match->score =
        MAX (match->score, no_after * (quote + before) / (n_quote + n_before + QUOTE_BONUS));
      match->score =
        MAX (match->score, no_before * (quote + after) / (n_quote + n_after + QUOTE_BONUS));
      if (n_quote >= MIN_ALONE)
        match->score = MAX (match->score, no_before * no_after * match->quote);
    }
  match->n_same = n_quote * match->quote + n_before * match->before + n_after * match->after;
  match->taken = passage->has_place && is_taken (self, passage, match->start, match->end);
}

static guint
get_distance (guint a, guint b)
{
  return a > b ? a - b : b - a;
}

/* By how much the text grew or shrank between two places. */
static guint
get_shift (PostilPassageFinder *self, guint old_a, guint new_a, guint old_b, guint new_b)
{
  return get_distance (self->new->offsets[new_b] - self->new->offsets[new_a],
                       self->old->offsets[old_b] - self->old->offsets[old_a]);
}

/* How much came or went next to a match, on the side where that is more. */
static guint
get_spread (PostilPassageFinder *self,
            const PostilPassage *passage,
            const PostilPassageMatch *match)
{
  guint before = passage->from - MIN (passage->from, NEIGHBOURHOOD);
  guint after = MIN (passage->to + NEIGHBOURHOOD, self->n_ordered - 1);
  guint new_before = MIN (expect (self, before).at, match->start);
  guint new_after = MAX (expect (self, after).at, match->end);

  return MAX (get_shift (self, before, new_before, passage->start, match->start),
              get_shift (self, passage->end, match->end, after, new_after));
}

/* How many errors a passage has from @start to @end; forgets the last alignment. */
static guint
compare_quote (PostilPassageFinder *self, const PostilPassage *passage, guint start, guint end)
{
  guint n_quote = passage->end - passage->start, n_now = end - start;
  guint n_errors, n_before, n_after, lost_before, lost_after;
  Part part = { passage->start, passage->end, start };

  if (n_quote == 0 || n_now > POSTIL_APPROXIMATE_MAX_TEXT)
    return MAX (n_quote, n_now);
  n_errors = postil_approximate_align (self->approximate, self->old->units + passage->start,
                                       n_quote, self->new->units + start, n_now, n_now);
  n_before = postil_approximate_get_last (self->approximate, 0);
  n_after = n_now - postil_approximate_get_first (self->approximate, n_quote);
  /* What was left out at an end and what is there instead are one replacement. */
  lost_before = MIN (n_before, count_lost (self, &part, TRUE));
  lost_after = MIN (n_after, count_lost (self, &part, FALSE));
  return n_errors + n_before + n_after - MIN (n_errors, lost_before + lost_after);
}

/* How many units of a passage unchanged blocks have between two places. */
static guint
count_covered (const PostilTextBlock *blocks,
               guint n_blocks,
               guint old_start,
               guint old_end,
               guint new_start,
               guint new_end)
{
  guint n = 0;

  for (guint i = postil_text_map_find (blocks, n_blocks, old_start);
       i < n_blocks && blocks[i].old < old_end; i++)
    {
      guint first = MAX (blocks[i].old, old_start);
      guint last = MIN (blocks[i].old + blocks[i].length, old_end);
      guint new = blocks[i].new + (first - blocks[i].old);

      if (new >= new_start &&new + (last - first) <= new_end)
        n += last - first;
    }
  return n;
}

/* Which share of a part of the old text the chain has. */
static double
cover (PostilPassageFinder *self, guint from, guint to)
{
  return from < to
           ? (double) count_covered (self->chain, self->n_chain, from, to, 0, self->new->n_units) /
               (to - from)
           : 1;
}

/* Puts the ends of a match where the chain has the first and the last unit of the passage: what was
 * put in between them, however long, belongs to it, though an alignment would rather lose one end.
 */
static void
place_by_chain (PostilPassageFinder *self, const PostilPassage *passage, PostilPassageMatch *match)
{
  guint n_quote = passage->end - passage->start;
  const PostilTextBlock *first, *last;
  guint i, j, start, end;

  i = postil_text_map_find (self->chain, self->n_chain, passage->start);
  j = postil_text_map_find (self->chain, self->n_chain, passage->end - 1);
  if (j == self->n_chain || i == j)
    return;
  first = &self->chain[i];
  last = &self->chain[j];
  if (first->old > passage->start || last->old >= passage->end)
    return;
  start = first->new + (passage->start - first->old);
  end = last->new + (passage->end - last->old);
  if (end - start > 2 * n_quote + MARGIN || (match->start == start && match->end == end))
    return;
  match->start = start;
  match->end = end;
  match->before = MAX (match->before, cover (self, passage->from, passage->start));
  match->after = MAX (match->after, cover (self, passage->end, passage->to));
}

static gboolean
is_same (PostilPassageFinder *self, guint old, guint new, guint n)
{
  return memcmp (self->old->units + old, self->new->units + new, n * sizeof (gunichar)) == 0;
}

/* Where a paragraph was put in next to a passage, the few units that both begin or end with may as
 * well be those of the one as of the other: keeps the ends of a match close to the rest of it. */
static void
pull_ends (PostilPassageFinder *self, const PostilPassage *passage, PostilPassageMatch *match)
{
  guint i = postil_text_map_find (self->chain, self->n_chain, passage->start);
  guint j = postil_text_map_find (self->chain, self->n_chain, passage->end - 1);

  if (i < self->n_chain && self->chain[i].old + self->chain[i].length < passage->start + MIN_SPLIT)
    i++;
  if (i < self->n_chain && self->chain[i].old > passage->start &&
      self->chain[i].old < passage->end && self->chain[i].length >= MIN_SPLIT)
    {
      const PostilTextBlock *block = &self->chain[i];
      guint n = block->old - passage->start;

      if (n <= block->new && block->new - n > match->start &&
          block->new < match->end &&is_same (self, passage->start, block->new - n, n))
        match->start = block->new - n;
    }
  if (j > 0 && (j == self->n_chain || self->chain[j].old + MIN_SPLIT > passage->end))
    {
      const PostilTextBlock *block = &self->chain[j - 1];
      guint last = block->old + block->length, now = block->new + block->length;
      guint n = passage->end - MIN (last, passage->end);

      if (last > passage->start && n > 0 && block->length >= MIN_SPLIT && now + n < match->end &&
          now > match->start && is_same (self, last, now, n))
        match->end = now + n;
    }
}

/* Finds a passage that is short enough to be aligned as a whole. */
static void
match_whole (PostilPassageFinder *self,
             const PostilPassage *passage,
             const Expectation *start,
             const Expectation *end,
             PostilPassageMatch *match)
{
  Part part = align (self, passage->from, passage->to, start, end);
  guint n_quote = passage->end - passage->start, n_errors, n_aligned, start_now, end_now, n_all;

  start_now =
    part.base + postil_approximate_get_last (self->approximate, passage->start - part.from);
  end_now = part.base + postil_approximate_get_first (self->approximate, passage->end - part.from);
  match->start = place_start (self, passage, &part);
  match->end = MAX (match->start, place_end (self, passage, &part));
  trim (self, passage, match);

  match->before = passage->from < passage->start
                    ? count_likeness (self, &part, passage->from, passage->start)
                    : 1;
  match->after =
    passage->end < passage->to ? count_likeness (self, &part, passage->end, passage->to) : 1;
  /* What is beyond the ends of the text may have been cut off with them. */
  if (match->start == 0)
    match->before = MAX (match->before, 0.5);
  if (match->end == self->new->n_units)
    match->after = MAX (match->after, 0.5);
  n_errors = postil_approximate_count_errors (self->approximate, 0, passage->to - passage->from);
  match->twice = postil_approximate_find_second (self->approximate) <= n_errors;
  if (match->in_place && n_quote >= MIN_SPLIT)
    {
      place_by_chain (self, passage, match);
      pull_ends (self, passage, match);
    }

  n_errors = postil_approximate_count_errors (self->approximate, passage->start - part.from,
                                              passage->end - part.from);
  n_aligned = n_errors;
  if (match->start != start_now || match->end != end_now)
    n_errors = compare_quote (self, passage, match->start, match->end);
  n_all = MAX (n_quote, match->end - match->start);
  match->quote = n_all > 0 ? get_likeness (n_errors, n_all) : 1;
  /* Part of a word is another word, unless what is round it says that this was misspelt. */
  if (n_errors > n_aligned && passage->from == passage->start && passage->end == passage->to)
    match->quote /= 2;
}

/* Where the ends of a long passage should be. */
typedef struct
{
  Expectation head_start;
  Expectation head_end;
  Expectation tail_start;
  Expectation tail_end;
} Ends;

/* Where the first or last unchanged block in a passage says that it starts or ends. */
static guint
get_block_end (PostilPassageFinder *self, const PostilPassage *passage, gboolean is_start, guint at)
{
  guint i =
    postil_text_map_find (self->chain, self->n_chain, is_start ? passage->start : passage->end - 1);

  if (is_start && i < self->n_chain && self->chain[i].old < passage->end)
    {
      at = self->chain[i].new + (MAX (self->chain[i].old, passage->start) - self->chain[i].old);
      while (passage->begins_whole && postil_folded_text_cuts_word (self->new, at))
        at++;
    }
  else if (!is_start && i < self->n_chain && self->chain[i].old < passage->end)
    {
      at = self->chain[i].new + (passage->end - self->chain[i].old);
    }
  else if (!is_start && i > 0 &&
           self->chain[i - 1].old + self->chain[i - 1].length > passage->start)
    {
      at = self->chain[i - 1].new + self->chain[i - 1].length;
      while (at > 0 && passage->ends_whole && postil_folded_text_cuts_word (self->new, at))
        at--;
    }
  return at;
}

/* Finds a long passage by its ends. */
static void
match_ends (PostilPassageFinder *self,
            const PostilPassage *passage,
            const Ends *ends,
            gboolean in_place,
            PostilPassageMatch *match)
{
  guint n_quote = passage->end - passage->start, n_covered;
  double head, tail, middle;
  Part part;

  part = align (self, passage->from, passage->start + PART, &ends->head_start, &ends->head_end);
  match->start = place_start (self, passage, &part);
  head = count_likeness (self, &part, passage->start, passage->start + PART);
  match->before = passage->from < passage->start
                    ? count_likeness (self, &part, passage->from, passage->start)
                    : 1;
  part = align (self, passage->end - PART, passage->to, &ends->tail_start, &ends->tail_end);
  match->end = place_end (self, passage, &part);
  tail = count_likeness (self, &part, passage->end - PART, passage->end);
  match->after =
    passage->end < passage->to ? count_likeness (self, &part, passage->end, passage->to) : 1;

  /* One end is gone: what is left of the passage begins or ends where its blocks do. */
  if (in_place && head < 0.5)
    match->start = get_block_end (self, passage, TRUE, match->start);
  if (in_place && tail < 0.5)
    match->end = get_block_end (self, passage, FALSE, match->end);
  match->end = MAX (match->start, match->end);
  trim (self, passage, match);
  if (in_place)
    {
      place_by_chain (self, passage, match);
      pull_ends (self, passage, match);
    }

  n_covered = count_covered (self->chain, self->n_chain, passage->start + PART, passage->end - PART,
                             match->start, match->end) +
              count_covered (self->moved, self->n_moved, passage->start + PART, passage->end - PART,
                             match->start, match->end);
  /* An error undoes a block for a few units on either side. */
  middle = MIN (1, 1.15 * n_covered / (n_quote - 2 * PART + 1));
  match->quote = MIN (1, (PART * (head + tail) + (n_quote - 2 * PART) * middle) / n_quote);
  /* What is left must be as long as what was, or nearly. */
  match->quote *= MIN (1, 2.0 * (match->end - match->start + PART) / n_quote);
  match->twice = FALSE;
}

static gboolean
is_long (const PostilPassage *passage)
{
  return passage->to - passage->from > POSTIL_APPROXIMATE_MAX_PATTERN;
}

/* Whether there is anything to be found by. */
static gboolean
is_nothing (const PostilPassage *passage)
{
  return passage->from == passage->to;
}

/**
 * postil_passage_finder_new:
 * @old: an old text, or what is known of it; must outlive the finder, as all others
 * @new: what became of it
 * @map: what of it did not change
 * @n_ordered: how many units of @old are known to be in order
 * @whole: whether @old is all of the old text
 *
 * Returns: (transfer full): a finder
 */
PostilPassageFinder *
postil_passage_finder_new (const PostilFoldedText *old,
                           const PostilFoldedText *new,
                           PostilTextMap *map,
                           guint n_ordered,
                           gboolean whole)
{
  PostilPassageFinder *self = g_new0 (PostilPassageFinder, 1);

  self->old = old;
  self->new = new;
  self->chain = postil_text_map_get_chain (map, &self->n_chain);
  self->moved = postil_text_map_get_moved (map, &self->n_moved);
  self->n_ordered = n_ordered;
  self->whole = whole;
  self->arrived = list_arrived (self);
  self->approximate = postil_approximate_new ();
  return self;
}

void
postil_passage_finder_free (PostilPassageFinder *self)
{
  postil_approximate_free (self->approximate);
  g_array_unref (self->arrived);
  g_free (self);
}

/**
 * postil_passage_finder_expect:
 * @self: a finder
 * @passage: a passage that has a place
 *
 * Returns: where its neighbours say that it should start, whatever is there
 */
guint
postil_passage_finder_expect (PostilPassageFinder *self, const PostilPassage *passage)
{
  return expect (self, passage->start).at;
}

/* Whether a passage stands unchanged in a block, with some of what is round it. */
static gboolean
holds (const PostilTextBlock *block, const PostilPassage *passage)
{
  guint n_known = MIN (passage->to - passage->from, passage->end - passage->start + MIN_ROUND);

  return block->old <= passage->start && block->old + block->length >= passage->end &&
         block->length >= n_known;
}

/* How like what stood next to a passage is what does now, when only so many units of it are in the
 * block: the others changed somehow. */
static double
guess_likeness (guint n_same, guint n_units)
{
  return n_same >= n_units ? 1 : (n_same + n_units) / (2.0 * n_units);
}

static void
match_block (PostilPassageFinder *self,
             const PostilPassage *passage,
             const PostilTextBlock *block,
             PostilPassageMatch *match)
{
  match->start = block->new + (passage->start - block->old);
  match->end = match->start + (passage->end - passage->start);
  match->quote = 1;
  match->before = guess_likeness (passage->start - block->old, passage->start - passage->from);
  match->after =
    guess_likeness (block->old + block->length - passage->end, passage->to - passage->end);
}

/**
 * postil_passage_finder_find_in_place:
 * @self: a finder
 * @passage: a passage that has a place
 * @match: (out): what is most like it where its neighbours say that it is
 *
 * Returns: whether there is room for anything
 */
gboolean
postil_passage_finder_find_in_place (PostilPassageFinder *self,
                                     const PostilPassage *passage,
                                     PostilPassageMatch *match)
{
  Ends ends;
  guint i;

  if (is_nothing (passage))
    return FALSE;

  *match = (PostilPassageMatch){ .in_place = TRUE };
  i = postil_text_map_find (self->chain, self->n_chain, passage->start);
  if (i < self->n_chain && holds (&self->chain[i], passage))
    {
      match_block (self, passage, &self->chain[i], match);
    }
  else if (is_long (passage))
    {
      ends = (Ends){
        expect (self, passage->from),
        expect_end (self, passage->start + PART),
        expect (self, passage->end - PART),
        expect_end (self, passage->to),
      };
      match_ends (self, passage, &ends, TRUE, match);
    }
  else
    {
      Expectation start = expect (self, passage->from), end = expect_end (self, passage->to);

      match_whole (self, passage, &start, &end, match);
    }
  rate (self, passage, match);
  match->spread = self->whole ? 0 : get_spread (self, passage, match);
  return TRUE;
}

static Expectation
expect_by_block (PostilPassageFinder *self, const PostilTextBlock *block, guint unit)
{
  gint64 at = (gint64) block->new + unit - block->old;
  guint distance = unit < block->old                   ? block->old - unit
                   : unit > block->old + block->length ? unit - block->old - block->length
                                                       : 0;
  guint margin = (block->length > 0 ? 8 : MARGIN) +
                 (distance > 0 ? MARGIN / 2 + MIN (distance / 8, MAX_DRIFT) : 0);

  at = CLAMP (at, 0, self->new->n_units);
  return (Expectation){ at, at - MIN (at, margin), MIN (at + margin, self->new->n_units) };
}

static void
add_match (const PostilPassageMatch *match, GArray *matches)
{
  for (guint i = 0; i < matches->len; i++)
    {
      PostilPassageMatch *other = &g_array_index (matches, PostilPassageMatch, i);

      if (MAX (match->start, other->start) < MIN (match->end, other->end) ||
          (match->start == other->start && match->end == other->end))
        {
          if (match->score > other->score)
            *other = *match;
          return;
        }
    }
  g_array_append_val (matches, *match);
}

static void
match_by_blocks (PostilPassageFinder *self,
                 const PostilPassage *passage,
                 const PostilTextBlock *first,
                 const PostilTextBlock *last,
                 GArray *matches)
{
  PostilPassageMatch match = { 0 };

  if (is_long (passage))
    {
      Ends ends = {
        expect_by_block (self, first, passage->from),
        expect_by_block (self, first, passage->start + PART),
        expect_by_block (self, last, passage->end - PART),
        expect_by_block (self, last, passage->to),
      };

      match_ends (self, passage, &ends, FALSE, &match);
    }
  else
    {
      Expectation start = expect_by_block (self, first, passage->from);
      Expectation end = expect_by_block (self, last, passage->to);

      match_whole (self, passage, &start, &end, &match);
    }
  rate (self, passage, &match);
  add_match (&match, matches);
}

/**
 * postil_passage_finder_find_moved:
 * @self: a finder
 * @passage: a passage
 * @matches: (element-type PostilPassageMatch): where to add places
 *
 * Finds where a passage is that was moved with what is in it or near it.
 */
void
postil_passage_finder_find_moved (PostilPassageFinder *self,
                                  const PostilPassage *passage,
                                  GArray *matches)
{
  guint from = passage->from - MIN (passage->from, VICINITY), n_tried = 0;
  guint i = postil_text_map_find (self->moved, self->n_moved, from);

  if (is_nothing (passage))
    return;
  while (i < self->n_moved && self->moved[i].old < passage->to + VICINITY && n_tried++ < 8)
    {
      const PostilTextBlock *first = &self->moved[i], *last = first;
      guint reach = 2 * (passage->to - passage->from) + VICINITY;

      /* Blocks that went to the same place. */
      for (i++; i < self->n_moved && self->moved[i].old < passage->to + VICINITY &&
                self->moved[i].new > last->new && self->moved[i].new - first->new < reach;
           i++)
        last = &self->moved[i];
      match_by_blocks (self, passage, first, last, matches);
    }
}

/**
 * postil_passage_finder_find_near:
 * @self: a finder
 * @passage: a passage
 * @at: where @passage->from may be, in units of the new text
 * @matches: (element-type PostilPassageMatch): where to add a place
 *
 * Looks whether a passage is at a place.
 */
void
postil_passage_finder_find_near (PostilPassageFinder *self,
                                 const PostilPassage *passage,
                                 guint at,
                                 GArray *matches)
{
  PostilTextBlock block = { passage->from, at, 0 };

  if (!is_nothing (passage))
    match_by_blocks (self, passage, &block, &block, matches);
}
