/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "postil-generator.h"
#include "postil-text-view.h"

/*
 * What highlights cost while scrolling: frames of a PostilTextView beside those of a bare
 * GtkTextView with the same text, width and spacing, by turns in one run. Needs a display.
 *
 *   bench-scroll BYTES ANNOTATIONS [FRAMES]
 */

#define SEED 20260101
#define N_ROUNDS 4
#define STEP 37.0

/* A text counts as laid out when its height has not changed for so long, in milliseconds. */
#define REST_MS 1500

typedef struct
{
  const char *name;
  GtkTextView *view;
  GtkAdjustment *adjustment;
  GArray *frames;
  GArray *first_frames;
  double top;
} Side;

typedef struct
{
  Side sides[2];
  guint n_frames;
  GMainLoop *loop;
  Side *side;
  guint n_left;
  gboolean is_first_pass;
  gint64 start;
} Bench;

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return left < right ? -1 : left > right;
}

static double
get_share (GArray *values, double share)
{
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, (guint) (share * (values->len - 1)));
}

static void
before_paint_cb (GdkFrameClock *clock, Bench *self)
{
  self->start = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *self)
{
  double ms = (g_get_monotonic_time () - self->start) / 1000.0;

  g_array_append_val (self->is_first_pass ? self->side->first_frames : self->side->frames, ms);
  if (--self->n_left == 0)
    g_main_loop_quit (self->loop);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *self = data;
  GtkAdjustment *adjustment = self->side->adjustment;

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + STEP);
  return G_SOURCE_CONTINUE;
}

static void
scroll (Bench *self, Side *side, gboolean is_first_pass)
{
  GtkWidget *widget = GTK_WIDGET (side->view);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gulong before, after;
  guint tick;

  self->side = side;
  self->n_left = self->n_frames;
  self->is_first_pass = is_first_pass;
  gtk_adjustment_set_value (side->adjustment, side->top);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  before = g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  after = g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  tick = gtk_widget_add_tick_callback (widget, tick_cb, self, NULL);
  g_main_loop_run (self->loop);
  gtk_widget_remove_tick_callback (widget, tick);
  g_signal_handler_disconnect (clock, before);
  g_signal_handler_disconnect (clock, after);
}

static void
show (Side *side)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (side->view));
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 800);
  gtk_window_present (GTK_WINDOW (window));
  side->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  side->frames = g_array_new (FALSE, FALSE, sizeof (double));
  side->first_frames = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
wait_for_layout (Bench *self)
{
  double heights = -1;
  gint64 since = g_get_monotonic_time ();

  while (g_get_monotonic_time () - since < REST_MS * 1000)
    {
      double now = gtk_adjustment_get_upper (self->sides[0].adjustment) +
                   gtk_adjustment_get_upper (self->sides[1].adjustment);

      if (now != heights)
        since = g_get_monotonic_time ();
      heights = now;
      g_main_context_iteration (NULL, FALSE);
    }
}

static gboolean
count_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_CONTINUE;
}

static void
report (const char *what, GArray *bare, GArray *highlighted)
{
  double ours = get_share (highlighted, 0.5), theirs = get_share (bare, 0.5);

  g_print ("%-22s bare %6.2f / %6.2f ms   postil %6.2f / %6.2f ms   ratio %.2f\n", what, theirs,
           get_share (bare, 0.95), ours, get_share (highlighted, 0.95), ours / theirs);
}

static void
match_style (GtkTextView *bare, GtkTextView *view)
{
  gtk_text_view_set_editable (bare, FALSE);
  gtk_text_view_set_wrap_mode (bare, gtk_text_view_get_wrap_mode (view));
  gtk_text_view_set_left_margin (bare, gtk_text_view_get_left_margin (view));
  gtk_text_view_set_right_margin (bare, gtk_text_view_get_right_margin (view));
  gtk_text_view_set_pixels_above_lines (bare, gtk_text_view_get_pixels_above_lines (view));
  gtk_text_view_set_pixels_below_lines (bare, gtk_text_view_get_pixels_below_lines (view));
  gtk_text_view_set_pixels_inside_wrap (bare, gtk_text_view_get_pixels_inside_wrap (view));
}

int
main (int argc, char **argv)
{
  guint n_bytes = argc > 1 ? atoi (argv[1]) : 1000000;
  guint n_annotations = argc > 2 ? atoi (argv[2]) : 10000;
  Bench bench = { .n_frames = argc > 3 ? atoi (argv[3]) : 150 };
  g_autofree char *utf8 = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GFile) file = g_file_new_for_path ("/generated.txt");
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autoptr (PostilCodebook) codebook = postil_codebook_new ();
  PostilTextView *view;
  gint64 start;
  double longest = 0;
  guint n_visible = 0;

  if (!gtk_init_check ())
    {
      g_printerr ("bench-scroll needs a display.\n");
      return 2;
    }
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  postil_codebook_add_missing (codebook, snapshot->topics);
  bench.loop = g_main_loop_new (NULL, FALSE);
  view = postil_text_view_new ();
  bench.sides[0] = (Side){ .name = "bare", .view = GTK_TEXT_VIEW (gtk_text_view_new ()) };
  bench.sides[1] = (Side){ .name = "postil", .view = GTK_TEXT_VIEW (view) };
  postil_text_view_set_codebook (view, codebook);
  show (&bench.sides[1]);
  while (gtk_widget_get_width (GTK_WIDGET (view)) == 0)
    g_main_context_iteration (NULL, TRUE);

  start = g_get_monotonic_time ();
  postil_text_view_set_document (view, document);
  longest = (g_get_monotonic_time () - start) / 1000.0;
  while (postil_text_view_get_loading (view))
    {
      gint64 before = g_get_monotonic_time ();

      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, (g_get_monotonic_time () - before) / 1000.0);
    }
  g_print ("%u bytes, %u annotations: loaded in %.0f ms, longest stretch %.1f ms\n", n_bytes,
           n_annotations, (g_get_monotonic_time () - start) / 1000.0, longest);

  show (&bench.sides[0]);
  match_style (bench.sides[0].view, bench.sides[1].view);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (bench.sides[0].view), utf8, -1);
  start = g_get_monotonic_time ();
  wait_for_layout (&bench);
  g_print ("laid out both in %.1f s\n", (g_get_monotonic_time () - start) / 1000000.0);

  for (guint round = 0; round < N_ROUNDS; round++)
    for (guint pass = 0; pass < 2; pass++)
      for (guint i = 0; i < 2; i++)
        {
          Side *side = &bench.sides[(round + i) % 2];

          side->top = gtk_adjustment_get_upper (side->adjustment) * (round + 1) / (N_ROUNDS + 2);
          scroll (&bench, side, pass == 0);
        }
  postil_annotation_index_foreach_in (postil_document_get_annotations (document),
                                      postil_text_view_get_visible_span (view), count_cb,
                                      &n_visible);
  g_print ("%u annotations in sight\n", n_visible);
  report ("new text, median / 95 %", bench.sides[0].first_frames, bench.sides[1].first_frames);
  report ("text already seen", bench.sides[0].frames, bench.sides[1].frames);
  return 0;
}
