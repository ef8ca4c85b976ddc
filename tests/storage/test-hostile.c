/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "postil-edit.h"
#include "postil-loader.h"
#include "postil-sidecar.h"
#include "postil-test.h"

/*
 * Every file of the hostile collections used as a document, as a sidecar, and as the text of topics
 * and notes: whatever happens, it is said in one sentence and no byte that is not ours is changed.
 */

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

      g_assert_no_errno (g_unlink (file));
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

  return postil_loader_load (file, postil_test_get_environment (), NULL, NULL, NULL, sidecar,
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
  g_assert_true (postil_sidecar_save (sidecar, snapshot, NULL, &error));
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
      g_assert_false (postil_sidecar_save (sidecar, snapshot, NULL, &error));
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
  return g_test_run ();
}
