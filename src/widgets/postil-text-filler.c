/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-filler.h"

#include "postil-text-style.h"

/* Text enters the buffer in pieces of so many bytes, which shrink when they take longer than so
 * many milliseconds. GTK paints at priority 120, which is not to wait for them, and lays out lines
 * at 125; pieces that come after that starve. */
#define FIRST_PIECE (32 * 1024)
#define MAX_PIECE (128 * 1024)
#define PIECE_MS 3
#define PRIORITY 122

/*
 * PostilTextFiller: brings a text into the buffer of a text view, piece by piece while the main
 * loop runs, with the line feeds that the view map adds. Lines that belong to one paragraph get the
 * tags of the view's PostilTextStyle that let them look like one. Owned by the view, one for each
 * text; the first piece is there from the beginning.
 */
struct _PostilTextFiller
{
  GtkTextBuffer *buffer;
  PostilViewMap *map;
  PostilTextFilledFunc filled;
  gpointer data;
  GString *piece;
  gsize piece_size;
  guint n_tagged;
  guint idle_id;
};

/* What goes on after a break may come with the next piece only. */
static void
tag_breaks (PostilTextFiller *self, guint end)
{
  for (; self->n_tagged < postil_view_map_get_n_breaks (self->map); self->n_tagged++)
    {
      guint offset = postil_view_map_get_break (self->map, self->n_tagged);
      GtkTextIter iter;

      if (offset >= end)
        break;
      gtk_text_buffer_get_iter_at_offset (self->buffer, &iter, offset);
      postil_text_style_continue_line (&iter);
    }
}

/* Returns: whether there is more. */
static gboolean
insert_piece (PostilTextFiller *self)
{
  gint64 start = g_get_monotonic_time (), elapsed;
  GtkTextIter end;
  gboolean more;

  g_string_truncate (self->piece, 0);
  more = postil_view_map_read (self->map, self->piece_size, self->piece);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_insert (self->buffer, &end, self->piece->str, self->piece->len);
  tag_breaks (self, gtk_text_buffer_get_char_count (self->buffer));

  elapsed = g_get_monotonic_time () - start;
  if (elapsed > PIECE_MS * 1000)
    self->piece_size = MAX (self->piece_size / 2, POSTIL_VIEW_MAP_LIMIT);
  else if (elapsed < PIECE_MS * 1000 / 3)
    self->piece_size = MIN (self->piece_size * 2, MAX_PIECE);
  return more;
}

static gboolean
fill_cb (gpointer data)
{
  PostilTextFiller *self = data;
  gboolean more = insert_piece (self);

  if (!more)
    self->idle_id = 0;
  self->filled (self->data);
  return more;
}

/* Whether the buffer holds the piece already, and nothing else. */
static gboolean
is_there (PostilTextFiller *self)
{
  GtkTextIter start, end;
  g_autofree char *there = NULL;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  if ((gsize) gtk_text_iter_get_offset (&end) > self->piece->len)
    return FALSE;
  there = gtk_text_buffer_get_slice (self->buffer, &start, &end, TRUE);
  return g_str_equal (there, self->piece->str);
}

/* Returns: whether there is more. */
static gboolean
begin (PostilTextFiller *self)
{
  gboolean more = postil_view_map_read (self->map, self->piece_size, self->piece);
  GtkTextIter start, end;

  if (is_there (self))
    {
      self->n_tagged = postil_view_map_get_n_breaks (self->map);
      return more;
    }
  /* The caret is put before a line that goes again, not before the text: GTK would lay that out to
   * know where the caret is. */
  gtk_text_buffer_set_text (self->buffer, "\n", 1);
  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_place_cursor (self->buffer, &start);
  gtk_text_buffer_insert (self->buffer, &end, self->piece->str, self->piece->len);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, 0);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &end, 1);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  tag_breaks (self, gtk_text_buffer_get_char_count (self->buffer));
  postil_text_style_begin_text (&start);
  return more;
}

/* How much of @text stands before the paragraph at @offset, in code points. */
static guint
count_before (PostilText *text, guint offset)
{
  return postil_text_get_paragraph (text, postil_text_get_paragraph_at (text, offset)).start;
}

/* How much of it stands behind the paragraph that ends at @offset or later. */
static guint
count_behind (PostilText *text, guint offset)
{
  PostilSpan paragraph =
    postil_text_get_paragraph (text, postil_text_get_paragraph_at (text, offset));

  return postil_text_get_length (text) - (paragraph.start < offset ? paragraph.end : offset);
}

/**
 * postil_text_filler_new:
 * @buffer: the buffer of a view with a #PostilTextStyle, to be changed by nobody else
 * @map: what to read, from its beginning; must outlive the filler
 * @filled: called after each piece but the first
 * @data: for @filled
 *
 * Brings in the first piece, instead of what is there, and places the caret before it. If just that
 * piece is there already, nothing happens to it.
 *
 * Returns: (transfer full): what brings in the rest
 */
PostilTextFiller *
postil_text_filler_new (GtkTextBuffer *buffer,
                        PostilViewMap *map,
                        PostilTextFilledFunc filled,
                        gpointer data)
{
  PostilTextFiller *self;

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer) && map != NULL && filled != NULL, NULL);

  self = g_new0 (PostilTextFiller, 1);
  self->buffer = buffer;
  self->map = map;
  self->filled = filled;
  self->data = data;
  self->piece = g_string_new (NULL);
  self->piece_size = FIRST_PIECE;
  if (begin (self))
    self->idle_id = g_idle_add_full (PRIORITY, fill_cb, self, NULL);
  return self;
}

/**
 * postil_text_filler_free:
 * @self: (transfer full): a filler
 *
 * What is still missing stays so.
 */
void
postil_text_filler_free (PostilTextFiller *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_string_free (self->piece, TRUE);
  g_free (self);
}

/**
 * postil_text_filler_is_running:
 *
 * Returns: whether there is more to come
 */
gboolean
postil_text_filler_is_running (PostilTextFiller *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->idle_id != 0;
}

/**
 * postil_text_filler_finish:
 *
 * Brings in at once what is missing.
 */
void
postil_text_filler_finish (PostilTextFiller *self)
{
  g_return_if_fail (self != NULL);

  if (self->idle_id == 0)
    return;
  g_clear_handle_id (&self->idle_id, g_source_remove);
  while (insert_piece (self))
    continue;
}

/**
 * postil_text_filler_replace:
 * @self: a filler that has finished
 * @map: another text, to be read from its beginning; must outlive the filler
 *
 * Goes over to another text. Only the paragraphs that differ are taken out and put in, so that all
 * others keep their layout, and marks in them their places.
 *
 * Returns: how much came in, in code points
 */
guint
postil_text_filler_replace (PostilTextFiller *self, PostilViewMap *map)
{
  PostilText *before, *after;
  GtkTextIter start, end;
  PostilSpan old_part, part;
  guint n_before, n_behind;

  g_return_val_if_fail (self != NULL && map != NULL && self->idle_id == 0, 0);

  before = postil_view_map_get_text (self->map);
  after = postil_view_map_get_text (map);
  while (postil_view_map_read (map, MAX_PIECE, NULL))
    continue;

  postil_text_compare (before, after, &n_before, &n_behind);
  n_behind = MIN (count_behind (before, postil_text_get_length (before) - n_behind),
                  count_behind (after, postil_text_get_length (after) - n_behind));
  n_before = MIN (count_before (before, n_before), count_before (after, n_before));
  part.start = postil_view_map_to_view (map, n_before);
  part.end = postil_view_map_to_view (map, postil_text_get_length (after) - n_behind);
  old_part.start = postil_view_map_to_view (self->map, n_before);
  old_part.end = postil_view_map_to_view (self->map, postil_text_get_length (before) - n_behind);
  g_string_truncate (self->piece, 0);
  postil_view_map_append (map, (PostilSpan){ n_before, postil_text_get_length (after) - n_behind },
                          self->piece);

  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, old_part.start);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &end, old_part.end);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  gtk_text_buffer_insert (self->buffer, &start, self->piece->str, self->piece->len);
  self->map = map;
  self->n_tagged = part.start - n_before;
  tag_breaks (self, part.end);
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  postil_text_style_begin_text (&start);
  return postil_span_length (part);
}
