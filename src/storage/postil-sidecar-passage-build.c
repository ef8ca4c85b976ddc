/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-passage-private.h"

#include <string.h>

#include "postil-sidecar-emitter.h"

/* Finding out where a passage that was read is in the text, and how it was described before. */

/* Whether the quote stands at the position. Positions alone are all that can be had. */
static gboolean
stands (PostilSidecarPassage *self, const PostilSidecarDescription *description)
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
    if (!stands (self, &g_array_index (self->targets, PostilSidecarTarget, i).now))
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
      const PostilSidecarTarget *target = &g_array_index (self->targets, PostilSidecarTarget, i);

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
               const PostilSidecarDescription *place,
               const PostilSidecarDescription *quote)
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
    if (g_array_index (self->targets, PostilSidecarTarget, i).now.has_position)
      return TRUE;
  return FALSE;
}

/* (nullable): SHA-256 of the text that the earlier places are true for, if they tell. */
static const char *
take_earlier_sha256 (PostilSidecarPassage *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const PostilSidecarTarget *target = &g_array_index (self->targets, PostilSidecarTarget, i);

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
      const PostilSidecarTarget *target = &g_array_index (self->targets, PostilSidecarTarget, i);
      const PostilSidecarDescription *place = from_earlier ? &target->earlier : &target->now;
      /* A later wording tells more than an earlier place, where it did not stand. */
      gboolean reworded = from_earlier && !self->reverted && target->now.has_quote &&
                          target->earlier.has_quote &&
                          !postil_json_slice_equal (&target->now.exact, &target->earlier.exact);
      const PostilSidecarDescription *quote =
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
      const PostilSidecarTarget *target =
        &g_array_index (self->targets, PostilSidecarTarget, g_array_index (self->order, guint, i));

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
      const PostilSidecarTarget *target =
        &g_array_index (self->targets, PostilSidecarTarget, g_array_index (self->order, guint, i));
      const PostilSidecarDescription *earlier =
        target->has_earlier ? &target->earlier : &target->now;
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
      const PostilSidecarTarget *target = &g_array_index (self->targets, PostilSidecarTarget, i);

      fill_selector (self, &selectors[i], from_earlier ? &target->earlier : &target->now,
                     &target->now);
    }
  return postil_anchor_new (selectors, self->targets->len,
                            from_earlier && sha256 == NULL ? "" : sha256, bytes);
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
    g_array_sort_with_data (self->order, postil_span_compare_nth, (gpointer) spans);
  for (guint i = 0; i < self->targets->len; i++)
    g_array_append_val (self->spans, spans[g_array_index (self->order, guint, i)]);
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
        positions[i] = g_array_index (self->targets, PostilSidecarTarget, i).now.position;
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
      const PostilSidecarDescription *now =
        &g_array_index (self->targets, PostilSidecarTarget, i).now;

      fill_selector (self, &selectors[i], now, now);
    }
  order_spans (self, NULL);
  *label = self->label;
  return postil_anchor_new (selectors, self->targets->len, self->sha256, self->context.source);
}
