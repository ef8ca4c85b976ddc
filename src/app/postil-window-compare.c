/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-comparison-words.h"
#include "postil-window-private.h"

/* The window's verbs for reading its two texts against each other. The current row of the
 * comparison is where the caret of the active text is, or where a person went from there. */

/* Where a passage is brought that does not fit below, as a share of the height; and for so many
 * frames it is waited for. */
#define SHARE 0.3
#define MAX_ARRIVE_FRAMES 60

static const char *const filter_names[] = { "all", "omissions", "rewordings", "moves" };

/* The view of the first text, or of the second one. */
PostilTextView *
postil_window_get_side (PostilWindow *self, gboolean of_b)
{
  return postil_document_view_get_text_view (of_b ? self->end_view : self->start_view);
}

/* Whether what a person looks at is the second text. */
gboolean
postil_window_is_at_b (PostilWindow *self)
{
  return self->active == self->end_view;
}

/* Whether both texts are in sight with what joins them. */
static gboolean
is_beside (PostilWindow *self)
{
  return self->comparing && !self->narrow && postil_comparer_get_b (self->comparer);
}

static GAction *
get_action (PostilWindow *self, const char *name)
{
  return g_action_map_lookup_action (G_ACTION_MAP (self), name);
}

static void
set_state (PostilWindow *self, const char *name, gboolean state)
{
  g_simple_action_set_state (G_SIMPLE_ACTION (get_action (self, name)),
                             g_variant_new_boolean (state));
}

static gboolean
get_state (PostilWindow *self, const char *name)
{
  g_autoptr (GVariant) state = g_action_get_state (get_action (self, name));

  return g_variant_get_boolean (state);
}

/* The comparison in which the person is: made only when it is looked at. */
static void
update_walk (PostilWindow *self)
{
  PostilAlignment *alignment = postil_comparer_get_alignment (self->comparer);
  const char *judgement = NULL;

  if (!self->comparing || !alignment || self->walk)
    return;
  self->walk = postil_comparison_walk_new (alignment);
  postil_compare_bar_set_walk (self->compare_bar, self->walk);
  judgement = postil_comparison_words_judge (alignment);
  if (judgement)
    postil_bar_show (self->compare_notice, judgement);
  else
    postil_bar_hide (self->compare_notice);
}

static void
update_enabled (PostilWindow *self)
{
  static const char *const walking[] = {
    "compare-next",  "compare-previous",  "next-difference", "previous-difference",
    "next-omission", "previous-omission", "compare-filter",
  };
  gboolean ready = self->comparing && self->walk;
  gboolean any = postil_document_view_get_document (self->start_view) != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (walking); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (get_action (self, walking[i])), ready);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (get_action (self, "align-here")),
                               ready && !self->narrow);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (get_action (self, "compare")), any);
  gtk_widget_set_sensitive (self->modes, any);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (get_action (self, "summary")),
                               postil_document_view_get_document (self->end_view) != NULL);
  postil_window_update_decide (self);
}

/* What the current row is, in words. */
static void
show_status (PostilWindow *self)
{
  PostilDocument *documents[] = { postil_comparer_get_a (self->comparer),
                                  postil_comparer_get_b (self->comparer) };
  gboolean of_b = postil_window_is_at_b (self);
  const char *decision;
  g_autofree char *words = NULL;
  gboolean running;

  if (!self->compare_bar)
    return;
  g_object_get (self->comparer, "running", &running, NULL);
  if (!self->walk)
    words = g_strdup (self->comparing && running ? _ ("Comparing the texts…") : "");
  else if (self->row == POSTIL_COMPARISON_NONE)
    words = g_strdup ("");
  else
    words = postil_comparison_words_describe (self->walk, self->row, documents[of_b],
                                              documents[!of_b], of_b);
  decision = postil_window_get_decision (self);
  if (decision)
    {
      g_autofree char *undecided = g_steal_pointer (&words);

      /* Translators: what two passages are, and what a person decided about them. */
      words = g_strdup_printf (_ ("%s (%s)"), undecided, decision);
    }
  postil_compare_bar_set_status (self->compare_bar, words);
}

static void
show_row (PostilWindow *self)
{
  const PostilComparisonRow *row =
    self->walk ? postil_comparison_walk_get (self->walk, self->row) : NULL;

  if (self->compare_bar)
    postil_compare_bar_set_row (self->compare_bar, self->walk, self->filter, self->row);
  postil_pair_bands_set_current (self->bands, row && is_beside (self) ? row->pair : NULL);
  postil_window_update_marks (self);
  show_status (self);
  update_enabled (self);
}

static void
follow_caret (PostilWindow *self)
{
  PostilTextView *view = postil_document_view_get_text_view (self->active);
  guint caret = postil_text_view_get_caret (view);

  if (!self->walk)
    self->row = POSTIL_COMPARISON_NONE;
  else if (self->went_in != view || self->went_to != caret)
    {
      self->went_in = NULL;
      self->row = postil_comparison_walk_find (self->walk, postil_window_is_at_b (self), caret);
    }
}

static void
caret_moved_cb (PostilTextView *view, PostilWindow *self)
{
  guint before = self->row;

  if (!self->comparing || view != postil_document_view_get_text_view (self->active))
    return;
  follow_caret (self);
  /* Within a row, the caret moves as fast as ever. */
  if (self->row != before)
    show_row (self);
  else
    show_status (self);
}

static void
share_alignment (PostilWindow *self)
{
  gboolean beside = is_beside (self);
  PostilTextView *a = beside ? postil_window_get_side (self, FALSE) : NULL;
  PostilTextView *b = beside ? postil_window_get_side (self, TRUE) : NULL;
  PostilAlignment *alignment = beside ? postil_comparer_get_alignment (self->comparer) : NULL;

  postil_pair_bands_set_views (self->bands, a, b);
  postil_pair_bands_set_alignment (self->bands, alignment);
  postil_scroll_sync_set_views (self->scroll_sync, a, b);
  postil_scroll_sync_set_alignment (self->scroll_sync, alignment);
  g_object_set (self->scroll_sync, "active",
                beside && g_settings_get_boolean (self->settings, "scroll-together"), NULL);
}

static void
alignment_changed_cb (PostilWindow *self)
{
  g_clear_pointer (&self->walk, postil_comparison_walk_free);
  self->went_in = NULL;
  if (!postil_comparer_get_alignment (self->comparer))
    postil_bar_hide (self->compare_notice);
  if (self->comparing)
    postil_window_update_compare (self);
}

static void
progress_changed_cb (PostilWindow *self)
{
  gboolean running;
  double progress;

  if (!self->compare_bar)
    return;
  g_object_get (self->comparer, "running", &running, "progress", &progress, NULL);
  postil_compare_bar_set_progress (self->compare_bar, running, progress);
  if (!self->walk)
    show_status (self);
}

/* The place is in sight: what of the passage is below it comes up, and its counterpart beside it.
 */
static gboolean
arrived_cb (gpointer data)
{
  PostilWindow *self = data;
  const PostilComparisonRow *row =
    self->walk ? postil_comparison_walk_get (self->walk, self->row) : NULL;
  PostilTextView *view;
  GtkAdjustment *adjustment;
  guint length;
  PostilSpan span;
  int y, end, height;

  /* Meanwhile, the window may have gone. */
  if (!row)
    return G_SOURCE_REMOVE;
  view = postil_document_view_get_text_view (self->active);
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  length = postil_text_get_length (
    postil_document_get_text (postil_document_view_get_document (self->active)));
  span = postil_window_is_at_b (self) ? row->b : row->a;
  if (postil_text_view_get_line (view, MIN (span.start, length), &y, &height) &&
      !postil_text_view_get_line (view, MIN (span.end, length), &end, &height) && end > y)
    gtk_adjustment_set_value (adjustment,
                              gtk_adjustment_get_value (adjustment) +
                                MAX (0, y - SHARE * gtk_adjustment_get_page_size (adjustment)));
  if (is_beside (self) && row->pair)
    postil_scroll_sync_show_pair (self->scroll_sync, view, row->pair);
  else if (is_beside (self))
    postil_scroll_sync_align_here (self->scroll_sync, view);
  return G_SOURCE_REMOVE;
}

static gboolean
arrive_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  PostilWindow *self = data;
  PostilTextView *view = postil_document_view_get_text_view (self->active);
  int y, height;

  if (!postil_text_view_get_line (view, postil_text_view_get_caret (view), &y, &height) &&
      self->n_arrive_frames++ < MAX_ARRIVE_FRAMES)
    return G_SOURCE_CONTINUE;
  self->arrive_tick = 0;
  /* Not within a frame, where widgets already have their places. */
  g_idle_add_full (G_PRIORITY_HIGH_IDLE, arrived_cb, g_object_ref (self), g_object_unref);
  return G_SOURCE_REMOVE;
}

/* Brings both sides of the current row into sight, beside each other. */
static void
bring_into_sight (PostilWindow *self)
{
  PostilTextView *view = postil_document_view_get_text_view (self->active);

  postil_text_view_scroll_to (view, postil_text_view_get_caret (view));
  self->n_arrive_frames = 0;
  if (self->arrive_tick == 0)
    self->arrive_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), arrive_cb, self, NULL);
}

static void
place_caret (PostilTextView *view, PostilSpan span)
{
  guint length =
    postil_text_get_length (postil_document_get_text (postil_text_view_get_document (view)));
  guint place = MIN (span.start, length);

  if (postil_span_length (span) > 0)
    postil_text_view_select (view, (PostilSpan){ place, place });
}

/* Puts the carets on both sides of @row. A row that only the other text has is looked at there. */
static void
go_to_row (PostilWindow *self, guint row)
{
  const PostilComparisonRow *found = postil_comparison_walk_get (self->walk, row);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean in_text = focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->texts));
  gboolean of_b = postil_window_is_at_b (self);
  PostilTextView *view;

  set_state (self, "summary", FALSE);
  gtk_popover_popdown (GTK_POPOVER (self->selection_bar));
  if (postil_span_length (of_b ? found->b : found->a) == 0)
    of_b = !of_b;
  view = postil_window_get_side (self, of_b);
  place_caret (postil_window_get_side (self, FALSE), found->a);
  place_caret (postil_window_get_side (self, TRUE), found->b);
  self->row = row;
  self->went_in = view;
  self->went_to = postil_text_view_get_caret (view);
  postil_window_activate_view (self, of_b ? self->end_view : self->start_view);
  if (in_text)
    gtk_widget_grab_focus (GTK_WIDGET (view));
  bring_into_sight (self);
}

static void
step (PostilWindow *self, PostilComparisonFilter filter, int by)
{
  guint row = postil_comparison_walk_step (self->walk, filter, self->row, by);

  if (row != POSTIL_COMPARISON_NONE)
    {
      go_to_row (self, row);
      return;
    }
  gtk_widget_error_bell (GTK_WIDGET (self));
  postil_compare_bar_set_status (
    self->compare_bar, postil_comparison_walk_count (self->walk, filter) == 0 ? _ ("There are none")
                       : by > 0 ? _ ("None follows: this is the last one")
                                : _ ("None comes before: this is the first one"));
}

static void
pair_activated_cb (PostilWindow *self, guint index)
{
  PostilAlignment *alignment = postil_comparer_get_alignment (self->comparer);

  if (self->walk && alignment && index < alignment->pairs->len)
    go_to_row (self, postil_comparison_walk_find_pair (
                       self->walk, &g_array_index (alignment->pairs, PostilPair, index)));
}

static void
step_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;
  const char *name = g_action_get_name (G_ACTION (action));
  int by = strstr (name, "previous") ? -1 : 1;

  if (g_str_has_suffix (name, "difference"))
    step (self, POSTIL_COMPARISON_DIFFERENCES, by);
  else if (g_str_has_suffix (name, "omission"))
    step (self, POSTIL_COMPARISON_OMISSIONS, by);
  else
    step (self, self->filter, by);
}

static void
align_here_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  PostilWindow *self = data;

  postil_scroll_sync_align_here (self->scroll_sync,
                                 postil_document_view_get_text_view (self->active));
}

static void
filter_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PostilWindow *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (filter_names); i++)
    if (g_str_equal (filter_names[i], g_variant_get_string (state, NULL)))
      {
        self->filter = i;
        g_simple_action_set_state (action, state);
        show_row (self);
      }
}

static void
compare_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  postil_window_set_comparing (data, g_variant_get_boolean (state));
}

static void
summary_cb (GSimpleAction *action, GVariant *state, gpointer data)
{
  PostilWindow *self = data;

  gboolean shown = g_variant_get_boolean (state);

  if (shown)
    postil_window_set_comparing (self, TRUE);
  gtk_stack_set_visible_child_name (self->middle, shown ? "summary" : "texts");
  g_simple_action_set_state (action, state);
  postil_window_update_compare (self);
  if (!shown)
    gtk_widget_grab_focus (GTK_WIDGET (postil_document_view_get_text_view (self->active)));
}

static void
mode_chosen_cb (GtkToggleButton *button, PostilWindow *self)
{
  if (gtk_toggle_button_get_active (button))
    postil_window_set_comparing (self, button == self->compare_button);
}

static const GActionEntry actions[] = {
  { "compare", NULL, NULL, "false", compare_cb },
  { "compare-filter", NULL, "s", "'all'", filter_cb },
  { "summary", NULL, NULL, "false", summary_cb },
  { "compare-next", step_cb },
  { "compare-previous", step_cb },
  { "next-difference", step_cb },
  { "previous-difference", step_cb },
  { "next-omission", step_cb },
  { "previous-omission", step_cb },
  { "align-here", align_here_cb },
};

void
postil_window_init_compare (PostilWindow *self)
{
  g_autoptr (GAction) together = g_settings_create_action (self->settings, "scroll-together");

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_action_map_add_action (G_ACTION_MAP (self), together);
  postil_window_init_decide (self);
  self->row = POSTIL_COMPARISON_NONE;
  self->compares_next = g_settings_get_boolean (self->settings, "compare");
  self->comparer = postil_comparer_new ();
  self->scroll_sync = postil_scroll_sync_new ();
  g_signal_connect_object (self->comparer, "notify::alignment", G_CALLBACK (alignment_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->comparer, "notify::running", G_CALLBACK (progress_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->comparer, "notify::progress", G_CALLBACK (progress_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::scroll-together", G_CALLBACK (share_alignment),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bands, "pair-activated", G_CALLBACK (pair_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->read_button, "toggled", G_CALLBACK (mode_chosen_cb), self, 0);
  g_signal_connect_object (self->compare_button, "toggled", G_CALLBACK (mode_chosen_cb), self, 0);
  for (guint side = 0; side < 2; side++)
    g_signal_connect_object (postil_window_get_side (self, side), "caret-moved",
                             G_CALLBACK (caret_moved_cb), self, 0);
}

/* To be called when the window goes. */
void
postil_window_finish_compare (PostilWindow *self)
{
  if (self->arrive_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->arrive_tick);
  self->arrive_tick = 0;
  if (self->comparer)
    {
      g_signal_handlers_disconnect_by_data (self->comparer, self);
      postil_pair_bands_set_views (self->bands, NULL, NULL);
      postil_scroll_sync_set_views (self->scroll_sync, NULL, NULL);
      postil_comparer_set_documents (self->comparer, NULL, NULL);
    }
  g_clear_object (&self->comparer);
  g_clear_object (&self->scroll_sync);
  g_clear_pointer (&self->walk, postil_comparison_walk_free);
  g_clear_pointer (&self->counterparts, g_array_unref);
}

static void
make_bar (PostilWindow *self)
{
  self->compare_bar = g_object_new (POSTIL_TYPE_COMPARE_BAR, NULL);
  postil_compare_bar_set_documents (self->compare_bar,
                                    postil_workspace_get_documents (self->workspace));
  postil_compare_bar_set_walk (self->compare_bar, NULL);
  adw_bin_set_child (self->compare_place, GTK_WIDGET (self->compare_bar));
  /* Nothing else would tell a screen reader what the passage at the caret is. */
  for (guint side = 0; side < 2; side++)
    gtk_accessible_update_relation (
      GTK_ACCESSIBLE (postil_window_get_side (self, side)), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
      postil_compare_bar_get_status_widget (self->compare_bar), NULL, -1);
  progress_changed_cb (self);
}

/* To be called when other texts are shown, or one at a time. */
void
postil_window_update_compare (PostilWindow *self)
{
  PostilDocument *start = postil_document_view_get_document (self->start_view);
  PostilDocument *end = postil_document_view_get_document (self->end_view);
  gboolean both = start && end;
  gboolean beside;

  /* Not yet made, or already gone. */
  if (!self->comparer)
    return;
  if (both && self->compares_next)
    {
      postil_window_set_comparing (self, TRUE);
      return;
    }
  /* Who only reads sees nothing of it at first; the texts should come to the screen before. */
  if (!both || self->comparing || self->present_timeout == 0)
    postil_comparer_set_documents (self->comparer, both ? start : NULL, both ? end : NULL);
  if (!both)
    set_state (self, "summary", FALSE);
  beside = is_beside (self);
  g_object_set (self->start_view, "mirrored", beside, NULL);
  g_object_set (self->end_view, "mirrored", FALSE, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->bands), beside);
  gtk_widget_set_visible (GTK_WIDGET (self->compare_place), self->comparing && both);
  if (self->comparing && both)
    {
      if (!self->compare_bar)
        make_bar (self);
      g_object_set (self->compare_bar, "narrow", self->narrow, "summary",
                    get_state (self, "summary"), NULL);
      postil_compare_bar_set_shown (self->compare_bar, start, end);
    }
  gtk_stack_set_visible_child_name (self->middle, self->comparing && !both      ? "alone"
                                                  : get_state (self, "summary") ? "summary"
                                                                                : "texts");
  share_alignment (self);
  update_walk (self);
  follow_caret (self);
  show_row (self);
}

/* Reads two texts against each other, or only reads. */
void
postil_window_set_comparing (PostilWindow *self, gboolean comparing)
{
  self->compares_next = FALSE;
  gtk_toggle_button_set_active (comparing ? self->compare_button : self->read_button, TRUE);
  if (self->comparing == comparing)
    return;
  self->comparing = comparing;
  g_settings_set_boolean (self->settings, "compare", comparing);
  set_state (self, "compare", comparing);
  if (!comparing)
    {
      set_state (self, "summary", FALSE);
      postil_bar_hide (self->compare_notice);
      g_clear_pointer (&self->walk, postil_comparison_walk_free);
    }
  postil_window_find_second (self);
  postil_window_update_compare (self);
}

/* Of the open documents, the first one that can be compared with the one that is shown alone. */
void
postil_window_find_second (PostilWindow *self)
{
  GListModel *documents = postil_workspace_get_documents (self->workspace);
  PostilDocument *start = postil_document_view_get_document (self->start_view);
  guint n = g_list_model_get_n_items (documents);

  for (guint i = 0; i < n && self->comparing; i++)
    {
      g_autoptr (PostilDocument) document = g_list_model_get_item (documents, i);

      if (start && document != start && !postil_document_view_get_document (self->end_view))
        {
          postil_window_show_document (self, document, self->end_view);
          postil_window_activate_view (self, self->start_view);
        }
    }
}

/* Shows a place of one of the two texts, in code points, with its counterpart. */
void
postil_window_compare_at (PostilWindow *self, PostilDocument *document, guint offset)
{
  PostilDocumentView *view;
  guint row;

  postil_window_set_comparing (self, TRUE);
  set_state (self, "summary", FALSE);
  postil_window_update_compare (self);
  view = postil_window_find_view (self, document);
  if (!view || !self->walk)
    return;
  row = postil_comparison_walk_find (self->walk, view == self->end_view, offset);
  postil_window_activate_view (self, view);
  gtk_widget_grab_focus (GTK_WIDGET (postil_document_view_get_text_view (view)));
  if (row != POSTIL_COMPARISON_NONE)
    go_to_row (self, row);
}
