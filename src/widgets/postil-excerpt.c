/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-excerpt.h"

#include "postil-font-metrics.h"

/*
 * PostilExcerpt: the beginning of a text on a few lines, for rows of long lists. A list view keeps
 * some 200 rows ready and asks each for its size; a label lays its text out several times for that.
 * This one lays it out when it is painted, cut off with an ellipsis, and before only where its
 * length and the font leave open how many lines it takes. Takes whatever width it is given.
 */
struct _PostilExcerpt
{
  GtkWidget parent_instance;

  char *text;
  guint n_lines;
  PangoAttrList *attributes;
  PangoLayout *layout;
};

G_DEFINE_FINAL_TYPE (PostilExcerpt, postil_excerpt, GTK_TYPE_WIDGET)

enum
{
  PROP_LINES = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* Least width in characters. */
#define MIN_CHARS 8

static void
drop_layout (PostilExcerpt *self)
{
  g_clear_object (&self->layout);
}

static void
ensure_layout (PostilExcerpt *self)
{
  if (self->layout)
    return;

  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    pango_layout_set_alignment (self->layout, PANGO_ALIGN_RIGHT);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_wrap (self->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (self->layout, -(int) self->n_lines);
  pango_layout_set_attributes (self->layout, self->attributes);
}

static guint
count_lines (PostilExcerpt *self, int width)
{
  ensure_layout (self);
  pango_layout_set_width (self->layout, width * PANGO_SCALE);
  return CLAMP (pango_layout_get_line_count (self->layout), 1, (int) self->n_lines);
}

static void
postil_excerpt_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  PostilExcerpt *self = POSTIL_EXCERPT (widget);
  const PostilFontMetrics *metrics = postil_font_metrics_get (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = PANGO_PIXELS_CEIL (metrics->char_width * MIN_CHARS);
  else
    {
      guint n_lines = 0;

      /* Attributes may change everything. */
      if (self->attributes == NULL || self->n_lines == 1)
        n_lines = postil_font_metrics_count_lines (metrics, self->text, for_size, self->n_lines);
      if (n_lines == 0)
        n_lines = for_size < 0 ? 1 : count_lines (self, for_size);
      *minimum = *natural = PANGO_PIXELS_CEIL (metrics->line_height * n_lines);
    }
}

static GtkSizeRequestMode
postil_excerpt_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
postil_excerpt_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PostilExcerpt *self = POSTIL_EXCERPT (widget);

  ensure_layout (self);
  pango_layout_set_width (self->layout, gtk_widget_get_width (widget) * PANGO_SCALE);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), 0, 0, self->layout);
}

static void
postil_excerpt_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (postil_excerpt_parent_class)->css_changed (widget, change);

  drop_layout (POSTIL_EXCERPT (widget));
}

static void
postil_excerpt_direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (postil_excerpt_parent_class)->direction_changed (widget, previous);

  drop_layout (POSTIL_EXCERPT (widget));
}

static void
postil_excerpt_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (postil_excerpt_parent_class)->system_setting_changed (widget, setting);

  drop_layout (POSTIL_EXCERPT (widget));
  gtk_widget_queue_resize (widget);
}

static void
postil_excerpt_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_LINES:
      POSTIL_EXCERPT (object)->n_lines = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_excerpt_finalize (GObject *object)
{
  PostilExcerpt *self = POSTIL_EXCERPT (object);

  drop_layout (self);
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
  g_free (self->text);

  G_OBJECT_CLASS (postil_excerpt_parent_class)->finalize (object);
}

static void
postil_excerpt_class_init (PostilExcerptClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = postil_excerpt_set_property;
  object_class->finalize = postil_excerpt_finalize;
  widget_class->measure = postil_excerpt_measure;
  widget_class->get_request_mode = postil_excerpt_get_request_mode;
  widget_class->snapshot = postil_excerpt_snapshot;
  widget_class->css_changed = postil_excerpt_css_changed;
  widget_class->direction_changed = postil_excerpt_direction_changed;
  widget_class->system_setting_changed = postil_excerpt_system_setting_changed;

  /* The most lines that it takes. */
  properties[PROP_LINES] =
    g_param_spec_uint ("lines", NULL, NULL, 1, 10, 1,
                       G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "excerpt");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
postil_excerpt_init (PostilExcerpt *self)
{
  self->text = g_strdup ("");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
postil_excerpt_new (void)
{
  return g_object_new (POSTIL_TYPE_EXCERPT, NULL);
}

const char *
postil_excerpt_get_text (PostilExcerpt *self)
{
  g_return_val_if_fail (POSTIL_IS_EXCERPT (self), NULL);

  return self->text;
}

/**
 * postil_excerpt_set_text:
 * @self: an excerpt
 * @text: what to show, on one line
 */
void
postil_excerpt_set_text (PostilExcerpt *self, const char *text)
{
  g_return_if_fail (POSTIL_IS_EXCERPT (self) && text != NULL);

  if (g_str_equal (text, self->text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  drop_layout (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * postil_excerpt_set_attributes:
 * @self: an excerpt
 * @attributes: (nullable): how parts of its text are shown
 */
void
postil_excerpt_set_attributes (PostilExcerpt *self, PangoAttrList *attributes)
{
  g_return_if_fail (POSTIL_IS_EXCERPT (self));

  if (attributes)
    pango_attr_list_ref (attributes);
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
  self->attributes = attributes;
  drop_layout (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
