/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-hits.h"

#include "postil-annotation-phrase.h"

/*
 * PostilTextHits: the annotations that a person comes upon in a text view, with the caret or with
 * the pointer, and the words for them. Owned by the view.
 */
struct _PostilTextHits
{
  GtkTextView *view;
  PostilDocument *document;
  PostilCodebook *codebook;
  PostilViewMap *map;
};

static GPtrArray *
list_at (PostilTextHits *self, guint offset)
{
  return postil_annotation_index_list_in (postil_document_get_annotations (self->document),
                                          (PostilSpan){ offset, offset + 1 });
}

/**
 * postil_text_hits_new:
 * @view: the view, which must outlive this
 *
 * Returns: (transfer full): the hits of a view that shows nothing yet
 */
PostilTextHits *
postil_text_hits_new (GtkTextView *view)
{
  PostilTextHits *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_new0 (PostilTextHits, 1);
  self->view = view;
  return self;
}

/**
 * postil_text_hits_free:
 * @self: (transfer full): hits
 */
void
postil_text_hits_free (PostilTextHits *self)
{
  g_return_if_fail (self != NULL);

  g_free (self);
}

/**
 * postil_text_hits_set_document:
 * @document: (nullable): whose annotations to find
 * @map: (nullable): what of it the view's buffer shows; both must stay until others are set
 */
void
postil_text_hits_set_document (PostilTextHits *self, PostilDocument *document, PostilViewMap *map)
{
  g_return_if_fail (self != NULL && (document != NULL) == (map != NULL));

  self->document = document;
  self->map = map;
}

/**
 * postil_text_hits_set_codebook:
 * @codebook: (nullable): where topics have their labels; must stay until another one is set
 */
void
postil_text_hits_set_codebook (PostilTextHits *self, PostilCodebook *codebook)
{
  g_return_if_fail (self != NULL);

  self->codebook = codebook;
}

/**
 * postil_text_hits_list_at_caret:
 *
 * Returns: (transfer full) (element-type PostilAnnotation): the annotations of the character after
 * the caret, or else of the one before it, in reading order
 */
GPtrArray *
postil_text_hits_list_at_caret (PostilTextHits *self)
{
  GtkTextBuffer *buffer;
  GPtrArray *annotations;
  GtkTextIter iter;
  guint caret;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->document == NULL)
    return g_ptr_array_new ();
  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
  caret = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&iter));
  annotations = list_at (self, caret);
  if (annotations->len > 0 || caret == 0)
    return annotations;
  g_ptr_array_unref (annotations);
  return list_at (self, caret - 1);
}

/**
 * postil_text_hits_list_at_point:
 * @x: where, in the coordinates of the view
 * @y: the same
 *
 * Returns: (transfer full) (element-type PostilAnnotation): the annotations of the character there,
 * in reading order; none beside the text
 */
GPtrArray *
postil_text_hits_list_at_point (PostilTextHits *self, double x, double y)
{
  GtkTextIter iter;
  GdkRectangle location;
  int buffer_x, buffer_y;

  g_return_val_if_fail (self != NULL, NULL);

  gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, x, y, &buffer_x,
                                         &buffer_y);
  gtk_text_view_get_iter_at_position (self->view, &iter, NULL, buffer_x, buffer_y);
  gtk_text_view_get_iter_location (self->view, &iter, &location);
  if (self->document == NULL || buffer_x < MIN (location.x, location.x + location.width) ||
      buffer_x >= MAX (location.x, location.x + location.width))
    return g_ptr_array_new ();
  return list_at (self, postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&iter)));
}

/**
 * postil_text_hits_describe_caret:
 *
 * Tells screen readers of the annotations at the caret.
 */
void
postil_text_hits_describe_caret (PostilTextHits *self)
{
  g_autoptr (GPtrArray) annotations = NULL;
  g_autofree char *description = NULL;

  g_return_if_fail (self != NULL);

  annotations = postil_text_hits_list_at_caret (self);
  if (self->document != NULL)
    description = postil_annotation_phrase_list (annotations, self->document, self->codebook, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
}

/**
 * postil_text_hits_set_tooltip:
 * @annotations: (element-type PostilAnnotation): some that were listed
 * @tooltip: what is to tell of them
 *
 * Returns: whether there is anything to tell
 */
gboolean
postil_text_hits_set_tooltip (PostilTextHits *self, GPtrArray *annotations, GtkTooltip *tooltip)
{
  g_autofree char *phrases = NULL;

  g_return_val_if_fail (self != NULL && annotations != NULL && GTK_IS_TOOLTIP (tooltip), FALSE);

  if (annotations->len == 0)
    return FALSE;
  phrases = postil_annotation_phrase_list (annotations, self->document, self->codebook, FALSE);
  gtk_tooltip_set_text (tooltip, phrases);
  return TRUE;
}
