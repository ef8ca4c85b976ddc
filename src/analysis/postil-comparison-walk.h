/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-comparison.h"

G_BEGIN_DECLS

/**
 * PostilComparisonFilter:
 * @POSTIL_COMPARISON_ALL: every row
 * @POSTIL_COMPARISON_OMISSIONS: what only one of the texts has
 * @POSTIL_COMPARISON_REWORDINGS: what both say in other words
 * @POSTIL_COMPARISON_MOVES: what stands elsewhere, and what is quoted again
 * @POSTIL_COMPARISON_DIFFERENCES: every row but those that say the same
 *
 * Which rows of a comparison are gone through.
 */
typedef enum
{
  POSTIL_COMPARISON_ALL,
  POSTIL_COMPARISON_OMISSIONS,
  POSTIL_COMPARISON_REWORDINGS,
  POSTIL_COMPARISON_MOVES,
  POSTIL_COMPARISON_DIFFERENCES
} PostilComparisonFilter;

#define POSTIL_COMPARISON_N_FILTERS 5

/* What stands for no row. */
#define POSTIL_COMPARISON_NONE G_MAXUINT

typedef struct _PostilComparisonWalk PostilComparisonWalk;

PostilComparisonWalk *postil_comparison_walk_new (PostilAlignment *alignment);
void postil_comparison_walk_free (PostilComparisonWalk *self);

guint postil_comparison_walk_count (PostilComparisonWalk *self, PostilComparisonFilter filter);
const PostilComparisonRow *postil_comparison_walk_get (PostilComparisonWalk *self, guint row);
guint postil_comparison_walk_find (PostilComparisonWalk *self, gboolean of_b, guint offset);
guint postil_comparison_walk_find_pair (PostilComparisonWalk *self, const PostilPair *pair);
gboolean postil_comparison_walk_is_echoed (PostilComparisonWalk *self,
                                           gboolean of_b,
                                           PostilSpan span);
guint postil_comparison_walk_step (PostilComparisonWalk *self,
                                   PostilComparisonFilter filter,
                                   guint row,
                                   int by);
guint postil_comparison_walk_get_position (PostilComparisonWalk *self,
                                           PostilComparisonFilter filter,
                                           guint row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilComparisonWalk, postil_comparison_walk_free)

G_END_DECLS
