/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-words.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/*
 * How the window says in words what an annotation is: its quote, its place, its state.
 */

static void
append_limited (GString *quote, const char *text, guint max_length)
{
  gsize n_bytes = strlen (text);

  if (n_bytes > max_length && g_utf8_strlen (text, n_bytes) > max_length)
    {
      g_string_append_len (quote, text, g_utf8_offset_to_pointer (text, max_length) - text);
      g_string_append (quote, "…");
    }
  else
    g_string_append (quote, text);
}

/**
 * postil_annotation_words_dup_quote:
 * @document: a document
 * @annotation: an annotation of it
 * @max_length: how many code points of each range to quote at most
 *
 * Returns: (transfer full) (nullable): what the annotation is about, its ranges joined by an
 *   ellipsis; of an orphan what was quoted when it had its place; %NULL when it is not about a
 * passage
 */
char *
postil_annotation_words_dup_quote (PostilDocument *document,
                                   PostilAnnotation *annotation,
                                   guint max_length)
{
  PostilText *text;
  const PostilSpan *spans;
  PostilAnnotationFields fields;
  GString *quote;
  guint n_spans;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL, NULL);

  if (postil_annotation_get_kind (annotation) != POSTIL_ANNOTATION_PASSAGE)
    return NULL;

  text = postil_document_get_text (document);
  spans = postil_annotation_get_spans (annotation, &n_spans);
  quote = g_string_new (NULL);
  for (guint i = 0; i < n_spans; i++)
    {
      PostilSpan part = spans[i];
      g_autofree char *words = NULL;

      if (i > 0)
        g_string_append (quote, " … ");
      part.end = MIN (part.end, postil_text_get_length (text));
      part.start = MIN (part.start, part.end);
      if (postil_span_length (part) > max_length)
        part.end = part.start + max_length + 1;
      words = postil_text_dup_range (text, part);
      append_limited (quote, words, max_length);
    }
  postil_annotation_get_fields (annotation, &fields);
  if (n_spans == 0 && fields.anchor)
    {
      g_autofree char *words = postil_anchor_dup_quote (fields.anchor);

      append_limited (quote, words, max_length);
    }

  return g_string_free (quote, FALSE);
}

/**
 * postil_annotation_words_dup_place:
 * @document: a document
 * @annotation: an annotation of it
 * @with_name: whether to name the document
 *
 * Returns: (transfer full) (nullable): where the annotation is: paragraphs are counted from 1;
 * %NULL when there is nothing to say
 */
char *
postil_annotation_words_dup_place (PostilDocument *document,
                                   PostilAnnotation *annotation,
                                   gboolean with_name)
{
  PostilText *text;
  const char *name;
  guint n_spans, paragraph, offset;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document) && annotation != NULL, NULL);

  name = postil_document_get_name (document);
  postil_annotation_get_spans (annotation, &n_spans);
  if (n_spans == 0)
    return with_name ? g_strdup (name) : NULL;

  text = postil_document_get_text (document);
  offset = MIN (postil_annotation_get_extent (annotation).start, postil_text_get_length (text));
  paragraph = postil_text_get_paragraph_at (text, offset) + 1;
  if (with_name)
    /* Translators: name of a document and number of a paragraph */
    return g_strdup_printf (_ ("%s ¶ %u"), name, paragraph);

  return g_strdup_printf (_ ("¶ %u"), paragraph);
}

/**
 * postil_annotation_words_get_kind:
 * @annotation: an annotation
 *
 * Returns: (nullable): what it is about when that is not a passage
 */
const char *
postil_annotation_words_get_kind (PostilAnnotation *annotation)
{
  switch (postil_annotation_get_kind (annotation))
    {
    case POSTIL_ANNOTATION_DOCUMENT:
      return _ ("The whole document");
    case POSTIL_ANNOTATION_FOREIGN:
      return _ ("Made by another program");
    case POSTIL_ANNOTATION_PASSAGE:
    default:
      return NULL;
    }
}

/**
 * postil_annotation_words_get_status:
 * @status: a status
 *
 * Returns: (nullable): its name; %NULL for an annotation that is placed
 */
const char *
postil_annotation_words_get_status (PostilStatus status)
{
  switch (status)
    {
    case POSTIL_STATUS_MOVED:
      return _ ("Moved");
    case POSTIL_STATUS_UNCERTAIN:
      return _ ("Uncertain");
    case POSTIL_STATUS_ORPHANED:
      return _ ("Not found");
    case POSTIL_STATUS_PLACED:
    default:
      return NULL;
    }
}

/**
 * postil_annotation_words_get_status_help:
 * @status: a status
 *
 * Returns: (nullable): a sentence that explains it; %NULL for an annotation that is placed
 */
const char *
postil_annotation_words_get_status_help (PostilStatus status)
{
  switch (status)
    {
    case POSTIL_STATUS_MOVED:
      return _ ("The text has changed; the passage was found elsewhere or with other words.");
    case POSTIL_STATUS_UNCERTAIN:
      return _ ("The text has changed; this place is the best guess.");
    case POSTIL_STATUS_ORPHANED:
      return _ ("The text has changed and the passage was not found. The annotation is kept.");
    case POSTIL_STATUS_PLACED:
    default:
      return NULL;
    }
}

/**
 * postil_annotation_words_dup_one_line:
 * @text: a text
 *
 * Returns: (transfer full): @text with each run of white space as one space
 */
char *
postil_annotation_words_dup_one_line (const char *text)
{
  GString *line = g_string_new (NULL);
  gboolean space = FALSE;

  for (; *text; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_isspace (c))
        {
          if (space && line->len > 0)
            g_string_append_c (line, ' ');
          g_string_append_unichar (line, c);
        }
      space = g_unichar_isspace (c);
    }

  return g_string_free (line, FALSE);
}

/**
 * postil_annotation_words_dup_date:
 * @seconds: seconds since the Unix epoch
 *
 * Returns: (transfer full) (nullable): the day as the locale writes it; %NULL for 0
 */
char *
postil_annotation_words_dup_date (gint64 seconds)
{
  g_autoptr (GDateTime) date = seconds != 0 ? g_date_time_new_from_unix_local (seconds) : NULL;

  /* Translators: a day, see g_date_time_format() */
  return date ? g_date_time_format (date, _ ("%-e %B %Y")) : NULL;
}

/**
 * postil_annotation_words_dup_origin:
 * @document: a document
 * @annotator: (nullable): id of an annotator
 * @seconds: seconds since the Unix epoch, or 0
 *
 * Returns: (transfer full): who and on which day, as far as it is known
 */
char *
postil_annotation_words_dup_origin (PostilDocument *document, const char *annotator, gint64 seconds)
{
  PostilAnnotator *found;
  g_autofree char *date = postil_annotation_words_dup_date (seconds);
  const char *name;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  found = annotator ? postil_document_get_annotator (document, annotator) : NULL;
  name = found ? postil_annotator_get_name (found) : _ ("Unknown annotator");

  /* Translators: name of a person and a day */
  return date ? g_strdup_printf (_ ("%s, %s"), name, date) : g_strdup (name);
}
