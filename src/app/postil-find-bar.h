/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-text-view.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_FIND_BAR (postil_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (PostilFindBar, postil_find_bar, POSTIL, FIND_BAR, GtkWidget)

void postil_find_bar_set_text_view (PostilFindBar *self, PostilTextView *text_view);
void postil_find_bar_open (PostilFindBar *self, const char *query);
void postil_find_bar_close (PostilFindBar *self);
void postil_find_bar_next (PostilFindBar *self);
void postil_find_bar_previous (PostilFindBar *self);
void postil_find_bar_document_changed (PostilFindBar *self);
void postil_find_bar_text_changed (PostilFindBar *self);

G_END_DECLS
