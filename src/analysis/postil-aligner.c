/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-aligner.h"

#include "postil-alignment-order.h"
#include "postil-alignment-strays.h"
#include "postil-revision.h"

/*
 * Reads two texts against each other: first what stands in the same order, then in what is left
 * over what moved, and in what is then still left over what only quotes the other text. What a
 * person paired is taken from the beginning. Of what is only revised, the pairs that stay divide
 * both texts into stretches, and those with something fresh are aligned each by itself.
 */

/* Shares of the whole progress. */
#define PROGRESS_FIRST_UNITS 0.15
#define PROGRESS_UNITS 0.3
#define PROGRESS_ORDER 0.8
#define PROGRESS_MOVED 0.9

static void
begin_part (PostilAligner *self, double end)
{
  self->progress_start = self->progress_end;
  self->progress_end = end;
  postil_aligner_report (self, 0);
}

static const PostilWord *
get_words (const PostilAligner *self, guint side, guint first, guint n, guint *n_words)
{
  const PostilUnit *start = postil_units_get (self->units[side], first);
  const PostilUnit *end = postil_units_get (self->units[side], first + n - 1);

  *n_words = end->words + end->n_words - start->words;
  return postil_units_get_words (self->units[side], start);
}

static gboolean
is_same (const PostilAligner *self, const PostilMatch *match)
{
  guint n_a, n_b;
  const PostilWord *a = get_words (self, 0, match->a, match->n_a, &n_a);
  const PostilWord *b = get_words (self, 1, match->b, match->n_b, &n_b);

  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++)
    if (a[i].id != b[i].id)
      return FALSE;
  return TRUE;
}

static void
add_match (PostilAligner *self,
           GArray *pairs,
           const PostilMatch *match,
           gboolean moved,
           gboolean decided)
{
  gboolean same = is_same (self, match);
  PostilPair pair = {
    postil_aligner_get_span (self, 0, match->a, match->n_a),
    postil_aligner_get_span (self, 1, match->b, match->n_b),
    moved  ? POSTIL_PAIR_MOVED
    : same ? POSTIL_PAIR_SAME
           : POSTIL_PAIR_REWORDED,
    same ? 1 : match->score,
    decided,
  };

  for (guint i = 0; i < match->n_a; i++)
    self->taken[0][match->a + i] = TRUE;
  for (guint i = 0; i < match->n_b; i++)
    self->taken[1][match->b + i] = TRUE;
  g_array_append_val (pairs, pair);
}

static int
compare_spans (gconstpointer x, gconstpointer y)
{
  const PostilSpan *a = x, *b = y;

  return a->start < b->start ? -1 : a->start > b->start;
}

static int
compare_matches (gconstpointer x, gconstpointer y)
{
  const PostilMatch *a = x, *b = y;

  return a->a < b->a ? -1 : a->a > b->a;
}

static gboolean
has_match (GArray *matches, const PostilMatch *match)
{
  return g_array_binary_search (matches, match, compare_matches, NULL);
}

/* The pairs that a person made and that are not among those kept; their units are taken. */
static GArray *
list_decided (PostilAligner *self)
{
  GArray *paired = self->decisions->paired;
  GArray *decided = g_array_new (FALSE, FALSE, sizeof (PostilMatch));

  for (guint i = 0; i < paired->len; i++)
    {
      const PostilDecision *decision = &g_array_index (paired, PostilDecision, i);
      PostilMatch match = { postil_units_find (self->units[0], decision->a.start), 1,
                            postil_units_find (self->units[1], decision->b.start), 1, 0 };

      if (self->taken[0][match.a])
        continue;
      self->taken[0][match.a] = self->taken[1][match.b] = TRUE;
      g_array_append_val (decided, match);
    }
  return decided;
}

static gboolean
has_fresh (const PostilAligner *self, const PostilBox *box)
{
  for (guint side = 0; side < 2; side++)
    for (guint i = box->start[side]; i < box->end[side]; i++)
      if (postil_aligner_is_fresh (self, side, i) && !self->taken[side][i])
        return TRUE;
  return FALSE;
}

/* Aligns a stretch of both texts. Of @decided, those from @next on that are in it are in order, or
 * moved, as they lie to what was found, whatever words they share.
 */
static void
align_box (PostilAligner *self, const PostilBox *box, GArray *decided, guint *next, GArray *pairs)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autoptr (GArray) all = NULL;
  g_autoptr (GArray) chain = NULL;
  guint first = *next;

  if (box->start[0] < box->end[0] && box->start[1] < box->end[1] && has_fresh (self, box))
    {
      g_array_unref (found);
      found = postil_alignment_order (self, box);
    }
  all = g_array_copy (found);
  for (; *next < decided->len; (*next)++)
    {
      PostilMatch match = g_array_index (decided, PostilMatch, *next);

      if (match.a >= box->end[0])
        break;
      match.score = 1;
      if (match.b >= box->start[1] && match.b < box->end[1])
        g_array_append_val (all, match);
    }
  g_array_sort (all, compare_matches);
  chain = *next > first ? postil_alignment_find_chain (self, all) : g_array_ref (all);

  for (guint i = 0; i < found->len; i++)
    {
      const PostilMatch *match = &g_array_index (found, PostilMatch, i);

      add_match (self, pairs, match, !has_match (chain, match), FALSE);
    }
  for (guint i = first; i < *next; i++)
    {
      PostilMatch match = g_array_index (decided, PostilMatch, i);

      match.score = postil_alignment_get_score (self, match.a, match.b);
      add_match (self, pairs, &match, !has_match (chain, &match), TRUE);
    }
}

/* Aligns what lies between the pairs in order that are in @pairs already. */
static void
align_boxes (PostilAligner *self, GArray *pairs)
{
  g_autoptr (GArray) decided = list_decided (self);
  guint n_kept = pairs->len, next = 0;
  PostilBox box = { { 0, 0 }, { 0, 0 } };

  for (guint i = 0; i <= n_kept; i++)
    {
      guint behind[2] = { self->units[0]->units->len, self->units[1]->units->len };

      for (guint side = 0; side < 2; side++)
        box.end[side] = behind[side];
      if (i < n_kept)
        {
          PostilPair pair = g_array_index (pairs, PostilPair, i);

          if (pair.kind == POSTIL_PAIR_MOVED || pair.kind == POSTIL_PAIR_ECHO)
            continue;
          box.end[0] = postil_units_find (self->units[0], pair.a.start);
          box.end[1] = postil_units_find (self->units[1], pair.b.start);
          behind[0] = postil_units_find (self->units[0], pair.a.end);
          behind[1] = postil_units_find (self->units[1], pair.b.end);
        }
      align_box (self, &box, decided, &next, pairs);
      for (guint side = 0; side < 2; side++)
        box.start[side] = behind[side];
    }
}

static void
take (PostilAligner *self, guint side, PostilSpan span, gboolean *const echoed[2], gboolean echo)
{
  PostilUnits *units = self->units[side];

  for (guint i = postil_units_find (units, span.start);
       i < units->units->len && postil_units_get (units, i)->span.start < span.end; i++)
    {
      const PostilUnit *unit = postil_units_get (units, i);

      if (!echo)
        self->taken[side][i] = TRUE;
      for (guint w = unit->words; w < unit->words + unit->n_words && echo; w++)
        {
          const PostilWord *word = &g_array_index (units->words, PostilWord, w);

          echoed[side][w] |= word->start < span.end && span.start < word->end;
        }
    }
}

static void
add_echoes (PostilAligner *self, GArray *echoes, GArray *pairs)
{
  for (guint i = 0; i < echoes->len; i++)
    {
      const PostilEcho *echo = &g_array_index (echoes, PostilEcho, i);
      PostilPair pair = { .kind = POSTIL_PAIR_ECHO, .score = echo->score };

      for (guint side = 0; side < 2; side++)
        *(side == 0 ? &pair.a : &pair.b) = (PostilSpan){
          g_array_index (self->units[side]->words, PostilWord, echo->first[side]).start,
          g_array_index (self->units[side]->words, PostilWord, echo->last[side]).end,
        };
      g_array_append_val (pairs, pair);
    }
}

static void
align (PostilAligner *self, const PostilRevision *revision, GArray *pairs)
{
  g_autoptr (GArray) moved = NULL;
  g_autoptr (GArray) echoes = NULL;
  g_autofree gboolean *echoed_a = g_new0 (gboolean, self->units[0]->words->len + 1);
  g_autofree gboolean *echoed_b = g_new0 (gboolean, self->units[1]->words->len + 1);
  gboolean *const echoed[] = { echoed_a, echoed_b };

  if (revision != NULL)
    {
      g_autoptr (GArray) kept = postil_revision_keep (revision, self);

      g_array_append_vals (pairs, kept->data, kept->len);
      self->moved_to = g_new0 (guint, self->units[0]->units->len + 1);
      for (guint i = 0; i < kept->len; i++)
        {
          const PostilPair *pair = &g_array_index (kept, PostilPair, i);

          take (self, 0, pair->a, echoed, pair->kind == POSTIL_PAIR_ECHO);
          take (self, 1, pair->b, echoed, pair->kind == POSTIL_PAIR_ECHO);
          if (pair->kind == POSTIL_PAIR_MOVED)
            self->moved_to[postil_units_find (self->units[0], pair->a.start)] =
              postil_units_find (self->units[1], pair->b.start) + 1;
        }
    }
  begin_part (self, PROGRESS_ORDER);
  align_boxes (self, pairs);
  begin_part (self, PROGRESS_MOVED);
  moved = postil_alignment_find_moved (self);
  for (guint i = 0; i < moved->len; i++)
    add_match (self, pairs, &g_array_index (moved, PostilMatch, i), TRUE, FALSE);
  begin_part (self, 1);
  echoes = postil_alignment_find_echoes (self, echoed);
  add_echoes (self, echoes, pairs);
}

/* The units of a text, cut where a person decided. */
static PostilUnits *
make_units (PostilAligner *self, PostilText *text, guint side)
{
  GArray *paired = self->decisions->paired;
  g_autoptr (GArray) fixed = g_array_sized_new (FALSE, FALSE, sizeof (PostilSpan), paired->len);

  for (guint i = 0; i < paired->len; i++)
    {
      const PostilDecision *pair = &g_array_index (paired, PostilDecision, i);

      g_array_append_val (fixed, *(side == 0 ? &pair->a : &pair->b));
    }
  g_array_sort (fixed, compare_spans);
  return postil_units_new (text, fixed, self->vocabulary, side, self->cancellable);
}

/**
 * postil_aligner_run:
 * @self: an aligner with decisions, progress and cancellable
 * @texts: (array fixed-size=2): the texts; which of them is the first one makes no difference to
 * what is found only when the caller always puts them into the same order
 * @revision: (nullable): what was known before
 * @pairs: (element-type PostilPair): takes the pairs
 * @only: (array fixed-size=2) (element-type PostilSpan): take what has no counterpart
 *
 * Aligns two texts.
 *
 * Returns: whether it came to the end
 */
gboolean
postil_aligner_run (PostilAligner *self,
                    PostilText *const texts[2],
                    const PostilRevision *revision,
                    GArray *pairs,
                    GArray *const only[2])
{
  gboolean done = FALSE;

  self->vocabulary = postil_vocabulary_new ();
  for (guint side = 0; side < 2; side++)
    {
      begin_part (self, side == 0 ? PROGRESS_FIRST_UNITS : PROGRESS_UNITS);
      self->units[side] = make_units (self, texts[side], side);
      self->taken[side] = g_new0 (gboolean, self->units[side]->units->len + 1);
    }
  /* Units that were not finished lack what a person paired. */
  if (!g_cancellable_is_cancelled (self->cancellable))
    {
      postil_vocabulary_weigh (self->vocabulary, self->units);
      align (self, revision, pairs);
      done = !g_cancellable_is_cancelled (self->cancellable);
    }
  for (guint side = 0; side < 2; side++)
    {
      for (guint i = 0; i < self->units[side]->units->len && done; i++)
        if (!self->taken[side][i])
          g_array_append_val (only[side], postil_units_get (self->units[side], i)->span);
      postil_units_free (self->units[side]);
      g_free (self->taken[side]);
      g_free (self->fresh[side]);
    }
  g_free (self->moved_to);
  postil_vocabulary_free (self->vocabulary);
  return done;
}
