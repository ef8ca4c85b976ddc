/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

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

/**
 * PostilAnchoringProgress:
 * @fraction: how much is done, 0 to 1, never less than before
 * @data: what was passed with it
 *
 * Called in the thread that anchors.
 */
typedef void (*PostilAnchoringProgress) (double fraction, gpointer data);

/**
 * PostilCandidate:
 * @span: a place in the text, in code points
 * @score: how well it answers what is known of the passage, 0 to 1
 *
 * A place that a person may pick for a range.
 */
typedef struct
{
  PostilSpan span;
  double score;
} PostilCandidate;

gboolean postil_anchoring_place (PostilText *text,
                                 PostilText *old_text,
                                 PostilPlacement *placements,
                                 guint n_placements,
                                 PostilAnchoringProgress progress,
                                 gpointer progress_data,
                                 GCancellable *cancellable);
GArray *postil_anchoring_list_candidates (PostilText *text,
                                          PostilText *old_text,
                                          PostilAnchor *anchor,
                                          guint range,
                                          guint max);

G_END_DECLS
