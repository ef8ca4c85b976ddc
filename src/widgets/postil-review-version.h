/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_REVIEW_VERSION (postil_review_version_get_type ())
G_DECLARE_FINAL_TYPE (PostilReviewVersion, postil_review_version, POSTIL, REVIEW_VERSION, GtkWidget)

void postil_review_version_show (PostilReviewVersion *self,
                                 PostilWorkspace *workspace,
                                 PostilDocument *document,
                                 PostilAnnotation *annotation);

G_END_DECLS
