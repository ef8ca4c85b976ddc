/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_LATE (postil_late_get_type ())
G_DECLARE_FINAL_TYPE (PostilLate, postil_late, POSTIL, LATE, GtkWidget)

G_END_DECLS
