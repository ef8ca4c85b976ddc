/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "postil-error.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/* How files are named that Postil puts aside; nothing takes them for a sidecar or a document. */
#define ORIGINAL_SUFFIX POSTIL_SIDECAR_SUFFIX ".original"
#define MINE_START ".annotations (mine"
#define MINE_END ").json"

/* As many as Linux follows. */
#define MAX_LINKS 40

/**
 * PostilSidecar:
 *
 * The file that keeps a document's annotations, or a workspace's codebook, as it is on the disk.
 * Owned by who loads and saves it; the calls may come from any thread, one waits for the other.
 *
 * It remembers what was last read from or written to the file, and writes only over that: never
 * over what it could not read, and never over what another program put there since. At any moment,
 * also when a save fails or the power does, the file is whole, either the old or the new one.
 */
struct _PostilSidecar
{
  GObject parent_instance;

  char *path;
  const PostilFileIo *io;

  /* Set by loading. */
  GError *damage;
  GStrv warnings;

  GMutex mutex;
  gboolean exists;
  struct stat status;
  guint64 fingerprint;
  gboolean copy_aside;
  gboolean flush_folder;
};

G_DEFINE_FINAL_TYPE (PostilSidecar, postil_sidecar, G_TYPE_OBJECT)

/* (transfer full): where @path leads, which need not exist. */
static char *
follow_links (const char *path)
{
  char *target = g_strdup (path);

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

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static inline guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return hash ^ (hash >> 29);
}

/* Tells changed bytes of one length from the same ones, in a time that is nothing beside reading
 * them: SHA-256 would take longer than all else. It need not withstand malice, as who may write the
 * file may as well write something else into it. */
static guint64
make_fingerprint (const char *bytes, gsize n_bytes)
{
  const char *end = bytes + n_bytes;
  guint64 hash = n_bytes, word;

  for (; end - bytes >= (gssize) sizeof word; bytes += sizeof word)
    {
      memcpy (&word, bytes, sizeof word);
      hash = mix (hash, word);
    }
  word = 0;
  memcpy (&word, bytes, end - bytes);
  return mix (hash, word);
}

static void
remember (PostilSidecar *self, const struct stat *status, guint64 fingerprint)
{
  self->exists = TRUE;
  self->status = *status;
  self->fingerprint = fingerprint;
}

typedef enum
{
  CURRENT,
  CHANGED,
  VANISHED,
  UNREADABLE
} Currency;

/* Compares the file with what is remembered: by its status, and where that differs by its bytes, as
 * copying and checking out make new files of old bytes. */
static Currency
compare (PostilSidecar *self, GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (GError) problem = NULL;
  struct stat status;

  if (postil_file_io_get_status (self->io, self->path, &status, &problem))
    {
      if (!self->exists)
        return CHANGED;
      if (is_same_file (&status, &self->status))
        {
          /* The mode may still be another one. */
          self->status = status;
          return CURRENT;
        }
      if (status.st_size == self->status.st_size &&
          postil_file_io_read (self->io, self->path, FALSE, NULL, NULL, &contents, NULL, &problem))
        {
          if (make_fingerprint (contents.bytes, contents.n_bytes) != self->fingerprint)
            return CHANGED;
          self->status = contents.status;
          return CURRENT;
        }
      if (problem == NULL)
        return CHANGED;
    }
  if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return self->exists ? VANISHED : CURRENT;
  g_propagate_error (error, g_steal_pointer (&problem));
  return UNREADABLE;
}

static gboolean
check_current (PostilSidecar *self, GError **error)
{
  g_autofree char *name = g_filename_display_basename (self->path);

  switch (compare (self, error))
    {
    case CURRENT:
      return TRUE;
    case CHANGED:
      g_set_error (
        error, POSTIL_ERROR, POSTIL_ERROR_CHANGED,
        _ ("“%s” was changed by another program since Postil read it; reload it, or save "
           "your annotations beside it"),
        name);
      return FALSE;
    case VANISHED:
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_CHANGED,
                   _ ("“%s” was moved or deleted by another program since Postil read it; reload "
                      "the document, or save your annotations beside it"),
                   name);
      return FALSE;
    case UNREADABLE:
      return FALSE;
    }
  g_assert_not_reached ();
}

static gboolean
append_bytes (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static GString *
serialize (PostilSnapshot *snapshot, GCancellable *cancellable, GError **error)
{
  GString *bytes = g_string_new (NULL);

  if (postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append_bytes, bytes, cancellable,
                            error))
    return bytes;
  g_string_free (bytes, TRUE);
  return NULL;
}

/* What need not have a file. */
static gboolean
is_empty (PostilSnapshot *snapshot)
{
  return postil_annotation_index_get_size (snapshot->annotations) == 0 &&
         snapshot->topics->len == 0 && snapshot->foreign == NULL;
}

/* (transfer full): the name without what makes it a sidecar's, as display name of what it is of. */
static char *
dup_stem (PostilSidecar *self)
{
  char *name = g_path_get_basename (self->path);

  if (g_str_has_suffix (name, POSTIL_SIDECAR_SUFFIX))
    name[strlen (name) - strlen (POSTIL_SIDECAR_SUFFIX)] = '\0';
  else if (g_str_has_suffix (name, ".json"))
    name[strlen (name) - strlen (".json")] = '\0';
  return name;
}

/* Copies a file whose shape Postil will change to a name beside it, once. */
static gboolean
copy_aside (PostilSidecar *self, GCancellable *cancellable, GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autofree char *stem = dup_stem (self), *copy = NULL;

  if (!self->copy_aside || !self->exists)
    return TRUE;
  if (!postil_file_io_read (self->io, self->path, FALSE, NULL, NULL, &contents, cancellable, error))
    return FALSE;
  copy = postil_file_io_write_beside (self->io, self->path, stem, ORIGINAL_SUFFIX, "",
                                      contents.bytes, contents.n_bytes, cancellable, error);
  if (copy == NULL)
    return FALSE;
  self->copy_aside = FALSE;
  return TRUE;
}

static gboolean
flush_folder (PostilSidecar *self, const char *target, GError **error)
{
  if (self->flush_folder && !postil_file_io_flush_folder (self->io, target, error))
    return FALSE;
  self->flush_folder = FALSE;
  return TRUE;
}

static gboolean
save_locked (PostilSidecar *self,
             PostilSnapshot *snapshot,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *target = follow_links (self->path);
  g_autofree char *temporary = NULL;
  g_autoptr (GString) bytes = NULL;
  struct stat status;
  guint64 fingerprint;

  if (self->damage != NULL)
    {
      g_propagate_error (error, g_error_copy (self->damage));
      return FALSE;
    }
  if (!check_current (self, error))
    return FALSE;
  if (!self->exists && is_empty (snapshot))
    return TRUE;
  bytes = serialize (snapshot, cancellable, error);
  if (bytes == NULL)
    return FALSE;
  fingerprint = make_fingerprint (bytes->str, bytes->len);
  if (self->exists && (gsize) self->status.st_size == bytes->len &&
      fingerprint == self->fingerprint)
    return flush_folder (self, target, error);

  if (!copy_aside (self, cancellable, error))
    return FALSE;
  temporary = postil_file_io_write_temporary (self->io, target, bytes->str, bytes->len,
                                              self->exists ? &self->status.st_mode : NULL, &status,
                                              cancellable, error);
  if (temporary == NULL)
    return FALSE;
  /* Writing took its time, so look again right before the rename. */
  if (!check_current (self, error))
    {
      self->io->unlink (temporary);
      return FALSE;
    }
  if (!postil_file_io_put_in_place (self->io, temporary, target, error))
    return FALSE;
  remember (self, &status, fingerprint);
  self->flush_folder = TRUE;
  return flush_folder (self, target, error);
}

static void
postil_sidecar_finalize (GObject *object)
{
  PostilSidecar *self = POSTIL_SIDECAR (object);

  g_free (self->path);
  g_clear_error (&self->damage);
  g_strfreev (self->warnings);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (postil_sidecar_parent_class)->finalize (object);
}

static void
postil_sidecar_class_init (PostilSidecarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_sidecar_finalize;
}

static void
postil_sidecar_init (PostilSidecar *self)
{
  g_mutex_init (&self->mutex);
  self->warnings = g_new0 (char *, 1);
}

/**
 * postil_sidecar_new:
 * @path: where the file is, or will be
 * @io: (nullable): the system calls to use; %NULL for the system's own
 *
 * Nothing is read yet.
 *
 * Returns: (transfer full): a sidecar
 */
PostilSidecar *
postil_sidecar_new (const char *path, const PostilFileIo *io)
{
  PostilSidecar *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_SIDECAR, NULL);
  self->path = g_canonicalize_filename (path, NULL);
  self->io = io != NULL ? io : postil_file_io_get_system ();
  return self;
}

/**
 * postil_sidecar_new_for_document:
 * @document: a text document
 *
 * Returns: (transfer full): the sidecar beside it, or %NULL with %POSTIL_ERROR_INVALID when
 * @document is not in a local folder
 */
PostilSidecar *
postil_sidecar_new_for_document (GFile *document, GError **error)
{
  const char *document_path;
  g_autofree char *path = NULL;

  g_return_val_if_fail (G_IS_FILE (document), NULL);

  document_path = g_file_peek_path (document);
  if (document_path == NULL)
    {
      g_autofree char *uri = g_file_get_parse_name (document);

      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("“%s” is not in a folder of this computer; copy it to one to annotate it"),
                   uri);
      return NULL;
    }
  path = g_strconcat (document_path, POSTIL_SIDECAR_SUFFIX, NULL);
  return postil_sidecar_new (path, NULL);
}

/**
 * postil_sidecar_is_name:
 * @name: name of a file without its folder
 *
 * Returns: whether Postil gives such names to its own files, which are not documents: sidecars,
 * codebooks, what it copied aside or saved beside them
 */
gboolean
postil_sidecar_is_name (const char *name)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return g_str_has_suffix (name, POSTIL_SIDECAR_SUFFIX) || strstr (name, ORIGINAL_SUFFIX) != NULL ||
         (strstr (name, MINE_START) != NULL && g_str_has_suffix (name, MINE_END)) ||
         g_str_equal (name, POSTIL_CODEBOOK_NAME);
}

/**
 * postil_sidecar_make_empty:
 * @text: (nullable): the document's text; %NULL for a codebook
 * @label: name of the document
 * @environment: gives the new ids
 *
 * Returns: (transfer full): what is in the sidecar of a document that has none yet
 */
PostilSnapshot *
postil_sidecar_make_empty (PostilText *text,
                           const char *label,
                           const PostilEnvironment *environment)
{
  g_autofree char *id = NULL, *collection = NULL;

  g_return_val_if_fail (label != NULL && environment != NULL, NULL);

  collection = environment->new_id (environment->data);
  id = text != NULL ? environment->new_id (environment->data) : NULL;
  return postil_snapshot_new (
    &(PostilSnapshot){ .id = id, .collection = collection, .label = (char *) label, .text = text });
}

/**
 * postil_sidecar_get_path:
 * @self: a sidecar
 *
 * Returns: where the file is, or will be
 */
const char *
postil_sidecar_get_path (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  return self->path;
}

/**
 * postil_sidecar_get_damage:
 * @self: a sidecar
 *
 * Returns: (nullable): why the file could not be read when it was loaded; it is never written then
 */
const GError *
postil_sidecar_get_damage (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  return self->damage;
}

/**
 * postil_sidecar_get_warnings:
 * @self: a sidecar
 *
 * Returns: translated sentences about what was wrong in the file but could be read, ended by %NULL
 */
const char *const *
postil_sidecar_get_warnings (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  return (const char *const *) self->warnings;
}

/**
 * postil_sidecar_load:
 * @self: a sidecar
 * @text: (nullable): the document's text; %NULL for a codebook
 * @label: name of the document
 * @environment: gives new ids
 *
 * Reads the file, once, before anything is saved. A file that does not exist is an empty snapshot
 * with new ids; one that cannot be read becomes the sidecar's damage.
 *
 * Returns: (transfer full): what the file holds, or %NULL with what is wrong
 */
PostilSnapshot *
postil_sidecar_load (PostilSidecar *self,
                     PostilText *text,
                     const char *label,
                     const PostilEnvironment *environment,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_auto (PostilFileContents) contents = { 0 };
  g_auto (PostilSidecarReport) report = { 0 };
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);
  if (!postil_file_io_read (self->io, self->path, FALSE, NULL, NULL, &contents, cancellable,
                            &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return postil_sidecar_make_empty (text, label, environment);
    }
  else
    {
      remember (self, &contents.status, make_fingerprint (contents.bytes, contents.n_bytes));
      name = g_filename_display_basename (self->path);
      snapshot = postil_sidecar_read (contents.bytes, contents.n_bytes, name, label, text,
                                      environment, cancellable, &report, &problem);
    }
  if (snapshot == NULL)
    {
      if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        self->damage = g_error_copy (problem);
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  self->copy_aside = report.reshape;
  if (report.warnings != NULL)
    {
      GStrvBuilder *builder = g_strv_builder_new ();

      for (guint i = 0; i < report.warnings->len; i++)
        g_strv_builder_add (builder, g_ptr_array_index (report.warnings, i));
      g_strfreev (self->warnings);
      self->warnings = g_strv_builder_end (builder);
      g_strv_builder_unref (builder);
    }
  return g_steal_pointer (&snapshot);
}

/**
 * postil_sidecar_save:
 * @self: a sidecar
 * @snapshot: what to save
 *
 * Replaces the file if it is still what was last read or written, and if anything differs. To be
 * called in a thread, as it waits for the disk. Writing goes through a symbolic link to its target
 * and keeps the file's mode. A file that came in another shape is first copied aside.
 *
 * Returns: whether the file holds @snapshot now; %FALSE sets %POSTIL_ERROR_CHANGED, a
 * %G_FILE_ERROR, %G_IO_ERROR_CANCELLED or a copy of the damage
 */
gboolean
postil_sidecar_save (PostilSidecar *self,
                     PostilSnapshot *snapshot,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self) && snapshot != NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  return save_locked (self, snapshot, cancellable, error);
}

/**
 * postil_sidecar_save_beside:
 * @self: a sidecar
 * @snapshot: what to save
 *
 * Saves to a new file beside the sidecar, which stays as it is.
 *
 * Returns: (transfer full): the path of the new file, or %NULL with a %G_FILE_ERROR or
 * %G_IO_ERROR_CANCELLED
 */
char *
postil_sidecar_save_beside (PostilSidecar *self,
                            PostilSnapshot *snapshot,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GString) bytes = NULL;
  g_autofree char *stem = NULL;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self) && snapshot != NULL, NULL);

  bytes = serialize (snapshot, cancellable, error);
  if (bytes == NULL)
    return NULL;
  stem = dup_stem (self);
  return postil_file_io_write_beside (self->io, self->path, stem, MINE_START, MINE_END, bytes->str,
                                      bytes->len, cancellable, error);
}

/**
 * postil_sidecar_is_current:
 * @self: a sidecar
 *
 * Reads the file when its status changed, so a thread should call it.
 *
 * Returns: whether the file is still what was last read or written; also when that cannot be told
 */
gboolean
postil_sidecar_is_current (PostilSidecar *self)
{
  g_autoptr (GMutexLocker) locker = NULL;
  Currency currency;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  currency = compare (self, NULL);
  return currency == CURRENT || currency == UNREADABLE;
}
