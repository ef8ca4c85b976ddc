/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-opener.h"

#include <glib/gi18n.h>

#include "postil-document.h"
#include "postil-loader.h"
#include "postil-sidecar.h"

/**
 * PostilOpener:
 *
 * Opens files and folders in the background, one after the other and in the order asked for, so
 * that what comes first also stands first. A window owns one. A folder becomes its codebook and its
 * text files; what cannot be opened is said and the next one is opened. Nothing is opened any more
 * once it was cancelled.
 */
struct _PostilOpener
{
  GObject parent_instance;

  const PostilEnvironment *environment;
  PostilStore *store;
  GQueue waiting;
  GFile *file;
  char *name;
  GCancellable *cancellable;
  /* In thousandths: written by the thread that loads. */
  int *progress;
  guint tick;
};

G_DEFINE_FINAL_TYPE (PostilOpener, postil_opener, G_TYPE_OBJECT)

enum
{
  FOLDER,
  PREVIEW,
  OPENED,
  FAILED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How often progress is shown. */
#define TICK_MS 100

typedef struct
{
  GPtrArray *files;
  PostilSidecar *sidecar;
  PostilSnapshot *codebook;
  GError *codebook_error;
} Folder;

static void open_next (PostilOpener *self);

static void
folder_free (Folder *folder)
{
  g_clear_pointer (&folder->files, g_ptr_array_unref);
  g_clear_object (&folder->sidecar);
  g_clear_pointer (&folder->codebook, postil_snapshot_unref);
  g_clear_error (&folder->codebook_error);
  g_free (folder);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Folder, folder_free)

static void
done (PostilOpener *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->name, g_free);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick, g_source_remove);
  open_next (self);
}

static void
fail (PostilOpener *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, self->file, error->message);
}

static void
progress_func (double fraction, gpointer data)
{
  g_atomic_int_set ((int *) data, (int) (fraction * 1000));
}

static gboolean
tick_cb (gpointer data)
{
  g_signal_emit (data, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
read_folder (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GFile *file = data;
  PostilOpener *self = source;
  g_autoptr (Folder) folder = g_new0 (Folder, 1);
  g_autoptr (GFile) codebook = g_file_get_child (file, POSTIL_CODEBOOK_NAME);
  GError *error = NULL;

  folder->files = postil_loader_list_folder (file, cancellable, &error);
  if (!folder->files)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_file_peek_path (codebook))
    {
      folder->sidecar = postil_sidecar_new (g_file_peek_path (codebook), self->store, NULL);
      folder->codebook =
        postil_sidecar_load (folder->sidecar, NULL, POSTIL_CODEBOOK_NAME, self->environment,
                             cancellable, &folder->codebook_error);
    }
  g_task_return_pointer (task, g_steal_pointer (&folder), (GDestroyNotify) folder_free);
}

static void
folder_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilOpener *self = POSTIL_OPENER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (Folder) folder = g_task_propagate_pointer (G_TASK (result), &error);

  if (folder)
    {
      if (folder->codebook_error)
        fail (self, folder->codebook_error);
      for (guint i = folder->files->len; i > 0; i--)
        g_queue_push_head (&self->waiting, g_object_ref (folder->files->pdata[i - 1]));
      g_signal_emit (self, signals[FOLDER], 0, self->file, folder->codebook, folder->sidecar);
    }
  else
    fail (self, error);
  done (self);
}

static void
preview (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, postil_loader_preview (data), (GDestroyNotify) postil_text_unref);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilOpener *self = POSTIL_OPENER (source);
  GFile *file = g_task_get_task_data (G_TASK (result));
  g_autoptr (PostilText) text = g_task_propagate_pointer (G_TASK (result), NULL);

  if (text && self->file == file)
    g_signal_emit (self, signals[PREVIEW], 0, file, text);
}

static void
run_for_file (PostilOpener *self, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, callback, NULL);

  g_task_set_source_tag (task, func);
  g_task_set_task_data (task, g_object_ref (self->file), g_object_unref);
  g_task_run_in_thread (task, func);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PostilOpener) self = data;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilDocument) document = postil_loader_load_finish (result, &sidecar, &error);

  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR))
    {
      run_for_file (self, read_folder, folder_read_cb);
      return;
    }
  if (document)
    g_signal_emit (self, signals[OPENED], 0, document, sidecar);
  else
    fail (self, error);
  done (self);
}

static void
open_next (PostilOpener *self)
{
  if (!self->file && (self->file = g_queue_pop_head (&self->waiting)))
    {
      g_autofree char *base = g_file_get_basename (self->file);

      self->name = base ? g_filename_display_name (base) : g_file_get_parse_name (self->file);
      self->cancellable = g_cancellable_new ();
      g_atomic_int_set (self->progress, 0);
      self->tick = g_timeout_add (TICK_MS, tick_cb, self);
      /* Nearly always it is a text; to ask first would keep that waiting. */
      run_for_file (self, preview, previewed_cb);
      postil_loader_load_async (self->file, self->environment, self->store, progress_func,
                                self->progress, self->cancellable, loaded_cb, g_object_ref (self));
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
postil_opener_dispose (GObject *object)
{
  PostilOpener *self = POSTIL_OPENER (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_object (&self->file);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick, g_source_remove);

  G_OBJECT_CLASS (postil_opener_parent_class)->dispose (object);
}

static void
postil_opener_finalize (GObject *object)
{
  PostilOpener *self = POSTIL_OPENER (object);

  g_object_unref (self->store);
  g_free (self->name);
  g_free (self->progress);

  G_OBJECT_CLASS (postil_opener_parent_class)->finalize (object);
}

static void
postil_opener_class_init (PostilOpenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = postil_opener_dispose;
  object_class->finalize = postil_opener_finalize;

  /**
   * PostilOpener::folder:
   * @folder: a folder that was asked for; its text files follow
   * @codebook: (nullable): its codebook, unless that could not be read
   * @sidecar: (nullable): the codebook's file
   *
   * A folder was read.
   */
  signals[FOLDER] =
    g_signal_new ("folder", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                  G_TYPE_FILE, POSTIL_TYPE_SNAPSHOT, POSTIL_TYPE_SIDECAR);
  /**
   * PostilOpener::preview:
   * @file: a large file
   * @text: how its text begins
   *
   * A file is being opened, which takes a while; "opened" or "failed" follows.
   */
  signals[PREVIEW] = g_signal_new ("preview", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_FILE, POSTIL_TYPE_TEXT);
  /**
   * PostilOpener::opened:
   * @document: a document
   * @sidecar: its sidecar
   *
   * A file was opened.
   */
  signals[OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, POSTIL_TYPE_DOCUMENT, POSTIL_TYPE_SIDECAR);
  /**
   * PostilOpener::failed:
   * @file: a file
   * @message: a sentence that says why it cannot be opened
   *
   * A file was not opened.
   */
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_FILE, G_TYPE_STRING);
  /**
   * PostilOpener::changed:
   *
   * It began or ended with a file, or went on with one.
   */
  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_opener_init (PostilOpener *self)
{
  g_queue_init (&self->waiting);
  self->progress = g_new0 (int, 1);
}

/**
 * postil_opener_new:
 * @environment: time and randomness for what is read
 * @store: where what is read is kept, and what was recovered is
 *
 * Returns: (transfer full): an opener with nothing to do
 */
PostilOpener *
postil_opener_new (const PostilEnvironment *environment, PostilStore *store)
{
  PostilOpener *self;

  g_return_val_if_fail (environment != NULL && POSTIL_IS_STORE (store), NULL);

  self = g_object_new (POSTIL_TYPE_OPENER, NULL);
  self->environment = environment;
  self->store = g_object_ref (store);

  return self;
}

/**
 * postil_opener_open:
 * @self: an opener
 * @file: a text file or a folder of them
 *
 * Opens a file after those that wait already; one that waits is not opened twice.
 */
void
postil_opener_open (PostilOpener *self, GFile *file)
{
  g_return_if_fail (POSTIL_IS_OPENER (self));
  g_return_if_fail (G_IS_FILE (file));

  if (postil_opener_has (self, file))
    return;
  g_queue_push_tail (&self->waiting, g_object_ref (file));
  open_next (self);
}

/**
 * postil_opener_has:
 * @self: an opener
 * @file: a file
 *
 * Returns: whether that file is being opened or waits for it
 */
gboolean
postil_opener_has (PostilOpener *self, GFile *file)
{
  g_return_val_if_fail (POSTIL_IS_OPENER (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  if (self->file && g_file_equal (self->file, file))
    return TRUE;
  for (GList *link = self->waiting.head; link; link = link->next)
    if (g_file_equal (link->data, file))
      return TRUE;
  return FALSE;
}

/**
 * postil_opener_cancel:
 * @self: an opener
 *
 * Stops with the file being opened and forgets those that wait.
 */
void
postil_opener_cancel (PostilOpener *self)
{
  g_return_if_fail (POSTIL_IS_OPENER (self));

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_cancellable_cancel (self->cancellable);
}

/**
 * postil_opener_is_busy:
 * @self: an opener
 *
 * Returns: whether a file is being opened
 */
gboolean
postil_opener_is_busy (PostilOpener *self)
{
  g_return_val_if_fail (POSTIL_IS_OPENER (self), FALSE);

  return self->file != NULL;
}

/**
 * postil_opener_get_n_waiting:
 * @self: an opener
 *
 * Returns: how many files wait behind the one being opened
 */
guint
postil_opener_get_n_waiting (PostilOpener *self)
{
  g_return_val_if_fail (POSTIL_IS_OPENER (self), 0);

  return self->waiting.length;
}

/**
 * postil_opener_get_name:
 * @self: an opener
 *
 * Returns: (nullable): name of the file being opened, for display
 */
const char *
postil_opener_get_name (PostilOpener *self)
{
  g_return_val_if_fail (POSTIL_IS_OPENER (self), NULL);

  return self->name;
}

/**
 * postil_opener_get_fraction:
 * @self: an opener
 *
 * Returns: how much of the file being opened is done, from 0 to 1
 */
double
postil_opener_get_fraction (PostilOpener *self)
{
  g_return_val_if_fail (POSTIL_IS_OPENER (self), 0);

  return g_atomic_int_get (self->progress) / 1000.0;
}
