/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-review-pane-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-focus.h"
#include "postil-review-card.h"
#include "postil-wrap-layout.h"

/*
 * PostilReviewPane: all annotations of a workspace that a person should look at, because their text
 * changed or because two people changed them, in reading order, with the selected one in full
 * below. The list makes rows for what is in sight only. There is always one entry selected, as long
 * as there are any: when one is done, the next. "entry-selected" is emitted for what a person
 * selects or goes on to here, not for what changes by itself; while the pane is out of sight it
 * follows, but looks nothing up, and its widgets are made when it first comes into sight.
 */
G_DEFINE_FINAL_TYPE (PostilReviewPane, postil_review_pane, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_ENTRY_SELECTED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_filter (GtkToggleButton *button, const char *format, guint n)
{
  g_autofree char *label = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  label = g_strdup_printf (format, n);
#pragma GCC diagnostic pop
  gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_widget_set_visible (GTK_WIDGET (button), n > 0);
  /* Its last entry is done; on to the others. */
  if (n == 0 && gtk_toggle_button_get_active (button))
    gtk_widget_activate_action (GTK_WIDGET (button), "review.show-all", NULL);
}

/* The one of the selected entry. */
PostilAnnotationRow *
postil_review_pane_get_row (PostilReviewPane *self)
{
  return self->selection ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

/* Shows the selected entry below the list. */
static void
update_entry (PostilReviewPane *self)
{
  PostilAnnotationRow *row = postil_review_pane_get_row (self);

  if (self->committing || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    row = NULL;
  if (self->list)
    {
      postil_review_detail_show (self->detail, self->workspace,
                                 row ? postil_annotation_row_get_document (row) : NULL,
                                 row ? postil_annotation_row_get_annotation (row) : NULL);
      gtk_widget_set_visible (GTK_WIDGET (self->detail), row != NULL);
    }
  postil_review_pane_update_actions (self);
  if (!self->committing)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
update_header (PostilReviewPane *self)
{
  gboolean filtering = FALSE;
  guint n_shown = 0;

  update_filter (self->moved_button, _ ("Moved %u"), self->counts.n_moved);
  update_filter (self->uncertain_button, _ ("Uncertain %u"), self->counts.n_uncertain);
  update_filter (self->orphaned_button, _ ("Not found %u"), self->counts.n_orphaned);
  update_filter (self->versions_button, _ ("Two versions %u"), self->counts.n_versions);
  update_filter (self->all_button, _ ("All %u"), self->counts.n);
  if (self->annotations)
    {
      g_object_get (self->annotations, "filtering", &filtering, NULL);
      n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->annotations));
    }
  gtk_widget_set_visible (self->header, self->counts.n > 0);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 || filtering ? "list" : "empty");
}

static void
update_counts (PostilReviewPane *self)
{
  if (self->list)
    update_header (self);
  postil_review_pane_update_actions (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* A person is with the selected entry now. */
static void
tell_entry (PostilReviewPane *self)
{
  PostilAnnotationRow *row = postil_review_pane_get_row (self);

  if (row && !self->committing)
    g_signal_emit (self, signals[SIGNAL_ENTRY_SELECTED], 0,
                   postil_annotation_row_get_document (row),
                   postil_annotation_row_get_annotation (row));
}

static void
apply_filter (PostilReviewPane *self)
{
  PostilAnnotationFilter filter = { .review = self->kinds };

  if (self->annotations)
    postil_annotation_list_set_filter (self->annotations, &filter);
  update_counts (self);
}

static void
filter_toggled_cb (PostilReviewPane *self, GtkToggleButton *button)
{
  const struct
  {
    GtkToggleButton *button;
    PostilReviewKinds kinds;
  } filters[] = {
    { self->all_button, POSTIL_REVIEW_ALL },
    { self->moved_button, POSTIL_REVIEW_MOVED },
    { self->uncertain_button, POSTIL_REVIEW_UNCERTAIN },
    { self->orphaned_button, POSTIL_REVIEW_ORPHANED },
    { self->versions_button, POSTIL_REVIEW_VERSIONS },
  };

  if (!gtk_toggle_button_get_active (button))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (filters[i].button == button)
      self->kinds = filters[i].kinds;
  apply_filter (self);
  if (gtk_widget_has_focus (GTK_WIDGET (button)))
    tell_entry (self);
}

static void
scroll_to_selected (PostilReviewPane *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (self->list && position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

/* The row of the selected entry gets the focus; the list by itself, which may take it, does nothing
 * on Enter. */
static gboolean
focus_list (PostilReviewPane *self)
{
  GtkWidget *list = GTK_WIDGET (self->list);

  if (postil_review_pane_get_row (self) == NULL)
    return FALSE;
  scroll_to_selected (self);
  return gtk_widget_grab_focus (list) && (gtk_root_get_focus (gtk_widget_get_root (list)) != list ||
                                          gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD));
}

/* Carries out what was done to an entry and goes on to the next one. Who was in the pane stays in
 * it, at the list: the button that was pressed may be gone. */
void
postil_review_pane_commit (PostilReviewPane *self, PostilStep *step)
{
  gboolean had_focus = postil_focus_is_in (self);

  self->committing = TRUE;
  postil_workspace_commit (self->workspace, step, NULL);
  self->committing = FALSE;
  update_entry (self);
  tell_entry (self);
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  else if (self->selection)
    scroll_to_selected (self);
}

/* What has a place to be accepted is; for the others there is a choice to be made below. */
static void
activate_cb (PostilReviewPane *self)
{
  PostilAnnotation *annotation = postil_review_pane_get_entry (self);
  PostilReviewKinds kinds = annotation ? postil_review_get_kinds (annotation) : 0;

  if (kinds == POSTIL_REVIEW_MOVED || kinds == POSTIL_REVIEW_UNCERTAIN)
    gtk_widget_activate_action (GTK_WIDGET (self), "review.accept", NULL);
  else
    gtk_widget_child_focus (GTK_WIDGET (self->detail), GTK_DIR_TAB_FORWARD);
}

static void
selection_changed_cb (PostilReviewPane *self)
{
  tell_entry (self);
}

static gboolean
bind_card (GtkListItem *list_item, gpointer data)
{
  PostilReviewPane *self = data;
  GtkWidget *card = gtk_list_item_get_child (list_item);
  PostilAnnotationRow *row = gtk_list_item_get_item (list_item);
  g_autofree char *phrase = NULL;

  if (!postil_review_card_show (POSTIL_REVIEW_CARD (card), self->workspace,
                                postil_annotation_row_get_document (row),
                                postil_annotation_row_get_annotation (row), self->stamp))
    return FALSE;
  phrase = postil_review_card_dup_phrase (POSTIL_REVIEW_CARD (card));
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (card)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, phrase, -1);
  return TRUE;
}

static void
setup_cb (PostilReviewPane *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, postil_review_card_new ());
}

/* Shows anew what was replaced where it stands. */
static void
refresh_replaced (PostilReviewPane *self)
{
  if (self->binder)
    postil_row_binder_refresh (self->binder);
  update_entry (self);
}

static void
follow (GtkWidget *widget)
{
  refresh_replaced (POSTIL_REVIEW_PANE (widget));
}

/* What is shown beside the annotations has changed: topics, the names of documents, a text. That is
 * looked at elsewhere, so the pane follows later.
 */
static void
refresh (PostilReviewPane *self)
{
  self->stamp++;
  postil_after_frame_queue (self->later);
}

/* An entry that was changed where it stands keeps its row; connected after the list. */
static void
items_changed_cb (PostilReviewPane *self, guint position, guint n_removed, guint n_added)
{
  update_counts (self);
  if (n_removed == 1 && n_added == 1)
    refresh_replaced (self);
}

/* Returns whether there is more or less to review than before. */
static gboolean
count_all (PostilReviewPane *self)
{
  PostilReviewCounts before = self->counts;

  self->counts = (PostilReviewCounts){ 0 };
  for (guint i = 0; i < self->documents->len; i++)
    postil_review_counts_add (
      &self->counts, postil_annotation_tally_get_review (postil_annotation_index_get_tally (
                       postil_document_get_annotations (g_ptr_array_index (self->documents, i)))));
  return memcmp (&before, &self->counts, sizeof before) != 0;
}

static void
document_changed_cb (PostilReviewPane *self, const PostilChange *changes, guint n_changes)
{
  if (count_all (self))
    update_counts (self);
  /* What stays where it was may stand among other words. */
  if (postil_changes_have_text (changes, n_changes))
    refresh (self);
}

static void
follow_documents (PostilReviewPane *self)
{
  GListModel *documents = self->workspace ? postil_workspace_get_documents (self->workspace) : NULL;
  guint n_documents = documents ? g_list_model_get_n_items (documents) : 0;

  for (guint i = 0; i < self->documents->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->documents, i), self);
  g_ptr_array_set_size (self->documents, 0);
  for (guint i = 0; i < n_documents; i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_ptr_array_add (self->documents, document);
      g_signal_connect_swapped (document, "changed", G_CALLBACK (document_changed_cb), self);
    }
  count_all (self);
  update_counts (self);
}

static void
documents_changed_cb (PostilReviewPane *self)
{
  follow_documents (self);
  refresh (self);
}

static void
leave_workspace (PostilReviewPane *self)
{
  postil_after_frame_cancel (self->later);
  g_signal_handlers_disconnect_by_data (postil_workspace_get_documents (self->workspace), self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_signal_handlers_disconnect_by_data (self->annotations, self);
  g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->annotations);
  g_clear_object (&self->model);
  g_clear_object (&self->workspace);
  follow_documents (self);
  update_entry (self);
}

static void
enter_workspace (PostilReviewPane *self, PostilWorkspace *workspace)
{
  self->workspace = g_object_ref (workspace);
  self->model = postil_topic_model_ref_for (workspace);
  self->annotations = postil_annotation_list_new (workspace);
  apply_filter (self);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->annotations)));
  if (self->list)
    gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb),
                            self);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (update_entry),
                            self);
  g_signal_connect_swapped (self->annotations, "items-changed", G_CALLBACK (items_changed_cb),
                            self);
  g_signal_connect_swapped (self->annotations, "notify::filtering", G_CALLBACK (update_counts),
                            self);
  g_signal_connect_swapped (self->model, "changed", G_CALLBACK (refresh), self);
  follow_documents (self);
  g_signal_connect_swapped (postil_workspace_get_documents (workspace), "items-changed",
                            G_CALLBACK (documents_changed_cb), self);
}

static void
build (PostilReviewPane *self)
{
  g_autoptr (GtkListItemFactory) factory = NULL;
  GtkEventController *keys;
  static const guint delete_keys[] = { GDK_KEY_Delete, GDK_KEY_KP_Delete };

  if (self->list)
    return;
  gtk_widget_init_template (GTK_WIDGET (self));

  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  self->binder = postil_row_binder_new (self->list, bind_card, self);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  keys = gtk_shortcut_controller_new ();
  for (guint i = 0; i < G_N_ELEMENTS (delete_keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (delete_keys[i], 0),
                                                        gtk_named_action_new ("review.delete")));
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
  update_entry (self);
  update_counts (self);
}

static void
postil_review_pane_map (GtkWidget *widget)
{
  build (POSTIL_REVIEW_PANE (widget));

  GTK_WIDGET_CLASS (postil_review_pane_parent_class)->map (widget);

  update_entry (POSTIL_REVIEW_PANE (widget));
}

/* Tab leaves the list, whose rows the arrow keys go through; GTK 4.8 would stop at each of them. */
static gboolean
postil_review_pane_focus (GtkWidget *widget, GtkDirectionType direction)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);
  gboolean in_list = self->list != NULL && postil_focus_is_in (self->list);

  if (in_list && direction == GTK_DIR_TAB_BACKWARD)
    return gtk_widget_child_focus (self->header, direction);
  if (in_list && direction == GTK_DIR_TAB_FORWARD)
    return gtk_widget_child_focus (GTK_WIDGET (self->detail), direction);

  return GTK_WIDGET_CLASS (postil_review_pane_parent_class)->focus (widget, direction);
}

static gboolean
postil_review_pane_grab_focus (GtkWidget *widget)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (widget);

  build (self);
  return focus_list (self) || gtk_widget_grab_focus (self->empty);
}

static void
postil_review_pane_dispose (GObject *object)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (object);
  GtkWidget *child;

  if (self->workspace)
    leave_workspace (self);
  g_clear_pointer (&self->later, postil_after_frame_free);
  g_clear_pointer (&self->binder, postil_row_binder_free);
  g_clear_object (&self->selected_document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_review_pane_parent_class)->dispose (object);
}

static void
postil_review_pane_finalize (GObject *object)
{
  PostilReviewPane *self = POSTIL_REVIEW_PANE (object);

  g_ptr_array_unref (self->documents);

  G_OBJECT_CLASS (postil_review_pane_parent_class)->finalize (object);
}

static void
postil_review_pane_class_init (PostilReviewPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_review_pane_dispose;
  object_class->finalize = postil_review_pane_finalize;
  widget_class->map = postil_review_pane_map;
  widget_class->focus = postil_review_pane_focus;
  widget_class->grab_focus = postil_review_pane_grab_focus;

  /**
   * PostilReviewPane::entry-selected:
   * @self: the pane
   * @document: a document
   * @annotation: an annotation of it
   *
   * A person is with this entry now; its place is to be shown.
   */
  signals[SIGNAL_ENTRY_SELECTED] =
    g_signal_new ("entry-selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, POSTIL_TYPE_DOCUMENT, POSTIL_TYPE_ANNOTATION);
  /**
   * PostilReviewPane::changed:
   * @self: the pane
   *
   * Another entry is selected, or there is more or less to review.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  postil_review_pane_install_actions (widget_class);
  g_type_ensure (POSTIL_TYPE_REVIEW_DETAIL);
  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/widgets/postil-review-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, header);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, all_button);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, moved_button);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, uncertain_button);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, orphaned_button);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, versions_button);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, stack);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, list);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, empty);
  gtk_widget_class_bind_template_child (widget_class, PostilReviewPane, detail);
  gtk_widget_class_bind_template_callback (widget_class, filter_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_set_css_name (widget_class, "reviewpane");
}

static void
postil_review_pane_init (PostilReviewPane *self)
{
  self->documents = g_ptr_array_new_with_free_func (g_object_unref);
  self->kinds = POSTIL_REVIEW_ALL;
  self->later = postil_after_frame_new (GTK_WIDGET (self), follow);
  postil_review_pane_update_actions (self);
}

GtkWidget *
postil_review_pane_new (void)
{
  return g_object_new (POSTIL_TYPE_REVIEW_PANE, NULL);
}

/**
 * postil_review_pane_set_workspace:
 * @self: a review pane
 * @workspace: (nullable): whose annotations are reviewed
 */
void
postil_review_pane_set_workspace (PostilReviewPane *self, PostilWorkspace *workspace)
{
  g_return_if_fail (POSTIL_IS_REVIEW_PANE (self));
  g_return_if_fail (workspace == NULL || POSTIL_IS_WORKSPACE (workspace));

  if (workspace == self->workspace)
    return;

  if (self->workspace)
    leave_workspace (self);
  if (workspace)
    enter_workspace (self, workspace);
}

/**
 * postil_review_pane_set_selection:
 * @self: a review pane
 * @document: (nullable): the document in whose text something is selected
 * @span: what is selected, in code points
 *
 * Says what "review.reattach" attaches to.
 */
void
postil_review_pane_set_selection (PostilReviewPane *self, PostilDocument *document, PostilSpan span)
{
  g_return_if_fail (POSTIL_IS_REVIEW_PANE (self));
  g_return_if_fail (document == NULL || POSTIL_IS_DOCUMENT (document));

  self->selected_span = span;
  if (g_set_object (&self->selected_document, document))
    postil_review_pane_update_actions (self);
}

static gboolean
find_first_cb (PostilAnnotation *annotation, PostilSpan span, gpointer data)
{
  if (postil_review_get_kinds (annotation) == 0)
    return G_SOURCE_CONTINUE;
  *(PostilAnnotation **) data = annotation;
  return G_SOURCE_REMOVE;
}

/**
 * postil_review_pane_start:
 * @self: a review pane
 * @document: (nullable): where to begin; %NULL to stay at the selected entry
 *
 * Begins a review: shows all entries, selects the first one of @document and gives it the focus.
 */
void
postil_review_pane_start (PostilReviewPane *self, PostilDocument *document)
{
  PostilAnnotation *first = NULL;
  guint position;

  g_return_if_fail (POSTIL_IS_REVIEW_PANE (self));
  g_return_if_fail (document == NULL || POSTIL_IS_DOCUMENT (document));

  build (self);
  gtk_toggle_button_set_active (self->all_button, TRUE);
  if (self->selection == NULL)
    return;
  if (document)
    postil_annotation_index_foreach (postil_document_get_annotations (document), find_first_cb,
                                     &first);
  if (first &&
      postil_annotation_list_find (self->annotations, postil_annotation_get_id (first), &position))
    gtk_single_selection_set_selected (self->selection, position);
  tell_entry (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/**
 * postil_review_pane_step:
 * @self: a review pane
 * @by: 1 for the next entry, -1 for the one before
 *
 * Selects another entry; rings when there is none.
 */
void
postil_review_pane_step (PostilReviewPane *self, int by)
{
  guint position, n;

  g_return_if_fail (POSTIL_IS_REVIEW_PANE (self));

  build (self);
  n = self->selection ? g_list_model_get_n_items (G_LIST_MODEL (self->selection)) : 0;
  position = n > 0 ? gtk_single_selection_get_selected (self->selection) + by : 0;
  /* Below 0 is above any number, too. */
  if (position >= n)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  gtk_single_selection_set_selected (self->selection, position);
  if (!postil_focus_is_in (self) || !focus_list (self))
    scroll_to_selected (self);
}

/**
 * postil_review_pane_get_entry:
 * @self: a review pane
 *
 * Returns: (transfer none) (nullable): the annotation of the selected entry
 */
PostilAnnotation *
postil_review_pane_get_entry (PostilReviewPane *self)
{
  PostilAnnotationRow *row;

  g_return_val_if_fail (POSTIL_IS_REVIEW_PANE (self), NULL);

  row = postil_review_pane_get_row (self);
  return row ? postil_annotation_row_get_annotation (row) : NULL;
}

/**
 * postil_review_pane_get_counts:
 * @self: a review pane
 *
 * Returns: (transfer none): how much there is to review in all documents
 */
const PostilReviewCounts *
postil_review_pane_get_counts (PostilReviewPane *self)
{
  g_return_val_if_fail (POSTIL_IS_REVIEW_PANE (self), NULL);

  return &self->counts;
}
