/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-edit.h"
#include "postil-merge.h"
#include "postil-reanchoring.h"
#include "postil-sidecar-finder.h"
#include "postil-window-private.h"

/* Documents that were renamed or copied: what is offered when one is shown whose sidecar stayed
 * behind, or that has the ids of another one, and what becomes of it. */

/* Under which a document carries what was found for it, once it was shown. */
#define SEARCH_KEY "postil-search"

/* (nullable): the likeliest sidecar; and whether a person said no to whatever is offered. */
typedef struct
{
  PostilStraySidecar *stray;
  gboolean dismissed;
} Search;

/* Something done in a thread to @document, which must not have been changed meanwhile. */
typedef struct
{
  PostilStore *store;
  PostilDocument *document;
  PostilDocument *original;
  char *path;
  PostilSnapshot *snapshot;
  PostilSnapshot *original_snapshot;
  guint n_conflicts;
} Job;

static void
search_free (Search *search)
{
  g_clear_pointer (&search->stray, postil_stray_sidecar_free);
  g_free (search);
}

static void
job_free (Job *job)
{
  g_object_unref (job->store);
  g_object_unref (job->document);
  g_clear_object (&job->original);
  g_clear_pointer (&job->snapshot, postil_snapshot_unref);
  g_clear_pointer (&job->original_snapshot, postil_snapshot_unref);
  g_free (job->path);
  g_free (job);
}

static Search *
get_search (PostilDocument *document)
{
  return g_object_get_data (G_OBJECT (document), SEARCH_KEY);
}

static gboolean
is_open (PostilWindow *self, PostilDocument *document)
{
  return self->workspace && postil_workspace_find_document (
                              self->workspace, postil_document_get_file (document)) == document;
}

/* The document opened before @document that has the same ids, as both files were copied. */
static PostilDocument *
find_original (PostilWindow *self, PostilDocument *document)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) other = g_list_model_get_item (documents, i);

      if (other == document)
        return NULL;
      if (g_str_equal (postil_document_get_id (other), postil_document_get_id (document)))
        return other;
    }
  return NULL;
}

static void
start (PostilWindow *self, Job *job, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, NULL);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, func);
}

static Job *
job_new (PostilWindow *self, PostilDocument *document)
{
  Job *job = g_new0 (Job, 1);

  job->store = g_object_ref (self->store);
  job->document = g_object_ref (document);
  return job;
}

static PostilSnapshot *
take_snapshot (PostilWindow *self, PostilDocument *document)
{
  return postil_document_snapshot (document, postil_workspace_get_codebook (self->workspace));
}

/* Whether a person did nothing to @document since @snapshot was taken. */
static gboolean
is_same (PostilDocument *document, PostilSnapshot *snapshot)
{
  return postil_document_get_annotations (document) == snapshot->annotations &&
         postil_document_get_text (document) == snapshot->text;
}

static void
return_snapshot (GTask *task, PostilSnapshot *snapshot, GError *error)
{
  if (snapshot)
    g_task_return_pointer (task, snapshot, (GDestroyNotify) postil_snapshot_unref);
  else
    g_task_return_error (task, error);
}

static void
offer_copy (PostilBar *bar, PostilDocument *document, PostilDocument *original)
{
  g_autofree char *uri = g_file_get_uri (postil_document_get_file (document));
  g_autofree char *message = g_strdup_printf (
    _ ("“%s” is a copy of “%s”, together with its annotations. Merge them into those of “%s”, or "
       "keep both documents apart?"),
    postil_document_get_name (document), postil_document_get_name (original),
    postil_document_get_name (original));

  postil_bar_add_button (bar, _ ("_Merge"), "win.merge-copy", uri);
  postil_bar_add_button (bar, _ ("_Keep Apart"), "win.keep-apart", uri);
  postil_bar_show (bar, message);
}

static void
offer_stray (PostilBar *bar, PostilDocument *document, const PostilStraySidecar *stray)
{
  g_autofree char *uri = g_file_get_uri (postil_document_get_file (document));
  g_autofree char *name = g_filename_display_basename (stray->document);
  g_autofree char *message = NULL;

  if (stray->present)
    message = g_strdup_printf (_ ("“%s” has the same text as “%s”, which is annotated."),
                               postil_document_get_name (document), name);
  else if (stray->same_text)
    message = g_strdup_printf (
      _ ("“%s” has the same text as “%s”, which is gone, while its annotations are still there."),
      postil_document_get_name (document), name);
  else
    message = g_strdup_printf (_ ("“%s” reads much like “%s”, which is gone, while its annotations "
                                  "are still there."),
                               postil_document_get_name (document), name);
  if (!stray->present)
    postil_bar_add_button (bar, _ ("_Take Over Annotations"), "win.take-over", uri);
  postil_bar_add_button (bar, _ ("_Copy Annotations"), "win.copy-annotations", uri);
  postil_bar_show (bar, message);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilWindow *self = POSTIL_WINDOW (source);
  Job *job = g_task_get_task_data (G_TASK (result));

  get_search (job->document)->stray = g_task_propagate_pointer (G_TASK (result), NULL);
  if (is_open (self, job->document))
    postil_window_update_offers (self);
}

static void
find (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (GPtrArray) strays = NULL;

  if (postil_annotation_index_get_size (job->snapshot->annotations) == 0 &&
      !g_file_test (job->path, G_FILE_TEST_EXISTS))
    strays = postil_sidecar_finder_find (postil_document_get_file (job->document),
                                         job->snapshot->text, job->store, cancellable);
  g_task_return_pointer (task,
                         strays && strays->len > 0 ? g_ptr_array_steal_index (strays, 0) : NULL,
                         (GDestroyNotify) postil_stray_sidecar_free);
}

/* Once for each document that is shown: a folder may have many. */
static Search *
start_search (PostilWindow *self, PostilDocument *document)
{
  PostilSaver *saver = postil_savers_find (self->savers, document);
  Search *search = g_new0 (Search, 1);
  Job *job;

  g_object_set_data_full (G_OBJECT (document), SEARCH_KEY, search, (GDestroyNotify) search_free);
  if (saver)
    {
      job = job_new (self, document);
      job->path = g_strdup (postil_sidecar_get_path (postil_saver_get_sidecar (saver)));
      job->snapshot = take_snapshot (self, document);
      start (self, job, find, found_cb);
    }
  return search;
}

static void
update_offer (PostilWindow *self, PostilDocumentView *view)
{
  PostilDocument *document = postil_document_view_get_document (view);
  PostilBar *bar = postil_document_view_get_offer_bar (view);
  Search *search = document ? get_search (document) : NULL;
  PostilDocument *original;

  postil_bar_clear_buttons (bar);
  if (document && !search)
    search = start_search (self, document);
  original = document ? find_original (self, document) : NULL;
  if (search && !search->dismissed && original)
    offer_copy (bar, document, original);
  else if (search && !search->dismissed && search->stray)
    offer_stray (bar, document, search->stray);
  else
    postil_bar_hide (bar);
}

static void
dismiss (PostilWindow *self, PostilDocument *document)
{
  get_search (document)->dismissed = TRUE;
  postil_window_update_offers (self);
}

static void
dismissed_cb (PostilBar *bar, PostilWindow *self)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (bar), POSTIL_TYPE_DOCUMENT_VIEW);

  dismiss (self, postil_document_view_get_document (POSTIL_DOCUMENT_VIEW (view)));
}

/* Makes @document what @snapshot holds, as a step. Who annotated in it already stays named. */
static void
take_over (PostilWindow *self,
           PostilDocument *document,
           PostilSnapshot *snapshot,
           const char *label)
{
  g_autoptr (PostilStep) step = postil_step_new (label);
  g_autoptr (PostilSnapshot) before = take_snapshot (self, document);

  postil_edit_take_over (self->workspace, step, document, snapshot);
  postil_document_reread (document, snapshot);
  for (guint i = 0; i < before->annotators->len; i++)
    postil_document_add_annotator (document, before->annotators->pdata[i]);
  self->replaying = TRUE;
  postil_workspace_commit (self->workspace, step, NULL);
  self->replaying = FALSE;
  postil_window_update_offers (self);
}

static void
adopted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilWindow *self = POSTIL_WINDOW (source);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!self->workspace)
    return;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      self->adopting = NULL;
      postil_window_add_error (self, error->message);
      get_search (job->document)->dismissed = FALSE;
      postil_window_update_offers (self);
    }
  else if (is_open (self, job->document))
    postil_window_reload (self, job->document);
}

static void
adopt (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (postil_sidecar_finder_adopt (job->path, postil_document_get_file (job->document), job->store,
                                   &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Both what is in the document, which is new and mostly empty, and what the sidecar holds. */
static void
copy (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (PostilSnapshot) copied =
    postil_sidecar_finder_copy (job->path, job->snapshot->text, postil_environment_get_system (),
                                job->store, cancellable, &error);

  return_snapshot (task, copied ? postil_merge (NULL, copied, job->snapshot, NULL) : NULL, error);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilWindow *self = POSTIL_WINDOW (source);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *label = NULL;

  if (!is_open (self, job->document))
    return;
  if (!snapshot)
    postil_window_add_error (self, error->message);
  else if (!is_same (job->document, job->snapshot))
    postil_window_copy_annotations (self, job->document);
  else
    {
      label =
        g_strdup_printf (_ ("Copy Annotations to “%s”"), postil_document_get_name (job->document));
      get_search (job->document)->dismissed = TRUE;
      take_over (self, job->document, snapshot, label);
    }
}

static void
set_apart (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  return_snapshot (
    task, postil_sidecar_finder_set_apart (job->snapshot, postil_environment_get_system ()), NULL);
}

static void
set_apart_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilWindow *self = POSTIL_WINDOW (source);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (PostilSnapshot) snapshot = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *label =
    g_strdup_printf (_ ("Keep “%s” Apart"), postil_document_get_name (job->document));

  if (!is_open (self, job->document))
    return;
  if (is_same (job->document, job->snapshot))
    take_over (self, job->document, snapshot, label);
  else
    postil_window_keep_apart (self, job->document);
}

/* (transfer full): @snapshot with its annotations where their passages are in @text. */
static PostilSnapshot *
place_in (PostilSnapshot *snapshot, PostilText *text)
{
  guint n = postil_annotation_index_get_size (snapshot->annotations);
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (GPtrArray) placed = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  PostilSnapshot fields = *snapshot;

  if (g_str_equal (postil_text_get_sha256 (snapshot->text), postil_text_get_sha256 (text)))
    return postil_snapshot_ref (snapshot);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (annotations, postil_annotation_index_get (snapshot->annotations, i));
  placed = postil_reanchoring_run (snapshot->text, text, annotations, NULL, NULL, NULL);
  index = postil_annotation_index_new ((PostilAnnotation *const *) placed->pdata, placed->len);
  fields.text = text;
  fields.annotations = index;
  return postil_snapshot_new (&fields);
}

static void
merge (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autoptr (PostilSnapshot) theirs = place_in (job->snapshot, job->original_snapshot->text);

  return_snapshot (task, postil_merge (NULL, job->original_snapshot, theirs, &job->n_conflicts),
                   NULL);
}

static void
tell_merged (PostilWindow *self, const Job *job)
{
  const char *name = postil_document_get_name (job->original);
  g_autofree char *message =
    job->n_conflicts > 0
      ? g_strdup_printf (g_dngettext (NULL,
                                      "Merged into “%s”; %u annotation is kept in two versions",
                                      "Merged into “%s”; %u annotations are kept in two versions",
                                      job->n_conflicts),
                         name, job->n_conflicts)
      : g_strdup_printf (_ ("Merged into “%s”"), name);
  /* The title of a toast is markup. */
  g_autofree char *markup = g_markup_escape_text (message, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static void
merged_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilWindow *self = POSTIL_WINDOW (source);
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (PostilSnapshot) snapshot = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *label =
    g_strdup_printf (_ ("Merge “%s”"), postil_document_get_name (job->document));

  if (!is_open (self, job->document) || !is_open (self, job->original))
    return;
  if (!is_same (job->document, job->snapshot) || !is_same (job->original, job->original_snapshot))
    {
      postil_window_merge_copy (self, job->document);
      return;
    }
  get_search (job->document)->dismissed = TRUE;
  take_over (self, job->original, snapshot, label);
  tell_merged (self, job);
}

void
postil_window_init_relocate (PostilWindow *self)
{
  PostilDocumentView *views[] = { self->start_view, self->end_view };

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    g_signal_connect_object (postil_document_view_get_offer_bar (views[i]), "dismissed",
                             G_CALLBACK (dismissed_cb), self, 0);
}

/* To be called when other documents are shown. */
void
postil_window_update_offers (PostilWindow *self)
{
  update_offer (self, self->start_view);
  update_offer (self, self->end_view);
}

/* Renames the sidecar that was found, so that it is the document's. */
void
postil_window_take_over (PostilWindow *self, PostilDocument *document)
{
  Search *search = get_search (document);
  Job *job;

  if (!search || !search->stray || search->dismissed)
    return;
  dismiss (self, document);
  self->adopting = document;
  job = job_new (self, document);
  job->path = g_strdup (search->stray->path);
  start (self, job, adopt, adopted_cb);
}

/* Takes what the sidecar that was found holds into the document, with ids of its own. */
void
postil_window_copy_annotations (PostilWindow *self, PostilDocument *document)
{
  Search *search = get_search (document);
  Job *job;

  if (!search || !search->stray || search->dismissed)
    return;
  postil_annotation_pane_commit_note (self->annotations);
  job = job_new (self, document);
  job->path = g_strdup (search->stray->path);
  job->snapshot = take_snapshot (self, document);
  start (self, job, copy, copied_cb);
}

/* Takes what is only in the copy into the document that it is a copy of. */
void
postil_window_merge_copy (PostilWindow *self, PostilDocument *document)
{
  PostilDocument *original = find_original (self, document);
  Job *job;

  if (!original)
    return;
  postil_annotation_pane_commit_note (self->annotations);
  job = job_new (self, document);
  job->original = g_object_ref (original);
  job->snapshot = take_snapshot (self, document);
  job->original_snapshot = take_snapshot (self, original);
  start (self, job, merge, merged_cb);
}

/* Gives the copy ids of its own. */
void
postil_window_keep_apart (PostilWindow *self, PostilDocument *document)
{
  Job *job;

  if (!find_original (self, document))
    return;
  postil_annotation_pane_commit_note (self->annotations);
  job = job_new (self, document);
  job->snapshot = take_snapshot (self, document);
  start (self, job, set_apart, set_apart_cb);
}
