/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_BAR (postil_bar_get_type ())
G_DECLARE_FINAL_TYPE (PostilBar, postil_bar, POSTIL, BAR, GtkWidget)

GtkWidget *postil_bar_new (void);

void postil_bar_show (PostilBar *self, const char *message);
void postil_bar_hide (PostilBar *self);
gboolean postil_bar_get_shown (PostilBar *self);
void postil_bar_clear_buttons (PostilBar *self);
void postil_bar_add_button (PostilBar *self,
                            const char *label,
                            const char *action,
                            const char *target);

G_END_DECLS
