/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-alignment-strays.h"

/*
 * What the main order leaves over: passages that moved, and short ones that are quoted again. Here
 * no order helps, so more must be shared.
 */

/* The share that a pair must have in common where a moved passage is looked for, and next to one;
 * and the weight beyond that which the whole passage must have. */
#define MIN_SHARE 0.35
#define MIN_NEXT_SHARE 0.2
#define MIN_WEIGHT 14

/* An echo shares as many words in a row. */
#define ECHO_WORDS 4
#define MIN_ECHO_MASS 9
/* Places that are looked at for the longest echo. */
#define MAX_ECHO_PLACES 12

static gboolean
may_pair (const PostilAligner *aligner, guint a, guint b)
{
  return !aligner->taken[0][a] && !aligner->taken[1][b] &&
         (postil_aligner_is_fresh (aligner, 0, a) || postil_aligner_is_fresh (aligner, 1, b)) &&
         !postil_decisions_dismiss (aligner->decisions, postil_aligner_get_span (aligner, 0, a, 1),
                                    postil_aligner_get_span (aligner, 1, b, 1));
}

static int
compare_commons (gconstpointer a, gconstpointer b)
{
  const PostilMatch *x = a, *y = b;
  /* Score here is the weight that is shared. */
  return x->score > y->score   ? -1
         : x->score < y->score ? 1
         : x->a != y->a        ? (x->a < y->a ? -1 : 1)
         : x->b < y->b         ? -1
                               : x->b > y->b;
}

/* How a run of pairs goes on: over gaps of one unit of both texts, or two of one. */
static const int steps[][2] = { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 2, 2 }, { 1, 3 }, { 3, 1 } };

/* Whether what is known to have moved goes on next to @match, so that less is enough. */
static gboolean
goes_on (const PostilAligner *aligner, const PostilMatch *match)
{
  for (guint s = 0; s < G_N_ELEMENTS (steps) && aligner->moved_to != NULL; s++)
    for (int by = -1; by <= 1; by += 2)
      {
        gint64 a = (gint64) match->a + by * steps[s][0];
        gint64 b = (gint64) match->b + by * steps[s][1];

        if (a >= 0 && a < aligner->units[0]->units->len && b >= 0 && aligner->moved_to[a] == b + 1)
          return TRUE;
      }
  return FALSE;
}

/* Grows a run of pairs from a seed, one step at a time. */
static void
grow (const PostilAligner *aligner, GArray *run, int by)
{
  for (;;)
    {
      const PostilMatch *last = &g_array_index (run, PostilMatch, run->len - 1);
      PostilMatch best = { 0 };
      float best_gain = 0;

      for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
        {
          gint64 a = (gint64) last->a + by * steps[s][0], b = (gint64) last->b + by * steps[s][1];
          float common, score;

          if (a < 0 || b < 0 || a >= aligner->units[0]->units->len ||
              b >= aligner->units[1]->units->len || !may_pair (aligner, a, b))
            continue;
          common = postil_alignment_get_common (aligner, a, b);
          score = postil_alignment_get_score (aligner, a, b);
          if (score >= MIN_NEXT_SHARE && common > best_gain)
            {
              best_gain = common;
              best = (PostilMatch){ a, 1, b, 1, score };
            }
        }
      if (best_gain <= 0)
        return;
      g_array_append_val (run, best);
    }
}

/* The pairs that are surest beyond all order, those that share most first. */
static GArray *
list_seeds (const PostilAligner *aligner)
{
  PostilBox all = { { 0, 0 }, { aligner->units[0]->units->len, aligner->units[1]->units->len } };
  GArray *seeds = postil_alignment_list_candidates (aligner, &all);
  guint n = 0;

  for (guint i = 0; i < seeds->len; i++)
    {
      PostilMatch seed = g_array_index (seeds, PostilMatch, i);

      if (postil_alignment_get_score (aligner, seed.a, seed.b) < MIN_SHARE ||
          !may_pair (aligner, seed.a, seed.b))
        continue;
      seed.score = postil_alignment_get_common (aligner, seed.a, seed.b);
      g_array_index (seeds, PostilMatch, n++) = seed;
    }
  g_array_set_size (seeds, n);
  g_array_sort (seeds, compare_commons);
  return seeds;
}

/**
 * postil_alignment_find_moved:
 * @aligner: what is aligned; the units that are found are taken
 *
 * Returns: (transfer full) (element-type PostilMatch): pairs that stand in another order
 */
GArray *
postil_alignment_find_moved (const PostilAligner *aligner)
{
  GArray *moved = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autoptr (GArray) seeds = list_seeds (aligner);
  g_autoptr (GArray) run = g_array_new (FALSE, FALSE, sizeof (PostilMatch));

  for (guint i = 0; i < seeds->len && !g_cancellable_is_cancelled (aligner->cancellable); i++)
    {
      PostilMatch seed = g_array_index (seeds, PostilMatch, i);
      float total = 0;
      gboolean joins = FALSE;

      if (aligner->taken[0][seed.a] || aligner->taken[1][seed.b])
        continue;
      seed.score = postil_alignment_get_score (aligner, seed.a, seed.b);
      g_array_set_size (run, 0);
      g_array_append_val (run, seed);
      grow (aligner, run, 1);
      if (run->len > 1)
        {
          /* The seed stands first again for the other direction. */
          g_array_append_val (run, seed);
          grow (aligner, run, -1);
          g_array_remove_index (run, 0);
        }
      else
        grow (aligner, run, -1);
      for (guint k = 0; k < run->len; k++)
        {
          const PostilMatch *match = &g_array_index (run, PostilMatch, k);

          total += postil_alignment_get_common (aligner, match->a, match->b) -
                   MIN_NEXT_SHARE * (postil_units_get (aligner->units[0], match->a)->mass +
                                     postil_units_get (aligner->units[1], match->b)->mass);
          joins |= goes_on (aligner, match);
        }
      if (total < MIN_WEIGHT && !joins)
        continue;
      for (guint k = 0; k < run->len; k++)
        {
          const PostilMatch *match = &g_array_index (run, PostilMatch, k);

          aligner->taken[0][match->a] = aligner->taken[1][match->b] = TRUE;
        }
      g_array_append_vals (moved, run->data, run->len);
    }
  return moved;
}

static guint64
hash_words (const PostilUnits *units, guint at)
{
  guint64 hash = 0;

  for (guint i = 0; i < ECHO_WORDS; i++)
    hash = (hash ^ g_array_index (units->words, PostilWord, at + i).id) *
             G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) +
           (hash >> 31);
  return hash;
}

static float
get_mass (const PostilUnits *units, const PostilVocabulary *vocabulary, guint first, guint last)
{
  float mass = 0;

  for (guint i = first; i <= last; i++)
    mass +=
      postil_vocabulary_get_weight (vocabulary, g_array_index (units->words, PostilWord, i).id);
  return mass;
}

static const PostilWord *
get_word (const PostilUnits *units, guint i)
{
  return &g_array_index (units->words, PostilWord, i);
}

static PostilSpan
get_words_span (const PostilUnits *units, guint first, guint n)
{
  return (PostilSpan){ get_word (units, first)->start, get_word (units, first + n - 1)->end };
}

/* The text in which echoes are looked for, the other one, and where in that words stand. */
typedef struct
{
  const PostilAligner *aligner;
  guint side;
  const PostilUnits *quoting;
  const PostilUnits *other;
  const gboolean *echoed;
  GHashTable *places;
  /* For each word of the other text the next place with the same words, counted from 1; and
   * whether an echo of it is new. */
  guint *next;
  gboolean *fresh;
} EchoSearch;

/* Only what the quoting units hold is looked up. */
static void
note_places (EchoSearch *self)
{
  for (guint i = 0; i < self->quoting->units->len; i++)
    {
      const PostilUnit *unit = postil_units_get (self->quoting, i);

      if (self->aligner->taken[self->side][i])
        continue;
      for (guint w = 0; w + ECHO_WORDS <= unit->n_words; w++)
        {
          guint64 hash = hash_words (self->quoting, unit->words + w);

          if (!g_hash_table_contains (self->places, &hash))
            g_hash_table_insert (self->places, g_memdup2 (&hash, sizeof hash),
                                 GUINT_TO_POINTER (0));
        }
    }
  for (guint i = self->other->units->len; i > 0; i--)
    {
      const PostilUnit *unit = postil_units_get (self->other, i - 1);

      for (guint w = unit->n_words; w >= ECHO_WORDS; w--)
        {
          guint at = unit->words + w - ECHO_WORDS;
          guint64 hash = hash_words (self->other, at);
          gpointer key, value;

          if (g_hash_table_lookup_extended (self->places, &hash, &key, &value))
            {
              self->next[at] = GPOINTER_TO_UINT (value);
              g_hash_table_steal (self->places, &hash);
              g_hash_table_insert (self->places, key, GUINT_TO_POINTER (at + 1));
            }
          self->fresh[at] = postil_aligner_is_fresh (self->aligner, 1 - self->side, i - 1);
        }
    }
}

/* The longest echo from the word @at on: how many words, and where they stand in the other text. */
static guint
find_longest (EchoSearch *self, guint at, guint end, gboolean fresh, guint *place)
{
  guint64 hash = hash_words (self->quoting, at);
  guint there = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, &hash)), longest = 0;

  for (guint tried = 0; there != 0 && tried < MAX_ECHO_PLACES;
       there = self->next[there - 1], tried++)
    {
      guint from = there - 1, length = 0;
      PostilSpan spans[2];

      while (at + length < end && from + length < self->other->words->len &&
             !self->echoed[at + length] &&
             get_word (self->quoting, at + length)->id == get_word (self->other, from + length)->id)
        length++;
      if (length <= longest || length < ECHO_WORDS || (!fresh && !self->fresh[from]))
        continue;
      spans[self->side] = get_words_span (self->quoting, at, length);
      spans[1 - self->side] = get_words_span (self->other, from, length);
      if (postil_decisions_dismiss (self->aligner->decisions, spans[0], spans[1]))
        continue;
      longest = length;
      *place = from;
    }
  return longest;
}

/* Echoes in the units of @side that are not taken of anything in the other text. */
static void
find_echoes (const PostilAligner *aligner, guint side, const gboolean *echoed, GArray *echoes)
{
  const PostilUnits *quoting = aligner->units[side], *other = aligner->units[1 - side];
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autofree guint *next = g_new0 (guint, other->words->len + 1);
  g_autofree gboolean *fresh = g_new0 (gboolean, other->words->len + 1);
  EchoSearch self = { aligner, side, quoting, other, echoed, places, next, fresh };

  note_places (&self);
  for (guint i = 0; i < quoting->units->len; i++)
    {
      const PostilUnit *unit = postil_units_get (quoting, i);
      guint end = unit->words + unit->n_words, place = 0;

      if (g_cancellable_is_cancelled (aligner->cancellable))
        return;
      if (aligner->taken[side][i])
        continue;
      for (guint at = unit->words, length; at + ECHO_WORDS <= end; at += MAX (length, 1))
        {
          length =
            find_longest (&self, at, end, postil_aligner_is_fresh (aligner, side, i), &place);
          if (length > 0 &&
              get_mass (quoting, aligner->vocabulary, at, at + length - 1) >= MIN_ECHO_MASS)
            {
              PostilEcho echo = { .score = 1 };

              echo.first[side] = at;
              echo.last[side] = at + length - 1;
              echo.first[1 - side] = place;
              echo.last[1 - side] = place + length - 1;
              g_array_append_val (echoes, echo);
            }
          else
            length = 0;
        }
    }
}

/**
 * postil_alignment_find_echoes:
 * @aligner: what is aligned
 * @echoed: for each word of both texts whether it is in an echo that is known already
 *
 * Returns: (transfer full) (element-type PostilEcho): what units without a counterpart have word
 * for word from the other text
 */
GArray *
postil_alignment_find_echoes (const PostilAligner *aligner, gboolean *const echoed[2])
{
  GArray *echoes = g_array_new (FALSE, FALSE, sizeof (PostilEcho));

  for (guint side = 0; side < 2; side++)
    find_echoes (aligner, side, echoed[side], echoes);
  return echoes;
}
