/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "postil-edit.h"
#include "postil-linking.h"
#include "postil-sentences.h"
#include "postil-window-private.h"

/* The window's verbs for what a person decides of two passages: that they are a pair, two pairs, or
 * none. A decision is a link; the alignment follows it. */

/* So many lines before and behind the caret are looked at for its sentence. */
#define N_LINES 60

/* Whether a decision is about the current row: that both sides are a pair, or that one of them is
 * none with something else. */
static gboolean
is_about_row (const PostilDecision *decision, const PostilComparisonRow *row)
{
  gboolean in_a = postil_span_length (row->a) > 0 && postil_span_touches (decision->a, row->a);
  gboolean in_b = postil_span_length (row->b) > 0 && postil_span_touches (decision->b, row->b);

  return decision->paired ? in_a && in_b : in_a || in_b;
}

static const PostilComparisonRow *
get_row (PostilWindow *self)
{
  return self->walk ? postil_comparison_walk_get (self->walk, self->row) : NULL;
}

static PostilText *
get_text (PostilWindow *self, guint side)
{
  return postil_document_get_text (side ? postil_comparer_get_b (self->comparer)
                                        : postil_comparer_get_a (self->comparer));
}

static gboolean
is_blank_at (PostilText *text, guint offset)
{
  return g_unichar_isspace (
    g_utf8_get_char (postil_text_get_utf8 (text, NULL) + postil_text_get_byte (text, offset)));
}

/* @span without the blanks at its ends. */
static PostilSpan
trim (PostilText *text, PostilSpan span)
{
  while (span.start < span.end && is_blank_at (text, span.start))
    span.start++;
  while (span.start < span.end && is_blank_at (text, span.end - 1))
    span.end--;
  return span;
}

/* (transfer full) (element-type PostilSpan): the sentences of a part of @text. */
static GArray *
list_sentences (PostilText *text, PostilSpan part)
{
  char *utf8 = postil_text_dup_range (text, part);
  g_autoptr (PostilText) copy = postil_text_new (utf8, strlen (utf8), NULL);
  GArray *sentences = postil_sentences_list (copy, NULL);

  for (guint i = 0; i < sentences->len; i++)
    {
      g_array_index (sentences, PostilSpan, i).start += part.start;
      g_array_index (sentences, PostilSpan, i).end += part.start;
    }
  return sentences;
}

/* The sentence that has @offset, or else the one before it; empty when there is none near it. */
static PostilSpan
find_sentence (PostilText *text, guint offset)
{
  guint paragraph = postil_text_get_paragraph_at (text, offset);
  guint last = postil_text_get_n_paragraphs (text) - 1;
  const PostilSpan part = {
    postil_text_get_paragraph (text, paragraph - MIN (paragraph, N_LINES)).start,
    postil_text_get_paragraph (text, MIN (paragraph + N_LINES, last)).end,
  };
  g_autoptr (GArray) sentences = list_sentences (text, part);
  PostilSpan found = { 0 };

  for (guint i = 0; i < sentences->len; i++)
    if (i == 0 || g_array_index (sentences, PostilSpan, i).start <= offset)
      found = g_array_index (sentences, PostilSpan, i);
  return found;
}

/* What of a text is meant: what is selected, or else the sentence at the caret. */
static PostilSpan
get_meant (PostilWindow *self, guint side)
{
  PostilTextView *view = postil_window_get_side (self, side);
  PostilText *text = get_text (self, side);
  PostilSpan span;

  return postil_text_view_get_selection (view, &span)
           ? trim (text, span)
           : find_sentence (text, postil_text_view_get_caret (view));
}

/* Adds a decision to @step. The link lies in the text that the person is in. */
static void
decide (PostilWindow *self, PostilStep *step, PostilLinkKind kind, PostilSpan a, PostilSpan b)
{
  PostilDocument *documents[] = { postil_comparer_get_a (self->comparer),
                                  postil_comparer_get_b (self->comparer) };
  const PostilSpan sides[] = { a, b };
  gboolean of_b = postil_window_is_at_b (self);
  g_autofree char *id =
    postil_linking_add (self->workspace, step, kind, documents[!of_b], &sides[!of_b], 1, NULL,
                        documents[of_b], &sides[of_b], 1, NULL);
}

static void
refuse (PostilWindow *self, const char *why)
{
  gtk_widget_error_bell (GTK_WIDGET (self));
  if (self->compare_bar)
    postil_compare_bar_set_status (self->compare_bar, why);
}

/* What was selected has done its work; the carets stay where it began. */
static void
pair (PostilWindow *self)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Pair Passages"));
  PostilSpan sides[] = { get_meant (self, 0), get_meant (self, 1) };
  guint n_changes;

  if (postil_span_length (sides[0]) == 0 || postil_span_length (sides[1]) == 0)
    {
      refuse (self, _ ("Select a passage in each text, or put the carets into them"));
      return;
    }
  decide (self, step, POSTIL_LINK_PAIRED, sides[0], sides[1]);
  postil_step_get_changes (step, &n_changes);
  if (n_changes == 0)
    {
      refuse (self, _ ("These two passages are paired already"));
      return;
    }
  for (guint side = 0; side < 2; side++)
    postil_text_view_select (postil_window_get_side (self, side),
                             (PostilSpan){ sides[side].start, sides[side].start });
  postil_workspace_commit (self->workspace, step, NULL);
}

/* Where @passage is divided near @place: between two sentences, or within one that is alone. */
static guint
find_cut (PostilText *text, PostilSpan passage, guint place)
{
  g_autoptr (GArray) sentences = list_sentences (text, passage);
  guint cut = place;

  for (guint i = 1; i < sentences->len; i++)
    {
      guint start = g_array_index (sentences, PostilSpan, i).start;

      if (i == 1 || ABS ((int) start - (int) place) < ABS ((int) cut - (int) place))
        cut = start;
    }
  return cut;
}

/* The place in @to that is as far along as @place in @from. */
static guint
project (guint place, PostilSpan from, PostilSpan to)
{
  return to.start + (guint) ((guint64) (place - from.start) * postil_span_length (to) /
                             postil_span_length (from));
}

/* Whether the current row is of the texts as they are now; says so when it is not. */
static gboolean
is_current (PostilWindow *self)
{
  gboolean running;

  g_object_get (self->comparer, "running", &running, NULL);
  if (running)
    refuse (self, _ ("The texts are still being compared"));
  return !running;
}

static void
split (PostilWindow *self)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Split Pair"));
  const PostilComparisonRow *row = get_row (self);
  const PostilSpan sides[] = { row->a, row->b };
  PostilSpan parts[2][2];
  gboolean given[2];
  guint places[2];

  if (!is_current (self))
    return;
  for (guint side = 0; side < 2; side++)
    {
      places[side] = postil_text_view_get_caret (postil_window_get_side (self, side));
      given[side] = places[side] > sides[side].start && places[side] < sides[side].end;
    }
  for (guint side = 0; side < 2; side++)
    {
      PostilText *text = get_text (self, side);

      if (!given[side] && given[!side])
        places[side] = project (places[!side], sides[!side], sides[side]);
      places[side] = find_cut (text, sides[side], places[side]);
      parts[side][0] = trim (text, (PostilSpan){ sides[side].start, places[side] });
      parts[side][1] = trim (text, (PostilSpan){ places[side], sides[side].end });
    }
  if (!given[0] && !given[1])
    {
      refuse (self, _ ("Put the carets where the second pair shall begin"));
      return;
    }
  for (guint side = 0; side < 2; side++)
    for (guint part = 0; part < 2; part++)
      if (postil_span_length (parts[side][part]) == 0)
        {
          refuse (self, _ ("This pair cannot be split there"));
          return;
        }
  for (guint part = 0; part < 2; part++)
    decide (self, step, POSTIL_LINK_PAIRED, parts[0][part], parts[1][part]);
  postil_workspace_commit (self->workspace, step, NULL);
}

static void
dismiss (PostilWindow *self)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Dismiss Pair"));
  const PostilComparisonRow *row = get_row (self);

  if (!is_current (self))
    return;
  decide (self, step, POSTIL_LINK_DISMISSED, row->a, row->b);
  postil_workspace_commit (self->workspace, step, NULL);
}

/* Takes back what was decided about the current row. */
static void
undecide (PostilWindow *self)
{
  g_autoptr (PostilStep) step = postil_window_begin (self, _ ("Let Postil Decide"));
  const PostilComparisonRow *row = get_row (self);
  PostilDocument *documents[] = { postil_comparer_get_a (self->comparer),
                                  postil_comparer_get_b (self->comparer) };
  GPtrArray *deciding;
  GArray *decisions = postil_comparer_get_decisions (self->comparer, &deciding);

  if (!is_current (self))
    return;
  for (guint i = 0; i < decisions->len; i++)
    for (guint side = 0; side < 2; side++)
      {
        PostilAnnotation *link = deciding->pdata[i];
        const char *id = postil_annotation_get_id (link);

        if (is_about_row (&g_array_index (decisions, PostilDecision, i), row) &&
            postil_document_get_annotation (documents[side], id) == link)
          postil_edit_remove_annotation (step, documents[side], link);
      }
  postil_workspace_commit (self->workspace, step, NULL);
}

static void
verb_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const struct
  {
    const char *name;
    void (*verb) (PostilWindow *self);
  } verbs[] = {
    { "pair", pair },
    { "split-pair", split },
    { "dismiss-pair", dismiss },
    { "undecide", undecide },
  };
  const char *name = g_action_get_name (G_ACTION (action));

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, name))
      verbs[i].verb (data);
}

static const GActionEntry actions[] = {
  { "pair", verb_cb },
  { "split-pair", verb_cb },
  { "dismiss-pair", verb_cb },
  { "undecide", verb_cb },
};

static void
enable (PostilWindow *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), enabled);
}

void
postil_window_init_decide (PostilWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}

/* What a person decided about the current row, in words, or %NULL. */
const char *
postil_window_get_decision (PostilWindow *self)
{
  const PostilComparisonRow *row = get_row (self);
  GPtrArray *deciding;
  GArray *decisions = postil_comparer_get_decisions (self->comparer, &deciding);

  if (!row)
    return NULL;
  if (row->pair && row->pair->decided)
    return _ ("paired by hand");
  for (guint i = 0; i < decisions->len; i++)
    {
      const PostilDecision *decision = &g_array_index (decisions, PostilDecision, i);

      if (!decision->paired && is_about_row (decision, row))
        return _ ("a pair was dismissed");
    }
  return NULL;
}

/* To be called when what can be decided may have changed. */
void
postil_window_update_decide (PostilWindow *self)
{
  const PostilComparisonRow *row = get_row (self);
  const PostilPair *pair = row ? row->pair : NULL;
  GPtrArray *deciding;
  GArray *decisions = postil_comparer_get_decisions (self->comparer, &deciding);
  gboolean any = FALSE;

  for (guint i = 0; row && i < decisions->len && !any; i++)
    any = is_about_row (&g_array_index (decisions, PostilDecision, i), row);
  enable (self, "pair", self->walk != NULL);
  enable (self, "split-pair", pair && pair->kind != POSTIL_PAIR_ECHO);
  enable (self, "dismiss-pair", pair != NULL);
  enable (self, "undecide", any);
}
