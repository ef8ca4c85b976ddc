/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-highlights.h"

#include "postil-line-geometry.h"

/* Lanes that have room for every pattern in its full thickness. */
#define WIDE_LANES 3

#define CORNER_RADIUS 3

/* One in so many overlapping annotations is few of them. */
#define FEW 4

/* One range of an annotation, as far as it lies in the line, in code points from its start. */
typedef struct
{
  PostilAnnotation *annotation;
  PostilSpan span;
  gboolean starts;
  gboolean ends;
  gboolean has_flag;
  guint lane;
  GdkRGBA color;
} Passage;

/* Where the set of passages changes. */
typedef struct
{
  guint offset;
  int by;
  GdkRGBA color;
} Turn;

typedef struct
{
  const PostilHighlights *source;
  PostilLineGeometry *geometry;
  GtkSnapshot *snapshot;
  PostilSpan line;
  guint length;
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
blend_topics (Painter *self, PostilAnnotation *annotation)
{
  guint n_topics;
  GdkRGBA sum = { 0, 0, 0, 1 };

  postil_annotation_get_topics (annotation, &n_topics);
  n_topics = MAX (n_topics, 1);
  for (guint i = 0; i < n_topics; i++)
    {
      const PostilTone *tone = get_tone (self, annotation, i);

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
    .color = blend_topics (self, annotation),
  };

  postil_annotation_get_notes (annotation, &n_notes);
  passage.has_flag =
    n_notes > 0 && passage.ends && span.end == postil_annotation_get_extent (annotation).end;
  passage.lane = postil_highlights_choose_lane (self->lane_ends, passage.span);
  self->n_lanes = MAX (self->n_lanes, passage.lane + 1);
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
append_color (Painter *self, const GdkRGBA *color, int x, int y, int width, int height)
{
  gtk_snapshot_append_color (self->snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
append_border (Painter *self, const GdkRGBA *color, const GdkRectangle *area, float thickness)
{
  const GdkRGBA colors[4] = { *color, *color, *color, *color };
  const float widths[4] = { thickness, thickness, thickness, thickness };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (
    &outline, &GRAPHENE_RECT_INIT (area->x, area->y, area->width, area->height),
    CORNER_RADIUS * self->source->unit);
  gtk_snapshot_append_border (self->snapshot, &outline, widths, colors);
}

static int
compare_turns (gconstpointer a, gconstpointer b)
{
  guint left = ((const Turn *) a)->offset, right = ((const Turn *) b)->offset;

  return left < right ? -1 : left > right;
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

      append_color (self, wash, area->x, area->y, area->width, area->height);
    }
}

/* One rectangle a segment, whatever the number of annotations on it, in the mean of their colours.
 * Where more overlap than have marks of their own, some more or less of them make no new segment.
 */
static void
paint_washes (Painter *self)
{
  g_autoptr (GArray) turns = g_array_new (FALSE, FALSE, sizeof (Turn));
  PostilSpan segment = { 0 };
  GdkRGBA wash;
  double red = 0, green = 0, blue = 0;
  int depth = 0, n_turns = 0;
  gboolean is_open = FALSE;

  for (guint i = 0; i < self->passages->len; i++)
    {
      const Passage *passage = &g_array_index (self->passages, Passage, i);
      Turn start = { passage->span.start, 1, passage->color };
      Turn end = { passage->span.end, -1, passage->color };

      if (postil_span_length (passage->span) == 0)
        continue;
      g_array_append_val (turns, start);
      g_array_append_val (turns, end);
    }
  g_array_sort (turns, compare_turns);

  for (guint i = 0; i < turns->len; i++)
    {
      const Turn *turn = &g_array_index (turns, Turn, i);

      depth += turn->by;
      red += turn->by * turn->color.red;
      green += turn->by * turn->color.green;
      blue += turn->by * turn->color.blue;
      n_turns++;
      if (i + 1 < turns->len && turn[1].offset == turn->offset)
        continue;
      if (is_open && (depth <= POSTIL_HIGHLIGHTS_MAX_LANES || n_turns * FEW >= depth))
        {
          segment.end = turn->offset;
          paint_wash (self, segment, &wash);
          is_open = FALSE;
        }
      if (!is_open && depth > 0)
        {
          GdkRGBA mean = { red / depth, green / depth, blue / depth, 1 };

          wash = postil_palette_wash (self->source->palette, &mean, depth);
          if (self->source->is_alone)
            wash = make_opaque (self, &wash);
          segment.start = turn->offset;
          is_open = TRUE;
          n_turns = 0;
        }
    }
}

/* The strokes once, and again until the end: far fewer nodes than strokes. */
static void
append_strokes (Painter *self,
                const graphene_rect_t *bounds,
                const GdkRGBA *colors,
                const int *lengths,
                guint n_strokes)
{
  graphene_rect_t period = *bounds;
  int unit = self->source->unit, at = 0;

  for (guint i = 0; i < n_strokes; i++)
    at += lengths[i] * unit;
  period.size.width = at;
  gtk_snapshot_push_repeat (self->snapshot, bounds, &period);
  at = bounds->origin.x;
  for (guint i = 0; i < n_strokes; i++)
    {
      if (colors[i].alpha > 0)
        append_color (self, &colors[i], at, bounds->origin.y, lengths[i] * unit,
                      bounds->size.height);
      at += lengths[i] * unit;
    }
  gtk_snapshot_pop (self->snapshot);
}

static void
append_pattern (Painter *self,
                PostilAnnotation *annotation,
                PostilPattern pattern,
                const graphene_rect_t *bounds)
{
  static const int dashes[] = { 7, 3 }, dots[] = { 2, 2 }, dash_dots[] = { 8, 2, 2, 2 };
  const GdkRGBA line = get_tone (self, annotation, 0)->line;
  const GdkRGBA none = { line.red, line.green, line.blue, 0 };
  const GdkRGBA colors[] = { line, none, line, none };
  int unit = self->source->unit;
  graphene_rect_t half = *bounds;

  switch (pattern)
    {
    case POSTIL_PATTERN_DASHED:
      append_strokes (self, bounds, colors, dashes, G_N_ELEMENTS (dashes));
      break;
    case POSTIL_PATTERN_DOTTED:
      append_strokes (self, bounds, colors, dots, G_N_ELEMENTS (dots));
      break;
    case POSTIL_PATTERN_DASH_DOT:
      append_strokes (self, bounds, colors, dash_dots, G_N_ELEMENTS (dash_dots));
      break;
    case POSTIL_PATTERN_DOUBLE:
      half.size.height = unit;
      gtk_snapshot_append_color (self->snapshot, &line, &half);
      if (bounds->size.height == unit)
        break;
      half.origin.y += 2 * unit;
      gtk_snapshot_append_color (self->snapshot, &line, &half);
      break;
    default:
      gtk_snapshot_append_color (self->snapshot, &line, bounds);
    }
}

/* The colours of several topics by turns. */
static void
append_topics (Painter *self, PostilAnnotation *annotation, guint n, const graphene_rect_t *bounds)
{
  g_autofree GdkRGBA *colors = g_new (GdkRGBA, n);
  g_autofree int *lengths = g_new (int, n);

  for (guint i = 0; i < n; i++)
    {
      colors[i] = get_tone (self, annotation, i)->line;
      lengths[i] = 8;
    }
  append_strokes (self, bounds, colors, lengths, n);
}

static void
paint_underline (Painter *self, const Passage *passage, PostilEdge end, int drop, int thickness)
{
  PostilStatus status = postil_annotation_get_status (passage->annotation);
  const GArray *areas = find_areas (self, passage->span);
  int unit = self->source->unit;
  guint n_topics;

  postil_annotation_get_topics (passage->annotation, &n_topics);
  for (guint i = 0; i < areas->len; i++)
    {
      GdkRectangle area = g_array_index (areas, GdkRectangle, i);
      graphene_rect_t bounds;

      /* A gap to what may begin right behind it. */
      if (passage->ends && area.y == end.y && area.width > 2 * unit &&
          (end.x == area.x || end.x == area.x + area.width))
        {
          area.x += end.inward > 0 ? unit : 0;
          area.width -= unit;
        }
      bounds = GRAPHENE_RECT_INIT (area.x, area.y + area.height + drop, area.width, thickness);
      if (status != POSTIL_STATUS_PLACED)
        append_pattern (self, passage->annotation, POSTIL_PATTERN_DASH_DOT, &bounds);
      else if (n_topics > 1)
        append_topics (self, passage->annotation, n_topics, &bounds);
      else
        append_pattern (self, passage->annotation, get_tone (self, passage->annotation, 0)->pattern,
                        &bounds);
    }
}

static void
paint_tick (Painter *self, const GdkRGBA *color, PostilEdge edge, int gap, int top, int bottom)
{
  int unit = self->source->unit;
  int x = edge.inward > 0 ? edge.x + gap : edge.x - gap - unit;

  append_color (self, color, x, top, unit, bottom - top);
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
      gboolean has_lane = passage->lane < POSTIL_HIGHLIGHTS_MAX_LANES;
      int drop = has_lane ? (int) passage->lane * pitch - 2 * unit : 0;
      int thickness = unit;
      const PostilTone *tone;
      PostilEdge start, end;

      if (!has_lane && !passage->has_flag)
        continue;
      tone = get_tone (self, passage->annotation, 0);
      end = postil_line_geometry_get_end (self->geometry, passage->span);
      if (is_wide)
        thickness = tone->pattern == POSTIL_PATTERN_DOUBLE ? 3 * unit : 2 * unit;
      if (has_lane)
        paint_underline (self, passage, end, drop, thickness);
      if (has_lane && passage->starts)
        {
          start = postil_line_geometry_get_start (self->geometry, passage->span);
          paint_tick (self, &tone->line, start, 0, start.y + start.height + drop - 3 * unit,
                      start.y + start.height + drop + thickness);
        }
      if (has_lane && passage->ends)
        paint_tick (self, &tone->line, end, unit,
                    passage->has_flag ? end.y : end.y + end.height + drop - 3 * unit,
                    end.y + end.height + drop + thickness);
      if (passage->has_flag)
        append_color (self, &tone->line, end.inward > 0 ? end.x + unit : end.x - 5 * unit, end.y,
                      4 * unit, 4 * unit);
    }
}

static void
paint_current (Painter *self)
{
  for (guint i = 0; i < self->passages->len; i++)
    {
      const Passage *passage = &g_array_index (self->passages, Passage, i);
      const GArray *areas;

      if (g_strcmp0 (postil_annotation_get_id (passage->annotation), self->source->current) != 0)
        continue;
      areas = find_areas (self, passage->span);
      for (guint j = 0; j < areas->len; j++)
        append_border (self, &get_tone (self, passage->annotation, 0)->line,
                       &g_array_index (areas, GdkRectangle, j), 2 * self->source->unit);
    }
}

/* The first match that ends after the line's start. */
static guint
find_first_match (Painter *self)
{
  guint low = 0, high = self->source->n_matches;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->source->matches[middle].end <= self->line.start)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
paint_matches (Painter *self, guint first)
{
  const GdkRGBA *border = postil_palette_get_foreground (self->source->palette);
  GdkRGBA wash = postil_palette_wash (
    self->source->palette, &postil_palette_get_tone (self->source->palette, NULL)->color, 3);

  for (guint i = first;
       i < self->source->n_matches && self->source->matches[i].start < self->line.end; i++)
    {
      const GArray *areas = find_areas (self, clip (self, self->source->matches[i]));

      for (guint j = 0; j < areas->len; j++)
        {
          const GdkRectangle *area = &g_array_index (areas, GdkRectangle, j);

          append_color (self, &wash, area->x, area->y, area->width, area->height);
          append_border (self, border, area, self->source->unit);
        }
    }
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
 * postil_highlights_paint:
 * @start: the start of a line of the view's buffer
 * @line: what of the text it shows, with what ends it
 * @length: its length in code points without what ends it
 *
 * Paints the annotations and matches of one line: a wash behind the text, an underline for each
 * annotation, ticks where it begins and ends, a flag at the end of those with a note.
 *
 * Returns: (transfer full) (nullable): what goes below the text, x as in the buffer and y from the
 *   top of the line; %NULL if there is nothing
 */
GskRenderNode *
postil_highlights_paint (const PostilHighlights *self,
                         const GtkTextIter *start,
                         PostilSpan line,
                         guint length)
{
  g_autoptr (GArray) passages = g_array_new (FALSE, FALSE, sizeof (Passage));
  g_autoptr (GArray) areas = g_array_new (FALSE, FALSE, sizeof (GdkRectangle));
  g_autoptr (PostilLineGeometry) geometry = NULL;
  Painter painter = {
    .source = self, .line = line, .length = length, .passages = passages, .areas = areas
  };
  guint first_match;
  const char *utf8;

  g_return_val_if_fail (self != NULL && start != NULL, NULL);

  postil_annotation_index_foreach_in (self->annotations, line, collect_cb, &painter);
  first_match = find_first_match (&painter);
  if (passages->len == 0 &&
      (first_match == self->n_matches || self->matches[first_match].start >= line.end))
    return NULL;

  utf8 = postil_text_get_utf8 (self->text, NULL) + postil_text_get_byte (self->text, line.start);
  geometry = postil_line_geometry_new (self->view, start, utf8, length);
  painter.geometry = geometry;
  painter.snapshot = gtk_snapshot_new ();
  paint_washes (&painter);
  paint_matches (&painter, first_match);
  paint_marks (&painter);
  if (self->current != NULL)
    paint_current (&painter);
  return gtk_snapshot_free_to_node (painter.snapshot);
}
