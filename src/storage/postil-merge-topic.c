/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-merge-topic.h"

#include <string.h>

#include "postil-merge-values.h"
#include "postil-sidecar-emitter.h"
#include "postil-sidecar-names.h"

/* What foreign members of a topic may belong to. */
enum
{
  PROPERTY_LABEL,
  PROPERTY_DEFINITION,
  PROPERTY_COLOR,
  PROPERTY_BROADER,
  PROPERTY_DEPRECATED,
  PROPERTY_MODIFIED,
  N_PROPERTIES
};

/* Where a label or a definition goes that another one won over: it stays one of the topic's, under
 * a name of SKOS. */
static const struct
{
  const char *key;
  const char *after;
} others[] = {
  [PROPERTY_LABEL] = { "skos:altLabel", "skos:prefLabel" },
  [PROPERTY_DEFINITION] = { "skos:note", "skos:definition" },
};

static int
get_owner (const PostilForeignMember *member)
{
  static const char *const keys[] = {
    [PROPERTY_LABEL] = POSTIL_FOREIGN_LABEL,
    [PROPERTY_DEFINITION] = POSTIL_FOREIGN_DEFINITION,
    [PROPERTY_COLOR] = POSTIL_FOREIGN_COLOR,
    [PROPERTY_BROADER] = POSTIL_FOREIGN_BROADER,
    [PROPERTY_DEPRECATED] = POSTIL_FOREIGN_DEPRECATED,
    [PROPERTY_MODIFIED] = POSTIL_FOREIGN_MODIFIED,
  };

  if (strcmp (member->object, "broader") == 0)
    return PROPERTY_BROADER;
  for (guint i = 0; member->key && *member->object == '\0' && i < G_N_ELEMENTS (keys); i++)
    if (strcmp (member->key, keys[i]) == 0)
      return i;
  return -1;
}

static int
get_annotator_owner (const PostilForeignMember *member)
{
  return *member->object == '\0' && g_strcmp0 (member->key, POSTIL_FOREIGN_NAME) == 0 ? 0 : -1;
}

/* (transfer full) (nullable): all that is said of a property, so that later and more is greater. */
static char *
describe (const PostilTopicFields *fields, int property)
{
  GString *text = g_string_new (NULL);
  const char *value = NULL;

  switch (property)
    {
    case PROPERTY_LABEL:
      value = fields->label;
      break;
    case PROPERTY_DEFINITION:
      value = fields->definition;
      break;
    case PROPERTY_COLOR:
      value = fields->color;
      break;
    case PROPERTY_BROADER:
      value = fields->broader;
      break;
    case PROPERTY_DEPRECATED:
      value = fields->deprecated ? "true" : NULL;
      break;
    case PROPERTY_MODIFIED:
      g_string_append_printf (text, "%016" G_GINT64_MODIFIER "x",
                              (guint64) fields->modified ^ G_GUINT64_CONSTANT (0x8000000000000000));
      break;
    default:
      g_assert_not_reached ();
    }
  if (value)
    g_string_append (text, value);
  postil_merge_describe_owned (text, fields->foreign, get_owner, property);
  return g_string_free (text, text->len == 0);
}

static PostilMergeSide
get_other (PostilMergeSide side)
{
  return side == POSTIL_MERGE_OURS ? POSTIL_MERGE_THEIRS : POSTIL_MERGE_OURS;
}

/* Chooses the sides of a topic's properties. Returns how many of them both sides changed. */
static guint
choose_sides (const PostilTopicFields *fields, PostilMergeSide *sides, gboolean *conflicts)
{
  gint64 ours = fields[POSTIL_MERGE_OURS].modified, theirs = fields[POSTIL_MERGE_THEIRS].modified;
  guint n_conflicts = 0;

  for (guint property = 0; property < N_PROPERTIES; property++)
    {
      char *values[POSTIL_MERGE_N_SIDES] = { NULL };

      for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
        if (fields[side].id)
          values[side] = describe (&fields[side], property);
      sides[property] = postil_merge_choose ((const char *const *) values);
      conflicts[property] = sides[property] == POSTIL_MERGE_BOTH && property != PROPERTY_MODIFIED;
      n_conflicts += conflicts[property];
      if (conflicts[property] && ours != theirs)
        sides[property] = ours > theirs ? POSTIL_MERGE_OURS : POSTIL_MERGE_THEIRS;
      else if (sides[property] == POSTIL_MERGE_BOTH ||
               (property == PROPERTY_MODIFIED && n_conflicts > 0))
        sides[property] = g_strcmp0 (values[POSTIL_MERGE_OURS], values[POSTIL_MERGE_THEIRS]) > 0
                            ? POSTIL_MERGE_OURS
                            : POSTIL_MERGE_THEIRS;
      for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
        g_free (values[side]);
    }
  return n_conflicts;
}

/* Whether one side did more to a topic than to delete it. */
static gboolean
is_edited (const PostilTopicFields *base, const PostilTopicFields *side)
{
  for (guint property = 0; property < PROPERTY_DEPRECATED; property++)
    {
      g_autofree char *before = describe (base, property);
      g_autofree char *after = describe (side, property);

      if (g_strcmp0 (before, after) != 0)
        return TRUE;
    }
  return FALSE;
}

static gpointer
merge_topic (gpointer *topics, const gboolean *is_used, guint *n_conflicts)
{
  PostilTopicFields fields[POSTIL_MERGE_N_SIDES] = { 0 }, merged;
  PostilForeign *foreign[POSTIL_MERGE_N_SIDES];
  PostilForeignMember added[G_N_ELEMENTS (others)];
  g_autoptr (GStringChunk) strings = g_string_chunk_new (256);
  g_autoptr (PostilForeign) merged_foreign = NULL;
  PostilMergeSide sides[N_PROPERTIES];
  gboolean conflicts[N_PROPERTIES];
  guint n_added = 0;

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      if (topics[side])
        postil_topic_get_fields (topics[side], &fields[side]);
      foreign[side] = fields[side].foreign;
    }
  *n_conflicts += choose_sides (fields, sides, conflicts);

  /* An edit beats a deletion, and so does a new use. */
  for (PostilMergeSide side = POSTIL_MERGE_OURS; side <= POSTIL_MERGE_THEIRS; side++)
    if (topics[POSTIL_MERGE_BASE] && !fields[POSTIL_MERGE_BASE].deprecated &&
        fields[side].deprecated && !fields[get_other (side)].deprecated &&
        ((is_used[POSTIL_MERGE_BASE] && !is_used[side]) ||
         is_edited (&fields[POSTIL_MERGE_BASE], &fields[get_other (side)])))
      sides[PROPERTY_DEPRECATED] = get_other (side);

  for (guint property = 0; property < G_N_ELEMENTS (others); property++)
    {
      const PostilTopicFields *lost = &fields[get_other (sides[property])];
      const char *value = property == PROPERTY_LABEL ? lost->label : lost->definition;
      g_autoptr (GString) text = NULL;

      if (!conflicts[property] || value == NULL)
        continue;
      text = g_string_new (NULL);
      postil_sidecar_emit_string (text, value);
      added[n_added++] = (PostilForeignMember){
        .object = "",
        .after = others[property].after,
        .key = others[property].key,
        .value = g_string_chunk_insert (strings, text->str),
        .n_value = text->len,
      };
    }
  merged_foreign = postil_merge_foreign (foreign, get_owner, sides, added, n_added);

  merged = (PostilTopicFields){
    .id = fields[POSTIL_MERGE_OURS].id,
    .label = fields[sides[PROPERTY_LABEL]].label,
    .definition = fields[sides[PROPERTY_DEFINITION]].definition,
    .color = fields[sides[PROPERTY_COLOR]].color,
    .broader = fields[sides[PROPERTY_BROADER]].broader,
    .modified = fields[sides[PROPERTY_MODIFIED]].modified,
    .deprecated = fields[sides[PROPERTY_DEPRECATED]].deprecated,
    .foreign = merged_foreign,
  };
  return postil_topic_new (&merged);
}

static gpointer
merge_annotator (gpointer *annotators, const gboolean *is_used, guint *n_conflicts)
{
  const char *names[POSTIL_MERGE_N_SIDES] = { NULL };
  PostilForeign *foreign[POSTIL_MERGE_N_SIDES] = { NULL };
  g_autoptr (PostilForeign) merged = NULL;
  g_autoptr (GString) value = NULL;
  PostilForeignMember added = { .object = "", .after = "name", .key = "schema:alternateName" };
  PostilMergeSide side;

  for (side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    if (annotators[side])
      {
        names[side] = postil_annotator_get_name (annotators[side]);
        foreign[side] = postil_annotator_get_foreign (annotators[side]);
      }
  side = postil_merge_choose_greater (names);
  if (postil_merge_choose (names) == POSTIL_MERGE_BOTH)
    {
      value = g_string_new (NULL);
      postil_sidecar_emit_string (value, names[get_other (side)]);
      added.value = value->str;
      added.n_value = value->len;
    }
  merged = postil_merge_foreign (foreign, get_annotator_owner, &side, &added, value != NULL);
  return postil_annotator_new (postil_annotator_get_id (annotators[POSTIL_MERGE_OURS]), names[side],
                               merged);
}

/* What is merged by id: topics or annotators. */
typedef struct
{
  const char *(*get_id) (gpointer value);
  gboolean (*equal) (gpointer a, gpointer b);
  gpointer (*merge) (gpointer *values, const gboolean *is_used, guint *n_conflicts);
  gpointer (*ref) (gpointer value);
  void (*unref) (gpointer value);
  /* (nullable): what it cannot be without. */
  const char *(*get_parent) (gpointer value);
} Kind;

static void
find_values (GHashTable *const *by_id, const char *id, gpointer *values)
{
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    values[side] = g_hash_table_lookup (by_id[side], id);
}

/* (transfer full) (nullable): what becomes of the values of one id. */
static gpointer
merge_values (const Kind *kind, gpointer *values, const gboolean *is_used, guint *n_conflicts)
{
  gpointer base = values[POSTIL_MERGE_BASE];
  gpointer ours = values[POSTIL_MERGE_OURS], theirs = values[POSTIL_MERGE_THEIRS];
  gpointer only = ours ? ours : theirs;

  if (ours && theirs)
    return kind->equal (ours, theirs) ? kind->ref (ours)
                                      : kind->merge (values, is_used, n_conflicts);
  /* An edit beats a deletion, and so does a use. */
  if (only && (base == NULL || !kind->equal (base, only)))
    return kind->ref (only);
  return is_used[POSTIL_MERGE_BASE] && (only || base) ? kind->ref (only ? only : base) : NULL;
}

static GPtrArray *
merge_lists (const Kind *kind, GPtrArray *const *lists, GHashTable *const *used, guint *n_conflicts)
{
  g_autoptr (GHashTable) merged =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, kind->unref);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) parents = g_ptr_array_new ();
  g_autoptr (GPtrArray) order = NULL;
  GPtrArray *ids[POSTIL_MERGE_N_SIDES];
  GHashTable *by_id[POSTIL_MERGE_N_SIDES];
  GPtrArray *result = g_ptr_array_new_with_free_func (kind->unref);
  gpointer values[POSTIL_MERGE_N_SIDES], value;
  static const gboolean as_parent[POSTIL_MERGE_N_SIDES] = { TRUE, TRUE, TRUE };
  gboolean is_used[POSTIL_MERGE_N_SIDES];

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      ids[side] = g_ptr_array_new ();
      by_id[side] = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; lists[side] && i < lists[side]->len; i++)
        {
          gpointer id = (gpointer) kind->get_id (lists[side]->pdata[i]);

          if (g_hash_table_insert (by_id[side], id, lists[side]->pdata[i]))
            g_ptr_array_add (ids[side], id);
        }
    }

  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    for (guint i = 0; i < ids[side]->len; i++)
      {
        const char *id = ids[side]->pdata[i];

        if (g_hash_table_contains (merged, id))
          continue;
        for (guint j = 0; j < POSTIL_MERGE_N_SIDES; j++)
          is_used[j] = g_hash_table_contains (used[j], id);
        find_values (by_id, id, values);
        value = merge_values (kind, values, is_used, n_conflicts);
        if (value == NULL)
          continue;
        g_hash_table_insert (merged, (gpointer) id, value);
        g_hash_table_add (wanted, (gpointer) id);
        if (kind->get_parent && kind->get_parent (value))
          g_ptr_array_add (parents, (gpointer) kind->get_parent (value));
      }
  for (guint i = 0; i < parents->len; i++)
    {
      const char *id = parents->pdata[i];

      if (g_hash_table_contains (merged, id))
        continue;
      find_values (by_id, id, values);
      value = merge_values (kind, values, as_parent, n_conflicts);
      if (value == NULL)
        continue;
      g_hash_table_insert (merged, (gpointer) kind->get_id (value), value);
      g_hash_table_add (wanted, (gpointer) kind->get_id (value));
      if (kind->get_parent (value))
        g_ptr_array_add (parents, (gpointer) kind->get_parent (value));
    }

  order = postil_merge_order (ids, wanted);
  for (guint i = 0; i < order->len; i++)
    g_ptr_array_add (result, kind->ref (g_hash_table_lookup (merged, order->pdata[i])));
  for (guint side = 0; side < POSTIL_MERGE_N_SIDES; side++)
    {
      g_ptr_array_unref (ids[side]);
      g_hash_table_unref (by_id[side]);
    }
  return result;
}

static const char *
get_topic_id (gpointer topic)
{
  return postil_topic_get_id (topic);
}

static const char *
get_topic_parent (gpointer topic)
{
  return postil_topic_get_broader (topic);
}

static gboolean
equal_topics (gpointer a, gpointer b)
{
  return postil_topic_equal (a, b);
}

static gpointer
ref_topic (gpointer topic)
{
  return postil_topic_ref (topic);
}

static void
unref_topic (gpointer topic)
{
  postil_topic_unref (topic);
}

static const char *
get_annotator_id (gpointer annotator)
{
  return postil_annotator_get_id (annotator);
}

static gboolean
equal_annotators (gpointer a, gpointer b)
{
  return strcmp (postil_annotator_get_name (a), postil_annotator_get_name (b)) == 0 &&
         postil_foreign_equal (postil_annotator_get_foreign (a), postil_annotator_get_foreign (b));
}

static gpointer
ref_annotator (gpointer annotator)
{
  return postil_annotator_ref (annotator);
}

static void
unref_annotator (gpointer annotator)
{
  postil_annotator_unref (annotator);
}

/**
 * postil_merge_topics:
 * @lists: (array fixed-size=3) (element-type PostilTopic): the topics of the base and both sides;
 *   %NULL for none
 * @used: (array fixed-size=3): the sets of ids that the merged annotations refer to, and those of
 *   both sides
 * @n_conflicts: (inout): grows by what both sides changed differently
 *
 * Merges topics by id and property. A circle of parents that arises so is cut.
 *
 * Returns: (transfer full) (element-type PostilTopic): the topics that stay
 */
GPtrArray *
postil_merge_topics (GPtrArray *const *lists, GHashTable *const *used, guint *n_conflicts)
{
  static const Kind kind = {
    .get_id = get_topic_id,
    .equal = equal_topics,
    .merge = merge_topic,
    .ref = ref_topic,
    .unref = unref_topic,
    .get_parent = get_topic_parent,
  };
  GPtrArray *topics = merge_lists (&kind, lists, used, n_conflicts);
  g_autoptr (GPtrArray) cut = postil_sidecar_cut_circles (topics);

  *n_conflicts += cut->len;
  return topics;
}

/**
 * postil_merge_annotators:
 * @lists: (array fixed-size=3) (element-type PostilAnnotator): the annotators of the base and both
 *   sides; %NULL for none
 * @used: (array fixed-size=3): the sets of ids that the merged annotations refer to, and those of
 *   both sides
 *
 * Returns: (transfer full) (element-type PostilAnnotator): the annotators that stay
 */
GPtrArray *
postil_merge_annotators (GPtrArray *const *lists, GHashTable *const *used)
{
  static const Kind kind = {
    .get_id = get_annotator_id,
    .equal = equal_annotators,
    .merge = merge_annotator,
    .ref = ref_annotator,
    .unref = unref_annotator,
  };
  guint n_conflicts = 0;

  return merge_lists (&kind, lists, used, &n_conflicts);
}
