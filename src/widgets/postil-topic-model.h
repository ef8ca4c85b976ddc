/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-topic-item.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_MODEL (postil_topic_model_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicModel, postil_topic_model, POSTIL, TOPIC_MODEL, GObject)

PostilTopicModel *postil_topic_model_ref_for (PostilWorkspace *workspace);

PostilWorkspace *postil_topic_model_get_workspace (PostilTopicModel *self);
GListModel *postil_topic_model_get_roots (PostilTopicModel *self);
GListModel *postil_topic_model_get_flat (PostilTopicModel *self);
PostilTopicItem *postil_topic_model_find (PostilTopicModel *self, const char *id);
gboolean postil_topic_model_is_updating (PostilTopicModel *self);

G_END_DECLS
