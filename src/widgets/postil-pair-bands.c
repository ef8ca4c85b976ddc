/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-pair-bands.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "postil-palette.h"

#define MIN_WIDTH 40
#define NATURAL_WIDTH 72

/* How far a passage without counterpart reaches from its edge, as a share of the width. */
#define ONLY_SHARE 0.3

/* How near the pointer must be to a thin band, in pixels. */
#define REACH 4

/* Pairs that one page key passes. */
#define PAGE 10

/* Where a band is gone that leaves for what is out of sight, as a share of the width. */
#define GONE_SHARE 0.7

/**
 * PostilPairBands:
 *
 * What joins two texts that stand side by side: for each pair a band from the passage's display
 * lines to those of its counterpart, and a bar at the edge for what has none. Stands between the
 * two text views, of which it keeps hold, and is drawn anew whenever one of them moves, from where
 * they are in that frame. A band whose other end is out of sight leaves in that direction.
 *
 * The kinds of pairs are told by outline as well as by colour: faint or plain for what is the same
 * or reworded, dashed for what moved, a single dotted line for what is only quoted again.
 */
struct _PostilPairBands
{
  GtkWidget parent_instance;

  PostilTextView *views[2];
  GtkAdjustment *adjustments[2];
  PostilAlignment *alignment;
  /* The pairs by place in either text, and where the furthest up to each one ends. */
  guint *order[2];
  guint *reach[2];
  PostilPalette *palette;
  guint current;
  guint hovered;
  /* What was last drawn, from the lowest to the topmost. */
  GArray *bands;
  GArray *onlies;
  double top;
  double bottom;
};

G_DEFINE_FINAL_TYPE (PostilPairBands, postil_pair_bands, GTK_TYPE_WIDGET)

enum
{
  PAIR_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

#define NONE G_MAXUINT

/* One end of a band. Out of sight it is about as far away as so many code points are high. */
typedef struct
{
  guint side;
  PostilSpan span;
  gboolean in_sight;
  /* Its first and its last display line. */
  int first_y;
  int last_y;
  int last_height;
  double top;
  double bottom;
} End;

typedef struct
{
  guint pair;
  PostilPairKind kind;
  End ends[2];
} Band;

/* What of a view is in sight. */
typedef struct
{
  PostilSpan span;
  double y;
  int height;
} Sight;

/* What is in sight */

static gboolean
is_ready (PostilPairBands *self)
{
  for (guint i = 0; i < 2; i++)
    if (self->views[i] == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->views[i])) ||
        postil_text_view_get_document (self->views[i]) == NULL)
      return FALSE;
  return self->alignment != NULL;
}

static const PostilPair *
get_pair (PostilPairBands *self, guint index)
{
  return &g_array_index (self->alignment->pairs, PostilPair, index);
}

static PostilSpan
get_span (PostilPairBands *self, guint index, guint side)
{
  const PostilPair *pair = get_pair (self, index);

  return side == 0 ? pair->a : pair->b;
}

static Sight
look (PostilPairBands *self, guint side)
{
  PostilTextView *view = self->views[side];
  Sight sight = { .height = gtk_widget_get_height (GTK_WIDGET (view)) };
  double x;

  gtk_widget_translate_coordinates (GTK_WIDGET (view), GTK_WIDGET (self), 0, 0, &x, &sight.y);
  sight.span.start = floor (postil_text_view_get_place (view, 0));
  sight.span.end = ceil (postil_text_view_get_place (view, sight.height));
  return sight;
}

static int
estimate_y (const Sight *sight, guint offset)
{
  double step = sight->height / (double) MAX (postil_span_length (sight->span), 1);

  if (offset < sight->span.start)
    return -MIN ((sight->span.start - offset) * step + 1, sight->height);
  return sight->height +
         MIN ((MAX (offset, sight->span.end) - sight->span.end) * step, sight->height);
}

static End
find_end (PostilPairBands *self, guint side, const Sight *sight, PostilSpan span)
{
  End end = { .side = side, .span = span };
  guint last = span.end > span.start ? span.end - 1 : span.start;
  int height;

  end.in_sight = postil_text_view_get_line (self->views[side], span.start, &end.first_y, &height);
  if (height == 0)
    end.first_y = estimate_y (sight, span.start);
  if (postil_text_view_get_line (self->views[side], last, &end.last_y, &end.last_height))
    end.in_sight = TRUE;
  if (end.last_height == 0)
    end.last_y = estimate_y (sight, last);
  end.in_sight = end.in_sight || (end.first_y < 0 && end.last_y + end.last_height > sight->height);
  end.top = sight->y + end.first_y;
  end.bottom = sight->y + end.last_y + end.last_height;
  return end;
}

/* The first pair in the order of @side that may end after @offset. */
static guint
find_first (PostilPairBands *self, guint side, guint offset)
{
  guint low = 0, high = self->alignment->pairs->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->reach[side][middle] <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static guint
find_first_only (GArray *onlies, guint offset)
{
  guint low = 0, high = onlies->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (onlies, PostilSpan, middle).end <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
collect_bands (PostilPairBands *self, const Sight *sights)
{
  for (guint side = 0; side < 2; side++)
    for (guint i = find_first (self, side, sights[side].span.start);
         i < self->alignment->pairs->len; i++)
      {
        guint pair = self->order[side][i];
        PostilSpan span = get_span (self, pair, side);
        Band band = { .pair = pair, .kind = get_pair (self, pair)->kind };

        if (span.start >= sights[side].span.end)
          break;
        /* What is in sight on both sides is found from the first. */
        if (!postil_span_touches (span, sights[side].span) ||
            (side == 1 && postil_span_touches (get_span (self, pair, 0), sights[0].span)))
          continue;
        for (guint k = 0; k < 2; k++)
          band.ends[k] = find_end (self, k, &sights[k], get_span (self, pair, k));
        if (band.ends[0].in_sight || band.ends[1].in_sight)
          g_array_append_val (self->bands, band);
      }
}

static void
collect_onlies (PostilPairBands *self, const Sight *sights)
{
  for (guint side = 0; side < 2; side++)
    {
      GArray *onlies = side == 0 ? self->alignment->only_a : self->alignment->only_b;

      for (guint i = find_first_only (onlies, sights[side].span.start); i < onlies->len; i++)
        {
          PostilSpan span = g_array_index (onlies, PostilSpan, i);
          End end;

          if (span.start >= sights[side].span.end)
            break;
          end = find_end (self, side, &sights[side], span);
          if (end.in_sight)
            g_array_append_val (self->onlies, end);
        }
    }
}

static int
compare_ends (gconstpointer x, gconstpointer y)
{
  const End *a = *(const End *const *) x, *b = *(const End *const *) y;

  return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

/* Where several passages have parts of one display line, each gets a share of its height, so that
 * bands lie side by side and not on each other. */
static void
share_lines (PostilPairBands *self, guint side)
{
  g_autoptr (GPtrArray) ends = g_ptr_array_new ();

  for (guint i = 0; i < self->bands->len; i++)
    {
      Band *band = &g_array_index (self->bands, Band, i);

      if (band->kind != POSTIL_PAIR_ECHO && band->ends[side].in_sight)
        g_ptr_array_add (ends, &band->ends[side]);
    }
  for (guint i = 0; i < self->onlies->len; i++)
    if (g_array_index (self->onlies, End, i).side == side)
      g_ptr_array_add (ends, &g_array_index (self->onlies, End, i));
  g_ptr_array_sort (ends, compare_ends);

  for (guint i = 0, last; i + 1 < ends->len; i = MAX (last, i + 1))
    {
      const End *first = g_ptr_array_index (ends, i);
      double top = first->bottom - first->last_height, share;

      for (last = i; last + 1 < ends->len; last++)
        {
          const End *next = g_ptr_array_index (ends, last + 1);

          if (next->first_y != first->last_y)
            break;
          if (next->last_y != first->last_y)
            {
              last++;
              break;
            }
        }
      share = first->last_height / (double) (last - i + 1);
      for (guint k = i; k < last; k++)
        {
          End *upper = g_ptr_array_index (ends, k), *lower = g_ptr_array_index (ends, k + 1);

          upper->bottom = lower->top = top + share * (k - i + 1);
        }
    }
}

static int
get_rank (PostilPairBands *self, const Band *band)
{
  return band->pair == self->current ? 5 : band->pair == self->hovered ? 4 : (int) band->kind;
}

static int
compare_bands (gconstpointer x, gconstpointer y, gpointer data)
{
  int a = get_rank (data, x), b = get_rank (data, y);

  return a != b ? a - b : (int) ((const Band *) x)->pair - (int) ((const Band *) y)->pair;
}

static void
collect (PostilPairBands *self)
{
  Sight sights[2];

  g_array_set_size (self->bands, 0);
  g_array_set_size (self->onlies, 0);
  if (!is_ready (self))
    return;
  for (guint side = 0; side < 2; side++)
    sights[side] = look (self, side);
  self->top = MIN (sights[0].y, sights[1].y);
  self->bottom = MAX (sights[0].y + sights[0].height, sights[1].y + sights[1].height);
  collect_bands (self, sights);
  collect_onlies (self, sights);
  for (guint side = 0; side < 2; side++)
    share_lines (self, side);
  g_array_sort_with_data (self->bands, compare_bands, self);
}

/* Drawing */

static gboolean
is_at_right (PostilPairBands *self, guint side)
{
  return (side == 1) == (gtk_widget_get_direction (GTK_WIDGET (self)) != GTK_TEXT_DIR_RTL);
}

static const PostilTone *
get_tone (PostilPairBands *self, PostilPairKind kind)
{
  static const PostilComparisonTone tones[] = {
    [POSTIL_PAIR_SAME] = POSTIL_COMPARISON_TONE_SAME,
    [POSTIL_PAIR_REWORDED] = POSTIL_COMPARISON_TONE_REWORDED,
    [POSTIL_PAIR_MOVED] = POSTIL_COMPARISON_TONE_MOVED,
    [POSTIL_PAIR_ECHO] = POSTIL_COMPARISON_TONE_SAME,
  };

  return postil_palette_get_comparison_tone (self->palette, tones[kind]);
}

/* @color, fading towards an end that is out of sight. */
static void
set_source (PostilPairBands *self,
            cairo_t *cr,
            const Band *band,
            const GdkRGBA *color,
            double alpha)
{
  cairo_pattern_t *pattern =
    cairo_pattern_create_linear (0, 0, gtk_widget_get_width (GTK_WIDGET (self)), 0);

  for (guint side = 0; side < 2; side++)
    {
      gboolean in_sight = band->ends[side].in_sight;
      double from = in_sight ? 0 : 1 - GONE_SHARE;

      cairo_pattern_add_color_stop_rgba (pattern, is_at_right (self, side) ? 1 - from : from,
                                         color->red, color->green, color->blue,
                                         in_sight ? alpha : 0);
    }
  cairo_set_source (cr, pattern);
  cairo_pattern_destroy (pattern);
}

static void
add_curve (PostilPairBands *self, cairo_t *cr, double left, double right)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));

  cairo_curve_to (cr, width / 2, left, width / 2, right, width, right);
}

static void
draw_band (PostilPairBands *self, cairo_t *cr, const Band *band)
{
  static const double dashes[] = { 5, 4 }, dots[] = { 1, 4 };
  const End *left = &band->ends[is_at_right (self, 0)], *right = &band->ends[is_at_right (self, 1)];
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  const PostilTone *tone = get_tone (self, band->kind);
  gboolean is_current = band->pair == self->current;
  gboolean stands_out = is_current || band->pair == self->hovered;
  /* On the middle of a pixel, a line is sharp. */
  double inset = is_current ? 1 : 0.5;

  if (band->kind == POSTIL_PAIR_ECHO)
    {
      double left_y = (left->top + left->bottom) / 2, right_y = (right->top + right->bottom) / 2;

      cairo_move_to (cr, 0, left_y);
      add_curve (self, cr, left_y, right_y);
      cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
      cairo_set_dash (cr, dots, G_N_ELEMENTS (dots), 0);
      cairo_set_line_width (cr, stands_out ? 3 : 1.5);
      set_source (self, cr, band, &tone->line, stands_out ? 1 : 0.7);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
      cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
      return;
    }

  cairo_move_to (cr, 0, left->top);
  add_curve (self, cr, left->top, right->top);
  cairo_line_to (cr, width, right->bottom);
  cairo_curve_to (cr, width / 2, right->bottom, width / 2, left->bottom, 0, left->bottom);
  cairo_close_path (cr);
  set_source (self, cr, band, &tone->color,
              (band->kind == POSTIL_PAIR_SAME ? 0.12 : 0.16) + (stands_out ? 0.2 : 0));
  cairo_fill (cr);

  cairo_move_to (cr, 0, left->top + inset);
  add_curve (self, cr, left->top + inset, right->top + inset);
  cairo_move_to (cr, 0, left->bottom - inset);
  add_curve (self, cr, left->bottom - inset, right->bottom - inset);
  if (band->kind == POSTIL_PAIR_MOVED)
    cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (cr, is_current ? 2 : 1);
  set_source (self, cr, band, &tone->line, band->kind == POSTIL_PAIR_SAME && !stands_out ? 0.4 : 1);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* It leads nowhere. */
static void
draw_only (PostilPairBands *self, cairo_t *cr, const End *end)
{
  const GdkRGBA *color =
    &postil_palette_get_comparison_tone (self->palette, POSTIL_COMPARISON_TONE_ONLY)->line;
  double width = gtk_widget_get_width (GTK_WIDGET (self)), reach = ONLY_SHARE * width;
  double edge = is_at_right (self, end->side) ? width : 0;
  double end_x = is_at_right (self, end->side) ? width - reach : reach;
  cairo_pattern_t *pattern = cairo_pattern_create_linear (edge, 0, end_x, 0);

  cairo_pattern_add_color_stop_rgba (pattern, 0, color->red, color->green, color->blue, 0.35);
  cairo_pattern_add_color_stop_rgba (pattern, 1, color->red, color->green, color->blue, 0);
  cairo_set_source (cr, pattern);
  cairo_pattern_destroy (pattern);
  cairo_rectangle (cr, MIN (edge, end_x), end->top + 0.5, reach,
                   MAX (end->bottom - end->top - 1, 1));
  cairo_fill (cr);
}

static void
postil_pair_bands_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PostilPairBands *self = POSTIL_PAIR_BANDS (widget);
  cairo_t *cr;

  collect (self);
  if (self->bands->len == 0 && self->onlies->len == 0)
    return;
  if (self->palette == NULL)
    self->palette = postil_palette_new_for_widget (NULL, widget);
  /* No higher than the texts, above which may be something else. */
  cr = gtk_snapshot_append_cairo (
    snapshot,
    &GRAPHENE_RECT_INIT (0, self->top, gtk_widget_get_width (widget), self->bottom - self->top));
  for (guint i = 0; i < self->bands->len; i++)
    draw_band (self, cr, &g_array_index (self->bands, Band, i));
  for (guint i = 0; i < self->onlies->len; i++)
    draw_only (self, cr, &g_array_index (self->onlies, End, i));
  cairo_destroy (cr);
}

/* Pointer and keys */

/* How far a curve that is drawn from 0 to 1 has come where it is @x of @width from the left. */
static double
get_progress (double x, double width)
{
  double low = 0, high = 1;

  for (guint i = 0; i < 16; i++)
    {
      double t = (low + high) / 2;
      double at = 1.5 * t * (1 - t) + t * t * t;

      if (at * width < x)
        low = t;
      else
        high = t;
    }
  return low * low * (3 - 2 * low);
}

/* The topmost band at a point that was last drawn. */
static guint
find_band (PostilPairBands *self, double x, double y)
{
  double progress = get_progress (x, gtk_widget_get_width (GTK_WIDGET (self)));

  for (guint i = self->bands->len; i-- > 0;)
    {
      const Band *band = &g_array_index (self->bands, Band, i);
      const End *left = &band->ends[is_at_right (self, 0)];
      const End *right = &band->ends[is_at_right (self, 1)];
      double top = left->top + (right->top - left->top) * progress;
      double bottom = left->bottom + (right->bottom - left->bottom) * progress;

      if (band->kind == POSTIL_PAIR_ECHO)
        {
          top = (top + bottom) / 2 - REACH;
          bottom = top + 2 * REACH;
        }
      if (y >= top && y < MAX (bottom, top + 1))
        return band->pair;
    }
  return NONE;
}

static const End *
find_only (PostilPairBands *self, double x, double y)
{
  for (guint i = 0; i < self->onlies->len; i++)
    {
      const End *end = &g_array_index (self->onlies, End, i);
      double width = gtk_widget_get_width (GTK_WIDGET (self));
      double distance = is_at_right (self, end->side) ? width - x : x;

      if (distance < ONLY_SHARE * width && y >= end->top && y < end->bottom)
        return end;
    }
  return NULL;
}

static void
set_hovered (PostilPairBands *self, guint pair)
{
  if (self->hovered == pair)
    return;
  self->hovered = pair;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), pair != NONE ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static char *
describe (const PostilPair *pair)
{
  guint percent = CLAMP (round (pair->score * 100), 0, 100);

  switch (pair->kind)
    {
    case POSTIL_PAIR_SAME:
      return g_strdup (_ ("In the same words"));
    case POSTIL_PAIR_REWORDED:
      return g_strdup_printf (_ ("Reworded; %u %% in common"), percent);
    case POSTIL_PAIR_MOVED:
      return g_strdup_printf (_ ("At another place; %u %% in common"), percent);
    case POSTIL_PAIR_ECHO:
      return g_strdup (_ ("Quoted again"));
    default:
      g_assert_not_reached ();
    }
}

static void
update_accessible (PostilPairBands *self)
{
  g_autofree char *words = NULL;
  g_autofree char *description = NULL;

  if (self->current != NONE)
    {
      words = describe (get_pair (self, self->current));
      /* Translators: such as “Pair 3 of 12: In the same words” */
      description = g_strdup_printf (_ ("Pair %u of %u: %s"), self->current + 1,
                                     self->alignment->pairs->len, words);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
}

static void
motion_cb (PostilPairBands *self, double x, double y)
{
  set_hovered (self, find_only (self, x, y) == NULL ? find_band (self, x, y) : NONE);
}

static void
leave_cb (PostilPairBands *self)
{
  set_hovered (self, NONE);
}

static void
released_cb (PostilPairBands *self, int n_press, double x, double y)
{
  guint pair = find_only (self, x, y) == NULL ? find_band (self, x, y) : NONE;

  if (pair != NONE)
    g_signal_emit (self, signals[PAIR_ACTIVATED], 0, pair);
}

/* Where the keys go on from: the current pair, or what is in sight. */
static gboolean
find_pair (PostilPairBands *self, int by, guint *pair)
{
  gint64 n = self->alignment->pairs->len, here = self->current;

  if (self->current == NONE)
    {
      guint top = floor (postil_text_view_get_place (self->views[0], 0));

      here = find_first (self, 0, top);
      here = by > 0 ? here - 1 : here;
    }
  *pair = CLAMP (here + by, 0, n - 1);
  return n > 0 && *pair != self->current;
}

static gboolean
key_pressed_cb (PostilPairBands *self, guint key, guint code, GdkModifierType state)
{
  guint pair;
  int by;

  if (!is_ready (self) || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      by = -1;
      break;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      by = 1;
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      by = -PAGE;
      break;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      by = PAGE;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  if (find_pair (self, by, &pair))
    g_signal_emit (self, signals[PAIR_ACTIVATED], 0, pair);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
  return GDK_EVENT_STOP;
}

static gboolean
postil_pair_bands_query_tooltip (GtkWidget *widget,
                                 int x,
                                 int y,
                                 gboolean by_keyboard,
                                 GtkTooltip *tooltip)
{
  PostilPairBands *self = POSTIL_PAIR_BANDS (widget);
  const End *only = by_keyboard ? NULL : find_only (self, x, y);
  guint pair = by_keyboard ? self->current : find_band (self, x, y);
  g_autofree char *words = NULL;

  if (self->alignment == NULL || (only == NULL && pair == NONE))
    return FALSE;
  words = only != NULL ? g_strdup (_ ("Only in this text")) : describe (get_pair (self, pair));
  gtk_tooltip_set_text (tooltip, words);
  return TRUE;
}

static void
postil_pair_bands_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : 0;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : 0;
}

static void
tell_sides (PostilPairBands *self)
{
  for (guint side = 0; side < 2; side++)
    if (self->views[side] != NULL)
      postil_text_view_set_inner_side (self->views[side],
                                       is_at_right (self, side) ? GTK_POS_LEFT : GTK_POS_RIGHT);
}

static void
postil_pair_bands_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  GTK_WIDGET_CLASS (postil_pair_bands_parent_class)->direction_changed (widget, before);
  tell_sides (POSTIL_PAIR_BANDS (widget));
  gtk_widget_queue_draw (widget);
}

static void
postil_pair_bands_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (postil_pair_bands_parent_class)->css_changed (widget, change);
  g_clear_pointer (&POSTIL_PAIR_BANDS (widget)->palette, postil_palette_free);
}

static void
clear_alignment (PostilPairBands *self)
{
  g_clear_pointer (&self->alignment, postil_alignment_unref);
  for (guint side = 0; side < 2; side++)
    {
      g_clear_pointer (&self->order[side], g_free);
      g_clear_pointer (&self->reach[side], g_free);
    }
  self->current = self->hovered = NONE;
  g_array_set_size (self->bands, 0);
  g_array_set_size (self->onlies, 0);
}

static void
set_view (PostilPairBands *self, guint side, PostilTextView *view)
{
  if (self->views[side] != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->views[side], self);
      g_signal_handlers_disconnect_by_data (self->adjustments[side], self);
    }
  g_set_object (&self->views[side], view);
  g_clear_object (&self->adjustments[side]);
  if (view == NULL)
    return;
  self->adjustments[side] = g_object_ref (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)));
  g_signal_connect_swapped (view, "view-moved", G_CALLBACK (gtk_widget_queue_draw), self);
  g_signal_connect_swapped (self->adjustments[side], "value-changed",
                            G_CALLBACK (gtk_widget_queue_draw), self);
  g_signal_connect_swapped (self->adjustments[side], "changed", G_CALLBACK (gtk_widget_queue_draw),
                            self);
}

static void
postil_pair_bands_dispose (GObject *object)
{
  PostilPairBands *self = POSTIL_PAIR_BANDS (object);

  for (guint side = 0; side < 2; side++)
    set_view (self, side, NULL);
  clear_alignment (self);
  G_OBJECT_CLASS (postil_pair_bands_parent_class)->dispose (object);
}

static void
postil_pair_bands_finalize (GObject *object)
{
  PostilPairBands *self = POSTIL_PAIR_BANDS (object);

  g_array_unref (self->bands);
  g_array_unref (self->onlies);
  g_clear_pointer (&self->palette, postil_palette_free);
  G_OBJECT_CLASS (postil_pair_bands_parent_class)->finalize (object);
}

static void
postil_pair_bands_class_init (PostilPairBandsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_pair_bands_dispose;
  object_class->finalize = postil_pair_bands_finalize;
  widget_class->snapshot = postil_pair_bands_snapshot;
  widget_class->measure = postil_pair_bands_measure;
  widget_class->css_changed = postil_pair_bands_css_changed;
  widget_class->direction_changed = postil_pair_bands_direction_changed;
  widget_class->query_tooltip = postil_pair_bands_query_tooltip;

  /**
   * PostilPairBands::pair-activated:
   * @pair: its index among the pairs of the alignment
   *
   * A person clicked on a band, or chose it with the keys.
   */
  signals[PAIR_ACTIVATED] =
    g_signal_new ("pair-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "pairbands");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
postil_pair_bands_init (PostilPairBands *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->bands = g_array_new (FALSE, FALSE, sizeof (Band));
  self->onlies = g_array_new (FALSE, FALSE, sizeof (End));
  self->current = self->hovered = NONE;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pairs of passages"), -1);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (widget, keys);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

typedef struct
{
  PostilPairBands *self;
  guint side;
} Order;

static int
compare_places (gconstpointer x, gconstpointer y, gpointer data)
{
  const Order *order = data;
  guint a = get_span (order->self, *(const guint *) x, order->side).start;
  guint b = get_span (order->self, *(const guint *) y, order->side).start;

  return a < b ? -1 : a > b;
}

static void
sort_pairs (PostilPairBands *self, guint side)
{
  Order order = { self, side };
  guint n = self->alignment->pairs->len;

  self->order[side] = g_new (guint, n);
  self->reach[side] = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    self->order[side][i] = i;
  /* That of the first text is the one that they come in. */
  if (side == 1)
    g_qsort_with_data (self->order[side], n, sizeof (guint), compare_places, &order);
  for (guint i = 0; i < n; i++)
    {
      guint end = get_span (self, self->order[side][i], side).end;

      self->reach[side][i] = i > 0 ? MAX (self->reach[side][i - 1], end) : end;
    }
}

/**
 * postil_pair_bands_set_views:
 * @a: (nullable): the view of the first text, at the start side, within what scrolls it
 * @b: (nullable): that of the second one; both or none
 */
void
postil_pair_bands_set_views (PostilPairBands *self, PostilTextView *a, PostilTextView *b)
{
  g_return_if_fail (POSTIL_IS_PAIR_BANDS (self) && (a != NULL) == (b != NULL));

  set_view (self, 0, a);
  set_view (self, 1, b);
  tell_sides (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_pair_bands_set_alignment:
 * @alignment: (nullable): the pairs to be shown, of the texts in the two views
 *
 * No pair is current then.
 */
void
postil_pair_bands_set_alignment (PostilPairBands *self, PostilAlignment *alignment)
{
  g_return_if_fail (POSTIL_IS_PAIR_BANDS (self));

  if (self->alignment == alignment)
    return;
  clear_alignment (self);
  if (alignment != NULL)
    {
      self->alignment = postil_alignment_ref (alignment);
      sort_pairs (self, 0);
      sort_pairs (self, 1);
    }
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * postil_pair_bands_set_current:
 * @pair: (nullable): the pair of the alignment to emphasise
 */
void
postil_pair_bands_set_current (PostilPairBands *self, const PostilPair *pair)
{
  guint n;

  g_return_if_fail (POSTIL_IS_PAIR_BANDS (self));

  self->current = NONE;
  n = self->alignment != NULL ? self->alignment->pairs->len : 0;
  if (pair != NULL)
    for (guint i = find_first (self, 0, pair->a.start);
         i < n && get_pair (self, i)->a.start <= pair->a.start; i++)
      if (postil_span_equal (get_pair (self, i)->a, pair->a) &&
          postil_span_equal (get_pair (self, i)->b, pair->b) &&
          get_pair (self, i)->kind == pair->kind)
        self->current = i;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
