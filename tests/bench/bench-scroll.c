/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-stage.h"
#include "postil-text-view.h"

/*
 * What annotations cost while scrolling: frames of a PostilTextView beside those of a bare
 * GtkTextView with the same text, width and spacing, by turns: while GTK still lays out the text,
 * then of text not seen before, of text seen, and after jumps; each by the clock, and by the
 * processor's time of the program's main thread, which other work on the machine does not change.
 * Needs a display.
 *
 *   bench-scroll BYTES ANNOTATIONS [FRAMES [SHAPE]]
 *
 * SHAPE is prose; paragraph, all prose in one, beside a bare view of ordinary paragraphs; words, so
 * many lines instead of bytes with one word each; or heaps, prose where annotations lie fifty on
 * one word.
 */

#define SEED 20260101
#define STEP 37.0
#define N_BATCH 10

typedef struct
{
  PostilStage *stage;
  GArray *frames;
  GArray *cpu_frames;
  double at;
} Side;

static void
begin (Side *sides)
{
  for (guint i = 0; i < 2; i++)
    {
      sides[i].frames = postil_bench_series_new ();
      sides[i].cpu_frames = postil_bench_series_new ();
    }
}

static void
add (Side *side, PostilStageCost cost)
{
  postil_bench_add (side->frames, cost.ms);
  postil_bench_add (side->cpu_frames, cost.cpu_ms);
}

static void
print (Side *sides, const char *what, const char *size, double share, double most)
{
  g_autofree char *name = g_strconcat (what, ", processor", NULL);

  postil_bench_print (&(PostilBenchRow){
    .what = what,
    .size = size,
    .median = postil_bench_get_share (sides[1].frames, share),
    .floor_name = "bare",
    .floor = postil_bench_get_share (sides[0].frames, share),
    .most_floors = most,
  });
  postil_bench_print (&(PostilBenchRow){
    .what = name,
    .size = size,
    .median = postil_bench_get_share (sides[1].cpu_frames, share),
    .floor_name = "bare",
    .floor = postil_bench_get_share (sides[0].cpu_frames, share),
    .most_floors = most,
  });
}

static void
end (Side *sides)
{
  for (guint i = 0; i < 2; i++)
    {
      g_array_unref (sides[i].frames);
      g_array_unref (sides[i].cpu_frames);
    }
}

static void
scroll (Side *sides, guint n_frames, const char *what, const char *size, double most)
{
  begin (sides);
  for (guint n = 0; n < n_frames; n += N_BATCH)
    for (guint i = 0; i < 2; i++)
      {
        Side *side = &sides[(n / N_BATCH + i) % 2];

        /* The first one after the other's is not like those that follow. */
        postil_stage_scroll (side->stage, side->at + 1);
        for (guint j = 0; j < N_BATCH; j++)
          {
            side->at += STEP;
            add (side, postil_stage_scroll (side->stage, side->at));
          }
      }
  for (guint percent = 50; percent <= 95; percent += 45)
    {
      g_autofree char *name = g_strdup_printf ("%s, %s", what, percent == 50 ? "median" : "95 %");

      print (sides, name, size, percent / 100.0, percent == 50 ? most : MAX (most, 1.3));
    }
  end (sides);
}

static void
jump (Side *sides, guint n_jumps, const char *size, double most)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  begin (sides);
  for (guint n = 0; n < n_jumps; n++)
    {
      double share = g_rand_double_range (random, 0.05, 0.95);

      for (guint i = 0; i < 2; i++)
        {
          Side *side = &sides[(n + i) % 2];
          double upper = gtk_adjustment_get_upper (side->stage->adjustment);

          /* What was put off until after the last frame would lay out the place of the next. */
          while (g_main_context_iteration (NULL, FALSE))
            continue;
          add (side, postil_stage_scroll (side->stage, share * upper));
        }
    }
  print (sides, "jump to painted", size, 0.5, MAX (most, 1.5));
  end (sides);
}

static void
go_to (Side *sides, double share)
{
  for (guint i = 0; i < 2; i++)
    {
      sides[i].at = gtk_adjustment_get_upper (sides[i].stage->adjustment) * share;
      postil_stage_scroll (sides[i].stage, sides[i].at);
    }
}

static gboolean
count_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

static guint
count_in_sight (PostilTextView *view)
{
  guint n = 0;

  postil_annotation_index_foreach_in (
    postil_document_get_annotations (postil_text_view_get_document (view)),
    postil_text_view_get_visible_span (view), count_cb, &n);
  return n;
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 1000000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  guint n_frames = postil_generator_get_argument (argc, argv, 3, 100);
  const char *shape = argc > 4 ? argv[4] : "prose";
  gboolean is_paragraph = g_str_equal (shape, "paragraph");
  gboolean is_words = g_str_equal (shape, "words");
  double most = is_paragraph ? 2 : n_bytes == 10000000 ? 1.1 : 1.3;
  g_autofree char *bare_utf8 =
    is_words ? postil_generator_lines (n_bytes, SEED) : postil_generator_text (n_bytes, SEED);
  char *utf8 = is_paragraph ? postil_generator_paragraph (n_bytes, SEED) : g_strdup (bare_utf8);
  g_autoptr (PostilText) text = postil_text_new (utf8, strlen (utf8), NULL);
  g_autoptr (PostilSnapshot) snapshot =
    g_str_equal (shape, "heaps") ? postil_generator_snapshot_of_heaps (text, n_annotations, SEED)
                                 : postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GFile) file = g_file_new_for_path ("/generated.txt");
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  g_autoptr (PostilStage) bare = NULL, ours = NULL;
  g_autofree char *size = NULL, *dense = NULL;
  Side sides[2] = { 0 };
  PostilTextView *view;

  if (!postil_stage_init ())
    return 2;
  postil_codebook_add_missing (codebook, snapshot->topics);
  view = postil_text_view_new ();
  postil_text_view_set_codebook (view, codebook);
  ours = postil_stage_new (GTK_WIDGET (view));
  bare = postil_stage_new (gtk_text_view_new ());
  sides[0].stage = bare;
  sides[1].stage = ours;
  postil_stage_match (bare, ours);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (bare->view), bare_utf8, -1);
  postil_text_view_set_document (view, document);
  while (postil_text_view_get_loading (view))
    g_main_context_iteration (NULL, FALSE);

  if (is_words)
    size = g_strdup_printf ("%u words, %u", n_bytes, n_annotations);
  else
    size = g_strdup_printf ("%.3g MB%s, %u", n_bytes / 1e6,
                            is_paragraph                   ? " in one paragraph"
                            : g_str_equal (shape, "heaps") ? " in heaps"
                                                           : "",
                            n_annotations);
  postil_stage_run (200);
  scroll (sides, n_frames / 2, "frame while GTK lays out", size, most);
  postil_stage_wait_for_layout ();
  go_to (sides, 0.3);
  dense = g_strdup_printf ("%s, %u in sight", size, count_in_sight (view));
  scroll (sides, n_frames, "frame of new text", dense, most);
  go_to (sides, 0.3);
  scroll (sides, n_frames, "frame of text seen before", dense, most);
  jump (sides, n_frames, size, most);
  return 0;
}
