/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-rebasing.h"

#include <string.h>

#include "postil-document.h"

/*
 * Has a step that was composed before another one was done come after it, field by field: what it
 * changes it changes in what is there now, all else stays as the other step left it.
 */

static gboolean
holds (const gpointer *values, guint n, gpointer value)
{
  for (guint i = 0; i < n; i++)
    if (values[i] == value)
      return TRUE;
  return FALSE;
}

/* (transfer full): @now with what @after has and @before has not, and without what is the other way
 * round. Values that are the same are the same pointers.
 */
static GPtrArray *
follow_list (const gpointer *before,
             guint n_before,
             const gpointer *after,
             guint n_after,
             const gpointer *now,
             guint n_now)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < n_now; i++)
    if (!holds (before, n_before, now[i]) || holds (after, n_after, now[i]))
      g_ptr_array_add (list, now[i]);
  for (guint i = 0; i < n_after; i++)
    if (!holds (before, n_before, after[i]) && !holds (now, n_now, after[i]))
      g_ptr_array_add (list, after[i]);
  return list;
}

static gboolean
same_spans (const PostilAnnotationFields *a, const PostilAnnotationFields *b)
{
  return a->n_spans == b->n_spans &&
         memcmp (a->spans, b->spans, a->n_spans * sizeof (PostilSpan)) == 0;
}

static PostilAnnotation *
follow_annotation (PostilAnnotation *before, PostilAnnotation *after, PostilAnnotation *now)
{
  PostilAnnotationFields was, becomes, fields;
  g_autoptr (GPtrArray) topics = NULL, notes = NULL;

  postil_annotation_get_fields (before, &was);
  postil_annotation_get_fields (after, &becomes);
  postil_annotation_get_fields (now, &fields);
  if (!same_spans (&was, &becomes) || was.status != becomes.status ||
      !postil_anchor_equal (was.anchor, becomes.anchor))
    {
      fields.kind = becomes.kind;
      fields.spans = becomes.spans;
      fields.n_spans = becomes.n_spans;
      fields.status = becomes.status;
      fields.anchor = becomes.anchor;
    }
  if (g_strcmp0 (was.version_of, becomes.version_of) != 0)
    fields.version_of = becomes.version_of;
  if (!postil_link_equal (was.link, becomes.link))
    fields.link = becomes.link;
  if (!postil_foreign_equal (was.foreign, becomes.foreign))
    fields.foreign = becomes.foreign;
  if (was.modified != becomes.modified)
    fields.modified = becomes.modified;
  topics =
    follow_list ((const gpointer *) was.topics, was.n_topics, (const gpointer *) becomes.topics,
                 becomes.n_topics, (const gpointer *) fields.topics, fields.n_topics);
  fields.topics = (const char *const *) topics->pdata;
  fields.n_topics = topics->len;
  notes = follow_list ((const gpointer *) was.notes, was.n_notes, (const gpointer *) becomes.notes,
                       becomes.n_notes, (const gpointer *) fields.notes, fields.n_notes);
  fields.notes = (PostilNote *const *) notes->pdata;
  fields.n_notes = notes->len;
  return postil_annotation_new (&fields);
}

static PostilTopic *
follow_topic (PostilTopic *before, PostilTopic *after, PostilTopic *now)
{
  PostilTopicFields was, becomes, fields;

  postil_topic_get_fields (before, &was);
  postil_topic_get_fields (after, &becomes);
  postil_topic_get_fields (now, &fields);
  if (g_strcmp0 (was.label, becomes.label) != 0)
    fields.label = becomes.label;
  if (g_strcmp0 (was.definition, becomes.definition) != 0)
    fields.definition = becomes.definition;
  if (g_strcmp0 (was.color, becomes.color) != 0)
    fields.color = becomes.color;
  if (g_strcmp0 (was.broader, becomes.broader) != 0)
    fields.broader = becomes.broader;
  if (was.deprecated != becomes.deprecated)
    fields.deprecated = becomes.deprecated;
  if (!postil_foreign_equal (was.foreign, becomes.foreign))
    fields.foreign = becomes.foreign;
  if (was.modified != becomes.modified)
    fields.modified = becomes.modified;
  return postil_topic_new (&fields);
}

static void
add_annotation (PostilStep *rebased, const PostilChange *change)
{
  PostilAnnotation *before = change->annotation.before, *after = change->annotation.after;
  g_autoptr (PostilAnnotation) followed = NULL;
  PostilAnnotation *now;

  if (before == NULL)
    {
      postil_step_change_annotation (rebased, change->document, NULL, after);
      return;
    }
  now = postil_document_get_annotation (change->document, postil_annotation_get_id (before));
  if (now == NULL)
    return;
  if (after != NULL)
    followed =
      now == before ? postil_annotation_ref (after) : follow_annotation (before, after, now);
  postil_step_change_annotation (rebased, change->document, now, followed);
}

typedef struct
{
  PostilStep *rebased;
  PostilDocument *document;
} Rebasing;

static gboolean
differ_cb (PostilAnnotation *before, PostilAnnotation *after, gpointer data)
{
  const Rebasing *self = data;

  add_annotation (self->rebased, &(PostilChange){
                                   .document = self->document,
                                   .annotation = { .before = before, .after = after },
                                 });
  return G_SOURCE_CONTINUE;
}

static void
add_topic (PostilStep *rebased, const PostilChange *change, PostilCodebook *codebook)
{
  PostilTopic *before = change->topic.before, *after = change->topic.after;
  PostilTopic *now =
    before != NULL ? postil_codebook_get_topic (codebook, postil_topic_get_id (before)) : NULL;
  g_autoptr (PostilTopic) followed = NULL;

  if (before != NULL && now == NULL)
    return;
  if (after != NULL)
    followed = now == before ? postil_topic_ref (after) : follow_topic (before, after, now);
  postil_step_change_topic (rebased, now, followed);
}

/**
 * postil_rebasing_run:
 * @step: a step that was composed before others were done, and is not done itself
 * @codebook: the codebook as they left it; as are the documents of @step
 *
 * A change of what is there no more is left out.
 *
 * Returns: (transfer full): a step that does the same to what is there now
 */
PostilStep *
postil_rebasing_run (PostilStep *step, PostilCodebook *codebook)
{
  PostilStep *rebased;
  const PostilChange *changes;
  guint n_changes;

  g_return_val_if_fail (step != NULL && POSTIL_IS_CODEBOOK (codebook), NULL);

  rebased = postil_step_new (postil_step_get_label (step));
  changes = postil_step_get_changes (step, &n_changes);
  for (guint i = 0; i < n_changes; i++)
    if (changes[i].text.after != NULL)
      postil_step_change_text (rebased, changes[i].document,
                               postil_document_get_text (changes[i].document),
                               changes[i].text.after);
    else if (changes[i].annotations.after != NULL)
      postil_annotation_index_foreach_difference (changes[i].annotations.before,
                                                  changes[i].annotations.after, differ_cb,
                                                  &(Rebasing){ rebased, changes[i].document });
    else if (changes[i].document != NULL)
      add_annotation (rebased, &changes[i]);
    else
      add_topic (rebased, &changes[i], codebook);
  return rebased;
}
