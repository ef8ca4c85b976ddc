/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparison.h"

static gboolean
is_main (const PostilPair *pair)
{
  return pair->kind == POSTIL_PAIR_SAME || pair->kind == POSTIL_PAIR_REWORDED;
}

static int
is_echo (const PostilPair *pair)
{
  return pair != NULL && pair->kind == POSTIL_PAIR_ECHO;
}

static int
compare_by_a (gconstpointer x, gconstpointer y)
{
  const PostilComparisonRow *a = x, *b = y;

  if (a->a.start != b->a.start)
    return a->a.start < b->a.start ? -1 : 1;
  return is_echo (a->pair) - is_echo (b->pair);
}

static void
add_row (GArray *rows, PostilSpan a, PostilSpan b, const PostilPair *pair)
{
  PostilComparisonRow row = { a, b, pair };

  g_array_append_val (rows, row);
}

/**
 * postil_comparison_list_rows:
 * @alignment: an alignment, which must outlive the rows
 * @with_echoes: whether echoes are among them
 *
 * Puts two texts side by side: in the order of the first one, and what only the second one has
 * where it stands there, after what the first one has at that place. An echo follows what it
 * quotes, or is quoted by, in the first text.
 *
 * Returns: (transfer full) (element-type PostilComparisonRow): the rows
 */
GArray *
postil_comparison_list_rows (const PostilAlignment *alignment, gboolean with_echoes)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (PostilComparisonRow));
  g_autoptr (GArray) of_a = g_array_new (FALSE, FALSE, sizeof (PostilComparisonRow));
  guint n_only_b = 0;

  g_return_val_if_fail (alignment != NULL, rows);

  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);

      if (with_echoes || pair->kind != POSTIL_PAIR_ECHO)
        add_row (of_a, pair->a, pair->b, pair);
    }
  for (guint i = 0; i < alignment->only_a->len; i++)
    add_row (of_a, g_array_index (alignment->only_a, PostilSpan, i), (PostilSpan){ 0, 0 }, NULL);
  g_array_sort (of_a, compare_by_a);

  for (guint i = 0; i < of_a->len; i++)
    {
      const PostilComparisonRow *row = &g_array_index (of_a, PostilComparisonRow, i);

      while (row->pair != NULL && is_main (row->pair) && n_only_b < alignment->only_b->len &&
             g_array_index (alignment->only_b, PostilSpan, n_only_b).start < row->b.start)
        add_row (rows, (PostilSpan){ row->a.start, row->a.start },
                 g_array_index (alignment->only_b, PostilSpan, n_only_b++), NULL);
      g_array_append_val (rows, *row);
    }
  for (; n_only_b < alignment->only_b->len; n_only_b++)
    add_row (rows, (PostilSpan){ 0, 0 }, g_array_index (alignment->only_b, PostilSpan, n_only_b),
             NULL);
  return rows;
}

/**
 * postil_comparison_get_shares:
 * @alignment: an alignment
 * @of_b: whether of the second text
 *
 * Returns: how much of that text the other one has
 */
PostilComparisonShares
postil_comparison_get_shares (const PostilAlignment *alignment, gboolean of_b)
{
  PostilComparisonShares shares = { 0 };
  GArray *only;

  g_return_val_if_fail (alignment != NULL, shares);

  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);
      guint length = postil_span_length (of_b ? pair->b : pair->a);

      switch (pair->kind)
        {
        case POSTIL_PAIR_SAME:
          shares.same += length;
          break;
        case POSTIL_PAIR_REWORDED:
          shares.reworded += length;
          break;
        case POSTIL_PAIR_MOVED:
          shares.moved += length;
          break;
        case POSTIL_PAIR_ECHO:
          break;
        }
    }
  only = of_b ? alignment->only_b : alignment->only_a;
  for (guint i = 0; i < only->len; i++)
    shares.only += postil_span_length (g_array_index (only, PostilSpan, i));
  shares.length = shares.same + shares.reworded + shares.moved + shares.only;
  return shares;
}
