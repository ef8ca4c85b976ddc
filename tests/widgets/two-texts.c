/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "two-texts.h"

#include "display.h"
#include "postil-test.h"

/* Shows the texts @a and @b, aligned, in a window of @height. */
void
two_texts_show (TwoTexts *self, const char *a, const char *b, int height)
{
  const char *names[] = { "a.txt", "b.txt" }, *texts[] = { a, b };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->workspace = postil_test_workspace_new ();
  self->bands = g_object_new (POSTIL_TYPE_PAIR_BANDS, NULL);
  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *scrolled = gtk_scrolled_window_new ();

      self->documents[i] = postil_test_document_new (names[i], texts[i]);
      postil_workspace_add_document (self->workspace, self->documents[i]);
      self->views[i] = postil_text_view_new ();
      gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (self->views[i]), FALSE);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->views[i]));
      gtk_widget_set_hexpand (scrolled, TRUE);
      if (i == 1)
        gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bands));
      gtk_box_append (GTK_BOX (box), scrolled);
      self->adjustments[i] = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->views[i]));
    }
  self->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), box);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 800, height);
  gtk_window_present (GTK_WINDOW (self->window));
  display_wait (gtk_widget_get_height (GTK_WIDGET (self->bands)) > 0);
  for (guint i = 0; i < 2; i++)
    postil_text_view_set_document (self->views[i], self->documents[i]);
  two_texts_wait (self);

  self->alignment =
    postil_alignment_new (postil_document_get_text (self->documents[0]),
                          postil_document_get_text (self->documents[1]), NULL, NULL, NULL, NULL);
  postil_pair_bands_set_views (self->bands, self->views[0], self->views[1]);
  postil_pair_bands_set_alignment (self->bands, self->alignment);
}

void
two_texts_close (TwoTexts *self)
{
  display_close (self->window);
  g_clear_pointer (&self->alignment, postil_alignment_unref);
  for (guint i = 0; i < 2; i++)
    g_clear_object (&self->documents[i]);
  g_clear_object (&self->workspace);
}

/* Until both texts are there and have been drawn. */
void
two_texts_wait (TwoTexts *self)
{
  for (guint i = 0; i < 2; i++)
    display_wait (!postil_text_view_get_loading (self->views[i]) &&
                  postil_text_view_get_visible_span (self->views[i]).end > 0);
}
