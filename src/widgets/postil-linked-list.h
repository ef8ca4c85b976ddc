/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_LINKED_LIST (postil_linked_list_get_type ())
G_DECLARE_FINAL_TYPE (PostilLinkedList, postil_linked_list, POSTIL, LINKED_LIST, GtkWidget)

GtkWidget *postil_linked_list_new (void);

void postil_linked_list_show (PostilLinkedList *self,
                              PostilWorkspace *workspace,
                              PostilDocument *document,
                              const char *annotation);

G_END_DECLS
