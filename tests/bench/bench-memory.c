/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-stage.h"

/*
 * What a text and its annotations take: bytes a byte of text, and bytes an annotation without its
 * notes but with its share of the index, both as malloc() counts them; and by how much the resident
 * memory of the whole program grows, beside a bare GtkTextView with the same text. Each is measured
 * in a process of its own. Needs a display. Arguments: how many bytes of text (10 MB), how many
 * annotations (100,000).
 */

#define SEED 20260101
#define SETTLE_MS 8000

static double
get_allocated (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static double
get_resident (void)
{
  g_autofree char *statm = NULL;
  char *resident;

  malloc_trim (0);
  if (!g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL))
    g_error ("There is no /proc/self/statm");
  g_ascii_strtoull (statm, &resident, 10);
  return g_ascii_strtoull (resident, NULL, 10) * (double) sysconf (_SC_PAGESIZE);
}

static PostilText *
make_text (guint n_bytes)
{
  char *prose = postil_generator_text (n_bytes, SEED);

  return postil_text_new (prose, strlen (prose), NULL);
}

/* (transfer full): @snapshot as a new one of annotations without notes */
static PostilSnapshot *
copy_without_notes (PostilSnapshot *snapshot)
{
  guint n = postil_annotation_index_get_size (snapshot->annotations);
  g_autoptr (GPtrArray) bare =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (PostilAnnotationIndex) index = NULL;
  PostilSnapshot fields = *snapshot;

  for (guint i = 0; i < n; i++)
    {
      PostilAnnotationFields annotation;

      postil_annotation_get_fields (postil_annotation_index_get (snapshot->annotations, i),
                                    &annotation);
      annotation.n_notes = 0;
      g_ptr_array_add (bare, postil_annotation_new (&annotation));
    }
  index = postil_annotation_index_new ((PostilAnnotation **) bare->pdata, bare->len);
  fields.annotations = index;
  return postil_snapshot_new (&fields);
}

static double
measure_text (guint n_bytes, guint n_annotations)
{
  char *prose = postil_generator_text (n_bytes, SEED);
  gsize length = strlen (prose);
  double before = get_allocated ();
  g_autoptr (PostilText) text = postil_text_new (prose, length, NULL);

  postil_text_get_byte (text, postil_text_get_length (text) / 2);
  return (get_allocated () - before + length) / length;
}

static double
measure_annotations (guint n_bytes, guint n_annotations)
{
  g_autoptr (PostilText) text = make_text (n_bytes);
  g_autoptr (PostilSnapshot) generated = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GFile) file = g_file_new_for_path ("/bench.txt");
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (PostilDocument) document = NULL;
  double before = get_allocated ();

  snapshot = copy_without_notes (generated);
  document = postil_document_new (file, snapshot);
  return (get_allocated () - before) / n_annotations;
}

static double
measure_program (guint n_bytes, guint n_annotations)
{
  g_autoptr (PostilBenchApp) app = NULL;
  g_autoptr (GFile) file = NULL;
  PostilWindow *window;
  double before;

  if (!postil_stage_init ())
    exit (2);
  app = postil_bench_app_new ();
  {
    g_autoptr (PostilText) text = make_text (n_bytes);
    g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);

    file = postil_bench_app_write (app, "bench.txt", snapshot);
  }
  window = postil_bench_app_show (app);
  before = get_resident ();
  postil_window_open (window, file, TRUE);
  while (postil_window_get_active_document (window) == NULL ||
         postil_text_view_get_loading (postil_bench_app_get_text_view (window)))
    g_main_context_iteration (NULL, TRUE);
  postil_stage_run (SETTLE_MS);
  return (get_resident () - before) / 1e6;
}

static double
measure_bare (guint n_bytes, guint n_annotations)
{
  g_autofree char *prose = postil_generator_text (n_bytes, SEED);
  PostilStage *stage;
  double before;

  if (!postil_stage_init ())
    exit (2);
  stage = postil_stage_new (gtk_text_view_new ());
  before = get_resident ();
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (stage->view), prose, -1);
  postil_stage_run (SETTLE_MS);
  return (get_resident () - before) / 1e6;
}

static const struct
{
  const char *name;
  double (*measure) (guint n_bytes, guint n_annotations);
} figures[] = {
  { "text", measure_text },
  { "annotations", measure_annotations },
  { "program", measure_program },
  { "bare", measure_bare },
};

/* Measures a figure in a process of its own. */
static double
ask (const char *program, const char *name, guint n_bytes, guint n_annotations)
{
  g_autofree char *bytes = g_strdup_printf ("%u", n_bytes);
  g_autofree char *annotations = g_strdup_printf ("%u", n_annotations);
  const char *argv[] = { program, bytes, annotations, name, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                     &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s", name, error->message);
  return g_ascii_strtod (output, NULL);
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 10 * 1000 * 1000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  g_autofree char *count = postil_bench_dup_count (n_annotations);
  g_autofree char *text = g_strdup_printf ("%g MB", n_bytes / 1e6);
  g_autofree char *both = g_strdup_printf ("%s, %s", text, count);

  for (guint i = 0; i < G_N_ELEMENTS (figures) && argc > 3; i++)
    if (g_str_equal (figures[i].name, argv[3]))
      {
        printf ("%f\n", figures[i].measure (n_bytes, n_annotations));
        return 0;
      }

  postil_bench_print (&(PostilBenchRow){ .what = "memory for a text, for each byte of it",
                                         .size = text,
                                         .unit = "bytes",
                                         .median = ask (argv[0], "text", n_bytes, n_annotations) });
  postil_bench_print (
    &(PostilBenchRow){ .what = "memory for an annotation without its notes",
                       .size = count,
                       .unit = "bytes",
                       .median = ask (argv[0], "annotations", n_bytes, n_annotations),
                       .most = 200 });
  postil_bench_print (
    &(PostilBenchRow){ .what = "resident memory of the program, growth by opening",
                       .size = both,
                       .unit = "MB",
                       .median = ask (argv[0], "program", n_bytes, n_annotations),
                       .floor_name = "a bare GtkTextView",
                       .floor = ask (argv[0], "bare", n_bytes, n_annotations),
                       .most = 130 });
  return 0;
}
