/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "fixture.h"
#include "postil-annotation-filters.h"
#include "postil-edit.h"
#include "postil-overview-strip.h"

#define TEXT "The ambassador spoke first.\nHe named the café 😀 twice.\n\nNobody answered him.\n"

typedef struct
{
  guint start;
  guint end;
  const char *topics;
  const char *note;
} Expected;

/* Topics as "A+B". */
static char *
join_topics (PostilWindow *window, PostilAnnotation *annotation)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (window->workspace);
  GString *labels = g_string_new (NULL);
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    g_string_append_printf (
      labels, "%s%s", i ? "+" : "",
      postil_topic_get_label (postil_codebook_get_topic (codebook, topics[i])));
  return g_string_free (labels, FALSE);
}

/* By place alone, as ids are random. */
static int
compare (gconstpointer a, gconstpointer b)
{
  PostilSpan x = postil_annotation_get_extent (*(PostilAnnotation **) a);
  PostilSpan y = postil_annotation_get_extent (*(PostilAnnotation **) b);

  return x.start != y.start ? (int) x.start - (int) y.start : (int) x.end - (int) y.end;
}

static void
assert_annotations (PostilWindow *window,
                    PostilDocument *document,
                    const Expected *expected,
                    guint n_expected)
{
  PostilAnnotationIndex *index = postil_document_get_annotations (document);

  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();

  for (guint i = 0; i < postil_annotation_index_get_size (index); i++)
    g_ptr_array_add (annotations, postil_annotation_index_get (index, i));
  g_ptr_array_sort (annotations, compare);
  g_assert_cmpuint (annotations->len, ==, n_expected);
  for (guint i = 0; i < n_expected; i++)
    {
      PostilAnnotation *annotation = annotations->pdata[i];
      PostilSpan span = postil_annotation_get_extent (annotation);
      g_autofree char *topics = join_topics (window, annotation);
      guint n_notes;
      PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);

      g_assert_cmpuint (span.start, ==, expected[i].start);
      g_assert_cmpuint (span.end, ==, expected[i].end);
      g_assert_cmpstr (topics, ==, expected[i].topics);
      g_assert_cmpstr (n_notes ? postil_note_get_text (notes[0]) : NULL, ==, expected[i].note);
    }
}

static gboolean
bar_is_visible (gpointer data)
{
  return gtk_widget_get_visible (GTK_WIDGET (((PostilWindow *) data)->selection_bar));
}

static void
select_words (PostilWindow *window, guint n)
{
  press_times (window, "<Control><Shift>Right", n);
  wait_until (bar_is_visible, window, "the selection bar");
}

/* Faster than the bar by the selection comes. */
static void
test_annotate_at_once (Fixture *fixture, gconstpointer data)
{
  static const Expected done[] = { { 0, 14, "", NULL } };
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  press (window, "<Control>Home");
  press_times (window, "<Control><Shift>Right", 2);
  press (window, "<Control>h");
  assert_annotations (window, get_document (window, 0), done, 1);
}

/* All the main job, as it is done with keys. */
static void
test_annotate_and_reopen (Fixture *fixture, gconstpointer data)
{
  static const Expected done[] = {
    { 0, 14, "Trust", NULL },
    { 0, 20, "Trust", "why here? 😀\nand here" },
  };
  static const Expected unnoted[] = {
    { 0, 14, "Trust", NULL },
    { 0, 20, "Trust", NULL },
  };
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  g_autofree char *contents = NULL;
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);

  press (window, "<Control>Home");
  select_words (window, 2);
  g_signal_emit_by_name (window->selection_bar, "topic-created", "Trust");
  assert_annotations (window, document, done, 1);
  g_assert_false (bar_is_visible (window));
  g_assert_nonnull (postil_window_get_current (window));

  press (window, "<Control>Home");
  select_words (window, 3);
  press (window, "1");
  press (window, "<Control>m");
  type (window, "why here? 😀\nand here");
  gtk_widget_grab_focus (GTK_WIDGET (get_text (window)));
  assert_annotations (window, document, done, 2);

  press (window, "<Control>z");
  assert_annotations (window, document, unnoted, 2);
  press (window, "<Control>z");
  assert_annotations (window, document, done, 1);
  press (window, "<Control>z");
  assert_annotations (window, document, NULL, 0);
  g_assert_false (postil_history_get_can_undo (postil_workspace_get_history (window->workspace)));
  press_times (window, "<Control><Shift>z", 3);
  assert_annotations (window, document, done, 2);

  fixture_close (fixture, window);
  g_file_get_contents (path, &contents, NULL, NULL);
  g_assert_cmpstr (contents, ==, TEXT);

  window = fixture_open (fixture, (const char *[]){ path, NULL });
  assert_annotations (window, get_document (window, 0), done, 2);
}

/* A second topic for the same passage goes to the annotation that is there. */
static void
test_same_passage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);

  press (window, "<Control>Home");
  select_words (window, 2);
  g_signal_emit_by_name (window->selection_bar, "topic-created", "Trust");
  press (window, "<Control>Home");
  select_words (window, 2);
  g_signal_emit_by_name (window->selection_bar, "topic-created", "Tone/Formal");
  assert_annotations (window, document, &(Expected){ 0, 14, "Trust+Formal", NULL }, 1);

  /* Without a selection, a digit turns a topic of the current annotation on and off. */
  press (window, "1");
  assert_annotations (window, document, &(Expected){ 0, 14, "Formal", NULL }, 1);
  press (window, "1");
  assert_annotations (window, document, &(Expected){ 0, 14, "Formal+Trust", NULL }, 1);

  press (window, "Delete");
  assert_annotations (window, document, NULL, 0);
  g_assert_null (postil_window_get_current (window));
}

static void
test_visit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);
  PostilAnnotationIndex *index;

  press (window, "<Control>Home");
  for (guint i = 0; i < 2; i++)
    {
      select_words (window, 1);
      press (window, "<Control>h");
    }
  press (window, "<Control>Home");
  select_words (window, 2);
  press (window, "<Control>h");
  assert_annotations (window, document,
                      (Expected[]){ { 0, 3, "", NULL }, { 0, 14, "", NULL }, { 3, 14, "", NULL } },
                      3);
  index = postil_document_get_annotations (document);

  press (window, "<Control>Home");
  postil_window_set_current (window, NULL, NULL);
  press (window, "<Alt>Down");
  g_assert_true (postil_window_get_current (window) == postil_annotation_index_get (index, 0));
  press (window, "<Alt>Down");
  g_assert_true (postil_window_get_current (window) == postil_annotation_index_get (index, 1));
  press (window, "<Alt>Up");
  g_assert_true (postil_window_get_current (window) == postil_annotation_index_get (index, 0));
  press (window, "<Control>e");
  g_assert_true (postil_window_get_current (window) == postil_annotation_index_get (index, 1));
  press (window, "<Control>e");
  g_assert_true (postil_window_get_current (window) == postil_annotation_index_get (index, 0));
}

static void
test_two_documents (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", TEXT, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", TEXT, -1);
  g_autofree char *c = fixture_write (fixture, "c.txt", TEXT, -1);
  g_autofree char *c_uri = g_filename_to_uri (c, NULL, NULL);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ a, b, c, NULL });
  PostilDocumentView *start = window->start_view;

  g_assert_true (postil_document_view_get_document (window->start_view) ==
                 get_document (window, 0));
  g_assert_true (postil_document_view_get_document (window->end_view) == get_document (window, 1));
  g_assert_true (window->active == window->start_view);

  press (window, "<Control>Tab");
  g_assert_true (window->active == window->end_view);

  /* What moves keeps its view. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-start", "s", c_uri);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-end", "s", c_uri);
  g_assert_true (window->end_view == start);
  g_assert_true (postil_document_view_get_document (window->end_view) == get_document (window, 2));
  g_assert_true (postil_document_view_get_document (window->start_view) ==
                 get_document (window, 1));

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-alone", "s", c_uri);
  g_assert_true (postil_document_view_get_document (window->start_view) ==
                 get_document (window, 2));
  g_assert_null (postil_document_view_get_document (window->end_view));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->end_view)));

  /* What is open already is shown where it is. */
  g_assert_true (fixture_open (fixture, (const char *[]){ b, NULL }) == window);
  g_assert_cmpuint (g_list_model_get_n_items (postil_workspace_get_documents (window->workspace)),
                    ==, 3);
  g_assert_true (postil_window_get_active_document (window) == get_document (window, 1));
}

static gboolean
two_open (gpointer data)
{
  return g_list_model_get_n_items (
           postil_workspace_get_documents (((PostilWindow *) data)->workspace)) == 2;
}

static gboolean
one_open (gpointer data)
{
  return g_list_model_get_n_items (
           postil_workspace_get_documents (((PostilWindow *) data)->workspace)) == 1;
}

/* Undoing goes on in a document that was closed, and opens it again. */
static void
test_close_document_and_undo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", TEXT, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ a, b, NULL });
  PostilDocument *document = get_document (window, 0);

  press (window, "<Control>Home");
  select_words (window, 2);
  press (window, "<Control>h");
  press (window, "<Control><Shift>w");
  wait_until (one_open, window, "the document to close");
  g_assert_cmpstr (postil_document_get_name (postil_window_get_active_document (window)), ==,
                   "b.txt");

  gtk_widget_grab_focus (GTK_WIDGET (get_text (window)));
  press (window, "<Control>z");
  g_assert_true (two_open (window));
  assert_annotations (window, document, NULL, 0);
  wait_saved (window);
  g_assert_nonnull (postil_savers_find (window->savers, document));

  /* Closed and opened by hand, it is still the one that the history knows. */
  press (window, "<Control><Shift>z");
  postil_window_show_document (window, document, NULL);
  press (window, "<Control><Shift>w");
  wait_until (one_open, window, "the document to close");
  fixture_open (fixture, (const char *[]){ a, NULL });
  g_assert_true (postil_window_get_active_document (window) == document);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *binary = fixture_write (fixture, "picture.txt", "\x89PNG\0\1\2\3\0\0", 10);
  g_autofree char *good = fixture_write (fixture, "good.txt", TEXT, -1);
  g_autofree char *latin = fixture_write (fixture, "bad.txt",
                                          "ab\xff\xff"
                                          "cd caf\xc3\xa9 caf\xc3\xa9 caf\xc3\xa9\n",
                                          -1);
  g_autofree char *gone = g_build_filename (fixture->folder, "gone.txt", NULL);
  PostilWindow *window =
    fixture_open (fixture, (const char *[]){ binary, gone, good, latin, NULL });

  g_assert_true (two_open (window));
  g_assert_true (has_bar (GTK_WIDGET (window), "picture.txt"));
  g_assert_true (has_bar (GTK_WIDGET (window), "gone.txt"));
}

static gboolean
dialog_is_open (gpointer data)
{
  return find_dialog (data) != NULL;
}

static gboolean
is_gone (gpointer data)
{
  return *(PostilWindow **) data == NULL;
}

/* Closing with a save that fails keeps the window and asks. */
static void
test_failing_save (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "in", NULL);
  g_autofree char *away = g_build_filename (fixture->folder, "away", NULL);
  g_autofree char *path = NULL;
  PostilWindow *window;

  g_mkdir (folder, 0700);
  path = fixture_write (fixture, "in/account.txt", TEXT, -1);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_rename (folder, away);

  press (window, "<Control>Home");
  select_words (window, 2);
  press (window, "<Control>h");
  gtk_window_close (GTK_WINDOW (window));
  wait_until (dialog_is_open, fixture, "the dialog");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_assert_true (has_bar (GTK_WIDGET (window), "account.txt"));
  g_assert_cmpstr (gtk_label_get_label (window->state_label), ==, "Not saved");
  answer (fixture, "keep");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));

  g_rename (away, folder);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.save", "s", "");
  wait_saved (window);
  fixture_close (fixture, window);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  assert_annotations (window, get_document (window, 0), &(Expected){ 0, 14, "", NULL }, 1);
}

/* A damaged sidecar is said and left as it is. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char damaged[] = "{\n  \"type\": \"AnnotationCollection\",\n  oops\n}\n";
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  g_autofree char *sidecar =
    fixture_write (fixture, "account.txt" POSTIL_SIDECAR_SUFFIX, damaged, -1);
  g_autofree char *contents = NULL;
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  g_assert_true (has_bar (GTK_WIDGET (window), "3"));
  g_assert_cmpstr (gtk_label_get_label (window->state_label), ==, "Saving is off");
  press (window, "<Control>Home");
  select_words (window, 2);
  press (window, "<Control>h");
  gtk_window_close (GTK_WINDOW (window));
  wait_until (dialog_is_open, fixture, "the dialog");
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  answer (fixture, "close");
  wait_until (is_gone, &window, "the window to close");
  g_file_get_contents (sidecar, &contents, NULL, NULL);
  g_assert_cmpstr (contents, ==, damaged);
}

/* What the changed text did to annotations is said. */
static void
test_changed_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  press (window, "<Control>Home");
  select_words (window, 2);
  press (window, "<Control>h");
  wait_saved (window);
  fixture_close (fixture, window);
  g_free (path);
  path = fixture_write (fixture, "account.txt", "Nothing of what there was.", -1);
  window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_assert_true (has_bar (GTK_WIDGET (window), "1 annotation needs a look: 1 not found."));
}

static gboolean
is_found (gpointer data)
{
  PostilSpan span;

  return postil_text_view_get_selection (get_text (data), &span) && span.start == 41;
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });

  press (window, "<Control>Home");
  press (window, "<Control>f");
  type (window, "CAFE");
  wait_until (is_found, window, "the match");
}

static void
test_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", TEXT, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", TEXT, -1);
  g_autofree char *codebook = g_build_filename (fixture->folder, POSTIL_CODEBOOK_NAME, NULL);
  g_autofree char *contents = NULL;
  PostilWindow *window = fixture_open (fixture, (const char *[]){ fixture->folder, NULL });

  g_assert_true (two_open (window));
  press (window, "<Control>Home");
  select_words (window, 2);
  g_signal_emit_by_name (window->selection_bar, "topic-created", "Trust");
  wait_saved (window);
  g_assert_true (g_file_get_contents (codebook, &contents, NULL, NULL));
  g_assert_nonnull (strstr (contents, "Trust"));
}

static void
test_rename_annotator (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  PostilDocument *document = get_document (window, 0);
  PostilAnnotator *annotator = postil_workspace_get_annotator (window->workspace);
  g_autofree char *id = g_strdup (postil_annotator_get_id (annotator));

  press (window, "<Control>Home");
  select_words (window, 2);
  press (window, "<Control>h");
  g_settings_set_string (window->settings, "annotator-name", "Someone Else");
  g_assert_cmpstr (postil_annotator_get_name (postil_document_get_annotator (document, id)), ==,
                   "Someone Else");
}

/* What is dropped on the window opens in it; a folder only where nothing is open. */
static void
test_drop (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", TEXT, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", TEXT, -1);
  g_autoptr (GFile) first = g_file_new_for_path (a);
  g_autoptr (GFile) second = g_file_new_for_path (b);
  PostilWindow *window = fixture_open (fixture, NULL);
  GValue value = G_VALUE_INIT;
  gboolean taken = FALSE;
  const GType *types;
  gsize n_types;

  types = gtk_drop_target_get_gtypes (window->drop, &n_types);
  g_assert_cmpuint (n_types, ==, 1);
  g_assert_true (types[0] == GDK_TYPE_FILE_LIST);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array ((GFile *[]){ first, second }, 2));
  g_signal_emit_by_name (window->drop, "drop", &value, 10.0, 10.0, &taken);
  g_value_unset (&value);
  g_assert_true (taken);
  wait_until (two_open, window, "the files to be open");

  g_assert_true (fixture_open (fixture, (const char *[]){ fixture->folder, NULL }) != window);
}

static void
got_text_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
has_text (gpointer data)
{
  return *(char **) data != NULL;
}

static void
test_copy_citation (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_autofree char *text = NULL;

  postil_text_view_select (get_text (window), (PostilSpan){ 28, 28 });
  select_words (window, 2);
  press (window, "<Control><Shift>c");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (window)), NULL, got_text_cb,
                                 &text);
  wait_until (has_text, &text, "the clipboard");
  g_assert_cmpstr (text, ==, "“He named” (account.txt, paragraph 2)");
}

static void
test_go_to (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  GtkWidget *number;

  press (window, "<Control>g");
  number = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (find_dialog (fixture)));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (number), 4);
  answer (fixture, "go");
  g_assert_cmpuint (postil_text_view_get_caret (get_text (window)), ==, 56);
}

/* Every label of the menu names its step. */
static void
test_menu (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_autofree char *label = NULL;

  press (window, "<Control>Home");
  select_words (window, 2);
  g_signal_emit_by_name (window->selection_bar, "topic-created", "a_b");
  gtk_menu_button_popup (window->menu_button);
  g_menu_model_get_item_attribute (G_MENU_MODEL (window->history_section), 0,
                                   G_MENU_ATTRIBUTE_LABEL, "s", &label);
  g_assert_cmpstr (label, ==, "_Undo: Topic “a__b”");
}

/* Without a display, one sentence that names the other program. */
/* Many annotations of the first word, all with the topic @label; returns its id. */
static char *
annotate_often (PostilWindow *window, const char *label)
{
  g_autoptr (PostilStep) step = postil_step_new ("Often");
  char *topic = postil_edit_ensure_path (window->workspace, step, label);
  const char *const topics[] = { topic, NULL };

  for (guint i = 0; i < 2 * POSTIL_RUN_MANY; i++)
    g_free (postil_edit_add_annotation (window->workspace, step, get_document (window, 0),
                                        &(PostilSpan){ 0, 3 }, 1, topics, NULL));
  postil_workspace_commit (window->workspace, step, NULL);
  return topic;
}

static guint
count (PostilWindow *window)
{
  return postil_annotation_index_get_size (
    postil_document_get_annotations (get_document (window, 0)));
}

static GtkWidget *
find_list (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_LIST_VIEW (widget) && gtk_widget_get_mapped (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_list (child);
  return found;
}

static gboolean
has_list (gpointer pane)
{
  return find_list (pane) != NULL;
}

/* Deletes all annotations by the list, as soon as that shows them. */
static void
delete_all (PostilWindow *window)
{
  GtkWidget *pane = GTK_WIDGET (window->annotations);

  wait_until (has_list, pane, "the list of annotations");
  gtk_widget_activate_action (find_list (pane), "list.select-all", NULL);
  g_assert_true (gtk_widget_activate_action (pane, "annotations.delete", NULL));
  g_assert_true (postil_workspace_is_preparing (window->workspace));
}

static gboolean
is_prepared (gpointer data)
{
  return !postil_workspace_is_preparing (((PostilWindow *) data)->workspace);
}

/* What is being prepared is undone, done again, and saved before the window closes. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "account.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_autofree char *topic = annotate_often (window, "Often");
  g_autoptr (PostilStep) deletion = postil_step_new ("Delete Topic");

  postil_window_show_annotations (window);
  wait_saved (window);
  delete_all (window);
  g_assert_cmpuint (count (window), ==, 2 * POSTIL_RUN_MANY);
  wait_until (is_prepared, window, "the deletion");
  g_assert_cmpuint (count (window), ==, 0);
  press (window, "<Control>z");
  g_assert_cmpuint (count (window), ==, 2 * POSTIL_RUN_MANY);
  g_assert_cmpuint (postil_workspace_count_topic (window->workspace, topic), ==,
                    2 * POSTIL_RUN_MANY);

  /* This time it is not waited for. */
  postil_edit_delete_topic (window->workspace, deletion, topic, NULL);
  g_assert_true (postil_workspace_is_preparing (window->workspace));
  press (window, "<Control>z");
  g_assert_cmpuint (postil_workspace_count_topic (window->workspace, topic), ==,
                    2 * POSTIL_RUN_MANY);
  press (window, "<Control><Shift>z");
  g_assert_cmpuint (postil_workspace_count_topic (window->workspace, topic), ==, 0);
  delete_all (window);
  fixture_close (fixture, window);

  window = fixture_open (fixture, (const char *[]){ path, NULL });
  g_assert_cmpuint (count (window), ==, 0);
}

static void
test_no_display (void)
{
  g_auto (GStrv) environment =
    g_environ_unsetenv (g_environ_unsetenv (g_get_environ (), "DISPLAY"), "WAYLAND_DISPLAY");
  const char *argv[] = { g_getenv ("POSTIL_EXECUTABLE"), NULL };
  g_autofree char *out = NULL, *complaint = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &complaint,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_spawn_check_wait_status (status, NULL), ==, FALSE);
  g_assert_cmpint (WEXITSTATUS (status), ==, 2);
  g_assert_nonnull (strstr (complaint, "postil-cli"));
  g_assert_true (strchr (complaint, '\n') == complaint + strlen (complaint) - 1);
}

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static gboolean
sees_last_quarter (gpointer data)
{
  PostilSpan visible = postil_text_view_get_visible_span (get_text (data));

  return visible.start >
         postil_text_get_length (postil_document_get_text (get_document (data, 0))) * 3 / 4;
}

/* The strip follows a jump that nothing comes after. */
static void
test_overview (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = NULL, *expected = NULL;
  PostilWindow *window;
  GtkAdjustment *adjustment;
  guint length, percent;

  for (guint i = 0; i < 400; i++)
    g_string_append (text, TEXT);
  path = fixture_write (fixture, "long.txt", text->str, text->len);
  window = fixture_open (fixture, (const char *const[]){ path, NULL });
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (get_text (window)));
  length = postil_text_get_length (postil_document_get_text (get_document (window, 0)));
  press (window, "<Control>End");
  wait_until (sees_last_quarter, window, "the end");
  gtk_adjustment_set_value (adjustment, 0);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * 0.9);
  wait_until (sees_last_quarter, window, "the jump");
  for (guint i = 0; i < 100; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  percent = (double) postil_text_view_get_visible_span (get_text (window)).start / length * 100;
  expected = g_strdup_printf ("%u %% of the text", percent);
  gtk_test_accessible_assert_property (find (GTK_WIDGET (window), POSTIL_TYPE_OVERVIEW_STRIP),
                                       GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, expected);
  fixture_close (fixture, window);
}

/* A page that invites to open files: its button can have the focus and does that. */
static void
check_invites (PostilWindow *window, GtkWidget *page)
{
  GtkWidget *button = find (page, GTK_TYPE_BUTTON);

  g_assert_true (gtk_widget_get_mapped (button));
  g_assert_true (gtk_widget_grab_focus (button));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == button);
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), ==, "win.open");
  g_assert_true (gtk_widget_is_sensitive (button));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "Open _Files…");
}

/* Pages are made when they are seen, once. */
static void
test_late (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write (fixture, "a.txt", TEXT, -1);
  PostilWindow *window = fixture_open (fixture, (const char *const[]){ path, NULL });
  GtkWidget *page;

  g_assert_null (find (GTK_WIDGET (window), ADW_TYPE_STATUS_PAGE));
  press (window, "<Control>d");
  page = find (GTK_WIDGET (window), ADW_TYPE_STATUS_PAGE);
  g_assert_nonnull (page);
  check_invites (window, page);
  press (window, "<Control>d");
  g_assert_false (gtk_widget_get_mapped (page));
  press (window, "<Control>d");
  g_assert_true (gtk_widget_get_mapped (page));
  g_assert_null (gtk_widget_get_next_sibling (page));
  press (window, "<Control>d");
  fixture_close (fixture, window);

  window = fixture_open (fixture, NULL);
  page = find (GTK_WIDGET (window), ADW_TYPE_STATUS_PAGE);
  g_assert_nonnull (page);
  check_invites (window, page);
  fixture_open (fixture, (const char *const[]){ path, NULL });
  g_assert_false (gtk_widget_get_mapped (page));
  fixture_close (fixture, window);
}

/* Whether the style of a widget has a colour of that name, and if so how bright its red is. */
static gboolean
has_color (const char *name, float *red)
{
  GtkWidget *label = g_object_ref_sink (gtk_label_new (NULL));
  GdkRGBA color = { 0 };
  gboolean found =
    gtk_style_context_lookup_color (gtk_widget_get_style_context (label), name, &color);

  *red = color.red;
  g_object_unref (label);
  return found;
}

typedef struct
{
  const char *theme;
  gboolean dark;
  gboolean high_contrast;
} Theme;

/* Before libadwaita starts: GTK has read no theme but one that a person chose. */
static int
theme_ready_cb (GApplication *application, GVariantDict *options, const Theme *theme)
{
  float red;

  g_assert_cmpstr (g_getenv ("GTK_THEME"), ==, theme->theme);
  g_assert_cmpint (has_color ("theme_bg_color", &red), ==, theme->theme != NULL);
  return -1;
}

static void
theme_started_cb (GApplication *application, const Theme *theme)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  float red;

  /* The first has all themes, the second only libadwaita's. */
  g_assert_true (has_color ("theme_bg_color", &red));
  g_assert_cmpint (red < 0.5, ==, theme->dark);
  g_assert_cmpint (has_color ("window_bg_color", &red), ==, theme->theme == NULL);
  g_assert_cmpint (adw_style_manager_get_high_contrast (manager), ==, theme->high_contrast);
  exit (0);
}

/* What the program does before it starts leaves the environment and what a person chose. */
static void
test_theme (gconstpointer data)
{
  const Theme *theme = data;

  if (g_test_subprocess ())
    {
      g_autoptr (PostilStore) store = postil_store_new (g_get_tmp_dir (), NULL);
      PostilApplication *application = postil_application_new (store);

      if (theme->theme)
        g_setenv ("GTK_THEME", theme->theme, TRUE);
      else
        g_unsetenv ("GTK_THEME");
      g_setenv ("ADW_DEBUG_COLOR_SCHEME", theme->dark ? "prefer-dark" : "default", TRUE);
      g_setenv ("ADW_DEBUG_HIGH_CONTRAST", theme->high_contrast ? "1" : "0", TRUE);
      g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
      g_signal_connect_after (application, "handle-local-options", G_CALLBACK (theme_ready_cb),
                              (gpointer) theme);
      g_signal_connect_after (application, "startup", G_CALLBACK (theme_started_cb),
                              (gpointer) theme);
      g_application_run (G_APPLICATION (application), 1, (char *[]){ (char *) "postil", NULL });
      g_assert_not_reached ();
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  gboolean has_display = fixture_init (&argc, &argv);

  g_test_add_func ("/app/no-display", test_no_display);
  if (!has_display)
    return g_test_run ();
  g_test_add_data_func ("/app/theme", &(Theme){ NULL, FALSE, FALSE }, test_theme);
  g_test_add_data_func ("/app/theme-dark", &(Theme){ NULL, TRUE, FALSE }, test_theme);
  g_test_add_data_func ("/app/theme-contrast", &(Theme){ NULL, FALSE, TRUE }, test_theme);
  g_test_add_data_func ("/app/theme-chosen", &(Theme){ "Adwaita:dark", TRUE, FALSE }, test_theme);
#define ADD(path, function)                                                                        \
  g_test_add ("/app/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("annotate-and-reopen", test_annotate_and_reopen);
  ADD ("annotate-at-once", test_annotate_at_once);
  ADD ("same-passage", test_same_passage);
  ADD ("visit", test_visit);
  ADD ("two-documents", test_two_documents);
  ADD ("close-document-and-undo", test_close_document_and_undo);
  ADD ("bad-files", test_bad_files);
  ADD ("failing-save", test_failing_save);
  ADD ("damaged", test_damaged);
  ADD ("changed-text", test_changed_text);
  ADD ("drop", test_drop);
  ADD ("copy-citation", test_copy_citation);
  ADD ("go-to", test_go_to);
  ADD ("menu", test_menu);
  ADD ("find", test_find);
  ADD ("overview", test_overview);
  ADD ("late", test_late);
  ADD ("folder", test_folder);
  ADD ("rename-annotator", test_rename_annotator);
  ADD ("many", test_many);
#undef ADD
  return g_test_run ();
}
