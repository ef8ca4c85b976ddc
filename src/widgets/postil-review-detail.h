/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_REVIEW_DETAIL (postil_review_detail_get_type ())
G_DECLARE_FINAL_TYPE (PostilReviewDetail, postil_review_detail, POSTIL, REVIEW_DETAIL, GtkWidget)

/*
 * Its buttons activate the actions "review.accept", "review.reattach", "review.delete",
 * "review.use" with the ranges to place it at, an array of (uu), and "review.keep" with a
 * PostilReviewChoice, an i; who owns it installs them.
 */
void postil_review_detail_show (PostilReviewDetail *self,
                                PostilWorkspace *workspace,
                                PostilDocument *document,
                                PostilAnnotation *annotation);

G_END_DECLS
