/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What all benchmarks share: series of times, and rows of one table. A benchmark measures what
 * Postil does and its floor by turns in one run, and prints a row a figure:
 *
 *   g_autoptr (GArray) ours = postil_bench_series_new (), *floor = postil_bench_series_new ();
 *
 *   for (guint run = 0; run < n_runs; run++)
 *     {
 *       gint64 start = g_get_monotonic_time ();
 *
 *       save (...);
 *       postil_bench_add_since (ours, start);
 *       start = g_get_monotonic_time ();
 *       write_bare (...);
 *       postil_bench_add_since (floor, start);
 *     }
 *   postil_bench_print (&(PostilBenchRow){ .what = "save after one change",
 *                                          .size = "10 MB, 100,000",
 *                                          .median = postil_bench_get_median (ours),
 *                                          .floor_name = "write + fsync + rename",
 *                                          .floor = postil_bench_get_median (floor),
 *                                          .most_floors = 3 });
 *
 * In meson.build it is a line of the table "benches"; its rows then stand in the table that the
 * last benchmark prints, in the order of that table. No time is asserted: machines drift.
 */

/**
 * PostilBenchRow:
 * @what: what is measured
 * @size: how much of it, such as "10 MB, 100,000"
 * @unit: what @median and @floor count; %NULL for milliseconds
 * @median: the median, or what else @what says
 * @floor_name: what the floor is; %NULL when there is none
 * @floor: the median of the floor in the same run, in the same unit; 0 when there is none
 * @most_floors: how many floors @median may be, 0 when it is not bound to the floor
 * @most: how much @median may be, 0 when it is not bound so
 */
typedef struct
{
  const char *what;
  const char *size;
  const char *unit;
  double median;
  const char *floor_name;
  double floor;
  double most_floors;
  double most;
} PostilBenchRow;

GArray *postil_bench_series_new (void);
void postil_bench_add (GArray *series, double value);
void postil_bench_add_since (GArray *series, gint64 start);
double postil_bench_get_share (GArray *series, double share);
double postil_bench_get_median (GArray *series);

double postil_bench_get_cpu_ms (void);
void postil_bench_watch_loop (void);
double postil_bench_take_longest_stretch (void);
double postil_bench_take_most_computed (void);

char *postil_bench_dup_count (guint count);
double postil_bench_take_peak (void);

void postil_bench_print (const PostilBenchRow *row);

G_END_DECLS
