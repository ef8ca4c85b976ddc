/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-edit.h"
#include "postil-generator.h"
#include "postil-late-model.h"
#include "postil-stage.h"

/*
 * What changes cost: one among 1,000, 10,000 and 100,000 annotations, in the model alone, each with
 * a snapshot held as lists and savers do; and changes of 100,000 at once in the window, with all
 * that follows them there. Needs a display. Arguments: how many bytes of text (10 MB), how many
 * annotations in the window (100,000), how often (5).
 */

#define SEED 20260101
#define N_SINGLE 500
#define N_RENAMED 20000

/* How long the panes have to follow a change, and the list to be sorted, in milliseconds. */
#define FOLLOWED_MS 600
#define SORTED_MS 1000

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *document;
  GRand *random;
} Model;

typedef void (*Act) (Model *self, PostilStep *step);

static PostilAnnotation *
pick (Model *self)
{
  PostilAnnotationIndex *all = postil_document_get_annotations (self->document);

  return postil_annotation_index_get (
    all, g_rand_int_range (self->random, 0, postil_annotation_index_get_size (all)));
}

static const char *
pick_topic (Model *self)
{
  GPtrArray *topics = postil_codebook_get_topics (postil_workspace_get_codebook (self->workspace));

  return postil_topic_get_id (topics->pdata[g_rand_int_range (self->random, 0, topics->len)]);
}

static void
add (Model *self, PostilStep *step)
{
  const char *topics[] = { pick_topic (self), NULL };
  guint length = postil_text_get_length (postil_document_get_text (self->document));
  guint start = g_rand_int_range (self->random, 0, length - 100);

  g_free (postil_edit_add_annotation (self->workspace, step, self->document,
                                      &(PostilSpan){ start, start + 100 }, 1, topics, NULL));
}

static void
retag (Model *self, PostilStep *step)
{
  PostilAnnotation *annotation = pick (self);
  const char *topic = pick_topic (self);

  postil_edit_set_topic (self->workspace, step, self->document, annotation, topic,
                         !postil_annotation_has_topic (annotation, topic));
}

static void
write_note (Model *self, PostilStep *step)
{
  g_autofree char *note = g_strdup_printf ("note %u", g_rand_int (self->random));

  postil_edit_set_note (self->workspace, step, self->document, pick (self), note);
}

static void delete (Model *self, PostilStep *step)
{
  postil_edit_remove_annotation (step, self->document, pick (self));
}

static const struct
{
  const char *what;
  Act act;
} acts[] = {
  { "add an annotation", add },
  { "change its topics", retag },
  { "write a note", write_note },
  { "delete an annotation", delete },
};

static void
model_init (Model *self, PostilSnapshot *snapshot)
{
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:x:1", "Annotator 1", NULL);
  g_autoptr (GFile) file = g_file_new_for_path ("/bench.txt");

  self->workspace = postil_workspace_new (postil_environment_get_system (), annotator);
  self->document = postil_document_new (file, snapshot);
  self->random = g_rand_new_with_seed (SEED);
  postil_workspace_add_document (self->workspace, self->document);
}

static void
model_clear (Model *self)
{
  g_object_unref (self->document);
  g_object_unref (self->workspace);
  g_rand_free (self->random);
}

static void
print (const char *what, const char *size, GArray *series, const char *unit, double most)
{
  postil_bench_print (&(PostilBenchRow){ .what = what,
                                         .size = size,
                                         .unit = unit,
                                         .median = postil_bench_get_median (series),
                                         .most = most });
}

static void
measure_single (PostilText *text, guint n_annotations)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *size = postil_bench_dup_count (n_annotations);
  Model model;

  model_init (&model, snapshot);
  for (guint a = 0; a < G_N_ELEMENTS (acts); a++)
    {
      g_autoptr (GArray) doing = postil_bench_series_new (), undoing = postil_bench_series_new ();
      g_autofree char *undo = g_strdup_printf ("… undo: %s", acts[a].what);

      for (guint run = 0; run < N_SINGLE; run++)
        {
          g_autoptr (PostilStep) step = postil_step_new ("Step");
          g_autoptr (PostilAnnotationIndex) held =
            postil_annotation_index_ref (postil_document_get_annotations (model.document));
          g_autoptr (PostilAnnotationIndex) held_after = NULL;
          gint64 start = g_get_monotonic_time ();

          acts[a].act (&model, step);
          postil_workspace_commit (model.workspace, step, NULL);
          postil_bench_add (doing, g_get_monotonic_time () - start);
          held_after =
            postil_annotation_index_ref (postil_document_get_annotations (model.document));
          start = g_get_monotonic_time ();
          postil_workspace_undo (model.workspace);
          postil_bench_add (undoing, g_get_monotonic_time () - start);
        }
      print (acts[a].what, size, doing, "µs", 0);
      print (undo, size, undoing, "µs", 0);
    }
  model_clear (&model);
}

/* Everything about one change of very many: how long until it is done, how long until it is
 * painted, and for how long the main loop is held, and computes, meanwhile and until all is quiet.
 */
typedef struct
{
  GArray *done;
  GArray *painted;
  GArray *stretch;
  GArray *computed;
} Series;

static void
series_init (Series *self)
{
  *self = (Series){ postil_bench_series_new (), postil_bench_series_new (),
                    postil_bench_series_new (), postil_bench_series_new () };
}

static void
series_clear (Series *self)
{
  g_array_unref (self->done);
  g_array_unref (self->painted);
  g_array_unref (self->stretch);
  g_array_unref (self->computed);
}

static void
series_print (Series *self,
              const char *what,
              const char *size,
              double most_painted,
              const Series *frames)
{
  const struct
  {
    const char *format;
    GArray *series;
    GArray *frames;
  } rows[] = {
    { "… longest stretch of the main loop: %s", self->stretch, frames->stretch },
    { "… most computed by it at a stretch: %s", self->computed, frames->computed },
  };

  print (what, size, self->painted, NULL, most_painted);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      g_autofree char *row = g_strdup_printf (rows[i].format, what);
#pragma GCC diagnostic pop

      postil_bench_print (&(PostilBenchRow){ .what = row,
                                             .size = size,
                                             .median = postil_bench_get_median (rows[i].series),
                                             .floor_name = "a frame of the window",
                                             .floor = postil_bench_get_median (rows[i].frames) });
    }
  series_clear (self);
}

static void
take_stretch (Series *series)
{
  postil_bench_add (series->stretch, postil_bench_take_longest_stretch ());
  postil_bench_add (series->computed, postil_bench_take_most_computed ());
}

static void
forget_stretch (void)
{
  postil_bench_take_longest_stretch ();
  postil_bench_take_most_computed ();
}

static void
measure (Series *series, PostilWindow *window, void (*change) (PostilWindow *))
{
  gint64 start;

  postil_stage_run (50);
  forget_stretch ();
  start = g_get_monotonic_time ();
  change (window);
  while (postil_workspace_is_preparing (window->workspace))
    g_main_context_iteration (NULL, TRUE);
  postil_bench_add_since (series->done, start);
  gtk_widget_queue_draw (GTK_WIDGET (window));
  postil_stage_wait_for_paint (GTK_WIDGET (window));
  postil_bench_add_since (series->painted, start);
  postil_stage_run (FOLLOWED_MS);
  take_stretch (series);
}

static PostilDocument *
get_document (PostilWorkspace *workspace)
{
  g_autoptr (PostilDocument) document =
    g_list_model_get_item (postil_workspace_get_documents (workspace), 0);

  return document;
}

static const char *
get_topic (PostilWorkspace *workspace, const char *label)
{
  return postil_topic_get_id (
    postil_codebook_find_path (postil_workspace_get_codebook (workspace), label));
}

/* Gives the topic @label to the first @n annotations. */
static void
tag (PostilWorkspace *workspace, const char *label, guint n)
{
  g_autoptr (PostilStep) step = postil_step_new ("Tag");
  g_autofree char *id = postil_edit_ensure_path (workspace, step, label);
  PostilDocument *document = get_document (workspace);
  PostilAnnotationIndex *all = postil_document_get_annotations (document);

  for (guint i = 0; i < MIN (n, postil_annotation_index_get_size (all)); i++)
    postil_edit_set_topic (workspace, step, document, postil_annotation_index_get (all, i), id,
                           TRUE);
  postil_workspace_commit (workspace, step, NULL);
}

/* As the topic tree does. */
static void
delete_topic (PostilWindow *window)
{
  g_autoptr (PostilStep) step = postil_step_new ("Delete Topic");

  postil_edit_delete_topic (window->workspace, step, get_topic (window->workspace, "Everywhere"),
                            NULL);
}

static void
merge_topic (PostilWindow *window)
{
  g_autoptr (PostilStep) step = postil_step_new ("Merge Topics");

  postil_edit_delete_topic (window->workspace, step, get_topic (window->workspace, "Everywhere"),
                            get_topic (window->workspace, "Often"));
}

/* (nullable): the list below @widget in which several rows can be selected */
static GtkWidget *
find_list (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_LIST_VIEW (widget) &&
                         POSTIL_IS_LATE_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (widget)))
                       ? widget
                       : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_list (child);
  return found;
}

static void
select_all (PostilWindow *window)
{
  gtk_widget_activate_action (find_list (GTK_WIDGET (window->annotations)), "list.select-all",
                              NULL);
}

/* From now on the list is sorted in a thread. */
static void
select_all_sorted (PostilWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window->annotations), "annotations.sort", "s", "topic");
  postil_stage_run (SORTED_MS);
  select_all (window);
}

static void
delete_selected (PostilWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window->annotations), "annotations.delete", NULL);
}

static void
retag_selected (PostilWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window->annotations), "annotations.add-topic", "s",
                              get_topic (window->workspace, "Often"));
}

static void
rename_topic (PostilWindow *window)
{
  g_autoptr (PostilStep) step = postil_step_new ("Rename");
  PostilTopicFields fields;

  postil_topic_get_fields (
    postil_codebook_find_path (postil_workspace_get_codebook (window->workspace), "Often"),
    &fields);
  fields.label = "Frequently";
  postil_edit_change_topic (window->workspace, step, &fields, NULL);
  postil_workspace_commit (window->workspace, step, NULL);
}

static void
undo (PostilWindow *window)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "undo", NULL);
}

static void
redo (PostilWindow *window)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), "redo", NULL);
}

static gboolean
is_open (PostilWindow *window)
{
  return postil_window_get_active_document (window) != NULL &&
         !postil_opener_is_busy (window->opener) &&
         !postil_text_view_get_loading (postil_bench_app_get_text_view (window));
}

static void
measure_bulk (PostilText *text, guint n_annotations, guint n_runs)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *count = postil_bench_dup_count (n_annotations);
  g_autofree char *size = g_strconcat (count, " at once", NULL);
  g_autoptr (PostilBenchApp) app = postil_bench_app_new ();
  g_autoptr (GFile) file = postil_bench_app_write (app, "bench.txt", snapshot);
  PostilWindow *window = postil_bench_app_show (app);
  Series frames, renaming;
  static const struct
  {
    const char *what;
    void (*begin) (PostilWindow *);
    void (*change) (PostilWindow *);
  } changes[] = {
    { "delete a topic that all annotations have", NULL, delete_topic },
    { "merge a topic that all annotations have into another", NULL, merge_topic },
    { "give all annotations a topic", select_all, retag_selected },
    { "delete all annotations", select_all, delete_selected },
    { "give all annotations a topic, sorted by topic", select_all_sorted, retag_selected },
    { "delete all annotations, sorted by topic", select_all_sorted, delete_selected },
  };

  postil_window_open (window, file, TRUE);
  while (!is_open (window))
    g_main_context_iteration (NULL, TRUE);
  postil_stage_run (3000);
  postil_bench_watch_loop ();
  tag (window->workspace, "Everywhere", n_annotations);
  tag (window->workspace, "Often", N_RENAMED);
  postil_stage_run (3000);

  series_init (&frames);
  for (guint run = 0; run < 4 * n_runs; run++)
    {
      forget_stretch ();
      gtk_widget_queue_draw (GTK_WIDGET (window));
      gtk_widget_queue_draw (GTK_WIDGET (postil_bench_app_get_text_view (window)));
      postil_stage_wait_for_paint (GTK_WIDGET (window));
      postil_stage_run (20);
      take_stretch (&frames);
    }

  series_init (&renaming);
  for (guint run = 0; run < n_runs; run++)
    {
      measure (&renaming, window, rename_topic);
      undo (window);
    }
  series_print (&renaming, "rename a topic, to painted", "used 20,000 times", 50, &frames);

  for (guint c = 0; c < G_N_ELEMENTS (changes); c++)
    {
      g_autofree char *undoing = g_strdup_printf ("undo: %s, to painted", changes[c].what);
      g_autofree char *redoing = g_strdup_printf ("redo: %s, to painted", changes[c].what);
      g_autofree char *what = g_strdup_printf ("%s, to painted", changes[c].what);
      Series done, undone, redone;

      series_init (&done);
      series_init (&undone);
      series_init (&redone);
      for (guint run = 0; run < n_runs; run++)
        {
          if (changes[c].begin != NULL)
            changes[c].begin (window);
          measure (&done, window, changes[c].change);
          measure (&undone, window, undo);
          measure (&redone, window, redo);
          measure (&undone, window, undo);
        }
      series_print (&done, what, size, 0, &frames);
      series_print (&undone, undoing, size, 300, &frames);
      series_print (&redone, redoing, size, 300, &frames);
    }
  series_clear (&frames);
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 10 * 1000 * 1000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  guint n_runs = postil_generator_get_argument (argc, argv, 3, 5);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);

  for (guint n = 1000; n <= 100000; n *= 10)
    measure_single (text, n);
  if (!postil_stage_init ())
    return 2;
  measure_bulk (text, n_annotations, n_runs);
  return 0;
}
