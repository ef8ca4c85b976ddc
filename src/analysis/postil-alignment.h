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
 * @decided: whether a person said that they are a pair; the score may then be 0
 *
 * A passage and its counterpart.
 */
typedef struct
{
  PostilSpan a;
  PostilSpan b;
  PostilPairKind kind;
  double score;
  gboolean decided;
} PostilPair;

/**
 * PostilDecision:
 * @a: a passage of the first text, in code points
 * @b: a passage of the second one
 * @paired: whether they are a pair; else they are none, nor any parts of them
 *
 * What a person decided of two passages.
 */
typedef struct
{
  PostilSpan a;
  PostilSpan b;
  gboolean paired;
} PostilDecision;

/**
 * PostilAlignment:
 * @pairs: (element-type PostilPair): by place in the first text, then in the second one; all but
 * echoes are apart from each other in both texts
 * @only_a: (element-type PostilSpan): the sentences of the first text without counterpart, in order
 * @only_b: (element-type PostilSpan): those of the second one
 *
 * Two texts read against each other. What an echo covers still counts as without counterpart.
 * Never changes once made; may be read in any thread.
 */
typedef struct
{
  GArray *pairs;
  GArray *only_a;
  GArray *only_b;
  /*< private >*/
  GArray *decisions;
  GArray *by_place[2];
  GArray *in_order;
  guint lengths[2];
} PostilAlignment;

#define POSTIL_TYPE_ALIGNMENT (postil_alignment_get_type ())
GType postil_alignment_get_type (void);

/**
 * PostilAlignmentProgress:
 * @fraction: from 0 to 1
 * @data: what the caller gave
 */
typedef void (*PostilAlignmentProgress) (double fraction, gpointer data);

PostilAlignment *postil_alignment_new (PostilText *a,
                                       PostilText *b,
                                       GArray *decisions,
                                       PostilAlignmentProgress progress,
                                       gpointer progress_data,
                                       GCancellable *cancellable);
PostilAlignment *postil_alignment_revise (PostilAlignment *before,
                                          PostilText *a_before,
                                          PostilText *b_before,
                                          PostilText *a,
                                          PostilText *b,
                                          GArray *decisions,
                                          PostilAlignmentProgress progress,
                                          gpointer progress_data,
                                          GCancellable *cancellable);
PostilAlignment *postil_alignment_ref (PostilAlignment *self);
void postil_alignment_unref (PostilAlignment *self);

const PostilPair *postil_alignment_find_pair (const PostilAlignment *self,
                                              gboolean of_b,
                                              guint offset);
GPtrArray *postil_alignment_list_in (const PostilAlignment *self, gboolean of_b, PostilSpan span);
guint postil_alignment_map (const PostilAlignment *self, gboolean of_b, guint offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAlignment, postil_alignment_unref)

G_END_DECLS
