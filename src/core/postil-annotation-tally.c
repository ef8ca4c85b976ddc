/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-tally.h"

#include <string.h>

#include "postil-annotation-map.h"

typedef struct
{
  /* Interned; each annotation that has it holds it. */
  const char *topic;
  guint count;
} Entry;

/*
 * PostilAnnotationTally: how many annotations have each topic, how many there are to review, and a
 * sum that tells whether they are the same ones at the same places as others.
 * Owned by an index of annotations, which holds those that are counted. It is a value as the index
 * is: a reference to it is a snapshot; whoever holds the only one changes it in place. The topics
 * are in the order of their ids; each has at least one annotation.
 */
struct _PostilAnnotationTally
{
  gatomicrefcount refs;
  PostilReviewCounts review;
  guint64 order;
  GArray *entries;
};

/* What an annotation adds to the sum: what its place in reading order depends on. */
static guint64
get_share (PostilAnnotation *annotation, guint64 hash)
{
  guint64 place = postil_annotation_get_extent (annotation).start * 4u +
                  (guint64) postil_annotation_get_kind (annotation);

  return (hash + place) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
}

static PostilAnnotationTally *
tally_new (const PostilReviewCounts *review, guint64 order, GArray *entries)
{
  PostilAnnotationTally *self = g_slice_new (PostilAnnotationTally);

  g_atomic_ref_count_init (&self->refs);
  self->review = *review;
  self->order = order;
  self->entries = entries;
  return self;
}

static Entry *
get_entry (const PostilAnnotationTally *self, guint position)
{
  return &g_array_index (self->entries, Entry, position);
}

static gboolean
find (const PostilAnnotationTally *self, const char *topic, guint *position)
{
  guint low = 0, high = self->entries->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const char *other = get_entry (self, middle)->topic;
      int order = other == topic ? 0 : strcmp (topic, other);

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

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Entry *) a)->topic, ((const Entry *) b)->topic);
}

static void
change (PostilAnnotationTally *self, PostilAnnotation *annotation, int by)
{
  guint n_topics, position;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  postil_review_counts_change (&self->review, annotation, by);
  self->order +=
    by * get_share (annotation, postil_annotation_map_hash (postil_annotation_get_id (annotation)));
  for (guint i = 0; i < n_topics; i++)
    {
      if (!find (self, topics[i], &position))
        g_array_insert_val (self->entries, position, ((Entry){ topics[i], 0 }));
      get_entry (self, position)->count += by;
      if (get_entry (self, position)->count == 0)
        g_array_remove_index (self->entries, position);
    }
}

/**
 * postil_annotation_tally_new:
 * @annotations: (array length=n_annotations): annotations
 * @hashes: (array length=n_annotations): what postil_annotation_map_hash() makes of their ids
 * @n_annotations: how many
 *
 * Counts many annotations at once, in O(n).
 *
 * Returns: (transfer full): a tally
 */
PostilAnnotationTally *
postil_annotation_tally_new (PostilAnnotation *const *annotations,
                             const guint64 *hashes,
                             guint n_annotations)
{
  g_autoptr (GHashTable) positions = g_hash_table_new (NULL, NULL);
  PostilReviewCounts review = { 0 };
  guint64 order = 0;
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (guint i = 0; i < n_annotations; i++)
    {
      guint n_topics;
      const char *const *topics = postil_annotation_get_topics (annotations[i], &n_topics);

      postil_review_counts_change (&review, annotations[i], 1);
      order += get_share (annotations[i], hashes[i]);
      for (guint t = 0; t < n_topics; t++)
        {
          /* From 1, as 0 stands for none. */
          guint position = GPOINTER_TO_UINT (g_hash_table_lookup (positions, topics[t]));

          if (position == 0)
            {
              g_array_append_val (entries, ((Entry){ topics[t], 0 }));
              position = entries->len;
              g_hash_table_insert (positions, (gpointer) topics[t], GUINT_TO_POINTER (position));
            }
          g_array_index (entries, Entry, position - 1).count++;
        }
    }
  g_array_sort (entries, compare_entries);
  return tally_new (&review, order, entries);
}

/**
 * postil_annotation_tally_ref:
 * @self: a tally
 *
 * Takes a snapshot in O(1).
 *
 * Returns: (transfer full): @self
 */
PostilAnnotationTally *
postil_annotation_tally_ref (PostilAnnotationTally *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * postil_annotation_tally_unref:
 * @self: (transfer full): a tally
 *
 * Releases a reference, in any thread.
 */
void
postil_annotation_tally_unref (PostilAnnotationTally *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->entries);
  g_slice_free (PostilAnnotationTally, self);
}

/**
 * postil_annotation_tally_change:
 * @self: (transfer full): a tally; the caller's reference is used up
 * @before: (nullable): an annotation that was counted and is there no more
 * @after: (nullable): one that is there now
 *
 * Returns: (transfer full): the tally after the change
 */
PostilAnnotationTally *
postil_annotation_tally_change (PostilAnnotationTally *self,
                                PostilAnnotation *before,
                                PostilAnnotation *after)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (!g_atomic_ref_count_compare (&self->refs, 1))
    {
      PostilAnnotationTally *copy =
        tally_new (&self->review, self->order, g_array_copy (self->entries));

      postil_annotation_tally_unref (self);
      self = copy;
    }
  /* In this order a topic that stays is not taken out meanwhile. */
  if (after != NULL)
    change (self, after, 1);
  if (before != NULL)
    change (self, before, -1);
  return self;
}

/**
 * postil_annotation_tally_count_topic:
 * @self: a tally
 * @topic: id of a topic
 *
 * Returns: how many annotations have that topic
 */
guint
postil_annotation_tally_count_topic (const PostilAnnotationTally *self, const char *topic)
{
  guint position;

  g_return_val_if_fail (self != NULL && topic != NULL, 0);

  return find (self, topic, &position) ? get_entry (self, position)->count : 0;
}

/**
 * postil_annotation_tally_foreach_topic:
 * @self: a tally
 * @func: (scope call): called with the id of each topic that an annotation has
 * @data: passed to @func
 */
void
postil_annotation_tally_foreach_topic (const PostilAnnotationTally *self, GFunc func, gpointer data)
{
  g_return_if_fail (self != NULL && func != NULL);

  for (guint i = 0; i < self->entries->len; i++)
    func ((gpointer) get_entry (self, i)->topic, data);
}

/**
 * postil_annotation_tally_get_order:
 * @self: a tally
 *
 * Returns: a number that another tally has too when its annotations have the same ids at the same
 * places, which is the same reading order; and, but for a chance of 1 in 2⁶⁴, only then
 */
guint64
postil_annotation_tally_get_order (const PostilAnnotationTally *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->order;
}

/**
 * postil_annotation_tally_get_review:
 * @self: a tally
 *
 * Returns: (transfer none): what there is to review
 */
const PostilReviewCounts *
postil_annotation_tally_get_review (const PostilAnnotationTally *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->review;
}
