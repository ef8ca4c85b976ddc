/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _PostilCanvas PostilCanvas;

PostilCanvas *postil_canvas_new (int top, int bottom);
void postil_canvas_free (PostilCanvas *self);

void postil_canvas_add (PostilCanvas *self, const GdkRGBA *color, const GdkRectangle *area);
void postil_canvas_add_strokes (PostilCanvas *self,
                                const GdkRGBA *colors,
                                const int *lengths,
                                guint n_strokes,
                                const GdkRectangle *area);
GskRenderNode *postil_canvas_to_node (PostilCanvas *self,
                                      const GdkRGBA *background,
                                      int scale,
                                      gsize *n_pixels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilCanvas, postil_canvas_free)

G_END_DECLS
