/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-store.h"

G_BEGIN_DECLS

/* At most so many versions of a sidecar are kept. */
#define POSTIL_STORE_MAX_VERSIONS 24

/* The bounds, in bytes and in files, can be made smaller by tests before threads use the store. */
struct _PostilStore
{
  GObject parent_instance;

  char *folder;
  const PostilFileIo *io;
  guint64 max_text_bytes;
  guint64 max_version_bytes;
  guint max_places;
};

void postil_store_set_error (const char *path, int number, GError **error);
char *postil_store_make_folder (PostilStore *self, const char *name, GError **error);
gboolean postil_store_replace (PostilStore *self,
                               const char *path,
                               const char *bytes,
                               gsize n_bytes,
                               GCancellable *cancellable,
                               GError **error);
void postil_store_sweep (PostilStore *self,
                         const char *folder,
                         const char *spared,
                         guint64 max_bytes,
                         guint max_files);

GBytes *postil_store_pack (const char *header,
                           const char *bytes,
                           gsize n_bytes,
                           GCancellable *cancellable,
                           GError **error);
char *postil_store_unpack (PostilStore *self, const char *path, gsize *n_bytes, GError **error);

gboolean postil_store_is_sha256 (const char *text);
void postil_store_thin (const gint64 *times, guint n, gboolean *keep);

G_END_DECLS
