/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-fingerprint.h"

#define N_BYTES 300

static void
fill (char *bytes)
{
  for (guint i = 0; i < N_BYTES; i++)
    bytes[i] = (char) (i * 37 + i / 7);
}

/* However the bytes are parted, their fingerprint is one. */
static void
test_pieces (void)
{
  char bytes[N_BYTES];

  fill (bytes);
  for (guint length = 0; length <= N_BYTES; length++)
    {
      guint64 expected = postil_fingerprint_compute (bytes, length);

      for (guint piece = 1; piece < 70; piece++)
        {
          PostilFingerprint fingerprint = { 0 };

          for (guint at = 0; at < length; at += piece)
            postil_fingerprint_add (&fingerprint, bytes + at, MIN (piece, length - at));
          g_assert_cmpuint (postil_fingerprint_get (&fingerprint), ==, expected);
          g_assert_cmpuint (fingerprint.n_bytes, ==, length);
        }
    }
}

/* What differs in a bit, in a byte more, or in the order of its words has another one. */
static void
test_differences (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  char bytes[N_BYTES];

  fill (bytes);
  for (guint i = 0; i <= N_BYTES * 8; i++)
    {
      guint64 fingerprint;

      if (i < N_BYTES * 8)
        bytes[i / 8] ^= 1 << i % 8;
      fingerprint = postil_fingerprint_compute (bytes, N_BYTES);
      g_assert_true (g_hash_table_add (seen, g_memdup2 (&fingerprint, sizeof fingerprint)));
      if (i < N_BYTES * 8)
        bytes[i / 8] ^= 1 << i % 8;
    }
  for (guint length = 0; length < N_BYTES; length++)
    {
      guint64 fingerprint = postil_fingerprint_compute (bytes, length);

      g_assert_true (g_hash_table_add (seen, g_memdup2 (&fingerprint, sizeof fingerprint)));
    }
  for (guint i = 8; i + 8 <= N_BYTES; i += 8)
    {
      char swapped[N_BYTES];
      guint64 fingerprint;

      memcpy (swapped, bytes, N_BYTES);
      memcpy (swapped, bytes + i, 8);
      memcpy (swapped + i, bytes, 8);
      fingerprint = postil_fingerprint_compute (swapped, N_BYTES);
      g_assert_true (g_hash_table_add (seen, g_memdup2 (&fingerprint, sizeof fingerprint)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fingerprint/pieces", test_pieces);
  g_test_add_func ("/fingerprint/differences", test_differences);
  return g_test_run ();
}
