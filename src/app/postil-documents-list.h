/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-savers.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_DOCUMENTS_LIST (postil_documents_list_get_type ())
G_DECLARE_FINAL_TYPE (PostilDocumentsList, postil_documents_list, POSTIL, DOCUMENTS_LIST, GtkWidget)

void postil_documents_list_set_workspace (PostilDocumentsList *self,
                                          PostilWorkspace *workspace,
                                          PostilSavers *savers);
void postil_documents_list_set_shown (PostilDocumentsList *self,
                                      PostilDocument *start,
                                      PostilDocument *end);

G_END_DECLS
