/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-workspace.h"

G_BEGIN_DECLS

gboolean postil_linking_is_about (PostilLink *link, PostilDocument *document);
GArray *postil_linking_resolve (PostilLink *link, PostilText *text);
GPtrArray *postil_linking_resolve_all (GPtrArray *links,
                                       PostilText *text,
                                       GCancellable *cancellable);

char *postil_linking_add (PostilWorkspace *workspace,
                          PostilStep *step,
                          PostilLinkKind kind,
                          PostilDocument *other,
                          const PostilSpan *other_spans,
                          guint n_other_spans,
                          const char *from,
                          PostilDocument *document,
                          const PostilSpan *spans,
                          guint n_spans,
                          const char *to);
void postil_linking_list (PostilDocument *document, PostilDocument *other, GPtrArray *links);

GPtrArray *postil_linking_run (PostilText *old_text,
                               PostilText *text,
                               GPtrArray *links,
                               GCancellable *cancellable);
void postil_linking_follow (PostilWorkspace *workspace,
                            PostilStep *step,
                            PostilDocument *other,
                            PostilText *old_text,
                            PostilText *text);

G_END_DECLS
