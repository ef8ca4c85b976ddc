/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-phrase.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-annotation-words.h"

/* Longest quote and note, in code points, and most annotations, that are taken in at a glance. */
#define MAX_EXCERPT 100
#define MAX_ANNOTATIONS 8

/* The beginning of @text on one line. */
static char *
shorten (const char *text)
{
  g_autofree char *start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MAX_EXCERPT));
  g_autofree char *line = postil_annotation_words_dup_one_line (start);

  return text[strlen (start)] != '\0' ? g_strconcat (line, "…", NULL) : g_steal_pointer (&line);
}

static char *
dup_topics (PostilAnnotation *annotation, PostilCodebook *codebook)
{
  g_autoptr (GString) labels = g_string_new (NULL);
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; codebook != NULL && i < n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (codebook, topics[i]);

      if (topic == NULL)
        continue;
      if (labels->len > 0)
        /* Translators: between the topics of one annotation */
        g_string_append (labels, C_ ("topics", ", "));
      g_string_append (labels, postil_topic_get_label (topic));
    }
  return labels->len > 0 ? g_string_free (g_steal_pointer (&labels), FALSE)
                         : g_strdup (_ ("Highlight"));
}

static char *
dup_quote (PostilAnnotation *annotation, PostilDocument *document)
{
  g_autofree char *quote = postil_annotation_words_dup_quote (document, annotation, MAX_EXCERPT);

  return quote != NULL ? postil_annotation_words_dup_one_line (quote) : NULL;
}

static char *
dup_phrase (PostilAnnotation *annotation,
            PostilDocument *document,
            PostilCodebook *codebook,
            gboolean with_quote)
{
  guint n_notes;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);
  g_autofree char *topics = dup_topics (annotation, codebook);
  g_autofree char *note = n_notes > 0 ? shorten (postil_note_get_text (notes[0])) : NULL;
  g_autofree char *quote = with_quote ? dup_quote (annotation, document) : NULL;

  if (quote != NULL && note != NULL)
    /* Translators: an annotation's topics, the passage it is about, its note */
    return g_strdup_printf (_ ("%s: “%s”. Note: %s"), topics, quote, note);
  if (quote != NULL)
    /* Translators: an annotation's topics, the passage it is about */
    return g_strdup_printf (_ ("%s: “%s”"), topics, quote);
  if (note != NULL)
    /* Translators: an annotation's topics, its note */
    return g_strdup_printf (_ ("%s: %s"), topics, note);
  return g_steal_pointer (&topics);
}

/**
 * postil_annotation_phrase_list:
 * @annotations: (element-type PostilAnnotation): annotations of @document
 * @document: a document
 * @codebook: (nullable): where their topics have labels
 * @with_quotes: whether to say what passages they are about
 *
 * Says in words what a reader sees of annotations, for screen readers and tooltips.
 *
 * Returns: (transfer full): a line for each, of the first few
 */
char *
postil_annotation_phrase_list (GPtrArray *annotations,
                               PostilDocument *document,
                               PostilCodebook *codebook,
                               gboolean with_quotes)
{
  GString *lines = g_string_new (NULL);

  g_return_val_if_fail (annotations != NULL && POSTIL_IS_DOCUMENT (document),
                        g_string_free (lines, FALSE));

  for (guint i = 0; i < annotations->len && i < MAX_ANNOTATIONS; i++)
    {
      g_autofree char *phrase =
        dup_phrase (g_ptr_array_index (annotations, i), document, codebook, with_quotes);

      if (i > 0)
        g_string_append_c (lines, '\n');
      g_string_append (lines, phrase);
    }
  if (annotations->len > MAX_ANNOTATIONS)
    {
      guint n_more = annotations->len - MAX_ANNOTATIONS;

      g_string_append_c (lines, '\n');
      g_string_append_printf (
        lines, g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", n_more), n_more);
    }
  return g_string_free (lines, FALSE);
}
