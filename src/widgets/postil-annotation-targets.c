/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-targets.h"

#include "postil-edit.h"

/*
 * PostilAnnotationTargets: what an action of a list of annotations works on, as it is at one
 * moment: the selected rows, or one annotation where there are none. Owned by the action. Very many
 * are gone through in a thread, which composes a step.
 */
struct _PostilAnnotationTargets
{
  PostilWorkspace *workspace;
  PostilMoment *moment;
  PostilAnnotationListing *listing;
  GtkBitset *selected;
  /* Whether a filter is at work, so that what is listed may be as it was before many changes. */
  gboolean filtering;
  /* (nullable): what is meant when nothing is selected. */
  PostilDocument *document;
  char *annotation;
};

/**
 * postil_annotation_targets_new:
 * @workspace: a workspace
 * @list: a list of its annotations
 * @selected: the selected rows
 * @document: (nullable): document of @annotation
 * @annotation: (nullable): id of the annotation that is meant when no row is selected
 *
 * Returns: (transfer full): the targets
 */
PostilAnnotationTargets *
postil_annotation_targets_new (PostilWorkspace *workspace,
                               PostilAnnotationList *list,
                               GtkBitset *selected,
                               PostilDocument *document,
                               const char *annotation)
{
  PostilAnnotationTargets *self;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (POSTIL_IS_ANNOTATION_LIST (list) && selected != NULL, NULL);

  self = g_new0 (PostilAnnotationTargets, 1);
  self->workspace = g_object_ref (workspace);
  self->moment = postil_moment_new (workspace);
  self->listing = postil_annotation_list_hold (list);
  self->selected = gtk_bitset_copy (selected);
  g_object_get (list, "filtering", &self->filtering, NULL);
  if (gtk_bitset_is_empty (selected) && annotation != NULL)
    {
      self->document = g_object_ref (document);
      self->annotation = g_strdup (annotation);
    }
  return self;
}

/**
 * postil_annotation_targets_free:
 * @self: (transfer full): targets
 *
 * Not to be called in a thread.
 */
void
postil_annotation_targets_free (PostilAnnotationTargets *self)
{
  g_return_if_fail (self != NULL);

  postil_moment_free (self->moment);
  postil_annotation_listing_unref (self->listing);
  gtk_bitset_unref (self->selected);
  g_clear_object (&self->document);
  g_free (self->annotation);
  g_object_unref (self->workspace);
  g_free (self);
}

/**
 * postil_annotation_targets_get_size:
 * @self: targets
 *
 * Returns: how many annotations these are
 */
guint
postil_annotation_targets_get_size (const PostilAnnotationTargets *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->annotation != NULL ? 1 : gtk_bitset_get_size (self->selected);
}

/**
 * postil_annotation_targets_get_first:
 * @self: targets
 *
 * Returns: the first row that was selected; %GTK_INVALID_LIST_POSITION when none was
 */
guint
postil_annotation_targets_get_first (const PostilAnnotationTargets *self)
{
  g_return_val_if_fail (self != NULL, GTK_INVALID_LIST_POSITION);

  return gtk_bitset_is_empty (self->selected) ? GTK_INVALID_LIST_POSITION
                                              : gtk_bitset_get_minimum (self->selected);
}

/**
 * postil_annotation_targets_foreach:
 * @self: targets
 * @func: (scope call): called with each annotation as it is
 * @data: for @func
 *
 * Goes through what is still there of the targets, in any thread.
 */
void
postil_annotation_targets_foreach (const PostilAnnotationTargets *self,
                                   PostilAnnotationTargetFunc func,
                                   gpointer data)
{
  GtkBitsetIter iter;
  guint position;

  g_return_if_fail (self != NULL && func != NULL);

  if (self->annotation != NULL)
    {
      PostilAnnotation *annotation =
        postil_moment_find (self->moment, self->document, self->annotation);

      if (annotation != NULL)
        func (self->document, annotation, data);
    }
  else if (gtk_bitset_iter_init_first (&iter, self->selected, &position))
    do
      {
        PostilDocument *document;
        PostilAnnotation *annotation =
          postil_annotation_listing_get (self->listing, position, &document);

        if (annotation != NULL && self->filtering)
          annotation =
            postil_moment_find (self->moment, document, postil_annotation_get_id (annotation));
        if (annotation != NULL && !func (document, annotation, data))
          return;
      }
    while (gtk_bitset_iter_next (&iter, &position));
}

/* The topics that targets have, until none is left that any annotation has. */
typedef struct
{
  GHashTable *left;
  GPtrArray *topics;
} Collecting;

static void
add_left_cb (gpointer topic, gpointer left)
{
  g_hash_table_add (left, topic);
}

static gboolean
collect_topics_cb (PostilDocument *document, PostilAnnotation *annotation, gpointer data)
{
  Collecting *collecting = data;
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (annotation, &n_topics);

  for (guint i = 0; i < n_topics; i++)
    if (g_hash_table_remove (collecting->left, topics[i]))
      g_ptr_array_add (collecting->topics, (gpointer) topics[i]);
  return g_hash_table_size (collecting->left) > 0;
}

/**
 * postil_annotation_targets_dup_topics:
 * @self: targets
 *
 * Returns: (transfer container) (element-type utf8): the ids of all topics that targets have, which
 *   live as long as the targets do
 */
GPtrArray *
postil_annotation_targets_dup_topics (const PostilAnnotationTargets *self)
{
  GListModel *documents;
  g_autoptr (GHashTable) left = g_hash_table_new (NULL, NULL);
  GPtrArray *topics;

  g_return_val_if_fail (self != NULL, NULL);

  topics = g_ptr_array_new ();
  documents = postil_workspace_get_documents (self->workspace);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      postil_annotation_tally_foreach_topic (
        postil_annotation_index_get_tally (postil_document_get_annotations (document)), add_left_cb,
        left);
    }
  postil_annotation_targets_foreach (self, collect_topics_cb, &(Collecting){ left, topics });
  return topics;
}

typedef struct
{
  PostilStep *step;
  const char *taken;
  const char *given;
  gint64 time;
} Retagging;

static gboolean
retag_cb (PostilDocument *document, PostilAnnotation *annotation, gpointer data)
{
  Retagging *retagging = data;
  g_autoptr (PostilAnnotation) after =
    postil_edit_retag (annotation, retagging->taken, retagging->given, retagging->time);

  if (after != NULL)
    postil_step_change_annotation (retagging->step, document, annotation, after);
  return G_SOURCE_CONTINUE;
}

/**
 * postil_annotation_targets_retag:
 * @self: targets
 * @step: the step to add to
 * @topic: id of a topic
 * @present: whether they are to have it
 *
 * Gives all targets a topic or takes it from them. May be called in any thread.
 */
void
postil_annotation_targets_retag (const PostilAnnotationTargets *self,
                                 PostilStep *step,
                                 const char *topic,
                                 gboolean present)
{
  Retagging retagging = { step, present ? NULL : topic, present ? topic : NULL, 0 };

  g_return_if_fail (self != NULL && step != NULL && topic != NULL);

  retagging.time = postil_moment_get_time (self->moment);
  postil_annotation_targets_foreach (self, retag_cb, &retagging);
}

static gboolean
remove_cb (PostilDocument *document, PostilAnnotation *annotation, gpointer data)
{
  postil_edit_remove_annotation (data, document, annotation);
  return G_SOURCE_CONTINUE;
}

/**
 * postil_annotation_targets_remove:
 * @self: targets
 * @step: the step to add to
 *
 * Removes all targets and the links that name them. May be called in any thread when they are as
 * many as postil_workspace_prepare() has composed in one.
 */
void
postil_annotation_targets_remove (const PostilAnnotationTargets *self, PostilStep *step)
{
  g_return_if_fail (self != NULL && step != NULL);

  postil_annotation_targets_foreach (self, remove_cb, step);
  if (postil_annotation_targets_get_size (self) < POSTIL_RUN_MANY)
    postil_edit_remove_links (self->workspace, step);
  else
    postil_edit_remove_links_of_many (step, self->moment);
}
