/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_LINE (postil_topic_line_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicLine, postil_topic_line, POSTIL, TOPIC_LINE, GtkWidget)

GtkWidget *postil_topic_line_new (void);
void postil_topic_line_show (PostilTopicLine *self,
                             PostilCodebook *codebook,
                             const char *const *topics,
                             guint n_topics);
const char *postil_topic_line_get_text (PostilTopicLine *self);

G_END_DECLS
