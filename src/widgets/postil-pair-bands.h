/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-alignment.h"
#include "postil-text-view.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_PAIR_BANDS (postil_pair_bands_get_type ())
G_DECLARE_FINAL_TYPE (PostilPairBands, postil_pair_bands, POSTIL, PAIR_BANDS, GtkWidget)

void postil_pair_bands_set_views (PostilPairBands *self, PostilTextView *a, PostilTextView *b);
void postil_pair_bands_set_alignment (PostilPairBands *self, PostilAlignment *alignment);
void postil_pair_bands_set_current (PostilPairBands *self, const PostilPair *pair);

G_END_DECLS
