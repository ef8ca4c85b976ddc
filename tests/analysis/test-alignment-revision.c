/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-alignment.h"
#include "postil-edits.h"
#include "postil-text-changes.h"

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

/* Replaces a passage of a text. */
static PostilText *
replace (PostilText *text, PostilSpan span, const char *by)
{
  g_autofree char *before = postil_text_dup_range (text, (PostilSpan){ 0, span.start });
  g_autofree char *behind =
    postil_text_dup_range (text, (PostilSpan){ span.end, postil_text_get_length (text) });
  char *utf8 = g_strconcat (before, by, behind, NULL);

  return postil_text_new (utf8, strlen (utf8), NULL);
}

static gboolean
has_pair (const PostilAlignment *alignment, const PostilPair *pair)
{
  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *other = &g_array_index (alignment->pairs, PostilPair, i);

      if (postil_span_equal (pair->a, other->a) && postil_span_equal (pair->b, other->b))
        return pair->kind == other->kind && pair->score == other->score &&
               pair->decided == other->decided;
    }
  return FALSE;
}

/* All but echoes are apart from each other, and those in order are in order in both texts. */
static void
check (const PostilAlignment *alignment)
{
  for (guint side = 0; side < 2; side++)
    {
      g_autoptr (GPtrArray) pairs =
        postil_alignment_list_in (alignment, side, (PostilSpan){ 0, alignment->lengths[side] });
      guint end = 0, ordered = 0;

      for (guint i = 0; i < pairs->len; i++)
        {
          const PostilPair *pair = g_ptr_array_index (pairs, i);
          PostilSpan here = side ? pair->b : pair->a, there = side ? pair->a : pair->b;

          g_assert_cmpuint (here.start, >=, end);
          g_assert_cmpuint (here.start, <, here.end);
          end = here.end;
          if (pair->kind == POSTIL_PAIR_MOVED)
            continue;
          g_assert_cmpuint (there.start, >=, ordered);
          ordered = there.end;
        }
      g_assert_cmpuint (end, <=, alignment->lengths[side]);
    }
}

static void
check_same (const PostilAlignment *x, const PostilAlignment *y)
{
  g_assert_cmpuint (x->pairs->len, ==, y->pairs->len);
  for (guint i = 0; i < x->pairs->len; i++)
    g_assert_true (has_pair (y, &g_array_index (x->pairs, PostilPair, i)));
  g_assert_cmpuint (x->only_a->len, ==, y->only_a->len);
  g_assert_cmpuint (x->only_b->len, ==, y->only_b->len);
}

static const PostilEditsKind kinds[] = { POSTIL_EDITS_WORDS_10, POSTIL_EDITS_MOVED,
                                         POSTIL_EDITS_INSERTED, POSTIL_EDITS_ALL };

static PostilEdits *
make_texts (guint i)
{
  return postil_edits_new (i % POSTIL_EDITS_N_STYLES, kinds[i / 2 % G_N_ELEMENTS (kinds)], 4000,
                           1000 + i);
}

static void
test_unchanged (void)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (PostilEdits) edits = make_texts (i);
      PostilText *a = edits->old_text, *b = edits->new_text;
      g_autoptr (PostilAlignment) before = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      g_autoptr (PostilText) copy = make_text (postil_text_get_utf8 (b, NULL));
      g_autoptr (PostilAlignment) after =
        postil_alignment_revise (before, a, b, a, copy, NULL, NULL, NULL, NULL);

      g_assert_true (after == before);
    }
}

/* What is outside of a change stays as it is, and what is new is aligned. */
static void
test_edited (void)
{
  static const char *const replacements[] = {
    "",
    "x",
    "quite other words. And more of them.",
    "\n\nA heading\n\n",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (43);
  guint n_gone = 0, n_kept = 0;

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (PostilEdits) edits = make_texts (i);
      PostilText *a = edits->old_text, *b = edits->new_text;
      g_autoptr (PostilAlignment) before = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      guint length = postil_text_get_length (a), start = g_rand_int_range (random, 0, length);
      PostilSpan span = { start,
                          MIN (length, start + g_rand_int_range (random, 0, i % 2 ? 20 : 300)) };
      const char *by = replacements[g_rand_int_range (random, 0, G_N_ELEMENTS (replacements))];
      g_autoptr (PostilText) edited = replace (a, span, by);
      int shift = (int) postil_text_get_length (edited) - (int) length;
      g_autoptr (PostilAlignment) after =
        postil_alignment_revise (before, a, b, edited, b, NULL, NULL, NULL, NULL);
      g_autoptr (PostilAlignment) again =
        postil_alignment_revise (after, edited, b, edited, b, NULL, NULL, NULL, NULL);
      g_autoptr (PostilAlignment) back =
        postil_alignment_revise (after, edited, b, a, b, NULL, NULL, NULL, NULL);

      check (after);
      check (back);
      g_assert_true (again == after);
      for (guint j = 0; j < before->pairs->len; j++)
        {
          PostilPair pair = g_array_index (before->pairs, PostilPair, j);
          g_autofree char *between = NULL;
          gboolean apart;

          if (pair.kind == POSTIL_PAIR_ECHO)
            continue;
          /* Not touched when words are between. */
          if (pair.a.end < span.start)
            between = postil_text_dup_range (a, (PostilSpan){ pair.a.end, span.start });
          else if (pair.a.start > span.end)
            between = postil_text_dup_range (a, (PostilSpan){ span.end, pair.a.start });
          apart = between != NULL && strlen (g_strchomp (g_strchug (between))) > 0;
          if (pair.a.start >= span.end)
            {
              pair.a.start += shift;
              pair.a.end += shift;
            }
          if (!apart)
            n_gone++;
          else
            {
              /* The words between may not end a sentence any more. */
              gboolean stays = has_pair (after, &pair);

              n_kept++;
              if (!stays)
                {
                  PostilSpan around = { MIN (pair.a.start, span.start),
                                        MAX (pair.a.end, span.end) };

                  g_assert_cmpuint (postil_span_length (around), <, 1200);
                }
            }
        }
    }
  g_assert_cmpuint (n_kept, >, 5 * n_gone);
}

/* The same change at once and from the other side gives the same. */
static void
test_symmetry (void)
{
  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (PostilEdits) edits = make_texts (i);
      g_autoptr (PostilEdits) others = make_texts (i + POSTIL_EDITS_N_STYLES);
      PostilText *a = edits->old_text, *now = edits->new_text, *b = others->new_text;
      g_autoptr (PostilAlignment) before = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      g_autoptr (PostilAlignment) mirrored = postil_alignment_new (b, a, NULL, NULL, NULL, NULL);
      g_autoptr (PostilAlignment) x =
        postil_alignment_revise (before, a, b, now, b, NULL, NULL, NULL, NULL);
      g_autoptr (PostilAlignment) y =
        postil_alignment_revise (mirrored, b, a, b, now, NULL, NULL, NULL, NULL);

      check (x);
      g_assert_cmpuint (x->pairs->len, ==, y->pairs->len);
      for (guint j = 0; j < x->pairs->len; j++)
        {
          PostilPair pair = g_array_index (x->pairs, PostilPair, j);
          PostilSpan side = pair.a;

          pair.a = pair.b;
          pair.b = side;
          g_assert_true (has_pair (y, &pair));
        }
    }
}

/* A decision changes only what it is about. */
static void
test_decided (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (47);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (PostilEdits) edits = make_texts (i);
      PostilText *a = edits->old_text, *b = edits->new_text;
      g_autoptr (PostilAlignment) before = postil_alignment_new (a, b, NULL, NULL, NULL, NULL);
      g_autoptr (GArray) decisions = g_array_new (FALSE, FALSE, sizeof (PostilDecision));
      const PostilPair *x, *y;
      PostilDecision decision;
      g_autoptr (PostilAlignment) after = NULL;
      g_autoptr (PostilAlignment) undone = NULL;

      if (before->pairs->len == 0)
        continue;
      x = &g_array_index (before->pairs, PostilPair,
                          g_rand_int_range (random, 0, before->pairs->len));
      y = &g_array_index (before->pairs, PostilPair,
                          g_rand_int_range (random, 0, before->pairs->len));
      decision = (PostilDecision){ x->a, i % 4 < 2 ? x->b : y->b, i % 2 };
      if (i % 8 > 4)
        decision.a.end = MAX (decision.a.start + 1, decision.a.end - 7);
      g_array_append_val (decisions, decision);

      after = postil_alignment_revise (before, a, b, a, b, decisions, NULL, NULL, NULL);
      undone = postil_alignment_revise (after, a, b, a, b, NULL, NULL, NULL, NULL);
      check (after);
      check (undone);
      /* What was put in the place of a pair that was taken apart may stay. */
      if (!decision.paired)
        check_same (before, undone);
      for (guint j = 0; j < before->pairs->len; j++)
        {
          const PostilPair *pair = &g_array_index (before->pairs, PostilPair, j);
          gboolean in_a = postil_span_touches (pair->a, decision.a);
          gboolean in_b = postil_span_touches (pair->b, decision.b);

          if (pair->kind != POSTIL_PAIR_ECHO && !(decision.paired ? in_a || in_b : in_a && in_b))
            g_assert_true (has_pair (after, pair));
        }
    }
}

/* Where texts differ: what is between is the same. */
static void
test_changes (void)
{
  for (guint i = 0; i < POSTIL_EDITS_N_STYLES * POSTIL_EDITS_N_KINDS; i++)
    {
      g_autoptr (PostilEdits) edits =
        postil_edits_new (i % POSTIL_EDITS_N_STYLES, i / POSTIL_EDITS_N_STYLES, 3000, i);
      PostilText *before = edits->old_text, *after = edits->new_text;
      g_autoptr (GArray) changes = postil_text_changes_list (before, after);
      guint at_before = 0, at_after = 0;

      for (guint j = 0; j <= changes->len; j++)
        {
          PostilTextChange end = { { postil_text_get_length (before), 0 },
                                   { postil_text_get_length (after), 0 } };
          const PostilTextChange *change =
            j < changes->len ? &g_array_index (changes, PostilTextChange, j) : &end;
          g_autofree char *old = NULL, *new = NULL;

          if (change->before.start > at_before)
            {
              PostilSpan same = { at_before, change->before.start }, followed;

              old = postil_text_dup_range (before, same);
              new = postil_text_dup_range (after, (PostilSpan){ at_after, change->after.start });
              g_assert_cmpstr (old, ==, new);
              if (postil_span_length (same) > 2)
                {
                  same = (PostilSpan){ same.start + 1, same.end - 1 };
                  g_assert_true (postil_text_changes_follow (changes, same, &followed));
                  g_assert_cmpuint (followed.start, ==, at_after + 1);
                  g_assert_false (postil_text_changes_touch (changes, followed));
                }
            }
          at_before = change->before.end;
          at_after = change->after.end;
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alignment-revision/changes", test_changes);
  g_test_add_func ("/alignment-revision/unchanged", test_unchanged);
  g_test_add_func ("/alignment-revision/edited", test_edited);
  g_test_add_func ("/alignment-revision/symmetry", test_symmetry);
  g_test_add_func ("/alignment-revision/decided", test_decided);
  return g_test_run ();
}
