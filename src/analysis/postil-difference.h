/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void postil_difference_find (const guint32 *a,
                             guint n_a,
                             const guint32 *b,
                             guint n_b,
                             guint8 *changed_a,
                             guint8 *changed_b);

G_END_DECLS
