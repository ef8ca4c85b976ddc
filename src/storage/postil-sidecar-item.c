/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-item.h"

#include <string.h>

#include "postil-environment.h"

/*
 * PostilSidecarItem: one annotation of the sidecar that is being read. The reader owns one and
 * reads all annotations into it, one after the other, so that nothing is allocated for what goes
 * straight into the model. It holds slices of the sidecar until postil_sidecar_item_build() makes
 * an annotation of them; one that Postil cannot show in full becomes a foreign one, as it stands.
 */

/* How many levels below a body the selectors of a link stand, which a skip may go deeper. */
#define LINK_DEPTH 2

/* How many annotations share a piece of memory for their strings. */
#define STRETCH 64

/* The parts of an annotation that foreign members are kept for, besides those of its passage, until
 * their objects get the names that postil-sidecar-reader.h tells. */
static const char part_item[] = "";
static const char part_body[] = "body";

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

struct _PostilSidecarItem
{
  guint n_read;
  PostilJsonScanner *scanner;
  PostilSidecarNames *names;
  PostilSidecarContext context;
  gboolean is_annotation;
  gboolean shown;
  gboolean reshaped;
  /* A key that stands twice in an object of this annotation. */
  PostilJsonSlice duplicate;
  /* Whether there is one body, and no array round it. */
  gboolean bare_body;
  PostilJsonSlice raw;
  PostilJsonSlice motivation;
  PostilJsonSlice creator;
  gint64 created;
  gint64 modified;
  const char *id;
  const char *version_of;
  GArray *bodies;
  PostilSidecarPassage *passage;
  GArray *kept;
  /* Whether it is a link, and then the passage of the other document; made for the first link. */
  gboolean is_link;
  PostilSidecarPassage *other;
  GArray *other_kept;

  GStringChunk *strings;
  GString *buffer;
  GPtrArray *topics;
  GPtrArray *notes;
};

static void
hide (PostilSidecarItem *self)
{
  self->shown = FALSE;
}

static void
note_duplicate (PostilSidecarItem *self, const PostilSidecarObject *object)
{
  if (self->duplicate.bytes == NULL)
    self->duplicate = object->duplicate;
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
    {
      self->is_link = self->motivation.bytes && postil_json_slice_is (&self->motivation, "linking");
      if (!self->is_link)
        hide (self);
    }
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

/* Reads the id of the annotation that this is another version of. What says more is kept. */
static void
read_version_of (PostilSidecarItem *self, PostilSidecarObject *annotation)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  PostilSidecarObject object;
  PostilJsonSlice id = { 0 };

  if (postil_json_scanner_peek (self->scanner) == '{')
    {
      postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_reference, kept,
                                   part_item, 0);
      while (postil_sidecar_object_next (&object) >= 0)
        postil_sidecar_object_read_string (&object, &id);
      if (id.bytes && kept->len == 0)
        self->version_of = postil_sidecar_take_string (self->strings, &id);
    }
  if (self->version_of == NULL)
    postil_sidecar_object_keep (annotation);
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

  self->scanner->max_depth += LINK_DEPTH;
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
        clear &= postil_sidecar_object_read_string (&object, &body.value) &&
                 postil_json_slice_can_unescape (&body.value);
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
  self->scanner->max_depth -= LINK_DEPTH;
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
  if (body.kind != BODY_FOREIGN)
    note_duplicate (self, &object);
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

/* Reads the bodies of a link as the passage of another document. Returns whether they are one. */
static gboolean
read_link (PostilSidecarItem *self)
{
  const char *at = self->scanner->at;
  gboolean fits = self->bodies->len > 0 &&
                  postil_sidecar_passage_get_kind (self->passage) == POSTIL_ANNOTATION_PASSAGE;

  if (self->other == NULL)
    {
      self->other_kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
      self->other = postil_sidecar_passage_new (self->scanner, self->other_kept, self->strings);
    }
  postil_sidecar_passage_reset (self->other, &(PostilSidecarContext){ 0 });
  g_array_set_size (self->other_kept, 0);
  self->scanner->max_depth += LINK_DEPTH;
  for (guint i = 0; i < self->bodies->len && fits; i++)
    {
      const Body *body = &g_array_index (self->bodies, Body, i);

      self->scanner->at = body->raw.bytes;
      fits = body->kind == BODY_FOREIGN && postil_sidecar_passage_read_other (self->other);
    }
  self->scanner->at = at;
  self->scanner->max_depth -= LINK_DEPTH;
  self->reshaped |= self->bodies->len == 1 && !self->bare_body;
  return fits && !postil_sidecar_passage_is_same (self->passage, self->other);
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
               postil_json_slice_can_unescape (&string))
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
  const char *id = given->bytes ? postil_sidecar_take_string (self->strings, given) : NULL;
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
reset (PostilSidecarItem *self, const PostilSidecarContext *context)
{
  self->context = *context;
  self->is_annotation = FALSE;
  self->shown = context->text != NULL || context->source != NULL;
  self->reshaped = FALSE;
  self->duplicate = (PostilJsonSlice){ 0 };
  self->bare_body = FALSE;
  self->is_link = FALSE;
  self->motivation = (PostilJsonSlice){ 0 };
  self->creator = (PostilJsonSlice){ 0 };
  self->created = 0;
  self->modified = 0;
  self->id = NULL;
  self->version_of = NULL;
  g_array_set_size (self->bodies, 0);
  postil_sidecar_passage_reset (self->passage, context);
  g_array_set_size (self->kept, 0);
  g_ptr_array_set_size (self->topics, 0);
  g_ptr_array_set_size (self->notes, 0);
  if (self->n_read++ % STRETCH == 0)
    g_string_chunk_clear (self->strings);
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
                   postil_note_new (postil_sidecar_take_string (self->strings, &body->value),
                                    creator, created, foreign));
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
    }
  else
    {
      id = body->id.bytes ? postil_sidecar_take_string (self->strings, &body->id) : NULL;
      topic = id ? postil_sidecar_names_find_topic (self->names, id) : NULL;
      if (body->id.bytes && topic == NULL)
        {
          PostilJsonSlice raw = quoted (&body->id);

          keep_known (self, part_body, index, &postil_sidecar_form_body, BODY_ID, &raw);
        }
      if (topic == NULL)
        topic = postil_sidecar_names_ensure_label (
          self->names, postil_sidecar_take_string (self->strings, &body->value));
    }
  if (topic == NULL || g_ptr_array_find (self->topics, topic, NULL))
    return FALSE;

  self->reshaped |= body->kind == BODY_LABEL || (exact && body->value.bytes[0] != '"');
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
            .after = self->bare_body ? ""
                                     : postil_sidecar_insert_number (
                                         self->strings, self->topics->len + self->notes->len),
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

/* Takes what a link says of its passages out of what is kept. */
static PostilLinkKind
take_link_kind (PostilSidecarItem *self)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      const PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);
      PostilJsonSlice string = { kept->value.bytes + 1, kept->value.n_bytes - 2, TRUE };

      if (kept->object != part_item || kept->value.bytes[0] != '"' ||
          !postil_json_slice_is (&kept->key, "schema:creativeWorkStatus"))
        continue;
      for (guint kind = POSTIL_LINK_PAIRED; kind <= POSTIL_LINK_DISMISSED; kind++)
        if (postil_json_slice_is (&string, postil_sidecar_form_get_link_kind (kind)))
          {
            g_array_remove_index (self->kept, i);
            return kind;
          }
    }
  return POSTIL_LINK_PLAIN;
}

static PostilLink *
build_link (PostilSidecarItem *self)
{
  const char *label, *from, *to;
  PostilLinkKind kind = take_link_kind (self);
  g_autoptr (PostilAnchor) passage = postil_sidecar_passage_build_other (self->other, &label);

  from = postil_sidecar_passage_take_relation (self->other);
  to = postil_sidecar_passage_take_relation (self->passage);
  postil_sidecar_passage_name_kept (self->other, "link");
  g_array_append_vals (self->kept, self->other_kept->data, self->other_kept->len);
  return postil_link_new (kind, passage, label, from, to);
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
    .version_of = self->version_of,
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
  self->kept = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  self->strings = g_string_chunk_new (1024);
  self->buffer = g_string_new (NULL);
  self->passage = postil_sidecar_passage_new (scanner, self->kept, self->strings);
  self->topics = g_ptr_array_new ();
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_note_unref);
  return self;
}

void
postil_sidecar_item_free (PostilSidecarItem *self)
{
  g_array_unref (self->bodies);
  postil_sidecar_passage_free (self->passage);
  g_clear_pointer (&self->other, postil_sidecar_passage_free);
  g_clear_pointer (&self->other_kept, g_array_unref);
  g_array_unref (self->kept);
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
postil_sidecar_item_read (PostilSidecarItem *self, const PostilSidecarContext *context)
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
      case ANNOTATION_VERSION_OF:
        read_version_of (self, &object);
        break;
      case ANNOTATION_STATUS:
        /* Kept until it is known whether it is a link. */
        postil_sidecar_object_keep (&object);
        break;
      case ANNOTATION_BODY:
        has_body = TRUE;
        read_bodies (self);
        break;
      case ANNOTATION_TARGET:
        has_target = TRUE;
        postil_sidecar_passage_read (self->passage, &object);
        break;
      default:
        g_assert_not_reached ();
      }
  self->raw.n_bytes = self->scanner->at - self->raw.bytes;

  self->is_annotation |= has_target;
  if (postil_sidecar_passage_get_kind (self->passage) == POSTIL_ANNOTATION_FOREIGN)
    hide (self);
  /* Of what ended too early, what was kept last has no bytes. */
  if (self->kept->len > 0 && self->scanner->problem == POSTIL_JSON_PROBLEM_NONE)
    read_strangers (self, has_body);
  take_id (self, &id);
  note_duplicate (self, &object);
  if (self->is_link && self->shown &&
      (self->scanner->problem != POSTIL_JSON_PROBLEM_NONE || !read_link (self)))
    hide (self);
  if (self->shown)
    {
      postil_sidecar_refuse_duplicate (self->scanner, &self->duplicate);
      postil_sidecar_passage_refuse_duplicate (self->passage);
      if (self->is_link)
        postil_sidecar_passage_refuse_duplicate (self->other);
    }
}

/**
 * postil_sidecar_item_needs_place:
 * @self: an item that was read
 * @request: (out): what postil_anchoring_place() must be asked; its anchor is (transfer full)
 * @sha256: (out) (nullable): SHA-256 of the text that its positions were made on, if that is
 * another one and known; valid until the next reading
 *
 * Looks whether the passage stands where the sidecar says, which it mostly does.
 *
 * Returns: whether the place must be searched before the annotation can be built
 */
gboolean
postil_sidecar_item_needs_place (PostilSidecarItem *self,
                                 PostilPlacement *request,
                                 const char **sha256)
{
  return self->shown && postil_sidecar_passage_needs_place (self->passage, request, sha256);
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
  g_autoptr (PostilLink) link = NULL;
  PostilAnnotationFields fields = { 0 };
  gboolean exact = TRUE;

  if (!self->shown)
    return build_foreign (self);

  fields.kind =
    self->is_link ? POSTIL_ANNOTATION_LINK : postil_sidecar_passage_get_kind (self->passage);
  anchor = postil_sidecar_passage_build (self->passage, answer, &fields);
  if (self->creator.bytes)
    fields.creator = postil_sidecar_names_resolve_person (self->names, &self->creator, &exact);
  self->reshaped |= exact && self->creator.bytes && self->creator.bytes[0] != '"';
  if (!exact)
    keep_known (self, part_item, 0, &postil_sidecar_form_annotation, ANNOTATION_CREATOR,
                &self->creator);
  if (self->is_link)
    {
      fields.link = link = build_link (self);
    }
  else
    {
      build_bodies (self, fields.creator);
      build_motivation (self);
    }
  postil_sidecar_passage_name_kept (self->passage, "target");
  foreign = postil_sidecar_make_foreign (self->kept);

  fields.id = self->id;
  fields.created = self->created;
  fields.modified = self->modified;
  fields.topics = (const char *const *) self->topics->pdata;
  fields.n_topics = self->topics->len;
  fields.notes = (PostilNote *const *) self->notes->pdata;
  fields.n_notes = self->notes->len;
  fields.anchor = anchor;
  fields.foreign = foreign;
  fields.version_of = self->version_of;
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
  return self->shown && (self->reshaped || postil_sidecar_passage_is_reshaped (self->passage) ||
                         (self->is_link && postil_sidecar_passage_is_reshaped (self->other)));
}

/**
 * postil_sidecar_item_get_n_bad_positions:
 *
 * Returns: how many of its positions are none in the text, such as one that ends before it starts;
 *   for sure after postil_sidecar_item_needs_place()
 */
guint
postil_sidecar_item_get_n_bad_positions (PostilSidecarItem *self)
{
  return self->shown ? postil_sidecar_passage_get_n_bad_positions (self->passage) : 0;
}
