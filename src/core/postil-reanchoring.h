/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-anchoring.h"
#include "postil-snapshot.h"

G_BEGIN_DECLS

PostilStatus postil_reanchoring_decide (PostilStatus before,
                                        gboolean reverted,
                                        PostilStatus answer);
GPtrArray *postil_reanchoring_run (PostilText *old_text,
                                   PostilText *text,
                                   GPtrArray *annotations,
                                   PostilAnchoringProgress progress,
                                   gpointer progress_data,
                                   GCancellable *cancellable);
PostilAnnotationIndex *postil_reanchoring_run_index (PostilText *old_text,
                                                     PostilText *text,
                                                     PostilAnnotationIndex *annotations,
                                                     PostilAnnotationIndex *known,
                                                     PostilAnnotationIndex *placed,
                                                     GCancellable *cancellable);
PostilSnapshot *postil_reanchoring_run_snapshot (PostilSnapshot *snapshot, PostilText *text);
void postil_reanchoring_follow (PostilText *old_text,
                                PostilText *text,
                                PostilSpan *spans,
                                guint n_spans);

G_END_DECLS
