/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "list-view.h"

#include <string.h>

#include "postil-edit.h"
#include "postil-test.h"

#define N_IDS 6

/* Two documents, annotated by two persons. */
typedef struct
{
  View view;
  PostilDocument *a;
  PostilDocument *b;
  char *ids[N_IDS];
} Fixture;

static const PostilAnnotationFilter noted = { .text = "note" };

static void
set_person (Fixture *fixture, const char *id, const char *name)
{
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new (id, name, NULL);

  postil_workspace_set_annotator (fixture->view.workspace, annotator);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PostilWorkspace *workspace;

  view_init (&fixture->view);
  workspace = fixture->view.workspace;
  fixture->a = postil_test_document_new ("a.txt", "one two three four five six");
  fixture->b = postil_test_document_new ("b.txt", "seven eight nine ten eleven");
  postil_workspace_add_document (workspace, fixture->a);
  postil_workspace_add_document (workspace, fixture->b);
  set_person (fixture, "urn:x:2", "Bea");
  fixture->ids[0] = postil_test_annotate (workspace, fixture->a, 0, 3, "Trust", "note");
  fixture->ids[1] = postil_test_annotate (workspace, fixture->a, 4, 13, "Doubt", NULL);
  set_person (fixture, "urn:x:1", "Ada");
  fixture->ids[2] = postil_test_annotate (workspace, fixture->a, 14, 18, NULL, "note");
  fixture->ids[3] = postil_test_annotate (workspace, fixture->b, 0, 5, "Doubt", "note");
  set_person (fixture, "urn:x:3", "Bea");
  fixture->ids[4] = postil_test_annotate (workspace, fixture->b, 6, 11, "Trust/Deep", NULL);
  fixture->ids[5] = postil_test_annotate (workspace, fixture->b, 12, 27, "Trust", NULL);
  postil_history_seal (postil_workspace_get_history (workspace));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_IDS; i++)
    g_free (fixture->ids[i]);
  view_clear (&fixture->view);
  g_object_unref (fixture->a);
  g_object_unref (fixture->b);
}

static PostilDocument *
get_document (Fixture *fixture, guint i)
{
  return i < 3 ? fixture->a : fixture->b;
}

/* The rows are those of the annotations with these numbers. */
static void
expect (Fixture *fixture, const char *numbers)
{
  View *view = &fixture->view;

  finish_filtering (view);
  check_announced (view);
  g_assert_cmpuint (view->rows->len, ==, strlen (numbers));
  for (guint i = 0; numbers[i] != '\0'; i++)
    {
      guint number = numbers[i] - '0';
      PostilAnnotationRow *row = view->rows->pdata[i];

      g_assert_cmpstr (postil_annotation_get_id (postil_annotation_row_get_annotation (row)), ==,
                       fixture->ids[number]);
      g_assert_true (postil_annotation_row_get_document (row) == get_document (fixture, number));
    }
}

static void
change (Fixture *fixture, guint number, gint64 modified)
{
  g_autoptr (PostilStep) step = postil_step_new ("Change");
  g_autoptr (PostilAnnotation) after = NULL;
  PostilDocument *document = get_document (fixture, number);
  PostilAnnotation *before = get_annotation (document, fixture->ids[number]);
  PostilAnnotationFields fields;

  postil_annotation_get_fields (before, &fields);
  fields.modified = modified;
  after = postil_annotation_new (&fields);
  postil_step_change_annotation (step, document, before, after);
  commit (&fixture->view, step);
}

/* Annotations of both documents are sorted together; what is alike stays in reading order. */
static void
test_orders (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PostilAnnotationOrder order;
    const char *all;
    const char *filtered;
  } cases[] = {
    { POSTIL_ORDER_TOPIC, "054132", "032" },  { POSTIL_ORDER_PERSON, "230145", "230" },
    { POSTIL_ORDER_NEWEST, "430125", "302" }, { POSTIL_ORDER_LONGEST, "513420", "320" },
    { POSTIL_ORDER_PLACE, "012345", "023" },
  };

  change (fixture, 4, 4102444800);
  change (fixture, 3, 4102444799);
  change (fixture, 5, 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      view_set_order (&fixture->view, cases[i].order);
      /* From one order to the next both without a filter and with it. */
      expect (fixture, i % 2 == 0 ? cases[i].all : cases[i].filtered);
      check_filtered (&fixture->view, i % 2 == 0 ? &everything : &noted);
      postil_annotation_list_set_filter (fixture->view.list, i % 2 == 0 ? &noted : NULL);
      expect (fixture, i % 2 == 0 ? cases[i].filtered : cases[i].all);
    }
}

/* What is sorted by changes: the row goes to its new place, and no other is touched. */
static void
test_edit (Fixture *fixture, gconstpointer data)
{
  View *view = &fixture->view;

  view_set_order (view, POSTIL_ORDER_NEWEST);
  expect (fixture, "012345");
  view->n_emissions = 0;
  change (fixture, 4, 4102444800);
  expect (fixture, "401235");
  g_assert_cmpuint (view->n_emissions, ==, 2);
  g_assert_cmpuint (view->last_removed, ==, 0);
  g_assert_cmpuint (view->last_added, ==, 1);
  postil_workspace_undo (view->workspace);
  expect (fixture, "012345");
  postil_workspace_redo (view->workspace);
  expect (fixture, "401235");

  /* In its place it is the same row. */
  view->n_emissions = 0;
  change (fixture, 4, 4102444801);
  expect (fixture, "401235");
  g_assert_cmpuint (view->n_emissions, ==, 1);
  g_assert_cmpuint (view->last_removed, ==, 1);
}

/* Sorted by topic it follows the codebook, but only where its order is another one. */
static void
test_codebook (Fixture *fixture, gconstpointer data)
{
  View *view = &fixture->view;
  PostilCodebook *codebook = postil_workspace_get_codebook (view->workspace);
  g_autoptr (PostilStep) rename = postil_step_new ("Rename"), move = postil_step_new ("Move");
  g_autoptr (PostilStep) tag = postil_step_new ("Tag");
  g_autofree char *topic = NULL;
  PostilTopicFields fields;

  view_set_order (view, POSTIL_ORDER_TOPIC);
  expect (fixture, "054132");
  view->n_emissions = 0;
  postil_topic_get_fields (postil_codebook_find_path (codebook, "Trust"), &fields);
  fields.label = "Zeal";
  g_assert_true (postil_edit_change_topic (view->workspace, rename, &fields, NULL));
  commit (view, rename);
  expect (fixture, "054132");
  g_assert_cmpuint (view->n_emissions, ==, 0);

  postil_topic_get_fields (postil_codebook_find_path (codebook, "Zeal"), &fields);
  fields.broader = postil_topic_get_id (postil_codebook_find_path (codebook, "Doubt"));
  g_assert_true (postil_edit_change_topic (view->workspace, move, &fields, NULL));
  commit (view, move);
  expect (fixture, "130542");
  postil_workspace_undo (view->workspace);
  expect (fixture, "054132");

  /* A topic that is new with its first annotation. */
  topic = postil_edit_ensure_path (view->workspace, tag, "New");
  postil_edit_set_topic (view->workspace, tag, fixture->a,
                         get_annotation (fixture->a, fixture->ids[2]), topic, TRUE);
  postil_edit_set_topic (view->workspace, tag, fixture->a,
                         get_annotation (fixture->a, fixture->ids[0]), topic, TRUE);
  commit (view, tag);
  expect (fixture, "054132");
  check_filtered (view, &everything);
}

/* Persons who come new, or have another name, are sorted by name, too. */
static void
test_persons (Fixture *fixture, gconstpointer data)
{
  View *view = &fixture->view;
  g_autofree char *id = NULL;

  view_set_order (view, POSTIL_ORDER_PERSON);
  set_person (fixture, "urn:x:0", "Abe");
  id = postil_test_annotate (view->workspace, fixture->b, 2, 3, NULL, NULL);
  g_assert_cmpstr (
    postil_annotation_get_id (postil_annotation_row_get_annotation (view->rows->pdata[0])), ==, id);
  check_filtered (view, &everything);
  postil_workspace_undo (view->workspace);
  set_person (fixture, "urn:x:1", "Zoe");
  change (fixture, 5, 7);
  expect (fixture, "014523");
}

/* Documents that come and go, and what is held of the list. */
static void
test_documents (Fixture *fixture, gconstpointer data)
{
  View *view = &fixture->view;
  g_autoptr (PostilAnnotationListing) held = NULL;
  PostilDocument *document;

  view_set_order (view, POSTIL_ORDER_LONGEST);
  held = postil_annotation_list_hold (view->list);
  postil_workspace_remove_document (view->workspace, fixture->a);
  expect (fixture, "534");
  postil_workspace_add_document (view->workspace, fixture->a);
  expect (fixture, "513420");
  postil_workspace_remove_document (view->workspace, fixture->b);
  postil_workspace_remove_document (view->workspace, fixture->a);
  expect (fixture, "");
  g_assert_cmpstr (postil_annotation_get_id (postil_annotation_listing_get (held, 1, &document)),
                   ==, fixture->ids[1]);
  g_assert_true (document == fixture->a);
  postil_annotation_listing_get (held, 2, &document);
  g_assert_true (document == fixture->b);
}

/* Very many are sorted in a thread; until then all is as it was, and then what changed meanwhile
 * has changed.
 */
static void
test_thread (Fixture *fixture, gconstpointer data)
{
  View *view = &fixture->view;
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  PostilAnnotationRow *row;

  for (guint i = 0; i < 20000; i++)
    g_free (postil_edit_add_annotation (view->workspace, step, fixture->a,
                                        &(PostilSpan){ i % 10, i % 10 + 1 + i % 7 }, 1, NULL,
                                        NULL));
  commit (view, step);
  view_set_order (view, POSTIL_ORDER_NEWEST);
  finish_filtering (view);
  view->n_emissions = 0;
  view_set_order (view, POSTIL_ORDER_LONGEST);
  g_assert_true (is_filtering (view));
  change (fixture, 5, 7);
  view_set_order (view, POSTIL_ORDER_NEWEST);
  change (fixture, 5, 4102444800);
  g_assert_true (is_filtering (view));
  g_assert_cmpuint (view->n_emissions, ==, 0);
  check_announced (view);
  finish_filtering (view);
  row = view->rows->pdata[0];
  g_assert_cmpstr (postil_annotation_get_id (postil_annotation_row_get_annotation (row)), ==,
                   fixture->ids[5]);
  check_filtered (view, &everything);

  /* It may go meanwhile. */
  view_set_order (view, POSTIL_ORDER_TOPIC);
  g_assert_true (is_filtering (view));
}

int
main (int argc, char *argv[])
{
  static const RandomTest few = { 6000, 0, 50, FALSE, TRUE };
  static const RandomTest many = { 1500, 20000, 100, FALSE, TRUE };
  static const RandomTest few_seen = { 6000, 0, 50, TRUE, TRUE };
  static const RandomTest many_seen = { 1500, 20000, 100, TRUE, TRUE };

  g_test_init (&argc, &argv, NULL);
#define add(name, func)                                                                            \
  g_test_add ("/annotation-order/" name, Fixture, NULL, set_up, func, tear_down)
  add ("orders", test_orders);
  add ("edit", test_edit);
  add ("codebook", test_codebook);
  add ("persons", test_persons);
  add ("documents", test_documents);
  add ("thread", test_thread);
  g_test_add_data_func ("/annotation-order/random/few", &few, test_random);
  g_test_add_data_func ("/annotation-order/random/many", &many, test_random);
  g_test_add_data_func ("/annotation-order/random/few-seen", &few_seen, test_random);
  g_test_add_data_func ("/annotation-order/random/many-seen", &many_seen, test_random);
  return g_test_run ();
}
