/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-overview-strip.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "postil-after-frame.h"
#include "postil-annotation-phrase.h"
#include "postil-palette.h"

#define WIDTH 14

/* Topics that are told apart side by side at one height. */
#define MAX_TONES 3

/* Least height of a mark and of the part in sight, in pixels. */
#define MIN_MARK 2
#define MIN_VISIBLE 6

/* Beside the marks, in pixels. */
#define MARGIN 2

/* More changes at once count everything anew, and so do those in so large a share of the text. */
#define MAX_CHANGES 100
#define LARGE_SHARE 16

/* How near a click must be to an annotation to go to its very beginning, in pixels. */
#define REACH 3

/* Annotations are gone through in slices, after each of which the clock is looked at. A slice comes
 * after drawing (120), and before a piece of the text comes in (122) and GTK lays it out (125). */
#define SLICE 512
#define SLICE_MS 3
#define SLICE_PRIORITY 121

/* Annotations that one page key passes. */
#define PAGE 10

/**
 * PostilOverviewStrip:
 *
 * The whole document in a narrow strip beside the scroll bar: where its annotations are, in their
 * topics' colours, what is in sight, and the way there by mouse and keys. Places are shares of the
 * text's code points, since the heights of a long text are not known before GTK laid it all out.
 * Follows the codebook by itself, and the document one frame later than its text; changes neither.
 * What was last counted is shown until all annotations have been counted anew; a few changes count
 * anew only the rows that they touch.
 */
struct _PostilOverviewStrip
{
  GtkWidget parent_instance;

  PostilDocument *document;
  PostilCodebook *codebook;
  char *current;
  GArray *matches;
  PostilSpan visible;
  guint place;

  PostilPalette *palette;
  GdkTexture *marks;
  PostilAfterFrame *later;
  /* Where annotations have changed, in rows, until they are counted anew. */
  guint first_changed;
  guint end_changed;
  guint count_id;
  PostilAnnotationIndex *counted;
  guint n_counted;
  struct _Row *rows;
  guint n_rows;
  /* Least height of a mark, in rows. */
  guint least;
};

G_DEFINE_FINAL_TYPE (PostilOverviewStrip, postil_overview_strip, GTK_TYPE_WIDGET)

enum
{
  PROP_DOCUMENT = 1,
  PROP_CODEBOOK,
  N_PROPERTIES
};

enum
{
  PLACE_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

/* One row of the screen's pixels. */
typedef struct _Row
{
  const PostilTone *tones[MAX_TONES];
} Row;

static guint
get_length (PostilOverviewStrip *self)
{
  return self->document != NULL ? postil_text_get_length (postil_document_get_text (self->document))
                                : 0;
}

/* Where @offset is, in pixels or rows of all @size of them. */
static double
get_share (PostilOverviewStrip *self, guint offset, double size)
{
  return (double) offset / MAX (get_length (self), 1) * size;
}

static guint
get_offset_at (PostilOverviewStrip *self, double y)
{
  double share = y / MAX (gtk_widget_get_height (GTK_WIDGET (self)), 1);

  return CLAMP (share, 0, 1) * get_length (self);
}

/* Counting */

static void
add_tone (Row *row, const PostilTone *tone)
{
  for (guint i = 0; i < MAX_TONES; i++)
    {
      if (row->tones[i] == tone)
        return;
      if (row->tones[i] == NULL)
        {
          row->tones[i] = tone;
          return;
        }
    }
}

static void
get_rows (PostilOverviewStrip *self, PostilSpan span, guint *first, guint *end)
{
  *first = MIN (get_share (self, span.start, self->n_rows), self->n_rows - 1);
  *end =
    MIN (MAX (ceil (get_share (self, span.end, self->n_rows)), *first + self->least), self->n_rows);
}

/* Counts an annotation in those of the rows that it touches. */
static void
count_annotation (PostilOverviewStrip *self, PostilAnnotation *annotation, guint from, guint to)
{
  guint n_spans, n_topics;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_spans; i++)
    {
      guint first, end;

      get_rows (self, spans[i], &first, &end);
      first = MAX (first, from);
      end = MIN (end, to);
      for (guint j = 0; first < end && j < MAX (n_topics, 1); j++)
        {
          const PostilTone *tone =
            postil_palette_get_tone (self->palette, j < n_topics ? topics[j] : NULL);

          for (guint row = first; row < end; row++)
            add_tone (&self->rows[row], tone);
        }
    }
}

/* One texture: rectangles for the rows would be thousands, which each frame of the window goes
 * through.
 */
static void
paint_rows (PostilOverviewStrip *self)
{
  guint width = (WIDTH - 2 * MARGIN) * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gsize stride = 4 * width;
  guchar *pixels = g_malloc0 (stride * self->n_rows), *pixel = pixels;
  g_autoptr (GBytes) bytes = NULL;

  for (guint row = 0; row < self->n_rows; row++)
    {
      const Row *counted = &self->rows[row];
      guint n = 0;

      while (n < MAX_TONES && counted->tones[n] != NULL)
        n++;
      for (guint x = 0; x < width; x++, pixel += 4)
        if (n > 0)
          {
            const GdkRGBA *color = &counted->tones[x * n / width]->line;

            pixel[0] = color->red * color->alpha * 255 + 0.5;
            pixel[1] = color->green * color->alpha * 255 + 0.5;
            pixel[2] = color->blue * color->alpha * 255 + 0.5;
            pixel[3] = color->alpha * 255 + 0.5;
          }
    }
  bytes = g_bytes_new_take (pixels, stride * self->n_rows);
  g_clear_object (&self->marks);
  self->marks =
    gdk_memory_texture_new (width, self->n_rows, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes, stride);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
count_cb (gpointer data)
{
  PostilOverviewStrip *self = data;
  gint64 end = g_get_monotonic_time () + SLICE_MS * 1000;
  guint size = postil_annotation_index_get_n_shown (self->counted);

  while (self->n_counted < size)
    {
      guint stop = MIN (self->n_counted + SLICE, size);

      while (self->n_counted < stop)
        count_annotation (self, postil_annotation_index_get (self->counted, self->n_counted++), 0,
                          self->n_rows);
      if (g_get_monotonic_time () >= end && self->n_counted < size)
        return G_SOURCE_CONTINUE;
    }
  paint_rows (self);
  g_clear_pointer (&self->counted, postil_annotation_index_unref);
  self->count_id = 0;
  return G_SOURCE_REMOVE;
}

static void
stop_counting (PostilOverviewStrip *self)
{
  g_clear_handle_id (&self->count_id, g_source_remove);
  g_clear_pointer (&self->counted, postil_annotation_index_unref);
}

static void
forget_changed (PostilOverviewStrip *self)
{
  self->first_changed = G_MAXUINT;
  self->end_changed = 0;
}

static void
count_anew (PostilOverviewStrip *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  stop_counting (self);
  forget_changed (self);
  if (self->document == NULL || height == 0)
    {
      g_clear_object (&self->marks);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }

  if (self->palette == NULL)
    self->palette = postil_palette_new_for_widget (self->codebook, GTK_WIDGET (self));
  self->least = MIN_MARK * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  self->n_rows = height * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_free (self->rows);
  self->rows = g_new0 (Row, self->n_rows);
  self->n_counted = 0;
  self->counted = postil_annotation_index_ref (postil_document_get_annotations (self->document));
  self->count_id = g_idle_add_full (SLICE_PRIORITY, count_cb, self, NULL);
}

static void
restyle (PostilOverviewStrip *self)
{
  stop_counting (self);
  g_clear_pointer (&self->palette, postil_palette_free);
  count_anew (self);
}

/* Most changes of the codebook, such as another label, are not seen here. */
static void
codebook_changed_cb (PostilOverviewStrip *self)
{
  PostilPalette *palette;

  if (self->palette == NULL)
    return;
  palette = postil_palette_new_for_widget (self->codebook, GTK_WIDGET (self));
  if (!postil_palette_equal (palette, self->palette))
    restyle (self);
  postil_palette_free (palette);
}

/* Going places */

/* The first annotation in reading order that begins at @offset or later; those of the whole
 * document come before all passages, what cannot be shown after them. */
static guint
find_position (PostilAnnotationIndex *index, guint offset)
{
  guint low = 0, high = postil_annotation_index_get_n_shown (index);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      PostilAnnotation *annotation = postil_annotation_index_get (index, middle);
      PostilAnnotationKind kind = postil_annotation_get_kind (annotation);

      if (kind == POSTIL_ANNOTATION_DOCUMENT ||
          (kind == POSTIL_ANNOTATION_PASSAGE &&
           postil_annotation_get_extent (annotation).start < offset))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
get_place (PostilAnnotationIndex *index, guint position, guint *place)
{
  PostilAnnotation *annotation = postil_annotation_index_get (index, position);
  guint n_spans;

  if (annotation == NULL)
    return FALSE;
  postil_annotation_get_spans (annotation, &n_spans);
  *place = postil_annotation_get_extent (annotation).start;
  return n_spans > 0;
}

/* The place @count annotated places from here, or the last one that way. */
static gboolean
find_place (PostilOverviewStrip *self, int count, guint *place)
{
  PostilAnnotationIndex *index = postil_document_get_annotations (self->document);
  int step = count > 0 ? 1 : -1;
  gboolean found = FALSE;
  guint here = self->place;
  gint64 position = find_position (index, count > 0 ? here + 1 : here);

  for (position -= count < 0; count != 0 && position >= 0; position += step)
    {
      guint next;

      if (position >= postil_annotation_index_get_n_shown (index))
        break;
      if (!get_place (index, position, &next) || next == here)
        continue;
      *place = here = next;
      found = TRUE;
      count -= step;
    }
  return found;
}

static void
update_accessible (PostilOverviewStrip *self)
{
  guint percent = get_share (self, self->visible.start, 100);
  g_autofree char *value = NULL;

  /* Translators: how far into the text the reader is */
  value = g_strdup_printf (_ ("%u %% of the text"), percent);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 100.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) percent,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, value, -1);
}

static void
go_to (PostilOverviewStrip *self, guint place)
{
  self->place = place;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[PLACE_ACTIVATED], 0, place);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint key,
                guint code,
                GdkModifierType state,
                PostilOverviewStrip *self)
{
  int count;
  guint place;

  if (self->document == NULL || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      count = -1;
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      count = 1;
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      count = -PAGE;
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      count = PAGE;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  if (find_place (self, count, &place))
    go_to (self, place);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

/* The nearest beginning of an annotation within reach, since a pixel may be many pages. */
static guint
find_near (PostilOverviewStrip *self, double y)
{
  PostilAnnotationIndex *index = postil_document_get_annotations (self->document);
  guint offset = get_offset_at (self, y), end = get_offset_at (self, y + REACH);
  guint position = find_position (index, get_offset_at (self, y - REACH));
  guint best = offset, distance = G_MAXUINT, place;

  for (; position < postil_annotation_index_get_n_shown (index); position++)
    {
      guint far;

      if (!get_place (index, position, &place))
        continue;
      if (place > end)
        break;
      far = place > offset ? place - offset : offset - place;
      if (far < distance)
        {
          best = place;
          distance = far;
        }
    }
  return best;
}

static void
drag_begin_cb (GtkGestureDrag *drag, double x, double y, PostilOverviewStrip *self)
{
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->document != NULL)
    go_to (self, find_near (self, y));
}

static void
drag_update_cb (GtkGestureDrag *drag, double x, double y, PostilOverviewStrip *self)
{
  double start_y;
  guint place;

  gtk_gesture_drag_get_start_point (drag, NULL, &start_y);
  place = get_offset_at (self, start_y + y);
  if (self->document != NULL && place != self->place && fabs (y) >= REACH)
    go_to (self, place);
}

/* Counts anew the rows from @first up to @end. */
static void
count_rows (PostilOverviewStrip *self, guint first, guint end)
{
  double offsets = (double) get_length (self) / self->n_rows;
  /* What begins just before them may reach into them, as no mark is less high than that. */
  PostilSpan span = { MAX (first, self->least) * offsets - self->least * offsets,
                      MIN (ceil (end * offsets) + 1, get_length (self)) };
  g_autoptr (GPtrArray) annotations =
    postil_annotation_index_list_in (postil_document_get_annotations (self->document), span);

  memset (&self->rows[first], 0, (end - first) * sizeof (Row));
  for (guint i = 0; i < annotations->len; i++)
    count_annotation (self, annotations->pdata[i], first, end);
  paint_rows (self);
}

static void
follow (GtkWidget *widget)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (widget);
  guint first = self->first_changed, end = self->end_changed;

  forget_changed (self);
  if (first >= end)
    return;
  if (self->rows == NULL || self->count_id > 0 || end - first > self->n_rows / LARGE_SHARE)
    count_anew (self);
  else
    count_rows (self, first, end);
}

static void
note_changed (PostilOverviewStrip *self, PostilAnnotation *annotation)
{
  guint n_spans, first, end;
  const PostilSpan *spans;

  if (annotation == NULL)
    return;
  spans = postil_annotation_get_spans (annotation, &n_spans);
  for (guint i = 0; i < n_spans; i++)
    {
      get_rows (self, spans[i], &first, &end);
      self->first_changed = MIN (self->first_changed, first);
      self->end_changed = MAX (self->end_changed, end);
    }
}

static void
document_changed_cb (PostilOverviewStrip *self, const PostilChange *changes, guint n_changes)
{
  if (self->rows == NULL || n_changes > MAX_CHANGES ||
      postil_changes_have_text (changes, n_changes))
    {
      self->first_changed = 0;
      self->end_changed = G_MAXUINT;
    }
  else
    for (guint i = 0; i < n_changes; i++)
      {
        note_changed (self, changes[i].annotation.before);
        note_changed (self, changes[i].annotation.after);
      }
  postil_after_frame_queue (self->later);
}

static gboolean
postil_overview_strip_query_tooltip (GtkWidget *widget,
                                     int x,
                                     int y,
                                     gboolean by_keyboard,
                                     GtkTooltip *tooltip)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (widget);
  g_autoptr (GPtrArray) annotations = NULL;
  g_autofree char *phrases = NULL;
  PostilSpan span = { self->place, self->place + 1 };

  if (self->document == NULL)
    return FALSE;
  if (!by_keyboard)
    {
      span.start = get_offset_at (self, y - MIN_MARK);
      span.end = MAX (get_offset_at (self, y + 1), span.start + 1);
    }
  annotations =
    postil_annotation_index_list_in (postil_document_get_annotations (self->document), span);
  if (annotations->len == 0)
    return FALSE;
  phrases = postil_annotation_phrase_list (annotations, self->document, self->codebook, FALSE);
  gtk_tooltip_set_text (tooltip, phrases);
  return TRUE;
}

static void
snapshot_span (PostilOverviewStrip *self,
               GtkSnapshot *snapshot,
               PostilSpan span,
               double least,
               const GdkRGBA *fill,
               const GdkRGBA *border)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double top = get_share (self, span.start, height);
  double size = MAX (get_share (self, span.end, height) - top, least);
  GskRoundedRect outline;

  top = MAX (MIN (top, height - size), 0);
  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (0, top, WIDTH, size), 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, fill, &outline.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ *border, *border, *border, *border });
}

static void
snapshot_matches (PostilOverviewStrip *self, GtkSnapshot *snapshot, const GdkRGBA *color)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  int last = -1;

  for (guint i = 0; i < self->matches->len; i++)
    {
      int y = get_share (self, g_array_index (self->matches, PostilSpan, i).start, height);

      if (y == last)
        continue;
      last = y;
      gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (WIDTH - 5, y, 5, MIN_MARK));
    }
}

static void
postil_overview_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (widget);
  PostilAnnotation *current = NULL;
  GdkRGBA foreground, faint;

  if (self->document == NULL || self->palette == NULL)
    return;

  foreground = faint = *postil_palette_get_foreground (self->palette);
  if (self->marks != NULL)
    gtk_snapshot_append_texture (
      snapshot, self->marks,
      &GRAPHENE_RECT_INIT (MARGIN, 0, WIDTH - 2 * MARGIN, gtk_widget_get_height (widget)));
  snapshot_matches (self, snapshot, &foreground);
  if (self->current != NULL)
    current = postil_document_get_annotation (self->document, self->current);
  if (current != NULL && postil_annotation_get_kind (current) == POSTIL_ANNOTATION_PASSAGE &&
      postil_annotation_get_status (current) != POSTIL_STATUS_ORPHANED)
    {
      guint n_topics;
      const char *const *topics = postil_annotation_get_topics (current, &n_topics);
      const PostilTone *tone =
        postil_palette_get_tone (self->palette, n_topics > 0 ? topics[0] : NULL);

      snapshot_span (self, snapshot, postil_annotation_get_extent (current), 2 * MIN_MARK,
                     &tone->line, &foreground);
    }
  faint.alpha = 0.15;
  foreground.alpha = gtk_widget_has_visible_focus (widget) ? 1 : 0.4;
  snapshot_span (self, snapshot, self->visible, MIN_VISIBLE, &faint, &foreground);
}

static void
postil_overview_strip_measure (GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : 0;
}

static void
postil_overview_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (widget);

  if (self->n_rows != height * gtk_widget_get_scale_factor (widget))
    count_anew (self);
}

static void
postil_overview_strip_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (postil_overview_strip_parent_class)->css_changed (widget, change);
  restyle (POSTIL_OVERVIEW_STRIP (widget));
}

static void
postil_overview_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_CODEBOOK:
      g_value_set_object (value, self->codebook);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_overview_strip_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      postil_overview_strip_set_document (self, g_value_get_object (value));
      break;
    case PROP_CODEBOOK:
      postil_overview_strip_set_codebook (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_overview_strip_dispose (GObject *object)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (object);

  stop_counting (self);
  g_clear_pointer (&self->later, postil_after_frame_free);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->codebook != NULL)
    g_signal_handlers_disconnect_by_data (self->codebook, self);
  g_clear_object (&self->document);
  g_clear_object (&self->codebook);
  G_OBJECT_CLASS (postil_overview_strip_parent_class)->dispose (object);
}

static void
postil_overview_strip_finalize (GObject *object)
{
  PostilOverviewStrip *self = POSTIL_OVERVIEW_STRIP (object);

  g_clear_object (&self->marks);
  g_clear_pointer (&self->palette, postil_palette_free);
  g_array_unref (self->matches);
  g_free (self->rows);
  g_free (self->current);
  G_OBJECT_CLASS (postil_overview_strip_parent_class)->finalize (object);
}

static void
postil_overview_strip_class_init (PostilOverviewStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = postil_overview_strip_get_property;
  object_class->set_property = postil_overview_strip_set_property;
  object_class->dispose = postil_overview_strip_dispose;
  object_class->finalize = postil_overview_strip_finalize;
  widget_class->snapshot = postil_overview_strip_snapshot;
  widget_class->measure = postil_overview_strip_measure;
  widget_class->size_allocate = postil_overview_strip_size_allocate;
  widget_class->css_changed = postil_overview_strip_css_changed;
  widget_class->query_tooltip = postil_overview_strip_query_tooltip;

  properties[PROP_DOCUMENT] =
    g_param_spec_object ("document", NULL, NULL, POSTIL_TYPE_DOCUMENT, flags);
  properties[PROP_CODEBOOK] =
    g_param_spec_object ("codebook", NULL, NULL, POSTIL_TYPE_CODEBOOK, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilOverviewStrip::place-activated:
   * @offset: a place in the text, in code points
   *
   * A person clicked at this place, or moved to it with the keys.
   */
  signals[PLACE_ACTIVATED] =
    g_signal_new ("place-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "overviewstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SCROLLBAR);
}

static void
postil_overview_strip_init (PostilOverviewStrip *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->matches = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->later = postil_after_frame_new (widget, follow);
  forget_changed (self);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Overview of annotations"),
    GTK_ACCESSIBLE_PROPERTY_ORIENTATION, GTK_ORIENTATION_VERTICAL, -1);
  update_accessible (self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (widget, keys);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
}

/**
 * postil_overview_strip_new:
 *
 * Returns: (transfer floating): a strip that shows nothing yet
 */
GtkWidget *
postil_overview_strip_new (void)
{
  return g_object_new (POSTIL_TYPE_OVERVIEW_STRIP, NULL);
}

/**
 * postil_overview_strip_set_document:
 * @document: (nullable): what to show; %NULL for nothing
 */
void
postil_overview_strip_set_document (PostilOverviewStrip *self, PostilDocument *document)
{
  g_return_if_fail (POSTIL_IS_OVERVIEW_STRIP (self));
  g_return_if_fail (document == NULL || POSTIL_IS_DOCUMENT (document));

  if (self->document == document)
    return;
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->document, document);
  if (document != NULL)
    g_signal_connect_swapped (document, "changed", G_CALLBACK (document_changed_cb), self);
  g_clear_object (&self->marks);
  postil_after_frame_cancel (self->later);
  forget_changed (self);
  g_array_set_size (self->matches, 0);
  self->visible = (PostilSpan){ 0 };
  self->place = 0;
  count_anew (self);
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCUMENT]);
}

/**
 * postil_overview_strip_set_codebook:
 * @codebook: (nullable): where topics have their colours and labels
 */
void
postil_overview_strip_set_codebook (PostilOverviewStrip *self, PostilCodebook *codebook)
{
  g_return_if_fail (POSTIL_IS_OVERVIEW_STRIP (self));
  g_return_if_fail (codebook == NULL || POSTIL_IS_CODEBOOK (codebook));

  if (self->codebook == codebook)
    return;
  if (self->codebook != NULL)
    g_signal_handlers_disconnect_by_data (self->codebook, self);
  g_set_object (&self->codebook, codebook);
  if (codebook != NULL)
    g_signal_connect_swapped (codebook, "changed", G_CALLBACK (codebook_changed_cb), self);
  restyle (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CODEBOOK]);
}

/**
 * postil_overview_strip_set_visible_span:
 * @span: what of the text is in sight, in code points
 */
void
postil_overview_strip_set_visible_span (PostilOverviewStrip *self, PostilSpan span)
{
  g_return_if_fail (POSTIL_IS_OVERVIEW_STRIP (self) && span.start <= span.end);

  if (postil_span_equal (span, self->visible))
    return;
  /* Where the keys go on from, unless they have just gone to a place that is in sight. */
  if (self->place < span.start || self->place >= span.end)
    self->place = span.start;
  self->visible = span;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_overview_strip_set_current:
 * @annotation: (nullable): id of the annotation to emphasise
 */
void
postil_overview_strip_set_current (PostilOverviewStrip *self, const char *annotation)
{
  g_autofree char *copy = g_strdup (annotation);

  g_return_if_fail (POSTIL_IS_OVERVIEW_STRIP (self));

  g_free (self->current);
  self->current = g_steal_pointer (&copy);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_overview_strip_set_matches:
 * @matches: (array length=n_matches) (nullable): what a search found, by start, in code points
 * @n_matches: how many
 *
 * Marks places until another document is shown.
 */
void
postil_overview_strip_set_matches (PostilOverviewStrip *self,
                                   const PostilSpan *matches,
                                   guint n_matches)
{
  g_return_if_fail (POSTIL_IS_OVERVIEW_STRIP (self) && (matches != NULL || n_matches == 0));

  g_array_set_size (self->matches, 0);
  if (n_matches > 0)
    g_array_append_vals (self->matches, matches, n_matches);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
