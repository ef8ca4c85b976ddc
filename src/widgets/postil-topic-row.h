/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-topic-item.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_ROW (postil_topic_row_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicRow, postil_topic_row, POSTIL, TOPIC_ROW, GtkWidget)

GtkWidget *postil_topic_row_new (void);
PostilTopicItem *postil_topic_row_get_item (PostilTopicRow *self);
void postil_topic_row_set_item (PostilTopicRow *self, PostilTopicItem *item);

G_END_DECLS
