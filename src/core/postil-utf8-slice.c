/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-utf8-slice.h"

#include <string.h>
#include <unicode/uchar.h>

static inline gboolean
is_blank (gunichar c)
{
  return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r') : u_isUWhiteSpace (c);
}

static const char *
skip_blanks_back (const char *p, const char *start)
{
  while (p > start && is_blank (g_utf8_get_char (g_utf8_prev_char (p))))
    p = g_utf8_prev_char (p);
  return p;
}

/**
 * postil_utf8_slice_new:
 * @string: (nullable): valid UTF-8, which must outlive the slice
 *
 * Returns: all of it; the empty slice for %NULL
 */
PostilUtf8Slice
postil_utf8_slice_new (const char *string)
{
  return string != NULL ? (PostilUtf8Slice){ string, strlen (string) } : (PostilUtf8Slice){ "", 0 };
}

/**
 * postil_utf8_slice_of_text:
 * @text: a text, which must outlive the slice
 *
 * Returns: all of it
 */
PostilUtf8Slice
postil_utf8_slice_of_text (PostilText *text)
{
  PostilUtf8Slice self;

  self.bytes = postil_text_get_utf8 (text, &self.n_bytes);
  return self;
}

/**
 * postil_utf8_slice_keep_end:
 * @n_code_points: how many at most
 *
 * Returns: the last code points of @self
 */
PostilUtf8Slice
postil_utf8_slice_keep_end (PostilUtf8Slice self, guint n_code_points)
{
  const char *end = self.bytes + self.n_bytes, *start = end;

  for (; start > self.bytes && n_code_points > 0; n_code_points--)
    start = g_utf8_prev_char (start);
  return (PostilUtf8Slice){ start, end - start };
}

/**
 * postil_utf8_slice_keep_start:
 * @n_code_points: how many at most
 *
 * Returns: the first code points of @self
 */
PostilUtf8Slice
postil_utf8_slice_keep_start (PostilUtf8Slice self, guint n_code_points)
{
  const char *end = self.bytes;

  for (; end < self.bytes + self.n_bytes && n_code_points > 0; n_code_points--)
    end = g_utf8_next_char (end);
  return (PostilUtf8Slice){ self.bytes, end - self.bytes };
}

/**
 * postil_utf8_slice_skip_blanks:
 * @p: where to begin, in valid UTF-8
 * @end: where that ends
 *
 * Returns: the first place from @p on that is not before white space
 */
const char *
postil_utf8_slice_skip_blanks (const char *p, const char *end)
{
  while (p < end && is_blank (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

/**
 * postil_utf8_slice_match_forward:
 * @text: valid UTF-8
 * @text_end: where it ends, which may cut @self off
 *
 * Returns: (nullable): how far @text begins with @self, whatever white space there is between the
 * words of both; %NULL when it does not
 */
const char *
postil_utf8_slice_match_forward (PostilUtf8Slice self, const char *text, const char *text_end)
{
  const char *p = self.bytes, *end = p + self.n_bytes;

  while (p < end && text < text_end)
    {
      const char *q = postil_utf8_slice_skip_blanks (p, end);
      const char *text_q = postil_utf8_slice_skip_blanks (text, text_end);

      if ((q > p) != (text_q > text))
        return NULL;
      p = q;
      text = text_q;
      if (p == end || text == text_end)
        break;
      if (g_utf8_get_char (p) != g_utf8_get_char (text))
        return NULL;
      p = g_utf8_next_char (p);
      text = g_utf8_next_char (text);
    }
  return text;
}

/**
 * postil_utf8_slice_matches_backward:
 * @text_start: where valid UTF-8 starts, which may cut @self off
 * @text: where it ends
 *
 * Returns: whether that ends with @self, whatever white space there is between the words of both
 */
gboolean
postil_utf8_slice_matches_backward (PostilUtf8Slice self, const char *text_start, const char *text)
{
  const char *p = self.bytes + self.n_bytes;

  while (p > self.bytes && text > text_start)
    {
      const char *q = skip_blanks_back (p, self.bytes);
      const char *text_q = skip_blanks_back (text, text_start);

      if ((q < p) != (text_q < text))
        return FALSE;
      p = q;
      text = text_q;
      if (p == self.bytes || text == text_start)
        break;
      p = g_utf8_prev_char (p);
      text = g_utf8_prev_char (text);
      if (g_utf8_get_char (p) != g_utf8_get_char (text))
        return FALSE;
    }
  return TRUE;
}
