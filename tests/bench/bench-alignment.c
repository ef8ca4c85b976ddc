/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "postil-alignment.h"
#include "postil-bench.h"
#include "postil-generator.h"

/*
 * How long it takes to align a text with another account of the same, of which one sentence in ten
 * is left out, one word in six is another one, and a few blocks stand elsewhere; and to align anew
 * after one sentence changed. Words are as frequent as in a language, and in one row as they are in
 * none: a hundred words, so that no word tells one sentence from the others. Medians of several
 * runs; by turns with them git diff --word-diff of the same two files. Arguments: the sizes in KB
 * (20 180 2000 10000).
 */

#define SEED 20260101
#define N_BLOCKS 4
#define N_WORDS 20000

/* So much time is given to each size, in µs, and so many runs at least and at most. */
#define BUDGET (4 * G_USEC_PER_SEC)
#define MIN_RUNS 3
#define MAX_RUNS 15

typedef struct
{
  PostilText *a;
  PostilText *b;
  char *folder;
  char *path_a;
  char *path_b;
} Texts;

/* The word of a rank, the first the most frequent one. */
static void
append_word (GString *text, guint rank)
{
  static const char consonants[] = "bdfglmnprstvz", vowels[] = "aeiou";

  do
    {
      g_string_append_c (text, consonants[rank % (sizeof consonants - 1)]);
      rank /= sizeof consonants - 1;
      g_string_append_c (text, vowels[rank % (sizeof vowels - 1)]);
      rank /= sizeof vowels - 1;
    }
  while (rank > 0);
}

/* Prose in which the frequency of a word is about the inverse of its rank (Zipf's law). */
static char *
make_prose (gsize n_bytes)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  GString *text = g_string_sized_new (n_bytes + 100);

  while (text->len < n_bytes)
    {
      for (guint n = g_rand_int_range (random, 5, 30); n > 0; n--)
        {
          append_word (text, (guint) exp (g_rand_double (random) * log (N_WORDS)) - 1);
          g_string_append (text, n > 1 ? " " : ".");
        }
      g_string_append (text, g_rand_int_range (random, 0, 4) == 0 ? "\n\n" : " ");
    }
  return g_string_free (text, FALSE);
}

static gboolean
ends_sentence (const char *end)
{
  return strchr (".!?\n", *end) != NULL;
}

/* Adds a sentence, or not, with some words replaced. */
static void
retell (GString *told, const char *start, const char *end, GRand *random)
{
  if (g_rand_int_range (random, 0, 10) == 0)
    return;
  while (start < end)
    {
      gsize n = strcspn (start, " \n");

      n = MIN (n, (gsize) (end - start));
      if (n > 3 && g_rand_int_range (random, 0, 6) == 0)
        g_string_append_printf (told, "w%x", g_rand_int_range (random, 0, 0xffff));
      else
        g_string_append_len (told, start, n);
      start += n;
      for (; start < end && strchr (" \n", *start) != NULL; start++)
        g_string_append_c (told, *start);
    }
}

/* Another account of the same. */
static char *
make_account (const char *utf8)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  GString *told = g_string_sized_new (strlen (utf8));
  gsize n_block;

  while (*utf8 != '\0')
    {
      const char *end = utf8;

      while (*end != '\0' && !ends_sentence (end))
        end++;
      while (*end != '\0' && (ends_sentence (end) || *end == ' '))
        end++;
      retell (told, utf8, end, random);
      utf8 = end;
    }
  n_block = told->len / 40;
  for (guint i = 0; i < N_BLOCKS; i++)
    {
      gsize from = g_rand_double (random) * (told->len - 2 * n_block), to;
      g_autofree char *block = NULL;

      from = strchr (told->str + from, ' ') - told->str;
      to = strchr (told->str + from + n_block, ' ') - told->str;
      block = g_strndup (told->str + from, to - from);
      g_string_erase (told, from, to - from);
      from = g_rand_double (random) * (told->len - n_block);
      g_string_insert (told, strchr (told->str + from, ' ') - told->str, block);
    }
  return g_string_free (told, FALSE);
}

static char *
write_file (const char *folder, const char *name, PostilText *text)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  gsize n;
  const char *utf8 = postil_text_get_utf8 (text, &n);

  if (!g_file_set_contents (path, utf8, n, &error))
    g_error ("%s", error->message);
  return path;
}

static void
texts_init (Texts *texts, gsize n_bytes, gboolean few_words)
{
  char *a = few_words ? postil_generator_text (n_bytes, SEED) : make_prose (n_bytes);
  char *b = make_account (a);
  g_autoptr (GError) error = NULL;

  texts->a = postil_text_new (a, strlen (a), NULL);
  texts->b = postil_text_new (b, strlen (b), NULL);
  texts->folder = g_dir_make_tmp ("postil-bench-XXXXXX", &error);
  if (texts->folder == NULL)
    g_error ("%s", error->message);
  texts->path_a = write_file (texts->folder, "a.txt", texts->a);
  texts->path_b = write_file (texts->folder, "b.txt", texts->b);
}

static void
texts_clear (Texts *texts)
{
  postil_text_unref (texts->a);
  postil_text_unref (texts->b);
  g_unlink (texts->path_a);
  g_unlink (texts->path_b);
  g_rmdir (texts->folder);
  g_free (texts->path_a);
  g_free (texts->path_b);
  g_free (texts->folder);
}

/* Whether git is there. */
static gboolean
run_git (const Texts *texts)
{
  const char *const argv[] = { "git",         "diff",        "--no-index", "--word-diff",
                               texts->path_a, texts->path_b, NULL };

  return g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, NULL, NULL);
}

/* The most memory that was in use since the last call, in MB. */
static double
take_peak (void)
{
  g_autofree char *status = NULL;
  const char *line;
  double peak = 0;
  FILE *file;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL) &&
      (line = strstr (status, "VmHWM:")) != NULL)
    peak = g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024;
  /* Resets it. */
  file = fopen ("/proc/self/clear_refs", "w");
  if (file != NULL)
    {
      fputs ("5", file);
      fclose (file);
    }
  return peak;
}

/* The first text with some words in its middle. */
static PostilText *
edit (PostilText *text)
{
  gsize n;
  const char *utf8 = postil_text_get_utf8 (text, &n);
  const char *middle = strchr (utf8 + n / 2, ' ');
  char *edited =
    g_strdup_printf ("%.*s and some words more%s", (int) (middle - utf8), utf8, middle);

  return postil_text_new (edited, strlen (edited), NULL);
}

static void
measure (guint n_kb, gboolean few_words, double most)
{
  Texts texts;
  g_autoptr (GArray) own = postil_bench_series_new ();
  g_autoptr (GArray) revised = postil_bench_series_new ();
  g_autoptr (GArray) peer = postil_bench_series_new ();
  g_autofree char *size = g_strdup_printf ("%u KB", n_kb);
  g_autoptr (PostilText) edited = NULL;
  gint64 begin = g_get_monotonic_time ();
  double peak = 0, median, floor;
  gboolean has_git = TRUE;

  texts_init (&texts, (gsize) n_kb * 1000, few_words);
  edited = edit (texts.a);
  for (guint run = 0;
       run < MIN_RUNS || (run < MAX_RUNS && g_get_monotonic_time () - begin < BUDGET); run++)
    {
      g_autoptr (PostilAlignment) alignment = NULL;
      g_autoptr (PostilAlignment) revision = NULL;
      gint64 start;

      take_peak ();
      start = g_get_monotonic_time ();
      alignment = postil_alignment_new (texts.a, texts.b, NULL, NULL, NULL, NULL);
      postil_bench_add_since (own, start);
      peak = MAX (peak, take_peak ());

      start = g_get_monotonic_time ();
      revision = postil_alignment_revise (alignment, texts.a, texts.b, edited, texts.b, NULL, NULL,
                                          NULL, NULL);
      postil_bench_add_since (revised, start);

      start = g_get_monotonic_time ();
      has_git = has_git && run_git (&texts);
      if (has_git)
        postil_bench_add_since (peer, start);
    }
  median = postil_bench_get_median (own);
  floor = has_git ? postil_bench_get_median (peer) : 0;
  postil_bench_print (&(PostilBenchRow){ .what = few_words ? "align two texts of a hundred words"
                                                           : "align two accounts",
                                         .size = size,
                                         .median = median,
                                         .floor_name = "git diff --word-diff",
                                         .floor = floor,
                                         .most = most });
  postil_bench_print (&(PostilBenchRow){ .what = "the same a KB of one text",
                                         .size = size,
                                         .unit = "µs",
                                         .median = median * 1e3 / n_kb });
  postil_bench_print (&(PostilBenchRow){ .what = "most memory in use, texts and all",
                                         .size = size,
                                         .unit = "MB",
                                         .median = peak,
                                         .most = 1000 });
  postil_bench_print (&(PostilBenchRow){ .what = "align anew after one sentence changed",
                                         .size = size,
                                         .median = postil_bench_get_median (revised),
                                         .floor_name = "all",
                                         .floor = median });
  texts_clear (&texts);
}

int
main (int argc, char **argv)
{
  const struct
  {
    guint n_kb;
    double most;
  } sizes[] = { { 20, 50 }, { 180, 1000 }, { 2000, 15000 }, { 10000, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (argc <= 1)
      measure (sizes[i].n_kb, FALSE, sizes[i].most);
  for (int i = 1; i < argc; i++)
    measure (postil_generator_get_argument (argc, argv, i, 0), FALSE, 0);
  if (argc <= 1)
    measure (180, TRUE, 0);
  return 0;
}
