/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation.h"

G_BEGIN_DECLS

/**
 * PostilReviewKinds:
 * @POSTIL_REVIEW_MOVED: its passage was found in the changed text
 * @POSTIL_REVIEW_UNCERTAIN: its place in the changed text is a best guess
 * @POSTIL_REVIEW_ORPHANED: its passage was not found in the changed text
 * @POSTIL_REVIEW_VERSIONS: it is the other version of an annotation that two people changed
 * @POSTIL_REVIEW_ALL: any of these
 *
 * Why a person should look at an annotation.
 */
typedef enum
{
  POSTIL_REVIEW_MOVED = 1 << 0,
  POSTIL_REVIEW_UNCERTAIN = 1 << 1,
  POSTIL_REVIEW_ORPHANED = 1 << 2,
  POSTIL_REVIEW_VERSIONS = 1 << 3,
  POSTIL_REVIEW_ALL = (1 << 4) - 1
} PostilReviewKinds;

/**
 * PostilReviewCounts:
 * @n: how many annotations a person should look at
 * @n_moved: how many of them moved
 * @n_uncertain: how many have a best guess for a place
 * @n_orphaned: how many were not found
 * @n_versions: how many are the other version of one
 *
 * What there is to review.
 */
typedef struct
{
  guint n;
  guint n_moved;
  guint n_uncertain;
  guint n_orphaned;
  guint n_versions;
} PostilReviewCounts;

PostilReviewKinds postil_review_get_kinds (PostilAnnotation *annotation);

void postil_review_counts_change (PostilReviewCounts *self, PostilAnnotation *annotation, int by);
void postil_review_counts_add (PostilReviewCounts *self, const PostilReviewCounts *other);

G_END_DECLS
