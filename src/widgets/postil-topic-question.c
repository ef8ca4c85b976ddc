/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-question.h"

#include <glib/gi18n-lib.h>

/* Of its texts, in characters. */
#define WIDTH 30

/*
 * PostilTopicQuestion: a popover that says something about a topic, and may offer to do something
 * with it: then "agreed" is emitted when a person wants that. Owned by the view of the topic, which
 * it is put beside.
 */
struct _PostilTopicQuestion
{
  GtkPopover parent_instance;

  PostilTopicItem *item;
};

G_DEFINE_FINAL_TYPE (PostilTopicQuestion, postil_topic_question, GTK_TYPE_POPOVER)

enum
{
  AGREED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* A popover that could be narrower has a height for fewer lines than it shows. */
  gtk_label_set_width_chars (GTK_LABEL (label), WIDTH);
  gtk_label_set_max_width_chars (GTK_LABEL (label), WIDTH);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

static void
agreed_cb (PostilTopicQuestion *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[AGREED], 0);
}

static GtkWidget *
create_buttons (PostilTopicQuestion *self, const char *verb)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));
  GtkWidget *agree = gtk_button_new_with_mnemonic (verb);

  gtk_widget_add_css_class (agree, "destructive-action");
  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_widget_set_margin_top (buttons, 6);
  gtk_widget_set_hexpand (cancel, TRUE);
  gtk_box_append (GTK_BOX (buttons), cancel);
  gtk_box_append (GTK_BOX (buttons), agree);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_popover_popdown), self);
  g_signal_connect_swapped (agree, "clicked", G_CALLBACK (agreed_cb), self);
  gtk_popover_set_default_widget (GTK_POPOVER (self), agree);
  return buttons;
}

static void
postil_topic_question_finalize (GObject *object)
{
  g_object_unref (POSTIL_TOPIC_QUESTION (object)->item);

  G_OBJECT_CLASS (postil_topic_question_parent_class)->finalize (object);
}

static void
postil_topic_question_class_init (PostilTopicQuestionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_topic_question_finalize;

  /**
   * PostilTopicQuestion::agreed:
   * @self: the question
   *
   * A person wants what was offered. The popover is closing already.
   */
  signals[AGREED] = g_signal_new ("agreed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_topic_question_init (PostilTopicQuestion *self)
{
}

/**
 * postil_topic_question_new:
 * @item: what it is about
 * @title: one line, translated
 * @body: what there is to say, translated
 * @verb: (nullable): what it offers to do, translated, with a mnemonic
 *
 * Returns: (transfer floating): a popover
 */
GtkWidget *
postil_topic_question_new (PostilTopicItem *item,
                           const char *title,
                           const char *body,
                           const char *verb)
{
  PostilTopicQuestion *self;
  GtkWidget *box, *heading;

  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (item) && title != NULL && body != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_TOPIC_QUESTION, NULL);
  self->item = g_object_ref (item);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  heading = create_label (title);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), create_label (body));
  if (verb)
    gtk_box_append (GTK_BOX (box), create_buttons (self, verb));
  gtk_popover_set_child (GTK_POPOVER (self), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, body, -1);
  return GTK_WIDGET (self);
}

/**
 * postil_topic_question_new_deletion:
 * @item: a topic
 *
 * Returns: (transfer floating): a popover that says what becomes of annotations and other topics
 *   when @item is deleted, and offers it
 */
GtkWidget *
postil_topic_question_new_deletion (PostilTopicItem *item)
{
  guint count, n_children;
  g_autofree char *title = NULL;
  g_autoptr (GString) body = NULL;

  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (item), NULL);

  count = postil_topic_item_get_count (item);
  n_children = g_list_model_get_n_items (G_LIST_MODEL (postil_topic_item_get_children (item)));
  title = g_strdup_printf (_ ("Delete Topic “%s”?"),
                           postil_topic_get_label (postil_topic_item_get_topic (item)));
  body = g_string_new (NULL);
  if (count > 0)
    g_string_append_printf (body,
                            g_dngettext (GETTEXT_PACKAGE, "%u annotation loses it, but is kept.",
                                         "%u annotations lose it, but are kept.", count),
                            count);
  else
    g_string_append (body, _ ("No annotation has it."));
  if (n_children > 0)
    {
      g_string_append_c (body, '\n');
      g_string_append_printf (body,
                              g_dngettext (GETTEXT_PACKAGE, "%u topic below it moves up.",
                                           "%u topics below it move up.", n_children),
                              n_children);
    }
  return postil_topic_question_new (item, title, body->str, _ ("_Delete"));
}

PostilTopicItem *
postil_topic_question_get_item (PostilTopicQuestion *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_QUESTION (self), NULL);

  return self->item;
}
