/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-linking.h"

#include <string.h>

#include "postil-annotation-list.h"
#include "postil-edit.h"
#include "postil-review-counts.h"
#include "postil-reanchoring.h"
#include "postil-test.h"

#define HARBOUR "In the morning we sat by the harbour and counted the masts that came home. "
#define WIND "Nobody minded the wind, although it had blown our hats across the quay. "
#define BOATS "The boats were late, and the gulls complained about it. "
#define OTHER "At dawn we were at the port. The wind took our hats. The boats came late. "

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *a;
  PostilDocument *b;
} Fixture;

static PostilText *
make_text (const char *utf8)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, utf8, -1);

  return postil_text_new (g_strdup (utf8), strlen (utf8),
                          &(PostilTextOrigin){ .charset = "UTF-8", .sha256 = sha256 });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->a = postil_test_document_new ("report.txt", HARBOUR WIND BOATS);
  fixture->b = postil_test_document_new ("letter.txt", OTHER);
  postil_workspace_add_document (fixture->workspace, fixture->a);
  postil_workspace_add_document (fixture->workspace, fixture->b);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->workspace);
  g_object_unref (fixture->a);
  g_object_unref (fixture->b);
}

/* (transfer full): the id of a link from @quote of @document to @other_quote of @other. */
static char *
join (Fixture *fixture,
      PostilLinkKind kind,
      PostilDocument *other,
      const char *other_quote,
      PostilDocument *document,
      const char *quote)
{
  g_autoptr (PostilStep) step = postil_step_new ("Link");
  PostilSpan far = postil_test_find_in (other, other_quote),
             near = postil_test_find_in (document, quote);
  char *id = postil_linking_add (fixture->workspace, step, kind, other, &far, 1, NULL, document,
                                 &near, 1, NULL);

  postil_workspace_commit (fixture->workspace, step, NULL);
  return id;
}

static GPtrArray *
list (PostilDocument *document, PostilDocument *other)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);

  postil_linking_list (document, other, links);
  return links;
}

static guint
count (PostilDocument *document, PostilDocument *other)
{
  g_autoptr (GPtrArray) links = list (document, other);

  return links->len;
}

/* Asserts that @link joins @quote of @document to @other_quote of @other. */
static void
assert_joins (PostilAnnotation *link,
              PostilDocument *document,
              const char *quote,
              PostilDocument *other,
              const char *other_quote)
{
  PostilText *text = postil_document_get_text (document);
  PostilText *other_text = postil_document_get_text (other);
  g_autoptr (GArray) places = NULL;
  g_autofree char *near = NULL, *far = NULL;
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (link, &n_spans);

  g_assert_cmpuint (n_spans, ==, 1);
  near = postil_text_dup_range (text, spans[0]);
  g_assert_cmpstr (near, ==, quote);
  places = postil_linking_resolve (postil_annotation_get_link (link), other_text);
  g_assert_nonnull (places);
  g_assert_cmpuint (places->len, ==, 1);
  far = postil_text_dup_range (other_text, g_array_index (places, PostilSpan, 0));
  g_assert_cmpstr (far, ==, other_quote);
}

static void
test_add (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id =
    join (fixture, POSTIL_LINK_PAIRED, fixture->a, "the harbour", fixture->b, "the port");
  PostilAnnotation *annotation = postil_document_get_annotation (fixture->b, id);
  PostilLink *link = postil_annotation_get_link (annotation);
  PostilAnnotator *annotator = postil_workspace_get_annotator (fixture->workspace);
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  g_assert_cmpint (fields.kind, ==, POSTIL_ANNOTATION_LINK);
  g_assert_cmpint (fields.created, ==, 1767225600);
  g_assert_cmpstr (fields.creator, ==, postil_annotator_get_id (annotator));
  g_assert_nonnull (postil_document_get_annotator (fixture->b, fields.creator));
  g_assert_cmpint (postil_link_get_kind (link), ==, POSTIL_LINK_PAIRED);
  g_assert_cmpstr (postil_link_get_label (link), ==, "report.txt");
  g_assert_cmpstr (postil_anchor_get_source (postil_link_get_passage (link)), ==,
                   postil_document_get_id (fixture->a));
  g_assert_true (postil_linking_is_about (link, fixture->a));
  g_assert_false (postil_linking_is_about (link, fixture->b));
  assert_joins (annotation, fixture->b, "the port", fixture->a, "the harbour");

  g_assert_cmpuint (count (fixture->b, fixture->a), ==, 1);
  g_assert_cmpuint (count (fixture->a, fixture->b), ==, 0);
  postil_workspace_undo (fixture->workspace);
  g_assert_cmpuint (count (fixture->b, fixture->a), ==, 0);
  postil_workspace_redo (fixture->workspace);
  g_assert_cmpuint (count (fixture->b, fixture->a), ==, 1);
}

/* A link pasted twice is one, whichever document it is in. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id =
    join (fixture, POSTIL_LINK_PAIRED, fixture->a, "the harbour", fixture->b, "the port");
  g_autofree char *again =
    join (fixture, POSTIL_LINK_PAIRED, fixture->a, "the harbour", fixture->b, "the port");
  g_autofree char *reversed =
    join (fixture, POSTIL_LINK_PAIRED, fixture->b, "the port", fixture->a, "the harbour");
  g_autofree char *plain =
    join (fixture, POSTIL_LINK_PLAIN, fixture->a, "the harbour", fixture->b, "the port");
  g_autofree char *elsewhere =
    join (fixture, POSTIL_LINK_PLAIN, fixture->a, "our hats", fixture->b, "the port");
  PostilSpan far = postil_test_find_in (fixture->a, "the harbour"),
             near = postil_test_find_in (fixture->b, "the port");
  g_autoptr (PostilStep) step = postil_step_new ("Link");
  g_autofree char *named =
    postil_linking_add (fixture->workspace, step, POSTIL_LINK_PLAIN, fixture->a, &far, 1, "urn:x:1",
                        fixture->b, &near, 1, "urn:x:2");
  g_autofree char *named_reversed = NULL;

  g_assert_cmpstr (again, ==, id);
  g_assert_cmpstr (reversed, ==, id);
  g_assert_cmpstr (plain, !=, id);
  g_assert_cmpstr (elsewhere, !=, plain);
  g_assert_cmpstr (named, !=, plain);
  postil_workspace_commit (fixture->workspace, step, NULL);
  named_reversed = postil_linking_add (fixture->workspace, step, POSTIL_LINK_PLAIN, fixture->b,
                                       &near, 1, "urn:x:2", fixture->a, &far, 1, "urn:x:1");
  g_assert_cmpstr (named_reversed, ==, named);
  g_assert_cmpuint (count (fixture->b, fixture->a), ==, 4);
  g_assert_cmpuint (count (fixture->a, fixture->b), ==, 0);
}

static void
test_overruled (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PostilLinkKind before;
    PostilLinkKind after;
    gboolean reversed;
    const char *port;
    const char *harbour;
    guint n_left;
  } cases[] = {
    { POSTIL_LINK_DISMISSED, POSTIL_LINK_PAIRED, FALSE, "the port", "the harbour", 0 },
    { POSTIL_LINK_DISMISSED, POSTIL_LINK_PAIRED, TRUE, "the port", "the harbour", 0 },
    { POSTIL_LINK_DISMISSED, POSTIL_LINK_PAIRED, FALSE, "we were at the", "we sat by the", 0 },
    { POSTIL_LINK_DISMISSED, POSTIL_LINK_PAIRED, FALSE, "our hats", "the harbour", 1 },
    { POSTIL_LINK_DISMISSED, POSTIL_LINK_PAIRED, TRUE, "the port", "our hats", 1 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_DISMISSED, FALSE, "the port", "the harbour", 0 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_DISMISSED, TRUE, "the port", "by the harbour and", 0 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_DISMISSED, FALSE, "our hats", "our hats", 1 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_PAIRED, FALSE, "at the port", "the harbour", 0 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_PAIRED, FALSE, "at the port", "our hats", 0 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_PAIRED, TRUE, "our hats", "the harbour", 0 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_PAIRED, FALSE, "our hats", "our hats", 1 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_DISMISSED, FALSE, "at the port", "our hats", 1 },
    { POSTIL_LINK_DISMISSED, POSTIL_LINK_DISMISSED, FALSE, "at the port", "the harbour", 1 },
    { POSTIL_LINK_PLAIN, POSTIL_LINK_PAIRED, FALSE, "the port", "the harbour", 1 },
    { POSTIL_LINK_PAIRED, POSTIL_LINK_PLAIN, FALSE, "the port", "the harbour", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *before =
        join (fixture, cases[i].before, fixture->a, "the harbour", fixture->b, "the port");
      g_autofree char *after =
        cases[i].reversed
          ? join (fixture, cases[i].after, fixture->b, cases[i].port, fixture->a, cases[i].harbour)
          : join (fixture, cases[i].after, fixture->a, cases[i].harbour, fixture->b, cases[i].port);

      g_test_message ("case %u", i);
      g_assert_cmpstr (before, !=, after);
      g_assert_cmpuint (count (fixture->b, fixture->a) + count (fixture->a, fixture->b), ==,
                        1 + cases[i].n_left);
      g_assert_cmpint (postil_document_get_annotation (fixture->b, before) != NULL, ==,
                       cases[i].n_left);
      /* In one step. */
      postil_workspace_undo (fixture->workspace);
      g_assert_nonnull (postil_document_get_annotation (fixture->b, before));
      g_assert_cmpuint (count (fixture->b, fixture->a) + count (fixture->a, fixture->b), ==, 1);
      postil_workspace_undo (fixture->workspace);
    }
}

/* To split a pair, both halves are paired in one step, and the whole goes once. */
static void
test_split (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = join (fixture, POSTIL_LINK_PAIRED, fixture->a, HARBOUR WIND, fixture->b,
                                 "At dawn we were at the port. The wind took our hats.");
  PostilSpan near[] = { postil_test_find_in (fixture->b, "At dawn we were at the port."),
                        postil_test_find_in (fixture->b, "The wind took our hats.") };
  PostilSpan far[] = { postil_test_find_in (fixture->a, HARBOUR),
                       postil_test_find_in (fixture->a, WIND) };
  g_autoptr (PostilStep) step = postil_step_new ("Split");

  for (guint i = 0; i < G_N_ELEMENTS (near); i++)
    g_free (postil_linking_add (fixture->workspace, step, POSTIL_LINK_PAIRED, fixture->a, &far[i],
                                1, NULL, fixture->b, &near[i], 1, NULL));
  postil_workspace_commit (fixture->workspace, step, NULL);
  g_assert_null (postil_document_get_annotation (fixture->b, whole));
  g_assert_cmpuint (count (fixture->b, fixture->a), ==, 2);
  postil_workspace_undo (fixture->workspace);
  g_assert_nonnull (postil_document_get_annotation (fixture->b, whole));
  g_assert_cmpuint (count (fixture->b, fixture->a), ==, 1);
}

static void
test_is_about (Fixture *fixture, gconstpointer data)
{
  const char *id = postil_document_get_id (fixture->a);
  const char *sha256 = postil_text_get_sha256 (postil_document_get_text (fixture->a));
  const struct
  {
    const char *source;
    const char *sha256;
    const char *label;
    gboolean about;
  } cases[] = {
    { id, NULL, NULL, TRUE },        { "urn:x:1", sha256, NULL, TRUE },
    { NULL, sha256, "other", TRUE }, { "urn:x:1", "00", "report.txt", TRUE },
    { "urn:x:1", "00", "x", FALSE }, { NULL, NULL, NULL, FALSE },
  };
  PostilSelector selector = { .exact = "x" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilAnchor) passage =
        postil_anchor_new (&selector, 1, cases[i].sha256, cases[i].source);
      g_autoptr (PostilLink) link =
        postil_link_new (POSTIL_LINK_PLAIN, passage, cases[i].label, NULL, NULL);

      g_assert_cmpint (postil_linking_is_about (link, fixture->a), ==, cases[i].about);
    }
}

static void
test_resolve (void)
{
  static const struct
  {
    gboolean on_text;
    PostilSelector selectors[2];
    guint n_selectors;
    guint n_found;
    PostilSpan first;
  } cases[] = {
    { TRUE, { { TRUE, { 3, 7 }, NULL, NULL, NULL } }, 1, 1, { 3, 7 } },
    { TRUE, { { TRUE, { 3, 7 }, "dawn", "At ", " we" } }, 1, 1, { 3, 7 } },
    /* What the text itself belies. */
    { TRUE, { { TRUE, { 3, 99999 }, NULL, NULL, NULL } }, 1, 0, { 0, 0 } },
    { TRUE, { { TRUE, { 7, 3 }, NULL, NULL, NULL } }, 1, 0, { 0, 0 } },
    { FALSE, { { TRUE, { 3, 7 }, NULL, NULL, NULL } }, 1, 0, { 0, 0 } },
    { FALSE, { { FALSE, { 0, 0 }, NULL, NULL, NULL } }, 1, 0, { 0, 0 } },
    { FALSE, { { FALSE, { 0, 0 }, "", NULL, NULL } }, 1, 0, { 0, 0 } },
    { TRUE, { { 0 } }, 0, 0, { 0, 0 } },
    /* By its words. */
    { FALSE, { { FALSE, { 0, 0 }, "The wind took our hats.", NULL, NULL } }, 1, 1, { 29, 52 } },
    { FALSE, { { FALSE, { 0, 0 }, "Nothing of this is there at all.", NULL, NULL } }, 1, 0, { 0 } },
    /* In the order of the text, or not at all. */
    { TRUE,
      { { TRUE, { 33, 37 }, "wind", NULL, NULL }, { TRUE, { 3, 7 }, "dawn", NULL, NULL } },
      2,
      2,
      { 3, 7 } },
    { FALSE,
      { { FALSE, { 0, 0 }, "The wind took our hats.", NULL, NULL },
        { FALSE, { 0, 0 }, "Nothing of this is there at all.", NULL, NULL } },
      2,
      0,
      { 0, 0 } },
  };
  g_autoptr (PostilText) text = make_text (OTHER);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilAnchor) passage =
        postil_anchor_new (cases[i].selectors, cases[i].n_selectors,
                           cases[i].on_text ? postil_text_get_sha256 (text) : "00", "urn:x:1");
      g_autoptr (PostilLink) link = postil_link_new (POSTIL_LINK_PLAIN, passage, NULL, NULL, NULL);
      g_autoptr (GArray) found = postil_linking_resolve (link, text);

      g_test_message ("case %u", i);
      g_assert_cmpuint (found ? found->len : 0, ==, cases[i].n_found);
      g_assert_true (!found || found->len > 0);
      if (found)
        g_assert_true (postil_span_equal (g_array_index (found, PostilSpan, 0), cases[i].first));
    }
}

static void
change_text (Fixture *fixture, PostilDocument *document, const char *utf8)
{
  g_autoptr (PostilText) text = make_text (utf8);
  PostilText *old_text = postil_document_get_text (document);
  g_autoptr (PostilStep) step = postil_step_new ("Text");
  g_autoptr (GPtrArray) before = g_ptr_array_new ();
  g_autoptr (GPtrArray) after = NULL;
  PostilAnnotationIndex *all = postil_document_get_annotations (document);

  for (guint i = 0; i < postil_annotation_index_get_size (all); i++)
    g_ptr_array_add (before, postil_annotation_index_get (all, i));
  after = postil_reanchoring_run (old_text, text, before, NULL, NULL, NULL);
  postil_step_change_text (step, document, old_text, text);
  for (guint i = 0; i < before->len; i++)
    if (before->pdata[i] != after->pdata[i])
      postil_step_change_annotation (step, document, before->pdata[i], after->pdata[i]);
  postil_linking_follow (fixture->workspace, step, document, old_text, text);
  postil_workspace_commit (fixture->workspace, step, NULL);
}

static const char *
get_sha256 (PostilAnnotation *link)
{
  return postil_anchor_get_sha256 (postil_link_get_passage (postil_annotation_get_link (link)));
}

/* The other side follows its text, in the same step. */
static void
test_follow (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id =
    join (fixture, POSTIL_LINK_PAIRED, fixture->a, WIND, fixture->b, "The wind took our hats.");
  g_autofree char *first =
    join (fixture, POSTIL_LINK_DISMISSED, fixture->a, HARBOUR, fixture->b, "The boats came late.");
  g_autoptr (PostilAnnotation) before =
    postil_annotation_ref (postil_document_get_annotation (fixture->b, id));
  PostilAnnotation *after;

  /* Words before it, and one inside it that is another. */
  change_text (fixture, fixture->a,
               "A report. " HARBOUR
               "Nobody minded the gale, although it had blown our hats across the quay. " BOATS);
  after = postil_document_get_annotation (fixture->b, id);
  g_assert_true (after != before);
  assert_joins (after, fixture->b, "The wind took our hats.", fixture->a,
                "Nobody minded the gale, although it had blown our hats across the quay. ");
  g_assert_cmpstr (get_sha256 (after), ==,
                   postil_text_get_sha256 (postil_document_get_text (fixture->a)));
  g_assert_cmpstr (
    postil_anchor_get_source (postil_link_get_passage (postil_annotation_get_link (after))), ==,
    postil_document_get_id (fixture->a));
  assert_joins (postil_document_get_annotation (fixture->b, first), fixture->b,
                "The boats came late.", fixture->a, HARBOUR);

  postil_workspace_undo (fixture->workspace);
  g_assert_true (postil_document_get_annotation (fixture->b, id) == before);
  assert_joins (before, fixture->b, "The wind took our hats.", fixture->a, WIND);

  /* What is gone is kept as it was, and found when it is there again. */
  change_text (fixture, fixture->a, HARBOUR BOATS);
  g_assert_true (postil_document_get_annotation (fixture->b, id) == before);
  g_assert_null (postil_linking_resolve (postil_annotation_get_link (before),
                                         postil_document_get_text (fixture->a)));
  change_text (fixture, fixture->a, BOATS HARBOUR WIND);
  after = postil_document_get_annotation (fixture->b, id);
  assert_joins (after, fixture->b, "The wind took our hats.", fixture->a, WIND);
}

/* Its own passage is placed anew as that of any annotation. */
static void
test_reanchor (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id =
    join (fixture, POSTIL_LINK_PAIRED, fixture->b, "The wind took our hats.", fixture->a, WIND);
  g_autofree char *lost =
    join (fixture, POSTIL_LINK_PAIRED, fixture->b, "The boats came late.", fixture->a, BOATS);
  PostilAnnotation *link;
  g_autoptr (PostilStep) step = postil_step_new ("Accept");

  change_text (fixture, fixture->a, WIND "Then a long silence, which we filled. " HARBOUR);
  link = postil_document_get_annotation (fixture->a, id);
  assert_joins (link, fixture->a, WIND, fixture->b, "The wind took our hats.");
  g_assert_cmpint (postil_annotation_get_status (link), ==, POSTIL_STATUS_MOVED);
  link = postil_document_get_annotation (fixture->a, lost);
  g_assert_cmpint (postil_annotation_get_status (link), ==, POSTIL_STATUS_ORPHANED);
  g_assert_nonnull (postil_annotation_get_link (link));
  /* Nobody is asked to review it. */
  g_assert_cmpint (postil_review_get_kinds (link), ==, 0);
}

static gboolean
count_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, guint *n)
{
  g_assert_cmpuint (position + added, <=, g_list_model_get_n_items (model));
  *n += removed + added;
}

/* What shows annotations shows no links. */
static void
test_not_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilAnnotationList) annotations = postil_annotation_list_new (fixture->workspace);
  GListModel *model = G_LIST_MODEL (annotations);
  PostilAnnotationIndex *index;
  g_autoptr (GPtrArray) touching = NULL;
  g_autofree char *note = NULL, *link = NULL, *word = NULL;
  g_autoptr (PostilStep) many = postil_step_new ("Many");
  g_autoptr (PostilStep) none = postil_step_new ("None");
  PostilSpan all = { 0, 40 }, far = postil_test_find_in (fixture->b, "the port");
  guint n_met = 0, n_changed = 0, position;

  word = postil_test_annotate (fixture->workspace, fixture->a, 3, 6, NULL, NULL);
  g_signal_connect (annotations, "items-changed", G_CALLBACK (items_changed_cb), &n_changed);
  link = join (fixture, POSTIL_LINK_PAIRED, fixture->b, "the port", fixture->a, "the morning");
  g_assert_cmpuint (n_changed, ==, 0);
  note = postil_test_annotate (fixture->workspace, fixture->a, 4, 12, "Place", "why?");
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);
  g_assert_true (postil_annotation_list_find (annotations, note, &position));
  g_assert_false (postil_annotation_list_find (annotations, link, &position));

  index = postil_document_get_annotations (fixture->a);
  g_assert_cmpuint (postil_annotation_index_get_size (index), ==, 3);
  g_assert_cmpuint (postil_annotation_index_get_n_shown (index), ==, 2);
  postil_annotation_index_foreach_in (index, all, count_cb, &n_met);
  g_assert_cmpuint (n_met, ==, 2);
  touching = postil_annotation_index_list_in (index, all);
  g_assert_cmpuint (touching->len, ==, 2);
  g_assert_cmpstr (postil_annotation_get_id (postil_annotation_index_get (index, 2)), ==, link);

  /* Many at once, behind a filter and without one. */
  for (guint i = 0; i < 600; i++)
    {
      PostilSpan near = { i / 10, i / 10 + 1 + i % 10 };

      g_free (postil_linking_add (fixture->workspace, many, POSTIL_LINK_PLAIN, fixture->b, &far, 1,
                                  NULL, fixture->a, &near, 1, NULL));
    }
  n_changed = 0;
  postil_workspace_commit (fixture->workspace, many, NULL);
  g_assert_cmpuint (n_changed, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);
  index = postil_document_get_annotations (fixture->a);
  g_assert_cmpuint (postil_annotation_index_get_n_shown (index), ==, 2);
  n_met = 0;
  postil_annotation_index_foreach_in (index, all, count_cb, &n_met);
  g_assert_cmpuint (n_met, ==, 2);
  postil_annotation_list_set_filter (annotations, &(PostilAnnotationFilter){ .text = "why" });
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  postil_workspace_undo (fixture->workspace);
  postil_workspace_redo (fixture->workspace);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 1);
  postil_annotation_list_set_filter (annotations, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);
}

/* All the places in the index are found again after any order of changes. */
static void
test_index (void)
{
  GRand *random = g_rand_new_with_seed (4);
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (NULL, 0);
  g_autoptr (GPtrArray) held =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  PostilSelector selector = { .exact = "x" };
  g_autoptr (PostilAnchor) passage = postil_anchor_new (&selector, 1, NULL, "urn:x:b");
  g_autoptr (PostilLink) link = postil_link_new (POSTIL_LINK_PLAIN, passage, NULL, NULL, NULL);

  for (guint i = 0; i < 2000; i++)
    {
      guint start = g_rand_int_range (random, 0, 500);
      PostilSpan spans[] = { { start, start + 5 }, { start + 10, start + 20 } };
      g_autofree char *id = g_strdup_printf ("urn:x:%04u", i);
      gboolean is_link = g_rand_boolean (random);
      PostilSpan here = { start, start + 30 };
      PostilAnnotationFields fields = {
        .id = id,
        .kind = is_link ? POSTIL_ANNOTATION_LINK : POSTIL_ANNOTATION_PASSAGE,
        .link = is_link ? link : NULL,
        .spans = spans,
        .n_spans = 1 + g_rand_boolean (random),
      };
      guint n_shown = 0, n_met = 0, n_touching = 0;

      if (held->len > 60 || (held->len > 0 && g_rand_int_range (random, 0, 3) == 0))
        {
          guint which = g_rand_int_range (random, 0, held->len);

          index =
            postil_annotation_index_replace (g_steal_pointer (&index), held->pdata[which], NULL);
          g_ptr_array_remove_index_fast (held, which);
        }
      g_ptr_array_add (held, postil_annotation_new (&fields));
      index = postil_annotation_index_replace (g_steal_pointer (&index), NULL,
                                               held->pdata[held->len - 1]);
      for (guint j = 0; j < held->len; j++)
        {
          guint n_spans;
          const PostilSpan *of = postil_annotation_get_spans (held->pdata[j], &n_spans);
          gboolean shown = postil_annotation_get_kind (held->pdata[j]) != POSTIL_ANNOTATION_LINK;

          n_shown += shown;
          for (guint k = 0; k < n_spans; k++)
            n_touching += shown && postil_span_touches (of[k], here);
        }
      postil_annotation_index_foreach_in (index, here, count_cb, &n_met);
      g_assert_cmpuint (n_met, ==, n_touching);
      g_assert_cmpuint (postil_annotation_index_get_size (index), ==, held->len);
      g_assert_cmpuint (postil_annotation_index_get_n_shown (index), ==, n_shown);
    }
  g_rand_free (random);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/linking/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("add", test_add);
  ADD ("twice", test_twice);
  ADD ("overruled", test_overruled);
  ADD ("split", test_split);
  ADD ("is-about", test_is_about);
  g_test_add_func ("/linking/resolve", test_resolve);
  ADD ("follow", test_follow);
  ADD ("reanchor", test_reanchor);
  ADD ("not-shown", test_not_shown);
  g_test_add_func ("/linking/index", test_index);

  return g_test_run ();
}
