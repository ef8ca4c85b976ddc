/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-environment.h"
#include "postil-snapshot.h"

G_BEGIN_DECLS

/**
 * PostilSidecarReport:
 * @warnings: (element-type utf8): translated sentences about what was wrong but could be read
 * @reshape: whether the file does not have the shape that Postil writes, so that it must be copied
 * aside before it is first overwritten
 * @text_changed: whether the sidecar was made for other bytes than the text's
 *
 * What reading a sidecar found out besides its contents.
 */
typedef struct
{
  GPtrArray *warnings;
  gboolean reshape;
  gboolean text_changed;
} PostilSidecarReport;

void postil_sidecar_report_clear (PostilSidecarReport *report);

PostilSnapshot *postil_sidecar_read (const char *bytes,
                                     gsize n_bytes,
                                     const char *name,
                                     const char *label,
                                     PostilText *text,
                                     const PostilEnvironment *environment,
                                     GCancellable *cancellable,
                                     PostilSidecarReport *report,
                                     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostilSidecarReport, postil_sidecar_report_clear)

G_END_DECLS
