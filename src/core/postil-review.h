/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-workspace.h"

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

/**
 * PostilReviewChoice:
 * @POSTIL_REVIEW_KEEP_VERSION: the other version takes the place of the first
 * @POSTIL_REVIEW_KEEP_FIRST: the other version goes
 * @POSTIL_REVIEW_KEEP_BOTH: both stay, as two annotations
 *
 * What becomes of two versions of an annotation.
 */
typedef enum
{
  POSTIL_REVIEW_KEEP_VERSION,
  POSTIL_REVIEW_KEEP_FIRST,
  POSTIL_REVIEW_KEEP_BOTH
} PostilReviewChoice;

PostilReviewKinds postil_review_get_kinds (PostilAnnotation *annotation);
void postil_review_count (PostilReviewCounts *counts, PostilAnnotationIndex *annotations);
void postil_review_follow (PostilReviewCounts *counts,
                           const PostilChange *changes,
                           guint n_changes);

gboolean postil_review_accept (PostilStep *step,
                               PostilDocument *document,
                               PostilAnnotation *annotation);
guint postil_review_accept_sure (PostilWorkspace *workspace, PostilStep *step);
gboolean postil_review_choose (PostilStep *step,
                               PostilDocument *document,
                               PostilAnnotation *version,
                               PostilReviewChoice choice);

G_END_DECLS
