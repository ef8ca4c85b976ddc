/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationMap PostilAnnotationMap;

guint64 postil_annotation_map_hash (const char *id);

PostilAnnotationMap *postil_annotation_map_new (PostilAnnotation *const *annotations,
                                                const guint64 *hashes,
                                                guint n_annotations,
                                                gboolean *distinct);
PostilAnnotationMap *postil_annotation_map_ref (PostilAnnotationMap *self);
void postil_annotation_map_unref (PostilAnnotationMap *self);

PostilAnnotation *postil_annotation_map_lookup (const PostilAnnotationMap *self, const char *id);
PostilAnnotationMap *postil_annotation_map_insert (PostilAnnotationMap *self,
                                                   PostilAnnotation *annotation);
PostilAnnotationMap *postil_annotation_map_remove (PostilAnnotationMap *self, const char *id);

G_END_DECLS
