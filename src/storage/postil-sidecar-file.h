/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-file-io.h"
#include "postil-fingerprint.h"

G_BEGIN_DECLS

/**
 * PostilSidecarFile:
 * @path: the file; maybe a symbolic link
 * @io: the system calls to use
 * @exists: whether there was a file when it was last read or written
 * @status: its status then
 * @fingerprint: tells its bytes from others
 * @flush_folder: whether the folder is still to be flushed for the file to last
 * @left: (element-type PostilSidecarLeft): what is beside it and was not taken in yet
 *
 * A file that several programs write, as it was last read or written. Owned by a #PostilSidecar,
 * which also keeps threads from using it at the same time.
 */
typedef struct
{
  char *path;
  const PostilFileIo *io;
  gboolean exists;
  struct stat status;
  guint64 fingerprint;
  gboolean flush_folder;
  GPtrArray *left;
} PostilSidecarFile;

/**
 * PostilSidecarLeft:
 * @path: a hidden file
 * @raced: whether it was swapped out by this very object; otherwise by a process that ended then
 * @taken: whether it is merged into what is being saved
 *
 * What another program wrote and a save took out of its place, before it is taken in.
 */
typedef struct
{
  char *path;
  gboolean raced;
  gboolean taken;
} PostilSidecarLeft;

/**
 * PostilSidecarLook:
 * @POSTIL_SIDECAR_LOOK_FAILED: it cannot be told
 * @POSTIL_SIDECAR_LOOK_SAME: the file is as it was last read or written, or still is not there
 * @POSTIL_SIDECAR_LOOK_CHANGED: it has other bytes, or is there now
 * @POSTIL_SIDECAR_LOOK_VANISHED: it is not there any more
 */
typedef enum
{
  POSTIL_SIDECAR_LOOK_FAILED,
  POSTIL_SIDECAR_LOOK_SAME,
  POSTIL_SIDECAR_LOOK_CHANGED,
  POSTIL_SIDECAR_LOOK_VANISHED
} PostilSidecarLook;

/**
 * PostilSidecarPut:
 * @POSTIL_SIDECAR_PUT_FAILED: it could not be written
 * @POSTIL_SIDECAR_PUT_STALE: it was not, as another program changed the file meanwhile
 * @POSTIL_SIDECAR_PUT_SAME: it was not, as it says just that already
 * @POSTIL_SIDECAR_PUT_DONE: it was
 * @POSTIL_SIDECAR_PUT_RACED: it was, over what another program wrote in the same moment, which is
 * the last one of @left now
 */
typedef enum
{
  POSTIL_SIDECAR_PUT_FAILED,
  POSTIL_SIDECAR_PUT_STALE,
  POSTIL_SIDECAR_PUT_SAME,
  POSTIL_SIDECAR_PUT_DONE,
  POSTIL_SIDECAR_PUT_RACED
} PostilSidecarPut;

PostilSidecarFile *postil_sidecar_file_new (const char *path, const PostilFileIo *io);
void postil_sidecar_file_free (PostilSidecarFile *self);

char *postil_sidecar_file_follow (PostilSidecarFile *self);
PostilSidecarLook postil_sidecar_file_look (PostilSidecarFile *self,
                                            PostilFileContents *contents,
                                            GCancellable *cancellable,
                                            GError **error);
void postil_sidecar_file_accept (PostilSidecarFile *self, const PostilFileContents *contents);
gboolean postil_sidecar_file_sum (PostilFileFill fill,
                                  gpointer data,
                                  PostilFingerprint *fingerprint,
                                  GError **error);
gboolean postil_sidecar_file_says (PostilSidecarFile *self,
                                   const PostilFingerprint *fingerprint,
                                   const PostilFingerprint *other);
PostilSidecarPut postil_sidecar_file_put (PostilSidecarFile *self,
                                          PostilFileFill fill,
                                          gpointer data,
                                          const PostilFingerprint *other,
                                          char **replaced,
                                          GCancellable *cancellable,
                                          GError **error);
gboolean postil_sidecar_file_take_back (PostilSidecarFile *self, gboolean *done, GError **error);
gboolean postil_sidecar_file_flush (PostilSidecarFile *self, GError **error);
void postil_sidecar_file_find_left (PostilSidecarFile *self, GCancellable *cancellable);
void postil_sidecar_file_forget_left (PostilSidecarFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarFile, postil_sidecar_file_free)

G_END_DECLS
