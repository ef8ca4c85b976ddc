/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-view-private.h"

#include "postil-reanchoring.h"

static void
document_changed_cb (PostilDocument *document,
                     const PostilChange *changes,
                     guint n_changes,
                     PostilTextView *self)
{
  postil_text_painter_repaint_changes (self->painter, changes, n_changes);
  postil_text_view_queue_caret_moved (self);
}

/* The caret or the selection; whether the caret is at the start of it. */
static PostilSpan
get_marked (PostilTextView *self, gboolean *caret_at_start)
{
  GtkTextIter start, end;
  PostilSpan span;

  gtk_text_buffer_get_selection_bounds (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self)), &start,
                                        &end);
  span.start = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&start));
  span.end = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&end));
  *caret_at_start = postil_text_view_get_caret (self) == span.start;
  return span;
}

/* Brings in a text that changed: what was in sight stays there, and what was selected, selected. */
static void
text_changed_cb (PostilDocument *document, GParamSpec *pspec, PostilTextView *self)
{
  PostilText *text = postil_document_get_text (document);
  g_autoptr (PostilViewMap) before = self->map;
  gboolean was_loading = postil_text_view_get_loading (self);
  PostilSpan visible = postil_text_view_get_visible_span (self);
  gboolean caret_at_start, is_going;
  PostilSpan places[3];
  int y;

  postil_text_loading_finish (self->loading);
  is_going = postil_text_scroller_is_running (self->scroller);
  places[0] = get_marked (self, &caret_at_start);
  places[1] = (PostilSpan){ visible.start, visible.start };
  places[2].start = places[2].end = postil_text_loading_get_target (self->loading);
  y = postil_text_view_get_y_in_sight (self, visible.start);
  postil_reanchoring_follow (postil_view_map_get_text (before), text, places,
                             is_going ? G_N_ELEMENTS (places) : G_N_ELEMENTS (places) - 1);

  self->map = postil_view_map_new (text);
  postil_text_selection_set_text (self->selection, text, self->map);
  postil_text_hits_set_document (self->hits, document, self->map);
  postil_text_painter_set_document (self->painter, document, self->map);
  if (postil_text_loading_replace (self->loading, self->map) >= POSTIL_TEXT_VIEW_LONG)
    postil_text_scroller_make_room (self->scroller);
  postil_text_selection_set (self->selection, places[0], caret_at_start);
  if (is_going)
    postil_text_view_scroll_to (self, places[2].start);
  else
    postil_text_scroller_keep (self->scroller, postil_view_map_to_view (self->map, places[1].start),
                               y);
  /* There may be more paragraphs to number. */
  gtk_widget_queue_resize (GTK_WIDGET (self));
  postil_text_view_queue_caret_moved (self);
  if (was_loading)
    g_object_notify (G_OBJECT (self), "loading");
}

/* Shows nothing. */
void
postil_text_view_clear_document (PostilTextView *self)
{
  postil_text_loading_stop (self->loading);
  postil_text_selection_set_text (self->selection, NULL, NULL);
  postil_text_scroller_stop (self->scroller);
  postil_text_painter_set_document (self->painter, NULL, NULL);
  postil_text_hits_set_document (self->hits, NULL, NULL);
  g_clear_pointer (&self->map, postil_view_map_free);
  self->visible = self->visible_told = (PostilSpan){ 0 };
  self->is_drawn = FALSE;
  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_clear_object (&self->document);
    }
}

/**
 * postil_text_view_get_document:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
PostilDocument *
postil_text_view_get_document (PostilTextView *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), NULL);

  return self->document;
}

/**
 * postil_text_view_set_document:
 * @document: (nullable): what to show; %NULL for nothing
 *
 * The beginning is there on return, the rest comes while the main loop runs: see
 * postil_text_view_get_loading().
 */
void
postil_text_view_set_document (PostilTextView *self, PostilDocument *document)
{
  gboolean was_loading;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self));
  g_return_if_fail (document == NULL || POSTIL_IS_DOCUMENT (document));

  if (self->document == document)
    return;

  was_loading = postil_text_view_get_loading (self);
  postil_text_view_clear_document (self);
  if (document != NULL)
    {
      self->document = g_object_ref (document);
      g_signal_connect (document, "notify::text", G_CALLBACK (text_changed_cb), self);
      g_signal_connect (document, "changed", G_CALLBACK (document_changed_cb), self);
      self->map = postil_view_map_new (postil_document_get_text (document));
      postil_text_selection_set_text (self->selection, postil_document_get_text (document),
                                      self->map);
      postil_text_painter_set_document (self->painter, document, self->map);
      postil_text_hits_set_document (self->hits, document, self->map);
      postil_text_view_expect_layout (self);
      postil_text_loading_begin (self->loading, self->map);
    }
  else
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self)), "", 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  document != NULL ? postil_document_get_name (document) : "", -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  postil_text_view_queue_caret_moved (self);
  g_object_notify (G_OBJECT (self), "document");
  if (was_loading != postil_text_view_get_loading (self))
    g_object_notify (G_OBJECT (self), "loading");
}

/**
 * postil_text_view_preview:
 * @beginning: how the text of a document begins
 *
 * Shows the beginning of a text until its document is there. It can be read and nothing else; a
 * document that begins the same continues it where it is.
 */
void
postil_text_view_preview (PostilTextView *self, PostilText *beginning)
{
  g_autoptr (PostilViewMap) map = NULL;

  g_return_if_fail (POSTIL_IS_TEXT_VIEW (self) && beginning != NULL);

  postil_text_view_set_document (self, NULL);
  map = postil_view_map_new (beginning);
  postil_text_loading_begin (self->loading, map);
  postil_text_loading_stop (self->loading);
}

/**
 * postil_text_view_get_loading:
 *
 * Returns: whether text is still coming in
 */
gboolean
postil_text_view_get_loading (PostilTextView *self)
{
  g_return_val_if_fail (POSTIL_IS_TEXT_VIEW (self), FALSE);

  return self->loading != NULL && postil_text_loading_is_running (self->loading);
}
