/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "postil-edit.h"
#include "postil-error.h"
#include "postil-sidecar.h"
#include "postil-test.h"

#define EMPTY_SIDECAR                                                                              \
  "{ \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"type\": \"AnnotationCollection\", "     \
  "\"total\": 0 }"

/* A folder with a document's sidecar in it, and snapshots of the document to save there. */
typedef struct
{
  char *folder;
  char *path;
  PostilWorkspace *workspace;
  PostilDocument *document;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "talk.txt.annotations.json", NULL);
  fixture->workspace = postil_test_workspace_new ();
  fixture->document = postil_test_document_new ("talk.txt", "one two three");
  postil_workspace_add_document (fixture->workspace, fixture->document);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      if (g_remove (path) != 0)
        {
          g_autofree char *inner = g_build_filename (path, "target.json", NULL);

          g_remove (inner);
          g_assert_cmpint (g_remove (path), ==, 0);
        }
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_object_unref (fixture->document);
  g_object_unref (fixture->workspace);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* The document with one more annotation than before. */
static PostilSnapshot *
annotate (Fixture *fixture)
{
  g_autofree char *id =
    postil_test_annotate (fixture->workspace, fixture->document, 4, 7, "Trust", "why here?");

  return postil_document_snapshot (fixture->document,
                                   postil_workspace_get_codebook (fixture->workspace));
}

static PostilSidecar *
load (Fixture *fixture, const PostilFileIo *io, guint n_expected)
{
  PostilSidecar *sidecar = postil_sidecar_new (fixture->path, NULL, io);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot =
    postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                         postil_test_get_environment (), NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, n_expected);
  g_assert_null (postil_sidecar_get_damage (sidecar));
  return sidecar;
}

static void
save (PostilSidecar *sidecar, PostilSnapshot *snapshot)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (postil_sidecar_is_current (sidecar));
}

static char *
read_file (const char *path)
{
  char *contents;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  return contents;
}

static void
write_file (const char *path, const char *contents)
{
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
remove_copies (Fixture *fixture)
{
  g_autofree char *copy = g_strconcat (fixture->path, ".original", NULL);

  g_remove (copy);
}

static PostilAnnotation *
make_foreign_annotation (guint n)
{
  static const PostilSpan span = { 0, 3 };
  g_autofree char *id = g_strdup_printf ("urn:uuid:00000000-0000-4000-a000-%012x", n);

  return postil_annotation_new (&(PostilAnnotationFields){
    .id = id, .kind = POSTIL_ANNOTATION_PASSAGE, .created = 1, .spans = &span, .n_spans = 1 });
}

static void
assert_sentence (const GError *error, const char *name)
{
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_round (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) first = load (fixture, NULL, 0);
  g_autoptr (PostilSidecar) second = NULL;
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);
  struct stat before, after;

  save (first, one);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  second = load (fixture, NULL, 1);

  /* The same again writes nothing. */
  g_assert_cmpint (stat (fixture->path, &before), ==, 0);
  save (first, one);
  g_assert_cmpint (stat (fixture->path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);

  save (first, two);
  g_assert_cmpint (stat (fixture->path, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, !=, after.st_ino);
  g_object_unref (load (fixture, NULL, 2));
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
  g_autoptr (PostilSnapshot) empty = NULL;
  g_autoptr (GError) error = NULL;

  empty = postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                               postil_test_get_environment (), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (empty->id, "urn:uuid:"));
  g_assert_true (g_str_has_prefix (empty->collection, "urn:uuid:"));
  g_assert_cmpstr (empty->id, !=, empty->collection);
  g_assert_true (postil_sidecar_is_current (sidecar));

  /* Nothing at all needs no file. */
  save (sidecar, empty);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_mode (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) sidecar = load (fixture, NULL, 0);
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);
  mode_t mask = umask (027);
  struct stat status;

  save (sidecar, one);
  umask (mask);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0640);
  g_assert_cmpint (g_chmod (fixture->path, 0604), ==, 0);
  save (sidecar, two);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0604);
}

/* Others need no less than the group to go on writing it. */
static void
test_owner (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) sidecar = load (fixture, NULL, 0);
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);
  struct stat status;

  save (sidecar, one);
  if (chown (fixture->path, 1234, 4321) != 0)
    {
      g_test_skip ("Only root may give files away");
      return;
    }
  save (sidecar, two);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpuint (status.st_uid, ==, 1234);
  g_assert_cmpuint (status.st_gid, ==, 4321);
}

static void
test_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inner = g_build_filename (fixture->folder, "inner", NULL);
  g_autofree char *target = g_build_filename (inner, "target.json", NULL);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);

  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (symlink ("inner/target.json", fixture->path), ==, 0);
  sidecar = load (fixture, NULL, 0);
  save (sidecar, one);
  save (sidecar, two);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_test (target, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (count_files (inner), ==, 1);
  g_object_unref (load (fixture, NULL, 2));
}

typedef enum
{
  EMPTIED,
  REWRITE,
  REPLACE,
  DELETE,
  APPEAR,
  TOUCH,
  REPLACE_BY_SAME,
  N_OUTSIDE
} Outside;

/* What another program does between reading and saving. The last two change nothing; of the others
 * nothing is lost, and an edit beats a deletion. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  static const guint n_expected[N_OUTSIDE] = { 1, 3, 3, 2, 2, 2, 2 };
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);
  g_autofree char *with_one = NULL, *with_other = NULL;
  g_autoptr (PostilSidecar) writer = load (fixture, NULL, 0);
  PostilSnapshot other_fields = *one;
  g_autoptr (PostilSnapshot) other = NULL;
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_ref (one->annotations);
  g_autoptr (PostilAnnotation) foreign = make_foreign_annotation (0);

  save (writer, one);
  with_one = read_file (fixture->path);
  index = postil_annotation_index_replace (g_steal_pointer (&index), NULL, foreign);
  other_fields.annotations = index;
  other = postil_snapshot_new (&other_fields);
  save (writer, other);
  with_other = read_file (fixture->path);

  for (Outside outside = 0; outside < N_OUTSIDE; outside++)
    {
      gboolean harmless = outside >= TOUCH;
      g_autoptr (PostilSidecar) sidecar = NULL;
      g_autoptr (PostilSnapshot) merged = NULL, again = NULL;
      g_autoptr (GError) error = NULL;

      g_remove (fixture->path);
      sidecar = load (fixture, NULL, 0);
      if (outside != APPEAR)
        save (sidecar, one);
      switch (outside)
        {
        case EMPTIED:
          write_file (fixture->path, EMPTY_SIDECAR);
          break;
        case REWRITE:
          {
            FILE *file = fopen (fixture->path, "w");

            g_assert_cmpuint (fwrite (with_other, 1, strlen (with_other), file), ==,
                              strlen (with_other));
            fclose (file);
            break;
          }
        case REPLACE:
          write_file (fixture->path, with_other);
          break;
        case DELETE:
          g_remove (fixture->path);
          break;
        case APPEAR:
          write_file (fixture->path, with_one);
          break;
        case TOUCH:
          g_assert_cmpint (g_utime (fixture->path, NULL), ==, 0);
          break;
        case REPLACE_BY_SAME:
          g_remove (fixture->path);
          write_file (fixture->path, with_one);
          break;
        default:
          g_assert_not_reached ();
        }
      g_assert_true (postil_sidecar_is_current (sidecar) == harmless);
      g_assert_true (postil_sidecar_save (sidecar, two, &merged, NULL, &error));
      g_assert_no_error (error);
      g_assert_true ((merged == NULL) == (harmless || outside == DELETE));
      g_assert_true (postil_sidecar_is_current (sidecar));
      if (merged != NULL)
        g_assert_cmpuint (postil_annotation_index_get_size (merged->annotations), ==,
                          n_expected[outside]);
      g_object_unref (load (fixture, NULL, n_expected[outside]));
      g_assert_cmpuint (count_files (fixture->folder), ==, outside == EMPTIED ? 2 : 1);

      /* Then all is said. */
      g_assert_true (
        postil_sidecar_save (sidecar, merged != NULL ? merged : two, &again, NULL, &error));
      g_assert_null (again);
      remove_copies (fixture);
    }
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *contents;
    int code;
  } cases[] = {
    { "{ \"a\": ", POSTIL_ERROR_SYNTAX },
    { "", POSTIL_ERROR_SYNTAX },
    { "{\"x\": \"\xFF\"}", POSTIL_ERROR_SYNTAX },
    { "[1, 2]", POSTIL_ERROR_NOT_ANNOTATIONS },
  };
  g_autoptr (PostilSnapshot) one = annotate (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
      g_autoptr (PostilSnapshot) snapshot = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *contents = NULL, *message = NULL;

      write_file (fixture->path, cases[i].contents);
      snapshot = postil_sidecar_load (sidecar, postil_document_get_text (fixture->document),
                                      "talk.txt", postil_test_get_environment (), NULL, &error);
      g_assert_null (snapshot);
      g_assert_error (error, POSTIL_ERROR, cases[i].code);
      assert_sentence (error, "talk.txt.annotations.json");
      g_assert_error (postil_sidecar_get_damage (sidecar), POSTIL_ERROR, cases[i].code);
      message = g_strdup (error->message);
      g_clear_error (&error);

      g_assert_false (postil_sidecar_save (sidecar, one, NULL, NULL, &error));
      g_assert_error (error, POSTIL_ERROR, cases[i].code);
      g_assert_cmpstr (error->message, ==, message);
      contents = read_file (fixture->path);
      g_assert_cmpstr (contents, ==, cases[i].contents);
      g_clear_error (&error);

      g_assert_true (postil_sidecar_is_current (sidecar));
      /* Somebody mends it, or takes it away. */
      if (i % 2 == 0)
        write_file (fixture->path, EMPTY_SIDECAR);
      else
        g_remove (fixture->path);
      g_assert_false (postil_sidecar_is_current (sidecar));
      save (sidecar, one);
      g_object_unref (load (fixture, NULL, 1));
      remove_copies (fixture);
    }
}

/* What is not a regular file is refused at once. */
static void
test_odd_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSnapshot) one = annotate (fixture);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
      g_autoptr (GError) error = NULL;

      switch (i)
        {
        case 0:
          g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
          break;
        case 1:
          g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
          break;
        case 2:
          g_assert_cmpint (symlink ("/dev/zero", fixture->path), ==, 0);
          break;
        case 3:
          g_assert_cmpint (symlink ("talk.txt.annotations.json", fixture->path), ==, 0);
          break;
        }
      g_assert_null (postil_sidecar_load (sidecar, postil_document_get_text (fixture->document),
                                          "talk.txt", postil_test_get_environment (), NULL,
                                          &error));
      assert_sentence (error, "talk.txt.annotations.json");
      g_assert_nonnull (postil_sidecar_get_damage (sidecar));
      g_assert_false (postil_sidecar_save (sidecar, one, NULL, NULL, NULL));
      g_assert_cmpint (g_remove (fixture->path), ==, 0);

      /* The same when it comes after loading. */
      g_object_unref (sidecar);
      sidecar = load (fixture, NULL, 0);
      if (i == 1)
        {
          g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
          g_clear_error (&error);
          g_assert_false (postil_sidecar_save (sidecar, one, NULL, NULL, &error));
          assert_sentence (error, "talk.txt.annotations.json");
          g_assert_cmpint (g_remove (fixture->path), ==, 0);
        }
    }
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_names (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/somewhere/talk.txt");
  g_autoptr (GFile) remote = g_file_new_for_uri ("http://example.org/talk.txt");
  g_autofree char *long_name = g_strnfill (245, 'x');
  g_autofree char *long_path = g_build_filename (g_get_tmp_dir (), long_name, NULL);
  g_autoptr (GFile) long_file = g_file_new_for_path (long_path);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;

  sidecar = postil_sidecar_new_for_document (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (postil_sidecar_get_path (sidecar), ==, "/somewhere/talk.txt.annotations.json");
  g_assert_null (postil_sidecar_new_for_document (remote, NULL, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID);
  assert_sentence (error, "http://example.org/talk.txt");
  g_clear_error (&error);

  g_object_unref (sidecar);
  sidecar = postil_sidecar_new_for_document (long_file, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (
    postil_sidecar_load (sidecar, NULL, "x", postil_test_get_environment (), NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG);
  assert_sentence (error, long_name);

  g_assert_true (postil_sidecar_is_name ("a.txt.annotations.json"));
  g_assert_true (postil_sidecar_is_name ("a.txt.annotations.json.original"));
  g_assert_true (postil_sidecar_is_name ("a.txt.annotations.json.original 2"));
  g_assert_true (postil_sidecar_is_name ("codebook.json"));
  g_assert_true (postil_sidecar_is_name ("codebook.annotations (mine).json"));
  g_assert_false (postil_sidecar_is_name ("a.txt"));
  g_assert_false (postil_sidecar_is_name ("a.annotations.json.txt"));
  g_assert_false (postil_sidecar_is_name ("my annotations (mine).json"));
}

/* A file of another shape is copied aside, once, before it is first written over. */
static void
test_copy_aside (Fixture *fixture, gconstpointer data)
{
  static const char contents[] =
    "[ { \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"http://example.org/1\",\n"
    "    \"type\": \"Annotation\", \"target\": \"http://example.org/talk.txt\" } ]";
  g_autofree char *copy = g_strconcat (fixture->path, ".original", NULL);
  g_autofree char *second = g_strconcat (fixture->path, ".original 2", NULL);
  g_autofree char *copied = NULL;
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
  g_autoptr (PostilSnapshot) read = NULL;
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, contents);
  write_file (copy, "taken");
  read = postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                              postil_test_get_environment (), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (fixture->folder), ==, 2);
  save (sidecar, one);
  save (sidecar, two);
  g_assert_cmpuint (count_files (fixture->folder), ==, 3);
  copied = read_file (second);
  g_assert_cmpstr (copied, ==, contents);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) sidecar = load (fixture, NULL, 0);
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  save (sidecar, one);
  g_clear_object (&sidecar);
  sidecar = postil_sidecar_new (fixture->path, NULL, NULL);
  g_cancellable_cancel (cancellable);
  g_assert_null (postil_sidecar_load (sidecar, postil_document_get_text (fixture->document),
                                      "talk.txt", postil_test_get_environment (), cancellable,
                                      &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (postil_sidecar_get_damage (sidecar));
}

typedef enum
{
  CALL_OPEN,
  CALL_READ,
  CALL_WRITE,
  CALL_FSYNC,
  CALL_FCHMOD,
  CALL_FSTAT,
  CALL_CLOSE,
  CALL_RENAME,
  CALL_EXCHANGE,
  CALL_FLOCK,
  CALL_UNLINK,
  N_CALLS
} Call;

/* Which call fails, the how manieth of its kind from now on, and how. */
static struct
{
  Call call;
  int n_before;
  int number;
  gboolean failed;
  int n_open;
  gboolean short_writes;
} fault;

static gboolean
fails (Call call)
{
  if (fault.failed || call != fault.call || fault.n_before-- > 0)
    return FALSE;
  fault.failed = TRUE;
  errno = fault.number;
  return TRUE;
}

static int
faulty_open (const char *path, int flags, mode_t mode)
{
  int fd = fails (CALL_OPEN) ? -1 : postil_file_io_get_system ()->open (path, flags, mode);

  fault.n_open += fd >= 0;
  return fd;
}

static ssize_t
faulty_read (int fd, void *buffer, size_t size)
{
  return fails (CALL_READ) ? -1 : read (fd, buffer, size);
}

static ssize_t
faulty_write (int fd, const void *buffer, size_t size)
{
  return fails (CALL_WRITE) ? -1 : write (fd, buffer, fault.short_writes ? MIN (size, 7) : size);
}

/* The disk itself is not what is tested. */
static int
faulty_fsync (int fd)
{
  return fails (CALL_FSYNC) ? -1 : 0;
}

static int
faulty_fchmod (int fd, mode_t mode)
{
  return fails (CALL_FCHMOD) ? -1 : fchmod (fd, mode);
}

static int
faulty_fstat (int fd, struct stat *status)
{
  return fails (CALL_FSTAT) ? -1 : fstat (fd, status);
}

/* Also where it fails the descriptor is closed, as on Linux. */
static int
faulty_close (int fd)
{
  gboolean failing = fails (CALL_CLOSE);
  int number = errno, result = close (fd);

  fault.n_open--;
  errno = failing ? number : errno;
  return failing ? -1 : result;
}

static int
faulty_rename (const char *from, const char *to)
{
  return fails (CALL_RENAME) ? -1 : rename (from, to);
}

static int
faulty_renameat2 (int a, const char *from, int b, const char *to, unsigned int flags)
{
  return fails (CALL_EXCHANGE) ? -1
                               : postil_file_io_get_system ()->renameat2 (a, from, b, to, flags);
}

static int
faulty_flock (int fd, int operation)
{
  return fails (CALL_FLOCK) ? -1 : postil_file_io_get_system ()->flock (fd, operation);
}

static int
faulty_unlink (const char *path)
{
  return fails (CALL_UNLINK) ? -1 : unlink (path);
}

static const PostilFileIo faulty_io = {
  .open = faulty_open,
  .read = faulty_read,
  .write = faulty_write,
  .fsync = faulty_fsync,
  .fchmod = faulty_fchmod,
  .fstat = faulty_fstat,
  .close = faulty_close,
  .rename = faulty_rename,
  .renameat2 = faulty_renameat2,
  .link = link,
  .flock = faulty_flock,
  .unlink = faulty_unlink,
};

/* Saves over @before with one fault; returns whether there still was such a call to fail. */
static gboolean
check_fault (Fixture *fixture,
             PostilSnapshot *snapshot,
             const char *before,
             const char *expected,
             Call call,
             int nth,
             int number)
{
  g_autofree char *copy = g_strconcat (fixture->path, ".original", NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (fixture->path, NULL, &faulty_io);
  g_autoptr (PostilSnapshot) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL, *at_last = NULL;
  guint n_files;
  gboolean saved;

  g_remove (copy);
  g_remove (fixture->path);
  if (before != NULL)
    {
      write_file (fixture->path, before);
      g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
    }
  fault.failed = TRUE;
  fault.n_open = 0;
  read = postil_sidecar_load (sidecar, postil_document_get_text (fixture->document), "talk.txt",
                              postil_test_get_environment (), NULL, &error);
  g_assert_no_error (error);

  fault.call = call;
  fault.n_before = nth;
  fault.number = number;
  fault.failed = FALSE;
  saved = postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error);
  if (!fault.failed)
    {
      g_assert_true (saved);
      return FALSE;
    }
  g_assert_cmpint (fault.n_open, ==, 0);

  if (g_file_test (fixture->path, G_FILE_TEST_EXISTS))
    after = read_file (fixture->path);
  n_files = (after != NULL) + g_file_test (copy, G_FILE_TEST_EXISTS);
  if (call != CALL_UNLINK)
    g_assert_cmpuint (count_files (fixture->folder), ==, n_files);
  if (saved)
    {
      /* Only where a call does not matter: closing what was read, locking or flushing a folder that
       * forbids, removing what the next one to load removes. */
      g_assert_no_error (error);
      g_assert_cmpstr (after, ==, expected);
      g_assert_true (number == EINTR || call == CALL_CLOSE || call == CALL_OPEN ||
                     call == CALL_FLOCK || call == CALL_UNLINK);
    }
  else
    {
      assert_sentence (error, "talk.txt.annotations.json");
      g_assert_nonnull (strstr (error->message, g_strerror (number)));
      g_assert_cmpint (number, !=, EINTR);
      if (g_strcmp0 (after, before) != 0)
        g_assert_cmpstr (after, ==, expected);
    }

  save (sidecar, snapshot);
  at_last = read_file (fixture->path);
  g_assert_cmpstr (at_last, ==, expected);
  g_object_unref (load (fixture, NULL, 2));
  n_files = 1 + g_file_test (copy, G_FILE_TEST_EXISTS);
  g_assert_cmpuint (count_files (fixture->folder), ==, n_files);
  return TRUE;
}

/* Each system call of a save fails in turn, for a first save, a later one, and one that copies the
 * old file aside. */
static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const int numbers[] = { ENOSPC, EIO, EACCES, EINTR };
  static const char foreign[] =
    "[ { \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"http://example.org/1\",\n"
    "    \"type\": \"Annotation\", \"target\": \"http://example.org/talk.txt\" } ]";
  g_autoptr (PostilSidecar) sidecar = load (fixture, NULL, 0);
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  g_autoptr (PostilSnapshot) two = annotate (fixture);
  g_autofree char *before = NULL, *expected = NULL;
  const char *befores[3];
  guint n_faults = 0;

  save (sidecar, one);
  before = read_file (fixture->path);
  save (sidecar, two);
  expected = read_file (fixture->path);
  befores[0] = NULL;
  befores[1] = before;
  befores[2] = foreign;

  for (guint shortness = 0; shortness < 2; shortness++)
    for (gsize i = 0; i < G_N_ELEMENTS (befores); i++)
      for (Call call = 0; call < N_CALLS; call++)
        for (gsize j = 0; j < G_N_ELEMENTS (numbers); j++)
          {
            /* These are not documented to be interrupted. */
            if (numbers[j] == EINTR &&
                (call == CALL_FCHMOD || call == CALL_FSTAT || call >= CALL_RENAME))
              continue;
            fault.short_writes = shortness;
            for (int nth = 0;
                 check_fault (fixture, two, befores[i], expected, call, nth, numbers[j]); nth++)
              {
                n_faults++;
                /* One of many short writes stands for all. */
                if (call == CALL_WRITE && nth > 5)
                  break;
              }
          }
  g_test_message ("%u faults", n_faults);
  g_assert_cmpuint (n_faults, >, 200);
}

/* Reading too. */
static void
test_read_faults (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilSidecar) sidecar = load (fixture, NULL, 0);
  g_autoptr (PostilSnapshot) one = annotate (fixture);
  static const Call calls[] = { CALL_OPEN, CALL_READ, CALL_FSTAT };

  save (sidecar, one);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (PostilSidecar) faulty = postil_sidecar_new (fixture->path, NULL, &faulty_io);
      g_autoptr (GError) error = NULL;

      fault.call = calls[i];
      fault.n_before = 0;
      fault.number = EIO;
      fault.failed = FALSE;
      fault.n_open = 0;
      g_assert_null (postil_sidecar_load (faulty, postil_document_get_text (fixture->document),
                                          "talk.txt", postil_test_get_environment (), NULL,
                                          &error));
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
      assert_sentence (error, "talk.txt.annotations.json");
      g_assert_nonnull (postil_sidecar_get_damage (faulty));
      g_assert_cmpint (fault.n_open, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/storage/sidecar/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("round", test_round);
  ADD ("missing", test_missing);
  ADD ("mode", test_mode);
  ADD ("owner", test_owner);
  ADD ("link", test_link);
  ADD ("changed", test_changed);
  ADD ("damaged", test_damaged);
  ADD ("odd-files", test_odd_files);
  ADD ("copy-aside", test_copy_aside);
  ADD ("cancelled", test_cancelled);
  ADD ("faults", test_faults);
  ADD ("read-faults", test_read_faults);
  g_test_add_func ("/storage/sidecar/names", test_names);

  return g_test_run ();
}
