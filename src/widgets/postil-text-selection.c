/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-selection.h"

/* How long a selection made with keys must rest, in milliseconds, to count as made. */
#define SETTLE_MS 250

/**
 * PostilTextSelection:
 *
 * What is selected in a text view, as a range of the text; owned by the view. GTK selects, in its
 * buffer; this widens what was selected with the pointer to whole graphemes or words, tells when a
 * person is done, and gives away as selected only what the text has: no line feeds that the view
 * adds.
 */
struct _PostilTextSelection
{
  GObject parent_instance;

  GtkTextView *view;
  PostilText *text;
  PostilViewMap *map;
  gboolean snap_to_words;

  gboolean is_selecting;
  gboolean is_pressed;
  gboolean is_dragged;
  gboolean keeps_ends;
  double press_x;
  double press_y;
  gboolean was_selected;
  guint settle_id;
  guint release_id;
};

G_DEFINE_FINAL_TYPE (PostilTextSelection, postil_text_selection, G_TYPE_OBJECT)

enum
{
  SETTLED,
  CLICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkTextBuffer *
get_buffer (PostilTextSelection *self)
{
  return gtk_text_view_get_buffer (self->view);
}

/* As soon as GTK is done with an event, and long before it is done with laying out. */
static guint
call_soon (PostilTextSelection *self, GSourceFunc callback)
{
  return g_idle_add_full (G_PRIORITY_HIGH_IDLE, callback, self, NULL);
}

static void
select_range (PostilTextSelection *self, PostilSpan span, gboolean caret_at_start)
{
  PostilSpan view = postil_view_map_span_to_view (self->map, span);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &start, view.start);
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &end, view.end);
  self->is_selecting = TRUE;
  if (caret_at_start)
    gtk_text_buffer_select_range (get_buffer (self), &start, &end);
  else
    gtk_text_buffer_select_range (get_buffer (self), &end, &start);
  self->is_selecting = FALSE;
}

static void
settle (PostilTextSelection *self)
{
  gboolean is_selected = postil_text_selection_get (self, NULL);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (is_selected)
    postil_text_selection_copy (self, gtk_widget_get_primary_clipboard (GTK_WIDGET (self->view)));
  if (is_selected || self->was_selected)
    {
      self->was_selected = is_selected;
      g_signal_emit (self, signals[SETTLED], 0);
    }
}

static gboolean
settle_cb (gpointer data)
{
  PostilTextSelection *self = data;

  self->settle_id = 0;
  settle (self);
  return G_SOURCE_REMOVE;
}

static void
mark_set_cb (GtkTextBuffer *buffer, GtkTextIter *iter, GtkTextMark *mark, PostilTextSelection *self)
{
  /* GTK's own word for it comes only after this signal. */
  gboolean is_selected = gtk_text_buffer_get_selection_bounds (buffer, NULL, NULL);

  if ((mark != gtk_text_buffer_get_insert (buffer) &&
       mark != gtk_text_buffer_get_selection_bound (buffer)) ||
      self->is_pressed || (self->is_selecting && is_selected))
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (is_selected)
    self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
  else if (self->was_selected)
    self->settle_id = call_soon (self, settle_cb);
}

static void
widen (PostilTextSelection *self)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter caret, start;
  PostilSpan span;

  if (!postil_text_selection_get (self, &span))
    return;
  if (self->snap_to_words && !self->keeps_ends)
    span = postil_text_snap_to_words (self->text, span);
  gtk_text_buffer_get_iter_at_mark (buffer, &caret, gtk_text_buffer_get_insert (buffer));
  gtk_text_buffer_get_selection_bounds (buffer, &start, NULL);
  select_range (self, span, gtk_text_iter_equal (&caret, &start));
}

/* Once GTK's own gestures have seen the release. */
static gboolean
released_cb (gpointer data)
{
  PostilTextSelection *self = data;

  self->release_id = 0;
  if (self->text == NULL)
    return G_SOURCE_REMOVE;
  widen (self);
  settle (self);
  if (!self->is_dragged && !gtk_text_buffer_get_has_selection (get_buffer (self)))
    g_signal_emit (self, signals[CLICKED], 0, self->press_x, self->press_y);
  return G_SOURCE_REMOVE;
}

static void
get_widget_position (PostilTextSelection *self, GdkEvent *event, double *x, double *y)
{
  GtkWidget *widget = GTK_WIDGET (self->view);
  GtkNative *native = gtk_widget_get_native (widget);
  double native_x, native_y;

  *x = *y = 0;
  gdk_event_get_position (event, x, y);
  gtk_native_get_surface_transform (native, &native_x, &native_y);
  gtk_widget_translate_coordinates (GTK_WIDGET (native), widget, *x - native_x, *y - native_y, x,
                                    y);
}

/* Dragging the selection away would give it with line feeds that the text has not. */
static void
prevent_drag (PostilTextSelection *self)
{
  GtkTextIter start, end, iter;
  int x, y;

  if (self->map == NULL || postil_view_map_get_n_breaks (self->map) == 0 ||
      !gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return;
  gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, self->press_x,
                                         self->press_y, &x, &y);
  gtk_text_view_get_iter_at_location (self->view, &iter, x, y);
  if (gtk_text_iter_in_range (&iter, &start, &end))
    gtk_text_buffer_place_cursor (get_buffer (self), &iter);
}

static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, PostilTextSelection *self)
{
  double x, y;

  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
      if (gdk_button_event_get_button (event) != GDK_BUTTON_PRIMARY)
        break;
      G_GNUC_FALLTHROUGH;
    case GDK_TOUCH_BEGIN:
      get_widget_position (self, event, &x, &y);
      postil_text_selection_press (self, x, y);
      break;
    case GDK_BUTTON_RELEASE:
      if (gdk_button_event_get_button (event) != GDK_BUTTON_PRIMARY)
        break;
      G_GNUC_FALLTHROUGH;
    case GDK_TOUCH_END:
      get_widget_position (self, event, &x, &y);
      postil_text_selection_release (self, x, y, gdk_event_get_modifier_state (event));
      break;
    case GDK_TOUCH_CANCEL:
    case GDK_GRAB_BROKEN:
    case GDK_KEY_PRESS:
      self->is_pressed = FALSE;
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

/* GTK would offer what has line feeds that the text has not. */
static void
realize_cb (PostilTextSelection *self)
{
  gtk_text_buffer_remove_selection_clipboard (
    get_buffer (self), gtk_widget_get_primary_clipboard (GTK_WIDGET (self->view)));
}

/* It takes back what it put there. */
static void
unrealize_cb (PostilTextSelection *self)
{
  gtk_text_buffer_add_selection_clipboard (
    get_buffer (self), gtk_widget_get_primary_clipboard (GTK_WIDGET (self->view)));
}

static void
postil_text_selection_dispose (GObject *object)
{
  PostilTextSelection *self = POSTIL_TEXT_SELECTION (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->release_id, g_source_remove);
  G_OBJECT_CLASS (postil_text_selection_parent_class)->dispose (object);
}

static void
postil_text_selection_class_init (PostilTextSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = postil_text_selection_dispose;

  /**
   * PostilTextSelection::settled:
   *
   * A person ended selecting, by releasing the pointer or by resting on the keys, or the selection
   * went.
   */
  signals[SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  /**
   * PostilTextSelection::clicked:
   * @x: where, in the coordinates of the view
   * @y: the same
   *
   * A person pressed and released at one place, and nothing is selected.
   */
  signals[CLICKED] = g_signal_new ("clicked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
postil_text_selection_init (PostilTextSelection *self)
{
}

/**
 * postil_text_selection_new:
 * @view: the view, which must outlive the selection
 *
 * Returns: (transfer full): the selection of @view
 */
PostilTextSelection *
postil_text_selection_new (GtkTextView *view)
{
  PostilTextSelection *self;
  GtkEventController *events;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_object_new (POSTIL_TYPE_TEXT_SELECTION, NULL);
  self->view = view;
  g_signal_connect_object (get_buffer (self), "mark-set", G_CALLBACK (mark_set_cb), self, 0);
  g_signal_connect_object (view, "realize", G_CALLBACK (realize_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "unrealize", G_CALLBACK (unrealize_cb), self, G_CONNECT_SWAPPED);
  events = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (view), events);
  return self;
}

/**
 * postil_text_selection_set_text:
 * @text: (nullable): what is shown
 * @map: (nullable): what of it the view's buffer shows; both must stay until others are set
 *
 * To be called before the buffer changes.
 */
void
postil_text_selection_set_text (PostilTextSelection *self, PostilText *text, PostilViewMap *map)
{
  g_return_if_fail (POSTIL_IS_TEXT_SELECTION (self) && (text != NULL) == (map != NULL));

  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->release_id, g_source_remove);
  self->text = text;
  self->map = map;
}

/**
 * postil_text_selection_set_snap_to_words:
 * @snap_to_words: whether what is selected with the pointer grows to whole words, unless Alt is
 * held when it is released
 */
void
postil_text_selection_set_snap_to_words (PostilTextSelection *self, gboolean snap_to_words)
{
  g_return_if_fail (POSTIL_IS_TEXT_SELECTION (self));

  self->snap_to_words = snap_to_words;
}

/**
 * postil_text_selection_get:
 * @span: (out) (optional): what is selected, in code points, never cutting a grapheme
 *
 * Returns: whether anything is
 */
gboolean
postil_text_selection_get (PostilTextSelection *self, PostilSpan *span)
{
  GtkTextIter start, end;
  PostilSpan selected;

  g_return_val_if_fail (POSTIL_IS_TEXT_SELECTION (self), FALSE);

  if (self->text == NULL || !gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return FALSE;
  selected.start = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&start));
  selected.end = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&end));
  selected = postil_text_snap_to_graphemes (self->text, selected);
  if (span != NULL)
    *span = selected;
  return selected.end > selected.start;
}

/**
 * postil_text_selection_get_area:
 * @area: (out): where the selection is, as far as it is in sight, in the view's own coordinates
 *
 * Returns: whether anything is selected and in sight
 */
gboolean
postil_text_selection_get_area (PostilTextSelection *self, GdkRectangle *area)
{
  GtkTextIter start, end;
  GdkRectangle first, last, visible;

  g_return_val_if_fail (POSTIL_IS_TEXT_SELECTION (self) && area != NULL, FALSE);

  if (!gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return FALSE;
  gtk_text_view_get_iter_location (self->view, &start, &first);
  gtk_text_view_get_iter_location (self->view, &end, &last);
  gtk_text_view_get_visible_rect (self->view, &visible);
  first.width = last.width = 1;
  if (first.y == last.y)
    gdk_rectangle_union (&first, &last, area);
  else
    {
      /* Over several lines it is as wide as the text. */
      area->x = visible.x + gtk_text_view_get_left_margin (self->view);
      area->width = visible.width - gtk_text_view_get_left_margin (self->view) -
                    gtk_text_view_get_right_margin (self->view);
      area->y = first.y;
      area->height = last.y + last.height - first.y;
    }
  if (!gdk_rectangle_intersect (area, &visible, area))
    return FALSE;
  gtk_text_view_buffer_to_window_coords (self->view, GTK_TEXT_WINDOW_WIDGET, area->x, area->y,
                                         &area->x, &area->y);
  return TRUE;
}

/**
 * postil_text_selection_set:
 * @span: what to select, in code points; it must be in the buffer
 * @caret_at_start: at which end of it the caret is to be
 *
 * Nobody is told, unless the selection goes.
 */
void
postil_text_selection_set (PostilTextSelection *self, PostilSpan span, gboolean caret_at_start)
{
  g_return_if_fail (POSTIL_IS_TEXT_SELECTION (self));
  g_return_if_fail (self->map != NULL && span.end <= postil_view_map_get_length (self->map));

  select_range (self, span, caret_at_start);
}

/**
 * postil_text_selection_copy:
 * @clipboard: where to put the text that is selected, if any is
 */
void
postil_text_selection_copy (PostilTextSelection *self, GdkClipboard *clipboard)
{
  g_autofree char *copy = NULL;
  PostilSpan span;

  g_return_if_fail (POSTIL_IS_TEXT_SELECTION (self) && GDK_IS_CLIPBOARD (clipboard));

  if (!postil_text_selection_get (self, &span))
    return;
  copy = postil_text_dup_range (self->text, span);
  gdk_clipboard_set_text (clipboard, copy);
}

/**
 * postil_text_selection_press:
 * @x: where, in the coordinates of the view
 * @y: the same
 *
 * A person pressed the pointer: the selection is not made before it is released.
 */
void
postil_text_selection_press (PostilTextSelection *self, double x, double y)
{
  g_return_if_fail (POSTIL_IS_TEXT_SELECTION (self));

  self->press_x = x;
  self->press_y = y;
  self->is_pressed = TRUE;
  self->is_dragged = FALSE;
  prevent_drag (self);
}

/**
 * postil_text_selection_release:
 * @x: where, in the coordinates of the view
 * @y: the same
 * @modifiers: the keys that are held; Alt keeps the ends of the selection
 *
 * A person released the pointer: what GTK then has selected is widened.
 */
void
postil_text_selection_release (PostilTextSelection *self,
                               double x,
                               double y,
                               GdkModifierType modifiers)
{
  g_return_if_fail (POSTIL_IS_TEXT_SELECTION (self));

  self->is_pressed = FALSE;
  self->is_dragged =
    gtk_drag_check_threshold (GTK_WIDGET (self->view), self->press_x, self->press_y, x, y);
  self->keeps_ends = (modifiers & GDK_ALT_MASK) != 0;
  if (self->release_id == 0)
    self->release_id = call_soon (self, released_cb);
}
