/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-environment.h"

#include <string.h>

static gint64
system_now (gpointer data)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static char *
system_new_id (gpointer data)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strconcat ("urn:uuid:", uuid, NULL);
}

/**
 * postil_environment_get_system:
 *
 * Returns: the system's clock and random UUIDs
 */
const PostilEnvironment *
postil_environment_get_system (void)
{
  static const PostilEnvironment system = { .now = system_now, .new_id = system_new_id };

  return &system;
}

/**
 * postil_environment_derive_id:
 * @name: any text
 *
 * The same name always gives the same id, in every program and at every time: a UUID of version 5
 * (RFC 9562, 5.5) in the URL name space.
 *
 * Returns: (transfer full): "urn:uuid:" and that UUID
 */
char *
postil_environment_derive_id (const char *name)
{
  static const guint8 url_name_space[16] = { 0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                             0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 d[20];
  gsize n = sizeof d;

  g_return_val_if_fail (name != NULL, NULL);

  g_checksum_update (checksum, url_name_space, sizeof url_name_space);
  g_checksum_update (checksum, (const guchar *) name, strlen (name));
  g_checksum_get_digest (checksum, d, &n);
  d[6] = 0x50 | (d[6] & 0x0f);
  d[8] = 0x80 | (d[8] & 0x3f);

  return g_strdup_printf (
    "urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", d[0], d[1],
    d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
}
