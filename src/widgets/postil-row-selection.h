/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_ROW_SELECTION (postil_row_selection_get_type ())
G_DECLARE_FINAL_TYPE (PostilRowSelection, postil_row_selection, POSTIL, ROW_SELECTION, GObject)

GtkSelectionModel *postil_row_selection_new (GListModel *rows);
GListModel *postil_row_selection_get_rows (PostilRowSelection *self);

G_END_DECLS
