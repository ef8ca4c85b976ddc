/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-codebook.h"

#include <string.h>

/*
 * PostilCodebook: all topics of a workspace, which owns it. Topics stay in the order they came in;
 * those of one parent are shown in that order. A deleted topic stays, deprecated. No topic is its
 * own ancestor. Changed only by steps of the history and by documents that bring topics of their
 * own; "changed" is emitted after each change.
 */
struct _PostilCodebook
{
  GObject parent_instance;

  GPtrArray *topics;
  GHashTable *by_id;
};

G_DEFINE_FINAL_TYPE (PostilCodebook, postil_codebook, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Deeper than that no person nests topics; it bounds the time that a file can take. */
#define MAX_DEPTH 100

/* Colours that stay apart in light and dark style and for readers who confuse red and green. */
static const char *const palette[] = { "#3584e4", "#e66100", "#2ec27e", "#9141ac", "#e5a50a",
                                       "#c01c28", "#0ab9dc", "#986a44", "#d56199", "#5e5c64",
                                       "#865e3c", "#1a5fb4", NULL };

/* Topics are replaced in a copy: snapshots share the array. */
static void
unshare (PostilCodebook *self)
{
  GPtrArray *copy = g_ptr_array_copy (self->topics, (GCopyFunc) (gpointer) postil_topic_ref, NULL);

  g_ptr_array_set_free_func (copy, (GDestroyNotify) postil_topic_unref);
  g_ptr_array_unref (self->topics);
  self->topics = copy;
}

static guint
find_index (PostilCodebook *self, PostilTopic *topic)
{
  guint index = G_MAXUINT;

  g_ptr_array_find (self->topics, topic, &index);
  return index;
}

static void
append (PostilCodebook *self, PostilTopic *topic)
{
  g_ptr_array_add (self->topics, postil_topic_ref (topic));
  g_hash_table_insert (self->by_id, (gpointer) postil_topic_get_id (topic), topic);
}

static void
replace (PostilCodebook *self, PostilTopic *present, PostilTopic *topic)
{
  guint index = find_index (self, present);

  g_hash_table_replace (self->by_id, (gpointer) postil_topic_get_id (topic), topic);
  self->topics->pdata[index] = postil_topic_ref (topic);
  postil_topic_unref (present);
}

static PostilTopic *
get_parent (PostilCodebook *self, PostilTopic *topic)
{
  const char *broader = postil_topic_get_broader (topic);

  return broader ? g_hash_table_lookup (self->by_id, broader) : NULL;
}

static void
append_escaped (GString *path, const char *label)
{
  for (; *label; label++)
    {
      if (*label == POSTIL_TOPIC_PATH_SEPARATOR || *label == '\\')
        g_string_append_c (path, '\\');
      g_string_append_c (path, *label);
    }
}

/* The topic that @topic is shown below: its nearest ancestor that is there and not deleted. */
static const char *
get_shown_parent (PostilCodebook *self, PostilTopic *topic)
{
  PostilTopic *parent = get_parent (self, topic);

  return parent && !postil_topic_is_deprecated (parent) ? postil_topic_get_id (parent) : NULL;
}

static void
push_children (GHashTable *children, const char *broader, GPtrArray *open)
{
  GPtrArray *siblings = g_hash_table_lookup (children, broader);

  for (guint i = siblings ? siblings->len : 0; i > 0; i--)
    g_ptr_array_add (open, g_ptr_array_index (siblings, i - 1));
}

/* Whether @topic, coming new below its parent, would be its own ancestor; or nearly endlessly
 * nested. */
static gboolean
closes_circle (PostilCodebook *self, PostilTopic *topic)
{
  const char *id = postil_topic_get_id (topic);
  const char *ancestor = postil_topic_get_broader (topic);
  guint depth = 0;

  for (; ancestor && strcmp (ancestor, id) != 0 && depth < MAX_DEPTH; depth++)
    {
      PostilTopic *parent = postil_codebook_get_topic (self, ancestor);

      ancestor = parent ? postil_topic_get_broader (parent) : NULL;
    }

  return ancestor != NULL;
}

static void
postil_codebook_finalize (GObject *object)
{
  PostilCodebook *self = POSTIL_CODEBOOK (object);

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->topics);

  G_OBJECT_CLASS (postil_codebook_parent_class)->finalize (object);
}

static void
postil_codebook_class_init (PostilCodebookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_codebook_finalize;

  /**
   * PostilCodebook::changed:
   *
   * Topics were added, changed or removed.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_codebook_init (PostilCodebook *self)
{
  self->topics = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

PostilCodebook *
postil_codebook_new (void)
{
  return g_object_new (POSTIL_TYPE_CODEBOOK, NULL);
}

/**
 * postil_codebook_get_topics:
 * @self: a codebook
 *
 * Returns: (transfer none) (element-type PostilTopic): all topics, deleted ones too, in the order
 * they came in; the array never changes, a later call may return another one
 */
GPtrArray *
postil_codebook_get_topics (PostilCodebook *self)
{
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self), NULL);

  return self->topics;
}

/**
 * postil_codebook_list_children:
 * @self: a codebook
 * @broader: (nullable): id of a topic; %NULL for those at the top
 *
 * Returns: (transfer full) (element-type PostilTopic): the topics shown directly below it, in order
 */
GPtrArray *
postil_codebook_list_children (PostilCodebook *self, const char *broader)
{
  GPtrArray *children = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self), children);

  for (guint i = 0; i < self->topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (self->topics, i);

      if (!postil_topic_is_deprecated (topic) &&
          g_strcmp0 (get_shown_parent (self, topic), broader) == 0)
        g_ptr_array_add (children, postil_topic_ref (topic));
    }

  return children;
}

/**
 * postil_codebook_list_in_order:
 * @self: a codebook
 *
 * Returns: (transfer full) (element-type PostilTopic): all topics that are not deleted, each before
 *   those below it
 */
GPtrArray *
postil_codebook_list_in_order (PostilCodebook *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  g_autoptr (GHashTable) children = NULL;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self), list);

  children =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < self->topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (self->topics, i);
      const char *broader = get_shown_parent (self, topic);
      GPtrArray *siblings = g_hash_table_lookup (children, broader ? broader : "");

      if (postil_topic_is_deprecated (topic))
        continue;
      if (siblings == NULL)
        {
          siblings = g_ptr_array_new ();
          g_hash_table_insert (children, (gpointer) (broader ? broader : ""), siblings);
        }
      g_ptr_array_add (siblings, topic);
    }

  /* What comes next lies on top; a file may nest topics deeper than the C stack is. */
  push_children (children, "", open);
  while (open->len > 0)
    {
      PostilTopic *topic = g_ptr_array_steal_index (open, open->len - 1);

      g_ptr_array_add (list, postil_topic_ref (topic));
      push_children (children, postil_topic_get_id (topic), open);
    }
  return list;
}

/**
 * postil_codebook_get_topic:
 * @self: a codebook
 * @id: id of a topic
 *
 * Returns: (transfer none) (nullable): that topic, also when it is deleted
 */
PostilTopic *
postil_codebook_get_topic (PostilCodebook *self, const char *id)
{
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self) && id != NULL, NULL);

  return g_hash_table_lookup (self->by_id, id);
}

/**
 * postil_codebook_find_label:
 * @self: a codebook
 * @broader: (nullable): id of the topic to look below; %NULL for the top
 * @label: a label
 *
 * Returns: (transfer none) (nullable): the topic directly below @broader with that label
 */
PostilTopic *
postil_codebook_find_label (PostilCodebook *self, const char *broader, const char *label)
{
  g_autoptr (GPtrArray) children = NULL;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self) && label != NULL, NULL);

  children = postil_codebook_list_children (self, broader);
  for (guint i = 0; i < children->len; i++)
    if (strcmp (postil_topic_get_label (g_ptr_array_index (children, i)), label) == 0)
      return g_ptr_array_index (children, i);

  return NULL;
}

/**
 * postil_codebook_split_path:
 * @path: labels joined by %POSTIL_TOPIC_PATH_SEPARATOR; a backslash takes the next character as it
 * is
 *
 * Returns: (transfer full): the labels, stripped of white space around them; empty ones are left
 * out
 */
GStrv
postil_codebook_split_path (const char *path)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) label = g_string_new (NULL);

  g_return_val_if_fail (path != NULL, NULL);

  for (const char *c = path;; c++)
    {
      if (*c == POSTIL_TOPIC_PATH_SEPARATOR || *c == '\0')
        {
          g_strstrip (label->str);
          if (label->str[0] != '\0')
            g_ptr_array_add (labels, g_strdup (label->str));
          g_string_truncate (label, 0);
          if (*c == '\0')
            break;
        }
      else
        {
          if (*c == '\\' && c[1] != '\0')
            c++;
          g_string_append_c (label, *c);
        }
    }
  g_ptr_array_add (labels, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&labels), FALSE);
}

/**
 * postil_codebook_find_path:
 * @self: a codebook
 * @path: a label, or a path such as "Parent/Child". A single label is also found below a parent
 * when no topic at the top has it.
 *
 * Returns: (transfer none) (nullable): that topic
 */
PostilTopic *
postil_codebook_find_path (PostilCodebook *self, const char *path)
{
  g_auto (GStrv) labels = NULL;
  PostilTopic *topic = NULL;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self) && path != NULL, NULL);

  labels = postil_codebook_split_path (path);
  for (guint i = 0; labels[i]; i++)
    {
      topic =
        postil_codebook_find_label (self, topic ? postil_topic_get_id (topic) : NULL, labels[i]);
      if (topic == NULL)
        break;
    }
  if (topic == NULL && labels[0] && labels[1] == NULL)
    for (guint i = 0; i < self->topics->len; i++)
      {
        PostilTopic *candidate = g_ptr_array_index (self->topics, i);

        if (!postil_topic_is_deprecated (candidate) &&
            strcmp (postil_topic_get_label (candidate), labels[0]) == 0)
          return candidate;
      }

  return topic;
}

/**
 * postil_codebook_dup_path:
 * @self: a codebook
 * @topic: a topic of it
 *
 * Returns: (transfer full): the labels from the top down to @topic, as postil_codebook_find_path()
 * takes them
 */
char *
postil_codebook_dup_path (PostilCodebook *self, PostilTopic *topic)
{
  GString *path = g_string_new (NULL);
  g_autoptr (GPtrArray) lineage = g_ptr_array_new ();

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self) && topic != NULL, g_string_free (path, FALSE));

  for (PostilTopic *t = topic; t; t = get_parent (self, t))
    g_ptr_array_add (lineage, t);
  for (guint i = lineage->len; i > 0; i--)
    {
      append_escaped (path, postil_topic_get_label (g_ptr_array_index (lineage, i - 1)));
      if (i > 1)
        g_string_append_c (path, POSTIL_TOPIC_PATH_SEPARATOR);
    }
  return g_string_free (path, FALSE);
}

/**
 * postil_codebook_is_within:
 * @self: a codebook
 * @id: id of a topic
 * @ancestor: id of another
 *
 * Returns: whether @id is @ancestor or below it
 */
gboolean
postil_codebook_is_within (PostilCodebook *self, const char *id, const char *ancestor)
{
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self), FALSE);

  while (id && g_strcmp0 (id, ancestor) != 0)
    {
      PostilTopic *topic = postil_codebook_get_topic (self, id);

      id = topic ? postil_topic_get_broader (topic) : NULL;
    }

  return id != NULL;
}

/**
 * postil_codebook_get_palette:
 *
 * Returns: (transfer none) (array zero-terminated=1): the colours that topics are given, "#rrggbb"
 */
const char *const *
postil_codebook_get_palette (void)
{
  return palette;
}

/**
 * postil_codebook_get_free_color_after:
 * @self: a codebook
 * @step: (nullable): a step that is going to make more topics
 *
 * Returns: (transfer none): the colour of the palette that the fewest topics have
 */
const char *
postil_codebook_get_free_color_after (PostilCodebook *self, PostilStep *step)
{
  const PostilChange *changes = NULL;
  guint n_changes = 0;
  guint best = 0, best_count = G_MAXUINT;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self), palette[0]);

  if (step)
    changes = postil_step_get_changes (step, &n_changes);
  for (guint c = 0; palette[c]; c++)
    {
      guint count = 0;

      for (guint i = 0; i < n_changes; i++)
        count += changes[i].document == NULL && changes[i].topic.before == NULL &&
                 changes[i].topic.after != NULL &&
                 g_strcmp0 (postil_topic_get_color (changes[i].topic.after), palette[c]) == 0;
      for (guint i = 0; i < self->topics->len; i++)
        count +=
          g_strcmp0 (postil_topic_get_color (g_ptr_array_index (self->topics, i)), palette[c]) == 0;
      if (count < best_count)
        {
          best = c;
          best_count = count;
        }
    }

  return palette[best];
}

/**
 * postil_codebook_get_free_color:
 * @self: a codebook
 *
 * Returns: (transfer none): the colour of the palette that the fewest topics have
 */
const char *
postil_codebook_get_free_color (PostilCodebook *self)
{
  return postil_codebook_get_free_color_after (self, NULL);
}

/**
 * postil_codebook_apply:
 * @self: a codebook
 * @changes: (array length=n_changes): changes of topics. Only undoing the making of a topic takes
 * it out.
 * @n_changes: how many
 *
 * Makes changes of a step. Called by the workspace.
 */
void
postil_codebook_apply (PostilCodebook *self, const PostilChange *changes, guint n_changes)
{
  g_return_if_fail (POSTIL_IS_CODEBOOK (self) && changes != NULL && n_changes > 0);

  unshare (self);
  for (guint i = 0; i < n_changes; i++)
    {
      PostilTopic *before = changes[i].topic.before;
      PostilTopic *after = changes[i].topic.after;
      PostilTopic *present =
        g_hash_table_lookup (self->by_id, postil_topic_get_id (before ? before : after));

      if (present && after)
        replace (self, present, after);
      else if (after)
        append (self, after);
      else if (present)
        {
          g_hash_table_remove (self->by_id, postil_topic_get_id (present));
          g_ptr_array_remove_index (self->topics, find_index (self, present));
        }
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * postil_codebook_add_missing:
 * @self: a codebook
 * @topics: (element-type PostilTopic): topics that a document brings
 *
 * Adds the topics that are not there yet. Of two values of one topic the one that was modified
 * later stays; a parent that would close a circle is left out.
 *
 * Returns: how many topics were added or replaced
 */
guint
postil_codebook_add_missing (PostilCodebook *self, GPtrArray *topics)
{
  guint n_changed = 0;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (self) && topics != NULL, 0);

  unshare (self);
  for (guint i = 0; i < topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (topics, i);
      PostilTopic *present = g_hash_table_lookup (self->by_id, postil_topic_get_id (topic));
      g_autoptr (PostilTopic) uncircled = NULL;
      PostilTopicFields fields, present_fields;

      postil_topic_get_fields (topic, &fields);
      if (present)
        {
          postil_topic_get_fields (present, &present_fields);
          if (present_fields.modified >= fields.modified)
            continue;
        }
      if (closes_circle (self, topic))
        {
          fields.broader = NULL;
          topic = uncircled = postil_topic_new (&fields);
        }

      if (present == NULL)
        append (self, topic);
      else
        replace (self, present, topic);
      n_changed++;
    }
  if (n_changed > 0)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return n_changed;
}
