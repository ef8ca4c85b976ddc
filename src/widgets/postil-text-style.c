/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text-style.h"

#include <math.h>

/* Longest line that reads well, in average characters. */
#define MAX_LINE_CHARACTERS 84

/* Height of the font that the finest mark is one pixel thick at. */
#define UNIT_FONT_HEIGHT 16.0

/* Space for the underlines, in units of the finest mark. */
#define ABOVE_PARAGRAPH 2
#define BELOW_PARAGRAPH 12
#define BELOW_LINE 8

/* What belongs to the names of tags. */
#define TOP "top"
#define CONTINUES "continues"
#define CONTINUED "continued"

/*
 * PostilTextStyle: how a text view sets its text: the size, the space between lines and round the
 * text. Owned by the view, which tells it when the font or the width changed. The buffer has tags
 * for what is not the same for all lines: the space above the first one, and that between lines
 * which are one paragraph, where it is that of a wrapped line.
 */
struct _PostilTextStyle
{
  GtkTextView *view;
  GtkCssProvider *zoom_provider;
  GtkTextTag *continues;
  int unit;
};

static PangoFontMetrics *
get_metrics (PostilTextStyle *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self->view));

  return pango_context_get_metrics (context, NULL, NULL);
}

/**
 * postil_text_style_new:
 * @view: the view, which must outlive the style
 *
 * Returns: (transfer full): a style that sets neither spacing nor margins yet
 */
PostilTextStyle *
postil_text_style_new (GtkTextView *view)
{
  PostilTextStyle *self;
  GtkTextBuffer *buffer;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view), NULL);

  self = g_new0 (PostilTextStyle, 1);
  self->view = view;
  self->zoom_provider = gtk_css_provider_new ();
  gtk_style_context_add_provider (gtk_widget_get_style_context (GTK_WIDGET (view)),
                                  GTK_STYLE_PROVIDER (self->zoom_provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  buffer = gtk_text_view_get_buffer (view);
  gtk_text_buffer_create_tag (buffer, TOP, "pixels-above-lines", POSTIL_TEXT_STYLE_MARGIN, NULL);
  gtk_text_buffer_create_tag (buffer, CONTINUED, "pixels-above-lines", 0, NULL);
  self->continues = gtk_text_buffer_create_tag (buffer, CONTINUES, NULL);
  return self;
}

/**
 * postil_text_style_free:
 * @self: (transfer full): a style
 */
void
postil_text_style_free (PostilTextStyle *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->zoom_provider);
  g_free (self);
}

/**
 * postil_text_style_set_zoom:
 * @zoom: size of the text, 1 for that of the system
 */
void
postil_text_style_set_zoom (PostilTextStyle *self, double zoom)
{
  g_autofree char *css = NULL;

  g_return_if_fail (self != NULL);

  css = g_strdup_printf ("textview { font-size: %d%%; }", (int) round (zoom * 100));
  gtk_css_provider_load_from_data (self->zoom_provider, css, -1);
}

/**
 * postil_text_style_update_spacing:
 *
 * Follows the font.
 *
 * Returns: thickness of the finest mark, in pixels
 */
int
postil_text_style_update_spacing (PostilTextStyle *self)
{
  PangoFontMetrics *metrics;
  double height;
  int unit;

  g_return_val_if_fail (self != NULL, 1);

  metrics = get_metrics (self);
  height = pango_font_metrics_get_height (metrics) / (double) PANGO_SCALE;
  pango_font_metrics_unref (metrics);
  unit = MAX (1, (int) round (height / UNIT_FONT_HEIGHT));
  /* A tag that is set is laid out anew, even if it stays the same. */
  if (unit != self->unit)
    {
      self->unit = unit;
      gtk_text_view_set_pixels_inside_wrap (self->view, BELOW_LINE * unit);
      gtk_text_view_set_pixels_above_lines (self->view, ABOVE_PARAGRAPH * unit);
      gtk_text_view_set_pixels_below_lines (self->view, BELOW_PARAGRAPH * unit);
      g_object_set (self->continues, "pixels-below-lines", BELOW_LINE * unit, NULL);
    }
  return unit;
}

/**
 * postil_text_style_fit_margins:
 * @width: that of the view, in pixels
 * @number_width: least space for paragraph numbers, in pixels
 *
 * Lines get no longer than reads well.
 *
 * Returns: whether the margins changed
 */
gboolean
postil_text_style_fit_margins (PostilTextStyle *self, int width, int number_width)
{
  PangoFontMetrics *metrics;
  int text_width, margin, left_margin;
  gboolean is_changed;

  g_return_val_if_fail (self != NULL, FALSE);

  metrics = get_metrics (self);
  text_width =
    PANGO_PIXELS (MAX_LINE_CHARACTERS * pango_font_metrics_get_approximate_char_width (metrics));
  pango_font_metrics_unref (metrics);
  margin = MAX (POSTIL_TEXT_STYLE_MARGIN, (width - text_width) / 2);
  left_margin = MAX (margin, POSTIL_TEXT_STYLE_MARGIN / 2 + number_width);
  is_changed = left_margin != gtk_text_view_get_left_margin (self->view) ||
               margin != gtk_text_view_get_right_margin (self->view);
  gtk_text_view_set_left_margin (self->view, left_margin);
  gtk_text_view_set_right_margin (self->view, margin);
  return is_changed;
}

/**
 * postil_text_style_measure_digits:
 * @number: the highest number to show
 *
 * Returns: how wide it is, in pixels
 */
int
postil_text_style_measure_digits (PostilTextStyle *self, guint number)
{
  PangoFontMetrics *metrics;
  int digit_width, n_digits = 1;

  g_return_val_if_fail (self != NULL, 0);

  metrics = get_metrics (self);
  digit_width = pango_font_metrics_get_approximate_digit_width (metrics);
  pango_font_metrics_unref (metrics);
  for (; number > 9; number /= 10)
    n_digits++;
  return PANGO_PIXELS_CEIL (n_digits * digit_width);
}

/**
 * postil_text_style_begin_text:
 * @start: where the text starts in the buffer
 *
 * Adds the space above the first line. With a top margin of the view GTK would lose its place while
 * it lays out what is above.
 */
void
postil_text_style_begin_text (const GtkTextIter *start)
{
  GtkTextBuffer *buffer;
  GtkTextTag *top;
  GtkTextIter toggle, end;

  g_return_if_fail (start != NULL);

  buffer = gtk_text_iter_get_buffer (start);
  top = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), TOP);
  /* Where it began before; to take it from all of the text would take long. */
  end = toggle = *start;
  while (gtk_text_iter_forward_to_tag_toggle (&toggle, top))
    end = toggle;
  if (!gtk_text_iter_equal (start, &end))
    gtk_text_buffer_remove_tag (buffer, top, start, &end);
  end = *start;
  gtk_text_iter_forward_char (&end);
  gtk_text_buffer_apply_tag (buffer, top, start, &end);
}

/**
 * postil_text_style_continue_line:
 * @start: where a line of the buffer starts
 *
 * Lets that line follow on the one before it as if a paragraph was wrapped there.
 */
void
postil_text_style_continue_line (const GtkTextIter *start)
{
  GtkTextBuffer *buffer;
  GtkTextIter before, end;

  g_return_if_fail (start != NULL);

  buffer = gtk_text_iter_get_buffer (start);
  before = end = *start;
  gtk_text_iter_backward_line (&before);
  gtk_text_iter_forward_line (&end);
  /* Of whole lines, for a tag that ends within a line may change how that is shaped. */
  gtk_text_buffer_apply_tag_by_name (buffer, CONTINUES, &before, start);
  gtk_text_buffer_apply_tag_by_name (buffer, CONTINUED, start, &end);
}
