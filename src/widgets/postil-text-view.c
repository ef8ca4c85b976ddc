/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-view.h"

#include <math.h>

#include "postil-palette.h"
#include "postil-reanchoring.h"
#include "postil-text-hits.h"
#include "postil-text-loading.h"
#include "postil-text-painter.h"
#include "postil-text-places.h"
#include "postil-text-scroller.h"
#include "postil-text-selection.h"
#include "postil-text-style.h"
#include "postil-view-map.h"

/* Least width to ask for, in pixels. */
#define MIN_WIDTH 120

/* Texts of so many code points may be higher than what GTK lays out at a time. */
#define LONG_TEXT 1000

/* How often it is tried at once to bring a place to a height. */
#define MAX_STEPS 4

/**
 * PostilTextView:
 *
 * A document to be read and annotated: its text, never edited, with a caret, and below the text its
 * annotations. Follows the document and the codebook by itself and changes neither; what a person
 * does is told by signals. Nobody outside meets an offset of its buffer, which has line feeds that
 * the text has not (see PostilViewMap); for the same reason nobody else may put text into it.
 *
 * The text comes in piece by piece: until "loading" is false the end is missing, and what is to be
 * selected or scrolled to waits.
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

  PostilViewMap *map;
  PostilTextLoading *loading;
  PostilTextStyle *style;
  PostilTextPainter *painter;
  PostilTextScroller *scroller;
  PostilTextSelection *selection;
  PostilTextHits *hits;
  PostilSpan visible;
  PostilSpan visible_told;
  gboolean is_drawn;
  int width;

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
  SCROLL_ASKED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

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
get_caret_iter (PostilTextView *self, GtkTextIter *iter)
{
  GtkTextBuffer *buffer = get_buffer (self);

  gtk_text_buffer_get_iter_at_mark (buffer, iter, gtk_text_buffer_get_insert (buffer));
}

/* As soon as GTK is done with an event, and long before it is done with laying out. */
static guint
call_soon (PostilTextView *self, GSourceFunc callback)
{
  return g_idle_add_full (G_PRIORITY_HIGH_IDLE, callback, self, NULL);
}

/* What was drawn last, if that has not been asked for yet. */
static void
update_visible (PostilTextView *self)
{
  if (self->is_drawn)
    self->visible = postil_text_places_get_visible (GTK_TEXT_VIEW (self), self->map);
  self->is_drawn = FALSE;
}

static gboolean
moved_cb (gpointer data)
{
  PostilTextView *self = data;

  self->moved_id = 0;
  update_visible (self);
  if (!postil_span_equal (self->visible, self->visible_told))
    {
      self->visible_told = self->visible;
      g_signal_emit (self, signals[VIEW_MOVED], 0);
    }
  return G_SOURCE_REMOVE;
}

static void
postil_text_view_snapshot_layer (GtkTextView *view, GtkTextViewLayer layer, GtkSnapshot *snapshot)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (view);

  if (layer != GTK_TEXT_VIEW_LAYER_BELOW_TEXT || self->map == NULL)
    return;

  postil_text_painter_snapshot (self->painter, snapshot);
  /* Every way of moving ends here; those who are told may change widgets, so not within a frame. */
  self->is_drawn = TRUE;
  if (self->moved_id == 0)
    self->moved_id = call_soon (self, moved_cb);
}

/* The text is to be laid out anew. */
static void
expect_layout (PostilTextView *self)
{
  postil_text_painter_repaint (self->painter);
  if (self->document != NULL &&
      postil_text_get_length (postil_document_get_text (self->document)) >= LONG_TEXT)
    postil_text_scroller_make_room (self->scroller);
}

static void
update_style (PostilTextView *self)
{
  int unit = postil_text_style_update_spacing (self->style);

  postil_text_painter_set_style (
    self->painter, postil_palette_new_for_widget (self->codebook, GTK_WIDGET (self)), unit);
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
get_number_width (PostilTextView *self)
{
  guint highest;

  if (!self->show_paragraph_numbers || self->document == NULL)
    return 0;
  highest = postil_text_get_n_paragraphs (postil_document_get_text (self->document));
  return POSTIL_TEXT_PAINTER_NUMBER_GAP + postil_text_style_measure_digits (self->style, highest);
}

static void
postil_text_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (widget);
  gboolean rewraps = width != self->width;

  /* The widget's own width is the new one already. */
  self->width = width;
  if (postil_text_style_fit_margins (self->style, width, get_number_width (self)) || rewraps)
    expect_layout (self);
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

static void
loaded_cb (gpointer data)
{
  g_object_notify_by_pspec (G_OBJECT (data), properties[PROP_LOADING]);
}

static void
scrolled_cb (gpointer data)
{
  PostilTextView *self = data;

  /* Before anything was seen it was GTK that went astray. */
  if (self->visible.end > 0)
    postil_text_loading_forget_target (self->loading);
}

/* The caret */

static gboolean
caret_moved_cb (gpointer data)
{
  PostilTextView *self = data;

  self->caret_id = 0;
  postil_text_hits_describe_caret (self->hits);
  g_signal_emit (self, signals[CARET_MOVED], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_caret_moved (PostilTextView *self)
{
  if (self->caret_id == 0)
    self->caret_id = call_soon (self, caret_moved_cb);
}

static void
mark_set_cb (GtkTextBuffer *buffer, GtkTextIter *iter, GtkTextMark *mark, PostilTextView *self)
{
  if (mark == gtk_text_buffer_get_insert (buffer) ||
      mark == gtk_text_buffer_get_selection_bound (buffer))
    queue_caret_moved (self);
}

static void
settled_cb (PostilTextView *self)
{
  g_signal_emit (self, signals[SELECTION_SETTLED], 0);
}

static void
activate (PostilTextView *self, GPtrArray *annotations)
{
  if (annotations->len > 0)
    g_signal_emit (self, signals[ANNOTATIONS_ACTIVATED], 0, annotations);
}

static void
clicked_cb (PostilTextView *self, double x, double y)
{
  g_autoptr (GPtrArray) annotations = postil_text_hits_list_at_point (self->hits, x, y);

  postil_text_loading_forget_selection (self->loading);
  postil_text_loading_forget_target (self->loading);
  activate (self, annotations);
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
  annotations = postil_text_hits_list_at_caret (self->hits);
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

  annotations = by_keyboard ? postil_text_hits_list_at_caret (self->hits)
                            : postil_text_hits_list_at_point (self->hits, x, y);
  return postil_text_hits_set_tooltip (self->hits, annotations, tooltip);
}

/* How far below the top of what is in sight the caret is, in pixels. */
static int
get_caret_y (PostilTextView *self)
{
  GdkRectangle location, area;
  GtkTextIter caret;

  get_caret_iter (self, &caret);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), &caret, &location);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self), &area);
  return CLAMP (location.y - area.y, 0, MAX (area.height - location.height, 0));
}

/* A break takes no step of its own, and the end is that of the whole text. While GTK lays out, a
 * page that it turns slowly would stop on its way. */
static void
postil_text_view_move_cursor (GtkTextView *view,
                              GtkMovementStep step,
                              int count,
                              gboolean extend_selection)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (view);
  GtkTextViewClass *parent_class = GTK_TEXT_VIEW_CLASS (postil_text_view_parent_class);
  GtkTextIter before, after;
  int y;

  postil_text_loading_forget_selection (self->loading);
  postil_text_loading_forget_target (self->loading);
  g_signal_emit (self, signals[SCROLL_ASKED], 0);
  y = get_caret_y (self);
  get_caret_iter (self, &before);
  parent_class->move_cursor (view, step, count, extend_selection);
  get_caret_iter (self, &after);
  if ((step == GTK_MOVEMENT_LOGICAL_POSITIONS || step == GTK_MOVEMENT_VISUAL_POSITIONS) &&
      self->map != NULL && !gtk_text_iter_equal (&before, &after) &&
      get_text_offset (self, &before) == get_text_offset (self, &after))
    parent_class->move_cursor (view, step, count, extend_selection);
  get_caret_iter (self, &after);
  if (step == GTK_MOVEMENT_PAGES && postil_text_scroller_is_laying_out (self->scroller))
    postil_text_scroller_keep (self->scroller, gtk_text_iter_get_offset (&after), y);
  else if (!gtk_text_iter_equal (&before, &after))
    postil_text_scroller_follow (self->scroller, &after);
  /* For now that is the end of what is there. */
  if (step == GTK_MOVEMENT_BUFFER_ENDS && count > 0 && !extend_selection &&
      postil_text_view_get_loading (self))
    {
      guint end = postil_text_get_length (postil_view_map_get_text (self->map));

      postil_text_view_select (self, (PostilSpan){ end, end });
      postil_text_view_scroll_to (self, end);
    }
}

static void
postil_text_view_copy_clipboard (GtkTextView *view)
{
  postil_text_selection_copy (POSTIL_TEXT_VIEW (view)->selection,
                              gtk_widget_get_clipboard (GTK_WIDGET (view)));
}

/* The text is only read. */
static void
refuse (GtkTextView *view)
{
  gtk_widget_error_bell (GTK_WIDGET (view));
}

/* The document and the codebook */

static void
document_changed_cb (PostilDocument *document,
                     const PostilChange *changes,
                     guint n_changes,
                     PostilTextView *self)
{
  postil_text_painter_repaint_changes (self->painter, changes, n_changes);
  queue_caret_moved (self);
}

/* How far below the top of what is in sight @offset is, in pixels. */
static int
get_y_in_sight (PostilTextView *self, guint offset)
{
  GdkRectangle location, area;
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &iter,
                                      postil_view_map_to_view (self->map, offset));
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), &iter, &location);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self), &area);
  return location.y - area.y;
}

/* The caret or the selection; whether the caret is at the start of it. */
static PostilSpan
get_marked (PostilTextView *self, gboolean *caret_at_start)
{
  GtkTextIter caret, start, end;

  get_caret_iter (self, &caret);
  gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end);
  *caret_at_start = gtk_text_iter_equal (&caret, &start);
  return (PostilSpan){ get_text_offset (self, &start), get_text_offset (self, &end) };
}

/* Brings in a text that changed: what was in sight stays there, and what was selected, selected. */
static void
text_changed_cb (PostilDocument *document, GParamSpec *pspec, PostilTextView *self)
{
  PostilText *text = postil_document_get_text (document);
  g_autoptr (PostilViewMap) before = self->map;
  gboolean was_loading = postil_text_view_get_loading (self);
  gboolean caret_at_start, is_going;
  PostilSpan places[3];
  int y;

  update_visible (self);
  postil_text_loading_finish (self->loading);
  is_going = postil_text_scroller_is_running (self->scroller);
  places[0] = get_marked (self, &caret_at_start);
  places[1] = (PostilSpan){ self->visible.start, self->visible.start };
  places[2].start = places[2].end = postil_text_loading_get_target (self->loading);
  y = get_y_in_sight (self, self->visible.start);
  postil_reanchoring_follow (postil_view_map_get_text (before), text, places,
                             is_going ? G_N_ELEMENTS (places) : G_N_ELEMENTS (places) - 1);

  self->map = postil_view_map_new (text);
  postil_text_selection_set_text (self->selection, text, self->map);
  postil_text_hits_set_document (self->hits, document, self->map);
  postil_text_painter_set_document (self->painter, document, self->map);
  if (postil_text_loading_replace (self->loading, self->map) >= LONG_TEXT)
    postil_text_scroller_make_room (self->scroller);
  postil_text_selection_set (self->selection, places[0], caret_at_start);
  if (is_going)
    postil_text_view_scroll_to (self, places[2].start);
  else
    postil_text_scroller_keep (self->scroller, postil_view_map_to_view (self->map, places[1].start),
                               y);
  /* There may be more paragraphs to number. */
  gtk_widget_queue_resize (GTK_WIDGET (self));
  queue_caret_moved (self);
  if (was_loading)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
codebook_changed_cb (PostilCodebook *codebook, PostilTextView *self)
{
  update_style (self);
  queue_caret_moved (self);
}

static void
clear_document (PostilTextView *self)
{
  postil_text_loading_stop (self->loading);
  postil_text_selection_set_text (self->selection, NULL, NULL);
  postil_text_scroller_stop (self->scroller);
  postil_text_painter_set_document (self->painter, NULL, NULL);
  postil_text_hits_set_document (self->hits, NULL, NULL);
  g_clear_pointer (&self->map, postil_view_map_free);
  self->visible = self->visible_told = (PostilSpan){ 0 };
  self->is_drawn = FALSE;
  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_clear_object (&self->document);
    }
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
      postil_text_selection_set_snap_to_words (self->selection, self->snap_to_words);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_SHOW_PARAGRAPH_NUMBERS:
      if (self->show_paragraph_numbers == g_value_get_boolean (value))
        break;
      self->show_paragraph_numbers = !self->show_paragraph_numbers;
      postil_text_painter_set_numbers (self->painter, self->show_paragraph_numbers);
      gtk_widget_queue_resize (GTK_WIDGET (self));
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

  if (self->scroller != NULL)
    clear_document (self);
  if (self->codebook != NULL)
    g_signal_handlers_disconnect_by_data (self->codebook, self);
  g_clear_object (&self->codebook);
  g_clear_handle_id (&self->caret_id, g_source_remove);
  g_clear_handle_id (&self->moved_id, g_source_remove);
  g_clear_pointer (&self->loading, postil_text_loading_free);
  g_clear_pointer (&self->scroller, postil_text_scroller_free);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (postil_text_view_parent_class)->dispose (object);
}

static void
postil_text_view_finalize (GObject *object)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (object);

  postil_text_hits_free (self->hits);
  postil_text_painter_free (self->painter);
  postil_text_style_free (self->style);
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
  /**
   * PostilTextView::scroll-asked:
   *
   * A place is to be brought into sight, by postil_text_view_scroll_to() or as the caret moves
   * there.
   */
  signals[SCROLL_ASKED] = g_signal_new ("scroll-asked", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_text_view_init (PostilTextView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->zoom = 1;
  self->style = postil_text_style_new (view);
  self->painter = postil_text_painter_new (view);
  self->hits = postil_text_hits_new (view);
  self->scroller = postil_text_scroller_new (view, POSTIL_TEXT_STYLE_MARGIN, scrolled_cb, self);
  self->selection = postil_text_selection_new (view);
  self->loading = postil_text_loading_new (gtk_text_view_get_buffer (view), self->scroller,
                                           self->selection, loaded_cb, self);
  g_signal_connect_object (self->selection, "settled", G_CALLBACK (settled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);

  gtk_text_view_set_editable (view, FALSE);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_text_buffer_set_enable_undo (get_buffer (self), FALSE);
  g_signal_connect_object (get_buffer (self), "mark-set", G_CALLBACK (mark_set_cb), self, 0);

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
      g_signal_connect (document, "notify::text", G_CALLBACK (text_changed_cb), self);
      g_signal_connect (document, "changed", G_CALLBACK (document_changed_cb), self);
      self->map = postil_view_map_new (postil_document_get_text (document));
      postil_text_selection_set_text (self->selection, postil_document_get_text (document),
                                      self->map);
      postil_text_painter_set_document (self->painter, document, self->map);
      postil_text_hits_set_document (self->hits, document, self->map);
      expect_layout (self);
      postil_text_loading_begin (self->loading, self->map);
    }
  else
    gtk_text_buffer_set_text (get_buffer (self), "", 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  document != NULL ? postil_document_get_name (document) : "", -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  queue_caret_moved (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCUMENT]);
  if (was_loading != postil_text_view_get_loading (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/**
 * postil_text_view_preview:
 * @beginning: how the text of a document begins
 *
 * Shows the beginning of a text until its document is there. It can be read and nothing else; a
 * document that begins the same continues it where it is.
 */
void
postil_text_view_preview (PostilTextView *self, PostilText *beginning)
{
  g_autoptr (PostilViewMap) map = NULL;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self) && beginning != NULL);

  postil_text_view_set_document (self, NULL);
  map = postil_view_map_new (beginning);
  postil_text_loading_begin (self->loading, map);
  postil_text_loading_stop (self->loading);
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
  postil_text_hits_set_codebook (self->hits, codebook);
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
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));

  zoom = CLAMP (zoom, 0.1, 10);
  if (self->zoom == zoom)
    return;
  self->zoom = zoom;
  postil_text_style_set_zoom (self->style, zoom);
  expect_layout (self);
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

  return self->loading != NULL && postil_text_loading_is_running (self->loading);
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

  g_signal_emit (self, signals[SCROLL_ASKED], 0);
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

  update_visible (self);
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
  g_free (self->current);
  self->current = g_steal_pointer (&copy);
  postil_text_painter_set_current (self->painter, self->current);
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

  postil_text_painter_set_matches (self->painter, matches, n_matches);
}

/**
 * postil_text_view_set_marks:
 * @marks: (array length=n_marks) (nullable): what is marked, in any order
 * @n_marks: how many
 *
 * Marks passages until another document is shown, or its text changes.
 */
void
postil_text_view_set_marks (PostilTextView *self, const PostilTextMark *marks, guint n_marks)
{
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self) && (marks != NULL || n_marks == 0));

  postil_text_painter_set_marks (self->painter, marks, n_marks);
}

/**
 * postil_text_view_set_inner_side:
 * @side: where the text is that this one is compared with, left or right
 *
 * On that side bars stand beside passages that are marked so.
 */
void
postil_text_view_set_inner_side (PostilTextView *self, GtkPositionType side)
{
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));

  postil_text_painter_set_inner_side (self->painter, side);
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
      double drop =
        postil_text_places_get_y (view, self->map, place) - get_y_in_sight (self, offset);

      postil_text_scroller_keep (self->scroller, postil_view_map_to_view (self->map, offset),
                                 (int) round (y - drop));
    }
}
