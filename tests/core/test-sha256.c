/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sha256.h"

/* Around the ends of blocks, and of many of them. */
static void
test_as_glib (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < 100000; i++)
    g_byte_array_append (bytes, &(guint8){ i * 7 + i / 251 }, 1);
  for (guint n = 0; n <= bytes->len; n = n < 200 ? n + 1 : n * 3)
    {
      g_autofree char *sum = postil_sha256_compute ((const char *) bytes->data, n);
      g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes->data, n);

      g_assert_cmpstr (sum, ==, expected);
    }
}

/* FIPS 180-4 */
static void
test_nothing (void)
{
  g_autofree char *sum = postil_sha256_compute (NULL, 0);

  g_assert_cmpstr (sum, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sha256/as-glib", test_as_glib);
  g_test_add_func ("/sha256/nothing", test_nothing);

  return g_test_run ();
}
