/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-writer.h"

#include <string.h>

#include "postil-sidecar-form.h"

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

/* An object or array that is being written: where its next member goes. */
typedef struct
{
  const PostilSidecarForm *form;
  PostilForeign *foreign;
  const char *object;
  guint indent;
  /* The known key or element whose turn has come last. */
  int known;
  gboolean empty;
  gboolean breaks_next;
} Level;

static void
flush (Writer *self, gsize wanted)
{
  if (self->failed || self->buffer->len < wanted)
    return;
  self->failed = g_cancellable_set_error_if_cancelled (self->cancellable, self->error) ||
                 !self->sink (self->buffer->str, self->buffer->len, self->data, self->error);
  g_string_truncate (self->buffer, 0);
}

static inline void
put (Writer *self, const char *text)
{
  g_string_append (self->buffer, text);
}

static inline gboolean
is_plain (char byte)
{
  return (guint8) byte >= 0x20 && byte != '"' && byte != '\\';
}

static void
put_escape (Writer *self, char byte)
{
  static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

  for (const char *at = names; *at != '\0'; at += 2)
    if (*at == byte)
      {
        g_string_append_c (self->buffer, '\\');
        g_string_append_c (self->buffer, at[1]);
        return;
      }
  g_string_append_printf (self->buffer, "\\u%04x", (guint) byte);
}

static void
put_string_len (Writer *self, const char *text, gsize n_bytes)
{
  const char *end = text + n_bytes;

  g_string_append_c (self->buffer, '"');
  while (text < end)
    {
      const char *at = text;

      while (at < end && is_plain (*at))
        at++;
      g_string_append_len (self->buffer, text, at - text);
      if (at < end)
        put_escape (self, *at++);
      text = at;
    }
  g_string_append_c (self->buffer, '"');
}

static void
put_string (Writer *self, const char *text)
{
  put_string_len (self, text, strlen (text));
}

static void
put_number (Writer *self, guint number)
{
  char digits[10];
  guint n = sizeof digits;

  do
    digits[--n] = '0' + number % 10;
  while ((number /= 10) > 0);
  g_string_append_len (self->buffer, digits + n, sizeof digits - n);
}

static void
put_indent (Writer *self, guint indent)
{
  static const char spaces[] = "                              ";

  g_assert (indent < sizeof spaces);
  g_string_append_c (self->buffer, '\n');
  g_string_append_len (self->buffer, spaces, indent);
}

static void
put_pair (char *at, guint number)
{
  at[0] = '0' + number / 10 % 10;
  at[1] = '0' + number % 10;
}

/* Writes a date as YYYY-MM-DDThh:mm:ssZ; after Howard Hinnant's algorithm, see the reader's. */
static void
put_date (Writer *self, gint64 date)
{
  char text[] = "\"0000-00-00T00:00:00Z\"";
  gint64 days = date / 86400 - (date % 86400 < 0);
  guint second = date - days * 86400;
  gint64 shifted = days + 719468;
  gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  guint day_of_era = shifted - era * 146097;
  guint year_of_era =
    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  guint day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint month = (5 * day_of_year + 2) / 153;
  guint year = year_of_era + era * 400 + (month >= 10);

  put_pair (text + 1, year / 100);
  put_pair (text + 3, year);
  put_pair (text + 6, month < 10 ? month + 3 : month - 9);
  put_pair (text + 9, day_of_year - (153 * month + 2) / 5 + 1);
  put_pair (text + 12, second / 3600);
  put_pair (text + 15, second / 60 % 60);
  put_pair (text + 18, second % 60);
  put (self, text);
}

/* Goes to where the next member or element stands. */
static void
separate (Writer *self, Level *level, gboolean breaks)
{
  if (!level->empty)
    g_string_append_c (self->buffer, ',');
  if (level->form && level->form->breaks == 0)
    g_string_append_c (self->buffer, ' ');
  else if (breaks || level->empty || level->breaks_next)
    put_indent (self, level->indent);
  else
    g_string_append_c (self->buffer, ' ');
  level->empty = FALSE;
  level->breaks_next = FALSE;
}

static int
find_key (const Level *level, const char *name)
{
  PostilJsonSlice key = { .bytes = name, .n_bytes = strlen (name) };

  return postil_sidecar_form_find (level->form, &key, -1);
}

/* The index of the known key that a foreign member followed; one that the form lacks counts as its
 * last. */
static int
find_after (const Level *level, const char *after)
{
  int known = find_key (level, after);

  return known >= 0 || *after == '\0' ? known : (int) level->form->n_keys - 1;
}

/* Writes the foreign members whose turn comes before the known key @until. */
static void
put_foreign (Writer *self, Level *level, int until)
{
  guint n_members;
  const PostilForeignMember *members = postil_foreign_get_members (level->foreign, &n_members);
  int known;

  for (; level->known < until; level->known++)
    for (guint i = 0; i < n_members; i++)
      {
        const PostilForeignMember *member = &members[i];

        if (member->key == NULL || strcmp (member->object, level->object) != 0 ||
            find_after (level, member->after) != level->known)
          continue;
        known = find_key (level, member->key);
        separate (self, level, known < 0 || (level->form->breaks >> known) & 1);
        g_string_append_c (self->buffer, '"');
        put (self, member->key);
        put (self, "\": ");
        g_string_append_len (self->buffer, member->value, member->n_value);
        /* One that Postil does not know has a line of its own. */
        level->breaks_next = known < 0;
      }
}

static Level
enter_object (Writer *self,
              const PostilSidecarForm *form,
              PostilForeign *foreign,
              const char *object,
              guint indent)
{
  g_string_append_c (self->buffer, '{');
  return (Level){
    .form = form,
    .foreign = foreign,
    .object = object,
    .indent = indent,
    .known = -1,
    .empty = TRUE,
  };
}

/* Begins the member with a known key. Returns %FALSE when another program's value stands in its
 * place. */
static gboolean
begin (Writer *self, Level *level, int known)
{
  const char *key = level->form->keys[known].name;

  if (level->foreign)
    {
      put_foreign (self, level, known);
      if (postil_foreign_find (level->foreign, level->object, key))
        return FALSE;
    }
  separate (self, level, (level->form->breaks >> known) & 1);
  g_string_append_c (self->buffer, '"');
  put (self, key);
  put (self, "\": ");
  return TRUE;
}

static void
leave_object (Writer *self, Level *level)
{
  if (level->foreign)
    put_foreign (self, level, level->form->n_keys);
  if (level->form->breaks != 0)
    put_indent (self, level->indent - 2);
  else
    g_string_append_c (self->buffer, ' ');
  g_string_append_c (self->buffer, '}');
}

static void
put_member (Writer *self, Level *level, int known, const char *text)
{
  if (text && begin (self, level, known))
    put_string (self, text);
}

static void
put_date_member (Writer *self, Level *level, int known, gint64 date)
{
  if (date != 0 && begin (self, level, known))
    put_date (self, date);
}

static Level
enter_array (Writer *self, PostilForeign *foreign, const char *object, guint indent)
{
  g_string_append_c (self->buffer, '[');
  return (Level){
    .foreign = foreign,
    .object = object,
    .indent = indent,
    .empty = TRUE,
  };
}

static gboolean
has_elements (PostilForeign *foreign, const char *object)
{
  guint n_members;
  const PostilForeignMember *members = postil_foreign_get_members (foreign, &n_members);

  for (guint i = 0; i < n_members; i++)
    if (members[i].key == NULL && strcmp (members[i].object, object) == 0)
      return TRUE;
  return FALSE;
}

/* Writes the foreign elements that followed @n known ones, at the end of the array all that are
 * left. */
static void
put_elements (Writer *self, Level *level, gboolean last)
{
  guint n_members;
  const PostilForeignMember *members = postil_foreign_get_members (level->foreign, &n_members);

  for (guint i = 0; i < n_members; i++)
    {
      const PostilForeignMember *member = &members[i];
      guint64 after;

      if (member->key || strcmp (member->object, level->object) != 0)
        continue;
      after = g_ascii_strtoull (member->after, NULL, 10);
      if (last ? after < (guint) level->known : after != (guint) level->known)
        continue;
      separate (self, level, TRUE);
      g_string_append_len (self->buffer, member->value, member->n_value);
    }
}

static void
begin_element (Writer *self, Level *level)
{
  if (level->foreign)
    put_elements (self, level, FALSE);
  level->known++;
  separate (self, level, TRUE);
}

static void
leave_array (Writer *self, Level *level)
{
  if (level->foreign)
    put_elements (self, level, TRUE);
  put_indent (self, level->indent - 2);
  g_string_append_c (self->buffer, ']');
}

static void
put_person (Writer *self, PostilAnnotator *annotator)
{
  Level level = enter_object (self, &postil_sidecar_form_person,
                              postil_annotator_get_foreign (annotator), "", 0);
  const char *name = postil_annotator_get_name (annotator);

  put_member (self, &level, PERSON_ID, postil_annotator_get_id (annotator));
  put_member (self, &level, PERSON_TYPE, "Person");
  put_member (self, &level, PERSON_NAME, *name != '\0' ? name : NULL);
  leave_object (self, &level);
}

static void
put_topic (Writer *self, PostilTopic *topic)
{
  PostilTopicFields fields;
  Level level, broader;

  postil_topic_get_fields (topic, &fields);
  level = enter_object (self, &postil_sidecar_form_topic, fields.foreign, "", 0);
  put_member (self, &level, TOPIC_ID, fields.id);
  put_member (self, &level, TOPIC_TYPE, "skos:Concept");
  put_member (self, &level, TOPIC_LABEL, fields.label);
  put_member (self, &level, TOPIC_DEFINITION, fields.definition);
  if (fields.broader && begin (self, &level, TOPIC_BROADER))
    {
      broader = enter_object (self, &postil_sidecar_form_reference, fields.foreign, "broader", 0);
      put_member (self, &broader, REFERENCE_ID, fields.broader);
      leave_object (self, &broader);
    }
  put_member (self, &level, TOPIC_COLOR, fields.color);
  put_date_member (self, &level, TOPIC_MODIFIED, fields.modified);
  if (fields.deprecated && begin (self, &level, TOPIC_DEPRECATED))
    put (self, "true");
  leave_object (self, &level);
}

static void
put_source (Writer *self)
{
  PostilSnapshot *snapshot = self->snapshot;
  Level level = enter_object (self, &postil_sidecar_form_source, snapshot->foreign, "source", 4);
  g_autofree char *charset = g_ascii_strdown (postil_text_get_charset (snapshot->text), -1);
  g_autofree char *format = g_strconcat ("text/plain; charset=", charset, NULL);

  put_member (self, &level, SOURCE_ID, snapshot->id);
  put_member (self, &level, SOURCE_TYPE, "Text");
  put_member (self, &level, SOURCE_LABEL, snapshot->label);
  put_member (self, &level, SOURCE_FORMAT, format);
  put_member (self, &level, SOURCE_LANGUAGE, snapshot->language);
  put_member (self, &level, SOURCE_SHA256, postil_text_get_sha256 (snapshot->text));
  if (begin (self, &level, SOURCE_EXTENT))
    put_number (self, self->length);
  leave_object (self, &level);
}

static void
put_creator (Writer *self, Level *level, int known, const char *id)
{
  PostilAnnotator *annotator;

  if (id == NULL || !begin (self, level, known))
    return;
  annotator = self->style == POSTIL_SIDECAR_STYLE_IN_PLACE
                ? g_hash_table_lookup (self->annotators, id)
                : NULL;
  if (annotator)
    put_person (self, annotator);
  else
    put_string (self, id);
}

/* Writes the body of a topic; in place as a tag, which other programs show, and only where that
 * would mean another topic of the same label as a concept. */
static void
put_topic_body (Writer *self, PostilForeign *foreign, const char *id)
{
  g_autofree char *object = foreign ? g_strconcat ("body/", id, NULL) : NULL;
  PostilTopic *topic =
    self->style == POSTIL_SIDECAR_STYLE_IN_PLACE ? g_hash_table_lookup (self->topics, id) : NULL;
  Level level = enter_object (self, &postil_sidecar_form_body, foreign, object, 0);
  Level source;

  if (topic && g_hash_table_lookup (self->labels, postil_topic_get_label (topic)) == topic)
    {
      put_member (self, &level, BODY_TYPE, "TextualBody");
      put_member (self, &level, BODY_PURPOSE, "tagging");
      put_member (self, &level, BODY_FORMAT, "text/plain");
      put_member (self, &level, BODY_VALUE, postil_topic_get_label (topic));
    }
  else
    {
      put_member (self, &level, BODY_TYPE, "SpecificResource");
      put_member (self, &level, BODY_PURPOSE, "classifying");
      if (topic && begin (self, &level, BODY_SOURCE))
        {
          source = enter_object (self, &postil_sidecar_form_topic, NULL, "", 0);
          put_member (self, &source, TOPIC_ID, id);
          put_member (self, &source, TOPIC_TYPE, "skos:Concept");
          put_member (self, &source, TOPIC_LABEL, postil_topic_get_label (topic));
          leave_object (self, &source);
        }
      else if (topic == NULL)
        {
          put_member (self, &level, BODY_SOURCE, id);
        }
    }
  leave_object (self, &level);
}

static void
put_note_body (Writer *self, PostilNote *note, const PostilAnnotationFields *annotation)
{
  Level level =
    enter_object (self, &postil_sidecar_form_body, postil_note_get_foreign (note), "", 0);
  const char *creator = postil_note_get_creator (note);
  gint64 created = postil_note_get_created (note);
  gboolean own = g_strcmp0 (creator, annotation->creator) == 0;

  put_member (self, &level, BODY_TYPE, "TextualBody");
  put_member (self, &level, BODY_PURPOSE, "commenting");
  put_member (self, &level, BODY_FORMAT, "text/plain");
  put_member (self, &level, BODY_VALUE, postil_note_get_text (note));
  put_creator (self, &level, BODY_CREATOR, own ? NULL : creator);
  put_date_member (self, &level, BODY_CREATED, own && created == annotation->created ? 0 : created);
  leave_object (self, &level);
}

/* The byte of the nearest offset on one side of @offset that cuts no grapheme. */
static gsize
avoid_cut (Writer *self, guint offset, gboolean forward)
{
  gsize byte = postil_text_get_byte (self->snapshot->text, offset);
  PostilSpan snapped;

  /* Between two ASCII characters there is mostly nothing to cut, and that is mostly so. */
  if (offset == 0 || offset == self->length ||
      (((guint8) self->utf8[byte - 1] | (guint8) self->utf8[byte]) < 0x80 &&
       self->utf8[byte] != '\n'))
    return byte;
  snapped =
    postil_text_snap_to_graphemes (self->snapshot->text, (PostilSpan){ offset, offset + 1 });
  if (snapped.start == offset)
    return byte;
  return postil_text_get_byte (self->snapshot->text, forward ? snapped.end : snapped.start);
}

static void
put_text (Writer *self, Level *level, int known, gsize start, gsize end)
{
  if (begin (self, level, known))
    put_string_len (self, self->utf8 + start, end - start);
}

/* Writes a passage as a position and a quote of the text. */
static void
put_place (Writer *self, PostilForeign *foreign, const char *object, PostilSpan span, Level *array)
{
  PostilText *text = self->snapshot->text;
  g_autofree char *position = foreign ? g_strconcat (object, "/position", NULL) : NULL;
  g_autofree char *quote = foreign ? g_strconcat (object, "/quote", NULL) : NULL;
  guint before = span.start - MIN (span.start, POSTIL_SIDECAR_CONTEXT_LENGTH);
  guint after = MIN (self->length - span.end, POSTIL_SIDECAR_CONTEXT_LENGTH) + span.end;
  gsize prefix = avoid_cut (self, before, TRUE);
  gsize suffix = avoid_cut (self, after, FALSE);
  gsize start = postil_text_get_byte (text, span.start);
  gsize end = postil_text_get_byte (text, span.end);
  Level level;

  begin_element (self, array);
  level = enter_object (self, &postil_sidecar_form_selector, foreign, position, 0);
  put_member (self, &level, SELECTOR_TYPE, "TextPositionSelector");
  if (begin (self, &level, SELECTOR_START))
    put_number (self, span.start);
  if (begin (self, &level, SELECTOR_END))
    put_number (self, span.end);
  leave_object (self, &level);

  begin_element (self, array);
  level = enter_object (self, &postil_sidecar_form_selector, foreign, quote, 0);
  put_member (self, &level, SELECTOR_TYPE, "TextQuoteSelector");
  if (prefix < start)
    put_text (self, &level, SELECTOR_PREFIX, prefix, start);
  put_text (self, &level, SELECTOR_EXACT, start, end);
  if (suffix > end)
    put_text (self, &level, SELECTOR_SUFFIX, end, suffix);
  leave_object (self, &level);
}

static void
put_quote (Writer *self, const PostilSelector *selector, PostilForeign *foreign, const char *object)
{
  Level level = enter_object (self, &postil_sidecar_form_selector, foreign, object, 0);

  put_member (self, &level, SELECTOR_TYPE, "TextQuoteSelector");
  put_member (self, &level, SELECTOR_PREFIX, selector->prefix);
  put_member (self, &level, SELECTOR_EXACT, selector->exact);
  put_member (self, &level, SELECTOR_SUFFIX, selector->suffix);
  leave_object (self, &level);
}

/* Scans bytes that have been read before, by parts. */
static void
scan_again (PostilJsonScanner *scanner, const char *bytes, gsize n_bytes)
{
  postil_json_scanner_init (scanner, bytes, n_bytes);
  scanner->max_depth = POSTIL_JSON_MAX_DEPTH + POSTIL_JSON_EXTRA_DEPTH;
}

/* The @index-th of @n targets in the bytes that an anchor was read from. */
static gboolean
find_earlier (const char *source, guint index, guint n, PostilJsonSlice *raw)
{
  PostilJsonScanner scanner;
  guint n_read = 0;

  scan_again (&scanner, source, strlen (source));
  if (n > 1 && postil_json_scanner_peek (&scanner) == '[')
    {
      postil_json_scanner_enter (&scanner);
      while (postil_json_scanner_next_element (&scanner, &n_read) &&
             postil_json_scanner_skip (&scanner, raw))
        if (n_read == index + 1)
          return TRUE;
      return FALSE;
    }
  return postil_json_scanner_skip (&scanner, raw);
}

/* Writes the place that was true for an earlier text: the bytes it had, with the SHA-256 of that
 * text if they do not tell. */
static void
put_earlier_bytes (Writer *self, const PostilJsonSlice *raw, const char *sha256)
{
  PostilJsonScanner scanner;
  PostilJsonSlice key;
  gsize n_bytes = raw->n_bytes;
  const char *space;
  guint n = 0;

  scan_again (&scanner, raw->bytes, raw->n_bytes);
  if (sha256 && postil_json_scanner_peek (&scanner) == '{')
    {
      postil_json_scanner_enter (&scanner);
      while (postil_json_scanner_next_member (&scanner, &n, &key) &&
             postil_json_scanner_skip (&scanner, NULL))
        if (postil_json_slice_is (&key, "schema:sha256"))
          sha256 = NULL;
    }
  if (sha256 == NULL || n == 0)
    {
      g_string_append_len (self->buffer, raw->bytes, n_bytes);
      return;
    }

  for (n_bytes--; g_ascii_isspace (raw->bytes[n_bytes - 1]);)
    n_bytes--;
  g_string_append_len (self->buffer, raw->bytes, n_bytes);
  g_string_append_c (self->buffer, ',');
  /* It stands as the first member does, on a line of its own or not. */
  space = raw->bytes + 1;
  do
    g_string_append_c (self->buffer, *space == '"' ? ' ' : *space);
  while (g_ascii_isspace (*space) && *++space != '"');
  put (self, "\"schema:sha256\": ");
  put_string (self, sha256);
  g_string_append_len (self->buffer, raw->bytes + n_bytes, raw->n_bytes - n_bytes);
}

static void
put_earlier (Writer *self, PostilAnchor *anchor, guint index, guint n, guint indent)
{
  const char *source = postil_anchor_get_source (anchor);
  const char *sha256 = postil_anchor_get_sha256 (anchor);
  guint n_selectors;
  const PostilSelector *selector = &postil_anchor_get_selectors (anchor, &n_selectors)[index];
  PostilJsonSlice raw;
  Level level, array, position;

  if (source && find_earlier (source, index, n, &raw))
    {
      put_earlier_bytes (self, &raw, sha256);
      return;
    }

  level = enter_object (self, &postil_sidecar_form_target, NULL, "", indent + 2);
  put_member (self, &level, TARGET_TYPE, "SpecificResource");
  put_member (self, &level, TARGET_SOURCE, self->snapshot->id);
  if ((selector->has_position || selector->exact) && begin (self, &level, TARGET_SELECTOR))
    {
      array = enter_array (self, NULL, "", indent + 4);
      if (selector->has_position)
        {
          begin_element (self, &array);
          position = enter_object (self, &postil_sidecar_form_selector, NULL, "", 0);
          put_member (self, &position, SELECTOR_TYPE, "TextPositionSelector");
          begin (self, &position, SELECTOR_START);
          put_number (self, selector->position.start);
          begin (self, &position, SELECTOR_END);
          put_number (self, selector->position.end);
          leave_object (self, &position);
        }
      if (selector->exact)
        {
          begin_element (self, &array);
          put_quote (self, selector, NULL, "");
        }
      leave_array (self, &array);
    }
  if (sha256)
    {
      put (self, ",");
      put_indent (self, indent + 2);
      put (self, "\"schema:sha256\": ");
      put_string (self, sha256);
    }
  leave_object (self, &level);
}

/* Writes the @index-th of the @n ranges of a passage. */
static void
put_target (Writer *self, const PostilAnnotationFields *fields, guint index, guint n, guint indent)
{
  PostilForeign *foreign = fields->foreign;
  g_autofree char *object = foreign ? g_strdup_printf ("target/%u", index) : NULL;
  g_autofree char *selector = foreign ? g_strconcat (object, "/selector", NULL) : NULL;
  g_autofree char *quote = foreign ? g_strconcat (object, "/quote", NULL) : NULL;
  gboolean placed = index < fields->n_spans;
  const PostilSelector *described = NULL;
  Level level = enter_object (self, &postil_sidecar_form_target, foreign, object, indent + 2);
  Level array;
  guint n_described = 0;

  if (fields->anchor)
    described = postil_anchor_get_selectors (fields->anchor, &n_described);
  described = index < n_described ? &described[index] : NULL;

  put_member (self, &level, TARGET_TYPE, "SpecificResource");
  put_member (self, &level, TARGET_SOURCE, self->snapshot->id);
  if ((placed || (described && described->exact) ||
       (foreign && has_elements (foreign, selector))) &&
      begin (self, &level, TARGET_SELECTOR))
    {
      array = enter_array (self, foreign, selector, indent + 4);
      if (placed)
        {
          put_place (self, foreign, object, fields->spans[index], &array);
        }
      else if (described && described->exact)
        {
          begin_element (self, &array);
          put_quote (self, described, foreign, quote);
        }
      leave_array (self, &array);
    }
  if (described && begin (self, &level, TARGET_REPLACES))
    put_earlier (self, fields->anchor, index, n_described, indent + 2);
  put_member (self, &level, TARGET_STATUS, postil_sidecar_form_get_status (fields->status));
  leave_object (self, &level);
}

static void
put_targets (Writer *self, const PostilAnnotationFields *fields, guint indent)
{
  guint n = fields->n_spans;
  Level array;

  if (fields->kind == POSTIL_ANNOTATION_DOCUMENT)
    {
      put_string (self, self->snapshot->id);
      return;
    }
  if (n == 0 && fields->anchor)
    postil_anchor_get_selectors (fields->anchor, &n);
  if (n == 1)
    {
      put_target (self, fields, 0, n, indent);
      return;
    }
  array = enter_array (self, NULL, "", indent + 2);
  for (guint i = 0; i < n; i++)
    {
      begin_element (self, &array);
      put_target (self, fields, i, n, indent + 2);
    }
  leave_array (self, &array);
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
  Level array;

  if (bare)
    {
      g_string_append_len (self->buffer, bare->value, bare->n_value);
      return;
    }

  array = enter_array (self, fields->foreign, "body", indent + 2);
  for (guint i = 0; i < fields->n_topics; i++)
    {
      begin_element (self, &array);
      put_topic_body (self, fields->foreign, fields->topics[i]);
    }
  for (guint i = 0; i < fields->n_notes; i++)
    {
      begin_element (self, &array);
      put_note_body (self, fields->notes[i], fields);
    }
  leave_array (self, &array);
}

static const char *
get_motivation (Writer *self, const PostilAnnotationFields *fields, guint n_bodies)
{
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
  Level level;

  postil_annotation_get_fields (annotation, &fields);
  if (fields.kind == POSTIL_ANNOTATION_FOREIGN)
    {
      members = postil_foreign_get_members (fields.foreign, &n_members);
      g_string_append_len (self->buffer, members[0].value, members[0].n_value);
      return;
    }

  n_bodies = fields.n_topics + fields.n_notes + has_elements (fields.foreign, "body");
  level = enter_object (self, &postil_sidecar_form_annotation, fields.foreign, "", indent + 2);
  put_member (self, &level, ANNOTATION_ID, fields.id);
  put_member (self, &level, ANNOTATION_TYPE, "Annotation");
  put_member (self, &level, ANNOTATION_MOTIVATION, get_motivation (self, &fields, n_bodies));
  put_date_member (self, &level, ANNOTATION_CREATED, fields.created);
  put_date_member (self, &level, ANNOTATION_MODIFIED, fields.modified);
  put_creator (self, &level, ANNOTATION_CREATOR, fields.creator);
  if (n_bodies > 0 && begin (self, &level, ANNOTATION_BODY))
    put_bodies (self, &fields, indent + 2);
  if (begin (self, &level, ANNOTATION_TARGET))
    put_targets (self, &fields, indent + 2);
  leave_object (self, &level);
}

typedef struct
{
  Writer *writer;
  Level *array;
} Items;

static gboolean
put_item_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Items *items = data;

  begin_element (items->writer, items->array);
  put_annotation (items->writer, annotation, items->array->indent);
  flush (items->writer, PIECE);
  return items->writer->failed ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
put_items (Writer *self, guint indent)
{
  Level array;

  if (self->n_annotations == 0)
    {
      put (self, "[]");
      return;
    }
  array = enter_array (self, NULL, "", indent + 2);
  postil_annotation_index_foreach (self->snapshot->annotations, put_item_cb,
                                   &(Items){ self, &array });
  leave_array (self, &array);
}

static void
put_page (Writer *self)
{
  Level level = enter_object (self, &postil_sidecar_form_page, self->snapshot->foreign, "page", 4);
  g_autofree char *id = postil_sidecar_form_dup_page_id (self->snapshot->collection);

  put_member (self, &level, PAGE_ID, id);
  put_member (self, &level, PAGE_TYPE, "AnnotationPage");
  put_member (self, &level, PAGE_PART_OF, self->snapshot->collection);
  if (begin (self, &level, PAGE_START_INDEX))
    put_number (self, 0);
  if (begin (self, &level, PAGE_ITEMS))
    put_items (self, 4);
  leave_object (self, &level);
}

/* Writes the first page. Without annotations there is none but what other programs made of it. */
static void
put_first (Writer *self, Level *level)
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
  if (!begin (self, level, COLLECTION_FIRST))
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
  Level level = enter_object (self, &postil_sidecar_form_collection, snapshot->foreign, "", 2);
  Level array;

  put_member (self, &level, COLLECTION_CONTEXT, POSTIL_SIDECAR_CONTEXT);
  put_member (self, &level, COLLECTION_ID, snapshot->collection);
  put_member (self, &level, COLLECTION_TYPE, "AnnotationCollection");
  put_member (self, &level, COLLECTION_LABEL, snapshot->label);
  put_member (self, &level, COLLECTION_VERSION, POSTIL_SIDECAR_VERSION);
  if (self->n_annotations == 0 && begin (self, &level, COLLECTION_TOTAL))
    put_number (self, 0);
  if ((snapshot->annotators->len > 0 || has_elements (snapshot->foreign, "creator")) &&
      begin (self, &level, COLLECTION_CREATOR))
    {
      array = enter_array (self, snapshot->foreign, "creator", 4);
      for (guint i = 0; i < snapshot->annotators->len; i++)
        {
          begin_element (self, &array);
          put_person (self, snapshot->annotators->pdata[i]);
        }
      leave_array (self, &array);
    }
  if (snapshot->text && begin (self, &level, COLLECTION_SOURCE))
    put_source (self);
  if ((snapshot->topics->len > 0 || has_elements (snapshot->foreign, "subject")) &&
      begin (self, &level, COLLECTION_SUBJECT))
    {
      array = enter_array (self, snapshot->foreign, "subject", 4);
      for (guint i = 0; i < snapshot->topics->len; i++)
        {
          begin_element (self, &array);
          put_topic (self, snapshot->topics->pdata[i]);
          flush (self, PIECE);
        }
      leave_array (self, &array);
    }
  put_first (self, &level);
  leave_object (self, &level);
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
 * Writes a sidecar, or a codebook when the snapshot has no text: UTF-8, LF, a newline at the end.
 * The same snapshot always gives the same bytes. May be called in any thread.
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
