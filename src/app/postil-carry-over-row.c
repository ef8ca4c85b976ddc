/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-carry-over-row.h"

/*
 * PostilCarryOverRow: a row of the list of what is to be carried over: an annotation, which is
 * chosen or not, or a heading. Owned by that list; the annotation's plan outlives it.
 */
struct _PostilCarryOverRow
{
  GObject parent_instance;

  PostilCarryOver *item;
  guint position;
  char *heading;
  gboolean chosen;
};

G_DEFINE_FINAL_TYPE (PostilCarryOverRow, postil_carry_over_row, G_TYPE_OBJECT)

enum
{
  PROP_CHOSEN = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
postil_carry_over_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CHOSEN:
      g_value_set_boolean (value, POSTIL_CARRY_OVER_ROW (object)->chosen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_carry_over_row_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CHOSEN:
      postil_carry_over_row_set_chosen (POSTIL_CARRY_OVER_ROW (object),
                                        g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_carry_over_row_finalize (GObject *object)
{
  g_free (POSTIL_CARRY_OVER_ROW (object)->heading);

  G_OBJECT_CLASS (postil_carry_over_row_parent_class)->finalize (object);
}

static void
postil_carry_over_row_class_init (PostilCarryOverRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = postil_carry_over_row_get_property;
  object_class->set_property = postil_carry_over_row_set_property;
  object_class->finalize = postil_carry_over_row_finalize;

  /* Whether it is to be carried over. */
  properties[PROP_CHOSEN] =
    g_param_spec_boolean ("chosen", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
postil_carry_over_row_init (PostilCarryOverRow *self)
{
}

/**
 * postil_carry_over_row_new:
 * @item: what carrying over an annotation would do; must outlive the row
 * @position: where it is in the list
 * @chosen: whether it is to be carried over
 *
 * Returns: (transfer full): a row
 */
PostilCarryOverRow *
postil_carry_over_row_new (PostilCarryOver *item, guint position, gboolean chosen)
{
  PostilCarryOverRow *self;

  g_return_val_if_fail (item != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_CARRY_OVER_ROW, NULL);
  self->item = item;
  self->position = position;
  self->chosen = chosen;
  return self;
}

/**
 * postil_carry_over_row_new_heading:
 * @heading: what the rows below have in common
 *
 * Returns: (transfer full): a row that is a heading
 */
PostilCarryOverRow *
postil_carry_over_row_new_heading (const char *heading)
{
  PostilCarryOverRow *self;

  g_return_val_if_fail (heading != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_CARRY_OVER_ROW, NULL);
  self->heading = g_strdup (heading);
  return self;
}

/**
 * postil_carry_over_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): its annotation; %NULL when it is a heading
 */
PostilCarryOver *
postil_carry_over_row_get_item (PostilCarryOverRow *self)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_ROW (self), NULL);

  return self->item;
}

/**
 * postil_carry_over_row_get_heading:
 * @self: a row
 *
 * Returns: (nullable): what it says when it is a heading
 */
const char *
postil_carry_over_row_get_heading (PostilCarryOverRow *self)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_ROW (self), NULL);

  return self->heading;
}

/**
 * postil_carry_over_row_get_position:
 * @self: a row of an annotation
 *
 * Returns: where it is in the list
 */
guint
postil_carry_over_row_get_position (PostilCarryOverRow *self)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_ROW (self), 0);

  return self->position;
}

gboolean
postil_carry_over_row_get_chosen (PostilCarryOverRow *self)
{
  g_return_val_if_fail (POSTIL_IS_CARRY_OVER_ROW (self), FALSE);

  return self->chosen;
}

/**
 * postil_carry_over_row_set_chosen:
 * @self: a row
 * @chosen: whether it is to be carried over; what cannot be stays as it is
 */
void
postil_carry_over_row_set_chosen (PostilCarryOverRow *self, gboolean chosen)
{
  g_return_if_fail (POSTIL_IS_CARRY_OVER_ROW (self));

  if (!self->item || self->item->state != POSTIL_CARRY_OVER_READY || self->chosen == !!chosen)
    return;
  self->chosen = chosen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}
