/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilPairKind:
 * @POSTIL_PAIR_SAME: both sides say the same in the same words
 * @POSTIL_PAIR_REWORDED: they say it in other words
 * @POSTIL_PAIR_MOVED: they stand in another order than what is around them
 * @POSTIL_PAIR_ECHO: one side quotes a part of the other again, beside its main place
 */
typedef enum
{
  POSTIL_PAIR_SAME,
  POSTIL_PAIR_REWORDED,
  POSTIL_PAIR_MOVED,
  POSTIL_PAIR_ECHO
} PostilPairKind;

/**
 * PostilPair:
 * @a: the passage in the first text, in code points
 * @b: its counterpart in the second one
 * @kind: how they differ
 * @score: from 0 to 1: the share of the words' weight that both have (of an echo: that the quoting
 * side has from the other), where rare words weigh more; 1 when they are the same
 *
 * A passage and its counterpart.
 */
typedef struct
{
  PostilSpan a;
  PostilSpan b;
  PostilPairKind kind;
  double score;
} PostilPair;

/**
 * PostilAlignment:
 * @pairs: (element-type PostilPair): by place in the first text, then in the second one
 * @only_a: (element-type PostilSpan): the sentences of the first text without counterpart, in order
 * @only_b: (element-type PostilSpan): those of the second one
 *
 * Two texts read against each other. What an echo covers still counts as without counterpart.
 */
typedef struct
{
  GArray *pairs;
  GArray *only_a;
  GArray *only_b;
} PostilAlignment;

/**
 * PostilAlignmentProgress:
 * @fraction: from 0 to 1
 * @data: what the caller gave
 */
typedef void (*PostilAlignmentProgress) (double fraction, gpointer data);

PostilAlignment *postil_alignment_new (PostilText *a,
                                       PostilText *b,
                                       PostilAlignmentProgress progress,
                                       gpointer progress_data,
                                       GCancellable *cancellable);
void postil_alignment_free (PostilAlignment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAlignment, postil_alignment_free)

G_END_DECLS
