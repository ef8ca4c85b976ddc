/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-counterpart.h"

#include <string.h>

#include "postil-folding.h"
#include "postil-word-diff.h"

/* How many folded units of a character count when words are compared. */
static guint
count_units_of (gunichar c)
{
  const PostilFold *fold = postil_folding_get (c);
  gboolean ignored =
    fold->n_units == 0 || (fold->units[0] < 0x80 && fold->units[0] > 0 &&
                           strchr (POSTIL_WORD_DIFF_IGNORED, fold->units[0]) != NULL);

  return ignored ? 0 : fold->n_units;
}

/* How many of them stand from @start to @end of a text, in code points. */
static guint
count_units (const char *utf8, guint start, guint end)
{
  const char *p = g_utf8_offset_to_pointer (utf8, start);
  guint n = 0;

  for (guint at = start; at < end; at++, p = g_utf8_next_char (p))
    n += count_units_of (g_utf8_get_char (p));
  return n;
}

/* The part of @run of a text from behind so many units on, until so many have passed, with the
 * marks that its last letter bears. */
static PostilSpan
find_units (const char *utf8, PostilSpan run, guint before, guint until)
{
  const char *p = g_utf8_offset_to_pointer (utf8, run.start);
  PostilSpan part = { run.end, run.end };
  guint n = 0;

  for (guint at = run.start; at < run.end; at++, p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      guint counted = count_units_of (c);

      if (counted > 0 && n >= until)
        break;
      if (counted > 0 && n + counted > before)
        part.start = MIN (part.start, at);
      n += counted;
      if (counted > 0 || postil_folding_get (c)->n_units == 0)
        part.end = at + 1;
    }
  return part;
}

/* The places of what was added where something was removed, up to the next words that are the
 * same. */
static PostilSpan
find_replacement (GArray *runs, guint removed)
{
  PostilSpan place = { G_MAXUINT, 0 };
  guint first = removed, i;

  while (first > 0 && g_array_index (runs, PostilWordRun, first - 1).kind != POSTIL_WORD_RUN_SAME)
    first--;
  for (i = first; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);

      if (run->kind == POSTIL_WORD_RUN_SAME)
        break;
      if (run->kind != POSTIL_WORD_RUN_ADDED)
        continue;
      place.start = MIN (place.start, run->b.start);
      place.end = MAX (place.end, run->b.end);
    }
  return place;
}

/* Adds to @places where what stands at @span of one side stands on the other, from the start of
 * their side; what was replaced stands for what replaced it, and what moved is by itself. */
static void
follow (const char *from, const char *to, GArray *runs, PostilSpan span, GArray *places)
{
  PostilSpan whole = { G_MAXUINT, 0 };

  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);
      PostilSpan met = { MAX (run->a.start, span.start), MIN (run->a.end, span.end) }, place;

      if (met.start >= met.end)
        continue;
      if (run->kind == POSTIL_WORD_RUN_REMOVED)
        place = find_replacement (runs, i);
      else
        place = find_units (to, run->b, count_units (from, run->a.start, met.start),
                            count_units (from, run->a.start, met.end));
      if (place.start >= place.end)
        continue;
      if (run->kind == POSTIL_WORD_RUN_MOVED)
        {
          g_array_append_val (places, place);
          continue;
        }
      whole.start = MIN (whole.start, place.start);
      whole.end = MAX (whole.end, place.end);
    }
  if (whole.start < whole.end)
    g_array_append_val (places, whole);
}

static const char *
get_utf8 (PostilText *text, PostilSpan span, gsize *n_bytes)
{
  gsize start = postil_text_get_byte (text, span.start);

  *n_bytes = postil_text_get_byte (text, span.end) - start;
  return postil_text_get_utf8 (text, NULL) + start;
}

/* Adds the counterpart of a part of the pair of @here and @there. */
static void
add_part (GArray *places,
          PostilText *const texts[2],
          PostilSpan here,
          PostilSpan there,
          PostilSpan part)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  gsize n_from, n_to;
  const char *from = get_utf8 (texts[0], here, &n_from);
  const char *to = get_utf8 (texts[1], there, &n_to);
  g_autoptr (GArray) runs = postil_word_diff (from, n_from, to, n_to, FALSE);

  follow (from, to, runs, (PostilSpan){ part.start - here.start, part.end - here.start }, found);
  for (guint i = 0; i < found->len; i++)
    {
      PostilSpan place = g_array_index (found, PostilSpan, i);

      place = (PostilSpan){ there.start + place.start, there.start + place.end };
      g_array_append_val (places, place);
    }
  if (found->len == 0)
    g_array_append_val (places, there);
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const PostilSpan *x = a, *y = b;

  return x->start < y->start ? -1 : x->start > y->start;
}

/* Makes one of those that overlap; @places are in order. */
static void
merge (GArray *places)
{
  guint n = 0;

  for (guint i = 0; i < places->len; i++)
    {
      PostilSpan place = g_array_index (places, PostilSpan, i);
      PostilSpan *last = n > 0 ? &g_array_index (places, PostilSpan, n - 1) : NULL;

      if (last != NULL && place.start < last->end)
        last->end = MAX (last->end, place.end);
      else
        g_array_index (places, PostilSpan, n++) = place;
    }
  g_array_set_size (places, n);
}

/**
 * postil_counterpart_find:
 * @alignment: the alignment of two texts
 * @a: the first one
 * @b: the second one
 * @from_b: whether @span is in the second text
 * @span: a passage, in code points
 *
 * Finds what says the same in the other text. Within a pair it is followed word by word; where it
 * has no word in common with the other side it is the whole of that. Echoes do not count. Takes
 * logarithmic time, and as much for each pair met as to compare its words.
 *
 * Returns: (transfer full) (element-type PostilSpan): its counterpart in the other text, in order,
 * without overlap; empty when there is none
 */
GArray *
postil_counterpart_find (const PostilAlignment *alignment,
                         PostilText *a,
                         PostilText *b,
                         gboolean from_b,
                         PostilSpan span)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  PostilText *const texts[] = { from_b ? b : a, from_b ? a : b };
  g_autoptr (GPtrArray) pairs = NULL;

  g_return_val_if_fail (alignment != NULL && a != NULL && b != NULL, places);

  pairs = postil_alignment_list_in (alignment, from_b, span);
  for (guint i = 0; i < pairs->len; i++)
    {
      const PostilPair *pair = g_ptr_array_index (pairs, i);
      PostilSpan here = from_b ? pair->b : pair->a, there = from_b ? pair->a : pair->b;
      PostilSpan met = { MAX (here.start, span.start), MIN (here.end, span.end) };

      if (postil_span_equal (met, here))
        g_array_append_val (places, there);
      else
        add_part (places, texts, here, there, met);
    }
  g_array_sort (places, compare_spans);
  merge (places);
  return places;
}
