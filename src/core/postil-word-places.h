/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-span.h"
#include "postil-text.h"

G_BEGIN_DECLS

typedef struct _PostilWordPlaces PostilWordPlaces;

PostilWordPlaces *postil_word_places_new (PostilText *text,
                                          const char *const *words,
                                          GCancellable *cancellable);
void postil_word_places_free (PostilWordPlaces *self);

gboolean postil_word_places_is_in (const PostilWordPlaces *self, guint word, PostilSpan span);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilWordPlaces, postil_word_places_free)

G_END_DECLS
