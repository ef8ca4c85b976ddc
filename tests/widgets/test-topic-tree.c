/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-edit.h"
#include "postil-test.h"
#include "postil-topic-editor.h"
#include "postil-topic-item.h"
#include "postil-topic-model.h"
#include "postil-topic-row.h"
#include "postil-topic-swatch.h"
#include "postil-topic-tree.h"

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  PostilCodebook *codebook;
  PostilTopicTree *tree;
  GtkWidget *window;
  GtkListView *list;
  char *activated;
} Fixture;

static void
activated_cb (Fixture *fixture, const char *id)
{
  g_free (fixture->activated);
  fixture->activated = g_strdup (id);
}

static void
add_topic (Fixture *fixture, const char *path)
{
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  g_autofree char *id = postil_edit_ensure_path (fixture->workspace, step, path);

  postil_workspace_commit (fixture->workspace, step, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->codebook = postil_workspace_get_codebook (fixture->workspace);
  fixture->document = postil_test_document_new ("a.txt", "One two three four five.\n");
  postil_workspace_add_document (fixture->workspace, fixture->document);
  add_topic (fixture, "Alpha/Beta");
  add_topic (fixture, "Alpha/Gamma");
  add_topic (fixture, "Delta");
  fixture->tree = POSTIL_TOPIC_TREE (postil_topic_tree_new ());
  postil_topic_tree_set_workspace (fixture->tree, fixture->workspace);
  g_signal_connect_swapped (fixture->tree, "topic-activated", G_CALLBACK (activated_cb), fixture);
  fixture->window = display_show (GTK_WIDGET (fixture->tree));
  fixture->list = display_find (fixture->tree, GTK_TYPE_LIST_VIEW, 0);
  display_wait (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (fixture->list))) ==
                4);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_close (fixture->window);
  g_object_unref (fixture->document);
  g_object_unref (fixture->workspace);
  g_free (fixture->activated);
}

static const char *
get_id (Fixture *fixture, const char *path)
{
  PostilTopic *topic = postil_codebook_find_path (fixture->codebook, path);

  g_assert_nonnull (topic);
  return postil_topic_get_id (topic);
}

/* The paths of all rows, in order. */
static char *
dup_rows (Fixture *fixture)
{
  GListModel *rows = G_LIST_MODEL (gtk_list_view_get_model (fixture->list));
  GString *paths = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autoptr (PostilTopicItem) item = gtk_tree_list_row_get_item (row);

      g_string_append_printf (paths, "%s%s", i > 0 ? " " : "", postil_topic_item_get_path (item));
    }

  return g_string_free (paths, FALSE);
}

#define assert_rows(fixture, expected)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *rows_ = dup_rows (fixture);                                                   \
    g_assert_cmpstr (rows_, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static GtkTreeListRow *
ref_row (Fixture *fixture, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (fixture->list)), position);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  PostilTopicRow *row;
  g_autofree char *id = NULL;

  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta");
  g_assert_cmpuint (display_count (fixture->list, POSTIL_TYPE_TOPIC_ROW), ==, 4);

  row = display_find (fixture->list, POSTIL_TYPE_TOPIC_ROW, 1);
  g_assert_nonnull (display_find_named (row, GTK_TYPE_LABEL, "Beta"));
  g_assert_nonnull (display_find_named (row, GTK_TYPE_LABEL, "2"));
  id = postil_test_annotate (fixture->workspace, fixture->document, 0, 3, "Alpha/Beta", NULL);
  g_assert_cmpuint (postil_topic_item_get_count (postil_topic_row_get_item (row)), ==, 1);
  display_wait (display_find_named (row, GTK_TYPE_LABEL, "1") != NULL);
  postil_workspace_undo (fixture->workspace);
  g_assert_cmpuint (postil_topic_item_get_count (postil_topic_row_get_item (row)), ==, 0);
  postil_workspace_remove_document (fixture->workspace, fixture->document);
}

static void
count_cb (guint *n_times)
{
  ++*n_times;
}

/* Topics that come together are told of together. */
static void
test_together (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilTopicModel) model = postil_topic_model_ref_for (fixture->workspace);
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  guint n_times = 0;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = g_strdup_printf ("Epsilon %02u", i);
      g_autofree char *id = postil_edit_ensure_path (fixture->workspace, step, path);
    }
  g_signal_connect_swapped (postil_topic_model_get_roots (model), "items-changed",
                            G_CALLBACK (count_cb), &n_times);
  postil_workspace_commit (fixture->workspace, step, NULL);
  g_assert_cmpuint (n_times, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (postil_topic_model_get_flat (model)), ==, 24);
  g_signal_handlers_disconnect_by_data (postil_topic_model_get_roots (model), &n_times);
}

static void
test_digits (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (postil_topic_get_label (postil_topic_tree_get_digit (fixture->codebook, 3)), ==,
                   "Gamma");
  g_assert_null (postil_topic_tree_get_digit (fixture->codebook, 5));
  g_assert_null (postil_topic_tree_get_digit (fixture->codebook, 0));
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *label = g_strdup_printf ("T%u", i);

      add_topic (fixture, label);
    }
  g_assert_cmpstr (postil_topic_get_label (postil_topic_tree_get_digit (fixture->codebook, 9)), ==,
                   "T4");
  g_assert_null (postil_topic_tree_get_digit (fixture->codebook, 10));
}

/* What is selected and collapsed outlives changes above and around it. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GtkTreeListRow) alpha = ref_row (fixture, 0);
  g_autofree char *delta = g_strdup (get_id (fixture, "Delta"));

  postil_topic_tree_set_selected (fixture->tree, delta);
  gtk_tree_list_row_set_expanded (alpha, FALSE);
  assert_rows (fixture, "Alpha Delta");
  add_topic (fixture, "Alpha/Beta/Epsilon");
  add_topic (fixture, "Delta/Zeta");
  assert_rows (fixture, "Alpha Delta Delta/Zeta");
  g_assert_cmpstr (postil_topic_tree_get_selected (fixture->tree), ==, delta);
  g_assert_true (gtk_selection_model_is_selected (gtk_list_view_get_model (fixture->list), 1));
  postil_workspace_undo (fixture->workspace);
  postil_workspace_undo (fixture->workspace);
  assert_rows (fixture, "Alpha Delta");
  g_assert_cmpstr (postil_topic_tree_get_selected (fixture->tree), ==, delta);
  postil_workspace_undo (fixture->workspace);
  assert_rows (fixture, "Alpha");
  g_assert_null (postil_topic_tree_get_selected (fixture->tree));
}

static void
test_filter (Fixture *fixture, gconstpointer data)
{
  GtkEditable *entry = display_find (fixture->tree, GTK_TYPE_SEARCH_ENTRY, 0);
  g_autoptr (GtkTreeListRow) alpha = ref_row (fixture, 0);

  postil_topic_tree_set_selected (fixture->tree, get_id (fixture, "Delta"));
  gtk_tree_list_row_set_expanded (alpha, FALSE);
  gtk_editable_set_text (entry, "GAM");
  display_settle (300);
  assert_rows (fixture, "Alpha Alpha/Gamma");
  g_assert_nonnull (postil_topic_tree_get_selected (fixture->tree));
  gtk_editable_set_text (entry, "alpha/b");
  display_settle (300);
  assert_rows (fixture, "Alpha Alpha/Beta");
  add_topic (fixture, "Alpha/Bora");
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Bora");
  gtk_editable_set_text (entry, "nowhere");
  display_settle (300);
  assert_rows (fixture, "");
  g_assert_nonnull (display_find_named (fixture->tree, GTK_TYPE_LABEL, "No topic matches"));
  g_signal_emit_by_name (entry, "stop-search");
  display_settle (300);
  assert_rows (fixture, "Alpha Delta");
  g_assert_true (gtk_selection_model_is_selected (gtk_list_view_get_model (fixture->list), 1));
}

static void
test_selection (Fixture *fixture, gconstpointer data)
{
  GtkSelectionModel *selection = gtk_list_view_get_model (fixture->list);

  g_assert_false (display_press_binding (fixture->tree, GDK_KEY_Escape, 0));
  gtk_selection_model_select_item (selection, 3, TRUE);
  g_assert_cmpstr (postil_topic_tree_get_selected (fixture->tree), ==, get_id (fixture, "Delta"));
  g_signal_emit_by_name (fixture->list, "activate", 1);
  g_assert_cmpstr (fixture->activated, ==, get_id (fixture, "Alpha/Beta"));
  g_assert_true (display_press_binding (fixture->tree, GDK_KEY_Escape, 0));
  g_assert_null (postil_topic_tree_get_selected (fixture->tree));
  g_assert_false (gtk_selection_model_is_selected (selection, 3));
  postil_topic_tree_set_selected (fixture->tree, "urn:not-there");
  g_assert_null (postil_topic_tree_get_selected (fixture->tree));
}

static PostilTopicEditor *
open_editor (Fixture *fixture, const char *topic, const char *action)
{
  postil_topic_tree_set_selected (fixture->tree, topic);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->tree), action, NULL));
  display_settle (50);

  return display_find (fixture->tree, POSTIL_TYPE_TOPIC_EDITOR, 0);
}

static void
save (PostilTopicEditor *editor)
{
  g_signal_emit_by_name (display_find_named (editor, GTK_TYPE_BUTTON, "_Save"), "clicked");
  display_settle (50);
}

static void
test_new (Fixture *fixture, gconstpointer data)
{
  PostilTopicEditor *editor = open_editor (fixture, get_id (fixture, "Delta"), "topic.new-child");
  GtkEditable *label = display_find (editor, GTK_TYPE_ENTRY, 0);
  GtkEditable *color = display_find (editor, GTK_TYPE_ENTRY, 1);
  GtkTextView *definition = display_find (editor, GTK_TYPE_TEXT_VIEW, 0);
  PostilTopic *topic;
  const char *const *palette = postil_codebook_get_palette ();

  for (guint i = 0; palette[i]; i++)
    {
      GtkWidget *button =
        display_find (display_find (editor, GTK_TYPE_GRID, 0), GTK_TYPE_TOGGLE_BUTTON, i);

      g_assert_cmpint (gtk_widget_get_tooltip_text (button)[0], !=, '#');
    }
  save (editor);
  g_assert_nonnull (display_find_named (editor, GTK_TYPE_LABEL, "A topic needs a name"));
  gtk_editable_set_text (label, "  Epsilon ");
  g_assert_null (display_find_named (editor, GTK_TYPE_LABEL, "A topic needs a name"));
  gtk_editable_set_text (color, "#12345");
  save (editor);
  g_assert_nonnull (display_find_named (editor, GTK_TYPE_LABEL, "hexadecimal"));
  gtk_editable_set_text (color, "#ABCDEF");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (definition), "What it is\n", -1);
  save (editor);

  g_assert_null (display_find (fixture->tree, POSTIL_TYPE_TOPIC_EDITOR, 0));
  topic = postil_codebook_find_path (fixture->codebook, "Delta/Epsilon");
  g_assert_nonnull (topic);
  g_assert_cmpstr (postil_topic_get_color (topic), ==, "#abcdef");
  g_assert_cmpstr (postil_topic_get_definition (topic), ==, "What it is");
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta Delta/Epsilon");
  postil_workspace_undo (fixture->workspace);
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta");
}

static void
test_edit (Fixture *fixture, gconstpointer data)
{
  PostilHistory *history = postil_workspace_get_history (fixture->workspace);
  PostilTopicEditor *editor = open_editor (fixture, get_id (fixture, "Alpha/Beta"), "topic.edit");
  GtkEditable *label = display_find (editor, GTK_TYPE_ENTRY, 0);
  GtkDropDown *parent = display_find (editor, GTK_TYPE_DROP_DOWN, 0);
  GtkWidget *red;
  guint n_parents = g_list_model_get_n_items (gtk_drop_down_get_model (parent));

  g_assert_cmpstr (gtk_editable_get_text (label), ==, "Beta");
  g_assert_cmpuint (n_parents, ==, 4);
  save (editor);
  g_assert_cmpstr (postil_history_get_undo_label (history), ==, "Add");

  editor = open_editor (fixture, get_id (fixture, "Alpha/Beta"), "topic.edit");
  gtk_editable_set_text (label, "Gamma");
  save (editor);
  g_assert_nonnull (display_find_named (editor, GTK_TYPE_LABEL, "Another topic"));
  gtk_drop_down_set_selected (parent, 3);
  red = display_find_named (editor, GTK_TYPE_TOGGLE_BUTTON, "Red");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (red), TRUE);
  save (editor);
  assert_rows (fixture, "Alpha Alpha/Gamma Delta Delta/Gamma");
  g_assert_cmpstr (
    postil_topic_get_color (postil_codebook_find_path (fixture->codebook, "Delta/Gamma")), ==,
    "#c01c28");
  g_assert_cmpstr (postil_history_get_undo_label (history), ==, "Edit Topic");
  postil_workspace_undo (fixture->workspace);
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta");

  editor = open_editor (fixture, get_id (fixture, "Alpha"), "topic.edit");
  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (parent)), ==, 2);
  g_signal_emit_by_name (display_find_named (editor, GTK_TYPE_BUTTON, "_Cancel"), "clicked");
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a =
    postil_test_annotate (fixture->workspace, fixture->document, 0, 3, "Alpha", NULL);
  g_autofree char *b =
    postil_test_annotate (fixture->workspace, fixture->document, 4, 7, "Alpha", NULL);
  GtkPopover *question;

  postil_topic_tree_set_selected (fixture->tree, get_id (fixture, "Alpha"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->tree), "topic.delete", NULL);
  question = display_find (fixture->tree, GTK_TYPE_POPOVER, 0);
  g_assert_nonnull (display_find_named (question, GTK_TYPE_LABEL, "Delete Topic “Alpha”?"));
  g_assert_nonnull (display_find_named (question, GTK_TYPE_LABEL, "2 annotations lose it"));
  g_assert_nonnull (display_find_named (question, GTK_TYPE_LABEL, "2 topics below it move up"));
  g_assert_nonnull (postil_codebook_find_path (fixture->codebook, "Alpha"));
  g_signal_emit_by_name (display_find_named (question, GTK_TYPE_BUTTON, "_Delete"), "clicked");
  display_settle (50);
  assert_rows (fixture, "Beta Gamma Delta");
  g_assert_cmpstr (
    postil_history_get_undo_label (postil_workspace_get_history (fixture->workspace)), ==,
    "Delete Topic");
  postil_workspace_undo (fixture->workspace);
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta");
}

/* Gives the drop target of @widget a topic. */
static gboolean
drop (GtkWidget *widget, PostilTopicItem *item, double y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean done = FALSE;

  g_value_init (&value, POSTIL_TYPE_TOPIC_ITEM);
  g_value_set_object (&value, item);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 20.0, y, &done);
    }

  return done;
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  PostilTopicRow *alpha = display_find (fixture->list, POSTIL_TYPE_TOPIC_ROW, 0);
  PostilTopicRow *beta = display_find (fixture->list, POSTIL_TYPE_TOPIC_ROW, 1);
  PostilTopicRow *delta = display_find (fixture->list, POSTIL_TYPE_TOPIC_ROW, 3);
  g_autoptr (PostilTopicItem) moved = g_object_ref (postil_topic_row_get_item (delta));
  double bottom = gtk_widget_get_height (GTK_WIDGET (fixture->list)) - 2;

  g_assert_false (drop (GTK_WIDGET (alpha), postil_topic_row_get_item (alpha), 2));
  g_assert_false (drop (GTK_WIDGET (alpha), postil_topic_row_get_item (beta), 2));
  g_assert_true (drop (GTK_WIDGET (beta), moved, 2));
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Beta/Delta Alpha/Gamma");
  g_assert_cmpstr (
    postil_history_get_undo_label (postil_workspace_get_history (fixture->workspace)), ==,
    "Move Topic");
  g_assert_false (drop (GTK_WIDGET (fixture->list), moved, 5));
  g_assert_true (drop (GTK_WIDGET (fixture->list), moved, bottom));
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta");
  postil_workspace_undo (fixture->workspace);
  postil_workspace_undo (fixture->workspace);

  /* Below itself: said, not done. */
  display_settle (50);
  g_assert_false (drop (display_find (fixture->list, POSTIL_TYPE_TOPIC_ROW, 1),
                        postil_topic_row_get_item (alpha), 2));
  g_assert_nonnull (display_find_named (fixture->tree, GTK_TYPE_LABEL, "was not moved"));
  assert_rows (fixture, "Alpha Alpha/Beta Alpha/Gamma Delta");
}

static void
test_empty (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  GtkWidget *tree = postil_topic_tree_new (), *window = display_show (tree);

  g_assert_nonnull (display_find_named (tree, GTK_TYPE_LABEL, "No topics yet"));
  postil_topic_tree_set_workspace (POSTIL_TOPIC_TREE (tree), workspace);
  g_assert_nonnull (display_find_named (tree, GTK_TYPE_LABEL, "No topics yet"));
  g_assert_true (gtk_widget_activate_action (tree, "topic.new", NULL));
  display_settle (50);
  g_assert_nonnull (display_find (tree, POSTIL_TYPE_TOPIC_EDITOR, 0));
  display_close (window);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(path, func) g_test_add ("/topic-tree/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("rows", test_rows);
  ADD ("together", test_together);
  ADD ("digits", test_digits);
  ADD ("kept", test_kept);
  ADD ("filter", test_filter);
  ADD ("selection", test_selection);
  ADD ("new", test_new);
  ADD ("edit", test_edit);
  ADD ("delete", test_delete);
  ADD ("drop", test_drop);
  g_test_add_func ("/topic-tree/empty", test_empty);

  return g_test_run ();
}
