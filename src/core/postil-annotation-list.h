/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_ROW (postil_annotation_row_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationRow, postil_annotation_row, POSTIL, ANNOTATION_ROW, GObject)

PostilDocument *postil_annotation_row_get_document (PostilAnnotationRow *self);
PostilAnnotation *postil_annotation_row_get_annotation (PostilAnnotationRow *self);

/**
 * PostilAnnotationFilter:
 * @document: only annotations of this document, or %NULL for all
 * @topic: only annotations with this topic or one below it, or %NULL for all
 * @text: only annotations whose passage, note or topic holds these words, or %NULL for all
 * @unplaced: only annotations that are moved, uncertain or orphaned
 */
typedef struct
{
  PostilDocument *document;
  const char *topic;
  const char *text;
  gboolean unplaced;
} PostilAnnotationFilter;

#define POSTIL_TYPE_ANNOTATION_LIST (postil_annotation_list_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationList,
                      postil_annotation_list,
                      POSTIL,
                      ANNOTATION_LIST,
                      GObject)

PostilAnnotationList *postil_annotation_list_new (PostilWorkspace *workspace);
void postil_annotation_list_set_filter (PostilAnnotationList *self,
                                        const PostilAnnotationFilter *filter);
gboolean postil_annotation_list_find (PostilAnnotationList *self, const char *id, guint *position);

G_END_DECLS
