/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-file-io.h"
#include "postil-journal.h"
#include "postil-snapshot.h"
#include "postil-store.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_SIDECAR (postil_sidecar_get_type ())
G_DECLARE_FINAL_TYPE (PostilSidecar, postil_sidecar, POSTIL, SIDECAR, GObject)

#define POSTIL_SIDECAR_SUFFIX ".annotations.json"
#define POSTIL_CODEBOOK_NAME "codebook.json"

PostilSidecar *postil_sidecar_new (const char *path, PostilStore *store, const PostilFileIo *io);
PostilSidecar *postil_sidecar_new_for_document (GFile *document,
                                                PostilStore *store,
                                                GError **error);
gboolean postil_sidecar_is_name (const char *name);
PostilSnapshot *postil_sidecar_make_empty (PostilText *text,
                                           const char *label,
                                           const PostilEnvironment *environment);

const char *postil_sidecar_get_path (PostilSidecar *self);
char *postil_sidecar_dup_target (PostilSidecar *self);
const GError *postil_sidecar_get_damage (PostilSidecar *self);
const char *const *postil_sidecar_get_warnings (PostilSidecar *self);
gboolean postil_sidecar_get_text_changed (PostilSidecar *self);
gboolean postil_sidecar_is_beside (PostilSidecar *self);
const char *postil_sidecar_get_place (PostilSidecar *self);
guint postil_sidecar_get_n_recovered (PostilSidecar *self);
gboolean postil_sidecar_get_unsaved (PostilSidecar *self);
PostilJournal *postil_sidecar_open_journal (PostilSidecar *self, guint64 *position);

PostilSnapshot *postil_sidecar_load (PostilSidecar *self,
                                     PostilText *text,
                                     const char *label,
                                     const PostilEnvironment *environment,
                                     GCancellable *cancellable,
                                     GError **error);
PostilSnapshot *postil_sidecar_recover (PostilSidecar *self,
                                        PostilSnapshot *snapshot,
                                        GCancellable *cancellable);
gboolean postil_sidecar_save (PostilSidecar *self,
                              PostilSnapshot *snapshot,
                              PostilSnapshot **merged,
                              GCancellable *cancellable,
                              GError **error);
gboolean postil_sidecar_refresh (PostilSidecar *self,
                                 PostilSnapshot *snapshot,
                                 PostilSnapshot **merged,
                                 GCancellable *cancellable,
                                 GError **error);
gboolean postil_sidecar_is_current (PostilSidecar *self);

G_END_DECLS
