/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-sorting.h"

#include <string.h>

#include "postil-id.h"

/*
 * PostilAnnotationSorting: an order in which the annotations of some documents are listed. It never
 * changes: it knows topics and persons as they were when it was made, so that an annotation always
 * has the same place in it, and may be asked in any thread. What it did not know yet comes last.
 */
struct _PostilAnnotationSorting
{
  gatomicrefcount refs;
  PostilAnnotationOrder order;
  GPtrArray *documents;
  /* What comes first, by id, which annotations have as the same pointer; NULL without topics and
   * persons.
   */
  GHashTable *ranks;
};

/* How many entries are made between two looks whether that is still wanted. */
#define N_AT_ONCE 4096

typedef struct
{
  PostilAnnotator *annotator;
  char *key;
} Person;

/* What is gathered from an index. */
typedef struct
{
  PostilAnnotationSorting *sorting;
  GArray *entries;
  guint document;
  GCancellable *cancellable;
} Gathering;

GType
postil_annotation_order_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { POSTIL_ORDER_PLACE, "POSTIL_ORDER_PLACE", "place" },
    { POSTIL_ORDER_TOPIC, "POSTIL_ORDER_TOPIC", "topic" },
    { POSTIL_ORDER_PERSON, "POSTIL_ORDER_PERSON", "person" },
    { POSTIL_ORDER_NEWEST, "POSTIL_ORDER_NEWEST", "newest" },
    { POSTIL_ORDER_LONGEST, "POSTIL_ORDER_LONGEST", "longest" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("PostilAnnotationOrder", values));
  return type;
}

static void
person_clear (gpointer data)
{
  g_free (((Person *) data)->key);
}

static int
compare_persons (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Person *) a)->key, ((const Person *) b)->key);
}

static void
set_rank (PostilAnnotationSorting *self, const char *id, guint rank)
{
  g_hash_table_replace (self->ranks, postil_id_intern (id), GUINT_TO_POINTER (rank));
}

static void
rank_topics (PostilAnnotationSorting *self, PostilCodebook *codebook)
{
  g_autoptr (GPtrArray) topics = postil_codebook_list_in_order (codebook);

  for (guint i = 0; i < topics->len; i++)
    set_rank (self, postil_topic_get_id (topics->pdata[i]), i);
}

/* Persons of one name are not told apart. */
static void
rank_persons (PostilAnnotationSorting *self)
{
  g_autoptr (GArray) persons = g_array_new (FALSE, FALSE, sizeof (Person));
  guint rank = 0;

  g_array_set_clear_func (persons, person_clear);
  for (guint i = 0; i < self->documents->len; i++)
    {
      GPtrArray *annotators = postil_document_get_annotators (self->documents->pdata[i]);

      for (guint j = 0; j < annotators->len; j++)
        {
          const char *name = postil_annotator_get_name (annotators->pdata[j]);
          Person person = { annotators->pdata[j], g_utf8_collate_key (name, -1) };

          g_array_append_val (persons, person);
        }
    }
  g_array_sort (persons, compare_persons);
  for (guint i = 0; i < persons->len; i++)
    {
      const Person *person = &g_array_index (persons, Person, i);

      rank += i > 0 && compare_persons (person - 1, person) != 0;
      set_rank (self, postil_annotator_get_id (person->annotator), rank);
    }
}

static guint
get_rank (PostilAnnotationSorting *self, const char *id)
{
  gpointer rank;

  return id != NULL && g_hash_table_lookup_extended (self->ranks, id, NULL, &rank)
           ? GPOINTER_TO_UINT (rank)
           : G_MAXUINT;
}

static guint
get_key (PostilAnnotationSorting *self, PostilAnnotation *annotation)
{
  PostilAnnotationFields fields;
  gint64 value = 0;

  if (self->order == POSTIL_ORDER_PLACE)
    return 0;

  postil_annotation_get_fields (annotation, &fields);
  switch (self->order)
    {
    case POSTIL_ORDER_TOPIC:
      value = G_MAXUINT;
      for (guint i = 0; i < fields.n_topics; i++)
        value = MIN (value, get_rank (self, fields.topics[i]));
      return value;
    case POSTIL_ORDER_PERSON:
      return get_rank (self, fields.creator);
    case POSTIL_ORDER_NEWEST:
      value = fields.modified != 0 ? fields.modified : fields.created;
      break;
    default:
      for (guint i = 0; i < fields.n_spans; i++)
        value += fields.spans[i].end - fields.spans[i].start;
    }
  return G_MAXUINT - CLAMP (value, 0, G_MAXUINT);
}

/* Links are not listed; they come last. */
static gboolean
gather_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Gathering *gathering = data;
  PostilAnnotationEntry entry = { annotation, get_key (gathering->sorting, annotation),
                                  gathering->document };

  if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_LINK ||
      (gathering->entries->len % N_AT_ONCE == 0 &&
       g_cancellable_is_cancelled (gathering->cancellable)))
    return G_SOURCE_REMOVE;
  g_array_append_val (gathering->entries, entry);
  return G_SOURCE_CONTINUE;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  guint x = ((const PostilAnnotationEntry *) a)->key, y = ((const PostilAnnotationEntry *) b)->key;

  return x < y ? -1 : x > y;
}

/**
 * postil_annotation_sorting_new:
 * @order: by what it sorts
 * @documents: (array length=n_documents): whose annotations
 * @n_documents: how many documents; 1 for reading order
 * @codebook: the topics
 *
 * Returns: (transfer full): an order of their annotations
 */
PostilAnnotationSorting *
postil_annotation_sorting_new (PostilAnnotationOrder order,
                               PostilDocument *const *documents,
                               guint n_documents,
                               PostilCodebook *codebook)
{
  PostilAnnotationSorting *self;

  g_return_val_if_fail (documents != NULL || n_documents == 0, NULL);
  g_return_val_if_fail (order != POSTIL_ORDER_PLACE || n_documents == 1, NULL);
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook), NULL);

  self = g_new0 (PostilAnnotationSorting, 1);
  g_atomic_ref_count_init (&self->refs);
  self->order = order;
  self->documents = g_ptr_array_new_full (n_documents, g_object_unref);
  for (guint i = 0; i < n_documents; i++)
    g_ptr_array_add (self->documents, g_object_ref (documents[i]));
  if (order == POSTIL_ORDER_TOPIC || order == POSTIL_ORDER_PERSON)
    self->ranks = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) g_ref_string_release, NULL);
  if (order == POSTIL_ORDER_TOPIC)
    rank_topics (self, codebook);
  else if (order == POSTIL_ORDER_PERSON)
    rank_persons (self);
  return self;
}

PostilAnnotationSorting *
postil_annotation_sorting_ref (PostilAnnotationSorting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * postil_annotation_sorting_unref:
 * @self: (transfer full): an order
 *
 * Releases a reference, in the thread that owns the documents.
 */
void
postil_annotation_sorting_unref (PostilAnnotationSorting *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->documents);
  g_clear_pointer (&self->ranks, g_hash_table_unref);
  g_free (self);
}

/**
 * postil_annotation_sorting_equal:
 * @a: an order
 * @b: another
 *
 * Returns: whether both order the same documents in the same way
 */
gboolean
postil_annotation_sorting_equal (PostilAnnotationSorting *a, PostilAnnotationSorting *b)
{
  GHashTableIter iter;
  gpointer id, rank;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->order != b->order || a->documents->len != b->documents->len ||
      (a->ranks != NULL && g_hash_table_size (a->ranks) != g_hash_table_size (b->ranks)))
    return FALSE;
  for (guint i = 0; i < a->documents->len; i++)
    if (a->documents->pdata[i] != b->documents->pdata[i])
      return FALSE;
  if (a->ranks != NULL)
    {
      g_hash_table_iter_init (&iter, a->ranks);
      while (g_hash_table_iter_next (&iter, &id, &rank))
        if (get_rank (b, id) != GPOINTER_TO_UINT (rank))
          return FALSE;
    }
  return TRUE;
}

PostilAnnotationOrder
postil_annotation_sorting_get_order (PostilAnnotationSorting *self)
{
  g_return_val_if_fail (self != NULL, POSTIL_ORDER_PLACE);

  return self->order;
}

/**
 * postil_annotation_sorting_get_document:
 * @self: an order
 * @number: number of a document, as entries have it
 *
 * Returns: (transfer none): the document
 */
PostilDocument *
postil_annotation_sorting_get_document (PostilAnnotationSorting *self, guint number)
{
  g_return_val_if_fail (self != NULL && number < self->documents->len, NULL);

  return self->documents->pdata[number];
}

gboolean
postil_annotation_sorting_has_document (PostilAnnotationSorting *self, PostilDocument *document)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_ptr_array_find (self->documents, document, NULL);
}

guint
postil_annotation_sorting_count_documents (PostilAnnotationSorting *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->documents->len;
}

/**
 * postil_annotation_sorting_place:
 * @self: an order
 * @document: a document; only compared
 * @annotation: an annotation of it
 * @entry: (out caller-allocates): its place in the order; the annotation is borrowed
 *
 * Returns: whether @document is one of those that @self orders
 */
gboolean
postil_annotation_sorting_place (PostilAnnotationSorting *self,
                                 PostilDocument *document,
                                 PostilAnnotation *annotation,
                                 PostilAnnotationEntry *entry)
{
  guint number;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (annotation != NULL && entry != NULL, FALSE);

  if (!g_ptr_array_find (self->documents, document, &number))
    return FALSE;
  *entry = (PostilAnnotationEntry){ annotation, get_key (self, annotation), number };
  return TRUE;
}

/**
 * postil_annotation_sorting_sort:
 * @self: an order, but reading order
 * @indexes: (array): the annotations of each of its documents
 * @cancellable: (nullable): stops it; what it gives then is not to be used
 *
 * Sorts all annotations that are no links, in O(n log n); in any thread.
 *
 * Returns: (transfer full): a sorted index of them
 */
PostilAnnotationIndex *
postil_annotation_sorting_sort (PostilAnnotationSorting *self,
                                PostilAnnotationIndex *const *indexes,
                                GCancellable *cancellable)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (PostilAnnotationEntry));

  g_return_val_if_fail (self != NULL && self->order != POSTIL_ORDER_PLACE, NULL);

  for (guint i = 0; i < self->documents->len; i++)
    postil_annotation_index_foreach (indexes[i], gather_cb,
                                     &(Gathering){ self, entries, i, cancellable });
  /* It leaves in its order what has the same key. */
  g_array_sort (entries, compare_keys);
  return postil_annotation_index_new_sorted ((const PostilAnnotationEntry *) entries->data,
                                             entries->len);
}
