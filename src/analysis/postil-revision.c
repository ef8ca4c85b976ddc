/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-revision.h"

#include "postil-text-changes.h"

/*
 * A pair stays as it is when nothing changed in its sentences or next to them, no decision about
 * them came or went, and they are still divided as they were. The sentences of all others are
 * fresh: counterparts are looked for again.
 */

static PostilSpan *
get_side (PostilPair *pair, guint side)
{
  return side == 0 ? &pair->a : &pair->b;
}

/* The units of @side that have a part of @span are fresh. */
static void
refresh (PostilAligner *aligner, guint side, PostilSpan span)
{
  PostilUnits *units = aligner->units[side];

  for (guint i = postil_units_find (units, span.start);
       i < units->units->len && postil_units_get (units, i)->span.start < span.end; i++)
    aligner->fresh[side][i] = TRUE;
}

static void
refresh_changes (const PostilRevision *self, PostilAligner *aligner, guint side)
{
  PostilUnits *units = aligner->units[side];

  if (self->changes[side]->len == 0)
    return;
  for (guint i = 0; i < units->units->len; i++)
    if (postil_text_changes_touch (self->changes[side], postil_units_get (units, i)->span))
      aligner->fresh[side][i] = TRUE;
}

/* Where a decision is now; %FALSE when a change touches it. */
static gboolean
follow (const PostilRevision *self, const PostilDecision *before, PostilDecision *now)
{
  now->paired = before->paired;
  return postil_text_changes_follow (self->changes[0], before->a, &now->a) &&
         postil_text_changes_follow (self->changes[1], before->b, &now->b);
}

/* Adds the decisions of one kind that hold in @decisions but not in @others. */
static void
add_other (GArray *found, GArray *decisions, GArray *others)
{
  for (guint i = 0; i < decisions->len; i++)
    {
      const PostilDecision *decision = &g_array_index (decisions, PostilDecision, i);

      if (!postil_decisions_have (others, decision))
        g_array_append_vals (found, decision, 1);
    }
}

static GArray *
follow_all (const PostilRevision *self, GArray *decisions)
{
  GArray *followed = g_array_new (FALSE, FALSE, sizeof (PostilDecision));

  for (guint i = 0; i < decisions->len; i++)
    {
      PostilDecision now;

      if (follow (self, &g_array_index (decisions, PostilDecision, i), &now))
        g_array_append_val (followed, now);
    }
  return followed;
}

/* What a decision that came or went touches; a new one that dismisses touches only pairs. */
static void
refresh_decisions (const PostilRevision *self, PostilAligner *aligner)
{
  const PostilDecisions *now = aligner->decisions;
  g_autoptr (GArray) paired = follow_all (self, self->decisions->paired);
  g_autoptr (GArray) dismissed = follow_all (self, self->decisions->dismissed);
  g_autoptr (GArray) changed = g_array_new (FALSE, FALSE, sizeof (PostilDecision));

  add_other (changed, now->paired, paired);
  add_other (changed, paired, now->paired);
  add_other (changed, dismissed, now->dismissed);
  for (guint i = 0; i < changed->len; i++)
    {
      refresh (aligner, 0, g_array_index (changed, PostilDecision, i).a);
      refresh (aligner, 1, g_array_index (changed, PostilDecision, i).b);
    }
}

/* What a person's pairs leave of the sentences that they cut is beside something fresh. */
static void
refresh_rests (PostilAligner *aligner, guint side)
{
  GArray *paired = aligner->decisions->paired;
  PostilUnits *units = aligner->units[side];

  for (guint i = 0; i < paired->len; i++)
    {
      const PostilDecision *pair = &g_array_index (paired, PostilDecision, i);
      guint unit = postil_units_find (units, side == 0 ? pair->a.start : pair->b.start);

      if (!aligner->fresh[side][unit])
        continue;
      if (unit > 0)
        aligner->fresh[side][unit - 1] = TRUE;
      if (unit + 1 < units->units->len)
        aligner->fresh[side][unit + 1] = TRUE;
    }
}

static gboolean
has_fresh (const PostilAligner *aligner, guint side, PostilSpan span)
{
  PostilUnits *units = aligner->units[side];

  for (guint i = postil_units_find (units, span.start);
       i < units->units->len && postil_units_get (units, i)->span.start < span.end; i++)
    if (aligner->fresh[side][i])
      return TRUE;
  return FALSE;
}

/* Whether sentences begin and end where a pair does. */
static gboolean
is_whole (const PostilAligner *aligner, guint side, PostilSpan span)
{
  PostilUnits *units = aligner->units[side];
  guint first = postil_units_find (units, span.start);
  guint last = postil_units_find (units, span.end - 1);

  return last < units->units->len && postil_units_get (units, first)->span.start == span.start &&
         postil_units_get (units, last)->span.end == span.end;
}

/* Whether a pair, as it is now, stays. */
static gboolean
stays (const PostilAligner *aligner, const PostilPair *pair)
{
  if (pair->decided)
    {
      const PostilDecision decision = { pair->a, pair->b, TRUE };

      return postil_decisions_have (aligner->decisions->paired, &decision);
    }
  return !has_fresh (aligner, 0, pair->a) && !has_fresh (aligner, 1, pair->b) &&
         (pair->kind == POSTIL_PAIR_ECHO ||
          (is_whole (aligner, 0, pair->a) && is_whole (aligner, 1, pair->b))) &&
         !postil_decisions_dismiss (aligner->decisions, pair->a, pair->b);
}

/* Adds to @kept the pairs that stay, either all echoes or all others. */
static void
keep (const PostilRevision *self, PostilAligner *aligner, gboolean echoes, GArray *kept)
{
  GArray *gone[] = { g_array_new (FALSE, FALSE, sizeof (PostilSpan)),
                     g_array_new (FALSE, FALSE, sizeof (PostilSpan)) };

  for (guint i = 0; i < self->pairs->len; i++)
    {
      PostilPair before = g_array_index (self->pairs, PostilPair, i), now = before;
      gboolean stands[2];

      if ((before.kind == POSTIL_PAIR_ECHO) != echoes)
        continue;
      for (guint side = 0; side < 2; side++)
        stands[side] = postil_text_changes_follow (self->changes[side], *get_side (&before, side),
                                                   get_side (&now, side));
      if (stands[0] && stands[1] && stays (aligner, &now))
        g_array_append_val (kept, now);
      else
        for (guint side = 0; side < 2; side++)
          if (stands[side])
            g_array_append_vals (gone[side], get_side (&now, side), 1);
    }
  for (guint side = 0; side < 2; side++)
    {
      for (guint i = 0; i < gone[side]->len; i++)
        refresh (aligner, side, g_array_index (gone[side], PostilSpan, i));
      g_array_unref (gone[side]);
    }
}

/**
 * postil_revision_keep:
 * @self: what was before
 * @aligner: the texts as they are now; is told which of their units are fresh
 *
 * Returns: (transfer full) (element-type PostilPair): the pairs that stay as they are, in the texts
 * as they are now
 */
GArray *
postil_revision_keep (const PostilRevision *self, PostilAligner *aligner)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (PostilPair));

  for (guint side = 0; side < 2; side++)
    {
      aligner->fresh[side] = g_new0 (gboolean, aligner->units[side]->units->len);
      refresh_changes (self, aligner, side);
    }
  refresh_decisions (self, aligner);
  keep (self, aligner, FALSE, kept);
  refresh_rests (aligner, 0);
  refresh_rests (aligner, 1);
  /* What other pairs leave fresh decides about echoes. */
  keep (self, aligner, TRUE, kept);
  return kept;
}
