/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment-order.h"

G_BEGIN_DECLS

/**
 * PostilEcho:
 * @words: the first and the last word of either side, among the words of its text
 * @score: the share of the quoting side's weight that the other one has
 */
typedef struct
{
  guint first[2];
  guint last[2];
  float score;
} PostilEcho;

GArray *postil_alignment_find_moved (const PostilAligner *aligner);
GArray *postil_alignment_find_echoes (const PostilAligner *aligner, gboolean *const echoed[2]);

G_END_DECLS
