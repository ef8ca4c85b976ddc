/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-palette.h"

#include <math.h>

#include "postil-id.h"

/* Contrast ratios of WCAG 2.1: of text on what is behind it (1.4.6), of marks (1.4.11). */
#define TEXT_CONTRAST 7.0
#define LINE_CONTRAST 3.0

#define N_TOPIC_PATTERNS (POSTIL_PATTERN_DOUBLE + 1)
#define N_COMPARISON_TONES (POSTIL_COMPARISON_TONE_MOVED + 1)

/*
 * PostilPalette: how the topics of a codebook look on one background. Owned by the widget that
 * paints with it, which makes a new one when the codebook or its style changes; never changes
 * itself. Text stays readable on whatever it washes, in light, dark and high contrast.
 */
struct _PostilPalette
{
  GdkRGBA foreground;
  GdkRGBA background;
  PostilTone plain;
  PostilTone comparison[N_COMPARISON_TONES];
  /* By interned ids, for which their addresses do. */
  GHashTable *tones;
};

static double
linearize (float channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const GdkRGBA *color)
{
  return 0.2126 * linearize (color->red) + 0.7152 * linearize (color->green) +
         0.0722 * linearize (color->blue);
}

/* @share of @over, the rest of @under; opaque. */
static GdkRGBA
mix (const GdkRGBA *under, const GdkRGBA *over, float share)
{
  return (GdkRGBA){
    under->red + (over->red - under->red) * share,
    under->green + (over->green - under->green) * share,
    under->blue + (over->blue - under->blue) * share,
    1,
  };
}

static PostilTone
make_tone (PostilPalette *self, const GdkRGBA *color, PostilPattern pattern)
{
  PostilTone tone = { .color = *color, .line = *color, .pattern = pattern };

  for (guint i = 1;
       i <= 10 && postil_palette_get_contrast (&tone.line, &self->background) < LINE_CONTRAST; i++)
    tone.line = mix (&tone.color, &self->foreground, i / 10.0);
  return tone;
}

static PostilTone
make_topic_tone (PostilPalette *self, const char *color, PostilPattern pattern)
{
  GdkRGBA parsed;

  if (color == NULL || !gdk_rgba_parse (&parsed, color))
    gdk_rgba_parse (&parsed, "#e5c100");
  return make_tone (self, &parsed, pattern);
}

/* Colours that the style does not name are that of the text; the patterns differ all the same. */
static void
make_comparison_tones (PostilPalette *self, GtkStyleContext *context)
{
  static const struct
  {
    const char *name;
    PostilPattern pattern;
  } styles[N_COMPARISON_TONES] = {
    [POSTIL_COMPARISON_TONE_ONLY] = { "comparison_only_color", POSTIL_PATTERN_SOLID },
    [POSTIL_COMPARISON_TONE_SAME] = { "comparison_same_color", POSTIL_PATTERN_SOLID },
    [POSTIL_COMPARISON_TONE_REWORDED] = { "comparison_reworded_color", POSTIL_PATTERN_DOTTED },
    [POSTIL_COMPARISON_TONE_MOVED] = { "comparison_moved_color", POSTIL_PATTERN_DASHED },
  };

  for (guint i = 0; i < N_COMPARISON_TONES; i++)
    {
      GdkRGBA color = self->foreground;

      if (context != NULL)
        gtk_style_context_lookup_color (context, styles[i].name, &color);
      self->comparison[i] = make_tone (self, &color, styles[i].pattern);
    }
}

/**
 * postil_palette_get_contrast:
 * @a: a colour
 * @b: another
 *
 * Returns: their contrast ratio, from 1 to 21, as WCAG 2.1 defines it
 */
double
postil_palette_get_contrast (const GdkRGBA *a, const GdkRGBA *b)
{
  double la = get_luminance (a), lb = get_luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

/**
 * postil_palette_new:
 * @codebook: (nullable): its topics
 * @foreground: colour of text
 * @background: what is behind the text; opaque
 *
 * Returns: (transfer full): a palette for the codebook as it is now
 */
PostilPalette *
postil_palette_new (PostilCodebook *codebook, const GdkRGBA *foreground, const GdkRGBA *background)
{
  PostilPalette *self;

  g_return_val_if_fail (foreground != NULL && background != NULL, NULL);

  self = g_new0 (PostilPalette, 1);
  self->background = *background;
  self->foreground = mix (background, foreground, foreground->alpha);
  self->plain = make_topic_tone (self, NULL, POSTIL_PATTERN_SOLID);
  make_comparison_tones (self, NULL);
  self->tones = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) g_ref_string_release, g_free);
  if (codebook != NULL)
    {
      GPtrArray *topics = postil_codebook_get_topics (codebook);

      for (guint i = 0; i < topics->len; i++)
        {
          PostilTopic *topic = g_ptr_array_index (topics, i);
          PostilTone tone =
            make_topic_tone (self, postil_topic_get_color (topic), i % N_TOPIC_PATTERNS);

          g_hash_table_insert (self->tones, postil_id_intern (postil_topic_get_id (topic)),
                               g_memdup2 (&tone, sizeof tone));
        }
    }
  return self;
}

/**
 * postil_palette_new_for_widget:
 * @codebook: (nullable): its topics
 * @widget: where they are shown, on the colours that text views have
 *
 * Returns: (transfer full): a palette for the codebook and the style as they are now
 */
PostilPalette *
postil_palette_new_for_widget (PostilCodebook *codebook, GtkWidget *widget)
{
  PostilPalette *self;
  GtkStyleContext *context;
  GdkRGBA foreground, background;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  context = gtk_widget_get_style_context (widget);
  gtk_style_context_get_color (context, &foreground);
  if (!gtk_style_context_lookup_color (context, "view_bg_color", &background) &&
      !gtk_style_context_lookup_color (context, "theme_base_color", &background))
    gdk_rgba_parse (&background, get_luminance (&foreground) > 0.4 ? "#1e1e1e" : "#ffffff");
  self = postil_palette_new (codebook, &foreground, &background);
  make_comparison_tones (self, context);
  return self;
}

/**
 * postil_palette_free:
 * @self: (transfer full): a palette
 */
void
postil_palette_free (PostilPalette *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->tones);
  g_free (self);
}

static gboolean
same_tone (const PostilTone *a, const PostilTone *b)
{
  return gdk_rgba_equal (&a->color, &b->color) && gdk_rgba_equal (&a->line, &b->line) &&
         a->pattern == b->pattern;
}

/**
 * postil_palette_equal:
 * @a: a palette
 * @b: another
 *
 * Returns: whether everything looks the same in both
 */
gboolean
postil_palette_equal (PostilPalette *a, PostilPalette *b)
{
  GHashTableIter iter;
  gpointer topic, tone;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (!gdk_rgba_equal (&a->foreground, &b->foreground) ||
      !gdk_rgba_equal (&a->background, &b->background) ||
      g_hash_table_size (a->tones) != g_hash_table_size (b->tones))
    return FALSE;
  for (guint i = 0; i < N_COMPARISON_TONES; i++)
    if (!same_tone (&a->comparison[i], &b->comparison[i]))
      return FALSE;
  g_hash_table_iter_init (&iter, a->tones);
  while (g_hash_table_iter_next (&iter, &topic, &tone))
    {
      const PostilTone *other = g_hash_table_lookup (b->tones, topic);

      if (other == NULL || !same_tone (tone, other))
        return FALSE;
    }
  return TRUE;
}

/**
 * postil_palette_get_foreground:
 *
 * Returns: the colour of text, opaque
 */
const GdkRGBA *
postil_palette_get_foreground (PostilPalette *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->foreground;
}

/**
 * postil_palette_get_background:
 *
 * Returns: what is behind the text, opaque
 */
const GdkRGBA *
postil_palette_get_background (PostilPalette *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->background;
}

/**
 * postil_palette_get_tone:
 * @topic: (nullable): id of a topic, interned as annotations have it; %NULL for what has none
 *
 * Returns: how it looks; that of a plain highlight if the codebook has no such topic
 */
const PostilTone *
postil_palette_get_tone (PostilPalette *self, const char *topic)
{
  const PostilTone *tone;

  g_return_val_if_fail (self != NULL, NULL);

  tone = topic != NULL ? g_hash_table_lookup (self->tones, topic) : NULL;
  return tone != NULL ? tone : &self->plain;
}

/**
 * postil_palette_get_comparison_tone:
 * @which: what is to be told apart
 *
 * Returns: how it looks, as the style says with its named colours "comparison_only_color",
 * "comparison_same_color", "comparison_reworded_color" and "comparison_moved_color"
 */
const PostilTone *
postil_palette_get_comparison_tone (PostilPalette *self, PostilComparisonTone which)
{
  g_return_val_if_fail (self != NULL && which < N_COMPARISON_TONES, NULL);

  return &self->comparison[which];
}

/**
 * postil_palette_wash:
 * @color: what to lay behind text
 * @depth: how many annotations lie there; more of them make it stronger
 *
 * Returns: @color, as translucent as it takes to keep the text on it readable
 */
GdkRGBA
postil_palette_wash (PostilPalette *self, const GdkRGBA *color, guint depth)
{
  GdkRGBA wash;

  g_return_val_if_fail (self != NULL && color != NULL, (GdkRGBA){ 0 });

  wash = *color;
  for (wash.alpha = MIN (0.2 + 0.06 * depth, 0.45); wash.alpha > 0.1; wash.alpha -= 0.05)
    {
      GdkRGBA behind = mix (&self->background, color, wash.alpha);

      if (postil_palette_get_contrast (&behind, &self->foreground) >= TEXT_CONTRAST)
        break;
    }
  return wash;
}
