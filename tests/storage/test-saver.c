/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "postil-edit.h"
#include "postil-error.h"
#include "postil-saver.h"
#include "postil-test.h"

/* Short, as the tests wait for it; in ms. */
#define DELAY 20

/* How long anything may take on the slowest machine, in ms. */
#define PATIENCE 20000

/* What writing does instead; set by the main thread, read by those that save. */
static gint write_error;
static gint n_renames;
static gint slow_write;
static gint empty_reads;

static ssize_t
faulty_write (int fd, const void *buffer, size_t size)
{
  int number = g_atomic_int_get (&write_error);

  if (g_atomic_int_get (&slow_write))
    g_usleep (3 * DELAY * 1000);
  if (number == 0)
    return write (fd, buffer, size);
  errno = number;
  return -1;
}

/* A file that is empty for a moment. */
static ssize_t
faulty_read (int fd, void *buffer, size_t size)
{
  return g_atomic_int_compare_and_exchange (&empty_reads, 1, 0) ? 0 : read (fd, buffer, size);
}

static int
counting_rename (const char *from, const char *to)
{
  g_atomic_int_inc (&n_renames);
  return rename (from, to);
}

typedef struct
{
  char *folder;
  char *path;
  PostilWorkspace *workspace;
  PostilDocument *document;
  PostilFileIo io;
  PostilSidecar *sidecar;
  PostilSaver *saver;
  PostilStore *store;
  guint n_states;
  guint n_merged;
  /* What the last merging was told to change. */
  guint n_annotations;
  /* How often something is changed when merging begins. */
  guint n_typed;
} Fixture;

static void
state_cb (Fixture *fixture)
{
  fixture->n_states++;
}

/* As a window does. */
static void
merged_cb (Fixture *fixture, PostilSnapshot *after, guint n_annotations)
{
  g_autoptr (PostilStep) step = postil_step_new ("Merge");
  guint n_changes;

  fixture->n_merged++;
  fixture->n_annotations = n_annotations;
  postil_edit_take_over (fixture->workspace, step, fixture->document, after);
  postil_document_reread (fixture->document, after);
  postil_step_get_changes (step, &n_changes);
  if (n_changes > 0)
    postil_workspace_commit (fixture->workspace, step, NULL);
}

static void
start (Fixture *fixture)
{
  g_autoptr (PostilSnapshot) snapshot = NULL;

  fixture->sidecar = postil_sidecar_new (fixture->path, fixture->store, &fixture->io);
  snapshot = postil_sidecar_load (fixture->sidecar, postil_document_get_text (fixture->document),
                                  "talk.txt", postil_test_get_environment (), NULL, NULL);
  if (snapshot != NULL)
    merged_cb (fixture, snapshot, 0);
  fixture->n_merged = 0;
  fixture->saver = g_object_new (POSTIL_TYPE_SAVER, "document", fixture->document, "codebook",
                                 postil_workspace_get_codebook (fixture->workspace), "sidecar",
                                 fixture->sidecar, "delay", DELAY, NULL);
  g_signal_connect_swapped (fixture->saver, "notify::state", G_CALLBACK (state_cb), fixture);
  g_signal_connect_swapped (fixture->saver, "merged", G_CALLBACK (merged_cb), fixture);
}

static gboolean
expired_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Turns the main loop for a time in ms. */
static void
wait (guint duration)
{
  gboolean expired = FALSE;

  g_timeout_add (duration, expired_cb, &expired);
  while (!expired)
    g_main_context_iteration (NULL, TRUE);
}

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 until = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_MILLISECOND;                   \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, until);                                       \
        wait (2);                                                                                  \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

/* What it still does in threads keeps the saver for a moment. */
static void
stop (Fixture *fixture)
{
  gpointer saver = fixture->saver;

  g_object_add_weak_pointer (saver, &saver);
  g_clear_object (&fixture->saver);
  wait_until (saver == NULL);
  g_clear_object (&fixture->sidecar);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "talk.txt.annotations.json", NULL);
  fixture->store = postil_store_new (fixture->folder, NULL);
  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("talk.txt", "one two three");
  fixture->io = *postil_file_io_get_system ();
  fixture->io.write = faulty_write;
  fixture->io.read = faulty_read;
  fixture->io.rename = counting_rename;
  postil_workspace_add_document (fixture->workspace, fixture->document);
  write_error = 0;
  n_renames = 0;
  slow_write = 0;
  start (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  stop (fixture);
  postil_test_remove_all (fixture->folder);
  g_object_unref (fixture->store);
  g_object_unref (fixture->document);
  g_object_unref (fixture->workspace);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
annotate (Fixture *fixture)
{
  g_free (postil_test_annotate (fixture->workspace, fixture->document, 4, 7, "Trust", "why here?"));
}

static PostilSaverState
get_state (Fixture *fixture)
{
  return postil_saver_get_state (fixture->saver);
}

static guint
count_saved (Fixture *fixture)
{
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot =
    postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                         postil_test_get_environment (), NULL, &error);

  g_assert_no_error (error);
  return postil_annotation_index_get_size (snapshot->annotations);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
flush (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  postil_saver_flush_async (fixture->saver, NULL, result_cb, &result);
  wait_until (result != NULL);
  return postil_saver_flush_finish (fixture->saver, result, error);
}

static void
test_by_itself (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVED);
  annotate (fixture);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVING);
  g_assert_null (postil_saver_get_message (fixture->saver));
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 2);
  g_assert_cmpint (n_renames, ==, 1);
  g_assert_cmpuint (fixture->n_states, ==, 2);

  /* Undoing is a change as well. */
  postil_workspace_undo (fixture->workspace);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 1);

  /* Its own writing is no change from outside. */
  wait (10 * DELAY);
  g_assert_cmpuint (fixture->n_merged, ==, 0);
}

/* The first change starts the clock; later ones do not put it off. */
static void
test_not_put_off (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  while (g_atomic_int_get (&n_renames) == 0)
    {
      annotate (fixture);
      n++;
      g_assert_cmpuint (n, <, 2000);
      wait (DELAY / 4);
    }
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, n);
}

static void
test_during_save (Fixture *fixture, gconstpointer data)
{
  g_atomic_int_set (&slow_write, 1);
  annotate (fixture);
  for (guint i = 0; i < 10; i++)
    {
      wait (DELAY / 2);
      annotate (fixture);
    }
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 11);
}

static void
test_codebook_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (PostilStep) add = postil_step_new ("Topic");
  g_autofree char *id = NULL;
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  g_autoptr (PostilStep) rename = postil_step_new ("Rename");
  g_autofree char *contents = NULL;
  PostilTopic *topic;
  PostilTopicFields fields;

  /* A topic that is not the document's is none of its business. */
  postil_workspace_set_folder (fixture->workspace, folder);
  id = postil_edit_add_topic (fixture->workspace, add, "Elsewhere", NULL);
  postil_workspace_commit (fixture->workspace, add, NULL);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVED);

  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpint (n_renames, ==, 1);

  /* A topic of the document's is renamed. */
  topic = postil_codebook_find_path (codebook, "Trust");
  postil_topic_get_fields (topic, &fields);
  fields.label = "Doubt";
  g_assert_true (postil_edit_change_topic (fixture->workspace, rename, &fields, NULL));
  postil_workspace_commit (fixture->workspace, rename, NULL);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVING);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_nonnull (strstr (contents, "Doubt"));
  g_assert_null (strstr (contents, "Trust"));
}

static void
test_codebook_file (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);
  g_autofree char *path = g_build_filename (fixture->folder, POSTIL_CODEBOOK_NAME, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, NULL, NULL);
  g_autoptr (PostilSnapshot) snapshot = NULL, read = NULL;
  g_autoptr (PostilSaver) saver = NULL;
  g_autoptr (GError) error = NULL;
  PostilTopic *topic;

  snapshot = postil_sidecar_load (sidecar, NULL, POSTIL_CODEBOOK_NAME,
                                  postil_test_get_environment (), NULL, &error);
  g_assert_no_error (error);
  saver = postil_saver_new_for_codebook (codebook, snapshot, sidecar);
  g_assert_null (postil_saver_get_document (saver));
  g_assert_cmpint (postil_saver_get_state (saver), ==, POSTIL_SAVER_SAVED);
  annotate (fixture);
  g_assert_cmpint (postil_saver_get_state (saver), ==, POSTIL_SAVER_SAVING);
  wait_until (postil_saver_get_state (saver) == POSTIL_SAVER_SAVED);

  read = postil_sidecar_load (sidecar, NULL, POSTIL_CODEBOOK_NAME, postil_test_get_environment (),
                              NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->topics->len, ==, 1);
  topic = read->topics->pdata[0];
  g_assert_cmpstr (postil_topic_get_label (topic), ==, "Trust");
  g_assert_cmpstr (read->collection, ==, snapshot->collection);
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_atomic_int_set (&write_error, ENOSPC);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_FAILED);
  g_assert_nonnull (strstr (postil_saver_get_message (fixture->saver), g_strerror (ENOSPC)));
  g_assert_nonnull (
    strstr (postil_saver_get_message (fixture->saver), "talk.txt.annotations.json"));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_false (flush (fixture, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);

  /* It goes on by itself. */
  g_atomic_int_set (&write_error, 0);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_null (postil_saver_get_message (fixture->saver));
  g_assert_cmpuint (count_saved (fixture), ==, 1);

  /* A change does not wait for the next try. */
  g_atomic_int_set (&write_error, EIO);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_FAILED);
  wait (8 * DELAY);
  g_atomic_int_set (&write_error, 0);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 3);
}

static void
test_flush (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (flush (fixture, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_saved (fixture), ==, 1);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVED);

  /* One that comes during a save waits for what changed since. */
  g_atomic_int_set (&slow_write, 1);
  annotate (fixture);
  postil_saver_flush_async (fixture->saver, NULL, result_cb, &first);
  annotate (fixture);
  postil_saver_flush_async (fixture->saver, NULL, result_cb, &second);
  wait_until (first != NULL && second != NULL);
  g_assert_true (postil_saver_flush_finish (fixture->saver, first, &error));
  g_assert_true (postil_saver_flush_finish (fixture->saver, second, &error));
  g_assert_cmpuint (count_saved (fixture), ==, 3);
}

/* Another program adds an annotation of its own; returns its id. */
static char *
annotate_outside (Fixture *fixture)
{
  static guint n;
  static const PostilSpan span = { 0, 3 };
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
  g_autoptr (PostilSnapshot) snapshot =
    postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                         postil_test_get_environment (), NULL, NULL);
  g_autoptr (PostilSnapshot) changed = NULL;
  g_autofree char *id = g_strdup_printf ("urn:uuid:00000000-0000-4000-a000-%012x", ++n);
  g_autoptr (PostilAnnotation) annotation = postil_annotation_new (&(PostilAnnotationFields){
    .id = id, .kind = POSTIL_ANNOTATION_PASSAGE, .created = 1, .spans = &span, .n_spans = 1 });
  PostilSnapshot fields = *snapshot;

  fields.annotations = postil_annotation_index_replace (
    postil_annotation_index_ref (snapshot->annotations), NULL, annotation);
  changed = postil_snapshot_new (&fields);
  postil_annotation_index_unref (fields.annotations);
  g_assert_true (postil_sidecar_save (sidecar, changed, NULL, NULL, NULL));
  return g_steal_pointer (&id);
}

/* What another program writes comes in by itself, and nothing is written for that. */
static void
test_merged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL, *second = NULL;
  gint n;

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  n = g_atomic_int_get (&n_renames);
  id = annotate_outside (fixture);
  wait_until (fixture->n_merged == 1);
  g_assert_nonnull (postil_document_get_annotation (fixture->document, id));
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVED);
  wait (10 * DELAY);
  g_assert_cmpint (g_atomic_int_get (&n_renames), ==, n);
  g_assert_cmpuint (fixture->n_merged, ==, 1);

  /* With work of ours at the same time. */
  annotate (fixture);
  second = annotate_outside (fixture);
  g_assert_true (flush (fixture, &error));
  g_assert_nonnull (postil_document_get_annotation (fixture->document, second));
  g_assert_cmpuint (count_saved (fixture), ==, 4);
  g_assert_cmpuint (fixture->n_merged, ==, 2);

  /* It can be undone, and that is a change of ours. */
  postil_workspace_undo (fixture->workspace);
  g_assert_null (postil_document_get_annotation (fixture->document, second));
  g_assert_true (flush (fixture, &error));
  g_assert_cmpuint (count_saved (fixture), ==, 3);
}

/* What is changed here while the merging runs is not lost. */
static void
test_merged_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  g_atomic_int_set (&slow_write, 1);
  annotate (fixture);
  id = annotate_outside (fixture);
  postil_saver_flush_async (fixture->saver, NULL, result_cb, &result);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (fixture->n_merged, ==, 1);
  g_assert_nonnull (postil_document_get_annotation (fixture->document, id));
  g_assert_cmpuint (
    postil_annotation_index_get_size (postil_document_get_annotations (fixture->document)), ==, 4);
  g_assert_cmpuint (count_saved (fixture), ==, 4);
}

static void
merging_cb (Fixture *fixture)
{
  if (fixture->n_typed == 0)
    return;
  fixture->n_typed--;
  annotate (fixture);
}

/* What is changed here again and again when it is to be taken over is merged until nothing is. */
static void
test_merged_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  g_signal_connect_swapped (fixture->saver, "merging", G_CALLBACK (merging_cb), fixture);
  fixture->n_typed = 3;
  id = annotate_outside (fixture);
  wait_until (fixture->n_merged == 1);
  g_assert_cmpuint (fixture->n_typed, ==, 0);
  g_assert_cmpuint (fixture->n_annotations, ==, 1);
  g_assert_nonnull (postil_document_get_annotation (fixture->document, id));
  g_assert_true (flush (fixture, &error));
  g_assert_cmpuint (count_saved (fixture), ==, 5);
  g_assert_cmpuint (fixture->n_merged, ==, 1);
}

static const char *
get_note (Fixture *fixture, guint position)
{
  guint n_notes;

  return postil_note_get_text (postil_annotation_get_notes (
    postil_annotation_index_get (postil_document_get_annotations (fixture->document), position),
    &n_notes)[0]);
}

/* Another program changes very many, and that can be undone. */
static void
test_merged_many (Fixture *fixture, gconstpointer data)
{
  const guint n = 300;
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, fixture->store, NULL);
  g_autoptr (PostilSnapshot) loaded = NULL, changed = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  PostilSnapshot fields;

  for (guint i = 0; i < n; i++)
    annotate (fixture);
  g_assert_true (flush (fixture, &error));
  loaded = postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                                postil_test_get_environment (), NULL, &error);
  g_assert_no_error (error);
  index = postil_annotation_index_ref (loaded->annotations);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PostilNote) note = postil_note_new ("theirs", NULL, 9, NULL);
      PostilAnnotation *before = postil_annotation_index_get (loaded->annotations, i);
      g_autoptr (PostilAnnotation) after = NULL;
      PostilAnnotationFields other;

      postil_annotation_get_fields (before, &other);
      other.notes = (PostilNote *const *) &note;
      other.n_notes = 1;
      after = postil_annotation_new (&other);
      index = postil_annotation_index_replace (g_steal_pointer (&index), before, after);
    }
  fields = *loaded;
  fields.annotations = index;
  changed = postil_snapshot_new (&fields);
  g_assert_true (postil_sidecar_save (sidecar, changed, NULL, NULL, &error));
  wait_until (fixture->n_merged == 1);
  g_assert_cmpuint (fixture->n_annotations, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (get_note (fixture, i), ==, "theirs");
  postil_workspace_undo (fixture->workspace);
  g_assert_true (flush (fixture, &error));
  g_assert_cmpuint (count_saved (fixture), ==, n);
  g_assert_cmpstr (get_note (fixture, n - 1), ==, "why here?");
}

/* Another program is in the middle of writing it. */
static void
test_half_written (Fixture *fixture, gconstpointer data)
{
  guint n_states;

  annotate (fixture);
  g_assert_true (flush (fixture, NULL));
  n_states = fixture->n_states;
  g_atomic_int_set (&empty_reads, 1);
  g_free (annotate_outside (fixture));
  wait_until (fixture->n_merged == 1);
  g_assert_cmpint (g_atomic_int_get (&empty_reads), ==, 0);
  g_assert_cmpuint (fixture->n_states, ==, n_states);

  g_free (annotate_outside (fixture));
  g_atomic_int_set (&empty_reads, 1);
  annotate (fixture);
  g_assert_true (flush (fixture, NULL));
  g_assert_cmpuint (count_saved (fixture), ==, 4);
}

static void
test_blocked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL, *good = NULL, *id = NULL;

  id = annotate_outside (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &good, NULL, NULL));
  stop (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "{ \"id\":", -1, NULL));
  start (fixture);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_BLOCKED);
  g_assert_cmpstr (postil_saver_get_message (fixture->saver), ==,
                   postil_sidecar_get_damage (fixture->sidecar)->message);
  g_assert_true (flush (fixture, &error));
  annotate (fixture);
  wait (5 * DELAY);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_BLOCKED);
  g_assert_false (flush (fixture, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "{ \"id\":");

  /* Somebody mends the file. */
  g_assert_true (g_file_set_contents (fixture->path, good, -1, NULL));
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 2);
  g_assert_nonnull (postil_document_get_annotation (fixture->document, id));

  /* Somebody breaks it again, with and without work of ours. */
  g_free (good);
  g_assert_true (g_file_get_contents (fixture->path, &good, NULL, NULL));
  g_assert_true (g_file_set_contents (fixture->path, "[", -1, NULL));
  wait_until (get_state (fixture) == POSTIL_SAVER_BLOCKED);
  g_assert_true (g_file_set_contents (fixture->path, good, -1, NULL));
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_true (g_file_set_contents (fixture->path, "[", -1, NULL));
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_BLOCKED);
  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 3);
}

static guint
count_journals (Fixture *fixture)
{
  g_autofree char *document = g_build_filename (fixture->folder, "talk.txt", NULL);
  g_autoptr (GPtrArray) journals = postil_journal_claim_left (fixture->store, document);

  return journals->len;
}

/* Lets go of what is not saved, as a process that ends does. */
static void
crash (Fixture *fixture)
{
  g_autoptr (PostilSnapshot) empty = NULL;

  g_atomic_int_set (&write_error, EIO);
  stop (fixture);
  g_atomic_int_set (&write_error, 0);
  g_object_unref (fixture->document);
  g_object_unref (fixture->workspace);
  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("talk.txt", "one two three");
  postil_workspace_add_document (fixture->workspace, fixture->document);
  start (fixture);
}

/* The journal has what the sidecar has not: a few changes, or many at once. */
static void
test_journal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilStep) many = postil_step_new ("Many");
  g_autoptr (PostilStep) removal = postil_step_new ("Remove");
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  wait_until (count_journals (fixture) == 0);
  g_atomic_int_set (&write_error, ENOSPC);
  annotate (fixture);
  id = postil_test_annotate (fixture->workspace, fixture->document, 0, 3, "Doubt", "kept");
  postil_workspace_undo (fixture->workspace);
  postil_workspace_redo (fixture->workspace);
  wait_until (get_state (fixture) == POSTIL_SAVER_FAILED);
  crash (fixture);
  g_assert_cmpuint (postil_sidecar_get_n_recovered (fixture->sidecar), ==, 3);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVING);
  g_assert_nonnull (postil_document_get_annotation (fixture->document, id));
  g_assert_nonnull (
    postil_codebook_find_path (postil_workspace_get_codebook (fixture->workspace), "Doubt"));
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 3);
  g_assert_cmpuint (count_journals (fixture), ==, 0);

  g_atomic_int_set (&write_error, ENOSPC);
  for (guint i = 0; i < POSTIL_RUN_MANY + 500; i++)
    {
      PostilSpan span = { i % 10, i % 10 + 2 };

      g_free (postil_edit_add_annotation (fixture->workspace, many, fixture->document, &span, 1,
                                          NULL, NULL));
    }
  postil_workspace_commit (fixture->workspace, many, NULL);
  postil_edit_remove_annotation (removal, fixture->document,
                                 postil_document_get_annotation (fixture->document, id));
  postil_workspace_commit (fixture->workspace, removal, NULL);
  wait_until (get_state (fixture) == POSTIL_SAVER_FAILED);
  crash (fixture);
  g_assert_cmpuint (postil_sidecar_get_n_recovered (fixture->sidecar), ==, POSTIL_RUN_MANY + 501);
  g_assert_null (postil_document_get_annotation (fixture->document, id));
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, POSTIL_RUN_MANY + 502);

  /* Closed in peace. */
  g_assert_true (flush (fixture, &error));
  stop (fixture);
  g_assert_cmpuint (count_journals (fixture), ==, 0);
  start (fixture);
  g_assert_cmpuint (postil_sidecar_get_n_recovered (fixture->sidecar), ==, 0);
}

static char *
dup_journal_folder (Fixture *fixture)
{
  g_autofree char *document = g_build_filename (fixture->folder, "talk.txt", NULL);

  return postil_store_find_path (fixture->store, document, NULL);
}

/* (transfer full) (nullable): the path of a file in the document's folder of the store */
static char *
find_in_store (Fixture *fixture, const char *prefix)
{
  g_autofree char *folder = dup_journal_folder (fixture);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      return g_build_filename (folder, name, NULL);
  return NULL;
}

/* What is left of a damaged journal is recovered, and the file put aside, which is said once. */
static void
test_damaged_journal (Fixture *fixture, gconstpointer data)
{
  /* Which of three records are damaged. */
  static const gboolean cases[][3] = { { 0, 1, 0 }, { 1, 1, 1 }, { 1, 0, 0 }, { 0, 0, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *journal = NULL, *bytes = NULL, *aside = NULL, *kept = NULL;
      guint n_left = 3;
      char *record;
      gsize n_bytes, n_kept;
      guint n;

      annotate (fixture);
      g_assert_true (flush (fixture, NULL));
      wait_until (count_journals (fixture) == 0);
      n = count_saved (fixture);
      g_atomic_int_set (&write_error, ENOSPC);
      for (guint j = 0; j < 3; j++)
        annotate (fixture);
      wait_until (get_state (fixture) == POSTIL_SAVER_FAILED);
      journal = find_in_store (fixture, "journal-");
      g_assert_true (g_file_get_contents (journal, &bytes, &n_bytes, NULL));
      record = bytes + n_bytes;
      for (guint j = 3; j > 0; j--)
        {
          record = g_strrstr_len (bytes, record - bytes, "Postil record");
          if (cases[i][j - 1])
            memset (strstr (record, "why here?"), 'x', 5);
          n_left -= cases[i][j - 1];
        }
      g_assert_true (g_file_set_contents (journal, bytes, n_bytes, NULL));
      crash (fixture);

      g_assert_cmpuint (g_strv_length ((char **) postil_sidecar_get_warnings (fixture->sidecar)),
                        ==, 1);
      wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
      g_assert_cmpuint (count_saved (fixture), ==, n + n_left);
      aside = find_in_store (fixture, "unreadable-journal-");
      g_assert_nonnull (strstr (postil_sidecar_get_warnings (fixture->sidecar)[0], aside));
      g_assert_true (g_file_get_contents (aside, &kept, &n_kept, NULL));
      g_assert_cmpmem (kept, n_kept, bytes, n_bytes);

      crash (fixture);
      g_assert_null (postil_sidecar_get_warnings (fixture->sidecar)[0]);
      g_assert_cmpuint (count_journals (fixture), ==, 0);
      g_assert_cmpint (g_remove (aside), ==, 0);
    }
}

/* What was recovered goes on in the same journal, whatever is saved of it by then. */
static void
test_journal_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL, *first = NULL, *second = NULL;

  g_atomic_int_set (&write_error, ENOSPC);
  id = postil_test_annotate (fixture->workspace, fixture->document, 0, 3, "Doubt", "first");
  first = find_in_store (fixture, "journal-");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PostilStep) step = postil_step_new ("Note");
      g_autofree char *note = g_strdup_printf ("note %u", i);
      guint n_notes;

      /* Neither can the next process save. */
      crash (fixture);
      g_atomic_int_set (&write_error, ENOSPC);
      postil_edit_set_note (fixture->workspace, step, fixture->document,
                            postil_document_get_annotation (fixture->document, id), note);
      g_atomic_int_set (&write_error, 0);
      postil_workspace_commit (fixture->workspace, step, NULL);
      g_assert_cmpstr (postil_note_get_text (postil_annotation_get_notes (
                         postil_document_get_annotation (fixture->document, id), &n_notes)[0]),
                       ==, note);
    }
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  second = find_in_store (fixture, "journal-");
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (count_saved (fixture), ==, 1);
  crash (fixture);
  g_assert_cmpuint (postil_sidecar_get_n_recovered (fixture->sidecar), ==, 0);
  g_assert_cmpuint (count_journals (fixture), ==, 0);
}

/* Whoever is to take over what was merged and does not cannot make it vanish. */
static void
test_not_taken_over (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;

  annotate (fixture);
  g_assert_true (flush (fixture, NULL));
  g_signal_handlers_disconnect_by_func (fixture->saver, merged_cb, fixture);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*took over*");
  annotate (fixture);
  id = annotate_outside (fixture);
  g_assert_true (flush (fixture, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (count_saved (fixture), ==, 3);
  g_assert_null (postil_document_get_annotation (fixture->document, id));
  annotate (fixture);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*took over*");
  g_free (annotate_outside (fixture));
  g_assert_true (flush (fixture, NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (count_saved (fixture), ==, 5);

  g_signal_connect_swapped (fixture->saver, "merged", G_CALLBACK (merged_cb), fixture);
  g_free (annotate_outside (fixture));
  annotate (fixture);
  g_assert_true (flush (fixture, NULL));
  g_assert_cmpuint (count_saved (fixture), ==, 7);
  g_assert_nonnull (postil_document_get_annotation (fixture->document, id));
}

static gboolean
is_same (PostilDocument *a, PostilDocument *b)
{
  PostilAnnotationIndex *annotations = postil_document_get_annotations (a);
  guint n = postil_annotation_index_get_size (annotations);

  if (n != postil_annotation_index_get_size (postil_document_get_annotations (b)))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);
      PostilAnnotation *other =
        postil_document_get_annotation (b, postil_annotation_get_id (annotation));

      if (other == NULL || !postil_annotation_equal (annotation, other))
        return FALSE;
    }
  return TRUE;
}

/* Two windows on one document, at random. Both come to hold what both did. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  const char *rounds = g_getenv ("POSTIL_ROUNDS");
  guint n_rounds = rounds != NULL ? g_ascii_strtoull (rounds, NULL, 10) : 100;
  Fixture other = *fixture;
  Fixture *both[] = { fixture, &other };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint n_added = 0, n_removed = 0, n_writes;

  other.workspace = postil_test_workspace_new ();
  other.document = postil_test_document_new ("talk.txt", "one two three");
  postil_workspace_add_document (other.workspace, other.document);
  start (&other);
  for (guint i = 0; i < n_rounds; i++)
    {
      Fixture *here = both[g_rand_int_range (random, 0, 2)];
      PostilAnnotationIndex *annotations = postil_document_get_annotations (here->document);
      guint n = postil_annotation_index_get_size (annotations);

      if (n > 10 && g_rand_int_range (random, 0, 3) == 0)
        {
          g_autoptr (PostilStep) step = postil_step_new ("Remove");

          postil_edit_remove_annotation (
            step, here->document,
            postil_annotation_index_get (annotations, g_rand_int_range (random, 0, n)));
          postil_workspace_commit (here->workspace, step, NULL);
          n_removed++;
        }
      else
        {
          annotate (here);
          n_added++;
        }
      wait (g_rand_int_range (random, 1, 2 * DELAY));
    }
  for (guint i = 0; i < 4; i++)
    g_assert_true (flush (both[i % 2], NULL));
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED &&
              get_state (&other) == POSTIL_SAVER_SAVED &&
              is_same (fixture->document, other.document));
  /* Two may have removed the same. */
  g_assert_cmpuint (count_saved (fixture), >=, n_added - n_removed);
  g_assert_cmpuint (count_saved (fixture), <=, n_added);
  g_assert_cmpuint (
    count_saved (fixture), ==,
    postil_annotation_index_get_size (postil_document_get_annotations (fixture->document)));

  /* And then they rest. */
  n_writes = g_atomic_int_get (&n_renames);
  wait (20 * DELAY);
  g_assert_cmpuint (g_atomic_int_get (&n_renames), ==, n_writes);
  stop (&other);
  g_object_unref (other.document);
  g_object_unref (other.workspace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/storage/saver/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("by-itself", test_by_itself);
  ADD ("not-put-off", test_not_put_off);
  ADD ("during-save", test_during_save);
  ADD ("codebook-changes", test_codebook_changes);
  ADD ("codebook-file", test_codebook_file);
  ADD ("failure", test_failure);
  ADD ("flush", test_flush);
  ADD ("merged", test_merged);
  ADD ("merged-meanwhile", test_merged_meanwhile);
  ADD ("merged-again", test_merged_again);
  ADD ("merged-many", test_merged_many);
  ADD ("half-written", test_half_written);
  ADD ("blocked", test_blocked);
  ADD ("journal", test_journal);
  ADD ("damaged-journal", test_damaged_journal);
  ADD ("journal-goes-on", test_journal_goes_on);
  ADD ("not-taken-over", test_not_taken_over);
  ADD ("two", test_two);

  return g_test_run ();
}
