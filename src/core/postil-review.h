/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-moment.h"
#include "postil-review-counts.h"

G_BEGIN_DECLS

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

gboolean postil_review_accept (PostilStep *step,
                               PostilDocument *document,
                               PostilAnnotation *annotation);
guint postil_review_accept_sure (PostilStep *step, const PostilMoment *moment);
gboolean postil_review_choose (PostilStep *step,
                               PostilDocument *document,
                               PostilAnnotation *version,
                               PostilReviewChoice choice);

G_END_DECLS
