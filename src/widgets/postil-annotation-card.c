/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-card.h"

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"
#include "postil-excerpt.h"
#include "postil-review-words.h"
#include "postil-topic-line.h"

/*
 * PostilAnnotationCard: one row of the list of annotations: quote, note, topics, place, status. A
 * list of any length has as many cards as are in sight; each shows what it was told last and keeps
 * its widgets from one annotation to the next.
 */
struct _PostilAnnotationCard
{
  GtkWidget parent_instance;

  PostilAnnotation *annotation;
  guint stamp;

  PostilExcerpt *quote;
  /* (nullable) */
  PostilExcerpt *note;
  PostilTopicLine *topics;
  PostilExcerpt *place;
  /* (nullable): the place is in a box with it then. */
  GtkLabel *status;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationCard, postil_annotation_card, GTK_TYPE_WIDGET)

/* Longest quote and note of a row in code points: more than two lines of a wide pane. */
#define MAX_QUOTE 200
#define MAX_NOTE 120

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

static gboolean
is_shown (gpointer part)
{
  return part != NULL && gtk_widget_get_visible (part);
}

static gboolean
query_status_tooltip_cb (PostilAnnotationCard *self,
                         int x,
                         int y,
                         gboolean keyboard_tooltip,
                         GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip,
                        postil_review_words_get_help (postil_review_get_kinds (self->annotation)));
  return TRUE;
}

/* What few cards need is made when it is first needed. */
static PostilExcerpt *
ensure_note (PostilAnnotationCard *self)
{
  if (self->note == NULL)
    {
      self->note = POSTIL_EXCERPT (postil_excerpt_new ());
      gtk_widget_add_css_class (GTK_WIDGET (self->note), "annotation-note");
      gtk_widget_insert_after (GTK_WIDGET (self->note), GTK_WIDGET (self),
                               GTK_WIDGET (self->quote));
    }
  return self->note;
}

static GtkLabel *
ensure_status (PostilAnnotationCard *self)
{
  if (self->status == NULL)
    {
      GtkWidget *place = GTK_WIDGET (self->place);
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

      g_object_ref (place);
      gtk_widget_unparent (place);
      gtk_widget_set_hexpand (place, TRUE);
      gtk_box_append (GTK_BOX (line), place);
      g_object_unref (place);
      gtk_widget_set_parent (line, GTK_WIDGET (self));
      self->status = GTK_LABEL (gtk_label_new (NULL));
      gtk_widget_add_css_class (GTK_WIDGET (self->status), "caption");
      gtk_widget_add_css_class (GTK_WIDGET (self->status), "status-badge");
      gtk_widget_set_has_tooltip (GTK_WIDGET (self->status), TRUE);
      g_signal_connect_swapped (self->status, "query-tooltip", G_CALLBACK (query_status_tooltip_cb),
                                self);
      gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->status));
    }
  return self->status;
}

static void
postil_annotation_card_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  g_clear_pointer (&POSTIL_ANNOTATION_CARD (object)->annotation, postil_annotation_unref);

  G_OBJECT_CLASS (postil_annotation_card_parent_class)->dispose (object);
}

static void
postil_annotation_card_class_init (PostilAnnotationCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_annotation_card_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "annotationcard");
}

/* Without a template, which would take as long again: a list makes 200 at once. */
static void
postil_annotation_card_init (PostilAnnotationCard *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (widget));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 4);
  self->quote = g_object_new (POSTIL_TYPE_EXCERPT, "lines", 2, NULL);
  self->topics = POSTIL_TOPIC_LINE (postil_topic_line_new ());
  self->place = g_object_new (POSTIL_TYPE_EXCERPT, "css-classes",
                              (const char *[]){ "caption", "dim-label", NULL }, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->quote), widget);
  gtk_widget_set_parent (GTK_WIDGET (self->topics), widget);
  gtk_widget_set_parent (GTK_WIDGET (self->place), widget);
}

GtkWidget *
postil_annotation_card_new (void)
{
  return g_object_new (POSTIL_TYPE_ANNOTATION_CARD, NULL);
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
  const char *const *topics;
  guint n_topics;
  g_autofree char *words = NULL, *quote = NULL, *note = NULL, *place = NULL;
  g_autofree char *status = NULL;

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
  status = postil_review_words_dup_kinds (postil_review_get_kinds (annotation));
  words = postil_annotation_words_dup_quote (document, annotation, MAX_QUOTE);
  quote = words ? postil_annotation_words_dup_one_line (words)
                : g_strdup (postil_annotation_words_get_kind (annotation));
  note = dup_note (workspace, annotation);
  place = postil_annotation_words_dup_place (document, annotation, has_several);

  postil_excerpt_set_text (self->quote, quote);
  if (words)
    gtk_widget_remove_css_class (GTK_WIDGET (self->quote), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->quote), "dim-label");
  if (note != NULL && note[0] != '\0')
    postil_excerpt_set_text (ensure_note (self), note);
  if (self->note != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL && note[0] != '\0');
  topics = postil_annotation_get_topics (annotation, &n_topics);
  postil_topic_line_show (self->topics, postil_workspace_get_codebook (workspace), topics,
                          n_topics);
  gtk_widget_set_visible (GTK_WIDGET (self->topics), n_topics > 0);
  postil_excerpt_set_text (self->place, place ? place : "");
  if (status[0] != '\0')
    gtk_label_set_label (ensure_status (self), status);
  if (self->status != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->status), status[0] != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->place), place != NULL || status[0] != '\0');

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
    postil_excerpt_get_text (self->quote),
    is_shown (self->note) ? postil_excerpt_get_text (self->note) : "",
    postil_topic_line_get_text (self->topics),
    is_shown (self->status) ? gtk_label_get_label (self->status) : "",
    postil_excerpt_get_text (self->place),
  };

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_CARD (self), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i][0] != '\0')
      g_ptr_array_add (parts, (gpointer) texts[i]);
  g_ptr_array_add (parts, NULL);

  return g_strjoinv ("\n", (char **) parts->pdata);
}
