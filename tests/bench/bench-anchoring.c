/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "postil-anchoring.h"
#include "postil-generator.h"

/*
 * How long it takes to place the annotations of a text in one that changed since, and to list the
 * places that one of them may have. Medians of several runs; beside them, in the same run, the
 * floor (validating both texts once) and for a few annotations a peer: what Hypothesis documents of
 * its quote matching, that is exact search, else approximate search over all of the text with up to
 * half the quote's length of errors, at most 256, and a score of quote 50, prefix 20, suffix 20 and
 * position 2.
 */

#define SEED 20260101
#define CONTEXT 32
#define N_RUNS 3
#define N_PEER 20

typedef struct
{
  PostilText *text;
  GArray *placements;
} Collection;

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Collection *collection = data;
  guint length = postil_text_get_length (collection->text);
  guint before = span.start - MIN (span.start, CONTEXT);
  guint after = MIN (span.end + CONTEXT, length);
  g_autofree char *prefix =
    postil_text_dup_range (collection->text, (PostilSpan){ before, span.start });
  g_autofree char *exact = postil_text_dup_range (collection->text, span);
  g_autofree char *suffix =
    postil_text_dup_range (collection->text, (PostilSpan){ span.end, after });
  PostilSelector selector = { TRUE, span, exact, prefix, suffix };
  PostilPlacement placement = { .anchor = postil_anchor_new (&selector, 1, NULL, NULL) };

  g_array_append_val (collection->placements, placement);
  return G_SOURCE_CONTINUE;
}

/* Changes so many of a thousand words: leaves them out, doubles or replaces them. */
static PostilText *
edit (const char *utf8, guint n_in_thousand)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  GString *edited = g_string_sized_new (strlen (utf8));
  gsize n_bytes;

  while (*utf8 != '\0')
    {
      gsize n = strcspn (utf8, " \n");
      int what = g_rand_int_range (random, 0, 1000) < (int) n_in_thousand
                   ? g_rand_int_range (random, 0, 3)
                   : -1;

      if (what == 2)
        g_string_append (edited, "instead");
      else if (what != 0)
        g_string_append_len (edited, utf8, n);
      if (what == 1)
        g_string_append_printf (edited, " %.*s", (int) n, utf8);
      utf8 += n;
      if (*utf8 != '\0')
        g_string_append_c (edited, *utf8++);
    }
  n_bytes = edited->len;
  return postil_text_new (g_string_free (edited, FALSE), n_bytes, NULL);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static double
get_median (gint64 *times)
{
  qsort (times, N_RUNS, sizeof *times, compare_times);
  return times[N_RUNS / 2] / 1e3;
}

static double
measure_floor (PostilText *old, PostilText *new)
{
  gint64 times[N_RUNS];

  for (guint i = 0; i < N_RUNS; i++)
    {
      gsize n_old, n_new;
      const char *olds = postil_text_get_utf8 (old, &n_old);
      const char *news = postil_text_get_utf8 (new, &n_new);

      times[i] = g_get_monotonic_time ();
      if (!g_utf8_validate_len (olds, n_old, NULL) || !g_utf8_validate_len (news, n_new, NULL))
        g_error ("The generated text is no UTF-8");
      times[i] = g_get_monotonic_time () - times[i];
    }
  return get_median (times);
}

static void
report (const char *name,
        PostilText *text,
        PostilText *old_text,
        GArray *placements,
        gboolean trusted,
        double floor)
{
  guint n_by_status[POSTIL_STATUS_ORPHANED + 1] = { 0 };
  gint64 times[N_RUNS];
  double median;

  for (guint run = 0; run < N_RUNS; run++)
    {
      for (guint i = 0; i < placements->len; i++)
        g_array_index (placements, PostilPlacement, i).trusted = trusted;
      times[run] = g_get_monotonic_time ();
      postil_anchoring_place (text, old_text, (PostilPlacement *) placements->data, placements->len,
                              NULL, NULL, NULL);
      times[run] = g_get_monotonic_time () - times[run];
      for (guint i = 0; i < placements->len; i++)
        {
          PostilPlacement *placement = &g_array_index (placements, PostilPlacement, i);

          n_by_status[placement->status] += run == 0;
          g_clear_pointer (&placement->spans, g_free);
        }
    }
  median = get_median (times);
  g_print (
    "  %-28s %8.1f ms, %6.0f times the floor: %u placed, %u moved, %u uncertain, %u orphaned\n",
    name, median, median / floor, n_by_status[0], n_by_status[1], n_by_status[2], n_by_status[3]);
}

/* The fewest errors that @pattern has anywhere in @text, by Sellers' algorithm, one column at a
 * time, and where. */
static guint
search_peer (const gunichar *pattern, glong n, const gunichar *text, glong n_text, glong *end)
{
  g_autofree guint *column = g_new (guint, n + 1);
  guint best = G_MAXUINT;

  for (glong i = 0; i <= n; i++)
    column[i] = i;
  for (glong j = 0; j < n_text; j++)
    {
      guint diagonal = 0;

      for (glong i = 1; i <= n; i++)
        {
          guint above = column[i];

          column[i] = MIN (MIN (above, column[i - 1]) + 1, diagonal + (pattern[i - 1] != text[j]));
          diagonal = above;
        }
      if (column[n] < best)
        {
          best = column[n];
          *end = j + 1;
        }
    }
  return best;
}

static void
report_peer (PostilText *text, GArray *placements)
{
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  glong n_text;
  g_autofree gunichar *units = g_utf8_to_ucs4_fast (utf8, -1, &n_text);
  guint n = MIN (N_PEER, placements->len), n_found = 0;
  gint64 start = g_get_monotonic_time ();
  double each;

  for (guint i = 0; i < n; i++)
    {
      const PostilPlacement *placement =
        &g_array_index (placements, PostilPlacement, (gsize) i * placements->len / n);
      guint n_selectors;
      const PostilSelector *selector =
        postil_anchor_get_selectors (placement->anchor, &n_selectors);
      glong n_exact, end = 0;
      g_autofree gunichar *exact = g_utf8_to_ucs4_fast (selector->exact, -1, &n_exact);

      n_found += strstr (utf8, selector->exact) != NULL ||
                 search_peer (exact, n_exact, units, n_text, &end) <= MIN (256, n_exact / 2);
    }
  each = (g_get_monotonic_time () - start) / 1e3 / n;
  g_print ("  %-28s %8.1f ms an annotation (%u of %u found), %.0f s for all\n", "the peer", each,
           n_found, n, each * placements->len / 1e3);
}

static void
report_candidates (PostilText *text, GArray *placements)
{
  gint64 times[N_RUNS];
  guint n = 0;

  for (guint run = 0; run < N_RUNS; run++)
    {
      PostilPlacement *placement =
        &g_array_index (placements, PostilPlacement, placements->len / (run + 2));
      g_autoptr (GArray) candidates = NULL;

      times[run] = g_get_monotonic_time ();
      candidates = postil_anchoring_list_candidates (text, NULL, placement->anchor, 0, 8);
      times[run] = g_get_monotonic_time () - times[run];
      n += candidates->len;
    }
  g_print ("  %-28s %8.1f ms, %u places\n", "candidates of one", get_median (times), n / N_RUNS);
}

static void
bench (guint n_annotations, guint n_bytes)
{
  char *prose = postil_generator_text (n_bytes, SEED);
  g_autoptr (PostilText) text = postil_text_new (prose, strlen (prose), NULL);
  g_autoptr (PostilSnapshot) snapshot = postil_generator_snapshot (text, n_annotations, SEED);
  g_autoptr (GArray) placements = g_array_new (FALSE, FALSE, sizeof (PostilPlacement));
  g_autofree char *shifted_prose = g_strconcat ("Preface. ", prose, NULL);
  char *other_prose = postil_generator_text (n_bytes, SEED + 1);
  g_autoptr (PostilText) shifted =
    postil_text_new (g_strdup (shifted_prose), strlen (shifted_prose), NULL);
  g_autoptr (PostilText) one = edit (prose, 10);
  g_autoptr (PostilText) ten = edit (prose, 100);
  g_autoptr (PostilText) other = postil_text_new (other_prose, strlen (other_prose), NULL);
  double floor = measure_floor (text, ten);

  postil_annotation_index_foreach (snapshot->annotations, collect_cb,
                                   &(Collection){ text, placements });
  g_print ("%u annotations on %.3g MB, floor %.2f ms\n", n_annotations, n_bytes / 1e6, floor);
  report ("the same text", text, NULL, placements, TRUE, floor);
  report ("all moved along", shifted, NULL, placements, FALSE, floor);
  report ("1 % of words", one, NULL, placements, FALSE, floor);
  report ("10 % of words", ten, NULL, placements, FALSE, floor);
  report ("10 %, old text known", ten, text, placements, FALSE, floor);
  report ("another text", other, NULL, placements, FALSE, floor);
  report_candidates (ten, placements);
  if (n_bytes <= 1000000)
    report_peer (ten, placements);
  for (guint i = 0; i < placements->len; i++)
    postil_anchor_unref (g_array_index (placements, PostilPlacement, i).anchor);
}

int
main (int argc, char **argv)
{
  if (argc > 1)
    {
      bench (postil_generator_get_argument (argc, argv, 1, 100000),
             postil_generator_get_argument (argc, argv, 2, 10 * 1000 * 1000));
      return 0;
    }
  bench (1000, 175 * 1000);
  bench (1000, 1000 * 1000);
  bench (10000, 1000 * 1000);
  bench (100000, 10 * 1000 * 1000);
  return 0;
}
