/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-index.h"
#include "postil-codebook.h"
#include "postil-document.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationOrder:
 * @POSTIL_ORDER_PLACE: reading order
 * @POSTIL_ORDER_TOPIC: by the topic that comes first in the codebook; those without one last
 * @POSTIL_ORDER_PERSON: by the name of who made them; those of nobody that is known last
 * @POSTIL_ORDER_NEWEST: what was changed, or else made, last comes first
 * @POSTIL_ORDER_LONGEST: of what most code points are marked comes first
 *
 * What annotations of some documents are sorted by. Those that are alike in it stay as they are:
 * the documents in their order, those of a document in reading order.
 */
typedef enum
{
  POSTIL_ORDER_PLACE,
  POSTIL_ORDER_TOPIC,
  POSTIL_ORDER_PERSON,
  POSTIL_ORDER_NEWEST,
  POSTIL_ORDER_LONGEST
} PostilAnnotationOrder;

#define POSTIL_TYPE_ANNOTATION_ORDER (postil_annotation_order_get_type ())
GType postil_annotation_order_get_type (void);

typedef struct _PostilAnnotationSorting PostilAnnotationSorting;

PostilAnnotationSorting *postil_annotation_sorting_new (PostilAnnotationOrder order,
                                                        PostilDocument *const *documents,
                                                        guint n_documents,
                                                        PostilCodebook *codebook);
PostilAnnotationSorting *postil_annotation_sorting_ref (PostilAnnotationSorting *self);
void postil_annotation_sorting_unref (PostilAnnotationSorting *self);

gboolean postil_annotation_sorting_equal (PostilAnnotationSorting *a, PostilAnnotationSorting *b);
PostilAnnotationOrder postil_annotation_sorting_get_order (PostilAnnotationSorting *self);
PostilDocument *postil_annotation_sorting_get_document (PostilAnnotationSorting *self,
                                                        guint number);
gboolean postil_annotation_sorting_has_document (PostilAnnotationSorting *self,
                                                 PostilDocument *document);
guint postil_annotation_sorting_count_documents (PostilAnnotationSorting *self);
gboolean postil_annotation_sorting_place (PostilAnnotationSorting *self,
                                          PostilDocument *document,
                                          PostilAnnotation *annotation,
                                          PostilAnnotationEntry *entry);
PostilAnnotationIndex *postil_annotation_sorting_sort (PostilAnnotationSorting *self,
                                                       PostilAnnotationIndex *const *indexes,
                                                       GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationSorting, postil_annotation_sorting_unref)

G_END_DECLS
