/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-store-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-decoder.h"
#include "postil-error.h"

/* What is compressed between two checks for cancelling, in bytes. */
#define PIECE (1024 * 1024)

/* Higher levels of zlib take several times as long to save a fifth. */
#define LEVEL 1

typedef struct
{
  GConverter *converter;
  char *bytes;
  gsize n_bytes;
  gsize n_allocated;
} Output;

static gboolean
make_room (Output *self, GError **error)
{
  gsize n_allocated = self->n_allocated + MAX (self->n_allocated / 2, PIECE);
  char *bytes = n_allocated <= (gsize) POSTIL_DECODER_MAX_BYTES + PIECE
                  ? g_try_realloc (self->bytes, n_allocated)
                  : NULL;

  if (bytes == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                           _ ("There is not enough memory; close some documents."));
      return FALSE;
    }
  self->bytes = bytes;
  self->n_allocated = n_allocated;
  return TRUE;
}

/* Converts all of @in. With %G_CONVERTER_INPUT_AT_END its end must be the end of what comes out. */
static gboolean
convert (Output *self,
         const char *in,
         gsize n_in,
         GConverterFlags flags,
         GCancellable *cancellable,
         GError **error)
{
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (n_in > 0 || (flags != G_CONVERTER_NO_FLAGS && result != G_CONVERTER_FINISHED))
    {
      g_autoptr (GError) problem = NULL;
      gsize n_read, n_written;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      /* One byte stays for a NUL. */
      if (self->n_allocated - self->n_bytes < 2 && !make_room (self, error))
        return FALSE;
      result = g_converter_convert (self->converter, in, n_in, self->bytes + self->n_bytes,
                                    self->n_allocated - self->n_bytes - 1, flags, &n_read,
                                    &n_written, &problem);
      if (result == G_CONVERTER_ERROR)
        {
          if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_NO_SPACE) && make_room (self, error))
            continue;
          if (error == NULL || *error == NULL)
            g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      in += n_read;
      n_in -= n_read;
      self->n_bytes += n_written;
      if (result == G_CONVERTER_FINISHED && n_in > 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Trailing data");
          return FALSE;
        }
    }
  return TRUE;
}

/*
 * postil_store_pack:
 * @header: what to put before @bytes; "" for nothing
 *
 * Compresses as gzip does (RFC 1952), which adds a checksum and the length.
 *
 * Returns: (transfer full): the file, or %NULL with %G_IO_ERROR_CANCELLED or when memory is short
 */
GBytes *
postil_store_pack (const char *header,
                   const char *bytes,
                   gsize n_bytes,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GZlibCompressor) compressor =
    g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);
  Output output = { .converter = G_CONVERTER (compressor) };
  gboolean done =
    convert (&output, header, strlen (header), G_CONVERTER_NO_FLAGS, cancellable, error);

  for (gsize at = 0; done && at < n_bytes; at += PIECE)
    done = convert (&output, bytes + at, MIN (PIECE, n_bytes - at), G_CONVERTER_NO_FLAGS,
                    cancellable, error);
  if (!done || !convert (&output, "", 0, G_CONVERTER_INPUT_AT_END, cancellable, error))
    {
      g_free (output.bytes);
      return NULL;
    }
  return g_bytes_new_take (output.bytes, output.n_bytes);
}

/*
 * postil_store_unpack:
 * @path: a file that postil_store_pack() made
 *
 * A file that is damaged is removed, so that it can be kept anew.
 *
 * Returns: (transfer full): what was packed, and a NUL after it; %NULL with an error when the file
 *   is not there or not whole
 */
char *
postil_store_unpack (PostilStore *self, const char *path, gsize *n_bytes, GError **error)
{
  g_auto (PostilFileContents) contents = { 0 };
  g_autoptr (GZlibDecompressor) decompressor =
    g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  Output output = { .converter = G_CONVERTER (decompressor) };

  if (!postil_file_io_read (self->io, path, FALSE, NULL, NULL, &contents, NULL, error))
    return NULL;
  if (!convert (&output, contents.bytes, contents.n_bytes, G_CONVERTER_INPUT_AT_END, NULL, error))
    {
      self->io->unlink (path);
      g_free (output.bytes);
      return NULL;
    }
  output.bytes[output.n_bytes] = '\0';
  *n_bytes = output.n_bytes;
  return output.bytes;
}
