/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparer.h"

#include <string.h>

#include "postil-linked-decisions.h"

/* How often "progress" follows the thread, in ms, and into how many parts the thread divides it. */
#define PROGRESS_INTERVAL 100
#define N_PARTS 1000

/**
 * PostilComparer:
 *
 * Reads two documents against each other, in a thread, and follows them: when the text of one
 * changes, or a link that says whether two passages are a pair, what that touches is aligned anew.
 * Owned by the window that shows the documents. One thread at most is at work, and what it brings
 * is dropped when something changed meanwhile. "alignment" is always of these two documents, and
 * stays the former one until the next is ready: while "running" it may be of earlier texts.
 */
struct _PostilComparer
{
  GObject parent_instance;

  PostilDocument *documents[2];
  PostilAlignment *alignment;
  /* The texts that the alignment is of, and the links that were respected in it. */
  PostilText *texts[2];
  GPtrArray *links[2];
  /* What those that were found in the texts decide, and each one's link. */
  GArray *decisions;
  GPtrArray *deciding;

  /* Of the thread; while it is to end, @again says whether another one is to follow. */
  struct _Job *job;
  gboolean again;
  double progress;
  guint timeout;
};

G_DEFINE_FINAL_TYPE (PostilComparer, postil_comparer, G_TYPE_OBJECT)

enum
{
  PROP_ALIGNMENT = 1,
  PROP_PROGRESS,
  PROP_RUNNING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* What a thread is given. The comparer may go before it ends. */
typedef struct _Job
{
  GWeakRef comparer;
  GCancellable *cancellable;
  PostilText *texts[2];
  GPtrArray *links[2];
  GArray *decisions;
  GPtrArray *deciding;
  PostilAlignment *former;
  PostilText *former_texts[2];
  int n_parts_done;
} Job;

static void start (PostilComparer *self);

static void
clear_texts (PostilText *texts[2])
{
  g_clear_pointer (&texts[0], postil_text_unref);
  g_clear_pointer (&texts[1], postil_text_unref);
}

static void
clear_links (GPtrArray *links[2])
{
  g_clear_pointer (&links[0], g_ptr_array_unref);
  g_clear_pointer (&links[1], g_ptr_array_unref);
}

static void
clear_decisions (PostilComparer *self)
{
  g_clear_pointer (&self->decisions, g_array_unref);
  g_clear_pointer (&self->deciding, g_ptr_array_unref);
}

static void
job_clear (Job *job)
{
  g_weak_ref_clear (&job->comparer);
  g_object_unref (job->cancellable);
  clear_texts (job->texts);
  clear_links (job->links);
  g_clear_pointer (&job->decisions, g_array_unref);
  g_ptr_array_unref (job->deciding);
  g_clear_pointer (&job->former, postil_alignment_unref);
  clear_texts (job->former_texts);
}

static void
job_unref (Job *job)
{
  g_atomic_rc_box_release_full (job, (GDestroyNotify) job_clear);
}

static void
note_progress (double fraction, gpointer data)
{
  Job *job = data;

  g_atomic_int_set (&job->n_parts_done, (int) (fraction * N_PARTS));
}

static void
align_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  PostilAlignment *alignment;

  job->decisions =
    postil_linked_decisions_resolve (job->links, job->texts, job->deciding, cancellable);
  if (job->former != NULL)
    alignment = postil_alignment_revise (job->former, job->former_texts[0], job->former_texts[1],
                                         job->texts[0], job->texts[1], job->decisions,
                                         note_progress, job, cancellable);
  else
    alignment = postil_alignment_new (job->texts[0], job->texts[1], job->decisions, note_progress,
                                      job, cancellable);
  g_task_return_pointer (task, alignment, (GDestroyNotify) postil_alignment_unref);
}

static void
set_progress (PostilComparer *self, double progress)
{
  if (self->progress == progress)
    return;
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

static gboolean
follow_progress_cb (gpointer data)
{
  PostilComparer *self = data;

  set_progress (self, (double) g_atomic_int_get (&self->job->n_parts_done) / N_PARTS);
  return G_SOURCE_CONTINUE;
}

static void
end_job (PostilComparer *self)
{
  g_clear_pointer (&self->job, job_unref);
  g_clear_handle_id (&self->timeout, g_source_remove);
}

static void
aligned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = G_TASK (result);
  Job *job = g_task_get_task_data (task);
  g_autoptr (PostilComparer) self = g_weak_ref_get (&job->comparer);
  g_autoptr (PostilAlignment) alignment = g_task_propagate_pointer (task, NULL);
  gboolean is_new;

  if (self == NULL || self->job != job)
    return;
  if (self->again || alignment == NULL)
    {
      end_job (self);
      if (self->again)
        start (self);
      return;
    }
  is_new = alignment != self->alignment;
  g_clear_pointer (&self->alignment, postil_alignment_unref);
  self->alignment = g_steal_pointer (&alignment);
  clear_links (self->links);
  clear_texts (self->texts);
  clear_decisions (self);
  self->decisions = g_steal_pointer (&job->decisions);
  self->deciding = g_ptr_array_ref (job->deciding);
  for (guint side = 0; side < 2; side++)
    {
      self->links[side] = g_ptr_array_ref (job->links[side]);
      self->texts[side] = postil_text_ref (job->texts[side]);
    }
  end_job (self);

  g_object_freeze_notify (G_OBJECT (self));
  set_progress (self, 1);
  if (is_new)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIGNMENT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
is_running (PostilComparer *self)
{
  return self->job != NULL && self->documents[0] != NULL;
}

/* Whether it is a link that says whether two passages are a pair. */
static gboolean
decides (PostilAnnotation *annotation)
{
  PostilLink *link = postil_annotation_get_link (annotation);

  return link != NULL && postil_link_get_kind (link) != POSTIL_LINK_PLAIN;
}

static void
start (PostilComparer *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  self->again = FALSE;
  if (self->documents[0] == NULL)
    return;
  job = g_atomic_rc_box_new0 (Job);
  g_weak_ref_init (&job->comparer, self);
  job->cancellable = g_cancellable_new ();
  job->deciding = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  postil_linked_decisions_collect (self->documents[0], self->documents[1], job->links);
  for (guint side = 0; side < 2; side++)
    {
      job->texts[side] = postil_text_ref (postil_document_get_text (self->documents[side]));
      if (self->alignment != NULL)
        job->former_texts[side] = postil_text_ref (self->texts[side]);
    }
  if (self->alignment != NULL)
    job->former = postil_alignment_ref (self->alignment);
  self->job = job;
  self->timeout = g_timeout_add (PROGRESS_INTERVAL, follow_progress_cb, self);

  task = g_task_new (NULL, job->cancellable, aligned_cb, NULL);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (job), (GDestroyNotify) job_unref);
  g_task_run_in_thread (task, align_in_thread);
}

/* Begins anew; what is at work has to end first. */
static void
restart (PostilComparer *self, gboolean was_running)
{
  if (self->job != NULL)
    {
      self->again = TRUE;
      g_cancellable_cancel (self->job->cancellable);
    }
  else
    start (self);
  set_progress (self, 0);
  if (is_running (self) != was_running)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
text_cb (PostilComparer *self)
{
  restart (self, is_running (self));
}

static gboolean
are_same (GPtrArray *const a[2], GPtrArray *const b[2])
{
  for (guint side = 0; side < 2; side++)
    if (a[side]->len != b[side]->len ||
        (a[side]->len > 0 &&
         memcmp (a[side]->pdata, b[side]->pdata, a[side]->len * sizeof (gpointer)) != 0))
      return FALSE;
  return TRUE;
}

/* Most changes are of annotations that are no links. */
static void
changed_cb (PostilComparer *self, const PostilChange *changes, guint n_changes)
{
  GPtrArray *links[2];
  gboolean any = changes == NULL;

  for (guint i = 0; i < n_changes && !any; i++)
    {
      PostilAnnotation *annotation =
        changes[i].annotation.after ? changes[i].annotation.after : changes[i].annotation.before;

      any = annotation != NULL && decides (annotation);
    }
  if (!any || self->again)
    return;
  postil_linked_decisions_collect (self->documents[0], self->documents[1], links);
  if (!are_same (links, self->job != NULL ? self->job->links : self->links))
    restart (self, is_running (self));
  clear_links (links);
}

static void
forget_documents (PostilComparer *self)
{
  for (guint side = 0; side < 2; side++)
    {
      if (self->documents[side] != NULL)
        g_signal_handlers_disconnect_by_data (self->documents[side], self);
      g_clear_object (&self->documents[side]);
    }
  g_clear_pointer (&self->alignment, postil_alignment_unref);
  clear_links (self->links);
  clear_texts (self->texts);
  clear_decisions (self);
}

static void
postil_comparer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilComparer *self = POSTIL_COMPARER (object);

  switch (id)
    {
    case PROP_ALIGNMENT:
      g_value_set_boxed (value, self->alignment);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, is_running (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_comparer_dispose (GObject *object)
{
  PostilComparer *self = POSTIL_COMPARER (object);

  forget_documents (self);
  if (self->job != NULL)
    {
      g_cancellable_cancel (self->job->cancellable);
      end_job (self);
    }
  G_OBJECT_CLASS (postil_comparer_parent_class)->dispose (object);
}

static void
postil_comparer_class_init (PostilComparerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = postil_comparer_get_property;
  object_class->dispose = postil_comparer_dispose;

  /**
   * PostilComparer:alignment:
   *
   * The alignment, or %NULL until the first one of these documents is ready.
   */
  properties[PROP_ALIGNMENT] = g_param_spec_boxed ("alignment", NULL, NULL, POSTIL_TYPE_ALIGNMENT,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PostilComparer:progress:
   *
   * How much of the present work is done, from 0 to 1. Notified a few times a second at most.
   */
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PostilComparer:running:
   *
   * Whether the alignment is still to follow what the documents are now.
   */
  properties[PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
postil_comparer_init (PostilComparer *self)
{
}

/**
 * postil_comparer_new:
 *
 * Returns: (transfer full): a comparer that compares nothing yet
 */
PostilComparer *
postil_comparer_new (void)
{
  return g_object_new (POSTIL_TYPE_COMPARER, NULL);
}

/**
 * postil_comparer_set_documents:
 * @self: a comparer
 * @a: (nullable): the document whose text is the first one
 * @b: (nullable): the other one; both are %NULL, or none
 *
 * Begins to compare two documents, or ends it. What was known of other ones is forgotten.
 */
void
postil_comparer_set_documents (PostilComparer *self, PostilDocument *a, PostilDocument *b)
{
  PostilDocument *documents[] = { a, b };
  gboolean had_alignment, was_running;

  g_return_if_fail (POSTIL_IS_COMPARER (self));
  g_return_if_fail ((a == NULL) == (b == NULL));

  if (self->documents[0] == a && self->documents[1] == b)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  had_alignment = self->alignment != NULL;
  was_running = is_running (self);
  forget_documents (self);
  for (guint side = 0; side < 2 && a != NULL; side++)
    {
      self->documents[side] = g_object_ref (documents[side]);
      if (side == 1 && b == a)
        break;
      g_signal_connect_swapped (documents[side], "notify::text", G_CALLBACK (text_cb), self);
      g_signal_connect_swapped (documents[side], "changed", G_CALLBACK (changed_cb), self);
    }
  restart (self, was_running);
  if (had_alignment)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIGNMENT]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * postil_comparer_get_a:
 * @self: a comparer
 *
 * Returns: (transfer none) (nullable): the document whose text is the first one
 */
PostilDocument *
postil_comparer_get_a (PostilComparer *self)
{
  g_return_val_if_fail (POSTIL_IS_COMPARER (self), NULL);

  return self->documents[0];
}

/**
 * postil_comparer_get_b:
 * @self: a comparer
 *
 * Returns: (transfer none) (nullable): the document whose text is the second one
 */
PostilDocument *
postil_comparer_get_b (PostilComparer *self)
{
  g_return_val_if_fail (POSTIL_IS_COMPARER (self), NULL);

  return self->documents[1];
}

/**
 * postil_comparer_get_alignment:
 * @self: a comparer
 *
 * Returns: (transfer none) (nullable): see #PostilComparer:alignment
 */
PostilAlignment *
postil_comparer_get_alignment (PostilComparer *self)
{
  g_return_val_if_fail (POSTIL_IS_COMPARER (self), NULL);

  return self->alignment;
}

/**
 * postil_comparer_get_decisions:
 * @self: a comparer
 * @deciding: (out) (nullable) (element-type PostilAnnotation) (transfer none): the link of each, in
 * either document
 *
 * Returns: (transfer none) (nullable) (element-type PostilDecision): what a person decided, as the
 * links said when the alignment was made: also what others overrule; %NULL without alignment
 */
GArray *
postil_comparer_get_decisions (PostilComparer *self, GPtrArray **deciding)
{
  g_return_val_if_fail (POSTIL_IS_COMPARER (self) && deciding != NULL, NULL);

  *deciding = self->deciding;
  return self->decisions;
}
