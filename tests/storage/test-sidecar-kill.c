/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "postil-edit.h"
#include "postil-saver.h"
#include "postil-test.h"
#include "talk.h"

/*
 * A process edits and saves all the time, tells each step once it is done, and is killed at a
 * random moment; again and again on one document, each going on where the last one ended. Whatever
 * it had told must be there each time. POSTIL_ROUNDS says how often.
 */

#define N_ROUNDS 100

/* In ms: between saves, and how long a process may live at most. */
#define DELAY 3
#define LIFE 60

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  GRand *random;
} Editor;

static gboolean
edit_cb (gpointer data)
{
  Editor *editor = data;
  PostilAnnotationIndex *annotations = postil_document_get_annotations (editor->document);
  guint n = postil_annotation_index_get_size (annotations);
  guint choice = g_rand_int_range (editor->random, 0, 4);
  g_autoptr (PostilStep) step = postil_step_new ("Edit");
  g_autoptr (PostilAnnotation) annotation = NULL;
  g_autofree char *note = g_strdup_printf ("%u", g_rand_int (editor->random));
  g_autofree char *id = NULL;

  if (n > 0)
    annotation = postil_annotation_ref (
      postil_annotation_index_get (annotations, g_rand_int_range (editor->random, 0, n)));
  if (choice == 0 && n > 20)
    {
      postil_edit_remove_annotation (step, editor->document, annotation);
      postil_workspace_commit (editor->workspace, step, NULL);
      talk_tell ("- %s\n", postil_annotation_get_id (annotation));
    }
  else if (choice == 1 && n > 0)
    {
      postil_edit_set_note (editor->workspace, step, editor->document, annotation, note);
      postil_workspace_commit (editor->workspace, step, NULL);
      talk_tell ("+ %s %s\n", postil_annotation_get_id (annotation), note);
    }
  else
    {
      guint start = g_rand_int_range (editor->random, 0, 40);
      g_autofree char *topic =
        g_strdup_printf ("Topic %d", g_rand_int_range (editor->random, 0, 9));

      id =
        postil_test_annotate (editor->workspace, editor->document, start, start + 5, topic, note);
      talk_tell ("+ %s %s\n", id, note);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_cb (gpointer data)
{
  exit (0);
}

static void
run_child (const char *folder, guint seed)
{
  g_autoptr (PostilStore) store = talk_open_store (folder);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilAnnotator) annotator =
    postil_annotator_new ("urn:uuid:00000000-0000-4000-9000-000000000001", "Annotator 1", NULL);
  g_autoptr (PostilWorkspace) workspace =
    postil_workspace_new (postil_environment_get_system (), annotator);
  g_autoptr (PostilDocument) document = talk_load (folder, store, &sidecar);
  g_autoptr (PostilSaver) saver = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Editor editor = { workspace, document, g_rand_new_with_seed (seed) };

  postil_workspace_add_document (workspace, document);
  saver = g_object_new (POSTIL_TYPE_SAVER, "document", document, "codebook",
                        postil_workspace_get_codebook (workspace), "sidecar", sidecar, "delay",
                        DELAY, NULL);
  g_timeout_add (1, edit_cb, &editor);
  /* Should nobody kill it. */
  g_timeout_add_seconds (60, quit_cb, NULL);
  g_main_loop_run (loop);
}

/* At most the one step that was not told any more may be there as well. */
static void
compare (GHashTable *expected, PostilDocument *document)
{
  PostilAnnotationIndex *annotations = postil_document_get_annotations (document);
  g_autoptr (GHashTable) missing = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_different = 0;
  GHashTableIter iter;
  gpointer id, note;

  g_hash_table_iter_init (&iter, expected);
  while (g_hash_table_iter_next (&iter, &id, &note))
    {
      PostilAnnotation *annotation = postil_document_get_annotation (document, id);
      g_autofree char *found = annotation != NULL ? talk_dup_note (annotation) : NULL;

      n_different += g_strcmp0 (found, note) != 0;
      if (g_strcmp0 (found, note) != 0)
        g_test_message ("%s was told with note “%s”, found with “%s”", (char *) id, (char *) note,
                        found);
    }
  for (guint i = 0; i < postil_annotation_index_get_size (annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);

      n_different += !g_hash_table_contains (expected, postil_annotation_get_id (annotation));
      g_assert_cmpuint (postil_annotation_get_status (annotation), ==, POSTIL_STATUS_PLACED);
      g_assert_null (postil_annotation_get_version_of (annotation));
    }
  g_assert_cmpuint (n_different, <=, 1);

  g_hash_table_remove_all (expected);
  for (guint i = 0; i < postil_annotation_index_get_size (annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);

      g_hash_table_insert (expected, g_strdup (postil_annotation_get_id (annotation)),
                           talk_dup_note (annotation));
    }
}

static char *
run_and_kill (const char *program, const char *folder, guint seed, GRand *random)
{
  g_autofree char *number = g_strdup_printf ("%u", seed);
  const char *arguments[] = { program, "--child", folder, number, NULL };
  GString *told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char buffer[4096];
  gint64 life;
  GPid pid;
  int output, status;
  gssize n;

  g_spawn_async_with_pipes (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &pid, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  /* Some die while they load, most while they edit. */
  life = g_rand_int_range (random, 0, LIFE * 1000);
  if (seed % 4 != 0)
    {
      n = read (output, buffer, sizeof buffer);
      g_string_append_len (told, buffer, MAX (n, 0));
    }
  g_usleep (life);
  kill (pid, SIGKILL);
  while ((n = read (output, buffer, sizeof buffer)) > 0)
    g_string_append_len (told, buffer, n);
  close (output);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  return g_string_free (told, FALSE);
}

static guint
count_hidden (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += *name == '.';
  return n;
}

static void
test_kill (gconstpointer data)
{
  const char *rounds = g_getenv ("POSTIL_ROUNDS");
  guint n_rounds = rounds != NULL ? g_ascii_strtoull (rounds, NULL, 10) : N_ROUNDS;
  g_autofree char *folder = talk_make_folder ();
  g_autoptr (PostilStore) store = talk_open_store (folder);
  g_autoptr (GHashTable) expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint n_told = 0, n_recovered = 0, n_left = 0;

  for (guint i = 1; i <= n_rounds; i++)
    {
      g_autofree char *told = run_and_kill (data, folder, i, random);
      g_autoptr (PostilSidecar) sidecar = NULL;
      g_autoptr (PostilDocument) document = NULL;

      for (const char *at = told; (at = strchr (at, '\n')) != NULL; at++)
        n_told++;
      n_left += count_hidden (folder);
      document = talk_load (folder, store, &sidecar);
      n_recovered += postil_sidecar_get_n_recovered (sidecar) > 0;
      talk_take_in (expected, told);
      compare (expected, document);
      g_assert_cmpuint (count_hidden (folder), ==, 0);
    }
  g_test_message ("%u steps in %u rounds, work recovered in %u, %u temporary files", n_told,
                  n_rounds, n_recovered, n_left);
  g_assert_cmpuint (n_told, >, n_rounds);
  g_assert_cmpuint (n_recovered, >, 0);
  postil_test_remove_all (folder);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    {
      run_child (argv[2], g_ascii_strtoull (argv[3], NULL, 10));
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/storage/sidecar-kill", argv[0], test_kill);
  return g_test_run ();
}
