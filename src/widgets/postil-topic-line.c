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
 * those for which there is no room are counted. Part of the widget that paints it, which owns it: a
 * list view keeps some 200 rows ready, and each widget of each would cost more than all that it
 * shows. That widget also tells a screen reader of the topics.
 */
struct _PostilTopicLine
{
  PostilCodebook *codebook;
  /* PostilTopic; NULL for one that the codebook lacks. */
  GPtrArray *topics;
  char *text;
  /* Where it was painted last and where each chip of it ends, in pixels from the line's start. */
  graphene_rect_t area;
  gboolean is_rtl;
  GArray *ends;
};

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
get_x (PostilTopicLine *self, double start, double width)
{
  return self->area.origin.x + (self->is_rtl ? self->area.size.width - start - width : start);
}

static void
paint_words (PostilTopicLine *self,
             GtkWidget *widget,
             GtkSnapshot *snapshot,
             PangoLayout *layout,
             double start)
{
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_render_layout (
    snapshot, gtk_widget_get_style_context (widget), get_x (self, start, width),
    self->area.origin.y + (self->area.size.height - height) / 2.0, layout);
}

/* Paints a chip with at most @room pixels; returns how many it takes, 0 when it has no room. */
static double
paint_chip (PostilTopicLine *self,
            GtkWidget *widget,
            GtkSnapshot *snapshot,
            PostilTopic *topic,
            double start,
            double room)
{
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);
  double top = self->area.origin.y, height = self->area.size.height;
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
    &pill, &GRAPHENE_RECT_INIT (get_x (self, start, around + width), top, around + width, height),
    RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, &fill, &pill.bounds);
  gtk_snapshot_pop (snapshot);
  postil_topic_swatch_paint (widget, snapshot,
                             &GRAPHENE_RECT_INIT (get_x (self, start + BEFORE_SWATCH, side),
                                                  top + (height - side) / 2, side, side),
                             topic);
  paint_words (self, widget, snapshot, layout, start + BEFORE_SWATCH + side + AFTER_SWATCH);
  return around + width;
}

/**
 * postil_topic_line_new:
 *
 * Returns: (transfer full): a line without topics
 */
PostilTopicLine *
postil_topic_line_new (void)
{
  PostilTopicLine *self = g_new0 (PostilTopicLine, 1);

  self->topics = g_ptr_array_new_with_free_func (unref_topic);
  self->ends = g_array_new (FALSE, FALSE, sizeof (double));
  self->text = g_strdup ("");
  return self;
}

void
postil_topic_line_free (PostilTopicLine *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->codebook);
  g_ptr_array_unref (self->topics);
  g_array_unref (self->ends);
  g_free (self->text);
  g_free (self);
}

/**
 * postil_topic_line_show:
 * @self: a line of topics
 * @codebook: the codebook
 * @topics: (array length=n_topics): ids of the topics to show
 * @n_topics: how many
 *
 * Returns: %FALSE when it showed the same already
 */
gboolean
postil_topic_line_show (PostilTopicLine *self,
                        PostilCodebook *codebook,
                        const char *const *topics,
                        guint n_topics)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_same;

  g_return_val_if_fail (self != NULL && POSTIL_IS_CODEBOOK (codebook), FALSE);

  before = g_steal_pointer (&self->topics);
  self->topics = g_ptr_array_new_with_free_func (unref_topic);
  is_same = codebook == self->codebook && n_topics == before->len;
  g_set_object (&self->codebook, codebook);
  for (guint i = 0; i < n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, topics[i]);

      is_same = is_same && topic == g_ptr_array_index (before, i);
      g_ptr_array_add (self->topics, topic != NULL ? postil_topic_ref (topic) : NULL);
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", get_label (topic));
    }
  if (is_same)
    return FALSE;
  g_array_set_size (self->ends, 0);
  g_free (self->text);
  self->text = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
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
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * postil_topic_line_measure:
 * @widget: the widget that paints it
 *
 * Returns: how high a line is, in pixels
 */
int
postil_topic_line_measure (GtkWidget *widget)
{
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);

  g_return_val_if_fail (metrics != NULL, 0);

  return 2 * PADDING +
         PANGO_PIXELS_CEIL (MAX (metrics->line_height, metrics->ascent + metrics->descent));
}

/**
 * postil_topic_line_paint:
 * @self: a line of topics
 * @widget: the widget that paints it
 * @snapshot: where it is painted
 * @area: where in @widget, in pixels
 */
void
postil_topic_line_paint (PostilTopicLine *self,
                         GtkWidget *widget,
                         GtkSnapshot *snapshot,
                         const graphene_rect_t *area)
{
  double start = 0;
  guint n, n_shown = 0;

  g_return_if_fail (self != NULL && GTK_IS_WIDGET (widget));
  g_return_if_fail (snapshot != NULL && area != NULL);

  n = self->topics->len;
  self->area = *area;
  self->is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_array_set_size (self->ends, 0);
  for (; n_shown < n; n_shown++)
    {
      double chip, reserve = 0;

      /* The last one needs no room for how many more there are. */
      if (n_shown + 1 < n)
        {
          g_autofree char *more = g_strdup_printf ("+%u", n - n_shown - 1);
          g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, more);
          int width;

          pango_layout_get_pixel_size (layout, &width, NULL);
          reserve = width + SPACING;
        }
      chip = paint_chip (self, widget, snapshot, get_topic (self, n_shown), start,
                         area->size.width - start - reserve);
      if (chip == 0)
        break;
      start += chip + SPACING;
      g_array_append_val (self->ends, start);
    }
  if (n_shown < n)
    {
      g_autofree char *more = g_strdup_printf ("+%u", n - n_shown);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, more);

      paint_words (self, widget, snapshot, layout, start);
    }
}

/**
 * postil_topic_line_dup_tooltip:
 * @self: a line of topics that was painted
 * @x: a place in the widget, in pixels
 *
 * Returns: (transfer full) (nullable): where the topic at @x stands in the codebook, or the labels
 *   of all where there is none
 */
char *
postil_topic_line_dup_tooltip (PostilTopicLine *self, double x)
{
  double place;

  g_return_val_if_fail (self != NULL, NULL);

  place = self->is_rtl ? self->area.origin.x + self->area.size.width - x : x - self->area.origin.x;
  for (guint i = 0; i < self->ends->len; i++)
    if (place < g_array_index (self->ends, double, i))
      {
        PostilTopic *topic = get_topic (self, i);

        return topic ? postil_codebook_dup_path (self->codebook, topic) : NULL;
      }
  return g_strdup (self->text);
}
