/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-view-private.h"

#include "postil-palette.h"

/* Least width to ask for, in pixels. */
#define MIN_WIDTH 120

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
  PostilSpan visible = postil_text_view_get_visible_span (self);

  self->moved_id = 0;
  if (!postil_span_equal (visible, self->visible_told))
    {
      self->visible_told = visible;
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
void
postil_text_view_expect_layout (PostilTextView *self)
{
  postil_text_painter_repaint (self->painter);
  if (self->document != NULL &&
      postil_text_get_length (postil_document_get_text (self->document)) >= POSTIL_TEXT_VIEW_LONG)
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

/* GTK lays out the line of the caret as soon as the view is realized, which is before it has a
 * width; a paragraph would then be broken at every letter. */
static void
postil_text_view_realize (GtkWidget *widget)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget);

  if (gtk_widget_get_width (widget) == 0)
    gtk_text_view_set_wrap_mode (view, GTK_WRAP_NONE);
  GTK_WIDGET_CLASS (postil_text_view_parent_class)->realize (widget);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
}

static void
postil_text_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilTextView *self = POSTIL_TEXT_VIEW (widget);
  gboolean rewraps = width != self->width;

  /* The widget's own width is the new one already. */
  self->width = width;
  if (postil_text_style_fit_margins (self->style, width, get_number_width (self)) || rewraps)
    postil_text_view_expect_layout (self);
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

void
postil_text_view_queue_caret_moved (PostilTextView *self)
{
  if (self->caret_id == 0)
    self->caret_id = call_soon (self, caret_moved_cb);
}

static void
mark_set_cb (GtkTextBuffer *buffer, GtkTextIter *iter, GtkTextMark *mark, PostilTextView *self)
{
  if (mark == gtk_text_buffer_get_insert (buffer) ||
      mark == gtk_text_buffer_get_selection_bound (buffer))
    postil_text_view_queue_caret_moved (self);
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

  postil_text_view_get_caret_iter (self, &caret);
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
  gboolean keeps =
    step == GTK_MOVEMENT_PAGES && postil_text_scroller_is_laying_out (self->scroller);
  int y = keeps ? get_caret_y (self) : 0;
  GtkTextIter before, after;
  guint offset;

  postil_text_loading_forget_selection (self->loading);
  postil_text_loading_forget_target (self->loading);
  g_signal_emit (self, signals[SCROLL_ASKED], 0);
  postil_text_view_get_caret_iter (self, &before);
  offset = postil_text_view_get_caret (self);
  parent_class->move_cursor (view, step, count, extend_selection);
  postil_text_view_get_caret_iter (self, &after);
  if ((step == GTK_MOVEMENT_LOGICAL_POSITIONS || step == GTK_MOVEMENT_VISUAL_POSITIONS) &&
      self->map != NULL && !gtk_text_iter_equal (&before, &after) &&
      postil_text_view_get_caret (self) == offset)
    parent_class->move_cursor (view, step, count, extend_selection);
  postil_text_view_get_caret_iter (self, &after);
  if (keeps)
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

static void
codebook_changed_cb (PostilCodebook *codebook, PostilTextView *self)
{
  g_autoptr (PostilPalette) palette =
    postil_palette_new_for_widget (self->codebook, GTK_WIDGET (self));

  /* Most changes, such as another label, are not seen in the text. */
  if (!postil_text_painter_has_palette (self->painter, palette))
    update_style (self);
  postil_text_view_queue_caret_moved (self);
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
    postil_text_view_clear_document (self);
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
  widget_class->realize = postil_text_view_realize;
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
  postil_text_view_expect_layout (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
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
