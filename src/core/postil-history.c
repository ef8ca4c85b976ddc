/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-history.h"

/*
 * PostilHistory: the steps of a workspace, which owns it, done and undone, without end. Saving does
 * not touch it. It only keeps the steps; the workspace applies them.
 */
struct _PostilHistory
{
  GObject parent_instance;

  GPtrArray *done;
  GPtrArray *undone;
  char *merge_key;
};

G_DEFINE_FINAL_TYPE (PostilHistory, postil_history, G_TYPE_OBJECT)

enum
{
  PROP_CAN_UNDO = 1,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static const char *
get_last_label (GPtrArray *steps)
{
  return steps->len > 0 ? postil_step_get_label (g_ptr_array_index (steps, steps->len - 1)) : NULL;
}

typedef struct
{
  gboolean can_undo;
  gboolean can_redo;
  char *undo_label;
  char *redo_label;
} State;

static State
save_state (PostilHistory *self)
{
  return (State){
    .can_undo = self->done->len > 0,
    .can_redo = self->undone->len > 0,
    .undo_label = g_strdup (get_last_label (self->done)),
    .redo_label = g_strdup (get_last_label (self->undone)),
  };
}

static void
notify_since (PostilHistory *self, State state)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (state.can_undo != postil_history_get_can_undo (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
  if (state.can_redo != postil_history_get_can_redo (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_REDO]);
  if (g_strcmp0 (state.undo_label, get_last_label (self->done)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNDO_LABEL]);
  if (g_strcmp0 (state.redo_label, get_last_label (self->undone)) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REDO_LABEL]);
  g_object_thaw_notify (G_OBJECT (self));

  g_free (state.undo_label);
  g_free (state.redo_label);
}

static PostilStep *
move_last (PostilHistory *self, GPtrArray *from, GPtrArray *to)
{
  State state;
  PostilStep *step;

  if (from->len == 0)
    return NULL;

  state = save_state (self);
  postil_history_seal (self);
  step = g_ptr_array_steal_index (from, from->len - 1);
  g_ptr_array_add (to, step);
  notify_since (self, state);

  return step;
}

static void
postil_history_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilHistory *self = POSTIL_HISTORY (object);

  switch (id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, postil_history_get_can_undo (self));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, postil_history_get_can_redo (self));
      break;
    case PROP_UNDO_LABEL:
      g_value_set_string (value, postil_history_get_undo_label (self));
      break;
    case PROP_REDO_LABEL:
      g_value_set_string (value, postil_history_get_redo_label (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_history_finalize (GObject *object)
{
  PostilHistory *self = POSTIL_HISTORY (object);

  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->undone);
  g_free (self->merge_key);

  G_OBJECT_CLASS (postil_history_parent_class)->finalize (object);
}

static void
postil_history_class_init (PostilHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_history_get_property;
  object_class->finalize = postil_history_finalize;

  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
postil_history_init (PostilHistory *self)
{
  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_step_unref);
  self->undone = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_step_unref);
}

PostilHistory *
postil_history_new (void)
{
  return g_object_new (POSTIL_TYPE_HISTORY, NULL);
}

/**
 * postil_history_push:
 * @self: a history
 * @step: the step that was done; not changed by the caller any more
 * @merge_key: (nullable): steps that follow each other with the same key become one, until
 *   postil_history_seal(); %NULL to stand alone
 *
 * Forgets what was undone.
 */
void
postil_history_push (PostilHistory *self, PostilStep *step, const char *merge_key)
{
  State state;

  g_return_if_fail (POSTIL_IS_HISTORY (self) && step != NULL);

  state = save_state (self);
  g_ptr_array_set_size (self->undone, 0);
  if (merge_key == NULL || g_strcmp0 (merge_key, self->merge_key) != 0 || self->done->len == 0 ||
      !postil_step_absorb (g_ptr_array_index (self->done, self->done->len - 1), step))
    g_ptr_array_add (self->done, postil_step_ref (step));
  g_free (self->merge_key);
  self->merge_key = g_strdup (merge_key);
  notify_since (self, state);
}

/**
 * postil_history_seal:
 * @self: a history
 *
 * Ends the merging of steps: what comes next is a step of its own.
 */
void
postil_history_seal (PostilHistory *self)
{
  g_return_if_fail (POSTIL_IS_HISTORY (self));

  g_clear_pointer (&self->merge_key, g_free);
}

/**
 * postil_history_undo:
 * @self: a history
 *
 * Returns: (transfer none) (nullable): the step to be undone now
 */
PostilStep *
postil_history_undo (PostilHistory *self)
{
  g_return_val_if_fail (POSTIL_IS_HISTORY (self), NULL);

  return move_last (self, self->done, self->undone);
}

/**
 * postil_history_redo:
 * @self: a history
 *
 * Returns: (transfer none) (nullable): the step to be done again now
 */
PostilStep *
postil_history_redo (PostilHistory *self)
{
  g_return_val_if_fail (POSTIL_IS_HISTORY (self), NULL);

  return move_last (self, self->undone, self->done);
}

gboolean
postil_history_get_can_undo (PostilHistory *self)
{
  g_return_val_if_fail (POSTIL_IS_HISTORY (self), FALSE);

  return self->done->len > 0;
}

gboolean
postil_history_get_can_redo (PostilHistory *self)
{
  g_return_val_if_fail (POSTIL_IS_HISTORY (self), FALSE);

  return self->undone->len > 0;
}

const char *
postil_history_get_undo_label (PostilHistory *self)
{
  g_return_val_if_fail (POSTIL_IS_HISTORY (self), NULL);

  return get_last_label (self->done);
}

const char *
postil_history_get_redo_label (PostilHistory *self)
{
  g_return_val_if_fail (POSTIL_IS_HISTORY (self), NULL);

  return get_last_label (self->undone);
}
