/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-saver.h"

#include "postil-error.h"

/* Times in ms: from the first unsaved change to the save, so that what is typed in between is one
 * save and yet on the disk within a second; and as multiples of it, from a failed save to the next
 * try, at first and at most. */
#define DELAY 500
#define FIRST_RETRY 4
#define LAST_RETRY 120

/**
 * PostilSaver:
 *
 * Keeps the sidecar of one document, or the codebook's file, up to date by itself. Owned by who
 * opened the document; lives in the main thread and writes in others, one save at a time, each of a
 * snapshot. A change made during a save is saved after it. A failed save is tried again after some
 * time, and at once after another change. What another program changed is never overwritten: the
 * state is then %POSTIL_SAVER_CONFLICT until the file is again what it was, or the document was
 * opened anew with another saver.
 *
 * Letting go of a saver does not save: flush it before.
 */
struct _PostilSaver
{
  GObject parent_instance;

  PostilDocument *document;
  PostilCodebook *codebook;
  PostilSnapshot *codebook_read;
  PostilSidecar *sidecar;
  GFileMonitor *monitor;
  guint delay;

  PostilSaverState state;
  /* Why nothing is saved in the states that say so. */
  GError *problem;

  /* The topics of the last snapshot: each codebook change concerns few documents. */
  GPtrArray *topics;
  guint64 n_changes;
  gboolean dirty;
  gboolean saving;
  guint timeout;
  gint64 timeout_due;
  guint retry;
  GPtrArray *flushes;

  gboolean checking;
  gboolean check_again;
  gboolean told_outside;
};

enum
{
  PROP_0,
  PROP_DOCUMENT,
  PROP_CODEBOOK,
  PROP_CODEBOOK_READ,
  PROP_SIDECAR,
  PROP_DELAY,
  PROP_STATE,
  PROP_MESSAGE,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  CHANGED_OUTSIDE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PostilSaver, postil_saver, G_TYPE_OBJECT)

GType
postil_saver_state_get_type (void)
{
  static gsize type;
  static const GEnumValue values[] = {
    { POSTIL_SAVER_SAVED, "POSTIL_SAVER_SAVED", "saved" },
    { POSTIL_SAVER_SAVING, "POSTIL_SAVER_SAVING", "saving" },
    { POSTIL_SAVER_FAILED, "POSTIL_SAVER_FAILED", "failed" },
    { POSTIL_SAVER_CONFLICT, "POSTIL_SAVER_CONFLICT", "conflict" },
    { POSTIL_SAVER_BLOCKED, "POSTIL_SAVER_BLOCKED", "blocked" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
      &type, g_enum_register_static (g_intern_static_string ("PostilSaverState"), values));
  return type;
}

static void save (PostilSaver *self);
static void check_outside (PostilSaver *self);

static void
set_state (PostilSaver *self, PostilSaverState state, const GError *problem)
{
  gboolean same_message = g_strcmp0 (self->problem != NULL ? self->problem->message : NULL,
                                     problem != NULL ? problem->message : NULL) == 0;
  PostilSaverState before = self->state;
  GError *copy = problem != NULL ? g_error_copy (problem) : NULL;

  g_clear_error (&self->problem);
  self->problem = copy;
  self->state = state;
  g_object_freeze_notify (G_OBJECT (self));
  if (before != state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (!same_message)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The codebook's file has the topics in the order shown, and after them the deleted ones. */
static PostilSnapshot *
take_codebook_snapshot (PostilSaver *self)
{
  g_autoptr (GPtrArray) topics = postil_codebook_list_in_order (self->codebook);
  g_autoptr (GHashTable) listed = g_hash_table_new (NULL, NULL);
  GPtrArray *all = postil_codebook_get_topics (self->codebook);
  PostilSnapshot fields = *self->codebook_read;

  for (guint i = 0; i < topics->len; i++)
    g_hash_table_add (listed, topics->pdata[i]);
  for (guint i = 0; i < all->len; i++)
    if (!g_hash_table_contains (listed, all->pdata[i]))
      g_ptr_array_add (topics, postil_topic_ref (all->pdata[i]));
  fields.topics = topics;
  return postil_snapshot_new (&fields);
}

static PostilSnapshot *
take_snapshot (PostilSaver *self)
{
  return self->document != NULL ? postil_document_snapshot (self->document, self->codebook)
                                : take_codebook_snapshot (self);
}

/* Topics are values, so that the same ones are the same pointers. */
static gboolean
set_topics (PostilSaver *self, PostilSnapshot *snapshot)
{
  GPtrArray *before = self->topics, *after = snapshot->topics;
  gboolean changed = before == NULL || before->len != after->len;

  for (guint i = 0; !changed && i < after->len; i++)
    changed = before->pdata[i] != after->pdata[i];
  g_ptr_array_ref (after);
  g_clear_pointer (&self->topics, g_ptr_array_unref);
  self->topics = after;
  return changed;
}

static void
return_flushes (PostilSaver *self, const GError *problem)
{
  g_autoptr (GPtrArray) flushes = g_steal_pointer (&self->flushes);

  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < flushes->len; i++)
    if (problem != NULL)
      g_task_return_error (flushes->pdata[i], g_error_copy (problem));
    else
      g_task_return_boolean (flushes->pdata[i], TRUE);
}

static gboolean
timeout_cb (gpointer data)
{
  PostilSaver *self = data;

  self->timeout = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

/* Saves in @delay ms, or earlier if that was arranged. */
static void
schedule (PostilSaver *self, guint delay)
{
  gint64 due = g_get_monotonic_time () + delay * G_TIME_SPAN_MILLISECOND;

  if (self->saving || (self->timeout != 0 && self->timeout_due <= due))
    return;
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add (delay, timeout_cb, self);
  self->timeout_due = due;
}

static void
mark_changed (PostilSaver *self)
{
  self->n_changes++;
  self->dirty = TRUE;
  if (self->state == POSTIL_SAVER_CONFLICT || self->state == POSTIL_SAVER_BLOCKED)
    return;
  if (self->state == POSTIL_SAVER_SAVED)
    set_state (self, POSTIL_SAVER_SAVING, NULL);
  schedule (self, self->delay);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (postil_sidecar_save (POSTIL_SAVER (source)->sidecar, data, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
handle_failure (PostilSaver *self, const GError *problem)
{
  self->dirty = TRUE;
  if (postil_sidecar_get_damage (self->sidecar) != NULL)
    set_state (self, POSTIL_SAVER_BLOCKED, problem);
  else if (g_error_matches (problem, POSTIL_ERROR, POSTIL_ERROR_CHANGED))
    set_state (self, POSTIL_SAVER_CONFLICT, problem);
  else
    {
      self->retry = self->retry == 0 ? FIRST_RETRY : MIN (2 * self->retry, LAST_RETRY);
      set_state (self, POSTIL_SAVER_FAILED, problem);
      schedule (self, self->retry * self->delay);
    }
  return_flushes (self, problem);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilSaver *self = POSTIL_SAVER (source);
  g_autoptr (GError) problem = NULL;

  self->saving = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &problem))
    handle_failure (self, problem);
  else
    {
      self->retry = 0;
      set_state (self, self->dirty ? POSTIL_SAVER_SAVING : POSTIL_SAVER_SAVED, NULL);
      if (!self->dirty)
        return_flushes (self, NULL);
      else if (self->flushes->len > 0)
        save (self);
      else
        schedule (self, self->delay);
    }
  if (self->check_again)
    check_outside (self);
}

/* Does nothing during a save, which saves again for what changed since it began. */
static void
save (PostilSaver *self)
{
  g_autoptr (GTask) task = NULL;
  PostilSnapshot *snapshot;

  if (self->saving)
    return;
  task = g_task_new (self, NULL, saved_cb, NULL);
  snapshot = take_snapshot (self);
  g_clear_handle_id (&self->timeout, g_source_remove);
  set_topics (self, snapshot);
  self->dirty = FALSE;
  self->saving = TRUE;
  g_task_set_source_tag (task, save);
  g_task_set_task_data (task, snapshot, (GDestroyNotify) postil_snapshot_unref);
  g_task_run_in_thread (task, save_in_thread);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_boolean (task, postil_sidecar_is_current (POSTIL_SAVER (source)->sidecar));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilSaver *self = POSTIL_SAVER (source);
  gboolean current = g_task_propagate_boolean (G_TASK (result), NULL);

  self->checking = FALSE;
  if (self->saving)
    return;
  if (current)
    {
      self->told_outside = FALSE;
      if (self->state == POSTIL_SAVER_CONFLICT)
        {
          set_state (self, self->dirty ? POSTIL_SAVER_SAVING : POSTIL_SAVER_SAVED, NULL);
          if (self->dirty)
            schedule (self, self->delay);
        }
    }
  /* The save finds the conflict, and the words for it. */
  else if (self->dirty && self->state != POSTIL_SAVER_CONFLICT &&
           self->state != POSTIL_SAVER_BLOCKED)
    save (self);
  else if (!self->told_outside)
    {
      self->told_outside = TRUE;
      g_signal_emit (self, signals[CHANGED_OUTSIDE], 0);
    }
  if (self->check_again)
    check_outside (self);
}

/* Looks whether the file is still ours; not during a save, as that changes it. */
static void
check_outside (PostilSaver *self)
{
  g_autoptr (GTask) task = NULL;

  self->check_again = self->saving || self->checking;
  if (self->check_again)
    return;
  self->checking = TRUE;
  task = g_task_new (self, NULL, checked_cb, NULL);
  g_task_set_source_tag (task, check_outside);
  g_task_run_in_thread (task, check_in_thread);
}

static void
save_beside_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *path =
    postil_sidecar_save_beside (POSTIL_SAVER (source)->sidecar, data, cancellable, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

static void
codebook_changed_cb (PostilSaver *self)
{
  g_autoptr (PostilSnapshot) snapshot = take_snapshot (self);

  if (set_topics (self, snapshot))
    mark_changed (self);
}

static void
postil_saver_constructed (GObject *object)
{
  PostilSaver *self = POSTIL_SAVER (object);
  g_autoptr (GFile) file = g_file_new_for_path (postil_sidecar_get_path (self->sidecar));
  g_autoptr (PostilSnapshot) snapshot = take_snapshot (self);
  const GError *damage = postil_sidecar_get_damage (self->sidecar);

  set_topics (self, snapshot);
  if (damage != NULL)
    {
      self->state = POSTIL_SAVER_BLOCKED;
      self->problem = g_error_copy (damage);
    }
  if (self->document != NULL)
    g_signal_connect_object (self->document, "notify::version", G_CALLBACK (mark_changed), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (self->codebook, "changed", G_CALLBACK (codebook_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* Without a monitor a foreign change is noticed by the next save. */
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (check_outside), self,
                             G_CONNECT_SWAPPED);

  G_OBJECT_CLASS (postil_saver_parent_class)->constructed (object);
}

static void
postil_saver_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilSaver *self = POSTIL_SAVER (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_SIDECAR:
      g_value_set_object (value, self->sidecar);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, postil_saver_get_message (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_saver_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilSaver *self = POSTIL_SAVER (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;
    case PROP_CODEBOOK:
      self->codebook = g_value_dup_object (value);
      break;
    case PROP_CODEBOOK_READ:
      self->codebook_read = g_value_dup_boxed (value);
      break;
    case PROP_SIDECAR:
      self->sidecar = g_value_dup_object (value);
      break;
    case PROP_DELAY:
      self->delay = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_saver_dispose (GObject *object)
{
  PostilSaver *self = POSTIL_SAVER (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (postil_saver_parent_class)->dispose (object);
}

static void
postil_saver_finalize (GObject *object)
{
  PostilSaver *self = POSTIL_SAVER (object);

  g_clear_object (&self->document);
  g_clear_object (&self->codebook);
  g_clear_pointer (&self->codebook_read, postil_snapshot_unref);
  g_clear_object (&self->sidecar);
  g_clear_error (&self->problem);
  g_clear_pointer (&self->topics, g_ptr_array_unref);
  g_ptr_array_unref (self->flushes);

  G_OBJECT_CLASS (postil_saver_parent_class)->finalize (object);
}

static void
postil_saver_class_init (PostilSaverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags construct = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = postil_saver_constructed;
  object_class->get_property = postil_saver_get_property;
  object_class->set_property = postil_saver_set_property;
  object_class->dispose = postil_saver_dispose;
  object_class->finalize = postil_saver_finalize;

  /* What is saved; NULL when it is the codebook. */
  properties[PROP_DOCUMENT] = g_param_spec_object ("document", NULL, NULL, POSTIL_TYPE_DOCUMENT,
                                                   construct | G_PARAM_READABLE);
  properties[PROP_CODEBOOK] =
    g_param_spec_object ("codebook", NULL, NULL, POSTIL_TYPE_CODEBOOK, construct);
  /* What the codebook's file held when it was read. */
  properties[PROP_CODEBOOK_READ] =
    g_param_spec_boxed ("codebook-read", NULL, NULL, POSTIL_TYPE_SNAPSHOT, construct);
  properties[PROP_SIDECAR] =
    g_param_spec_object ("sidecar", NULL, NULL, POSTIL_TYPE_SIDECAR, construct | G_PARAM_READABLE);
  /* From the first unsaved change to the save, in ms; all other times are multiples of it. */
  properties[PROP_DELAY] = g_param_spec_uint ("delay", NULL, NULL, 1, 10000, DELAY, construct);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, POSTIL_TYPE_SAVER_STATE, POSTIL_SAVER_SAVED,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MESSAGE] =
    g_param_spec_string ("message", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilSaver::changed-outside:
   *
   * Another program changed the file since it was read or written, and nothing of ours waits to be
   * saved, or nothing may be saved: reloading the document loses nothing. Emitted once until the
   * file is again what it was. When something does wait, the state becomes a conflict instead.
   */
  signals[CHANGED_OUTSIDE] = g_signal_new ("changed-outside", G_TYPE_FROM_CLASS (klass),
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
postil_saver_init (PostilSaver *self)
{
  self->flushes = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * postil_saver_new:
 * @document: a document as it was loaded
 * @codebook: the codebook of its workspace, which has the document's topics already
 * @sidecar: what the document's annotations were loaded from
 *
 * Saves every change from now on.
 *
 * Returns: (transfer full): the document's saver
 */
PostilSaver *
postil_saver_new (PostilDocument *document, PostilCodebook *codebook, PostilSidecar *sidecar)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook) && POSTIL_IS_SIDECAR (sidecar), NULL);

  return g_object_new (POSTIL_TYPE_SAVER, "document", document, "codebook", codebook, "sidecar",
                       sidecar, NULL);
}

/**
 * postil_saver_new_for_codebook:
 * @codebook: the codebook of a workspace
 * @snapshot: what was read from its file
 * @sidecar: what it was read from
 *
 * Saves every change of the codebook from now on.
 *
 * Returns: (transfer full): the codebook's saver
 */
PostilSaver *
postil_saver_new_for_codebook (PostilCodebook *codebook,
                               PostilSnapshot *snapshot,
                               PostilSidecar *sidecar)
{
  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook), NULL);
  g_return_val_if_fail (snapshot != NULL && POSTIL_IS_SIDECAR (sidecar), NULL);

  return g_object_new (POSTIL_TYPE_SAVER, "codebook", codebook, "codebook-read", snapshot,
                       "sidecar", sidecar, NULL);
}

/**
 * postil_saver_get_state:
 * @self: a saver
 *
 * Returns: how saving goes
 */
PostilSaverState
postil_saver_get_state (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), POSTIL_SAVER_SAVED);

  return self->state;
}

/**
 * postil_saver_get_message:
 * @self: a saver
 *
 * Returns: (nullable): one translated sentence that says why nothing is saved
 */
const char *
postil_saver_get_message (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return self->problem != NULL ? self->problem->message : NULL;
}

/**
 * postil_saver_get_sidecar:
 * @self: a saver
 *
 * Returns: (transfer none): the file that is saved to
 */
PostilSidecar *
postil_saver_get_sidecar (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return self->sidecar;
}

/**
 * postil_saver_get_document:
 * @self: a saver
 *
 * Returns: (transfer none) (nullable): what is saved; %NULL when it is the codebook
 */
PostilDocument *
postil_saver_get_document (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return self->document;
}

/**
 * postil_saver_take_snapshot:
 * @self: a saver
 *
 * Returns: (transfer full): what would be saved now
 */
PostilSnapshot *
postil_saver_take_snapshot (PostilSaver *self)
{
  g_return_val_if_fail (POSTIL_IS_SAVER (self), NULL);

  return take_snapshot (self);
}

/**
 * postil_saver_flush_async:
 * @self: a saver
 * @callback: called when all changes that were made before are saved, or cannot be
 *
 * Saves now whatever waits.
 */
void
postil_saver_flush_async (PostilSaver *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POSTIL_IS_SAVER (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, postil_saver_flush_async);
  if (!self->dirty && !self->saving)
    g_task_return_boolean (task, TRUE);
  else if (self->state == POSTIL_SAVER_CONFLICT || self->state == POSTIL_SAVER_BLOCKED)
    g_task_return_error (task, g_error_copy (self->problem));
  else
    {
      g_ptr_array_add (self->flushes, g_steal_pointer (&task));
      save (self);
    }
}

/**
 * postil_saver_flush_finish:
 * @self: a saver
 *
 * Returns: whether all changes are saved; %FALSE sets why not, as postil_sidecar_save() does
 */
gboolean
postil_saver_flush_finish (PostilSaver *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * postil_saver_save_beside_async:
 * @self: a saver
 * @callback: called when it is done
 *
 * Saves all to a new file beside the one that may not be written, as a way out of a conflict. It
 * then counts as saved as long as nothing else changes, so that the document can be closed or
 * reloaded.
 */
void
postil_saver_save_beside_async (PostilSaver *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POSTIL_IS_SAVER (self));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, postil_saver_save_beside_async);
  g_task_set_task_data (task, take_snapshot (self), (GDestroyNotify) postil_snapshot_unref);
  g_object_set_data_full (G_OBJECT (task), "postil-n-changes",
                          g_memdup2 (&self->n_changes, sizeof self->n_changes), g_free);
  g_task_run_in_thread (task, save_beside_in_thread);
}

/**
 * postil_saver_save_beside_finish:
 * @self: a saver
 *
 * Returns: (transfer full): the path of the new file, or %NULL with an error
 */
char *
postil_saver_save_beside_finish (PostilSaver *self, GAsyncResult *result, GError **error)
{
  const guint64 *n_changes;
  char *path;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  n_changes = g_object_get_data (G_OBJECT (result), "postil-n-changes");
  path = g_task_propagate_pointer (G_TASK (result), error);
  if (path != NULL && *n_changes == self->n_changes &&
      (self->state == POSTIL_SAVER_CONFLICT || self->state == POSTIL_SAVER_BLOCKED))
    self->dirty = FALSE;
  return path;
}
