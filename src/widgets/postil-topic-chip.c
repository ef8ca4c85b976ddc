/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-chip.h"

#include <glib/gi18n-lib.h>

#include "postil-topic-swatch.h"

/*
 * PostilTopicChip: one topic of an annotation: swatch and label, and where it is asked for a button
 * that takes it away. Shows what it was told last; its owner tells it of changes.
 */
struct _PostilTopicChip
{
  GtkWidget parent_instance;

  PostilCodebook *codebook;
  char *id;
  PostilTopic *topic;

  GtkWidget *swatch;
  GtkWidget *label;
  GtkWidget *remove_button;
};

G_DEFINE_FINAL_TYPE (PostilTopicChip, postil_topic_chip, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
remove_cb (PostilTopicChip *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVE], 0);
}

/* Made when it is asked for: setting one costs a round trip to the display server. */
static gboolean
postil_topic_chip_query_tooltip (GtkWidget *widget,
                                 int x,
                                 int y,
                                 gboolean keyboard_tooltip,
                                 GtkTooltip *tooltip)
{
  PostilTopicChip *self = POSTIL_TOPIC_CHIP (widget);
  g_autofree char *path = NULL;

  if (self->topic == NULL)
    return FALSE;

  path = postil_codebook_dup_path (self->codebook, self->topic);
  gtk_tooltip_set_text (tooltip, path);
  return TRUE;
}

static void
postil_topic_chip_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_topic_chip_parent_class)->dispose (object);
}

static void
postil_topic_chip_finalize (GObject *object)
{
  PostilTopicChip *self = POSTIL_TOPIC_CHIP (object);

  g_clear_object (&self->codebook);
  g_clear_pointer (&self->topic, postil_topic_unref);
  g_free (self->id);

  G_OBJECT_CLASS (postil_topic_chip_parent_class)->finalize (object);
}

static void
postil_topic_chip_class_init (PostilTopicChipClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_topic_chip_dispose;
  object_class->finalize = postil_topic_chip_finalize;
  widget_class->query_tooltip = postil_topic_chip_query_tooltip;

  /**
   * PostilTopicChip::remove:
   * @self: the chip
   *
   * The topic is to be taken away.
   */
  signals[SIGNAL_REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "topicchip");
}

static void
postil_topic_chip_init (PostilTopicChip *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (widget)), 5);
  self->swatch = postil_topic_swatch_new ();
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_parent (self->swatch, widget);
  gtk_widget_set_parent (self->label, widget);
}

/**
 * postil_topic_chip_new:
 * @removable: whether it has a button that takes the topic away
 *
 * Returns: a new chip
 */
GtkWidget *
postil_topic_chip_new (gboolean removable)
{
  PostilTopicChip *self = g_object_new (POSTIL_TYPE_TOPIC_CHIP, NULL);

  if (removable)
    {
      self->remove_button = gtk_button_new_from_icon_name ("window-close-symbolic");
      gtk_widget_set_valign (self->remove_button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (self->remove_button, "flat");
      gtk_widget_add_css_class (self->remove_button, "circular");
      gtk_widget_set_parent (self->remove_button, GTK_WIDGET (self));
      g_signal_connect_swapped (self->remove_button, "clicked", G_CALLBACK (remove_cb), self);
    }

  return GTK_WIDGET (self);
}

/**
 * postil_topic_chip_show:
 * @self: a chip
 * @codebook: the codebook
 * @topic: id of the topic to show
 */
void
postil_topic_chip_show (PostilTopicChip *self, PostilCodebook *codebook, const char *topic)
{
  PostilTopic *shown;
  const char *label;

  g_return_if_fail (POSTIL_IS_TOPIC_CHIP (self) && POSTIL_IS_CODEBOOK (codebook) && topic != NULL);

  shown = postil_codebook_get_topic (codebook, topic);
  if (shown && shown == self->topic)
    return;

  label = shown ? postil_topic_get_label (shown) : _ ("Unknown topic");
  g_set_object (&self->codebook, codebook);
  g_free (self->id);
  self->id = g_strdup (topic);
  g_clear_pointer (&self->topic, postil_topic_unref);
  self->topic = shown ? postil_topic_ref (shown) : NULL;
  postil_topic_swatch_set_topic (POSTIL_TOPIC_SWATCH (self->swatch), shown);
  gtk_label_set_label (GTK_LABEL (self->label), label);
  if (self->remove_button)
    {
      g_autofree char *verb = g_strdup_printf (_ ("Remove topic “%s”"), label);

      gtk_widget_set_tooltip_text (self->remove_button, verb);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, verb, -1);
    }
}

/**
 * postil_topic_chip_get_topic:
 * @self: a chip
 *
 * Returns: (transfer none) (nullable): id of the topic shown
 */
const char *
postil_topic_chip_get_topic (PostilTopicChip *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_CHIP (self), NULL);

  return self->id;
}
