/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the files of the review pane share: postil-review-pane.c has it show what there is to
 * review, -actions.c offers what can be done to the selected entry.
 */

#include "postil-after-frame.h"
#include "postil-annotation-list.h"
#include "postil-review-detail.h"
#include "postil-review-pane.h"
#include "postil-row-binder.h"
#include "postil-topic-model.h"

G_BEGIN_DECLS

struct _PostilReviewPane
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilTopicModel *model;
  PostilAnnotationList *annotations;
  GtkSingleSelection *selection;
  GPtrArray *documents;
  /* %NULL until there are widgets. */
  PostilRowBinder *binder;
  PostilAfterFrame *later;
  guint stamp;
  PostilReviewCounts counts;
  PostilReviewKinds kinds;
  gboolean committing;

  /* What is selected in the text. */
  PostilDocument *selected_document;
  PostilSpan selected_span;

  GtkWidget *header;
  GtkToggleButton *all_button;
  GtkToggleButton *moved_button;
  GtkToggleButton *uncertain_button;
  GtkToggleButton *orphaned_button;
  GtkToggleButton *versions_button;
  GtkStack *stack;
  GtkListView *list;
  GtkWidget *empty;
  PostilReviewDetail *detail;
};

/* postil-review-pane.c */
PostilAnnotationRow *postil_review_pane_get_row (PostilReviewPane *self);
void postil_review_pane_commit (PostilReviewPane *self, PostilStep *step);

/* postil-review-pane-actions.c */
void postil_review_pane_install_actions (GtkWidgetClass *widget_class);
void postil_review_pane_update_actions (PostilReviewPane *self);

G_END_DECLS
