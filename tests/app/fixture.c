/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#define TIMEOUT_MS 60000

/* Removes a folder with all in it; a thread may still be writing there. */
static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static char *store_folder;

static void
remove_store (void)
{
  remove_tree (store_folder);
  g_free (store_folder);
}

/* GTK 4.8 warns, and only paints a frame late, when a scroll bar learns in the middle of a layout
 * that its text has become another; every other warning ends the test. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && fields[i].length < 0 &&
        g_str_has_suffix (fields[i].value, "without a current allocation"))
      return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

/* A process has one application, which only g_application_run() could end. */
static PostilApplication *
get_application (void)
{
  static PostilApplication *application;
  g_autoptr (PostilStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (!application)
    {
      g_log_set_writer_func (write_log, NULL, NULL);
      store_folder = g_dir_make_tmp ("postil-store-XXXXXX", &error);
      g_assert_no_error (error);
      atexit (remove_store);
      store = postil_store_new (store_folder, NULL);
      application = postil_application_new (store);
      /* Tests run side by side, each with a process of its own. */
      g_application_set_flags (G_APPLICATION (application),
                               G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
      g_application_register (G_APPLICATION (application), NULL, &error);
      g_assert_no_error (error);
      /* GTK warns of widgets that are drawn between two steps of an animation when a window goes
       * meanwhile; and it would take time. */
      g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
    }
  return application;
}

/* To begin with: whether there is a display to test the window on. */
gboolean
fixture_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (gtk_init_check ())
    return TRUE;
  g_test_message ("Without a display, the window is not tested");
  return FALSE;
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GSettings *settings;

  fixture->folder = g_dir_make_tmp ("postil-app-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->application = get_application ();
  settings = postil_application_get_settings (fixture->application);
  g_settings_reset (settings, "compare");
  g_settings_reset (settings, "scroll-together");
}

static gboolean
no_window (gpointer data)
{
  return gtk_application_get_windows (data) == NULL;
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  GtkApplication *application = GTK_APPLICATION (fixture->application);
  GList *windows;

  while ((windows = gtk_application_get_windows (application)))
    gtk_window_destroy (windows->data);
  wait_until (no_window, application, "all windows to go");
  remove_tree (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
}

/* (transfer full): the path of a new file. */
char *
fixture_write (Fixture *fixture, const char *name, const char *contents, gssize length)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
  return path;
}

static gboolean
is_idle (gpointer data)
{
  PostilWindow *window = data;

  return !postil_opener_is_busy (window->opener) &&
         !postil_text_view_get_loading (postil_document_view_get_text_view (window->start_view)) &&
         !postil_text_view_get_loading (postil_document_view_get_text_view (window->end_view)) &&
         gtk_widget_get_mapped (GTK_WIDGET (window));
}

/* Opens files, or only a window; waits until all is there. */
PostilWindow *
fixture_open (Fixture *fixture, const char *const *paths)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  PostilWindow *window;

  for (guint i = 0; paths && paths[i]; i++)
    g_ptr_array_add (files, g_file_new_for_path (paths[i]));
  if (files->len > 0)
    g_application_open (G_APPLICATION (fixture->application), (GFile **) files->pdata, files->len,
                        "");
  else
    g_application_activate (G_APPLICATION (fixture->application));
  window =
    POSTIL_WINDOW (gtk_application_get_windows (GTK_APPLICATION (fixture->application))->data);
  wait_until (is_idle, window, "the files to be open");
  if (postil_window_get_active_document (window))
    gtk_widget_grab_focus (GTK_WIDGET (get_text (window)));
  return window;
}

/* Opens two new texts. */
PostilWindow *
fixture_open_two (Fixture *fixture, const char *first, const char *second)
{
  g_autofree char *a = fixture_write (fixture, "a.txt", first, -1);
  g_autofree char *b = fixture_write (fixture, "b.txt", second, -1);

  return fixture_open (fixture, (const char *[]){ a, b, NULL });
}

static gboolean
is_gone (gpointer data)
{
  return *(PostilWindow **) data == NULL;
}

/* Closes a window as a person does, and waits until it is gone. */
void
fixture_close (Fixture *fixture, PostilWindow *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_close (GTK_WINDOW (window));
  wait_until (is_gone, &window, "the window to close");
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition holds; fails when it never does. */
void
wait_until (Condition condition, gpointer data, const char *what)
{
  gint64 end = g_get_monotonic_time () + TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;
  guint wake = g_timeout_add (20, wake_cb, NULL);

  while (!condition (data))
    {
      if (g_get_monotonic_time () > end)
        g_error ("Waited in vain for %s", what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (wake);
}

static gboolean
is_saved (gpointer data)
{
  PostilSaver *worst = postil_savers_get_worst (((PostilWindow *) data)->savers);

  return !worst || postil_saver_get_state (worst) == POSTIL_SAVER_SAVED;
}

void
wait_saved (PostilWindow *window)
{
  wait_until (is_saved, window, "all to be saved");
}

/* Whether the two texts of a #PostilWindow are aligned as they are now. */
gboolean
is_compared (gpointer window)
{
  PostilComparer *comparer = POSTIL_WINDOW (window)->comparer;
  gboolean running;

  g_object_get (comparer, "running", &running, NULL);
  return !running && postil_comparer_get_alignment (comparer);
}

void
wait_compared (PostilWindow *window)
{
  wait_until (is_compared, window, "the texts to be compared");
}

gboolean
is_enabled (PostilWindow *window, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (window), action);
}

PostilTextView *
get_text (PostilWindow *window)
{
  return postil_document_view_get_text_view (window->active);
}

/* (transfer none): the document at @position of the documents pane. */
PostilDocument *
get_document (PostilWindow *window, guint position)
{
  g_autoptr (PostilDocument) document =
    g_list_model_get_item (postil_workspace_get_documents (window->workspace), position);

  return document;
}

static gboolean
matches (GtkShortcutTrigger *trigger, guint key, GdkModifierType modifiers)
{
  if (GTK_IS_ALTERNATIVE_TRIGGER (trigger))
    return matches (gtk_alternative_trigger_get_first (GTK_ALTERNATIVE_TRIGGER (trigger)), key,
                    modifiers) ||
           matches (gtk_alternative_trigger_get_second (GTK_ALTERNATIVE_TRIGGER (trigger)), key,
                    modifiers);
  return GTK_IS_KEYVAL_TRIGGER (trigger) &&
         gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
         gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers;
}

/* Activates the shortcuts of @widget for a key, as GTK does in one phase. */
static gboolean
activate (GtkWidget *widget, GtkPropagationPhase phase, guint key, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  guint n = g_list_model_get_n_items (controllers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller) ||
          gtk_event_controller_get_propagation_phase (controller) != phase)
        continue;
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);

          if (matches (gtk_shortcut_get_trigger (shortcut), key, modifiers) &&
              gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut),
                                            GTK_SHORTCUT_ACTION_EXCLUSIVE, widget,
                                            gtk_shortcut_get_arguments (shortcut)))
            return TRUE;
        }
    }
  return FALSE;
}

/* What a key does: the application's accelerators come first, then the shortcuts of the focused
 * widget and of those around it. */
void
press (PostilWindow *window, const char *key)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (window));
  g_auto (GStrv) actions = gtk_application_get_actions_for_accel (application, key);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));
  GdkModifierType modifiers;
  guint keyval;

  if (!gtk_accelerator_parse (key, &keyval, &modifiers))
    g_error ("No such key: %s", key);
  for (guint i = 0; actions[i]; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr (GVariant) target = NULL;

      if (g_action_parse_detailed_name (actions[i], &name, &target, NULL) &&
          gtk_widget_activate_action_variant (focus ? focus : GTK_WIDGET (window), name, target))
        return;
    }
  for (GtkWidget *widget = focus; widget; widget = gtk_widget_get_parent (widget))
    if (activate (widget, GTK_PHASE_CAPTURE, keyval, modifiers))
      return;
  for (GtkWidget *widget = focus; widget; widget = gtk_widget_get_parent (widget))
    if (activate (widget, GTK_PHASE_BUBBLE, keyval, modifiers))
      return;
}

void
press_times (PostilWindow *window, const char *key, guint times)
{
  for (guint i = 0; i < times; i++)
    press (window, key);
}

/* Types into what has the focus. */
void
type (PostilWindow *window, const char *words)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  if (GTK_IS_TEXT_VIEW (focus))
    gtk_text_buffer_insert_interactive_at_cursor (gtk_text_view_get_buffer (GTK_TEXT_VIEW (focus)),
                                                  words, -1, TRUE);
  else if (GTK_IS_EDITABLE (focus))
    {
      int position = gtk_editable_get_position (GTK_EDITABLE (focus));

      gtk_editable_insert_text (GTK_EDITABLE (focus), words, -1, &position);
      gtk_editable_set_position (GTK_EDITABLE (focus), position);
    }
  else
    g_error ("Nothing to type into: the focus is on %s",
             focus ? G_OBJECT_TYPE_NAME (focus) : "nothing");
}

/* Whether a bar in @widget shows @words. */
gboolean
has_bar (GtkWidget *widget, const char *words)
{
  if (GTK_IS_REVEALER (widget) && !gtk_revealer_get_reveal_child (GTK_REVEALER (widget)))
    return FALSE;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), words) &&
      gtk_widget_get_ancestor (widget, POSTIL_TYPE_BAR))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (has_bar (child, words))
      return TRUE;
  return FALSE;
}

typedef struct
{
  PostilWindow *window;
  const char *words;
} Said;

static gboolean
is_said (gpointer data)
{
  Said *said = data;

  return has_bar (GTK_WIDGET (said->window), said->words);
}

static gboolean
is_not_said (gpointer data)
{
  return !is_said (data);
}

void
wait_bar (PostilWindow *window, const char *words)
{
  wait_until (is_said, &(Said){ window, words }, words);
}

void
wait_no_bar (PostilWindow *window, const char *words)
{
  wait_until (is_not_said, &(Said){ window, words }, "a bar to go");
}

/* The dialog that asks something now, or %NULL. */
GtkWidget *
find_dialog (Fixture *fixture)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

/* Answers it. */
void
answer (Fixture *fixture, const char *response)
{
  GtkWidget *dialog = find_dialog (fixture);

  g_assert_nonnull (dialog);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (GTK_WINDOW (dialog));
}
