/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fixture.h"
#include "postil-linking.h"
#include "two-texts.h"

static PostilWindow *
compare_two (Fixture *fixture, const char *first, const char *second)
{
  PostilWindow *window = fixture_open_two (fixture, first, second);

  press (window, "<Control>d");
  wait_compared (window);
  return window;
}

static const char *
get_status (PostilWindow *window)
{
  return postil_compare_bar_get_status (window->compare_bar);
}

static const char *
get_page (PostilWindow *window)
{
  return gtk_stack_get_visible_child_name (window->middle);
}

static const PostilComparisonRow *
get_row (PostilWindow *window)
{
  return postil_comparison_walk_get (window->walk, window->row);
}

typedef struct
{
  PostilWindow *window;
  guint row;
} AtRow;

static gboolean
is_at_row (gpointer data)
{
  AtRow *at = data;

  return is_compared (at->window) && at->window->row == at->row;
}

/* The current row follows the caret a moment later. */
static void
put_caret (PostilWindow *window, guint place, guint row)
{
  AtRow at = { window, row };

  postil_text_view_select (get_text (window), (PostilSpan){ place, place });
  wait_until (is_at_row, &at, "the row at the caret");
}

static PostilPairKind
get_kind (PostilWindow *window)
{
  g_assert_nonnull (get_row (window)->pair);
  return get_row (window)->pair->kind;
}

typedef struct
{
  PostilWindow *window;
  guint n_frames;
} Painted;

static void
painted_cb (Painted *painted)
{
  if (postil_document_view_get_document (painted->window->end_view))
    painted->n_frames++;
}

static void
realized_cb (Painted *painted)
{
  g_signal_connect_swapped (gtk_widget_get_frame_clock (GTK_WIDGET (painted->window)),
                            "after-paint", G_CALLBACK (painted_cb), painted);
}

static void
running_cb (Painted *painted)
{
  g_assert_cmpuint (painted->n_frames, >, 0);
}

/* Texts that are only read come to the screen before they are aligned. */
static void
test_seen_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", FIRST, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", SECOND, -1);
  g_autoptr (GFile) first = g_file_new_for_path (a);
  g_autoptr (GFile) second = g_file_new_for_path (b);
  GApplication *application = G_APPLICATION (fixture->application);
  Painted painted = { 0 };

  g_application_open (application, (GFile *[]){ first, second }, 2, "");
  painted.window =
    POSTIL_WINDOW (gtk_application_get_windows (GTK_APPLICATION (application))->data);
  /* However long they take to come, it waits for both. */
  g_source_set_ready_time (g_main_context_find_source_by_id (NULL, painted.window->present_timeout),
                           -1);
  g_signal_connect_swapped (painted.window, "realize", G_CALLBACK (realized_cb), &painted);
  g_signal_connect_swapped (painted.window->comparer, "notify::running", G_CALLBACK (running_cb),
                            &painted);
  wait_compared (painted.window);
  g_assert_false (painted.window->comparing);
  fixture_close (fixture, painted.window);
}

/* The two modes: by key, by button, and as the last window was. */
static void
test_modes (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = fixture_open_two (fixture, FIRST, SECOND);
  gboolean mirrored;

  g_assert_false (window->comparing);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->compare_place)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->bands)));
  g_assert_false (is_enabled (window, "compare-next"));
  g_assert_false (is_enabled (window, "pair"));
  press (window, "<Control>d");
  g_assert_true (window->comparing);
  g_assert_true (gtk_toggle_button_get_active (window->compare_button));
  g_assert_false (gtk_toggle_button_get_active (window->read_button));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window->compare_place)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window->bands)));
  g_object_get (window->start_view, "mirrored", &mirrored, NULL);
  g_assert_true (mirrored);
  wait_compared (window);
  g_assert_true (is_enabled (window, "compare-next"));
  g_assert_true (is_enabled (window, "pair"));
  gtk_toggle_button_set_active (window->read_button, TRUE);
  g_assert_false (window->comparing);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->compare_place)));
  g_assert_false (is_enabled (window, "compare-next"));
  g_object_get (window->start_view, "mirrored", &mirrored, NULL);
  g_assert_false (mirrored);
  gtk_toggle_button_set_active (window->compare_button, TRUE);
  g_assert_true (window->comparing);

  fixture_close (fixture, window);
  window = fixture_open_two (fixture, FIRST, SECOND);
  g_assert_true (window->comparing);
  wait_compared (window);
  press (window, "<Control>d");
  g_assert_false (window->comparing);
}

/* From passage to passage by key; what only the other text has is looked at there. */
static void
test_walk (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = compare_two (fixture, FIRST, SECOND);
  const guint b = strlen (A), c = strlen (A B), d = strlen (A B C), f = strlen (A B2 D);
  PostilTextView *start = postil_document_view_get_text_view (window->start_view);
  PostilTextView *end = postil_document_view_get_text_view (window->end_view);

  g_assert_cmpuint (window->row, ==, 0);
  g_assert_cmpstr (get_status (window), ==, "The same in both texts");
  press (window, "<Alt>Page_Down");
  g_assert_cmpuint (window->row, ==, 1);
  g_assert_true (g_str_has_prefix (get_status (window), "Reworded, "));
  g_assert_true (g_str_has_suffix (get_status (window), " % in common"));
  g_assert_cmpuint (postil_text_view_get_caret (start), ==, b);
  g_assert_cmpuint (postil_text_view_get_caret (end), ==, b);
  press (window, "F5");
  g_assert_cmpstr (get_status (window), ==, "Only here, nothing like it in “b.txt”");
  g_assert_cmpuint (postil_text_view_get_caret (start), ==, c);
  g_assert_true (window->active == window->start_view);
  press (window, "F5");
  g_assert_cmpstr (get_status (window), ==, "Only here, nothing like it in “a.txt”");
  g_assert_true (window->active == window->end_view);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (window)) == GTK_WIDGET (end));
  g_assert_cmpuint (postil_text_view_get_caret (end), ==, f);
  press (window, "F5");
  g_assert_cmpstr (get_status (window), ==, "None follows: this is the last one");
  g_assert_cmpuint (postil_text_view_get_caret (end), ==, f);
  press_times (window, "<Shift>F4", 2);
  g_assert_cmpuint (window->row, ==, 1);
  press (window, "<Shift>F4");
  g_assert_cmpstr (get_status (window), ==, "None comes before: this is the first one");

  /* The filter says what is gone through, whatever is current. */
  press (window, "<Alt>2");
  press (window, "<Alt>Page_Down");
  g_assert_null (get_row (window)->pair);
  press (window, "<Alt>4");
  press (window, "<Alt>Page_Down");
  g_assert_cmpstr (get_status (window), ==, "There are none");
  press (window, "<Alt>3");
  press (window, "<Alt>Page_Up");
  g_assert_cmpuint (window->row, ==, 1);
  press (window, "<Alt>1");

  postil_window_activate_view (window, window->start_view);
  put_caret (window, d + 5, 3);
  g_assert_cmpstr (get_status (window), ==, "The same in both texts");
  press (window, "<Alt>Page_Up");
  g_assert_cmpuint (window->row, ==, 2);

  /* A summary or a band leads to a place of either text. */
  postil_window_compare_at (window, get_document (window, 1), f + 3);
  g_assert_true (window->active == window->end_view);
  g_assert_null (get_row (window)->pair);
  g_signal_emit_by_name (window->bands, "pair-activated", 1);
  g_assert_cmpuint (window->row, ==, 1);
}

/* Comparing needs two texts; another one that is open is taken, or one is asked for. */
static void
test_alone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", FIRST, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", SECOND, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ a, NULL });

  press (window, "<Control>d");
  g_assert_cmpstr (get_page (window), ==, "alone");
  g_assert_false (is_enabled (window, "summary"));
  press (window, "<Control>d");
  g_assert_cmpstr (get_page (window), ==, "texts");
  press (window, "<Control>d");
  fixture_open (fixture, (const char *[]){ b, NULL });
  g_assert_cmpstr (get_page (window), ==, "texts");
  wait_compared (window);

  /* Who wants one text alone does not compare any more. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-alone", "s", "");
  g_assert_false (window->comparing);
  g_assert_null (postil_document_view_get_document (window->end_view));
  press (window, "<Control>d");
  g_assert_cmpstr (get_page (window), ==, "texts");
  g_assert_nonnull (postil_document_view_get_document (window->end_view));
  wait_compared (window);
}

static PostilLinkKind
get_link_kind (PostilWindow *window, guint position, guint *n_links)
{
  g_autoptr (GPtrArray) links =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);

  postil_linking_list (get_document (window, 0), get_document (window, 1), links);
  postil_linking_list (get_document (window, 1), get_document (window, 0), links);
  *n_links = links->len;
  g_assert_cmpuint (position, <, links->len);
  return postil_link_get_kind (postil_annotation_get_link (links->pdata[position]));
}

static const char *
get_undo (PostilWindow *window)
{
  return postil_history_get_undo_label (postil_workspace_get_history (window->workspace));
}

/* Two passages that Postil would never pair. */
static void
test_pair (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = compare_two (fixture, FIRST, SECOND);
  const guint c = strlen (A B), f = strlen (A B2 D);
  guint n_links;

  g_assert_false (is_enabled (window, "undecide"));
  postil_text_view_select (postil_document_view_get_text_view (window->end_view),
                           (PostilSpan){ f, f + strlen (F) });
  put_caret (window, c + 10, 2);
  press (window, "<Control>j");
  g_assert_cmpstr (get_undo (window), ==, "Pair Passages");
  g_assert_cmpint (get_link_kind (window, 0, &n_links), ==, POSTIL_LINK_PAIRED);
  wait_compared (window);
  g_assert_true (get_row (window)->pair->decided);
  g_assert_cmpuint (get_row (window)->a.start, ==, c);
  g_assert_cmpuint (get_row (window)->b.start, ==, f);
  g_assert_true (g_str_has_suffix (get_status (window), "(paired by hand)"));
  g_assert_true (is_enabled (window, "undecide"));
  press (window, "<Control>j");
  g_assert_cmpstr (get_status (window), ==, "These two passages are paired already");

  /* It comes back from the file. */
  wait_saved (window);
  fixture_close (fixture, window);
  window = fixture_open_two (fixture, FIRST, SECOND);
  wait_compared (window);
  put_caret (window, c, 2);
  g_assert_true (get_row (window)->pair->decided);

  /* A pair by hand is dismissed as any other one. */
  press (window, "<Control>k");
  g_assert_cmpstr (get_undo (window), ==, "Dismiss Pair");
  wait_compared (window);
  g_assert_null (get_row (window)->pair);
  g_assert_true (g_str_has_suffix (get_status (window), "(a pair was dismissed)"));
  g_assert_cmpint (get_link_kind (window, 0, &n_links), ==, POSTIL_LINK_DISMISSED);
  g_assert_cmpuint (n_links, ==, 1);
  press (window, "<Control>z");
  wait_compared (window);
  g_assert_true (get_row (window)->pair->decided);

  press (window, "<Control><Shift>k");
  g_assert_cmpstr (get_undo (window), ==, "Let Postil Decide");
  wait_compared (window);
  g_assert_null (get_row (window)->pair);
  g_assert_false (is_enabled (window, "undecide"));
  /* It is no annotation that was deleted. */
  g_assert_cmpuint (window->n_removed, ==, 0);
}

/* What Postil paired is dismissed, and given back. */
static void
test_dismiss (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = compare_two (fixture, FIRST, SECOND);

  press (window, "<Alt>Page_Down");
  g_assert_cmpint (get_kind (window), ==, POSTIL_PAIR_REWORDED);
  press (window, "<Control>k");
  wait_compared (window);
  g_assert_cmpuint (window->row, ==, 1);
  g_assert_null (get_row (window)->pair);
  g_assert_false (is_enabled (window, "dismiss-pair"));
  press (window, "<Control><Shift>k");
  wait_compared (window);
  g_assert_cmpint (get_kind (window), ==, POSTIL_PAIR_REWORDED);
  g_assert_false (get_row (window)->pair->decided);
  press_times (window, "<Control>z", 2);
  wait_compared (window);
  g_assert_cmpint (get_kind (window), ==, POSTIL_PAIR_REWORDED);
  g_assert_false (is_enabled (window, "undecide"));
}

/* One sentence of one text and two of the other: the caret in one text is enough. */
static void
test_split (Fixture *fixture, gconstpointer data)
{
#define LONG "The ministers signed the treaty on fishing, and they toasted with plum brandy.\n"
#define SHORT "The ministers signed the treaty on fishing. They toasted with plum brandy.\n"
  PostilWindow *window = compare_two (fixture, A LONG D, A SHORT D);
  const guint start = strlen (A), cut = strlen (A "The ministers signed the treaty on fishing, ");
  guint n_links;

  put_caret (window, start, 1);
  g_assert_cmpuint (get_row (window)->b.end, ==, strlen (A SHORT) - 1);
  press (window, "<Control><Shift>j");
  g_assert_cmpstr (get_status (window), ==, "Put the carets where the second pair shall begin");
  put_caret (window, cut, 1);
  press (window, "<Control><Shift>j");
  g_assert_cmpstr (get_undo (window), ==, "Split Pair");
  wait_compared (window);
  g_assert_cmpint (get_link_kind (window, 1, &n_links), ==, POSTIL_LINK_PAIRED);
  g_assert_cmpuint (n_links, ==, 2);
  g_assert_cmpuint (get_row (window)->a.start, ==, cut);
  g_assert_cmpuint (get_row (window)->b.start, ==,
                    strlen (A "The ministers signed the treaty on fishing. "));
  g_assert_true (get_row (window)->pair->decided);
  press (window, "<Alt>Page_Up");
  g_assert_cmpuint (get_row (window)->a.start, ==, start);
  g_assert_cmpuint (get_row (window)->a.end, ==, cut - 1);
  press (window, "<Control>z");
  wait_compared (window);
  g_assert_cmpuint (get_row (window)->a.end, ==, strlen (A LONG) - 1);
}

typedef struct
{
  PostilWindow *window;
  guint n;
} Documents;

static gboolean
are_open (gpointer data)
{
  Documents *documents = data;

  return g_list_model_get_n_items (postil_workspace_get_documents (documents->window->workspace)) ==
         documents->n;
}

static void
close_document (PostilWindow *window, const char *uri)
{
  Documents documents = { window, 0 };

  documents.n = g_list_model_get_n_items (postil_workspace_get_documents (window->workspace)) - 1;
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-document", "s", uri);
  wait_until (are_open, &documents, "the document to close");
}

/* Any two of three, on either side; what is closed makes room for another one. */
static void
test_three (Fixture *fixture, gconstpointer data)
{
  g_autofree char *third = fixture_write (fixture, "c.txt", A D F, -1);
  PostilWindow *window = compare_two (fixture, FIRST, SECOND);
  g_autofree char *uri = NULL;
  PostilDocument *c;

  fixture_open (fixture, (const char *[]){ third, NULL });
  c = get_document (window, 2);
  uri = g_file_get_uri (postil_document_get_file (c));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-start", "s", uri);
  g_assert_true (postil_comparer_get_a (window->comparer) == c);
  wait_compared (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-end", "s", uri);
  g_assert_true (postil_comparer_get_b (window->comparer) == c);
  wait_compared (window);
  press (window, "F5");
  g_assert_null (get_row (window)->pair);

  close_document (window, uri);
  g_assert_true (window->comparing);
  g_assert_nonnull (postil_comparer_get_b (window->comparer));
  g_assert_false (postil_comparer_get_b (window->comparer) == c);
  wait_compared (window);
  close_document (window, "");
  g_assert_cmpstr (get_page (window), ==, "alone");
  g_assert_null (window->walk);
}

static gboolean
has_five_same (gpointer data)
{
  PostilWindow *window = data;

  return is_compared (window) &&
         postil_comparison_walk_count (window->walk, POSTIL_COMPARISON_DIFFERENCES) == 0;
}

/* A text that changes is compared anew, and the person stays where they are. */
static void
test_text_changes (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = compare_two (fixture, FIRST, SECOND);
  g_autofree char *b = NULL;

  put_caret (window, strlen (A B C) + 3, 3);
  b = fixture_write (fixture, "b.txt", FIRST, -1);
  postil_window_check_texts (window);
  wait_until (has_five_same, window, "the other text");
  g_assert_cmpuint (get_row (window)->a.start, ==, strlen (A B C));
  g_assert_true (has_bar (GTK_WIDGET (window), "Both texts say the same, word for word."));
  press (window, "F4");
  g_assert_cmpstr (get_status (window), ==, "There are none");
}

static void
test_unrelated (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = compare_two (fixture, A B C, D E F);

  g_assert_true (has_bar (GTK_WIDGET (window), "next to nothing in common"));
  gtk_toggle_button_set_active (window->read_button, TRUE);
  g_assert_false (has_bar (GTK_WIDGET (window), "next to nothing in common"));
}

static gboolean
is_narrow (gpointer data)
{
  return ((PostilWindow *) data)->narrow;
}

/* One text at a time: the other one comes when only that has the passage. */
static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  GSettings *settings = postil_application_get_settings (fixture->application);
  PostilWindow *window;

  g_settings_set_int (settings, "window-width", 360);
  window = compare_two (fixture, FIRST, SECOND);
  g_settings_reset (settings, "window-width");
  wait_until (is_narrow, window, "the window to be narrow");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->bands)));
  g_assert_false (gtk_widget_get_visible (window->modes));
  g_assert_false (is_enabled (window, "align-here"));
  press_times (window, "F5", 2);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window->end_view)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window->start_view)));
  g_assert_cmpstr (get_status (window), ==, "Only here, nothing like it in “a.txt”");
}

typedef struct
{
  PostilWindow *window;
  double share;
} Shared;

static gboolean
is_shared (gpointer data)
{
  Shared *shared = data;
  int start = gtk_widget_get_width (GTK_WIDGET (shared->window->start_view));
  int end = gtk_widget_get_width (GTK_WIDGET (shared->window->end_view));

  return start > 0 && end > 0 && ABS (start - shared->share * (start + end)) <= 2;
}

/* Whatever their names, and also with the bands between them. */
static void
test_widths (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", FIRST, -1);
  g_autofree char *b =
    fixture_write (fixture, "a text with a name that is a good deal longer.txt", SECOND, -1);
  PostilWindow *window = fixture_open (fixture, (const char *[]){ a, b, NULL });
  Shared shared = { window, 0.5 };

  wait_until (is_shared, &shared, "both texts to be equally wide");
  press (window, "<Control>d");
  wait_compared (window);
  wait_until (is_shared, &shared, "both texts to be equally wide beside the bands");
  gtk_paned_set_position (window->texts, gtk_paned_get_position (window->texts) + 60);
  shared.share = window->texts_share;
  g_assert_cmpfloat (shared.share, >, 0.52);
  wait_until (is_shared, &shared, "the first text to be wider");
  press (window, "<Control>d");
  wait_until (is_shared, &shared, "the texts to keep their shares");
}

/* The summary takes the place of the texts, and gives it back. */
static void
test_summary (Fixture *fixture, gconstpointer data)
{
  PostilWindow *window = fixture_open_two (fixture, FIRST, SECOND);

  press (window, "<Control><Shift>s");
  g_assert_true (window->comparing);
  g_assert_cmpstr (get_page (window), ==, "summary");
  wait_compared (window);
  press (window, "Escape");
  g_assert_cmpstr (get_page (window), ==, "texts");
  press (window, "<Control><Shift>s");
  press (window, "<Control><Shift>s");
  g_assert_cmpstr (get_page (window), ==, "texts");
  press (window, "<Control><Shift>s");
  press (window, "F5");
  g_assert_cmpstr (get_page (window), ==, "texts");
  g_assert_null (get_row (window)->pair);
  press (window, "<Control><Shift>s");
  press (window, "<Control>d");
  g_assert_cmpstr (get_page (window), ==, "texts");
}

int
main (int argc, char *argv[])
{
  if (!fixture_init (&argc, &argv))
    return g_test_run ();

#define ADD(name, function)                                                                        \
  g_test_add ("/app-compare/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("seen-first", test_seen_first);
  ADD ("modes", test_modes);
  ADD ("walk", test_walk);
  ADD ("alone", test_alone);
  ADD ("pair", test_pair);
  ADD ("dismiss", test_dismiss);
  ADD ("split", test_split);
  ADD ("three", test_three);
  ADD ("text-changes", test_text_changes);
  ADD ("unrelated", test_unrelated);
  ADD ("narrow", test_narrow);
  ADD ("widths", test_widths);
  ADD ("summary", test_summary);
#undef ADD

  return g_test_run ();
}
