/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_CHIP (postil_topic_chip_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicChip, postil_topic_chip, POSTIL, TOPIC_CHIP, GtkWidget)

GtkWidget *postil_topic_chip_new (gboolean removable);
void postil_topic_chip_show (PostilTopicChip *self, PostilCodebook *codebook, const char *topic);
const char *postil_topic_chip_get_topic (PostilTopicChip *self);

G_END_DECLS
