/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-step.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_HISTORY (postil_history_get_type ())
G_DECLARE_FINAL_TYPE (PostilHistory, postil_history, POSTIL, HISTORY, GObject)

PostilHistory *postil_history_new (void);

void postil_history_push (PostilHistory *self, PostilStep *step, const char *merge_key);
void postil_history_seal (PostilHistory *self);
PostilStep *postil_history_undo (PostilHistory *self);
PostilStep *postil_history_redo (PostilHistory *self);
gboolean postil_history_get_can_undo (PostilHistory *self);
gboolean postil_history_get_can_redo (PostilHistory *self);
const char *postil_history_get_undo_label (PostilHistory *self);
const char *postil_history_get_redo_label (PostilHistory *self);

G_END_DECLS
