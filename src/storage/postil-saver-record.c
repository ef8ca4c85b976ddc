/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-saver-record.h"

/* How many annotations or topics may change at once for the main thread to write them into the
 * journal itself, which takes some ten µs each. */
#define SMALL 32

static GHashTable *
map_topics (GPtrArray *topics)
{
  GHashTable *map = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < topics->len; i++)
    g_hash_table_insert (map, (gpointer) postil_topic_get_id (topics->pdata[i]), topics->pdata[i]);
  return map;
}

/* Topics are values, so that the same ones are the same pointers. */
static void
add_changed_topics (GHashTable *wanted, GPtrArray *topics, GHashTable *others)
{
  for (guint i = 0; i < topics->len; i++)
    {
      const char *id = postil_topic_get_id (topics->pdata[i]);

      if (g_hash_table_lookup (others, id) != topics->pdata[i])
        g_hash_table_add (wanted, (gpointer) id);
    }
}

static void
add_topics_of (GHashTable *wanted, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    g_hash_table_add (wanted, (gpointer) topics[i]);
}

/* (transfer full): those of @topics that are wanted, with the topics that they are below */
static GPtrArray *
pick_topics (GPtrArray *topics, GHashTable *map, GHashTable *wanted)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (GHashTable) with_parents = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      PostilTopic *topic = g_hash_table_lookup (map, id);

      while (topic != NULL && g_hash_table_add (with_parents, topic))
        {
          const char *broader = postil_topic_get_broader (topic);

          topic = broader != NULL ? g_hash_table_lookup (map, broader) : NULL;
        }
    }
  for (guint i = 0; i < topics->len; i++)
    if (g_hash_table_contains (with_parents, topics->pdata[i]))
      g_ptr_array_add (picked, postil_topic_ref (topics->pdata[i]));
  return picked;
}

static GPtrArray *
list_values (GHashTable *table)
{
  GPtrArray *list = g_ptr_array_sized_new (g_hash_table_size (table));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (list, value);
  return list;
}

/* (transfer full): what is in @snapshot of what changes */
static PostilSnapshot *
take_part (PostilSnapshot *snapshot, PostilText *text, GPtrArray *annotations, GPtrArray *topics)
{
  g_autoptr (PostilAnnotationIndex) index =
    postil_annotation_index_new ((PostilAnnotation **) annotations->pdata, annotations->len);
  PostilSnapshot fields = *snapshot;

  fields.text = text;
  fields.annotations = index;
  fields.topics = topics;
  return postil_snapshot_new (&fields);
}

typedef struct
{
  GPtrArray *changed;
  GHashTable *wanted;
  PostilAnnotationIndex *others;
} Comparing;

/* Annotations are values, so that the same ones are the same pointers. */
static gboolean
compare_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Comparing *comparing = data;

  if (postil_annotation_index_lookup (comparing->others, postil_annotation_get_id (annotation)) !=
      annotation)
    {
      g_ptr_array_add (comparing->changed, annotation);
      add_topics_of (comparing->wanted, annotation);
    }
  return G_SOURCE_CONTINUE;
}

static void
add_different (GPtrArray *changed,
               GHashTable *wanted,
               PostilAnnotationIndex *annotations,
               PostilAnnotationIndex *others)
{
  Comparing comparing = { changed, wanted, others };

  postil_annotation_index_foreach (annotations, compare_cb, &comparing);
}

/**
 * postil_saver_record_new:
 * @topics: (element-type PostilTopic): those that the document had before
 * @snapshot: what the document, or the codebook, is now
 * @changes: (array length=n_changes) (nullable): what changed of its text and annotations
 * @n_changes: how many changes that are
 *
 * Takes what changed, in the order of the changes, and with it the topics that it has and those
 * that changed.
 *
 * Returns: (transfer full) (nullable): a record for postil_journal_append(); %NULL when nothing of
 * what is saved changed
 */
PostilSaverRecord *
postil_saver_record_new (GPtrArray *topics,
                         PostilSnapshot *snapshot,
                         const PostilChange *changes,
                         guint n_changes)
{
  g_autoptr (GHashTable) map_before = map_topics (topics);
  g_autoptr (GHashTable) map_after = map_topics (snapshot->topics);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) before = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) after = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) picked_before = NULL, picked_after = NULL;
  g_autoptr (GPtrArray) list_before = NULL, list_after = NULL;
  PostilText *text_before = snapshot->text;
  PostilSaverRecord *self;

  add_changed_topics (wanted, topics, map_after);
  add_changed_topics (wanted, snapshot->topics, map_before);
  if (g_hash_table_size (wanted) == 0 && n_changes == 0)
    return NULL;

  for (guint i = n_changes; i > 0; i--)
    {
      const PostilChange *change = &changes[i - 1];
      PostilAnnotation *one = change->annotation.before, *other = change->annotation.after;
      gboolean later = other != NULL
                         ? g_hash_table_contains (before, postil_annotation_get_id (other)) ||
                             g_hash_table_contains (after, postil_annotation_get_id (other))
                         : FALSE;

      if (change->text.before != NULL)
        text_before = change->text.before;
      if (other != NULL && !later)
        {
          g_hash_table_insert (after, (gpointer) postil_annotation_get_id (other), other);
          add_topics_of (wanted, other);
        }
      if (one != NULL)
        {
          g_hash_table_insert (before, (gpointer) postil_annotation_get_id (one), one);
          add_topics_of (wanted, one);
        }
      else if (other != NULL)
        g_hash_table_remove (before, postil_annotation_get_id (other));
    }
  picked_before = pick_topics (topics, map_before, wanted);
  picked_after = pick_topics (snapshot->topics, map_after, wanted);
  list_before = list_values (before);
  list_after = list_values (after);
  self = g_new0 (PostilSaverRecord, 1);
  self->before = take_part (snapshot, text_before, list_before, picked_before);
  self->after = take_part (snapshot, snapshot->text, list_after, picked_after);
  return self;
}

/**
 * postil_saver_record_new_whole:
 * @before: what the document was
 * @after: what it is now
 *
 * Takes all, in no time, where so much changed that to find out what would take long.
 *
 * Returns: (transfer full): a record for postil_saver_record_reduce()
 */
PostilSaverRecord *
postil_saver_record_new_whole (PostilSnapshot *before, PostilSnapshot *after)
{
  PostilSaverRecord *self = g_new0 (PostilSaverRecord, 1);

  self->before = postil_snapshot_ref (before);
  self->after = postil_snapshot_ref (after);
  self->whole = TRUE;
  return self;
}

/**
 * postil_saver_record_reduce:
 * @self: a record
 *
 * Leaves of what is whole only what differs, for postil_journal_append(). In any thread.
 */
void
postil_saver_record_reduce (PostilSaverRecord *self)
{
  g_autoptr (PostilSnapshot) before = NULL, after = NULL;
  g_autoptr (GHashTable) map_before = NULL, map_after = NULL;
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) changed_before = g_ptr_array_new (), changed_after = g_ptr_array_new ();
  g_autoptr (GPtrArray) picked_before = NULL, picked_after = NULL;

  if (!self->whole)
    return;
  before = self->before;
  after = self->after;
  add_different (changed_before, wanted, before->annotations, after->annotations);
  add_different (changed_after, wanted, after->annotations, before->annotations);
  map_before = map_topics (before->topics);
  map_after = map_topics (after->topics);
  add_changed_topics (wanted, before->topics, map_after);
  add_changed_topics (wanted, after->topics, map_before);
  picked_before = pick_topics (before->topics, map_before, wanted);
  picked_after = pick_topics (after->topics, map_after, wanted);
  self->before = take_part (before, before->text, changed_before, picked_before);
  self->after = take_part (after, after->text, changed_after, picked_after);
  self->whole = FALSE;
}

/**
 * postil_saver_record_free:
 * @self: (transfer full): a record
 */
void
postil_saver_record_free (PostilSaverRecord *self)
{
  postil_snapshot_unref (self->before);
  postil_snapshot_unref (self->after);
  g_free (self);
}

/**
 * postil_saver_record_is_small:
 * @self: a record
 *
 * Returns: whether writing it into the journal takes so little time that the main thread may
 */
gboolean
postil_saver_record_is_small (const PostilSaverRecord *self)
{
  return !self->whole && postil_annotation_index_get_size (self->before->annotations) <= SMALL &&
         postil_annotation_index_get_size (self->after->annotations) <= SMALL &&
         self->after->topics->len <= SMALL;
}
