/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_FINDER (postil_topic_finder_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicFinder, postil_topic_finder, POSTIL, TOPIC_FINDER, GtkWidget)

PostilTopicFinder *postil_topic_finder_new (PostilWorkspace *workspace, gboolean can_create);
void postil_topic_finder_set_workspace (PostilTopicFinder *self, PostilWorkspace *workspace);
void postil_topic_finder_restrict (PostilTopicFinder *self, GPtrArray *topics);

G_END_DECLS
