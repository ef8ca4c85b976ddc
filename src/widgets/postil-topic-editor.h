/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC_EDITOR (postil_topic_editor_get_type ())
G_DECLARE_FINAL_TYPE (PostilTopicEditor, postil_topic_editor, POSTIL, TOPIC_EDITOR, GtkPopover)

GtkWidget *postil_topic_editor_new (void);
void postil_topic_editor_create (PostilTopicEditor *self,
                                 PostilWorkspace *workspace,
                                 const char *broader);
void postil_topic_editor_edit (PostilTopicEditor *self,
                               PostilWorkspace *workspace,
                               PostilTopic *topic);

G_END_DECLS
