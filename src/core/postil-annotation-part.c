/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-part.h"

typedef struct
{
  GArray *matches;
  guint n_shown;
} Matches;

/* To look whether each is a link would take longer than all else; those that are come last. */
static gboolean
add_match_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Matches *self = data;

  if (self->matches->len == self->n_shown)
    return G_SOURCE_REMOVE;
  g_array_append_val (self->matches, annotation);
  return G_SOURCE_CONTINUE;
}

/**
 * postil_annotation_rows_get_match:
 * @self: rows that are filtered
 * @position: a position among them
 *
 * Returns: (transfer none): the match
 */
PostilAnnotation *
postil_annotation_rows_get_match (const PostilAnnotationRows *self, guint position)
{
  return g_array_index (self->matches, PostilAnnotation *, position);
}

/**
 * postil_annotation_rows_find_match:
 * @self: rows that are filtered
 * @annotation: an annotation
 * @position: (out): where it is among them, or would be
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_rows_find_match (const PostilAnnotationRows *self,
                                   PostilAnnotation *annotation,
                                   guint *position)
{
  guint low = 0, high = self->matches->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order =
        postil_annotation_compare (annotation, postil_annotation_rows_get_match (self, middle));

      if (order == 0)
        {
          *position = middle;
          return TRUE;
        }
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  *position = low;
  return FALSE;
}

/**
 * postil_annotation_rows_count:
 * @self: rows
 *
 * Returns: how many they are
 */
guint
postil_annotation_rows_count (const PostilAnnotationRows *self)
{
  return self->matches != NULL ? self->matches->len
                               : postil_annotation_index_get_n_shown (self->index);
}

/**
 * postil_annotation_rows_get:
 * @self: rows
 * @position: a position among them
 *
 * Returns: (transfer none): the annotation of the row
 */
PostilAnnotation *
postil_annotation_rows_get (const PostilAnnotationRows *self, guint position)
{
  return self->matches != NULL ? postil_annotation_rows_get_match (self, position)
                               : postil_annotation_index_get (self->index, position);
}

/**
 * postil_annotation_rows_find:
 * @self: rows
 * @annotation: an annotation
 * @position: (out): where it is among them
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_rows_find (const PostilAnnotationRows *self,
                             PostilAnnotation *annotation,
                             guint *position)
{
  return self->matches != NULL ? postil_annotation_rows_find_match (self, annotation, position)
                               : postil_annotation_index_find (self->index, annotation, position);
}

/**
 * postil_annotation_part_new:
 * @document: a document
 * @filtered: whether there is a filter; at first it lets nothing through
 *
 * Returns: (transfer full): what @document has to list
 */
PostilAnnotationPart *
postil_annotation_part_new (PostilDocument *document, gboolean filtered)
{
  PostilAnnotationPart *self;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  self = g_new0 (PostilAnnotationPart, 1);
  self->document = g_object_ref (document);
  self->now.index = postil_annotation_index_ref (postil_document_get_annotations (document));
  self->earlier = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_index_unref);
  if (filtered)
    self->now.matches = g_array_new (FALSE, FALSE, sizeof (PostilAnnotation *));
  return self;
}

void
postil_annotation_part_free (PostilAnnotationPart *self)
{
  g_return_if_fail (self != NULL);

  g_clear_signal_handler (&self->handler, self->document);
  g_object_unref (self->document);
  g_clear_pointer (&self->now.matches, g_array_unref);
  g_ptr_array_unref (self->earlier);
  g_clear_pointer (&self->next, postil_annotation_index_unref);
  postil_annotation_index_unref (self->now.index);
  g_free (self);
}

/**
 * postil_annotation_part_hides:
 * @annotation: an annotation
 *
 * Returns: whether it is a link, which is not listed. Links come last, so that nothing listed is
 *   behind one.
 */
gboolean
postil_annotation_part_hides (PostilAnnotation *annotation)
{
  return postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_LINK;
}

/**
 * postil_annotation_part_count:
 * @self: a part
 *
 * Returns: how many rows it has, as they were told
 */
guint
postil_annotation_part_count (const PostilAnnotationPart *self)
{
  return self->then.index != NULL
           ? self->n_told + postil_annotation_rows_count (&self->then) - self->n_left
           : postil_annotation_rows_count (&self->now);
}

/**
 * postil_annotation_part_get:
 * @self: a part
 * @position: a position in it
 *
 * Returns: (transfer none): the annotation of the row, as it was told
 */
PostilAnnotation *
postil_annotation_part_get (const PostilAnnotationPart *self, guint position)
{
  if (self->then.index != NULL && position >= self->n_told)
    return postil_annotation_rows_get (&self->then, position - self->n_told + self->n_left);
  return postil_annotation_rows_get (&self->now, position);
}

/**
 * postil_annotation_part_find:
 * @self: a part
 * @annotation: an annotation
 * @position: (out): where it is in the part, as it was told
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_part_find (const PostilAnnotationPart *self,
                             PostilAnnotation *annotation,
                             guint *position)
{
  gboolean found = postil_annotation_rows_find (&self->now, annotation, position);

  if (self->then.index == NULL || (found && *position < self->n_told))
    return found;
  if (!postil_annotation_rows_find (&self->then, annotation, position) || *position < self->n_left)
    return FALSE;
  *position += self->n_told - self->n_left;
  return TRUE;
}

/**
 * postil_annotation_part_restart:
 * @self: a part
 *
 * Has the filter go through it anew; until it has been there, all that is shown stays.
 */
void
postil_annotation_part_restart (PostilAnnotationPart *self)
{
  if (self->now.matches == NULL)
    {
      guint n = postil_annotation_rows_count (&self->now);
      Matches matches = { g_array_sized_new (FALSE, FALSE, sizeof (PostilAnnotation *), n), n };

      postil_annotation_index_foreach (self->now.index, add_match_cb, &matches);
      self->now.matches = matches.matches;
    }
  self->n_scanned = self->n_fresh = 0;
}

/**
 * postil_annotation_part_is_filtered:
 * @self: a part
 *
 * Returns: whether there is no filter, or it has been everywhere
 */
gboolean
postil_annotation_part_is_filtered (const PostilAnnotationPart *self)
{
  return self->now.matches == NULL ||
         (self->n_scanned == postil_annotation_index_get_n_shown (self->now.index) &&
          self->earlier->len == 0);
}

/**
 * postil_annotation_part_remove:
 * @self: a part
 * @annotation: an annotation
 * @position: (out): where it was in the part
 *
 * Takes an annotation out; to be announced then.
 *
 * Returns: whether it was listed
 */
gboolean
postil_annotation_part_remove (PostilAnnotationPart *self,
                               PostilAnnotation *annotation,
                               guint *position)
{
  if (!postil_annotation_index_find (self->now.index, annotation, position))
    return FALSE;

  self->now.index = postil_annotation_index_replace (self->now.index, annotation, NULL);
  if (postil_annotation_part_hides (annotation))
    return FALSE;
  if (self->now.matches == NULL)
    return TRUE;

  self->n_scanned -= *position < self->n_scanned;
  if (!postil_annotation_rows_find_match (&self->now, annotation, position))
    return FALSE;
  g_array_remove_index (self->now.matches, *position);
  self->n_fresh -= *position < self->n_fresh;
  return TRUE;
}
