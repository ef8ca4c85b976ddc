/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-window-private.h"
#include "postil-word-diff.h"

/* What is marked in the window's two texts while they are read beside each other: what only one of
 * them has, the current row with its differences word by word, and counterparts. */

/* Longer passages, in code points, show no differences of words: there is no sentence so long. */
#define MAX_PASSAGE 20000

static void
add_mark (GArray *marks, PostilText *text, PostilSpan span, PostilTextMarkKind kind)
{
  const PostilTextMark mark = { span, kind };

  /* The alignment may be of an earlier text, for a moment. */
  if (postil_span_length (span) > 0 && span.end <= postil_text_get_length (text))
    g_array_append_val (marks, mark);
}

static void
add_marks (GArray *marks, PostilText *text, GArray *spans, PostilTextMarkKind kind)
{
  for (guint i = 0; i < spans->len; i++)
    add_mark (marks, text, g_array_index (spans, PostilSpan, i), kind);
}

static const char *
get_passage (PostilText *text, PostilSpan span, gsize *n_bytes)
{
  gsize start = postil_text_get_byte (text, span.start);

  *n_bytes = postil_text_get_byte (text, span.end) - start;
  return postil_text_get_utf8 (text, NULL) + start;
}

/* Whether the run beside @i is one of @kind, so that the words of one take the place of the
 * other's. */
static gboolean
is_beside (GArray *runs, guint i, PostilWordRunKind kind)
{
  return (i > 0 && g_array_index (runs, PostilWordRun, i - 1).kind == kind) ||
         (i + 1 < runs->len && g_array_index (runs, PostilWordRun, i + 1).kind == kind);
}

static void
add_words (GArray *marks[2], PostilText *texts[2], const PostilComparisonRow *row)
{
  const PostilSpan passages[] = { row->a, row->b };
  g_autoptr (GArray) runs = NULL;
  const char *words[2];
  gsize n_bytes[2];

  for (guint side = 0; side < 2; side++)
    {
      if (passages[side].end > postil_text_get_length (texts[side]) ||
          postil_span_length (passages[side]) > MAX_PASSAGE)
        return;
      words[side] = get_passage (texts[side], passages[side], &n_bytes[side]);
    }
  runs = postil_word_diff (words[0], n_bytes[0], words[1], n_bytes[1], FALSE);
  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);
      const PostilSpan spans[] = { run->a, run->b };
      PostilTextMarkKind kind = POSTIL_TEXT_MARK_WORDS_ONLY_HERE;

      if (run->kind == POSTIL_WORD_RUN_SAME)
        continue;
      if (run->kind == POSTIL_WORD_RUN_MOVED)
        kind = POSTIL_TEXT_MARK_WORDS_MOVED;
      else if (is_beside (runs, i,
                          run->kind == POSTIL_WORD_RUN_ADDED ? POSTIL_WORD_RUN_REMOVED
                                                             : POSTIL_WORD_RUN_ADDED))
        kind = POSTIL_TEXT_MARK_WORDS_REPLACED;
      for (guint side = 0; side < 2; side++)
        add_mark (marks[side], texts[side],
                  (PostilSpan){ passages[side].start + spans[side].start,
                                passages[side].start + spans[side].end },
                  kind);
    }
}

/* To be called when the current row, the alignment or the counterparts changed. */
void
postil_window_update_marks (PostilWindow *self)
{
  PostilDocumentView *views[] = { self->start_view, self->end_view };
  const PostilComparisonRow *row =
    self->walk ? postil_comparison_walk_get (self->walk, self->row) : NULL;
  PostilAlignment *alignment = self->walk ? postil_comparer_get_alignment (self->comparer) : NULL;
  PostilText *texts[2] = { NULL };
  GArray *marks[2];

  for (guint side = 0; side < 2; side++)
    {
      PostilDocument *document = postil_document_view_get_document (views[side]);

      marks[side] = g_array_new (FALSE, FALSE, sizeof (PostilTextMark));
      if (!document)
        continue;
      texts[side] = postil_document_get_text (document);
      if (alignment)
        add_marks (marks[side], texts[side], side ? alignment->only_b : alignment->only_a,
                   POSTIL_TEXT_MARK_ONLY_HERE);
      if (row)
        add_mark (marks[side], texts[side], side ? row->b : row->a, POSTIL_TEXT_MARK_CURRENT);
      if (views[side] == self->counterpart_view && self->counterparts)
        add_marks (marks[side], texts[side], self->counterparts, POSTIL_TEXT_MARK_COUNTERPART);
    }
  if (row && row->pair && row->pair->kind != POSTIL_PAIR_SAME && texts[0] && texts[1])
    add_words (marks, texts, row);
  for (guint side = 0; side < 2; side++)
    {
      postil_text_view_set_marks (postil_document_view_get_text_view (views[side]),
                                  (const PostilTextMark *) marks[side]->data, marks[side]->len);
      g_array_unref (marks[side]);
    }
}

/* Marks passages in the text of @view as the counterparts of what a person looks at in the other
 * one, in code points, instead of those marked before. */
void
postil_window_mark_counterparts (PostilWindow *self,
                                 PostilDocumentView *view,
                                 const PostilSpan *spans,
                                 guint n_spans)
{
  if (!self->counterparts)
    self->counterparts = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  if (n_spans == 0 && self->counterparts->len == 0)
    return;
  g_array_set_size (self->counterparts, 0);
  if (n_spans > 0)
    g_array_append_vals (self->counterparts, spans, n_spans);
  self->counterpart_view = view;
  postil_window_update_marks (self);
}
