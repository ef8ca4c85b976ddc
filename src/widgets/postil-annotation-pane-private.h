/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the files of the annotation pane share: postil-annotation-pane.c has it show the
 * annotations, -actions.c offers what can be done to those that are selected.
 */

#include "postil-after-frame.h"
#include "postil-annotation-detail.h"
#include "postil-annotation-filters.h"
#include "postil-annotation-list.h"
#include "postil-annotation-pane.h"
#include "postil-kept-selection.h"
#include "postil-row-binder.h"
#include "postil-row-reveal.h"
#include "postil-topic-finder.h"
#include "postil-topic-model.h"

G_BEGIN_DECLS

struct _PostilAnnotationPane
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilTopicModel *model;
  PostilAnnotationList *annotations;
  GtkSelectionModel *selection;
  GPtrArray *documents;
  PostilRowBinder *binder;
  guint stamp;
  /* Whether the cards are to follow what they show beside their annotations. */
  gboolean is_stale;
  PostilAnnotationOrder order;
  /* Whether another order has been set that the list is not in yet. */
  gboolean is_sorting;
  /* (nullable): what is to be selected once the list shows all that was changed. */
  PostilKeptSelection *kept;
  /* Which row is to be selected then instead; GTK_INVALID_LIST_POSITION for none. */
  guint next;
  char *open;
  /* What had the focus before a note was to be edited, and gets it back. */
  GtkWidget *return_to;
  guint n_selected;
  gboolean restoring;
  PostilAfterFrame *later;
  /* Of the open one. */
  PostilRowReveal *reveal;
  /* Whether changes of documents are to be followed then. */
  gboolean is_behind;
  /* Whether another one is to be opened then, and its id; NULL for none. */
  gboolean opens;
  char *to_open;

  PostilAnnotationFilters *filters;
  GtkStack *stack;
  GtkListView *list;
  GtkWidget *caption;
  PostilAnnotationDetail *detail;
  GtkWidget *several_box;
  GtkLabel *several_label;
  GtkMenuButton *add_button;
  GtkMenuButton *remove_button;
  /* %NULL until these are used. */
  PostilTopicFinder *add_finder;
  PostilTopicFinder *remove_finder;
};

/* postil-annotation-pane.c */
void postil_annotation_pane_select_next (PostilAnnotationPane *self, guint position);
void postil_annotation_pane_show_selected (PostilAnnotationPane *self);

/* postil-annotation-pane-actions.c */
void postil_annotation_pane_install_actions (GtkWidgetClass *widget_class);
void postil_annotation_pane_init_actions (PostilAnnotationPane *self);
void postil_annotation_pane_set_finders_workspace (PostilAnnotationPane *self,
                                                   PostilWorkspace *workspace);

G_END_DECLS
