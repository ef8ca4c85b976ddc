/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "two-texts.h"

#define HEIGHT 500

typedef struct
{
  TwoTexts texts;
  GtkGesture *click;
  guint n_activated;
  guint activated;
} Fixture;

static void
activated_cb (Fixture *self, guint pair)
{
  self->n_activated++;
  self->activated = pair;
}

static void
set_up (Fixture *self, const char *a, const char *b)
{
  g_autoptr (GListModel) controllers = NULL;

  two_texts_show (&self->texts, a, b, HEIGHT);
  g_signal_connect_swapped (self->texts.bands, "pair-activated", G_CALLBACK (activated_cb), self);
  controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->texts.bands));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller))
        self->click = GTK_GESTURE (controller);
    }
}

static void
tear_down (Fixture *self)
{
  g_signal_handlers_disconnect_by_data (self->texts.bands, self);
  two_texts_close (&self->texts);
}

/* The pair that a click on the bands activates; -1 if none. */
static int
click (Fixture *self, double x, double y)
{
  self->n_activated = 0;
  g_signal_emit_by_name (self->click, "released", 1, x, y);
  return self->n_activated > 0 ? (int) self->activated : -1;
}

static void
draw (Fixture *self)
{
  cairo_surface_destroy (display_capture (self->texts.bands));
}

static int
get_index (Fixture *self, const PostilPair *pair)
{
  return pair - (const PostilPair *) (gpointer) self->texts.alignment->pairs->data;
}

static const PostilPair *
get_pair (Fixture *self, guint index)
{
  return &g_array_index (self->texts.alignment->pairs, PostilPair, index);
}

/* At either edge every display line of a passage meets the band of its pair, and what has no
 * counterpart meets none; wherever the texts stand. */
static void
check_edges (Fixture *self, gboolean mirrored)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->texts.bands));
  guint n_checked = 0;

  draw (self);
  for (guint side = 0; side < 2; side++)
    {
      PostilText *text = postil_document_get_text (self->texts.documents[side]);
      double x = (side == 0) != mirrored ? 0.5 : width - 0.5;

      for (guint i = 0; i < postil_text_get_n_paragraphs (text); i++)
        {
          PostilSpan paragraph = postil_text_get_paragraph (text, i);
          const PostilPair *pair =
            postil_alignment_find_pair (self->texts.alignment, side == 1, paragraph.start);

          for (guint offset = paragraph.start; offset < paragraph.end; offset++)
            {
              int y, height;

              if (!postil_text_view_get_line (self->texts.views[side], offset, &y, &height) ||
                  y < 0 || y + height > HEIGHT)
                continue;
              g_assert_cmpint (click (self, x, y + 1), ==,
                               pair != NULL ? get_index (self, pair) : -1);
              g_assert_cmpint (click (self, x, y + height - 2), ==,
                               pair != NULL ? get_index (self, pair) : -1);
              n_checked++;
            }
        }
    }
  g_assert_cmpuint (n_checked, >, 100);
}

/* Paragraphs of one sentence each, of which each text lacks some, and some are moved. */
static void
set_up_paragraphs (Fixture *self, gboolean moved)
{
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *sentence = g_strdup_printf (
        "The p%u of the q%u went with r%u to the s%u, where t%u met u%u and v%u in a w%u.\n", i, i,
        i, i, i, i, i, i);

      if (i % 5 != 3)
        g_string_append (a, sentence);
      if (i % 7 != 4 && !(moved && i == 2))
        g_string_append (b, sentence);
      if (moved && i == 7)
        g_string_append (
          b, "The p2 of the q2 went with r2 to the s2, where t2 met u2 and v2 in a w2.\n");
    }
  set_up (self, a->str, b->str);
}

static void
test_edges (void)
{
  Fixture self = { 0 };

  set_up_paragraphs (&self, FALSE);
  for (guint step = 0; step < 8; step++)
    {
      for (guint side = 0; side < 2; side++)
        gtk_adjustment_set_value (self.texts.adjustments[side], step * 60 + side * 45);
      /* No frame in between: bands are where the texts are now. */
      check_edges (&self, FALSE);
    }
  tear_down (&self);
}

static void
test_mirrored (void)
{
  Fixture self = { 0 };

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  set_up_paragraphs (&self, FALSE);
  check_edges (&self, TRUE);
  tear_down (&self);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Several sentences on a display line: each has a part of its height, none is covered. */
static void
test_shared_lines (void)
{
  static const char text[] = "Alpha beta. Gamma delta. Epsilon zeta.\nEta theta. Iota kappa.";
  Fixture self = { 0 };
  int y, height, last = -1;
  guint n_found = 0;

  set_up (&self, text, text);
  g_assert_cmpuint (self.texts.alignment->pairs->len, >, 1);
  draw (&self);
  g_assert_true (postil_text_view_get_line (self.texts.views[0], 0, &y, &height));
  for (int at = y; at < HEIGHT; at++)
    {
      int pair = click (&self, 0.5, at);

      if (pair < 0 || pair == last)
        continue;
      g_assert_cmpint (pair, ==, last + 1);
      last = pair;
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, self.texts.alignment->pairs->len);
  tear_down (&self);
}

/* What moved crosses what did not, and looks other; the current pair and none look other again. */
static void
test_looks (void)
{
  Fixture self = { 0 };
  const PostilPair *moved = NULL;
  cairo_surface_t *plain, *current, *none;

  set_up_paragraphs (&self, TRUE);
  for (guint i = 0; i < self.texts.alignment->pairs->len; i++)
    if (get_pair (&self, i)->kind == POSTIL_PAIR_MOVED)
      moved = get_pair (&self, i);
  g_assert_nonnull (moved);
  plain = display_capture (self.texts.bands);
  postil_pair_bands_set_current (self.texts.bands, moved);
  current = display_capture (self.texts.bands);
  g_assert_false (display_is_same (plain, current));
  gtk_test_accessible_assert_property (self.texts.bands, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Pairs of passages");
  postil_pair_bands_set_current (self.texts.bands, NULL);
  gtk_test_accessible_assert_property (self.texts.bands, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  postil_pair_bands_set_alignment (self.texts.bands, NULL);
  none = display_capture (self.texts.bands);
  g_assert_false (display_is_same (plain, none));
  g_assert_cmpint (click (&self, 5, 50), ==, -1);
  cairo_surface_destroy (plain);
  cairo_surface_destroy (current);
  cairo_surface_destroy (none);
  tear_down (&self);
}

/* A band whose other end is out of sight leaves upwards or downwards. */
static void
test_out_of_sight (void)
{
  Fixture self = { 0 };
  int width, y, height;
  const PostilPair *pair;

  set_up_paragraphs (&self, FALSE);
  width = gtk_widget_get_width (GTK_WIDGET (self.texts.bands));
  pair = get_pair (&self, 0);
  for (guint i = 0; i < 2; i++)
    {
      /* The second text is far below, then far above. */
      gtk_adjustment_set_value (self.texts.adjustments[1 - i], 0);
      gtk_adjustment_set_value (self.texts.adjustments[i], 1000);
      draw (&self);
      g_assert_true (postil_text_view_get_line (
        self.texts.views[1 - i], i == 0 ? pair->b.start : pair->a.start, &y, &height));
      g_assert_cmpint (click (&self, i == 0 ? width - 0.5 : 0.5, y + height / 2), ==, 0);
      /* In the middle it is above the view. */
      for (int at = y; at < HEIGHT; at++)
        g_assert_cmpint (click (&self, width / 2.0, at), !=, 0);
    }
  tear_down (&self);
}

static void
test_keys (void)
{
  Fixture self = { 0 };
  g_autofree char *description = NULL;
  guint n;

  set_up_paragraphs (&self, FALSE);
  n = self.texts.alignment->pairs->len;
  description = g_strdup_printf ("Pair 1 of %u: In the same words", n);
  g_assert_true (display_press (self.texts.bands, GDK_KEY_Down, 0));
  g_assert_cmpuint (self.activated, ==, 0);
  postil_pair_bands_set_current (self.texts.bands, get_pair (&self, 0));
  gtk_test_accessible_assert_property (self.texts.bands, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       description);
  display_press (self.texts.bands, GDK_KEY_Down, 0);
  g_assert_cmpuint (self.activated, ==, 1);
  postil_pair_bands_set_current (self.texts.bands, get_pair (&self, n - 2));
  display_press (self.texts.bands, GDK_KEY_Page_Down, 0);
  g_assert_cmpuint (self.activated, ==, n - 1);
  postil_pair_bands_set_current (self.texts.bands, get_pair (&self, 3));
  display_press (self.texts.bands, GDK_KEY_Up, 0);
  g_assert_cmpuint (self.activated, ==, 2);
  /* At an end there is no other pair. */
  postil_pair_bands_set_current (self.texts.bands, get_pair (&self, 0));
  self.n_activated = 0;
  display_press (self.texts.bands, GDK_KEY_Up, 0);
  g_assert_cmpuint (self.n_activated, ==, 0);
  g_assert_false (display_press (self.texts.bands, GDK_KEY_Down, GDK_CONTROL_MASK));
  tear_down (&self);
}

/* Where the pointer meets a band there is something to tell. */
static void
test_tooltips (void)
{
  Fixture self = { 0 };
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  GtkWidget *bands;
  int y, height;

  set_up_paragraphs (&self, FALSE);
  bands = GTK_WIDGET (self.texts.bands);
  draw (&self);
  g_assert_true (postil_text_view_get_line (self.texts.views[0], 0, &y, &height));
  g_assert_true (
    GTK_WIDGET_GET_CLASS (bands)->query_tooltip (bands, 0, y + height / 2, FALSE, tooltip));
  g_assert_false (GTK_WIDGET_GET_CLASS (bands)->query_tooltip (bands, 0, 2, FALSE, tooltip));
  g_assert_false (GTK_WIDGET_GET_CLASS (bands)->query_tooltip (bands, 0, 0, TRUE, tooltip));
  postil_pair_bands_set_current (self.texts.bands, get_pair (&self, 0));
  g_assert_true (GTK_WIDGET_GET_CLASS (bands)->query_tooltip (bands, 0, 0, TRUE, tooltip));
  tear_down (&self);
}

/* Texts without pairs, views that go. */
static void
test_nothing (void)
{
  Fixture self = { 0 };

  set_up (&self, "One.", "x");
  draw (&self);
  g_assert_cmpint (click (&self, 20, 40), ==, -1);
  display_press (self.texts.bands, GDK_KEY_Down, 0);
  g_assert_cmpuint (self.n_activated, ==, 0);
  postil_pair_bands_set_views (self.texts.bands, NULL, NULL);
  draw (&self);
  g_assert_false (display_press (self.texts.bands, GDK_KEY_Down, 0));
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

  g_test_add_func ("/pair-bands/edges", test_edges);
  g_test_add_func ("/pair-bands/mirrored", test_mirrored);
  g_test_add_func ("/pair-bands/shared-lines", test_shared_lines);
  g_test_add_func ("/pair-bands/looks", test_looks);
  g_test_add_func ("/pair-bands/out-of-sight", test_out_of_sight);
  g_test_add_func ("/pair-bands/keys", test_keys);
  g_test_add_func ("/pair-bands/tooltips", test_tooltips);
  g_test_add_func ("/pair-bands/nothing", test_nothing);
  return g_test_run ();
}
