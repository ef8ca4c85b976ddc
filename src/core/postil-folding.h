/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void postil_folding_append (GString *folded, const char *utf8, gsize n_bytes);

G_END_DECLS
