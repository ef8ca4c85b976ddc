/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fixture.h"

static void
test_help (Fixture *f, gconstpointer data)
{
  static const char *const commands[] = { "annotate", "list", "topics", "export" };

  run (f, 0, "--help", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    assert_in (commands[i], f->out);
  run (f, 0, "--version", NULL);
  g_assert_cmpstr (f->out, ==, "postil-cli " POSTIL_VERSION "\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = g_strconcat ("postil-cli ", commands[i], " [OPTION", NULL);

      run (f, 0, commands[i], "--help", NULL);
      assert_in (usage, f->out);
    }
  run (f, 0, "export", "--help", NULL);
  assert_in ("webannotation", f->out);
}

static void
test_annotate_and_list (Fixture *f, gconstpointer data)
{
  g_autofree char *id = NULL, *expected = NULL, *text = NULL, *created = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *annotation;

  run (f, 0, "annotate", "a.txt", "--quote=café 😀", "--topic=Trust", "--topic=Mood/Joy",
       "--note=why\nhere? \x1f", "--creator=Ada", NULL);
  id = g_strchomp (g_strdup (f->out));
  g_assert_true (g_str_has_prefix (id, "urn:uuid:"));

  run (f, 0, "list", "a.txt", "--json", NULL);
  root = parse (f);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 1);
  annotation = json_array_get_object_element (json_node_get_array (root), 0);
  created = g_strdup (json_object_get_string_member (annotation, "created"));
  expected = g_strdup_printf (
    "[\n{\"id\":\"%s\",\"document\":\"a.txt\",\"start\":6,\"end\":12,\"ranges\":[[6,12]],"
    "\"quote\":\"café 😀\",\"topics\":[\"Trust\",\"Joy\"],\"note\":\"why\\nhere? \\u001f\","
    "\"creator\":\"Ada\",\"created\":\"%s\",\"status\":\"placed\"}\n]\n",
    id, created);
  g_assert_cmpstr (f->out, ==, expected);
  g_assert_cmpuint (strlen (created), ==, strlen ("2026-01-01T00:00:00Z"));

  run (f, 0, "list", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "a.txt:6:12 [Trust; Joy]\n    “café 😀”\n    why\n    here?\n");

  text = read_file (f, "a.txt");
  g_assert_cmpstr (text, ==, FIXTURE_TEXT);
}

static void
test_list_topic (Fixture *f, gconstpointer data)
{
  run (f, 0, "annotate", "a.txt", "--at=0:5", "--topic=Mood/Joy", NULL);
  run (f, 0, "annotate", "b.txt", "--at=0:7", "--topic=Mood", NULL);
  run (f, 0, "annotate", "b.txt", "--at=8:12", NULL);

  run (f, 0, "list", "b.txt", NULL);
  g_assert_cmpstr (f->out, ==, "b.txt:0:7 [Mood]\n    “Another”\nb.txt:8:12\n    “text”\n");
  run (f, 0, "list", "--topic=Joy", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "a.txt:0:5 [Joy]\n    “Hello”\n");
  run (f, 0, "list", "--topic=Mood/Joy", "a.txt", NULL);
  assert_in ("a.txt:0:5", f->out);
  run (f, 0, "list", "--topic=Mood", "a.txt", NULL);
  assert_in ("a.txt:0:5", f->out);
  run (f, 1, "list", "--topic=Nothing", "a.txt", NULL);
  assert_in ("“Nothing”", f->err);
  run (f, 0, "list", "--json", "a.txt", "b.txt", "a.txt", NULL);
  {
    g_autoptr (JsonNode) root = parse (f);

    g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 3);
  }
}

static void
test_list_nothing (Fixture *f, gconstpointer data)
{
  g_autofree char *sidecar = NULL;

  run (f, 0, "list", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "");
  run (f, 0, "list", "a.txt", "--json", NULL);
  g_assert_cmpstr (f->out, ==, "[]\n");
  run (f, 0, "topics", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "");

  /* Looking makes no file. */
  sidecar = read_file (f, "a.txt.annotations.json");
  g_assert_null (sidecar);
}

static void
test_places (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *option;
    int status;
    const char *expected;
  } cases[] = {
    { "--at=0:5", 0, "\"ranges\":[[0,5]]" },
    { "--at=13:19", 0, "\"quote\":\"world.\"" },
    { "--at=0:49", 0, "\"ranges\":[[0,49]]" },
    { "--at=27:28", 0, "\"ranges\":[[27,29]]" },
    { "--at=28:31", 0, "\"ranges\":[[27,31]]" },
    { "--at=5:5", 2, "--at=5:5" },
    { "--at=5:4", 2, "--at=5:4" },
    { "--at=0:50", 2, "at 49" },
    { "--at=0:4294967296", 2, "START:END" },
    { "--at=-1:4", 2, "START:END" },
    { "--at=1", 2, "START:END" },
    { "--at=1:2:3", 2, "START:END" },
    { "--at=:", 2, "START:END" },
    { "--at=a:b", 2, "START:END" },
    { "--at=", 2, "START:END" },
    { "--quote=Hello", 0, "\"ranges\":[[0,5]]" },
    { "--quote=line", 0, "\"ranges\":[[30,34]]" },
    { "--quote=e\u0301 line", 0, "\"ranges\":[[27,34]]" },
    { "--quote=e", 2, "--nth" },
    { "--quote=ello", 2, "2 times; say which with --nth=1 to --nth=2" },
    { "--quote=absent", 1, "“absent” is not in the text" },
    { "--quote=CAFE", 1, "at 6:10" },
    { "--quote=", 2, "--quote" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sidecar = g_build_filename (f->folder, "a.txt.annotations.json", NULL);

      g_test_message ("%s", cases[i].option);
      run (f, cases[i].status, "annotate", "a.txt", cases[i].option, NULL);
      if (cases[i].status != 0)
        {
          assert_in ("a.txt", f->err);
          assert_in (cases[i].expected, f->err);
          g_assert_false (g_file_test (sidecar, G_FILE_TEST_EXISTS));
          continue;
        }
      run (f, 0, "list", "--json", "a.txt", NULL);
      assert_in (cases[i].expected, f->out);
      g_assert_cmpint (g_unlink (sidecar), ==, 0);
    }
}

static void
test_several_places (Fixture *f, gconstpointer data)
{
  run (f, 0, "annotate", "a.txt", "--at=13:18", "--at=0:5", NULL);
  run (f, 0, "list", "--json", "a.txt", NULL);
  assert_in ("\"start\":0,\"end\":18,\"ranges\":[[0,5],[13,18]],\"quote\":\"Hello … world\"",
             f->out);
}

static void
test_nth (Fixture *f, gconstpointer data)
{
  run (f, 0, "annotate", "a.txt", "--quote=ello", "--nth=2", NULL);
  run (f, 0, "list", "a.txt", NULL);
  assert_in ("a.txt:37:41\n", f->out);
  run (f, 1, "annotate", "a.txt", "--quote=ello", "--nth=3", NULL);
  assert_in ("only 2 times", f->err);
  run (f, 2, "annotate", "a.txt", "--quote=ello", "--nth=0", NULL);
  run (f, 2, "annotate", "a.txt", "--quote=ello", "--nth=-1", NULL);
  run (f, 2, "annotate", "a.txt", "--quote=ello", "--nth=x", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--nth=1", NULL);
}

static void
test_whole_document (Fixture *f, gconstpointer data)
{
  run (f, 0, "annotate", "a.txt", "--note=All of it", NULL);
  run (f, 0, "list", "--json", "a.txt", NULL);
  assert_in ("\"start\":null,\"end\":null,\"ranges\":[],\"quote\":null,\"topics\":[],"
             "\"note\":\"All of it\"",
             f->out);
  run (f, 0, "list", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "a.txt (on the whole document)\n    All of it\n");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  run (f, 2, NULL, NULL);
  run (f, 2, "compares", "a.txt", "b.txt", NULL);
  assert_in ("“compares”", f->err);
  run (f, 2, "list", NULL);
  run (f, 2, "list", "a.txt", "--wrong", NULL);
  run (f, 2, "list", "a.txt", "absent.txt", NULL);
  assert_in ("absent.txt", f->err);
  run (f, 2, "list", ".", NULL);
  run (f, 2, "annotate", "a.txt", NULL);
  run (f, 2, "annotate", "a.txt", "b.txt", "--at=0:1", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--quote=Hello", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--topic=", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--topic= / ", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--note=", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--creator= ", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", "--note=\xff\xfe", NULL);
  run (f, 2, "export", "a.txt", NULL);
  run (f, 2, "export", "a.txt", "--to=docx", NULL);
  assert_in ("csv, html, webannotation", f->err);
}

static void
test_creators (Fixture *f, gconstpointer data)
{
  g_autofree char *sidecar = NULL;
  g_autofree char *rest = NULL;

  run (f, 0, "annotate", "a.txt", "--at=0:1", "--creator=Ada Lovelace", NULL);
  run (f, 0, "annotate", "a.txt", "--at=1:2", "--creator=Bob", NULL);
  run (f, 0, "annotate", "a.txt", "--at=2:3", "--creator= Ada Lovelace ", NULL);

  /* Named once, however often they annotate. */
  sidecar = read_file (f, "a.txt.annotations.json");
  rest = g_strdup (strstr (sidecar, "Ada Lovelace") + 1);
  g_assert_null (strstr (rest, "Ada Lovelace"));

  run (f, 0, "list", "--json", "a.txt", NULL);
  assert_in ("\"creator\":\"Bob\"", f->out);

  /* Without a name it is always the same person. */
  run (f, 0, "annotate", "b.txt", "--at=0:1", NULL);
  run (f, 0, "annotate", "b.txt", "--at=1:2", NULL);
  g_free (sidecar);
  sidecar = read_file (f, "b.txt.annotations.json");
  g_assert_null (strstr (strstr (sidecar, "\"Person\"") + 1, "\"Person\""));
}

static void
test_topics (Fixture *f, gconstpointer data)
{
  run (f, 0, "topics", "a.txt", "--add=Mood/Joy", "--add=Trust", "--color=Mood=#AABBCC",
       "--color=Mood/Joy=#112233", "--color=Trust=#445566", NULL);
  g_assert_cmpstr (f->out, ==, "");
  run (f, 0, "annotate", "a.txt", "--at=0:5", "--topic=Joy", "--topic=Trust", NULL);
  run (f, 0, "annotate", "a.txt", "--at=6:10", "--topic=Mood/Joy", NULL);
  run (f, 0, "topics", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==,
                   "     0  #aabbcc  Mood\n"
                   "     2  #112233    Joy\n"
                   "     1  #445566  Trust\n");

  run (f, 0, "topics", "a.txt", "--rename=Mood/Joy=A=B/C", "--describe=Mood/A\\=B\\/C=x=y",
       "--move=Trust=Mood", NULL);
  run (f, 0, "topics", "a.txt", "--json", NULL);
  {
    g_autoptr (JsonNode) root = parse (f);
    JsonObject *child = json_array_get_object_element (json_node_get_array (root), 1);

    g_assert_cmpstr (json_object_get_string_member (child, "label"), ==, "A=B/C");
    g_assert_cmpstr (json_object_get_string_member (child, "path"), ==, "Mood/A=B\\/C");
    g_assert_cmpstr (json_object_get_string_member (child, "description"), ==, "x=y");
    g_assert_cmpint (json_object_get_int_member (child, "count"), ==, 2);
  }
  run (f, 0, "topics", "a.txt", "--move=Mood/Trust=", NULL);
  run (f, 0, "topics", "a.txt", "--delete=Mood", "--delete=A=B\\/C", NULL);
  g_assert_cmpstr (f->out, ==,
                   "“Mood” was deleted; 0 annotations had it.\n"
                   "“A=B/C” was deleted; 2 annotations had it.\n");
  run (f, 0, "list", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "a.txt:0:5 [Trust]\n    “Hello”\na.txt:6:10\n    “café”\n");

  run (f, 0, "topics", "a.txt", "--add=Faith/Hope", "--merge=Trust=Faith/Hope", NULL);
  g_assert_cmpstr (f->out, ==, "“Trust” was merged into “Hope”; 1 annotation had it.\n");
  run (f, 0, "topics", "a.txt", "--merge=Faith=Faith/Hope", "--rename=Hope=Trust", NULL);
  run (f, 0, "list", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==, "a.txt:0:5 [Trust]\n    “Hello”\na.txt:6:10\n    “café”\n");

  run (f, 1, "topics", "a.txt", "--delete=Mood", NULL);
  assert_in ("--delete=Mood", f->err);
  run (f, 1, "topics", "a.txt", "--merge=Trust=Nothing", NULL);
  run (f, 2, "topics", "a.txt", "--merge=Trust=Trust", NULL);
  run (f, 1, "topics", "a.txt", "--rename=Nothing=Something", NULL);
  run (f, 1, "topics", "a.txt", "--move=Trust=Nothing", NULL);
  run (f, 2, "topics", "a.txt", "--move=Trust=Trust", NULL);
  run (f, 2, "topics", "a.txt", "--color=Trust=red", NULL);
  run (f, 2, "topics", "a.txt", "--rename=Trust", NULL);
  run (f, 2, "topics", "a.txt", "--rename=Trust= ", NULL);
  run (f, 2, "topics", "a.txt", "--add=", NULL);

  /* All or nothing. */
  run (f, 1, "topics", "a.txt", "--rename=Trust=Faith", "--delete=Nothing", NULL);
  run (f, 0, "topics", "a.txt", NULL);
  assert_in ("Trust", f->out);
}

static void
test_topics_of_several (Fixture *f, gconstpointer data)
{
  g_autofree char *sidecar = NULL;

  run (f, 0, "topics", "a.txt", "b.txt", "--add=Trust", NULL);
  run (f, 0, "annotate", "a.txt", "--at=0:1", "--topic=Trust", NULL);
  run (f, 0, "annotate", "b.txt", "--at=0:1", "--topic=Trust", NULL);
  run (f, 0, "topics", "a.txt", "b.txt", "--rename=Trust=Faith", NULL);
  run (f, 0, "topics", "--json", "a.txt", "b.txt", NULL);
  {
    g_autoptr (JsonNode) root = parse (f);
    JsonObject *topic = json_array_get_object_element (json_node_get_array (root), 0);

    g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 1);
    g_assert_cmpstr (json_object_get_string_member (topic, "label"), ==, "Faith");
    g_assert_cmpint (json_object_get_int_member (topic, "count"), ==, 2);
  }
  sidecar = read_file (f, "b.txt.annotations.json");
  assert_in ("Faith", sidecar);
}

/* Documents that were annotated apart have two topics by one name. */
static void
test_topics_by_one_name (Fixture *f, gconstpointer data)
{
  run (f, 0, "annotate", "a.txt", "--at=0:1", "--topic=Mood/Joy", NULL);
  run (f, 0, "annotate", "b.txt", "--at=0:1", "--topic=Mood/Joy", NULL);
  run (f, 0, "list", "--topic=Joy", "a.txt", "b.txt", NULL);
  assert_in ("a.txt:0:1", f->out);
  assert_in ("b.txt:0:1", f->out);
  run (f, 0, "topics", "--rename=Joy=Delight", "a.txt", "b.txt", NULL);
  run (f, 0, "list", "b.txt", NULL);
  assert_in ("[Delight]", f->out);
  run (f, 0, "topics", "--delete=Delight", "a.txt", "b.txt", NULL);
  g_assert_cmpstr (f->out, ==, "“Delight” was deleted; 2 annotations had it.\n");
}

/* In a folder with a codebook, that is where topics are changed. */
static void
test_codebook (Fixture *f, gconstpointer data)
{
  g_autofree char *codebook = NULL, *sidecar = NULL;

  write_file (f, "codebook.json",
              "{\n  \"@context\": \"http://www.w3.org/ns/anno.jsonld\",\n"
              "  \"id\": \"urn:uuid:00000000-0000-4000-8000-000000000001\",\n"
              "  \"type\": \"AnnotationCollection\",\n  \"label\": \"codebook.json\",\n"
              "  \"schema:version\": \"1\",\n  \"dcterms:subject\": [\n"
              "    { \"id\": \"urn:uuid:00000000-0000-4000-8000-000000000002\","
              " \"type\": \"skos:Concept\", \"skos:prefLabel\": \"Trust\","
              " \"schema:color\": \"#112233\" }\n  ],\n  \"total\": 0\n}\n");
  run (f, 0, "annotate", "a.txt", "--at=0:5", "--topic=Trust", NULL);
  sidecar = read_file (f, "a.txt.annotations.json");
  assert_in ("urn:uuid:00000000-0000-4000-8000-000000000002", sidecar);

  run (f, 0, "topics", "a.txt", "--rename=Trust=Faith", "--add=Doubt", NULL);
  codebook = read_file (f, "codebook.json");
  assert_in ("Faith", codebook);
  assert_in ("Doubt", codebook);
  g_assert_null (strstr (codebook, "Trust"));

  run (f, 2, "export", "a.txt", "--to=csv", "--output=codebook.json", NULL);
}

/* A file may nest topics deeper than the C stack is, and may not command the terminal. */
static void
test_hostile_topics (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) sidecar = g_string_new (
    "{ \"type\": \"AnnotationCollection\", \"dcterms:source\": { \"id\": \"urn:s\" }, "
    "\"dcterms:subject\": [ { \"id\": \"urn:x\", \"skos:prefLabel\": \"a\\u001b[2J\\u009bb\" }");

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (sidecar,
                            ", { \"id\": \"urn:t%u\", \"skos:prefLabel\": \"T\", "
                            "\"skos:broader\": { \"id\": \"urn:t%u\" } }",
                            i, i + 1);
  g_string_append (sidecar, " ] }");
  write_file (f, "a.txt.annotations.json", sidecar->str);

  run (f, 0, "topics", "a.txt", NULL);
  g_assert_null (strchr (f->out, 0x1b));
  g_assert_null (strstr (f->out, "\xc2\x9b"));
  g_assert_nonnull (strstr (f->out, "a [2J b"));
  run (f, 0, "export", "a.txt", "--to=html", NULL);
  g_assert_nonnull (strstr (f->out, "</html>"));
}

static void
test_changed_text (Fixture *f, gconstpointer data)
{
  run (f, 0, "annotate", "a.txt", "--quote=café 😀", NULL);
  run (f, 0, "annotate", "a.txt", "--quote=Second", "--note=n", NULL);
  write_file (f, "a.txt", "New start. Hello café 😀 world.\n");
  run (f, 0, "list", "a.txt", NULL);
  g_assert_cmpstr (f->out, ==,
                   "a.txt:17:23 (the text changed, its passage was found)\n"
                   "    “café 😀”\n"
                   "a.txt (the text changed, its passage was not found)\n"
                   "    “Second”\n    n\n");
  run (f, 0, "list", "--json", "a.txt", NULL);
  assert_in ("\"start\":17,\"end\":23,", f->out);
  assert_in ("\"status\":\"moved\"", f->out);
  assert_in ("\"start\":null,\"end\":null,\"ranges\":[],\"quote\":\"Second\"", f->out);
  assert_in ("\"status\":\"orphaned\"", f->out);
}

static void
test_damaged (Fixture *f, gconstpointer data)
{
  static const char damaged[] = "{\n  \"type\": \"AnnotationCollection\",\n  oops\n}\n";
  g_autofree char *sidecar = NULL;

  write_file (f, "a.txt.annotations.json", damaged);
  run (f, 2, "list", "a.txt", NULL);
  assert_in ("a.txt.annotations.json", f->err);
  assert_in ("3", f->err);
  run (f, 2, "list", "b.txt", "a.txt", NULL);
  run (f, 2, "annotate", "a.txt", "--at=0:1", NULL);
  run (f, 2, "topics", "a.txt", "--add=Trust", NULL);
  run (f, 2, "export", "a.txt", "--to=csv", NULL);
  sidecar = read_file (f, "a.txt.annotations.json");
  g_assert_cmpstr (sidecar, ==, damaged);
}

static void
test_foreign (Fixture *f, gconstpointer data)
{
  write_file (f, "a.txt.annotations.json",
              "[ { \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"urn:x:1\","
              " \"type\": \"Annotation\", \"motivation\": \"assessing\","
              " \"body\": { \"type\": \"TextualBody\", \"value\": \"5\" },"
              " \"target\": \"http://example.org/elsewhere\" } ]\n");
  run (f, 0, "list", "a.txt", "--json", NULL);
  assert_in ("\"start\":null,\"end\":null,\"ranges\":[]", f->out);
  assert_in ("\"status\":\"placed\"", f->out);
  run (f, 0, "list", "a.txt", NULL);
  assert_in ("kept as it came", f->out);
}

static void
test_export (Fixture *f, gconstpointer data)
{
  g_autofree char *csv = NULL, *html = NULL, *sidecar = NULL, *sidecar_after = NULL, *text = NULL;
  g_autofree char *link = g_build_filename (f->folder, "link.txt", NULL);

  run (f, 0, "annotate", "a.txt", "--at=0:5", "--topic=Mood/Joy", "--note=-1", NULL);
  sidecar = read_file (f, "a.txt.annotations.json");

  run (f, 0, "export", "a.txt", "--to=csv", NULL);
  assert_in ("a.txt,0,5,1,Hello,Mood/Joy,'-1,", f->out);
  run (f, 0, "export", "a.txt", "b.txt", "--to=csv", "--output=out.csv", NULL);
  g_assert_cmpstr (f->out, ==, "");
  csv = read_file (f, "out.csv");
  assert_in ("a.txt,0,5,1,Hello,Mood/Joy,'-1,", csv);
  run (f, 0, "export", "a.txt", "b.txt", "--to=html", "--output=out.html", NULL);
  html = read_file (f, "out.html");
  assert_in ("Another text.", html);
  run (f, 0, "export", "a.txt", "--to=webannotation", NULL);
  assert_in ("\"Annotation\"", f->out);

  /* Never over what it is made from, whatever that is called. */
  g_assert_cmpint (symlink ("a.txt", link), ==, 0);
  run (f, 2, "export", "a.txt", "--to=csv", "--output=a.txt", NULL);
  run (f, 2, "export", "a.txt", "--to=csv", "--output=./link.txt", NULL);
  run (f, 2, "export", "a.txt", "--to=csv", "--output=a.txt.annotations.json", NULL);
  run (f, 2, "export", "b.txt", "--to=csv", "--output=b.txt.annotations.json", NULL);
  run (f, 2, "export", "a.txt", "--to=csv", "--output=absent/out.csv", NULL);
  run (f, 2, "export", "a.txt", "--to=csv", "--output=.", NULL);
  text = read_file (f, "a.txt");
  g_assert_cmpstr (text, ==, FIXTURE_TEXT);
  sidecar_after = read_file (f, "a.txt.annotations.json");
  g_assert_cmpstr (sidecar_after, ==, sidecar);
}

/* Ten at once on one file: all ten are there. */
static void
test_parallel (Fixture *f, gconstpointer data)
{
  enum
  {
    N_PROCESSES = 10
  };
  GSubprocess *processes[N_PROCESSES];
  g_autoptr (JsonNode) root = NULL;

  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_autofree char *note = g_strdup_printf ("--note=%u", i);
      const char *arguments[] = { g_getenv ("POSTIL_CLI"), "annotate", "a.txt", "--at=0:5",
                                  "--topic=Trust",         note,       NULL };

      processes[i] = start (f, arguments);
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      finish (f, processes[i]);
      g_assert_cmpstr (f->err, ==, "");
      g_assert_cmpint (f->status, ==, 0);
      g_object_unref (processes[i]);
    }

  run (f, 0, "list", "--json", "a.txt", NULL);
  root = parse (f);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, N_PROCESSES);
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_autofree char *note = g_strdup_printf ("\"note\":\"%u\"", i);

      assert_in (note, f->out);
    }
  run (f, 0, "topics", "a.txt", NULL);
  assert_in ("    10  ", f->out);
}

/* Works where there is no toolkit and no display. */
static void
test_links_no_toolkit (Fixture *f, gconstpointer data)
{
  static const char *const unwanted[] = { "libgtk", "libgdk", "libadwaita", "libpango", "libX11" };
  const char *arguments[] = { "ldd", g_getenv ("POSTIL_CLI"), NULL };
  g_autoptr (GSubprocess) process = start (f, arguments);

  finish (f, process);
  g_assert_cmpint (f->status, ==, 0);
  assert_in ("libglib-2.0", f->out);
  for (guint i = 0; i < G_N_ELEMENTS (unwanted); i++)
    g_assert_null (strstr (f->out, unwanted[i]));
}

static void
assert_matches (const char *pattern, const char *text)
{
  if (!g_regex_match_simple (pattern, text, 0, 0))
    g_error ("“%s” does not match %s", text, pattern);
}

static void
test_compare (Fixture *f, gconstpointer data)
{
  write_file (f, "a.txt",
              "The bridge is shut for the whole winter. Nobody was hurt in the fall.\n");
  write_file (f, "b.txt", "All was calm that day. The bridge is shut for the whole winter.\n");
  run (f, 0, "compare", "--json", "a.txt", "b.txt", NULL);
  g_assert_cmpstr (f->out, ==,
                   "{\"a\":\"a.txt\",\"b\":\"b.txt\",\"pairs\":[{\"a\":[0,40],\"b\":[23,63],"
                   "\"kind\":\"same\",\"score\":1.0}],\"only_a\":[[41,69]],\"only_b\":[[0,22]]}\n");
  run (f, 0, "compare", "a.txt", "b.txt", NULL);
  assert_in (" = The bridge is shut", f->out);
  assert_in (" < \n", f->out);
  assert_in (" > All was calm", f->out);
  run (f, 0, "compare", "--html", "a.txt", "b.txt", NULL);
  assert_in ("<p>Nobody was hurt in the fall.</p>", f->out);
  assert_in ("</html>", f->out);

  run (f, 2, "compare", "a.txt", NULL);
  run (f, 2, "compare", "--json", "--html", "a.txt", "b.txt", NULL);

  write_file (f, "c.txt", "In the spring the old bridge over the river was closed by the mayor.\n");
  write_file (f, "d.txt",
              "The old bridge over the river was closed in the spring by the “town”.\n");
  run (f, 0, "compare", "--json", "c.txt", "d.txt", NULL);
  assert_matches ("\"score\":0\\.[0-9]{1,4}}", f->out);
  run (f, 0, "compare", "c.txt", "d.txt", NULL);
  assert_in ("{In the spring} the old", f->out);
  assert_in ("{in", f->out);
  assert_in ("[mayor]", f->out);
  assert_in ("[town]", f->out);
  run (f, 0, "compare", "--exact", "c.txt", "d.txt", NULL);
  assert_in ("[“town”]", f->out);
  run (f, 0, "compare", "--html", "c.txt", "d.txt", NULL);
  assert_in ("<mark>In the spring</mark>", f->out);
  assert_in ("<ins>town</ins>", f->out);
}

/* What the texts and their names hold commands neither the terminal nor a browser. */
static void
test_compare_hostile (Fixture *f, gconstpointer data)
{
  write_file (f, "\033[2J<b>.txt",
              "A bridge \033]0;\a \302\233 is \342\200\256shut. <script>x</script>\n");
  run (f, 0, "compare", "\033[2J<b>.txt", "a.txt", NULL);
  g_assert_null (strpbrk (f->out, "\033\a"));
  g_assert_null (strstr (f->out, "\302\233"));
  g_assert_null (strstr (f->out, "\342\200\256"));
  assert_in ("is shut.", f->out);
  run (f, 0, "compare", "--html", "a.txt", "\033[2J<b>.txt", NULL);
  g_assert_null (strpbrk (f->out, "\033\a"));
  g_assert_null (strstr (f->out, "<b>"));
  g_assert_null (strstr (f->out, "<script>"));
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("POSTIL_CLI"));

  add ("/cli/help", test_help);
  add ("/cli/annotate-and-list", test_annotate_and_list);
  add ("/cli/list-topic", test_list_topic);
  add ("/cli/list-nothing", test_list_nothing);
  add ("/cli/places", test_places);
  add ("/cli/several-places", test_several_places);
  add ("/cli/nth", test_nth);
  add ("/cli/whole-document", test_whole_document);
  add ("/cli/refused", test_refused);
  add ("/cli/creators", test_creators);
  add ("/cli/topics", test_topics);
  add ("/cli/topics-of-several", test_topics_of_several);
  add ("/cli/topics-by-one-name", test_topics_by_one_name);
  add ("/cli/codebook", test_codebook);
  add ("/cli/hostile-topics", test_hostile_topics);
  add ("/cli/changed-text", test_changed_text);
  add ("/cli/damaged", test_damaged);
  add ("/cli/foreign", test_foreign);
  add ("/cli/export", test_export);
  add ("/cli/compare", test_compare);
  add ("/cli/compare-hostile", test_compare_hostile);
  add ("/cli/parallel", test_parallel);
  add ("/cli/links-no-toolkit", test_links_no_toolkit);

  return g_test_run ();
}
