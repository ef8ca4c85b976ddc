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
  GPtrArray *parts;
};

static void
listing_clear (gpointer data)
{
  g_ptr_array_unref (((PostilAnnotationListing *) data)->parts);
}

/**
 * postil_annotation_listing_new:
 * @parts: (element-type PostilAnnotationPart): parts that are listed one after the other
 *
 * Returns: (transfer full): what they list now
 */
PostilAnnotationListing *
postil_annotation_listing_new (const GPtrArray *parts)
{
  PostilAnnotationListing *self;

  g_return_val_if_fail (parts != NULL, NULL);

  self = g_rc_box_new (PostilAnnotationListing);
  self->parts = g_ptr_array_new_full (parts->len, (GDestroyNotify) postil_annotation_part_free);
  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add (self->parts, postil_annotation_part_hold (parts->pdata[i]));
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

  return postil_annotation_parts_get (self->parts, position, document);
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
  g_return_val_if_fail (self != NULL && annotation != NULL && position != NULL, FALSE);

  return !postil_annotation_part_hides (annotation) &&
         postil_annotation_parts_find (self->parts, document, annotation, position);
}
