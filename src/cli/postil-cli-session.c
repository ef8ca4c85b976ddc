/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-cli-session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "postil-loader.h"
#include "postil-record.h"

/*
 * PostilCliSession: the documents that one run of postil-cli works on, in a workspace of their own.
 * When all of them are in one folder that has a codebook, that is the workspace's. The documents
 * stand in the order of the command line, each once.
 */
struct _PostilCliSession
{
  PostilStore *store;
  PostilWorkspace *workspace;
  GPtrArray *documents;
  PostilSidecar *codebook_sidecar;
  PostilSnapshot *codebook_read;
  /* Whoever asks for progress also says what is wrong with a sidecar. */
  PostilLoaderProgress progress;
  gpointer progress_data;
};

static void
document_free (PostilCliDocument *self)
{
  g_free (self->name);
  g_clear_object (&self->document);
  g_clear_object (&self->sidecar);
  g_clear_pointer (&self->read, postil_snapshot_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilCliDocument, document_free)

/* Whoever runs this: by the account's name, and always with the same id. */
static PostilAnnotator *
new_account_annotator (void)
{
  g_autofree char *real_name = g_locale_to_utf8 (g_get_real_name (), -1, NULL, NULL, NULL);
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;

  if (real_name != NULL && *real_name != '\0' && strcmp (real_name, "Unknown") != 0)
    name = g_steal_pointer (&real_name);
  else
    name = g_filename_display_name (g_get_user_name ());
  id = postil_environment_derive_id (name);
  return postil_annotator_new (id, name, NULL);
}

/* The folder that all of @files are in, or %NULL. */
static GFile *
find_common_folder (const char *const *files)
{
  g_autoptr (GFile) common = NULL;

  for (; *files != NULL; files++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (*files);
      g_autoptr (GFile) folder = g_file_get_parent (file);

      if (folder == NULL || (common != NULL && !g_file_equal (common, folder)))
        return NULL;
      g_set_object (&common, folder);
    }
  return g_steal_pointer (&common);
}

static void
print_warnings (PostilCliSession *self, PostilSidecar *sidecar)
{
  if (self->progress != NULL)
    return;
  for (const char *const *warning = postil_sidecar_get_warnings (sidecar); *warning != NULL;
       warning++)
    {
      g_autofree char *line = postil_record_shorten (*warning, G_MAXINT);

      g_printerr ("postil-cli: %s\n", line);
    }
}

static gboolean
open_codebook (PostilCliSession *self, const char *const *files, GError **error)
{
  g_autoptr (GFile) folder = find_common_folder (files);
  g_autofree char *path = NULL;

  if (folder != NULL && g_file_peek_path (folder) != NULL)
    path = g_build_filename (g_file_peek_path (folder), POSTIL_CODEBOOK_NAME, NULL);
  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  self->codebook_sidecar = postil_sidecar_new (path, self->store, NULL);
  self->codebook_read = postil_sidecar_load (self->codebook_sidecar, NULL, POSTIL_CODEBOOK_NAME,
                                             postil_environment_get_system (), NULL, error);
  if (self->codebook_read == NULL)
    return FALSE;
  print_warnings (self, self->codebook_sidecar);

  postil_workspace_set_folder (self->workspace, folder);
  postil_codebook_add_missing (postil_workspace_get_codebook (self->workspace),
                               self->codebook_read->topics);
  return TRUE;
}

static gboolean
open_document (PostilCliSession *self, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (PostilCliDocument) document = g_new0 (PostilCliDocument, 1);

  if (postil_workspace_find_document (self->workspace, file) != NULL)
    return TRUE;

  document->name = g_filename_display_name (path);
  document->document =
    postil_loader_load (file, postil_environment_get_system (), self->store, self->progress,
                        self->progress_data, NULL, &document->sidecar, error);
  if (document->document == NULL)
    return FALSE;
  if (postil_sidecar_get_damage (document->sidecar) != NULL)
    {
      g_propagate_error (error, g_error_copy (postil_sidecar_get_damage (document->sidecar)));
      return FALSE;
    }

  print_warnings (self, document->sidecar);

  postil_workspace_add_document (self->workspace, document->document);
  g_ptr_array_add (self->documents, g_steal_pointer (&document));
  return TRUE;
}

static PostilCliSession *
open_session (const char *const *files,
              PostilLoaderProgress progress,
              gpointer progress_data,
              GError **error)
{
  g_autoptr (PostilCliSession) self = g_new0 (PostilCliSession, 1);
  g_autoptr (PostilAnnotator) annotator = new_account_annotator ();

  self->store = postil_store_new (NULL, NULL);
  self->workspace = postil_workspace_new (postil_environment_get_system (), annotator);
  self->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) document_free);
  self->progress = progress;
  self->progress_data = progress_data;

  if (!open_codebook (self, files, error))
    return NULL;
  for (; *files != NULL; files++)
    if (!open_document (self, *files, error))
      return NULL;

  /* Only now is known which topics the codebook has. */
  for (guint i = 0; i < self->documents->len; i++)
    {
      PostilCliDocument *document = g_ptr_array_index (self->documents, i);

      document->read = postil_cli_session_snapshot (self, document);
    }
  return g_steal_pointer (&self);
}

/**
 * postil_cli_session_open:
 * @files: (array zero-terminated=1): files as the command line names them
 * @error: return location
 *
 * Reads documents. Warnings go to standard error.
 *
 * Returns: (transfer full) (nullable): them all, or %NULL when one of them, or a sidecar, cannot
 *   be read
 */
PostilCliSession *
postil_cli_session_open (const char *const *files, GError **error)
{
  g_return_val_if_fail (files != NULL && *files != NULL, NULL);

  return open_session (files, NULL, NULL, error);
}

/**
 * postil_cli_session_open_one:
 * @file: a file as the command line names it
 * @progress: (scope call): called again and again with how much is done
 * @data: passed to @progress
 * @error: return location
 *
 * Reads one document. Its sidecar's warnings are left to the caller.
 *
 * Returns: (transfer full) (nullable): as postil_cli_session_open() does
 */
PostilCliSession *
postil_cli_session_open_one (const char *file,
                             PostilLoaderProgress progress,
                             gpointer data,
                             GError **error)
{
  const char *const files[] = { file, NULL };

  g_return_val_if_fail (file != NULL && progress != NULL, NULL);

  return open_session (files, progress, data, error);
}

/**
 * postil_cli_session_free:
 * @self: (transfer full): a session
 *
 * Closes it; what was not saved is lost.
 */
void
postil_cli_session_free (PostilCliSession *self)
{
  g_clear_pointer (&self->documents, g_ptr_array_unref);
  g_clear_object (&self->workspace);
  g_clear_object (&self->codebook_sidecar);
  g_clear_pointer (&self->codebook_read, postil_snapshot_unref);
  g_clear_object (&self->store);
  g_free (self);
}

static gboolean
is_same_array (GPtrArray *a, GPtrArray *b)
{
  return a->len == b->len &&
         (a->len == 0 || memcmp (a->pdata, b->pdata, a->len * sizeof (gpointer)) == 0);
}

/* Topics, annotators and indexes are values: those that are not the same object differ. */
static gboolean
is_changed (PostilSnapshot *before, PostilSnapshot *after)
{
  return before->annotations != after->annotations ||
         !is_same_array (before->annotators, after->annotators) ||
         !is_same_array (before->topics, after->topics);
}

static gboolean
save_codebook (PostilCliSession *self, GError **error)
{
  GPtrArray *topics = postil_codebook_get_topics (postil_workspace_get_codebook (self->workspace));
  g_autoptr (PostilSnapshot) snapshot = NULL;
  PostilSnapshot fields;

  if (self->codebook_sidecar == NULL || is_same_array (topics, self->codebook_read->topics))
    return TRUE;

  fields = *self->codebook_read;
  fields.topics = topics;
  snapshot = postil_snapshot_new (&fields);
  return postil_sidecar_save (self->codebook_sidecar, snapshot, NULL, NULL, error);
}

static gboolean
save (PostilCliSession *self, GError **error)
{
  if (!save_codebook (self, error))
    return FALSE;
  for (guint i = 0; i < self->documents->len; i++)
    {
      PostilCliDocument *document = g_ptr_array_index (self->documents, i);
      g_autoptr (PostilSnapshot) snapshot = postil_cli_session_snapshot (self, document);

      if (is_changed (document->read, snapshot) &&
          !postil_sidecar_save (document->sidecar, snapshot, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Keeps other runs of postil-cli for the same user out of the folders of @files until the locks are
 * closed. No work would be lost without, as saving merges; but two runs that both need a topic that
 * is not there yet would make two of one name. Where the store cannot be written, that may happen.
 *
 * Folders are locked in one order, so that no two runs wait for each other. */
static GArray *
lock_folders (PostilStore *store, const char *const *files)
{
  GArray *locks = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (free);

  for (; *files != NULL; files++)
    {
      g_autofree char *folder = g_path_get_dirname (*files);
      char *path = realpath (folder, NULL);

      if (path != NULL && g_ptr_array_find_with_equal_func (folders, path, g_str_equal, NULL))
        free (path);
      else if (path != NULL)
        g_ptr_array_add (folders, path);
    }
  g_ptr_array_sort (folders, compare_paths);

  for (guint i = 0; i < folders->len; i++)
    {
      g_autofree char *path = postil_store_make_path (store, folders->pdata[i], "lock", NULL);
      int fd = path != NULL ? open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

      if (fd < 0)
        continue;
      while (flock (fd, LOCK_EX) != 0 && errno == EINTR)
        ;
      g_array_append_val (locks, fd);
    }
  return locks;
}

static void
unlock_folders (GArray *locks)
{
  for (guint i = 0; i < locks->len; i++)
    close (g_array_index (locks, int, i));
  g_array_unref (locks);
}

/**
 * postil_cli_session_edit:
 * @files: (array zero-terminated=1): files as the command line names them
 * @edit: (scope call): what to do
 * @data: passed to @edit
 * @error: return location
 *
 * Reads documents, changes them and saves what was changed. What other programs save at the same
 * time is kept, merged with it.
 *
 * Returns: whether it was done
 */
gboolean
postil_cli_session_edit (const char *const *files,
                         PostilCliEdit edit,
                         gpointer data,
                         GError **error)
{
  g_autoptr (PostilStore) store = postil_store_new (NULL, NULL);
  g_autoptr (PostilCliSession) session = NULL;
  GArray *locks;
  gboolean done;

  g_return_val_if_fail (files != NULL && *files != NULL && edit != NULL, FALSE);

  locks = lock_folders (store, files);
  session = postil_cli_session_open (files, error);
  done = session != NULL && edit (session, data, error) && save (session, error);
  unlock_folders (locks);
  return done;
}

/**
 * postil_cli_session_get_workspace:
 * @self: a session
 *
 * Returns: (transfer none): the workspace that the documents are open in
 */
PostilWorkspace *
postil_cli_session_get_workspace (PostilCliSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->workspace;
}

/**
 * postil_cli_session_get_documents:
 * @self: a session
 *
 * Returns: (transfer none) (element-type PostilCliDocument): the documents in the order of the
 *   command line
 */
GPtrArray *
postil_cli_session_get_documents (PostilCliSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->documents;
}

/**
 * postil_cli_session_snapshot:
 * @self: a session
 * @document: one of its documents
 *
 * Returns: (transfer full): the document as it is now
 */
PostilSnapshot *
postil_cli_session_snapshot (PostilCliSession *self, PostilCliDocument *document)
{
  g_return_val_if_fail (self != NULL && document != NULL, NULL);

  return postil_document_snapshot (document->document,
                                   postil_workspace_get_codebook (self->workspace));
}

/**
 * postil_cli_session_dup_names:
 * @self: a session
 *
 * Returns: (transfer full): the names of all documents, for messages that are about all of them
 */
char *
postil_cli_session_dup_names (PostilCliSession *self)
{
  GString *names;

  g_return_val_if_fail (self != NULL, NULL);

  names = g_string_new (NULL);
  for (guint i = 0; i < self->documents->len; i++)
    g_string_append_printf (names, i > 0 ? ", %s" : "%s",
                            ((PostilCliDocument *) g_ptr_array_index (self->documents, i))->name);
  return g_string_free (names, FALSE);
}

/* Whether both names lead to one file, which need not be there yet. */
static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat status_a, status_b;
  g_autofree char *folder_a = g_path_get_dirname (a), *folder_b = g_path_get_dirname (b);
  g_autofree char *name_a = g_path_get_basename (a), *name_b = g_path_get_basename (b);

  if (stat (a, &status_a) == 0 && stat (b, &status_b) == 0)
    return status_a.st_dev == status_b.st_dev && status_a.st_ino == status_b.st_ino;
  return strcmp (name_a, name_b) == 0 && stat (folder_a, &status_a) == 0 &&
         stat (folder_b, &status_b) == 0 && status_a.st_dev == status_b.st_dev &&
         status_a.st_ino == status_b.st_ino;
}

/**
 * postil_cli_session_owns:
 * @self: a session
 * @path: name of a file
 *
 * Returns: whether that file is one of the documents, a sidecar or the codebook of them
 */
gboolean
postil_cli_session_owns (PostilCliSession *self, const char *path)
{
  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  for (guint i = 0; i < self->documents->len; i++)
    {
      PostilCliDocument *document = g_ptr_array_index (self->documents, i);
      const char *text = g_file_peek_path (postil_document_get_file (document->document));

      if ((text != NULL && is_same_file (path, text)) ||
          is_same_file (path, postil_sidecar_get_path (document->sidecar)))
        return TRUE;
    }
  return self->codebook_sidecar != NULL &&
         is_same_file (path, postil_sidecar_get_path (self->codebook_sidecar));
}
