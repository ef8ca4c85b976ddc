/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-journal-composer.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/* What changes by id. Functions take and give annotations, topics or annotators. */
typedef struct
{
  const char *(*get_id) (gpointer value);
  gpointer (*ref) (gpointer value);
  void (*unref) (gpointer value);
  gboolean (*equal) (gpointer a, gpointer b);
} Kind;

/* Another text than the document's that records were made on, %NULL when nobody knows it any more,
 * and what one of the records says of it. */
typedef struct
{
  PostilText *text;
  PostilSnapshot *model;
} Origin;

/* A value, %NULL where there is none, and the text that its offsets are of, %NULL for the
 * document's. */
typedef struct
{
  gpointer value;
  Origin *origin;
} Side;

/* What all records together make of one id. */
typedef struct
{
  const Kind *kind;
  gpointer current;
  Side before;
  Side after;
  /* Whether what the sidecar holds is what a record found or made. */
  gboolean met;
  guint n_record;
} Entry;

typedef struct
{
  const Kind *kind;
  GPtrArray *entries;
  GHashTable *by_id;
  GHashTable *current;
} Table;

typedef struct
{
  PostilSnapshot *current;
  PostilStore *store;
  const PostilEnvironment *environment;
  GCancellable *cancellable;
  GHashTable *origins;
  Table annotations;
  Table topics;
  Table annotators;
} Composer;

static gboolean
annotators_equal (PostilAnnotator *a, PostilAnnotator *b)
{
  return strcmp (postil_annotator_get_name (a), postil_annotator_get_name (b)) == 0 &&
         postil_foreign_equal (postil_annotator_get_foreign (a), postil_annotator_get_foreign (b));
}

#define KIND(type, compare)                                                                        \
  {                                                                                                \
    .get_id = (const char *(*) (gpointer)) postil_##type##_get_id,                                 \
    .ref = (gpointer (*) (gpointer)) postil_##type##_ref,                                          \
    .unref = (void (*) (gpointer)) postil_##type##_unref,                                          \
    .equal = (gboolean (*) (gpointer, gpointer)) compare,                                          \
  }

static const Kind annotation_kind = KIND (annotation, postil_annotation_equal);
static const Kind topic_kind = KIND (topic, postil_topic_equal);
static const Kind annotator_kind = KIND (annotator, annotators_equal);

static void
origin_free (gpointer data)
{
  Origin *origin = data;

  g_clear_pointer (&origin->text, postil_text_unref);
  g_clear_pointer (&origin->model, postil_snapshot_unref);
  g_free (origin);
}

static void
side_set (Side *self, const Kind *kind, gpointer value, Origin *origin)
{
  gpointer before = self->value;

  *self = (Side){ .value = value ? kind->ref (value) : NULL, .origin = origin };
  if (before)
    kind->unref (before);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  side_set (&entry->before, entry->kind, NULL, NULL);
  side_set (&entry->after, entry->kind, NULL, NULL);
  g_free (entry);
}

/* (transfer container): the annotations of an index as a plain array. */
static GPtrArray *
list_annotations (PostilSnapshot *snapshot)
{
  guint n = postil_annotation_index_get_size (snapshot->annotations);
  GPtrArray *list = g_ptr_array_sized_new (n);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (list, postil_annotation_index_get (snapshot->annotations, i));
  return list;
}

static void
table_init (Table *self, const Kind *kind, const GPtrArray *current)
{
  self->kind = kind;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->current = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < current->len; i++)
    g_hash_table_insert (self->current, (gpointer) kind->get_id (current->pdata[i]),
                         current->pdata[i]);
}

static void
table_clear (Table *self)
{
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->current, g_hash_table_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
}

static void
composer_clear (Composer *self)
{
  table_clear (&self->annotations);
  table_clear (&self->topics);
  table_clear (&self->annotators);
  g_clear_pointer (&self->origins, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Composer, composer_clear)

/* Tells the entry of one state of its value. States of another text cannot be compared. */
static void
meet (Entry *entry, gpointer value, const Origin *origin)
{
  if (origin == NULL && !entry->met)
    entry->met = value && entry->current ? entry->kind->equal (value, entry->current)
                                         : value == entry->current;
}

/* The entry of the id of @value, new if need be. */
static Entry *
ensure_entry (Table *self, gpointer value)
{
  const char *id = self->kind->get_id (value);
  Entry *entry = g_hash_table_lookup (self->by_id, id);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->kind = self->kind;
      entry->current = g_hash_table_lookup (self->current, id);
      g_ptr_array_add (self->entries, entry);
      g_hash_table_insert (self->by_id, g_strdup (id), entry);
    }
  return entry;
}

/* Adds what a record, counted from 1, has of one kind. */
static void
table_add (Table *self,
           const GPtrArray *before,
           Origin *origin_before,
           const GPtrArray *after,
           Origin *origin_after,
           guint n_record)
{
  for (guint i = 0; i < before->len; i++)
    {
      Entry *entry = ensure_entry (self, before->pdata[i]);

      if (entry->n_record == 0)
        side_set (&entry->before, self->kind, before->pdata[i], origin_before);
      meet (entry, before->pdata[i], origin_before);
      side_set (&entry->after, self->kind, NULL, NULL);
      entry->n_record = n_record;
    }
  for (guint i = 0; i < after->len; i++)
    {
      Entry *entry = ensure_entry (self, after->pdata[i]);

      if (entry->n_record != n_record)
        meet (entry, NULL, NULL);
      side_set (&entry->after, self->kind, after->pdata[i], origin_after);
      meet (entry, after->pdata[i], origin_after);
      entry->n_record = n_record;
    }
  for (guint i = 0; i < before->len; i++)
    {
      Entry *entry = g_hash_table_lookup (self->by_id, self->kind->get_id (before->pdata[i]));

      if (entry->after.value == NULL)
        meet (entry, NULL, NULL);
    }
}

/* The text that a part was made on; %NULL when it is the document's, or nobody knows it any more.
 */
static Origin *
find_origin (Composer *self, const char *sha256)
{
  Origin *origin;

  if (self->current->text == NULL ||
      strcmp (sha256, postil_text_get_sha256 (self->current->text)) == 0)
    return NULL;
  origin = g_hash_table_lookup (self->origins, sha256);
  if (origin == NULL)
    {
      origin = g_new0 (Origin, 1);
      origin->text = postil_store_load_text (self->store, sha256);
      g_hash_table_insert (self->origins, g_strdup (sha256), origin);
    }
  return origin;
}

static PostilSnapshot *
read_part (Composer *self, const char *bytes, gsize n_bytes, PostilText *text, GError **error)
{
  return postil_sidecar_read (bytes, n_bytes, _ ("The journal"), self->current->label, text,
                              self->environment, self->store, self->cancellable, NULL, error);
}

static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

/* Brings the values of one side that were made on @origin over to the document's text, all at once,
 * as the reader does with a sidecar whose text changed. */
static gboolean
bring_over (Composer *self, gsize side, Origin *origin, GError **error)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new ();
  g_autoptr (GPtrArray) brought = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (PostilSnapshot) placed = NULL;
  g_autoptr (GString) bytes = g_string_new (NULL);
  PostilSnapshot fields = *origin->model;

  for (guint i = 0; i < self->annotations.entries->len; i++)
    {
      const Side *it = G_STRUCT_MEMBER_P (self->annotations.entries->pdata[i], side);

      if (it->value != NULL && it->origin == origin)
        g_ptr_array_add (old, it->value);
    }
  if (old->len == 0)
    return TRUE;

  index = postil_annotation_index_new ((PostilAnnotation *const *) old->pdata, old->len);
  fields.annotations = index;
  snapshot = postil_snapshot_new (&fields);
  if (!postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append_cb, bytes,
                             self->cancellable, error))
    return FALSE;
  placed = read_part (self, bytes->str, bytes->len, self->current->text, error);
  if (placed == NULL)
    return FALSE;
  brought = list_annotations (placed);
  for (guint i = 0; i < brought->len; i++)
    {
      Entry *entry =
        g_hash_table_lookup (self->annotations.by_id, postil_annotation_get_id (brought->pdata[i]));
      Side *it = entry != NULL ? G_STRUCT_MEMBER_P (entry, side) : NULL;

      if (it != NULL)
        side_set (it, &annotation_kind, brought->pdata[i], NULL);
    }
  return TRUE;
}

static gboolean
bring_all_over (Composer *self, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->origins);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Origin *origin = value;

      if (origin->model != NULL &&
          (!bring_over (self, G_STRUCT_OFFSET (Entry, before), origin, error) ||
           !bring_over (self, G_STRUCT_OFFSET (Entry, after), origin, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_record (Composer *self,
            const PostilJournalRecord *record,
            guint n_record,
            PostilSnapshot **first,
            PostilSnapshot **last,
            GError **error)
{
  Origin *origin_before = find_origin (self, record->before.sha256);
  Origin *origin_after = find_origin (self, record->after.sha256);
  g_autoptr (PostilSnapshot) before =
    read_part (self, record->before.bytes, record->before.n_bytes,
               origin_before != NULL ? origin_before->text : self->current->text, error);
  g_autoptr (PostilSnapshot) after =
    before == NULL
      ? NULL
      : read_part (self, record->after.bytes, record->after.n_bytes,
                   origin_after != NULL ? origin_after->text : self->current->text, error);
  g_autoptr (GPtrArray) annotations_before = NULL;
  g_autoptr (GPtrArray) annotations_after = NULL;

  if (after == NULL)
    return FALSE;
  annotations_before = list_annotations (before);
  annotations_after = list_annotations (after);
  table_add (&self->annotations, annotations_before, origin_before, annotations_after, origin_after,
             n_record);
  table_add (&self->topics, before->topics, NULL, after->topics, NULL, n_record);
  table_add (&self->annotators, before->annotators, NULL, after->annotators, NULL, n_record);
  if (origin_before != NULL && origin_before->model == NULL)
    origin_before->model = postil_snapshot_ref (before);
  if (origin_after != NULL && origin_after->model == NULL)
    origin_after->model = postil_snapshot_ref (after);

  if (*first == NULL)
    *first = postil_snapshot_ref (before);
  g_clear_pointer (last, postil_snapshot_unref);
  *last = g_steal_pointer (&after);
  return TRUE;
}

/* Takes the values of one side. A topic or an annotator that was only not mentioned any more stays:
 * to be deleted is a property of a topic. */
static GPtrArray *
list_side (const Table *self, gboolean after)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (self->kind->unref);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];
      gpointer before = entry->met ? entry->current : entry->before.value;
      gpointer value = after ? entry->after.value : before;

      if (after && value == NULL && self->kind != &annotation_kind)
        value = before;
      if (value != NULL)
        g_ptr_array_add (list, self->kind->ref (value));
    }
  return list;
}

static PostilSnapshot *
make_side (Composer *self, PostilSnapshot *model, gboolean after)
{
  g_autoptr (GPtrArray) annotations = list_side (&self->annotations, after);
  g_autoptr (GPtrArray) topics = list_side (&self->topics, after);
  g_autoptr (GPtrArray) annotators = list_side (&self->annotators, after);
  g_autoptr (PostilAnnotationIndex) index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  PostilSnapshot fields = *model;

  fields.text = self->current->text;
  fields.annotations = index;
  fields.topics = topics;
  fields.annotators = annotators;
  return postil_snapshot_new (&fields);
}

/**
 * postil_journal_compose:
 * @records: (array length=n_records): records, in the order in which they were made
 * @n_records: how many, at least one
 * @current: what the sidecar holds now, read with the document's text
 * @store: where texts are that records were made on
 * @environment: where new ids come from
 * @before: (out): what the records changed, as it was first
 * @after: (out): the same as it was last
 * @cancellable: (nullable): to end it early
 * @error: return location
 *
 * Makes one change of many: of each id what was before the first record and what is after the last.
 *
 * Returns: whether all records could be read; %FALSE with an error of postil_sidecar_read()
 */
gboolean
postil_journal_compose (const PostilJournalRecord *records,
                        guint n_records,
                        PostilSnapshot *current,
                        PostilStore *store,
                        const PostilEnvironment *environment,
                        PostilSnapshot **before,
                        PostilSnapshot **after,
                        GCancellable *cancellable,
                        GError **error)
{
  g_auto (Composer) self = {
    .current = current,
    .store = store,
    .environment = environment,
    .cancellable = cancellable,
  };
  g_autoptr (GPtrArray) annotations = NULL;
  g_autoptr (PostilSnapshot) first = NULL;
  g_autoptr (PostilSnapshot) last = NULL;

  g_return_val_if_fail (records != NULL && n_records > 0 && current != NULL, FALSE);

  annotations = list_annotations (current);
  self.origins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, origin_free);
  table_init (&self.annotations, &annotation_kind, annotations);
  table_init (&self.topics, &topic_kind, current->topics);
  table_init (&self.annotators, &annotator_kind, current->annotators);
  for (guint i = 0; i < n_records; i++)
    if (!add_record (&self, &records[i], i + 1, &first, &last, error))
      return FALSE;
  if (!bring_all_over (&self, error))
    return FALSE;

  *before = make_side (&self, first, FALSE);
  *after = make_side (&self, last, TRUE);
  return TRUE;
}
