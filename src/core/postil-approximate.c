/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-approximate.h"

#include <string.h>

/*
 * PostilApproximate: where a pattern stands in a text with the fewest units inserted, left out or
 * replaced, and which unit of the one is which of the other. Holds the tables of the last
 * alignment; belongs to one thread.
 *
 * G. Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic
 * programming", Journal of the ACM 46(3), 1999: a column of the table of edit distances is kept as
 * the differences from cell to cell, which are two bits a row, and computed 64 rows at a time. As
 * the bits of all columns are kept, the way back through the table can be read from them (H. Hyyrö,
 * "A note on bit-parallel alignment computation", 2004).
 */

#define N_WORDS (POSTIL_APPROXIMATE_MAX_PATTERN / 64)

/* Slots for the different units of a pattern, a power of two. */
#define N_SLOTS (POSTIL_APPROXIMATE_MAX_PATTERN * 2)

/* So many units from where the pattern is expected weigh as much as one error. */
#define UNITS_PER_ERROR 48

typedef struct
{
  guint64 rises[N_WORDS];
  guint64 falls[N_WORDS];
} Column;

struct _PostilApproximate
{
  const gunichar *pattern;
  const gunichar *text;
  guint n_pattern;
  guint n_text;
  guint n_words;

  /* Which rows hold a unit. */
  gunichar keys[N_SLOTS];
  guint64 rows[N_SLOTS][N_WORDS];
  guint16 used[POSTIL_APPROXIMATE_MAX_PATTERN];
  guint n_used;

  /* The table after each unit of the text, and its last row. */
  Column columns[POSTIL_APPROXIMATE_MAX_TEXT + 1];
  guint16 errors[POSTIL_APPROXIMATE_MAX_TEXT + 1];

  /* Before which units of the text the way stands before a unit of the pattern. */
  guint16 first[POSTIL_APPROXIMATE_MAX_PATTERN + 1];
  guint16 last[POSTIL_APPROXIMATE_MAX_PATTERN + 1];
};

/**
 * postil_approximate_new:
 *
 * Returns: (transfer full): the room for alignments, some 300 KB
 */
PostilApproximate *
postil_approximate_new (void)
{
  PostilApproximate *self = g_new0 (PostilApproximate, 1);

  memset (self->keys, 0xff, sizeof self->keys);
  return self;
}

void
postil_approximate_free (PostilApproximate *self)
{
  g_free (self);
}

static inline guint
find_slot (const PostilApproximate *self, gunichar unit)
{
  guint slot = (unit * 2654435761u >> 16) % N_SLOTS;

  while (self->keys[slot] != unit && self->keys[slot] != G_MAXUINT32)
    slot = (slot + 1) % N_SLOTS;
  return slot;
}

static void
prepare (PostilApproximate *self)
{
  for (guint i = 0; i < self->n_used; i++)
    {
      self->keys[self->used[i]] = G_MAXUINT32;
      memset (self->rows[self->used[i]], 0, sizeof self->rows[0]);
    }
  self->n_used = 0;
  for (guint row = 0; row < self->n_pattern; row++)
    {
      guint slot;

      /* Equal to nothing. */
      if (self->pattern[row] == G_MAXUINT32)
        continue;
      slot = find_slot (self, self->pattern[row]);
      if (self->keys[slot] == G_MAXUINT32)
        {
          self->keys[slot] = self->pattern[row];
          self->used[self->n_used++] = slot;
        }
      self->rows[slot][row / 64] |= G_GUINT64_CONSTANT (1) << (row % 64);
    }
}

/* Computes the column after @unit of the text, and by how much its last row differs. */
static inline int
advance (const PostilApproximate *self, const Column *before, Column *after, gunichar unit)
{
  const guint64 *equal = self->rows[find_slot (self, unit)];
  guint64 last = G_GUINT64_CONSTANT (1) << ((self->n_pattern - 1) % 64);
  guint64 rise_in = 0, fall_in = 0, rise = 0, fall = 0;

  for (guint i = 0; i < self->n_words; i++)
    {
      guint64 rises = before->rises[i], falls = before->falls[i], eq = equal[i] | fall_in;
      guint64 level = (((eq & rises) + rises) ^ rises) | eq | falls;
      guint64 rise_here, fall_here;

      rise = falls | ~(level | rises);
      fall = level & rises;
      rise_here = rise << 1 | rise_in;
      fall_here = fall << 1 | fall_in;
      after->rises[i] = fall_here | ~(level | rise_here);
      after->falls[i] = rise_here & level;
      rise_in = rise >> 63;
      fall_in = fall >> 63;
    }
  return ((rise & last) != 0) - ((fall & last) != 0);
}

static guint
choose_end (const PostilApproximate *self, guint expected)
{
  guint best = 0, least = G_MAXUINT;

  for (guint end = 0; end <= self->n_text; end++)
    {
      guint off = end > expected ? end - expected : expected - end;
      guint cost = self->errors[end] * UNITS_PER_ERROR + off;

      if (cost < least)
        {
          least = cost;
          best = end;
        }
    }
  return best;
}

static inline gboolean
has_bit (const guint64 *words, guint row)
{
  return words[row / 64] >> (row % 64) & 1;
}

static void
trace_back (PostilApproximate *self, guint end)
{
  guint row = self->n_pattern, column = end;

  self->last[row] = column;
  while (row > 0)
    {
      if (column == 0 || has_bit (self->columns[column].rises, row - 1))
        {
          self->first[row--] = column;
          self->last[row] = column;
        }
      else if (has_bit (self->columns[--column].falls, row - 1))
        {
          continue;
        }
      else
        {
          self->first[row--] = column + 1;
          self->last[row] = column;
        }
    }
  self->first[0] = column;
}

/**
 * postil_approximate_align:
 * @self: the room for it
 * @pattern: what is searched; must stay until the last question about the alignment
 * @n_pattern: its length, from 1 to %POSTIL_APPROXIMATE_MAX_PATTERN
 * @text: where; must stay likewise
 * @n_text: its length, at most %POSTIL_APPROXIMATE_MAX_TEXT
 * @expected: before which unit of @text the pattern should end
 *
 * Finds the place in @text that is most like @pattern and not far from where it should be.
 *
 * Returns: how many errors it has there
 */
guint
postil_approximate_align (PostilApproximate *self,
                          const gunichar *pattern,
                          guint n_pattern,
                          const gunichar *text,
                          guint n_text,
                          guint expected)
{
  guint end;

  g_return_val_if_fail (n_pattern > 0 && n_pattern <= POSTIL_APPROXIMATE_MAX_PATTERN, 0);
  g_return_val_if_fail (n_text <= POSTIL_APPROXIMATE_MAX_TEXT, 0);

  self->pattern = pattern;
  self->text = text;
  self->n_pattern = n_pattern;
  self->n_text = n_text;
  self->n_words = (n_pattern + 63) / 64;
  prepare (self);

  memset (self->columns[0].rises, 0xff, sizeof self->columns[0].rises);
  memset (self->columns[0].falls, 0, sizeof self->columns[0].falls);
  self->errors[0] = n_pattern;
  for (guint i = 0; i < n_text; i++)
    self->errors[i + 1] =
      self->errors[i] + advance (self, &self->columns[i], &self->columns[i + 1], text[i]);

  end = choose_end (self, expected);
  trace_back (self, end);
  return self->errors[end];
}

/**
 * postil_approximate_get_first:
 * @self: an alignment
 * @unit: a unit of the pattern, at most their number
 *
 * Returns: the first unit of the text that stands where @unit does: what was inserted before @unit,
 *   or it
 */
guint
postil_approximate_get_first (const PostilApproximate *self, guint unit)
{
  return self->first[unit];
}

/**
 * postil_approximate_get_last:
 * @self: an alignment
 * @unit: a unit of the pattern, at most their number
 *
 * Returns: the unit of the text that @unit is
 */
guint
postil_approximate_get_last (const PostilApproximate *self, guint unit)
{
  return self->last[unit];
}

/* Whether @row is the same as a unit of the text, and not left out or replaced. */
static inline gboolean
is_equal (const PostilApproximate *self, guint row)
{
  return self->first[row + 1] > self->last[row] &&
         self->pattern[row] == self->text[self->last[row]];
}

/**
 * postil_approximate_count_errors:
 * @self: an alignment
 * @from: a unit of the pattern
 * @to: a later one
 *
 * Returns: the errors from @from to @to, without what was inserted at the ends
 */
guint
postil_approximate_count_errors (const PostilApproximate *self, guint from, guint to)
{
  guint n = 0;

  for (guint row = from; row < to; row++)
    n += !is_equal (self, row) + (row > from ? self->last[row] - self->first[row] : 0);
  return n;
}

/**
 * postil_approximate_count_equal:
 * @self: an alignment
 * @from: a unit of the text
 * @to: a later one
 *
 * Returns: how many units of the text between them are in the pattern
 */
guint
postil_approximate_count_equal (const PostilApproximate *self, guint from, guint to)
{
  guint n = 0;

  for (guint row = 0; row < self->n_pattern; row++)
    n += self->last[row] >= from && self->last[row] < to && is_equal (self, row);
  return n;
}

/**
 * postil_approximate_find_second:
 * @self: an alignment
 *
 * Returns: the fewest errors that the pattern has elsewhere in the text
 */
guint
postil_approximate_find_second (const PostilApproximate *self)
{
  guint end = self->last[self->n_pattern], apart = self->n_pattern / 2 + 1;
  guint least = self->n_pattern;

  for (guint i = 0; i <= self->n_text; i++)
    if (i + apart <= end || i >= end + apart)
      least = MIN (least, self->errors[i]);
  return least;
}
