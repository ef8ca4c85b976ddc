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
 * Several processes edit and save one document all the time, each its own annotations, and each
 * tells every step once it is done. All must be there in the end, also when they are killed at
 * random moments and others go on; and nothing becomes two versions. POSTIL_ROUNDS says how many
 * steps each process does, or how often one is killed.
 */

#define N_PROCESSES 3
#define N_STEPS 200
#define N_KILLS 20

/* In ms: between saves, and how long a process that is killed may live at most. */
#define DELAY 3
#define LIFE 200

typedef struct
{
  char *me;
  PostilWorkspace *workspace;
  PostilDocument *document;
  PostilSaver *saver;
  GRand *random;
  guint n_steps;
} Editor;

static void
merged_cb (Editor *editor, PostilSnapshot *after)
{
  g_autoptr (PostilStep) step = postil_step_new ("Merge");

  postil_edit_take_over (editor->workspace, step, editor->document, after);
  postil_document_reread (editor->document, after);
  postil_workspace_commit (editor->workspace, step, NULL);
}

/* (transfer full) (nullable): one of those that this process, or the ones before it, made */
static PostilAnnotation *
choose (Editor *editor, guint *n_mine)
{
  PostilAnnotationIndex *annotations = postil_document_get_annotations (editor->document);
  g_autoptr (GPtrArray) mine = g_ptr_array_new ();

  for (guint i = 0; i < postil_annotation_index_get_size (annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);

      PostilAnnotationFields fields;

      postil_annotation_get_fields (annotation, &fields);
      if (g_strcmp0 (fields.creator, editor->me) == 0)
        g_ptr_array_add (mine, annotation);
    }
  *n_mine = mine->len;
  return mine->len > 0
           ? postil_annotation_ref (mine->pdata[g_rand_int_range (editor->random, 0, mine->len)])
           : NULL;
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_saver_flush_finish (POSTIL_SAVER (source), result, &error));
  g_assert_no_error (error);
  exit (0);
}

static gboolean
edit_cb (gpointer data)
{
  Editor *editor = data;
  guint choice = g_rand_int_range (editor->random, 0, 4), n_mine;
  g_autoptr (PostilStep) step = postil_step_new ("Edit");
  g_autoptr (PostilAnnotation) annotation = choose (editor, &n_mine);
  g_autofree char *note = g_strdup_printf ("%u", g_rand_int (editor->random));

  if (choice == 0 && n_mine > 10)
    {
      postil_edit_remove_annotation (step, editor->document, annotation);
      postil_workspace_commit (editor->workspace, step, NULL);
      talk_tell ("- %s\n", postil_annotation_get_id (annotation));
    }
  else if (choice <= 1 && n_mine > 0)
    {
      postil_edit_set_note (editor->workspace, step, editor->document, annotation, note);
      postil_workspace_commit (editor->workspace, step, NULL);
      talk_tell ("+ %s %s\n", postil_annotation_get_id (annotation), note);
    }
  else
    {
      guint start = g_rand_int_range (editor->random, 0, 40);
      g_autofree char *id =
        postil_test_annotate (editor->workspace, editor->document, start, start + 5, NULL, note);

      talk_tell ("+ %s %s\n", id, note);
    }
  if (--editor->n_steps > 0)
    return G_SOURCE_CONTINUE;
  postil_saver_flush_async (editor->saver, NULL, flushed_cb, NULL);
  return G_SOURCE_REMOVE;
}

static void
run_child (const char *folder, guint number, guint seed, guint n_steps)
{
  g_autoptr (PostilStore) store = talk_open_store (folder);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autofree char *me = g_strdup_printf ("urn:uuid:00000000-0000-4000-9000-%012x", number);
  g_autofree char *name = g_strdup_printf ("Annotator %u", number);
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new (me, name, NULL);
  g_autoptr (PostilWorkspace) workspace =
    postil_workspace_new (postil_environment_get_system (), annotator);
  g_autoptr (PostilDocument) document = talk_load (folder, store, &sidecar);
  g_autoptr (PostilSaver) saver = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Editor editor = { me, workspace, document, NULL, g_rand_new_with_seed (seed), n_steps };

  postil_workspace_add_document (workspace, document);
  saver = g_object_new (POSTIL_TYPE_SAVER, "document", document, "codebook",
                        postil_workspace_get_codebook (workspace), "sidecar", sidecar, "delay",
                        DELAY, NULL);
  editor.saver = saver;
  g_signal_connect_swapped (saver, "merged", G_CALLBACK (merged_cb), &editor);
  g_timeout_add (2, edit_cb, &editor);
  g_main_loop_run (loop);
}

typedef struct
{
  const char *program;
  const char *folder;
  guint number;
  guint n_lives;
  GPid pid;
  int output;
  GString *told;
  GHashTable *expected;
  guint n_untold;
} Process;

static void
start (Process *process, guint n_steps)
{
  g_autofree char *number = g_strdup_printf ("%u", process->number);
  g_autofree char *seed = g_strdup_printf ("%u", 100 * process->n_lives++ + process->number);
  g_autofree char *steps = g_strdup_printf ("%u", n_steps);
  const char *arguments[] = {
    process->program, "--child", process->folder, number, seed, steps, NULL
  };
  g_autoptr (GError) error = NULL;
  char buffer[4096];
  gssize n;

  process->told = g_string_new (NULL);
  g_spawn_async_with_pipes (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &process->pid, NULL, &process->output, NULL, &error);
  g_assert_no_error (error);
  /* It has loaded, and does not take what the next one leaves. */
  n = read (process->output, buffer, sizeof buffer);
  g_string_append_len (process->told, buffer, MAX (n, 0));
}

/* Reads to the end of the process, and returns its status. */
static int
finish (Process *process)
{
  char buffer[4096];
  int status;
  gssize n;

  while ((n = read (process->output, buffer, sizeof buffer)) > 0)
    g_string_append_len (process->told, buffer, n);
  close (process->output);
  g_assert_cmpint (waitpid (process->pid, &status, 0), ==, process->pid);
  talk_take_in (process->expected, process->told->str);
  g_string_free (process->told, TRUE);
  return status;
}

/* Saves what a process that was killed had not, before anybody goes on from what it had saved. */
static void
recover (const char *folder)
{
  g_autoptr (PostilStore) store = talk_open_store (folder);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilDocument) document = talk_load (folder, store, &sidecar);
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (PostilSnapshot) snapshot = postil_document_snapshot (document, codebook);
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
assert_there (const char *folder, Process *processes)
{
  g_autoptr (PostilStore) store = talk_open_store (folder);
  g_autoptr (PostilSidecar) sidecar = NULL;
  g_autoptr (PostilDocument) document = talk_load (folder, store, &sidecar);
  PostilAnnotationIndex *annotations = postil_document_get_annotations (document);
  guint n_expected = 0, n_untold = 0, n_different = 0;

  for (guint i = 0; i < N_PROCESSES; i++)
    {
      GHashTableIter iter;
      gpointer id, note;

      g_hash_table_iter_init (&iter, processes[i].expected);
      while (g_hash_table_iter_next (&iter, &id, &note))
        {
          PostilAnnotation *annotation = postil_document_get_annotation (document, id);
          g_autofree char *found = annotation != NULL ? talk_dup_note (annotation) : NULL;

          n_different += g_strcmp0 (found, note) != 0;
        }
      n_expected += g_hash_table_size (processes[i].expected);
      n_untold += processes[i].n_untold;
    }
  for (guint i = 0; i < postil_annotation_index_get_size (annotations); i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (annotations, i);

      g_assert_null (postil_annotation_get_version_of (annotation));
      g_assert_cmpuint (postil_annotation_get_status (annotation), ==, POSTIL_STATUS_PLACED);
    }
  g_test_message ("%u annotations, %u differ, %u steps may not have been told", n_expected,
                  n_different, n_untold);
  g_assert_cmpuint (n_different, <=, n_untold);
  g_assert_cmpint (ABS ((int) n_expected - (int) postil_annotation_index_get_size (annotations)),
                   <=, n_untold);
}

static void
run (const char *program, gboolean killed)
{
  const char *rounds = g_getenv ("POSTIL_ROUNDS");
  guint n_rounds = rounds != NULL ? g_ascii_strtoull (rounds, NULL, 10)
                   : killed       ? N_KILLS
                                  : N_STEPS;
  g_autofree char *folder = talk_make_folder ();
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  Process processes[N_PROCESSES];

  for (guint i = 0; i < N_PROCESSES; i++)
    {
      processes[i] = (Process){ .program = program, .folder = folder, .number = i + 1 };
      processes[i].expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      start (&processes[i], killed ? G_MAXUINT : n_rounds);
    }
  for (guint i = 0; killed && i < n_rounds; i++)
    {
      Process *process = &processes[g_rand_int_range (random, 0, N_PROCESSES)];

      g_usleep (g_rand_int_range (random, 0, LIFE * 1000));
      kill (process->pid, SIGKILL);
      g_assert_true (WIFSIGNALED (finish (process)));
      process->n_untold++;
      recover (folder);
      start (process, G_MAXUINT);
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      if (killed)
        {
          kill (processes[i].pid, SIGKILL);
          processes[i].n_untold++;
        }
      g_assert_true (killed == !!WIFSIGNALED (finish (&processes[i])));
    }
  assert_there (folder, processes);
  for (guint i = 0; i < N_PROCESSES; i++)
    g_hash_table_unref (processes[i].expected);
  postil_test_remove_all (folder);
}

static void
test_together (gconstpointer data)
{
  run (data, FALSE);
}

static void
test_killed (gconstpointer data)
{
  run (data, TRUE);
}

int
main (int argc, char **argv)
{
  if (argc == 6 && g_str_equal (argv[1], "--child"))
    {
      run_child (argv[2], g_ascii_strtoull (argv[3], NULL, 10),
                 g_ascii_strtoull (argv[4], NULL, 10), g_ascii_strtoull (argv[5], NULL, 10));
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/storage/saver-processes/together", argv[0], test_together);
  g_test_add_data_func ("/storage/saver-processes/killed", argv[0], test_killed);
  return g_test_run ();
}
