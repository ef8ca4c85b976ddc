/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-carry-over-list.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include "postil-free.h"

#define N_STATES (POSTIL_CARRY_OVER_MISSING + 1)

/*
 * PostilCarryOverList: what carrying over would do, as the rows of a list: first what can be
 * carried over, then, each below a heading, what has no counterpart and what was carried over
 * before. Knows which of the first are chosen, at first all. Owned by the dialog. Rows exist only
 * as long as somebody holds them, and hold the list.
 */
struct _PostilCarryOverList
{
  GObject parent_instance;

  GPtrArray *items;
  /* Positions in the items of those in each state. */
  GArray *positions[N_STATES];
  char *headings[N_STATES];
  GtkBitset *chosen;
  /* PostilCarryOverRow by position. */
  GHashTable *rows;
};

/* What stands below what. */
static const PostilCarryOverState order[] = {
  POSTIL_CARRY_OVER_READY,
  POSTIL_CARRY_OVER_MISSING,
  POSTIL_CARRY_OVER_DONE,
};

static PostilCarryOver *
get_item (PostilCarryOverList *self, PostilCarryOverState state, guint nth)
{
  return self->items->pdata[g_array_index (self->positions[state], guint, nth)];
}

static void
row_chosen_cb (PostilCarryOverList *self, GParamSpec *pspec, PostilCarryOverRow *row)
{
  guint position = postil_carry_over_row_get_position (row);

  if (postil_carry_over_row_get_chosen (row))
    gtk_bitset_add (self->chosen, position);
  else
    gtk_bitset_remove (self->chosen, position);
}

/* Where a row is that somebody holds. */
typedef struct
{
  PostilCarryOverList *list;
  guint position;
} Held;

static void
row_gone_cb (gpointer data, GObject *row)
{
  Held *held = data;

  g_hash_table_remove (held->list->rows, GUINT_TO_POINTER (held->position));
  g_object_unref (held->list);
  g_free (held);
}

static PostilCarryOverRow *
make_row (PostilCarryOverList *self, PostilCarryOverState state, guint nth, guint position)
{
  gboolean has_heading = self->headings[state] != NULL;
  PostilCarryOverRow *row =
    has_heading && nth == 0
      ? postil_carry_over_row_new_heading (self->headings[state])
      : postil_carry_over_row_new (get_item (self, state, nth - has_heading), position,
                                   gtk_bitset_contains (self->chosen, position));
  Held *held = g_new (Held, 1);

  *held = (Held){ g_object_ref (self), position };
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  g_object_weak_ref (G_OBJECT (row), row_gone_cb, held);
  g_signal_connect_object (row, "notify::chosen", G_CALLBACK (row_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

static GType
list_get_item_type (GListModel *model)
{
  return POSTIL_TYPE_CARRY_OVER_ROW;
}

static guint
list_get_n_items (GListModel *model)
{
  PostilCarryOverList *self = POSTIL_CARRY_OVER_LIST (model);
  guint n = self->items->len;

  for (guint i = 0; i < N_STATES; i++)
    n += self->headings[i] != NULL;
  return n;
}

static gpointer
list_get_item (GListModel *model, guint position)
{
  PostilCarryOverList *self = POSTIL_CARRY_OVER_LIST (model);
  PostilCarryOverRow *row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  guint nth = position;

  if (row != NULL)
    return g_object_ref (row);
  for (guint i = 0; i < N_STATES; i++)
    {
      guint n = self->positions[order[i]]->len + (self->headings[order[i]] != NULL);

      if (nth < n)
        return make_row (self, order[i], nth, position);
      nth -= n;
    }
  return NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = list_get_item_type;
  interface->get_n_items = list_get_n_items;
  interface->get_item = list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PostilCarryOverList,
                               postil_carry_over_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
postil_carry_over_list_finalize (GObject *object)
{
  PostilCarryOverList *self = POSTIL_CARRY_OVER_LIST (object);

  postil_free_in_thread (self->items, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < N_STATES; i++)
    {
      g_array_unref (self->positions[i]);
      g_free (self->headings[i]);
    }
  gtk_bitset_unref (self->chosen);
  g_hash_table_unref (self->rows);

  G_OBJECT_CLASS (postil_carry_over_list_parent_class)->finalize (object);
}

static void
postil_carry_over_list_class_init (PostilCarryOverListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_carry_over_list_finalize;
}

static void
postil_carry_over_list_init (PostilCarryOverList *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < N_STATES; i++)
    self->positions[i] = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * postil_carry_over_list_new:
 * @items: (transfer full) (element-type PostilCarryOver): what postil_carry_over_plan() found
 *
 * Returns: (transfer full): a list of them
 */
PostilCarryOverList *
postil_carry_over_list_new (GPtrArray *items)
{
  PostilCarryOverList *self;
  guint n;

  g_return_val_if_fail (items != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_CARRY_OVER_LIST, NULL);
  self->items = items;
  for (guint i = 0; i < items->len; i++)
    g_array_append_val (self->positions[((PostilCarryOver *) items->pdata[i])->state], i);
  self->chosen = gtk_bitset_new_range (0, postil_carry_over_list_get_n_ready (self));
  n = self->positions[POSTIL_CARRY_OVER_MISSING]->len;
  if (n > 0)
    self->headings[POSTIL_CARRY_OVER_MISSING] =
      g_strdup_printf (ngettext ("%u Without Counterpart", "%u Without Counterpart", n), n);
  n = self->positions[POSTIL_CARRY_OVER_DONE]->len;
  if (n > 0)
    self->headings[POSTIL_CARRY_OVER_DONE] =
      g_strdup_printf (ngettext ("%u Already There", "%u Already There", n), n);
  return self;
}

/**
 * postil_carry_over_list_get_n_ready:
 * @self: a list
 *
 * Returns: how many can be carried over: the first rows
 */
guint
postil_carry_over_list_get_n_ready (PostilCarryOverList *self)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_LIST (self), 0);

  return self->positions[POSTIL_CARRY_OVER_READY]->len;
}

/**
 * postil_carry_over_list_get_ready:
 * @self: a list
 * @position: of one of the first rows
 *
 * Returns: (transfer none): what can be carried over
 */
PostilCarryOver *
postil_carry_over_list_get_ready (PostilCarryOverList *self, guint position)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_LIST (self), NULL);
  g_return_val_if_fail (position < postil_carry_over_list_get_n_ready (self), NULL);

  return get_item (self, POSTIL_CARRY_OVER_READY, position);
}

/**
 * postil_carry_over_list_get_n_chosen:
 * @self: a list
 *
 * Returns: how many are chosen
 */
guint
postil_carry_over_list_get_n_chosen (PostilCarryOverList *self)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_LIST (self), 0);

  return gtk_bitset_get_size (self->chosen);
}

/**
 * postil_carry_over_list_is_chosen:
 * @self: a list
 * @position: of a row
 *
 * Returns: whether it is
 */
gboolean
postil_carry_over_list_is_chosen (PostilCarryOverList *self, guint position)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_LIST (self), FALSE);

  return gtk_bitset_contains (self->chosen, position);
}

/**
 * postil_carry_over_list_choose_all:
 * @self: a list
 * @chosen: whether all are to be chosen, or none
 */
void
postil_carry_over_list_choose_all (PostilCarryOverList *self, gboolean chosen)
{
  GHashTableIter iter;
  gpointer row;

  g_return_if_fail (POSTIL_IS_CARRY_OVER_LIST (self));

  gtk_bitset_remove_all (self->chosen);
  if (chosen)
    gtk_bitset_add_range (self->chosen, 0, postil_carry_over_list_get_n_ready (self));
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    postil_carry_over_row_set_chosen (row, chosen);
}
