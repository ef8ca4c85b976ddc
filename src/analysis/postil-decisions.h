/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"

G_BEGIN_DECLS

/**
 * PostilDecisions:
 * @paired: (element-type PostilDecision): passages that are a pair, by place in the first text; no
 * two of them share anything
 * @dismissed: (element-type PostilDecision): passages that are none, by place in the first text
 *
 * What a person decided, without contradictions.
 */
typedef struct
{
  GArray *paired;
  GArray *dismissed;
  /*< private >*/
  guint longest;
} PostilDecisions;

PostilDecisions *postil_decisions_new (GArray *decisions, gboolean swapped, const guint lengths[2]);
void postil_decisions_free (PostilDecisions *self);
gboolean postil_decisions_dismiss (const PostilDecisions *self, PostilSpan a, PostilSpan b);
gboolean postil_decisions_have (GArray *decisions, const PostilDecision *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilDecisions, postil_decisions_free)

G_END_DECLS
