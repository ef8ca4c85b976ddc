/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "postil-annotator.h"
#include "postil-store.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_APPLICATION (postil_application_get_type ())
G_DECLARE_FINAL_TYPE (PostilApplication, postil_application, POSTIL, APPLICATION, AdwApplication)

PostilApplication *postil_application_new (PostilStore *store);

GSettings *postil_application_get_settings (PostilApplication *self);
PostilStore *postil_application_get_store (PostilApplication *self);
PostilAnnotator *postil_application_get_annotator (PostilApplication *self);
void postil_application_open_files (PostilApplication *self, GtkWindow *window, GListModel *files);

G_END_DECLS
