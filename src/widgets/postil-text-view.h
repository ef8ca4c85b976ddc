/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"
#include "postil-document.h"
#include "postil-text-marks.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TEXT_VIEW (postil_text_view_get_type ())
G_DECLARE_FINAL_TYPE (PostilTextView, postil_text_view, POSTIL, TEXT_VIEW, GtkTextView)

PostilTextView *postil_text_view_new (void);

PostilDocument *postil_text_view_get_document (PostilTextView *self);
void postil_text_view_set_document (PostilTextView *self, PostilDocument *document);
void postil_text_view_preview (PostilTextView *self, PostilText *beginning);
void postil_text_view_set_codebook (PostilTextView *self, PostilCodebook *codebook);
void postil_text_view_set_zoom (PostilTextView *self, double zoom);
gboolean postil_text_view_get_loading (PostilTextView *self);

guint postil_text_view_get_caret (PostilTextView *self);
gboolean postil_text_view_get_selection (PostilTextView *self, PostilSpan *span);
gboolean postil_text_view_get_selection_area (PostilTextView *self, GdkRectangle *area);
void postil_text_view_select (PostilTextView *self, PostilSpan span);
void postil_text_view_scroll_to (PostilTextView *self, guint offset);
PostilSpan postil_text_view_get_visible_span (PostilTextView *self);
GPtrArray *postil_text_view_list_at_caret (PostilTextView *self);
void postil_text_view_set_current (PostilTextView *self, const char *annotation);
void postil_text_view_set_matches (PostilTextView *self,
                                   const PostilSpan *matches,
                                   guint n_matches);
void postil_text_view_set_marks (PostilTextView *self, const PostilTextMark *marks, guint n_marks);
void postil_text_view_set_inner_side (PostilTextView *self, GtkPositionType side);
gboolean postil_text_view_get_line (PostilTextView *self, guint offset, int *y, int *height);
double postil_text_view_get_place (PostilTextView *self, double y);
double postil_text_view_get_place_y (PostilTextView *self, double place);
void postil_text_view_bring (PostilTextView *self, double place, double y);

G_END_DECLS
