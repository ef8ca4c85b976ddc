/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-codebook.h"

G_BEGIN_DECLS

/**
 * PostilPattern:
 * @POSTIL_PATTERN_SOLID: one unbroken line
 * @POSTIL_PATTERN_DASHED: long strokes
 * @POSTIL_PATTERN_DOTTED: short strokes
 * @POSTIL_PATTERN_DOUBLE: two thin lines
 * @POSTIL_PATTERN_DASH_DOT: long and short strokes by turns; for passages that were not confirmed
 *
 * How an underline is drawn, so that colour is never the only sign.
 */
typedef enum
{
  POSTIL_PATTERN_SOLID,
  POSTIL_PATTERN_DASHED,
  POSTIL_PATTERN_DOTTED,
  POSTIL_PATTERN_DOUBLE,
  POSTIL_PATTERN_DASH_DOT
} PostilPattern;

/**
 * PostilTone:
 * @color: the topic's colour as it is
 * @line: the same, made to stand out from the background
 * @pattern: how its underlines are drawn
 *
 * How a topic looks on paper.
 */
typedef struct
{
  GdkRGBA color;
  GdkRGBA line;
  PostilPattern pattern;
} PostilTone;

/**
 * PostilComparisonTone:
 * @POSTIL_COMPARISON_TONE_ONLY: what only one of two texts has
 * @POSTIL_COMPARISON_TONE_SAME: what both have in the same words
 * @POSTIL_COMPARISON_TONE_REWORDED: what both have in other words
 * @POSTIL_COMPARISON_TONE_MOVED: what the other text has at another place
 *
 * What is told apart where two texts are compared.
 */
typedef enum
{
  POSTIL_COMPARISON_TONE_ONLY,
  POSTIL_COMPARISON_TONE_SAME,
  POSTIL_COMPARISON_TONE_REWORDED,
  POSTIL_COMPARISON_TONE_MOVED
} PostilComparisonTone;

typedef struct _PostilPalette PostilPalette;

PostilPalette *postil_palette_new (PostilCodebook *codebook,
                                   const GdkRGBA *foreground,
                                   const GdkRGBA *background);
PostilPalette *postil_palette_new_for_widget (PostilCodebook *codebook, GtkWidget *widget);
void postil_palette_free (PostilPalette *self);
gboolean postil_palette_equal (PostilPalette *a, PostilPalette *b);

const GdkRGBA *postil_palette_get_foreground (PostilPalette *self);
const GdkRGBA *postil_palette_get_background (PostilPalette *self);
const PostilTone *postil_palette_get_tone (PostilPalette *self, const char *topic);
const PostilTone *postil_palette_get_comparison_tone (PostilPalette *self,
                                                      PostilComparisonTone which);
GdkRGBA postil_palette_wash (PostilPalette *self, const GdkRGBA *color, guint depth);

double postil_palette_get_contrast (const GdkRGBA *a, const GdkRGBA *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilPalette, postil_palette_free)

G_END_DECLS
