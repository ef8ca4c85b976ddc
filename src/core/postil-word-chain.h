/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-text-map.h"

G_BEGIN_DECLS

/* The longest stretches that are compared, in units. */
#define POSTIL_WORD_CHAIN_MAX_UNITS 8192

void postil_word_chain_find (const PostilFoldedText *old,
                             guint old_start,
                             guint old_end,
                             const PostilFoldedText *new,
                             guint new_start,
                             guint new_end,
                             GArray *blocks);
gboolean postil_word_chain_is_start (const PostilFoldedText *text, guint unit);

G_END_DECLS
