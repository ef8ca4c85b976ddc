/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-span.h"

G_BEGIN_DECLS

typedef struct _PostilTextGlyphs PostilTextGlyphs;

PostilTextGlyphs *postil_text_glyphs_new (GtkTextView *view);
void postil_text_glyphs_free (PostilTextGlyphs *self);

guint postil_text_glyphs_find_row (PostilTextGlyphs *self, int y);
guint postil_text_glyphs_next_row (PostilTextGlyphs *self, guint row);
gboolean postil_text_glyphs_get_height (PostilTextGlyphs *self, guint row, int *y, int *height);
PostilSpan postil_text_glyphs_find_edges (PostilTextGlyphs *self,
                                          guint row,
                                          const char *utf8,
                                          guint length,
                                          gboolean is_broken,
                                          int *edges);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextGlyphs, postil_text_glyphs_free)

G_END_DECLS
