/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-format.h"

#include <string.h>

/* Every format: "csv" is postil_format_csv of postil-format-csv.c. */
#define FORMATS(FORMAT)                                                                            \
  FORMAT (csv)                                                                                     \
  FORMAT (html)                                                                                    \
  FORMAT (webannotation)

#define DECLARE(name) extern const PostilFormat postil_format_##name;
#define LIST(name) &postil_format_##name,

FORMATS (DECLARE)

/**
 * postil_format_list:
 *
 * Returns: (transfer none) (array zero-terminated=1): all formats
 */
const PostilFormat *const *
postil_format_list (void)
{
  static const PostilFormat *const formats[] = { FORMATS (LIST) NULL };

  return formats;
}

/**
 * postil_format_find:
 * @name: what the command line calls a format
 *
 * Returns: (transfer none) (nullable): that format
 */
const PostilFormat *
postil_format_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (const PostilFormat *const *format = postil_format_list (); *format != NULL; format++)
    if (strcmp ((*format)->name, name) == 0)
      return *format;
  return NULL;
}

/**
 * postil_format_export:
 * @self: a format
 * @snapshots: (element-type PostilSnapshot): the documents, at least one
 * @cancellable: (nullable): ends the export early
 * @error: return location; %G_IO_ERROR_CANCELLED is the only error of the formats that there are
 *
 * Writes documents in a foreign format. May run in any thread.
 *
 * Returns: (transfer full) (nullable): the bytes of the file
 */
GBytes *
postil_format_export (const PostilFormat *self,
                      GPtrArray *snapshots,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GString) out = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (snapshots != NULL && snapshots->len > 0, NULL);

  out = g_string_new (NULL);
  if (!self->export(snapshots, out, cancellable, error))
    return NULL;
  return g_string_free_to_bytes (g_steal_pointer (&out));
}
