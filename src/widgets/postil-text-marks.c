/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-marks.h"

#include "postil-highlights.h"

/* How much of a wash is left where a whole passage has it. */
#define PASSAGE_SHARE 0.5

/* Strokes of an underline in units of the finest mark: how long, and how far to the next one. */
#define DASH 6
#define DASH_STEP 9
#define DOT 2
#define DOT_STEP 4

/*
 * PostilTextMarks: what is marked in a text that is read beside another one, found by place. Owned
 * by the painter of a text view; never changes. A line is painted from the marks that touch it.
 */
struct _PostilTextMarks
{
  GArray *marks;
  /* Where the furthest of the marks up to each one ends. */
  guint *reach;
};

typedef struct
{
  const PostilTextMarksStyle *style;
  PostilLineGeometry *geometry;
  GtkSnapshot *snapshot;
  PostilSpan line;
  guint length;
  int height;
  GArray *areas;
  guint lane_ends[POSTIL_HIGHLIGHTS_MAX_LANES];
  GArray *lanes;
} Painter;

/* An underline of an annotation. */
typedef struct
{
  PostilSpan span;
  guint lane;
} Lane;

static int
compare_marks (gconstpointer x, gconstpointer y)
{
  const PostilTextMark *a = x, *b = y;

  if (a->span.start != b->span.start)
    return a->span.start < b->span.start ? -1 : 1;
  return (int) a->kind - (int) b->kind;
}

/* The first mark that may end after @offset. */
static guint
find_first (PostilTextMarks *self, guint offset)
{
  guint low = 0, high = self->marks->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->reach[middle] <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static PostilSpan
clip (Painter *self, PostilSpan span)
{
  guint start = MAX (span.start, self->line.start) - self->line.start;
  guint end = MIN (MAX (span.end, self->line.start) - self->line.start, self->length);

  return (PostilSpan){ MIN (start, end), end };
}

static const PostilTone *
get_tone (Painter *self, PostilTextMarkKind kind)
{
  static const PostilComparisonTone tones[] = {
    [POSTIL_TEXT_MARK_ONLY_HERE] = POSTIL_COMPARISON_TONE_ONLY,
    [POSTIL_TEXT_MARK_CURRENT] = POSTIL_COMPARISON_TONE_SAME,
    [POSTIL_TEXT_MARK_COUNTERPART] = POSTIL_COMPARISON_TONE_REWORDED,
    [POSTIL_TEXT_MARK_WORDS_ONLY_HERE] = POSTIL_COMPARISON_TONE_ONLY,
    [POSTIL_TEXT_MARK_WORDS_REPLACED] = POSTIL_COMPARISON_TONE_REWORDED,
    [POSTIL_TEXT_MARK_WORDS_MOVED] = POSTIL_COMPARISON_TONE_MOVED,
  };

  return postil_palette_get_comparison_tone (self->style->palette, tones[kind]);
}

static void
append_area (Painter *self, const GdkRGBA *color, const GdkRectangle *area, int by)
{
  gtk_snapshot_append_color (
    self->snapshot, color,
    &GRAPHENE_RECT_INIT (area->x - by, area->y - by, area->width + 2 * by, area->height + 2 * by));
}

/* An empty line within a longer passage covers nothing. */
static const GArray *
find_areas (Painter *self, PostilSpan span)
{
  PostilSpan clipped = clip (self, span);

  g_array_set_size (self->areas, 0);
  if (clipped.end > clipped.start || span.end == span.start)
    postil_line_geometry_add_areas (self->geometry, clipped, self->areas);
  return self->areas;
}

/* Where a passage is, with half of the space between display lines, so that there is no gap; nor
 * may they lie on each other, as fonts are of different heights. */
static const GArray *
find_block (Painter *self, PostilSpan span)
{
  int gap = gtk_text_view_get_pixels_inside_wrap (self->style->view);

  find_areas (self, span);
  for (guint i = 0; i < self->areas->len; i++)
    {
      GdkRectangle *area = &g_array_index (self->areas, GdkRectangle, i);

      area->y -= gap / 2;
      area->height += gap;
    }
  for (guint i = 0, next = 0; i < self->areas->len; i++)
    {
      GdkRectangle *area = &g_array_index (self->areas, GdkRectangle, i);
      const GdkRectangle *areas = &g_array_index (self->areas, GdkRectangle, 0);

      while (next < self->areas->len && areas[next].y <= area->y)
        next++;
      if (next < self->areas->len)
        area->height = MIN (area->height, areas[next].y - area->y);
    }
  return self->areas;
}

/* In the margin, beside all display lines of the passage; as high as the line if it goes on. */
static void
paint_bar (Painter *self, const PostilTextMark *mark, const GArray *areas)
{
  const GdkRGBA *color = &get_tone (self, mark->kind)->line;
  int top = self->height, bottom = 0;

  for (guint i = 0; i < areas->len; i++)
    {
      const GdkRectangle *area = &g_array_index (areas, GdkRectangle, i);

      top = MIN (top, area->y);
      bottom = MAX (bottom, area->y + area->height);
    }
  if (mark->span.start < self->line.start)
    top = 0;
  if (mark->span.end > self->line.end)
    bottom = self->height;
  gtk_snapshot_append_color (self->snapshot, color,
                             &GRAPHENE_RECT_INIT (self->style->bar_x, top, self->style->bar_width,
                                                  MAX (bottom - top, self->style->unit)));
}

/* The outline of a block is what is left of a larger one when a smaller one is laid over it. */
static void
paint_frame (Painter *self, const GArray *areas, const GdkRGBA *line, int thickness)
{
  int unit = self->style->unit;

  for (guint i = 0; i < areas->len; i++)
    append_area (self, line, &g_array_index (areas, GdkRectangle, i), unit + thickness);
  for (guint i = 0; i < areas->len; i++)
    append_area (self, postil_palette_get_background (self->style->palette),
                 &g_array_index (areas, GdkRectangle, i), unit);
}

static void
paint_wash (Painter *self, const GArray *areas, const GdkRGBA *color, double share)
{
  GdkRGBA wash = postil_palette_wash (self->style->palette, color, 1);

  wash.alpha *= share;
  for (guint i = 0; i < areas->len; i++)
    append_area (self, &wash, &g_array_index (areas, GdkRectangle, i), 0);
}

static void
paint_passage (Painter *self, const PostilTextMark *mark)
{
  const PostilTone *tone = get_tone (self, mark->kind);
  const GArray *areas = find_block (self, mark->span);
  int unit = self->style->unit;

  switch (mark->kind)
    {
    case POSTIL_TEXT_MARK_ONLY_HERE:
      paint_wash (self, areas, &tone->color, PASSAGE_SHARE);
      paint_bar (self, mark, areas);
      break;
    case POSTIL_TEXT_MARK_CURRENT:
      paint_frame (self, areas, &tone->line, 2 * unit);
      break;
    case POSTIL_TEXT_MARK_COUNTERPART:
      paint_frame (self, areas, &tone->line, unit);
      paint_wash (self, areas, &tone->color, PASSAGE_SHARE);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
collect_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Painter *self = data;
  Lane lane = { .span = clip (self, span) };

  lane.lane = postil_highlights_choose_lane (self->lane_ends, lane.span);
  g_array_append_val (self->lanes, lane);
  return G_SOURCE_CONTINUE;
}

/* Below the underlines of all annotations there. */
static guint
find_lane (Painter *self, PostilSpan span)
{
  guint lane = 0;

  for (guint i = 0; i < self->lanes->len; i++)
    {
      const Lane *other = &g_array_index (self->lanes, Lane, i);

      if (postil_span_touches (other->span, span))
        lane = MAX (lane, other->lane + 1);
    }
  return lane;
}

static void
append_strokes (Painter *self, const GdkRGBA *color, GdkRectangle line, int length, int step)
{
  for (int x = 0; x < line.width; x += step)
    gtk_snapshot_append_color (
      self->snapshot, color,
      &GRAPHENE_RECT_INIT (line.x + x, line.y, MIN (length, line.width - x), line.height));
}

static void
paint_words (Painter *self, const PostilTextMark *mark)
{
  const PostilTone *tone = get_tone (self, mark->kind);
  const GArray *areas = find_areas (self, mark->span);
  guint lane = find_lane (self, clip (self, mark->span));
  int unit = self->style->unit;
  /* As close as highlights get where many lie on each other. */
  int drop = (int) lane * (lane < 3 ? 4 : 2) * unit - 2 * unit;

  paint_wash (self, areas, &tone->color, 1);
  for (guint i = 0; i < areas->len; i++)
    {
      GdkRectangle area = g_array_index (areas, GdkRectangle, i);
      GdkRectangle line = { area.x, area.y + area.height + drop, area.width, 2 * unit };

      if (tone->pattern == POSTIL_PATTERN_DASHED)
        append_strokes (self, &tone->line, line, DASH * unit, DASH_STEP * unit);
      else if (tone->pattern == POSTIL_PATTERN_DOTTED)
        append_strokes (self, &tone->line, line, DOT * unit, DOT_STEP * unit);
      else
        append_strokes (self, &tone->line, line, line.width, line.width);
    }
}

/**
 * postil_text_marks_new:
 * @marks: (array length=n_marks) (nullable): what is marked, in any order
 * @n_marks: how many
 *
 * Returns: (transfer full): these marks
 */
PostilTextMarks *
postil_text_marks_new (const PostilTextMark *marks, guint n_marks)
{
  PostilTextMarks *self;

  g_return_val_if_fail (marks != NULL || n_marks == 0, NULL);

  self = g_new0 (PostilTextMarks, 1);
  self->marks = g_array_sized_new (FALSE, FALSE, sizeof (PostilTextMark), n_marks);
  if (n_marks > 0)
    g_array_append_vals (self->marks, marks, n_marks);
  g_array_sort (self->marks, compare_marks);
  self->reach = g_new (guint, n_marks);
  for (guint i = 0; i < n_marks; i++)
    {
      guint end = g_array_index (self->marks, PostilTextMark, i).span.end;

      self->reach[i] = i > 0 ? MAX (self->reach[i - 1], end) : end;
    }
  return self;
}

/**
 * postil_text_marks_free:
 * @self: (transfer full): marks
 */
void
postil_text_marks_free (PostilTextMarks *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->marks);
  g_free (self->reach);
  g_free (self);
}

/**
 * postil_text_marks_touch:
 * @line: a line of the text
 *
 * Returns: whether there is anything to be painted of it
 */
gboolean
postil_text_marks_touch (PostilTextMarks *self, PostilSpan line)
{
  guint first;

  g_return_val_if_fail (self != NULL, FALSE);

  first = find_first (self, line.start);
  return first < self->marks->len &&
         g_array_index (self->marks, PostilTextMark, first).span.start < line.end;
}

/**
 * postil_text_marks_paint:
 * @style: what to paint with
 * @geometry: where a part of a line of the view's buffer is
 * @line: what of the text that line shows, with what ends it
 * @length: its length in code points without what ends it
 * @height: its height in pixels
 *
 * Paints the marks of that part, to lie below its highlights: passages first, then what words they
 * are made of.
 *
 * Returns: (transfer full) (nullable): x as in the buffer and y from the top of the line; %NULL if
 *   there is nothing; to be clipped to that part
 */
GskRenderNode *
postil_text_marks_paint (PostilTextMarks *self,
                         const PostilTextMarksStyle *style,
                         PostilLineGeometry *geometry,
                         PostilSpan line,
                         guint length,
                         int height)
{
  /* A frame hides what is below it. */
  static const PostilTextMarkKind order[] = {
    POSTIL_TEXT_MARK_CURRENT,         POSTIL_TEXT_MARK_COUNTERPART,    POSTIL_TEXT_MARK_ONLY_HERE,
    POSTIL_TEXT_MARK_WORDS_ONLY_HERE, POSTIL_TEXT_MARK_WORDS_REPLACED, POSTIL_TEXT_MARK_WORDS_MOVED,
  };
  g_autoptr (GArray) areas = NULL;
  g_autoptr (GArray) lanes = NULL;
  const PostilTextMark *marks;
  guint first, end;
  Painter painter = {
    .style = style, .geometry = geometry, .line = line, .length = length, .height = height
  };

  g_return_val_if_fail (self != NULL && style != NULL && geometry != NULL, NULL);

  marks = (const PostilTextMark *) (gpointer) self->marks->data;
  first = find_first (self, line.start);
  for (end = first; end < self->marks->len && marks[end].span.start < line.end; end++)
    continue;
  painter.areas = areas = g_array_new (FALSE, FALSE, sizeof (GdkRectangle));
  painter.lanes = lanes = g_array_new (FALSE, FALSE, sizeof (Lane));
  painter.snapshot = gtk_snapshot_new ();
  postil_annotation_index_foreach_in (style->annotations, line, collect_cb, &painter);
  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = first; i < end; i++)
      {
        if (marks[i].kind != order[k] || marks[i].span.end <= line.start)
          continue;
        if (order[k] < POSTIL_TEXT_MARK_WORDS_ONLY_HERE)
          paint_passage (&painter, &marks[i]);
        else
          paint_words (&painter, &marks[i]);
      }
  return gtk_snapshot_free_to_node (painter.snapshot);
}
