/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-edit.h"
#include "postil-window-private.h"

/* Takes over what another program wrote into a sidecar: as one step, so that it can be undone. */

typedef struct
{
  PostilWindow *window;
  PostilDocument *document;
  PostilSidecar *sidecar;
} Reload;

static void
reload_free (Reload *reload)
{
  g_object_unref (reload->window);
  g_object_unref (reload->document);
  g_clear_object (&reload->sidecar);
  g_free (reload);
}

static void
take_over (Reload *reload, PostilSnapshot *snapshot)
{
  PostilWindow *self = reload->window;
  PostilSaver *saver = postil_savers_find (self->savers, reload->document);
  g_autofree char *label =
    g_strdup_printf (_ ("Reload “%s”"), postil_document_get_name (reload->document));
  g_autoptr (PostilStep) step = postil_step_new (label);

  /* The old saver would take it for a change of ours. */
  if (saver)
    postil_savers_remove (self->savers, saver);
  postil_edit_take_over (self->workspace, step, reload->document, snapshot);
  postil_document_reread (reload->document, snapshot);
  self->replaying = TRUE;
  postil_workspace_commit (self->workspace, step, NULL);
  self->replaying = FALSE;
  postil_window_renew_saver (self, reload->document, reload->sidecar);
}

static void
read_sidecar (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reload *reload = data;
  GError *error = NULL;
  PostilSnapshot *snapshot =
    postil_sidecar_load (reload->sidecar, postil_document_get_text (reload->document),
                         postil_document_get_name (reload->document),
                         postil_environment_get_system (), cancellable, &error);

  if (snapshot)
    g_task_return_pointer (task, snapshot, (GDestroyNotify) postil_snapshot_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilWindow *self = POSTIL_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot = g_task_propagate_pointer (G_TASK (result), &error);

  if (snapshot)
    take_over (g_task_get_task_data (G_TASK (result)), snapshot);
  else
    postil_window_add_error (self, error->message);
}

static void
start (Reload *reload)
{
  PostilSaver *saver = postil_savers_find (reload->window->savers, reload->document);
  g_autoptr (GTask) task = NULL;

  if (!saver)
    {
      reload_free (reload);
      return;
    }
  reload->sidecar =
    postil_sidecar_new (postil_sidecar_get_path (postil_saver_get_sidecar (saver)), NULL);
  task = g_task_new (reload->window, NULL, read_cb, NULL);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, reload, (GDestroyNotify) reload_free);
  g_task_run_in_thread (task, read_sidecar);
}

static void
saved_beside_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Reload *reload = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = postil_saver_save_beside_finish (POSTIL_SAVER (source), result, &error);

  if (!path)
    {
      postil_window_add_error (reload->window, error->message);
      reload_free (reload);
      return;
    }
  postil_window_tell_saved (reload->window, path);
  start (reload);
}

/* Shows what a document's sidecar holds now. What of ours is not in it is first saved beside it. */
void
postil_window_reload (PostilWindow *self, PostilDocument *document)
{
  PostilSaver *saver = postil_savers_find (self->savers, document);
  Reload *reload;

  if (!saver)
    return;
  postil_annotation_pane_commit_note (self->annotations);
  reload = g_new0 (Reload, 1);
  reload->window = g_object_ref (self);
  reload->document = g_object_ref (document);
  if (postil_saver_get_state (saver) == POSTIL_SAVER_SAVED)
    start (reload);
  else
    postil_saver_save_beside_async (saver, NULL, saved_beside_cb, reload);
}
