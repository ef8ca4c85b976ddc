/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-edit.h"
#include "postil-test.h"

/* What happens while a step about very many annotations is being prepared. */

#define TEXT "The river is wide. The ferry crosses it twice a day, and the bridge is still a plan."
#define N (2 * POSTIL_RUN_MANY)

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  char *topic;
  char *other;
  /* Of an annotation in the middle. */
  char *id;
} Fixture;

static PostilAnnotationIndex *
get_all (Fixture *self)
{
  return postil_document_get_annotations (self->document);
}

static PostilAnnotation *
get_middle (Fixture *self)
{
  return postil_document_get_annotation (self->document, self->id);
}

static guint
count (Fixture *self)
{
  return postil_workspace_count_topic (self->workspace, self->topic);
}

/* All annotations have both topics. */
static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  const char *topics[3] = { NULL };

  self->workspace = postil_test_workspace_new ();
  self->document = postil_test_document_new ("a.txt", TEXT);
  postil_workspace_add_document (self->workspace, self->document);
  topics[0] = self->topic = postil_edit_ensure_path (self->workspace, step, "All");
  topics[1] = self->other = postil_edit_ensure_path (self->workspace, step, "Other");
  for (guint i = 0; i < N; i++)
    g_free (postil_edit_add_annotation (self->workspace, step, self->document,
                                        &(PostilSpan){ i % 50, 60 }, 1, topics, NULL));
  postil_workspace_commit (self->workspace, step, NULL);
  self->id =
    g_strdup (postil_annotation_get_id (postil_annotation_index_get (get_all (self), N / 2)));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->document);
  g_object_unref (self->workspace);
  g_free (self->topic);
  g_free (self->other);
  g_free (self->id);
}

static void
run (Fixture *self)
{
  while (postil_workspace_is_preparing (self->workspace))
    g_main_context_iteration (NULL, TRUE);
}

static void
delete_topic (Fixture *self, const char *topic)
{
  g_autoptr (PostilStep) step = postil_step_new ("Delete Topic");

  postil_edit_delete_topic (self->workspace, step, topic, NULL);
}

static void
compose_removal (PostilStep *step, gpointer data)
{
  PostilMoment *moment = data;
  PostilDocument *document;
  PostilAnnotationIndex *all = postil_moment_get_annotations (moment, 0, &document);

  for (guint i = 0; i < postil_annotation_index_get_size (all); i++)
    postil_edit_remove_annotation (step, document, postil_annotation_index_get (all, i));
}

static void
delete_all (Fixture *self)
{
  g_autoptr (PostilStep) step = postil_step_new ("Delete");

  postil_workspace_prepare (self->workspace, step, N, compose_removal, NULL,
                            postil_moment_new (self->workspace),
                            (GDestroyNotify) postil_moment_free);
}

static void
write_note (Fixture *self, const char *note)
{
  g_autoptr (PostilStep) step = postil_step_new ("Note");

  postil_edit_set_note (self->workspace, step, self->document, get_middle (self), note);
  postil_workspace_commit (self->workspace, step, NULL);
}

static const char *
get_note (Fixture *self)
{
  PostilNote *note = postil_annotation_find_note (
    get_middle (self), postil_annotator_get_id (postil_workspace_get_annotator (self->workspace)));

  return note ? postil_note_get_text (note) : NULL;
}

static const char *
get_undo_label (Fixture *self)
{
  return postil_history_get_undo_label (postil_workspace_get_history (self->workspace));
}

static void
preparing_cb (PostilWorkspace *workspace, GParamSpec *pspec, GString *log)
{
  g_string_append_c (log, postil_workspace_is_preparing (workspace) ? '+' : '-');
}

static void
test_one_step (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilAnnotationIndex) before = postil_annotation_index_ref (get_all (self));
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect (self->workspace, "notify::preparing", G_CALLBACK (preparing_cb), log);
  delete_topic (self, self->topic);
  g_assert_cmpstr (log->str, ==, "+");
  g_assert_true (get_all (self) == before);
  g_assert_cmpuint (count (self), ==, N);
  run (self);
  g_assert_cmpstr (log->str, ==, "+-");
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (get_undo_label (self), ==, "Delete Topic");
  g_assert_true (postil_topic_is_deprecated (
    postil_codebook_get_topic (postil_workspace_get_codebook (self->workspace), self->topic)));

  postil_workspace_undo (self->workspace);
  g_assert_true (get_all (self) == before);
  g_assert_cmpstr (get_undo_label (self), ==, "Add");
  g_assert_false (postil_topic_is_deprecated (
    postil_codebook_get_topic (postil_workspace_get_codebook (self->workspace), self->topic)));
  postil_workspace_redo (self->workspace);
  g_assert_cmpuint (count (self), ==, 0);
}

static void
test_merge (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilStep) step = postil_step_new ("Merge"), add = postil_step_new ("Add");
  g_autofree char *into = postil_edit_add_topic (self->workspace, add, "Into", NULL);

  postil_workspace_commit (self->workspace, add, NULL);
  postil_edit_delete_topic (self->workspace, step, self->topic, into);
  run (self);
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpuint (postil_workspace_count_topic (self->workspace, into), ==, N);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (count (self), ==, N);
  g_assert_cmpuint (postil_workspace_count_topic (self->workspace, into), ==, 0);
}

/* What is about few is done at once. */
static void
test_few (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilStep) step = postil_step_new ("Add");
  g_autofree char *topic = postil_edit_add_topic (self->workspace, step, "Rare", NULL);

  postil_edit_set_topic (self->workspace, step, self->document, get_middle (self), topic, TRUE);
  postil_workspace_commit (self->workspace, step, NULL);
  delete_topic (self, topic);
  g_assert_false (postil_workspace_is_preparing (self->workspace));
  g_assert_cmpuint (postil_workspace_count_topic (self->workspace, topic), ==, 0);
}

/* A note that is written meanwhile comes after it, and both are there. */
static void
test_edit_meanwhile (Fixture *self, gconstpointer data)
{
  delete_topic (self, self->topic);
  write_note (self, "why?");
  g_assert_false (postil_workspace_is_preparing (self->workspace));
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (get_note (self), ==, "why?");
  g_assert_true (postil_annotation_has_topic (get_middle (self), self->other));
  g_assert_cmpstr (get_undo_label (self), ==, "Note");

  postil_workspace_undo (self->workspace);
  g_assert_cmpstr (get_undo_label (self), ==, "Delete Topic");
  g_assert_null (get_note (self));
  g_assert_cmpuint (count (self), ==, 0);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (count (self), ==, N);
  for (guint i = 0; i < 2; i++)
    postil_workspace_redo (self->workspace);
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (get_note (self), ==, "why?");
}

/* So do a topic that is given, one that is taken and a place that is chosen. */
static void
test_fields_meanwhile (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilStep) step = postil_step_new ("Retag");
  g_autoptr (PostilAnnotation) before = postil_annotation_ref (get_middle (self));
  g_autofree char *fresh = postil_edit_add_topic (self->workspace, step, "Fresh", NULL);
  guint n;

  delete_topic (self, self->topic);
  postil_edit_set_topic (self->workspace, step, self->document, before, fresh, TRUE);
  postil_workspace_commit (self->workspace, step, NULL);
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_true (postil_annotation_has_topic (get_middle (self), fresh));
  g_assert_true (postil_annotation_has_topic (get_middle (self), self->other));

  delete_topic (self, self->other);
  g_clear_pointer (&step, postil_step_unref);
  step = postil_step_new ("Move");
  postil_edit_set_spans (self->workspace, step, self->document, get_middle (self),
                         &(PostilSpan){ 2, 5 }, 1);
  postil_workspace_commit (self->workspace, step, NULL);
  g_assert_false (postil_annotation_has_topic (get_middle (self), self->other));
  g_assert_true (postil_annotation_has_topic (get_middle (self), fresh));
  g_assert_cmpuint (postil_annotation_get_spans (get_middle (self), &n)[0].start, ==, 2);
}

/* What is gone by then is not changed any more. */
static void
test_edit_of_what_goes (Fixture *self, gconstpointer data)
{
  delete_all (self);
  write_note (self, "too late");
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, 0);
  g_assert_cmpstr (get_undo_label (self), ==, "Delete");
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, N);
}

static void
test_add_meanwhile (Fixture *self, gconstpointer data)
{
  delete_all (self);
  g_free (postil_test_annotate (self->workspace, self->document, 0, 3, NULL, NULL));
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, 1);
  postil_workspace_undo (self->workspace);
  g_assert_cmpstr (get_undo_label (self), ==, "Delete");
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, N);
}

static void
test_rename_meanwhile (Fixture *self, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  g_autoptr (PostilStep) step = postil_step_new ("Rename");
  PostilTopicFields fields;
  PostilTopic *topic;

  delete_topic (self, self->topic);
  postil_topic_get_fields (postil_codebook_get_topic (codebook, self->topic), &fields);
  fields.label = "Everything";
  g_assert_true (postil_edit_change_topic (self->workspace, step, &fields, NULL));
  postil_workspace_commit (self->workspace, step, NULL);
  topic = postil_codebook_get_topic (codebook, self->topic);
  g_assert_cmpstr (postil_topic_get_label (topic), ==, "Everything");
  g_assert_true (postil_topic_is_deprecated (topic));
  g_assert_cmpuint (count (self), ==, 0);
}

/* It is undone, not what was done before it. */
static void
test_undo_meanwhile (Fixture *self, gconstpointer data)
{
  delete_topic (self, self->topic);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (count (self), ==, N);
  g_assert_cmpstr (get_undo_label (self), ==, "Add");
  postil_workspace_redo (self->workspace);
  g_assert_cmpuint (count (self), ==, 0);
}

/* What was undone before it cannot be done again after it. */
static void
test_redo_meanwhile (Fixture *self, gconstpointer data)
{
  write_note (self, "why?");
  postil_workspace_undo (self->workspace);
  delete_topic (self, self->topic);
  postil_workspace_redo (self->workspace);
  g_assert_null (get_note (self));
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (get_undo_label (self), ==, "Delete Topic");
}

static void
test_two (Fixture *self, gconstpointer data)
{
  delete_topic (self, self->topic);
  delete_topic (self, self->other);
  g_assert_cmpuint (count (self), ==, 0);
  run (self);
  g_assert_cmpuint (postil_workspace_count_topic (self->workspace, self->other), ==, 0);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (postil_workspace_count_topic (self->workspace, self->other), ==, N);
  g_assert_cmpuint (count (self), ==, 0);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (count (self), ==, N);
}

/* A document that is closed meanwhile has changed, and stays closed. */
static void
test_close_meanwhile (Fixture *self, gconstpointer data)
{
  delete_topic (self, self->topic);
  postil_workspace_remove_document (self->workspace, self->document);
  g_assert_cmpuint (postil_document_count_topic (self->document, self->topic), ==, 0);
  run (self);
  g_assert_cmpuint (g_list_model_get_n_items (postil_workspace_get_documents (self->workspace)), ==,
                    0);
}

/* What another program wrote is compared with what is there after it. */
static void
test_take_over_meanwhile (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilSnapshot) snapshot =
    postil_document_snapshot (self->document, postil_workspace_get_codebook (self->workspace));
  g_autoptr (PostilStep) step = postil_step_new ("Take Over");

  delete_all (self);
  postil_edit_take_over (self->workspace, step, self->document, snapshot);
  postil_workspace_commit (self->workspace, step, NULL);
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, N);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, 0);
}

/* (transfer full): what there is when the first @n have lost a topic */
static PostilAnnotationIndex *
retag_first (Fixture *self, guint n)
{
  PostilAnnotationIndex *index = postil_annotation_index_ref (get_all (self));

  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *before = postil_annotation_index_get (index, i);
      g_autoptr (PostilAnnotation) after = postil_edit_retag (before, self->topic, NULL, 2);

      index = postil_annotation_index_replace (index, before, after);
    }
  return index;
}

static void
emitted_cb (guint *n_emitted, const PostilChange *changes, guint n_changes)
{
  n_emitted[changes == NULL]++;
}

/* Many differences are one change, of which the index is taken as it is, and with the text. */
static void
test_all_at_once (Fixture *self, gconstpointer data)
{
  const guint cases[] = { 0, 1, 100, 101, N };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilAnnotationIndex) before = postil_annotation_index_ref (get_all (self));
      g_autoptr (PostilAnnotationIndex) after = retag_first (self, cases[i]);
      g_autoptr (PostilText) text = postil_text_new (g_strdup ("Another text, as long as needed, "
                                                               "with room for all that is here."),
                                                     64, NULL);
      g_autoptr (PostilStep) step = postil_step_new ("All");
      guint n_changes, n_emitted[2] = { 0, 0 };
      gboolean many = cases[i] > 100;

      g_signal_connect_swapped (self->document, "changed", G_CALLBACK (emitted_cb), n_emitted);
      postil_step_change_annotations (step, self->document, before, after);
      postil_step_get_changes (step, &n_changes);
      g_assert_cmpuint (n_changes, ==, many ? 1 : cases[i]);
      postil_step_change_text (step, self->document, postil_document_get_text (self->document),
                               text);
      postil_workspace_commit (self->workspace, step, NULL);
      g_assert_cmpuint (n_emitted[many], ==, 1);
      g_assert_cmpuint (count (self), ==, N - cases[i]);
      g_assert_true (postil_document_get_text (self->document) == text);
      g_assert_true (!many || get_all (self) == after);
      postil_workspace_undo (self->workspace);
      g_assert_cmpuint (count (self), ==, N);
      g_assert_true (postil_document_get_text (self->document) != text);
      g_assert_true (!many || get_all (self) == before);
      postil_workspace_redo (self->workspace);
      g_assert_cmpuint (count (self), ==, N - cases[i]);
      postil_workspace_undo (self->workspace);
      g_assert_cmpuint (n_emitted[many], ==, 4);
      g_assert_cmpuint (n_emitted[!many], ==, 0);
      g_signal_handlers_disconnect_by_func (self->document, emitted_cb, n_emitted);
    }
}

/* What changed all at once is made in what is there by then. */
static void
test_all_outdated (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilAnnotationIndex) after = retag_first (self, N);
  g_autoptr (PostilStep) step = postil_step_new ("All");

  postil_step_change_annotations (step, self->document, get_all (self), after);
  write_note (self, "meanwhile");
  postil_workspace_commit (self->workspace, step, NULL);
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_cmpstr (get_note (self), ==, "meanwhile");
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (count (self), ==, N);
  g_assert_cmpstr (get_note (self), ==, "meanwhile");
}

typedef struct
{
  Fixture *fixture;
  PostilMoment *moment;
  guint n_committed;
  guint n_freed;
} Late;

static void
compose_late (PostilStep *step, gpointer data)
{
  compose_removal (step, ((Late *) data)->moment);
}

static void
commit_late (PostilStep *step, gpointer data)
{
  Late *late = data;

  late->n_committed++;
  g_free (
    postil_test_annotate (late->fixture->workspace, late->fixture->document, 0, 3, NULL, NULL));
  postil_workspace_commit (late->fixture->workspace, step, NULL);
}

static void
free_late (gpointer data)
{
  Late *late = data;

  late->n_freed++;
  postil_moment_free (late->moment);
}

/* What was prepared for something else is prepared anew. */
static void
test_outdated (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilStep) step = postil_step_new ("Delete");
  Late late = { self, postil_moment_new (self->workspace), 0, 0 };

  postil_workspace_prepare (self->workspace, step, N, compose_late, commit_late, &late, free_late);
  run (self);
  g_assert_cmpuint (late.n_committed, ==, 1);
  g_assert_cmpuint (late.n_freed, ==, 1);
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, 1);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (postil_annotation_index_get_size (get_all (self)), ==, N + 1);
}

static void
test_workspace_goes (void)
{
  Fixture fixture;
  g_autoptr (PostilStep) step = postil_step_new ("Delete");
  Late late = { NULL };

  set_up (&fixture, NULL);
  late.moment = postil_moment_new (fixture.workspace);
  postil_workspace_prepare (fixture.workspace, step, N, compose_late, commit_late, &late,
                            free_late);
  tear_down (&fixture, NULL);
  g_assert_cmpuint (late.n_committed, ==, 0);
  g_assert_cmpuint (late.n_freed, ==, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Two documents in one step. */
static void
test_runs (Fixture *self, gconstpointer data)
{
  g_autoptr (PostilDocument) second = postil_test_document_new ("b.txt", TEXT);
  const char *topics[] = { self->topic, NULL };
  g_autoptr (PostilStep) add = postil_step_new ("Add");

  postil_workspace_add_document (self->workspace, second);
  for (guint i = 0; i < N; i++)
    g_free (postil_edit_add_annotation (self->workspace, add, second, &(PostilSpan){ i % 50, 60 },
                                        1, topics, NULL));
  postil_workspace_commit (self->workspace, add, NULL);
  delete_topic (self, self->topic);
  run (self);
  g_assert_cmpuint (count (self), ==, 0);
  postil_workspace_undo (self->workspace);
  g_assert_cmpuint (count (self), ==, 2 * N);
  postil_workspace_redo (self->workspace);
  g_assert_cmpuint (count (self), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/preparing/one-step", test_one_step);
  ADD ("/preparing/merge", test_merge);
  ADD ("/preparing/few", test_few);
  ADD ("/preparing/edit-meanwhile", test_edit_meanwhile);
  ADD ("/preparing/fields-meanwhile", test_fields_meanwhile);
  ADD ("/preparing/edit-of-what-goes", test_edit_of_what_goes);
  ADD ("/preparing/add-meanwhile", test_add_meanwhile);
  ADD ("/preparing/rename-meanwhile", test_rename_meanwhile);
  ADD ("/preparing/undo-meanwhile", test_undo_meanwhile);
  ADD ("/preparing/redo-meanwhile", test_redo_meanwhile);
  ADD ("/preparing/two", test_two);
  ADD ("/preparing/close-meanwhile", test_close_meanwhile);
  ADD ("/preparing/take-over-meanwhile", test_take_over_meanwhile);
  ADD ("/preparing/all-at-once", test_all_at_once);
  ADD ("/preparing/all-outdated", test_all_outdated);
  ADD ("/preparing/outdated", test_outdated);
  ADD ("/preparing/runs", test_runs);
#undef ADD
  g_test_add_func ("/preparing/workspace-goes", test_workspace_goes);
  return g_test_run ();
}
