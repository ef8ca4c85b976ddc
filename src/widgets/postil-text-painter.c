/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-painter.h"

#include "postil-highlights.h"

/* Painted lines that are kept, and pixels of pictures of them; far more than a screen shows. */
#define MAX_LINES 512
#define MAX_PIXELS (4 * 1024 * 1024)

/* Between the text and a bar beside it, in pixels; how thick that is, in units. */
#define BAR_GAP 6
#define BAR_THICKNESS 3

/* More changes at once than this, and all lines are painted anew. */
#define MAX_SINGLE_CHANGES 64

/*
 * PostilTextPainter: what a text view shows below its text: highlights, search matches, marks of a
 * comparison and paragraph numbers. Owned by the view, which tells it of every change. Display
 * lines are painted when they come into sight and kept until something on their line of the buffer
 * changes.
 */
struct _PostilTextPainter
{
  GtkTextView *view;
  PostilDocument *document;
  PostilViewMap *map;
  PostilPalette *palette;
  int unit;
  char *current;
  GArray *matches;
  PostilTextMarks *marks;
  GtkPositionType inner_side;
  gboolean shows_numbers;
  GHashTable *lines;
  gsize n_pixels;
  /* Of what is being painted, once they are asked for. */
  PostilTextGlyphs *glyphs;
  gboolean is_asking;
};

/* What was painted of a line: bands one below the other, from top to bottom, in pixels from its
 * top. The height tells when GTK laid it out anew. */
typedef struct
{
  GPtrArray *nodes;
  int top;
  int bottom;
  int height;
} Line;

/* A line of the buffer, and what of the text it shows, with what ends it; the length is without. */
typedef struct
{
  GtkTextIter start;
  PostilSpan span;
  guint length;
  int height;
} Place;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_ptr_array_unref (line->nodes);
  g_free (line);
}

static int
find_line (PostilTextPainter *self, guint offset)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (gtk_text_view_get_buffer (self->view), &iter,
                                      postil_view_map_to_view (self->map, offset));
  return gtk_text_iter_get_line (&iter);
}

/* The lines that an annotation is on. */
static void
repaint_annotation (PostilTextPainter *self, PostilAnnotation *annotation)
{
  const PostilSpan *spans;
  guint n_spans, length;

  if (self->map == NULL)
    return;
  spans = postil_annotation_get_spans (annotation, &n_spans);
  length = postil_view_map_get_length (self->map);
  for (guint i = 0; i < n_spans && spans[i].start <= length; i++)
    {
      int first = find_line (self, spans[i].start);
      int last = find_line (self, MIN (spans[i].end, length));
      GHashTableIter lines;
      gpointer key;

      g_hash_table_iter_init (&lines, self->lines);
      while (g_hash_table_iter_next (&lines, &key, NULL))
        if (GPOINTER_TO_INT (key) >= first && GPOINTER_TO_INT (key) <= last)
          g_hash_table_iter_remove (&lines);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self->view));
}

static void
repaint_current (PostilTextPainter *self)
{
  PostilAnnotation *annotation = NULL;

  if (self->current != NULL && self->document != NULL)
    annotation = postil_document_get_annotation (self->document, self->current);
  if (annotation != NULL)
    repaint_annotation (self, annotation);
}

/* The number stands on the baseline of the paragraph's first line. */
static void
paint_number (PostilTextPainter *self,
              const GtkTextIter *start,
              guint offset,
              GtkSnapshot *snapshot)
{
  PostilText *text = postil_document_get_text (self->document);
  guint paragraph = postil_text_get_paragraph_at (text, offset);
  g_autofree char *number = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA color = *postil_palette_get_foreground (self->palette);
  GdkRectangle location;
  int top, width;

  /* What goes on with a paragraph has no number. */
  if (postil_text_get_paragraph (text, paragraph).start != offset)
    return;

  number = g_strdup_printf ("%u", paragraph + 1);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->view), number);
  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_text_view_get_iter_location (self->view, start, &location);
  gtk_text_view_get_line_yrange (self->view, start, &top, NULL);
  color.alpha = 0.6;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (gtk_text_view_get_left_margin (self->view) -
                                                  POSTIL_TEXT_PAINTER_NUMBER_GAP - width,
                                                location.y - top));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static GskRenderNode *
paint_marks (PostilTextPainter *self, const Place *place, PostilLineGeometry *geometry)
{
  int unit = self->unit, width = gtk_widget_get_width (GTK_WIDGET (self->view));
  PostilTextMarksStyle style = {
    .view = self->view,
    .annotations = postil_document_get_annotations (self->document),
    .palette = self->palette,
    .bar_x = self->inner_side == GTK_POS_RIGHT
               ? width - gtk_text_view_get_right_margin (self->view) + BAR_GAP
               : gtk_text_view_get_left_margin (self->view) - BAR_GAP - BAR_THICKNESS * unit,
    .bar_width = BAR_THICKNESS * unit,
    .unit = unit,
  };

  return postil_text_marks_paint (self->marks, &style, geometry, place->span, place->length,
                                  place->height);
}

static void
append_clipped (PostilTextPainter *self,
                GtkSnapshot *snapshot,
                GskRenderNode *node,
                int top,
                int bottom)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->view));

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, top, width, bottom - top));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_pop (snapshot);
}

static Place
find_place (PostilTextPainter *self, const GtkTextIter *start, int height)
{
  GtkTextIter end = *start, next = *start;
  Place place = { .start = *start, .height = height };

  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_iter_forward_line (&next);
  place.span.start = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (start));
  place.span.end = postil_view_map_to_text (self->map, gtk_text_iter_get_offset (&next));
  place.length = gtk_text_iter_get_offset (&end) - gtk_text_iter_get_offset (start);
  return place;
}

static PostilTextGlyphs *
get_glyphs (PostilTextPainter *self)
{
  if (self->glyphs == NULL)
    {
      self->is_asking = TRUE;
      self->glyphs = postil_text_glyphs_new (self->view);
      self->is_asking = FALSE;
    }
  return self->glyphs;
}

/* Paints a band of a line. It grows to whole display lines, but not over what is painted. */
static GskRenderNode *
paint_band (PostilTextPainter *self, const Place *place, const Line *line, int *top, int *bottom)
{
  PostilText *text = postil_document_get_text (self->document);
  PostilHighlights highlights = {
    .view = self->view,
    .annotations = postil_document_get_annotations (self->document),
    .palette = self->palette,
    .current = self->current,
    .matches = (const PostilSpan *) (gpointer) self->matches->data,
    .n_matches = self->matches->len,
    .unit = self->unit,
    .is_alone = self->marks == NULL,
  };
  gboolean has_highlights = postil_highlights_touch (&highlights, place->span);
  gboolean has_marks = self->marks != NULL && postil_text_marks_touch (self->marks, place->span);
  g_autoptr (PostilLineGeometry) geometry = NULL;
  g_autoptr (GskRenderNode) marks = NULL;
  g_autoptr (GskRenderNode) below = NULL;
  const char *utf8 =
    postil_text_get_utf8 (text, NULL) + postil_text_get_byte (text, place->span.start);
  GtkSnapshot *snapshot;
  gsize n_pixels = 0;
  gboolean has_number;

  if (has_highlights || has_marks)
    {
      geometry = postil_line_geometry_new (self->view, &place->start, utf8, place->length, *top,
                                           *bottom, get_glyphs (self));
      postil_line_geometry_get_range (geometry, top, bottom);
    }
  else
    {
      *top = 0;
      *bottom = place->height;
    }
  if (line->bottom > line->top && *top < line->top)
    *bottom = MIN (*bottom, line->top);
  else if (line->bottom > line->top)
    *top = MAX (*top, line->bottom);
  if (has_highlights)
    below = postil_highlights_paint (&highlights, geometry, place->span, place->length, *top,
                                     *bottom, &n_pixels);
  self->n_pixels += n_pixels;
  if (has_marks)
    marks = paint_marks (self, place, geometry);
  has_number = self->shows_numbers && *top == 0;
  if (!has_number && marks == NULL)
    return g_steal_pointer (&below);

  snapshot = gtk_snapshot_new ();
  if (marks != NULL)
    append_clipped (self, snapshot, marks, *top, *bottom);
  if (below != NULL)
    gtk_snapshot_append_node (snapshot, below);
  if (has_number)
    paint_number (self, &place->start, place->span.start, snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

static void
forget_lines (PostilTextPainter *self)
{
  g_hash_table_remove_all (self->lines);
  self->n_pixels = 0;
}

/* Sees to it that a line is painted from @top to @bottom. */
static const Line *
get_line (PostilTextPainter *self, const GtkTextIter *start, int height, int top, int bottom)
{
  gpointer key = GINT_TO_POINTER (gtk_text_iter_get_line (start));
  Line *line = g_hash_table_lookup (self->lines, key);
  Place place;

  if (line == NULL || line->height != height)
    {
      if (g_hash_table_size (self->lines) >= MAX_LINES || self->n_pixels >= MAX_PIXELS)
        forget_lines (self);
      line = g_new0 (Line, 1);
      line->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);
      line->height = height;
      line->top = line->bottom = top;
      g_hash_table_insert (self->lines, key, line);
    }
  if (line->top <= top && line->bottom >= bottom)
    return line;

  place = find_place (self, start, height);
  while (line->top > top || line->bottom < bottom)
    {
      int from = line->bottom < bottom ? line->bottom : top;
      int to = line->bottom < bottom ? bottom : line->top;
      GskRenderNode *node = paint_band (self, &place, line, &from, &to);

      if (node != NULL)
        g_ptr_array_add (line->nodes, node);
      line->top = MIN (line->top, from);
      line->bottom = MAX (line->bottom, to);
    }
  return line;
}

/**
 * postil_text_painter_new:
 * @view: the view, which must outlive the painter
 *
 * Returns: (transfer full): a painter that has nothing to paint yet
 */
PostilTextPainter *
postil_text_painter_new (GtkTextView *view)
{
  PostilTextPainter *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_new0 (PostilTextPainter, 1);
  self->view = view;
  self->matches = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  self->lines = g_hash_table_new_full (NULL, NULL, NULL, line_free);
  return self;
}

/**
 * postil_text_painter_free:
 * @self: (transfer full): a painter
 */
void
postil_text_painter_free (PostilTextPainter *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->palette, postil_palette_free);
  g_hash_table_unref (self->lines);
  g_array_unref (self->matches);
  g_clear_pointer (&self->marks, postil_text_marks_free);
  g_free (self->current);
  g_free (self);
}

/**
 * postil_text_painter_set_document:
 * @document: (nullable): whose annotations to paint
 * @map: (nullable): what of it the view's buffer shows; both must stay until others are set
 *
 * Also forgets the matches and the marks.
 */
void
postil_text_painter_set_document (PostilTextPainter *self,
                                  PostilDocument *document,
                                  PostilViewMap *map)
{
  g_return_if_fail (self != NULL && (document != NULL) == (map != NULL));

  self->document = document;
  self->map = map;
  g_array_set_size (self->matches, 0);
  g_clear_pointer (&self->marks, postil_text_marks_free);
  postil_text_painter_repaint (self);
}

/**
 * postil_text_painter_set_style:
 * @palette: (transfer full): how topics look
 * @unit: thickness of the finest mark, in pixels
 */
void
postil_text_painter_set_style (PostilTextPainter *self, PostilPalette *palette, int unit)
{
  g_return_if_fail (self != NULL && palette != NULL && unit > 0);

  g_clear_pointer (&self->palette, postil_palette_free);
  self->palette = palette;
  self->unit = unit;
  postil_text_painter_repaint (self);
}

/**
 * postil_text_painter_has_palette:
 * @palette: how topics look
 *
 * Returns: whether they are painted like that
 */
gboolean
postil_text_painter_has_palette (PostilTextPainter *self, PostilPalette *palette)
{
  g_return_val_if_fail (self != NULL && palette != NULL, FALSE);

  return self->palette != NULL && postil_palette_equal (self->palette, palette);
}

/**
 * postil_text_painter_set_current:
 * @annotation: (nullable): id of the annotation to emphasise
 */
void
postil_text_painter_set_current (PostilTextPainter *self, const char *annotation)
{
  g_return_if_fail (self != NULL);

  repaint_current (self);
  g_free (self->current);
  self->current = g_strdup (annotation);
  repaint_current (self);
}

/**
 * postil_text_painter_set_matches:
 * @matches: (array length=n_matches) (nullable): what a search found, by start, in code points
 * @n_matches: how many
 */
void
postil_text_painter_set_matches (PostilTextPainter *self,
                                 const PostilSpan *matches,
                                 guint n_matches)
{
  g_return_if_fail (self != NULL && (matches != NULL || n_matches == 0));

  g_array_set_size (self->matches, 0);
  if (n_matches > 0)
    g_array_append_vals (self->matches, matches, n_matches);
  postil_text_painter_repaint (self);
}

/**
 * postil_text_painter_set_marks:
 * @marks: (array length=n_marks) (nullable): what a comparison marks, in any order
 * @n_marks: how many
 */
void
postil_text_painter_set_marks (PostilTextPainter *self, const PostilTextMark *marks, guint n_marks)
{
  g_return_if_fail (self != NULL && (marks != NULL || n_marks == 0));

  if (self->marks == NULL && n_marks == 0)
    return;
  g_clear_pointer (&self->marks, postil_text_marks_free);
  if (n_marks > 0)
    self->marks = postil_text_marks_new (marks, n_marks);
  postil_text_painter_repaint (self);
}

/**
 * postil_text_painter_set_inner_side:
 * @side: where the other text is, left or right
 */
void
postil_text_painter_set_inner_side (PostilTextPainter *self, GtkPositionType side)
{
  g_return_if_fail (self != NULL);

  self->inner_side = side;
  postil_text_painter_repaint (self);
}

/**
 * postil_text_painter_set_numbers:
 * @show: whether to number the paragraphs in the margin
 */
void
postil_text_painter_set_numbers (PostilTextPainter *self, gboolean show)
{
  g_return_if_fail (self != NULL);

  self->shows_numbers = show;
  postil_text_painter_repaint (self);
}

/**
 * postil_text_painter_repaint:
 *
 * Paints everything anew, as after a change of style or width.
 */
void
postil_text_painter_repaint (PostilTextPainter *self)
{
  g_return_if_fail (self != NULL);

  forget_lines (self);
  gtk_widget_queue_draw (GTK_WIDGET (self->view));
}

/**
 * postil_text_painter_repaint_changes:
 * @changes: (array length=n_changes) (nullable): what happened to the document; %NULL when
 *   everything may look different
 * @n_changes: how many
 *
 * Paints the lines anew that look different now.
 */
void
postil_text_painter_repaint_changes (PostilTextPainter *self,
                                     const PostilChange *changes,
                                     guint n_changes)
{
  g_return_if_fail (self != NULL && (changes != NULL || n_changes == 0));

  if (changes == NULL || n_changes > MAX_SINGLE_CHANGES)
    postil_text_painter_repaint (self);
  else
    for (guint i = 0; i < n_changes; i++)
      {
        if (changes[i].annotation.before != NULL)
          repaint_annotation (self, changes[i].annotation.before);
        if (changes[i].annotation.after != NULL)
          repaint_annotation (self, changes[i].annotation.after);
      }
}

/**
 * postil_text_painter_snapshot:
 * @snapshot: where to paint, in the coordinates of the buffer
 *
 * Paints what goes below the text that is in sight.
 */
void
postil_text_painter_snapshot (PostilTextPainter *self, GtkSnapshot *snapshot)
{
  GdkRectangle area;
  GtkTextIter iter;
  int line;

  g_return_if_fail (self != NULL && snapshot != NULL);

  if (self->map == NULL || self->palette == NULL || self->is_asking)
    return;

  gtk_text_view_get_visible_rect (self->view, &area);
  gtk_text_view_get_line_at_y (self->view, &iter, area.y, NULL);
  do
    {
      const Line *painted;
      int y, height;

      gtk_text_view_get_line_yrange (self->view, &iter, &y, &height);
      if (y >= area.y + area.height)
        break;
      painted = get_line (self, &iter, height, CLAMP (area.y - y, 0, height),
                          MIN (area.y + area.height - y, height));
      if (painted->nodes->len > 0)
        {
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, y));
          for (guint i = 0; i < painted->nodes->len; i++)
            gtk_snapshot_append_node (snapshot, g_ptr_array_index (painted->nodes, i));
          gtk_snapshot_restore (snapshot);
        }
      line = gtk_text_iter_get_line (&iter);
      gtk_text_iter_forward_line (&iter);
    }
  while (gtk_text_iter_get_line (&iter) > line);
  g_clear_pointer (&self->glyphs, postil_text_glyphs_free);
}
