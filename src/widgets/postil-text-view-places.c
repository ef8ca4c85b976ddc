/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-view-private.h"

#include <math.h>

#include "postil-text-places.h"

/* How often it is tried at once to bring a place to a height. */
#define MAX_STEPS 4

void
postil_text_view_get_caret_iter (PostilTextView *self, GtkTextIter *iter)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));

  gtk_text_buffer_get_iter_at_mark (buffer, iter, gtk_text_buffer_get_insert (buffer));
}

/* How far below the top of what is in sight @offset is, in pixels. */
int
postil_text_view_get_y_in_sight (PostilTextView *self, guint offset)
{
  GdkRectangle location, area;
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self)), &iter,
                                      postil_view_map_to_view (self->map, offset));
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), &iter, &location);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self), &area);
  return location.y - area.y;
}

/**
 * postil_text_view_get_caret:
 *
 * Returns: where the caret is, in code points
 */
guint
postil_text_view_get_caret (PostilTextView *self)
{
  GtkTextIter iter;

  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), 0);

  postil_text_view_get_caret_iter (self, &iter);
  return self->map != NULL ? postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&iter))
                           : 0;
}

/**
 * postil_text_view_get_selection:
 * @span: (out) (optional): what is selected, in code points, never cutting a grapheme
 *
 * Returns: whether anything is
 */
gboolean
postil_text_view_get_selection (PostilTextView *self, PostilSpan *span)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), FALSE);

  return postil_text_selection_get (self->selection, span);
}

/**
 * postil_text_view_get_selection_area:
 * @area: (out): where the selection is, as far as it is in sight, in the view's own coordinates
 *
 * Returns: whether anything is selected and in sight
 */
gboolean
postil_text_view_get_selection_area (PostilTextView *self, GdkRectangle *area)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self) && area != NULL, FALSE);

  return postil_text_selection_get_area (self->selection, area);
}

/**
 * postil_text_view_select:
 * @span: what to select, in code points; an empty one only places the caret
 *
 * Selects as soon as that part of the text is there. Does not scroll, nor emit
 * #PostilTextView::selection-settled, unless the selection goes.
 */
void
postil_text_view_select (PostilTextView *self, PostilSpan span)
{
  PostilText *text;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));

  if (self->document == NULL)
    return;
  text = postil_document_get_text (self->document);
  g_return_if_fail (span.start <= span.end && span.end <= postil_text_get_length (text));

  postil_text_loading_select (self->loading, postil_text_snap_to_graphemes (text, span));
}

/**
 * postil_text_view_scroll_to:
 * @offset: a place in the text, in code points
 *
 * Brings @offset into sight, if it is not, as soon as the text is there and the view on the screen.
 */
void
postil_text_view_scroll_to (PostilTextView *self, guint offset)
{
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));

  if (self->document == NULL)
    return;
  g_return_if_fail (offset <= postil_text_get_length (postil_document_get_text (self->document)));

  g_signal_emit_by_name (self, "scroll-asked");
  postil_text_loading_scroll_to (self->loading, offset);
}

/**
 * postil_text_view_get_visible_span:
 *
 * Returns: what of the text was in sight when it was last drawn, in code points
 */
PostilSpan
postil_text_view_get_visible_span (PostilTextView *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), (PostilSpan){ 0 });

  if (self->is_drawn)
    self->visible = postil_text_places_get_visible (GTK_TEXT_VIEW (self), self->map);
  self->is_drawn = FALSE;
  return self->visible;
}

/**
 * postil_text_view_list_at_caret:
 *
 * Returns: (transfer full) (element-type PostilAnnotation): the annotations of the character after
 * the caret, or else of the one before it, in reading order
 */
GPtrArray *
postil_text_view_list_at_caret (PostilTextView *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), NULL);

  return postil_text_hits_list_at_caret (self->hits);
}

/**
 * postil_text_view_get_line:
 * @offset: a place in the text, in code points
 * @y: (out): the top of its display line, in the view's own coordinates
 * @height: (out): the height of its display line, in pixels; 0 when it is far out of sight
 *
 * Returns: whether it is in sight, at least in part; otherwise @y is negative when it is above, and
 *   the view's height or more when it is below
 */
gboolean
postil_text_view_get_line (PostilTextView *self, guint offset, int *y, int *height)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self) && y != NULL && height != NULL, FALSE);

  *y = -1;
  *height = 0;
  return self->map != NULL &&
         postil_text_places_get_line (GTK_TEXT_VIEW (self), self->map, offset, y, height);
}

/**
 * postil_text_view_get_place:
 * @y: a height in the view's own coordinates, in pixels
 *
 * Returns: the place that is there, in code points, with a fraction that grows evenly from line to
 *   line
 */
double
postil_text_view_get_place (PostilTextView *self, double y)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), 0);

  return self->map != NULL ? postil_text_places_get_at (GTK_TEXT_VIEW (self), self->map, y) : 0;
}

/**
 * postil_text_view_get_place_y:
 * @place: as postil_text_view_get_place() tells
 *
 * Returns: the height where it is, in the view's own coordinates, in pixels; certain for what is in
 *   sight or near, for GTK may not have laid out the rest
 */
double
postil_text_view_get_place_y (PostilTextView *self, double place)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), 0);

  return self->map != NULL ? postil_text_places_get_y (GTK_TEXT_VIEW (self), self->map, place) : 0;
}

/**
 * postil_text_view_bring:
 * @place: as postil_text_view_get_place() tells
 * @y: a height in the view's own coordinates, in pixels
 *
 * Scrolls so that @place is at @y, or as near as the ends of the text allow; within this frame if
 * that can be; what GTK has not laid out yet, only to within its line. Does not tell
 * #PostilTextView::scroll-asked.
 */
void
postil_text_view_bring (PostilTextView *self, double place, double y)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkAdjustment *adjustment;
  guint offset = place;
  double rest;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self) && place >= 0);

  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self));
  if (self->map == NULL || adjustment == NULL)
    return;
  postil_text_loading_forget_target (self->loading);
  postil_text_scroller_stop (self->scroller);
  /* Lines that come into sight are laid out at once, which may move them. */
  for (guint i = 0; i < MAX_STEPS; i++)
    {
      double value = gtk_adjustment_get_value (adjustment);

      rest = postil_text_places_get_y (view, self->map, place) - y;
      if (fabs (rest) < 1)
        return;
      gtk_adjustment_set_value (adjustment, round (value + rest));
      if (gtk_adjustment_get_value (adjustment) == value)
        break;
    }
  /* Below there may be more text than GTK knows of yet. */
  if (rest > 0 &&
      postil_text_places_get_visible (view, self->map).end < postil_view_map_get_length (self->map))
    {
      /* The scroller counts from the top of the line that the place is in. */
      double drop = postil_text_places_get_y (view, self->map, place) -
                    postil_text_view_get_y_in_sight (self, offset);

      postil_text_scroller_keep (self->scroller, postil_view_map_to_view (self->map, offset),
                                 (int) round (y - drop));
    }
}
