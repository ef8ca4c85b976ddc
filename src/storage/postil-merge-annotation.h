/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation.h"
#include "postil-merge-values.h"
#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilMergeText:
 * @text: (nullable): the text, where it is known
 * @sha256: (nullable): SHA-256 of its file
 *
 * The text that one side's positions are true for.
 */
typedef struct
{
  PostilText *text;
  const char *sha256;
} PostilMergeText;

PostilAnnotation *postil_merge_annotation (PostilAnnotation *const *annotations,
                                           const PostilMergeText *texts,
                                           PostilMergeSide text,
                                           PostilAnnotation **version,
                                           PostilMergeSide *places);
PostilAnnotation *postil_merge_annotation_leave_text (PostilAnnotation *annotation,
                                                      const char *sha256);

G_END_DECLS
