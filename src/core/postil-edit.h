/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-workspace.h"

G_BEGIN_DECLS

char *postil_edit_add_annotation (PostilWorkspace *workspace,
                                  PostilStep *step,
                                  PostilDocument *document,
                                  const PostilSpan *spans,
                                  guint n_spans,
                                  const char *const *topics,
                                  const char *note);
void postil_edit_remove_annotation (PostilStep *step,
                                    PostilDocument *document,
                                    PostilAnnotation *annotation);
void postil_edit_remove_links (PostilWorkspace *workspace, PostilStep *step);
void postil_edit_set_spans (PostilWorkspace *workspace,
                            PostilStep *step,
                            PostilDocument *document,
                            PostilAnnotation *annotation,
                            const PostilSpan *spans,
                            guint n_spans);
void postil_edit_set_topic (PostilWorkspace *workspace,
                            PostilStep *step,
                            PostilDocument *document,
                            PostilAnnotation *annotation,
                            const char *topic,
                            gboolean present);
void postil_edit_set_note (PostilWorkspace *workspace,
                           PostilStep *step,
                           PostilDocument *document,
                           PostilAnnotation *annotation,
                           const char *note);
char *postil_edit_add_topic (PostilWorkspace *workspace,
                             PostilStep *step,
                             const char *label,
                             const char *broader);
char *postil_edit_ensure_path (PostilWorkspace *workspace, PostilStep *step, const char *path);
gboolean postil_edit_change_topic (PostilWorkspace *workspace,
                                   PostilStep *step,
                                   const PostilTopicFields *fields,
                                   GError **error);
guint postil_edit_remove_topic (PostilWorkspace *workspace, PostilStep *step, const char *topic);
void postil_edit_take_over (PostilWorkspace *workspace,
                            PostilStep *step,
                            PostilDocument *document,
                            PostilSnapshot *snapshot);

G_END_DECLS
