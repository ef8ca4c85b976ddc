/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "postil-edit.h"
#include "postil-saver.h"
#include "postil-test.h"

/*
 * A saver with a store and a journal, while system calls fail: each one in turn, once or from then
 * on, or all that touch the store, the folder or both. Nothing is lost as long as the process
 * lives, and once there is room again all is in the sidecar.
 */

/* In ms: between saves, and how long anything may take on the slowest machine. */
#define DELAY 1
#define PATIENCE 60000

#define MAX_FDS 1024

/* Which calls fail: one in so many, so that of all runs together each does. */
#define STEP 7

typedef enum
{
  IN_STORE = 1,
  IN_FOLDER = 2
} Where;

/* What fails; set by the main thread, used by those that save. */
static struct
{
  GMutex lock;
  const char *store;
  Where fds[MAX_FDS];
  /* Where calls fail, from which one on, counted down, with what, and whether again and again. */
  Where where;
  int countdown;
  int number;
  gboolean on;
  gboolean persistent;
  gboolean short_writes;
} fault;

static Where
find_where (const char *path)
{
  return g_str_has_prefix (path, fault.store) ? IN_STORE : IN_FOLDER;
}

static gboolean
fails (Where where)
{
  gboolean result;

  g_mutex_lock (&fault.lock);
  if (fault.countdown > 0 && (where & fault.where) != 0)
    fault.countdown--;
  result = fault.on && fault.countdown == 0 && (where & fault.where) != 0;
  if (result && !fault.persistent)
    fault.on = FALSE;
  g_mutex_unlock (&fault.lock);
  if (result)
    errno = fault.number;
  return result;
}

static gboolean
fd_fails (int fd)
{
  return fails (fault.fds[fd % MAX_FDS]);
}

static int
faulty_open (const char *path, int flags, mode_t mode)
{
  int fd;

  /* What cannot be written can mostly still be read. */
  if (((flags & O_ACCMODE) != O_RDONLY || !fault.persistent) && fails (find_where (path)))
    return -1;
  fd = open (path, flags, mode);
  if (fd >= 0)
    fault.fds[fd % MAX_FDS] = find_where (path);
  return fd;
}

static ssize_t
faulty_write (int fd, const void *buffer, size_t size)
{
  if (fd_fails (fd))
    return -1;
  return write (fd, buffer, fault.short_writes ? MIN (size, 100) : size);
}

static ssize_t
faulty_read (int fd, void *buffer, size_t size)
{
  return !fault.persistent && fd_fails (fd) ? -1 : read (fd, buffer, size);
}

#define FAULTY_FD(name, parameters, arguments)                                                     \
  static int faulty_##name parameters { return fd_fails (fd) ? -1 : name arguments; }

FAULTY_FD (fsync, (int fd), (fd))
FAULTY_FD (fdatasync, (int fd), (fd))
FAULTY_FD (ftruncate, (int fd, off_t size), (fd, size))
FAULTY_FD (fchmod, (int fd, mode_t mode), (fd, mode))

static int
faulty_close (int fd)
{
  gboolean failing = !fault.persistent && fd_fails (fd);
  int number = errno, result = close (fd);

  if (failing)
    errno = number;
  return failing ? -1 : result;
}

static int
faulty_rename (const char *from, const char *to)
{
  return fails (find_where (to)) ? -1 : rename (from, to);
}

static int
faulty_renameat2 (int from_folder,
                  const char *from,
                  int to_folder,
                  const char *to,
                  unsigned int flags)
{
  return fails (find_where (to))
           ? -1
           : postil_file_io_get_system ()->renameat2 (from_folder, from, to_folder, to, flags);
}

static int
faulty_link (const char *from, const char *to)
{
  return fails (find_where (to)) ? -1 : link (from, to);
}

static int
faulty_unlink (const char *path)
{
  return fails (find_where (path)) ? -1 : unlink (path);
}

static int
faulty_mkdir (const char *path, mode_t mode)
{
  return fails (find_where (path)) ? -1 : mkdir (path, mode);
}

typedef struct
{
  char *folder;
  char *path;
  char *store_path;
  PostilFileIo io;
  PostilStore *store;
  PostilWorkspace *workspace;
  PostilDocument *document;
  PostilSidecar *sidecar;
  PostilSaver *saver;
  guint n_annotations;
} Fixture;

static void
merged_cb (Fixture *fixture, PostilSnapshot *after)
{
  g_autoptr (PostilStep) step = postil_step_new ("Merge");
  guint n_changes;

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
  g_autoptr (GError) error = NULL;

  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("talk.txt", "one two three");
  postil_workspace_add_document (fixture->workspace, fixture->document);
  fixture->sidecar = postil_sidecar_new (fixture->path, fixture->store, &fixture->io);
  snapshot = postil_sidecar_load (fixture->sidecar, postil_document_get_text (fixture->document),
                                  "talk.txt", postil_test_get_environment (), NULL, &error);
  g_assert_no_error (error);
  merged_cb (fixture, snapshot);
  fixture->saver = g_object_new (POSTIL_TYPE_SAVER, "document", fixture->document, "codebook",
                                 postil_workspace_get_codebook (fixture->workspace), "sidecar",
                                 fixture->sidecar, "delay", DELAY, NULL);
  g_signal_connect_swapped (fixture->saver, "merged", G_CALLBACK (merged_cb), fixture);
}

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 until = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_MILLISECOND;                   \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, until);                                       \
        if (!g_main_context_iteration (NULL, FALSE))                                               \
          g_usleep (200);                                                                          \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

static void
stop (Fixture *fixture)
{
  gpointer saver = fixture->saver;

  g_object_add_weak_pointer (saver, &saver);
  g_clear_object (&fixture->saver);
  wait_until (saver == NULL);
  g_clear_object (&fixture->sidecar);
  g_clear_object (&fixture->document);
  g_clear_object (&fixture->workspace);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const PostilFileIo *system = postil_file_io_get_system ();

  fixture->folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "talk.txt.annotations.json", NULL);
  fixture->store_path = g_build_filename (fixture->folder, "store", NULL);
  fixture->io = (PostilFileIo){
    .open = faulty_open,
    .read = faulty_read,
    .write = faulty_write,
    .fsync = faulty_fsync,
    .fdatasync = faulty_fdatasync,
    .ftruncate = faulty_ftruncate,
    .flock = system->flock,
    .fchmod = faulty_fchmod,
    .fstat = system->fstat,
    .close = faulty_close,
    .rename = faulty_rename,
    .renameat2 = faulty_renameat2,
    .link = faulty_link,
    .unlink = faulty_unlink,
    .mkdir = faulty_mkdir,
  };
  fault.store = fixture->store_path;
  fault.on = FALSE;
  fault.short_writes = FALSE;
  fixture->n_annotations = 0;
  fixture->store = postil_store_new (fixture->store_path, &fixture->io);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  postil_test_remove_all (fixture->folder);
  g_object_unref (fixture->store);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->store_path);
}

static void
annotate (Fixture *fixture)
{
  g_autofree char *topic = g_strdup_printf ("Topic %u", fixture->n_annotations % 3);

  g_free (postil_test_annotate (fixture->workspace, fixture->document, 4, 7, topic, "why here?"));
  fixture->n_annotations++;
}

/* Changes what is there already, so that a journal that stays behind would show. */
static void
edit_note (Fixture *fixture)
{
  PostilAnnotation *annotation =
    postil_annotation_index_get (postil_document_get_annotations (fixture->document), 0);
  g_autoptr (PostilStep) step = postil_step_new ("Note");
  g_autofree char *note = g_strdup_printf ("note %u", fixture->n_annotations);

  postil_edit_set_note (fixture->workspace, step, fixture->document, annotation, note);
  postil_workspace_commit (fixture->workspace, step, NULL);
}

static PostilSaverState
get_state (Fixture *fixture)
{
  return postil_saver_get_state (fixture->saver);
}

static void
fail (Where where, int countdown, int number, gboolean persistent)
{
  g_mutex_lock (&fault.lock);
  fault.where = where;
  fault.countdown = countdown;
  fault.number = number;
  fault.persistent = persistent;
  fault.on = TRUE;
  g_mutex_unlock (&fault.lock);
}

/* Returns whether anything had failed. */
static gboolean
mend (void)
{
  gboolean hit;

  g_mutex_lock (&fault.lock);
  hit = fault.countdown == 0;
  fault.on = FALSE;
  fault.persistent = FALSE;
  g_mutex_unlock (&fault.lock);
  return hit;
}

/* Loads as the next process does, and compares. */
static void
assert_all_there (Fixture *fixture, gboolean in_folder)
{
  g_autoptr (PostilDocument) document = postil_test_document_new ("talk.txt", "one two three");
  g_autoptr (PostilSidecar) sidecar =
    postil_sidecar_new (fixture->path, in_folder ? NULL : fixture->store, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot =
    postil_sidecar_load (sidecar, postil_document_get_text (document), "talk.txt",
                         postil_test_get_environment (), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (postil_sidecar_get_warnings (sidecar)[0], ==, NULL);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==,
                    fixture->n_annotations);
  for (guint i = 0; i < fixture->n_annotations; i++)
    g_assert_null (
      postil_annotation_get_version_of (postil_annotation_index_get (snapshot->annotations, i)));
}

static void
assert_clean (Fixture *fixture)
{
  g_autofree char *document = g_build_filename (fixture->folder, "talk.txt", NULL);
  g_autoptr (GPtrArray) journals = postil_journal_claim_left (fixture->store, document);
  g_autofree char *away = postil_store_find_path (fixture->store, document, "sidecar.json");
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_assert_cmpuint (journals->len, ==, 0);
  g_assert_false (g_file_test (away, G_FILE_TEST_EXISTS));
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_cmpint (*name, !=, '.');
}

/* One in @step calls of a save fails in turn; after every other one the process ends, if it does
 * that at all. */
static void
run_each (Fixture *fixture, Where where, int number, gboolean persistent, int step, gboolean ends)
{
  for (int call = 1 + number % step;; call += step)
    {
      gboolean hit, journaled, crash = ends && call / step % 2;
      PostilSaverState state;

      set_up (fixture, NULL);
      start (fixture);
      annotate (fixture);
      wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
      fault.short_writes = call / step / 2 % 2;
      fail (where, call, number, persistent);
      annotate (fixture);
      edit_note (fixture);
      wait_until ((state = get_state (fixture)) != POSTIL_SAVER_SAVING);
      annotate (fixture);
      edit_note (fixture);
      wait_until ((state = get_state (fixture)) != POSTIL_SAVER_SAVING);
      g_assert_cmpint (state, !=, POSTIL_SAVER_BLOCKED);
      journaled = state == POSTIL_SAVER_SAVED;
      hit = mend ();
      if (crash && journaled)
        {
          stop (fixture);
          assert_all_there (fixture, FALSE);
          start (fixture);
        }
      /* By itself where it had failed, and with the next change where the store had to do. */
      wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
      annotate (fixture);
      edit_note (fixture);
      wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
      stop (fixture);
      assert_all_there (fixture, TRUE);
      assert_clean (fixture);
      tear_down (fixture, NULL);
      if (!hit)
        {
          g_test_message ("%d calls", call);
          g_assert_cmpint (call, >, 20);
          return;
        }
    }
}

static void
test_each (gconstpointer data)
{
  Fixture fixture = { 0 };

  run_each (&fixture, IN_STORE | IN_FOLDER, GPOINTER_TO_INT (data), FALSE, STEP, TRUE);
}

static void
test_from_then_on (gconstpointer data)
{
  Fixture fixture = { 0 };

  run_each (&fixture, IN_STORE | IN_FOLDER, GPOINTER_TO_INT (data), TRUE, STEP, TRUE);
}

/* What could not be written beside the document but once must not stay in the store. */
static void
test_each_in_folder (gconstpointer data)
{
  Fixture fixture = { 0 };

  run_each (&fixture, IN_FOLDER, GPOINTER_TO_INT (data), FALSE, 1, FALSE);
}

/* Nothing can be written to the store: the sidecar is saved as ever, and nobody need know. */
static void
test_store (Fixture *fixture, gconstpointer data)
{
  fail (IN_STORE, 0, GPOINTER_TO_INT (data), TRUE);
  start (fixture);
  for (guint i = 0; i < 5; i++)
    {
      annotate (fixture);
      edit_note (fixture);
      wait_until (get_state (fixture) != POSTIL_SAVER_SAVING);
      g_assert_cmpint (get_state (fixture), ==, POSTIL_SAVER_SAVED);
      g_assert_null (postil_saver_get_message (fixture->saver));
      assert_all_there (fixture, TRUE);
    }
  mend ();
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  stop (fixture);
  assert_all_there (fixture, TRUE);
  assert_clean (fixture);
}

static void
messages_cb (guint *n_messages)
{
  (*n_messages)++;
}

/* Neither place can be written: that is said once, and not again with each try. */
static void
test_both (Fixture *fixture, gconstpointer data)
{
  guint n_messages = 0;

  start (fixture);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_signal_connect_swapped (fixture->saver, "notify::message", G_CALLBACK (messages_cb),
                            &n_messages);
  fail (IN_STORE | IN_FOLDER, 0, GPOINTER_TO_INT (data), TRUE);
  for (guint i = 0; i < 20; i++)
    {
      gint64 earliest = g_get_monotonic_time () + 20 * G_TIME_SPAN_MILLISECOND;

      annotate (fixture);
      edit_note (fixture);
      wait_until (get_state (fixture) == POSTIL_SAVER_FAILED && g_get_monotonic_time () > earliest);
    }
  g_assert_cmpuint (n_messages, ==, 1);
  g_assert_nonnull (
    strstr (postil_saver_get_message (fixture->saver), g_strerror (GPOINTER_TO_INT (data))));
  mend ();
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_null (postil_saver_get_message (fixture->saver));
  stop (fixture);
  assert_all_there (fixture, TRUE);
  assert_clean (fixture);
}

/* Both folders go away, and come back or are made anew. */
static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *elsewhere = g_strconcat (fixture->folder, "-elsewhere", NULL);

  start (fixture);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  g_assert_cmpint (g_rename (fixture->folder, elsewhere), ==, 0);
  /* The store would make its folders anew. */
  g_assert_true (g_file_set_contents (fixture->folder, "", 0, NULL));
  annotate (fixture);
  edit_note (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_FAILED);
  annotate (fixture);
  g_assert_cmpint (g_remove (fixture->folder), ==, 0);
  if (data != NULL)
    g_assert_cmpint (g_rename (elsewhere, fixture->folder), ==, 0);
  else
    {
      g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
      postil_test_remove_all (elsewhere);
    }
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  annotate (fixture);
  wait_until (get_state (fixture) == POSTIL_SAVER_SAVED);
  stop (fixture);
  assert_all_there (fixture, TRUE);
  assert_clean (fixture);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    int number;
    gboolean once;
  } errors[] = {
    { "no-space", ENOSPC },         { "quota", EDQUOT },          { "read-only", EROFS },
    { "denied", EACCES },           { "too-long", ENAMETOOLONG }, { "input-output", EIO },
    { "interrupted", EINTR, TRUE },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      gpointer number = GINT_TO_POINTER (errors[i].number);
      g_autofree char *each = g_strconcat ("/storage/saver-faults/each/", errors[i].name, NULL);
      g_autofree char *then = g_strconcat ("/storage/saver-faults/then/", errors[i].name, NULL);
      g_autofree char *store = g_strconcat ("/storage/saver-faults/store/", errors[i].name, NULL);
      g_autofree char *both = g_strconcat ("/storage/saver-faults/both/", errors[i].name, NULL);

      g_test_add_data_func (each, number, test_each);
      if (errors[i].once)
        continue;
      g_test_add_data_func (then, number, test_from_then_on);
      g_test_add (store, Fixture, number, set_up, test_store, tear_down);
      g_test_add (both, Fixture, number, set_up, test_both, tear_down);
    }
  g_test_add_data_func ("/storage/saver-faults/each-in-folder/too-long",
                        GINT_TO_POINTER (ENAMETOOLONG), test_each_in_folder);
  g_test_add_data_func ("/storage/saver-faults/each-in-folder/denied", GINT_TO_POINTER (EACCES),
                        test_each_in_folder);
  g_test_add ("/storage/saver-faults/gone-and-back", Fixture, GINT_TO_POINTER (1), set_up,
              test_gone, tear_down);
  g_test_add ("/storage/saver-faults/gone-and-new", Fixture, NULL, set_up, test_gone, tear_down);

  return g_test_run ();
}
