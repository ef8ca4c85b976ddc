/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-sorting.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationRows:
 * @sorting: the order of the annotations
 * @index: annotations of its documents in that order; for reading order the index of its one
 * document, else a sorted one
 * @matches: (nullable) (element-type PostilAnnotationEntry): those of them that a filter lets
 * through, in the same order; %NULL without a filter
 * @rest: (nullable): with a filter, what is listed behind @matches until that has been there: the
 * annotations of another index
 * @n_gone: but for so many of the first of @rest
 *
 * What may be listed of some documents.
 */
typedef struct
{
  PostilAnnotationSorting *sorting;
  PostilAnnotationIndex *index;
  GArray *matches;
  PostilAnnotationIndex *rest;
  guint n_gone;
} PostilAnnotationRows;

guint postil_annotation_rows_count (const PostilAnnotationRows *self);
void postil_annotation_rows_get_entry (const PostilAnnotationRows *self,
                                       guint position,
                                       PostilAnnotationEntry *entry);
PostilAnnotation *postil_annotation_rows_get (const PostilAnnotationRows *self,
                                              guint position,
                                              PostilDocument **document);
gboolean postil_annotation_rows_find_entry (const PostilAnnotationRows *self,
                                            const PostilAnnotationEntry *entry,
                                            guint *position);
void postil_annotation_rows_gather (PostilAnnotationRows *self);

G_END_DECLS
