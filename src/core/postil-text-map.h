/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-folded-text.h"

G_BEGIN_DECLS

/**
 * PostilTextBlock:
 * @old: a unit of the old text
 * @new: the unit of the new text that is it
 * @length: how many units from there on are the same
 *
 * What did not change.
 */
typedef struct
{
  guint32 old;
  guint32 new;
  guint32 length;
} PostilTextBlock;

typedef struct _PostilTextMap PostilTextMap;

PostilTextMap *postil_text_map_new (const PostilFoldedText *old,
                                    guint n_ordered,
                                    gboolean whole,
                                    const PostilFoldedText *new,
                                    GCancellable *cancellable);
void postil_text_map_free (PostilTextMap *self);

const PostilTextBlock *postil_text_map_get_chain (PostilTextMap *self, guint *n_blocks);
const PostilTextBlock *postil_text_map_get_moved (PostilTextMap *self, guint *n_blocks);
guint postil_text_map_find (const PostilTextBlock *blocks, guint n_blocks, guint old);
guint postil_text_map_find_new (const PostilTextBlock *blocks, guint n_blocks, guint new);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextMap, postil_text_map_free)

G_END_DECLS
