/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-moment.h"
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
void postil_edit_remove_links_of_many (PostilStep *step, const PostilMoment *moment);
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
PostilAnnotation *postil_edit_retag (PostilAnnotation *annotation,
                                     const char *taken,
                                     const char *given,
                                     gint64 time);
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
guint postil_edit_merge_topic (PostilWorkspace *workspace,
                               PostilStep *step,
                               const char *topic,
                               const char *into);
void postil_edit_delete_topic (PostilWorkspace *workspace,
                               PostilStep *step,
                               const char *topic,
                               const char *into);
void postil_edit_take_over (PostilWorkspace *workspace,
                            PostilStep *step,
                            PostilDocument *document,
                            PostilSnapshot *snapshot);

G_END_DECLS
