/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-window-private.h"

/* The window's verbs for looking at what a changed text did to annotations, in the end pane. */

static gboolean
is_reviewing (PostilWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->end_stack), "review") == 0;
}

/* What is being typed is a step of its own, before any of these. */
static void
open_review (PostilWindow *self)
{
  postil_annotation_pane_commit_note (self->annotations);
  adw_flap_set_reveal_flap (self->end_flap, TRUE);
  gtk_widget_set_visible (gtk_stack_get_child_by_name (self->end_stack, "review"), TRUE);
  gtk_stack_set_visible_child_name (self->end_stack, "review");
}

static void
activate (PostilWindow *self, const char *action)
{
  open_review (self);
  gtk_widget_activate_action (GTK_WIDGET (self->review), action, NULL);
}

static void
step (PostilWindow *self, int by)
{
  gboolean was_reviewing = is_reviewing (self) && adw_flap_get_reveal_flap (self->end_flap);

  open_review (self);
  if (was_reviewing)
    postil_review_pane_step (self->review, by);
  else
    postil_review_pane_start (self->review, NULL);
}

static void
review_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;

  open_review (self);
  postil_window_clear_news (self);
  postil_review_pane_start (self->review, postil_window_get_active_document (self));
}

static void
close_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;

  postil_window_show_annotations (self);
  postil_annotation_pane_focus_list (self->annotations);
}

static void
next_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  step (data, 1);
}

static void
previous_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  step (data, -1);
}

static void
verb_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const struct
  {
    const char *name;
    const char *verb;
  } verbs[] = {
    { "review-accept", "review.accept" },
    { "review-accept-all", "review.accept-sure" },
    { "review-reattach", "review.reattach" },
    { "review-delete", "review.delete" },
  };
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, name))
      activate (data, verbs[i].verb);
}

static const GActionEntry actions[] = {
  { "review", review_cb },        { "review-close", close_cb },
  { "review-next", next_cb },     { "review-previous", previous_cb },
  { "review-accept", verb_cb },   { "review-accept-all", verb_cb },
  { "review-reattach", verb_cb }, { "review-delete", verb_cb },
};

static void
enable (PostilWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

void
postil_window_init_review (PostilWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  postil_window_update_review (self);
}

/* To be called when what can be done may have changed. */
void
postil_window_update_review (PostilWindow *self)
{
  PostilDocument *document;
  PostilAnnotation *entry;
  PostilReviewKinds kinds;
  PostilSpan span = { 0 };
  guint n;

  /* Not yet made, or already gone. */
  if (!self->workspace || !g_action_map_lookup_action (G_ACTION_MAP (self), "review"))
    return;
  document = postil_window_get_active_document (self);
  if (document &&
      !postil_text_view_get_selection (postil_document_view_get_text_view (self->active), &span))
    document = NULL;
  postil_review_pane_set_selection (self->review, document, span);
  entry = postil_review_pane_get_entry (self->review);
  kinds = entry ? postil_review_get_kinds (entry) : 0;
  n = postil_review_pane_get_counts (self->review)->n;
  enable (self, "review", postil_window_get_active_document (self) != NULL);
  enable (self, "review-next", n > 0);
  enable (self, "review-previous", n > 0);
  enable (self, "review-accept", (kinds & (POSTIL_REVIEW_MOVED | POSTIL_REVIEW_UNCERTAIN)) != 0);
  enable (self, "review-accept-all", postil_review_pane_get_counts (self->review)->n_moved > 0);
  enable (self, "review-reattach", document && (kinds & ~POSTIL_REVIEW_VERSIONS) != 0);
  enable (self, "review-delete", kinds != 0);
}

/* Back to all annotations. */
void
postil_window_show_annotations (PostilWindow *self)
{
  adw_flap_set_reveal_flap (self->end_flap, TRUE);
  gtk_stack_set_visible_child (self->end_stack, GTK_WIDGET (self->annotations));
}

/* Shows where an annotation to be reviewed stands, or stood last, and selects that. */
void
postil_window_entry_selected (PostilWindow *self,
                              PostilDocument *document,
                              PostilAnnotation *annotation)
{
  PostilSpan span = postil_annotation_get_extent (annotation);
  guint length = postil_text_get_length (postil_document_get_text (document));
  PostilTextView *text_view;
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);

  postil_window_set_current (self, document, postil_annotation_get_id (annotation));
  if (!postil_window_find_view (self, document) || self->narrow)
    postil_window_show_document (self, document, NULL);
  text_view = postil_document_view_get_text_view (postil_window_find_view (self, document));
  /* Of several ranges, the first; of an orphan that never had a place, none. */
  if (n_spans > 0)
    span = spans[0];
  else if (span.start == G_MAXUINT)
    span.start = span.end = postil_text_view_get_caret (text_view);
  span.start = MIN (span.start, length);
  span.end = MIN (span.end, length);
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  postil_text_view_scroll_to (text_view, span.start);
  postil_text_view_select (text_view, span);
  postil_window_update_actions (self);
}
