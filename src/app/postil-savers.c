/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-savers.h"

/**
 * PostilSavers:
 *
 * The savers of a window: one for each document that is open and one for the codebook of its
 * folder. The window owns it and adds a saver together with the document. Knows at any time which
 * one is worst off.
 */
struct _PostilSavers
{
  GObject parent_instance;

  GPtrArray *savers;
};

G_DEFINE_FINAL_TYPE (PostilSavers, postil_savers, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  guint n_pending;
  GPtrArray *failed;
  GError *error;
} Flush;

static void
flush_free (Flush *flush)
{
  g_clear_pointer (&flush->failed, g_ptr_array_unref);
  g_clear_error (&flush->error);
  g_free (flush);
}

/* How urgently a person must know. */
static int
rank (PostilSaver *saver)
{
  switch (postil_saver_get_state (saver))
    {
    case POSTIL_SAVER_SAVED:
      return 0;
    case POSTIL_SAVER_SAVING:
      return 1;
    case POSTIL_SAVER_BLOCKED:
      return 2;
    case POSTIL_SAVER_FAILED:
      return 3;
    default:
      g_assert_not_reached ();
    }
}

static void
saver_notify_cb (PostilSavers *self, GParamSpec *pspec, PostilSaver *saver)
{
  g_signal_emit (self, signals[CHANGED], 0, saver);
}

static void
flush_part_done (GTask *task)
{
  Flush *flush = g_task_get_task_data (task);

  if (--flush->n_pending > 0)
    return;
  if (flush->error)
    g_task_return_error (task, g_steal_pointer (&flush->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Flush *flush = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!postil_saver_flush_finish (POSTIL_SAVER (source), result, &error))
    {
      g_ptr_array_add (flush->failed, g_object_ref (source));
      if (!flush->error)
        flush->error = g_steal_pointer (&error);
    }
  flush_part_done (task);
}

static void
postil_savers_finalize (GObject *object)
{
  g_ptr_array_unref (POSTIL_SAVERS (object)->savers);

  G_OBJECT_CLASS (postil_savers_parent_class)->finalize (object);
}

static void
postil_savers_class_init (PostilSaversClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = postil_savers_finalize;

  /**
   * PostilSavers::changed:
   * @saver: whose state or message changed, or which came or went
   *
   * What is saved, or why it is not, changed.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, POSTIL_TYPE_SAVER);
}

static void
postil_savers_init (PostilSavers *self)
{
  self->savers = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * postil_savers_new:
 *
 * Returns: (transfer full): no savers as yet
 */
PostilSavers *
postil_savers_new (void)
{
  return g_object_new (POSTIL_TYPE_SAVERS, NULL);
}

/**
 * postil_savers_add:
 * @self: the savers
 * @saver: another one
 *
 * Adds a saver.
 */
void
postil_savers_add (PostilSavers *self, PostilSaver *saver)
{
  g_return_if_fail (POSTIL_IS_SAVERS (self));
  g_return_if_fail (POSTIL_IS_SAVER (saver));

  g_ptr_array_add (self->savers, g_object_ref (saver));
  g_signal_connect_object (saver, "notify", G_CALLBACK (saver_notify_cb), self, G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[CHANGED], 0, saver);
}

/**
 * postil_savers_remove:
 * @self: the savers
 * @saver: one of them
 *
 * Takes a saver away; what it had not written is not written any more.
 */
void
postil_savers_remove (PostilSavers *self, PostilSaver *saver)
{
  g_autoptr (PostilSaver) held = NULL;

  g_return_if_fail (POSTIL_IS_SAVERS (self));
  g_return_if_fail (POSTIL_IS_SAVER (saver));

  held = g_object_ref (saver);
  g_signal_handlers_disconnect_by_data (saver, self);
  g_ptr_array_remove (self->savers, saver);
  g_signal_emit (self, signals[CHANGED], 0, saver);
}

/**
 * postil_savers_find:
 * @self: the savers
 * @document: (nullable): a document; %NULL for the codebook
 *
 * Returns: (transfer none) (nullable): its saver
 */
PostilSaver *
postil_savers_find (PostilSavers *self, PostilDocument *document)
{
  g_return_val_if_fail (POSTIL_IS_SAVERS (self), NULL);

  for (guint i = 0; i < self->savers->len; i++)
    if (postil_saver_get_document (self->savers->pdata[i]) == document)
      return self->savers->pdata[i];
  return NULL;
}

/**
 * postil_savers_get_worst:
 * @self: the savers
 *
 * Returns: (transfer none) (nullable): the saver whose state a person must know first
 */
PostilSaver *
postil_savers_get_worst (PostilSavers *self)
{
  PostilSaver *worst = NULL;

  g_return_val_if_fail (POSTIL_IS_SAVERS (self), NULL);

  for (guint i = 0; i < self->savers->len; i++)
    if (!worst || rank (self->savers->pdata[i]) > rank (worst))
      worst = self->savers->pdata[i];
  return worst;
}

/**
 * postil_savers_flush_async:
 * @self: the savers
 * @document: (nullable): only that of this document; %NULL for all
 * @callback: called when all have tried
 * @data: passed to it
 *
 * Writes all changes now.
 */
void
postil_savers_flush_async (PostilSavers *self,
                           PostilDocument *document,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  GTask *task;
  Flush *flush;

  g_return_if_fail (POSTIL_IS_SAVERS (self));

  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, postil_savers_flush_async);
  flush = g_new0 (Flush, 1);
  flush->failed = g_ptr_array_new_with_free_func (g_object_unref);
  flush->n_pending = 1;
  g_task_set_task_data (task, flush, (GDestroyNotify) flush_free);

  for (guint i = 0; i < self->savers->len; i++)
    {
      PostilSaver *saver = self->savers->pdata[i];

      if (document && postil_saver_get_document (saver) != document)
        continue;
      flush->n_pending++;
      postil_saver_flush_async (saver, NULL, flushed_cb, g_object_ref (task));
    }
  flush_part_done (task);
  g_object_unref (task);
}

/**
 * postil_savers_flush_finish:
 * @self: the savers
 * @result: what the callback was given
 * @failed: (out) (optional) (transfer container) (element-type PostilSaver): those that failed
 * @error: return location for why the first of them failed
 *
 * Returns: whether all changes were written
 */
gboolean
postil_savers_flush_finish (PostilSavers *self,
                            GAsyncResult *result,
                            GPtrArray **failed,
                            GError **error)
{
  Flush *flush;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  flush = g_task_get_task_data (G_TASK (result));
  if (failed)
    *failed = g_ptr_array_ref (flush->failed);
  return g_task_propagate_boolean (G_TASK (result), error);
}
