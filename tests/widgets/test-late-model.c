/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-late-model.h"

#define N_ITEMS 1000

typedef struct
{
  GtkStringList *strings;
  GtkSelectionModel *selection;
  GtkListView *view;
  GtkWidget *window;
  guint n_rows;
} Fixture;

static void
setup_cb (Fixture *fixture, GtkListItem *item)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
  fixture->n_rows++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), fixture);
  fixture->strings = gtk_string_list_new (NULL);
  fixture->selection =
    GTK_SELECTION_MODEL (gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (fixture->strings))));
  fixture->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  postil_late_model_set (fixture->view, fixture->selection, 1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_close (fixture->window);
  g_object_unref (fixture->selection);
  g_object_unref (fixture->strings);
}

static void
show (Fixture *fixture)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (fixture->view));
  fixture->window = display_show (scrolled);
}

static void
insert (Fixture *fixture, guint position, guint n_removed, guint n_added)
{
  g_auto (GStrv) strings = g_new0 (char *, n_added + 1);

  for (guint i = 0; i < n_added; i++)
    strings[i] = g_strdup_printf ("new %u of %u", i, n_added);
  gtk_string_list_splice (fixture->strings, position, n_removed, (const char *const *) strings);
}

static GListModel *
get_shown (Fixture *fixture)
{
  return G_LIST_MODEL (gtk_list_view_get_model (fixture->view));
}

/* What is shown is the beginning of what there is. */
static void
assert_shown (Fixture *fixture, guint n)
{
  g_assert_cmpuint (g_list_model_get_n_items (get_shown (fixture)), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (get_shown (fixture), i);

      g_assert_cmpstr (gtk_string_object_get_string (item), ==,
                       gtk_string_list_get_string (fixture->strings, i));
    }
  g_assert_null (g_list_model_get_item (get_shown (fixture), n));
}

/* Nothing comes before the view is there, and not all of it at once; then few always do. */
static void
test_first (Fixture *fixture, gconstpointer data)
{
  guint n_first = 0;

  insert (fixture, 0, 0, N_ITEMS);
  assert_shown (fixture, 0);
  g_assert_cmpuint (fixture->n_rows, ==, 0);
  show (fixture);
  display_wait ((n_first = g_list_model_get_n_items (get_shown (fixture))) > 0);
  assert_shown (fixture, n_first);
  display_wait (g_list_model_get_n_items (get_shown (fixture)) == N_ITEMS);
  assert_shown (fixture, N_ITEMS);

  insert (fixture, 10, N_ITEMS - 20, 5);
  assert_shown (fixture, 25);
  insert (fixture, 0, 25, 0);
  assert_shown (fixture, 0);
  insert (fixture, 0, 0, 20);
  assert_shown (fixture, 20);
}

/* Of very many that change at once what can be seen comes first, unless that is elsewhere. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  GtkAdjustment *adjustment;
  guint n_first;

  insert (fixture, 0, 0, N_ITEMS);
  show (fixture);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->view));
  display_wait (g_list_model_get_n_items (get_shown (fixture)) == N_ITEMS);
  fixture->n_rows = 0;
  insert (fixture, 5, N_ITEMS - 10, N_ITEMS);
  n_first = g_list_model_get_n_items (get_shown (fixture));
  g_assert_cmpuint (n_first, >, 5);
  g_assert_cmpuint (n_first, <, 100);
  g_assert_cmpuint (fixture->n_rows, <, 100);
  assert_shown (fixture, n_first);
  insert (fixture, 2, 1, N_ITEMS);
  assert_shown (fixture, g_list_model_get_n_items (get_shown (fixture)));
  display_wait (g_list_model_get_n_items (get_shown (fixture)) == 2 * N_ITEMS + 9);
  assert_shown (fixture, 2 * N_ITEMS + 9);

  gtk_adjustment_set_value (adjustment, 1000);
  display_settle (50);
  insert (fixture, 0, N_ITEMS, N_ITEMS - 1);
  assert_shown (fixture, 2 * N_ITEMS + 8);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 0);
}

typedef struct
{
  GListModel *model;
  guint n_items;
  guint n_frames;
} Growth;

static void
grow_cb (Growth *growth)
{
  guint n_items = g_list_model_get_n_items (growth->model);

  if (n_items == growth->n_items)
    return;
  if (n_items < N_ITEMS)
    g_assert_cmpuint (n_items, <=, MAX (2 * growth->n_items, 9));
  growth->n_items = n_items;
  growth->n_frames++;
}

/* A view in which there was nothing fills bit by bit. */
static void
test_grows (Fixture *fixture, gconstpointer data)
{
  GdkFrameClock *clock;
  Growth growth = { .model = get_shown (fixture) };

  insert (fixture, 0, 0, N_ITEMS);
  show (fixture);
  display_wait (g_list_model_get_n_items (growth.model) == N_ITEMS);
  insert (fixture, 0, N_ITEMS, 0);
  insert (fixture, 0, 0, N_ITEMS);
  assert_shown (fixture, 0);
  clock = gtk_widget_get_frame_clock (fixture->window);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (grow_cb), &growth);
  display_wait (growth.n_items == N_ITEMS);
  g_assert_cmpuint (growth.n_frames, >, 3);
  assert_shown (fixture, N_ITEMS);
  g_signal_handlers_disconnect_by_data (clock, &growth);
}

/* What changes while some are shown is right at any time. */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  show (fixture);
  for (guint i = 0; i < 100 && g_list_model_get_n_items (get_shown (fixture)) < N_ITEMS; i++)
    {
      insert (fixture, 0, MIN (i, 3), N_ITEMS / 20);
      insert (fixture, i, 1, 2);
      g_main_context_iteration (NULL, FALSE);
      assert_shown (fixture, g_list_model_get_n_items (get_shown (fixture)));
    }
  display_wait (g_list_model_get_n_items (get_shown (fixture)) ==
                g_list_model_get_n_items (G_LIST_MODEL (fixture->strings)));
  assert_shown (fixture, g_list_model_get_n_items (G_LIST_MODEL (fixture->strings)));
}

static void
changed_cb (guint *n_selected, guint position, guint n_items)
{
  *n_selected += n_items;
}

/* What is selected is so on both sides, and both hear of it. */
static void
test_selection (Fixture *fixture, gconstpointer data)
{
  GtkSelectionModel *shown = GTK_SELECTION_MODEL (get_shown (fixture));
  guint n_inner = 0, n_outer = 0;

  insert (fixture, 0, 0, N_ITEMS);
  gtk_selection_model_select_item (fixture->selection, 7, TRUE);
  show (fixture);
  display_wait (g_list_model_get_n_items (get_shown (fixture)) == N_ITEMS);
  g_assert_true (gtk_selection_model_is_selected (shown, 7));

  g_signal_connect_swapped (fixture->selection, "selection-changed", G_CALLBACK (changed_cb),
                            &n_inner);
  g_signal_connect_swapped (shown, "selection-changed", G_CALLBACK (changed_cb), &n_outer);
  gtk_selection_model_select_range (shown, 20, 5, FALSE);
  g_assert_true (gtk_selection_model_is_selected (fixture->selection, 24));
  g_assert_true (gtk_selection_model_is_selected (fixture->selection, 7));
  g_assert_cmpuint (n_inner, ==, 5);
  g_assert_cmpuint (n_outer, ==, 5);
  gtk_selection_model_unselect_all (fixture->selection);
  g_assert_false (gtk_selection_model_is_selected (shown, 20));
}

typedef struct
{
  GListModel *models[2];
  guint n_items[2];
  guint n_both;
} Pair;

static void
after_paint_cb (Pair *pair)
{
  gboolean grew[2];

  for (guint i = 0; i < G_N_ELEMENTS (grew); i++)
    {
      guint n_items = g_list_model_get_n_items (pair->models[i]);

      grew[i] = n_items > pair->n_items[i];
      pair->n_items[i] = n_items;
    }
  pair->n_both += grew[0] && grew[1];
}

/* Two views of one window never have rows made in one frame, and both get all. */
static void
test_turns (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  Pair pair = { 0 };
  GdkFrameClock *clock;

  for (guint i = 0; i < G_N_ELEMENTS (pair.models); i++)
    {
      GtkWidget *scrolled = gtk_scrolled_window_new ();
      GtkListView *view = i == 0
                            ? fixture->view
                            : GTK_LIST_VIEW (gtk_list_view_new (
                                NULL, g_object_ref (gtk_list_view_get_factory (fixture->view))));

      if (i > 0)
        postil_late_model_set (view, fixture->selection, 1);
      pair.models[i] = G_LIST_MODEL (gtk_list_view_get_model (view));
      gtk_widget_set_hexpand (scrolled, TRUE);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (view));
      gtk_box_append (GTK_BOX (box), scrolled);
    }
  fixture->window = display_show (box);
  clock = gtk_widget_get_frame_clock (fixture->window);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &pair);
  insert (fixture, 0, 0, N_ITEMS);
  display_wait (pair.n_items[0] == N_ITEMS && pair.n_items[1] == N_ITEMS);
  g_assert_cmpuint (pair.n_both, ==, 0);
  g_signal_handlers_disconnect_by_data (clock, &pair);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(name, function)                                                                        \
  g_test_add ("/late-model/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("first", test_first);
  ADD ("many", test_many);
  ADD ("grows", test_grows);
  ADD ("changes", test_changes);
  ADD ("selection", test_selection);
  ADD ("turns", test_turns);
#undef ADD

  return g_test_run ();
}
