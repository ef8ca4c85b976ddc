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
  guint n_states;
  guint n_outside;
} Fixture;

static void
state_cb (Fixture *fixture)
{
  fixture->n_states++;
}

static void
outside_cb (Fixture *fixture)
{
  fixture->n_outside++;
}

static void
start (Fixture *fixture)
{
  g_autoptr (PostilSnapshot) snapshot = NULL;

  fixture->sidecar = postil_sidecar_new (fixture->path, &fixture->io);
  snapshot = postil_sidecar_load (fixture->sidecar, postil_document_get_text (fixture->document),
                                  "talk.txt", postil_test_get_environment (), NULL, NULL);
  fixture->saver = g_object_new (POSTIL_TYPE_SAVER, "document", fixture->document, "codebook",
                                 postil_workspace_get_codebook (fixture->workspace), "sidecar",
                                 fixture->sidecar, "delay", DELAY, NULL);
  g_signal_connect_swapped (fixture->saver, "notify::state", G_CALLBACK (state_cb), fixture);
  g_signal_connect_swapped (fixture->saver, "changed-outside", G_CALLBACK (outside_cb), fixture);
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
  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("talk.txt", "one two three");
  fixture->io = *postil_file_io_get_system ();
  fixture->io.write = faulty_write;
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
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  stop (fixture);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
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
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL);
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
  g_assert_cmpuint (fixture->n_outside, ==, 0);
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
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, NULL);
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

static char *
save_beside (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *path;

  postil_saver_save_beside_async (fixture->saver, NULL, result_cb, &result);
  wait_until (result != NULL);
  path = postil_saver_save_beside_finish (fixture->saver, result, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL, *ours = NULL, *mine = NULL;

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  g_assert_true (g_file_get_contents (fixture->path, &ours, NULL, NULL));
  annotate (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "{}", -1, NULL));
  wait_until (get_state (fixture) == POSTIL_SAVER_CONFLICT);
  g_assert_nonnull (
    strstr (postil_saver_get_message (fixture->saver), "talk.txt.annotations.json"));

  g_assert_false (flush (fixture, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_CHANGED);
  g_clear_error (&error);
  annotate (fixture);
  wait (10 * DELAY);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_CONFLICT);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "{}");

  /* Once all is saved beside it, nothing keeps the document from being closed. */
  mine = save_beside (fixture);
  g_assert_true (g_file_test (mine, G_FILE_TEST_IS_REGULAR));
  g_assert_true (flush (fixture, &error));
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_CONFLICT);
  annotate (fixture);
  g_assert_false (flush (fixture, NULL));

  /* The other program takes its change back. */
  g_assert_true (g_file_set_contents (fixture->path, ours, -1, NULL));
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpuint (count_saved (fixture), ==, 4);
}

static void
test_changed_outside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  annotate (fixture);
  g_assert_true (flush (fixture, &error));
  g_assert_true (g_file_set_contents (fixture->path, "{}", -1, NULL));
  wait_until (fixture->n_outside == 1);
  g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVED);
  g_assert_true (g_file_set_contents (fixture->path, "{ }", -1, NULL));
  wait (10 * DELAY);
  g_assert_cmpuint (fixture->n_outside, ==, 1);

  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_CONFLICT);
}

static void
test_blocked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL, *mine = NULL;

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
  g_clear_error (&error);

  mine = save_beside (fixture);
  g_assert_true (flush (fixture, &error));
  g_assert_no_error (error);

  /* Somebody mends the file. */
  g_assert_true (g_file_set_contents (fixture->path, "{}", -1, NULL));
  wait_until (fixture->n_outside == 1);
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
  ADD ("conflict", test_conflict);
  ADD ("changed-outside", test_changed_outside);
  ADD ("blocked", test_blocked);

  return g_test_run ();
}
