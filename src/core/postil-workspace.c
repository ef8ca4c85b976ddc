/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-workspace.h"

#include "postil-rebasing.h"

/*
 * PostilWorkspace: the documents open together in a window, with their codebook and one history.
 * Owned by the window or the command that opened it. Every change goes through
 * postil_workspace_commit(), undo or redo.
 *
 * A step about very many annotations is prepared in a thread, one at a time. Steps are done in the
 * order in which they were asked for: until the one that is prepared has been committed nothing
 * else changes, and whatever would waits for it.
 */
struct _PostilWorkspace
{
  GObject parent_instance;

  const PostilEnvironment *environment;
  PostilAnnotator *annotator;
  PostilCodebook *codebook;
  PostilHistory *history;
  GListStore *documents;
  GFile *folder;

  /* NULL when no step is being prepared; then neither is what belongs to it. */
  PostilPreparation *preparation;
  PostilStepFunc commit;
  gpointer data;
  GDestroyNotify free_data;
};

G_DEFINE_FINAL_TYPE (PostilWorkspace, postil_workspace, G_TYPE_OBJECT)

enum
{
  PROP_PREPARING = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* Undoing what was done in a document that was closed since opens it again. */
static void
ensure_open (PostilWorkspace *self, PostilDocument *document)
{
  if (!g_list_store_find (self->documents, document, NULL))
    g_list_store_append (self->documents, document);
}

/* (transfer full): what undoes @changes, borrowing from them */
static PostilChange *
reverse (const PostilChange *changes, guint n_changes)
{
  PostilChange *reversed = g_new (PostilChange, n_changes);

  for (guint i = 0; i < n_changes; i++)
    {
      const PostilChange *c = &changes[n_changes - 1 - i];

      reversed[i] = (PostilChange){
        .document = c->document,
        .annotation = { .before = c->annotation.after, .after = c->annotation.before },
        .topic = { .before = c->topic.after, .after = c->topic.before },
        .text = { .before = c->text.after, .after = c->text.before },
      };
    }
  return reversed;
}

/* Whether what @document holds is not what @step was prepared for. */
static gboolean
is_outdated (PostilStep *step, PostilDocument *document)
{
  guint n_runs;
  const PostilRun *runs = postil_step_get_runs (step, &n_runs);

  for (guint i = 0; i < n_runs; i++)
    if (runs[i].document == document && runs[i].annotations.before != NULL)
      return runs[i].annotations.before != postil_document_get_annotations (document);
  return FALSE;
}

/* (transfer full): @step as it is to be done now */
static PostilStep *
bring_up_to_date (PostilWorkspace *self, PostilStep *step, gboolean settled)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->documents)) && !settled; i++)
    {
      g_autoptr (PostilDocument) document =
        g_list_model_get_item (G_LIST_MODEL (self->documents), i);

      settled = is_outdated (step, document);
    }
  return settled ? postil_rebasing_run (step, self->codebook) : postil_step_ref (step);
}

/* Makes the changes of a run at once, when it has very many or changes all annotations together:
 * only steps of the history change a document, in its order, so that what was there when the run
 * was first made is there again.
 */
static gboolean
exchange (PostilStep *step, guint number, const PostilRun *run, gboolean undo)
{
  if (run->document == NULL || (run->annotations.after == NULL && run->n_changes < POSTIL_RUN_MANY))
    return FALSE;
  if (run->annotations.after == NULL)
    postil_step_prepare_run (step, number, postil_document_get_annotations (run->document));
  postil_document_exchange (run->document, undo ? run->text.before : run->text.after,
                            undo ? run->annotations.before : run->annotations.after);
  return TRUE;
}

static void
apply (PostilWorkspace *self, PostilStep *step, gboolean undo)
{
  guint n_changes, n_runs;
  const PostilChange *changes = postil_step_get_changes (step, &n_changes);
  const PostilRun *runs = postil_step_get_runs (step, &n_runs);

  for (guint i = 0; i < n_runs; i++)
    {
      guint number = undo ? n_runs - 1 - i : i;
      const PostilRun *run = &runs[number];
      g_autofree PostilChange *reversed = NULL;
      const PostilChange *made = changes + run->first;

      if (run->document != NULL)
        ensure_open (self, run->document);
      if (exchange (step, number, run, undo))
        continue;
      if (undo)
        made = reversed = reverse (made, run->n_changes);
      if (run->document != NULL)
        postil_document_apply (run->document, made, run->n_changes);
      else
        postil_codebook_apply (self->codebook, made, run->n_changes);
    }
}

/* A topic made for later use must be in some sidecar, unless a folder has a codebook of its own. */
static void
carry_unused_topics (PostilWorkspace *self, PostilStep *step)
{
  guint n_changes, n_runs;
  const PostilChange *changes = postil_step_get_changes (step, &n_changes);
  const PostilRun *runs = postil_step_get_runs (step, &n_runs);
  g_autoptr (PostilDocument) first = g_list_model_get_item (G_LIST_MODEL (self->documents), 0);

  if (self->folder || first == NULL)
    return;

  for (guint run = 0; run < n_runs; run++)
    for (guint i = 0; i < runs[run].n_changes && runs[run].document == NULL; i++)
      {
        const PostilChange *change = &changes[runs[run].first + i];

        if (change->topic.after && change->topic.before == NULL &&
            postil_workspace_count_topic (self, postil_topic_get_id (change->topic.after)) == 0)
          postil_document_carry_topic (first, postil_topic_get_id (change->topic.after));
      }
}

/* Ends a preparation that was carried out. */
static void
conclude (PostilWorkspace *self,
          PostilStep *step,
          PostilStepFunc commit,
          gpointer data,
          GDestroyNotify free_data)
{
  if (commit != NULL)
    commit (step, data);
  else
    postil_workspace_commit (self, step, NULL);
  if (free_data != NULL)
    free_data (data);
}

static gboolean
prepared_cb (gpointer data)
{
  postil_workspace_settle (data);
  return G_SOURCE_REMOVE;
}

static void
postil_workspace_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PREPARING:
      g_value_set_boolean (value, postil_workspace_is_preparing (POSTIL_WORKSPACE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_workspace_finalize (GObject *object)
{
  PostilWorkspace *self = POSTIL_WORKSPACE (object);

  if (self->preparation != NULL)
    {
      postil_step_unref (postil_preparation_finish (self->preparation));
      if (self->free_data != NULL)
        self->free_data (self->data);
    }
  g_clear_pointer (&self->annotator, postil_annotator_unref);
  g_clear_object (&self->history);
  g_clear_object (&self->codebook);
  g_clear_object (&self->documents);
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (postil_workspace_parent_class)->finalize (object);
}

static void
postil_workspace_class_init (PostilWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = postil_workspace_get_property;
  object_class->finalize = postil_workspace_finalize;

  /* Whether a step is being prepared, and will be done; it can be undone already. */
  properties[PROP_PREPARING] = g_param_spec_boolean ("preparing", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
postil_workspace_init (PostilWorkspace *self)
{
  self->codebook = postil_codebook_new ();
  self->history = postil_history_new ();
  self->documents = g_list_store_new (POSTIL_TYPE_DOCUMENT);
}

/**
 * postil_workspace_new:
 * @environment: (transfer none): clock and ids; must outlive the workspace
 * @annotator: who works in it
 *
 * Returns: (transfer full): a workspace without documents
 */
PostilWorkspace *
postil_workspace_new (const PostilEnvironment *environment, PostilAnnotator *annotator)
{
  PostilWorkspace *self;

  g_return_val_if_fail (environment != NULL && annotator != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_WORKSPACE, NULL);
  self->environment = environment;
  self->annotator = postil_annotator_ref (annotator);

  return self;
}

const PostilEnvironment *
postil_workspace_get_environment (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), NULL);

  return self->environment;
}

PostilAnnotator *
postil_workspace_get_annotator (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), NULL);

  return self->annotator;
}

/**
 * postil_workspace_set_annotator:
 * @self: a workspace
 * @annotator: who works in it from now on
 *
 * An annotator of the same id with another name is renamed in every document that names them.
 */
void
postil_workspace_set_annotator (PostilWorkspace *self, PostilAnnotator *annotator)
{
  g_return_if_fail (POSTIL_IS_WORKSPACE (self) && annotator != NULL);

  postil_annotator_ref (annotator);
  postil_annotator_unref (self->annotator);
  self->annotator = annotator;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->documents)); i++)
    {
      g_autoptr (PostilDocument) document =
        g_list_model_get_item (G_LIST_MODEL (self->documents), i);

      if (postil_document_get_annotator (document, postil_annotator_get_id (annotator)))
        postil_document_add_annotator (document, annotator);
    }
}

PostilCodebook *
postil_workspace_get_codebook (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), NULL);

  return self->codebook;
}

PostilHistory *
postil_workspace_get_history (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), NULL);

  return self->history;
}

/**
 * postil_workspace_get_folder:
 * @self: a workspace
 *
 * Returns: (transfer none) (nullable): the folder that is open as a workspace, with a codebook of
 * its own
 */
GFile *
postil_workspace_get_folder (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), NULL);

  return self->folder;
}

void
postil_workspace_set_folder (PostilWorkspace *self, GFile *folder)
{
  g_return_if_fail (POSTIL_IS_WORKSPACE (self));

  g_set_object (&self->folder, folder);
}

/**
 * postil_workspace_get_documents:
 * @self: a workspace
 *
 * Returns: (transfer none): a list model of #PostilDocument, in the order they were opened
 */
GListModel *
postil_workspace_get_documents (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), NULL);

  return G_LIST_MODEL (self->documents);
}

/**
 * postil_workspace_add_document:
 * @self: a workspace
 * @document: a document that is open in no other workspace
 *
 * Its topics join the codebook. Where a folder has a codebook, that decides: they only fill gaps.
 */
void
postil_workspace_add_document (PostilWorkspace *self, PostilDocument *document)
{
  g_autoptr (GPtrArray) topics = NULL;
  GPtrArray *read;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self) && POSTIL_IS_DOCUMENT (document));

  read = postil_document_get_topics_read (document);
  topics = g_ptr_array_new ();
  for (guint i = 0; i < read->len; i++)
    {
      PostilTopic *topic = g_ptr_array_index (read, i);

      if (self->folder == NULL ||
          postil_codebook_get_topic (self->codebook, postil_topic_get_id (topic)) == NULL)
        g_ptr_array_add (topics, topic);
    }
  postil_codebook_add_missing (self->codebook, topics);
  g_list_store_append (self->documents, document);
}

void
postil_workspace_remove_document (PostilWorkspace *self, PostilDocument *document)
{
  guint position;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self) && POSTIL_IS_DOCUMENT (document));

  postil_workspace_settle (self);
  if (g_list_store_find (self->documents, document, &position))
    g_list_store_remove (self->documents, position);
}

/**
 * postil_workspace_find_document:
 * @self: a workspace
 * @file: a file
 *
 * Returns: (transfer none) (nullable): the document open from @file
 */
PostilDocument *
postil_workspace_find_document (PostilWorkspace *self, GFile *file)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self) && G_IS_FILE (file), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->documents)); i++)
    {
      g_autoptr (PostilDocument) document =
        g_list_model_get_item (G_LIST_MODEL (self->documents), i);

      if (g_file_equal (postil_document_get_file (document), file))
        return document;
    }

  return NULL;
}

/**
 * postil_workspace_count_topic:
 * @self: a workspace
 * @topic: id of a topic
 *
 * Returns: how many annotations of all open documents have that topic
 */
guint
postil_workspace_count_topic (PostilWorkspace *self, const char *topic)
{
  guint count = 0;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self) && topic != NULL, 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->documents)); i++)
    {
      g_autoptr (PostilDocument) document =
        g_list_model_get_item (G_LIST_MODEL (self->documents), i);

      count += postil_document_count_topic (document, topic);
    }

  return count;
}

/**
 * postil_workspace_commit:
 * @self: a workspace
 * @step: what to do; a step without changes does nothing
 * @merge_key: (nullable): see postil_history_push()
 *
 * Does @step and puts it into the history, after the step that is being prepared: what @step
 * changes it then changes in what that left.
 */
void
postil_workspace_commit (PostilWorkspace *self, PostilStep *step, const char *merge_key)
{
  g_autoptr (PostilStep) current = NULL;
  guint n_changes;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self) && step != NULL);

  current = bring_up_to_date (self, step, postil_workspace_settle (self));
  postil_step_get_changes (current, &n_changes);
  if (n_changes == 0)
    return;

  apply (self, current, FALSE);
  carry_unused_topics (self, current);
  postil_history_push (self->history, current, merge_key);
}

/**
 * postil_workspace_prepare:
 * @self: a workspace
 * @step: a step that has not been done, maybe with changes already; left to the workspace
 * @n_annotations: about how many annotations change
 * @compose: (nullable): adds the changes to @step; runs in a thread when they are many, so that it
 *   must read only snapshots; %NULL when they are all in @step already
 * @commit: (nullable): what is to be done with the step then, which is to call
 *   postil_workspace_commit(); %NULL to do just that
 * @data: for both; of the documents as they are after postil_workspace_settle()
 * @free_data: (nullable): frees @data in the end
 *
 * Does a step that may be about very many annotations without holding the caller: then @commit is
 * called in the main context that is the default here. If they are few all is done at once.
 */
void
postil_workspace_prepare (PostilWorkspace *self,
                          PostilStep *step,
                          guint n_annotations,
                          PostilStepFunc compose,
                          PostilStepFunc commit,
                          gpointer data,
                          GDestroyNotify free_data)
{
  g_return_if_fail (POSTIL_IS_WORKSPACE (self) && step != NULL);
  g_return_if_fail (self->preparation == NULL);

  if (n_annotations < POSTIL_RUN_MANY)
    {
      if (compose != NULL)
        compose (step, data);
      conclude (self, step, commit, data, free_data);
      return;
    }
  self->commit = commit;
  self->data = data;
  self->free_data = free_data;
  self->preparation =
    postil_preparation_new (step, G_LIST_MODEL (self->documents), compose, data, prepared_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREPARING]);
}

/**
 * postil_workspace_is_preparing:
 * @self: a workspace
 *
 * Returns: whether a step is being prepared, and will be done
 */
gboolean
postil_workspace_is_preparing (PostilWorkspace *self)
{
  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), FALSE);

  return self->preparation != NULL;
}

/**
 * postil_workspace_settle:
 * @self: a workspace
 *
 * Waits for the step that is being prepared, if there is one, and has it committed: to be called
 * before anything is done that is to come after it, such as saving and closing.
 *
 * Returns: whether there was one
 */
gboolean
postil_workspace_settle (PostilWorkspace *self)
{
  g_autoptr (PostilStep) step = NULL;
  g_autoptr (PostilWorkspace) kept = NULL;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (self), FALSE);

  if (self->preparation == NULL)
    return FALSE;

  kept = g_object_ref (self);
  step = postil_preparation_finish (g_steal_pointer (&self->preparation));
  conclude (self, step, self->commit, self->data, self->free_data);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PREPARING]);
  return TRUE;
}

void
postil_workspace_undo (PostilWorkspace *self)
{
  PostilStep *step;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self));

  postil_workspace_settle (self);
  step = postil_history_undo (self->history);
  if (step)
    apply (self, step, TRUE);
}

void
postil_workspace_redo (PostilWorkspace *self)
{
  PostilStep *step;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self));

  postil_workspace_settle (self);
  step = postil_history_redo (self->history);
  if (step)
    apply (self, step, FALSE);
}
