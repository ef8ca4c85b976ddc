/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-index.h"
#include "postil-comparison.h"

G_BEGIN_DECLS

/**
 * PostilOmission:
 * @span: sentences that stand one after another, in code points
 * @n_words: how many words they have
 *
 * What one text says and the other leaves out.
 */
typedef struct
{
  PostilSpan span;
  guint n_words;
} PostilOmission;

/**
 * PostilSummarySide:
 * @shares: how much of the text the other one has, in code points
 * @n_same: how many pairs say the same in the same words
 * @n_reworded: how many in other words
 * @n_moved: how many stand at another place
 * @omissions: (element-type PostilOmission): what the other text leaves out, the longest first
 *
 * One of two texts as the other one has it.
 */
typedef struct
{
  PostilComparisonShares shares;
  guint n_same;
  guint n_reworded;
  guint n_moved;
  GArray *omissions;
} PostilSummarySide;

/**
 * PostilSummaryPassage:
 * @annotations: an annotation of either text with the topic; %NULL when a text has no such
 * annotation there
 * @places: where it stands in either text, in code points; empty when a text lacks the passage
 *
 * A passage with a topic, in one text or in both.
 */
typedef struct
{
  PostilAnnotation *annotations[2];
  PostilSpan places[2];
} PostilSummaryPassage;

/**
 * PostilSummaryTopic:
 * @topic: its id
 * @both: (element-type PostilSummaryPassage): passages that both texts have, in the order of the
 * first one
 * @only: (element-type PostilSummaryPassage): for either text, those that the other one leaves out
 *
 * How a topic falls in two texts.
 */
typedef struct
{
  const char *topic;
  GArray *both;
  GArray *only[2];
} PostilSummaryTopic;

/**
 * PostilComparisonSummary:
 * @sides: both texts
 * @topics: (element-type PostilSummaryTopic): the topics of their annotations, by id
 *
 * What a comparison of two texts comes to.
 */
typedef struct
{
  PostilSummarySide sides[2];
  GPtrArray *topics;
  /*< private >*/
  PostilAnnotationIndex *annotations[2];
} PostilComparisonSummary;

PostilComparisonSummary *postil_comparison_summary_new (PostilAlignment *alignment,
                                                        PostilText *a,
                                                        PostilAnnotationIndex *of_a,
                                                        PostilText *b,
                                                        PostilAnnotationIndex *of_b,
                                                        GCancellable *cancellable);
void postil_comparison_summary_free (PostilComparisonSummary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilComparisonSummary, postil_comparison_summary_free)

G_END_DECLS
