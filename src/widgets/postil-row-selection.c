/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-row-selection.h"

/*
 * PostilRowSelection: rows of which any number can be selected, by their positions alone: a
 * GtkMultiSelection asks for every row that is selected and keeps it, a hundred thousand objects
 * when all of them are. Owned by the view of the list. A row that is replaced is not selected any
 * more.
 */
struct _PostilRowSelection
{
  GObject parent_instance;

  GListModel *rows;
  GtkBitset *selected;
};

static void postil_row_selection_list_model_init (GListModelInterface *iface);
static void postil_row_selection_selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PostilRowSelection,
                               postil_row_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      postil_row_selection_list_model_init)
                                 G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                        postil_row_selection_selection_model_init))

/* As gtk_bitset_splice(), which moves what comes after the change one by one, not run by run. */
static void
splice (GtkBitset *set, guint position, guint n_removed, guint n_added)
{
  g_autoptr (GtkBitset) before = gtk_bitset_copy (set);
  GtkBitsetIter iter;
  guint next;
  gboolean more;

  gtk_bitset_remove_range (set, position, n_removed == n_added ? n_removed : G_MAXUINT - position);
  if (n_removed == n_added)
    return;
  more = gtk_bitset_iter_init_at (&iter, before, position + n_removed, &next);
  while (more)
    {
      guint first = next, n = 0;

      do
        {
          n++;
          more = gtk_bitset_iter_next (&iter, &next);
        }
      while (more && next == first + n);
      gtk_bitset_add_range (set, first - n_removed + n_added, n);
    }
}

static void
items_changed_cb (PostilRowSelection *self, guint position, guint n_removed, guint n_added)
{
  splice (self->selected, position, n_removed, n_added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

static GType
postil_row_selection_get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (POSTIL_ROW_SELECTION (model)->rows);
}

static guint
postil_row_selection_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (POSTIL_ROW_SELECTION (model)->rows);
}

static gpointer
postil_row_selection_get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (POSTIL_ROW_SELECTION (model)->rows, position);
}

static void
postil_row_selection_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = postil_row_selection_get_item_type;
  iface->get_n_items = postil_row_selection_get_n_items;
  iface->get_item = postil_row_selection_get_item;
}

static gboolean
postil_row_selection_is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (POSTIL_ROW_SELECTION (model)->selected, position);
}

static GtkBitset *
postil_row_selection_get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  return gtk_bitset_copy (POSTIL_ROW_SELECTION (model)->selected);
}

static gboolean
postil_row_selection_set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  PostilRowSelection *self = POSTIL_ROW_SELECTION (model);
  guint n = g_list_model_get_n_items (self->rows);
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (self->selected);

  gtk_bitset_difference (changes, selected);
  gtk_bitset_intersect (changes, mask);
  gtk_bitset_remove_range (changes, n, G_MAXUINT - n);
  gtk_bitset_difference (self->selected, changes);
  if (!gtk_bitset_is_empty (changes))
    {
      guint first = gtk_bitset_get_minimum (changes);

      gtk_selection_model_selection_changed (model, first,
                                             gtk_bitset_get_maximum (changes) - first + 1);
    }
  return TRUE;
}

static void
postil_row_selection_selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = postil_row_selection_is_selected;
  iface->get_selection_in_range = postil_row_selection_get_selection_in_range;
  iface->set_selection = postil_row_selection_set_selection;
}

static void
postil_row_selection_finalize (GObject *object)
{
  PostilRowSelection *self = POSTIL_ROW_SELECTION (object);

  g_object_unref (self->rows);
  gtk_bitset_unref (self->selected);

  G_OBJECT_CLASS (postil_row_selection_parent_class)->finalize (object);
}

static void
postil_row_selection_class_init (PostilRowSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_row_selection_finalize;
}

static void
postil_row_selection_init (PostilRowSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
}

/**
 * postil_row_selection_new:
 * @rows: a list
 *
 * Returns: (transfer full): the rows of @rows, none of them selected
 */
GtkSelectionModel *
postil_row_selection_new (GListModel *rows)
{
  PostilRowSelection *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (rows), NULL);

  self = g_object_new (POSTIL_TYPE_ROW_SELECTION, NULL);
  self->rows = g_object_ref (rows);
  g_signal_connect_object (rows, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return GTK_SELECTION_MODEL (self);
}

GListModel *
postil_row_selection_get_rows (PostilRowSelection *self)
{
  g_return_val_if_fail (POSTIL_IS_ROW_SELECTION (self), NULL);

  return self->rows;
}
