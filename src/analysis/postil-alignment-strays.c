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

#define MAX_COUNT 24

/* An echo shares as many words in a row. */
#define ECHO_WORDS 4
#define MIN_ECHO_MASS 9
/* Places that are looked at for the longest echo. */
#define MAX_ECHO_PLACES 12

/* Twice the weight that two units have in common, and its share of theirs. */
static float
get_common (PostilUnits *const units[2],
            const PostilVocabulary *vocabulary,
            guint a,
            guint b,
            float *score)
{
  const PostilUnit *x = postil_units_get (units[0], a), *y = postil_units_get (units[1], b);
  float mass = x->mass + y->mass;
  float common =
    2 * postil_match_get_common (vocabulary, postil_units_get_features (units[0], x), x->n_features,
                                 postil_units_get_features (units[1], y), y->n_features);

  *score = mass > 0 ? MIN (1, common / mass) : 0;
  return common;
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

/* Grows a run of pairs from a seed, one step at a time, over gaps of one unit. */
static void
grow (PostilUnits *const units[2],
      const PostilVocabulary *vocabulary,
      gboolean *const taken[2],
      GArray *run,
      int by)
{
  static const int steps[][2] = { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 2, 2 }, { 1, 3 }, { 3, 1 } };

  for (;;)
    {
      const PostilMatch *last = &g_array_index (run, PostilMatch, run->len - 1);
      PostilMatch best = { 0 };
      float best_gain = 0;

      for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
        {
          gint64 a = (gint64) last->a + by * steps[s][0], b = (gint64) last->b + by * steps[s][1];
          float score, common;

          if (a < 0 || b < 0 || a >= units[0]->units->len || b >= units[1]->units->len ||
              taken[0][a] || taken[1][b])
            continue;
          common = get_common (units, vocabulary, a, b, &score);
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

/**
 * postil_alignment_find_moved:
 * @units: the units of both texts
 * @vocabulary: theirs
 * @taken: for each unit of both texts whether it has a counterpart; those found are set
 *
 * Returns: (transfer full) (element-type PostilMatch): pairs that stand in another order
 */
GArray *
postil_alignment_find_moved (PostilUnits *const units[2],
                             const PostilVocabulary *vocabulary,
                             gboolean *const taken[2],
                             GCancellable *cancellable)
{
  GArray *moved = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  g_autoptr (GArray) seeds = postil_alignment_list_candidates (
    units, vocabulary, (const gboolean *const *) taken, MAX_COUNT);
  g_autoptr (GArray) run = g_array_new (FALSE, FALSE, sizeof (PostilMatch));
  guint n = 0;

  for (guint i = 0; i < seeds->len; i++)
    {
      PostilMatch seed = g_array_index (seeds, PostilMatch, i);
      float score, common = get_common (units, vocabulary, seed.a, seed.b, &score);

      if (score < MIN_SHARE)
        continue;
      seed.score = common;
      g_array_index (seeds, PostilMatch, n++) = seed;
    }
  g_array_set_size (seeds, n);
  g_array_sort (seeds, compare_commons);

  for (guint i = 0; i < seeds->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      PostilMatch seed = g_array_index (seeds, PostilMatch, i);
      float total = 0;

      if (taken[0][seed.a] || taken[1][seed.b])
        continue;
      get_common (units, vocabulary, seed.a, seed.b, &seed.score);
      g_array_set_size (run, 0);
      g_array_append_val (run, seed);
      grow (units, vocabulary, taken, run, 1);
      if (run->len > 1)
        {
          /* The seed stands first again for the other direction. */
          g_array_append_val (run, seed);
          grow (units, vocabulary, taken, run, -1);
          g_array_remove_index (run, 0);
        }
      else
        grow (units, vocabulary, taken, run, -1);
      for (guint k = 0; k < run->len; k++)
        {
          const PostilMatch *match = &g_array_index (run, PostilMatch, k);
          float score;

          total += get_common (units, vocabulary, match->a, match->b, &score) -
                   MIN_NEXT_SHARE * (postil_units_get (units[0], match->a)->mass +
                                     postil_units_get (units[1], match->b)->mass);
        }
      if (total < MIN_WEIGHT)
        continue;
      for (guint k = 0; k < run->len; k++)
        {
          const PostilMatch *match = &g_array_index (run, PostilMatch, k);

          taken[0][match->a] = taken[1][match->b] = TRUE;
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

/* Echoes in the units of @side that are not taken of anything in the other text. */
static void
find_echoes (PostilUnits *const units[2],
             const PostilVocabulary *vocabulary,
             const gboolean *const taken[2],
             guint side,
             GArray *echoes,
             GCancellable *cancellable)
{
  const PostilUnits *quoting = units[side], *other = units[1 - side];
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  /* For each word of the other text the next place with the same words, counted from 1. */
  g_autofree guint *next = g_new0 (guint, other->words->len + 1);

  /* Only what the quoting units hold is looked up. */
  for (guint i = 0; i < quoting->units->len; i++)
    {
      const PostilUnit *unit = postil_units_get (quoting, i);

      if (taken[side][i])
        continue;
      for (guint w = 0; w + ECHO_WORDS <= unit->n_words; w++)
        {
          guint64 hash = hash_words (quoting, unit->words + w);

          if (!g_hash_table_contains (places, &hash))
            g_hash_table_insert (places, g_memdup2 (&hash, sizeof hash), GUINT_TO_POINTER (0));
        }
    }
  for (guint i = other->units->len; i > 0; i--)
    {
      const PostilUnit *unit = postil_units_get (other, i - 1);

      for (guint w = unit->n_words; w >= ECHO_WORDS; w--)
        {
          guint at = unit->words + w - ECHO_WORDS;
          guint64 hash = hash_words (other, at);
          gpointer key, value;

          if (g_hash_table_lookup_extended (places, &hash, &key, &value))
            {
              next[at] = GPOINTER_TO_UINT (value);
              g_hash_table_steal (places, &hash);
              g_hash_table_insert (places, key, GUINT_TO_POINTER (at + 1));
            }
        }
    }

  for (guint i = 0; i < quoting->units->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const PostilUnit *unit = postil_units_get (quoting, i);
      guint end = unit->words + unit->n_words;

      if (taken[side][i])
        continue;
      for (guint at = unit->words; at + ECHO_WORDS <= end;)
        {
          guint64 hash = hash_words (quoting, at);
          guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, &hash));
          guint best_length = 0, best_place = 0;

          for (guint tried = 0; place != 0 && tried < MAX_ECHO_PLACES;
               place = next[place - 1], tried++)
            {
              guint from = place - 1, length = 0;

              while (at + length < end && from + length < other->words->len &&
                     g_array_index (quoting->words, PostilWord, at + length).id ==
                       g_array_index (other->words, PostilWord, from + length).id)
                length++;
              if (length > best_length)
                {
                  best_length = length;
                  best_place = from;
                }
            }
          if (best_length >= ECHO_WORDS &&
              get_mass (quoting, vocabulary, at, at + best_length - 1) >= MIN_ECHO_MASS)
            {
              PostilEcho echo = { .score = 1 };

              echo.first[side] = at;
              echo.last[side] = at + best_length - 1;
              echo.first[1 - side] = best_place;
              echo.last[1 - side] = best_place + best_length - 1;
              g_array_append_val (echoes, echo);
              at += best_length;
            }
          else
            at++;
        }
    }
}

/**
 * postil_alignment_find_echoes:
 * @units: the units of both texts
 * @vocabulary: theirs
 * @taken: for each unit of both texts whether it has a counterpart
 *
 * Returns: (transfer full) (element-type PostilEcho): what units without a counterpart have word
 * for word from the other text
 */
GArray *
postil_alignment_find_echoes (PostilUnits *const units[2],
                              const PostilVocabulary *vocabulary,
                              const gboolean *const taken[2],
                              GCancellable *cancellable)
{
  GArray *echoes = g_array_new (FALSE, FALSE, sizeof (PostilEcho));

  find_echoes (units, vocabulary, taken, 0, echoes, cancellable);
  find_echoes (units, vocabulary, taken, 1, echoes, cancellable);
  return echoes;
}
