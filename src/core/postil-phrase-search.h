/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-folded-text.h"

G_BEGIN_DECLS

/**
 * PostilPhrase:
 * @units: (array length=n_units): what is searched
 * @n_units: how many units it has
 *
 * Something to be searched in a whole text.
 */
typedef struct
{
  const gunichar *units;
  guint n_units;
} PostilPhrase;

/**
 * PostilPhraseHit:
 * @phrase: which phrase
 * @at: the unit of the text where it may begin
 * @n_votes: how many of its rare stretches say so
 *
 * Where a phrase may be.
 */
typedef struct
{
  guint phrase;
  guint at;
  guint n_votes;
} PostilPhraseHit;

GArray *postil_phrase_search (const PostilFoldedText *text,
                              const PostilPhrase *phrases,
                              guint n_phrases,
                              guint max);

G_END_DECLS
