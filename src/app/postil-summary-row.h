/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-comparison-summary.h"

G_BEGIN_DECLS

/**
 * PostilSummaryRowKind:
 * @POSTIL_SUMMARY_ROW_SIDE: a text, with how much of it the other one has
 * @POSTIL_SUMMARY_ROW_OMISSIONS: what a text has that the other one leaves out
 * @POSTIL_SUMMARY_ROW_OMISSION: one of these
 * @POSTIL_SUMMARY_ROW_TOPICS: the heading above the topics
 * @POSTIL_SUMMARY_ROW_TOPIC: how a topic falls in both texts
 * @POSTIL_SUMMARY_ROW_BOTH: its passages that both texts have
 * @POSTIL_SUMMARY_ROW_ONLY: its passages that one text alone has
 * @POSTIL_SUMMARY_ROW_PASSAGE: one of these
 */
typedef enum
{
  POSTIL_SUMMARY_ROW_SIDE,
  POSTIL_SUMMARY_ROW_OMISSIONS,
  POSTIL_SUMMARY_ROW_OMISSION,
  POSTIL_SUMMARY_ROW_TOPICS,
  POSTIL_SUMMARY_ROW_TOPIC,
  POSTIL_SUMMARY_ROW_BOTH,
  POSTIL_SUMMARY_ROW_ONLY,
  POSTIL_SUMMARY_ROW_PASSAGE
} PostilSummaryRowKind;

#define POSTIL_TYPE_SUMMARY_ROW (postil_summary_row_get_type ())
G_DECLARE_FINAL_TYPE (PostilSummaryRow, postil_summary_row, POSTIL, SUMMARY_ROW, GObject)

PostilSummaryRow *postil_summary_row_new (PostilSummaryRowKind kind,
                                          guint side,
                                          gconstpointer data);

PostilSummaryRowKind postil_summary_row_get_kind (PostilSummaryRow *self);
guint postil_summary_row_get_side (PostilSummaryRow *self);
gconstpointer postil_summary_row_get_data (PostilSummaryRow *self);
char *postil_summary_row_dup_key (PostilSummaryRow *self);
GListModel *postil_summary_row_list_children (PostilSummaryRow *self);

G_END_DECLS
