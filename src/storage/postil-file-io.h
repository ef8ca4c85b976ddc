/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>
#include <sys/types.h>

G_BEGIN_DECLS

/**
 * PostilFileIo:
 *
 * The system calls of a save, so that tests can make each of them fail. Each member has the
 * signature, the result and the errno of the call that it is named after.
 */
typedef struct
{
  int (*open) (const char *path, int flags, mode_t mode);
  ssize_t (*read) (int fd, void *buffer, size_t size);
  ssize_t (*write) (int fd, const void *buffer, size_t size);
  int (*fsync) (int fd);
  int (*fdatasync) (int fd);
  int (*ftruncate) (int fd, off_t size);
  int (*flock) (int fd, int operation);
  int (*fchmod) (int fd, mode_t mode);
  int (*fstat) (int fd, struct stat *status);
  int (*close) (int fd);
  int (*rename) (const char *from, const char *to);
  int (*renameat2) (int from_folder,
                    const char *from,
                    int to_folder,
                    const char *to,
                    unsigned int flags);
  int (*link) (const char *from, const char *to);
  int (*unlink) (const char *path);
  int (*mkdir) (const char *path, mode_t mode);
} PostilFileIo;

/**
 * PostilFileContents:
 * @bytes: all bytes of the file, and a NUL after them
 * @n_bytes: how many, in bytes without that NUL
 * @sha256: their SHA-256 in lower-case hexadecimal, or %NULL when it was not asked for
 * @status: the file's status when it was opened
 */
typedef struct
{
  char *bytes;
  gsize n_bytes;
  char *sha256;
  struct stat status;
} PostilFileContents;

/**
 * PostilFileProgress:
 * @fraction: how much has been read, from 0 to 1
 * @data: what the caller gave
 */
typedef void (*PostilFileProgress) (double fraction, gpointer data);

/**
 * PostilFileSink:
 * @bytes: the next bytes of a file
 * @n_bytes: how many
 * @data: what goes with it
 * @error: return location
 *
 * Returns: whether they were taken; %FALSE ends the writing
 */
typedef gboolean (*PostilFileSink) (const char *bytes,
                                    gsize n_bytes,
                                    gpointer data,
                                    GError **error);

/**
 * PostilFileFill:
 * @sink: (scope call): takes the bytes of a file, some at a time
 * @sink_data: passed to @sink
 * @data: what the caller gave
 * @error: return location
 *
 * Returns: whether all were taken; %FALSE without an error when the file is not wanted after all
 */
typedef gboolean (*PostilFileFill) (PostilFileSink sink,
                                    gpointer sink_data,
                                    gpointer data,
                                    GError **error);

/**
 * PostilFileExchange:
 * @POSTIL_FILE_EXCHANGE_FAILED: nothing was done
 * @POSTIL_FILE_EXCHANGE_CREATED: there was no file before
 * @POSTIL_FILE_EXCHANGE_SWAPPED: what was there before has the new file's former name now
 * @POSTIL_FILE_EXCHANGE_REPLACED: what was there before is gone
 */
typedef enum
{
  POSTIL_FILE_EXCHANGE_FAILED,
  POSTIL_FILE_EXCHANGE_CREATED,
  POSTIL_FILE_EXCHANGE_SWAPPED,
  POSTIL_FILE_EXCHANGE_REPLACED
} PostilFileExchange;

const PostilFileIo *postil_file_io_get_system (void);

gboolean postil_file_io_get_status (const PostilFileIo *io,
                                    const char *path,
                                    struct stat *status,
                                    GError **error);
gssize postil_file_io_peek (const PostilFileIo *io,
                            const char *path,
                            char *buffer,
                            gsize n_buffer,
                            GError **error);
gboolean postil_file_io_read (const PostilFileIo *io,
                              const char *path,
                              gboolean with_sha256,
                              PostilFileProgress progress,
                              gpointer progress_data,
                              PostilFileContents *contents,
                              GCancellable *cancellable,
                              GError **error);
gboolean postil_file_io_read_fingerprint (const PostilFileIo *io,
                                          const char *path,
                                          const char *shown,
                                          guint64 *fingerprint,
                                          GError **error);
gboolean postil_file_io_read_swapped (const PostilFileIo *io,
                                      const char *path,
                                      const char *shown,
                                      PostilFileContents *contents,
                                      GError **error);
void postil_file_contents_clear (PostilFileContents *contents);

void postil_file_io_set_write_error (const char *path, int number, GError **error);

gboolean postil_file_io_lock_folder (const PostilFileIo *io,
                                     const char *path,
                                     int *lock,
                                     GCancellable *cancellable,
                                     GError **error);
gboolean postil_file_io_write_new (const PostilFileIo *io,
                                   const char *name,
                                   const char *path,
                                   PostilFileFill fill,
                                   gpointer data,
                                   const mode_t *mode,
                                   struct stat *status,
                                   GCancellable *cancellable,
                                   GError **error);
char *postil_file_io_write_temporary (const PostilFileIo *io,
                                      const char *path,
                                      const char *bytes,
                                      gsize n_bytes,
                                      const mode_t *mode,
                                      struct stat *status,
                                      GCancellable *cancellable,
                                      GError **error);
gboolean postil_file_io_put_in_place (const PostilFileIo *io,
                                      const char *temporary,
                                      const char *path,
                                      GError **error);
PostilFileExchange postil_file_io_exchange (const PostilFileIo *io,
                                            const char *temporary,
                                            const char *path,
                                            GError **error);
gboolean postil_file_io_flush_folder (const PostilFileIo *io, const char *path, GError **error);
char *postil_file_io_write_beside (const PostilFileIo *io,
                                   const char *path,
                                   const char *stem,
                                   const char *middle,
                                   const char *ending,
                                   const char *bytes,
                                   gsize n_bytes,
                                   GCancellable *cancellable,
                                   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostilFileContents, postil_file_contents_clear)

G_END_DECLS
