/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "postil-generator.h"
#include "postil-sidecar.h"

/*
 * How long a save takes when one annotation of many changed, with a store that keeps earlier
 * versions, beside a bare write, fsync and rename of as many bytes in the same folder: medians of
 * runs that take turns. Arguments: how many runs (9), how many bytes of text (10 MB), the folder
 * (the current one).
 */

#define SEED 20260101

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* In ms. */
static double
get_median (GArray *times)
{
  g_array_sort (times, compare_times);
  return g_array_index (times, gint64, times->len / 2) / 1000.0;
}

static void
add_time (GArray *times, gint64 start)
{
  gint64 time = g_get_monotonic_time () - start;

  g_array_append_val (times, time);
}

/* (transfer full): @snapshot with the note of its first annotation changed */
static PostilSnapshot *
change_one (PostilSnapshot *snapshot, guint run)
{
  PostilAnnotation *before = postil_annotation_index_get (snapshot->annotations, 0);
  g_autofree char *text = g_strdup_printf ("note %u", run);
  g_autoptr (PostilNote) note = postil_note_new (text, NULL, 1, NULL);
  g_autoptr (PostilAnnotation) after = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  PostilSnapshot fields = *snapshot;
  PostilAnnotationFields changed;

  postil_annotation_get_fields (before, &changed);
  changed.notes = (PostilNote *const *) &note;
  changed.n_notes = 1;
  after = postil_annotation_new (&changed);
  index = postil_annotation_index_replace (postil_annotation_index_ref (snapshot->annotations),
                                           before, after);
  fields.annotations = index;
  return postil_snapshot_new (&fields);
}

static void
write_bare (const char *folder, const char *bytes, gsize n_bytes)
{
  g_autofree char *temporary = g_build_filename (folder, "bare.tmp", NULL);
  g_autofree char *path = g_build_filename (folder, "bare", NULL);
  int fd = g_open (temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  for (gsize at = 0; at < n_bytes;)
    {
      ssize_t n = write (fd, bytes + at, n_bytes - at);

      if (n <= 0)
        g_error ("%s cannot be written", temporary);
      at += n;
    }
  if (fsync (fd) != 0 || close (fd) != 0 || g_rename (temporary, path) != 0)
    g_error ("%s cannot be written", path);
}

static void
measure (const char *folder, PostilText *text, guint n_annotations, guint n_runs)
{
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autofree char *name = g_strdup_printf ("%u.txt" POSTIL_SIDECAR_SUFFIX, n_annotations);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *store_path = g_build_filename (folder, "store", NULL);
  g_autoptr (PostilStore) store = postil_store_new (store_path, NULL);
  g_autoptr (PostilSidecar) sidecar = postil_sidecar_new (path, store, NULL);
  g_autoptr (GArray) saves = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) bare = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  double save, peer;

  /* The first two keep the text and a version, which happens once in a while only. */
  for (guint run = 0; run < n_runs + 2; run++)
    {
      g_autoptr (PostilSnapshot) changed = change_one (snapshot, run);
      gint64 start = g_get_monotonic_time ();

      if (!postil_sidecar_save (sidecar, changed, NULL, NULL, &error))
        g_error ("%s", error->message);
      if (run < 2)
        continue;
      add_time (saves, start);
      if (bytes == NULL && !g_file_get_contents (path, &bytes, &n_bytes, &error))
        g_error ("%s", error->message);
      start = g_get_monotonic_time ();
      write_bare (folder, bytes, n_bytes);
      add_time (bare, start);
    }
  save = get_median (saves);
  peer = get_median (bare);
  g_print ("%u annotations, %" G_GSIZE_FORMAT " bytes: save %.1f ms, bare %.1f ms, ratio %.2f\n",
           n_annotations, n_bytes, save, peer, save / peer);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  guint n_runs = postil_generator_get_argument (argc, argv, 1, 9);
  guint n_bytes = postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000);
  g_autofree char *folder =
    g_build_filename (argc > 3 ? argv[3] : ".", "postil-bench-XXXXXX", NULL);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);

  if (g_mkdtemp (folder) == NULL)
    g_error ("%s cannot be made", folder);
  measure (folder, text, 1000, n_runs);
  measure (folder, text, 100000, n_runs);
  remove_tree (folder);
  return 0;
}
