/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "postil-json-scanner.h"

/*
 * Reads bytes as JSON twice: at one go, and value by value. Both must agree on whether it is, and
 * if not, on what is wrong and where.
 */

static void
check_string (const PostilJsonScanner *scanner, const PostilJsonSlice *string)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_true (string->bytes > scanner->start && string->bytes + string->n_bytes < scanner->end);
  g_assert_true (string->bytes[-1] == '"' && string->bytes[string->n_bytes] == '"');
  g_assert_true (g_utf8_validate_len (string->bytes, string->n_bytes, NULL));
  g_assert_true (string->escaped == (memchr (string->bytes, '\\', string->n_bytes) != NULL));
  if (postil_json_slice_unescape (string, text))
    {
      g_assert_true (g_utf8_validate_len (text->str, text->len, NULL));
      g_assert_true (string->escaped || text->len == string->n_bytes);
    }
}

static void
walk (PostilJsonScanner *scanner)
{
  /* A bit for each open bracket: whether it is an object's. */
  g_autoptr (GByteArray) kinds = g_byte_array_new ();
  guint n = 0;

  do
    {
      char first = postil_json_scanner_peek (scanner);

      if (first == '{' || first == '[')
        {
          if (kinds->len == POSTIL_JSON_MAX_DEPTH)
            {
              postil_json_scanner_fail (scanner, POSTIL_JSON_PROBLEM_DEPTH, scanner->at);
              return;
            }
          g_byte_array_append (kinds, &(guint8){ first == '{' }, 1);
          postil_json_scanner_enter (scanner);
          n = 0;
        }
      else if (first == '"')
        {
          PostilJsonSlice string;

          if (!postil_json_scanner_read_string (scanner, &string))
            return;
          check_string (scanner, &string);
        }
      else
        {
          const char *start = scanner->at;
          PostilJsonSlice raw;

          if (!postil_json_scanner_skip (scanner, &raw))
            return;
          g_assert_true (raw.bytes == start && raw.bytes + raw.n_bytes == scanner->at);
        }

      while (kinds->len > 0)
        {
          PostilJsonSlice key;
          gboolean object = kinds->data[kinds->len - 1];

          if (object ? postil_json_scanner_next_member (scanner, &n, &key)
                     : postil_json_scanner_next_element (scanner, &n))
            {
              if (object)
                check_string (scanner, &key);
              break;
            }
          if (scanner->problem != POSTIL_JSON_PROBLEM_NONE)
            return;
          g_byte_array_set_size (kinds, kinds->len - 1);
          n = 1;
        }
    }
  while (kinds->len > 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PostilJsonScanner whole, parts;
  gboolean good;

  postil_json_scanner_init (&whole, (const char *) data, size);
  good = postil_json_scanner_skip (&whole, NULL) && postil_json_scanner_finish (&whole);
  g_assert_true (good == (whole.problem == POSTIL_JSON_PROBLEM_NONE));
  g_assert_true (whole.at >= whole.start && whole.at <= whole.end);

  postil_json_scanner_init (&parts, (const char *) data, size);
  walk (&parts);
  postil_json_scanner_finish (&parts);
  g_assert_cmpint (whole.problem, ==, parts.problem);

  if (good)
    {
      g_assert_true (g_utf8_validate_len ((const char *) data, size, NULL));
    }
  else
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (whole.where == parts.where);
      g_assert_true (whole.where >= whole.start && whole.where <= whole.end);
      postil_json_scanner_set_error (&whole, "a.json", &error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\n'));
    }
  return 0;
}
