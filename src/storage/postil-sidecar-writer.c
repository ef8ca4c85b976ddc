/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-writer.h"

#include <string.h>

#include "postil-sidecar-emitter.h"
#include "postil-sidecar-own.h"

/* How many bytes are gathered before the sink gets them. */
#define PIECE 65536

typedef struct
{
  PostilSnapshot *snapshot;
  PostilSidecarStyle style;
  PostilSidecarSink sink;
  gpointer data;
  GCancellable *cancellable;
  GError **error;
  gboolean failed;
  GString *buffer;

  const char *utf8;
  guint length;
  /* For writing in place: topics by id, annotators by id, and the first topic of each label. */
  GHashTable *topics;
  GHashTable *annotators;
  GHashTable *labels;
  guint n_annotations;
} Writer;

static void
flush (Writer *self, gsize wanted)
{
  if (self->failed || self->buffer->len < wanted)
    return;
  self->failed = g_cancellable_set_error_if_cancelled (self->cancellable, self->error) ||
                 !self->sink (self->buffer->str, self->buffer->len, self->data, self->error);
  g_string_truncate (self->buffer, 0);
}

static void
put_person (Writer *self, PostilAnnotator *annotator)
{
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_person, postil_annotator_get_foreign (annotator), "", 0);
  const char *name = postil_annotator_get_name (annotator);

  postil_sidecar_level_put (&level, PERSON_ID, postil_annotator_get_id (annotator));
  postil_sidecar_level_put_word (&level, PERSON_TYPE, "Person");
  postil_sidecar_level_put (&level, PERSON_NAME, *name != '\0' ? name : NULL);
  postil_sidecar_level_end_object (&level);
}

static void
put_reference (Writer *self,
               PostilSidecarLevel *level,
               int known,
               const char *id,
               PostilForeign *foreign,
               const char *object)
{
  PostilSidecarLevel reference;

  if (id == NULL || !postil_sidecar_level_begin (level, known))
    return;
  reference = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_reference,
                                                 foreign, object, 0);
  postil_sidecar_level_put (&reference, REFERENCE_ID, id);
  postil_sidecar_level_end_object (&reference);
}

static void
put_topic (Writer *self, PostilTopic *topic)
{
  PostilTopicFields fields;
  PostilSidecarLevel level;

  postil_topic_get_fields (topic, &fields);
  level = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_topic,
                                             fields.foreign, "", 0);
  postil_sidecar_level_put (&level, TOPIC_ID, fields.id);
  postil_sidecar_level_put_word (&level, TOPIC_TYPE, "skos:Concept");
  postil_sidecar_level_put (&level, TOPIC_LABEL, fields.label);
  postil_sidecar_level_put (&level, TOPIC_DEFINITION, fields.definition);
  put_reference (self, &level, TOPIC_BROADER, fields.broader, fields.foreign, "broader");
  postil_sidecar_level_put (&level, TOPIC_COLOR, fields.color);
  postil_sidecar_level_put_date (&level, TOPIC_MODIFIED, fields.modified);
  if (fields.deprecated && postil_sidecar_level_begin (&level, TOPIC_DEPRECATED))
    g_string_append (self->buffer, "true");
  postil_sidecar_level_end_object (&level);
}

static void
put_source (Writer *self)
{
  PostilSnapshot *snapshot = self->snapshot;
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_source, snapshot->foreign, "source", 4);
  PostilText *text = snapshot->text;
  g_autofree char *charset = text ? g_ascii_strdown (postil_text_get_charset (text), -1) : NULL;
  g_autofree char *format = text ? g_strconcat ("text/plain; charset=", charset, NULL) : NULL;

  postil_sidecar_level_put (&level, SOURCE_ID, snapshot->id);
  postil_sidecar_level_put_word (&level, SOURCE_TYPE, "Text");
  postil_sidecar_level_put (&level, SOURCE_LABEL, snapshot->label);
  postil_sidecar_level_put (&level, SOURCE_FORMAT, format);
  postil_sidecar_level_put (&level, SOURCE_LANGUAGE, snapshot->language);
  /* What was read without its text is foreign, and stands there. */
  postil_sidecar_level_put (&level, SOURCE_SHA256, text ? postil_text_get_sha256 (text) : NULL);
  if (text && postil_sidecar_level_begin (&level, SOURCE_EXTENT))
    postil_sidecar_emit_number (self->buffer, self->length);
  postil_sidecar_level_end_object (&level);
}

static void
put_creator (Writer *self, PostilSidecarLevel *level, int known, const char *id)
{
  PostilAnnotator *annotator;

  if (id == NULL || !postil_sidecar_level_begin (level, known))
    return;
  annotator = self->style == POSTIL_SIDECAR_STYLE_IN_PLACE
                ? g_hash_table_lookup (self->annotators, id)
                : NULL;
  if (annotator)
    put_person (self, annotator);
  else
    postil_sidecar_emit_string (self->buffer, id);
}

/* Writes the body of a topic; in place as a tag, which other programs show, and only where that
 * would mean another topic of the same label as a concept. */
static void
put_topic_body (Writer *self, PostilForeign *foreign, const char *id)
{
  g_autofree char *object = foreign ? g_strconcat ("body/", id, NULL) : NULL;
  PostilTopic *topic =
    self->style == POSTIL_SIDECAR_STYLE_IN_PLACE ? g_hash_table_lookup (self->topics, id) : NULL;
  PostilSidecarLevel level =
    postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_body, foreign, object, 0);
  PostilSidecarLevel source;

  if (topic && g_hash_table_lookup (self->labels, postil_topic_get_label (topic)) == topic)
    {
      postil_sidecar_level_put_word (&level, BODY_TYPE, "TextualBody");
      postil_sidecar_level_put_word (&level, BODY_PURPOSE, "tagging");
      postil_sidecar_level_put_word (&level, BODY_FORMAT, "text/plain");
      postil_sidecar_level_put (&level, BODY_VALUE, postil_topic_get_label (topic));
    }
  else
    {
      postil_sidecar_level_put_word (&level, BODY_TYPE, "SpecificResource");
      postil_sidecar_level_put_word (&level, BODY_PURPOSE, "classifying");
      if (topic && postil_sidecar_level_begin (&level, BODY_SOURCE))
        {
          source = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_topic,
                                                      NULL, "", 0);
          postil_sidecar_level_put (&source, TOPIC_ID, id);
          postil_sidecar_level_put_word (&source, TOPIC_TYPE, "skos:Concept");
          postil_sidecar_level_put (&source, TOPIC_LABEL, postil_topic_get_label (topic));
          postil_sidecar_level_end_object (&source);
        }
      else if (topic == NULL)
        {
          postil_sidecar_level_put (&level, BODY_SOURCE, id);
        }
    }
  postil_sidecar_level_end_object (&level);
}

static void
put_note_body (Writer *self, PostilNote *note, const PostilAnnotationFields *annotation)
{
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_body, postil_note_get_foreign (note), "", 0);
  const char *creator = postil_note_get_creator (note);
  gint64 created = postil_note_get_created (note);
  gboolean own = g_strcmp0 (creator, annotation->creator) == 0;

  postil_sidecar_level_put_word (&level, BODY_TYPE, "TextualBody");
  postil_sidecar_level_put_word (&level, BODY_PURPOSE, "commenting");
  postil_sidecar_level_put_word (&level, BODY_FORMAT, "text/plain");
  postil_sidecar_level_put (&level, BODY_VALUE, postil_note_get_text (note));
  put_creator (self, &level, BODY_CREATOR, own ? NULL : creator);
  postil_sidecar_level_put_date (&level, BODY_CREATED,
                                 own && created == annotation->created ? 0 : created);
  postil_sidecar_level_end_object (&level);
}

static void
put_text (Writer *self, PostilSidecarLevel *level, int known, gsize start, gsize end)
{
  if (postil_sidecar_level_begin (level, known))
    postil_sidecar_emit_string_len (self->buffer, self->utf8 + start, end - start);
}

static void
put_position (Writer *self,
              PostilSpan span,
              PostilForeign *foreign,
              const char *object,
              PostilSidecarLevel *array)
{
  PostilSidecarLevel level;

  postil_sidecar_level_begin_element (array);
  level = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_selector, foreign,
                                             object, 0);
  postil_sidecar_level_put_word (&level, SELECTOR_TYPE, "TextPositionSelector");
  if (postil_sidecar_level_begin (&level, SELECTOR_START))
    postil_sidecar_emit_number (self->buffer, span.start);
  if (postil_sidecar_level_begin (&level, SELECTOR_END))
    postil_sidecar_emit_number (self->buffer, span.end);
  postil_sidecar_level_end_object (&level);
}

/* Writes a passage as a position and a quote of the text. */
static void
put_place (Writer *self,
           PostilForeign *foreign,
           const char *object,
           PostilSpan span,
           PostilSidecarLevel *array)
{
  PostilText *text = self->snapshot->text;
  g_autofree char *position = foreign ? g_strconcat (object, "/position", NULL) : NULL;
  g_autofree char *quote = foreign ? g_strconcat (object, "/quote", NULL) : NULL;
  gsize bytes[4];
  PostilSidecarLevel level;

  put_position (self, span, foreign, position, array);
  postil_sidecar_level_begin_element (array);
  level = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_selector, foreign,
                                             quote, 0);
  postil_sidecar_level_put_word (&level, SELECTOR_TYPE, "TextQuoteSelector");
  postil_text_get_context (text, span, POSTIL_ANCHOR_CONTEXT, bytes);
  if (bytes[0] < bytes[1])
    put_text (self, &level, SELECTOR_PREFIX, bytes[0], bytes[1]);
  put_text (self, &level, SELECTOR_EXACT, bytes[1], bytes[2]);
  if (bytes[2] < bytes[3])
    put_text (self, &level, SELECTOR_SUFFIX, bytes[2], bytes[3]);
  postil_sidecar_level_end_object (&level);
}

static void
put_quote (Writer *self,
           const PostilSelector *selector,
           PostilForeign *foreign,
           const char *object,
           PostilSidecarLevel *array)
{
  PostilSidecarLevel level;

  postil_sidecar_level_begin_element (array);
  level = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_selector, foreign,
                                             object, 0);
  postil_sidecar_level_put_word (&level, SELECTOR_TYPE, "TextQuoteSelector");
  postil_sidecar_level_put (&level, SELECTOR_PREFIX, selector->prefix);
  postil_sidecar_level_put (&level, SELECTOR_EXACT, selector->exact);
  postil_sidecar_level_put (&level, SELECTOR_SUFFIX, selector->suffix);
  postil_sidecar_level_end_object (&level);
}

/* Scans bytes that have been read before, by parts. */
static void
scan_again (PostilJsonScanner *scanner, const char *bytes, gsize n_bytes)
{
  postil_json_scanner_init (scanner, bytes, n_bytes);
  scanner->max_depth = POSTIL_JSON_MAX_DEPTH + POSTIL_JSON_EXTRA_DEPTH;
}

/* (transfer full) (element-type PostilJsonSlice): the @n targets in the bytes that an anchor was
 * read from; fewer where it was not read. */
static GArray *
split_earlier (PostilAnchor *anchor, guint n)
{
  const char *source = anchor ? postil_anchor_get_source (anchor) : NULL;
  GArray *earlier = g_array_new (FALSE, FALSE, sizeof (PostilJsonSlice));
  PostilJsonScanner scanner;
  PostilJsonSlice raw;
  guint n_read = 0;

  if (source == NULL)
    return earlier;
  scan_again (&scanner, source, strlen (source));
  if (n == 1)
    {
      if (postil_json_scanner_skip (&scanner, &raw))
        g_array_append_val (earlier, raw);
      return earlier;
    }
  postil_json_scanner_enter (&scanner);
  while (postil_json_scanner_next_element (&scanner, &n_read) &&
         postil_json_scanner_skip (&scanner, &raw))
    g_array_append_val (earlier, raw);
  return earlier;
}

/* Writes the place that was true for an earlier text. @raw is %NULL when it was not read from a
 * file. */
static void
put_earlier (Writer *self,
             PostilAnchor *anchor,
             guint index,
             const PostilJsonSlice *raw,
             guint indent)
{
  const char *sha256 = postil_anchor_get_sha256 (anchor);
  guint n_selectors;
  const PostilSelector *selector = &postil_anchor_get_selectors (anchor, &n_selectors)[index];
  PostilSidecarLevel level, array;

  if (raw)
    {
      g_string_append_len (self->buffer, raw->bytes, raw->n_bytes);
      return;
    }

  level = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_target, NULL, "",
                                             indent + 2);
  postil_sidecar_level_put_word (&level, TARGET_TYPE, "SpecificResource");
  postil_sidecar_level_put (&level, TARGET_SOURCE, self->snapshot->id);
  if ((selector->has_position || selector->exact) &&
      postil_sidecar_level_begin (&level, TARGET_SELECTOR))
    {
      array = postil_sidecar_level_enter_array (self->buffer, NULL, "", indent + 4);
      if (selector->has_position)
        put_position (self, selector->position, NULL, "", &array);
      if (selector->exact)
        put_quote (self, selector, NULL, "", &array);
      postil_sidecar_level_end_array (&array);
    }
  if (sha256 && *sha256 != '\0')
    {
      g_string_append (self->buffer, ",");
      postil_sidecar_emit_indent (self->buffer, indent + 2);
      g_string_append (self->buffer, "\"schema:sha256\": ");
      postil_sidecar_emit_string (self->buffer, sha256);
    }
  postil_sidecar_level_end_object (&level);
}

/* Writes the present place of a range: in the text, or as it is described where that was not read
 * or the passage is not in it. */
static void
put_selectors (Writer *self,
               const PostilAnnotationFields *fields,
               guint index,
               const PostilSelector *described,
               PostilSidecarLevel *target,
               guint indent)
{
  PostilForeign *foreign = fields->foreign;
  g_autofree char *object = foreign ? g_strdup_printf ("target/%u", index) : NULL;
  g_autofree char *selector = foreign ? g_strconcat (object, "/selector", NULL) : NULL;
  g_autofree char *position = foreign ? g_strconcat (object, "/position", NULL) : NULL;
  g_autofree char *quote = foreign ? g_strconcat (object, "/quote", NULL) : NULL;
  gboolean placed = index < fields->n_spans;
  /* A position in another text is none in the sidecar's. */
  gboolean positioned = !placed && self->snapshot->text == NULL && described &&
                        described->has_position &&
                        postil_anchor_get_sha256 (fields->anchor) == NULL;
  PostilSidecarLevel array;

  if (!placed && !positioned && !(described && described->exact) &&
      !(foreign && postil_sidecar_has_elements (foreign, selector)))
    return;
  if (!postil_sidecar_level_begin (target, TARGET_SELECTOR))
    return;
  array = postil_sidecar_level_enter_array (self->buffer, foreign, selector, indent);
  if (placed)
    put_place (self, foreign, object, fields->spans[index], &array);
  if (positioned)
    put_position (self, described->position, foreign, position, &array);
  if (!placed && described && described->exact)
    put_quote (self, described, foreign, quote, &array);
  postil_sidecar_level_end_array (&array);
}

/* Writes the @index-th range of a passage; @earlier is what split_earlier() gave. */
static void
put_target (Writer *self,
            const PostilAnnotationFields *fields,
            guint index,
            const GArray *earlier,
            guint indent)
{
  g_autofree char *object = fields->foreign ? g_strdup_printf ("target/%u", index) : NULL;
  const PostilSelector *described = NULL;
  const PostilJsonSlice *raw =
    index < earlier->len ? &g_array_index (earlier, PostilJsonSlice, index) : NULL;
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_target, fields->foreign, object, indent + 2);
  guint n_described = 0;
  gboolean replaces;

  if (fields->anchor)
    described = postil_anchor_get_selectors (fields->anchor, &n_described);
  described = index < n_described ? &described[index] : NULL;
  if (raw)
    replaces = !postil_json_slice_is (raw, "null");
  else
    replaces = described && (self->snapshot->text || postil_anchor_get_sha256 (fields->anchor));

  postil_sidecar_level_put_word (&level, TARGET_TYPE, "SpecificResource");
  postil_sidecar_level_put (&level, TARGET_SOURCE, self->snapshot->id);
  put_selectors (self, fields, index, described, &level, indent + 4);
  if (replaces && postil_sidecar_level_begin (&level, TARGET_REPLACES))
    put_earlier (self, fields->anchor, index, raw, indent + 2);
  postil_sidecar_level_put (&level, TARGET_STATUS, postil_sidecar_form_get_status (fields->status));
  if (fields->link && index == 0)
    put_reference (self, &level, TARGET_RELATION, postil_link_get_to (fields->link), NULL, "");
  postil_sidecar_level_end_object (&level);
}

static void
put_targets (Writer *self, const PostilAnnotationFields *fields, guint indent)
{
  g_autoptr (GArray) earlier = NULL;
  guint n = fields->n_spans;
  PostilSidecarLevel array;

  if (fields->kind == POSTIL_ANNOTATION_DOCUMENT)
    {
      postil_sidecar_emit_string (self->buffer, self->snapshot->id);
      return;
    }
  if (n == 0 && fields->anchor)
    postil_anchor_get_selectors (fields->anchor, &n);
  earlier = split_earlier (fields->anchor, n);
  if (n == 1)
    {
      put_target (self, fields, 0, earlier, indent);
      return;
    }
  array = postil_sidecar_level_enter_array (self->buffer, NULL, "", indent + 2);
  for (guint i = 0; i < n; i++)
    {
      postil_sidecar_level_begin_element (&array);
      put_target (self, fields, i, earlier, indent + 2);
    }
  postil_sidecar_level_end_array (&array);
}

/* The only body, if another program gave it and put no array round it. */
static const PostilForeignMember *
find_bare_body (const PostilAnnotationFields *fields)
{
  guint n_members;
  const PostilForeignMember *members = postil_foreign_get_members (fields->foreign, &n_members);

  if (fields->n_topics + fields->n_notes > 0)
    return NULL;
  for (guint i = 0; i < n_members; i++)
    if (members[i].key == NULL && strcmp (members[i].object, "body") == 0)
      return *members[i].after == '\0' ? &members[i] : NULL;
  return NULL;
}

static void
put_bodies (Writer *self, const PostilAnnotationFields *fields, guint indent)
{
  const PostilForeignMember *bare = find_bare_body (fields);
  PostilSidecarLevel array;

  if (bare)
    {
      g_string_append_len (self->buffer, bare->value, bare->n_value);
      return;
    }

  array = postil_sidecar_level_enter_array (self->buffer, fields->foreign, "body", indent + 2);
  for (guint i = 0; i < fields->n_topics; i++)
    {
      postil_sidecar_level_begin_element (&array);
      put_topic_body (self, fields->foreign, fields->topics[i]);
    }
  for (guint i = 0; i < fields->n_notes; i++)
    {
      postil_sidecar_level_begin_element (&array);
      put_note_body (self, fields->notes[i], fields);
    }
  postil_sidecar_level_end_array (&array);
}

/* Writes what a link says of the other document. */
static void
put_other_source (Writer *self, const PostilAnnotationFields *fields, guint indent)
{
  PostilAnchor *passage = postil_link_get_passage (fields->link);
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_source, fields->foreign, "link/0/source", indent + 2);

  postil_sidecar_level_put (&level, SOURCE_ID, postil_anchor_get_source (passage));
  postil_sidecar_level_put_word (&level, SOURCE_TYPE, "Text");
  postil_sidecar_level_put (&level, SOURCE_LABEL, postil_link_get_label (fields->link));
  postil_sidecar_level_put (&level, SOURCE_SHA256, postil_anchor_get_sha256 (passage));
  postil_sidecar_level_end_object (&level);
}

/* Writes the @index-th range of the other passage of a link; the first tells all of its document.
 */
static void
put_other (Writer *self, const PostilAnnotationFields *fields, guint index, guint indent)
{
  PostilForeign *foreign = fields->foreign;
  PostilAnchor *passage = postil_link_get_passage (fields->link);
  guint n_selectors;
  const PostilSelector *selector = &postil_anchor_get_selectors (passage, &n_selectors)[index];
  g_autofree char *object = g_strdup_printf ("link/%u", index);
  g_autofree char *selectors = g_strconcat (object, "/selector", NULL);
  g_autofree char *position = g_strconcat (object, "/position", NULL);
  g_autofree char *quote = g_strconcat (object, "/quote", NULL);
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_target, foreign, object, indent + 2);
  PostilSidecarLevel array;

  postil_sidecar_level_put_word (&level, TARGET_TYPE, "SpecificResource");
  if (index > 0)
    postil_sidecar_level_put (&level, TARGET_SOURCE, postil_anchor_get_source (passage));
  else if (postil_sidecar_level_begin (&level, TARGET_SOURCE))
    put_other_source (self, fields, indent + 2);
  if (postil_sidecar_level_begin (&level, TARGET_SELECTOR))
    {
      array = postil_sidecar_level_enter_array (self->buffer, foreign, selectors, indent + 4);
      if (selector->has_position)
        put_position (self, selector->position, foreign, position, &array);
      if (selector->exact)
        put_quote (self, selector, foreign, quote, &array);
      postil_sidecar_level_end_array (&array);
    }
  if (index == 0)
    put_reference (self, &level, TARGET_RELATION, postil_link_get_from (fields->link), NULL, "");
  postil_sidecar_level_end_object (&level);
}

static void
put_others (Writer *self, const PostilAnnotationFields *fields, guint indent)
{
  PostilSidecarLevel array;
  guint n;

  postil_anchor_get_selectors (postil_link_get_passage (fields->link), &n);
  if (n == 1)
    {
      put_other (self, fields, 0, indent);
      return;
    }
  array = postil_sidecar_level_enter_array (self->buffer, NULL, "", indent + 2);
  for (guint i = 0; i < n; i++)
    {
      postil_sidecar_level_begin_element (&array);
      put_other (self, fields, i, indent + 2);
    }
  postil_sidecar_level_end_array (&array);
}

static const char *
get_motivation (Writer *self, const PostilAnnotationFields *fields, guint n_bodies)
{
  if (fields->link)
    return "linking";
  if (self->style == POSTIL_SIDECAR_STYLE_IN_PLACE && fields->n_topics > 0)
    return "tagging";
  return postil_sidecar_form_get_motivation (fields->n_topics, fields->n_notes, n_bodies);
}

static void
put_annotation (Writer *self, PostilAnnotation *annotation, guint indent)
{
  PostilAnnotationFields fields;
  const PostilForeignMember *members;
  guint n_members, n_bodies;
  const char *motivation;
  PostilSidecarLevel level;

  postil_annotation_get_fields (annotation, &fields);
  if (self->style == POSTIL_SIDECAR_STYLE_NATIVE && self->snapshot->text &&
      postil_sidecar_own_write (self->buffer, self->snapshot->text, self->snapshot->id, &fields))
    return;
  if (fields.kind == POSTIL_ANNOTATION_FOREIGN)
    {
      members = postil_foreign_get_members (fields.foreign, &n_members);
      g_string_append_len (self->buffer, members[0].value, members[0].n_value);
      return;
    }

  n_bodies =
    fields.n_topics + fields.n_notes + postil_sidecar_has_elements (fields.foreign, "body");
  level = postil_sidecar_level_enter_object (self->buffer, &postil_sidecar_form_annotation,
                                             fields.foreign, "", indent + 2);
  postil_sidecar_level_put (&level, ANNOTATION_ID, fields.id);
  postil_sidecar_level_put_word (&level, ANNOTATION_TYPE, "Annotation");
  motivation = get_motivation (self, &fields, n_bodies);
  if (motivation)
    postil_sidecar_level_put_word (&level, ANNOTATION_MOTIVATION, motivation);
  postil_sidecar_level_put_date (&level, ANNOTATION_CREATED, fields.created);
  postil_sidecar_level_put_date (&level, ANNOTATION_MODIFIED, fields.modified);
  put_creator (self, &level, ANNOTATION_CREATOR, fields.creator);
  put_reference (self, &level, ANNOTATION_VERSION_OF, fields.version_of, NULL, "");
  if (fields.link)
    {
      postil_sidecar_level_put (
        &level, ANNOTATION_STATUS,
        postil_sidecar_form_get_link_kind (postil_link_get_kind (fields.link)));
      if (postil_sidecar_level_begin (&level, ANNOTATION_BODY))
        put_others (self, &fields, indent + 2);
    }
  else if (n_bodies > 0 && postil_sidecar_level_begin (&level, ANNOTATION_BODY))
    {
      put_bodies (self, &fields, indent + 2);
    }
  if (postil_sidecar_level_begin (&level, ANNOTATION_TARGET))
    put_targets (self, &fields, indent + 2);
  postil_sidecar_level_end_object (&level);
}

typedef struct
{
  Writer *writer;
  PostilSidecarLevel *array;
} Items;

static gboolean
put_item_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Items *items = data;

  postil_sidecar_level_begin_element (items->array);
  put_annotation (items->writer, annotation, items->array->indent);
  flush (items->writer, PIECE);
  return items->writer->failed ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
put_items (Writer *self, guint indent)
{
  PostilSidecarLevel array;

  if (self->n_annotations == 0)
    {
      g_string_append (self->buffer, "[]");
      return;
    }
  array = postil_sidecar_level_enter_array (self->buffer, NULL, "", indent + 2);
  postil_annotation_index_foreach (self->snapshot->annotations, put_item_cb,
                                   &(Items){ self, &array });
  postil_sidecar_level_end_array (&array);
}

static void
put_page (Writer *self)
{
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_page, self->snapshot->foreign, "page", 4);
  g_autofree char *id = postil_sidecar_form_dup_page_id (self->snapshot->collection);

  postil_sidecar_level_put (&level, PAGE_ID, id);
  postil_sidecar_level_put_word (&level, PAGE_TYPE, "AnnotationPage");
  postil_sidecar_level_put (&level, PAGE_PART_OF, self->snapshot->collection);
  if (postil_sidecar_level_begin (&level, PAGE_START_INDEX))
    postil_sidecar_emit_number (self->buffer, 0);
  if (postil_sidecar_level_begin (&level, PAGE_ITEMS))
    put_items (self, 4);
  postil_sidecar_level_end_object (&level);
}

/* Writes the first page. Without annotations there is none but what other programs made of it. */
static void
put_first (Writer *self, PostilSidecarLevel *level)
{
  guint n_members, n_of_page = 0;
  const PostilForeignMember *members =
    postil_foreign_get_members (self->snapshot->foreign, &n_members);
  const PostilForeignMember *next = NULL;

  for (guint i = 0; i < n_members; i++)
    if (strcmp (members[i].object, "page") == 0)
      {
        n_of_page++;
        if (g_strcmp0 (members[i].key, "next") == 0)
          next = &members[i];
      }

  if (self->n_annotations == 0 && n_of_page == 0)
    return;
  if (!postil_sidecar_level_begin (level, COLLECTION_FIRST))
    return;
  if (self->n_annotations == 0 && n_of_page == 1 && next)
    g_string_append_len (self->buffer, next->value, next->n_value);
  else
    put_page (self);
}

static void
put_collection (Writer *self)
{
  PostilSnapshot *snapshot = self->snapshot;
  PostilSidecarLevel level = postil_sidecar_level_enter_object (
    self->buffer, &postil_sidecar_form_collection, snapshot->foreign, "", 2);
  PostilSidecarLevel array;

  postil_sidecar_level_put (&level, COLLECTION_CONTEXT, POSTIL_SIDECAR_CONTEXT);
  postil_sidecar_level_put (&level, COLLECTION_ID, snapshot->collection);
  postil_sidecar_level_put_word (&level, COLLECTION_TYPE, "AnnotationCollection");
  postil_sidecar_level_put (&level, COLLECTION_LABEL, snapshot->label);
  postil_sidecar_level_put (&level, COLLECTION_VERSION, POSTIL_SIDECAR_VERSION);
  if (self->n_annotations == 0 && postil_sidecar_level_begin (&level, COLLECTION_TOTAL))
    postil_sidecar_emit_number (self->buffer, 0);
  if ((snapshot->annotators->len > 0 ||
       postil_sidecar_has_elements (snapshot->foreign, "creator")) &&
      postil_sidecar_level_begin (&level, COLLECTION_CREATOR))
    {
      array = postil_sidecar_level_enter_array (self->buffer, snapshot->foreign, "creator", 4);
      for (guint i = 0; i < snapshot->annotators->len; i++)
        {
          postil_sidecar_level_begin_element (&array);
          put_person (self, snapshot->annotators->pdata[i]);
        }
      postil_sidecar_level_end_array (&array);
    }
  if ((snapshot->text || snapshot->id) && postil_sidecar_level_begin (&level, COLLECTION_SOURCE))
    put_source (self);
  if ((snapshot->topics->len > 0 || postil_sidecar_has_elements (snapshot->foreign, "subject")) &&
      postil_sidecar_level_begin (&level, COLLECTION_SUBJECT))
    {
      array = postil_sidecar_level_enter_array (self->buffer, snapshot->foreign, "subject", 4);
      for (guint i = 0; i < snapshot->topics->len; i++)
        {
          postil_sidecar_level_begin_element (&array);
          put_topic (self, snapshot->topics->pdata[i]);
          flush (self, PIECE);
        }
      postil_sidecar_level_end_array (&array);
    }
  put_first (self, &level);
  postil_sidecar_level_end_object (&level);
  g_string_append_c (self->buffer, '\n');
}

/* Lets ids of topics and annotators be looked up for writing them in place. */
static void
index_names (Writer *self)
{
  for (guint i = 0; i < self->snapshot->topics->len; i++)
    {
      PostilTopic *topic = self->snapshot->topics->pdata[i];

      g_hash_table_insert (self->topics, (gpointer) postil_topic_get_id (topic), topic);
      if (!g_hash_table_contains (self->labels, postil_topic_get_label (topic)))
        g_hash_table_insert (self->labels, (gpointer) postil_topic_get_label (topic), topic);
    }
  for (guint i = 0; i < self->snapshot->annotators->len; i++)
    {
      PostilAnnotator *annotator = self->snapshot->annotators->pdata[i];

      g_hash_table_insert (self->annotators, (gpointer) postil_annotator_get_id (annotator),
                           annotator);
    }
}

/**
 * postil_sidecar_write:
 * @snapshot: what to write
 * @style: for Postil, or for tools that look nothing up
 * @sink: (scope call): takes the bytes, some 64 KB at a time
 * @data: passed to @sink
 * @cancellable: (nullable): to end it early
 * @error: return location
 *
 * Writes a sidecar, or a codebook when the snapshot is about no text: UTF-8, LF, a newline at the
 * end. The same snapshot always gives the same bytes. May be called in any thread.
 *
 * Returns: %FALSE when it was cancelled or the sink took no more, with their error
 */
gboolean
postil_sidecar_write (PostilSnapshot *snapshot,
                      PostilSidecarStyle style,
                      PostilSidecarSink sink,
                      gpointer data,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GString) buffer = g_string_sized_new (2 * PIECE);
  g_autoptr (GHashTable) topics = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) annotators = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  Writer writer = {
    .snapshot = snapshot,
    .style = style,
    .sink = sink,
    .data = data,
    .cancellable = cancellable,
    .error = error,
    .buffer = buffer,
    .topics = topics,
    .annotators = annotators,
    .labels = labels,
  };

  g_return_val_if_fail (snapshot != NULL && sink != NULL, FALSE);

  if (snapshot->text)
    {
      writer.utf8 = postil_text_get_utf8 (snapshot->text, NULL);
      writer.length = postil_text_get_length (snapshot->text);
    }
  writer.n_annotations = postil_annotation_index_get_size (snapshot->annotations);
  index_names (&writer);
  put_collection (&writer);
  flush (&writer, 0);
  return !writer.failed;
}
