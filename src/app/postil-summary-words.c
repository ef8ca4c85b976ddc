/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-summary-words.h"

#include <glib/gi18n.h>

#include "postil-annotation-words.h"

/* What the summary of a comparison says, in words. */

/* Longest excerpt of a passage in code points. */
#define MAX_EXCERPT 300

static char *
dup_percentage (guint part, guint whole)
{
  guint percentage = whole > 0 ? ((guint64) part * 200 + whole) / (2 * (guint64) whole) : 0;

  if (part > 0 && percentage == 0)
    return g_strdup (_ ("under 1 %"));
  /* Not wholly is never rounded to wholly. */
  if (part < whole)
    percentage = MIN (percentage, 99);
  return g_strdup_printf (_ ("%u %%"), percentage);
}

static char *
dup_excerpt (PostilText *text, PostilSpan span)
{
  gboolean whole = postil_span_length (span) <= MAX_EXCERPT;
  g_autofree char *words = NULL, *line = NULL;

  if (!whole)
    span.end = span.start + MAX_EXCERPT;
  words = postil_text_dup_range (text, span);
  line = postil_annotation_words_dup_one_line (words);
  return whole ? g_steal_pointer (&line) : g_strconcat (line, "…", NULL);
}

static guint
get_paragraph (PostilText *text, PostilSpan span)
{
  return postil_text_get_paragraph_at (text, span.start) + 1;
}

/**
 * postil_summary_words_dup_share:
 * @side: a text as the other one has it
 * @part: 0 for what it has in the same words, 1 for what it has reworded, 2 for what it has at
 * another place, 3 for what it leaves out
 *
 * Returns: (transfer full): how much that is
 */
char *
postil_summary_words_dup_share (const PostilSummarySide *side, guint part)
{
  const PostilComparisonShares *shares = &side->shares;
  const guint parts[] = { shares->same, shares->reworded, shares->moved, shares->only };
  const guint counts[] = { side->n_same, side->n_reworded, side->n_moved, side->omissions->len };
  g_autofree char *share = NULL;
  guint n;

  g_return_val_if_fail (part < G_N_ELEMENTS (parts), NULL);

  n = counts[part];
  share = dup_percentage (parts[part], shares->length);
  /* Translators for all of these: a share of a text such as "62 %", and how many passages it is. */
  switch (part)
    {
    case 0:
      return g_strdup_printf (ngettext ("%s the same: %u passage", "%s the same: %u passages", n),
                              share, n);
    case 1:
      return g_strdup_printf (ngettext ("%s reworded: %u passage", "%s reworded: %u passages", n),
                              share, n);
    case 2:
      return g_strdup_printf (ngettext ("%s moved: %u passage", "%s moved: %u passages", n), share,
                              n);
    default:
      return g_strdup_printf (ngettext ("%s only here: %u passage", "%s only here: %u passages", n),
                              share, n);
    }
}

/**
 * postil_summary_words_dup_side:
 * @side: a text as the other one has it
 *
 * Returns: (transfer full): all its shares
 */
char *
postil_summary_words_dup_side (const PostilSummarySide *side)
{
  g_autofree char *same = postil_summary_words_dup_share (side, 0);
  g_autofree char *reworded = postil_summary_words_dup_share (side, 1);
  g_autofree char *moved = postil_summary_words_dup_share (side, 2);
  g_autofree char *only = postil_summary_words_dup_share (side, 3);

  /* Translators: the four shares of a text. */
  return g_strdup_printf (_ ("%s; %s; %s; %s"), same, reworded, moved, only);
}

/**
 * postil_summary_words_get_place:
 * @row: a row
 * @side: (out): in which text it has a place, 0 or 1
 * @span: (out): the place, in code points
 *
 * Returns: whether it has one
 */
gboolean
postil_summary_words_get_place (PostilSummaryRow *row, guint *side, PostilSpan *span)
{
  PostilSummaryRowKind kind = postil_summary_row_get_kind (row);
  const PostilSummaryPassage *passage = postil_summary_row_get_data (row);

  *side = postil_summary_row_get_side (row);
  if (kind == POSTIL_SUMMARY_ROW_OMISSION)
    *span = ((const PostilOmission *) postil_summary_row_get_data (row))->span;
  else if (kind == POSTIL_SUMMARY_ROW_PASSAGE)
    {
      /* Where it is annotated. */
      if (!passage->annotations[*side])
        *side = 1 - *side;
      *span = passage->places[*side];
    }
  else
    return FALSE;
  return TRUE;
}

/**
 * postil_summary_words_dup_title:
 * @row: a row
 * @codebook: the topics
 * @of: the two texts
 *
 * Returns: (transfer full): what the row is about
 */
char *
postil_summary_words_dup_title (PostilSummaryRow *row,
                                PostilCodebook *codebook,
                                const PostilSummaryTexts *of)
{
  gconstpointer data = postil_summary_row_get_data (row);
  guint side = postil_summary_row_get_side (row);
  const char *name = of->names[side];
  PostilTopic *topic;
  PostilSpan span;

  switch (postil_summary_row_get_kind (row))
    {
    case POSTIL_SUMMARY_ROW_SIDE:
      return g_strdup (name);
    case POSTIL_SUMMARY_ROW_OMISSIONS:
      return g_strdup_printf (((const PostilSummarySide *) data)->omissions->len > 0
                                ? _ ("Only in “%s”")
                                : _ ("Nothing is only in “%s”"),
                              name);
    case POSTIL_SUMMARY_ROW_TOPICS:
      return g_strdup (_ ("Topics"));
    case POSTIL_SUMMARY_ROW_TOPIC:
      topic = postil_codebook_get_topic (codebook, ((const PostilSummaryTopic *) data)->topic);
      return topic ? postil_codebook_dup_path (codebook, topic) : g_strdup (_ ("A missing topic"));
    case POSTIL_SUMMARY_ROW_BOTH:
      return g_strdup (_ ("In both texts"));
    case POSTIL_SUMMARY_ROW_ONLY:
      return g_strdup_printf (_ ("Only in “%s”"), name);
    case POSTIL_SUMMARY_ROW_OMISSION:
    case POSTIL_SUMMARY_ROW_PASSAGE:
    default:
      postil_summary_words_get_place (row, &side, &span);
      return dup_excerpt (of->texts[side], span);
    }
}

static char *
dup_passage_detail (const PostilSummaryPassage *passage, const PostilSummaryTexts *of)
{
  guint a, b;

  for (guint side = 0; side < 2; side++)
    if (postil_span_length (passage->places[1 - side]) == 0)
      return g_strdup_printf (_ ("¶ %u"), get_paragraph (of->texts[side], passage->places[side]));
  a = get_paragraph (of->texts[0], passage->places[0]);
  b = get_paragraph (of->texts[1], passage->places[1]);
  for (guint side = 0; side < 2; side++)
    if (!passage->annotations[1 - side])
      /* Translators: paragraphs of two documents, and the name of one of them. */
      return g_strdup_printf (_ ("¶ %u and ¶ %u, with the topic in “%s” alone"), a, b,
                              of->names[side]);
  /* Translators: paragraphs of two documents. */
  return g_strdup_printf (_ ("¶ %u and ¶ %u, with the topic in both"), a, b);
}

/**
 * postil_summary_words_dup_detail:
 * @row: a row
 * @of: the two texts
 *
 * Returns: (transfer full): what else is to be said of it
 */
char *
postil_summary_words_dup_detail (PostilSummaryRow *row, const PostilSummaryTexts *of)
{
  gconstpointer data = postil_summary_row_get_data (row);
  const PostilSummaryTopic *topic = data;
  const PostilOmission *omission = data;
  guint side = postil_summary_row_get_side (row), n;
  g_autofree char *words = NULL;

  switch (postil_summary_row_get_kind (row))
    {
    case POSTIL_SUMMARY_ROW_SIDE:
      return postil_summary_words_dup_side (data);
    case POSTIL_SUMMARY_ROW_OMISSIONS:
      n = ((const PostilSummarySide *) data)->omissions->len;
      break;
    case POSTIL_SUMMARY_ROW_OMISSION:
      words =
        g_strdup_printf (ngettext ("%u word", "%u words", omission->n_words), omission->n_words);
      /* Translators: how many words, and the number of a paragraph. */
      return g_strdup_printf (_ ("%s, ¶ %u"), words,
                              get_paragraph (of->texts[side], omission->span));
    case POSTIL_SUMMARY_ROW_TOPIC:
      /* Translators: how many passages are in both of two documents, and only in each. */
      return g_strdup_printf (_ ("%u in both, %u only in “%s”, %u only in “%s”"), topic->both->len,
                              topic->only[0]->len, of->names[0], topic->only[1]->len, of->names[1]);
    case POSTIL_SUMMARY_ROW_BOTH:
      n = topic->both->len;
      break;
    case POSTIL_SUMMARY_ROW_ONLY:
      n = topic->only[side]->len;
      break;
    case POSTIL_SUMMARY_ROW_PASSAGE:
      return dup_passage_detail (data, of);
    case POSTIL_SUMMARY_ROW_TOPICS:
    default:
      return g_strdup (topic ? "" : _ ("No passage of these texts has a topic yet."));
    }
  return n > 0 ? g_strdup_printf (ngettext ("%u passage", "%u passages", n), n) : g_strdup ("");
}

static void
append_report (GString *report,
               GListModel *rows,
               guint depth,
               PostilCodebook *codebook,
               const PostilSummaryTexts *of)
{
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (PostilSummaryRow) row = g_list_model_get_item (rows, i);
      g_autoptr (GListModel) children = postil_summary_row_list_children (row);
      g_autofree char *title = postil_summary_words_dup_title (row, codebook, of);
      g_autofree char *detail = postil_summary_words_dup_detail (row, of);

      g_string_append_printf (report, "%s%*s%s", depth == 0 && i > 0 ? "\n" : "", 2 * (int) depth,
                              "", title);
      if (detail[0] != '\0')
        /* Translators: something, and what else is to be said of it. */
        g_string_append_printf (report, _ (" (%s)"), detail);
      g_string_append_c (report, '\n');
      if (children)
        append_report (report, children, depth + 1, codebook, of);
    }
}

/**
 * postil_summary_words_dup_report:
 * @rows: a list model of the rows of a summary
 * @codebook: the topics
 * @of: the two texts
 *
 * Returns: (transfer full): the rows and those below them as plain text
 */
char *
postil_summary_words_dup_report (GListModel *rows,
                                 PostilCodebook *codebook,
                                 const PostilSummaryTexts *of)
{
  GString *report = g_string_new (NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (rows), NULL);

  append_report (report, rows, 0, codebook, of);
  return g_string_free (report, FALSE);
}
