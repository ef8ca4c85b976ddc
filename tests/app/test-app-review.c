/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"
#include "postil-edit.h"

#define TEXT "The great river is wide.\nThe ferry crosses it twice a day.\nThe bridge is a plan.\n"

/* What a changed text leaves of an annotation. */
static void
add (PostilWindow *window,
     guint document_number,
     const char *id,
     PostilStatus status,
     PostilSpan span,
     const char *exact)
{
  PostilDocument *document = get_document (window, document_number);
  const PostilSelector selector = { TRUE, span, exact, NULL, NULL };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (&selector, 1, "abc", NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  g_autoptr (PostilAnnotation) annotation =
    postil_annotation_new (&(PostilAnnotationFields){ .id = id,
                                                      .status = status,
                                                      .spans = &span,
                                                      .n_spans = status != POSTIL_STATUS_ORPHANED,
                                                      .anchor = anchor });

  postil_step_change_annotation (step, document, NULL, annotation);
  postil_workspace_commit (window->workspace, step, NULL);
}

static PostilWindow *
open_two (Fixture *fixture)
{
  PostilWindow *window = fixture_open_two (fixture, TEXT, TEXT);

  add (window, 0, "urn:1", POSTIL_STATUS_MOVED, (PostilSpan){ 4, 15 }, "big river");
  add (window, 0, "urn:2", POSTIL_STATUS_UNCERTAIN, (PostilSpan){ 25, 34 }, "The boat");
  add (window, 1, "urn:3", POSTIL_STATUS_ORPHANED, (PostilSpan){ 900, 905 }, "lost words");
  return window;
}

static const char *
get_entry (PostilWindow *window)
{
  PostilAnnotation *entry = postil_review_pane_get_entry (window->review);

  return entry ? postil_annotation_get_id (entry) : NULL;
}

static gboolean
has_focus_in (PostilWindow *window, gpointer widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  return focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (widget));
}

static gboolean
is_reviewing (gpointer data)
{
  return gtk_widget_get_mapped (GTK_WIDGET (((PostilWindow *) data)->review));
}

static gboolean
is_not_reviewing (gpointer data)
{
  return !is_reviewing (data);
}

static PostilStatus
get_status (PostilWindow *window, guint document, const char *id)
{
  return postil_annotation_get_status (
    postil_document_get_annotation (get_document (window, document), id));
}

/* The whole round by keys: each entry shows its place, and what is done leads to the next. */
static void
test_round (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture);
  GtkWidget *title;
  PostilSpan span;

  press (window, "<Control><Shift>r");
  wait_until (is_reviewing, window, "the review");
  g_assert_cmpstr (get_entry (window), ==, "urn:1");
  g_assert_true (has_focus_in (window, window->review));
  /* Its title is made with it. */
  title = gtk_widget_get_prev_sibling (GTK_WIDGET (window->review));
  g_assert_true (gtk_widget_child_focus (title, GTK_DIR_TAB_FORWARD));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_window_get_focus (GTK_WINDOW (window))),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Back to All Annotations");
  gtk_widget_child_focus (GTK_WIDGET (window->review), GTK_DIR_TAB_FORWARD);
  g_assert_true (postil_text_view_get_selection (get_text (window), &span));
  g_assert_cmpuint (span.start, ==, 4);
  g_assert_cmpuint (span.end, ==, 15);
  g_assert_cmpstr (window->current, ==, "urn:1");
  /* It is shown, not meant to be annotated. */
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->selection_bar)));

  press (window, "F8");
  g_assert_cmpstr (get_entry (window), ==, "urn:2");
  press (window, "F8");
  g_assert_cmpstr (get_entry (window), ==, "urn:3");
  g_assert_true (window->current_document == get_document (window, 1));
  /* It stood behind what is now the end. */
  g_assert_false (
    postil_text_view_get_selection (postil_document_view_get_text_view (window->end_view), &span));
  g_assert_false (is_enabled (window, "review-accept"));
  g_assert_true (is_enabled (window, "review-delete"));
  press_times (window, "<Shift>F8", 2);
  g_assert_cmpstr (get_entry (window), ==, "urn:1");

  press (window, "<Control>F8");
  g_assert_cmpint (get_status (window, 0, "urn:1"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpstr (get_entry (window), ==, "urn:2");
  g_assert_true (has_focus_in (window, window->review));
  press (window, "<Control>z");
  g_assert_cmpint (get_status (window, 0, "urn:1"), ==, POSTIL_STATUS_MOVED);

  g_assert_true (is_enabled (window, "review-accept-all"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.review-accept-all", NULL);
  g_assert_cmpint (get_status (window, 0, "urn:1"), ==, POSTIL_STATUS_PLACED);
  g_assert_false (is_enabled (window, "review-accept-all"));
  g_assert_cmpstr (get_entry (window), ==, "urn:2");

  press (window, "Escape");
  wait_until (is_not_reviewing, window, "the annotations");
  g_assert_true (has_focus_in (window, window->annotations));
  /* Back where one was. */
  press (window, "F8");
  wait_until (is_reviewing, window, "the review");
  g_assert_cmpstr (get_entry (window), ==, "urn:2");
}

/* A passage selected in the text is what an orphan is attached to. */
static void
test_reattach (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture);
  PostilAnnotation *attached;
  GtkWidget *text;

  postil_window_activate_view (window, window->end_view);
  press (window, "<Control><Shift>r");
  wait_until (is_reviewing, window, "the review");
  g_assert_cmpstr (get_entry (window), ==, "urn:3");
  gtk_widget_grab_focus (GTK_WIDGET (get_text (window)));
  postil_text_view_select (get_text (window), (PostilSpan){ 0, 0 });
  postil_window_update_actions (window);
  g_assert_false (is_enabled (window, "review-reattach"));
  press (window, "<Control>Home");
  press_times (window, "<Control><Shift>Right", 2);
  postil_window_update_actions (window);
  g_assert_true (is_enabled (window, "review-reattach"));
  text = gtk_window_get_focus (GTK_WINDOW (window));
  g_assert_true (text == GTK_WIDGET (get_text (window)));
  press (window, "<Control><Shift>F8");
  attached = postil_document_get_annotation (get_document (window, 1), "urn:3");
  g_assert_cmpint (postil_annotation_get_status (attached), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpuint (postil_annotation_get_extent (attached).end, ==, 9);
  /* Who is in the text stays there, also when the next entry is in another. */
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == text);

  wait_saved (window);
}

/* Delete deletes the entry; with the last one gone nothing is left to do. */
static void
test_delete (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture);

  press (window, "<Control><Shift>r");
  wait_until (is_reviewing, window, "the review");
  press (window, "Delete");
  g_assert_null (postil_document_get_annotation (get_document (window, 0), "urn:1"));
  g_assert_cmpstr (get_entry (window), ==, "urn:2");
  press (window, "Delete");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.review-delete", NULL);
  g_assert_null (get_entry (window));
  g_assert_true (has_focus_in (window, window->review));
  g_assert_false (is_enabled (window, "review-next"));
  g_assert_false (is_enabled (window, "review-delete"));
  press_times (window, "<Control>z", 3);
  g_assert_cmpuint (postil_review_pane_get_counts (window->review)->n, ==, 3);
}

/* What a document needs is said when it is opened, until it is done or dismissed. */
static void
test_bar (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture);
  g_autofree char *a = g_build_filename (fixture->folder, "a.txt", NULL);

  wait_saved (window);
  fixture_close (fixture, window);
  window = fixture_open (fixture, (const char *[]){ a, NULL });
  g_assert_true (has_bar (GTK_WIDGET (window), "2 annotations need a look: 1 moved, 1 uncertain."));
  press (window, "<Control><Shift>r");
  wait_until (is_reviewing, window, "the review");
  press (window, "<Control>F8");
  g_assert_true (has_bar (GTK_WIDGET (window), "1 annotation needs a look: 1 uncertain."));
  press (window, "<Control>F8");
  g_assert_false (has_bar (GTK_WIDGET (window), "look"));
}

/* Writing a note needs the list of annotations. */
static void
test_note (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = open_two (fixture);

  press (window, "<Control><Shift>r");
  wait_until (is_reviewing, window, "the review");
  press (window, "<Control>m");
  wait_until (is_not_reviewing, window, "the annotations");
  type (window, "kept");
  press (window, "F8");
  g_assert_true (postil_annotation_find_note (
                   postil_document_get_annotation (get_document (window, 0), "urn:1"),
                   postil_annotator_get_id (postil_workspace_get_annotator (window->workspace))) !=
                 NULL);
}

int
main (int argc, char *argv[])
{
  if (!fixture_init (&argc, &argv))
    return g_test_run ();

#define ADD(name, function)                                                                        \
  g_test_add ("/app-review/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("round", test_round);
  ADD ("reattach", test_reattach);
  ADD ("delete", test_delete);
  ADD ("bar", test_bar);
  ADD ("note", test_note);
#undef ADD

  return g_test_run ();
}
