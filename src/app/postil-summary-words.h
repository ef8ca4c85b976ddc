/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-codebook.h"
#include "postil-comparison-summary.h"
#include "postil-summary-row.h"

G_BEGIN_DECLS

/**
 * PostilSummaryTexts:
 * @texts: the two texts that a summary is of
 * @names: the names of their documents
 */
typedef struct
{
  PostilText *texts[2];
  const char *names[2];
} PostilSummaryTexts;

char *postil_summary_words_dup_share (const PostilSummarySide *side, guint part);
char *postil_summary_words_dup_side (const PostilSummarySide *side);
char *postil_summary_words_dup_title (PostilSummaryRow *row,
                                      PostilCodebook *codebook,
                                      const PostilSummaryTexts *of);
char *postil_summary_words_dup_detail (PostilSummaryRow *row, const PostilSummaryTexts *of);
gboolean postil_summary_words_get_place (PostilSummaryRow *row, guint *side, PostilSpan *span);
char *postil_summary_words_dup_report (GListModel *rows,
                                       PostilCodebook *codebook,
                                       const PostilSummaryTexts *of);

G_END_DECLS
