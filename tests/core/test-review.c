/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-edit.h"
#include "postil-review.h"
#include "postil-test.h"

#define TEXT "The river is wide. The ferry crosses it twice a day, and the bridge is still a plan."

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *a;
  PostilDocument *b;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->a = postil_test_document_new ("a.txt", TEXT);
  fixture->b = postil_test_document_new ("b.txt", TEXT);
  postil_workspace_add_document (fixture->workspace, fixture->a);
  postil_workspace_add_document (fixture->workspace, fixture->b);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->a);
  g_object_unref (fixture->b);
  g_object_unref (fixture->workspace);
}

/* An annotation as a changed text leaves it, made without a person's doing. */
static PostilAnnotation *
add (Fixture *fixture,
     PostilDocument *document,
     const char *id,
     PostilStatus status,
     const char *version_of)
{
  const PostilSelector selector = { TRUE, { 4, 9 }, "River", "The ", " is wide" };
  const PostilForeignMember member = { "", "created", POSTIL_FOREIGN_MODIFIED, "7", 1 };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (&selector, 1, "abc", NULL);
  g_autoptr (PostilForeign) foreign = postil_foreign_new (&member, 1);
  const PostilSpan span = { 4, 9 };
  PostilAnnotationFields fields = {
    .id = id,
    .status = status,
    .modified = 5,
    .spans = &span,
    .n_spans = status != POSTIL_STATUS_ORPHANED,
    .anchor = status != POSTIL_STATUS_PLACED ? anchor : NULL,
    .foreign = foreign,
    .version_of = version_of,
  };
  g_autoptr (PostilAnnotation) annotation = postil_annotation_new (&fields);
  g_autoptr (PostilStep) step = postil_step_new ("Add");

  postil_step_change_annotation (step, document, NULL, annotation);
  postil_workspace_commit (fixture->workspace, step, NULL);

  return postil_document_get_annotation (document, id);
}

static void
assert_counts (const PostilReviewCounts *counts, const PostilReviewCounts *expected)
{
  g_assert_cmpuint (counts->n, ==, expected->n);
  g_assert_cmpuint (counts->n_moved, ==, expected->n_moved);
  g_assert_cmpuint (counts->n_uncertain, ==, expected->n_uncertain);
  g_assert_cmpuint (counts->n_orphaned, ==, expected->n_orphaned);
  g_assert_cmpuint (counts->n_versions, ==, expected->n_versions);
}

static const PostilReviewCounts *
get_counts (PostilDocument *document)
{
  return postil_annotation_tally_get_review (
    postil_annotation_index_get_tally (postil_document_get_annotations (document)));
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  PostilReviewCounts sum = { 1, 1 };

  add (fixture, fixture->a, "urn:1", POSTIL_STATUS_MOVED, NULL);
  add (fixture, fixture->a, "urn:2", POSTIL_STATUS_UNCERTAIN, NULL);
  add (fixture, fixture->a, "urn:3", POSTIL_STATUS_ORPHANED, NULL);
  add (fixture, fixture->a, "urn:4", POSTIL_STATUS_PLACED, NULL);
  add (fixture, fixture->a, "urn:5", POSTIL_STATUS_MOVED, "urn:4");
  assert_counts (get_counts (fixture->a), &(PostilReviewCounts){ 4, 2, 1, 1, 1 });
  postil_review_counts_add (&sum, get_counts (fixture->a));
  assert_counts (&sum, &(PostilReviewCounts){ 5, 3, 1, 1, 1 });
  postil_workspace_undo (fixture->workspace);
  postil_workspace_undo (fixture->workspace);
  assert_counts (get_counts (fixture->a), &(PostilReviewCounts){ 3, 1, 1, 1, 0 });
}

/* Confirms, without claiming to have written it. */
static void
test_accept (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PostilStatus status;
    gboolean accepted;
  } cases[] = {
    { POSTIL_STATUS_PLACED, FALSE },
    { POSTIL_STATUS_MOVED, TRUE },
    { POSTIL_STATUS_UNCERTAIN, TRUE },
    { POSTIL_STATUS_ORPHANED, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PostilAnnotation *before = add (fixture, fixture->a, "urn:1", cases[i].status, NULL);
      g_autoptr (PostilAnnotation) kept = postil_annotation_ref (before);
      g_autoptr (PostilStep) step = postil_step_new ("Accept");
      PostilAnnotationFields fields;

      g_assert_cmpint (postil_review_accept (step, fixture->a, before), ==, cases[i].accepted);
      postil_workspace_commit (fixture->workspace, step, NULL);
      postil_annotation_get_fields (postil_document_get_annotation (fixture->a, "urn:1"), &fields);
      g_assert_cmpint (fields.status, ==,
                       cases[i].accepted ? POSTIL_STATUS_PLACED : cases[i].status);
      g_assert_cmpint (fields.modified, ==, 5);
      g_assert_nonnull (postil_foreign_find (fields.foreign, "", POSTIL_FOREIGN_MODIFIED));
      if (cases[i].accepted)
        {
          g_assert_null (fields.anchor);
          g_assert_cmpuint (fields.n_spans, ==, 1);
          postil_workspace_undo (fixture->workspace);
          g_assert_true (
            postil_annotation_equal (kept, postil_document_get_annotation (fixture->a, "urn:1")));
        }
      postil_workspace_undo (fixture->workspace);
      g_assert_null (postil_document_get_annotation (fixture->a, "urn:1"));
    }
}

static PostilStatus
get_status (PostilDocument *document, const char *id)
{
  return postil_annotation_get_status (postil_document_get_annotation (document, id));
}

/* All documents in one step, and no doubtful one. */
static void
test_accept_sure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilStep) step = postil_step_new ("Accept");
  g_autoptr (PostilStep) again = postil_step_new ("Accept");
  g_autoptr (PostilMoment) moment = NULL, then = NULL;

  add (fixture, fixture->a, "urn:1", POSTIL_STATUS_MOVED, NULL);
  add (fixture, fixture->a, "urn:2", POSTIL_STATUS_UNCERTAIN, NULL);
  add (fixture, fixture->b, "urn:3", POSTIL_STATUS_MOVED, "urn:4");
  add (fixture, fixture->b, "urn:4", POSTIL_STATUS_ORPHANED, NULL);
  moment = postil_moment_new (fixture->workspace);
  g_assert_cmpuint (postil_review_accept_sure (step, moment), ==, 2);
  postil_workspace_commit (fixture->workspace, step, NULL);
  g_assert_cmpint (get_status (fixture->a, "urn:1"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpint (get_status (fixture->a, "urn:2"), ==, POSTIL_STATUS_UNCERTAIN);
  g_assert_cmpint (get_status (fixture->b, "urn:3"), ==, POSTIL_STATUS_PLACED);
  g_assert_cmpint (get_status (fixture->b, "urn:4"), ==, POSTIL_STATUS_ORPHANED);
  /* The choice between versions is another question. */
  g_assert_cmpstr (
    postil_annotation_get_version_of (postil_document_get_annotation (fixture->b, "urn:3")), ==,
    "urn:4");
  then = postil_moment_new (fixture->workspace);
  g_assert_cmpuint (postil_review_accept_sure (again, then), ==, 0);
  postil_workspace_undo (fixture->workspace);
  g_assert_cmpint (get_status (fixture->a, "urn:1"), ==, POSTIL_STATUS_MOVED);
  g_assert_cmpint (get_status (fixture->b, "urn:3"), ==, POSTIL_STATUS_MOVED);
}

/* To place it elsewhere is to write. */
static void
test_place (Fixture *fixture, gconstpointer data)
{
  static const PostilSpan spans[] = { { 23, 28 }, { 4, 9 } };
  PostilAnnotation *orphan = add (fixture, fixture->a, "urn:1", POSTIL_STATUS_ORPHANED, NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Place");
  PostilAnnotationFields fields;

  postil_edit_set_spans (fixture->workspace, step, fixture->a, orphan, spans, 2);
  postil_workspace_commit (fixture->workspace, step, NULL);
  postil_annotation_get_fields (postil_document_get_annotation (fixture->a, "urn:1"), &fields);
  g_assert_cmpint (fields.status, ==, POSTIL_STATUS_PLACED);
  g_assert_null (fields.anchor);
  g_assert_cmpuint (fields.n_spans, ==, 2);
  g_assert_cmpuint (fields.spans[0].start, ==, 4);
  g_assert_cmpuint (fields.spans[1].start, ==, 23);
  g_assert_cmpint (fields.modified, >, 5);
  g_assert_true (fields.foreign == NULL ||
                 !postil_foreign_find (fields.foreign, "", POSTIL_FOREIGN_MODIFIED));
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PostilReviewChoice choice;
    gboolean has_first;
    /* Status of what is left by each id; -1 when it is gone. Of two, the version is orphaned. */
    int first;
    int version;
  } cases[] = {
    { POSTIL_REVIEW_KEEP_VERSION, TRUE, POSTIL_STATUS_ORPHANED, -1 },
    { POSTIL_REVIEW_KEEP_FIRST, TRUE, POSTIL_STATUS_PLACED, -1 },
    { POSTIL_REVIEW_KEEP_BOTH, TRUE, POSTIL_STATUS_PLACED, POSTIL_STATUS_ORPHANED },
    { POSTIL_REVIEW_KEEP_VERSION, FALSE, -1, POSTIL_STATUS_ORPHANED },
    { POSTIL_REVIEW_KEEP_FIRST, FALSE, -1, POSTIL_STATUS_ORPHANED },
    { POSTIL_REVIEW_KEEP_BOTH, FALSE, -1, POSTIL_STATUS_ORPHANED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilStep) step = postil_step_new ("Choose");
      PostilAnnotation *first = NULL, *version;

      if (cases[i].has_first)
        first = add (fixture, fixture->a, "urn:1", POSTIL_STATUS_PLACED, NULL);
      version = add (fixture, fixture->a, "urn:2", POSTIL_STATUS_ORPHANED, "urn:1");
      if (first)
        g_assert_false (postil_review_choose (step, fixture->a, first, cases[i].choice));
      g_assert_true (postil_review_choose (step, fixture->a, version, cases[i].choice));
      postil_workspace_commit (fixture->workspace, step, NULL);
      first = postil_document_get_annotation (fixture->a, "urn:1");
      version = postil_document_get_annotation (fixture->a, "urn:2");
      g_assert_cmpint (first ? (int) postil_annotation_get_status (first) : -1, ==, cases[i].first);
      g_assert_cmpint (version ? (int) postil_annotation_get_status (version) : -1, ==,
                       cases[i].version);
      if (first)
        g_assert_null (postil_annotation_get_version_of (first));
      if (version)
        g_assert_null (postil_annotation_get_version_of (version));
      for (guint n = 0; n < 2 + cases[i].has_first; n++)
        postil_workspace_undo (fixture->workspace);
      g_assert_cmpuint (
        postil_annotation_index_get_size (postil_document_get_annotations (fixture->a)), ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/review/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("counts", test_counts);
  ADD ("accept", test_accept);
  ADD ("accept-sure", test_accept_sure);
  ADD ("place", test_place);
  ADD ("versions", test_versions);
#undef ADD

  return g_test_run ();
}
