/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-row-selection.h"

#define SEED 20260101
#define N_CHANGES 2000
#define MOST 40

/* Whatever comes and goes, what stays is selected if it was, and what comes is not. */
static void
test_changes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (GtkStringList) strings = gtk_string_list_new (NULL);
  g_autoptr (GtkSelectionModel) selection = postil_row_selection_new (G_LIST_MODEL (strings));
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (gboolean));

  for (guint change = 0; change < N_CHANGES; change++)
    {
      guint position = g_rand_int_range (random, 0, expected->len + 1);
      guint n_removed = g_rand_int_range (random, 0, MIN (expected->len - position, MOST) + 1);
      guint n_added = g_rand_int_range (random, 0, MOST);
      g_autofree const char **added = g_new0 (const char *, n_added + 1);
      g_autofree gboolean *none = g_new0 (gboolean, n_added);

      for (guint i = 0; i < n_added; i++)
        added[i] = "row";
      gtk_string_list_splice (strings, position, n_removed, added);
      g_array_remove_range (expected, position, n_removed);
      g_array_insert_vals (expected, position, none, n_added);

      for (guint i = 0; i < expected->len; i++)
        g_assert_cmpint (gtk_selection_model_is_selected (selection, i), ==,
                         g_array_index (expected, gboolean, i));
      if (expected->len == 0)
        continue;
      position = g_rand_int_range (random, 0, expected->len);
      n_added = g_rand_int_range (random, 0, MIN (expected->len - position, MOST) + 1);
      gtk_selection_model_select_range (selection, position, n_added, FALSE);
      for (guint i = 0; i < n_added; i++)
        g_array_index (expected, gboolean, position + i) = TRUE;
    }
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;
  g_test_add_func ("/row-selection/changes", test_changes);

  return g_test_run ();
}
