/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-folded-text.h"

G_BEGIN_DECLS

gboolean postil_word_aligner_find_end (const PostilFoldedText *old,
                                       guint old_start,
                                       guint old_end,
                                       guint old_at,
                                       const PostilFoldedText *new,
                                       guint new_start,
                                       guint new_end,
                                       gboolean is_start,
                                       guint *new_at);

G_END_DECLS
