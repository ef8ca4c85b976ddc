/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-phrase-search.h"

#include <stdlib.h>
#include <string.h>

/*
 * Where many phrases may be in a text, if only roughly: of each phrase a few short stretches that
 * are rare in the text vote for a place wherever they are met (q-gram filtering: E. Ukkonen,
 * "Approximate string-matching with q-grams and maximal matches", Theoretical Computer Science
 * 92(1), 1992). All phrases together take two walks through the text.
 */

/* How long a stretch is, in units: of a long phrase, one of ideographs, and a short one at most. */
#define LONG_WIDTH 6
#define IDEOGRAPHIC_WIDTH 3
#define MAX_WIDTH LONG_WIDTH

/* How many stretches of a phrase are looked at, how many vote, and how often all in all. */
#define MAX_STRETCHES 64
#define MAX_VOTING 12
#define MAX_VOTES 48

#define MIX G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

typedef struct
{
  guint64 hash;
  /* How often it is in the text, and the first voice that it has, from 1. */
  guint32 n_found;
  guint32 voice;
} Stretch;

/* That a stretch votes for a phrase. */
typedef struct
{
  guint32 phrase;
  guint32 into;
  guint32 n_left;
  guint32 next;
} Voice;

typedef struct
{
  guint32 phrase;
  guint32 at;
} Vote;

typedef struct
{
  const PostilFoldedText *text;
  const PostilPhrase *phrases;
  guint n_phrases;
  Stretch *stretches;
  gsize n_slots;
  GArray *voices;
  GArray *votes;
  gboolean has_width[MAX_WIDTH + 1];
} Search;

static guint
choose_width (const PostilPhrase *phrase)
{
  guint width = phrase->units[phrase->n_units / 2] < 0x2e80 ? LONG_WIDTH : IDEOGRAPHIC_WIDTH;

  return CLAMP (phrase->n_units / 3, 1, width);
}

static inline guint64
hash_stretch (const gunichar *units, guint width)
{
  guint64 hash = width;

  for (guint i = 0; i < width; i++)
    hash = (hash ^ units[i]) * MIX;
  hash ^= hash >> 29;
  return hash | 1;
}

static inline Stretch *
find_stretch (const Search *self, guint64 hash)
{
  gsize slot = (hash * MIX >> 24) & (self->n_slots - 1);

  while (self->stretches[slot].hash != 0 && self->stretches[slot].hash != hash)
    slot = (slot + 1) & (self->n_slots - 1);
  return &self->stretches[slot];
}

/* How many units it is from one stretch that is looked at to the next. */
static guint
choose_step (const PostilPhrase *phrase, guint width)
{
  return 1 + (phrase->n_units - width) / MAX_STRETCHES;
}

static void
add_stretches (Search *self, guint index)
{
  const PostilPhrase *phrase = &self->phrases[index];
  guint width, step;

  if (phrase->n_units == 0)
    return;
  width = choose_width (phrase);
  step = choose_step (phrase, width);
  self->has_width[width] = TRUE;
  for (guint at = 0; at + width <= phrase->n_units; at += step)
    {
      guint64 hash = hash_stretch (phrase->units + at, width);

      find_stretch (self, hash)->hash = hash;
    }
}

static void
walk (Search *self, void (*met) (Search *self, Stretch *stretch, guint at))
{
  const PostilFoldedText *text = self->text;

  for (guint width = 1; width <= MAX_WIDTH; width++)
    if (self->has_width[width])
      for (guint at = 0; at + width <= text->n_units; at++)
        {
          Stretch *stretch = find_stretch (self, hash_stretch (text->units + at, width));

          if (stretch->hash != 0)
            met (self, stretch, at);
        }
}

static void
count_cb (Search *self, Stretch *stretch, guint at)
{
  stretch->n_found++;
}

static void
vote_cb (Search *self, Stretch *stretch, guint at)
{
  guint32 *link = &stretch->voice;

  while (*link > 0)
    {
      Voice *voice = &g_array_index (self->voices, Voice, *link - 1);
      Vote vote = { voice->phrase, at - MIN (at, voice->into) };

      g_array_append_val (self->votes, vote);
      /* Many phrases may share a stretch that is everywhere. */
      if (--voice->n_left == 0)
        *link = voice->next;
      else
        link = &voice->next;
    }
}

typedef struct
{
  Stretch *stretch;
  guint into;
} Choice;

static int
compare_choices (gconstpointer a, gconstpointer b)
{
  const Choice *x = a, *y = b;

  if (x->stretch->n_found != y->stretch->n_found)
    return x->stretch->n_found < y->stretch->n_found ? -1 : 1;
  return x->into < y->into ? -1 : 1;
}

/* Lets the rarest stretches of a phrase vote. */
static void
give_voices (Search *self, guint index)
{
  const PostilPhrase *phrase = &self->phrases[index];
  Choice choices[2 * MAX_STRETCHES];
  guint width, step, n = 0, n_votes = 0;

  if (phrase->n_units == 0)
    return;
  width = choose_width (phrase);
  step = choose_step (phrase, width);
  for (guint at = 0; at + width <= phrase->n_units && n < G_N_ELEMENTS (choices); at += step)
    {
      Stretch *stretch = find_stretch (self, hash_stretch (phrase->units + at, width));

      if (stretch->n_found > 0)
        choices[n++] = (Choice){ stretch, at };
    }
  qsort (choices, n, sizeof *choices, compare_choices);
  for (guint i = 0; i < MIN (n, MAX_VOTING) && n_votes < MAX_VOTES; i++)
    {
      Voice voice = { index, choices[i].into,
                      MIN (choices[i].stretch->n_found, MAX_VOTES - n_votes),
                      choices[i].stretch->voice };

      n_votes += voice.n_left;
      g_array_append_val (self->voices, voice);
      choices[i].stretch->voice = self->voices->len;
    }
}

static int
compare_votes (gconstpointer a, gconstpointer b)
{
  const Vote *x = a, *y = b;

  if (x->phrase != y->phrase)
    return x->phrase < y->phrase ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const PostilPhraseHit *x = a, *y = b;

  if (x->n_votes != y->n_votes)
    return x->n_votes > y->n_votes ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

/* Finds the places that most of @votes, all for one phrase, are for. */
static void
count_votes (const Search *self, const Vote *votes, guint n_votes, guint max, GArray *hits)
{
  guint tolerance = 8 + MIN (self->phrases[votes->phrase].n_units, 512) / 8;
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (PostilPhraseHit));
  guint last = 0;

  for (guint first = 0; first < n_votes; first = last)
    {
      PostilPhraseHit hit = { votes->phrase, 0, 0 };

      for (last = first; last < n_votes && votes[last].at - votes[first].at <= tolerance; last++)
        hit.n_votes++;
      hit.at = votes[first + (last - first) / 2].at;
      g_array_append_val (places, hit);
    }
  g_array_sort (places, compare_hits);
  g_array_append_vals (hits, places->data, MIN (places->len, max));
}

/**
 * postil_phrase_search:
 * @text: a text
 * @phrases: (array length=n_phrases): what to search
 * @n_phrases: how many
 * @max: at most so many places of each
 *
 * Finds where phrases may be, whole or in part.
 *
 * Returns: (transfer full) (element-type PostilPhraseHit): places, by phrase, the likeliest first
 */
GArray *
postil_phrase_search (const PostilFoldedText *text,
                      const PostilPhrase *phrases,
                      guint n_phrases,
                      guint max)
{
  Search self = { text, phrases, n_phrases };
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (PostilPhraseHit));
  g_autofree Stretch *stretches = NULL;
  gsize n_stretches = 0;
  guint last = 0;

  for (guint i = 0; i < n_phrases; i++)
    n_stretches += MIN (phrases[i].n_units, 2 * MAX_STRETCHES);
  if (n_stretches == 0)
    return hits;

  self.n_slots = (gsize) 1 << g_bit_storage (2 * n_stretches);
  self.stretches = stretches = g_new0 (Stretch, self.n_slots);
  self.voices = g_array_new (FALSE, FALSE, sizeof (Voice));
  self.votes = g_array_new (FALSE, FALSE, sizeof (Vote));
  for (guint i = 0; i < n_phrases; i++)
    add_stretches (&self, i);
  walk (&self, count_cb);
  for (guint i = 0; i < n_phrases; i++)
    give_voices (&self, i);
  walk (&self, vote_cb);

  g_array_sort (self.votes, compare_votes);
  for (guint first = 0; first < self.votes->len; first = last)
    {
      const Vote *votes = &g_array_index (self.votes, Vote, first);

      for (last = first;
           last < self.votes->len && g_array_index (self.votes, Vote, last).phrase == votes->phrase;
           last++)
        ;
      count_votes (&self, votes, last - first, max, hits);
    }
  g_array_unref (self.voices);
  g_array_unref (self.votes);
  return hits;
}
