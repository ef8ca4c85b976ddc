/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-edit.h"
#include "postil-excerpt.h"
#include "postil-pair-layout.h"
#include "postil-review-card.h"
#include "postil-review-detail.h"
#include "postil-review-pane.h"
#include "postil-review-version.h"
#include "postil-test.h"
#include "postil-topic-chip.h"

#define TEXT "The great river is wide. The ferry crosses it twice a day.\nThe bridge is a plan.\n"

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *a;
  PostilDocument *b;
  PostilReviewPane *pane;
  GtkWidget *window;
  GtkListView *list;
  char *selected;
  guint n_selected;
} Fixture;

static void
selected_cb (Fixture *fixture, PostilDocument *document, PostilAnnotation *annotation)
{
  g_assert_true (POSTIL_IS_DOCUMENT (document));
  g_free (fixture->selected);
  fixture->selected = g_strdup (postil_annotation_get_id (annotation));
  fixture->n_selected++;
}

/* What a changed text leaves of an annotation of "exact", or two people of one. */
static void
add (Fixture *fixture,
     PostilDocument *document,
     const char *id,
     PostilStatus status,
     PostilSpan span,
     const char *exact,
     const char *version_of,
     const char *note)
{
  const PostilSelector selector = { TRUE, span, exact, "before ", " behind" };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (&selector, 1, "abc", NULL);
  g_autoptr (PostilNote) written = postil_note_new (note ? note : "", "urn:someone", 1, NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  g_autofree char *topic = postil_edit_ensure_path (fixture->workspace, step, "Water");
  PostilAnnotationFields fields = {
    .id = id,
    .status = status,
    .spans = &span,
    .n_spans = status != POSTIL_STATUS_ORPHANED,
    .topics = (const char *const *) &topic,
    .n_topics = 1,
    .notes = &written,
    .n_notes = note != NULL,
    .anchor = status != POSTIL_STATUS_PLACED ? anchor : NULL,
    .version_of = version_of,
  };
  g_autoptr (PostilAnnotation) annotation = postil_annotation_new (&fields);

  postil_step_change_annotation (step, document, NULL, annotation);
  postil_workspace_commit (fixture->workspace, step, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->a = postil_test_document_new ("a.txt", TEXT);
  fixture->b = postil_test_document_new ("b.txt", TEXT);
  postil_workspace_add_document (fixture->workspace, fixture->a);
  postil_workspace_add_document (fixture->workspace, fixture->b);
  add (fixture, fixture->a, "urn:1", POSTIL_STATUS_PLACED, (PostilSpan){ 0, 3 }, NULL, NULL, "one");
  add (fixture, fixture->a, "urn:2", POSTIL_STATUS_MOVED, (PostilSpan){ 4, 15 }, "big river", NULL,
       NULL);
  add (fixture, fixture->a, "urn:3", POSTIL_STATUS_UNCERTAIN, (PostilSpan){ 25, 34 }, "the boat",
       NULL, NULL);
  add (fixture, fixture->a, "urn:4", POSTIL_STATUS_ORPHANED, (PostilSpan){ 40, 45 }, "lost words",
       NULL, NULL);
  add (fixture, fixture->b, "urn:5", POSTIL_STATUS_MOVED, (PostilSpan){ 4, 9 }, "great", NULL,
       NULL);
  add (fixture, fixture->b, "urn:6", POSTIL_STATUS_PLACED, (PostilSpan){ 10, 15 }, NULL, NULL,
       "mine");
  add (fixture, fixture->b, "urn:7", POSTIL_STATUS_PLACED, (PostilSpan){ 10, 15 }, NULL, "urn:6",
       "theirs");
  fixture->pane = POSTIL_REVIEW_PANE (postil_review_pane_new ());
  g_signal_connect_swapped (fixture->pane, "entry-selected", G_CALLBACK (selected_cb), fixture);
  postil_review_pane_set_workspace (fixture->pane, fixture->workspace);
  fixture->window = display_show (GTK_WIDGET (fixture->pane));
  fixture->list = display_find (fixture->pane, GTK_TYPE_LIST_VIEW, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_close (fixture->window);
  g_free (fixture->selected);
  g_object_unref (fixture->a);
  g_object_unref (fixture->b);
  g_object_unref (fixture->workspace);
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (fixture->list)));
}

static const char *
get_entry (Fixture *fixture)
{
  PostilAnnotation *entry = postil_review_pane_get_entry (fixture->pane);

  return entry ? postil_annotation_get_id (entry) : NULL;
}

static void
select_row (Fixture *fixture, guint position)
{
  gtk_selection_model_select_item (gtk_list_view_get_model (fixture->list), position, TRUE);
  display_settle (20);
}

static void
act (Fixture *fixture, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->pane), action, NULL);
  display_settle (20);
}

static PostilStatus
get_status (PostilDocument *document, const char *id)
{
  return postil_annotation_get_status (postil_document_get_annotation (document, id));
}

#define assert_shows(within, text)                                                                 \
  g_assert_nonnull (display_find_named ((within), GTK_TYPE_WIDGET, (text)))

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *id;
    const char *parts[5];
  } rows[] = {
    { "urn:2", { "Moved", "Before", "big river", "great river", "Water" } },
    { "urn:3", { "Uncertain", "the boat", "The ferry", "a.txt ¶ 1" } },
    { "urn:4", { "Not found", "lost words", "a.txt" } },
    /* The same words, elsewhere: once. */
    { "urn:5", { "Moved", "great", "b.txt ¶ 1" } },
    { "urn:7", { "Two versions", "river", "b.txt ¶ 1" } },
  };

  display_wait (count_rows (fixture) == G_N_ELEMENTS (rows));
  /* The first is selected, but nobody did that. */
  g_assert_null (fixture->selected);
  select_row (fixture, 1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GtkWidget *card;
      g_autofree char *phrase = NULL;

      select_row (fixture, i);
      gtk_widget_activate_action (GTK_WIDGET (fixture->list), "list.scroll-to-item", "u", i);
      display_settle (30);
      g_assert_cmpstr (get_entry (fixture), ==, rows[i].id);
      g_assert_cmpstr (fixture->selected, ==, rows[i].id);
      card = display_find (fixture->list, POSTIL_TYPE_REVIEW_CARD, i);
      g_assert_nonnull (card);
      for (guint p = 0; p < G_N_ELEMENTS (rows[i].parts) && rows[i].parts[p]; p++)
        assert_shows (card, rows[i].parts[p]);
      phrase = postil_review_card_dup_phrase (POSTIL_REVIEW_CARD (card));
      g_assert_nonnull (strstr (phrase, rows[i].parts[0]));
    }
  g_assert_null (display_find_named (display_find (fixture->list, POSTIL_TYPE_REVIEW_CARD, 3),
                                     GTK_TYPE_WIDGET, "Before"));
  assert_shows (fixture->pane, "All 5");
  assert_shows (fixture->pane, "Moved 2");
  assert_shows (fixture->pane, "Not found 1");
}

/* Names of topics and documents are followed. */
static void
test_follow (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  PostilTopic *topic = postil_codebook_find_path (codebook, "Water");
  g_autoptr (PostilStep) step = postil_step_new ("Rename");
  PostilTopicFields fields;

  postil_topic_get_fields (topic, &fields);
  fields.label = "Rivers";
  g_assert_true (postil_edit_change_topic (fixture->workspace, step, &fields, NULL));
  postil_workspace_commit (fixture->workspace, step, NULL);
  display_wait (display_find_named (display_find (fixture->list, POSTIL_TYPE_REVIEW_CARD, 0),
                                    GTK_TYPE_WIDGET, "Rivers") != NULL);
  assert_shows (display_find (fixture->list, POSTIL_TYPE_REVIEW_CARD, 0), "a.txt ¶ 1");
  postil_workspace_remove_document (fixture->workspace, fixture->b);
  display_wait (display_find_named (display_find (fixture->list, POSTIL_TYPE_REVIEW_CARD, 0),
                                    GTK_TYPE_WIDGET, "a.txt") == NULL);
  g_assert_cmpuint (count_rows (fixture), ==, 3);
  assert_shows (fixture->pane, "All 3");
  postil_workspace_remove_document (fixture->workspace, fixture->a);
  display_settle (20);
  assert_shows (fixture->pane, "Nothing to Review");
  g_assert_null (display_find (fixture->pane, POSTIL_TYPE_REVIEW_DETAIL, 0));
}

/* After each verb the next entry is selected, told, and has the focus. */
static void
test_verbs (Fixture *fixture, gconstpointer data)
{
  GtkWidget *focus;

  select_row (fixture, 0);
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (fixture->pane)));
  g_signal_emit_by_name (fixture->list, "activate", 0);
  g_assert_cmpint (get_status (fixture->a, "urn:2"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpstr (get_entry (fixture), ==, "urn:3");
  g_assert_cmpstr (fixture->selected, ==, "urn:3");
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_true (focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (fixture->list)));

  /* Nothing is selected in the text yet, or in another. */
  act (fixture, "review.reattach");
  postil_review_pane_set_selection (fixture->pane, fixture->b, (PostilSpan){ 2, 4 });
  act (fixture, "review.reattach");
  g_assert_cmpint (get_status (fixture->a, "urn:3"), ==, POSTIL_STATUS_UNCERTAIN);
  postil_review_pane_set_selection (fixture->pane, fixture->a, (PostilSpan){ 59, 69 });
  act (fixture, "review.reattach");
  g_assert_cmpint (get_status (fixture->a, "urn:3"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpuint (
    postil_annotation_get_extent (postil_document_get_annotation (fixture->a, "urn:3")).start, ==,
    59);
  g_assert_cmpstr (get_entry (fixture), ==, "urn:4");

  /* An orphan has no place to accept, and Enter leads to what can be done. */
  act (fixture, "review.accept");
  g_assert_cmpint (get_status (fixture->a, "urn:4"), ==, POSTIL_STATUS_ORPHANED);
  g_signal_emit_by_name (fixture->list, "activate", 0);
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_true (gtk_widget_get_ancestor (focus, POSTIL_TYPE_REVIEW_DETAIL) != NULL);
  g_assert_true (display_press_binding (fixture->list, GDK_KEY_Delete, 0));
  g_assert_null (postil_document_get_annotation (fixture->a, "urn:4"));
  g_assert_cmpstr (get_entry (fixture), ==, "urn:5");

  act (fixture, "review.accept-sure");
  g_assert_cmpint (get_status (fixture->b, "urn:5"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpuint (count_rows (fixture), ==, 1);
  act (fixture, "review.accept-sure");

  for (guint i = 0; i < 4; i++)
    postil_workspace_undo (fixture->workspace);
  display_settle (20);
  g_assert_cmpuint (count_rows (fixture), ==, 5);
  g_assert_cmpint (get_status (fixture->a, "urn:4"), ==, POSTIL_STATUS_ORPHANED);
  /* What comes back does not take the reader along. */
  g_assert_cmpstr (get_entry (fixture), ==, "urn:7");
}

static void
test_use (Fixture *fixture, gconstpointer data)
{
  GVariantBuilder builder;

  select_row (fixture, 2);
  /* Of a longer text. */
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uu)"));
  g_variant_builder_add (&builder, "(uu)", 70, 1000);
  gtk_widget_activate_action_variant (GTK_WIDGET (fixture->pane), "review.use",
                                      g_variant_builder_end (&builder));
  g_assert_cmpint (get_status (fixture->a, "urn:4"), ==, POSTIL_STATUS_ORPHANED);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uu)"));
  g_variant_builder_add (&builder, "(uu)", 59, 69);
  g_variant_builder_add (&builder, "(uu)", 4, 9);
  gtk_widget_activate_action_variant (GTK_WIDGET (fixture->pane), "review.use",
                                      g_variant_builder_end (&builder));
  g_assert_cmpint (get_status (fixture->a, "urn:4"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpuint (
    postil_annotation_get_extent (postil_document_get_annotation (fixture->a, "urn:4")).start, ==,
    4);
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *button;
    const char *first;
    gboolean has_version;
  } cases[] = {
    { "Keep _This", "theirs", FALSE },
    { "Keep _Other", "mine", FALSE },
    { "Keep _Both", "mine", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_notes;
      PostilAnnotation *first;

      select_row (fixture, 4);
      g_assert_cmpstr (get_entry (fixture), ==, "urn:7");
      assert_shows (display_find (fixture->pane, POSTIL_TYPE_REVIEW_VERSION, 0), "theirs");
      assert_shows (display_find (fixture->pane, POSTIL_TYPE_REVIEW_VERSION, 1), "mine");
      g_assert_null (display_find_named (fixture->pane, GTK_TYPE_BUTTON, "_Accept"));
      g_signal_emit_by_name (display_find_named (fixture->pane, GTK_TYPE_BUTTON, cases[i].button),
                             "clicked");
      first = postil_document_get_annotation (fixture->b, "urn:6");
      g_assert_cmpstr (postil_note_get_text (postil_annotation_get_notes (first, &n_notes)[0]), ==,
                       cases[i].first);
      g_assert_true ((postil_document_get_annotation (fixture->b, "urn:7") != NULL) ==
                     cases[i].has_version);
      g_assert_cmpuint (count_rows (fixture), ==, 4);
      postil_workspace_undo (fixture->workspace);
      display_settle (20);
    }

  /* The other one was deleted meanwhile. */
  {
    g_autoptr (PostilStep) step = postil_step_new ("Delete");

    postil_edit_remove_annotation (step, fixture->b,
                                   postil_document_get_annotation (fixture->b, "urn:6"));
    postil_workspace_commit (fixture->workspace, step, NULL);
    select_row (fixture, 0);
    select_row (fixture, 4);
    assert_shows (fixture->pane, "deleted since");
    g_assert_null (display_find_named (fixture->pane, GTK_TYPE_BUTTON, "Keep _Other"));
  }
}

static void
test_filters (Fixture *fixture, gconstpointer data)
{
  GtkToggleButton *moved = display_find_named (fixture->pane, GTK_TYPE_TOGGLE_BUTTON, "Moved");
  GtkToggleButton *all = display_find_named (fixture->pane, GTK_TYPE_TOGGLE_BUTTON, "All");

  gtk_toggle_button_set_active (moved, TRUE);
  display_wait (count_rows (fixture) == 2);
  g_assert_cmpstr (get_entry (fixture), ==, "urn:2");
  postil_review_pane_step (fixture->pane, 1);
  g_assert_cmpstr (fixture->selected, ==, "urn:5");
  postil_review_pane_step (fixture->pane, 1);
  g_assert_cmpstr (fixture->selected, ==, "urn:5");
  postil_review_pane_step (fixture->pane, -1);
  g_assert_cmpstr (fixture->selected, ==, "urn:2");
  postil_review_pane_step (fixture->pane, -1);
  g_assert_cmpstr (fixture->selected, ==, "urn:2");

  /* The last of its kind leads back to the others. */
  act (fixture, "review.accept-sure");
  g_assert_true (gtk_toggle_button_get_active (all));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (moved)));
  display_wait (count_rows (fixture) == 3);

  postil_review_pane_start (fixture->pane, fixture->b);
  g_assert_cmpstr (fixture->selected, ==, "urn:7");
}

/* Tab goes around: filters, list, what can be done. */
static void
test_tab (Fixture *fixture, gconstpointer data)
{
  GtkWidget *pane = GTK_WIDGET (fixture->pane);
  GtkWindow *window = GTK_WINDOW (fixture->window);

  gtk_widget_grab_focus (pane);
  g_assert_true (
    gtk_widget_is_ancestor (gtk_window_get_focus (window), GTK_WIDGET (fixture->list)));
  g_assert_true (gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD));
  g_assert_nonnull (
    gtk_widget_get_ancestor (gtk_window_get_focus (window), POSTIL_TYPE_REVIEW_DETAIL));
  gtk_widget_grab_focus (pane);
  g_assert_true (gtk_widget_child_focus (pane, GTK_DIR_TAB_BACKWARD));
  g_assert_true (GTK_IS_BUTTON (gtk_window_get_focus (window)));
}

/* Only those in sight are made. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilDocument) many = postil_test_document_new ("many.txt", TEXT);
  g_autoptr (PostilStep) step = postil_step_new ("Many");
  const PostilSelector selector = { TRUE, { 4, 9 }, "large", "The ", " river" };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (&selector, 1, "abc", NULL);
  const PostilSpan span = { 4, 9 };
  const guint n = 100000;

  postil_workspace_add_document (fixture->workspace, many);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("urn:many:%06u", i);
      g_autoptr (PostilAnnotation) annotation = postil_annotation_new (&(PostilAnnotationFields){
        .id = id, .status = POSTIL_STATUS_MOVED, .spans = &span, .n_spans = 1, .anchor = anchor });

      postil_step_change_annotation (step, many, NULL, annotation);
    }
  postil_workspace_commit (fixture->workspace, step, NULL);
  display_wait (count_rows (fixture) == n + 5);
  assert_shows (fixture->pane, "All 100005");
  g_assert_cmpuint (display_count (fixture->list, POSTIL_TYPE_REVIEW_CARD), <, 1000);
  act (fixture, "review.accept-sure");
  display_wait (count_rows (fixture) == 3);
  postil_workspace_undo (fixture->workspace);
  display_wait (count_rows (fixture) == n + 5);
}

/* A version is chosen before its place. */
static void
test_versions_first (Fixture *fixture, gconstpointer data)
{
  add (fixture, fixture->b, "urn:8", POSTIL_STATUS_MOVED, (PostilSpan){ 4, 9 }, "great", "urn:5",
       "theirs");
  for (guint i = 0; g_strcmp0 (get_entry (fixture), "urn:8") != 0; i++)
    select_row (fixture, i);
  assert_shows (fixture->pane, "changed in two places");
  g_assert_null (display_find_named (fixture->pane, GTK_TYPE_BUTTON, "_Accept"));
  assert_shows (fixture->pane, "Keep _This");
}

/* As many lines as the words take, no more. */
static void
test_excerpt (void)
{
  static const char *const words[] = {
    "illicit little lilies till the till",
    "WHO WROTE MEMOS FROM WASHINGTON TO MUMBAI AND WHY",
    "two sides conducted candid, in-depth and constructive communication on domestic matters",
    "談判雙方就各自內外政策和中美關係進行了坦誠深入的溝通談判雙方就各自內外政策和中美關係",
  };
  const int width = 260, max = 3;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      GtkWidget *excerpt = g_object_new (POSTIL_TYPE_EXCERPT, "lines", max, NULL);
      GtkWidget *line = postil_excerpt_new ();
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (excerpt, words[i]);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *window;
      int height, line_height;

      gtk_box_append (GTK_BOX (box), excerpt);
      gtk_box_append (GTK_BOX (box), line);
      window = display_show (box);
      postil_excerpt_set_text (POSTIL_EXCERPT (excerpt), words[i]);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_width (layout, width * PANGO_SCALE);
      gtk_widget_measure (excerpt, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
      gtk_widget_measure (line, GTK_ORIENTATION_VERTICAL, width, NULL, &line_height, NULL, NULL);
      g_assert_cmpint ((height + line_height / 2) / line_height, ==,
                       MIN (pango_layout_get_line_count (layout), max));
      display_close (window);
    }
}

/* Columns where there is room, lines otherwise. */
static void
test_pair_layout (void)
{
  static const struct
  {
    int width;
    gboolean beside;
    GtkTextDirection direction;
  } cases[] = {
    { 300, FALSE, GTK_TEXT_DIR_LTR },
    { 700, TRUE, GTK_TEXT_DIR_LTR },
    { 700, TRUE, GTK_TEXT_DIR_RTL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      GtkWidget *a = gtk_label_new ("a"), *b = gtk_label_new ("b"), *window;
      graphene_rect_t at_a, at_b;

      gtk_widget_set_layout_manager (box, g_object_new (POSTIL_TYPE_PAIR_LAYOUT, NULL));
      gtk_widget_set_direction (box, cases[i].direction);
      gtk_box_append (GTK_BOX (box), a);
      gtk_box_append (GTK_BOX (box), b);
      gtk_widget_set_size_request (box, cases[i].width, -1);
      gtk_widget_set_halign (box, GTK_ALIGN_START);
      window = display_show (box);
      display_settle (20);
      g_assert_true (gtk_widget_compute_bounds (a, box, &at_a));
      g_assert_true (gtk_widget_compute_bounds (b, box, &at_b));
      if (cases[i].beside)
        g_assert_cmpfloat (at_a.origin.y, ==, at_b.origin.y);
      else
        g_assert_cmpfloat (at_a.origin.y, <, at_b.origin.y);
      if (cases[i].beside)
        g_assert_true ((at_a.origin.x < at_b.origin.x) == (cases[i].direction == GTK_TEXT_DIR_LTR));
      display_close (window);
    }
}

int
main (int argc, char *argv[])
{
  if (!display_init (&argc, &argv))
    return 0;

#define ADD(name, function)                                                                        \
  g_test_add ("/review-pane/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("rows", test_rows);
  ADD ("follow", test_follow);
  ADD ("verbs", test_verbs);
  ADD ("use", test_use);
  ADD ("versions", test_versions);
  ADD ("versions-first", test_versions_first);
  ADD ("filters", test_filters);
  ADD ("tab", test_tab);
  ADD ("many", test_many);
#undef ADD
  g_test_add_func ("/review-pane/excerpt", test_excerpt);
  g_test_add_func ("/review-pane/pair-layout", test_pair_layout);

  return g_test_run ();
}
