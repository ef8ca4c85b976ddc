/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-version.h"

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"
#include "postil-excerpt.h"
#include "postil-topic-chip.h"
#include "postil-wrap-layout.h"

/*
 * PostilReviewVersion: one of two versions of an annotation, to be read beside the other: whose it
 * is, its passage, topics and notes. Shows what it was told last.
 */
struct _PostilReviewVersion
{
  GtkWidget parent_instance;

  GtkLabel *title;
  GtkLabel *origin;
  PostilExcerpt *quote;
  GtkWidget *topics;
  GtkBox *notes;
};

G_DEFINE_FINAL_TYPE (PostilReviewVersion, postil_review_version, GTK_TYPE_WIDGET)

enum
{
  PROP_TITLE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* Most of a passage that is quoted, in code points. */
#define MAX_QUOTE 200

static void
clear (GtkWidget *widget)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (widget)))
    gtk_widget_unparent (child);
}

static void
add_label (PostilReviewVersion *self, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (self->notes, label);
}

static void
show_topics (PostilReviewVersion *self, PostilCodebook *codebook, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  clear (self->topics);
  gtk_widget_set_visible (self->topics, n_topics > 0);
  for (guint i = 0; i < n_topics; i++)
    {
      GtkWidget *chip = postil_topic_chip_new (FALSE);

      postil_topic_chip_show (POSTIL_TOPIC_CHIP (chip), codebook, topics[i]);
      gtk_widget_set_parent (chip, self->topics);
    }
}

/* Notes by another than who made the annotation name their writer. */
static void
show_notes (PostilReviewVersion *self,
            PostilDocument *document,
            const PostilAnnotationFields *fields)
{
  clear (GTK_WIDGET (self->notes));
  for (guint i = 0; i < fields->n_notes; i++)
    {
      const char *creator = postil_note_get_creator (fields->notes[i]);

      if (creator && g_strcmp0 (creator, fields->creator) != 0)
        {
          g_autofree char *origin = postil_annotation_words_dup_origin (
            document, creator, postil_note_get_created (fields->notes[i]));

          add_label (self, origin, "caption-heading");
        }
      add_label (self, postil_note_get_text (fields->notes[i]), "annotation-note");
    }
  if (fields->n_notes == 0)
    add_label (self, _ ("No note"), "dim-label");
}

static void
postil_review_version_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TITLE:
      gtk_label_set_label (POSTIL_REVIEW_VERSION (object)->title, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_review_version_dispose (GObject *object)
{
  PostilReviewVersion *self = POSTIL_REVIEW_VERSION (object);

  if (self->topics)
    clear (self->topics);
  self->topics = NULL;
  clear (GTK_WIDGET (self));

  G_OBJECT_CLASS (postil_review_version_parent_class)->dispose (object);
}

static void
postil_review_version_class_init (PostilReviewVersionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = postil_review_version_set_property;
  object_class->dispose = postil_review_version_dispose;

  /* Which of the two it is, translated. */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (POSTIL_TYPE_EXCERPT);
  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-review-version.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilReviewVersion, title);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewVersion, origin);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewVersion, quote);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewVersion, topics);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewVersion, notes);
  gtk_widget_class_set_css_name (widget_class, "reviewversion");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
postil_review_version_init (PostilReviewVersion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->title, NULL, -1);
}

/**
 * postil_review_version_show:
 * @self: a version
 * @workspace: the workspace
 * @document: a document of it
 * @annotation: the annotation of @document to show
 */
void
postil_review_version_show (PostilReviewVersion *self,
                            PostilWorkspace *workspace,
                            PostilDocument *document,
                            PostilAnnotation *annotation)
{
  g_autofree char *origin = NULL, *quote = NULL, *line = NULL;
  PostilAnnotationFields fields;

  g_return_if_fail (POSTIL_IS_REVIEW_VERSION (self) && POSTIL_IS_WORKSPACE (workspace));
  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL);

  postil_annotation_get_fields (annotation, &fields);
  origin = postil_annotation_words_dup_origin (document, fields.creator,
                                               fields.modified ? fields.modified : fields.created);
  quote = postil_annotation_words_dup_quote (document, annotation, MAX_QUOTE);
  line = quote ? postil_annotation_words_dup_one_line (quote)
               : g_strdup (postil_annotation_words_get_kind (annotation));
  gtk_label_set_label (self->origin, origin);
  postil_excerpt_set_text (self->quote, line);
  show_topics (self, postil_workspace_get_codebook (workspace), annotation);
  show_notes (self, document, &fields);
}
