/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-preparation.h"

#include "postil-document.h"

/*
 * PostilPreparation: a step about very many annotations while a thread composes it and works out
 * what the documents hold after it. Owned by the workspace, whose documents do not change
 * meanwhile. The thread has the step for itself until it is done, and reads snapshots.
 *
 * It has a thread of its own: whoever waits for it must not wait for what others put into a pool.
 */
struct _PostilPreparation
{
  PostilStep *step;
  PostilStepFunc compose;
  gpointer data;
  /* What each document holds: PostilAnnotationIndex by PostilDocument. */
  GHashTable *held;
  GSource *ready;
  GMainContext *context;
  /* NULL where the system had none to give. */
  GThread *thread;
};

static gpointer
prepare (gpointer data)
{
  PostilPreparation *self = data;
  const PostilRun *runs;
  guint n_runs;

  if (self->compose != NULL)
    self->compose (self->step, self->data);
  runs = postil_step_get_runs (self->step, &n_runs);
  for (guint i = 0; i < n_runs; i++)
    {
      PostilAnnotationIndex *before =
        runs[i].document != NULL ? g_hash_table_lookup (self->held, runs[i].document) : NULL;

      if (before == NULL)
        continue;
      /* Behind a small run it is not known what the document will hold. */
      if (runs[i].n_changes < POSTIL_RUN_MANY)
        {
          g_hash_table_remove (self->held, runs[i].document);
          continue;
        }
      postil_step_prepare_run (self->step, i, before);
      g_hash_table_replace (self->held, g_object_ref (runs[i].document),
                            postil_annotation_index_ref (runs[i].annotations.after));
    }
  g_source_attach (self->ready, self->context);
  return NULL;
}

/**
 * postil_preparation_new:
 * @step: a step that nobody touches until postil_preparation_finish(); it may have changes already
 * @documents: (element-type PostilDocument): the documents that it may change
 * @compose: (nullable): adds to @step, in a thread
 * @data: for @compose
 * @ready: called in the main context that is the default here, when all is prepared
 * @ready_data: for @ready
 *
 * Returns: (transfer full): the preparation, which goes on
 */
PostilPreparation *
postil_preparation_new (PostilStep *step,
                        GListModel *documents,
                        PostilStepFunc compose,
                        gpointer data,
                        GSourceFunc ready,
                        gpointer ready_data)
{
  PostilPreparation *self;

  g_return_val_if_fail (step != NULL && G_IS_LIST_MODEL (documents), NULL);
  g_return_val_if_fail (ready != NULL, NULL);

  self = g_new0 (PostilPreparation, 1);
  self->step = postil_step_ref (step);
  self->compose = compose;
  self->data = data;
  self->held = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                      (GDestroyNotify) postil_annotation_index_unref);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_hash_table_insert (
        self->held, document,
        postil_annotation_index_ref (postil_document_get_annotations (document)));
    }
  self->ready = g_idle_source_new ();
  g_source_set_priority (self->ready, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->ready, ready, ready_data, NULL);
  self->context = g_main_context_ref_thread_default ();
  self->thread = g_thread_try_new ("step", prepare, self, NULL);
  if (self->thread == NULL)
    prepare (self);
  return self;
}

/**
 * postil_preparation_finish:
 * @self: (transfer full): a preparation
 *
 * Waits until it is done. @ready is not called any more.
 *
 * Returns: (transfer full): the step
 */
PostilStep *
postil_preparation_finish (PostilPreparation *self)
{
  PostilStep *step;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->thread != NULL)
    g_thread_join (self->thread);
  step = self->step;
  g_source_destroy (self->ready);
  g_source_unref (self->ready);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->held);
  g_free (self);
  return step;
}
