/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PostilFileDialog:
 * @POSTIL_FILE_DIALOG_OPEN: any number of text files
 * @POSTIL_FILE_DIALOG_FOLDER: one folder
 * @POSTIL_FILE_DIALOG_SAVE: a place for a new file
 *
 * What is asked for.
 */
typedef enum
{
  POSTIL_FILE_DIALOG_OPEN,
  POSTIL_FILE_DIALOG_FOLDER,
  POSTIL_FILE_DIALOG_SAVE
} PostilFileDialog;

void postil_file_dialogs_choose_async (GtkWindow *parent,
                                       PostilFileDialog dialog,
                                       GFile *folder,
                                       const char *name,
                                       GAsyncReadyCallback callback,
                                       gpointer data);
GListModel *postil_file_dialogs_choose_finish (GAsyncResult *result);

G_END_DECLS
