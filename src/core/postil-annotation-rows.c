/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-rows.h"

typedef struct
{
  PostilAnnotationRows *rows;
  guint n_left;
  gboolean is_sorted;
} Gathering;

static guint
count_rest (const PostilAnnotationRows *self)
{
  return self->rest != NULL ? postil_annotation_index_get_n_shown (self->rest) - self->n_gone : 0;
}

static gboolean
find_match (const PostilAnnotationRows *self, const PostilAnnotationEntry *entry, guint *position)
{
  guint low = 0, high = self->matches->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = postil_annotation_entry_compare (
        entry, &g_array_index (self->matches, PostilAnnotationEntry, middle));

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

/* To look whether each is a link would take longer than all else; those that are come last. */
static gboolean
gather_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Gathering *gathering = data;
  PostilAnnotationEntry entry = { .annotation = annotation };

  if (gathering->n_left == 0)
    return G_SOURCE_REMOVE;
  if (gathering->rows->n_gone > 0)
    {
      gathering->rows->n_gone--;
      return G_SOURCE_CONTINUE;
    }
  if (gathering->is_sorted)
    {
      entry.key = span.start;
      entry.document = span.end;
    }
  gathering->n_left--;
  g_array_append_val (gathering->rows->matches, entry);
  return G_SOURCE_CONTINUE;
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
  return self->matches != NULL ? self->matches->len + count_rest (self)
                               : postil_annotation_index_get_n_shown (self->index);
}

/**
 * postil_annotation_rows_get_entry:
 * @self: rows
 * @position: a position among them
 * @entry: (out caller-allocates): what stands there; the annotation is borrowed
 */
void
postil_annotation_rows_get_entry (const PostilAnnotationRows *self,
                                  guint position,
                                  PostilAnnotationEntry *entry)
{
  if (self->matches == NULL)
    postil_annotation_index_get_entry (self->index, position, entry);
  else if (position < self->matches->len)
    *entry = g_array_index (self->matches, PostilAnnotationEntry, position);
  else
    postil_annotation_index_get_entry (self->rest, position - self->matches->len + self->n_gone,
                                       entry);
}

/**
 * postil_annotation_rows_get:
 * @self: rows
 * @position: a position among them
 * @document: (out) (transfer none): the document of the annotation
 *
 * Returns: (transfer none): the annotation of the row
 */
PostilAnnotation *
postil_annotation_rows_get (const PostilAnnotationRows *self,
                            guint position,
                            PostilDocument **document)
{
  PostilAnnotationEntry entry;

  postil_annotation_rows_get_entry (self, position, &entry);
  *document = postil_annotation_sorting_get_document (self->sorting, entry.document);
  return entry.annotation;
}

/**
 * postil_annotation_rows_find_entry:
 * @self: rows
 * @entry: a place in their order
 * @position: (out): where it is among them, or would be
 *
 * Returns: whether it is there
 */
gboolean
postil_annotation_rows_find_entry (const PostilAnnotationRows *self,
                                   const PostilAnnotationEntry *entry,
                                   guint *position)
{
  guint number;

  if (self->matches == NULL)
    return postil_annotation_index_find_entry (self->index, entry, position);
  if (self->rest != NULL)
    {
      gboolean found = postil_annotation_index_find_entry (self->rest, entry, &number);

      if (number > self->n_gone || (found && number == self->n_gone))
        {
          *position = self->matches->len + number - self->n_gone;
          return found;
        }
    }
  return find_match (self, entry, position);
}

/**
 * postil_annotation_rows_gather:
 * @self: rows
 *
 * Has those of the rest among the matches; they are to be held otherwise. Takes time where there
 * are very many.
 */
void
postil_annotation_rows_gather (PostilAnnotationRows *self)
{
  Gathering gathering = { self, count_rest (self),
                          postil_annotation_sorting_get_order (self->sorting) !=
                            POSTIL_ORDER_PLACE };

  if (self->rest == NULL)
    return;
  postil_annotation_index_foreach (self->rest, gather_cb, &gathering);
  g_clear_pointer (&self->rest, postil_annotation_index_unref);
  self->n_gone = 0;
}
