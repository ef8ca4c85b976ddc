/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "postil-decoder.h"
#include "postil-error.h"
#include "postil-folding.h"

/*
 * Decodes bytes as a document. What comes of it is a text that counts right wherever it is asked,
 * and that is itself when it is decoded once more.
 */

static void
check_text (PostilText *text)
{
  gsize n_bytes, byte = 0;
  const char *utf8 = postil_text_get_utf8 (text, &n_bytes);
  guint length = postil_text_get_length (text), n_paragraphs = postil_text_get_n_paragraphs (text);
  guint end = 0;

  g_assert_true (g_utf8_validate_len (utf8, n_bytes, NULL));
  g_assert_cmpuint (length, ==, g_utf8_strlen (utf8, n_bytes));
  for (guint i = 0; i <= length; i++)
    {
      if (length < 100 || i % 61 == 0)
        {
          g_assert_cmpuint (postil_text_get_byte (text, i), ==, byte);
          g_assert_cmpuint (postil_text_get_offset (text, byte), ==, i);
        }
      if (i < length)
        byte += g_utf8_skip[(guint8) utf8[byte]];
    }

  g_assert_cmpuint (n_paragraphs, >, 0);
  for (guint i = 0; i < n_paragraphs; i++)
    {
      PostilSpan paragraph = postil_text_get_paragraph (text, i);

      g_assert_true (paragraph.start <= paragraph.end && paragraph.end <= length);
      g_assert_cmpuint (paragraph.start, ==, end);
      if (paragraph.start < paragraph.end)
        g_assert_cmpuint (postil_text_get_paragraph_at (text, paragraph.start), ==, i);
      end = paragraph.end;
    }
  g_assert_cmpuint (end, ==, length);

  for (guint at = 0; at <= length; at += 1 + length / 4)
    for (guint behind = at; behind <= length; behind += 1 + length / 3)
      {
        PostilSpan span = { at, behind };
        PostilSpan graphemes = postil_text_snap_to_graphemes (text, span);
        PostilSpan words = postil_text_snap_to_words (text, span);

        g_assert_true (graphemes.start <= at && graphemes.end >= behind);
        g_assert_true (graphemes.end <= length);
        g_assert_true (
          postil_span_equal (postil_text_snap_to_graphemes (text, graphemes), graphemes));
        g_assert_true (words.start <= words.end && words.end <= length);
      }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilText) text =
    postil_decoder_decode ((const char *) data, size, "a.txt", NULL, &error);
  g_autoptr (PostilText) again = NULL;
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autofree char *sum = NULL;
  const char *utf8, *utf8_again;
  gsize n_bytes, n_bytes_again;

  g_assert_true ((text == NULL) == (error != NULL));
  postil_decoder_looks_like_text ((const char *) data, size);
  if (text == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  check_text (text);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, size);
  g_assert_cmpstr (postil_text_get_sha256 (text), ==, sum);
  utf8 = postil_text_get_utf8 (text, &n_bytes);
  postil_folding_append (folded, utf8, n_bytes);
  g_assert_true (g_utf8_validate_len (folded->str, folded->len, NULL));

  /* A mark that is left is part of the text here and would not be there. */
  if (n_bytes > 0 && memcmp (utf8, "\uFEFF", MIN (n_bytes, 3)) != 0)
    {
      again = postil_decoder_decode (utf8, n_bytes, "a.txt", NULL, &error);
      /* Without the mark or the encoding it had, a text may begin as a PDF does. */
      if (g_error_matches (error, POSTIL_ERROR, POSTIL_ERROR_BINARY))
        return 0;
      g_assert_no_error (error);
      utf8_again = postil_text_get_utf8 (again, &n_bytes_again);
      g_assert_cmpmem (utf8_again, n_bytes_again, utf8, n_bytes);
      g_assert_cmpuint (postil_text_get_n_ill_formed (again), ==, 0);
    }
  return 0;
}
