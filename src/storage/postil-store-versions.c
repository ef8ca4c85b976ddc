/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-store-private.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "postil-error.h"
#include "postil-sha256.h"

/* Larger sidecars, in bytes, are kept once in so many seconds only, and as many more for each so
 * many bytes: compressing them takes longer than another version is worth. */
#define LARGE (1024 * 1024)
#define PAUSE 60
#define PAUSE_BYTES (10 * LARGE)

/* So many versions stay however close they follow each other. */
#define N_NEWEST 4

#define HOUR (60 * 60)
#define DAY (24 * HOUR)

/* Of the others the last version stays of each of the latest so many periods in which there was
 * one, periods in seconds. */
static const struct
{
  gint64 length;
  guint n;
} periods[] = {
  { HOUR / 6, 3 }, { HOUR, 4 }, { DAY, 5 }, { 7 * DAY, 4 }, { 30 * DAY, 4 },
};

/* How much of the SHA-256 of a version is in its name, in hexadecimal digits. */
#define N_DIGITS 16

#define ENDING ".json.gz"

/* A version's name is NUMBER-TIME-HASH.json.gz: the number counts up, as clocks may be set back. */
typedef struct
{
  guint64 number;
  guint64 time;
  guint64 size;
  char *name;
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->name);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  if (x->number != y->number)
    return x->number < y->number ? 1 : -1;
  return strcmp (y->name, x->name);
}

static char *
dup_name (guint64 number, gint64 time, const char *sha256)
{
  return g_strdup_printf ("%06" G_GUINT64_FORMAT "-%" G_GINT64_FORMAT "-%.*s" ENDING, number,
                          MAX (time, 0), N_DIGITS, sha256);
}

static gboolean
parse_name (const char *name, Entry *entry)
{
  g_auto (GStrv) parts = g_strsplit (name, "-", 4);

  if (g_strv_length (parts) != 3 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXUINT32, &entry->number, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXINT64, &entry->time, NULL) ||
      strlen (parts[2]) != N_DIGITS + strlen (ENDING) ||
      strspn (parts[2], "0123456789abcdef") != N_DIGITS || !g_str_has_suffix (parts[2], ENDING))
    return FALSE;
  entry->name = g_strdup (name);
  return TRUE;
}

/* (transfer full) (element-type Entry): the versions in @folder, the newest first. */
static GArray *
list_entries (const char *folder)
{
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_array_set_clear_func (entries, entry_clear);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;
      Entry entry;

      if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode) || !parse_name (name, &entry))
        continue;
      entry.size = status.st_size;
      g_array_append_val (entries, entry);
    }
  g_array_sort (entries, compare_entries);
  return entries;
}

/* Removes versions until few enough are left, which reach as far back as they can. */
static void
thin (PostilStore *self, const char *folder)
{
  g_autoptr (GArray) entries = list_entries (folder);
  g_autofree gint64 *times = g_new (gint64, entries->len);
  g_autofree gboolean *keep = g_new (gboolean, entries->len);
  guint64 n_bytes = 0;

  postil_store_sweep (self, folder, "", G_MAXUINT64, G_MAXUINT);
  for (guint i = 0; i < entries->len; i++)
    times[i] = g_array_index (entries, Entry, i).time;
  postil_store_thin (times, entries->len, keep);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      g_autofree char *path = g_build_filename (folder, entry->name, NULL);

      if (keep[i])
        n_bytes += entry->size;
      if (!keep[i] || (i > 0 && n_bytes > self->max_version_bytes))
        self->io->unlink (path);
    }
}

/*
 * postil_store_thin:
 * @times: (array length=n): when versions were replaced, in seconds since the Unix epoch, the one
 *   kept last first
 * @keep: (out caller-allocates) (array length=n): which ones stay
 *
 * Chooses the versions to keep: the newest four, and the last one of each of the latest three times
 * ten minutes, four hours, five days, four weeks and four months in which there was one, so at most
 * POSTIL_STORE_MAX_VERSIONS. It leaves the same whether it is done after each version or once.
 */
void
postil_store_thin (const gint64 *times, guint n, gboolean *keep)
{
  for (guint i = 0; i < n; i++)
    keep[i] = i < N_NEWEST;
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      gint64 last = -1;
      guint n_kept = 0;

      for (guint j = 0; j < n && n_kept < periods[i].n; j++)
        if (times[j] / periods[i].length != last)
          {
            last = times[j] / periods[i].length;
            keep[j] = TRUE;
            n_kept++;
          }
    }
}

static gboolean
is_due (const GArray *entries, gsize n_bytes, gint64 time)
{
  gint64 pause = n_bytes > LARGE ? PAUSE * (1 + (gint64) (n_bytes / PAUSE_BYTES)) : 0;

  return entries->len == 0 || ABS (time - (gint64) g_array_index (entries, Entry, 0).time) >= pause;
}

/**
 * postil_store_wants_version:
 * @self: a store
 * @path: path of a document or a codebook
 * @n_bytes: size of its sidecar, or of the codebook's file
 * @time: when it is replaced, in seconds since the Unix epoch
 *
 * Returns: whether postil_store_keep_version() would keep it, if it is not the same as the one kept
 *   last
 */
gboolean
postil_store_wants_version (PostilStore *self, const char *path, gsize n_bytes, gint64 time)
{
  g_autoptr (GArray) entries = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && path != NULL, FALSE);

  folder = postil_store_find_path (self, path, "versions");
  entries = list_entries (folder);
  return is_due (entries, n_bytes, time);
}

/**
 * postil_store_keep_version:
 * @self: a store
 * @path: path of a document or a codebook
 * @bytes: its sidecar, or the codebook's file, before it was replaced
 * @n_bytes: how many
 * @time: when it was replaced, in seconds since the Unix epoch
 * @cancellable: (nullable): to end it early
 * @error: return location
 *
 * Keeps an earlier version, unless it is the same as the one kept last, or it has over a megabyte
 * and that one is not a minute old, for each ten megabytes another minute; and lets others go, as
 * postil_store_thin() says.
 *
 * Returns: whether that was done; %FALSE with a %G_FILE_ERROR or %G_IO_ERROR_CANCELLED
 */
gboolean
postil_store_keep_version (PostilStore *self,
                           const char *path,
                           const char *bytes,
                           gsize n_bytes,
                           gint64 time,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GArray) entries = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;
  guint64 number = 0;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && path != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL || n_bytes == 0, FALSE);

  folder = postil_store_find_path (self, path, "versions");
  entries = list_entries (folder);
  if (!is_due (entries, n_bytes, time))
    return TRUE;
  if (entries->len > 0)
    number = MIN (g_array_index (entries, Entry, 0).number + 1, G_MAXUINT32);
  sha256 = postil_sha256_compute (bytes, n_bytes);
  if (entries->len > 0 &&
      strncmp (strrchr (g_array_index (entries, Entry, 0).name, '-') + 1, sha256, N_DIGITS) == 0)
    return TRUE;

  packed = postil_store_pack ("", bytes, n_bytes, cancellable, error);
  if (packed == NULL)
    return FALSE;
  g_free (folder);
  folder = postil_store_make_path (self, path, "versions", error);
  if (folder == NULL)
    return FALSE;
  if (self->io->mkdir (folder, 0700) != 0 && errno != EEXIST)
    {
      postil_store_set_error (folder, errno, error);
      return FALSE;
    }
  name = dup_name (number, time, sha256);
  file = g_build_filename (folder, name, NULL);
  if (!postil_store_replace (self, file, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed),
                             cancellable, error))
    return FALSE;
  thin (self, folder);
  return TRUE;
}

/**
 * postil_store_list_versions:
 * @self: a store
 * @path: path of a document or a codebook
 *
 * Returns: (transfer container) (element-type PostilVersion): the earlier versions of its sidecar
 *   that are kept, the newest first
 */
GPtrArray *
postil_store_list_versions (PostilStore *self, const char *path)
{
  GPtrArray *versions = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_version_free);
  g_autoptr (GArray) entries = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && path != NULL, versions);

  folder = postil_store_find_path (self, path, "versions");
  entries = list_entries (folder);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      PostilVersion *version = g_new (PostilVersion, 1);

      *version = (PostilVersion){ .name = g_strdup (entry->name), .time = entry->time };
      g_ptr_array_add (versions, version);
    }
  return versions;
}

/**
 * postil_store_load_version:
 * @self: a store
 * @path: path of a document or a codebook
 * @name: name of one of its versions
 * @error: return location
 *
 * Returns: (transfer full): the bytes of that version; %NULL with %POSTIL_ERROR_NOT_FOUND when it
 *   is not there any more, or damaged
 */
GBytes *
postil_store_load_version (PostilStore *self, const char *path, const char *name, GError **error)
{
  Entry entry = { 0 };
  g_autofree char *folder = NULL;
  g_autofree char *file = NULL;
  char *bytes = NULL;
  gsize n_bytes;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && path != NULL && name != NULL, NULL);

  if (parse_name (name, &entry))
    {
      folder = postil_store_find_path (self, path, "versions");
      file = g_build_filename (folder, name, NULL);
      bytes = postil_store_unpack (self, file, &n_bytes, NULL);
      entry_clear (&entry);
    }
  if (bytes == NULL)
    {
      g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND,
                           _ ("That version is not kept any more; choose another one."));
      return NULL;
    }
  return g_bytes_new_take (bytes, n_bytes);
}

/**
 * postil_version_free:
 * @version: a version
 */
void
postil_version_free (PostilVersion *version)
{
  g_free (version->name);
  g_free (version);
}
