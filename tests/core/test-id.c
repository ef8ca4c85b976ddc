/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-id.h"

/* More than a thread remembers. */
#define N_IDS 5000

/* Equal ids are one pointer, whichever thread made them and however many others came between. */
static gpointer
intern_all (gpointer data)
{
  char **ids = g_new (char *, N_IDS);

  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < N_IDS; i++)
      {
        g_autofree char *id = g_strdup_printf ("%.*s%u", i % 10, "urn:uuid:1", i);
        char *interned = postil_id_intern (id);

        g_assert_cmpstr (interned, ==, id);
        g_assert_true (round == 0 || interned == ids[i]);
        if (round == 0)
          ids[i] = interned;
        else
          g_ref_string_release (interned);
      }
  return ids;
}

static void
test_intern (void)
{
  GThread *threads[3];
  char **ids[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("intern", intern_all, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    ids[i] = g_thread_join (threads[i]);
  for (guint i = 0; i < N_IDS; i++)
    {
      g_assert_true (ids[0][i] == ids[1][i] && ids[0][i] == ids[2][i]);
      for (guint j = 0; j < G_N_ELEMENTS (ids); j++)
        g_ref_string_release (ids[j][i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_free (ids[i]);
}

/* One that is interned is found as well as its text, and an empty one too. */
static void
test_interned (void)
{
  char *id = postil_id_intern ("urn:a");
  char *again = postil_id_intern (id);
  char *empty = postil_id_intern ("");

  g_assert_true (id == again);
  g_assert_cmpstr (empty, ==, "");
  g_ref_string_release (id);
  g_ref_string_release (again);
  g_ref_string_release (empty);
}

static gpointer
meet (gpointer data)
{
  g_ref_string_release (postil_id_intern (data));
  return NULL;
}

/* Threads that end give back what the next ones are just getting. */
static void
test_last_of_many (void)
{
  for (guint i = 0; i < 3000; i++)
    {
      GThread *threads[4];

      for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
        threads[j] = g_thread_new ("meet", meet, "urn:last");
      for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
        g_thread_join (threads[j]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/id/intern", test_intern);
  g_test_add_func ("/core/id/interned", test_interned);
  g_test_add_func ("/core/id/last-of-many", test_last_of_many);
  return g_test_run ();
}
