/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *postil_sha256_compute (const char *bytes, gsize n_bytes);

G_END_DECLS
