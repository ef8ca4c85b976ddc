/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-topic.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_ITEM (postil_topic_item_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicItem, postil_topic_item, POSTIL, TOPIC_ITEM, GObject)

PostilTopicItem *postil_topic_item_new (PostilTopic *topic);

PostilTopic *postil_topic_item_get_topic (PostilTopicItem *self);
const char *postil_topic_item_get_id (PostilTopicItem *self);
const char *postil_topic_item_get_path (PostilTopicItem *self);
const char *postil_topic_item_get_folded_label (PostilTopicItem *self);
const char *postil_topic_item_get_folded_path (PostilTopicItem *self);
guint postil_topic_item_get_count (PostilTopicItem *self);
guint postil_topic_item_get_digit (PostilTopicItem *self);
GListStore *postil_topic_item_get_children (PostilTopicItem *self);
PostilTopicItem *postil_topic_item_get_parent (PostilTopicItem *self);

void postil_topic_item_set_topic (PostilTopicItem *self,
                                  PostilTopic *topic,
                                  PostilTopicItem *parent);
void postil_topic_item_set_count (PostilTopicItem *self, guint count);
void postil_topic_item_set_digit (PostilTopicItem *self, guint digit);

char *postil_topic_item_fold (const char *text);

G_END_DECLS
