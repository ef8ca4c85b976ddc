/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"
#include "postil-test.h"
#include "postil-text-selection.h"

typedef struct
{
  PostilDocument *document;
  PostilViewMap *map;
  GtkTextView *view;
  GtkWidget *window;
  PostilTextSelection *selection;
  guint n_settled;
  guint n_clicked;
} Fixture;

static void
settled_cb (Fixture *self)
{
  self->n_settled++;
}

static void
clicked_cb (Fixture *self, double x, double y)
{
  g_assert_cmpfloat (x, ==, 10);
  g_assert_cmpfloat (y, ==, 20);
  self->n_clicked++;
}

static void
set_up (Fixture *self, const char *utf8)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  PostilText *text;

  *self = (Fixture){ 0 };
  self->document = postil_test_document_new ("a.txt", utf8);
  text = postil_document_get_text (self->document);
  self->map = postil_view_map_new (text);
  g_assert_false (postil_view_map_read (self->map, G_MAXSIZE, shown));
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  self->selection = postil_text_selection_new (self->view);
  g_signal_connect_swapped (self->selection, "settled", G_CALLBACK (settled_cb), self);
  g_signal_connect_swapped (self->selection, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), shown->str, shown->len);
  postil_text_selection_set_text (self->selection, text, self->map);
  postil_text_selection_set_snap_to_words (self->selection, TRUE);
  self->window = display_show (GTK_WIDGET (self->view));
}

static void
tear_down (Fixture *self)
{
  postil_text_selection_set_text (self->selection, NULL, NULL);
  display_close (self->window);
  g_object_unref (self->selection);
  postil_view_map_free (self->map);
  g_object_unref (self->document);
}

/* What GTK does while the pointer is dragged. */
static void
drag (Fixture *self, guint from, guint to)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_offset (buffer, &start, from);
  gtk_text_buffer_get_iter_at_offset (buffer, &end, to);
  gtk_text_buffer_select_range (buffer, &end, &start);
}

static const struct
{
  const char *name;
  guint from;
  guint to;
  GdkModifierType modifiers;
  gboolean snap_to_words;
  PostilSpan expected;
} drags[] = {
  { "snapped", 5, 9, 0, TRUE, { 4, 13 } },
  { "backwards", 9, 5, 0, TRUE, { 4, 13 } },
  { "alt", 5, 9, GDK_ALT_MASK, TRUE, { 5, 9 } },
  { "alt-and-more", 5, 9, GDK_ALT_MASK | GDK_BUTTON1_MASK, TRUE, { 5, 9 } },
  { "other-modifiers", 5, 9, GDK_SHIFT_MASK | GDK_BUTTON1_MASK, TRUE, { 4, 13 } },
  { "not-snapping", 5, 9, 0, FALSE, { 5, 9 } },
  { "alt-graphemes", 15, 18, GDK_ALT_MASK, TRUE, { 14, 18 } },
};

static void
test_drag (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  GtkTextBuffer *buffer;
  GtkTextIter caret;
  Fixture self;
  PostilSpan span;

  set_up (&self, "one two three e\xcc\x81 four");
  buffer = gtk_text_view_get_buffer (self.view);
  postil_text_selection_set_snap_to_words (self.selection, drags[i].snap_to_words);
  postil_text_selection_press (self.selection, 10, 20);
  drag (&self, drags[i].from, drags[i].to);
  /* However long it is held, it is not made yet. */
  display_settle (400);
  g_assert_cmpuint (self.n_settled, ==, 0);
  postil_text_selection_release (self.selection, 90, 20, drags[i].modifiers);
  display_wait (self.n_settled == 1);
  g_assert_cmpuint (self.n_clicked, ==, 0);
  g_assert_true (postil_text_selection_get (self.selection, &span));
  g_assert_cmpuint (span.start, ==, drags[i].expected.start);
  g_assert_cmpuint (span.end, ==, drags[i].expected.end);
  /* The caret stays at the end that was dragged. */
  gtk_text_buffer_get_iter_at_mark (buffer, &caret, gtk_text_buffer_get_insert (buffer));
  g_assert_cmpint (gtk_text_iter_get_offset (&caret), ==,
                   drags[i].to > drags[i].from ? span.end : span.start);
  tear_down (&self);
}

static void
test_click (void)
{
  Fixture self;

  set_up (&self, "one two");
  postil_text_selection_press (self.selection, 10, 20);
  postil_text_selection_release (self.selection, 11, 20, 0);
  display_wait (self.n_clicked == 1);
  /* Elsewhere it was a drag, of nothing. */
  postil_text_selection_press (self.selection, 10, 20);
  postil_text_selection_release (self.selection, 90, 20, 0);
  display_settle (20);
  g_assert_cmpuint (self.n_clicked, ==, 1);
  g_assert_cmpuint (self.n_settled, ==, 0);
  /* The text may go before GTK has seen the release. */
  postil_text_selection_press (self.selection, 10, 20);
  postil_text_selection_release (self.selection, 10, 20, 0);
  postil_text_selection_set_text (self.selection, NULL, NULL);
  display_settle (20);
  g_assert_cmpuint (self.n_clicked, ==, 1);
  tear_down (&self);
}

int
main (int argc, char **argv)
{
  if (!display_init (&argc, &argv))
    return 0;

  for (guint i = 0; i < G_N_ELEMENTS (drags); i++)
    {
      g_autofree char *path = g_strconcat ("/text-selection/drag/", drags[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_drag);
    }
  g_test_add_func ("/text-selection/click", test_click);
  return g_test_run ();
}
