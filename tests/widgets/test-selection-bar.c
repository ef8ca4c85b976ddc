/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "display.h"
#include "postil-edit.h"
#include "postil-selection-bar.h"
#include "postil-test.h"
#include "postil-topic-item.h"

typedef struct
{
  PostilWorkspace *workspace;
  GtkWidget *text;
  PostilSelectionBar *bar;
  GtkWidget *window;
  GString *log;
} Fixture;

static void
highlight_cb (Fixture *fixture)
{
  g_string_append (fixture->log, "highlight;");
}

static void
note_cb (Fixture *fixture)
{
  g_string_append (fixture->log, "note;");
}

static void
chosen_cb (Fixture *fixture, const char *id)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  g_autofree char *path =
    postil_codebook_dup_path (codebook, postil_codebook_get_topic (codebook, id));

  g_string_append_printf (fixture->log, "chosen %s;", path);
}

static void
created_cb (Fixture *fixture, const char *path)
{
  g_string_append_printf (fixture->log, "created %s;", path);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "Trust",           "Distrust", "People/Trustees",
                                       "War/Peace/Truce", "Éclair",   "Money" };
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->log = g_string_new (NULL);
  fixture->workspace = postil_test_workspace_new ();
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *id = postil_edit_ensure_path (fixture->workspace, step, paths[i]);

      g_assert_nonnull (id);
    }
  postil_workspace_commit (fixture->workspace, step, NULL);

  fixture->text = gtk_text_view_new ();
  gtk_widget_set_vexpand (fixture->text, TRUE);
  gtk_box_append (GTK_BOX (box), fixture->text);
  fixture->bar = POSTIL_SELECTION_BAR (postil_selection_bar_new ());
  gtk_widget_set_parent (GTK_WIDGET (fixture->bar), box);
  postil_selection_bar_set_workspace (fixture->bar, fixture->workspace);
  g_signal_connect_swapped (fixture->bar, "highlight", G_CALLBACK (highlight_cb), fixture);
  g_signal_connect_swapped (fixture->bar, "note", G_CALLBACK (note_cb), fixture);
  g_signal_connect_swapped (fixture->bar, "topic-chosen", G_CALLBACK (chosen_cb), fixture);
  g_signal_connect_swapped (fixture->bar, "topic-created", G_CALLBACK (created_cb), fixture);
  fixture->window = display_show (box);
  gtk_widget_grab_focus (fixture->text);
  gtk_popover_popup (GTK_POPOVER (fixture->bar));
  display_wait (gtk_widget_get_mapped (GTK_WIDGET (fixture->bar)));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_widget_unparent (GTK_WIDGET (fixture->bar));
  display_close (fixture->window);
  g_object_unref (fixture->workspace);
  g_string_free (fixture->log, TRUE);
}

static GtkWidget *
get_focus (Fixture *fixture)
{
  return gtk_root_get_focus (GTK_ROOT (fixture->window));
}

static void
test_focus (Fixture *fixture, gconstpointer data)
{
  GtkWidget *bar = GTK_WIDGET (fixture->bar);

  g_assert_true (get_focus (fixture) == fixture->text);
  postil_selection_bar_grab_topic (fixture->bar);
  g_assert_true (gtk_widget_is_ancestor (get_focus (fixture), bar));
  g_assert_true (display_press (bar, GDK_KEY_Escape, 0));
  g_assert_true (get_focus (fixture) == fixture->text);
  g_assert_false (gtk_widget_get_visible (bar));
  g_assert_cmpstr (fixture->log->str, ==, "");
}

static void
test_buttons (Fixture *fixture, gconstpointer data)
{
  static const char *const labels[] = { "_Highlight", "_Note", "Distrust" };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gtk_popover_popup (GTK_POPOVER (fixture->bar));
      g_signal_emit_by_name (display_find_named (fixture->bar, GTK_TYPE_BUTTON, labels[i]),
                             "clicked");
      g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->bar)));
      g_assert_true (get_focus (fixture) == fixture->text);
    }
  g_assert_cmpstr (fixture->log->str, ==, "highlight;note;chosen Distrust;");
}

static void
test_recent (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  PostilTopic *money = postil_codebook_find_path (codebook, "Money");
  g_autoptr (PostilStep) step = postil_step_new ("Delete");
  GtkWidget *first;

  g_assert_null (display_find_named (fixture->bar, GTK_TYPE_BUTTON, "Money"));
  postil_selection_bar_add_recent (fixture->bar, postil_topic_get_id (money));
  postil_selection_bar_add_recent (fixture->bar, postil_topic_get_id (money));
  first = display_find_named (fixture->bar, GTK_TYPE_BUTTON, "Money");
  g_assert_nonnull (first);
  g_assert_null (gtk_widget_get_prev_sibling (first));
  postil_edit_remove_topic (fixture->workspace, step, postil_topic_get_id (money));
  postil_workspace_commit (fixture->workspace, step, NULL);
  g_assert_null (display_find_named (fixture->bar, GTK_TYPE_BUTTON, "Money"));
}

/* What is typed, the keys pressed then, and what comes of Enter. */
static const struct
{
  const char *typed;
  int n_down;
  const char *outcome;
} cases[] = {
  { "trust", 0, "chosen Trust;" },
  { "Trust", 0, "chosen Trust;" },
  { "TRUS", 1, "chosen People/Trustees;" },
  { "trus", 2, "chosen Distrust;" },
  { "trus", 3, "created trus;" },
  { "trus", 4, "chosen Trust;" },
  { "trus", -1, "created trus;" },
  { "rust", 0, "created rust;" },
  { "rust", 1, "chosen Trust;" },
  { "peace/", 0, "created peace/;" },
  { "war/pea", 0, "chosen War/Peace;" },
  { "e\u0301clair", 0, "chosen Éclair;" },
  { "eclair", 0, "chosen Éclair;" },
  { "  New one  ", 0, "created New one;" },
  { "People/New", 0, "created People/New;" },
  { "", 0, "" },
  { "   ", 0, "" },
  { "/", 0, "" },
  { "", 1, "chosen Trust;" },
};

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkEditable *entry;

      gtk_popover_popup (GTK_POPOVER (fixture->bar));
      postil_selection_bar_grab_topic (fixture->bar);
      entry = display_find (fixture->bar, GTK_TYPE_ENTRY, 0);
      gtk_editable_set_text (entry, cases[i].typed);
      for (int k = 0; k < ABS (cases[i].n_down); k++)
        g_assert_true (display_press (entry, cases[i].n_down > 0 ? GDK_KEY_Down : GDK_KEY_Up, 0));
      g_string_truncate (fixture->log, 0);
      g_signal_emit_by_name (entry, "activate");
      g_test_message ("“%s” and %d", cases[i].typed, cases[i].n_down);
      g_assert_cmpstr (fixture->log->str, ==, cases[i].outcome);
      gtk_popover_popdown (GTK_POPOVER (fixture->bar));
      g_assert_cmpstr (gtk_editable_get_text (entry), ==, "");
    }
}

/* The list stands open only while the entry has the focus. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_assert_null (display_find (fixture->bar, GTK_TYPE_LIST_VIEW, 0));
  postil_selection_bar_grab_topic (fixture->bar);
  display_wait (display_find (fixture->bar, GTK_TYPE_LIST_VIEW, 0));
  display_wait (display_find_named (fixture->bar, GTK_TYPE_LABEL, "War/Peace/Truce"));
  gtk_editable_set_text (display_find (fixture->bar, GTK_TYPE_ENTRY, 0), "Quite new");
  display_wait (display_find_named (fixture->bar, GTK_TYPE_LABEL, "Create “Quite new”"));
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(path, func) g_test_add ("/selection-bar/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("focus", test_focus);
  ADD ("buttons", test_buttons);
  ADD ("recent", test_recent);
  ADD ("typing", test_typing);
  ADD ("list", test_list);

  return g_test_run ();
}
