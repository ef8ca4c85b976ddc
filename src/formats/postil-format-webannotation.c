/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "postil-format.h"
#include "postil-sidecar-writer.h"

/*
 * W3C Web Annotation in JSON-LD for tools that look nothing up: the labels of topics and the names
 * of persons stand in each annotation. One document is a collection, several are an array of them.
 */

static gboolean
append_cb (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_string_append_len (data, bytes, n_bytes);
  return TRUE;
}

static gboolean export(GPtrArray *snapshots,
                       GString *out,
                       GCancellable *cancellable,
                       GError **error)
{
  gboolean several = snapshots->len > 1;

  if (several)
    g_string_append (out, "[\n");
  for (guint i = 0; i < snapshots->len; i++)
    {
      if (i > 0)
        g_string_append (out, ",\n");
      if (!postil_sidecar_write (g_ptr_array_index (snapshots, i), POSTIL_SIDECAR_STYLE_IN_PLACE,
                                 append_cb, out, cancellable, error))
        return FALSE;
    }
  if (several)
    g_string_append (out, "]\n");
  return TRUE;
}

const PostilFormat postil_format_webannotation = {
  .name = "webannotation",
  .title = N_ ("Web Annotation (JSON-LD)"),
  .suffix = ".jsonld",
  .mime_type = "application/ld+json",
  .export = export,
};
