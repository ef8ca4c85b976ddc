/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-file-io.h"
#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilVersion:
 * @name: what postil_store_load_version() finds it by
 * @time: when it was replaced, in seconds since the Unix epoch
 *
 * An earlier version of a sidecar.
 */
typedef struct
{
  char *name;
  gint64 time;
} PostilVersion;

#define POSTIL_TYPE_STORE (postil_store_get_type ())
G_DECLARE_FINAL_TYPE (PostilStore, postil_store, POSTIL, STORE, GObject)

PostilStore *postil_store_new (const char *folder, const PostilFileIo *io);

const PostilFileIo *postil_store_get_io (PostilStore *self);
char *postil_store_find_path (PostilStore *self, const char *path, const char *name);
char *postil_store_make_path (PostilStore *self,
                              const char *path,
                              const char *name,
                              GError **error);
void postil_store_move (PostilStore *self, const char *from, const char *to);

gboolean postil_store_keep_text (PostilStore *self,
                                 PostilText *text,
                                 GCancellable *cancellable,
                                 GError **error);
PostilText *postil_store_load_text (PostilStore *self, const char *sha256);

gboolean postil_store_wants_version (PostilStore *self,
                                     const char *path,
                                     gsize n_bytes,
                                     gint64 time);
gboolean postil_store_keep_version (PostilStore *self,
                                    const char *path,
                                    const char *bytes,
                                    gsize n_bytes,
                                    gint64 time,
                                    GCancellable *cancellable,
                                    GError **error);
GPtrArray *postil_store_list_versions (PostilStore *self, const char *path);
GBytes *postil_store_load_version (PostilStore *self,
                                   const char *path,
                                   const char *name,
                                   GError **error);

gboolean postil_store_note_place (PostilStore *self,
                                  const char *sha256,
                                  const char *sidecar,
                                  GError **error);
GPtrArray *postil_store_list_places (PostilStore *self, const char *sha256);

void postil_version_free (PostilVersion *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilVersion, postil_version_free)

G_END_DECLS
