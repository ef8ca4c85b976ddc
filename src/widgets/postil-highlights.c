/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-highlights.h"

#include "postil-canvas.h"

/* Lanes that have room for every pattern in its full thickness. */
#define WIDE_LANES 3

#define CORNER_RADIUS 3

/* One in so many overlapping annotations is few of them. */
#define FEW 4

/* One range of an annotation, as far as it lies in the line, in code points from its start. */
typedef struct
{
  PostilAnnotation *annotation;
  const PostilTone *tone;
  PostilSpan span;
  gboolean starts;
  gboolean ends;
  gboolean has_flag;
  guint lane;
  GdkRGBA color;
} Passage;

/* How the set of passages changes at a place, with the sum of their colours; and whether a display
 * line starts there. */
typedef struct
{
  guint n;
  int by;
  double red;
  double green;
  double blue;
  gboolean begins_line;
} Turn;

typedef struct
{
  const PostilHighlights *source;
  PostilLineGeometry *geometry;
  PostilCanvas *canvas;
  PostilSpan line;
  guint length;
  PostilSpan known;
  int top;
  int bottom;
  GArray *passages;
  GArray *areas;
  guint lane_ends[POSTIL_HIGHLIGHTS_MAX_LANES];
  guint n_lanes;
} Painter;

static PostilSpan
clip (Painter *self, PostilSpan span)
{
  guint start = MAX (span.start, self->line.start) - self->line.start;
  guint end = MIN (MAX (span.end, self->line.start) - self->line.start, self->length);

  return (PostilSpan){ MIN (start, end), end };
}

static const PostilTone *
get_tone (Painter *self, PostilAnnotation *annotation, guint topic)
{
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  return postil_palette_get_tone (self->source->palette, topic < n_topics ? topics[topic] : NULL);
}

/* What all topics of an annotation look like together. */
static GdkRGBA
blend_topics (Painter *self, const Passage *passage)
{
  guint n_topics;
  GdkRGBA sum = { 0, 0, 0, 1 };

  postil_annotation_get_topics (passage->annotation, &n_topics);
  if (n_topics < 2)
    return passage->tone->color;
  for (guint i = 0; i < n_topics; i++)
    {
      const PostilTone *tone = get_tone (self, passage->annotation, i);

      sum.red += tone->color.red / n_topics;
      sum.green += tone->color.green / n_topics;
      sum.blue += tone->color.blue / n_topics;
    }
  return sum;
}

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Painter *self = data;
  guint n_notes;
  Passage passage = {
    .annotation = annotation,
    .span = clip (self, span),
    .starts = span.start >= self->line.start,
    .ends = span.end <= self->line.end,
  };

  /* Those that are elsewhere in the line take their lanes too, or these would not meet. */
  passage.lane = postil_highlights_choose_lane (self->lane_ends, passage.span);
  self->n_lanes = MAX (self->n_lanes, passage.lane + 1);
  if (!postil_span_touches (passage.span, self->known))
    return G_SOURCE_CONTINUE;

  passage.tone = get_tone (self, annotation, 0);
  passage.color = blend_topics (self, &passage);
  postil_annotation_get_notes (annotation, &n_notes);
  passage.has_flag =
    n_notes > 0 && passage.ends && span.end == postil_annotation_get_extent (annotation).end;
  g_array_append_val (self->passages, passage);
  return G_SOURCE_CONTINUE;
}

static const GArray *
find_areas (Painter *self, PostilSpan span)
{
  g_array_set_size (self->areas, 0);
  postil_line_geometry_add_areas (self->geometry, span, self->areas);
  return self->areas;
}

static void
append_border (Painter *self,
               GtkSnapshot *snapshot,
               const GdkRGBA *color,
               const GdkRectangle *area,
               float thickness)
{
  const GdkRGBA colors[4] = { *color, *color, *color, *color };
  const float widths[4] = { thickness, thickness, thickness, thickness };
  GskRoundedRect outline;

  if (area->y < self->top || area->y >= self->bottom)
    return;
  gsk_rounded_rect_init_from_rect (
    &outline, &GRAPHENE_RECT_INIT (area->x, area->y, area->width, area->height),
    CORNER_RADIUS * self->source->unit);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}

/* Paints faster, and looks the same on the background. */
static GdkRGBA
make_opaque (Painter *self, const GdkRGBA *color)
{
  const GdkRGBA *background = postil_palette_get_background (self->source->palette);
  float share = color->alpha;

  return (GdkRGBA){
    background->red + (color->red - background->red) * share,
    background->green + (color->green - background->green) * share,
    background->blue + (color->blue - background->blue) * share,
    1,
  };
}

static void
paint_wash (Painter *self, PostilSpan segment, const GdkRGBA *wash)
{
  const GArray *areas = find_areas (self, segment);

  for (guint i = 0; i < areas->len; i++)
    {
      const GdkRectangle *area = &g_array_index (areas, GdkRectangle, i);

      postil_canvas_add (self->canvas, wash, area);
    }
}

static void
add_turn (Turn *turn, const GdkRGBA *color, int by)
{
  turn->n++;
  turn->by += by;
  turn->red += by * color->red;
  turn->green += by * color->green;
  turn->blue += by * color->blue;
}

/* One rectangle a segment, whatever the number of annotations on it, in the mean of their colours.
 * Where more overlap than have marks of their own, some more or less of them make no new segment;
 * each display line begins one, so that it looks the same whatever is painted with it. */
static void
paint_washes (Painter *self)
{
  g_autofree Turn *turns = g_new0 (Turn, postil_span_length (self->known) + 1);
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (guint));
  PostilSpan segment = { 0 };
  Turn sum = { 0 };
  GdkRGBA wash;
  gboolean is_open = FALSE;

  for (guint i = 0; i < self->passages->len; i++)
    {
      const Passage *passage = &g_array_index (self->passages, Passage, i);
      guint start = MAX (passage->span.start, self->known.start);
      guint end = MIN (passage->span.end, self->known.end);

      if (start >= end)
        continue;
      add_turn (&turns[start - self->known.start], &passage->color, 1);
      add_turn (&turns[end - self->known.start], &passage->color, -1);
    }
  postil_line_geometry_list_starts (self->geometry, starts);
  for (guint i = 0; i < starts->len; i++)
    turns[g_array_index (starts, guint, i) - self->known.start].begins_line = TRUE;

  for (guint offset = self->known.start; offset <= self->known.end; offset++)
    {
      const Turn *turn = &turns[offset - self->known.start];

      if (turn->n == 0 && !turn->begins_line)
        continue;
      sum.n += turn->n;
      sum.by += turn->by;
      sum.red += turn->red;
      sum.green += turn->green;
      sum.blue += turn->blue;
      if (is_open && (turn->begins_line || sum.by <= POSTIL_HIGHLIGHTS_MAX_LANES ||
                      (int) sum.n * FEW >= sum.by))
        {
          segment.end = offset;
          paint_wash (self, segment, &wash);
          is_open = FALSE;
        }
      if (!is_open && sum.by > 0)
        {
          GdkRGBA mean = { sum.red / sum.by, sum.green / sum.by, sum.blue / sum.by, 1 };

          wash = postil_palette_wash (self->source->palette, &mean, sum.by);
          if (self->source->is_alone)
            wash = make_opaque (self, &wash);
          segment.start = offset;
          is_open = TRUE;
          sum.n = 0;
        }
    }
}

/* Strokes of so many units, one after the other until the end. */
static void
append_strokes (Painter *self,
                const GdkRectangle *area,
                const GdkRGBA *colors,
                const int *lengths,
                guint n_strokes)
{
  g_autofree int *pixels = g_new (int, n_strokes);

  for (guint i = 0; i < n_strokes; i++)
    pixels[i] = lengths[i] * self->source->unit;
  postil_canvas_add_strokes (self->canvas, colors, pixels, n_strokes, area);
}

static void
append_pattern (Painter *self,
                const Passage *passage,
                PostilPattern pattern,
                const GdkRectangle *area)
{
  static const int dashes[] = { 7, 3 }, dots[] = { 2, 2 }, dash_dots[] = { 8, 2, 2, 2 };
  const GdkRGBA line = passage->tone->line;
  const GdkRGBA none = { line.red, line.green, line.blue, 0 };
  const GdkRGBA colors[] = { line, none, line, none };
  int unit = self->source->unit;
  GdkRectangle half = *area;

  switch (pattern)
    {
    case POSTIL_PATTERN_DASHED:
      append_strokes (self, area, colors, dashes, G_N_ELEMENTS (dashes));
      break;
    case POSTIL_PATTERN_DOTTED:
      append_strokes (self, area, colors, dots, G_N_ELEMENTS (dots));
      break;
    case POSTIL_PATTERN_DASH_DOT:
      append_strokes (self, area, colors, dash_dots, G_N_ELEMENTS (dash_dots));
      break;
    case POSTIL_PATTERN_DOUBLE:
      half.height = unit;
      postil_canvas_add (self->canvas, &line, &half);
      half.y += 2 * unit;
      if (area->height > unit)
        postil_canvas_add (self->canvas, &line, &half);
      break;
    default:
      postil_canvas_add (self->canvas, &line, area);
    }
}

/* The colours of several topics by turns. */
static void
append_topics (Painter *self, PostilAnnotation *annotation, guint n, const GdkRectangle *area)
{
  g_autofree GdkRGBA *colors = g_new (GdkRGBA, n);
  g_autofree int *lengths = g_new (int, n);

  for (guint i = 0; i < n; i++)
    {
      colors[i] = get_tone (self, annotation, i)->line;
      lengths[i] = 8;
    }
  append_strokes (self, area, colors, lengths, n);
}

/* @end is where it ends, if it does so here. */
static void
paint_underline (Painter *self,
                 const Passage *passage,
                 const PostilEdge *end,
                 int drop,
                 int thickness)
{
  PostilStatus status = postil_annotation_get_status (passage->annotation);
  const GArray *areas = find_areas (self, passage->span);
  int unit = self->source->unit;
  guint n_topics;

  postil_annotation_get_topics (passage->annotation, &n_topics);
  for (guint i = 0; i < areas->len; i++)
    {
      GdkRectangle area = g_array_index (areas, GdkRectangle, i);

      /* A gap to what may begin right behind it. */
      if (end != NULL && area.y == end->y && area.width > 2 * unit &&
          (end->x == area.x || end->x == area.x + area.width))
        {
          area.x += end->inward > 0 ? unit : 0;
          area.width -= unit;
        }
      area.y += area.height + drop;
      area.height = thickness;
      if (status != POSTIL_STATUS_PLACED)
        append_pattern (self, passage, POSTIL_PATTERN_DASH_DOT, &area);
      else if (n_topics > 1)
        append_topics (self, passage->annotation, n_topics, &area);
      else
        append_pattern (self, passage, passage->tone->pattern, &area);
    }
}

static void
paint_tick (Painter *self, const GdkRGBA *color, PostilEdge edge, int gap, int top, int bottom)
{
  int unit = self->source->unit;
  int x = edge.inward > 0 ? edge.x + gap : edge.x - gap - unit;

  postil_canvas_add (self->canvas, color, &(GdkRectangle){ x, top, unit, bottom - top });
}

static void
paint_marks (Painter *self)
{
  int unit = self->source->unit;
  gboolean is_wide = self->n_lanes <= WIDE_LANES;
  int pitch = is_wide ? 4 * unit : 2 * unit;

  for (guint i = 0; i < self->passages->len; i++)
    {
      const Passage *passage = &g_array_index (self->passages, Passage, i);
      const GdkRGBA *line = &passage->tone->line;
      gboolean has_lane = passage->lane < POSTIL_HIGHLIGHTS_MAX_LANES;
      int drop = has_lane ? (int) passage->lane * pitch - 2 * unit : 0;
      int thickness = unit;
      PostilEdge start, end;
      gboolean ends;

      if (!has_lane && !passage->has_flag)
        continue;
      ends = passage->ends && postil_line_geometry_get_end (self->geometry, passage->span, &end);
      if (is_wide)
        thickness = passage->tone->pattern == POSTIL_PATTERN_DOUBLE ? 3 * unit : 2 * unit;
      if (has_lane)
        paint_underline (self, passage, ends ? &end : NULL, drop, thickness);
      if (has_lane && passage->starts &&
          postil_line_geometry_get_start (self->geometry, passage->span, &start))
        paint_tick (self, line, start, 0, start.y + start.height + drop - 3 * unit,
                    start.y + start.height + drop + thickness);
      if (has_lane && ends)
        paint_tick (self, line, end, unit,
                    passage->has_flag ? end.y : end.y + end.height + drop - 3 * unit,
                    end.y + end.height + drop + thickness);
      if (passage->has_flag && ends)
        postil_canvas_add (self->canvas, line,
                           &(GdkRectangle){ end.inward > 0 ? end.x + unit : end.x - 5 * unit, end.y,
                                            4 * unit, 4 * unit });
    }
}

static void
frame_current (Painter *self, GtkSnapshot *snapshot)
{
  for (guint i = 0; i < self->passages->len; i++)
    {
      const Passage *passage = &g_array_index (self->passages, Passage, i);
      const GArray *areas;

      if (g_strcmp0 (postil_annotation_get_id (passage->annotation), self->source->current) != 0)
        continue;
      areas = find_areas (self, passage->span);
      for (guint j = 0; j < areas->len; j++)
        append_border (self, snapshot, &passage->tone->line,
                       &g_array_index (areas, GdkRectangle, j), 2 * self->source->unit);
    }
}

/* The first match that ends after @offset. */
static guint
find_first_match (const PostilHighlights *source, guint offset)
{
  guint low = 0, high = source->n_matches;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (source->matches[middle].end <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* With @snapshot their frames, otherwise what is within. */
static void
paint_matches (Painter *self, GtkSnapshot *snapshot)
{
  const PostilHighlights *source = self->source;
  const GdkRGBA *border = postil_palette_get_foreground (source->palette);
  GdkRGBA wash = postil_palette_wash (source->palette,
                                      &postil_palette_get_tone (source->palette, NULL)->color, 3);

  for (guint i = find_first_match (source, self->line.start);
       i < source->n_matches && source->matches[i].start < self->line.end; i++)
    {
      const GArray *areas = find_areas (self, clip (self, source->matches[i]));

      for (guint j = 0; j < areas->len; j++)
        {
          const GdkRectangle *area = &g_array_index (areas, GdkRectangle, j);

          if (snapshot != NULL)
            append_border (self, snapshot, border, area, source->unit);
          else
            postil_canvas_add (self->canvas, &wash, area);
        }
    }
}

static gboolean
meet_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * postil_highlights_choose_lane:
 * @lane_ends: (array fixed-size=6): where the last underline of each lane ends; 0 at first
 * @span: the next passage, none of those before starts after it
 *
 * Finds room for an underline beside those that it overlaps.
 *
 * Returns: the first lane that is free, from the text down; %POSTIL_HIGHLIGHTS_MAX_LANES if none is
 */
guint
postil_highlights_choose_lane (guint *lane_ends, PostilSpan span)
{
  for (guint i = 0; i < POSTIL_HIGHLIGHTS_MAX_LANES; i++)
    if (lane_ends[i] <= span.start)
      {
        lane_ends[i] = span.end;
        return i;
      }
  return POSTIL_HIGHLIGHTS_MAX_LANES;
}

/**
 * postil_highlights_touch:
 * @line: a line of the text
 *
 * Returns: whether there is anything to be painted of it
 */
gboolean
postil_highlights_touch (const PostilHighlights *self, PostilSpan line)
{
  guint match;
  gboolean found = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);

  match = find_first_match (self, line.start);
  if (match < self->n_matches && self->matches[match].start < line.end)
    return TRUE;
  postil_annotation_index_foreach_in (self->annotations, line, meet_cb, &found);
  return found;
}

/**
 * postil_highlights_paint:
 * @geometry: where a part of a line of the view's buffer is
 * @line: what of the text that line shows, with what ends it
 * @length: its length in code points without what ends it
 * @top: the first pixel to be painted, from the top of the line; where a display line begins
 * @bottom: the pixel after the last one
 * @n_pixels: (out): how many pixels are kept with what is returned
 *
 * Paints the annotations and matches of that part: a wash behind the text, an underline for each
 * annotation, ticks where it begins and ends, a flag at the end of those with a note.
 *
 * Returns: (transfer full) (nullable): what goes below the text, x as in the buffer and y from the
 *   top of the line; %NULL if there is nothing
 */
GskRenderNode *
postil_highlights_paint (const PostilHighlights *self,
                         PostilLineGeometry *geometry,
                         PostilSpan line,
                         guint length,
                         int top,
                         int bottom,
                         gsize *n_pixels)
{
  g_autoptr (GArray) passages = g_array_new (FALSE, FALSE, sizeof (Passage));
  g_autoptr (GArray) areas = g_array_new (FALSE, FALSE, sizeof (GdkRectangle));
  g_autoptr (PostilCanvas) canvas = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  Painter painter = {
    .source = self,
    .geometry = geometry,
    .line = line,
    .length = length,
    .top = top,
    .bottom = bottom,
    .passages = passages,
    .areas = areas,
  };
  GtkSnapshot *snapshot;

  g_return_val_if_fail (self != NULL && geometry != NULL && n_pixels != NULL, NULL);

  painter.known = postil_line_geometry_get_known (geometry);
  postil_annotation_index_foreach_in (self->annotations, line, collect_cb, &painter);
  painter.canvas = canvas = postil_canvas_new (top, bottom);
  paint_washes (&painter);
  paint_matches (&painter, NULL);
  paint_marks (&painter);
  node = postil_canvas_to_node (
    canvas, self->is_alone ? postil_palette_get_background (self->palette) : NULL,
    gtk_widget_get_scale_factor (GTK_WIDGET (self->view)), n_pixels);
  if (self->current == NULL && self->n_matches == 0)
    return g_steal_pointer (&node);

  snapshot = gtk_snapshot_new ();
  if (node != NULL)
    gtk_snapshot_append_node (snapshot, node);
  paint_matches (&painter, snapshot);
  frame_current (&painter, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}
