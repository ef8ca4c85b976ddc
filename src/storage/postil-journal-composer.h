/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-snapshot.h"
#include "postil-store.h"

G_BEGIN_DECLS

/**
 * PostilJournalPart:
 * @bytes: a sidecar of some annotations, topics and annotators
 * @n_bytes: its length
 * @sha256: SHA-256 of the file that its text was decoded from; "-" for a codebook
 */
typedef struct
{
  const char *bytes;
  gsize n_bytes;
  char sha256[65];
} PostilJournalPart;

/**
 * PostilJournalRecord:
 * @before: what changed, as it was
 * @after: the same as it became
 */
typedef struct
{
  PostilJournalPart before;
  PostilJournalPart after;
} PostilJournalRecord;

gboolean postil_journal_compose (const PostilJournalRecord *records,
                                 guint n_records,
                                 PostilSnapshot *current,
                                 PostilStore *store,
                                 const PostilEnvironment *environment,
                                 PostilSnapshot **before,
                                 PostilSnapshot **after,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
