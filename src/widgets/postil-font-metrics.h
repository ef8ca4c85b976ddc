/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PostilFontMetrics:
 * @ascent: how far a line reaches above its base
 * @descent: how far it reaches below
 * @line_height: from one line to the next
 * @char_width: about how wide a letter is
 * @ascii: how wide each code point of ASCII is, 0 for control codes
 *
 * What is known of a font before anything is laid out in it, in Pango units.
 */
typedef struct
{
  int ascent;
  int descent;
  int line_height;
  int char_width;
  int ascii[128];
} PostilFontMetrics;

const PostilFontMetrics *postil_font_metrics_get (GtkWidget *widget);
guint postil_font_metrics_count_lines (const PostilFontMetrics *self,
                                       const char *text,
                                       int width,
                                       guint most);

G_END_DECLS
