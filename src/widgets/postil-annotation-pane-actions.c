/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-pane-private.h"

#include "postil-annotation-act.h"

/* What an action works on: the selected rows, or the open annotation when the filter hides it. */
static PostilAnnotationTargets *
take_targets (PostilAnnotationPane *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  PostilAnnotation *open;

  postil_workspace_settle (self->workspace);
  postil_after_frame_flush (self->later);
  open = postil_annotation_detail_get_annotation (self->detail);
  selected = gtk_selection_model_get_selection (self->selection);
  return postil_annotation_targets_new (self->workspace, self->annotations, selected,
                                        postil_annotation_detail_get_document (self->detail),
                                        open ? postil_annotation_get_id (open) : NULL);
}

static void
commit_act (PostilAnnotationAct *act, PostilStep *step, gpointer data)
{
  PostilAnnotationPane *self = data;
  PostilWorkspace *workspace = postil_annotation_act_get_workspace (act);

  self->restoring = self->workspace == workspace;
  postil_workspace_commit (workspace, step, NULL);
  if (!self->restoring)
    return;
  postil_after_frame_flush (self->later);
  self->restoring = FALSE;
  if (postil_annotation_act_deletes (act))
    postil_annotation_pane_select_next (self, postil_annotation_act_get_first (act));
  else
    postil_annotation_pane_show_selected (self);
}

static PostilAnnotationAct *
new_act (PostilAnnotationPane *self)
{
  postil_annotation_pane_commit_note (self);
  return postil_annotation_act_new (self->workspace, take_targets (self), commit_act, self);
}

/* Gives all targets a topic, the one of @path when there is no @topic yet, or takes it from them.
 */
static void
retag (PostilAnnotationPane *self, const char *topic, const char *path, gboolean present)
{
  if (self->workspace)
    postil_annotation_act_retag (new_act (self), topic, path, present);
}

static void
add_topic_cb (PostilAnnotationPane *self, const char *topic)
{
  gtk_menu_button_popdown (self->add_button);
  retag (self, topic, NULL, TRUE);
}

static void
create_topic_cb (PostilAnnotationPane *self, const char *path)
{
  gtk_menu_button_popdown (self->add_button);
  retag (self, NULL, path, TRUE);
}

static void
remove_topic_cb (PostilAnnotationPane *self, const char *topic)
{
  gtk_menu_button_popdown (self->remove_button);
  retag (self, topic, NULL, FALSE);
}

static PostilTopicFinder *
create_finder (PostilAnnotationPane *self, GtkMenuButton *button, gboolean can_create)
{
  GtkWidget *popover = gtk_popover_new ();
  PostilTopicFinder *finder = postil_topic_finder_new (self->workspace, can_create);

  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (finder));
  gtk_menu_button_set_popover (button, popover);
  return finder;
}

static void
create_add_popover_cb (GtkMenuButton *button, gpointer data)
{
  PostilAnnotationPane *self = data;

  if (self->add_finder)
    return;
  self->add_finder = create_finder (self, button, TRUE);
  g_signal_connect_swapped (self->add_finder, "topic-chosen", G_CALLBACK (add_topic_cb), self);
  g_signal_connect_swapped (self->add_finder, "topic-created", G_CALLBACK (create_topic_cb), self);
}

/* Offers the topics that the selected annotations have by now. */
static void
create_remove_popover_cb (GtkMenuButton *button, gpointer data)
{
  PostilAnnotationPane *self = data;
  g_autoptr (PostilAnnotationTargets) targets = NULL;
  g_autoptr (GPtrArray) topics = NULL;

  if (!self->remove_finder)
    {
      self->remove_finder = create_finder (self, button, FALSE);
      g_signal_connect_swapped (self->remove_finder, "topic-chosen", G_CALLBACK (remove_topic_cb),
                                self);
    }
  if (!self->workspace)
    return;
  targets = take_targets (self);
  topics = postil_annotation_targets_dup_topics (targets);
  postil_topic_finder_restrict (self->remove_finder, topics);
}

static void
retag_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (widget);
  const char *topic = g_variant_get_string (parameter, NULL);

  if (postil_codebook_get_topic (postil_workspace_get_codebook (self->workspace), topic))
    retag (self, topic, NULL, g_str_equal (name, "annotations.add-topic"));
}

static void
delete_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  postil_annotation_act_delete (new_act (POSTIL_ANNOTATION_PANE (widget)));
}

void
postil_annotation_pane_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "annotations.delete", NULL, delete_action_cb);
  gtk_widget_class_install_action (widget_class, "annotations.add-topic", "s", retag_action_cb);
  gtk_widget_class_install_action (widget_class, "annotations.remove-topic", "s", retag_action_cb);
  gtk_widget_class_install_property_action (widget_class, "annotations.sort", "order");
}

void
postil_annotation_pane_init_actions (PostilAnnotationPane *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  static const guint delete_keys[] = { GDK_KEY_Delete, GDK_KEY_KP_Delete };

  gtk_menu_button_set_create_popup_func (self->add_button, create_add_popover_cb, self, NULL);
  gtk_menu_button_set_create_popup_func (self->remove_button, create_remove_popover_cb, self, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (delete_keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (delete_keys[i], 0),
                        gtk_named_action_new ("annotations.delete")));
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
}

/* They are made when they are used. */
void
postil_annotation_pane_set_finders_workspace (PostilAnnotationPane *self,
                                              PostilWorkspace *workspace)
{
  if (self->add_finder)
    postil_topic_finder_set_workspace (self->add_finder, workspace);
  if (self->remove_finder)
    postil_topic_finder_set_workspace (self->remove_finder, workspace);
}
