/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-swatch.h"

#include "postil-font-metrics.h"
#include "postil-palette.h"

/*
 * PostilTopicSwatch: a chip in the colour of a topic, as high as a line of text, with the topic's
 * initial in black or white, whichever can be read on it: colour is never the only sign.
 * Decoration: a screen reader passes over it, what it stands beside names the topic.
 */
struct _PostilTopicSwatch
{
  GtkWidget parent_instance;

  GdkRGBA color;
  char *sign;
  PangoLayout *layout;
};

G_DEFINE_FINAL_TYPE (PostilTopicSwatch, postil_topic_swatch, GTK_TYPE_WIDGET)

enum
{
  PROP_COLOR = 1,
  PROP_SIGN,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* For topics without a colour, or with one that cannot be read. */
static const GdkRGBA no_color = { 0.60f, 0.60f, 0.59f, 1 };

/* Longest text that is looked at for its first letter, in bytes. */
#define MAX_SIGN_BYTES 128

/* The first grapheme of @label, a letter as a capital. */
static char *
dup_initial (const char *label)
{
  g_autofree PangoLogAttr *attrs = NULL;
  g_autofree char *initial = NULL;
  const char *limit, *end = label;
  glong length;

  g_utf8_validate_len (label, MIN (strlen (label), MAX_SIGN_BYTES), &limit);
  length = g_utf8_pointer_to_offset (label, limit);
  if (length == 0)
    return NULL;

  attrs = g_new (PangoLogAttr, length + 1);
  pango_get_log_attrs (label, limit - label, -1, pango_language_get_default (), attrs, length + 1);
  for (glong i = 1; i <= length; i++)
    {
      end = g_utf8_next_char (end);
      if (attrs[i].is_cursor_position)
        break;
    }
  initial = g_strndup (label, end - label);

  return g_utf8_strup (initial, -1);
}

/* Black or white, whichever stands out more. */
static GdkRGBA
choose_ink (const GdkRGBA *color)
{
  static const GdkRGBA black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };

  return postil_palette_get_contrast (color, &black) > postil_palette_get_contrast (color, &white)
           ? black
           : white;
}

static GdkRGBA
parse_color (const char *color)
{
  GdkRGBA rgba;

  return color != NULL && gdk_rgba_parse (&rgba, color) ? rgba : no_color;
}

static void
drop_layout (PostilTopicSwatch *self)
{
  g_clear_object (&self->layout);
}

static PangoLayout *
create_layout (GtkWidget *widget, const char *sign)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font =
    pango_font_description_copy (pango_context_get_font_description (context));

  pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, pango_font_description_get_size (font) * 0.7);
  else
    pango_font_description_set_size (font, pango_font_description_get_size (font) * 7 / 10);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, sign, -1);
  pango_font_description_free (font);
  return layout;
}

/* In the middle of @bounds, as large as fits; @sign is the letter on it, or NULL. */
static void
paint (GtkSnapshot *snapshot,
       const graphene_rect_t *bounds,
       const GdkRGBA *color,
       PangoLayout *sign)
{
  float side = MIN (bounds->size.width, bounds->size.height);
  GdkRGBA ink = choose_ink (color);
  GdkRGBA edge = { 0.5, 0.5, 0.5, 0.6 };
  graphene_point_t middle;
  GskRoundedRect outline;
  PangoRectangle logical;

  graphene_rect_get_center (bounds, &middle);
  gsk_rounded_rect_init_from_rect (
    &outline, &GRAPHENE_RECT_INIT (middle.x - side / 2, middle.y - side / 2, side, side), side / 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, color, &outline.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ edge, edge, edge, edge });

  if (sign == NULL)
    return;
  pango_layout_get_pixel_extents (sign, NULL, &logical);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (middle.x - logical.width / 2.0f,
                                                          middle.y - logical.height / 2.0f));
  gtk_snapshot_append_layout (snapshot, sign, &ink);
  gtk_snapshot_restore (snapshot);
}

static void
postil_topic_swatch_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);

  *minimum = *natural = PANGO_PIXELS_CEIL (metrics->ascent + metrics->descent);
}

static void
postil_topic_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PostilTopicSwatch *self = POSTIL_TOPIC_SWATCH (widget);

  if (self->layout == NULL && self->sign != NULL)
    self->layout = create_layout (widget, self->sign);
  paint (snapshot,
         &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget)),
         &self->color, self->layout);
}

static void
postil_topic_swatch_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (postil_topic_swatch_parent_class)->css_changed (widget, change);

  drop_layout (POSTIL_TOPIC_SWATCH (widget));
}

static void
postil_topic_swatch_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (postil_topic_swatch_parent_class)->system_setting_changed (widget, setting);

  drop_layout (POSTIL_TOPIC_SWATCH (widget));
  gtk_widget_queue_resize (widget);
}

static void
postil_topic_swatch_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilTopicSwatch *self = POSTIL_TOPIC_SWATCH (object);

  switch (id)
    {
    case PROP_COLOR:
      postil_topic_swatch_set_color (self, g_value_get_string (value));
      break;
    case PROP_SIGN:
      postil_topic_swatch_set_sign (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_topic_swatch_finalize (GObject *object)
{
  PostilTopicSwatch *self = POSTIL_TOPIC_SWATCH (object);

  drop_layout (self);
  g_free (self->sign);

  G_OBJECT_CLASS (postil_topic_swatch_parent_class)->finalize (object);
}

static void
postil_topic_swatch_class_init (PostilTopicSwatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = postil_topic_swatch_set_property;
  object_class->finalize = postil_topic_swatch_finalize;
  widget_class->measure = postil_topic_swatch_measure;
  widget_class->snapshot = postil_topic_swatch_snapshot;
  widget_class->css_changed = postil_topic_swatch_css_changed;
  widget_class->system_setting_changed = postil_topic_swatch_system_setting_changed;

  properties[PROP_COLOR] =
    g_param_spec_string ("color", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIGN] =
    g_param_spec_string ("sign", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "topicswatch");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
postil_topic_swatch_init (PostilTopicSwatch *self)
{
  self->color = no_color;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
postil_topic_swatch_new (void)
{
  return g_object_new (POSTIL_TYPE_TOPIC_SWATCH, NULL);
}

/**
 * postil_topic_swatch_set_topic:
 * @self: a swatch
 * @topic: (nullable): the topic to show; %NULL for a grey chip
 *
 * Shows the colour and the initial of a topic.
 */
void
postil_topic_swatch_set_topic (PostilTopicSwatch *self, PostilTopic *topic)
{
  g_autofree char *initial = topic ? dup_initial (postil_topic_get_label (topic)) : NULL;

  postil_topic_swatch_set_color (self, topic ? postil_topic_get_color (topic) : NULL);
  postil_topic_swatch_set_sign (self, initial);
}

/**
 * postil_topic_swatch_set_color:
 * @self: a swatch
 * @color: (nullable): a colour as "#rrggbb"; grey when it is %NULL or no colour
 */
void
postil_topic_swatch_set_color (PostilTopicSwatch *self, const char *color)
{
  GdkRGBA rgba;

  g_return_if_fail (POSTIL_IS_TOPIC_SWATCH (self));

  rgba = parse_color (color);
  if (gdk_rgba_equal (&rgba, &self->color))
    return;

  self->color = rgba;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_topic_swatch_set_sign:
 * @self: a swatch
 * @sign: (nullable): a letter or another sign to stand on it
 */
void
postil_topic_swatch_set_sign (PostilTopicSwatch *self, const char *sign)
{
  g_return_if_fail (POSTIL_IS_TOPIC_SWATCH (self));

  if (g_strcmp0 (sign, self->sign) == 0)
    return;

  g_free (self->sign);
  self->sign = g_strdup (sign);
  drop_layout (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_topic_swatch_paint:
 * @widget: a widget that shows a topic without a swatch of its own
 * @snapshot: where it is painted
 * @bounds: where in it, in pixels
 * @topic: (nullable): the topic; %NULL for a grey chip
 *
 * Paints what a swatch shows.
 */
void
postil_topic_swatch_paint (GtkWidget *widget,
                           GtkSnapshot *snapshot,
                           const graphene_rect_t *bounds,
                           PostilTopic *topic)
{
  g_autofree char *initial = topic ? dup_initial (postil_topic_get_label (topic)) : NULL;
  g_autoptr (PangoLayout) sign = initial ? create_layout (widget, initial) : NULL;
  GdkRGBA color = parse_color (topic ? postil_topic_get_color (topic) : NULL);

  g_return_if_fail (GTK_IS_WIDGET (widget) && snapshot != NULL && bounds != NULL);

  paint (snapshot, bounds, &color, sign);
}
