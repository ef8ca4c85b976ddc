/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-review.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_REVIEW_PANE (postil_review_pane_get_type ())
G_DECLARE_FINAL_TYPE (PostilReviewPane, postil_review_pane, POSTIL, REVIEW_PANE, GtkWidget)

/*
 * Signals: "entry-selected" (PostilDocument, PostilAnnotation): a person selected an entry;
 * "changed"
 * (): another entry is selected, or the counts are others. Actions: "review.accept",
 * "review.accept-sure", "review.reattach", "review.delete", "review.use" and "review.keep".
 */
GtkWidget *postil_review_pane_new (void);

void postil_review_pane_set_workspace (PostilReviewPane *self, PostilWorkspace *workspace);
void postil_review_pane_set_selection (PostilReviewPane *self,
                                       PostilDocument *document,
                                       PostilSpan span);
void postil_review_pane_start (PostilReviewPane *self, PostilDocument *document);
void postil_review_pane_step (PostilReviewPane *self, int by);
PostilAnnotation *postil_review_pane_get_entry (PostilReviewPane *self);
const PostilReviewCounts *postil_review_pane_get_counts (PostilReviewPane *self);

G_END_DECLS
