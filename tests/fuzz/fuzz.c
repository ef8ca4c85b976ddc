/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static guint n_ids;

static gint64
fixed_now (gpointer data)
{
  return 1767225600; /* 2026-01-01T00:00:00Z */
}

static char *
counted_id (gpointer data)
{
  return g_strdup_printf ("urn:uuid:00000000-0000-4000-8000-%012x", ++n_ids);
}

/* GLib ends with a trap what is fatal, of which libFuzzer takes no note. */
static void
trap_cb (int number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  signal (SIGTRAP, trap_cb);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return 0;
}

/* A number below @n_choices, which is at most 65536. */
guint
fuzz_take (FuzzBytes *self, guint n_choices)
{
  guint number = 0;

  for (guint left = n_choices - 1; left > 0; left >>= 8)
    number = number << 8 | (self->at < self->end ? *self->at++ : 0);
  return number % n_choices;
}

/* (transfer full): the next bytes, made well-formed UTF-8, as which a text may have a file's NULs
 * no more */
char *
fuzz_take_string (FuzzBytes *self, gsize n_bytes)
{
  gsize n = MIN (n_bytes, (gsize) (self->end - self->at));
  /* No bytes at all may be a null pointer. */
  g_autofree char *bytes = g_strndup (n > 0 ? (const char *) self->at : "", n);

  self->at += n;
  return g_utf8_make_valid (bytes, -1);
}

/* As g_assert_cmpstr(), but shows only where long texts differ. */
void
fuzz_assert_same (const char *a, const char *b)
{
  gsize at = 0;

  while (a[at] != '\0' && a[at] == b[at])
    at++;
  if (a[at] != b[at])
    g_error ("…%.400s\ndiffers from\n…%.400s", a + MAX (at, 150) - 150, b + MAX (at, 150) - 150);
}

/* Whether FUZZ_SHOW is in the environment. */
gboolean
fuzz_is_shown (void)
{
  return g_getenv ("FUZZ_SHOW") != NULL;
}

/* If so, prints what a harness works on. */
void
fuzz_show (const char *name, const char *text)
{
  if (fuzz_is_shown ())
    fprintf (stderr, "%s:\n%s\n", name, text);
}

/* Time stands still, and ids count from 1 again, so that equal bytes make equal results. */
const PostilEnvironment *
fuzz_get_environment (void)
{
  static const PostilEnvironment environment = { .now = fixed_now, .new_id = counted_id };

  n_ids = 0;
  return &environment;
}
