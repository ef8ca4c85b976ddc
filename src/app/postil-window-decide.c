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

/* A decision about a passage of either text, and the link that says so. */
typedef struct
{
  PostilDocument *document;
  PostilAnnotation *link;
  PostilSpan sides[2];
  gboolean paired;
} Decided;

static void
decided_clear (gpointer data)
{
  Decided *decided = data;

  g_object_unref (decided->document);
  postil_annotation_unref (decided->link);
}

static void
list_decided_in (PostilWindow *self, PostilDocument *document, PostilDocument *other, guint side)
{
  g_autoptr (GPtrArray) annotations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (GPtrArray) links = g_ptr_array_new ();
  g_autoptr (GPtrArray) places = NULL;

  postil_linking_list (document, other, annotations);
  for (guint i = 0; i < annotations->len; i++)
    g_ptr_array_add (links, postil_annotation_get_link (annotations->pdata[i]));
  places = postil_linking_resolve_all (links, postil_document_get_text (other), NULL);
  for (guint i = 0; i < links->len; i++)
    {
      GArray *spans = places->pdata[i];
      PostilLinkKind kind = postil_link_get_kind (links->pdata[i]);
      Decided decided = { .paired = kind == POSTIL_LINK_PAIRED };
      guint n_spans;

      postil_annotation_get_spans (annotations->pdata[i], &n_spans);
      if (kind == POSTIL_LINK_PLAIN || !spans || spans->len == 0 || n_spans == 0)
        continue;
      decided.document = g_object_ref (document);
      decided.link = postil_annotation_ref (annotations->pdata[i]);
      decided.sides[side] = postil_annotation_get_extent (annotations->pdata[i]);
      decided.sides[!side] = (PostilSpan){
        g_array_index (spans, PostilSpan, 0).start,
        g_array_index (spans, PostilSpan, spans->len - 1).end,
      };
      g_array_append_val (self->decided, decided);
    }
}

/* Whether a decision is about the current row: that both sides are a pair, or that one of them is
 * none with something else. */
static gboolean
is_about_row (const Decided *decided, const PostilComparisonRow *row)
{
  const PostilSpan sides[] = { row->a, row->b };
  gboolean touches[2];

  for (guint side = 0; side < 2; side++)
    touches[side] = postil_span_length (sides[side]) > 0 &&
                    postil_span_touches (decided->sides[side], sides[side]);
  return decided->paired ? touches[0] && touches[1] : touches[0] || touches[1];
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

  for (guint i = 0; i < self->decided->len; i++)
    {
      const Decided *decided = &g_array_index (self->decided, Decided, i);
      PostilAnnotation *link = postil_document_get_annotation (
        decided->document, postil_annotation_get_id (decided->link));

      if (link && is_about_row (decided, row))
        postil_edit_remove_annotation (step, decided->document, link);
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
  self->decided = g_array_new (FALSE, FALSE, sizeof (Decided));
  g_array_set_clear_func (self->decided, decided_clear);
}

/* To be called when there is another alignment. */
void
postil_window_list_decided (PostilWindow *self)
{
  PostilDocument *a = postil_comparer_get_a (self->comparer);
  PostilDocument *b = postil_comparer_get_b (self->comparer);

  g_array_set_size (self->decided, 0);
  list_decided_in (self, a, b, 0);
  list_decided_in (self, b, a, 1);
}

/* What a person decided about the current row, in words, or %NULL. */
const char *
postil_window_get_decision (PostilWindow *self)
{
  const PostilComparisonRow *row = get_row (self);

  if (!row)
    return NULL;
  if (row->pair && row->pair->decided)
    return _ ("paired by hand");
  for (guint i = 0; i < self->decided->len; i++)
    {
      const Decided *decided = &g_array_index (self->decided, Decided, i);

      if (!decided->paired && is_about_row (decided, row))
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
  gboolean any = FALSE;

  for (guint i = 0; row && i < self->decided->len && !any; i++)
    any = is_about_row (&g_array_index (self->decided, Decided, i), row);
  enable (self, "pair", self->walk != NULL);
  enable (self, "split-pair", pair && pair->kind != POSTIL_PAIR_ECHO);
  enable (self, "dismiss-pair", pair != NULL);
  enable (self, "undecide", any);
}
