/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "display.h"
#include "postil-annotation-card.h"
#include "postil-annotation-detail.h"
#include "postil-annotation-filters.h"
#include "postil-annotation-pane.h"
#include "postil-annotation-row.h"
#include "postil-edit.h"
#include "postil-test.h"
#include "postil-topic-chip.h"
#include "postil-topic-finder.h"

#define TEXT "One two three four five.\nSix seven eight nine ten.\n"

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *a;
  PostilDocument *b;
  PostilHistory *history;
  char *ids[4];
  PostilAnnotationPane *pane;
  GtkWidget *window;
  GtkListView *list;
  char *selected;
  guint n_selected;
} Fixture;

static void
selected_cb (Fixture *fixture, PostilDocument *document, PostilAnnotation *annotation)
{
  g_assert_true ((document == NULL) == (annotation == NULL));
  g_free (fixture->selected);
  fixture->selected = annotation ? g_strdup (postil_annotation_get_id (annotation)) : NULL;
  fixture->n_selected++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->history = postil_workspace_get_history (fixture->workspace);
  fixture->a = postil_test_document_new ("a.txt", TEXT);
  fixture->b = postil_test_document_new ("b.txt", TEXT);
  postil_workspace_add_document (fixture->workspace, fixture->a);
  postil_workspace_add_document (fixture->workspace, fixture->b);
  fixture->ids[0] =
    postil_test_annotate (fixture->workspace, fixture->a, 0, 3, "Trust", "first note");
  fixture->ids[1] =
    postil_test_annotate (fixture->workspace, fixture->a, 8, 13, "Trust/Deep", NULL);
  fixture->ids[2] =
    postil_test_annotate (fixture->workspace, fixture->a, 25, 28, NULL, "third\nnote");
  fixture->ids[3] = postil_test_annotate (fixture->workspace, fixture->b, 4, 7, "Money", NULL);
  fixture->pane = POSTIL_ANNOTATION_PANE (postil_annotation_pane_new ());
  g_signal_connect_swapped (fixture->pane, "annotation-selected", G_CALLBACK (selected_cb),
                            fixture);
  postil_annotation_pane_set_workspace (fixture->pane, fixture->workspace);
  fixture->window = display_show (GTK_WIDGET (fixture->pane));
  fixture->list = display_find (fixture->pane, GTK_TYPE_LIST_VIEW, 0);
  display_wait (g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (fixture->list))) ==
                G_N_ELEMENTS (fixture->ids));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_close (fixture->window);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->ids); i++)
    g_free (fixture->ids[i]);
  g_free (fixture->selected);
  g_object_unref (fixture->a);
  g_object_unref (fixture->b);
  g_object_unref (fixture->workspace);
}

static GtkSelectionModel *
get_selection (Fixture *fixture)
{
  return gtk_list_view_get_model (fixture->list);
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_selection (fixture)));
}

static guint
count_selected (Fixture *fixture)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (get_selection (fixture));

  return gtk_bitset_get_size (selected);
}

static PostilAnnotationDetail *
get_detail (Fixture *fixture)
{
  return display_find (fixture->pane, POSTIL_TYPE_ANNOTATION_DETAIL, 0);
}

static PostilAnnotation *
get_annotation (Fixture *fixture, guint i)
{
  return postil_document_get_annotation (i < 3 ? fixture->a : fixture->b, fixture->ids[i]);
}

static void
select_rows (Fixture *fixture, guint first, guint n)
{
  gtk_selection_model_select_range (get_selection (fixture), first, n, TRUE);
  display_settle (30);
}

#define assert_shows(fixture, text)                                                                \
  g_assert_nonnull (display_find_named ((fixture)->pane, GTK_TYPE_WIDGET, text))

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  PostilAnnotationCard *card = display_find (fixture->list, POSTIL_TYPE_ANNOTATION_CARD, 1);
  PostilTopic *topic;
  g_autoptr (PostilStep) step = postil_step_new ("Rename");
  PostilTopicFields fields;

  g_assert_cmpuint (count_rows (fixture), ==, 4);
  assert_shows (fixture, "4 annotations");
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "three"));
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "Deep"));
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "a.txt ¶ 1"));
  card = display_find (fixture->list, POSTIL_TYPE_ANNOTATION_CARD, 2);
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "third note"));
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "¶ 2"));

  topic = postil_codebook_find_path (postil_workspace_get_codebook (fixture->workspace), "Money");
  postil_topic_get_fields (topic, &fields);
  fields.label = "Gold";
  g_assert_true (postil_edit_change_topic (fixture->workspace, step, &fields, NULL));
  postil_workspace_commit (fixture->workspace, step, NULL);
  display_settle (30);
  g_assert_nonnull (display_find_named (fixture->list, GTK_TYPE_WIDGET, "Gold"));

  postil_workspace_remove_document (fixture->workspace, fixture->b);
  display_settle (30);
  assert_shows (fixture, "3 annotations");
  g_assert_null (display_find_named (fixture->list, GTK_TYPE_WIDGET, "a.txt"));
}

static void
test_select (Fixture *fixture, gconstpointer data)
{
  select_rows (fixture, 1, 1);
  g_assert_cmpstr (fixture->selected, ==, fixture->ids[1]);
  g_assert_nonnull (get_detail (fixture));
  select_rows (fixture, 0, 3);
  g_assert_null (fixture->selected);
  g_assert_null (get_detail (fixture));
  assert_shows (fixture, "3 annotations selected");

  fixture->n_selected = 0;
  g_assert_true (postil_annotation_pane_select (fixture->pane, fixture->ids[3]));
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 3));
  g_assert_cmpuint (count_selected (fixture), ==, 1);
  g_assert_true (postil_annotation_detail_get_annotation (get_detail (fixture)) ==
                 get_annotation (fixture, 3));
  g_assert_false (postil_annotation_pane_select (fixture->pane, "urn:not-there"));
  g_assert_null (get_detail (fixture));
  g_assert_cmpuint (count_selected (fixture), ==, 0);
  g_assert_cmpuint (fixture->n_selected, ==, 0);
}

/* What is changed elsewhere is followed one frame later, or at once where someone works here. */
static void
test_follows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = postil_test_annotate (fixture->workspace, fixture->a, 4, 7, NULL, NULL);
  g_autofree char *other = NULL;
  PostilAnnotation *open;

  g_assert_true (postil_annotation_pane_select (fixture->pane, id));
  g_assert_cmpuint (count_rows (fixture), ==, 4);
  g_assert_null (get_detail (fixture));
  display_wait (get_detail (fixture));
  g_assert_cmpuint (count_rows (fixture), ==, 5);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 1));
  display_wait (display_find_named (fixture->pane, GTK_TYPE_LABEL, "5 annotations"));

  other = postil_test_annotate (fixture->workspace, fixture->a, 14, 18, NULL, NULL);
  g_assert_true (postil_annotation_pane_select (fixture->pane, other));
  postil_annotation_pane_edit_note (fixture->pane);
  g_assert_cmpuint (count_rows (fixture), ==, 6);
  open = postil_annotation_detail_get_annotation (get_detail (fixture));
  g_assert_cmpstr (postil_annotation_get_id (open), ==, other);

  /* What is selected before the rows follow is what a person saw. */
  postil_workspace_undo (fixture->workspace);
  gtk_selection_model_select_range (get_selection (fixture), 4, 2, TRUE);
  g_assert_cmpuint (count_rows (fixture), ==, 5);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 3));
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 4));
  g_assert_cmpuint (count_selected (fixture), ==, 2);
}

static void
test_filters (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  PostilTopic *trust = postil_codebook_find_path (codebook, "Trust");
  GtkEditable *search = display_find (fixture->pane, GTK_TYPE_SEARCH_ENTRY, 0);
  GtkDropDown *documents = display_find (fixture->pane, GTK_TYPE_DROP_DOWN, 0);
  GtkMenuButton *topics = display_find (fixture->pane, GTK_TYPE_MENU_BUTTON, 0);
  GtkPopover *popover;
  g_autofree char *filter = NULL;

  postil_annotation_pane_set_filter_topic (fixture->pane, postil_topic_get_id (trust));
  display_wait (count_rows (fixture) == 2);
  g_assert_nonnull (display_find_named (topics, GTK_TYPE_LABEL, "Trust"));
  display_wait (display_find_named (fixture->pane, GTK_TYPE_LABEL, "2 of 4 annotations"));
  gtk_menu_button_popup (topics);
  popover = gtk_menu_button_get_popover (topics);
  gtk_editable_set_text (display_find (popover, GTK_TYPE_ENTRY, 0), "mon");
  g_signal_emit_by_name (display_find (popover, GTK_TYPE_ENTRY, 0), "activate");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (popover)));
  display_wait (count_rows (fixture) == 1);
  g_object_get (fixture->pane, "filter-topic", &filter, NULL);
  g_assert_cmpstr (filter, ==, postil_topic_get_id (postil_codebook_find_path (codebook, "Money")));
  gtk_drop_down_set_selected (documents, 1);
  display_wait (count_rows (fixture) == 0);
  g_signal_emit_by_name (display_find_named (fixture->pane, GTK_TYPE_BUTTON, "_Show All"),
                         "clicked");
  display_wait (count_rows (fixture) == 4);
  g_assert_nonnull (display_find_named (topics, GTK_TYPE_LABEL, "All topics"));
  g_assert_cmpuint (gtk_drop_down_get_selected (documents), ==, 0);

  gtk_editable_set_text (search, "THIRD");
  display_wait (count_rows (fixture) == 1);
  /* Opened all the same, and selected when the filter goes. */
  g_assert_true (postil_annotation_pane_select (fixture->pane, fixture->ids[0]));
  g_assert_cmpuint (count_selected (fixture), ==, 0);
  g_assert_nonnull (get_detail (fixture));
  g_signal_emit_by_name (search, "stop-search");
  display_wait (count_rows (fixture) == 4);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 0));

  postil_annotation_pane_set_filter_topic (fixture->pane, postil_topic_get_id (trust));
  gtk_menu_button_popup (topics);
  g_signal_emit_by_name (display_find_named (popover, GTK_TYPE_BUTTON, "All Topics"), "clicked");
  display_wait (count_rows (fixture) == 4);
}

static void
test_filter_goes (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  PostilTopic *money = postil_codebook_find_path (codebook, "Money");
  g_autoptr (PostilStep) step = postil_step_new ("Delete");
  PostilDocument *document = NULL;

  postil_annotation_pane_set_filter_topic (fixture->pane, postil_topic_get_id (money));
  postil_annotation_pane_set_filter_document (fixture->pane, fixture->b);
  display_wait (count_rows (fixture) == 1);
  postil_edit_remove_topic (fixture->workspace, step, postil_topic_get_id (money));
  postil_workspace_commit (fixture->workspace, step, NULL);
  postil_workspace_remove_document (fixture->workspace, fixture->b);
  display_wait (count_rows (fixture) == 3);
  g_object_get (fixture->pane, "filter-document", &document, NULL);
  g_assert_null (document);
}

/* A document that is filtered by stays so when one before it goes. */
static void
test_filter_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilDocument) document = NULL;

  postil_annotation_pane_set_filter_document (fixture->pane, fixture->b);
  display_wait (count_rows (fixture) == 1);
  postil_workspace_remove_document (fixture->workspace, fixture->a);
  display_settle (50);
  g_object_get (fixture->pane, "filter-document", &document, NULL);
  g_assert_true (document == fixture->b);
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  postil_workspace_add_document (fixture->workspace, fixture->a);
  display_settle (50);
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  assert_shows (fixture, "1 of 4 annotations");
}

static void
test_bulk (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  const char *money = postil_topic_get_id (postil_codebook_find_path (codebook, "Money"));

  select_rows (fixture, 0, 3);
  g_assert_true (
    gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "annotations.add-topic", "s", money));
  for (guint i = 0; i < 4; i++)
    g_assert_true (postil_annotation_has_topic (get_annotation (fixture, i), money));
  g_assert_cmpuint (count_selected (fixture), ==, 3);
  g_assert_cmpstr (postil_history_get_undo_label (fixture->history), ==,
                   "Add Topic to 3 Annotations");
  gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "annotations.remove-topic", "s", money);
  g_assert_false (postil_annotation_has_topic (get_annotation (fixture, 1), money));
  g_assert_true (postil_annotation_has_topic (get_annotation (fixture, 3), money));
  postil_workspace_undo (fixture->workspace);
  g_assert_true (postil_annotation_has_topic (get_annotation (fixture, 1), money));
  postil_workspace_undo (fixture->workspace);
  g_assert_false (postil_annotation_has_topic (get_annotation (fixture, 1), money));

  select_rows (fixture, 1, 2);
  g_assert_true (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  g_assert_cmpstr (postil_history_get_undo_label (fixture->history), ==, "Delete 2 Annotations");
  g_assert_cmpstr (fixture->selected, ==, fixture->ids[3]);
  postil_workspace_undo (fixture->workspace);
  display_wait (count_rows (fixture) == 4);

  select_rows (fixture, 0, 1);
  g_assert_true (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
  g_assert_cmpstr (postil_history_get_undo_label (fixture->history), ==, "Delete 1 Annotation");
  gtk_selection_model_unselect_all (get_selection (fixture));
  g_assert_false (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
  g_assert_cmpuint (count_rows (fixture), ==, 3);
}

/* The popovers of the row for several: a topic that is there, a new one, one of those they have. */
static void
test_bulk_finders (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  PostilTopic *fresh;
  GtkMenuButton *button;
  GtkPopover *popover;

  select_rows (fixture, 0, 4);
  button = display_find_named (fixture->pane, GTK_TYPE_MENU_BUTTON, "_Add Topic");
  gtk_menu_button_popup (button);
  popover = gtk_menu_button_get_popover (button);
  g_signal_emit_by_name (display_find (popover, POSTIL_TYPE_TOPIC_FINDER, 0), "topic-created",
                         "Fresh/Air");
  fresh = postil_codebook_find_path (codebook, "Fresh/Air");
  g_assert_nonnull (fresh);
  g_assert_cmpuint (postil_workspace_count_topic (fixture->workspace, postil_topic_get_id (fresh)),
                    ==, 4);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (popover)));
  postil_workspace_undo (fixture->workspace);
  g_assert_null (postil_codebook_find_path (codebook, "Fresh"));

  select_rows (fixture, 0, 2);
  button = display_find_named (fixture->pane, GTK_TYPE_MENU_BUTTON, "_Remove Topic");
  gtk_menu_button_popup (button);
  popover = gtk_menu_button_get_popover (button);
  gtk_editable_set_text (display_find (popover, GTK_TYPE_ENTRY, 0), "money");
  g_signal_emit_by_name (display_find (popover, GTK_TYPE_ENTRY, 0), "activate");
  g_assert_cmpuint (count_selected (fixture), ==, 2);
  gtk_editable_set_text (display_find (popover, GTK_TYPE_ENTRY, 0), "deep");
  g_signal_emit_by_name (display_find (popover, GTK_TYPE_ENTRY, 0), "activate");
  g_assert_cmpstr (postil_history_get_undo_label (fixture->history), ==,
                   "Remove Topic from 2 Annotations");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (popover)));
  gtk_menu_button_popup (button);
  g_assert_cmpstr (gtk_editable_get_text (display_find (popover, GTK_TYPE_ENTRY, 0)), ==, "");
}

static void
test_detail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilAnnotator) other = postil_annotator_new ("urn:other", "Somebody Else", NULL);
  g_autoptr (PostilAnnotator) me =
    postil_annotator_ref (postil_workspace_get_annotator (fixture->workspace));
  g_autoptr (PostilStep) step = postil_step_new ("Other");
  PostilAnnotationDetail *detail;
  GtkMenuButton *button;
  GtkTextBuffer *note;
  guint n_topics;

  postil_workspace_set_annotator (fixture->workspace, other);
  postil_edit_set_note (fixture->workspace, step, fixture->a, get_annotation (fixture, 0),
                        "I read it otherwise");
  postil_workspace_commit (fixture->workspace, step, NULL);
  postil_workspace_set_annotator (fixture->workspace, me);
  select_rows (fixture, 0, 1);
  detail = get_detail (fixture);
  g_assert_nonnull (display_find_named (detail, GTK_TYPE_LABEL, "Somebody Else, 1 January 2026"));
  g_assert_nonnull (display_find_named (detail, GTK_TYPE_LABEL, "I read it otherwise"));
  g_assert_nonnull (display_find_named (detail, GTK_TYPE_LABEL, "Annotator 1, 1 January 2026"));

  button = display_find_named (detail, GTK_TYPE_MENU_BUTTON, "Add Topic");
  gtk_menu_button_popup (button);
  g_signal_emit_by_name (display_find (button, POSTIL_TYPE_TOPIC_FINDER, 0), "topic-created",
                         "Brand new");
  g_assert_cmpuint (display_count (detail, POSTIL_TYPE_TOPIC_CHIP), ==, 2);
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 0));
  g_signal_emit_by_name (display_find_named (detail, GTK_TYPE_BUTTON, "Remove topic “Trust”"),
                         "clicked");
  g_assert_cmpuint (display_count (detail, POSTIL_TYPE_TOPIC_CHIP), ==, 1);
  postil_annotation_get_topics (get_annotation (fixture, 0), &n_topics);
  g_assert_cmpuint (n_topics, ==, 1);
  g_assert_cmpstr (postil_history_get_undo_label (fixture->history), ==, "Remove Topic");
  postil_workspace_undo (fixture->workspace);
  display_wait (display_count (detail, POSTIL_TYPE_TOPIC_CHIP) == 2);

  /* Changing the annotation by hand of another view keeps it selected, and writing it does. */
  postil_annotation_pane_edit_note (fixture->pane);
  note = gtk_text_view_get_buffer (GTK_TEXT_VIEW (gtk_root_get_focus (GTK_ROOT (fixture->window))));
  fixture->n_selected = 0;
  gtk_text_buffer_set_text (note, "mine", -1);
  postil_annotation_pane_commit_note (fixture->pane);
  g_assert_cmpstr (postil_note_get_text (postil_annotation_find_note (
                     get_annotation (fixture, 0), postil_annotator_get_id (me))),
                   ==, "mine");
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 0));
  g_assert_cmpuint (fixture->n_selected, ==, 0);

  /* What is being typed stays when the topics change. */
  gtk_text_buffer_set_text (note, "mine too", -1);
  g_signal_emit_by_name (display_find_named (detail, GTK_TYPE_BUTTON, "Remove topic"), "clicked");
  g_assert_cmpstr (postil_note_get_text (postil_annotation_find_note (
                     get_annotation (fixture, 0), postil_annotator_get_id (me))),
                   ==, "mine too");

  /* What is typed is kept when another one is selected. */
  gtk_text_buffer_set_text (note, "mine, longer", -1);
  select_rows (fixture, 1, 1);
  g_assert_cmpstr (postil_note_get_text (postil_annotation_find_note (
                     get_annotation (fixture, 0), postil_annotator_get_id (me))),
                   ==, "mine, longer");
}

/* Annotations without a place say what they are and can be listed alone. */
static void
test_unplaced (Fixture *fixture, gconstpointer data)
{
  PostilSelector selector = { .exact = "words that are gone", .has_position = TRUE };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (&selector, 1, "0", NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Reload");
  const struct
  {
    PostilAnnotationKind kind;
    PostilStatus status;
    const char *shown;
    const char *explained;
  } kinds[] = {
    { POSTIL_ANNOTATION_PASSAGE, POSTIL_STATUS_ORPHANED, "words that are gone", "was not found" },
    { POSTIL_ANNOTATION_DOCUMENT, POSTIL_STATUS_PLACED, "The whole document", NULL },
    { POSTIL_ANNOTATION_FOREIGN, POSTIL_STATUS_PLACED, "Made by another program",
      "cannot show this annotation" },
  };
  GtkToggleButton *unplaced;

  g_assert_null (display_find_named (fixture->pane, GTK_TYPE_TOGGLE_BUTTON, "to review"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *id = g_strdup_printf ("urn:kind-%u", i);
      PostilAnnotationFields fields = { .id = id,
                                        .kind = kinds[i].kind,
                                        .status = kinds[i].status };
      g_autoptr (PostilAnnotation) annotation = NULL;

      fields.anchor = kinds[i].status == POSTIL_STATUS_ORPHANED ? anchor : NULL;
      annotation = postil_annotation_new (&fields);
      postil_step_change_annotation (step, fixture->a, NULL, annotation);
    }
  postil_workspace_commit (fixture->workspace, step, NULL);
  display_settle (50);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *id = g_strdup_printf ("urn:kind-%u", i);

      assert_shows (fixture, kinds[i].shown);
      g_assert_true (postil_annotation_pane_select (fixture->pane, id));
      if (kinds[i].explained)
        assert_shows (fixture, kinds[i].explained);
    }
  assert_shows (fixture, "Not found");
  unplaced = display_find_named (fixture->pane, GTK_TYPE_TOGGLE_BUTTON, "1 to review");
  gtk_toggle_button_set_active (unplaced, TRUE);
  display_wait (count_rows (fixture) == 1);
  postil_workspace_undo (fixture->workspace);
  display_wait (count_rows (fixture) == 0);
  g_assert_nonnull (display_find_named (fixture->pane, GTK_TYPE_TOGGLE_BUTTON, "0 to review"));
  g_assert_null (get_detail (fixture));
}

/* The selected row is wholly in sight, with its annotation open below. */
static void
assert_in_sight (Fixture *fixture, guint position)
{
  GtkWidget *list = GTK_WIDGET (fixture->list), *card, *row;
  graphene_rect_t bounds;

  display_wait (gtk_selection_model_is_selected (get_selection (fixture), position) &&
                get_detail (fixture) != NULL &&
                gtk_widget_get_height (GTK_WIDGET (get_detail (fixture))) > 0);
  display_settle (100);
  card = display_find (list, POSTIL_TYPE_ANNOTATION_CARD, position);
  row = gtk_widget_get_parent (card);
  g_assert_true (gtk_widget_compute_bounds (row, list, &bounds));
  g_assert_cmpfloat (bounds.origin.y, >=, 0);
  g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, gtk_widget_get_height (list));
}

/* What is opened is in sight with the room that the detail leaves to the list, also when its row
 * has yet to follow. */
static void
test_in_sight (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilStep) step = NULL;
  g_autofree char *fresh = NULL;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 480);
  display_settle (100);
  g_assert_true (postil_annotation_pane_select (fixture->pane, fixture->ids[3]));
  assert_in_sight (fixture, 3);
  postil_annotation_pane_select (fixture->pane, NULL);
  display_settle (100);
  gtk_selection_model_select_item (get_selection (fixture), 2, TRUE);
  assert_in_sight (fixture, 2);
  postil_annotation_pane_select (fixture->pane, NULL);
  display_settle (100);
  fresh = postil_test_annotate (fixture->workspace, fixture->b, 8, 13, "Trust", NULL);
  g_assert_true (postil_annotation_pane_select (fixture->pane, fresh));
  assert_in_sight (fixture, 4);

  /* It becomes taller. */
  step = postil_step_new ("Note");
  postil_edit_set_note (fixture->workspace, step, fixture->b,
                        postil_document_get_annotation (fixture->b, fresh), "a note");
  postil_workspace_commit (fixture->workspace, step, NULL);
  assert_in_sight (fixture, 4);
}

/* Cards out of sight follow the topics, too. */
static void
test_out_of_sight (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  g_autoptr (PostilStep) step = postil_step_new ("Rename");
  PostilAnnotationCard *card;
  PostilTopicFields fields;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 480);
  postil_annotation_pane_select (fixture->pane, fixture->ids[0]);
  display_settle (100);
  card = display_find (fixture->list, POSTIL_TYPE_ANNOTATION_CARD, 3);
  postil_topic_get_fields (postil_codebook_find_path (codebook, "Money"), &fields);
  fields.label = "Gold";
  g_assert_true (postil_edit_change_topic (fixture->workspace, step, &fields, NULL));
  postil_workspace_commit (fixture->workspace, step, NULL);
  display_wait (display_find_named (card, GTK_TYPE_WIDGET, "Gold") != NULL);
}

#define N_LINES 1500

/* Adds a document of as many annotated lines; those of some have more to show. */
static void
add_lines (Fixture *fixture)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  const char *const topics[] = { postil_topic_get_id (postil_codebook_find_path (
                                   postil_workspace_get_codebook (fixture->workspace), "Money")),
                                 NULL };

  for (guint i = 0; i < N_LINES; i++)
    g_string_append_printf (text, "Line %04u\n", i);
  document = postil_test_document_new ("c.txt", text->str);
  postil_workspace_add_document (fixture->workspace, document);
  for (guint i = 0; i < N_LINES; i++)
    g_free (postil_edit_add_annotation (fixture->workspace, step, document,
                                        &(PostilSpan){ 10 * i, 10 * i + 9 }, 1,
                                        i % 3 == 0 ? topics : NULL, i % 7 == 0 ? "A note" : NULL));
  postil_workspace_commit (fixture->workspace, step, NULL);
}

static gboolean
shows_row (GtkWidget *row, GListModel *rows, guint position)
{
  g_autoptr (PostilAnnotationRow) item = g_list_model_get_item (rows, position);
  g_autofree char *phrase =
    postil_annotation_card_dup_phrase (POSTIL_ANNOTATION_CARD (gtk_widget_get_first_child (row)));
  g_autofree char *quote = NULL;

  if (item == NULL)
    return FALSE;
  quote = postil_text_dup_range (
    postil_document_get_text (postil_annotation_row_get_document (item)),
    postil_annotation_get_extent (postil_annotation_row_get_annotation (item)));
  return g_str_has_prefix (phrase, quote);
}

/* Whether the cards of the list are those of its rows, in their order. */
static gboolean
shows_rows (Fixture *fixture)
{
  GListModel *rows = G_LIST_MODEL (get_selection (fixture));
  guint n = g_list_model_get_n_items (rows), position = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (fixture->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      while (position < n && !shows_row (row, rows, position))
        position++;
      if (position++ == n)
        return FALSE;
    }
  return TRUE;
}

/* A filter has the cards show others instead of making others, and the list stays at its top, or at
 * the passage that was there.
 */
static void
test_same_cards (Fixture *fixture, gconstpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->list));
  const char *money = postil_topic_get_id (
    postil_codebook_find_path (postil_workspace_get_codebook (fixture->workspace), "Money"));
  g_autoptr (GtkWidget) card = NULL;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 480);
  add_lines (fixture);
  display_wait (count_rows (fixture) == N_LINES + G_N_ELEMENTS (fixture->ids));
  display_settle (200);
  card = g_object_ref (display_find (fixture->list, POSTIL_TYPE_ANNOTATION_CARD, 20));

  for (guint i = 0; i < 2; i++)
    {
      postil_annotation_pane_set_filter_topic (fixture->pane, money);
      display_wait (count_rows (fixture) == N_LINES / 3 + 1 && shows_rows (fixture));
      if (i == 0)
        g_assert_true (gtk_widget_is_ancestor (card, GTK_WIDGET (fixture->list)));
      postil_annotation_pane_set_filter_topic (fixture->pane, NULL);
      display_wait (count_rows (fixture) == N_LINES + G_N_ELEMENTS (fixture->ids) &&
                    shows_rows (fixture));
      display_settle (100);
      if (i == 0)
        g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
      gtk_adjustment_set_value (adjustment, 20000);
      display_settle (100);
    }
}

/* Tab goes past the rows, however many there are. */
static void
test_tab (Fixture *fixture, gconstpointer data)
{
  GtkWidget *list = GTK_WIDGET (fixture->list);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (list));

  g_assert_cmpuint (count_rows (fixture), >, 1);
  gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (window), list));
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_BACKWARD);
  g_assert_nonnull (
    gtk_widget_get_ancestor (gtk_window_get_focus (window), POSTIL_TYPE_ANNOTATION_FILTERS));
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (window), list));
  gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
  g_assert_false (gtk_window_get_focus (window) &&
                  gtk_widget_is_ancestor (gtk_window_get_focus (window), list));
}

/* Escape in a note goes back to where a person was when asking for it. */
static void
test_note_and_back (Fixture *fixture, gconstpointer data)
{
  GtkWindow *window = GTK_WINDOW (fixture->window);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *button = gtk_button_new ();
  g_autoptr (GtkWidget) pane = g_object_ref (GTK_WIDGET (fixture->pane));

  gtk_window_set_child (window, NULL);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), pane);
  gtk_window_set_child (window, box);
  display_wait (gtk_widget_get_mapped (pane) && gtk_widget_get_width (pane) > 0);

  gtk_widget_grab_focus (button);
  postil_annotation_pane_select (fixture->pane, fixture->ids[1]);
  postil_annotation_pane_edit_note (fixture->pane);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (window), pane));
  g_assert_true (display_press (gtk_window_get_focus (window), GDK_KEY_Escape, 0));
  g_assert_true (gtk_window_get_focus (window) == button);
}

static const char *
get_id_at (Fixture *fixture, guint position)
{
  g_autoptr (PostilAnnotationRow) row =
    g_list_model_get_item (G_LIST_MODEL (get_selection (fixture)), position);

  return postil_annotation_get_id (postil_annotation_row_get_annotation (row));
}

/* The rows are those of the annotations with these numbers. */
static void
expect_rows (Fixture *fixture, const char *numbers)
{
  g_assert_cmpuint (count_rows (fixture), ==, strlen (numbers));
  for (guint i = 0; numbers[i] != '\0'; i++)
    g_assert_cmpstr (get_id_at (fixture, i), ==, fixture->ids[numbers[i] - '0']);
}

static void
sort (Fixture *fixture, const char *order)
{
  g_assert_true (
    gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "annotations.sort", "s", order));
  display_settle (30);
}

/* Cards of both documents come among each other, and each says where it is from; what is open stays
 * open and selected, with a filter, too.
 */
static void
test_sort (Fixture *fixture, gconstpointer data)
{
  PostilAnnotationFilters *filters =
    display_find (fixture->pane, POSTIL_TYPE_ANNOTATION_FILTERS, 0);
  GtkWidget *button = display_find_named (filters, GTK_TYPE_MENU_BUTTON, "Sort");
  PostilAnnotationCard *card;
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  const char *topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Money"));
  g_autoptr (PostilStep) step = postil_step_new ("Untag");

  g_assert_true (postil_annotation_pane_select (fixture->pane, fixture->ids[3]));
  display_settle (30);
  sort (fixture, "topic");
  expect_rows (fixture, "0132");
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 2));
  g_assert_cmpuint (count_selected (fixture), ==, 1);
  g_assert_true (postil_annotation_detail_get_annotation (get_detail (fixture)) ==
                 get_annotation (fixture, 3));
  card = display_find (fixture->list, POSTIL_TYPE_ANNOTATION_CARD, 2);
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "b.txt ¶ 1"));
  card = display_find (fixture->list, POSTIL_TYPE_ANNOTATION_CARD, 3);
  g_assert_nonnull (display_find_named (card, GTK_TYPE_WIDGET, "a.txt ¶ 2"));
  g_assert_cmpstr (gtk_menu_button_get_label (GTK_MENU_BUTTON (button)), ==, "Topic");

  postil_edit_set_topic (fixture->workspace, step, fixture->b, get_annotation (fixture, 3), topic,
                         FALSE);
  postil_workspace_commit (fixture->workspace, step, NULL);
  display_settle (60);
  expect_rows (fixture, "0123");
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 3));
  postil_workspace_undo (fixture->workspace);
  display_settle (60);
  expect_rows (fixture, "0132");

  sort (fixture, "longest");
  expect_rows (fixture, "1023");
  topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Trust"));
  postil_annotation_pane_set_filter_topic (fixture->pane, topic);
  display_settle (60);
  expect_rows (fixture, "10");
  sort (fixture, "place");
  display_wait (g_strcmp0 (get_id_at (fixture, 0), fixture->ids[0]) == 0);
  expect_rows (fixture, "01");
  g_assert_cmpstr (gtk_menu_button_get_icon_name (GTK_MENU_BUTTON (button)), ==,
                   "postil-sort-symbolic");
}

/* What is done to several annotations is done to those that are seen to be selected, which stay
 * selected in another order.
 */
static void
test_sort_several (Fixture *fixture, gconstpointer data)
{
  sort (fixture, "topic");
  expect_rows (fixture, "0132");
  select_rows (fixture, 1, 2);
  g_assert_cmpuint (count_selected (fixture), ==, 2);
  sort (fixture, "longest");
  expect_rows (fixture, "1023");
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 0));
  g_assert_true (gtk_selection_model_is_selected (get_selection (fixture), 3));
  g_assert_cmpuint (count_selected (fixture), ==, 2);

  g_assert_true (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
  display_settle (60);
  expect_rows (fixture, "02");
  postil_workspace_undo (fixture->workspace);
  display_settle (60);
  expect_rows (fixture, "1023");
}

/* Has very many annotations in the order of their topics, which a thread sorts. */
static void
sort_lines (Fixture *fixture)
{
  add_lines (fixture);
  sort (fixture, "topic");
  display_wait (count_rows (fixture) == G_N_ELEMENTS (fixture->ids) + N_LINES &&
                g_str_equal (get_id_at (fixture, 0), fixture->ids[0]));
  display_settle (200);
}

/* (transfer full): the ids of the annotations that rows are of */
static GHashTable *
list_ids (Fixture *fixture, guint first, guint n)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = first; i < first + n; i++)
    g_hash_table_add (ids, g_strdup (get_id_at (fixture, i)));
  return ids;
}

/* Whether the rows of these annotations are selected, and say whether they have a topic. */
static gboolean
are_selected (Fixture *fixture, GHashTable *ids, const char *topic, gboolean present)
{
  guint n_met = 0;

  for (guint i = 0; i < count_rows (fixture); i++)
    {
      g_autoptr (PostilAnnotationRow) row =
        g_list_model_get_item (G_LIST_MODEL (get_selection (fixture)), i);
      PostilAnnotation *annotation = postil_annotation_row_get_annotation (row);
      gboolean is_one = g_hash_table_contains (ids, postil_annotation_get_id (annotation));

      if (is_one != gtk_selection_model_is_selected (get_selection (fixture), i) ||
          (is_one && postil_annotation_has_topic (annotation, topic) != present))
        return FALSE;
      n_met += is_one;
    }
  return n_met == g_hash_table_size (ids) && count_selected (fixture) == n_met;
}

/* Few changes are told one by one, more are sorted in a thread, and very many are composed in one,
 * too.
 */
static const guint n_chosen[] = { 3, 90, 300, 1200 };

/* What is selected stays so when something is done to it, undone and done again, however many rows
 * move.
 */
static void
test_bulk_sorted (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  const char *topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Trust"));

  sort_lines (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (n_chosen); i++)
    {
      g_autoptr (GHashTable) ids = NULL;
      g_autofree char *several = g_strdup_printf ("%u annotations selected", n_chosen[i]);

      display_wait (count_rows (fixture) == G_N_ELEMENTS (fixture->ids) + N_LINES);
      ids = list_ids (fixture, 200, n_chosen[i]);
      select_rows (fixture, 200, n_chosen[i]);
      gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "annotations.add-topic", "s", topic);
      display_wait (are_selected (fixture, ids, topic, TRUE));
      postil_workspace_undo (fixture->workspace);
      display_wait (are_selected (fixture, ids, topic, FALSE));
      postil_workspace_redo (fixture->workspace);
      display_wait (are_selected (fixture, ids, topic, TRUE));
      postil_workspace_undo (fixture->workspace);
      display_wait (are_selected (fixture, ids, topic, FALSE));
      assert_shows (fixture, several);
    }
}

/* After a deletion comes the next one, and the focus is still there. */
static void
test_delete_sorted (Fixture *fixture, gconstpointer data)
{
  sort_lines (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (n_chosen); i++)
    {
      guint n_rows = count_rows (fixture);
      g_autofree char *next = g_strdup (get_id_at (fixture, 200 + n_chosen[i]));

      select_rows (fixture, 200, n_chosen[i]);
      gtk_widget_grab_focus (GTK_WIDGET (fixture->list));
      g_assert_true (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
      display_wait (count_rows (fixture) == n_rows - n_chosen[i]);
      display_wait (gtk_selection_model_is_selected (get_selection (fixture), 200));
      g_assert_cmpstr (get_id_at (fixture, 200), ==, next);
      g_assert_cmpuint (count_selected (fixture), ==, 1);
      g_assert_cmpstr (fixture->selected, ==, next);
      g_assert_true (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (fixture->window)),
                                             GTK_WIDGET (fixture->list)));
      postil_workspace_undo (fixture->workspace);
      display_wait (count_rows (fixture) == n_rows);
      display_settle (60);
    }
}

/* Who selects something else while many rows are sorted has that selected. */
static void
test_select_sorting (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  const char *topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Trust"));
  g_autoptr (GHashTable) others = NULL;
  guint n_rows;

  sort_lines (fixture);
  n_rows = count_rows (fixture);
  others = list_ids (fixture, 100, 1);
  select_rows (fixture, 200, 300);
  gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "annotations.add-topic", "s", topic);
  gtk_selection_model_select_item (get_selection (fixture), 100, TRUE);
  display_settle (300);
  g_assert_true (are_selected (fixture, others, topic, FALSE));

  postil_workspace_undo (fixture->workspace);
  display_settle (300);
  select_rows (fixture, 200, 300);
  g_assert_true (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
  gtk_selection_model_select_item (get_selection (fixture), 100, TRUE);
  display_wait (count_rows (fixture) == n_rows - 300);
  display_settle (60);
  g_assert_true (are_selected (fixture, others, topic, FALSE));
}

/* Until a thread has sorted the rest there are rows of a document that was closed: nothing comes of
 * what is done with them.
 */
static void
test_close_sorted (Fixture *fixture, gconstpointer data)
{
  GListModel *documents = postil_workspace_get_documents (fixture->workspace);
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  const char *topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Trust"));
  const guint n_left = G_N_ELEMENTS (fixture->ids) + N_LINES;
  g_autoptr (PostilDocument) last = NULL;

  sort_lines (fixture);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (PostilDocument) document = NULL;

      add_lines (fixture);
      display_wait (count_rows (fixture) == n_left + N_LINES);
      display_settle (60);
      document = g_list_model_get_item (documents, 3);
      select_rows (fixture, 600, i < 3 ? 1 : 300);
      postil_workspace_remove_document (fixture->workspace, document);
      g_assert_cmpuint (count_rows (fixture), ==, n_left + N_LINES);
      if (i % 3 == 0)
        gtk_widget_activate_action (GTK_WIDGET (fixture->list), "list.activate-item", "u", 600);
      else if (i % 3 == 1)
        gtk_selection_model_select_range (get_selection (fixture), 700, i == 1 ? 1 : 250, TRUE);
      else
        postil_annotation_pane_set_filter_topic (fixture->pane, topic);
      display_press_binding (fixture->list, GDK_KEY_Delete, 0);
      if (i % 3 == 1)
        gtk_selection_model_select_range (get_selection (fixture), 700, i == 1 ? 1 : 250, TRUE);
      gtk_widget_activate_action (GTK_WIDGET (fixture->pane), "annotations.add-topic", "s", topic);
      g_assert_cmpstr (postil_history_get_undo_label (fixture->history), ==, "Annotate");
      postil_annotation_pane_set_filter_topic (fixture->pane, NULL);
      display_wait (count_rows (fixture) == n_left);
      display_settle (60);
      g_assert_cmpuint (
        postil_annotation_index_get_n_shown (postil_document_get_annotations (document)), ==,
        N_LINES);
    }

  /* What is undone in a document that was closed opens it. */
  add_lines (fixture);
  display_wait (count_rows (fixture) == n_left + N_LINES);
  select_rows (fixture, 600, 300);
  last = g_list_model_get_item (documents, 3);
  postil_workspace_remove_document (fixture->workspace, last);
  postil_workspace_undo (fixture->workspace);
  display_wait (count_rows (fixture) == n_left);
  g_assert_cmpuint (g_list_model_get_n_items (documents), ==, 4);
  postil_workspace_redo (fixture->workspace);
  display_wait (count_rows (fixture) == n_left + N_LINES);
}

/* The menu is made when it is opened, and its items show which order it is. */
static void
test_sort_menu (Fixture *fixture, gconstpointer data)
{
  GtkMenuButton *button = display_find_named (fixture->pane, GTK_TYPE_MENU_BUTTON, "Sort");
  GtkWidget *popover;

  g_assert_null (gtk_menu_button_get_popover (button));
  gtk_menu_button_popup (button);
  display_settle (60);
  popover = GTK_WIDGET (gtk_menu_button_get_popover (button));
  g_assert_true (gtk_widget_get_visible (popover));
  g_assert_true (gtk_widget_child_focus (popover, GTK_DIR_DOWN));
  g_assert_true (gtk_widget_child_focus (popover, GTK_DIR_DOWN));
  g_assert_true (gtk_widget_child_focus (popover, GTK_DIR_DOWN));
  g_assert_true (gtk_widget_activate (gtk_root_get_focus (GTK_ROOT (fixture->window))));
  display_settle (60);
  g_assert_cmpstr (gtk_menu_button_get_label (button), ==, "Newest First");
}

static void
test_empty (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  GtkWidget *pane = postil_annotation_pane_new (), *window = display_show (pane);

  g_assert_nonnull (display_find_named (pane, GTK_TYPE_LABEL, "No Annotations Yet"));
  postil_annotation_pane_set_workspace (POSTIL_ANNOTATION_PANE (pane), workspace);
  g_assert_nonnull (display_find_named (pane, GTK_TYPE_LABEL, "No Annotations Yet"));
  postil_annotation_pane_edit_note (POSTIL_ANNOTATION_PANE (pane));
  postil_annotation_pane_commit_note (POSTIL_ANNOTATION_PANE (pane));
  g_assert_false (postil_annotation_pane_select (POSTIL_ANNOTATION_PANE (pane), NULL));
  postil_annotation_pane_set_workspace (POSTIL_ANNOTATION_PANE (pane), NULL);
  display_close (window);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(path, func)                                                                            \
  g_test_add ("/annotation-pane/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("rows", test_rows);
  ADD ("select", test_select);
  ADD ("follows", test_follows);
  ADD ("filters", test_filters);
  ADD ("filter-goes", test_filter_goes);
  ADD ("filter-stays", test_filter_stays);
  ADD ("bulk", test_bulk);
  ADD ("bulk-finders", test_bulk_finders);
  ADD ("detail", test_detail);
  ADD ("unplaced", test_unplaced);
  ADD ("in-sight", test_in_sight);
  ADD ("out-of-sight", test_out_of_sight);
  ADD ("same-cards", test_same_cards);
  ADD ("sort", test_sort);
  ADD ("sort-several", test_sort_several);
  ADD ("bulk-sorted", test_bulk_sorted);
  ADD ("delete-sorted", test_delete_sorted);
  ADD ("select-sorting", test_select_sorting);
  ADD ("close-sorted", test_close_sorted);
  ADD ("sort-menu", test_sort_menu);
  ADD ("tab", test_tab);
  ADD ("note-and-back", test_note_and_back);
  g_test_add_func ("/annotation-pane/empty", test_empty);

  return g_test_run ();
}
