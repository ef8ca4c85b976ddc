/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-store-private.h"

#include <string.h>
#include <utime.h>

#include <glib/gstdio.h>

/* What a kept text begins with, so that other versions of Postil know what they do not know. */
#define MAGIC "Postil text 1"

/* The lines before the text: that, charset, SHA-256, how many parts were ill-formed. */
#define N_LINES 4

/* The longest name of a charset that is believed. */
#define MAX_CHARSET 64

static char *
dup_text_path (const char *folder, const char *sha256)
{
  g_autofree char *name = g_strconcat (sha256, ".gz", NULL);

  return g_build_filename (folder, name, NULL);
}

/* Whether @path is there and was marked as used now. */
static gboolean
touch (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_utime (path, NULL) == 0;
}

/* Takes what was unpacked apart in place. */
static PostilText *
parse_text (char *unpacked, gsize n_bytes, const char *sha256)
{
  char *lines[N_LINES], *at = unpacked;
  PostilTextOrigin origin = { 0 };
  guint64 n_ill_formed;

  for (guint i = 0; i < N_LINES; i++)
    {
      char *end = memchr (at, '\n', n_bytes - (at - unpacked));

      if (end == NULL)
        return NULL;
      *end = '\0';
      lines[i] = at;
      at = end + 1;
    }
  n_bytes -= at - unpacked;
  if (strcmp (lines[0], MAGIC) != 0 || strlen (lines[1]) > MAX_CHARSET ||
      !g_str_is_ascii (lines[1]) || strcmp (lines[2], sha256) != 0 ||
      !g_ascii_string_to_unsigned (lines[3], 10, 0, G_MAXUINT, &n_ill_formed, NULL) ||
      n_bytes > POSTIL_TEXT_MAX_LENGTH || !g_utf8_validate_len (at, n_bytes, NULL))
    return NULL;

  origin.charset = lines[1];
  origin.sha256 = sha256;
  origin.n_ill_formed = n_ill_formed;
  return postil_text_new (g_memdup2 (at, n_bytes + 1), n_bytes, &origin);
}

/**
 * postil_store_keep_text:
 * @self: a store
 * @text: the text of a document
 * @cancellable: (nullable): to end it early
 * @error: return location
 *
 * Keeps a compressed copy of a text, and makes room for it where the least used ones are; does no
 * more than to mark it as used when it is there already. Takes some 150 ms for 10 MB.
 *
 * Returns: whether it is kept, or too large for that; %FALSE with a %G_FILE_ERROR or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
postil_store_keep_text (PostilStore *self,
                        PostilText *text,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GBytes) packed = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *header = NULL;
  const char *utf8, *sha256;
  gsize n_bytes;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && text != NULL, FALSE);

  sha256 = postil_text_get_sha256 (text);
  utf8 = postil_text_get_utf8 (text, &n_bytes);
  folder = g_build_filename (self->folder, "texts", NULL);
  path = dup_text_path (folder, sha256);
  if (!postil_store_is_sha256 (sha256) || touch (path))
    return TRUE;

  header = g_strdup_printf (MAGIC "\n%s\n%s\n%u\n", postil_text_get_charset (text), sha256,
                            postil_text_get_n_ill_formed (text));
  packed = postil_store_pack (header, utf8, n_bytes, cancellable, error);
  if (packed == NULL)
    return FALSE;
  if (g_bytes_get_size (packed) > self->max_text_bytes)
    return TRUE;
  g_free (folder);
  folder = postil_store_make_folder (self, "texts", error);
  if (folder == NULL || !postil_store_replace (self, path, g_bytes_get_data (packed, NULL),
                                               g_bytes_get_size (packed), cancellable, error))
    return FALSE;
  postil_store_sweep (self, folder, path, self->max_text_bytes, G_MAXUINT);
  return TRUE;
}

/**
 * postil_store_load_text:
 * @self: a store
 * @sha256: SHA-256 of the file that a text was decoded from, in lower-case hexadecimal; anything
 *   else is no text that is kept
 *
 * Returns: (transfer full) (nullable): the text; %NULL when it is not kept any more, or damaged
 */
PostilText *
postil_store_load_text (PostilStore *self, const char *sha256)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *unpacked = NULL;
  gsize n_bytes;
  PostilText *text;

  g_return_val_if_fail (POSTIL_IS_STORE (self) && sha256 != NULL, NULL);

  if (!postil_store_is_sha256 (sha256))
    return NULL;
  folder = g_build_filename (self->folder, "texts", NULL);
  path = dup_text_path (folder, sha256);
  unpacked = postil_store_unpack (self, path, &n_bytes, NULL);
  if (unpacked == NULL)
    return NULL;
  text = parse_text (unpacked, n_bytes, sha256);
  if (text != NULL)
    touch (path);
  else
    self->io->unlink (path);
  return text;
}
