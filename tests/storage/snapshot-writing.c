/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "snapshot-writing.h"

static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

/* (transfer full): a sidecar of all that a snapshot holds, in the order it holds it */
GString *
write_snapshot (PostilSnapshot *snapshot, PostilSidecarStyle style)
{
  GString *sidecar = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  postil_sidecar_write (snapshot, style, append_cb, sidecar, NULL, &error);
  g_assert_no_error (error);
  return sidecar;
}
