/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-file-dialogs.h"
#include "postil-sidecar-writer.h"
#include "postil-window-private.h"

/* What becomes of annotations that cannot be saved, and closing: nothing closes before all is saved
 * or a person has said that it need not be. */

typedef struct
{
  PostilWindow *window;
  /* What is to be closed: %NULL for the window. */
  PostilDocument *document;
  GPtrArray *failed;
} Closing;

static void copy_next (Closing *closing);

static void
closing_free (Closing *closing)
{
  closing->window->closing = FALSE;
  g_object_unref (closing->window);
  g_clear_object (&closing->document);
  g_clear_pointer (&closing->failed, g_ptr_array_unref);
  g_free (closing);
}

static void
close_now (Closing *closing)
{
  PostilWindow *self = closing->window;

  if (closing->document)
    postil_window_remove_document (self, closing->document);
  else
    {
      gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));

      g_settings_set_boolean (self->settings, "window-maximized", maximized);
      if (!maximized && !gtk_window_is_fullscreen (GTK_WINDOW (self)))
        {
          int width, height;

          gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
          g_settings_set_int (self->settings, "window-width", MAX (width, 1));
          g_settings_set_int (self->settings, "window-height", MAX (height, 1));
        }
      gtk_window_destroy (GTK_WINDOW (self));
    }
  closing_free (closing);
}

/* As a sidecar is written; also what the sidecar itself must not be. */
static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static gboolean
write_copy (PostilSaver *saver, GFile *file, GError **error)
{
  g_autoptr (PostilSnapshot) snapshot = postil_saver_take_snapshot (saver);
  g_autoptr (GString) bytes = g_string_new (NULL);

  return postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append_cb, bytes, NULL,
                               error) &&
         g_file_replace_contents (file, bytes->str, bytes->len, NULL, FALSE, G_FILE_CREATE_NONE,
                                  NULL, NULL, error);
}

static void
copy_place_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Closing *closing = data;
  g_autoptr (GListModel) files = postil_file_dialogs_choose_finish (result);
  g_autoptr (GFile) file = files ? g_list_model_get_item (files, 0) : NULL;
  g_autoptr (GError) error = NULL;

  /* Thought better of it: nothing closes. */
  if (!file)
    {
      closing_free (closing);
      return;
    }
  if (!write_copy (closing->failed->pdata[0], file, &error))
    {
      postil_window_add_error (closing->window, error->message);
      closing_free (closing);
      return;
    }
  g_ptr_array_remove_index (closing->failed, 0);
  copy_next (closing);
}

static void
choose_copy_place (PostilWindow *self,
                   PostilSaver *saver,
                   GAsyncReadyCallback callback,
                   gpointer data)
{
  g_autofree char *name =
    g_path_get_basename (postil_sidecar_get_path (postil_saver_get_sidecar (saver)));
  g_autofree char *display = g_filename_display_name (name);

  postil_file_dialogs_choose_async (GTK_WINDOW (self), POSTIL_FILE_DIALOG_SAVE, NULL, display,
                                    callback, data);
}

static void
copy_next (Closing *closing)
{
  if (closing->failed->len == 0)
    close_now (closing);
  else
    choose_copy_place (closing->window, closing->failed->pdata[0], copy_place_chosen_cb, closing);
}

static gboolean
close_now_cb (gpointer data)
{
  close_now (data);
  return G_SOURCE_REMOVE;
}

static gboolean
copy_next_cb (gpointer data)
{
  copy_next (data);
  return G_SOURCE_REMOVE;
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  /* The dialog must be gone before its window goes. */
  if (g_str_equal (response, "close"))
    g_idle_add (close_now_cb, data);
  else if (g_str_equal (response, "copy"))
    g_idle_add (copy_next_cb, data);
  else
    closing_free (data);
}

static void
ask (Closing *closing, const GError *error)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (closing->window), _ ("Annotations Are Not Saved"), NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_format_body (message, "%s", error->message);
  /* The first has the focus or, in a narrow dialog, the last; so neither may lose anything. */
  adw_message_dialog_add_responses (message, "keep", _ ("_Keep Open"), "close",
                                    _ ("Close _Without Saving"), "copy",
                                    _ ("Save a _Copy Elsewhere…"), NULL);
  adw_message_dialog_set_response_appearance (message, "close", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "keep");
  adw_message_dialog_set_close_response (message, "keep");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), closing);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Closing *closing = data;
  g_autoptr (GError) error = NULL;

  if (!postil_savers_flush_finish (POSTIL_SAVERS (source), result, &closing->failed, &error))
    ask (closing, error);
  /* What was begun meanwhile is to be saved, too. */
  else if (postil_workspace_settle (closing->window->workspace))
    {
      g_clear_pointer (&closing->failed, g_ptr_array_unref);
      postil_savers_flush_async (closing->window->savers, closing->document, flushed_cb, closing);
    }
  else
    close_now (closing);
}

static void
flush_and_close (PostilWindow *self, PostilDocument *document)
{
  Closing *closing;

  if (self->closing)
    return;
  self->closing = TRUE;
  postil_annotation_pane_commit_note (self->annotations);
  closing = g_new0 (Closing, 1);
  closing->window = g_object_ref (self);
  closing->document = document ? g_object_ref (document) : NULL;
  postil_savers_flush_async (self->savers, document, flushed_cb, closing);
}

void
postil_window_close_document (PostilWindow *self, PostilDocument *document)
{
  flush_and_close (self, document);
}

/* Whether the window is not to close now; it closes itself when all is saved. */
gboolean
postil_window_close_request (PostilWindow *self)
{
  postil_opener_cancel (self->opener);
  flush_and_close (self, NULL);
  return GDK_EVENT_STOP;
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  /* How it went is in the saver's state, which the window shows. */
  postil_savers_flush_finish (POSTIL_SAVERS (source), result, NULL, NULL);
}

/* Tries again at once. */
void
postil_window_save (PostilWindow *self, PostilDocument *document)
{
  postil_annotation_pane_commit_note (self->annotations);
  postil_savers_flush_async (self->savers, document, tried_cb, NULL);
}

void
postil_window_tell_saved (PostilWindow *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *message = g_strdup_printf (_ ("Your annotations were saved as “%s”"), name);
  /* The title of a toast is markup. */
  g_autofree char *markup = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

typedef struct
{
  PostilWindow *window;
  PostilSaver *saver;
} Copying;

static void
copying_place_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Copying *copying = data;
  g_autoptr (PostilWindow) self = copying->window;
  g_autoptr (PostilSaver) saver = copying->saver;
  g_autoptr (GListModel) files = postil_file_dialogs_choose_finish (result);
  g_autoptr (GFile) file = files ? g_list_model_get_item (files, 0) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (!file)
    return;
  if (!write_copy (saver, file, &error))
    postil_window_add_error (self, error->message);
  else if (path)
    postil_window_tell_saved (self, path);
}

/* Writes what is here to a place that a person chooses. */
void
postil_window_save_copy (PostilWindow *self, PostilDocument *document)
{
  PostilSaver *saver = postil_savers_find (self->savers, document);
  Copying *copying;

  if (!saver)
    return;
  postil_annotation_pane_commit_note (self->annotations);
  copying = g_new0 (Copying, 1);
  copying->window = g_object_ref (self);
  copying->saver = g_object_ref (saver);
  choose_copy_place (self, saver, copying_place_chosen_cb, copying);
}
