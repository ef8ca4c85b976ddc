/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-row.h"

/*
 * PostilAnnotationRow: an annotation as an item of a list. Owned by whoever shows it; the list that
 * made it knows it as long as it lives, so that the same annotation is the same item, also when it
 * was edited where it stands: a view then keeps the widget of the item, and has only to show it
 * anew. For the same reason a list may have it be that of another annotation.
 */
struct _PostilAnnotationRow
{
  GObject parent_instance;

  PostilDocument *document;
  PostilAnnotation *annotation;
  GHashTable *rows;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationRow, postil_annotation_row, G_TYPE_OBJECT)

/* Forgets it, unless another one has its annotation. */
static void
leave (PostilAnnotationRow *self)
{
  if (g_hash_table_lookup (self->rows, self->annotation) == self)
    g_hash_table_remove (self->rows, self->annotation);
}

static void
postil_annotation_row_finalize (GObject *object)
{
  PostilAnnotationRow *self = POSTIL_ANNOTATION_ROW (object);

  leave (self);
  g_hash_table_unref (self->rows);
  postil_annotation_unref (self->annotation);
  g_object_unref (self->document);

  G_OBJECT_CLASS (postil_annotation_row_parent_class)->finalize (object);
}

static void
postil_annotation_row_class_init (PostilAnnotationRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_annotation_row_finalize;
}

static void
postil_annotation_row_init (PostilAnnotationRow *self)
{
}

/**
 * postil_annotation_row_get:
 * @rows: (element-type PostilAnnotation PostilAnnotationRow): the rows of a list that live, by
 * annotation
 * @document: a document
 * @annotation: an annotation of it
 *
 * Takes the row of @annotation from @rows, or makes one and notes it there until it goes.
 *
 * Returns: (transfer full): the row
 */
PostilAnnotationRow *
postil_annotation_row_get (GHashTable *rows, PostilDocument *document, PostilAnnotation *annotation)
{
  PostilAnnotationRow *self;

  g_return_val_if_fail (rows != NULL, NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (annotation != NULL, NULL);

  self = g_hash_table_lookup (rows, annotation);
  if (self != NULL && self->document == document)
    return g_object_ref (self);

  self = g_object_new (POSTIL_TYPE_ANNOTATION_ROW, NULL);
  self->document = g_object_ref (document);
  self->annotation = postil_annotation_ref (annotation);
  self->rows = g_hash_table_ref (rows);
  g_hash_table_insert (rows, annotation, self);
  return self;
}

/**
 * postil_annotation_row_follow:
 * @rows: (element-type PostilAnnotation PostilAnnotationRow): the rows of a list that live, by
 * annotation
 * @before: an annotation
 * @after: what it is now
 *
 * Has the row of @before, if there is one, be that of @after. The list is to announce it.
 */
void
postil_annotation_row_follow (GHashTable *rows, PostilAnnotation *before, PostilAnnotation *after)
{
  PostilAnnotationRow *self;

  g_return_if_fail (rows != NULL);
  g_return_if_fail (before != NULL && after != NULL);

  self = g_hash_table_lookup (rows, before);
  if (self == NULL || before == after)
    return;

  postil_annotation_row_set_annotation (self, self->document, after);
}

/**
 * postil_annotation_row_set_annotation:
 * @self: a row
 * @document: a document
 * @annotation: another annotation, of it
 *
 * Has it be the row of @annotation, instead of another that was. The list is to announce it.
 */
void
postil_annotation_row_set_annotation (PostilAnnotationRow *self,
                                      PostilDocument *document,
                                      PostilAnnotation *annotation)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_ROW (self));
  g_return_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL);

  leave (self);
  g_set_object (&self->document, document);
  postil_annotation_ref (annotation);
  postil_annotation_unref (self->annotation);
  self->annotation = annotation;
  g_hash_table_insert (self->rows, annotation, self);
}

/**
 * postil_annotation_row_get_document:
 * @self: a row
 *
 * Returns: (transfer none): the document that the annotation is of
 */
PostilDocument *
postil_annotation_row_get_document (PostilAnnotationRow *self)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_ROW (self), NULL);

  return self->document;
}

/**
 * postil_annotation_row_get_annotation:
 * @self: a row
 *
 * Returns: (transfer none): the annotation
 */
PostilAnnotation *
postil_annotation_row_get_annotation (PostilAnnotationRow *self)
{
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_ROW (self), NULL);

  return self->annotation;
}
