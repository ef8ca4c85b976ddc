/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-part.h"

/**
 * postil_annotation_part_new:
 * @sorting: an order
 * @index: the annotations in it
 * @matches: (nullable): what the filter lets through of the first of them; %NULL without a filter
 * @n_scanned: of how many
 *
 * Returns: (transfer full): what is to be listed
 */
PostilAnnotationPart *
postil_annotation_part_new (PostilAnnotationSorting *sorting,
                            PostilAnnotationIndex *index,
                            GArray *matches,
                            guint n_scanned)
{
  PostilAnnotationPart *self;

  g_return_val_if_fail (sorting != NULL && index != NULL, NULL);

  self = g_new0 (PostilAnnotationPart, 1);
  self->now.sorting = postil_annotation_sorting_ref (sorting);
  self->now.index = postil_annotation_index_ref (index);
  self->now.matches = matches != NULL ? g_array_ref (matches) : NULL;
  self->n_scanned = n_scanned;
  self->n_fresh = matches != NULL ? matches->len : 0;
  self->earlier = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_index_unref);
  return self;
}

static gpointer
ref_index (gconstpointer index, gpointer data)
{
  return postil_annotation_index_ref ((PostilAnnotationIndex *) index);
}

/**
 * postil_annotation_part_hold:
 * @self: a part
 *
 * Returns: (transfer full): a part that goes on listing what @self lists now, to be read in any
 *   thread
 */
PostilAnnotationPart *
postil_annotation_part_hold (const PostilAnnotationPart *self)
{
  const PostilAnnotationRows *rows;
  PostilAnnotationPart *held;

  g_return_val_if_fail (self != NULL, NULL);

  rows = &self->now;
  held = postil_annotation_part_new (rows->sorting, rows->index, NULL, 0);
  held->now.matches = rows->matches != NULL ? g_array_copy (rows->matches) : NULL;
  held->now.rest = rows->rest != NULL ? postil_annotation_index_ref (rows->rest) : NULL;
  held->now.n_gone = rows->n_gone;
  g_ptr_array_extend (held->earlier, self->earlier, (GCopyFunc) ref_index, NULL);
  return held;
}

void
postil_annotation_part_free (PostilAnnotationPart *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->now.matches, g_array_unref);
  g_clear_pointer (&self->now.rest, postil_annotation_index_unref);
  g_ptr_array_unref (self->earlier);
  g_clear_pointer (&self->next, postil_annotation_index_unref);
  postil_annotation_index_unref (self->now.index);
  postil_annotation_sorting_unref (self->now.sorting);
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
 * postil_annotation_part_is_sorted:
 * @self: a part
 *
 * Returns: whether it is that of all documents, in another than reading order
 */
gboolean
postil_annotation_part_is_sorted (const PostilAnnotationPart *self)
{
  return postil_annotation_sorting_get_order (self->now.sorting) != POSTIL_ORDER_PLACE;
}

/**
 * postil_annotation_part_get_document:
 * @self: a part in reading order
 *
 * Returns: (transfer none): its document
 */
PostilDocument *
postil_annotation_part_get_document (const PostilAnnotationPart *self)
{
  return postil_annotation_sorting_get_document (self->now.sorting, 0);
}

/**
 * postil_annotation_part_match:
 * @self: a part
 * @matcher: a filter
 * @entry: what it is asked about
 * @folded: a string that is overwritten
 *
 * Returns: whether the filter lets it through, in the text that its document has now
 */
gboolean
postil_annotation_part_match (const PostilAnnotationPart *self,
                              PostilAnnotationMatcher *matcher,
                              const PostilAnnotationEntry *entry,
                              GString *folded)
{
  PostilDocument *document =
    postil_annotation_sorting_get_document (self->now.sorting, entry->document);

  return postil_annotation_matcher_match (matcher, document, postil_document_get_text (document),
                                          entry->annotation, folded);
}

/**
 * postil_annotation_part_add:
 * @self: a part
 * @entry: what comes new
 * @matcher: (nullable): the filter
 * @folded: a string that is overwritten
 * @position: (out): where it is in the part
 *
 * Puts an annotation in; to be announced then.
 *
 * Returns: whether it is listed
 */
gboolean
postil_annotation_part_add (PostilAnnotationPart *self,
                            const PostilAnnotationEntry *entry,
                            PostilAnnotationMatcher *matcher,
                            GString *folded,
                            guint *position)
{
  gboolean hidden = postil_annotation_part_hides (entry->annotation), is_fresh;

  if (hidden && postil_annotation_part_is_sorted (self))
    return FALSE;
  postil_annotation_index_find_entry (self->now.index, entry, position);
  self->now.index = postil_annotation_index_replace_entry (self->now.index, NULL, entry);
  if (hidden)
    return FALSE;
  if (self->now.matches == NULL)
    return TRUE;

  is_fresh = *position <= self->n_scanned;
  self->n_scanned += is_fresh;
  if (!postil_annotation_part_match (self, matcher, entry, folded))
    return FALSE;
  postil_annotation_rows_gather (&self->now);
  postil_annotation_rows_find_entry (&self->now, entry, position);
  g_array_insert_vals (self->now.matches, *position, entry, 1);
  self->n_fresh += is_fresh;
  return TRUE;
}

/**
 * postil_annotation_part_remove:
 * @self: a part
 * @entry: what goes
 * @position: (out): where it was in the part
 *
 * Takes an annotation out; to be announced then.
 *
 * Returns: whether it was listed
 */
gboolean
postil_annotation_part_remove (PostilAnnotationPart *self,
                               const PostilAnnotationEntry *entry,
                               guint *position)
{
  if (!postil_annotation_index_find_entry (self->now.index, entry, position))
    return FALSE;

  self->now.index = postil_annotation_index_replace_entry (self->now.index, entry, NULL);
  if (postil_annotation_part_hides (entry->annotation))
    return FALSE;
  if (self->now.matches == NULL)
    return TRUE;

  self->n_scanned -= *position < self->n_scanned;
  postil_annotation_rows_gather (&self->now);
  if (!postil_annotation_rows_find_entry (&self->now, entry, position))
    return FALSE;
  g_array_remove_index (self->now.matches, *position);
  self->n_fresh -= *position < self->n_fresh;
  return TRUE;
}

/**
 * postil_annotation_part_skip_replaced:
 * @self: a part
 * @position: a row
 * @n_rows: how many rows there are
 * @entry: what the filter has been at
 *
 * Returns: the first row from @position on that comes after @entry
 */
guint
postil_annotation_part_skip_replaced (const PostilAnnotationPart *self,
                                      guint position,
                                      guint n_rows,
                                      const PostilAnnotationEntry *entry)
{
  PostilAnnotationEntry row;

  for (; position < n_rows; position++)
    {
      postil_annotation_rows_get_entry (&self->now, position, &row);
      if (self->earlier->len == 0)
        return position + (row.annotation == entry->annotation);
      if (postil_annotation_entry_compare (&row, entry) > 0)
        break;
    }
  return position;
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
      self->now.matches = g_array_new (FALSE, FALSE, sizeof (PostilAnnotationEntry));
      self->now.rest = postil_annotation_index_ref (self->now.index);
      self->now.n_gone = 0;
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
 * postil_annotation_parts_count:
 * @parts: (element-type PostilAnnotationPart): parts that are listed one after the other
 * @n_parts: of how many of them
 *
 * Returns: how many rows they have
 */
guint
postil_annotation_parts_count (const GPtrArray *parts, guint n_parts)
{
  guint n = 0;

  for (guint i = 0; i < n_parts; i++)
    n += postil_annotation_rows_count (&((const PostilAnnotationPart *) parts->pdata[i])->now);
  return n;
}

/**
 * postil_annotation_parts_get:
 * @parts: (element-type PostilAnnotationPart): parts that are listed one after the other
 * @position: a position in them
 * @document: (out) (transfer none): the document of the annotation
 *
 * Returns: (transfer none) (nullable): the annotation; %NULL when there are no more than @position
 */
PostilAnnotation *
postil_annotation_parts_get (const GPtrArray *parts, guint position, PostilDocument **document)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const PostilAnnotationPart *part = parts->pdata[i];
      guint n = postil_annotation_rows_count (&part->now);

      if (position < n)
        return postil_annotation_rows_get (&part->now, position, document);
      position -= n;
    }
  return NULL;
}

/**
 * postil_annotation_parts_find:
 * @parts: (element-type PostilAnnotationPart): parts that are listed one after the other
 * @document: a document
 * @annotation: an annotation of it
 * @position: (out): where it is in them, or would be
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_parts_find (const GPtrArray *parts,
                              PostilDocument *document,
                              PostilAnnotation *annotation,
                              guint *position)
{
  PostilAnnotationEntry entry;
  guint offset = 0;

  for (guint i = 0; i < parts->len; i++)
    {
      const PostilAnnotationPart *part = parts->pdata[i];

      if (postil_annotation_sorting_place (part->now.sorting, document, annotation, &entry))
        {
          gboolean found = postil_annotation_rows_find_entry (&part->now, &entry, position);

          *position += offset;
          return found;
        }
      offset += postil_annotation_rows_count (&part->now);
    }
  *position = 0;
  return FALSE;
}
