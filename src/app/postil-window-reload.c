/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-edit.h"
#include "postil-versions-dialog.h"
#include "postil-window-private.h"

/* Takes over what other programs change: the text of a document, and what is in its sidecar. Each
 * is one step, which can be undone, and is told. */

/* So many pieces of news stand below each other. */
#define MAX_NEWS 4

/* What a bar tells of one document. */
void
postil_window_tell (PostilWindow *self, const char *message)
{
  g_autofree char *text = NULL;

  if (self->news->len == MAX_NEWS)
    g_ptr_array_remove_index (self->news, 0);
  g_ptr_array_add (self->news, g_strdup (message));
  g_ptr_array_add (self->news, NULL);
  text = g_strjoinv ("\n", (char **) self->news->pdata);
  g_ptr_array_set_size (self->news, self->news->len - 1);
  postil_bar_clear_buttons (self->news_bar);
  postil_bar_show (self->news_bar, text);
}

/* What was told is known now. */
void
postil_window_clear_news (PostilWindow *self)
{
  g_ptr_array_set_size (self->news, 0);
  postil_bar_hide (self->news_bar);
}

/* Says what was done, with a button to undo it. */
void
postil_window_tell_undoable (PostilWindow *self, const char *message)
{
  /* The title of a toast is markup. */
  g_autofree char *markup = g_markup_escape_text (message, -1);
  AdwToast *toast = adw_toast_new (markup);

  /* What it would undo is no longer what is undone first. */
  if (self->undo_toast)
    adw_toast_set_button_label (self->undo_toast, NULL);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  g_set_weak_pointer (&self->undo_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
commit (PostilWindow *self, PostilStep *step)
{
  self->replaying = TRUE;
  postil_workspace_commit (self->workspace, step, NULL);
  self->replaying = FALSE;
}

/* The text of a document */

static void
append_count (GString *list, const char *format, guint n)
{
  if (n == 0)
    return;
  if (list->len > 0)
    g_string_append (list, " · ");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (list, format, n);
#pragma GCC diagnostic pop
}

static void
tell_text_changed (PostilWindow *self, PostilDocument *document)
{
  PostilAnnotationIndex *all = postil_document_get_annotations (document);
  const PostilReviewCounts *review =
    postil_annotation_tally_get_review (postil_annotation_index_get_tally (all));
  guint n_moved = review->n_moved, n_uncertain = review->n_uncertain, n_lost = review->n_orphaned;
  guint n_placed = postil_annotation_index_get_n_shown (all) - n_moved - n_uncertain - n_lost;
  g_autoptr (GString) counts = g_string_new (NULL);
  g_autofree char *message = NULL;

  append_count (counts,
                g_dngettext (NULL, "%u annotation in place", "%u annotations in place", n_placed),
                n_placed);
  append_count (counts, g_dngettext (NULL, "%u moved", "%u moved", n_moved), n_moved);
  append_count (counts, g_dngettext (NULL, "%u uncertain", "%u uncertain", n_uncertain),
                n_uncertain);
  append_count (counts, g_dngettext (NULL, "%u not found", "%u not found", n_lost), n_lost);
  if (counts->len > 0)
    /* Translators: the name of a file, and a list such as "12 annotations in place · 1 moved". */
    message = g_strdup_printf (_ ("“%s” was changed by another program: %s"),
                               postil_document_get_name (document), counts->str);
  else
    message = g_strdup_printf (_ ("“%s” was changed by another program"),
                               postil_document_get_name (document));
  postil_window_tell (self, message);
  postil_bar_add_button (self->news_bar, _ ("_Undo"), "win.undo", NULL);
  if (n_moved + n_uncertain + n_lost > 0)
    postil_bar_add_button (self->news_bar, _ ("_Review"), "win.review", NULL);
}

static void
ready_cb (PostilWindow *self, PostilTextWatch *watch)
{
  g_autoptr (PostilStep) step = NULL;

  if (self->closing)
    return;
  postil_annotation_pane_commit_note (self->annotations);
  step = postil_text_watch_take_step (watch);
  if (!step)
    return;
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  commit (self, step);
  tell_text_changed (self, postil_text_watch_get_document (watch));
}

/* The buttons of the last news would undo or review something else. */
void
postil_window_age_news (PostilWindow *self)
{
  /* Not dismissed: libadwaita 1.2 crashes when its window closes while a toast slides out. */
  if (self->undo_toast)
    adw_toast_set_button_label (self->undo_toast, NULL);
  postil_bar_clear_buttons (self->news_bar);
}

static void
differs_cb (PostilWindow *self, GParamSpec *pspec, PostilTextWatch *watch)
{
  if (postil_text_watch_get_differs (watch))
    postil_window_clear_news (self);
}

/* Follows the file of an open document from now on. */
void
postil_window_watch (PostilWindow *self, PostilDocument *document)
{
  PostilTextWatch *watch;

  if (g_hash_table_contains (self->watches, document))
    return;
  watch = postil_text_watch_new (self->workspace, document);
  g_signal_connect_object (watch, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (watch, "notify::differs", G_CALLBACK (differs_cb), self,
                           G_CONNECT_SWAPPED);
  g_hash_table_insert (self->watches, document, watch);
}

/* Where changes cannot be heard of, coming back to the window is when they matter. */
void
postil_window_check_texts (PostilWindow *self)
{
  GHashTableIter iter;
  gpointer watch;

  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, NULL, &watch))
    postil_text_watch_check (watch);
}

/* Shows what the file of a document holds now. */
void
postil_window_reload (PostilWindow *self, PostilDocument *document)
{
  PostilTextWatch *watch = g_hash_table_lookup (self->watches, document);

  if (watch)
    postil_text_watch_reload (watch);
}

/* Its sidecar */

static void
take_over_topics (PostilWindow *self, PostilStep *step, GPtrArray *topics)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (self->workspace);

  for (guint i = 0; i < topics->len; i++)
    {
      PostilTopic *before =
        postil_codebook_get_topic (codebook, postil_topic_get_id (topics->pdata[i]));

      if (!before || !postil_topic_equal (before, topics->pdata[i]))
        postil_step_change_topic (step, before, topics->pdata[i]);
    }
}

static void
merging_cb (PostilWindow *self)
{
  postil_annotation_pane_commit_note (self->annotations);
}

static void
merged_cb (PostilWindow *self, PostilSnapshot *after, guint n, guint n_versions, PostilSaver *saver)
{
  PostilDocument *document = postil_saver_get_document (saver);
  gboolean adopted = document && document == self->adopting;
  g_autoptr (PostilStep) step =
    postil_step_new (adopted ? _ ("Take Over Annotations") : _ ("Changes by another program"));
  g_autofree char *message = NULL;

  if (document)
    {
      postil_edit_take_over (self->workspace, step, document, after);
      postil_document_reread (document, after);
    }
  else
    take_over_topics (self, step, after->topics);
  commit (self, step);
  if (n == 0)
    return;
  if (adopted)
    {
      self->adopting = NULL;
      message = g_strdup_printf (g_dngettext (NULL, "%u annotation now belongs to “%s”",
                                              "%u annotations now belong to “%s”", n),
                                 n, postil_document_get_name (document));
      postil_window_tell_undoable (self, message);
      return;
    }
  if (n_versions > 0)
    {
      message = g_strdup_printf (
        g_dngettext (NULL,
                     "You and another program changed the same %u annotation of “%s”. Both "
                     "versions are kept.",
                     "You and another program changed the same %u annotations of “%s”. Both "
                     "versions of each are kept.",
                     n_versions),
        n_versions, postil_document_get_name (document));
      postil_window_tell (self, message);
      postil_bar_add_button (self->news_bar, _ ("_Review"), "win.review", NULL);
      return;
    }
  message = g_strdup_printf (g_dngettext (NULL, "Another program changed %u annotation of “%s”",
                                          "Another program changed %u annotations of “%s”", n),
                             n, postil_document_get_name (document));
  postil_window_tell_undoable (self, message);
}

/* Follows what other programs write into the file of a saver. */
void
postil_window_follow_saver (PostilWindow *self, PostilSaver *saver)
{
  g_signal_connect_object (saver, "merging", G_CALLBACK (merging_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (saver, "merged", G_CALLBACK (merged_cb), self, G_CONNECT_SWAPPED);
}

/* Says what was saved only in the journal when Postil ended. */
void
postil_window_tell_recovered (PostilWindow *self, PostilDocument *document, guint n)
{
  g_autofree char *message = g_strdup_printf (
    g_dngettext (NULL, "Postil was closed unexpectedly: %u change to “%s” was recovered",
                 "Postil was closed unexpectedly: %u changes to “%s” were recovered", n),
    n, postil_document_get_name (document));

  postil_window_tell (self, message);
}

/* Earlier versions of it */

static void
restore_cb (PostilWindow *self, PostilStep *step)
{
  commit (self, step);
  postil_window_tell_undoable (self, _ ("The earlier annotations were restored"));
}

/* Offers the earlier versions of the active document's annotations. */
void
postil_window_show_versions (PostilWindow *self)
{
  GtkWidget *dialog;

  postil_annotation_pane_commit_note (self->annotations);
  dialog = postil_versions_dialog_new (self->workspace, postil_window_get_active_document (self),
                                       self->store);
  g_signal_connect_object (dialog, "restore", G_CALLBACK (restore_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (dialog));
}
