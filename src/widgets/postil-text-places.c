/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-places.h"

#include <math.h>

/*
 * Where places of a text are on the screen. All y are the view's own, in pixels from its top. A
 * place is an offset in code points with a fraction: from the top of a display line to that of the
 * next one it grows evenly from the one line's first character to the other's, so that a text that
 * is moved by a pixel is moved by a part of a line.
 */

/* A display line with the space below it. */
typedef struct
{
  PostilSpan span;
  int top;
  int bottom;
} Line;

static double
to_buffer_y (GtkTextView *view, double y)
{
  GdkRectangle area;

  gtk_text_view_get_visible_rect (view, &area);
  return area.y + y;
}

static Line
measure_line (GtkTextView *view, PostilViewMap *map, const GtkTextIter *place)
{
  GtkTextIter start = *place, next;
  GdkRectangle location;
  Line line;

  if (!gtk_text_view_starts_display_line (view, &start))
    gtk_text_view_backward_display_line_start (view, &start);
  gtk_text_view_get_iter_location (view, &start, &location);
  line.span.start = postil_view_map_to_text (map, gtk_text_iter_get_offset (&start));
  line.top = location.y;
  /* A line that is not laid out yet seems to have no height. */
  line.bottom = location.y + MAX (location.height, 1);
  next = start;
  if (gtk_text_view_forward_display_line (view, &next) && gtk_text_iter_compare (&next, &start) > 0)
    {
      gtk_text_view_get_iter_location (view, &next, &location);
      line.bottom = MAX (line.bottom, location.y);
    }
  else
    gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (view), &next);
  line.span.end = postil_view_map_to_text (map, gtk_text_iter_get_offset (&next));
  return line;
}

/**
 * postil_text_places_get_visible:
 * @view: a text view that is on the screen
 * @map: what it shows
 *
 * Returns: what of the text is in sight, in code points
 */
PostilSpan
postil_text_places_get_visible (GtkTextView *view, PostilViewMap *map)
{
  GdkRectangle area;
  GtkTextIter start, end;
  PostilSpan span;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && map != NULL, (PostilSpan){ 0 });

  gtk_text_view_get_visible_rect (view, &area);
  gtk_text_view_get_iter_at_location (view, &start, area.x, area.y);
  gtk_text_view_get_iter_at_location (view, &end, area.x + area.width, area.y + area.height - 1);
  /* Of a right-to-left line that was its other end. */
  if (!gtk_text_view_starts_display_line (view, &start))
    gtk_text_view_backward_display_line_start (view, &start);
  gtk_text_view_forward_display_line_end (view, &end);
  span.start = postil_view_map_to_text (map, gtk_text_iter_get_offset (&start));
  span.end = postil_view_map_to_text (map, gtk_text_iter_get_offset (&end));
  return (PostilSpan){ span.start, MAX (span.start, span.end) };
}

/**
 * postil_text_places_get_line:
 * @view: a text view that is on the screen
 * @map: what it shows
 * @offset: a place in the text, in code points
 * @y: (out): the top of its display line
 * @height: (out): the height of its display line; 0 when it is far out of sight
 *
 * Returns: whether that line is in sight, at least in part; otherwise @y is negative when it is
 *   above, and the view's height or more when it is below
 */
gboolean
postil_text_places_get_line (GtkTextView *view,
                             PostilViewMap *map,
                             guint offset,
                             int *y,
                             int *height)
{
  GdkRectangle area, location;
  GtkTextIter iter, first, last;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && map != NULL, FALSE);
  g_return_val_if_fail (y != NULL && height != NULL, FALSE);

  gtk_text_view_get_visible_rect (view, &area);
  gtk_text_view_get_line_at_y (view, &first, area.y, NULL);
  gtk_text_view_get_line_at_y (view, &last, area.y + area.height - 1, NULL);
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &iter,
                                      postil_view_map_to_view (map, offset));
  *height = 0;
  /* Lines out of sight may not be laid out: only their order is known. */
  if (gtk_text_iter_get_line (&iter) < gtk_text_iter_get_line (&first))
    *y = -1;
  else if (gtk_text_iter_get_line (&iter) > gtk_text_iter_get_line (&last) ||
           offset > postil_view_map_get_length (map))
    *y = area.height;
  else
    {
      gtk_text_view_get_iter_location (view, &iter, &location);
      *y = location.y - area.y;
      *height = location.height;
    }
  return *y + *height > 0 && *y < area.height;
}

/**
 * postil_text_places_get_at:
 * @view: a text view that is on the screen
 * @map: what it shows
 * @y: some height
 *
 * Returns: the place that is there
 */
double
postil_text_places_get_at (GtkTextView *view, PostilViewMap *map, double y)
{
  GtkTextIter iter;
  Line line;
  double share;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && map != NULL, 0);

  y = to_buffer_y (view, y);
  gtk_text_view_get_iter_at_location (view, &iter, 0, (int) floor (y));
  line = measure_line (view, map, &iter);
  /* The space above a paragraph goes with the line before it. */
  if (y < line.top && gtk_text_view_backward_display_line (view, &iter))
    line = measure_line (view, map, &iter);
  share = CLAMP ((y - line.top) / (line.bottom - line.top), 0, 1);
  return line.span.start + share * postil_span_length (line.span);
}

/**
 * postil_text_places_get_y:
 * @view: a text view that is on the screen
 * @map: what it shows
 * @place: a place
 *
 * Returns: the height at which it is, if all text above it has been laid out
 */
double
postil_text_places_get_y (GtkTextView *view, PostilViewMap *map, double place)
{
  GtkTextIter iter;
  Line line;
  double share = 1;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && map != NULL, 0);

  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (view), &iter,
                                      postil_view_map_to_view (map, (guint) floor (place)));
  line = measure_line (view, map, &iter);
  if (line.span.end > line.span.start)
    share = CLAMP ((place - line.span.start) / postil_span_length (line.span), 0, 1);
  return line.top + share * (line.bottom - line.top) - to_buffer_y (view, 0);
}
