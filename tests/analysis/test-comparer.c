/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparer.h"

#include <string.h>

#include "postil-linked-decisions.h"
#include "postil-linking.h"
#include "postil-test.h"

#define BRIDGE "The old bridge over the river was closed in the spring. "
#define BAKERY "The bakery on the corner lost half of its customers. "
#define FERRY "A ferry has carried cyclists across since the month of May. "
#define MAYOR "The mayor promised a new bridge within two years. "

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *documents[3];
  PostilComparer *comparer;
  guint n_alignments;
  guint n_running;
} Fixture;

static void
count_cb (GObject *object, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { BRIDGE BAKERY FERRY, FERRY BRIDGE MAYOR, BAKERY MAYOR };

  f->workspace = postil_test_workspace_new ();
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.txt", i);

      f->documents[i] = postil_test_document_new (name, texts[i]);
      postil_workspace_add_document (f->workspace, f->documents[i]);
    }
  f->comparer = postil_comparer_new ();
  g_signal_connect (f->comparer, "notify::alignment", G_CALLBACK (count_cb), &f->n_alignments);
  g_signal_connect (f->comparer, "notify::running", G_CALLBACK (count_cb), &f->n_running);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->comparer);
  g_object_unref (f->workspace);
  for (guint i = 0; i < G_N_ELEMENTS (f->documents); i++)
    g_object_unref (f->documents[i]);
}

static gboolean
is_running (Fixture *f)
{
  gboolean running;

  g_object_get (f->comparer, "running", &running, NULL);
  return running;
}

static PostilAlignment *
wait_for (Fixture *f)
{
  while (is_running (f))
    g_main_context_iteration (NULL, TRUE);
  return postil_comparer_get_alignment (f->comparer);
}

/* Where in the second document the counterpart of a passage of the first begins, or -1. */
static int
find_counterpart (Fixture *f, const char *quote)
{
  const PostilPair *pair =
    postil_alignment_find_pair (postil_comparer_get_alignment (f->comparer), FALSE,
                                postil_test_find_in (f->documents[0], quote).start);

  return pair != NULL ? (int) pair->b.start : -1;
}

static void
decide (Fixture *f, PostilLinkKind kind, const char *a, const char *b, gboolean in_a)
{
  g_autoptr (PostilStep) step = postil_step_new ("Decide");
  PostilSpan there = postil_test_find_in (f->documents[in_a], in_a ? b : a);
  PostilSpan here = postil_test_find_in (f->documents[!in_a], in_a ? a : b);

  g_free (postil_linking_add (f->workspace, step, kind, f->documents[in_a], &there, 1, NULL,
                              f->documents[!in_a], &here, 1, NULL));
  postil_workspace_commit (f->workspace, step, NULL);
}

static void
change_text (Fixture *f, guint i, const char *utf8)
{
  g_autoptr (PostilStep) step = postil_step_new ("Change");
  g_autoptr (PostilText) text = postil_text_new (g_strdup (utf8), strlen (utf8), NULL);

  postil_step_change_text (step, f->documents[i], postil_document_get_text (f->documents[i]), text);
  postil_workspace_commit (f->workspace, step, NULL);
}

static void
test_states (Fixture *f, gconstpointer data)
{
  PostilAlignment *first;
  double progress;

  g_assert_null (postil_comparer_get_alignment (f->comparer));
  g_assert_false (is_running (f));

  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[1]);
  g_assert_true (is_running (f));
  g_assert_null (postil_comparer_get_alignment (f->comparer));
  g_assert_true (postil_comparer_get_a (f->comparer) == f->documents[0]);
  g_assert_true (postil_comparer_get_b (f->comparer) == f->documents[1]);
  first = wait_for (f);
  g_assert_nonnull (first);
  g_object_get (f->comparer, "progress", &progress, NULL);
  g_assert_cmpfloat (progress, ==, 1);
  g_assert_cmpuint (f->n_alignments, ==, 1);
  g_assert_cmpuint (f->n_running, ==, 2);
  g_assert_cmpint (find_counterpart (f, BRIDGE), ==, strlen (FERRY));
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, -1);

  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[1]);
  g_assert_false (is_running (f));

  /* Of other documents nothing of the former is left. */
  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[2]);
  g_assert_null (postil_comparer_get_alignment (f->comparer));
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, 0);

  postil_comparer_set_documents (f->comparer, NULL, NULL);
  g_assert_null (postil_comparer_get_alignment (f->comparer));
  g_assert_false (is_running (f));
}

static void
test_decisions (Fixture *f, gconstpointer data)
{
  GArray *decisions;
  GPtrArray *deciding;

  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[1]);
  g_assert_null (postil_comparer_get_decisions (f->comparer, &deciding));
  wait_for (f);
  g_assert_cmpuint (postil_comparer_get_decisions (f->comparer, &deciding)->len, ==, 0);

  decide (f, POSTIL_LINK_PAIRED, BAKERY, MAYOR, FALSE);
  g_assert_true (is_running (f));
  /* The former stays until the next is ready. */
  g_assert_nonnull (postil_comparer_get_alignment (f->comparer));
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, strlen (FERRY BRIDGE));
  decisions = postil_comparer_get_decisions (f->comparer, &deciding);
  g_assert_cmpuint (decisions->len, ==, 1);
  g_assert_true (g_array_index (decisions, PostilDecision, 0).paired);
  g_assert_cmpuint (g_array_index (decisions, PostilDecision, 0).a.start, ==, strlen (BRIDGE));
  g_assert_cmpuint (deciding->len, ==, 1);
  g_assert_true (postil_document_get_annotation (f->documents[1],
                                                 postil_annotation_get_id (deciding->pdata[0])) ==
                 deciding->pdata[0]);

  decide (f, POSTIL_LINK_DISMISSED, BRIDGE, BRIDGE, TRUE);
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BRIDGE), ==, -1);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, strlen (FERRY BRIDGE));

  postil_workspace_undo (f->workspace);
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BRIDGE), ==, strlen (FERRY));
  postil_workspace_undo (f->workspace);
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, -1);

  /* Of other documents, and links that decide nothing new. */
  f->n_alignments = 0;
  decide (f, POSTIL_LINK_PLAIN, BRIDGE, BRIDGE, FALSE);
  wait_for (f);
  g_assert_cmpuint (f->n_alignments, ==, 0);
}

static void
test_changed_text (Fixture *f, gconstpointer data)
{
  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[1]);
  /* While it is at work, and again. */
  change_text (f, 1, FERRY BAKERY MAYOR);
  change_text (f, 1, MAYOR BAKERY FERRY);
  wait_for (f);
  g_assert_cmpuint (f->n_alignments, ==, 1);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, strlen (MAYOR));

  change_text (f, 1, BRIDGE MAYOR BAKERY FERRY);
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BRIDGE), ==, 0);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, strlen (BRIDGE MAYOR));
  change_text (f, 0, FERRY);
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, FERRY), ==, strlen (BRIDGE MAYOR BAKERY));
  g_assert_cmpuint (postil_comparer_get_alignment (f->comparer)->pairs->len, ==, 1);
}

/* Whether it is at work is told each time it changes, also while the former thread is to end. */
static void
test_told (Fixture *f, gconstpointer data)
{
  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[1]);
  g_assert_cmpuint (f->n_running, ==, 1);
  postil_comparer_set_documents (f->comparer, NULL, NULL);
  g_assert_false (is_running (f));
  g_assert_cmpuint (f->n_running, ==, 2);
  postil_comparer_set_documents (f->comparer, f->documents[1], f->documents[2]);
  g_assert_true (is_running (f));
  g_assert_cmpuint (f->n_running, ==, 3);
  wait_for (f);
  g_assert_cmpuint (f->n_running, ==, 4);
  g_assert_cmpuint (f->n_alignments, ==, 1);
}

/* It may be ended while it looks for what the links say. */
static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PostilText *texts[2];
  g_autoptr (GArray) decisions = NULL;
  GPtrArray *links[2];

  decide (f, POSTIL_LINK_PAIRED, BAKERY, MAYOR, FALSE);
  change_text (f, 0, FERRY BAKERY);
  for (guint side = 0; side < 2; side++)
    texts[side] = postil_document_get_text (f->documents[side]);
  postil_linked_decisions_collect (f->documents[0], f->documents[1], links);
  g_assert_cmpuint (links[0]->len + links[1]->len, ==, 1);
  g_cancellable_cancel (cancellable);
  decisions = postil_linked_decisions_resolve (links, texts, NULL, cancellable);
  g_assert_cmpuint (decisions->len, ==, 0);
  g_ptr_array_unref (links[0]);
  g_ptr_array_unref (links[1]);
}

/* What a thread brings after the documents have gone, or the comparer, is dropped. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  PostilComparer *other = postil_comparer_new ();

  postil_comparer_set_documents (other, f->documents[0], f->documents[1]);
  g_assert_finalize_object (other);
  for (guint i = 0; i < 40; i++)
    {
      postil_comparer_set_documents (f->comparer, f->documents[i % 3], f->documents[(i + 1) % 3]);
      if (i % 5 == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  postil_comparer_set_documents (f->comparer, f->documents[0], f->documents[0]);
  wait_for (f);
  g_assert_cmpint (find_counterpart (f, BAKERY), ==, strlen (BRIDGE));

  postil_workspace_remove_document (f->workspace, f->documents[0]);
  postil_comparer_set_documents (f->comparer, f->documents[1], f->documents[2]);
  postil_comparer_set_documents (f->comparer, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (postil_comparer_get_alignment (f->comparer));
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/comparer/states", test_states);
  add ("/comparer/decisions", test_decisions);
  add ("/comparer/changed-text", test_changed_text);
  add ("/comparer/told", test_told);
  add ("/comparer/cancelled", test_cancelled);
  add ("/comparer/gone", test_gone);
  return g_test_run ();
}
