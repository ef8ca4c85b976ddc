/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-text.h"

G_BEGIN_DECLS

/* Occurrences of @query in @text as PostilSpan, in order, without overlap; case, accents and the
 * kind of quotes, dashes and white space do not count unless @exact. */
GArray *postil_search_find (PostilText *text,
                            const char *query,
                            gboolean exact,
                            GCancellable *cancellable);
gboolean postil_search_find_first (PostilText *text,
                                   PostilSpan within,
                                   const char *query,
                                   gboolean exact,
                                   GCancellable *cancellable,
                                   PostilSpan *match);

G_END_DECLS
