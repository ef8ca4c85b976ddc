/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-snapshot.h"

#include "postil-step.h"

G_DEFINE_BOXED_TYPE (PostilSnapshot, postil_snapshot, postil_snapshot_ref, postil_snapshot_unref)

static void
postil_snapshot_clear (PostilSnapshot *self)
{
  g_free (self->id);
  g_free (self->collection);
  g_free (self->label);
  g_free (self->language);
  g_clear_pointer (&self->text, postil_text_unref);
  g_clear_pointer (&self->annotations, postil_annotation_index_unref);
  g_clear_pointer (&self->annotators, g_ptr_array_unref);
  g_clear_pointer (&self->topics, g_ptr_array_unref);
  g_clear_pointer (&self->foreign, postil_foreign_unref);
}

static gboolean
differ_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  g_array_append_val ((GArray *) data,
                      ((PostilChange){ .annotation = { .before = before, .after = after } }));
  return G_SOURCE_CONTINUE;
}

/**
 * postil_snapshot_new:
 * @fields: what it holds; strings are copied, the rest is referenced. Its arrays may not change
 * after that; %NULL arrays and a %NULL index stand for empty ones.
 *
 * Returns: (transfer full): a new snapshot
 */
PostilSnapshot *
postil_snapshot_new (const PostilSnapshot *fields)
{
  PostilSnapshot *self;

  g_return_val_if_fail (fields != NULL && fields->collection != NULL, NULL);

  self = g_atomic_rc_box_new0 (PostilSnapshot);
  self->id = g_strdup (fields->id);
  self->collection = g_strdup (fields->collection);
  self->label = g_strdup (fields->label);
  self->language = g_strdup (fields->language);
  self->text = fields->text ? postil_text_ref (fields->text) : NULL;
  self->annotations = fields->annotations ? postil_annotation_index_ref (fields->annotations)
                                          : postil_annotation_index_new (NULL, 0);
  self->annotators = fields->annotators
                       ? g_ptr_array_ref (fields->annotators)
                       : g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  self->topics = fields->topics
                   ? g_ptr_array_ref (fields->topics)
                   : g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  self->foreign = fields->foreign ? postil_foreign_ref (fields->foreign) : NULL;

  return self;
}

/**
 * postil_snapshot_share:
 * @self: a snapshot
 * @like: another of the same document
 *
 * Has what is equal in both be the same, so that what differs is soon found, see
 * postil_annotation_index_foreach_difference(). Takes time; may be called in any thread.
 *
 * Returns: (transfer full): what @self holds
 */
PostilSnapshot *
postil_snapshot_share (PostilSnapshot *self, PostilSnapshot *like)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (PostilChange));
  g_autoptr (PostilAnnotationIndex) annotations = NULL;
  PostilSnapshot fields;

  g_return_val_if_fail (self != NULL && like != NULL, NULL);

  postil_annotation_index_foreach_difference (like->annotations, self->annotations, differ_cb,
                                              changes);
  annotations =
    postil_changes_make (like->annotations, (const PostilChange *) changes->data, changes->len);
  fields = *self;
  fields.annotations = annotations;
  return postil_snapshot_new (&fields);
}

PostilSnapshot *
postil_snapshot_ref (PostilSnapshot *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_snapshot_unref (PostilSnapshot *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_snapshot_clear);
}
