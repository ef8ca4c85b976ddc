/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Least space round the text, in pixels. */
#define POSTIL_TEXT_STYLE_MARGIN 24

typedef struct _PostilTextStyle PostilTextStyle;

PostilTextStyle *postil_text_style_new (GtkTextView *view);
void postil_text_style_free (PostilTextStyle *self);

void postil_text_style_set_zoom (PostilTextStyle *self, double zoom);
int postil_text_style_update_spacing (PostilTextStyle *self);
gboolean postil_text_style_fit_margins (PostilTextStyle *self, int width, int number_width);
int postil_text_style_measure_digits (PostilTextStyle *self, guint number);

void postil_text_style_begin_text (const GtkTextIter *start);
void postil_text_style_continue_line (const GtkTextIter *start);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextStyle, postil_text_style_free)

G_END_DECLS
