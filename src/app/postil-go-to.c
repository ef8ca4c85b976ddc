/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-go-to.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  PostilDocumentView *view;
  GtkSpinButton *number;
} GoTo;

static void
response_cb (AdwMessageDialog *dialog, const char *response, GoTo *go_to)
{
  PostilDocument *document = postil_document_view_get_document (go_to->view);
  PostilTextView *text_view = postil_document_view_get_text_view (go_to->view);
  int number;

  if (!g_str_equal (response, "go") || !document)
    return;
  gtk_spin_button_update (go_to->number);
  number = gtk_spin_button_get_value_as_int (go_to->number);
  if (number >= 1 && number <= postil_text_get_n_paragraphs (postil_document_get_text (document)))
    {
      PostilSpan paragraph =
        postil_text_get_paragraph (postil_document_get_text (document), number - 1);

      postil_text_view_select (text_view, (PostilSpan){ paragraph.start, paragraph.start });
      postil_text_view_scroll_to (text_view, paragraph.start);
      gtk_widget_grab_focus (GTK_WIDGET (text_view));
    }
}

static void
go_to_free (gpointer data, GClosure *closure)
{
  g_object_unref (((GoTo *) data)->view);
  g_free (data);
}

/**
 * postil_go_to_present:
 * @parent: the window that asks
 * @view: a view with a document
 *
 * Asks for the number of a paragraph and puts the caret at its beginning.
 */
void
postil_go_to_present (GtkWindow *parent, PostilDocumentView *view)
{
  PostilText *text;
  PostilTextView *text_view;
  g_autofree char *body = NULL;
  guint n_paragraphs;
  GtkWidget *dialog, *number;
  GoTo *go_to;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (POSTIL_IS_DOCUMENT_VIEW (view));
  g_return_if_fail (postil_document_view_get_document (view) != NULL);

  text = postil_document_get_text (postil_document_view_get_document (view));
  text_view = postil_document_view_get_text_view (view);
  n_paragraphs = MAX (postil_text_get_n_paragraphs (text), 1);
  body = g_strdup_printf (
    g_dngettext (NULL, "This text has %u paragraph.", "This text has %u paragraphs.", n_paragraphs),
    n_paragraphs);

  number = gtk_spin_button_new_with_range (1, n_paragraphs, 1);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (number), TRUE);
  gtk_spin_button_set_value (
    GTK_SPIN_BUTTON (number),
    postil_text_get_paragraph_at (text, postil_text_view_get_caret (text_view)) + 1);
  gtk_text_set_activates_default (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (number))),
                                  TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (number), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Paragraph"), -1);

  dialog = adw_message_dialog_new (parent, _ ("Go to Paragraph"), body);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), number);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "go",
                                    _ ("_Go"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "go",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "go");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");

  go_to = g_new0 (GoTo, 1);
  go_to->view = g_object_ref (view);
  go_to->number = GTK_SPIN_BUTTON (number);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), go_to, go_to_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (number);
}
