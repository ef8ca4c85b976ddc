/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar-file.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar.h"

G_BEGIN_DECLS

/* What stands in the store for a sidecar that cannot be beside its document, and for what was
 * beside it then. */
#define AWAY_NAME "sidecar.json"
#define AWAY_BASE_NAME "sidecar-base.json"

/* How a copy is named that Postil puts aside; nothing takes it for a sidecar or a document. */
#define ORIGINAL_SUFFIX POSTIL_SIDECAR_SUFFIX ".original"

/*
 * PostilSidecarPlace:
 * @file: a file
 * @base: what it held when it was last read or written
 * @written: what the save that is going on put there
 * @reshape: whether its shape is not Postil's, so that it is copied aside before it is first
 * written over
 * @damaged: whether it is there and could not be read
 */
typedef struct
{
  PostilSidecarFile *file;
  PostilSnapshot *base;
  PostilSnapshot *written;
  gboolean reshape;
  gboolean damaged;
} PostilSidecarPlace;

struct _PostilSidecar
{
  GObject parent_instance;

  char *path;
  const PostilFileIo *io;
  PostilStore *store;
  /* What the store knows it by: the document's path, or the codebook's. */
  char *subject;

  /* Set by loading. */
  char *label;
  const PostilEnvironment *environment;
  GError *damage;
  GPtrArray *warnings;
  guint n_recovered;
  gboolean unsaved;
  gboolean text_changed;

  GMutex mutex;
  PostilSidecarPlace beside;
  PostilSidecarPlace away;
  /* Whether the name is too long for the file system. */
  gboolean too_long;
  gint is_away;
  /* Of what is beside and the store keeps as base of what is away. */
  guint64 away_base;
  /* What was loaded with what was recovered, as long as that is not in the file; and the journals
   * that had it. */
  PostilSnapshot *recovered;
  GPtrArray *journals;
  /* SHA-256 of the text that the store has. */
  char *kept_text;
};

void postil_sidecar_set_snapshot (PostilSnapshot **place, PostilSnapshot *snapshot);
PostilSnapshot *postil_sidecar_parse (PostilSidecar *self,
                                      const PostilFileContents *contents,
                                      PostilText *text,
                                      PostilSidecarReport *report,
                                      GCancellable *cancellable,
                                      GError **error);
void postil_sidecar_add_warning (PostilSidecar *self, const char *warning);
void postil_sidecar_forget_journals (PostilSidecar *self);
void postil_sidecar_take_in_left (PostilSidecar *self,
                                  PostilSidecarPlace *place,
                                  PostilSnapshot **ours,
                                  GCancellable *cancellable);

G_END_DECLS
