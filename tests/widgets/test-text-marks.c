/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "display.h"
#include "postil-test.h"
#include "two-texts.h"

#define HEIGHT 400

static char *
repeat (const char *unit, gsize n_bytes)
{
  GString *string = g_string_new (NULL);

  while (string->len < n_bytes)
    g_string_append (string, unit);
  return g_string_free (string, FALSE);
}

static cairo_surface_t *
capture_marks (TwoTexts *self, const PostilTextMark *marks, guint n_marks)
{
  postil_text_view_set_marks (self->views[0], marks, n_marks);
  return display_capture (self->views[0]);
}

/* Each kind looks other than all others, even where the style names no colours; together with a
 * highlight both are there; and without marks all is as before. */
static void
test_kinds (void)
{
  TwoTexts self = { 0 };
  cairo_surface_t *before, *highlighted, *gone, *shots[2][POSTIL_TEXT_MARK_WORDS_MOVED + 1];
  const guint n = POSTIL_TEXT_MARK_WORDS_MOVED + 1;

  two_texts_show (&self, "one two three four five six\nseven eight nine", "x", HEIGHT);
  before = display_capture (self.views[0]);
  for (guint i = 0; i < n; i++)
    {
      PostilTextMark mark = { { 4, 33 }, i };

      shots[0][i] = capture_marks (&self, &mark, 1);
      g_assert_false (display_is_same (shots[0][i], before));
      for (guint k = 0; k < i; k++)
        g_assert_false (display_is_same (shots[0][i], shots[0][k]));
    }
  gone = capture_marks (&self, NULL, 0);
  g_assert_true (display_is_same (gone, before));

  g_free (postil_test_annotate (self.workspace, self.documents[0], 8, 18, "Trust", NULL));
  display_settle (20);
  highlighted = display_capture (self.views[0]);
  for (guint i = 0; i < n; i++)
    {
      PostilTextMark mark = { { 4, 33 }, i };

      shots[1][i] = capture_marks (&self, &mark, 1);
      g_assert_false (display_is_same (shots[1][i], highlighted));
      g_assert_false (display_is_same (shots[1][i], shots[0][i]));
    }

  for (guint i = 0; i < n; i++)
    {
      cairo_surface_destroy (shots[0][i]);
      cairo_surface_destroy (shots[1][i]);
    }
  cairo_surface_destroy (before);
  cairo_surface_destroy (highlighted);
  cairo_surface_destroy (gone);
  two_texts_close (&self);
}

/* Of many marks, in any order, those are painted that touch what is in sight. */
static void
test_many (void)
{
  TwoTexts self = { 0 };
  g_autofree char *utf8 = repeat ("Some words on a line, עברית and 漢字.\n", 100000);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PostilTextMark));
  g_autoptr (GArray) near = g_array_new (FALSE, FALSE, sizeof (PostilTextMark));
  guint length;

  two_texts_show (&self, utf8, "x", HEIGHT);
  length = postil_text_get_length (postil_document_get_text (self.documents[0]));
  for (guint i = 0; i < 5000; i++)
    {
      PostilTextMark mark = { { g_rand_int_range (random, 0, length), 0 }, i % 6 };

      mark.span.end =
        MIN (mark.span.start + g_rand_int_range (random, 0, 3) * g_rand_int_range (random, 1, 400),
             length);
      g_array_append_val (all, mark);
    }
  for (guint i = 1; i < 6; i++)
    {
      guint offset = length / 6 * i;
      PostilSpan visible, wide;
      cairo_surface_t *expected, *painted;

      postil_text_view_scroll_to (self.views[0], offset);
      display_wait (postil_span_touches (postil_text_view_get_visible_span (self.views[0]),
                                         (PostilSpan){ offset, offset + 1 }));
      display_settle (50);
      visible = postil_text_view_get_visible_span (self.views[0]);
      wide = (PostilSpan){ visible.start - 100, visible.end + 100 };
      g_array_set_size (near, 0);
      for (guint k = 0; k < all->len; k++)
        {
          PostilTextMark mark = g_array_index (all, PostilTextMark, k);

          if (mark.span.start <= wide.end && mark.span.end >= wide.start)
            g_array_append_val (near, mark);
        }
      expected = capture_marks (&self, (gpointer) near->data, near->len);
      painted = capture_marks (&self, (gpointer) all->data, all->len);
      g_assert_true (display_is_same (painted, expected));
      cairo_surface_destroy (expected);
      cairo_surface_destroy (painted);
    }
  two_texts_close (&self);
}

/* Bars stand on the side of the other text, beside every line, also empty ones. */
static void
test_bars (void)
{
  TwoTexts self = { 0 };
  PostilTextMark mark = { { 0, 12 }, POSTIL_TEXT_MARK_ONLY_HERE };
  cairo_surface_t *before, *after;
  int width;

  two_texts_show (&self, "One.\n\n\nTwo.\nThree.", "x", HEIGHT);
  before = display_capture (self.views[0]);
  after = capture_marks (&self, &mark, 1);
  width = cairo_image_surface_get_width (after);
  for (guint offset = 0; offset < 14; offset++)
    {
      int y, height;
      guint n_left = 0, n_right = 0;

      g_assert_true (postil_text_view_get_line (self.views[0], offset, &y, &height));
      for (int x = 0; x < 20; x++)
        {
          n_left += display_get_pixel (before, x, y + height / 2) !=
                    display_get_pixel (after, x, y + height / 2);
          n_right += display_get_pixel (before, width - 1 - x, y + height / 2) !=
                     display_get_pixel (after, width - 1 - x, y + height / 2);
        }
      g_assert_cmpuint (n_left, ==, 0);
      if (offset < 12)
        g_assert_cmpuint (n_right, >, 1);
      else
        g_assert_cmpuint (n_right, ==, 0);
    }
  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
  two_texts_close (&self);
}

/* Marks are of one text; another one, or the same one changed, has none. */
static void
test_other_text (void)
{
  TwoTexts self = { 0 };
  PostilTextMark mark = { { 0, 3 }, POSTIL_TEXT_MARK_WORDS_MOVED };
  cairo_surface_t *before, *after;

  two_texts_show (&self, "one two", "three", HEIGHT);
  before = display_capture (self.views[0]);
  cairo_surface_destroy (capture_marks (&self, &mark, 1));
  postil_text_view_set_document (self.views[0], self.documents[1]);
  display_settle (50);
  postil_text_view_set_document (self.views[0], self.documents[0]);
  display_settle (50);
  after = display_capture (self.views[0]);
  g_assert_true (display_is_same (before, after));
  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
  two_texts_close (&self);
}

static const char *const place_texts[] = {
  "A line. Another one that is longer, so that it is wrapped where the view is at an end, and "
  "goes on for some time.\n\n\nAnd more.\n",
  "مرحبا بالعالم هذا نص عربي طويل يحتاج إلى أكثر من سطر واحد with English inside ثم نعود.\n",
  "漢字とかな 😀 emoji 👩‍👩‍👧 "
  "漢字とかな漢字とかな漢字とかな漢字とかな漢字とかな漢字とかな\r\n",
};

/* Where GTK says that a line is, in sight and out of it; places and heights are two sides of one
 * thing, pixel by pixel. */
static void
test_places (gconstpointer data)
{
  TwoTexts self = { 0 };
  gboolean one_paragraph = data == NULL;
  g_autofree char *utf8 = repeat (one_paragraph ? "word after word " : data, 60000);
  PostilTextView *view;
  guint length;

  two_texts_show (&self, utf8, "x", HEIGHT);
  view = self.views[0];
  length = postil_text_get_length (postil_document_get_text (self.documents[0]));
  for (guint i = 0; i < 5; i++)
    {
      guint offset = length / 5 * i;
      PostilSpan visible;
      double last = -1;

      postil_text_view_scroll_to (view, offset);
      display_wait (postil_span_touches (postil_text_view_get_visible_span (view),
                                         (PostilSpan){ offset, offset + 1 }));
      display_settle (50);
      visible = postil_text_view_get_visible_span (view);
      for (guint k = 0; k <= length; k += 1 + length / 400)
        {
          int y, height;
          gboolean in_sight = postil_text_view_get_line (view, k, &y, &height);

          if (k + 1 < visible.start)
            g_assert_cmpint (y, <, 0);
          if (k + 1 < visible.start && visible.start - k > 400)
            g_assert_false (in_sight);
          if (k > visible.end)
            g_assert_true (!in_sight && y >= HEIGHT);
          if (k > visible.start + 200 && k + 200 < visible.end)
            g_assert_true (in_sight && y + height > 0 && y < HEIGHT);
        }
      for (int y = 40; y < HEIGHT - 40; y++)
        {
          double place = postil_text_view_get_place (view, y);

          g_assert_cmpfloat (fabs (postil_text_view_get_place_y (view, place) - y), <, 1);
          g_assert_cmpfloat (place, >, last);
          last = place;
        }
    }
  two_texts_close (&self);
}

/* Any place is brought to any height that the ends of the text allow, at once and exactly, and then
 * rests; while GTK is still laying out, within some frames, and to within its line. */
static void
test_bring (void)
{
  TwoTexts self = { 0 };
  g_autofree char *utf8 = repeat ("A line of some words, and one more.\n\nAnother.\n", 600000);
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  guint length;

  two_texts_show (&self, utf8, "x", HEIGHT);
  length = postil_text_get_length (postil_document_get_text (self.documents[0]));
  for (guint i = 0; i < 30; i++)
    {
      double place = g_rand_double_range (random, 2000, length - 2000);
      int y = g_rand_int_range (random, 0, HEIGHT);
      int limit = i < 5 ? 40 : 1;

      if (i == 5)
        display_wait (display_is_laid_out (self.views[0]));
      postil_text_view_bring (self.views[0], place, y);
      if (i < 5)
        {
          display_wait (fabs (postil_text_view_get_place_y (self.views[0], place) - y) < limit);
          display_settle (200);
        }
      g_assert_cmpfloat (fabs (postil_text_view_get_place_y (self.views[0], place) - y), <, limit);
      display_settle (i % 2 * 30);
      g_assert_cmpfloat (fabs (postil_text_view_get_place_y (self.views[0], place) - y), <, limit);
    }
  postil_text_view_bring (self.views[0], 0, 300);
  display_settle (50);
  g_assert_cmpfloat (gtk_adjustment_get_value (self.adjustments[0]), ==, 0);
  two_texts_close (&self);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

  g_test_add_func ("/text-marks/kinds", test_kinds);
  g_test_add_func ("/text-marks/many", test_many);
  g_test_add_func ("/text-marks/bars", test_bars);
  g_test_add_func ("/text-marks/other-text", test_other_text);
  g_test_add_data_func ("/text-marks/places/lines", place_texts[0], test_places);
  g_test_add_data_func ("/text-marks/places/right-to-left", place_texts[1], test_places);
  g_test_add_data_func ("/text-marks/places/wide", place_texts[2], test_places);
  g_test_add_data_func ("/text-marks/places/one-paragraph", NULL, test_places);
  g_test_add_func ("/text-marks/bring", test_bring);
  return g_test_run ();
}
