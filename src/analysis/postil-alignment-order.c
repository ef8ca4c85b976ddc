/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-alignment-order.h"

#include <stdlib.h>
#include <string.h>

/*
 * The pairs that stand in the same order in both texts. Sentences that share rare words are
 * candidates; the heaviest increasing chain of them (Hunt and Szymanski, "A fast algorithm for
 * computing longest common subsequences", CACM 20, 1977) marks the way, and only near it all ways
 * to pair one to three sentences with one to three are weighed against each other, as Gale and
 * Church do by length ("A program for aligning sentences in bilingual corpora", Computational
 * Linguistics 19, 1993), but by the words that they share.
 */

/* The share of their weight that two sides must have in common to be a pair, and that each further
 * sentence of a side must bring besides. */
#define MIN_SHARE 0.25
#define MIN_ADDED_SHARE 0.2

/* At most so many candidates a sentence. */
#define MAX_CANDIDATES 4
/* Sentences that share less are no candidates. */
#define MIN_CANDIDATE 0.12
#define MAX_COUNT 24

/* How far from the way pairs are looked for, in sentences: beyond the neighbouring marks, and at
 * most in all. */
#define MARGIN 4
#define MAX_WIDTH 400
#define MIN_WIDTH 32
#define MAX_CELLS 4000000

#define MAX_GROUP 3

/* Sentences that lack more than this part of the share are no part of a group either. */
#define NOTHING 0.9
/* A pair longer than that on a side tells nothing, in code points. */
#define MAX_LENGTH 1500

typedef struct
{
  guint8 n_a;
  guint8 n_b;
} Move;

static const Move moves[] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, 2 },
                              { 2, 1 }, { 2, 2 }, { 1, 3 }, { 3, 1 } };

typedef struct
{
  PostilFeature *features;
  guint n_features;
  float mass;
  /* The mass of all its units but the heaviest one. */
  float added;
  gboolean too_long;
} Group;

typedef struct
{
  PostilUnits *const *units;
  const PostilVocabulary *vocabulary;
  guint n[2];
  guint *low;
  guint *high;
  Group *groups[2][MAX_GROUP];
} Corridor;

float
postil_match_get_common (const PostilVocabulary *vocabulary,
                         const PostilFeature *a,
                         guint n_a,
                         const PostilFeature *b,
                         guint n_b)
{
  float common = 0;

  for (guint i = 0, j = 0; i < n_a && j < n_b;)
    if (a[i].id < b[j].id)
      i++;
    else if (a[i].id > b[j].id)
      j++;
    else
      {
        common += postil_vocabulary_get_weight (vocabulary, a[i].id) * MIN (a[i].n, b[j].n);
        i++;
        j++;
      }
  return common;
}

static int
compare_scores (gconstpointer a, gconstpointer b)
{
  const PostilMatch *x = a, *y = b;

  return x->score > y->score ? -1 : x->score < y->score ? 1 : x->b < y->b ? -1 : x->b > y->b;
}

/* The best few units of the second text for each of the first, by the rare features they share. */
GArray *
postil_alignment_list_candidates (PostilUnits *const units[2],
                                  const PostilVocabulary *vocabulary,
                                  const gboolean *const taken[2],
                                  guint max_count)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  guint n_a = units[0]->units->len, n_b = units[1]->units->len;
  guint n_ids = vocabulary->weights->len;
  g_autofree guint *starts = g_new0 (guint, n_ids + 1);
  g_autofree float *common = g_new0 (float, n_b);
  g_autofree guint *touched = g_new (guint, n_b);
  g_autofree guint *postings = NULL;
  guint n_postings = 0;

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint j = n_b; j > 0; j--)
        {
          const PostilUnit *unit = postil_units_get (units[1], j - 1);
          const PostilFeature *features = postil_units_get_features (units[1], unit);

          if (taken && taken[1][j - 1])
            continue;
          for (guint f = 0; f < unit->n_features; f++)
            {
              guint id = features[f].id;

              if (postil_vocabulary_get_count (vocabulary, id, 1) > max_count ||
                  postil_vocabulary_get_count (vocabulary, id, 0) == 0)
                continue;
              if (pass == 0)
                starts[id]++;
              else
                postings[--starts[id]] = j - 1;
            }
        }
      if (pass == 0)
        {
          for (guint id = 0; id <= n_ids; id++)
            {
              n_postings += id < n_ids ? starts[id] : 0;
              starts[id] = n_postings;
            }
          postings = g_new (guint, n_postings + 1);
        }
    }

  for (guint i = 0; i < n_a; i++)
    {
      const PostilUnit *unit = postil_units_get (units[0], i);
      const PostilFeature *features = postil_units_get_features (units[0], unit);
      guint n_touched = 0;

      if (taken && taken[0][i])
        continue;
      for (guint f = 0; f < unit->n_features; f++)
        {
          guint id = features[f].id;
          float weight = postil_vocabulary_get_weight (vocabulary, id);

          for (guint p = starts[id]; p < starts[id + 1]; p++)
            {
              guint j = postings[p];

              if (common[j] == 0)
                touched[n_touched++] = j;
              common[j] += weight * features[f].n;
            }
        }
      g_array_set_size (found, 0);
      for (guint t = 0; t < n_touched; t++)
        {
          guint j = touched[t];
          float mass = unit->mass + postil_units_get (units[1], j)->mass;
          PostilMatch match = { i, 1, j, 1, MIN (1, 2 * common[j] / mass) };

          common[j] = 0;
          if (match.score >= MIN_CANDIDATE)
            g_array_append_val (found, match);
        }
      g_array_sort (found, compare_scores);
      g_array_append_vals (candidates, found->data, MIN (found->len, MAX_CANDIDATES));
    }
  return candidates;
}

/* The chain of candidates, in order in both texts, whose gains are most in all. */
static GArray *
find_chain (Corridor *self, GArray *candidates)
{
  GArray *chain = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autofree guint *tree = g_new0 (guint, self->n[1] + 1);
  g_autofree double *total = g_new0 (double, candidates->len + 1);
  g_autofree guint *previous = g_new0 (guint, candidates->len + 1);
  guint best = 0;

  /* A Fenwick tree of the best candidate that ends before a unit; 0 is none, k stands for k - 1. */
  for (guint start = 0, end; start < candidates->len; start = end)
    {
      guint a = g_array_index (candidates, PostilMatch, start).a;

      for (end = start; end < candidates->len; end++)
        {
          const PostilMatch *match = &g_array_index (candidates, PostilMatch, end);

          if (match->a != a)
            break;
          for (guint j = match->b; j > 0; j &= j - 1)
            if (tree[j] != 0 && total[tree[j]] > total[previous[end + 1]])
              previous[end + 1] = tree[j];
          total[end + 1] = total[previous[end + 1]] +
                           match->score * (postil_units_get (self->units[0], a)->mass +
                                           postil_units_get (self->units[1], match->b)->mass);
        }
      for (guint k = start; k < end; k++)
        {
          guint b = g_array_index (candidates, PostilMatch, k).b;

          if (total[k + 1] > total[best])
            best = k + 1;
          for (guint j = b + 1; j <= self->n[1]; j += j & -j)
            if (tree[j] == 0 || total[tree[j]] < total[k + 1])
              tree[j] = k + 1;
        }
    }
  for (; best != 0; best = previous[best])
    g_array_prepend_val (chain, g_array_index (candidates, PostilMatch, best - 1));
  return chain;
}

/* For every place in the first text from where to where in the second one pairs are looked for. */
static void
lay_out (Corridor *self, GArray *chain)
{
  guint n_a = self->n[0], n_b = self->n[1], k = 0;
  guint width = CLAMP (MAX_CELLS / (n_a + 1), MIN_WIDTH, MAX_WIDTH);

  self->low = g_new (guint, n_a + 1);
  self->high = g_new (guint, n_a + 1);
  for (guint i = 0; i <= n_a; i++)
    {
      gint64 low = 0, high = n_b, before_a = 0, before_b = 0, after_a = n_a, after_b = n_b, middle;

      while (k < chain->len && g_array_index (chain, PostilMatch, k).a < i)
        k++;
      /* One mark may be by chance, so the way goes from the last but one to the next but one. */
      if (k >= 2)
        {
          before_a = g_array_index (chain, PostilMatch, k - 2).a;
          before_b = g_array_index (chain, PostilMatch, k - 2).b;
          low = before_b - MARGIN;
        }
      if (k + 1 < chain->len)
        {
          after_a = g_array_index (chain, PostilMatch, k + 1).a + 1;
          after_b = g_array_index (chain, PostilMatch, k + 1).b + 1;
          high = after_b + MARGIN;
        }
      low = CLAMP (low, 0, n_b);
      high = CLAMP (high, 0, n_b);
      if (high - low > width)
        {
          middle = after_a > before_a
                     ? before_b + (after_b - before_b) * (i - before_a) / (after_a - before_a)
                     : before_b;
          low = MAX (low, middle - (gint64) width / 2);
          high = MIN (high, low + width);
        }
      self->low[i] = low;
      self->high[i] = high;
    }
  self->low[0] = 0;
  self->high[n_a] = n_b;
  for (guint i = 1; i <= n_a; i++)
    {
      self->high[i] = MAX (self->high[i], self->high[i - 1]);
      self->low[i] = MAX (self->low[i], self->low[i - 1]);
    }
  for (guint i = n_a; i > 0; i--)
    self->low[i - 1] = MIN (self->low[i - 1], self->low[i]);
  for (guint i = 1; i <= n_a; i++)
    self->low[i] = MIN (self->low[i], self->high[i - 1]);
}

static Group
merge_groups (const Group *x, const Group *y)
{
  Group merged = { .features = g_new (PostilFeature, x->n_features + y->n_features),
                   .mass = x->mass + y->mass };
  guint i = 0, j = 0;

  while (i < x->n_features || j < y->n_features)
    {
      PostilFeature *next = &merged.features[merged.n_features++];

      if (j == y->n_features || (i < x->n_features && x->features[i].id < y->features[j].id))
        *next = x->features[i++];
      else if (i == x->n_features || x->features[i].id > y->features[j].id)
        *next = y->features[j++];
      else
        {
          *next = x->features[i++];
          next->n += y->features[j++].n;
        }
    }
  return merged;
}

/* Groups of one to three units, by their last one. */
static void
make_groups (Corridor *self, guint side)
{
  PostilUnits *units = self->units[side];
  guint n = self->n[side];

  for (guint size = 0; size < MAX_GROUP; size++)
    self->groups[side][size] = g_new0 (Group, n);
  for (guint i = 0; i < n; i++)
    {
      PostilUnit *unit = postil_units_get (units, i);

      self->groups[side][0][i] =
        (Group){ .features = (PostilFeature *) postil_units_get_features (units, unit),
                 .n_features = unit->n_features,
                 .mass = unit->mass };
      for (guint size = 1; size < MAX_GROUP && size <= i; size++)
        {
          Group *group = &self->groups[side][size][i];

          if (unit->span.end - postil_units_get (units, i - size)->span.start > MAX_LENGTH)
            group->too_long = TRUE;
          else
            {
              const Group *head = &self->groups[side][size - 1][i - 1];

              *group = merge_groups (head, &self->groups[side][0][i]);
              group->added =
                group->mass - MAX (head->mass - head->added, self->groups[side][0][i].mass);
            }
        }
    }
}

static void
free_groups (Corridor *self, guint side)
{
  for (guint size = 0; size < MAX_GROUP; size++)
    {
      for (guint i = 0; size > 0 && i < self->n[side]; i++)
        g_free (self->groups[side][size][i].features);
      g_free (self->groups[side][size]);
    }
}

/* The weight that a move brings: what both sides share beyond what a pair must share. */
static float
get_gain (Corridor *self, guint i, guint j, const Move *move, float *score)
{
  const Group *a = &self->groups[0][move->n_a - 1][i - 1];
  const Group *b = &self->groups[1][move->n_b - 1][j - 1];
  float mass = a->mass + b->mass, common;

  if (a->too_long || b->too_long || mass <= 0)
    return -1;
  common = 2 * postil_match_get_common (self->vocabulary, a->features, a->n_features, b->features,
                                        b->n_features);
  *score = MIN (common / mass, 1);
  return common - MIN_SHARE * mass - MIN_ADDED_SHARE * (a->added + b->added);
}

static GArray *
walk (Corridor *self, GCancellable *cancellable)
{
  guint n_a = self->n[0], n_b = self->n[1];
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autofree gsize *rows = g_new (gsize, n_a + 2);
  g_autofree float *totals = NULL;
  g_autofree guint8 *chosen = NULL;
  guint i = n_a, j = n_b;

  rows[0] = 0;
  for (guint r = 0; r <= n_a; r++)
    rows[r + 1] = rows[r] + self->high[r] - self->low[r] + 1;
  totals = g_new (float, rows[n_a + 1]);
  chosen = g_new (guint8, rows[n_a + 1]);

  for (guint r = 0; r <= n_a; r++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        return matches;
      for (guint c = self->low[r]; c <= self->high[r]; c++)
        {
          gsize cell = rows[r] + c - self->low[r];
          gboolean shares = FALSE;

          totals[cell] = r == 0 && c == 0 ? 0 : -G_MAXFLOAT;
          chosen[cell] = G_MAXUINT8;
          for (guint m = 0; m < G_N_ELEMENTS (moves); m++)
            {
              const Move *move = &moves[m];
              float gain = 0, score, total;
              guint from_a = r - move->n_a, from_b = c - move->n_b;

              if (r < move->n_a || c < move->n_b || from_b < self->low[from_a] ||
                  from_b > self->high[from_a])
                continue;
              if (m > 2 && !shares)
                break;
              if (m >= 2)
                {
                  gain = get_gain (self, r, c, move, &score);
                  if (m == 2)
                    shares =
                      gain > -MIN_SHARE * 0.9 *
                               (self->groups[0][0][r - 1].mass + self->groups[1][0][c - 1].mass);
                  if (gain <= 0)
                    continue;
                }
              total = totals[rows[from_a] + from_b - self->low[from_a]] + gain;
              if (total > totals[cell])
                {
                  totals[cell] = total;
                  chosen[cell] = m;
                }
            }
        }
    }

  while (i > 0 || j > 0)
    {
      guint8 m = chosen[rows[i] + j - self->low[i]];
      const Move *move = &moves[m];
      PostilMatch match;

      g_assert (m < G_N_ELEMENTS (moves));
      match = (PostilMatch){ i - move->n_a, move->n_a, j - move->n_b, move->n_b, 0 };
      if (m >= 2)
        {
          get_gain (self, i, j, move, &match.score);
          g_array_append_val (matches, match);
        }
      i -= move->n_a;
      j -= move->n_b;
    }
  for (guint k = 0; k < matches->len / 2; k++)
    {
      PostilMatch *x = &g_array_index (matches, PostilMatch, k);
      PostilMatch *y = &g_array_index (matches, PostilMatch, matches->len - 1 - k);
      PostilMatch swap = *x;

      *x = *y;
      *y = swap;
    }
  return matches;
}

/**
 * postil_alignment_order:
 * @units: the units of both texts
 * @vocabulary: theirs
 *
 * Returns: (transfer full) (element-type PostilMatch): the pairs that are in order in both texts
 */
GArray *
postil_alignment_order (PostilUnits *const units[2],
                        const PostilVocabulary *vocabulary,
                        GCancellable *cancellable)
{
  Corridor self = { .units = units,
                    .vocabulary = vocabulary,
                    .n = { units[0]->units->len, units[1]->units->len } };
  g_autoptr (GArray) candidates =
    postil_alignment_list_candidates (units, vocabulary, NULL, MAX_COUNT);
  g_autoptr (GArray) chain = find_chain (&self, candidates);
  GArray *matches;

  lay_out (&self, chain);
  make_groups (&self, 0);
  make_groups (&self, 1);
  matches = walk (&self, cancellable);
  free_groups (&self, 0);
  free_groups (&self, 1);
  g_free (self.low);
  g_free (self.high);
  return matches;
}
