/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-moment.h"

/*
 * PostilMoment: when it is, and what the open documents of a workspace hold then, for composing a
 * step in a thread. Never changes; the documents are only to be named in the step.
 */
struct _PostilMoment
{
  gint64 time;
  /* Indexes and documents in the same order. */
  GPtrArray *indexes;
  GPtrArray *documents;
};

/**
 * postil_moment_new:
 * @workspace: a workspace; what is being prepared in it is committed first
 *
 * Returns: (transfer full): what it holds now
 */
PostilMoment *
postil_moment_new (PostilWorkspace *workspace)
{
  PostilMoment *self;
  const PostilEnvironment *environment;
  GListModel *documents;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);

  postil_workspace_settle (workspace);
  environment = postil_workspace_get_environment (workspace);
  documents = postil_workspace_get_documents (workspace);
  self = g_new (PostilMoment, 1);
  self->time = environment->now (environment->data);
  self->indexes = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_index_unref);
  self->documents = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_ptr_array_add (self->documents, document);
      g_ptr_array_add (self->indexes,
                       postil_annotation_index_ref (postil_document_get_annotations (document)));
    }
  return self;
}

/**
 * postil_moment_free:
 * @self: (transfer full): a moment
 *
 * Not to be called in a thread.
 */
void
postil_moment_free (PostilMoment *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->indexes);
  g_ptr_array_unref (self->documents);
  g_free (self);
}

/**
 * postil_moment_get_time:
 * @self: a moment
 *
 * Returns: when it is, in seconds since the Unix epoch
 */
gint64
postil_moment_get_time (const PostilMoment *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->time;
}

guint
postil_moment_get_n_documents (const PostilMoment *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->documents->len;
}

/**
 * postil_moment_get_annotations:
 * @self: a moment
 * @number: of a document, from 0
 * @document: (out) (transfer none): that document
 *
 * Returns: (transfer none): what that document held
 */
PostilAnnotationIndex *
postil_moment_get_annotations (const PostilMoment *self, guint number, PostilDocument **document)
{
  g_return_val_if_fail (self != NULL && number < self->documents->len && document != NULL, NULL);

  *document = self->documents->pdata[number];
  return self->indexes->pdata[number];
}

/**
 * postil_moment_find:
 * @self: a moment
 * @document: a document
 * @id: id of an annotation
 *
 * Returns: (transfer none) (nullable): that annotation of @document as it was
 */
PostilAnnotation *
postil_moment_find (const PostilMoment *self, PostilDocument *document, const char *id)
{
  guint number;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  return g_ptr_array_find (self->documents, document, &number)
           ? postil_annotation_index_lookup (self->indexes->pdata[number], id)
           : NULL;
}
