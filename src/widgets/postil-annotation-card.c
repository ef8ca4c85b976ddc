/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-card.h"

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"
#include "postil-excerpt.h"
#include "postil-review-words.h"
#include "postil-topic-chip.h"

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
  PostilExcerpt *note;
  GtkBox *chips;
  GtkWidget *last_line;
  PostilExcerpt *place;
  GtkLabel *status;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationCard, postil_annotation_card, GTK_TYPE_WIDGET)

/* Longest quote and note of a row in code points: more than two lines of a wide pane. */
#define MAX_QUOTE 200
#define MAX_NOTE 120

/* How many topics a row names; the others are counted. */
#define MAX_CHIPS 3

static void
set_text (PostilExcerpt *excerpt, const char *text)
{
  postil_excerpt_set_text (excerpt, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (excerpt), text != NULL && text[0] != '\0');
}

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
show_chips (PostilAnnotationCard *self, PostilCodebook *codebook, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);
  guint n_chips = MIN (n_topics, MAX_CHIPS);
  GtkWidget *more = gtk_widget_get_last_child (GTK_WIDGET (self->chips));
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips));
  g_autofree char *n_more = g_strdup_printf ("+%u", n_topics - n_chips);

  gtk_widget_set_visible (GTK_WIDGET (self->chips), n_topics > 0);
  for (guint i = 0; i < n_chips; i++)
    {
      if (chip == more)
        {
          chip = postil_topic_chip_new (FALSE);
          gtk_box_insert_child_after (self->chips, chip, gtk_widget_get_prev_sibling (more));
        }
      postil_topic_chip_show (POSTIL_TOPIC_CHIP (chip), codebook, topics[i]);
      gtk_widget_set_visible (chip, TRUE);
      chip = gtk_widget_get_next_sibling (chip);
    }
  for (; chip != more; chip = gtk_widget_get_next_sibling (chip))
    gtk_widget_set_visible (chip, FALSE);
  gtk_label_set_label (GTK_LABEL (more), n_more);
  gtk_widget_set_visible (more, n_topics > n_chips);
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

  g_type_ensure (POSTIL_TYPE_EXCERPT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-annotation-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationCard, quote);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationCard, note);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationCard, chips);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationCard, last_line);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationCard, place);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationCard, status);
  gtk_widget_class_bind_template_callback (widget_class, query_status_tooltip_cb);
  gtk_widget_class_set_css_name (widget_class, "annotationcard");
}

static void
postil_annotation_card_init (PostilAnnotationCard *self)
{
  GtkWidget *more = gtk_label_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (more, "caption");
  gtk_widget_add_css_class (more, "dim-label");
  gtk_box_append (self->chips, more);
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

  set_text (self->quote, quote);
  if (words)
    gtk_widget_remove_css_class (GTK_WIDGET (self->quote), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->quote), "dim-label");
  set_text (self->note, note);
  show_chips (self, postil_workspace_get_codebook (workspace), annotation);
  postil_excerpt_set_text (self->place, place ? place : "");
  gtk_label_set_label (self->status, status);
  gtk_widget_set_visible (GTK_WIDGET (self->status), status[0] != '\0');
  gtk_widget_set_visible (self->last_line, place != NULL || status[0] != '\0');

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
    postil_excerpt_get_text (self->note),
    gtk_label_get_label (self->status),
    postil_excerpt_get_text (self->place),
  };

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_CARD (self), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i][0] != '\0')
      g_ptr_array_add (parts, (gpointer) texts[i]);
  g_ptr_array_add (parts, NULL);

  return g_strjoinv ("\n", (char **) parts->pdata);
}
