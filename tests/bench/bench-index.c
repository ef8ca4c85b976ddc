/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "postil-annotation-list.h"
#include "postil-generator.h"

/*
 * What the index of a document and the list above it cost: building, looking, changing, filtering.
 * Arguments: how many annotations (100,000), how many bytes of text (10 MB).
 */

#define SEED 20260101
#define N_RUNS 7
#define N_QUERIES 1000000
#define VIEWPORT 3000

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
  guint64 n_found = 0;
  gint64 start;

  for (guint i = 0; i < N_QUERIES; i++)
    places[i] = g_rand_int_range (random, 0, length);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_QUERIES; i++)
    postil_annotation_index_foreach_in (index, (PostilSpan){ places[i], places[i] + width },
                                        count_cb, &n_found);
  g_print ("%s: %.3f us, %.1f found\n", name,
           (g_get_monotonic_time () - start) / (double) N_QUERIES, n_found / (double) N_QUERIES);
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
  g_print ("replace one%s: %.2f us\n", with_snapshots ? ", each with a snapshot" : "",
           (g_get_monotonic_time () - start) / (double) annotations->len);
}

static void
report_filter (PostilAnnotationList *list, const char *name, const PostilAnnotationFilter *filter)
{
  gint64 begin = g_get_monotonic_time (), start = begin, first, longest;
  gboolean filtering;

  postil_annotation_list_set_filter (list, filter);
  first = longest = g_get_monotonic_time () - start;
  for (;;)
    {
      g_object_get (list, "filtering", &filtering, NULL);
      if (!filtering)
        break;
      start = g_get_monotonic_time ();
      g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, g_get_monotonic_time () - start);
    }
  g_print ("filter %s: %.1f ms, first results after %.1f ms, longest stretch %.1f ms, %u rows\n",
           name, (g_get_monotonic_time () - begin) / 1e3, first / 1e3, longest / 1e3,
           g_list_model_get_n_items (G_LIST_MODEL (list)));
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
  g_autoptr (PostilStep) step = postil_step_new ("Note");
  PostilTopic *topic = snapshot->topics->pdata[0];
  gint64 start;
  guint n;

  postil_workspace_add_document (workspace, document);
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  start = g_get_monotonic_time ();
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PostilAnnotationRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);
    }
  g_print ("row of a list: %.2f us\n", (g_get_monotonic_time () - start) / (double) n);

  report_filter (list, "by topic",
                 &(PostilAnnotationFilter){ .topic = postil_topic_get_id (topic) });
  report_filter (list, "by a word", &(PostilAnnotationFilter){ .text = "harbour" });
  report_filter (list, "by accented words", &(PostilAnnotationFilter){ .text = "café señor" });
  report_filter (list, "by a word that all have", &(PostilAnnotationFilter){ .text = "e" });
}

int
main (int argc, char **argv)
{
  guint n_annotations = postil_generator_get_argument (argc, argv, 1, 100000);
  guint n_bytes = postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  PostilAnnotationIndex *index = snapshot->annotations;
  g_autoptr (GPtrArray) annotations = g_ptr_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint length = postil_text_get_length (text), position;
  gint64 start;

  postil_annotation_index_foreach (index, collect_cb, annotations);
  g_print ("build in order: %.1f ms\n", time_build (annotations));

  start = g_get_monotonic_time ();
  for (guint i = 0; i < annotations->len; i++)
    postil_annotation_index_get (index, i);
  g_print ("nth: %.3f us\n", (g_get_monotonic_time () - start) / (double) annotations->len);

  shuffle (annotations, random);
  g_print ("build from disorder: %.1f ms\n", time_build (annotations));
  start = g_get_monotonic_time ();
  for (guint i = 0; i < annotations->len; i++)
    postil_annotation_index_find (index, annotations->pdata[i], &position);
  g_print ("position: %.3f us\n", (g_get_monotonic_time () - start) / (double) annotations->len);

  report_queries (index, "what touches a place", length, 0);
  report_queries (index, "what touches a viewport", length, VIEWPORT);
  report_changes (annotations, FALSE);
  report_changes (annotations, TRUE);
  report_list (snapshot);
  return 0;
}
