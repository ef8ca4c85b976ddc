/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_EXPORT_DIALOG (postil_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PostilExportDialog, postil_export_dialog, POSTIL, EXPORT_DIALOG, AdwWindow)

GtkWidget *postil_export_dialog_new (PostilWorkspace *workspace,
                                     PostilDocument *document,
                                     AdwToastOverlay *toasts);

G_END_DECLS
