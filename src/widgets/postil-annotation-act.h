/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-targets.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationAct PostilAnnotationAct;

/**
 * PostilAnnotationActFunc:
 * @act: what is done
 * @step: its step, which is to be committed now
 * @owner: whose act it is
 */
typedef void (*PostilAnnotationActFunc) (PostilAnnotationAct *act,
                                         PostilStep *step,
                                         gpointer owner);

PostilAnnotationAct *postil_annotation_act_new (PostilWorkspace *workspace,
                                                PostilAnnotationTargets *targets,
                                                PostilAnnotationActFunc commit,
                                                gpointer owner);

void postil_annotation_act_retag (PostilAnnotationAct *self,
                                  const char *topic,
                                  const char *path,
                                  gboolean present);
void postil_annotation_act_delete (PostilAnnotationAct *self);

PostilWorkspace *postil_annotation_act_get_workspace (PostilAnnotationAct *self);
gboolean postil_annotation_act_deletes (PostilAnnotationAct *self);
guint postil_annotation_act_get_first (PostilAnnotationAct *self);

G_END_DECLS
