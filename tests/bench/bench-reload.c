/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-stage.h"

/*
 * What it costs the main loop when another program changes the text of a document that is open with
 * very many annotations: a line more at the beginning, which moves all of them, or at the end,
 * which moves none; and when that is undone. Until GTK has laid out the new text it also computes
 * for that, and so does a bare view. Needs a display. Arguments: how many bytes of text (10 MB),
 * how many annotations (100,000), how often (3).
 */

#define SEED 20260101
#define LINE "One line more than before.\n"

typedef struct
{
  GArray *shown;
  GArray *stretch;
  GArray *computed;
} Series;

static void
series_init (Series *self)
{
  *self =
    (Series){ postil_bench_series_new (), postil_bench_series_new (), postil_bench_series_new () };
}

static void
series_print (Series *self, const char *what, const char *size)
{
  const struct
  {
    const char *format;
    GArray *series;
  } rows[] = {
    { "%s, until it is shown", self->shown },
    { "… longest stretch of the main loop: %s", self->stretch },
    { "… most computed by it at a stretch: %s", self->computed },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_autofree char *row = g_strdup_printf (rows[i].format, what);
#pragma GCC diagnostic pop

      postil_bench_print (&(PostilBenchRow){
        .what = row, .size = size, .median = postil_bench_get_median (rows[i].series) });
      g_array_unref (rows[i].series);
    }
}

static void
begin (gint64 *start)
{
  postil_stage_run (300);
  postil_bench_take_longest_stretch ();
  postil_bench_take_most_computed ();
  *start = g_get_monotonic_time ();
}

/* Until the document has another text than @before, it is painted, and all that follows is done. */
static void
end (Series *series, PostilWindow *window, PostilText *before, gint64 start)
{
  PostilDocument *document = postil_window_get_active_document (window);

  while (postil_document_get_text (document) == before ||
         postil_text_view_get_loading (postil_bench_app_get_text_view (window)))
    g_main_context_iteration (NULL, TRUE);
  postil_stage_wait_for_paint (GTK_WIDGET (window));
  postil_bench_add_since (series->shown, start);
  postil_stage_run (500);
  postil_bench_add (series->stretch, postil_bench_take_longest_stretch ());
  postil_bench_add (series->computed, postil_bench_take_most_computed ());
}

static void
measure (PostilWindow *window,
         GFile *file,
         PostilText *text,
         gboolean at_start,
         const char *size,
         guint n_runs)
{
  PostilDocument *document = postil_window_get_active_document (window);
  gsize n_bytes;
  const char *utf8 = postil_text_get_utf8 (text, &n_bytes);
  g_autofree char *changed =
    at_start ? g_strconcat (LINE, utf8, NULL) : g_strconcat (utf8, LINE, NULL);
  Series reloading, undoing;

  series_init (&reloading);
  series_init (&undoing);
  for (guint run = 0; run < n_runs; run++)
    {
      g_autoptr (PostilText) before = postil_text_ref (postil_document_get_text (document));
      g_autoptr (PostilText) after = NULL;
      gint64 start;

      begin (&start);
      /* One more byte each time, or it would be what was undone. */
      changed[at_start ? 0 : n_bytes] = 'A' + run;
      if (!g_file_set_contents (g_file_peek_path (file), changed, n_bytes + strlen (LINE), NULL))
        g_error ("%s cannot be written", g_file_peek_path (file));
      end (&reloading, window, before, start);
      after = postil_text_ref (postil_document_get_text (document));
      begin (&start);
      g_action_group_activate_action (G_ACTION_GROUP (window), "undo", NULL);
      end (&undoing, window, after, start);
    }
  series_print (&reloading, at_start ? "a line more at the beginning" : "a line more at the end",
                size);
  series_print (&undoing,
                at_start ? "undo: a line more at the beginning" : "undo: a line more at the end",
                size);
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 10 * 1000 * 1000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  guint n_runs = postil_generator_get_argument (argc, argv, 3, 3);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *size = g_strdup_printf ("%.3g MB, %u", n_bytes / 1e6, n_annotations);
  g_autoptr (PostilBenchApp) app = NULL;
  g_autoptr (GFile) file = NULL;
  PostilWindow *window;

  if (!postil_stage_init ())
    return 2;
  app = postil_bench_app_new ();
  file = postil_bench_app_write (app, "bench.txt", snapshot);
  window = postil_bench_app_show (app);
  postil_bench_app_open (window, file);
  postil_bench_watch_loop ();
  measure (window, file, text, TRUE, size, n_runs);
  measure (window, file, text, FALSE, size, n_runs);
  return 0;
}
