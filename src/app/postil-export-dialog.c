/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-export-dialog.h"

#include <glib/gi18n.h>

#include "postil-file-dialogs.h"
#include "postil-format.h"

/**
 * PostilExportDialog:
 *
 * Asks what to export and in which format, then where to; writes it in a thread, from snapshots
 * taken when the place is chosen. Closes when the file is there.
 */
struct _PostilExportDialog
{
  AdwWindow parent_instance;

  AdwComboRow *format;
  AdwComboRow *what;
  GtkWidget *export;
  GtkLabel *error;

  PostilWorkspace *workspace;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (PostilExportDialog, postil_export_dialog, ADW_TYPE_WINDOW)

typedef struct
{
  const PostilFormat *format;
  GPtrArray *snapshots;
  GFile *file;
} Job;

static void
job_free (Job *job)
{
  g_ptr_array_unref (job->snapshots);
  g_object_unref (job->file);
  g_free (job);
}

/* The document to export, or %NULL for all. */
static PostilDocument *
dup_document (PostilExportDialog *self)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  guint selected = adw_combo_row_get_selected (self->what);

  return selected == 0 ? NULL : g_list_model_get_item (documents, selected - 1);
}

static void
write_file (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes =
    postil_format_export (job->format, job->snapshots, cancellable, &error);

  if (bytes &&
      g_file_replace_contents (job->file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                               NULL, FALSE, G_FILE_CREATE_NONE, NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilExportDialog *self = POSTIL_EXPORT_DIALOG (source);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_file_get_basename (job->file);
  g_autofree char *name = g_filename_display_name (base);

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_autofree char *message = g_strdup_printf (_ ("Exported to “%s”"), name);
      /* The title of a toast is markup. */
      g_autofree char *markup = g_markup_escape_text (message, -1);

      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  gtk_label_set_label (self->error, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
  gtk_widget_set_sensitive (self->export, TRUE);
}

static void
place_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PostilExportDialog) self = data;
  g_autoptr (GListModel) files = postil_file_dialogs_choose_finish (result);
  g_autoptr (PostilDocument) only = NULL;
  g_autoptr (GTask) task = NULL;
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  Job *job;

  if (!files)
    return;
  only = dup_document (self);
  job = g_new0 (Job, 1);
  job->format = postil_format_list ()[adw_combo_row_get_selected (self->format)];
  job->file = g_list_model_get_item (files, 0);
  job->snapshots = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_snapshot_unref);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      if (!only || document == only)
        g_ptr_array_add (
          job->snapshots,
          postil_document_snapshot (document, postil_workspace_get_codebook (self->workspace)));
    }
  gtk_widget_set_sensitive (self->export, FALSE);
  task = g_task_new (self, NULL, written_cb, NULL);
  g_task_set_source_tag (task, place_chosen_cb);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, write_file);
}

static void
export_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilExportDialog *self = POSTIL_EXPORT_DIALOG (widget);
  const PostilFormat *format = postil_format_list ()[adw_combo_row_get_selected (self->format)];
  g_autoptr (PostilDocument) document = dup_document (self);
  g_autoptr (GFile) folder = NULL;
  g_autofree char *file_name = g_strconcat (
    document ? postil_document_get_name (document) : _ ("Annotations"), format->suffix, NULL);

  if (document)
    folder = g_file_get_parent (postil_document_get_file (document));
  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  postil_file_dialogs_choose_async (GTK_WINDOW (self), POSTIL_FILE_DIALOG_SAVE, folder, file_name,
                                    place_chosen_cb, g_object_ref (self));
}

static void
postil_export_dialog_dispose (GObject *object)
{
  PostilExportDialog *self = POSTIL_EXPORT_DIALOG (object);

  g_clear_object (&self->workspace);
  g_clear_object (&self->toasts);

  G_OBJECT_CLASS (postil_export_dialog_parent_class)->dispose (object);
}

static void
postil_export_dialog_class_init (PostilExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_export_dialog_dispose;

  gtk_widget_class_install_action (widget_class, "dialog.export", NULL, export_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilExportDialog, format);
  gtk_widget_class_bind_template_child (widget_class, PostilExportDialog, what);
  gtk_widget_class_bind_template_child (widget_class, PostilExportDialog, export);
  gtk_widget_class_bind_template_child (widget_class, PostilExportDialog, error);
}

static void
postil_export_dialog_init (PostilExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * postil_export_dialog_new:
 * @workspace: what can be exported
 * @document: (nullable): the document that is offered first
 * @toasts: where to say that it is done
 *
 * Returns: (transfer floating): a dialog
 */
GtkWidget *
postil_export_dialog_new (PostilWorkspace *workspace,
                          PostilDocument *document,
                          AdwToastOverlay *toasts)
{
  PostilExportDialog *self;
  GListModel *documents;
  g_autoptr (GtkStringList) formats = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (!document || POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (ADW_IS_TOAST_OVERLAY (toasts), NULL);

  self = g_object_new (POSTIL_TYPE_EXPORT_DIALOG, NULL);
  self->workspace = g_object_ref (workspace);
  self->toasts = g_object_ref (toasts);

  for (const PostilFormat *const *format = postil_format_list (); *format; format++)
    gtk_string_list_append (formats, _ ((*format)->title));
  adw_combo_row_set_model (self->format, G_LIST_MODEL (formats));

  documents = postil_workspace_get_documents (workspace);
  gtk_string_list_append (names, _ ("All open documents"));
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) each = g_list_model_get_item (documents, i);

      gtk_string_list_append (names, postil_document_get_name (each));
    }
  adw_combo_row_set_model (self->what, G_LIST_MODEL (names));
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) each = g_list_model_get_item (documents, i);

      if (each == document)
        adw_combo_row_set_selected (self->what, i + 1);
    }

  return GTK_WIDGET (self);
}
