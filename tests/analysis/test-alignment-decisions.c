/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-alignment.h"
#include "postil-edits.h"

static const char bridge_a[] =
  "The old bridge was closed in the spring. Nobody was hurt when the railing fell. The mayor "
  "promised a new bridge within two years. The bakery on the corner lost half of its customers. "
  "A ferry carries cyclists over the river since May.";

static const char bridge_b[] =
  "In the spring the old bridge was closed. When the railing fell, nobody was hurt. Within two "
  "years, the mayor promised, there would be a new bridge. Half of its customers were lost to the "
  "bakery on the corner. Since May a ferry carries cyclists over the river.";

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

static PostilSpan
find (const char *text, const char *passage)
{
  const char *at = strstr (text, passage);

  g_assert_nonnull (at);
  return (PostilSpan){ at - text, at - text + strlen (passage) };
}

static void
decide (GArray *decisions, const char *a, const char *b, gboolean paired)
{
  PostilDecision decision = { find (bridge_a, a), find (bridge_b, b), paired };

  g_array_append_val (decisions, decision);
}

static GArray *
mirror (GArray *decisions)
{
  GArray *mirrored = g_array_copy (decisions);

  for (guint i = 0; i < decisions->len; i++)
    {
      PostilDecision *decision = &g_array_index (mirrored, PostilDecision, i);
      PostilSpan a = decision->a;

      decision->a = decision->b;
      decision->b = a;
    }
  return mirrored;
}

/* Whether a later decision leaves nothing of a pair. */
static gboolean
is_overruled (GArray *decisions, guint i)
{
  const PostilDecision *pair = &g_array_index (decisions, PostilDecision, i);
  gboolean overruled = FALSE;

  for (guint j = i + 1; j < decisions->len && !overruled; j++)
    {
      const PostilDecision *later = &g_array_index (decisions, PostilDecision, j);
      gboolean a = postil_span_touches (later->a, pair->a);
      gboolean b = postil_span_touches (later->b, pair->b);

      if (later->paired ? (a || b) && !is_overruled (decisions, j) : a && b)
        overruled = TRUE;
    }
  return overruled;
}

/* What must hold of an alignment with any decisions. */
static void
check (const PostilAlignment *alignment, GArray *decisions)
{
  for (guint i = 0; i < decisions->len; i++)
    {
      const PostilDecision *decision = &g_array_index (decisions, PostilDecision, i);
      guint n = 0;

      if (decision->paired && is_overruled (decisions, i))
        continue;
      for (guint j = 0; j < alignment->pairs->len; j++)
        {
          const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, j);

          if (decision->paired)
            n += pair->decided && postil_span_equal (pair->a, decision->a) &&
                 postil_span_equal (pair->b, decision->b);
          else if (!pair->decided)
            g_assert_false (postil_span_touches (pair->a, decision->a) &&
                            postil_span_touches (pair->b, decision->b));
        }
      g_assert_cmpuint (n, ==, decision->paired);
    }
  for (guint side = 0; side < 2; side++)
    {
      guint end = 0;

      for (guint offset = 0; offset < alignment->lengths[side];)
        {
          const PostilPair *pair = postil_alignment_find_pair (alignment, side, offset);
          PostilSpan span;

          if (pair == NULL)
            {
              offset++;
              continue;
            }
          span = side == 0 ? pair->a : pair->b;
          g_assert_cmpuint (span.start, ==, offset);
          g_assert_cmpuint (span.start, >=, end);
          g_assert_cmpfloat (pair->score, >=, 0);
          g_assert_cmpfloat (pair->score, <=, 1);
          g_assert_true (pair->decided || pair->score > 0);
          offset = end = span.end;
        }
    }
}

static void
check_same (const PostilAlignment *x, const PostilAlignment *y, gboolean mirrored)
{
  g_assert_cmpuint (x->pairs->len, ==, y->pairs->len);
  for (guint i = 0; i < x->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (x->pairs, PostilPair, i);
      guint n = 0;

      for (guint j = 0; j < y->pairs->len; j++)
        {
          const PostilPair *other = &g_array_index (y->pairs, PostilPair, j);

          n += postil_span_equal (pair->a, mirrored ? other->b : other->a) &&
               postil_span_equal (pair->b, mirrored ? other->a : other->b) &&
               pair->kind == other->kind && pair->score == other->score &&
               pair->decided == other->decided;
        }
      g_assert_cmpuint (n, ==, 1);
    }
  g_assert_cmpuint (x->only_a->len, ==, (mirrored ? y->only_b : y->only_a)->len);
  g_assert_cmpuint (x->only_b->len, ==, (mirrored ? y->only_a : y->only_b)->len);
}

static PostilAlignment *
align (PostilText *a, PostilText *b, GArray *decisions)
{
  g_autoptr (PostilAlignment) again = postil_alignment_new (a, b, decisions, NULL, NULL, NULL);
  g_autoptr (GArray) mirrored = mirror (decisions);
  g_autoptr (PostilAlignment) other = postil_alignment_new (b, a, mirrored, NULL, NULL, NULL);
  PostilAlignment *alignment = postil_alignment_new (a, b, decisions, NULL, NULL, NULL);

  check (alignment, decisions);
  check_same (alignment, again, FALSE);
  check_same (alignment, other, TRUE);
  return alignment;
}

static char *
show (const PostilAlignment *alignment, const char *passage)
{
  PostilSpan span = find (bridge_a, passage);
  const PostilPair *pair = postil_alignment_find_pair (alignment, FALSE, span.start);

  if (pair == NULL)
    return g_strdup ("");
  return g_strndup (bridge_b + pair->b.start, postil_span_length (pair->b));
}

static void
assert_beside (const PostilAlignment *alignment, const char *passage, const char *counterpart)
{
  g_autofree char *found = show (alignment, passage);

  g_assert_cmpstr (found, ==, counterpart);
}

static void
test_paired (void)
{
  g_autoptr (PostilText) a = make_text (bridge_a);
  g_autoptr (PostilText) b = make_text (bridge_b);
  g_autoptr (GArray) decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  g_autoptr (PostilAlignment) plain = align (a, b, decisions);
  g_autoptr (PostilAlignment) crossed = NULL;
  g_autoptr (PostilAlignment) cut = NULL;
  g_autoptr (PostilAlignment) over = NULL;
  const PostilPair *pair;

  g_assert_cmpuint (plain->pairs->len, ==, 5);

  /* Against the order: moved; what else is there is as before. */
  decide (decisions, "The old bridge was closed in the spring.",
          "Since May a ferry carries cyclists over the river.", TRUE);
  crossed = align (a, b, decisions);
  assert_beside (crossed, "The old bridge", "Since May a ferry carries cyclists over the river.");
  assert_beside (crossed, "A ferry", "");
  assert_beside (crossed, "Nobody", "When the railing fell, nobody was hurt.");
  pair = postil_alignment_find_pair (crossed, FALSE, 0);
  g_assert_cmpint (pair->kind, ==, POSTIL_PAIR_MOVED);

  /* A part of a sentence; the rest of it is a unit of its own. */
  g_array_set_size (decisions, 0);
  decide (decisions, "The mayor promised", "the mayor promised", TRUE);
  cut = align (a, b, decisions);
  assert_beside (cut, "The mayor promised", "the mayor promised");
  pair = postil_alignment_find_pair (cut, FALSE, find (bridge_a, "The mayor").start);
  g_assert_cmpfloat (pair->score, ==, 1);
  pair = postil_alignment_find_pair (cut, FALSE, find (bridge_a, "a new bridge").start);
  g_assert_nonnull (pair);
  g_assert_cmpuint (pair->a.start, ==, find (bridge_a, "a new bridge").start);
  g_assert_false (pair->decided);

  /* Over several sentences, and without a word in common. */
  g_array_set_size (decisions, 0);
  decide (decisions, "Nobody was hurt when the railing fell. The mayor promised",
          "Half of its customers", TRUE);
  over = align (a, b, decisions);
  assert_beside (over, "Nobody", "Half of its customers");
  assert_beside (over, "mayor", "Half of its customers");
}

static void
test_dismissed (void)
{
  g_autoptr (PostilText) a = make_text (bridge_a);
  g_autoptr (PostilText) b = make_text (bridge_b);
  g_autoptr (GArray) decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  g_autoptr (PostilAlignment) one = NULL;
  g_autoptr (PostilAlignment) all = NULL;
  PostilDecision everything = { { 0, strlen (bridge_a) }, { 0, strlen (bridge_b) }, FALSE };

  decide (decisions, "A ferry", "ferry carries", FALSE);
  one = align (a, b, decisions);
  g_assert_cmpuint (one->pairs->len, ==, 4);
  assert_beside (one, "A ferry", "");
  assert_beside (one, "The bakery", "Half of its customers were lost to the bakery on the corner.");

  g_array_set_size (decisions, 0);
  g_array_append_val (decisions, everything);
  all = align (a, b, decisions);
  g_assert_cmpuint (all->pairs->len, ==, 0);
  g_assert_cmpuint (all->only_a->len, ==, 5);
}

/* The later one holds. */
static void
test_contradictions (void)
{
  g_autoptr (PostilText) a = make_text (bridge_a);
  g_autoptr (PostilText) b = make_text (bridge_b);
  g_autoptr (GArray) decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  g_autoptr (PostilAlignment) first = NULL;
  g_autoptr (PostilAlignment) second = NULL;
  g_autoptr (PostilAlignment) third = NULL;
  PostilDecision beyond = { { 10, 10000 }, { 20000, 30000 }, TRUE };

  decide (decisions, "Nobody was hurt", "the mayor promised", TRUE);
  decide (decisions, "Nobody was", "Half of its customers", TRUE);
  first = align (a, b, decisions);
  assert_beside (first, "Nobody", "Half of its customers");

  decide (decisions, "Nobody", "Half", FALSE);
  second = align (a, b, decisions);
  assert_beside (second, "Nobody", "the mayor promised");

  decide (decisions, "Nobody", "Half", TRUE);
  third = align (a, b, decisions);
  assert_beside (third, "Nobody", "Half");

  /* Not in the texts at all. */
  g_array_set_size (decisions, 0);
  g_array_append_val (decisions, beyond);
  g_clear_pointer (&first, postil_alignment_unref);
  first = postil_alignment_new (a, b, decisions, NULL, NULL, NULL);
  g_assert_cmpuint (first->pairs->len, ==, 5);
}

/* In a text and itself nothing but the decisions tells which one is the first. */
static void
test_itself (void)
{
  g_autoptr (PostilText) a = make_text (bridge_a);
  g_autoptr (GArray) decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
  PostilDecision decision = { { 0, 12 }, { 50, 90 }, TRUE };
  g_autoptr (PostilAlignment) alignment = NULL;

  g_array_append_val (decisions, decision);
  alignment = align (a, a, decisions);
  g_assert_cmpuint (alignment->pairs->len, >, 3);
}

static PostilSpan
choose (GRand *random, guint length)
{
  guint start = g_rand_int_range (random, 0, length);

  return (PostilSpan){ start, start + g_rand_int_range (random, 1, MAX (2, length / 8)) };
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (41);

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (PostilEdits) edits =
        postil_edits_new (i % POSTIL_EDITS_N_STYLES, POSTIL_EDITS_ALL, 3000, i);
      g_autoptr (GArray) decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
      guint n_a = postil_text_get_length (edits->old_text);
      guint n_b = postil_text_get_length (edits->new_text);

      for (guint n = g_rand_int_range (random, 0, 12); n > 0; n--)
        {
          PostilDecision decision = { choose (random, n_a), choose (random, n_b),
                                      g_rand_boolean (random) };

          decision.a.end = MIN (decision.a.end, n_a);
          decision.b.end = MIN (decision.b.end, n_b);
          g_array_append_val (decisions, decision);
        }
      postil_alignment_unref (align (edits->old_text, edits->new_text, decisions));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alignment-decisions/paired", test_paired);
  g_test_add_func ("/alignment-decisions/dismissed", test_dismissed);
  g_test_add_func ("/alignment-decisions/contradictions", test_contradictions);
  g_test_add_func ("/alignment-decisions/itself", test_itself);
  g_test_add_func ("/alignment-decisions/random", test_random);
  return g_test_run ();
}
