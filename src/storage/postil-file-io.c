/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

#include "postil-file-io.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "postil-decoder.h"
#include "postil-fingerprint.h"
#include "postil-sha256.h"

/* What is read or written between two checks for cancelling, in bytes. */
#define PIECE (1024 * 1024)

/* What is read at once to be looked at only, in bytes. */
#define BUFFER (256 * 1024)

/* After so many bytes the system is told to write them to the disk, while more come. */
#define AHEAD (8 * 1024 * 1024)

/* What is read into less than this is not worth large pages, in bytes. */
#define LARGE (4 * 1024 * 1024)

/* How many names are tried for a new file before something else must be wrong. */
#define MAX_NAMES 1000

/* How often a file that comes and goes is taken for there or not. */
#define MAX_TURNS 100

/* How long others may hold a folder, and between how many looks, in ms. */
#define LOCK_PATIENCE 30000
#define LOCK_PAUSE 2

static int
system_open (const char *path, int flags, mode_t mode)
{
  return open (path, flags, mode);
}

static void
set_read_error (const char *path, int number, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  int code = g_file_error_from_errno (number);

  if (number == ENOENT)
    g_set_error (error, G_FILE_ERROR, code,
                 _ ("“%s” does not exist; it may have been moved, renamed or deleted"), name);
  else if (number == ENAMETOOLONG)
    g_set_error (error, G_FILE_ERROR, code,
                 _ ("The name “%s” is too long for the file system; choose a shorter name for the "
                    "document"),
                 name);
  else
    g_set_error (error, G_FILE_ERROR, code, _ ("“%s” cannot be read: %s"), name,
                 g_strerror (number));
}

static int
open_retrying (const PostilFileIo *io, const char *path, int flags, mode_t mode)
{
  int fd;

  do
    fd = io->open (path, flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  return fd;
}

static gboolean
sync_retrying (const PostilFileIo *io, int fd)
{
  int result;

  do
    result = io->fsync (fd);
  while (result < 0 && errno == EINTR);
  return result == 0;
}

/* Linux has closed the descriptor also when it reports EINTR. */
static gboolean
close_checked (const PostilFileIo *io, int fd)
{
  return io->close (fd) == 0 || errno == EINTR;
}

/* Opens for reading what is a regular file, and never waits for anything else. */
static int
open_regular (const PostilFileIo *io,
              const char *path,
              const char *shown,
              struct stat *status,
              GError **error)
{
  int fd = open_retrying (io, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
  gboolean known = fd >= 0 && io->fstat (fd, status) == 0;
  g_autofree char *name = NULL;

  if (known && S_ISREG (status->st_mode))
    return fd;

  /* Opening a socket gives ENXIO. */
  if (!known && errno != ENXIO)
    set_read_error (shown, errno, error);
  else
    {
      name = g_filename_display_basename (shown);
      if (known && S_ISDIR (status->st_mode))
        g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, _ ("“%s” is a folder, not a file"),
                     name);
      else
        g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                     _ ("“%s” is a pipe, a socket or a device, not a regular file"), name);
    }
  if (fd >= 0)
    io->close (fd);
  return -1;
}

/* Allocates memory to read into. Where the system has large pages, filling it takes half the time.
 */
static char *
allocate (gsize n_bytes)
{
  char *bytes = g_try_malloc (n_bytes);

#ifdef MADV_HUGEPAGE
  if (bytes != NULL && n_bytes >= LARGE)
    {
      gsize n_page = sysconf (_SC_PAGESIZE), n_before = -(guintptr) bytes % n_page;

      madvise (bytes + n_before, n_bytes - n_before, MADV_HUGEPAGE);
    }
#endif
  return bytes;
}

static gboolean
read_open (const PostilFileIo *io,
           int fd,
           const char *path,
           gboolean with_sha256,
           PostilFileProgress progress,
           gpointer progress_data,
           PostilFileContents *contents,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  gsize n_expected, n_allocated;

  if (!postil_decoder_check_size (contents->status.st_size, name, error))
    return FALSE;
  n_expected = contents->status.st_size;
  /* One byte for NUL, one to see the end of the file without another allocation. */
  n_allocated = n_expected + 2;
  contents->bytes = allocate (n_allocated);

  while (contents->bytes != NULL)
    {
      gsize n_room = n_allocated - 1 - contents->n_bytes;
      ssize_t n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      n = io->read (fd, contents->bytes + contents->n_bytes, MIN (n_room, PIECE));
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_read_error (path, errno, error);
          return FALSE;
        }
      if (n == 0)
        break;
      contents->n_bytes += n;
      if (progress != NULL)
        progress (MIN ((double) contents->n_bytes / MAX (n_expected, 1), 1), progress_data);
      /* The file is growing while it is read. */
      if (contents->n_bytes == n_allocated - 1)
        {
          char *grown;

          if (!postil_decoder_check_size (contents->n_bytes, name, error))
            return FALSE;
          n_allocated += MAX (n_allocated / 4, PIECE);
          grown = g_try_realloc (contents->bytes, n_allocated);
          if (grown == NULL)
            g_free (contents->bytes);
          contents->bytes = grown;
        }
    }
  if (contents->bytes == NULL)
    {
      set_read_error (path, ENOMEM, error);
      return FALSE;
    }

  contents->bytes[contents->n_bytes] = '\0';
  if (with_sha256)
    contents->sha256 = postil_sha256_compute (contents->bytes, contents->n_bytes);
  return postil_decoder_check_size (contents->n_bytes, name, error);
}

static gboolean
read_named (const PostilFileIo *io,
            const char *path,
            const char *shown,
            gboolean with_sha256,
            PostilFileProgress progress,
            gpointer progress_data,
            PostilFileContents *contents,
            GCancellable *cancellable,
            GError **error)
{
  gboolean done;
  int fd;

  *contents = (PostilFileContents){ 0 };
  fd = open_regular (io, path, shown, &contents->status, error);
  if (fd < 0)
    return FALSE;
  done =
    read_open (io, fd, shown, with_sha256, progress, progress_data, contents, cancellable, error);
  io->close (fd);
  if (!done)
    postil_file_contents_clear (contents);
  return done;
}

static gboolean
write_all (const PostilFileIo *io,
           int fd,
           const char *bytes,
           gsize n_bytes,
           const char *path,
           GCancellable *cancellable,
           GError **error)
{
  while (n_bytes > 0)
    {
      ssize_t n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      n = io->write (fd, bytes, MIN (n_bytes, PIECE));
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          postil_file_io_set_write_error (path, n < 0 ? errno : EIO, error);
          return FALSE;
        }
      bytes += n;
      n_bytes -= n;
    }
  return TRUE;
}

/* A new file that is being written. */
typedef struct
{
  const PostilFileIo *io;
  int fd;
  const char *path;
  GCancellable *cancellable;
  /* How much of it was written, and how much of that was already told to go to the disk. */
  gsize n_written;
  gsize n_begun;
} Output;

static gboolean
write_output (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  Output *self = data;

  if (!write_all (self->io, self->fd, bytes, n_bytes, self->path, self->cancellable, error))
    return FALSE;
  self->n_written += n_bytes;
#ifdef SYNC_FILE_RANGE_WRITE
  /* Then little is left to be waited for at the end. */
  if (self->n_written - self->n_begun >= AHEAD)
    {
      sync_file_range (self->fd, self->n_begun, self->n_written - self->n_begun,
                       SYNC_FILE_RANGE_WRITE);
      self->n_begun = self->n_written;
    }
#endif
  return TRUE;
}

typedef struct
{
  const char *bytes;
  gsize n_bytes;
} Whole;

static gboolean
fill_whole (PostilFileSink sink, gpointer sink_data, gpointer data, GError **error)
{
  const Whole *self = data;

  return sink (self->bytes, self->n_bytes, sink_data, error);
}

/* File systems without modes of their own may refuse to set one, so it is set only if it differs.
 */
static gboolean
keep_mode (const PostilFileIo *io, int fd, const mode_t *mode, struct stat *status)
{
  if (mode == NULL)
    return TRUE;
  return io->fstat (fd, status) == 0 &&
         ((status->st_mode & 07777) == (*mode & 07777) || io->fchmod (fd, *mode & 07777) == 0);
}

/* Makes a new empty file whose name is @stem, @middle, a number unless it is free without, @ending.
 * The stem is cut short where the name would be too long. */
static char *
reserve_name (const PostilFileIo *io,
              const char *path,
              const char *stem,
              const char *middle,
              const char *ending,
              GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  for (guint i = 1; i <= MAX_NAMES; i++)
    {
      g_autofree char *number = i > 1 ? g_strdup_printf (" %u", i) : g_strdup ("");
      g_autofree char *tail = g_strconcat (middle, number, ending, NULL);
      g_autofree char *head = g_strdup (stem);
      g_autofree char *name = NULL;
      int fd;

      while (strlen (head) + strlen (tail) > NAME_MAX && *head != '\0')
        *g_utf8_find_prev_char (head, head + strlen (head)) = '\0';
      name = g_strdup_printf ("%s%c%s%s", folder, G_DIR_SEPARATOR, head, tail);
      fd = open_retrying (io, name, O_WRONLY | O_CREAT | O_EXCL, 0666);
      if (fd >= 0)
        {
          io->close (fd);
          return g_steal_pointer (&name);
        }
      if (errno != EEXIST)
        {
          postil_file_io_set_write_error (name, errno, error);
          return NULL;
        }
    }
  postil_file_io_set_write_error (path, EEXIST, error);
  return NULL;
}

/**
 * postil_file_io_get_system:
 *
 * Returns: the system's own calls
 */
const PostilFileIo *
postil_file_io_get_system (void)
{
  static const PostilFileIo system = {
    .open = system_open,
    .read = read,
    .write = write,
    .fsync = fsync,
    .fdatasync = fdatasync,
    .ftruncate = ftruncate,
    .flock = flock,
    .fchmod = fchmod,
    .fstat = fstat,
    .close = close,
    .rename = rename,
    .renameat2 = renameat2,
    .link = link,
    .unlink = unlink,
    .mkdir = mkdir,
  };

  return &system;
}

/**
 * postil_file_io_set_write_error:
 * @path: what was to be written
 * @number: an errno
 * @error: return location
 *
 * Says in a sentence why a file cannot be saved.
 */
void
postil_file_io_set_write_error (const char *path, int number, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  int code = g_file_error_from_errno (number);

  if (number == ENOENT || number == ENOTDIR)
    g_set_error (error, G_FILE_ERROR, code,
                 _ ("“%s” cannot be saved, as its folder was moved, renamed or deleted"), name);
  else
    g_set_error (error, G_FILE_ERROR, code, _ ("“%s” cannot be saved: %s"), name,
                 g_strerror (number));
}

/**
 * postil_file_io_get_status:
 * @path: a file
 * @status: (out): its status
 *
 * Asks without waiting and without reading.
 *
 * Returns: whether it is a regular file that can be read; %FALSE sets a %G_FILE_ERROR,
 * %G_FILE_ERROR_NOENT when there is none
 */
gboolean
postil_file_io_get_status (const PostilFileIo *io,
                           const char *path,
                           struct stat *status,
                           GError **error)
{
  int fd = open_regular (io, path, path, status, error);

  if (fd < 0)
    return FALSE;
  io->close (fd);
  return TRUE;
}

/**
 * postil_file_io_peek:
 * @path: a file
 * @buffer: (out caller-allocates): takes the beginning of the file
 * @n_buffer: how much it takes, in bytes
 *
 * Returns: how many bytes were read, or -1 with a %G_FILE_ERROR
 */
gssize
postil_file_io_peek (const PostilFileIo *io,
                     const char *path,
                     char *buffer,
                     gsize n_buffer,
                     GError **error)
{
  struct stat status;
  int fd = open_regular (io, path, path, &status, error);
  ssize_t n;

  if (fd < 0)
    return -1;
  do
    n = io->read (fd, buffer, n_buffer);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    set_read_error (path, errno, error);
  io->close (fd);
  return n;
}

/**
 * postil_file_io_read:
 * @path: a file
 * @with_sha256: whether to make the checksum, which takes longer than all the rest
 * @progress: (nullable): called after each piece
 * @contents: (out caller-allocates): its bytes
 *
 * Reads a whole file, if it is a regular one of at most POSTIL_DECODER_MAX_BYTES.
 *
 * Returns: whether it was read; %FALSE sets a %G_FILE_ERROR, %POSTIL_ERROR_TOO_LARGE or
 * %G_IO_ERROR_CANCELLED, and leaves nothing in @contents but the status if that is known
 */
gboolean
postil_file_io_read (const PostilFileIo *io,
                     const char *path,
                     gboolean with_sha256,
                     PostilFileProgress progress,
                     gpointer progress_data,
                     PostilFileContents *contents,
                     GCancellable *cancellable,
                     GError **error)
{
  g_return_val_if_fail (io != NULL && path != NULL && contents != NULL, FALSE);

  return read_named (io, path, path, with_sha256, progress, progress_data, contents, cancellable,
                     error);
}

/**
 * postil_file_io_read_fingerprint:
 * @path: a file
 * @shown: what is named in errors
 * @fingerprint: (out): what postil_fingerprint_compute() makes of its bytes
 *
 * Reads a file without keeping it in memory.
 *
 * Returns: whether it was read; %FALSE sets a %G_FILE_ERROR
 */
gboolean
postil_file_io_read_fingerprint (const PostilFileIo *io,
                                 const char *path,
                                 const char *shown,
                                 guint64 *fingerprint,
                                 GError **error)
{
  g_autofree char *buffer = g_malloc (BUFFER);
  PostilFingerprint made = { 0 };
  struct stat status;
  int fd = open_regular (io, path, shown, &status, error);
  ssize_t n;

  if (fd < 0)
    return FALSE;
  do
    {
      n = io->read (fd, buffer, BUFFER);
      if (n > 0)
        postil_fingerprint_add (&made, buffer, n);
    }
  while (n > 0 || (n < 0 && errno == EINTR));
  if (n < 0)
    set_read_error (shown, errno, error);
  io->close (fd);
  *fingerprint = postil_fingerprint_get (&made);
  return n == 0;
}

/**
 * postil_file_io_read_swapped:
 * @path: what postil_file_io_exchange() took out of its place
 * @shown: its place, named in errors
 * @contents: (out caller-allocates): its bytes
 *
 * Reads a file as postil_file_io_read() does.
 *
 * Returns: whether it was read
 */
gboolean
postil_file_io_read_swapped (const PostilFileIo *io,
                             const char *path,
                             const char *shown,
                             PostilFileContents *contents,
                             GError **error)
{
  return read_named (io, path, shown, FALSE, NULL, NULL, contents, NULL, error);
}

/**
 * postil_file_contents_clear:
 *
 * Frees the bytes and the checksum.
 */
void
postil_file_contents_clear (PostilFileContents *contents)
{
  g_clear_pointer (&contents->bytes, g_free);
  g_clear_pointer (&contents->sha256, g_free);
  contents->n_bytes = 0;
}

/**
 * postil_file_io_lock_folder:
 * @path: a file
 * @lock: (out): what to close to end it; -1 when folders cannot be locked there
 *
 * Keeps out of the folder of a file all others that call this, in other threads and processes too,
 * waiting for them if need be. Network file systems often have no such locks, and folders that may
 * not be read none either.
 *
 * Returns: %FALSE with a %G_FILE_ERROR when somebody holds it for too long, or with
 * %G_IO_ERROR_CANCELLED
 */
gboolean
postil_file_io_lock_folder (const PostilFileIo *io,
                            const char *path,
                            int *lock,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  gint64 until = g_get_monotonic_time () + LOCK_PATIENCE * G_TIME_SPAN_MILLISECOND;

  *lock = open_retrying (io, folder, O_RDONLY | O_DIRECTORY, 0);
  while (*lock >= 0 && io->flock (*lock, LOCK_EX | LOCK_NB) != 0)
    {
      int number = errno;

      if (number == EINTR)
        continue;
      if (number == EWOULDBLOCK && g_get_monotonic_time () < until &&
          !g_cancellable_is_cancelled (cancellable))
        {
          g_usleep (LOCK_PAUSE * 1000);
          continue;
        }
      io->close (*lock);
      *lock = -1;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (number == EWOULDBLOCK)
        {
          g_autofree char *name = g_filename_display_basename (path);

          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
                       _ ("“%s” cannot be saved, as another program is saving in its folder and "
                          "does not finish"),
                       name);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * postil_file_io_write_new:
 * @name: path of a file that does not exist
 * @path: what is named in errors
 * @fill: (scope call): gives what to write
 * @data: passed to @fill
 * @mode: (nullable): the mode of the new file; else 0666 without the umask
 * @status: (out): the status of the new file
 *
 * Writes a new file and flushes it to the disk. On failure nothing of it stays.
 *
 * Returns: whether it is there; %FALSE with a %G_FILE_ERROR, %G_FILE_ERROR_EXIST when there is a
 * file of that name, or %G_IO_ERROR_CANCELLED, or without an error when @fill did not want it
 */
gboolean
postil_file_io_write_new (const PostilFileIo *io,
                          const char *name,
                          const char *path,
                          PostilFileFill fill,
                          gpointer data,
                          const mode_t *mode,
                          struct stat *status,
                          GCancellable *cancellable,
                          GError **error)
{
  /* Nobody else reads it before it has the mode of the file that it replaces. */
  int fd = open_retrying (io, name, O_WRONLY | O_CREAT | O_EXCL, mode != NULL ? 0600 : 0666);
  Output output = { .io = io, .fd = fd, .path = path, .cancellable = cancellable };
  gboolean done;

  if (fd < 0)
    {
      postil_file_io_set_write_error (path, errno, error);
      return FALSE;
    }
  done = fill (write_output, &output, data, error);
  if (done &&
      !(keep_mode (io, fd, mode, status) && sync_retrying (io, fd) && io->fstat (fd, status) == 0))
    {
      done = FALSE;
      postil_file_io_set_write_error (path, errno, error);
    }
  if (!close_checked (io, fd) && done)
    {
      done = FALSE;
      postil_file_io_set_write_error (path, errno, error);
    }
  if (!done)
    io->unlink (name);
  return done;
}

/**
 * postil_file_io_write_temporary:
 * @path: the file that will be replaced, named in errors; the new one comes beside it
 * @bytes: what to write
 * @n_bytes: how many, in bytes
 * @mode: (nullable): the mode of the new file; else 0666 without the umask
 * @status: (out): the status of the new file
 *
 * Writes a new hidden file, as postil_file_io_write_new() does.
 *
 * Returns: (transfer full): its path, or %NULL with a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
 */
char *
postil_file_io_write_temporary (const PostilFileIo *io,
                                const char *path,
                                const char *bytes,
                                gsize n_bytes,
                                const mode_t *mode,
                                struct stat *status,
                                GCancellable *cancellable,
                                GError **error)
{
  static gint count;
  Whole whole = { bytes, n_bytes };
  g_autofree char *folder = g_path_get_dirname (path);

  for (guint i = 1;; i++)
    {
      g_autofree char *temporary =
        g_strdup_printf ("%s%c.postil-%d-%d.tmp", folder, G_DIR_SEPARATOR, (int) getpid (),
                         g_atomic_int_add (&count, 1));
      g_autoptr (GError) problem = NULL;

      if (postil_file_io_write_new (io, temporary, path, fill_whole, &whole, mode, status,
                                    cancellable, &problem))
        return g_steal_pointer (&temporary);
      if (i < MAX_NAMES && g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_EXIST))
        continue;
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
}

/**
 * postil_file_io_put_in_place:
 * @temporary: what postil_file_io_write_temporary() returned
 * @path: the file that it replaces
 *
 * Renames, and removes the temporary file when that fails. To last through a power cut, the folder
 * must be flushed after it.
 *
 * Returns: whether @path is the new file; %FALSE sets a %G_FILE_ERROR
 */
gboolean
postil_file_io_put_in_place (const PostilFileIo *io,
                             const char *temporary,
                             const char *path,
                             GError **error)
{
  if (io->rename (temporary, path) == 0)
    return TRUE;
  postil_file_io_set_write_error (path, errno, error);
  io->unlink (temporary);
  return FALSE;
}

static gboolean
is_unsupported (int number)
{
  return number == EINVAL || number == ENOSYS || number == ENOTSUP || number == EPERM;
}

/* As an exchange does, where there is none: what is written into the file in the same moment is
 * still kept, only what is put in its place then is not. Where there are no hard links either
 * nothing is. */
static PostilFileExchange
exchange_by_links (const PostilFileIo *io, const char *temporary, const char *path)
{
  g_autofree char *aside = g_strconcat (temporary, "~", NULL);
  int number;

  if (io->link (path, aside) == 0)
    {
      if (io->rename (temporary, path) == 0)
        return io->rename (aside, temporary) == 0 ? POSTIL_FILE_EXCHANGE_SWAPPED
                                                  : POSTIL_FILE_EXCHANGE_REPLACED;
      number = errno;
      io->unlink (aside);
      errno = number;
      return POSTIL_FILE_EXCHANGE_FAILED;
    }
  if (is_unsupported (errno))
    return io->rename (temporary, path) == 0 ? POSTIL_FILE_EXCHANGE_REPLACED
                                             : POSTIL_FILE_EXCHANGE_FAILED;
  return POSTIL_FILE_EXCHANGE_FAILED;
}

/* Renames only where there is no file. */
static gboolean
create (const PostilFileIo *io, const char *temporary, const char *path)
{
  if (io->renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (!is_unsupported (errno))
    return FALSE;
  if (io->link (temporary, path) == 0)
    {
      io->unlink (temporary);
      return TRUE;
    }
  return is_unsupported (errno) && io->rename (temporary, path) == 0;
}

/**
 * postil_file_io_exchange:
 * @temporary: a new file, flushed
 * @path: the file that it replaces, which need not exist
 *
 * Puts a new file in the place of another one, and that one into the place of the new one, at once,
 * so that nobody can change the old one unseen. At any moment the file that @path names is whole.
 * Where file system or kernel do not exchange (renameat2 with RENAME_EXCHANGE), hard links come
 * close to it, and where there are none either it is a mere renaming. To last through a power cut,
 * the folder must be flushed after it. On failure @temporary stays.
 *
 * Returns: what became of the old one; %POSTIL_FILE_EXCHANGE_FAILED with a %G_FILE_ERROR
 */
PostilFileExchange
postil_file_io_exchange (const PostilFileIo *io,
                         const char *temporary,
                         const char *path,
                         GError **error)
{
  for (guint i = 0; i < MAX_TURNS; i++)
    {
      PostilFileExchange result = POSTIL_FILE_EXCHANGE_FAILED;

      if (io->renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
        return POSTIL_FILE_EXCHANGE_SWAPPED;
      if (is_unsupported (errno))
        result = exchange_by_links (io, temporary, path);
      if (result != POSTIL_FILE_EXCHANGE_FAILED)
        return result;
      if (errno != ENOENT)
        break;
      if (create (io, temporary, path))
        return POSTIL_FILE_EXCHANGE_CREATED;
      if (errno != EEXIST)
        break;
    }
  postil_file_io_set_write_error (path, errno, error);
  return POSTIL_FILE_EXCHANGE_FAILED;
}

/**
 * postil_file_io_flush_folder:
 * @path: a file
 *
 * Flushes the folder of a file that was renamed, where the folder lets itself be opened and its
 * file system knows how.
 *
 * Returns: whether the new name will last; %FALSE sets a %G_FILE_ERROR
 */
gboolean
postil_file_io_flush_folder (const PostilFileIo *io, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open_retrying (io, folder, O_RDONLY | O_DIRECTORY, 0);

  if (fd < 0 && errno == EACCES)
    return TRUE;
  if (fd < 0 || (!sync_retrying (io, fd) && errno != EINVAL && errno != ENOTSUP))
    {
      postil_file_io_set_write_error (path, errno, error);
      if (fd >= 0)
        io->close (fd);
      return FALSE;
    }
  io->close (fd);
  return TRUE;
}

/**
 * postil_file_io_write_beside:
 * @path: a file
 * @stem: how the new file's name begins
 * @middle: how it goes on
 * @ending: how it ends; a number comes before it when the name is taken
 * @bytes: what to write
 * @n_bytes: how many, in bytes
 *
 * Writes a new file beside @path, with the same care as one that replaces another.
 *
 * Returns: (transfer full): its path, or %NULL with a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
 */
char *
postil_file_io_write_beside (const PostilFileIo *io,
                             const char *path,
                             const char *stem,
                             const char *middle,
                             const char *ending,
                             const char *bytes,
                             gsize n_bytes,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *temporary = NULL, *name = NULL;
  struct stat status;

  temporary =
    postil_file_io_write_temporary (io, path, bytes, n_bytes, NULL, &status, cancellable, error);
  if (temporary == NULL)
    return NULL;
  name = reserve_name (io, path, stem, middle, ending, error);
  if (name == NULL)
    {
      io->unlink (temporary);
      return NULL;
    }
  if (!postil_file_io_put_in_place (io, temporary, name, error) ||
      !postil_file_io_flush_folder (io, name, error))
    {
      io->unlink (name);
      return NULL;
    }
  return g_steal_pointer (&name);
}
