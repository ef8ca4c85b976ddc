/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For memmem(). */
#define _GNU_SOURCE

#include "config.h"

#include "postil-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "postil-decoder.h"
#include "postil-journal-composer.h"
#include "postil-sidecar-writer.h"
#include "postil-store-private.h"

/* A record: a line of fixed length, then the two snapshots as sidecars. The line has the lengths in
 * bytes, the SHA-256 of the texts, and a checksum of all that and the snapshots, which is there to
 * find what was cut off or damaged, so that the one that takes least time will do. */
#define MAGIC "Postil record 1"
#define LENGTHS MAGIC " %016" G_GINT64_MODIFIER "x %016" G_GINT64_MODIFIER "x %64.64s %64.64s "
#define N_LENGTHS (strlen (MAGIC) + 2 * (16 + 1) + 2 * (64 + 1) + 1)
#define CHECKSUM G_CHECKSUM_MD5
#define N_CHECKSUM 32
#define N_HEADER (N_LENGTHS + N_CHECKSUM + 1)

/* What a journal's name begins with; then come the time in µs, the process and a number. */
#define PREFIX "journal-"

/* The same of a file that will take the place of one. */
#define NEXT_PREFIX "next-"

/* The same of what cannot be read, once nothing more is to be had from it. */
#define ASIDE_PREFIX "unreadable-"

/* How many names are tried before something else must be wrong. */
#define MAX_NAMES 100

/* When so many bytes were forgotten, and no fewer than are left, the rest moves to a new file. */
#define MOVE (4 * 1024 * 1024)

/* How many records may be damaged before the rest is given up. It bounds the time that a file made
 * to take long can take. */
#define MAX_DAMAGED 16

/* What is copied at a time, in bytes. */
#define PIECE 65536

/* Calls again what a signal interrupted. */
#define RETRY(result, call)                                                                        \
  do                                                                                               \
    (result) = (call);                                                                             \
  while ((result) < 0 && errno == EINTR)

/**
 * PostilJournal:
 *
 * What was changed in a document since its sidecar was saved, in a file to which every step of the
 * history is added: at once lasting through the end of the process, and after
 * postil_journal_flush() through that of the machine. Owned by who saves the document.
 *
 * Each journal has a file of its own in the store, made when the first record is added and locked
 * as long as the journal lives, so that processes and windows never mix theirs. A file that nobody
 * holds was left by a process that ended: postil_journal_claim_left() finds it, and locks it so
 * that nobody else restores the same work.
 *
 * The file only ever ends with a whole record, or with one that was cut off by the end of a process
 * or machine and never acknowledged. Positions count on when records are forgotten. Any thread may
 * use a journal; records are in the order in which they were added.
 */
struct _PostilJournal
{
  GObject parent_instance;

  PostilStore *store;
  char *document;
  gboolean left;
  /* Whether reading it found more than what the end of a process cuts off. */
  gboolean damaged;

  /* Held while @fd may not become another one; taken before @lock. */
  GMutex file_lock;
  /* Held while anything below is used, and never while waiting for the disk to flush. */
  GMutex lock;
  char *path;
  int fd;
  /* Positions: of the file's first byte, after the last record, after the last one forgotten, and
   * after the last one that is flushed. */
  guint64 start;
  guint64 end;
  guint64 forgotten;
  guint64 flushed;
  /* Whether the file may have something after its last record. */
  gboolean torn;
  gboolean folder_flushed;
  gboolean flush_failed;
};

G_DEFINE_FINAL_TYPE (PostilJournal, postil_journal, G_TYPE_OBJECT)

static void
set_error (int number, GError **error)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number),
               _ ("Changes cannot be kept safe until they are saved: %s"), g_strerror (number));
}

static const PostilFileIo *
get_io (PostilJournal *self)
{
  return self->store->io;
}

/* Whether the file was deleted, maybe with its folder, under its descriptor. */
static gboolean
is_gone (PostilJournal *self, int fd)
{
  struct stat status;

  return get_io (self)->fstat (fd, &status) == 0 && status.st_nlink == 0;
}

/* Takes the file, if nobody holds it. Where the file system knows no locks, a file is held as long
 * as the process in its name is there. */
static gboolean
lock_file (PostilJournal *self, int fd, const char *name)
{
  int result, process;

  RETRY (result, get_io (self)->flock (fd, LOCK_EX | LOCK_NB));
  if (result == 0)
    return !is_gone (self, fd);
  if (errno == EWOULDBLOCK)
    return FALSE;
  return !self->left || (sscanf (name, PREFIX "%*x-%d-", &process) == 1 && process > 0 &&
                         kill (process, 0) != 0 && errno == ESRCH);
}

/* Opens a new file, which is this journal's. Returns -1 with an error. */
static int
open_new (PostilJournal *self, char **path, GError **error)
{
  static gint count;
  int fd;

  for (guint i = 0; i < MAX_NAMES; i++)
    {
      g_autofree char *name =
        g_strdup_printf (PREFIX "%016" G_GINT64_MODIFIER "x-%d-%d", g_get_real_time (),
                         (int) getpid (), g_atomic_int_add (&count, 1));

      *path = postil_store_make_path (self->store, self->document, name, error);
      if (*path == NULL)
        return -1;
      RETRY (fd,
             get_io (self)->open (*path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (fd >= 0 && lock_file (self, fd, name))
        return fd;
      if (fd < 0 && errno != EEXIST)
        break;
      /* Somebody who looks for what was left was quicker, and removes the empty file. */
      if (fd >= 0)
        get_io (self)->close (fd);
      g_clear_pointer (path, g_free);
    }
  set_error (errno, error);
  g_clear_pointer (path, g_free);
  return -1;
}

/* Returns 0 or an errno. */
static int
write_all (PostilJournal *self, int fd, const char *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      ssize_t n;

      RETRY (n, get_io (self)->write (fd, bytes, n_bytes));
      if (n <= 0)
        return n < 0 ? errno : EIO;
      bytes += n;
      n_bytes -= n;
    }
  return 0;
}

/* Flushes a file, and with @folders its name, those of its folders up to the store's, and that. */
static gboolean
flush_file (PostilJournal *self, int fd, const char *path, gboolean folders, GError **error)
{
  g_autofree char *at = g_strdup (path);
  int result;

  RETRY (result, get_io (self)->fdatasync (fd));
  if (result != 0)
    {
      set_error (errno, error);
      return FALSE;
    }
  for (gboolean more = folders; more;)
    {
      g_autofree char *below = g_steal_pointer (&at);

      if (!postil_file_io_flush_folder (get_io (self), below, error))
        return FALSE;
      more = strcmp (below, self->store->folder) != 0;
      at = g_path_get_dirname (below);
    }
  return TRUE;
}

/* Copies what is not forgotten to @to. Returns 0 or an errno. */
static int
copy_rest (PostilJournal *self, int to)
{
  g_autofree char *buffer = g_malloc (PIECE);
  guint64 at = MAX (self->start, self->forgotten);

  if (lseek (self->fd, at - self->start, SEEK_SET) < 0)
    return errno;
  while (at < self->end)
    {
      ssize_t n;
      int number;

      RETRY (n, get_io (self)->read (self->fd, buffer, MIN (PIECE, self->end - at)));
      if (n <= 0)
        return n < 0 ? errno : EIO;
      number = write_all (self, to, buffer, n);
      if (number != 0)
        return number;
      at += n;
    }
  return 0;
}

/* Lets a new file with what is not forgotten take the place of the file, at once: of two that tell
 * of the same, one could go on and the other not. */
static gboolean
move (PostilJournal *self, GError **error)
{
  g_autofree char *name = g_path_get_basename (self->path);
  g_autofree char *next_name = g_strconcat (NEXT_PREFIX, name, NULL);
  g_autofree char *next = postil_store_make_path (self->store, self->document, next_name, error);
  int fd, number;

  if (next == NULL)
    return FALSE;
  RETRY (fd, get_io (self)->open (next, O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  number = fd < 0 || !lock_file (self, fd, name) ? errno : copy_rest (self, fd);
  if (number != 0)
    set_error (number, error);
  if (number != 0 || !flush_file (self, fd, next, TRUE, error) ||
      !postil_file_io_put_in_place (get_io (self), next, self->path, error))
    {
      if (fd >= 0)
        {
          get_io (self)->unlink (next);
          get_io (self)->close (fd);
        }
      return FALSE;
    }

  postil_file_io_flush_folder (get_io (self), self->path, NULL);
  get_io (self)->close (self->fd);
  self->fd = fd;
  self->start = MAX (self->start, self->forgotten);
  self->flushed = self->end;
  self->torn = FALSE;
  self->folder_flushed = TRUE;
  self->flush_failed = FALSE;
  return TRUE;
}

/* Makes the file end with its last record. */
static gboolean
mend (PostilJournal *self, GError **error)
{
  int result;

  if (!self->torn)
    return TRUE;
  RETRY (result, get_io (self)->ftruncate (self->fd, self->end - self->start));
  if (result != 0)
    {
      set_error (errno, error);
      return FALSE;
    }
  self->torn = FALSE;
  return TRUE;
}

static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static const char *
get_sha256 (PostilSnapshot *snapshot)
{
  return snapshot->text != NULL ? postil_text_get_sha256 (snapshot->text) : "-";
}

static char *
sign (const char *header, const char *snapshots, gsize n_bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (CHECKSUM);

  g_checksum_update (checksum, (const guchar *) header, N_LENGTHS);
  g_checksum_update (checksum, (const guchar *) snapshots, n_bytes);
  return g_strdup (g_checksum_get_string (checksum));
}

static GString *
make_record (PostilSnapshot *before, PostilSnapshot *after)
{
  GString *record = g_string_sized_new (8192);
  g_autofree char *header = NULL;
  g_autofree char *signature = NULL;
  gsize n_before;

  g_string_set_size (record, N_HEADER);
  postil_sidecar_write (before, POSTIL_SIDECAR_STYLE_NATIVE, append_cb, record, NULL, NULL);
  n_before = record->len - N_HEADER;
  postil_sidecar_write (after, POSTIL_SIDECAR_STYLE_NATIVE, append_cb, record, NULL, NULL);

  header =
    g_strdup_printf (LENGTHS, (guint64) n_before, (guint64) (record->len - N_HEADER - n_before),
                     get_sha256 (before), get_sha256 (after));
  g_assert (strlen (header) == N_LENGTHS);
  signature = sign (header, record->str + N_HEADER, record->len - N_HEADER);
  memcpy (record->str, header, N_LENGTHS);
  memcpy (record->str + N_LENGTHS, signature, N_CHECKSUM);
  record->str[N_HEADER - 1] = '\n';
  return record;
}

/* Takes apart the record at @bytes. Returns its length, or 0 when there is none that is whole. */
static gsize
parse_record (const char *bytes, gsize n_bytes, PostilJournalRecord *record)
{
  g_autofree char *header = NULL;
  g_autofree char *signature = NULL;
  guint64 n_before, n_after;

  if (n_bytes < N_HEADER || memcmp (bytes, MAGIC, strlen (MAGIC)) != 0)
    return 0;
  header = g_strndup (bytes, N_LENGTHS);
  if (sscanf (header, MAGIC " %16" G_GINT64_MODIFIER "x %16" G_GINT64_MODIFIER "x %64s %64s",
              &n_before, &n_after, record->before.sha256, record->after.sha256) != 4 ||
      n_before > n_bytes - N_HEADER || n_after > n_bytes - N_HEADER - n_before)
    return 0;
  signature = sign (bytes, bytes + N_HEADER, n_before + n_after);
  if (memcmp (bytes + N_LENGTHS, signature, N_CHECKSUM) != 0 || bytes[N_HEADER - 1] != '\n')
    return 0;

  record->before.bytes = bytes + N_HEADER;
  record->before.n_bytes = n_before;
  record->after.bytes = record->before.bytes + n_before;
  record->after.n_bytes = n_after;
  return N_HEADER + n_before + n_after;
}

/* Whether these are the first bytes of a record: all that came to the disk of the last one. */
static gboolean
is_cut_off (const char *bytes, gsize n_bytes)
{
  g_autofree char *header = g_strndup (bytes, MIN (n_bytes, N_LENGTHS));
  guint64 n_before, n_after;

  if (n_bytes < N_HEADER)
    return memcmp (bytes, MAGIC, MIN (n_bytes, strlen (MAGIC))) == 0;
  return sscanf (header, MAGIC " %16" G_GINT64_MODIFIER "x %16" G_GINT64_MODIFIER "x ", &n_before,
                 &n_after) == 2 &&
         (n_before > n_bytes - N_HEADER || n_after > n_bytes - N_HEADER - n_before);
}

/* (transfer full) (element-type PostilJournalRecord): all whole records. Beyond one that is damaged
 * the next one is looked for. */
static GArray *
parse_records (const char *bytes, gsize n_bytes, gsize *n_whole, gboolean *damaged)
{
  GArray *records = g_array_new (FALSE, FALSE, sizeof (PostilJournalRecord));
  const char *start = bytes, *end = bytes + n_bytes;
  guint n_damaged = 0;

  *n_whole = 0;
  *damaged = FALSE;
  while (bytes != NULL && bytes < end && n_damaged < MAX_DAMAGED)
    {
      const char *next;
      PostilJournalRecord record;
      gsize length = parse_record (bytes, end - bytes, &record);

      if (length > 0)
        {
          g_array_append_val (records, record);
          bytes += length;
          *n_whole = bytes - start;
          continue;
        }
      n_damaged++;
      next = memmem (bytes + 1, end - bytes - 1, MAGIC, strlen (MAGIC));
      *damaged |= next != NULL || !is_cut_off (bytes, end - bytes);
      bytes = next;
    }
  return records;
}

/* Opens a file that was left, for this journal to read. */
static gboolean
claim (PostilJournal *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  struct stat status;

  int flags = O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;

  RETRY (self->fd, get_io (self)->open (path, O_RDWR | O_APPEND | flags, 0));
  if (self->fd < 0)
    RETRY (self->fd, get_io (self)->open (path, O_RDONLY | flags, 0));
  if (self->fd < 0 || get_io (self)->fstat (self->fd, &status) != 0 || !S_ISREG (status.st_mode) ||
      !lock_file (self, self->fd, name) || get_io (self)->fstat (self->fd, &status) != 0)
    return FALSE;
  self->path = g_strdup (path);
  self->end = status.st_size;
  return status.st_size > 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Removes the file, or puts it aside if it has what could not be read. */
static int
remove_file (PostilJournal *self)
{
  g_autofree char *aside = postil_journal_dup_aside_path (self);

  return aside != NULL ? get_io (self)->rename (self->path, aside)
                       : get_io (self)->unlink (self->path);
}

static void
postil_journal_finalize (GObject *object)
{
  PostilJournal *self = POSTIL_JOURNAL (object);

  /* Removed while it is locked, so that nobody else takes it for left in between. */
  if (self->path != NULL && self->forgotten >= self->end)
    remove_file (self);
  if (self->fd >= 0)
    get_io (self)->close (self->fd);
  g_object_unref (self->store);
  g_free (self->document);
  g_free (self->path);
  g_mutex_clear (&self->file_lock);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (postil_journal_parent_class)->finalize (object);
}

static void
postil_journal_class_init (PostilJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_journal_finalize;
}

static void
postil_journal_init (PostilJournal *self)
{
  self->fd = -1;
  g_mutex_init (&self->file_lock);
  g_mutex_init (&self->lock);
}

/**
 * postil_journal_new:
 * @store: where it is kept
 * @path: path of a document or a codebook
 *
 * Touches nothing yet: the file is made with the first record. What is in the journal when the last
 * reference goes and was not forgotten is left for postil_journal_claim_left().
 *
 * Returns: (transfer full): a journal of its own
 */
PostilJournal *
postil_journal_new (PostilStore *store, const char *path)
{
  PostilJournal *self;

  g_return_val_if_fail (POSTIL_IS_STORE (store) && path != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_JOURNAL, NULL);
  self->store = g_object_ref (store);
  self->document = g_strdup (path);
  return self;
}

/**
 * postil_journal_claim_left:
 * @store: where they are kept
 * @path: path of a document or a codebook
 *
 * Finds the journals that were left by processes that ended before they had saved. As long as they
 * are referenced nobody else finds them. To restore the work: postil_journal_read() each of them in
 * this order, and let postil_merge() merge it into what the sidecar holds; when that is saved,
 * postil_journal_forget() them.
 *
 * Returns: (transfer container) (element-type PostilJournal): what was left, the oldest first
 */
GPtrArray *
postil_journal_claim_left (PostilStore *store, const char *path)
{
  GPtrArray *journals = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_val_if_fail (POSTIL_IS_STORE (store) && path != NULL, journals);

  folder = postil_store_find_path (store, path, NULL);
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, PREFIX))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (PostilJournal) journal = postil_journal_new (store, path);

      journal->left = TRUE;
      if (claim (journal, names->pdata[i]))
        g_ptr_array_add (journals, g_steal_pointer (&journal));
    }
  return journals;
}

/**
 * postil_journal_resume:
 * @self: a journal that was left and read
 * @position: (out): the position after what it has
 *
 * Lets a journal that was left go on as one's own, so that what is recovered and what becomes of it
 * since are in one. In two, who reads them could not tell which of it is saved.
 *
 * Returns: whether it goes on; %FALSE when it is damaged or cannot be written
 */
gboolean
postil_journal_resume (PostilJournal *self, guint64 *position)
{
  g_return_val_if_fail (POSTIL_IS_JOURNAL (self) && self->left && position != NULL, FALSE);

  if (self->damaged || self->path == NULL || (fcntl (self->fd, F_GETFL) & O_ACCMODE) != O_RDWR)
    return FALSE;
  self->left = FALSE;
  *position = self->end;
  return TRUE;
}

/**
 * postil_journal_append:
 * @self: a journal of one's own
 * @before: what changes, as it was
 * @after: the same as it is now
 * @position: (out) (optional): the position after the record
 * @error: return location
 *
 * Adds a record, which takes some ten microseconds and one per annotation. Both snapshots hold only
 * the annotations that change, and the topics and annotators that change or that those annotations
 * refer to, with the topics' parents. When this returns the record outlives the process.
 *
 * Returns: whether it was added; %FALSE with a %G_FILE_ERROR, and then the journal is as it was
 */
gboolean
postil_journal_append (PostilJournal *self,
                       PostilSnapshot *before,
                       PostilSnapshot *after,
                       guint64 *position,
                       GError **error)
{
  g_autoptr (GMutexLocker) file_locker = NULL;
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GString) record = NULL;
  int number;

  g_return_val_if_fail (POSTIL_IS_JOURNAL (self) && !self->left, FALSE);
  g_return_val_if_fail (before != NULL && after != NULL, FALSE);

  record = make_record (before, after);
  locker = g_mutex_locker_new (&self->lock);
  if (self->fd >= 0 && is_gone (self, self->fd))
    {
      g_clear_pointer (&locker, g_mutex_locker_free);
      file_locker = g_mutex_locker_new (&self->file_lock);
      locker = g_mutex_locker_new (&self->lock);
      if (is_gone (self, self->fd) && !move (self, error))
        return FALSE;
    }
  if (self->fd < 0)
    self->fd = open_new (self, &self->path, error);
  if (self->fd < 0 || !mend (self, error))
    return FALSE;
  if (self->end - self->start + record->len > POSTIL_DECODER_MAX_BYTES)
    {
      set_error (EFBIG, error);
      return FALSE;
    }

  number = write_all (self, self->fd, record->str, record->len);
  if (number != 0)
    {
      self->torn = TRUE;
      mend (self, NULL);
      set_error (number, error);
      return FALSE;
    }
  self->end += record->len;
  if (position != NULL)
    *position = self->end;
  return TRUE;
}

/**
 * postil_journal_flush:
 * @self: a journal
 * @error: return location
 *
 * Lets all records added before outlive a power cut. Waits for the disk, so it is not for the main
 * thread; records can be added meanwhile.
 *
 * Returns: whether they do; %FALSE with a %G_FILE_ERROR
 */
gboolean
postil_journal_flush (PostilJournal *self, GError **error)
{
  g_autoptr (GMutexLocker) file_locker = NULL;
  g_autoptr (GMutexLocker) locker = NULL;
  g_autofree char *path = NULL;
  gboolean folders, done;
  guint64 end;
  int fd;

  g_return_val_if_fail (POSTIL_IS_JOURNAL (self) && !self->left, FALSE);

  file_locker = g_mutex_locker_new (&self->file_lock);
  locker = g_mutex_locker_new (&self->lock);
  if (self->fd < 0 || self->forgotten >= self->end)
    return TRUE;
  /* After a flush that failed, another one of the same file would not tell what is lost. */
  if (self->flush_failed || is_gone (self, self->fd))
    return move (self, error);
  if (self->flushed >= self->end)
    return TRUE;
  path = g_strdup (self->path);
  folders = !self->folder_flushed;
  end = self->end;
  fd = self->fd;
  g_clear_pointer (&locker, g_mutex_locker_free);

  done = flush_file (self, fd, path, folders, error);

  locker = g_mutex_locker_new (&self->lock);
  self->flush_failed = !done;
  self->folder_flushed |= done;
  if (done)
    self->flushed = end;
  return done;
}

/**
 * postil_journal_forget:
 * @self: a journal
 * @position: what postil_journal_append() told; %G_MAXUINT64 for all
 * @error: return location
 *
 * Drops the records up to a position: they are in the sidecar now, which is flushed. A file that
 * was left and is damaged is not removed, but gets the name of postil_journal_dup_aside_path().
 * Waits for the disk now and then.
 *
 * Returns: whether they do not stay in the way; %FALSE with a %G_FILE_ERROR, and then they are
 *   dropped at the next try, and would be restored to no effect
 */
gboolean
postil_journal_forget (PostilJournal *self, guint64 position, GError **error)
{
  g_autoptr (GMutexLocker) file_locker = NULL;
  g_autoptr (GMutexLocker) locker = NULL;
  int result;

  g_return_val_if_fail (POSTIL_IS_JOURNAL (self), FALSE);

  file_locker = g_mutex_locker_new (&self->file_lock);
  locker = g_mutex_locker_new (&self->lock);
  self->forgotten = MAX (self->forgotten, MIN (position, self->end));
  if (self->fd < 0)
    return TRUE;
  if (self->forgotten < self->end)
    return self->left || self->forgotten - self->start < MAX (MOVE, self->end - self->forgotten) ||
           move (self, error);

  if (self->left)
    result = self->path != NULL ? remove_file (self) : 0;
  else
    RETRY (result, get_io (self)->ftruncate (self->fd, 0));
  if (result != 0 && !(self->left && errno == ENOENT))
    {
      set_error (errno, error);
      return FALSE;
    }
  if (self->left)
    g_clear_pointer (&self->path, g_free);
  self->start = self->end;
  self->torn = FALSE;
  self->flush_failed = FALSE;
  return TRUE;
}

/**
 * postil_journal_read:
 * @self: a journal
 * @current: what the sidecar holds now, read with the document's text
 * @environment: where new ids come from
 * @before: (out) (nullable): what the records changed, as it was first
 * @after: (out) (nullable): the same as it was last
 * @cancellable: (nullable): to end it early
 * @error: return location
 *
 * Puts all records together, for postil_merge() to merge into @current: an annotation that is in
 * @before only goes. What was made on another text has its passages looked for in that of @current.
 * Where @current holds what a record made, the records up to that one are saved already, and that
 * is what was before. Both snapshots are %NULL when there is no whole record. Of what is damaged,
 * as postil_journal_dup_aside_path() tells then, whatever is whole is read.
 *
 * Returns: whether all could be read; %FALSE with a %G_FILE_ERROR, %G_IO_ERROR_CANCELLED or an
 *   error of postil_sidecar_read()
 */
gboolean
postil_journal_read (PostilJournal *self,
                     PostilSnapshot *current,
                     const PostilEnvironment *environment,
                     PostilSnapshot **before,
                     PostilSnapshot **after,
                     GCancellable *cancellable,
                     GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (GArray) records = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *path = NULL;
  guint64 skipped;
  gsize n_whole;

  g_return_val_if_fail (POSTIL_IS_JOURNAL (self) && current != NULL, FALSE);
  g_return_val_if_fail (environment != NULL && before != NULL && after != NULL, FALSE);

  *before = *after = NULL;
  g_mutex_lock (&self->lock);
  path = g_strdup (self->path);
  skipped = MAX (self->forgotten, self->start) - self->start;
  g_mutex_unlock (&self->lock);
  if (path == NULL)
    return TRUE;
  if (!postil_file_io_read (get_io (self), path, FALSE, NULL, NULL, &contents, cancellable, error))
    return FALSE;

  skipped = MIN (skipped, contents.n_bytes);
  records =
    parse_records (contents.bytes + skipped, contents.n_bytes - skipped, &n_whole, &self->damaged);
  if (self->left)
    {
      self->torn = skipped + n_whole < self->end - self->start;
      self->end = self->start + skipped + n_whole;
    }
  if (records->len == 0 ||
      postil_journal_compose ((const PostilJournalRecord *) records->data, records->len, current,
                              self->store, environment, before, after, cancellable, &problem))
    return TRUE;
  self->damaged |= !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/**
 * postil_journal_dup_aside_path:
 * @self: a journal that was read
 *
 * Returns: (transfer full) (nullable): where its file goes when it is forgotten, as not all of it
 *   could be read; %NULL when it goes away
 */
char *
postil_journal_dup_aside_path (PostilJournal *self)
{
  g_autofree char *folder = NULL, *name = NULL, *aside = NULL;

  g_return_val_if_fail (POSTIL_IS_JOURNAL (self), NULL);

  if (!self->damaged || self->path == NULL)
    return NULL;
  folder = g_path_get_dirname (self->path);
  name = g_path_get_basename (self->path);
  aside = g_strconcat (ASIDE_PREFIX, name, NULL);
  return g_build_filename (folder, aside, NULL);
}
