/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-row-binder.h"

#define N_ITEMS 300

typedef struct
{
  GtkStringList *strings;
  GtkListView *view;
  PostilRowBinder *binder;
  GtkWidget *window;
  const char *prefix;
  guint n_alive;
} Fixture;

static void
finalized_cb (gpointer n_alive, GObject *object)
{
  (*(guint *) n_alive)--;
}

static void
setup_cb (Fixture *fixture, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  g_object_weak_ref (G_OBJECT (label), finalized_cb, &fixture->n_alive);
  fixture->n_alive++;
  gtk_list_item_set_child (item, label);
}

static gboolean
bind (GtkListItem *item, gpointer data)
{
  Fixture *fixture = data;
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  g_autofree char *string = g_strconcat (
    fixture->prefix, gtk_string_object_get_string (gtk_list_item_get_item (item)), NULL);

  if (g_str_equal (gtk_label_get_label (label), string))
    return FALSE;
  gtk_label_set_label (label, string);
  return TRUE;
}

static void
insert (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *string = g_strdup_printf ("%u", i);

      gtk_string_list_append (fixture->strings, string);
    }
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), fixture);
  fixture->prefix = "";
  fixture->strings = gtk_string_list_new (NULL);
  insert (fixture, N_ITEMS);
  fixture->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  fixture->binder = postil_row_binder_new (fixture->view, bind, fixture);
  gtk_list_view_set_model (fixture->view, GTK_SELECTION_MODEL (gtk_no_selection_new (
                                            g_object_ref (G_LIST_MODEL (fixture->strings)))));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (fixture->view));
  fixture->window = display_show (scrolled);
  display_wait (fixture->n_alive > 100);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->binder, postil_row_binder_free);
  display_close (fixture->window);
  g_object_unref (fixture->strings);
  g_assert_cmpuint (fixture->n_alive, ==, 0);
}

/* Rows that go are out of the view at once, and freed when there is time; others come meanwhile. */
static void
test_gone (Fixture *fixture, gconstpointer data)
{
  guint n_rows = fixture->n_alive;

  gtk_string_list_splice (fixture->strings, 0, N_ITEMS, NULL);
  g_assert_null (gtk_widget_get_first_child (GTK_WIDGET (fixture->view)));
  g_assert_cmpuint (fixture->n_alive, ==, n_rows);
  insert (fixture, 5);
  display_wait (fixture->n_alive == 5);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *string = g_strdup_printf ("%u", i);

      g_assert_nonnull (display_find_named (fixture->view, GTK_TYPE_LABEL, string));
    }
}

/* What has not been freed yet goes with the binder. */
static void
test_free (Fixture *fixture, gconstpointer data)
{
  gtk_string_list_splice (fixture->strings, 0, N_ITEMS, NULL);
  g_assert_cmpuint (fixture->n_alive, >, 0);
  g_clear_pointer (&fixture->binder, postil_row_binder_free);
  g_assert_cmpuint (fixture->n_alive, ==, 0);
}

/* A view that is not on the screen has its rows bound when it comes there. */
static void
test_map (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture->view);

  gtk_widget_set_visible (view, FALSE);
  fixture->prefix = "new ";
  postil_row_binder_refresh (fixture->binder);
  display_settle (60);
  g_assert_null (display_find_named (view, GTK_TYPE_LABEL, "new 0"));
  gtk_widget_set_visible (view, TRUE);
  g_assert_nonnull (display_find_named (view, GTK_TYPE_LABEL, "new 0"));
  display_wait (display_find_named (view, GTK_TYPE_LABEL, "new 150") != NULL);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(name, function)                                                                        \
  g_test_add ("/row-binder/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("gone", test_gone);
  ADD ("free", test_free);
  ADD ("map", test_map);
#undef ADD

  return g_test_run ();
}
