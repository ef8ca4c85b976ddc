/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-file-dialogs.h"

#include <glib/gi18n.h>

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  GListModel *files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  /* The task holds the dialog: it lives until the answer is taken. */
  g_signal_handlers_disconnect_by_data (dialog, task);
  g_task_return_pointer (task, files, g_object_unref);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *mime_type, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  if (mime_type)
    gtk_file_filter_add_mime_type (filter, mime_type);
  if (pattern)
    gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

/**
 * postil_file_dialogs_choose_async:
 * @parent: the window that asks
 * @dialog: what it asks for
 * @folder: (nullable): where to begin
 * @name: (nullable): the name that a new file is offered
 * @callback: called when a person has chosen or thought better of it
 * @data: passed to it
 *
 * Asks for files with the desktop's own dialog.
 */
void
postil_file_dialogs_choose_async (GtkWindow *parent,
                                  PostilFileDialog dialog,
                                  GFile *folder,
                                  const char *name,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  static const struct
  {
    GtkFileChooserAction action;
    const char *title;
    const char *accept;
  } kinds[] = {
    { GTK_FILE_CHOOSER_ACTION_OPEN, N_ ("Open Files"), N_ ("_Open") },
    { GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, N_ ("Open Folder"), N_ ("_Open") },
    { GTK_FILE_CHOOSER_ACTION_SAVE, N_ ("Save"), N_ ("_Save") },
  };
  GtkFileChooserNative *native;
  GtkFileChooser *chooser;
  GTask *task;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (dialog < G_N_ELEMENTS (kinds));

  native = gtk_file_chooser_native_new (_ (kinds[dialog].title), parent, kinds[dialog].action,
                                        _ (kinds[dialog].accept), NULL);
  chooser = GTK_FILE_CHOOSER (native);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (native), TRUE);
  gtk_file_chooser_set_select_multiple (chooser, dialog == POSTIL_FILE_DIALOG_OPEN);
  if (dialog == POSTIL_FILE_DIALOG_OPEN)
    {
      add_filter (chooser, _ ("Text files"), "text/*", NULL);
      add_filter (chooser, _ ("All files"), NULL, "*");
    }
  if (folder)
    gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  if (name)
    gtk_file_chooser_set_current_name (chooser, name);

  task = g_task_new (parent, NULL, callback, data);
  g_task_set_source_tag (task, postil_file_dialogs_choose_async);
  g_task_set_task_data (task, native, g_object_unref);
  g_signal_connect (native, "response", G_CALLBACK (response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

/**
 * postil_file_dialogs_choose_finish:
 * @result: what the callback was given
 *
 * Returns: (transfer full) (nullable) (element-type GFile): the files that were chosen, or %NULL
 */
GListModel *
postil_file_dialogs_choose_finish (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
