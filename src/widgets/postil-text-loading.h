/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-text-filler.h"
#include "postil-text-scroller.h"
#include "postil-text-selection.h"

G_BEGIN_DECLS

typedef struct _PostilTextLoading PostilTextLoading;

PostilTextLoading *postil_text_loading_new (GtkTextBuffer *buffer,
                                            PostilTextScroller *scroller,
                                            PostilTextSelection *selection,
                                            PostilTextFilledFunc loaded,
                                            gpointer data);
void postil_text_loading_free (PostilTextLoading *self);

void postil_text_loading_begin (PostilTextLoading *self, PostilViewMap *map);
void postil_text_loading_stop (PostilTextLoading *self);
void postil_text_loading_finish (PostilTextLoading *self);
guint postil_text_loading_replace (PostilTextLoading *self, PostilViewMap *map);
gboolean postil_text_loading_is_running (PostilTextLoading *self);

void postil_text_loading_select (PostilTextLoading *self, PostilSpan span);
void postil_text_loading_scroll_to (PostilTextLoading *self, guint offset);
guint postil_text_loading_get_target (PostilTextLoading *self);
void postil_text_loading_forget_selection (PostilTextLoading *self);
void postil_text_loading_forget_target (PostilTextLoading *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextLoading, postil_text_loading_free)

G_END_DECLS
