/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-application.h"

#include <glib/gi18n.h>

#include "postil-environment.h"
#include "postil-preferences.h"
#include "postil-window.h"

/**
 * PostilApplication:
 *
 * The one process of Postil. Owns the settings, knows who annotates, and says which window a file
 * belongs to: an open document belongs to one window, and opening it again shows it there.
 */
struct _PostilApplication
{
  AdwApplication parent_instance;

  PostilStore *store;
  GSettings *settings;
  PostilAnnotator *annotator;
};

G_DEFINE_FINAL_TYPE (PostilApplication, postil_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *keys[4];
} accels[] = {
  { "app.new-window", { "<Control>n" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
  { "win.open", { "<Control>o" } },
  { "win.open-folder", { "<Control><Shift>o" } },
  { "win.close-document('')", { "<Control><Shift>w" } },
  { "win.highlight", { "<Control>h" } },
  { "win.topic", { "<Control>t" } },
  { "win.note", { "<Control>m" } },
  { "win.note-document", { "<Control><Shift>m" } },
  { "win.cycle-annotations", { "<Control>e" } },
  { "win.previous-annotation", { "<Alt>Up" } },
  { "win.next-annotation", { "<Alt>Down" } },
  { "win.copy-citation", { "<Control><Shift>c" } },
  { "win.review", { "<Control><Shift>r" } },
  { "win.review-next", { "F8" } },
  { "win.review-previous", { "<Shift>F8" } },
  { "win.review-accept", { "<Control>F8" } },
  { "win.review-reattach", { "<Control><Shift>F8" } },
  { "win.compare", { "<Control>d" } },
  { "win.summary", { "<Control><Shift>s" } },
  { "win.compare-next", { "<Alt>Page_Down" } },
  { "win.compare-previous", { "<Alt>Page_Up" } },
  { "win.next-difference", { "F4" } },
  { "win.previous-difference", { "<Shift>F4" } },
  { "win.next-omission", { "F5" } },
  { "win.previous-omission", { "<Shift>F5" } },
  { "win.compare-filter('all')", { "<Alt>1" } },
  { "win.compare-filter('omissions')", { "<Alt>2" } },
  { "win.compare-filter('rewordings')", { "<Alt>3" } },
  { "win.compare-filter('moves')", { "<Alt>4" } },
  { "win.align-here", { "<Control>l" } },
  { "win.scroll-together", { "<Control><Shift>l" } },
  { "win.pair", { "<Control>j" } },
  { "win.split-pair", { "<Control><Shift>j" } },
  { "win.dismiss-pair", { "<Control>k" } },
  { "win.undecide", { "<Control><Shift>k" } },
  { "win.carry-over", { "<Control>r" } },
  { "win.carry-over-with-note", { "<Control><Alt>r" } },
  { "win.carry-over-topic", { "<Control><Shift>t" } },
  { "win.show-counterpart", { "<Control><Shift>g" } },
  { "win.go-to", { "<Control>g" } },
  { "win.find", { "<Control>f" } },
  { "win.find-next", { "F3" } },
  { "win.find-previous", { "<Shift>F3" } },
  { "win.other-text", { "<Control>Tab" } },
  { "win.next-pane", { "F6" } },
  { "win.previous-pane", { "<Shift>F6" } },
  { "win.show-documents", { "F9" } },
  { "win.show-annotations", { "F10" } },
  { "win.fullscreen", { "F11" } },
  { "win.show-help-overlay", { "<Control>question", "<Control>F1" } },
  { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
  { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
  { "win.zoom-reset", { "<Control>0", "<Control>KP_0" } },
};

static PostilWindow *
new_window (PostilApplication *self)
{
  PostilWindow *window = postil_window_new (self);

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static PostilWindow *
find_window (PostilApplication *self, GFile *file)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link; link = link->next)
    if (POSTIL_IS_WINDOW (link->data) && postil_window_has_file (link->data, file))
      return link->data;
  return NULL;
}

/* The window that was used last, before any dialog. */
static PostilWindow *
last_window (PostilApplication *self)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link; link = link->next)
    if (POSTIL_IS_WINDOW (link->data))
      return link->data;
  return NULL;
}

/* The account's own name, as people know it. */
static char *
get_account_name (void)
{
  const char *real = g_get_real_name ();

  if (real && *real && strcmp (real, "Unknown") != 0)
    return g_locale_to_utf8 (real, -1, NULL, NULL, NULL);
  return NULL;
}

static void
annotator_changed_cb (PostilApplication *self)
{
  g_autofree char *name = g_strstrip (g_settings_get_string (self->settings, "annotator-name"));
  g_autofree char *id = g_settings_get_string (self->settings, "annotator-id");
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  if (!*name)
    {
      g_free (name);
      name = get_account_name ();
    }
  if (!name)
    name = g_filename_display_name (g_get_user_name ());

  g_clear_pointer (&self->annotator, postil_annotator_unref);
  self->annotator = postil_annotator_new (id, name, NULL);
  for (GList *link = windows; link; link = link->next)
    if (POSTIL_IS_WINDOW (link->data))
      postil_window_set_annotator (link->data, self->annotator);
}

static void
ensure_annotator (PostilApplication *self)
{
  const PostilEnvironment *environment = postil_environment_get_system ();
  g_autofree char *id = g_settings_get_string (self->settings, "annotator-id");
  g_autofree char *name = g_settings_get_string (self->settings, "annotator-name");

  if (!*id)
    {
      g_free (id);
      id = environment->new_id (environment->data);
      g_settings_set_string (self->settings, "annotator-id", id);
    }
  if (!*name)
    {
      g_autofree char *account = get_account_name ();

      if (account)
        g_settings_set_string (self->settings, "annotator-name", account);
    }
  annotator_changed_cb (self);
}

static void
color_scheme_changed_cb (PostilApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  int chosen = g_settings_get_enum (self->settings, "color-scheme");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (chosen, 0, G_N_ELEMENTS (schemes) - 1)]);
}

static void
new_window_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  new_window (data);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilApplication *self = data;
  GtkWidget *preferences = postil_preferences_new (self->settings);

  gtk_window_set_transient_for (GTK_WINDOW (preferences),
                                gtk_application_get_active_window (GTK_APPLICATION (self)));
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  adw_show_about_window (
    gtk_application_get_active_window (data), "application-name", _ ("Postil"), "application-icon",
    POSTIL_APP_ID, "version", POSTIL_VERSION, "developer-name", _ ("The Postil authors"),
    "comments",
    _ ("Read two texts as one: highlight passages, tag them with topics and write notes. The "
       "texts are never changed; annotations stand in a file beside each of them, in the W3C’s Web "
       "Annotation format."),
    "license-type", GTK_LICENSE_GPL_3_0, "copyright", _ ("© 2026 The Postil authors"),
    /* Translators: your own names, one a line. */
    "translator-credits", _ ("translator-credits"), NULL);
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (data));

  /* Each asks for itself; the application ends with the last one. */
  for (GList *link = windows; link; link = link->next)
    gtk_window_close (link->data);
}

static const GActionEntry actions[] = {
  { "new-window", new_window_cb },
  { "preferences", preferences_cb },
  { "about", about_cb },
  { "quit", quit_cb },
};

/* Has GTK begin with the empty theme that libadwaita has it change to in any case: its own it would
 * parse for nothing. Only the environment can say so, which must not change once there are threads.
 */
static gboolean
init_gtk (void)
{
  gboolean chosen = g_getenv ("GTK_THEME") != NULL;
  gboolean ready;

  if (!chosen)
    g_setenv ("GTK_THEME", "Adwaita-empty", TRUE);
  ready = gtk_init_check () && gtk_settings_get_default ();
  if (!chosen)
    g_unsetenv ("GTK_THEME");
  return ready;
}

/* Has a thread read the icon theme, with its folders. */
static void
read_icons_cb (GtkSettings *settings, GParamSpec *pspec, char **folders)
{
  g_signal_handlers_disconnect_by_func (settings, read_icons_cb, folders);
  gtk_icon_theme_set_search_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                  (const char *const *) folders);
  g_object_notify (G_OBJECT (settings), "gtk-icon-theme-name");
}

static void
postil_application_startup (GApplication *application)
{
  PostilApplication *self = POSTIL_APPLICATION (application);
  GtkSettings *settings;
  GtkIconTheme *icons;
  g_auto (GStrv) folders = NULL;
  gulong handler;

  if (!gtk_is_initialized ())
    init_gtk ();
  /* A thread reads the icon theme as soon as somebody asks for it, and whatever joins it later has
   * all of it read again, in the end by whoever shows the first icon. So its folders come last, and
   * a thread is told again: when libadwaita, which has joined then, takes its theme, which it
   * parses for as long. */
  settings = gtk_settings_get_default ();
  icons = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  folders = gtk_icon_theme_get_search_path (icons);
  gtk_icon_theme_set_search_path (icons, (const char *const[]){ NULL });
  handler =
    g_signal_connect (settings, "notify::gtk-theme-name", G_CALLBACK (read_icons_cb), folders);
  G_APPLICATION_CLASS (postil_application_parent_class)->startup (application);
  if (g_signal_handler_is_connected (settings, handler))
    read_icons_cb (settings, NULL, folders);

  self->settings = g_settings_new (POSTIL_APP_ID);
  g_signal_connect_swapped (self->settings, "changed::annotator-name",
                            G_CALLBACK (annotator_changed_cb), self);
  g_signal_connect_swapped (self->settings, "changed::color-scheme",
                            G_CALLBACK (color_scheme_changed_cb), self);
  ensure_annotator (self);
  color_scheme_changed_cb (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].keys);
}

static void
postil_application_activate (GApplication *application)
{
  PostilApplication *self = POSTIL_APPLICATION (application);
  PostilWindow *window = last_window (self);

  if (window)
    gtk_window_present (GTK_WINDOW (window));
  else
    new_window (self);
}

static void
postil_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autoptr (GListStore) list = g_list_store_new (G_TYPE_FILE);

  g_list_store_splice (list, 0, 0, (gpointer *) files, n_files);
  postil_application_open_files (POSTIL_APPLICATION (application), NULL, G_LIST_MODEL (list));
}

static int
postil_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Postil %s\n", POSTIL_VERSION);
      return 0;
    }
  if (!init_gtk ())
    {
      g_printerr ("%s\n", _ ("Postil needs a display to open its window; without one, postil-cli "
                             "does the same work on the command line."));
      return 2;
    }
  return -1;
}

static void
postil_application_finalize (GObject *object)
{
  PostilApplication *self = POSTIL_APPLICATION (object);

  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->annotator, postil_annotator_unref);

  G_OBJECT_CLASS (postil_application_parent_class)->finalize (object);
}

static void
postil_application_class_init (PostilApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = postil_application_finalize;

  application_class->startup = postil_application_startup;
  application_class->activate = postil_application_activate;
  application_class->open = postil_application_open;
  application_class->handle_local_options = postil_application_handle_local_options;
}

static void
postil_application_init (PostilApplication *self)
{
  g_application_add_main_option (G_APPLICATION (self), "version", 'v', 0, G_OPTION_ARG_NONE,
                                 _ ("Print the version and exit"), NULL);
}

/**
 * postil_application_new:
 * @store: where it keeps what is to survive accidents
 *
 * Returns: (transfer full): the application
 */
PostilApplication *
postil_application_new (PostilStore *store)
{
  PostilApplication *self;

  g_return_val_if_fail (POSTIL_IS_STORE (store), NULL);

  self =
    g_object_new (POSTIL_TYPE_APPLICATION, "application-id", POSTIL_APP_ID, "flags",
                  G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/page/postil/Postil", NULL);
  self->store = g_object_ref (store);

  return self;
}

/**
 * postil_application_get_store:
 * @self: the application
 *
 * Returns: (transfer none): where it keeps what is to survive accidents
 */
PostilStore *
postil_application_get_store (PostilApplication *self)
{
  g_return_val_if_fail (POSTIL_IS_APPLICATION (self), NULL);

  return self->store;
}

/**
 * postil_application_get_settings:
 * @self: the application
 *
 * Returns: (transfer none): its settings
 */
GSettings *
postil_application_get_settings (PostilApplication *self)
{
  g_return_val_if_fail (POSTIL_IS_APPLICATION (self), NULL);

  return self->settings;
}

/**
 * postil_application_get_annotator:
 * @self: the application
 *
 * Returns: (transfer none): who annotates
 */
PostilAnnotator *
postil_application_get_annotator (PostilApplication *self)
{
  g_return_val_if_fail (POSTIL_IS_APPLICATION (self), NULL);

  return self->annotator;
}

/**
 * postil_application_open_files:
 * @self: the application
 * @window: (nullable): the window that asks, or %NULL for the one used last
 * @files: (element-type GFile): text files and folders
 *
 * Opens files: one that is open already is shown where it is, others join the documents of the
 * window, a folder comes into a window of its own.
 */
void
postil_application_open_files (PostilApplication *self, GtkWindow *window, GListModel *files)
{
  PostilWindow *target = NULL;
  guint n;

  g_return_if_fail (POSTIL_IS_APPLICATION (self));
  g_return_if_fail (!window || GTK_IS_WINDOW (window));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  target = POSTIL_IS_WINDOW (window) ? POSTIL_WINDOW (window) : last_window (self);
  n = g_list_model_get_n_items (files);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      PostilWindow *owner = find_window (self, file);

      if (!owner)
        {
          gboolean folder =
            g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY;

          if (!target || (folder && !postil_window_is_empty (target)))
            target = postil_window_new (self);
          owner = target;
        }
      postil_window_open (owner, file, n == 1);
      postil_window_present (owner);
    }
}
