/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-alignment-units.h"

#include <math.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "postil-folding.h"
#include "postil-sentences.h"

/*
 * A unit is described by its words, folded, each with a share of its weight on its beginning, so
 * that "promote" and "promoting" have something in common. Where words are not written apart, as in
 * Chinese, single characters and pairs of them stand for words. What is in few units weighs more
 * (inverse document frequency: Spärck Jones, "A statistical interpretation of term specificity and
 * its application in retrieval", Journal of Documentation 28, 1972).
 */

/* Words longer than this are also compared by as many of their first letters. */
#define STEM 5

/* Of what is everywhere; texts of a few sentences have nothing else. */
#define MIN_WEIGHT 0.05

#define CANCEL_INTERVAL 256

typedef struct
{
  PostilUnits *units;
  PostilVocabulary *vocabulary;
  PostilText *text;
  guint side;
  GArray *ids;
} Describer;

static guint64
mix (guint64 hash, guint64 value)
{
  hash = (hash ^ value) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ (hash >> 29);
}

static guint32
intern (PostilVocabulary *self, guint64 hash)
{
  gpointer id;

  /* 0 is no pointer that a table can tell from none. */
  if (g_hash_table_lookup_extended (self->ids, &hash, NULL, &id))
    return GPOINTER_TO_UINT (id);
  else
    {
      guint64 *key = g_new (guint64, 1);
      guint32 new_id = self->counts->len / 2, zero[2] = { 0, 0 };

      *key = hash;
      g_hash_table_insert (self->ids, key, GUINT_TO_POINTER (new_id));
      g_array_append_vals (self->counts, zero, 2);
      return new_id;
    }
}

/* Whether words of this script are not written apart. */
static gboolean
is_continuous (gunichar c)
{
  UErrorCode status = U_ZERO_ERROR;

  if (c < 0x0e00)
    return FALSE;
  switch (uscript_getScript (c, &status))
    {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_letter (gunichar c)
{
  return c < 0x80 ? g_ascii_isalnum (c)
                  : u_isalnum (c) || u_charType (c) == U_NON_SPACING_MARK ||
                      u_charType (c) == U_COMBINING_SPACING_MARK;
}

static void
add_word (Describer *self, PostilUnit *unit, guint start, guint end, guint64 hash, guint64 stem)
{
  PostilWord word = { start, end, intern (self->vocabulary, hash) };

  g_array_append_val (self->units->words, word);
  unit->n_words++;
  unit->hash = mix (unit->hash, hash) | 1;
  g_array_append_val (self->ids, word.id);
  if (stem != 0)
    {
      guint32 id = intern (self->vocabulary, stem);

      g_array_append_val (self->ids, id);
    }
}

static void
read_words (Describer *self, PostilUnit *unit)
{
  const char *utf8 = postil_text_get_utf8 (self->text, NULL);
  const char *p = utf8 + postil_text_get_byte (self->text, unit->span.start);
  guint at = unit->span.start;
  gunichar before = 0;

  while (at < unit->span.end)
    {
      gunichar c = g_utf8_get_char (p);
      guint64 hash = 1, stem = 0;
      guint start = at, n = 0;

      if (!is_letter (c))
        {
          before = 0;
          p = g_utf8_next_char (p);
          at++;
          continue;
        }
      if (is_continuous (c))
        {
          hash = mix (2, c);
          add_word (self, unit, at, at + 1, hash, before != 0 ? mix (mix (3, before), c) : 0);
          before = c;
          p = g_utf8_next_char (p);
          at++;
          continue;
        }
      before = 0;
      while (at < unit->span.end && is_letter (c) && !is_continuous (c))
        {
          const PostilFold *fold = postil_folding_get (c);

          for (guint i = 0; i < fold->n_units; i++)
            {
              hash = mix (hash, fold->units[i]);
              if (++n == STEM)
                stem = mix (hash, 4);
            }
          p = g_utf8_next_char (p);
          at++;
          c = at < unit->span.end ? g_utf8_get_char (p) : 0;
        }
      if (n > 0)
        add_word (self, unit, start, at, hash, n > STEM ? stem : 0);
    }
}

/* What has no words, such as a line of dashes, is like a word of its own. */
static void
read_signs (Describer *self, PostilUnit *unit)
{
  const char *utf8 = postil_text_get_utf8 (self->text, NULL);
  const char *p = utf8 + postil_text_get_byte (self->text, unit->span.start);
  guint64 hash = 5;

  for (guint at = unit->span.start; at < unit->span.end; at++, p = g_utf8_next_char (p))
    hash = mix (hash, g_utf8_get_char (p));
  add_word (self, unit, unit->span.start, unit->span.end, hash, 0);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

static void
collect_features (Describer *self, PostilUnit *unit)
{
  g_array_sort (self->ids, compare_ids);
  unit->features = self->units->features->len;
  for (guint i = 0; i < self->ids->len;)
    {
      PostilFeature feature = { g_array_index (self->ids, guint32, i), 0 };

      for (; i < self->ids->len && g_array_index (self->ids, guint32, i) == feature.id; i++)
        feature.n++;
      g_array_append_val (self->units->features, feature);
      g_array_index (self->vocabulary->counts, guint32, 2 * feature.id + self->side)++;
    }
  unit->n_features = self->units->features->len - unit->features;
}

PostilVocabulary *
postil_vocabulary_new (void)
{
  PostilVocabulary *self = g_new0 (PostilVocabulary, 1);

  self->ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->counts = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->weights = g_array_new (FALSE, FALSE, sizeof (float));
  return self;
}

void
postil_vocabulary_free (PostilVocabulary *self)
{
  g_hash_table_unref (self->ids);
  g_array_unref (self->counts);
  g_array_unref (self->weights);
  g_free (self);
}

/**
 * postil_vocabulary_weigh:
 * @self: a vocabulary
 * @units: those of both texts, which were made with it
 *
 * Gives every feature its weight and every unit its mass.
 */
void
postil_vocabulary_weigh (PostilVocabulary *self, PostilUnits *const units[2])
{
  double n_units = units[0]->units->len + units[1]->units->len;
  guint n = self->counts->len / 2;

  g_array_set_size (self->weights, n);
  for (guint i = 0; i < n; i++)
    {
      guint count =
        postil_vocabulary_get_count (self, i, 0) + postil_vocabulary_get_count (self, i, 1);

      g_array_index (self->weights, float, i) =
        MAX (MIN_WEIGHT, log ((n_units + 1) / MAX (count, 2)));
    }
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < units[side]->units->len; i++)
      {
        PostilUnit *unit = postil_units_get (units[side], i);
        const PostilFeature *features = postil_units_get_features (units[side], unit);

        unit->mass = 0;
        for (guint j = 0; j < unit->n_features; j++)
          unit->mass += postil_vocabulary_get_weight (self, features[j].id) * features[j].n;
      }
}

/* What a passage leaves of a sentence, without blanks; nothing when there is no word in it. */
static void
add_rest (PostilText *text, GArray *spans, guint start, guint end)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  const char *p = utf8 + postil_text_get_byte (text, start);
  PostilSpan rest = { start, start };
  gboolean has_word = FALSE;

  for (guint at = start; at < end; at++, p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      has_word |= is_letter (c);
      if (!u_isUWhiteSpace (c))
        rest.end = at + 1;
      else if (rest.end == rest.start)
        rest.start = rest.end = at + 1;
    }
  if (has_word)
    g_array_append_val (spans, rest);
}

/* Cuts sentences where a passage of @fixed begins and ends, and puts these in their place. */
static GArray *
cut (PostilText *text, GArray *sentences, GArray *fixed)
{
  GArray *spans = g_array_sized_new (FALSE, FALSE, sizeof (PostilSpan), sentences->len);
  guint n = 0, done = 0;

  for (guint i = 0; i < sentences->len; i++)
    {
      PostilSpan sentence = g_array_index (sentences, PostilSpan, i);
      guint start = MAX (sentence.start, done);

      for (; n < fixed->len && g_array_index (fixed, PostilSpan, n).start < sentence.end; n++)
        {
          PostilSpan passage = g_array_index (fixed, PostilSpan, n);

          if (start < passage.start)
            add_rest (text, spans, start, passage.start);
          g_array_append_val (spans, passage);
          done = passage.end;
          start = MAX (start, done);
        }
      if (start == sentence.start)
        g_array_append_val (spans, sentence);
      else if (start < sentence.end)
        add_rest (text, spans, start, sentence.end);
    }
  for (; n < fixed->len; n++)
    g_array_append_val (spans, g_array_index (fixed, PostilSpan, n));
  return spans;
}

/**
 * postil_units_new:
 * @text: a text
 * @fixed: (element-type PostilSpan): passages that each are a unit, in order, apart from each other
 * @vocabulary: takes up its words
 * @side: 0 or 1, which text of the two it is
 * @cancellable: (nullable): ends it early
 *
 * Returns: (transfer full): what the text consists of
 */
PostilUnits *
postil_units_new (PostilText *text,
                  GArray *fixed,
                  PostilVocabulary *vocabulary,
                  guint side,
                  GCancellable *cancellable)
{
  PostilUnits *self = g_new0 (PostilUnits, 1);
  g_autoptr (GArray) sentences = postil_sentences_list (text, cancellable);
  g_autoptr (GArray) spans = cut (text, sentences, fixed);
  Describer describer = { self, vocabulary, text, side,
                          g_array_new (FALSE, FALSE, sizeof (guint32)) };

  self->units = g_array_sized_new (FALSE, FALSE, sizeof (PostilUnit), spans->len);
  self->features = g_array_new (FALSE, FALSE, sizeof (PostilFeature));
  self->words = g_array_new (FALSE, FALSE, sizeof (PostilWord));
  for (guint i = 0; i < spans->len; i++)
    {
      PostilUnit unit = { .span = g_array_index (spans, PostilSpan, i), .words = self->words->len };

      if (i % CANCEL_INTERVAL == 0 && g_cancellable_is_cancelled (cancellable))
        break;
      g_array_set_size (describer.ids, 0);
      read_words (&describer, &unit);
      if (unit.n_words == 0)
        read_signs (&describer, &unit);
      collect_features (&describer, &unit);
      g_array_append_val (self->units, unit);
    }
  g_array_unref (describer.ids);
  return self;
}

/**
 * postil_units_find:
 * @self: units
 * @offset: a place, in code points
 *
 * Returns: the first unit that ends after it; how many there are when none does
 */
guint
postil_units_find (const PostilUnits *self, guint offset)
{
  guint low = 0, high = self->units->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (postil_units_get (self, middle)->span.end <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
postil_units_free (PostilUnits *self)
{
  g_array_unref (self->units);
  g_array_unref (self->features);
  g_array_unref (self->words);
  g_free (self);
}
