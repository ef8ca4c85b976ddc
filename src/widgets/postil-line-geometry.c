/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-line-geometry.h"

#include <unicode/uchar.h>

/* Width in pixels of what has no character of its own to cover. */
#define EMPTY_WIDTH 4

/* Samples of other scripts that one display line is measured by. */
#define MAX_SAMPLES 8

typedef struct
{
  guint start;
  int y;
  int height;
} DisplayLine;

/* The edges of a character in reading direction: a right-to-left one leads on its right. */
typedef struct
{
  gboolean is_known;
  int leading;
  int trailing;
} Character;

/*
 * PostilLineGeometry: where the characters of one line of a text view's buffer are on the screen.
 * Made to paint that line once and then thrown away; the layout must not change meanwhile. GTK
 * takes some microseconds to locate a character, so nothing is located before it is needed, nor
 * twice. Offsets are code points from the line's start, x is that of the buffer, y counts from the
 * line's top.
 */
struct _PostilLineGeometry
{
  GtkTextView *view;
  GtkTextIter start;
  guint length;
  int top;
  gboolean is_left_to_right;
  GArray *lines;
  Character *characters;
};

/* Whether two end points say what lies between. Without a strong character a line takes its
 * direction from its neighbours. */
static gboolean
is_left_to_right (const char *utf8, guint length)
{
  gboolean strong = FALSE;

  for (guint i = 0; i < length; i++, utf8 = g_utf8_next_char (utf8))
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

static void
get_location (PostilLineGeometry *self, guint offset, GdkRectangle *location)
{
  GtkTextIter iter = self->start;

  gtk_text_iter_set_line_offset (&iter, offset);
  gtk_text_view_get_iter_location (self->view, &iter, location);
  location->y -= self->top;
}

static const Character *
get_character (PostilLineGeometry *self, guint offset)
{
  Character *character = &self->characters[offset];

  if (!character->is_known)
    {
      GdkRectangle location;

      get_location (self, offset, &location);
      *character = (Character){ TRUE, location.x, location.x + location.width };
    }
  return character;
}

/* GTK locates a character by its own font's height; a display line is as high as its highest. */
static void
measure_line (PostilLineGeometry *self, DisplayLine *line, guint end, const char *utf8)
{
  GdkRectangle location;
  gboolean was_other = FALSE;
  int bottom;

  get_location (self, line->start, &location);
  line->y = location.y;
  bottom = location.y + location.height;
  for (guint i = line->start, n = 0; i < end && n < MAX_SAMPLES;
       i++, utf8 = g_utf8_next_char (utf8))
    {
      gboolean is_other = g_utf8_get_char (utf8) >= 0x530;

      if (is_other && !was_other)
        {
          get_location (self, i, &location);
          line->y = MIN (line->y, location.y);
          bottom = MAX (bottom, location.y + location.height);
          n++;
        }
      was_other = is_other;
    }
  line->height = bottom - line->y;
}

static void
find_lines (PostilLineGeometry *self, const char *utf8)
{
  GtkTextIter iter = self->start;
  DisplayLine line = { 0 };

  do
    {
      g_array_append_val (self->lines, line);
      if (!gtk_text_view_forward_display_line (self->view, &iter) ||
          gtk_text_iter_get_line (&iter) != gtk_text_iter_get_line (&self->start))
        break;
      line.start = gtk_text_iter_get_line_offset (&iter);
    }
  while (line.start < self->length);

  for (guint i = 0; i < self->lines->len; i++)
    {
      guint end = i + 1 < self->lines->len ? g_array_index (self->lines, DisplayLine, i + 1).start
                                           : self->length;
      DisplayLine *measured = &g_array_index (self->lines, DisplayLine, i);

      measure_line (self, measured, end, utf8);
      utf8 = g_utf8_offset_to_pointer (utf8, end - measured->start);
    }
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
                        const DisplayLine *line,
                        guint start,
                        guint end,
                        GArray *areas)
{
  guint first = areas->len, n = 0;
  GdkRectangle *parts;

  for (guint i = start; i < end; i++)
    {
      const Character *character = get_character (self, i);

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

static PostilEdge
get_edge (PostilLineGeometry *self, guint offset, gboolean is_end)
{
  const DisplayLine *line = &g_array_index (self->lines, DisplayLine, find_line_at (self, offset));
  const Character *character = get_character (self, offset);
  int forward = character->trailing >= character->leading ? 1 : -1;

  return (PostilEdge){
    .x = is_end ? character->trailing : character->leading,
    .y = line->y,
    .height = line->height,
    .inward = is_end ? -forward : forward,
  };
}

/**
 * postil_line_geometry_new:
 * @view: a text view
 * @start: where a line of its buffer starts
 * @utf8: the text of that line
 * @length: its length in code points, without what ends it
 *
 * Returns: (transfer full): the geometry of that line
 */
PostilLineGeometry *
postil_line_geometry_new (GtkTextView *view,
                          const GtkTextIter *start,
                          const char *utf8,
                          guint length)
{
  PostilLineGeometry *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && start != NULL && utf8 != NULL, NULL);

  self = g_new0 (PostilLineGeometry, 1);
  self->view = view;
  self->start = *start;
  self->length = length;
  gtk_text_view_get_line_yrange (view, start, &self->top, NULL);
  self->is_left_to_right = is_left_to_right (utf8, length);
  self->characters = g_new0 (Character, length + 1);
  self->lines = g_array_new (FALSE, FALSE, sizeof (DisplayLine));
  find_lines (self, utf8);
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
  g_free (self->characters);
  g_free (self);
}

/**
 * postil_line_geometry_add_areas:
 * @span: within the line
 * @areas: (element-type GdkRectangle): where what @span covers is appended, from top to bottom
 *
 * An empty span covers a few pixels, so that nothing is invisible.
 */
void
postil_line_geometry_add_areas (PostilLineGeometry *self, PostilSpan span, GArray *areas)
{
  g_return_if_fail (self != NULL && span.start <= span.end && span.end <= self->length);

  if (span.start == span.end)
    {
      PostilEdge edge = get_edge (self, span.start, FALSE);
      GdkRectangle area = { edge.x, edge.y, EMPTY_WIDTH, edge.height };

      g_array_append_val (areas, area);
      return;
    }

  for (guint i = find_line_at (self, span.start); i < self->lines->len; i++)
    {
      const DisplayLine *line = &g_array_index (self->lines, DisplayLine, i);
      guint start = MAX (span.start, line->start);
      guint line_end = i + 1 < self->lines->len ? line[1].start : self->length;
      guint end = MIN (span.end, line_end);

      if (start >= end)
        break;
      if (!self->is_left_to_right)
        add_areas_by_character (self, line, start, end, areas);
      else if (end < line_end)
        add_area (line, get_character (self, start)->leading, get_character (self, end)->leading,
                  areas);
      else
        add_area (line, get_character (self, start)->leading,
                  get_character (self, end - 1)->trailing, areas);
    }
}

/**
 * postil_line_geometry_get_start:
 * @span: within the line
 *
 * Returns: where it begins
 */
PostilEdge
postil_line_geometry_get_start (PostilLineGeometry *self, PostilSpan span)
{
  g_return_val_if_fail (self != NULL && span.end <= self->length, (PostilEdge){ 0 });

  return get_edge (self, span.start, FALSE);
}

/**
 * postil_line_geometry_get_end:
 * @span: within the line
 *
 * Returns: where it ends
 */
PostilEdge
postil_line_geometry_get_end (PostilLineGeometry *self, PostilSpan span)
{
  g_return_val_if_fail (self != NULL && span.end <= self->length, (PostilEdge){ 0 });

  return span.end > span.start ? get_edge (self, span.end - 1, TRUE)
                               : get_edge (self, span.start, FALSE);
}
