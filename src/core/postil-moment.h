/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-workspace.h"

G_BEGIN_DECLS

typedef struct _PostilMoment PostilMoment;

PostilMoment *postil_moment_new (PostilWorkspace *workspace);
void postil_moment_free (PostilMoment *self);

gint64 postil_moment_get_time (const PostilMoment *self);
guint postil_moment_get_n_documents (const PostilMoment *self);
PostilAnnotationIndex *postil_moment_get_annotations (const PostilMoment *self,
                                                      guint number,
                                                      PostilDocument **document);
PostilAnnotation *postil_moment_find (const PostilMoment *self,
                                      PostilDocument *document,
                                      const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilMoment, postil_moment_free)

G_END_DECLS
