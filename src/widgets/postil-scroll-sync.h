/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"
#include "postil-text-view.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_SCROLL_SYNC (postil_scroll_sync_get_type ())
G_DECLARE_FINAL_TYPE (PostilScrollSync, postil_scroll_sync, POSTIL, SCROLL_SYNC, GObject)

PostilScrollSync *postil_scroll_sync_new (void);

void postil_scroll_sync_set_views (PostilScrollSync *self, PostilTextView *a, PostilTextView *b);
void postil_scroll_sync_set_alignment (PostilScrollSync *self, PostilAlignment *alignment);
void postil_scroll_sync_align_here (PostilScrollSync *self, PostilTextView *leading);
void postil_scroll_sync_show_pair (PostilScrollSync *self,
                                   PostilTextView *leading,
                                   const PostilPair *pair);

G_END_DECLS
