/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-snapshot.h"

G_BEGIN_DECLS

/**
 * PostilSidecarStyle:
 * @POSTIL_SIDECAR_STYLE_NATIVE: the sidecar: topics and annotators named once
 * @POSTIL_SIDECAR_STYLE_IN_PLACE: labels and names written in each annotation, for tools that look
 * nothing up
 */
typedef enum
{
  POSTIL_SIDECAR_STYLE_NATIVE,
  POSTIL_SIDECAR_STYLE_IN_PLACE
} PostilSidecarStyle;

/**
 * PostilSidecarSink:
 * @bytes: the next bytes of the sidecar
 * @n_bytes: how many
 * @data: what the caller gave
 * @error: return location
 *
 * Returns: whether they were taken; %FALSE ends the writing
 */
typedef gboolean (*PostilSidecarSink) (const char *bytes,
                                       gsize n_bytes,
                                       gpointer data,
                                       GError **error);

gboolean postil_sidecar_write (PostilSnapshot *snapshot,
                               PostilSidecarStyle style,
                               PostilSidecarSink sink,
                               gpointer data,
                               GCancellable *cancellable,
                               GError **error);

G_END_DECLS
