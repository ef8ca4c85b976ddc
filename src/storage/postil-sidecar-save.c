/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "postil-error.h"
#include "postil-merge.h"
#include "postil-sidecar-writer.h"

/* Saving goes like this. Under a lock on the folder, which keeps out others of our kind, what the
 * file holds by now is taken in. A new file is written, flushed and exchanged with the old one,
 * and what came out is compared with what was expected. If it differs, another program was faster;
 * what it wrote is merged as well and all is done again. */

/* How often a save begins again because another program was faster. */
#define MAX_TRIES 500

/* Gives the bytes of a snapshot. */
static gboolean
fill_cb (PostilFileSink sink, gpointer sink_data, gpointer data, GError **error)
{
  return postil_sidecar_write (data, POSTIL_SIDECAR_STYLE_NATIVE, sink, sink_data, NULL, error);
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

static gboolean
write_aside (PostilSidecar *self,
             PostilSidecarPlace *place,
             const PostilFileContents *contents,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *stem = dup_stem (self);
  g_autofree char *copy =
    postil_file_io_write_beside (self->io, place->file->path, stem, ORIGINAL_SUFFIX, "",
                                 contents->bytes, contents->n_bytes, cancellable, error);

  return copy != NULL;
}

/* Copies a file whose shape Postil will change to a name beside it, once. */
static gboolean
copy_aside (PostilSidecar *self,
            PostilSidecarPlace *place,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };

  if (!place->reshape || !place->file->exists)
    return TRUE;
  if (!postil_file_io_read (self->io, place->file->path, FALSE, NULL, NULL, &contents, cancellable,
                            error) ||
      !write_aside (self, place, &contents, cancellable, error))
    return FALSE;
  place->reshape = FALSE;
  return TRUE;
}

/* What saves that ended early, or raced, took out of its place is merged once. What cannot be read
 * gets a name that people see. */
void
postil_sidecar_take_in_left (PostilSidecar *self,
                             PostilSidecarPlace *place,
                             PostilSnapshot **ours,
                             GCancellable *cancellable)
{
  for (guint i = 0; i < place->file->left->len; i++)
    {
      PostilSidecarLeft *left = g_ptr_array_index (place->file->left, i);
      g_auto (PostilFileContents) contents = { 0 };
      g_autoptr (PostilSnapshot) theirs = NULL;
      g_autoptr (GError) problem = NULL;

      if (left->taken ||
          !postil_file_io_read (self->io, left->path, FALSE, NULL, NULL, &contents, NULL, &problem))
        continue;
      theirs = postil_sidecar_parse (self, &contents, (*ours)->text, NULL, cancellable, &problem);
      left->taken = theirs != NULL;
      if (theirs != NULL)
        postil_merge_into (left->raced ? place->base : NULL, ours, theirs);
      else if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
               write_aside (self, place, &contents, NULL, NULL))
        {
          self->io->unlink (left->path);
          g_ptr_array_remove_index (place->file->left, i--);
        }
    }
}

/* Merges what the file holds now, unless that is what is remembered. */
static gboolean
take_in (PostilSidecar *self,
         PostilSidecarPlace *place,
         PostilSnapshot **ours,
         GCancellable *cancellable,
         GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_auto (PostilSidecarReport) report = { 0 };
  g_autoptr (PostilSnapshot) theirs = NULL;

  postil_sidecar_take_in_left (self, place, ours, cancellable);
  /* Somebody may have mended it, and then it is as good as new. */
  if (place->damaged)
    place->file->exists = FALSE;
  switch (postil_sidecar_file_look (place->file, &contents, cancellable, error))
    {
    case POSTIL_SIDECAR_LOOK_FAILED:
      return FALSE;
    case POSTIL_SIDECAR_LOOK_VANISHED:
      postil_sidecar_file_accept (place->file, NULL);
      break;
    case POSTIL_SIDECAR_LOOK_SAME:
      break;
    case POSTIL_SIDECAR_LOOK_CHANGED:
      theirs = postil_sidecar_parse (self, &contents, (*ours)->text, &report, cancellable, error);
      if (theirs == NULL)
        return FALSE;
      postil_merge_into (place->base, ours, theirs);
      postil_sidecar_set_snapshot (&place->base, theirs);
      place->reshape = report.reshape;
      postil_sidecar_file_accept (place->file, &contents);
      break;
    }
  place->damaged = FALSE;
  return TRUE;
}

/* Of what was merged into what is saved, and may stand in the file in other words: then that is not
 * written, so that two programs that read each other's writing come to an end. */
static const PostilFingerprint *
sum_base (PostilSidecarPlace *place, gboolean merged, PostilFingerprint *fingerprint)
{
  return merged && place->file->exists && place->base != NULL &&
             postil_sidecar_file_sum (fill_cb, place->base, fingerprint, NULL)
           ? fingerprint
           : NULL;
}

/* Whether what raced can be merged. If not it is put back to where it was, unless the file has
 * changed once more since. */
static gboolean
check_raced (PostilSidecar *self, PostilSidecarPlace *place, PostilText *text, GError **error)
{
  PostilSidecarLeft *left = g_ptr_array_index (place->file->left, place->file->left->len - 1);
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (PostilSnapshot) theirs = NULL;
  g_autoptr (GError) problem = NULL;
  gboolean done;

  if (postil_file_io_read_swapped (self->io, left->path, self->path, &contents, &problem))
    theirs = postil_sidecar_parse (self, &contents, text, NULL, NULL, &problem);
  if (theirs != NULL)
    return TRUE;
  if (!postil_sidecar_file_take_back (place->file, &done, error))
    return FALSE;
  if (done)
    g_propagate_error (error, g_steal_pointer (&problem));
  return !done;
}

/* Whether what is replaced now is to be kept as an earlier version. */
static gboolean
wants_version (PostilSidecar *self, const PostilSidecarPlace *place)
{
  return self->store != NULL && place->file->exists &&
         postil_store_wants_version (self->store, self->subject, place->file->status.st_size,
                                     self->environment->now (self->environment->data));
}

/* Removes the hidden file with what was replaced. */
static void
drop_replaced (PostilSidecar *self, char **replaced)
{
  if (*replaced != NULL)
    self->io->unlink (*replaced);
  g_clear_pointer (replaced, g_free);
}

typedef enum
{
  WRITTEN,
  AGAIN,
  FAILED
} Writing;

/* Writes @ours to one of the two places, unless that is there already. */
static Writing
write_place (PostilSidecar *self,
             PostilSidecarPlace *place,
             PostilSnapshot *ours,
             gboolean merged,
             char **replaced,
             GCancellable *cancellable,
             GError **error)
{
  PostilFingerprint fingerprint, base_fingerprint;
  const PostilFingerprint *base = sum_base (place, merged, &base_fingerprint);

  if (place->reshape && postil_sidecar_file_sum (fill_cb, ours, &fingerprint, NULL) &&
      !postil_sidecar_file_says (place->file, &fingerprint, base) &&
      !copy_aside (self, place, cancellable, error))
    return FAILED;
  drop_replaced (self, replaced);
  switch (postil_sidecar_file_put (place->file, fill_cb, ours, base,
                                   wants_version (self, place) ? replaced : NULL, cancellable,
                                   error))
    {
    case POSTIL_SIDECAR_PUT_FAILED:
      return FAILED;
    case POSTIL_SIDECAR_PUT_STALE:
      return AGAIN;
    case POSTIL_SIDECAR_PUT_RACED:
      return check_raced (self, place, ours->text, error) ? AGAIN : FAILED;
    case POSTIL_SIDECAR_PUT_SAME:
      break;
    case POSTIL_SIDECAR_PUT_DONE:
      postil_sidecar_set_snapshot (&place->written, ours);
      break;
    }
  if (!postil_sidecar_file_flush (place->file, error))
    return FAILED;
  postil_sidecar_set_snapshot (&place->base, ours);
  return WRITTEN;
}

static gboolean
is_unwritable (const GError *error)
{
  static const GFileError codes[] = { G_FILE_ERROR_ACCES, G_FILE_ERROR_PERM, G_FILE_ERROR_ROFS,
                                      G_FILE_ERROR_NAMETOOLONG };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_FILE_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

/* What is beside is what the one in the store was merged with; without it the next reader could
 * not tell which of the two changed. */
static gboolean
keep_away_base (PostilSidecar *self, GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autofree char *path =
    postil_store_make_path (self->store, self->subject, AWAY_BASE_NAME, error);
  g_autofree char *temporary = NULL;
  struct stat status;

  if (path == NULL)
    return FALSE;
  if (!self->beside.file->exists)
    {
      self->io->unlink (path);
      return TRUE;
    }
  if (self->away_base == self->beside.file->fingerprint)
    return TRUE;
  if (!postil_file_io_read (self->io, self->path, FALSE, NULL, NULL, &contents, NULL, error))
    return FALSE;
  temporary = postil_file_io_write_temporary (self->io, path, contents.bytes, contents.n_bytes,
                                              NULL, &status, NULL, error);
  if (temporary == NULL || !postil_file_io_put_in_place (self->io, temporary, path, error))
    return FALSE;
  self->away_base = self->beside.file->fingerprint;
  return TRUE;
}

static Writing
write_away (PostilSidecar *self,
            PostilSnapshot *ours,
            gboolean merged,
            char **replaced,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *path = postil_store_make_path (self->store, self->subject, AWAY_NAME, error);
  Writing writing = FAILED;

  if (path != NULL)
    writing = write_place (self, &self->away, ours, merged, replaced, cancellable, error);
  if (writing == WRITTEN && !keep_away_base (self, error))
    writing = FAILED;
  return writing;
}

/* What is in the store is beside the document by now. */
static void
remove_away (PostilSidecar *self)
{
  g_autofree char *base = NULL;

  if (!self->away.file || !self->away.file->exists)
    return;
  base = postil_store_find_path (self->store, self->subject, AWAY_BASE_NAME);
  self->io->unlink (self->away.file->path);
  self->io->unlink (base);
  self->away_base = 0;
  postil_sidecar_file_accept (self->away.file, NULL);
  postil_sidecar_set_snapshot (&self->away.base, NULL);
}

/* Beside the document if that can be, in the store otherwise. */
static Writing
write_somewhere (PostilSidecar *self,
                 PostilSnapshot *ours,
                 gboolean merged,
                 char **replaced,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (GError) problem = NULL;
  Writing writing = FAILED;

  if (self->too_long)
    postil_file_io_set_write_error (self->path, ENAMETOOLONG, &problem);
  else
    writing = write_place (self, &self->beside, ours, merged, replaced, cancellable, &problem);
  if (writing == WRITTEN)
    {
      remove_away (self);
      g_atomic_int_set (&self->is_away, FALSE);
    }
  else if (writing == FAILED && self->store != NULL && is_unwritable (problem))
    {
      writing = write_away (self, ours, merged, replaced, cancellable, error);
      if (writing == WRITTEN)
        g_atomic_int_set (&self->is_away, TRUE);
    }
  else if (writing == FAILED)
    g_propagate_error (error, g_steal_pointer (&problem));
  return writing;
}

static gboolean
take_in_both (PostilSidecar *self, PostilSnapshot **ours, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean taken = take_in (self, &self->beside, ours, cancellable, &problem);

  self->too_long = !taken && self->store != NULL &&
                   g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG);
  if (!taken && !self->too_long)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return self->away.file == NULL || take_in (self, &self->away, ours, cancellable, error);
}

/* Locks the folders of both places, as far as they can be. */
static gboolean
lock_folders (PostilSidecar *self, int locks[2], GCancellable *cancellable, GError **error)
{
  PostilSidecarPlace *places[] = { &self->beside, &self->away };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *target =
        places[i]->file != NULL ? postil_sidecar_file_follow (places[i]->file) : NULL;

      locks[i] = -1;
      if (target != NULL &&
          !postil_file_io_lock_folder (self->io, target, &locks[i], cancellable, error))
        {
          if (i > 0 && locks[0] >= 0)
            self->io->close (locks[0]);
          return FALSE;
        }
    }
  return TRUE;
}

/* What is remembered of a place, to be remembered again when a save fails: until it has told its
 * caller what it merged, that is not what the caller's next snapshot comes from. */
typedef struct
{
  gboolean exists;
  struct stat status;
  guint64 fingerprint;
  PostilSnapshot *base;
  gboolean damaged;
} Memory;

static Memory
memorize (const PostilSidecarPlace *place)
{
  if (place->file == NULL)
    return (Memory){ 0 };
  return (Memory){ place->file->exists, place->file->status, place->file->fingerprint,
                   place->base != NULL ? postil_snapshot_ref (place->base) : NULL, place->damaged };
}

/* Whether a save that failed had put just what its caller has into a place already. */
static gboolean
is_known (PostilSidecar *self, const PostilSidecarPlace *place, PostilSnapshot *snapshot)
{
  return place->written != NULL &&
         (place->written == snapshot || place->written == self->recovered);
}

static void
settle (PostilSidecar *self,
        PostilSidecarPlace *place,
        Memory *memory,
        PostilSnapshot *snapshot,
        gboolean done)
{
  if (!done && is_known (self, place, snapshot))
    postil_sidecar_set_snapshot (&place->base, place->written);
  else if (place->file != NULL && !done)
    {
      place->file->exists = memory->exists;
      place->file->status = memory->status;
      place->file->fingerprint = memory->fingerprint;
      place->damaged = memory->damaged;
      postil_sidecar_set_snapshot (&place->base, memory->base);
      for (guint i = 0; i < place->file->left->len; i++)
        {
          PostilSidecarLeft *left = g_ptr_array_index (place->file->left, i);

          left->taken = left->taken && !left->raced;
        }
    }
  else if (place->file != NULL)
    postil_sidecar_file_forget_left (place->file);
  g_clear_pointer (&memory->base, postil_snapshot_unref);
  g_clear_pointer (&place->written, postil_snapshot_unref);
}

/* Writes @ours, merged with what another program wrote, to one of the two places. */
static gboolean
write_merging (PostilSidecar *self,
               PostilSnapshot **ours,
               char **replaced,
               GCancellable *cancellable,
               GError **error)
{
  PostilSnapshot *snapshot = *ours;
  Writing writing = AGAIN;

  for (guint i = 0; writing == AGAIN && i < MAX_TRIES; i++)
    {
      if (!take_in_both (self, ours, cancellable, error))
        writing = FAILED;
      else if (!self->beside.file->exists &&
               (self->away.file == NULL || !self->away.file->exists) && is_empty (*ours))
        writing = WRITTEN;
      else
        writing = write_somewhere (self, *ours, *ours != snapshot, replaced, cancellable, error);
    }
  if (writing == AGAIN)
    {
      g_autofree char *name = g_filename_display_basename (self->path);

      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_CHANGED,
                   _ ("“%s” cannot be saved, as another program keeps changing it"), name);
    }
  return writing == WRITTEN;
}

/* Those that cannot be removed are tried again after the next save. */
void
postil_sidecar_forget_journals (PostilSidecar *self)
{
  for (guint i = self->journals->len; i > 0; i--)
    if (postil_journal_forget (self->journals->pdata[i - 1], G_MAXUINT64, NULL))
      g_ptr_array_remove_index (self->journals, i - 1);
}

/* What makes the next losses smaller; that it fails is none. */
static void
keep (PostilSidecar *self, PostilSnapshot *saved, const char *replaced)
{
  g_auto (PostilFileContents) contents = { 0 };
  PostilText *text = saved->text;

  postil_sidecar_forget_journals (self);
  if (self->store == NULL)
    return;
  if (replaced != NULL &&
      postil_file_io_read (self->io, replaced, FALSE, NULL, NULL, &contents, NULL, NULL))
    postil_store_keep_version (self->store, self->subject, contents.bytes, contents.n_bytes,
                               self->environment->now (self->environment->data), NULL, NULL);
  if (text != NULL && g_strcmp0 (self->kept_text, postil_text_get_sha256 (text)) != 0 &&
      postil_store_keep_text (self->store, text, NULL, NULL))
    {
      g_free (self->kept_text);
      self->kept_text = g_strdup (postil_text_get_sha256 (text));
      postil_store_note_place (self->store, self->kept_text, self->path, NULL);
    }
}

static gboolean
write_and_keep (PostilSidecar *self,
                PostilSnapshot **ours,
                GCancellable *cancellable,
                GError **error)
{
  char *replaced = NULL;
  gboolean done = write_merging (self, ours, &replaced, cancellable, error);

  if (done)
    keep (self, *ours, replaced);
  drop_replaced (self, &replaced);
  return done;
}

/* What was recovered is written before what became of it since, and in between the journals go that
 * do not go on: who finds one beside later changes of the same things could not tell that they are
 * later. */
static gboolean
write_recovered_first (PostilSidecar *self,
                       PostilSnapshot **ours,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (PostilSnapshot) recovered = NULL;

  if (self->recovered == NULL)
    return TRUE;
  recovered = postil_snapshot_ref (self->recovered);
  if (!write_and_keep (self, &recovered, cancellable, error))
    return FALSE;
  if (recovered != self->recovered)
    postil_merge_into (self->recovered, ours, recovered);
  return TRUE;
}

static gboolean
save_locked (PostilSidecar *self,
             PostilSnapshot *snapshot,
             PostilSnapshot **merged,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (PostilSnapshot) ours = postil_snapshot_ref (snapshot);
  Memory beside = memorize (&self->beside), away = memorize (&self->away);
  int locks[2] = { -1, -1 };
  gboolean done = lock_folders (self, locks, cancellable, error) &&
                  write_recovered_first (self, &ours, cancellable, error) &&
                  write_and_keep (self, &ours, cancellable, error);

  settle (self, &self->beside, &beside, snapshot, done);
  settle (self, &self->away, &away, snapshot, done);
  for (gsize i = 0; i < G_N_ELEMENTS (locks); i++)
    if (locks[i] >= 0)
      self->io->close (locks[i]);
  if (!done)
    return FALSE;
  g_clear_pointer (&self->recovered, postil_snapshot_unref);
  if (merged != NULL && ours != snapshot)
    *merged = g_steal_pointer (&ours);
  return TRUE;
}

/**
 * postil_sidecar_save:
 * @self: a sidecar
 * @snapshot: what to save; it comes from what was last loaded, saved or told in @merged
 * @merged: (out) (optional) (nullable): when the file holds something else by now, what that is:
 * @snapshot merged with what another program wrote
 *
 * Writes the file, if anything differs. To be called in a thread, as it waits for the disk. Writing
 * goes through a symbolic link to its target and keeps the file's mode. A file that came in another
 * shape is first copied aside.
 *
 * Returns: whether the file holds @snapshot now, and lasts through a power cut; %FALSE with a
 * %POSTIL_ERROR when what is there cannot be read or does not come to rest, a %G_FILE_ERROR or
 * %G_IO_ERROR_CANCELLED. Then what another program wrote is in its place or, hidden, beside it, and
 * the next save takes it in.
 */
gboolean
postil_sidecar_save (PostilSidecar *self,
                     PostilSnapshot *snapshot,
                     PostilSnapshot **merged,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self) && snapshot != NULL, FALSE);

  if (merged != NULL)
    *merged = NULL;
  locker = g_mutex_locker_new (&self->mutex);
  return save_locked (self, snapshot, merged, cancellable, error);
}

/**
 * postil_sidecar_refresh:
 * @self: a sidecar
 * @snapshot: what it held when it was last loaded or saved, as far as is known
 * @merged: (out) (nullable): what it holds now, if that is something else
 *
 * Reads what another program wrote, where nothing is to be saved, and so writes nothing. A file
 * that is gone counts as unchanged: whoever took it away may bring it back. To be called in a
 * thread.
 *
 * Returns: whether it could be read; %FALSE as postil_sidecar_save() does
 */
gboolean
postil_sidecar_refresh (PostilSidecar *self,
                        PostilSnapshot *snapshot,
                        PostilSnapshot **merged,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_auto (PostilFileContents) contents = { 0 };
  g_auto (PostilSidecarReport) report = { 0 };
  g_autoptr (PostilSnapshot) theirs = NULL;
  PostilSidecarLook look;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self) && snapshot != NULL && merged != NULL, FALSE);

  *merged = NULL;
  locker = g_mutex_locker_new (&self->mutex);
  /* What is in the store came from both. */
  if (g_atomic_int_get (&self->is_away))
    return save_locked (self, snapshot, merged, cancellable, error);
  look = postil_sidecar_file_look (self->beside.file, &contents, cancellable, error);
  if (look != POSTIL_SIDECAR_LOOK_CHANGED)
    return look != POSTIL_SIDECAR_LOOK_FAILED;
  theirs = postil_sidecar_parse (self, &contents, snapshot->text, &report, cancellable, error);
  if (theirs == NULL)
    return FALSE;
  *merged = postil_snapshot_share (theirs, snapshot);
  postil_sidecar_file_accept (self->beside.file, &contents);
  postil_sidecar_set_snapshot (&self->beside.base, *merged);
  self->beside.reshape = report.reshape;
  self->beside.damaged = FALSE;
  return TRUE;
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
  g_auto (PostilFileContents) contents = { 0 };
  PostilSidecarLook look;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  look = postil_sidecar_file_look (self->beside.file, &contents, NULL, NULL);
  return look == POSTIL_SIDECAR_LOOK_SAME || look == POSTIL_SIDECAR_LOOK_FAILED;
}
