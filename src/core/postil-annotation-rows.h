/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-index.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationRows:
 * @index: annotations of a document
 * @matches: (nullable) (element-type PostilAnnotation): those of them that a filter lets through,
 * in the same order; %NULL without a filter
 * @rest: (nullable): with a filter, what is listed behind @matches until that has been there: the
 * annotations of another index
 * @n_gone: but for so many of the first of @rest
 *
 * What may be listed of a document.
 */
typedef struct
{
  PostilAnnotationIndex *index;
  GArray *matches;
  PostilAnnotationIndex *rest;
  guint n_gone;
} PostilAnnotationRows;

guint postil_annotation_rows_count (const PostilAnnotationRows *self);
PostilAnnotation *postil_annotation_rows_get (const PostilAnnotationRows *self, guint position);
gboolean postil_annotation_rows_find (const PostilAnnotationRows *self,
                                      PostilAnnotation *annotation,
                                      guint *position);
void postil_annotation_rows_gather (PostilAnnotationRows *self);

G_END_DECLS
