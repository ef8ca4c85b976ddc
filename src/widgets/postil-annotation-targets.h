/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-annotation-list.h"
#include "postil-moment.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationTargets PostilAnnotationTargets;

/**
 * PostilAnnotationTargetFunc:
 * @document: a document
 * @annotation: one of its annotations
 * @data: what the caller gave
 *
 * Returns: %G_SOURCE_CONTINUE to go on, %G_SOURCE_REMOVE to end the walk
 */
typedef gboolean (*PostilAnnotationTargetFunc) (PostilDocument *document,
                                                PostilAnnotation *annotation,
                                                gpointer data);

PostilAnnotationTargets *postil_annotation_targets_new (PostilWorkspace *workspace,
                                                        PostilAnnotationList *list,
                                                        GtkBitset *selected,
                                                        PostilDocument *document,
                                                        const char *annotation);
void postil_annotation_targets_free (PostilAnnotationTargets *self);

guint postil_annotation_targets_get_size (const PostilAnnotationTargets *self);
guint postil_annotation_targets_get_first (const PostilAnnotationTargets *self);
void postil_annotation_targets_foreach (const PostilAnnotationTargets *self,
                                        PostilAnnotationTargetFunc func,
                                        gpointer data);
GPtrArray *postil_annotation_targets_dup_topics (const PostilAnnotationTargets *self);
void postil_annotation_targets_retag (const PostilAnnotationTargets *self,
                                      PostilStep *step,
                                      const char *topic,
                                      gboolean present);
void postil_annotation_targets_remove (const PostilAnnotationTargets *self, PostilStep *step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationTargets, postil_annotation_targets_free)

G_END_DECLS
