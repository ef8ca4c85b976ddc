/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-annotation-chooser.h"
#include "postil-citation.h"
#include "postil-edit.h"
#include "postil-window-private.h"

/* The window's verbs for annotations: making them from a selection, and going from one to another.
 */

static PostilTextView *
get_text_view (PostilWindow *self)
{
  return postil_document_view_get_text_view (self->active);
}

static gboolean
get_selection (PostilWindow *self, PostilSpan *span)
{
  return postil_window_get_active_document (self) &&
         postil_text_view_get_selection (get_text_view (self), span);
}

/* An annotation of exactly this passage: what is done to the passage is done to it. */
static PostilAnnotation *
find_twin (PostilDocument *document, PostilSpan span)
{
  g_autoptr (GPtrArray) annotations =
    postil_annotation_index_list_in (postil_document_get_annotations (document), span);

  for (guint i = 0; i < annotations->len; i++)
    {
      guint n_spans;
      const PostilSpan *spans = postil_annotation_get_spans (annotations->pdata[i], &n_spans);

      if (postil_annotation_get_kind (annotations->pdata[i]) == POSTIL_ANNOTATION_PASSAGE &&
          n_spans == 1 && postil_span_equal (spans[0], span))
        return postil_document_get_annotation (document,
                                               postil_annotation_get_id (annotations->pdata[i]));
    }
  return NULL;
}

/* The selection has done its work: what it marked shows instead. The caret stays behind it, where
 * reading goes on. */
static void
end_selection (PostilWindow *self, PostilSpan span)
{
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  postil_text_view_select (get_text_view (self), (PostilSpan){ span.end, span.end });
}

/* Adds to @step an annotation of the selection, unless there is one of that passage. */
static char *
annotate (PostilWindow *self, PostilStep *step, PostilSpan span, const char *topic)
{
  PostilDocument *document = postil_window_get_active_document (self);
  PostilAnnotation *twin = find_twin (document, span);
  const char *const topics[] = { topic, NULL };

  if (!twin)
    return postil_edit_add_annotation (self->workspace, step, document, &span, 1, topics, NULL);
  if (topic)
    postil_edit_set_topic (self->workspace, step, document, twin, topic, TRUE);
  return g_strdup (postil_annotation_get_id (twin));
}

/* A topic for the selection, or turned on or off for the current annotation. */
static void
apply (PostilWindow *self, PostilStep *step, const char *topic)
{
  PostilDocument *document = postil_window_get_active_document (self);
  PostilAnnotation *current = postil_window_get_current (self);
  PostilSpan span;

  if (get_selection (self, &span))
    {
      g_autofree char *id = annotate (self, step, span, topic);

      postil_workspace_commit (self->workspace, step, NULL);
      end_selection (self, span);
      postil_window_set_current (self, document, id);
    }
  else if (current)
    {
      postil_edit_set_topic (self->workspace, step, self->current_document, current, topic,
                             !postil_annotation_has_topic (current, topic));
      postil_workspace_commit (self->workspace, step, NULL);
      gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
    }
  else
    {
      postil_annotation_pane_set_filter_topic (self->annotations, topic);
      return;
    }
  postil_selection_bar_add_recent (self->selection_bar, topic);
}

/* What a popover of @view points to: the selection, or else the caret. */
static void
point_to_selection (PostilWindow *self, PostilDocumentView *view, GtkPopover *popover)
{
  PostilTextView *text_view = postil_document_view_get_text_view (view);
  GdkRectangle area;
  graphene_point_t point;

  if (!postil_text_view_get_selection_area (text_view, &area))
    {
      gtk_text_view_get_cursor_locations (GTK_TEXT_VIEW (text_view), NULL, &area, NULL);
      gtk_text_view_buffer_to_window_coords (GTK_TEXT_VIEW (text_view), GTK_TEXT_WINDOW_WIDGET,
                                             area.x, area.y, &area.x, &area.y);
      area.width = MAX (area.width, 1);
    }
  /* Never beyond the part of the text that is in sight. */
  area.x = CLAMP (area.x, 0, gtk_widget_get_width (GTK_WIDGET (text_view)));
  area.width = MIN (area.width, gtk_widget_get_width (GTK_WIDGET (text_view)) - area.x);
  area.height += MIN (area.y, 0);
  area.y = CLAMP (area.y, 0, gtk_widget_get_height (GTK_WIDGET (text_view)));
  area.height =
    CLAMP (area.height, 1, MAX (gtk_widget_get_height (GTK_WIDGET (text_view)) - area.y, 1));
  if (gtk_widget_compute_point (GTK_WIDGET (text_view), GTK_WIDGET (view),
                                &GRAPHENE_POINT_INIT (area.x, area.y), &point))
    {
      area.x = (int) point.x;
      area.y = (int) point.y;
    }
  gtk_popover_set_pointing_to (popover, &area);
}

static void
show_selection_bar (PostilWindow *self, PostilDocumentView *view)
{
  GtkWidget *bar = GTK_WIDGET (self->selection_bar);

  if (gtk_widget_get_parent (bar) != GTK_WIDGET (view))
    {
      if (gtk_widget_get_parent (bar))
        gtk_widget_unparent (bar);
      gtk_widget_set_parent (bar, GTK_WIDGET (view));
    }
  point_to_selection (self, view, GTK_POPOVER (bar));
  gtk_popover_popup (GTK_POPOVER (bar));
}

static void
annotation_chosen_cb (PostilWindow *self, const char *id)
{
  postil_window_set_current (self, postil_window_get_active_document (self), id);
}

static gboolean
unparent_cb (gpointer data)
{
  PostilWindow *self = data;

  g_clear_pointer (&self->chooser, gtk_widget_unparent);
  gtk_widget_grab_focus (GTK_WIDGET (get_text_view (self)));
  return G_SOURCE_REMOVE;
}

static void
chooser_closed_cb (PostilWindow *self)
{
  /* Not now: it is still about to give the focus back. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, unparent_cb, g_object_ref (self), g_object_unref);
}

/* A new step; what is being typed comes before it, or it would take that back. */
PostilStep *
postil_window_begin (PostilWindow *self, const char *label)
{
  postil_annotation_pane_commit_note (self->annotations);
  return postil_step_new (label);
}

/* The current annotation as it is now, or %NULL. */
PostilAnnotation *
postil_window_get_current (PostilWindow *self)
{
  return self->current ? postil_document_get_annotation (self->current_document, self->current)
                       : NULL;
}

/* Makes an annotation the current one, or none when it is not there. */
void
postil_window_set_current (PostilWindow *self, PostilDocument *document, const char *id)
{
  PostilDocumentView *views[] = { self->start_view, self->end_view };
  gboolean present = document && id && postil_document_get_annotation (document, id);
  char *current = present ? g_strdup (id) : NULL;

  g_free (self->current);
  self->current = current;
  if (!present)
    document = NULL;
  g_set_object (&self->current_document, document);
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    postil_text_view_set_current (
      postil_document_view_get_text_view (views[i]),
      document && postil_document_view_get_document (views[i]) == document ? current : NULL);
  if (present && !self->selecting)
    {
      self->selecting = TRUE;
      postil_annotation_pane_select (self->annotations, current);
      self->selecting = FALSE;
    }
  postil_window_update_actions (self);
}

/* Shows where @annotation stands. */
void
postil_window_go_to (PostilWindow *self, PostilDocument *document, PostilAnnotation *annotation)
{
  PostilDocumentView *view;
  guint n_spans;

  if (!postil_window_find_view (self, document) || self->narrow)
    postil_window_show_document (self, document, NULL);
  view = postil_window_find_view (self, document);
  postil_annotation_get_spans (annotation, &n_spans);
  if (view && n_spans > 0)
    postil_text_view_scroll_to (postil_document_view_get_text_view (view),
                                postil_annotation_get_extent (annotation).start);
}

void
postil_window_highlight (PostilWindow *self)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Highlight"));
  g_autofree char *id = NULL;
  PostilSpan span;

  if (!get_selection (self, &span))
    return;
  id = annotate (self, step, span, NULL);
  postil_workspace_commit (self->workspace, step, NULL);
  end_selection (self, span);
  postil_window_set_current (self, postil_window_get_active_document (self), id);
}

void
postil_window_apply_topic (PostilWindow *self, const char *topic)
{
  PostilTopic *found =
    postil_codebook_get_topic (postil_workspace_get_codebook (self->workspace), topic);
  g_autofree char *label = NULL;
  g_autoptr (PostilStep) step = NULL;

  if (!found)
    return;
  label = g_strdup_printf (_ ("Topic “%s”"), postil_topic_get_label (found));
  step = postil_window_begin (self, label);
  apply (self, step, topic);
}

/* A topic by its path, such as "Parent/Child"; made in the same step when it is new. */
void
postil_window_apply_path (PostilWindow *self, const char *path)
{
  g_autofree char *label = g_strdup_printf (_ ("Topic “%s”"), path);
  g_autoptr (PostilStep) step = postil_window_begin (self, label);
  g_autofree char *topic = postil_edit_ensure_path (self->workspace, step, path);

  if (topic)
    apply (self, step, topic);
}

/* Offers all topics for the selection or the current annotation. */
void
postil_window_ask_topic (PostilWindow *self)
{
  if (!postil_window_get_active_document (self))
    return;
  show_selection_bar (self, self->active);
  postil_selection_bar_grab_topic (self->selection_bar);
}

/* A note on the selection or the current annotation, ready to be typed. */
void
postil_window_note (PostilWindow *self)
{
  PostilSpan span;

  if (get_selection (self, &span))
    {
      g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Note"));
      g_autofree char *id = annotate (self, step, span, NULL);

      postil_workspace_commit (self->workspace, step, NULL);
      end_selection (self, span);
      postil_window_set_current (self, postil_window_get_active_document (self), id);
    }
  if (!postil_window_get_current (self))
    return;
  postil_window_show_annotations (self);
  postil_annotation_pane_edit_note (self->annotations);
}

/* A note on the whole document: the one that is there, or a new one. */
void
postil_window_note_document (PostilWindow *self)
{
  PostilDocument *document = postil_window_get_active_document (self);
  PostilAnnotationIndex *index;
  g_autofree char *id = NULL;

  if (!document)
    return;
  index = postil_document_get_annotations (document);
  for (guint i = 0; i < postil_annotation_index_get_size (index) && !id; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (index, i);

      if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_DOCUMENT)
        id = g_strdup (postil_annotation_get_id (annotation));
    }
  if (!id)
    {
      g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Note on Document"));

      id = postil_edit_add_annotation (self->workspace, step, document, NULL, 0, NULL, NULL);
      postil_workspace_commit (self->workspace, step, NULL);
    }
  postil_window_set_current (self, document, id);
  postil_window_show_annotations (self);
  postil_annotation_pane_edit_note (self->annotations);
}

void
postil_window_delete_annotation (PostilWindow *self)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Delete Annotation"));
  PostilAnnotation *current = postil_window_get_current (self);

  if (!current)
    return;
  postil_edit_remove_annotation (step, self->current_document, current);
  postil_edit_remove_links (self->workspace, step);
  postil_workspace_commit (self->workspace, step, NULL);
}

/* Where the step from @from by @by leads among the annotations of @index that have a place. */
static PostilAnnotation *
step_from (PostilAnnotationIndex *index, guint from, int by)
{
  guint size = postil_annotation_index_get_n_shown (index);

  for (guint i = from; i < size; i += by)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (index, i);
      guint n_spans;

      postil_annotation_get_spans (annotation, &n_spans);
      if (n_spans > 0)
        return annotation;
      /* An unsigned number below 0 is above the size, too. */
    }
  return NULL;
}

/* Where @annotation comes in the order of reading. */
static guint
get_place (PostilAnnotation *annotation)
{
  return postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_FOREIGN
           ? G_MAXUINT
           : postil_annotation_get_extent (annotation).start;
}

/* The position of the first annotation that starts at or behind @offset. */
static guint
position_from (PostilAnnotationIndex *index, guint offset)
{
  guint low = 0, high = postil_annotation_index_get_n_shown (index);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_place (postil_annotation_index_get (index, middle)) < offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Goes to the annotation before (-1) or behind (1) the current one, or the caret. */
void
postil_window_step_annotation (PostilWindow *self, int by)
{
  PostilDocument *document = postil_window_get_active_document (self);
  PostilAnnotation *current = postil_window_get_current (self);
  PostilAnnotation *annotation;
  PostilAnnotationIndex *index;
  guint position;

  if (!document)
    return;
  index = postil_document_get_annotations (document);
  if (current && self->current_document == document &&
      postil_annotation_index_find (index, current, &position))
    position += by;
  else
    {
      position = position_from (index, postil_text_view_get_caret (get_text_view (self)));
      if (by < 0)
        position--;
    }
  annotation = step_from (index, position, by);
  if (!annotation)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  postil_window_set_current (self, document, postil_annotation_get_id (annotation));
  postil_window_go_to (self, document, annotation);
}

/* Makes the next one of those at the caret current. */
void
postil_window_cycle_annotations (PostilWindow *self)
{
  PostilDocument *document = postil_window_get_active_document (self);
  g_autoptr (GPtrArray) annotations = NULL;
  guint next = 0;

  if (!document)
    return;
  annotations = postil_text_view_list_at_caret (get_text_view (self));
  if (annotations->len == 0)
    return;
  for (guint i = 0; i < annotations->len; i++)
    if (g_strcmp0 (postil_annotation_get_id (annotations->pdata[i]), self->current) == 0)
      next = (i + 1) % annotations->len;
  postil_window_set_current (self, document, postil_annotation_get_id (annotations->pdata[next]));
}

/* The selection, or the current annotation's passage, with document and paragraph. */
void
postil_window_copy_citation (PostilWindow *self)
{
  PostilDocument *document = postil_window_get_active_document (self);
  PostilAnnotation *current = postil_window_get_current (self);
  g_autofree char *citation = NULL;
  PostilSpan span;

  if (!get_selection (self, &span))
    {
      guint n_spans = 0;

      if (current)
        postil_annotation_get_spans (current, &n_spans);
      if (n_spans == 0)
        return;
      document = self->current_document;
      span = postil_annotation_get_extent (current);
    }
  citation = postil_citation_format (document, span);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), citation);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Copied with citation")));
}

void
postil_window_selection_settled (PostilWindow *self, PostilDocumentView *view)
{
  PostilSpan span;

  if (postil_text_view_get_selection (postil_document_view_get_text_view (view), &span))
    show_selection_bar (self, view);
  else
    gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  postil_window_update_actions (self);
}

/* One annotation becomes current; of several a person chooses. */
void
postil_window_offer_annotations (PostilWindow *self,
                                 PostilDocumentView *view,
                                 GPtrArray *annotations)
{
  PostilDocument *document = postil_document_view_get_document (view);

  if (annotations->len == 1)
    postil_window_set_current (self, document, postil_annotation_get_id (annotations->pdata[0]));
  if (annotations->len <= 1)
    return;
  g_clear_pointer (&self->chooser, gtk_widget_unparent);
  self->chooser = postil_annotation_chooser_new (self->workspace, document, annotations);
  gtk_widget_set_parent (self->chooser, GTK_WIDGET (view));
  g_signal_connect_swapped (self->chooser, "chosen", G_CALLBACK (annotation_chosen_cb), self);
  g_signal_connect_swapped (self->chooser, "closed", G_CALLBACK (chooser_closed_cb), self);
  point_to_selection (self, view, GTK_POPOVER (self->chooser));
  gtk_popover_popup (GTK_POPOVER (self->chooser));
}
