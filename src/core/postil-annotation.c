/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation.h"

#include <string.h>

#include "postil-id.h"

/*
 * PostilAnnotation: a passage with any number of topics and notes. An immutable, reference-counted
 * value in one piece of memory (topics, notes, spans, id and the id of the other version follow the
 * struct), as there may be a hundred thousand of them; may be read in any thread. The document's
 * index owns the present one, steps of the history the earlier ones.
 */
typedef struct
{
  PostilAnchor *anchor;
  PostilForeign *foreign;
  PostilLink *link;
} Rare;

struct _PostilAnnotation
{
  gatomicrefcount ref_count;
  guint32 n_spans : 27;
  guint32 has_version_of : 1;
  guint32 kind : 2;
  guint32 status : 2;
  /* Seconds of 34,000 years. */
  gint64 created : 40;
  guint64 n_topics : 24;
  gint64 modified : 40;
  guint64 n_notes : 24;
  char *creator;
  /* What most annotations have nothing of; NULL then. */
  Rare *rare;
  char *topics[];
};

G_DEFINE_BOXED_TYPE (PostilAnnotation,
                     postil_annotation,
                     postil_annotation_ref,
                     postil_annotation_unref)

static inline PostilNote **
get_notes (PostilAnnotation *self)
{
  return (PostilNote **) (self->topics + self->n_topics);
}

static inline PostilSpan *
get_spans (PostilAnnotation *self)
{
  return (PostilSpan *) (get_notes (self) + self->n_notes);
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

static inline const Rare *
get_rare (PostilAnnotation *self)
{
  static const Rare none = { 0 };

  return self->rare ? self->rare : &none;
}

static Rare *
rare_new (const PostilAnnotationFields *fields)
{
  Rare *rare;

  if (fields->anchor == NULL && fields->foreign == NULL && fields->link == NULL)
    return NULL;
  rare = g_slice_new (Rare);
  *rare = (Rare){
    .anchor = fields->anchor ? postil_anchor_ref (fields->anchor) : NULL,
    .foreign = fields->foreign ? postil_foreign_ref (fields->foreign) : NULL,
    .link = fields->link ? postil_link_ref (fields->link) : NULL,
  };
  return rare;
}

static void
rare_free (Rare *rare)
{
  g_clear_pointer (&rare->anchor, postil_anchor_unref);
  g_clear_pointer (&rare->foreign, postil_foreign_unref);
  g_clear_pointer (&rare->link, postil_link_unref);
  g_slice_free (Rare, rare);
}

static gsize
get_size (const PostilAnnotationFields *fields)
{
  return sizeof (PostilAnnotation) + (fields->n_topics + fields->n_notes) * sizeof (gpointer) +
         fields->n_spans * sizeof (PostilSpan) + strlen (fields->id) + 1 +
         (fields->version_of ? strlen (fields->version_of) + 1 : 0);
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

  self = g_malloc (get_size (fields));
  g_atomic_ref_count_init (&self->ref_count);
  self->kind = fields->kind;
  self->status = fields->status;
  self->created = fields->created;
  self->modified = fields->modified;
  self->creator = fields->creator ? postil_id_intern (fields->creator) : NULL;
  self->rare = rare_new (fields);
  self->n_topics = fields->n_topics;
  self->n_notes = fields->n_notes;
  self->n_spans = fields->n_spans;
  self->has_version_of = fields->version_of != NULL;
  for (guint i = 0; i < self->n_topics; i++)
    self->topics[i] = postil_id_intern (fields->topics[i]);
  for (guint i = 0; i < self->n_notes; i++)
    get_notes (self)[i] = postil_note_ref (fields->notes[i]);
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
    postil_note_unref (get_notes (self)[i]);
  g_clear_pointer (&self->creator, g_ref_string_release);
  g_clear_pointer (&self->rare, rare_free);
  g_free (self);
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
    .notes = get_notes (self),
    .n_notes = self->n_notes,
    .anchor = get_rare (self)->anchor,
    .foreign = get_rare (self)->foreign,
    .version_of = get_version_of (self),
    .link = get_rare (self)->link,
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
 * postil_annotation_get_link:
 * @self: an annotation
 *
 * Returns: (transfer none) (nullable): what it joins its passage to, if it is a link
 */
PostilLink *
postil_annotation_get_link (PostilAnnotation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_rare (self)->link;
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
  else if (get_rare (self)->anchor)
    extent.start = extent.end = postil_anchor_get_place (get_rare (self)->anchor);
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
  return get_notes (self);
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
    if (g_strcmp0 (postil_note_get_creator (get_notes (self)[i]), creator) == 0)
      return get_notes (self)[i];

  return NULL;
}

/**
 * postil_annotation_compare:
 * @a: an annotation
 * @b: another
 *
 * Reading order, which is also the order of the sidecar: annotations of the whole document, then
 * passages by where they begin (orphans by where they were last), then by id; then those that
 * Postil cannot show; last the links, as passages.
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
    [POSTIL_ANNOTATION_LINK] = 3,
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
      !postil_anchor_equal (get_rare (a)->anchor, get_rare (b)->anchor) ||
      !postil_link_equal (get_rare (a)->link, get_rare (b)->link) ||
      !postil_foreign_equal (get_rare (a)->foreign, get_rare (b)->foreign) ||
      g_strcmp0 (get_version_of (a), get_version_of (b)) != 0 ||
      strcmp (get_id (a), get_id (b)) != 0 ||
      memcmp (get_spans (a), get_spans (b), a->n_spans * sizeof (PostilSpan)) != 0 ||
      memcmp (a->topics, b->topics, a->n_topics * sizeof (char *)) != 0)
    return FALSE;

  for (guint i = 0; i < a->n_notes; i++)
    if (!postil_note_equal (get_notes (a)[i], get_notes (b)[i]))
      return FALSE;

  return TRUE;
}
