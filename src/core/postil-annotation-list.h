/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-listing.h"
#include "postil-annotation-matcher.h"
#include "postil-annotation-row.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_LIST (postil_annotation_list_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationList,
                      postil_annotation_list,
                      POSTIL,
                      ANNOTATION_LIST,
                      GObject)

PostilAnnotationList *postil_annotation_list_new (PostilWorkspace *workspace);
void postil_annotation_list_set_filter (PostilAnnotationList *self,
                                        const PostilAnnotationFilter *filter);
void postil_annotation_list_set_waits (PostilAnnotationList *self, gboolean waits);
void postil_annotation_list_catch_up (PostilAnnotationList *self);
PostilAnnotation *postil_annotation_list_get (PostilAnnotationList *self,
                                              guint position,
                                              PostilDocument **document);
gboolean postil_annotation_list_find (PostilAnnotationList *self, const char *id, guint *position);
PostilAnnotationListing *postil_annotation_list_hold (PostilAnnotationList *self);

G_END_DECLS
