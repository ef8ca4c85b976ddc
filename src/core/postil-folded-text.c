/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-folded-text.h"

#include <unicode/uchar.h>

#include "postil-folding.h"

/*
 * PostilFoldedText: a text, or parts of one, folded by postil_folding_get(), with the way back.
 * Runs of white space, of dashes and of quotation marks are one unit, so that neither another line
 * break nor "--" for "—" makes a difference. It takes 8 bytes a unit, and belongs to the one search
 * that made it.
 */

/**
 * postil_folded_text_new:
 *
 * Returns: (transfer full): a folded text without parts
 */
PostilFoldedText *
postil_folded_text_new (void)
{
  PostilFoldedText *self = g_new0 (PostilFoldedText, 1);

  for (guint c = 0; c < G_N_ELEMENTS (self->ascii); c++)
    {
      const PostilFold *fold = postil_folding_get (c);

      g_assert (fold->n_units == 1);
      self->ascii[c] = fold->units[0];
    }
  return self;
}

void
postil_folded_text_free (PostilFoldedText *self)
{
  g_free (self->units);
  g_free (self->offsets);
  g_free (self);
}

static inline void
reserve (PostilFoldedText *self, gsize n_more)
{
  gsize n_needed = self->n_units + n_more;

  if (G_LIKELY (n_needed <= self->n_allocated))
    return;
  self->n_allocated = MAX (n_needed, (gsize) self->n_allocated * 3 / 2);
  self->units = g_renew (gunichar, self->units, self->n_allocated);
  self->offsets = g_renew (guint32, self->offsets, self->n_allocated);
}

static inline void
append_unit (PostilFoldedText *self, gunichar unit, guint offset)
{
  if ((unit == ' ' || unit == '-' || unit == '\'') && self->n_units > self->part &&
      self->units[self->n_units - 1] == unit)
    return;
  /* Room was made for one unit a code point; few fold to more. */
  reserve (self, 2);
  self->units[self->n_units] = unit;
  self->offsets[self->n_units++] = offset;
}

static inline void
append_code_point (PostilFoldedText *self, gunichar c, guint offset)
{
  if (G_LIKELY (c < G_N_ELEMENTS (self->ascii)))
    {
      append_unit (self, self->ascii[c], offset);
    }
  else
    {
      const PostilFold *fold = postil_folding_get (c);

      for (guint i = 0; i < fold->n_units; i++)
        append_unit (self, fold->units[i], offset);
    }
}

static void
begin_part (PostilFoldedText *self, guint n_code_points)
{
  reserve (self, (gsize) n_code_points + 2);
  if (self->n_units > 0)
    self->n_units++;
  self->part = self->n_units;
}

static void
end_part (PostilFoldedText *self, guint offset)
{
  reserve (self, 2);
  self->units[self->n_units] = POSTIL_FOLDED_TEXT_GAP;
  self->offsets[self->n_units] = offset;
}

/**
 * postil_folded_text_append_utf8:
 * @self: a folded text
 * @utf8: valid UTF-8
 * @n_bytes: its length in bytes
 * @offset: where it stands, in code points
 *
 * Adds a part, parted from the last one by %POSTIL_FOLDED_TEXT_GAP.
 */
void
postil_folded_text_append_utf8 (PostilFoldedText *self,
                                const char *utf8,
                                gsize n_bytes,
                                guint offset)
{
  const char *end = utf8 + n_bytes;

  begin_part (self, g_utf8_strlen (utf8, n_bytes));
  for (; utf8 < end; offset++)
    {
      guchar byte = *utf8;

      append_code_point (self, byte < 0x80 ? byte : g_utf8_get_char (utf8), offset);
      utf8 = g_utf8_next_char (utf8);
    }
  end_part (self, offset);
}

/**
 * postil_folded_text_append_ucs4:
 * @self: a folded text
 * @code_points: (array length=n_code_points): a text
 * @n_code_points: its length
 * @offset: where it stands, in code points
 *
 * Adds a part, as postil_folded_text_append_utf8() does.
 */
void
postil_folded_text_append_ucs4 (PostilFoldedText *self,
                                const gunichar *code_points,
                                guint n_code_points,
                                guint offset)
{
  begin_part (self, n_code_points);
  for (guint i = 0; i < n_code_points; i++)
    append_code_point (self, code_points[i], offset + i);
  end_part (self, offset + n_code_points);
}

/**
 * postil_folded_text_find:
 * @self: a folded text
 * @from: a unit
 * @to: a later one, of the same part
 * @offset: in code points
 *
 * Returns: the first unit from @from that comes from @offset or later; @to if there is none
 */
guint
postil_folded_text_find (const PostilFoldedText *self, guint from, guint to, guint offset)
{
  while (from < to)
    {
      guint middle = from + (to - from) / 2;

      if (self->offsets[middle] < offset)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

static gboolean
is_part_of_word (gunichar unit)
{
  switch ((UWordBreakValues) u_getIntPropertyValue (unit, UCHAR_WORD_BREAK))
    {
    case U_WB_ALETTER:
    case U_WB_HEBREW_LETTER:
    case U_WB_NUMERIC:
    case U_WB_KATAKANA:
    case U_WB_EXTENDNUMLET:
    case U_WB_EXTEND:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Apostrophes, points and the like, which belong to a word that goes on behind them. */
static gboolean
is_middle_of_word (gunichar unit)
{
  switch ((UWordBreakValues) u_getIntPropertyValue (unit, UCHAR_WORD_BREAK))
    {
    case U_WB_MIDLETTER:
    case U_WB_MIDNUM:
    case U_WB_MIDNUMLET:
    case U_WB_SINGLE_QUOTE:
      return TRUE;
    default:
      return FALSE;
    }
}

/**
 * postil_folded_text_cuts_word:
 * @self: a folded text
 * @unit: a unit, at most their number
 *
 * Returns: whether what ends before @unit would cut a word, by the rules of UAX #29 that need no
 *   dictionary; so between two ideographs, say, nothing is cut
 */
gboolean
postil_folded_text_cuts_word (const PostilFoldedText *self, guint unit)
{
  const gunichar *here = self->units + unit;

  if (unit == 0 || unit >= self->n_units || here[0] == ' ' || here[-1] == ' ')
    return FALSE;
  if (is_part_of_word (here[-1]))
    return is_part_of_word (here[0]) || (is_middle_of_word (here[0]) && is_part_of_word (here[1]));
  return is_middle_of_word (here[-1]) && is_part_of_word (here[0]) && unit > 1 &&
         is_part_of_word (here[-2]);
}

/**
 * postil_folded_text_get_end:
 * @self: a folded text
 * @unit: a unit, at most their number
 *
 * Returns: where what is before @unit ends, in code points; no code point is cut that folds to more
 */
guint
postil_folded_text_get_end (const PostilFoldedText *self, guint unit)
{
  while (unit > 0 && unit < self->n_units && self->offsets[unit] == self->offsets[unit - 1])
    unit++;
  return self->offsets[unit];
}
