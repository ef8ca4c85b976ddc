/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-row-reveal.h"

/*
 * PostilRowReveal: scrolls a list view so that a row is wholly in sight, once everything has its
 * size: what appears together with the row may take room from the list, and the row itself may come
 * into the view later. Owned by the widget around the view.
 *
 * While one is queued it looks after each layout of a frame, before that is painted. In the same
 * way it has the view stay at its top, which a row there that becomes taller would push it from.
 */
struct _PostilRowReveal
{
  GtkListView *view;
  PostilRowRevealFunc find;
  gpointer data;
  gboolean is_queued;
  /* After how many layouts it looks whether the view is still at its top. */
  guint n_at_top;
  /* While the view is on the screen and one is queued. */
  GdkFrameClock *clock;
  gulong handler;
};

/* More than are needed. */
#define N_LOOKS 4

static void
stop (PostilRowReveal *self)
{
  if (self->clock != NULL)
    g_signal_handler_disconnect (self->clock, self->handler);
  g_clear_object (&self->clock);
}

static GtkAdjustment *
get_adjustment (PostilRowReveal *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
}

static void
layout_cb (PostilRowReveal *self)
{
  GtkSelectionModel *model = gtk_list_view_get_model (self->view);
  guint position = GTK_INVALID_LIST_POSITION;

  /* It may take some until the rows there have their heights. */
  if (self->n_at_top > 0 && gtk_adjustment_get_value (get_adjustment (self)) > 0)
    {
      self->n_at_top--;
      gtk_adjustment_set_value (get_adjustment (self), 0);
      return;
    }
  self->n_at_top = 0;
  if (!self->is_queued || model == NULL || !self->find (&position, self->data))
    postil_row_reveal_cancel (self);
  else if (position < g_list_model_get_n_items (G_LIST_MODEL (model)))
    {
      postil_row_reveal_cancel (self);
      gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
    }
}

static void
start (PostilRowReveal *self)
{
  if ((!self->is_queued && self->n_at_top == 0) || !gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    return;

  if (self->clock == NULL)
    {
      self->clock = g_object_ref (gtk_widget_get_frame_clock (GTK_WIDGET (self->view)));
      self->handler = g_signal_connect_data (self->clock, "layout", G_CALLBACK (layout_cb), self,
                                             NULL, G_CONNECT_AFTER | G_CONNECT_SWAPPED);
    }
  gdk_frame_clock_request_phase (self->clock, GDK_FRAME_CLOCK_PHASE_LAYOUT);
}

/**
 * postil_row_reveal_new:
 * @view: a list view
 * @find: finds the row
 * @data: for @find
 *
 * Returns: (transfer full): a means to scroll to the row; to be freed before @view goes
 */
PostilRowReveal *
postil_row_reveal_new (GtkListView *view, PostilRowRevealFunc find, gpointer data)
{
  PostilRowReveal *self;

  g_return_val_if_fail (GTK_IS_LIST_VIEW (view) && find != NULL, NULL);

  self = g_new0 (PostilRowReveal, 1);
  self->view = view;
  self->find = find;
  self->data = data;
  g_signal_connect_data (view, "map", G_CALLBACK (start), self, NULL,
                         G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  g_signal_connect_swapped (view, "unmap", G_CALLBACK (stop), self);
  return self;
}

/**
 * postil_row_reveal_free:
 * @self: (transfer full): what was made for a view
 */
void
postil_row_reveal_free (PostilRowReveal *self)
{
  g_return_if_fail (self != NULL);

  stop (self);
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_free (self);
}

/**
 * postil_row_reveal_queue:
 *
 * Has the view show the row once it and all beside it is laid out: with the next frame, or when the
 * view comes to the screen or the row into the view.
 */
void
postil_row_reveal_queue (PostilRowReveal *self)
{
  g_return_if_fail (self != NULL);

  self->is_queued = TRUE;
  start (self);
}

/**
 * postil_row_reveal_stay_at_top:
 *
 * Where the view is at its top, has it be there after the next layout, too.
 */
void
postil_row_reveal_stay_at_top (PostilRowReveal *self)
{
  g_return_if_fail (self != NULL);

  if (gtk_adjustment_get_value (get_adjustment (self)) <= 0)
    self->n_at_top = N_LOOKS;
  start (self);
}

/**
 * postil_row_reveal_cancel:
 *
 * Forgets what is queued.
 */
void
postil_row_reveal_cancel (PostilRowReveal *self)
{
  g_return_if_fail (self != NULL);

  self->is_queued = FALSE;
  if (self->n_at_top == 0)
    stop (self);
}
