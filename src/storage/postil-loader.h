/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-document.h"
#include "postil-environment.h"
#include "postil-sidecar.h"

G_BEGIN_DECLS

/**
 * PostilLoaderProgress:
 * @fraction: from 0 to 1
 * @data: what the caller gave
 *
 * Called in the thread that loads.
 */
typedef void (*PostilLoaderProgress) (double fraction, gpointer data);

PostilDocument *postil_loader_load (GFile *file,
                                    const PostilEnvironment *environment,
                                    PostilStore *store,
                                    PostilLoaderProgress progress,
                                    gpointer progress_data,
                                    GCancellable *cancellable,
                                    PostilSidecar **sidecar,
                                    GError **error);
void postil_loader_load_async (GFile *file,
                               const PostilEnvironment *environment,
                               PostilStore *store,
                               PostilLoaderProgress progress,
                               gpointer progress_data,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);
PostilDocument *postil_loader_load_finish (GAsyncResult *result,
                                           PostilSidecar **sidecar,
                                           GError **error);
PostilText *postil_loader_preview (GFile *file);
GPtrArray *postil_loader_list_folder (GFile *folder, GCancellable *cancellable, GError **error);

G_END_DECLS
