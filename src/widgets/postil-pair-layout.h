/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_PAIR_LAYOUT (postil_pair_layout_get_type ())
G_DECLARE_FINAL_TYPE (PostilPairLayout, postil_pair_layout, POSTIL, PAIR_LAYOUT, GtkLayoutManager)

G_END_DECLS
