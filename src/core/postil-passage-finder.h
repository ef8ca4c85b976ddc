/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-folded-text.h"
#include "postil-text-map.h"

G_BEGIN_DECLS

/**
 * PostilPassage:
 * @from: where what is known before it starts
 * @start: where it starts
 * @end: where it ends
 * @to: where what is known after it ends
 * @has_place: whether that is where it stood in the old text
 * @begins_whole: whether it did not begin inside a word
 * @ends_whole: whether it did not end inside a word
 *
 * A passage to be found, in units of the old text.
 */
typedef struct
{
  guint from;
  guint start;
  guint end;
  guint to;
  gboolean has_place;
  gboolean begins_whole;
  gboolean ends_whole;
} PostilPassage;

/**
 * PostilPassageMatch:
 * @start: where it starts
 * @end: where it ends
 * @quote: how like the passage it is, 0 to 1
 * @before: how like what stood before it is what stands before it now; 1 when nothing is known
 * @after: likewise after it
 * @likeness: all of these in one, 0 to 1
 * @score: the same, but elsewhere it may do without what was next to it
 * @n_same: how many units of the passage and what is round it are here
 * @spread: how much came or went next to it, in code points; 0 when all of the
 * old text is known, as then it is known what that was
 * @in_place: whether it is where the passage stood, as its neighbours say
 * @taken: whether it was something else in the old text
 * @twice: whether another place near by is as good
 *
 * A place that may be that of a passage, in units of the new text.
 */
typedef struct
{
  guint start;
  guint end;
  double quote;
  double before;
  double after;
  double likeness;
  double score;
  guint n_same;
  guint spread;
  gboolean in_place;
  gboolean taken;
  gboolean twice;
} PostilPassageMatch;

typedef struct _PostilPassageFinder PostilPassageFinder;

PostilPassageFinder *postil_passage_finder_new (const PostilFoldedText *old,
                                                const PostilFoldedText *new,
                                                PostilTextMap *map,
                                                guint n_ordered,
                                                gboolean whole);
void postil_passage_finder_free (PostilPassageFinder *self);

gboolean postil_passage_finder_find_in_place (PostilPassageFinder *self,
                                              const PostilPassage *passage,
                                              PostilPassageMatch *match);
void postil_passage_finder_find_moved (PostilPassageFinder *self,
                                       const PostilPassage *passage,
                                       GArray *matches);
void postil_passage_finder_find_near (PostilPassageFinder *self,
                                      const PostilPassage *passage,
                                      guint at,
                                      GArray *matches);
guint postil_passage_finder_expect (PostilPassageFinder *self, const PostilPassage *passage);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilPassageFinder, postil_passage_finder_free)

G_END_DECLS
