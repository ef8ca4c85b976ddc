/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-linked-list.h"

#include <glib/gi18n-lib.h>

#include "postil-after-frame.h"
#include "postil-annotation-words.h"
#include "postil-linking.h"
#include "postil-tooltip.h"

/*
 * PostilLinkedList: the annotations of other documents that one is linked with, as it was carried
 * over to them or from them. Each is a button that goes there, by the action "win.show-annotation";
 * one that is gone, or in a document that is not open, is named. It follows all documents of the
 * workspace, one frame later than their texts, and hides when there is nothing to show.
 */
struct _PostilLinkedList
{
  GtkWidget parent_instance;

  PostilWorkspace *workspace;
  PostilDocument *document;
  char *annotation;
  /* The documents that it follows. */
  GPtrArray *followed;
  PostilAfterFrame *later;
};

G_DEFINE_FINAL_TYPE (PostilLinkedList, postil_linked_list, GTK_TYPE_WIDGET)

/* Longest quote in code points. */
#define MAX_QUOTE 80

/* So many are shown; a person makes a few. */
#define MAX_SHOWN 50

/* The other end of a link. */
typedef struct
{
  /* Not open when %NULL; its name is in the link. */
  PostilDocument *document;
  PostilAnnotation *annotation;
  const char *name;
  char *quote;
  /* Whether both have the same topics, as they had at first. */
  gboolean same_topics;
} End;

static PostilDocument *
find_about (PostilLinkedList *self, PostilLink *link)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      if (document != self->document && postil_linking_is_about (link, document))
        return document;
    }
  return NULL;
}

static gboolean
have_same_topics (PostilAnnotation *a, PostilAnnotation *b)
{
  guint n_a, n_b;
  const char *const *topics = postil_annotation_get_topics (a, &n_a);

  postil_annotation_get_topics (b, &n_b);
  for (guint i = 0; i < n_a && n_a == n_b; i++)
    if (!postil_annotation_has_topic (b, topics[i]))
      return FALSE;
  return n_a == n_b;
}

static char *
dup_start (const char *text)
{
  g_autofree char *line = postil_annotation_words_dup_one_line (text);

  if (g_utf8_strlen (line, -1) <= MAX_QUOTE)
    return g_steal_pointer (&line);
  *g_utf8_offset_to_pointer (line, MAX_QUOTE) = '\0';
  return g_strconcat (line, "…", NULL);
}

/* Of @annotation, a link of @home, the end that is not the annotation shown. */
static End
get_other_end (PostilLinkedList *self, PostilDocument *home, PostilAnnotation *annotation)
{
  PostilLink *link = postil_annotation_get_link (annotation);
  PostilAnnotation *shown = postil_document_get_annotation (self->document, self->annotation);
  gboolean is_home = home == self->document;
  const char *id = is_home ? postil_link_get_from (link) : postil_link_get_to (link);
  End end = { .document = is_home ? find_about (self, link) : home };
  g_autofree char *words = NULL;

  if (end.document && id)
    end.annotation = postil_document_get_annotation (end.document, id);
  end.same_topics = end.annotation && shown && have_same_topics (shown, end.annotation);
  end.name = end.document ? postil_document_get_name (end.document) : postil_link_get_label (link);
  if (!end.name)
    end.name = postil_anchor_get_source (postil_link_get_passage (link));
  if (end.annotation)
    words = postil_annotation_words_dup_quote (end.document, end.annotation, MAX_QUOTE);
  else if (is_home)
    words = postil_anchor_dup_quote (postil_link_get_passage (link));
  else
    words = postil_text_dup_range (postil_document_get_text (home),
                                   postil_annotation_get_extent (annotation));
  end.quote = dup_start (words ? words : "");
  return end;
}

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

static GtkWidget *
create_row (const End *end)
{
  g_autofree char *text = NULL;
  GtkWidget *button;

  if (!end->annotation)
    {
      /* Translators: the words of a passage, and the name of a document. */
      text = g_strdup_printf (end->document ? _ ("Linked: “%s” in %s, where its annotation is gone")
                                            : _ ("Linked: “%s” in %s, which is not open"),
                              end->quote, end->name ? end->name : _ ("another document"));
      return create_label (text);
    }
  /* Translators: the words of a passage, and the name of a document. */
  text = g_strdup_printf (end->same_topics ? _ ("Linked: “%s” in %s")
                                           : _ ("Linked: “%s” in %s, with other topics"),
                          end->quote, end->name);
  button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), create_label (text));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "linked-annotation");
  postil_tooltip_set (button, _ ("Show the Linked Annotation"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-annotation");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)",
                                    postil_document_get_id (end->document),
                                    postil_annotation_get_id (end->annotation));
  return button;
}

static void
update (PostilLinkedList *self)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  for (guint i = 0; i < g_list_model_get_n_items (documents); i++)
    {
      g_autoptr (PostilDocument) home = g_list_model_get_item (documents, i);
      GPtrArray *links = postil_document_get_links (home, self->annotation);

      for (guint k = 0; links && k < links->len && n < MAX_SHOWN; k++)
        if (postil_link_get_kind (postil_annotation_get_link (links->pdata[k])) ==
            POSTIL_LINK_PLAIN)
          {
            End end = get_other_end (self, home, links->pdata[k]);

            gtk_widget_set_parent (create_row (&end), GTK_WIDGET (self));
            g_free (end.quote);
            n++;
          }
    }
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static void
update_later (GtkWidget *widget)
{
  update (POSTIL_LINKED_LIST (widget));
}

static void
follow (PostilLinkedList *self)
{
  GListModel *documents = self->workspace ? postil_workspace_get_documents (self->workspace) : NULL;

  for (guint i = 0; i < self->followed->len; i++)
    g_signal_handlers_disconnect_by_data (self->followed->pdata[i], self->later);
  postil_after_frame_cancel (self->later);
  g_ptr_array_set_size (self->followed, 0);
  for (guint i = 0; documents && i < g_list_model_get_n_items (documents); i++)
    {
      PostilDocument *document = g_list_model_get_item (documents, i);

      g_ptr_array_add (self->followed, document);
      g_signal_connect_swapped (document, "changed", G_CALLBACK (postil_after_frame_queue),
                                self->later);
    }
}

static void
documents_changed_cb (PostilLinkedList *self)
{
  follow (self);
  update (self);
}

static void
postil_linked_list_dispose (GObject *object)
{
  PostilLinkedList *self = POSTIL_LINKED_LIST (object);
  GtkWidget *child;

  if (self->later)
    postil_linked_list_show (self, NULL, NULL, NULL);
  g_clear_pointer (&self->later, postil_after_frame_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_linked_list_parent_class)->dispose (object);
}

static void
postil_linked_list_finalize (GObject *object)
{
  g_ptr_array_unref (POSTIL_LINKED_LIST (object)->followed);

  G_OBJECT_CLASS (postil_linked_list_parent_class)->finalize (object);
}

static void
postil_linked_list_class_init (PostilLinkedListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = postil_linked_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = postil_linked_list_finalize;
  gtk_widget_class_set_css_name (widget_class, "linkedlist");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
postil_linked_list_init (PostilLinkedList *self)
{
  self->later = postil_after_frame_new (GTK_WIDGET (self), update_later);
  self->followed = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_orientable_set_orientation (
    GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Linked Annotations"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
postil_linked_list_new (void)
{
  return g_object_new (POSTIL_TYPE_LINKED_LIST, NULL);
}

/**
 * postil_linked_list_show:
 * @self: a linked list
 * @workspace: (nullable): the workspace
 * @document: (nullable): a document of it
 * @annotation: (nullable): id of an annotation of @document; %NULL with the others for none
 */
void
postil_linked_list_show (PostilLinkedList *self,
                         PostilWorkspace *workspace,
                         PostilDocument *document,
                         const char *annotation)
{
  g_return_if_fail (POSTIL_IS_LINKED_LIST (self));
  g_return_if_fail ((document == NULL) == (annotation == NULL));
  g_return_if_fail (document == NULL || workspace != NULL);

  if (document == NULL)
    workspace = NULL;
  if (self->workspace)
    g_signal_handlers_disconnect_by_func (postil_workspace_get_documents (self->workspace),
                                          documents_changed_cb, self);
  g_set_object (&self->workspace, workspace);
  g_set_object (&self->document, document);
  g_free (self->annotation);
  self->annotation = g_strdup (annotation);
  follow (self);
  if (!workspace)
    return;
  g_signal_connect_swapped (postil_workspace_get_documents (workspace), "items-changed",
                            G_CALLBACK (documents_changed_cb), self);
  update (self);
}
