/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "faulty-io.h"
#include "postil-error.h"
#include "postil-store-private.h"
#include "postil-test.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* A store in a folder that is not there yet. */
typedef struct
{
  char *parent;
  char *folder;
  char *document;
  PostilStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->parent = g_dir_make_tmp ("postil-XXXXXX", NULL);
  fixture->folder = g_build_filename (fixture->parent, "data", "postil", NULL);
  fixture->document = g_build_filename (fixture->parent, "talk é.txt", NULL);
  fixture->store = postil_store_new (fixture->folder, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->store);
  postil_test_remove_all (fixture->parent);
  g_free (fixture->parent);
  g_free (fixture->folder);
  g_free (fixture->document);
}

static PostilText *
make_text (const char *utf8)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, utf8, -1);

  return postil_text_new (
    g_strdup (utf8), strlen (utf8),
    &(PostilTextOrigin){ .charset = "windows-1252", .sha256 = sha256, .n_ill_formed = 3 });
}

static char *
find_file (Fixture *fixture, const char *folder, const char *name, const char *ending)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);

  return g_build_filename (fixture->folder, folder, file, NULL);
}

static void
keep_text (Fixture *fixture, PostilText *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_store_keep_text (fixture->store, text, NULL, &error));
  g_assert_no_error (error);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_path (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = postil_store_find_path (fixture->store, fixture->document, "x");
  g_autofree char *path = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;
  g_autofree char *roundabout = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *about = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *uri = g_filename_to_uri (fixture->document, NULL, NULL);
  struct stat status;

  /* Looking makes nothing. */
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  path = postil_store_make_path (fixture->store, fixture->document, "x", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, found);
  g_assert_true (g_str_has_prefix (path, fixture->folder));
  folder = g_path_get_dirname (path);
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
  g_assert_cmpint (stat (fixture->folder, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0700);

  about = g_build_filename (folder, "document", NULL);
  g_assert_true (g_file_get_contents (about, &contents, NULL, NULL));
  g_assert_cmpstr (g_strchomp (contents), ==, uri);

  roundabout = g_build_filename (fixture->parent, ".", "x", "..", "talk é.txt", NULL);
  again = postil_store_make_path (fixture->store, roundabout, "x", &error);
  g_assert_cmpstr (again, ==, path);
  other = postil_store_make_path (fixture->store, fixture->folder, "x", &error);
  g_assert_cmpstr (other, !=, path);
}

static void
test_path_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_build_filename (fixture->parent, "data", NULL);

  /* A file is where the folder should be. */
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_null (postil_store_make_path (fixture->store, fixture->document, "x", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "", "one two three\n", "é 😀\r\n\xef\xbf\xbd\n\n4\n",
                                       "Postil text 1\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PostilText) text = make_text (texts[i]);
      const char *sha256 = postil_text_get_sha256 (text);
      g_autoptr (PostilText) copy = postil_store_load_text (fixture->store, sha256);

      g_assert_null (copy);
      keep_text (fixture, text);
      copy = postil_store_load_text (fixture->store, sha256);
      g_assert_nonnull (copy);
      g_assert_cmpstr (postil_text_get_utf8 (copy, NULL), ==, texts[i]);
      g_assert_cmpstr (postil_text_get_charset (copy), ==, "windows-1252");
      g_assert_cmpstr (postil_text_get_sha256 (copy), ==, sha256);
      g_assert_cmpuint (postil_text_get_n_ill_formed (copy), ==, 3);
    }
}

static void
test_text_used (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilText) text = make_text ("one two three");
  g_autoptr (PostilText) copy = NULL;
  g_autofree char *path = find_file (fixture, "texts", postil_text_get_sha256 (text), ".gz");
  const struct utimbuf long_ago = { 1000, 1000 };
  struct stat before, after;

  keep_text (fixture, text);
  g_assert_cmpint (stat (path, &before), ==, 0);
  g_assert_cmpuint (before.st_mode & 07777, ==, 0600);
  g_assert_cmpint (utime (path, &long_ago), ==, 0);
  keep_text (fixture, text);
  g_assert_cmpint (stat (path, &after), ==, 0);
  g_assert_cmpuint (after.st_ino, ==, before.st_ino);
  g_assert_cmpint (after.st_mtime, >, 1000);

  g_assert_cmpint (utime (path, &long_ago), ==, 0);
  copy = postil_store_load_text (fixture->store, postil_text_get_sha256 (text));
  g_assert_nonnull (copy);
  g_assert_cmpint (stat (path, &after), ==, 0);
  g_assert_cmpint (after.st_mtime, >, 1000);
}

/* A text that cannot be compressed to less than about its size, and another one for each seed. */
static char *
make_noise (gsize n, guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  char *noise = g_malloc (n + 1);

  for (gsize i = 0; i < n; i++)
    noise[i] = g_rand_int_range (random, 0x20, 0x7f);
  noise[n] = '\0';
  g_rand_free (random);
  return noise;
}

static void
test_text_bounds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "texts", NULL);
  g_autofree char *fresh = g_build_filename (folder, ".postil-1-1.tmp", NULL);
  g_autofree char *abandoned = g_build_filename (folder, ".postil-1-2.tmp", NULL);
  g_autoptr (PostilText) huge = NULL;
  PostilText *texts[5];

  fixture->store->max_text_bytes = 28000;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *noise = make_noise (10000, i);
      g_autofree char *path = NULL;
      struct utimbuf time = { 1000 + i, 1000 + i };

      texts[i] = make_text (noise);
      path = find_file (fixture, "texts", postil_text_get_sha256 (texts[i]), ".gz");
      keep_text (fixture, texts[i]);
      g_assert_cmpint (utime (path, &time), ==, 0);
      /* The first one is used again and again. */
      if (i == 0)
        {
          g_assert_true (g_file_set_contents (fresh, "x", 1, NULL));
          g_assert_true (g_file_set_contents (abandoned, "x", 1, NULL));
          g_assert_cmpint (utime (abandoned, &time), ==, 0);
        }
      keep_text (fixture, texts[0]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PostilText) copy =
        postil_store_load_text (fixture->store, postil_text_get_sha256 (texts[i]));

      if (i == 1 || i == 2)
        g_assert_null (copy);
      else
        g_assert_nonnull (copy);
      postil_text_unref (texts[i]);
    }
  g_assert_true (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (abandoned, G_FILE_TEST_EXISTS));

  /* What alone is too much is not kept, and takes no room from others. */
  {
    g_autofree char *noise = make_noise (60000, 9);
    guint n = count_files (folder);

    huge = make_text (noise);
    keep_text (fixture, huge);
    g_assert_cmpuint (count_files (folder), ==, n);
  }
}

/* Every way in which a byte may be wrong or missing. */
static void
test_text_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilText) text = make_text ("one two three, one two three");
  const char *sha256 = postil_text_get_sha256 (text);
  g_autofree char *path = find_file (fixture, "texts", sha256, ".gz");
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  keep_text (fixture, text);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  for (gsize i = 0; i < n_bytes; i++)
    {
      g_autoptr (PostilText) cut = NULL;
      g_autoptr (PostilText) flipped = NULL;
      g_autoptr (PostilText) longer = NULL;
      g_autofree char *copy = g_memdup2 (bytes, n_bytes);

      g_assert_true (g_file_set_contents (path, bytes, i, NULL));
      cut = postil_store_load_text (fixture->store, sha256);
      g_assert_null (cut);

      /* Some bits of the header of gzip mean nothing. */
      copy[i] ^= 1 << (i % 8);
      g_assert_true (g_file_set_contents (path, copy, n_bytes, NULL));
      flipped = postil_store_load_text (fixture->store, sha256);
      if (flipped != NULL)
        {
          g_assert_cmpuint (i, <, 10);
          g_assert_cmpstr (postil_text_get_utf8 (flipped, NULL), ==,
                           postil_text_get_utf8 (text, NULL));
        }
      else
        g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
      g_remove (path);
    }

  /* It can be kept again. */
  keep_text (fixture, text);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_text_hostile (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "", "../../../etc/passwd", "abc",
    "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF01234567"
    "89"
  };
  static const char *const contents[] = {
    "",
    "Postil text 1\n",
    "Postil text 1\nUTF-8\nSHA\n0\n\xff",
    "Postil text 1\nUTF-8\nSHA\n-1\nx",
    "Postil text 1\nUTF-8\nSHA\n99999999999999999999\nx",
    "Postil text 1\nUTF-8\n0\n0\nx",
    "Postil text 2\nUTF-8\nSHA\n0\nx",
    "Postil text 1\n\xc3\xa9\nSHA\n0\nx",
    "\n\n\n\n",
  };
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "x", -1);
  g_autofree char *path = find_file (fixture, "texts", sha256, ".gz");
  g_autofree char *folder = postil_store_make_folder (fixture->store, "texts", NULL);
  g_autofree char *zeros = g_malloc0 (50 * 1024 * 1024);
  g_autoptr (GBytes) bomb = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (postil_store_load_text (fixture->store, names[i]));
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_auto (GStrv) parts = g_strsplit (contents[i], "SHA", -1);
      g_autofree char *header = g_strjoinv (sha256, parts);
      g_autoptr (GBytes) packed = postil_store_pack (header, "", 0, NULL, NULL);

      g_assert_true (g_file_set_contents (path, g_bytes_get_data (packed, NULL),
                                          g_bytes_get_size (packed), NULL));
      g_assert_null (postil_store_load_text (fixture->store, sha256));
    }

  bomb = postil_store_pack ("", zeros, 50 * 1024 * 1024, NULL, NULL);
  g_assert_true (
    g_file_set_contents (path, g_bytes_get_data (bomb, NULL), g_bytes_get_size (bomb), NULL));
  g_assert_null (postil_store_load_text (fixture->store, sha256));

  g_remove (path);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (postil_store_load_text (fixture->store, sha256));
  g_remove (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (postil_store_load_text (fixture->store, sha256));
}

static void
test_text_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilText) text = make_text ("one two three");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (postil_store_keep_text (fixture->store, text, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (postil_store_load_text (fixture->store, postil_text_get_sha256 (text)));
}

typedef struct
{
  const char *label;
  gint64 ages[16];
  const char *kept;
} ThinCase;

static void
test_thin (void)
{
  /* Looked at from 12:35, late in a week and in a period of 30 days. */
  static const ThinCase cases[] = {
    { "few", { 0, 1, 2, 3 }, "1111" },
    { "the newest", { 0, 1, 2, 3, 4, 5, 6 }, "1111000" },
    { "the last of ten minutes",
      { 0, 1, 5 * MINUTE, 11 * MINUTE, 12 * MINUTE, 23 * MINUTE, 29 * MINUTE },
      "1111010" },
    { "the last of an hour",
      { 0, 36 * MINUTE, 37 * MINUTE, 95 * MINUTE, 96 * MINUTE, 3 * HOUR, 4 * HOUR, 5 * HOUR },
      "11111100" },
    { "the last of a day",
      { 0, DAY, DAY + 1, 2 * DAY, 2 * DAY + HOUR, 3 * DAY, 4 * DAY, 4 * DAY + 1 },
      "11111110" },
    { "pauses do not count",
      { 0, 400 * DAY, 400 * DAY + HOUR, 500 * DAY, 600 * DAY, 700 * DAY, 800 * DAY },
      "1111110" },
    { "clocks set back", { 0, -5, -DAY, 3 }, "1111" },
    { "one", { 0 }, "1" },
  };
  const gint64 now = 1767225600 + 5 * DAY + 12 * HOUR + 35 * MINUTE;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = strlen (cases[i].kept);
      gint64 times[16];
      gboolean keep[16];
      char kept[17] = "";

      g_test_message ("%s", cases[i].label);
      for (guint j = 0; j < n; j++)
        times[j] = now - cases[i].ages[j];
      postil_store_thin (times, n, keep);
      for (guint j = 0; j < n; j++)
        kept[j] = keep[j] ? '1' : '0';
      g_assert_cmpstr (kept, ==, cases[i].kept);
    }
  postil_store_thin (NULL, 0, NULL);
}

/* A year of work thinned after each save leaves what is left of all of it. */
static void
test_thin_often (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260101);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 now = 1767225600;

  while (now < 1767225600 + 365 * DAY)
    {
      gboolean keep[POSTIL_STORE_MAX_VERSIONS + 1];
      g_autofree gboolean *keep_of_all = NULL;
      guint n = 0;

      g_array_insert_val (all, 0, now);
      g_array_insert_val (times, 0, now);
      g_assert_cmpuint (times->len, <=, G_N_ELEMENTS (keep));
      postil_store_thin ((gint64 *) times->data, times->len, keep);
      for (guint i = times->len; i > 0; i--)
        if (!keep[i - 1])
          g_array_remove_index (times, i - 1);

      keep_of_all = g_new (gboolean, all->len);
      postil_store_thin ((gint64 *) all->data, all->len, keep_of_all);
      for (guint i = 0; i < all->len; i++)
        if (keep_of_all[i])
          {
            g_assert_cmpint (g_array_index (times, gint64, n), ==, g_array_index (all, gint64, i));
            n++;
          }
      g_assert_cmpuint (times->len, ==, n);
      now += g_rand_int_range (random, 0, 20) != 0 ? g_rand_int_range (random, 1, 600)
                                                   : g_rand_int_range (random, HOUR, 9 * DAY);
    }
  g_test_message ("%u saves", all->len);
}

static void
keep_version (Fixture *fixture, const char *bytes, gint64 time)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_store_keep_version (fixture->store, fixture->document, bytes,
                                            strlen (bytes), time, NULL, &error));
  g_assert_no_error (error);
}

static GPtrArray *
list_versions (Fixture *fixture)
{
  return postil_store_list_versions (fixture->store, fixture->document);
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = { "one", "two", "two", "three", "", "one" };
  static const char *const expected[] = { "one", "", "three", "two" };
  static const gint64 times[] = { 500, 400, 300, 100 };
  g_autoptr (GPtrArray) versions = list_versions (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (versions->len, ==, 0);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    keep_version (fixture, contents[i], i < 2 ? 100 : 100 * i);

  /* The first one goes, being neither one of the newest nor the last of its time. */
  g_clear_pointer (&versions, g_ptr_array_unref);
  versions = list_versions (fixture);
  g_assert_cmpuint (versions->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < versions->len; i++)
    {
      const PostilVersion *version = versions->pdata[i];
      g_autoptr (GBytes) bytes =
        postil_store_load_version (fixture->store, fixture->document, version->name, &error);

      g_assert_no_error (error);
      g_assert_cmpint (version->time, ==, times[i]);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected[i],
                       strlen (expected[i]));
    }
}

static void
test_versions_bounds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) versions = NULL;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *contents = g_strdup_printf ("%u", i);

      keep_version (fixture, contents, 1000000000 + i * (gint64) DAY);
    }
  versions = list_versions (fixture);
  g_assert_cmpuint (versions->len, <=, POSTIL_STORE_MAX_VERSIONS);
  g_assert_cmpint (((PostilVersion *) versions->pdata[0])->time, ==, 1000000000 + 199 * DAY);
  g_assert_cmpint (((PostilVersion *) versions->pdata[versions->len - 1])->time, <,
                   1000000000 + 140 * DAY);

  fixture->store->max_version_bytes = 25000;
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *noise = make_noise (10000, i);

      keep_version (fixture, noise, 1100000000 + i);
    }
  g_clear_pointer (&versions, g_ptr_array_unref);
  versions = list_versions (fixture);
  g_assert_cmpuint (versions->len, ==, 2);
  fixture->store->max_version_bytes = 10;
  keep_version (fixture, "at least the newest one stays, however large it is", 1100000010);
  g_clear_pointer (&versions, g_ptr_array_unref);
  versions = list_versions (fixture);
  g_assert_cmpuint (versions->len, ==, 1);
}

/* A large sidecar is kept once a minute. */
static void
test_versions_large (Fixture *fixture, gconstpointer data)
{
  static const gint64 times[] = { 1000, 1001, 1059, 1060, 1061, 900 };
  static const guint counts[] = { 1, 1, 1, 2, 2, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *contents = g_strnfill (1024 * 1024 + 1, 'a' + i);
      g_autoptr (GPtrArray) versions = NULL;

      keep_version (fixture, contents, times[i]);
      versions = list_versions (fixture);
      g_assert_cmpuint (versions->len, ==, counts[i]);
    }
}

static void
test_versions_hostile (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "x",
    "000000-100-0123456789abcdef.json",
    "000000-100-0123456789abcdeg.json.gz",
    "-100-0123456789abcdef.json.gz",
    "000000--100-0123456789abcdef.json.gz",
    "99999999999999999999-100-0123456789abcdef.json.gz",
    "000000-99999999999999999999-0123456789abcdef.json.gz",
    "000000-100-0123456789abcdef-.json.gz",
  };
  const char *valid = "4294967295-9223372036854775807-0123456789abcdef.json.gz";
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GPtrArray) more = NULL;
  g_autoptr (GError) error = NULL;

  keep_version (fixture, "one", 1000);
  folder = postil_store_find_path (fixture->store, fixture->document, "versions");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (folder, names[i], NULL);

      g_assert_true (g_file_set_contents (file, "x", 1, NULL));
      g_assert_null (
        postil_store_load_version (fixture->store, fixture->document, names[i], &error));
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND);
      g_clear_error (&error);
    }
  g_assert_null (
    postil_store_load_version (fixture->store, fixture->document, "../document", &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  versions = list_versions (fixture);
  g_assert_cmpuint (versions->len, ==, 1);

  /* One that is damaged is listed until it is asked for. */
  path = g_build_filename (folder, valid, NULL);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  keep_version (fixture, "two", 1001);
  more = list_versions (fixture);
  g_assert_cmpuint (more->len, ==, 3);
  g_assert_null (postil_store_load_version (fixture->store, fixture->document, valid, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
note_place (Fixture *fixture, const char *sha256, const char *sidecar)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_store_note_place (fixture->store, sha256, sidecar, &error));
  g_assert_no_error (error);
}

static void
assert_places (Fixture *fixture, const char *sha256, const char *const *expected)
{
  g_autoptr (GPtrArray) places = postil_store_list_places (fixture->store, sha256);

  g_assert_cmpuint (places->len, ==, g_strv_length ((char **) expected));
  for (guint i = 0; i < places->len; i++)
    g_assert_cmpstr (places->pdata[i], ==, expected[i]);
}

static void
test_places (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "x", -1);
  g_autofree char *other = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "y", -1);
  g_autofree char *a = g_build_filename (fixture->parent, "a\nb é %20.json", NULL);
  g_autofree char *b = g_build_filename (fixture->parent, "b.json", NULL);
  g_autofree char *gone = g_build_filename (fixture->parent, "gone.json", NULL);
  g_autofree char *path = find_file (fixture, "places", sha256, "");
  g_autofree char *line = NULL;

  g_assert_true (g_file_set_contents (a, "x", 1, NULL));
  g_assert_true (g_file_set_contents (b, "x", 1, NULL));
  assert_places (fixture, sha256, (const char *[]){ NULL });
  note_place (fixture, sha256, a);
  note_place (fixture, sha256, gone);
  note_place (fixture, sha256, b);
  note_place (fixture, sha256, a);
  assert_places (fixture, sha256, (const char *[]){ b, a, NULL });
  assert_places (fixture, other, (const char *[]){ NULL });
  assert_places (fixture, "../../x", (const char *[]){ NULL });
  note_place (fixture, "../../x", a);

  /* What comes back is there again. */
  g_assert_true (g_file_set_contents (gone, "x", 1, NULL));
  assert_places (fixture, sha256, (const char *[]){ b, gone, a, NULL });

  /* A line that was cut off spoils no other. */
  line = g_strdup ("file:///home/so");
  {
    g_autofree char *contents = NULL;
    g_autofree char *torn = NULL;

    g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
    torn = g_strconcat (contents, "\xff\n", line, NULL);
    g_assert_true (g_file_set_contents (path, torn, -1, NULL));
  }
  assert_places (fixture, sha256, (const char *[]){ b, gone, a, NULL });
  {
    g_autofree char *c = g_build_filename (fixture->parent, "c.json", NULL);

    g_assert_true (g_file_set_contents (c, "x", 1, NULL));
    note_place (fixture, sha256, c);
    assert_places (fixture, sha256, (const char *[]){ c, b, gone, a, NULL });
  }
}

static void
test_places_bounds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "x", -1);
  g_autofree char *path = find_file (fixture, "places", sha256, "");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GPtrArray) places = NULL;
  struct stat status;

  for (guint i = 0; i < 600; i++)
    {
      g_autofree char *name = g_strdup_printf ("%08u.json", i);
      g_autofree char *sidecar = g_build_filename (fixture->parent, name, NULL);

      if (i >= 580)
        g_assert_true (g_file_set_contents (sidecar, "x", 1, NULL));
      note_place (fixture, sha256, sidecar);
    }
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_size, <, 20000);
  places = postil_store_list_places (fixture->store, sha256);
  g_assert_cmpuint (places->len, ==, 16);
  g_assert_true (g_str_has_suffix (places->pdata[0], "00000599.json"));

  fixture->store->max_places = 3;
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      g_autofree char *of = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);

      note_place (fixture, of, fixture->document);
    }
  g_assert_cmpuint (count_files (folder), ==, 3);
}

typedef gboolean (*Deed) (Fixture *fixture, PostilText *text, GError **error);

static gboolean
do_path (Fixture *fixture, PostilText *text, GError **error)
{
  g_autofree char *path = postil_store_make_path (fixture->store, fixture->document, "x", error);

  return path != NULL;
}

static gboolean
do_text (Fixture *fixture, PostilText *text, GError **error)
{
  return postil_store_keep_text (fixture->store, text, NULL, error);
}

static gboolean
do_version (Fixture *fixture, PostilText *text, GError **error)
{
  return postil_store_keep_version (fixture->store, fixture->document, "one", 3, 1000, NULL, error);
}

static gboolean
do_place (Fixture *fixture, PostilText *text, GError **error)
{
  return postil_store_note_place (fixture->store, postil_text_get_sha256 (text), fixture->document,
                                  error);
}

static const Deed deeds[] = { do_path, do_text, do_version, do_place };

/* Whatever call fails, it is said, nothing half done is taken for whole, and it works afterwards.
 */
static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const int numbers[] = { ENOSPC, EIO, EACCES, EDQUOT, EROFS, EINTR };
  g_autoptr (PostilText) text = make_text ("one two three");
  PostilFileIo io = faulty_io_begin ();

  g_object_unref (fixture->store);
  fixture->store = postil_store_new (fixture->folder, &io);
  faulty_io.on_network = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (numbers) * G_N_ELEMENTS (deeds); i++)
    {
      Deed deed = deeds[i % G_N_ELEMENTS (deeds)];
      guint n_failed = 0;

      faulty_io.number = numbers[i / G_N_ELEMENTS (deeds)];
      for (int call = 1;; call++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (PostilText) copy = NULL;
          g_autoptr (GPtrArray) versions = NULL;
          gboolean done, over;

          faulty_io.countdown = call;
          done = deed (fixture, text, &error);
          over = faulty_io.countdown > 0;
          faulty_io.countdown = 0;
          g_assert_true (done == (error == NULL));
          n_failed += !done;
          if (error != NULL)
            g_assert_null (strchr (error->message, '\n'));

          copy = postil_store_load_text (fixture->store, postil_text_get_sha256 (text));
          g_assert_true (copy != NULL || deed != do_text || !done);
          versions = list_versions (fixture);
          g_assert_true (versions->len == 1 || deed != do_version || !done);
          for (guint j = 0; j < versions->len; j++)
            {
              g_autoptr (GBytes) bytes =
                postil_store_load_version (fixture->store, fixture->document,
                                           ((PostilVersion *) versions->pdata[j])->name, &error);

              g_assert_nonnull (bytes);
            }
          if (g_file_test (fixture->folder, G_FILE_TEST_EXISTS))
            postil_test_remove_all (fixture->folder);
          if (over)
            {
              g_assert_true (done);
              break;
            }
        }
      g_assert_true (n_failed > 0 || faulty_io.number == EINTR);
    }
}

/* Several processes keep, read and drop the same things at once. */
static void
test_processes (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N_PROCESSES = 4,
    N_ROUNDS = 30
  };
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "x", -1);
  g_autoptr (GPtrArray) versions = NULL;
  g_autoptr (GPtrArray) places = NULL;
  pid_t children[N_PROCESSES];

  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.json", i);
      g_autofree char *sidecar = g_build_filename (fixture->parent, name, NULL);

      g_assert_true (g_file_set_contents (sidecar, "x", 1, NULL));
      children[i] = fork ();
      g_assert_cmpint (children[i], >=, 0);
      if (children[i] > 0)
        continue;
      fixture->store->max_text_bytes = 30000;
      for (guint j = 0; j < N_ROUNDS; j++)
        {
          g_autofree char *noise = make_noise (5000, j % 7);
          g_autofree char *contents = g_strdup_printf ("%u %u", i, j);
          g_autoptr (PostilText) text = make_text (noise);
          g_autoptr (PostilText) copy = NULL;

          keep_text (fixture, text);
          copy = postil_store_load_text (fixture->store, postil_text_get_sha256 (text));
          if (copy != NULL)
            g_assert_cmpstr (postil_text_get_utf8 (copy, NULL), ==, noise);
          keep_version (fixture, contents, 1000000000 + j);
          note_place (fixture, sha256, sidecar);
        }
      _exit (0);
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      int status;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
    }
  versions = list_versions (fixture);
  g_assert_cmpuint (versions->len, >, 0);
  g_assert_cmpuint (versions->len, <=, POSTIL_STORE_MAX_VERSIONS + N_PROCESSES);
  places = postil_store_list_places (fixture->store, sha256);
  g_assert_cmpuint (places->len, ==, N_PROCESSES);
}

/* No system call of PostilFileIo is made from the constructor, whatever stands there. */
static void
test_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PostilStore) own = postil_store_new (NULL, NULL);
  g_autofree char *expected = g_build_filename (g_get_user_data_dir (), "postil", NULL);

  g_assert_cmpstr (own->folder, ==, expected);
  g_assert_true (postil_store_get_io (own) == postil_file_io_get_system ());
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/storage/store/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("new", test_new);
  ADD ("path", test_path);
  ADD ("path-fails", test_path_fails);
  ADD ("text", test_text);
  ADD ("text-used", test_text_used);
  ADD ("text-bounds", test_text_bounds);
  ADD ("text-damaged", test_text_damaged);
  ADD ("text-hostile", test_text_hostile);
  ADD ("text-cancelled", test_text_cancelled);
  g_test_add_func ("/storage/store/thin", test_thin);
  g_test_add_func ("/storage/store/thin-often", test_thin_often);
  ADD ("versions", test_versions);
  ADD ("versions-bounds", test_versions_bounds);
  ADD ("versions-large", test_versions_large);
  ADD ("versions-hostile", test_versions_hostile);
  ADD ("places", test_places);
  ADD ("places-bounds", test_places_bounds);
  ADD ("faults", test_faults);
  ADD ("processes", test_processes);

  return g_test_run ();
}
