/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-codebook.h"
#include "postil-document.h"
#include "postil-sidecar.h"

G_BEGIN_DECLS

/**
 * PostilSaverState:
 * @POSTIL_SAVER_SAVED: the sidecar holds all changes
 * @POSTIL_SAVER_SAVING: changes wait, or are being written
 * @POSTIL_SAVER_FAILED: the last try failed; the message says why
 * @POSTIL_SAVER_BLOCKED: what is in the sidecar cannot be read, and is never overwritten
 */
typedef enum
{
  POSTIL_SAVER_SAVED,
  POSTIL_SAVER_SAVING,
  POSTIL_SAVER_FAILED,
  POSTIL_SAVER_BLOCKED
} PostilSaverState;

#define POSTIL_TYPE_SAVER_STATE (postil_saver_state_get_type ())
GType postil_saver_state_get_type (void);

#define POSTIL_TYPE_SAVER (postil_saver_get_type ())
G_DECLARE_FINAL_TYPE (PostilSaver, postil_saver, POSTIL, SAVER, GObject)

PostilSaver *postil_saver_new (PostilDocument *document,
                               PostilCodebook *codebook,
                               PostilSidecar *sidecar);
PostilSaver *postil_saver_new_for_codebook (PostilCodebook *codebook,
                                            PostilSnapshot *snapshot,
                                            PostilSidecar *sidecar);

PostilSaverState postil_saver_get_state (PostilSaver *self);
const char *postil_saver_get_message (PostilSaver *self);
PostilSidecar *postil_saver_get_sidecar (PostilSaver *self);
PostilDocument *postil_saver_get_document (PostilSaver *self);
gboolean postil_saver_is_beside (PostilSaver *self);
PostilSnapshot *postil_saver_take_snapshot (PostilSaver *self);

void postil_saver_flush_async (PostilSaver *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);
gboolean postil_saver_flush_finish (PostilSaver *self, GAsyncResult *result, GError **error);

G_END_DECLS
