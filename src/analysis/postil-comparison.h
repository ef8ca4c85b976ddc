/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"

G_BEGIN_DECLS

/**
 * PostilComparisonRow:
 * @a: a passage of the first text; empty where only the second one has something
 * @b: a passage of the second text; empty where only the first one has something
 * @pair: (nullable): the pair that they are, %NULL when there is no counterpart
 *
 * One row of two texts side by side.
 */
typedef struct
{
  PostilSpan a;
  PostilSpan b;
  const PostilPair *pair;
} PostilComparisonRow;

/**
 * PostilComparisonShares:
 * @length: code points of all sentences
 * @same: of these, how many have a counterpart in the same words
 * @reworded: in other words
 * @moved: at another place
 * @only: how many have none
 *
 * How much of a text the other one has.
 */
typedef struct
{
  guint length;
  guint same;
  guint reworded;
  guint moved;
  guint only;
} PostilComparisonShares;

GArray *postil_comparison_list_rows (const PostilAlignment *alignment, gboolean with_echoes);
PostilComparisonShares postil_comparison_get_shares (const PostilAlignment *alignment,
                                                     gboolean of_b);

G_END_DECLS
