/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-document.h"

G_BEGIN_DECLS

void postil_linked_decisions_collect (PostilDocument *a, PostilDocument *b, GPtrArray *links[2]);
GArray *postil_linked_decisions_resolve (GPtrArray *const links[2],
                                         PostilText *const texts[2],
                                         GPtrArray *deciding,
                                         GCancellable *cancellable);

G_END_DECLS
