/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-anchor.h"
#include "postil-foreign.h"
#include "postil-link.h"
#include "postil-note.h"
#include "postil-span.h"

G_BEGIN_DECLS

/**
 * PostilStatus:
 * @POSTIL_STATUS_PLACED: its passage stands where it was
 * @POSTIL_STATUS_MOVED: the text changed, its passage was found
 * @POSTIL_STATUS_UNCERTAIN: the text changed, the place is a best guess
 * @POSTIL_STATUS_ORPHANED: the text changed, its passage was not found
 */
typedef enum
{
  POSTIL_STATUS_PLACED,
  POSTIL_STATUS_MOVED,
  POSTIL_STATUS_UNCERTAIN,
  POSTIL_STATUS_ORPHANED
} PostilStatus;

/**
 * PostilAnnotationKind:
 * @POSTIL_ANNOTATION_PASSAGE: about one or more ranges of the text
 * @POSTIL_ANNOTATION_DOCUMENT: about the whole document
 * @POSTIL_ANNOTATION_FOREIGN: one that Postil cannot show; kept and listed as it came
 * @POSTIL_ANNOTATION_LINK: joins a passage of the text to one of another document; has its place
 * as a passage has, but is not shown among annotations
 */
typedef enum
{
  POSTIL_ANNOTATION_PASSAGE,
  POSTIL_ANNOTATION_DOCUMENT,
  POSTIL_ANNOTATION_FOREIGN,
  POSTIL_ANNOTATION_LINK
} PostilAnnotationKind;

/* Whether an annotation of that kind has a place in the text. */
static inline gboolean
postil_annotation_kind_has_place (PostilAnnotationKind kind)
{
  return kind == POSTIL_ANNOTATION_PASSAGE || kind == POSTIL_ANNOTATION_LINK;
}

#define POSTIL_TYPE_ANNOTATION (postil_annotation_get_type ())
typedef struct _PostilAnnotation PostilAnnotation;
GType postil_annotation_get_type (void);

/**
 * PostilAnnotationFields:
 * @id: its IRI
 * @kind: what it is about
 * @status: whether its passage stands in the text
 * @creator: id of the annotator, or %NULL
 * @created: seconds since the Unix epoch, 0 when unknown
 * @modified: seconds since the Unix epoch, 0 when never
 * @spans: its ranges in code points, by start; none unless it is a passage or a link that was
 * found
 * @n_spans: how many
 * @topics: ids of its topics, each once, in the order they were given
 * @n_topics: how many
 * @notes: its notes, in the order they were written
 * @n_notes: how many
 * @anchor: how its passage was described before the text changed, %NULL when placed; of what was
 * read without a text, how it is described
 * @foreign: what another program put into it, or %NULL
 * @version_of: id of the annotation that this is the other version of, as two people changed it at
 * the same time and nobody has chosen yet; mostly %NULL
 * @link: the passage of another document that it joins its own to; %NULL unless it is a link
 *
 * All that an annotation holds. To change one, take its fields, change them and make a new one.
 */
typedef struct
{
  const char *id;
  PostilAnnotationKind kind;
  PostilStatus status;
  const char *creator;
  gint64 created;
  gint64 modified;
  const PostilSpan *spans;
  guint n_spans;
  const char *const *topics;
  guint n_topics;
  PostilNote *const *notes;
  guint n_notes;
  PostilAnchor *anchor;
  PostilForeign *foreign;
  const char *version_of;
  PostilLink *link;
} PostilAnnotationFields;

PostilAnnotation *postil_annotation_new (const PostilAnnotationFields *fields);
PostilAnnotation *postil_annotation_ref (PostilAnnotation *self);
void postil_annotation_unref (PostilAnnotation *self);

void postil_annotation_get_fields (PostilAnnotation *self, PostilAnnotationFields *fields);
const char *postil_annotation_get_id (PostilAnnotation *self);
PostilAnnotationKind postil_annotation_get_kind (PostilAnnotation *self);
PostilStatus postil_annotation_get_status (PostilAnnotation *self);
const PostilSpan *postil_annotation_get_spans (PostilAnnotation *self, guint *n_spans);
PostilSpan postil_annotation_get_extent (PostilAnnotation *self);
const char *const *postil_annotation_get_topics (PostilAnnotation *self, guint *n_topics);
gboolean postil_annotation_has_topic (PostilAnnotation *self, const char *topic);
PostilNote *const *postil_annotation_get_notes (PostilAnnotation *self, guint *n_notes);
PostilNote *postil_annotation_find_note (PostilAnnotation *self, const char *creator);
const char *postil_annotation_get_version_of (PostilAnnotation *self);
PostilLink *postil_annotation_get_link (PostilAnnotation *self);
int postil_annotation_compare (PostilAnnotation *a, PostilAnnotation *b);
gboolean postil_annotation_equal (PostilAnnotation *a, PostilAnnotation *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotation, postil_annotation_unref)

G_END_DECLS
