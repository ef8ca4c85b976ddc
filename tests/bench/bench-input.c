/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-stage.h"

/*
 * What a person does with the keys besides annotating, in a window of Postil: selecting text with
 * annotations in it, typing a note, and finding. From the key to the frame that shows what came of
 * it, counting the time that this thread computes; beside it the same key in a bare GtkTextView, or
 * a frame of that. What comes later, as the note becomes part of its annotation and all matches are
 * found, is counted as what is computed at a stretch. Needs a display.
 *
 *   bench-input BYTES ANNOTATIONS [ROUNDS]
 */

#define SEED 20260101

/* Selections of so many keys each begin anew. */
#define N_KEYS 10
/* The length of what is looked for in the end, a letter a key. */
#define N_LETTERS 9

/* By when a note is part of its annotation, and by when all matches are there, in ms. */
#define COMMIT_MS 700
#define FIND_MS 2000

typedef struct
{
  PostilStage *stage;
  PostilWindow *window;
  PostilTextView *view;
  const char *size;
  guint n_rounds;
} Bench;

static void
print (const Bench *self, const char *what, GArray *ours, const char *floor_name, GArray *floor)
{
  postil_bench_print (&(PostilBenchRow){
    .what = what,
    .size = self->size,
    .median = postil_bench_get_median (ours),
    .floor_name = floor_name,
    .floor = postil_bench_get_median (floor),
  });
}

/* Computes until what was done since @start is painted. */
static void
add_painted (GArray *series, gpointer widget, double start)
{
  gtk_widget_queue_draw (widget);
  postil_stage_wait_for_paint (widget);
  postil_bench_add (series, postil_bench_get_cpu_ms () - start);
}

/* A frame of the bare view that shows something else than the one before. */
static void
add_frame (const Bench *self, GArray *series)
{
  double start = postil_bench_get_cpu_ms ();

  postil_stage_scroll (self->stage, 1000 + series->len);
  postil_bench_add (series, postil_bench_get_cpu_ms () - start);
}

static void
add_selecting (GArray *series, gpointer view, GtkMovementStep step)
{
  double start = postil_bench_get_cpu_ms ();

  g_signal_emit_by_name (view, "move-cursor", step, 1, TRUE);
  add_painted (series, view, start);
}

static void
bench_selecting (const Bench *self, const char *what, GtkMovementStep step)
{
  g_autoptr (GArray) ours = postil_bench_series_new (), bare = postil_bench_series_new ();
  GtkTextView *view = self->stage->view;

  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  for (guint round = 0; round < self->n_rounds; round++)
    {
      guint place = postil_text_view_get_visible_span (self->view).start + 100 + 20 * round;
      GdkRectangle area;
      GtkTextIter iter;

      postil_text_view_select (self->view, (PostilSpan){ place, place });
      gtk_text_view_get_visible_rect (view, &area);
      gtk_text_view_get_iter_at_location (view, &iter, area.x, area.y + area.height / 4);
      gtk_text_buffer_place_cursor (gtk_text_view_get_buffer (view), &iter);
      postil_stage_run (100);
      for (guint i = 0; i < N_KEYS; i++)
        {
          add_selecting (bare, view, step);
          add_selecting (ours, self->view, step);
          postil_stage_run (20);
        }
    }
  print (self, what, ours, "bare", bare);
}

static void
bench_note (const Bench *self)
{
  g_autoptr (GArray) typed = postil_bench_series_new (), bare = postil_bench_series_new ();
  g_autoptr (GArray) stretch = postil_bench_series_new ();
  guint place = postil_text_view_get_visible_span (self->view).start + 100;
  GtkWidget *note;

  postil_text_view_select (self->view, (PostilSpan){ place, place + 30 });
  g_signal_emit_by_name (self->view, "selection-settled");
  gtk_widget_activate_action (GTK_WIDGET (self->view), "win.note", NULL);
  postil_stage_run (500);
  note = gtk_root_get_focus (GTK_ROOT (self->window));
  if (!GTK_IS_TEXT_VIEW (note) || note == GTK_WIDGET (self->view))
    g_error ("No note can be typed");
  for (guint round = 0; round < self->n_rounds; round++)
    {
      double start;

      add_frame (self, bare);
      postil_bench_take_most_computed ();
      start = postil_bench_get_cpu_ms ();
      g_signal_emit_by_name (note, "insert-at-cursor", "a");
      add_painted (typed, note, start);
      postil_stage_run (COMMIT_MS);
      postil_bench_add (stretch, postil_bench_take_most_computed ());
    }
  print (self, "a letter typed into a note", typed, "bare frame", bare);
  print (self, "… most computed at a stretch until it is kept", stretch, "bare frame", bare);
}

/* Letters and single blanks that are in sight. */
static const char *
find_words (const Bench *self, guint *place)
{
  PostilText *text = postil_document_get_text (postil_text_view_get_document (self->view));
  const char *utf8 = postil_text_get_utf8 (text, NULL);

  *place = postil_text_view_get_visible_span (self->view).start + 500;
  for (;; ++*place)
    {
      const char *words = utf8 + postil_text_get_byte (text, *place);
      guint n = 0;

      while (g_ascii_islower (words[n]) || (words[n] == ' ' && n > 0 && words[n - 1] != ' '))
        n++;
      if (n >= N_LETTERS)
        return words;
    }
}

static void
bench_finding (const Bench *self)
{
  g_autoptr (GArray) found = postil_bench_series_new (), bare = postil_bench_series_new ();
  g_autoptr (GArray) typed = postil_bench_series_new (), stretch = postil_bench_series_new ();
  guint place;
  const char *words = find_words (self, &place);
  GtkWidget *entry;

  postil_text_view_select (self->view, (PostilSpan){ place, place });
  gtk_widget_activate_action (GTK_WIDGET (self->view), "win.find", NULL);
  postil_stage_run (500);
  entry = gtk_root_get_focus (GTK_ROOT (self->window));
  if (!GTK_IS_EDITABLE (entry))
    g_error ("Nothing can be looked for");
  for (guint i = 0; i < N_LETTERS; i++)
    {
      g_autofree char *letter = g_strndup (words + i, 1);
      gint64 begun = g_get_monotonic_time ();
      double start = postil_bench_get_cpu_ms ();
      PostilSpan span;

      g_signal_emit_by_name (entry, "insert-at-cursor", letter);
      add_painted (typed, entry, start);
      while (!postil_text_view_get_selection (self->view, &span) || span.end - span.start != i + 1)
        g_main_context_iteration (NULL, TRUE);
      gtk_widget_queue_draw (GTK_WIDGET (self->view));
      postil_stage_wait_for_paint (GTK_WIDGET (self->view));
      postil_bench_add_since (found, begun);
      postil_stage_run (FIND_MS);
      postil_bench_add (stretch, postil_bench_take_most_computed ());
      add_frame (self, bare);
      postil_bench_take_most_computed ();
    }
  print (self, "a letter typed to find", typed, "bare frame", bare);
  print (self, "… until the match is painted, by the clock", found, "bare frame", bare);
  print (self, "… most computed at a stretch until all are found", stretch, "bare frame", bare);
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 10000000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  char *utf8 = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (utf8, strlen (utf8), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (PostilBenchApp) app = NULL;
  g_autoptr (PostilStage) stage = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *size = g_strdup_printf ("%.3g MB, %u", n_bytes / 1e6, n_annotations);
  Bench self = { .size = size, .n_rounds = postil_generator_get_argument (argc, argv, 3, 9) };

  if (!postil_stage_init ())
    return 2;
  app = postil_bench_app_new ();
  file = postil_bench_app_write (app, "text.txt", snapshot);
  self.window = postil_bench_app_show (app);
  self.view = postil_bench_app_get_text_view (self.window);
  self.stage = stage = postil_stage_new (gtk_text_view_new ());
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (stage->view), utf8, -1);
  postil_bench_app_open (self.window, file);
  postil_bench_watch_loop ();
  bench_selecting (&self, "Shift+Right: a letter more selected", GTK_MOVEMENT_VISUAL_POSITIONS);
  bench_selecting (&self, "Shift+Down: a line more selected", GTK_MOVEMENT_DISPLAY_LINES);
  bench_note (&self);
  bench_finding (&self);
  return 0;
}
