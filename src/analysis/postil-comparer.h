/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"
#include "postil-document.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_COMPARER (postil_comparer_get_type ())
G_DECLARE_FINAL_TYPE (PostilComparer, postil_comparer, POSTIL, COMPARER, GObject)

PostilComparer *postil_comparer_new (void);

void postil_comparer_set_documents (PostilComparer *self, PostilDocument *a, PostilDocument *b);
PostilDocument *postil_comparer_get_a (PostilComparer *self);
PostilDocument *postil_comparer_get_b (PostilComparer *self);
PostilAlignment *postil_comparer_get_alignment (PostilComparer *self);
GArray *postil_comparer_get_decisions (PostilComparer *self, GPtrArray **deciding);

G_END_DECLS
