/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-alignment.h"

#include <string.h>

#include "postil-alignment-strays.h"

/*
 * Reads two texts against each other, in the order of their checksums, so that the result is the
 * same from either side: first what stands in the same order, then in what is left over what moved,
 * and in what is then still left over what only quotes the other text.
 */

/* Shares of the whole progress. */
#define PROGRESS_UNITS 0.2
#define PROGRESS_ORDER 0.8
#define PROGRESS_MOVED 0.9

typedef struct
{
  PostilUnits *units[2];
  PostilVocabulary *vocabulary;
  gboolean *taken[2];
  gboolean swapped;
  GArray *pairs;
} Aligner;

static PostilSpan
get_span (PostilUnits *units, guint first, guint n)
{
  return (PostilSpan){ postil_units_get (units, first)->span.start,
                       postil_units_get (units, first + n - 1)->span.end };
}

static void
add_pair (Aligner *self, PostilSpan a, PostilSpan b, PostilPairKind kind, double score)
{
  PostilPair pair = { self->swapped ? b : a, self->swapped ? a : b, kind, score };

  g_array_append_val (self->pairs, pair);
}

static gboolean
is_same (Aligner *self, const PostilMatch *match)
{
  guint first[2] = { match->a, match->b }, n[2] = { match->n_a, match->n_b }, n_words[2];
  const PostilWord *words[2];

  for (guint side = 0; side < 2; side++)
    {
      const PostilUnit *start = postil_units_get (self->units[side], first[side]);
      const PostilUnit *end = postil_units_get (self->units[side], first[side] + n[side] - 1);

      words[side] = postil_units_get_words (self->units[side], start);
      n_words[side] = end->words + end->n_words - start->words;
    }
  if (n_words[0] != n_words[1])
    return FALSE;
  for (guint i = 0; i < n_words[0]; i++)
    if (words[0][i].id != words[1][i].id)
      return FALSE;
  return TRUE;
}

static void
add_matches (Aligner *self, GArray *matches, gboolean moved)
{
  for (guint i = 0; i < matches->len; i++)
    {
      const PostilMatch *match = &g_array_index (matches, PostilMatch, i);
      gboolean same = is_same (self, match);

      for (guint k = 0; k < match->n_a; k++)
        self->taken[0][match->a + k] = TRUE;
      for (guint k = 0; k < match->n_b; k++)
        self->taken[1][match->b + k] = TRUE;
      add_pair (self, get_span (self->units[0], match->a, match->n_a),
                get_span (self->units[1], match->b, match->n_b),
                moved  ? POSTIL_PAIR_MOVED
                : same ? POSTIL_PAIR_SAME
                       : POSTIL_PAIR_REWORDED,
                same ? 1 : match->score);
    }
}

static void
add_echoes (Aligner *self, GArray *echoes)
{
  for (guint i = 0; i < echoes->len; i++)
    {
      const PostilEcho *echo = &g_array_index (echoes, PostilEcho, i);
      PostilSpan spans[2];

      for (guint side = 0; side < 2; side++)
        spans[side] = (PostilSpan){
          g_array_index (self->units[side]->words, PostilWord, echo->first[side]).start,
          g_array_index (self->units[side]->words, PostilWord, echo->last[side]).end,
        };
      add_pair (self, spans[0], spans[1], POSTIL_PAIR_ECHO, echo->score);
    }
}

static GArray *
list_left (Aligner *self, guint side)
{
  GArray *left = g_array_new (FALSE, FALSE, sizeof (PostilSpan));

  for (guint i = 0; i < self->units[side]->units->len; i++)
    if (!self->taken[side][i])
      g_array_append_val (left, postil_units_get (self->units[side], i)->span);
  return left;
}

static int
compare_pairs (gconstpointer x, gconstpointer y)
{
  const PostilPair *a = x, *b = y;

  if (a->a.start != b->a.start)
    return a->a.start < b->a.start ? -1 : 1;
  if (a->b.start != b->b.start)
    return a->b.start < b->b.start ? -1 : 1;
  return (int) a->kind - (int) b->kind;
}

static void
align (Aligner *self,
       PostilText *const texts[2],
       PostilAlignmentProgress progress,
       gpointer progress_data,
       GCancellable *cancellable)
{
  g_autoptr (GArray) order = NULL;
  g_autoptr (GArray) moved = NULL;
  g_autoptr (GArray) echoes = NULL;

  for (guint side = 0; side < 2; side++)
    {
      self->units[side] = postil_units_new (texts[side], self->vocabulary, side, cancellable);
      self->taken[side] = g_new0 (gboolean, self->units[side]->units->len);
    }
  postil_vocabulary_weigh (self->vocabulary, self->units);
  if (progress != NULL)
    progress (PROGRESS_UNITS, progress_data);

  order = postil_alignment_order (self->units, self->vocabulary, cancellable);
  add_matches (self, order, FALSE);
  if (progress != NULL)
    progress (PROGRESS_ORDER, progress_data);

  moved = postil_alignment_find_moved (self->units, self->vocabulary, self->taken, cancellable);
  add_matches (self, moved, TRUE);
  if (progress != NULL)
    progress (PROGRESS_MOVED, progress_data);

  echoes = postil_alignment_find_echoes (self->units, self->vocabulary,
                                         (const gboolean *const *) self->taken, cancellable);
  add_echoes (self, echoes);
  g_array_sort (self->pairs, compare_pairs);
}

/**
 * postil_alignment_new:
 * @a: a text
 * @b: another one
 * @progress: (nullable): called now and then with how much is done, in the same thread
 * @cancellable: (nullable): ends it early
 *
 * Finds what two texts both say. Deterministic; the other way round it gives the same pairs. Time
 * is near linear for texts in the same order and bounded for all. May be called in any thread.
 *
 * Returns: (transfer full) (nullable): the alignment; %NULL when it was cancelled
 */
PostilAlignment *
postil_alignment_new (PostilText *a,
                      PostilText *b,
                      PostilAlignmentProgress progress,
                      gpointer progress_data,
                      GCancellable *cancellable)
{
  PostilAlignment *alignment = NULL;
  Aligner self = { 0 };
  PostilText *texts[2] = { a, b };

  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  self.vocabulary = postil_vocabulary_new ();
  self.pairs = g_array_new (FALSE, FALSE, sizeof (PostilPair));
  self.swapped = strcmp (postil_text_get_sha256 (a), postil_text_get_sha256 (b)) > 0;
  if (self.swapped)
    {
      texts[0] = b;
      texts[1] = a;
    }
  align (&self, texts, progress, progress_data, cancellable);

  if (!g_cancellable_is_cancelled (cancellable))
    {
      alignment = g_new (PostilAlignment, 1);
      alignment->pairs = g_array_ref (self.pairs);
      alignment->only_a = list_left (&self, self.swapped ? 1 : 0);
      alignment->only_b = list_left (&self, self.swapped ? 0 : 1);
    }
  g_array_unref (self.pairs);
  for (guint side = 0; side < 2; side++)
    {
      postil_units_free (self.units[side]);
      g_free (self.taken[side]);
    }
  postil_vocabulary_free (self.vocabulary);
  return alignment;
}

void
postil_alignment_free (PostilAlignment *self)
{
  g_array_unref (self->pairs);
  g_array_unref (self->only_a);
  g_array_unref (self->only_b);
  g_free (self);
}
