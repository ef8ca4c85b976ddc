/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-item.h"

#include <string.h>

#include "postil-environment.h"
#include "postil-sidecar-object.h"

/*
 * PostilSidecarItem: one annotation of the sidecar that is being read. The reader owns one and
 * reads all annotations into it, one after the other, so that nothing is allocated for what goes
 * straight into the model. It holds slices of the sidecar until postil_sidecar_item_build() makes
 * an annotation of them; one that Postil cannot show in full becomes a foreign one, as it stands.
 */

/* The parts of an annotation that foreign members are kept for, until their objects get the names
 * that postil-sidecar-reader.h tells. */
static const char part_item[] = "";
static const char part_body[] = "body";
static const char part_target[] = "target";
static const char part_position[] = "position";
static const char part_quote[] = "quote";
static const char part_selector[] = "selector";

typedef enum
{
  BODY_FOREIGN,
  BODY_TOPIC,
  BODY_LABEL,
  BODY_NOTE
} BodyKind;

typedef struct
{
  BodyKind kind;
  gboolean has_purpose;
  PostilJsonSlice raw;
  /* The source of a topic as it stands, or what stands between the quotes of a value. */
  PostilJsonSlice value;
  PostilJsonSlice id;
  PostilJsonSlice creator;
  gint64 created;
} Body;

/* How one range is described, still in the bytes of the sidecar. */
typedef struct
{
  gboolean has_position;
  gboolean has_quote;
  PostilSpan position;
  PostilJsonSlice exact;
  PostilJsonSlice prefix;
  PostilJsonSlice suffix;
} Description;

typedef struct
{
  PostilJsonSlice raw;
  Description now;
  /* What "dcterms:replaces" holds. */
  gboolean has_earlier;
  PostilJsonSlice earlier_raw;
  /* What stands between the quotes of its "schema:sha256". */
  PostilJsonSlice earlier_sha256;
  Description earlier;
} Target;

struct _PostilSidecarItem
{
  PostilJsonScanner *scanner;
  PostilSidecarNames *names;
  PostilSidecarItemContext context;
  const char *utf8;

  gboolean is_annotation;
  gboolean shown;
  gboolean reshaped;
  guint n_bad_positions;
  PostilAnnotationKind kind;
  PostilStatus status;
  /* Whether there is one body, and no array round it. */
  gboolean bare_body;
  PostilJsonSlice raw;
  PostilJsonSlice motivation;
  PostilJsonSlice creator;
  gint64 created;
  gint64 modified;
  /* Whether the text is again what the places that were replaced were made on. */
  gboolean reverted;
  const char *id;
  GArray *bodies;
  GArray *targets;
  GArray *kept;

  /* What is kept of a place that the present one replaces, which is kept as a whole. */
  GArray *ignored;
  GStringChunk *strings;
  GString *buffer;
  GPtrArray *topics;
  GPtrArray *notes;
  GArray *spans;
  GArray *order;
};

static void
hide (PostilSidecarItem *self)
{
  self->shown = FALSE;
}

static gboolean
is_one_of (const PostilJsonSlice *string, const char *const *names)
{
  for (guint i = 0; names[i]; i++)
    if (postil_json_slice_is (string, names[i]))
      return TRUE;
  return FALSE;
}

/* Passes over a string or an array of strings. Returns whether all of them, or one of them, are
 * among @names; @single is the string when there is no array. */
static gboolean
match_strings (PostilSidecarItem *self,
               const char *const *names,
               gboolean all,
               PostilJsonSlice *single)
{
  PostilJsonSlice string;
  guint n = 0, n_matches = 0;

  *single = (PostilJsonSlice){ 0 };
  switch (postil_json_scanner_peek (self->scanner))
    {
    case '"':
      return postil_json_scanner_read_string (self->scanner, single) && is_one_of (single, names);
    case '[':
      postil_json_scanner_enter (self->scanner);
      while (postil_json_scanner_next_element (self->scanner, &n))
        if (postil_json_scanner_peek (self->scanner) == '"')
          {
            if (postil_json_scanner_read_string (self->scanner, &string))
              n_matches += is_one_of (&string, names);
          }
        else
          {
            postil_json_scanner_skip (self->scanner, NULL);
          }
      return n_matches > 0 && (!all || n_matches == n);
    default:
      postil_json_scanner_skip (self->scanner, NULL);
      return FALSE;
    }
}

static void
keep_known (PostilSidecarItem *self,
            const char *part,
            guint index,
            const PostilSidecarForm *form,
            guint known,
            const PostilJsonSlice *value)
{
  PostilSidecarKept kept = {
    .object = part,
    .index = index,
    .after = known > 0 ? form->keys[known - 1].name : "",
    .key = { .bytes = form->keys[known].name, .n_bytes = form->keys[known].n_bytes },
    .value = *value,
  };

  g_array_append_val (self->kept, kept);
}

/* Puts a string back between its quotes. */
static PostilJsonSlice
quoted (const PostilJsonSlice *string)
{
  return (PostilJsonSlice){ .bytes = string->bytes - 1, .n_bytes = string->n_bytes + 2 };
}

static const char *
insert_number (PostilSidecarItem *self, guint number)
{
  char digits[16];

  g_snprintf (digits, sizeof digits, "%u", number);
  return g_string_chunk_insert (self->strings, digits);
}

/* What @string stands for; %NULL when UTF-8 cannot hold it. Valid until the next item is read. */
static const char *
take_string (PostilSidecarItem *self, const PostilJsonSlice *string)
{
  if (!string->escaped)
    return g_string_chunk_insert_len (self->strings, string->bytes, string->n_bytes);
  g_string_truncate (self->buffer, 0);
  if (!postil_json_slice_unescape (string, self->buffer))
    return NULL;
  return g_string_chunk_insert_len (self->strings, self->buffer->str, self->buffer->len);
}

static gboolean
can_take (PostilSidecarItem *self, const PostilJsonSlice *string)
{
  g_string_truncate (self->buffer, 0);
  return !string->escaped || postil_json_slice_unescape (string, self->buffer);
}

static gboolean
names_source (PostilSidecarItem *self, const PostilJsonSlice *string)
{
  if (self->context.source == NULL)
    return FALSE;
  if (!string->escaped)
    return postil_json_slice_is (string, self->context.source);
  return can_take (self, string) && strcmp (self->buffer->str, self->context.source) == 0;
}

static void
read_type (PostilSidecarItem *self, PostilSidecarObject *object)
{
  static const char *const types[] = { "Annotation", NULL };
  PostilJsonSlice single;

  self->is_annotation = match_strings (self, types, FALSE, &single);
  if (!self->is_annotation)
    hide (self);
  if (single.bytes == NULL)
    postil_sidecar_object_keep (object);
}

static void
read_motivation (PostilSidecarItem *self, PostilSidecarObject *object)
{
  static const char *const shown[] = { "highlighting", "classifying", "commenting", "tagging",
                                       NULL };

  if (!match_strings (self, shown, TRUE, &self->motivation))
    hide (self);
  if (self->motivation.bytes == NULL)
    postil_sidecar_object_keep (object);
}

/* Reads the creator of an annotation; of several there is none to show. */
static void
read_creator (PostilSidecarItem *self)
{
  guint n = 0;

  if (postil_json_scanner_peek (self->scanner) != '[')
    {
      postil_json_scanner_skip (self->scanner, &self->creator);
      return;
    }
  self->reshaped = TRUE;
  postil_json_scanner_enter (self->scanner);
  while (postil_json_scanner_next_element (self->scanner, &n))
    postil_json_scanner_skip (self->scanner, &self->creator);
  if (n > 1)
    hide (self);
}

/* Reads the body that the scanner stands at into a new #Body. */
static void
read_body (PostilSidecarItem *self)
{
  static const char *const purposes[] = { "commenting", "classifying", "tagging", NULL };
  guint index = self->bodies->len;
  guint n_kept = self->kept->len;
  gboolean clear = TRUE;
  PostilJsonSlice type = { 0 };
  PostilJsonSlice purpose = { 0 };
  PostilJsonSlice source = { 0 };
  PostilJsonSlice format = { 0 };
  PostilJsonSlice created = { 0 };
  PostilSidecarObject object;
  Body body = { .kind = BODY_FOREIGN, .raw = { .bytes = self->scanner->at } };
  gboolean textual, specific, topical;
  int known;

  if (postil_json_scanner_peek (self->scanner) != '{')
    {
      postil_json_scanner_skip (self->scanner, &body.raw);
      g_array_append_val (self->bodies, body);
      return;
    }

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_body, self->kept,
                               part_body, index);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case BODY_ID:
        clear &= postil_sidecar_object_read_string (&object, &body.id);
        break;
      case BODY_TYPE:
        clear &= postil_sidecar_object_read_string (&object, &type);
        break;
      case BODY_PURPOSE:
        clear &= postil_sidecar_object_read_string (&object, &purpose);
        break;
      case BODY_SOURCE:
        postil_json_scanner_skip (self->scanner, &source);
        break;
      case BODY_FORMAT:
        clear &= postil_sidecar_object_read_string (&object, &format);
        break;
      case BODY_VALUE:
        clear &=
          postil_sidecar_object_read_string (&object, &body.value) && can_take (self, &body.value);
        break;
      case BODY_CREATOR:
        postil_json_scanner_skip (self->scanner, &body.creator);
        break;
      case BODY_CREATED:
        body.created = postil_sidecar_object_read_date (&object);
        created = postil_sidecar_object_get_value (&object);
        break;
      default:
        g_assert_not_reached ();
      }
  body.raw.n_bytes = self->scanner->at - body.raw.bytes;
  body.has_purpose = purpose.bytes != NULL;

  clear &= purpose.bytes == NULL || is_one_of (&purpose, purposes);
  topical = body.has_purpose && !postil_json_slice_is (&purpose, "commenting");
  textual = body.value.bytes != NULL && source.bytes == NULL &&
            (type.bytes == NULL || postil_json_slice_is (&type, "TextualBody")) &&
            (format.bytes == NULL || postil_json_slice_is (&format, "text/plain")) &&
            (!topical || body.value.n_bytes > 0);
  specific = source.bytes != NULL && body.value.bytes == NULL &&
             (type.bytes == NULL || postil_json_slice_is (&type, "SpecificResource"));
  if (clear && textual)
    body.kind = topical ? BODY_LABEL : BODY_NOTE;
  else if (clear && specific && topical)
    body.kind = BODY_TOPIC;

  if (body.kind == BODY_FOREIGN)
    {
      g_array_set_size (self->kept, n_kept);
    }
  else if (body.kind == BODY_TOPIC)
    {
      if (body.id.bytes)
        {
          PostilJsonSlice id = quoted (&body.id);

          keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_ID, &id);
        }
      if (!postil_json_slice_is (&purpose, "classifying"))
        {
          purpose = quoted (&purpose);
          keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_PURPOSE, &purpose);
        }
      body.value = source;
    }
  if (body.kind == BODY_TOPIC || body.kind == BODY_LABEL)
    {
      if (body.creator.bytes)
        keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_CREATOR, &body.creator);
      if (created.bytes && body.created != 0)
        keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_CREATED, &created);
    }
  g_array_append_val (self->bodies, body);
}

static void
read_bodies (PostilSidecarItem *self)
{
  guint n = 0;

  if (postil_json_scanner_peek (self->scanner) != '[')
    {
      self->bare_body = TRUE;
      read_body (self);
      return;
    }
  postil_json_scanner_enter (self->scanner);
  while (postil_json_scanner_next_element (self->scanner, &n))
    read_body (self);
}

/* Reads an offset in code points. */
static gboolean
read_offset (PostilSidecarItem *self, guint *offset)
{
  PostilJsonSlice raw;
  guint64 number = 0;

  if (!postil_json_scanner_skip (self->scanner, &raw) || raw.n_bytes > 10)
    return FALSE;
  for (gsize i = 0; i < raw.n_bytes; i++)
    {
      if (!g_ascii_isdigit (raw.bytes[i]))
        return FALSE;
      number = number * 10 + (raw.bytes[i] - '0');
    }
  *offset = number;
  return number < G_MAXUINT;
}

/* Reads the selector that the scanner stands at. Returns whether it is one that Postil can use;
 * another is left as it stands in @raw. */
static gboolean
read_selector (PostilSidecarItem *self,
               Description *description,
               GArray *kept,
               guint index,
               PostilJsonSlice *raw)
{
  static const char *const refinement[] = { "refinedBy", NULL };
  guint n_kept = kept->len;
  gboolean clear = TRUE, valid = TRUE, used = FALSE;
  PostilJsonSlice type = { 0 };
  Description found = { 0 };
  PostilSidecarObject object;
  const char *part = NULL;
  int known;

  raw->bytes = self->scanner->at;
  if (postil_json_scanner_peek (self->scanner) != '{')
    {
      postil_json_scanner_skip (self->scanner, raw);
      return FALSE;
    }

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_selector, kept,
                               part_selector, index);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case SELECTOR_TYPE:
        clear &= postil_sidecar_object_read_string (&object, &type);
        break;
      case SELECTOR_START:
        valid &= read_offset (self, &found.position.start);
        break;
      case SELECTOR_END:
        valid &= read_offset (self, &found.position.end);
        break;
      case SELECTOR_PREFIX:
        if (postil_sidecar_object_read_string (&object, &found.prefix))
          clear &= can_take (self, &found.prefix);
        break;
      case SELECTOR_EXACT:
        clear &= postil_sidecar_object_read_string (&object, &found.exact) &&
                 can_take (self, &found.exact);
        break;
      case SELECTOR_SUFFIX:
        if (postil_sidecar_object_read_string (&object, &found.suffix))
          clear &= can_take (self, &found.suffix);
        break;
      default:
        g_assert_not_reached ();
      }
  raw->n_bytes = self->scanner->at - raw->bytes;

  for (guint i = n_kept; i < kept->len; i++)
    clear &= !is_one_of (&g_array_index (kept, PostilSidecarKept, i).key, refinement);
  if (clear && type.bytes && postil_json_slice_is (&type, "TextPositionSelector") &&
      !description->has_position && object.seen == 0x7)
    {
      part = part_position;
      used = TRUE;
      description->has_position = valid && found.position.start <= found.position.end;
      description->position = found.position;
      self->n_bad_positions += !description->has_position;
    }
  else if (clear && type.bytes && postil_json_slice_is (&type, "TextQuoteSelector") &&
           !description->has_quote && found.exact.bytes &&
           (object.seen & (1u << SELECTOR_START | 1u << SELECTOR_END)) == 0)
    {
      part = part_quote;
      used = TRUE;
      description->has_quote = TRUE;
      description->exact = found.exact;
      description->prefix = found.prefix;
      description->suffix = found.suffix;
    }

  if (!used)
    g_array_set_size (kept, n_kept);
  for (guint i = n_kept; i < kept->len; i++)
    g_array_index (kept, PostilSidecarKept, i).object = part;
  return used;
}

/* Reads all selectors of a place. Returns whether one of them is of use. */
static gboolean
read_selectors (PostilSidecarItem *self, Description *description, GArray *kept, guint index)
{
  gboolean array = postil_json_scanner_peek (self->scanner) == '[';
  guint n = 0, n_used = 0;
  PostilJsonSlice raw;

  if (array)
    postil_json_scanner_enter (self->scanner);
  else
    self->reshaped = TRUE;
  while (array ? postil_json_scanner_next_element (self->scanner, &n) : n == 0 && ++n)
    if (read_selector (self, description, kept, index, &raw))
      n_used++;
    else
      postil_sidecar_keep_element (kept, part_selector, index, insert_number (self, n_used), &raw);
  return n_used > 0;
}

/* Reads the place that the present one replaces. */
static gboolean
read_earlier (PostilSidecarItem *self, Target *target)
{
  PostilSidecarObject object;
  guint n_bad_positions = self->n_bad_positions;
  gboolean reshaped = self->reshaped;
  int known;

  if (postil_json_scanner_peek (self->scanner) != '{')
    return FALSE;

  g_array_set_size (self->ignored, 0);
  target->earlier_raw.bytes = self->scanner->at;
  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_target, self->ignored,
                               part_target, 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    if (known == TARGET_SELECTOR)
      read_selectors (self, &target->earlier, self->ignored, 0);
    else
      postil_json_scanner_skip (self->scanner, NULL);
  target->earlier_raw.n_bytes = self->scanner->at - target->earlier_raw.bytes;

  for (guint i = 0; i < self->ignored->len; i++)
    {
      const PostilSidecarKept *kept = &g_array_index (self->ignored, PostilSidecarKept, i);

      if (kept->object == part_target && kept->key.bytes &&
          postil_json_slice_is (&kept->key, "schema:sha256") && kept->value.bytes[0] == '"')
        target->earlier_sha256 =
          (PostilJsonSlice){ .bytes = kept->value.bytes + 1, .n_bytes = kept->value.n_bytes - 2 };
    }
  /* What it was like is told once, when it is read as a place of its own. */
  self->n_bad_positions = n_bad_positions;
  self->reshaped = reshaped;
  return TRUE;
}

static void
read_status (PostilSidecarItem *self, PostilSidecarObject *object)
{
  PostilJsonSlice string;

  if (!postil_sidecar_object_read_string (object, &string))
    return;
  for (guint status = POSTIL_STATUS_MOVED; status <= POSTIL_STATUS_ORPHANED; status++)
    if (postil_json_slice_is (&string, postil_sidecar_form_get_status (status)))
      {
        self->status = MAX (self->status, status);
        return;
      }
  postil_sidecar_object_keep (object);
}

/* Whether a value that other programs give a source names the text: its id, or an object with it.
 */
static gboolean
is_source (PostilSidecarItem *self, const PostilJsonSlice *value)
{
  const char *at = self->scanner->at;
  PostilSidecarObject object;
  PostilJsonSlice id = { 0 };

  self->scanner->at = value->bytes;
  if (value->bytes[0] == '"')
    {
      postil_json_scanner_read_string (self->scanner, &id);
    }
  else if (value->bytes[0] == '{')
    {
      g_array_set_size (self->ignored, 0);
      postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_reference,
                                   self->ignored, part_target, 0);
      while (postil_sidecar_object_next (&object) >= 0)
        postil_sidecar_object_read_string (&object, &id);
    }
  self->scanner->at = at;
  return id.bytes && names_source (self, &id);
}

/* Reads one target. Returns %POSTIL_ANNOTATION_FOREIGN when Postil cannot show it. */
static PostilAnnotationKind
read_target (PostilSidecarItem *self)
{
  guint index = self->targets->len;
  guint n_kept = self->kept->len;
  PostilJsonSlice raw = { .bytes = self->scanner->at };
  PostilJsonSlice source = { 0 };
  PostilSidecarObject object;
  Target target = { 0 };
  gboolean selects = FALSE, useful = FALSE;
  int known;

  if (postil_json_scanner_peek (self->scanner) != '{')
    {
      postil_json_scanner_skip (self->scanner, &raw);
      return is_source (self, &raw) ? POSTIL_ANNOTATION_DOCUMENT : POSTIL_ANNOTATION_FOREIGN;
    }

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_target, self->kept,
                               part_target, index);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case TARGET_TYPE:
        postil_sidecar_object_expect (&object, "SpecificResource");
        break;
      case TARGET_SOURCE:
        postil_json_scanner_skip (self->scanner, &source);
        if (source.bytes[0] != '"')
          postil_sidecar_object_keep (&object);
        break;
      case TARGET_SELECTOR:
        selects = TRUE;
        useful |= read_selectors (self, &target.now, self->kept, index);
        break;
      case TARGET_REPLACES:
        target.has_earlier = read_earlier (self, &target);
        useful |= target.has_earlier;
        if (!target.has_earlier)
          postil_sidecar_object_keep (&object);
        break;
      case TARGET_STATUS:
        read_status (self, &object);
        break;
      default:
        g_assert_not_reached ();
      }
  raw.n_bytes = self->scanner->at - raw.bytes;

  if (useful && source.bytes && is_source (self, &source))
    {
      target.raw = raw;
      g_array_append_val (self->targets, target);
      return POSTIL_ANNOTATION_PASSAGE;
    }
  g_array_set_size (self->kept, n_kept);
  if (selects || !is_source (self, source.bytes ? &source : &raw))
    return POSTIL_ANNOTATION_FOREIGN;
  return POSTIL_ANNOTATION_DOCUMENT;
}

static void
read_targets (PostilSidecarItem *self, PostilSidecarObject *object)
{
  gboolean array = postil_json_scanner_peek (self->scanner) == '[';
  gboolean plain = postil_json_scanner_peek (self->scanner) == '"';
  guint n = 0;

  if (array)
    postil_json_scanner_enter (self->scanner);
  while (array ? postil_json_scanner_next_element (self->scanner, &n) : n == 0 && ++n)
    {
      PostilAnnotationKind kind = read_target (self);

      if (kind == POSTIL_ANNOTATION_FOREIGN || (n > 1 && kind != self->kind))
        hide (self);
      self->kind = kind;
    }
  if (n == 0 || (n > 1 && self->kind == POSTIL_ANNOTATION_DOCUMENT))
    hide (self);
  /* A whole document has no place that could change, so its target stays as it came. */
  if (self->kind == POSTIL_ANNOTATION_DOCUMENT && !plain)
    postil_sidecar_object_keep (object);
}

/* Looks through what other programs give an annotation as a whole. */
static void
read_strangers (PostilSidecarItem *self, gboolean has_body)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);
      PostilJsonSlice string = { kept->value.bytes + 1, kept->value.n_bytes - 2, TRUE };
      gboolean text = kept->value.bytes[0] == '"';

      if (kept->object != part_item)
        continue;
      if (text && postil_json_slice_is (&kept->key, "@context") &&
          postil_json_slice_is (&string, POSTIL_SIDECAR_CONTEXT))
        {
          g_array_remove_index (self->kept, i--);
        }
      else if (text && !has_body && postil_json_slice_is (&kept->key, "bodyValue") &&
               can_take (self, &string))
        {
          Body body = { .kind = BODY_NOTE, .raw = kept->value, .value = string };

          g_array_append_val (self->bodies, body);
          g_array_remove_index (self->kept, i--);
          self->reshaped = TRUE;
        }
    }
}

/* Gives the item its own id where that is an IRI, else one made from all of its bytes. */
static void
take_id (PostilSidecarItem *self, const PostilJsonSlice *given)
{
  const char *id = given->bytes ? take_string (self, given) : NULL;
  g_autofree char *raw = NULL;
  g_autofree char *derived = NULL;

  if (id && postil_sidecar_is_iri (id))
    {
      self->id = id;
      return;
    }
  if (id)
    {
      PostilJsonSlice old = quoted (given);

      postil_sidecar_keep_old_id (self->kept, part_item, &old, self->strings);
    }
  else if (given->bytes)
    {
      hide (self);
    }
  self->reshaped = TRUE;
  raw = g_strndup (self->raw.bytes, self->raw.n_bytes);
  derived = postil_environment_derive_id (raw);
  self->id = g_string_chunk_insert (self->strings, derived);
}

static void
reset (PostilSidecarItem *self, const PostilSidecarItemContext *context)
{
  self->context = *context;
  self->utf8 = context->text ? postil_text_get_utf8 (context->text, NULL) : NULL;
  self->is_annotation = FALSE;
  self->shown = context->text != NULL;
  self->reshaped = FALSE;
  self->n_bad_positions = 0;
  self->kind = POSTIL_ANNOTATION_FOREIGN;
  self->status = POSTIL_STATUS_PLACED;
  self->bare_body = FALSE;
  self->motivation = (PostilJsonSlice){ 0 };
  self->creator = (PostilJsonSlice){ 0 };
  self->created = 0;
  self->modified = 0;
  self->reverted = FALSE;
  self->id = NULL;
  g_array_set_size (self->bodies, 0);
  g_array_set_size (self->targets, 0);
  g_array_set_size (self->kept, 0);
  g_array_set_size (self->spans, 0);
  g_ptr_array_set_size (self->topics, 0);
  g_ptr_array_set_size (self->notes, 0);
  g_string_chunk_clear (self->strings);
}

/* Whether the quote stands at the position. Positions alone are all that can be had. */
static gboolean
stands (PostilSidecarItem *self, const Description *description)
{
  PostilSpan span = description->position;
  const PostilJsonSlice *exact = &description->exact;
  const char *quote = exact->bytes;
  gsize n_quote = exact->n_bytes;
  gsize start;

  if (!description->has_position || span.end > postil_text_get_length (self->context.text))
    return FALSE;
  if (!description->has_quote)
    return TRUE;
  if (exact->escaped)
    {
      g_string_truncate (self->buffer, 0);
      postil_json_slice_unescape (exact, self->buffer);
      quote = self->buffer->str;
      n_quote = self->buffer->len;
    }
  start = postil_text_get_byte (self->context.text, span.start);
  return postil_text_get_byte (self->context.text, span.end) - start == n_quote &&
         memcmp (self->utf8 + start, quote, n_quote) == 0;
}

static gboolean
all_stand (PostilSidecarItem *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (!stands (self, &g_array_index (self->targets, Target, i).now))
      return FALSE;
  return TRUE;
}

static gboolean
is_reverted (PostilSidecarItem *self)
{
  if (self->context.trusted)
    return FALSE;
  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = &g_array_index (self->targets, Target, i);

      if (!target->has_earlier || target->earlier_sha256.bytes == NULL ||
          !postil_json_slice_is (&target->earlier_sha256,
                                 postil_text_get_sha256 (self->context.text)))
        return FALSE;
    }
  return TRUE;
}

/* Fills @selector with @quote's quote and @place's position. */
static void
fill_selector (PostilSidecarItem *self,
               PostilSelector *selector,
               const Description *place,
               const Description *quote)
{
  *selector = (PostilSelector){
    .has_position = place->has_position,
    .position = place->position,
  };
  if (!quote->has_quote)
    return;
  selector->exact = take_string (self, &quote->exact);
  selector->prefix = quote->prefix.bytes ? take_string (self, &quote->prefix) : NULL;
  selector->suffix = quote->suffix.bytes ? take_string (self, &quote->suffix) : NULL;
}

/* What is to be searched for in the text: the present places, where there are none left the earlier
 * ones. */
static PostilAnchor *
make_request (PostilSidecarItem *self)
{
  g_autofree PostilSelector *selectors = g_new (PostilSelector, self->targets->len);

  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = &g_array_index (self->targets, Target, i);
      const Description *place =
        self->reverted || !target->now.has_position ? &target->earlier : &target->now;
      const Description *quote =
        self->reverted || !target->now.has_quote ? &target->earlier : &target->now;

      fill_selector (self, &selectors[i], place, quote);
    }
  return postil_anchor_new (selectors, self->targets->len, NULL, NULL);
}

/* What the annotation keeps until a person confirms its new place: the earliest places that are
 * known, with their bytes. */
static PostilAnchor *
make_anchor (PostilSidecarItem *self, PostilStatus status, gboolean from_file)
{
  g_autofree PostilSelector *selectors = g_new (PostilSelector, self->targets->len);
  g_autoptr (GString) source = g_string_new (self->targets->len > 1 ? "[" : "");
  const char *sha256 = self->context.sha256;
  gboolean has_earlier = FALSE;

  for (guint i = 0; i < self->targets->len; i++)
    {
      guint index = g_array_index (self->order, guint, i);
      const Target *target = &g_array_index (self->targets, Target, index);
      const Description *earlier = target->has_earlier ? &target->earlier : &target->now;
      gboolean orphaned = status == POSTIL_STATUS_ORPHANED && target->now.has_quote;
      const PostilJsonSlice *raw = target->has_earlier ? &target->earlier_raw : &target->raw;

      fill_selector (self, &selectors[i], earlier, orphaned ? &target->now : earlier);
      g_string_append_printf (source, "%s%.*s", i > 0 ? ", " : "", (int) raw->n_bytes, raw->bytes);
      has_earlier |= target->has_earlier;
      if (target->has_earlier)
        sha256 = target->earlier_sha256.bytes ? take_string (self, &target->earlier_sha256) : NULL;
    }
  if (self->targets->len > 1)
    g_string_append_c (source, ']');

  if (from_file && !has_earlier && status != POSTIL_STATUS_ORPHANED)
    return NULL;
  return postil_anchor_new (selectors, self->targets->len, sha256,
                            from_file && !has_earlier ? NULL : source->str);
}

static PostilStatus
decide_status (PostilSidecarItem *self, const PostilPlacement *answer)
{
  if (answer == NULL || answer->status == POSTIL_STATUS_ORPHANED)
    return answer ? POSTIL_STATUS_ORPHANED : self->status;
  if (answer->status == POSTIL_STATUS_PLACED &&
      (self->reverted || self->status == POSTIL_STATUS_ORPHANED))
    return POSTIL_STATUS_PLACED;
  return MAX (self->status == POSTIL_STATUS_ORPHANED ? POSTIL_STATUS_MOVED : self->status,
              answer->status);
}

static int
compare_spans (gconstpointer a, gconstpointer b, gpointer data)
{
  const PostilSpan *spans = data;
  PostilSpan x = spans[*(const guint *) a];
  PostilSpan y = spans[*(const guint *) b];

  if (x.start != y.start)
    return x.start < y.start ? -1 : 1;
  return x.end < y.end ? -1 : x.end > y.end;
}

/* Puts the ranges in the order of the text, and notes which target each of them is of. */
static void
order_spans (PostilSidecarItem *self, const PostilSpan *spans)
{
  g_array_set_size (self->order, self->targets->len);
  for (guint i = 0; i < self->targets->len; i++)
    g_array_index (self->order, guint, i) = i;
  if (spans == NULL)
    return;
  if (self->targets->len > 1)
    g_array_sort_with_data (self->order, compare_spans, (gpointer) spans);
  for (guint i = 0; i < self->targets->len; i++)
    g_array_append_val (self->spans, spans[g_array_index (self->order, guint, i)]);
}

/* Takes what was kept of one body out of the rest, for the note made of it. */
static PostilForeign *
take_note_foreign (PostilSidecarItem *self, guint index)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));

  for (guint i = 0; i < self->kept->len; i++)
    {
      PostilSidecarKept member = g_array_index (self->kept, PostilSidecarKept, i);

      if (member.object != part_body || member.index != index)
        continue;
      member.object = part_item;
      g_array_append_val (kept, member);
      g_array_remove_index (self->kept, i--);
    }
  return postil_sidecar_make_foreign (kept);
}

static gboolean
has_note_by (PostilSidecarItem *self, const char *creator)
{
  for (guint i = 0; i < self->notes->len; i++)
    if (g_strcmp0 (postil_note_get_creator (self->notes->pdata[i]), creator) == 0)
      return TRUE;
  return FALSE;
}

/* Makes a note of a body, unless its annotator has one on this annotation already. */
static gboolean
build_note (PostilSidecarItem *self, const Body *body, guint index, const char *creator)
{
  gint64 created = body->created;
  g_autoptr (PostilForeign) foreign = NULL;
  gboolean exact = TRUE;
  PostilJsonSlice id;

  if (body->creator.bytes)
    creator = postil_sidecar_names_resolve_person (self->names, &body->creator, &exact);
  else if (created == 0)
    created = self->created;
  if (has_note_by (self, creator))
    return FALSE;

  if (!exact)
    keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_CREATOR, &body->creator);
  if (body->id.bytes)
    {
      id = quoted (&body->id);
      keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_ID, &id);
    }
  foreign = self->kept->len > 0 ? take_note_foreign (self, index) : NULL;
  g_ptr_array_add (self->notes,
                   postil_note_new (take_string (self, &body->value), creator, created, foreign));
  return TRUE;
}

/* Adds the topic of a body, unless the annotation has it already. */
static gboolean
build_topic (PostilSidecarItem *self, const Body *body, guint index)
{
  const char *topic = NULL;
  const char *id;
  gboolean exact = TRUE;
  const char *name;

  if (body->kind == BODY_TOPIC)
    {
      topic = postil_sidecar_names_resolve_topic (self->names, &body->value, &exact);
      self->reshaped |= body->value.bytes[0] != '"';
    }
  else
    {
      id = body->id.bytes ? take_string (self, &body->id) : NULL;
      topic = id ? postil_sidecar_names_find_topic (self->names, id) : NULL;
      if (body->id.bytes && topic == NULL)
        {
          PostilJsonSlice raw = quoted (&body->id);

          keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_ID, &raw);
        }
      if (topic == NULL)
        topic = postil_sidecar_names_ensure_label (self->names, take_string (self, &body->value));
      self->reshaped = TRUE;
    }
  if (topic == NULL || g_ptr_array_find (self->topics, topic, NULL))
    return FALSE;

  if (!exact)
    keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_SOURCE, &body->value);
  g_ptr_array_add (self->topics, (gpointer) topic);

  /* What else stood in the body goes by the topic's id, which outlives its place among the bodies.
   */
  name = NULL;
  for (guint i = 0; i < self->kept->len; i++)
    {
      PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);

      if (kept->object != part_body || kept->index != index)
        continue;
      if (name == NULL)
        {
          g_string_printf (self->buffer, "body/%s", topic);
          name = g_string_chunk_insert (self->strings, self->buffer->str);
        }
      kept->object = name;
    }
  return TRUE;
}

static void
drop_kept_of_body (PostilSidecarItem *self, guint index)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      const PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);

      if (kept->object == part_body && kept->index == index)
        g_array_remove_index (self->kept, i--);
    }
}

static void
build_bodies (PostilSidecarItem *self, const char *creator)
{
  gboolean tagging =
    self->motivation.bytes && (postil_json_slice_is (&self->motivation, "tagging") ||
                               postil_json_slice_is (&self->motivation, "classifying"));
  g_autoptr (GArray) elements = NULL;

  for (guint i = 0; i < self->bodies->len; i++)
    {
      Body *body = &g_array_index (self->bodies, Body, i);
      gboolean built = FALSE;

      /* A body without a purpose has that of its annotation (Web Annotation Data Model, 3.3.5). */
      if (body->kind == BODY_NOTE && !body->has_purpose && tagging && body->value.n_bytes > 0)
        body->kind = BODY_LABEL;

      if (body->kind == BODY_NOTE)
        built = build_note (self, body, i, creator);
      else if (body->kind != BODY_FOREIGN)
        built = build_topic (self, body, i);
      self->reshaped |= built && self->bare_body;
      if (!built)
        {
          PostilSidecarKept element = {
            .object = "body",
            .after =
              self->bare_body ? "" : insert_number (self, self->topics->len + self->notes->len),
            .value = body->raw,
          };

          drop_kept_of_body (self, i);
          if (elements == NULL)
            elements = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
          g_array_append_val (elements, element);
        }
    }
  if (elements)
    g_array_append_vals (self->kept, elements->data, elements->len);
}

static void
build_motivation (PostilSidecarItem *self)
{
  const char *own =
    postil_sidecar_form_get_motivation (self->topics->len, self->notes->len, self->bodies->len);
  PostilJsonSlice raw;

  if (self->motivation.bytes == NULL || (own && postil_json_slice_is (&self->motivation, own)))
    return;
  if (self->topics->len > 0 && postil_json_slice_is (&self->motivation, "tagging"))
    return;
  raw = quoted (&self->motivation);
  keep_known (self, part_item, 0, &postil_sidecar_form_annotation, ANNOTATION_MOTIVATION, &raw);
}

/* Gives what was kept of the targets the names of their ranges. */
static void
name_targets (PostilSidecarItem *self)
{
  g_autofree guint *ranks = NULL;

  if (self->kept->len == 0)
    return;
  ranks = g_new (guint, self->order->len);
  for (guint i = 0; i < self->order->len; i++)
    ranks[g_array_index (self->order, guint, i)] = i;
  for (guint i = 0; i < self->kept->len; i++)
    {
      PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);

      if (kept->object == part_target)
        g_string_printf (self->buffer, "target/%u", ranks[kept->index]);
      else if (kept->object == part_position || kept->object == part_quote ||
               kept->object == part_selector)
        g_string_printf (self->buffer, "target/%u/%s", ranks[kept->index], kept->object);
      else
        continue;
      kept->object = g_string_chunk_insert_const (self->strings, self->buffer->str);
    }
}

static PostilAnnotation *
build_foreign (PostilSidecarItem *self)
{
  PostilForeignMember member = {
    .object = "",
    .after = "",
    .value = self->raw.bytes,
    .n_value = self->raw.n_bytes,
  };
  g_autoptr (PostilForeign) foreign = postil_foreign_new (&member, 1);
  gboolean exact;
  PostilAnnotationFields fields = {
    .id = self->id,
    .kind = POSTIL_ANNOTATION_FOREIGN,
    .created = self->created,
    .modified = self->modified,
    .foreign = foreign,
  };

  if (self->creator.bytes && self->creator.bytes[0] == '"')
    fields.creator = postil_sidecar_names_resolve_person (self->names, &self->creator, &exact);
  return postil_annotation_new (&fields);
}

/**
 * postil_sidecar_item_new:
 * @scanner: what scans the sidecar; must outlive the item
 * @names: (transfer none): the annotators and topics of the sidecar; must outlive the item
 *
 * Returns: (transfer full): an item to read annotations with
 */
PostilSidecarItem *
postil_sidecar_item_new (PostilJsonScanner *scanner, PostilSidecarNames *names)
{
  PostilSidecarItem *self = g_new0 (PostilSidecarItem, 1);

  self->scanner = scanner;
  self->names = names;
  self->bodies = g_array_new (FALSE, FALSE, sizeof (Body));
  self->targets = g_array_new (FALSE, FALSE, sizeof (Target));
  self->kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  self->ignored = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  self->spans = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->strings = g_string_chunk_new (1024);
  self->buffer = g_string_new (NULL);
  self->topics = g_ptr_array_new ();
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_note_unref);
  return self;
}

void
postil_sidecar_item_free (PostilSidecarItem *self)
{
  g_array_unref (self->bodies);
  g_array_unref (self->targets);
  g_array_unref (self->kept);
  g_array_unref (self->ignored);
  g_array_unref (self->spans);
  g_array_unref (self->order);
  g_string_chunk_free (self->strings);
  g_string_free (self->buffer, TRUE);
  g_ptr_array_unref (self->topics);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

/**
 * postil_sidecar_item_read:
 * @self: an item
 * @context: what it is read against; must outlive the item's next reading
 *
 * Reads the annotation that the scanner stands at, whatever it is. Nothing but the scanner says
 * whether it was well-formed.
 */
void
postil_sidecar_item_read (PostilSidecarItem *self, const PostilSidecarItemContext *context)
{
  PostilSidecarObject object;
  PostilJsonSlice id = { 0 };
  gboolean has_target = FALSE, has_body = FALSE;
  int known;

  reset (self, context);
  self->raw = (PostilJsonSlice){ .bytes = self->scanner->at };
  if (postil_json_scanner_peek (self->scanner) != '{')
    {
      hide (self);
      postil_json_scanner_skip (self->scanner, &self->raw);
      take_id (self, &id);
      return;
    }

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_annotation, self->kept,
                               part_item, 0);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case ANNOTATION_ID:
        if (!postil_sidecar_object_read_string (&object, &id))
          hide (self);
        break;
      case ANNOTATION_TYPE:
        read_type (self, &object);
        break;
      case ANNOTATION_MOTIVATION:
        read_motivation (self, &object);
        break;
      case ANNOTATION_CREATED:
        self->created = postil_sidecar_object_read_date (&object);
        break;
      case ANNOTATION_MODIFIED:
        self->modified = postil_sidecar_object_read_date (&object);
        break;
      case ANNOTATION_CREATOR:
        read_creator (self);
        break;
      case ANNOTATION_BODY:
        has_body = TRUE;
        read_bodies (self);
        break;
      case ANNOTATION_TARGET:
        has_target = TRUE;
        read_targets (self, &object);
        break;
      default:
        g_assert_not_reached ();
      }
  self->raw.n_bytes = self->scanner->at - self->raw.bytes;

  self->is_annotation |= has_target;
  if (!has_target)
    hide (self);
  if (self->kept->len > 0)
    read_strangers (self, has_body);
  take_id (self, &id);
}

/**
 * postil_sidecar_item_needs_place:
 * @self: an item that was read
 * @request: (out): what postil_anchoring_place() must be asked; its anchor is (transfer full)
 *
 * Looks whether the passage stands where the sidecar says, which it mostly does.
 *
 * Returns: whether the place must be searched before the annotation can be built
 */
gboolean
postil_sidecar_item_needs_place (PostilSidecarItem *self, PostilPlacement *request)
{
  if (!self->shown || self->kind != POSTIL_ANNOTATION_PASSAGE)
    return FALSE;
  if (self->context.trusted && (self->status == POSTIL_STATUS_ORPHANED || all_stand (self)))
    return FALSE;

  self->reverted = is_reverted (self);
  *request = (PostilPlacement){
    .anchor = make_request (self),
    .trusted = self->context.trusted || self->reverted,
  };
  return TRUE;
}

/**
 * postil_sidecar_item_build:
 * @self: an item that was read
 * @answer: (nullable): what became of the request, if a place was searched
 *
 * Returns: (transfer full): the annotation
 */
PostilAnnotation *
postil_sidecar_item_build (PostilSidecarItem *self, const PostilPlacement *answer)
{
  g_autoptr (PostilForeign) foreign = NULL;
  g_autoptr (PostilAnchor) anchor = NULL;
  g_autofree PostilSpan *positions = NULL;
  const PostilSpan *spans = NULL;
  PostilAnnotationFields fields = { 0 };
  gboolean exact = TRUE;

  if (!self->shown)
    return build_foreign (self);

  self->reverted = answer && is_reverted (self);
  if (self->kind == POSTIL_ANNOTATION_PASSAGE)
    {
      fields.status = decide_status (self, answer);
      if (fields.status != POSTIL_STATUS_ORPHANED && answer)
        {
          spans = answer->spans;
        }
      else if (fields.status != POSTIL_STATUS_ORPHANED)
        {
          positions = g_new (PostilSpan, self->targets->len);
          for (guint i = 0; i < self->targets->len; i++)
            positions[i] = g_array_index (self->targets, Target, i).now.position;
          spans = positions;
        }
      order_spans (self, spans);
      if (fields.status != POSTIL_STATUS_PLACED)
        anchor = make_anchor (self, fields.status, answer == NULL);
    }

  if (self->creator.bytes)
    fields.creator = postil_sidecar_names_resolve_person (self->names, &self->creator, &exact);
  self->reshaped |= self->creator.bytes && self->creator.bytes[0] != '"';
  if (!exact)
    keep_known (self, part_item, 0, &postil_sidecar_form_annotation, ANNOTATION_CREATOR,
                &self->creator);
  build_bodies (self, fields.creator);
  build_motivation (self);
  name_targets (self);
  foreign = postil_sidecar_make_foreign (self->kept);

  fields.id = self->id;
  fields.kind = self->kind;
  fields.created = self->created;
  fields.modified = self->modified;
  fields.spans = (const PostilSpan *) self->spans->data;
  fields.n_spans = self->spans->len;
  fields.topics = (const char *const *) self->topics->pdata;
  fields.n_topics = self->topics->len;
  fields.notes = (PostilNote *const *) self->notes->pdata;
  fields.n_notes = self->notes->len;
  fields.anchor = anchor;
  fields.foreign = foreign;
  return postil_annotation_new (&fields);
}

/**
 * postil_sidecar_item_is_annotation:
 *
 * Returns: whether it is an annotation at all, whether Postil can show it or not
 */
gboolean
postil_sidecar_item_is_annotation (PostilSidecarItem *self)
{
  return self->is_annotation;
}

/**
 * postil_sidecar_item_is_reshaped:
 *
 * Returns: whether the annotation that was built will be written in another shape
 */
gboolean
postil_sidecar_item_is_reshaped (PostilSidecarItem *self)
{
  return self->shown && self->reshaped;
}

/**
 * postil_sidecar_item_get_n_bad_positions:
 *
 * Returns: how many of its positions can be none in any text, such as one that ends before it
 *   starts
 */
guint
postil_sidecar_item_get_n_bad_positions (PostilSidecarItem *self)
{
  return self->shown ? self->n_bad_positions : 0;
}
