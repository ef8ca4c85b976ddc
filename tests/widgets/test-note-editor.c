/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-edit.h"
#include "postil-note-editor.h"
#include "postil-test.h"

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  char *id;
  PostilNoteEditor *editor;
  GtkWidget *window;
  GtkTextView *view;
  GtkTextBuffer *buffer;
  guint n_undo;
  guint n_redo;
  guint n_done;
} Fixture;

static void
undo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Fixture *fixture = data;

  fixture->n_undo++;
  postil_workspace_undo (fixture->workspace);
}

static void
redo_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Fixture *fixture = data;

  fixture->n_redo++;
  postil_workspace_redo (fixture->workspace);
}

static void
done_cb (Fixture *fixture)
{
  fixture->n_done++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GActionEntry entries[] = { { "undo", undo_cb }, { "redo", redo_cb } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("a.txt", "One two three four five.\n");
  postil_workspace_add_document (fixture->workspace, fixture->document);
  fixture->id = postil_test_annotate (fixture->workspace, fixture->document, 0, 3, NULL, data);
  fixture->editor = POSTIL_NOTE_EDITOR (postil_note_editor_new ());
  fixture->window = display_show (GTK_WIDGET (fixture->editor));
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries),
                                   fixture);
  gtk_widget_insert_action_group (fixture->window, "win", G_ACTION_GROUP (actions));
  g_signal_connect_swapped (fixture->editor, "done", G_CALLBACK (done_cb), fixture);
  postil_note_editor_set_annotation (fixture->editor, fixture->workspace, fixture->document,
                                     fixture->id);
  fixture->view = display_find (fixture->editor, GTK_TYPE_TEXT_VIEW, 0);
  fixture->buffer = gtk_text_view_get_buffer (fixture->view);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->editor));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window)
    display_close (fixture->window);
  g_object_unref (fixture->document);
  g_object_unref (fixture->workspace);
  g_free (fixture->id);
}

static void
type (Fixture *fixture, const char *text)
{
  gtk_text_buffer_insert_at_cursor (fixture->buffer, text, -1);
}

static const char *
get_note (Fixture *fixture)
{
  PostilAnnotation *annotation = postil_document_get_annotation (fixture->document, fixture->id);
  guint n_notes;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);

  return n_notes > 0 ? postil_note_get_text (notes[0]) : "";
}

static char *
dup_text (Fixture *fixture)
{
  char *text;

  g_object_get (fixture->buffer, "text", &text, NULL);
  return text;
}

#define assert_text(fixture, expected)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *text_ = dup_text (fixture);                                                   \
    g_assert_cmpstr (text_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

/* Any text comes back as it was written. */
static void
test_texts (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "why here?",       "two\nlines\n\n",   "😀 café \u202e rtl",
                                       "\r\nwindows\r\n", "\xef\xbb\xbf bom", "tab\tand <b>&amp;" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gtk_text_buffer_set_text (fixture->buffer, "", 0);
      type (fixture, texts[i]);
      postil_note_editor_commit (fixture->editor);
      g_assert_cmpstr (get_note (fixture), ==, texts[i]);
    }
}

/* What is typed is in the annotation within a second or so, also while typing goes on; and all of
 * it is one step. */
static void
test_pause (Fixture *fixture, gconstpointer data)
{
  PostilHistory *history = postil_workspace_get_history (fixture->workspace);
  g_autoptr (GString) typed = g_string_new (NULL);

  g_object_set (fixture->editor, "pause", G_MAXUINT, NULL);
  for (guint i = 0; i < 3; i++)
    {
      type (fixture, "x");
      g_string_append_c (typed, 'x');
      display_wait (g_str_equal (get_note (fixture), typed->str));
    }
  g_assert_cmpstr (postil_history_get_undo_label (history), ==, "Write Note");
  g_object_set (fixture->editor, "pause", 1, NULL);
  type (fixture, "x");
  display_wait (g_str_equal (get_note (fixture), "xxxx"));
  type (fixture, "y");
  postil_note_editor_commit (fixture->editor);
  g_assert_cmpstr (get_note (fixture), ==, "xxxxy");

  postil_workspace_undo (fixture->workspace);
  g_assert_cmpstr (get_note (fixture), ==, "xxxx");
  assert_text (fixture, "xxxx");
  postil_workspace_undo (fixture->workspace);
  g_assert_cmpstr (get_note (fixture), ==, "");
  assert_text (fixture, "");
}

/* The keys of undo commit what was typed and go to the window. */
static void
test_undo_keys (Fixture *fixture, gconstpointer data)
{
  type (fixture, "abc");
  g_assert_true (display_press (fixture->view, GDK_KEY_z, GDK_CONTROL_MASK));
  g_assert_cmpuint (fixture->n_undo, ==, 1);
  assert_text (fixture, "");
  g_assert_true (display_press (fixture->view, GDK_KEY_Z, GDK_CONTROL_MASK | GDK_SHIFT_MASK));
  g_assert_cmpuint (fixture->n_redo, ==, 1);
  assert_text (fixture, "abc");
  g_assert_cmpstr (get_note (fixture), ==, "abc");
  g_assert_false (display_press (fixture->view, GDK_KEY_z, 0));
}

static void
test_leaving (Fixture *fixture, gconstpointer data)
{
  type (fixture, "abc");
  g_assert_true (display_press (fixture->view, GDK_KEY_Escape, 0));
  g_assert_cmpuint (fixture->n_done, ==, 1);
  g_assert_cmpstr (get_note (fixture), ==, "abc");
  type (fixture, "d");
  g_assert_true (display_press (fixture->view, GDK_KEY_Return, GDK_CONTROL_MASK));
  g_assert_cmpuint (fixture->n_done, ==, 2);
  g_assert_cmpstr (get_note (fixture), ==, "abcd");
}

/* A change from elsewhere leaves the caret with the words it stands by. */
static void
test_caret (Fixture *fixture, gconstpointer data)
{
  PostilAnnotation *annotation = postil_document_get_annotation (fixture->document, fixture->id);
  g_autoptr (PostilStep) step = postil_step_new ("Elsewhere");
  GtkTextIter caret;

  gtk_text_buffer_get_iter_at_offset (fixture->buffer, &caret, 7);
  gtk_text_buffer_place_cursor (fixture->buffer, &caret);
  postil_edit_set_note (fixture->workspace, step, fixture->document, annotation,
                        "one longer two 😀 three");
  postil_workspace_commit (fixture->workspace, step, NULL);
  assert_text (fixture, "one longer two 😀 three");
  gtk_text_buffer_get_iter_at_mark (fixture->buffer, &caret,
                                    gtk_text_buffer_get_insert (fixture->buffer));
  g_assert_cmpint (gtk_text_iter_get_offset (&caret), ==, 14);
  postil_note_editor_commit (fixture->editor);
  g_assert_cmpstr (
    postil_history_get_undo_label (postil_workspace_get_history (fixture->workspace)), ==,
    "Elsewhere");
}

/* Neither showing another annotation nor closing loses what was typed. */
static void
test_never_lost (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other =
    postil_test_annotate (fixture->workspace, fixture->document, 4, 7, NULL, "other");

  type (fixture, "first");
  postil_note_editor_set_annotation (fixture->editor, fixture->workspace, fixture->document, other);
  g_assert_cmpstr (get_note (fixture), ==, "first");
  assert_text (fixture, "other");
  postil_note_editor_set_annotation (fixture->editor, fixture->workspace, fixture->document,
                                     fixture->id);
  assert_text (fixture, "first");
  gtk_text_buffer_set_text (fixture->buffer, "second", -1);
  display_close (g_steal_pointer (&fixture->window));
  g_assert_cmpstr (get_note (fixture), ==, "second");
}

/* An emptied note is taken away. */
static void
test_delete (Fixture *fixture, gconstpointer data)
{
  guint n_notes;

  gtk_text_buffer_set_text (fixture->buffer, "", -1);
  postil_note_editor_commit (fixture->editor);
  postil_annotation_get_notes (postil_document_get_annotation (fixture->document, fixture->id),
                               &n_notes);
  g_assert_cmpuint (n_notes, ==, 0);
  g_assert_cmpstr (
    postil_history_get_undo_label (postil_workspace_get_history (fixture->workspace)), ==,
    "Delete Note");
  g_assert_nonnull (display_find_named (fixture->editor, GTK_TYPE_LABEL, "Write a note"));
  postil_workspace_undo (fixture->workspace);
  assert_text (fixture, "gone soon");
  g_assert_null (display_find_named (fixture->editor, GTK_TYPE_LABEL, "Write a note"));
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(path, note, func)                                                                      \
  g_test_add ("/note-editor/" path, Fixture, note, set_up, func, tear_down)
  ADD ("texts", NULL, test_texts);
  ADD ("pause", NULL, test_pause);
  ADD ("undo-keys", NULL, test_undo_keys);
  ADD ("leaving", NULL, test_leaving);
  ADD ("caret", "one two 😀 three", test_caret);
  ADD ("never-lost", NULL, test_never_lost);
  ADD ("delete", "gone soon", test_delete);

  return g_test_run ();
}
