/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-snapshot.h"
#include "postil-store.h"

G_BEGIN_DECLS

/**
 * PostilStraySidecar:
 * @path: the sidecar
 * @document: the document beside which it is
 * @present: whether that document is there; otherwise it was renamed, moved or deleted
 * @same_text: whether the sidecar was made on the very text that was asked about; otherwise only
 * most of its passages are in there
 *
 * A sidecar that may belong to a document that has none.
 */
typedef struct
{
  char *path;
  char *document;
  gboolean present;
  gboolean same_text;
} PostilStraySidecar;

void postil_stray_sidecar_free (PostilStraySidecar *stray);

GPtrArray *postil_sidecar_finder_find (GFile *document,
                                       PostilText *text,
                                       PostilStore *store,
                                       GCancellable *cancellable);
GPtrArray *postil_sidecar_finder_list_abandoned (GFile *folder, GCancellable *cancellable);
gboolean postil_sidecar_finder_adopt (const char *stray,
                                      GFile *document,
                                      PostilStore *store,
                                      GError **error);
PostilSnapshot *postil_sidecar_finder_set_apart (PostilSnapshot *snapshot,
                                                 const PostilEnvironment *environment);
PostilSnapshot *postil_sidecar_finder_copy (const char *stray,
                                            PostilText *text,
                                            const PostilEnvironment *environment,
                                            PostilStore *store,
                                            GCancellable *cancellable,
                                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilStraySidecar, postil_stray_sidecar_free)

G_END_DECLS
