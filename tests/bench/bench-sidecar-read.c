/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-json-scanner.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/*
 * How long a sidecar takes to be read, with its annotations built and placed, as Postil writes it
 * and without its white space; beside json-glib making a tree of the same bytes, a bare scan that
 * makes nothing of them, and reading the file and looking whether it is UTF-8. And how much memory
 * reading takes at its peak beside the bytes. Arguments: how many annotations (100,000), how many
 * bytes of text (10 MB), how many runs (5).
 */

#define SEED 20260101

static gboolean
append (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static GString *
write_sidecar (PostilSnapshot *snapshot)
{
  GString *sidecar = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, append, sidecar, NULL, &error))
    g_error ("%s", error->message);
  return sidecar;
}

/* (transfer full): @sidecar without the white space between its values */
static GString *
squeeze (const GString *sidecar)
{
  GString *squeezed = g_string_sized_new (sidecar->len);
  gboolean in_string = FALSE;

  for (const char *at = sidecar->str; *at != '\0'; at++)
    {
      if (in_string || !g_ascii_isspace (*at))
        g_string_append_c (squeezed, *at);
      if (in_string && *at == '\\')
        g_string_append_c (squeezed, *++at);
      else if (*at == '"')
        in_string = !in_string;
    }
  return squeezed;
}

static void
read_sidecar (const GString *sidecar, PostilText *text, guint n_annotations)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot =
    postil_sidecar_read (sidecar->str, sidecar->len, "bench", "bench", text,
                         postil_environment_get_system (), NULL, NULL, NULL, &error);

  if (snapshot == NULL)
    g_error ("%s", error->message);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, n_annotations);
}

static void
make_tree (const GString *sidecar)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_data (parser, sidecar->str, sidecar->len, &error))
    g_error ("%s", error->message);
}

static void
scan (const GString *sidecar)
{
  PostilJsonScanner scanner;

  postil_json_scanner_init (&scanner, sidecar->str, sidecar->len);
  if (!postil_json_scanner_skip (&scanner, NULL) || !postil_json_scanner_finish (&scanner))
    g_error ("This is no JSON");
}

static void
read_file (GFile *file)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_bytes;

  if (!g_file_load_contents (file, NULL, &bytes, &n_bytes, NULL, &error) ||
      !g_utf8_validate_len (bytes, n_bytes, NULL))
    g_error ("The file cannot be read");
}

static void
measure (const GString *sidecar,
         const char *what,
         PostilText *text,
         guint n_annotations,
         guint n_runs)
{
  g_autoptr (GArray) own = postil_bench_series_new (), tree = postil_bench_series_new (),
                     bare = postil_bench_series_new (), file_read = postil_bench_series_new (),
                     peaks = postil_bench_series_new ();
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = g_file_new_tmp ("postil-bench-XXXXXX", &stream, NULL);
  g_autofree char *size = g_strdup_printf ("%.0f MB, %u", sidecar->len / 1e6, n_annotations);
  g_autofree char *scanned = g_strdup_printf ("%s, all of it", what);
  g_autofree char *peak = g_strdup_printf ("%s, peak beside its bytes", what);
  double median;

  if (file == NULL || !g_file_replace_contents (file, sidecar->str, sidecar->len, NULL, FALSE,
                                                G_FILE_CREATE_NONE, NULL, NULL, NULL))
    g_error ("There is no room for a file");
  for (guint run = 0; run < n_runs; run++)
    {
      gint64 start;

      postil_bench_take_peak ();
      start = g_get_monotonic_time ();
      read_sidecar (sidecar, text, n_annotations);
      postil_bench_add_since (own, start);
      postil_bench_add (peaks, postil_bench_take_peak ());
      start = g_get_monotonic_time ();
      make_tree (sidecar);
      postil_bench_add_since (tree, start);
      start = g_get_monotonic_time ();
      scan (sidecar);
      postil_bench_add_since (bare, start);
      start = g_get_monotonic_time ();
      read_file (file);
      postil_bench_add_since (file_read, start);
    }
  g_file_delete (file, NULL, NULL);

  median = postil_bench_get_median (own);
  postil_bench_print (&(PostilBenchRow){ .what = scanned,
                                         .size = size,
                                         .median = median,
                                         .floor_name = "json-glib's tree",
                                         .floor = postil_bench_get_median (tree),
                                         .most_floors = 1 / 15.0 });
  postil_bench_print (&(PostilBenchRow){ .what = scanned,
                                         .size = size,
                                         .median = median,
                                         .floor_name = "bare scan",
                                         .floor = postil_bench_get_median (bare) });
  postil_bench_print (&(PostilBenchRow){ .what = scanned,
                                         .size = size,
                                         .median = median,
                                         .floor_name = "read + validate",
                                         .floor = postil_bench_get_median (file_read) });
  postil_bench_print (&(PostilBenchRow){ .what = peak,
                                         .size = size,
                                         .unit = "MB",
                                         .median = postil_bench_get_share (peaks, 1),
                                         .floor_name = "the bytes",
                                         .floor = sidecar->len / 1e6,
                                         .most_floors = 1 });
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
  g_autoptr (GString) sidecar = write_sidecar (snapshot);
  g_autoptr (GString) squeezed = squeeze (sidecar);

  measure (sidecar, "read a sidecar", text, n_annotations, n_runs);
  measure (squeezed, "read a sidecar without white space", text, n_annotations, n_runs);
  return 0;
}
