/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-after-frame.h"

/*
 * PostilAfterFrame: lets a widget follow a change one frame later than the text where it was made.
 * Who marks a passage looks at the passage; what lists and counts annotations beside it would only
 * keep its frame from being painted. Owned by the widget that follows. A widget that is not on the
 * screen follows at once, so nothing is ever left undone.
 */
struct _PostilAfterFrame
{
  GtkWidget *widget;
  PostilAfterFrameFunc func;
  guint tick;
  /* The last frame before it was queued. */
  gint64 frame;
};

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  PostilAfterFrame *self = data;

  /* The next frame is the one that shows the change. */
  if (gdk_frame_clock_get_frame_counter (clock) > self->frame + 1)
    postil_after_frame_flush (self);
  return G_SOURCE_CONTINUE;
}

/**
 * postil_after_frame_new:
 * @widget: what follows; it owns what is returned
 * @func: has it follow
 *
 * Returns: (transfer full): a means to have it follow later
 */
PostilAfterFrame *
postil_after_frame_new (GtkWidget *widget, PostilAfterFrameFunc func)
{
  PostilAfterFrame *self;

  g_return_val_if_fail (GTK_IS_WIDGET (widget) && func != NULL, NULL);

  self = g_new0 (PostilAfterFrame, 1);
  self->widget = widget;
  self->func = func;
  g_signal_connect_swapped (widget, "unmap", G_CALLBACK (postil_after_frame_flush), self);
  return self;
}

/**
 * postil_after_frame_free:
 *
 * What is queued is not done any more.
 */
void
postil_after_frame_free (PostilAfterFrame *self)
{
  g_return_if_fail (self != NULL);

  postil_after_frame_cancel (self);
  g_signal_handlers_disconnect_by_data (self->widget, self);
  g_free (self);
}

/**
 * postil_after_frame_queue:
 *
 * Has the widget follow once the next frame is painted: however often this is called until then,
 * once. At once when the widget is not on the screen.
 */
void
postil_after_frame_queue (PostilAfterFrame *self)
{
  g_return_if_fail (self != NULL);

  if (self->tick > 0)
    return;
  if (!gtk_widget_get_mapped (self->widget))
    {
      self->func (self->widget);
      return;
    }
  self->frame = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (self->widget));
  self->tick = gtk_widget_add_tick_callback (self->widget, tick_cb, self, NULL);
}

/**
 * postil_after_frame_flush:
 *
 * Has the widget follow now if that is queued: someone needs it.
 */
void
postil_after_frame_flush (PostilAfterFrame *self)
{
  g_return_if_fail (self != NULL);

  if (self->tick == 0)
    return;
  postil_after_frame_cancel (self);
  self->func (self->widget);
}

/**
 * postil_after_frame_cancel:
 *
 * Forgets what is queued: the widget has followed otherwise.
 */
void
postil_after_frame_cancel (PostilAfterFrame *self)
{
  g_return_if_fail (self != NULL);

  if (self->tick > 0)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}
