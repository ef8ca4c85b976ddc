/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-foreign.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATOR (postil_annotator_get_type ())
typedef struct _PostilAnnotator PostilAnnotator;
GType postil_annotator_get_type (void);

PostilAnnotator *postil_annotator_new (const char *id, const char *name, PostilForeign *foreign);
PostilAnnotator *postil_annotator_ref (PostilAnnotator *self);
void postil_annotator_unref (PostilAnnotator *self);

const char *postil_annotator_get_id (PostilAnnotator *self);
const char *postil_annotator_get_name (PostilAnnotator *self);
PostilForeign *postil_annotator_get_foreign (PostilAnnotator *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotator, postil_annotator_unref)

G_END_DECLS
