/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-bar.h"
#include "postil-find-bar.h"
#include "postil-saver.h"
#include "postil-text-view.h"
#include "postil-text-watch.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_DOCUMENT_VIEW (postil_document_view_get_type ())
G_DECLARE_FINAL_TYPE (PostilDocumentView, postil_document_view, POSTIL, DOCUMENT_VIEW, GtkWidget)

void postil_document_view_set_workspace (PostilDocumentView *self, PostilWorkspace *workspace);
PostilDocument *postil_document_view_get_document (PostilDocumentView *self);
void postil_document_view_set_document (PostilDocumentView *self,
                                        PostilDocument *document,
                                        PostilSaver *saver,
                                        PostilTextWatch *watch);
void postil_document_view_preview (PostilDocumentView *self, GFile *file, PostilText *text);
PostilTextView *postil_document_view_get_text_view (PostilDocumentView *self);
void postil_document_view_set_counterpart (PostilDocumentView *self, const char *words);
PostilFindBar *postil_document_view_get_find_bar (PostilDocumentView *self);
PostilBar *postil_document_view_get_offer_bar (PostilDocumentView *self);

G_END_DECLS
