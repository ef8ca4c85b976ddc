/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparison-summary.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

/*
 * What a comparison of two texts comes to: how much of either the other one has, what each leaves
 * out, and how the topics of their annotations fall. A passage counts as one that both texts have
 * when any sentence of it has a counterpart; two annotations with the same topic in a sentence and
 * in its counterpart are one passage.
 */

/* Of so many pairs of a long passage an annotation of the other text is looked for. */
#define MAX_PAIRS 64

/* The pairs of an alignment but echoes, by place in either text. */
typedef struct
{
  GPtrArray *pairs[2];
} Places;

static PostilSpan
get_span (const PostilPair *pair, guint side)
{
  return side == 0 ? pair->a : pair->b;
}

static int
compare_in_a (gconstpointer x, gconstpointer y)
{
  const PostilPair *a = *(const PostilPair *const *) x, *b = *(const PostilPair *const *) y;

  return a->a.start < b->a.start ? -1 : a->a.start > b->a.start;
}

static int
compare_in_b (gconstpointer x, gconstpointer y)
{
  const PostilPair *a = *(const PostilPair *const *) x, *b = *(const PostilPair *const *) y;

  return a->b.start < b->b.start ? -1 : a->b.start > b->b.start;
}

/* The first pair that ends behind @offset. */
static guint
find_pair (const Places *self, guint side, guint offset)
{
  guint from = 0, to = self->pairs[side]->len;

  while (from < to)
    {
      guint middle = from + (to - from) / 2;

      if (get_span (self->pairs[side]->pdata[middle], side).end <= offset)
        from = middle + 1;
      else
        to = middle;
    }
  return from;
}

static gboolean
has_pair_between (const Places *self, guint side, guint start, guint end)
{
  guint i = find_pair (self, side, start);

  return i < self->pairs[side]->len && get_span (self->pairs[side]->pdata[i], side).start < end;
}

static guint
count_words (UBreakIterator *breaks, PostilText *text, PostilSpan span)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  gsize start = postil_text_get_byte (text, span.start);
  UText storage = UTEXT_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  guint n = 0;

  utext_openUTF8 (&storage, utf8 + start, postil_text_get_byte (text, span.end) - start, &status);
  ubrk_setUText (breaks, &storage, &status);
  if (U_FAILURE (status))
    g_error ("ICU cannot break text: %s", u_errorName (status));
  for (ubrk_first (breaks); ubrk_next (breaks) != UBRK_DONE;)
    if (ubrk_getRuleStatus (breaks) >= UBRK_WORD_NONE_LIMIT)
      n++;
  utext_close (&storage);
  return n;
}

static int
compare_omissions (gconstpointer x, gconstpointer y)
{
  const PostilOmission *a = x, *b = y;

  if (a->n_words != b->n_words)
    return a->n_words > b->n_words ? -1 : 1;
  return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

static GArray *
list_omissions (const Places *places, guint side, GArray *only, PostilText *text)
{
  GArray *omissions = g_array_new (FALSE, FALSE, sizeof (PostilOmission));
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);

  if (U_FAILURE (status))
    g_error ("ICU cannot break text: %s", u_errorName (status));
  for (guint i = 0; i < only->len; i++)
    {
      PostilOmission omission = { g_array_index (only, PostilSpan, i), 0 };
      PostilOmission *last =
        i > 0 ? &g_array_index (omissions, PostilOmission, omissions->len - 1) : NULL;

      if (last && !has_pair_between (places, side, last->span.end, omission.span.start))
        last->span.end = omission.span.end;
      else
        g_array_append_val (omissions, omission);
    }
  for (guint i = 0; i < omissions->len; i++)
    {
      PostilOmission *omission = &g_array_index (omissions, PostilOmission, i);

      omission->n_words = count_words (breaks, text, omission->span);
    }
  g_array_sort (omissions, compare_omissions);
  ubrk_close (breaks);
  return omissions;
}

/* Passages with one topic. */
typedef struct
{
  /* Of PostilAnnotation, in either text. */
  GPtrArray *annotations[2];
} Tagged;

static void
tagged_free (gpointer data)
{
  Tagged *tagged = data;

  g_ptr_array_unref (tagged->annotations[0]);
  g_ptr_array_unref (tagged->annotations[1]);
  g_free (tagged);
}

static void
sort_by_topic (GHashTable *topics, PostilAnnotationIndex *annotations, guint side)
{
  guint n_shown = postil_annotation_index_get_n_shown (annotations);

  for (guint i = 0; i < n_shown; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);
      guint n_spans, n_topics;
      const char *const *ids = postil_annotation_get_topics (annotation, &n_topics);

      postil_annotation_get_spans (annotation, &n_spans);
      for (guint k = 0; k < n_topics && n_spans > 0; k++)
        {
          Tagged *tagged = g_hash_table_lookup (topics, ids[k]);

          if (!tagged)
            {
              tagged = g_new (Tagged, 1);
              tagged->annotations[0] = g_ptr_array_new ();
              tagged->annotations[1] = g_ptr_array_new ();
              g_hash_table_insert (topics, (gpointer) ids[k], tagged);
            }
          g_ptr_array_add (tagged->annotations[side], annotation);
        }
    }
}

/* The annotations in one side of a pair. */
typedef struct
{
  GPtrArray *annotations;
  /* All before are part of a passage already. */
  guint next;
} Place;

static void
place_free (gpointer data)
{
  g_ptr_array_unref (((Place *) data)->annotations);
  g_free (data);
}

/* The pairs that hold something of an annotation. */
static GPtrArray *
list_pairs (const Places *places, guint side, PostilAnnotation *annotation)
{
  GPtrArray *pairs = g_ptr_array_new ();
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);

  for (guint i = 0; i < n_spans && pairs->len < MAX_PAIRS; i++)
    for (guint k = find_pair (places, side, spans[i].start);
         k < places->pairs[side]->len && pairs->len < MAX_PAIRS &&
         get_span (places->pairs[side]->pdata[k], side).start < spans[i].end;
         k++)
      g_ptr_array_add (pairs, places->pairs[side]->pdata[k]);
  return pairs;
}

/* Of the annotations in the counterparts of @pairs one that no passage has yet, or else any. */
static PostilAnnotation *
find_partner (GHashTable *by_pair, GPtrArray *pairs, GHashTable *taken)
{
  PostilAnnotation *partner = NULL;

  for (guint i = 0; i < pairs->len; i++)
    {
      Place *there = g_hash_table_lookup (by_pair, pairs->pdata[i]);

      if (!there)
        continue;
      while (there->next < there->annotations->len &&
             g_hash_table_contains (taken, there->annotations->pdata[there->next]))
        there->next++;
      if (there->next < there->annotations->len)
        return there->annotations->pdata[there->next];
      if (!partner)
        partner = there->annotations->pdata[0];
    }
  return partner;
}

static PostilSpan
get_place (PostilAnnotation *annotation)
{
  guint n_spans;

  return postil_annotation_get_spans (annotation, &n_spans)[0];
}

static void
add_passage (PostilSummaryTopic *topic,
             guint side,
             PostilAnnotation *annotation,
             PostilAnnotation *partner,
             GPtrArray *pairs)
{
  PostilSummaryPassage passage = { 0 };

  passage.annotations[side] = annotation;
  passage.places[side] = get_place (annotation);
  passage.annotations[1 - side] = partner;
  if (partner)
    passage.places[1 - side] = get_place (partner);
  else if (pairs->len > 0)
    passage.places[1 - side] = get_span (pairs->pdata[0], 1 - side);
  g_array_append_val (pairs->len > 0 ? topic->both : topic->only[side], passage);
}

static GHashTable *
index_by_pair (const Places *places, guint side, GPtrArray *annotations)
{
  GHashTable *by_pair = g_hash_table_new_full (NULL, NULL, NULL, place_free);

  for (guint i = 0; i < annotations->len; i++)
    {
      g_autoptr (GPtrArray) pairs = list_pairs (places, side, annotations->pdata[i]);

      for (guint k = 0; k < pairs->len; k++)
        {
          Place *there = g_hash_table_lookup (by_pair, pairs->pdata[k]);

          if (!there)
            {
              there = g_new0 (Place, 1);
              there->annotations = g_ptr_array_new ();
              g_hash_table_insert (by_pair, pairs->pdata[k], there);
            }
          g_ptr_array_add (there->annotations, annotations->pdata[i]);
        }
    }
  return by_pair;
}

static int
compare_passages (gconstpointer x, gconstpointer y)
{
  const PostilSummaryPassage *a = x, *b = y;

  for (guint side = 0; side < 2; side++)
    if (a->places[side].start != b->places[side].start)
      return a->places[side].start < b->places[side].start ? -1 : 1;
  return 0;
}

static PostilSummaryTopic *
summarize_topic (const Places *places, const char *id, Tagged *tagged)
{
  PostilSummaryTopic *topic = g_new (PostilSummaryTopic, 1);
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);

  topic->topic = id;
  topic->both = g_array_new (FALSE, FALSE, sizeof (PostilSummaryPassage));
  for (guint side = 0; side < 2; side++)
    topic->only[side] = g_array_new (FALSE, FALSE, sizeof (PostilSummaryPassage));
  for (guint side = 0; side < 2; side++)
    {
      g_autoptr (GHashTable) by_pair =
        index_by_pair (places, 1 - side, tagged->annotations[1 - side]);

      for (guint i = 0; i < tagged->annotations[side]->len; i++)
        {
          PostilAnnotation *annotation = tagged->annotations[side]->pdata[i];
          g_autoptr (GPtrArray) pairs = list_pairs (places, side, annotation);
          PostilAnnotation *partner;

          if (side == 1 && g_hash_table_contains (taken, annotation))
            continue;
          partner = find_partner (by_pair, pairs, taken);
          if (side == 0 && partner)
            g_hash_table_add (taken, partner);
          add_passage (topic, side, annotation, partner, pairs);
        }
    }
  g_array_sort (topic->both, compare_passages);
  return topic;
}

static void
topic_free (gpointer data)
{
  PostilSummaryTopic *topic = data;

  g_array_unref (topic->both);
  g_array_unref (topic->only[0]);
  g_array_unref (topic->only[1]);
  g_free (topic);
}

static int
compare_ids (gconstpointer x, gconstpointer y)
{
  return strcmp (*(const char *const *) x, *(const char *const *) y);
}

static void
summarize_topics (PostilComparisonSummary *self, const Places *places, GCancellable *cancellable)
{
  g_autoptr (GHashTable) topics =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, tagged_free);
  g_autofree const char **ids = NULL;
  guint n;

  for (guint side = 0; side < 2; side++)
    sort_by_topic (topics, self->annotations[side], side);
  ids = (const char **) g_hash_table_get_keys_as_array (topics, &n);
  qsort (ids, n, sizeof (char *), compare_ids);
  for (guint i = 0; i < n && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (self->topics,
                     summarize_topic (places, ids[i], g_hash_table_lookup (topics, ids[i])));
}

/**
 * postil_comparison_summary_new:
 * @alignment: the alignment of two texts
 * @a: the first one
 * @of_a: its annotations
 * @b: the second one
 * @of_b: its annotations
 * @cancellable: (nullable): ends it early
 *
 * Sums up a comparison. May be called in any thread.
 *
 * Returns: (transfer full): the summary; incomplete when it was cancelled
 */
PostilComparisonSummary *
postil_comparison_summary_new (PostilAlignment *alignment,
                               PostilText *a,
                               PostilAnnotationIndex *of_a,
                               PostilText *b,
                               PostilAnnotationIndex *of_b,
                               GCancellable *cancellable)
{
  PostilComparisonSummary *self;
  Places places;

  g_return_val_if_fail (alignment != NULL && a != NULL && b != NULL, NULL);
  g_return_val_if_fail (of_a != NULL && of_b != NULL, NULL);

  self = g_new0 (PostilComparisonSummary, 1);
  self->topics = g_ptr_array_new_with_free_func (topic_free);
  self->annotations[0] = postil_annotation_index_ref (of_a);
  self->annotations[1] = postil_annotation_index_ref (of_b);
  for (guint side = 0; side < 2; side++)
    places.pairs[side] = g_ptr_array_new ();
  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);

      for (guint side = 0; side < 2 && pair->kind != POSTIL_PAIR_ECHO; side++)
        {
          PostilSummarySide *summary = &self->sides[side];

          g_ptr_array_add (places.pairs[side], pair);
          summary->n_same += pair->kind == POSTIL_PAIR_SAME;
          summary->n_reworded += pair->kind == POSTIL_PAIR_REWORDED;
          summary->n_moved += pair->kind == POSTIL_PAIR_MOVED;
        }
    }
  g_ptr_array_sort (places.pairs[0], compare_in_a);
  g_ptr_array_sort (places.pairs[1], compare_in_b);
  for (guint side = 0; side < 2; side++)
    {
      self->sides[side].shares = postil_comparison_get_shares (alignment, side == 1);
      self->sides[side].omissions = list_omissions (
        &places, side, side == 0 ? alignment->only_a : alignment->only_b, side == 0 ? a : b);
    }
  summarize_topics (self, &places, cancellable);
  for (guint side = 0; side < 2; side++)
    g_ptr_array_unref (places.pairs[side]);
  return self;
}

void
postil_comparison_summary_free (PostilComparisonSummary *self)
{
  for (guint side = 0; side < 2; side++)
    {
      g_array_unref (self->sides[side].omissions);
      postil_annotation_index_unref (self->annotations[side]);
    }
  g_ptr_array_unref (self->topics);
  g_free (self);
}
