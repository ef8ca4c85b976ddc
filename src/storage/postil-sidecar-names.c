/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-names.h"

#include <string.h>

#include "postil-environment.h"
#include "postil-id.h"
#include "postil-sidecar-object.h"

/*
 * PostilSidecarNames: the annotators and topics of the sidecar that is being read, whether they
 * stand at its top or in place. The reader owns it. Each id is there once; ids and labels that are
 * not there yet are added when an annotation refers to them.
 */
typedef struct
{
  PostilJsonSlice value;
  const char *id;
} Recent;

/* How many values of creators and of sources are remembered. */
#define N_RECENT 256

struct _PostilSidecarNames
{
  PostilJsonScanner *scanner;
  GPtrArray *annotators;
  GPtrArray *topics;
  /* From an id, interned as annotations have it, to the #Source that defined it. */
  GHashTable *person_sources;
  GHashTable *topic_sources;
  /* From a label to the id of the first topic with it, as #topic_sources has it. */
  GHashTable *labels;
  GStringChunk *strings;
  GString *buffer;
  guint n_duplicates;
  guint n_undefined;
  /* Whether nothing is added any more. */
  gboolean sealed;
  /* What the last values meant, by the end of each: a hundred thousand annotations have few. */
  Recent recent_persons[N_RECENT];
  Recent recent_topics[N_RECENT];
};

/* The object that defined an id as it stood, and where in its array it now is. */
typedef struct
{
  PostilJsonSlice raw;
  guint index;
} Source;

static const char *
add_source (GHashTable *sources, const char *id, const PostilJsonSlice *raw, guint index)
{
  Source source = { .raw = *raw, .index = index };
  char *key = postil_id_intern (id);

  g_hash_table_insert (sources, key, g_memdup2 (&source, sizeof source));
  return key;
}

/* What stands behind the last separator of an IRI, which is the best name there is. */
static const char *
get_tail (const char *id)
{
  const char *tail = id;

  for (const char *at = id; *at != '\0'; at++)
    if (strchr ("/#:", *at) != NULL && at[1] != '\0')
      tail = at + 1;
  return tail;
}

/* Reads a colour; one that Postil would write in another way is also kept. */
static char *
read_color (PostilSidecarObject *object)
{
  g_autofree char *text = postil_sidecar_object_dup_string (object);
  g_autofree char *color = NULL;

  if (text == NULL)
    return NULL;
  color = g_ascii_strdown (text, -1);
  if (!postil_topic_is_color (text) || strcmp (color, text) != 0)
    postil_sidecar_object_keep (object);
  return postil_topic_is_color (text) ? g_steal_pointer (&color) : NULL;
}

/* The id that an object gave itself, or one derived from it and from @name where that is no IRI. */
static char *
take_id (PostilSidecarNames *self,
         const char *given,
         const PostilJsonSlice *raw,
         const char *what,
         const char *name,
         GArray *kept)
{
  g_autofree char *seed = NULL;

  if (given && postil_sidecar_is_iri (given))
    return g_strdup (given);
  if (given == NULL && name == NULL)
    return NULL;
  if (given)
    postil_sidecar_keep_old_id (kept, "", raw, self->strings);
  seed = g_strconcat (what, " ", given ? given : name, NULL);
  return postil_environment_derive_id (seed);
}

/* The label that other programs give a concept, from what was kept of it. */
static char *
find_other_label (const GArray *kept)
{
  static const char *const keys[] = { "label", "rdfs:label", "name", "value" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint j = 0; j < kept->len; j++)
      {
        const PostilSidecarKept *member = &g_array_index (kept, PostilSidecarKept, j);
        PostilJsonSlice string;
        PostilJsonScanner scanner;

        if (member->key.bytes == NULL || !postil_json_slice_is (&member->key, keys[i]) ||
            member->value.bytes[0] != '"')
          continue;
        postil_json_scanner_init (&scanner, member->value.bytes, member->value.n_bytes);
        if (postil_json_scanner_read_string (&scanner, &string) && string.n_bytes > 0)
          return postil_sidecar_dup_string (&string);
      }
  return NULL;
}

static const char *
add_topic (PostilSidecarNames *self, const PostilTopicFields *fields, const PostilJsonSlice *raw)
{
  const char *id = add_source (self->topic_sources, fields->id, raw, self->topics->len);

  g_ptr_array_add (self->topics, postil_topic_new (fields));
  if (!g_hash_table_contains (self->labels, fields->label))
    g_hash_table_insert (self->labels, g_strdup (fields->label), (gpointer) id);
  return id;
}

/* Reads the id of the parent, in any form that names just one. */
static char *
read_broader (PostilSidecarNames *self, PostilSidecarObject *topic)
{
  g_autofree char *id = NULL;
  PostilSidecarObject object;
  guint n_kept = topic->kept->len;

  if (postil_json_scanner_peek (self->scanner) == '{')
    {
      postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_reference,
                                   topic->kept, "broader", 0);
      while (postil_sidecar_object_next (&object) >= 0)
        id = postil_sidecar_object_dup_string (&object);
    }
  if (id && postil_sidecar_is_iri (id) && object.duplicate.bytes == NULL)
    return g_steal_pointer (&id);
  g_array_set_size (topic->kept, n_kept);
  postil_sidecar_object_keep (topic);
  return NULL;
}

/* Reads the object that the scanner stands at. Returns the id of the person or topic in it, whether
 * it is new or not; %NULL when it has none. */
static const char *
read_person (PostilSidecarNames *self, gboolean *exact)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  g_autoptr (PostilForeign) foreign = NULL;
  g_autofree char *given = NULL;
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  const char *start = self->scanner->at;
  PostilJsonSlice raw_id = { 0 };
  PostilJsonSlice raw;
  PostilSidecarObject object;
  PostilAnnotator *annotator;
  const Source *source;
  gpointer key;
  int known;

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_person, kept, "", 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case PERSON_ID:
        given = postil_sidecar_object_dup_string (&object);
        raw_id = postil_sidecar_object_get_value (&object);
        break;
      case PERSON_TYPE:
        postil_sidecar_object_expect (&object, "Person");
        break;
      case PERSON_NAME:
        name = postil_sidecar_object_dup_string (&object);
        break;
      default:
        g_assert_not_reached ();
      }
  raw = (PostilJsonSlice){ .bytes = start, .n_bytes = self->scanner->at - start };

  id = take_id (self, given, &raw_id, "Person", name, kept);
  if (id == NULL)
    return NULL;
  postil_sidecar_refuse_duplicate (self->scanner, &object.duplicate);
  if (g_hash_table_lookup_extended (self->person_sources, id, &key, (gpointer *) &source))
    {
      annotator = self->annotators->pdata[source->index];
      *exact = postil_json_slice_equal (&source->raw, &raw) ||
               (kept->len == 0 &&
                (name == NULL || strcmp (name, postil_annotator_get_name (annotator)) == 0));
      return key;
    }
  *exact = TRUE;
  foreign = postil_sidecar_make_foreign (kept);
  g_ptr_array_add (self->annotators, postil_annotator_new (id, name ? name : "", foreign));
  return add_source (self->person_sources, id, &raw, self->annotators->len - 1);
}

/* Whether an object said no more of a topic than which one it is. */
static gboolean
only_names (const PostilSidecarObject *object)
{
  return (object->seen & ~(1u << TOPIC_ID | 1u << TOPIC_TYPE | 1u << TOPIC_LABEL)) == 0;
}

static const char *
read_topic (PostilSidecarNames *self, gboolean *exact)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  g_autoptr (PostilForeign) foreign = NULL;
  g_autofree char *given = NULL;
  g_autofree char *label = NULL;
  g_autofree char *definition = NULL;
  g_autofree char *broader = NULL;
  g_autofree char *color = NULL;
  g_autofree char *id = NULL;
  const char *start = self->scanner->at;
  PostilTopicFields fields = { 0 };
  PostilJsonSlice raw_id = { 0 };
  PostilJsonSlice raw;
  PostilSidecarObject object;
  const Source *source;
  gpointer key;
  int known;

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_topic, kept, "", 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case TOPIC_ID:
        given = postil_sidecar_object_dup_string (&object);
        raw_id = postil_sidecar_object_get_value (&object);
        break;
      case TOPIC_TYPE:
        postil_sidecar_object_expect (&object, "skos:Concept");
        break;
      case TOPIC_LABEL:
        label = postil_sidecar_object_dup_string (&object);
        if (label && *label == '\0')
          {
            g_clear_pointer (&label, g_free);
            postil_sidecar_object_keep (&object);
          }
        break;
      case TOPIC_DEFINITION:
        definition = postil_sidecar_object_dup_string (&object);
        break;
      case TOPIC_BROADER:
        broader = read_broader (self, &object);
        break;
      case TOPIC_COLOR:
        color = read_color (&object);
        break;
      case TOPIC_MODIFIED:
        fields.modified = postil_sidecar_object_read_date (&object);
        break;
      case TOPIC_DEPRECATED:
        fields.deprecated = postil_json_scanner_peek (self->scanner) == 't';
        if (fields.deprecated)
          postil_json_scanner_skip (self->scanner, NULL);
        else
          postil_sidecar_object_keep (&object);
        break;
      default:
        g_assert_not_reached ();
      }
  raw = (PostilJsonSlice){ .bytes = start, .n_bytes = self->scanner->at - start };

  if (label == NULL)
    label = find_other_label (kept);
  if (given == NULL && label && (key = g_hash_table_lookup (self->labels, label)))
    {
      *exact = kept->len == 0;
      return key;
    }
  id = take_id (self, given, &raw_id, "Topic", label, kept);
  if (id == NULL)
    return NULL;
  postil_sidecar_refuse_duplicate (self->scanner, &object.duplicate);
  if (g_hash_table_lookup_extended (self->topic_sources, id, &key, (gpointer *) &source))
    {
      *exact = postil_json_slice_equal (&source->raw, &raw) ||
               (kept->len == 0 && only_names (&object) &&
                (label == NULL ||
                 strcmp (label, postil_topic_get_label (self->topics->pdata[source->index])) == 0));
      return key;
    }

  *exact = TRUE;
  foreign = postil_sidecar_make_foreign (kept);
  fields.id = id;
  fields.label = label ? label : get_tail (id);
  fields.definition = definition;
  fields.color = color;
  fields.broader = broader;
  fields.foreign = foreign;
  return add_topic (self, &fields, &raw);
}

/**
 * postil_sidecar_names_new:
 * @scanner: what scans the sidecar; must outlive the names
 *
 * Returns: (transfer full): no names yet
 */
PostilSidecarNames *
postil_sidecar_names_new (PostilJsonScanner *scanner)
{
  PostilSidecarNames *self = g_new0 (PostilSidecarNames, 1);

  self->scanner = scanner;
  self->annotators = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  self->topics = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  self->person_sources =
    g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify) g_ref_string_release, g_free);
  self->topic_sources =
    g_hash_table_new_full (g_str_hash, g_str_equal, (GDestroyNotify) g_ref_string_release, g_free);
  self->labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->strings = g_string_chunk_new (256);
  self->buffer = g_string_new (NULL);
  return self;
}

static void
copy_sources (GHashTable *from, GHashTable *to)
{
  GHashTableIter iter;
  gpointer id, source;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &id, &source))
    g_hash_table_insert (to, g_ref_string_acquire (id), g_memdup2 (source, sizeof (Source)));
}

/**
 * postil_sidecar_names_new_sealed:
 * @scanner: what scans the sidecar; must outlive the names
 * @known: the annotators and topics that are known
 *
 * Returns: (transfer full): names that tell what values mean which @known tells by now, without a
 *   reference to it; to which nothing is added, and of which no more than that is of use
 */
PostilSidecarNames *
postil_sidecar_names_new_sealed (PostilJsonScanner *scanner, const PostilSidecarNames *known)
{
  PostilSidecarNames *self = postil_sidecar_names_new (scanner);

  copy_sources (known->person_sources, self->person_sources);
  copy_sources (known->topic_sources, self->topic_sources);
  self->sealed = TRUE;
  return self;
}

void
postil_sidecar_names_free (PostilSidecarNames *self)
{
  g_ptr_array_unref (self->annotators);
  g_ptr_array_unref (self->topics);
  g_hash_table_unref (self->person_sources);
  g_hash_table_unref (self->topic_sources);
  g_hash_table_unref (self->labels);
  g_string_chunk_free (self->strings);
  g_string_free (self->buffer, TRUE);
  g_free (self);
}

/**
 * postil_sidecar_names_read_person:
 * @self: names
 *
 * Reads the annotator whose object the scanner stands at.
 *
 * Returns: %FALSE when the object has neither id nor name
 */
gboolean
postil_sidecar_names_read_person (PostilSidecarNames *self)
{
  guint n_before = self->annotators->len;
  gboolean exact;

  if (read_person (self, &exact) == NULL)
    return FALSE;
  self->n_duplicates += self->annotators->len == n_before;
  return TRUE;
}

/**
 * postil_sidecar_names_read_topic:
 * @self: names
 *
 * Reads the topic whose object the scanner stands at.
 *
 * Returns: %FALSE when the object has neither id nor label
 */
gboolean
postil_sidecar_names_read_topic (PostilSidecarNames *self)
{
  guint n_before = self->topics->len;
  gboolean exact;

  if (read_topic (self, &exact) == NULL)
    return FALSE;
  self->n_duplicates += self->topics->len == n_before;
  return TRUE;
}

/* Puts what the string @value stands for into the buffer. */
static gboolean
unquote (PostilSidecarNames *self, const PostilJsonSlice *value)
{
  PostilJsonSlice string = { value->bytes + 1, value->n_bytes - 2, TRUE };

  g_string_truncate (self->buffer, 0);
  return postil_json_slice_unescape (&string, self->buffer);
}

/* Looks at a value of the sidecar with @read, and goes back to where the scanner stood. */
static const char *
read_at (PostilSidecarNames *self,
         const PostilJsonSlice *value,
         const char *(*read) (PostilSidecarNames *self, gboolean *exact),
         gboolean *exact)
{
  const char *at = self->scanner->at;
  const char *id;

  self->scanner->at = value->bytes;
  id = read (self, exact);
  self->scanner->at = at;
  return id;
}

/* What the string in the buffer means as a creator. */
static const char *
resolve_person (PostilSidecarNames *self, const PostilJsonSlice *value)
{
  g_autofree char *seed = NULL;
  g_autofree char *id = NULL;
  gpointer known;

  if (self->buffer->len == 0)
    return NULL;
  if (g_hash_table_lookup_extended (self->person_sources, self->buffer->str, &known, NULL))
    return known;
  if (postil_sidecar_is_iri (self->buffer->str))
    return g_string_chunk_insert_const (self->strings, self->buffer->str);

  if (self->sealed)
    return NULL;
  seed = g_strconcat ("Person ", self->buffer->str, NULL);
  id = postil_environment_derive_id (seed);
  if (!g_hash_table_lookup_extended (self->person_sources, id, &known, NULL))
    {
      g_ptr_array_add (self->annotators, postil_annotator_new (id, self->buffer->str, NULL));
      return add_source (self->person_sources, id, value, self->annotators->len - 1);
    }
  return known;
}

/* What the string in the buffer means as the source of a classifying body. */
static const char *
resolve_topic (PostilSidecarNames *self, const PostilJsonSlice *value)
{
  const char *id = postil_sidecar_names_find_topic (self, self->buffer->str);

  if (id == NULL && !self->sealed && postil_sidecar_is_iri (self->buffer->str))
    {
      id = add_topic (
        self,
        &(PostilTopicFields){ .id = self->buffer->str, .label = get_tail (self->buffer->str) },
        value);
      self->n_undefined++;
    }
  return id;
}

/* Finds what a value means: an object by @read, a string by @resolve, unless it is remembered. */
static const char *
resolve (PostilSidecarNames *self,
         Recent *recent,
         const PostilJsonSlice *value,
         const char *(*read) (PostilSidecarNames *self, gboolean *exact),
         const char *(*resolve_string) (PostilSidecarNames *self, const PostilJsonSlice *value),
         gboolean *exact)
{
  guint64 tail = 0;
  Recent *last;

  *exact = FALSE;
  if (value->bytes[0] == '{')
    return read_at (self, value, read, exact);
  if (value->bytes[0] != '"')
    return NULL;

  if (value->n_bytes > sizeof tail)
    memcpy (&tail, value->bytes + value->n_bytes - 1 - sizeof tail, sizeof tail);
  last = &recent[(tail * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15) >> 32) % N_RECENT];
  if (last->id == NULL || !postil_json_slice_equal (&last->value, value))
    {
      const char *id = unquote (self, value) ? resolve_string (self, value) : NULL;

      if (id == NULL)
        return NULL;
      *last = (Recent){ *value, id };
    }
  *exact = TRUE;
  return last->id;
}

/**
 * postil_sidecar_names_resolve_person:
 * @self: names
 * @value: a value of "creator": an id, a name, or a person in place
 * @exact: (out): whether the id says all that @value does
 *
 * Returns: (nullable): id of the annotator, valid as long as @self; %NULL when there is none
 */
const char *
postil_sidecar_names_resolve_person (PostilSidecarNames *self,
                                     const PostilJsonSlice *value,
                                     gboolean *exact)
{
  return resolve (self, self->recent_persons, value, read_person, resolve_person, exact);
}

/**
 * postil_sidecar_names_resolve_topic:
 * @self: names
 * @value: the source of a classifying body: an IRI, or a topic in place
 * @exact: (out): whether the id says all that @value does
 *
 * Finds the topic; one that is defined nowhere is named by the end of its IRI.
 *
 * Returns: (nullable): id of the topic, valid as long as @self; %NULL when there is none
 */
const char *
postil_sidecar_names_resolve_topic (PostilSidecarNames *self,
                                    const PostilJsonSlice *value,
                                    gboolean *exact)
{
  return resolve (self, self->recent_topics, value, read_topic, resolve_topic, exact);
}

/**
 * postil_sidecar_names_find_topic:
 * @self: names
 * @id: an IRI
 *
 * Returns: (nullable): the same, valid as long as @self, if a topic has it
 */
const char *
postil_sidecar_names_find_topic (PostilSidecarNames *self, const char *id)
{
  gpointer known;

  return g_hash_table_lookup_extended (self->topic_sources, id, &known, NULL) ? known : NULL;
}

/**
 * postil_sidecar_names_ensure_label:
 * @self: names
 * @label: label of a topic, not empty
 *
 * Returns: id of the first topic with that label, made when there was none, so that all readers of
 *   one file make the same; valid as long as @self
 */
const char *
postil_sidecar_names_ensure_label (PostilSidecarNames *self, const char *label)
{
  const char *known = g_hash_table_lookup (self->labels, label);
  g_autofree char *seed = NULL;
  g_autofree char *id = NULL;

  if (known)
    return known;
  seed = g_strconcat ("Topic ", label, NULL);
  id = postil_environment_derive_id (seed);
  known = postil_sidecar_names_find_topic (self, id);
  return known ? known
               : add_topic (self, &(PostilTopicFields){ .id = id, .label = label },
                            &(PostilJsonSlice){ .bytes = "" });
}

/**
 * postil_sidecar_names_get_annotators:
 *
 * Returns: (transfer none) (element-type PostilAnnotator): all annotators, in the order they came
 */
GPtrArray *
postil_sidecar_names_get_annotators (PostilSidecarNames *self)
{
  return self->annotators;
}

/**
 * postil_sidecar_names_get_topics:
 *
 * Returns: (transfer none) (element-type PostilTopic): all topics, in the order they came
 */
GPtrArray *
postil_sidecar_names_get_topics (PostilSidecarNames *self)
{
  return self->topics;
}

/**
 * postil_sidecar_cut_circles:
 * @topics: (element-type PostilTopic): topics, each id once
 *
 * Takes the parent from the first topic of each circle of parents.
 *
 * Returns: (transfer container) (element-type PostilTopic): those topics
 */
GPtrArray *
postil_sidecar_cut_circles (GPtrArray *topics)
{
  g_autoptr (GHashTable) indexes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *visits = g_new0 (guint, topics->len + 1);
  GPtrArray *cut = g_ptr_array_new ();

  for (guint i = 0; i < topics->len; i++)
    g_hash_table_insert (indexes, (gpointer) postil_topic_get_id (topics->pdata[i]),
                         GUINT_TO_POINTER (i + 1));

  /* Each walk up marks what it passes with its own number; where it meets its own mark, it has gone
   * round a circle. */
  for (guint i = 0; i < topics->len; i++)
    {
      guint at = i + 1;

      while (at != 0 && visits[at] == 0)
        {
          const char *broader = postil_topic_get_broader (topics->pdata[at - 1]);

          visits[at] = i + 1;
          at = broader ? GPOINTER_TO_UINT (g_hash_table_lookup (indexes, broader)) : 0;
        }
      if (at != 0 && visits[at] == i + 1)
        {
          PostilTopicFields fields;
          PostilTopic *topic;

          postil_topic_get_fields (topics->pdata[at - 1], &fields);
          fields.broader = NULL;
          topic = postil_topic_new (&fields);
          postil_topic_unref (topics->pdata[at - 1]);
          topics->pdata[at - 1] = topic;
          g_ptr_array_add (cut, topic);
        }
    }
  return cut;
}

/**
 * postil_sidecar_names_get_n_duplicates:
 *
 * Returns: how many objects were left out because an earlier one had their id
 */
guint
postil_sidecar_names_get_n_duplicates (PostilSidecarNames *self)
{
  return self->n_duplicates;
}

/**
 * postil_sidecar_names_get_n_undefined:
 *
 * Returns: how many topics were only referred to
 */
guint
postil_sidecar_names_get_n_undefined (PostilSidecarNames *self)
{
  return self->n_undefined;
}
