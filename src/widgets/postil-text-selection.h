/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-view-map.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TEXT_SELECTION (postil_text_selection_get_type ())
G_DECLARE_FINAL_TYPE (PostilTextSelection, postil_text_selection, POSTIL, TEXT_SELECTION, GObject)

PostilTextSelection *postil_text_selection_new (GtkTextView *view);

void postil_text_selection_set_text (PostilTextSelection *self,
                                     PostilText *text,
                                     PostilViewMap *map);
void postil_text_selection_set_snap_to_words (PostilTextSelection *self, gboolean snap_to_words);

gboolean postil_text_selection_get (PostilTextSelection *self, PostilSpan *span);
gboolean postil_text_selection_get_area (PostilTextSelection *self, GdkRectangle *area);
void postil_text_selection_set (PostilTextSelection *self,
                                PostilSpan span,
                                gboolean caret_at_start);
void postil_text_selection_copy (PostilTextSelection *self, GdkClipboard *clipboard);

void postil_text_selection_press (PostilTextSelection *self, double x, double y);
void postil_text_selection_release (PostilTextSelection *self,
                                    double x,
                                    double y,
                                    GdkModifierType modifiers);

G_END_DECLS
