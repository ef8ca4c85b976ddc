/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-edit.h"
#include "postil-generator.h"
#include "postil-stage.h"

/*
 * One annotation added, retagged, deleted and brought back among many, in a window of Postil: from
 * the action to the frame that shows it in the text, and to the next one, in which the panes have
 * followed, beside a frame of a bare GtkTextView, by turns, counting the time that this thread
 * computes. Then the same in a text view alone, without the panes that
 * say what changed. Needs a display.
 *
 *   bench-paint-edit BYTES ANNOTATIONS [ROUNDS]
 */

#define SEED 20260101

static void
act (GtkWidget *widget, const char *action, GArray *painted, GArray *followed)
{
  double start = postil_bench_get_cpu_ms ();
  g_autoptr (GVariant) target = NULL;
  g_autofree char *name = NULL;

  if (!g_action_parse_detailed_name (action, &name, &target, NULL) ||
      !gtk_widget_activate_action_variant (widget, name, target))
    g_error ("%s cannot be done", action);
  gtk_widget_queue_draw (widget);
  postil_stage_wait_for_paint (widget);
  postil_bench_add (painted, postil_bench_get_cpu_ms () - start);
  gtk_widget_queue_draw (widget);
  postil_stage_wait_for_paint (widget);
  postil_bench_add (followed, postil_bench_get_cpu_ms () - start);
}

/* A text view that nothing else shows the annotations of. */
typedef struct
{
  PostilStage *stage;
  PostilTextView *view;
  PostilWorkspace *workspace;
  PostilDocument *document;
  char *annotation;
} Alone;

static void
alone_init (Alone *self, PostilSnapshot *snapshot)
{
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:x:1", "Annotator 1", NULL);
  g_autoptr (GFile) file = g_file_new_for_path ("/bench.txt");

  self->workspace = postil_workspace_new (postil_environment_get_system (), annotator);
  postil_codebook_add_missing (postil_workspace_get_codebook (self->workspace), snapshot->topics);
  self->document = postil_document_new (file, snapshot);
  postil_workspace_add_document (self->workspace, self->document);
  self->view = postil_text_view_new ();
  self->stage = postil_stage_new (GTK_WIDGET (self->view));
  postil_text_view_set_codebook (self->view, postil_workspace_get_codebook (self->workspace));
  postil_text_view_set_document (self->view, self->document);
  while (postil_text_view_get_loading (self->view))
    g_main_context_iteration (NULL, TRUE);
}

static void
alone_clear (Alone *self)
{
  postil_stage_free (self->stage);
  g_object_unref (self->document);
  g_object_unref (self->workspace);
  g_free (self->annotation);
}

/* Does the same to the model as the window's action of that number. */
static double
alone_act (Alone *self, guint action, guint round, PostilTopic *topic)
{
  PostilSpan span = postil_text_view_get_visible_span (self->view);
  double start = postil_bench_get_cpu_ms ();
  g_autoptr (PostilStep) step = postil_step_new ("Edit");
  PostilAnnotation *annotation =
    action > 0 ? postil_document_get_annotation (self->document, self->annotation) : NULL;

  span.start += 100 + 40 * round;
  span.end = span.start + 30;
  if (action == 0)
    {
      g_free (self->annotation);
      self->annotation =
        postil_edit_add_annotation (self->workspace, step, self->document, &span, 1, NULL, NULL);
    }
  else if (action == 1)
    postil_edit_set_topic (self->workspace, step, self->document, annotation,
                           postil_topic_get_id (topic), TRUE);
  else if (action == 2)
    postil_edit_remove_annotation (step, self->document, annotation);
  if (action == 3)
    postil_workspace_undo (self->workspace);
  else
    postil_workspace_commit (self->workspace, step, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self->view));
  postil_stage_wait_for_paint (GTK_WIDGET (self->view));
  return postil_bench_get_cpu_ms () - start;
}

static void
report (const char *what, const char *size, GArray *ours, GArray *bare, double most)
{
  postil_bench_print (&(PostilBenchRow){
    .what = what,
    .size = size,
    .median = postil_bench_get_median (ours),
    .floor_name = "bare frame",
    .floor = postil_bench_get_median (bare),
    .most_floors = most,
  });
}

/* A frame that shows something else than the one before. */
static double
scroll (PostilStage *stage, guint nth)
{
  double start = postil_bench_get_cpu_ms ();

  postil_stage_scroll (stage, 1000 + nth);
  return postil_bench_get_cpu_ms () - start;
}

int
main (int argc, char **argv)
{
  static const char *const actions[] = { "win.highlight", "win.apply-digit(uint32 1)",
                                         "win.delete-annotation", "win.undo" };
  static const char *const alone_actions[] = { "view alone: add", "view alone: retag",
                                               "view alone: delete", "view alone: undo" };
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 10000000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  guint n_rounds = postil_generator_get_argument (argc, argv, 3, 9);
  char *utf8 = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (utf8, strlen (utf8), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GArray) bare = postil_bench_series_new ();
  GArray *ours[G_N_ELEMENTS (actions)], *followed[G_N_ELEMENTS (actions)];
  Alone alone = { 0 };
  g_autoptr (PostilBenchApp) app = NULL;
  g_autoptr (PostilStage) stage = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *size = g_strdup_printf ("%.3g MB, %u", n_bytes / 1e6, n_annotations);
  PostilWindow *window;
  PostilTextView *view;

  if (!postil_stage_init ())
    return 2;
  app = postil_bench_app_new ();
  file = postil_bench_app_write (app, "text.txt", snapshot);
  window = postil_bench_app_show (app);
  view = postil_bench_app_get_text_view (window);
  stage = postil_stage_new (gtk_text_view_new ());
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (stage->view), utf8, -1);
  postil_bench_app_open (window, file);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      ours[i] = postil_bench_series_new ();
      followed[i] = postil_bench_series_new ();
    }

  for (guint round = 0; round < n_rounds; round++)
    {
      PostilSpan span = postil_text_view_get_visible_span (view);

      span.start += 100 + 40 * round;
      span.end = span.start + 30;
      postil_text_view_select (view, span);
      gtk_widget_grab_focus (GTK_WIDGET (view));
      g_signal_emit_by_name (view, "selection-settled");
      gtk_popover_popdown (GTK_POPOVER (window->selection_bar));
      postil_stage_run (100);
      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        {
          postil_bench_add (bare, scroll (stage, bare->len));
          act (GTK_WIDGET (view), actions[i], ours[i], followed[i]);
          if (postil_annotation_index_get_size (postil_document_get_annotations (
                postil_text_view_get_document (view))) != n_annotations + round + (i != 2))
            g_error ("%s did nothing", actions[i]);
          postil_stage_run (50);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *what = g_strdup_printf ("… until the panes have followed: %s", actions[i]);

      report (actions[i], size, ours[i], bare, 1.3);
      report (what, size, followed[i], bare, 0);
      g_array_set_size (ours[i], 0);
      g_array_unref (followed[i]);
    }

  alone_init (&alone, snapshot);
  postil_stage_wait_for_layout ();
  g_array_set_size (bare, 0);
  for (guint round = 0; round < n_rounds; round++)
    for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
      {
        postil_bench_add (bare, scroll (stage, bare->len));
        postil_bench_add (ours[i],
                          alone_act (&alone, i, round, g_ptr_array_index (snapshot->topics, 0)));
        postil_stage_run (50);
      }
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      report (alone_actions[i], size, ours[i], bare, 1.3);
      g_array_unref (ours[i]);
    }
  alone_clear (&alone);
  return 0;
}
