/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"

G_BEGIN_DECLS

typedef struct _PostilTopicLine PostilTopicLine;

PostilTopicLine *postil_topic_line_new (void);
void postil_topic_line_free (PostilTopicLine *self);

gboolean postil_topic_line_show (PostilTopicLine *self,
                                 PostilCodebook *codebook,
                                 const char *const *topics,
                                 guint n_topics);
const char *postil_topic_line_get_text (PostilTopicLine *self);

int postil_topic_line_measure (GtkWidget *widget);
void postil_topic_line_paint (PostilTopicLine *self,
                              GtkWidget *widget,
                              GtkSnapshot *snapshot,
                              const graphene_rect_t *area);
char *postil_topic_line_dup_tooltip (PostilTopicLine *self, double x);

G_END_DECLS
