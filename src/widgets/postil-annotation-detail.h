/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_DETAIL (postil_annotation_detail_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationDetail,
                      postil_annotation_detail,
                      POSTIL,
                      ANNOTATION_DETAIL,
                      GtkWidget)

/*
 * One annotation, open for its topics and one's own note. Signal: "done" (): a person left it by
 * the keyboard.
 */
GtkWidget *postil_annotation_detail_new (void);
void postil_annotation_detail_show (PostilAnnotationDetail *self,
                                    PostilWorkspace *workspace,
                                    PostilDocument *document,
                                    const char *annotation);
PostilDocument *postil_annotation_detail_get_document (PostilAnnotationDetail *self);
PostilAnnotation *postil_annotation_detail_get_annotation (PostilAnnotationDetail *self);
void postil_annotation_detail_edit_note (PostilAnnotationDetail *self);
void postil_annotation_detail_commit_note (PostilAnnotationDetail *self);

G_END_DECLS
