/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-snapshot.h"

G_BEGIN_DECLS

/**
 * PostilFormatExport:
 * @snapshots: (element-type PostilSnapshot): the documents, at least one
 * @out: what the export is appended to
 * @cancellable: (nullable): ends the export early
 * @error: return location
 *
 * Returns: whether all was appended
 */
typedef gboolean (*PostilFormatExport) (GPtrArray *snapshots,
                                        GString *out,
                                        GCancellable *cancellable,
                                        GError **error);

/**
 * PostilFormat:
 * @name: what the command line calls it
 * @title: what people call it; to be translated with gettext()
 * @suffix: how its file names end, with the dot
 * @mime_type: its media type
 * @export: writes documents in it
 *
 * A foreign format. Each is defined in a file of its own and listed in postil-format.c.
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *suffix;
  const char *mime_type;
  PostilFormatExport export;
} PostilFormat;

const PostilFormat *const *postil_format_list (void);
const PostilFormat *postil_format_find (const char *name);
GBytes *postil_format_export (const PostilFormat *self,
                              GPtrArray *snapshots,
                              GCancellable *cancellable,
                              GError **error);

G_END_DECLS
