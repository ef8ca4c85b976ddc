/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-preferences.h"

/**
 * PostilPreferences:
 *
 * The preferences: each row is one key of the settings and takes effect at once, but the
 * annotator's name, which does when it is applied: every document that names the annotator is
 * renamed with it.
 */
struct _PostilPreferences
{
  AdwPreferencesWindow parent_instance;

  AdwEntryRow *name;
  GtkSwitch *snap;
  GtkSwitch *numbers;
  AdwComboRow *style;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (PostilPreferences, postil_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
name_applied_cb (PostilPreferences *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));

  g_settings_set_string (self->settings, "annotator-name", name);
}

static void
style_selected_cb (PostilPreferences *self)
{
  if (self->settings)
    g_settings_set_enum (self->settings, "color-scheme",
                         (int) adw_combo_row_get_selected (self->style));
}

static void
postil_preferences_dispose (GObject *object)
{
  g_clear_object (&POSTIL_PREFERENCES (object)->settings);

  G_OBJECT_CLASS (postil_preferences_parent_class)->dispose (object);
}

static void
postil_preferences_class_init (PostilPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_preferences_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilPreferences, name);
  gtk_widget_class_bind_template_child (widget_class, PostilPreferences, snap);
  gtk_widget_class_bind_template_child (widget_class, PostilPreferences, numbers);
  gtk_widget_class_bind_template_child (widget_class, PostilPreferences, style);
  gtk_widget_class_bind_template_callback (widget_class, name_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, style_selected_cb);
}

static void
postil_preferences_init (PostilPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * postil_preferences_new:
 * @settings: the settings of Postil
 *
 * Returns: (transfer floating): a window with the preferences
 */
GtkWidget *
postil_preferences_new (GSettings *settings)
{
  PostilPreferences *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (POSTIL_TYPE_PREFERENCES, NULL);
  name = g_settings_get_string (settings, "annotator-name");
  gtk_editable_set_text (GTK_EDITABLE (self->name), name);
  adw_entry_row_set_show_apply_button (self->name, TRUE);
  adw_combo_row_set_selected (self->style, (guint) g_settings_get_enum (settings, "color-scheme"));
  g_settings_bind (settings, "snap-to-words", self->snap, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "show-paragraph-numbers", self->numbers, "active",
                   G_SETTINGS_BIND_DEFAULT);
  self->settings = g_object_ref (settings);

  return GTK_WIDGET (self);
}
