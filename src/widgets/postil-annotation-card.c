/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-card.h"

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"
#include "postil-font-metrics.h"
#include "postil-review-words.h"
#include "postil-topic-line.h"

/* The lines of a card, from above. */
typedef enum
{
  QUOTE,
  NOTE,
  TOPICS,
  FOOT,
  N_LINES
} Line;

/* What is said in words; place and status share the foot. */
typedef enum
{
  QUOTE_TEXT,
  NOTE_TEXT,
  PLACE_TEXT,
  STATUS_TEXT,
  N_TEXTS
} Text;

/*
 * PostilAnnotationCard: one row of the list of annotations: quote, note, topics, place, status. A
 * list view keeps some 200 of them ready; so each is one widget, which knows how high it is without
 * laying anything out, and lays out what it shows when that is painted. It shows what it was told
 * last. The row that it is in tells a screen reader of it.
 */
struct _PostilAnnotationCard
{
  GtkWidget parent_instance;

  PostilAnnotation *annotation;
  guint stamp;
  /* Whether there is a quote, and not what the annotation is about instead. */
  gboolean is_quote;

  /* Has the font of the foot. */
  GtkWidget *caption;
  /* NULL where there is nothing to say; without the layouts until they are painted. */
  char *texts[N_TEXTS];
  PangoLayout *layouts[N_TEXTS];
  PostilTopicLine *topics;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationCard, postil_annotation_card, GTK_TYPE_WIDGET)

/* Longest quote and note of a row in code points: more than two lines of a wide pane. */
#define MAX_QUOTE 200
#define MAX_NOTE 120

#define QUOTE_LINES 2

/* Least width in characters. */
#define MIN_CHARS 8

/* Pixels between lines, between place and status, and around the words of the status. */
#define SPACING 4
#define BEFORE_STATUS 6
#define BADGE_PADDING 7
#define BADGE_BORDER 1

/* Of words that matter less, unless the style sheet says otherwise. */
#define FAINT_OPACITY 0.55

/* The note to show: one's own, otherwise the first of the others. */
static char *
dup_note (PostilWorkspace *workspace, PostilAnnotation *annotation)
{
  const char *me = postil_annotator_get_id (postil_workspace_get_annotator (workspace));
  PostilNote *note = postil_annotation_find_note (annotation, me);
  g_autofree char *start = NULL;
  const char *text, *limit;
  guint n_notes;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);

  if (note == NULL && n_notes > 0)
    note = notes[0];
  if (note == NULL)
    return NULL;

  limit = text = postil_note_get_text (note);
  for (guint i = 0; i < MAX_NOTE && *limit; i++)
    limit = g_utf8_next_char (limit);
  start = g_strndup (text, limit - text);

  return postil_annotation_words_dup_one_line (start);
}

static void
drop_layouts (PostilAnnotationCard *self)
{
  for (guint i = 0; i < N_TEXTS; i++)
    g_clear_object (&self->layouts[i]);
}

static PangoLayout *
ensure_layout (PostilAnnotationCard *self, Text text)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_foot = text == PLACE_TEXT || text == STATUS_TEXT;
  PangoLayout *layout = self->layouts[text];

  if (layout)
    return layout;

  layout = gtk_widget_create_pango_layout (is_foot ? self->caption : widget, self->texts[text]);
  self->layouts[text] = layout;
  if (text == NOTE_TEXT)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_style_new (PANGO_STYLE_ITALIC));
      pango_layout_set_attributes (layout, attributes);
    }
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (layout, text == QUOTE_TEXT ? -QUOTE_LINES : -1);
  return layout;
}

static guint
count_quote_lines (PostilAnnotationCard *self, const PostilFontMetrics *metrics, int width)
{
  guint n = postil_font_metrics_count_lines (metrics, self->texts[QUOTE_TEXT], width, QUOTE_LINES);
  PangoLayout *layout;

  if (n > 0)
    return n;
  layout = ensure_layout (self, QUOTE_TEXT);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  return CLAMP (pango_layout_get_line_count (layout), 1, QUOTE_LINES);
}

/* How high each line is, 0 where there is none, in pixels; returns all together. */
static int
measure_lines (PostilAnnotationCard *self, int width, int heights[N_LINES])
{
  GtkWidget *widget = GTK_WIDGET (self);
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);
  int line = metrics->line_height, total = -SPACING;

  if (self->texts[QUOTE_TEXT] == NULL)
    return 0;
  heights[QUOTE] = PANGO_PIXELS_CEIL (line * count_quote_lines (self, metrics, width));
  heights[NOTE] = self->texts[NOTE_TEXT] ? PANGO_PIXELS_CEIL (line) : 0;
  heights[TOPICS] = self->topics ? postil_topic_line_measure (widget) : 0;
  heights[FOOT] = 0;
  if (self->texts[PLACE_TEXT] || self->texts[STATUS_TEXT])
    heights[FOOT] = PANGO_PIXELS_CEIL (postil_font_metrics_get (self->caption)->line_height) +
                    (self->texts[STATUS_TEXT] ? 2 * BADGE_BORDER : 0);
  for (guint i = 0; i < N_LINES; i++)
    if (heights[i] > 0)
      total += heights[i] + SPACING;
  return total;
}

/* Takes over @words, and lays them out anew if they are others; only the quote has more than one
 * line.
 */
static void
show_text (PostilAnnotationCard *self, Text text, char *words)
{
  g_autofree char *before = g_steal_pointer (&self->texts[text]);
  gboolean had_line = before != NULL;

  if (words != NULL && words[0] == '\0' && text != QUOTE_TEXT)
    g_clear_pointer (&words, g_free);
  self->texts[text] = words;
  if (g_strcmp0 (before, words) == 0)
    return;
  g_clear_object (&self->layouts[text]);
  if (text == QUOTE_TEXT || had_line != (words != NULL))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
show_topics (PostilAnnotationCard *self, PostilCodebook *codebook, PostilAnnotation *annotation)
{
  gboolean had_line = self->topics != NULL;
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  if (n_topics == 0)
    g_clear_pointer (&self->topics, postil_topic_line_free);
  else if (self->topics == NULL)
    self->topics = postil_topic_line_new ();
  if (self->topics != NULL && postil_topic_line_show (self->topics, codebook, topics, n_topics))
    gtk_widget_queue_draw (GTK_WIDGET (self));
  if (had_line != (self->topics != NULL))
    gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
get_color (PostilAnnotationCard *self, gboolean is_faint, GdkRGBA *color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  gtk_style_context_get_color (context, color);
  if (is_faint && !gtk_style_context_lookup_color (context, "faint_text_color", color))
    color->alpha *= FAINT_OPACITY;
}

/* Paints a text in the middle of the height that it has. */
static void
paint_text (PostilAnnotationCard *self,
            GtkSnapshot *snapshot,
            Text text,
            gboolean is_faint,
            const graphene_rect_t *area)
{
  PangoLayout *layout = ensure_layout (self, text);
  GdkRGBA color;
  int height;

  pango_layout_set_width (layout, area->size.width * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, NULL, &height);
  get_color (self, is_faint, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot,
    &GRAPHENE_POINT_INIT (area->origin.x, area->origin.y + (int) (area->size.height - height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* Where the status stands in the foot. */
static graphene_rect_t
get_badge (PostilAnnotationCard *self, const graphene_rect_t *foot)
{
  PangoLayout *layout = ensure_layout (self, STATUS_TEXT);
  graphene_rect_t badge = *foot;
  int width;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  badge.size.width = MIN (width + 2 * (BADGE_PADDING + BADGE_BORDER), foot->size.width);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) != GTK_TEXT_DIR_RTL)
    badge.origin.x += foot->size.width - badge.size.width;
  return badge;
}

static void
paint_foot (PostilAnnotationCard *self, GtkSnapshot *snapshot, const graphene_rect_t *area)
{
  graphene_rect_t place = *area;

  if (self->texts[STATUS_TEXT])
    {
      graphene_rect_t badge = get_badge (self, area), words = badge;
      float taken = badge.size.width + BEFORE_STATUS;
      GskRoundedRect outline;
      GdkRGBA color;

      get_color (self, FALSE, &color);
      gsk_rounded_rect_init_from_rect (&outline, &badge, badge.size.height / 2);
      gtk_snapshot_append_border (
        snapshot, &outline, (float[4]){ BADGE_BORDER, BADGE_BORDER, BADGE_BORDER, BADGE_BORDER },
        (GdkRGBA[4]){ color, color, color, color });
      graphene_rect_inset (&words, BADGE_PADDING + BADGE_BORDER, 0);
      paint_text (self, snapshot, STATUS_TEXT, FALSE, &words);
      place.size.width -= taken;
      if (badge.origin.x == area->origin.x)
        place.origin.x += taken;
    }
  if (self->texts[PLACE_TEXT] && place.size.width > 0)
    paint_text (self, snapshot, PLACE_TEXT, TRUE, &place);
}

static void
postil_annotation_card_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PostilAnnotationCard *self = POSTIL_ANNOTATION_CARD (widget);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), 0);
  int heights[N_LINES] = { 0 };

  measure_lines (self, area.size.width, heights);
  for (guint i = 0; i < N_LINES; i++)
    {
      if (heights[i] == 0)
        continue;
      area.size.height = heights[i];
      if (i == QUOTE)
        paint_text (self, snapshot, QUOTE_TEXT, !self->is_quote, &area);
      else if (i == NOTE)
        paint_text (self, snapshot, NOTE_TEXT, FALSE, &area);
      else if (i == TOPICS)
        postil_topic_line_paint (self->topics, widget, snapshot, &area);
      else
        paint_foot (self, snapshot, &area);
      area.origin.y += heights[i] + SPACING;
    }
}

static void
postil_annotation_card_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  int heights[N_LINES] = { 0 };

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural =
      PANGO_PIXELS_CEIL (postil_font_metrics_get (widget)->char_width * MIN_CHARS);
  else
    *minimum = *natural = measure_lines (POSTIL_ANNOTATION_CARD (widget), for_size, heights);
}

static GtkSizeRequestMode
postil_annotation_card_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static gboolean
postil_annotation_card_query_tooltip (GtkWidget *widget,
                                      int x,
                                      int y,
                                      gboolean keyboard_tooltip,
                                      GtkTooltip *tooltip)
{
  PostilAnnotationCard *self = POSTIL_ANNOTATION_CARD (widget);
  g_autofree char *text = NULL;
  int heights[N_LINES] = { 0 }, top = 0, line = 0;

  measure_lines (self, gtk_widget_get_width (widget), heights);
  while (line < FOOT && y >= top + heights[line] + (heights[line] > 0 ? SPACING : 0))
    {
      top += heights[line] + (heights[line] > 0 ? SPACING : 0);
      line++;
    }
  if (keyboard_tooltip)
    return FALSE;
  if (line == TOPICS && self->topics)
    text = postil_topic_line_dup_tooltip (self->topics, x);
  else if (line == FOOT && self->texts[STATUS_TEXT])
    {
      graphene_rect_t badge = get_badge (
        self, &GRAPHENE_RECT_INIT (0, top, gtk_widget_get_width (widget), heights[FOOT]));

      if (graphene_rect_contains_point (&badge, &GRAPHENE_POINT_INIT (x, y)))
        text = g_strdup (postil_review_words_get_help (postil_review_get_kinds (self->annotation)));
    }
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static void
postil_annotation_card_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (postil_annotation_card_parent_class)->css_changed (widget, change);

  drop_layouts (POSTIL_ANNOTATION_CARD (widget));
}

static void
postil_annotation_card_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (postil_annotation_card_parent_class)->direction_changed (widget, previous);

  drop_layouts (POSTIL_ANNOTATION_CARD (widget));
}

static void
postil_annotation_card_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (postil_annotation_card_parent_class)->system_setting_changed (widget, setting);

  drop_layouts (POSTIL_ANNOTATION_CARD (widget));
  gtk_widget_queue_resize (widget);
}

static void
postil_annotation_card_dispose (GObject *object)
{
  PostilAnnotationCard *self = POSTIL_ANNOTATION_CARD (object);

  if (self->caption && gtk_widget_get_parent (self->caption) == GTK_WIDGET (self))
    gtk_widget_unparent (self->caption);
  g_clear_object (&self->caption);

  G_OBJECT_CLASS (postil_annotation_card_parent_class)->dispose (object);
}

static void
postil_annotation_card_finalize (GObject *object)
{
  PostilAnnotationCard *self = POSTIL_ANNOTATION_CARD (object);

  drop_layouts (self);
  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  g_clear_pointer (&self->topics, postil_topic_line_free);
  g_clear_pointer (&self->annotation, postil_annotation_unref);

  G_OBJECT_CLASS (postil_annotation_card_parent_class)->finalize (object);
}

static void
postil_annotation_card_class_init (PostilAnnotationCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_annotation_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = postil_annotation_card_finalize;
  widget_class->measure = postil_annotation_card_measure;
  widget_class->get_request_mode = postil_annotation_card_get_request_mode;
  widget_class->snapshot = postil_annotation_card_snapshot;
  widget_class->query_tooltip = postil_annotation_card_query_tooltip;
  widget_class->css_changed = postil_annotation_card_css_changed;
  widget_class->direction_changed = postil_annotation_card_direction_changed;
  widget_class->system_setting_changed = postil_annotation_card_system_setting_changed;

  gtk_widget_class_set_css_name (widget_class, "annotationcard");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
postil_annotation_card_init (PostilAnnotationCard *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

/**
 * postil_annotation_card_new:
 * @caption: (nullable): a widget with the style class "caption", which has the font of the smaller
 * words; %NULL for one of its own, which takes as long to make as the card
 *
 * Returns: a card that shows nothing yet
 */
GtkWidget *
postil_annotation_card_new (GtkWidget *caption)
{
  PostilAnnotationCard *self;

  g_return_val_if_fail (caption == NULL || GTK_IS_WIDGET (caption), NULL);

  self = g_object_new (POSTIL_TYPE_ANNOTATION_CARD, NULL);
  if (caption == NULL)
    {
      caption = gtk_label_new (NULL);
      gtk_widget_add_css_class (caption, "caption");
      gtk_widget_set_visible (caption, FALSE);
      gtk_widget_set_parent (caption, GTK_WIDGET (self));
    }
  self->caption = g_object_ref (caption);
  return GTK_WIDGET (self);
}

/**
 * postil_annotation_card_show:
 * @self: a card
 * @workspace: the workspace
 * @document: a document of it
 * @annotation: the annotation of @document to show
 * @stamp: changes when what is shown beside the annotation does: topics, names
 *
 * Names the document when the workspace has several.
 *
 * Returns: %FALSE when it showed the same already
 */
gboolean
postil_annotation_card_show (PostilAnnotationCard *self,
                             PostilWorkspace *workspace,
                             PostilDocument *document,
                             PostilAnnotation *annotation,
                             guint stamp)
{
  gboolean has_several;
  g_autofree char *words = NULL;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_CARD (self), FALSE);
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && POSTIL_IS_DOCUMENT (document), FALSE);
  g_return_val_if_fail (annotation != NULL, FALSE);

  if (annotation == self->annotation && stamp == self->stamp)
    return FALSE;

  postil_annotation_ref (annotation);
  g_clear_pointer (&self->annotation, postil_annotation_unref);
  self->annotation = annotation;
  self->stamp = stamp;
  has_several = g_list_model_get_n_items (postil_workspace_get_documents (workspace)) > 1;
  words = postil_annotation_words_dup_quote (document, annotation, MAX_QUOTE);
  show_text (self, QUOTE_TEXT,
             words ? postil_annotation_words_dup_one_line (words)
                   : g_strdup (postil_annotation_words_get_kind (annotation)));
  show_text (self, NOTE_TEXT, dup_note (workspace, annotation));
  show_text (self, PLACE_TEXT,
             postil_annotation_words_dup_place (document, annotation, has_several));
  show_text (self, STATUS_TEXT,
             postil_review_words_dup_kinds (postil_review_get_kinds (annotation)));
  show_topics (self, postil_workspace_get_codebook (workspace), annotation);
  if (self->is_quote != (words != NULL))
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->is_quote = words != NULL;

  return TRUE;
}

/**
 * postil_annotation_card_dup_phrase:
 * @self: a card
 *
 * Returns: (transfer full): what it shows, as a screen reader says it
 */
char *
postil_annotation_card_dup_phrase (PostilAnnotationCard *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  const char *texts[] = {
    self->texts[QUOTE_TEXT],
    self->texts[NOTE_TEXT],
    self->topics ? postil_topic_line_get_text (self->topics) : NULL,
    self->texts[STATUS_TEXT],
    self->texts[PLACE_TEXT],
  };

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_CARD (self), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i])
      g_ptr_array_add (parts, (gpointer) texts[i]);
  g_ptr_array_add (parts, NULL);

  return g_strjoinv ("\n", (char **) parts->pdata);
}
