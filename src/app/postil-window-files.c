/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-file-dialogs.h"
#include "postil-window-private.h"

/* How the window's documents come and go: opening, dropping, closing, and what is asked when their
 * annotations cannot be saved. */

/* What is opened sooner than that, in ms, shows no progress. */
#define PROGRESS_DELAY 300

/* So long, in ms, a new window waits for its first texts, to be seen with them at once. */
#define PRESENT_DELAY 300

/* So many files that could not be opened are named. */
#define MAX_ERRORS 6

/* Under which a document carries its sidecar, also after it was closed: undoing opens it again. */
#define SIDECAR_KEY "postil-sidecar"

static void
show_errors (PostilWindow *self)
{
  g_autoptr (GString) message = g_string_new (NULL);
  guint n = self->errors->len;

  if (n == 0)
    return;
  for (guint i = 0; i < MIN (n, MAX_ERRORS); i++)
    g_string_append_printf (message, "%s%s", i ? "\n" : "", (char *) self->errors->pdata[i]);
  if (n > MAX_ERRORS)
    {
      guint more = n - MAX_ERRORS;

      g_string_append_c (message, '\n');
      g_string_append_printf (message,
                              g_dngettext (NULL, "%u other file could not be opened either.",
                                           "%u other files could not be opened either.", more),
                              more);
    }
  postil_bar_show (self->errors_bar, message->str);
}

void
postil_window_add_error (PostilWindow *self, const char *message)
{
  g_ptr_array_add (self->errors, g_strdup (message));
  show_errors (self);
}

static void
add_saver (PostilWindow *self, PostilDocument *document)
{
  PostilSidecar *sidecar = g_object_get_data (G_OBJECT (document), SIDECAR_KEY);
  g_autoptr (PostilSaver) saver = NULL;

  if (!sidecar || postil_savers_find (self->savers, document))
    return;
  saver = postil_saver_new (document, postil_workspace_get_codebook (self->workspace), sidecar);
  postil_window_follow_saver (self, saver);
  postil_savers_add (self->savers, saver);
}

static gboolean
tell_removed_cb (gpointer data)
{
  PostilWindow *self = data;
  g_autofree char *message = g_strdup_printf (
    g_dngettext (NULL, "%u annotation deleted", "%u annotations deleted", self->n_removed),
    self->n_removed);

  postil_window_tell_undoable (self, message);
  self->n_removed = 0;
  self->removed_idle = 0;
  return G_SOURCE_REMOVE;
}

static void
count_annotations (PostilWindow *self)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);

  self->n_annotations = 0;
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      self->n_annotations +=
        postil_annotation_index_get_n_shown (postil_document_get_annotations (document));
    }
}

static void
document_changed_cb (PostilWindow *self, const PostilChange *changes, guint n_changes)
{
  guint n_before = self->n_annotations;

  count_annotations (self);
  for (guint i = 0; i < n_changes && !self->replaying; i++)
    if (changes[i].annotation.before && !changes[i].annotation.after &&
        !postil_annotation_get_link (changes[i].annotation.before))
      self->n_removed++;
  if (changes == NULL && !self->replaying && self->n_annotations < n_before)
    self->n_removed += n_before - self->n_annotations;
  if (self->n_removed > 0 && self->removed_idle == 0)
    self->removed_idle = g_idle_add (tell_removed_cb, self);
  if (self->current && !postil_window_get_current (self))
    postil_window_set_current (self, NULL, NULL);
  postil_window_update_actions (self);
}

/* Also a document that undoing opened again comes by here. */
static void
documents_changed_cb (PostilWindow *self, guint position, guint removed, guint added)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      g_signal_handlers_disconnect_by_func (document, document_changed_cb, self);
      g_signal_connect_object (document, "changed", G_CALLBACK (document_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_ptr_array_remove (self->closed, document);
      add_saver (self, document);
      postil_window_watch (self, document);
      if (!postil_document_view_get_document (self->start_view))
        {
          postil_window_show_document (self, document, self->start_view);
          gtk_widget_grab_focus (
            GTK_WIDGET (postil_document_view_get_text_view (self->start_view)));
        }
      else if (!postil_document_view_get_document (self->end_view))
        postil_window_show_document (self, document, self->end_view);
    }
  count_annotations (self);
  postil_window_update_actions (self);
}

/* What was closed and is the same on the disk as then comes back itself, with its history. */
static PostilDocument *
find_closed (PostilWindow *self, PostilDocument *document)
{
  const char *sha256 = postil_text_get_sha256 (postil_document_get_text (document));

  for (guint i = 0; i < self->closed->len; i++)
    {
      PostilDocument *closed = self->closed->pdata[i];
      PostilSidecar *sidecar = g_object_get_data (G_OBJECT (closed), SIDECAR_KEY);

      if (g_file_equal (postil_document_get_file (closed), postil_document_get_file (document)) &&
          g_str_equal (postil_text_get_sha256 (postil_document_get_text (closed)), sha256) &&
          sidecar && postil_sidecar_is_current (sidecar))
        return closed;
    }
  return NULL;
}

static void
opened_cb (PostilWindow *self, PostilDocument *document, PostilSidecar *sidecar)
{
  PostilDocument *present =
    postil_workspace_find_document (self->workspace, postil_document_get_file (document));
  PostilDocumentView *active = self->active;

  if (!present && !(present = find_closed (self, document)))
    {
      guint n_recovered = postil_sidecar_get_n_recovered (sidecar);

      g_object_set_data_full (G_OBJECT (document), SIDECAR_KEY, g_object_ref (sidecar),
                              g_object_unref);
      present = document;
      if (n_recovered > 0)
        postil_window_tell_recovered (self, document, n_recovered);
    }
  if (!g_list_store_find (G_LIST_STORE (postil_workspace_get_documents (self->workspace)), present,
                          NULL))
    postil_workspace_add_document (self->workspace, present);
  if (self->show_next && g_file_equal (self->show_next, postil_document_get_file (present)))
    postil_window_show_document (self, present, NULL);
  else if (postil_document_view_get_document (active))
    /* Of several, the first is the one to begin with. */
    postil_window_activate_view (self, active);
}

static void
present_now (PostilWindow *self)
{
  gboolean first = self->present_timeout != 0;

  g_clear_handle_id (&self->present_timeout, g_source_remove);
  gtk_window_present (GTK_WINDOW (self));
  if (first)
    postil_after_frame_queue (self->seen);
}

static gboolean
present_cb (gpointer data)
{
  present_now (data);
  return G_SOURCE_REMOVE;
}

static void
preview_cb (PostilWindow *self, GFile *file, PostilText *text)
{
  postil_window_preview (self, file, text);
  if (self->present_timeout != 0)
    present_now (self);
}

static void
failed_cb (PostilWindow *self, GFile *file, const char *message)
{
  postil_window_preview (self, NULL, NULL);
  postil_window_add_error (self, message);
}

static void
folder_cb (PostilWindow *self, GFile *folder, PostilSnapshot *snapshot, PostilSidecar *sidecar)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  g_autoptr (PostilSaver) saver = NULL;

  /* Without a codebook that can be written, the sidecars carry the topics. */
  if (!snapshot || postil_workspace_get_folder (self->workspace))
    return;
  postil_workspace_set_folder (self->workspace, folder);
  postil_codebook_add_missing (codebook, snapshot->topics);
  saver = postil_saver_new_for_codebook (codebook, snapshot, sidecar);
  postil_window_follow_saver (self, saver);
  postil_savers_add (self->savers, saver);
}

static void
opener_changed_cb (PostilWindow *self)
{
  gboolean busy = postil_opener_is_busy (self->opener), takes_long;
  guint n = postil_opener_get_n_waiting (self->opener);
  g_autofree char *text = NULL;
  double fraction;

  if (self->present_timeout != 0 && (!busy || postil_document_view_get_document (self->end_view)))
    present_now (self);
  if (!busy)
    self->busy_since = 0;
  else if (self->busy_since == 0)
    self->busy_since = g_get_monotonic_time ();
  takes_long =
    busy && g_get_monotonic_time () - self->busy_since >= PROGRESS_DELAY * G_TIME_SPAN_MILLISECOND;
  if (takes_long)
    gtk_widget_set_visible (GTK_WIDGET (self->progress_revealer), TRUE);
  gtk_revealer_set_reveal_child (self->progress_revealer, takes_long);
  if (!busy)
    {
      if (n == 0)
        g_clear_object (&self->show_next);
      return;
    }
  if (n > 0)
    text = g_strdup_printf (
      g_dngettext (NULL, "Opening “%s”, and %u more file", "Opening “%s”, and %u more files", n),
      postil_opener_get_name (self->opener), n);
  else
    text = g_strdup_printf (_ ("Opening “%s”"), postil_opener_get_name (self->opener));
  gtk_label_set_label (self->progress_label, text);
  fraction = postil_opener_get_fraction (self->opener);
  if (fraction > 0)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else
    gtk_progress_bar_pulse (self->progress_bar);
}

static void
codebook_saver_changed_cb (PostilWindow *self, PostilSaver *saver)
{
  PostilSaverState state = postil_saver_get_state (saver);

  if (postil_saver_get_document (saver))
    return;
  postil_bar_clear_buttons (self->codebook_bar);
  if (state == POSTIL_SAVER_SAVED || state == POSTIL_SAVER_SAVING)
    {
      postil_bar_hide (self->codebook_bar);
      return;
    }
  postil_bar_show (self->codebook_bar, postil_saver_get_message (saver));
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PostilWindow) self = data;
  g_autoptr (GListModel) files = postil_file_dialogs_choose_finish (result);
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (files && application)
    postil_application_open_files (POSTIL_APPLICATION (application), GTK_WINDOW (self), files);
}

void
postil_window_init_files (PostilWindow *self)
{
  self->closed = g_ptr_array_new_with_free_func (g_object_unref);
  self->opener =
    postil_opener_new (postil_workspace_get_environment (self->workspace), self->store);
  g_signal_connect_object (self->opener, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->opener, "preview", G_CALLBACK (preview_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->opener, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->opener, "folder", G_CALLBACK (folder_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->opener, "changed", G_CALLBACK (opener_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->savers, "changed", G_CALLBACK (codebook_saver_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (postil_workspace_get_documents (self->workspace), "items-changed",
                           G_CALLBACK (documents_changed_cb), self, G_CONNECT_SWAPPED);
}

/* Where to look for files: the folder of what is open. */
GFile *
postil_window_dup_folder (PostilWindow *self)
{
  PostilDocument *document = postil_window_get_active_document (self);
  GFile *folder = postil_workspace_get_folder (self->workspace);

  if (folder)
    return g_object_ref (folder);
  return document ? g_file_get_parent (postil_document_get_file (document)) : NULL;
}

void
postil_window_choose_files (PostilWindow *self, gboolean folder)
{
  g_autoptr (GFile) where = postil_window_dup_folder (self);

  postil_file_dialogs_choose_async (GTK_WINDOW (self),
                                    folder ? POSTIL_FILE_DIALOG_FOLDER : POSTIL_FILE_DIALOG_OPEN,
                                    where, NULL, chosen_cb, g_object_ref (self));
}

/**
 * postil_window_has_file:
 * @self: a window
 * @file: a file
 *
 * Returns: whether that file is open in it, or about to be
 */
gboolean
postil_window_has_file (PostilWindow *self, GFile *file)
{
  GFile *folder;

  g_return_val_if_fail (POSTIL_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  folder = postil_workspace_get_folder (self->workspace);
  return (folder && g_file_equal (folder, file)) ||
         postil_workspace_find_document (self->workspace, file) ||
         postil_opener_has (self->opener, file);
}

/**
 * postil_window_open:
 * @self: a window
 * @file: a text file or a folder of them
 * @show: whether it is to be seen at once, also where something else stands
 *
 * Opens a file in the background; one that is open already is shown.
 */
void
postil_window_open (PostilWindow *self, GFile *file, gboolean show)
{
  PostilDocument *document;

  g_return_if_fail (POSTIL_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  document = postil_workspace_find_document (self->workspace, file);
  if (document)
    {
      postil_window_show_document (self, document, NULL);
      return;
    }
  if (show)
    g_set_object (&self->show_next, file);
  postil_opener_open (self->opener, file);
}

/**
 * postil_window_present:
 * @self: a window
 *
 * Brings it before the person. One that is new and opens files waits a moment for the texts that it
 * can show, so that it need not be laid out and painted without them first.
 */
void
postil_window_present (PostilWindow *self)
{
  g_return_if_fail (POSTIL_IS_WINDOW (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self)) || !postil_opener_is_busy (self->opener))
    present_now (self);
  else if (self->present_timeout == 0)
    self->present_timeout = g_timeout_add (PRESENT_DELAY, present_cb, self);
}

/* Takes a document out of the window, saved or not. */
void
postil_window_remove_document (PostilWindow *self, PostilDocument *document)
{
  g_autoptr (PostilDocument) held = g_object_ref (document);
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  PostilHistory *history = postil_workspace_get_history (self->workspace);
  PostilSaver *saver = postil_savers_find (self->savers, document);

  if (self->current_document == document)
    postil_window_set_current (self, NULL, NULL);
  postil_window_put_away (self, document);
  postil_workspace_remove_document (self->workspace, document);
  if (saver)
    postil_savers_remove (self->savers, saver);
  g_hash_table_remove (self->watches, document);
  if (postil_history_get_can_undo (history) || postil_history_get_can_redo (history))
    g_ptr_array_add (self->closed, g_object_ref (document));
  if (!postil_document_view_get_document (self->start_view) &&
      g_list_model_get_n_items (documents) > 0)
    {
      g_autoptr (PostilDocument) first = g_list_model_get_item (documents, 0);

      postil_window_show_document (self, first, self->start_view);
    }
  postil_window_find_second (self);
  postil_window_update_actions (self);
}
