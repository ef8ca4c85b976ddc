/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-generator.h"
#include "postil-json-scanner.h"
#include "postil-stage.h"

/*
 * Opening a file in a window of Postil, beside reading it, validating it and setting it into a bare
 * GtkTextView: from the file to the first frame with text, to the first one with annotations, and
 * what is done first then: Ctrl+End, and dragging the scroll bar. What was put off by that is
 * counted until the main loop rests. Needs a display.
 *
 *   bench-open BYTES ANNOTATIONS [ROUNDS]
 */

#define SEED 20260101
#define TEN_MB 10000000

/* For how long stretches are watched after all has come in. */
#define REST_MS 1000

/* How much longer than the bare view's the longest stretch may be, and how long that of our own, in
 * milliseconds. */
#define MOST_ABOVE_BARE 5
#define MOST_OWN 8

typedef struct
{
  GArray *readable;
  GArray *annotated;
  GArray *end;
  GArray *very_end;
  GArray *drag;
  GArray *stretch;
  GArray *computed;
  GArray *own_stretch;
} Side;

static void
after_paint_cb (GdkFrameClock *clock, guint *n_frames)
{
  ++*n_frames;
}

static void
init_side (Side *side)
{
  side->readable = postil_bench_series_new ();
  side->annotated = postil_bench_series_new ();
  side->end = postil_bench_series_new ();
  side->very_end = postil_bench_series_new ();
  side->drag = postil_bench_series_new ();
  side->stretch = postil_bench_series_new ();
  side->computed = postil_bench_series_new ();
  side->own_stretch = postil_bench_series_new ();
}

static void
clear_side (Side *side)
{
  g_array_unref (side->readable);
  g_array_unref (side->annotated);
  g_array_unref (side->end);
  g_array_unref (side->very_end);
  g_array_unref (side->drag);
  g_array_unref (side->stretch);
  g_array_unref (side->computed);
  g_array_unref (side->own_stretch);
}

static double
get_ms_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1e3;
}

static int
get_n_characters (GtkTextView *view)
{
  return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (view));
}

/* Begins to watch for how long the main loop is busy. */
static void
begin_stretches (void)
{
  postil_bench_take_longest_stretch ();
  postil_bench_take_most_computed ();
}

/* Watches on until all that was put off is done. */
static void
end_stretches (Side *side)
{
  postil_stage_run (REST_MS);
  postil_bench_add (side->stretch, postil_bench_take_longest_stretch ());
  postil_bench_add (side->computed, postil_bench_take_most_computed ());
}

/* Whether what is in sight holds text. */
static gboolean
shows_text (GtkTextView *view, gboolean is_end)
{
  GdkRectangle area;
  GtkTextIter start, end;

  gtk_text_view_get_visible_rect (view, &area);
  gtk_text_view_get_iter_at_location (view, &start, area.x, area.y);
  gtk_text_view_get_iter_at_location (view, &end, area.x + area.width, area.y + area.height - 1);
  return gtk_text_iter_get_offset (&end) > gtk_text_iter_get_offset (&start) + 200 &&
         (!is_end || gtk_text_iter_is_end (&end));
}

static void
go_to_end_cb (gpointer data)
{
  g_signal_emit_by_name (data, "move-cursor", GTK_MOVEMENT_BUFFER_ENDS, 1, FALSE);
}

/* What Ctrl+End takes until the end of what has come in by then is painted, and until the very end
 * of the text is. */
static void
go_to_end (Side *side, PostilTextView *text_view)
{
  GtkTextView *view = GTK_TEXT_VIEW (text_view);
  gint64 start = g_get_monotonic_time ();
  double busy = postil_stage_paint (GTK_WIDGET (view), go_to_end_cb, view);

  while (!shows_text (view, FALSE) && get_ms_since (start) < 5000)
    {
      gtk_widget_queue_draw (GTK_WIDGET (view));
      postil_stage_wait_for_paint (GTK_WIDGET (view));
      busy = get_ms_since (start);
    }
  postil_bench_add (side->end, busy);
  while ((postil_text_view_get_loading (text_view) || !shows_text (view, TRUE)) &&
         get_ms_since (start) < 5000)
    {
      gtk_widget_queue_draw (GTK_WIDGET (view));
      postil_stage_wait_for_paint (GTK_WIDGET (view));
      busy = get_ms_since (start);
    }
  postil_bench_add (side->very_end, busy);
}

static void
drag_cb (gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (data));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) / 2);
}

static double
drag (GtkTextView *view)
{
  double busy = postil_stage_paint (GTK_WIDGET (view), drag_cb, view);

  if (!shows_text (view, FALSE))
    g_printerr ("No text in sight after dragging.\n");
  return busy;
}

static PostilText *
make_text (guint n_bytes)
{
  char *utf8 = postil_generator_text (n_bytes, SEED);

  return postil_text_new (utf8, strlen (utf8), NULL);
}

static void
open_bare (Side *side, const char *path, guint n_annotations)
{
  g_autoptr (PostilStage) stage = postil_stage_new (gtk_text_view_new ());
  g_autofree char *contents = NULL, *beside = g_strconcat (path, POSTIL_SIDECAR_SUFFIX, NULL);
  gsize n_contents;
  gint64 start = g_get_monotonic_time ();
  double readable;

  if (!g_file_get_contents (path, &contents, &n_contents, NULL) ||
      !g_utf8_validate (contents, n_contents, NULL))
    g_error ("%s cannot be read", path);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (stage->view), contents, n_contents);
  begin_stretches ();
  postil_stage_wait_for_paint (GTK_WIDGET (stage->view));
  readable = get_ms_since (start);
  postil_bench_add (side->readable, readable);
  end_stretches (side);
  if (n_annotations > 0)
    {
      g_autofree char *sidecar = NULL;
      gsize n_sidecar;
      PostilJsonScanner scanner;
      PostilJsonSlice raw;

      start = g_get_monotonic_time ();
      if (!g_file_get_contents (beside, &sidecar, &n_sidecar, NULL))
        g_error ("%s cannot be read", beside);
      postil_json_scanner_init (&scanner, sidecar, n_sidecar);
      postil_json_scanner_skip (&scanner, &raw);
      postil_bench_add (side->annotated, readable + get_ms_since (start));
    }
  postil_bench_add (side->drag, drag (stage->view));
}

/* What a person does as soon as there is something to see. */
typedef enum
{
  ACT_NONE,
  ACT_END,
  ACT_DRAG,
} Act;

/* Opens the file in a window of Postil. If nothing is done then, stretches are measured until all
 * has come in, own ones without frames and GTK's layout, which makes the text higher. */
static void
open_postil (PostilBenchApp *app, Side *side, GFile *file, guint n_annotations, Act act)
{
  PostilWindow *window = postil_bench_app_show (app);
  PostilTextView *text_view = postil_bench_app_get_text_view (window);
  GtkTextView *view = GTK_TEXT_VIEW (text_view);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  guint n_frames = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &n_frames);
  gboolean is_readable = FALSE, is_annotated = FALSE;
  double own = 0;
  gint64 start;

  begin_stretches ();
  start = g_get_monotonic_time ();
  postil_window_open (window, file, TRUE);
  while (!is_annotated || (act == ACT_NONE && postil_text_view_get_loading (text_view)))
    {
      guint n_before = n_frames, n_characters = get_n_characters (view);
      double upper = gtk_adjustment_get_upper (adjustment);
      gboolean had_document = postil_text_view_get_document (text_view) != NULL;
      double before = postil_bench_get_cpu_ms ();

      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (200);
      else if (n_frames == n_before &&
               (gtk_adjustment_get_upper (adjustment) == upper ||
                get_n_characters (view) != (int) n_characters ||
                had_document != (postil_text_view_get_document (text_view) != NULL)))
        own = MAX (own, postil_bench_get_cpu_ms () - before);
      if (n_frames == n_before)
        continue;
      if (!is_readable && n_characters > 0 && gtk_widget_get_mapped (GTK_WIDGET (view)))
        {
          postil_bench_add_since (side->readable, start);
          is_readable = TRUE;
        }
      if (is_readable && !is_annotated && had_document)
        {
          postil_bench_add_since (side->annotated, start);
          is_annotated = TRUE;
        }
    }
  if (act == ACT_END)
    go_to_end (side, text_view);
  else if (act == ACT_DRAG)
    postil_bench_add (side->drag, drag (view));
  else
    {
      end_stretches (side);
      postil_bench_add (side->own_stretch, own);
    }
  g_signal_handler_disconnect (clock, handler);
  gtk_window_destroy (GTK_WINDOW (window));
  postil_stage_run (100);
}

static void
print (const char *what,
       const char *size,
       GArray *ours,
       const char *name,
       GArray *floor,
       double most)
{
  if (ours->len > 0)
    postil_bench_print (&(PostilBenchRow){
      .what = what,
      .size = size,
      .median = postil_bench_get_median (ours),
      .floor_name = name,
      .floor = floor != NULL && floor->len > 0 ? postil_bench_get_median (floor) : 0,
      .most_floors = most,
    });
}

/* How much longer than the bare view's they may be is the same for any size. */
static void
print_stretch (const char *what, const char *size, GArray *ours, GArray *bare)
{
  double floor = postil_bench_get_median (bare);

  postil_bench_print (&(PostilBenchRow){
    .what = what,
    .size = size,
    .median = postil_bench_get_median (ours),
    .floor_name = "bare",
    .floor = floor,
    .most = floor + MOST_ABOVE_BARE,
  });
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, TEN_MB);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  guint n_rounds = postil_generator_get_argument (argc, argv, 3, 5);
  g_autoptr (PostilBenchApp) app = NULL;
  g_autoptr (PostilText) text = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GFile) file = NULL, ten = NULL;
  g_autofree char *size = NULL;
  Side bare, ours, small;

  if (!postil_stage_init ())
    return 2;
  app = postil_bench_app_new ();
  text = make_text (n_bytes);
  snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  file = postil_bench_app_write (app, "text.txt", snapshot);
  /* What a larger text is measured by. */
  ten = g_object_ref (file);
  if (n_bytes > TEN_MB)
    {
      g_autoptr (PostilText) ten_text = make_text (TEN_MB);
      g_autoptr (PostilSnapshot) plain = postil_generator_snapshot (ten_text, 0, SEED);

      g_set_object (&ten, NULL);
      ten = postil_bench_app_write (app, "ten.txt", plain);
    }
  init_side (&bare);
  init_side (&ours);
  init_side (&small);
  postil_bench_watch_loop ();
  for (guint i = 0; i < n_rounds; i++)
    {
      open_bare (&bare, g_file_peek_path (file), n_annotations);
      if (n_bytes > TEN_MB)
        open_bare (&small, g_file_peek_path (ten), 0);
      for (Act act = ACT_NONE; act <= ACT_DRAG; act++)
        open_postil (app, &ours, file, n_annotations, act);
    }

  size = g_strdup_printf ("%.3g MB, %u", n_bytes / 1e6, n_annotations);
  print ("file to text painted", size, ours.readable, "bare", bare.readable,
         n_bytes == TEN_MB ? 0.6 : 0);
  if (n_bytes > TEN_MB)
    print ("file to text painted", size, ours.readable, "bare, 10 MB", small.readable, 1.2);
  if (n_annotations > 0)
    print ("file to annotations painted", size, ours.annotated, "bare + scan", bare.annotated, 1.5);
  else
    print ("file to document painted", size, ours.annotated, "bare", bare.readable, 0);
  print ("Ctrl+End then", size, ours.end, "bare jump", bare.drag, 3);
  print ("Ctrl+End then, the very end of the text", size, ours.very_end, "bare jump", bare.drag, 0);
  print ("scroll bar dragged then", size, ours.drag, "bare jump", bare.drag, 3);
  print_stretch ("longest stretch after it", size, ours.stretch, bare.stretch);
  print_stretch ("… most computed at a stretch", size, ours.computed, bare.computed);
  postil_bench_print (&(PostilBenchRow){
    .what = "longest stretch of its own",
    .size = size,
    .median = postil_bench_get_median (ours.own_stretch),
    .most = MOST_OWN,
  });
  clear_side (&bare);
  clear_side (&ours);
  clear_side (&small);
  return 0;
}
