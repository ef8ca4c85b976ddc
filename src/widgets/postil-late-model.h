/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_LATE_MODEL (postil_late_model_get_type ())
G_DECLARE_FINAL_TYPE (PostilLateModel, postil_late_model, POSTIL, LATE_MODEL, GObject)

void postil_late_model_set (GtkListView *view, GtkSelectionModel *model, guint n_frames);
GtkSelectionModel *postil_late_model_get_model (PostilLateModel *self);

G_END_DECLS
