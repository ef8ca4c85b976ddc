/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilFeature:
 * @id: which word, or beginning of a word
 * @n: how often
 *
 * What a unit has in common with others.
 */
typedef struct
{
  guint32 id;
  guint32 n;
} PostilFeature;

/**
 * PostilWord:
 * @start: where it begins, in code points
 * @end: after its end
 * @id: the same for words that fold to the same
 */
typedef struct
{
  guint start;
  guint end;
  guint32 id;
} PostilWord;

/**
 * PostilUnit:
 * @span: the sentence, a part of it, or a passage that a person paired
 * @features: where its features begin among those of its text, by id
 * @n_features: how many
 * @words: where its words begin among those of its text
 * @n_words: how many
 * @hash: of its words in order; 0 when it has none
 * @mass: the weight of all its features
 */
typedef struct
{
  PostilSpan span;
  guint features;
  guint n_features;
  guint words;
  guint n_words;
  guint64 hash;
  float mass;
} PostilUnit;

/**
 * PostilUnits:
 * @units: (element-type PostilUnit): the sentences of a text, in order
 * @features: (element-type PostilFeature): what they are made of
 * @words: (element-type PostilWord): their words
 */
typedef struct
{
  GArray *units;
  GArray *features;
  GArray *words;
} PostilUnits;

/**
 * PostilVocabulary:
 * @weights: (element-type float): the weight of each feature
 * @n_words: (element-type guint32): in how many units of each text a feature is: two numbers each
 *
 * What is common to the units of two texts.
 */
typedef struct
{
  GHashTable *ids;
  GArray *counts;
  GArray *weights;
} PostilVocabulary;

PostilVocabulary *postil_vocabulary_new (void);
void postil_vocabulary_free (PostilVocabulary *self);
void postil_vocabulary_weigh (PostilVocabulary *self, PostilUnits *const units[2]);

PostilUnits *postil_units_new (PostilText *text,
                               GArray *fixed,
                               PostilVocabulary *vocabulary,
                               guint side,
                               GCancellable *cancellable);
void postil_units_free (PostilUnits *self);
guint postil_units_find (const PostilUnits *self, guint offset);

static inline PostilUnit *
postil_units_get (const PostilUnits *self, guint i)
{
  return &g_array_index (self->units, PostilUnit, i);
}

static inline const PostilFeature *
postil_units_get_features (const PostilUnits *self, const PostilUnit *unit)
{
  return &g_array_index (self->features, PostilFeature, unit->features);
}

static inline const PostilWord *
postil_units_get_words (const PostilUnits *self, const PostilUnit *unit)
{
  return &g_array_index (self->words, PostilWord, unit->words);
}

static inline float
postil_vocabulary_get_weight (const PostilVocabulary *self, guint32 id)
{
  return g_array_index (self->weights, float, id);
}

static inline guint32
postil_vocabulary_get_count (const PostilVocabulary *self, guint32 id, guint side)
{
  return g_array_index (self->counts, guint32, 2 * id + side);
}

G_END_DECLS
