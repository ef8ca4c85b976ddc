/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "postil-generator.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/*
 * How long a sidecar takes to be read, with its annotations built and placed, beside json-glib
 * making a tree of the same bytes: medians of runs that take turns. Arguments: how many annotations
 * (100,000), how many bytes of text (10 MB), how many runs (5).
 */

#define SEED 20260101

static gboolean
append (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static double
get_median (GArray *times)
{
  g_array_sort (times, compare_times);
  return g_array_index (times, gint64, times->len / 2) / 1e6;
}

int
main (int argc, char **argv)
{
  guint n_annotations = postil_generator_get_argument (argc, argv, 1, 100000);
  guint n_bytes = postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000);
  guint n_runs = postil_generator_get_argument (argc, argv, 3, 5);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GString) sidecar = g_string_new (NULL);
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) tree = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) writing = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  double own_median, tree_median;

  for (guint run = 0; run < n_runs; run++)
    {
      gint64 start, time;

      g_string_truncate (sidecar, 0);
      start = g_get_monotonic_time ();
      if (!postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append, sidecar, NULL,
                                 &error))
        g_error ("%s", error->message);
      time = g_get_monotonic_time () - start;
      g_array_append_val (writing, time);

      {
        g_autoptr (PostilSnapshot) copy = NULL;

        start = g_get_monotonic_time ();
        copy = postil_sidecar_read (sidecar->str, sidecar->len, "bench", "bench", text,
                                    postil_environment_get_system (), NULL, NULL, NULL, &error);
        if (copy == NULL)
          g_error ("%s", error->message);
        time = g_get_monotonic_time () - start;
        g_array_append_val (own, time);
        g_assert_cmpuint (postil_annotation_index_get_size (copy->annotations), ==, n_annotations);
      }

      {
        g_autoptr (JsonParser) parser = json_parser_new_immutable ();

        start = g_get_monotonic_time ();
        if (!json_parser_load_from_data (parser, sidecar->str, sidecar->len, &error))
          g_error ("%s", error->message);
        time = g_get_monotonic_time () - start;
        g_array_append_val (tree, time);
      }
    }

  own_median = get_median (own);
  tree_median = get_median (tree);
  g_print ("%u annotations, %.1f MB, median of %u runs: read %.3f s, json-glib's tree %.3f s, "
           "ratio 1:%.1f; written in %.3f s\n",
           n_annotations, sidecar->len / 1e6, n_runs, own_median, tree_median,
           tree_median / own_median, get_median (writing));
  return 0;
}
