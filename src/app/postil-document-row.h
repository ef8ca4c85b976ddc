/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-document.h"
#include "postil-saver.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_DOCUMENT_ROW (postil_document_row_get_type ())
G_DECLARE_FINAL_TYPE (PostilDocumentRow, postil_document_row, POSTIL, DOCUMENT_ROW, GtkListBoxRow)

GtkWidget *postil_document_row_new (PostilDocument *document);

PostilDocument *postil_document_row_get_document (PostilDocumentRow *self);
void postil_document_row_set_shown (PostilDocumentRow *self, gboolean at_start, gboolean at_end);
void postil_document_row_set_saver (PostilDocumentRow *self, PostilSaver *saver);

G_END_DECLS
