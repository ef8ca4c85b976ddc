/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilTextChange:
 * @before: what was replaced, in code points of the text before
 * @after: what stands there now, in code points of the text after
 *
 * A stretch in which two versions of a text differ. It reaches over the blanks around it, and ends
 * where something else stands that both versions have.
 */
typedef struct
{
  PostilSpan before;
  PostilSpan after;
} PostilTextChange;

GArray *postil_text_changes_list (PostilText *before, PostilText *after);
gboolean postil_text_changes_touch (GArray *changes, PostilSpan after);
gboolean postil_text_changes_follow (GArray *changes, PostilSpan before, PostilSpan *after);

G_END_DECLS
