/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-font-metrics.h"

#include <pango/pangocairo.h>

/* How many fonts are remembered; a window shows a handful. */
#define MAX_FONTS 64

typedef struct
{
  PangoFontDescription *description;
  PangoLanguage *language;
  double resolution;
} Font;

/* Pango lays out samples for each answer, and a long list asks hundreds of times for the same; so
 * answers are kept with the map of fonts, which all widgets share, until that changes.
 */
typedef struct
{
  guint serial;
  GHashTable *by_font;
} Cache;

static guint
font_hash (gconstpointer data)
{
  const Font *font = data;

  return pango_font_description_hash (font->description) ^ g_direct_hash (font->language);
}

static gboolean
font_equal (gconstpointer a, gconstpointer b)
{
  const Font *x = a, *y = b;

  return x->language == y->language && x->resolution == y->resolution &&
         pango_font_description_equal (x->description, y->description);
}

static void
font_free (gpointer data)
{
  Font *font = data;

  pango_font_description_free (font->description);
  g_free (font);
}

static void
cache_free (gpointer data)
{
  Cache *cache = data;

  g_hash_table_unref (cache->by_font);
  g_free (cache);
}

static Cache *
ensure_cache (PangoFontMap *map)
{
  static GQuark key;
  Cache *cache;

  if (key == 0)
    key = g_quark_from_static_string ("postil-font-metrics");
  cache = g_object_get_qdata (G_OBJECT (map), key);
  if (cache == NULL)
    {
      cache = g_new0 (Cache, 1);
      cache->by_font = g_hash_table_new_full (font_hash, font_equal, font_free, g_free);
      g_object_set_qdata_full (G_OBJECT (map), key, cache, cache_free);
    }
  if (cache->serial != pango_font_map_get_serial (map) ||
      g_hash_table_size (cache->by_font) >= MAX_FONTS)
    g_hash_table_remove_all (cache->by_font);
  cache->serial = pango_font_map_get_serial (map);
  return cache;
}

static PostilFontMetrics *
measure (PangoContext *context)
{
  PostilFontMetrics *self = g_new0 (PostilFontMetrics, 1);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  g_autoptr (PangoLayout) layout = pango_layout_new (context);

  self->ascent = pango_font_metrics_get_ascent (metrics);
  self->descent = pango_font_metrics_get_descent (metrics);
  self->line_height = pango_font_metrics_get_height (metrics);
  self->char_width = pango_font_metrics_get_approximate_char_width (metrics);
  pango_font_metrics_unref (metrics);
  for (char c = ' '; c < 0x7f; c++)
    {
      pango_layout_set_text (layout, &c, 1);
      pango_layout_get_size (layout, &self->ascii[(int) c], NULL);
    }
  return self;
}

/**
 * postil_font_metrics_get:
 * @widget: a widget
 *
 * Returns: (transfer none): the metrics of its font; valid until the next call
 */
const PostilFontMetrics *
postil_font_metrics_get (GtkWidget *widget)
{
  PangoContext *context;
  PostilFontMetrics *metrics;
  Cache *cache;
  Font font;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  context = gtk_widget_get_pango_context (widget);
  cache = ensure_cache (pango_context_get_font_map (context));
  font = (Font){ pango_context_get_font_description (context), pango_context_get_language (context),
                 pango_cairo_context_get_resolution (context) };
  metrics = g_hash_table_lookup (cache->by_font, &font);
  if (metrics == NULL)
    {
      metrics = measure (context);
      font.description = pango_font_description_copy (font.description);
      g_hash_table_insert (cache->by_font, g_memdup2 (&font, sizeof font), metrics);
    }
  return metrics;
}

/**
 * postil_font_metrics_count_lines:
 * @self: the metrics of a font
 * @text: a text in it
 * @width: how wide lines may be, in pixels; -1 for as wide as can be
 * @most: no more lines than these are asked for
 *
 * Estimates without a layout. Kerning takes little away; other letters than those of ASCII may be
 * up to two lines wide.
 *
 * Returns: how many lines @text takes; 0 when that is not clear
 */
guint
postil_font_metrics_count_lines (const PostilFontMetrics *self,
                                 const char *text,
                                 int width,
                                 guint most)
{
  double available = width < 0 ? G_MAXINT : (double) MAX (width, 1) * PANGO_SCALE;
  double ascii = 0;
  guint n_other = 0;

  g_return_val_if_fail (self != NULL && text != NULL, 0);

  if (most == 1)
    return 1;
  for (const char *c = text; *c != '\0'; c++)
    if ((guchar) *c < G_N_ELEMENTS (self->ascii))
      ascii += self->ascii[(guchar) *c];
    else
      n_other += (*c & 0xc0) == 0xc0;
  if (ascii * 1.05 + 2.0 * n_other * self->line_height <= available)
    return 1;
  return ascii * 0.95 > available * (most - 1) ? most : 0;
}
