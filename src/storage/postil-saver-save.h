/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar.h"
#include "postil-snapshot.h"

G_BEGIN_DECLS

/**
 * PostilSaverSave:
 * @refresh: whether the file is only read again
 * @here: what is here
 * @n_changes: how often that had changed then
 * @recorded: how much of the journal is in @here
 * @untaken: (nullable): what was merged before and nobody took over
 * @untaken_base: (nullable): what was here then
 * @saved: what the file was to hold
 * @outside: (nullable): what it holds now, if that is something else
 * @after: (nullable): what comes of @here and @outside
 * @n_annotations: how many annotations of @after are others than @here, apart from links
 * @n_versions: of how many there are two versions now
 * @duration: how long the save took, in ms
 *
 * One save, and what came of it. A thread has it for itself until it is done.
 */
typedef struct
{
  gboolean refresh;
  PostilSnapshot *here;
  guint64 n_changes;
  guint64 recorded;
  PostilSnapshot *untaken;
  PostilSnapshot *untaken_base;
  PostilSnapshot *saved;
  PostilSnapshot *outside;
  PostilSnapshot *after;
  guint n_annotations;
  guint n_versions;
  gint64 duration;
} PostilSaverSave;

PostilSaverSave *postil_saver_save_new (PostilSnapshot *here);
PostilSaverSave *postil_saver_save_ref (PostilSaverSave *self);
void postil_saver_save_unref (PostilSaverSave *self);
gboolean postil_saver_save_run (PostilSaverSave *self, PostilSidecar *sidecar, GError **error);
void postil_saver_save_merge (PostilSaverSave *self);

G_END_DECLS
