/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-documents-list.h"

#include <glib/gi18n.h>

#include "postil-document-row.h"
#include "postil-late-menu.h"

/**
 * PostilDocumentsList:
 *
 * The documents pane: all documents of the workspace in the order they were opened, with what of
 * them is not saved. The window owns it and tells it which two stand in the window; its rows ask
 * for others by the window's actions.
 */
struct _PostilDocumentsList
{
  GtkWidget parent_instance;

  GtkMenuButton *open_button;
  GMenuModel *open_menu;
  GtkListBox *list;

  PostilSavers *savers;
  PostilDocument *start;
  PostilDocument *end;
};

G_DEFINE_FINAL_TYPE (PostilDocumentsList, postil_documents_list, GTK_TYPE_WIDGET)

enum
{
  DOCUMENT_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GtkWidget *
create_row_cb (gpointer item, gpointer data)
{
  PostilDocumentsList *self = data;
  GtkWidget *row = postil_document_row_new (item);

  postil_document_row_set_shown (POSTIL_DOCUMENT_ROW (row), item == self->start, item == self->end);
  postil_document_row_set_saver (POSTIL_DOCUMENT_ROW (row),
                                 postil_savers_find (self->savers, item));
  return row;
}

static void
row_activated_cb (PostilDocumentsList *self, PostilDocumentRow *row)
{
  g_signal_emit (self, signals[DOCUMENT_ACTIVATED], 0, postil_document_row_get_document (row));
}

static void
savers_changed_cb (PostilDocumentsList *self, PostilSaver *saver)
{
  PostilDocumentRow *row;

  for (int i = 0; (row = (PostilDocumentRow *) gtk_list_box_get_row_at_index (self->list, i)); i++)
    {
      PostilDocument *document = postil_document_row_get_document (row);

      if (document == postil_saver_get_document (saver))
        postil_document_row_set_saver (row, postil_savers_find (self->savers, document));
    }
}

static void
postil_documents_list_dispose (GObject *object)
{
  PostilDocumentsList *self = POSTIL_DOCUMENTS_LIST (object);
  GtkWidget *child;

  g_clear_object (&self->savers);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_documents_list_parent_class)->dispose (object);
}

static void
postil_documents_list_class_init (PostilDocumentsListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_documents_list_dispose;

  /**
   * PostilDocumentsList::document-activated:
   * @document: a document
   *
   * A person wants to see this document.
   */
  signals[DOCUMENT_ACTIVATED] =
    g_signal_new ("document-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, POSTIL_TYPE_DOCUMENT);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-documents-list.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentsList, open_button);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentsList, open_menu);
  gtk_widget_class_bind_template_child (widget_class, PostilDocumentsList, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
postil_documents_list_init (PostilDocumentsList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  postil_late_menu_set (self->open_button, self->open_menu);
}

/**
 * postil_documents_list_set_workspace:
 * @self: a documents pane
 * @workspace: whose documents it lists
 * @savers: what saves them
 *
 * To be called once.
 */
void
postil_documents_list_set_workspace (PostilDocumentsList *self,
                                     PostilWorkspace *workspace,
                                     PostilSavers *savers)
{
  g_return_if_fail (POSTIL_IS_DOCUMENTS_LIST (self));
  g_return_if_fail (POSTIL_IS_WORKSPACE (workspace));
  g_return_if_fail (POSTIL_IS_SAVERS (savers));

  self->savers = g_object_ref (savers);
  g_signal_connect_object (savers, "changed", G_CALLBACK (savers_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, postil_workspace_get_documents (workspace), create_row_cb,
                           self, NULL);
}

/**
 * postil_documents_list_set_shown:
 * @self: a documents pane
 * @start: (nullable): what stands at the start side of the window
 * @end: (nullable): what stands at the end side
 *
 * Shows which documents stand where.
 */
void
postil_documents_list_set_shown (PostilDocumentsList *self,
                                 PostilDocument *start,
                                 PostilDocument *end)
{
  PostilDocumentRow *row;

  g_return_if_fail (POSTIL_IS_DOCUMENTS_LIST (self));

  /* Compared only, never looked into. */
  self->start = start;
  self->end = end;
  for (int i = 0; (row = (PostilDocumentRow *) gtk_list_box_get_row_at_index (self->list, i)); i++)
    {
      PostilDocument *document = postil_document_row_get_document (row);

      postil_document_row_set_shown (row, document == start, document == end);
    }
}
