/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-export-dialog.h"
#include "postil-go-to.h"
#include "postil-window-private.h"

/* Every verb of the window as a named action, and when each can be done. */

#define ZOOM_STEP 1.1
#define MIN_ZOOM 0.5
#define MAX_ZOOM 4.0

/* Words that are longer than that, in code points, are not taken over into the find bar. */
#define MAX_QUERY 100

/* The callback of an action without a parameter. */
#define VERB(name, function)                                                                       \
  static void name##_cb (GSimpleAction *action, GVariant *parameter, gpointer data)                \
  {                                                                                                \
    function (data);                                                                               \
  }

static void
undo (PostilWindow *self)
{
  postil_annotation_pane_commit_note (self->annotations);
  self->replaying = TRUE;
  postil_workspace_undo (self->workspace);
  self->replaying = FALSE;
}

static void
redo (PostilWindow *self)
{
  postil_annotation_pane_commit_note (self->annotations);
  self->replaying = TRUE;
  postil_workspace_redo (self->workspace);
  self->replaying = FALSE;
}

static void
find (PostilWindow *self)
{
  PostilTextView *text_view = postil_document_view_get_text_view (self->active);
  PostilDocument *document = postil_window_get_active_document (self);
  g_autofree char *query = NULL;
  PostilSpan span;

  if (postil_text_view_get_selection (text_view, &span) && postil_span_length (span) <= MAX_QUERY)
    query = postil_text_dup_range (postil_document_get_text (document), span);
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  postil_find_bar_open (postil_document_view_get_find_bar (self->active),
                        query && !strpbrk (query, "\r\n") ? query : NULL);
}

static void
find_next (PostilWindow *self)
{
  postil_find_bar_next (postil_document_view_get_find_bar (self->active));
}

static void
find_previous (PostilWindow *self)
{
  postil_find_bar_previous (postil_document_view_get_find_bar (self->active));
}

static void
dismiss (PostilWindow *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->selection_bar)))
    gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  else
    postil_find_bar_close (postil_document_view_get_find_bar (self->active));
}

static void
go_to (PostilWindow *self)
{
  postil_go_to_present (GTK_WINDOW (self), self->active);
}

static void
other_text (PostilWindow *self)
{
  PostilDocumentView *other = self->active == self->start_view ? self->end_view : self->start_view;

  if (!postil_document_view_get_document (other))
    return;
  postil_window_activate_view (self, other);
  gtk_widget_grab_focus (GTK_WIDGET (postil_document_view_get_text_view (other)));
}

static void
set_zoom (PostilWindow *self, double zoom)
{
  g_settings_set_double (self->settings, "zoom", CLAMP (zoom, MIN_ZOOM, MAX_ZOOM));
}

static void
zoom_in (PostilWindow *self)
{
  set_zoom (self, g_settings_get_double (self->settings, "zoom") * ZOOM_STEP);
}

static void
zoom_out (PostilWindow *self)
{
  set_zoom (self, g_settings_get_double (self->settings, "zoom") / ZOOM_STEP);
}

static void
zoom_reset (PostilWindow *self)
{
  set_zoom (self, 1);
}

static void export(PostilWindow *self)
{
  GtkWidget *dialog;

  postil_annotation_pane_commit_note (self->annotations);
  dialog = postil_export_dialog_new (self->workspace, postil_window_get_active_document (self),
                                     self->toasts);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
choose_files (PostilWindow *self)
{
  postil_window_choose_files (self, FALSE);
}

static void
choose_folder (PostilWindow *self)
{
  postil_window_choose_files (self, TRUE);
}

static void
cancel_opening (PostilWindow *self)
{
  postil_opener_cancel (self->opener);
}

static void
previous_annotation (PostilWindow *self)
{
  postil_window_step_annotation (self, -1);
}

static void
next_annotation (PostilWindow *self)
{
  postil_window_step_annotation (self, 1);
}

/* Moves the focus among the parts of the window that are in sight. */
static void
step_pane (PostilWindow *self, int by)
{
  GtkWidget *panes[] = { GTK_WIDGET (self->documents),     GTK_WIDGET (self->topics),
                         GTK_WIDGET (self->compare_place), GTK_WIDGET (self->start_view),
                         GTK_WIDGET (self->end_view),      GTK_WIDGET (self->summary_place),
                         GTK_WIDGET (self->end_stack) };
  const int n = G_N_ELEMENTS (panes);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  int from = by > 0 ? -1 : n;

  for (int i = 0; i < n && focus; i++)
    if (gtk_widget_is_ancestor (focus, panes[i]))
      from = i;
  for (int i = 1; i <= n; i++)
    {
      GtkWidget *pane = panes[((from + by * i) % n + n) % n];

      if (!gtk_widget_get_mapped (pane) || !gtk_widget_get_child_visible (pane))
        continue;
      if (POSTIL_IS_DOCUMENT_VIEW (pane)
            ? gtk_widget_grab_focus (
                GTK_WIDGET (postil_document_view_get_text_view (POSTIL_DOCUMENT_VIEW (pane))))
            : gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD))
        return;
    }
}

static void
next_pane (PostilWindow *self)
{
  step_pane (self, 1);
}

static void
previous_pane (PostilWindow *self)
{
  step_pane (self, -1);
}

VERB (open, choose_files)
VERB (open_folder, choose_folder)
VERB (cancel_opening, cancel_opening)
VERB (versions, postil_window_show_versions)
VERB (export, export)
VERB (undo, undo)
VERB (redo, redo)
VERB (highlight, postil_window_highlight)
VERB (topic, postil_window_ask_topic)
VERB (note, postil_window_note)
VERB (note_document, postil_window_note_document)
VERB (delete_annotation, postil_window_delete_annotation)
VERB (previous_annotation, previous_annotation)
VERB (next_annotation, next_annotation)
VERB (cycle_annotations, postil_window_cycle_annotations)
VERB (copy_citation, postil_window_copy_citation)
VERB (find, find)
VERB (find_next, find_next)
VERB (find_previous, find_previous)
VERB (dismiss, dismiss)
VERB (go_to, go_to)
VERB (other_text, other_text)
VERB (next_pane, next_pane)
VERB (previous_pane, previous_pane)
VERB (zoom_in, zoom_in)
VERB (zoom_out, zoom_out)
VERB (zoom_reset, zoom_reset)

static void
apply_digit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;
  PostilTopic *topic = postil_topic_tree_get_digit (postil_workspace_get_codebook (self->workspace),
                                                    g_variant_get_uint32 (parameter));

  if (topic)
    postil_window_apply_topic (self, postil_topic_get_id (topic));
}

/* One who wants one text alone does not compare any more. */
static void
put_away (PostilWindow *self, PostilDocument *document)
{
  if (postil_window_find_view (self, document))
    postil_window_set_comparing (self, FALSE);
  postil_window_put_away (self, document);
}

static void
document_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const struct
  {
    const char *name;
    void (*verb) (PostilWindow *self, PostilDocument *document);
  } verbs[] = {
    { "close-document", postil_window_close_document },
    { "put-away", put_away },
    { "save", postil_window_save },
    { "save-copy", postil_window_save_copy },
    { "reload", postil_window_reload },
    { "take-over", postil_window_take_over },
    { "copy-annotations", postil_window_copy_annotations },
    { "merge-copy", postil_window_merge_copy },
    { "keep-apart", postil_window_keep_apart },
  };
  PostilWindow *self = data;
  const char *name = g_action_get_name (G_ACTION (action));
  PostilDocument *document =
    postil_window_find_document (self, g_variant_get_string (parameter, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (verbs) && document; i++)
    if (g_str_equal (verbs[i].name, name))
      verbs[i].verb (self, document);
}

static void
show_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;
  const char *name = g_action_get_name (G_ACTION (action));
  PostilDocument *document =
    postil_window_find_document (self, g_variant_get_string (parameter, NULL));
  PostilDocument *other;

  if (!document)
    return;
  if (g_str_equal (name, "show-start"))
    postil_window_show_document (self, document, self->start_view);
  else if (g_str_equal (name, "show-end"))
    postil_window_show_document (self, document, self->end_view);
  else
    {
      postil_window_show_document (self, document, self->start_view);
      other = postil_document_view_get_document (self->end_view);
      if (other)
        put_away (self, other);
    }
}

static void
fullscreen_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  g_object_set (data, "fullscreened", g_variant_get_boolean (state), NULL);
}

static void
fullscreened_cb (PostilWindow *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "fullscreen");

  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_boolean (gtk_window_is_fullscreen (GTK_WINDOW (self))));
}

/* GTK would read it whenever a window is made; the action that it sets then takes the place of this
 * one. */
static void
show_help_overlay_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource ("/page/postil/Postil/help-overlay.ui");
  GObject *overlay = gtk_builder_get_object (builder, "help_overlay");

  gtk_application_window_set_help_overlay (data, GTK_SHORTCUTS_WINDOW (overlay));
  gtk_window_present (GTK_WINDOW (overlay));
}

static const GActionEntry actions[] = {
  { "show-help-overlay", show_help_overlay_cb },
  { "open", open_cb },
  { "open-folder", open_folder_cb },
  { "cancel-opening", cancel_opening_cb },
  { "close-document", document_cb, "s" },
  { "put-away", document_cb, "s" },
  { "save", document_cb, "s" },
  { "save-copy", document_cb, "s" },
  { "reload", document_cb, "s" },
  { "take-over", document_cb, "s" },
  { "copy-annotations", document_cb, "s" },
  { "merge-copy", document_cb, "s" },
  { "keep-apart", document_cb, "s" },
  { "show-start", show_cb, "s" },
  { "show-end", show_cb, "s" },
  { "show-alone", show_cb, "s" },
  { "other-text", other_text_cb },
  { "versions", versions_cb },
  { "export", export_cb },
  { "undo", undo_cb },
  { "redo", redo_cb },
  { "highlight", highlight_cb },
  { "topic", topic_cb },
  { "apply-digit", apply_digit_cb, "u" },
  { "note", note_cb },
  { "note-document", note_document_cb },
  { "delete-annotation", delete_annotation_cb },
  { "previous-annotation", previous_annotation_cb },
  { "next-annotation", next_annotation_cb },
  { "cycle-annotations", cycle_annotations_cb },
  { "copy-citation", copy_citation_cb },
  { "find", find_cb },
  { "find-next", find_next_cb },
  { "find-previous", find_previous_cb },
  { "dismiss", dismiss_cb },
  { "go-to", go_to_cb },
  { "next-pane", next_pane_cb },
  { "previous-pane", previous_pane_cb },
  { "zoom-in", zoom_in_cb },
  { "zoom-out", zoom_out_cb },
  { "zoom-reset", zoom_reset_cb },
  { "fullscreen", NULL, NULL, "false", fullscreen_cb },
};

static void
enable (PostilWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

/* An item that names the step; in menus, an underscore of the name would be a mnemonic. */
static void
append_step (GMenu *menu,
             const char *format,
             const char *plain,
             const char *step,
             const char *action)
{
  g_auto (GStrv) parts = step ? g_strsplit (step, "_", -1) : NULL;
  g_autofree char *name = step ? g_strjoinv ("__", parts) : NULL;
  g_autofree char *label = NULL;

  if (name)
    {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      label = g_strdup_printf (format, name);
#pragma GCC diagnostic pop
    }
  g_menu_append (menu, label ? label : plain, action);
}

/* What is being prepared can be undone as soon as it was asked for. */
static void
update_history (PostilWindow *self)
{
  PostilHistory *history = postil_workspace_get_history (self->workspace);

  enable (self, "undo",
          postil_history_get_can_undo (history) || postil_workspace_is_preparing (self->workspace));
  enable (self, "redo", postil_history_get_can_redo (history));
}

static void
history_changed_cb (PostilWindow *self)
{
  postil_window_age_news (self);
  update_history (self);
}

/* Not before somebody looks: each item of a menu is widgets, also while the menu is closed. */
static void
name_steps (PostilWindow *self)
{
  PostilHistory *history = postil_workspace_get_history (self->workspace);

  g_menu_remove_all (self->history_section);
  append_step (self->history_section, _ ("_Undo: %s"), _ ("_Undo"),
               postil_history_get_undo_label (history), "win.undo");
  append_step (self->history_section, _ ("_Redo: %s"), _ ("_Redo"),
               postil_history_get_redo_label (history), "win.redo");
}

static void
zoom_changed_cb (PostilWindow *self, const char *key, GSettings *settings)
{
  double zoom = g_settings_get_double (settings, "zoom");
  GtkWidget *reset = g_object_get_data (G_OBJECT (self), "zoom-label");
  /* Translators: the size of the text as a percentage. */
  g_autofree char *label = g_strdup_printf (_ ("%d %%"), (int) (zoom * 100 + 0.5));

  if (reset)
    gtk_button_set_label (GTK_BUTTON (reset), label);
  enable (self, "zoom-in", zoom < MAX_ZOOM);
  enable (self, "zoom-out", zoom > MIN_ZOOM);
}

static GtkWidget *
create_zoom_button (const char *icon, const char *tooltip, const char *action)
{
  GtkWidget *button = icon ? gtk_button_new_from_icon_name (icon) : gtk_button_new ();

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (button, icon == NULL);
  return button;
}

static void
create_menu_cb (GtkMenuButton *button, gpointer data)
{
  PostilWindow *self = data;
  GtkWidget *box, *reset;

  name_steps (self);
  if (gtk_menu_button_get_menu_model (button))
    return;
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (self->main_menu));
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  reset = create_zoom_button (NULL, _ ("Usual Text Size"), "win.zoom-reset");
  gtk_box_append (GTK_BOX (box), create_zoom_button ("value-decrease-symbolic", _ ("Smaller Text"),
                                                     "win.zoom-out"));
  gtk_box_append (GTK_BOX (box), reset);
  gtk_box_append (GTK_BOX (box),
                  create_zoom_button ("value-increase-symbolic", _ ("Larger Text"), "win.zoom-in"));
  gtk_widget_add_css_class (box, "zoom");
  g_object_set_data (G_OBJECT (self), "zoom-label", reset);
  gtk_popover_menu_add_child (GTK_POPOVER_MENU (gtk_menu_button_get_popover (button)), box, "zoom");
  zoom_changed_cb (self, "zoom", self->settings);
}

void
postil_window_init_actions (PostilWindow *self)
{
  PostilHistory *history = postil_workspace_get_history (self->workspace);
  g_autoptr (GPropertyAction) documents =
    g_property_action_new ("show-documents", self->start_flap, "reveal-flap");
  g_autoptr (GPropertyAction) annotations =
    g_property_action_new ("show-annotations", self->end_flap, "reveal-flap");

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (documents));
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (annotations));
  g_signal_connect (self, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
  g_signal_connect_object (history, "notify", G_CALLBACK (history_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::preparing", G_CALLBACK (update_history), self,
                           G_CONNECT_SWAPPED);
  postil_window_init_review (self);
  postil_window_init_compare (self);
  postil_window_init_carry (self);
  gtk_menu_button_set_create_popup_func (self->menu_button, create_menu_cb, self, NULL);
  g_signal_connect_object (self->settings, "changed::zoom", G_CALLBACK (zoom_changed_cb), self,
                           G_CONNECT_SWAPPED);
  zoom_changed_cb (self, "zoom", self->settings);
  history_changed_cb (self);
  postil_window_update_actions (self);
}

/* To be called when what can be done may have changed. */
void
postil_window_update_actions (PostilWindow *self)
{
  static const char *const with_document[] = {
    "close-document",      "export",          "note-document",
    "previous-annotation", "next-annotation", "find",
    "find-next",           "find-previous",   "go-to",
    "cycle-annotations",   "versions",
  };
  PostilDocument *document;
  PostilAnnotation *current;
  PostilSpan span;
  gboolean selected;

  /* Not yet made, or already gone. */
  if (!self->workspace || !g_action_map_lookup_action (G_ACTION_MAP (self), "undo"))
    return;
  document = postil_window_get_active_document (self);
  current = postil_window_get_current (self);
  selected = document && postil_text_view_get_selection (
                           postil_document_view_get_text_view (self->active), &span);
  for (guint i = 0; i < G_N_ELEMENTS (with_document); i++)
    enable (self, with_document[i], document != NULL);
  enable (self, "other-text", postil_document_view_get_document (self->end_view) != NULL);
  enable (self, "highlight", selected);
  enable (self, "topic", selected || current);
  enable (self, "note", selected || current);
  enable (self, "apply-digit", selected || current);
  enable (self, "delete-annotation", current != NULL);
  enable (self, "copy-citation", selected || current);
  postil_window_update_review (self);
  postil_window_update_carry (self);
}
