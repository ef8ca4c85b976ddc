/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-saver.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_SAVERS (postil_savers_get_type ())
G_DECLARE_FINAL_TYPE (PostilSavers, postil_savers, POSTIL, SAVERS, GObject)

PostilSavers *postil_savers_new (void);

void postil_savers_add (PostilSavers *self, PostilSaver *saver);
void postil_savers_remove (PostilSavers *self, PostilSaver *saver);
PostilSaver *postil_savers_find (PostilSavers *self, PostilDocument *document);
PostilSaver *postil_savers_get_worst (PostilSavers *self);

void postil_savers_flush_async (PostilSavers *self,
                                PostilDocument *document,
                                GAsyncReadyCallback callback,
                                gpointer data);
gboolean postil_savers_flush_finish (PostilSavers *self,
                                     GAsyncResult *result,
                                     GPtrArray **failed,
                                     GError **error);

G_END_DECLS
