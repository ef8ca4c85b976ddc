/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation.h"

#include <string.h>

/*
 * PostilAnnotation: a passage with any number of topics and notes. An immutable, reference-counted
 * value in one piece of memory (topics, spans, id and the id of the other version follow the
 * struct); may be read in any thread. The document's index owns the present one, steps of the
 * history the earlier ones.
 */
struct _PostilAnnotation
{
  gatomicrefcount ref_count;
  guint32 n_topics;
  guint32 n_notes;
  guint32 n_spans : 27;
  guint32 has_version_of : 1;
  guint32 kind : 2;
  guint32 status : 2;
  gint64 created;
  gint64 modified;
  char *creator;
  PostilNote **notes;
  PostilAnchor *anchor;
  PostilForeign *foreign;
  char *topics[];
};

G_DEFINE_BOXED_TYPE (PostilAnnotation,
                     postil_annotation,
                     postil_annotation_ref,
                     postil_annotation_unref)

static inline PostilSpan *
get_spans (PostilAnnotation *self)
{
  return (PostilSpan *) (self->topics + self->n_topics);
}

static inline char *
get_id (PostilAnnotation *self)
{
  return (char *) (get_spans (self) + self->n_spans);
}

static inline char *
get_version_of (PostilAnnotation *self)
{
  char *id = get_id (self);

  return self->has_version_of ? id + strlen (id) + 1 : NULL;
}

static gsize
get_size (guint n_topics, guint n_spans, const char *id, const char *version_of)
{
  return sizeof (PostilAnnotation) + n_topics * sizeof (char *) + n_spans * sizeof (PostilSpan) +
         strlen (id) + 1 + (version_of ? strlen (version_of) + 1 : 0);
}

/**
 * postil_annotation_new:
 * @fields: what it holds; copied
 *
 * Returns: (transfer full): a new annotation
 */
PostilAnnotation *
postil_annotation_new (const PostilAnnotationFields *fields)
{
  PostilAnnotation *self;

  g_return_val_if_fail (fields != NULL && fields->id != NULL, NULL);

  self =
    g_slice_alloc (get_size (fields->n_topics, fields->n_spans, fields->id, fields->version_of));
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = fields->kind;
  self->status = fields->status;
  self->created = fields->created;
  self->modified = fields->modified;
  self->creator = fields->creator ? g_ref_string_new_intern (fields->creator) : NULL;
  self->anchor = fields->anchor ? postil_anchor_ref (fields->anchor) : NULL;
  self->foreign = fields->foreign ? postil_foreign_ref (fields->foreign) : NULL;
  self->n_topics = fields->n_topics;
  self->n_notes = fields->n_notes;
  self->n_spans = fields->n_spans;
  self->has_version_of = fields->version_of != NULL;
  for (guint i = 0; i < self->n_topics; i++)
    self->topics[i] = g_ref_string_new_intern (fields->topics[i]);
  self->notes = self->n_notes > 0 ? g_new (PostilNote *, self->n_notes) : NULL;
  for (guint i = 0; i < self->n_notes; i++)
    self->notes[i] = postil_note_ref (fields->notes[i]);
  if (fields->n_spans > 0)
    memcpy (get_spans (self), fields->spans, fields->n_spans * sizeof (PostilSpan));
  strcpy (get_id (self), fields->id);
  if (fields->version_of)
    strcpy (get_version_of (self), fields->version_of);

  return self;
}

PostilAnnotation *
postil_annotation_ref (PostilAnnotation *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
postil_annotation_unref (PostilAnnotation *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->n_topics; i++)
    g_ref_string_release (self->topics[i]);
  for (guint i = 0; i < self->n_notes; i++)
    postil_note_unref (self->notes[i]);
  g_free (self->notes);
  g_clear_pointer (&self->creator, g_ref_string_release);
  g_clear_pointer (&self->anchor, postil_anchor_unref);
  g_clear_pointer (&self->foreign, postil_foreign_unref);
  g_slice_free1 (get_size (self->n_topics, self->n_spans, get_id (self), get_version_of (self)),
                 self);
}

/**
 * postil_annotation_get_fields:
 * @self: an annotation
 * @fields: (out caller-allocates): what it holds; borrowed, valid as long as @self
 */
void
postil_annotation_get_fields (PostilAnnotation *self, PostilAnnotationFields *fields)
{
  g_return_if_fail (self != NULL && fields != NULL);

  *fields = (PostilAnnotationFields){
    .id = get_id (self),
    .kind = self->kind,
    .status = self->status,
    .creator = self->creator,
    .created = self->created,
    .modified = self->modified,
    .spans = get_spans (self),
    .n_spans = self->n_spans,
    .topics = (const char *const *) self->topics,
    .n_topics = self->n_topics,
    .notes = self->notes,
    .n_notes = self->n_notes,
    .anchor = self->anchor,
    .foreign = self->foreign,
    .version_of = get_version_of (self),
  };
}

const char *
postil_annotation_get_id (PostilAnnotation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_id (self);
}

PostilAnnotationKind
postil_annotation_get_kind (PostilAnnotation *self)
{
  g_return_val_if_fail (self != NULL, POSTIL_ANNOTATION_FOREIGN);

  return self->kind;
}

PostilStatus
postil_annotation_get_status (PostilAnnotation *self)
{
  g_return_val_if_fail (self != NULL, POSTIL_STATUS_ORPHANED);

  return self->status;
}

/**
 * postil_annotation_get_version_of:
 * @self: an annotation
 *
 * Returns: (nullable): id of the annotation that it is the other version of, until a person chooses
 */
const char *
postil_annotation_get_version_of (PostilAnnotation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_version_of (self);
}

/**
 * postil_annotation_get_spans:
 * @self: an annotation
 * @n_spans: (out): how many ranges; 0 when it has no place in the text
 *
 * Returns: (transfer none) (array length=n_spans): its ranges in code points, by start
 */
const PostilSpan *
postil_annotation_get_spans (PostilAnnotation *self, guint *n_spans)
{
  g_return_val_if_fail (self != NULL && n_spans != NULL, NULL);

  *n_spans = self->n_spans;
  return get_spans (self);
}

/**
 * postil_annotation_get_extent:
 * @self: an annotation
 *
 * Returns: from the start of its first range to the furthest end, in code points; for an orphan an
 *   empty span at the place it had last, for others without ranges an empty span at 0
 */
PostilSpan
postil_annotation_get_extent (PostilAnnotation *self)
{
  PostilSpan extent = { 0, 0 };
  const PostilSpan *spans;

  g_return_val_if_fail (self != NULL, extent);

  spans = get_spans (self);
  if (self->n_spans > 0)
    extent = spans[0];
  else if (self->anchor)
    extent.start = extent.end = postil_anchor_get_place (self->anchor);
  for (guint i = 1; i < self->n_spans; i++)
    extent.end = MAX (extent.end, spans[i].end);

  return extent;
}

/**
 * postil_annotation_get_topics:
 * @self: an annotation
 * @n_topics: (out): how many
 *
 * Returns: (transfer none) (array length=n_topics): ids of its topics; interned, so that equal ids
 * are equal pointers among annotations and topics
 */
const char *const *
postil_annotation_get_topics (PostilAnnotation *self, guint *n_topics)
{
  g_return_val_if_fail (self != NULL && n_topics != NULL, NULL);

  *n_topics = self->n_topics;
  return (const char *const *) self->topics;
}

gboolean
postil_annotation_has_topic (PostilAnnotation *self, const char *topic)
{
  g_return_val_if_fail (self != NULL && topic != NULL, FALSE);

  for (guint i = 0; i < self->n_topics; i++)
    if (self->topics[i] == topic || strcmp (self->topics[i], topic) == 0)
      return TRUE;

  return FALSE;
}

PostilNote *const *
postil_annotation_get_notes (PostilAnnotation *self, guint *n_notes)
{
  g_return_val_if_fail (self != NULL && n_notes != NULL, NULL);

  *n_notes = self->n_notes;
  return self->notes;
}

/**
 * postil_annotation_find_note:
 * @self: an annotation
 * @creator: (nullable): id of an annotator
 *
 * Returns: (transfer none) (nullable): the first note of that annotator
 */
PostilNote *
postil_annotation_find_note (PostilAnnotation *self, const char *creator)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->n_notes; i++)
    if (g_strcmp0 (postil_note_get_creator (self->notes[i]), creator) == 0)
      return self->notes[i];

  return NULL;
}

/**
 * postil_annotation_compare:
 * @a: an annotation
 * @b: another
 *
 * Reading order, which is also the order of the sidecar: annotations of the whole document, then
 * passages by where they begin (orphans by where they were last), then by id; last those that
 * Postil cannot show.
 *
 * Returns: negative, 0 or positive, as strcmp() does
 */
int
postil_annotation_compare (PostilAnnotation *a, PostilAnnotation *b)
{
  static const int rank[] = {
    [POSTIL_ANNOTATION_DOCUMENT] = 0,
    [POSTIL_ANNOTATION_PASSAGE] = 1,
    [POSTIL_ANNOTATION_FOREIGN] = 2,
  };
  guint x, y;

  if (a->kind != b->kind)
    return rank[a->kind] - rank[b->kind];

  x = postil_annotation_get_extent (a).start;
  y = postil_annotation_get_extent (b).start;
  if (x != y)
    return x < y ? -1 : 1;

  return strcmp (get_id (a), get_id (b));
}

/**
 * postil_annotation_equal:
 * @a: an annotation
 * @b: another
 *
 * Returns: whether both hold the same in all their fields
 */
gboolean
postil_annotation_equal (PostilAnnotation *a, PostilAnnotation *b)
{
  if (a == b)
    return TRUE;
  if (a->kind != b->kind || a->status != b->status || a->created != b->created ||
      a->modified != b->modified || a->creator != b->creator || a->n_topics != b->n_topics ||
      a->n_notes != b->n_notes || a->n_spans != b->n_spans ||
      !postil_anchor_equal (a->anchor, b->anchor) ||
      g_strcmp0 (get_version_of (a), get_version_of (b)) != 0 ||
      strcmp (get_id (a), get_id (b)) != 0 || !postil_foreign_equal (a->foreign, b->foreign) ||
      memcmp (get_spans (a), get_spans (b), a->n_spans * sizeof (PostilSpan)) != 0 ||
      memcmp (a->topics, b->topics, a->n_topics * sizeof (char *)) != 0)
    return FALSE;

  for (guint i = 0; i < a->n_notes; i++)
    if (!postil_note_equal (a->notes[i], b->notes[i]))
      return FALSE;

  return TRUE;
}
