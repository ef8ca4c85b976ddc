/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "postil-application.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_WINDOW (postil_window_get_type ())
G_DECLARE_FINAL_TYPE (PostilWindow, postil_window, POSTIL, WINDOW, AdwApplicationWindow)

PostilWindow *postil_window_new (PostilApplication *application);

void postil_window_set_annotator (PostilWindow *self, PostilAnnotator *annotator);
gboolean postil_window_is_empty (PostilWindow *self);
gboolean postil_window_has_file (PostilWindow *self, GFile *file);
void postil_window_open (PostilWindow *self, GFile *file, gboolean show);
void postil_window_present (PostilWindow *self);

G_END_DECLS
