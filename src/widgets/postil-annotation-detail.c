/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-detail.h"

#include <glib/gi18n-lib.h>

#include "postil-after-frame.h"
#include "postil-annotation-words.h"
#include "postil-edit.h"
#include "postil-linked-list.h"
#include "postil-note-editor.h"
#include "postil-review-words.h"
#include "postil-topic-chip.h"
#include "postil-topic-finder.h"
#include "postil-wrap-layout.h"

/*
 * PostilAnnotationDetail: one annotation in full, open for its topics and one's own note; the notes
 * of others stand below, to be read. It follows the codebook, and the document one frame later
 * than the text, or at once when it was changed here. Each change of
 * topics is one step; the note editor makes its own. Its widgets are made for the first annotation.
 */
struct _PostilAnnotationDetail
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilDocument *document;
  char *annotation;
  PostilAfterFrame *later;

  GtkLabel *place;
  GtkLabel *status;
  GtkLabel *explanation;
  GtkScrolledWindow *quote_scroller;
  GtkTextView *quote_view;
  GtkWidget *topics;
  GtkWidget *add_button;
  GtkPopover *add_popover;
  PostilTopicFinder *finder;
  PostilNoteEditor *note_editor;
  GtkBox *others;
  PostilLinkedList *linked;
  GtkLabel *origin;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationDetail, postil_annotation_detail, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Longest quote of a range in code points. GTK lays a paragraph out as one; more than this would
 * keep the window from answering. */
#define MAX_QUOTE 50000

/* Up to this many code points a quote is shown without scrolling; a scroll bar wants more height
 * than a line. */
#define MAX_UNSCROLLED 160

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && text[0] != '\0');
}

/* The annotation as it is with what was typed of its note, so that a step can change it. */
static PostilAnnotation *
get_settled (PostilAnnotationDetail *self)
{
  postil_note_editor_commit (self->note_editor);

  return postil_annotation_detail_get_annotation (self);
}

static void
change_topic (PostilAnnotationDetail *self, const char *topic, gboolean present)
{
  PostilAnnotation *annotation = get_settled (self);
  g_autoptr (PostilStep) step = postil_step_new (present ? _ ("Add Topic") : _ ("Remove Topic"));

  if (annotation == NULL)
    return;

  postil_edit_set_topic (self->workspace, step, self->document, annotation, topic, present);
  postil_workspace_commit (self->workspace, step, NULL);
  postil_after_frame_flush (self->later);
}

static void
topic_chosen_cb (PostilAnnotationDetail *self, const char *id)
{
  g_autofree char *topic = g_strdup (id);

  gtk_popover_popdown (self->add_popover);
  change_topic (self, topic, TRUE);
}

static void
topic_created_cb (PostilAnnotationDetail *self, const char *path)
{
  PostilAnnotation *annotation = get_settled (self);
  g_autoptr (PostilStep) step = postil_step_new (_ ("Add New Topic"));
  g_autofree char *topic =
    annotation ? postil_edit_ensure_path (self->workspace, step, path) : NULL;

  gtk_popover_popdown (self->add_popover);
  if (topic == NULL)
    return;
  postil_edit_set_topic (self->workspace, step, self->document, annotation, topic, TRUE);
  postil_workspace_commit (self->workspace, step, NULL);
  postil_after_frame_flush (self->later);
}

/* The chip goes with its topic; the focus must have somewhere to be. */
static void
chip_remove_cb (PostilAnnotationDetail *self, PostilTopicChip *chip)
{
  g_autofree char *topic = g_strdup (postil_topic_chip_get_topic (chip));

  gtk_widget_grab_focus (self->add_button);
  change_topic (self, topic, FALSE);
}

static void
note_done_cb (PostilAnnotationDetail *self)
{
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
show_topics (PostilAnnotationDetail *self, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  GtkWidget *chip = gtk_widget_get_first_child (self->topics);

  for (guint i = 0; i < n_topics; i++)
    {
      if (chip == self->add_button)
        {
          chip = postil_topic_chip_new (TRUE);
          gtk_widget_insert_before (chip, self->topics, self->add_button);
          g_signal_connect_swapped (chip, "remove", G_CALLBACK (chip_remove_cb), self);
        }
      postil_topic_chip_show (POSTIL_TOPIC_CHIP (chip), codebook, topics[i]);
      gtk_widget_set_visible (chip, TRUE);
      chip = gtk_widget_get_next_sibling (chip);
    }
  /* Kept for the next topic: to make and style a chip takes longer than a frame. */
  for (; chip != self->add_button; chip = gtk_widget_get_next_sibling (chip))
    gtk_widget_set_visible (chip, FALSE);
}

static GtkWidget *
create_other_note (PostilAnnotationDetail *self, PostilNote *note)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *origin = postil_annotation_words_dup_origin (
    self->document, postil_note_get_creator (note), postil_note_get_created (note));
  GtkWidget *heading = gtk_label_new (origin), *text = gtk_label_new (postil_note_get_text (note));

  gtk_widget_add_css_class (heading, "caption-heading");
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  for (GtkWidget *label = heading; label; label = label == heading ? text : NULL)
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_box_append (GTK_BOX (box), label);
    }

  return box;
}

static void
show_others (PostilAnnotationDetail *self, PostilAnnotation *annotation)
{
  const char *me = postil_annotator_get_id (postil_workspace_get_annotator (self->workspace));
  PostilNote *own = postil_annotation_find_note (annotation, me);
  guint n_notes;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->others))))
    gtk_box_remove (self->others, child);
  for (guint i = 0; i < n_notes; i++)
    if (notes[i] != own)
      gtk_box_append (self->others, create_other_note (self, notes[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->others),
                          gtk_widget_get_first_child (GTK_WIDGET (self->others)) != NULL);
}

static void
show_origin (PostilAnnotationDetail *self, PostilAnnotation *annotation)
{
  g_autofree char *origin = NULL, *modified = NULL, *created = NULL, *text = NULL;
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  origin = postil_annotation_words_dup_origin (self->document, fields.creator, fields.created);
  created = postil_annotation_words_dup_date (fields.created);
  modified = postil_annotation_words_dup_date (fields.modified);
  if (modified && g_strcmp0 (created, modified) != 0)
    /* Translators: a person and when they made it; when it was changed */
    text = g_strdup_printf (_ ("%s; changed %s"), origin, modified);
  set_text (self->origin, text ? text : origin);
}

static void
show_quote (PostilAnnotationDetail *self, PostilAnnotation *annotation)
{
  g_autofree char *quote =
    postil_annotation_words_dup_quote (self->document, annotation, MAX_QUOTE);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->quote_view);
  g_autofree char *shown = NULL;
  GtkTextIter start, end;

  gtk_widget_set_visible (GTK_WIDGET (self->quote_scroller), quote != NULL);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  if (quote == NULL || g_str_equal (shown, quote))
    return;

  gtk_text_buffer_set_text (buffer, quote, -1);
  gtk_scrolled_window_set_policy (self->quote_scroller, GTK_POLICY_NEVER,
                                  gtk_text_buffer_get_char_count (buffer) > MAX_UNSCROLLED
                                    ? GTK_POLICY_AUTOMATIC
                                    : GTK_POLICY_NEVER);
}

static void
update (PostilAnnotationDetail *self)
{
  PostilAnnotation *annotation = postil_annotation_detail_get_annotation (self);
  gboolean is_own_kind, has_several;
  g_autofree char *place = NULL, *status = NULL;
  const char *kind;
  PostilReviewKinds kinds;

  if (annotation == NULL)
    return;

  has_several = g_list_model_get_n_items (postil_workspace_get_documents (self->workspace)) > 1;
  place = postil_annotation_words_dup_place (self->document, annotation, has_several);
  kind = postil_annotation_words_get_kind (annotation);
  kinds = postil_review_get_kinds (annotation);
  status = postil_review_words_dup_kinds (kinds);
  is_own_kind = postil_annotation_get_kind (annotation) != POSTIL_ANNOTATION_FOREIGN;

  gtk_label_set_label (self->place, place ? place : kind ? kind : "");
  set_text (self->status, status);
  set_text (self->explanation, is_own_kind ? postil_review_words_get_help (kinds)
                                           : _ ("Postil cannot show this annotation. It is kept "
                                                "as it came."));
  show_quote (self, annotation);
  show_topics (self, annotation);
  gtk_widget_set_visible (self->topics, is_own_kind);
  gtk_widget_set_visible (GTK_WIDGET (self->note_editor), is_own_kind);
  show_others (self, annotation);
  show_origin (self, annotation);
}

static void
follow (GtkWidget *widget)
{
  update (POSTIL_ANNOTATION_DETAIL (widget));
}

static void
document_changed_cb (PostilAnnotationDetail *self, const PostilChange *changes, guint n_changes)
{
  if (postil_changes_have_text (changes, n_changes) ||
      postil_changes_touch (changes, n_changes, self->annotation))
    postil_after_frame_queue (self->later);
}

static void
postil_annotation_detail_dispose (GObject *object)
{
  PostilAnnotationDetail *self = POSTIL_ANNOTATION_DETAIL (object);
  GtkWidget *child;

  if (self->workspace)
    postil_annotation_detail_show (self, NULL, NULL, NULL);
  g_clear_pointer (&self->later, postil_after_frame_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_annotation_detail_parent_class)->dispose (object);
}

static void
postil_annotation_detail_class_init (PostilAnnotationDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_annotation_detail_dispose;

  /**
   * PostilAnnotationDetail::done:
   * @self: the detail
   *
   * A person left the note by the keyboard; the focus is to go elsewhere.
   */
  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (POSTIL_TYPE_LINKED_LIST);
  g_type_ensure (POSTIL_TYPE_NOTE_EDITOR);
  g_type_ensure (POSTIL_TYPE_TOPIC_FINDER);
  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-annotation-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, place);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, status);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, explanation);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, quote_scroller);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, quote_view);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, topics);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, add_button);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, add_popover);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, finder);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, note_editor);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, others);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, linked);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationDetail, origin);
  gtk_widget_class_bind_template_callback (widget_class, topic_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_created_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_done_cb);
  gtk_widget_class_set_css_name (widget_class, "annotationdetail");
}

static void
postil_annotation_detail_init (PostilAnnotationDetail *self)
{
  self->later = postil_after_frame_new (GTK_WIDGET (self), follow);
}

GtkWidget *
postil_annotation_detail_new (void)
{
  return g_object_new (POSTIL_TYPE_ANNOTATION_DETAIL, NULL);
}

/**
 * postil_annotation_detail_show:
 * @self: an annotation detail
 * @workspace: (nullable): the workspace
 * @document: (nullable): a document of it
 * @annotation: (nullable): id of an annotation of @document; %NULL with @document for none
 */
void
postil_annotation_detail_show (PostilAnnotationDetail *self,
                               PostilWorkspace *workspace,
                               PostilDocument *document,
                               const char *annotation)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_DETAIL (self));
  g_return_if_fail ((document == NULL) == (annotation == NULL));
  g_return_if_fail (document == NULL || workspace != NULL);

  if (workspace == self->workspace && document == self->document &&
      g_strcmp0 (annotation, self->annotation) == 0)
    return;

  if (!self->note_editor)
    {
      if (!document)
        return;
      gtk_widget_init_template (GTK_WIDGET (self));
    }
  postil_note_editor_set_annotation (self->note_editor, document ? workspace : NULL, document,
                                     annotation);
  if (workspace != self->workspace)
    {
      if (self->workspace)
        g_signal_handlers_disconnect_by_func (postil_workspace_get_codebook (self->workspace),
                                              update, self);
      if (workspace)
        g_signal_connect_swapped (postil_workspace_get_codebook (workspace), "changed",
                                  G_CALLBACK (update), self);
      postil_topic_finder_set_workspace (self->finder, workspace);
      g_set_object (&self->workspace, workspace);
    }
  if (self->document)
    g_signal_handlers_disconnect_by_func (self->document, document_changed_cb, self);
  g_set_object (&self->document, document);
  if (document)
    g_signal_connect_swapped (document, "changed", G_CALLBACK (document_changed_cb), self);
  g_free (self->annotation);
  self->annotation = g_strdup (annotation);
  postil_linked_list_show (self->linked, workspace, document, annotation);
  postil_after_frame_cancel (self->later);
  update (self);
}

/**
 * postil_annotation_detail_get_document:
 * @self: an annotation detail
 *
 * Returns: (transfer none) (nullable): the document of the annotation shown
 */
PostilDocument *
postil_annotation_detail_get_document (PostilAnnotationDetail *self)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_DETAIL (self), NULL);

  return self->document;
}

/**
 * postil_annotation_detail_get_annotation:
 * @self: an annotation detail
 *
 * Returns: (transfer none) (nullable): the annotation shown, as it is now; %NULL when it is gone
 */
PostilAnnotation *
postil_annotation_detail_get_annotation (PostilAnnotationDetail *self)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_DETAIL (self), NULL);

  return self->document ? postil_document_get_annotation (self->document, self->annotation) : NULL;
}

/**
 * postil_annotation_detail_edit_note:
 * @self: an annotation detail
 *
 * Gives the focus to one's own note.
 */
void
postil_annotation_detail_edit_note (PostilAnnotationDetail *self)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_DETAIL (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->note_editor));
}

/**
 * postil_annotation_detail_commit_note:
 * @self: an annotation detail
 *
 * Makes the note being typed a step of the history.
 */
void
postil_annotation_detail_commit_note (PostilAnnotationDetail *self)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_DETAIL (self));

  if (self->note_editor)
    postil_note_editor_commit (self->note_editor);
}
