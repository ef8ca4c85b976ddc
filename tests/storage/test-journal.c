/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faulty-io.h"
#include "postil-error.h"
#include "postil-journal.h"
#include "postil-merge.h"
#include "postil-sidecar-reader.h"
#include "postil-test.h"

#define UUID "urn:uuid:00000000-0000-4000-a000-"
#define CREATOR "urn:uuid:00000000-0000-4000-9000-000000000001"

/* How long anything may take on the slowest machine, in ms. */
#define PATIENCE 60000

typedef struct
{
  char *parent;
  char *document;
  PostilFileIo io;
  PostilStore *store;
  PostilText *text;
} Fixture;

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = NULL;

  fixture->parent = g_dir_make_tmp ("postil-XXXXXX", NULL);
  fixture->document = g_build_filename (fixture->parent, "talk.txt", NULL);
  fixture->io = faulty_io_begin ();
  folder = g_build_filename (fixture->parent, "data", "postil", NULL);
  fixture->store = postil_store_new (folder, &fixture->io);
  fixture->text = make_text ("one two three");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->store);
  postil_text_unref (fixture->text);
  postil_test_remove_all (fixture->parent);
  g_free (fixture->parent);
  g_free (fixture->document);
}

/* Without waiting for the disk, as g_file_set_contents() does. */
static void
write_file (const char *path, const char *bytes, gsize n_bytes)
{
  FILE *file;

  /* Some file systems wait for the disk when a file is truncated and written again. */
  g_remove (path);
  file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes, 1, n_bytes, file), ==, n_bytes);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* The journals of the document, as paths in the order of their names. */
static GPtrArray *
list_files (Fixture *fixture)
{
  g_autofree char *folder = postil_store_find_path (fixture->store, fixture->document, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "journal-"))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  return files;
}

/* What a sidecar holds of the annotations @first and the @n - 1 after it, each with the number of
 * its revision as its note; none when that is 0. */
static PostilSnapshot *
make_part (PostilText *text, guint first, guint n, guint revision)
{
  g_autoptr (GPtrArray) annotations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (GPtrArray) annotators =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autofree char *words = g_strdup_printf ("%u", revision);
  g_autoptr (PostilNote) note = postil_note_new (words, CREATOR, 1000, NULL);

  for (guint i = first; revision > 0 && i < first + n; i++)
    {
      g_autofree char *id = g_strdup_printf (UUID "%012x", i);
      PostilSpan span = { 4, 7 };

      g_ptr_array_add (annotations, postil_annotation_new (&(PostilAnnotationFields){
                                      .id = id,
                                      .creator = CREATOR,
                                      .created = 1000,
                                      .spans = &span,
                                      .n_spans = 1,
                                      .notes = &note,
                                      .n_notes = 1,
                                    }));
    }
  g_ptr_array_add (annotators, postil_annotator_new (CREATOR, "Annotator 1", NULL));
  index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  return postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) UUID "0000000000fe",
    .collection = (char *) UUID "0000000000ff",
    .label = (char *) "talk.txt",
    .text = text,
    .annotations = index,
    .annotators = annotators,
  });
}

static gboolean
try_append (PostilJournal *journal,
            PostilText *text,
            guint id,
            guint before,
            guint after,
            guint64 *position,
            GError **error)
{
  g_autoptr (PostilSnapshot) part_before = make_part (text, id, 1, before);
  g_autoptr (PostilSnapshot) part_after = make_part (text, id, 1, after);

  return postil_journal_append (journal, part_before, part_after, position, error);
}

static guint64
append (Fixture *fixture, PostilJournal *journal, guint id, guint before, guint after)
{
  g_autoptr (GError) error = NULL;
  guint64 position = 0;

  g_assert_true (try_append (journal, fixture->text, id, before, after, &position, &error));
  g_assert_no_error (error);
  return position;
}

static void
flush (PostilJournal *journal)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_journal_flush (journal, &error));
  g_assert_no_error (error);
}

static void
forget (PostilJournal *journal, guint64 position)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_journal_forget (journal, position, &error));
  g_assert_no_error (error);
}

/* "ID:REVISION …" */
static char *
describe (PostilSnapshot *snapshot)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  GString *description = g_string_new (NULL);

  if (snapshot == NULL)
    {
      g_string_append (description, "nothing");
      return g_string_free (description, FALSE);
    }
  for (guint i = 0; i < postil_annotation_index_get_size (snapshot->annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, i);
      guint n_notes;
      PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);
      guint64 id =
        g_ascii_strtoull (postil_annotation_get_id (annotation) + strlen (UUID), NULL, 16);

      g_assert_cmpuint (n_notes, ==, 1);
      g_string_append_printf (description, "%s%u:%s", i > 0 ? " " : "", (guint) id,
                              postil_note_get_text (notes[0]));
    }
  return g_string_free (description, FALSE);
}

static void
assert_read_with (PostilJournal *journal,
                  PostilSnapshot *current,
                  const char *expected_before,
                  const char *expected_after)
{
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *description_before = NULL;
  g_autofree char *description_after = NULL;

  g_assert_true (postil_journal_read (journal, current, postil_test_get_environment (), &before,
                                      &after, NULL, &error));
  g_assert_no_error (error);
  description_before = describe (before);
  description_after = describe (after);
  g_assert_cmpstr (description_before, ==, expected_before);
  g_assert_cmpstr (description_after, ==, expected_after);
}

/* The sidecar has all of them, as no record knows them. */
static void
assert_read (Fixture *fixture, PostilJournal *journal, const char *before, const char *after)
{
  g_autoptr (PostilSnapshot) current = make_part (fixture->text, 1, 20, 77);

  assert_read_with (journal, current, before, after);
}

static GPtrArray *
claim (Fixture *fixture)
{
  return postil_journal_claim_left (fixture->store, fixture->document);
}

static void
test_round (Fixture *fixture, gconstpointer data)
{
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
  g_autofree char *folder = postil_store_find_path (fixture->store, fixture->document, NULL);
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) files = NULL;
  guint64 position;

  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  flush (journal);
  forget (journal, G_MAXUINT64);
  assert_read (fixture, journal, "nothing", "nothing");
  position = append (fixture, journal, 1, 0, 1);
  g_assert_cmpuint (append (fixture, journal, 1, 1, 2), >, position);
  append (fixture, journal, 2, 0, 1);
  append (fixture, journal, 3, 1, 0);
  append (fixture, journal, 4, 0, 1);
  append (fixture, journal, 4, 1, 0);
  append (fixture, journal, 5, 7, 0);
  append (fixture, journal, 5, 0, 8);
  flush (journal);
  assert_read (fixture, journal, "3:1 5:7", "1:2 2:1 5:8");

  /* As long as it is there nobody else takes it for left. */
  none = claim (fixture);
  g_assert_cmpuint (none->len, ==, 0);
  g_object_unref (journal);
  left = claim (fixture);
  g_assert_cmpuint (left->len, ==, 1);
  assert_read (fixture, left->pdata[0], "3:1 5:7", "1:2 2:1 5:8");
  g_clear_pointer (&none, g_ptr_array_unref);
  none = claim (fixture);
  g_assert_cmpuint (none->len, ==, 0);

  /* What was only looked at stays; what was restored goes. */
  g_clear_pointer (&left, g_ptr_array_unref);
  left = claim (fixture);
  g_assert_cmpuint (left->len, ==, 1);
  forget (left->pdata[0], position);
  assert_read (fixture, left->pdata[0], "1:1 3:1 5:7", "1:2 2:1 5:8");
  g_clear_pointer (&left, g_ptr_array_unref);
  left = claim (fixture);
  forget (left->pdata[0], G_MAXUINT64);
  files = list_files (fixture);
  g_assert_cmpuint (files->len, ==, 0);
  assert_read (fixture, left->pdata[0], "nothing", "nothing");
}

/* Where the sidecar already has what some record made, only what came after is to be merged. */
static void
test_met (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint revision;
    const char *before;
    const char *after;
  } cases[] = {
    { 1, "1:1", "1:3" }, { 2, "1:2", "1:3" }, { 3, "1:3", "1:3" },
    { 9, "1:1", "1:3" }, { 0, "1:1", "1:3" },
  };
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (PostilJournal) other = postil_journal_new (fixture->store, fixture->document);

  append (fixture, journal, 1, 1, 2);
  append (fixture, journal, 1, 2, 3);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilSnapshot) current = make_part (fixture->text, 1, 1, cases[i].revision);

      assert_read_with (journal, current, cases[i].before, cases[i].after);
    }
  {
    g_autoptr (PostilSnapshot) without = make_part (fixture->text, 1, 1, 0);

    append (fixture, other, 1, 1, 0);
    append (fixture, other, 1, 0, 2);
    assert_read_with (other, without, "", "1:2");
  }
}

static void
test_forget (Fixture *fixture, gconstpointer data)
{
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) files = NULL;
  guint64 one = append (fixture, journal, 1, 0, 1);
  guint64 two = append (fixture, journal, 2, 0, 1);
  guint64 three;
  struct stat status;

  forget (journal, one);
  assert_read (fixture, journal, "", "2:1");
  forget (journal, 0);
  assert_read (fixture, journal, "", "2:1");
  forget (journal, two);
  assert_read (fixture, journal, "nothing", "nothing");
  files = list_files (fixture);
  g_assert_cmpuint (files->len, ==, 1);
  g_assert_cmpint (stat (files->pdata[0], &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0600);

  three = append (fixture, journal, 3, 0, 1);
  g_assert_cmpuint (three, >, two);
  forget (journal, two);
  assert_read (fixture, journal, "", "3:1");
  flush (journal);
  forget (journal, three);
  g_object_unref (journal);
  g_clear_pointer (&files, g_ptr_array_unref);
  files = list_files (fixture);
  g_assert_cmpuint (files->len, ==, 0);
}

/* A journal in which something always waits does not grow without end. */
static void
test_forget_moves (Fixture *fixture, gconstpointer data)
{
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (PostilSnapshot) large = make_part (fixture->text, 1, 5000, 1);
  g_autoptr (PostilSnapshot) none = make_part (fixture->text, 1, 0, 0);
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) nobody = NULL;
  guint64 position = 0;

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (GPtrArray) files = NULL;
      g_autoptr (GError) error = NULL;
      struct stat status;

      g_assert_true (postil_journal_append (journal, large, none, &position, &error));
      append (fixture, journal, i, 0, 1);
      forget (journal, position);
      files = list_files (fixture);
      g_assert_cmpuint (files->len, ==, 1);
      g_assert_cmpint (stat (files->pdata[0], &status), ==, 0);
      g_assert_cmpint (status.st_size, <, 9 * 1000 * 1000);
      nobody = claim (fixture);
      g_assert_cmpuint (nobody->len, ==, 0);
      g_clear_pointer (&nobody, g_ptr_array_unref);
    }
  g_assert_cmpuint (position, >, 9 * 1000 * 1000);
  assert_read (fixture, journal, "", "11:1");
  g_object_unref (journal);
  left = claim (fixture);
  g_assert_cmpuint (left->len, ==, 1);
}

/* The end of a process or a machine may cut the file anywhere. */
static void
test_torn (Fixture *fixture, gconstpointer data)
{
  static const char *const expected[] = { "nothing", "1:1", "1:1 2:1", "1:1 2:1 3:1" };
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *bytes = NULL;
  guint64 ends[4] = { 0 };
  gsize n_bytes;

  for (guint i = 1; i <= 3; i++)
    ends[i] = append (fixture, journal, i, 0, 1);
  g_object_unref (journal);
  files = list_files (fixture);
  g_assert_true (g_file_get_contents (files->pdata[0], &bytes, &n_bytes, NULL));
  g_assert_cmpuint (n_bytes, ==, ends[3]);

  for (gsize i = 1, n_whole = 0; i <= n_bytes; i++)
    {
      g_autoptr (GPtrArray) left = NULL;

      n_whole += i == ends[n_whole + 1];
      write_file (files->pdata[0], bytes, i);
      left = claim (fixture);
      g_assert_cmpuint (left->len, ==, 1);
      assert_read (fixture, left->pdata[0], n_whole > 0 ? "" : "nothing", expected[n_whole]);
      if (i == n_bytes)
        break;
    }

  /* Nothing at all is no work, and goes. */
  {
    g_autoptr (GPtrArray) left = NULL;

    write_file (files->pdata[0], "", 0);
    left = claim (fixture);
    g_assert_cmpuint (left->len, ==, 0);
    g_assert_false (g_file_test (files->pdata[0], G_FILE_TEST_EXISTS));
  }
}

/* A damaged record takes no other with it. */
static void
test_flipped (Fixture *fixture, gconstpointer data)
{
  static const char *const expected[] = { "2:1 3:1", "1:1 3:1", "1:1 2:1" };
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *bytes = NULL;
  guint64 ends[3];
  gsize n_bytes;

  for (guint i = 0; i < 3; i++)
    ends[i] = append (fixture, journal, i + 1, 0, 1);
  g_object_unref (journal);
  files = list_files (fixture);
  g_assert_true (g_file_get_contents (files->pdata[0], &bytes, &n_bytes, NULL));

  for (gsize i = 0, hit = 0; i < n_bytes; i++)
    {
      g_autoptr (GPtrArray) left = NULL;

      hit += i == ends[hit];
      bytes[i] ^= 1 << (i % 8);
      write_file (files->pdata[0], bytes, n_bytes);
      bytes[i] ^= 1 << (i % 8);
      left = claim (fixture);
      g_assert_cmpuint (left->len, ==, 1);
      assert_read (fixture, left->pdata[0], "", expected[hit]);
    }
}

/* Whatever call fails, what was acknowledged can be read back, and nothing that was not. */
static void
run_with_faults (Fixture *fixture, int number, gboolean halves)
{
  faulty_io.number = number;
  faulty_io.short_writes = halves;
  for (int call = 1;; call++)
    {
      PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autoptr (GPtrArray) left = NULL;
      g_autoptr (GPtrArray) files = NULL;
      guint64 positions[6] = { 0 };
      gboolean over;

      faulty_io.countdown = call;
      for (guint i = 0; i < G_N_ELEMENTS (positions); i++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GError) flush_error = NULL;
          gboolean added = try_append (journal, fixture->text, i + 1, 0, 1, &positions[i], &error);

          g_assert_true (added == (error == NULL));
          g_assert_true (added || (error->domain == G_FILE_ERROR && number != EINTR));
          if (added)
            g_string_append_printf (expected, "%s%u:1", expected->len > 0 ? " " : "", i + 1);
          else
            g_assert_null (strchr (error->message, '\n'));
          g_assert_true (postil_journal_flush (journal, &flush_error) == (flush_error == NULL));
          if (i == 2)
            {
              g_autoptr (GError) forget_error = NULL;

              /* Whether the disk could be told or not, this is not waited for any more. */
              g_assert_true (postil_journal_forget (journal, G_MAXUINT64, &forget_error) ==
                             (forget_error == NULL));
              g_string_truncate (expected, 0);
            }
        }
      over = faulty_io.countdown > 0;
      faulty_io.countdown = 0;
      flush (journal);
      g_object_unref (journal);

      left = claim (fixture);
      if (expected->len > 0)
        {
          g_autoptr (PostilSnapshot) current = make_part (fixture->text, 99, 1, 1);
          g_autoptr (PostilSnapshot) before = NULL;
          g_autoptr (PostilSnapshot) after = NULL;
          g_autoptr (GError) error = NULL;
          g_autofree char *description = NULL;

          g_assert_cmpuint (left->len, >, 0);
          g_assert_true (postil_journal_read (left->pdata[left->len - 1], current,
                                              postil_test_get_environment (), &before, &after, NULL,
                                              &error));
          g_assert_no_error (error);
          description = describe (after);
          g_assert_true (g_str_has_suffix (description, expected->str));
        }
      for (guint i = 0; i < left->len; i++)
        forget (left->pdata[i], G_MAXUINT64);
      g_clear_pointer (&left, g_ptr_array_unref);
      files = list_files (fixture);
      g_assert_cmpuint (files->len, ==, 0);
      postil_test_remove_all (fixture->parent);
      g_assert_cmpint (g_mkdir (fixture->parent, 0700), ==, 0);
      if (over)
        break;
    }
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const int numbers[] = { ENOSPC, EIO, EACCES, EDQUOT, EROFS, EINTR, ENOLCK };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    run_with_faults (fixture, numbers[i], FALSE);
}

static void
test_short_writes (Fixture *fixture, gconstpointer data)
{
  run_with_faults (fixture, ENOSPC, TRUE);
}

/* One write a record, and no other call that waits for the disk. */
static void
test_one_write (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);

  append (fixture, journal, 1, 0, 1);
  faulty_io.n_writes = 0;
  append (fixture, journal, 2, 0, 1);
  g_assert_cmpuint (faulty_io.n_writes, ==, 1);
}

/* After a flush that failed the kernel may have dropped what it could not write, and a second one
 * would succeed. */
static void
test_flush_again (Fixture *fixture, gconstpointer data)
{
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GPtrArray) moved = NULL;
  g_autoptr (GPtrArray) left = NULL;
  struct stat before, after;
  g_autoptr (GError) error = NULL;

  append (fixture, journal, 1, 0, 1);
  flush (journal);
  append (fixture, journal, 2, 0, 1);
  files = list_files (fixture);
  g_assert_cmpint (stat (files->pdata[0], &before), ==, 0);
  faulty_io.number = EIO;
  /* After fstat. */
  faulty_io.countdown = 2;
  g_assert_false (postil_journal_flush (journal, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
  flush (journal);
  moved = list_files (fixture);
  g_assert_cmpuint (moved->len, ==, 1);
  g_assert_cmpint (stat (moved->pdata[0], &after), ==, 0);
  g_assert_cmpuint (after.st_ino, !=, before.st_ino);
  append (fixture, journal, 3, 0, 1);
  g_object_unref (journal);
  left = claim (fixture);
  assert_read (fixture, left->pdata[0], "", "1:1 2:1 3:1");
}

/* The data folder is deleted while work is in it. */
static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->parent, "data", NULL);

  for (guint i = 0; i < 2; i++)
    {
      PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);
      g_autoptr (GPtrArray) left = NULL;

      append (fixture, journal, 1, 0, 1);
      forget (journal, append (fixture, journal, 2, 0, 1));
      append (fixture, journal, 3, 0, 1);
      flush (journal);
      append (fixture, journal, 4, 0, 1);
      postil_test_remove_all (folder);
      if (i == 0)
        append (fixture, journal, 5, 0, 1);
      flush (journal);
      g_object_unref (journal);
      left = claim (fixture);
      g_assert_cmpuint (left->len, ==, 1);
      assert_read (fixture, left->pdata[0], "", i == 0 ? "3:1 4:1 5:1" : "3:1 4:1");
      forget (left->pdata[0], G_MAXUINT64);
    }
}

/* What a killed child said that it had done, by number: it adds annotation after annotation, says
 * so, and now and then that it saved them and is about to forget them. */
static void
be_killed (Fixture *fixture, int out, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  PostilJournal *journal = postil_journal_new (fixture->store, fixture->document);

  for (guint32 i = 1;; i++)
    {
      guint64 position = append (fixture, journal, i, 0, 1);

      if (write (out, &i, sizeof i) != sizeof i)
        _exit (1);
      if (g_rand_int_range (random, 0, 8) == 0)
        flush (journal);
      if (g_rand_int_range (random, 0, 16) == 0)
        {
          guint32 saved = i | 0x80000000;

          if (write (out, &saved, sizeof saved) != sizeof saved)
            _exit (1);
          forget (journal, position);
        }
    }
}

static guint
get_n_rounds (guint fallback)
{
  const char *rounds = g_getenv ("POSTIL_ROUNDS");

  return rounds != NULL ? g_ascii_strtoull (rounds, NULL, 10) : fallback;
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  const guint32 seed = 20260101;
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (PostilSnapshot) current = make_part (fixture->text, 0, 1, 1);
  guint n_rounds = get_n_rounds (100), n_records = 0;

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autoptr (GPtrArray) left = NULL;
      g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      guint32 said, last = 0, saved = 0;
      int ends[2], status;
      pid_t child;

      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          close (ends[0]);
          be_killed (fixture, ends[1], seed + round);
        }
      close (ends[1]);
      g_usleep (g_rand_int_range (random, 500, 8000));
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      while (read (ends[0], &said, sizeof said) == sizeof said)
        if (said & 0x80000000)
          saved = said & ~0x80000000;
        else
          last = said;
      close (ends[0]);

      left = claim (fixture);
      g_assert_cmpuint (left->len, <=, 1);
      for (guint i = 0; i < left->len; i++)
        {
          g_autoptr (PostilSnapshot) before = NULL;
          g_autoptr (PostilSnapshot) after = NULL;
          g_autoptr (GError) error = NULL;

          g_assert_true (postil_journal_read (left->pdata[i], current,
                                              postil_test_get_environment (), &before, &after, NULL,
                                              &error));
          g_assert_no_error (error);
          for (guint j = 0; after && j < postil_annotation_index_get_size (after->annotations); j++)
            g_hash_table_add (found, g_strdup (postil_annotation_get_id (
                                       postil_annotation_index_get (after->annotations, j))));
          forget (left->pdata[i], G_MAXUINT64);
        }
      for (guint32 i = saved + 1; i <= last; i++)
        {
          g_autofree char *id = g_strdup_printf (UUID "%012x", i);

          g_assert_true (g_hash_table_contains (found, id));
          n_records++;
        }
    }
  g_test_message ("%u rounds, %u records", n_rounds, n_records);
}

/* Two windows or programs: what one has open nobody takes, what one left is taken once. */
static void
test_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) again = NULL;
  int ready[2], status;
  pid_t child;
  char byte;

  append (fixture, journal, 1, 0, 1);
  g_assert_cmpint (pipe (ready), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      PostilJournal *own = postil_journal_new (fixture->store, fixture->document);
      g_autoptr (GPtrArray) others = claim (fixture);

      g_assert_cmpuint (others->len, ==, 0);
      append (fixture, own, 1, 0, 2);
      g_assert_cmpint (write (ready[1], "x", 1), ==, 1);
      g_usleep (PATIENCE * 1000);
      _exit (1);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  none = claim (fixture);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  left = claim (fixture);
  g_assert_cmpuint (left->len, ==, 1);
  assert_read (fixture, left->pdata[0], "", "1:2");
  again = claim (fixture);
  g_assert_cmpuint (again->len, ==, 0);
  assert_read (fixture, journal, "", "1:1");
  close (ready[0]);
  close (ready[1]);
}

/* What two left that changed the same is kept apart, for postil_merge() to see. */
static void
test_two_left (Fixture *fixture, gconstpointer data)
{
  PostilJournal *one = postil_journal_new (fixture->store, fixture->document);
  PostilJournal *two = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) left = NULL;

  append (fixture, one, 1, 0, 1);
  append (fixture, two, 1, 0, 2);
  g_object_unref (two);
  g_object_unref (one);
  left = claim (fixture);
  g_assert_cmpuint (left->len, ==, 2);
  assert_read (fixture, left->pdata[0], "", "1:1");
  assert_read (fixture, left->pdata[1], "", "1:2");
}

typedef struct
{
  Fixture *fixture;
  PostilJournal *journal;
  guint first;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < 200; i++)
    {
      append (worker->fixture, worker->journal, worker->first + i, 0, 1);
      if (i % 10 == 0)
        flush (worker->journal);
    }
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  Worker workers[4];
  GThread *threads[4];
  g_autoptr (PostilSnapshot) current = make_part (fixture->text, 9999, 1, 1);
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    {
      workers[i] = (Worker){ .fixture = fixture, .journal = journal, .first = 1000 * i };
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    g_thread_join (threads[i]);
  g_assert_true (postil_journal_read (journal, current, postil_test_get_environment (), &before,
                                      &after, NULL, &error));
  g_assert_cmpuint (postil_annotation_index_get_size (after->annotations), ==, 800);
}

static void
test_large (Fixture *fixture, gconstpointer data)
{
  const guint n = 100000;
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (PostilSnapshot) one = make_part (fixture->text, 0, n, 1);
  g_autoptr (PostilSnapshot) two = make_part (fixture->text, 0, n, 2);
  g_autoptr (PostilSnapshot) current = make_part (fixture->text, n, 1, 1);
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint64 position;

  g_assert_true (postil_journal_append (journal, one, two, &position, &error));
  flush (journal);
  g_assert_true (postil_journal_read (journal, current, postil_test_get_environment (), &before,
                                      &after, NULL, &error));
  g_assert_cmpuint (postil_annotation_index_get_size (before->annotations), ==, n);
  g_assert_cmpuint (postil_annotation_index_get_size (after->annotations), ==, n);
  for (guint i = 0; i < n; i += 999)
    g_assert_true (postil_annotation_equal (postil_annotation_index_get (after->annotations, i),
                                            postil_annotation_index_get (two->annotations, i)));

  g_clear_pointer (&before, postil_snapshot_unref);
  g_clear_pointer (&after, postil_snapshot_unref);
  g_cancellable_cancel (cancellable);
  g_assert_false (postil_journal_read (journal, current, postil_test_get_environment (), &before,
                                       &after, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (before);
  g_assert_null (after);
}

/* Puts a journal there that has the whole record of these two sidecars. */
static void
forge (Fixture *fixture, const char *name, const char *before, const char *after)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree char *path = postil_store_make_path (fixture->store, fixture->document, name, NULL);
  g_autofree char *head = g_strdup_printf ("Postil record 1 %016zx %016zx %64s %64s ",
                                           strlen (before), strlen (after), "x", "x");
  g_autofree char *record = NULL;

  g_checksum_update (checksum, (guchar *) head, -1);
  g_checksum_update (checksum, (guchar *) before, -1);
  g_checksum_update (checksum, (guchar *) after, -1);
  record = g_strdup_printf ("%s%s\n%s%s", head, g_checksum_get_string (checksum), before, after);
  write_file (path, record, strlen (record));
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = {
    "x",
    "Postil record 1 ffffffffffffffff ffffffffffffffff ",
    "Postil record 1 -000000000000001 0000000000000001 ",
    "Postil record 1 Postil record 1 Postil record 1 ",
  };
  g_autoptr (PostilSnapshot) current = make_part (fixture->text, 99, 1, 1);
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) bad = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *fifo = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *link = NULL;
  g_autofree char *large = g_strnfill (1000, ' ');

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *name = g_strdup_printf ("journal-%u", i);
      g_autofree char *path =
        postil_store_make_path (fixture->store, fixture->document, name, NULL);
      g_autofree char *padded = g_strconcat (contents[i], large, NULL);

      write_file (path, padded, strlen (padded));
    }
  fifo = postil_store_make_path (fixture->store, fixture->document, "journal-fifo", NULL);
  folder = postil_store_make_path (fixture->store, fixture->document, "journal-folder", NULL);
  link = postil_store_make_path (fixture->store, fixture->document, "journal-link", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("/dev/zero", link), ==, 0);
  left = claim (fixture);
  g_assert_cmpuint (left->len, ==, G_N_ELEMENTS (contents));
  for (guint i = 0; i < left->len; i++)
    {
      assert_read (fixture, left->pdata[i], "nothing", "nothing");
      forget (left->pdata[i], G_MAXUINT64);
    }

  /* What is whole but says nothing is an error, so that it is not forgotten. */
  forge (fixture, "journal-4", "{ \"id\": \"urn:x:1\", \"type\": \"AnnotationCollection\" }",
         "[[[");
  bad = claim (fixture);
  g_assert_cmpuint (bad->len, ==, 1);
  g_assert_false (postil_journal_read (bad->pdata[0], current, postil_test_get_environment (),
                                       &before, &after, NULL, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
  g_assert_null (before);
}

/* All that a sidecar can say survives the journal. */
static void
test_whole (Fixture *fixture, gconstpointer data)
{
  static const char *const sidecar =
    "{ \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"" UUID "0000000000ff\","
    "\"type\": \"AnnotationCollection\", \"label\": \"talk.txt\", \"schema:version\": \"1\","
    "\"x:more\": [1e400],"
    "\"creator\": [ { \"id\": \"" CREATOR "\", \"type\": \"Person\", \"name\": \"Annotator 1\","
    "\"x:age\": 7 } ],"
    "\"dcterms:source\": { \"id\": \"" UUID "0000000000fe\", \"type\": \"Text\","
    "\"label\": \"talk.txt\", \"format\": \"text/plain; charset=utf-8\", \"schema:sha256\":"
    "\"SHA\", \"dcterms:extent\": 13 },"
    "\"dcterms:subject\": [ { \"id\": \"" UUID "0000000000f1\", \"type\": \"skos:Concept\","
    "\"skos:prefLabel\": \"Trust\", \"schema:color\": \"#e5a50a\" }, { \"id\": \"" UUID
    "0000000000f2\", \"type\": \"skos:Concept\", \"skos:prefLabel\": \"Doubt\","
    "\"skos:broader\": { \"id\": \"" UUID "0000000000f1\" }, \"owl:deprecated\": true } ],"
    "\"first\": { \"id\": \"" UUID "0000000000ff#page\", \"type\": \"AnnotationPage\","
    "\"items\": ["
    "{ \"id\": \"" UUID "000000000001\", \"type\": \"Annotation\", \"motivation\":"
    "\"classifying\", \"dcterms:isVersionOf\": \"" UUID "000000000002\", \"x:mood\": \"blue\","
    "\"created\": \"2026-01-01T00:00:00Z\", \"creator\": \"" CREATOR "\","
    "\"body\": [ { \"type\": \"SpecificResource\", \"purpose\": \"classifying\", \"source\": "
    "\"" UUID "0000000000f2\" } ],"
    "\"target\": { \"type\": \"SpecificResource\", \"source\": \"" UUID "0000000000fe\","
    "\"selector\": [ { \"type\": \"TextPositionSelector\", \"start\": 4, \"end\": 7 },"
    "{ \"type\": \"TextQuoteSelector\", \"exact\": \"two\" } ],"
    "\"schema:creativeWorkStatus\": \"moved\", \"dcterms:replaces\": { \"type\":"
    "\"SpecificResource\", \"source\": \"" UUID "0000000000fe\", \"schema:sha256\": \"abc\","
    "\"selector\": [ { \"type\": \"TextQuoteSelector\", \"exact\": \"2\" } ] } } },"
    "{ \"id\": \"" UUID "000000000003\", \"type\": \"Annotation\", \"motivation\": \"x:odd\","
    "\"target\": { \"x\": 1 } } ] } }";
  g_auto (GStrv) parts = g_strsplit (sidecar, "SHA", -1);
  g_autofree char *bytes = g_strjoinv (postil_text_get_sha256 (fixture->text), parts);
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (PostilSnapshot) none = make_part (fixture->text, 0, 0, 0);
  g_autoptr (PostilSnapshot) all = NULL;
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (GError) error = NULL;

  all = postil_sidecar_read (bytes, strlen (bytes), "talk", "talk.txt", fixture->text,
                             postil_test_get_environment (), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (postil_annotation_index_get_size (all->annotations), ==, 2);
  g_assert_true (postil_journal_append (journal, none, all, NULL, &error));
  g_assert_true (postil_journal_read (journal, none, postil_test_get_environment (), &before,
                                      &after, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (after->id, ==, all->id);
  g_assert_cmpstr (after->collection, ==, all->collection);
  g_assert_true (postil_foreign_equal (after->foreign, all->foreign));
  g_assert_true (after->text == fixture->text);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (postil_annotation_equal (postil_annotation_index_get (after->annotations, i),
                                              postil_annotation_index_get (all->annotations, i)));
      g_assert_true (postil_topic_equal (after->topics->pdata[i], all->topics->pdata[i]));
    }
  g_assert_cmpuint (postil_annotation_index_get_size (before->annotations), ==, 0);
  g_assert_cmpuint (before->topics->len, ==, 0);
  g_assert_cmpuint (after->annotators->len, ==, 1);
  g_assert_true (postil_foreign_equal (postil_annotator_get_foreign (after->annotators->pdata[0]),
                                       postil_annotator_get_foreign (all->annotators->pdata[0])));

  /* A topic that is no longer mentioned was not deleted. */
  g_clear_pointer (&before, postil_snapshot_unref);
  g_clear_pointer (&after, postil_snapshot_unref);
  forget (journal, G_MAXUINT64);
  g_assert_true (postil_journal_append (journal, all, none, NULL, &error));
  g_assert_true (postil_journal_read (journal, all, postil_test_get_environment (), &before, &after,
                                      NULL, &error));
  g_assert_cmpuint (postil_annotation_index_get_size (after->annotations), ==, 0);
  g_assert_cmpuint (postil_annotation_index_get_size (before->annotations), ==, 2);
  g_assert_cmpuint (after->topics->len, ==, 2);
}

/* Work that was done on a text which has changed since is found in the new one. */
static void
test_other_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilText) changed = make_text ("zero one two three");
  g_autoptr (PostilText) unrelated = make_text ("nothing");

  for (guint kept = 0; kept < 2; kept++)
    {
      g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
      g_autoptr (PostilSnapshot) current = make_part (changed, 99, 0, 0);
      g_autoptr (PostilSnapshot) elsewhere = make_part (unrelated, 99, 0, 0);
      g_autoptr (PostilSnapshot) before = NULL;
      g_autoptr (PostilSnapshot) after = NULL;
      g_autoptr (PostilSnapshot) lost = NULL;
      g_autoptr (GError) error = NULL;
      PostilAnnotation *annotation;
      guint n_spans;

      if (kept)
        g_assert_true (postil_store_keep_text (fixture->store, fixture->text, NULL, &error));
      append (fixture, journal, 1, 1, 2);
      append (fixture, journal, 1, 2, 3);
      append (fixture, journal, 2, 0, 1);
      g_assert_true (postil_journal_read (journal, current, postil_test_get_environment (), &before,
                                          &after, NULL, &error));
      g_assert_no_error (error);
      g_assert_true (after->text == changed);
      g_assert_cmpuint (postil_annotation_index_get_size (before->annotations), ==, 1);
      g_assert_cmpuint (postil_annotation_index_get_size (after->annotations), ==, 2);
      for (guint i = 0; i < 2; i++)
        {
          annotation = postil_annotation_index_get (after->annotations, i);
          g_assert_cmpuint (postil_annotation_get_extent (annotation).start, ==, 9);
          g_assert_cmpuint (postil_annotation_get_extent (annotation).end, ==, 12);
        }

      /* It is never dropped, whatever became of the text. */
      g_clear_pointer (&before, postil_snapshot_unref);
      g_assert_true (postil_journal_read (journal, elsewhere, postil_test_get_environment (),
                                          &before, &lost, NULL, &error));
      g_assert_cmpuint (postil_annotation_index_get_size (lost->annotations), ==, 2);
      annotation = postil_annotation_index_get (lost->annotations, 0);
      postil_annotation_get_spans (annotation, &n_spans);
      g_assert_cmpuint (n_spans, ==, 0);
      g_assert_cmpint (postil_annotation_get_status (annotation), ==, POSTIL_STATUS_ORPHANED);
    }
}

/* A codebook's file has no text. */
static void
test_codebook (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (PostilSnapshot) without = NULL;
  g_autoptr (PostilSnapshot) with = NULL;
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (
    topics, postil_topic_new (&(PostilTopicFields){ .id = UUID "0000000000f1", .label = "Trust" }));
  without = postil_snapshot_new (
    &(PostilSnapshot){ .collection = (char *) UUID "0000000000ff", .label = (char *) "Codebook" });
  with = postil_snapshot_new (&(PostilSnapshot){
    .collection = (char *) UUID "0000000000ff", .label = (char *) "Codebook", .topics = topics });
  g_assert_true (postil_journal_append (journal, without, with, NULL, &error));
  g_assert_true (postil_journal_read (journal, without, postil_test_get_environment (), &before,
                                      &after, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (after->text);
  g_assert_cmpuint (before->topics->len, ==, 0);
  g_assert_cmpuint (after->topics->len, ==, 1);
  g_assert_true (postil_topic_equal (after->topics->pdata[0], topics->pdata[0]));
}

/* As restoring does it. */
static void
test_merged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilJournal) journal = postil_journal_new (fixture->store, fixture->document);
  g_autoptr (PostilSnapshot) disk = make_part (fixture->text, 1, 4, 1);
  g_autoptr (PostilSnapshot) before = NULL;
  g_autoptr (PostilSnapshot) after = NULL;
  g_autoptr (PostilSnapshot) merged = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *description = NULL;
  guint n_conflicts;

  append (fixture, journal, 2, 1, 5);
  append (fixture, journal, 3, 1, 0);
  append (fixture, journal, 7, 0, 1);
  g_assert_true (postil_journal_read (journal, disk, postil_test_get_environment (), &before,
                                      &after, NULL, &error));
  merged = postil_merge (before, after, disk, &n_conflicts);
  description = describe (merged);
  g_assert_cmpstr (description, ==, "1:1 2:5 4:1 7:1");
  g_assert_cmpuint (n_conflicts, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/storage/journal/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("round", test_round);
  ADD ("met", test_met);
  ADD ("forget", test_forget);
  ADD ("forget-moves", test_forget_moves);
  ADD ("torn", test_torn);
  ADD ("flipped", test_flipped);
  ADD ("faults", test_faults);
  ADD ("short-writes", test_short_writes);
  ADD ("one-write", test_one_write);
  ADD ("flush-again", test_flush_again);
  ADD ("gone", test_gone);
  ADD ("killed", test_killed);
  ADD ("processes", test_processes);
  ADD ("two-left", test_two_left);
  ADD ("threads", test_threads);
  ADD ("large", test_large);
  ADD ("hostile", test_hostile);
  ADD ("whole", test_whole);
  ADD ("other-text", test_other_text);
  ADD ("codebook", test_codebook);
  ADD ("merged", test_merged);

  return g_test_run ();
}
