/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-loader.h"
#include "postil-sidecar.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

/**
 * PostilCliDocument:
 * @name: the file as the command line names it, in UTF-8
 * @document: its text and annotations
 * @sidecar: where they are stored
 * @read: the document as it was read
 */
typedef struct
{
  char *name;
  PostilDocument *document;
  PostilSidecar *sidecar;
  PostilSnapshot *read;
} PostilCliDocument;

typedef struct _PostilCliSession PostilCliSession;

/**
 * PostilCliEdit:
 * @session: documents that were just read
 * @data: what the caller gave
 * @error: return location
 *
 * Changes documents.
 *
 * Returns: whether the changes are to be saved
 */
typedef gboolean (*PostilCliEdit) (PostilCliSession *session, gpointer data, GError **error);

PostilCliSession *postil_cli_session_open (const char *const *files, GError **error);
PostilCliSession *postil_cli_session_open_one (const char *file,
                                               PostilLoaderProgress progress,
                                               gpointer data,
                                               GError **error);
void postil_cli_session_free (PostilCliSession *self);
gboolean postil_cli_session_edit (const char *const *files,
                                  PostilCliEdit edit,
                                  gpointer data,
                                  GError **error);

PostilWorkspace *postil_cli_session_get_workspace (PostilCliSession *self);
GPtrArray *postil_cli_session_get_documents (PostilCliSession *self);
PostilSnapshot *postil_cli_session_snapshot (PostilCliSession *self, PostilCliDocument *document);
char *postil_cli_session_dup_names (PostilCliSession *self);
gboolean postil_cli_session_owns (PostilCliSession *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilCliSession, postil_cli_session_free)

G_END_DECLS
