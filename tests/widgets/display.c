/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "display.h"

#include <string.h>

#include "postil-annotation-card.h"
#include "postil-excerpt.h"

/**
 * display_init:
 *
 * Returns: whether there is a display; otherwise all tests were reported as skipped
 */
gboolean
display_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return FALSE;
    }
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink",
                FALSE, NULL);

  return TRUE;
}

/**
 * display_show:
 * @widget: what to show
 *
 * Returns: (transfer none): a window with it, for display_close()
 */
GtkWidget *
display_show (GtkWidget *widget)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 640);
  gtk_window_present (GTK_WINDOW (window));
  display_wait (gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0);

  return window;
}

void
display_close (GtkWidget *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  display_settle (20);
}

/* Runs the main loop for @ms milliseconds. */
void
display_settle (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  do
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
  while (g_get_monotonic_time () < end);
}

/* Runs the main loop until the window of a widget has been laid out and painted from now on. */
void
display_wait_for_frame (gpointer widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gint64 last = gdk_frame_clock_get_frame_counter (clock);

  gtk_widget_queue_draw (widget);
  display_wait (gdk_frame_clock_get_frame_counter (clock) > last);
}

typedef struct
{
  GType type;
  const char *text;
  guint nth;
  guint n_found;
  GtkWidget *found;
} Search;

static char *
dup_text (GtkWidget *widget)
{
  if (GTK_IS_BUTTON (widget))
    return g_strdup (gtk_button_get_label (GTK_BUTTON (widget)));
  if (POSTIL_IS_EXCERPT (widget))
    return g_strdup (postil_excerpt_get_text (POSTIL_EXCERPT (widget)));
  if (POSTIL_IS_ANNOTATION_CARD (widget))
    return postil_annotation_card_dup_phrase (POSTIL_ANNOTATION_CARD (widget));
  if (GTK_IS_LABEL (widget))
    return g_strdup (gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_MENU_BUTTON (widget))
    return g_strdup (gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)));

  return NULL;
}

static void
search (GtkWidget *widget, Search *what)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);
  g_autofree char *text = dup_text (widget);

  if (!gtk_widget_get_visible (widget) || what->found)
    return;
  if (g_type_is_a (G_OBJECT_TYPE (widget), what->type) &&
      (what->text == NULL || (text && strstr (text, what->text)) ||
       (tooltip && strstr (tooltip, what->text))) &&
      what->n_found++ == what->nth)
    what->found = widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    search (child, what);
}

/* The @nth visible widget of @type in @within, from 0; NULL when there are fewer. */
gpointer
display_find (gpointer within, GType type, guint nth)
{
  Search what = { .type = type, .nth = nth };

  search (within, &what);
  return what.found;
}

/* The first visible widget of @type in @within whose label or tooltip holds @text. */
gpointer
display_find_named (gpointer within, GType type, const char *text)
{
  Search what = { .type = type, .text = text };

  search (within, &what);
  return what.found;
}

guint
display_count (gpointer within, GType type)
{
  Search what = { .type = type, .nth = G_MAXUINT };

  search (within, &what);
  return what.n_found;
}

/* Gives a key to the key controllers of @widget; whether one took it. */
gboolean
display_press (gpointer widget, guint key, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !taken; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, modifiers, &taken);
    }

  return taken;
}

/* Does what a shortcut of @widget, or of its class, does on a key; whether there is one. */
gboolean
display_press_binding (gpointer widget, guint key, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint s = 0; s < g_list_model_get_n_items (G_LIST_MODEL (controller)) && !taken; s++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), s);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) &&
              gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key &&
              gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers)
            taken = gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                                  gtk_shortcut_get_arguments (shortcut));
        }
    }

  return taken;
}

/* Whether all of a text has its height: the last line gets it last. */
gboolean
display_is_laid_out (gpointer text_view)
{
  GtkTextIter end;
  int height;

  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (text_view), &end);
  gtk_text_view_get_line_yrange (text_view, &end, NULL, &height);
  return height > 0;
}

/* What a widget paints, 32 bits a pixel. */
cairo_surface_t *
display_capture (gpointer widget)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (
    CAIRO_FORMAT_ARGB32, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  cairo_t *cr = cairo_create (surface);

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

guint32
display_get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  return (
    (const guint32 *) (gconstpointer) (data + y * cairo_image_surface_get_stride (surface)))[x];
}

gboolean
display_is_same (cairo_surface_t *a, cairo_surface_t *b)
{
  return cairo_image_surface_get_height (a) == cairo_image_surface_get_height (b) &&
         cairo_image_surface_get_stride (a) == cairo_image_surface_get_stride (b) &&
         memcmp (cairo_image_surface_get_data (a), cairo_image_surface_get_data (b),
                 cairo_image_surface_get_stride (a) * cairo_image_surface_get_height (a)) == 0;
}
