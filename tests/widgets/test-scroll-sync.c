/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "display.h"
#include "postil-scroll-sync.h"
#include "two-texts.h"

#define HEIGHT 400

typedef struct
{
  TwoTexts texts;
  PostilScrollSync *sync;
  guint n_moves[2];
} Fixture;

/* So many paragraphs of words that no other one has; those up to @from and after @to are in both
 * texts, with more words in between in the second. */
static char *
write_text (guint n, gboolean second, guint from, guint to)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      if (second && i >= from && i < to)
        continue;
      for (guint k = 0; k < 12; k++)
        g_string_append_printf (text, "w%ux%u ", i, k);
      if (second)
        g_string_append (text, "and again ");
      g_string_append_printf (text, "ends%u.\n", i);
    }
  return g_string_free (text, FALSE);
}

static void
moved_cb (GtkAdjustment *adjustment, Fixture *self)
{
  self->n_moves[adjustment == self->texts.adjustments[1]]++;
}

static void
set_up_texts (Fixture *self, const char *a, const char *b)
{
  two_texts_show (&self->texts, a, b, HEIGHT);
  self->sync = postil_scroll_sync_new ();
  postil_scroll_sync_set_views (self->sync, self->texts.views[0], self->texts.views[1]);
  postil_scroll_sync_set_alignment (self->sync, self->texts.alignment);
  for (guint i = 0; i < 2; i++)
    g_signal_connect (self->texts.adjustments[i], "value-changed", G_CALLBACK (moved_cb), self);
}

static void
set_up (Fixture *self, guint n)
{
  g_autofree char *a = write_text (n, FALSE, n / 2, n / 2 + n / 10);
  g_autofree char *b = write_text (n, TRUE, n / 2, n / 2 + n / 10);

  set_up_texts (self, a, b);
}

static void
tear_down (Fixture *self)
{
  for (guint i = 0; i < 2; i++)
    g_signal_handlers_disconnect_by_data (self->texts.adjustments[i], self);
  g_object_unref (self->sync);
  two_texts_close (&self->texts);
}

/* As a person does who begins to move a text that is in sight anyway. */
static void
take (Fixture *self, guint side)
{
  PostilSpan visible = postil_text_view_get_visible_span (self->texts.views[side]);

  postil_text_view_scroll_to (self->texts.views[side], (visible.start + visible.end) / 2);
  display_settle (30);
}

static double
get_place (Fixture *self, guint side, double y)
{
  return postil_text_view_get_place (self->texts.views[side], y);
}

static double
get_end (Fixture *self, guint side)
{
  GtkAdjustment *adjustment = self->texts.adjustments[side];

  return gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
}

/* How far the texts are from being aligned at the leading height, in pixels. */
static double
get_error (Fixture *self, guint leading)
{
  guint place = get_place (self, leading, HEIGHT / 3);
  guint mapped = postil_alignment_map (self->texts.alignment, leading, place);

  return fabs (postil_text_view_get_place_y (self->texts.views[leading], place) -
               postil_text_view_get_place_y (self->texts.views[1 - leading], mapped));
}

static void
wait_for_layout (Fixture *self)
{
  for (guint i = 0; i < 2; i++)
    display_wait (display_is_laid_out (self->texts.views[i]));
  /* Until the room below the text that is kept meanwhile is gone. */
  display_settle (700);
}

/* From end to end pixel by pixel: the other text follows at once, never goes back nor leaps, and
 * both begin and end together. */
static void
test_wheel (gconstpointer data)
{
  guint side = GPOINTER_TO_UINT (data);
  Fixture self = { 0 };
  double before, end;
  guint n_checked = 0;

  set_up (&self, 60);
  wait_for_layout (&self);
  g_object_set (self.sync, "active", TRUE, NULL);
  take (&self, side);
  display_settle (50);
  g_assert_cmpfloat (gtk_adjustment_get_value (self.texts.adjustments[1 - side]), ==, 0);

  before = 0;
  end = get_end (&self, side);
  for (double value = 0; value < end + 3; value += 3)
    {
      double other;

      gtk_adjustment_set_value (self.texts.adjustments[side], value);
      other = gtk_adjustment_get_value (self.texts.adjustments[1 - side]);
      /* Pixels are whole. */
      g_assert_cmpfloat (other, >=, before - 2);
      g_assert_cmpfloat (other, <=, before + 60);
      before = other;
      if (value > HEIGHT && value < end - HEIGHT)
        {
          g_assert_cmpfloat (get_error (&self, side), <=, 8);
          n_checked++;
        }
    }
  g_assert_cmpuint (n_checked, >, 100);
  g_assert_cmpfloat (before, >=, get_end (&self, 1 - side) - 2);

  for (double value = end; value > -3; value -= 5)
    gtk_adjustment_set_value (self.texts.adjustments[side], value);
  g_assert_cmpfloat (gtk_adjustment_get_value (self.texts.adjustments[1 - side]), <=, 2);

  /* Then all is at rest. */
  display_settle (50);
  self.n_moves[0] = self.n_moves[1] = 0;
  display_settle (300);
  g_assert_cmpuint (self.n_moves[0] + self.n_moves[1], ==, 0);
  tear_down (&self);
}

/* A stretch that only one text has goes by while the other one hardly moves. */
static void
test_only (void)
{
  Fixture self = { 0 };
  double least = G_MAXDOUBLE, most = 0;

  set_up (&self, 200);
  wait_for_layout (&self);
  g_object_set (self.sync, "active", TRUE, NULL);
  take (&self, 0);
  for (double value = HEIGHT; value < get_end (&self, 0) - 2 * HEIGHT; value += HEIGHT / 2)
    {
      double before, step;

      gtk_adjustment_set_value (self.texts.adjustments[0], value);
      before = gtk_adjustment_get_value (self.texts.adjustments[1]);
      gtk_adjustment_set_value (self.texts.adjustments[0], value + 50);
      step = gtk_adjustment_get_value (self.texts.adjustments[1]) - before;
      least = MIN (least, step);
      most = MAX (most, step);
    }
  g_assert_cmpfloat (least, <, 10);
  g_assert_cmpfloat (least, >=, 0);
  g_assert_cmpfloat (most, >, 30);
  tear_down (&self);
}

/* Jumps, also of a text that GTK has not laid out yet: both arrive, and then rest. */
static void
test_jumps (gconstpointer data)
{
  guint n = GPOINTER_TO_UINT (data), length;
  Fixture self = { 0 };

  set_up (&self, n);
  g_object_set (self.sync, "active", TRUE, NULL);
  length = postil_text_get_length (postil_document_get_text (self.texts.documents[0]));
  for (guint i = 1; i < 6; i++)
    {
      guint offset = (guint64) length * ((i * 5) % 7) / 7;
      PostilSpan visible;
      double place;

      postil_text_view_scroll_to (self.texts.views[0], offset);
      display_wait (postil_span_touches (postil_text_view_get_visible_span (self.texts.views[0]),
                                         (PostilSpan){ offset, offset + 1 }));
      display_settle (150);
      visible = postil_text_view_get_visible_span (self.texts.views[1]);
      place = postil_alignment_map (self.texts.alignment, FALSE,
                                    floor (get_place (&self, 0, HEIGHT / 3)));
      g_assert_cmpfloat (place, >=, visible.start);
      g_assert_cmpfloat (place, <=, visible.end);
      if (i == 1)
        wait_for_layout (&self);
      g_assert_cmpfloat (get_error (&self, 0), <=, 8);
    }

  /* Ctrl+End, in the other text. */
  g_signal_emit_by_name (self.texts.views[1], "move-cursor", GTK_MOVEMENT_BUFFER_ENDS, 1, FALSE);
  display_wait (postil_text_view_get_visible_span (self.texts.views[0]).end == length);
  display_settle (200);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpfloat (gtk_adjustment_get_value (self.texts.adjustments[i]), >=,
                       get_end (&self, i) - 30);
  self.n_moves[0] = self.n_moves[1] = 0;
  display_settle (300);
  g_assert_cmpuint (self.n_moves[0] + self.n_moves[1], ==, 0);
  tear_down (&self);
}

/* While GTK lays out, heights grow but what is in sight stays, in both texts; also when something
 * held the main loop before. */
static void
test_layout (void)
{
  Fixture self = { 0 };
  guint offset;

  set_up (&self, 12000);
  g_usleep (G_USEC_PER_SEC);
  g_object_set (self.sync, "active", TRUE, NULL);
  offset = postil_text_get_length (postil_document_get_text (self.texts.documents[0])) * 3 / 4;
  postil_text_view_scroll_to (self.texts.views[0], offset);
  display_wait (postil_span_touches (postil_text_view_get_visible_span (self.texts.views[0]),
                                     (PostilSpan){ offset, offset + 1 }));
  display_settle (100);
  for (guint i = 0; i < 2; i++)
    g_assert_false (display_is_laid_out (self.texts.views[i]) && i == 0);
  for (guint i = 0; i < 40; i++)
    {
      double tops[2] = { get_place (&self, 0, 0), get_place (&self, 1, 0) };

      display_settle (25);
      for (guint k = 0; k < 2; k++)
        g_assert_cmpfloat (fabs (get_place (&self, k, 0) - tops[k]), <, 1);
    }
  g_assert_cmpfloat (get_error (&self, 0), <=, 8);
  tear_down (&self);
}

/* A new width lays both out anew; neither drives the other on. */
static void
test_resize (void)
{
  Fixture self = { 0 };
  double place;

  set_up (&self, 200);
  wait_for_layout (&self);
  g_object_set (self.sync, "active", TRUE, NULL);
  take (&self, 0);
  gtk_adjustment_set_value (self.texts.adjustments[0], 3000);
  place = get_place (&self, 0, 0);
  for (int width = 780; width >= 700; width -= 40)
    {
      gtk_window_set_default_size (GTK_WINDOW (self.texts.window), width, HEIGHT);
      display_wait (gtk_widget_get_width (self.texts.window) <= width);
      display_settle (300);
      g_assert_cmpfloat (fabs (get_place (&self, 0, 0) - place), <, 200);
      g_assert_cmpfloat (get_error (&self, 0), <=, 8);
    }
  self.n_moves[0] = self.n_moves[1] = 0;
  display_settle (300);
  g_assert_cmpuint (self.n_moves[0] + self.n_moves[1], ==, 0);
  tear_down (&self);
}

/* Not active, nothing follows; made active, the other text comes beside the one that was moved
 * last. */
static void
test_toggle (void)
{
  Fixture self = { 0 };

  set_up (&self, 100);
  wait_for_layout (&self);
  take (&self, 1);
  gtk_adjustment_set_value (self.texts.adjustments[1], 1000);
  display_settle (50);
  g_assert_cmpfloat (gtk_adjustment_get_value (self.texts.adjustments[0]), ==, 0);
  g_object_set (self.sync, "active", TRUE, NULL);
  g_assert_cmpfloat (gtk_adjustment_get_value (self.texts.adjustments[1]), ==, 1000);
  g_assert_cmpfloat (get_error (&self, 1), <=, 8);

  g_object_set (self.sync, "active", FALSE, NULL);
  take (&self, 0);
  gtk_adjustment_set_value (self.texts.adjustments[0], 100);
  display_settle (50);
  g_assert_cmpfloat (gtk_adjustment_get_value (self.texts.adjustments[1]), ==, 1000);
  postil_scroll_sync_set_views (self.sync, NULL, NULL);
  g_object_set (self.sync, "active", TRUE, NULL);
  tear_down (&self);
}

/* A block of paragraphs at another place in the second text. */
static void
set_up_moved (Fixture *self)
{
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    {
      g_string_append_printf (a, "Paragraph p%u says q%u to r%u and s%u in t%u.\n", i, i, i, i, i);
      if (i < 20 || i >= 24)
        g_string_append_printf (b, "Paragraph p%u says q%u to r%u and s%u in t%u.\n", i, i, i, i,
                                i);
      if (i == 80)
        for (guint k = 20; k < 24; k++)
          g_string_append_printf (b, "Paragraph p%u says q%u to r%u and s%u in t%u.\n", k, k, k, k,
                                  k);
    }
  set_up_texts (self, a->str, b->str);
}

static void
test_pairs (void)
{
  Fixture self = { 0 };
  const PostilPair *moved = NULL;
  int y[2], height;

  set_up_moved (&self);
  wait_for_layout (&self);
  g_object_set (self.sync, "active", TRUE, NULL);
  for (guint i = 0; i < self.texts.alignment->pairs->len && moved == NULL; i++)
    if (g_array_index (self.texts.alignment->pairs, PostilPair, i).kind == POSTIL_PAIR_MOVED)
      moved = &g_array_index (self.texts.alignment->pairs, PostilPair, i);
  g_assert_nonnull (moved);

  for (guint round = 0; round < 2; round++)
    {
      if (round == 0)
        postil_scroll_sync_show_pair (self.sync, self.texts.views[1], moved);
      else
        {
          take (&self, 0);
          gtk_adjustment_set_value (self.texts.adjustments[0], 0);
          postil_text_view_select (self.texts.views[0],
                                   (PostilSpan){ moved->a.start, moved->a.start });
          postil_scroll_sync_align_here (self.sync, self.texts.views[0]);
        }
      display_settle (100);
      g_assert_true (
        postil_text_view_get_line (self.texts.views[0], moved->a.start, &y[0], &height));
      g_assert_true (
        postil_text_view_get_line (self.texts.views[1], moved->b.start, &y[1], &height));
      g_assert_cmpint (ABS (y[0] - y[1]), <=, 1);
    }

  /* The first that is scrolled then leads again. */
  take (&self, 0);
  gtk_adjustment_set_value (self.texts.adjustments[0],
                            gtk_adjustment_get_value (self.texts.adjustments[0]) + 200);
  g_assert_cmpfloat (get_error (&self, 0), <=, 8);
  tear_down (&self);
}

/* Texts without words, or shorter than the view. */
static void
test_short (void)
{
  static const char *const texts[][2] = {
    { "", "" }, { "One.\n", "" }, { "One.\n", "One. Two.\nThree.\n\n\n" }, { "\n\n\n", "x" }
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Fixture self = { 0 };
      g_autofree char *longer = write_text (50, FALSE, 0, 0);

      set_up_texts (&self, texts[i][0][0] != '\0' ? texts[i][0] : "x", longer);
      g_object_set (self.sync, "active", TRUE, NULL);
      take (&self, 1);
      for (double value = 0; value < 2000; value += 90)
        gtk_adjustment_set_value (self.texts.adjustments[1], value);
      take (&self, 0);
      postil_scroll_sync_align_here (self.sync, self.texts.views[0]);
      display_settle (50);
      tear_down (&self);
    }
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

  g_test_add_data_func ("/scroll-sync/wheel/a", GUINT_TO_POINTER (0), test_wheel);
  g_test_add_data_func ("/scroll-sync/wheel/b", GUINT_TO_POINTER (1), test_wheel);
  g_test_add_func ("/scroll-sync/only", test_only);
  g_test_add_data_func ("/scroll-sync/jumps/short", GUINT_TO_POINTER (200), test_jumps);
  g_test_add_data_func ("/scroll-sync/jumps/long", GUINT_TO_POINTER (6000), test_jumps);
  g_test_add_func ("/scroll-sync/layout", test_layout);
  g_test_add_func ("/scroll-sync/resize", test_resize);
  g_test_add_func ("/scroll-sync/toggle", test_toggle);
  g_test_add_func ("/scroll-sync/pairs", test_pairs);
  g_test_add_func ("/scroll-sync/short", test_short);
  return g_test_run ();
}
