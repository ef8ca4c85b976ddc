/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-watch.h"

#include <glib/gi18n.h>

#include "postil-decoder.h"
#include "postil-file-io.h"
#include "postil-linking.h"
#include "postil-reanchoring.h"

/* Times in ms: programs write a file in several moves, and take it away for a moment; so it is read
 * when it has rested, or when it has not for long. A file that cannot be read is tried again. */
#define REST 300
#define LONGEST_REST 3000
#define RETRY 3000

/**
 * PostilTextWatch:
 *
 * Notices when another program changes the file of an open document. The window owns one for each
 * document. The new text is read in a thread, and the annotations are placed in it in another, with
 * the links of other open documents to it, both of them again if the documents have changed
 * meanwhile; when all is ready, "ready" is emitted, and the owner takes the step and commits it.
 * What one step has brought is not brought again: a person
 * who undoes it keeps the earlier text, and "differs" says so, until the file changes once more or
 * postil_text_watch_reload() is called.
 *
 * A file that is gone, or is no text any more, leaves the document as it is; "problem" says why.
 */
struct _PostilTextWatch
{
  GObject parent_instance;

  PostilWorkspace *workspace;
  PostilDocument *document;
  GFileMonitor *monitor;
  GCancellable *cancellable;
  guint timeout;
  gint64 first_event;

  gboolean busy;
  gboolean check_again;
  gboolean forced;
  /* Of the file when it was read last. */
  struct stat status;
  char *sha256;
  char *problem;
  gboolean missing;

  /* The new text, the one that it comes after, the annotations of that and what they become, and
   * what the links to it become. */
  PostilText *text;
  PostilText *old_text;
  PostilAnnotationIndex *known;
  PostilAnnotationIndex *placed;
  GHashTable *answers;
};

G_DEFINE_FINAL_TYPE (PostilTextWatch, postil_text_watch, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WORKSPACE,
  PROP_DOCUMENT,
  PROP_PROBLEM,
  PROP_DIFFERS,
  N_PROPERTIES
};

enum
{
  READY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

typedef struct
{
  char *path;
  char *name;
  struct stat status;
  /* Of the text that is known already, and need not be decoded. */
  char *known[2];
} Reading;

/* What a file holds: no text when it is one that was known, nothing when it was not touched. */
typedef struct
{
  struct stat status;
  char *sha256;
  PostilText *text;
} Contents;

typedef struct
{
  PostilText *old_text;
  PostilText *text;
  PostilAnnotationIndex *annotations;
  GPtrArray *links;
  /* What is known already, and then all: what the annotations were, and what they become. */
  PostilAnnotationIndex *known;
  PostilAnnotationIndex *placed;
} Placing;

static void place (PostilTextWatch *self);

static void
reading_free (Reading *reading)
{
  g_free (reading->path);
  g_free (reading->name);
  g_free (reading->known[0]);
  g_free (reading->known[1]);
  g_free (reading);
}

static void
contents_free (Contents *contents)
{
  g_free (contents->sha256);
  g_clear_pointer (&contents->text, postil_text_unref);
  g_free (contents);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Contents, contents_free)

static void
placing_free (Placing *placing)
{
  postil_text_unref (placing->old_text);
  postil_text_unref (placing->text);
  postil_annotation_index_unref (placing->annotations);
  g_ptr_array_unref (placing->links);
  g_clear_pointer (&placing->known, postil_annotation_index_unref);
  g_clear_pointer (&placing->placed, postil_annotation_index_unref);
  g_free (placing);
}

static gboolean
is_untouched (const struct stat *a, const struct stat *b)
{
  return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
         a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static void
set_problem (PostilTextWatch *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
forget_places (PostilTextWatch *self)
{
  g_clear_pointer (&self->old_text, postil_text_unref);
  g_clear_pointer (&self->known, postil_annotation_index_unref);
  g_clear_pointer (&self->placed, postil_annotation_index_unref);
  g_hash_table_remove_all (self->answers);
}

static void
forget_text (PostilTextWatch *self)
{
  g_clear_pointer (&self->text, postil_text_unref);
  forget_places (self);
}

static gboolean
timeout_cb (gpointer data)
{
  PostilTextWatch *self = data;

  self->timeout = 0;
  self->first_event = 0;
  postil_text_watch_check (self);
  return G_SOURCE_REMOVE;
}

static void
check_in (PostilTextWatch *self, guint delay)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add (delay, timeout_cb, self);
}

static void
file_event_cb (PostilTextWatch *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->first_event == 0)
    self->first_event = now;
  if (now - self->first_event < LONGEST_REST * G_TIME_SPAN_MILLISECOND)
    check_in (self, REST);
}

static void
done (PostilTextWatch *self)
{
  self->busy = FALSE;
  if (self->check_again)
    postil_text_watch_check (self);
}

/* Returns what becomes of the links. */
static void
place_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Placing *placing = data;
  g_autoptr (GPtrArray) answers =
    postil_linking_run (placing->old_text, placing->text, placing->links, cancellable);
  PostilAnnotationIndex *placed =
    postil_reanchoring_run_index (placing->old_text, placing->text, placing->annotations,
                                  placing->known, placing->placed, cancellable);

  g_clear_pointer (&placing->placed, postil_annotation_index_unref);
  placing->placed = placed;
  g_task_return_pointer (task, g_steal_pointer (&answers), (GDestroyNotify) g_ptr_array_unref);
}

static void
placed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (source);
  Placing *placing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) answers = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!answers || !placing->placed)
    return;
  g_clear_pointer (&self->known, postil_annotation_index_unref);
  g_clear_pointer (&self->placed, postil_annotation_index_unref);
  self->known = postil_annotation_index_ref (placing->annotations);
  self->placed = g_steal_pointer (&placing->placed);
  for (guint i = 0; i < answers->len; i++)
    g_hash_table_insert (self->answers, postil_annotation_ref (placing->links->pdata[i]),
                         postil_annotation_ref (answers->pdata[i]));
  place (self);
}

/* Whether what @document holds is what was placed. */
static gboolean
is_placed (PostilTextWatch *self)
{
  return self->known && self->known == postil_document_get_annotations (self->document);
}

/* (transfer full): the links of @document to the one that is watched. */
static GPtrArray *
list_links (PostilTextWatch *self, PostilDocument *document)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);

  if (document != self->document)
    postil_linking_list (document, self->document, links);
  return links;
}

/* Lists the links to the document of which it is not known yet what they become. */
static GPtrArray *
list_unanswered_links (PostilTextWatch *self)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);

  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);
      g_autoptr (GPtrArray) links = list_links (self, document);

      for (guint j = 0; j < links->len; j++)
        if (!g_hash_table_contains (self->answers, links->pdata[j]))
          g_ptr_array_add (list, postil_annotation_ref (links->pdata[j]));
    }
  return list;
}

/* Adds what becomes of links to the document. Returns whether that is known of all. */
static gboolean
change_links (PostilTextWatch *self, PostilStep *step)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);
      g_autoptr (GPtrArray) links = list_links (self, document);

      for (guint j = 0; j < links->len; j++)
        {
          PostilAnnotation *after = g_hash_table_lookup (self->answers, links->pdata[j]);

          if (!after)
            return FALSE;
          if (after != links->pdata[j])
            postil_step_change_annotation (step, document, links->pdata[j], after);
        }
    }
  return TRUE;
}

/* Places what is not placed yet, until nothing has changed meanwhile. */
static void
place (PostilTextWatch *self)
{
  PostilText *old_text = postil_document_get_text (self->document);
  g_autoptr (GPtrArray) links = NULL;
  g_autoptr (GTask) task = NULL;
  Placing *placing;

  if (old_text != self->old_text)
    {
      forget_places (self);
      self->old_text = postil_text_ref (old_text);
    }
  links = list_unanswered_links (self);
  if (is_placed (self) && links->len == 0)
    {
      guint64 version = postil_document_get_version (self->document);

      g_signal_emit (self, signals[READY], 0);
      g_ptr_array_unref (links);
      links = list_unanswered_links (self);
      if (self->text && (links->len > 0 || postil_document_get_version (self->document) != version))
        {
          place (self);
          return;
        }
      forget_text (self);
      done (self);
      return;
    }
  placing = g_new0 (Placing, 1);
  placing->old_text = postil_text_ref (old_text);
  placing->text = postil_text_ref (self->text);
  placing->annotations =
    postil_annotation_index_ref (postil_document_get_annotations (self->document));
  placing->links = g_steal_pointer (&links);
  if (self->known)
    {
      placing->known = postil_annotation_index_ref (self->known);
      placing->placed = postil_annotation_index_ref (self->placed);
    }
  task = g_task_new (self, self->cancellable, placed_cb, NULL);
  g_task_set_source_tag (task, place);
  g_task_set_task_data (task, placing, (GDestroyNotify) placing_free);
  g_task_run_in_thread (task, place_in_thread);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  const PostilFileIo *io = postil_file_io_get_system ();
  g_auto (PostilFileContents) file = { 0 };
  g_autoptr (Contents) contents = g_new0 (Contents, 1);
  GError *error = NULL;

  if (!postil_file_io_get_status (io, reading->path, &contents->status, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (is_untouched (&contents->status, &reading->status))
    {
      g_task_return_pointer (task, g_steal_pointer (&contents), (GDestroyNotify) contents_free);
      return;
    }
  if (!postil_file_io_read (io, reading->path, TRUE, NULL, NULL, &file, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  contents->status = file.status;
  contents->sha256 = g_strdup (file.sha256);
  if (g_strcmp0 (file.sha256, reading->known[0]) != 0 &&
      g_strcmp0 (file.sha256, reading->known[1]) != 0)
    {
      contents->text = postil_decoder_decode_take (g_steal_pointer (&file.bytes), file.n_bytes,
                                                   file.sha256, reading->name, cancellable, &error);
      if (!contents->text)
        {
          g_task_return_error (task, error);
          return;
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&contents), (GDestroyNotify) contents_free);
}

static void
handle_error (PostilTextWatch *self, const GError *error)
{
  gboolean missing = g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

  self->status = (struct stat){ 0 };
  /* Some programs take a file away before they write it anew. */
  if (!missing)
    set_problem (self, error->message);
  else if (self->missing)
    {
      g_autofree char *problem = g_strdup_printf (
        _ ("“%s” is not there any more: it was moved or deleted. It stays open here as it was."),
        postil_document_get_name (self->document));

      set_problem (self, problem);
    }
  self->missing = missing;
  if (self->timeout == 0)
    check_in (self, RETRY);
  done (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (Contents) contents = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!contents)
    {
      handle_error (self, error);
      return;
    }
  self->status = contents->status;
  self->missing = FALSE;
  set_problem (self, NULL);
  if (contents->sha256)
    {
      g_free (self->sha256);
      self->sha256 = g_steal_pointer (&contents->sha256);
    }
  if (contents->text)
    {
      self->text = g_steal_pointer (&contents->text);
      place (self);
    }
  else
    done (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIFFERS]);
}

static void
text_changed_cb (PostilTextWatch *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIFFERS]);
}

static void
postil_text_watch_constructed (GObject *object)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (object);
  GFile *file = postil_document_get_file (self->document);

  G_OBJECT_CLASS (postil_text_watch_parent_class)->constructed (object);

  self->sha256 = g_strdup (postil_text_get_sha256 (postil_document_get_text (self->document)));
  g_signal_connect_object (self->document, "notify::text", G_CALLBACK (text_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* Without a monitor, changes are noticed when the window is come back to. */
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (file_event_cb), self,
                             G_CONNECT_SWAPPED);
  /* It may have changed between its loading and now. */
  check_in (self, REST);
}

static void
postil_text_watch_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (object);

  switch (id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_DIFFERS:
      g_value_set_boolean (value, postil_text_watch_get_differs (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_text_watch_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (object);

  switch (id)
    {
    case PROP_WORKSPACE:
      self->workspace = g_value_dup_object (value);
      break;
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_text_watch_dispose (GObject *object)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->monitor)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (postil_text_watch_parent_class)->dispose (object);
}

static void
postil_text_watch_finalize (GObject *object)
{
  PostilTextWatch *self = POSTIL_TEXT_WATCH (object);

  forget_text (self);
  g_hash_table_unref (self->answers);
  g_object_unref (self->cancellable);
  g_object_unref (self->document);
  g_object_unref (self->workspace);
  g_free (self->sha256);
  g_free (self->problem);

  G_OBJECT_CLASS (postil_text_watch_parent_class)->finalize (object);
}

static void
postil_text_watch_class_init (PostilTextWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = postil_text_watch_constructed;
  object_class->get_property = postil_text_watch_get_property;
  object_class->set_property = postil_text_watch_set_property;
  object_class->dispose = postil_text_watch_dispose;
  object_class->finalize = postil_text_watch_finalize;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, POSTIL_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_DOCUMENT] =
    g_param_spec_object ("document", NULL, NULL, POSTIL_TYPE_DOCUMENT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /* Why the file cannot be read now, a translated sentence; NULL when it can. */
  properties[PROP_PROBLEM] =
    g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /* Whether the file holds another text than the document. */
  properties[PROP_DIFFERS] =
    g_param_spec_boolean ("differs", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilTextWatch::ready:
   *
   * The file holds a new text, and all annotations are placed in it. To be answered, after whatever
   * else is to become part of the document, with postil_text_watch_take_step(). Emitted again if
   * that had nothing to give.
   */
  signals[READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_text_watch_init (PostilTextWatch *self)
{
  self->cancellable = g_cancellable_new ();
  self->answers = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) postil_annotation_unref,
                                         (GDestroyNotify) postil_annotation_unref);
}

/**
 * postil_text_watch_new:
 * @workspace: a workspace
 * @document: one of its documents
 *
 * Returns: (transfer full): what watches its file
 */
PostilTextWatch *
postil_text_watch_new (PostilWorkspace *workspace, PostilDocument *document)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  return g_object_new (POSTIL_TYPE_TEXT_WATCH, "workspace", workspace, "document", document, NULL);
}

/**
 * postil_text_watch_get_document:
 * @self: a watch
 *
 * Returns: (transfer none): whose file it watches
 */
PostilDocument *
postil_text_watch_get_document (PostilTextWatch *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_WATCH (self), NULL);

  return self->document;
}

/**
 * postil_text_watch_get_problem:
 * @self: a watch
 *
 * Returns: (nullable): one translated sentence that says why the file cannot be read now
 */
const char *
postil_text_watch_get_problem (PostilTextWatch *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_WATCH (self), NULL);

  return self->problem;
}

/**
 * postil_text_watch_get_differs:
 * @self: a watch
 *
 * Returns: whether the file held another text than the document has now, when it was read last
 */
gboolean
postil_text_watch_get_differs (PostilTextWatch *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_WATCH (self), FALSE);

  return !self->text && g_strcmp0 (self->sha256, postil_text_get_sha256 (
                                                   postil_document_get_text (self->document))) != 0;
}

/**
 * postil_text_watch_check:
 * @self: a watch
 *
 * Looks now whether the file has changed.
 */
void
postil_text_watch_check (PostilTextWatch *self)
{
  g_autoptr (GTask) task = NULL;
  const char *path;
  Reading *reading;

  g_return_if_fail (POSTIL_IS_TEXT_WATCH (self));

  path = g_file_peek_path (postil_document_get_file (self->document));
  self->check_again = self->busy;
  if (self->busy || !path)
    return;
  self->busy = TRUE;
  reading = g_new0 (Reading, 1);
  reading->path = g_strdup (path);
  reading->name = g_strdup (postil_document_get_name (self->document));
  reading->status = self->status;
  reading->known[0] = self->forced ? NULL : g_strdup (self->sha256);
  self->forced = FALSE;
  reading->known[1] = g_strdup (postil_text_get_sha256 (postil_document_get_text (self->document)));
  task = g_task_new (self, self->cancellable, read_cb, NULL);
  g_task_set_source_tag (task, postil_text_watch_check);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, read_in_thread);
}

/**
 * postil_text_watch_reload:
 * @self: a watch
 *
 * Brings the text of the file also when that was brought before.
 */
void
postil_text_watch_reload (PostilTextWatch *self)
{
  g_return_if_fail (POSTIL_IS_TEXT_WATCH (self));

  self->status = (struct stat){ 0 };
  self->forced = TRUE;
  postil_text_watch_check (self);
}

/**
 * postil_text_watch_take_step:
 * @self: a watch that is ready
 *
 * Returns: (transfer full) (nullable): the step that brings the new text, to be committed at once;
 *   %NULL when the document has changed since, so that more is to be done first
 */
PostilStep *
postil_text_watch_take_step (PostilTextWatch *self)
{
  g_autoptr (PostilStep) step = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (POSTIL_IS_TEXT_WATCH (self), NULL);

  postil_workspace_settle (self->workspace);
  if (!self->text || self->old_text != postil_document_get_text (self->document) ||
      !is_placed (self))
    return NULL;
  label =
    g_strdup_printf (_ ("The text of “%s” changed"), postil_document_get_name (self->document));
  step = postil_step_new (label);
  postil_step_change_text (step, self->document, self->old_text, self->text);
  postil_step_change_annotations (step, self->document, self->known, self->placed);
  if (!change_links (self, step))
    return NULL;
  forget_text (self);
  return g_steal_pointer (&step);
}
