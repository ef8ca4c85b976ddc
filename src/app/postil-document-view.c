/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-document-view.h"

#include <glib/gi18n.h>

#include "postil-bar.h"
#include "postil-overview-strip.h"
#include "postil-review.h"
#include "postil-tooltip.h"

/**
 * PostilDocumentView:
 *
 * One document to be read and annotated: its name, what must be said of it, the words to be found
 * in it, its text and the strip that shows where its annotations are. The window owns two, which
 * stand side by side, and says what stands in each.
 */
struct _PostilDocumentView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *name;
  GtkWidget *counterpart;
  GtkLabel *charset;
  PostilBar *ill_formed_bar;
  PostilBar *review_bar;
  PostilBar *warnings_bar;
  PostilBar *saver_bar;
  PostilBar *place_bar;
  PostilBar *text_bar;
  PostilBar *offer_bar;
  PostilFindBar *find_bar;
  PostilTextView *text_view;
  PostilOverviewStrip *strip;
  GtkScrolledWindow *scroller;

  PostilDocument *document;
  GSignalGroup *saver_signals;
  GSignalGroup *watch_signals;
  GSignalGroup *document_signals;
  PostilReviewCounts to_review;
  gboolean active;
  gboolean in_turn;
  gboolean mirrored;
};

G_DEFINE_FINAL_TYPE (PostilDocumentView, postil_document_view, GTK_TYPE_WIDGET)

/* In pixels: with two texts of this width and both panes, nothing need be hidden. */
#define NATURAL_WIDTH 350

enum
{
  PROP_0,
  PROP_ACTIVE,
  PROP_IN_TURN,
  PROP_MIRRORED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_saver_bar (PostilDocumentView *self)
{
  g_autoptr (PostilSaver) saver = g_signal_group_dup_target (self->saver_signals);
  g_autofree char *uri = NULL;
  g_autofree char *message = NULL;

  postil_bar_clear_buttons (self->saver_bar);
  if (!saver)
    {
      postil_bar_hide (self->saver_bar);
      return;
    }
  uri = g_file_get_uri (postil_document_get_file (self->document));
  switch (postil_saver_get_state (saver))
    {
    case POSTIL_SAVER_SAVED:
    case POSTIL_SAVER_SAVING:
      postil_bar_hide (self->saver_bar);
      return;
    case POSTIL_SAVER_FAILED:
      postil_bar_add_button (self->saver_bar, _ ("_Try Again"), "win.save", uri);
      postil_bar_add_button (self->saver_bar, _ ("Save a _Copy Elsewhere…"), "win.save-copy", uri);
      message = g_strdup_printf (_ ("%s\nPostil keeps your changes and tries again by itself."),
                                 postil_saver_get_message (saver));
      break;
    case POSTIL_SAVER_BLOCKED:
      postil_bar_add_button (self->saver_bar, _ ("Save a _Copy Elsewhere…"), "win.save-copy", uri);
      message = g_strdup_printf (
        _ ("%s\nThe file is left as it is, and what you annotate in this text is not saved."),
        postil_saver_get_message (saver));
      break;
    default:
      g_assert_not_reached ();
    }
  postil_bar_show (self->saver_bar, message);
}

/* A person may look for the annotations beside the text. */
static void
update_place_bar (PostilDocumentView *self)
{
  g_autoptr (PostilSaver) saver = g_signal_group_dup_target (self->saver_signals);

  if (saver && !postil_saver_is_beside (saver))
    {
      g_autofree char *path =
        g_filename_display_name (postil_sidecar_get_place (postil_saver_get_sidecar (saver)));
      g_autofree char *message = g_strdup_printf (
        _ ("The annotations of this text cannot be saved beside it. Until they can, they are kept "
           "in “%s”."),
        path);

      postil_bar_show (self->place_bar, message);
    }
  else
    postil_bar_hide (self->place_bar);
}

static void
saver_changed_cb (PostilDocumentView *self)
{
  update_saver_bar (self);
  update_place_bar (self);
}

static void
update_text_bar (PostilDocumentView *self)
{
  g_autoptr (PostilTextWatch) watch = g_signal_group_dup_target (self->watch_signals);
  const char *problem = watch ? postil_text_watch_get_problem (watch) : NULL;

  postil_bar_clear_buttons (self->text_bar);
  if (problem)
    postil_bar_show (self->text_bar, problem);
  else if (watch && postil_text_watch_get_differs (watch))
    {
      g_autofree char *uri = g_file_get_uri (postil_document_get_file (self->document));

      postil_bar_add_button (self->text_bar, _ ("_Show the File’s Text"), "win.reload", uri);
      postil_bar_show (self->text_bar,
                       _ ("The file holds another text by now. This is the earlier one, and what "
                          "you annotate is about that."));
    }
  else
    postil_bar_hide (self->text_bar);
}

static void
update_warnings_bar (PostilDocumentView *self)
{
  g_autoptr (PostilSaver) saver = g_signal_group_dup_target (self->saver_signals);
  const char *const *warnings =
    saver ? postil_sidecar_get_warnings (postil_saver_get_sidecar (saver)) : NULL;

  if (warnings && *warnings)
    {
      g_autofree char *message = g_strjoinv ("\n", (char **) warnings);

      postil_bar_show (self->warnings_bar, message);
    }
  else
    postil_bar_hide (self->warnings_bar);
}

static void
update_ill_formed_bar (PostilDocumentView *self)
{
  PostilText *text = postil_document_get_text (self->document);
  guint n = postil_text_get_n_ill_formed (text);

  if (n > 0)
    {
      g_autofree char *message = g_strdup_printf (
        g_dngettext (NULL, "%u part of this file is not valid %s and is shown as �.",
                     "%u parts of this file are not valid %s and are shown as �.", n),
        n, postil_text_get_charset (text));

      postil_bar_show (self->ill_formed_bar, message);
    }
  else
    postil_bar_hide (self->ill_formed_bar);
}

/* Adds to @parts how many there are of a kind; @format is translated for @n. */
static void
add_part (GString *parts, const char *format, guint n)
{
  if (n == 0)
    return;
  if (parts->len > 0)
    /* Translators: between “2 moved” and “1 not found” */
    g_string_append (parts, C_ ("counts", ", "));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (parts, format, n);
#pragma GCC diagnostic pop
}

static void
update_review_bar (PostilDocumentView *self)
{
  const PostilReviewCounts *counts = &self->to_review;
  g_autoptr (GString) parts = g_string_new (NULL);
  g_autofree char *message = NULL;

  postil_bar_clear_buttons (self->review_bar);
  if (counts->n == 0)
    {
      postil_bar_hide (self->review_bar);
      return;
    }
  add_part (parts, g_dngettext (NULL, "%u moved", "%u moved", counts->n_moved), counts->n_moved);
  add_part (parts, g_dngettext (NULL, "%u uncertain", "%u uncertain", counts->n_uncertain),
            counts->n_uncertain);
  add_part (parts, g_dngettext (NULL, "%u not found", "%u not found", counts->n_orphaned),
            counts->n_orphaned);
  add_part (parts,
            g_dngettext (NULL, "%u in two versions", "%u in two versions", counts->n_versions),
            counts->n_versions);
  message = g_strdup_printf (
    /* Translators: such as “3 annotations need a look: 2 moved, 1 not found.” */
    g_dngettext (NULL, "%u annotation needs a look: %s.", "%u annotations need a look: %s.",
                 counts->n),
    counts->n, parts->str);
  postil_bar_add_button (self->review_bar, _ ("_Review"), "win.review", NULL);
  postil_bar_show (self->review_bar, message);
}

static void
count_to_review (PostilDocumentView *self)
{
  PostilAnnotationIndex *annotations = postil_document_get_annotations (self->document);

  self->to_review =
    *postil_annotation_tally_get_review (postil_annotation_index_get_tally (annotations));
}

/* What was told of is reviewed, or deleted. */
static void
document_changed_cb (PostilDocumentView *self)
{
  const PostilReviewCounts told = self->to_review;

  count_to_review (self);
  if (postil_bar_get_shown (self->review_bar) && memcmp (&told, &self->to_review, sizeof told) != 0)
    update_review_bar (self);
}

static void
update_charset (PostilDocumentView *self)
{
  gtk_label_set_label (self->charset,
                       postil_text_get_charset (postil_document_get_text (self->document)));
}

static void
text_changed_cb (PostilDocumentView *self)
{
  update_charset (self);
  update_ill_formed_bar (self);
  postil_find_bar_text_changed (self->find_bar);
}

static void
view_moved_cb (PostilDocumentView *self)
{
  if (self->document)
    postil_overview_strip_set_visible_span (self->strip,
                                            postil_text_view_get_visible_span (self->text_view));
}

static void
place_activated_cb (PostilDocumentView *self, guint offset)
{
  postil_text_view_scroll_to (self->text_view, offset);
}

static void
update_style (PostilDocumentView *self)
{
  if (self->active)
    gtk_widget_add_css_class (GTK_WIDGET (self), "active");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "active");
}

/* What stands beside the text changes sides. */
static void
update_sides (PostilDocumentView *self)
{
  gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (GTK_WIDGET (self->strip))),
                               GTK_WIDGET (self->strip),
                               self->mirrored ? NULL : GTK_WIDGET (self->scroller));
  gtk_scrolled_window_set_placement (self->scroller,
                                     self->mirrored ? GTK_CORNER_TOP_RIGHT : GTK_CORNER_TOP_LEFT);
}

static void
postil_document_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostilDocumentView *self = POSTIL_DOCUMENT_VIEW (object);

  switch (id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    case PROP_IN_TURN:
      g_value_set_boolean (value, self->in_turn);
      break;
    case PROP_MIRRORED:
      g_value_set_boolean (value, self->mirrored);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
postil_document_view_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  PostilDocumentView *self = POSTIL_DOCUMENT_VIEW (object);
  gboolean *field = id == PROP_ACTIVE    ? &self->active
                    : id == PROP_IN_TURN ? &self->in_turn
                                         : &self->mirrored;

  if (*field == g_value_get_boolean (value))
    return;
  *field = !*field;
  if (id == PROP_ACTIVE)
    update_style (self);
  if (id == PROP_MIRRORED)
    update_sides (self);
  g_object_notify_by_pspec (object, pspec);
}

/* Its natural width says when the panes beside it should fold, so it must not depend on how long a
 * file's name or a bar's message is. */
static void
postil_document_view_measure (GtkWidget *widget,
                              GtkOrientation orientation,
                              int for_size,
                              int *minimum,
                              int *natural,
                              int *minimum_baseline,
                              int *natural_baseline)
{
  PostilDocumentView *self = POSTIL_DOCUMENT_VIEW (widget);

  gtk_widget_measure (self->box, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, NATURAL_WIDTH);
}

static void
postil_document_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PostilDocumentView *self = POSTIL_DOCUMENT_VIEW (widget);
  int minimum;

  /* A divider may leave less than that; the rest is cut off. */
  gtk_widget_measure (self->box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_allocate (self->box, MAX (width, minimum), height, baseline, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_POPOVER (child))
      gtk_popover_present (GTK_POPOVER (child));
}

static GtkSizeRequestMode
postil_document_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
postil_document_view_dispose (GObject *object)
{
  PostilDocumentView *self = POSTIL_DOCUMENT_VIEW (object);
  GtkWidget *child;

  g_clear_object (&self->saver_signals);
  g_clear_object (&self->watch_signals);
  g_clear_object (&self->document_signals);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_document_view_parent_class)->dispose (object);
}

static void
postil_document_view_class_init (PostilDocumentViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = postil_document_view_get_property;
  object_class->set_property = postil_document_view_set_property;
  object_class->dispose = postil_document_view_dispose;
  widget_class->measure = postil_document_view_measure;
  widget_class->size_allocate = postil_document_view_size_allocate;
  widget_class->get_request_mode = postil_document_view_get_request_mode;

  /**
   * PostilDocumentView:active:
   *
   * Whether what a person does is meant for this text.
   */
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, flags);
  /**
   * PostilDocumentView:in-turn:
   *
   * Whether it shows in turn with another text, for which it offers a button.
   */
  properties[PROP_IN_TURN] = g_param_spec_boolean ("in-turn", NULL, NULL, FALSE, flags);
  /**
   * PostilDocumentView:mirrored:
   *
   * Whether its scroll bar and its strip are at the start side, so that nothing stands between its
   * text and one at its end side.
   */
  properties[PROP_MIRRORED] = g_param_spec_boolean ("mirrored", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (POSTIL_TYPE_BAR);
  g_type_ensure (POSTIL_TYPE_FIND_BAR);
  g_type_ensure (POSTIL_TYPE_TEXT_VIEW);
  g_type_ensure (POSTIL_TYPE_OVERVIEW_STRIP);

  gtk_widget_class_set_css_name (widget_class, "documentview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-document-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, box);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, name);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, counterpart);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, charset);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, ill_formed_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, review_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, warnings_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, saver_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, place_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, text_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, offer_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, find_bar);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, text_view);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, strip);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentView, scroller);
  gtk_widget_class_bind_template_callback (widget_class, place_activated_cb);
}

/* What keys do in the text, before it takes them as its own; the same in all views. */
static GListModel *
create_keys (void)
{
  static const struct
  {
    const char *trigger;
    const char *action;
  } keys[] = {
    { "Escape", "win.dismiss" },
    { "Delete|KP_Delete", "win.delete-annotation" },
    { "<Control>z", "win.undo" },
    { "<Control><Shift>z|<Control>y", "win.redo" },
  };
  GListStore *model = g_list_store_new (GTK_TYPE_SHORTCUT);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GtkShortcut) shortcut = gtk_shortcut_new (
        gtk_shortcut_trigger_parse_string (keys[i].trigger), gtk_named_action_new (keys[i].action));

      g_list_store_append (model, shortcut);
    }
  for (guint i = 1; i <= 9; i++)
    {
      g_autoptr (GtkShortcut) shortcut = gtk_shortcut_new (
        gtk_alternative_trigger_new (gtk_keyval_trigger_new (GDK_KEY_0 + i, 0),
                                     gtk_keyval_trigger_new (GDK_KEY_KP_0 + i, 0)),
        gtk_named_action_new ("win.apply-digit"));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_uint32 (i));
      g_list_store_append (model, shortcut);
    }

  return G_LIST_MODEL (model);
}

static void
postil_document_view_init (PostilDocumentView *self)
{
  static GListModel *keys = NULL;
  GtkEventController *controller;

  self->saver_signals = g_signal_group_new (POSTIL_TYPE_SAVER);
  g_signal_group_connect_swapped (self->saver_signals, "notify", G_CALLBACK (saver_changed_cb),
                                  self);
  self->watch_signals = g_signal_group_new (POSTIL_TYPE_TEXT_WATCH);
  g_signal_group_connect_swapped (self->watch_signals, "notify", G_CALLBACK (update_text_bar),
                                  self);
  /* After the text view, which forgets the matches. */
  self->document_signals = g_signal_group_new (POSTIL_TYPE_DOCUMENT);
  g_signal_group_connect_data (self->document_signals, "notify::text", G_CALLBACK (text_changed_cb),
                               self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_group_connect_swapped (self->document_signals, "changed",
                                  G_CALLBACK (document_changed_cb), self);

  gtk_widget_init_template (GTK_WIDGET (self));
  if (!keys)
    keys = create_keys ();
  controller = gtk_shortcut_controller_new_for_model (keys);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->text_view), controller);
  postil_find_bar_set_text_view (self->find_bar, self->text_view);
  g_signal_connect_swapped (self->text_view, "view-moved", G_CALLBACK (view_moved_cb), self);
}

/**
 * postil_document_view_set_workspace:
 * @self: a document view
 * @workspace: where its documents are open
 *
 * To be called once, before there is a document.
 */
void
postil_document_view_set_workspace (PostilDocumentView *self, PostilWorkspace *workspace)
{
  g_return_if_fail (POSTIL_IS_DOCUMENT_VIEW (self));
  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace));

  postil_text_view_set_codebook (self->text_view, postil_workspace_get_codebook (workspace));
  postil_overview_strip_set_codebook (self->strip, postil_workspace_get_codebook (workspace));
}

/**
 * postil_document_view_get_document:
 * @self: a document view
 *
 * Returns: (transfer none) (nullable): what it shows
 */
PostilDocument *
postil_document_view_get_document (PostilDocumentView *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT_VIEW (self), NULL);

  return self->document;
}

/**
 * postil_document_view_set_document:
 * @self: a document view
 * @document: (nullable): what it is to show
 * @saver: (nullable): what saves the document's annotations
 * @watch: (nullable): what watches the document's file
 *
 * Shows another document, or the same one with others beside it.
 */
void
postil_document_view_set_document (PostilDocumentView *self,
                                   PostilDocument *document,
                                   PostilSaver *saver,
                                   PostilTextWatch *watch)
{
  gboolean other;

  g_return_if_fail (POSTIL_IS_DOCUMENT_VIEW (self));
  g_return_if_fail (!document || POSTIL_IS_DOCUMENT (document));
  g_return_if_fail (!saver || POSTIL_IS_SAVER (saver));
  g_return_if_fail (!watch || POSTIL_IS_TEXT_WATCH (watch));

  other = g_set_object (&self->document, document);
  g_signal_group_set_target (self->saver_signals, saver);
  g_signal_group_set_target (self->watch_signals, watch);
  g_signal_group_set_target (self->document_signals, document);
  if (other)
    {
      postil_text_view_set_document (self->text_view, document);
      postil_overview_strip_set_document (self->strip, document);
      postil_find_bar_document_changed (self->find_bar);
    }
  if (!document)
    return;
  if (other)
    {
      const char *name = postil_document_get_name (document);

      gtk_label_set_label (self->name, name);
      postil_tooltip_set (GTK_WIDGET (self->name), name);
      update_charset (self);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      update_ill_formed_bar (self);
      count_to_review (self);
      update_review_bar (self);
    }
  update_warnings_bar (self);
  update_saver_bar (self);
  update_place_bar (self);
  update_text_bar (self);
}

/**
 * postil_document_view_preview:
 * @self: a document view without a document
 * @file: the document's file
 * @text: how its text begins
 *
 * Shows the beginning of a text until its document is there.
 */
void
postil_document_view_preview (PostilDocumentView *self, GFile *file, PostilText *text)
{
  g_autofree char *name = NULL;

  g_return_if_fail (POSTIL_IS_DOCUMENT_VIEW (self) && !self->document);
  g_return_if_fail (G_IS_FILE (file) && text != NULL);

  name = g_filename_display_basename (g_file_peek_path (file));
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->charset, postil_text_get_charset (text));
  postil_text_view_preview (self->text_view, text);
}

/**
 * postil_document_view_get_text_view:
 * @self: a document view
 *
 * Returns: (transfer none): the view of its text
 */
PostilTextView *
postil_document_view_get_text_view (PostilDocumentView *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT_VIEW (self), NULL);

  return self->text_view;
}

/**
 * postil_document_view_set_counterpart:
 * @self: a document view
 * @words: (nullable): what is to be said of the counterpart of what is selected or current in
 * another text; %NULL when nothing is
 */
void
postil_document_view_set_counterpart (PostilDocumentView *self, const char *words)
{
  g_return_if_fail (POSTIL_IS_DOCUMENT_VIEW (self));

  if (words)
    gtk_button_set_label (GTK_BUTTON (self->counterpart), words);
  gtk_widget_set_visible (self->counterpart, words != NULL);
}

/**
 * postil_document_view_get_find_bar:
 * @self: a document view
 *
 * Returns: (transfer none): where words are found in its text
 */
PostilFindBar *
postil_document_view_get_find_bar (PostilDocumentView *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT_VIEW (self), NULL);

  return self->find_bar;
}

/**
 * postil_document_view_get_offer_bar:
 * @self: a document view
 *
 * Returns: (transfer none): where the window says what else it could do for the document
 */
PostilBar *
postil_document_view_get_offer_bar (PostilDocumentView *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT_VIEW (self), NULL);

  return self->offer_bar;
}
