/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-canvas.h"

/* About so many pixels of a picture are painted in the time that one rectangle takes, more if they
 * need not be mixed with what is behind; and so many rectangles in that of a low picture. */
#define PIXELS_A_NODE 500
#define OPAQUE_PIXELS_A_NODE 1000
#define NODES_A_PICTURE 4

/* What is painted at a time: so many strokes in a row, again and again from left to right. */
typedef struct
{
  GdkRectangle area;
  guint first;
  guint n;
  guint n_nodes;
} Patch;

typedef struct
{
  GdkRGBA color;
  guint32 pixel;
  int length;
} Stroke;

/*
 * PostilCanvas: rectangles of one colour each, laid on each other within a band of a text view, to
 * be painted again and again as one render node: a few stay what they are, many become a picture,
 * which paints faster then, and so do the strokes of neighbours among a few. All look the same.
 * Made for one node and then thrown away. All lengths are pixels of the view.
 */
struct _PostilCanvas
{
  int top;
  int bottom;
  GArray *patches;
  GArray *strokes;
  guint n_nodes;
  /* How many patches there are up to the last one that is mixed with what is behind. */
  guint n_mixed;
  GdkRectangle bounds;
};

typedef struct
{
  cairo_surface_t *surface;
  guint32 *pixels;
  GdkRectangle bounds;
  int scale;
} Picture;

static gsize
get_size (const GdkRectangle *area)
{
  return (gsize) area->width * area->height;
}

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

/* @area is in pixels of the screen. */
static void
fill (const Picture *picture, const GdkRectangle *area, guint32 pixel)
{
  int stride = picture->bounds.width * picture->scale, width = area->width, height = area->height;
  guint32 *row = picture->pixels + (gsize) area->y * stride + area->x;

  for (int y = 0; y < height; y++, row += stride)
    for (int x = 0; x < width; x++)
      row[x] = pixel;
}

static void
mix (const Picture *picture, const GdkRectangle *area, const GdkRGBA *color)
{
  cairo_t *cr;

  cairo_surface_mark_dirty (picture->surface);
  cr = cairo_create (picture->surface);
  gdk_cairo_set_source_rgba (cr, color);
  gdk_cairo_rectangle (cr, area);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (picture->surface);
}

static void
paint_patch (PostilCanvas *self, const Patch *patch, const Picture *picture)
{
  const Stroke *strokes = &g_array_index (self->strokes, Stroke, patch->first), *stroke = strokes;
  int scale = picture->scale, left = patch->area.x, right;
  GdkRectangle part, area;

  if (!gdk_rectangle_intersect (&patch->area, &picture->bounds, &part))
    return;
  area.y = (part.y - picture->bounds.y) * scale;
  area.height = part.height * scale;
  for (; left < part.x + part.width; left = right)
    {
      int from = MAX (left, part.x), to;

      right = left + stroke->length;
      to = MIN (right, part.x + part.width);
      area.x = (from - picture->bounds.x) * scale;
      area.width = (to - from) * scale;
      if (stroke->color.alpha >= 1)
        fill (picture, &area, stroke->pixel);
      else if (stroke->color.alpha > 0 && to > from)
        mix (picture, &area, &stroke->color);
      if (++stroke == strokes + patch->n)
        stroke = strokes;
    }
}

static cairo_surface_t *
acquire_cb (cairo_pattern_t *pattern,
            gpointer surface,
            cairo_surface_t *target,
            const cairo_rectangle_int_t *extents)
{
  return cairo_surface_reference (surface);
}

static void
release_cb (cairo_pattern_t *pattern, gpointer data, cairo_surface_t *surface)
{
  cairo_surface_destroy (surface);
}

static cairo_status_t
copy_cb (cairo_pattern_t *pattern, gpointer surface, const cairo_pattern_t *other)
{
  cairo_surface_reference (surface);
  return CAIRO_STATUS_SUCCESS;
}

static void
finish_cb (cairo_pattern_t *pattern, gpointer surface)
{
  cairo_surface_destroy (surface);
}

/* (transfer full): what paints @surface, which becomes its own. Of a source that is a surface
 * itself cairo would make a copy. */
static cairo_pattern_t *
make_source (cairo_surface_t *surface, int width, int height)
{
  cairo_pattern_t *source = cairo_pattern_create_raster_source (
    surface, cairo_surface_get_content (surface), width, height);

  cairo_raster_source_pattern_set_acquire (source, acquire_cb, release_cb);
  cairo_raster_source_pattern_set_copy (source, copy_cb);
  cairo_raster_source_pattern_set_finish (source, finish_cb);
  cairo_pattern_set_filter (source, CAIRO_FILTER_NEAREST);
  return source;
}

/* A picture of @bounds with all patches from the given one on. */
static GskRenderNode *
make_picture (PostilCanvas *self,
              guint first,
              const GdkRectangle *bounds,
              const GdkRGBA *background,
              int scale)
{
  static const cairo_user_data_key_t pixels_key;
  int width = bounds->width * scale, height = bounds->height * scale;
  gsize n_pixels = (gsize) width * height;
  Picture picture = {
    .pixels = background != NULL ? g_new (guint32, n_pixels) : g_new0 (guint32, n_pixels),
    .bounds = *bounds,
    .scale = scale,
  };
  GskRenderNode *node =
    gsk_cairo_node_new (&GRAPHENE_RECT_INIT (bounds->x, bounds->y, bounds->width, bounds->height));
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);
  cairo_pattern_t *source;

  picture.surface = cairo_image_surface_create_for_data (
    (guchar *) picture.pixels, background != NULL ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, width,
    height, width * (int) sizeof (guint32));
  cairo_surface_set_user_data (picture.surface, &pixels_key, picture.pixels, g_free);
  if (background != NULL)
    fill (&picture, &(GdkRectangle){ 0, 0, width, height }, get_pixel (background));
  for (guint i = first; i < self->patches->len; i++)
    paint_patch (self, &g_array_index (self->patches, Patch, i), &picture);
  cairo_surface_mark_dirty (picture.surface);
  source = make_source (picture.surface, width, height);
  cairo_translate (cr, bounds->x, bounds->y);
  cairo_scale (cr, 1.0 / scale, 1.0 / scale);
  cairo_set_source (cr, source);
  cairo_paint (cr);
  cairo_pattern_destroy (source);
  cairo_destroy (cr);
  return node;
}

/* (transfer full) (element-type GdkRectangle): the areas where strokes are better painted as
 * pictures, which have all that lies there and so come last. */
static GArray *
find_strips (PostilCanvas *self)
{
  GArray *strips = g_array_new (FALSE, FALSE, sizeof (GdkRectangle));

  for (guint i = self->n_mixed; i < self->patches->len; i++)
    {
      const Patch *patch = &g_array_index (self->patches, Patch, i);
      gsize least = get_size (&patch->area) + NODES_A_PICTURE * PIXELS_A_NODE;
      GdkRectangle *best = NULL, grown;

      if (patch->n_nodes < NODES_A_PICTURE)
        continue;
      for (guint j = 0; j < strips->len; j++)
        {
          GdkRectangle *strip = &g_array_index (strips, GdkRectangle, j), both;

          gdk_rectangle_union (strip, &patch->area, &both);
          if (get_size (&both) - get_size (strip) < least)
            {
              least = get_size (&both) - get_size (strip);
              best = strip;
              grown = both;
            }
        }
      if (best != NULL)
        *best = grown;
      else
        g_array_append_val (strips, patch->area);
    }
  return strips;
}

static gboolean
is_within (const GdkRectangle *area, const GArray *strips)
{
  for (guint i = 0; i < strips->len; i++)
    {
      GdkRectangle part;

      if (gdk_rectangle_intersect (area, &g_array_index (strips, GdkRectangle, i), &part) &&
          gdk_rectangle_equal (area, &part))
        return TRUE;
    }
  return FALSE;
}

static void
append_patch (PostilCanvas *self, const Patch *patch, GtkSnapshot *snapshot)
{
  const Stroke *strokes = &g_array_index (self->strokes, Stroke, patch->first);
  GdkRectangle area = patch->area;
  int right = area.x + area.width;

  for (guint i = 0; area.x < right; area.x += area.width, i = (i + 1) % patch->n)
    {
      area.width = MIN (strokes[i].length, right - area.x);
      if (strokes[i].color.alpha > 0)
        gtk_snapshot_append_color (snapshot, &strokes[i].color,
                                   &GRAPHENE_RECT_INIT (area.x, area.y, area.width, area.height));
    }
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
  Patch patch = { .area = *area, .first = 0, .n = n_strokes };
  int period = 0;
  gboolean is_mixed = FALSE;

  g_return_if_fail (self != NULL && colors != NULL && lengths != NULL && area != NULL);

  patch.first = self->strokes->len;
  patch.area.y = MAX (area->y, self->top);
  patch.area.height = MIN (area->y + area->height, self->bottom) - patch.area.y;
  if (patch.area.width <= 0 || patch.area.height <= 0)
    return;
  for (guint i = 0; i < n_strokes; i++)
    {
      Stroke stroke = { colors[i], get_pixel (&colors[i]), lengths[i] };

      period += lengths[i];
      is_mixed |= colors[i].alpha > 0 && colors[i].alpha < 1;
      g_array_append_val (self->strokes, stroke);
    }
  patch.n_nodes = MIN (NODES_A_PICTURE, (patch.area.width * n_strokes + period - 1) / period);
  if (self->patches->len == 0)
    self->bounds = patch.area;
  else
    gdk_rectangle_union (&self->bounds, &patch.area, &self->bounds);
  g_array_append_val (self->patches, patch);
  self->n_nodes += patch.n_nodes;
  if (is_mixed)
    self->n_mixed = self->patches->len;
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
  g_autoptr (GArray) strips = NULL;
  gsize size;
  GtkSnapshot *snapshot;

  g_return_val_if_fail (self != NULL && scale > 0 && n_pixels != NULL, NULL);

  size = get_size (&self->bounds) * scale * scale;
  *n_pixels = size;
  if (self->n_nodes * (background != NULL ? OPAQUE_PIXELS_A_NODE : PIXELS_A_NODE) > size)
    return make_picture (self, 0, &self->bounds, background, scale);

  snapshot = gtk_snapshot_new ();
  *n_pixels = 0;
  strips = find_strips (self);
  for (guint i = 0; i < self->patches->len; i++)
    {
      const Patch *patch = &g_array_index (self->patches, Patch, i);

      if (i < self->n_mixed || !is_within (&patch->area, strips))
        append_patch (self, patch, snapshot);
    }
  for (guint i = 0; i < strips->len; i++)
    {
      const GdkRectangle *strip = &g_array_index (strips, GdkRectangle, i);
      g_autoptr (GskRenderNode) node = make_picture (self, self->n_mixed, strip, NULL, scale);

      gtk_snapshot_append_node (snapshot, node);
      *n_pixels += get_size (strip) * scale * scale;
    }
  return gtk_snapshot_free_to_node (snapshot);
}
