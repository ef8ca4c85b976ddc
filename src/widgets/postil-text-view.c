/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-view.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "postil-annotation-phrase.h"
#include "postil-highlights.h"
#include "postil-palette.h"
#include "postil-view-map.h"

/* Least space beside the text, and between it and the paragraph numbers, in pixels. */
#define MARGIN 24
#define NUMBER_GAP 12

/* Longest line that reads well, in average characters. */
#define MAX_LINE_CHARACTERS 84

/* Least width to ask for, in pixels. */
#define MIN_WIDTH 120

/* Height of the font that the finest mark is one pixel thick at. */
#define UNIT_FONT_HEIGHT 16.0

/* Text enters the buffer in pieces of so many bytes, each of which should take half of 8 ms at
 * most. GTK lays out lines at priority 125; pieces that come after that starve. */
#define FIRST_PIECE (64 * 1024)
#define MAX_PIECE (256 * 1024)
#define PIECE_MS 4
#define LOAD_PRIORITY 110

/* Painted lines that are kept; far more than a screen shows. */
#define MAX_CACHED_LINES 512

/* More changes at once than this, and all lines are painted anew. */
#define MAX_SINGLE_CHANGES 64

/* How long a selection made with keys must rest, in milliseconds, to count as made. */
#define SETTLE_MS 250

/* Where a place is brought that was not in sight, as a share of the height; how many frames that may
 * take; and the priority at which GTK has just laid out what was invalid (108). */
#define SCROLL_SHARE 0.3
#define MAX_SCROLL_FRAMES 20
#define ARRIVE_PRIORITY 109

/* Texts of so many code points take GTK long to lay out; its height rests when it has not grown for so
 * many milliseconds; meanwhile it needs more pixels of room than it lays out at a time (2,000). */
#define MIN_GROWING 100000
#define GROWTH_MS 500
#define GROWTH_ROOM 20000

/**
 * PostilTextView:
 *
 * A document to be read and annotated: its text, never edited, with a caret, and below the text its
 * annotations. Follows the document and the codebook by itself and changes neither; what a person
 * does is told by signals. Nobody outside meets an offset of its buffer, which has line feeds that
 * the text has not (see PostilViewMap); for the same reason nobody else may put text into it.
 *
 * The text comes in piece by piece: until "loading" is false the end is missing, and what is to be
 * selected or scrolled to waits for its part. Lines are painted when they come into sight and kept
 * until something on them changes.
 */
struct _PostilTextView
{
  GtkTextView parent_instance;

  PostilDocument *document;
  PostilCodebook *codebook;
  char *current;
  gboolean snap_to_words;
  gboolean show_paragraph_numbers;
  double zoom;
  GArray *matches;

  PostilViewMap *map;
  GString *piece;
  gsize piece_size;
  guint load_id;
  gboolean selection_waits;
  PostilSpan waiting_selection;
  guint scroll_target;
  guint scroll_id;
  guint arrive_id;
  guint n_scroll_frames;
  GtkAdjustment *adjustment;
  double upper;
  gboolean is_making_room;
  guint growth_id;

  GtkCssProvider *zoom_provider;
  PostilPalette *palette;
  GHashTable *lines;
  int unit;
  PostilSpan visible;

  gboolean is_selecting;
  gboolean is_pressed;
  gboolean is_dragged;
  gboolean keeps_ends;
  double press_x;
  double press_y;
  gboolean was_selected;
  guint settle_id;
  guint release_id;
  guint caret_id;
  guint moved_id;
};

G_DEFINE_FINAL_TYPE (PostilTextView, postil_text_view, GTK_TYPE_TEXT_VIEW)

enum
{
  PROP_DOCUMENT = 1,
  PROP_CODEBOOK,
  PROP_CURRENT,
  PROP_SNAP_TO_WORDS,
  PROP_SHOW_PARAGRAPH_NUMBERS,
  PROP_ZOOM,
  PROP_LOADING,
  N_PROPERTIES
};

enum
{
  SELECTION_SETTLED,
  ANNOTATIONS_ACTIVATED,
  CARET_MOVED,
  VIEW_MOVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/* What was painted of a line; the height tells when GTK laid it out anew. */
typedef struct
{
  GskRenderNode *node;
  int height;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_clear_pointer (&line->node, gsk_render_node_unref);
  g_free (line);
}

static GtkTextBuffer *
get_buffer (PostilTextView *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
}

static guint
get_text_offset (PostilTextView *self, const GtkTextIter *iter)
{
  return self->map != NULL ? postil_view_map_to_text (self->map, gtk_text_iter_get_offset (iter))
                           : 0;
}

static void
get_iter (PostilTextView *self, GtkTextIter *iter, guint offset)
{
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), iter,
                                      postil_view_map_to_view (self->map, offset));
}

static void
get_caret_iter (PostilTextView *self, GtkTextIter *iter)
{
  GtkTextBuffer *buffer = get_buffer (self);

  gtk_text_buffer_get_iter_at_mark (buffer, iter, gtk_text_buffer_get_insert (buffer));
}

static PostilPalette *
get_palette (PostilTextView *self)
{
  if (self->palette == NULL)
    self->palette = postil_palette_new_for_widget (self->codebook, GTK_WIDGET (self));
  return self->palette;
}

static GPtrArray *
list_at (PostilTextView *self, PostilSpan span)
{
  if (self->document == NULL)
    return g_ptr_array_new ();
  return postil_annotation_index_list_in (postil_document_get_annotations (self->document), span);
}

/* Painting */

static void
repaint_all (PostilTextView *self)
{
  g_hash_table_remove_all (self->lines);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
repaint_annotation (PostilTextView *self, PostilAnnotation *annotation)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);
  guint length = self->map != NULL ? postil_view_map_get_length (self->map) : 0;

  for (guint i = 0; i < n_spans; i++)
    {
      GtkTextIter iter;
      GHashTableIter lines;
      gpointer key;
      int first, last;

      if (spans[i].start > length)
        break;
      get_iter (self, &iter, spans[i].start);
      first = gtk_text_iter_get_line (&iter);
      get_iter (self, &iter, MIN (spans[i].end, length));
      last = gtk_text_iter_get_line (&iter);
      g_hash_table_iter_init (&lines, self->lines);
      while (g_hash_table_iter_next (&lines, &key, NULL))
        if (GPOINTER_TO_INT (key) >= first && GPOINTER_TO_INT (key) <= last)
          g_hash_table_iter_remove (&lines);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
repaint_current (PostilTextView *self)
{
  PostilAnnotation *annotation = NULL;

  if (self->current != NULL && self->document != NULL)
    annotation = postil_document_get_annotation (self->document, self->current);
  if (annotation != NULL)
    repaint_annotation (self, annotation);
}

/* The number stands on the baseline of the paragraph's first line. */
static void
paint_number (PostilTextView *self, const GtkTextIter *start, guint offset, GtkSnapshot *snapshot)
{
  PostilText *text = postil_document_get_text (self->document);
  guint paragraph = postil_text_get_paragraph_at (text, offset);
  g_autofree char *number = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA color = *postil_palette_get_foreground (get_palette (self));
  GdkRectangle location;
  int top, width;

  /* What goes on with a paragraph has no number. */
  if (postil_text_get_paragraph (text, paragraph).start != offset)
    return;

  number = g_strdup_printf ("%u", paragraph + 1);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), number);
  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), start, &location);
  gtk_text_view_get_line_yrange (GTK_TEXT_VIEW (self), start, &top, NULL);
  color.alpha = 0.6;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot,
    &GRAPHENE_POINT_INIT (gtk_text_view_get_left_margin (GTK_TEXT_VIEW (self)) - NUMBER_GAP - width,
                          location.y - top));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static GskRenderNode *
paint_line (PostilTextView *self, const GtkTextIter *start)
{
  PostilHighlights highlights = {
    .view = GTK_TEXT_VIEW (self),
    .text = postil_document_get_text (self->document),
    .annotations = postil_document_get_annotations (self->document),
    .palette = get_palette (self),
    .current = self->current,
    .matches = (const PostilSpan *) (gpointer) self->matches->data,
    .n_matches = self->matches->len,
    .unit = self->unit,
  };
  GtkTextIter end = *start, next = *start;
  g_autoptr (GskRenderNode) below = NULL;
  GtkSnapshot *snapshot;
  PostilSpan span;

  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_iter_forward_line (&next);
  span.start = get_text_offset (self, start);
  span.end = get_text_offset (self, &next);
  below = postil_highlights_paint (
    &highlights, start, span, gtk_text_iter_get_offset (&end) - gtk_text_iter_get_offset (start));
  if (!self->show_paragraph_numbers)
    return g_steal_pointer (&below);

  snapshot = gtk_snapshot_new ();
  if (below != NULL)
    gtk_snapshot_append_node (snapshot, below);
  paint_number (self, start, span.start, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

static GskRenderNode *
get_line_node (PostilTextView *self, const GtkTextIter *start, int height)
{
  gpointer key = GINT_TO_POINTER (gtk_text_iter_get_line (start));
  Line *line = g_hash_table_lookup (self->lines, key);

  if (line == NULL || line->height != height)
    {
      if (g_hash_table_size (self->lines) >= MAX_CACHED_LINES)
        g_hash_table_remove_all (self->lines);
      line = g_new0 (Line, 1);
      line->height = height;
      line->node = paint_line (self, start);
      g_hash_table_insert (self->lines, key, line);
    }
  return line->node;
}

/* As soon as GTK is done with an event, and long before it is done with laying out. */
static guint
call_soon (PostilTextView *self, GSourceFunc callback)
{
  return g_idle_add_full (G_PRIORITY_HIGH_IDLE, callback, self, NULL);
}

static gboolean
moved_cb (gpointer data)
{
  PostilTextView *self = data;

  self->moved_id = 0;
  g_signal_emit (self, signals[VIEW_MOVED], 0);
  return G_SOURCE_REMOVE;
}

static PostilSpan
find_visible (PostilTextView *self, const GdkRectangle *area)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkTextIter start, end;

  gtk_text_view_get_iter_at_location (view, &start, area->x, area->y);
  gtk_text_view_get_iter_at_location (view, &end, area->x + area->width, area->y + area->height);
  return (PostilSpan){ get_text_offset (self, &start),
                       MAX (get_text_offset (self, &end), get_text_offset (self, &start)) };
}

static void
postil_text_view_snapshot_layer (GtkTextView *view, GtkTextViewLayer layer, GtkSnapshot *snapshot)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (view);
  GdkRectangle area;
  GtkTextIter iter;
  PostilSpan visible;
  int number;

  if (layer != GTK_TEXT_VIEW_LAYER_BELOW_TEXT || self->map == NULL)
    return;

  gtk_text_view_get_visible_rect (view, &area);
  gtk_text_view_get_line_at_y (view, &iter, area.y, NULL);
  do
    {
      GskRenderNode *node;
      int y, height;

      gtk_text_view_get_line_yrange (view, &iter, &y, &height);
      if (y >= area.y + area.height)
        break;
      node = get_line_node (self, &iter, height);
      if (node != NULL)
        {
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, y));
          gtk_snapshot_append_node (snapshot, node);
          gtk_snapshot_restore (snapshot);
        }
      number = gtk_text_iter_get_line (&iter);
      gtk_text_iter_forward_line (&iter);
    }
  while (gtk_text_iter_get_line (&iter) > number);

  /* Every way of moving ends here; those who are told may change widgets, so not within a frame. */
  visible = find_visible (self, &area);
  if (!postil_span_equal (visible, self->visible))
    {
      self->visible = visible;
      if (self->moved_id == 0)
        self->moved_id = call_soon (self, moved_cb);
    }
}

static void
update_style (PostilTextView *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  double height = pango_font_metrics_get_height (metrics) / (double) PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  self->unit = MAX (1, (int) round (height / UNIT_FONT_HEIGHT));
  /* Room for the underlines. */
  gtk_text_view_set_pixels_inside_wrap (view, 8 * self->unit);
  gtk_text_view_set_pixels_above_lines (view, 2 * self->unit);
  gtk_text_view_set_pixels_below_lines (view, 12 * self->unit);
  g_clear_pointer (&self->palette, postil_palette_free);
  repaint_all (self);
}

static void
postil_text_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (postil_text_view_parent_class)->css_changed (widget, change);
  update_style (POSTIL_TEXT_VIEW (widget));
}

static void
postil_text_view_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (postil_text_view_parent_class)->system_setting_changed (widget, setting);
  update_style (POSTIL_TEXT_VIEW (widget));
}

static int
get_number_width (PostilTextView *self, PangoFontMetrics *metrics)
{
  int n_digits = 1;

  if (!self->show_paragraph_numbers || self->document == NULL)
    return 0;
  for (guint n = postil_text_get_n_paragraphs (postil_document_get_text (self->document)); n > 9;
       n /= 10)
    n_digits++;
  return NUMBER_GAP +
         PANGO_PIXELS_CEIL (n_digits * pango_font_metrics_get_approximate_digit_width (metrics));
}

static void
postil_text_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (widget);
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int text_width =
    PANGO_PIXELS (MAX_LINE_CHARACTERS * pango_font_metrics_get_approximate_char_width (metrics));
  int margin = MAX (MARGIN, (width - text_width) / 2);
  int left_margin = MAX (margin, MARGIN / 2 + get_number_width (self, metrics));

  pango_font_metrics_unref (metrics);
  if (left_margin != gtk_text_view_get_left_margin (view) ||
      margin != gtk_text_view_get_right_margin (view) || width != gtk_widget_get_width (widget))
    g_hash_table_remove_all (self->lines);
  gtk_text_view_set_left_margin (view, left_margin);
  gtk_text_view_set_right_margin (view, margin);

  GTK_WIDGET_CLASS (postil_text_view_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
postil_text_view_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  GTK_WIDGET_CLASS (postil_text_view_parent_class)
    ->measure (widget, orientation, for_size, minimum, natural, minimum_baseline, natural_baseline);
  /* The margins are what is left over; they must not keep the view from getting narrower. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = MAX (*natural, MIN_WIDTH);
    }
}

/* Loading */

static void
select_now (PostilTextView *self, PostilSpan span)
{
  PostilSpan view = postil_view_map_span_to_view (self->map, span);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &start, view.start);
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &end, view.end);
  self->is_selecting = TRUE;
  gtk_text_buffer_select_range (get_buffer (self), &end, &start);
  self->is_selecting = FALSE;
}

/* GTK scrolls to no place before it has laid out all lines, unless some line has become invalid: then
 * it first lays out what is round the place. This makes it so, and changes nothing. */
static void
nudge_layout (PostilTextView *self, const GtkTextIter *place)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "nudge");
  GtkTextIter start = *place, end = *place;

  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, "nudge", "scale", 1.0, NULL);
  if (!gtk_text_iter_forward_char (&end))
    gtk_text_iter_backward_char (&start);
  gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
  gtk_text_buffer_remove_tag (buffer, tag, &start, &end);
}

static gboolean
growth_ended_cb (gpointer data)
{
  PostilTextView *self = data;

  self->growth_id = 0;
  self->is_making_room = TRUE;
  gtk_adjustment_set_upper (self->adjustment, self->upper);
  self->is_making_room = FALSE;
  return G_SOURCE_REMOVE;
}

/* While GTK lays out lines above what is in sight it moves the adjustment along, but no further than
 * it reached before: the text would run away. So it is given room until the height rests. */
static void
upper_cb (PostilTextView *self)
{
  if (self->is_making_room || self->map == NULL ||
      postil_view_map_get_length (self->map) < MIN_GROWING)
    return;
  self->upper = gtk_adjustment_get_upper (self->adjustment);
  self->is_making_room = TRUE;
  gtk_adjustment_set_upper (self->adjustment, self->upper + GROWTH_ROOM);
  self->is_making_room = FALSE;
  g_clear_handle_id (&self->growth_id, g_source_remove);
  self->growth_id = g_timeout_add (GROWTH_MS, growth_ended_cb, self);
}

static void
vadjustment_cb (PostilTextView *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self));

  if (adjustment == self->adjustment)
    return;
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_func (self->adjustment, upper_cb, self);
  g_set_object (&self->adjustment, adjustment);
  if (adjustment != NULL)
    g_signal_connect_swapped (adjustment, "notify::upper", G_CALLBACK (upper_cb), self);
}

static gboolean
is_in_sight (PostilTextView *self, guint offset)
{
  GdkRectangle location, area;
  GtkTextIter iter;

  if (offset < self->visible.start || offset > self->visible.end)
    return FALSE;
  get_iter (self, &iter, offset);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), &iter, &location);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self), &area);
  return location.y >= area.y && location.y + location.height <= area.y + area.height;
}

/* GTK has now laid out what is round the place. It may be on a slow way there, which leads astray as
 * the heights above it still grow, and its adjustment may not reach as far yet. */
static gboolean
arrive_cb (gpointer data)
{
  PostilTextView *self = data;
  double page = gtk_adjustment_get_page_size (self->adjustment), value;
  GdkRectangle location;
  GtkTextIter iter;

  self->arrive_id = 0;
  get_iter (self, &iter, self->scroll_target);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), &iter, &location);
  value =
    location.y + gtk_text_view_get_top_margin (GTK_TEXT_VIEW (self)) - SCROLL_SHARE * page;
  gtk_adjustment_set_value (self->adjustment, value);
  return G_SOURCE_REMOVE;
}

static gboolean
depart_cb (gpointer data)
{
  PostilTextView *self = data;
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextMark *mark = gtk_text_buffer_get_mark (buffer, "scroll");
  GtkTextIter iter;

  get_iter (self, &iter, self->scroll_target);
  if (mark == NULL)
    mark = gtk_text_buffer_create_mark (buffer, "scroll", &iter, TRUE);
  gtk_text_buffer_move_mark (buffer, mark, &iter);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self), mark, 0, TRUE, 0, SCROLL_SHARE);
  nudge_layout (self, &iter);
  self->arrive_id = g_idle_add_full (ARRIVE_PRIORITY, arrive_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
stop_scrolling (PostilTextView *self)
{
  if (self->scroll_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll_id);
  self->scroll_id = 0;
  g_clear_handle_id (&self->arrive_id, g_source_remove);
}

static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (widget);

  if (postil_text_view_get_loading (self))
    return G_SOURCE_CONTINUE;
  if (is_in_sight (self, self->scroll_target) || self->n_scroll_frames > MAX_SCROLL_FRAMES)
    {
      self->scroll_id = 0;
      return G_SOURCE_REMOVE;
    }
  /* What one frame brought about is seen after the next. It must not be done within a frame, where
   * widgets already have their places. */
  if (self->n_scroll_frames++ % 2 == 0 && self->arrive_id == 0)
    self->arrive_id = call_soon (self, depart_cb);
  return G_SOURCE_CONTINUE;
}

static void
do_what_waits (PostilTextView *self)
{
  guint length = postil_view_map_get_length (self->map);

  if (self->selection_waits && self->waiting_selection.end <= length)
    {
      self->selection_waits = FALSE;
      select_now (self, self->waiting_selection);
    }
}

/* Returns: whether there is more. */
static gboolean
load_piece (PostilTextView *self)
{
  GtkTextBuffer *buffer = get_buffer (self);
  gint64 start = g_get_monotonic_time (), elapsed;
  gboolean is_first = gtk_text_buffer_get_char_count (buffer) == 0;
  GtkTextIter iter;
  gboolean more;

  g_string_truncate (self->piece, 0);
  more = postil_view_map_read (self->map, self->piece_size, self->piece);
  gtk_text_buffer_get_end_iter (buffer, &iter);
  self->is_selecting = TRUE;
  gtk_text_buffer_insert (buffer, &iter, self->piece->str, self->piece->len);
  if (is_first)
    {
      /* The caret went along with the text. */
      gtk_text_buffer_get_start_iter (buffer, &iter);
      gtk_text_buffer_place_cursor (buffer, &iter);
    }
  self->is_selecting = FALSE;

  elapsed = g_get_monotonic_time () - start;
  if (elapsed > PIECE_MS * 1000)
    self->piece_size = MAX (self->piece_size / 2, POSTIL_VIEW_MAP_LIMIT);
  else if (elapsed < PIECE_MS * 1000 / 3)
    self->piece_size = MIN (self->piece_size * 2, MAX_PIECE);
  do_what_waits (self);
  return more;
}

static gboolean
load_cb (gpointer data)
{
  PostilTextView *self = data;

  if (load_piece (self))
    return G_SOURCE_CONTINUE;
  self->load_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
  return G_SOURCE_REMOVE;
}

/* The caret */

static void
update_description (PostilTextView *self)
{
  g_autoptr (GPtrArray) annotations = postil_text_view_list_at_caret (self);
  g_autofree char *description = NULL;

  if (self->document != NULL)
    description = postil_annotation_phrase_list (annotations, self->document, self->codebook, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
}

static gboolean
caret_moved_cb (gpointer data)
{
  PostilTextView *self = data;

  self->caret_id = 0;
  update_description (self);
  g_signal_emit (self, signals[CARET_MOVED], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_caret_moved (PostilTextView *self)
{
  if (self->caret_id == 0)
    self->caret_id = call_soon (self, caret_moved_cb);
}

/* What GTK would offer as the primary selection has line feeds that the text has not. */
static void
offer_primary (PostilTextView *self, PostilSpan span)
{
  g_autofree char *text = postil_text_dup_range (postil_document_get_text (self->document), span);

  gdk_clipboard_set_text (gtk_widget_get_primary_clipboard (GTK_WIDGET (self)), text);
}

static void
settle (PostilTextView *self)
{
  PostilSpan span;
  gboolean is_selected = postil_text_view_get_selection (self, &span);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (is_selected)
    offer_primary (self, span);
  if (is_selected || self->was_selected)
    {
      self->was_selected = is_selected;
      g_signal_emit (self, signals[SELECTION_SETTLED], 0);
    }
}

static gboolean
settle_cb (gpointer data)
{
  PostilTextView *self = data;

  self->settle_id = 0;
  settle (self);
  return G_SOURCE_REMOVE;
}

static void
mark_set_cb (GtkTextBuffer *buffer, GtkTextIter *iter, GtkTextMark *mark, PostilTextView *self)
{
  /* GTK's own word for it comes only after this signal. */
  gboolean is_selected = gtk_text_buffer_get_selection_bounds (buffer, NULL, NULL);

  if (mark != gtk_text_buffer_get_insert (buffer) &&
      mark != gtk_text_buffer_get_selection_bound (buffer))
    return;
  queue_caret_moved (self);
  if (self->is_pressed || (self->is_selecting && is_selected))
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (is_selected)
    self->settle_id = g_timeout_add (SETTLE_MS, settle_cb, self);
  else if (self->was_selected)
    self->settle_id = call_soon (self, settle_cb);
}

/* What is under a place of the widget: FALSE beside the text. */
static gboolean
find_offset_at (PostilTextView *self, double x, double y, guint *offset)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkTextIter iter;
  GdkRectangle location;
  int buffer_x, buffer_y;

  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, x, y, &buffer_x, &buffer_y);
  gtk_text_view_get_iter_at_location (view, &iter, buffer_x, buffer_y);
  gtk_text_view_get_iter_location (view, &iter, &location);
  *offset = get_text_offset (self, &iter);
  return buffer_x >= MIN (location.x, location.x + location.width) &&
         buffer_x < MAX (location.x, location.x + location.width);
}

static void
activate (PostilTextView *self, GPtrArray *annotations)
{
  if (annotations->len > 0)
    g_signal_emit (self, signals[ANNOTATIONS_ACTIVATED], 0, annotations);
}

static void
widen_selection (PostilTextView *self)
{
  PostilText *text = postil_document_get_text (self->document);
  GtkTextIter caret, start, end;
  PostilSpan span, view;

  if (!postil_text_view_get_selection (self, &span))
    return;
  if (self->snap_to_words && !self->keeps_ends)
    span = postil_text_snap_to_words (text, span);
  get_caret_iter (self, &caret);
  gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, NULL);
  view = postil_view_map_span_to_view (self->map, span);
  if (gtk_text_iter_equal (&caret, &start))
    view = (PostilSpan){ view.end, view.start };
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &start, view.start);
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &end, view.end);
  self->is_selecting = TRUE;
  gtk_text_buffer_select_range (get_buffer (self), &end, &start);
  self->is_selecting = FALSE;
}

/* Once GTK's own gestures have seen the release. */
static gboolean
released_cb (gpointer data)
{
  PostilTextView *self = data;
  guint offset;

  self->release_id = 0;
  if (self->document == NULL)
    return G_SOURCE_REMOVE;
  widen_selection (self);
  settle (self);
  if (!self->is_dragged && !gtk_text_buffer_get_has_selection (get_buffer (self)) &&
      find_offset_at (self, self->press_x, self->press_y, &offset))
    {
      g_autoptr (GPtrArray) annotations = list_at (self, (PostilSpan){ offset, offset + 1 });

      activate (self, annotations);
    }
  return G_SOURCE_REMOVE;
}

static void
get_widget_position (PostilTextView *self, GdkEvent *event, double *x, double *y)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  double native_x, native_y;

  *x = *y = 0;
  gdk_event_get_position (event, x, y);
  gtk_native_get_surface_transform (native, &native_x, &native_y);
  gtk_widget_translate_coordinates (GTK_WIDGET (native), GTK_WIDGET (self), *x - native_x,
                                    *y - native_y, x, y);
}

/* Dragging the selection away would give it with line feeds that the text has not. */
static void
prevent_drag (PostilTextView *self)
{
  GtkTextIter start, end, iter;
  int x, y;

  if (self->map == NULL || postil_view_map_get_n_breaks (self->map) == 0 ||
      !gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return;
  gtk_text_view_window_to_buffer_coords (GTK_TEXT_VIEW (self), GTK_TEXT_WINDOW_WIDGET,
                                         self->press_x, self->press_y, &x, &y);
  gtk_text_view_get_iter_at_location (GTK_TEXT_VIEW (self), &iter, x, y);
  if (gtk_text_iter_in_range (&iter, &start, &end))
    gtk_text_buffer_place_cursor (get_buffer (self), &iter);
}

static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, PostilTextView *self)
{
  double x, y;

  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
      if (gdk_button_event_get_button (event) != GDK_BUTTON_PRIMARY)
        break;
      G_GNUC_FALLTHROUGH;
    case GDK_TOUCH_BEGIN:
      get_widget_position (self, event, &self->press_x, &self->press_y);
      self->is_pressed = TRUE;
      self->is_dragged = FALSE;
      prevent_drag (self);
      break;
    case GDK_BUTTON_RELEASE:
      if (gdk_button_event_get_button (event) != GDK_BUTTON_PRIMARY)
        break;
      G_GNUC_FALLTHROUGH;
    case GDK_TOUCH_END:
      get_widget_position (self, event, &x, &y);
      self->is_pressed = FALSE;
      self->is_dragged =
        gtk_drag_check_threshold (GTK_WIDGET (self), self->press_x, self->press_y, x, y);
      self->keeps_ends = (gdk_event_get_modifier_state (event) & GDK_ALT_MASK) != 0;
      if (self->release_id == 0)
        self->release_id = call_soon (self, released_cb);
      break;
    case GDK_SCROLL:
      stop_scrolling (self);
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

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint key,
                guint code,
                GdkModifierType state,
                PostilTextView *self)
{
  g_autoptr (GPtrArray) annotations = NULL;

  if ((key != GDK_KEY_Return && key != GDK_KEY_KP_Enter && key != GDK_KEY_ISO_Enter) ||
      (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  annotations = postil_text_view_list_at_caret (self);
  activate (self, annotations);
  return GDK_EVENT_STOP;
}

static gboolean
postil_text_view_query_tooltip (GtkWidget *widget,
                                int x,
                                int y,
                                gboolean by_keyboard,
                                GtkTooltip *tooltip)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (widget);
  g_autoptr (GPtrArray) annotations = NULL;
  g_autofree char *phrases = NULL;
  guint offset;

  if (self->document == NULL)
    return FALSE;
  if (by_keyboard)
    annotations = postil_text_view_list_at_caret (self);
  else if (find_offset_at (self, x, y, &offset))
    annotations = list_at (self, (PostilSpan){ offset, offset + 1 });
  if (annotations == NULL || annotations->len == 0)
    return FALSE;
  phrases = postil_annotation_phrase_list (annotations, self->document, self->codebook, FALSE);
  gtk_tooltip_set_text (tooltip, phrases);
  return TRUE;
}

/* A break takes no step of its own. */
static void
postil_text_view_move_cursor (GtkTextView *view,
                              GtkMovementStep step,
                              int count,
                              gboolean extend_selection)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (view);
  GtkTextViewClass *parent_class = GTK_TEXT_VIEW_CLASS (postil_text_view_parent_class);
  GtkTextIter before, after;

  get_caret_iter (self, &before);
  parent_class->move_cursor (view, step, count, extend_selection);
  get_caret_iter (self, &after);
  if ((step == GTK_MOVEMENT_LOGICAL_POSITIONS || step == GTK_MOVEMENT_VISUAL_POSITIONS) &&
      !gtk_text_iter_equal (&before, &after) &&
      get_text_offset (self, &before) == get_text_offset (self, &after))
    parent_class->move_cursor (view, step, count, extend_selection);
  get_caret_iter (self, &after);
  if (!gtk_text_iter_equal (&before, &after))
    {
      stop_scrolling (self);
      nudge_layout (self, &after);
    }
}

static void
postil_text_view_copy_clipboard (GtkTextView *view)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (view);
  g_autofree char *text = NULL;
  PostilSpan span;

  if (!postil_text_view_get_selection (self, &span))
    return;
  text = postil_text_dup_range (postil_document_get_text (self->document), span);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

/* The text is only read. */
static void
refuse (GtkTextView *view)
{
  gtk_widget_error_bell (GTK_WIDGET (view));
}

static void
postil_text_view_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (postil_text_view_parent_class)->realize (widget);
  gtk_text_buffer_remove_selection_clipboard (get_buffer (POSTIL_TEXT_VIEW (widget)),
                                              gtk_widget_get_primary_clipboard (widget));
}

static void
postil_text_view_unrealize (GtkWidget *widget)
{
  /* GTK takes back what it put there. */
  gtk_text_buffer_add_selection_clipboard (get_buffer (POSTIL_TEXT_VIEW (widget)),
                                           gtk_widget_get_primary_clipboard (widget));
  GTK_WIDGET_CLASS (postil_text_view_parent_class)->unrealize (widget);
}

/* The document and the codebook */

static void
document_changed_cb (PostilDocument *document,
                     const PostilChange *changes,
                     guint n_changes,
                     PostilTextView *self)
{
  if (n_changes > MAX_SINGLE_CHANGES)
    repaint_all (self);
  else
    for (guint i = 0; i < n_changes; i++)
      {
        if (changes[i].annotation.before != NULL)
          repaint_annotation (self, changes[i].annotation.before);
        if (changes[i].annotation.after != NULL)
          repaint_annotation (self, changes[i].annotation.after);
      }
  queue_caret_moved (self);
}

static void
codebook_changed_cb (PostilCodebook *codebook, PostilTextView *self)
{
  g_clear_pointer (&self->palette, postil_palette_free);
  repaint_all (self);
  queue_caret_moved (self);
}

static void
clear_document (PostilTextView *self)
{
  GtkTextIter start, end;

  g_clear_handle_id (&self->load_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->release_id, g_source_remove);
  g_clear_pointer (&self->map, postil_view_map_free);
  self->selection_waits = FALSE;
  stop_scrolling (self);
  self->visible = (PostilSpan){ 0 };
  g_array_set_size (self->matches, 0);
  g_hash_table_remove_all (self->lines);
  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_clear_object (&self->document);
    }
  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  gtk_text_buffer_delete (get_buffer (self), &start, &end);
}

static void
postil_text_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_CODEBOOK:
      g_value_set_object (value, self->codebook);
      break;
    case PROP_CURRENT:
      g_value_set_string (value, self->current);
      break;
    case PROP_SNAP_TO_WORDS:
      g_value_set_boolean (value, self->snap_to_words);
      break;
    case PROP_SHOW_PARAGRAPH_NUMBERS:
      g_value_set_boolean (value, self->show_paragraph_numbers);
      break;
    case PROP_ZOOM:
      g_value_set_double (value, self->zoom);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, postil_text_view_get_loading (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_text_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      postil_text_view_set_document (self, g_value_get_object (value));
      break;
    case PROP_CODEBOOK:
      postil_text_view_set_codebook (self, g_value_get_object (value));
      break;
    case PROP_CURRENT:
      postil_text_view_set_current (self, g_value_get_string (value));
      break;
    case PROP_SNAP_TO_WORDS:
      if (self->snap_to_words == g_value_get_boolean (value))
        break;
      self->snap_to_words = !self->snap_to_words;
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SHOW_PARAGRAPH_NUMBERS:
      if (self->show_paragraph_numbers == g_value_get_boolean (value))
        break;
      self->show_paragraph_numbers = !self->show_paragraph_numbers;
      repaint_all (self);
      gtk_widget_queue_allocate (GTK_WIDGET (self));
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_ZOOM:
      postil_text_view_set_zoom (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_text_view_dispose (GObject *object)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (object);

  clear_document (self);
  if (self->codebook != NULL)
    g_signal_handlers_disconnect_by_data (self->codebook, self);
  g_clear_object (&self->codebook);
  g_clear_handle_id (&self->caret_id, g_source_remove);
  g_clear_handle_id (&self->moved_id, g_source_remove);
  g_clear_handle_id (&self->growth_id, g_source_remove);
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (postil_text_view_parent_class)->dispose (object);
}

static void
postil_text_view_finalize (GObject *object)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (object);

  g_clear_pointer (&self->palette, postil_palette_free);
  g_hash_table_unref (self->lines);
  g_array_unref (self->matches);
  g_string_free (self->piece, TRUE);
  g_object_unref (self->zoom_provider);
  g_free (self->current);
  G_OBJECT_CLASS (postil_text_view_parent_class)->finalize (object);
}

static void
postil_text_view_class_init (PostilTextViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkTextViewClass *view_class = GTK_TEXT_VIEW_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = postil_text_view_get_property;
  object_class->set_property = postil_text_view_set_property;
  object_class->dispose = postil_text_view_dispose;
  object_class->finalize = postil_text_view_finalize;
  widget_class->css_changed = postil_text_view_css_changed;
  widget_class->system_setting_changed = postil_text_view_system_setting_changed;
  widget_class->measure = postil_text_view_measure;
  widget_class->size_allocate = postil_text_view_size_allocate;
  widget_class->query_tooltip = postil_text_view_query_tooltip;
  widget_class->realize = postil_text_view_realize;
  widget_class->unrealize = postil_text_view_unrealize;
  view_class->snapshot_layer = postil_text_view_snapshot_layer;
  view_class->move_cursor = postil_text_view_move_cursor;
  view_class->copy_clipboard = postil_text_view_copy_clipboard;
  view_class->cut_clipboard = refuse;
  view_class->paste_clipboard = refuse;
  view_class->insert_emoji = refuse;

  properties[PROP_DOCUMENT] =
    g_param_spec_object ("document", NULL, NULL, POSTIL_TYPE_DOCUMENT, flags);
  properties[PROP_CODEBOOK] =
    g_param_spec_object ("codebook", NULL, NULL, POSTIL_TYPE_CODEBOOK, flags);
  /* The id of the annotation that is emphasised. */
  properties[PROP_CURRENT] = g_param_spec_string ("current", NULL, NULL, NULL, flags);
  /* Whether what is selected with the mouse grows to whole words; not while Alt is held. */
  properties[PROP_SNAP_TO_WORDS] = g_param_spec_boolean ("snap-to-words", NULL, NULL, FALSE, flags);
  properties[PROP_SHOW_PARAGRAPH_NUMBERS] =
    g_param_spec_boolean ("show-paragraph-numbers", NULL, NULL, FALSE, flags);
  /* 1 is the size of the system's text. */
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, 0.1, 10, 1, flags);
  /* Whether text is still coming in. */
  properties[PROP_LOADING] =
    g_param_spec_boolean ("loading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilTextView::selection-settled:
   *
   * A person ended selecting, by releasing the mouse or by resting on the keys, or the selection
   * went.
   */
  signals[SELECTION_SETTLED] =
    g_signal_new ("selection-settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 0);
  /**
   * PostilTextView::annotations-activated:
   * @annotations: (element-type PostilAnnotation): at least one, in reading order
   *
   * A person clicked on annotated text, or pressed Enter there.
   */
  signals[ANNOTATIONS_ACTIVATED] =
    g_signal_new ("annotations-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  /**
   * PostilTextView::caret-moved:
   *
   * The caret moved, or the annotations at it changed; once for many moves at a time.
   */
  signals[CARET_MOVED] = g_signal_new ("caret-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * PostilTextView::view-moved:
   *
   * Another part of the text is in sight.
   */
  signals[VIEW_MOVED] = g_signal_new ("view-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_text_view_init (PostilTextView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->zoom = 1;
  self->unit = 1;
  self->lines = g_hash_table_new_full (NULL, NULL, NULL, line_free);
  self->matches = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->piece = g_string_new (NULL);
  self->zoom_provider = gtk_css_provider_new ();
  gtk_style_context_add_provider (gtk_widget_get_style_context (widget),
                                  GTK_STYLE_PROVIDER (self->zoom_provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  gtk_text_view_set_editable (view, FALSE);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_top_margin (view, MARGIN);
  gtk_text_view_set_bottom_margin (view, MARGIN);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_text_buffer_set_enable_undo (get_buffer (self), FALSE);
  g_signal_connect (self, "notify::vadjustment", G_CALLBACK (vadjustment_cb), NULL);
  vadjustment_cb (self);
  g_signal_connect_object (get_buffer (self), "mark-set", G_CALLBACK (mark_set_cb), self, 0);

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect (events, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (widget, events);
  /* Added last, it comes before GTK's own, which takes Enter even where nothing can be typed. */
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (widget, keys);
}

/**
 * postil_text_view_new:
 *
 * Returns: (transfer floating): a view that shows nothing yet
 */
PostilTextView *
postil_text_view_new (void)
{
  return g_object_new (POSTIL_TYPE_TEXT_VIEW, NULL);
}

/**
 * postil_text_view_get_document:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
PostilDocument *
postil_text_view_get_document (PostilTextView *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), NULL);

  return self->document;
}

/**
 * postil_text_view_set_document:
 * @document: (nullable): what to show; %NULL for nothing
 *
 * The beginning is there on return, the rest comes while the main loop runs: see
 * postil_text_view_get_loading().
 */
void
postil_text_view_set_document (PostilTextView *self, PostilDocument *document)
{
  gboolean was_loading;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));
  g_return_if_fail (document == NULL || POSTIL_IS_DOCUMENT (document));

  if (self->document == document)
    return;

  was_loading = postil_text_view_get_loading (self);
  clear_document (self);
  if (document != NULL)
    {
      self->document = g_object_ref (document);
      g_signal_connect (document, "changed", G_CALLBACK (document_changed_cb), self);
      self->map = postil_view_map_new (postil_document_get_text (document));
      self->piece_size = FIRST_PIECE;
      if (load_piece (self))
        self->load_id = g_idle_add_full (LOAD_PRIORITY, load_cb, self, NULL);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  document != NULL ? postil_document_get_name (document) : "", -1);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  queue_caret_moved (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCUMENT]);
  if (was_loading != postil_text_view_get_loading (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/**
 * postil_text_view_set_codebook:
 * @codebook: (nullable): where topics have their colours and labels
 */
void
postil_text_view_set_codebook (PostilTextView *self, PostilCodebook *codebook)
{
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));
  g_return_if_fail (codebook == NULL || POSTIL_IS_CODEBOOK (codebook));

  if (self->codebook == codebook)
    return;
  if (self->codebook != NULL)
    g_signal_handlers_disconnect_by_data (self->codebook, self);
  g_set_object (&self->codebook, codebook);
  if (codebook != NULL)
    g_signal_connect (codebook, "changed", G_CALLBACK (codebook_changed_cb), self);
  codebook_changed_cb (codebook, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CODEBOOK]);
}

/**
 * postil_text_view_set_zoom:
 * @zoom: size of the text, 1 for that of the system
 */
void
postil_text_view_set_zoom (PostilTextView *self, double zoom)
{
  g_autofree char *css = NULL;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));

  zoom = CLAMP (zoom, 0.1, 10);
  if (self->zoom == zoom)
    return;
  self->zoom = zoom;
  css = g_strdup_printf ("textview { font-size: %d%%; }", (int) round (zoom * 100));
  gtk_css_provider_load_from_data (self->zoom_provider, css, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

/**
 * postil_text_view_get_loading:
 *
 * Returns: whether text is still coming in
 */
gboolean
postil_text_view_get_loading (PostilTextView *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), FALSE);

  return self->load_id != 0;
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

  get_caret_iter (self, &iter);
  return get_text_offset (self, &iter);
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
  GtkTextIter start, end;
  PostilSpan selected;

  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), FALSE);

  if (self->document == NULL ||
      !gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return FALSE;
  selected = postil_text_snap_to_graphemes (
    postil_document_get_text (self->document),
    (PostilSpan){ get_text_offset (self, &start), get_text_offset (self, &end) });
  if (span != NULL)
    *span = selected;
  return selected.end > selected.start;
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
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkTextIter start, end;
  GdkRectangle first, last, visible;

  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self) && area != NULL, FALSE);

  if (!gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    return FALSE;
  gtk_text_view_get_iter_location (view, &start, &first);
  gtk_text_view_get_iter_location (view, &end, &last);
  gtk_text_view_get_visible_rect (view, &visible);
  first.width = last.width = 1;
  if (first.y == last.y)
    gdk_rectangle_union (&first, &last, area);
  else
    {
      /* Over several lines it is as wide as the text. */
      area->x = visible.x + gtk_text_view_get_left_margin (view);
      area->width = visible.width - gtk_text_view_get_left_margin (view) -
                    gtk_text_view_get_right_margin (view);
      area->y = first.y;
      area->height = last.y + last.height - first.y;
    }
  if (!gdk_rectangle_intersect (area, &visible, area))
    return FALSE;
  gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_WIDGET, area->x, area->y, &area->x,
                                         &area->y);
  return TRUE;
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

  self->waiting_selection = postil_text_snap_to_graphemes (text, span);
  self->selection_waits = TRUE;
  do_what_waits (self);
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

  stop_scrolling (self);
  self->scroll_target = offset;
  self->n_scroll_frames = 0;
  self->scroll_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
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
  GPtrArray *annotations;
  guint caret;

  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), NULL);

  caret = postil_text_view_get_caret (self);
  annotations = list_at (self, (PostilSpan){ caret, caret + 1 });
  if (annotations->len > 0 || caret == 0)
    return annotations;
  g_ptr_array_unref (annotations);
  return list_at (self, (PostilSpan){ caret - 1, caret });
}

/**
 * postil_text_view_set_current:
 * @annotation: (nullable): id of the annotation to emphasise
 */
void
postil_text_view_set_current (PostilTextView *self, const char *annotation)
{
  g_autofree char *copy = g_strdup (annotation);

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));

  if (g_strcmp0 (self->current, annotation) == 0)
    return;
  repaint_current (self);
  g_free (self->current);
  self->current = g_steal_pointer (&copy);
  repaint_current (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

/**
 * postil_text_view_set_matches:
 * @matches: (array length=n_matches) (nullable): what a search found, by start, in code points,
 * none overlapping
 * @n_matches: how many
 *
 * Marks passages until another document is shown.
 */
void
postil_text_view_set_matches (PostilTextView *self, const PostilSpan *matches, guint n_matches)
{
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self) && (matches != NULL || n_matches == 0));

  g_array_set_size (self->matches, 0);
  if (n_matches > 0)
    g_array_append_vals (self->matches, matches, n_matches);
  repaint_all (self);
}
