/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "postil-carry-over-dialog.h"
#include "postil-edit.h"
#include "postil-linked-list.h"
#include "postil-summary-page.h"
#include "postil-test.h"
#include "two-texts.h"

static PostilWindow *
open_two (Fixture *fixture, const char *first, const char *second)
{
  PostilWindow *window = fixture_open_two (fixture, first, second);

  wait_compared (window);
  return window;
}

static void
look_at (PostilWindow *window, const char *words)
{
  postil_text_view_select (get_text (window),
                           postil_test_find_in (get_document (window, 0), words));
  postil_window_selection_settled (window, window->active);
}

/* Annotates words of the first text as a person does, with a topic. */
static void
annotate (PostilWindow *window, const char *words, const char *topic)
{
  look_at (window, words);
  postil_window_apply_path (window, topic);
  g_assert_nonnull (window->current);
}

static guint
count_annotations (PostilWindow *window, guint document)
{
  return postil_annotation_index_get_n_shown (
    postil_document_get_annotations (get_document (window, document)));
}

static guint
count_links (PostilWindow *window)
{
  PostilAnnotationIndex *index = postil_document_get_annotations (get_document (window, 1));

  return postil_annotation_index_get_size (index) - postil_annotation_index_get_n_shown (index);
}

static char *
dup_words (PostilWindow *window, guint document, PostilSpan span)
{
  return postil_text_dup_range (postil_document_get_text (get_document (window, document)), span);
}

/* The first visible widget of @type whose label, or whose child's, holds @words. */
static GtkWidget *
find_widget (GtkWidget *widget, GType type, const char *words)
{
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (widget), type) &&
      (!words ||
       (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), words))))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, words);

      if (found)
        return found;
    }
  return NULL;
}

typedef struct
{
  GtkWidget *widget;
  const char *words;
} Shown;

static gboolean
is_shown (gpointer data)
{
  Shown *shown = data;

  return find_widget (shown->widget, GTK_TYPE_LABEL, shown->words) != NULL;
}

static void
wait_shown (GtkWidget *widget, const char *words)
{
  Shown shown = { widget, words };

  wait_until (is_shown, &shown, words);
}

static gboolean
is_gone (gpointer data)
{
  return !is_shown (data);
}

static void
wait_gone (GtkWidget *widget, const char *words)
{
  Shown shown = { widget, words };

  wait_until (is_gone, &shown, words);
}

static gboolean
is_current (PostilWindow *window, guint document, const char *words)
{
  PostilAnnotation *current = postil_window_get_current (window);
  g_autofree char *found = current && window->current_document == get_document (window, document)
                             ? dup_words (window, document, postil_annotation_get_extent (current))
                             : NULL;

  return g_strcmp0 (found, words) == 0;
}

/* One annotation, by key: the same on the counterpart, linked, undone at once, not made twice. */
static void
test_carry (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, SECOND);
  GtkWidget *pane = GTK_WIDGET (window->annotations), *link;
  PostilAnnotation *carried;
  g_autofree char *words = NULL;

  g_assert_false (is_enabled (window, "carry-over"));
  annotate (window, "old stone bridge", "Works");
  g_assert_true (is_enabled (window, "carry-over"));
  g_assert_false (is_enabled (window, "carry-over-with-note"));
  press (window, "<Control>r");
  g_assert_cmpuint (count_annotations (window, 1), ==, 1);
  g_assert_cmpuint (count_links (window), ==, 1);
  carried =
    postil_annotation_index_get (postil_document_get_annotations (get_document (window, 1)), 0);
  words = dup_words (window, 1, postil_annotation_get_extent (carried));
  g_assert_cmpstr (words, ==, "old stone bridge");
  g_assert_true (is_current (window, 0, "old stone bridge"));

  /* The link is shown, and leads there and back. */
  wait_shown (pane, "Linked: “old stone bridge” in b.txt");
  link = find_widget (pane, GTK_TYPE_LABEL, "Linked: “old stone bridge” in b.txt");
  g_signal_emit_by_name (gtk_widget_get_ancestor (link, GTK_TYPE_BUTTON), "clicked");
  g_assert_true (is_current (window, 1, "old stone bridge"));
  wait_shown (pane, "Linked: “old stone bridge” in a.txt");
  link = find_widget (pane, GTK_TYPE_LABEL, "Linked: “old stone bridge” in a.txt");
  g_signal_emit_by_name (gtk_widget_get_ancestor (link, GTK_TYPE_BUTTON), "clicked");
  g_assert_true (is_current (window, 0, "old stone bridge"));

  /* Topics do not follow; that is said. */
  postil_window_apply_path (window, "Old");
  wait_shown (pane, "in b.txt, with other topics");
  press (window, "<Control>z");
  wait_gone (pane, "in b.txt, with other topics");

  press (window, "<Control>r");
  g_assert_cmpuint (count_annotations (window, 1), ==, 1);
  press (window, "<Control>z");
  g_assert_cmpuint (count_annotations (window, 1), ==, 0);
  g_assert_cmpuint (count_links (window), ==, 0);
  wait_gone (pane, "Linked:");

  annotate (window, "harbour", "Works");
  press (window, "<Control>r");
  g_assert_cmpuint (count_annotations (window, 1), ==, 0);
}

static void
test_note (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, SECOND);
  PostilAnnotation *carried;
  guint n_notes;

  annotate (window, "museum", "Culture");
  press (window, "<Control>m");
  type (window, "since when?");
  press (window, "<Control>r");
  carried =
    postil_annotation_index_get (postil_document_get_annotations (get_document (window, 1)), 0);
  postil_annotation_get_notes (carried, &n_notes);
  g_assert_cmpuint (n_notes, ==, 0);

  press (window, "<Control>z");
  g_assert_true (is_enabled (window, "carry-over-with-note"));
  press (window, "<Control><Alt>r");
  carried =
    postil_annotation_index_get (postil_document_get_annotations (get_document (window, 1)), 0);
  g_assert_cmpstr (postil_note_get_text (postil_annotation_get_notes (carried, &n_notes)[0]), ==,
                   "since when?");
}

/* With an annotation goes its link; an end that is not there is named. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, SECOND);
  GtkWidget *pane = GTK_WIDGET (window->annotations);
  g_autofree char *id = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Remove");

  annotate (window, "museum", "Culture");
  press (window, "<Control>r");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.delete-annotation", NULL);
  g_assert_cmpuint (count_annotations (window, 0), ==, 0);
  g_assert_cmpuint (count_annotations (window, 1), ==, 1);
  g_assert_cmpuint (count_links (window), ==, 0);
  press (window, "<Control>z");
  g_assert_cmpuint (count_annotations (window, 0), ==, 1);
  g_assert_cmpuint (count_links (window), ==, 1);

  /* Another program takes away one end and leaves the link. */
  id = g_strdup (postil_annotation_get_id (
    postil_annotation_index_get (postil_document_get_annotations (get_document (window, 0)), 0)));
  postil_window_set_current (window, get_document (window, 1),
                             postil_annotation_get_id (postil_annotation_index_get (
                               postil_document_get_annotations (get_document (window, 1)), 0)));
  postil_edit_remove_annotation (step, get_document (window, 0),
                                 postil_document_get_annotation (get_document (window, 0), id));
  postil_workspace_commit (window->workspace, step, NULL);
  wait_shown (pane, "Linked: “museum” in a.txt, where");
  press (window, "<Control>z");
  wait_gone (pane, "in a.txt, where");

  wait_saved (window);
  postil_window_close_document (window, get_document (window, 0));
  wait_shown (pane, "Linked: “museum” in a.txt, which is not");
}

/* What is looked at in one text is marked in the other, which stays where it is until a person
 * goes there. */
static void
test_counterpart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) first = g_string_new (NULL), second = g_string_new (NULL);
  PostilWindow *window;
  GtkAdjustment *adjustment;
  g_autofree char *words = NULL;

  for (guint i = 0; i < 400; i++)
    {
      g_string_append_printf (first, "Row %u of the register was kept by clerk%u.\n", i, i * 7);
      g_string_append_printf (second, "Row %u of the old register was kept by clerk%u.\n", i,
                              i * 7);
    }
  g_string_append (first, C);
  window = open_two (fixture, first->str, second->str);
  adjustment = gtk_scrollable_get_vadjustment (
    GTK_SCROLLABLE (postil_document_view_get_text_view (window->end_view)));

  g_assert_false (is_enabled (window, "show-counterpart"));
  look_at (window, "Row 333 of the register was kept");
  g_assert_true (window->counterpart_view == window->end_view);
  g_assert_cmpuint (window->counterparts->len, ==, 1);
  words = dup_words (window, 1, g_array_index (window->counterparts, PostilSpan, 0));
  g_assert_cmpstr (words, ==, "Row 333 of the old register was kept");
  g_assert_nonnull (find_widget (GTK_WIDGET (window->end_view), GTK_TYPE_LABEL, "Counterpart"));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
  press (window, "<Control><Shift>g");
  g_assert_true (window->active == window->start_view);

  look_at (window, "harbour lights");
  g_assert_cmpuint (window->counterparts->len, ==, 0);
  g_assert_nonnull (find_widget (GTK_WIDGET (window->end_view), GTK_TYPE_LABEL, "No counterpart"));
  g_assert_false (is_enabled (window, "show-counterpart"));

  /* From the other text; and of the current annotation once nothing is selected. */
  annotate (window, "clerk49.", "Clerks");
  g_assert_cmpuint (window->counterparts->len, ==, 1);
  press (window, "<Control>Tab");
  postil_text_view_select (get_text (window),
                           postil_test_find_in (get_document (window, 1), "old register"));
  postil_window_selection_settled (window, window->active);
  g_assert_true (window->counterpart_view == window->start_view);
  postil_text_view_select (get_text (window), (PostilSpan){ 0, 0 });
  postil_window_selection_settled (window, window->active);
  g_assert_true (window->counterpart_view == window->end_view);
  postil_window_set_current (window, NULL, NULL);
  g_assert_cmpuint (window->counterparts->len, ==, 0);
  g_assert_null (find_widget (GTK_WIDGET (window->end_view), GTK_TYPE_LABEL, "Counterpart"));
}

static GtkWidget *
find_carrying (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (POSTIL_IS_CARRY_OVER_DIALOG (window))
        return window;
    }
  return NULL;
}

static gboolean
is_done (gpointer data)
{
  return find_carrying () == NULL;
}

static GtkWidget *
open_dialog (PostilWindow *window, const char *topic)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (window->workspace);

  postil_topic_tree_set_selected (
    window->topics, postil_topic_get_id (postil_codebook_find_path (codebook, topic)));
  press (window, "<Control><Shift>t");
  g_assert_nonnull (find_carrying ());
  return find_carrying ();
}

/* All annotations of a topic and those below it: looked through, some of them chosen, one step. */
static void
test_topic (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, SECOND);
  GtkWidget *dialog;

  g_assert_false (is_enabled (window, "carry-over-topic"));
  annotate (window, "old stone bridge", "Works");
  annotate (window, "museum", "Works/Culture");
  annotate (window, "table", "Works");
  annotate (window, "harbour", "Works");
  annotate (window, "river", "Nature");
  postil_window_set_current (window, NULL, NULL);

  dialog = open_dialog (window, "Works");
  wait_shown (dialog, "3 of 3 chosen");
  wait_shown (dialog, "1 Without Counterpart");
  wait_shown (dialog, "The other text leaves it out");
  g_assert_true (
    GTK_IS_LIST_VIEW (gtk_widget_get_parent (gtk_window_get_focus (GTK_WINDOW (dialog)))));
  g_assert_null (find_widget (dialog, GTK_TYPE_LABEL, "Already There"));
  gtk_widget_activate_action (dialog, "carry-over.choose-none", NULL);
  wait_shown (dialog, "0 of 3 chosen");
  gtk_widget_activate_action (dialog, "carry-over.carry-over", NULL);
  g_assert_nonnull (find_carrying ());
  gtk_widget_activate_action (dialog, "carry-over.choose-all", NULL);
  wait_shown (dialog, "3 of 3 chosen");
  g_signal_emit_by_name (find_widget (dialog, GTK_TYPE_LIST_VIEW, NULL), "activate", 1);
  wait_shown (dialog, "2 of 3 chosen");
  gtk_widget_activate_action (dialog, "carry-over.carry-over", NULL);
  wait_until (is_done, NULL, "the dialog to close");
  g_assert_cmpuint (count_annotations (window, 1), ==, 2);
  g_assert_cmpuint (count_links (window), ==, 2);

  /* Again: what is there already is told apart. */
  dialog = open_dialog (window, "Works");
  wait_shown (dialog, "1 of 1 chosen");
  wait_shown (dialog, "2 Already There");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (is_done, NULL, "the dialog to close");
  press (window, "<Control>z");
  g_assert_cmpuint (count_annotations (window, 1), ==, 0);
  g_assert_cmpuint (count_links (window), ==, 0);
}

/* From the text that has the topic, whichever is active. */
static void
test_topic_unused (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, SECOND);
  g_autoptr (PostilStep) step = postil_step_new ("Topic");
  GtkWidget *dialog;

  annotate (window, "museum", "Culture");
  press (window, "<Control>Tab");
  dialog = open_dialog (window, "Culture");
  wait_shown (dialog, "1 of 1 chosen");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (is_done, NULL, "the dialog to close");
  g_free (postil_edit_ensure_path (window->workspace, step, "Unused"));
  postil_workspace_commit (window->workspace, step, NULL);
  dialog = open_dialog (window, "Unused");
  wait_shown (dialog, "0 of 0 chosen");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (is_done, NULL, "the dialog to close");
}

/* Ten thousand rows. */
static void
test_topic_many (Fixture *fixture, gconstpointer data)
{
  const guint n = 10000;
  g_autoptr (GString) first = g_string_new (NULL), second = g_string_new (NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Topics");
  g_autofree char *topic = NULL, *chosen = g_strdup_printf ("%u of %u chosen", n, n);
  PostilWindow *window;
  GtkWidget *dialog;

  for (guint i = 0; i < n; i++)
    {
      g_string_append_printf (first, "Row %05u was kept by clerk%06u.\n", i, i * 7);
      g_string_append_printf (second, "Row %05u was surely kept by clerk%06u.\n", i, i * 7);
    }
  window = open_two (fixture, first->str, second->str);
  topic = postil_edit_ensure_path (window->workspace, step, "Rows");
  for (guint i = 0; i < n; i++)
    {
      const char *const topics[] = { topic, NULL };
      const PostilSpan span = { i * first->len / n, i * first->len / n + 9 };

      g_free (postil_edit_add_annotation (window->workspace, step, get_document (window, 0), &span,
                                          1, topics, NULL));
    }
  postil_workspace_commit (window->workspace, step, NULL);
  dialog = open_dialog (window, "Rows");
  wait_shown (dialog, chosen);
  gtk_widget_activate_action (dialog, "carry-over.carry-over", NULL);
  wait_until (is_done, NULL, "all to be carried over");
  g_assert_cmpuint (count_annotations (window, 1), ==, n);
  press (window, "<Control>z");
  g_assert_cmpuint (count_annotations (window, 1), ==, 0);
  wait_saved (window);
}

static GtkWidget *
open_summary (PostilWindow *window)
{
  press (window, "<Control><Shift>s");
  return adw_bin_get_child (window->summary_place);
}

static GtkSelectionModel *
get_rows (GtkWidget *page)
{
  return gtk_list_view_get_model (GTK_LIST_VIEW (find_widget (page, GTK_TYPE_LIST_VIEW, NULL)));
}

static guint
count_rows (GtkWidget *page)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_rows (page)));
}

static void
activate_row (GtkWidget *page, guint row)
{
  g_signal_emit_by_name (find_widget (page, GTK_TYPE_LIST_VIEW, NULL), "activate", row);
}

/* The summary: shares, omissions, topics; each place is a step away from the texts. */
static void
test_summary (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, SECOND);
  GtkWidget *page;
  PostilSpan omission = postil_test_find_in (get_document (window, 0), C);

  annotate (window, "museum", "Culture");
  annotate (window, "harbour", "Culture");
  page = open_summary (window);
  g_assert_true (POSTIL_IS_SUMMARY_PAGE (page));
  wait_shown (page, "57 % the same: 3 passages");
  wait_shown (page, "only here: 1 passage");
  wait_shown (page, "Only in “a.txt”");
  wait_shown (page, "8 words, ¶ 3");
  wait_shown (page, "1 in both, 1 only in “a.txt”, 0 only in “b.txt”");
  /* Two texts, two lists of one omission, the heading and one topic. */
  g_assert_cmpuint (count_rows (page), ==, 8);
  activate_row (page, 7);
  g_assert_cmpuint (count_rows (page), ==, 10);
  activate_row (page, 9);
  g_assert_cmpuint (count_rows (page), ==, 11);

  /* It follows what changes, and stays open where it was. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.delete-annotation", NULL);
  wait_shown (page, "1 in both, 0 only in “a.txt”");
  g_assert_cmpuint (count_rows (page), ==, 9);

  gtk_widget_activate_action (page, "summary.copy", NULL);
  activate_row (page, 3);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->middle), ==, "texts");
  g_assert_cmpuint (postil_text_view_get_caret (get_text (window)), ==, omission.start);
  g_assert_true (window->comparing);
}

/* Texts that are the same, and one that is empty. */
static void
test_summary_nothing (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture, FIRST, "");
  GtkWidget *page = open_summary (window);

  wait_shown (page, "100 % only here");
  wait_shown (page, "Nothing is only in “b.txt”");
  wait_shown (page, "No passage of these texts has a topic yet.");
}

int
main (int argc, char *argv[])
{
  if (!fixture_init (&argc, &argv))
    return g_test_run ();

#define ADD(name, function)                                                                        \
  g_test_add ("/app-carry/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("one", test_carry);
  ADD ("note", test_note);
  ADD ("ends", test_ends);
  ADD ("counterpart", test_counterpart);
  ADD ("topic", test_topic);
  ADD ("topic-unused", test_topic_unused);
  ADD ("topic-many", test_topic_many);
  ADD ("summary", test_summary);
  ADD ("summary-nothing", test_summary_nothing);
#undef ADD

  return g_test_run ();
}
