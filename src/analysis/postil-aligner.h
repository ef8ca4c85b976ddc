/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment-units.h"
#include "postil-decisions.h"

G_BEGIN_DECLS

/**
 * PostilMatch:
 * @a: first unit of the first text
 * @n_a: how many units from there on
 * @b: first unit of the second text
 * @n_b: how many
 * @score: the share of their weight that both have, from 0 to 1
 *
 * Units of two texts that say the same.
 */
typedef struct
{
  guint a;
  guint n_a;
  guint b;
  guint n_b;
  float score;
} PostilMatch;

/**
 * PostilBox:
 * @start: first unit of each text
 * @end: unit after the last one
 *
 * A stretch of both texts.
 */
typedef struct
{
  guint start[2];
  guint end[2];
} PostilBox;

/**
 * PostilAligner:
 * @units: those of both texts
 * @vocabulary: theirs
 * @decisions: what a person decided
 * @taken: for each unit of both texts whether it has a counterpart
 * @fresh: for each unit of both texts whether counterparts are looked for; %NULL when for all
 * @moved_to: (nullable): for each unit of the first text the one of the second text that it is
 * known to have moved to, counted from 1, or 0
 * @progress: (nullable): called with how much is done
 * @progress_data: for @progress
 * @progress_start: how much of all is done before the present part of the work
 * @progress_end: and after it
 * @cancellable: (nullable): ends the work early
 *
 * Two texts that are being aligned: what the parts of that work have in common.
 */
typedef struct
{
  PostilUnits *units[2];
  PostilVocabulary *vocabulary;
  PostilDecisions *decisions;
  gboolean *taken[2];
  gboolean *fresh[2];
  guint *moved_to;
  PostilAlignmentProgress progress;
  gpointer progress_data;
  double progress_start;
  double progress_end;
  GCancellable *cancellable;
} PostilAligner;

static inline gboolean
postil_aligner_is_fresh (const PostilAligner *self, guint side, guint unit)
{
  return self->fresh[side] == NULL || self->fresh[side][unit];
}

static inline PostilSpan
postil_aligner_get_span (const PostilAligner *self, guint side, guint first, guint n)
{
  return (PostilSpan){ postil_units_get (self->units[side], first)->span.start,
                       postil_units_get (self->units[side], first + n - 1)->span.end };
}

/* How much of the present part of the work is done. */
static inline void
postil_aligner_report (const PostilAligner *self, double fraction)
{
  if (self->progress != NULL)
    self->progress (self->progress_start + fraction * (self->progress_end - self->progress_start),
                    self->progress_data);
}

struct _PostilRevision;

gboolean postil_aligner_run (PostilAligner *self,
                             PostilText *const texts[2],
                             const struct _PostilRevision *revision,
                             GArray *pairs,
                             GArray *const only[2]);

G_END_DECLS
