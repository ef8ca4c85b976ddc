/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-snapshot.h"

/* Fewer differences than these are soon made in an index, and do not part it from the other one. */
#define FEW 1000

/* How annotations differ: those that only one of two indexes has, and for those of one that the
 * other has in other words, which these are.
 */
typedef struct
{
  GPtrArray *ours;
  GPtrArray *theirs;
  GHashTable *equal;
} Differences;

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
differ_cb (PostilAnnotation *ours, PostilAnnotation *theirs, gpointer data)
{
  Differences *self = data;

  if (ours != NULL && theirs != NULL && postil_annotation_equal (ours, theirs))
    {
      g_hash_table_insert (self->equal, theirs, ours);
      return G_SOURCE_CONTINUE;
    }
  if (ours != NULL)
    g_ptr_array_add (self->ours, ours);
  if (theirs != NULL)
    g_ptr_array_add (self->theirs, theirs);
  return G_SOURCE_CONTINUE;
}

/* (transfer full): what @theirs holds, made of what @ours has of it */
static PostilAnnotationIndex *
share_annotations (PostilAnnotationIndex *ours, PostilAnnotationIndex *theirs)
{
  g_autoptr (GPtrArray) going = g_ptr_array_new (), coming = g_ptr_array_new ();
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) equal = g_hash_table_new (NULL, NULL);
  Differences differences = { going, coming, equal };
  guint n = postil_annotation_index_get_size (theirs);
  PostilAnnotationIndex *shared;

  postil_annotation_index_foreach_difference (ours, theirs, differ_cb, &differences);
  if (going->len + coming->len < FEW)
    {
      shared = postil_annotation_index_ref (ours);
      for (guint i = 0; i < going->len; i++)
        shared = postil_annotation_index_replace (shared, going->pdata[i], NULL);
      for (guint i = 0; i < coming->len; i++)
        shared = postil_annotation_index_replace (shared, NULL, coming->pdata[i]);
      return shared;
    }
  all = g_ptr_array_sized_new (n);
  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (theirs, i);
      gpointer same = g_hash_table_lookup (equal, annotation);

      g_ptr_array_add (all, same != NULL ? same : annotation);
    }
  return postil_annotation_index_new ((PostilAnnotation *const *) all->pdata, n);
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
  g_autoptr (PostilAnnotationIndex) annotations = NULL;
  PostilSnapshot fields;

  g_return_val_if_fail (self != NULL && like != NULL, NULL);

  annotations = share_annotations (like->annotations, self->annotations);
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
