/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-summary-page.h"

#include <glib/gi18n.h>

#include "postil-comparison-html.h"
#include "postil-excerpt.h"
#include "postil-file-dialogs.h"
#include "postil-review-words.h"
#include "postil-share-bar.h"
#include "postil-summary-row.h"
#include "postil-summary-words.h"
#include "postil-topic-swatch.h"
#include "postil-wrap-layout.h"

/**
 * PostilSummaryPage:
 *
 * What the comparison of two texts comes to, as one list: how much of each text the other one has,
 * what each leaves out, the longest first, and how the topics fall in both. Whoever shows the page
 * is told when a person goes to a place. The summary is made in a thread, and made anew when the
 * texts, their annotations or the topics change, but only while the page is in sight.
 */
struct _PostilSummaryPage
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkListView *list;

  PostilWorkspace *workspace;
  PostilComparer *comparer;
  PostilDocument *documents[2];
  GCancellable *cancellable;
  guint timeout;
  gboolean stale;

  /* What is shown, and the texts that it is of. */
  PostilComparisonSummary *summary;
  PostilSummaryTexts of;
  GListStore *rows;
  GtkTreeListModel *tree;
};

G_DEFINE_FINAL_TYPE (PostilSummaryPage, postil_summary_page, GTK_TYPE_WIDGET)

enum
{
  PLACE_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* So long it waits for further changes, in ms. */
#define PAUSE 250

/* Longest excerpt of a passage in code points. */
#define MAX_EXCERPT 240

#define N_PARTS 4

/* What a thread is given to sum up, or to write a report of. */
typedef struct
{
  PostilAlignment *alignment;
  PostilText *texts[2];
  PostilAnnotationIndex *annotations[2];
  char *names[2];
  GFile *file;
} Job;

/* The parts of a row, kept with it. */
typedef struct
{
  GtkWidget *swatch;
  GtkLabel *title;
  PostilExcerpt *excerpt;
  PostilShareBar *bar;
  GtkWidget *legend;
  GtkLabel *shares[N_PARTS];
  GtkLabel *detail;
} Parts;

#define PARTS_KEY "postil-parts"

static void update (PostilSummaryPage *self);

static void
job_free (gpointer data)
{
  Job *job = data;

  postil_alignment_unref (job->alignment);
  for (guint side = 0; side < 2; side++)
    {
      postil_text_unref (job->texts[side]);
      postil_annotation_index_unref (job->annotations[side]);
      g_free (job->names[side]);
    }
  g_clear_object (&job->file);
  g_free (job);
}

/* Of the documents as they are now; %NULL while they are still to be compared. */
static Job *
job_new (PostilSummaryPage *self)
{
  Job *job;
  gboolean running;

  g_object_get (self->comparer, "running", &running, NULL);
  if (running || !self->documents[0] ||
      postil_comparer_get_a (self->comparer) != self->documents[0] ||
      postil_comparer_get_b (self->comparer) != self->documents[1])
    return NULL;
  job = g_new0 (Job, 1);
  job->alignment = postil_alignment_ref (postil_comparer_get_alignment (self->comparer));
  for (guint side = 0; side < 2; side++)
    {
      PostilDocument *document = self->documents[side];

      job->texts[side] = postil_text_ref (postil_document_get_text (document));
      job->annotations[side] =
        postil_annotation_index_ref (postil_document_get_annotations (document));
      job->names[side] = g_strdup (postil_document_get_name (document));
    }
  return job;
}

static void
clear_summary (PostilSummaryPage *self)
{
  g_list_store_remove_all (self->rows);
  g_clear_pointer (&self->summary, postil_comparison_summary_free);
  for (guint side = 0; side < 2; side++)
    g_clear_pointer (&self->of.texts[side], postil_text_unref);
}

static void
append (GPtrArray *rows, PostilSummaryRowKind kind, guint side, gconstpointer data)
{
  g_ptr_array_add (rows, postil_summary_row_new (kind, side, data));
}

/* Topics come in the order of the codebook; last those that it lacks. */
static void
append_topics (PostilSummaryPage *self, GPtrArray *rows)
{
  g_autoptr (GPtrArray) topics =
    postil_codebook_list_in_order (postil_workspace_get_codebook (self->workspace));
  g_autoptr (GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer topic;

  for (guint i = 0; i < self->summary->topics->len; i++)
    {
      PostilSummaryTopic *found = self->summary->topics->pdata[i];

      g_hash_table_insert (left, (gpointer) found->topic, found);
    }
  for (guint i = 0; i < topics->len; i++)
    {
      const char *id = postil_topic_get_id (topics->pdata[i]);

      topic = g_hash_table_lookup (left, id);
      if (topic)
        append (rows, POSTIL_SUMMARY_ROW_TOPIC, 0, topic);
      g_hash_table_remove (left, id);
    }
  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, NULL, &topic))
    append (rows, POSTIL_SUMMARY_ROW_TOPIC, 0, topic);
}

/* The keys of the rows that are open. */
static GHashTable *
list_open (PostilSummaryPage *self)
{
  GHashTable *open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->tree));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);
      g_autoptr (PostilSummaryRow) item = gtk_tree_list_row_get_item (row);

      if (gtk_tree_list_row_get_expanded (row))
        g_hash_table_add (open, postil_summary_row_dup_key (item));
    }
  return open;
}

/* Opens the rows that were open, or at first what the texts leave out. */
static void
open_rows (PostilSummaryPage *self, GHashTable *open)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);
      g_autoptr (PostilSummaryRow) item = gtk_tree_list_row_get_item (row);
      g_autofree char *key = NULL;

      if (!gtk_tree_list_row_is_expandable (row))
        continue;
      key = postil_summary_row_dup_key (item);
      if (open ? g_hash_table_contains (open, key)
               : postil_summary_row_get_kind (item) == POSTIL_SUMMARY_ROW_OMISSIONS)
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
show_summary (PostilSummaryPage *self, PostilComparisonSummary *summary, const Job *job)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) open = self->summary ? list_open (self) : NULL;

  clear_summary (self);
  self->summary = summary;
  for (guint side = 0; side < 2; side++)
    {
      self->of.texts[side] = postil_text_ref (job->texts[side]);
      self->of.names[side] = postil_document_get_name (self->documents[side]);
      append (rows, POSTIL_SUMMARY_ROW_SIDE, side, &summary->sides[side]);
    }
  for (guint side = 0; side < 2; side++)
    append (rows, POSTIL_SUMMARY_ROW_OMISSIONS, side, &summary->sides[side]);
  append (rows, POSTIL_SUMMARY_ROW_TOPICS, 0, summary->topics->len > 0 ? summary->topics : NULL);
  append_topics (self, rows);
  g_list_store_splice (self->rows, 0, 0, rows->pdata, rows->len);
  open_rows (self, open);
  gtk_stack_set_visible_child_name (self->stack, "summary");
}

static void
summarize_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  g_task_return_pointer (task,
                         postil_comparison_summary_new (job->alignment, job->texts[0],
                                                        job->annotations[0], job->texts[1],
                                                        job->annotations[1], cancellable),
                         (GDestroyNotify) postil_comparison_summary_free);
}

static void
summarized_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilComparisonSummary *summary = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Not when it was cancelled. */
  if (summary)
    show_summary (POSTIL_SUMMARY_PAGE (source), summary, g_task_get_task_data (G_TASK (result)));
}

static void
stop (PostilSummaryPage *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
pause_cb (gpointer data)
{
  PostilSummaryPage *self = data;

  self->timeout = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (PostilSummaryPage *self)
{
  if (self->timeout == 0)
    self->timeout = g_timeout_add (PAUSE, pause_cb, self);
}

static void
follow (PostilSummaryPage *self, PostilDocument *a, PostilDocument *b)
{
  PostilDocument *documents[] = { a, b };

  for (guint side = 0; side < 2; side++)
    {
      if (self->documents[side] == documents[side])
        continue;
      if (self->documents[side])
        g_signal_handlers_disconnect_by_func (self->documents[side], changed_cb, self);
      g_set_object (&self->documents[side], documents[side]);
      if (documents[side])
        g_signal_connect_swapped (documents[side], "changed", G_CALLBACK (changed_cb), self);
      /* Its rows are of another text. */
      clear_summary (self);
    }
}

/* Makes the summary anew, as soon as the texts are compared. */
static void
update (PostilSummaryPage *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->stale)
    return;
  stop (self);
  follow (self, postil_comparer_get_a (self->comparer), postil_comparer_get_b (self->comparer));
  if (!self->summary)
    gtk_stack_set_visible_child_name (self->stack, "comparing");
  job = job_new (self);
  if (!job)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, summarized_cb, NULL);
  g_task_set_source_tag (task, update);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, summarize_in_thread);
}

static void
tell (PostilSummaryPage *self, const char *message)
{
  AdwToastOverlay *toasts =
    ADW_TOAST_OVERLAY (gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY));
  /* The title of a toast is markup. */
  g_autofree char *markup = g_markup_escape_text (message, -1);

  if (toasts)
    adw_toast_overlay_add_toast (toasts, adw_toast_new (markup));
}

static void
copy_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilSummaryPage *self = POSTIL_SUMMARY_PAGE (widget);
  g_autofree char *report = NULL;

  if (!self->summary)
    return;
  report = postil_summary_words_dup_report (
    G_LIST_MODEL (self->rows), postil_workspace_get_codebook (self->workspace), &self->of);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), report);
  tell (self, _ ("Summary copied"));
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autofree char *html =
    postil_comparison_to_html (job->alignment, job->texts, (const char *const *) job->names, FALSE);

  if (g_file_replace_contents (job->file, html, strlen (html), NULL, FALSE, G_FILE_CREATE_NONE,
                               NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_file_get_basename (job->file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *message = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    message = g_strdup_printf (_ ("Report saved as “%s”"), name);
  else
    message = g_strdup_printf (_ ("The report could not be saved: %s"), error->message);
  tell (POSTIL_SUMMARY_PAGE (source), message);
}

static void
place_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PostilSummaryPage) self = data;
  g_autoptr (GListModel) files = postil_file_dialogs_choose_finish (result);
  g_autoptr (GTask) task = NULL;
  Job *job = files ? job_new (self) : NULL;

  if (!job)
    return;
  job->file = g_list_model_get_item (files, 0);
  task = g_task_new (self, NULL, written_cb, NULL);
  g_task_set_source_tag (task, place_chosen_cb);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_in_thread);
}

static void
save_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilSummaryPage *self = POSTIL_SUMMARY_PAGE (widget);
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr (GFile) folder = NULL;
  g_autofree char *file_name = NULL;

  if (!self->summary)
    return;
  folder = g_file_get_parent (postil_document_get_file (self->documents[0]));
  /* Translators: the name of a file, from those of two documents. */
  file_name = g_strdup_printf (_ ("%s and %s.html"), self->of.names[0], self->of.names[1]);
  postil_file_dialogs_choose_async (window, POSTIL_FILE_DIALOG_SAVE, folder, file_name,
                                    place_chosen_cb, g_object_ref (self));
}

static void
activate_cb (PostilSummaryPage *self, guint position)
{
  g_autoptr (GtkTreeListRow) tree_row = gtk_tree_list_model_get_row (self->tree, position);
  g_autoptr (PostilSummaryRow) row = gtk_tree_list_row_get_item (tree_row);
  PostilSpan span;
  guint side;

  if (postil_summary_words_get_place (row, &side, &span))
    g_signal_emit (self, signals[PLACE_ACTIVATED], 0, self->documents[side], span.start);
  else
    gtk_tree_list_row_set_expanded (tree_row, !gtk_tree_list_row_get_expanded (tree_row));
}

static GtkLabel *
create_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style)
    gtk_widget_add_css_class (label, style);
  return GTK_LABEL (label);
}

/* What each part of a bar means, with its pattern. */
static GtkWidget *
create_legend (Parts *parts)
{
  static const char *const classes[N_PARTS] = { "same", "reworded", "moved", "only" };
  GtkWidget *legend = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (legend, postil_wrap_layout_new ());
  for (guint part = 0; part < N_PARTS; part++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *sample = g_object_new (GTK_TYPE_BOX, "css-name", "share", "accessible-role",
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      gtk_widget_add_css_class (sample, classes[part]);
      gtk_widget_set_valign (sample, GTK_ALIGN_CENTER);
      gtk_widget_set_margin_end (box, 12);
      parts->shares[part] = create_label ("caption");
      gtk_box_append (GTK_BOX (box), sample);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->shares[part]));
      gtk_box_append (GTK_BOX (legend), box);
    }
  return legend;
}

static void
setup_cb (PostilSummaryPage *self, GtkListItem *item)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  Parts *parts = g_new0 (Parts, 1);

  parts->swatch = postil_topic_swatch_new ();
  parts->title = create_label (NULL);
  parts->excerpt = g_object_new (POSTIL_TYPE_EXCERPT, "lines", 2, NULL);
  parts->bar = POSTIL_SHARE_BAR (postil_share_bar_new ());
  parts->legend = create_legend (parts);
  parts->detail = create_label ("caption");
  gtk_widget_add_css_class (GTK_WIDGET (parts->detail), "dim-label");
  gtk_widget_set_valign (parts->swatch, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), parts->swatch);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (parts->title));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->excerpt));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->bar));
  gtk_box_append (GTK_BOX (box), parts->legend);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->detail));
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_add_css_class (box, "summary-row");
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  g_object_set_data_full (G_OBJECT (expander), PARTS_KEY, parts, g_free);
  gtk_list_item_set_child (item, expander);
}

static void
show_side (Parts *parts, const PostilSummarySide *side, const char *label)
{
  postil_share_bar_set_shares (parts->bar, &side->shares);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  for (guint part = 0; part < N_PARTS; part++)
    {
      g_autofree char *share = postil_summary_words_dup_share (side, part);

      gtk_label_set_label (parts->shares[part], share);
    }
}

static void
bind_cb (PostilSummaryPage *self, GtkListItem *item)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkTreeListRow *tree_row = gtk_list_item_get_item (item);
  g_autoptr (PostilSummaryRow) row = gtk_tree_list_row_get_item (tree_row);
  PostilSummaryRowKind kind = postil_summary_row_get_kind (row);
  gconstpointer data = postil_summary_row_get_data (row);
  Parts *parts = g_object_get_data (G_OBJECT (expander), PARTS_KEY);
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);
  g_autofree char *title = postil_summary_words_dup_title (row, codebook, &self->of);
  g_autofree char *detail = postil_summary_words_dup_detail (row, &self->of);
  g_autofree char *label = NULL;
  gboolean is_place = kind == POSTIL_SUMMARY_ROW_OMISSION || kind == POSTIL_SUMMARY_ROW_PASSAGE;
  gboolean is_side = kind == POSTIL_SUMMARY_ROW_SIDE;
  gboolean is_heading =
    is_side || kind == POSTIL_SUMMARY_ROW_OMISSIONS || kind == POSTIL_SUMMARY_ROW_TOPICS;

  gtk_tree_expander_set_list_row (expander, tree_row);
  gtk_widget_set_visible (parts->swatch, kind == POSTIL_SUMMARY_ROW_TOPIC);
  gtk_widget_set_visible (GTK_WIDGET (parts->title), !is_place);
  gtk_widget_set_visible (GTK_WIDGET (parts->excerpt), is_place);
  gtk_widget_set_visible (GTK_WIDGET (parts->bar), is_side);
  gtk_widget_set_visible (parts->legend, is_side);
  gtk_widget_set_visible (GTK_WIDGET (parts->detail), !is_side && detail[0] != '\0');
  if (is_heading)
    gtk_widget_add_css_class (GTK_WIDGET (parts->title), "heading");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (parts->title), "heading");
  if (kind == POSTIL_SUMMARY_ROW_TOPIC)
    postil_topic_swatch_set_topic (
      POSTIL_TOPIC_SWATCH (parts->swatch),
      postil_codebook_get_topic (codebook, ((const PostilSummaryTopic *) data)->topic));
  if (kind == POSTIL_SUMMARY_ROW_PASSAGE)
    {
      /* A short passage says little without what is around it. */
      g_auto (PostilMarkedText) shown = { 0 };
      PostilSpan span;
      guint side;

      postil_summary_words_get_place (row, &side, &span);
      postil_review_words_show_place (self->of.texts[side], span, MAX_EXCERPT, &shown);
      postil_excerpt_set_text (parts->excerpt, shown.text);
      postil_excerpt_set_attributes (parts->excerpt, shown.attributes);
    }
  else if (kind == POSTIL_SUMMARY_ROW_OMISSION)
    {
      postil_excerpt_set_text (parts->excerpt, title);
      postil_excerpt_set_attributes (parts->excerpt, NULL);
    }
  else
    gtk_label_set_label (parts->title, title);
  gtk_label_set_label (parts->detail, detail);
  if (is_side)
    show_side (parts, data, detail);
  gtk_list_item_set_activatable (item, is_place || gtk_tree_list_row_is_expandable (tree_row));
  /* Translators: something, and what else is to be said of it. */
  label = detail[0] != '\0' ? g_strdup_printf (_ ("%s: %s"), title, detail) : g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (expander))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GListModel *
create_children_cb (gpointer item, gpointer data)
{
  return postil_summary_row_list_children (item);
}

static void
postil_summary_page_map (GtkWidget *widget)
{
  PostilSummaryPage *self = POSTIL_SUMMARY_PAGE (widget);

  GTK_WIDGET_CLASS (postil_summary_page_parent_class)->map (widget);

  if (self->stale)
    update (self);
}

static gboolean
postil_summary_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (POSTIL_SUMMARY_PAGE (widget)->list));
}

static void
postil_summary_page_dispose (GObject *object)
{
  PostilSummaryPage *self = POSTIL_SUMMARY_PAGE (object);
  GtkWidget *child;

  stop (self);
  if (self->rows)
    {
      follow (self, NULL, NULL);
      clear_summary (self);
    }
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  g_clear_object (&self->tree);
  g_clear_object (&self->rows);
  g_clear_object (&self->workspace);
  g_clear_object (&self->comparer);

  G_OBJECT_CLASS (postil_summary_page_parent_class)->dispose (object);
}

static void
postil_summary_page_class_init (PostilSummaryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_summary_page_dispose;
  widget_class->map = postil_summary_page_map;
  widget_class->grab_focus = postil_summary_page_grab_focus;

  /**
   * PostilSummaryPage::place-activated:
   * @self: the page
   * @document: one of the two documents
   * @offset: a place in its text, in code points
   *
   * A person goes to a place.
   */
  signals[PLACE_ACTIVATED] =
    g_signal_new ("place-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, POSTIL_TYPE_DOCUMENT, G_TYPE_UINT);

  gtk_widget_class_install_action (widget_class, "summary.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "summary.save", NULL, save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.summary", NULL);
  gtk_widget_class_set_css_name (widget_class, "summarypage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-summary-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilSummaryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PostilSummaryPage, list);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
postil_summary_page_init (PostilSummaryPage *self)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  self->rows = g_list_store_new (POSTIL_TYPE_SUMMARY_ROW);
  self->stale = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->tree = gtk_tree_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), FALSE, FALSE,
                                        create_children_cb, NULL, NULL);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->tree)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

/**
 * postil_summary_page_new:
 * @workspace: a workspace
 * @comparer: what compares two of its documents
 *
 * Returns: (transfer floating): a page that sums up what @comparer finds
 */
GtkWidget *
postil_summary_page_new (PostilWorkspace *workspace, PostilComparer *comparer)
{
  PostilSummaryPage *self;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (POSTIL_IS_COMPARER (comparer), NULL);

  self = g_object_new (POSTIL_TYPE_SUMMARY_PAGE, NULL);
  self->workspace = g_object_ref (workspace);
  self->comparer = g_object_ref (comparer);
  g_signal_connect_object (comparer, "notify::running", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (postil_workspace_get_codebook (workspace), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
