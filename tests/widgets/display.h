/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the tests of widgets share: a window, finding what is in it, pressing keys. */
gboolean display_init (int *argc, char ***argv);
GtkWidget *display_show (GtkWidget *widget);
void display_settle (guint ms);
void display_wait_for_frame (gpointer widget);
gpointer display_find (gpointer within, GType type, guint nth);
gpointer display_find_named (gpointer within, GType type, const char *text);
guint display_count (gpointer within, GType type);
gboolean display_press (gpointer widget, guint key, GdkModifierType modifiers);
gboolean display_press_binding (gpointer widget, guint key, GdkModifierType modifiers);
gboolean display_is_laid_out (gpointer text_view);
cairo_surface_t *display_capture (gpointer widget);
guint32 display_get_pixel (cairo_surface_t *surface, int x, int y);
gboolean display_is_same (cairo_surface_t *a, cairo_surface_t *b);
void display_close (GtkWidget *window);

/* Runs the main loop until @condition, for some seconds at most. */
#define display_wait(condition)                                                                    \
  for (guint tries_ = 0; !(condition); tries_++)                                                   \
    {                                                                                              \
      g_assert_cmpuint (tries_, <, 2000);                                                          \
      display_settle (5);                                                                          \
    }

G_END_DECLS
