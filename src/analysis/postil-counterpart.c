/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-counterpart.h"

#include <string.h>

#include "postil-folding.h"
#include "postil-word-diff.h"

/* One side of a pair: where in its text, and its words. */
typedef struct
{
  PostilText *text;
  PostilSpan span;
  char *utf8;
} Side;

static Side
side_new (PostilText *text, PostilSpan span)
{
  return (Side){ text, span, postil_text_dup_range (text, span) };
}

/* How many folded units that are no blanks stand from @start to @end of a side, in code points. */
static guint
count_units (const Side *side, guint start, guint end)
{
  const char *p = g_utf8_offset_to_pointer (side->utf8, start);
  guint n = 0;

  for (guint at = start; at < end; at++, p = g_utf8_next_char (p))
    {
      const PostilFold *fold = postil_folding_get (g_utf8_get_char (p));

      if (fold->n_units > 0 && fold->units[0] != ' ')
        n += fold->n_units;
    }
  return n;
}

/* Where in @run of @side as many units have passed. */
static guint
skip_units (const Side *side, PostilSpan run, guint n, gboolean past_blanks)
{
  const char *p = g_utf8_offset_to_pointer (side->utf8, run.start);
  guint at = run.start;

  for (; at < run.end; at++, p = g_utf8_next_char (p))
    {
      const PostilFold *fold = postil_folding_get (g_utf8_get_char (p));
      gboolean counts = fold->n_units > 0 && fold->units[0] != ' ';

      if (n == 0 && (counts || !past_blanks))
        break;
      if (counts)
        n -= MIN (n, fold->n_units);
    }
  return at;
}

/* Where what stands at @span of one side stands on the other, both from the start of their side;
 * runs that were replaced stand for each other.
 */
static gboolean
follow (const Side *from, const Side *to, GArray *runs, PostilSpan span, PostilSpan *place)
{
  *place = (PostilSpan){ G_MAXUINT, 0 };
  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);
      PostilSpan met = { MAX (run->a.start, span.start), MIN (run->a.end, span.end) };

      if (run->kind == POSTIL_WORD_RUN_SAME && met.start < met.end)
        {
          guint before = count_units (from, run->a.start, met.start);
          guint until = count_units (from, run->a.start, met.end);

          place->start = MIN (place->start, skip_units (to, run->b, before, TRUE));
          place->end = MAX (place->end, skip_units (to, run->b, until, FALSE));
        }
      else if (run->kind == POSTIL_WORD_RUN_REMOVED && met.start < met.end && i + 1 < runs->len &&
               g_array_index (runs, PostilWordRun, i + 1).kind == POSTIL_WORD_RUN_ADDED)
        {
          PostilSpan instead = g_array_index (runs, PostilWordRun, i + 1).b;

          place->start = MIN (place->start, instead.start);
          place->end = MAX (place->end, instead.end);
        }
    }
  return place->start < place->end;
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const PostilSpan *x = a, *y = b;

  return x->start < y->start ? -1 : x->start > y->start;
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
 * has no word in common with the other side it is the whole of that. Echoes do not count.
 *
 * Returns: (transfer full) (element-type PostilSpan): its counterpart in the other text, in order;
 * empty when there is none
 */
GArray *
postil_counterpart_find (const PostilAlignment *alignment,
                         PostilText *a,
                         PostilText *b,
                         gboolean from_b,
                         PostilSpan span)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (PostilSpan));

  g_return_val_if_fail (alignment != NULL && a != NULL && b != NULL, places);

  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);
      PostilSpan here = from_b ? pair->b : pair->a, there = from_b ? pair->a : pair->b;
      PostilSpan met = { MAX (here.start, span.start), MIN (here.end, span.end) }, place;
      g_autoptr (GArray) runs = NULL;
      Side from, to;

      if (pair->kind == POSTIL_PAIR_ECHO || met.start >= met.end)
        continue;
      if (met.start > here.start || met.end < here.end)
        {
          from = side_new (from_b ? b : a, here);
          to = side_new (from_b ? a : b, there);
          runs = postil_word_diff (from.utf8, strlen (from.utf8), to.utf8, strlen (to.utf8));
          met = (PostilSpan){ met.start - here.start, met.end - here.start };
          if (follow (&from, &to, runs, met, &place))
            there = (PostilSpan){ there.start + place.start, there.start + place.end };
          g_free (from.utf8);
          g_free (to.utf8);
        }
      g_array_append_val (places, there);
    }
  g_array_sort (places, compare_spans);
  return places;
}
