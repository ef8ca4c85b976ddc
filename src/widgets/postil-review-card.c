/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-card.h"

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"
#include "postil-excerpt.h"
#include "postil-review-words.h"
#include "postil-topic-chip.h"

/*
 * PostilReviewCard: one row of what there is to review: why, where, the words as they were and as
 * they are. A list of any length has as many cards as are in sight; each shows what it was told
 * last and keeps its widgets from one annotation to the next.
 */
struct _PostilReviewCard
{
  GtkWidget parent_instance;

  PostilAnnotation *annotation;
  guint stamp;

  GtkImage *icon;
  GtkLabel *status;
  PostilExcerpt *place;
  GtkWidget *before_line;
  PostilExcerpt *before;
  GtkWidget *now_line;
  GtkWidget *now_caption;
  PostilExcerpt *now;
  GtkBox *chips;
};

G_DEFINE_FINAL_TYPE (PostilReviewCard, postil_review_card, GTK_TYPE_WIDGET)

/* Most of a passage that a row shows, in code points: a little more than its lines hold. */
#define MAX_SHOWN 260

/* How many topics a row names. */
#define MAX_CHIPS 3

static void
show_marked (PostilExcerpt *excerpt, GtkWidget *line, const PostilMarkedText *shown)
{
  postil_excerpt_set_text (excerpt, shown->text);
  postil_excerpt_set_attributes (excerpt, shown->attributes);
  gtk_widget_set_visible (line, shown->text[0] != '\0');
}

static void
show_chips (PostilReviewCard *self, PostilCodebook *codebook, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);
  GtkWidget *chip = gtk_widget_get_first_child (GTK_WIDGET (self->chips));

  n_topics = MIN (n_topics, MAX_CHIPS);
  gtk_widget_set_visible (GTK_WIDGET (self->chips), n_topics > 0);
  for (guint i = 0; i < n_topics; i++)
    {
      if (chip == NULL)
        {
          chip = postil_topic_chip_new (FALSE);
          gtk_box_append (self->chips, chip);
        }
      postil_topic_chip_show (POSTIL_TOPIC_CHIP (chip), codebook, topics[i]);
      gtk_widget_set_visible (chip, TRUE);
      chip = gtk_widget_get_next_sibling (chip);
    }
  for (; chip; chip = gtk_widget_get_next_sibling (chip))
    gtk_widget_set_visible (chip, FALSE);
}

static void
postil_review_card_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  g_clear_pointer (&POSTIL_REVIEW_CARD (object)->annotation, postil_annotation_unref);

  G_OBJECT_CLASS (postil_review_card_parent_class)->dispose (object);
}

static void
postil_review_card_class_init (PostilReviewCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_review_card_dispose;

  g_type_ensure (POSTIL_TYPE_EXCERPT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/widgets/postil-review-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, icon);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, status);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, place);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, before_line);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, before);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, now_line);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, now_caption);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, now);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewCard, chips);
  gtk_widget_class_set_css_name (widget_class, "reviewcard");
}

static void
postil_review_card_init (PostilReviewCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
postil_review_card_new (void)
{
  return g_object_new (POSTIL_TYPE_REVIEW_CARD, NULL);
}

/**
 * postil_review_card_show:
 * @self: a card
 * @workspace: the workspace
 * @document: a document of it
 * @annotation: the annotation of @document to show
 * @stamp: changes when what is shown beside the annotation does: topics, names, other words
 *
 * Names the document when the workspace has several.
 *
 * Returns: %FALSE when it showed the same already
 */
gboolean
postil_review_card_show (PostilReviewCard *self,
                         PostilWorkspace *workspace,
                         PostilDocument *document,
                         PostilAnnotation *annotation,
                         guint stamp)
{
  PostilReviewKinds kinds;
  g_auto (PostilMarkedText) before = { 0 }, now = { 0 };
  g_autofree char *status = NULL, *place = NULL;
  gboolean has_several, has_both;

  g_return_val_if_fail (POSTIL_IS_REVIEW_CARD (self), FALSE);
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && POSTIL_IS_DOCUMENT (document), FALSE);
  g_return_val_if_fail (annotation != NULL, FALSE);

  if (annotation == self->annotation && stamp == self->stamp)
    return FALSE;

  postil_annotation_ref (annotation);
  g_clear_pointer (&self->annotation, postil_annotation_unref);
  self->annotation = annotation;
  self->stamp = stamp;
  kinds = postil_review_get_kinds (annotation);
  has_several = g_list_model_get_n_items (postil_workspace_get_documents (workspace)) > 1;
  place = postil_annotation_words_dup_place (document, annotation, has_several);
  status = postil_review_words_dup_kinds (kinds);
  has_both = postil_review_words_compare (document, annotation, MAX_SHOWN, &before, &now);
  if (before.text[0] == '\0' && now.text[0] == '\0')
    {
      const char *kind = postil_annotation_words_get_kind (annotation);

      g_free (now.text);
      now.text = g_strdup (kind ? kind : "");
    }
  /* What has the same words elsewhere is shown once. */
  else if (!has_both && now.text[0] != '\0')
    before.text[0] = '\0';

  gtk_image_set_from_icon_name (self->icon, postil_review_words_get_icon (kinds));
  gtk_label_set_label (self->status, status);
  postil_excerpt_set_text (self->place, place ? place : "");
  show_marked (self->before, self->before_line, &before);
  show_marked (self->now, self->now_line, &now);
  gtk_widget_set_visible (self->now_caption, has_both);
  show_chips (self, postil_workspace_get_codebook (workspace), annotation);
  return TRUE;
}

/**
 * postil_review_card_dup_phrase:
 * @self: a card
 *
 * Returns: (transfer full): what it shows, as a screen reader says it
 */
char *
postil_review_card_dup_phrase (PostilReviewCard *self)
{
  const char *before, *now;
  GString *phrase;

  g_return_val_if_fail (POSTIL_IS_REVIEW_CARD (self), NULL);

  before = postil_excerpt_get_text (self->before);
  now = postil_excerpt_get_text (self->now);
  phrase = g_string_new (gtk_label_get_label (self->status));
  g_string_append_c (phrase, '\n');
  if (*before && *now)
    /* Translators: the words of a passage before and after the text changed */
    g_string_append_printf (phrase, _ ("Before: “%s”. Now: “%s”"), before, now);
  else
    g_string_append (phrase, *now ? now : before);
  if (*postil_excerpt_get_text (self->place))
    g_string_append_printf (phrase, "\n%s", postil_excerpt_get_text (self->place));

  return g_string_free (phrase, FALSE);
}
