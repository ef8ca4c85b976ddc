/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-step.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TEXT_WATCH (postil_text_watch_get_type ())
G_DECLARE_FINAL_TYPE (PostilTextWatch, postil_text_watch, POSTIL, TEXT_WATCH, GObject)

PostilTextWatch *postil_text_watch_new (PostilWorkspace *workspace, PostilDocument *document);

PostilDocument *postil_text_watch_get_document (PostilTextWatch *self);
const char *postil_text_watch_get_problem (PostilTextWatch *self);
gboolean postil_text_watch_get_differs (PostilTextWatch *self);

void postil_text_watch_check (PostilTextWatch *self);
void postil_text_watch_reload (PostilTextWatch *self);
PostilStep *postil_text_watch_take_step (PostilTextWatch *self);

G_END_DECLS
