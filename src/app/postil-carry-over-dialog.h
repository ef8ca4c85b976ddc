/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "postil-comparer.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_CARRY_OVER_DIALOG (postil_carry_over_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PostilCarryOverDialog,
                      postil_carry_over_dialog,
                      POSTIL,
                      CARRY_OVER_DIALOG,
                      AdwWindow)

GtkWidget *postil_carry_over_dialog_new (PostilWorkspace *workspace,
                                         PostilComparer *comparer,
                                         gboolean from_b,
                                         const char *topic);

G_END_DECLS
