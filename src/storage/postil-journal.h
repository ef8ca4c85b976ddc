/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-snapshot.h"
#include "postil-store.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_JOURNAL (postil_journal_get_type ())
G_DECLARE_FINAL_TYPE (PostilJournal, postil_journal, POSTIL, JOURNAL, GObject)

PostilJournal *postil_journal_new (PostilStore *store, const char *path);
GPtrArray *postil_journal_claim_left (PostilStore *store, const char *path);
gboolean postil_journal_resume (PostilJournal *self, guint64 *position);

gboolean postil_journal_append (PostilJournal *self,
                                PostilSnapshot *before,
                                PostilSnapshot *after,
                                guint64 *position,
                                GError **error);
gboolean postil_journal_flush (PostilJournal *self, GError **error);
gboolean postil_journal_forget (PostilJournal *self, guint64 position, GError **error);

gboolean postil_journal_read (PostilJournal *self,
                              PostilSnapshot *current,
                              const PostilEnvironment *environment,
                              PostilSnapshot **before,
                              PostilSnapshot **after,
                              GCancellable *cancellable,
                              GError **error);
char *postil_journal_dup_aside_path (PostilJournal *self);

G_END_DECLS
