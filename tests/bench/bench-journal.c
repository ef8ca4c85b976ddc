/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "postil-generator.h"
#include "postil-journal.h"

/*
 * How long a step takes to be added to the journal and flushed, beside a bare write and fdatasync
 * of as many bytes to a file of the same folder: medians of runs that take turns. Arguments: how
 * many annotations a step changes (1), how many runs (1000), how many bytes of text (10 MB), the
 * folder (the current one).
 */

#define SEED 20260101

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
add_time (GArray *times, gint64 start)
{
  gint64 time = g_get_monotonic_time () - start;

  g_array_append_val (times, time);
}

/* In us. */
static gint64
get_median (GArray *times)
{
  g_array_sort (times, compare_times);
  return g_array_index (times, gint64, times->len / 2);
}

/* Some annotations with the topics that they have, as a step changes them. */
static PostilSnapshot *
make_part (PostilText *text, guint n_annotations)
{
  g_autoptr (PostilSnapshot) all = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  PostilSnapshot fields = *all;

  for (guint i = 0; i < all->topics->len; i++)
    for (guint j = 0; j < n_annotations; j++)
      if (postil_annotation_has_topic (postil_annotation_index_get (all->annotations, j),
                                       postil_topic_get_id (all->topics->pdata[i])))
        {
          g_ptr_array_add (topics, postil_topic_ref (all->topics->pdata[i]));
          break;
        }
  fields.topics = topics;
  return postil_snapshot_new (&fields);
}

int
main (int argc, char **argv)
{
  guint n_annotations = postil_generator_get_argument (argc, argv, 1, 1);
  guint n_runs = postil_generator_get_argument (argc, argv, 2, 1000);
  guint n_bytes = postil_generator_get_argument (argc, argv, 3, 10 * 1000 * 1000);
  g_autofree char *folder =
    g_build_filename (argc > 4 ? argv[4] : ".", "postil-bench-XXXXXX", NULL);
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) before = make_part (text, n_annotations);
  g_autoptr (PostilSnapshot) after = make_part (text, n_annotations);
  g_autoptr (GArray) appends = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) flushes = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) bare = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilStore) store = NULL;
  g_autoptr (PostilJournal) journal = NULL;
  g_autofree char *path = NULL;
  g_autofree char *about = NULL;
  g_autofree char *place = NULL;
  g_autofree char *places = NULL;
  g_autofree char *bytes = NULL;
  guint64 first, position;
  gsize size;
  int fd;

  if (g_mkdtemp (folder) == NULL)
    g_error ("%s cannot be made", folder);
  store = postil_store_new (folder, NULL);
  journal = postil_journal_new (store, "talk.txt");
  if (!postil_journal_append (journal, before, after, &first, &error) ||
      !postil_journal_flush (journal, &error))
    g_error ("%s", error->message);
  size = first;
  bytes = g_malloc0 (size);
  path = postil_store_make_path (store, "talk.txt", "bare", NULL);
  fd = g_open (path, O_WRONLY | O_APPEND | O_CREAT, 0600);

  for (guint run = 0; run < n_runs; run++)
    {
      gint64 start = g_get_monotonic_time ();

      if (!postil_journal_append (journal, before, after, &position, &error))
        g_error ("%s", error->message);
      add_time (appends, start);
      if (!postil_journal_flush (journal, &error))
        g_error ("%s", error->message);
      add_time (flushes, start);

      start = g_get_monotonic_time ();
      if (write (fd, bytes, size) != (ssize_t) size || fdatasync (fd) != 0)
        g_error ("%s", g_strerror (errno));
      add_time (bare, start);
    }

  g_print ("%u annotations, %.1f KB, median of %u runs: append %" G_GINT64_FORMAT
           " us, with flush %" G_GINT64_FORMAT " us, bare write and fdatasync %" G_GINT64_FORMAT
           " us, ratio %.2f:1\n",
           n_annotations, size / 1e3, n_runs, get_median (appends), get_median (flushes),
           get_median (bare), (double) get_median (flushes) / get_median (bare));

  postil_journal_forget (journal, G_MAXUINT64, NULL);
  g_clear_object (&journal);
  close (fd);
  g_unlink (path);
  about = postil_store_find_path (store, "talk.txt", "document");
  place = g_path_get_dirname (about);
  places = g_path_get_dirname (place);
  g_unlink (about);
  g_rmdir (place);
  g_rmdir (places);
  g_rmdir (folder);
  return 0;
}
