/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-glyphs.h"

#include <hb.h>
#include <math.h>
#include <unicode/uchar.h>

/* Glyphs of one font beside each other; in Pango units from the top left of the view, as a buffer
 * may be too high for these. The first one of a row knows where that ends, if it was asked for; and
 * then all of them know how high they are. */
typedef struct
{
  guint end;
  int x;
  int baseline;
  int top;
  int height;
  PangoFont *font;
  const PangoGlyphInfo *glyphs;
  guint n_glyphs;
} Run;

/* What is painted of one or more characters that cannot be told apart. */
typedef struct
{
  int x;
  PangoFont *font;
  PangoGlyph glyph;
} Cluster;

/*
 * PostilTextGlyphs: where the glyphs are that a text view paints for what is in sight, as the
 * render nodes tell that it makes for them. That shows at once where all characters of a display
 * line are, where GTK takes some microseconds for each of them. Made while a frame is painted and
 * thrown away with it.
 *
 * A row is the glyphs of a display line, known by the first of its runs; the rows of a line of the
 * buffer follow each other.
 */
struct _PostilTextGlyphs
{
  GskRenderNode *node;
  /* Where the view begins, in pixels of the buffer. */
  int left;
  int top;
  /* By baselines; those of a row, once it was asked for, from left to right. */
  GArray *runs;
};

/* The height of its font, or more where that has no glyph and a box is painted instead. */
static void
measure_run (Run *run)
{
  int top = G_MAXINT, bottom = G_MININT;

  for (guint i = 0; i < run->n_glyphs; i++)
    if (i == 0 ||
        ((run->glyphs[i - 1].glyph | run->glyphs[i].glyph) & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
      {
        PangoRectangle logical;

        pango_font_get_glyph_extents (run->font, run->glyphs[i].glyph, NULL, &logical);
        top = MIN (top, logical.y);
        bottom = MAX (bottom, logical.y + logical.height);
      }
  run->top = run->baseline + top;
  run->height = bottom - top;
}

static void
collect_runs (PostilTextGlyphs *self, GskRenderNode *node, float x, float y)
{
  float dx, dy;

  switch (gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        collect_runs (self, gsk_container_node_get_child (node, i), x, y);
      break;
    case GSK_CLIP_NODE:
      collect_runs (self, gsk_clip_node_get_child (node), x, y);
      break;
    case GSK_TRANSFORM_NODE:
      if (gsk_transform_get_category (gsk_transform_node_get_transform (node)) <
          GSK_TRANSFORM_CATEGORY_2D_TRANSLATE)
        break;
      gsk_transform_to_translate (gsk_transform_node_get_transform (node), &dx, &dy);
      collect_runs (self, gsk_transform_node_get_child (node), x + dx, y + dy);
      break;
    case GSK_TEXT_NODE:
      {
        const graphene_point_t *offset = gsk_text_node_get_offset (node);
        Run run = { .x = (int) lroundf ((x + offset->x) * PANGO_SCALE),
                    .baseline = (int) lroundf ((y + offset->y) * PANGO_SCALE),
                    .font = gsk_text_node_get_font (node),
                    /* Declared as pure, it must not be asked for their number. */
                    .glyphs = gsk_text_node_get_glyphs (node, NULL),
                    .n_glyphs = gsk_text_node_get_num_glyphs (node) };

        /* The space at which a line is broken may be a run of its own, without a glyph. */
        if (run.n_glyphs == 0)
          break;
        g_array_append_val (self->runs, run);
      }
      break;
    default:
      break;
    }
}

static int
compare_baselines (gconstpointer a, gconstpointer b)
{
  const Run *left = a, *right = b;

  return (left->baseline > right->baseline) - (left->baseline < right->baseline);
}

static int
compare_x (gconstpointer a, gconstpointer b, gpointer data)
{
  const Run *left = a, *right = b;

  return (left->x > right->x) - (left->x < right->x);
}

/* Finds out which glyphs are a row. Fonts beside each other may have baselines of their own;
 * display lines lie one below the other. */
static guint
find_end (PostilTextGlyphs *self, guint row)
{
  Run *runs = (Run *) (gpointer) self->runs->data;
  int bottom = G_MININT;
  guint end;

  if (row >= self->runs->len || runs[row].end > 0)
    return row < self->runs->len ? runs[row].end : row;

  for (end = row; end < self->runs->len; end++)
    {
      measure_run (&runs[end]);
      if (end > row && runs[end].top >= bottom - PANGO_SCALE)
        break;
      bottom = MAX (bottom, runs[end].top + runs[end].height);
    }
  g_qsort_with_data (&runs[row], (int) (end - row), sizeof *runs, compare_x, NULL);
  runs[row].end = end;
  return end;
}

/* (transfer full) (element-type Cluster): what a row consists of, with one more for its end; %NULL
 * if that is not known. */
static GArray *
list_clusters (PostilTextGlyphs *self, guint row)
{
  g_autoptr (GArray) clusters = g_array_new (FALSE, FALSE, sizeof (Cluster));
  guint end = find_end (self, row);
  Cluster cluster = { 0 };

  for (guint i = row; i < end; i++)
    {
      const Run *run = &g_array_index (self->runs, Run, i);

      /* What is selected is painted twice. */
      if (i > row && run->x == run[-1].x)
        continue;
      /* Something is there that is not painted. */
      if (i > row && run->x != cluster.x)
        return NULL;
      cluster.x = run->x;
      cluster.font = run->font;
      for (guint j = 0; j < run->n_glyphs; j++)
        {
          cluster.glyph = run->glyphs[j].glyph;
          if (run->glyphs[j].attr.is_cluster_start)
            g_array_append_val (clusters, cluster);
          cluster.x += run->glyphs[j].geometry.width;
        }
    }
  g_array_append_val (clusters, cluster);
  return g_steal_pointer (&clusters);
}

/* Whether a caret may stand on both sides of a character, whatever is beside it. */
static gboolean
stands_alone (gunichar character)
{
  if (character < 0x80)
    return TRUE;
  switch (u_getIntPropertyValue (character, UCHAR_GRAPHEME_CLUSTER_BREAK))
    {
    case U_GCB_OTHER:
    case U_GCB_LV:
    case U_GCB_LVT:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whether that is the very glyph of a character, not what several were made into. */
static gboolean
is_glyph_of (const Cluster *cluster, gunichar character)
{
  hb_codepoint_t glyph;

  return hb_font_get_nominal_glyph (pango_font_get_hb_font (cluster->font), character, &glyph) &&
         glyph == cluster->glyph;
}

/* Whether a cluster is what is painted of a character, in a line with so many less of them. */
static gboolean
fits (const Cluster *cluster, const char *utf8, guint n_missing)
{
  gunichar character = g_utf8_get_char (utf8);

  return stands_alone (character) && (n_missing == 0 || is_glyph_of (cluster, character));
}

/**
 * postil_text_glyphs_new:
 * @view: a text view that is about to be painted
 *
 * Returns: (transfer full): where its glyphs will be
 */
PostilTextGlyphs *
postil_text_glyphs_new (GtkTextView *view)
{
  PostilTextGlyphs *self;
  GtkSnapshot *snapshot;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_new0 (PostilTextGlyphs, 1);
  self->runs = g_array_new (FALSE, FALSE, sizeof (Run));
  snapshot = gtk_snapshot_new ();
  GTK_WIDGET_GET_CLASS (view)->snapshot (GTK_WIDGET (view), snapshot);
  self->node = gtk_snapshot_free_to_node (snapshot);
  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, 0, 0, &self->left,
                                         &self->top);
  if (self->node != NULL)
    collect_runs (self, self->node, 0, 0);
  g_array_sort (self->runs, compare_baselines);
  return self;
}

/**
 * postil_text_glyphs_free:
 * @self: (transfer full): glyphs
 */
void
postil_text_glyphs_free (PostilTextGlyphs *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->node, gsk_render_node_unref);
  g_array_unref (self->runs);
  g_free (self);
}

/**
 * postil_text_glyphs_find_row:
 * @y: where a display line is, in pixels of the buffer
 *
 * Returns: its row if it has one, else that of the next line
 */
guint
postil_text_glyphs_find_row (PostilTextGlyphs *self, int y)
{
  guint low = 0, high;

  g_return_val_if_fail (self != NULL, 0);

  for (high = self->runs->len; low < high;)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->runs, Run, middle).baseline < (gint64) (y - self->top) * PANGO_SCALE)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * postil_text_glyphs_next_row:
 * @row: a row
 *
 * Returns: the one below it
 */
guint
postil_text_glyphs_next_row (PostilTextGlyphs *self, guint row)
{
  g_return_val_if_fail (self != NULL, 0);

  return find_end (self, row);
}

/**
 * postil_text_glyphs_get_height:
 * @row: a row
 * @y: (out): where it begins, in pixels of the buffer
 * @height: (out): how high it is, by the highest of its fonts
 *
 * Returns: whether there is such a row
 */
gboolean
postil_text_glyphs_get_height (PostilTextGlyphs *self, guint row, int *y, int *height)
{
  guint end;
  int bottom = G_MININT;

  g_return_val_if_fail (self != NULL && y != NULL && height != NULL, FALSE);

  *y = G_MAXINT;
  end = find_end (self, row);
  if (end == row)
    return FALSE;
  for (guint i = row; i < end; i++)
    {
      const Run *run = &g_array_index (self->runs, Run, i);
      int top = self->top + PANGO_PIXELS (run->top);

      *y = MIN (*y, top);
      bottom = MAX (bottom, top + PANGO_PIXELS (run->height));
    }
  *height = bottom - *y;
  return TRUE;
}

/**
 * postil_text_glyphs_find_edges:
 * @row: the row of a display line
 * @utf8: its text, which must not have anything in it that is read from right to left
 * @length: its length in code points
 * @is_broken: whether the line is broken behind that
 * @edges: (out caller-allocates) (array): where each character begins and, as one more, where the
 *   last one ends, in Pango units of the buffer
 *
 * No cluster of glyphs stands for less than a character, so where there are as many of them as
 * characters, each has its own. Otherwise, as where letters are joined, what is known are those at
 * either end of the line that have their own glyphs. The space at which a line is broken has none.
 *
 * Returns: which characters nothing is known of
 */
PostilSpan
postil_text_glyphs_find_edges (PostilTextGlyphs *self,
                               guint row,
                               const char *utf8,
                               guint length,
                               gboolean is_broken,
                               int *edges)
{
  PostilSpan unknown = { 0, length };
  g_autoptr (GArray) array = NULL;
  const Cluster *clusters;
  const char *end = g_utf8_offset_to_pointer (utf8, length);
  guint n_clusters, n_missing;

  g_return_val_if_fail (self != NULL && utf8 != NULL && edges != NULL, unknown);

  array = list_clusters (self, row);
  if (array == NULL || array->len < 2 || array->len > length + 1)
    return unknown;
  clusters = (const Cluster *) (gpointer) array->data;
  n_clusters = array->len - 1;
  for (guint i = 0; i <= n_clusters; i++)
    edges[i] = self->left * PANGO_SCALE + clusters[i].x;
  if (is_broken && n_clusters < length && end[-1] == ' ')
    {
      edges[length--] = edges[n_clusters];
      end--;
    }
  n_missing = length - n_clusters;

  for (unknown.start = 0;
       unknown.start < n_clusters && fits (&clusters[unknown.start], utf8, n_missing);
       unknown.start++)
    utf8 = g_utf8_next_char (utf8);
  for (unknown.end = length; unknown.end > unknown.start + n_missing; unknown.end--)
    {
      end = g_utf8_prev_char (end);
      if (!fits (&clusters[unknown.end - 1 - n_missing], end, n_missing))
        break;
    }
  for (guint i = length; i >= unknown.end && n_missing > 0; i--)
    edges[i] = edges[i - n_missing];
  /* What is not known may reach to what is beside it. */
  if (unknown.start < unknown.end)
    {
      unknown.start = MAX (unknown.start, 1) - 1;
      unknown.end = MIN (unknown.end + 1, length);
    }
  return unknown;
}
