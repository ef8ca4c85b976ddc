/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* What the store holds at most, in bytes: texts in all, versions of one sidecar; and of how many
 * texts it remembers where their sidecars were. */
#define MAX_TEXT_BYTES (256 * 1024 * 1024)
#define MAX_VERSION_BYTES (64 * 1024 * 1024)
#define MAX_PLACES 4096

/* How much of the SHA-256 of a document's path names its folder, in hexadecimal digits. */
#define N_DIGITS 32

/* After how many seconds a file that was never finished is taken for left behind. */
#define ABANDONED (24 * 60 * 60)

/**
 * PostilStore:
 *
 * The user's data folder: what Postil keeps besides the files beside the documents.
 *
 *     texts/SHA256.gz               texts as they were last saved against, the least used go first
 *     places/SHA256                 where sidecars of a text were last seen
 *     documents/HASH/document       the URI of the document, for people to read
 *     documents/HASH/versions/      earlier versions of its sidecar
 *     documents/HASH/…              what else there is about it, such as journals
 *
 * Owned by who opens documents, one for all. Folders are made when something is first put there.
 * Nothing of a store changes once it is made and every file is replaced as a whole, so any thread
 * and any process may use the same folder at any time, without locks. Everything in it can be done
 * without: whatever is missing or damaged is as if it had never been kept.
 */
G_DEFINE_FINAL_TYPE (PostilStore, postil_store, G_TYPE_OBJECT)

static gboolean
make_folders (PostilStore *self, const char *path)
{
  g_autofree char *parent = NULL;

  if (self->io->mkdir (path, 0700) == 0 || errno == EEXIST)
    return TRUE;
  if (errno != ENOENT)
    return FALSE;
  parent = g_path_get_dirname (path);
  return strcmp (parent, path) != 0 && make_folders (self, parent) &&
         (self->io->mkdir (path, 0700) == 0 || errno == EEXIST);
}

typedef struct
{
  char *path;
  gint64 time;
  guint64 size;
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->path);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  if (x->time != y->time)
    return x->time < y->time ? 1 : -1;
  return strcmp (x->path, y->path);
}

/* (transfer full) (element-type Entry): the regular files in @folder, those used last first.
 * Removes files that were begun and never finished. */
static GArray *
list_entries (PostilStore *self, const char *folder)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  g_array_set_clear_func (entries, entry_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;
      Entry entry;

      if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
        continue;
      if (name[0] == '.')
        {
          if (status.st_mtime < now - ABANDONED)
            self->io->unlink (path);
          continue;
        }
      entry = (Entry){
        .path = g_steal_pointer (&path),
        .time = status.st_mtime,
        .size = status.st_size,
      };
      g_array_append_val (entries, entry);
    }
  g_array_sort (entries, compare_entries);
  return entries;
}

static void
postil_store_finalize (GObject *object)
{
  PostilStore *self = POSTIL_STORE (object);

  g_free (self->folder);

  G_OBJECT_CLASS (postil_store_parent_class)->finalize (object);
}

static void
postil_store_class_init (PostilStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_store_finalize;
}

static void
postil_store_init (PostilStore *self)
{
  self->max_text_bytes = MAX_TEXT_BYTES;
  self->max_version_bytes = MAX_VERSION_BYTES;
  self->max_places = MAX_PLACES;
}

/**
 * postil_store_new:
 * @folder: (nullable): the folder; %NULL for "postil" in the user's data folder
 * @io: (nullable): system calls; %NULL for the system's own
 *
 * Touches nothing yet.
 *
 * Returns: (transfer full): a store
 */
PostilStore *
postil_store_new (const char *folder, const PostilFileIo *io)
{
  PostilStore *self = g_object_new (POSTIL_TYPE_STORE, NULL);

  self->folder = folder != NULL ? g_canonicalize_filename (folder, NULL)
                                : g_build_filename (g_get_user_data_dir (), "postil", NULL);
  self->io = io != NULL ? io : postil_file_io_get_system ();
  return self;
}

/**
 * postil_store_get_io:
 * @self: a store
 *
 * Returns: (transfer none): the system calls that it uses
 */
const PostilFileIo *
postil_store_get_io (PostilStore *self)
{
  g_return_val_if_fail (POSTIL_IS_STORE (self), NULL);

  return self->io;
}

/**
 * postil_store_find_path:
 * @self: a store
 * @path: path of a document or a codebook
 * @name: (nullable): name of a file that is about it; %NULL for the folder of all that is
 *
 * Says where something is kept, whether it is there or not.
 *
 * Returns: (transfer full): the path of the file
 */
char *
postil_store_find_path (PostilStore *self, const char *path, const char *name)
{
  g_autofree char *absolute = NULL;
  g_autofree char *hash = NULL;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && path != NULL, NULL);

  absolute = g_canonicalize_filename (path, NULL);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, absolute, -1);
  hash[N_DIGITS] = '\0';
  return g_build_filename (self->folder, "documents", hash, name, NULL);
}

/**
 * postil_store_make_path:
 * @self: a store
 * @path: path of a document or a codebook
 * @name: name of a file that is about it
 * @error: return location
 *
 * Makes room for a file about a document, in a folder that tells in its file "document" which one
 * that is.
 *
 * Returns: (transfer full): the path of the file, which need not exist; %NULL with a
 *   %G_FILE_ERROR when its folder cannot be made
 */
char *
postil_store_make_path (PostilStore *self, const char *path, const char *name, GError **error)
{
  g_autofree char *absolute = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *about = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *line = NULL;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && path != NULL && name != NULL, NULL);

  folder = postil_store_find_path (self, path, NULL);
  if (!make_folders (self, folder))
    {
      postil_store_set_error (folder, errno, error);
      return NULL;
    }
  about = g_build_filename (folder, "document", NULL);
  if (!g_file_test (about, G_FILE_TEST_IS_REGULAR))
    {
      absolute = g_canonicalize_filename (path, NULL);
      uri = g_filename_to_uri (absolute, NULL, NULL);
      line = g_strconcat (uri, "\n", NULL);
      if (!postil_store_replace (self, about, line, strlen (line), NULL, error))
        return NULL;
    }
  return g_build_filename (folder, name, NULL);
}

/**
 * postil_store_move:
 * @self: a store
 * @from: path of a document that was renamed
 * @to: its path now
 *
 * Lets all that is kept about a document go with it: journals, earlier versions, a sidecar. Where
 * something is kept about @to already nothing is moved, and nothing lost.
 */
void
postil_store_move (PostilStore *self, const char *from, const char *to)
{
  g_autofree char *folder = NULL;
  g_autofree char *target = NULL;
  g_autofree char *about = NULL;
  g_autofree char *made = NULL;

  g_return_if_fail (POSTIL_IS_STORE (self) && from != NULL && to != NULL);

  folder = postil_store_find_path (self, from, NULL);
  target = postil_store_find_path (self, to, NULL);
  /* Never replaces a folder that has something. */
  if (self->io->rename (folder, target) != 0)
    return;
  about = g_build_filename (target, "document", NULL);
  self->io->unlink (about);
  made = postil_store_make_path (self, to, "document", NULL);
}

/*
 * postil_store_set_error:
 * @path: what could not be written
 * @number: an errno
 */
void
postil_store_set_error (const char *path, int number, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_filename_display_name (folder);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number),
               _ ("Postil cannot keep its own files in the folder “%s”: %s"), name,
               g_strerror (number));
}

/*
 * postil_store_make_folder:
 * @name: its name in the store
 *
 * Returns: (transfer full): the path of a folder that exists; %NULL with a %G_FILE_ERROR
 */
char *
postil_store_make_folder (PostilStore *self, const char *name, GError **error)
{
  g_autofree char *folder = g_build_filename (self->folder, name, NULL);

  if (make_folders (self, folder))
    return g_steal_pointer (&folder);
  postil_store_set_error (folder, errno, error);
  return NULL;
}

/*
 * postil_store_replace:
 * @path: a file of the store
 *
 * Writes a file as a whole: readers see the one before or this one.
 *
 * Returns: whether it is there; %FALSE with a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
 */
gboolean
postil_store_replace (PostilStore *self,
                      const char *path,
                      const char *bytes,
                      gsize n_bytes,
                      GCancellable *cancellable,
                      GError **error)
{
  struct stat status;
  mode_t mode = 0600;
  g_autofree char *temporary = postil_file_io_write_temporary (self->io, path, bytes, n_bytes,
                                                               &mode, &status, cancellable, error);

  return temporary != NULL && postil_file_io_put_in_place (self->io, temporary, path, error);
}

/*
 * postil_store_sweep:
 * @folder: path of a folder of the store
 * @spared: path of a file that stays in any case
 * @max_bytes: how many bytes all files there may have
 * @max_files: how many files there may be
 *
 * Removes what was used longest ago until the folder is within its bounds, and what processes that
 * ended left half written.
 */
void
postil_store_sweep (PostilStore *self,
                    const char *folder,
                    const char *spared,
                    guint64 max_bytes,
                    guint max_files)
{
  g_autoptr (GArray) entries = list_entries (self, folder);
  guint64 n_bytes = 0;
  guint n_files = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (strcmp (entry->path, spared) == 0)
        {
          n_bytes += entry->size;
          n_files++;
        }
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (strcmp (entry->path, spared) == 0)
        continue;
      if (n_files + 1 > max_files || n_bytes + entry->size > max_bytes)
        self->io->unlink (entry->path);
      else
        {
          n_bytes += entry->size;
          n_files++;
        }
    }
}

/*
 * postil_store_is_sha256:
 *
 * Returns: whether @text is a SHA-256 as Postil writes it, and so safe as the name of a file
 */
gboolean
postil_store_is_sha256 (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}
