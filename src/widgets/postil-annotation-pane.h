/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_PANE (postil_annotation_pane_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationPane,
                      postil_annotation_pane,
                      POSTIL,
                      ANNOTATION_PANE,
                      GtkWidget)

/*
 * All annotations of the workspace in reading order: filters on top (text entry, document, topic,
 * only those not placed), a list with multiple selection, below it the selected one open for its
 * topics and its note. Retagging and deleting work on all selected rows in one step. Notes of
 * others are shown under one's own. Properties: "workspace", "filter-document" (PostilDocument or
 * NULL), "filter-topic" (id or NULL). Actions on the widget: "annotations.delete",
 * "annotations.add-topic" (s: id), "annotations.remove-topic" (s: id). Signals:
 * "annotation-selected" (PostilDocument, PostilAnnotation; both NULL when none or several are
 * selected)
 */
GtkWidget *postil_annotation_pane_new (void);
void postil_annotation_pane_set_workspace (PostilAnnotationPane *self, PostilWorkspace *workspace);
void postil_annotation_pane_set_filter_document (PostilAnnotationPane *self,
                                                 PostilDocument *document);
void postil_annotation_pane_set_filter_topic (PostilAnnotationPane *self, const char *topic);
gboolean postil_annotation_pane_select (PostilAnnotationPane *self, const char *annotation);
void postil_annotation_pane_edit_note (PostilAnnotationPane *self);
/* Makes the note being typed a step of the history; to be called before saving, closing or undoing.
 */
void postil_annotation_pane_commit_note (PostilAnnotationPane *self);
void postil_annotation_pane_focus_list (PostilAnnotationPane *self);

G_END_DECLS
