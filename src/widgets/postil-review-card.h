/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_REVIEW_CARD (postil_review_card_get_type ())
G_DECLARE_FINAL_TYPE (PostilReviewCard, postil_review_card, POSTIL, REVIEW_CARD, GtkWidget)

GtkWidget *postil_review_card_new (void);
gboolean postil_review_card_show (PostilReviewCard *self,
                                  PostilWorkspace *workspace,
                                  PostilDocument *document,
                                  PostilAnnotation *annotation,
                                  guint stamp);
char *postil_review_card_dup_phrase (PostilReviewCard *self);

G_END_DECLS
