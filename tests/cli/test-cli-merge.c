/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fixture.h"

#define SIDECAR "a.txt.annotations.json"

static void
run_git (Fixture *f, int status, const char *first, ...)
{
  static const char *const start_of_all[] = {
    "git",
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@example.org",
    "-c",
    "init.defaultBranch=main",
    "-c",
    "commit.gpgSign=false",
    "-c",
    "core.hooksPath=/dev/null",
  };
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  va_list rest;

  for (guint i = 0; i < G_N_ELEMENTS (start_of_all); i++)
    g_ptr_array_add (arguments, (gpointer) start_of_all[i]);
  va_start (rest, first);
  for (; first != NULL; first = va_arg (rest, const char *))
    g_ptr_array_add (arguments, (gpointer) first);
  va_end (rest);
  g_ptr_array_add (arguments, NULL);
  process = start (f, (const char *const *) arguments->pdata);
  finish (f, process);
  if (f->status != status)
    g_test_message ("output: %s\nerrors: %s", f->out, f->err);
  g_assert_cmpint (f->status, ==, status);
}

static void
commit (Fixture *f, const char *message)
{
  run_git (f, 0, "add", "-A", NULL);
  run_git (f, 0, "commit", "-q", "-m", message, NULL);
}

/* (transfer full): the new annotation's id. */
static char *
annotate (Fixture *f, const char *place, const char *note)
{
  run (f, 0, "annotate", "a.txt", place, note, "--creator=Ada", NULL);
  return g_strchomp (g_strdup (f->out));
}

static void
replace (Fixture *f, const char *from, const char *to)
{
  g_autofree char *contents = read_file (f, SIDECAR);
  g_autoptr (GString) changed = g_string_new (contents);

  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  write_file (f, SIDECAR, changed->str);
}

/* Takes the line of an annotation's id up to the next one's out of the file. */
static void
remove_annotation (Fixture *f, const char *id)
{
  g_autofree char *contents = read_file (f, SIDECAR);
  char *at = strstr (contents, id), *start, *end;

  g_assert_nonnull (at);
  start = g_strrstr_len (contents, at - contents, "      {\n");
  end = strstr (at, "\n      },\n");
  g_assert_true (start != NULL && end != NULL);
  end += strlen ("\n      },\n");
  memmove (start, end, strlen (end) + 1);
  write_file (f, SIDECAR, contents);
}

/* A repository with the driver in use. */
static gboolean
set_up_git (Fixture *f)
{
  g_autofree char *git = g_find_program_in_path ("git");
  g_autofree char *driver = NULL;

  if (git == NULL)
    {
      g_test_skip ("git is not installed");
      return FALSE;
    }
  driver = g_strdup_printf ("'%s' merge --output=%%A %%O %%A %%B", g_getenv ("POSTIL_CLI"));
  run_git (f, 0, "init", "-q", NULL);
  run_git (f, 0, "config", "merge.postil.name", "Postil annotations", NULL);
  run_git (f, 0, "config", "merge.postil.driver", driver, NULL);
  write_file (f, ".gitattributes", "*.annotations.json merge=postil\n");
  return TRUE;
}

static void
test_git (Fixture *f, gconstpointer data)
{
  g_autofree char *edited = NULL, *deleted = NULL, *ours = NULL, *theirs = NULL, *merged = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *list;

  if (!set_up_git (f))
    return;
  deleted = annotate (f, "--at=0:5", "--note=greeting");
  edited = annotate (f, "--at=6:10", "--note=draft");
  commit (f, "base");

  run_git (f, 0, "checkout", "-q", "-b", "other", NULL);
  theirs = annotate (f, "--at=13:18", "--note=theirs");
  replace (f, "\"draft\"", "\"second\"");
  replace (f, "\"greeting\"", "\"a greeting\"");
  commit (f, "theirs");

  run_git (f, 0, "checkout", "-q", "main", NULL);
  ours = annotate (f, "--at=13:18", "--note=ours");
  replace (f, "\"draft\"", "\"third\"");
  remove_annotation (f, deleted);
  commit (f, "ours");

  /* Both changed one note, so git asks to look. */
  run_git (f, 1, "merge", "-q", "other", NULL);
  merged = read_file (f, SIDECAR);
  g_assert_null (strstr (merged, "<<<<"));
  assert_in ("\"dcterms:isVersionOf\"", merged);

  run (f, 0, "list", "a.txt", "--json", NULL);
  for (guint i = 0; i < 4; i++)
    assert_in (((const char *[]){ ours, theirs, edited, deleted })[i], f->out);
  for (guint i = 0; i < 5; i++)
    assert_in (((const char *[]){ "\"second\"", "\"third\"", "\"a greeting\"", "\"ours\"",
                                  "\"theirs\"" })[i],
               f->out);
  root = parse (f);
  list = json_node_get_array (root);
  g_assert_cmpuint (json_array_get_length (list), ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (
      json_object_get_string_member (json_array_get_object_element (list, i), "status"), ==,
      "placed");
  commit (f, "both");
}

static void
test_git_both_add (Fixture *f, gconstpointer data)
{
  g_autofree char *ours = NULL, *theirs = NULL;

  if (!set_up_git (f))
    return;
  commit (f, "base");
  run_git (f, 0, "checkout", "-q", "-b", "other", NULL);
  theirs = annotate (f, "--at=0:5", "--note=theirs");
  commit (f, "theirs");
  run_git (f, 0, "checkout", "-q", "main", NULL);
  ours = annotate (f, "--at=6:10", "--note=ours");
  commit (f, "ours");

  run_git (f, 0, "merge", "-q", "-m", "both", "other", NULL);
  run (f, 0, "list", "a.txt", "--json", NULL);
  assert_in (ours, f->out);
  assert_in (theirs, f->out);
  g_assert_null (strstr (f->out, "\"status\":\"foreign\""));
  assert_in ("\"start\":0,\"end\":5", f->out);
  assert_in ("\"start\":6,\"end\":10", f->out);
}

/* The text was changed on one side while the other annotated it: all is placed when it is opened.
 */
static void
test_git_changed_text (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL, *ours = NULL, *theirs = NULL, *text = NULL;

  if (!set_up_git (f))
    return;
  before = annotate (f, "--at=6:10", "--note=before");
  commit (f, "base");
  run_git (f, 0, "checkout", "-q", "-b", "other", NULL);
  write_file (f, "a.txt", "One line more.\n" FIXTURE_TEXT);
  theirs = annotate (f, "--at=0:8", "--note=theirs");
  commit (f, "theirs");
  run_git (f, 0, "checkout", "-q", "main", NULL);
  ours = annotate (f, "--quote=hello again", "--note=ours");
  commit (f, "ours");

  run_git (f, 0, "merge", "-q", "-m", "both", "other", NULL);
  text = read_file (f, "a.txt");
  assert_in ("One line more", text);
  run (f, 0, "list", "a.txt", "--json", NULL);
  assert_in ("\"start\":21,\"end\":25,", f->out);
  assert_in ("\"start\":0,\"end\":8,", f->out);
  assert_in ("\"quote\":\"hello again\"", f->out);
  assert_in ("\"start\":51,\"end\":62,", f->out);
  g_assert_null (strstr (f->out, "orphaned"));
}

static void
test_failures (Fixture *f, gconstpointer data)
{
  g_autofree char *id = annotate (f, "--at=0:5", "--note=why");
  g_autofree char *sidecar = read_file (f, SIDECAR), *after = NULL;

  write_file (f, "empty.json", "");
  write_file (f, "broken.json", "{ \"type\": \"AnnotationCollection\",");
  write_file (f, "ours.json", sidecar);

  run (f, 2, "merge", "--output=ours.json", "empty.json", "ours.json", "broken.json", NULL);
  assert_in ("broken.json, line 1", f->err);
  run (f, 2, "merge", "--output=ours.json", "broken.json", "ours.json", SIDECAR, NULL);
  run (f, 2, "merge", "--output=ours.json", "empty.json", "empty.json", SIDECAR, NULL);
  run (f, 2, "merge", "--output=ours.json", "empty.json", "ours.json", "none.json", NULL);
  assert_in ("none.json", f->err);
  run (f, 2, "merge", "--output=ours.json", "ours.json", SIDECAR, NULL);
  run (f, 2, "merge", "--output=.", "empty.json", "ours.json", SIDECAR, NULL);
  run (f, 2, "merge", "--output=no/folder.json", "empty.json", "ours.json", SIDECAR, NULL);
  after = read_file (f, "ours.json");
  g_assert_cmpstr (after, ==, sidecar);

  run (f, 0, "merge", "empty.json", "ours.json", SIDECAR, NULL);
  g_assert_cmpstr (f->out, ==, sidecar);
  run (f, 0, "merge", "--output=new.json", "ours.json", "ours.json", SIDECAR, NULL);
  g_free (after);
  after = read_file (f, "new.json");
  g_assert_cmpstr (after, ==, sidecar);
}

int
main (int argc, char **argv)
{
  g_setenv ("GIT_CONFIG_NOSYSTEM", "1", TRUE);
  g_setenv ("GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
  g_setenv ("GIT_EDITOR", "true", TRUE);
  g_unsetenv ("GIT_DIR");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/cli/merge/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("git", test_git);
  ADD ("git-both-add", test_git_both_add);
  ADD ("git-changed-text", test_git_changed_text);
  ADD ("failures", test_failures);
#undef ADD
  return g_test_run ();
}
