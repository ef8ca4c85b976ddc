/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-loader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "postil-decoder.h"
#include "postil-error.h"

/* How much of a file is looked at when a folder is listed, in bytes. */
#define SNIFFED 4096

/* Files from this size on have a preview, of so much of their beginning, in bytes. */
#define LARGE (1024 * 1024)
#define PREVIEWED (256 * 1024)

/* Shares of the whole progress: reading the text, and decoding it. */
#define PROGRESS_READ 0.7
#define PROGRESS_DECODED 0.8

typedef struct
{
  GFile *file;
  const PostilEnvironment *environment;
  PostilStore *store;
  PostilLoaderProgress progress;
  gpointer progress_data;
} Job;

typedef struct
{
  PostilDocument *document;
  PostilSidecar *sidecar;
} Result;

typedef struct
{
  char *key;
  GFile *file;
} Entry;

static void
result_free (Result *result)
{
  g_clear_object (&result->document);
  g_clear_object (&result->sidecar);
  g_free (result);
}

static void
job_free (Job *job)
{
  g_object_unref (job->file);
  g_clear_object (&job->store);
  g_free (job);
}

static void
entry_free (Entry *entry)
{
  g_free (entry->key);
  g_object_unref (entry->file);
  g_free (entry);
}

static void
report (const Job *job, double fraction)
{
  if (job->progress != NULL)
    job->progress (fraction, job->progress_data);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Entry *const *) a)->key, (*(Entry *const *) b)->key);
}

/* Whether what is at @path belongs in a list of documents. One that may not be read does, as
 * opening it then says so. */
static gboolean
is_document (const char *path)
{
  g_autoptr (GError) error = NULL;
  char start[SNIFFED];
  gssize n = postil_file_io_peek (postil_file_io_get_system (), path, start, sizeof start, &error);

  if (n < 0)
    return g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
  return postil_decoder_looks_like_text (start, n);
}

static void
read_cb (double fraction, gpointer data)
{
  report (data, fraction * PROGRESS_READ);
}

static PostilDocument *
run (Job *job, GCancellable *cancellable, PostilSidecar **sidecar, GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (PostilSidecar) beside = NULL;
  g_autoptr (PostilText) text = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *name = NULL;
  const char *path;

  beside = postil_sidecar_new_for_document (job->file, job->store, error);
  if (beside == NULL)
    return NULL;
  path = g_file_peek_path (job->file);
  name = g_filename_display_basename (path);
  if (!postil_file_io_read (postil_file_io_get_system (), path, TRUE, read_cb, job, &contents,
                            cancellable, error))
    return NULL;
  text = postil_decoder_decode_take (g_steal_pointer (&contents.bytes), contents.n_bytes,
                                     contents.sha256, name, cancellable, error);
  if (text == NULL)
    return NULL;
  report (job, PROGRESS_DECODED);

  snapshot = postil_sidecar_load (beside, text, name, job->environment, cancellable, &problem);
  if (snapshot == NULL && postil_sidecar_get_damage (beside) == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (snapshot == NULL)
    {
      g_autoptr (PostilSnapshot) empty = postil_sidecar_make_empty (text, name, job->environment);

      snapshot = postil_sidecar_recover (beside, empty, cancellable);
    }
  report (job, 1);

  if (sidecar != NULL)
    *sidecar = g_steal_pointer (&beside);
  return postil_document_new (job->file, snapshot);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  Result *result = g_new0 (Result, 1);

  result->document = run (data, cancellable, &result->sidecar, &error);
  if (result->document != NULL)
    {
      g_task_return_pointer (task, result, (GDestroyNotify) result_free);
      return;
    }
  result_free (result);
  g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * postil_loader_load:
 * @file: a text document in a local folder
 * @environment: gives new ids, as long as the sidecar lives
 * @store: (nullable): where texts, earlier versions and journals are kept
 * @progress: (nullable): called again and again with how much is done
 * @sidecar: (out) (transfer full) (optional): where the document's annotations are
 *
 * Reads a document and the annotations beside it, with what the store has of them that is not there
 * yet, see postil_sidecar_load(). When the annotations cannot be read the document still opens,
 * without them, and the sidecar's damage says why.
 *
 * Returns: (transfer full): the document, or %NULL with one sentence in a %POSTIL_ERROR, a
 * %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
 */
PostilDocument *
postil_loader_load (GFile *file,
                    const PostilEnvironment *environment,
                    PostilStore *store,
                    PostilLoaderProgress progress,
                    gpointer progress_data,
                    GCancellable *cancellable,
                    PostilSidecar **sidecar,
                    GError **error)
{
  Job job = { file, environment, store, progress, progress_data };

  g_return_val_if_fail (G_IS_FILE (file) && environment != NULL, NULL);

  return run (&job, cancellable, sidecar, error);
}

/**
 * postil_loader_load_async:
 * @environment: as for postil_loader_load()
 * @store: (nullable): where texts, earlier versions and journals are kept
 * @progress: (nullable): called in the thread that loads
 * @callback: called in the caller's main context
 *
 * Loads in a thread, as postil_loader_load() does.
 */
void
postil_loader_load_async (GFile *file,
                          const PostilEnvironment *environment,
                          PostilStore *store,
                          PostilLoaderProgress progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (G_IS_FILE (file) && environment != NULL);

  job = g_new (Job, 1);
  *job = (Job){ g_object_ref (file), environment, store ? g_object_ref (store) : NULL, progress,
                progress_data };
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, postil_loader_load_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, load_in_thread);
}

/**
 * postil_loader_load_finish:
 * @sidecar: (out) (transfer full) (optional): where the document's annotations are
 *
 * Returns: (transfer full): the document, or %NULL with an error
 */
PostilDocument *
postil_loader_load_finish (GAsyncResult *result, PostilSidecar **sidecar, GError **error)
{
  PostilDocument *document;
  Result *loaded;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  loaded = g_task_propagate_pointer (G_TASK (result), error);
  if (loaded == NULL)
    return NULL;
  document = g_steal_pointer (&loaded->document);
  if (sidecar != NULL)
    *sidecar = g_steal_pointer (&loaded->sidecar);
  result_free (loaded);
  return document;
}

/**
 * postil_loader_preview:
 * @file: a text document in a local folder
 *
 * Reads only the beginning of a large file, to be shown until all of it is there. The last few
 * characters may not be those of the file. May be called in any thread.
 *
 * Returns: (transfer full) (nullable): how the text begins; %NULL if the file is not large, or not
 * a text
 */
PostilText *
postil_loader_preview (GFile *file)
{
  const PostilFileIo *io = postil_file_io_get_system ();
  g_autofree char *bytes = NULL;
  const char *path;
  struct stat status;
  gssize n_bytes;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  path = g_file_peek_path (file);
  if (path == NULL || !postil_file_io_get_status (io, path, &status, NULL) ||
      status.st_size < LARGE)
    return NULL;
  bytes = g_malloc (PREVIEWED + 1);
  n_bytes = postil_file_io_peek (io, path, bytes, PREVIEWED, NULL);
  if (n_bytes <= 0)
    return NULL;
  /* Half a character at the end would speak against UTF-8. */
  while (n_bytes > 1 && (bytes[n_bytes - 1] & 0xC0) == 0x80)
    n_bytes--;
  if ((bytes[n_bytes - 1] & 0xC0) == 0xC0)
    n_bytes--;
  bytes[n_bytes] = '\0';
  return postil_decoder_decode_take (g_steal_pointer (&bytes), n_bytes, NULL, path, NULL, NULL);
}

/**
 * postil_loader_list_folder:
 * @folder: a local folder
 *
 * Lists the text files of a folder, not of those in it. Hidden files, sidecars, codebooks and what
 * looks binary are left out; symbolic links to files are followed.
 *
 * Returns: (transfer full) (element-type GFile): the files in the order of their names, or %NULL
 * with an error
 */
GPtrArray *
postil_loader_list_folder (GFile *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  g_autoptr (GDir) dir = NULL;
  GPtrArray *files;
  const char *path, *name;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  path = g_file_peek_path (folder);
  if (path == NULL)
    {
      g_autofree char *uri = g_file_get_parse_name (folder);

      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                   _ ("“%s” is not a folder of this computer; copy it to one to open it"), uri);
      return NULL;
    }
  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *display = g_filename_display_name (name);
      Entry *entry;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (*name == '.' || postil_sidecar_is_name (name) || !is_document (child))
        continue;
      entry = g_new (Entry, 1);
      entry->key = g_utf8_collate_key_for_filename (display, -1);
      entry->file = g_file_new_for_path (child);
      g_ptr_array_add (entries, entry);
    }

  g_ptr_array_sort (entries, compare_entries);
  files = g_ptr_array_new_full (entries->len, g_object_unref);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (files, g_object_ref (((Entry *) g_ptr_array_index (entries, i))->file));
  return files;
}
