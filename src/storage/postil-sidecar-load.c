/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-private.h"

#include <glib/gi18n-lib.h>

#include "postil-merge.h"

/* Putting together what there is of a sidecar when it is loaded. */

/* Returns how many annotations and topics of @after are not in @before like that, or not any more.
 */
static guint
count_differences (PostilSnapshot *before, PostilSnapshot *after)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) topics = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = 0;

  if (before == after)
    return 0;
  for (guint i = 0; i < postil_annotation_index_get_size (before->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (before->annotations, i);

      g_hash_table_insert (known, (gpointer) postil_annotation_get_id (annotation), annotation);
    }
  for (guint i = 0; i < postil_annotation_index_get_size (after->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (after->annotations, i);
      const char *id = postil_annotation_get_id (annotation);
      PostilAnnotation *other = g_hash_table_lookup (known, id);

      n += other == NULL || !postil_annotation_equal (annotation, other);
      g_hash_table_remove (known, id);
    }
  for (guint i = 0; i < before->topics->len; i++)
    g_hash_table_insert (topics, (gpointer) postil_topic_get_id (before->topics->pdata[i]),
                         before->topics->pdata[i]);
  for (guint i = 0; i < after->topics->len; i++)
    {
      PostilTopic *other =
        g_hash_table_lookup (topics, postil_topic_get_id (after->topics->pdata[i]));

      n += other == NULL || !postil_topic_equal (after->topics->pdata[i], other);
    }
  return n + g_hash_table_size (known);
}

/* Says that a journal is damaged, and where it is put aside. */
static void
tell_damaged (PostilSidecar *self, const char *aside)
{
  g_autofree char *name = g_path_get_basename (self->subject);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *place = g_filename_display_name (aside);
  g_autofree char *warning = g_strdup_printf (
    _ ("Some changes to “%s” from before Postil ended unexpectedly cannot be read; "
       "they are kept in “%s”"),
    shown, place);

  postil_sidecar_add_warning (self, warning);
}

static void
recover_locked (PostilSidecar *self, PostilSnapshot **snapshot, GCancellable *cancellable)
{
  g_autoptr (PostilSnapshot) first = postil_snapshot_ref (*snapshot);
  g_autoptr (GPtrArray) journals = NULL;

  if (self->store == NULL)
    return;
  journals = postil_journal_claim_left (self->store, self->subject);
  for (guint i = 0; i < journals->len; i++)
    {
      PostilJournal *journal = journals->pdata[i];
      g_autoptr (PostilSnapshot) before = NULL, after = NULL, current = NULL;
      g_autoptr (GError) problem = NULL;
      g_autofree char *aside = NULL;

      current = postil_snapshot_ref (*snapshot);
      postil_journal_read (journal, current, self->environment, &before, &after, cancellable,
                           &problem);
      aside = postil_journal_dup_aside_path (journal);
      if (aside != NULL)
        tell_damaged (self, aside);
      else if (problem != NULL)
        {
          /* Another time it may be read. */
          if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            postil_sidecar_add_warning (self, problem->message);
          continue;
        }
      g_ptr_array_add (self->journals, g_object_ref (journal));
      if (after != NULL)
        {
          postil_snapshot_unref (*snapshot);
          *snapshot = postil_merge (before, after, current, NULL);
        }
      else
        postil_journal_forget (journal, G_MAXUINT64, NULL);
    }
  self->n_recovered = count_differences (first, *snapshot);
  if (self->n_recovered > 0)
    postil_sidecar_set_snapshot (&self->recovered, *snapshot);
  else
    postil_sidecar_forget_journals (self);
  self->unsaved |= self->n_recovered > 0;
}

/* Reads one of the two places. Returns %FALSE when it is there and cannot be read. */
static gboolean
load_place (PostilSidecar *self,
            PostilSidecarPlace *place,
            PostilText *text,
            PostilSnapshot **snapshot,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_auto (PostilSidecarReport) report = { 0 };
  PostilSidecarLook look;

  postil_sidecar_file_find_left (place->file, cancellable);
  postil_sidecar_file_accept (place->file, NULL);
  look = postil_sidecar_file_look (place->file, &contents, cancellable, error);
  if (look == POSTIL_SIDECAR_LOOK_FAILED)
    return FALSE;
  if (look != POSTIL_SIDECAR_LOOK_CHANGED)
    return TRUE;
  postil_sidecar_file_accept (place->file, &contents);
  *snapshot = postil_sidecar_parse (self, &contents, text, &report, cancellable, error);
  place->damaged = *snapshot == NULL;
  place->reshape = report.reshape;
  self->text_changed |= report.text_changed;
  postil_sidecar_set_snapshot (&place->base, *snapshot);
  for (guint i = 0; *snapshot != NULL && report.warnings != NULL && i < report.warnings->len; i++)
    postil_sidecar_add_warning (self, report.warnings->pdata[i]);
  return *snapshot != NULL;
}

/* What is in the store, merged with what is beside the document, if anything is. */
static void
load_away (PostilSidecar *self,
           PostilText *text,
           PostilSnapshot **snapshot,
           GCancellable *cancellable)
{
  g_autofree char *base_path = NULL;
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (PostilSnapshot) away = NULL, base = NULL;
  g_autoptr (GError) problem = NULL;

  if (self->away.file == NULL)
    return;
  if (!load_place (self, &self->away, text, &away, cancellable, &problem) &&
      !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    postil_sidecar_add_warning (self, problem->message);
  if (away == NULL)
    return;
  g_atomic_int_set (&self->is_away, TRUE);
  if (*snapshot == NULL)
    {
      *snapshot = g_steal_pointer (&away);
      return;
    }
  base_path = postil_store_find_path (self->store, self->subject, AWAY_BASE_NAME);
  if (postil_file_io_read (self->io, base_path, FALSE, NULL, NULL, &contents, NULL, NULL))
    base = postil_sidecar_parse (self, &contents, text, NULL, cancellable, NULL);
  postil_merge_into (base, &away, *snapshot);
  postil_snapshot_unref (*snapshot);
  *snapshot = g_steal_pointer (&away);
  self->unsaved = TRUE;
}

/**
 * postil_sidecar_load:
 * @self: a sidecar
 * @text: (nullable): the document's text; %NULL for a codebook
 * @label: name of the document
 * @environment: gives new ids and the time, as long as the sidecar lives
 *
 * Reads the file, and merges what else is there of it: what was kept in the store as long as the
 * folder could not be written, what a save that ended early took out of its place, and what
 * journals have that were left. What could not be read at all is the sidecar's damage from then on.
 * To be called once, in a thread.
 *
 * Returns: (transfer full): what it holds, empty when there is no file; %NULL with a %POSTIL_ERROR,
 * a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
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
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) problem = NULL;
  PostilSidecarPlace *places[] = { &self->beside, &self->away };

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self), NULL);
  g_return_val_if_fail (label != NULL && environment != NULL, NULL);

  locker = g_mutex_locker_new (&self->mutex);
  g_free (self->label);
  self->label = g_strdup (label);
  self->environment = environment;
  if (!load_place (self, &self->beside, text, &snapshot, cancellable, &problem))
    {
      self->too_long =
        self->store != NULL && g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG);
      if (!self->too_long)
        {
          if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            self->damage = g_error_copy (problem);
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
    }
  load_away (self, text, &snapshot, cancellable);
  if (snapshot == NULL)
    snapshot = postil_sidecar_make_empty (text, label, environment);
  if (self->beside.base == NULL)
    postil_sidecar_set_snapshot (&self->beside.base, snapshot);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i]->file != NULL && places[i]->file->left->len > 0)
      {
        postil_sidecar_take_in_left (self, places[i], &snapshot, cancellable);
        self->unsaved = TRUE;
      }
  recover_locked (self, &snapshot, cancellable);
  return g_steal_pointer (&snapshot);
}

/**
 * postil_sidecar_recover:
 * @self: a sidecar that could not be read
 * @snapshot: what takes the place of what could not be read
 *
 * Merges what journals have that were left, as postil_sidecar_load() does where the file is whole.
 *
 * Returns: (transfer full): what is there then
 */
PostilSnapshot *
postil_sidecar_recover (PostilSidecar *self, PostilSnapshot *snapshot, GCancellable *cancellable)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (POSTIL_IS_SIDECAR (self) && snapshot != NULL, NULL);

  locker = g_mutex_locker_new (&self->mutex);
  postil_snapshot_ref (snapshot);
  recover_locked (self, &snapshot, cancellable);
  return snapshot;
}
