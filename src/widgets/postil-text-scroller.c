/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-scroller.h"

#include <math.h>

/* Where a place is brought that was not in sight, as a share of the height, and how many frames
 * that may take; fewer where it is to be just so far below the top, which near the ends of a text
 * cannot be. */
#define SHARE 0.3
#define MAX_FRAMES 60
#define MAX_FRAMES_KEEPING 20

/* GTK lays out what is in sight at priority 108 and all the rest at 125. */
#define DEPART_PRIORITY G_PRIORITY_HIGH_IDLE
#define ARRIVE_PRIORITY 109
#define LAID_OUT_PRIORITY G_PRIORITY_LOW

/* More pixels of room than GTK lays out at a time (2,000). */
#define GROWTH_ROOM 20000

/*
 * PostilTextScroller: brings places of a text view into sight, also while GTK is still laying out
 * the text, which takes 1.5 s a MB and during which GTK by itself neither scrolls to a place nor
 * stays there. Owned by the view. Gives up when a person scrolls; one who drags the scroll bar to
 * where nothing is laid out gets as large a share of the text. It stays at a place by itself
 * only in a view without a top margin: with one GTK is off by it at every step of its layout.
 */
struct _PostilTextScroller
{
  GtkTextView *view;
  int bottom_margin;
  PostilTextScrolledFunc scrolled;
  gpointer data;
  guint target;
  /* Whether the target is to be just so many pixels below the top, rather than in sight. */
  gboolean keeps;
  int y;
  guint tick_id;
  guint idle_id;
  guint n_frames;
  gboolean is_moving;
  guint lost_id;
  GtkEventController *scroll;
  GtkAdjustment *adjustment;
  guint growth_id;
};

static void
get_target (PostilTextScroller *self, GtkTextIter *iter)
{
  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (self->view), iter, self->target);
}

static int
get_text_bottom (PostilTextScroller *self)
{
  GtkTextIter end;
  int y, height;

  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (self->view), &end);
  gtk_text_view_get_line_yrange (self->view, &end, &y, &height);
  return y + height;
}

/* Where the view is to be scrolled to when the target is at @location, without the room below the
 * text. */
static double
get_value (PostilTextScroller *self, const GdkRectangle *location)
{
  double page = gtk_adjustment_get_page_size (self->adjustment);
  double value = location->y - (self->keeps ? self->y : floor (SHARE * page));

  return MIN (value, MAX (get_text_bottom (self) + self->bottom_margin - page, 0));
}

static void
get_sight (PostilTextScroller *self, GdkRectangle *area, GtkTextIter *start, GtkTextIter *end)
{
  gtk_text_view_get_visible_rect (self->view, area);
  gtk_text_view_get_iter_at_location (self->view, start, area->x, area->y);
  gtk_text_view_get_iter_at_location (self->view, end, area->x + area->width,
                                      area->y + area->height - 1);
}

/* Where @place is, if one of the lines in sight holds it. Lines that were not laid out have no
 * height, so a place may seem to be in sight that is not. */
static gboolean
find_place (PostilTextScroller *self,
            const GtkTextIter *place,
            GdkRectangle *location,
            GdkRectangle *area)
{
  GtkTextIter start, end;

  get_sight (self, area, &start, &end);
  if (gtk_text_iter_compare (place, &start) < 0 || gtk_text_iter_compare (place, &end) > 0)
    return FALSE;
  gtk_text_view_get_iter_location (self->view, place, location);
  return TRUE;
}

static gboolean
is_in_sight (PostilTextScroller *self, const GtkTextIter *place)
{
  GdkRectangle location, area;

  return find_place (self, place, &location, &area) && location.y >= area.y &&
         location.y + location.height <= area.y + area.height;
}

/* Whether it is no further away than about a page. */
static gboolean
is_near (PostilTextScroller *self, const GtkTextIter *place)
{
  int offset = gtk_text_iter_get_offset (place), first, last;
  GtkTextIter start, end;
  GdkRectangle area;

  get_sight (self, &area, &start, &end);
  first = gtk_text_iter_get_offset (&start);
  last = gtk_text_iter_get_offset (&end);
  return offset >= first - (last - first) && offset <= last + (last - first);
}

static gboolean
has_arrived (PostilTextScroller *self)
{
  GdkRectangle location, area;
  GtkTextIter target;

  get_target (self, &target);
  return self->keeps
           ? find_place (self, &target, &location, &area) && area.y == get_value (self, &location)
           : is_in_sight (self, &target);
}

/* GTK scrolls to no place before it has laid out all lines, unless some line has become invalid:
 * then it first lays out what is round the place. This makes it so, and changes nothing. */
static void
nudge (PostilTextScroller *self, const GtkTextIter *place)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start = *place, end = *place;

  if (!gtk_text_iter_forward_char (&end))
    gtk_text_iter_backward_char (&start);
  gtk_text_buffer_apply_tag_by_name (buffer, "nudge", &start, &end);
  gtk_text_buffer_remove_tag_by_name (buffer, "nudge", &start, &end);
}

/* GTK has now laid out what is round the place. It may be on a slow way there, which leads astray
 * as the heights above it still grow. */
static gboolean
arrive_cb (gpointer data)
{
  PostilTextScroller *self = data;
  GdkRectangle location;
  GtkTextIter iter;

  self->idle_id = 0;
  get_target (self, &iter);
  gtk_text_view_get_iter_location (self->view, &iter, &location);
  gtk_adjustment_set_value (self->adjustment, get_value (self, &location));
  self->is_moving = FALSE;
  return G_SOURCE_REMOVE;
}

static gboolean
depart_cb (gpointer data)
{
  PostilTextScroller *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, "scroller");
  GtkTextIter iter;

  self->is_moving = TRUE;
  get_target (self, &iter);
  if (mark == NULL)
    mark = gtk_text_buffer_create_mark (buffer, "scroller", &iter, TRUE);
  gtk_text_buffer_move_mark (buffer, mark, &iter);
  gtk_text_view_scroll_to_mark (self->view, mark, 0, TRUE, 0, self->keeps ? 0 : SHARE);
  nudge (self, &iter);
  self->idle_id = g_idle_add_full (ARRIVE_PRIORITY, arrive_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  PostilTextScroller *self = data;

  if (self->adjustment == NULL || has_arrived (self) ||
      self->n_frames > (self->keeps ? MAX_FRAMES_KEEPING : MAX_FRAMES))
    {
      self->tick_id = 0;
      return G_SOURCE_REMOVE;
    }
  /* What one frame brought about is seen after the next. It must not be done within a frame, where
   * widgets already have their places. */
  if (self->n_frames++ % 2 == 0 && self->idle_id == 0)
    self->idle_id = g_idle_add_full (DEPART_PRIORITY, depart_cb, self, NULL);
  return G_SOURCE_CONTINUE;
}

static void upper_cb (PostilTextScroller *self);

/* Has scrolling end where the text does. The view's margin stays as large as the room was: GTK
 * would lay out the whole text anew for another one. */
static void
hide_room (PostilTextScroller *self)
{
  double end = get_text_bottom (self) + self->bottom_margin;

  g_signal_handlers_block_by_func (self->adjustment, upper_cb, self);
  gtk_adjustment_set_upper (self->adjustment,
                            MAX (end, gtk_adjustment_get_page_size (self->adjustment)));
  g_signal_handlers_unblock_by_func (self->adjustment, upper_cb, self);
  /* It is not kept below a new upper end by itself. */
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_value (self->adjustment));
}

static gboolean
growth_ended_cb (gpointer data)
{
  PostilTextScroller *self = data;

  self->growth_id = 0;
  if (self->adjustment != NULL)
    hide_room (self);
  return G_SOURCE_REMOVE;
}

/* A person scrolls. */
static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, PostilTextScroller *self)
{
  postil_text_scroller_stop (self);
  self->scrolled (self->data);
  return GDK_EVENT_PROPAGATE;
}

/* Whether nothing is in sight but the room below the text. */
static gboolean
is_below_text (PostilTextScroller *self)
{
  GdkRectangle area;

  gtk_text_view_get_visible_rect (self->view, &area);
  return area.y > get_text_bottom (self);
}

/* A person dragged the scroll bar there: GTK would by now have laid out a place of its own choice.
 */
static gboolean
lost_cb (gpointer data)
{
  PostilTextScroller *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  double share, range;

  self->lost_id = 0;
  if (self->adjustment == NULL || !is_below_text (self))
    return G_SOURCE_REMOVE;
  range =
    gtk_adjustment_get_upper (self->adjustment) - gtk_adjustment_get_page_size (self->adjustment);
  share = CLAMP (gtk_adjustment_get_value (self->adjustment) / range, 0, 1);
  self->scrolled (self->data);
  postil_text_scroller_keep (self, (guint) (share * gtk_text_buffer_get_char_count (buffer)), 0);
  return G_SOURCE_REMOVE;
}

static void
value_cb (PostilTextScroller *self)
{
  if (self->growth_id != 0 && self->lost_id == 0 && !self->is_moving && is_below_text (self))
    self->lost_id = g_idle_add_full (ARRIVE_PRIORITY, lost_cb, self, NULL);
}

/* GTK set it, with the room. */
static void
upper_cb (PostilTextScroller *self)
{
  if (self->growth_id == 0)
    hide_room (self);
}

static void
set_adjustment (PostilTextScroller *self, GtkAdjustment *adjustment)
{
  if (adjustment == self->adjustment)
    return;
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_set_object (&self->adjustment, adjustment);
  if (adjustment != NULL)
    {
      g_signal_connect_swapped (adjustment, "notify::upper", G_CALLBACK (upper_cb), self);
      g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (value_cb), self);
      upper_cb (self);
    }
}

static void
vadjustment_cb (PostilTextScroller *self)
{
  set_adjustment (self, gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)));
}

/**
 * postil_text_scroller_new:
 * @view: the view to scroll, which must outlive the scroller
 * @bottom_margin: the margin below its text, in pixels
 * @scrolled: called when a person scrolls
 * @data: for @scrolled
 *
 * Returns: (transfer full): a scroller
 */
PostilTextScroller *
postil_text_scroller_new (GtkTextView *view,
                          int bottom_margin,
                          PostilTextScrolledFunc scrolled,
                          gpointer data)
{
  PostilTextScroller *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && scrolled != NULL, NULL);

  self = g_new0 (PostilTextScroller, 1);
  self->view = view;
  self->bottom_margin = bottom_margin;
  self->scrolled = scrolled;
  self->data = data;
  gtk_text_view_set_bottom_margin (view, bottom_margin);
  gtk_text_buffer_create_tag (gtk_text_view_get_buffer (view), "nudge", "scale", 1.0, NULL);
  g_signal_connect_swapped (view, "notify::vadjustment", G_CALLBACK (vadjustment_cb), self);
  vadjustment_cb (self);
  self->scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  gtk_event_controller_set_propagation_phase (self->scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (self->scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (view), self->scroll);
  return self;
}

/**
 * postil_text_scroller_free:
 * @self: (transfer full): a scroller
 */
void
postil_text_scroller_free (PostilTextScroller *self)
{
  g_return_if_fail (self != NULL);

  postil_text_scroller_stop (self);
  g_clear_handle_id (&self->growth_id, g_source_remove);
  g_clear_handle_id (&self->lost_id, g_source_remove);
  set_adjustment (self, NULL);
  gtk_widget_remove_controller (GTK_WIDGET (self->view), self->scroll);
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_free (self);
}

/**
 * postil_text_scroller_go_to:
 * @offset: a place in the view's buffer, in code points
 *
 * Brings @offset into sight, if it is not, as soon as the view is on the screen.
 */
void
postil_text_scroller_go_to (PostilTextScroller *self, guint offset)
{
  g_return_if_fail (self != NULL);

  postil_text_scroller_stop (self);
  self->target = offset;
  self->keeps = FALSE;
  self->n_frames = 0;
  self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), tick_cb, self, NULL);
}

/**
 * postil_text_scroller_keep:
 * @offset: a place in the view's buffer, in code points
 * @y: how far below the top of what is in sight it was, in pixels
 *
 * Brings @offset back to where it was seen before the buffer changed, without a frame that shows it
 * elsewhere if that can be.
 */
void
postil_text_scroller_keep (PostilTextScroller *self, guint offset, int y)
{
  g_return_if_fail (self != NULL);

  postil_text_scroller_go_to (self, offset);
  self->keeps = TRUE;
  self->y = y;
  if (self->adjustment != NULL)
    depart_cb (self);
}

/**
 * postil_text_scroller_is_running:
 *
 * Returns: whether it is on its way
 */
gboolean
postil_text_scroller_is_running (PostilTextScroller *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->tick_id != 0;
}

/**
 * postil_text_scroller_is_laying_out:
 *
 * Returns: whether GTK has not laid out all of the text since postil_text_scroller_make_room()
 */
gboolean
postil_text_scroller_is_laying_out (PostilTextScroller *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->growth_id != 0;
}

/**
 * postil_text_scroller_stop:
 *
 * Stays where the view is, as a person wants it.
 */
void
postil_text_scroller_stop (PostilTextScroller *self)
{
  g_return_if_fail (self != NULL);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick_id);
  self->tick_id = 0;
  self->is_moving = FALSE;
  g_clear_handle_id (&self->idle_id, g_source_remove);
}

/**
 * postil_text_scroller_follow:
 * @place: where GTK was asked to scroll
 *
 * Has GTK scroll there if it is not there yet, also while it still lays out the text. If that is
 * far, where GTK may go astray, it goes there itself.
 */
void
postil_text_scroller_follow (PostilTextScroller *self, const GtkTextIter *place)
{
  g_return_if_fail (self != NULL && place != NULL);

  postil_text_scroller_stop (self);
  if (is_in_sight (self, place))
    return;
  if (!is_near (self, place))
    postil_text_scroller_go_to (self, gtk_text_iter_get_offset (place));
  nudge (self, place);
}

/**
 * postil_text_scroller_make_room:
 *
 * To be called when a long text is to be laid out, and again when more of it comes in. While GTK
 * lays out lines above what is in sight it scrolls along, but no further than the height reached
 * before: text near the end would run away. So there is room below it until all is laid out.
 */
void
postil_text_scroller_make_room (PostilTextScroller *self)
{
  g_return_if_fail (self != NULL);

  gtk_text_view_set_bottom_margin (self->view, GROWTH_ROOM);
  if (self->growth_id == 0)
    self->growth_id = g_idle_add_full (LAID_OUT_PRIORITY, growth_ended_cb, self, NULL);
}
