/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-rows.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationListing PostilAnnotationListing;

PostilAnnotationListing *postil_annotation_listing_new (const GPtrArray *parts);
PostilAnnotationListing *postil_annotation_listing_ref (PostilAnnotationListing *self);
void postil_annotation_listing_unref (PostilAnnotationListing *self);

PostilAnnotation *postil_annotation_listing_get (const PostilAnnotationListing *self,
                                                 guint position,
                                                 PostilDocument **document);
gboolean postil_annotation_listing_find (const PostilAnnotationListing *self,
                                         PostilDocument *document,
                                         PostilAnnotation *annotation,
                                         guint *position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationListing, postil_annotation_listing_unref)

G_END_DECLS
