/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-step.h"

#include "postil-document.h"
#include "postil-free.h"

/* Up to so many differences of a document are changed one by one, as views follow those. */
#define FEW 100

/*
 * PostilStep: what one act of a person changes, as values before and after, over any documents and
 * the codebook. Built by the verbs of postil-edit.h, then owned by the history and not changed any
 * more, except that a later step of the same act may be absorbed.
 *
 * Its changes are made in runs. Where very many change one document, the run keeps all annotations
 * before and after them, which share what is the same: to do or undo it exchanges one for the
 * other, however many they are.
 */
struct _PostilStep
{
  char *label;
  GArray *changes;
  /* (element-type PostilDocument): what the changes name. */
  GPtrArray *documents;
  /* NULL until asked for: the annotations that the changes replace or remove. */
  GHashTable *replaced;
  /* NULL until asked for. */
  GArray *runs;
};

G_DEFINE_BOXED_TYPE (PostilStep, postil_step, postil_step_ref, postil_step_unref)

static void
change_clear (gpointer data)
{
  PostilChange *change = data;

  g_clear_pointer (&change->annotation.before, postil_annotation_unref);
  g_clear_pointer (&change->annotation.after, postil_annotation_unref);
  g_clear_pointer (&change->topic.before, postil_topic_unref);
  g_clear_pointer (&change->topic.after, postil_topic_unref);
  g_clear_pointer (&change->text.before, postil_text_unref);
  g_clear_pointer (&change->text.after, postil_text_unref);
  g_clear_pointer (&change->annotations.before, postil_annotation_index_unref);
  g_clear_pointer (&change->annotations.after, postil_annotation_index_unref);
}

static void
run_clear (gpointer data)
{
  PostilRun *run = data;

  g_clear_pointer (&run->annotations.before, postil_annotation_index_unref);
  g_clear_pointer (&run->annotations.after, postil_annotation_index_unref);
}

static void
free_values (PostilStep *self)
{
  g_clear_pointer (&self->runs, g_array_unref);
  g_clear_pointer (&self->changes, g_array_unref);
}

static void
values_free (gpointer data)
{
  free_values (data);
  g_free (data);
}

/* Values may go in any thread, and where there are very many they do not go in the one that has
 * other things to do; documents are objects.
 */
static void
postil_step_clear (PostilStep *self)
{
  g_free (self->label);
  g_ptr_array_unref (self->documents);
  g_clear_pointer (&self->replaced, g_hash_table_unref);
  if (self->changes->len >= POSTIL_RUN_MANY)
    postil_free_in_thread (g_memdup2 (self, sizeof *self), values_free);
  else
    free_values (self);
}

#define REF(value, ref) ((value) != NULL ? ref (value) : NULL)

/* @change is copied, with references of its own. */
static void
add_change (PostilStep *self, const PostilChange *change)
{
  PostilChange copy = {
    .document = change->document,
    .annotation.before = REF (change->annotation.before, postil_annotation_ref),
    .annotation.after = REF (change->annotation.after, postil_annotation_ref),
    .topic.before = REF (change->topic.before, postil_topic_ref),
    .topic.after = REF (change->topic.after, postil_topic_ref),
    .text.before = REF (change->text.before, postil_text_ref),
    .text.after = REF (change->text.after, postil_text_ref),
    .annotations.before = REF (change->annotations.before, postil_annotation_index_ref),
    .annotations.after = REF (change->annotations.after, postil_annotation_index_ref),
  };

  if (copy.document != NULL && !g_ptr_array_find (self->documents, copy.document, NULL))
    g_ptr_array_add (self->documents, g_object_ref (copy.document));
  if (copy.annotation.before != NULL && self->replaced != NULL)
    g_hash_table_add (self->replaced, copy.annotation.before);
  g_clear_pointer (&self->runs, g_array_unref);
  g_array_append_val (self->changes, copy);
}

typedef struct
{
  const PostilChange *next;
  const PostilChange *end;
  GPtrArray *all;
} Following;

/* Goes on to the next change of an annotation that was there, past those that add one. */
static void
add_new (Following *self)
{
  for (; self->next < self->end && self->next->annotation.before == NULL; self->next++)
    if (self->next->annotation.after != NULL)
      g_ptr_array_add (self->all, self->next->annotation.after);
}

static gboolean
follow_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  Following *self = data;

  if (self->next == self->end || self->next->annotation.before != annotation)
    {
      g_ptr_array_add (self->all, annotation);
      return G_SOURCE_CONTINUE;
    }
  if (self->next->annotation.after != NULL)
    g_ptr_array_add (self->all, self->next->annotation.after);
  self->next++;
  add_new (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
remember_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  g_hash_table_insert (data, (gpointer) postil_annotation_get_id (annotation), annotation);
  return G_SOURCE_CONTINUE;
}

/* (transfer full): a list, in any order, of what @before holds after @changes. What was made by
 * going through it follows its order and needs no table.
 */
static GPtrArray *
list_after (PostilAnnotationIndex *before, const PostilChange *changes, guint n_changes)
{
  const PostilChange *end = changes + n_changes;
  GPtrArray *all = g_ptr_array_sized_new (postil_annotation_index_get_size (before));
  Following following = { changes, end, all };
  g_autoptr (GHashTable) by_id = NULL;
  GHashTableIter iter;
  gpointer annotation;

  add_new (&following);
  postil_annotation_index_foreach (before, follow_cb, &following);
  if (following.next == end)
    return all;

  by_id = g_hash_table_new (g_str_hash, g_str_equal);
  postil_annotation_index_foreach (before, remember_cb, by_id);
  for (; changes < end; changes++)
    {
      if (changes->annotation.before != NULL)
        g_hash_table_remove (by_id, postil_annotation_get_id (changes->annotation.before));
      if (changes->annotation.after != NULL)
        remember_cb (changes->annotation.after, (PostilSpan){ 0 }, by_id);
    }
  g_ptr_array_set_size (all, 0);
  g_hash_table_iter_init (&iter, by_id);
  while (g_hash_table_iter_next (&iter, NULL, &annotation))
    g_ptr_array_add (all, annotation);
  return all;
}

/**
 * postil_changes_make:
 * @annotations: annotations of a document
 * @changes: (array length=n_changes): changes of single ones of them
 * @n_changes: how many
 *
 * Makes each change in a copy of the index or, where they are so many that this is sooner done, a
 * new index: in any thread.
 *
 * Returns: (transfer full): the annotations after @changes
 */
PostilAnnotationIndex *
postil_changes_make (PostilAnnotationIndex *annotations,
                     const PostilChange *changes,
                     guint n_changes)
{
  g_autoptr (GPtrArray) all = NULL;
  PostilAnnotationIndex *after;

  g_return_val_if_fail (annotations != NULL && (changes != NULL || n_changes == 0), NULL);

  if (n_changes > postil_annotation_index_get_size (annotations) / 8)
    {
      all = list_after (annotations, changes, n_changes);
      return postil_annotation_index_new ((PostilAnnotation **) all->pdata, all->len);
    }
  after = postil_annotation_index_ref (annotations);
  for (guint i = 0; i < n_changes; i++)
    if (changes[i].annotation.before != NULL || changes[i].annotation.after != NULL)
      after = postil_annotation_index_replace (after, changes[i].annotation.before,
                                               changes[i].annotation.after);
  return after;
}

/**
 * postil_changes_have_text:
 * @changes: (array length=n_changes) (nullable): what PostilDocument::changed tells of
 * @n_changes: how many
 *
 * Returns: whether the text may be another now
 */
gboolean
postil_changes_have_text (const PostilChange *changes, guint n_changes)
{
  for (guint i = 0; i < n_changes; i++)
    if (changes[i].text.after != NULL)
      return TRUE;
  return changes == NULL;
}

/**
 * postil_changes_touch:
 * @changes: (array length=n_changes) (nullable): what PostilDocument::changed tells of
 * @n_changes: how many
 * @annotation: id of an annotation
 *
 * Returns: whether that annotation may be another now
 */
gboolean
postil_changes_touch (const PostilChange *changes, guint n_changes, const char *annotation)
{
  g_return_val_if_fail (annotation != NULL, FALSE);

  for (guint i = 0; i < n_changes; i++)
    if (changes[i].annotation.after != NULL &&
        g_str_equal (postil_annotation_get_id (changes[i].annotation.after), annotation))
      return TRUE;
  return changes == NULL;
}

/**
 * postil_step_new:
 * @label: what the menu calls it, translated, such as "Highlight"
 *
 * Returns: (transfer full): a step that changes nothing yet
 */
PostilStep *
postil_step_new (const char *label)
{
  PostilStep *self;

  g_return_val_if_fail (label != NULL, NULL);

  self = g_rc_box_new0 (PostilStep);
  self->label = g_strdup (label);
  self->changes = g_array_new (FALSE, FALSE, sizeof (PostilChange));
  g_array_set_clear_func (self->changes, change_clear);
  self->documents = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

PostilStep *
postil_step_ref (PostilStep *self)
{
  return g_rc_box_acquire (self);
}

void
postil_step_unref (PostilStep *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) postil_step_clear);
}

const char *
postil_step_get_label (PostilStep *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->label;
}

/**
 * postil_step_get_changes:
 * @self: a step
 * @n_changes: (out): how many
 *
 * Returns: (transfer none) (array length=n_changes): its changes, in the order they are made
 */
const PostilChange *
postil_step_get_changes (PostilStep *self, guint *n_changes)
{
  g_return_val_if_fail (self != NULL && n_changes != NULL, NULL);

  *n_changes = self->changes->len;
  return (const PostilChange *) self->changes->data;
}

/**
 * postil_step_replaces:
 * @self: a step that is being composed
 * @annotation: an annotation as a document has it
 *
 * Returns: whether a change replaces or removes it
 */
gboolean
postil_step_replaces (PostilStep *self, PostilAnnotation *annotation)
{
  g_return_val_if_fail (self != NULL && annotation != NULL, FALSE);

  if (self->replaced == NULL)
    {
      self->replaced = g_hash_table_new (NULL, NULL);
      for (guint i = 0; i < self->changes->len; i++)
        {
          PostilAnnotation *before =
            g_array_index (self->changes, PostilChange, i).annotation.before;

          if (before != NULL)
            g_hash_table_add (self->replaced, before);
        }
    }
  return g_hash_table_contains (self->replaced, annotation);
}

/**
 * postil_step_change_annotation:
 * @self: a step
 * @document: the document
 * @before: (nullable): the annotation as it is; %NULL when @after is new
 * @after: (nullable): as it becomes; %NULL when it goes
 */
void
postil_step_change_annotation (PostilStep *self,
                               PostilDocument *document,
                               PostilAnnotation *before,
                               PostilAnnotation *after)
{
  g_return_if_fail (self != NULL && document != NULL && (before != NULL || after != NULL));

  add_change (self, &(PostilChange){
                      .document = document,
                      .annotation = { .before = before, .after = after },
                    });
}

typedef struct
{
  PostilStep *step;
  PostilDocument *document;
  guint end;
} Differing;

static gboolean
differ_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  const Differing *self = data;

  postil_step_change_annotation (self->step, self->document, before, after);
  return self->step->changes->len < self->end;
}

/**
 * postil_step_change_annotations:
 * @self: a step
 * @document: the document
 * @before: all its annotations as they are
 * @after: all as they become
 *
 * Changes what differs: each annotation by itself or, where they are many, all at once. Then it
 * takes no longer the more they are, and @self may change no other annotation of @document. See
 * postil_snapshot_share() for how differences are soon found.
 */
void
postil_step_change_annotations (PostilStep *self,
                                PostilDocument *document,
                                PostilAnnotationIndex *before,
                                PostilAnnotationIndex *after)
{
  Differing differing = { self, document };
  guint first;

  g_return_if_fail (self != NULL && document != NULL && before != NULL && after != NULL);

  first = self->changes->len;
  differing.end = first + FEW + 1;
  postil_annotation_index_foreach_difference (before, after, differ_cb, &differing);
  if (self->changes->len < differing.end)
    return;
  g_array_set_size (self->changes, first);
  g_clear_pointer (&self->replaced, g_hash_table_unref);
  add_change (self, &(PostilChange){
                      .document = document,
                      .annotations = { .before = before, .after = after },
                    });
}

/**
 * postil_step_change_topic:
 * @self: a step
 * @before: (nullable): the topic as it is; %NULL when @after is new
 * @after: (nullable): as it becomes; %NULL when it goes
 */
void
postil_step_change_topic (PostilStep *self, PostilTopic *before, PostilTopic *after)
{
  g_return_if_fail (self != NULL && (before != NULL || after != NULL));

  add_change (self, &(PostilChange){ .topic = { .before = before, .after = after } });
}

/**
 * postil_step_change_text:
 * @self: a step
 * @document: the document
 * @before: the text as it is
 * @after: the text that its file holds by now
 *
 * The step also has to change every annotation whose offsets are others in @after.
 */
void
postil_step_change_text (PostilStep *self,
                         PostilDocument *document,
                         PostilText *before,
                         PostilText *after)
{
  g_return_if_fail (self != NULL && document != NULL && before != NULL && after != NULL);

  add_change (self, &(PostilChange){
                      .document = document,
                      .text = { .before = before, .after = after },
                    });
}

/**
 * postil_step_get_runs:
 * @self: a step that is complete
 * @n_runs: (out): how many
 *
 * Returns: (transfer none) (array length=n_runs): its changes as they are made together, in order
 */
const PostilRun *
postil_step_get_runs (PostilStep *self, guint *n_runs)
{
  g_return_val_if_fail (self != NULL && n_runs != NULL, NULL);

  if (self->runs == NULL)
    {
      PostilRun *run = NULL;

      self->runs = g_array_new (FALSE, FALSE, sizeof (PostilRun));
      g_array_set_clear_func (self->runs, run_clear);
      for (guint i = 0; i < self->changes->len; i++)
        {
          const PostilChange *change = &g_array_index (self->changes, PostilChange, i);

          if (run == NULL || run->document != change->document)
            {
              g_array_append_val (self->runs,
                                  ((PostilRun){ .document = change->document, .first = i }));
              run = &g_array_index (self->runs, PostilRun, self->runs->len - 1);
            }
          run->n_changes++;
          if (change->text.after != NULL)
            {
              run->text.before = run->text.before != NULL ? run->text.before : change->text.before;
              run->text.after = change->text.after;
            }
          if (change->annotations.after != NULL)
            {
              run->annotations.before = postil_annotation_index_ref (change->annotations.before);
              run->annotations.after = postil_annotation_index_ref (change->annotations.after);
            }
        }
    }
  *n_runs = self->runs->len;
  return (const PostilRun *) self->runs->data;
}

/**
 * postil_step_prepare_run:
 * @self: a step that is complete
 * @run: which of its runs, one of a document
 * @before: the annotations that the document has when the run is made
 *
 * Works out what the document has after the run: in any thread, as long as no other one has the
 * step.
 */
void
postil_step_prepare_run (PostilStep *self, guint run, PostilAnnotationIndex *before)
{
  PostilRun *prepared;
  guint n_runs;

  g_return_if_fail (self != NULL && before != NULL);

  postil_step_get_runs (self, &n_runs);
  g_return_if_fail (run < n_runs);

  prepared = &g_array_index (self->runs, PostilRun, run);
  run_clear (prepared);
  prepared->annotations.before = postil_annotation_index_ref (before);
  prepared->annotations.after = postil_changes_make (
    before, &g_array_index (self->changes, PostilChange, prepared->first), prepared->n_changes);
}

/**
 * postil_step_absorb:
 * @self: a step of one change of an annotation
 * @later: the step that came after it
 *
 * Makes @self do what both do, when both change the same annotation and nothing else.
 *
 * Returns: whether it did
 */
gboolean
postil_step_absorb (PostilStep *self, PostilStep *later)
{
  PostilChange *mine;
  const PostilChange *next;

  g_return_val_if_fail (self != NULL && later != NULL, FALSE);

  if (self->changes->len != 1 || later->changes->len != 1)
    return FALSE;
  mine = &g_array_index (self->changes, PostilChange, 0);
  next = &g_array_index (later->changes, PostilChange, 0);
  if (mine->document == NULL || mine->document != next->document ||
      mine->annotation.after == NULL || mine->annotation.after != next->annotation.before ||
      (mine->annotation.before == NULL && next->annotation.after == NULL))
    return FALSE;

  g_clear_pointer (&mine->annotation.after, postil_annotation_unref);
  if (next->annotation.after)
    mine->annotation.after = postil_annotation_ref (next->annotation.after);

  return TRUE;
}
