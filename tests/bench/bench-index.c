/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "postil-annotation-list.h"
#include "postil-bench.h"
#include "postil-generator.h"

/*
 * What the index of a document and the list above it cost: building, looking, changing, sorting;
 * for 1,000 annotations and each ten times as many. Arguments: how many at most (100,000), how many
 * bytes of text (10 MB).
 */

#define SEED 20260101
#define N_RUNS 7
#define N_QUERIES 1000000
#define VIEWPORT 3000

static void
print (const char *what, guint n_annotations, const char *unit, double value)
{
  g_autofree char *size = postil_bench_dup_count (n_annotations);

  postil_bench_print (
    &(PostilBenchRow){ .what = what, .size = size, .unit = unit, .median = value });
}

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_ptr_array_add (data, annotation);
  return G_SOURCE_CONTINUE;
}

static gboolean
count_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  (*(guint64 *) data)++;
  return G_SOURCE_CONTINUE;
}

static void
shuffle (GPtrArray *annotations, GRand *random)
{
  for (guint i = annotations->len; i > 1; i--)
    {
      guint j = g_rand_int_range (random, 0, i);
      gpointer other = annotations->pdata[j];

      annotations->pdata[j] = annotations->pdata[i - 1];
      annotations->pdata[i - 1] = other;
    }
}

/* The fastest of some runs, in milliseconds. */
static double
time_build (GPtrArray *annotations)
{
  double best = G_MAXDOUBLE;

  for (guint run = 0; run < N_RUNS; run++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (PostilAnnotationIndex) index =
        postil_annotation_index_new ((PostilAnnotation **) annotations->pdata, annotations->len);

      best = MIN (best, (g_get_monotonic_time () - start) / 1e3);
    }
  return best;
}

static void
report_queries (PostilAnnotationIndex *index, const char *name, guint length, guint width)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autofree guint *places = g_new (guint, N_QUERIES);
  g_autofree char *what = NULL;
  guint64 n_found = 0;
  gint64 start;

  for (guint i = 0; i < N_QUERIES; i++)
    places[i] = g_rand_int_range (random, 0, length);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_QUERIES; i++)
    postil_annotation_index_foreach_in (index, (PostilSpan){ places[i], places[i] + width },
                                        count_cb, &n_found);
  what = g_strdup_printf ("index: %s (%.1f found)", name, n_found / (double) N_QUERIES);
  print (what, postil_annotation_index_get_size (index), "µs",
         (g_get_monotonic_time () - start) / (double) N_QUERIES);
}

/* Takes out and puts back each annotation; with a snapshot held, all paths are copied. */
static void
report_changes (GPtrArray *annotations, gboolean with_snapshots)
{
  g_autoptr (PostilAnnotationIndex) index =
    postil_annotation_index_new ((PostilAnnotation **) annotations->pdata, annotations->len);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < annotations->len; i++)
    {
      g_autoptr (PostilAnnotationIndex) snapshot =
        with_snapshots ? postil_annotation_index_ref (index) : NULL;

      index = postil_annotation_index_replace (g_steal_pointer (&index), annotations->pdata[i],
                                               annotations->pdata[i]);
    }
  print (with_snapshots ? "index: replace one, each with a snapshot" : "index: replace one",
         annotations->len, "µs", (g_get_monotonic_time () - start) / (double) annotations->len);
}

/* Sorts all annotations, and takes out and puts back each of them. */
static void
report_sorted (PostilSnapshot *snapshot)
{
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (GFile) file = g_file_new_for_path ("/bench.txt");
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autoptr (PostilAnnotationSorting) sorting = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  guint n = postil_annotation_index_get_size (snapshot->annotations);
  double best = G_MAXDOUBLE;
  gint64 start;

  postil_codebook_add_missing (codebook, snapshot->topics);
  sorting = postil_annotation_sorting_new (POSTIL_ORDER_TOPIC, &document, 1, codebook);
  for (guint run = 0; run < N_RUNS; run++)
    {
      g_clear_pointer (&index, postil_annotation_index_unref);
      start = g_get_monotonic_time ();
      index = postil_annotation_sorting_sort (sorting, &snapshot->annotations, NULL);
      best = MIN (best, (g_get_monotonic_time () - start) / 1e3);
    }
  print ("index: sort by topic", n, NULL, best);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *annotation = postil_annotation_index_get (snapshot->annotations, i);
      PostilAnnotationEntry entry;

      postil_annotation_sorting_place (sorting, document, annotation, &entry);
      index = postil_annotation_index_replace_entry (g_steal_pointer (&index), &entry, &entry);
    }
  print ("index: replace one, sorted by topic", n, "µs",
         (g_get_monotonic_time () - start) / (double) n);
}

static void
report_list (PostilSnapshot *snapshot)
{
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:x:1", "Annotator 1", NULL);
  g_autoptr (PostilWorkspace) workspace =
    postil_workspace_new (postil_environment_get_system (), annotator);
  g_autoptr (GFile) file = g_file_new_for_path ("/bench.txt");
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autoptr (PostilAnnotationList) list = postil_annotation_list_new (workspace);
  gint64 start;
  guint n;

  postil_workspace_add_document (workspace, document);
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  start = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PostilAnnotationRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);
    }
  print ("a row of a list", n, "µs", (g_get_monotonic_time () - start) / (double) n);
}

static void
report (PostilText *text, guint n_annotations)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  PostilAnnotationIndex *index = snapshot->annotations;
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint length = postil_text_get_length (text), position;
  gint64 start;

  postil_annotation_index_foreach (index, collect_cb, annotations);
  print ("index: build in order", annotations->len, NULL, time_build (annotations));

  start = g_get_monotonic_time ();
  for (guint i = 0; i < annotations->len; i++)
    postil_annotation_index_get (index, i);
  print ("index: the nth", annotations->len, "µs",
         (g_get_monotonic_time () - start) / (double) annotations->len);

  shuffle (annotations, random);
  print ("index: build from disorder", annotations->len, NULL, time_build (annotations));
  start = g_get_monotonic_time ();
  for (guint i = 0; i < annotations->len; i++)
    postil_annotation_index_find (index, annotations->pdata[i], &position);
  print ("index: the position of one", annotations->len, "µs",
         (g_get_monotonic_time () - start) / (double) annotations->len);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < annotations->len; i++)
    postil_annotation_index_lookup (index, postil_annotation_get_id (annotations->pdata[i]));
  print ("index: the one of an id", annotations->len, "µs",
         (g_get_monotonic_time () - start) / (double) annotations->len);

  report_queries (index, "what touches a place", length, 0);
  report_queries (index, "what touches a viewport", length, VIEWPORT);
  report_changes (annotations, FALSE);
  report_changes (annotations, TRUE);
  report_list (snapshot);
  report_sorted (snapshot);
}

int
main (int argc, char **argv)
{
  guint n_most = postil_generator_get_argument (argc, argv, 1, 100000);
  guint n_bytes = postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);

  for (guint n = 1000; n <= n_most; n *= 10)
    report (text, n);
  return 0;
}
