/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-comparison-walk.h"

#define A "The river rises in the northern hills near the border.\n"
#define B "Both governments agreed to repair the old stone bridge.\n"
#define C "Fishermen complained loudly about the missing harbour lights.\n"
#define D "A museum of clocks opened its doors to the public in spring.\n"
#define E "Seven students carried the heavy wooden table upstairs.\n"
#define F "Rain is expected over most of the southern islands tomorrow.\n"

static PostilAlignment *
align (const char *a, const char *b)
{
  g_autoptr (PostilText) first = postil_text_new (g_strdup (a), strlen (a), NULL);
  g_autoptr (PostilText) second = postil_text_new (g_strdup (b), strlen (b), NULL);

  return postil_alignment_new (first, second, NULL, NULL, NULL, NULL);
}

static guint
step (PostilComparisonWalk *walk, PostilComparisonFilter filter, guint row, int by)
{
  return postil_comparison_walk_step (walk, filter, row, by);
}

/* The second text lacks C and has F instead, which comes before D. */
static void
test_omissions (void)
{
  g_autoptr (PostilAlignment) alignment = align (A B C D E, A B F D E);
  g_autoptr (PostilComparisonWalk) walk = postil_comparison_walk_new (alignment);
  const guint c = strlen (A B), f = c, end = strlen (A B C D E);
  guint row;

  g_assert_cmpuint (postil_comparison_walk_count (walk, POSTIL_COMPARISON_ALL), ==, 6);
  g_assert_cmpuint (postil_comparison_walk_count (walk, POSTIL_COMPARISON_OMISSIONS), ==, 2);
  g_assert_cmpuint (postil_comparison_walk_count (walk, POSTIL_COMPARISON_DIFFERENCES), ==, 2);
  g_assert_cmpuint (postil_comparison_walk_count (walk, POSTIL_COMPARISON_REWORDINGS), ==, 0);
  g_assert_cmpuint (postil_comparison_walk_count (walk, POSTIL_COMPARISON_MOVES), ==, 0);

  row = step (walk, POSTIL_COMPARISON_OMISSIONS, POSTIL_COMPARISON_NONE, 1);
  g_assert_cmpuint (row, ==, 2);
  g_assert_cmpuint (postil_comparison_walk_get (walk, row)->a.start, ==, c);
  row = step (walk, POSTIL_COMPARISON_OMISSIONS, row, 1);
  g_assert_cmpuint (row, ==, 3);
  g_assert_cmpuint (postil_comparison_walk_get (walk, row)->b.start, ==, f);
  g_assert_null (postil_comparison_walk_get (walk, row)->pair);
  g_assert_cmpuint (step (walk, POSTIL_COMPARISON_OMISSIONS, row, 1), ==, POSTIL_COMPARISON_NONE);

  /* From a row that is none of them, and back from the end. */
  g_assert_cmpuint (step (walk, POSTIL_COMPARISON_OMISSIONS, 0, 1), ==, 2);
  g_assert_cmpuint (step (walk, POSTIL_COMPARISON_OMISSIONS, 0, -1), ==, POSTIL_COMPARISON_NONE);
  g_assert_cmpuint (step (walk, POSTIL_COMPARISON_OMISSIONS, POSTIL_COMPARISON_NONE, -1), ==, 3);
  g_assert_cmpuint (step (walk, POSTIL_COMPARISON_OMISSIONS, 5, -1), ==, 3);
  g_assert_cmpuint (step (walk, POSTIL_COMPARISON_REWORDINGS, 0, 1), ==, POSTIL_COMPARISON_NONE);

  g_assert_cmpuint (postil_comparison_walk_get_position (walk, POSTIL_COMPARISON_OMISSIONS, 3), ==,
                    1);
  g_assert_cmpuint (postil_comparison_walk_get_position (walk, POSTIL_COMPARISON_OMISSIONS, 4), ==,
                    POSTIL_COMPARISON_NONE);
  g_assert_cmpuint (postil_comparison_walk_get_position (walk, POSTIL_COMPARISON_ALL, 5), ==, 5);

  g_assert_cmpuint (postil_comparison_walk_find (walk, FALSE, 0), ==, 0);
  g_assert_cmpuint (postil_comparison_walk_find (walk, FALSE, c), ==, 2);
  g_assert_cmpuint (postil_comparison_walk_find (walk, TRUE, f), ==, 3);
  /* The line feed before it belongs to what it ends. */
  g_assert_cmpuint (postil_comparison_walk_find (walk, TRUE, f - 1), ==, 1);
  g_assert_cmpuint (postil_comparison_walk_find (walk, FALSE, end), ==, 5);
  g_assert_null (postil_comparison_walk_get (walk, POSTIL_COMPARISON_NONE));
}

/* What moved is found from both texts, in the order of each. */
static void
test_moved (void)
{
  g_autoptr (PostilAlignment) alignment = align (A B C D E F, A C D E F B);
  g_autoptr (PostilComparisonWalk) walk = postil_comparison_walk_new (alignment);
  guint row = step (walk, POSTIL_COMPARISON_MOVES, POSTIL_COMPARISON_NONE, 1);
  const PostilPair *pair;

  g_assert_cmpuint (row, ==, 1);
  pair = postil_comparison_walk_get (walk, row)->pair;
  g_assert_cmpint (pair->kind, ==, POSTIL_PAIR_MOVED);
  g_assert_cmpuint (postil_comparison_walk_find_pair (walk, pair), ==, row);
  g_assert_cmpuint (postil_comparison_walk_find (walk, FALSE, strlen (A)), ==, row);
  g_assert_cmpuint (postil_comparison_walk_find (walk, TRUE, strlen (A C D E F)), ==, row);
  g_assert_cmpuint (postil_comparison_walk_find (walk, TRUE, strlen (A)), ==, 2);
}

/* What is quoted again is told apart from what stands nowhere else. */
static void
test_echoes (void)
{
  g_autoptr (PostilAlignment) alignment = align (A B C D "Once more: " B, A B D F);
  g_autoptr (PostilComparisonWalk) walk = postil_comparison_walk_new (alignment);
  const guint c = strlen (A B), again = strlen (A B C D);

  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);
      guint row = postil_comparison_walk_find_pair (walk, pair);

      g_assert_true (postil_comparison_walk_get (walk, row)->pair == pair);
    }
  g_assert_true (postil_comparison_walk_is_echoed (walk, FALSE, (PostilSpan){ again, again + 60 }));
  g_assert_false (postil_comparison_walk_is_echoed (walk, FALSE, (PostilSpan){ c, again }));
  g_assert_true (
    postil_comparison_walk_is_echoed (walk, TRUE, (PostilSpan){ strlen (A), strlen (A B) }));
  g_assert_false (postil_comparison_walk_is_echoed (walk, TRUE, (PostilSpan){ 0, strlen (A) }));
  g_assert_false (
    postil_comparison_walk_is_echoed (walk, TRUE, (PostilSpan){ strlen (A B), strlen (A B D F) }));
}

/* Where a text has nothing, nothing is found. */
static void
test_empty (void)
{
  g_autoptr (PostilAlignment) alignment = align (A B, "");
  g_autoptr (PostilComparisonWalk) walk = postil_comparison_walk_new (alignment);
  g_autoptr (PostilAlignment) nothing = align ("", "\n \n");
  g_autoptr (PostilComparisonWalk) none = postil_comparison_walk_new (nothing);

  g_assert_cmpuint (postil_comparison_walk_count (walk, POSTIL_COMPARISON_OMISSIONS), ==, 2);
  g_assert_cmpuint (postil_comparison_walk_find (walk, FALSE, 3), ==, 0);
  g_assert_cmpuint (postil_comparison_walk_find (walk, TRUE, 0), ==, POSTIL_COMPARISON_NONE);

  for (guint filter = 0; filter < POSTIL_COMPARISON_N_FILTERS; filter++)
    for (int by = -1; by <= 1; by += 2)
      g_assert_cmpuint (step (none, filter, POSTIL_COMPARISON_NONE, by), ==,
                        POSTIL_COMPARISON_NONE);
  g_assert_cmpuint (postil_comparison_walk_find (none, FALSE, 0), ==, POSTIL_COMPARISON_NONE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/comparison-walk/omissions", test_omissions);
  g_test_add_func ("/comparison-walk/moved", test_moved);
  g_test_add_func ("/comparison-walk/echoes", test_echoes);
  g_test_add_func ("/comparison-walk/empty", test_empty);

  return g_test_run ();
}
