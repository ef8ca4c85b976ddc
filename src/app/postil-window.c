/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-window.h"

#include <glib/gi18n.h>

#include "postil-late-menu.h"
#include "postil-late.h"
#include "postil-tooltip.h"
#include "postil-window-private.h"

/**
 * PostilWindow:
 *
 * A workspace in a window: its documents and topics at the start side, one or two of its texts in
 * the middle, its annotations at the end side. Owns the workspace, what opens its files and what
 * saves them. One of the two texts is active: what a person does is meant for it. At most one
 * annotation is current, and then shown as such in its text and among the annotations.
 */
G_DEFINE_FINAL_TYPE (PostilWindow, postil_window, ADW_TYPE_APPLICATION_WINDOW)

/* Of the side panes, in pixels at the usual text size. */
#define START_PANE_WIDTH 250
#define END_PANE_WIDTH 316

/* The same of the end pane for reviewing, which compares texts: in windows at least so wide, which
 * hold all panes and two texts even then. */
#define REVIEW_PANE_WIDTH 450
#define WIDE 1440

/* Without a text, the panes beside it have nothing to say. */
static void
show_panes (PostilWindow *self, gboolean any)
{
  const char *page = any ? "texts" : "empty";

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0)
    return;
  gtk_stack_set_visible_child_name (self->stack, page);
  adw_flap_set_reveal_flap (self->start_flap, any && !adw_flap_get_folded (self->start_flap));
  adw_flap_set_reveal_flap (self->end_flap, any && !adw_flap_get_folded (self->end_flap));
}

static void
update_views (PostilWindow *self)
{
  PostilDocument *start = postil_document_view_get_document (self->start_view);
  PostilDocument *end = postil_document_view_get_document (self->end_view);
  gboolean in_turn = self->narrow && start && end;

  if (!end)
    self->active = self->start_view;
  gtk_widget_set_visible (GTK_WIDGET (self->start_view),
                          start && (!in_turn || self->active == self->start_view));
  gtk_widget_set_visible (GTK_WIDGET (self->end_view),
                          end && (!in_turn || self->active == self->end_view));
  gtk_widget_set_visible (GTK_WIDGET (self->end_side),
                          gtk_widget_get_visible (GTK_WIDGET (self->end_view)));
  g_object_set (self->start_view, "in-turn", in_turn, "active",
                end && self->active == self->start_view, NULL);
  g_object_set (self->end_view, "in-turn", in_turn, "active", end && self->active == self->end_view,
                NULL);
  show_panes (self, start != NULL);
  postil_documents_list_set_shown (self->documents, start, end);
  postil_window_update_compare (self);
}

/* The widgets change places, so that a text that moves keeps its caret and where it was read. */
static void
swap_views (PostilWindow *self)
{
  PostilDocumentView *view = self->start_view;

  g_object_ref (self->start_view);
  g_object_ref (self->end_view);
  gtk_paned_set_start_child (self->texts, NULL);
  gtk_box_remove (self->end_side, GTK_WIDGET (self->end_view));
  self->start_view = self->end_view;
  self->end_view = view;
  gtk_paned_set_start_child (self->texts, GTK_WIDGET (self->start_view));
  gtk_box_append (self->end_side, GTK_WIDGET (self->end_view));
  g_object_unref (self->start_view);
  g_object_unref (self->end_view);
}

static void
show_in_view (PostilWindow *self, PostilDocumentView *view, PostilDocument *document)
{
  postil_document_view_set_document (
    view, document, document ? postil_savers_find (self->savers, document) : NULL,
    document ? g_hash_table_lookup (self->watches, document) : NULL);
}

static void
set_shown (PostilWindow *self, PostilDocument *start, PostilDocument *end)
{
  if (!start)
    {
      start = end;
      end = NULL;
    }
  if (start == end)
    end = NULL;
  if ((start && start == postil_document_view_get_document (self->end_view)) ||
      (end && end == postil_document_view_get_document (self->start_view)))
    swap_views (self);
  /* A view without text is ready to be seen at once. */
  if (start)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->start_view), TRUE);
      show_panes (self, TRUE);
    }
  show_in_view (self, self->start_view, start);
  show_in_view (self, self->end_view, end);
  update_views (self);
  postil_window_update_title (self);
  postil_window_set_current (self, self->current_document, self->current);
  postil_window_update_offers (self);
}

/* A pane is as much wider as letters are larger, but always leaves some of the text in sight. */
static void
set_pane_width (AdwFlap *flap, GtkWidget *pane, int usual, double scale, int width)
{
  GtkWidget *clamp = adw_flap_get_flap (flap);
  int pane_width = MAX (usual, MIN ((int) (usual * scale), width * 4 / 5));

  gtk_widget_set_size_request (pane, pane_width, -1);
  g_object_set (clamp, "maximum-size", pane_width, "tightening-threshold", pane_width, NULL);
}

static void
surface_width_cb (PostilWindow *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));
  int dpi = -1;
  double scale;
  int width;
  gboolean narrow, review;

  if (!surface)
    return;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  scale = dpi > 0 ? dpi / 1024.0 / 96.0 : 1;
  width = gdk_surface_get_width (surface);
  set_pane_width (self->start_flap, self->start_paned, START_PANE_WIDTH, scale, width);
  review = gtk_stack_get_visible_child (self->end_stack) != GTK_WIDGET (self->annotations);
  set_pane_width (self->end_flap, GTK_WIDGET (self->end_stack),
                  review && width >= (int) (WIDE * scale) ? REVIEW_PANE_WIDTH : END_PANE_WIDTH,
                  scale, width);
  narrow = width < (int) (POSTIL_WINDOW_NARROW * scale);
  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      /* The documents pane and the main menu have these verbs, too. */
      gtk_widget_set_visible (self->modes, !narrow);
      gtk_widget_set_visible (self->open_button, !narrow);
      gtk_widget_set_visible (self->find_button, !narrow);
      update_views (self);
      postil_window_update_title (self);
    }
}

/* The documents have the room that they need, up to a third of the pane; unless a person moved the
 * divider. */
static gboolean
fit_documents_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  GtkPaned *paned = GTK_PANED (widget);
  PostilWindow *self = data;
  int lowest, highest, natural;

  self->fit_tick = 0;
  if (self->fitted != 0 && gtk_paned_get_position (paned) != self->fitted)
    return G_SOURCE_REMOVE;
  g_object_get (paned, "min-position", &lowest, "max-position", &highest, NULL);
  gtk_widget_measure (GTK_WIDGET (self->documents), GTK_ORIENTATION_VERTICAL,
                      gtk_widget_get_width (widget), NULL, &natural, NULL, NULL);
  natural = MIN (natural, gtk_widget_get_height (widget) / 3);
  self->fitted = MAX (lowest, MIN (natural, highest));
  gtk_paned_set_position (paned, self->fitted);
  return G_SOURCE_REMOVE;
}

static void
fit_documents (PostilWindow *self)
{
  if (self->fit_tick == 0)
    self->fit_tick = gtk_widget_add_tick_callback (self->start_paned, fit_documents_cb, self, NULL);
}

static int
get_texts_width (PostilWindow *self)
{
  int width, bands = 0;

  g_object_get (self->texts, "max-position", &width, NULL);
  if (gtk_widget_get_visible (GTK_WIDGET (self->bands)))
    gtk_widget_measure (GTK_WIDGET (self->bands), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &bands,
                        NULL, NULL);
  return MAX (1, width - bands);
}

static void
texts_divided_cb (PostilWindow *self)
{
  int width = get_texts_width (self);

  /* Else it is the window that changes its width, not a person the share of the texts. */
  if (width == self->texts_width)
    self->texts_share = (double) gtk_paned_get_position (self->texts) / width;
}

/* Both texts are equally wide, until a person moves the divider; then they keep their shares. */
static void
divide_texts (PostilWindow *self)
{
  self->texts_width = get_texts_width (self);
  g_signal_handlers_block_by_func (self->texts, texts_divided_cb, self);
  gtk_paned_set_position (self->texts, self->texts_share * self->texts_width + 0.5);
  g_signal_handlers_unblock_by_func (self->texts, texts_divided_cb, self);
}

static void
focus_changed_cb (PostilWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *view = focus ? gtk_widget_get_ancestor (focus, POSTIL_TYPE_DOCUMENT_VIEW) : NULL;

  if (view && view != GTK_WIDGET (self->active))
    {
      self->active = POSTIL_DOCUMENT_VIEW (view);
      update_views (self);
    }
  postil_window_update_actions (self);
}

static void
document_activated_cb (PostilWindow *self, PostilDocument *document)
{
  postil_window_show_document (self, document, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (postil_document_view_get_text_view (self->active)));
}

static void
topic_activated_cb (PostilWindow *self, const char *topic)
{
  postil_window_apply_topic (self, topic);
}

static void
annotation_selected_cb (PostilWindow *self, PostilDocument *document, PostilAnnotation *annotation)
{
  if (self->selecting)
    return;
  self->selecting = TRUE;
  postil_window_set_current (self, document,
                             annotation ? postil_annotation_get_id (annotation) : NULL);
  if (annotation)
    postil_window_go_to (self, document, annotation);
  self->selecting = FALSE;
}

static void
errors_dismissed_cb (PostilWindow *self)
{
  g_ptr_array_set_size (self->errors, 0);
}

static void
news_dismissed_cb (PostilWindow *self)
{
  g_ptr_array_set_size (self->news, 0);
}

static void
selection_settled_cb (PostilTextView *text_view, PostilWindow *self)
{
  postil_window_selection_settled (self, POSTIL_DOCUMENT_VIEW (gtk_widget_get_ancestor (
                                           GTK_WIDGET (text_view), POSTIL_TYPE_DOCUMENT_VIEW)));
}

static void
annotations_activated_cb (PostilTextView *text_view, GPtrArray *annotations, PostilWindow *self)
{
  postil_window_offer_annotations (self,
                                   POSTIL_DOCUMENT_VIEW (gtk_widget_get_ancestor (
                                     GTK_WIDGET (text_view), POSTIL_TYPE_DOCUMENT_VIEW)),
                                   annotations);
}

static void
scrolled_cb (PostilWindow *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
  PostilWindow *self = data;
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;
  for (GSList *link = g_value_get_boxed (value); link; link = link->next)
    g_list_store_append (files, link->data);
  postil_application_open_files (
    POSTIL_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), GTK_WINDOW (self),
    G_LIST_MODEL (files));
  return TRUE;
}

static void
is_active_cb (PostilWindow *self)
{
  if (gtk_window_is_active (GTK_WINDOW (self)) && self->watches)
    postil_window_check_texts (self);
}

static void
seen_cb (GtkWidget *widget)
{
  postil_window_update_compare (POSTIL_WINDOW (widget));
}

static void
savers_changed_cb (PostilWindow *self)
{
  postil_window_update_title (self);
}

static void
init_view (PostilWindow *self, PostilDocumentView *view)
{
  PostilTextView *text_view = postil_document_view_get_text_view (view);

  postil_document_view_set_workspace (view, self->workspace);
  g_settings_bind (self->settings, "zoom", text_view, "zoom", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "snap-to-words", text_view, "snap-to-words",
                   G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "show-paragraph-numbers", text_view, "show-paragraph-numbers",
                   G_SETTINGS_BIND_GET);
  /* What a key does to a selection it does at once, also while keys still make it larger. */
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text_view)),
                           "notify::has-selection", G_CALLBACK (postil_window_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (text_view, "selection-settled", G_CALLBACK (selection_settled_cb), self,
                           0);
  g_signal_connect_object (text_view, "annotations-activated",
                           G_CALLBACK (annotations_activated_cb), self, 0);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (text_view)),
                           "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

static void
init_selection_bar (PostilWindow *self)
{
  self->selection_bar = g_object_ref_sink (POSTIL_SELECTION_BAR (postil_selection_bar_new ()));
  postil_selection_bar_set_workspace (self->selection_bar, self->workspace);
  g_signal_connect_swapped (self->selection_bar, "highlight", G_CALLBACK (postil_window_highlight),
                            self);
  g_signal_connect_swapped (self->selection_bar, "note", G_CALLBACK (postil_window_note), self);
  g_signal_connect_swapped (self->selection_bar, "topic-chosen",
                            G_CALLBACK (postil_window_apply_topic), self);
  g_signal_connect_swapped (self->selection_bar, "topic-created",
                            G_CALLBACK (postil_window_apply_path), self);
}

static void
postil_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (postil_window_parent_class)->realize (widget);

  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "notify::width",
                           G_CALLBACK (surface_width_cb), widget, G_CONNECT_SWAPPED);
}

static gboolean
close_request (GtkWindow *window)
{
  return postil_window_close_request (POSTIL_WINDOW (window));
}

static void
postil_window_dispose (GObject *object)
{
  PostilWindow *self = POSTIL_WINDOW (object);

  g_clear_handle_id (&self->removed_idle, g_source_remove);
  g_clear_handle_id (&self->present_timeout, g_source_remove);
  g_clear_pointer (&self->seen, postil_after_frame_free);
  g_clear_weak_pointer (&self->undo_toast);
  postil_window_finish_compare (self);
  if (self->opener)
    postil_opener_cancel (self->opener);
  if (self->selection_bar && gtk_widget_get_parent (GTK_WIDGET (self->selection_bar)))
    gtk_widget_unparent (GTK_WIDGET (self->selection_bar));
  g_clear_object (&self->selection_bar);
  g_clear_pointer (&self->chooser, gtk_widget_unparent);
  g_clear_object (&self->opener);
  g_clear_object (&self->savers);
  g_clear_pointer (&self->watches, g_hash_table_unref);
  g_clear_object (&self->workspace);
  g_clear_object (&self->settings);
  g_clear_object (&self->store);
  g_clear_object (&self->show_next);
  g_clear_object (&self->current_document);

  G_OBJECT_CLASS (postil_window_parent_class)->dispose (object);
}

static void
postil_window_finalize (GObject *object)
{
  PostilWindow *self = POSTIL_WINDOW (object);

  g_free (self->current);
  g_ptr_array_unref (self->errors);
  g_ptr_array_unref (self->news);
  g_ptr_array_unref (self->closed);

  G_OBJECT_CLASS (postil_window_parent_class)->finalize (object);
}

static void
postil_window_class_init (PostilWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_window_dispose;
  object_class->finalize = postil_window_finalize;
  widget_class->realize = postil_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = close_request;

  g_type_ensure (GDK_TYPE_FILE_LIST);
  g_type_ensure (POSTIL_TYPE_BAR);
  g_type_ensure (POSTIL_TYPE_COMPARE_BAR);
  g_type_ensure (POSTIL_TYPE_DOCUMENTS_LIST);
  g_type_ensure (POSTIL_TYPE_TOPIC_TREE);
  g_type_ensure (POSTIL_TYPE_DOCUMENT_VIEW);
  g_type_ensure (POSTIL_TYPE_LATE);
  g_type_ensure (POSTIL_TYPE_PAIR_BANDS);
  g_type_ensure (POSTIL_TYPE_ANNOTATION_PANE);
  g_type_ensure (POSTIL_TYPE_REVIEW_PANE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, PostilWindow, child)
  BIND (toasts);
  BIND (title);
  BIND (state);
  BIND (state_icon);
  BIND (state_label);
  BIND (modes);
  BIND (read_button);
  BIND (compare_button);
  BIND (open_button);
  BIND (open_menu);
  BIND (find_button);
  BIND (menu_button);
  BIND (main_menu);
  BIND (history_section);
  BIND (progress_revealer);
  BIND (progress_label);
  BIND (progress_bar);
  BIND (errors_bar);
  BIND (news_bar);
  BIND (codebook_bar);
  BIND (start_flap);
  BIND (end_flap);
  BIND (start_paned);
  BIND (documents);
  BIND (topics);
  BIND (end_stack);
  BIND (annotations);
  BIND (review);
  BIND (stack);
  BIND (compare_place);
  BIND (compare_notice);
  BIND (middle);
  BIND (texts);
  BIND (end_side);
  BIND (bands);
  BIND (summary_place);
  BIND (start_view);
  BIND (end_view);
  BIND (drop);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, document_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, annotation_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, surface_width_cb);
  gtk_widget_class_bind_template_callback (widget_class, postil_window_entry_selected);
  gtk_widget_class_bind_template_callback (widget_class, postil_window_update_review);
  gtk_widget_class_bind_template_callback (widget_class, errors_dismissed_cb);
  gtk_widget_class_bind_template_callback (widget_class, news_dismissed_cb);
  gtk_widget_class_bind_template_callback (widget_class, drop_cb);
}

static void
postil_window_init (PostilWindow *self)
{
  GtkWidget *open, *other_ways;

  self->errors = g_ptr_array_new_with_free_func (g_free);
  self->news = g_ptr_array_new_with_free_func (g_free);
  self->savers = postil_savers_new ();
  self->seen = postil_after_frame_new (GTK_WIDGET (self), seen_cb);
  self->watches = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->active = self->start_view;
  set_pane_width (self->start_flap, self->start_paned, START_PANE_WIDTH, 1, 0);
  set_pane_width (self->end_flap, GTK_WIDGET (self->end_stack), END_PANE_WIDTH, 1, 0);
  open = gtk_widget_get_first_child (self->open_button);
  other_ways = gtk_widget_get_last_child (self->open_button);
  gtk_accessible_update_property (GTK_ACCESSIBLE (open), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Open Files…"), -1);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (other_ways), GTK_ACCESSIBLE_PROPERTY_LABEL,
    adw_split_button_get_dropdown_tooltip (ADW_SPLIT_BUTTON (self->open_button)), -1);
  postil_late_menu_set (GTK_MENU_BUTTON (other_ways), self->open_menu);
  g_signal_connect_swapped (self->start_paned, "notify::max-position", G_CALLBACK (fit_documents),
                            self);
  self->texts_share = 0.5;
  g_signal_connect_swapped (self->texts, "notify::position", G_CALLBACK (texts_divided_cb), self);
  g_signal_connect_swapped (self->texts, "notify::max-position", G_CALLBACK (divide_texts), self);
  g_signal_connect_swapped (self->bands, "notify::visible", G_CALLBACK (divide_texts), self);
  g_signal_connect_object (self->savers, "changed", G_CALLBACK (savers_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * postil_window_new:
 * @application: the application
 *
 * Returns: (transfer none): a window without documents
 */
PostilWindow *
postil_window_new (PostilApplication *application)
{
  PostilWindow *self;

  g_return_val_if_fail (POSTIL_IS_APPLICATION (application), NULL);

  self = g_object_new (POSTIL_TYPE_WINDOW, "application", application, NULL);
  self->settings = g_object_ref (postil_application_get_settings (application));
  self->store = g_object_ref (postil_application_get_store (application));
  self->workspace = postil_workspace_new (postil_environment_get_system (),
                                          postil_application_get_annotator (application));
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  postil_documents_list_set_workspace (self->documents, self->workspace, self->savers);
  g_signal_connect_object (postil_workspace_get_documents (self->workspace), "items-changed",
                           G_CALLBACK (fit_documents), self, G_CONNECT_SWAPPED);
  postil_topic_tree_set_workspace (self->topics, self->workspace);
  postil_annotation_pane_set_workspace (self->annotations, self->workspace);
  postil_review_pane_set_workspace (self->review, self->workspace);
  init_view (self, self->start_view);
  init_view (self, self->end_view);
  init_selection_bar (self);
  postil_window_init_files (self);
  postil_window_init_relocate (self);
  postil_window_init_actions (self);
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_changed_cb), NULL);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (is_active_cb), NULL);
  set_shown (self, NULL, NULL);

  return self;
}

/**
 * postil_window_set_annotator:
 * @self: a window
 * @annotator: who annotates in it
 *
 * An annotator with the same id is renamed in all of its documents.
 */
void
postil_window_set_annotator (PostilWindow *self, PostilAnnotator *annotator)
{
  g_return_if_fail (POSTIL_IS_WINDOW (self));
  g_return_if_fail (annotator != NULL);

  postil_workspace_set_annotator (self->workspace, annotator);
}

/**
 * postil_window_is_empty:
 * @self: a window
 *
 * Returns: whether it has no document and no folder, and opens none
 */
gboolean
postil_window_is_empty (PostilWindow *self)
{
  g_return_val_if_fail (POSTIL_IS_WINDOW (self), FALSE);

  return g_list_model_get_n_items (postil_workspace_get_documents (self->workspace)) == 0 &&
         !postil_workspace_get_folder (self->workspace) && !postil_opener_is_busy (self->opener);
}

/* Where @document stands, or %NULL. */
PostilDocumentView *
postil_window_find_view (PostilWindow *self, PostilDocument *document)
{
  if (document && postil_document_view_get_document (self->start_view) == document)
    return self->start_view;
  if (document && postil_document_view_get_document (self->end_view) == document)
    return self->end_view;
  return NULL;
}

/* Shows the beginning of a file that is being opened, if nothing else is shown; or no longer. */
void
postil_window_preview (PostilWindow *self, GFile *file, PostilText *text)
{
  if (postil_document_view_get_document (self->start_view))
    return;
  if (text)
    {
      /* A view without text is ready to be seen at once. */
      gtk_widget_set_visible (GTK_WIDGET (self->start_view), TRUE);
      show_panes (self, TRUE);
      postil_document_view_preview (self->start_view, file, text);
    }
  else
    update_views (self);
}

void
postil_window_activate_view (PostilWindow *self, PostilDocumentView *view)
{
  self->active = view;
  update_views (self);
  postil_window_update_title (self);
  postil_window_update_actions (self);
}

/* Shows @document in @view, or where it stands, or else in the active one. What stood there is put
 * away, or changes places with it. */
void
postil_window_show_document (PostilWindow *self, PostilDocument *document, PostilDocumentView *view)
{
  PostilDocument *start = postil_document_view_get_document (self->start_view);
  PostilDocument *end = postil_document_view_get_document (self->end_view);
  PostilDocumentView *present = postil_window_find_view (self, document);

  if (!view)
    view = present ? present : self->active;
  if (view != present)
    {
      if (view == self->start_view)
        set_shown (self, document, document == end ? start : end);
      else
        set_shown (self, document == start ? end : start, document);
    }
  postil_window_activate_view (self, postil_window_find_view (self, document));
}

/* Shows what else there is instead of @document. */
void
postil_window_put_away (PostilWindow *self, PostilDocument *document)
{
  PostilDocument *start = postil_document_view_get_document (self->start_view);
  PostilDocument *end = postil_document_view_get_document (self->end_view);

  if (document == start)
    set_shown (self, end, NULL);
  else if (document == end)
    set_shown (self, start, NULL);
  postil_window_update_actions (self);
}

PostilDocument *
postil_window_get_active_document (PostilWindow *self)
{
  return postil_document_view_get_document (self->active);
}

/* The open document of @uri; the active one when that is empty. */
PostilDocument *
postil_window_find_document (PostilWindow *self, const char *uri)
{
  g_autoptr (GFile) file = NULL;

  if (!*uri)
    return postil_window_get_active_document (self);
  file = g_file_new_for_uri (uri);
  return postil_workspace_find_document (self->workspace, file);
}

void
postil_window_update_title (PostilWindow *self)
{
  PostilDocument *start = postil_document_view_get_document (self->start_view);
  PostilDocument *end = postil_document_view_get_document (self->end_view);
  PostilSaver *worst = postil_savers_get_worst (self->savers);
  PostilSaverState state = worst ? postil_saver_get_state (worst) : POSTIL_SAVER_SAVED;
  gboolean problem = state != POSTIL_SAVER_SAVED && state != POSTIL_SAVER_SAVING;
  g_autofree char *title = NULL;

  if (self->narrow && end)
    title = g_strdup (postil_document_get_name (postil_window_get_active_document (self)));
  else if (start && end)
    /* Translators: the names of the two texts in the window. */
    title = g_strdup_printf (_ ("%s · %s"), postil_document_get_name (start),
                             postil_document_get_name (end));
  else
    title = g_strdup (start ? postil_document_get_name (start) : _ ("Postil"));
  gtk_window_set_title (GTK_WINDOW (self), title);
  /* The text below has its name beside it; there is no room for it twice. */
  gtk_label_set_label (self->title, self->narrow ? _ ("Postil") : title);

  gtk_widget_set_visible (self->state, worst != NULL);
  /* Where nothing may be written, there need not be anything that is not saved. */
  gtk_label_set_label (self->state_label, state == POSTIL_SAVER_BLOCKED  ? _ ("Saving is off")
                                          : problem                      ? _ ("Not saved")
                                          : state == POSTIL_SAVER_SAVING ? _ ("Saving…")
                                                                         : _ ("Saved"));
  gtk_image_set_from_icon_name (self->state_icon,
                                problem ? "dialog-warning-symbolic" : "object-select-symbolic");
  gtk_widget_set_visible (GTK_WIDGET (self->state_icon), state != POSTIL_SAVER_SAVING);
  postil_tooltip_set (self->state, problem ? postil_saver_get_message (worst) : NULL);
  if (problem)
    gtk_widget_add_css_class (self->state, "warning");
  else
    gtk_widget_remove_css_class (self->state, "warning");
}
