/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-filters.h"

#include <glib/gi18n-lib.h>

#include "postil-topic-finder.h"
#include "postil-topic-model.h"
#include "postil-topic-swatch.h"

/*
 * PostilAnnotationFilters: what is above the list of annotations: by which words, document, topic
 * and state it is filtered, how many annotations there are, and in which order. A document or topic
 * that goes away is no filter any more. The order is a matter of the action "annotations.sort",
 * which is offered here.
 */
struct _PostilAnnotationFilters
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilTopicModel *model;
  PostilDocument *document;
  char *topic;
  gboolean showing;

  GtkSearchEntry *search_entry;
  GtkDropDown *document_drop_down;
  GtkMenuButton *topic_button;
  PostilTopicSwatch *topic_swatch;
  GtkLabel *topic_label;
  GtkLabel *summary;
  GtkToggleButton *unplaced_button;
  GtkMenuButton *sort_button;
  /* %NULL until topics are looked for. */
  PostilTopicFinder *topic_finder;
  GtkWidget *all_topics_button;
};

G_DEFINE_FINAL_TYPE (PostilAnnotationFilters, postil_annotation_filters, GTK_TYPE_WIDGET)

enum
{
  PROP_DOCUMENT = 1,
  PROP_TOPIC,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_CHANGED,
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *const order_names[] = {
  [POSTIL_ORDER_PLACE] = N_ ("Place in the Text"), [POSTIL_ORDER_TOPIC] = N_ ("Topic"),
  [POSTIL_ORDER_PERSON] = N_ ("Person"),           [POSTIL_ORDER_NEWEST] = N_ ("Newest First"),
  [POSTIL_ORDER_LONGEST] = N_ ("Longest First"),
};

static GListModel *
get_documents (PostilAnnotationFilters *self)
{
  return self->workspace ? postil_workspace_get_documents (self->workspace) : NULL;
}

/* Shows which document is filtered by; the first entry stands for all. */
static void
show_document (PostilAnnotationFilters *self)
{
  GListModel *documents = get_documents (self);
  guint n_documents = documents ? g_list_model_get_n_items (documents) : 0;
  guint selected = 0;

  for (guint i = 0; i < n_documents && self->document && selected == 0; i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      if (document == self->document)
        selected = i + 1;
    }
  self->showing = TRUE;
  gtk_drop_down_set_selected (self->document_drop_down, selected);
  self->showing = FALSE;
  /* It is the button inside that gets the focus. */
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->document_drop_down))),
    GTK_ACCESSIBLE_PROPERTY_LABEL,
    selected > 0 ? postil_document_get_name (self->document) : _ ("All documents"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self->document_drop_down), n_documents > 1);
  if (self->document && selected == 0)
    postil_annotation_filters_set_document (self, NULL);
}

static void
show_topic (PostilAnnotationFilters *self)
{
  PostilTopicItem *item = self->model ? postil_topic_model_find (self->model, self->topic) : NULL;
  PostilTopic *topic = item ? postil_topic_item_get_topic (item) : NULL;
  const char *label = topic ? postil_topic_get_label (topic) : _ ("All topics");

  postil_topic_swatch_set_topic (self->topic_swatch, topic);
  gtk_widget_set_visible (GTK_WIDGET (self->topic_swatch), topic != NULL);
  gtk_label_set_label (self->topic_label, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->topic_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (self->all_topics_button)
    gtk_widget_set_sensitive (self->all_topics_button, topic != NULL);
  if (self->topic && topic == NULL)
    postil_annotation_filters_set_topic (self, NULL);
}

static void
changed (PostilAnnotationFilters *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
document_selected_cb (PostilAnnotationFilters *self)
{
  gpointer item = gtk_drop_down_get_selected_item (self->document_drop_down);

  if (!self->showing)
    postil_annotation_filters_set_document (self, POSTIL_IS_DOCUMENT (item) ? item : NULL);
}

/* The drop-down, which hears of it next, selects something else when its document goes; that is not
 * what a person wants to filter by. show_document() hears of it last. */
static void
documents_changing_cb (PostilAnnotationFilters *self)
{
  self->showing = TRUE;
}

static void
filter_topic_cb (PostilAnnotationFilters *self, const char *topic)
{
  postil_annotation_filters_set_topic (self, topic);
  gtk_menu_button_popdown (self->topic_button);
}

static void
all_topics_cb (PostilAnnotationFilters *self)
{
  filter_topic_cb (self, NULL);
}

static void
create_topic_popover_cb (GtkMenuButton *button, gpointer data)
{
  PostilAnnotationFilters *self = data;
  GtkWidget *box, *popover;

  if (self->topic_finder)
    return;
  self->topic_finder = postil_topic_finder_new (self->workspace, FALSE);
  g_signal_connect_swapped (self->topic_finder, "topic-chosen", G_CALLBACK (filter_topic_cb), self);
  self->all_topics_button = gtk_button_new_with_label (_ ("All Topics"));
  gtk_widget_set_sensitive (self->all_topics_button, self->topic != NULL);
  gtk_widget_add_css_class (self->all_topics_button, "flat");
  g_signal_connect_swapped (self->all_topics_button, "clicked", G_CALLBACK (all_topics_cb), self);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->topic_finder));
  gtk_box_append (GTK_BOX (box), self->all_topics_button);
  popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (button, popover);
}

static void
create_sort_menu_cb (GtkMenuButton *button, gpointer data)
{
  g_autoptr (GEnumClass) orders = NULL;
  g_autoptr (GMenu) menu = NULL;

  if (gtk_menu_button_get_menu_model (button))
    return;
  orders = g_type_class_ref (POSTIL_TYPE_ANNOTATION_ORDER);
  menu = g_menu_new ();
  for (guint i = 0; i < G_N_ELEMENTS (order_names); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (order_names[i]), NULL);

      g_menu_item_set_action_and_target (item, "annotations.sort", "s",
                                         g_enum_get_value (orders, i)->value_nick);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
search_changed_cb (PostilAnnotationFilters *self)
{
  changed (self);
}

static void
search_done_cb (PostilAnnotationFilters *self)
{
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
search_stopped_cb (PostilAnnotationFilters *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static void
unplaced_toggled_cb (PostilAnnotationFilters *self)
{
  changed (self);
}

static void
setup_document_cb (PostilAnnotationFilters *self, GtkListItem *list_item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (list_item, label);
}

static void
bind_document_cb (PostilAnnotationFilters *self, GtkListItem *list_item)
{
  gpointer item = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)),
                       POSTIL_IS_DOCUMENT (item) ? postil_document_get_name (item)
                                                 : gtk_string_object_get_string (item));
}

/* Offers the documents after an entry that stands for all of them. */
static void
fill_document_drop_down (PostilAnnotationFilters *self)
{
  g_autoptr (GListStore) models = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkStringList) all =
    gtk_string_list_new ((const char *[]){ _ ("All documents"), NULL });
  g_autoptr (GtkFlattenListModel) model = NULL;

  g_list_store_append (models, all);
  if (self->workspace)
    g_list_store_append (models, get_documents (self));
  model = gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&models)));
  self->showing = TRUE;
  gtk_drop_down_set_model (self->document_drop_down, G_LIST_MODEL (model));
  self->showing = FALSE;
  show_document (self);
}

static gboolean
postil_annotation_filters_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (POSTIL_ANNOTATION_FILTERS (widget)->search_entry));
}

static void
postil_annotation_filters_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilAnnotationFilters *self = POSTIL_ANNOTATION_FILTERS (object);

  switch (id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;
    case PROP_TOPIC:
      g_value_set_string (value, self->topic);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
leave_workspace (PostilAnnotationFilters *self)
{
  if (self->workspace == NULL)
    return;

  g_signal_handlers_disconnect_by_data (get_documents (self), self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_object (&self->workspace);
}

static void
postil_annotation_filters_dispose (GObject *object)
{
  PostilAnnotationFilters *self = POSTIL_ANNOTATION_FILTERS (object);
  GtkWidget *child;

  leave_workspace (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->document);
  g_clear_pointer (&self->topic, g_free);

  G_OBJECT_CLASS (postil_annotation_filters_parent_class)->dispose (object);
}

static void
postil_annotation_filters_class_init (PostilAnnotationFiltersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_annotation_filters_get_property;
  object_class->dispose = postil_annotation_filters_dispose;
  widget_class->grab_focus = postil_annotation_filters_grab_focus;

  properties[PROP_DOCUMENT] =
    g_param_spec_object ("document", NULL, NULL, POSTIL_TYPE_DOCUMENT, flags);
  properties[PROP_TOPIC] = g_param_spec_string ("topic", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilAnnotationFilters::changed:
   * @self: the filters
   *
   * Another filter is to be applied.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * PostilAnnotationFilters::done:
   * @self: the filters
   *
   * Enter in the search entry: the focus is to go to what was found.
   */
  signals[SIGNAL_DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (POSTIL_TYPE_TOPIC_SWATCH);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-annotation-filters.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, document_drop_down);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, topic_button);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, topic_swatch);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, topic_label);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, summary);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, unplaced_button);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationFilters, sort_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, document_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, unplaced_toggled_cb);
  gtk_widget_class_set_css_name (widget_class, "annotationfilters");
}

static void
postil_annotation_filters_init (PostilAnnotationFilters *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_document_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_document_cb), self);
  gtk_drop_down_set_factory (self->document_drop_down, factory);
  gtk_menu_button_set_create_popup_func (self->topic_button, create_topic_popover_cb, self, NULL);
  gtk_menu_button_set_create_popup_func (self->sort_button, create_sort_menu_cb, NULL, NULL);
  fill_document_drop_down (self);
  show_topic (self);
}

/**
 * postil_annotation_filters_set_workspace:
 * @self: the filters
 * @workspace: (nullable): whose documents and topics they offer
 */
void
postil_annotation_filters_set_workspace (PostilAnnotationFilters *self, PostilWorkspace *workspace)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self));

  leave_workspace (self);
  if (workspace)
    {
      self->workspace = g_object_ref (workspace);
      self->model = postil_topic_model_ref_for (workspace);
      g_signal_connect_swapped (self->model, "changed", G_CALLBACK (show_topic), self);
      g_signal_connect_swapped (get_documents (self), "items-changed",
                                G_CALLBACK (documents_changing_cb), self);
    }
  if (self->topic_finder)
    postil_topic_finder_set_workspace (self->topic_finder, workspace);
  fill_document_drop_down (self);
  if (workspace)
    g_signal_connect_data (get_documents (self), "items-changed", G_CALLBACK (show_document), self,
                           NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  show_topic (self);
}

/**
 * postil_annotation_filters_set_document:
 * @self: the filters
 * @document: (nullable): the only document; %NULL for all
 */
void
postil_annotation_filters_set_document (PostilAnnotationFilters *self, PostilDocument *document)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self));

  if (!g_set_object (&self->document, document))
    return;

  show_document (self);
  changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOCUMENT]);
}

/**
 * postil_annotation_filters_set_topic:
 * @self: the filters
 * @topic: (nullable): id of the only topic, with those below it; %NULL for all
 */
void
postil_annotation_filters_set_topic (PostilAnnotationFilters *self, const char *topic)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self));

  if (g_strcmp0 (topic, self->topic) == 0)
    return;

  g_free (self->topic);
  self->topic = g_strdup (topic);
  show_topic (self);
  changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOPIC]);
}

/**
 * postil_annotation_filters_get:
 * @self: the filters
 * @filter: (out caller-allocates): what they are set to; valid until they change
 *
 * Returns: whether they hide anything
 */
gboolean
postil_annotation_filters_get (PostilAnnotationFilters *self, PostilAnnotationFilter *filter)
{
  const char *text;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self) && filter != NULL, FALSE);

  text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  filter->document = self->document;
  filter->topic = self->topic;
  filter->text = text[0] != '\0' ? text : NULL;
  filter->review = gtk_toggle_button_get_active (self->unplaced_button) ? POSTIL_REVIEW_ALL : 0;

  return filter->document || filter->topic || filter->text || filter->review;
}

/**
 * postil_annotation_filters_show_order:
 * @self: the filters
 * @order: in which order the annotations are; any but reading order is named
 */
void
postil_annotation_filters_show_order (PostilAnnotationFilters *self, PostilAnnotationOrder order)
{
  const char *name;

  g_return_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self));
  g_return_if_fail (order < G_N_ELEMENTS (order_names));

  name = _ (order_names[order]);
  if (order == POSTIL_ORDER_PLACE)
    gtk_menu_button_set_icon_name (self->sort_button, "postil-sort-symbolic");
  else
    gtk_menu_button_set_label (self->sort_button, name);
}

/**
 * postil_annotation_filters_clear:
 * @self: the filters
 *
 * Lets all annotations through.
 */
void
postil_annotation_filters_clear (PostilAnnotationFilters *self)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_toggle_button_set_active (self->unplaced_button, FALSE);
  postil_annotation_filters_set_document (self, NULL);
  postil_annotation_filters_set_topic (self, NULL);
  changed (self);
}

/**
 * postil_annotation_filters_show_counts:
 * @self: the filters
 * @n_shown: how many annotations they let through
 * @n_all: how many there are
 * @n_to_review: how many a person should look at
 */
void
postil_annotation_filters_show_counts (PostilAnnotationFilters *self,
                                       guint n_shown,
                                       guint n_all,
                                       guint n_to_review)
{
  g_autofree char *summary = NULL, *to_review = NULL;
  PostilAnnotationFilter filter;

  g_return_if_fail (POSTIL_IS_ANNOTATION_FILTERS (self));

  if (postil_annotation_filters_get (self, &filter))
    summary = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u of %u annotation", "%u of %u annotations", n_all), n_shown,
      n_all);
  else
    summary = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u annotation", "%u annotations", n_all), n_all);
  gtk_label_set_label (self->summary, n_all > 0 ? summary : "");

  to_review = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u to review", "%u to review", n_to_review), n_to_review);
  gtk_button_set_label (GTK_BUTTON (self->unplaced_button), to_review);
  gtk_widget_set_visible (GTK_WIDGET (self->unplaced_button), n_to_review > 0 || filter.review);
}
