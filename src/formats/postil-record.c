/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-record.h"

#include <glib/gi18n-lib.h>

#define JOINER 0x200d

static const char *const status_names[] = {
  [POSTIL_STATUS_PLACED] = "placed",
  [POSTIL_STATUS_MOVED] = "moved",
  [POSTIL_STATUS_UNCERTAIN] = "uncertain",
  [POSTIL_STATUS_ORPHANED] = "orphaned",
};

static const char *
get_state (const PostilAnnotationFields *fields)
{
  if (fields->kind == POSTIL_ANNOTATION_DOCUMENT)
    return _ ("on the whole document");
  if (fields->kind == POSTIL_ANNOTATION_FOREIGN)
    return _ ("made by another program, kept as it came");
  switch (fields->status)
    {
    case POSTIL_STATUS_MOVED:
      return _ ("the text changed, its passage was found");
    case POSTIL_STATUS_UNCERTAIN:
      return _ ("the text changed, the place is the best guess");
    case POSTIL_STATUS_ORPHANED:
      return _ ("the text changed, its passage was not found");
    case POSTIL_STATUS_PLACED:
    default:
      return NULL;
    }
}

static char *
dup_quote (PostilSnapshot *snapshot, const PostilAnnotationFields *fields)
{
  GString *quote;

  if (fields->n_spans == 0)
    return fields->anchor != NULL ? postil_anchor_dup_quote (fields->anchor) : NULL;

  quote = g_string_new (NULL);
  for (guint i = 0; i < fields->n_spans; i++)
    {
      g_autofree char *range = postil_text_dup_range (snapshot->text, fields->spans[i]);

      if (i > 0)
        g_string_append (quote, " … ");
      g_string_append (quote, range);
    }
  return g_string_free (quote, FALSE);
}

static GStrv
dup_topics (PostilCodebook *codebook, const PostilAnnotationFields *fields)
{
  GStrv labels = g_new0 (char *, fields->n_topics + 1);

  for (guint i = 0; i < fields->n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, fields->topics[i]);

      labels[i] = g_strdup (topic != NULL ? postil_topic_get_label (topic) : fields->topics[i]);
    }
  return labels;
}

static char *
dup_note (PostilSnapshot *snapshot, const PostilAnnotationFields *fields)
{
  GString *text;

  if (fields->n_notes == 0)
    return NULL;

  text = g_string_new (NULL);
  for (guint i = 0; i < fields->n_notes; i++)
    {
      const char *writer = postil_note_get_creator (fields->notes[i]);

      if (i > 0)
        g_string_append (text, "\n\n");
      if (writer != NULL && g_strcmp0 (writer, fields->creator) != 0)
        g_string_append_printf (text, "%s: ", postil_record_find_annotator (snapshot, writer));
      g_string_append (text, postil_note_get_text (fields->notes[i]));
    }
  return g_string_free (text, FALSE);
}

static char *
dup_date (gint64 seconds)
{
  g_autoptr (GDateTime) date = seconds != 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;

  return date != NULL ? g_date_time_format_iso8601 (date) : NULL;
}

/**
 * postil_record_new:
 * @snapshot: a document
 * @codebook: where its topics are
 * @annotation: one of its annotations; must outlive the record, as @snapshot must
 *
 * Puts an annotation into words and figures. May run in any thread.
 *
 * Returns: (transfer full): the record
 */
PostilRecord *
postil_record_new (PostilSnapshot *snapshot, PostilCodebook *codebook, PostilAnnotation *annotation)
{
  PostilRecord *self;
  PostilAnnotationFields fields;

  g_return_val_if_fail (snapshot != NULL && snapshot->text != NULL, NULL);
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook) && annotation != NULL, NULL);

  postil_annotation_get_fields (annotation, &fields);
  self = g_new0 (PostilRecord, 1);
  self->annotation = annotation;
  self->status = status_names[fields.status];
  self->state = get_state (&fields);
  self->placed = fields.n_spans > 0;
  if (self->placed)
    {
      self->extent = postil_annotation_get_extent (annotation);
      self->paragraph = postil_text_get_paragraph_at (snapshot->text, self->extent.start) + 1;
    }
  self->quote = dup_quote (snapshot, &fields);
  self->topics = dup_topics (codebook, &fields);
  self->note = dup_note (snapshot, &fields);
  self->creator = postil_record_find_annotator (snapshot, fields.creator);
  self->created = dup_date (fields.created);
  return self;
}

/**
 * postil_record_free:
 * @self: (transfer full): a record
 *
 * Frees it.
 */
void
postil_record_free (PostilRecord *self)
{
  g_free (self->quote);
  g_strfreev (self->topics);
  g_free (self->note);
  g_free (self->created);
  g_free (self);
}

/**
 * postil_record_find_annotator:
 * @snapshot: a document
 * @id: (nullable): id of an annotator
 *
 * Returns: (transfer none) (nullable): the annotator's name; @id itself when nobody has it
 */
const char *
postil_record_find_annotator (PostilSnapshot *snapshot, const char *id)
{
  g_return_val_if_fail (snapshot != NULL, NULL);

  if (id == NULL)
    return NULL;
  for (guint i = 0; i < snapshot->annotators->len; i++)
    {
      PostilAnnotator *annotator = g_ptr_array_index (snapshot->annotators, i);

      if (g_str_equal (postil_annotator_get_id (annotator), id))
        return postil_annotator_get_name (annotator);
    }
  return id;
}

/**
 * postil_record_shorten:
 * @text: any text
 * @max_length: in code points
 *
 * Puts a text on one line: white space and control characters become one space each run, and what
 * goes beyond @max_length an ellipsis, after a whole word where there is one near.
 *
 * Returns: (transfer full): the short text
 */
char *
postil_record_shorten (const char *text, guint max_length)
{
  g_autoptr (GString) line = NULL;
  const char *end, *space;

  g_return_val_if_fail (text != NULL && max_length > 0, NULL);

  line = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
    }
  g_strchomp (line->str);
  if (g_utf8_strlen (line->str, -1) <= max_length)
    return g_string_free (g_steal_pointer (&line), FALSE);

  end = g_utf8_offset_to_pointer (line->str, max_length - 1);
  space = g_strrstr_len (line->str, end + 1 - line->str, " ");
  if (space != NULL && end - space < max_length / 3)
    end = space;
  /* Marks and what a joiner joins stay with their letter. */
  while (end > line->str &&
         (g_unichar_ismark (g_utf8_get_char (end)) || g_utf8_get_char (end) == JOINER ||
          g_utf8_get_char (g_utf8_prev_char (end)) == JOINER))
    end = g_utf8_prev_char (end);
  return g_strdup_printf ("%.*s…", (int) (end - line->str), line->str);
}
