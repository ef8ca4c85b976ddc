/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-line.h"

#include <glib/gi18n-lib.h>

#include "postil-font-metrics.h"
#include "postil-topic-swatch.h"

/* Pixels between chips, and within one between its edge, swatch, label and other edge; above and
 * below them. */
#define SPACING 6
#define BEFORE_SWATCH 3
#define AFTER_SWATCH 5
#define AFTER_LABEL 7
#define PADDING 1
#define RADIUS 6

/* A chip with less room for its label is counted instead, in letters. */
#define MIN_CHARS 3

/*
 * PostilTopicLine: topics as chips on one line, for rows of long lists: a swatch and a label each;
 * those for which there is no room are counted. One widget, as a list view keeps some 200 rows
 * ready; it lays out what it shows when that is painted. Takes whatever width it is given. What it
 * stands in tells a screen reader of the topics.
 */
struct _PostilTopicLine
{
  GtkWidget parent_instance;

  PostilCodebook *codebook;
  /* PostilTopic; NULL for one that the codebook lacks. */
  GPtrArray *topics;
  char *text;
  /* Where each chip that was painted last ends, in pixels from where the line begins. */
  GArray *ends;
};

G_DEFINE_FINAL_TYPE (PostilTopicLine, postil_topic_line, GTK_TYPE_WIDGET)

static const char *
get_label (PostilTopic *topic)
{
  return topic != NULL ? postil_topic_get_label (topic) : _ ("Unknown topic");
}

static PostilTopic *
get_topic (PostilTopicLine *self, guint number)
{
  return g_ptr_array_index (self->topics, number);
}

static void
unref_topic (gpointer topic)
{
  if (topic != NULL)
    postil_topic_unref (topic);
}

/* From the logical start of the line to where it is painted. */
static double
get_x (GtkWidget *widget, double start, double width)
{
  return gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL
           ? gtk_widget_get_width (widget) - start - width
           : start;
}

static void
snapshot_words (GtkWidget *widget, GtkSnapshot *snapshot, PangoLayout *layout, double start)
{
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget),
                              get_x (widget, start, width),
                              (gtk_widget_get_height (widget) - height) / 2.0, layout);
}

/* Paints a chip with at most @room pixels; returns how many it takes, 0 when it has no room. */
static double
snapshot_chip (PostilTopicLine *self,
               GtkSnapshot *snapshot,
               PostilTopic *topic,
               double start,
               double room)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);
  double height = gtk_widget_get_height (widget);
  double side = PANGO_PIXELS_CEIL (metrics->ascent + metrics->descent);
  double around = BEFORE_SWATCH + side + AFTER_SWATCH + AFTER_LABEL;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, get_label (topic));
  GskRoundedRect pill;
  GdkRGBA fill;
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  if (around + width > room)
    {
      width = room - around;
      if (width < PANGO_PIXELS (metrics->char_width * MIN_CHARS))
        return 0;
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (layout, width * PANGO_SCALE);
    }

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &fill);
  fill.alpha *= 0.08;
  gsk_rounded_rect_init_from_rect (
    &pill, &GRAPHENE_RECT_INIT (get_x (widget, start, around + width), 0, around + width, height),
    RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, &fill, &pill.bounds);
  gtk_snapshot_pop (snapshot);
  postil_topic_swatch_paint (widget, snapshot,
                             &GRAPHENE_RECT_INIT (get_x (widget, start + BEFORE_SWATCH, side),
                                                  (height - side) / 2, side, side),
                             topic);
  snapshot_words (widget, snapshot, layout, start + BEFORE_SWATCH + side + AFTER_SWATCH);
  return around + width;
}

static void
postil_topic_line_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PostilTopicLine *self = POSTIL_TOPIC_LINE (widget);
  double start = 0, width = gtk_widget_get_width (widget);
  guint n = self->topics->len, n_shown = 0;

  g_array_set_size (self->ends, 0);
  for (; n_shown < n; n_shown++)
    {
      g_autofree char *more = g_strdup_printf ("+%u", n - n_shown - 1);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, more);
      double chip;
      int reserve = 0;

      /* The last one needs no room for how many more there are. */
      if (n_shown + 1 < n)
        pango_layout_get_pixel_size (layout, &reserve, NULL);
      chip = snapshot_chip (self, snapshot, get_topic (self, n_shown), start,
                            width - start - (reserve > 0 ? reserve + SPACING : 0));
      if (chip == 0)
        break;
      start += chip + SPACING;
      g_array_append_val (self->ends, start);
    }
  if (n_shown < n)
    {
      g_autofree char *more = g_strdup_printf ("+%u", n - n_shown);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, more);

      snapshot_words (widget, snapshot, layout, start);
    }
}

static void
postil_topic_line_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = PANGO_PIXELS_CEIL (metrics->char_width * MIN_CHARS);
  else
    *minimum = *natural =
      2 * PADDING +
      PANGO_PIXELS_CEIL (MAX (metrics->line_height, metrics->ascent + metrics->descent));
}

static void
postil_topic_line_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (postil_topic_line_parent_class)->system_setting_changed (widget, setting);

  gtk_widget_queue_resize (widget);
}

static gboolean
postil_topic_line_query_tooltip (GtkWidget *widget,
                                 int x,
                                 int y,
                                 gboolean by_keyboard,
                                 GtkTooltip *tooltip)
{
  PostilTopicLine *self = POSTIL_TOPIC_LINE (widget);
  double place = get_x (widget, x, 0);

  for (guint i = 0; i < self->ends->len && !by_keyboard; i++)
    if (place < g_array_index (self->ends, double, i))
      {
        PostilTopic *topic = get_topic (self, i);
        g_autofree char *path = topic ? postil_codebook_dup_path (self->codebook, topic) : NULL;

        gtk_tooltip_set_text (tooltip, path);
        return path != NULL;
      }
  gtk_tooltip_set_text (tooltip, self->text);
  return self->topics->len > 0;
}

static void
postil_topic_line_finalize (GObject *object)
{
  PostilTopicLine *self = POSTIL_TOPIC_LINE (object);

  g_clear_object (&self->codebook);
  g_ptr_array_unref (self->topics);
  g_array_unref (self->ends);
  g_free (self->text);

  G_OBJECT_CLASS (postil_topic_line_parent_class)->finalize (object);
}

static void
postil_topic_line_class_init (PostilTopicLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = postil_topic_line_finalize;
  widget_class->measure = postil_topic_line_measure;
  widget_class->snapshot = postil_topic_line_snapshot;
  widget_class->query_tooltip = postil_topic_line_query_tooltip;
  widget_class->system_setting_changed = postil_topic_line_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "topicline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
postil_topic_line_init (PostilTopicLine *self)
{
  self->topics = g_ptr_array_new_with_free_func (unref_topic);
  self->ends = g_array_new (FALSE, FALSE, sizeof (double));
  self->text = g_strdup ("");
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
postil_topic_line_new (void)
{
  return g_object_new (POSTIL_TYPE_TOPIC_LINE, NULL);
}

/**
 * postil_topic_line_show:
 * @self: a line of topics
 * @codebook: the codebook
 * @topics: (array length=n_topics): ids of the topics to show
 * @n_topics: how many
 */
void
postil_topic_line_show (PostilTopicLine *self,
                        PostilCodebook *codebook,
                        const char *const *topics,
                        guint n_topics)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (POSTIL_IS_TOPIC_LINE (self) && POSTIL_IS_CODEBOOK (codebook));

  g_set_object (&self->codebook, codebook);
  g_ptr_array_set_size (self->topics, 0);
  g_array_set_size (self->ends, 0);
  for (guint i = 0; i < n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, topics[i]);

      g_ptr_array_add (self->topics, topic != NULL ? postil_topic_ref (topic) : NULL);
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", get_label (topic));
    }
  g_free (self->text);
  self->text = g_string_free (g_steal_pointer (&text), FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_topic_line_get_text:
 * @self: a line of topics
 *
 * Returns: (transfer none): the labels of all its topics
 */
const char *
postil_topic_line_get_text (PostilTopicLine *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_LINE (self), NULL);

  return self->text;
}
