/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-detail.h"

#include <glib/gi18n-lib.h>

#include "postil-anchoring.h"
#include "postil-annotation-words.h"
#include "postil-pair-layout.h"
#include "postil-review-version.h"
#include "postil-review-words.h"
#include "postil-wrap-layout.h"

/*
 * PostilReviewDetail: one annotation to be reviewed, in full: its words before and now, other
 * places where it may belong, both versions where there are two, and what can be done. Shows what
 * it was told last. The places are looked for in a thread, once the reader has stayed with the
 * annotation for a moment.
 */
struct _PostilReviewDetail
{
  GtkWidget parent_instance;

  PostilAnnotation *annotation;
  PostilText *text;
  GCancellable *asking;
  guint ask_id;

  GtkScrolledWindow *scroller;
  GtkImage *icon;
  GtkLabel *status;
  GtkLabel *place;
  GtkLabel *explanation;
  GtkWidget *before_box;
  GtkLabel *before;
  GtkWidget *now_box;
  GtkLabel *now;
  GtkWidget *places_box;
  GtkLabel *places_title;
  GtkSpinner *spinner;
  GtkBox *places;
  GtkWidget *versions;
  PostilReviewVersion *version;
  PostilReviewVersion *first;
  GtkLabel *no_first;
  GtkWidget *accept_button;
  GtkWidget *reattach_button;
  GtkWidget *keep_version_button;
  GtkWidget *keep_first_button;
  GtkWidget *keep_both_button;
};

G_DEFINE_FINAL_TYPE (PostilReviewDetail, postil_review_detail, GTK_TYPE_WIDGET)

/* Most of a passage that is shown, in code points. */
#define MAX_SHOWN 4000

/* The same of a place that it may be at. */
#define MAX_PLACE 160

/* How many of those are offered for a range, and for how many ranges; less likely ones would only
 * be in the way. */
#define MIN_SCORE 0.25
#define MAX_PLACES 5
#define MAX_RANGES 4

/* How long a reader stays before they are looked for, in milliseconds. */
#define ASK_MS 120

typedef struct
{
  PostilText *text;
  PostilAnchor *anchor;
  guint n_ranges;
} Question;

static void
question_free (Question *question)
{
  postil_text_unref (question->text);
  postil_anchor_unref (question->anchor);
  g_free (question);
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && text[0] != '\0');
}

static void
show_marked (GtkLabel *label, GtkWidget *box, const PostilMarkedText *shown)
{
  gtk_label_set_text (label, shown->text);
  gtk_label_set_attributes (label, shown->attributes);
  gtk_widget_set_visible (box, shown->text[0] != '\0');
}

static void
clear_places (PostilReviewDetail *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->places))))
    gtk_box_remove (self->places, child);
}

static void
stop_asking (PostilReviewDetail *self)
{
  g_clear_handle_id (&self->ask_id, g_source_remove);
  g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
}

/* All ranges of the annotation with number @range at @span: the others where they are, or where
 * they fit best. */
static GVariant *
get_ranges (PostilReviewDetail *self, GPtrArray *answers, guint range, PostilSpan span)
{
  GVariantBuilder builder;
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (self->annotation, &n_spans);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uu)"));
  for (guint i = 0; i < answers->len; i++)
    {
      GArray *candidates = g_ptr_array_index (answers, i);

      if (i == range)
        g_variant_builder_add (&builder, "(uu)", span.start, span.end);
      else if (i < n_spans)
        g_variant_builder_add (&builder, "(uu)", spans[i].start, spans[i].end);
      else if (candidates->len > 0)
        {
          PostilSpan best = g_array_index (candidates, PostilCandidate, 0).span;

          g_variant_builder_add (&builder, "(uu)", best.start, best.end);
        }
    }
  for (guint i = answers->len; i < n_spans; i++)
    g_variant_builder_add (&builder, "(uu)", spans[i].start, spans[i].end);

  return g_variant_builder_end (&builder);
}

static void
add_place (PostilReviewDetail *self, GPtrArray *answers, guint range, PostilCandidate candidate)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = gtk_label_new (NULL), *caption;
  GtkWidget *button = gtk_button_new_with_label (_ ("Use"));
  guint percent = CLAMP (candidate.score, 0, 1) * 100;
  guint paragraph = postil_text_get_paragraph_at (self->text, candidate.span.start) + 1;
  g_autofree char *share = NULL, *verb = NULL;
  g_auto (PostilMarkedText) shown = { 0 };

  postil_review_words_show_place (self->text, candidate.span, MAX_PLACE, &shown);
  if (answers->len > 1)
    /* Translators: how well a place suits, which range of an annotation it is for, the paragraph */
    share = g_strdup_printf (_ ("%u %% · range %u · ¶ %u"), percent, range + 1, paragraph);
  else
    /* Translators: how well a place suits, the paragraph */
    share = g_strdup_printf (_ ("%u %% · ¶ %u"), percent, paragraph);
  caption = gtk_label_new (share);

  gtk_label_set_text (GTK_LABEL (label), shown.text);
  gtk_label_set_attributes (GTK_LABEL (label), shown.attributes);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), 3);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_widget_add_css_class (caption, "numeric");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), label);
  gtk_box_append (GTK_BOX (words), caption);

  /* Translators: “Use”, for this text at this share */
  verb = g_strdup_printf (_ ("Use “%s”, %s"), shown.text, share);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, verb, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "review.use");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button),
                                          get_ranges (self, answers, range, candidate.span));
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (self->places, row);
}

static gboolean
is_present (PostilReviewDetail *self, PostilSpan span)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (self->annotation, &n_spans);

  for (guint i = 0; i < n_spans; i++)
    if (postil_span_equal (spans[i], span))
      return TRUE;

  return FALSE;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilReviewDetail *self = POSTIL_REVIEW_DETAIL (source);
  g_autoptr (GPtrArray) answers = g_task_propagate_pointer (G_TASK (result), NULL);
  const char *title;
  guint n = 0;

  /* Cancelled: the reader is with another one by now. */
  if (answers == NULL)
    return;

  g_clear_object (&self->asking);
  gtk_spinner_stop (self->spinner);
  clear_places (self);
  for (guint range = 0; range < answers->len; range++)
    {
      GArray *candidates = g_ptr_array_index (answers, range);

      for (guint i = 0; i < candidates->len; i++)
        {
          PostilCandidate candidate = g_array_index (candidates, PostilCandidate, i);

          if (candidate.score < MIN_SCORE || is_present (self, candidate.span))
            continue;
          add_place (self, answers, range, candidate);
          n++;
        }
    }
  if (postil_annotation_get_status (self->annotation) == POSTIL_STATUS_ORPHANED)
    title = n > 0 ? _ ("Places Where It May Belong") : _ ("No Place Looks Like It");
  else
    title = n > 0 ? _ ("Other Places Where It May Belong") : _ ("No Other Place Looks Like It");
  gtk_label_set_label (self->places_title, title);
}

static void
answer (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  GPtrArray *answers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; i < question->n_ranges && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (answers, postil_anchoring_list_candidates (question->text, NULL,
                                                                question->anchor, i, MAX_PLACES));
  g_task_return_pointer (task, answers, (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
ask_cb (gpointer data)
{
  PostilReviewDetail *self = data;
  Question *question = g_new (Question, 1);
  g_autoptr (GTask) task = NULL;
  PostilAnnotationFields fields;

  self->ask_id = 0;
  postil_annotation_get_fields (self->annotation, &fields);
  question->text = postil_text_ref (self->text);
  question->anchor = postil_anchor_ref (fields.anchor);
  postil_anchor_get_selectors (fields.anchor, &question->n_ranges);
  question->n_ranges = MIN (question->n_ranges, MAX_RANGES);
  self->asking = g_cancellable_new ();
  task = g_task_new (self, self->asking, answered_cb, NULL);
  g_task_set_source_tag (task, ask_cb);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, answer);

  return G_SOURCE_REMOVE;
}

static void
show_places (PostilReviewDetail *self, PostilReviewKinds kinds)
{
  gboolean wanted = (kinds & (POSTIL_REVIEW_UNCERTAIN | POSTIL_REVIEW_ORPHANED)) != 0;
  PostilAnnotationFields fields;

  postil_annotation_get_fields (self->annotation, &fields);
  wanted = wanted && fields.anchor != NULL;
  stop_asking (self);
  clear_places (self);
  gtk_widget_set_visible (self->places_box, wanted);
  if (wanted)
    {
      gtk_label_set_label (self->places_title, _ ("Looking for Places…"));
      gtk_spinner_start (self->spinner);
      self->ask_id = g_timeout_add (ASK_MS, ask_cb, self);
    }
  else
    gtk_spinner_stop (self->spinner);
}

static void
show_versions (PostilReviewDetail *self, PostilWorkspace *workspace, PostilDocument *document)
{
  const char *version_of = postil_annotation_get_version_of (self->annotation);
  PostilAnnotation *first =
    version_of ? postil_document_get_annotation (document, version_of) : NULL;

  gtk_widget_set_visible (self->versions, version_of != NULL);
  gtk_widget_set_visible (self->keep_version_button, version_of != NULL);
  gtk_widget_set_visible (self->keep_first_button, first != NULL);
  gtk_widget_set_visible (self->keep_both_button, first != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->first), first != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->no_first), first == NULL);
  if (version_of)
    postil_review_version_show (self->version, workspace, document, self->annotation);
  if (first)
    postil_review_version_show (self->first, workspace, document, first);
}

static void
forget (PostilReviewDetail *self)
{
  stop_asking (self);
  g_clear_pointer (&self->annotation, postil_annotation_unref);
  g_clear_pointer (&self->text, postil_text_unref);
}

static void
postil_review_detail_dispose (GObject *object)
{
  PostilReviewDetail *self = POSTIL_REVIEW_DETAIL (object);
  GtkWidget *child;

  forget (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_review_detail_parent_class)->dispose (object);
}

static void
postil_review_detail_class_init (PostilReviewDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_review_detail_dispose;

  g_type_ensure (POSTIL_TYPE_PAIR_LAYOUT);
  g_type_ensure (POSTIL_TYPE_REVIEW_VERSION);
  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-review-detail.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, PostilReviewDetail, child)
  BIND (scroller);
  BIND (icon);
  BIND (status);
  BIND (place);
  BIND (explanation);
  BIND (before_box);
  BIND (before);
  BIND (now_box);
  BIND (now);
  BIND (places_box);
  BIND (places_title);
  BIND (spinner);
  BIND (places);
  BIND (versions);
  BIND (version);
  BIND (first);
  BIND (no_first);
  BIND (accept_button);
  BIND (reattach_button);
  BIND (keep_version_button);
  BIND (keep_first_button);
  BIND (keep_both_button);
#undef BIND
  gtk_widget_class_set_css_name (widget_class, "reviewdetail");
}

static void
postil_review_detail_init (PostilReviewDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * postil_review_detail_show:
 * @self: a detail
 * @workspace: (nullable): the workspace
 * @document: (nullable): a document of it
 * @annotation: (nullable): the annotation of @document to show; %NULL for none
 */
void
postil_review_detail_show (PostilReviewDetail *self,
                           PostilWorkspace *workspace,
                           PostilDocument *document,
                           PostilAnnotation *annotation)
{
  g_auto (PostilMarkedText) before = { 0 }, now = { 0 };
  g_autofree char *status = NULL, *place = NULL;
  PostilReviewKinds kinds;
  gboolean has_several, is_unplaced, has_choice;

  g_return_if_fail (POSTIL_IS_REVIEW_DETAIL (self));
  g_return_if_fail (annotation == NULL ||
                    (POSTIL_IS_WORKSPACE (workspace) && POSTIL_IS_DOCUMENT (document)));

  if (annotation != self->annotation)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  if (annotation)
    postil_annotation_ref (annotation);
  forget (self);
  self->annotation = annotation;
  if (annotation == NULL)
    return;

  self->text = postil_text_ref (postil_document_get_text (document));
  has_several = g_list_model_get_n_items (postil_workspace_get_documents (workspace)) > 1;
  kinds = postil_review_get_kinds (annotation);
  is_unplaced = (kinds & ~POSTIL_REVIEW_VERSIONS) != 0;
  /* One thing after the other: first a version is chosen, then its place. */
  has_choice = (kinds & POSTIL_REVIEW_VERSIONS) != 0;
  status = postil_review_words_dup_kinds (kinds);
  place = postil_annotation_words_dup_place (document, annotation, has_several);
  gtk_image_set_from_icon_name (self->icon, postil_review_words_get_icon (kinds));
  gtk_label_set_label (self->status, status);
  set_text (self->place, place);
  set_text (self->explanation, postil_review_words_get_help (kinds));
  postil_review_words_compare (document, annotation, MAX_SHOWN, &before, &now);
  show_marked (self->before, self->before_box, &before);
  show_marked (self->now, self->now_box, &now);
  gtk_widget_set_visible (gtk_widget_get_parent (self->now_box), is_unplaced && !has_choice);
  show_places (self, has_choice ? 0 : kinds);
  show_versions (self, workspace, document);
  gtk_widget_set_visible (self->accept_button,
                          !has_choice &&
                            (kinds & (POSTIL_REVIEW_MOVED | POSTIL_REVIEW_UNCERTAIN)) != 0);
  gtk_widget_set_visible (self->reattach_button, !has_choice && is_unplaced);
}
