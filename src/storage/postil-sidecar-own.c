/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-own.h"

#include <string.h>

#include "postil-sidecar-emitter.h"
#include "postil-sidecar-form.h"
#include "postil-sidecar-object.h"

/*
 * PostilSidecarOwn: the form of most annotations, of one passage with nothing that other programs
 * gave them. Reads those that are as Postil writes them, in any white space, on a text that has not
 * changed. Nearly all annotations of nearly all sidecars are, and to compare them with
 * what is expected takes a quarter of the time that reading anything takes. What differs in any way
 * is left to #PostilSidecarItem, which makes of each annotation that is read here just the same.
 * The reader owns it.
 */

/* More bodies or longer ids are left to the item. */
#define MAX_BODIES 8
#define MAX_ID 128

/* Whether the scanner stands at just the key or the string @text, which it then passes. */
#define TAKE_KEY(scanner, text) take_key (scanner, "\"" text "\":", sizeof "\"\":" text - 1)
#define TAKE_TEXT(scanner, text)                                                                   \
  postil_json_scanner_take (scanner, "\"" text "\"", sizeof "\"\"" text - 1)

/* Whether a member with just the key @text comes next, to the value of which the scanner then goes
 * on. */
#define TAKE_MEMBER(scanner, text)                                                                 \
  (TAKE (scanner, ", \"" text "\": ") ||                                                           \
   take_member (scanner, "\"" text "\":", sizeof "\"\":" text - 1))

/* Whether the scanner stands at just these bytes, or at those that @form makes of white space or of
 * none, which it then passes. */
#define TAKE(scanner, bytes) postil_json_scanner_take (scanner, bytes, sizeof bytes - 1)
#define TAKE_FORM(scanner, form) (TAKE (scanner, form (" ")) || TAKE (scanner, form ("")))

/* What stands between two values that differ, with @s for each space: how Postil writes it, and
 * what comes of that where white space is left out. */
#define KIND(s) "," s "\"type\":" s "\"Annotation\"," s "\"motivation\":" s
#define TOPIC(s)                                                                                   \
  "{" s "\"type\":" s "\"SpecificResource\"," s "\"purpose\":" s "\"classifying\"," s              \
  "\"source\":" s
#define NOTE(s)                                                                                    \
  "{" s "\"type\":" s "\"TextualBody\"," s "\"purpose\":" s "\"commenting\"," s "\"format\":" s    \
  "\"text/plain\"," s "\"value\":" s
#define POSITION(s) "{" s "\"type\":" s "\"TextPositionSelector\"," s "\"start\":" s
#define QUOTE(s) "{" s "\"type\":" s "\"TextQuoteSelector\"," s

typedef struct
{
  gboolean is_note;
  /* The source of a topic as it stands, or what stands between the quotes of a note. */
  PostilJsonSlice value;
  /* As it stands; no bytes without one. */
  PostilJsonSlice creator;
  gint64 created;
} Body;

struct _PostilSidecarOwn
{
  PostilJsonScanner *scanner;
  PostilSidecarNames *names;
  GString *buffer;

  char id[MAX_ID];
  PostilJsonSlice motivation;
  PostilJsonSlice creator;
  gint64 created;
  gint64 modified;
  PostilSpan span;
  Body bodies[MAX_BODIES];
  guint n_bodies;

  const char *topics[MAX_BODIES];
  guint n_topics;
  PostilNote *notes[MAX_BODIES];
  guint n_notes;
};

static inline __attribute__ ((always_inline)) gboolean
take_byte (PostilJsonScanner *scanner, char byte)
{
  postil_json_scanner_skip_space (scanner);
  if (postil_json_scanner_peek (scanner) != byte)
    return FALSE;
  scanner->at++;
  return TRUE;
}

static inline __attribute__ ((always_inline)) gboolean
take_key (PostilJsonScanner *scanner, const char *key, gsize n_bytes)
{
  postil_json_scanner_skip_space (scanner);
  if (!postil_json_scanner_take (scanner, key, n_bytes))
    return FALSE;
  postil_json_scanner_skip_space (scanner);
  return TRUE;
}

static inline __attribute__ ((always_inline)) gboolean
take_member (PostilJsonScanner *scanner, const char *key, gsize n_bytes)
{
  const char *at = scanner->at;

  if (take_byte (scanner, ',') && take_key (scanner, key, n_bytes))
    return TRUE;
  scanner->at = at;
  return FALSE;
}

static inline gboolean
read_string (PostilJsonScanner *scanner, PostilJsonSlice *string)
{
  return postil_json_scanner_peek (scanner) == '"' &&
         postil_json_scanner_read_string (scanner, string);
}

/* Reads a string that UTF-8 can hold. */
static inline gboolean
read_text (PostilJsonScanner *scanner, PostilJsonSlice *string)
{
  return read_string (scanner, string) && postil_json_slice_can_unescape (string);
}

/* Reads a string as it stands, in its quotes. */
static inline gboolean
read_raw (PostilJsonScanner *scanner, PostilJsonSlice *raw)
{
  const char *start = scanner->at;
  PostilJsonSlice string;

  if (!read_string (scanner, &string))
    return FALSE;
  *raw = (PostilJsonSlice){ .bytes = start, .n_bytes = scanner->at - start };
  return TRUE;
}

static gboolean
read_date (PostilJsonScanner *scanner, gint64 *date)
{
  PostilJsonSlice string;

  return read_string (scanner, &string) && postil_sidecar_parse_date (&string, date);
}

/* Reads a number of at most nine digits; what follows it is for the caller to see. */
static gboolean
read_offset (PostilJsonScanner *scanner, guint *offset)
{
  const char *start = scanner->at, *at = start;
  const char *end = at + MIN (scanner->end - at, 9);

  *offset = 0;
  for (; at < end && g_ascii_isdigit (*at); at++)
    *offset = *offset * 10 + (*at - '0');
  scanner->at = at;
  return at > start && (*start != '0' || at == start + 1);
}

static gboolean
read_id (PostilSidecarOwn *self)
{
  PostilJsonSlice string;

  if (!read_string (self->scanner, &string) || string.escaped || string.n_bytes >= MAX_ID)
    return FALSE;
  memcpy (self->id, string.bytes, string.n_bytes);
  self->id[string.n_bytes] = '\0';
  return postil_sidecar_is_iri (self->id);
}

/* Passes to the value of a topic or a note. */
static gboolean
begin_body (PostilJsonScanner *scanner, gboolean *is_note)
{
  postil_json_scanner_skip_space (scanner);
  *is_note = FALSE;
  if (TAKE_FORM (scanner, TOPIC))
    return TRUE;
  *is_note = TRUE;
  if (TAKE_FORM (scanner, NOTE))
    return TRUE;
  if (!take_byte (scanner, '{') || !TAKE_KEY (scanner, "type"))
    return FALSE;
  *is_note = TAKE_TEXT (scanner, "TextualBody");
  return *is_note ? TAKE_MEMBER (scanner, "purpose") && TAKE_TEXT (scanner, "commenting") &&
                      TAKE_MEMBER (scanner, "format") && TAKE_TEXT (scanner, "text/plain") &&
                      TAKE_MEMBER (scanner, "value")
                  : TAKE_TEXT (scanner, "SpecificResource") && TAKE_MEMBER (scanner, "purpose") &&
                      TAKE_TEXT (scanner, "classifying") && TAKE_MEMBER (scanner, "source");
}

static gboolean
read_body (PostilSidecarOwn *self)
{
  PostilJsonScanner *scanner = self->scanner;
  Body *body = &self->bodies[self->n_bodies];

  if (self->n_bodies == MAX_BODIES)
    return FALSE;
  *body = (Body){ 0 };
  self->n_bodies++;
  if (!begin_body (scanner, &body->is_note))
    return FALSE;
  if (!body->is_note)
    return read_raw (scanner, &body->value) && take_byte (scanner, '}');

  return read_text (scanner, &body->value) &&
         (!TAKE_MEMBER (scanner, "creator") || read_raw (scanner, &body->creator)) &&
         (!TAKE_MEMBER (scanner, "created") || read_date (scanner, &body->created)) &&
         take_byte (scanner, '}');
}

static gboolean
read_bodies (PostilSidecarOwn *self)
{
  if (!take_byte (self->scanner, '['))
    return FALSE;
  do
    if (!read_body (self))
      return FALSE;
  while (take_byte (self->scanner, ','));
  return take_byte (self->scanner, ']');
}

/* Reads a quote. Returns whether it stands at the position that was read. */
static gboolean
read_quote (PostilSidecarOwn *self, PostilText *text)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  PostilJsonSlice exact;
  gsize start, end;

  if (self->span.start > self->span.end || self->span.end > postil_text_get_length (text))
    return FALSE;
  start = postil_text_get_byte (text, self->span.start);
  end = postil_text_get_byte (text, self->span.end);
  if (postil_json_scanner_take_string (self->scanner, utf8 + start, end - start))
    return TRUE;
  if (!read_text (self->scanner, &exact))
    return FALSE;
  if (exact.escaped)
    {
      g_string_truncate (self->buffer, 0);
      postil_json_slice_unescape (&exact, self->buffer);
      exact = (PostilJsonSlice){ .bytes = self->buffer->str, .n_bytes = self->buffer->len };
    }
  return end - start == exact.n_bytes && memcmp (utf8 + start, exact.bytes, exact.n_bytes) == 0;
}

static gboolean
begin_position (PostilJsonScanner *scanner)
{
  postil_json_scanner_skip_space (scanner);
  return TAKE_FORM (scanner, POSITION) ||
         (take_byte (scanner, '{') && TAKE_KEY (scanner, "type") &&
          TAKE_TEXT (scanner, "TextPositionSelector") && TAKE_MEMBER (scanner, "start"));
}

/* Passes to the key of what a quote says. */
static gboolean
begin_quote (PostilJsonScanner *scanner)
{
  postil_json_scanner_skip_space (scanner);
  if (!TAKE_FORM (scanner, QUOTE) &&
      !(take_byte (scanner, '{') && TAKE_KEY (scanner, "type") &&
        TAKE_TEXT (scanner, "TextQuoteSelector") && take_byte (scanner, ',')))
    return FALSE;
  postil_json_scanner_skip_space (scanner);
  return TRUE;
}

static gboolean
read_target (PostilSidecarOwn *self, const PostilSidecarContext *context)
{
  PostilJsonScanner *scanner = self->scanner;
  PostilJsonSlice source, around;

  return take_byte (scanner, '{') && TAKE_KEY (scanner, "type") &&
         TAKE_TEXT (scanner, "SpecificResource") && TAKE_MEMBER (scanner, "source") &&
         read_string (scanner, &source) && !source.escaped &&
         postil_json_slice_is (&source, context->source) && TAKE_MEMBER (scanner, "selector") &&
         take_byte (scanner, '[') &&

         begin_position (scanner) && read_offset (scanner, &self->span.start) &&
         TAKE_MEMBER (scanner, "end") && read_offset (scanner, &self->span.end) &&
         take_byte (scanner, '}') &&

         take_byte (scanner, ',') && begin_quote (scanner) &&
         (!TAKE_KEY (scanner, "prefix") ||
          (read_text (scanner, &around) && take_byte (scanner, ','))) &&
         TAKE_KEY (scanner, "exact") && read_quote (self, context->text) &&
         (!TAKE_MEMBER (scanner, "suffix") || read_text (scanner, &around)) &&
         take_byte (scanner, '}') &&

         take_byte (scanner, ']') && take_byte (scanner, '}');
}

/* Whether the motivation is the one that goes with the bodies. */
static gboolean
is_motivated (PostilSidecarOwn *self)
{
  guint n_notes = 0;

  for (guint i = 0; i < self->n_bodies; i++)
    n_notes += self->bodies[i].is_note;
  return postil_json_slice_is (
    &self->motivation,
    postil_sidecar_form_get_motivation (self->n_bodies - n_notes, n_notes, self->n_bodies));
}

/* Passes over the annotation that the scanner stands at. Returns whether it is as Postil writes it.
 */
static gboolean
read_annotation (PostilSidecarOwn *self, const PostilSidecarContext *context)
{
  PostilJsonScanner *scanner = self->scanner;

  self->creator = (PostilJsonSlice){ 0 };
  self->created = 0;
  self->modified = 0;
  self->n_bodies = 0;
  return take_byte (scanner, '{') && TAKE_KEY (scanner, "id") && read_id (self) &&
         (TAKE_FORM (scanner, KIND) ||
          (TAKE_MEMBER (scanner, "type") && TAKE_TEXT (scanner, "Annotation") &&
           TAKE_MEMBER (scanner, "motivation"))) &&
         read_string (scanner, &self->motivation) &&
         (!TAKE_MEMBER (scanner, "created") || read_date (scanner, &self->created)) &&
         (!TAKE_MEMBER (scanner, "modified") || read_date (scanner, &self->modified)) &&
         (!TAKE_MEMBER (scanner, "creator") || read_raw (scanner, &self->creator)) &&
         (!TAKE_MEMBER (scanner, "body") || read_bodies (self)) &&
         TAKE_MEMBER (scanner, "target") && read_target (self, context) &&
         take_byte (scanner, '}') && is_motivated (self);
}

/* The id that a creator has; FALSE when that does not say all. */
static gboolean
resolve_creator (PostilSidecarOwn *self, const PostilJsonSlice *creator, const char **id)
{
  gboolean exact;

  *id = postil_sidecar_names_resolve_person (self->names, creator, &exact);
  return exact;
}

static gboolean
build_topic (PostilSidecarOwn *self, const Body *body)
{
  gboolean exact;
  const char *topic = postil_sidecar_names_resolve_topic (self->names, &body->value, &exact);

  for (guint i = 0; i < self->n_topics; i++)
    if (self->topics[i] == topic)
      return FALSE;
  self->topics[self->n_topics++] = topic;
  return topic != NULL;
}

static gboolean
build_note (PostilSidecarOwn *self, const Body *body, const char *creator)
{
  gint64 created = body->created;

  if (body->creator.bytes && !resolve_creator (self, &body->creator, &creator))
    return FALSE;
  if (body->creator.bytes == NULL && created == 0)
    created = self->created;
  for (guint i = 0; i < self->n_notes; i++)
    if (g_strcmp0 (postil_note_get_creator (self->notes[i]), creator) == 0)
      return FALSE;
  g_string_truncate (self->buffer, 0);
  postil_json_slice_unescape (&body->value, self->buffer);
  self->notes[self->n_notes++] = postil_note_new (self->buffer->str, creator, created, NULL);
  return TRUE;
}

static gboolean
build_bodies (PostilSidecarOwn *self, const char *creator)
{
  self->n_topics = 0;
  self->n_notes = 0;
  for (guint i = 0; i < self->n_bodies; i++)
    if (!(self->bodies[i].is_note ? build_note (self, &self->bodies[i], creator)
                                  : build_topic (self, &self->bodies[i])))
      return FALSE;
  return TRUE;
}

/* Makes what was read, unless two bodies mean one thing or a name means none. */
static PostilAnnotation *
build (PostilSidecarOwn *self)
{
  PostilAnnotation *annotation = NULL;
  const char *creator = NULL;

  if (self->creator.bytes && !resolve_creator (self, &self->creator, &creator))
    return NULL;
  if (build_bodies (self, creator))
    annotation = postil_annotation_new (&(PostilAnnotationFields){
      .id = self->id,
      .creator = creator,
      .created = self->created,
      .modified = self->modified,
      .spans = &self->span,
      .n_spans = 1,
      .topics = self->topics,
      .n_topics = self->n_topics,
      .notes = self->notes,
      .n_notes = self->n_notes,
    });
  for (guint i = 0; i < self->n_notes; i++)
    postil_note_unref (self->notes[i]);
  return annotation;
}

#define PUT(out, text) postil_sidecar_emit (out, text, strlen (text))

static void
put_date (GString *out, const char *key, gint64 date)
{
  if (date == 0)
    return;
  postil_sidecar_emit (out, key, strlen (key));
  postil_sidecar_emit_date (out, date);
}

static void
put_note (GString *out, PostilNote *note, const PostilAnnotationFields *fields)
{
  const char *creator = postil_note_get_creator (note);
  gint64 created = postil_note_get_created (note);
  gboolean own = g_strcmp0 (creator, fields->creator) == 0;

  PUT (out, "\n          " NOTE (" "));
  postil_sidecar_emit_string (out, postil_note_get_text (note));
  if (creator && !own)
    {
      PUT (out, ", \"creator\": ");
      postil_sidecar_emit_string (out, creator);
    }
  put_date (out, ", \"created\": ", own && created == fields->created ? 0 : created);
  PUT (out, " }");
}

static void
put_bodies (GString *out, const PostilAnnotationFields *fields)
{
  PUT (out, ",\n        \"body\": [");
  for (guint i = 0; i < fields->n_topics; i++)
    {
      if (i > 0)
        PUT (out, ",");
      PUT (out, "\n          " TOPIC (" "));
      postil_sidecar_emit_string (out, fields->topics[i]);
      PUT (out, " }");
    }
  for (guint i = 0; i < fields->n_notes; i++)
    {
      if (i + fields->n_topics > 0)
        PUT (out, ",");
      put_note (out, fields->notes[i], fields);
    }
  PUT (out, "\n        ]");
}

static void
put_target (GString *out, PostilText *text, const char *source, PostilSpan span)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  gsize bytes[4];

  postil_text_get_context (text, span, POSTIL_ANCHOR_CONTEXT, bytes);
  PUT (out, ",\n        \"target\": {\n          \"type\": \"SpecificResource\", \"source\": ");
  postil_sidecar_emit_string (out, source);
  PUT (out, ",\n          \"selector\": [\n            " POSITION (" "));
  postil_sidecar_emit_number (out, span.start);
  PUT (out, ", \"end\": ");
  postil_sidecar_emit_number (out, span.end);
  PUT (out, " },\n            " QUOTE (" "));
  if (bytes[0] < bytes[1])
    {
      PUT (out, "\"prefix\": ");
      postil_sidecar_emit_string_len (out, utf8 + bytes[0], bytes[1] - bytes[0]);
      PUT (out, ", ");
    }
  PUT (out, "\"exact\": ");
  postil_sidecar_emit_string_len (out, utf8 + bytes[1], bytes[2] - bytes[1]);
  if (bytes[2] < bytes[3])
    {
      PUT (out, ", \"suffix\": ");
      postil_sidecar_emit_string_len (out, utf8 + bytes[2], bytes[3] - bytes[2]);
    }
  PUT (out, " }\n          ]\n        }");
}

static gboolean
is_own (const PostilAnnotationFields *fields)
{
  for (guint i = 0; i < fields->n_notes; i++)
    if (postil_note_get_foreign (fields->notes[i]))
      return FALSE;
  return fields->kind == POSTIL_ANNOTATION_PASSAGE && fields->status == POSTIL_STATUS_PLACED &&
         fields->n_spans == 1 && fields->anchor == NULL && fields->foreign == NULL &&
         fields->version_of == NULL;
}

/**
 * postil_sidecar_own_new:
 * @scanner: what scans the sidecar; must outlive what is returned
 * @names: (transfer none): the annotators and topics of the sidecar; must outlive it, too
 *
 * Returns: (transfer full): what reads Postil's own annotations
 */
PostilSidecarOwn *
postil_sidecar_own_new (PostilJsonScanner *scanner, PostilSidecarNames *names)
{
  PostilSidecarOwn *self = g_new0 (PostilSidecarOwn, 1);

  self->scanner = scanner;
  self->names = names;
  self->buffer = g_string_new (NULL);
  return self;
}

void
postil_sidecar_own_free (PostilSidecarOwn *self)
{
  g_string_free (self->buffer, TRUE);
  g_free (self);
}

/**
 * postil_sidecar_own_can_read:
 * @context: what annotations are read against
 *
 * Returns: whether postil_sidecar_own_read() reads any of them
 */
gboolean
postil_sidecar_own_can_read (const PostilSidecarContext *context)
{
  return context->text && context->source && context->trusted;
}

/**
 * postil_sidecar_own_read:
 * @self: what reads Postil's own annotations
 * @context: what it is read against
 *
 * Reads the annotation that the scanner stands at.
 *
 * Returns: (transfer full) (nullable): the annotation; %NULL when it must be read by other means,
 *   and the scanner stands where it stood
 */
PostilAnnotation *
postil_sidecar_own_read (PostilSidecarOwn *self, const PostilSidecarContext *context)
{
  PostilJsonScanner *scanner = self->scanner;
  const char *at = scanner->at;
  PostilAnnotation *annotation = NULL;

  if (postil_sidecar_own_can_read (context) && read_annotation (self, context))
    annotation = build (self);
  if (annotation == NULL)
    {
      scanner->at = at;
      scanner->problem = POSTIL_JSON_PROBLEM_NONE;
    }
  return annotation;
}

/**
 * postil_sidecar_own_write:
 * @out: where it is written, behind the indentation of six spaces
 * @text: the text
 * @source: its IRI
 * @fields: an annotation
 *
 * Writes an annotation of the form that this is about, byte for byte as the writer would, in a
 * fifth of its time.
 *
 * Returns: %FALSE when it is of another one, and nothing was written
 */
gboolean
postil_sidecar_own_write (GString *out,
                          PostilText *text,
                          const char *source,
                          const PostilAnnotationFields *fields)
{
  guint n_bodies = fields->n_topics + fields->n_notes;

  if (!is_own (fields))
    return FALSE;
  PUT (out, "{\n        \"id\": ");
  postil_sidecar_emit_string (out, fields->id);
  PUT (out, KIND (" "));
  postil_sidecar_emit_string (
    out, postil_sidecar_form_get_motivation (fields->n_topics, fields->n_notes, n_bodies));
  put_date (out, ",\n        \"created\": ", fields->created);
  put_date (out, ", \"modified\": ", fields->modified);
  if (fields->creator)
    {
      PUT (out, ", \"creator\": ");
      postil_sidecar_emit_string (out, fields->creator);
    }
  if (n_bodies > 0)
    put_bodies (out, fields);
  put_target (out, text, source, fields->spans[0]);
  PUT (out, "\n      }");
  return TRUE;
}
