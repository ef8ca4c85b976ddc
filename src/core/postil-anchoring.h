/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-anchor.h"
#include "postil-annotation.h"
#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilPlacement:
 * @anchor: how the passage was described
 * @trusted: whether the positions were made on this very text
 * @status: (out): what became of it
 * @spans: (out) (transfer full) (array): one span a selector, in code points of the new text, to be
 * freed with g_free(); %NULL when orphaned
 *
 * One annotation to be placed: a request and its answer.
 */
typedef struct
{
  PostilAnchor *anchor;
  gboolean trusted;
  PostilStatus status;
  PostilSpan *spans;
} PostilPlacement;

void postil_anchoring_place (PostilText *text, PostilPlacement *placements, guint n_placements);

G_END_DECLS
