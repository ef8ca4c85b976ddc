/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar-names.h"
#include "postil-sidecar-passage.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarItem PostilSidecarItem;

PostilSidecarItem *postil_sidecar_item_new (PostilJsonScanner *scanner, PostilSidecarNames *names);
void postil_sidecar_item_free (PostilSidecarItem *self);

void postil_sidecar_item_read (PostilSidecarItem *self, const PostilSidecarContext *context);

gboolean postil_sidecar_item_is_annotation (PostilSidecarItem *self);
gboolean postil_sidecar_item_is_reshaped (PostilSidecarItem *self);
guint postil_sidecar_item_get_n_bad_positions (PostilSidecarItem *self);

gboolean postil_sidecar_item_needs_place (PostilSidecarItem *self,
                                          PostilPlacement *request,
                                          const char **sha256);
PostilAnnotation *postil_sidecar_item_build (PostilSidecarItem *self,
                                             const PostilPlacement *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarItem, postil_sidecar_item_free)

G_END_DECLS
