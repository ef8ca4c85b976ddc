/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-step.h"

#include "postil-document.h"

/*
 * PostilStep: what one act of a person changes, as values before and after, over any documents and
 * the codebook. Built by the verbs of postil-edit.h, then owned by the history and not changed any
 * more, except that a later step of the same act may be absorbed.
 */
struct _PostilStep
{
  char *label;
  GArray *changes;
};

G_DEFINE_BOXED_TYPE (PostilStep, postil_step, postil_step_ref, postil_step_unref)

static void
change_clear (gpointer data)
{
  PostilChange *change = data;

  g_clear_object (&change->document);
  g_clear_pointer (&change->annotation.before, postil_annotation_unref);
  g_clear_pointer (&change->annotation.after, postil_annotation_unref);
  g_clear_pointer (&change->topic.before, postil_topic_unref);
  g_clear_pointer (&change->topic.after, postil_topic_unref);
  g_clear_pointer (&change->text.before, postil_text_unref);
  g_clear_pointer (&change->text.after, postil_text_unref);
}

static void
postil_step_clear (PostilStep *self)
{
  g_free (self->label);
  g_array_unref (self->changes);
}

#define REF(value, ref) ((value) != NULL ? ref (value) : NULL)

/* @change is copied, with references of its own. */
static void
add_change (PostilStep *self, const PostilChange *change)
{
  PostilChange copy = {
    .document = REF (change->document, g_object_ref),
    .annotation.before = REF (change->annotation.before, postil_annotation_ref),
    .annotation.after = REF (change->annotation.after, postil_annotation_ref),
    .topic.before = REF (change->topic.before, postil_topic_ref),
    .topic.after = REF (change->topic.after, postil_topic_ref),
    .text.before = REF (change->text.before, postil_text_ref),
    .text.after = REF (change->text.after, postil_text_ref),
  };

  g_array_append_val (self->changes, copy);
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
 * postil_step_reverse:
 * @self: a step
 *
 * Returns: (transfer full): the step that undoes it
 */
PostilStep *
postil_step_reverse (PostilStep *self)
{
  PostilStep *reverse;

  g_return_val_if_fail (self != NULL, NULL);

  reverse = postil_step_new (self->label);
  for (guint i = self->changes->len; i > 0; i--)
    {
      const PostilChange *c = &g_array_index (self->changes, PostilChange, i - 1);

      add_change (reverse,
                  &(PostilChange){
                    .document = c->document,
                    .annotation = { .before = c->annotation.after, .after = c->annotation.before },
                    .topic = { .before = c->topic.after, .after = c->topic.before },
                    .text = { .before = c->text.after, .after = c->text.before },
                  });
    }

  return reverse;
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
