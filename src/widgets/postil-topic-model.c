/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-model.h"

/*
 * PostilTopicModel: the codebook of a workspace as list models, once as a tree and once flat, both
 * in the order shown, with counts and digits. All views of one workspace share one, which lives
 * as long as any of them holds it. Lists change as little as the codebook does; "changed" follows
 * when all of them agree again.
 */
struct _PostilTopicModel
{
  GObject parent_instance;

  PostilWorkspace *workspace;
  GPtrArray *documents;
  GListStore *roots;
  GListStore *flat;
  GHashTable *items;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (PostilTopicModel, postil_topic_model, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

#define WORKSPACE_KEY "postil-topic-model"

static PostilTopicItem *
peek_item (GListStore *store, guint position)
{
  g_autoptr (PostilTopicItem) item = g_list_model_get_item (G_LIST_MODEL (store), position);

  return item;
}

/* Makes @store hold @wanted. What stays is left in place, so that views keep what they know of it;
 * a single item that moved up or down is the only one touched. */
static void
sync_store (GListStore *store, GPtrArray *wanted)
{
  g_autoptr (GHashTable) keep = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < wanted->len; i++)
    g_hash_table_add (keep, g_ptr_array_index (wanted, i));
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (store)); i > 0; i--)
    if (!g_hash_table_contains (keep, peek_item (store, i - 1)))
      g_list_store_remove (store, i - 1);

  for (guint i = 0; i < wanted->len; i++)
    {
      PostilTopicItem *item = g_ptr_array_index (wanted, i);
      guint position;

      /* Nothing of the rest is there yet. */
      if (i == g_list_model_get_n_items (G_LIST_MODEL (store)))
        {
          g_list_store_splice (store, i, 0, wanted->pdata + i, wanted->len - i);
          return;
        }
      if (peek_item (store, i) == item)
        continue;
      if (peek_item (store, i + 1) == item)
        {
          g_list_store_remove (store, i);
          continue;
        }
      if (g_list_store_find (store, item, &position))
        g_list_store_remove (store, position);
      g_list_store_insert (store, i, item);
    }
}

static GPtrArray *
ensure_list (GHashTable *lists, gpointer key)
{
  GPtrArray *list = g_hash_table_lookup (lists, key);

  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (lists, key, list);
    }

  return list;
}

/* Whether a row can be expanded is asked only when it appears; so it has to appear again. */
static void
show_again (PostilTopicModel *self, PostilTopicItem *item)
{
  PostilTopicItem *parent = postil_topic_item_get_parent (item);
  GListStore *store = parent ? postil_topic_item_get_children (parent) : self->roots;
  guint position;

  if (g_list_store_find (store, item, &position))
    g_list_store_splice (store, position, 1, (gpointer *) &item, 1);
}

static void
follow_codebook (PostilTopicModel *self)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  g_autoptr (GPtrArray) topics = postil_codebook_list_in_order (codebook);
  g_autoptr (GPtrArray) flat = g_ptr_array_new ();
  g_autoptr (GPtrArray) turned = g_ptr_array_new ();
  g_autoptr (GHashTable) lists =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GHashTable) old_items = g_steal_pointer (&self->items);

  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  for (guint i = 0; i < topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (topics, i);
      const char *id = postil_topic_get_id (topic), *broader = postil_topic_get_broader (topic);
      PostilTopicItem *parent = broader ? g_hash_table_lookup (self->items, broader) : NULL;
      PostilTopicItem *item = g_hash_table_lookup (old_items, id);

      if (item)
        {
          g_object_ref (item);
          postil_topic_item_set_topic (item, topic, parent);
        }
      else
        {
          item = postil_topic_item_new (topic);
          postil_topic_item_set_topic (item, topic, parent);
          postil_topic_item_set_count (item, postil_workspace_count_topic (self->workspace, id));
        }
      g_hash_table_insert (self->items, (gpointer) id, item);
      postil_topic_item_set_digit (item, i < 9 ? i + 1 : 0);
      g_ptr_array_add (flat, item);
      g_ptr_array_add (ensure_list (lists, parent), item);
    }

  self->updating = TRUE;
  for (guint i = 0; i < flat->len; i++)
    {
      PostilTopicItem *item = g_ptr_array_index (flat, i);
      GListStore *children = postil_topic_item_get_children (item);
      gboolean had_children = g_list_model_get_n_items (G_LIST_MODEL (children)) > 0;
      GPtrArray *wanted = ensure_list (lists, item);

      sync_store (children, wanted);
      if (had_children != (wanted->len > 0))
        g_ptr_array_add (turned, item);
    }
  sync_store (self->roots, ensure_list (lists, NULL));
  for (guint i = 0; i < turned->len; i++)
    show_again (self, g_ptr_array_index (turned, i));
  sync_store (self->flat, flat);
  self->updating = FALSE;

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
recount (PostilTopicModel *self, PostilTopicItem *item)
{
  postil_topic_item_set_count (
    item, postil_workspace_count_topic (self->workspace, postil_topic_item_get_id (item)));
}

static void
recount_all (PostilTopicModel *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    recount (self, item);
}

static void
collect_topics (PostilTopicModel *self, PostilAnnotation *annotation, GHashTable *items)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    for (PostilTopicItem *item = g_hash_table_lookup (self->items, topics[i]); item;
         item = postil_topic_item_get_parent (item))
      g_hash_table_add (items, item);
}

static void
document_changed_cb (PostilTopicModel *self, const PostilChange *changes, guint n_changes)
{
  g_autoptr (GHashTable) items = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer item;

  if (changes == NULL)
    {
      recount_all (self);
      return;
    }
  for (guint i = 0; i < n_changes; i++)
    {
      if (changes[i].annotation.before)
        collect_topics (self, changes[i].annotation.before, items);
      if (changes[i].annotation.after)
        collect_topics (self, changes[i].annotation.after, items);
    }

  g_hash_table_iter_init (&iter, items);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    recount (self, item);
}

static void
documents_changed_cb (PostilTopicModel *self,
                      guint position,
                      guint n_removed,
                      guint n_added,
                      GListModel *documents)
{
  for (guint i = 0; i < n_removed; i++)
    {
      g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->documents, position), self);
      g_ptr_array_remove_index (self->documents, position);
    }
  for (guint i = 0; i < n_added; i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, position + i);

      g_signal_connect_swapped (document, "changed", G_CALLBACK (document_changed_cb), self);
      g_ptr_array_insert (self->documents, position + i, document);
    }
  recount_all (self);
}

static void
postil_topic_model_dispose (GObject *object)
{
  PostilTopicModel *self = POSTIL_TOPIC_MODEL (object);

  if (self->workspace)
    {
      g_signal_handlers_disconnect_by_data (postil_workspace_get_codebook (self->workspace), self);
      g_signal_handlers_disconnect_by_data (postil_workspace_get_documents (self->workspace), self);
      for (guint i = 0; i < self->documents->len; i++)
        g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->documents, i), self);
      g_object_set_data (G_OBJECT (self->workspace), WORKSPACE_KEY, NULL);
    }
  g_ptr_array_set_size (self->documents, 0);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (postil_topic_model_parent_class)->dispose (object);
}

static void
postil_topic_model_finalize (GObject *object)
{
  PostilTopicModel *self = POSTIL_TOPIC_MODEL (object);

  g_ptr_array_unref (self->documents);
  g_object_unref (self->roots);
  g_object_unref (self->flat);
  g_hash_table_unref (self->items);

  G_OBJECT_CLASS (postil_topic_model_parent_class)->finalize (object);
}

static void
postil_topic_model_class_init (PostilTopicModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = postil_topic_model_dispose;
  object_class->finalize = postil_topic_model_finalize;

  /**
   * PostilTopicModel::changed:
   *
   * The codebook changed and all lists follow it again.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_topic_model_init (PostilTopicModel *self)
{
  self->documents = g_ptr_array_new_with_free_func (g_object_unref);
  self->roots = g_list_store_new (POSTIL_TYPE_TOPIC_ITEM);
  self->flat = g_list_store_new (POSTIL_TYPE_TOPIC_ITEM);
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}

/**
 * postil_topic_model_ref_for:
 * @workspace: a workspace
 *
 * Returns: (transfer full): the model of its codebook, which all its views share
 */
PostilTopicModel *
postil_topic_model_ref_for (PostilWorkspace *workspace)
{
  PostilTopicModel *self;
  GListModel *documents;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);

  self = g_object_get_data (G_OBJECT (workspace), WORKSPACE_KEY);
  if (self)
    return g_object_ref (self);

  self = g_object_new (POSTIL_TYPE_TOPIC_MODEL, NULL);
  self->workspace = g_object_ref (workspace);
  g_object_set_data (G_OBJECT (workspace), WORKSPACE_KEY, self);
  documents = postil_workspace_get_documents (workspace);
  g_signal_connect_swapped (postil_workspace_get_codebook (workspace), "changed",
                            G_CALLBACK (follow_codebook), self);
  g_signal_connect_swapped (documents, "items-changed", G_CALLBACK (documents_changed_cb), self);
  follow_codebook (self);
  documents_changed_cb (self, 0, 0, g_list_model_get_n_items (documents), documents);

  return self;
}

PostilWorkspace *
postil_topic_model_get_workspace (PostilTopicModel *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_MODEL (self), NULL);

  return self->workspace;
}

/**
 * postil_topic_model_get_roots:
 * @self: a model
 *
 * Returns: (transfer none) (element-type PostilTopicItem): the topics at the top, in the order
 * shown
 */
GListModel *
postil_topic_model_get_roots (PostilTopicModel *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_MODEL (self), NULL);

  return G_LIST_MODEL (self->roots);
}

/**
 * postil_topic_model_get_flat:
 * @self: a model
 *
 * Returns: (transfer none) (element-type PostilTopicItem): all topics, each before those below it
 */
GListModel *
postil_topic_model_get_flat (PostilTopicModel *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_MODEL (self), NULL);

  return G_LIST_MODEL (self->flat);
}

/**
 * postil_topic_model_find:
 * @self: a model
 * @id: (nullable): id of a topic
 *
 * Returns: (transfer none) (nullable): its item; %NULL for a deleted topic
 */
PostilTopicItem *
postil_topic_model_find (PostilTopicModel *self, const char *id)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_MODEL (self), NULL);

  return id ? g_hash_table_lookup (self->items, id) : NULL;
}

/**
 * postil_topic_model_is_updating:
 * @self: a model
 *
 * Returns: whether its lists are changing because the codebook did, "changed" still to come: a
 *   selection that goes now was not taken away by a person
 */
gboolean
postil_topic_model_is_updating (PostilTopicModel *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_MODEL (self), FALSE);

  return self->updating;
}
