/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For renameat2(). */
#define _GNU_SOURCE

#include "config.h"

#include "postil-sidecar-finder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "postil-error.h"
#include "postil-file-io.h"
#include "postil-json-scanner.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar.h"

/*
 * Finds the sidecars of documents that were renamed, moved or copied without them, by what they say
 * of the text that they were made on. Whatever a folder holds, this ends soon: so many names are
 * looked at, so much of each file, and so few are read as a whole.
 */

#define MAX_NAMES 100000
#define MAX_PEEKED 2000
#define PEEKED (64 * 1024)

/* Only what stands alone and is not larger, in bytes, is read to see whether its passages are in a
 * text that was changed after it was renamed. */
#define MAX_READ 4
#define MAX_READ_BYTES (8 * 1024 * 1024)

/* So many passages must be in the text, and two thirds of all; fewer may be there by chance. */
#define MIN_PASSAGES 3

/* What a sidecar says of its text. */
typedef struct
{
  char *sha256;
  guint64 extent;
} Head;

typedef struct
{
  char *path;
  char *document;
  gboolean present;
  Head head;
} Sidecar;

static void
sidecar_free (Sidecar *self)
{
  g_free (self->path);
  g_free (self->document);
  g_free (self->head.sha256);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sidecar, sidecar_free)

static void
read_source (PostilJsonScanner *scanner, Head *head)
{
  PostilJsonSlice key, value;
  guint n = 0;

  postil_json_scanner_enter (scanner);
  while (postil_json_scanner_next_member (scanner, &n, &key) &&
         postil_json_scanner_skip (scanner, &value))
    if (postil_json_slice_is (&key, "schema:sha256") && head->sha256 == NULL && value.n_bytes > 2 &&
        value.bytes[0] == '"')
      head->sha256 = g_ascii_strdown (value.bytes + 1, value.n_bytes - 2);
    else if (postil_json_slice_is (&key, "dcterms:extent"))
      head->extent = g_ascii_strtoull (value.bytes, NULL, 10);
}

/* Reads what comes before the annotations. What another program wrote in another order may be
 * missed. */
static void
peek_head (const char *path, Head *head)
{
  g_autofree char *bytes = g_malloc (PEEKED);
  gssize n_bytes =
    postil_file_io_peek (postil_file_io_get_system (), path, bytes, PEEKED - 1, NULL);
  PostilJsonScanner scanner;
  PostilJsonSlice key;
  guint n = 0;

  if (n_bytes <= 0)
    return;
  /* A number at the very end is followed by something that is none. */
  bytes[n_bytes] = '\0';
  postil_json_scanner_init (&scanner, bytes, n_bytes);
  if (postil_json_scanner_peek (&scanner) != '{')
    return;
  postil_json_scanner_enter (&scanner);
  while (postil_json_scanner_next_member (&scanner, &n, &key))
    if (postil_json_slice_is (&key, "dcterms:source") && postil_json_scanner_peek (&scanner) == '{')
      {
        read_source (&scanner, head);
        return;
      }
    else if (!postil_json_scanner_skip (&scanner, NULL))
      return;
}

/* (transfer full) (nullable): the sidecar at @path, if it is beside the place of a document. */
static Sidecar *
new_sidecar (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  Sidecar *self;

  if (!g_str_has_suffix (name, POSTIL_SIDECAR_SUFFIX) ||
      strlen (name) == strlen (POSTIL_SIDECAR_SUFFIX) ||
      !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return NULL;
  self = g_new0 (Sidecar, 1);
  self->path = g_strdup (path);
  self->document = g_strndup (path, strlen (path) - strlen (POSTIL_SIDECAR_SUFFIX));
  self->present = g_file_test (self->document, G_FILE_TEST_EXISTS);
  return self;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Sidecar *const *) a)->path, (*(Sidecar *const *) b)->path);
}

/* (element-type Sidecar): the sidecars in a folder, in the order of their names. */
static GPtrArray *
list_folder (const char *folder, GCancellable *cancellable)
{
  GPtrArray *sidecars = g_ptr_array_new_with_free_func ((GDestroyNotify) sidecar_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  for (guint i = 0;
       dir != NULL && i < MAX_NAMES && sidecars->len < MAX_PEEKED &&
       !g_cancellable_is_cancelled (cancellable) && (name = g_dir_read_name (dir)) != NULL;
       i++)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      Sidecar *sidecar = new_sidecar (path);

      if (sidecar != NULL)
        g_ptr_array_add (sidecars, sidecar);
    }
  g_ptr_array_sort (sidecars, compare_paths);
  return sidecars;
}

/* Adds the sidecars that were seen with just this text, wherever that was. */
static void
add_places (GPtrArray *sidecars, PostilStore *store, const char *sha256)
{
  g_autoptr (GPtrArray) places = postil_store_list_places (store, sha256);
  guint n_known = sidecars->len;

  for (guint i = 0; places != NULL && i < places->len && i < MAX_PEEKED; i++)
    {
      g_autoptr (Sidecar) sidecar = new_sidecar (g_ptr_array_index (places, i));
      gboolean known = FALSE;

      for (guint j = 0; sidecar != NULL && j < n_known && !known; j++)
        known = compare_paths (&sidecar, &sidecars->pdata[j]) == 0;
      if (sidecar != NULL && !known)
        g_ptr_array_add (sidecars, g_steal_pointer (&sidecar));
    }
}

typedef struct
{
  guint n_passages;
  guint n_found;
} Count;

static gboolean
count_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Count *count = data;
  PostilStatus status = postil_annotation_get_status (annotation);

  if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_PASSAGE)
    {
      count->n_passages++;
      count->n_found += status == POSTIL_STATUS_PLACED || status == POSTIL_STATUS_MOVED;
    }
  return G_SOURCE_CONTINUE;
}

/* Reads a sidecar that is another document's, or nobody's; without what a journal may have of it.
 */
static PostilSnapshot *
read_stray (const char *path,
            PostilText *text,
            const PostilEnvironment *environment,
            PostilStore *store,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autofree char *name = g_filename_display_basename (path);

  if (!postil_file_io_read (postil_file_io_get_system (), path, FALSE, NULL, NULL, &contents,
                            cancellable, error))
    return NULL;
  return postil_sidecar_read (contents.bytes, contents.n_bytes, name, NULL, text, environment,
                              store, cancellable, NULL, error);
}

/* Whether most passages of a sidecar that was made on another text are in this one. */
static gboolean
is_similar (const Sidecar *sidecar, PostilText *text, PostilStore *store, GCancellable *cancellable)
{
  g_autoptr (PostilSnapshot) snapshot = NULL;
  struct stat status;
  Count count = { 0, 0 };

  if (!postil_file_io_get_status (postil_file_io_get_system (), sidecar->path, &status, NULL) ||
      status.st_size > MAX_READ_BYTES)
    return FALSE;
  snapshot =
    read_stray (sidecar->path, text, postil_environment_get_system (), store, cancellable, NULL);
  if (snapshot == NULL)
    return FALSE;
  postil_annotation_index_foreach (snapshot->annotations, count_cb, &count);
  return count.n_found >= MIN_PASSAGES && count.n_found >= count.n_passages * 2 / 3;
}

/* Texts that differ much in length are not versions of each other. */
static gboolean
may_be_similar (const Sidecar *sidecar, PostilText *text)
{
  guint64 length = postil_text_get_length (text);

  return !sidecar->present && sidecar->head.sha256 != NULL && sidecar->head.extent >= length / 2 &&
         sidecar->head.extent / 2 <= length;
}

static void
take (GPtrArray *strays, Sidecar *sidecar, gboolean same_text)
{
  PostilStraySidecar *stray = g_new0 (PostilStraySidecar, 1);

  stray->path = g_steal_pointer (&sidecar->path);
  stray->document = g_steal_pointer (&sidecar->document);
  stray->present = sidecar->present;
  stray->same_text = same_text;
  g_ptr_array_add (strays, stray);
}

static gboolean
is_same_text (const Sidecar *sidecar, PostilText *text)
{
  return g_strcmp0 (sidecar->head.sha256, postil_text_get_sha256 (text)) == 0;
}

static void
set_adopt_error (const char *from, const char *to, int number, GError **error)
{
  g_autofree char *old_name = g_filename_display_basename (from);
  g_autofree char *new_name = g_filename_display_basename (to);

  if (number == EEXIST)
    g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_CHANGED,
                 _ ("“%s” is there already, so “%s” is left as it is; copy its annotations "
                    "instead"),
                 new_name, old_name);
  else if (number == EXDEV)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                 _ ("“%s” is on another disk and is left as it is; copy its annotations instead"),
                 old_name);
  else
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number),
                 _ ("“%s” cannot be renamed to “%s”: %s"), old_name, new_name, g_strerror (number));
}

/* (transfer full): @bytes with each string in it that is an id of @ids replaced by what that
 * became. An id has no escapes, and what lies between two strings is no id. */
static GString *
replace_ids (const char *bytes, gsize n_bytes, GHashTable *ids)
{
  GString *replaced = g_string_sized_new (n_bytes);
  const char *end = bytes + n_bytes;
  const char *quote, *close;

  while ((quote = memchr (bytes, '"', end - bytes)) != NULL &&
         (close = memchr (quote + 1, '"', end - quote - 1)) != NULL)
    {
      g_autofree char *string = g_strndup (quote + 1, close - quote - 1);
      const char *id = g_hash_table_lookup (ids, string);

      g_string_append_len (replaced, bytes, quote + 1 - bytes);
      if (id != NULL)
        g_string_append (replaced, id);
      bytes = id != NULL ? close : quote + 1;
    }
  g_string_append_len (replaced, bytes, end - bytes);
  return replaced;
}

static PostilForeign *
renew_foreign (PostilForeign *foreign, GHashTable *ids)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autofree PostilForeignMember *renewed = NULL;
  const PostilForeignMember *members;
  guint n;

  if (foreign == NULL)
    return NULL;
  members = postil_foreign_get_members (foreign, &n);
  renewed = g_memdup2 (members, n * sizeof *members);
  for (guint i = 0; i < n; i++)
    {
      GString *value = replace_ids (members[i].value, members[i].n_value, ids);

      renewed[i].n_value = value->len;
      renewed[i].value = g_string_free (value, FALSE);
      g_ptr_array_add (values, (gpointer) renewed[i].value);
    }
  return postil_foreign_new (renewed, n);
}

static const char *
renew_id (const char *id, GHashTable *ids)
{
  const char *renewed = id != NULL ? g_hash_table_lookup (ids, id) : NULL;

  return renewed != NULL ? renewed : id;
}

static PostilAnnotation *
renew_annotation (PostilAnnotation *annotation, GHashTable *ids)
{
  PostilAnnotationFields fields;
  g_autoptr (PostilForeign) foreign = NULL;
  g_autoptr (PostilLink) link = NULL;

  postil_annotation_get_fields (annotation, &fields);
  fields.id = renew_id (fields.id, ids);
  fields.version_of = renew_id (fields.version_of, ids);
  if (fields.link != NULL)
    fields.link = link =
      postil_link_new (postil_link_get_kind (fields.link), postil_link_get_passage (fields.link),
                       postil_link_get_label (fields.link), postil_link_get_from (fields.link),
                       renew_id (postil_link_get_to (fields.link), ids));
  foreign = renew_foreign (fields.foreign, ids);
  fields.foreign = foreign;
  return postil_annotation_new (&fields);
}

/**
 * postil_stray_sidecar_free:
 * @stray: (transfer full): what was found
 */
void
postil_stray_sidecar_free (PostilStraySidecar *stray)
{
  g_free (stray->path);
  g_free (stray->document);
  g_free (stray);
}

/**
 * postil_sidecar_finder_find:
 * @document: a document without a sidecar
 * @text: its text
 * @store: (nullable): remembers where sidecars of a text were seen
 * @cancellable: (nullable): to end it early
 *
 * Looks in the document's folder, and where @store remembers, for sidecars that were made on the
 * same bytes; in the folder also for those whose document is gone and most of whose passages are in
 * @text. To be called in a thread, as it reads files. Of an empty text nothing can be found.
 *
 * Returns: (transfer full) (element-type PostilStraySidecar): the likeliest first
 */
GPtrArray *
postil_sidecar_finder_find (GFile *document,
                            PostilText *text,
                            PostilStore *store,
                            GCancellable *cancellable)
{
  GPtrArray *strays = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_stray_sidecar_free);
  g_autoptr (GPtrArray) sidecars = NULL;
  g_autofree char *folder = NULL;
  const char *path;
  guint n_read = 0;

  g_return_val_if_fail (G_IS_FILE (document) && text != NULL, strays);

  path = g_file_peek_path (document);
  if (path == NULL || postil_text_get_length (text) == 0)
    return strays;
  folder = g_path_get_dirname (path);
  sidecars = list_folder (folder, cancellable);
  if (store != NULL)
    add_places (sidecars, store, postil_text_get_sha256 (text));
  for (guint i = sidecars->len; i > 0; i--)
    {
      Sidecar *sidecar = g_ptr_array_index (sidecars, i - 1);

      if (g_cancellable_is_cancelled (cancellable))
        return strays;
      if (strcmp (sidecar->document, path) == 0)
        g_ptr_array_remove_index (sidecars, i - 1);
      else
        peek_head (sidecar->path, &sidecar->head);
    }

  for (guint present = 0; present < 2; present++)
    for (guint i = 0; i < sidecars->len; i++)
      {
        Sidecar *sidecar = g_ptr_array_index (sidecars, i);

        if (sidecar->path != NULL && sidecar->present == present && is_same_text (sidecar, text))
          take (strays, sidecar, TRUE);
      }
  for (guint i = 0; i < sidecars->len && n_read < MAX_READ; i++)
    {
      Sidecar *sidecar = g_ptr_array_index (sidecars, i);

      if (sidecar->path == NULL || !may_be_similar (sidecar, text))
        continue;
      n_read++;
      if (is_similar (sidecar, text, store, cancellable))
        take (strays, sidecar, FALSE);
    }
  return strays;
}

/**
 * postil_sidecar_finder_list_abandoned:
 * @folder: a folder
 * @cancellable: (nullable): to end it early
 *
 * Returns: (transfer full) (element-type utf8): the paths of those sidecars in it whose documents
 * are gone, in the order of their names
 */
GPtrArray *
postil_sidecar_finder_list_abandoned (GFile *folder, GCancellable *cancellable)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) sidecars = NULL;

  g_return_val_if_fail (G_IS_FILE (folder), paths);

  if (g_file_peek_path (folder) == NULL)
    return paths;
  sidecars = list_folder (g_file_peek_path (folder), cancellable);
  for (guint i = 0; i < sidecars->len; i++)
    {
      Sidecar *sidecar = g_ptr_array_index (sidecars, i);

      if (!sidecar->present)
        g_ptr_array_add (paths, g_steal_pointer (&sidecar->path));
    }
  return paths;
}

/**
 * postil_sidecar_finder_adopt:
 * @stray: path of a sidecar
 * @document: a document without one
 * @store: (nullable): what it keeps about the document goes along
 * @error: return location
 *
 * Renames the sidecar, so that it is the document's. Never replaces another file.
 *
 * Returns: whether it was; %FALSE leaves all as it is and sets %POSTIL_ERROR_CHANGED when the
 * document has a sidecar, otherwise a %G_FILE_ERROR
 */
gboolean
postil_sidecar_finder_adopt (const char *stray, GFile *document, PostilStore *store, GError **error)
{
  const PostilFileIo *io = postil_file_io_get_system ();
  g_autofree char *path = NULL;
  int number;

  g_return_val_if_fail (stray != NULL && G_IS_FILE (document), FALSE);
  g_return_val_if_fail (g_file_peek_path (document) != NULL, FALSE);

  path = g_strconcat (g_file_peek_path (document), POSTIL_SIDECAR_SUFFIX, NULL);
  number = renameat2 (AT_FDCWD, stray, AT_FDCWD, path, RENAME_NOREPLACE) == 0 ? 0 : errno;
  /* Where the file system does not know that, a second name cannot replace anything either. */
  if (number == EINVAL || number == ENOSYS)
    {
      number = link (stray, path) == 0 ? 0 : errno;
      if (number == 0)
        io->unlink (stray);
    }
  if (number != 0)
    {
      set_adopt_error (stray, path, number, error);
      return FALSE;
    }
  /* Its name will last, or it has the old one after a power cut: it is there in any case. */
  postil_file_io_flush_folder (io, path, NULL);
  if (store != NULL && g_str_has_suffix (stray, POSTIL_SIDECAR_SUFFIX))
    {
      g_autofree char *former = g_strndup (stray, strlen (stray) - strlen (POSTIL_SIDECAR_SUFFIX));

      postil_store_move (store, former, g_file_peek_path (document));
    }
  return TRUE;
}

/**
 * postil_sidecar_finder_set_apart:
 * @snapshot: what a sidecar holds
 * @environment: gives the new ids
 *
 * Makes a document of its own of a copy: the text, the collection and all annotations get new ids,
 * also where they name each other. Topics and annotators stay who they are.
 *
 * Returns: (transfer full): the same with new ids
 */
PostilSnapshot *
postil_sidecar_finder_set_apart (PostilSnapshot *snapshot, const PostilEnvironment *environment)
{
  g_autoptr (GHashTable) ids = NULL;
  g_autoptr (PostilAnnotationIndex) annotations = NULL;
  g_autoptr (GPtrArray) renewed = NULL;
  g_autoptr (PostilForeign) rest = NULL, foreign = NULL;
  PostilSnapshot fields;
  guint n;

  g_return_val_if_fail (snapshot != NULL && environment != NULL, NULL);

  fields = *snapshot;
  n = postil_annotation_index_get_size (snapshot->annotations);
  ids = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  fields.collection = environment->new_id (environment->data);
  g_hash_table_insert (ids, snapshot->collection, fields.collection);
  if (snapshot->id != NULL)
    {
      fields.id = environment->new_id (environment->data);
      g_hash_table_insert (ids, snapshot->id, fields.id);
    }
  for (guint i = 0; i < n; i++)
    g_hash_table_insert (
      ids,
      (gpointer) postil_annotation_get_id (postil_annotation_index_get (snapshot->annotations, i)),
      environment->new_id (environment->data));

  renewed = g_ptr_array_new_full (n, (GDestroyNotify) postil_annotation_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (
      renewed, renew_annotation (postil_annotation_index_get (snapshot->annotations, i), ids));
  annotations =
    postil_annotation_index_new ((PostilAnnotation *const *) renewed->pdata, renewed->len);
  fields.annotations = annotations;
  /* A page that another program named is the page of the other collection. */
  rest = postil_foreign_without (fields.foreign, "page", "id");
  foreign = renew_foreign (rest, ids);
  fields.foreign = foreign;
  return postil_snapshot_new (&fields);
}

/**
 * postil_sidecar_finder_copy:
 * @stray: path of a sidecar that is another document's
 * @text: the text to place its annotations in
 * @environment: gives the new ids
 * @store: (nullable): may know the text that it was made on
 * @cancellable: (nullable): to end it early
 * @error: return location
 *
 * Reads a sidecar for another document, which gets ids of its own, see
 * postil_sidecar_finder_set_apart(). To be called in a thread.
 *
 * Returns: (transfer full) (nullable): what the other document is to hold; %NULL with an error as
 * that of postil_sidecar_read() or a %G_FILE_ERROR
 */
PostilSnapshot *
postil_sidecar_finder_copy (const char *stray,
                            PostilText *text,
                            const PostilEnvironment *environment,
                            PostilStore *store,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (PostilSnapshot) snapshot = NULL;

  g_return_val_if_fail (stray != NULL && text != NULL && environment != NULL, NULL);

  snapshot = read_stray (stray, text, environment, store, cancellable, error);
  return snapshot != NULL ? postil_sidecar_finder_set_apart (snapshot, environment) : NULL;
}
