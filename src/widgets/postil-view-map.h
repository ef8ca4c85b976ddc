/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-text.h"

G_BEGIN_DECLS

/* Bytes of a paragraph that are shown as one; GTK takes 3 s to paint a paragraph of 1 MB. */
#define POSTIL_VIEW_MAP_LIMIT 4096

typedef struct _PostilViewMap PostilViewMap;

PostilViewMap *postil_view_map_new (PostilText *text);
void postil_view_map_free (PostilViewMap *self);

PostilText *postil_view_map_get_text (PostilViewMap *self);
gboolean postil_view_map_read (PostilViewMap *self, gsize n_bytes, GString *out);
void postil_view_map_append (PostilViewMap *self, PostilSpan part, GString *out);
guint postil_view_map_get_length (PostilViewMap *self);
guint postil_view_map_get_n_breaks (PostilViewMap *self);
guint postil_view_map_get_break (PostilViewMap *self, guint nth);

guint postil_view_map_to_text (PostilViewMap *self, guint view_offset);
guint postil_view_map_to_view (PostilViewMap *self, guint offset);
PostilSpan postil_view_map_span_to_view (PostilViewMap *self, PostilSpan span);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilViewMap, postil_view_map_free)

G_END_DECLS
