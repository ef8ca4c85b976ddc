/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-line-geometry.h"

#include <unicode/uchar.h>

/* Width in pixels of what has no character of its own to cover. */
#define EMPTY_WIDTH 4

/* Samples of other scripts that one display line is measured by. */
#define MAX_SAMPLES 8

#define NO_ROW G_MAXUINT

/* The edges of a character in reading direction: a right-to-left one leads on its right. */
typedef struct
{
  gboolean is_known;
  int leading;
  int trailing;
} Character;

typedef struct
{
  guint start;
  guint end;
  const char *utf8;
  int y;
  int height;
  /* One more for what ends the line. */
  Character *characters;
  /* Glyphs that tell more of them. */
  guint row;
} DisplayLine;

/*
 * PostilLineGeometry: where the characters of a line of a text view's buffer are on the screen, as
 * far as a part of that line is concerned: some of its display lines, with one more to either side.
 * Made to paint that part once and then thrown away; the layout must not change meanwhile. GTK
 * takes some microseconds to locate a character, so it is asked only for what glyphs do not tell,
 * not before that is needed, nor twice. Offsets are code points from the line's start, x is that of
 * the buffer, y counts from the line's top.
 */
struct _PostilLineGeometry
{
  GtkTextView *view;
  PostilTextGlyphs *glyphs;
  GtkTextIter start;
  const char *utf8;
  guint length;
  int line_top;
  int line_height;
  /* What was asked for, made larger to whole display lines. */
  int top;
  int bottom;
  gboolean is_left_to_right;
  GArray *lines;
};

static void
clear_line (gpointer data)
{
  g_free (((DisplayLine *) data)->characters);
}

/* Whether two end points say what lies between. Without a strong character a line takes its
 * direction from its neighbours. */
static gboolean
is_left_to_right (const char *utf8, guint length)
{
  gboolean strong = FALSE;

  for (guint i = 0; i < length; i++, utf8 = g_utf8_next_char (utf8))
    if (g_ascii_isalpha (*utf8))
      strong = TRUE;
    else
      switch (u_charDirection (g_utf8_get_char (utf8)))
        {
        case U_LEFT_TO_RIGHT:
          strong = TRUE;
          break;
        case U_RIGHT_TO_LEFT:
        case U_RIGHT_TO_LEFT_ARABIC:
        case U_RIGHT_TO_LEFT_EMBEDDING:
        case U_RIGHT_TO_LEFT_OVERRIDE:
        case U_RIGHT_TO_LEFT_ISOLATE:
        case U_ARABIC_NUMBER:
          return FALSE;
        default:
          break;
        }
  return strong;
}

/* GTK would count to an offset, and back to the index. */
static void
get_location (PostilLineGeometry *self, const char *utf8, GdkRectangle *location)
{
  GtkTextIter iter = self->start;

  gtk_text_iter_set_line_index (&iter, (int) (utf8 - self->utf8));
  gtk_text_view_get_iter_location (self->view, &iter, location);
  location->y -= self->line_top;
}

static guint
find_line_at (PostilLineGeometry *self, guint offset)
{
  guint low = 0, high = self->lines->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->lines, DisplayLine, middle).start <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static void
learn_characters (PostilLineGeometry *self, DisplayLine *line)
{
  guint length = line->end - line->start;
  g_autofree int *edges = g_new (int, length + 1);
  PostilSpan unknown = postil_text_glyphs_find_edges (self->glyphs, line->row, line->utf8, length,
                                                      line->end < self->length, edges);

  for (guint i = 0; i < length; i++)
    if (i < unknown.start || i >= unknown.end)
      {
        int leading = PANGO_PIXELS (edges[i]);

        /* As GTK rounds. */
        line->characters[i] =
          (Character){ TRUE, leading, leading + PANGO_PIXELS (edges[i + 1] - edges[i]) };
      }
  line->row = NO_ROW;
}

static const Character *
get_character (PostilLineGeometry *self, DisplayLine *line, guint offset)
{
  Character *character = &line->characters[offset - line->start];

  if (!character->is_known && line->row != NO_ROW)
    learn_characters (self, line);
  if (!character->is_known)
    {
      GdkRectangle location;

      get_location (self, g_utf8_offset_to_pointer (line->utf8, offset - line->start), &location);
      *character = (Character){ TRUE, location.x, location.x + location.width };
    }
  return character;
}

/* Whether something of a display line is certainly painted, so that it has a row of glyphs. */
static gboolean
has_ink (const DisplayLine *line)
{
  const char *utf8 = line->utf8;

  for (guint i = line->start; i < line->end; i++, utf8 = g_utf8_next_char (utf8))
    if (g_ascii_isgraph (*utf8))
      return TRUE;
  return FALSE;
}

/* GTK locates a character by its own font's height; a display line is as high as its highest. */
static void
locate_line (PostilLineGeometry *self, DisplayLine *line)
{
  const char *utf8 = line->utf8;
  GdkRectangle location;
  gboolean was_other = FALSE;
  int bottom;

  get_location (self, utf8, &location);
  line->characters[0] = (Character){ TRUE, location.x, location.x + location.width };
  line->y = location.y;
  bottom = location.y + location.height;
  for (guint i = line->start, n = 0; i < line->end && n < MAX_SAMPLES;
       i++, utf8 = g_utf8_next_char (utf8))
    {
      gboolean is_other = g_utf8_get_char (utf8) >= 0x530;

      if (is_other && !was_other)
        {
          get_location (self, utf8, &location);
          line->y = MIN (line->y, location.y);
          bottom = MAX (bottom, location.y + location.height);
          n++;
        }
      was_other = is_other;
    }
  line->height = bottom - line->y;
}

/* @row is that of the display line if it has one and the line before it had one. */
static void
measure_line (PostilLineGeometry *self, DisplayLine *line, guint *row)
{
  line->characters = g_new0 (Character, line->end - line->start + 1);
  if (*row != NO_ROW && has_ink (line) &&
      postil_text_glyphs_get_height (self->glyphs, *row, &line->y, &line->height))
    line->y -= self->line_top;
  else
    {
      locate_line (self, line);
      *row = has_ink (line) ? postil_text_glyphs_find_row (self->glyphs, self->line_top + line->y)
                            : NO_ROW;
    }
  line->row = self->is_left_to_right ? *row : NO_ROW;
  if (*row != NO_ROW)
    *row = postil_text_glyphs_next_row (self->glyphs, *row);
}

static void
go_to_display_line_start (PostilLineGeometry *self, GtkTextIter *iter)
{
  if (!gtk_text_view_starts_display_line (self->view, iter))
    gtk_text_view_backward_display_line_start (self->view, iter);
}

/* Where the display line before that at the top starts. */
static void
find_start (PostilLineGeometry *self, GtkTextIter *iter)
{
  GdkRectangle location;
  int trailing;

  *iter = self->start;
  if (self->top == 0)
    return;

  gtk_text_view_get_iter_at_position (self->view, iter, &trailing, 0, self->line_top + self->top);
  if (gtk_text_iter_compare (iter, &self->start) < 0)
    *iter = self->start;
  go_to_display_line_start (self, iter);
  /* GTK counts a part of the space above a line to it. */
  gtk_text_view_get_iter_location (self->view, iter, &location);
  for (int n_back = location.y > self->line_top + self->top ? 2 : 1;
       n_back > 0 && gtk_text_iter_compare (iter, &self->start) > 0; n_back--)
    {
      gtk_text_iter_backward_char (iter);
      go_to_display_line_start (self, iter);
    }
}

static void
find_lines (PostilLineGeometry *self)
{
  DisplayLine line = { 0 };
  GtkTextIter iter;
  guint row = NO_ROW;

  find_start (self, &iter);
  line.start = gtk_text_iter_get_line_offset (&iter);
  line.utf8 = self->utf8 + gtk_text_iter_get_line_index (&iter);
  for (;;)
    {
      const char *next = NULL;

      /* GTK would count from the start of the line. */
      if (gtk_text_view_forward_display_line (self->view, &iter) &&
          gtk_text_iter_get_line (&iter) == gtk_text_iter_get_line (&self->start))
        next = self->utf8 + gtk_text_iter_get_line_index (&iter);
      line.end =
        next != NULL
          ? MIN (line.start + (guint) g_utf8_strlen (line.utf8, next - line.utf8), self->length)
          : self->length;
      measure_line (self, &line, &row);
      g_array_append_val (self->lines, line);
      if (line.end == self->length || line.end == line.start || line.y >= self->bottom)
        break;
      line.start = line.end;
      line.utf8 = next;
    }
}

/* The display lines that lie between top and bottom at least in part; before the first one and
 * after the last one is only what is not text. */
static void
round_range (PostilLineGeometry *self)
{
  const DisplayLine *lines = &g_array_index (self->lines, DisplayLine, 0);
  int top = lines[0].start == 0 ? 0 : lines[0].y, bottom = self->line_height;

  for (guint i = 1; i < self->lines->len; i++)
    {
      if (lines[i].y <= self->top)
        top = lines[i].y;
      if (lines[i].y >= self->bottom)
        bottom = MIN (bottom, lines[i].y);
    }
  self->top = MIN (top, self->top);
  self->bottom = MAX (bottom, self->bottom);
}

static void
add_area (const DisplayLine *line, int from, int to, GArray *areas)
{
  GdkRectangle area = { MIN (from, to), line->y, ABS (to - from), line->height };

  if (area.width > 0)
    g_array_append_val (areas, area);
}

static int
compare_areas (gconstpointer a, gconstpointer b)
{
  return ((const GdkRectangle *) a)->x - ((const GdkRectangle *) b)->x;
}

/* A range of mixed direction may lie in several parts of a display line. */
static void
add_areas_by_character (PostilLineGeometry *self,
                        DisplayLine *line,
                        guint start,
                        guint end,
                        GArray *areas)
{
  guint first = areas->len, n = 0;
  GdkRectangle *parts;

  for (guint i = start; i < end; i++)
    {
      const Character *character = get_character (self, line, i);

      add_area (line, character->leading, character->trailing, areas);
    }
  if (areas->len == first)
    return;

  parts = &g_array_index (areas, GdkRectangle, first);
  qsort (parts, areas->len - first, sizeof *parts, compare_areas);
  /* Each edge was rounded for itself, so neighbours may be a pixel apart. */
  for (guint i = 1; i < areas->len - first; i++)
    if (parts[i].x <= parts[n].x + parts[n].width + 1)
      parts[n].width = MAX (parts[n].width, parts[i].x + parts[i].width - parts[n].x);
    else
      parts[++n] = parts[i];
  g_array_set_size (areas, first + n + 1);
}

static gboolean
is_known (PostilLineGeometry *self, guint offset)
{
  PostilSpan known = postil_line_geometry_get_known (self);

  return offset >= known.start &&
         (offset < known.end || (offset == self->length && offset == known.end));
}

static gboolean
get_edge (PostilLineGeometry *self, guint offset, gboolean is_end, PostilEdge *edge)
{
  DisplayLine *line;
  const Character *character;
  int forward;

  if (!is_known (self, offset))
    return FALSE;
  line = &g_array_index (self->lines, DisplayLine, find_line_at (self, offset));
  edge->y = line->y;
  edge->height = line->height;
  /* The next character is more often located for something else too. */
  if (is_end && self->is_left_to_right && offset + 1 < line->end)
    {
      edge->x = get_character (self, line, offset + 1)->leading;
      edge->inward = -1;
      return TRUE;
    }
  character = get_character (self, line, offset);
  forward = character->trailing >= character->leading ? 1 : -1;
  edge->x = is_end ? character->trailing : character->leading;
  edge->inward = is_end ? -forward : forward;
  return TRUE;
}

/**
 * postil_line_geometry_new:
 * @view: a text view
 * @start: where a line of its buffer starts
 * @utf8: the text of that line
 * @length: its length in code points, without what ends it
 * @top: the first pixel of it that is to be painted, from its top
 * @bottom: the pixel after the last one that is to be painted
 * @glyphs: what is in sight of the view
 *
 * Returns: (transfer full): the geometry of that part of the line
 */
PostilLineGeometry *
postil_line_geometry_new (GtkTextView *view,
                          const GtkTextIter *start,
                          const char *utf8,
                          guint length,
                          int top,
                          int bottom,
                          PostilTextGlyphs *glyphs)
{
  PostilLineGeometry *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && start != NULL && utf8 != NULL, NULL);
  g_return_val_if_fail (glyphs != NULL, NULL);

  self = g_new0 (PostilLineGeometry, 1);
  self->view = view;
  self->glyphs = glyphs;
  self->start = *start;
  self->utf8 = utf8;
  self->length = length;
  self->top = top;
  self->bottom = bottom;
  gtk_text_view_get_line_yrange (view, start, &self->line_top, &self->line_height);
  self->is_left_to_right = is_left_to_right (utf8, length);
  self->lines = g_array_new (FALSE, FALSE, sizeof (DisplayLine));
  g_array_set_clear_func (self->lines, clear_line);
  find_lines (self);
  round_range (self);
  return self;
}

/**
 * postil_line_geometry_free:
 * @self: (transfer full): a geometry
 */
void
postil_line_geometry_free (PostilLineGeometry *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->lines);
  g_free (self);
}

/**
 * postil_line_geometry_get_range:
 * @top: (out): where the display lines begin that are to be painted, in pixels
 * @bottom: (out): where they end
 *
 * Whatever part of a line is painted, these are whole display lines, with the space round them.
 */
void
postil_line_geometry_get_range (PostilLineGeometry *self, int *top, int *bottom)
{
  g_return_if_fail (self != NULL && top != NULL && bottom != NULL);

  *top = self->top;
  *bottom = self->bottom;
}

/**
 * postil_line_geometry_get_known:
 *
 * Returns: the display lines that are known: those to be painted, and one to either side
 */
PostilSpan
postil_line_geometry_get_known (PostilLineGeometry *self)
{
  g_return_val_if_fail (self != NULL, (PostilSpan){ 0 });

  return (PostilSpan){
    g_array_index (self->lines, DisplayLine, 0).start,
    g_array_index (self->lines, DisplayLine, self->lines->len - 1).end,
  };
}

/**
 * postil_line_geometry_list_starts:
 * @starts: (element-type guint): where is appended at which offsets the known display lines start
 */
void
postil_line_geometry_list_starts (PostilLineGeometry *self, GArray *starts)
{
  g_return_if_fail (self != NULL && starts != NULL);

  for (guint i = 0; i < self->lines->len; i++)
    g_array_append_val (starts, g_array_index (self->lines, DisplayLine, i).start);
}

/**
 * postil_line_geometry_add_areas:
 * @span: within the line
 * @areas: (element-type GdkRectangle): where what @span covers is appended, from top to bottom, as
 *   far as it is known
 *
 * An empty span covers a few pixels, so that nothing is invisible.
 */
void
postil_line_geometry_add_areas (PostilLineGeometry *self, PostilSpan span, GArray *areas)
{
  g_return_if_fail (self != NULL && span.start <= span.end && span.end <= self->length);

  if (span.start == span.end)
    {
      PostilEdge edge;

      if (get_edge (self, span.start, FALSE, &edge))
        {
          GdkRectangle area = { edge.x, edge.y, EMPTY_WIDTH, edge.height };

          g_array_append_val (areas, area);
        }
      return;
    }

  for (guint i = find_line_at (self, span.start); i < self->lines->len; i++)
    {
      DisplayLine *line = &g_array_index (self->lines, DisplayLine, i);
      guint start = MAX (span.start, line->start);
      guint end = MIN (span.end, line->end);

      if (start >= end)
        break;
      if (!self->is_left_to_right)
        add_areas_by_character (self, line, start, end, areas);
      else if (end < line->end)
        add_area (line, get_character (self, line, start)->leading,
                  get_character (self, line, end)->leading, areas);
      else
        add_area (line, get_character (self, line, start)->leading,
                  get_character (self, line, end - 1)->trailing, areas);
    }
}

/**
 * postil_line_geometry_get_start:
 * @span: within the line
 * @edge: (out): where it begins
 *
 * Returns: whether that is known
 */
gboolean
postil_line_geometry_get_start (PostilLineGeometry *self, PostilSpan span, PostilEdge *edge)
{
  g_return_val_if_fail (self != NULL && span.end <= self->length && edge != NULL, FALSE);

  return get_edge (self, span.start, FALSE, edge);
}

/**
 * postil_line_geometry_get_end:
 * @span: within the line
 * @edge: (out): where it ends
 *
 * Returns: whether that is known
 */
gboolean
postil_line_geometry_get_end (PostilLineGeometry *self, PostilSpan span, PostilEdge *edge)
{
  g_return_val_if_fail (self != NULL && span.end <= self->length && edge != NULL, FALSE);

  return span.end > span.start ? get_edge (self, span.end - 1, TRUE, edge)
                               : get_edge (self, span.start, FALSE, edge);
}
