/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-topic.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_SWATCH (postil_topic_swatch_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicSwatch, postil_topic_swatch, POSTIL, TOPIC_SWATCH, GtkWidget)

GtkWidget *postil_topic_swatch_new (void);
void postil_topic_swatch_set_topic (PostilTopicSwatch *self, PostilTopic *topic);
void postil_topic_swatch_set_color (PostilTopicSwatch *self, const char *color);
void postil_topic_swatch_paint (GtkWidget *widget,
                                GtkSnapshot *snapshot,
                                const graphene_rect_t *bounds,
                                PostilTopic *topic);
void postil_topic_swatch_set_sign (PostilTopicSwatch *self, const char *sign);

G_END_DECLS
