/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_SELECTION_BAR (postil_selection_bar_get_type ())
G_DECLARE_FINAL_TYPE (PostilSelectionBar, postil_selection_bar, POSTIL, SELECTION_BAR, GtkPopover)

/*
 * The small bar by a selection: highlight, recent topics as swatch buttons, an entry that finds or
 * creates a topic (with a list below that filters while typing), a note button. Never takes the
 * focus from the text unless asked to (grab_topic), and gives it back. It closes itself before it
 * emits a signal. Property: "workspace". Signals: "highlight" (), "topic-chosen" (const char *id),
 * "topic-created" (const char *path), "note" ()
 */
GtkWidget *postil_selection_bar_new (void);
void postil_selection_bar_set_workspace (PostilSelectionBar *self, PostilWorkspace *workspace);
void postil_selection_bar_add_recent (PostilSelectionBar *self, const char *topic);
void postil_selection_bar_grab_topic (PostilSelectionBar *self);

G_END_DECLS
