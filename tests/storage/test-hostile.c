/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "postil-edit.h"
#include "postil-loader.h"
#include "postil-sidecar.h"
#include "postil-test.h"

/*
 * Every file of the hostile collections used as a document, as a sidecar, and as the text of topics
 * and notes; what is no file at all as a document and as a sidecar; and sidecars made to exhaust
 * memory and time. Whatever happens, it is said in one sentence and no byte that is not ours is
 * changed.
 */

/* Each of the worst runs in a process of its own, which is given so much. */
#define MAX_SECONDS 120
#define MAX_MEGABYTES 1000

typedef struct
{
  char *folder;
  char *document;
  char *sidecar;
} Place;

static void
place_init (Place *place)
{
  place->folder = g_dir_make_tmp ("postil-hostile-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->document = g_build_filename (place->folder, "d.txt", NULL);
  place->sidecar = g_strconcat (place->document, POSTIL_SIDECAR_SUFFIX, NULL);
}

static void
empty_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_no_errno (g_remove (file));
    }
}

static void
place_clear (Place *place)
{
  empty_folder (place->folder);
  g_assert_no_errno (g_rmdir (place->folder));
  g_free (place->folder);
  g_free (place->document);
  g_free (place->sidecar);
}

static void
assert_file_holds (const char *path, const char *bytes, gsize n_bytes)
{
  g_autofree char *now = NULL;
  gsize n_now;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (path, &now, &n_now, &error));
  g_assert_cmpmem (now, n_now, bytes, n_bytes);
}

static void
assert_one_sentence (const GError *error, const char *file)
{
  g_assert_nonnull (error);
  if (error->message[0] == '\0' || strchr (error->message, '\n') ||
      !g_utf8_validate (error->message, -1, NULL) || strstr (error->message, "d.txt") == NULL)
    g_error ("%s: not one sentence that names the file: “%s”", file, error->message);
}

static PostilDocument *
load (Place *place, PostilSidecar **sidecar, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (place->document);

  return postil_loader_load (file, postil_test_get_environment (), NULL, NULL, NULL, NULL, sidecar,
                             error);
}

/* Annotates the whole document, saves, reads again. */
static void
annotate_and_reread (Place *place,
                     PostilDocument *document,
                     PostilSidecar *sidecar,
                     const char *label,
                     const char *note)
{
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  g_autofree char *topic = NULL;
  g_autofree char *id = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (PostilSidecar) sidecar_again = NULL;
  g_autoptr (PostilDocument) again = NULL;
  g_autoptr (GError) error = NULL;
  PostilAnnotation *annotation;
  PostilNote *const *notes;
  guint n;

  postil_workspace_add_document (workspace, document);
  topic = postil_edit_add_topic (workspace, step, label, NULL);
  id = postil_edit_add_annotation (workspace, step, document, NULL, 0,
                                   (const char *[]){ topic, NULL }, note);
  postil_workspace_commit (workspace, step, NULL);
  snapshot = postil_document_snapshot (document, postil_workspace_get_codebook (workspace));
  g_assert_true (postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error));
  g_assert_no_error (error);

  again = load (place, &sidecar_again, &error);
  g_assert_no_error (error);
  g_assert_no_error (postil_sidecar_get_damage (sidecar_again));
  annotation = postil_document_get_annotation (again, id);
  g_assert_nonnull (annotation);
  notes = postil_annotation_get_notes (annotation, &n);
  g_assert_cmpuint (n, ==, note[0] ? 1 : 0);
  if (n > 0)
    g_assert_cmpstr (postil_note_get_text (notes[0]), ==, note);
  for (guint i = 0; i < postil_document_get_topics_read (again)->len; i++)
    if (strcmp (postil_topic_get_id (postil_document_get_topics_read (again)->pdata[i]), topic) ==
        0)
      {
        g_assert_cmpstr (postil_topic_get_label (postil_document_get_topics_read (again)->pdata[i]),
                         ==, label);
        return;
      }
  g_assert_not_reached ();
}

static void
use_as_document (Place *place, const char *name, const char *bytes, gsize n_bytes)
{
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (place->document, bytes, n_bytes, NULL));
  document = load (place, &sidecar, &error);
  if (document)
    annotate_and_reread (place, document, sidecar, "Topic", "note");
  else
    {
      assert_one_sentence (error, name);
      g_assert_false (g_file_test (place->sidecar, G_FILE_TEST_EXISTS));
    }
  assert_file_holds (place->document, bytes, n_bytes);
  empty_folder (place->folder);
}

static void
use_as_sidecar (Place *place, const char *name, const char *bytes, gsize n_bytes)
{
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;
  const GError *damage;

  g_assert_true (g_file_set_contents (place->document, "Hello, world", -1, NULL));
  g_assert_true (g_file_set_contents (place->sidecar, bytes, n_bytes, NULL));
  document = load (place, &sidecar, &error);
  g_assert_no_error (error);
  damage = postil_sidecar_get_damage (sidecar);
  if (g_str_has_prefix (name, "n_") && damage == NULL)
    g_error ("%s: was not refused", name);

  if (damage)
    {
      g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
      g_autoptr (PostilSnapshot) snapshot = postil_document_snapshot (document, codebook);

      assert_one_sentence (damage, name);
      g_assert_false (postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error));
      assert_one_sentence (error, name);
      assert_file_holds (place->sidecar, bytes, n_bytes);
    }
  else
    annotate_and_reread (place, document, sidecar, "Topic", "note");
  assert_file_holds (place->document, "Hello, world", 12);
  empty_folder (place->folder);
}

static void
use_as_texts (Place *place, const char *bytes, gsize n_bytes)
{
  g_autofree char *text = g_utf8_make_valid (bytes, strnlen (bytes, n_bytes));
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (place->document, "Hello, world", -1, NULL));
  document = load (place, &sidecar, &error);
  g_assert_no_error (error);
  annotate_and_reread (place, document, sidecar, text[0] ? text : "empty", text);
  empty_folder (place->folder);
}

static void
test_folder (gconstpointer data)
{
  g_autofree char *folder = postil_test_find_shared (data);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  Place place;

  if (folder == NULL)
    return;

  place_init (&place);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize n_bytes;

      g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
      g_test_message ("%s", name);
      use_as_document (&place, name, bytes, n_bytes);
      use_as_sidecar (&place, name, bytes, n_bytes);
      use_as_texts (&place, bytes, n_bytes);
    }
  place_clear (&place);
}

static void
test_naughty_lines (void)
{
  g_autofree char *path = postil_test_find_shared ("conformance/naughty-strings/blns.txt");
  g_autofree char *bytes = NULL;
  g_auto (GStrv) lines = NULL;
  Place place;

  if (path == NULL)
    return;

  place_init (&place);
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  lines = g_strsplit (bytes, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (lines[i][0] != '\0' && lines[i][0] != '#')
      use_as_texts (&place, lines[i], strlen (lines[i]));
  place_clear (&place);
}

/* Runs the rest of the test in a process of its own; returns whether this is that process. */
static gboolean
is_alone (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, MAX_SECONDS * G_TIME_SPAN_SECOND, 0);
  if (g_test_trap_reached_timeout ())
    g_test_fail_printf ("it hangs");
  else
    g_test_trap_assert_passed ();
  return FALSE;
}

static void
assert_modest (void)
{
#if !defined(__SANITIZE_ADDRESS__)
  struct rusage usage;

  g_assert_no_errno (getrusage (RUSAGE_SELF, &usage));
  g_assert_cmpint (usage.ru_maxrss / 1024, <, MAX_MEGABYTES);
#endif
}

static void
make_fifo (const char *path)
{
  g_assert_no_errno (mkfifo (path, 0600));
}

static void
make_zero (const char *path)
{
  g_assert_no_errno (symlink ("/dev/zero", path));
}

static void
make_full (const char *path)
{
  g_assert_no_errno (symlink ("/dev/full", path));
}

static void
make_folder (const char *path)
{
  g_assert_no_errno (g_mkdir (path, 0700));
}

static void
make_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_assert_cmpuint (g_strlcpy (address.sun_path, path, sizeof address.sun_path), <,
                    sizeof address.sun_path);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &address, sizeof address));
  g_assert_no_errno (close (fd));
}

/* All of it a hole. */
static void
make_huge (const char *path)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_no_errno (ftruncate (fd, G_GINT64_CONSTANT (1) << 32));
  g_assert_no_errno (close (fd));
}

static void
make_dangling (const char *path)
{
  g_assert_no_errno (symlink ("nowhere", path));
}

static void
make_circle (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  g_assert_no_errno (symlink (name, path));
}

typedef struct
{
  const char *name;
  void (*make) (const char *path);
} Special;

static const Special specials[] = {
  { "fifo", make_fifo },     { "zero", make_zero },         { "full", make_full },
  { "folder", make_folder }, { "socket", make_socket },     { "4-gb", make_huge },
  { "circle", make_circle }, { "dangling", make_dangling },
};

static void
test_special_document (gconstpointer data)
{
  const Special *special = data;
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;
  Place place;

  if (!is_alone ())
    return;

  place_init (&place);
  special->make (place.document);
  document = load (&place, &sidecar, &error);
  g_assert_null (document);
  assert_one_sentence (error, special->name);
  g_assert_false (g_file_test (place.sidecar, G_FILE_TEST_EXISTS));
  assert_modest ();
  place_clear (&place);
}

static void
test_special_sidecar (gconstpointer data)
{
  const Special *special = data;
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;
  const GError *damage;
  GStatBuf before, after;
  Place place;

  if (!is_alone ())
    return;

  place_init (&place);
  g_assert_true (g_file_set_contents (place.document, "Hello, world", -1, NULL));
  special->make (place.sidecar);
  g_assert_no_errno (g_lstat (place.sidecar, &before));
  document = load (&place, &sidecar, &error);
  g_assert_no_error (error);
  damage = postil_sidecar_get_damage (sidecar);
  if (damage)
    {
      g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
      g_autoptr (PostilSnapshot) snapshot = postil_document_snapshot (document, codebook);

      assert_one_sentence (damage, special->name);
      g_assert_false (postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error));
      assert_one_sentence (error, special->name);
    }
  else
    {
      /* Only a link to what is not there yet can be written through. */
      g_assert_true (special->make == make_dangling);
      annotate_and_reread (&place, document, sidecar, "Topic", "note");
    }
  g_assert_no_errno (g_lstat (place.sidecar, &after));
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_cmpuint (before.st_mode, ==, after.st_mode);
  assert_modest ();
  empty_folder (place.folder);
  place_clear (&place);
}

static void
append_repeated (GString *json, const char *part, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append (json, part);
}

/* Annotations between these make a sidecar. */
#define HEAD                                                                                       \
  "{ \"type\": \"AnnotationCollection\", \"id\": \"urn:c\", \"label\": \"d.txt\", "                \
  "\"dcterms:source\": { \"id\": \"urn:s\" }, \"first\": { \"type\": \"AnnotationPage\", "         \
  "\"items\": [ "
#define TAIL " ] } }"
#define ANNOTATION(id, more) "{ \"id\": \"" id "\", \"type\": \"Annotation\", " more " }"
#define AT(start, end)                                                                             \
  "\"target\": { \"source\": \"urn:s\", \"selector\": { \"type\": \"TextPositionSelector\", "      \
  "\"start\": " start ", \"end\": " end " } }"
#define LONG_STRING (50 * 1000 * 1000)

static void
write_deep (GString *json)
{
  g_string_append (json, HEAD ANNOTATION ("urn:a", AT ("0", "5")) TAIL);
  g_string_truncate (json, json->len - 1);
  g_string_append (json, ", \"x:deep\": ");
  append_repeated (json, "[", 100000);
  append_repeated (json, "]", 100000);
  g_string_append (json, " }");
}

static void
write_long_note (GString *json)
{
  g_string_append (json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", " AT ("0", "5") ", ");
  g_string_append (json, "\"body\": { \"type\": \"TextualBody\", \"value\": \"");
  append_repeated (json, "0123456789", LONG_STRING / 10);
  g_string_append (json, "\" } }" TAIL);
}

static void
write_long_quote (GString *json)
{
  g_string_append (json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", \"target\": { "
                              "\"source\": \"urn:s\", \"selector\": { "
                              "\"type\": \"TextQuoteSelector\", \"exact\": \"");
  append_repeated (json, "Hello, wor", LONG_STRING / 10);
  g_string_append (json, "\" } } }" TAIL);
}

static void
write_long_foreign (GString *json)
{
  g_string_append (json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", " AT ("0", "5"));
  g_string_append (json, ", \"x:long\": \"");
  append_repeated (json, "0123456789", LONG_STRING / 10);
  g_string_append (json, "\" }" TAIL);
}

static void
write_long_key (GString *json)
{
  g_string_append (json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", " AT ("0", "5"));
  g_string_append (json, ", \"");
  append_repeated (json, "0123456789", LONG_STRING / 10);
  g_string_append (json, "\": 1 }" TAIL);
}

static void
write_selectors (GString *json)
{
  g_string_append (json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", \"target\": { "
                              "\"source\": \"urn:s\", \"selector\": [ ");
  append_repeated (json, "{ \"type\": \"TextPositionSelector\", \"start\": 0, \"end\": 5 }, ",
                   50000);
  append_repeated (json, "{ \"type\": \"TextQuoteSelector\", \"exact\": \"Hello\" }, ", 50000);
  g_string_append (json, "{ \"type\": \"XPathSelector\", \"value\": \"/p\" } ] } }" TAIL);
}

static void
write_targets (GString *json)
{
  g_string_append (json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", \"target\": [ ");
  append_repeated (json,
                   "{ \"source\": \"urn:s\", \"selector\": { \"type\": \"TextQuoteSelector\", "
                   "\"exact\": \"o\" } }, ",
                   100000);
  g_string_append (json, "\"urn:s\" ] }" TAIL);
}

static void
write_bodies (GString *json)
{
  g_string_append (
    json, HEAD "{ \"id\": \"urn:a\", \"type\": \"Annotation\", " AT ("0", "5") ", \"body\": [ ");
  append_repeated (
    json, "{ \"type\": \"TextualBody\", \"purpose\": \"tagging\", \"value\": \"T\" }, ", 100000);
  g_string_append (json, "{ \"type\": \"TextualBody\", \"value\": \"note\" } ] }" TAIL);
}

static void
write_circle_of_topics (GString *json)
{
  g_string_append (json, HEAD ANNOTATION ("urn:a", AT ("0", "5")) TAIL);
  g_string_truncate (json, json->len - 1);
  g_string_append (json, ", \"dcterms:subject\": [ ");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (
      json,
      "%s{ \"id\": \"urn:t%u\", \"type\": \"skos:Concept\", "
      "\"skos:prefLabel\": \"T\", \"skos:broader\": { \"id\": \"urn:t%u\" } }",
      i > 0 ? ", " : "", i, (i + 1) % 100000);
  g_string_append (json, " ] }");
}

/*
 * @n_annotations: how many must be there after reading; 0 when it must be refused
 * @warns: whether something must be said
 */
typedef struct
{
  const char *name;
  const char *json;
  void (*write) (GString *json);
  guint n_annotations;
  gboolean warns;
} Excess;

static const Excess excesses[] = {
  { "deep", NULL, write_deep, 0 },
  { "long-note", NULL, write_long_note, 1 },
  { "long-quote", NULL, write_long_quote, 1 },
  { "long-foreign", NULL, write_long_foreign, 1 },
  { "long-key", NULL, write_long_key, 1 },
  { "selectors", NULL, write_selectors, 1 },
  { "targets", NULL, write_targets, 1 },
  { "bodies", NULL, write_bodies, 1 },
  { "circle", NULL, write_circle_of_topics, 1, TRUE },
  { "same-ids",
    HEAD ANNOTATION ("urn:a", AT ("0", "5")) "," ANNOTATION ("urn:a", AT ("7", "12")) TAIL, NULL, 2,
    TRUE },
  { "reversed", HEAD ANNOTATION ("urn:a", AT ("5", "0")) TAIL, NULL, 1, TRUE },
  { "negative", HEAD ANNOTATION ("urn:a", AT ("-5", "3")) TAIL, NULL, 1, TRUE },
  { "fractions", HEAD ANNOTATION ("urn:a", AT ("0.5", "3.25")) TAIL, NULL, 1, TRUE },
  { "outside", HEAD ANNOTATION ("urn:a", AT ("100", "200")) TAIL, NULL, 1, TRUE },
  { "half-outside", HEAD ANNOTATION ("urn:a", AT ("5", "2000")) TAIL, NULL, 1, TRUE },
  { "huge",
    HEAD ANNOTATION ("urn:a", AT ("4294967296", "4294967301")) "," ANNOTATION (
      "urn:b",
      AT ("18446744073709551616", "1e400")) TAIL,
    NULL, 2, TRUE },
  { "strings", HEAD ANNOTATION ("urn:a", AT ("\"0\"", "\"5\"")) TAIL, NULL, 1, TRUE },
  { "nul",
    HEAD ANNOTATION ("urn:\\u0000",
                     AT ("0", "5") ", \"body\": { \"type\": \"TextualBody\", "
                                   "\"value\": \"a\\u0000b\" }") TAIL,
    NULL, 1 },
};

static void
test_excess (gconstpointer data)
{
  const Excess *excess = data;
  g_autoptr (GString) json = g_string_new (excess->json);
  g_autoptr (PostilDocument) document = NULL;
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (GError) error = NULL;
  const char *const *warnings;
  Place place;

  if (!is_alone ())
    return;

  place_init (&place);
  if (excess->write != NULL)
    excess->write (json);
  g_assert_true (g_file_set_contents (place.document, "Hello, world", -1, NULL));
  g_assert_true (g_file_set_contents (place.sidecar, json->str, json->len, NULL));
  document = load (&place, &sidecar, &error);
  g_assert_no_error (error);
  if (excess->n_annotations == 0)
    {
      assert_one_sentence (postil_sidecar_get_damage (sidecar), excess->name);
      assert_file_holds (place.sidecar, json->str, json->len);
    }
  else
    {
      g_assert_no_error (postil_sidecar_get_damage (sidecar));
      g_assert_cmpuint (
        postil_annotation_index_get_size (postil_document_get_annotations (document)), ==,
        excess->n_annotations);
      warnings = postil_sidecar_get_warnings (sidecar);
      if (excess->warns)
        g_assert_true (warnings != NULL && warnings[0] != NULL);
      for (guint i = 0; warnings != NULL && warnings[i] != NULL; i++)
        g_assert_null (strchr (warnings[i], '\n'));
      annotate_and_reread (&place, document, sidecar, "Topic", "note");
    }
  assert_modest ();
  empty_folder (place.folder);
  place_clear (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/hostile/json", "conformance/json-test-suite/test_parsing", test_folder);
  g_test_add_data_func ("/hostile/json-transform", "conformance/json-test-suite/test_transform",
                        test_folder);
  g_test_add_data_func ("/hostile/utf8", "conformance/utf8", test_folder);
  g_test_add_data_func ("/hostile/naughty", "conformance/naughty-strings", test_folder);
  g_test_add_func ("/hostile/naughty-lines", test_naughty_lines);
  for (guint i = 0; i < G_N_ELEMENTS (specials); i++)
    {
      g_autofree char *document = g_strconcat ("/hostile/document/", specials[i].name, NULL);
      g_autofree char *sidecar = g_strconcat ("/hostile/sidecar/", specials[i].name, NULL);

      g_test_add_data_func (document, &specials[i], test_special_document);
      g_test_add_data_func (sidecar, &specials[i], test_special_sidecar);
    }
  for (guint i = 0; i < G_N_ELEMENTS (excesses); i++)
    {
      g_autofree char *path = g_strconcat ("/hostile/excess/", excesses[i].name, NULL);

      g_test_add_data_func (path, &excesses[i], test_excess);
    }
  return g_test_run ();
}
