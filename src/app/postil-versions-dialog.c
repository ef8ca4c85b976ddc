/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-versions-dialog.h"

#include <glib/gi18n.h>

#include "postil-annotation-card.h"
#include "postil-annotation-row.h"
#include "postil-edit.h"
#include "postil-sidecar-reader.h"
#include "postil-tooltip.h"
#include "postil-version-comparison.h"

/**
 * PostilVersionsDialog:
 *
 * The earlier versions of a document's annotations that the store has kept, each with what would
 * come back, go and change if it were restored. They are read in a thread, one after the other, and
 * compared in one with what the document holds at that moment; when the document changes they are
 * compared anew. Restoring is a step that whoever opened the dialog commits.
 */
struct _PostilVersionsDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget *back;
  GtkWidget *restore;
  GtkStack *stack;
  AdwLeaflet *leaflet;
  GtkListBox *list;
  GtkWidget *details;
  GtkLabel *summary;
  GtkListView *differences;
  GtkLabel *more;

  PostilWorkspace *workspace;
  PostilDocument *document;
  PostilStore *store;
  /* Of the reading, and of the comparing that follows. */
  GCancellable *cancellable;
  gboolean reading;
  GListStore *model;
  /* Of Version, in the order of the rows. */
  GPtrArray *versions;
};

G_DEFINE_FINAL_TYPE (PostilVersionsDialog, postil_versions_dialog, ADW_TYPE_WINDOW)

enum
{
  RESTORE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* So many differences are shown in full. */
#define MAX_SHOWN 500

/* Under which a row of the model says what would become of its annotation. */
#define KIND_KEY "postil-kind"

typedef struct
{
  char *name;
  gint64 time;
  PostilSnapshot *snapshot;
  char *problem;
  /* NULL until they have been compared. */
  PostilVersionComparison *comparison;
  GtkLabel *size;
  GtkLabel *difference;
} Version;

typedef struct
{
  PostilStore *store;
  char *path;
  char *label;
  PostilText *text;
} Reading;

/* Of the versions, only what was read is looked at in the thread. */
typedef struct
{
  PostilAnnotationIndex *now;
  GPtrArray *versions;
} Comparing;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->store);
  g_free (reading->path);
  g_free (reading->label);
  postil_text_unref (reading->text);
  g_free (reading);
}

static void
comparing_free (gpointer data)
{
  Comparing *comparing = data;

  postil_annotation_index_unref (comparing->now);
  g_ptr_array_unref (comparing->versions);
  g_free (comparing);
}

static char *
format_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  /* Translators: a day and a time of it, see g_date_time_format() */
  return g_date_time_format (time, _ ("%-e %B %Y, %H:%M:%S"));
}

/* There is none for a version that cannot be read. */
static void
comparison_free (gpointer data)
{
  if (data)
    postil_version_comparison_free (data);
}

static void
version_free (gpointer data)
{
  Version *version = data;

  g_free (version->name);
  g_free (version->problem);
  g_clear_pointer (&version->snapshot, postil_snapshot_unref);
  comparison_free (version->comparison);
  g_free (version);
}

static char *
describe (const guint *counts)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (counts[POSTIL_VERSION_COMES_BACK] > 0)
    g_ptr_array_add (lines, g_strdup_printf (g_dngettext (NULL, "%u annotation comes back",
                                                          "%u annotations come back",
                                                          counts[POSTIL_VERSION_COMES_BACK]),
                                             counts[POSTIL_VERSION_COMES_BACK]));
  if (counts[POSTIL_VERSION_GOES] > 0)
    g_ptr_array_add (lines,
                     g_strdup_printf (g_dngettext (NULL, "%u annotation goes", "%u annotations go",
                                                   counts[POSTIL_VERSION_GOES]),
                                      counts[POSTIL_VERSION_GOES]));
  if (counts[POSTIL_VERSION_CHANGES] > 0)
    g_ptr_array_add (lines, g_strdup_printf (g_dngettext (NULL, "%u annotation is as it was then",
                                                          "%u annotations are as they were then",
                                                          counts[POSTIL_VERSION_CHANGES]),
                                             counts[POSTIL_VERSION_CHANGES]));
  if (lines->len == 0)
    return g_strdup (_ ("The annotations are the same as now."));
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static Version *
get_selected (PostilVersionsDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row ? self->versions->pdata[gtk_list_box_row_get_index (row)] : NULL;
}

static void
show_selected (PostilVersionsDialog *self)
{
  Version *version = get_selected (self);
  guint n = 0;

  g_list_store_remove_all (self->model);
  gtk_widget_set_visible (self->details, version != NULL);
  if (version && version->comparison)
    {
      const PostilVersionComparison *comparison = version->comparison;
      g_autoptr (GHashTable) rows = g_hash_table_new (NULL, NULL);
      g_autoptr (GPtrArray) differences = g_ptr_array_new_with_free_func (g_object_unref);
      g_autofree char *summary = describe (comparison->counts);

      for (guint i = 0; i < comparison->differences->len; i++)
        {
          PostilVersionDifference *difference =
            &g_array_index (comparison->differences, PostilVersionDifference, i);
          PostilAnnotationRow *row =
            postil_annotation_row_get (rows, self->document, difference->annotation);

          g_object_set_data (G_OBJECT (row), KIND_KEY, GUINT_TO_POINTER (difference->kind));
          g_ptr_array_add (differences, row);
        }
      g_list_store_splice (self->model, 0, 0, differences->pdata, differences->len);
      gtk_label_set_label (self->summary, summary);
      for (guint i = 0; i < POSTIL_VERSION_N_KINDS; i++)
        n += comparison->counts[i];
    }
  else if (version)
    gtk_label_set_label (self->summary, version->problem ? version->problem : _ ("Reading…"));
  gtk_widget_set_visible (GTK_WIDGET (self->more), n > MAX_SHOWN);
  if (n > MAX_SHOWN)
    {
      g_autofree char *more = g_strdup_printf (
        g_dngettext (NULL, "%u more difference", "%u more differences", n - MAX_SHOWN),
        n - MAX_SHOWN);

      gtk_label_set_label (self->more, more);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "versions.restore", n > 0);
}

static void
update_row (Version *version)
{
  g_autofree char *size = NULL, *difference = NULL, *description = NULL;
  const guint *counts;
  guint n;

  if (!version->comparison)
    {
      gtk_label_set_label (version->size, version->problem ? _ ("Cannot be read") : "");
      return;
    }
  counts = version->comparison->counts;
  n = postil_annotation_index_get_n_shown (version->snapshot->annotations);
  size = g_strdup_printf (g_dngettext (NULL, "%u annotation", "%u annotations", n), n);
  gtk_label_set_label (version->size, size);
  /* Translators: how many annotations come back, go, and change. */
  difference = g_strdup_printf (_ ("+%u −%u ~%u"), counts[POSTIL_VERSION_COMES_BACK],
                                counts[POSTIL_VERSION_GOES], counts[POSTIL_VERSION_CHANGES]);
  description = describe (counts);
  gtk_label_set_label (version->difference, difference);
  postil_tooltip_set (GTK_WIDGET (version->difference), description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (version->difference),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
}

/* What is under way in a thread comes too late from now on. */
static void
begin_anew (PostilVersionsDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/* Returns what came of each version, or NULL for one that could not be read. */
static void
compare_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Comparing *comparing = data;
  g_autoptr (GPtrArray) comparisons = g_ptr_array_new_with_free_func (comparison_free);

  for (guint i = 0; i < comparing->versions->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      PostilSnapshot *snapshot = ((Version *) comparing->versions->pdata[i])->snapshot;

      g_ptr_array_add (comparisons, snapshot ? postil_version_comparison_new (
                                                 comparing->now, snapshot->annotations, MAX_SHOWN)
                                             : NULL);
    }
  g_task_return_pointer (task, g_steal_pointer (&comparisons), (GDestroyNotify) g_ptr_array_unref);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilVersionsDialog *self = POSTIL_VERSIONS_DIALOG (source);
  g_autoptr (GPtrArray) comparisons = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!comparisons)
    return;
  for (guint i = 0; i < comparisons->len; i++)
    {
      Version *version = self->versions->pdata[i];

      comparison_free (version->comparison);
      version->comparison = g_steal_pointer (&comparisons->pdata[i]);
      update_row (version);
    }
  show_selected (self);
}

static void
compare_versions (PostilVersionsDialog *self)
{
  Comparing *comparing = g_new0 (Comparing, 1);
  g_autoptr (GTask) task = NULL;

  begin_anew (self);
  comparing->now = postil_annotation_index_ref (postil_document_get_annotations (self->document));
  comparing->versions = g_ptr_array_ref (self->versions);
  task = g_task_new (self, self->cancellable, compared_cb, NULL);
  g_task_set_source_tag (task, compare_versions);
  g_task_set_task_data (task, comparing, comparing_free);
  g_task_run_in_thread (task, compare_in_thread);
}

static GtkLabel *
add_label (GtkBox *box, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (style)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static void
add_row (PostilVersionsDialog *self, Version *version)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *time = format_time (version->time);

  gtk_widget_add_css_class (box, "version-row");
  gtk_label_set_label (add_label (GTK_BOX (box), NULL), time);
  version->size = add_label (GTK_BOX (line), "caption");
  gtk_widget_set_hexpand (GTK_WIDGET (version->size), TRUE);
  version->difference = add_label (GTK_BOX (line), "caption");
  gtk_widget_add_css_class (line, "dim-label");
  gtk_box_append (GTK_BOX (box), line);
  gtk_list_box_append (self->list, box);
}

/* Returns the versions that are kept, as they were read. */
static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (GPtrArray) kept = postil_store_list_versions (reading->store, reading->path);
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (version_free);

  for (guint i = 0; i < kept->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      PostilVersion *item = kept->pdata[i];
      Version *version = g_new0 (Version, 1);
      g_auto (PostilSidecarReport) report = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes =
        postil_store_load_version (reading->store, reading->path, item->name, &error);

      version->name = g_strdup (item->name);
      version->time = item->time;
      g_ptr_array_add (versions, version);
      if (bytes)
        version->snapshot =
          postil_sidecar_read (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), item->name,
                               reading->label, reading->text, postil_environment_get_system (),
                               reading->store, cancellable, &report, &error);
      if (error)
        version->problem = g_strdup (error->message);
    }
  g_task_return_pointer (task, g_steal_pointer (&versions), (GDestroyNotify) g_ptr_array_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilVersionsDialog *self = POSTIL_VERSIONS_DIALOG (source);
  GPtrArray *versions = g_task_propagate_pointer (G_TASK (result), NULL);
  GtkListBoxRow *first;

  if (!versions)
    return;
  self->reading = FALSE;
  while ((first = gtk_list_box_get_row_at_index (self->list, 0)))
    gtk_list_box_remove (self->list, GTK_WIDGET (first));
  g_ptr_array_unref (self->versions);
  self->versions = versions;
  for (guint i = 0; i < versions->len; i++)
    {
      add_row (self, versions->pdata[i]);
      update_row (versions->pdata[i]);
    }
  gtk_stack_set_visible_child_name (self->stack, versions->len > 0 ? "versions" : "empty");
  if (versions->len > 0)
    {
      gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
      gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0)));
    }
  compare_versions (self);
}

static void
read_versions (PostilVersionsDialog *self)
{
  Reading *reading = g_new0 (Reading, 1);
  g_autoptr (GTask) task = NULL;

  begin_anew (self);
  self->reading = TRUE;
  reading->store = g_object_ref (self->store);
  reading->path = g_file_get_path (postil_document_get_file (self->document));
  reading->label = g_strdup (postil_document_get_name (self->document));
  reading->text = postil_text_ref (postil_document_get_text (self->document));
  task = g_task_new (self, self->cancellable, read_cb, NULL);
  g_task_set_source_tag (task, read_versions);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_in_thread);
}

static void
version_cb (PostilVersionsDialog *self)
{
  if (!self->reading)
    compare_versions (self);
}

static void
row_selected_cb (PostilVersionsDialog *self)
{
  /* The list goes after what it shows. */
  if (self->model)
    show_selected (self);
}

static void
row_activated_cb (PostilVersionsDialog *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
update_back (PostilVersionsDialog *self)
{
  gtk_widget_set_visible (self->back,
                          adw_leaflet_get_folded (self->leaflet) &&
                            adw_leaflet_get_visible_child (self->leaflet) == self->details);
}

static void
setup_cb (PostilVersionsDialog *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *sign = gtk_label_new (NULL);
  GtkWidget *card = postil_annotation_card_new (NULL);

  gtk_widget_add_css_class (sign, "version-sign");
  gtk_widget_set_valign (sign, GTK_ALIGN_START);
  gtk_widget_set_hexpand (card, TRUE);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), card);
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
bind_cb (PostilVersionsDialog *self, GtkListItem *item)
{
  static const struct
  {
    const char *sign;
    const char *name;
  } kinds[POSTIL_VERSION_N_KINDS] = {
    [POSTIL_VERSION_COMES_BACK] = { "+", N_ ("Comes back") },
    [POSTIL_VERSION_GOES] = { "−", N_ ("Goes") },
    [POSTIL_VERSION_CHANGES] = { "~", N_ ("As it was then") },
  };
  PostilAnnotationRow *row = gtk_list_item_get_item (item);
  GtkWidget *sign = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  PostilAnnotationCard *card = POSTIL_ANNOTATION_CARD (gtk_widget_get_next_sibling (sign));
  PostilVersionKind kind = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), KIND_KEY));
  g_autofree char *phrase = NULL;
  g_autofree char *label = NULL;

  gtk_label_set_label (GTK_LABEL (sign), kinds[kind].sign);
  postil_tooltip_set (sign, _ (kinds[kind].name));
  postil_annotation_card_show (card, self->workspace, self->document,
                               postil_annotation_row_get_annotation (row), 0);
  phrase = postil_annotation_card_dup_phrase (card);
  /* Translators: what would become of an annotation, and what it is. */
  label = g_strdup_printf (_ ("%s: %s"), _ (kinds[kind].name), phrase);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (gtk_widget_get_parent (gtk_list_item_get_child (item))),
    GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_leaflet_navigate (POSTIL_VERSIONS_DIALOG (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
restore_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilVersionsDialog *self = POSTIL_VERSIONS_DIALOG (widget);
  Version *version = get_selected (self);
  g_autofree char *time = NULL, *label = NULL;
  g_autoptr (PostilStep) step = NULL;

  if (!version || !version->snapshot ||
      version->snapshot->text != postil_document_get_text (self->document))
    return;
  time = format_time (version->time);
  /* Translators: a day and a time of it. */
  label = g_strdup_printf (_ ("Restore the Annotations of %s"), time);
  step = postil_step_new (label);
  for (guint i = 0; i < version->snapshot->annotators->len; i++)
    {
      PostilAnnotator *annotator = version->snapshot->annotators->pdata[i];

      if (!postil_document_get_annotator (self->document, postil_annotator_get_id (annotator)))
        postil_document_add_annotator (self->document, annotator);
    }
  postil_edit_take_over (self->workspace, step, self->document, version->snapshot);
  g_signal_emit (self, signals[RESTORE], 0, step);
  gtk_window_close (GTK_WINDOW (self));
}

static void
postil_versions_dialog_dispose (GObject *object)
{
  PostilVersionsDialog *self = POSTIL_VERSIONS_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->model);
  g_clear_object (&self->workspace);
  g_clear_object (&self->document);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (postil_versions_dialog_parent_class)->dispose (object);
}

static void
postil_versions_dialog_finalize (GObject *object)
{
  g_ptr_array_unref (POSTIL_VERSIONS_DIALOG (object)->versions);

  G_OBJECT_CLASS (postil_versions_dialog_parent_class)->finalize (object);
}

static void
postil_versions_dialog_class_init (PostilVersionsDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_versions_dialog_dispose;
  object_class->finalize = postil_versions_dialog_finalize;

  /**
   * PostilVersionsDialog::restore:
   * @step: what makes the document's annotations those of the version
   *
   * A person asked for it.
   */
  signals[RESTORE] = g_signal_new ("restore", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, POSTIL_TYPE_STEP);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-versions-dialog.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, PostilVersionsDialog, child)
  BIND (title);
  BIND (back);
  BIND (restore);
  BIND (stack);
  BIND (leaflet);
  BIND (list);
  BIND (details);
  BIND (summary);
  BIND (differences);
  BIND (more);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_back);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_install_action (widget_class, "versions.restore", NULL, restore_cb);
  gtk_widget_class_install_action (widget_class, "versions.back", NULL, back_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "versions.back",
                                       NULL);
}

static void
postil_versions_dialog_init (PostilVersionsDialog *self)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  self->versions = g_ptr_array_new_with_free_func (version_free);
  self->model = g_list_store_new (POSTIL_TYPE_ANNOTATION_ROW);

  gtk_widget_init_template (GTK_WIDGET (self));
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->model)));
  gtk_list_view_set_model (self->differences, GTK_SELECTION_MODEL (selection));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "versions.restore", FALSE);
}

/**
 * postil_versions_dialog_new:
 * @workspace: a workspace
 * @document: one of its documents
 * @store: where earlier versions are kept
 *
 * Returns: (transfer none): a dialog with the earlier versions of the annotations of @document
 */
GtkWidget *
postil_versions_dialog_new (PostilWorkspace *workspace,
                            PostilDocument *document,
                            PostilStore *store)
{
  PostilVersionsDialog *self;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);
  g_return_val_if_fail (POSTIL_IS_STORE (store), NULL);

  self = g_object_new (POSTIL_TYPE_VERSIONS_DIALOG, NULL);
  self->workspace = g_object_ref (workspace);
  self->document = g_object_ref (document);
  self->store = g_object_ref (store);
  adw_window_title_set_subtitle (self->title, postil_document_get_name (document));
  g_signal_connect_object (document, "notify::version", G_CALLBACK (version_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "notify::text", G_CALLBACK (read_versions), self,
                           G_CONNECT_SWAPPED);
  read_versions (self);

  return GTK_WIDGET (self);
}
