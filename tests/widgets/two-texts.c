/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "two-texts.h"

#include <string.h>

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

/* What a widget paints, 32 bits a pixel. */
cairo_surface_t *
two_texts_capture (gpointer widget)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (
    CAIRO_FORMAT_ARGB32, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  cairo_t *cr = cairo_create (surface);

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

guint32
two_texts_get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  return (
    (const guint32 *) (gconstpointer) (data + y * cairo_image_surface_get_stride (surface)))[x];
}

gboolean
two_texts_is_same (cairo_surface_t *a, cairo_surface_t *b)
{
  return cairo_image_surface_get_height (a) == cairo_image_surface_get_height (b) &&
         cairo_image_surface_get_stride (a) == cairo_image_surface_get_stride (b) &&
         memcmp (cairo_image_surface_get_data (a), cairo_image_surface_get_data (b),
                 cairo_image_surface_get_stride (a) * cairo_image_surface_get_height (a)) == 0;
}
