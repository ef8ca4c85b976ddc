/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <utime.h>

#include <glib/gstdio.h>

/* At most so many places of one text are remembered; its file grows to a few times that. */
#define MAX_PLACES 16
#define MAX_FILE_BYTES (16 * 1024)

/* (transfer full) (element-type filename): the places in the file at @path, each once, the last one
 * first. */
static GPtrArray *
read_places (PostilStore *self, const char *path)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);
  g_auto (PostilFileContents) contents = { 0 };
  g_auto (GStrv) lines = NULL;

  if (!postil_file_io_read (self->io, path, FALSE, NULL, NULL, &contents, NULL, NULL))
    return places;
  lines = g_strsplit (contents.bytes, "\n", -1);
  for (guint i = g_strv_length (lines); i > 0 && places->len < MAX_PLACES; i--)
    {
      g_autofree char *place = g_filename_from_uri (lines[i - 1], NULL, NULL);

      if (place != NULL && !g_ptr_array_find_with_equal_func (places, place, g_str_equal, NULL))
        g_ptr_array_add (places, g_steal_pointer (&place));
    }
  return places;
}

/* Adds one line with one write, so that no other process comes between; the line break before it
 * ends what a full disk cut off. Returns 0 or an errno. */
static int
append_line (PostilStore *self, const char *path, const char *uri)
{
  g_autofree char *line = g_strconcat ("\n", uri, "\n", NULL);
  gsize length = strlen (line);
  ssize_t n;
  int fd, number;

  do
    fd = self->io->open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  while (fd < 0 && errno == EINTR);
  if (fd < 0)
    return errno;
  do
    n = self->io->write (fd, line, length);
  while (n < 0 && errno == EINTR);
  number = n < 0 ? errno : (gsize) n < length ? ENOSPC : 0;
  self->io->close (fd);
  return number;
}

/* Leaves in the file only what is still read from it. What another process adds meanwhile may be
 * lost; it is noted again when its sidecar is next opened or saved. */
static gboolean
shorten (PostilStore *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) places = read_places (self, path);
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = places->len; i > 0; i--)
    {
      g_autofree char *uri = g_filename_to_uri (places->pdata[i - 1], NULL, NULL);

      g_string_append_printf (lines, "%s\n", uri);
    }
  return postil_store_replace (self, path, lines->str, lines->len, NULL, error);
}

/**
 * postil_store_note_place:
 * @self: a store
 * @sha256: SHA-256 of the file that a text was decoded from
 * @sidecar: path of the text's sidecar
 * @error: return location
 *
 * Remembers where a sidecar of the text is.
 *
 * Returns: whether it is remembered; %FALSE with a %G_FILE_ERROR
 */
gboolean
postil_store_note_place (PostilStore *self, const char *sha256, const char *sidecar, GError **error)
{
  g_autoptr (GPtrArray) places = NULL;
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *absolute = NULL;
  g_autofree char *uri = NULL;
  GStatBuf status;
  int number;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && sha256 != NULL && sidecar != NULL, FALSE);

  if (!postil_store_is_sha256 (sha256))
    return TRUE;
  absolute = g_canonicalize_filename (sidecar, NULL);
  uri = g_filename_to_uri (absolute, NULL, NULL);
  path = g_build_filename (self->folder, "places", sha256, NULL);
  places = read_places (self, path);
  if (g_ptr_array_find_with_equal_func (places, absolute, g_str_equal, NULL))
    {
      g_utime (path, NULL);
      return TRUE;
    }

  folder = postil_store_make_folder (self, "places", error);
  if (folder == NULL)
    return FALSE;
  number = append_line (self, path, uri);
  if (number != 0)
    {
      postil_store_set_error (path, number, error);
      return FALSE;
    }
  if (places->len == 0)
    postil_store_sweep (self, folder, path, G_MAXUINT64, self->max_places);
  return g_stat (path, &status) != 0 || status.st_size <= MAX_FILE_BYTES ||
         shorten (self, path, error);
}

/**
 * postil_store_list_places:
 * @self: a store
 * @sha256: SHA-256 of the file that a text was decoded from
 *
 * Lists where sidecars of the text were last seen, as far as there are files still. What is not
 * there now stays remembered: its disk may be back tomorrow.
 *
 * Returns: (transfer container) (element-type filename): their paths, the last one first
 */
GPtrArray *
postil_store_list_places (PostilStore *self, const char *sha256)
{
  GPtrArray *places;
  g_autofree char *path = NULL;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && sha256 != NULL, NULL);

  if (!postil_store_is_sha256 (sha256))
    return g_ptr_array_new_with_free_func (g_free);
  path = g_build_filename (self->folder, "places", sha256, NULL);
  places = read_places (self, path);
  for (guint i = places->len; i > 0; i--)
    if (!g_file_test (places->pdata[i - 1], G_FILE_TEST_IS_REGULAR))
      g_ptr_array_remove_index (places, i - 1);
  return places;
}
