/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "postil-error.h"
#include "postil-loader.h"
#include "postil-test.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static GFile *
write_file (Fixture *fixture, const char *name, const char *contents, gssize n_bytes)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, n_bytes, NULL));
  return g_file_new_for_path (path);
}

static void
count_progress (double fraction, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (fixture, "a.txt", "one caf\xC3\xA9\n", -1);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "one café\n", -1);
  double progress = 0;

  document = postil_loader_load (file, postil_test_get_environment (), NULL, count_progress,
                                 &progress, NULL, &sidecar, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (postil_document_get_name (document), ==, "a.txt");
  g_assert_true (g_file_equal (postil_document_get_file (document), file));
  g_assert_cmpstr (postil_text_get_utf8 (postil_document_get_text (document), NULL), ==,
                   "one café\n");
  g_assert_cmpstr (postil_text_get_sha256 (postil_document_get_text (document)), ==, sha256);
  g_assert_cmpfloat (progress, ==, 1);
  g_assert_true (g_str_has_suffix (postil_sidecar_get_path (sidecar), "/a.txt.annotations.json"));
  g_assert_null (postil_sidecar_get_damage (sidecar));
}

static void
test_damaged_sidecar (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (fixture, "a.txt", "one", -1);
  g_autoptr (GFile) beside = write_file (fixture, "a.txt.annotations.json", "{ \"id\": ", -1);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (GError) error = NULL;

  document = postil_loader_load (file, postil_test_get_environment (), NULL, NULL, NULL, NULL,
                                 &sidecar, &error);
  g_assert_no_error (error);
  g_assert_nonnull (document);
  g_assert_error (postil_sidecar_get_damage (sidecar), POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
}

/* Names as they are, and what is wrong: one sentence each. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *said;
  } cases[] = {
    { "vanished.txt", "does not exist" },
    { "folder", "is a folder" },
    { "pipe", "pipe" },
    { "device", "device" },
    { "binary", "not a text file" },
    { "circle", "cannot be read" },
    { "huge", "too large" },
  };
  g_autofree char *folder = g_build_filename (fixture->folder, "folder", NULL);
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe", NULL);
  g_autofree char *device = g_build_filename (fixture->folder, "device", NULL);
  g_autofree char *circle = g_build_filename (fixture->folder, "circle", NULL);
  g_autofree char *huge = g_build_filename (fixture->folder, "huge", NULL);

  g_object_unref (write_file (fixture, "binary", "a\0b", 3));
  g_object_unref (write_file (fixture, "huge", "", 0));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (symlink ("/dev/zero", device), ==, 0);
  g_assert_cmpint (symlink ("circle", circle), ==, 0);
  g_assert_cmpint (truncate (huge, G_GINT64_CONSTANT (3) << 30), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, cases[i].name, NULL);
      g_autofree char *quoted = g_strdup_printf ("“%s”", cases[i].name);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GError) error = NULL;

      g_assert_null (postil_loader_load (file, postil_test_get_environment (), NULL, NULL, NULL,
                                         NULL, NULL, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, quoted));
      g_assert_nonnull (strstr (error->message, cases[i].said));
    }
}

typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
} Waiting;

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;

  waiting->result = g_object_ref (result);
  g_main_loop_quit (waiting->loop);
}

static void
cancel_progress (double fraction, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = write_file (fixture, "a.txt", "one", -1);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (GError) error = NULL;
  Waiting waiting = { loop, NULL };
  double progress = 0;

  postil_loader_load_async (file, postil_test_get_environment (), NULL, count_progress, &progress,
                            NULL, loaded_cb, &waiting);
  g_main_loop_run (loop);
  document = postil_loader_load_finish (waiting.result, &sidecar, &error);
  g_assert_no_error (error);
  g_assert_nonnull (sidecar);
  g_assert_cmpfloat (progress, ==, 1);
  g_clear_object (&waiting.result);

  postil_loader_load_async (file, postil_test_get_environment (), NULL, cancel_progress,
                            cancellable, cancellable, loaded_cb, &waiting);
  g_main_loop_run (loop);
  g_assert_null (postil_loader_load_finish (waiting.result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&waiting.result);
}

static void
test_folder (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *contents;
    gssize n_bytes;
  } files[] = {
    { "b 10.txt", "ten", -1 },
    { "b 9.txt", "nine", -1 },
    { "a", "no extension", -1 },
    { "empty.txt", "", 0 },
    { "latin.txt", "caf\xE9", -1 },
    { "utf16.txt",
      "\xFF\xFE"
      "a\0",
      4 },
    { ".hidden.txt", "hidden", -1 },
    { "a.annotations.json", "{}", -1 },
    { "a.annotations.json.original", "{}", -1 },
    { "a.annotations (mine).json", "{}", -1 },
    { "codebook.json", "{}", -1 },
    { "picture", "\x89PNG\r\n\x1A\n\0\0", 10 },
    { "paper.pdf", "%PDF-1.4\n", -1 },
  };
  static const char *const expected[] = { "a",         "b 9.txt",  "b 10.txt", "empty.txt",
                                          "latin.txt", "link.txt", "utf16.txt" };
  g_autofree char *sub = g_build_filename (fixture->folder, "sub", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link.txt", NULL);
  g_autofree char *dangling = g_build_filename (fixture->folder, "dangling.txt", NULL);
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe.txt", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (fixture->folder);
  g_autoptr (GFile) none = g_file_new_for_path (dangling);
  g_autoptr (GFile) remote = g_file_new_for_uri ("http://example.org/");
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_object_unref (write_file (fixture, files[i].name, files[i].contents, files[i].n_bytes));
  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  g_assert_cmpint (symlink ("a", link), ==, 0);
  g_assert_cmpint (symlink ("nowhere", dangling), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);

  found = postil_loader_list_folder (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < found->len; i++)
    {
      g_autofree char *name = g_file_get_basename (found->pdata[i]);

      g_assert_cmpstr (name, ==, expected[i]);
    }

  g_assert_null (postil_loader_list_folder (none, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (postil_loader_list_folder (remote, NULL, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_INVALID);
}

/* Whatever bytes are a document or a sidecar: they open or are refused in a sentence, and stay. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  static const char *const folders[] = { "conformance/json-test-suite", "conformance/utf8",
                                         "conformance/naughty-strings" };
  g_autoptr (GFile) document_file = write_file (fixture, "a.txt", "one two", -1);
  g_autofree char *sidecar_path =
    g_build_filename (fixture->folder, "a.txt.annotations.json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = postil_test_find_shared (folders[i]);
      g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
      const char *name;

      if (dir == NULL)
        return;
      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          g_autofree char *contents = NULL, *after = NULL;
          g_autoptr (GFile) file = g_file_new_for_path (path);
          g_autoptr (PostilText) text = NULL;
          g_autoptr (PostilDocument) document = NULL;
          g_autoptr (PostilSidecar) sidecar = NULL;
          g_autoptr (GError) error = NULL;
          gsize n_bytes, n_after;

          if (!g_file_get_contents (path, &contents, &n_bytes, NULL))
            continue;
          document = postil_loader_load (file, postil_test_get_environment (), NULL, NULL, NULL,
                                         NULL, NULL, &error);
          g_assert_true ((document == NULL) == (error != NULL));
          g_clear_error (&error);
          g_clear_object (&document);

          g_assert_true (g_file_set_contents (sidecar_path, contents, n_bytes, NULL));
          document = postil_loader_load (document_file, postil_test_get_environment (), NULL, NULL,
                                         NULL, NULL, &sidecar, &error);
          g_assert_no_error (error);
          if (g_str_has_prefix (name, "n_"))
            {
              const GError *damage = postil_sidecar_get_damage (sidecar);

              g_test_message ("%s", name);
              g_assert_error (damage, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
              g_assert_null (strchr (damage->message, '\n'));
              g_assert_true (g_utf8_validate (damage->message, -1, NULL));
            }
          g_assert_true (g_file_get_contents (sidecar_path, &after, &n_after, NULL));
          g_assert_cmpmem (after, n_after, contents, n_bytes);
        }
    }
}

static void
test_preview (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) contents = g_string_new (NULL);
  g_autoptr (GFile) small = NULL, large = NULL, binary = NULL, missing = NULL;
  g_autoptr (PostilText) text = NULL;
  const char *utf8;
  gsize n_bytes;

  /* A character of three bytes stands across any place where the beginning may end. */
  while (contents->len < 1500000)
    g_string_append (contents, "見 – text\n");
  large = write_file (fixture, "large.txt", contents->str, contents->len);
  small = write_file (fixture, "small.txt", contents->str, 100000);
  text = postil_loader_preview (large);
  g_assert_nonnull (text);
  utf8 = postil_text_get_utf8 (text, &n_bytes);
  g_assert_cmpuint (n_bytes, >, 100000);
  g_assert_cmpuint (n_bytes, <, 1000000);
  g_assert_cmpmem (utf8, n_bytes, contents->str, n_bytes);
  g_assert_cmpstr (postil_text_get_charset (text), ==, "UTF-8");
  g_assert_null (postil_loader_preview (small));

  memcpy (contents->str + 5, "\0\1\2\0\0", 5);
  binary = write_file (fixture, "binary", contents->str, contents->len);
  g_assert_null (postil_loader_preview (binary));
  missing = g_file_get_child (binary, "missing");
  g_assert_null (postil_loader_preview (missing));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/storage/loader/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("load", test_load);
  ADD ("damaged-sidecar", test_damaged_sidecar);
  ADD ("refused", test_refused);
  ADD ("async", test_async);
  ADD ("folder", test_folder);
  ADD ("shared", test_shared);
  ADD ("preview", test_preview);
  return g_test_run ();
}
