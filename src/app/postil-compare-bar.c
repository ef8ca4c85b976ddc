/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-compare-bar.h"

#include <glib/gi18n.h>

#include "postil-comparison-words.h"
#include "postil-tooltip.h"
#include "postil-wrap-layout.h"

/**
 * PostilCompareBar:
 *
 * What stands above two texts that are compared: which ones, where one is among their passages and
 * what the current one is, and the verbs of comparing. The window owns it and tells it all that it
 * shows; what a person does with it are the window's actions.
 *
 * The line that says what the current passage is stands between the other parts where there is room
 * for it, else below them; its height never depends on what it says, so that the texts below keep
 * their places.
 */
struct _PostilCompareBar
{
  GtkWidget parent_instance;

  GtkWidget *controls;
  GtkWidget *choices;
  GtkWidget *start_choice;
  GtkLabel *start_name;
  GtkWidget *end_choice;
  GtkLabel *end_name;
  GtkMenuButton *filter_button;
  GtkLabel *position;
  GtkLabel *status;
  GtkWidget *tools;
  GtkProgressBar *progress;

  GListModel *documents;
  GMenu *start_menu;
  GMenu *end_menu;
  GMenu *filter_menu;
  gboolean narrow;
  gboolean summary;
  guint progress_id;
};

G_DEFINE_FINAL_TYPE (PostilCompareBar, postil_compare_bar, GTK_TYPE_WIDGET)

/* Between its parts, and of the line of words where it stands between them, in pixels and in
 * letters. */
#define SPACING 12
#define STATUS_CHARS 30

/* What takes less time than that, in ms, shows no progress. */
#define PROGRESS_DELAY 300

enum
{
  PROP_NARROW = 1,
  PROP_SUMMARY,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* As the action "win.compare-filter" has them. */
static const char *const filter_names[] = { "all", "omissions", "rewordings", "moves" };

/* The size of lines of text in the status. */
static void
measure_status (PostilCompareBar *self, int *width, int *height, int *two_lines)
{
  g_autoptr (PangoLayout) layout =
    gtk_widget_create_pango_layout (GTK_WIDGET (self->status), "x\nx");
  PangoFontMetrics *metrics =
    pango_context_get_metrics (pango_layout_get_context (layout), NULL, NULL);

  pango_layout_get_pixel_size (layout, NULL, two_lines);
  *width = STATUS_CHARS * pango_font_metrics_get_approximate_char_width (metrics) / PANGO_SCALE;
  pango_layout_set_text (layout, "x", -1);
  pango_layout_get_pixel_size (layout, NULL, height);
  pango_font_metrics_unref (metrics);
}

static int
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, gboolean natural)
{
  int minimum_size, natural_size;

  gtk_widget_measure (widget, orientation, for_size, &minimum_size, &natural_size, NULL, NULL);
  return natural ? natural_size : minimum_size;
}

/* Says where everything is to be in a bar of @width pixels, and returns its height. */
static int
lay_out (PostilCompareBar *self,
         int width,
         GdkRectangle *controls,
         GdkRectangle *status,
         GdkRectangle *tools)
{
  int status_width, line, two_lines, height;
  int tools_width = measure (self->tools, GTK_ORIENTATION_HORIZONTAL, -1, TRUE);
  int controls_width = measure (self->controls, GTK_ORIENTATION_HORIZONTAL, -1, TRUE);
  int tools_height = measure (self->tools, GTK_ORIENTATION_VERTICAL, tools_width, TRUE);
  gboolean beside;

  measure_status (self, &status_width, &line, &two_lines);
  beside = self->summary ||
           (!self->narrow && controls_width + tools_width + status_width + 2 * SPACING <= width);
  controls_width = MAX (measure (self->controls, GTK_ORIENTATION_HORIZONTAL, -1, FALSE),
                        MIN (controls_width, width - tools_width - SPACING));
  *controls =
    (GdkRectangle){ 0, 0, controls_width,
                    measure (self->controls, GTK_ORIENTATION_VERTICAL, controls_width, TRUE) };
  height = MAX (controls->height, tools_height);
  *tools = (GdkRectangle){ MAX (width - tools_width, controls_width), 0, tools_width,
                           beside ? height : tools_height };
  if (beside)
    {
      controls->height = height;
      *status = (GdkRectangle){ controls_width + SPACING, (height - line) / 2,
                                MAX (tools->x - controls_width - 2 * SPACING, 0), line };
      return height;
    }
  *status = (GdkRectangle){ 0, height, width, self->narrow ? two_lines : line };
  return height + status->height;
}

static void
add_choice (GMenu *menu, PostilDocument *document, const char *action)
{
  g_autofree char *uri = g_file_get_uri (postil_document_get_file (document));
  /* In menus, an underscore would be a mnemonic. */
  g_auto (GStrv) parts = g_strsplit (postil_document_get_name (document), "_", -1);
  g_autofree char *name = g_strjoinv ("__", parts);
  g_autoptr (GMenuItem) item = g_menu_item_new (name, NULL);

  g_menu_item_set_action_and_target (item, action, "s", uri);
  g_menu_append_item (menu, item);
}

static void
documents_changed_cb (PostilCompareBar *self)
{
  guint n = g_list_model_get_n_items (self->documents);

  g_menu_remove_all (self->start_menu);
  g_menu_remove_all (self->end_menu);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (self->documents, i);

      add_choice (self->start_menu, document, "win.show-start");
      add_choice (self->end_menu, document, "win.show-end");
    }
  gtk_widget_set_visible (self->choices, n > 2);
}

static gboolean
show_progress_cb (gpointer data)
{
  PostilCompareBar *self = data;

  self->progress_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  return G_SOURCE_REMOVE;
}

static void
postil_compare_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilCompareBar *self = POSTIL_COMPARE_BAR (object);

  switch (id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_SUMMARY:
      g_value_set_boolean (value, self->summary);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_compare_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PostilCompareBar *self = POSTIL_COMPARE_BAR (object);

  gboolean *field = id == PROP_NARROW ? &self->narrow : &self->summary;

  if (*field == g_value_get_boolean (value))
    return;
  *field = !*field;
  g_object_notify_by_pspec (object, pspec);
}

static GtkSizeRequestMode
postil_compare_bar_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
postil_compare_bar_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  PostilCompareBar *self = POSTIL_COMPARE_BAR (widget);
  GdkRectangle controls, status, tools;
  int least = measure (self->controls, GTK_ORIENTATION_HORIZONTAL, -1, FALSE) + SPACING +
              measure (self->tools, GTK_ORIENTATION_HORIZONTAL, -1, TRUE);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = least;
  else
    *minimum = *natural = lay_out (self, for_size < 0 ? G_MAXINT / 2 : MAX (for_size, least),
                                   &controls, &status, &tools);
}

static void
allocate (GtkWidget *child, GdkRectangle area, int width)
{
  if (gtk_widget_get_direction (gtk_widget_get_parent (child)) == GTK_TEXT_DIR_RTL)
    area.x = width - area.x - area.width;
  gtk_widget_size_allocate (child, &area, -1);
}

static void
postil_compare_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilCompareBar *self = POSTIL_COMPARE_BAR (widget);
  GdkRectangle controls, status, tools;
  int bar_height;

  lay_out (self, width, &controls, &status, &tools);
  allocate (self->controls, controls, width);
  if (gtk_widget_should_layout (GTK_WIDGET (self->status)))
    allocate (GTK_WIDGET (self->status), status, width);
  allocate (self->tools, tools, width);
  if (gtk_widget_get_visible (GTK_WIDGET (self->progress)))
    {
      bar_height = measure (GTK_WIDGET (self->progress), GTK_ORIENTATION_VERTICAL, width, TRUE);
      gtk_widget_size_allocate (GTK_WIDGET (self->progress),
                                &(GtkAllocation){ 0, height - bar_height, width, bar_height }, -1);
    }
}

static void
postil_compare_bar_dispose (GObject *object)
{
  PostilCompareBar *self = POSTIL_COMPARE_BAR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->progress_id, g_source_remove);
  g_clear_object (&self->start_menu);
  g_clear_object (&self->end_menu);
  g_clear_object (&self->filter_menu);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->documents);

  G_OBJECT_CLASS (postil_compare_bar_parent_class)->dispose (object);
}

static void
postil_compare_bar_class_init (PostilCompareBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_compare_bar_get_property;
  object_class->set_property = postil_compare_bar_set_property;
  object_class->dispose = postil_compare_bar_dispose;
  widget_class->get_request_mode = postil_compare_bar_get_request_mode;
  widget_class->measure = postil_compare_bar_measure;
  widget_class->size_allocate = postil_compare_bar_size_allocate;

  /**
   * PostilCompareBar:narrow:
   *
   * Whether one text shows at a time: what is about both of them gives way, and what is left moves
   * into a menu.
   */
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags);
  /**
   * PostilCompareBar:summary:
   *
   * Whether the summary shows instead of the texts: what is about passages gives way to a way back.
   */
  properties[PROP_SUMMARY] = g_param_spec_boolean ("summary", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-compare-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, controls);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, choices);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, start_choice);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, start_name);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, end_choice);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, end_name);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, filter_button);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, position);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, status);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, tools);
  gtk_widget_class_bind_template_child (widget_class, PostilCompareBar, progress);
}

static GMenu *
add_menu (GtkWidget *button)
{
  GMenu *menu = g_menu_new ();

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  return menu;
}

static void
postil_compare_bar_init (PostilCompareBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->start_menu = add_menu (self->start_choice);
  self->end_menu = add_menu (self->end_choice);
  self->filter_menu = add_menu (GTK_WIDGET (self->filter_button));
}

/**
 * postil_compare_bar_set_documents:
 * @self: a compare bar
 * @documents: a list model of #PostilDocument that any two may be chosen of
 *
 * To be called once.
 */
void
postil_compare_bar_set_documents (PostilCompareBar *self, GListModel *documents)
{
  g_return_if_fail (POSTIL_IS_COMPARE_BAR (self));
  g_return_if_fail (G_IS_LIST_MODEL (documents));

  self->documents = g_object_ref (documents);
  g_signal_connect_object (documents, "items-changed", G_CALLBACK (documents_changed_cb), self,
                           G_CONNECT_SWAPPED);
  documents_changed_cb (self);
}

/* @format says which side it is, for screen readers. */
static void
show_choice (GtkWidget *choice, GtkLabel *label, const char *format, PostilDocument *document)
{
  const char *name = document ? postil_document_get_name (document) : "";
  g_autofree char *description = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  description = g_strdup_printf (format, name);
#pragma GCC diagnostic pop
  gtk_label_set_label (label, name);
  postil_tooltip_set (choice, description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  description, -1);
}

/**
 * postil_compare_bar_set_shown:
 * @self: a compare bar
 * @start: (nullable): the document at the start side
 * @end: (nullable): the one at the end side
 *
 * Says which documents are compared.
 */
void
postil_compare_bar_set_shown (PostilCompareBar *self, PostilDocument *start, PostilDocument *end)
{
  g_return_if_fail (POSTIL_IS_COMPARE_BAR (self));

  show_choice (self->start_choice, self->start_name, _ ("Text on the Left: %s"), start);
  show_choice (self->end_choice, self->end_name, _ ("Text on the Right: %s"), end);
}

/**
 * postil_compare_bar_set_walk:
 * @self: a compare bar
 * @walk: (nullable): the passages of both texts, %NULL as long as nothing is known of them
 *
 * Says how many there are of each kind. Nothing of @walk is kept.
 */
void
postil_compare_bar_set_walk (PostilCompareBar *self, PostilComparisonWalk *walk)
{
  g_return_if_fail (POSTIL_IS_COMPARE_BAR (self));

  g_menu_remove_all (self->filter_menu);
  for (guint filter = 0; filter < G_N_ELEMENTS (filter_names); filter++)
    {
      const char *name = postil_comparison_words_name (filter);
      /* Translators: what is gone through, such as “Omissions”, and how many there are. */
      g_autofree char *label = walk ? g_strdup_printf (C_ ("passages", "%s (%u)"), name,
                                                       postil_comparison_walk_count (walk, filter))
                                    : g_strdup (name);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

      g_menu_item_set_action_and_target (item, "win.compare-filter", "s", filter_names[filter]);
      g_menu_append_item (self->filter_menu, item);
    }
}

/**
 * postil_compare_bar_set_row:
 * @self: a compare bar
 * @walk: (nullable): the passages of both texts
 * @filter: which of them are gone through
 * @row: the current one, or %POSTIL_COMPARISON_NONE
 *
 * Shows where one is. Nothing of @walk is kept.
 */
void
postil_compare_bar_set_row (PostilCompareBar *self,
                            PostilComparisonWalk *walk,
                            PostilComparisonFilter filter,
                            guint row)
{
  g_autofree char *position = NULL;

  g_return_if_fail (POSTIL_IS_COMPARE_BAR (self));

  position = walk ? postil_comparison_words_locate (walk, filter, row) : g_strdup ("");
  gtk_label_set_label (self->position, position);
  gtk_menu_button_set_label (self->filter_button, postil_comparison_words_name (filter));
}

/**
 * postil_compare_bar_set_status:
 * @self: a compare bar
 * @status: one line of words
 *
 * Says what the current passage is, or why something cannot be done.
 */
void
postil_compare_bar_set_status (PostilCompareBar *self, const char *status)
{
  g_return_if_fail (POSTIL_IS_COMPARE_BAR (self));
  g_return_if_fail (status != NULL);

  gtk_label_set_label (self->status, status);
  postil_tooltip_set (GTK_WIDGET (self->status), *status ? status : NULL);
}

/**
 * postil_compare_bar_get_status:
 * @self: a compare bar
 *
 * Returns: (transfer none): what it says
 */
const char *
postil_compare_bar_get_status (PostilCompareBar *self)
{
  g_return_val_if_fail (POSTIL_IS_COMPARE_BAR (self), NULL);

  return gtk_label_get_label (self->status);
}

/**
 * postil_compare_bar_get_status_widget:
 * @self: a compare bar
 *
 * Returns: (transfer none): what shows it, for screen readers
 */
GtkAccessible *
postil_compare_bar_get_status_widget (PostilCompareBar *self)
{
  g_return_val_if_fail (POSTIL_IS_COMPARE_BAR (self), NULL);

  return GTK_ACCESSIBLE (self->status);
}

/**
 * postil_compare_bar_set_progress:
 * @self: a compare bar
 * @running: whether the texts are being compared
 * @fraction: how far that is, from 0 to 1
 *
 * Shows how far it is, unless it is done soon.
 */
void
postil_compare_bar_set_progress (PostilCompareBar *self, gboolean running, double fraction)
{
  g_return_if_fail (POSTIL_IS_COMPARE_BAR (self));

  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  if (!running)
    {
      g_clear_handle_id (&self->progress_id, g_source_remove);
      gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
    }
  else if (self->progress_id == 0 && !gtk_widget_get_visible (GTK_WIDGET (self->progress)))
    self->progress_id = g_timeout_add (PROGRESS_DELAY, show_progress_cb, self);
}
