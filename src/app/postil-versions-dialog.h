/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "postil-store.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_VERSIONS_DIALOG (postil_versions_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PostilVersionsDialog,
                      postil_versions_dialog,
                      POSTIL,
                      VERSIONS_DIALOG,
                      AdwWindow)

GtkWidget *postil_versions_dialog_new (PostilWorkspace *workspace,
                                       PostilDocument *document,
                                       PostilStore *store);

G_END_DECLS
