/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_TREE (postil_topic_tree_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicTree, postil_topic_tree, POSTIL, TOPIC_TREE, GtkWidget)

/*
 * The codebook as a tree: swatch, label, count, shortcut digit, a filter entry above, a button for
 * a new topic. Properties: "workspace", "selected" (id of the topic that is selected, or NULL).
 * Actions (on the widget, also in the row's context menu): "topic.apply", "topic.new",
 * "topic.new-child", "topic.edit", "topic.delete" (each with its own dialog and committing its own
 * step), "topic.carry-over". Signals: "topic-activated" (const char *id): double click, Enter or
 * the menu on a row; "carry-over" (const char *id): the menu on a row
 */
GtkWidget *postil_topic_tree_new (void);
void postil_topic_tree_set_workspace (PostilTopicTree *self, PostilWorkspace *workspace);
const char *postil_topic_tree_get_selected (PostilTopicTree *self);
void postil_topic_tree_set_selected (PostilTopicTree *self, const char *topic);
void postil_topic_tree_set_other_text (PostilTopicTree *self, const char *name);

/* The topic of a shortcut digit: the first nine topics in the order shown; NULL when there are
 * fewer. */
PostilTopic *postil_topic_tree_get_digit (PostilCodebook *codebook, guint digit);

G_END_DECLS
