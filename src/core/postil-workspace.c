/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-workspace.h"

/*
 * PostilWorkspace: the documents open together in a window, with their codebook and one history.
 * Owned by the window or the command that opened it. Every change goes through
 * postil_workspace_commit(), undo or redo.
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
};

G_DEFINE_FINAL_TYPE (PostilWorkspace, postil_workspace, G_TYPE_OBJECT)

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

/* Makes the changes of a run at once, when it has very many: only steps of the history change a
 * document, in its order, so that what was there when the run was first made is there again.
 */
static gboolean
exchange (PostilStep *step, guint number, const PostilRun *run, gboolean undo)
{
  if (run->document == NULL || run->n_changes < POSTIL_RUN_MANY)
    return FALSE;
  if (run->annotations.before == NULL)
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
  guint n_changes;
  const PostilChange *changes = postil_step_get_changes (step, &n_changes);
  g_autoptr (PostilDocument) first = g_list_model_get_item (G_LIST_MODEL (self->documents), 0);

  if (self->folder || first == NULL)
    return;

  for (guint i = 0; i < n_changes; i++)
    if (changes[i].topic.after && changes[i].topic.before == NULL &&
        postil_workspace_count_topic (self, postil_topic_get_id (changes[i].topic.after)) == 0)
      postil_document_carry_topic (first, postil_topic_get_id (changes[i].topic.after));
}

static void
postil_workspace_finalize (GObject *object)
{
  PostilWorkspace *self = POSTIL_WORKSPACE (object);

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
  G_OBJECT_CLASS (klass)->finalize = postil_workspace_finalize;
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
 * Does @step and puts it into the history.
 */
void
postil_workspace_commit (PostilWorkspace *self, PostilStep *step, const char *merge_key)
{
  guint n_changes;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self) && step != NULL);

  postil_step_get_changes (step, &n_changes);
  if (n_changes == 0)
    return;

  apply (self, step, FALSE);
  carry_unused_topics (self, step);
  postil_history_push (self->history, step, merge_key);
}

void
postil_workspace_undo (PostilWorkspace *self)
{
  PostilStep *step;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self));

  step = postil_history_undo (self->history);
  if (step)
    apply (self, step, TRUE);
}

void
postil_workspace_redo (PostilWorkspace *self)
{
  PostilStep *step;

  g_return_if_fail (POSTIL_IS_WORKSPACE (self));

  step = postil_history_redo (self->history);
  if (step)
    apply (self, step, FALSE);
}
