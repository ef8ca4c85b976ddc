/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "postil-comparer.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_SUMMARY_PAGE (postil_summary_page_get_type ())
G_DECLARE_FINAL_TYPE (PostilSummaryPage, postil_summary_page, POSTIL, SUMMARY_PAGE, GtkWidget)

GtkWidget *postil_summary_page_new (PostilWorkspace *workspace, PostilComparer *comparer);

G_END_DECLS
