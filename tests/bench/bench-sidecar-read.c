/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-json-scanner.h"
#include "postil-sidecar-reader.h"
#include "postil-sidecar-writer.h"

/*
 * How long a sidecar takes to be read, with its annotations built and placed: one as Postil writes
 * it, and one of shorter quotes without white space, of 700 bytes an annotation; beside json-glib
 * making a tree of the same bytes, a bare scan that makes nothing of them, and reading the file and
 * looking whether it is UTF-8. And how much memory reading takes at its peak beside the bytes.
 * Arguments: how many annotations (100,000), how many bytes of text (10 MB), how many runs (5).
 */

#define SEED 20260101
#define BRIEF_SPAN 100

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

/* What is measured. */
typedef struct
{
  const GString *sidecar;
  PostilText *text;
  guint n_annotations;
  GFile *file;
} Job;

/* The results of these are freed with the process that they run in. */
static void
read_sidecar (const Job *job)
{
  g_autoptr (GError) error = NULL;
  PostilSnapshot *snapshot =
    postil_sidecar_read (job->sidecar->str, job->sidecar->len, "bench", "bench", job->text,
                         postil_environment_get_system (), NULL, NULL, NULL, &error);

  if (snapshot == NULL)
    g_error ("%s", error->message);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==,
                    job->n_annotations);
}

static void
make_tree (const Job *job)
{
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_data (json_parser_new_immutable (), job->sidecar->str,
                                   job->sidecar->len, &error))
    g_error ("%s", error->message);
}

static void
scan (const Job *job)
{
  PostilJsonScanner scanner;

  postil_json_scanner_init (&scanner, job->sidecar->str, job->sidecar->len);
  if (!postil_json_scanner_skip (&scanner, NULL) || !postil_json_scanner_finish (&scanner))
    g_error ("This is no JSON");
}

static void
read_file (const Job *job)
{
  char *bytes;
  gsize n_bytes;

  if (!g_file_load_contents (job->file, NULL, &bytes, &n_bytes, NULL, NULL) ||
      !g_utf8_validate_len (bytes, n_bytes, NULL))
    g_error ("The file cannot be read");
}

/* Runs in a process of its own, as what one leaves in memory slows down the next: json-glib's tree
 * above all. Returns the peak of memory in MB.
 */
static double
run (void (*function) (const Job *job), const Job *job, GArray *times)
{
  double results[2] = { 0 };
  int ends[2], child;

  if (pipe (ends) != 0 || (child = fork ()) < 0)
    g_error ("There is no room for a process");
  if (child == 0)
    {
      gint64 start;

      postil_bench_take_peak ();
      start = g_get_monotonic_time ();
      function (job);
      results[0] = (g_get_monotonic_time () - start) / 1e3;
      results[1] = postil_bench_take_peak ();
      _exit (write (ends[1], results, sizeof results) == sizeof results ? 0 : 1);
    }
  close (ends[1]);
  if (read (ends[0], results, sizeof results) != sizeof results)
    g_error ("The process ended early");
  close (ends[0]);
  waitpid (child, NULL, 0);
  postil_bench_add (times, results[0]);
  return results[1];
}

static void
print (const char *what, const char *size, GArray *own, const char *floor_name, GArray *floor)
{
  postil_bench_print (
    &(PostilBenchRow){ .what = what,
                       .size = size,
                       .median = postil_bench_get_median (own),
                       .floor_name = floor_name,
                       .floor = postil_bench_get_median (floor),
                       .most_floors = strstr (floor_name, "tree") ? 1 / 15.0 : 0 });
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
  g_autofree char *peak = g_strdup_printf ("%s, peak beside its bytes", what);
  Job job = { sidecar, text, n_annotations, file };

  if (file == NULL || !g_file_replace_contents (file, sidecar->str, sidecar->len, NULL, FALSE,
                                                G_FILE_CREATE_NONE, NULL, NULL, NULL))
    g_error ("There is no room for a file");
  for (guint i = 0; i < n_runs; i++)
    {
      postil_bench_add (peaks, run (read_sidecar, &job, own));
      run (make_tree, &job, tree);
      run (scan, &job, bare);
      run (read_file, &job, file_read);
    }
  g_file_delete (file, NULL, NULL);

  print (what, size, own, "json-glib's tree", tree);
  print (what, size, own, "bare scan", bare);
  print (what, size, own, "read + validate", file_read);
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
  g_autoptr (PostilSnapshot) brief =
    postil_generator_snapshot_of_spans (text, n_annotations, BRIEF_SPAN, SEED);
  g_autoptr (GString) sidecar = write_sidecar (snapshot);
  g_autoptr (GString) brief_sidecar = write_sidecar (brief);
  g_autoptr (GString) squeezed = squeeze (brief_sidecar);

  measure (sidecar, "read a sidecar", text, n_annotations, n_runs);
  measure (squeezed, "read a brief sidecar", text, n_annotations, n_runs);
  return 0;
}
