/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-document.h"
#include "postil-palette.h"
#include "postil-text-marks.h"
#include "postil-view-map.h"

G_BEGIN_DECLS

/* Between the text and the paragraph numbers, in pixels. */
#define POSTIL_TEXT_PAINTER_NUMBER_GAP 12

typedef struct _PostilTextPainter PostilTextPainter;

PostilTextPainter *postil_text_painter_new (GtkTextView *view);
void postil_text_painter_free (PostilTextPainter *self);

void postil_text_painter_set_document (PostilTextPainter *self,
                                       PostilDocument *document,
                                       PostilViewMap *map);
void postil_text_painter_set_style (PostilTextPainter *self, PostilPalette *palette, int unit);
gboolean postil_text_painter_has_palette (PostilTextPainter *self, PostilPalette *palette);
void postil_text_painter_set_current (PostilTextPainter *self, const char *annotation);
void postil_text_painter_set_matches (PostilTextPainter *self,
                                      const PostilSpan *matches,
                                      guint n_matches);
void postil_text_painter_set_marks (PostilTextPainter *self,
                                    const PostilTextMark *marks,
                                    guint n_marks);
void postil_text_painter_set_inner_side (PostilTextPainter *self, GtkPositionType side);
void postil_text_painter_set_numbers (PostilTextPainter *self, gboolean show);

void postil_text_painter_repaint (PostilTextPainter *self);
void postil_text_painter_repaint_changes (PostilTextPainter *self,
                                          const PostilChange *changes,
                                          guint n_changes);
void postil_text_painter_snapshot (PostilTextPainter *self, GtkSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextPainter, postil_text_painter_free)

G_END_DECLS
