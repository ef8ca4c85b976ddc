/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-annotation-matcher.h"
#include "postil-annotation-sorting.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_FILTERS (postil_annotation_filters_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationFilters,
                      postil_annotation_filters,
                      POSTIL,
                      ANNOTATION_FILTERS,
                      GtkWidget)

/*
 * Properties: "document" (PostilDocument or NULL), "topic" (id or NULL). Signals: "changed" ():
 * another filter; "done" (): Enter in the search entry
 */
void postil_annotation_filters_set_workspace (PostilAnnotationFilters *self,
                                              PostilWorkspace *workspace);
void postil_annotation_filters_set_document (PostilAnnotationFilters *self,
                                             PostilDocument *document);
void postil_annotation_filters_set_topic (PostilAnnotationFilters *self, const char *topic);
gboolean postil_annotation_filters_get (PostilAnnotationFilters *self,
                                        PostilAnnotationFilter *filter);
void postil_annotation_filters_show_order (PostilAnnotationFilters *self,
                                           PostilAnnotationOrder order);
void postil_annotation_filters_clear (PostilAnnotationFilters *self);
void postil_annotation_filters_show_counts (PostilAnnotationFilters *self,
                                            guint n_shown,
                                            guint n_all,
                                            guint n_to_review);

G_END_DECLS
