/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-chooser.h"

#include <glib/gi18n.h>

#include "postil-topic-swatch.h"

/**
 * PostilAnnotationChooser:
 *
 * Offers the annotations that lie over each other at one place of a text, each with the beginning
 * of its passage and its topics. Made for one choice; the window takes it away when it closes.
 */
struct _PostilAnnotationChooser
{
  GtkPopover parent_instance;

  GPtrArray *annotations;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationChooser, postil_annotation_chooser, GTK_TYPE_POPOVER)

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How much of a passage is shown, in code points. */
#define QUOTE_LENGTH 60

static GtkWidget *
create_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static char *
dup_quote (PostilDocument *document, PostilAnnotation *annotation)
{
  PostilSpan span = postil_annotation_get_extent (annotation);
  g_autofree char *quote = NULL;

  span.end = MIN (span.end, span.start + QUOTE_LENGTH);
  quote = postil_text_dup_range (postil_document_get_text (document), span);
  return g_strstrip (g_strdelimit (g_steal_pointer (&quote), "\r\n\t", ' '));
}

static GtkWidget *
create_row (PostilCodebook *codebook, PostilDocument *document, PostilAnnotation *annotation)
{
  g_autofree char *quote = dup_quote (document, annotation);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *topics = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  guint n_topics;
  const char *const *ids = postil_annotation_get_topics (annotation, &n_topics);

  gtk_box_append (GTK_BOX (row), create_label (quote, NULL));
  for (guint i = 0; i < n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, ids[i]);
      GtkWidget *swatch;

      if (!topic)
        continue;
      swatch = postil_topic_swatch_new ();
      postil_topic_swatch_set_topic (POSTIL_TOPIC_SWATCH (swatch), topic);
      gtk_box_append (GTK_BOX (topics), swatch);
      gtk_box_append (GTK_BOX (topics), create_label (postil_topic_get_label (topic), "caption"));
    }
  if (!gtk_widget_get_first_child (topics))
    gtk_box_append (GTK_BOX (topics), create_label (_ ("Highlight"), "caption"));
  gtk_box_append (GTK_BOX (row), topics);
  return row;
}

static void
row_activated_cb (PostilAnnotationChooser *self, GtkListBoxRow *row)
{
  PostilAnnotation *annotation = self->annotations->pdata[gtk_list_box_row_get_index (row)];

  g_signal_emit (self, signals[CHOSEN], 0, postil_annotation_get_id (annotation));
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
postil_annotation_chooser_finalize (GObject *object)
{
  g_clear_pointer (&POSTIL_ANNOTATION_CHOOSER (object)->annotations, g_ptr_array_unref);

  G_OBJECT_CLASS (postil_annotation_chooser_parent_class)->finalize (object);
}

static void
postil_annotation_chooser_class_init (PostilAnnotationChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_annotation_chooser_finalize;

  /**
   * PostilAnnotationChooser::chosen:
   * @annotation: id of an annotation
   *
   * A person chose this one.
   */
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
postil_annotation_chooser_init (PostilAnnotationChooser *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Annotations Here"), -1);
}

/**
 * postil_annotation_chooser_new:
 * @workspace: where the document is open
 * @document: a document
 * @annotations: (element-type PostilAnnotation): annotations of it
 *
 * Returns: (transfer floating): a popover that offers them
 */
GtkWidget *
postil_annotation_chooser_new (PostilWorkspace *workspace,
                               PostilDocument *document,
                               GPtrArray *annotations)
{
  PostilAnnotationChooser *self;
  GtkWidget *list;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (annotations != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_ANNOTATION_CHOOSER, NULL);
  self->annotations = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "annotation-chooser");
  for (guint i = 0; i < annotations->len; i++)
    {
      g_ptr_array_add (self->annotations, postil_annotation_ref (annotations->pdata[i]));
      gtk_list_box_append (
        GTK_LIST_BOX (list),
        create_row (postil_workspace_get_codebook (workspace), document, annotations->pdata[i]));
    }
  g_signal_connect_swapped (list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_popover_set_child (GTK_POPOVER (self), list);

  return GTK_WIDGET (self);
}
