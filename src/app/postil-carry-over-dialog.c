/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-carry-over-dialog.h"

#include <glib/gi18n.h>

#include "postil-annotation-matcher.h"
#include "postil-annotation-words.h"
#include "postil-carry-over-list.h"
#include "postil-carry-over.h"
#include "postil-excerpt.h"
#include "postil-late-model.h"
#include "postil-review-words.h"

/**
 * PostilCarryOverDialog:
 *
 * All annotations with a topic, to be looked through before they are carried over to another text:
 * each with its counterpart, how near that is, and whether it is chosen; apart from them those that
 * have none, and those that were carried over before. The counterparts are found in a thread; what
 * is chosen becomes one step of the workspace, which the dialog commits. It looks anew when one of
 * the texts changes. Whoever opened it is told how many annotations were carried over.
 */
struct _PostilCarryOverDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget *carry_over;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *all;
  GtkLabel *summary;
  GtkListView *list;
  GtkWidget *notes;

  PostilWorkspace *workspace;
  PostilComparer *comparer;
  PostilDocument *from;
  PostilDocument *to;
  char *topic;
  GCancellable *cancellable;
  /* %NULL until the counterparts are found. */
  PostilCarryOverList *rows;
  GtkNoSelection *selection;
  /* The rows change on account of the button for all of them, or that on account of them. */
  gboolean choosing;

  /* The step that is being made, and how many rows it is through with and has in it. */
  PostilStep *step;
  guint n_looked_at;
  guint n_added;
  guint idle;
};

G_DEFINE_FINAL_TYPE (PostilCarryOverDialog, postil_carry_over_dialog, ADW_TYPE_WINDOW)

enum
{
  CARRIED_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Longest quote of a row in code points: more than its lines hold. */
#define MAX_QUOTE 240

/* How long the main loop is held at a stretch, in ms. */
#define STRETCH 4

/* The parts of a row, kept with it. */
typedef struct
{
  GtkWidget *heading;
  GtkWidget *entry;
  GtkWidget *check;
  PostilExcerpt *passage;
  GtkWidget *there;
  PostilExcerpt *counterpart;
  GtkLabel *judgement;
  GBinding *binding;
} Parts;

#define PARTS_KEY "postil-parts"

static char *
dup_words (PostilDocument *document, const PostilSpan *spans, guint n_spans)
{
  PostilText *text = postil_document_get_text (document);
  guint length = postil_text_get_length (text);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < n_spans && words->len < MAX_QUOTE; i++)
    {
      PostilSpan part = { MIN (spans[i].start, length), MIN (spans[i].end, length) };
      g_autofree char *quote = NULL;

      part.end = MIN (part.end, part.start + MAX_QUOTE);
      quote = postil_text_dup_range (text, part);
      g_string_append_printf (words, "%s%s", i > 0 ? " … " : "", quote);
    }
  return postil_annotation_words_dup_one_line (words->str);
}

/* A short passage says little without what is around it. */
static void
show_words (PostilExcerpt *excerpt,
            PostilDocument *document,
            const PostilSpan *spans,
            guint n_spans,
            const char *words)
{
  PostilText *text = postil_document_get_text (document);
  g_auto (PostilMarkedText) shown = { 0 };

  if (n_spans == 1 && spans[0].end <= postil_text_get_length (text))
    postil_review_words_show_place (text, spans[0], MAX_QUOTE, &shown);
  postil_excerpt_set_text (excerpt, shown.text ? shown.text : words);
  postil_excerpt_set_attributes (excerpt, shown.attributes);
}

static guint
get_paragraph (PostilDocument *document, guint offset)
{
  PostilText *text = postil_document_get_text (document);

  return postil_text_get_paragraph_at (text, MIN (offset, postil_text_get_length (text))) + 1;
}

static const char *
get_likeness (double score)
{
  if (score >= 1)
    return _ ("in the same words");
  if (score >= 0.75)
    return _ ("in nearly the same words");
  if (score >= 0.4)
    return _ ("reworded");
  return _ ("with few words in common");
}

static const char *
get_reason (PostilAnnotation *annotation)
{
  guint n_spans;

  postil_annotation_get_spans (annotation, &n_spans);
  if (n_spans > 0)
    return _ ("The other text leaves it out");
  if (postil_annotation_get_kind (annotation) == POSTIL_ANNOTATION_DOCUMENT)
    return _ ("It is about the whole document");
  return _ ("Its own passage was not found in the text");
}

/* What is to be said of a row. */
static char *
judge (PostilCarryOverDialog *self, const PostilCarryOver *item)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (item->annotation, &n_spans);

  switch (item->state)
    {
    case POSTIL_CARRY_OVER_READY:
      /* Translators: numbers of paragraphs, and a word about how alike the passages are, such as
       * "reworded". */
      return g_strdup_printf (
        _ ("¶ %u → ¶ %u, %s"), get_paragraph (self->from, spans[0].start),
        get_paragraph (self->to, g_array_index (item->places, PostilSpan, 0).start),
        get_likeness (item->score));
    case POSTIL_CARRY_OVER_MISSING:
      return g_strdup (get_reason (item->annotation));
    case POSTIL_CARRY_OVER_DONE:
    default:
      return g_strdup (_ ("The other text has it already"));
    }
}

static void
update_counts (PostilCarryOverDialog *self)
{
  GtkCheckButton *all = GTK_CHECK_BUTTON (self->all);
  guint n_ready = postil_carry_over_list_get_n_ready (self->rows);
  guint n_chosen = postil_carry_over_list_get_n_chosen (self->rows);
  g_autofree char *summary = NULL, *verb = NULL;

  self->choosing = TRUE;
  gtk_check_button_set_active (all, n_chosen == n_ready);
  gtk_check_button_set_inconsistent (all, n_chosen > 0 && n_chosen < n_ready);
  self->choosing = FALSE;
  /* Translators: how many are chosen, and of how many. */
  summary = g_strdup_printf (_ ("%u of %u chosen"), n_chosen, n_ready);
  gtk_label_set_label (self->summary, summary);
  verb = g_strdup_printf (ngettext ("_Carry Over %u", "_Carry Over %u", n_chosen), n_chosen);
  gtk_button_set_label (GTK_BUTTON (self->carry_over), verb);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "carry-over.carry-over", n_chosen > 0);
}

static void
choose_all (PostilCarryOverDialog *self, gboolean chosen)
{
  if (!self->rows)
    return;
  self->choosing = TRUE;
  postil_carry_over_list_choose_all (self->rows, chosen);
  self->choosing = FALSE;
  update_counts (self);
}

static void
all_toggled_cb (PostilCarryOverDialog *self)
{
  if (!self->choosing)
    choose_all (self, gtk_check_button_get_active (GTK_CHECK_BUTTON (self->all)));
}

static void
row_toggled_cb (PostilCarryOverDialog *self)
{
  if (!self->choosing)
    update_counts (self);
}

/* Whether there is a note that could come along. */
static gboolean
has_note (PostilCarryOverDialog *self)
{
  const char *me = postil_annotator_get_id (postil_workspace_get_annotator (self->workspace));
  guint n_ready = postil_carry_over_list_get_n_ready (self->rows);

  for (guint i = 0; i < n_ready; i++)
    if (postil_annotation_find_note (postil_carry_over_list_get_ready (self->rows, i)->annotation,
                                     me))
      return TRUE;
  return FALSE;
}

static void
show_rows (PostilCarryOverDialog *self)
{
  gboolean any = g_list_model_get_n_items (G_LIST_MODEL (self->rows)) > 0;

  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->rows));
  gtk_widget_set_sensitive (self->all, postil_carry_over_list_get_n_ready (self->rows) > 0);
  gtk_widget_set_visible (self->notes, has_note (self));
  update_counts (self);
  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "empty");
  if (any)
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
planned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GWeakRef *dialog = data;
  g_autoptr (PostilCarryOverDialog) self = g_weak_ref_get (dialog);
  g_autoptr (GPtrArray) items = postil_carry_over_plan_finish (result, NULL);

  g_weak_ref_clear (dialog);
  g_free (dialog);
  /* Otherwise something else is looked for, or nothing any more. */
  if (!self || !items)
    return;
  g_clear_object (&self->rows);
  self->rows = postil_carry_over_list_new (g_steal_pointer (&items));
  show_rows (self);
}

static void
stop (PostilCarryOverDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->step, postil_step_unref);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), TRUE);
}

/* Looks for the counterparts, as soon as the texts are compared. */
static void
look (PostilCarryOverDialog *self)
{
  PostilDocument *a = postil_comparer_get_a (self->comparer);
  PostilDocument *b = postil_comparer_get_b (self->comparer);
  g_autoptr (PostilAnnotationMatcher) matcher = NULL;
  GWeakRef *dialog;
  gboolean running;

  stop (self);
  g_object_get (self->comparer, "running", &running, NULL);
  if (!((a == self->from && b == self->to) || (a == self->to && b == self->from)))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "looking");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "carry-over.carry-over", FALSE);
  if (running)
    return;
  matcher = postil_annotation_matcher_new (&(PostilAnnotationFilter){ .topic = self->topic },
                                           postil_workspace_get_codebook (self->workspace));
  self->cancellable = g_cancellable_new ();
  dialog = g_new (GWeakRef, 1);
  g_weak_ref_init (dialog, self);
  postil_carry_over_plan_async (postil_comparer_get_alignment (self->comparer), a, b,
                                self->from == b, matcher, self->cancellable, planned_cb, dialog);
}

typedef struct
{
  PostilCarryOverDialog *dialog;
  PostilWorkspace *workspace;
  guint n_added;
} Finishing;

static void
commit_all (PostilStep *step, gpointer data)
{
  Finishing *finishing = data;

  postil_workspace_commit (finishing->workspace, step, NULL);
  g_signal_emit (finishing->dialog, signals[CARRIED_OVER], 0, finishing->n_added);
  gtk_window_close (GTK_WINDOW (finishing->dialog));
}

static void
finishing_free (gpointer data)
{
  Finishing *finishing = data;

  g_object_unref (finishing->dialog);
  g_free (finishing);
}

static void
finish (PostilCarryOverDialog *self)
{
  g_autoptr (PostilStep) step = g_steal_pointer (&self->step);
  Finishing *finishing = g_new (Finishing, 1);

  stop (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), FALSE);
  *finishing = (Finishing){ g_object_ref (self), self->workspace, self->n_added };
  postil_workspace_settle (self->workspace);
  postil_workspace_prepare (self->workspace, step, self->n_added, NULL, commit_all, finishing,
                            finishing_free);
}

/* Adds rows to the step, and commits it when all are in it. */
static gboolean
add_cb (gpointer data)
{
  PostilCarryOverDialog *self = data;
  gint64 end = g_get_monotonic_time () + STRETCH * G_TIME_SPAN_MILLISECOND;
  guint n_ready = postil_carry_over_list_get_n_ready (self->rows);
  gboolean with_note = gtk_widget_get_visible (self->notes) &&
                       gtk_check_button_get_active (GTK_CHECK_BUTTON (self->notes));

  for (; self->n_looked_at < n_ready && g_get_monotonic_time () < end; self->n_looked_at++)
    {
      PostilCarryOver *item = postil_carry_over_list_get_ready (self->rows, self->n_looked_at);
      const char *id = postil_annotation_get_id (item->annotation);

      /* Another program may have deleted it meanwhile. */
      if (!postil_carry_over_list_is_chosen (self->rows, self->n_looked_at) ||
          !postil_document_get_annotation (self->from, id))
        continue;
      g_free (postil_carry_over_apply (self->workspace, self->step, self->from, self->to, item,
                                       with_note));
      self->n_added++;
    }
  if (self->n_looked_at < n_ready)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  finish (self);
  return G_SOURCE_REMOVE;
}

static void
carry_over_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PostilCarryOverDialog *self = POSTIL_CARRY_OVER_DIALOG (widget);
  guint n = postil_carry_over_list_get_n_chosen (self->rows);
  g_autofree char *label =
    g_strdup_printf (ngettext ("Carry Over %u Annotation", "Carry Over %u Annotations", n), n);

  if (self->step)
    return;
  self->step = postil_step_new (label);
  self->n_looked_at = self->n_added = 0;
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), FALSE);
  if (add_cb (self) == G_SOURCE_CONTINUE)
    self->idle = g_idle_add (add_cb, self);
}

static void
choose_all_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_all (POSTIL_CARRY_OVER_DIALOG (widget), g_str_equal (name, "carry-over.choose-all"));
}

static void
activate_cb (PostilCarryOverDialog *self, guint position)
{
  g_autoptr (PostilCarryOverRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  postil_carry_over_row_set_chosen (row, !postil_carry_over_row_get_chosen (row));
}

/* The row that has the focus, as the space bar does in other lists of choices. */
static gboolean
space_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  PostilCarryOverDialog *self = POSTIL_CARRY_OVER_DIALOG (data);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *child = focus ? gtk_widget_get_first_child (focus) : NULL;
  Parts *parts = child ? g_object_get_data (G_OBJECT (child), PARTS_KEY) : NULL;

  if (!parts || !parts->binding)
    return FALSE;
  activate_cb (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (child), "postil-position")));
  return TRUE;
}

/* The first row gets the focus that the list got when it had none. */
static void
rows_came_cb (PostilCarryOverDialog *self)
{
  if (gtk_window_get_focus (GTK_WINDOW (self)) == GTK_WIDGET (self->list))
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static GtkWidget *
create_line (GtkWidget *box, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
setup_cb (PostilCarryOverDialog *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *arrow = gtk_label_new ("→");
  Parts *parts = g_new0 (Parts, 1);

  parts->heading = create_line (box, "heading");
  parts->entry = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  parts->check = gtk_check_button_new ();
  parts->passage = g_object_new (POSTIL_TYPE_EXCERPT, "lines", 3, NULL);
  parts->there = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  parts->counterpart = g_object_new (POSTIL_TYPE_EXCERPT, "lines", 3, "hexpand", TRUE, NULL);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (parts->check, GTK_ALIGN_START);
  gtk_widget_set_focusable (parts->check, FALSE);
  gtk_widget_set_valign (arrow, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (parts->there), arrow);
  gtk_box_append (GTK_BOX (parts->there), GTK_WIDGET (parts->counterpart));
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (parts->passage));
  gtk_box_append (GTK_BOX (lines), parts->there);
  parts->judgement = GTK_LABEL (create_line (lines, "caption"));
  gtk_widget_add_css_class (GTK_WIDGET (parts->judgement), "dim-label");
  gtk_box_append (GTK_BOX (parts->entry), parts->check);
  gtk_box_append (GTK_BOX (parts->entry), lines);
  gtk_box_append (GTK_BOX (box), parts->entry);
  gtk_widget_add_css_class (box, "carry-over-row");
  g_object_set_data_full (G_OBJECT (box), PARTS_KEY, parts, g_free);
  g_signal_connect_swapped (parts->check, "toggled", G_CALLBACK (row_toggled_cb), self);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (PostilCarryOverDialog *self, GtkListItem *list_item)
{
  PostilCarryOverRow *row = gtk_list_item_get_item (list_item);
  GtkWidget *child = gtk_list_item_get_child (list_item);
  Parts *parts = g_object_get_data (G_OBJECT (child), PARTS_KEY);
  PostilCarryOver *item = postil_carry_over_row_get_item (row);
  const char *heading = postil_carry_over_row_get_heading (row);
  g_autofree char *passage = NULL, *counterpart = NULL, *judgement = NULL, *label = NULL;
  const PostilSpan *spans;
  guint n_spans;

  gtk_widget_set_visible (parts->heading, heading != NULL);
  gtk_widget_set_visible (parts->entry, item != NULL);
  gtk_list_item_set_activatable (list_item, item && item->state == POSTIL_CARRY_OVER_READY);
  if (heading)
    gtk_label_set_label (GTK_LABEL (parts->heading), heading);
  if (!item)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (child)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, heading, -1);
      return;
    }
  spans = postil_annotation_get_spans (item->annotation, &n_spans);
  passage = postil_annotation_words_dup_quote (self->from, item->annotation, MAX_QUOTE);
  if (!passage)
    passage = g_strdup (postil_annotation_words_get_kind (item->annotation));
  judgement = judge (self, item);
  counterpart = dup_words (self->to, (PostilSpan *) item->places->data, item->places->len);
  label = postil_annotation_words_dup_one_line (passage);
  show_words (parts->passage, self->from, spans, n_spans, label);
  show_words (parts->counterpart, self->to, (PostilSpan *) item->places->data, item->places->len,
              counterpart);
  gtk_widget_set_visible (parts->there, counterpart[0] != '\0');
  gtk_label_set_label (parts->judgement, judgement);
  gtk_widget_set_visible (parts->check, item->state == POSTIL_CARRY_OVER_READY);
  g_object_set_data (G_OBJECT (child), "postil-position",
                     GUINT_TO_POINTER (gtk_list_item_get_position (list_item)));
  if (item->state == POSTIL_CARRY_OVER_READY)
    parts->binding = g_object_bind_property (row, "chosen", parts->check, "active",
                                             G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (parts->check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_free (label);
  label = counterpart[0] != '\0'
            ? g_strdup_printf (_ ("“%s” → “%s”, %s"), passage, counterpart, judgement)
            : g_strdup_printf (_ ("“%s”, %s"), passage, judgement);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (child)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
unbind_cb (PostilCarryOverDialog *self, GtkListItem *list_item)
{
  Parts *parts = g_object_get_data (G_OBJECT (gtk_list_item_get_child (list_item)), PARTS_KEY);

  if (parts->binding)
    g_binding_unbind (parts->binding);
  parts->binding = NULL;
}

static void
postil_carry_over_dialog_dispose (GObject *object)
{
  PostilCarryOverDialog *self = POSTIL_CARRY_OVER_DIALOG (object);

  if (self->workspace)
    stop (self);
  g_clear_object (&self->workspace);
  g_clear_object (&self->comparer);
  g_clear_object (&self->from);
  g_clear_object (&self->to);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  self->list = NULL;
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->topic, g_free);

  G_OBJECT_CLASS (postil_carry_over_dialog_parent_class)->dispose (object);
}

static void
postil_carry_over_dialog_class_init (PostilCarryOverDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_carry_over_dialog_dispose;

  /**
   * PostilCarryOverDialog::carried-over:
   * @self: the dialog
   * @n: how many annotations were carried over
   */
  signals[CARRIED_OVER] =
    g_signal_new ("carried-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_install_action (widget_class, "carry-over.carry-over", NULL, carry_over_cb);
  gtk_widget_class_install_action (widget_class, "carry-over.choose-all", NULL, choose_all_cb);
  gtk_widget_class_install_action (widget_class, "carry-over.choose-none", NULL, choose_all_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK,
                                       "carry-over.choose-all", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "carry-over.choose-none", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "carry-over.carry-over", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-carry-over-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, title);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, carry_over);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, empty);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, all);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, list);
  gtk_widget_class_bind_template_child (widget_class, PostilCarryOverDialog, notes);
  gtk_widget_class_bind_template_callback (widget_class, all_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
}

static void
postil_carry_over_dialog_init (PostilCarryOverDialog *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->selection = gtk_no_selection_new (NULL);
  postil_late_model_set (self->list, GTK_SELECTION_MODEL (self->selection), 0);
  g_signal_connect_object (gtk_list_view_get_model (self->list), "items-changed",
                           G_CALLBACK (rows_came_cb), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_space, 0),
                      gtk_callback_action_new (space_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
}

/**
 * postil_carry_over_dialog_new:
 * @workspace: a workspace
 * @comparer: what compares two of its documents
 * @from_b: whether annotations of the second one are carried over to the first one
 * @topic: id of a topic
 *
 * Returns: (transfer none): a dialog that carries over the annotations with @topic, or one below it
 */
GtkWidget *
postil_carry_over_dialog_new (PostilWorkspace *workspace,
                              PostilComparer *comparer,
                              gboolean from_b,
                              const char *topic)
{
  PostilCarryOverDialog *self;
  PostilDocument *a, *b;
  PostilTopic *found;
  g_autofree char *title = NULL, *subtitle = NULL, *empty = NULL;

  g_return_val_if_fail (POSTIL_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (POSTIL_IS_COMPARER (comparer), NULL);
  g_return_val_if_fail (topic != NULL, NULL);
  a = postil_comparer_get_a (comparer);
  b = postil_comparer_get_b (comparer);
  found = postil_codebook_get_topic (postil_workspace_get_codebook (workspace), topic);
  g_return_val_if_fail (a != NULL && b != NULL && found != NULL, NULL);

  self = g_object_new (POSTIL_TYPE_CARRY_OVER_DIALOG, NULL);
  self->workspace = g_object_ref (workspace);
  self->comparer = g_object_ref (comparer);
  self->from = g_object_ref (from_b ? b : a);
  self->to = g_object_ref (from_b ? a : b);
  self->topic = g_strdup (topic);
  title = g_strdup_printf (_ ("Carry Over “%s”"), postil_topic_get_label (found));
  /* Translators: the names of two documents. */
  subtitle = g_strdup_printf (_ ("%s → %s"), postil_document_get_name (self->from),
                              postil_document_get_name (self->to));
  empty = g_strdup_printf (_ ("No passage of “%s” has this topic."),
                           postil_document_get_name (self->from));
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  adw_status_page_set_description (self->empty, empty);
  /* Both ends of the comparing: a text that changes, and when that was compared. */
  g_signal_connect_object (comparer, "notify::running", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  look (self);

  return GTK_WIDGET (self);
}
