/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-passage.h"

#include <string.h>

#include "postil-sidecar-emitter.h"

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
  /* Whether the target tells the text that it is true for, which only an earlier one should. */
  gboolean has_sha256;
  /* What stands between the quotes of its "schema:sha256". */
  PostilJsonSlice earlier_sha256;
  Description earlier;
} Target;

struct _PostilSidecarPassage
{
  PostilJsonScanner *scanner;
  PostilSidecarContext context;
  const char *utf8;
  GArray *kept;
  GStringChunk *strings;
  GString *buffer;
  /* What is kept of a place that the present one replaces, which is kept as a whole. */
  GArray *ignored;

  gboolean shown;
  gboolean reshaped;
  guint n_bad_positions;
  PostilAnnotationKind kind;
  PostilStatus status;
  /* Whether the text is again what the places that were replaced were made on. */
  gboolean reverted;
  /* A key that stands twice in an object of this passage. */
  PostilJsonSlice duplicate;
  /* What a link calls the other document, and the SHA-256 of its file. */
  const char *label;
  const char *sha256;
  GArray *targets;
  /* The ranges in the order of the text, and which target each of them is of. */
  GArray *spans;
  GArray *order;
};

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
               Description *description,
               GArray *kept,
               guint index,
               PostilJsonSlice *raw)
{
  guint n_kept = kept->len;
  gboolean clear = TRUE, valid = TRUE, used = FALSE;
  /* With the text, what has no place in it is searched by its words. */
  gboolean takes_any = self->context.text != NULL;
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
read_selectors (PostilSidecarPassage *self, Description *description, GArray *kept, guint index)
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
read_earlier (PostilSidecarPassage *self, Target *target)
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
  Target target = { 0 };
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

/* Whether the quote stands at the position. Positions alone are all that can be had. */
static gboolean
stands (PostilSidecarPassage *self, const Description *description)
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
all_stand (PostilSidecarPassage *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (!stands (self, &g_array_index (self->targets, Target, i).now))
      return FALSE;
  return TRUE;
}

static gboolean
is_reverted (PostilSidecarPassage *self)
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
fill_selector (PostilSidecarPassage *self,
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
  selector->exact = postil_sidecar_take_string (self->strings, &quote->exact);
  selector->prefix =
    quote->prefix.bytes ? postil_sidecar_take_string (self->strings, &quote->prefix) : NULL;
  selector->suffix =
    quote->suffix.bytes ? postil_sidecar_take_string (self->strings, &quote->suffix) : NULL;
}

/* Whether a range has a position now. Where none has one, the earlier ones say where it was. */
static gboolean
has_positions (PostilSidecarPassage *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (g_array_index (self->targets, Target, i).now.has_position)
      return TRUE;
  return FALSE;
}

/* (nullable): SHA-256 of the text that the earlier places are true for, if they tell. */
static const char *
take_earlier_sha256 (PostilSidecarPassage *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = &g_array_index (self->targets, Target, i);

      if (target->earlier_sha256.bytes)
        return postil_sidecar_take_string (self->strings, &target->earlier_sha256);
    }
  return NULL;
}

/* What is to be searched for in the text: the present places, where there are none left the earlier
 * ones. */
static PostilAnchor *
make_request (PostilSidecarPassage *self, gboolean trusted)
{
  g_autofree PostilSelector *selectors = g_new (PostilSelector, self->targets->len);
  gboolean from_earlier = self->reverted || !has_positions (self);
  guint length = postil_text_get_length (self->context.text);

  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = &g_array_index (self->targets, Target, i);
      const Description *place = from_earlier ? &target->earlier : &target->now;
      /* A later wording tells more than an earlier place, where it did not stand. */
      gboolean reworded = from_earlier && !self->reverted && target->now.has_quote &&
                          target->earlier.has_quote &&
                          !postil_json_slice_equal (&target->now.exact, &target->earlier.exact);
      const Description *quote =
        reworded || !(from_earlier && target->earlier.has_quote) ? &target->now : &target->earlier;

      fill_selector (self, &selectors[i], place, quote);
      if (reworded)
        selectors[i].has_position = FALSE;
      else if (trusted && place->has_position && place->position.end > length)
        {
          selectors[i].has_position = FALSE;
          self->n_bad_positions++;
        }
    }
  return postil_anchor_new (selectors, self->targets->len, NULL, NULL);
}

/* Appends a place as it stood, with the SHA-256 of the text that it was true for. */
static void
append_dated (GString *out, const PostilJsonSlice *raw, const char *sha256)
{
  gsize n_bytes = raw->n_bytes;
  const char *space = raw->bytes + 1;

  if (sha256 == NULL)
    {
      g_string_append_len (out, raw->bytes, n_bytes);
      return;
    }
  for (n_bytes--; g_ascii_isspace (raw->bytes[n_bytes - 1]);)
    n_bytes--;
  g_string_append_len (out, raw->bytes, n_bytes);
  g_string_append_c (out, ',');
  /* It stands as the first member does, on a line of its own or not. */
  do
    g_string_append_c (out, *space == '"' ? ' ' : *space);
  while (g_ascii_isspace (*space) && *++space != '"');
  g_string_append (out, "\"schema:sha256\": ");
  postil_sidecar_emit_string (out, sha256);
  g_string_append_len (out, raw->bytes + n_bytes, raw->n_bytes - n_bytes);
}

/* (transfer full) (nullable): the bytes of the earlier places, null for a range without one; of
 * what was only found now the present place is one. */
static char *
dup_earlier_bytes (PostilSidecarPassage *self, gboolean found)
{
  g_autoptr (GString) bytes = g_string_new (self->targets->len > 1 ? "[" : "");
  gboolean any = FALSE;

  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target =
        &g_array_index (self->targets, Target, g_array_index (self->order, guint, i));

      if (i > 0)
        g_string_append (bytes, ", ");
      if (target->has_earlier)
        append_dated (bytes, &target->earlier_raw, NULL);
      else if (found)
        /* What does not stand in the very text that the sidecar was made on was true for another
         * one. */
        append_dated (bytes, &target->raw,
                      self->context.trusted || target->has_sha256 ? NULL : self->context.sha256);
      else
        g_string_append (bytes, "null");
      any |= found || target->has_earlier;
    }
  if (self->targets->len > 1)
    g_string_append_c (bytes, ']');
  return any ? g_string_free (g_steal_pointer (&bytes), FALSE) : NULL;
}

/* What the annotation keeps until a person confirms its new place: the earliest places that are
 * known, with their bytes. */
static PostilAnchor *
make_anchor (PostilSidecarPassage *self, PostilStatus status, gboolean found)
{
  g_autofree PostilSelector *selectors = g_new (PostilSelector, self->targets->len);
  g_autofree char *bytes = dup_earlier_bytes (self, found);
  const char *sha256 = self->context.trusted ? NULL : self->context.sha256;

  if (bytes == NULL && status != POSTIL_STATUS_ORPHANED)
    return NULL;
  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target =
        &g_array_index (self->targets, Target, g_array_index (self->order, guint, i));
      const Description *earlier = target->has_earlier ? &target->earlier : &target->now;
      gboolean orphaned = status == POSTIL_STATUS_ORPHANED && target->now.has_quote;

      fill_selector (self, &selectors[i], earlier, orphaned ? &target->now : earlier);
      if (target->has_earlier)
        sha256 = take_earlier_sha256 (self);
    }
  return postil_anchor_new (selectors, self->targets->len, sha256, bytes);
}

/* What is known of a passage whose text is not: its present place; where that has no position the
 * earlier one, with the SHA-256 of its text, empty when it is not told; and the bytes of the
 * earlier places. */
static PostilAnchor *
make_description (PostilSidecarPassage *self)
{
  g_autofree PostilSelector *selectors = g_new (PostilSelector, self->targets->len);
  g_autofree char *bytes = dup_earlier_bytes (self, FALSE);
  gboolean from_earlier = bytes && !has_positions (self);
  const char *sha256 = from_earlier ? take_earlier_sha256 (self) : NULL;

  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = &g_array_index (self->targets, Target, i);

      fill_selector (self, &selectors[i], from_earlier ? &target->earlier : &target->now,
                     &target->now);
    }
  return postil_anchor_new (selectors, self->targets->len,
                            from_earlier && sha256 == NULL ? "" : sha256, bytes);
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
order_spans (PostilSidecarPassage *self, const PostilSpan *spans)
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
  self->targets = g_array_new (FALSE, FALSE, sizeof (Target));
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
  Target target = { 0 };
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
 * postil_sidecar_passage_needs_place:
 * @self: a passage that was read
 * @request: (out): what postil_anchoring_place() must be asked; its anchor is (transfer full)
 * @sha256: (out) (nullable): SHA-256 of the text that its positions were made on, if that is
 * another one and known; valid until the next reading
 *
 * Looks whether the passage stands where the sidecar says, which it mostly does.
 *
 * Returns: whether its place must be searched
 */
gboolean
postil_sidecar_passage_needs_place (PostilSidecarPassage *self,
                                    PostilPlacement *request,
                                    const char **sha256)
{
  gboolean trusted;

  if (self->kind != POSTIL_ANNOTATION_PASSAGE || self->context.text == NULL)
    return FALSE;
  if (self->context.trusted && (self->status == POSTIL_STATUS_ORPHANED || all_stand (self)))
    return FALSE;

  self->reverted = is_reverted (self);
  *sha256 = has_positions (self) ? self->context.sha256 : take_earlier_sha256 (self);
  trusted = self->reverted || *sha256 == NULL
              ? self->context.trusted || self->reverted
              : g_ascii_strcasecmp (*sha256, postil_text_get_sha256 (self->context.text)) == 0;
  if (trusted)
    *sha256 = NULL;
  *request = (PostilPlacement){ .anchor = make_request (self, trusted), .trusted = trusted };
  return TRUE;
}

/**
 * postil_sidecar_passage_build:
 * @self: a passage that was read
 * @answer: (nullable): what became of the request, if its place was searched
 * @fields: (inout): gets the status and the ranges, which are valid until the next reading
 *
 * Returns: (transfer full) (nullable): how it was described before, when it is not simply placed
 */
PostilAnchor *
postil_sidecar_passage_build (PostilSidecarPassage *self,
                              const PostilPlacement *answer,
                              PostilAnnotationFields *fields)
{
  g_autofree PostilSpan *positions = NULL;
  const PostilSpan *spans = NULL;

  if (self->kind != POSTIL_ANNOTATION_PASSAGE)
    return NULL;

  self->reverted = answer && is_reverted (self);
  fields->status = answer ? postil_reanchoring_decide (self->status, self->reverted, answer->status)
                          : self->status;
  if (self->context.text == NULL)
    {
      order_spans (self, NULL);
      return make_description (self);
    }
  if (fields->status != POSTIL_STATUS_ORPHANED && answer)
    {
      spans = answer->spans;
    }
  else if (fields->status != POSTIL_STATUS_ORPHANED)
    {
      positions = g_new (PostilSpan, self->targets->len);
      for (guint i = 0; i < self->targets->len; i++)
        positions[i] = g_array_index (self->targets, Target, i).now.position;
      spans = positions;
    }
  order_spans (self, spans);
  fields->spans = (const PostilSpan *) self->spans->data;
  fields->n_spans = self->spans->len;
  return fields->status != POSTIL_STATUS_PLACED ? make_anchor (self, fields->status, answer != NULL)
                                                : NULL;
}

/**
 * postil_sidecar_passage_build_other:
 * @self: a passage that was read with postil_sidecar_passage_read_other()
 * @label: (out) (nullable): name of the other document; valid until the next reading
 *
 * Returns: (transfer full): how it is described, with the IRI of its text as its source
 */
PostilAnchor *
postil_sidecar_passage_build_other (PostilSidecarPassage *self, const char **label)
{
  g_autofree PostilSelector *selectors = g_new (PostilSelector, self->targets->len);

  for (guint i = 0; i < self->targets->len; i++)
    {
      const Description *now = &g_array_index (self->targets, Target, i).now;

      fill_selector (self, &selectors[i], now, now);
    }
  order_spans (self, NULL);
  *label = self->label;
  return postil_anchor_new (selectors, self->targets->len, self->sha256, self->context.source);
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
