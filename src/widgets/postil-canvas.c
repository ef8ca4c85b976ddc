/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-canvas.h"

/* About so many pixels of a picture are painted in the time that one rectangle takes, more if they
 * need not be mixed with what is behind; and so many rectangles in that of a low picture. */
#define PIXELS_A_NODE 500
#define OPAQUE_PIXELS_A_NODE 1000
#define NODES_A_PICTURE 4

/* What is painted at a time: strokes in a row, mostly one. */
typedef struct
{
  GdkRectangle area;
  guint first;
  guint n;
} Patch;

typedef struct
{
  GdkRGBA color;
  int x;
  int width;
} Stroke;

/*
 * PostilCanvas: rectangles of one colour each, laid on each other within a band of a text view, to
 * be painted again and again as one render node: a few stay what they are, many become a picture,
 * which paints faster then. Both look the same. Made for one node and then thrown away. All lengths
 * are pixels of the view.
 */
struct _PostilCanvas
{
  int top;
  int bottom;
  GArray *patches;
  GArray *strokes;
  guint n_nodes;
  GdkRectangle bounds;
};

static guint32
get_byte (float share)
{
  /* As cairo rounds. */
  return MIN ((guint32) (CLAMP (share, 0, 1) * 256), 255);
}

static guint32
get_pixel (const GdkRGBA *color)
{
  return 0xff000000 | get_byte (color->red) << 16 | get_byte (color->green) << 8 |
         get_byte (color->blue);
}

static void
fill (cairo_surface_t *surface, const GdkRectangle *area, guint32 pixel)
{
  int stride = cairo_image_surface_get_stride (surface);
  guchar *data = cairo_image_surface_get_data (surface) + area->y * stride;

  for (int y = 0; y < area->height; y++, data += stride)
    {
      guint32 *row = (guint32 *) (gpointer) data + area->x;

      for (int x = 0; x < area->width; x++)
        row[x] = pixel;
    }
}

static void
paint_patch (PostilCanvas *self,
             const Patch *patch,
             cairo_surface_t *surface,
             const GdkRectangle *bounds,
             int scale)
{
  for (guint i = patch->first; i < patch->first + patch->n; i++)
    {
      const Stroke *stroke = &g_array_index (self->strokes, Stroke, i);
      const GdkRectangle area = {
        (stroke->x - bounds->x) * scale,
        (patch->area.y - bounds->y) * scale,
        stroke->width * scale,
        patch->area.height * scale,
      };
      cairo_t *cr;

      if (stroke->color.alpha >= 1)
        {
          fill (surface, &area, get_pixel (&stroke->color));
          continue;
        }
      cairo_surface_mark_dirty (surface);
      cr = cairo_create (surface);
      gdk_cairo_set_source_rgba (cr, &stroke->color);
      gdk_cairo_rectangle (cr, &area);
      cairo_fill (cr);
      cairo_destroy (cr);
      cairo_surface_flush (surface);
    }
}

/* A picture of @bounds with @n_patches. */
static GskRenderNode *
make_picture (PostilCanvas *self,
              const Patch *patches,
              guint n_patches,
              const GdkRectangle *bounds,
              const GdkRGBA *background,
              int scale)
{
  int width = bounds->width * scale, height = bounds->height * scale;
  cairo_surface_t *surface = cairo_image_surface_create (
    background != NULL ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, width, height);
  GskRenderNode *node =
    gsk_cairo_node_new (&GRAPHENE_RECT_INIT (bounds->x, bounds->y, bounds->width, bounds->height));
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  if (background != NULL)
    fill (surface, &(GdkRectangle){ 0, 0, width, height }, get_pixel (background));
  for (guint i = 0; i < n_patches; i++)
    paint_patch (self, &patches[i], surface, bounds, scale);
  cairo_surface_mark_dirty (surface);
  cairo_surface_set_device_scale (surface, scale, scale);
  cairo_set_source_surface (cr, surface, bounds->x, bounds->y);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return node;
}

/**
 * postil_canvas_new:
 * @top: where the band begins
 * @bottom: where it ends
 *
 * Returns: (transfer full): an empty canvas, on which nothing outside the band is painted
 */
PostilCanvas *
postil_canvas_new (int top, int bottom)
{
  PostilCanvas *self;

  g_return_val_if_fail (top <= bottom, NULL);

  self = g_new0 (PostilCanvas, 1);
  self->top = top;
  self->bottom = bottom;
  self->patches = g_array_new (FALSE, FALSE, sizeof (Patch));
  self->strokes = g_array_new (FALSE, FALSE, sizeof (Stroke));
  return self;
}

/**
 * postil_canvas_free:
 * @self: (transfer full): a canvas
 */
void
postil_canvas_free (PostilCanvas *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->patches);
  g_array_unref (self->strokes);
  g_free (self);
}

/**
 * postil_canvas_add:
 * @color: a colour
 * @area: where; nothing if it has no width
 *
 * Lays a rectangle on what is there.
 */
void
postil_canvas_add (PostilCanvas *self, const GdkRGBA *color, const GdkRectangle *area)
{
  g_return_if_fail (self != NULL && color != NULL && area != NULL);

  postil_canvas_add_strokes (self, color, &area->width, 1, area);
}

/**
 * postil_canvas_add_strokes:
 * @colors: (array length=n_strokes): their colours; one that cannot be seen at all makes a gap
 * @lengths: (array length=n_strokes): their lengths, more than 0
 * @n_strokes: how many there are before they begin anew
 * @area: where
 *
 * Lays strokes on what is there, one after the other from left to right until @area ends.
 */
void
postil_canvas_add_strokes (PostilCanvas *self,
                           const GdkRGBA *colors,
                           const int *lengths,
                           guint n_strokes,
                           const GdkRectangle *area)
{
  Patch patch;
  int right;

  g_return_if_fail (self != NULL && colors != NULL && lengths != NULL && area != NULL);

  right = area->x + area->width;
  patch.first = self->strokes->len;
  patch.area = *area;
  patch.area.y = MAX (area->y, self->top);
  patch.area.height = MIN (area->y + area->height, self->bottom) - patch.area.y;
  if (patch.area.width <= 0 || patch.area.height <= 0)
    return;
  for (int x = area->x, i = 0; x < right; x += lengths[i], i = (i + 1) % n_strokes)
    {
      Stroke stroke = { colors[i], x, MIN (lengths[i], right - x) };

      if (stroke.color.alpha > 0)
        g_array_append_val (self->strokes, stroke);
    }
  patch.n = self->strokes->len - patch.first;
  if (self->patches->len == 0)
    self->bounds = patch.area;
  else
    gdk_rectangle_union (&self->bounds, &patch.area, &self->bounds);
  g_array_append_val (self->patches, patch);
  self->n_nodes += MIN (patch.n, NODES_A_PICTURE);
}

/**
 * postil_canvas_to_node:
 * @background: (nullable): the colour of what is behind, if it is one colour
 * @scale: how many pixels of the screen a pixel of the view has each way
 * @n_pixels: (out): how many pixels are kept with the node
 *
 * Returns: (transfer full) (nullable): what was painted; %NULL if nothing was
 */
GskRenderNode *
postil_canvas_to_node (PostilCanvas *self, const GdkRGBA *background, int scale, gsize *n_pixels)
{
  const Patch *patches;
  gsize size;
  GtkSnapshot *snapshot;

  g_return_val_if_fail (self != NULL && scale > 0 && n_pixels != NULL, NULL);

  patches = (const Patch *) (gpointer) self->patches->data;
  size = (gsize) self->bounds.width * self->bounds.height * scale * scale;
  *n_pixels = size;
  if (self->n_nodes * (background != NULL ? OPAQUE_PIXELS_A_NODE : PIXELS_A_NODE) > size)
    return make_picture (self, patches, self->patches->len, &self->bounds, background, scale);

  snapshot = gtk_snapshot_new ();
  *n_pixels = 0;
  for (guint i = 0; i < self->patches->len; i++)
    {
      const GdkRectangle *area = &patches[i].area;

      if (patches[i].n > NODES_A_PICTURE)
        {
          g_autoptr (GskRenderNode) node = make_picture (self, &patches[i], 1, area, NULL, scale);

          gtk_snapshot_append_node (snapshot, node);
          *n_pixels += (gsize) area->width * area->height * scale * scale;
          continue;
        }
      for (guint j = patches[i].first; j < patches[i].first + patches[i].n; j++)
        {
          const Stroke *stroke = &g_array_index (self->strokes, Stroke, j);

          gtk_snapshot_append_color (
            snapshot, &stroke->color,
            &GRAPHENE_RECT_INIT (stroke->x, area->y, stroke->width, area->height));
        }
    }
  return gtk_snapshot_free_to_node (snapshot);
}
