/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-carry-over-dialog.h"
#include "postil-carry-over.h"
#include "postil-counterpart.h"
#include "postil-summary-page.h"
#include "postil-window-private.h"

/* The window's verbs for what crosses over between its two texts: the counterpart of what a person
 * looks at, annotations that are carried over to it, links that are followed, and the summary. */

/* Of longer selections, in code points, no counterpart is marked: nobody looks at all of it. */
#define MAX_LOOKED_AT 100000

/* How the two texts match, or %NULL while that is not known. */
static PostilAlignment *
get_alignment (PostilWindow *self)
{
  gboolean running;

  g_object_get (self->comparer, "running", &running, NULL);
  return running ? NULL : postil_comparer_get_alignment (self->comparer);
}

/* The document that @document is compared with, or %NULL. */
static PostilDocument *
get_other (PostilWindow *self, PostilDocument *document)
{
  PostilDocument *a = postil_comparer_get_a (self->comparer);
  PostilDocument *b = postil_comparer_get_b (self->comparer);

  return !document ? NULL : document == a ? b : document == b ? a : NULL;
}

static gboolean
is_from_b (PostilWindow *self, PostilDocument *document)
{
  return document == postil_comparer_get_b (self->comparer);
}

static PostilDocumentView *
get_other_view (PostilWindow *self, PostilDocumentView *view)
{
  return view == self->start_view ? self->end_view : self->start_view;
}

/* What a person looks at: the selection of the active text, or else the current annotation. */
static const PostilSpan *
get_looked_at (PostilWindow *self, PostilSpan *selection, guint *n_spans, PostilDocument **document)
{
  PostilAnnotation *current = postil_window_get_current (self);

  *document = postil_window_get_active_document (self);
  *n_spans = 1;
  if (*document &&
      postil_text_view_get_selection (postil_document_view_get_text_view (self->active), selection))
    return selection;
  *document = current ? self->current_document : NULL;
  *n_spans = 0;
  return current ? postil_annotation_get_spans (current, n_spans) : NULL;
}

static GArray *
find_counterparts (PostilWindow *self,
                   PostilAlignment *alignment,
                   PostilDocument *document,
                   const PostilSpan *spans,
                   guint n_spans)
{
  PostilText *a = postil_document_get_text (postil_comparer_get_a (self->comparer));
  PostilText *b = postil_document_get_text (postil_comparer_get_b (self->comparer));
  GArray *places = g_array_new (FALSE, FALSE, sizeof (PostilSpan));

  for (guint i = 0; i < n_spans; i++)
    {
      g_autoptr (GArray) found =
        postil_span_length (spans[i]) <= MAX_LOOKED_AT
          ? postil_counterpart_find (alignment, a, b, is_from_b (self, document), spans[i])
          : NULL;

      if (found && found->len > 0)
        g_array_append_vals (places, found->data, found->len);
    }
  return places;
}

/* Brings a place of a view into sight, unless it is. */
static void
bring_into_sight (PostilDocumentView *view, guint offset)
{
  PostilTextView *text_view = postil_document_view_get_text_view (view);
  int y, height;

  if (!postil_text_view_get_line (text_view, offset, &y, &height))
    postil_text_view_scroll_to (text_view, offset);
}

/* Whether the texts are beside each other and kept together while one of them is scrolled. */
static gboolean
scrolls_together (PostilWindow *self)
{
  gboolean active;

  g_object_get (self->scroll_sync, "active", &active, NULL);
  return active;
}

/* Marks the counterpart of what a person looks at in the other text. */
static void
update_counterpart (PostilWindow *self)
{
  PostilAlignment *alignment = get_alignment (self);
  PostilDocument *document;
  PostilDocumentView *view, *other, *teller;
  PostilSpan selection;
  guint n_spans;
  const PostilSpan *spans = get_looked_at (self, &selection, &n_spans, &document);
  g_autoptr (GArray) places = NULL;
  gboolean moved;

  view = postil_window_find_view (self, document);
  if (!alignment || !get_other (self, document) || !view || n_spans == 0)
    {
      postil_window_mark_counterparts (self, self->end_view, NULL, 0);
      postil_document_view_set_counterpart (self->start_view, NULL);
      postil_document_view_set_counterpart (self->end_view, NULL);
      return;
    }
  other = get_other_view (self, view);
  places = find_counterparts (self, alignment, document, spans, n_spans);
  moved = !self->counterparts || self->counterpart_view != other ||
          self->counterparts->len != places->len ||
          (places->len > 0 &&
           memcmp (self->counterparts->data, places->data, places->len * sizeof (PostilSpan)) != 0);
  teller = self->narrow ? self->active : other;
  postil_document_view_set_counterpart (get_other_view (self, teller), NULL);
  postil_document_view_set_counterpart (teller,
                                        places->len > 0 ? _ ("Counterpart") : _ ("No counterpart"));
  if (!moved)
    return;
  postil_window_mark_counterparts (self, other, (const PostilSpan *) places->data, places->len);
  if (places->len > 0 && scrolls_together (self))
    bring_into_sight (other, g_array_index (places, PostilSpan, 0).start);
}

static void
show_counterpart (PostilWindow *self)
{
  PostilTextView *text_view;
  PostilSpan place;

  if (!self->counterparts || self->counterparts->len == 0)
    return;
  place = g_array_index (self->counterparts, PostilSpan, 0);
  text_view = postil_document_view_get_text_view (self->counterpart_view);
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  if (self->narrow)
    {
      postil_window_activate_view (self, self->counterpart_view);
      gtk_widget_grab_focus (GTK_WIDGET (text_view));
    }
  postil_text_view_scroll_to (text_view, place.start);
}

/* Says something for a moment. */
static void
tell (PostilWindow *self, const char *format, PostilDocument *document)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  /* The title of a toast is markup. */
  g_autofree char *markup = g_markup_printf_escaped (format, postil_document_get_name (document));
#pragma GCC diagnostic pop

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

/* Shows an annotation in the text beside, where there is one. */
static void
show_beside (PostilWindow *self, PostilDocument *document, const char *id)
{
  PostilDocumentView *view = postil_window_find_view (self, document);
  PostilAnnotation *annotation = postil_document_get_annotation (document, id);

  if (view && annotation && !self->narrow)
    bring_into_sight (view, postil_annotation_get_extent (annotation).start);
}

static void
carry_over (PostilWindow *self, gboolean with_note)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Carry Over"));
  PostilAlignment *alignment = get_alignment (self);
  PostilAnnotation *current = postil_window_get_current (self);
  PostilDocument *document = self->current_document;
  PostilDocument *other = current ? get_other (self, document) : NULL;
  g_autoptr (GPtrArray) annotations = g_ptr_array_new (), items = NULL;
  g_autofree char *id = NULL, *message = NULL;
  PostilCarryOver *item;

  if (!alignment || !other)
    return;
  g_ptr_array_add (annotations, current);
  items = postil_carry_over_plan (alignment, postil_comparer_get_a (self->comparer),
                                  postil_comparer_get_b (self->comparer),
                                  is_from_b (self, document), annotations);
  item = items->pdata[0];
  switch (item->state)
    {
    case POSTIL_CARRY_OVER_READY:
      id = postil_carry_over_apply (self->workspace, step, document, other, item, with_note);
      postil_workspace_commit (self->workspace, step, NULL);
      show_beside (self, other, id);
      message = g_strdup_printf (_ ("Carried over to “%s”"), postil_document_get_name (other));
      postil_window_tell_undoable (self, message);
      break;
    case POSTIL_CARRY_OVER_DONE:
      show_beside (self, other, postil_annotation_get_id (item->done));
      tell (self, _ ("“%s” has this annotation already"), other);
      break;
    case POSTIL_CARRY_OVER_MISSING:
      tell (self, _ ("“%s” has no counterpart of this passage"), other);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
carry_over_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  carry_over (data, g_str_equal (g_action_get_name (G_ACTION (action)), "carry-over-with-note"));
}

static void
carried_over_cb (PostilWindow *self, guint n)
{
  g_autofree char *message =
    g_strdup_printf (ngettext ("%u annotation carried over", "%u annotations carried over", n), n);

  postil_window_tell_undoable (self, message);
}

static void
carry_over_topic (PostilWindow *self, const char *topic)
{
  PostilDocument *document = postil_window_get_active_document (self);
  PostilDocument *other = get_other (self, document);
  GtkWidget *dialog;

  if (!other)
    return;
  if (postil_document_count_topic (document, topic) == 0 &&
      postil_document_count_topic (other, topic) > 0)
    document = other;
  postil_annotation_pane_commit_note (self->annotations);
  dialog = postil_carry_over_dialog_new (self->workspace, self->comparer,
                                         is_from_b (self, document), topic);
  g_signal_connect_object (dialog, "carried-over", G_CALLBACK (carried_over_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
carry_over_topic_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;

  carry_over_topic (self, postil_topic_tree_get_selected (self->topics));
}

static void
show_counterpart_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_counterpart (data);
}

/* An annotation by the ids of its document and its own. */
static void
show_annotation_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  const char *id, *annotation_id;

  g_variant_get (parameter, "(&s&s)", &id, &annotation_id);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);
      PostilAnnotation *annotation = postil_document_get_annotation (document, annotation_id);

      if (!annotation || !g_str_equal (postil_document_get_id (document), id))
        continue;
      postil_annotation_pane_commit_note (self->annotations);
      postil_window_set_current (self, document, annotation_id);
      postil_window_go_to (self, document, annotation);
      if (postil_window_find_view (self, document))
        postil_window_activate_view (self, postil_window_find_view (self, document));
      return;
    }
}

static const GActionEntry actions[] = {
  { "carry-over", carry_over_cb },
  { "carry-over-with-note", carry_over_cb },
  { "carry-over-topic", carry_over_topic_cb },
  { "show-counterpart", show_counterpart_cb },
  { "show-annotation", show_annotation_cb, "(ss)" },
};

static void
enable (PostilWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

/* A place of the summary leads to Compare. */
static void
summary_activated_cb (PostilWindow *self, PostilDocument *document, guint offset)
{
  postil_window_compare_at (self, document, offset);
}

/* The page is made when it is first looked at. */
static void
summary_changed_cb (PostilWindow *self, const char *name, GVariant *state)
{
  GtkWidget *page = adw_bin_get_child (self->summary_place);

  if (!g_variant_get_boolean (state))
    return;
  if (!page)
    {
      page = postil_summary_page_new (self->workspace, self->comparer);
      g_signal_connect_object (page, "place-activated", G_CALLBACK (summary_activated_cb), self,
                               G_CONNECT_SWAPPED);
      adw_bin_set_child (self->summary_place, page);
    }
  gtk_widget_grab_focus (page);
}

void
postil_window_init_carry (PostilWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_object (self->comparer, "notify::running",
                           G_CALLBACK (postil_window_update_carry), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->topics, "carry-over", G_CALLBACK (carry_over_topic), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->topics, "notify::selected",
                           G_CALLBACK (postil_window_update_carry), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self, "action-state-changed::summary", G_CALLBACK (summary_changed_cb),
                           self, 0);
  postil_window_update_carry (self);
}

/* To be called when what can be done, or what a person looks at, may have changed. */
void
postil_window_update_carry (PostilWindow *self)
{
  PostilAnnotation *current;
  PostilDocument *other;
  gboolean ready, carries;

  /* Not yet made, or already gone. */
  if (!self->comparer || !g_action_map_lookup_action (G_ACTION_MAP (self), "carry-over"))
    return;
  update_counterpart (self);
  current = postil_window_get_current (self);
  other = get_other (self, postil_window_get_active_document (self));
  ready = get_alignment (self) != NULL;
  carries = ready && current && get_other (self, self->current_document);
  enable (self, "carry-over", carries);
  enable (self, "carry-over-with-note",
          carries &&
            postil_annotation_find_note (
              current, postil_annotator_get_id (postil_workspace_get_annotator (self->workspace))));
  enable (self, "carry-over-topic", other && postil_topic_tree_get_selected (self->topics));
  enable (self, "show-counterpart", self->counterparts && self->counterparts->len > 0);
  postil_topic_tree_set_other_text (self->topics, other ? postil_document_get_name (other) : NULL);
}
