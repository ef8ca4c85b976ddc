/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-tree.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-edit.h"
#include "postil-focus.h"
#include "postil-late-model.h"
#include "postil-topic-editor.h"
#include "postil-topic-model.h"
#include "postil-topic-question.h"
#include "postil-topic-row.h"

/*
 * PostilTopicTree: the codebook of a workspace as a tree that can be filtered and rearranged. What
 * is selected, expanded and scrolled to outlives every change of the codebook, as it is kept by the
 * topics' ids. Every change is one step of the workspace's history.
 */
struct _PostilTopicTree
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilTopicModel *model;
  GtkTreeListModel *rows;
  GtkSingleSelection *selection;
  GtkFilter *filter;
  char *filter_text;
  GHashTable *matching;
  GHashTable *collapsed;
  char *selected;
  PostilTopicItem *target;
  gboolean restoring;

  GtkSearchEntry *filter_entry;
  GtkWidget *new_button;
  GtkStack *stack;
  GtkListView *list;
  GMenu *carry_over_section;
  char *other_text;
  GtkWidget *menu;
  GtkWidget *editor;
  GtkWidget *question;
};

G_DEFINE_FINAL_TYPE (PostilTopicTree, postil_topic_tree, GTK_TYPE_WIDGET)

enum
{
  PROP_WORKSPACE = 1,
  PROP_SELECTED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_TOPIC_ACTIVATED,
  SIGNAL_CARRY_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the actions that need a topic work on: the row that a menu or a key was used on, otherwise
 * the selected topic. */
static PostilTopicItem *
get_target (PostilTopicTree *self)
{
  if (self->target)
    return self->target;
  return self->model ? postil_topic_model_find (self->model, self->selected) : NULL;
}

static void
update_actions (PostilTopicTree *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean has_target = get_target (self) != NULL;

  gtk_widget_action_set_enabled (widget, "topic.new", self->workspace != NULL);
  gtk_widget_action_set_enabled (widget, "topic.apply", has_target);
  gtk_widget_action_set_enabled (widget, "topic.new-child", has_target);
  gtk_widget_action_set_enabled (widget, "topic.edit", has_target);
  gtk_widget_action_set_enabled (widget, "topic.delete", has_target);
  gtk_widget_action_set_enabled (widget, "topic.carry-over",
                                 has_target && self->other_text != NULL);
}

static void
set_target (PostilTopicTree *self, PostilTopicItem *item)
{
  g_set_object (&self->target, item);
  update_actions (self);
}

static gboolean
is_shown (PostilTopicItem *item, PostilTopicTree *self)
{
  return self->filter_text == NULL || g_hash_table_contains (self->matching, item);
}

/* Which topics the filter shows: those that match and what they are below. */
static void
find_matching (PostilTopicTree *self)
{
  GListModel *flat = postil_topic_model_get_flat (self->model);
  gboolean by_path;

  g_hash_table_remove_all (self->matching);
  if (self->filter_text == NULL)
    return;

  by_path = strchr (self->filter_text, '/') != NULL;
  for (guint i = 0; i < g_list_model_get_n_items (flat); i++)
    {
      g_autoptr (PostilTopicItem) item = g_list_model_get_item (flat, i);
      const char *text = by_path ? postil_topic_item_get_folded_path (item)
                                 : postil_topic_item_get_folded_label (item);

      if (strstr (text, self->filter_text))
        for (PostilTopicItem *up = item; up; up = postil_topic_item_get_parent (up))
          g_hash_table_add (self->matching, up);
    }
}

static void
update_page (PostilTopicTree *self)
{
  const char *page = "empty";

  if (self->model && g_list_model_get_n_items (postil_topic_model_get_flat (self->model)) > 0)
    page = g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0 ? "list" : "nothing";
  gtk_stack_set_visible_child_name (self->stack, page);
}

/* Brings expansion and selection of the rows back to what is remembered of their topics. */
static void
restore (PostilTopicTree *self)
{
  GListModel *rows = G_LIST_MODEL (self->rows);
  guint selected = GTK_INVALID_LIST_POSITION;

  self->restoring = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autoptr (PostilTopicItem) item = gtk_tree_list_row_get_item (row);
      const char *id = postil_topic_item_get_id (item);

      gtk_tree_list_row_set_expanded (row, self->filter_text != NULL ||
                                             !g_hash_table_contains (self->collapsed, id));
      if (g_strcmp0 (id, self->selected) == 0)
        selected = i;
    }
  gtk_single_selection_set_model (self->selection, rows);
  gtk_single_selection_set_selected (self->selection, selected);
  self->restoring = FALSE;

  update_page (self);
}

/* Each parent announces the change of its children by itself; the list hears of all at once. */
static void
refilter (PostilTopicTree *self)
{
  self->restoring = TRUE;
  gtk_single_selection_set_model (self->selection, NULL);
  find_matching (self);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  restore (self);
}

static void
select_topic (PostilTopicTree *self, const char *topic)
{
  if (g_strcmp0 (topic, self->selected) == 0)
    return;

  g_free (self->selected);
  self->selected = g_strdup (topic);
  update_actions (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
model_changed_cb (PostilTopicTree *self)
{
  if (self->target && postil_topic_model_find (
                        self->model, postil_topic_item_get_id (self->target)) != self->target)
    set_target (self, NULL);
  if (self->selected && postil_topic_model_find (self->model, self->selected) == NULL)
    select_topic (self, NULL);
  if (self->filter_text)
    refilter (self);
  else
    restore (self);
}

static void
selected_cb (PostilTopicTree *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (PostilTopicItem) item = row ? gtk_tree_list_row_get_item (row) : NULL;

  if (self->restoring || postil_topic_model_is_updating (self->model))
    return;

  set_target (self, NULL);
  select_topic (self, item ? postil_topic_item_get_id (item) : NULL);
}

static GListModel *
create_children_cb (gpointer data, gpointer user_data)
{
  PostilTopicTree *self = user_data;
  GListStore *children = postil_topic_item_get_children (data);

  if (g_list_model_get_n_items (G_LIST_MODEL (children)) == 0)
    return NULL;

  return G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (children)),
                                                  g_object_ref (self->filter)));
}

static void
expanded_cb (PostilTopicTree *self, GParamSpec *pspec, GtkTreeListRow *row)
{
  g_autoptr (PostilTopicItem) item = gtk_tree_list_row_get_item (row);

  if (item == NULL || self->restoring || self->filter_text ||
      postil_topic_model_is_updating (self->model))
    return;

  if (gtk_tree_list_row_get_expanded (row))
    g_hash_table_remove (self->collapsed, postil_topic_item_get_id (item));
  else
    g_hash_table_add (self->collapsed, g_strdup (postil_topic_item_get_id (item)));
}

static PostilTopicRow *
find_row_in (GtkWidget *expander)
{
  return GTK_IS_TREE_EXPANDER (expander)
           ? POSTIL_TOPIC_ROW (gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander)))
           : NULL;
}

/* The row that @widget is in or, as the list's own widgets have the focus, around. */
static PostilTopicRow *
find_row_at (PostilTopicTree *self, GtkWidget *widget)
{
  if (widget == NULL || !gtk_widget_is_ancestor (widget, GTK_WIDGET (self->list)))
    return NULL;
  for (GtkWidget *up = widget; up != GTK_WIDGET (self->list); up = gtk_widget_get_parent (up))
    if (GTK_IS_TREE_EXPANDER (up))
      return find_row_in (up);

  return find_row_in (gtk_widget_get_first_child (widget));
}

static PostilTopicRow *
find_focused_row (PostilTopicTree *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root ? find_row_at (self, gtk_root_get_focus (root)) : NULL;
}

/* Has @popover point at the row of @item, or at the button for new topics when none is in sight. */
static void
point_at (PostilTopicTree *self, GtkWidget *popover, PostilTopicItem *item)
{
  GtkWidget *at = self->new_button;
  graphene_rect_t bounds;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list)); child && item;
       child = gtk_widget_get_next_sibling (child))
    {
      PostilTopicRow *row = find_row_in (gtk_widget_get_first_child (child));

      if (row && postil_topic_row_get_item (row) == item && gtk_widget_get_mapped (child))
        at = GTK_WIDGET (row);
    }
  if (gtk_widget_compute_bounds (at, GTK_WIDGET (self), &bounds))
    gtk_popover_set_pointing_to (
      GTK_POPOVER (popover),
      &(GdkRectangle){ bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height });
}

/* The focus goes back to the row that the popover was about. */
static void
popover_closed_cb (PostilTopicTree *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* Shows @question by the row of what it is about. */
static void
ask (PostilTopicTree *self, GtkWidget *question)
{
  g_clear_pointer (&self->question, gtk_widget_unparent);
  self->question = question;
  gtk_widget_set_parent (question, GTK_WIDGET (self));
  point_at (self, question, postil_topic_question_get_item (POSTIL_TOPIC_QUESTION (question)));
  g_signal_connect_object (question, "closed", G_CALLBACK (popover_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (question));
}

static void
delete_cb (PostilTopicTree *self, PostilTopicQuestion *question)
{
  PostilTopicItem *item = postil_topic_question_get_item (question);
  g_autoptr (PostilStep) step = postil_step_new (_ ("Delete Topic"));

  if (postil_topic_model_find (self->model, postil_topic_item_get_id (item)) == item)
    postil_edit_delete_topic (self->workspace, step, postil_topic_item_get_id (item), NULL);
}

static void
ask_to_delete (PostilTopicTree *self, PostilTopicItem *item)
{
  GtkWidget *question = postil_topic_question_new_deletion (item);

  g_signal_connect_object (question, "agreed", G_CALLBACK (delete_cb), self, G_CONNECT_SWAPPED);
  ask (self, question);
}

/* Places the topic of @item below @parent, at the top for NULL: one step. */
static gboolean
nest (PostilTopicTree *self, PostilTopicItem *item, PostilTopicItem *parent)
{
  PostilTopic *topic = postil_topic_item_get_topic (item);
  g_autoptr (PostilStep) step = postil_step_new (_ ("Move Topic"));
  g_autoptr (GError) error = NULL;
  PostilTopicFields fields;

  if (postil_topic_item_get_parent (item) == parent || item == parent)
    return FALSE;

  postil_topic_get_fields (topic, &fields);
  fields.broader = parent ? postil_topic_item_get_id (parent) : NULL;
  if (!postil_edit_change_topic (self->workspace, step, &fields, &error))
    {
      ask (self,
           postil_topic_question_new (item, _ ("The topic was not moved"), error->message, NULL));
      return FALSE;
    }

  if (parent)
    g_hash_table_remove (self->collapsed, postil_topic_item_get_id (parent));
  postil_workspace_commit (self->workspace, step, NULL);
  return TRUE;
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, PostilTopicRow *row)
{
  return gdk_content_provider_new_typed (POSTIL_TYPE_TOPIC_ITEM, postil_topic_row_get_item (row));
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, PostilTopicRow *row)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (row));

  gtk_drag_source_set_icon (source, picture, 0, 0);
}

static PostilTopicTree *
find_tree (PostilTopicRow *row)
{
  return POSTIL_TOPIC_TREE (gtk_widget_get_ancestor (GTK_WIDGET (row), POSTIL_TYPE_TOPIC_TREE));
}

/* Whether what is dragged comes from this very tree; another window has other topics. */
static gboolean
holds (PostilTopicTree *self, PostilTopicItem *item)
{
  return self->model &&
         postil_topic_model_find (self->model, postil_topic_item_get_id (item)) == item;
}

static gboolean
drop_on_row_cb (GtkDropTarget *target, const GValue *value, double x, double y, PostilTopicRow *row)
{
  PostilTopicTree *self = find_tree (row);
  PostilTopicItem *item = g_value_get_object (value);

  return holds (self, item) && nest (self, item, postil_topic_row_get_item (row));
}

static gboolean
is_on_row (PostilTopicTree *self, double x, double y)
{
  return find_row_at (self, gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT)) !=
         NULL;
}

static GdkDragAction
drag_over_list_cb (GtkDropTarget *target, double x, double y, PostilTopicTree *self)
{
  return is_on_row (self, x, y) ? 0 : GDK_ACTION_MOVE;
}

static gboolean
drop_on_list_cb (GtkDropTarget *target,
                 const GValue *value,
                 double x,
                 double y,
                 PostilTopicTree *self)
{
  PostilTopicItem *item = g_value_get_object (value);

  return !is_on_row (self, x, y) && holds (self, item) && nest (self, item, NULL);
}

/* A click on the selected row takes the selection away. The list would select it again on release,
 * so the row takes that release for itself; then it has to see to double clicks as well. */
static void
row_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, PostilTopicRow *row)
{
  PostilTopicTree *self = find_tree (row);
  PostilTopicItem *item = postil_topic_row_get_item (row);
  gboolean was_selected = g_strcmp0 (postil_topic_item_get_id (item), self->selected) == 0;

  g_object_set_data (G_OBJECT (gesture), "was-selected", GINT_TO_POINTER (was_selected));
  if (n_press == 2)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
      g_signal_emit (self, signals[SIGNAL_TOPIC_ACTIVATED], 0, postil_topic_item_get_id (item));
    }
}

static void
row_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, PostilTopicRow *row)
{
  PostilTopicTree *self = find_tree (row);

  if (n_press != 1 || !g_object_get_data (G_OBJECT (gesture), "was-selected"))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
}

static void
setup_cb (PostilTopicTree *self, GtkListItem *list_item)
{
  GtkWidget *expander = gtk_tree_expander_new (), *row = postil_topic_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (POSTIL_TYPE_TOPIC_ITEM, GDK_ACTION_MOVE);

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), row);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  row, NULL, -1);
  gtk_list_item_set_child (list_item, expander);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (row_pressed_cb), row);
  g_signal_connect (click, "released", G_CALLBACK (row_released_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (drag_prepare_cb), row);
  g_signal_connect (source, "drag-begin", G_CALLBACK (drag_begin_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (source));
  g_signal_connect (target, "drop", G_CALLBACK (drop_on_row_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
}

/* GTK 4.8 binds every row below one that came or went again, to what it shows already; that must
 * cost nothing. So a row out of use keeps what it shows. */
static void
bind_cb (PostilTopicTree *self, GtkListItem *list_item)
{
  GtkTreeListRow *tree_row = gtk_list_item_get_item (list_item);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));
  g_autoptr (PostilTopicItem) item = gtk_tree_list_row_get_item (tree_row);
  PostilTopicRow *row = find_row_in (GTK_WIDGET (expander));

  gtk_tree_expander_set_list_row (expander, tree_row);
  if (postil_topic_row_get_item (row) != item)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (expander))),
                                    GTK_ACCESSIBLE_RELATION_LABELLED_BY, row, NULL, -1);
  postil_topic_row_set_item (row, item);
  g_signal_connect_object (tree_row, "notify::expanded", G_CALLBACK (expanded_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
unbind_cb (PostilTopicTree *self, GtkListItem *list_item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), expanded_cb, self);
}

static void
activate_cb (PostilTopicTree *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  g_autoptr (PostilTopicItem) item = gtk_tree_list_row_get_item (row);

  g_signal_emit (self, signals[SIGNAL_TOPIC_ACTIVATED], 0, postil_topic_item_get_id (item));
}

static void
filter_changed_cb (PostilTopicTree *self)
{
  g_autofree char *text =
    postil_topic_item_fold (gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)));

  if (g_strcmp0 (text, self->filter_text ? self->filter_text : "") == 0)
    return;

  g_free (self->filter_text);
  self->filter_text = text[0] != '\0' ? g_steal_pointer (&text) : NULL;
  if (self->model)
    refilter (self);
}

static void
filter_done_cb (PostilTopicTree *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_DOWN);
}

static void
filter_stopped_cb (PostilTopicTree *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
}

/* The action of a menu's item comes after the menu has closed. */
static gboolean
forget_target_cb (gpointer data)
{
  set_target (data, NULL);

  return G_SOURCE_REMOVE;
}

static void
menu_closed_cb (PostilTopicTree *self)
{
  popover_closed_cb (self);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, forget_target_cb, g_object_ref (self), g_object_unref);
}

static void
create_menu (PostilTopicTree *self)
{
  self->menu = gtk_popover_menu_new_from_model (G_MENU_MODEL (
    gtk_widget_get_template_child (GTK_WIDGET (self), POSTIL_TYPE_TOPIC_TREE, "context_menu")));
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_swapped (self->menu, "closed", G_CALLBACK (menu_closed_cb), self);
}

static void
popup_menu (PostilTopicTree *self, PostilTopicRow *row, const GdkRectangle *area)
{
  if (!self->menu)
    create_menu (self);
  set_target (self, row ? postil_topic_row_get_item (row) : NULL);
  if (area)
    gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), area);
  else
    point_at (self, self->menu, get_target (self));
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
secondary_pressed_cb (PostilTopicTree *self,
                      int n_press,
                      double x,
                      double y,
                      GtkGestureClick *gesture)
{
  GtkWidget *list = GTK_WIDGET (self->list);
  double in_x, in_y;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_translate_coordinates (list, GTK_WIDGET (self), x, y, &in_x, &in_y);
  popup_menu (self, find_row_at (self, gtk_widget_pick (list, x, y, GTK_PICK_DEFAULT)),
              &(GdkRectangle){ in_x, in_y, 1, 1 });
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (widget);

  if (self->workspace)
    popup_menu (self, find_focused_row (self), NULL);

  return self->workspace != NULL;
}

/* F2 and Delete: the action of that name on the row that has the focus. */
static gboolean
row_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (widget);
  PostilTopicRow *row = find_focused_row (self);

  if (row == NULL)
    return FALSE;

  set_target (self, postil_topic_row_get_item (row));
  return gtk_widget_activate_action (widget, g_variant_get_string (arguments, NULL), NULL);
}

static gboolean
escape_key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (widget);

  if (self->selected == NULL)
    return FALSE;

  postil_topic_tree_set_selected (self, NULL);
  return TRUE;
}

/* It is made when it is first needed: few who read ever change a topic. */
static PostilTopicEditor *
place_editor (PostilTopicTree *self, PostilTopicItem *item)
{
  if (!self->editor)
    {
      self->editor = postil_topic_editor_new ();
      gtk_widget_set_parent (self->editor, GTK_WIDGET (self));
      g_signal_connect_swapped (self->editor, "closed", G_CALLBACK (popover_closed_cb), self);
    }
  point_at (self, self->editor, item);
  return POSTIL_TOPIC_EDITOR (self->editor);
}

static void
action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (widget);
  g_autoptr (PostilTopicItem) item = NULL;

  g_set_object (&item, get_target (self));
  set_target (self, NULL);
  if (g_str_equal (name, "topic.new"))
    {
      postil_topic_editor_create (place_editor (self, NULL), self->workspace, NULL);
    }
  else if (g_str_equal (name, "topic.apply"))
    g_signal_emit (self, signals[SIGNAL_TOPIC_ACTIVATED], 0, postil_topic_item_get_id (item));
  else if (g_str_equal (name, "topic.carry-over"))
    g_signal_emit (self, signals[SIGNAL_CARRY_OVER], 0, postil_topic_item_get_id (item));
  else if (g_str_equal (name, "topic.delete"))
    ask_to_delete (self, item);
  else
    {
      PostilTopicEditor *editor = place_editor (self, item);

      if (g_str_equal (name, "topic.new-child"))
        postil_topic_editor_create (editor, self->workspace, postil_topic_item_get_id (item));
      else
        postil_topic_editor_edit (editor, self->workspace, postil_topic_item_get_topic (item));
    }
}

static void
postil_topic_tree_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (object);

  switch (id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;
    case PROP_SELECTED:
      g_value_set_string (value, self->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_topic_tree_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (object);

  switch (id)
    {
    case PROP_WORKSPACE:
      postil_topic_tree_set_workspace (self, g_value_get_object (value));
      break;
    case PROP_SELECTED:
      postil_topic_tree_set_selected (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* Tab leaves the list, whose rows the arrow keys go through; GTK 4.8 would stop at each of them. */
static gboolean
postil_topic_tree_focus (GtkWidget *widget, GtkDirectionType direction)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (widget);
  gboolean in_list = postil_focus_is_in (self->list);

  if (in_list && direction == GTK_DIR_TAB_FORWARD)
    return FALSE;
  if (in_list && direction == GTK_DIR_TAB_BACKWARD)
    return gtk_widget_grab_focus (self->new_button);

  return GTK_WIDGET_CLASS (postil_topic_tree_parent_class)->focus (widget, direction);
}

static void
postil_topic_tree_dispose (GObject *object)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (object);
  GtkWidget *child;

  postil_topic_tree_set_workspace (self, NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (postil_topic_tree_parent_class)->dispose (object);
}

static void
postil_topic_tree_finalize (GObject *object)
{
  PostilTopicTree *self = POSTIL_TOPIC_TREE (object);

  g_free (self->filter_text);
  g_free (self->selected);
  g_free (self->other_text);
  g_hash_table_unref (self->matching);
  g_hash_table_unref (self->collapsed);

  G_OBJECT_CLASS (postil_topic_tree_parent_class)->finalize (object);
}

static void
postil_topic_tree_class_init (PostilTopicTreeClass *klass)
{
  static const char *const actions[] = { "topic.new",    "topic.new-child", "topic.edit",
                                         "topic.delete", "topic.apply",     "topic.carry-over" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_topic_tree_get_property;
  object_class->set_property = postil_topic_tree_set_property;
  object_class->dispose = postil_topic_tree_dispose;
  object_class->finalize = postil_topic_tree_finalize;
  widget_class->focus = postil_topic_tree_focus;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, POSTIL_TYPE_WORKSPACE, flags);
  properties[PROP_SELECTED] = g_param_spec_string ("selected", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilTopicTree::topic-activated:
   * @self: the tree
   * @id: id of a topic
   *
   * A person asks for a topic to be applied: double click or Enter on its row, or its menu.
   */
  signals[SIGNAL_TOPIC_ACTIVATED] =
    g_signal_new ("topic-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * PostilTopicTree::carry-over:
   * @self: the tree
   * @id: id of a topic
   *
   * A person asks for the annotations with a topic to be carried over to another text.
   */
  signals[SIGNAL_CARRY_OVER] =
    g_signal_new ("carry-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, action_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F2, 0, row_key_cb, "s", "topic.edit");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, row_key_cb, "s", "topic.delete");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Delete, 0, row_key_cb, "s",
                                "topic.delete");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/widgets/postil-topic-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilTopicTree, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicTree, new_button);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicTree, stack);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicTree, list);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicTree, carry_over_section);
  gtk_widget_class_bind_template_child_full (widget_class, "context_menu", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_stopped_cb);
  gtk_widget_class_set_css_name (widget_class, "topictree");
}

static void
postil_topic_tree_init (PostilTopicTree *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkDropTarget *target = gtk_drop_target_new (POSTIL_TYPE_TOPIC_ITEM, GDK_ACTION_MOVE);
  GtkGesture *secondary = gtk_gesture_click_new ();

  self->matching = g_hash_table_new (NULL, NULL);
  self->collapsed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->filter = GTK_FILTER (gtk_custom_filter_new ((GtkCustomFilterFunc) is_shown, self, NULL));
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->list, factory);

  g_signal_connect (target, "motion", G_CALLBACK (drag_over_list_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_on_list_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (target));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (secondary), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (secondary, "pressed", G_CALLBACK (secondary_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (secondary));

  update_actions (self);
  update_page (self);
}

GtkWidget *
postil_topic_tree_new (void)
{
  return g_object_new (POSTIL_TYPE_TOPIC_TREE, NULL);
}

/**
 * postil_topic_tree_set_workspace:
 * @self: a topic tree
 * @workspace: (nullable): whose codebook it shows
 */
void
postil_topic_tree_set_workspace (PostilTopicTree *self, PostilWorkspace *workspace)
{
  GtkFilterListModel *roots;

  g_return_if_fail (POSTIL_IS_TOPIC_TREE (self));
  g_return_if_fail (workspace == NULL || POSTIL_IS_WORKSPACE (workspace));

  if (workspace == self->workspace)
    return;

  if (self->model)
    {
      g_signal_handlers_disconnect_by_func (self->model, model_changed_cb, self);
      g_signal_handlers_disconnect_by_func (self->selection, selected_cb, self);
      gtk_list_view_set_model (self->list, NULL);
      g_clear_object (&self->selection);
      g_clear_object (&self->rows);
      g_clear_object (&self->model);
      g_hash_table_remove_all (self->matching);
      g_hash_table_remove_all (self->collapsed);
      g_clear_object (&self->target);
      select_topic (self, NULL);
    }
  g_set_object (&self->workspace, workspace);
  if (workspace)
    {
      self->model = postil_topic_model_ref_for (workspace);
      find_matching (self);
      roots = gtk_filter_list_model_new (g_object_ref (postil_topic_model_get_roots (self->model)),
                                         g_object_ref (self->filter));
      self->rows =
        gtk_tree_list_model_new (G_LIST_MODEL (roots), FALSE, TRUE, create_children_cb, self, NULL);
      self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
      gtk_single_selection_set_autoselect (self->selection, FALSE);
      gtk_single_selection_set_can_unselect (self->selection, TRUE);
      gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
      postil_late_model_set (self->list, GTK_SELECTION_MODEL (self->selection), 4);
      g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (selected_cb),
                                self);
      g_signal_connect_swapped (self->model, "changed", G_CALLBACK (model_changed_cb), self);
    }
  update_actions (self);
  update_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

/**
 * postil_topic_tree_get_selected:
 * @self: a topic tree
 *
 * Returns: (transfer none) (nullable): id of the selected topic
 */
const char *
postil_topic_tree_get_selected (PostilTopicTree *self)
{
  g_return_val_if_fail (POSTIL_IS_TOPIC_TREE (self), NULL);

  return self->selected;
}

/**
 * postil_topic_tree_set_selected:
 * @self: a topic tree
 * @topic: (nullable): id of the topic to select; %NULL for none
 */
void
postil_topic_tree_set_selected (PostilTopicTree *self, const char *topic)
{
  g_return_if_fail (POSTIL_IS_TOPIC_TREE (self));

  if (self->model == NULL || (topic && postil_topic_model_find (self->model, topic) == NULL))
    topic = NULL;
  select_topic (self, topic);
  if (self->model)
    restore (self);
}

/**
 * postil_topic_tree_set_other_text:
 * @self: a topic tree
 * @name: (nullable): name of the text to which annotations with a topic can be carried over; %NULL
 * when there is none
 */
void
postil_topic_tree_set_other_text (PostilTopicTree *self, const char *name)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *escaped = NULL, *label = NULL;

  g_return_if_fail (POSTIL_IS_TOPIC_TREE (self));

  if (g_strcmp0 (self->other_text, name) == 0)
    return;

  g_free (self->other_text);
  self->other_text = g_strdup (name);
  g_menu_remove_all (self->carry_over_section);
  if (name)
    {
      /* In menus, an underscore of the name would be a mnemonic. */
      parts = g_strsplit (name, "_", -1);
      escaped = g_strjoinv ("__", parts);
      /* Translators: the name of a document. */
      label = g_strdup_printf (_ ("_Carry Over to “%s”…"), escaped);
      g_menu_append (self->carry_over_section, label, "topic.carry-over");
    }
  update_actions (self);
}

/**
 * postil_topic_tree_get_digit:
 * @codebook: a codebook
 * @digit: 1 to 9
 *
 * Returns: (transfer none) (nullable): the topic that the digit applies: one of the first nine in
 * the order shown
 */
PostilTopic *
postil_topic_tree_get_digit (PostilCodebook *codebook, guint digit)
{
  g_autoptr (GPtrArray) topics = NULL;

  g_return_val_if_fail (POSTIL_IS_CODEBOOK (codebook), NULL);

  topics = postil_codebook_list_in_order (codebook);
  return digit >= 1 && digit <= 9 && digit <= topics->len ? g_ptr_array_index (topics, digit - 1)
                                                          : NULL;
}
