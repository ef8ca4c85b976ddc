/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-test.h"

#include <glib/gstdio.h>
#include <string.h>

#include "postil-edit.h"

static gint64
fixed_now (gpointer data)
{
  return 1767225600; /* 2026-01-01T00:00:00Z */
}

static char *
counted_id (gpointer data)
{
  static gint count;

  return g_strdup_printf ("urn:uuid:00000000-0000-4000-8000-%012x",
                          (guint) g_atomic_int_add (&count, 1) + 1);
}

const PostilEnvironment *
postil_test_get_environment (void)
{
  static const PostilEnvironment environment = { .now = fixed_now, .new_id = counted_id };

  return &environment;
}

PostilWorkspace *
postil_test_workspace_new (void)
{
  g_autoptr (PostilAnnotator) annotator =
    postil_annotator_new ("urn:uuid:00000000-0000-4000-9000-000000000001", "Annotator 1", NULL);

  return postil_workspace_new (postil_test_get_environment (), annotator);
}

/**
 * postil_test_document_new:
 * @name: a file name
 * @utf8: its text
 *
 * Returns: (transfer full): a document without annotations, of a file that is nowhere
 */
PostilDocument *
postil_test_document_new (const char *name, const char *utf8)
{
  const PostilEnvironment *environment = postil_test_get_environment ();
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, utf8, -1);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_autofree char *id = environment->new_id (NULL);
  g_autofree char *collection = environment->new_id (NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PostilText) text = postil_text_new (
    g_strdup (utf8), strlen (utf8), &(PostilTextOrigin){ .charset = "UTF-8", .sha256 = sha256 });
  g_autoptr (PostilSnapshot) snapshot = postil_snapshot_new (
    &(PostilSnapshot){ .id = id, .collection = collection, .label = (char *) name, .text = text });

  return postil_document_new (file, snapshot);
}

/**
 * postil_test_annotate:
 * @workspace: a workspace
 * @document: one of its documents
 * @start: first code point
 * @end: code point after the last
 * @topic_path: (nullable): path of a topic, made when it is missing
 * @note: (nullable): a note
 *
 * Annotates in one step.
 *
 * Returns: (transfer full): the id of the annotation
 */
char *
postil_test_annotate (PostilWorkspace *workspace,
                      PostilDocument *document,
                      guint start,
                      guint end,
                      const char *topic_path,
                      const char *note)
{
  g_autoptr (PostilStep) step = postil_step_new ("Annotate");
  g_autofree char *topic =
    topic_path ? postil_edit_ensure_path (workspace, step, topic_path) : NULL;
  const char *topics[] = { topic, NULL };
  PostilSpan span = { start, end };
  char *id = postil_edit_add_annotation (workspace, step, document, &span, 1, topics, note);

  postil_workspace_commit (workspace, step, NULL);
  return id;
}

/* The span of the first @words of a text. */
PostilSpan
postil_test_find (PostilText *text, const char *words)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  const char *at = strstr (utf8, words);

  g_assert_nonnull (at);
  return (PostilSpan){ postil_text_get_offset (text, at - utf8),
                       postil_text_get_offset (text, at - utf8 + strlen (words)) };
}

PostilSpan
postil_test_find_in (PostilDocument *document, const char *words)
{
  return postil_test_find (postil_document_get_text (document), words);
}

/**
 * postil_test_find_shared:
 * @path: a path below the folder with test material by others
 *
 * Returns: (transfer full) (nullable): where it is; %NULL, after skipping the test loudly, when it
 * is not
 */
char *
postil_test_find_shared (const char *path)
{
  const char *shared = g_getenv ("POSTIL_SHARED");
  g_autofree char *found =
    shared ? g_build_filename (shared, path, NULL)
           : g_test_build_filename (G_TEST_DIST, "..", "..", "shared", path, NULL);

  if (g_file_test (found, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&found);

  g_test_skip_printf ("test material is absent: %s", found);
  return NULL;
}

/**
 * postil_test_remove_all:
 * @path: a file, or a folder with all that is in it
 *
 * Removes it; links are not followed.
 */
void
postil_test_remove_all (const char *path)
{
  g_autoptr (GDir) dir =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      postil_test_remove_all (below);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}
