/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-index.h"

G_BEGIN_DECLS

/**
 * PostilVersionKind:
 * @POSTIL_VERSION_COMES_BACK: is in the version only
 * @POSTIL_VERSION_GOES: is not in the version
 * @POSTIL_VERSION_CHANGES: is another one in the version
 *
 * What restoring a version does to an annotation.
 */
typedef enum
{
  POSTIL_VERSION_COMES_BACK,
  POSTIL_VERSION_GOES,
  POSTIL_VERSION_CHANGES,
  POSTIL_VERSION_N_KINDS
} PostilVersionKind;

/**
 * PostilVersionDifference:
 * @kind: what restoring does
 * @annotation: to which annotation; it is that of the version unless it goes
 */
typedef struct
{
  PostilVersionKind kind;
  PostilAnnotation *annotation;
} PostilVersionDifference;

/**
 * PostilVersionComparison:
 * @counts: how many annotations of each kind differ
 * @differences: (element-type PostilVersionDifference): the first of them
 *
 * What restoring a version of a document's annotations would do.
 */
typedef struct
{
  guint counts[POSTIL_VERSION_N_KINDS];
  GArray *differences;
} PostilVersionComparison;

PostilVersionComparison *postil_version_comparison_new (PostilAnnotationIndex *now,
                                                        PostilAnnotationIndex *then,
                                                        guint most);
void postil_version_comparison_free (PostilVersionComparison *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilVersionComparison, postil_version_comparison_free)

G_END_DECLS
