/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-selection-bar.h"

#include <glib/gi18n-lib.h>

#include "postil-focus.h"
#include "postil-topic-finder.h"
#include "postil-topic-model.h"
#include "postil-topic-swatch.h"

/*
 * PostilSelectionBar: the small bar by a selection. It leaves the focus, and so the visible
 * selection and the shortcut digits, to the text until a person enters it; when it closes, the
 * focus goes back to where it came from. Shows the topics used last and fills up with the first of
 * the codebook. Its widgets are made when it is first shown.
 */
struct _PostilSelectionBar
{
  GtkPopover parent_instance;

  PostilWorkspace *workspace;
  PostilTopicModel *model;
  GPtrArray *recent;
  GtkWidget *focus_before;

  GtkWidget *highlight_button;
  GtkBox *recent_box;
  GtkWidget *note_button;
  PostilTopicFinder *finder;
};

G_DEFINE_FINAL_TYPE (PostilSelectionBar, postil_selection_bar, GTK_TYPE_POPOVER)

enum
{
  PROP_WORKSPACE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_HIGHLIGHT,
  SIGNAL_TOPIC_CHOSEN,
  SIGNAL_TOPIC_CREATED,
  SIGNAL_NOTE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How many recent topics are shown; the bar has to fit into 360 pixels. */
#define N_RECENT 4

static void
give_focus_back (PostilSelectionBar *self)
{
  GtkWidget *to =
    self->focus_before ? self->focus_before : gtk_widget_get_parent (GTK_WIDGET (self));

  if (postil_focus_is_in (self) && to)
    gtk_widget_grab_focus (to);
}

static void
remember_focus (PostilSelectionBar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root && !postil_focus_is_in (self))
    g_set_weak_pointer (&self->focus_before, gtk_root_get_focus (root));
}

static void
close_bar (PostilSelectionBar *self)
{
  give_focus_back (self);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
recent_clicked_cb (PostilSelectionBar *self, GtkWidget *button)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), "id"));

  close_bar (self);
  g_signal_emit (self, signals[SIGNAL_TOPIC_CHOSEN], 0, id);
}

static void
show_recent_topic (PostilSelectionBar *self, GtkWidget *button, PostilTopicItem *item)
{
  guint digit = postil_topic_item_get_digit (item);
  const char *path = postil_topic_item_get_path (item);
  /* Translators: a topic and the key that applies it */
  g_autofree char *tooltip =
    digit > 0 ? g_strdup_printf (_ ("%s (%u)"), path, digit) : g_strdup (path);

  postil_topic_swatch_set_topic (POSTIL_TOPIC_SWATCH (gtk_button_get_child (GTK_BUTTON (button))),
                                 postil_topic_item_get_topic (item));
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, path, -1);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (postil_topic_item_get_id (item)),
                          g_free);
}

/* The topics to show: those used last, then the first of the codebook. */
static GPtrArray *
list_recent (PostilSelectionBar *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *flat = postil_topic_model_get_flat (self->model);

  for (guint i = 0; i < self->recent->len && items->len < N_RECENT; i++)
    {
      PostilTopicItem *item =
        postil_topic_model_find (self->model, g_ptr_array_index (self->recent, i));

      if (item)
        g_ptr_array_add (items, g_object_ref (item));
    }
  for (guint i = 0; i < g_list_model_get_n_items (flat) && items->len < N_RECENT; i++)
    {
      g_autoptr (PostilTopicItem) item = g_list_model_get_item (flat, i);

      if (!g_ptr_array_find (items, item, NULL))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }

  return g_steal_pointer (&items);
}

static void
update (PostilSelectionBar *self)
{
  g_autoptr (GPtrArray) items = NULL;
  GtkWidget *button;

  if (!self->finder)
    return;
  items = self->model ? list_recent (self) : NULL;
  button = gtk_widget_get_first_child (GTK_WIDGET (self->recent_box));
  for (guint i = 0; items && i < items->len; i++)
    {
      if (button == NULL)
        {
          button = gtk_button_new ();
          gtk_button_set_child (GTK_BUTTON (button), postil_topic_swatch_new ());
          gtk_widget_add_css_class (button, "flat");
          gtk_widget_set_focus_on_click (button, FALSE);
          g_signal_connect_swapped (button, "clicked", G_CALLBACK (recent_clicked_cb), self);
          gtk_box_append (self->recent_box, button);
        }
      show_recent_topic (self, button, g_ptr_array_index (items, i));
      button = gtk_widget_get_next_sibling (button);
    }
  while (button)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (button);

      gtk_box_remove (self->recent_box, button);
      button = next;
    }
}

static void
highlight_cb (PostilSelectionBar *self)
{
  close_bar (self);
  g_signal_emit (self, signals[SIGNAL_HIGHLIGHT], 0);
}

static void
note_cb (PostilSelectionBar *self)
{
  close_bar (self);
  g_signal_emit (self, signals[SIGNAL_NOTE], 0);
}

static void
topic_chosen_cb (PostilSelectionBar *self, const char *id)
{
  g_autofree char *chosen = g_strdup (id);

  close_bar (self);
  g_signal_emit (self, signals[SIGNAL_TOPIC_CHOSEN], 0, chosen);
}

static void
topic_created_cb (PostilSelectionBar *self, const char *path)
{
  g_autofree char *typed = g_strdup (path);

  close_bar (self);
  g_signal_emit (self, signals[SIGNAL_TOPIC_CREATED], 0, typed);
}

static gboolean
key_pressed_cb (PostilSelectionBar *self, guint key)
{
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;

  close_bar (self);
  return GDK_EVENT_STOP;
}

static void
postil_selection_bar_closed (GtkPopover *popover)
{
  PostilSelectionBar *self = POSTIL_SELECTION_BAR (popover);

  give_focus_back (self);
  g_clear_weak_pointer (&self->focus_before);
}

static void
postil_selection_bar_show (GtkWidget *widget)
{
  PostilSelectionBar *self = POSTIL_SELECTION_BAR (widget);

  if (!self->finder)
    {
      gtk_widget_init_template (widget);
      postil_topic_finder_set_workspace (self->finder, self->workspace);
      update (self);
    }

  GTK_WIDGET_CLASS (postil_selection_bar_parent_class)->show (widget);
}

static void
postil_selection_bar_map (GtkWidget *widget)
{
  remember_focus (POSTIL_SELECTION_BAR (widget));

  GTK_WIDGET_CLASS (postil_selection_bar_parent_class)->map (widget);
}

static void
postil_selection_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, POSTIL_SELECTION_BAR (object)->workspace);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_selection_bar_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_WORKSPACE:
      postil_selection_bar_set_workspace (POSTIL_SELECTION_BAR (object),
                                          g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_selection_bar_dispose (GObject *object)
{
  PostilSelectionBar *self = POSTIL_SELECTION_BAR (object);

  if (self->model)
    g_signal_handlers_disconnect_by_func (self->model, update, self);
  g_clear_object (&self->model);
  g_clear_object (&self->workspace);
  g_clear_weak_pointer (&self->focus_before);

  G_OBJECT_CLASS (postil_selection_bar_parent_class)->dispose (object);
}

static void
postil_selection_bar_finalize (GObject *object)
{
  g_ptr_array_unref (POSTIL_SELECTION_BAR (object)->recent);

  G_OBJECT_CLASS (postil_selection_bar_parent_class)->finalize (object);
}

static guint
add_signal (PostilSelectionBarClass *klass, const char *name, guint n_strings)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_strings, G_TYPE_STRING);
}

static void
postil_selection_bar_class_init (PostilSelectionBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = postil_selection_bar_get_property;
  object_class->set_property = postil_selection_bar_set_property;
  object_class->dispose = postil_selection_bar_dispose;
  object_class->finalize = postil_selection_bar_finalize;
  widget_class->show = postil_selection_bar_show;
  widget_class->map = postil_selection_bar_map;
  GTK_POPOVER_CLASS (klass)->closed = postil_selection_bar_closed;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, POSTIL_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilSelectionBar::highlight:
   * @self: the bar
   *
   * Highlight the selection without a topic.
   */
  signals[SIGNAL_HIGHLIGHT] = add_signal (klass, "highlight", 0);
  /**
   * PostilSelectionBar::topic-chosen:
   * @self: the bar
   * @id: id of a topic
   *
   * Give the selection this topic.
   */
  signals[SIGNAL_TOPIC_CHOSEN] = add_signal (klass, "topic-chosen", 1);
  /**
   * PostilSelectionBar::topic-created:
   * @self: the bar
   * @path: a label or a path, see postil_codebook_find_path()
   *
   * Make this topic and give it to the selection.
   */
  signals[SIGNAL_TOPIC_CREATED] = add_signal (klass, "topic-created", 1);
  /**
   * PostilSelectionBar::note:
   * @self: the bar
   *
   * Annotate the selection and write a note.
   */
  signals[SIGNAL_NOTE] = add_signal (klass, "note", 0);

  g_type_ensure (POSTIL_TYPE_TOPIC_FINDER);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-selection-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilSelectionBar, highlight_button);
  gtk_widget_class_bind_template_child (widget_class, PostilSelectionBar, recent_box);
  gtk_widget_class_bind_template_child (widget_class, PostilSelectionBar, note_button);
  gtk_widget_class_bind_template_child (widget_class, PostilSelectionBar, finder);
  gtk_widget_class_bind_template_callback (widget_class, highlight_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_created_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
postil_selection_bar_init (PostilSelectionBar *self)
{
  self->recent = g_ptr_array_new_with_free_func (g_free);
}

GtkWidget *
postil_selection_bar_new (void)
{
  return g_object_new (POSTIL_TYPE_SELECTION_BAR, NULL);
}

/**
 * postil_selection_bar_set_workspace:
 * @self: a selection bar
 * @workspace: (nullable): whose topics it offers
 */
void
postil_selection_bar_set_workspace (PostilSelectionBar *self, PostilWorkspace *workspace)
{
  g_return_if_fail (POSTIL_IS_SELECTION_BAR (self));
  g_return_if_fail (workspace == NULL || POSTIL_IS_WORKSPACE (workspace));

  if (workspace == self->workspace)
    return;

  if (self->model)
    g_signal_handlers_disconnect_by_func (self->model, update, self);
  g_clear_object (&self->model);
  g_ptr_array_set_size (self->recent, 0);
  g_set_object (&self->workspace, workspace);
  if (workspace)
    {
      self->model = postil_topic_model_ref_for (workspace);
      g_signal_connect_swapped (self->model, "changed", G_CALLBACK (update), self);
    }
  if (self->finder)
    postil_topic_finder_set_workspace (self->finder, workspace);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

/**
 * postil_selection_bar_add_recent:
 * @self: a selection bar
 * @topic: id of a topic that was just used
 *
 * Shows that topic before the others.
 */
void
postil_selection_bar_add_recent (PostilSelectionBar *self, const char *topic)
{
  guint index;

  g_return_if_fail (POSTIL_IS_SELECTION_BAR (self) && topic != NULL);

  if (g_ptr_array_find_with_equal_func (self->recent, topic, g_str_equal, &index))
    {
      if (index == 0)
        return;
      g_ptr_array_remove_index (self->recent, index);
    }
  g_ptr_array_insert (self->recent, 0, g_strdup (topic));
  update (self);
}

/**
 * postil_selection_bar_grab_topic:
 * @self: a selection bar that is shown
 *
 * Gives the focus to the entry for a topic; Escape gives it back.
 */
void
postil_selection_bar_grab_topic (PostilSelectionBar *self)
{
  g_return_if_fail (POSTIL_IS_SELECTION_BAR (self));

  remember_focus (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->finder));
}
