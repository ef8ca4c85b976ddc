/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-passage-private.h"

#include <string.h>

/*
 * PostilSidecarPassage: the target of one annotation of the sidecar that is being read, and where
 * that is in the text. It belongs to a #PostilSidecarItem, which reads one after the other with it,
 * and keeps what is foreign among what the item keeps. The body of a link, a passage of another
 * document, is read with one of its own.
 */

/* The parts that foreign members are kept for until postil_sidecar_passage_name_kept(). */
static const char part_target[] = "target";
static const char part_position[] = "position";
static const char part_quote[] = "quote";
static const char part_selector[] = "selector";
static const char part_source[] = "source";

static void
note_duplicate (PostilSidecarPassage *self, const PostilSidecarObject *object)
{
  if (self->duplicate.bytes == NULL)
    self->duplicate = object->duplicate;
}

static gboolean
is_name (PostilSidecarPassage *self, const PostilJsonSlice *string, const char *name)
{
  if (name == NULL)
    return FALSE;
  if (!string->escaped)
    return postil_json_slice_is (string, name);
  g_string_truncate (self->buffer, 0);
  return postil_json_slice_unescape (string, self->buffer) && strcmp (self->buffer->str, name) == 0;
}

static gboolean
names_source (PostilSidecarPassage *self, const PostilJsonSlice *string)
{
  return is_name (self, string, self->context.source) ||
         is_name (self, string, self->context.former_source);
}

/* Reads an offset in code points. */
static gboolean
read_offset (PostilSidecarPassage *self, guint *offset)
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
read_selector (PostilSidecarPassage *self,
               PostilSidecarDescription *description,
               GArray *kept,
               guint index,
               PostilJsonSlice *raw)
{
  guint n_kept = kept->len;
  gboolean clear = TRUE, valid = TRUE, used = FALSE;
  /* With the text, what has no place in it is searched by its words. */
  gboolean takes_any = self->context.text != NULL;
  PostilJsonSlice type = { 0 };
  PostilSidecarDescription found = { 0 };
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
          clear &= postil_json_slice_can_unescape (&found.prefix);
        break;
      case SELECTOR_EXACT:
        clear &= postil_sidecar_object_read_string (&object, &found.exact) &&
                 postil_json_slice_can_unescape (&found.exact);
        break;
      case SELECTOR_SUFFIX:
        if (postil_sidecar_object_read_string (&object, &found.suffix))
          clear &= postil_json_slice_can_unescape (&found.suffix);
        break;
      default:
        g_assert_not_reached ();
      }
  raw->n_bytes = self->scanner->at - raw->bytes;

  for (guint i = n_kept; i < kept->len; i++)
    clear &= !postil_json_slice_is (&g_array_index (kept, PostilSidecarKept, i).key, "refinedBy");
  valid &= found.position.start <= found.position.end;
  if (clear && type.bytes && postil_json_slice_is (&type, "TextPositionSelector") &&
      !description->has_position && object.seen == 0x7 && (valid || takes_any))
    {
      part = part_position;
      used = TRUE;
      description->has_position = valid;
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

  if (used)
    note_duplicate (self, &object);
  else
    g_array_set_size (kept, n_kept);
  for (guint i = n_kept; i < kept->len; i++)
    g_array_index (kept, PostilSidecarKept, i).object = part;
  return used;
}

/* Reads all selectors of a place. Returns whether one of them is of use. */
static gboolean
read_selectors (PostilSidecarPassage *self,
                PostilSidecarDescription *description,
                GArray *kept,
                guint index)
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
      postil_sidecar_keep_element (kept, part_selector, index,
                                   postil_sidecar_insert_number (self->strings, n_used), &raw);
  return n_used > 0;
}

/* Reads the place that the present one replaces. */
static gboolean
read_earlier (PostilSidecarPassage *self, PostilSidecarTarget *target)
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
read_status (PostilSidecarPassage *self, PostilSidecarObject *object)
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
is_source (PostilSidecarPassage *self, const PostilJsonSlice *value)
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
read_target (PostilSidecarPassage *self)
{
  guint index = self->targets->len;
  guint n_kept = self->kept->len;
  PostilJsonSlice raw = { .bytes = self->scanner->at };
  PostilJsonSlice source = { 0 };
  PostilSidecarObject object;
  PostilSidecarTarget target = { 0 };
  gboolean selects = FALSE, useful = FALSE;
  int known;

  if (postil_json_scanner_peek (self->scanner) != '{')
    {
      return postil_json_scanner_skip (self->scanner, &raw) && is_source (self, &raw)
               ? POSTIL_ANNOTATION_DOCUMENT
               : POSTIL_ANNOTATION_FOREIGN;
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
        if (postil_json_scanner_peek (self->scanner) != '"')
          postil_sidecar_object_keep (&object);
        else
          postil_json_scanner_skip (self->scanner, NULL);
        source = postil_sidecar_object_get_value (&object);
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
      case TARGET_RELATION:
        /* Kept until it is known whether it is one of a link; then what is in it is a level up. */
        self->scanner->max_depth++;
        postil_sidecar_object_keep (&object);
        self->scanner->max_depth--;
        break;
      default:
        g_assert_not_reached ();
      }
  raw.n_bytes = self->scanner->at - raw.bytes;

  if (self->scanner->problem != POSTIL_JSON_PROBLEM_NONE)
    return POSTIL_ANNOTATION_FOREIGN;
  if (useful && source.bytes && is_source (self, &source))
    {
      note_duplicate (self, &object);
      target.raw = raw;
      for (guint i = n_kept; i < self->kept->len; i++)
        {
          const PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);

          target.has_sha256 |= kept->object == part_target && kept->key.bytes &&
                               postil_json_slice_is (&kept->key, "schema:sha256");
        }
      g_array_append_val (self->targets, target);
      return POSTIL_ANNOTATION_PASSAGE;
    }
  g_array_set_size (self->kept, n_kept);
  if (selects || !is_source (self, source.bytes ? &source : &raw))
    return POSTIL_ANNOTATION_FOREIGN;
  return POSTIL_ANNOTATION_DOCUMENT;
}

/* Reads the string that the scanner stands at into the strings of the item; what is none, or none
 * that UTF-8 can hold, is kept. */
static const char *
read_text (PostilSidecarPassage *self, PostilSidecarObject *object)
{
  PostilJsonSlice string;

  if (!postil_sidecar_object_read_string (object, &string))
    return NULL;
  if (postil_json_slice_can_unescape (&string))
    return postil_sidecar_take_string (self->strings, &string);
  postil_sidecar_object_keep (object);
  return NULL;
}

/* Reads what a link says of the other document, the first time in full. Returns whether it is one,
 * and the same. */
static gboolean
read_other_source (PostilSidecarPassage *self, PostilSidecarObject *target, guint index)
{
  PostilSidecarObject object;
  PostilJsonSlice raw;
  const char *id = NULL;
  int known;

  if (index > 0 || postil_json_scanner_peek (self->scanner) != '{')
    {
      if (index == 0 && postil_json_scanner_peek (self->scanner) == '"')
        {
          self->context.source = read_text (self, target);
          self->reshaped = TRUE;
          return self->context.source && postil_sidecar_is_iri (self->context.source);
        }
      if (postil_json_scanner_peek (self->scanner) != '"')
        postil_sidecar_object_keep (target);
      else
        postil_json_scanner_skip (self->scanner, NULL);
      raw = postil_sidecar_object_get_value (target);
      return index > 0 && is_source (self, &raw);
    }

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_source, self->kept,
                               part_source, index);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case SOURCE_ID:
        id = read_text (self, &object);
        break;
      case SOURCE_TYPE:
        postil_sidecar_object_expect (&object, "Text");
        break;
      case SOURCE_LABEL:
        self->label = read_text (self, &object);
        break;
      case SOURCE_SHA256:
        self->sha256 = read_text (self, &object);
        break;
      default:
        postil_sidecar_object_keep (&object);
        break;
      }
  note_duplicate (self, &object);
  self->context.source = id;
  return id && postil_sidecar_is_iri (id);
}

/**
 * postil_sidecar_passage_new:
 * @scanner: what scans the sidecar
 * @kept: (element-type PostilSidecarKept): where the annotation keeps what is foreign
 * @strings: where it keeps strings
 *
 * All of them must outlive the passage.
 *
 * Returns: (transfer full): a passage to read targets with
 */
PostilSidecarPassage *
postil_sidecar_passage_new (PostilJsonScanner *scanner, GArray *kept, GStringChunk *strings)
{
  PostilSidecarPassage *self = g_new0 (PostilSidecarPassage, 1);

  self->scanner = scanner;
  self->kept = kept;
  self->strings = strings;
  self->buffer = g_string_new (NULL);
  self->ignored = g_array_new (FALSE, FALSE, sizeof (PostilSidecarKept));
  self->targets = g_array_new (FALSE, FALSE, sizeof (PostilSidecarTarget));
  self->spans = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
postil_sidecar_passage_free (PostilSidecarPassage *self)
{
  g_string_free (self->buffer, TRUE);
  g_array_unref (self->ignored);
  g_array_unref (self->targets);
  g_array_unref (self->spans);
  g_array_unref (self->order);
  g_free (self);
}

/**
 * postil_sidecar_passage_reset:
 * @self: a passage
 * @context: what the next target is read against
 *
 * Forgets the last target.
 */
void
postil_sidecar_passage_reset (PostilSidecarPassage *self, const PostilSidecarContext *context)
{
  self->context = *context;
  self->utf8 = context->text ? postil_text_get_utf8 (context->text, NULL) : NULL;
  self->shown = context->text != NULL || context->source != NULL;
  self->reshaped = FALSE;
  self->n_bad_positions = 0;
  self->kind = POSTIL_ANNOTATION_FOREIGN;
  self->status = POSTIL_STATUS_PLACED;
  self->reverted = FALSE;
  self->duplicate = (PostilJsonSlice){ 0 };
  self->label = NULL;
  self->sha256 = NULL;
  g_array_set_size (self->targets, 0);
  g_array_set_size (self->spans, 0);
  g_array_set_size (self->order, 0);
}

/**
 * postil_sidecar_passage_read:
 * @self: a passage
 * @object: the annotation, at the value of its target
 *
 * Reads what the annotation is about.
 */
void
postil_sidecar_passage_read (PostilSidecarPassage *self, PostilSidecarObject *object)
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
        self->shown = FALSE;
      self->kind = kind;
    }
  if (n == 0 || (n > 1 && self->kind == POSTIL_ANNOTATION_DOCUMENT))
    self->shown = FALSE;
  /* A whole document has no place that could change, so its target stays as it came. */
  if (self->kind == POSTIL_ANNOTATION_DOCUMENT && !plain)
    postil_sidecar_object_keep (object);
}

/**
 * postil_sidecar_passage_read_other:
 * @self: a passage that was reset to no text and no source
 *
 * Reads the body of a link that the scanner stands at: a range of another document, the same one
 * for all that is read until the next reset.
 *
 * Returns: whether that is what it was; otherwise it has to stay as it stands
 */
gboolean
postil_sidecar_passage_read_other (PostilSidecarPassage *self)
{
  guint index = self->targets->len;
  gboolean fits = TRUE, sourced = FALSE, useful = FALSE;
  PostilSidecarObject object;
  PostilJsonSlice type;
  PostilSidecarTarget target = { 0 };
  int known;

  if (postil_json_scanner_peek (self->scanner) != '{')
    return FALSE;

  postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_target, self->kept,
                               part_target, index);
  while ((known = postil_sidecar_object_next (&object)) >= 0)
    switch (known)
      {
      case TARGET_TYPE:
        fits &= postil_sidecar_object_read_string (&object, &type) &&
                postil_json_slice_is (&type, "SpecificResource");
        break;
      case TARGET_SOURCE:
        sourced = TRUE;
        fits &= read_other_source (self, &object, index);
        break;
      case TARGET_SELECTOR:
        useful = read_selectors (self, &target.now, self->kept, index);
        break;
      default:
        postil_sidecar_object_keep (&object);
        break;
      }
  note_duplicate (self, &object);
  g_array_append_val (self->targets, target);
  return fits && sourced && useful;
}

/**
 * postil_sidecar_passage_is_same:
 * @self: a passage
 * @other: what was read with postil_sidecar_passage_read_other()
 *
 * Returns: whether both are of the same document
 */
gboolean
postil_sidecar_passage_is_same (PostilSidecarPassage *self, PostilSidecarPassage *other)
{
  return g_strcmp0 (other->context.source, self->context.source) == 0 ||
         g_strcmp0 (other->context.source, self->context.former_source) == 0;
}

/**
 * postil_sidecar_passage_take_relation:
 * @self: a passage of a link that was read
 *
 * Takes the id of the annotation of this passage that is linked out of what is kept, unless more is
 * said of it.
 *
 * Returns: (nullable): that id; valid until the next reading
 */
const char *
postil_sidecar_passage_take_relation (PostilSidecarPassage *self)
{
  const char *at = self->scanner->at;

  for (guint i = 0; i < self->kept->len; i++)
    {
      const PostilSidecarKept *kept = &g_array_index (self->kept, PostilSidecarKept, i);
      PostilSidecarObject object;
      PostilJsonSlice id = { 0 };

      if (kept->object != part_target || kept->key.bytes == NULL || kept->value.bytes[0] != '{' ||
          !postil_json_slice_is (&kept->key, "dcterms:relation"))
        continue;
      g_array_set_size (self->ignored, 0);
      self->scanner->at = kept->value.bytes;
      postil_sidecar_object_enter (&object, self->scanner, &postil_sidecar_form_reference,
                                   self->ignored, part_target, 0);
      while (postil_sidecar_object_next (&object) >= 0)
        postil_sidecar_object_read_string (&object, &id);
      self->scanner->at = at;
      if (id.bytes && self->ignored->len == 0 && postil_json_slice_can_unescape (&id))
        {
          g_array_remove_index (self->kept, i);
          return postil_sidecar_take_string (self->strings, &id);
        }
    }
  return NULL;
}

/**
 * postil_sidecar_passage_get_kind:
 *
 * Returns: what the annotation is about; %POSTIL_ANNOTATION_FOREIGN when Postil cannot show it
 */
PostilAnnotationKind
postil_sidecar_passage_get_kind (PostilSidecarPassage *self)
{
  return self->shown ? self->kind : POSTIL_ANNOTATION_FOREIGN;
}

/**
 * postil_sidecar_passage_is_reshaped:
 *
 * Returns: whether the target will be written in another shape
 */
gboolean
postil_sidecar_passage_is_reshaped (PostilSidecarPassage *self)
{
  return self->reshaped;
}

/**
 * postil_sidecar_passage_get_n_bad_positions:
 *
 * Returns: how many of its positions are none in the text, such as one that ends before it starts;
 *   for sure after postil_sidecar_passage_needs_place()
 */
guint
postil_sidecar_passage_get_n_bad_positions (PostilSidecarPassage *self)
{
  return self->n_bad_positions;
}

/**
 * postil_sidecar_passage_refuse_duplicate:
 * @self: a passage that is to be shown
 *
 * Ends the scan if a key stands twice in it.
 */
void
postil_sidecar_passage_refuse_duplicate (PostilSidecarPassage *self)
{
  postil_sidecar_refuse_duplicate (self->scanner, &self->duplicate);
}

/**
 * postil_sidecar_passage_name_kept:
 * @self: a passage that was built
 * @name: what its ranges are called
 *
 * Gives what was kept of the targets the names of their ranges.
 */
void
postil_sidecar_passage_name_kept (PostilSidecarPassage *self, const char *name)
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
        g_string_printf (self->buffer, "%s/%u", name, ranks[kept->index]);
      else if (kept->object == part_position || kept->object == part_quote ||
               kept->object == part_selector || kept->object == part_source)
        g_string_printf (self->buffer, "%s/%u/%s", name, ranks[kept->index], kept->object);
      else
        continue;
      kept->object = g_string_chunk_insert_const (self->strings, self->buffer->str);
    }
}
