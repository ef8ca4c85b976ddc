/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchoring.h"

#include <locale.h>

#include "postil-edits.h"

/*
 * Whether passages are found again in texts that were edited, measured on made-up texts of which
 * the truth is known, with the old text at hand and without it.
 *
 * Of the passages that survive, an answer is right when it overlaps the truth by at least 0.8 of
 * their union, wrong when it is elsewhere and said to be sure; an uncertain answer elsewhere is
 * neither, and an orphan is given up. Of those that are gone, the ones count that were noticed.
 *
 * POSTIL_EDITS_SEED in the environment makes other texts, POSTIL_EDITS_SHOW shows what is not
 * right.
 */

#define SEED 20260101
/* Of fewer that are gone, a share says nothing. */
#define MIN_GONE 60
#define SMALL 5000
#define MEDIUM 30000
#define LARGE 120000

typedef struct
{
  guint n_surviving;
  guint n_right;
  guint n_wrong;
  guint n_given_up;
  guint n_uncertain;
  guint n_gone;
  guint n_noticed;
} Tally;

static double
share (guint n, guint of)
{
  return of > 0 ? (double) n / of : 1;
}

static gboolean
is_right (PostilSpan answer, PostilSpan truth)
{
  guint low = MAX (answer.start, truth.start), high = MIN (answer.end, truth.end);
  guint common = high > low ? high - low : 0;

  return common > 0 &&
         common * 5 >= (postil_span_length (answer) + postil_span_length (truth) - common) * 4;
}

static void
show (const PostilEdits *edits,
      const PostilEditsPassage *passage,
      const PostilPlacement *placement,
      const char *what)
{
  static const char *const statuses[] = { "placed", "moved", "uncertain", "orphaned" };
  guint n_selectors;
  const PostilSelector *selectors;

  if (g_getenv ("POSTIL_EDITS_SHOW") == NULL)
    return;
  selectors = postil_anchor_get_selectors (passage->anchor, &n_selectors);
  for (guint i = 0; i < n_selectors; i++)
    {
      PostilSpan truth = passage->truth[i];
      PostilSpan around = { truth.start - MIN (truth.start, 40), truth.end };
      g_autofree char *before =
        postil_text_dup_range (edits->new_text, (PostilSpan){ around.start, truth.start });
      g_autofree char *there = postil_text_dup_range (edits->new_text, truth);
      g_autofree char *after = postil_text_dup_range (
        edits->new_text,
        (PostilSpan){ truth.end, MIN (truth.end + 40, postil_text_get_length (edits->new_text)) });
      g_autofree char *found =
        placement->spans ? postil_text_dup_range (edits->new_text, placement->spans[i]) : NULL;

      g_print ("# %s, %s\n#  old   %u-%u %s⟦%s⟧%s\n#  truth %u-%u %s⟦%s⟧%s\n#  found %u-%u ⟦%s⟧\n",
               what, statuses[placement->status], passage->spans[i].start, passage->spans[i].end,
               selectors[i].prefix, selectors[i].exact, selectors[i].suffix, truth.start, truth.end,
               before, there, after, placement->spans ? placement->spans[i].start : 0,
               placement->spans ? placement->spans[i].end : 0, found);
    }
}

static void
judge (const PostilEdits *edits,
       const PostilEditsPassage *passage,
       const PostilPlacement *placement,
       gboolean with_old_text,
       Tally *tally)
{
  gboolean orphaned = placement->status == POSTIL_STATUS_ORPHANED;
  gboolean uncertain = placement->status == POSTIL_STATUS_UNCERTAIN;
  gboolean right = !orphaned;

  g_assert_true (orphaned == (placement->spans == NULL));
  for (guint i = 0; i < passage->n_spans && !orphaned; i++)
    {
      g_assert_cmpuint (placement->spans[i].start, <=, placement->spans[i].end);
      g_assert_cmpuint (placement->spans[i].end, <=, postil_text_get_length (edits->new_text));
      right &= is_right (placement->spans[i], passage->truth[i]);
    }

  if (passage->fate == POSTIL_EDITS_SURVIVES && (with_old_text || !passage->vague))
    {
      tally->n_surviving++;
      tally->n_right += right;
      tally->n_given_up += orphaned;
      tally->n_wrong += !right && !orphaned && !uncertain;
      tally->n_uncertain += uncertain;
      if (!right)
        show (edits, passage, placement, "not right");
    }
  else if (passage->fate == POSTIL_EDITS_GONE)
    {
      tally->n_gone++;
      tally->n_noticed += orphaned || uncertain;
      if (!orphaned && !uncertain)
        show (edits, passage, placement, "gone");
    }
}

static void
place (const PostilEdits *edits, gboolean with_old_text, Tally *tally)
{
  guint n = edits->passages->len;
  g_autofree PostilPlacement *placements = g_new0 (PostilPlacement, n);

  for (guint i = 0; i < n; i++)
    placements[i].anchor = g_array_index (edits->passages, PostilEditsPassage, i).anchor;
  g_assert_true (postil_anchoring_place (edits->new_text, with_old_text ? edits->old_text : NULL,
                                         placements, n, NULL, NULL, NULL));
  for (guint i = 0; i < n; i++)
    {
      judge (edits, &g_array_index (edits->passages, PostilEditsPassage, i), &placements[i],
             with_old_text, tally);
      g_free (placements[i].spans);
    }
}

static void
add (Tally *sum, const Tally *tally)
{
  sum->n_surviving += tally->n_surviving;
  sum->n_right += tally->n_right;
  sum->n_wrong += tally->n_wrong;
  sum->n_given_up += tally->n_given_up;
  sum->n_uncertain += tally->n_uncertain;
  sum->n_gone += tally->n_gone;
  sum->n_noticed += tally->n_noticed;
}

static void
report (const char *name, const Tally *tally)
{
  g_test_message ("%-14s %5u surviving: right %.4f, wrong %.4f, given up %.4f, uncertain %.4f; "
                  "%4u gone: noticed %.3f",
                  name, tally->n_surviving, share (tally->n_right, tally->n_surviving),
                  share (tally->n_wrong, MAX (tally->n_surviving, 1)),
                  share (tally->n_given_up, MAX (tally->n_surviving, 1)),
                  share (tally->n_uncertain, MAX (tally->n_surviving, 1)), tally->n_gone,
                  share (tally->n_noticed, tally->n_gone));
}

static void
check (const char *name, const Tally *tally)
{
  report (name, tally);
  if (share (tally->n_right, tally->n_surviving) < 0.99 ||
      share (tally->n_wrong, MAX (tally->n_surviving, 1)) > 0.005 ||
      share (tally->n_given_up, MAX (tally->n_surviving, 1)) > 0.01 ||
      (tally->n_gone >= MIN_GONE && share (tally->n_noticed, tally->n_gone) < 0.95))
    g_test_fail_printf ("%s: not good enough", name);
}

static void
test_edits (gconstpointer data)
{
  gboolean with_old_text = GPOINTER_TO_INT (data);
  const char *other_seed = g_getenv ("POSTIL_EDITS_SEED");
  guint32 seed = other_seed != NULL ? g_ascii_strtoull (other_seed, NULL, 10) : SEED;
  Tally all = { 0 }, by_style[POSTIL_EDITS_N_STYLES] = { { 0 } };

  for (PostilEditsKind kind = 0; kind < POSTIL_EDITS_N_KINDS; kind++)
    {
      Tally of_kind = { 0 };

      for (PostilEditsStyle style = 0; style < POSTIL_EDITS_N_STYLES; style++)
        {
          Tally tally = { 0 };
          const guint sizes[] = { SMALL, MEDIUM,
                                  kind % POSTIL_EDITS_N_STYLES == style ? LARGE : 0 };

          for (guint i = 0; i < G_N_ELEMENTS (sizes) && sizes[i] > 0; i++)
            {
              g_autoptr (PostilEdits) edits =
                postil_edits_new (style, kind, sizes[i], seed + 100 * kind + 10 * style + i);

              place (edits, with_old_text, &tally);
            }
          add (&by_style[style], &tally);
          add (&of_kind, &tally);
          if (g_test_verbose ())
            {
              g_autofree char *name = g_strconcat (postil_edits_get_kind_name (kind), ", ",
                                                   postil_edits_get_style_name (style), NULL);

              report (name, &tally);
            }
        }
      check (postil_edits_get_kind_name (kind), &of_kind);
      add (&all, &of_kind);
    }
  for (PostilEditsStyle style = 0; style < POSTIL_EDITS_N_STYLES; style++)
    report (postil_edits_get_style_name (style), &by_style[style]);
  check ("all", &all);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/anchoring-edits/with-old-text", GINT_TO_POINTER (TRUE), test_edits);
  g_test_add_data_func ("/anchoring-edits/without-old-text", GINT_TO_POINTER (FALSE), test_edits);
  return g_test_run ();
}
