/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-document.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_ROW (postil_annotation_row_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationRow, postil_annotation_row, POSTIL, ANNOTATION_ROW, GObject)

PostilAnnotationRow *postil_annotation_row_get (GHashTable *rows,
                                                PostilDocument *document,
                                                PostilAnnotation *annotation);

void postil_annotation_row_follow (GHashTable *rows,
                                   PostilAnnotation *before,
                                   PostilAnnotation *after);

void postil_annotation_row_set_annotation (PostilAnnotationRow *self,
                                           PostilDocument *document,
                                           PostilAnnotation *annotation);

PostilDocument *postil_annotation_row_get_document (PostilAnnotationRow *self);
PostilAnnotation *postil_annotation_row_get_annotation (PostilAnnotationRow *self);

G_END_DECLS
