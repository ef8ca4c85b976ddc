/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-stage.h"

#include "postil-bench.h"

/* A text counts as laid out when the main loop has had nothing to do for so long, in milliseconds:
 * longer than it waits for the next frame, as GTK lays out in idle callbacks and frames. */
#define REST_MS 100

typedef struct
{
  gboolean is_painted;
  gint64 begun;
  double cpu_begun;
  PostilStageCost cost;
} Frame;

static void
before_paint_cb (GdkFrameClock *clock, Frame *frame)
{
  frame->begun = g_get_monotonic_time ();
  frame->cpu_begun = postil_bench_get_cpu_ms ();
}

static void
after_paint_cb (GdkFrameClock *clock, Frame *frame)
{
  frame->cost.ms = (g_get_monotonic_time () - frame->begun) / 1e3;
  frame->cost.cpu_ms = postil_bench_get_cpu_ms () - frame->cpu_begun;
  frame->is_painted = TRUE;
}

/* Runs the main loop until the next frame of @widget is painted. */
static PostilStageCost
run_frame (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  Frame frame = { 0 };
  gulong before = g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), &frame);
  gulong after = g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &frame);

  while (!frame.is_painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, before);
  g_signal_handler_disconnect (clock, after);
  return frame.cost;
}

static PostilStageCost
paint (GtkWidget *widget, PostilStageFunc change, gpointer data)
{
  gint64 start = g_get_monotonic_time ();
  double cpu_start = postil_bench_get_cpu_ms ();
  PostilStageCost changed, frame;

  change (data);
  changed.ms = (g_get_monotonic_time () - start) / 1e3;
  changed.cpu_ms = postil_bench_get_cpu_ms () - cpu_start;
  gtk_widget_queue_draw (widget);
  frame = run_frame (widget);
  return (PostilStageCost){ changed.ms + frame.ms, changed.cpu_ms + frame.cpu_ms };
}

static void
scroll_cb (gpointer data)
{
  PostilStage *self = ((gpointer *) data)[0];
  double *to = ((gpointer *) data)[1];

  gtk_adjustment_set_value (self->adjustment, *to);
}

/**
 * postil_stage_init:
 *
 * Returns: whether there is a display; it is said when there is none
 */
gboolean
postil_stage_init (void)
{
  if (!gtk_init_check ())
    {
      g_printerr ("This benchmark needs a display.\n");
      return FALSE;
    }
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink",
                FALSE, NULL);
  return TRUE;
}

/**
 * postil_stage_run:
 * @ms: for how long to run the main loop, in milliseconds
 */
void
postil_stage_run (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
}

/**
 * postil_stage_wait_for_paint:
 * @widget: what is on the screen, or about to be
 *
 * Runs the main loop until the next frame is painted.
 */
void
postil_stage_wait_for_paint (GtkWidget *widget)
{
  while (gtk_widget_get_frame_clock (widget) == NULL)
    g_main_context_iteration (NULL, TRUE);
  run_frame (widget);
}

/**
 * postil_stage_paint:
 * @widget: what is on the screen
 * @change: what is to be seen then
 *
 * Returns: what the change and the frame that shows it take, in milliseconds; not the waiting for
 * it
 */
double
postil_stage_paint (GtkWidget *widget, PostilStageFunc change, gpointer data)
{
  return paint (widget, change, data).ms;
}

/**
 * postil_stage_new:
 * @view: (transfer floating): a GtkTextView
 *
 * Returns: (transfer full): a window with @view, painted once
 */
PostilStage *
postil_stage_new (GtkWidget *view)
{
  PostilStage *self = g_new0 (PostilStage, 1);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->window = gtk_window_new ();
  self->view = GTK_TEXT_VIEW (view);
  gtk_text_view_set_editable (self->view, FALSE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (self->view), FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_window_set_child (GTK_WINDOW (self->window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 800);
  gtk_window_present (GTK_WINDOW (self->window));
  self->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  postil_stage_wait_for_paint (view);
  while (gtk_widget_get_width (view) == 0)
    postil_stage_wait_for_paint (view);
  return self;
}

void
postil_stage_free (PostilStage *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_free (self);
}

/**
 * postil_stage_match:
 * @model: another stage
 *
 * Gives the lines of a bare view the length and the distances of those of @model.
 */
void
postil_stage_match (PostilStage *self, PostilStage *model)
{
  gtk_text_view_set_left_margin (self->view, gtk_text_view_get_left_margin (model->view));
  gtk_text_view_set_right_margin (self->view, gtk_text_view_get_right_margin (model->view));
  gtk_text_view_set_pixels_above_lines (self->view,
                                        gtk_text_view_get_pixels_above_lines (model->view));
  gtk_text_view_set_pixels_below_lines (self->view,
                                        gtk_text_view_get_pixels_below_lines (model->view));
  gtk_text_view_set_pixels_inside_wrap (self->view,
                                        gtk_text_view_get_pixels_inside_wrap (model->view));
}

/**
 * postil_stage_scroll:
 * @to: where to, in pixels from the top
 *
 * Returns: what that and its frame take
 */
PostilStageCost
postil_stage_scroll (PostilStage *self, double to)
{
  gpointer data[] = { self, &to };

  return paint (GTK_WIDGET (self->view), scroll_cb, data);
}

/**
 * postil_stage_wait_for_layout:
 *
 * Runs the main loop until it rests, that is until GTK has laid out all texts.
 *
 * Returns: what that takes, without the resting
 */
PostilStageCost
postil_stage_wait_for_layout (void)
{
  gint64 start = g_get_monotonic_time (), end = start;
  PostilStageCost cost = { 0 };

  while (g_get_monotonic_time () - end < REST_MS * 1000)
    {
      double cpu_start = postil_bench_get_cpu_ms ();

      if (g_main_context_iteration (NULL, FALSE))
        {
          cost.cpu_ms += postil_bench_get_cpu_ms () - cpu_start;
          end = g_get_monotonic_time ();
        }
      else
        g_usleep (200);
    }
  cost.ms = (end - start) / 1e3;
  return cost;
}
