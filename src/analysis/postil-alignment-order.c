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
/* What is in more units of the second text makes no candidates. */
#define MAX_COUNT 24

/* How far from the way pairs are looked for, in sentences: beyond the neighbouring marks, and at
 * most in all. */
#define MARGIN 4
#define MAX_WIDTH 400
#define MIN_WIDTH 32
#define MAX_CELLS 4000000

#define MAX_GROUP 3

#define CANCEL_INTERVAL 256

/* Sentences that lack more than this part of the share are no part of a group either. */
#define NOTHING 0.9

/* What sums of weights may be off, as a share of them. */
#define ROUNDING 1e-4

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
  /* It is too long, or has a unit that is taken. */
  gboolean unusable;
} Group;

/* Numbers of units count from the beginning of the box. */
typedef struct
{
  const PostilAligner *aligner;
  PostilBox box;
  guint n[2];
  guint *low;
  guint *high;
  Group *groups[2][MAX_GROUP];
} Corridor;

/* The weight of what two groups have in common. */
static float
get_common (const PostilVocabulary *vocabulary,
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

/**
 * postil_alignment_get_common:
 * @aligner: what is aligned
 * @a: a unit of the first text
 * @b: one of the second text
 *
 * Returns: the weight of both that they have in common
 */
float
postil_alignment_get_common (const PostilAligner *aligner, guint a, guint b)
{
  const PostilUnit *x = postil_units_get (aligner->units[0], a);
  const PostilUnit *y = postil_units_get (aligner->units[1], b);

  return 2 * get_common (aligner->vocabulary, postil_units_get_features (aligner->units[0], x),
                         x->n_features, postil_units_get_features (aligner->units[1], y),
                         y->n_features);
}

/**
 * postil_alignment_get_score:
 * @aligner: what is aligned
 * @a: a unit of the first text
 * @b: one of the second text
 *
 * Returns: the share of their weight that they have in common, from 0 to 1
 */
float
postil_alignment_get_score (const PostilAligner *aligner, guint a, guint b)
{
  float mass =
    postil_units_get (aligner->units[0], a)->mass + postil_units_get (aligner->units[1], b)->mass;

  return mass > 0 ? MIN (1, postil_alignment_get_common (aligner, a, b) / mass) : 0;
}

static int
compare_scores (gconstpointer a, gconstpointer b)
{
  const PostilMatch *x = a, *y = b;

  return x->score > y->score ? -1 : x->score < y->score ? 1 : x->b < y->b ? -1 : x->b > y->b;
}

/* The postings of a stretch of the second text: for each feature the units that have it. */
typedef struct
{
  guint *starts;
  guint *units;
} Postings;

static gboolean
is_rare (const PostilVocabulary *vocabulary, guint32 id)
{
  return postil_vocabulary_get_count (vocabulary, id, 1) <= MAX_COUNT &&
         postil_vocabulary_get_count (vocabulary, id, 0) > 0;
}

static Postings
list_postings (const PostilAligner *aligner, const PostilBox *box)
{
  guint n_ids = aligner->vocabulary->weights->len, n = 0;
  Postings postings = { g_new0 (guint, n_ids + 1), NULL };

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint j = box->end[1]; j > box->start[1]; j--)
        {
          const PostilUnit *unit = postil_units_get (aligner->units[1], j - 1);
          const PostilFeature *features = postil_units_get_features (aligner->units[1], unit);

          if (aligner->taken[1][j - 1])
            continue;
          for (guint f = 0; f < unit->n_features; f++)
            if (!is_rare (aligner->vocabulary, features[f].id))
              continue;
            else if (pass == 0)
              postings.starts[features[f].id]++;
            else
              postings.units[--postings.starts[features[f].id]] = j - 1;
        }
      if (pass == 0)
        {
          for (guint id = 0; id <= n_ids; id++)
            {
              n += id < n_ids ? postings.starts[id] : 0;
              postings.starts[id] = n;
            }
          postings.units = g_new (guint, n + 1);
        }
    }
  return postings;
}

/**
 * postil_alignment_list_candidates:
 * @aligner: what is aligned
 * @box: a stretch of both texts
 *
 * Returns: (transfer full) (element-type PostilMatch): for each unit there of the first text that
 * is not taken, in order, the best few of the second one by the rare features that they share
 */
GArray *
postil_alignment_list_candidates (const PostilAligner *aligner, const PostilBox *box)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  guint n_b = box->end[1] - box->start[1];
  Postings postings = list_postings (aligner, box);
  g_autofree float *common = g_new0 (float, n_b);
  g_autofree guint *touched = g_new (guint, n_b);

  for (guint i = box->start[0]; i < box->end[0]; i++)
    {
      const PostilUnit *unit = postil_units_get (aligner->units[0], i);
      const PostilFeature *features = postil_units_get_features (aligner->units[0], unit);
      guint n_touched = 0;

      if (aligner->taken[0][i])
        continue;
      if (i % CANCEL_INTERVAL == 0 && g_cancellable_is_cancelled (aligner->cancellable))
        break;
      for (guint f = 0; f < unit->n_features; f++)
        {
          guint id = features[f].id;
          float weight = postil_vocabulary_get_weight (aligner->vocabulary, id);

          for (guint p = postings.starts[id]; p < postings.starts[id + 1]; p++)
            {
              guint j = postings.units[p] - box->start[1];

              if (common[j] == 0)
                touched[n_touched++] = j;
              common[j] += weight * features[f].n;
            }
        }
      g_array_set_size (found, 0);
      for (guint t = 0; t < n_touched; t++)
        {
          guint j = touched[t] + box->start[1];
          float mass = unit->mass + postil_units_get (aligner->units[1], j)->mass;
          PostilMatch match = { i, 1, j, 1, MIN (1, 2 * common[touched[t]] / mass) };

          common[touched[t]] = 0;
          if (match.score >= MIN_CANDIDATE &&
              !postil_decisions_dismiss (aligner->decisions,
                                         postil_aligner_get_span (aligner, 0, i, 1),
                                         postil_aligner_get_span (aligner, 1, j, 1)))
            g_array_append_val (found, match);
        }
      g_array_sort (found, compare_scores);
      g_array_append_vals (candidates, found->data, MIN (found->len, MAX_CANDIDATES));
    }
  g_free (postings.starts);
  g_free (postings.units);
  return candidates;
}

static void
reverse (GArray *matches)
{
  PostilMatch *match = (PostilMatch *) matches->data;

  for (guint i = 0, j = matches->len; i + 1 < j; i++)
    {
      PostilMatch swap = match[i];

      match[i] = match[--j];
      match[j] = swap;
    }
}

static float
get_mass (const PostilAligner *aligner, const PostilMatch *match)
{
  float mass = 0;

  for (guint i = 0; i < match->n_a; i++)
    mass += postil_units_get (aligner->units[0], match->a + i)->mass;
  for (guint i = 0; i < match->n_b; i++)
    mass += postil_units_get (aligner->units[1], match->b + i)->mass;
  return mass;
}

/**
 * postil_alignment_find_chain:
 * @aligner: what is aligned
 * @candidates: (element-type PostilMatch): matches, by their first unit of the first text
 *
 * Returns: (transfer full) (element-type PostilMatch): those of them, in order in both texts, that
 * share most in all
 */
GArray *
postil_alignment_find_chain (const PostilAligner *aligner, GArray *candidates)
{
  GArray *chain = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  guint n_b = aligner->units[1]->units->len, best = 0;
  g_autofree guint *tree = g_new0 (guint, n_b + 1);
  g_autofree double *total = g_new0 (double, candidates->len + 1);
  g_autofree guint *previous = g_new0 (guint, candidates->len + 1);

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
          total[end + 1] = total[previous[end + 1]] + match->score * get_mass (aligner, match);
        }
      for (guint k = start; k < end; k++)
        {
          guint b = g_array_index (candidates, PostilMatch, k).b;

          if (total[k + 1] > total[best])
            best = k + 1;
          for (guint j = b + 1; j <= n_b; j += j & -j)
            if (tree[j] == 0 || total[tree[j]] < total[k + 1])
              tree[j] = k + 1;
        }
    }
  for (; best != 0; best = previous[best])
    g_array_append_val (chain, g_array_index (candidates, PostilMatch, best - 1));
  reverse (chain);
  return chain;
}

/* For every place in the first text from where to where in the second one pairs are looked for. */
static void
lay_out (Corridor *self, GArray *chain)
{
  const PostilMatch *marks = (const PostilMatch *) chain->data;
  guint n_a = self->n[0], n_b = self->n[1], k = 0;
  guint start_a = self->box.start[0], start_b = self->box.start[1];
  guint width = CLAMP (MAX_CELLS / (n_a + 1), MIN_WIDTH, MAX_WIDTH);

  self->low = g_new (guint, n_a + 1);
  self->high = g_new (guint, n_a + 1);
  for (guint i = 0; i <= n_a; i++)
    {
      gint64 low = 0, high = n_b, before_a = 0, before_b = 0, after_a = n_a, after_b = n_b, middle;

      while (k < chain->len && marks[k].a - start_a < i)
        k++;
      /* One mark may be by chance, so the way goes from the last but one to the next but one. */
      if (k >= 2)
        {
          before_a = marks[k - 2].a - start_a;
          before_b = marks[k - 2].b - start_b;
          low = before_b - MARGIN;
        }
      if (k + 1 < chain->len)
        {
          after_a = marks[k + 1].a - start_a + 1;
          after_b = marks[k + 1].b - start_b + 1;
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
  PostilUnits *units = self->aligner->units[side];
  guint n = self->n[side], start = self->box.start[side];

  for (guint size = 0; size < MAX_GROUP; size++)
    self->groups[side][size] = g_new0 (Group, n);
  for (guint i = 0; i < n; i++)
    {
      PostilUnit *unit = postil_units_get (units, start + i);

      self->groups[side][0][i] =
        (Group){ .features = (PostilFeature *) postil_units_get_features (units, unit),
                 .n_features = unit->n_features,
                 .mass = unit->mass,
                 .unusable = self->aligner->taken[side][start + i] };
      for (guint size = 1; size < MAX_GROUP && size <= i; size++)
        {
          Group *group = &self->groups[side][size][i];
          const Group *head = &self->groups[side][size - 1][i - 1];
          PostilSpan span =
            postil_aligner_get_span (self->aligner, side, start + i - size, size + 1);

          if (head->unusable || self->groups[side][0][i].unusable ||
              postil_span_length (span) > MAX_LENGTH)
            group->unusable = TRUE;
          else
            {
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
  const PostilAligner *aligner = self->aligner;
  const Group *a = &self->groups[0][move->n_a - 1][i - 1];
  const Group *b = &self->groups[1][move->n_b - 1][j - 1];
  float mass = a->mass + b->mass, common;

  if (a->unusable || b->unusable || mass <= 0)
    return -G_MAXFLOAT;
  if (aligner->decisions->dismissed->len > 0 &&
      postil_decisions_dismiss (
        aligner->decisions,
        postil_aligner_get_span (aligner, 0, self->box.start[0] + i - move->n_a, move->n_a),
        postil_aligner_get_span (aligner, 1, self->box.start[1] + j - move->n_b, move->n_b)))
    return -G_MAXFLOAT;
  common =
    2 * get_common (aligner->vocabulary, a->features, a->n_features, b->features, b->n_features);
  *score = MIN (common / mass, 1);
  return common - MIN_SHARE * mass - MIN_ADDED_SHARE * (a->added + b->added);
}

/* The most that a move can bring, as its sides share no more than all of their units do with each
 * other; @commons has what these share in each cell, or less than nothing. */
static float
get_most (Corridor *self,
          const float *commons,
          const gsize *rows,
          guint i,
          guint j,
          const Move *move)
{
  const Group *a = &self->groups[0][move->n_a - 1][i - 1];
  const Group *b = &self->groups[1][move->n_b - 1][j - 1];
  float mass = a->mass + b->mass, common = 0;

  for (guint x = i; x > i - move->n_a; x--)
    for (guint y = j; y > j - move->n_b; y--)
      {
        float shared =
          y >= self->low[x] && y <= self->high[x] ? commons[rows[x] + y - self->low[x]] : -1;

        if (shared < 0)
          return G_MAXFLOAT;
        common += shared;
      }
  return common + ROUNDING * mass - MIN_SHARE * mass - MIN_ADDED_SHARE * (a->added + b->added);
}

static GArray *
walk (Corridor *self)
{
  guint n_a = self->n[0], n_b = self->n[1];
  GArray *matches = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autofree gsize *rows = g_new (gsize, n_a + 2);
  g_autofree float *totals = NULL, *commons = NULL;
  g_autofree guint8 *chosen = NULL;
  guint i = n_a, j = n_b;

  rows[0] = 0;
  for (guint r = 0; r <= n_a; r++)
    rows[r + 1] = rows[r] + self->high[r] - self->low[r] + 1;
  totals = g_new (float, rows[n_a + 1]);
  commons = g_new (float, rows[n_a + 1]);
  chosen = g_new (guint8, rows[n_a + 1]);

  for (guint r = 0; r <= n_a; r++)
    {
      if (g_cancellable_is_cancelled (self->aligner->cancellable))
        return matches;
      if (r % CANCEL_INTERVAL == 0)
        postil_aligner_report (self->aligner, (double) (self->box.start[0] + r) /
                                                self->aligner->units[0]->units->len);
      for (guint c = self->low[r]; c <= self->high[r]; c++)
        {
          gsize cell = rows[r] + c - self->low[r];
          gboolean shares = FALSE;

          totals[cell] = r == 0 && c == 0 ? 0 : -G_MAXFLOAT;
          commons[cell] = -1;
          chosen[cell] = G_MAXUINT8;
          for (guint m = 0; m < G_N_ELEMENTS (moves); m++)
            {
              const Move *move = &moves[m];
              float gain = 0, before, score;
              guint from_a = r - move->n_a, from_b = c - move->n_b;

              if (r < move->n_a || c < move->n_b || from_b < self->low[from_a] ||
                  from_b > self->high[from_a])
                continue;
              if (m > 2 && !shares)
                break;
              before = totals[rows[from_a] + from_b - self->low[from_a]];
              if (m > 2 && before + get_most (self, commons, rows, r, c, move) <= totals[cell])
                continue;
              if (m >= 2)
                gain = get_gain (self, r, c, move, &score);
              if (m == 2)
                {
                  float mass = self->groups[0][0][r - 1].mass + self->groups[1][0][c - 1].mass;

                  shares = gain > -MIN_SHARE * NOTHING * mass;
                  commons[cell] = gain > -mass ? gain + MIN_SHARE * mass : -1;
                }
              if ((m < 2 || gain > 0) && before + gain > totals[cell])
                {
                  totals[cell] = before + gain;
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
      match = (PostilMatch){ self->box.start[0] + i - move->n_a, move->n_a,
                             self->box.start[1] + j - move->n_b, move->n_b, 0 };
      if (m >= 2)
        {
          get_gain (self, i, j, move, &match.score);
          g_array_append_val (matches, match);
        }
      i -= move->n_a;
      j -= move->n_b;
    }
  reverse (matches);
  return matches;
}

/**
 * postil_alignment_order:
 * @aligner: what is aligned
 * @box: a stretch of both texts
 *
 * Returns: (transfer full) (element-type PostilMatch): the pairs there, of what is not taken, that
 * are in the same order in both texts
 */
GArray *
postil_alignment_order (const PostilAligner *aligner, const PostilBox *box)
{
  Corridor self = { .aligner = aligner,
                    .box = *box,
                    .n = { box->end[0] - box->start[0], box->end[1] - box->start[1] } };
  g_autoptr (GArray) candidates = postil_alignment_list_candidates (aligner, box);
  g_autoptr (GArray) chain = postil_alignment_find_chain (aligner, candidates);
  GArray *matches;

  lay_out (&self, chain);
  make_groups (&self, 0);
  make_groups (&self, 1);
  matches = walk (&self);
  free_groups (&self, 0);
  free_groups (&self, 1);
  g_free (self.low);
  g_free (self.high);
  return matches;
}
