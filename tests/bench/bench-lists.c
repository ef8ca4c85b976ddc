/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-annotation-list.h"
#include "postil-annotation-pane.h"
#include "postil-bench.h"
#include "postil-edit.h"
#include "postil-generator.h"
#include "postil-late-model.h"
#include "postil-row-selection.h"
#include "postil-stage.h"

/*
 * The annotations pane with very many rows: how long until rows are painted wherever there is room,
 * and until all are there that GTK keeps ready beside those in sight, beside a GtkListView with as
 * many labels; what a frame costs while it is scrolled, beside the same; how long a filter takes,
 * to the first result that is painted and to the last; and how long another order, until it is
 * painted, and an edit in that. Needs a display. Arguments: how many bytes of text (10 MB), how
 * many annotations (100,000), how often (9).
 */

#define SEED 20260101
#define N_FRAMES 60
#define STEP 37.0

typedef struct
{
  GtkWidget *window;
  GtkWidget *list;
  GtkAdjustment *adjustment;
} Shown;

static gboolean
is_entry (GtkWidget *widget)
{
  return GTK_IS_SEARCH_ENTRY (widget);
}

static GListModel *
get_listed (GtkWidget *widget)
{
  GtkSelectionModel *model =
    GTK_IS_LIST_VIEW (widget) ? gtk_list_view_get_model (GTK_LIST_VIEW (widget)) : NULL;

  if (POSTIL_IS_LATE_MODEL (model))
    model = postil_late_model_get_model (POSTIL_LATE_MODEL (model));
  return POSTIL_IS_ROW_SELECTION (model)
           ? postil_row_selection_get_rows (POSTIL_ROW_SELECTION (model))
           : NULL;
}

static gboolean
is_list (GtkWidget *widget)
{
  return POSTIL_IS_ANNOTATION_LIST (get_listed (widget));
}

static GtkWidget *
find (GtkWidget *widget, gboolean (*is_wanted) (GtkWidget *widget))
{
  GtkWidget *found = is_wanted (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, is_wanted);
  return found;
}

static void
setup_label_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
bind_label_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static GtkWidget *
new_label_list (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_label_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_label_cb), NULL);
  return gtk_list_view_new (NULL, factory);
}

/* Shows @list, which is in @child of the window. */
static Shown
show (GtkWidget *child, GtkWidget *list)
{
  Shown shown = { .window = gtk_window_new (), .list = list };

  gtk_window_set_child (GTK_WINDOW (shown.window), child);
  gtk_window_set_default_size (GTK_WINDOW (shown.window), 360, 800);
  gtk_window_present (GTK_WINDOW (shown.window));
  postil_stage_wait_for_paint (shown.window);
  postil_stage_run (300);
  shown.adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  return shown;
}

/* Whether what can be seen of the list has rows. */
static gboolean
is_filled (Shown *shown)
{
  return gtk_widget_get_first_child (shown->list) != NULL &&
         gtk_adjustment_get_upper (shown->adjustment) >
           gtk_adjustment_get_page_size (shown->adjustment);
}

/* Whether the list has all rows that it keeps ready. */
static gboolean
is_ready (Shown *shown)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (
           GTK_LIST_VIEW (shown->list)))) == g_list_model_get_n_items (get_listed (shown->list));
}

static void
scroll_cb (gpointer data)
{
  GtkAdjustment *adjustment = data;

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + STEP);
}

static void
scroll (Shown *shown, GArray *frames)
{
  for (guint i = 0; i < N_FRAMES; i++)
    postil_bench_add (frames, postil_stage_paint (shown->list, scroll_cb, shown->adjustment));
}

static gboolean
is_filtering (Shown *shown)
{
  gboolean filtering;

  g_object_get (get_listed (shown->list), "filtering", &filtering, NULL);
  return filtering;
}

/* Measures it with the list scrolled to @value, which @where tells. It is complete when the list
 * has its rows, too.
 */
static void
measure_filter (Shown *shown,
                const char *words,
                double value,
                const char *where,
                guint n_runs,
                const char *size)
{
  GtkWidget *entry = find (shown->window, is_entry);
  g_autoptr (GArray) first = postil_bench_series_new (), all = postil_bench_series_new ();
  g_autoptr (GArray) stretches = postil_bench_series_new ();
  g_autoptr (GArray) computed = postil_bench_series_new (), clearing = postil_bench_series_new ();
  g_autofree char *first_name =
    g_strdup_printf ("filter “%s”, first result painted%s", words, where);
  g_autofree char *all_name = g_strdup_printf ("filter “%s”, complete%s", words, where);
  g_autofree char *stretch_name =
    g_strdup_printf ("… longest stretch of the main loop: filter “%s”%s", words, where);
  g_autofree char *computed_name =
    g_strdup_printf ("… most computed by it at a stretch: filter “%s”%s", words, where);
  g_autofree char *clearing_name =
    g_strdup_printf ("… most computed by it at a stretch: filter “%s” cleared%s", words, where);

  for (guint run = 0; run < n_runs; run++)
    {
      gint64 start;

      gtk_adjustment_set_value (shown->adjustment, value);
      postil_stage_run (50);
      postil_bench_take_longest_stretch ();
      postil_bench_take_most_computed ();
      start = g_get_monotonic_time ();
      gtk_editable_set_text (GTK_EDITABLE (entry), words);
      g_signal_emit_by_name (entry, "search-changed");
      postil_stage_wait_for_paint (shown->window);
      postil_bench_add_since (first, start);
      while (is_filtering (shown) || !is_ready (shown))
        g_main_context_iteration (NULL, TRUE);
      postil_bench_add_since (all, start);
      postil_bench_add (stretches, postil_bench_take_longest_stretch ());
      postil_bench_add (computed, postil_bench_take_most_computed ());
      gtk_editable_set_text (GTK_EDITABLE (entry), "");
      g_signal_emit_by_name (entry, "search-changed");
      while (is_filtering (shown) || !is_ready (shown))
        g_main_context_iteration (NULL, TRUE);
      postil_stage_run (50);
      postil_bench_add (clearing, postil_bench_take_most_computed ());
    }
  postil_bench_print (&(PostilBenchRow){
    .what = first_name, .size = size, .median = postil_bench_get_median (first), .most = 16 });
  postil_bench_print (&(PostilBenchRow){
    .what = all_name, .size = size, .median = postil_bench_get_median (all), .most = 200 });
  postil_bench_print (&(PostilBenchRow){
    .what = stretch_name, .size = size, .median = postil_bench_get_median (stretches) });
  postil_bench_print (&(PostilBenchRow){
    .what = computed_name, .size = size, .median = postil_bench_get_median (computed) });
  postil_bench_print (&(PostilBenchRow){
    .what = clearing_name, .size = size, .median = postil_bench_get_median (clearing) });
}

static void
wait_for_order (Shown *shown)
{
  do
    postil_stage_wait_for_paint (shown->window);
  while (is_filtering (shown) || !is_ready (shown));
}

static void
set_order (Shown *shown, const char *order)
{
  gtk_widget_activate_action (gtk_window_get_child (GTK_WINDOW (shown->window)), "annotations.sort",
                              "s", order);
}

static void
print_stretches (const char *what, GArray *stretches, GArray *computed, const char *size)
{
  g_autofree char *stretch_name = g_strdup_printf ("… longest stretch of the main loop: %s", what);
  g_autofree char *computed_name = g_strdup_printf ("… most computed by it at a stretch: %s", what);

  postil_bench_print (&(PostilBenchRow){
    .what = stretch_name, .size = size, .median = postil_bench_get_median (stretches) });
  postil_bench_print (&(PostilBenchRow){
    .what = computed_name, .size = size, .median = postil_bench_get_median (computed) });
}

/* Measures going from reading order to @order, and leaves it like that. */
static void
measure_order (Shown *shown, const char *order, guint n_runs, const char *size)
{
  g_autoptr (GArray) times = postil_bench_series_new (), stretches = postil_bench_series_new ();
  g_autoptr (GArray) computed = postil_bench_series_new ();
  g_autofree char *what = g_strdup_printf ("sort by %s, until painted", order);

  for (guint run = 0; run < n_runs; run++)
    {
      gint64 start;

      set_order (shown, "place");
      wait_for_order (shown);
      postil_stage_run (50);
      postil_bench_take_longest_stretch ();
      postil_bench_take_most_computed ();
      start = g_get_monotonic_time ();
      set_order (shown, order);
      wait_for_order (shown);
      postil_bench_add_since (times, start);
      postil_stage_run (50);
      postil_bench_add (stretches, postil_bench_take_longest_stretch ());
      postil_bench_add (computed, postil_bench_take_most_computed ());
    }
  postil_bench_print (
    &(PostilBenchRow){ .what = what, .size = size, .median = postil_bench_get_median (times) });
  print_stretches (what, stretches, computed, size);
}

static void
count_cb (guint *n)
{
  ++*n;
}

/* Measures the action and all until the list that it moves a row of is painted. */
static void
measure_edit (Shown *shown, PostilWorkspace *workspace, PostilDocument *document, const char *size)
{
  const char *what = "one row moved, sorted by topic, until painted";
  GPtrArray *topics = postil_codebook_get_topics (postil_workspace_get_codebook (workspace));
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  g_autoptr (GArray) times = postil_bench_series_new (), stretches = postil_bench_series_new ();
  g_autoptr (GArray) computed = postil_bench_series_new ();

  for (guint run = 0; run < N_FRAMES; run++)
    {
      PostilAnnotationIndex *index = postil_document_get_annotations (document);
      PostilAnnotation *annotation = postil_annotation_index_get (
        index, g_rand_int_range (random, 0, postil_annotation_index_get_n_shown (index)));
      guint n_topics, n_told = 0;
      const char *const *before = postil_annotation_get_topics (annotation, &n_topics);
      g_autoptr (PostilStep) step = postil_step_new ("Retag");
      g_autoptr (PostilAnnotation) after = postil_edit_retag (
        annotation, n_topics > 0 ? before[0] : NULL,
        postil_topic_get_id (topics->pdata[g_rand_int_range (random, 0, topics->len)]), run);
      gulong handler;
      gint64 start;

      if (after == NULL)
        continue;
      handler = g_signal_connect_swapped (get_listed (shown->list), "items-changed",
                                          G_CALLBACK (count_cb), &n_told);
      postil_step_change_annotation (step, document, annotation, after);
      postil_bench_take_longest_stretch ();
      postil_bench_take_most_computed ();
      start = g_get_monotonic_time ();
      postil_workspace_commit (workspace, step, NULL);
      while (n_told == 0)
        g_main_context_iteration (NULL, TRUE);
      postil_stage_wait_for_paint (shown->window);
      postil_bench_add_since (times, start);
      postil_bench_add (stretches, postil_bench_take_longest_stretch ());
      postil_bench_add (computed, postil_bench_take_most_computed ());
      g_signal_handler_disconnect (get_listed (shown->list), handler);
      postil_stage_run (30);
    }
  postil_bench_print (
    &(PostilBenchRow){ .what = what, .size = size, .median = postil_bench_get_median (times) });
  print_stretches (what, stretches, computed, size);
}

int
main (int argc, char **argv)
{
  guint n_bytes = postil_generator_get_argument (argc, argv, 1, 10 * 1000 * 1000);
  guint n_annotations = postil_generator_get_argument (argc, argv, 2, 100000);
  guint n_runs = postil_generator_get_argument (argc, argv, 3, 9);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (PostilAnnotator) annotator = postil_annotator_new ("urn:x:1", "Annotator 1", NULL);
  g_autoptr (PostilWorkspace) workspace =
    postil_workspace_new (postil_environment_get_system (), annotator);
  g_autoptr (GFile) file = g_file_new_for_path ("/bench.txt");
  g_autoptr (PostilDocument) document = postil_document_new (file, snapshot);
  g_autofree char *size = postil_bench_dup_count (n_annotations);
  g_autoptr (GArray) showing = postil_bench_series_new (), labels = postil_bench_series_new ();
  g_autoptr (GArray) ready = postil_bench_series_new ();
  g_autoptr (GArray) frames = postil_bench_series_new (), bare = postil_bench_series_new ();
  g_autoptr (GtkStringList) strings = gtk_string_list_new (NULL);
  g_autoptr (GtkMultiSelection) selection = NULL;
  static const char *const orders[] = { "person", "newest", "longest", "topic" };
  GtkWidget *pane, *scrolled, *labels_list;
  Shown shown, plain;

  if (!postil_stage_init ())
    return 2;
  for (guint i = 0; i < n_annotations; i++)
    {
      PostilSpan span =
        postil_annotation_get_extent (postil_annotation_index_get (snapshot->annotations, i));
      g_autofree char *quote =
        postil_text_dup_range (text, (PostilSpan){ span.start, MIN (span.end, span.start + 40) });

      gtk_string_list_append (strings, g_strdelimit (quote, "\n", ' '));
    }
  selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (strings)));
  pane = postil_annotation_pane_new ();
  postil_annotation_pane_set_workspace (POSTIL_ANNOTATION_PANE (pane), workspace);
  shown = show (pane, find (pane, is_list));
  labels_list = new_label_list ();
  scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), labels_list);
  plain = show (scrolled, labels_list);

  for (guint run = 0; run < n_runs; run++)
    {
      gint64 start = g_get_monotonic_time ();

      postil_workspace_add_document (workspace, document);
      do
        postil_stage_wait_for_paint (shown.window);
      while (!is_filled (&shown));
      postil_bench_add_since (showing, start);
      while (!is_ready (&shown))
        postil_stage_wait_for_paint (shown.window);
      postil_bench_add_since (ready, start);
      postil_stage_run (50);
      start = g_get_monotonic_time ();
      gtk_list_view_set_model (GTK_LIST_VIEW (plain.list), GTK_SELECTION_MODEL (selection));
      postil_stage_wait_for_paint (plain.window);
      postil_bench_add_since (labels, start);
      postil_stage_run (50);
      if (run + 1 == n_runs)
        break;
      postil_workspace_remove_document (workspace, document);
      gtk_list_view_set_model (GTK_LIST_VIEW (plain.list), NULL);
      postil_stage_run (50);
    }
  postil_bench_print (&(PostilBenchRow){ .what = "annotations pane: rows shown",
                                         .size = size,
                                         .median = postil_bench_get_median (showing),
                                         .floor_name = "a list of labels",
                                         .floor = postil_bench_get_median (labels),
                                         .most = 50 });
  postil_bench_print (&(PostilBenchRow){ .what = "annotations pane: all rows ready",
                                         .size = size,
                                         .median = postil_bench_get_median (ready),
                                         .floor_name = "a list of labels",
                                         .floor = postil_bench_get_median (labels) });

  for (guint round = 0; round < 4; round++)
    {
      gtk_adjustment_set_value (shown.adjustment, round * 20000);
      gtk_adjustment_set_value (plain.adjustment, round * 20000);
      postil_stage_run (200);
      scroll (&shown, frames);
      scroll (&plain, bare);
    }
  postil_bench_print (&(PostilBenchRow){ .what = "annotations pane: scrolling frame",
                                         .size = size,
                                         .median = postil_bench_get_median (frames),
                                         .floor_name = "a list of labels",
                                         .floor = postil_bench_get_median (bare) });
  postil_bench_print (&(PostilBenchRow){ .what = "annotations pane: scrolling frame, 95 %",
                                         .size = size,
                                         .median = postil_bench_get_share (frames, 0.95),
                                         .floor_name = "a list of labels",
                                         .floor = postil_bench_get_share (bare, 0.95) });

  gtk_window_destroy (GTK_WINDOW (plain.window));
  postil_bench_watch_loop ();
  measure_filter (&shown, "harbour", 0, "", n_runs, size);
  measure_filter (&shown, "café señor", 0, "", n_runs, size);
  measure_filter (&shown, "e", 0, "", n_runs, size);
  measure_filter (&shown, "café señor", 60000, " (list scrolled)", n_runs, size);
  gtk_adjustment_set_value (shown.adjustment, 0);
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    measure_order (&shown, orders[i], n_runs, size);
  measure_filter (&shown, "café señor", 0, " (sorted by topic)", n_runs, size);
  measure_edit (&shown, workspace, document, size);
  gtk_window_destroy (GTK_WINDOW (shown.window));
  return 0;
}
