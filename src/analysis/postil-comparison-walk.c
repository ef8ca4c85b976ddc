/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparison-walk.h"

/*
 * PostilComparisonWalk: the rows of two texts side by side, with echoes, to be gone through: all of
 * them, or one kind, from any place in either text. Owned by who shows the comparison; belongs to
 * one alignment and never changes. A row is known by its number in the order of the first text.
 */
struct _PostilComparisonWalk
{
  PostilAlignment *alignment;
  GArray *rows;
  /* Numbers of rows, ascending, that pass each filter. */
  GArray *passing[POSTIL_COMPARISON_N_FILTERS];
  /* Numbers of the rows of each text but echoes, by place in it. */
  GArray *by_place[2];
  /* What of each text echoes cover, apart from each other, by place in it. */
  GArray *echoed[2];
  /* For each pair of the alignment the number of its row. */
  guint *rows_of_pairs;
};

static const PostilComparisonRow *
get_row (PostilComparisonWalk *self, guint row)
{
  return &g_array_index (self->rows, PostilComparisonRow, row);
}

static PostilSpan
get_side (const PostilComparisonRow *row, gboolean of_b)
{
  return of_b ? row->b : row->a;
}

static gboolean
passes (const PostilComparisonRow *row, PostilComparisonFilter filter)
{
  switch (filter)
    {
    case POSTIL_COMPARISON_ALL:
      return TRUE;
    case POSTIL_COMPARISON_OMISSIONS:
      return row->pair == NULL;
    case POSTIL_COMPARISON_REWORDINGS:
      return row->pair != NULL && row->pair->kind == POSTIL_PAIR_REWORDED;
    case POSTIL_COMPARISON_MOVES:
      return row->pair != NULL &&
             (row->pair->kind == POSTIL_PAIR_MOVED || row->pair->kind == POSTIL_PAIR_ECHO);
    case POSTIL_COMPARISON_DIFFERENCES:
      return row->pair == NULL || row->pair->kind != POSTIL_PAIR_SAME;
    default:
      g_assert_not_reached ();
    }
}

static int
compare_in_b (gconstpointer x, gconstpointer y, gpointer data)
{
  PostilComparisonWalk *self = data;
  guint a = get_row (self, *(const guint *) x)->b.start;
  guint b = get_row (self, *(const guint *) y)->b.start;

  return a < b ? -1 : a > b;
}

static int
compare_spans (gconstpointer x, gconstpointer y)
{
  const PostilSpan *a = x, *b = y;

  return a->start < b->start ? -1 : a->start > b->start;
}

/* Makes one of passages that overlap. */
static void
join (GArray *spans)
{
  guint n = 0;

  g_array_sort (spans, compare_spans);
  for (guint i = 0; i < spans->len; i++)
    {
      PostilSpan span = g_array_index (spans, PostilSpan, i);
      PostilSpan *last = n > 0 ? &g_array_index (spans, PostilSpan, n - 1) : NULL;

      if (last && span.start < last->end)
        last->end = MAX (last->end, span.end);
      else
        g_array_index (spans, PostilSpan, n++) = span;
    }
  g_array_set_size (spans, n);
}

/* How many of @rows, numbers in order, come before @row. */
static guint
count_before (GArray *rows, guint row)
{
  guint low = 0, high = rows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (rows, guint, middle) < row)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * postil_comparison_walk_new:
 * @alignment: (transfer none): two texts read against each other
 *
 * Returns: (transfer full): their rows
 */
PostilComparisonWalk *
postil_comparison_walk_new (PostilAlignment *alignment)
{
  PostilComparisonWalk *self;

  g_return_val_if_fail (alignment != NULL, NULL);

  self = g_new0 (PostilComparisonWalk, 1);
  self->alignment = postil_alignment_ref (alignment);
  self->rows = postil_comparison_list_rows (alignment, TRUE);
  for (guint filter = 0; filter < POSTIL_COMPARISON_N_FILTERS; filter++)
    self->passing[filter] = g_array_new (FALSE, FALSE, sizeof (guint));
  self->rows_of_pairs = g_new (guint, alignment->pairs->len);
  for (guint side = 0; side < 2; side++)
    {
      self->by_place[side] = g_array_new (FALSE, FALSE, sizeof (guint));
      self->echoed[side] = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      const PostilComparisonRow *row = get_row (self, i);

      if (row->pair != NULL)
        self->rows_of_pairs[row->pair - (const PostilPair *) alignment->pairs->data] = i;
      for (guint filter = 0; filter < POSTIL_COMPARISON_N_FILTERS; filter++)
        if (passes (row, filter))
          g_array_append_val (self->passing[filter], i);
      for (guint side = 0; side < 2; side++)
        {
          PostilSpan span = get_side (row, side);

          if (row->pair != NULL && row->pair->kind == POSTIL_PAIR_ECHO)
            g_array_append_val (self->echoed[side], span);
          else if (postil_span_length (span) > 0)
            g_array_append_val (self->by_place[side], i);
        }
    }
  g_array_sort_with_data (self->by_place[1], compare_in_b, self);
  join (self->echoed[0]);
  join (self->echoed[1]);

  return self;
}

void
postil_comparison_walk_free (PostilComparisonWalk *self)
{
  for (guint filter = 0; filter < POSTIL_COMPARISON_N_FILTERS; filter++)
    g_array_unref (self->passing[filter]);
  for (guint side = 0; side < 2; side++)
    {
      g_array_unref (self->by_place[side]);
      g_array_unref (self->echoed[side]);
    }
  g_free (self->rows_of_pairs);
  g_array_unref (self->rows);
  postil_alignment_unref (self->alignment);
  g_free (self);
}

/**
 * postil_comparison_walk_count:
 * @self: a walk
 * @filter: which rows
 *
 * Returns: how many there are
 */
guint
postil_comparison_walk_count (PostilComparisonWalk *self, PostilComparisonFilter filter)
{
  g_return_val_if_fail (self != NULL && filter < POSTIL_COMPARISON_N_FILTERS, 0);

  return self->passing[filter]->len;
}

/**
 * postil_comparison_walk_get:
 * @self: a walk
 * @row: number of a row, or %POSTIL_COMPARISON_NONE
 *
 * Returns: (transfer none) (nullable): that row
 */
const PostilComparisonRow *
postil_comparison_walk_get (PostilComparisonWalk *self, guint row)
{
  g_return_val_if_fail (self != NULL, NULL);

  return row < self->rows->len ? get_row (self, row) : NULL;
}

/**
 * postil_comparison_walk_find:
 * @self: a walk
 * @of_b: whether in the second text
 * @offset: a place in it, in code points
 *
 * Returns: the row, not an echo, that has this place, or else the last one before it, or else the
 * first one of that text; %POSTIL_COMPARISON_NONE when it has none
 */
guint
postil_comparison_walk_find (PostilComparisonWalk *self, gboolean of_b, guint offset)
{
  GArray *rows;
  guint low = 0, high;

  g_return_val_if_fail (self != NULL, POSTIL_COMPARISON_NONE);

  rows = self->by_place[of_b != FALSE];
  if (rows->len == 0)
    return POSTIL_COMPARISON_NONE;
  high = rows->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_side (get_row (self, g_array_index (rows, guint, middle)), of_b).start <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return g_array_index (rows, guint, MAX (low, 1) - 1);
}

/**
 * postil_comparison_walk_find_pair:
 * @self: a walk
 * @pair: a pair of its alignment
 *
 * Returns: the row of that pair
 */
guint
postil_comparison_walk_find_pair (PostilComparisonWalk *self, const PostilPair *pair)
{
  gsize i;

  g_return_val_if_fail (self != NULL && pair != NULL, POSTIL_COMPARISON_NONE);

  i = pair - (const PostilPair *) self->alignment->pairs->data;
  g_return_val_if_fail (i < self->alignment->pairs->len, POSTIL_COMPARISON_NONE);
  return self->rows_of_pairs[i];
}

/**
 * postil_comparison_walk_is_echoed:
 * @self: a walk
 * @of_b: whether @span is in the second text
 * @span: a passage, in code points
 *
 * Returns: whether an echo quotes a part of it, or a part of it quotes
 */
gboolean
postil_comparison_walk_is_echoed (PostilComparisonWalk *self, gboolean of_b, PostilSpan span)
{
  GArray *echoed;
  guint low = 0, high;

  g_return_val_if_fail (self != NULL, FALSE);

  echoed = self->echoed[of_b != FALSE];
  high = echoed->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (echoed, PostilSpan, middle).end <= span.start)
        low = middle + 1;
      else
        high = middle;
    }
  return low < echoed->len && postil_span_touches (g_array_index (echoed, PostilSpan, low), span);
}

/**
 * postil_comparison_walk_step:
 * @self: a walk
 * @filter: which rows to go through
 * @row: the row to go from, which need not pass; %POSTIL_COMPARISON_NONE for before the first one
 * or behind the last one
 * @by: 1 for the next one, -1 for the previous one
 *
 * Returns: the row that it leads to, %POSTIL_COMPARISON_NONE when there is no further one
 */
guint
postil_comparison_walk_step (PostilComparisonWalk *self,
                             PostilComparisonFilter filter,
                             guint row,
                             int by)
{
  GArray *passing;
  guint place;

  g_return_val_if_fail (self != NULL && filter < POSTIL_COMPARISON_N_FILTERS,
                        POSTIL_COMPARISON_NONE);

  passing = self->passing[filter];
  if (by > 0)
    place = row == POSTIL_COMPARISON_NONE ? 0 : count_before (passing, row + 1);
  else
    /* An unsigned number below 0 is above their number, too. */
    place = count_before (passing, row) - 1;
  return place < passing->len ? g_array_index (passing, guint, place) : POSTIL_COMPARISON_NONE;
}

/**
 * postil_comparison_walk_get_position:
 * @self: a walk
 * @filter: which rows
 * @row: number of a row
 *
 * Returns: how many of these rows come before it; %POSTIL_COMPARISON_NONE when it is none of them
 */
guint
postil_comparison_walk_get_position (PostilComparisonWalk *self,
                                     PostilComparisonFilter filter,
                                     guint row)
{
  GArray *passing;
  guint place;

  g_return_val_if_fail (self != NULL && filter < POSTIL_COMPARISON_N_FILTERS,
                        POSTIL_COMPARISON_NONE);

  passing = self->passing[filter];
  place = count_before (passing, row);
  return place < passing->len && g_array_index (passing, guint, place) == row
           ? place
           : POSTIL_COMPARISON_NONE;
}
