/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-late-model.h"

/*
 * PostilLateModel: what a list view is shown of a selection model: nothing of what first comes into
 * it until the text beside it has been painted, then a few items more with each frame, and soon,
 * all. A GtkListView makes the widgets of two hundred rows at once, however few are in sight, which
 * takes as long as to open a text and to paint it. So when very many items change while the view
 * shows the first ones, what fills it is there at once, and the rest comes in the same way. Owned
 * by the view, which it does not hold; holds the selection model, which all others know as it is.
 *
 * It has the first n_items items of the model: all when it is complete, and until the view is on
 * the screen for the first time with something to show, none.
 */
struct _PostilLateModel
{
  GObject parent_instance;

  GtkWidget *view;
  GtkSelectionModel *model;
  guint n_items;
  gboolean complete;
  guint n_frames;
  guint tick;
  /* The last frame before the model had anything. */
  gint64 frame;
};

/* How many items come at once, and for how many microseconds of a frame more of them do. As much
 * again is spent on measuring them. Painting what is in sight takes longest: so of an empty view
 * some come first, and then no more with one frame than there were.
 */
#define N_AT_ONCE 4
#define N_FIRST 8
#define BUDGET 2000

/* How many rows fill a view, about. */
#define N_IN_SIGHT 24

/* A GtkListView makes no rows for what comes after these if it shows the first. */
#define N_ROWS 250

static guint
count (PostilLateModel *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->model));
}

/* Has the first @n_items from now on, of which those from @position on are others. */
static void
change (PostilLateModel *self, guint position, guint n_items)
{
  guint n_removed = self->n_items - position;

  self->n_items = n_items;
  if (n_removed > 0 || n_items > position)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_items - position);
}

static void
end (PostilLateModel *self)
{
  if (self->tick > 0)
    gtk_widget_remove_tick_callback (self->view, self->tick);
  self->tick = 0;
}

/* Returns: whether no other view of the window has had its rows made in this frame */
static gboolean
take_frame (GdkFrameClock *clock)
{
  gpointer frame = GSIZE_TO_POINTER ((gsize) gdk_frame_clock_get_frame_counter (clock));

  if (g_object_get_data (G_OBJECT (clock), "postil-late-model") == frame)
    return FALSE;
  g_object_set_data (G_OBJECT (clock), "postil-late-model", frame);
  return TRUE;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  PostilLateModel *self = data;
  gint64 start = g_get_monotonic_time ();
  guint n_items = count (self), most;

  if (gdk_frame_clock_get_frame_counter (clock) <= self->frame + self->n_frames ||
      !take_frame (clock))
    return G_SOURCE_CONTINUE;
  most = MIN (MAX (2 * self->n_items, N_FIRST), n_items);
  while (self->n_items < most && self->n_items < N_ROWS && g_get_monotonic_time () - start < BUDGET)
    change (self, self->n_items, MIN (self->n_items + N_AT_ONCE, most));
  if (self->n_items == n_items || self->n_items >= N_ROWS)
    {
      end (self);
      self->complete = n_items > 0;
      if (self->complete)
        self->n_frames = 0;
      change (self, self->n_items, n_items);
    }
  return G_SOURCE_CONTINUE;
}

static void
begin (PostilLateModel *self)
{
  if (self->complete || self->tick > 0 || !gtk_widget_get_mapped (self->view) || count (self) == 0)
    return;
  self->frame = gdk_frame_clock_get_frame_counter (gtk_widget_get_frame_clock (self->view));
  self->tick = gtk_widget_add_tick_callback (self->view, tick_cb, self, NULL);
}

/* Whether a change would have the view make very many rows at once. Where it is scrolled it must,
 * so as to stay there.
 */
static gboolean
is_much (PostilLateModel *self, guint position, guint n_removed, guint n_added)
{
  if (self->view == NULL || MAX (n_removed, n_added) <= N_IN_SIGHT || position >= N_ROWS ||
      count (self) <= position + N_IN_SIGHT)
    return FALSE;
  return gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view))) <=
         0;
}

static void
items_changed_cb (PostilLateModel *self, guint position, guint n_removed, guint n_added)
{
  guint n_items = count (self);
  gboolean much = is_much (self, position, n_removed, n_added);

  if (self->complete && !much)
    {
      self->n_items = n_items;
      g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
    }
  else if (self->complete || position < self->n_items)
    {
      guint most = self->complete ? n_items : MIN (self->n_items, n_items);
      /* What was empty fills bit by bit. */
      guint n_at_once = self->n_items > 0 ? N_IN_SIGHT : 0;

      self->complete = FALSE;
      change (self, position, much ? MIN (most, position + n_at_once) : most);
    }
  begin (self);
}

static void
selection_changed_cb (PostilLateModel *self, guint position, guint n_items)
{
  if (position < self->n_items)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position,
                                           MIN (n_items, self->n_items - position));
}

static GType
get_item_type (GListModel *list)
{
  return g_list_model_get_item_type (G_LIST_MODEL (POSTIL_LATE_MODEL (list)->model));
}

static guint
get_n_items (GListModel *list)
{
  return POSTIL_LATE_MODEL (list)->n_items;
}

static gpointer
get_item (GListModel *list, guint position)
{
  PostilLateModel *self = POSTIL_LATE_MODEL (list);

  return position < self->n_items ? g_list_model_get_item (G_LIST_MODEL (self->model), position)
                                  : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_selection_model_is_selected (POSTIL_LATE_MODEL (model)->model, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  return gtk_selection_model_get_selection_in_range (POSTIL_LATE_MODEL (model)->model, position,
                                                     n_items);
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  return gtk_selection_model_select_item (POSTIL_LATE_MODEL (model)->model, position,
                                          unselect_rest);
}

static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  return gtk_selection_model_unselect_item (POSTIL_LATE_MODEL (model)->model, position);
}

static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  return gtk_selection_model_select_range (POSTIL_LATE_MODEL (model)->model, position, n_items,
                                           unselect_rest);
}

static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  return gtk_selection_model_unselect_range (POSTIL_LATE_MODEL (model)->model, position, n_items);
}

static gboolean
select_all (GtkSelectionModel *model)
{
  return gtk_selection_model_select_all (POSTIL_LATE_MODEL (model)->model);
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  return gtk_selection_model_unselect_all (POSTIL_LATE_MODEL (model)->model);
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  return gtk_selection_model_set_selection (POSTIL_LATE_MODEL (model)->model, selected, mask);
}

static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = is_selected;
  interface->get_selection_in_range = get_selection_in_range;
  interface->select_item = select_item;
  interface->unselect_item = unselect_item;
  interface->select_range = select_range;
  interface->unselect_range = unselect_range;
  interface->select_all = select_all;
  interface->unselect_all = unselect_all;
  interface->set_selection = set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PostilLateModel,
                               postil_late_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                 G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                        selection_model_init))

static void
postil_late_model_dispose (GObject *object)
{
  PostilLateModel *self = POSTIL_LATE_MODEL (object);

  if (self->view)
    end (self);
  g_clear_weak_pointer (&self->view);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (postil_late_model_parent_class)->dispose (object);
}

static void
postil_late_model_class_init (PostilLateModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = postil_late_model_dispose;
}

static void
postil_late_model_init (PostilLateModel *self)
{
}

/**
 * postil_late_model_set:
 * @view: a list view
 * @model: what it is to show
 * @n_frames: how many frames are painted first with the first items in @model
 *
 * Does as gtk_list_view_set_model(), but with a #PostilLateModel in between.
 */
void
postil_late_model_set (GtkListView *view, GtkSelectionModel *model, guint n_frames)
{
  g_autoptr (PostilLateModel) self = NULL;

  g_return_if_fail (GTK_IS_LIST_VIEW (view));
  g_return_if_fail (GTK_IS_SELECTION_MODEL (model));

  self = g_object_new (POSTIL_TYPE_LATE_MODEL, NULL);
  g_set_weak_pointer (&self->view, GTK_WIDGET (view));
  self->model = g_object_ref (model);
  self->n_frames = n_frames;
  g_signal_connect_object (view, "map", G_CALLBACK (begin), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "selection-changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_model (view, GTK_SELECTION_MODEL (self));
  begin (self);
}

/**
 * postil_late_model_get_model:
 * @self: a late model
 *
 * Returns: (transfer none): what it shows, all of it
 */
GtkSelectionModel *
postil_late_model_get_model (PostilLateModel *self)
{
  g_return_val_if_fail (POSTIL_IS_LATE_MODEL (self), NULL);

  return self->model;
}
