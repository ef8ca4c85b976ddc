/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "postil-error.h"

/* How files are named that Postil saves beside the file; nothing takes them for a sidecar or a
 * document. */
#define MINE_START ".annotations (mine"
#define MINE_END ").json"

/**
 * PostilSidecar:
 *
 * The file that keeps a document's annotations, or a workspace's codebook, as it is on the disk.
 * Owned by who loads and saves it; the calls may come from any thread, one waits for the other.
 *
 * It remembers what was last read from or written to the file. What another program put there since
 * is never written over but merged, three-way, with that as what both started from; a file that
 * cannot be read is never written over either. At any moment, also when a save fails or the power
 * does, the file is whole, either the old or the new one.
 *
 * The new file has the mode of the old one, and its owner and group where the system lets us; of a
 * hard link only the name beside the document is the new file.
 *
 * Where a folder cannot be written, or the name is too long, the store has the file instead. Once
 * the file beside the document can be written, it takes over what is there.
 */
G_DEFINE_FINAL_TYPE (PostilSidecar, postil_sidecar, G_TYPE_OBJECT)

void
postil_sidecar_set_snapshot (PostilSnapshot **place, PostilSnapshot *snapshot)
{
  PostilSnapshot *before = *place;

  *place = snapshot != NULL ? postil_snapshot_ref (snapshot) : NULL;
  g_clear_pointer (&before, postil_snapshot_unref);
}

PostilSnapshot *
postil_sidecar_parse (PostilSidecar *self,
                      const PostilFileContents *contents,
                      PostilText *text,
                      PostilSidecarReport *report,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *name = g_filename_display_basename (self->path);

  return postil_sidecar_read (contents->bytes, contents->n_bytes, name, self->label, text,
                              self->environment, self->store, cancellable, report, error);
}

void
postil_sidecar_add_warning (PostilSidecar *self, const char *warning)
{
  g_ptr_array_insert (self->warnings, self->warnings->len - 1, g_strdup (warning));
}

static void
clear_place (PostilSidecarPlace *place)
{
  g_clear_pointer (&place->file, postil_sidecar_file_free);
  g_clear_pointer (&place->base, postil_snapshot_unref);
}

static void
postil_sidecar_finalize (GObject *object)
{
  PostilSidecar *self = POSTIL_SIDECAR (object);

  g_free (self->path);
  g_clear_object (&self->store);
  g_free (self->subject);
  g_free (self->label);
  g_clear_error (&self->damage);
  g_ptr_array_unref (self->warnings);
  g_ptr_array_unref (self->journals);
  g_clear_pointer (&self->recovered, postil_snapshot_unref);
  g_free (self->kept_text);
  clear_place (&self->beside);
  clear_place (&self->away);
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
  self->environment = postil_environment_get_system ();
  self->journals = g_ptr_array_new_with_free_func (g_object_unref);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->warnings, NULL);
}

static PostilSidecar *
new_for_subject (const char *path, const char *subject, PostilStore *store, const PostilFileIo *io)
{
  PostilSidecar *self = g_object_new (POSTIL_TYPE_SIDECAR, NULL);

  self->path = g_canonicalize_filename (path, NULL);
  self->subject = g_canonicalize_filename (subject, NULL);
  g_set_object (&self->store, store);
  if (io != NULL)
    self->io = io;
  else
    self->io = store != NULL ? postil_store_get_io (store) : postil_file_io_get_system ();
  self->beside.file = postil_sidecar_file_new (self->path, self->io);
  if (store != NULL)
    {
      g_autofree char *away = postil_store_find_path (store, self->subject, AWAY_NAME);

      self->away.file = postil_sidecar_file_new (away, self->io);
    }
  return self;
}

/**
 * postil_sidecar_new:
 * @path: where the file is, or will be
 * @store: (nullable): where texts, earlier versions and journals are kept
 * @io: (nullable): the system calls to use; %NULL for the store's, or the system's own
 *
 * Nothing is read yet.
 *
 * Returns: (transfer full): a sidecar, or a codebook's file
 */
PostilSidecar *
postil_sidecar_new (const char *path, PostilStore *store, const PostilFileIo *io)
{
  g_autofree char *subject = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  subject = g_strdup (path);
  if (g_str_has_suffix (subject, POSTIL_SIDECAR_SUFFIX))
    subject[strlen (subject) - strlen (POSTIL_SIDECAR_SUFFIX)] = '\0';
  return new_for_subject (path, subject, store, io);
}

/**
 * postil_sidecar_new_for_document:
 * @document: a text document
 * @store: (nullable): where texts, earlier versions and journals are kept, and sidecars that cannot
 * be beside their document
 *
 * Returns: (transfer full): the sidecar beside it, or %NULL with %POSTIL_ERROR_INVALID when
 * @document is not in a local folder
 */
PostilSidecar *
postil_sidecar_new_for_document (GFile *document, PostilStore *store, GError **error)
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
  return new_for_subject (path, document_path, store, NULL);
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
 * Returns: where the file is, or will be, beside the document
 */
const char *
postil_sidecar_get_path (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  return self->path;
}

/**
 * postil_sidecar_dup_target:
 * @self: a sidecar
 *
 * Returns: (transfer full): the same, where symbolic links lead
 */
char *
postil_sidecar_dup_target (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  return postil_sidecar_file_follow (self->beside.file);
}

/**
 * postil_sidecar_get_damage:
 * @self: a sidecar
 *
 * Returns: (nullable): why the file could not be read when it was loaded; it is not written as long
 * as nobody mends or removes it
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

  return (const char *const *) self->warnings->pdata;
}

/**
 * postil_sidecar_get_text_changed:
 * @self: a sidecar
 *
 * Returns: whether the file had been made for another text than the one it was loaded with
 */
gboolean
postil_sidecar_get_text_changed (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), FALSE);

  return self->text_changed;
}

/**
 * postil_sidecar_is_beside:
 * @self: a sidecar
 *
 * Returns: whether it is beside its document; %FALSE when it was last read from or written to the
 * store, as the document's folder cannot be written or the name is too long
 */
gboolean
postil_sidecar_is_beside (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), TRUE);

  return !g_atomic_int_get (&self->is_away);
}

/**
 * postil_sidecar_get_place:
 * @self: a sidecar
 *
 * Returns: where the file was last read from or written to: beside its document or, where that
 * cannot be, in the store
 */
const char *
postil_sidecar_get_place (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);

  return postil_sidecar_is_beside (self) ? self->path : self->away.file->path;
}

/**
 * postil_sidecar_get_n_recovered:
 * @self: a sidecar
 *
 * Returns: how many annotations and topics were not in the file like that when it was loaded, but
 * in the journal of a process that ended before it had saved them; they are in what was loaded
 */
guint
postil_sidecar_get_n_recovered (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), 0);

  return self->n_recovered;
}

/**
 * postil_sidecar_get_unsaved:
 * @self: a sidecar
 *
 * Returns: whether what was loaded is not in the file yet: it was put together from several, or
 * recovered. Then it is to be saved as soon as may be.
 */
gboolean
postil_sidecar_get_unsaved (PostilSidecar *self)
{
  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), FALSE);

  return self->unsaved;
}

/**
 * postil_sidecar_open_journal:
 * @self: a sidecar
 * @position: (out): the position after what it has of what was loaded
 *
 * Returns: (transfer full) (nullable): a journal for changes that are not saved yet, maybe the one
 * that had what was recovered; %NULL without a store
 */
PostilJournal *
postil_sidecar_open_journal (PostilSidecar *self, guint64 *position)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self) && position != NULL, NULL);

  *position = 0;
  if (self->store == NULL)
    return NULL;
  locker = g_mutex_locker_new (&self->mutex);
  for (guint i = self->journals->len; i > 0; i--)
    if (postil_journal_resume (self->journals->pdata[i - 1], position))
      {
        PostilJournal *journal = g_ptr_array_steal_index (self->journals, i - 1);

        /* It tells what became of what was recovered; any other one does not. */
        if (self->journals->len == 0)
          g_clear_pointer (&self->recovered, postil_snapshot_unref);
        return journal;
      }
  return postil_journal_new (self->store, self->subject);
}
