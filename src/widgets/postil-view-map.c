/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For memrchr(). */
#define _GNU_SOURCE

#include "config.h"

#include "postil-view-map.h"

#include <pango/pango.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

/* What follows a break decides whether it is one; no rule of UAX #14 that matters looks further. */
#define LOOKAHEAD 64

/*
 * PostilViewMap: what the text view shows of a text, and how offsets of the two belong together.
 * The view's text is the document's with a line feed added wherever a paragraph would be longer
 * than POSTIL_VIEW_MAP_LIMIT bytes: at the last line-break opportunity (UAX #14) of the latter
 * half, else between two graphemes. The map makes the view's text as it is read, piece by piece,
 * and knows offsets up to where it was read. Owned by one text view.
 *
 * These always hold: without its breaks the view's text is the document's; no break stands inside a
 * grapheme or a CRLF, at either end of a paragraph, or beside another break; no paragraph of the
 * view is longer than the limit unless a grapheme is.
 */
struct _PostilViewMap
{
  PostilText *text;
  gsize byte;
  GArray *breaks;
  UBreakIterator *iterator;
};

static gboolean
is_between_graphemes (PostilText *text, gsize byte)
{
  guint offset = postil_text_get_offset (text, byte);

  return postil_text_snap_to_graphemes (text, (PostilSpan){ offset, offset }).start == offset;
}

static gsize
find_line_boundary (PostilViewMap *self, const char *start, gsize n_bytes)
{
  UErrorCode status = U_ZERO_ERROR;
  UText window = UTEXT_INITIALIZER;
  gsize first = start - postil_text_get_utf8 (self->text, NULL);
  gsize n_window = MIN (POSTIL_VIEW_MAP_LIMIT + LOOKAHEAD, n_bytes);
  gsize found = 0;

  while (n_window < n_bytes && (start[n_window] & 0xC0) == 0x80)
    n_window--;
  if (self->iterator == NULL)
    self->iterator = ubrk_open (UBRK_LINE, "", NULL, 0, &status);
  utext_openUTF8 (&window, start, n_window, &status);
  if (U_SUCCESS (status))
    ubrk_setUText (self->iterator, &window, &status);
  if (U_SUCCESS (status))
    {
      int boundary = ubrk_preceding (self->iterator, POSTIL_VIEW_MAP_LIMIT + 1);

      while (boundary > POSTIL_VIEW_MAP_LIMIT / 2 &&
             !is_between_graphemes (self->text, first + boundary))
        boundary = ubrk_previous (self->iterator);
      found = boundary > POSTIL_VIEW_MAP_LIMIT / 2 ? boundary : 0;
    }
  utext_close (&window);
  return found;
}

static gsize
find_grapheme_boundary (PostilViewMap *self, gsize start)
{
  guint offset = postil_text_get_offset (self->text, start + POSTIL_VIEW_MAP_LIMIT);
  PostilSpan whole = postil_text_snap_to_graphemes (self->text, (PostilSpan){ offset, offset });
  gsize boundary = postil_text_get_byte (self->text, whole.start);

  return (boundary > start ? boundary : postil_text_get_byte (self->text, whole.end)) - start;
}

/* The length of the first piece of a paragraph that is longer than the limit. */
static gsize
measure_piece (PostilViewMap *self, const char *start, gsize n_bytes)
{
  gsize boundary = find_line_boundary (self, start, n_bytes);

  if (boundary == 0)
    boundary = find_grapheme_boundary (self, start - postil_text_get_utf8 (self->text, NULL));
  return MIN (boundary, n_bytes);
}

/* How many breaks stand before @offset, or at it too. */
static guint
count_breaks (PostilViewMap *self, guint offset, gboolean at)
{
  guint low = 0, high = self->breaks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      guint position = g_array_index (self->breaks, guint, middle);

      if (position < offset || (at && position == offset))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
append (GString *out, const char *bytes, gsize n_bytes)
{
  if (out != NULL)
    g_string_append_len (out, bytes, n_bytes);
}

/**
 * postil_view_map_new:
 * @text: what is to be shown
 *
 * Returns: (transfer full): a map of which nothing was read yet
 */
PostilViewMap *
postil_view_map_new (PostilText *text)
{
  PostilViewMap *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (PostilViewMap, 1);
  self->text = postil_text_ref (text);
  self->breaks = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

/**
 * postil_view_map_free:
 * @self: (transfer full): a map
 */
void
postil_view_map_free (PostilViewMap *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->iterator, ubrk_close);
  g_array_unref (self->breaks);
  postil_text_unref (self->text);
  g_free (self);
}

/**
 * postil_view_map_get_text:
 *
 * Returns: (transfer none): what is shown
 */
PostilText *
postil_view_map_get_text (PostilViewMap *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * postil_view_map_read:
 * @n_bytes: about how much of the text to read, in bytes
 * @out: (nullable): where the view's text is appended
 *
 * Reads on. What is appended ends with a paragraph, or with a piece of one.
 *
 * Returns: whether there is more
 */
gboolean
postil_view_map_read (PostilViewMap *self, gsize n_bytes, GString *out)
{
  const char *utf8;
  gsize length, end;

  g_return_val_if_fail (self != NULL, FALSE);

  utf8 = postil_text_get_utf8 (self->text, &length);
  end = self->byte + MIN (n_bytes, length - self->byte);
  while (self->byte < end)
    {
      const char *start = utf8 + self->byte;
      const char *feed = memrchr (start, '\n', MIN (end - self->byte, POSTIL_VIEW_MAP_LIMIT));
      gsize rest = length - self->byte;
      int content, next;

      /* No paragraph before it is too long. */
      if (feed != NULL)
        {
          append (out, start, feed + 1 - start);
          self->byte += feed + 1 - start;
          continue;
        }
      /* Three bytes more hold a delimiter of any kind. */
      pango_find_paragraph_boundary (start, MIN (rest, POSTIL_VIEW_MAP_LIMIT + 3), &content, &next);
      if (content <= POSTIL_VIEW_MAP_LIMIT)
        {
          append (out, start, next);
          self->byte += next;
        }
      else
        {
          gsize piece = measure_piece (self, start, rest);
          guint offset;

          append (out, start, piece);
          self->byte += piece;
          /* Only a grapheme longer than the limit reaches as far as a delimiter. */
          pango_find_paragraph_boundary (start + piece, MIN (rest - piece, 3), &content, &next);
          if (self->byte == length || content == 0)
            continue;
          append (out, "\n", 1);
          offset = postil_text_get_offset (self->text, self->byte);
          g_array_append_val (self->breaks, offset);
        }
    }
  return self->byte < length;
}

/**
 * postil_view_map_append:
 * @part: paragraphs of the text that were read, in code points
 * @out: where it is appended
 *
 * Gives once more what the view shows of a part of the text.
 */
void
postil_view_map_append (PostilViewMap *self, PostilSpan part, GString *out)
{
  const char *utf8;
  gsize byte, end;
  guint nth;

  g_return_if_fail (self != NULL && out != NULL);

  utf8 = postil_text_get_utf8 (self->text, NULL);
  byte = postil_text_get_byte (self->text, part.start);
  for (nth = count_breaks (self, part.start, TRUE);
       nth < self->breaks->len && g_array_index (self->breaks, guint, nth) < part.end; nth++)
    {
      end = postil_text_get_byte (self->text, g_array_index (self->breaks, guint, nth));
      g_string_append_len (out, utf8 + byte, end - byte);
      g_string_append_c (out, '\n');
      byte = end;
    }
  end = postil_text_get_byte (self->text, part.end);
  g_string_append_len (out, utf8 + byte, end - byte);
}

/**
 * postil_view_map_get_length:
 *
 * Returns: how much of the text was read, in code points
 */
guint
postil_view_map_get_length (PostilViewMap *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return postil_text_get_offset (self->text, self->byte);
}

/**
 * postil_view_map_get_n_breaks:
 *
 * Returns: how many line feeds the view has that the text has not, as far as it was read
 */
guint
postil_view_map_get_n_breaks (PostilViewMap *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->breaks->len;
}

/**
 * postil_view_map_get_break:
 * @nth: which break, from 0
 *
 * Returns: the place after it in the view's text, in code points
 */
guint
postil_view_map_get_break (PostilViewMap *self, guint nth)
{
  g_return_val_if_fail (self != NULL && nth < self->breaks->len, 0);

  return g_array_index (self->breaks, guint, nth) + nth + 1;
}

/**
 * postil_view_map_to_text:
 * @view_offset: a place in the view's text, in code points
 *
 * Returns: the place in the text, in code points; the same one before and after a break
 */
guint
postil_view_map_to_text (PostilViewMap *self, guint view_offset)
{
  guint low = 0, high;

  g_return_val_if_fail (self != NULL, 0);

  /* The nth break, from 0, is at its place in the text and n. */
  high = self->breaks->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->breaks, guint, middle) + middle < view_offset)
        low = middle + 1;
      else
        high = middle;
    }
  return view_offset - low;
}

/**
 * postil_view_map_to_view:
 * @offset: a place in the text, in code points
 *
 * Returns: the place in the view's text, in code points; after the break where there is one
 */
guint
postil_view_map_to_view (PostilViewMap *self, guint offset)
{
  g_return_val_if_fail (self != NULL, 0);

  return offset + count_breaks (self, offset, TRUE);
}

/**
 * postil_view_map_span_to_view:
 * @span: a range of the text, in code points
 *
 * Returns: that range of the view's text, in code points, without a break at either end
 */
PostilSpan
postil_view_map_span_to_view (PostilViewMap *self, PostilSpan span)
{
  PostilSpan view;

  g_return_val_if_fail (self != NULL, span);

  view.start = view.end = postil_view_map_to_view (self, span.start);
  if (span.end > span.start)
    view.end = span.end + count_breaks (self, span.end, FALSE);
  return view;
}
