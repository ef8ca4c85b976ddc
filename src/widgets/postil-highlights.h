/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-annotation-index.h"
#include "postil-line-geometry.h"
#include "postil-palette.h"

G_BEGIN_DECLS

/**
 * PostilHighlights:
 * @view: the text view
 * @annotations: what is to be painted
 * @palette: how topics look
 * @current: (nullable): id of the annotation that is emphasised
 * @matches: (array length=n_matches): passages found by a search, by start, in code points
 * @n_matches: how many
 * @unit: thickness of the finest mark, in pixels
 * @is_alone: whether they have nothing but the background behind them
 *
 * What highlights are painted from.
 */
typedef struct
{
  GtkTextView *view;
  PostilAnnotationIndex *annotations;
  PostilPalette *palette;
  const char *current;
  const PostilSpan *matches;
  guint n_matches;
  int unit;
  gboolean is_alone;
} PostilHighlights;

/* How many underlines are told apart below a display line; more are there to be clicked. */
#define POSTIL_HIGHLIGHTS_MAX_LANES 6

gboolean postil_highlights_touch (const PostilHighlights *self, PostilSpan line);
GskRenderNode *postil_highlights_paint (const PostilHighlights *self,
                                        PostilLineGeometry *geometry,
                                        PostilSpan line,
                                        guint length,
                                        int top,
                                        int bottom,
                                        gsize *n_pixels);
guint postil_highlights_choose_lane (guint *lane_ends, PostilSpan span);

G_END_DECLS
