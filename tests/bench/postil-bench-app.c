/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-bench-app.h"

#include <glib/gstdio.h>

#include "postil-stage.h"

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* GTK 4.8 warns when a scroll bar learns in the middle of a layout that its text has become
 * another. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (level & G_LOG_LEVEL_WARNING)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

/**
 * postil_bench_app_new:
 *
 * Returns: (transfer full): an application without windows
 */
PostilBenchApp *
postil_bench_app_new (void)
{
  PostilBenchApp *self = g_new0 (PostilBenchApp, 1);
  g_autoptr (PostilStore) store = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;

  g_log_set_writer_func (write_log, NULL, NULL);
  self->folder = g_dir_make_tmp ("postil-bench-XXXXXX", &error);
  if (self->folder == NULL)
    g_error ("%s", error->message);
  kept = g_build_filename (self->folder, "store", NULL);
  store = postil_store_new (kept, NULL);
  self->application = postil_application_new (store);
  g_application_set_flags (G_APPLICATION (self->application),
                           G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (self->application), NULL, &error))
    g_error ("%s", error->message);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink",
                FALSE, NULL);
  return self;
}

void
postil_bench_app_free (PostilBenchApp *self)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (self->application))))
    gtk_window_destroy (windows->data);
  postil_stage_run (100);
  remove_tree (self->folder);
  g_object_unref (self->application);
  g_free (self->folder);
  g_free (self);
}

/**
 * postil_bench_app_write:
 * @name: how to call the file
 * @snapshot: what to write: the text, and the annotations beside it if there are any
 *
 * Returns: (transfer full): the text's file
 */
GFile *
postil_bench_app_write (PostilBenchApp *self, const char *name, PostilSnapshot *snapshot)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *beside = g_strconcat (path, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (beside, NULL, NULL);
  g_autoptr (GError) error = NULL;
  const char *utf8;
  gsize n_bytes;

  utf8 = postil_text_get_utf8 (snapshot->text, &n_bytes);
  if (!g_file_set_contents (path, utf8, n_bytes, &error) ||
      (postil_annotation_index_get_size (snapshot->annotations) > 0 &&
       !postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error)))
    g_error ("%s", error->message);
  return g_file_new_for_path (path);
}

/**
 * postil_bench_app_show:
 *
 * Returns: (transfer none): a window without documents, painted
 */
PostilWindow *
postil_bench_app_show (PostilBenchApp *self)
{
  PostilWindow *window = postil_window_new (self->application);

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 800);
  gtk_window_present (GTK_WINDOW (window));
  postil_stage_wait_for_paint (GTK_WIDGET (window));
  postil_stage_run (200);
  return window;
}

/**
 * postil_bench_app_open:
 * @window: a window without documents
 * @file: a text
 *
 * Opens @file and runs the main loop until it rests, that is until GTK has laid out all texts.
 */
void
postil_bench_app_open (PostilWindow *window, GFile *file)
{
  PostilTextView *view = postil_bench_app_get_text_view (window);

  postil_window_open (window, file, TRUE);
  while (postil_text_view_get_document (view) == NULL || postil_text_view_get_loading (view))
    g_main_context_iteration (NULL, TRUE);
  postil_stage_wait_for_layout ();
  postil_stage_run (1000);
}

/**
 * postil_bench_app_get_text_view:
 *
 * Returns: (transfer none): the first of the window's text views
 */
PostilTextView *
postil_bench_app_get_text_view (PostilWindow *window)
{
  return postil_document_view_get_text_view (window->start_view);
}
