/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* When the main loop last came back from waiting, and how long it was busy at most, in
 * microseconds.
 */
static gint64 busy_since;
static gint64 longest_stretch;
/* The same of what it computed, in milliseconds. */
static double computed_since, most_computed;
static GPollFunc plain_poll;

static int
compare_values (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static int
watched_poll (GPollFD *fds, guint n_fds, int timeout)
{
  int n_ready;

  longest_stretch = MAX (longest_stretch, g_get_monotonic_time () - busy_since);
  most_computed = MAX (most_computed, postil_bench_get_cpu_ms () - computed_since);
  n_ready = plain_poll (fds, n_fds, timeout);
  busy_since = g_get_monotonic_time ();
  computed_since = postil_bench_get_cpu_ms ();
  return n_ready;
}

/* (transfer full): three digits that count, at least */
static char *
format_figure (double value, const char *unit)
{
  int n_decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;

  return g_strdup_printf ("%.*f %s", n_decimals, value, unit != NULL ? unit : "ms");
}

static char *
format_limit (const PostilBenchRow *row)
{
  gboolean is_missed = (row->most_floors > 0 && row->median > row->most_floors * row->floor) ||
                       (row->most > 0 && row->median > row->most);
  const char *verdict = is_missed ? "missed" : "met";
  g_autofree char *most = format_figure (row->most, row->unit);

  if (row->most_floors > 0 && row->most > 0)
    return g_strdup_printf ("%.3g ×, %s: %s", row->most_floors, most, verdict);
  if (row->most_floors > 0)
    return g_strdup_printf ("%.3g ×: %s", row->most_floors, verdict);
  return row->most > 0 ? g_strdup_printf ("%s: %s", most, verdict) : g_strdup ("");
}

/* Keeps a row for the table; the first of a program begins the file anew. */
static void
keep (const char *line)
{
  static gboolean is_begun;
  const char *path = g_getenv ("POSTIL_BENCH_ROWS");
  FILE *file = path != NULL ? fopen (path, is_begun ? "a" : "w") : NULL;

  if (file == NULL)
    return;
  fputs (line, file);
  fclose (file);
  is_begun = TRUE;
}

/**
 * postil_bench_series_new:
 *
 * Returns: (transfer full) (element-type double): a series without values
 */
GArray *
postil_bench_series_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (double));
}

/**
 * postil_bench_add:
 * @series: a series
 * @value: what was measured
 */
void
postil_bench_add (GArray *series, double value)
{
  g_array_append_val (series, value);
}

/**
 * postil_bench_add_since:
 * @series: a series of milliseconds
 * @start: what g_get_monotonic_time() was when it began
 */
void
postil_bench_add_since (GArray *series, gint64 start)
{
  postil_bench_add (series, (g_get_monotonic_time () - start) / 1e3);
}

/**
 * postil_bench_get_share:
 * @series: a series with values; it is sorted
 * @share: 0.5 for the median, 0.95 for what 95 % are below
 *
 * Returns: the value that so many are below
 */
double
postil_bench_get_share (GArray *series, double share)
{
  g_return_val_if_fail (series->len > 0, 0);

  g_array_sort (series, compare_values);
  return g_array_index (series, double, (guint) (share * (series->len - 1)));
}

double
postil_bench_get_median (GArray *series)
{
  return postil_bench_get_share (series, 0.5);
}

/**
 * postil_bench_get_cpu_ms:
 *
 * Returns: for how many milliseconds this thread has computed; differences do not depend on what
 * else the machine does
 */
double
postil_bench_get_cpu_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/**
 * postil_bench_watch_loop:
 *
 * From now on notes for how long the default main loop is busy between two waits, for
 * postil_bench_take_longest_stretch().
 */
void
postil_bench_watch_loop (void)
{
  g_return_if_fail (plain_poll == NULL);

  plain_poll = g_main_context_get_poll_func (NULL);
  busy_since = g_get_monotonic_time ();
  computed_since = postil_bench_get_cpu_ms ();
  g_main_context_set_poll_func (NULL, watched_poll);
}

/**
 * postil_bench_take_longest_stretch:
 *
 * Returns: for how many milliseconds the main loop was busy at a stretch at most since this was
 * asked last; what runs now counts too, and its rest begins a new stretch
 */
double
postil_bench_take_longest_stretch (void)
{
  gint64 now = g_get_monotonic_time ();
  gint64 longest = MAX (longest_stretch, now - busy_since);

  longest_stretch = 0;
  busy_since = now;
  return longest / 1e3;
}

/**
 * postil_bench_take_most_computed:
 *
 * Returns: for how many milliseconds the main thread computed at such a stretch at most, which does
 * not depend on what else the machine does
 */
double
postil_bench_take_most_computed (void)
{
  double now = postil_bench_get_cpu_ms ();
  double most = MAX (most_computed, now - computed_since);

  most_computed = 0;
  computed_since = now;
  return most;
}

/**
 * postil_bench_dup_count:
 * @count: a number
 *
 * Returns: (transfer full): the number as the table shows it, such as "100,000"
 */
char *
postil_bench_dup_count (guint count)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%u", count);
  for (gsize at = text->len; at > 3; at -= 3)
    g_string_insert_c (text, at - 3, ',');
  return g_string_free (text, FALSE);
}

/**
 * postil_bench_take_peak:
 *
 * Returns: how much more memory was resident at most, in MB, than when this was last called; 0
 * where the system does not tell
 */
double
postil_bench_take_peak (void)
{
  static double before;
  g_autofree char *status = NULL, *statm = NULL;
  FILE *references = fopen ("/proc/self/clear_refs", "w");
  const char *peak = NULL;
  double grown = 0;
  char *resident;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    peak = strstr (status, "VmHWM:");
  if (peak != NULL)
    grown = g_ascii_strtod (peak + strlen ("VmHWM:"), NULL) * 1024 - before;
  /* The peak begins anew. */
  if (references != NULL)
    {
      fputs ("5", references);
      fclose (references);
    }
  if (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL))
    {
      g_ascii_strtoull (statm, &resident, 10);
      before = g_ascii_strtoull (resident, NULL, 10) * (double) sysconf (_SC_PAGESIZE);
    }
  return grown / 1e6;
}

/**
 * postil_bench_print:
 * @row: what was measured
 *
 * Prints a row of the table, and keeps it for the whole table in the file that POSTIL_BENCH_ROWS
 * names.
 */
void
postil_bench_print (const PostilBenchRow *row)
{
  g_autofree char *median = format_figure (row->median, row->unit);
  g_autofree char *limit = format_limit (row);
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "| %s | %s | %s |", row->what, row->size, median);
  if (row->floor > 0)
    {
      g_autofree char *least = format_figure (row->floor, row->unit);

      g_string_append_printf (line, " %s: %s | %.2f |", row->floor_name, least,
                              row->median / row->floor);
    }
  else
    g_string_append (line, " | |");
  g_string_append_printf (line, " %s |\n", limit);
  fputs (line->str, stdout);
  fflush (stdout);
  keep (line->str);
}
