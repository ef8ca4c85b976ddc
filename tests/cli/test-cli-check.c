/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "fixture.h"
#include "postil-test.h"

#define STORY                                                                                      \
  "The harbour was closed at dawn. Two ships waited beyond the breakwater, and nobody on the "     \
  "quay would say why.\n\nAt noon a pilot came out in a small boat, with a letter for the older "  \
  "of the two captains.\n\nBy evening the fog had lifted and the lamps were lit again.\n"

static void
rename_file (Fixture *f, const char *from, const char *to)
{
  g_autofree char *old_path = g_build_filename (f->folder, from, NULL);
  g_autofree char *new_path = g_build_filename (f->folder, to, NULL);

  g_assert_cmpint (g_rename (old_path, new_path), ==, 0);
}

/* @text with @from, which stands in it, replaced. */
static char *
replace (const char *text, const char *from, const char *to)
{
  const char *found = strstr (text, from);

  g_assert_nonnull (found);
  return g_strdup_printf ("%.*s%s%s", (int) (found - text), text, to, found + strlen (from));
}

static void
annotate_story (Fixture *f, const char *name)
{
  write_file (f, name, STORY);
  run (f, 0, "annotate", name, "--quote=closed at dawn", "--topic=Delay", NULL);
  run (f, 0, "annotate", name, "--quote=a pilot came out in a small boat", "--topic=Delay", NULL);
  run (f, 0, "annotate", name, "--quote=the fog had lifted", "--note=at last", NULL);
  run (f, 0, "annotate", name, "--note=On all of it", NULL);
}

/* Runs check on one file and gives its report, which the root holds. */
static JsonObject *
check (Fixture *f, int status, const char *name, gboolean write, JsonNode **root)
{
  run_report (f, status, "check", "--json", name, write ? "--write" : NULL, NULL);
  *root = parse (f);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (*root)), ==, 1);
  return json_array_get_object_element (json_node_get_array (*root), 0);
}

static void
assert_counts (JsonObject *report, guint placed, guint moved, guint uncertain, guint orphaned)
{
  g_assert_cmpint (json_object_get_int_member (report, "placed"), ==, placed);
  g_assert_cmpint (json_object_get_int_member (report, "moved"), ==, moved);
  g_assert_cmpint (json_object_get_int_member (report, "uncertain"), ==, uncertain);
  g_assert_cmpint (json_object_get_int_member (report, "orphaned"), ==, orphaned);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (report, "annotations")),
                    ==, moved + uncertain + orphaned);
}

static void
test_help (Fixture *f, gconstpointer data)
{
  run (f, 0, "check", "--help", NULL);
  assert_in ("postil-cli check [OPTION", f->out);
  assert_in ("--write", f->out);
  run (f, 2, "check", NULL);
}

static void
test_well (Fixture *f, gconstpointer data)
{
  g_autofree char *sidecar = NULL;

  annotate_story (f, "story.txt");
  run_report (f, 0, "check", "story.txt", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==,
                   "story.txt: 4 placed, 0 moved, 0 uncertain, 0 orphaned\n"
                   "a.txt: 0 placed, 0 moved, 0 uncertain, 0 orphaned\n");
  run_report (f, 0, "check", "a.txt", "--json", NULL);
  g_assert_cmpstr (
    f->out, ==,
    "[\n{\"document\":\"a.txt\",\"text_changed\":false,\"saved\":false,"
    "\"placed\":0,\"moved\":0,\"uncertain\":0,\"orphaned\":0,\"versions\":0,\"recovered\":0,"
    "\"warnings\":[],\"copy_of\":null,\"sidecars\":[],\"abandoned\":[],"
    "\"annotations\":[]}\n]\n");

  /* Looking, also to write, makes no file. */
  run_report (f, 0, "check", "--write", "a.txt", NULL);
  sidecar = read_file (f, "a.txt.annotations.json");
  g_assert_null (sidecar);
}

/* Nothing around any passage changed: then no person need look. */
static void
test_shifted (Fixture *f, gconstpointer data)
{
  g_autofree char *shifted = g_strconcat ("A new title\n\n", STORY, NULL);
  g_autofree char *before = NULL, *after = NULL;
  JsonNode *root;
  JsonObject *report;

  annotate_story (f, "story.txt");
  before = read_file (f, "story.txt.annotations.json");
  write_file (f, "story.txt", shifted);

  report = check (f, 1, "story.txt", FALSE, &root);
  g_assert_true (json_object_get_boolean_member (report, "text_changed"));
  g_assert_false (json_object_get_boolean_member (report, "saved"));
  assert_counts (report, 4, 0, 0, 0);
  json_node_unref (root);
  after = read_file (f, "story.txt.annotations.json");
  g_assert_cmpstr (after, ==, before);

  report = check (f, 0, "story.txt", TRUE, &root);
  g_assert_true (json_object_get_boolean_member (report, "text_changed"));
  g_assert_true (json_object_get_boolean_member (report, "saved"));
  json_node_unref (root);
  report = check (f, 0, "story.txt", FALSE, &root);
  g_assert_false (json_object_get_boolean_member (report, "text_changed"));
  assert_counts (report, 4, 0, 0, 0);
  json_node_unref (root);
  run (f, 0, "list", "story.txt", NULL);
  assert_in ("story.txt:29:43 [Delay]", f->out);
}

/* An edited passage and a removed one are said with what they were and are, and stay said until a
 * person has confirmed or deleted them. */
static void
test_edited (Fixture *f, gconstpointer data)
{
  g_autofree char *once = replace (STORY, "a small boat", "a very small boat");
  g_autofree char *twice = replace (once, "the fog had lifted and the lamps", "the lamps");
  g_autofree char *first = NULL, *second = NULL;

  annotate_story (f, "story.txt");
  write_file (f, "story.txt", twice);
  for (guint round = 0; round < 3; round++)
    {
      JsonNode *root;
      JsonObject *report = check (f, 1, "story.txt", round == 1, &root);
      JsonArray *annotations = json_object_get_array_member (report, "annotations");
      JsonObject *moved = NULL, *gone = NULL, *earlier;

      g_assert_true (json_object_get_boolean_member (report, "text_changed") == (round < 2));
      g_assert_cmpint (json_object_get_int_member (report, "placed"), ==, 2);
      g_assert_cmpuint (json_array_get_length (annotations), ==, 2);
      for (guint i = 0; i < 2; i++)
        {
          JsonObject *annotation = json_array_get_object_element (annotations, i);

          if (strcmp (json_object_get_string_member (annotation, "status"), "moved") == 0)
            moved = annotation;
          else
            gone = annotation;
        }
      g_assert_nonnull (moved);
      g_assert_nonnull (gone);

      g_assert_cmpstr (json_object_get_string_member (moved, "quote"), ==,
                       "a pilot came out in a very small boat");
      g_assert_cmpint (json_object_get_int_member (moved, "start"), ==, 119);
      earlier = json_object_get_object_member (moved, "earlier");
      g_assert_cmpstr (json_object_get_string_member (earlier, "quote"), ==,
                       "a pilot came out in a small boat");
      g_assert_cmpint (json_object_get_int_member (earlier, "start"), ==, 119);
      g_assert_cmpint (json_object_get_int_member (earlier, "end"), ==, 151);

      g_assert_cmpstr (json_object_get_string_member (gone, "status"), ==, "orphaned");
      g_assert_true (json_object_get_null_member (gone, "start"));
      g_assert_cmpstr (json_object_get_string_member (gone, "note"), ==, "at last");
      earlier = json_object_get_object_member (gone, "earlier");
      g_assert_cmpstr (json_object_get_string_member (earlier, "quote"), ==, "the fog had lifted");
      g_assert_cmpint (json_object_get_int_member (earlier, "start"), ==, 214);
      json_node_unref (root);

      if (round == 1)
        first = read_file (f, "story.txt.annotations.json");
      run_report (f, 1, "check", "story.txt", NULL);
      assert_in ("story.txt: 2 placed, 1 moved, 0 uncertain, 1 orphaned\n", f->out);
      assert_in ("\n    119:151 “a pilot came out in a small boat”\n"
                 "  → 119:156 “a pilot came out in a very small boat”\n",
                 f->out);
      assert_in ("\n    214:232 “the fog had lifted”\n", f->out);
      assert_in ("1 of 1 document", f->err);
    }

  /* Writing again changes nothing. */
  run_report (f, 1, "check", "--write", "story.txt", NULL);
  second = read_file (f, "story.txt.annotations.json");
  g_assert_cmpstr (second, ==, first);
}

#define ID(n) "urn:uuid:00000000-0000-4000-aaaa-00000000000" #n

static void
test_repaired (Fixture *f, gconstpointer data)
{
  g_autofree char *written = NULL, *original = NULL;

  write_file (
    f, "a.txt.annotations.json",
    "{ \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"" ID (
      1) "\", "
         "\"type\": \"AnnotationCollection\", \"first\": { \"type\": \"AnnotationPage\", "
         "\"items\": [ { \"id\": \"" ID (
           2) "\", \"type\": \"Annotation\", \"target\": { "
              "\"source\": \"a.txt\", \"selector\": [ { \"type\": \"TextPositionSelector\", "
              "\"start\": 9000, \"end\": 9005 }, { \"type\": \"TextQuoteSelector\", \"exact\": "
              "\"world\" } ] } } ] } }");
  run_report (f, 1, "check", "a.txt", NULL);
  assert_in ("lies outside the text", f->out);
  g_assert_null (strstr (f->out, "text was changed"));
  written = read_file (f, "a.txt.annotations.json");
  assert_in ("9000", written);
}

/* Each file is checked, also behind one that could not be; the JSON is whole in any case. */
static void
test_failures (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *damaged = NULL;

  annotate_story (f, "story.txt");
  write_file (f, "b.txt.annotations.json", "{ \"id\": ");
  run_report (f, 2, "check", "story.txt", "b.txt", "a.txt", "--json", NULL);
  assert_in ("b.txt.annotations.json, line 1", f->err);
  root = parse (f);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 2);
  run_report (f, 2, "check", "b.txt", "--json", NULL);
  g_assert_cmpstr (f->out, ==, "[]\n");
  run_report (f, 2, "check", "gone.txt", NULL);
  assert_in ("“gone.txt”", f->err);

  run_report (f, 2, "check", "--write", "b.txt", NULL);
  damaged = read_file (f, "b.txt.annotations.json");
  g_assert_cmpstr (damaged, ==, "{ \"id\": ");
}

/* Two people changed the same thing, and merging kept both. */
static void
test_versions (Fixture *f, gconstpointer data)
{
  JsonNode *root;
  JsonObject *report;

  write_file (
    f, "a.txt.annotations.json",
    "{ \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"" ID (
      1) "\", "
         "\"type\": \"AnnotationCollection\", \"first\": { \"type\": \"AnnotationPage\", "
         "\"items\": [ { \"id\": \"" ID (
           2) "\", \"type\": \"Annotation\", \"target\": { "
              "\"source\": \"a.txt\", \"selector\": { \"type\": \"TextQuoteSelector\", \"exact\": "
              "\"world\" } } }, { \"id\": \"" ID (
                3) "\", \"type\": \"Annotation\", "
                   "\"dcterms:isVersionOf\": { \"id\": \"" ID (
                     2) "\" }, \"target\": { \"source\": "
                        "\"a.txt\", \"selector\": { \"type\": \"TextQuoteSelector\", \"exact\": "
                        "\"Hello\" } } "
                        "} ] } }");
  report = check (f, 1, "a.txt", FALSE, &root);
  g_assert_cmpint (json_object_get_int_member (report, "versions"), ==, 1);
  json_node_unref (root);
  run_report (f, 1, "check", "a.txt", NULL);
  assert_in ("1 annotation is kept in two versions", f->out);
  assert_in ("another version of " ID (2), f->out);
}

static void
test_left_behind (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) edited = g_string_new (STORY);
  JsonNode *root;
  JsonObject *report, *sidecar;
  JsonArray *sidecars;

  annotate_story (f, "story.txt");

  /* Renamed. */
  rename_file (f, "story.txt", "tale.txt");
  report = check (f, 1, "tale.txt", FALSE, &root);
  sidecars = json_object_get_array_member (report, "sidecars");
  g_assert_cmpuint (json_array_get_length (sidecars), ==, 1);
  sidecar = json_array_get_object_element (sidecars, 0);
  g_assert_true (g_str_has_suffix (json_object_get_string_member (sidecar, "sidecar"),
                                   "/story.txt.annotations.json"));
  g_assert_true (json_object_get_boolean_member (sidecar, "same_text"));
  g_assert_false (json_object_get_boolean_member (sidecar, "document_exists"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (report, "abandoned")), ==,
                    1);
  json_node_unref (root);
  run_report (f, 1, "check", "tale.txt", NULL);
  assert_in ("was made for the same text: rename that file too", f->out);
  assert_in ("story.txt.annotations.json: its document is gone\n", f->out);

  /* Renamed, and then edited. */
  g_string_replace (edited, "dawn", "sunrise", 0);
  write_file (f, "tale.txt", edited->str);
  run_report (f, 1, "check", "tale.txt", NULL);
  assert_in ("most passages of", f->out);

  /* Whatever else is checked in that folder. */
  run_report (f, 1, "check", "a.txt", NULL);
  assert_in ("a.txt: 0 placed", f->out);
  assert_in ("story.txt.annotations.json: its document is gone\n", f->out);
  assert_in ("whose document is gone", f->err);

  /* Copied. */
  write_file (f, "story.txt", STORY);
  write_file (f, "tale.txt", STORY);
  run_report (f, 1, "check", "tale.txt", NULL);
  assert_in ("but the same text as", f->out);
  g_assert_null (strstr (f->out, "its document is gone"));
}

/* Into another folder: Postil remembers where it saw the annotations of which text. */
static void
test_moved_away (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (f->folder, "sub", NULL);

  annotate_story (f, "story.txt");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  rename_file (f, "story.txt", "sub/tale.txt");
  run_report (f, 1, "check", "sub/tale.txt", NULL);
  assert_in ("/story.txt.annotations.json” was made for the same text: rename that file too",
             f->out);
}

static void
test_equal_ids (Fixture *f, gconstpointer data)
{
  g_autofree char *sidecar = NULL;

  annotate_story (f, "story.txt");
  sidecar = read_file (f, "story.txt.annotations.json");
  write_file (f, "tale.txt", STORY);
  write_file (f, "tale.txt.annotations.json", sidecar);
  run_report (f, 0, "check", "tale.txt", NULL);
  run_report (f, 1, "check", "story.txt", "tale.txt", NULL);
  assert_in ("It is a copy of “story.txt”", f->out);
  run_report (f, 1, "check", "story.txt", "tale.txt", "--json", NULL);
  assert_in ("\"copy_of\":\"story.txt\"", f->out);
}

/* The texts that Postil was first made for, corrected as an editor would. */
static void
test_documents (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "xinhua-2021-03-19.txt", "memri-9249-2021-03-23.txt" };
  g_autofree char *folder = postil_test_find_shared ("documents");
  const guint n_passages = 40;

  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autofree char *text = NULL;
      g_autoptr (GPtrArray) arguments = NULL;
      g_autoptr (GString) edited = NULL;
      JsonNode *root;
      JsonObject *report;
      glong length;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      write_file (f, "document.txt", text);
      length = g_utf8_strlen (text, -1);
      for (guint j = 0; j < n_passages; j++)
        {
          glong start = length / n_passages * j;
          g_autofree char *at = g_strdup_printf ("--at=%ld:%ld", start, start + 60);

          run (f, 0, "annotate", "document.txt", at, NULL);
        }

      edited = g_string_new (text);
      g_string_replace (edited, "the", "that", 5);
      g_string_prepend (edited, "Corrected on Monday.\n\n");
      write_file (f, "document.txt", edited->str);
      report = check (f, 1, "document.txt", TRUE, &root);
      g_assert_true (json_object_get_boolean_member (report, "text_changed"));
      g_assert_cmpint (json_object_get_int_member (report, "placed") +
                         json_object_get_int_member (report, "moved"),
                       ==, n_passages);
      g_assert_cmpint (json_object_get_int_member (report, "moved"), <=, 6);
      json_node_unref (root);
      run (f, 0, "list", "document.txt", "--json", NULL);
      root = parse (f);
      g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, n_passages);
      json_node_unref (root);

      write_file (f, "document.txt", text);
      run_report (f, 0, "check", "document.txt", "--write", NULL);
      {
        g_autofree char *sidecar =
          g_build_filename (f->folder, "document.txt.annotations.json", NULL);

        g_assert_cmpint (g_unlink (sidecar), ==, 0);
      }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("POSTIL_CLI"));

#define ADD(name, func) g_test_add ("/cli/check/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("help", test_help);
  ADD ("well", test_well);
  ADD ("shifted", test_shifted);
  ADD ("edited", test_edited);
  ADD ("repaired", test_repaired);
  ADD ("failures", test_failures);
  ADD ("versions", test_versions);
  ADD ("left-behind", test_left_behind);
  ADD ("moved-away", test_moved_away);
  ADD ("equal-ids", test_equal_ids);
  ADD ("documents", test_documents);

  return g_test_run ();
}
