/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-matcher.h"

#include <string.h>

#include "postil-folding.h"
#include "postil-id.h"

/*
 * PostilAnnotationMatcher: a filter made ready to be asked about many annotations, in any thread.
 * It never changes: it knows the topics as they were when it was made. Case and accents do not
 * count, and words may stand in any order and be parts of words.
 */
struct _PostilAnnotationMatcher
{
  gatomicrefcount refs;
  PostilCodebook *codebook;
  PostilDocument *document;
  char *topic;
  GStrv words;
  PostilReviewKinds review;
  /* Holds the ids of the two tables, which annotations have as the same pointers. */
  GPtrArray *topics;
  /* Which topics are asked for; NULL for all. */
  GHashTable *within;
  /* What each topic is called, folded; NULL without words. */
  GHashTable *labels;
};

static void
append (GString *folded, const char *utf8, gsize n_bytes)
{
  postil_folding_append (folded, utf8, n_bytes);
  /* No word holds one, so none is found across two texts. */
  g_string_append_c (folded, '\n');
}

static gboolean
has_topic (PostilAnnotationMatcher *self, PostilAnnotation *annotation)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    if (g_hash_table_contains (self->within, topics[i]))
      return TRUE;
  return FALSE;
}

static void
append_passage (PostilText *text, PostilAnnotation *annotation, GString *folded)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  for (guint i = 0; i < fields.n_spans; i++)
    {
      gsize start = postil_text_get_byte (text, fields.spans[i].start);

      append (folded, utf8 + start, postil_text_get_byte (text, fields.spans[i].end) - start);
    }
  if (fields.n_spans == 0 && fields.anchor != NULL)
    {
      g_autofree char *quote = postil_anchor_dup_quote (fields.anchor);

      append (folded, quote, strlen (quote));
    }
}

static void
append_words (PostilAnnotationMatcher *self, PostilAnnotation *annotation, GString *folded)
{
  guint n_notes, n_topics;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_notes; i++)
    append (folded, postil_note_get_text (notes[i]), strlen (postil_note_get_text (notes[i])));
  for (guint i = 0; i < n_topics; i++)
    {
      const char *label = g_hash_table_lookup (self->labels, topics[i]);

      if (label != NULL)
        {
          g_string_append (folded, label);
          g_string_append_c (folded, '\n');
        }
    }
}

static gboolean
is_in_passage (const PostilWordPlaces *places, guint word, const PostilSpan *spans, guint n_spans)
{
  for (guint i = 0; i < n_spans; i++)
    if (postil_word_places_is_in (places, word, spans[i]))
      return TRUE;
  return FALSE;
}

/* With the @places of all words the words of a passage need not be gone through. */
static gboolean
has_words (PostilAnnotationMatcher *self,
           PostilText *text,
           const PostilWordPlaces *places,
           PostilAnnotation *annotation,
           GString *folded)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);
  gboolean is_folded = FALSE;

  for (guint i = 0; self->words[i] != NULL; i++)
    {
      if (places != NULL && is_in_passage (places, i, spans, n_spans))
        continue;
      if (!is_folded)
        {
          g_string_truncate (folded, 0);
          if (places == NULL || n_spans == 0)
            append_passage (text, annotation, folded);
          append_words (self, annotation, folded);
          is_folded = TRUE;
        }
      if (strstr (folded->str, self->words[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Notes what is to be known of the topics as they are now. */
static void
read_codebook (PostilAnnotationMatcher *self)
{
  self->topics = g_ptr_array_ref (postil_codebook_get_topics (self->codebook));
  if (self->topic != NULL)
    {
      self->within = g_hash_table_new (NULL, NULL);
      g_hash_table_add (self->within, self->topic);
    }
  if (self->words != NULL)
    self->labels = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  for (guint i = 0; i < self->topics->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (self->topics, i);
      const char *id = postil_topic_get_id (topic), *label = postil_topic_get_label (topic);

      if (self->within != NULL && postil_codebook_is_within (self->codebook, id, self->topic))
        g_hash_table_add (self->within, (gpointer) id);
      if (self->labels != NULL)
        {
          GString *folded = g_string_new (NULL);

          postil_folding_append (folded, label, strlen (label));
          g_hash_table_insert (self->labels, (gpointer) id, g_string_free (folded, FALSE));
        }
    }
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
  g_atomic_ref_count_init (&self->refs);
  self->codebook = g_object_ref (codebook);
  g_set_object (&self->document, filter->document);
  self->topic = filter->topic != NULL ? postil_id_intern (filter->topic) : NULL;
  self->words = g_steal_pointer (&words);
  self->review = filter->review;
  read_codebook (self);
  return self;
}

/**
 * postil_annotation_matcher_renew:
 * @self: a matcher
 *
 * Returns: (transfer full): one that asks for the same, and knows the topics as they are now
 */
PostilAnnotationMatcher *
postil_annotation_matcher_renew (PostilAnnotationMatcher *self)
{
  PostilAnnotationMatcher *renewed;

  g_return_val_if_fail (self != NULL, NULL);

  renewed = g_new0 (PostilAnnotationMatcher, 1);
  g_atomic_ref_count_init (&renewed->refs);
  renewed->codebook = g_object_ref (self->codebook);
  g_set_object (&renewed->document, self->document);
  renewed->topic = self->topic != NULL ? g_ref_string_acquire (self->topic) : NULL;
  renewed->words = g_strdupv (self->words);
  renewed->review = self->review;
  read_codebook (renewed);
  return renewed;
}

PostilAnnotationMatcher *
postil_annotation_matcher_ref (PostilAnnotationMatcher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * postil_annotation_matcher_unref:
 * @self: (transfer full): a matcher
 *
 * Releases a reference, in the thread that owns the codebook.
 */
void
postil_annotation_matcher_unref (PostilAnnotationMatcher *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->within, g_hash_table_unref);
  g_clear_pointer (&self->labels, g_hash_table_unref);
  g_ptr_array_unref (self->topics);
  g_object_unref (self->codebook);
  g_clear_object (&self->document);
  g_clear_pointer (&self->topic, g_ref_string_release);
  g_strfreev (self->words);
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
 * @document: a document; only compared
 * @text: its text
 * @annotation: an annotation of it
 * @folded: a string that is overwritten, kept by the caller to save allocations
 *
 * May be called in any thread.
 *
 * Returns: whether @annotation is what is asked for
 */
gboolean
postil_annotation_matcher_match (PostilAnnotationMatcher *self,
                                 PostilDocument *document,
                                 PostilText *text,
                                 PostilAnnotation *annotation,
                                 GString *folded)
{
  return postil_annotation_matcher_match_found (self, document, text, NULL, annotation, folded);
}

/**
 * postil_annotation_matcher_find_words:
 * @self: a matcher
 * @document: a document; only compared
 * @text: its text
 * @cancellable: (nullable): stops it; what it gives then is not to be used
 *
 * Finds at once where the words that are asked for are in @text, for
 * postil_annotation_matcher_match_found(). May be called in any thread.
 *
 * Returns: (transfer full) (nullable): their places; %NULL when there is nothing to find
 */
PostilWordPlaces *
postil_annotation_matcher_find_words (PostilAnnotationMatcher *self,
                                      PostilDocument *document,
                                      PostilText *text,
                                      GCancellable *cancellable)
{
  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  if (self->words == NULL || (self->document != NULL && self->document != document))
    return NULL;
  return postil_word_places_new (text, (const char *const *) self->words, cancellable);
}

/**
 * postil_annotation_matcher_match_found:
 * @self: a matcher
 * @document: a document; only compared
 * @text: its text
 * @places: (nullable): what postil_annotation_matcher_find_words() found in @text
 * @annotation: an annotation of it
 * @folded: a string that is overwritten
 *
 * As postil_annotation_matcher_match(), and sooner done where many are asked about.
 *
 * Returns: whether @annotation is what is asked for
 */
gboolean
postil_annotation_matcher_match_found (PostilAnnotationMatcher *self,
                                       PostilDocument *document,
                                       PostilText *text,
                                       const PostilWordPlaces *places,
                                       PostilAnnotation *annotation,
                                       GString *folded)
{
  g_return_val_if_fail (self != NULL && text != NULL, FALSE);
  g_return_val_if_fail (annotation != NULL && folded != NULL, FALSE);

  return (self->document == NULL || self->document == document) &&
         (self->review == 0 || (postil_review_get_kinds (annotation) & self->review) != 0) &&
         (self->topic == NULL || has_topic (self, annotation)) &&
         (self->words == NULL || has_words (self, text, places, annotation, folded));
}
