/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PostilTextScrolledFunc:
 *
 * What is called when a person scrolls.
 */
typedef void (*PostilTextScrolledFunc) (gpointer data);

typedef struct _PostilTextScroller PostilTextScroller;

PostilTextScroller *postil_text_scroller_new (GtkTextView *view,
                                              int bottom_margin,
                                              PostilTextScrolledFunc scrolled,
                                              gpointer data);
void postil_text_scroller_free (PostilTextScroller *self);

void postil_text_scroller_go_to (PostilTextScroller *self, guint offset);
void postil_text_scroller_keep (PostilTextScroller *self, guint offset, int y);
gboolean postil_text_scroller_is_running (PostilTextScroller *self);
gboolean postil_text_scroller_is_laying_out (PostilTextScroller *self);
void postil_text_scroller_stop (PostilTextScroller *self);
void postil_text_scroller_follow (PostilTextScroller *self, const GtkTextIter *place);
void postil_text_scroller_make_room (PostilTextScroller *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextScroller, postil_text_scroller_free)

G_END_DECLS
