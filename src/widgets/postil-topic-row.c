/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-row.h"

#include <glib/gi18n-lib.h>

#include "postil-after-frame.h"
#include "postil-topic-swatch.h"

/*
 * PostilTopicRow: one row of the topic tree: swatch, label, shortcut digit and count. It shows what
 * its item says and follows it, one frame later than the texts. The row's place in the list is the
 * tree's affair.
 */
struct _PostilTopicRow
{
  GtkWidget parent_instance;

  PostilTopicItem *item;
  PostilAfterFrame *later;

  PostilTopicSwatch *swatch;
  GtkLabel *label;
  GtkLabel *digit;
  GtkLabel *count;
};

G_DEFINE_FINAL_TYPE (PostilTopicRow, postil_topic_row, GTK_TYPE_WIDGET)

static void
update (GtkWidget *widget)
{
  PostilTopicRow *self = POSTIL_TOPIC_ROW (widget);
  PostilTopic *topic = postil_topic_item_get_topic (self->item);
  guint count = postil_topic_item_get_count (self->item);
  guint digit = postil_topic_item_get_digit (self->item);
  g_autofree char *count_text = g_strdup_printf ("%u", count);
  g_autofree char *digit_text = digit > 0 ? g_strdup_printf ("%u", digit) : NULL;
  /* Translators: a topic and how many annotations have it, as a screen reader says it. */
  g_autofree char *phrase = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s, %u annotation", "%s, %u annotations", count),
    postil_topic_get_label (topic), count);

  postil_topic_swatch_set_topic (self->swatch, topic);
  gtk_label_set_label (self->label, postil_topic_get_label (topic));
  gtk_label_set_label (self->count, count > 0 ? count_text : "");
  gtk_label_set_label (self->digit, digit_text ? digit_text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->digit), digit_text != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, phrase, -1);
}

/* Made when it is asked for: setting one costs a round trip to the display server. */
static gboolean
postil_topic_row_query_tooltip (GtkWidget *widget,
                                int x,
                                int y,
                                gboolean keyboard_tooltip,
                                GtkTooltip *tooltip)
{
  PostilTopicItem *item = POSTIL_TOPIC_ROW (widget)->item;
  const char *path = postil_topic_item_get_path (item);
  const char *definition = postil_topic_get_definition (postil_topic_item_get_topic (item));
  g_autofree char *text = definition ? g_strconcat (path, "\n", definition, NULL) : g_strdup (path);

  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
postil_topic_row_dispose (GObject *object)
{
  PostilTopicRow *self = POSTIL_TOPIC_ROW (object);
  GtkWidget *child;

  postil_topic_row_set_item (self, NULL);
  g_clear_pointer (&self->later, postil_after_frame_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_topic_row_parent_class)->dispose (object);
}

static void
postil_topic_row_class_init (PostilTopicRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_topic_row_dispose;
  widget_class->query_tooltip = postil_topic_row_query_tooltip;

  g_type_ensure (POSTIL_TYPE_TOPIC_SWATCH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/widgets/postil-topic-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilTopicRow, swatch);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicRow, label);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicRow, digit);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicRow, count);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "topicrow");
}

static void
postil_topic_row_init (PostilTopicRow *self)
{
  self->later = postil_after_frame_new (GTK_WIDGET (self), update);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
postil_topic_row_new (void)
{
  return g_object_new (POSTIL_TYPE_TOPIC_ROW, NULL);
}

PostilTopicItem *
postil_topic_row_get_item (PostilTopicRow *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ROW (self), NULL);

  return self->item;
}

/**
 * postil_topic_row_set_item:
 * @self: a row
 * @item: (nullable): what it shows and follows; %NULL for nothing
 */
void
postil_topic_row_set_item (PostilTopicRow *self, PostilTopicItem *item)
{
  g_return_if_fail (POSTIL_IS_TOPIC_ROW (self));

  if (item == self->item)
    return;

  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self->later);
  postil_after_frame_cancel (self->later);
  g_set_object (&self->item, item);
  if (item)
    {
      g_signal_connect_swapped (item, "notify", G_CALLBACK (postil_after_frame_queue), self->later);
      update (GTK_WIDGET (self));
    }
}
