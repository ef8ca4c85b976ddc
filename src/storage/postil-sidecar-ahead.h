/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar-own.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarAhead PostilSidecarAhead;

PostilSidecarAhead *postil_sidecar_ahead_new (const PostilJsonScanner *scanner,
                                              PostilSidecarNames *names,
                                              const PostilSidecarContext *context);
void postil_sidecar_ahead_free (PostilSidecarAhead *self);

gboolean postil_sidecar_ahead_is_reached (PostilSidecarAhead *self,
                                          const PostilJsonScanner *scanner);
guint postil_sidecar_ahead_take (PostilSidecarAhead *self,
                                 PostilJsonScanner *scanner,
                                 GPtrArray *annotations);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarAhead, postil_sidecar_ahead_free)

G_END_DECLS
