/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-edit.h"
#include "postil-saver.h"
#include "postil-sidecar.h"

/*
 * How long a save takes when one annotation of many changed, with a store that keeps earlier
 * versions, and how much memory, beside a bare write, fsync and rename of as many bytes in the same
 * folder; how long one takes that finds nothing changed; for how long a saver that does so holds
 * the main loop, and what is computed there at a stretch when another program changed one
 * annotation, or half of them, also when one was changed here meanwhile. Arguments: how many runs
 * (9), how many bytes of text (10 MB), the folder (the current one).
 */

#define SEED 20260101
#define MANY 100000

/* (transfer full): @snapshot with the note changed of every annotation number @n_skipped */
static PostilSnapshot *
change_every (PostilSnapshot *snapshot, guint n_skipped, guint run)
{
  g_autofree char *text = g_strdup_printf ("note %u", run);
  g_autoptr (PostilNote) note = postil_note_new (text, NULL, 1, NULL);
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_ref (snapshot->annotations);
  PostilSnapshot fields = *snapshot;

  for (guint i = 0; i < postil_annotation_index_get_size (snapshot->annotations); i += n_skipped)
    {
      PostilAnnotation *before = postil_annotation_index_get (snapshot->annotations, i);
      g_autoptr (PostilAnnotation) after = NULL;
      PostilAnnotationFields changed;

      postil_annotation_get_fields (before, &changed);
      changed.notes = (PostilNote *const *) &note;
      changed.n_notes = 1;
      after = postil_annotation_new (&changed);
      index = postil_annotation_index_replace (g_steal_pointer (&index), before, after);
    }
  fields.annotations = index;
  return postil_snapshot_new (&fields);
}

static void
write_bare (const char *folder, const char *bytes, gsize n_bytes)
{
  g_autofree char *temporary = g_build_filename (folder, "bare.tmp", NULL);
  g_autofree char *path = g_build_filename (folder, "bare", NULL);
  int fd = g_open (temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  for (gsize at = 0; at < n_bytes;)
    {
      ssize_t n = write (fd, bytes + at, n_bytes - at);

      if (n <= 0)
        g_error ("%s cannot be written", temporary);
      at += n;
    }
  if (fsync (fd) != 0 || close (fd) != 0 || g_rename (temporary, path) != 0)
    g_error ("%s cannot be written", path);
}

static void
save (PostilSidecar *sidecar, PostilSnapshot *snapshot)
{
  g_autoptr (GError) error = NULL;

  if (!postil_sidecar_save (sidecar, snapshot, NULL, NULL, &error))
    g_error ("%s", error->message);
}

static void
measure (const char *folder, PostilText *text, guint n_annotations, guint n_runs)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *name = g_strdup_printf ("%u.txt" POSTIL_SIDECAR_SUFFIX, n_annotations);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *store_path = g_build_filename (folder, "store", NULL);
  g_autoptr (PostilStore) store = postil_store_new (store_path, NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, store, NULL);
  g_autoptr (GArray) saves = postil_bench_series_new (), bare = postil_bench_series_new (),
                     same = postil_bench_series_new (), peaks = postil_bench_series_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *size = NULL;
  gsize n_bytes;

  /* The first two keep the text and a version, which happens once in a while only. */
  for (guint run = 0; run < n_runs + 2; run++)
    {
      g_autoptr (PostilSnapshot) changed = change_every (snapshot, n_annotations, run);
      gint64 start;

      postil_bench_take_peak ();
      start = g_get_monotonic_time ();
      save (sidecar, changed);
      postil_bench_add (peaks, postil_bench_take_peak ());
      if (run < 2)
        continue;
      postil_bench_add_since (saves, start);
      if (bytes == NULL && !g_file_get_contents (path, &bytes, &n_bytes, &error))
        g_error ("%s", error->message);
      start = g_get_monotonic_time ();
      write_bare (folder, bytes, n_bytes);
      postil_bench_add_since (bare, start);
      start = g_get_monotonic_time ();
      save (sidecar, changed);
      postil_bench_add_since (same, start);
    }
  size = g_strdup_printf ("%.3g MB, %u", n_bytes / 1e6, n_annotations);
  postil_bench_print (&(PostilBenchRow){ .what = "save after one change",
                                         .size = size,
                                         .median = postil_bench_get_median (saves),
                                         .floor_name = "write + fsync + rename",
                                         .floor = postil_bench_get_median (bare),
                                         .most_floors = n_annotations == MANY ? 3 : 0 });
  postil_bench_print (&(PostilBenchRow){ .what = "save, nothing changed",
                                         .size = size,
                                         .median = postil_bench_get_median (same),
                                         .floor_name = "write + fsync + rename",
                                         .floor = postil_bench_get_median (bare) });
  postil_bench_print (&(PostilBenchRow){ .what = "save, peak of memory",
                                         .size = size,
                                         .unit = "MB",
                                         .median = postil_bench_get_share (peaks, 1),
                                         .floor_name = "the file",
                                         .floor = n_bytes / 1e6,
                                         .most_floors = n_annotations == MANY ? 2 : 0 });
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *done = data;
  g_autoptr (GError) error = NULL;

  if (!postil_saver_flush_finish (POSTIL_SAVER (source), result, &error))
    g_error ("%s", error->message);
  *done = TRUE;
}

/* The longest stretch of the main loop from a change to when it is saved. */
static void
measure_stretch (const char *folder, PostilText *text, guint n_annotations, guint n_runs)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *document_path = g_build_filename (folder, "saver.txt", NULL);
  g_autofree char *path = g_strconcat (document_path, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autofree char *store_path = g_build_filename (folder, "store", NULL);
  g_autofree char *size = g_strdup_printf ("%u", n_annotations);
  g_autoptr (PostilStore) store = postil_store_new (store_path, NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, store, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (document_path);
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:bench", "Bench", NULL);
  g_autoptr (PostilWorkspace) workspace =
    postil_workspace_new (postil_environment_get_system (), annotator);
  g_autoptr (PostilSaver) saver = NULL;
  g_autoptr (GArray) stretches = postil_bench_series_new ();

  save (sidecar, snapshot);
  postil_workspace_add_document (workspace, document);
  saver = postil_saver_new (document, postil_workspace_get_codebook (workspace), sidecar);
  postil_bench_watch_loop ();
  for (guint run = 0; run < n_runs; run++)
    {
      PostilAnnotation *annotation =
        postil_annotation_index_get (postil_document_get_annotations (document), run);
      g_autoptr (PostilStep) step = postil_step_new ("Note");
      g_autofree char *note = g_strdup_printf ("note %u", run);
      gboolean done = FALSE;

      while (g_main_context_iteration (NULL, FALSE))
        continue;
      postil_bench_take_longest_stretch ();
      postil_edit_set_note (workspace, step, document, annotation, note);
      postil_workspace_commit (workspace, step, NULL);
      postil_saver_flush_async (saver, NULL, flushed_cb, &done);
      while (!done)
        g_main_context_iteration (NULL, TRUE);
      postil_bench_add (stretches, postil_bench_take_longest_stretch ());
    }
  postil_bench_print (&(PostilBenchRow){ .what = "save after one change, longest stretch",
                                         .size = size,
                                         .median = postil_bench_get_median (stretches),
                                         .most = 5 });
}

typedef struct
{
  PostilWorkspace *workspace;
  gboolean done;
  gboolean types;
  guint n_typed;
} TakeOver;

/* As a window does. */
static void
merged_cb (PostilSaver *saver,
           PostilSnapshot *after,
           guint n_annotations,
           guint n_versions,
           TakeOver *taking)
{
  PostilDocument *document = postil_saver_get_document (saver);
  g_autoptr (PostilStep) step = postil_step_new ("Changes by another program");

  postil_edit_take_over (taking->workspace, step, document, after);
  postil_document_reread (document, after);
  postil_workspace_commit (taking->workspace, step, NULL);
  taking->done = TRUE;
}

/* What another program does, so that nothing of it is on the main loop. */
typedef struct
{
  PostilSidecar *sidecar;
  PostilSnapshot *snapshot;
  guint n_skipped;
  guint run;
} Outside;

static gpointer
change_outside (gpointer data)
{
  const Outside *outside = data;
  g_autoptr (PostilSnapshot) changed =
    change_every (outside->snapshot, outside->n_skipped, outside->run);

  save (outside->sidecar, changed);
  return NULL;
}

/* As somebody does who types while another program writes. */
static void
merging_cb (PostilSaver *saver, TakeOver *taking)
{
  PostilDocument *document = postil_saver_get_document (saver);
  PostilAnnotation *annotation =
    postil_annotation_index_get (postil_document_get_annotations (document), taking->n_typed);
  g_autoptr (PostilStep) step = postil_step_new ("Note");

  if (!taking->types)
    return;
  taking->types = FALSE;
  taking->n_typed++;
  postil_edit_set_note (taking->workspace, step, document, annotation, "typed");
  postil_workspace_commit (taking->workspace, step, NULL);
}

/* What taking over computes on the main loop when another program changed one annotation in
 * @n_skipped, and a note was typed here meanwhile or not.
 */
static void
measure_taking_over (const char *folder,
                     PostilText *text,
                     guint n_annotations,
                     guint n_skipped,
                     gboolean types,
                     guint n_runs)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *name = g_strdup_printf ("over-%u-%d.txt", n_skipped, types);
  g_autofree char *document_path = g_build_filename (folder, name, NULL);
  g_autofree char *path = g_strconcat (document_path, POSTIL_SIDECAR_SUFFIX, NULL);
  g_autofree char *store_path = g_build_filename (folder, "store", NULL);
  g_autofree char *size = g_strdup_printf ("%u of %u%s", n_annotations / n_skipped, n_annotations,
                                           types ? ", one here" : "");
  g_autoptr (PostilStore) store = postil_store_new (store_path, NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, store, NULL);
  g_autoptr (PostilSidecar) other = postil_sidecar_new (path, store, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (document_path);
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:bench", "Bench", NULL);
  g_autoptr (PostilWorkspace) workspace =
    postil_workspace_new (postil_environment_get_system (), annotator);
  g_autoptr (PostilSaver) saver = NULL;
  g_autoptr (GArray) computed = postil_bench_series_new ();
  TakeOver taking = { workspace };

  save (sidecar, snapshot);
  postil_workspace_add_document (workspace, document);
  saver = postil_saver_new (document, postil_workspace_get_codebook (workspace), sidecar);
  g_signal_connect (saver, "merging", G_CALLBACK (merging_cb), &taking);
  g_signal_connect (saver, "merged", G_CALLBACK (merged_cb), &taking);
  for (guint run = 0; run < n_runs; run++)
    {
      Outside outside = { other, snapshot, n_skipped, run };
      gboolean saved = FALSE;

      postil_saver_flush_async (saver, NULL, flushed_cb, &saved);
      while (!saved || g_main_context_pending (NULL))
        g_main_context_iteration (NULL, TRUE);
      g_thread_join (g_thread_new ("outside", change_outside, &outside));
      taking.done = FALSE;
      taking.types = types;
      postil_bench_take_most_computed ();
      while (!taking.done)
        g_main_context_iteration (NULL, TRUE);
      g_main_context_iteration (NULL, FALSE);
      postil_bench_add (computed, postil_bench_take_most_computed ());
    }
  postil_bench_print (&(PostilBenchRow){ .what = "take over what another program changed, computed",
                                         .size = size,
                                         .median = postil_bench_get_median (computed) });
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  guint n_runs = postil_generator_get_argument (argc, argv, 1, 9);
  guint n_bytes = postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000);
  g_autofree char *folder =
    g_build_filename (argc > 3 ? argv[3] : ".", "postil-bench-XXXXXX", NULL);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);

  if (g_mkdtemp (folder) == NULL)
    g_error ("%s cannot be made", folder);
  measure (folder, text, 1000, n_runs);
  measure (folder, text, MANY, n_runs);
  measure_stretch (folder, text, MANY, n_runs);
  measure_taking_over (folder, text, MANY, MANY, FALSE, n_runs);
  measure_taking_over (folder, text, MANY, 2, FALSE, n_runs);
  measure_taking_over (folder, text, MANY, 2, TRUE, n_runs);
  remove_tree (folder);
  return 0;
}
