/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-find-bar.h"

#include <glib/gi18n.h>

#include "postil-search.h"

/**
 * PostilFindBar:
 *
 * Finds words in the document of one text view, in a thread, while they are typed: at first the
 * next match if it is near, so that it is there at once in a text of any length, then all of them.
 * A document view owns it. All matches are marked in the text view for as long as the bar is open;
 * the current one is the selection there. Its widgets are made when it is first opened.
 */
struct _PostilFindBar
{
  GtkWidget parent_instance;

  GtkSearchBar *bar;
  GtkEditable *entry;
  GtkLabel *count;
  GtkToggleButton *exact;

  PostilTextView *text_view;
  GCancellable *cancellable;
  GArray *matches;
  guint current;
  guint origin;
};

G_DEFINE_FINAL_TYPE (PostilFindBar, postil_find_bar, GTK_TYPE_WIDGET)

/* The current one when none is. */
#define NO_MATCH G_MAXUINT

/* How far a match is near, in code points. */
#define NEAR 500000

/* Counted, as both searches for it have it. */
typedef struct
{
  PostilText *text;
  char *query;
  gboolean exact;
  /* Whether a match is gone to, and behind which place. */
  gboolean goes;
  guint origin;
  /* The match that was gone to already. */
  PostilSpan match;
} Query;

static void
query_clear (Query *query)
{
  postil_text_unref (query->text);
  g_free (query->query);
}

static void
query_unref (gpointer query)
{
  g_atomic_rc_box_release_full (query, (GDestroyNotify) query_clear);
}

static gboolean
has_result (PostilFindBar *self)
{
  return gtk_search_bar_get_search_mode (self->bar) && *gtk_editable_get_text (self->entry) &&
         self->matches;
}

static void
show_count (PostilFindBar *self)
{
  gboolean wanted = has_result (self);
  guint n = wanted ? self->matches->len : 0;
  g_autofree char *text = NULL;

  if (!wanted)
    text = g_strdup ("");
  else if (n == 0)
    text = g_strdup (_ ("No matches"));
  else if (self->current == NO_MATCH)
    text = g_strdup_printf (g_dngettext (NULL, "%u match", "%u matches", n), n);
  else
    /* Translators: the number of the current match and how many there are. */
    text = g_strdup_printf (_ ("%u of %u"), self->current + 1, n);
  gtk_label_set_label (self->count, text);

  if (wanted && n == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
}

/* To be called when there are other matches, or none; there may be a million. */
static void
show_matches (PostilFindBar *self)
{
  guint n = has_result (self) ? self->matches->len : 0;

  postil_text_view_set_matches (self->text_view,
                                n ? &g_array_index (self->matches, PostilSpan, 0) : NULL, n);
}

static void
go_to_span (PostilFindBar *self, PostilSpan span)
{
  postil_text_view_select (self->text_view, span);
  postil_text_view_scroll_to (self->text_view, span.start);
}

static void
go_to (PostilFindBar *self, guint match)
{
  self->current = match;
  go_to_span (self, g_array_index (self->matches, PostilSpan, match));
  show_count (self);
}

/* The first match at or behind @offset, from the top when there is none. */
static guint
match_from (PostilFindBar *self, guint offset)
{
  guint low = 0, high = self->matches->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->matches, PostilSpan, middle).start < offset)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->matches->len ? low : 0;
}

/* The place of @span among the matches. */
static guint
find_match (PostilFindBar *self, PostilSpan span)
{
  guint match = match_from (self, span.start);

  return match < self->matches->len &&
             postil_span_equal (g_array_index (self->matches, PostilSpan, match), span)
           ? match
           : NO_MATCH;
}

static gboolean
is_outdated (PostilFindBar *self, GAsyncResult *result)
{
  return g_task_get_cancellable (G_TASK (result)) != self->cancellable;
}

static void
find_all (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Query *query = data;
  GArray *matches = postil_search_find (query->text, query->query, query->exact, cancellable);

  g_task_return_pointer (task, matches, (GDestroyNotify) g_array_unref);
}

static void
all_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilFindBar *self = POSTIL_FIND_BAR (source);
  Query *query = g_task_get_task_data (G_TASK (result));
  GArray *matches = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!matches || is_outdated (self, result))
    {
      g_clear_pointer (&matches, g_array_unref);
      return;
    }
  g_clear_pointer (&self->matches, g_array_unref);
  self->matches = matches;
  self->current = find_match (self, query->match);
  show_matches (self);
  if (matches->len > 0 && query->goes)
    go_to (self, match_from (self, query->origin));
  else
    show_count (self);
}

static void
find_near (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Query *query = data;
  guint length = postil_text_get_length (query->text);
  PostilSpan near = { query->origin, query->origin + MIN (NEAR, length - query->origin) };

  g_task_return_boolean (task, postil_search_find_first (query->text, near, query->query,
                                                         query->exact, cancellable, &query->match));
}

static void
run (PostilFindBar *self, Query *query, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, callback, NULL);

  g_task_set_source_tag (task, run);
  g_task_set_task_data (task, query, query_unref);
  g_task_run_in_thread (task, func);
}

static void
near_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  PostilFindBar *self = POSTIL_FIND_BAR (source);
  Query *query = g_task_get_task_data (G_TASK (result));
  gboolean found = g_task_propagate_boolean (G_TASK (result), NULL);

  if (is_outdated (self, result))
    return;
  if (found)
    {
      query->goes = FALSE;
      go_to_span (self, query->match);
    }
  run (self, g_atomic_rc_box_acquire (query), find_all, all_found_cb);
}

static void
search (PostilFindBar *self, gboolean goes)
{
  PostilDocument *document =
    self->text_view ? postil_text_view_get_document (self->text_view) : NULL;
  const char *words = gtk_editable_get_text (self->entry);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (document && *words && gtk_search_bar_get_search_mode (self->bar))
    {
      PostilText *text = postil_document_get_text (document);
      Query *query = g_atomic_rc_box_new0 (Query);

      query->text = postil_text_ref (text);
      query->query = g_strdup (words);
      query->exact = gtk_toggle_button_get_active (self->exact);
      query->goes = goes;
      query->origin = MIN (self->origin, postil_text_get_length (text));
      query->match.start = G_MAXUINT;
      self->cancellable = g_cancellable_new ();
      if (goes)
        run (self, query, find_near, near_found_cb);
      else
        run (self, query, find_all, all_found_cb);
    }
  else
    {
      g_clear_pointer (&self->matches, g_array_unref);
      self->current = NO_MATCH;
      if (self->text_view)
        {
          show_matches (self);
          show_count (self);
        }
    }
}

static void
search_changed_cb (PostilFindBar *self)
{
  search (self, TRUE);
}

static void
previous_clicked_cb (PostilFindBar *self)
{
  postil_find_bar_previous (self);
}

static void
next_clicked_cb (PostilFindBar *self)
{
  postil_find_bar_next (self);
}

static gboolean
previous_shortcut_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  postil_find_bar_previous (data);
  return GDK_EVENT_STOP;
}

static void
search_mode_changed_cb (PostilFindBar *self)
{
  search_changed_cb (self);
  if (!gtk_search_bar_get_search_mode (self->bar) && self->text_view)
    gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

static void
postil_find_bar_dispose (GObject *object)
{
  PostilFindBar *self = POSTIL_FIND_BAR (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->text_view = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (postil_find_bar_parent_class)->dispose (object);
}

static void
postil_find_bar_finalize (GObject *object)
{
  g_clear_pointer (&POSTIL_FIND_BAR (object)->matches, g_array_unref);

  G_OBJECT_CLASS (postil_find_bar_parent_class)->finalize (object);
}

static void
postil_find_bar_class_init (PostilFindBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = postil_find_bar_dispose;
  object_class->finalize = postil_find_bar_finalize;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SEARCH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/page/postil/Postil/postil-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PostilFindBar, bar);
  gtk_widget_class_bind_template_child (widget_class, PostilFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, PostilFindBar, count);
  gtk_widget_class_bind_template_child (widget_class, PostilFindBar, exact);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_clicked_cb);
}

static void
postil_find_bar_init (PostilFindBar *self)
{
  self->current = NO_MATCH;
}

static void
build (PostilFindBar *self)
{
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->bar, self->entry);

  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (shortcuts),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Shift>Return|<Shift>KP_Enter"),
                      gtk_callback_action_new (previous_shortcut_cb, self, NULL)));
  gtk_event_controller_set_propagation_phase (shortcuts, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), shortcuts);
}

/**
 * postil_find_bar_set_text_view:
 * @self: a find bar
 * @text_view: the view whose document is searched; outlives the bar
 *
 * To be called once.
 */
void
postil_find_bar_set_text_view (PostilFindBar *self, PostilTextView *text_view)
{
  g_return_if_fail (POSTIL_IS_FIND_BAR (self));
  g_return_if_fail (POSTIL_IS_TEXT_VIEW (text_view));

  self->text_view = text_view;
}

/**
 * postil_find_bar_open:
 * @self: a find bar
 * @query: (nullable): what to look for, or %NULL for what was looked for last
 *
 * Shows it, ready to type.
 */
void
postil_find_bar_open (PostilFindBar *self, const char *query)
{
  g_return_if_fail (POSTIL_IS_FIND_BAR (self));

  if (!self->bar)
    build (self);
  self->origin = postil_text_view_get_caret (self->text_view);
  gtk_search_bar_set_search_mode (self->bar, TRUE);
  if (query)
    {
      PostilSpan span;

      if (postil_text_view_get_selection (self->text_view, &span))
        self->origin = span.start;
      gtk_editable_set_text (self->entry, query);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/**
 * postil_find_bar_close:
 * @self: a find bar
 *
 * Hides it; the text has the focus again.
 */
void
postil_find_bar_close (PostilFindBar *self)
{
  g_return_if_fail (POSTIL_IS_FIND_BAR (self));

  if (self->bar)
    gtk_search_bar_set_search_mode (self->bar, FALSE);
}

/**
 * postil_find_bar_next:
 * @self: a find bar
 *
 * Goes to the next match, from the last to the first.
 */
void
postil_find_bar_next (PostilFindBar *self)
{
  g_return_if_fail (POSTIL_IS_FIND_BAR (self));

  if (!self->matches || self->matches->len == 0)
    return;
  go_to (self, self->current == NO_MATCH
                 ? match_from (self, postil_text_view_get_caret (self->text_view))
                 : (self->current + 1) % self->matches->len);
}

/**
 * postil_find_bar_previous:
 * @self: a find bar
 *
 * Goes to the previous match, from the first to the last.
 */
void
postil_find_bar_previous (PostilFindBar *self)
{
  guint n;

  g_return_if_fail (POSTIL_IS_FIND_BAR (self));

  if (!self->matches || self->matches->len == 0)
    return;
  n = self->matches->len;
  go_to (self, ((self->current == NO_MATCH
                   ? match_from (self, postil_text_view_get_caret (self->text_view))
                   : self->current) +
                n - 1) %
                 n);
}

/**
 * postil_find_bar_document_changed:
 * @self: a find bar
 *
 * Searches the document that its text view has now.
 */
void
postil_find_bar_document_changed (PostilFindBar *self)
{
  g_return_if_fail (POSTIL_IS_FIND_BAR (self));

  self->origin = 0;
  g_clear_pointer (&self->matches, g_array_unref);
  if (self->bar)
    search_changed_cb (self);
}

/**
 * postil_find_bar_text_changed:
 * @self: a find bar
 *
 * Searches the document's text anew, which changed, and stays at its place.
 */
void
postil_find_bar_text_changed (PostilFindBar *self)
{
  g_return_if_fail (POSTIL_IS_FIND_BAR (self));

  self->current = NO_MATCH;
  g_clear_pointer (&self->matches, g_array_unref);
  if (self->bar)
    search (self, FALSE);
}
