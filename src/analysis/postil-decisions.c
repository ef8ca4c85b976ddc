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

/* Whether a later decision leaves nothing of a pair. */
static gboolean
is_overruled (const PostilDecisions *self, const PostilDecision *pair)
{
  for (guint i = 0; i < self->paired->len; i++)
    {
      const PostilDecision *later = &g_array_index (self->paired, PostilDecision, i);

      if (postil_span_touches (pair->a, later->a) || postil_span_touches (pair->b, later->b))
        return TRUE;
    }
  for (guint i = 0; i < self->dismissed->len; i++)
    {
      const PostilDecision *later = &g_array_index (self->dismissed, PostilDecision, i);

      if (postil_span_touches (pair->a, later->a) && postil_span_touches (pair->b, later->b))
        return TRUE;
    }
  return FALSE;
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

  self->paired = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  self->dismissed = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  for (guint i = decisions != NULL ? decisions->len : 0; i > 0; i--)
    {
      const PostilDecision *given = &g_array_index (decisions, PostilDecision, i - 1);
      PostilDecision here = { swapped ? given->b : given->a, swapped ? given->a : given->b,
                              given->paired };

      here.a.end = MIN (here.a.end, lengths[0]);
      here.b.end = MIN (here.b.end, lengths[1]);
      if (here.a.start >= here.a.end || here.b.start >= here.b.end)
        continue;
      if (!here.paired)
        {
          g_array_append_val (self->dismissed, here);
          self->longest = MAX (self->longest, postil_span_length (here.a));
        }
      else if (!is_overruled (self, &here))
        g_array_append_val (self->paired, here);
    }
  g_array_sort (self->paired, compare_decisions);
  g_array_sort (self->dismissed, compare_decisions);
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
