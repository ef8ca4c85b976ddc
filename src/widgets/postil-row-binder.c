/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-row-binder.h"

/*
 * PostilRowBinder: has the rows of a list view show their items, and show them anew when something
 * changed that no item tells: at once where they are in sight, the others a few with each frame,
 * which are two hundred however few are in sight. Owned by the widget around the view.
 */
struct _PostilRowBinder
{
  GtkListView *view;
  GtkListItemFactory *factory;
  PostilRowBinderFunc bind;
  gpointer data;
  GHashTable *rows;
  guint tick;
};

/* For how many microseconds of a frame rows that are out of sight are bound anew. */
#define BUDGET 1000

static gboolean
is_in_sight (PostilRowBinder *self, GtkListItem *list_item)
{
  GtkWidget *view = GTK_WIDGET (self->view), *child = gtk_list_item_get_child (list_item);
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (child, view, &bounds) &&
         bounds.origin.y + bounds.size.height > 0 && bounds.origin.y < gtk_widget_get_height (view);
}

static gboolean
tick_cb (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  PostilRowBinder *self = data;
  gint64 deadline = g_get_monotonic_time () + BUDGET;
  GHashTableIter iter;
  gpointer list_item;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (self->bind (list_item, self->data) && g_get_monotonic_time () >= deadline)
      return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
bind_cb (PostilRowBinder *self, GtkListItem *list_item)
{
  g_hash_table_add (self->rows, list_item);
  self->bind (list_item, self->data);
}

static void
unbind_cb (PostilRowBinder *self, GtkListItem *list_item)
{
  g_hash_table_remove (self->rows, list_item);
}

/**
 * postil_row_binder_new:
 * @view: a list view with a #GtkSignalListItemFactory that gives each row a child
 * @bind: has a row show its item
 * @data: for @bind
 *
 * Returns: (transfer full): what binds the rows of @view; to be freed before that goes
 */
PostilRowBinder *
postil_row_binder_new (GtkListView *view, PostilRowBinderFunc bind, gpointer data)
{
  PostilRowBinder *self;

  g_return_val_if_fail (GTK_IS_LIST_VIEW (view) && bind != NULL, NULL);

  self = g_new0 (PostilRowBinder, 1);
  self->view = view;
  self->factory = g_object_ref (gtk_list_view_get_factory (view));
  self->bind = bind;
  self->data = data;
  self->rows = g_hash_table_new (NULL, NULL);
  g_signal_connect_swapped (self->factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect_swapped (self->factory, "unbind", G_CALLBACK (unbind_cb), self);
  return self;
}

/**
 * postil_row_binder_free:
 * @self: (transfer full): what was made for a view
 */
void
postil_row_binder_free (PostilRowBinder *self)
{
  g_return_if_fail (self != NULL);

  if (self->tick > 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick);
  g_signal_handlers_disconnect_by_data (self->factory, self);
  g_object_unref (self->factory);
  g_hash_table_unref (self->rows);
  g_free (self);
}

/**
 * postil_row_binder_refresh:
 *
 * Has all rows show their items as they are now, those in sight at once.
 */
void
postil_row_binder_refresh (PostilRowBinder *self)
{
  GHashTableIter iter;
  gpointer list_item;

  g_return_if_fail (self != NULL);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (is_in_sight (self, list_item))
      self->bind (list_item, self->data);
  if (self->tick == 0 && g_hash_table_size (self->rows) > 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), tick_cb, self, NULL);
}
