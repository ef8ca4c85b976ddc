/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-anchoring.h"
#include "postil-sidecar-names.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarItem PostilSidecarItem;

/**
 * PostilSidecarItemContext:
 * @text: the text; %NULL for a codebook, in which no annotation can be shown
 * @source: what targets name when they mean the text
 * @sha256: SHA-256 of the file that the sidecar's positions were made on, or %NULL
 * @trusted: whether the text is from just that file
 *
 * What an annotation of a sidecar is read against.
 */
typedef struct
{
  PostilText *text;
  const char *source;
  const char *sha256;
  gboolean trusted;
} PostilSidecarItemContext;

PostilSidecarItem *postil_sidecar_item_new (PostilJsonScanner *scanner, PostilSidecarNames *names);
void postil_sidecar_item_free (PostilSidecarItem *self);

void postil_sidecar_item_read (PostilSidecarItem *self, const PostilSidecarItemContext *context);

gboolean postil_sidecar_item_is_annotation (PostilSidecarItem *self);
gboolean postil_sidecar_item_is_reshaped (PostilSidecarItem *self);
guint postil_sidecar_item_get_n_bad_positions (PostilSidecarItem *self);

gboolean postil_sidecar_item_needs_place (PostilSidecarItem *self, PostilPlacement *request);
PostilAnnotation *postil_sidecar_item_build (PostilSidecarItem *self,
                                             const PostilPlacement *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarItem, postil_sidecar_item_free)

G_END_DECLS
