/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-matcher.h"

#include <string.h>

#include "postil-folding.h"

/*
 * PostilAnnotationMatcher: a filter made ready to be asked about many annotations. Owned by the
 * list that filters. Case and accents do not count, and words may stand in any order and be parts
 * of words.
 */
struct _PostilAnnotationMatcher
{
  PostilCodebook *codebook;
  PostilDocument *document;
  char *topic;
  GStrv words;
  PostilReviewKinds review;
  /* What is being looked into, kept to save allocations. */
  GString *folded;
};

static void
append (PostilAnnotationMatcher *self, const char *utf8, gsize n_bytes)
{
  postil_folding_append (self->folded, utf8, n_bytes);
  /* No word holds one, so none is found across two texts. */
  g_string_append_c (self->folded, '\n');
}

static gboolean
has_topic (PostilAnnotationMatcher *self, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    if (postil_codebook_is_within (self->codebook, topics[i], self->topic))
      return TRUE;
  return FALSE;
}

static void
append_passage (PostilAnnotationMatcher *self,
                PostilDocument *document,
                PostilAnnotation *annotation)
{
  PostilText *text = postil_document_get_text (document);
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  for (guint i = 0; i < fields.n_spans; i++)
    {
      gsize start = postil_text_get_byte (text, fields.spans[i].start);

      append (self, utf8 + start, postil_text_get_byte (text, fields.spans[i].end) - start);
    }
  if (fields.n_spans == 0 && fields.anchor != NULL)
    {
      g_autofree char *quote = postil_anchor_dup_quote (fields.anchor);

      append (self, quote, strlen (quote));
    }
}

static gboolean
has_words (PostilAnnotationMatcher *self, PostilDocument *document, PostilAnnotation *annotation)
{
  guint n_notes, n_topics;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  g_string_truncate (self->folded, 0);
  append_passage (self, document, annotation);
  for (guint i = 0; i < n_notes; i++)
    append (self, postil_note_get_text (notes[i]), strlen (postil_note_get_text (notes[i])));
  for (guint i = 0; i < n_topics; i++)
    {
      PostilTopic *topic = postil_codebook_get_topic (self->codebook, topics[i]);

      if (topic != NULL)
        append (self, postil_topic_get_label (topic), strlen (postil_topic_get_label (topic)));
    }

  for (guint i = 0; self->words[i] != NULL; i++)
    if (strstr (self->folded->str, self->words[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* Returns the words of @text, folded; %NULL when there are none. */
static GStrv
fold_words (const char *text)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  const char *p;

  if (text != NULL)
    postil_folding_append (folded, text, strlen (text));
  p = folded->str;
  while (*p != '\0')
    {
      const char *start = p;

      while (*p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      if (p > start)
        g_ptr_array_add (words, g_strndup (start, p - start));
      if (*p != '\0')
        p = g_utf8_next_char (p);
    }
  if (words->len == 0)
    return NULL;
  g_ptr_array_add (words, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

/**
 * postil_annotation_matcher_new:
 * @filter: (nullable): what is asked for; copied
 * @codebook: the codebook that has the topics
 *
 * Returns: (transfer full) (nullable): a matcher, or %NULL when @filter lets everything through
 */
PostilAnnotationMatcher *
postil_annotation_matcher_new (const PostilAnnotationFilter *filter, PostilCodebook *codebook)
{
  PostilAnnotationMatcher *self;
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook), NULL);

  if (filter == NULL)
    return NULL;
  words = fold_words (filter->text);
  if (filter->document == NULL && filter->topic == NULL && words == NULL && filter->review == 0)
    return NULL;

  self = g_new0 (PostilAnnotationMatcher, 1);
  self->codebook = g_object_ref (codebook);
  g_set_object (&self->document, filter->document);
  self->topic = g_strdup (filter->topic);
  self->words = g_steal_pointer (&words);
  self->review = filter->review;
  self->folded = g_string_new (NULL);
  return self;
}

/**
 * postil_annotation_matcher_free:
 * @self: a matcher
 *
 * Frees it.
 */
void
postil_annotation_matcher_free (PostilAnnotationMatcher *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->codebook);
  g_clear_object (&self->document);
  g_free (self->topic);
  g_strfreev (self->words);
  g_string_free (self->folded, TRUE);
  g_free (self);
}

/**
 * postil_annotation_matcher_equal:
 * @a: (nullable): a matcher
 * @b: (nullable): another
 *
 * Returns: whether both ask for the same
 */
gboolean
postil_annotation_matcher_equal (PostilAnnotationMatcher *a, PostilAnnotationMatcher *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return a->codebook == b->codebook && a->document == b->document &&
         g_strcmp0 (a->topic, b->topic) == 0 && a->review == b->review &&
         (a->words == NULL || b->words == NULL
            ? a->words == b->words
            : g_strv_equal ((const char *const *) a->words, (const char *const *) b->words));
}

/**
 * postil_annotation_matcher_reads_codebook:
 * @self: a matcher
 *
 * Returns: whether a change of the codebook may change its answers
 */
gboolean
postil_annotation_matcher_reads_codebook (PostilAnnotationMatcher *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->topic != NULL || self->words != NULL;
}

/**
 * postil_annotation_matcher_match:
 * @self: a matcher
 * @document: a document
 * @annotation: an annotation of it
 *
 * Returns: whether @annotation is what is asked for
 */
gboolean
postil_annotation_matcher_match (PostilAnnotationMatcher *self,
                                 PostilDocument *document,
                                 PostilAnnotation *annotation)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), FALSE);
  g_return_val_if_fail (annotation != NULL, FALSE);

  return (self->document == NULL || self->document == document) &&
         (self->review == 0 || (postil_review_get_kinds (annotation) & self->review) != 0) &&
         (self->topic == NULL || has_topic (self, annotation)) &&
         (self->words == NULL || has_words (self, document, annotation));
}
