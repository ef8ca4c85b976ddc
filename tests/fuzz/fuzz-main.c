/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/*
 * Runs a harness without libFuzzer, taking of its arguments
 *
 *   FUZZER [-max_total_time=SECONDS] [-runs=N] [-seed=N] [-max_len=BYTES] [-dict=FILE]
 * [FILE|FOLDER…]
 *
 * over the files as they are and then over what random changes make of them. An input that fails is
 * in the file crash-SUM of the working folder.
 */

#define ENOUGH_CHANGES 6

typedef struct
{
  GRand *random;
  GPtrArray *seeds;
  GPtrArray *words;
  gsize max_length;
  /* What runs now. */
  GByteArray *input;
} Fuzzer;

static Fuzzer fuzzer;

static void
write_input (void)
{
  g_autofree char *sum =
    g_compute_checksum_for_data (G_CHECKSUM_SHA1, fuzzer.input->data, fuzzer.input->len);
  g_autofree char *name = g_strconcat ("crash-", sum, NULL);

  g_file_set_contents (name, (char *) fuzzer.input->data, fuzzer.input->len, NULL);
  fprintf (stderr, "The input that failed is in %s\n", name);
}

#if defined(__SANITIZE_ADDRESS__)
void __sanitizer_set_death_callback (void (*callback) (void));
#endif

static void
abort_cb (int number)
{
  signal (number, SIG_DFL);
  write_input ();
  raise (number);
}

/* In memory of just its size, so that a read behind its end is seen. */
static void
run (void)
{
  g_autofree guint8 *copy = g_memdup2 (fuzzer.input->data, fuzzer.input->len);

  LLVMFuzzerTestOneInput (copy, fuzzer.input->len);
}

static void
add_seeds (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  char *bytes;
  gsize n_bytes;

  while (dir != NULL && (name = g_dir_read_name (dir)))
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      add_seeds (inside);
    }
  if (dir == NULL && g_file_get_contents (path, &bytes, &n_bytes, NULL))
    g_ptr_array_add (fuzzer.seeds, g_bytes_new_take (bytes, MIN (n_bytes, fuzzer.max_length)));
}

/* A dictionary of libFuzzer's: a word in quotes a line. */
static void
read_dictionary (const char *path)
{
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &contents, NULL, NULL))
    return;
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize n = strlen (lines[i]);

      if (n > 2 && lines[i][0] == '"' && lines[i][n - 1] == '"')
        {
          lines[i][n - 1] = '\0';
          g_ptr_array_add (fuzzer.words, g_strcompress (lines[i] + 1));
        }
    }
}

static guint
pick (guint n)
{
  return n > 1 ? (guint) g_rand_int_range (fuzzer.random, 0, n) : 0;
}

static void
insert (guint at, const guint8 *bytes, guint n_bytes)
{
  GByteArray *input = fuzzer.input;
  guint n_behind = input->len - at;

  g_byte_array_set_size (input, input->len + n_bytes);
  memmove (input->data + at + n_bytes, input->data + at, n_behind);
  memcpy (input->data + at, bytes, n_bytes);
}

static void
change (void)
{
  GByteArray *input = fuzzer.input;
  guint at = pick (input->len + 1), length = 1 + pick (1 << pick (10));
  guint n = MIN (length, input->len - at);
  guint8 byte = pick (256);
  GBytes *other = fuzzer.seeds->pdata[pick (fuzzer.seeds->len)];
  const guint8 *bytes;
  const char *word;
  gsize n_bytes;

  switch (pick (7))
    {
    case 0:
      if (at < input->len)
        input->data[at] ^= 1 << pick (8);
      break;
    case 1:
      if (at < input->len)
        input->data[at] = byte;
      break;
    case 2:
      insert (at, &byte, 1);
      break;
    case 3:
      if (n > 0)
        g_byte_array_remove_range (input, at, n);
      break;
    case 4:
      if (n > 0)
        {
          g_autofree guint8 *copy = g_memdup2 (input->data + at, n);

          insert (pick (input->len + 1), copy, n);
        }
      break;
    case 5:
      bytes = g_bytes_get_data (other, &n_bytes);
      n = pick (n_bytes + 1);
      insert (at, bytes + n, MIN (n_bytes - n, length));
      break;
    default:
      if (fuzzer.words->len > 0)
        {
          word = fuzzer.words->pdata[pick (fuzzer.words->len)];
          insert (at, (const guint8 *) word, strlen (word));
        }
    }
  if (input->len > fuzzer.max_length)
    g_byte_array_set_size (input, fuzzer.max_length);
}

static void
begin_with (GBytes *seed)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (seed, &n_bytes);

  g_byte_array_set_size (fuzzer.input, 0);
  g_byte_array_append (fuzzer.input, bytes, n_bytes);
}

int
main (int argc, char **argv)
{
  gint64 n_runs = G_MAXINT64, n_done = 0, end = G_MAXINT64;
  guint32 seed = 1;
  guint8 noise[256];

  fuzzer.max_length = 4096;
  fuzzer.seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  fuzzer.words = g_ptr_array_new_with_free_func (g_free);
  fuzzer.input = g_byte_array_new ();
  LLVMFuzzerInitialize (&argc, &argv);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback (write_input);
#endif
  signal (SIGABRT, abort_cb);
  signal (SIGSEGV, abort_cb);

  for (int i = 1; i < argc; i++)
    if (g_str_has_prefix (argv[i], "-max_total_time="))
      end = g_get_monotonic_time () + atoi (strchr (argv[i], '=') + 1) * G_TIME_SPAN_SECOND;
    else if (g_str_has_prefix (argv[i], "-runs="))
      n_runs = atoll (strchr (argv[i], '=') + 1);
    else if (g_str_has_prefix (argv[i], "-seed="))
      seed = atoi (strchr (argv[i], '=') + 1);
    else if (g_str_has_prefix (argv[i], "-max_len="))
      fuzzer.max_length = atoi (strchr (argv[i], '=') + 1);
    else if (g_str_has_prefix (argv[i], "-dict="))
      read_dictionary (strchr (argv[i], '=') + 1);
    else
      add_seeds (argv[i]);
  fuzzer.random = g_rand_new_with_seed (seed);
  for (guint i = 0; i < 8; i++)
    {
      for (guint k = 0; k < sizeof noise; k++)
        noise[k] = pick (256);
      g_ptr_array_add (fuzzer.seeds, g_bytes_new (noise, sizeof noise));
    }

  for (guint i = 0; i < fuzzer.seeds->len && n_done < n_runs; i++, n_done++)
    {
      begin_with (fuzzer.seeds->pdata[i]);
      run ();
    }
  for (; n_done < n_runs && g_get_monotonic_time () < end; n_done++)
    {
      begin_with (fuzzer.seeds->pdata[pick (fuzzer.seeds->len)]);
      for (guint n = 1 + pick (ENOUGH_CHANGES); n > 0; n--)
        change ();
      run ();
    }
  printf ("ok 1 - %" G_GINT64_FORMAT " runs\n1..1\n", n_done);

  g_rand_free (fuzzer.random);
  g_byte_array_unref (fuzzer.input);
  g_ptr_array_unref (fuzzer.words);
  g_ptr_array_unref (fuzzer.seeds);
  return EXIT_SUCCESS;
}
