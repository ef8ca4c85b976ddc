/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"
#include "postil-document.h"
#include "postil-view-map.h"

G_BEGIN_DECLS

typedef struct _PostilTextHits PostilTextHits;

PostilTextHits *postil_text_hits_new (GtkTextView *view);
void postil_text_hits_free (PostilTextHits *self);

void postil_text_hits_set_document (PostilTextHits *self,
                                    PostilDocument *document,
                                    PostilViewMap *map);
void postil_text_hits_set_codebook (PostilTextHits *self, PostilCodebook *codebook);

GPtrArray *postil_text_hits_list_at_caret (PostilTextHits *self);
GPtrArray *postil_text_hits_list_at_point (PostilTextHits *self, double x, double y);
void postil_text_hits_describe_caret (PostilTextHits *self);
gboolean postil_text_hits_set_tooltip (PostilTextHits *self,
                                       GPtrArray *annotations,
                                       GtkTooltip *tooltip);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextHits, postil_text_hits_free)

G_END_DECLS
