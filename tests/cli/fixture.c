/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"

#include <string.h>

#include "postil-test.h"

void
write_file (Fixture *f, const char *name, const char *contents)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

/* (transfer full): what the file holds, or %NULL when there is none. */
char *
read_file (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autofree char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, NULL);
  return g_steal_pointer (&contents);
}

void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("postil-cli-XXXXXX", &error);
  g_assert_no_error (error);
  f->data = g_dir_make_tmp ("postil-cli-data-XXXXXX", &error);
  g_assert_no_error (error);
  write_file (f, "a.txt", FIXTURE_TEXT);
  write_file (f, "b.txt", "Another text.");
}

void
tear_down (Fixture *f, gconstpointer data)
{
  postil_test_remove_all (f->folder);
  postil_test_remove_all (f->data);
  g_free (f->folder);
  g_free (f->data);
  g_free (f->out);
  g_free (f->err);
}

/* Starts a program in the folder. */
GSubprocess *
start (Fixture *f, const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_cwd (launcher, f->folder);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", f->data, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  return process;
}

/* Waits until it ends. */
void
finish (Fixture *f, GSubprocess *process)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->out, g_free);
  g_clear_pointer (&f->err, g_free);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &f->out, &f->err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  f->status = g_subprocess_get_exit_status (process);
}

static void
run_collected (Fixture *f, int status, const char *first, va_list rest)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;

  g_ptr_array_add (arguments, (gpointer) g_getenv ("POSTIL_CLI"));
  for (; first != NULL; first = va_arg (rest, const char *))
    g_ptr_array_add (arguments, (gpointer) first);
  g_ptr_array_add (arguments, NULL);
  process = start (f, (const char *const *) arguments->pdata);
  finish (f, process);

  if (f->status != status)
    g_test_message ("output: %s\nerrors: %s", f->out, f->err);
  g_assert_cmpint (f->status, ==, status);
  if (status == 0)
    g_assert_cmpstr (f->err, ==, "");
  else
    {
      const char *line_end = strchr (f->err, '\n');

      g_assert_true (g_str_has_prefix (f->err, "postil-cli: "));
      g_assert_nonnull (line_end);
      g_assert_cmpint (line_end[1], ==, '\0');
    }
}

/* Runs postil-cli and checks its exit status, and that it complains just when that is not 0, and
 * then prints nothing else. */
void
run (Fixture *f, int status, const char *first, ...)
{
  va_list rest;

  va_start (rest, first);
  run_collected (f, status, first, rest);
  va_end (rest);
  if (status != 0)
    g_assert_cmpstr (f->out, ==, "");
}

/* The same for what prints a report in any case. */
void
run_report (Fixture *f, int status, const char *first, ...)
{
  va_list rest;

  va_start (rest, first);
  run_collected (f, status, first, rest);
  va_end (rest);
}

/* (transfer full): the JSON array that was printed. */
JsonNode *
parse (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (f->out, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (root));
  return root;
}
