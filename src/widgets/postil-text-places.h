/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-view-map.h"

G_BEGIN_DECLS

PostilSpan postil_text_places_get_visible (GtkTextView *view, PostilViewMap *map);
gboolean postil_text_places_get_line (GtkTextView *view,
                                      PostilViewMap *map,
                                      guint offset,
                                      int *y,
                                      int *height);
double postil_text_places_get_at (GtkTextView *view, PostilViewMap *map, double y);
double postil_text_places_get_y (GtkTextView *view, PostilViewMap *map, double place);

G_END_DECLS
