/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-item.h"

#include <string.h>

#include "postil-folding.h"

/*
 * PostilTopicItem: what a list shows of one topic. Made and kept up to date by a PostilTopicModel;
 * the same object stands for a topic as long as the codebook has it, whatever becomes of its
 * label and place. Its parent is kept by the model for as long as it is the parent.
 */
struct _PostilTopicItem
{
  GObject parent_instance;

  PostilTopic *topic;
  PostilTopicItem *parent;
  GListStore *children;
  char *path;
  char *folded_label;
  char *folded_path;
  guint count;
  guint digit;
};

G_DEFINE_FINAL_TYPE (PostilTopicItem, postil_topic_item, G_TYPE_OBJECT)

enum
{
  PROP_TOPIC = 1,
  PROP_PATH,
  PROP_COUNT,
  PROP_DIGIT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
postil_topic_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilTopicItem *self = POSTIL_TOPIC_ITEM (object);

  switch (id)
    {
    case PROP_TOPIC:
      g_value_set_boxed (value, self->topic);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    case PROP_DIGIT:
      g_value_set_uint (value, self->digit);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_topic_item_finalize (GObject *object)
{
  PostilTopicItem *self = POSTIL_TOPIC_ITEM (object);

  postil_topic_unref (self->topic);
  g_object_unref (self->children);
  g_free (self->path);
  g_free (self->folded_label);
  g_free (self->folded_path);

  G_OBJECT_CLASS (postil_topic_item_parent_class)->finalize (object);
}

static void
postil_topic_item_class_init (PostilTopicItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_topic_item_get_property;
  object_class->finalize = postil_topic_item_finalize;

  properties[PROP_TOPIC] = g_param_spec_boxed ("topic", NULL, NULL, POSTIL_TYPE_TOPIC, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_DIGIT] = g_param_spec_uint ("digit", NULL, NULL, 0, 9, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
postil_topic_item_init (PostilTopicItem *self)
{
  self->children = g_list_store_new (POSTIL_TYPE_TOPIC_ITEM);
}

/**
 * postil_topic_item_new:
 * @topic: a topic
 *
 * Returns: (transfer full): an item for it, at the top of the tree and without children
 */
PostilTopicItem *
postil_topic_item_new (PostilTopic *topic)
{
  PostilTopicItem *self;

  g_return_val_if_fail (topic != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_TOPIC_ITEM, NULL);
  postil_topic_item_set_topic (self, topic, NULL);

  return self;
}

PostilTopic *
postil_topic_item_get_topic (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return self->topic;
}

const char *
postil_topic_item_get_id (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return postil_topic_get_id (self->topic);
}

/**
 * postil_topic_item_get_path:
 * @self: an item
 *
 * Returns: (transfer none): the labels from the top down to it, to be read by a person
 */
const char *
postil_topic_item_get_path (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return self->path;
}

/**
 * postil_topic_item_get_folded_label:
 * @self: an item
 *
 * Returns: (transfer none): its label as postil_topic_item_fold() makes it, for matching
 */
const char *
postil_topic_item_get_folded_label (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return self->folded_label;
}

/**
 * postil_topic_item_get_folded_path:
 * @self: an item
 *
 * Returns: (transfer none): its path as postil_topic_item_fold() makes it, for matching
 */
const char *
postil_topic_item_get_folded_path (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return self->folded_path;
}

/**
 * postil_topic_item_get_count:
 * @self: an item
 *
 * Returns: how many annotations of the workspace have the topic
 */
guint
postil_topic_item_get_count (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), 0);

  return self->count;
}

/**
 * postil_topic_item_get_digit:
 * @self: an item
 *
 * Returns: the digit that applies the topic, 1 to 9, or 0 when there is none
 */
guint
postil_topic_item_get_digit (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), 0);

  return self->digit;
}

/**
 * postil_topic_item_get_children:
 * @self: an item
 *
 * Returns: (transfer none) (element-type PostilTopicItem): the topics directly below it, in order;
 *   only the model changes it
 */
GListStore *
postil_topic_item_get_children (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return self->children;
}

/**
 * postil_topic_item_get_parent:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the topic that it is shown below
 */
PostilTopicItem *
postil_topic_item_get_parent (PostilTopicItem *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_ITEM (self), NULL);

  return self->parent;
}

/**
 * postil_topic_item_set_topic:
 * @self: an item
 * @topic: what its topic became
 * @parent: (nullable): the item it is shown below, already up to date
 */
void
postil_topic_item_set_topic (PostilTopicItem *self, PostilTopic *topic, PostilTopicItem *parent)
{
  g_autofree char *path = NULL;

  g_return_if_fail (POSTIL_IS_TOPIC_ITEM (self) && topic != NULL);

  path = parent ? g_strconcat (parent->path, "/", postil_topic_get_label (topic), NULL)
                : g_strdup (postil_topic_get_label (topic));
  self->parent = parent;
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (path, self->path) != 0)
    {
      g_free (self->path);
      g_free (self->folded_path);
      g_free (self->folded_label);
      self->path = g_steal_pointer (&path);
      self->folded_path = postil_topic_item_fold (self->path);
      self->folded_label = postil_topic_item_fold (postil_topic_get_label (topic));
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
    }
  if (topic != self->topic)
    {
      g_clear_pointer (&self->topic, postil_topic_unref);
      self->topic = postil_topic_ref (topic);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOPIC]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
postil_topic_item_set_count (PostilTopicItem *self, guint count)
{
  g_return_if_fail (POSTIL_IS_TOPIC_ITEM (self));

  if (count == self->count)
    return;

  self->count = count;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

void
postil_topic_item_set_digit (PostilTopicItem *self, guint digit)
{
  g_return_if_fail (POSTIL_IS_TOPIC_ITEM (self) && digit <= 9);

  if (digit == self->digit)
    return;

  self->digit = digit;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DIGIT]);
}

/**
 * postil_topic_item_fold:
 * @text: what a person typed, or a label
 *
 * Returns: (transfer full): @text as searching compares it, see postil_folding_append(), without
 *   white space around it
 */
char *
postil_topic_item_fold (const char *text)
{
  GString *folded = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, g_string_free (folded, FALSE));

  postil_folding_append (folded, text, strlen (text));
  return g_strstrip (g_string_free (folded, FALSE));
}
