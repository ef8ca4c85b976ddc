/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-edit.h"
#include "postil-error.h"
#include "postil-test.h"

#define TEXT "The river is wide. The ferry crosses it twice a day, and the bridge is still a plan."

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_ptr_array_add (data, postil_annotation_ref (annotation));
  return G_SOURCE_CONTINUE;
}

static GPtrArray *
list_annotations (PostilDocument *document)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);

  postil_annotation_index_foreach (postil_document_get_annotations (document), collect_cb, list);
  return list;
}

static PostilAnnotation *
get_nth (PostilDocument *document, guint n)
{
  return postil_annotation_index_get (postil_document_get_annotations (document), n);
}

static void
test_annotate (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", TEXT);
  PostilHistory *history = postil_workspace_get_history (workspace);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  PostilTopic *topic;
  g_autofree char *id = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;

  postil_workspace_add_document (workspace, document);
  id = postil_test_annotate (workspace, document, 4, 9, "Water/River", "wide");
  topic = postil_codebook_find_path (codebook, "Water/River");
  g_assert_nonnull (topic);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, postil_topic_get_id (topic)), ==, 1);
  g_assert_nonnull (postil_document_get_annotation (document, id));
  g_assert_cmpuint (postil_document_get_version (document), >, 0);
  g_assert_cmpstr (postil_history_get_undo_label (history), ==, "Annotate");

  snapshot = postil_document_snapshot (document, codebook);
  g_assert_cmpuint (snapshot->topics->len, ==, 2);
  g_assert_cmpuint (snapshot->annotators->len, ==, 1);

  postil_workspace_undo (workspace);
  g_assert_null (postil_document_get_annotation (document, id));
  g_assert_null (postil_codebook_find_path (codebook, "Water/River"));
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 1);
  g_assert_false (postil_history_get_can_undo (history));
  postil_workspace_redo (workspace);
  g_assert_nonnull (postil_document_get_annotation (document, id));
  g_assert_nonnull (postil_codebook_find_path (codebook, "Water/River"));
}

/* Two topics made in one step below one new parent share it. */
static void
test_pending_parent (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilStep) step = postil_step_new ("Topics");
  g_autofree char *a = postil_edit_ensure_path (workspace, step, "P/A");
  g_autofree char *b = postil_edit_ensure_path (workspace, step, " P / B ");
  g_autofree char *again = postil_edit_ensure_path (workspace, step, "P/A");

  g_assert_cmpstr (a, ==, again);
  g_assert_cmpstr (a, !=, b);
  g_assert_null (postil_edit_ensure_path (workspace, step, " / "));
  postil_workspace_commit (workspace, step, NULL);
  g_assert_cmpuint (postil_codebook_get_topics (postil_workspace_get_codebook (workspace))->len, ==,
                    3);
}

/* So have their colours to differ. */
static void
test_pending_colors (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autoptr (PostilStep) step = postil_step_new ("Topics");
  g_autofree char *a = postil_edit_ensure_path (workspace, step, "A");
  g_autofree char *b = postil_edit_ensure_path (workspace, step, "B");

  postil_workspace_commit (workspace, step, NULL);
  g_assert_cmpstr (postil_topic_get_color (postil_codebook_get_topic (codebook, a)), !=,
                   postil_topic_get_color (postil_codebook_get_topic (codebook, b)));
}

static void
set_note (PostilWorkspace *workspace, PostilDocument *document, const char *id, const char *note)
{
  g_autoptr (PostilStep) step = postil_step_new ("Note");

  postil_edit_set_note (workspace, step, document, postil_document_get_annotation (document, id),
                        note);
  postil_workspace_commit (workspace, step, id);
}

static void
test_typing_is_one_step (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", TEXT);
  g_autofree char *id = NULL;
  PostilNote *note;

  postil_workspace_add_document (workspace, document);
  id = postil_test_annotate (workspace, document, 0, 3, NULL, NULL);
  set_note (workspace, document, id, "w");
  set_note (workspace, document, id, "wh");
  set_note (workspace, document, id, "why");
  postil_history_seal (postil_workspace_get_history (workspace));
  set_note (workspace, document, id, "why?");

  postil_workspace_undo (workspace);
  note = postil_annotation_find_note (
    get_nth (document, 0), postil_annotator_get_id (postil_workspace_get_annotator (workspace)));
  g_assert_cmpstr (postil_note_get_text (note), ==, "why");
  postil_workspace_undo (workspace);
  g_assert_null (postil_annotation_find_note (
    get_nth (document, 0), postil_annotator_get_id (postil_workspace_get_annotator (workspace))));
  g_assert_nonnull (postil_document_get_annotation (document, id));
}

static void
test_notes_of_others (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", TEXT);
  g_autoptr (PostilAnnotator) other = postil_annotator_new ("urn:other", "Other", NULL);
  g_autofree char *id = NULL;
  guint n;

  postil_workspace_add_document (workspace, document);
  id = postil_test_annotate (workspace, document, 0, 3, NULL, "first");
  postil_workspace_set_annotator (workspace, other);
  set_note (workspace, document, id, "second");
  postil_annotation_get_notes (get_nth (document, 0), &n);
  g_assert_cmpuint (n, ==, 2);
  set_note (workspace, document, id, "");
  postil_annotation_get_notes (get_nth (document, 0), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (
    postil_note_get_text (postil_annotation_get_notes (get_nth (document, 0), &n)[0]), ==, "first");
}

static void
test_rename_annotator (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", TEXT);
  g_autoptr (PostilAnnotator) renamed = NULL;
  g_autofree char *id = NULL;
  const char *annotator = postil_annotator_get_id (postil_workspace_get_annotator (workspace));

  postil_workspace_add_document (workspace, document);
  id = postil_test_annotate (workspace, document, 0, 3, NULL, NULL);
  renamed = postil_annotator_new (annotator, "Renamed", NULL);
  postil_workspace_set_annotator (workspace, renamed);
  g_assert_cmpstr (postil_annotator_get_name (
                     postil_document_get_annotator (document, postil_annotator_get_id (renamed))),
                   ==, "Renamed");
}

static void
test_remove_topic (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", TEXT);
  g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", TEXT);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autoptr (PostilStep) step = postil_step_new ("Delete Topic");
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autofree char *id = NULL;

  postil_workspace_add_document (workspace, a);
  postil_workspace_add_document (workspace, b);
  for (guint i = 0; i < 5; i++)
    g_free (postil_test_annotate (workspace, i % 2 ? a : b, i, i + 4, "P/T", NULL));
  g_free (postil_test_annotate (workspace, a, 2, 3, "P", NULL));
  id = g_strdup (postil_topic_get_id (postil_codebook_find_path (codebook, "P")));

  g_assert_cmpuint (postil_edit_remove_topic (workspace, step, id), ==, 1);
  postil_workspace_commit (workspace, step, NULL);
  g_assert_null (postil_codebook_find_label (codebook, NULL, "P"));
  g_assert_nonnull (postil_codebook_find_label (codebook, NULL, "T"));
  g_assert_cmpuint (postil_workspace_count_topic (workspace, id), ==, 0);

  /* The deletion itself is kept. */
  snapshot = postil_document_snapshot (a, codebook);
  g_assert_cmpuint (snapshot->topics->len, ==, 2);
  g_assert_true (postil_topic_is_deprecated (g_ptr_array_index (snapshot->topics, 0)));

  postil_workspace_undo (workspace);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, id), ==, 1);
  g_assert_nonnull (postil_codebook_find_path (codebook, "P/T"));
}

/* An annotation that has both keeps one, at its place; what is below goes along. */
static void
test_merge_topic (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", TEXT);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autoptr (PostilStep) topics = postil_step_new ("Topics"), merge = postil_step_new ("Merge");
  g_autofree char *a = postil_edit_ensure_path (workspace, topics, "A");
  g_autofree char *b = postil_edit_ensure_path (workspace, topics, "B");
  g_autofree char *c = postil_edit_ensure_path (workspace, topics, "C");
  g_autofree char *below = postil_edit_ensure_path (workspace, topics, "A/Below");
  const char *const tags[][3] = { { a, b, NULL }, { c, a, NULL }, { a, c, NULL }, { c, NULL } };
  guint n;

  postil_workspace_add_document (workspace, document);
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    g_free (postil_edit_add_annotation (workspace, topics, document, &(PostilSpan){ i, 9 }, 1,
                                        tags[i], NULL));
  postil_workspace_commit (workspace, topics, NULL);
  g_assert_cmpuint (postil_edit_merge_topic (workspace, merge, a, b), ==, 3);
  postil_workspace_commit (workspace, merge, NULL);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, a), ==, 0);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, b), ==, 3);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, c), ==, 3);
  g_assert_cmpstr (postil_annotation_get_topics (get_nth (document, 0), &n)[0], ==, b);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (postil_annotation_get_topics (get_nth (document, 1), &n)[1], ==, b);
  g_assert_cmpstr (postil_annotation_get_topics (get_nth (document, 2), &n)[0], ==, b);
  g_assert_nonnull (postil_codebook_find_path (codebook, "B/Below"));
  g_assert_true (postil_topic_is_deprecated (postil_codebook_get_topic (codebook, a)));

  postil_workspace_undo (workspace);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, a), ==, 3);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, b), ==, 1);

  /* Into one below it, which goes up. */
  g_clear_pointer (&merge, postil_step_unref);
  merge = postil_step_new ("Merge");
  g_assert_cmpuint (postil_edit_merge_topic (workspace, merge, a, below), ==, 3);
  postil_workspace_commit (workspace, merge, NULL);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, below), ==, 3);
  g_assert_true (postil_codebook_find_label (codebook, NULL, "Below") ==
                 postil_codebook_get_topic (codebook, below));
}

static void
test_change_topic (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilStep) step = postil_step_new ("Topics");
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autofree char *a = postil_edit_ensure_path (workspace, step, "A");
  g_autofree char *b = postil_edit_ensure_path (workspace, step, "A/B");
  struct
  {
    PostilTopicFields fields;
    int code;
  } cases[] = {
    { { .id = a, .label = "  " }, POSTIL_ERROR_INVALID },
    { { .id = a, .label = "A", .broader = b }, POSTIL_ERROR_INVALID },
    { { .id = a, .label = "A", .broader = a }, POSTIL_ERROR_INVALID },
    { { .id = b, .label = "A" }, POSTIL_ERROR_INVALID },
    { { .id = "urn:none", .label = "N" }, POSTIL_ERROR_NOT_FOUND },
    { { .id = b, .label = " Bee ", .definition = "buzz", .color = "#102030" }, -1 },
  };

  postil_workspace_commit (workspace, step, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilStep) change = postil_step_new ("Change");
      g_autoptr (GError) error = NULL;

      postil_edit_change_topic (workspace, change, &cases[i].fields, &error);
      if (cases[i].code >= 0)
        g_assert_error (error, POSTIL_ERROR, cases[i].code);
      else
        g_assert_no_error (error);
      postil_workspace_commit (workspace, change, NULL);
    }
  g_assert_cmpstr (postil_topic_get_definition (postil_codebook_find_path (codebook, "Bee")), ==,
                   "buzz");
  g_assert_null (postil_topic_get_broader (postil_codebook_find_path (codebook, "Bee")));
}

/* Two documents may bring two topics of one name. */
static void
test_change_twin (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autoptr (GPtrArray) brought =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (PostilStep) step = postil_step_new ("Describe");
  g_autoptr (GError) error = NULL;
  PostilTopicFields fields = { .id = "urn:b", .label = "Same" };

  g_ptr_array_add (brought,
                   postil_topic_new (&(PostilTopicFields){ .id = "urn:a", .label = "Same" }));
  g_ptr_array_add (brought, postil_topic_new (&fields));
  postil_codebook_add_missing (codebook, brought);
  fields.definition = "the second";
  g_assert_true (postil_edit_change_topic (workspace, step, &fields, &error));
  g_assert_no_error (error);
}

/* What another program wrote in place of a property goes when the property is changed, only then.
 */
static void
test_stand_ins (void)
{
  static const PostilForeignMember members[] = {
    { "", "", POSTIL_FOREIGN_LABEL, "5", 1 },
    { "", "", POSTIL_FOREIGN_COLOR, "5", 1 },
    { "", "", POSTIL_FOREIGN_MODIFIED, "5", 1 },
    { "", "", "x:other", "5", 1 },
  };
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autoptr (PostilForeign) foreign = postil_foreign_new (members, G_N_ELEMENTS (members));
  PostilTopicFields fields = { .id = "urn:t", .label = "T", .foreign = foreign };
  g_autoptr (PostilTopic) topic = postil_topic_new (&fields);
  g_autoptr (PostilStep) step = postil_step_new ("Recolour");
  guint n;

  postil_codebook_apply (codebook, &(PostilChange){ .topic = { NULL, topic } }, 1);
  fields.color = "#102030";
  g_assert_true (postil_edit_change_topic (workspace, step, &fields, NULL));
  postil_workspace_commit (workspace, step, NULL);
  postil_topic_get_fields (postil_codebook_get_topic (codebook, "urn:t"), &fields);
  postil_foreign_get_members (fields.foreign, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_nonnull (postil_foreign_find (fields.foreign, "", POSTIL_FOREIGN_LABEL));
  g_assert_nonnull (postil_foreign_find (fields.foreign, "", "x:other"));
}

static void
test_unused_topics_are_carried (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", TEXT);
  g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", TEXT);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);
  g_autoptr (PostilStep) step = postil_step_new ("New Topic");
  g_autoptr (PostilStep) removal = postil_step_new ("Delete");
  g_autofree char *unused = postil_edit_ensure_path (workspace, step, "Unused");
  g_autofree char *id = NULL;
  g_autoptr (PostilSnapshot) first = NULL;
  g_autoptr (PostilSnapshot) second = NULL;

  postil_workspace_add_document (workspace, a);
  postil_workspace_add_document (workspace, b);
  postil_workspace_commit (workspace, step, NULL);
  id = postil_test_annotate (workspace, b, 0, 3, "Used once", NULL);
  postil_edit_remove_annotation (removal, b, postil_document_get_annotation (b, id));
  postil_workspace_commit (workspace, removal, NULL);

  first = postil_document_snapshot (a, codebook);
  second = postil_document_snapshot (b, codebook);
  g_assert_cmpuint (first->topics->len, ==, 1);
  g_assert_cmpstr (postil_topic_get_id (g_ptr_array_index (first->topics, 0)), ==, unused);
  g_assert_cmpuint (second->topics->len, ==, 1);
  g_assert_cmpstr (postil_topic_get_label (g_ptr_array_index (second->topics, 0)), ==, "Used once");
}

static void
test_undo_in_closed_document (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", TEXT);
  g_autofree char *id = NULL;

  postil_workspace_add_document (workspace, a);
  id = postil_test_annotate (workspace, a, 0, 3, NULL, NULL);
  postil_workspace_remove_document (workspace, a);
  g_assert_null (postil_workspace_find_document (workspace, postil_document_get_file (a)));
  postil_workspace_undo (workspace);
  g_assert_true (postil_workspace_find_document (workspace, postil_document_get_file (a)) == a);
  g_assert_null (postil_document_get_annotation (a, id));
}

static void
note_changed_cb (PostilDocument *document,
                 const PostilChange *changes,
                 guint n_changes,
                 gpointer data)
{
  gboolean *at_once = data;

  *at_once = changes == NULL;
  g_assert_true (changes != NULL || n_changes == 0);
}

static void
assert_tagged (PostilWorkspace *workspace, PostilDocument *document, const char *topic, guint n)
{
  PostilAnnotationIndex *all = postil_document_get_annotations (document);
  guint n_tagged = 0;

  for (guint i = 0; i < postil_annotation_index_get_size (all); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (all, i);

      n_tagged += postil_annotation_has_topic (annotation, topic);
      g_assert_true (postil_document_get_annotation (
                       document, postil_annotation_get_id (annotation)) == annotation);
    }
  g_assert_cmpuint (n_tagged, ==, n);
  g_assert_cmpuint (postil_workspace_count_topic (workspace, topic), ==, n);
}

/* Very many changes are made at once, and undone by what was there before. */
static void
test_many (void)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = postil_test_document_new ("a.txt", TEXT);
  g_autoptr (PostilStep) add = postil_step_new ("Add"), tag = postil_step_new ("Tag");
  g_autoptr (PostilStep) removal = postil_step_new ("Delete Topic");
  g_autoptr (PostilStep) shuffle = postil_step_new ("Shuffle");
  g_autoptr (PostilAnnotationIndex) before = NULL;
  g_autofree char *topic = NULL;
  const guint n = POSTIL_RUN_MANY + 200;
  gboolean at_once = FALSE;

  postil_workspace_add_document (workspace, document);
  g_signal_connect (document, "changed", G_CALLBACK (note_changed_cb), &at_once);
  for (guint i = 0; i < n; i++)
    g_free (postil_edit_add_annotation (workspace, add, document, &(PostilSpan){ i % 50, 60 }, 1,
                                        NULL, NULL));
  postil_workspace_commit (workspace, add, NULL);
  g_assert_true (at_once);
  g_assert_cmpuint (postil_annotation_index_get_size (postil_document_get_annotations (document)),
                    ==, n);

  topic = postil_edit_ensure_path (workspace, tag, "All");
  for (guint i = 0; i < n; i++)
    postil_edit_set_topic (workspace, tag, document, get_nth (document, i), topic, TRUE);
  postil_workspace_commit (workspace, tag, NULL);
  assert_tagged (workspace, document, topic, n);
  before = postil_annotation_index_ref (postil_document_get_annotations (document));

  g_assert_cmpuint (postil_edit_remove_topic (workspace, removal, topic), ==, n);
  postil_workspace_commit (workspace, removal, NULL);
  assert_tagged (workspace, document, topic, 0);
  g_assert_true (postil_document_carries_topic (document, topic));

  /* Those that go and come in no order, with some of them left out. */
  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *annotation = get_nth (document, (i * 7) % n);

      if (i % 3 > 0)
        postil_edit_set_spans (workspace, shuffle, document, annotation,
                               &(PostilSpan){ (i * 13) % 60, 70 }, 1);
      else if (i % 2 > 0)
        postil_edit_remove_annotation (shuffle, document, annotation);
    }
  postil_workspace_commit (workspace, shuffle, NULL);
  assert_tagged (workspace, document, topic, 0);

  for (guint round = 0; round < 2; round++)
    {
      /* What comes between is made and undone one by one. */
      g_free (postil_test_annotate (workspace, document, 0, 3, NULL, NULL));
      g_assert_false (at_once);
      postil_workspace_undo (workspace);
      postil_workspace_undo (workspace);
      postil_workspace_undo (workspace);
      g_assert_true (at_once);
      g_assert_true (postil_document_get_annotations (document) == before);
      assert_tagged (workspace, document, topic, n);
      postil_workspace_undo (workspace);
      postil_workspace_undo (workspace);
      g_assert_cmpuint (
        postil_annotation_index_get_size (postil_document_get_annotations (document)), ==, 0);
      for (guint i = 0; i < 4; i++)
        postil_workspace_redo (workspace);
      assert_tagged (workspace, document, topic, 0);
    }
}

typedef struct
{
  GPtrArray *a, *b;
  guint n_topics;
} State;

static State *
take_state (PostilWorkspace *workspace, PostilDocument *a, PostilDocument *b)
{
  State *state = g_new (State, 1);
  g_autoptr (GPtrArray) topics =
    postil_codebook_list_in_order (postil_workspace_get_codebook (workspace));

  *state = (State){ list_annotations (a), list_annotations (b), topics->len };
  return state;
}

static void
state_free (State *state)
{
  g_ptr_array_unref (state->a);
  g_ptr_array_unref (state->b);
  g_free (state);
}

static void
assert_same (GPtrArray *x, GPtrArray *y)
{
  g_assert_cmpuint (x->len, ==, y->len);
  for (guint i = 0; i < x->len; i++)
    g_assert_true (postil_annotation_equal (g_ptr_array_index (x, i), g_ptr_array_index (y, i)));
}

/* Whatever is done, undoing it all leads back through the same states, and redoing forth. */
static void
test_random_undo (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) a = postil_test_document_new ("a.txt", TEXT);
  g_autoptr (PostilDocument) b = postil_test_document_new ("b.txt", TEXT);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) state_free);
  PostilHistory *history = postil_workspace_get_history (workspace);
  PostilCodebook *codebook = postil_workspace_get_codebook (workspace);

  postil_workspace_add_document (workspace, a);
  postil_workspace_add_document (workspace, b);
  g_ptr_array_add (states, take_state (workspace, a, b));

  while (states->len < 400)
    {
      PostilDocument *document = g_rand_boolean (rand) ? a : b;
      guint n = postil_annotation_index_get_size (postil_document_get_annotations (document));
      PostilAnnotation *annotation =
        n > 0 ? get_nth (document, g_rand_int_range (rand, 0, n)) : NULL;
      g_autoptr (GPtrArray) topics = postil_codebook_list_in_order (codebook);
      const char *topic = topics->len > 0 ? postil_topic_get_id (g_ptr_array_index (
                                              topics, g_rand_int_range (rand, 0, topics->len)))
                                          : NULL;
      g_autoptr (PostilStep) step = postil_step_new ("Random");
      guint n_changes;

      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
        case 1:
          {
            PostilSpan spans[2];

            for (guint i = 0; i < 2; i++)
              {
                spans[i].start = g_rand_int_range (rand, 0, 40);
                spans[i].end = spans[i].start + g_rand_int_range (rand, 0, 40);
              }
            g_free (postil_edit_add_annotation (workspace, step, document, spans,
                                                g_rand_int_range (rand, 0, 3), NULL, "note"));
            break;
          }
        case 2:
          if (annotation && topic)
            postil_edit_set_topic (workspace, step, document, annotation, topic,
                                   g_rand_boolean (rand));
          break;
        case 3:
          if (annotation)
            postil_edit_set_note (workspace, step, document, annotation,
                                  g_rand_boolean (rand) ? "" : "other");
          break;
        case 4:
          if (annotation)
            postil_edit_remove_annotation (step, document, annotation);
          break;
        case 5:
          if (topic && g_rand_int_range (rand, 0, 4) == 0)
            postil_edit_remove_topic (workspace, step, topic);
          else
            {
              g_autofree char *label = g_strdup_printf ("T%u", g_rand_int_range (rand, 0, 9));

              g_free (postil_edit_ensure_path (workspace, step, label));
            }
          break;
        }
      postil_step_get_changes (step, &n_changes);
      postil_workspace_commit (workspace, step, NULL);
      if (n_changes > 0)
        g_ptr_array_add (states, take_state (workspace, a, b));
    }

  for (guint round = 0; round < 2; round++)
    {
      for (guint i = states->len - 1; i-- > 0;)
        {
          State *now, *then = g_ptr_array_index (states, i);

          postil_workspace_undo (workspace);
          now = take_state (workspace, a, b);
          assert_same (now->a, then->a);
          assert_same (now->b, then->b);
          g_assert_cmpuint (now->n_topics, ==, then->n_topics);
          state_free (now);
        }
      g_assert_false (postil_history_get_can_undo (history));
      for (guint i = 1; i < states->len; i++)
        {
          State *now, *then = g_ptr_array_index (states, i);

          postil_workspace_redo (workspace);
          now = take_state (workspace, a, b);
          assert_same (now->a, then->a);
          assert_same (now->b, then->b);
          g_assert_cmpuint (now->n_topics, ==, then->n_topics);
          state_free (now);
        }
      g_assert_false (postil_history_get_can_redo (history));
    }
}

static void
notify_cb (GObject *object, GParamSpec *pspec, GString *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

static void
test_history_notifies_on_change_only (void)
{
  g_autoptr (PostilHistory) history = postil_history_new ();
  g_autoptr (PostilStep) step = postil_step_new ("One");
  g_autoptr (GString) log = g_string_new (NULL);

  g_signal_connect (history, "notify", G_CALLBACK (notify_cb), log);
  g_assert_null (postil_history_undo (history));
  g_assert_cmpstr (log->str, ==, "");
  postil_history_push (history, step, NULL);
  postil_history_push (history, step, NULL);
  g_assert_cmpstr (log->str, ==, "undo-label can-undo ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workspace/annotate", test_annotate);
  g_test_add_func ("/workspace/pending-parent", test_pending_parent);
  g_test_add_func ("/workspace/pending-colors", test_pending_colors);
  g_test_add_func ("/workspace/typing-is-one-step", test_typing_is_one_step);
  g_test_add_func ("/workspace/notes-of-others", test_notes_of_others);
  g_test_add_func ("/workspace/rename-annotator", test_rename_annotator);
  g_test_add_func ("/workspace/remove-topic", test_remove_topic);
  g_test_add_func ("/workspace/merge-topic", test_merge_topic);
  g_test_add_func ("/workspace/change-topic", test_change_topic);
  g_test_add_func ("/workspace/change-twin", test_change_twin);
  g_test_add_func ("/workspace/stand-ins", test_stand_ins);
  g_test_add_func ("/workspace/unused-topics-are-carried", test_unused_topics_are_carried);
  g_test_add_func ("/workspace/undo-in-closed-document", test_undo_in_closed_document);
  g_test_add_func ("/workspace/many", test_many);
  g_test_add_func ("/workspace/random-undo", test_random_undo);
  g_test_add_func ("/history/notifies-on-change-only", test_history_notifies_on_change_only);
  return g_test_run ();
}
