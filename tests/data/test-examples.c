/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "postil-decoder.h"
#include "postil-sidecar.h"

static const char *const examples[] = { "agency-report.txt", "embassy-dispatch.txt" };

static char *
read_example (const char *name, const char *suffix, gsize *n_bytes)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "examples", file, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;

  g_file_get_contents (path, &bytes, n_bytes, &error);
  g_assert_no_error (error);
  return bytes;
}

/* Reads an example as it stands in the tree; nothing is written there. */
static PostilSnapshot *
load_example (const char *name)
{
  gsize n_bytes;
  g_autofree char *bytes = read_example (name, "", &n_bytes);
  g_autofree char *file = g_strconcat (name, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "examples", file, NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, NULL, postil_file_io_get_system ());
  g_autoptr (PostilText) text = NULL;
  g_autoptr (GError) error = NULL;
  PostilSnapshot *snapshot;

  text = postil_decoder_decode (bytes, n_bytes, name, NULL, &error);
  g_assert_no_error (error);
  snapshot =
    postil_sidecar_load (sidecar, text, name, postil_environment_get_system (), NULL, &error);
  g_assert_no_error (error);
  g_assert_no_error (postil_sidecar_get_damage (sidecar));
  g_assert_cmpstr (postil_sidecar_get_warnings (sidecar)[0], ==, NULL);
  return snapshot;
}

/* Saved again, an example is the same file: it is exactly what Postil writes. */
static void
test_saved_again (gconstpointer data)
{
  const char *name = data;
  g_autoptr (PostilSnapshot) snapshot = load_example (name);
  g_autofree char *folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "saved.json", NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, NULL, postil_file_io_get_system ());
  gsize n_bytes, n_saved;
  g_autofree char *bytes = read_example (name, POSTIL_SIDECAR_SUFFIX, &n_bytes);
  g_autofree char *saved = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &saved, &n_saved, NULL));
  g_assert_cmpmem (saved, n_saved, bytes, n_bytes);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A newcomer sees what Postil is: every annotation in its place, in all the kinds there are. */
static void
test_shows_postil (void)
{
  g_autoptr (GHashTable) topics = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_annotations = 0, n_highlights = 0, n_document = 0, n_split = 0, n_answered = 0;
  g_autoptr (GPtrArray) snapshots =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_snapshot_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      PostilSnapshot *snapshot = load_example (examples[i]);
      guint n = postil_annotation_index_get_size (snapshot->annotations);

      g_ptr_array_add (snapshots, snapshot);
      g_assert_cmpuint (snapshot->annotators->len, ==, 2);
      g_assert_cmpuint (snapshot->topics->len, ==, 6);
      for (guint k = 0; k < 6; k++)
        g_hash_table_add (topics, (char *) postil_topic_get_id (snapshot->topics->pdata[k]));

      for (guint k = 0; k < n; k++)
        {
          PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, k);
          PostilAnnotationFields fields;

          postil_annotation_get_fields (annotation, &fields);
          g_assert_cmpint (fields.kind, !=, POSTIL_ANNOTATION_FOREIGN);
          g_assert_cmpint (fields.status, ==, POSTIL_STATUS_PLACED);
          n_document += fields.kind == POSTIL_ANNOTATION_DOCUMENT;
          n_highlights += fields.n_topics == 0 && fields.n_notes == 0;
          n_split += fields.n_spans > 1;
          n_answered += fields.n_notes > 1;
        }
      n_annotations += n;
    }

  g_assert_cmpuint (g_hash_table_size (topics), ==, 6);
  g_assert_cmpuint (n_annotations, >=, 20);
  g_assert_cmpuint (n_highlights, >, 0);
  g_assert_cmpuint (n_document, >, 0);
  g_assert_cmpuint (n_split, >, 0);
  g_assert_cmpuint (n_answered, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autofree char *path = g_strconcat ("/examples/saved-again/", examples[i], NULL);

      g_test_add_data_func (path, examples[i], test_saved_again);
    }
  g_test_add_func ("/examples/shows-postil", test_shows_postil);
  return g_test_run ();
}
