/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-foreign.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_NOTE (postil_note_get_type ())
typedef struct _PostilNote PostilNote;
GType postil_note_get_type (void);

PostilNote *postil_note_new (const char *text,
                             const char *creator,
                             gint64 created,
                             PostilForeign *foreign);
PostilNote *postil_note_ref (PostilNote *self);
void postil_note_unref (PostilNote *self);

const char *postil_note_get_text (PostilNote *self);
const char *postil_note_get_creator (PostilNote *self);
gint64 postil_note_get_created (PostilNote *self);
PostilForeign *postil_note_get_foreign (PostilNote *self);
gboolean postil_note_equal (PostilNote *a, PostilNote *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilNote, postil_note_unref)

G_END_DECLS
