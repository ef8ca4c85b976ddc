/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment-units.h"

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

float postil_match_get_common (const PostilVocabulary *vocabulary,
                               const PostilFeature *a,
                               guint n_a,
                               const PostilFeature *b,
                               guint n_b);
GArray *postil_alignment_list_candidates (PostilUnits *const units[2],
                                          const PostilVocabulary *vocabulary,
                                          const gboolean *const taken[2],
                                          guint max_count);
GArray *postil_alignment_order (PostilUnits *const units[2],
                                const PostilVocabulary *vocabulary,
                                GCancellable *cancellable);

G_END_DECLS
