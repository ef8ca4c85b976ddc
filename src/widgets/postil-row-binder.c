/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-row-binder.h"

/*
 * PostilRowBinder: has the rows of a list view show their items, and show them anew when something
 * changed that no item tells: at once where they are in sight, the others a few with each frame,
 * which are two hundred however few are in sight. For the same reason, rows that go are only taken
 * out of the view at once; what there is of them is freed bit by bit when there is nothing else to
 * do. Owned by the widget around the view.
 */
struct _PostilRowBinder
{
  GtkListView *view;
  GtkListItemFactory *factory;
  PostilRowBinderFunc bind;
  gpointer data;
  GHashTable *rows;
  /* GtkWidget: rows that have gone, and their children. */
  GPtrArray *gone;
  guint idle;
  guint tick;
  /* The last frame before that. */
  gint64 frame;
  /* Whether something changed while the view was not on the screen. */
  gboolean is_behind;
};

/* For how many microseconds at a stretch rows that are out of sight are bound anew, or freed. */
#define BUDGET 1000

/* A list view has the widgets of rows that are out of sight hidden. */
static gboolean
is_in_sight (GtkListItem *list_item)
{
  return gtk_widget_get_child_visible (gtk_widget_get_parent (gtk_list_item_get_child (list_item)));
}

/* Where the view is: it has made the rows from @first on, one after the other; apart from them it
 * keeps that with the focus, wherever that is.
 */
typedef struct
{
  guint first;
  guint n;
  GtkBitset *seen;
  GtkBitset *selected;
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->seen, gtk_bitset_unref);
  g_clear_pointer (&run->selected, gtk_bitset_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Finds the longest run. */
static void
find_run (PostilRowBinder *self, Run *run)
{
  g_autoptr (GtkBitset) made = gtk_bitset_new_empty ();
  GHashTableIter iter;
  GtkBitsetIter next;
  gpointer list_item;
  guint first, position;

  *run = (Run){ .seen = gtk_bitset_new_empty (), .selected = gtk_bitset_new_empty () };
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      position = gtk_list_item_get_position (list_item);
      gtk_bitset_add (made, position);
      if (is_in_sight (list_item))
        gtk_bitset_add (run->seen, position);
      if (gtk_list_item_get_selected (list_item))
        gtk_bitset_add (run->selected, position);
    }
  if (!gtk_bitset_iter_init_first (&next, made, &position))
    return;
  first = position;
  do
    {
      if (position > first && !gtk_bitset_contains (made, position - 1))
        first = position;
      if (position - first >= run->n)
        {
          run->first = first;
          run->n = position - first + 1;
        }
    }
  while (gtk_bitset_iter_next (&next, &position));
  gtk_bitset_remove_range (run->seen, 0, run->first);
  gtk_bitset_remove_range (run->seen, run->first + run->n, G_MAXUINT - run->first - run->n);
  gtk_bitset_intersect (run->selected, run->seen);
}

/* Binds what is in sight, and as much above and below, which may be there when rows have other
 * heights.
 */
static void
bind_near (PostilRowBinder *self)
{
  g_auto (Run) run = { 0 };
  GHashTableIter iter;
  gpointer list_item;
  guint first, last, margin;

  find_run (self, &run);
  if (gtk_bitset_is_empty (run.seen))
    return;
  first = gtk_bitset_get_minimum (run.seen);
  last = gtk_bitset_get_maximum (run.seen);
  margin = last - first + 1;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      guint position = gtk_list_item_get_position (list_item);

      if (position + margin >= first && position <= last + margin)
        self->bind (list_item, self->data);
    }
}

static gboolean
tick_cb (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  PostilRowBinder *self = data;
  gint64 deadline;
  GHashTableIter iter;
  gpointer list_item;

  bind_near (self);
  /* The frame that shows what changed has enough to do. */
  if (gdk_frame_clock_get_frame_counter (clock) <= self->frame + 1)
    return G_SOURCE_CONTINUE;
  deadline = g_get_monotonic_time () + BUDGET;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (self->bind (list_item, self->data) && g_get_monotonic_time () >= deadline)
      return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
map_cb (PostilRowBinder *self)
{
  if (self->is_behind)
    postil_row_binder_refresh (self);
}

static void
bind_cb (PostilRowBinder *self, GtkListItem *list_item)
{
  g_hash_table_add (self->rows, list_item);
  self->bind (list_item, self->data);
}

static gboolean
idle_cb (gpointer data)
{
  PostilRowBinder *self = data;
  gint64 deadline = g_get_monotonic_time () + BUDGET;

  while (self->gone->len > 0 && g_get_monotonic_time () < deadline)
    g_ptr_array_set_size (self->gone, self->gone->len - 1);
  if (self->gone->len > 0)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static void
unbind_cb (PostilRowBinder *self, GtkListItem *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  g_hash_table_remove (self->rows, list_item);
  /* Else the row will show another item. */
  if (gtk_widget_get_root (child) != NULL)
    return;
  g_ptr_array_add (self->gone, g_object_ref (child));
  g_ptr_array_add (self->gone, g_object_ref (gtk_widget_get_parent (child)));
  if (self->idle == 0)
    self->idle = g_idle_add (idle_cb, self);
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
  self->gone = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_data (view, "map", G_CALLBACK (map_cb), self, NULL,
                         G_CONNECT_AFTER | G_CONNECT_SWAPPED);
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
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_signal_handlers_disconnect_by_data (self->factory, self);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_object_unref (self->factory);
  g_hash_table_unref (self->rows);
  g_ptr_array_unref (self->gone);
  g_free (self);
}

/**
 * postil_row_binder_refresh:
 *
 * Has all rows show their items as they are now, those in sight at once; when the view comes to the
 * screen if it is not there.
 */
void
postil_row_binder_refresh (PostilRowBinder *self)
{
  g_return_if_fail (self != NULL);

  self->is_behind = !gtk_widget_get_mapped (GTK_WIDGET (self->view));
  if (self->is_behind || g_hash_table_size (self->rows) == 0)
    return;
  bind_near (self);
  self->frame =
    gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (GTK_WIDGET (self->view)));
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), tick_cb, self, NULL);
}

/**
 * postil_row_binder_find_rows:
 * @first: (out): the first row that the view has made
 * @n_rows: (out): how many it has made, one after the other
 * @kept: (out): which of them a person looks at: 0 where that is in sight, else one that is
 *   selected, else the first in sight
 *
 * Returns: whether there are any
 */
gboolean
postil_row_binder_find_rows (PostilRowBinder *self, guint *first, guint *n_rows, guint *kept)
{
  g_auto (Run) run = { 0 };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (first != NULL && n_rows != NULL && kept != NULL, FALSE);

  find_run (self, &run);
  *first = *kept = run.first;
  *n_rows = run.n;
  if (!gtk_bitset_is_empty (run.seen))
    *kept = gtk_bitset_get_minimum (run.seen);
  if (*kept > 0 && !gtk_bitset_is_empty (run.selected))
    *kept = gtk_bitset_get_minimum (run.selected);
  return run.n > 0;
}
