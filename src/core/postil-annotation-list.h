/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-listing.h"
#include "postil-annotation-matcher.h"
#include "postil-annotation-row.h"
#include "postil-annotation-sorting.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_LIST (postil_annotation_list_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationList,
                      postil_annotation_list,
                      POSTIL,
                      ANNOTATION_LIST,
                      GObject)

/**
 * PostilAnnotationSight:
 * @first: the first of the rows that a view has made
 * @n: how many it has made, one after the other
 * @kept: the one that is to stay where it is seen, or what comes in its place; 0 for the beginning
 *
 * Where a view is in its list.
 */
typedef struct
{
  guint first;
  guint n;
  guint kept;
} PostilAnnotationSight;

/**
 * PostilAnnotationListLook:
 * @sight: (out caller-allocates): where the view is
 * @data: what the caller gave
 *
 * Returns: whether it has rows
 */
typedef gboolean (*PostilAnnotationListLook) (PostilAnnotationSight *sight, gpointer data);

PostilAnnotationList *postil_annotation_list_new (PostilWorkspace *workspace);
void postil_annotation_list_set_filter (PostilAnnotationList *self,
                                        const PostilAnnotationFilter *filter);
void postil_annotation_list_set_order (PostilAnnotationList *self, PostilAnnotationOrder order);
void postil_annotation_list_set_waits (PostilAnnotationList *self, gboolean waits);
void postil_annotation_list_set_look (PostilAnnotationList *self,
                                      PostilAnnotationListLook look,
                                      gpointer data);
void postil_annotation_list_catch_up (PostilAnnotationList *self);
PostilAnnotation *postil_annotation_list_get (PostilAnnotationList *self,
                                              guint position,
                                              PostilDocument **document);
gboolean postil_annotation_list_find (PostilAnnotationList *self, const char *id, guint *position);
PostilAnnotationListing *postil_annotation_list_hold (PostilAnnotationList *self);

G_END_DECLS
