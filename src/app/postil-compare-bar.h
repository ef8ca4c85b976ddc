/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-comparison-walk.h"
#include "postil-document.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_COMPARE_BAR (postil_compare_bar_get_type ())
G_DECLARE_FINAL_TYPE (PostilCompareBar, postil_compare_bar, POSTIL, COMPARE_BAR, GtkWidget)

void postil_compare_bar_set_documents (PostilCompareBar *self, GListModel *documents);
void postil_compare_bar_set_shown (PostilCompareBar *self,
                                   PostilDocument *start,
                                   PostilDocument *end);
void postil_compare_bar_set_walk (PostilCompareBar *self, PostilComparisonWalk *walk);
void postil_compare_bar_set_row (PostilCompareBar *self,
                                 PostilComparisonWalk *walk,
                                 PostilComparisonFilter filter,
                                 guint row);
void postil_compare_bar_set_status (PostilCompareBar *self, const char *status);
const char *postil_compare_bar_get_status (PostilCompareBar *self);
GtkAccessible *postil_compare_bar_get_status_widget (PostilCompareBar *self);
void postil_compare_bar_set_progress (PostilCompareBar *self, gboolean running, double fraction);

G_END_DECLS
