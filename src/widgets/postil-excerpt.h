/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POSTIL_TYPE_EXCERPT (postil_excerpt_get_type ())
G_DECLARE_FINAL_TYPE (PostilExcerpt, postil_excerpt, POSTIL, EXCERPT, GtkWidget)

GtkWidget *postil_excerpt_new (void);
const char *postil_excerpt_get_text (PostilExcerpt *self);
void postil_excerpt_set_text (PostilExcerpt *self, const char *text);
void postil_excerpt_set_attributes (PostilExcerpt *self, PangoAttrList *attributes);

G_END_DECLS
