/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-text.h"

G_BEGIN_DECLS

/* The largest file that is read, in bytes: no encoding has more code points than bytes. */
#define POSTIL_DECODER_MAX_BYTES POSTIL_TEXT_MAX_LENGTH

PostilText *postil_decoder_decode (const char *bytes,
                                   gsize n_bytes,
                                   const char *name,
                                   GCancellable *cancellable,
                                   GError **error);
PostilText *postil_decoder_decode_take (char *bytes,
                                        gsize n_bytes,
                                        const char *sha256,
                                        const char *name,
                                        GCancellable *cancellable,
                                        GError **error);
gboolean postil_decoder_check_size (guint64 n_bytes, const char *name, GError **error);
gboolean postil_decoder_looks_like_text (const char *bytes, gsize n_bytes);

G_END_DECLS
