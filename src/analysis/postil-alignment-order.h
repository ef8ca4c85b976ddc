/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-aligner.h"

G_BEGIN_DECLS

float postil_alignment_get_common (const PostilAligner *aligner, guint a, guint b);
float postil_alignment_get_score (const PostilAligner *aligner, guint a, guint b);
GArray *postil_alignment_list_candidates (const PostilAligner *aligner, const PostilBox *box);
GArray *postil_alignment_find_chain (const PostilAligner *aligner, GArray *candidates);
GArray *postil_alignment_order (const PostilAligner *aligner, const PostilBox *box);

G_END_DECLS
