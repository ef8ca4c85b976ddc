/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-act.h"

#include <glib/gi18n-lib.h>

#include "postil-edit.h"

/*
 * PostilAnnotationAct: what is done to the chosen annotations of a list, as one step: they are
 * given a topic, or lose one, or are deleted. Made by the view of the list, which it holds and
 * which commits the step; owned by the workspace, which may have it composed in a thread.
 */
struct _PostilAnnotationAct
{
  PostilWorkspace *workspace;
  PostilAnnotationTargets *targets;
  PostilAnnotationActFunc commit;
  GObject *owner;
  /* What is given or taken; NULL when they are deleted. */
  char *topic;
  gboolean present;
};

static void
act_free (gpointer data)
{
  PostilAnnotationAct *self = data;

  postil_annotation_targets_free (self->targets);
  g_object_unref (self->workspace);
  g_object_unref (self->owner);
  g_free (self->topic);
  g_free (self);
}

static void
compose_cb (PostilStep *step, gpointer data)
{
  PostilAnnotationAct *self = data;

  if (self->topic != NULL)
    postil_annotation_targets_retag (self->targets, step, self->topic, self->present);
  else
    postil_annotation_targets_remove (self->targets, step);
}

static void
commit_cb (PostilStep *step, gpointer data)
{
  PostilAnnotationAct *self = data;

  self->commit (self, step, self->owner);
}

static void
prepare (PostilAnnotationAct *self, PostilStep *step)
{
  postil_workspace_prepare (self->workspace, step,
                            postil_annotation_targets_get_size (self->targets), compose_cb,
                            commit_cb, self, act_free);
}

/**
 * postil_annotation_act_new:
 * @workspace: a workspace, in which nothing is being prepared
 * @targets: (transfer full): what the act is about
 * @commit: called when the step is ready, with @owner, which is to commit it
 * @owner: (type GObject): the view; held until then
 *
 * Returns: (transfer full): an act, to be given to the function that says what is done
 */
PostilAnnotationAct *
postil_annotation_act_new (PostilWorkspace *workspace,
                           PostilAnnotationTargets *targets,
                           PostilAnnotationActFunc commit,
                           gpointer owner)
{
  PostilAnnotationAct *self;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace) && targets != NULL, NULL);
  g_return_val_if_fail (commit != NULL && G_IS_OBJECT (owner), NULL);

  self = g_new0 (PostilAnnotationAct, 1);
  self->workspace = g_object_ref (workspace);
  self->targets = targets;
  self->commit = commit;
  self->owner = g_object_ref (owner);
  return self;
}

/**
 * postil_annotation_act_retag:
 * @self: (transfer full): an act
 * @topic: (nullable): id of a topic; %NULL for the one of @path
 * @path: (nullable): path of a topic, which is made first where there is none
 * @present: whether the targets are to have the topic
 *
 * Gives all targets a topic or takes it from them. Without a topic nothing is done.
 */
void
postil_annotation_act_retag (PostilAnnotationAct *self,
                             const char *topic,
                             const char *path,
                             gboolean present)
{
  g_autoptr (PostilStep) step = NULL;
  g_autofree char *label = NULL;
  guint n;

  g_return_if_fail (self != NULL && (topic != NULL || path != NULL));

  n = postil_annotation_targets_get_size (self->targets);
  if (present)
    label = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "Add Topic to %u Annotation", "Add Topic to %u Annotations", n),
      n);
  else
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Remove Topic from %u Annotation",
                                          "Remove Topic from %u Annotations", n),
                             n);
  step = postil_step_new (label);
  self->topic =
    topic != NULL ? g_strdup (topic) : postil_edit_ensure_path (self->workspace, step, path);
  self->present = present;
  if (self->topic != NULL)
    prepare (self, step);
  else
    act_free (self);
}

/**
 * postil_annotation_act_delete:
 * @self: (transfer full): an act
 *
 * Deletes all targets.
 */
void
postil_annotation_act_delete (PostilAnnotationAct *self)
{
  g_autoptr (PostilStep) step = NULL;
  g_autofree char *label = NULL;
  guint n;

  g_return_if_fail (self != NULL);

  n = postil_annotation_targets_get_size (self->targets);
  label = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "Delete %u Annotation", "Delete %u Annotations", n), n);
  step = postil_step_new (label);
  prepare (self, step);
}

/**
 * postil_annotation_act_get_workspace:
 * @self: an act
 *
 * Returns: (transfer none): where its step is to be committed
 */
PostilWorkspace *
postil_annotation_act_get_workspace (PostilAnnotationAct *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->workspace;
}

/**
 * postil_annotation_act_deletes:
 * @self: an act
 *
 * Returns: whether it deletes its targets
 */
gboolean
postil_annotation_act_deletes (PostilAnnotationAct *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->topic == NULL;
}

/**
 * postil_annotation_act_get_first:
 * @self: an act
 *
 * Returns: the row that comes in place of its targets when they are deleted;
 *   %GTK_INVALID_LIST_POSITION when no row was selected
 */
guint
postil_annotation_act_get_first (PostilAnnotationAct *self)
{
  g_return_val_if_fail (self != NULL, GTK_INVALID_LIST_POSITION);

  return postil_annotation_targets_get_first (self->targets);
}
