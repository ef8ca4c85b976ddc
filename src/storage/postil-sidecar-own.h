/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar-names.h"
#include "postil-sidecar-passage.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarOwn PostilSidecarOwn;

PostilSidecarOwn *postil_sidecar_own_new (PostilJsonScanner *scanner, PostilSidecarNames *names);
void postil_sidecar_own_free (PostilSidecarOwn *self);

gboolean postil_sidecar_own_can_read (const PostilSidecarContext *context);
PostilAnnotation *postil_sidecar_own_read (PostilSidecarOwn *self,
                                           const PostilSidecarContext *context);

gboolean postil_sidecar_own_write (GString *out,
                                   PostilText *text,
                                   const char *source,
                                   const PostilAnnotationFields *fields);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarOwn, postil_sidecar_own_free)

G_END_DECLS
