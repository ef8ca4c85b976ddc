/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-listing.h"

#include "postil-annotation-part.h"

/*
 * PostilAnnotationListing: what a PostilAnnotationList lists at one moment. Made by it, for whoever
 * goes through very many rows in a thread; never changes.
 */
struct _PostilAnnotationListing
{
  GArray *parts;
};

/* What is listed of some documents. */
typedef struct
{
  PostilAnnotationRows rows;
  GPtrArray *earlier;
} Part;

static gpointer
ref_index (gconstpointer index, gpointer data)
{
  return postil_annotation_index_ref ((PostilAnnotationIndex *) index);
}

static void
part_clear (gpointer data)
{
  Part *part = data;

  postil_annotation_sorting_unref (part->rows.sorting);
  g_clear_pointer (&part->rows.matches, g_array_unref);
  g_clear_pointer (&part->rows.rest, postil_annotation_index_unref);
  postil_annotation_index_unref (part->rows.index);
  g_ptr_array_unref (part->earlier);
}

static void
listing_clear (gpointer data)
{
  g_array_unref (((PostilAnnotationListing *) data)->parts);
}

/**
 * postil_annotation_listing_new:
 *
 * Returns: (transfer full): a listing of nothing
 */
PostilAnnotationListing *
postil_annotation_listing_new (void)
{
  PostilAnnotationListing *self = g_rc_box_new (PostilAnnotationListing);

  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);
  return self;
}

PostilAnnotationListing *
postil_annotation_listing_ref (PostilAnnotationListing *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

/**
 * postil_annotation_listing_unref:
 * @self: (transfer full): a listing
 *
 * Releases a reference; not to be called in a thread.
 */
void
postil_annotation_listing_unref (PostilAnnotationListing *self)
{
  g_return_if_fail (self != NULL);

  g_rc_box_release_full (self, listing_clear);
}

/**
 * postil_annotation_listing_add:
 * @self: a listing that is being made
 * @rows: what is listed next; copied
 * @earlier: (element-type PostilAnnotationIndex): other indexes that the matches may be of
 */
void
postil_annotation_listing_add (PostilAnnotationListing *self,
                               const PostilAnnotationRows *rows,
                               GPtrArray *earlier)
{
  Part part;

  g_return_if_fail (self != NULL && rows != NULL && earlier != NULL);

  part = (Part){
    .rows = {
      .sorting = postil_annotation_sorting_ref (rows->sorting),
      .index = postil_annotation_index_ref (rows->index),
      .matches = rows->matches != NULL ? g_array_copy (rows->matches) : NULL,
      .rest = rows->rest != NULL ? postil_annotation_index_ref (rows->rest) : NULL,
      .n_gone = rows->n_gone,
    },
    .earlier = g_ptr_array_copy (earlier, (GCopyFunc) ref_index, NULL),
  };
  g_ptr_array_set_free_func (part.earlier, (GDestroyNotify) postil_annotation_index_unref);
  g_array_append_val (self->parts, part);
}

/**
 * postil_annotation_listing_get:
 * @self: a listing
 * @position: a position in it
 * @document: (out) (transfer none): the document of the annotation
 *
 * Returns: (transfer none) (nullable): the annotation; %NULL when there are no more than @position
 */
PostilAnnotation *
postil_annotation_listing_get (const PostilAnnotationListing *self,
                               guint position,
                               PostilDocument **document)
{
  g_return_val_if_fail (self != NULL && document != NULL, NULL);

  for (guint i = 0; i < self->parts->len; i++)
    {
      const Part *part = &g_array_index (self->parts, Part, i);
      guint n = postil_annotation_rows_count (&part->rows);

      if (position < n)
        return postil_annotation_rows_get (&part->rows, position, document);
      position -= n;
    }
  return NULL;
}

/**
 * postil_annotation_listing_find:
 * @self: a listing
 * @document: a document
 * @annotation: an annotation of it, as it is listed
 * @position: (out): where it is listed
 *
 * Returns: whether it is
 */
gboolean
postil_annotation_listing_find (const PostilAnnotationListing *self,
                                PostilDocument *document,
                                PostilAnnotation *annotation,
                                guint *position)
{
  PostilAnnotationEntry entry;
  guint offset = 0;

  g_return_val_if_fail (self != NULL && annotation != NULL && position != NULL, FALSE);

  if (postil_annotation_part_hides (annotation))
    return FALSE;
  for (guint i = 0; i < self->parts->len; i++)
    {
      const PostilAnnotationRows *rows = &g_array_index (self->parts, Part, i).rows;

      if (postil_annotation_sorting_place (rows->sorting, document, annotation, &entry))
        {
          gboolean found = postil_annotation_rows_find_entry (rows, &entry, position);

          *position += offset;
          return found;
        }
      offset += postil_annotation_rows_count (rows);
    }
  return FALSE;
}
