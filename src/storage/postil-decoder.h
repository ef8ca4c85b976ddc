/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-text.h"

G_BEGIN_DECLS

PostilText *postil_decoder_decode (const char *bytes,
                                   gsize n_bytes,
                                   const char *name,
                                   GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
