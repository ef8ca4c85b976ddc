/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-text-glyphs.h"

/* Letters that fonts join, marks of their own, other scripts, emoji of several characters, tabs. */
static const char *const texts[] = {
  "The man who came to see them was not at home on the day that they came, and no one knew where "
  "he went.\nA line.",
  "The first of five officers offered a flat of his own, affluent as he was, to find them a roof: "
  "fi fl ff ffi ffl.\n\nAnother  line,\twith more  of  it.",
  "漢字とかな and 한국어, 😀 emoji 👩‍👩‍👧 and 👍🏽, 🇫🇷 and café "
  "with "
  "combining "
  "e\xcc\x81 letters, \xef\xac\x81n and more 漢字, a \xee\x80\x80 without glyph, and so on until "
  "the line wraps.",
};

#define N_LINES 3000
#define SPACING 1000

typedef struct
{
  GtkTextView *view;
  GtkTextBuffer *buffer;
  PostilTextGlyphs *glyphs;
  guint n_known;
  guint n_characters;
} Fixture;

static void
get_location (Fixture *self, guint offset, GdkRectangle *location)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (self->buffer, &iter, offset);
  gtk_text_view_get_iter_location (self->view, &iter, location);
}

/* GTK tells the same of each character that anything is known of. */
static void
check_line (Fixture *self, guint row, guint start, const char *utf8, gboolean is_broken)
{
  guint length = g_utf8_strlen (utf8, -1);
  g_autofree int *edges = g_new (int, length + 1);
  PostilSpan unknown =
    postil_text_glyphs_find_edges (self->glyphs, row, utf8, length, is_broken, edges);
  GdkRectangle location;
  int y, height, top = 0, bottom = 0;

  g_assert_cmpuint (unknown.end, <=, length);
  for (guint i = 0; i < length; i++)
    {
      get_location (self, start + i, &location);
      top = i > 0 ? MIN (top, location.y) : location.y;
      bottom = MAX (bottom, location.y + location.height);
      self->n_characters++;
      if (i >= unknown.start && i < unknown.end)
        continue;
      self->n_known++;
      g_assert_cmpint (PANGO_PIXELS (edges[i]), ==, location.x);
      g_assert_cmpint (PANGO_PIXELS (edges[i + 1] - edges[i]), ==, location.width);
    }
  g_assert_true (postil_text_glyphs_get_height (self->glyphs, row, &y, &height));
  g_assert_cmpint (y, ==, top);
  g_assert_cmpint (height, ==, bottom - top);
}

static void
check_lines (Fixture *self)
{
  guint row = 0;
  GtkTextIter iter;

  self->glyphs = postil_text_glyphs_new (self->view);
  self->n_known = self->n_characters = 0;
  gtk_text_buffer_get_start_iter (self->buffer, &iter);
  while (!gtk_text_iter_is_end (&iter))
    {
      GtkTextIter end = iter;
      g_autofree char *utf8 = NULL;
      GdkRectangle location;
      gboolean is_broken;

      gtk_text_view_forward_display_line (self->view, &end);
      utf8 = gtk_text_iter_get_slice (&iter, &end);
      is_broken = !gtk_text_iter_starts_line (&end) && !gtk_text_iter_is_end (&end);
      g_strdelimit (utf8, "\n", '\0');
      if (*utf8 != '\0')
        {
          get_location (self, gtk_text_iter_get_offset (&iter), &location);
          g_assert_cmpuint (postil_text_glyphs_find_row (self->glyphs, location.y), ==, row);
          check_line (self, row, gtk_text_iter_get_offset (&iter), utf8, is_broken);
          row = postil_text_glyphs_next_row (self->glyphs, row);
        }
      iter = end;
    }
  g_assert_cmpuint (postil_text_glyphs_next_row (self->glyphs, row), ==, row);
  g_clear_pointer (&self->glyphs, postil_text_glyphs_free);
}

static void
test_edges (gconstpointer data)
{
  Fixture self = { .view = GTK_TEXT_VIEW (gtk_text_view_new ()) };
  GtkTextIter start, end;
  GtkWidget *window;

  self.buffer = gtk_text_view_get_buffer (self.view);
  gtk_text_buffer_set_text (self.buffer, data, -1);
  gtk_text_view_set_wrap_mode (self.view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (self.view, 21);
  gtk_text_view_set_pixels_above_lines (self.view, 5);
  gtk_text_view_set_pixels_inside_wrap (self.view, 3);
  window = display_show (GTK_WIDGET (self.view));
  display_settle (100);
  check_lines (&self);
  /* Of a plain text most is known, unless GTK makes other nodes. */
  g_assert_cmpuint (self.n_known, >, data == texts[0] ? self.n_characters / 2 : 0);

  gtk_text_buffer_get_iter_at_offset (self.buffer, &start, 20);
  gtk_text_buffer_get_iter_at_offset (self.buffer, &end, 40);
  gtk_text_buffer_select_range (self.buffer, &start, &end);
  display_settle (50);
  check_lines (&self);
  display_close (window);
}

/* Further down than Pango's units reach. */
static void
test_far (void)
{
  const char *last = "The last line.";
  Fixture self = { .view = GTK_TEXT_VIEW (gtk_text_view_new ()) };
  GtkWidget *scrolled = gtk_scrolled_window_new (), *window;
  g_autoptr (GString) text = g_string_new (NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  GdkRectangle location, area;
  guint offset;

  for (guint i = 0; i < N_LINES; i++)
    g_string_append (text, "Some line.\n");
  offset = text->len;
  g_string_append (text, last);
  self.buffer = gtk_text_view_get_buffer (self.view);
  gtk_text_buffer_set_text (self.buffer, text->str, -1);
  gtk_text_view_set_pixels_above_lines (self.view, SPACING);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self.view));
  window = display_show (scrolled);
  display_wait ((get_location (&self, offset, &location), location.y > N_LINES * SPACING));
  display_wait ((gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment)),
                 gtk_text_view_get_visible_rect (self.view, &area),
                 area.y + area.height > location.y));
  display_settle (100);

  self.glyphs = postil_text_glyphs_new (self.view);
  get_location (&self, offset, &location);
  check_line (&self, postil_text_glyphs_find_row (self.glyphs, location.y), offset, last, FALSE);
  g_assert_cmpuint (self.n_known, >, 0);
  postil_text_glyphs_free (self.glyphs);
  display_close (window);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

  g_test_add_data_func ("/text-glyphs/edges/latin", texts[0], test_edges);
  g_test_add_data_func ("/text-glyphs/edges/joined", texts[1], test_edges);
  g_test_add_data_func ("/text-glyphs/edges/other-scripts", texts[2], test_edges);
  g_test_add_func ("/text-glyphs/far", test_far);
  return g_test_run ();
}
