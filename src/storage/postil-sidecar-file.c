/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As many as Linux follows. */
#define MAX_LINKS 40

/* A new file is written as PREFIX HASH-PROCESS-NUMBER.tmp; once whole its name also says which
 * fingerprint it has and which one what it will replace, HASH-PROCESS-NUMBER-NEW-OLD.tmp, so that
 * whoever finds it can tell what it is. HASH is of the target's name. */
#define PREFIX ".postil-"
#define N_HASH 16
#define SUFFIX ".tmp"
#define SUFFIX_LINKED SUFFIX "~"

static void
left_free (PostilSidecarLeft *left)
{
  g_free (left->path);
  g_free (left);
}

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static guint64
fingerprint_of (const PostilFileContents *contents)
{
  return postil_fingerprint_compute (contents->bytes, contents->n_bytes);
}

static void
remember (PostilSidecarFile *self, const struct stat *status, guint64 fingerprint)
{
  self->exists = TRUE;
  self->status = *status;
  self->fingerprint = fingerprint;
}

/* (transfer full): how the names of all new files for @target begin */
static char *
make_prefix (const char *target)
{
  g_autofree char *name = g_path_get_basename (target);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

  hash[N_HASH] = '\0';
  return g_strconcat (PREFIX, hash, "-", NULL);
}

/* Who may write the file may do so after it is replaced; as far as the system lets us. */
static void
keep_owner (PostilSidecarFile *self, const char *path, const struct stat *status)
{
  const struct stat *former = &self->status;

  if (self->exists && (former->st_uid != status->st_uid || former->st_gid != status->st_gid) &&
      lchown (path, former->st_uid, former->st_gid) != 0 &&
      lchown (path, (uid_t) -1, former->st_gid) != 0)
    g_debug ("“%s” gets another owner", path);
}

/* What goes to the disk, with its fingerprint. */
typedef struct
{
  PostilSidecarFile *file;
  const PostilFingerprint *other;
  PostilFileFill fill;
  gpointer data;
  PostilFileSink sink;
  gpointer sink_data;
  PostilFingerprint fingerprint;
} Filling;

static gboolean
add_to_sum (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  Filling *self = data;

  postil_fingerprint_add (&self->fingerprint, bytes, n_bytes);
  return self->sink == NULL || self->sink (bytes, n_bytes, self->sink_data, error);
}

/* Fills a new file, which is not wanted if the present one says just that. */
static gboolean
fill_and_sum (PostilFileSink sink, gpointer sink_data, gpointer data, GError **error)
{
  Filling *self = data;

  self->sink = sink;
  self->sink_data = sink_data;
  self->fingerprint = (PostilFingerprint){ 0 };
  return self->fill (add_to_sum, self, self->data, error) &&
         !postil_sidecar_file_says (self->file, &self->fingerprint, self->other);
}

/* Writes a new file beside @target. It gets the name that says what it is only once it is whole.
 * (transfer full) (nullable): its path; %NULL without an error when it is not wanted */
static char *
write_ready (PostilSidecarFile *self,
             const char *target,
             Filling *filling,
             struct stat *status,
             GCancellable *cancellable,
             GError **error)
{
  static gint count;
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *prefix = make_prefix (target);
  GError *problem = NULL;

  do
    {
      int process = getpid (), number = g_atomic_int_add (&count, 1);
      g_autofree char *writing =
        g_strdup_printf ("%s%c%s%d-%d" SUFFIX, folder, G_DIR_SEPARATOR, prefix, process, number);
      g_autofree char *ready = NULL;

      g_clear_error (&problem);
      if (postil_file_io_write_new (self->io, writing, target, fill_and_sum, filling,
                                    self->exists ? &self->status.st_mode : NULL, status,
                                    cancellable, &problem))
        {
          ready = g_strdup_printf (
            "%s%c%s%d-%d-%016" G_GINT64_MODIFIER "x-%016" G_GINT64_MODIFIER "x" SUFFIX, folder,
            G_DIR_SEPARATOR, prefix, process, number,
            postil_fingerprint_get (&filling->fingerprint), self->exists ? self->fingerprint : 0);
          keep_owner (self, writing, status);
          if (self->io->rename (writing, ready) == 0)
            return g_steal_pointer (&ready);
          postil_file_io_set_write_error (target, errno, error);
          self->io->unlink (writing);
          return NULL;
        }
      /* Left by an earlier process of the same number. */
    }
  while (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_EXIST));
  if (problem != NULL)
    g_propagate_error (error, problem);
  return NULL;
}

static void
add_left (PostilSidecarFile *self, const char *path, gboolean raced)
{
  PostilSidecarLeft *left = g_new (PostilSidecarLeft, 1);

  *left = (PostilSidecarLeft){ g_strdup (path), raced, FALSE };
  g_ptr_array_add (self->left, left);
}

/* (transfer full) (element-type utf8): the paths of files that saves of @target began */
static GPtrArray *
list_begun (const char *target)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *prefix = make_prefix (target);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  return paths;
}

/* Removes what a save left that ended early, unless it holds what is nowhere else: neither what
 * that save wrote, which its journal still has, nor what it replaced knowingly, nor what is in
 * place now. */
static void
sort_out (PostilSidecarFile *self, const char *target, const char *path)
{
  g_auto (PostilFileContents) contents = { 0 }, present = { 0 };
  g_autofree char *prefix = make_prefix (target);
  g_autofree char *name = g_path_get_basename (path);
  gboolean linked = g_str_has_suffix (name, SUFFIX_LINKED), spare;
  guint64 written, replaced, fingerprint;

  if (sscanf (name + strlen (prefix), "%*d-%*d-%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x",
              &written, &replaced) != 2)
    spare = TRUE;
  else if (!postil_file_io_read (self->io, path, FALSE, NULL, NULL, &contents, NULL, NULL))
    return;
  else
    {
      fingerprint = fingerprint_of (&contents);
      spare = (fingerprint == written && !linked) || fingerprint == replaced ||
              (postil_file_io_read (self->io, target, FALSE, NULL, NULL, &present, NULL, NULL) &&
               fingerprint_of (&present) == fingerprint);
    }
  if (spare)
    self->io->unlink (path);
  else
    add_left (self, path, FALSE);
}

/**
 * postil_sidecar_file_new:
 * @path: the file; it need not exist
 * @io: the system calls to use
 *
 * Nothing is read yet.
 *
 * Returns: (transfer full): a file that is not known to exist
 */
PostilSidecarFile *
postil_sidecar_file_new (const char *path, const PostilFileIo *io)
{
  PostilSidecarFile *self = g_new0 (PostilSidecarFile, 1);

  self->path = g_strdup (path);
  self->io = io;
  self->left = g_ptr_array_new_with_free_func ((GDestroyNotify) left_free);
  return self;
}

void
postil_sidecar_file_free (PostilSidecarFile *self)
{
  g_free (self->path);
  g_ptr_array_unref (self->left);
  g_free (self);
}

/**
 * postil_sidecar_file_follow:
 *
 * Returns: (transfer full): where the path leads through symbolic links, which need not exist
 */
char *
postil_sidecar_file_follow (PostilSidecarFile *self)
{
  char *target = g_strdup (self->path);

  for (guint i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *link = g_file_read_link (target, NULL);
      g_autofree char *folder = g_path_get_dirname (target);

      if (link == NULL)
        break;
      g_free (target);
      target = g_canonicalize_filename (link, folder);
    }
  return target;
}

/**
 * postil_sidecar_file_look:
 * @contents: (out caller-allocates): when it changed, its bytes; to be cleared
 *
 * Compares the file with what is remembered: by its status, and where that differs by its bytes, as
 * copying and checking out make new files of old bytes.
 *
 * Returns: how it is; %POSTIL_SIDECAR_LOOK_FAILED with a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
 */
PostilSidecarLook
postil_sidecar_file_look (PostilSidecarFile *self,
                          PostilFileContents *contents,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (GError) problem = NULL;
  struct stat status;

  *contents = (PostilFileContents){ 0 };
  if (postil_file_io_get_status (self->io, self->path, &status, &problem))
    {
      if (self->exists && is_same_file (&status, &self->status))
        {
          /* The mode may still be another one. */
          self->status = status;
          return POSTIL_SIDECAR_LOOK_SAME;
        }
      if (postil_file_io_read (self->io, self->path, FALSE, NULL, NULL, contents, cancellable,
                               &problem))
        {
          if (!self->exists || fingerprint_of (contents) != self->fingerprint)
            return POSTIL_SIDECAR_LOOK_CHANGED;
          self->status = contents->status;
          postil_file_contents_clear (contents);
          return POSTIL_SIDECAR_LOOK_SAME;
        }
    }
  if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return self->exists ? POSTIL_SIDECAR_LOOK_VANISHED : POSTIL_SIDECAR_LOOK_SAME;
  g_propagate_error (error, g_steal_pointer (&problem));
  return POSTIL_SIDECAR_LOOK_FAILED;
}

/**
 * postil_sidecar_file_accept:
 * @contents: (nullable): what was read of it; %NULL when it is not there
 *
 * Remembers what was found.
 */
void
postil_sidecar_file_accept (PostilSidecarFile *self, const PostilFileContents *contents)
{
  if (contents != NULL)
    remember (self, &contents->status, fingerprint_of (contents));
  else
    self->exists = FALSE;
}

/**
 * postil_sidecar_file_sum:
 * @fill: (scope call): gives bytes
 * @data: passed to @fill
 * @fingerprint: (out): their fingerprint
 * @error: return location
 *
 * Returns: whether all were given
 */
gboolean
postil_sidecar_file_sum (PostilFileFill fill,
                         gpointer data,
                         PostilFingerprint *fingerprint,
                         GError **error)
{
  Filling filling = { .fill = fill };

  if (!fill (add_to_sum, &filling, data, error))
    return FALSE;
  *fingerprint = filling.fingerprint;
  return TRUE;
}

/**
 * postil_sidecar_file_says:
 * @fingerprint: of some bytes
 * @other: (nullable): of what says the same as what is remembered, in other words
 *
 * Returns: whether the file need not be written to say what those bytes say
 */
gboolean
postil_sidecar_file_says (PostilSidecarFile *self,
                          const PostilFingerprint *fingerprint,
                          const PostilFingerprint *other)
{
  guint64 sum = postil_fingerprint_get (fingerprint);

  if (!self->exists)
    return FALSE;
  return ((guint64) self->status.st_size == fingerprint->n_bytes && sum == self->fingerprint) ||
         (other != NULL && other->n_bytes == fingerprint->n_bytes &&
          sum == postil_fingerprint_get (other));
}

/**
 * postil_sidecar_file_put:
 * @fill: (scope call): gives what to write, twice if need be
 * @data: passed to @fill
 * @other: (nullable): fingerprint of what says the same as what is remembered, in other words
 * @replaced: (out) (optional) (nullable): hidden file that holds what was there before, if it could
 * be kept; the caller removes it
 *
 * Writes the file, unless it is not what is remembered. Whoever calls this has locked its folder if
 * that can be, see postil_file_io_lock_folder(). The name of the file lasts through a power cut
 * only after postil_sidecar_file_flush().
 *
 * Returns: how that went; %POSTIL_SIDECAR_PUT_FAILED with a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED,
 * and then the file is as it was and nothing else stays
 */
PostilSidecarPut
postil_sidecar_file_put (PostilSidecarFile *self,
                         PostilFileFill fill,
                         gpointer data,
                         const PostilFingerprint *other,
                         char **replaced,
                         GCancellable *cancellable,
                         GError **error)
{
  Filling filling = { .file = self, .other = other, .fill = fill, .data = data };
  g_autofree char *target = postil_sidecar_file_follow (self);
  g_autofree char *ready = NULL;
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (GError) problem = NULL;
  guint64 fingerprint;
  PostilFileExchange exchanged = POSTIL_FILE_EXCHANGE_FAILED;
  PostilSidecarLook look;
  struct stat status;

  ready = write_ready (self, target, &filling, &status, cancellable, &problem);
  if (ready == NULL && problem == NULL)
    return POSTIL_SIDECAR_PUT_SAME;
  if (ready == NULL)
    {
      /* Where nothing can be written, nothing may have to be. */
      if (!g_cancellable_is_cancelled (cancellable) &&
          postil_sidecar_file_sum (fill, data, &filling.fingerprint, NULL) &&
          postil_sidecar_file_says (self, &filling.fingerprint, other))
        return POSTIL_SIDECAR_PUT_SAME;
      g_propagate_error (error, g_steal_pointer (&problem));
      return POSTIL_SIDECAR_PUT_FAILED;
    }
  fingerprint = postil_fingerprint_get (&filling.fingerprint);

  /* Writing took its time, and not all file systems exchange. */
  look = postil_sidecar_file_look (self, &contents, NULL, error);
  if (look == POSTIL_SIDECAR_LOOK_SAME)
    exchanged = postil_file_io_exchange (self->io, ready, target, error);
  if (exchanged == POSTIL_FILE_EXCHANGE_FAILED)
    {
      self->io->unlink (ready);
      return look == POSTIL_SIDECAR_LOOK_CHANGED || look == POSTIL_SIDECAR_LOOK_VANISHED
               ? POSTIL_SIDECAR_PUT_STALE
               : POSTIL_SIDECAR_PUT_FAILED;
    }
  self->flush_folder = TRUE;
  if (exchanged == POSTIL_FILE_EXCHANGE_SWAPPED)
    {
      gboolean expected, done;
      guint64 found;

      add_left (self, ready, TRUE);
      if (!postil_file_io_read_fingerprint (self->io, ready, self->path, &found, error))
        {
          remember (self, &status, fingerprint);
          postil_sidecar_file_take_back (self, &done, NULL);
          return POSTIL_SIDECAR_PUT_FAILED;
        }
      expected = self->exists && found == self->fingerprint;
      remember (self, &status, fingerprint);
      if (!expected)
        return POSTIL_SIDECAR_PUT_RACED;
      if (replaced != NULL)
        *replaced = g_steal_pointer (&ready);
      else
        self->io->unlink (ready);
      g_ptr_array_remove_index (self->left, self->left->len - 1);
    }
  else
    remember (self, &status, fingerprint);
  return POSTIL_SIDECAR_PUT_DONE;
}

/**
 * postil_sidecar_file_take_back:
 * @done: (out): whether it could be; if not, the file has changed once more and stays as it is
 *
 * Undoes the putting that just raced: what was swapped out comes back. What is remembered is wrong
 * after it.
 *
 * Returns: whether it could be told; %FALSE with a %G_FILE_ERROR
 */
gboolean
postil_sidecar_file_take_back (PostilSidecarFile *self, gboolean *done, GError **error)
{
  g_autofree char *target = postil_sidecar_file_follow (self);
  guint64 found;
  PostilSidecarLeft *left = g_ptr_array_index (self->left, self->left->len - 1);
  PostilFileExchange exchanged = postil_file_io_exchange (self->io, left->path, target, error);

  *done = FALSE;
  if (exchanged == POSTIL_FILE_EXCHANGE_FAILED)
    return FALSE;
  if (exchanged == POSTIL_FILE_EXCHANGE_SWAPPED)
    {
      if (!postil_file_io_read_fingerprint (self->io, left->path, self->path, &found, error))
        return FALSE;
      if (found != self->fingerprint)
        return postil_file_io_exchange (self->io, left->path, target, error) !=
               POSTIL_FILE_EXCHANGE_FAILED;
      self->io->unlink (left->path);
    }
  g_ptr_array_remove_index (self->left, self->left->len - 1);
  *done = TRUE;
  return TRUE;
}

/**
 * postil_sidecar_file_flush:
 *
 * Returns: whether the file, with its name, lasts through a power cut; %FALSE with a %G_FILE_ERROR
 */
gboolean
postil_sidecar_file_flush (PostilSidecarFile *self, GError **error)
{
  g_autofree char *target = postil_sidecar_file_follow (self);

  if (self->flush_folder && !postil_file_io_flush_folder (self->io, target, error))
    return FALSE;
  self->flush_folder = FALSE;
  return TRUE;
}

/**
 * postil_sidecar_file_find_left:
 *
 * Looks for what saves left that ended early. What need not be kept is removed, the rest comes into
 * @left. Nothing of a process that is still saving is touched: that one has locked the folder.
 */
void
postil_sidecar_file_find_left (PostilSidecarFile *self, GCancellable *cancellable)
{
  g_autofree char *target = postil_sidecar_file_follow (self);
  g_autoptr (GPtrArray) begun = list_begun (target);
  int lock;

  if (begun->len == 0 || !postil_file_io_lock_folder (self->io, target, &lock, cancellable, NULL) ||
      lock < 0)
    return;
  g_ptr_array_unref (begun);
  begun = list_begun (target);
  for (guint i = 0; i < begun->len; i++)
    sort_out (self, target, begun->pdata[i]);
  self->io->close (lock);
}

/**
 * postil_sidecar_file_forget_left:
 *
 * Removes what was left, as the file now holds it.
 */
void
postil_sidecar_file_forget_left (PostilSidecarFile *self)
{
  for (guint i = 0; i < self->left->len; i++)
    self->io->unlink (((PostilSidecarLeft *) self->left->pdata[i])->path);
  g_ptr_array_set_size (self->left, 0);
}
