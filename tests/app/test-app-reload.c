/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "fixture.h"
#include "postil-edit.h"
#include "postil-linking.h"
#include "postil-loader.h"
#include "postil-test.h"
#include "postil-versions-dialog.h"

#define QUOTE "café by the harbour"

/* Many paragraphs, so that there is something to scroll; the passage is the same in all versions.
 */
static char *
make_text (const char *beginning, const char *ending)
{
  GString *text = g_string_new (beginning);

  for (guint i = 0; i < 400; i++)
    if (i == 200)
      g_string_append (text, "There was a " QUOTE ", and we sat there.\n");
    else
      g_string_append_printf (text, "Paragraph %u of what was said that evening.\n", i);
  g_string_append (text, ending);
  return g_string_free (text, FALSE);
}

/* Highlights what @span has, or notes on it. */
static void
annotate (PostilWindow *window, PostilSpan span, const char *key)
{
  postil_text_view_select (get_text (window), span);
  postil_window_update_actions (window);
  press (window, key);
}

static gboolean
sees_passage (gpointer data)
{
  PostilWindow *window = data;
  PostilSpan visible = postil_text_view_get_visible_span (get_text (window));
  PostilSpan passage = postil_test_find_in (get_document (window, 0), QUOTE);

  return visible.start <= passage.start && passage.end <= visible.end;
}

static PostilAnnotation *
get_annotation (PostilWindow *window)
{
  return postil_annotation_index_get (postil_document_get_annotations (get_document (window, 0)),
                                      0);
}

static void
assert_stands (PostilWindow *window, const char *words)
{
  PostilSpan expected = postil_test_find_in (get_document (window, 0), words);
  PostilSpan span = postil_annotation_get_extent (get_annotation (window));

  g_assert_cmpuint (span.start, ==, expected.start);
  g_assert_cmpuint (span.end, ==, expected.end);
}

static void
assert_shows (PostilWindow *window)
{
  PostilText *text = postil_document_get_text (get_document (window, 0));
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (get_text (window)));
  g_autofree char *shown = NULL;

  g_object_get (buffer, "text", &shown, NULL);
  g_assert_cmpstr (shown, ==, postil_text_get_utf8 (text, NULL));
}

static gboolean
has_undo (gpointer data)
{
  return postil_history_get_can_undo (
    postil_workspace_get_history (((PostilWindow *) data)->workspace));
}

/* A text that changes while it is open: annotations, what is selected and what is in sight follow,
 * and there is a way back and forth. */
static void
test_changed_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = make_text ("", "The end.");
  g_autofree char *second = make_text ("A new title\n\nA new foreword.\n", "No end.\n");
  g_autofree char *path = fixture_write (fixture, "account.txt", first, -1);
  g_autofree char *sidecar = g_strconcat (path, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autofree char *saved = NULL, *again = NULL;
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);
  PostilSpan passage = postil_test_find_in (document, QUOTE), selection;

  annotate (window, passage, "<Control>h");
  postil_text_view_select (get_text (window), passage);
  postil_text_view_scroll_to (get_text (window), passage.start);
  wait_until (sees_passage, window, "the passage to be seen");
  wait_saved (window);

  g_free (fixture_write (fixture, "account.txt", second, -1));
  wait_bar (window, "1 annotation in place");
  g_assert_cmpstr (postil_text_get_utf8 (postil_document_get_text (document), NULL), ==, second);
  assert_shows (window);
  assert_stands (window, QUOTE);
  passage = postil_test_find_in (document, QUOTE);
  g_assert_true (postil_text_view_get_selection (get_text (window), &selection));
  g_assert_true (postil_span_equal (selection, passage));
  wait_until (sees_passage, window, "the passage to be seen again");
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &saved, NULL, NULL));
  g_assert_nonnull (strstr (saved, postil_text_get_sha256 (postil_document_get_text (document))));

  /* The way back: the text is then not the file's, which is said, and what is saved says so. */
  press (window, "<Control>z");
  g_assert_cmpstr (postil_text_get_utf8 (postil_document_get_text (document), NULL), ==, first);
  assert_shows (window);
  assert_stands (window, QUOTE);
  wait_bar (window, "another text by now");
  wait_no_bar (window, "in place");
  wait_until (sees_passage, window, "the passage to be seen once more");
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &again, NULL, NULL));
  g_assert_nonnull (strstr (again, postil_text_get_sha256 (postil_document_get_text (document))));

  press (window, "<Control><Shift>z");
  g_assert_cmpstr (postil_text_get_utf8 (postil_document_get_text (document), NULL), ==, second);
  assert_shows (window);
  assert_stands (window, QUOTE);
  wait_no_bar (window, "another text by now");
  wait_saved (window);
}

/* A way to the file's text when a person went back from it. */
static void
test_reload (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);

  g_free (fixture_write (fixture, "account.txt", "Zero one two three.", -1));
  wait_bar (window, "was changed by another program");
  press (window, "<Control>z");
  wait_bar (window, "another text by now");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.reload", "s", "");
  wait_until (has_undo, window, "the step");
  g_assert_cmpstr (postil_text_get_utf8 (postil_document_get_text (document), NULL), ==,
                   "Zero one two three.");
  g_assert_false (has_bar (GTK_WIDGET (window), "another text by now"));
  wait_saved (window);
}

/* What is gone, or no text any more, stays open, and comes back. */
static void
test_vanishing_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);

  g_assert_no_errno (g_unlink (path));
  wait_bar (window, "not there any more");
  annotate (window, (PostilSpan){ 0, 3 }, "<Control>h");
  wait_saved (window);

  g_free (fixture_write (fixture, "account.txt", "\0\1\2\3\0\0", 6));
  wait_bar (window, "text");
  wait_no_bar (window, "not there any more");
  g_assert_cmpstr (postil_text_get_utf8 (postil_document_get_text (document), NULL), ==,
                   "One two three.");

  g_free (fixture_write (fixture, "account.txt", "So: One two three.", -1));
  wait_bar (window, "1 annotation in place");
  assert_stands (window, "One");
  wait_saved (window);
}

/* What is being typed is there afterwards. */
static void
test_typed_note (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilNote *const *notes;
  guint n_notes;

  annotate (window, (PostilSpan){ 4, 7 }, "<Control>m");
  type (window, "why here?");
  g_free (fixture_write (fixture, "account.txt", "So: One two three.", -1));
  wait_bar (window, "1 annotation in place");
  assert_stands (window, "two");
  notes = postil_annotation_get_notes (get_annotation (window), &n_notes);
  g_assert_cmpuint (n_notes, ==, 1);
  g_assert_cmpstr (postil_note_get_text (notes[0]), ==, "why here?");
  wait_saved (window);
}

/* The words that the only link of the second document is about. */
static char *
dup_linked (PostilWindow *window)
{
  PostilDocument *document = get_document (window, 0), *other = get_document (window, 1);
  g_autoptr (GPtrArray) links =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  PostilText *text = postil_document_get_text (document);
  PostilAnchor *passage;
  PostilSpan span;
  guint n;

  postil_linking_list (other, document, links);
  g_assert_cmpuint (links->len, ==, 1);
  passage = postil_link_get_passage (postil_annotation_get_link (links->pdata[0]));
  g_assert_cmpstr (postil_anchor_get_sha256 (passage), ==, postil_text_get_sha256 (text));
  span = postil_anchor_get_selectors (passage, &n)[0].position;
  return postil_text_dup_range (text, span);
}

/* Links of other documents follow the text, in the same step, and are saved. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  g_autofree char *other_path = fixture_write (fixture, "letter.txt", "Uno due tre.", -1);
  g_autofree char *sidecar = g_strconcat (other_path, POSTIL_SIDECAR_SUFFIX, NULL);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, other_path, NULL });
  PostilDocument *document = get_document (window, 0), *other = get_document (window, 1);
  g_autoptr (PostilStep) step = postil_step_new ("Pair");
  g_autofree char *before = NULL, *after = NULL, *undone = NULL, *saved = NULL;
  PostilSpan far = { 4, 7 }, near = { 4, 7 };

  g_free (postil_linking_add (window->workspace, step, POSTIL_LINK_PAIRED, document, &far, 1, NULL,
                              other, &near, 1, NULL));
  postil_workspace_commit (window->workspace, step, NULL);
  before = dup_linked (window);
  g_assert_cmpstr (before, ==, "two");
  g_free (fixture_write (fixture, "account.txt", "So then: One two three.", -1));
  wait_bar (window, "was changed by another program");
  after = dup_linked (window);
  g_assert_cmpstr (after, ==, "two");
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &saved, NULL, NULL));
  g_assert_nonnull (strstr (saved, postil_text_get_sha256 (postil_document_get_text (document))));

  press (window, "<Control>z");
  undone = dup_linked (window);
  g_assert_cmpstr (undone, ==, "two");
  wait_saved (window);
}

static gboolean
has_one (gpointer data)
{
  return postil_annotation_index_get_size (
           postil_document_get_annotations (get_document (data, 0))) == 1;
}

static gboolean
has_two (gpointer data)
{
  return postil_annotation_index_get_size (
           postil_document_get_annotations (get_document (data, 0))) == 2;
}

/* What another program writes into the sidecar joins what is here, as one step. */
static void
test_merged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  g_autofree char *sidecar = g_strconcat (path, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autofree char *one = NULL, *two = NULL, *now = NULL;
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  annotate (window, (PostilSpan){ 0, 3 }, "<Control>h");
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &one, NULL, NULL));
  annotate (window, (PostilSpan){ 4, 7 }, "<Control>h");
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &two, NULL, NULL));
  press (window, "<Control>z");
  wait_saved (window);

  g_assert_true (g_file_set_contents (sidecar, two, -1, NULL));
  wait_until (has_two, window, "the other annotation");
  press (window, "<Control>z");
  g_assert_true (has_one (window));
  press (window, "<Control><Shift>z");
  g_assert_true (has_two (window));
  wait_saved (window);

  /* Both sides add one. */
  annotate (window, (PostilSpan){ 8, 13 }, "<Control>h");
  g_assert_true (g_file_set_contents (sidecar, one, -1, NULL));
  wait_until (has_two, window, "what is left of both");
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &now, NULL, NULL));
  g_assert_nonnull (strstr (now, "\"start\": 8"));
}

/* Both sides change one note: both versions are kept, and a person hears of it. */
static void
test_versions_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  g_autofree char *sidecar = g_strconcat (path, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autofree char *ours = NULL;
  g_autoptr (GString) theirs = NULL;
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  annotate (window, (PostilSpan){ 4, 7 }, "<Control>m");
  type (window, "why here?");
  postil_annotation_pane_commit_note (window->annotations);
  wait_saved (window);
  g_assert_true (g_file_get_contents (sidecar, &ours, NULL, NULL));
  theirs = g_string_new (ours);
  g_assert_cmpuint (g_string_replace (theirs, "why here?", "and now?", 0), ==, 1);
  type (window, " why now?");
  g_assert_true (g_file_set_contents (sidecar, theirs->str, -1, NULL));
  wait_bar (window, "changed the same 1 annotation");
  g_assert_true (has_two (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.review", NULL);
  wait_no_bar (window, "changed the same 1 annotation");
  wait_saved (window);
}

static GtkWidget *
find_versions (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (POSTIL_IS_VERSIONS_DIALOG (window))
        return window;
    }
  return NULL;
}

static gboolean
can_restore (gpointer data)
{
  return gtk_widget_activate_action (find_versions (), "versions.restore", NULL) && has_two (data);
}

static gboolean
says (GtkWidget *widget, const char *words)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), words))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, words))
      return TRUE;
  return FALSE;
}

static gboolean
is_one_back (gpointer data)
{
  return says (find_versions (), "+1 −0 ~0");
}

static gboolean
is_all_the_same (gpointer data)
{
  return says (find_versions (), "+0 −0 ~0") &&
         says (find_versions (), "The annotations are the same as now.");
}

/* What was there before can be had back. What that is follows what is there now. */
static void
test_versions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  annotate (window, (PostilSpan){ 0, 3 }, "<Control>h");
  annotate (window, (PostilSpan){ 4, 7 }, "<Control>h");
  wait_saved (window);
  fixture_close (fixture, window);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_assert_true (has_two (window));
  press (window, "<Alt>Down");
  press (window, "Delete");
  g_assert_true (has_one (window));
  wait_saved (window);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.versions", NULL);
  g_assert_nonnull (find_versions ());
  wait_until (is_one_back, NULL, "the comparison");
  postil_workspace_undo (window->workspace);
  wait_until (is_all_the_same, NULL, "the next comparison");
  g_assert_true (has_two (window));
  postil_workspace_redo (window->workspace);
  g_assert_true (has_one (window));
  wait_until (can_restore, window, "the earlier version");
  g_assert_null (find_versions ());
  press (window, "<Control>z");
  g_assert_true (has_one (window));
  press (window, "<Control><Shift>z");
  g_assert_true (has_two (window));
  wait_saved (window);
}

/* What only the journal has comes back when the document is opened, and is told. */
static void
test_recovered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", "One two three.", -1);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  PostilStore *store = postil_application_get_store (fixture->application);
  g_autoptr (PostilDocument) document = postil_loader_load (
    file, postil_environment_get_system (), store, NULL, NULL, NULL, &sidecar, &error);
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:x:me", "Me", NULL);
  g_autoptr (PostilWorkspace) workspace = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Highlight");
  g_autofree char *id = NULL;
  PostilSaver *saver;

  g_assert_no_error (error);
  workspace = postil_workspace_new (postil_environment_get_system (), annotator);
  postil_workspace_add_document (workspace, document);
  saver = postil_saver_new (document, postil_workspace_get_codebook (workspace), sidecar);
  id = postil_edit_add_annotation (workspace, step, document, &(PostilSpan){ 4, 7 }, 1, NULL, NULL);
  postil_workspace_commit (workspace, step, NULL);
  /* As if the process ended now, and with it what was still being done in a thread. */
  g_object_add_weak_pointer (G_OBJECT (saver), (gpointer *) &saver);
  g_object_unref (saver);
  while (saver)
    g_main_context_iteration (NULL, TRUE);

  fixture_open (fixture, (const char *[]){ path, NULL });
  wait_bar (
    POSTIL_WINDOW (gtk_application_get_windows (GTK_APPLICATION (fixture->application))->data),
    "1 change to “account.txt” was recovered");
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return g_test_run ();

#define ADD(name, function)                                                                        \
  g_test_add ("/reload/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("changed-text", test_changed_text);
  ADD ("reload", test_reload);
  ADD ("vanishing-text", test_vanishing_text);
  ADD ("typed-note", test_typed_note);
  ADD ("links", test_links);
  ADD ("merged", test_merged);
  ADD ("versions-kept", test_versions_kept);
  ADD ("versions", test_versions);
  ADD ("recovered", test_recovered);
#undef ADD

  return g_test_run ();
}
