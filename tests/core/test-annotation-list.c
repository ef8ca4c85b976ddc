/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "list-view.h"
#include "postil-edit.h"
#include "postil-folding.h"
#include "postil-test.h"

#include <string.h>

/* One change is one items-changed of one row, and rows that did not change stay the same items. */
static void
test_minimal (void)
{
  View view;
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", "one two three four five six");
  g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", "seven eight nine");
  g_autoptr (PostilStep) step = postil_step_new ("Note");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  PostilAnnotationRow *row;
  guint position;

  view_init (&view);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (view.list)) ==
                 POSTIL_TYPE_ANNOTATION_ROW);
  postil_workspace_add_document (view.workspace, a);
  postil_workspace_add_document (view.workspace, b);
  g_assert_cmpuint (view.n_emissions, ==, 0);

  third = postil_test_annotate (view.workspace, b, 0, 5, NULL, NULL);
  second = postil_test_annotate (view.workspace, a, 8, 13, NULL, NULL);
  first = postil_test_annotate (view.workspace, a, 0, 3, NULL, NULL);
  g_assert_cmpuint (view.n_emissions, ==, 3);
  g_assert_true (postil_annotation_list_find (view.list, third, &position));
  g_assert_cmpuint (position, ==, 2);
  g_assert_false (postil_annotation_list_find (view.list, "urn:none", &position));
  check_filtered (&view, &everything);

  row = view.rows->pdata[0];
  postil_edit_set_note (view.workspace, step, a, get_annotation (a, second), "why?");
  commit (&view, step);
  g_assert_cmpuint (view.n_emissions, ==, 4);
  g_assert_cmpuint (view.last_removed, ==, 1);
  g_assert_cmpuint (view.last_added, ==, 1);
  g_assert_true (view.rows->pdata[0] == row);
  check_filtered (&view, &everything);

  postil_workspace_undo (view.workspace);
  g_assert_cmpuint (view.n_emissions, ==, 5);
  check_filtered (&view, &everything);

  postil_workspace_remove_document (view.workspace, a);
  g_assert_cmpuint (view.n_emissions, ==, 6);
  g_assert_cmpuint (view.last_removed, ==, 2);
  check_filtered (&view, &everything);
  view_clear (&view);
}

/* What is held stays as it was, with a filter and without. */
static void
test_hold (void)
{
  static const PostilAnnotationFilter noted = { .text = "note" };

  for (guint i = 0; i < 2; i++)
    {
      View view;
      g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", "one two three");
      g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", "eins zwei drei");
      g_autoptr (PostilAnnotationListing) held = NULL;
      g_autofree char *first = NULL, *last = NULL;
      PostilDocument *document;

      view_init (&view);
      postil_workspace_add_document (view.workspace, a);
      postil_workspace_add_document (view.workspace, b);
      first = postil_test_annotate (view.workspace, a, 0, 3, NULL, "a note");
      if (i == 0)
        g_free (postil_test_annotate (view.workspace, a, 4, 7, NULL, NULL));
      last = postil_test_annotate (view.workspace, b, 0, 4, NULL, "another note");
      if (i == 0)
        postil_annotation_list_set_filter (view.list, &noted);
      held = postil_annotation_list_hold (view.list);
      while (postil_history_get_can_undo (postil_workspace_get_history (view.workspace)))
        postil_workspace_undo (view.workspace);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (view.list)), ==, 0);

      g_assert_cmpstr (
        postil_annotation_get_id (postil_annotation_listing_get (held, 0, &document)), ==, first);
      g_assert_true (document == a);
      g_assert_cmpstr (
        postil_annotation_get_id (postil_annotation_listing_get (held, 1, &document)), ==, last);
      g_assert_true (document == b);
      g_assert_null (postil_annotation_listing_get (held, 2, &document));
      view_clear (&view);
    }
}

/* An annotation whose range changes goes to its new place. */
static void
test_move (void)
{
  View view;
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", "one two three four");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Move");
  g_autoptr (PostilAnnotation) after = NULL;
  PostilAnnotationFields fields;
  PostilSpan span = { 14, 18 };

  view_init (&view);
  postil_workspace_add_document (view.workspace, document);
  first = postil_test_annotate (view.workspace, document, 0, 3, NULL, NULL);
  second = postil_test_annotate (view.workspace, document, 4, 7, NULL, NULL);
  postil_annotation_get_fields (get_annotation (document, first), &fields);
  fields.spans = &span;
  after = postil_annotation_new (&fields);
  postil_step_change_annotation (step, document, get_annotation (document, first), after);
  commit (&view, step);
  g_assert_true (postil_annotation_row_get_annotation (view.rows->pdata[1]) == after);
  check_filtered (&view, &everything);
  view_clear (&view);
}

static void
test_filter (void)
{
  View view;
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", "Le CAFÉ et la straße, Ende");
  g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", "cafe noir");
  g_autofree char *cafe = NULL;
  g_autofree char *street = NULL;
  g_autofree char *noir = NULL;
  PostilCodebook *codebook;
  const struct
  {
    const char *text;
    guint n;
  } cases[] = {
    { "café", 2 },      { "CAFE\u0301", 2 },  { "strasse", 1 },       { "warum", 1 }, { "ort", 2 },
    { "cafe noir", 1 }, { "  noir cafe", 1 }, { "cafe\tstrasse", 0 }, { "", 3 },      { "\n ", 3 },
    { "af", 2 },        { "éø", 0 },          { "nde", 0 },
  };

  view_init (&view);
  codebook = postil_workspace_get_codebook (view.workspace);
  postil_workspace_add_document (view.workspace, a);
  postil_workspace_add_document (view.workspace, b);
  cafe = postil_test_annotate (view.workspace, a, 3, 7, "Ding/Ort", NULL);
  street = postil_test_annotate (view.workspace, a, 14, 20, "Ding/Órt", "WARUM?");
  noir = postil_test_annotate (view.workspace, b, 0, 9, "Farbe", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("“%s”", cases[i].text);
      postil_annotation_list_set_filter (view.list,
                                         &(PostilAnnotationFilter){ .text = cases[i].text });
      finish_filtering (&view);
      g_assert_cmpuint (view.rows->len, ==, cases[i].n);
      check_announced (&view);
    }

  postil_annotation_list_set_filter (
    view.list, &(PostilAnnotationFilter){
                 .topic = postil_topic_get_id (postil_codebook_find_path (codebook, "Ding")) });
  finish_filtering (&view);
  g_assert_cmpuint (view.rows->len, ==, 2);
  postil_annotation_list_set_filter (view.list, &(PostilAnnotationFilter){ .document = b });
  finish_filtering (&view);
  g_assert_cmpuint (view.rows->len, ==, 1);
  postil_annotation_list_set_filter (view.list,
                                     &(PostilAnnotationFilter){ .review = POSTIL_REVIEW_ALL });
  finish_filtering (&view);
  g_assert_cmpuint (view.rows->len, ==, 0);
  view.n_emissions = 0;
  postil_annotation_list_set_filter (view.list,
                                     &(PostilAnnotationFilter){ .review = POSTIL_REVIEW_ALL });
  g_assert_cmpuint (view.n_emissions, ==, 0);
  postil_annotation_list_set_filter (view.list, NULL);
  /* One for each document. */
  g_assert_cmpuint (view.n_emissions, ==, 2);
  check_filtered (&view, &everything);
  view_clear (&view);
}

/* A topic that gets another name or another parent changes what is shown, and only that. */
static void
test_codebook (void)
{
  View view;
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", "one two three four");
  PostilCodebook *codebook;
  PostilTopicFields fields;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (PostilStep) rename = postil_step_new ("Rename");
  g_autoptr (PostilStep) create = postil_step_new ("Create");
  g_autofree char *topic = NULL;
  const PostilAnnotationFilter filter = { .text = "trust" };

  view_init (&view);
  codebook = postil_workspace_get_codebook (view.workspace);
  postil_workspace_add_document (view.workspace, document);
  first = postil_test_annotate (view.workspace, document, 0, 3, "Trust", NULL);
  second = postil_test_annotate (view.workspace, document, 4, 7, "Doubt", NULL);
  postil_annotation_list_set_filter (view.list, &filter);
  g_assert_cmpuint (view.rows->len, ==, 1);

  view.n_emissions = 0;
  topic = postil_edit_add_topic (view.workspace, create, "Trust me", NULL);
  commit (&view, create);
  finish_filtering (&view);
  g_assert_cmpuint (view.n_emissions, ==, 0);

  postil_topic_get_fields (postil_codebook_find_path (codebook, "Doubt"), &fields);
  fields.label = "Distrust";
  g_assert_true (postil_edit_change_topic (view.workspace, rename, &fields, NULL));
  commit (&view, rename);
  finish_filtering (&view);
  g_assert_cmpuint (view.n_emissions, ==, 1);
  g_assert_cmpuint (view.rows->len, ==, 2);
  check_filtered (&view, &filter);
  view_clear (&view);
}

/* Many changes are announced in few pieces; a filter gets there in its own time. */
static void
expect_emissions (View *view, gboolean filtered, guint n_emissions, guint n_removed)
{
  finish_filtering (view);
  if (filtered)
    return;
  g_assert_cmpuint (view->n_emissions, ==, n_emissions);
  g_assert_cmpuint (view->last_removed, ==, n_removed);
}

static void
test_bulk (gconstpointer data)
{
  gboolean filtered = GPOINTER_TO_INT (data);
  const PostilAnnotationFilter filter = { .text = filtered ? "a" : NULL };
  View view;
  g_autofree char *text = g_strnfill (5000, 'a');
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", text);
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  g_autoptr (PostilStep) notes = postil_step_new ("Note");
  g_autoptr (PostilStep) all_notes = postil_step_new ("Notes");
  PostilAnnotationIndex *index;

  view_init (&view);
  postil_workspace_add_document (view.workspace, document);
  postil_annotation_list_set_filter (view.list, &filter);
  for (guint i = 0; i < 1000; i++)
    g_free (postil_edit_add_annotation (view.workspace, step, document, &(PostilSpan){ i, i + 3 },
                                        1, NULL, NULL));
  commit (&view, step);
  expect_emissions (&view, filtered, 1, 0);
  check_filtered (&view, &filter);

  index = postil_document_get_annotations (document);
  for (guint i = 300; i < 700; i++)
    postil_edit_set_note (view.workspace, notes, document, postil_annotation_index_get (index, i),
                          "b");
  commit (&view, notes);
  expect_emissions (&view, filtered, 2, 400);
  check_filtered (&view, &filter);

  postil_workspace_undo (view.workspace);
  expect_emissions (&view, filtered, 3, 400);

  /* What stays where it is only has other rows. */
  index = postil_document_get_annotations (document);
  for (guint i = 0; i < 1000; i++)
    postil_edit_set_note (view.workspace, all_notes, document,
                          postil_annotation_index_get (index, i), "c");
  commit (&view, all_notes);
  expect_emissions (&view, filtered, 3, 400);
  check_filtered (&view, &filter);
  postil_workspace_undo (view.workspace);
  expect_emissions (&view, filtered, 3, 400);
  check_filtered (&view, &filter);

  postil_workspace_undo (view.workspace);
  finish_filtering (&view);
  g_assert_cmpuint (view.rows->len, ==, 0);
  check_filtered (&view, &filter);
  view_clear (&view);
}

/* Adds a document of @n lines, which are @prefix and their number, each of them annotated. */
static PostilDocument *
add_lines (View *view, const char *prefix, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  guint length = g_utf8_strlen (prefix, -1) + 5;
  PostilDocument *document;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%05u\n", prefix, i);
  document = postil_test_document_new ("a.txt", text->str);
  postil_workspace_add_document (view->workspace, document);
  for (guint i = 0; i < n; i++)
    {
      guint start = (length + 1) * i;

      g_free (postil_edit_add_annotation (view->workspace, step, document,
                                          &(PostilSpan){ start, start + length }, 1, NULL, NULL));
    }
  commit (view, step);
  return document;
}

/* A filter goes on by itself, never long at a time, while everything else goes on too. */
static void
test_stretches (void)
{
  View view;
  g_autoptr (PostilDocument) document = NULL;
  const PostilAnnotationFilter filter = { .text = "número 7" };
  guint n_iterations = 0;

  view_init (&view);
  document = add_lines (&view, "Número ", 30000);
  g_assert_cmpuint (view.rows->len, ==, 30000);

  postil_annotation_list_set_filter (view.list, &filter);
  g_assert_true (is_filtering (&view));
  g_assert_true (postil_annotation_row_get_annotation (view.rows->pdata[0]) ==
                 postil_annotation_index_get (postil_document_get_annotations (document), 7));
  while (is_filtering (&view))
    {
      g_main_context_iteration (NULL, TRUE);
      n_iterations++;
    }
  g_test_message ("%u stretches", n_iterations + 1);
  check_filtered (&view, &filter);
  view_clear (&view);
}

/* A list may go at any time, and rows may outlive it. */
static void
test_lifetime (void)
{
  View view;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  g_autoptr (PostilAnnotationRow) row = NULL;

  view_init (&view);
  document = postil_test_document_new ("a.txt", "one two three");
  postil_workspace_add_document (view.workspace, document);
  for (guint i = 0; i < 20000; i++)
    g_free (postil_edit_add_annotation (view.workspace, step, document,
                                        &(PostilSpan){ i % 10, i % 10 + 3 }, 1, NULL, "note"));
  commit (&view, step);
  postil_annotation_list_set_filter (view.list, &(PostilAnnotationFilter){ .text = "note" });
  row = g_object_ref (view.rows->pdata[7]);
  g_assert_true (is_filtering (&view));
  view_clear (&view);
  while (g_main_context_iteration (NULL, FALSE))
    {
    }
  g_assert_true (postil_annotation_row_get_document (row) == document);
}

static gboolean
look_there_cb (PostilAnnotationSight *sight, gpointer data)
{
  *sight = *(const PostilAnnotationSight *) data;
  return TRUE;
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* A view that has made some rows keeps them and its place, and is told so in few pieces. */
static void
test_in_sight (void)
{
  static const PostilAnnotationFilter filter = { .text = "7" };
  /* The same row in sight; at the beginning what is there then. */
  static PostilAnnotationSight sights[] = { { 600, 200, 700 }, { 0, 200, 0 } };
  View view;
  g_autoptr (PostilDocument) document = NULL;

  view_init (&view);
  document = add_lines (&view, "", 5000);
  for (guint i = 0; i < G_N_ELEMENTS (sights); i++)
    {
      g_autoptr (PostilAnnotationList) list = postil_annotation_list_new (view.workspace);
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (PostilAnnotationRow) row = NULL;
      PostilDocument *of;
      PostilAnnotation *kept;
      guint n_emissions = 0, position = 0;
      gboolean filtering = TRUE;

      postil_annotation_list_set_filter (list, &filter);
      while (filtering)
        {
          g_main_context_iteration (NULL, TRUE);
          g_object_get (list, "filtering", &filtering, NULL);
        }
      for (guint j = 0; j < sights[i].n; j++)
        g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (list), sights[i].first + j));
      kept = postil_annotation_list_get (list, sights[i].kept, &of);
      postil_annotation_list_set_look (list, look_there_cb, &sights[i]);
      g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count_cb), &n_emissions);
      postil_annotation_list_set_filter (list, NULL);

      if (sights[i].kept > 0)
        g_assert_true (
          postil_annotation_list_find (list, postil_annotation_get_id (kept), &position));
      row = g_list_model_get_item (G_LIST_MODEL (list), position);
      g_assert_true (row == rows->pdata[sights[i].kept - sights[i].first]);
      g_assert_cmpuint (n_emissions, <=, 2);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 5000);
    }
  view_clear (&view);
}

/* When all rows go, a view is not told of others in place of those that it has made. */
static void
test_all_gone (void)
{
  static PostilAnnotationSight sight = { 0, 200, 0 };
  View view;
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (PostilStep) step = postil_step_new ("Delete");
  PostilAnnotationIndex *all;
  guint n_emissions = 0;

  view_init (&view);
  document = add_lines (&view, "", 5000);
  for (guint i = 0; i < sight.n; i++)
    g_ptr_array_add (rows, g_list_model_get_item (G_LIST_MODEL (view.list), i));
  postil_annotation_list_set_look (view.list, look_there_cb, &sight);
  g_signal_connect_swapped (view.list, "items-changed", G_CALLBACK (count_cb), &n_emissions);
  all = postil_document_get_annotations (document);
  for (guint i = 0; i < postil_annotation_index_get_size (all); i++)
    postil_edit_remove_annotation (step, document, postil_annotation_index_get (all, i));
  postil_workspace_commit (view.workspace, step, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (view.list)), ==, 0);
  g_assert_cmpuint (n_emissions, ==, 1);
  view_clear (&view);
}

/* What waits is announced when it is asked for, and before anything else is. */
static void
test_waits (void)
{
  View view;
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", "one two three four five six");
  g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", "seven eight nine");
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  guint position;

  view_init (&view);
  postil_workspace_add_document (view.workspace, a);
  first = postil_test_annotate (view.workspace, a, 0, 3, NULL, NULL);
  postil_annotation_list_set_waits (view.list, TRUE);
  second = postil_test_annotate (view.workspace, a, 4, 7, NULL, NULL);
  postil_workspace_undo (view.workspace);
  postil_workspace_redo (view.workspace);
  g_assert_cmpuint (view.n_emissions, ==, 1);
  check_announced (&view);
  postil_annotation_list_catch_up (view.list);
  g_assert_cmpuint (view.n_emissions, ==, 4);
  check_filtered (&view, &everything);

  third = postil_test_annotate (view.workspace, a, 8, 13, NULL, NULL);
  g_assert_cmpuint (view.n_emissions, ==, 4);
  g_assert_true (postil_annotation_list_find (view.list, third, &position));
  g_assert_cmpuint (position, ==, 2);
  g_assert_cmpuint (view.n_emissions, ==, 5);

  postil_workspace_undo (view.workspace);
  postil_workspace_add_document (view.workspace, b);
  check_filtered (&view, &everything);
  postil_workspace_undo (view.workspace);
  postil_workspace_remove_document (view.workspace, a);
  check_filtered (&view, &everything);
  view_clear (&view);
}

/* A view that looks for a row while it is told of others, as one does that keeps a row selected. */
static void
find_cb (GListModel *model, guint position, guint n_removed, guint n_added, const char *id)
{
  postil_annotation_list_find (POSTIL_ANNOTATION_LIST (model), id, &position);
}

/* What a thread has filtered is not announced in between with what waits meanwhile. */
static void
test_waits_while_filtering (void)
{
  View view;
  g_autoptr (PostilDocument) document = NULL;
  const PostilAnnotationFilter filter = { .text = "2" };
  g_autofree char *id = NULL;

  view_init (&view);
  document = add_lines (&view, "", 10000);
  postil_annotation_list_set_waits (view.list, TRUE);
  postil_annotation_list_set_filter (view.list, &filter);
  g_assert_true (is_filtering (&view));

  id = postil_test_annotate (view.workspace, document, 6, 20, NULL, "2");
  g_signal_connect (view.list, "items-changed", G_CALLBACK (find_cb), id);
  finish_filtering (&view);
  check_filtered (&view, &filter);
  view_clear (&view);
}

static gboolean
naive_is_in (PostilText *text, const char *word, PostilSpan span)
{
  g_autofree char *passage = postil_text_dup_range (text, span);
  g_autoptr (GString) folded = g_string_new (NULL);

  postil_folding_append (folded, passage, strlen (passage));
  return strstr (folded->str, word) != NULL;
}

/* Words are found wherever they are, also across pieces that the text is folded in. */
static void
test_word_places (void)
{
  static const char *const words[] = { "ab", "abab", "ffi", "fi", "e", "\u4e2d", "a\u4e2d", NULL };
  static const char *const pieces[] = { "a",      "b",     "AB",           "\ufb03",     "e\u0301",
                                        "\u4e2d", "xx xx", "\u0301\u0301", "\U0001f600", "i" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GString) utf8 = g_string_new (NULL);
  g_autoptr (PostilText) text = NULL;
  g_autoptr (PostilWordPlaces) places = NULL;
  guint length, n_found = 0;

  while (utf8->len < 200000)
    g_string_append (utf8, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  text = postil_text_new (g_strdup (utf8->str), utf8->len, NULL);
  length = postil_text_get_length (text);
  places = postil_word_places_new (text, words, NULL);
  for (guint i = 0; i < 40000; i++)
    {
      guint word = i % (G_N_ELEMENTS (words) - 1);
      guint start = g_rand_int_range (rand, 0, length - 12);
      PostilSpan span = { start, start + g_rand_int_range (rand, 0, 12) };
      gboolean is_in = postil_word_places_is_in (places, word, span);

      g_assert_cmpint (is_in, ==, naive_is_in (text, words[word], span));
      n_found += is_in;
    }
  g_assert_cmpuint (n_found, >, 5000);
  /* Everywhere near where a piece ends. */
  for (guint byte = 65536 - 20; byte < 65536 + 20; byte++)
    for (guint word = 0; words[word] != NULL; word++)
      {
        guint start = postil_text_get_offset (text, byte);

        for (guint end = start; end < start + 8; end++)
          g_assert_cmpint (postil_word_places_is_in (places, word, (PostilSpan){ start, end }), ==,
                           naive_is_in (text, words[word], (PostilSpan){ start, end }));
      }
}

static void
test_folding (void)
{
  const struct
  {
    const char *text;
    const char *folded;
  } cases[] = {
    { "", "" },
    { "ABC xyz 12", "abc xyz 12" },
    { "CafÉ", "cafe" },
    { "e\u0301E\u0301", "ee" },
    { "straße STRASSE", "strasse strasse" },
    { "ΣΊΣΥΦΟΣ ς", "σισυφοσ σ" },
    { "İstanbul", "istanbul" },
    { "Ångström", "angstrom" },
    { "שָׁלוֹם", "שלום" },
    { "हिन्दी", "हिन्दी" },
    { "日本 😀", "日本 😀" },
    { "\u0301", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) folded = g_string_new ("<");

      postil_folding_append (folded, cases[i].text, strlen (cases[i].text));
      g_assert_cmpstr (folded->str + 1, ==, cases[i].folded);
    }
}

int
main (int argc, char *argv[])
{
  static const RandomTest few = { 6000, 0, 50 };
  static const RandomTest many = { 1500, 20000, 100 };
  static const RandomTest few_seen = { 6000, 0, 50, TRUE };
  static const RandomTest many_seen = { 1500, 20000, 100, TRUE };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/annotation-list/minimal", test_minimal);
  g_test_add_func ("/annotation-list/hold", test_hold);
  g_test_add_func ("/annotation-list/move", test_move);
  g_test_add_func ("/annotation-list/filter", test_filter);
  g_test_add_func ("/annotation-list/codebook", test_codebook);
  g_test_add_data_func ("/annotation-list/bulk/all", GINT_TO_POINTER (FALSE), test_bulk);
  g_test_add_data_func ("/annotation-list/bulk/filtered", GINT_TO_POINTER (TRUE), test_bulk);
  g_test_add_func ("/annotation-list/stretches", test_stretches);
  g_test_add_func ("/annotation-list/lifetime", test_lifetime);
  g_test_add_data_func ("/annotation-list/random/few", &few, test_random);
  g_test_add_data_func ("/annotation-list/random/many", &many, test_random);
  g_test_add_data_func ("/annotation-list/random/few-seen", &few_seen, test_random);
  g_test_add_data_func ("/annotation-list/random/many-seen", &many_seen, test_random);
  g_test_add_func ("/annotation-list/in-sight", test_in_sight);
  g_test_add_func ("/annotation-list/all-gone", test_all_gone);
  g_test_add_func ("/annotation-list/waits", test_waits);
  g_test_add_func ("/annotation-list/waits-while-filtering", test_waits_while_filtering);
  g_test_add_func ("/annotation-list/word-places", test_word_places);
  g_test_add_func ("/annotation-list/folding", test_folding);
  return g_test_run ();
}
