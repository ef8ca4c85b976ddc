/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-topic-item.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_QUESTION (postil_topic_question_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicQuestion,
                      postil_topic_question,
                      POSTIL,
                      TOPIC_QUESTION,
                      GtkPopover)

GtkWidget *postil_topic_question_new (PostilTopicItem *item,
                                      const char *title,
                                      const char *body,
                                      const char *verb);
GtkWidget *postil_topic_question_new_deletion (PostilTopicItem *item);
PostilTopicItem *postil_topic_question_get_item (PostilTopicQuestion *self);

G_END_DECLS
