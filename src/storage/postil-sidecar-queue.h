/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-anchoring.h"
#include "postil-store.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarQueue PostilSidecarQueue;

/**
 * PostilSidecarPending:
 * @at: where it stands in the sidecar
 * @index: which annotation of the sidecar it is
 * @sha256: (nullable): SHA-256 of the text that its positions were made on; %NULL for the present
 *
 * An annotation whose place is to be searched.
 */
typedef struct
{
  const char *at;
  guint index;
  const char *sha256;
} PostilSidecarPending;

PostilSidecarQueue *postil_sidecar_queue_new (void);
void postil_sidecar_queue_free (PostilSidecarQueue *self);

void postil_sidecar_queue_add (PostilSidecarQueue *self,
                               const PostilSidecarPending *pending,
                               const PostilPlacement *request);
gboolean postil_sidecar_queue_run (PostilSidecarQueue *self,
                                   PostilText *text,
                                   PostilStore *store,
                                   GCancellable *cancellable);
guint postil_sidecar_queue_get_size (PostilSidecarQueue *self);
const PostilPlacement *postil_sidecar_queue_get (PostilSidecarQueue *self,
                                                 guint n,
                                                 PostilSidecarPending *pending);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarQueue, postil_sidecar_queue_free)

G_END_DECLS
