/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_WRAP_LAYOUT (postil_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (PostilWrapLayout, postil_wrap_layout, POSTIL, WRAP_LAYOUT, GtkLayoutManager)

GtkLayoutManager *postil_wrap_layout_new (void);

G_END_DECLS
