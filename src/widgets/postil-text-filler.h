/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-view-map.h"

G_BEGIN_DECLS

typedef struct _PostilTextFiller PostilTextFiller;

/**
 * PostilTextFilledFunc:
 *
 * Another piece is there; the filler may be freed.
 */
typedef void (*PostilTextFilledFunc) (gpointer data);

PostilTextFiller *postil_text_filler_new (GtkTextBuffer *buffer,
                                          PostilViewMap *map,
                                          PostilTextFilledFunc filled,
                                          gpointer data);
void postil_text_filler_free (PostilTextFiller *self);

gboolean postil_text_filler_is_running (PostilTextFiller *self);
void postil_text_filler_finish (PostilTextFiller *self);
guint postil_text_filler_replace (PostilTextFiller *self, PostilViewMap *map);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextFiller, postil_text_filler_free)

G_END_DECLS
