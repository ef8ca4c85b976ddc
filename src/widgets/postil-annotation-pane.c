/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-pane-private.h"

#include <glib/gi18n-lib.h>

#include "postil-annotation-card.h"
#include "postil-focus.h"
#include "postil-late-model.h"
#include "postil-row-selection.h"
#include "postil-wrap-layout.h"

/*
 * PostilAnnotationPane: all annotations of a workspace in reading order or another, filtered, with
 * the selected one open below. The list makes rows for what is in sight only. The open annotation
 * is kept by its id: it stays open when it changes or when the filter hides it, and goes when it is
 * deleted. What is changed in the text is shown there first: the list, the counts and what is
 * open follow one frame later, or at once where someone is at work here.
 * Several that are selected stay so however many rows change, unless something else is selected.
 * "annotation-selected" is emitted for what a person does here, not for
 * postil_annotation_pane_select().
 */
G_DEFINE_FINAL_TYPE (PostilAnnotationPane, postil_annotation_pane, GTK_TYPE_WIDGET)

enum
{
  PROP_WORKSPACE = 1,
  PROP_FILTER_DOCUMENT,
  PROP_FILTER_TOPIC,
  PROP_ORDER,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  SIGNAL_ANNOTATION_SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
count_shown (PostilAnnotationPane *self)
{
  return self->annotations ? g_list_model_get_n_items (G_LIST_MODEL (self->annotations)) : 0;
}

/* Counts all annotations, and those to be reviewed. */
static guint
count_all (PostilAnnotationPane *self, guint *n_to_review)
{
  guint count = 0;

  *n_to_review = 0;
  for (guint i = 0; i < self->documents->len; i++)
    {
      PostilAnnotationIndex *annotations =
        postil_document_get_annotations (g_ptr_array_index (self->documents, i));

      count += postil_annotation_index_get_n_shown (annotations);
      *n_to_review +=
        postil_annotation_tally_get_review (postil_annotation_index_get_tally (annotations))->n;
    }

  return count;
}

static gboolean
is_filtering (PostilAnnotationPane *self)
{
  gboolean filtering = FALSE;

  if (self->annotations)
    g_object_get (self->annotations, "filtering", &filtering, NULL);
  return filtering;
}

static void
update_summary (PostilAnnotationPane *self)
{
  guint n_to_review;
  guint n_shown = count_shown (self), n_all = count_all (self, &n_to_review);
  gboolean filtering = is_filtering (self);

  postil_annotation_filters_show_counts (self->filters, n_shown, n_all, n_to_review);
  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 || filtering ? "list"
                                                 : n_all > 0              ? "nothing"
                                                                          : "empty");
}

static void
apply_filter (PostilAnnotationPane *self)
{
  PostilAnnotationFilter filter;

  if (self->annotations == NULL)
    return;
  postil_annotation_filters_get (self->filters, &filter);
  postil_annotation_list_set_filter (self->annotations, &filter);
  update_summary (self);
}

/* Opens one annotation below the list, or what several can be done with, or nothing. */
static void
show_bottom (PostilAnnotationPane *self, PostilDocument *document, const char *id, guint n_selected)
{
  gboolean has_any = document != NULL || n_selected > 1;
  g_autofree char *several = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u annotation selected", "%u annotations selected", n_selected),
    n_selected);

  self->n_selected = n_selected;
  if (id != self->open)
    {
      g_free (self->open);
      self->open = g_strdup (id);
    }
  postil_annotation_detail_show (self->detail, self->workspace, document, self->open);
  gtk_label_set_label (self->several_label, several);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), document != NULL);
  gtk_widget_set_visible (self->several_box, document == NULL && n_selected > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "annotations.delete", has_any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "annotations.add-topic", has_any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "annotations.remove-topic", has_any);
}

static PostilAnnotationRow *
ref_row (PostilAnnotationPane *self, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (self->annotations), position);
}

/* Remembers what is selected, before rows change. */
static void
keep_selected (PostilAnnotationPane *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  if (!self->kept && self->next == GTK_INVALID_LIST_POSITION && !gtk_bitset_is_empty (selected))
    self->kept = postil_kept_selection_new (self->annotations, selected);
}

/* What is selected is to be known before the list follows, which it does at once where many are
 * changed.
 */
static void
keep_several (PostilAnnotationPane *self)
{
  if (self->n_selected > 1)
    keep_selected (self);
}

/* What is selected now counts more than what was. */
static void
forget_kept (PostilAnnotationPane *self)
{
  g_clear_pointer (&self->kept, postil_kept_selection_free);
  self->next = GTK_INVALID_LIST_POSITION;
}

static void
found_cb (GtkBitset *found, gpointer data)
{
  PostilAnnotationPane *self = data;
  gboolean restoring = self->restoring;
  g_autoptr (GtkBitset) mask = gtk_bitset_new_range (0, count_shown (self));

  /* Rows are about to change again; they are looked up after that. */
  if (self->is_behind || is_filtering (self))
    return;
  forget_kept (self);
  self->restoring = TRUE;
  gtk_selection_model_set_selection (self->selection, found, mask);
  self->restoring = restoring;
  if (gtk_bitset_get_size (found) != self->n_selected)
    postil_annotation_pane_show_selected (self);
}

/* Selects what comes next after a deletion, and has the focus there, unless a person has gone
 * elsewhere while many were deleted.
 */
static void
select_next (PostilAnnotationPane *self)
{
  guint next = self->next, n_rows = count_shown (self);
  gboolean restoring = self->restoring;
  GtkWidget *focus;

  forget_kept (self);
  self->restoring = TRUE;
  if (n_rows > 0)
    gtk_selection_model_select_item (self->selection, MIN (next, n_rows - 1), TRUE);
  self->restoring = restoring;
  postil_annotation_pane_show_selected (self);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  if (!focus || gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    postil_annotation_pane_focus_list (self);
}

/* Selects what is to be selected as soon as the list shows all that was changed. */
static void
select_kept (PostilAnnotationPane *self)
{
  if (is_filtering (self))
    return;
  if (self->next != GTK_INVALID_LIST_POSITION)
    select_next (self);
  else if (self->kept)
    postil_kept_selection_find (self->kept, self->annotations,
                                postil_workspace_get_documents (self->workspace), found_cb, self);
}

/* Has a row be selected in place of what was deleted, or none. */
void
postil_annotation_pane_select_next (PostilAnnotationPane *self, guint position)
{
  gboolean restoring = self->restoring;

  forget_kept (self);
  self->restoring = TRUE;
  gtk_selection_model_unselect_all (self->selection);
  self->restoring = restoring;
  self->next = position;
  if (position == GTK_INVALID_LIST_POSITION || is_filtering (self))
    postil_annotation_pane_show_selected (self);
  select_kept (self);
}

/* Follows what is to be followed, which replaces rows, and selects again what was selected since
 * that was to be done.
 */
static void
follow_selected (PostilAnnotationPane *self)
{
  self->opens = FALSE;
  self->restoring = TRUE;
  keep_selected (self);
  postil_after_frame_flush (self->later);
  self->restoring = FALSE;
}

/* Opens what is selected, or tells that there are several. */
void
postil_annotation_pane_show_selected (PostilAnnotationPane *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  guint n_selected;
  g_autoptr (PostilAnnotationRow) row = NULL;
  PostilDocument *document = NULL;
  PostilAnnotation *annotation = NULL;

  if (self->restoring)
    return;

  if (self->is_behind)
    follow_selected (self);
  selected = gtk_selection_model_get_selection (self->selection);
  n_selected = gtk_bitset_get_size (selected);
  if (n_selected == 1)
    {
      row = ref_row (self, gtk_bitset_get_minimum (selected));
      document = postil_annotation_row_get_document (row);
      annotation = postil_annotation_row_get_annotation (row);
      if (g_strcmp0 (postil_annotation_get_id (annotation), self->open) == 0)
        return;
      /* A list that is being sorted may still have rows of a document that has gone. */
      if (!g_ptr_array_find (self->documents, document, NULL))
        document = NULL, annotation = NULL;
    }
  show_bottom (self, document, annotation ? postil_annotation_get_id (annotation) : NULL,
               n_selected);
  postil_row_reveal_queue (self->reveal);
  g_signal_emit (self, signals[SIGNAL_ANNOTATION_SELECTED], 0, document, annotation);
}

/* Selects the open annotation where it stands in the list now, if it does. */
static gboolean
select_open (PostilAnnotationPane *self, guint *position)
{
  GtkSelectionModel *selection = self->selection;
  gboolean found = postil_annotation_list_find (self->annotations, self->open, position);
  gboolean restoring = self->restoring;

  self->restoring = TRUE;
  if (found)
    gtk_selection_model_select_item (selection, *position, TRUE);
  else
    gtk_selection_model_unselect_all (selection);
  self->restoring = restoring;

  return found;
}

static void
selection_changed_cb (PostilAnnotationPane *self)
{
  if (!self->restoring)
    forget_kept (self);
  postil_annotation_pane_show_selected (self);
}

static gboolean
bind_card (GtkListItem *list_item, gpointer data)
{
  PostilAnnotationPane *self = data;
  PostilAnnotationCard *card = POSTIL_ANNOTATION_CARD (gtk_list_item_get_child (list_item));
  PostilAnnotationRow *row = gtk_list_item_get_item (list_item);
  g_autofree char *phrase = NULL;

  if (!postil_annotation_card_show (card, self->workspace, postil_annotation_row_get_document (row),
                                    postil_annotation_row_get_annotation (row), self->stamp))
    return FALSE;
  phrase = postil_annotation_card_dup_phrase (card);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (card))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, phrase, -1);
  return TRUE;
}

static gboolean
look_cb (PostilAnnotationSight *sight, gpointer data)
{
  PostilAnnotationPane *self = data;

  if (!postil_row_binder_find_rows (self->binder, &sight->first, &sight->n, &sight->kept))
    return FALSE;
  if (self->is_sorting && !self->open)
    sight->kept = 0;
  return TRUE;
}

/* A row that is replaced loses its selection, and its card stays as it was; connected after the
 * selection model and the list, this makes up for both. */
static void
items_changed_cb (PostilAnnotationPane *self, guint changed, guint n_removed, guint n_added)
{
  guint position;

  /* There may be hundreds of these in a row; nobody reads all counts between. */
  postil_after_frame_queue (self->later);
  if (self->kept)
    postil_kept_selection_stop (self->kept);
  if (n_removed == 1 && n_added == 1)
    postil_row_binder_refresh (self->binder);
  if (self->restoring)
    return;

  if (self->open && postil_annotation_detail_get_annotation (self->detail))
    {
      /* The row may have become taller. */
      if (select_open (self, &position) && position == changed)
        postil_row_reveal_queue (self->reveal);
    }
  else if (self->open)
    {
      show_bottom (self, NULL, NULL, 0);
      g_signal_emit (self, signals[SIGNAL_ANNOTATION_SELECTED], 0, NULL, NULL);
    }
  else if (self->n_selected > 1 && !self->kept)
    postil_annotation_pane_show_selected (self);
}

/* The rows in sight are those of other annotations now; that is as if they had been replaced. */
static void
handed_over_cb (PostilAnnotationPane *self, guint position, guint n)
{
  gboolean restoring = self->restoring;

  self->restoring = TRUE;
  gtk_selection_model_unselect_range (self->selection, position, n);
  self->restoring = restoring;
  postil_row_reveal_stay_at_top (self->reveal);
  postil_row_binder_refresh (self->binder);
  items_changed_cb (self, position, n, n);
}

static void
setup_cb (PostilAnnotationPane *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, postil_annotation_card_new (self->caption));
}

/* What the cards show beside their annotations has changed; they follow with all else here. */
static void
refresh_cards (PostilAnnotationPane *self)
{
  self->stamp++;
  self->is_stale = TRUE;
  postil_after_frame_queue (self->later);
}

static PostilDocument *
find_document (PostilAnnotationPane *self, const char *annotation)
{
  for (guint i = 0; annotation && i < self->documents->len; i++)
    if (postil_document_get_annotation (g_ptr_array_index (self->documents, i), annotation))
      return g_ptr_array_index (self->documents, i);
  return NULL;
}

static gboolean
find_open (guint *position, gpointer data)
{
  PostilAnnotationPane *self = data;

  return self->open != NULL &&
         (self->is_behind || postil_annotation_list_find (self->annotations, self->open, position));
}

/* Opens an annotation, or none, and scrolls to its row. */
static void
open_annotation (PostilAnnotationPane *self, const char *annotation)
{
  PostilDocument *document = find_document (self, annotation);
  guint position;

  forget_kept (self);
  show_bottom (self, document, document ? annotation : NULL, 0);
  if (document && select_open (self, &position))
    postil_row_reveal_queue (self->reveal);
  else if (self->selection)
    {
      self->restoring = TRUE;
      gtk_selection_model_unselect_all (self->selection);
      self->restoring = FALSE;
    }
}

/* Shows what one wants to see once the list is in its order: what is open, or else what comes first
 * in another order.
 */
static void
show_order (PostilAnnotationPane *self)
{
  if (is_filtering (self))
    return;
  select_kept (self);
  if (self->is_sorting && self->open)
    postil_row_reveal_queue (self->reveal);
  else if (self->is_sorting && count_shown (self) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
  self->is_sorting = FALSE;
}

static void
filtering_cb (PostilAnnotationPane *self)
{
  update_summary (self);
  show_order (self);
}

static void
set_order (PostilAnnotationPane *self, PostilAnnotationOrder order)
{
  if (order == self->order)
    return;

  self->order = order;
  postil_annotation_filters_show_order (self->filters, order);
  if (self->annotations)
    {
      postil_after_frame_flush (self->later);
      keep_several (self);
      self->is_sorting = TRUE;
      postil_annotation_list_set_order (self->annotations, order);
      show_order (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORDER]);
}

static void
follow (GtkWidget *widget)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (widget);
  g_autofree char *to_open = g_steal_pointer (&self->to_open);
  gboolean opens = self->opens, restoring = self->restoring;

  self->is_behind = self->opens = FALSE;
  /* What is about to be closed need not be kept open. */
  self->restoring = restoring || opens;
  postil_annotation_list_catch_up (self->annotations);
  self->restoring = restoring;
  if (opens)
    open_annotation (self, to_open);
  else if (gtk_widget_get_mapped (widget))
    select_kept (self);
  if (self->is_stale)
    postil_row_binder_refresh (self->binder);
  self->is_stale = FALSE;
  update_summary (self);
}

static void
document_changed_cb (PostilAnnotationPane *self, const PostilChange *changes, guint n_changes)
{
  self->is_behind = TRUE;
  postil_after_frame_queue (self->later);
  /* What stays where it was may quote other words there. */
  if (postil_changes_have_text (changes, n_changes))
    refresh_cards (self);
}

static void
follow_documents (PostilAnnotationPane *self)
{
  GListModel *documents = self->workspace ? postil_workspace_get_documents (self->workspace) : NULL;
  guint n_documents = documents ? g_list_model_get_n_items (documents) : 0;

  for (guint i = 0; i < self->documents->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->documents, i),
                                          document_changed_cb, self);
  g_ptr_array_set_size (self->documents, 0);
  for (guint i = 0; i < n_documents; i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_ptr_array_add (self->documents, document);
      g_signal_connect_swapped (document, "changed", G_CALLBACK (document_changed_cb), self);
    }
}

static void
documents_changed_cb (PostilAnnotationPane *self)
{
  PostilDocument *shown = postil_annotation_detail_get_document (self->detail);

  follow_documents (self);
  if (shown && !g_ptr_array_find (self->documents, shown, NULL))
    {
      show_bottom (self, NULL, NULL, 0);
      g_signal_emit (self, signals[SIGNAL_ANNOTATION_SELECTED], 0, NULL, NULL);
    }
  update_summary (self);
  refresh_cards (self);
}

static void
watch_documents (PostilAnnotationPane *self, guint position, guint n_removed, guint n_added)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);

  keep_several (self);
  for (guint i = position; i < position + n_removed; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->documents, i), keep_several,
                                          self);
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      g_signal_connect_swapped (document, "changed", G_CALLBACK (keep_several), self);
    }
}

static void
filter_document_cb (PostilAnnotationPane *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER_DOCUMENT]);
}

static void
filter_topic_cb (PostilAnnotationPane *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTER_TOPIC]);
}

static void
note_done_cb (PostilAnnotationPane *self)
{
  if (!self->return_to || !gtk_widget_get_mapped (self->return_to) ||
      !gtk_widget_grab_focus (self->return_to))
    postil_annotation_pane_focus_list (self);
  g_clear_weak_pointer (&self->return_to);
}

static void
leave_workspace (PostilAnnotationPane *self)
{
  postil_after_frame_cancel (self->later);
  self->is_behind = self->opens = self->is_sorting = FALSE;
  forget_kept (self);
  show_bottom (self, NULL, NULL, 0);
  postil_annotation_detail_show (self->detail, NULL, NULL, NULL);
  g_signal_handlers_disconnect_by_data (postil_workspace_get_documents (self->workspace), self);
  g_signal_handlers_disconnect_by_data (postil_workspace_get_codebook (self->workspace), self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_signal_handlers_disconnect_by_data (self->annotations, self);
  g_signal_handlers_disconnect_by_data (self->selection, self);
  postil_annotation_list_set_look (self->annotations, NULL, NULL);
  gtk_list_view_set_model (self->list, NULL);
  postil_annotation_pane_set_finders_workspace (self, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->annotations);
  g_clear_object (&self->model);
  watch_documents (self, 0, self->documents->len, 0);
  g_clear_object (&self->workspace);
  follow_documents (self);
}

static void
enter_workspace (PostilAnnotationPane *self, PostilWorkspace *workspace)
{
  self->workspace = g_object_ref (workspace);
  self->model = postil_topic_model_ref_for (workspace);
  g_signal_connect_swapped (postil_workspace_get_documents (workspace), "items-changed",
                            G_CALLBACK (watch_documents), self);
  g_signal_connect_swapped (postil_workspace_get_codebook (workspace), "changed",
                            G_CALLBACK (keep_several), self);
  watch_documents (self, 0, 0,
                   g_list_model_get_n_items (postil_workspace_get_documents (workspace)));
  self->annotations = postil_annotation_list_new (workspace);
  postil_annotation_list_set_order (self->annotations, self->order);
  postil_annotation_list_set_waits (self->annotations, TRUE);
  postil_annotation_list_set_look (self->annotations, look_cb, self);
  self->selection = postil_row_selection_new (G_LIST_MODEL (self->annotations));
  postil_late_model_set (self->list, self->selection, 2);
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb),
                            self);
  g_signal_connect_swapped (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->annotations, "handed-over", G_CALLBACK (handed_over_cb), self);
  g_signal_connect_swapped (self->annotations, "notify::filtering", G_CALLBACK (filtering_cb),
                            self);
  g_signal_connect_swapped (self->model, "changed", G_CALLBACK (refresh_cards), self);
  g_signal_connect_swapped (postil_workspace_get_documents (workspace), "items-changed",
                            G_CALLBACK (documents_changed_cb), self);
  postil_annotation_pane_set_finders_workspace (self, workspace);
  follow_documents (self);
}

static void
postil_annotation_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (object);

  switch (id)
    {
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;
    case PROP_FILTER_DOCUMENT:
      g_object_get_property (G_OBJECT (self->filters), "document", value);
      break;
    case PROP_FILTER_TOPIC:
      g_object_get_property (G_OBJECT (self->filters), "topic", value);
      break;
    case PROP_ORDER:
      g_value_set_enum (value, self->order);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_annotation_pane_set_property (GObject *object,
                                     guint id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (object);

  switch (id)
    {
    case PROP_WORKSPACE:
      postil_annotation_pane_set_workspace (self, g_value_get_object (value));
      break;
    case PROP_FILTER_DOCUMENT:
      postil_annotation_pane_set_filter_document (self, g_value_get_object (value));
      break;
    case PROP_FILTER_TOPIC:
      postil_annotation_pane_set_filter_topic (self, g_value_get_string (value));
      break;
    case PROP_ORDER:
      set_order (self, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* Tab leaves the list, whose rows the arrow keys go through; GTK 4.8 would stop at each of them. */
static gboolean
postil_annotation_pane_focus (GtkWidget *widget, GtkDirectionType direction)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (widget);
  gboolean in_list = postil_focus_is_in (self->list);

  if (in_list && direction == GTK_DIR_TAB_BACKWARD)
    return gtk_widget_child_focus (GTK_WIDGET (self->filters), direction);
  if (in_list && direction == GTK_DIR_TAB_FORWARD)
    return gtk_widget_child_focus (GTK_WIDGET (self->detail), direction) ||
           gtk_widget_child_focus (self->several_box, direction);

  return GTK_WIDGET_CLASS (postil_annotation_pane_parent_class)->focus (widget, direction);
}

static void
postil_annotation_pane_dispose (GObject *object)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (object);
  GtkWidget *child;

  g_clear_weak_pointer (&self->return_to);
  if (self->workspace)
    leave_workspace (self);
  g_clear_pointer (&self->later, postil_after_frame_free);
  g_clear_pointer (&self->binder, postil_row_binder_free);
  g_clear_pointer (&self->reveal, postil_row_reveal_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_annotation_pane_parent_class)->dispose (object);
}

static void
postil_annotation_pane_finalize (GObject *object)
{
  PostilAnnotationPane *self = POSTIL_ANNOTATION_PANE (object);

  g_ptr_array_unref (self->documents);
  g_free (self->open);
  g_free (self->to_open);

  G_OBJECT_CLASS (postil_annotation_pane_parent_class)->finalize (object);
}

static void
postil_annotation_pane_class_init (PostilAnnotationPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_annotation_pane_get_property;
  object_class->set_property = postil_annotation_pane_set_property;
  object_class->dispose = postil_annotation_pane_dispose;
  object_class->finalize = postil_annotation_pane_finalize;
  widget_class->focus = postil_annotation_pane_focus;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, POSTIL_TYPE_WORKSPACE, flags);
  properties[PROP_FILTER_DOCUMENT] =
    g_param_spec_object ("filter-document", NULL, NULL, POSTIL_TYPE_DOCUMENT, flags);
  properties[PROP_FILTER_TOPIC] = g_param_spec_string ("filter-topic", NULL, NULL, NULL, flags);
  properties[PROP_ORDER] = g_param_spec_enum ("order", NULL, NULL, POSTIL_TYPE_ANNOTATION_ORDER,
                                              POSTIL_ORDER_PLACE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PostilAnnotationPane::annotation-selected:
   * @self: the pane
   * @document: (nullable): a document
   * @annotation: (nullable): an annotation of it
   *
   * A person selected an annotation, or it was deleted; both are %NULL when none or several are
   * selected.
   */
  signals[SIGNAL_ANNOTATION_SELECTED] =
    g_signal_new ("annotation-selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 2, POSTIL_TYPE_DOCUMENT, POSTIL_TYPE_ANNOTATION);

  postil_annotation_pane_install_actions (widget_class);

  g_type_ensure (POSTIL_TYPE_ANNOTATION_DETAIL);
  g_type_ensure (POSTIL_TYPE_ANNOTATION_FILTERS);
  g_type_ensure (POSTIL_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/page/postil/Postil/widgets/postil-annotation-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, filters);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, stack);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, list);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, caption);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, several_box);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, detail);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, several_label);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, add_button);
  gtk_widget_class_bind_template_child (widget_class, PostilAnnotationPane, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, filter_topic_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_filter);
  gtk_widget_class_bind_template_callback (widget_class, filter_document_cb);
  gtk_widget_class_bind_template_callback (widget_class, postil_annotation_filters_clear);
  gtk_widget_class_bind_template_callback (widget_class, postil_annotation_pane_focus_list);
  gtk_widget_class_bind_template_callback (widget_class, note_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, postil_annotation_pane_edit_note);
  gtk_widget_class_set_css_name (widget_class, "annotationpane");
}

static void
postil_annotation_pane_init (PostilAnnotationPane *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->documents = g_ptr_array_new_with_free_func (g_object_unref);
  self->next = GTK_INVALID_LIST_POSITION;
  self->later = postil_after_frame_new (GTK_WIDGET (self), follow);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->reveal = postil_row_reveal_new (self->list, find_open, self);
  /* Off the screen each change is followed at once, within which nothing can be looked up. */
  g_signal_connect (self, "map", G_CALLBACK (select_kept), NULL);

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  self->binder = postil_row_binder_new (self->list, bind_card, self);
  postil_annotation_pane_init_actions (self);
  show_bottom (self, NULL, NULL, 0);
  update_summary (self);
}

GtkWidget *
postil_annotation_pane_new (void)
{
  return g_object_new (POSTIL_TYPE_ANNOTATION_PANE, NULL);
}

/**
 * postil_annotation_pane_set_workspace:
 * @self: an annotation pane
 * @workspace: (nullable): whose annotations it shows, at first without a filter
 */
void
postil_annotation_pane_set_workspace (PostilAnnotationPane *self, PostilWorkspace *workspace)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_PANE (self));
  g_return_if_fail (workspace == NULL || POSTIL_IS_WORKSPACE (workspace));

  if (workspace == self->workspace)
    return;

  if (self->workspace)
    leave_workspace (self);
  postil_annotation_filters_clear (self->filters);
  postil_annotation_filters_set_workspace (self->filters, workspace);
  if (workspace)
    enter_workspace (self, workspace);
  update_summary (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKSPACE]);
}

/**
 * postil_annotation_pane_set_filter_document:
 * @self: an annotation pane
 * @document: (nullable): show only annotations of this document of the workspace; %NULL for all
 */
void
postil_annotation_pane_set_filter_document (PostilAnnotationPane *self, PostilDocument *document)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_PANE (self));

  postil_annotation_filters_set_document (self->filters, document);
}

/**
 * postil_annotation_pane_set_filter_topic:
 * @self: an annotation pane
 * @topic: (nullable): show only annotations with the topic of this id or one below it; %NULL for
 * all
 */
void
postil_annotation_pane_set_filter_topic (PostilAnnotationPane *self, const char *topic)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_PANE (self));

  postil_annotation_filters_set_topic (self->filters, topic);
}

/**
 * postil_annotation_pane_select:
 * @self: an annotation pane
 * @annotation: (nullable): id of an annotation; %NULL for none
 *
 * Opens an annotation and scrolls to its row. One that the filter hides is opened all the same. It
 * is shown as soon as the list has followed what was changed just now.
 *
 * Returns: whether there is such an annotation
 */
gboolean
postil_annotation_pane_select (PostilAnnotationPane *self, const char *annotation)
{
  PostilDocument *document;

  g_return_val_if_fail (POSTIL_IS_ANNOTATION_PANE (self), FALSE);

  document = find_document (self, annotation);
  if (self->is_behind)
    {
      self->opens = TRUE;
      g_free (self->to_open);
      self->to_open = document ? g_strdup (annotation) : NULL;
    }
  else
    open_annotation (self, annotation);

  return document != NULL;
}

/**
 * postil_annotation_pane_edit_note:
 * @self: an annotation pane
 *
 * Gives the focus to the note of the open annotation. Escape gives it back to what had it.
 */
void
postil_annotation_pane_edit_note (PostilAnnotationPane *self)
{
  GtkWidget *focus;

  g_return_if_fail (POSTIL_IS_ANNOTATION_PANE (self));

  postil_after_frame_flush (self->later);
  if (!self->open)
    return;
  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  if (focus && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    g_set_weak_pointer (&self->return_to, focus);
  else
    g_clear_weak_pointer (&self->return_to);
  postil_annotation_detail_edit_note (self->detail);
}

/**
 * postil_annotation_pane_commit_note:
 * @self: an annotation pane
 *
 * Makes the note being typed a step of the history, after one that is still being prepared; to be
 * called before saving, closing or undoing.
 */
void
postil_annotation_pane_commit_note (PostilAnnotationPane *self)
{
  g_return_if_fail (POSTIL_IS_ANNOTATION_PANE (self));

  if (self->workspace)
    postil_workspace_settle (self->workspace);
  postil_annotation_detail_commit_note (self->detail);
}

/**
 * postil_annotation_pane_focus_list:
 * @self: an annotation pane
 *
 * Gives the list the focus, at the open annotation where there is one.
 */
void
postil_annotation_pane_focus_list (PostilAnnotationPane *self)
{
  guint position;

  g_return_if_fail (POSTIL_IS_ANNOTATION_PANE (self));

  postil_after_frame_flush (self->later);
  if (self->open && postil_annotation_list_find (self->annotations, self->open, &position))
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}
