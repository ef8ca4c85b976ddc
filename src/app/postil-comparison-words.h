/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-comparison-walk.h"
#include "postil-document.h"

G_BEGIN_DECLS

char *postil_comparison_words_describe (PostilComparisonWalk *walk,
                                        guint row,
                                        PostilDocument *here,
                                        PostilDocument *there,
                                        gboolean from_b);
char *postil_comparison_words_locate (PostilComparisonWalk *walk,
                                      PostilComparisonFilter filter,
                                      guint row);
const char *postil_comparison_words_name (PostilComparisonFilter filter);
const char *postil_comparison_words_judge (PostilAlignment *alignment);

G_END_DECLS
