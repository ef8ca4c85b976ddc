/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_CHOOSER (postil_annotation_chooser_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationChooser,
                      postil_annotation_chooser,
                      POSTIL,
                      ANNOTATION_CHOOSER,
                      GtkPopover)

GtkWidget *postil_annotation_chooser_new (PostilWorkspace *workspace,
                                          PostilDocument *document,
                                          GPtrArray *annotations);

G_END_DECLS
