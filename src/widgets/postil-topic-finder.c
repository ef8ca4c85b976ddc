/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-finder.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-topic-model.h"
#include "postil-topic-swatch.h"

/*
 * PostilTopicFinder: an entry in which a topic is typed, with a list below it, while it has the
 * focus, of the topics that match and an offer to make a new one. It only says what was chosen.
 * Best matches come first; where none begins as what was typed, making a new one comes before them.
 * Whenever it goes out of sight it forgets what was typed.
 */
struct _PostilTopicFinder
{
  GtkWidget parent_instance;

  PostilTopicModel *model;
  gboolean can_create;
  GHashTable *allowed;
  GListStore *matches;
  GtkSingleSelection *selection;

  GtkEventController *focus;
  GtkEditable *entry;
  GtkWidget *scroller;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (PostilTopicFinder, postil_topic_finder, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_TOPIC_CHOSEN,
  SIGNAL_TOPIC_CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How well a topic matches, best first. */
typedef enum
{
  MATCH_SAME,
  MATCH_START,
  MATCH_WORD,
  MATCH_LABEL,
  MATCH_PATH,
  N_MATCHES
} Match;

static Match
match (PostilTopicItem *item, const char *text)
{
  const char *label = postil_topic_item_get_folded_label (item);
  const char *path = postil_topic_item_get_folded_path (item);
  const char *found = strstr (label, text);

  if (g_str_equal (label, text) || g_str_equal (path, text))
    return MATCH_SAME;
  if (found == label || g_str_has_prefix (path, text))
    return MATCH_START;
  for (const char *word = found; word; word = strstr (word + 1, text))
    if (!g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (word))))
      return MATCH_WORD;
  if (found)
    return MATCH_LABEL;

  return strstr (path, text) ? MATCH_PATH : N_MATCHES;
}

static char *
dup_typed (PostilTopicFinder *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
}

/* Whether what was typed can be made a topic: nothing that is there already. */
static gboolean
is_new (PostilTopicFinder *self, const char *typed)
{
  PostilWorkspace *workspace = postil_topic_model_get_workspace (self->model);
  g_auto (GStrv) labels = postil_codebook_split_path (typed);

  return self->can_create && labels[0] != NULL &&
         postil_codebook_find_path (postil_workspace_get_codebook (workspace), typed) == NULL;
}

/* The topics that match, best first, with the offer to make a new one; @has_default says whether
 * Enter takes the first of them. */
static GPtrArray *
list_matches (PostilTopicFinder *self, gboolean *has_default)
{
  g_autofree char *typed = dup_typed (self), *text = postil_topic_item_fold (typed);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *ranked[N_MATCHES];
  GListModel *flat = postil_topic_model_get_flat (self->model);
  gboolean has_good, can_create = is_new (self, typed);

  for (guint i = 0; i < N_MATCHES; i++)
    ranked[i] = g_ptr_array_new ();
  for (guint i = 0; i < g_list_model_get_n_items (flat); i++)
    {
      g_autoptr (PostilTopicItem) item = g_list_model_get_item (flat, i);
      Match how = text[0] != '\0' ? match (item, text) : MATCH_PATH;

      if (how < N_MATCHES &&
          (self->allowed == NULL ||
           g_hash_table_contains (self->allowed, postil_topic_item_get_id (item))))
        g_ptr_array_add (ranked[how], g_steal_pointer (&item));
    }
  has_good = ranked[MATCH_SAME]->len + ranked[MATCH_START]->len + ranked[MATCH_WORD]->len > 0;
  for (guint i = 0; i < N_MATCHES; i++)
    g_ptr_array_extend_and_steal (found, ranked[i]);
  if (can_create)
    g_ptr_array_insert (found, has_good ? -1 : 0, gtk_string_object_new (typed));
  *has_default =
    typed[0] != '\0' && found->len > 0 && (has_good || can_create || !self->can_create);

  return found;
}

/* Rows cost time even when they are not seen; so there are none without the focus. */
static void
update (PostilTopicFinder *self)
{
  gboolean has_focus =
    gtk_event_controller_focus_contains_focus (GTK_EVENT_CONTROLLER_FOCUS (self->focus));
  gboolean has_default = FALSE;
  g_autoptr (GPtrArray) found = self->model && has_focus ? list_matches (self, &has_default) : NULL;

  g_list_store_splice (self->matches, 0, g_list_model_get_n_items (G_LIST_MODEL (self->matches)),
                       found ? found->pdata : NULL, found ? found->len : 0);
  gtk_single_selection_set_selected (self->selection, has_default ? 0 : GTK_INVALID_LIST_POSITION);
  gtk_widget_set_visible (self->scroller, found && found->len > 0);
}

static char *
dup_row_text (gpointer object)
{
  if (POSTIL_IS_TOPIC_ITEM (object))
    return g_strdup (postil_topic_item_get_path (object));

  return g_strdup_printf (_ ("Create “%s”"), gtk_string_object_get_string (object));
}

/* The list's selection is out of the focus; so the entry says it to screen readers. */
static void
selected_cb (PostilTopicFinder *self)
{
  gpointer object = gtk_single_selection_get_selected_item (self->selection);
  g_autofree char *text = object ? dup_row_text (object) : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

static void
choose (PostilTopicFinder *self, guint position)
{
  g_autoptr (GObject) object = g_list_model_get_item (G_LIST_MODEL (self->matches), position);

  if (object == NULL)
    return;
  if (POSTIL_IS_TOPIC_ITEM (object))
    g_signal_emit (self, signals[SIGNAL_TOPIC_CHOSEN], 0,
                   postil_topic_item_get_id (POSTIL_TOPIC_ITEM (object)));
  else
    g_signal_emit (self, signals[SIGNAL_TOPIC_CREATED], 0,
                   gtk_string_object_get_string (GTK_STRING_OBJECT (object)));
}

static void
text_changed_cb (PostilTopicFinder *self)
{
  update (self);
}

static void
focus_changed_cb (PostilTopicFinder *self)
{
  update (self);
}

static void
entry_activate_cb (PostilTopicFinder *self)
{
  choose (self, gtk_single_selection_get_selected (self->selection));
}

static void
list_activate_cb (PostilTopicFinder *self, guint position)
{
  choose (self, position);
}

static gboolean
key_pressed_cb (PostilTopicFinder *self, guint key, guint keycode, GdkModifierType modifiers)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->matches));
  guint selected = gtk_single_selection_get_selected (self->selection);
  gboolean down = key == GDK_KEY_Down || key == GDK_KEY_KP_Down;

  if ((!down && key != GDK_KEY_Up && key != GDK_KEY_KP_Up) || n_items == 0 ||
      (modifiers & gtk_accelerator_get_default_mod_mask ()))
    return GDK_EVENT_PROPAGATE;

  if (selected == GTK_INVALID_LIST_POSITION)
    selected = down ? 0 : n_items - 1;
  else
    selected = (selected + (down ? 1 : n_items - 1)) % n_items;
  gtk_single_selection_set_selected (self->selection, selected);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", selected);

  return GDK_EVENT_STOP;
}

static void
row_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  choose (POSTIL_TOPIC_FINDER (gtk_widget_get_ancestor (row, POSTIL_TYPE_TOPIC_FINDER)),
          gtk_list_item_get_position (list_item));
}

/* What is cut off can be read in full. */
static gboolean
query_tooltip_cb (GtkLabel *label, int x, int y, gboolean keyboard_tooltip, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (label));
  return pango_layout_is_ellipsized (gtk_label_get_layout (label));
}

static void
setup_cb (PostilTopicFinder *self, GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (NULL);
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_has_tooltip (label, TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), postil_topic_swatch_new ());
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("list-add-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (list_item, box);

  g_signal_connect (click, "released", G_CALLBACK (row_released_cb), list_item);
  gtk_widget_add_controller (box, GTK_EVENT_CONTROLLER (click));
}

static void
bind_cb (PostilTopicFinder *self, GtkListItem *list_item)
{
  GtkWidget *box = gtk_list_item_get_child (list_item);
  GtkWidget *swatch = gtk_widget_get_first_child (box);
  GtkWidget *icon = gtk_widget_get_next_sibling (swatch), *label = gtk_widget_get_last_child (box);
  gpointer object = gtk_list_item_get_item (list_item);
  gboolean is_topic = POSTIL_IS_TOPIC_ITEM (object);
  g_autofree char *text = dup_row_text (object);

  gtk_widget_set_visible (swatch, is_topic);
  gtk_widget_set_visible (icon, !is_topic);
  if (is_topic)
    postil_topic_swatch_set_topic (POSTIL_TOPIC_SWATCH (swatch),
                                   postil_topic_item_get_topic (object));
  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (box)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
set_can_create (PostilTopicFinder *self, gboolean can_create)
{
  const char *hint = can_create ? _ ("Find or create a topic") : _ ("Find a topic");

  self->can_create = can_create;
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), hint);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, hint,
                                  -1);
}

static gboolean
postil_topic_finder_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (POSTIL_TOPIC_FINDER (widget)->entry));
}

static void
postil_topic_finder_unmap (GtkWidget *widget)
{
  gtk_editable_set_text (POSTIL_TOPIC_FINDER (widget)->entry, "");

  GTK_WIDGET_CLASS (postil_topic_finder_parent_class)->unmap (widget);
}

static void
postil_topic_finder_dispose (GObject *object)
{
  PostilTopicFinder *self = POSTIL_TOPIC_FINDER (object);
  GtkWidget *child;

  if (self->model)
    g_signal_handlers_disconnect_by_func (self->model, update, self);
  g_clear_object (&self->model);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->matches);
  g_clear_pointer (&self->allowed, g_hash_table_unref);

  G_OBJECT_CLASS (postil_topic_finder_parent_class)->dispose (object);
}

static void
postil_topic_finder_class_init (PostilTopicFinderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_topic_finder_dispose;
  widget_class->grab_focus = postil_topic_finder_grab_focus;
  widget_class->unmap = postil_topic_finder_unmap;

  /**
   * PostilTopicFinder::topic-chosen:
   * @self: the finder
   * @id: id of the topic
   */
  signals[SIGNAL_TOPIC_CHOSEN] =
    g_signal_new ("topic-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * PostilTopicFinder::topic-created:
   * @self: the finder
   * @path: what was typed: a label or a path, see postil_codebook_find_path(); not made yet
   */
  signals[SIGNAL_TOPIC_CREATED] =
    g_signal_new ("topic-created", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-topic-finder.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilTopicFinder, focus);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicFinder, entry);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicFinder, scroller);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicFinder, list);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, focus_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_set_css_name (widget_class, "topicfinder");
}

static void
postil_topic_finder_init (PostilTopicFinder *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->matches = g_list_store_new (G_TYPE_OBJECT);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->matches)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_can_create (self, TRUE);

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * postil_topic_finder_new:
 * @workspace: (nullable): whose topics it finds
 * @can_create: whether it offers to make a topic of what was typed
 *
 * Returns: (transfer floating): a finder
 */
PostilTopicFinder *
postil_topic_finder_new (PostilWorkspace *workspace, gboolean can_create)
{
  PostilTopicFinder *self = g_object_new (POSTIL_TYPE_TOPIC_FINDER, NULL);

  set_can_create (self, can_create);
  postil_topic_finder_set_workspace (self, workspace);
  return self;
}

/**
 * postil_topic_finder_set_workspace:
 * @self: a finder
 * @workspace: (nullable): whose topics it finds
 */
void
postil_topic_finder_set_workspace (PostilTopicFinder *self, PostilWorkspace *workspace)
{
  g_return_if_fail (POSTIL_IS_TOPIC_FINDER (self));

  if (self->model)
    g_signal_handlers_disconnect_by_func (self->model, update, self);
  g_clear_object (&self->model);
  if (workspace)
    {
      self->model = postil_topic_model_ref_for (workspace);
      g_signal_connect_swapped (self->model, "changed", G_CALLBACK (update), self);
    }
  update (self);
}

/**
 * postil_topic_finder_restrict:
 * @self: a finder
 * @topics: (nullable) (element-type utf8): ids of the only topics to find; %NULL for all
 */
void
postil_topic_finder_restrict (PostilTopicFinder *self, GPtrArray *topics)
{
  g_return_if_fail (POSTIL_IS_TOPIC_FINDER (self));

  g_clear_pointer (&self->allowed, g_hash_table_unref);
  if (topics)
    {
      self->allowed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < topics->len; i++)
        g_hash_table_add (self->allowed, g_strdup (g_ptr_array_index (topics, i)));
    }
  update (self);
}
