/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-decisions.h"

static int
compare_decisions (gconstpointer x, gconstpointer y)
{
  const PostilDecision *a = x, *b = y;
  const guint ends[][2] = { { a->a.start, b->a.start },
                            { a->a.end, b->a.end },
                            { a->b.start, b->b.start },
                            { a->b.end, b->b.end } };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (ends[i][0] != ends[i][1])
      return ends[i][0] < ends[i][1] ? -1 : 1;
  return 0;
}

/* What holds so far, by where it begins: the pairs in either text, and what is none in the first.
 */
typedef struct
{
  GTree *paired[2];
  GTree *dismissed;
  guint longest;
} Settling;

static int
compare_starts (gconstpointer x, gconstpointer y)
{
  const PostilSpan *a = x, *b = y;

  return a->start < b->start ? -1 : a->start > b->start;
}

/* Pairs that hold are apart from each other: only the last one that begins before @span ends can
 * share something with it.
 */
static gboolean
is_taken (GTree *paired, PostilSpan span)
{
  const PostilSpan end = { span.end, span.end };
  GTreeNode *behind = g_tree_lower_bound (paired, &end);
  GTreeNode *last = behind != NULL ? g_tree_node_previous (behind) : g_tree_node_last (paired);

  return last != NULL && postil_span_touches (*(const PostilSpan *) g_tree_node_key (last), span);
}

/* Whether a later decision leaves nothing of a pair. */
static gboolean
is_overruled (const Settling *self, const PostilDecision *pair)
{
  const guint start = pair->a.start - MIN (pair->a.start, self->longest);
  const PostilDecision from = { .a = { start, start } };

  if (is_taken (self->paired[0], pair->a) || is_taken (self->paired[1], pair->b))
    return TRUE;
  for (GTreeNode *node = g_tree_lower_bound (self->dismissed, &from); node != NULL;
       node = g_tree_node_next (node))
    {
      const PostilDecision *later = g_tree_node_key (node);

      if (later->a.start >= pair->a.end)
        break;
      if (postil_span_touches (pair->a, later->a) && postil_span_touches (pair->b, later->b))
        return TRUE;
    }
  return FALSE;
}

static GArray *
list (GTree *tree)
{
  GArray *decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));

  for (GTreeNode *node = g_tree_node_first (tree); node != NULL; node = g_tree_node_next (node))
    g_array_append_vals (decisions, g_tree_node_value (node), 1);
  return decisions;
}

/**
 * postil_decisions_new:
 * @decisions: (nullable) (element-type PostilDecision): what a person decided, the last one last
 * @swapped: whether their second text is the first one here
 * @lengths: (array fixed-size=2): of the texts here, in code points
 *
 * Settles what contradicts itself: the later decision holds. Passages that are not in the texts
 * are left out.
 *
 * Returns: (transfer full): what holds
 */
PostilDecisions *
postil_decisions_new (GArray *decisions, gboolean swapped, const guint lengths[2])
{
  PostilDecisions *self = g_new0 (PostilDecisions, 1);
  guint n = decisions != NULL ? decisions->len : 0;
  g_autofree PostilDecision *here = g_new (PostilDecision, n);
  Settling settling = { { g_tree_new (compare_starts), g_tree_new (compare_starts) },
                        g_tree_new (compare_decisions),
                        0 };

  for (guint i = n; i > 0; i--)
    {
      const PostilDecision *given = &g_array_index (decisions, PostilDecision, i - 1);
      PostilDecision *decision = &here[i - 1];

      *decision = (PostilDecision){ swapped ? given->b : given->a, swapped ? given->a : given->b,
                                    given->paired };
      decision->a.end = MIN (decision->a.end, lengths[0]);
      decision->b.end = MIN (decision->b.end, lengths[1]);
      if (decision->a.start >= decision->a.end || decision->b.start >= decision->b.end)
        continue;
      if (!decision->paired)
        {
          g_tree_insert (settling.dismissed, decision, decision);
          settling.longest = MAX (settling.longest, postil_span_length (decision->a));
        }
      else if (!is_overruled (&settling, decision))
        {
          g_tree_insert (settling.paired[0], &decision->a, decision);
          g_tree_insert (settling.paired[1], &decision->b, decision);
        }
    }
  self->paired = list (settling.paired[0]);
  self->dismissed = list (settling.dismissed);
  self->longest = settling.longest;
  g_tree_unref (settling.paired[0]);
  g_tree_unref (settling.paired[1]);
  g_tree_unref (settling.dismissed);
  return self;
}

void
postil_decisions_free (PostilDecisions *self)
{
  g_array_unref (self->paired);
  g_array_unref (self->dismissed);
  g_free (self);
}

/* The first of @decisions that begins at @start in the first text, or after it. */
static guint
find_from (GArray *decisions, guint start)
{
  guint low = 0, high = decisions->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (decisions, PostilDecision, middle).a.start < start)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * postil_decisions_dismiss:
 * @self: decisions
 * @a: a passage of the first text, in code points
 * @b: one of the second text
 *
 * Returns: whether these can be no pair, as both share something with passages that are none
 */
gboolean
postil_decisions_dismiss (const PostilDecisions *self, PostilSpan a, PostilSpan b)
{
  for (guint i = find_from (self->dismissed, a.start - MIN (a.start, self->longest));
       i < self->dismissed->len; i++)
    {
      const PostilDecision *decision = &g_array_index (self->dismissed, PostilDecision, i);

      if (decision->a.start >= a.end)
        break;
      if (postil_span_touches (decision->a, a) && postil_span_touches (decision->b, b))
        return TRUE;
    }
  return FALSE;
}

/**
 * postil_decisions_have:
 * @decisions: (element-type PostilDecision): those of one kind that hold
 * @decision: a decision of this kind
 *
 * Returns: whether it is one of them
 */
gboolean
postil_decisions_have (GArray *decisions, const PostilDecision *decision)
{
  return g_array_binary_search (decisions, decision, compare_decisions, NULL);
}
