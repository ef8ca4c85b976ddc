/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic-editor.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-edit.h"
#include "postil-topic-model.h"
#include "postil-topic-swatch.h"

/*
 * PostilTopicEditor: a popover in which a topic is made or changed: label, definition, colour,
 * parent. What cannot be saved is said in place. Nothing changes until Save, which is one step of
 * the workspace's history.
 */
struct _PostilTopicEditor
{
  GtkPopover parent_instance;

  PostilWorkspace *workspace;
  char *id;
  GPtrArray *parents;

  GtkLabel *title;
  GtkEditable *label_entry;
  GtkLabel *error_label;
  GtkTextView *definition_view;
  GtkGrid *palette;
  PostilTopicSwatch *color_swatch;
  GtkEditable *color_entry;
  GtkDropDown *parent_drop_down;
  GtkWidget *save_button;
};

G_DEFINE_FINAL_TYPE (PostilTopicEditor, postil_topic_editor, GTK_TYPE_POPOVER)

#define N_PALETTE_COLUMNS 6

/* What a screen reader calls the colours of the palette. */
static const struct
{
  const char *color;
  const char *name;
} color_names[] = {
  { "#3584e4", N_ ("Blue") },   { "#e66100", N_ ("Orange") },      { "#2ec27e", N_ ("Green") },
  { "#9141ac", N_ ("Purple") }, { "#e5a50a", N_ ("Yellow") },      { "#c01c28", N_ ("Red") },
  { "#0ab9dc", N_ ("Cyan") },   { "#986a44", N_ ("Light brown") }, { "#d56199", N_ ("Pink") },
  { "#5e5c64", N_ ("Gray") },   { "#865e3c", N_ ("Dark brown") },  { "#1a5fb4", N_ ("Dark blue") },
};

static const char *
get_color_name (const char *color)
{
  for (guint i = 0; i < G_N_ELEMENTS (color_names); i++)
    if (g_str_equal (color_names[i].color, color))
      return _ (color_names[i].name);

  return color;
}

static char *
dup_color (PostilTopicEditor *self)
{
  return g_ascii_strdown (gtk_editable_get_text (self->color_entry), -1);
}

static const char *
get_broader (PostilTopicEditor *self)
{
  guint selected = gtk_drop_down_get_selected (self->parent_drop_down);

  return selected < self->parents->len ? g_ptr_array_index (self->parents, selected) : NULL;
}

static void
show_error (PostilTopicEditor *self, GtkEditable *entry, const char *message)
{
  GtkEditable *entries[] = { self->label_entry, self->color_entry };

  gtk_label_set_label (self->error_label, message ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), message != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (message && entries[i] == entry)
      {
        gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
        gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                                     GTK_ACCESSIBLE_INVALID_TRUE, -1);
        gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                        message, -1);
      }
    else
      {
        gtk_widget_remove_css_class (GTK_WIDGET (entries[i]), "error");
        gtk_accessible_reset_state (GTK_ACCESSIBLE (entries[i]), GTK_ACCESSIBLE_STATE_INVALID);
        gtk_accessible_reset_property (GTK_ACCESSIBLE (entries[i]),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
      }
  if (message && entry)
    gtk_widget_grab_focus (GTK_WIDGET (entry));
}

/* What was wrong may be right now; it is looked at again when saving. */
static void
input_changed_cb (PostilTopicEditor *self)
{
  show_error (self, NULL, NULL);
}

static void
color_changed_cb (PostilTopicEditor *self)
{
  g_autofree char *color = dup_color (self);

  show_error (self, NULL, NULL);
  if (postil_topic_is_color (color))
    postil_topic_swatch_set_color (self->color_swatch, color);
  for (GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->palette)); button;
       button = gtk_widget_get_next_sibling (button))
    gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (button),
      g_str_equal (color, g_object_get_data (G_OBJECT (button), "color")));
}

static void
palette_toggled_cb (PostilTopicEditor *self, GtkToggleButton *button)
{
  gboolean active = gtk_toggle_button_get_active (button);
  GtkWidget *swatch = gtk_button_get_child (GTK_BUTTON (button));
  const char *color = g_object_get_data (G_OBJECT (button), "color");
  g_autofree char *present = dup_color (self);

  postil_topic_swatch_set_sign (POSTIL_TOPIC_SWATCH (swatch), active ? "✓" : NULL);
  if (active && !g_str_equal (present, color))
    gtk_editable_set_text (self->color_entry, color);
}

static void
fill_palette (PostilTopicEditor *self)
{
  const char *const *colors = postil_codebook_get_palette ();
  GtkToggleButton *first = NULL;

  for (guint i = 0; colors[i]; i++)
    {
      GtkWidget *button = gtk_toggle_button_new (), *swatch = postil_topic_swatch_new ();
      const char *name = get_color_name (colors[i]);

      postil_topic_swatch_set_color (POSTIL_TOPIC_SWATCH (swatch), colors[i]);
      gtk_button_set_child (GTK_BUTTON (button), swatch);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "palette-color");
      gtk_widget_set_tooltip_text (button, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      g_object_set_data (G_OBJECT (button), "color", (gpointer) colors[i]);
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), first);
      if (first == NULL)
        first = GTK_TOGGLE_BUTTON (button);
      gtk_grid_attach (self->palette, button, i % N_PALETTE_COLUMNS, i / N_PALETTE_COLUMNS, 1, 1);
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (palette_toggled_cb), self);
    }
}

/* Offers as parents all topics but the one that is edited and those below it. */
static void
fill_parents (PostilTopicEditor *self, const char *broader)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  g_autoptr (PostilTopicModel) model = postil_topic_model_ref_for (self->workspace);
  GListModel *flat = postil_topic_model_get_flat (model);
  g_autoptr (GtkStringList) paths = gtk_string_list_new (NULL);
  guint selected = 0;

  g_ptr_array_set_size (self->parents, 0);
  g_ptr_array_add (self->parents, NULL);
  gtk_string_list_append (paths, _ ("None (at the top)"));
  for (guint i = 0; i < g_list_model_get_n_items (flat); i++)
    {
      g_autoptr (PostilTopicItem) item = g_list_model_get_item (flat, i);
      const char *id = postil_topic_item_get_id (item);

      if (self->id && postil_codebook_is_within (codebook, id, self->id))
        continue;
      if (g_strcmp0 (id, broader) == 0)
        selected = self->parents->len;
      g_ptr_array_add (self->parents, g_strdup (id));
      gtk_string_list_append (paths, postil_topic_item_get_path (item));
    }
  gtk_drop_down_set_model (self->parent_drop_down, G_LIST_MODEL (paths));
  gtk_drop_down_set_selected (self->parent_drop_down, selected);
}

static void
open_with (PostilTopicEditor *self, PostilWorkspace *workspace, const PostilTopicFields *fields)
{
  const char *definition = fields->definition ? fields->definition : "";

  g_set_object (&self->workspace, workspace);
  g_free (self->id);
  self->id = g_strdup (fields->id);
  gtk_label_set_label (self->title, self->id ? _ ("Edit Topic") : _ ("New Topic"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->title), -1);
  gtk_editable_set_text (self->label_entry, fields->label);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->definition_view), definition, -1);
  postil_topic_swatch_set_color (self->color_swatch, NULL);
  gtk_editable_set_text (self->color_entry, fields->color ? fields->color : "");
  color_changed_cb (self);
  fill_parents (self, fields->broader);
  show_error (self, NULL, NULL);

  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->label_entry));
}

static gboolean
commit (PostilTopicEditor *self, PostilTopicFields *fields, GError **error)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  const PostilEnvironment *environment = postil_workspace_get_environment (self->workspace);
  g_autoptr (PostilStep) step = postil_step_new (self->id ? _ ("Edit Topic") : _ ("New Topic"));

  if (self->id)
    {
      PostilTopic *before = postil_codebook_get_topic (codebook, self->id);
      PostilTopicFields changed = { .id = self->id };

      if (before)
        postil_topic_get_fields (before, &changed);
      changed.label = fields->label;
      changed.definition = fields->definition;
      changed.color = fields->color;
      changed.broader = fields->broader;
      if (!postil_edit_change_topic (self->workspace, step, &changed, error))
        return FALSE;
    }
  else
    {
      g_autofree char *id = environment->new_id (environment->data);
      g_autoptr (PostilTopic) topic = NULL;

      fields->id = id;
      fields->modified = environment->now (environment->data);
      topic = postil_topic_new (fields);
      postil_step_change_topic (step, NULL, topic);
    }
  postil_workspace_commit (self->workspace, step, NULL);

  return TRUE;
}

/* Whether the fields differ from the topic as it is. */
static gboolean
is_changed (PostilTopicEditor *self, const PostilTopicFields *fields)
{
  PostilTopic *topic =
    self->id ? postil_codebook_get_topic (postil_workspace_get_codebook (self->workspace), self->id)
             : NULL;

  return topic == NULL || g_strcmp0 (postil_topic_get_label (topic), fields->label) != 0 ||
         g_strcmp0 (postil_topic_get_definition (topic), fields->definition) != 0 ||
         g_strcmp0 (postil_topic_get_color (topic), fields->color) != 0 ||
         g_strcmp0 (postil_topic_get_broader (topic), fields->broader) != 0;
}

static void
save_cb (PostilTopicEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->definition_view);
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  g_autofree char *label = g_strstrip (g_strdup (gtk_editable_get_text (self->label_entry)));
  g_autofree char *definition = NULL, *color = dup_color (self);
  g_autoptr (GError) error = NULL;
  GtkTextIter start, end;
  PostilTopic *twin;
  PostilTopicFields fields = { .label = label, .broader = get_broader (self) };

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  definition = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, TRUE));
  fields.definition = definition[0] != '\0' ? definition : NULL;
  fields.color = color[0] != '\0' ? color : NULL;

  if (label[0] == '\0')
    {
      show_error (self, self->label_entry, _ ("A topic needs a name."));
      return;
    }
  twin = postil_codebook_find_label (codebook, fields.broader, label);
  if (twin && g_strcmp0 (postil_topic_get_id (twin), self->id) != 0)
    {
      show_error (self, self->label_entry, _ ("Another topic at this place has that name."));
      return;
    }
  if (fields.color && !postil_topic_is_color (fields.color))
    {
      show_error (self, self->color_entry,
                  _ ("A color is # and six hexadecimal digits, such as #3584e4."));
      return;
    }
  if (is_changed (self, &fields) && !commit (self, &fields, &error))
    {
      show_error (self, NULL, error->message);
      return;
    }
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
postil_topic_editor_finalize (GObject *object)
{
  PostilTopicEditor *self = POSTIL_TOPIC_EDITOR (object);

  g_clear_object (&self->workspace);
  g_ptr_array_unref (self->parents);
  g_free (self->id);

  G_OBJECT_CLASS (postil_topic_editor_parent_class)->finalize (object);
}

static void
postil_topic_editor_class_init (PostilTopicEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = postil_topic_editor_finalize;

  g_type_ensure (POSTIL_TYPE_TOPIC_SWATCH);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-topic-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, title);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, label_entry);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, error_label);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, definition_view);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, palette);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, color_swatch);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, color_entry);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, parent_drop_down);
  gtk_widget_class_bind_template_child (widget_class, PostilTopicEditor, save_button);
  gtk_widget_class_bind_template_callback (widget_class, input_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, color_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_popover_popdown);
}

static void
postil_topic_editor_init (PostilTopicEditor *self)
{
  self->parents = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_popover_set_default_widget (GTK_POPOVER (self), self->save_button);
  fill_palette (self);
}

GtkWidget *
postil_topic_editor_new (void)
{
  return g_object_new (POSTIL_TYPE_TOPIC_EDITOR, NULL);
}

/**
 * postil_topic_editor_create:
 * @self: an editor, placed where it is to open
 * @workspace: whose codebook is to have the topic
 * @broader: (nullable): id of the topic that it is to be below, which may be changed in the editor
 *
 * Opens for a new topic.
 */
void
postil_topic_editor_create (PostilTopicEditor *self,
                            PostilWorkspace *workspace,
                            const char *broader)
{
  PostilTopicFields fields = { .label = "", .broader = broader };

  g_return_if_fail (POSTIL_IS_TOPIC_EDITOR (self) && POSTIL_IS_WORKSPACE (workspace));

  fields.color = postil_codebook_get_free_color (postil_workspace_get_codebook (workspace));
  open_with (self, workspace, &fields);
}

/**
 * postil_topic_editor_edit:
 * @self: an editor, placed where it is to open
 * @workspace: whose codebook has the topic
 * @topic: the topic to change
 *
 * Opens for a topic that is there.
 */
void
postil_topic_editor_edit (PostilTopicEditor *self, PostilWorkspace *workspace, PostilTopic *topic)
{
  PostilTopicFields fields;

  g_return_if_fail (POSTIL_IS_TOPIC_EDITOR (self) && POSTIL_IS_WORKSPACE (workspace));
  g_return_if_fail (topic != NULL);

  postil_topic_get_fields (topic, &fields);
  open_with (self, workspace, &fields);
}
