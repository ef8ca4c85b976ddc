/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/resource.h>

#include <adwaita.h>
#include <glib/gstdio.h>

#include "postil-bench-app.h"
#include "postil-bench.h"
#include "postil-generator.h"

/*
 * From the start of the program to the first frame with two texts in it, beside a program that only
 * has an AdwApplicationWindow with one GtkTextView, by turns: by the clock, and the processor time
 * of all threads, which others on the machine hardly change. Needs a display.
 *
 *   bench-start FILE FILE [ROUNDS]
 */

static void
bare_painted_cb (GdkFrameClock *clock, gpointer data)
{
  exit (0);
}

static void
bare_activate_cb (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);

  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), gtk_text_view_new ());
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 800);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint",
                    G_CALLBACK (bare_painted_cb), NULL);
}

static int
run_bare (void)
{
  g_autoptr (AdwApplication) application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (bare_activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), 0, NULL);
}

static gboolean
has_text (PostilDocumentView *view)
{
  GtkWidget *text_view = GTK_WIDGET (postil_document_view_get_text_view (view));

  return gtk_widget_get_mapped (text_view) &&
         gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text_view))) > 0;
}

static void
painted_cb (GdkFrameClock *clock, PostilWindow *window)
{
  if (has_text (window->start_view) && has_text (window->end_view))
    exit (0);
}

static void
realize_cb (GtkWidget *window)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb),
                    window);
}

static void
run_postil (const char *folder, char **paths)
{
  g_autoptr (PostilStore) store = postil_store_new (folder, NULL);
  g_autoptr (PostilApplication) application = postil_application_new (store);
  GFile *files[] = { g_file_new_for_path (paths[0]), g_file_new_for_path (paths[1]) };
  GtkWidget *window;

  g_application_set_flags (G_APPLICATION (application),
                           G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  g_application_open (G_APPLICATION (application), files, 2, "");
  window = gtk_application_get_windows (GTK_APPLICATION (application))->data;
  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), NULL);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

/* Of all programs that have run and ended, in ms. */
static double
get_processor_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* Adds how long a program runs until it has painted. */
static void
measure (GArray *clock, GArray *processor, char **argv)
{
  gint64 start = g_get_monotonic_time ();
  double before = get_processor_ms ();
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s", error->message);
  postil_bench_add_since (clock, start);
  postil_bench_add (processor, get_processor_ms () - before);
}

static guint
get_kilobytes (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (status.st_size + 500) / 1000 : 0;
}

static void
print (const char *what, const char *size, GArray *ours, GArray *bare, double most_floors)
{
  postil_bench_print (&(PostilBenchRow){
    .what = what,
    .size = size,
    .median = postil_bench_get_median (ours),
    .floor_name = "empty window",
    .floor = postil_bench_get_median (bare),
    .most_floors = most_floors,
  });
}

int
main (int argc, char **argv)
{
  guint n_rounds = postil_generator_get_argument (argc, argv, 3, 9);
  g_autoptr (GArray) bare = postil_bench_series_new (), ours = postil_bench_series_new ();
  g_autoptr (GArray) bare_processor = postil_bench_series_new ();
  g_autoptr (GArray) our_processor = postil_bench_series_new ();
  g_autofree char *size = NULL;
  char folder[] = "/tmp/postil-bench-XXXXXX";

  if (argc == 2)
    return run_bare ();
  if (argc == 5)
    run_postil (argv[2], &argv[3]);
  if (argc < 3)
    {
      g_printerr ("bench-start FILE FILE [ROUNDS]\n");
      return 2;
    }
  if (g_mkdtemp (folder) == NULL)
    g_error ("%s cannot be made", folder);
  for (guint i = 0; i <= n_rounds; i++)
    {
      measure (bare, bare_processor, (char *[]){ argv[0], (char *) "bare", NULL });
      measure (ours, our_processor,
               (char *[]){ argv[0], (char *) "postil", folder, argv[1], argv[2], NULL });
      /* The first of each fills caches. */
      if (i == 0)
        {
          g_array_set_size (bare, 0);
          g_array_set_size (bare_processor, 0);
          g_array_set_size (ours, 0);
          g_array_set_size (our_processor, 0);
        }
    }
  size = g_strdup_printf ("%u + %u KB", get_kilobytes (argv[1]), get_kilobytes (argv[2]));
  print ("program started, two texts painted", size, ours, bare, 1.5);
  print ("program started, two texts painted, processor", size, our_processor, bare_processor, 0);
  return 0;
}
