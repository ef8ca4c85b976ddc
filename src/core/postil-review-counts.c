/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-counts.h"

/**
 * postil_review_get_kinds:
 * @annotation: an annotation
 *
 * Returns: why a person should look at it; 0 when there is no reason, as with a link
 */
PostilReviewKinds
postil_review_get_kinds (PostilAnnotation *annotation)
{
  static const PostilReviewKinds kinds[] = {
    [POSTIL_STATUS_PLACED] = 0,
    [POSTIL_STATUS_MOVED] = POSTIL_REVIEW_MOVED,
    [POSTIL_STATUS_UNCERTAIN] = POSTIL_REVIEW_UNCERTAIN,
    [POSTIL_STATUS_ORPHANED] = POSTIL_REVIEW_ORPHANED,
  };

  g_return_val_if_fail (annotation != NULL, 0);

  if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_LINK)
    return 0;
  return kinds[postil_annotation_get_status (annotation)] |
         (postil_annotation_get_version_of (annotation) ? POSTIL_REVIEW_VERSIONS : 0);
}

/**
 * postil_review_counts_change:
 * @self: counts
 * @annotation: an annotation
 * @by: 1 when it is there now, -1 when it is there no more
 */
void
postil_review_counts_change (PostilReviewCounts *self, PostilAnnotation *annotation, int by)
{
  PostilReviewKinds kinds;

  g_return_if_fail (self != NULL && annotation != NULL);

  kinds = postil_review_get_kinds (annotation);
  if (kinds == 0)
    return;
  self->n += by;
  if (kinds & POSTIL_REVIEW_MOVED)
    self->n_moved += by;
  if (kinds & POSTIL_REVIEW_UNCERTAIN)
    self->n_uncertain += by;
  if (kinds & POSTIL_REVIEW_ORPHANED)
    self->n_orphaned += by;
  if (kinds & POSTIL_REVIEW_VERSIONS)
    self->n_versions += by;
}

/**
 * postil_review_counts_add:
 * @self: counts
 * @other: those of another document
 */
void
postil_review_counts_add (PostilReviewCounts *self, const PostilReviewCounts *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  self->n += other->n;
  self->n_moved += other->n_moved;
  self->n_uncertain += other->n_uncertain;
  self->n_orphaned += other->n_orphaned;
  self->n_versions += other->n_versions;
}
