/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-document-row.h"

#include <glib/gi18n.h>

#include "postil-after-frame.h"
#include "postil-tooltip.h"

/**
 * PostilDocumentRow:
 *
 * One document in the documents pane, whose list owns it: its name, how many annotations it has,
 * whether they are saved, and on which side of the window it stands, with buttons to choose. It
 * counts one frame later than the text shows a change.
 */
struct _PostilDocumentRow
{
  GtkListBoxRow parent_instance;

  GtkToggleButton *start;
  GtkToggleButton *end;
  GtkLabel *name;
  GtkLabel *count;
  GtkImage *problem;
  GtkMenuButton *menu;

  PostilDocument *document;
  char *uri;
  PostilAfterFrame *later;
  gboolean at_start;
  gboolean at_end;
};

G_DEFINE_FINAL_TYPE (PostilDocumentRow, postil_document_row, GTK_TYPE_LIST_BOX_ROW)

static void
update_count (GtkWidget *widget)
{
  PostilDocumentRow *self = POSTIL_DOCUMENT_ROW (widget);
  guint n = postil_annotation_index_get_n_shown (postil_document_get_annotations (self->document));
  g_autofree char *text =
    g_strdup_printf (g_dngettext (NULL, "%u annotation", "%u annotations", n), n);

  gtk_label_set_label (self->count, text);
}

static void
document_changed_cb (PostilDocumentRow *self)
{
  postil_after_frame_queue (self->later);
}

static void
update_shown (PostilDocumentRow *self)
{
  gtk_toggle_button_set_active (self->start, self->at_start);
  gtk_toggle_button_set_active (self->end, self->at_end);
  /* Translators: “Left” is the side where lines begin, “Right” the other one; swap the words in
   * languages written from right to left. */
  postil_tooltip_set (GTK_WIDGET (self->start),
                      self->at_start ? _ ("Put Away") : _ ("Show on the Left"));
  postil_tooltip_set (GTK_WIDGET (self->end),
                      self->at_end ? _ ("Put Away") : _ ("Show on the Right"));
}

static void
start_clicked_cb (PostilDocumentRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), self->at_start ? "win.put-away" : "win.show-start",
                              "s", self->uri);
  update_shown (self);
}

static void
end_clicked_cb (PostilDocumentRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), self->at_end ? "win.put-away" : "win.show-end",
                              "s", self->uri);
  update_shown (self);
}

static void
add_item (GMenu *menu, const char *label, const char *action, const char *uri)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", uri);
  g_menu_append_item (menu, item);
}

static void
create_menu_cb (GtkMenuButton *button, gpointer data)
{
  PostilDocumentRow *self = data;
  g_autoptr (GMenu) menu = NULL;

  if (gtk_menu_button_get_menu_model (button))
    return;
  menu = g_menu_new ();
  add_item (menu, _ ("Show on the _Left"), "win.show-start", self->uri);
  add_item (menu, _ ("Show on the _Right"), "win.show-end", self->uri);
  add_item (menu, _ ("Show _Alone"), "win.show-alone", self->uri);
  add_item (menu, _ ("_Close"), "win.close-document", self->uri);
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
postil_document_row_dispose (GObject *object)
{
  PostilDocumentRow *self = POSTIL_DOCUMENT_ROW (object);

  g_clear_pointer (&self->later, postil_after_frame_free);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (postil_document_row_parent_class)->dispose (object);
}

static void
postil_document_row_finalize (GObject *object)
{
  g_free (POSTIL_DOCUMENT_ROW (object)->uri);

  G_OBJECT_CLASS (postil_document_row_parent_class)->finalize (object);
}

static void
postil_document_row_class_init (PostilDocumentRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_document_row_dispose;
  object_class->finalize = postil_document_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-document-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentRow, start);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentRow, end);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentRow, name);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentRow, count);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentRow, problem);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentRow, menu);
  gtk_widget_class_bind_template_callback (widget_class, start_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_clicked_cb);
}

static void
postil_document_row_init (PostilDocumentRow *self)
{
  self->later = postil_after_frame_new (GTK_WIDGET (self), update_count);
  gtk_widget_init_template (GTK_WIDGET (self));
  postil_tooltip_set (GTK_WIDGET (self->menu), _ ("Document Menu"));
  gtk_menu_button_set_create_popup_func (self->menu, create_menu_cb, self, NULL);
}

/**
 * postil_document_row_new:
 * @document: a document
 *
 * Returns: (transfer floating): a row for it
 */
GtkWidget *
postil_document_row_new (PostilDocument *document)
{
  PostilDocumentRow *self;
  g_autofree char *path = NULL;
  const char *name;

  g_return_val_if_fail (POSTIL_IS_DOCUMENT (document), NULL);

  self = g_object_new (POSTIL_TYPE_DOCUMENT_ROW, NULL);
  self->document = g_object_ref (document);
  self->uri = g_file_get_uri (postil_document_get_file (document));
  path = g_file_get_parse_name (postil_document_get_file (document));
  name = postil_document_get_name (document);

  gtk_label_set_label (self->name, name);
  postil_tooltip_set (GTK_WIDGET (self->name), path);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  g_signal_connect_object (document, "changed", G_CALLBACK (document_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_count (GTK_WIDGET (self));
  update_shown (self);

  return GTK_WIDGET (self);
}

/**
 * postil_document_row_get_document:
 * @self: a row
 *
 * Returns: (transfer none): its document
 */
PostilDocument *
postil_document_row_get_document (PostilDocumentRow *self)
{
  g_return_val_if_fail (POSTIL_IS_DOCUMENT_ROW (self), NULL);

  return self->document;
}

/**
 * postil_document_row_set_shown:
 * @self: a row
 * @at_start: whether its document stands at the start side of the window
 * @at_end: whether it stands at the end side
 *
 * Says where the document stands.
 */
void
postil_document_row_set_shown (PostilDocumentRow *self, gboolean at_start, gboolean at_end)
{
  g_return_if_fail (POSTIL_IS_DOCUMENT_ROW (self));

  self->at_start = at_start;
  self->at_end = at_end;
  update_shown (self);
}

/**
 * postil_document_row_set_saver:
 * @self: a row
 * @saver: (nullable): what saves its document
 *
 * Shows what keeps the document from being saved.
 */
void
postil_document_row_set_saver (PostilDocumentRow *self, PostilSaver *saver)
{
  gboolean problem;

  g_return_if_fail (POSTIL_IS_DOCUMENT_ROW (self));

  problem = saver && postil_saver_get_state (saver) != POSTIL_SAVER_SAVED &&
            postil_saver_get_state (saver) != POSTIL_SAVER_SAVING;
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem);
  if (problem)
    {
      const char *message = postil_saver_get_message (saver);

      postil_tooltip_set (GTK_WIDGET (self->problem), message);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->problem), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      message, -1);
    }
}
