/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"
#include "postil-document.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_OVERVIEW_STRIP (postil_overview_strip_get_type ())
G_DECLARE_FINAL_TYPE (PostilOverviewStrip, postil_overview_strip, POSTIL, OVERVIEW_STRIP, GtkWidget)

GtkWidget *postil_overview_strip_new (void);
void postil_overview_strip_set_document (PostilOverviewStrip *self, PostilDocument *document);
void postil_overview_strip_set_codebook (PostilOverviewStrip *self, PostilCodebook *codebook);
void postil_overview_strip_set_visible_span (PostilOverviewStrip *self, PostilSpan span);
void postil_overview_strip_set_current (PostilOverviewStrip *self, const char *annotation);
void postil_overview_strip_set_matches (PostilOverviewStrip *self,
                                        const PostilSpan *matches,
                                        guint n_matches);

G_END_DECLS
