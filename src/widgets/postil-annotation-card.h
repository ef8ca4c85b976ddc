/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_ANNOTATION_CARD (postil_annotation_card_get_type ())
G_DECLARE_FINAL_TYPE (PostilAnnotationCard,
                      postil_annotation_card,
                      POSTIL,
                      ANNOTATION_CARD,
                      GtkWidget)

GtkWidget *postil_annotation_card_new (GtkWidget *caption);
gboolean postil_annotation_card_show (PostilAnnotationCard *self,
                                      PostilWorkspace *workspace,
                                      PostilDocument *document,
                                      PostilAnnotation *annotation,
                                      guint stamp);
char *postil_annotation_card_dup_phrase (PostilAnnotationCard *self);

G_END_DECLS
