/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-stage.h"

/*
 * Opening texts that are hard to lay out, in a window of Postil: from the file to the first frame
 * with text, and what is put off by that: what the main thread computes from then on until the main
 * loop rests, and how long that takes. Beside it stands a bare GtkTextView that gets as many bytes
 * of ordinary paragraphs, as GTK itself takes minutes for some of these; beside lines of a word,
 * also one that gets the same. Needs a display.
 *
 *   bench-shapes prose|paragraph|words SIZE [ROUNDS]
 *
 * SIZE is in bytes, or for words in lines of one word.
 */

#define SEED 20260101

typedef struct
{
  GArray *painted;
  GArray *cpu;
  GArray *rest;
} Side;

static void
init_side (Side *side)
{
  side->painted = postil_bench_series_new ();
  side->cpu = postil_bench_series_new ();
  side->rest = postil_bench_series_new ();
}

static void
clear_side (Side *side)
{
  g_array_unref (side->painted);
  g_array_unref (side->cpu);
  g_array_unref (side->rest);
}

static void
add_rest (Side *side)
{
  PostilStageCost cost = postil_stage_wait_for_layout ();

  postil_bench_add (side->cpu, cost.cpu_ms);
  postil_bench_add (side->rest, cost.ms);
}

static void
open_bare (Side *side, const char *path)
{
  g_autoptr (PostilStage) stage = postil_stage_new (gtk_text_view_new ());
  g_autofree char *contents = NULL;
  gsize n_contents;
  gint64 start = g_get_monotonic_time ();

  if (!g_file_get_contents (path, &contents, &n_contents, NULL) ||
      !g_utf8_validate (contents, n_contents, NULL))
    g_error ("%s cannot be read", path);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (stage->view), contents, n_contents);
  postil_stage_wait_for_paint (GTK_WIDGET (stage->view));
  postil_bench_add_since (side->painted, start);
  add_rest (side);
}

static void
open_postil (Side *side, PostilBenchApp *app, GFile *file)
{
  PostilWindow *window = postil_bench_app_show (app);
  GtkTextView *view = GTK_TEXT_VIEW (postil_bench_app_get_text_view (window));
  gint64 start = g_get_monotonic_time ();

  postil_window_open (window, file, TRUE);
  do
    postil_stage_wait_for_paint (GTK_WIDGET (window));
  while (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (view)) == 0 ||
         !gtk_widget_get_mapped (GTK_WIDGET (view)));
  postil_bench_add_since (side->painted, start);
  add_rest (side);
  gtk_window_destroy (GTK_WINDOW (window));
  postil_stage_run (100);
}

static void
print (const char *what,
       const char *size,
       GArray *ours,
       const char *floor_name,
       GArray *floor,
       double most)
{
  postil_bench_print (&(PostilBenchRow){
    .what = what,
    .size = size,
    .median = postil_bench_get_median (ours),
    .floor_name = floor_name,
    .floor = postil_bench_get_median (floor),
    .most = most,
  });
}

static GFile *
write_text (PostilBenchApp *app, const char *name, char *utf8)
{
  g_autoptr (PostilText) text = postil_text_new (utf8, strlen (utf8), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, 0, SEED);

  return postil_bench_app_write (app, name, snapshot);
}

int
main (int argc, char **argv)
{
  const char *shape = argc > 1 ? argv[1] : "paragraph";
  guint n = postil_generator_get_argument (argc, argv, 2, 1000000);
  guint n_rounds = postil_generator_get_argument (argc, argv, 3, 3);
  gboolean is_words = g_str_equal (shape, "words"), is_paragraph = g_str_equal (shape, "paragraph");
  g_autoptr (PostilBenchApp) app = NULL;
  g_autoptr (GFile) file = NULL, prose = NULL;
  g_autofree char *size = NULL;
  char *utf8;
  Side bare, same, ours;

  if (!postil_stage_init ())
    return 2;
  app = postil_bench_app_new ();
  utf8 = is_words       ? postil_generator_lines (n, SEED)
         : is_paragraph ? postil_generator_paragraph (n, SEED)
                        : postil_generator_text (n, SEED);
  prose = write_text (app, "prose.txt", postil_generator_text (strlen (utf8), SEED));
  file = write_text (app, "text.txt", utf8);
  size = is_words ? g_strdup_printf ("%u lines of a word", n)
                  : g_strdup_printf ("%.3g MB%s", n / 1e6, is_paragraph ? " in one paragraph" : "");
  init_side (&bare);
  init_side (&same);
  init_side (&ours);
  for (guint i = 0; i < n_rounds; i++)
    {
      open_bare (&bare, g_file_peek_path (prose));
      if (is_words)
        open_bare (&same, g_file_peek_path (file));
      open_postil (&ours, app, file);
    }
  print ("file to text painted", size, ours.painted, "bare, prose", bare.painted,
         !is_paragraph ? 0
         : n > 1000000 ? 1000
                       : 300);
  print ("work put off by that, processor", size, ours.cpu, "bare, prose", bare.cpu, 0);
  print ("until the main loop rests", size, ours.rest, "bare, prose", bare.rest, 0);
  if (is_words)
    {
      print ("work put off by that, processor", size, ours.cpu, "bare, the same", same.cpu, 0);
      print ("until the main loop rests", size, ours.rest, "bare, the same", same.rest, 0);
    }
  clear_side (&bare);
  clear_side (&same);
  clear_side (&ours);
  return 0;
}
