/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PostilEnvironment:
 * @now: the time in seconds since the Unix epoch
 * @new_id: (transfer full): a new IRI, "urn:uuid:" and a random UUID
 * @data: passed to both
 *
 * Time and randomness, passed in so that tests can fix them.
 */
typedef struct
{
  gint64 (*now) (gpointer data);
  char *(*new_id) (gpointer data);
  gpointer data;
} PostilEnvironment;

const PostilEnvironment *postil_environment_get_system (void);
char *postil_environment_derive_id (const char *name);

G_END_DECLS
