/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "postil-error.h"
#include "postil-sidecar.h"
#include "postil-test.h"

/* Several writers of one sidecar, the worst of them between any two system calls of a save; and
 * folders that cannot be written. */

#define N_WRITERS 4
#define N_ROUNDS 250

typedef struct
{
  char *folder;
  char *path;
  PostilStore *store;
  PostilText *text;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilDocument) document = postil_test_document_new ("talk.txt", "one two three four");
  g_autofree char *store = NULL;

  fixture->folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "talk.txt.annotations.json", NULL);
  store = g_build_filename (fixture->folder, "store", NULL);
  fixture->store = postil_store_new (store, NULL);
  fixture->text = postil_text_ref (postil_document_get_text (document));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  postil_test_remove_all (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_object_unref (fixture->store);
  postil_text_unref (fixture->text);
}

static PostilSnapshot *
load (Fixture *fixture, PostilStore *store, const PostilFileIo *io, PostilSidecar **sidecar)
{
  g_autoptr (PostilSidecar) loaded = postil_sidecar_new (fixture->path, store, io);
  g_autoptr (GError) error = NULL;
  PostilSnapshot *snapshot = postil_sidecar_load (loaded, fixture->text, "talk.txt",
                                                  postil_test_get_environment (), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (postil_sidecar_get_warnings (loaded)[0], ==, NULL);
  if (sidecar != NULL)
    *sidecar = g_steal_pointer (&loaded);
  return snapshot;
}

static PostilAnnotation *
make_annotation (guint writer, guint n)
{
  const PostilSpan span = { n % 10, n % 10 + 4 };
  g_autofree char *id = g_strdup_printf ("urn:uuid:00000000-0000-4000-%04x-%012x", writer, n);

  return postil_annotation_new (&(PostilAnnotationFields){
    .id = id, .kind = POSTIL_ANNOTATION_PASSAGE, .created = 1, .spans = &span, .n_spans = 1 });
}

static PostilAnnotation *
find (PostilSnapshot *snapshot, const char *id)
{
  for (guint i = 0; i < postil_annotation_index_get_size (snapshot->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, i);

      if (g_str_equal (postil_annotation_get_id (annotation), id))
        return annotation;
    }
  return NULL;
}

static gboolean
has (PostilSnapshot *snapshot, guint writer, guint n)
{
  g_autoptr (PostilAnnotation) annotation = make_annotation (writer, n);

  return find (snapshot, postil_annotation_get_id (annotation)) != NULL;
}

/* (transfer full): @snapshot with one more annotation, or without it. */
static PostilSnapshot *
with (PostilSnapshot *snapshot, guint writer, guint n, gboolean present)
{
  g_autoptr (PostilAnnotation) annotation = make_annotation (writer, n);
  PostilAnnotation *before = find (snapshot, postil_annotation_get_id (annotation));
  PostilSnapshot fields = *snapshot;
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_replace (
    postil_annotation_index_ref (snapshot->annotations), before, present ? annotation : NULL);

  fields.annotations = index;
  return postil_snapshot_new (&fields);
}

static PostilSnapshot *
save (PostilSidecar *sidecar, PostilSnapshot *snapshot)
{
  PostilSnapshot *merged = NULL;
  g_autoptr (GError) error = NULL;

  postil_sidecar_save (sidecar, snapshot, &merged, NULL, &error);
  g_assert_no_error (error);
  return merged != NULL ? merged : postil_snapshot_ref (snapshot);
}

static guint
count (PostilSnapshot *snapshot)
{
  return postil_annotation_index_get_size (snapshot->annotations);
}

/* Files in the folder but the store's. */
static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += !g_str_equal (name, "store");
  return n;
}

/* What the hooks do. */
static struct
{
  const char *path;
  /* What another program writes right before a save puts its file in place, and how often. */
  char *contents;
  gint n_races;
  gboolean in_place;
  gboolean no_exchange;
  gboolean no_link;
  gboolean no_lock;
  /* The folder in which nothing can be made, and why. */
  const char *forbidden;
  int number;
  /* After how many calls the process ends. */
  gint n_calls;
} hook;

static void
count_call (void)
{
  if (hook.n_calls > 0 && --hook.n_calls == 0)
    _exit (7);
}

static void
race (const char *to)
{
  FILE *file;

  if (hook.n_races == 0 || !g_str_equal (to, hook.path))
    return;
  hook.n_races--;
  if (hook.contents == NULL)
    {
      g_remove (hook.path);
      return;
    }
  if (!hook.in_place)
    g_remove (hook.path);
  file = fopen (hook.path, "w");
  g_assert_cmpuint (fwrite (hook.contents, 1, strlen (hook.contents), file), ==,
                    strlen (hook.contents));
  fclose (file);
}

static int
hook_open (const char *path, int flags, mode_t mode)
{
  g_autofree char *folder = g_path_get_dirname (path);

  count_call ();
  if ((flags & O_CREAT) != 0 && g_strcmp0 (folder, hook.forbidden) == 0)
    {
      errno = hook.number;
      return -1;
    }
  return postil_file_io_get_system ()->open (path, flags, mode);
}

static ssize_t
hook_write (int fd, const void *buffer, size_t size)
{
  count_call ();
  return write (fd, buffer, hook.n_calls > 0 ? MIN (size, 1000) : size);
}

/* The disk itself is not what is tested. */
static int
hook_sync (int fd)
{
  count_call ();
  return 0;
}

static int
hook_flock (int fd, int operation)
{
  count_call ();
  if (!hook.no_lock)
    return postil_file_io_get_system ()->flock (fd, operation);
  errno = ENOLCK;
  return -1;
}

static int
hook_renameat2 (int a, const char *from, int b, const char *to, unsigned int flags)
{
  count_call ();
  if (hook.no_exchange)
    {
      errno = EINVAL;
      return -1;
    }
  race (to);
  return renameat2 (a, from, b, to, flags);
}

static int
hook_link (const char *from, const char *to)
{
  count_call ();
  if (hook.no_link)
    {
      errno = EPERM;
      return -1;
    }
  race (from);
  return link (from, to);
}

static int
hook_rename (const char *from, const char *to)
{
  count_call ();
  return rename (from, to);
}

static int
hook_unlink (const char *path)
{
  count_call ();
  return unlink (path);
}

static PostilFileIo
make_hooks (Fixture *fixture)
{
  PostilFileIo io = *postil_file_io_get_system ();

  memset (&hook, 0, sizeof hook);
  hook.path = fixture->path;
  io.open = hook_open;
  io.write = hook_write;
  io.fsync = io.fdatasync = hook_sync;
  io.flock = hook_flock;
  io.renameat2 = hook_renameat2;
  io.link = hook_link;
  io.rename = hook_rename;
  io.unlink = hook_unlink;
  return io;
}

static char *
read_file (const char *path)
{
  char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  return contents;
}

/* What @snapshot is as a file. */
static char *
make_file (Fixture *fixture, PostilSnapshot *snapshot)
{
  g_autofree char *path = g_build_filename (fixture->folder, "other.annotations.json", NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, NULL, NULL);
  g_autoptr (PostilSnapshot) saved = save (sidecar, snapshot);
  char *contents = read_file (path);

  g_assert_cmpint (g_remove (path), ==, 0);
  return contents;
}

/* Another program writes after the last look and before the exchange. */
static void
test_raced (Fixture *fixture, gconstpointer data)
{
  for (guint mode = 0; mode < 3; mode++)
    for (guint n_races = 1; n_races < 3; n_races++)
      {
        PostilFileIo io = make_hooks (fixture);
        g_autoptr (PostilSidecar) sidecar = NULL;
        g_autoptr (PostilSnapshot) empty = load (fixture, NULL, &io, &sidecar);
        g_autoptr (PostilSnapshot) both = with (empty, 1, 1, TRUE);
        g_autoptr (PostilSnapshot) base = with (both, 1, 2, TRUE);
        g_autoptr (PostilSnapshot) saved = save (sidecar, base);
        g_autoptr (PostilSnapshot) theirs = with (both, 2, 1, TRUE);
        g_autoptr (PostilSnapshot) ours = with (base, 1, 3, TRUE);
        g_autoptr (PostilSnapshot) merged = NULL, found = NULL;

        hook.contents = make_file (fixture, theirs);
        hook.n_races = n_races;
        hook.in_place = mode == 1;
        hook.no_exchange = mode == 2;
        /* Where there is no exchange what is written into the file is still seen. */
        hook.in_place |= hook.no_exchange;
        merged = save (sidecar, ours);
        g_assert_cmpint (hook.n_races, ==, 0);
        found = load (fixture, NULL, NULL, NULL);
        g_assert_cmpuint (count (found), ==, 3);
        g_assert_cmpuint (count (merged), ==, 3);
        g_assert_true (has (found, 1, 1) && has (found, 2, 1) && has (found, 1, 3));
        g_assert_cmpuint (count_files (fixture), ==, 1);
        g_clear_pointer (&hook.contents, g_free);
        g_remove (fixture->path);
      }
}

/* What raced and cannot be read is put back. */
static void
test_raced_damage (Fixture *fixture, gconstpointer data)
{
  for (gboolean in_place = FALSE; in_place <= TRUE; in_place++)
    {
      PostilFileIo io = make_hooks (fixture);
      g_autoptr (PostilSidecar) sidecar = NULL;
      g_autoptr (PostilSnapshot) empty = load (fixture, NULL, &io, &sidecar);
      g_autoptr (PostilSnapshot) base = with (empty, 1, 1, TRUE);
      g_autoptr (PostilSnapshot) saved = save (sidecar, base);
      g_autoptr (PostilSnapshot) ours = with (base, 1, 2, TRUE);
      g_autoptr (PostilSnapshot) merged = NULL, found = NULL;
      g_autofree char *good = read_file (fixture->path);
      g_autofree char *contents = NULL;
      g_autoptr (GError) error = NULL;

      hook.contents = g_strdup ("{ \"half a");
      hook.n_races = 1;
      hook.in_place = in_place;
      g_assert_false (postil_sidecar_save (sidecar, ours, &merged, NULL, &error));
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
      g_assert_null (merged);
      contents = read_file (fixture->path);
      g_assert_cmpstr (contents, ==, hook.contents);
      g_assert_cmpuint (count_files (fixture), ==, 1);
      g_assert_false (postil_sidecar_save (sidecar, ours, NULL, NULL, NULL));

      /* Now the other program is done. */
      g_assert_true (g_file_set_contents (fixture->path, good, -1, NULL));
      merged = save (sidecar, ours);
      found = load (fixture, NULL, NULL, NULL);
      g_assert_cmpuint (count (found), ==, 2);
      g_assert_cmpuint (count_files (fixture), ==, 1);
      g_clear_pointer (&hook.contents, g_free);
      g_remove (fixture->path);
    }
}

/* The file goes in the moment of the exchange: an edit beats a deletion. */
static void
test_raced_deletion (Fixture *fixture, gconstpointer data)
{
  for (guint mode = 0; mode < 3; mode++)
    {
      PostilFileIo io = make_hooks (fixture);
      g_autoptr (PostilSidecar) sidecar = NULL;
      g_autoptr (PostilSnapshot) empty = load (fixture, NULL, &io, &sidecar);
      g_autoptr (PostilSnapshot) base = with (empty, 1, 1, TRUE);
      g_autoptr (PostilSnapshot) saved = NULL, ours = with (base, 1, 2, TRUE);
      g_autoptr (PostilSnapshot) merged = NULL, found = NULL;

      hook.no_exchange = mode > 0;
      hook.no_link = mode > 1;
      saved = save (sidecar, base);
      hook.n_races = 1;
      merged = save (sidecar, ours);
      found = load (fixture, NULL, NULL, NULL);
      g_assert_cmpuint (count (found), ==, 2);
      g_assert_cmpuint (count_files (fixture), ==, 1);
      g_remove (fixture->path);
    }
}

/* The process ends before any of the system calls of a save, with and without another program that
 * is faster. Nothing that was in the file is lost, and the next save leaves nothing behind. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  for (guint mode = 0; mode < 4; mode++)
    {
      gboolean raced = mode % 2 == 1, finished = FALSE;
      guint n_merged = 0;

      for (gint n = 1; !finished; n++)
        {
          PostilFileIo io = make_hooks (fixture);
          g_autoptr (PostilSidecar) sidecar = NULL, next = NULL;
          g_autoptr (PostilSnapshot) empty = load (fixture, NULL, &io, &sidecar);
          g_autoptr (PostilSnapshot) first = with (empty, 1, 1, TRUE);
          g_autoptr (PostilSnapshot) base = with (first, 1, 2, TRUE);
          g_autoptr (PostilSnapshot) theirs = with (base, 2, 1, TRUE);
          g_autoptr (PostilSnapshot) edited = with (base, 1, 3, TRUE);
          g_autoptr (PostilSnapshot) ours = with (edited, 1, 2, FALSE);
          g_autoptr (PostilSnapshot) saved = NULL, found = NULL, again = NULL;
          pid_t pid;
          int status;

          hook.no_exchange = mode >= 2;
          saved = save (sidecar, base);
          hook.contents = make_file (fixture, theirs);
          hook.n_races = raced;
          hook.in_place = TRUE;
          pid = fork ();
          if (pid == 0)
            {
              hook.n_calls = n;
              _exit (postil_sidecar_save (sidecar, ours, NULL, NULL, NULL) ? 0 : 1);
            }
          g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
          g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) != 1);
          finished = WEXITSTATUS (status) == 0;

          found = load (fixture, NULL, NULL, &next);
          g_assert_true (has (found, 1, 1));
          /* Either the old or the new file, with what the other wrote as soon as it did. */
          if (!raced)
            g_assert_true (has (found, 1, 2) != has (found, 1, 3));
          if (has (found, 2, 1))
            n_merged++;
          g_assert_true (!finished || has (found, 1, 3));
          g_assert_true (!finished || !raced || has (found, 2, 1));
          again = save (next, found);
          g_clear_pointer (&again, postil_snapshot_unref);
          again = load (fixture, NULL, NULL, NULL);
          g_assert_cmpuint (count (again), ==, count (found));
          g_assert_cmpuint (count_files (fixture), ==, 1);
          g_assert_cmpint (n, <, 100);
          g_clear_pointer (&hook.contents, g_free);
          g_remove (fixture->path);
        }
      g_assert_true ((n_merged > 3) == raced);
    }
}

typedef struct
{
  Fixture *fixture;
  const PostilFileIo *io;
  guint number;
  guint n_rounds;
  GArray *present;
} Writer;

/* Adds, and takes away some of its own, and keeps what comes of merging. */
static gpointer
write_all (gpointer data)
{
  Writer *writer = data;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilSnapshot) snapshot = load (writer->fixture, NULL, writer->io, &sidecar);
  g_autoptr (GRand) random = g_rand_new_with_seed (writer->number);

  for (guint i = 0; i < writer->n_rounds; i++)
    {
      gboolean remove = writer->present->len > 10 && g_rand_boolean (random);
      guint at = remove ? g_rand_int_range (random, 0, writer->present->len) : 0;
      guint n = remove ? g_array_index (writer->present, guint, at) : i;
      g_autoptr (PostilSnapshot) changed = with (snapshot, writer->number, n, !remove);
      g_autoptr (PostilSnapshot) saved = save (sidecar, changed);

      if (remove)
        g_array_remove_index_fast (writer->present, at);
      else
        g_array_append_val (writer->present, n);
      postil_snapshot_unref (snapshot);
      snapshot = g_steal_pointer (&saved);
    }
  return NULL;
}

/* All that each of several writers had at last is there, and nothing else if @exactly. */
static void
check_writers (Fixture *fixture, const PostilFileIo *io, gboolean exactly)
{
  const char *rounds = g_getenv ("POSTIL_ROUNDS");
  guint n_rounds = rounds != NULL ? g_ascii_strtoull (rounds, NULL, 10) : N_ROUNDS;
  Writer writers[N_WRITERS];
  GThread *threads[N_WRITERS];
  g_autoptr (PostilSnapshot) found = NULL;
  guint n = 0;

  for (guint i = 0; i < N_WRITERS; i++)
    {
      writers[i] =
        (Writer){ fixture, io, i + 1, n_rounds, g_array_new (FALSE, FALSE, sizeof (guint)) };
      threads[i] = g_thread_new ("writer", write_all, &writers[i]);
    }
  for (guint i = 0; i < N_WRITERS; i++)
    g_thread_join (threads[i]);
  found = load (fixture, NULL, NULL, NULL);
  for (guint i = 0; i < N_WRITERS; i++)
    {
      for (guint j = 0; j < writers[i].present->len; j++)
        g_assert_true (has (found, i + 1, g_array_index (writers[i].present, guint, j)));
      n += writers[i].present->len;
      g_array_unref (writers[i].present);
    }
  if (exactly)
    g_assert_cmpuint (count (found), ==, n);
  else
    g_assert_cmpuint (count (found), >=, n);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_writers (Fixture *fixture, gconstpointer data)
{
  PostilFileIo io = make_hooks (fixture);

  check_writers (fixture, &io, TRUE);
}

/* Without locks the exchange alone must do. A third writer may then read what one has just put
 * there that does not know yet of what another one took away, and keep that: nothing is lost, but
 * what was removed may come back. */
static void
test_writers_unlocked (Fixture *fixture, gconstpointer data)
{
  PostilFileIo io = make_hooks (fixture);

  hook.no_lock = TRUE;
  check_writers (fixture, &io, FALSE);
}

/* Without an exchange the lock must. */
static void
test_writers_without_exchange (Fixture *fixture, gconstpointer data)
{
  PostilFileIo io = make_hooks (fixture);

  hook.no_exchange = TRUE;
  check_writers (fixture, &io, TRUE);
}

static void
test_writers_without_anything (Fixture *fixture, gconstpointer data)
{
  PostilFileIo io = make_hooks (fixture);

  hook.no_exchange = hook.no_link = TRUE;
  check_writers (fixture, &io, TRUE);
}

/* Where the folder cannot be written the store has the file; once it can, both are merged. */
static void
test_away (Fixture *fixture, gconstpointer data)
{
  static const int numbers[] = { EACCES, EPERM, EROFS };
  g_autoptr (PostilSnapshot) none = load (fixture, NULL, NULL, NULL);
  g_autoptr (PostilSnapshot) teacher = with (none, 9, 1, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (guint before = 0; before < 2; before++)
      {
        PostilFileIo io = make_hooks (fixture);
        g_autoptr (PostilSidecar) first = NULL, second = NULL, third = NULL, last = NULL;
        g_autoptr (PostilSnapshot) empty = NULL, one = NULL, two = NULL, three = NULL, four = NULL;
        g_autoptr (PostilSnapshot) saved = NULL, edited = NULL, found = NULL, again = NULL;
        g_autofree char *theirs = make_file (fixture, teacher);
        g_autofree char *away = postil_store_find_path (fixture->store, fixture->path, NULL);

        if (before)
          g_assert_true (g_file_set_contents (fixture->path, theirs, -1, NULL));
        hook.forbidden = fixture->folder;
        hook.number = numbers[i];
        empty = load (fixture, fixture->store, &io, &first);
        g_assert_true (postil_sidecar_is_beside (first));
        g_assert_cmpstr (postil_sidecar_get_place (first), ==, postil_sidecar_get_path (first));
        one = with (empty, 1, 1, TRUE);
        saved = save (first, one);
        g_assert_false (postil_sidecar_is_beside (first));
        g_assert_true (g_file_test (postil_sidecar_get_place (first), G_FILE_TEST_EXISTS));
        g_assert_cmpuint (count_files (fixture), ==, before);
        edited = with (saved, 1, 2, TRUE);
        g_clear_pointer (&saved, postil_snapshot_unref);
        saved = save (first, edited);

        /* The next one finds it there. */
        two = load (fixture, fixture->store, &io, &second);
        g_assert_false (postil_sidecar_is_beside (second));
        g_assert_cmpuint (count (two), ==, before + 2);
        g_clear_pointer (&edited, postil_snapshot_unref);
        edited = with (two, 1, 1, FALSE);
        g_clear_pointer (&saved, postil_snapshot_unref);
        saved = save (second, edited);
        g_assert_cmpuint (count (saved), ==, before + 1);

        /* What is deleted here stays deleted, and what comes there comes. */
        g_clear_pointer (&edited, postil_snapshot_unref);
        edited = with (teacher, 9, 2, TRUE);
        g_free (theirs);
        theirs = make_file (fixture, edited);
        g_assert_true (g_file_set_contents (fixture->path, theirs, -1, NULL));
        three = load (fixture, fixture->store, &io, &third);
        g_assert_cmpuint (count (three), ==, 3);
        g_assert_true (has (three, 9, 1) && has (three, 9, 2) && has (three, 1, 2));

        hook.forbidden = NULL;
        g_clear_pointer (&saved, postil_snapshot_unref);
        saved = save (third, three);
        g_assert_true (postil_sidecar_is_beside (third));
        again = load (fixture, NULL, NULL, NULL);
        g_assert_cmpuint (count (again), ==, 3);
        four = load (fixture, fixture->store, &io, &last);
        g_assert_cmpuint (count (four), ==, 3);
        g_assert_true (postil_sidecar_is_beside (last));
        g_assert_false (postil_sidecar_get_unsaved (last));
        g_assert_cmpint (g_remove (fixture->path), ==, 0);
      }
}

static void
test_long_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (245, 'x');
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PostilSidecar) sidecar =
        postil_sidecar_new_for_document (file, fixture->store, &error);
      g_autoptr (PostilSnapshot) snapshot = postil_sidecar_load (
        sidecar, fixture->text, name, postil_test_get_environment (), NULL, &error);
      g_autoptr (PostilSnapshot) more = NULL, saved = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (count (snapshot), ==, i);
      g_assert_true (postil_sidecar_is_beside (sidecar) == (i == 0));
      more = with (snapshot, 1, i, TRUE);
      saved = save (sidecar, more);
      g_assert_false (postil_sidecar_is_beside (sidecar));
      g_assert_cmpuint (count_files (fixture), ==, 0);
    }
}

/* A chain of links into another folder, to where nothing is yet. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inner = g_build_filename (fixture->folder, "inner", NULL);
  g_autofree char *middle = g_build_filename (inner, "middle", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, "target.json", NULL);

  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (symlink ("inner/middle", fixture->path), ==, 0);
  g_assert_cmpint (symlink ("../target.json", middle), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (PostilSidecar) sidecar = NULL;
      g_autoptr (PostilSnapshot) snapshot = load (fixture, fixture->store, NULL, &sidecar);
      g_autoptr (PostilSnapshot) more = with (snapshot, 1, i, TRUE);
      g_autoptr (PostilSnapshot) saved = save (sidecar, more);
      g_autofree char *led = postil_sidecar_dup_target (sidecar);

      g_assert_cmpuint (count (snapshot), ==, i);
      g_assert_cmpstr (led, ==, target);
      g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (middle, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (target, G_FILE_TEST_IS_REGULAR));
      g_assert_false (g_file_test (target, G_FILE_TEST_IS_SYMLINK));
      g_assert_cmpuint (count_files (fixture), ==, 3);
    }
}

/* The folder goes and comes back. */
static void
test_folder_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "inner", NULL);
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilSnapshot) empty = NULL, one = NULL, two = NULL, found = NULL, saved = NULL;
  g_autoptr (GError) error = NULL;

  g_free (fixture->path);
  fixture->path = g_build_filename (folder, "talk.txt.annotations.json", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  empty = load (fixture, fixture->store, NULL, &sidecar);
  one = with (empty, 1, 1, TRUE);
  saved = save (sidecar, one);
  two = with (one, 1, 2, TRUE);
  g_assert_cmpint (g_rename (folder, elsewhere), ==, 0);
  g_assert_false (postil_sidecar_save (sidecar, two, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, "talk.txt.annotations.json"));
  g_assert_cmpint (g_rename (elsewhere, folder), ==, 0);
  g_clear_pointer (&saved, postil_snapshot_unref);
  saved = save (sidecar, two);
  found = load (fixture, fixture->store, NULL, NULL);
  g_assert_cmpuint (count (found), ==, 2);
}

/* What a save replaces is kept, and the text once. */
static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilSnapshot) empty = load (fixture, fixture->store, NULL, &sidecar);
  g_autoptr (PostilSnapshot) one = with (empty, 1, 1, TRUE);
  g_autoptr (PostilSnapshot) two = with (one, 1, 2, TRUE);
  g_autoptr (PostilSnapshot) first = save (sidecar, one);
  g_autofree char *contents = read_file (fixture->path);
  g_autoptr (PostilSnapshot) second = save (sidecar, two);
  g_autofree char *document = g_build_filename (fixture->folder, "talk.txt", NULL);
  g_autoptr (GPtrArray) versions = postil_store_list_versions (fixture->store, document);
  g_autoptr (GPtrArray) places =
    postil_store_list_places (fixture->store, postil_text_get_sha256 (fixture->text));
  g_autoptr (PostilText) text =
    postil_store_load_text (fixture->store, postil_text_get_sha256 (fixture->text));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (versions->len, ==, 1);
  bytes = postil_store_load_version (fixture->store, document,
                                     ((PostilVersion *) versions->pdata[0])->name, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, strlen (contents));
  g_assert_cmpint (memcmp (g_bytes_get_data (bytes, NULL), contents, strlen (contents)), ==, 0);
  g_assert_cmpuint (places->len, ==, 1);
  g_assert_cmpstr (places->pdata[0], ==, fixture->path);
  g_assert_nonnull (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/storage/sidecar-race/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("killed", test_killed);
  ADD ("raced", test_raced);
  ADD ("raced-damage", test_raced_damage);
  ADD ("raced-deletion", test_raced_deletion);
  ADD ("writers", test_writers);
  ADD ("writers-unlocked", test_writers_unlocked);
  ADD ("writers-without-exchange", test_writers_without_exchange);
  ADD ("writers-without-anything", test_writers_without_anything);
  ADD ("away", test_away);
  ADD ("long-name", test_long_name);
  ADD ("links", test_links);
  ADD ("folder-gone", test_folder_gone);
  ADD ("kept", test_kept);

  return g_test_run ();
}
