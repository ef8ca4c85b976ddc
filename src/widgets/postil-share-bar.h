/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-comparison.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_SHARE_BAR (postil_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (PostilShareBar, postil_share_bar, POSTIL, SHARE_BAR, GtkWidget)

GtkWidget *postil_share_bar_new (void);
void postil_share_bar_set_shares (PostilShareBar *self, const PostilComparisonShares *shares);

G_END_DECLS
