/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "postil-error.h"
#include "postil-loader.h"
#include "postil-sidecar-finder.h"
#include "postil-test.h"
#include "snapshot-writing.h"

#define TEXT                                                                                       \
  "The harbour was closed at dawn. Two ships waited beyond the breakwater, and nobody on the "     \
  "quay would say why. At noon a pilot came out in a small boat.\n"

typedef struct
{
  char *folder;
  char *store_folder;
  PostilStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  f->store_folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  f->store = postil_store_new (f->store_folder, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->store);
  postil_test_remove_all (f->folder);
  postil_test_remove_all (f->store_folder);
  g_free (f->folder);
  g_free (f->store_folder);
}

static char *
get_path (Fixture *f, const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
write_file (Fixture *f, const char *name, const char *contents)
{
  g_autofree char *path = get_path (f, name);

  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
}

static char *
read_file (Fixture *f, const char *name)
{
  g_autofree char *path = get_path (f, name);
  g_autofree char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, NULL);
  return g_steal_pointer (&contents);
}

static void
remove_file (Fixture *f, const char *name)
{
  g_autofree char *path = get_path (f, name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
rename_file (Fixture *f, const char *from, const char *to)
{
  g_autofree char *old_path = get_path (f, from), *new_path = get_path (f, to);

  g_assert_cmpint (g_rename (old_path, new_path), ==, 0);
}

static PostilDocument *
load (Fixture *f, const char *name, PostilSidecar **sidecar)
{
  g_autofree char *path = get_path (f, name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  PostilDocument *document = postil_loader_load (file, postil_test_get_environment (), NULL, NULL,
                                                 NULL, NULL, sidecar, &error);

  g_assert_no_error (error);
  return document;
}

/* A document with four annotations, and its sidecar. */
static void
write_annotated (Fixture *f, const char *name, const char *text)
{
  static const char *const quotes[] = { "harbour was closed", "waited beyond the breakwater",
                                        "nobody on the quay", "a pilot came out" };
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  write_file (f, name, text);
  document = load (f, name, &sidecar);
  postil_workspace_add_document (workspace, document);
  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      const char *found = strstr (text, quotes[i]);
      guint start;

      if (found == NULL)
        continue;
      start = g_utf8_pointer_to_offset (text, found);
      g_free (postil_test_annotate (workspace, document, start,
                                    start + g_utf8_strlen (quotes[i], -1), "Delay", "a note"));
    }
  snapshot = postil_document_snapshot (document, postil_workspace_get_codebook (workspace));
  postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* (transfer full): what is found, in words: each sidecar's name, a letter for whether its document
 * is there (p) or gone (g), and one for whether the text is the same (s) or similar (m). */
static char *
find (Fixture *f, const char *name)
{
  g_autoptr (PostilDocument) document = load (f, name, NULL);
  g_autoptr (GPtrArray) strays = postil_sidecar_finder_find (
    postil_document_get_file (document), postil_document_get_text (document), f->store, NULL);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < strays->len; i++)
    {
      PostilStraySidecar *stray = g_ptr_array_index (strays, i);
      g_autofree char *base = g_path_get_basename (stray->path);

      g_assert_true (g_str_has_prefix (stray->path, stray->document));
      g_string_append_printf (words, "%s%.*s:%c%c", i > 0 ? " " : "",
                              (int) (strlen (base) - strlen (POSTIL_SIDECAR_SUFFIX)), base,
                              stray->present ? 'p' : 'g', stray->same_text ? 's' : 'm');
    }
  return g_string_free (words, FALSE);
}

#define assert_found(f, name, expected)                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found = find (f, name);                                                       \
    g_assert_cmpstr (found, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_renamed (Fixture *f, gconstpointer data)
{
  write_annotated (f, "old.txt", TEXT);
  write_annotated (f, "another.txt", "Something else was annotated: a pilot came out.\n");
  rename_file (f, "old.txt", "new.txt");
  assert_found (f, "new.txt", "old.txt:gs");
}

static void
test_copied (Fixture *f, gconstpointer data)
{
  write_annotated (f, "old.txt", TEXT);
  write_file (f, "new.txt", TEXT);
  assert_found (f, "new.txt", "old.txt:ps");
}

/* What needs a new name comes before what only can be copied; nobody's own sidecar is offered. */
static void
test_order (Fixture *f, gconstpointer data)
{
  write_annotated (f, "a.txt", TEXT);
  write_annotated (f, "z.txt", TEXT);
  remove_file (f, "z.txt");
  write_annotated (f, "new.txt", TEXT);
  assert_found (f, "new.txt", "z.txt:gs a.txt:ps");
}

static void
test_edited (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *text;
    const char *found;
  } cases[] = {
    { "a few words",
      "The harbour was closed at dusk. Two ships waited beyond the breakwater, and nobody on the "
      "quay would say why that was. At noon a pilot came out in a small boat, alone.\n",
      "old.txt:gm" },
    { "one passage gone",
      "The harbour was closed at dawn. Two ships waited beyond the breakwater, and nobody on the "
      "quay would say why. Then it was evening.\n",
      "old.txt:gm" },
    { "two passages gone",
      "The harbour was closed at dawn. Two ships waited beyond the breakwater. Then it was "
      "evening, and all of the crews went to bed without having learned a thing.\n",
      "" },
    { "another text",
      "On the quay somebody sold oranges from a cart, and a pilot, who had just come in with the "
      "mail, bought a dozen. The harbour master shook his head and closed the window.\n",
      "" },
    { "much longer",
      TEXT TEXT "And so on, day after day, until the winter came and with it another harbour "
                "master, who opened the breakwater and let all the ships in at once, to the great "
                "surprise of those who had waited for so long.\n",
      "" },
    { "empty", "", "" },
  };

  write_annotated (f, "old.txt", TEXT);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      write_file (f, "new.txt", cases[i].text);
      /* While its document is there, it is that document's. */
      assert_found (f, "new.txt", "");
      rename_file (f, "old.txt", "away");
      assert_found (f, "new.txt", cases[i].found);
      rename_file (f, "away", "old.txt");
    }
}

/* Few passages prove nothing: they may be in any text. */
static void
test_few_passages (Fixture *f, gconstpointer data)
{
  write_annotated (f, "old.txt", "The harbour was closed, and nobody on the quay knew why.\n");
  remove_file (f, "old.txt");
  write_file (f, "new.txt", "The harbour was closed, and nobody on the quay knew why at all.\n");
  assert_found (f, "new.txt", "");
}

static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  g_autofree char *sub = get_path (f, "sub"), *sidecar = NULL, *gone = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, TEXT, -1);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  write_annotated (f, "sub/old.txt", TEXT);
  rename_file (f, "sub/old.txt", "new.txt");
  assert_found (f, "new.txt", "");

  sidecar = get_path (f, "sub/old.txt.annotations.json");
  gone = get_path (f, "sub/gone.txt.annotations.json");
  g_assert_true (postil_store_note_place (f->store, sha256, sidecar, &error));
  g_assert_no_error (error);
  g_assert_true (postil_store_note_place (f->store, sha256, gone, &error));
  g_assert_no_error (error);
  assert_found (f, "new.txt", "old.txt:gs");

  /* What is remembered may be another's by now. */
  write_annotated (f, "sub/old.txt", "Another text by now.");
  assert_found (f, "new.txt", "");
}

/* What is no sidecar, or a hostile one, is passed over. */
static void
test_bad_files (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) deep = g_string_new ("{ \"x\": ");
  g_autofree char *pipe = get_path (f, "pipe.annotations.json");
  g_autofree char *folder = get_path (f, "folder.annotations.json");
  g_autofree char *sidecar = NULL, *cut = NULL;

  write_annotated (f, "old.txt", TEXT);
  rename_file (f, "old.txt", "new.txt");
  sidecar = read_file (f, "old.txt.annotations.json");
  g_assert_nonnull (strstr (sidecar, "schema:sha256"));
  cut = g_strndup (sidecar, strstr (sidecar, "schema:sha256") - sidecar);
  write_file (f, "cut.annotations.json", cut);
  write_file (f, "source.annotations.json",
              "{ \"dcterms:source\": { \"schema:sha256\": 1, \"schema:sha256\": \"\" } }");
  write_file (f, "binary.annotations.json", "\x01\xFF\xFE");
  write_file (f, "array.annotations.json", "[1, 2");
  for (guint i = 0; i < 30000; i++)
    g_string_append_c (deep, '[');
  write_file (f, "deep.annotations.json", deep->str);
  write_file (f, ".annotations.json", "{}");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);

  assert_found (f, "new.txt", "old.txt:gs");
}

static void
test_abandoned (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (f->folder);
  g_autoptr (GFile) none = g_file_get_child (folder, "none");
  g_autoptr (GPtrArray) abandoned = NULL, nothing = NULL;

  write_annotated (f, "a.txt", TEXT);
  write_annotated (f, "c.txt", TEXT);
  write_annotated (f, "b.txt", "At noon a pilot came out.");
  remove_file (f, "c.txt");
  remove_file (f, "b.txt");
  abandoned = postil_sidecar_finder_list_abandoned (folder, NULL);
  g_assert_cmpuint (abandoned->len, ==, 2);
  g_assert_true (g_str_has_suffix (abandoned->pdata[0], "/b.txt.annotations.json"));
  g_assert_true (g_str_has_suffix (abandoned->pdata[1], "/c.txt.annotations.json"));
  nothing = postil_sidecar_finder_list_abandoned (none, NULL);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
test_adopt (Fixture *f, gconstpointer data)
{
  g_autofree char *stray = get_path (f, "old.txt.annotations.json");
  g_autofree char *path = get_path (f, "new.txt");
  g_autofree char *before = NULL, *after = NULL, *kept = NULL;
  g_autofree char *store_path = get_path (f, "store"), *old = get_path (f, "old.txt");
  g_autofree char *kept_before = NULL, *kept_after = NULL, *about = NULL, *told = NULL;
  g_autoptr (PostilStore) store = postil_store_new (store_path, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  write_annotated (f, "old.txt", TEXT);
  rename_file (f, "old.txt", "new.txt");
  before = read_file (f, "old.txt.annotations.json");

  write_file (f, "new.txt.annotations.json", "mine");
  g_assert_false (postil_sidecar_finder_adopt (stray, file, NULL, &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_CHANGED);
  g_assert_nonnull (strstr (error->message, "“new.txt.annotations.json”"));
  g_clear_error (&error);
  kept = read_file (f, "new.txt.annotations.json");
  g_assert_cmpstr (kept, ==, "mine");
  g_assert_true (g_file_test (stray, G_FILE_TEST_EXISTS));
  remove_file (f, "new.txt.annotations.json");

  kept_before = postil_store_make_path (store, old, "journal", NULL);
  g_assert_true (g_file_set_contents (kept_before, "work", -1, NULL));
  g_assert_true (postil_sidecar_finder_adopt (stray, file, store, &error));
  g_assert_no_error (error);
  kept_after = postil_store_find_path (store, path, "journal");
  g_assert_true (g_file_test (kept_after, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (kept_before, G_FILE_TEST_EXISTS));
  about = postil_store_find_path (store, path, "document");
  g_assert_true (g_file_get_contents (about, &told, NULL, NULL));
  g_assert_nonnull (strstr (told, "/new.txt\n"));
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));
  after = read_file (f, "new.txt.annotations.json");
  g_assert_cmpstr (after, ==, before);

  /* The label follows with the next save. */
  document = load (f, "new.txt", &sidecar);
  snapshot = postil_document_snapshot (document, codebook);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 4);
  g_assert_cmpstr (snapshot->label, ==, "new.txt");
  g_assert_null (snapshot->foreign);

  g_assert_false (postil_sidecar_finder_adopt (stray, file, NULL, &error));
  g_assert_nonnull (error);
}

static char *
serialize (PostilSnapshot *snapshot)
{
  return g_string_free (write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE), FALSE);
}

#define ID(n) "urn:uuid:00000000-0000-4000-aaaa-00000000000" #n

/* Two versions of one annotation, an answer to it that Postil cannot show, and a page. */
#define INTERLINKED                                                                                                                                                                                                \
  "{ \"@context\": \"http://www.w3.org/ns/anno.jsonld\", \"id\": \"" ID (                                                                                                                                          \
    1) "\", \"type\": \"AnnotationCollection\", \"ex:of\": [ \"" ID (4) "\" ], "                                                                                                                                   \
                                                                        "\"dcterms:source\": { "                                                                                                                   \
                                                                        "\"id\": \"" ID (                                                                                                                          \
                                                                          2) "\", \"type\": "                                                                                                                      \
                                                                             "\"Text\" }, "                                                                                                                        \
                                                                             "\"first\": { "                                                                                                                       \
                                                                             "\"id\": "                                                                                                                            \
                                                                             "\"http://"                                                                                                                           \
                                                                             "example.org/"                                                                                                                        \
                                                                             "page\", \"type\": "                                                                                                                  \
                                                                             "\"AnnotationPage\","                                                                                                                 \
                                                                             " \"items\": [ { "                                                                                                                    \
                                                                             "\"id\": \"" ID (3) "\", \"type\": \"Annotation\", \"motivation\": \"highlighting\", \"target\": \"" ID (2) "\" }, { \"id\": \"" ID ( \
                                                                               4) "\", \"type\": "                                                                                                                 \
                                                                                  "\"Annotation\""                                                                                                                 \
                                                                                  ", "                                                                                                                             \
                                                                                  "\"dcterms:"                                                                                                                     \
                                                                                  "isVersionOf\":"                                                                                                                 \
                                                                                  " "                                                                                                                              \
                                                                                  "{ \"id\": "                                                                                                                     \
                                                                                  "\"" ID (                                                                                                                        \
                                                                                    3) "\""                                                                                                                        \
                                                                                       " }"                                                                                                                        \
                                                                                       ", "                                                                                                                        \
                                                                                       "\""                                                                                                                        \
                                                                                       "mo"                                                                                                                        \
                                                                                       "ti"                                                                                                                        \
                                                                                       "va"                                                                                                                        \
                                                                                       "ti"                                                                                                                        \
                                                                                       "on"                                                                                                                        \
                                                                                       "\""                                                                                                                        \
                                                                                       ": "                                                                                                                        \
                                                                                       "\""                                                                                                                        \
                                                                                       "hi"                                                                                                                        \
                                                                                       "gh"                                                                                                                        \
                                                                                       "li"                                                                                                                        \
                                                                                       "gh"                                                                                                                        \
                                                                                       "ti"                                                                                                                        \
                                                                                       "ng"                                                                                                                        \
                                                                                       "\""                                                                                                                        \
                                                                                       ", "                                                                                                                        \
                                                                                       "\""                                                                                                                        \
                                                                                       "ta"                                                                                                                        \
                                                                                       "rg"                                                                                                                        \
                                                                                       "et"                                                                                                                        \
                                                                                       "\""                                                                                                                        \
                                                                                       ": "                                                                                                                        \
                                                                                       "\"" ID (2) "\" }, { \"id\": \"" ID (                                                                                       \
                                                                                         5) "\", "                                                                                                                 \
                                                                                            "\"ty"                                                                                                                 \
                                                                                            "pe\""                                                                                                                 \
                                                                                            ": "                                                                                                                   \
                                                                                            "\"An"                                                                                                                 \
                                                                                            "nota"                                                                                                                 \
                                                                                            "tion"                                                                                                                 \
                                                                                            "\", "                                                                                                                 \
                                                                                            "\"mo"                                                                                                                 \
                                                                                            "tiva"                                                                                                                 \
                                                                                            "tion"                                                                                                                 \
                                                                                            "\": "                                                                                                                 \
                                                                                            "\"re"                                                                                                                 \
                                                                                            "plyi"                                                                                                                 \
                                                                                            "ng\""                                                                                                                 \
                                                                                            ", "                                                                                                                   \
                                                                                            "\"bo"                                                                                                                 \
                                                                                            "dy\""                                                                                                                 \
                                                                                            ": { "                                                                                                                 \
                                                                                            "\"ty"                                                                                                                 \
                                                                                            "pe\""                                                                                                                 \
                                                                                            ": "                                                                                                                   \
                                                                                            "\"Te"                                                                                                                 \
                                                                                            "xtua"                                                                                                                 \
                                                                                            "lBod"                                                                                                                 \
                                                                                            "y\","                                                                                                                 \
                                                                                            " \"v"                                                                                                                 \
                                                                                            "alue"                                                                                                                 \
                                                                                            "\": "                                                                                                                 \
                                                                                            "\"\\"                                                                                                                 \
                                                                                            "\"" ID (3) "\\\"\" }, \"target\": \"" ID (                                                                            \
                                                                                              3) "\" } ] } }"

static void
test_set_apart (Fixture *f, gconstpointer data)
{
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (PostilSnapshot) snapshot = NULL, apart = NULL;
  g_autofree char *before = NULL, *after = NULL, *back = NULL;
  g_autoptr (GString) expected = NULL;

  write_file (f, "a.txt", TEXT);
  write_file (f, "a.txt.annotations.json", INTERLINKED);
  document = load (f, "a.txt", NULL);
  snapshot = postil_document_snapshot (document, codebook);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 3);
  apart = postil_sidecar_finder_set_apart (snapshot, postil_test_get_environment ());

  before = serialize (snapshot);
  after = serialize (apart);
  back = serialize (snapshot);
  g_assert_cmpstr (back, ==, before);
  g_assert_nonnull (strstr (before, ID (1)));
  g_assert_nonnull (strstr (before, "http://example.org/page"));

  /* Every id is another one, in all places alike; what only looks like one stays. */
  g_assert_null (strstr (after, "\"" ID (1)));
  g_assert_null (strstr (after, "\"" ID (2)));
  g_assert_null (strstr (after, "\"" ID (3) "\""));
  g_assert_null (strstr (after, "\"" ID (4)));
  g_assert_null (strstr (after, "\"" ID (5)));
  g_assert_null (strstr (after, "http://example.org/page"));
  g_assert_nonnull (strstr (after, "\\\"" ID (3) "\\\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/storage/sidecar-finder/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("renamed", test_renamed);
  ADD ("copied", test_copied);
  ADD ("order", test_order);
  ADD ("edited", test_edited);
  ADD ("few-passages", test_few_passages);
  ADD ("elsewhere", test_elsewhere);
  ADD ("bad-files", test_bad_files);
  ADD ("abandoned", test_abandoned);
  ADD ("adopt", test_adopt);
  ADD ("set-apart", test_set_apart);

  return g_test_run ();
}
