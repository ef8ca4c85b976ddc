/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-span.h"
#include "postil-text-glyphs.h"

G_BEGIN_DECLS

/**
 * PostilEdge:
 * @x: where it is
 * @y: top of its display line
 * @height: height of its display line
 * @inward: 1 if what it belongs to is right of it, -1 if left
 *
 * Where a passage begins or ends, in pixels.
 */
typedef struct
{
  int x;
  int y;
  int height;
  int inward;
} PostilEdge;

typedef struct _PostilLineGeometry PostilLineGeometry;

PostilLineGeometry *postil_line_geometry_new (GtkTextView *view,
                                              const GtkTextIter *start,
                                              const char *utf8,
                                              guint length,
                                              int top,
                                              int bottom,
                                              PostilTextGlyphs *glyphs);
void postil_line_geometry_free (PostilLineGeometry *self);

void postil_line_geometry_get_range (PostilLineGeometry *self, int *top, int *bottom);
PostilSpan postil_line_geometry_get_known (PostilLineGeometry *self);
void postil_line_geometry_list_starts (PostilLineGeometry *self, GArray *starts);
void postil_line_geometry_add_areas (PostilLineGeometry *self, PostilSpan span, GArray *areas);
gboolean postil_line_geometry_get_start (PostilLineGeometry *self,
                                         PostilSpan span,
                                         PostilEdge *edge);
gboolean postil_line_geometry_get_end (PostilLineGeometry *self, PostilSpan span, PostilEdge *edge);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilLineGeometry, postil_line_geometry_free)

G_END_DECLS
