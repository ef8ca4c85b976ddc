/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-alignment.h"

#include <string.h>

#include "postil-revision.h"
#include "postil-text-changes.h"

G_DEFINE_BOXED_TYPE (PostilAlignment,
                     postil_alignment,
                     postil_alignment_ref,
                     postil_alignment_unref)

typedef struct
{
  PostilUnits *units[2];
  PostilVocabulary *vocabulary;
  gboolean *taken[2];
  gboolean swapped;
  GArray *pairs;
} Aligner;

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

static PostilSpan
get_side (const PostilPair *pair, gboolean of_b)
{
  return of_b ? pair->b : pair->a;
}

static const PostilPair *
get_pair (const PostilAlignment *self, GArray *positions, guint i)
{
  return &g_array_index (self->pairs, PostilPair, g_array_index (positions, guint, i));
}

static int
compare_by_b (gconstpointer x, gconstpointer y, gpointer pairs)
{
  const PostilPair *a = &g_array_index ((GArray *) pairs, PostilPair, *(const guint *) x);
  const PostilPair *b = &g_array_index ((GArray *) pairs, PostilPair, *(const guint *) y);

  return a->b.start < b->b.start ? -1 : a->b.start > b->b.start;
}

static void
index_pairs (PostilAlignment *self)
{
  for (guint side = 0; side < 2; side++)
    self->by_place[side] = g_array_new (FALSE, FALSE, sizeof (guint));
  self->in_order = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < self->pairs->len; i++)
    {
      PostilPairKind kind = g_array_index (self->pairs, PostilPair, i).kind;

      if (kind == POSTIL_PAIR_ECHO)
        continue;
      g_array_append_val (self->by_place[0], i);
      g_array_append_val (self->by_place[1], i);
      if (kind != POSTIL_PAIR_MOVED)
        g_array_append_val (self->in_order, i);
    }
  g_array_sort_with_data (self->by_place[1], compare_by_b, self->pairs);
}

/* How many of the pairs at @positions begin at @offset or before. */
static guint
count_until (const PostilAlignment *self, GArray *positions, gboolean of_b, guint offset)
{
  guint low = 0, high = positions->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_side (get_pair (self, positions, middle), of_b).start <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
postil_alignment_clear (PostilAlignment *self)
{
  g_array_unref (self->pairs);
  g_array_unref (self->only_a);
  g_array_unref (self->only_b);
  g_array_unref (self->decisions);
  g_clear_pointer (&self->by_place[0], g_array_unref);
  g_clear_pointer (&self->by_place[1], g_array_unref);
  g_clear_pointer (&self->in_order, g_array_unref);
}

/* What is added to a comparison of texts that are equal by decisions that are not. */
static int
compare_decisions (GArray *decisions)
{
  for (guint i = 0; decisions != NULL && i < decisions->len; i++)
    {
      const PostilDecision *decision = &g_array_index (decisions, PostilDecision, i);

      if (decision->a.start != decision->b.start)
        return decision->a.start < decision->b.start ? -1 : 1;
      if (decision->a.end != decision->b.end)
        return decision->a.end < decision->b.end ? -1 : 1;
    }
  return 0;
}

/* Whether the second text comes first where the order must not make a difference. */
static gboolean
is_swapped (PostilText *a, PostilText *b, GArray *decisions)
{
  int order = strcmp (postil_text_get_sha256 (a), postil_text_get_sha256 (b));

  return (order != 0 ? order : compare_decisions (decisions)) > 0;
}

static void
swap_pairs (GArray *pairs)
{
  for (guint i = 0; i < pairs->len; i++)
    {
      PostilPair *pair = &g_array_index (pairs, PostilPair, i);
      PostilSpan a = pair->a;

      pair->a = pair->b;
      pair->b = a;
    }
}

/* Puts pairs in order, echoes that were found from both sides only once. */
static void
sort_pairs (GArray *pairs)
{
  guint n = 0;

  g_array_sort (pairs, compare_pairs);
  for (guint i = 0; i < pairs->len; i++)
    if (n == 0 || compare_pairs (&g_array_index (pairs, PostilPair, i),
                                 &g_array_index (pairs, PostilPair, n - 1)) != 0)
      g_array_index (pairs, PostilPair, n++) = g_array_index (pairs, PostilPair, i);
  g_array_set_size (pairs, n);
}

static gboolean
are_same (GArray *a, GArray *b)
{
  return a->len == b->len &&
         (a->len == 0 || memcmp (a->data, b->data, a->len * g_array_get_element_size (a)) == 0);
}

/* What an earlier alignment tells; @texts are in the order of the aligner. */
static void
revision_init (PostilRevision *self,
               PostilAlignment *before,
               PostilText *const texts_before[2],
               PostilText *const texts[2],
               gboolean swapped)
{
  const guint lengths[] = { before->lengths[swapped ? 1 : 0], before->lengths[swapped ? 0 : 1] };

  self->pairs = g_array_copy (before->pairs);
  if (swapped)
    swap_pairs (self->pairs);
  self->decisions = postil_decisions_new (before->decisions, swapped, lengths);
  for (guint side = 0; side < 2; side++)
    self->changes[side] =
      postil_text_changes_list (texts_before[swapped ? 1 - side : side], texts[side]);
}

static void
revision_clear (PostilRevision *self)
{
  g_array_unref (self->pairs);
  postil_decisions_free (self->decisions);
  g_array_unref (self->changes[0]);
  g_array_unref (self->changes[1]);
}

static PostilAlignment *
make (PostilAlignment *before,
      PostilText *const texts_before[2],
      PostilText *a,
      PostilText *b,
      GArray *decisions,
      PostilAligner *aligner)
{
  gboolean swapped = is_swapped (a, b, decisions), done = FALSE;
  PostilText *const texts[] = { swapped ? b : a, swapped ? a : b };
  const guint lengths[] = { postil_text_get_length (texts[0]), postil_text_get_length (texts[1]) };
  PostilAlignment *self = g_atomic_rc_box_new0 (PostilAlignment);
  PostilRevision revision;

  self->pairs = g_array_new (FALSE, FALSE, sizeof (PostilPair));
  self->only_a = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->only_b = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->decisions = decisions != NULL ? g_array_copy (decisions)
                                      : g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  self->lengths[0] = postil_text_get_length (a);
  self->lengths[1] = postil_text_get_length (b);

  aligner->decisions = postil_decisions_new (decisions, swapped, lengths);
  if (before != NULL)
    revision_init (&revision, before, texts_before, texts, swapped);
  if (before != NULL && revision.changes[0]->len == 0 && revision.changes[1]->len == 0 &&
      are_same (revision.decisions->paired, aligner->decisions->paired) &&
      are_same (revision.decisions->dismissed, aligner->decisions->dismissed))
    {
      postil_alignment_unref (g_steal_pointer (&self));
      self = postil_alignment_ref (before);
    }
  else
    {
      GArray *const only[] = { swapped ? self->only_b : self->only_a,
                               swapped ? self->only_a : self->only_b };

      done =
        postil_aligner_run (aligner, texts, before != NULL ? &revision : NULL, self->pairs, only);
      if (swapped)
        swap_pairs (self->pairs);
      sort_pairs (self->pairs);
      index_pairs (self);
      if (!done)
        g_clear_pointer (&self, postil_alignment_unref);
    }
  if (before != NULL)
    revision_clear (&revision);
  postil_decisions_free (aligner->decisions);
  return self;
}

/**
 * postil_alignment_new:
 * @a: a text
 * @b: another one
 * @decisions: (nullable) (element-type PostilDecision): what a person decided; where two contradict
 * each other, the later one in the array holds
 * @progress: (nullable): called now and then with how much is done, in the same thread
 * @progress_data: for @progress
 * @cancellable: (nullable): ends it early
 *
 * Finds what two texts both say. What a person paired is a pair, just as given, and cuts sentences
 * where it begins and ends; no other pair has a part of both of two passages that a person said to
 * be none. Deterministic; the other way round it gives the same pairs. Time is near linear for
 * texts in the same order and bounded for all. May be called in any thread.
 *
 * Returns: (transfer full) (nullable): the alignment; %NULL when it was cancelled
 */
PostilAlignment *
postil_alignment_new (PostilText *a,
                      PostilText *b,
                      GArray *decisions,
                      PostilAlignmentProgress progress,
                      gpointer progress_data,
                      GCancellable *cancellable)
{
  PostilAligner aligner = { .progress = progress,
                            .progress_data = progress_data,
                            .cancellable = cancellable };

  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  return make (NULL, NULL, a, b, decisions, &aligner);
}

/**
 * postil_alignment_revise:
 * @before: an alignment
 * @a_before: the first text that it is of
 * @b_before: the second one
 * @a: the first text as it is now
 * @b: the second text as it is now
 * @decisions: (nullable) (element-type PostilDecision): what a person decided, as of now
 * @progress: (nullable): called now and then with how much is done, in the same thread
 * @progress_data: for @progress
 * @cancellable: (nullable): ends it early
 *
 * Aligns again only what changed since: pairs that no change of the texts or of the decisions
 * touches stay as they are. May be called in any thread.
 *
 * Returns: (transfer full) (nullable): the alignment of both texts as they are now, which is
 * @before when nothing changed; %NULL when it was cancelled
 */
PostilAlignment *
postil_alignment_revise (PostilAlignment *before,
                         PostilText *a_before,
                         PostilText *b_before,
                         PostilText *a,
                         PostilText *b,
                         GArray *decisions,
                         PostilAlignmentProgress progress,
                         gpointer progress_data,
                         GCancellable *cancellable)
{
  PostilText *const texts_before[] = { a_before, b_before };
  PostilAligner aligner = { .progress = progress,
                            .progress_data = progress_data,
                            .cancellable = cancellable };

  g_return_val_if_fail (before != NULL && a_before != NULL && b_before != NULL, NULL);
  g_return_val_if_fail (a != NULL && b != NULL, NULL);

  return make (before, texts_before, a, b, decisions, &aligner);
}

PostilAlignment *
postil_alignment_ref (PostilAlignment *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_alignment_unref (PostilAlignment *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_alignment_clear);
}

/**
 * postil_alignment_find_pair:
 * @self: an alignment
 * @of_b: whether @offset is in the second text
 * @offset: a place, in code points
 *
 * Finds the pair that a place belongs to, in logarithmic time. Echoes do not count.
 *
 * Returns: (nullable): the pair, one of @self's; %NULL when there is none
 */
const PostilPair *
postil_alignment_find_pair (const PostilAlignment *self, gboolean of_b, guint offset)
{
  const PostilPair *pair;
  GArray *positions;
  guint n;

  g_return_val_if_fail (self != NULL, NULL);

  positions = self->by_place[of_b ? 1 : 0];
  n = count_until (self, positions, of_b, offset);
  if (n == 0)
    return NULL;
  pair = get_pair (self, positions, n - 1);
  return offset < get_side (pair, of_b).end ? pair : NULL;
}

/**
 * postil_alignment_list_in:
 * @self: an alignment
 * @of_b: whether @span is in the second text
 * @span: a passage, in code points
 *
 * Finds the pairs that have a part of a passage, in time logarithmic but for what is found. Echoes
 * do not count.
 *
 * Returns: (transfer container) (element-type PostilPair): pairs of @self, by place in that text
 */
GPtrArray *
postil_alignment_list_in (const PostilAlignment *self, gboolean of_b, PostilSpan span)
{
  GPtrArray *pairs = g_ptr_array_new ();
  GArray *positions;
  guint first;

  g_return_val_if_fail (self != NULL, pairs);

  positions = self->by_place[of_b ? 1 : 0];
  first = count_until (self, positions, of_b, span.start);
  for (guint i = first - MIN (first, 1); i < positions->len; i++)
    {
      const PostilPair *pair = get_pair (self, positions, i);
      PostilSpan side = get_side (pair, of_b);

      if (side.start >= span.end)
        break;
      if (side.end > span.start)
        g_ptr_array_add (pairs, (gpointer) pair);
    }
  return pairs;
}

/**
 * postil_alignment_map:
 * @self: an alignment
 * @of_b: whether @offset is in the second text
 * @offset: a place, in code points
 *
 * Finds the place of the other text that belongs beside @offset when both are read side by side:
 * within a pair as far into it, between pairs as far from the one to the next. Only pairs in the
 * same order count, so that a later place never has an earlier one beside it. Logarithmic time.
 *
 * Returns: a place of the other text, in code points
 */
guint
postil_alignment_map (const PostilAlignment *self, gboolean of_b, guint offset)
{
  PostilSpan here = { 0, 0 }, there = { 0, 0 };
  guint n, length, length_there;

  g_return_val_if_fail (self != NULL, 0);

  length = self->lengths[of_b ? 1 : 0];
  length_there = self->lengths[of_b ? 0 : 1];
  offset = MIN (offset, length);
  n = count_until (self, self->in_order, of_b, offset);
  if (n > 0)
    {
      const PostilPair *pair = get_pair (self, self->in_order, n - 1);

      here = get_side (pair, of_b);
      there = get_side (pair, !of_b);
    }
  if (offset >= here.end)
    {
      const PostilPair *next = n < self->in_order->len ? get_pair (self, self->in_order, n) : NULL;

      here = (PostilSpan){ here.end, next != NULL ? get_side (next, of_b).start : length };
      there = (PostilSpan){ there.end, next != NULL ? get_side (next, !of_b).start : length_there };
    }
  /* Behind the last pair nothing is left here. */
  if (here.start == here.end)
    return there.end;
  return there.start +
         (guint64) postil_span_length (there) * (offset - here.start) / postil_span_length (here);
}
