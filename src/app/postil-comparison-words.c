/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparison-words.h"

#include <glib/gi18n.h>

/* What a comparison of two texts says, in words. */

/* Texts of which each has no more than that in common with the other are called unrelated. */
#define UNRELATED 0.02

static gboolean
is_unrelated (const PostilComparisonShares *shares)
{
  return shares->length - shares->only <= UNRELATED * shares->length;
}

static int
get_percentage (double score)
{
  /* What is not wholly the same is never rounded to that. */
  return score >= 1 ? 100 : MIN ((int) (score * 100 + 0.5), 99);
}

/* The number of the paragraph, as it stands in the margin. */
static guint
get_paragraph (PostilDocument *document, PostilSpan span)
{
  PostilText *text = postil_document_get_text (document);

  return postil_text_get_paragraph_at (text, MIN (span.start, postil_text_get_length (text))) + 1;
}

static char *
describe_omission (PostilComparisonWalk *walk,
                   const PostilComparisonRow *row,
                   PostilDocument *here,
                   PostilDocument *there,
                   gboolean from_b)
{
  PostilSpan span = from_b ? row->b : row->a;
  const char *name = postil_document_get_name (there);

  if (postil_span_length (span) == 0)
    return g_strdup_printf (_ ("Only in “%s”, nothing like it in “%s”"), name,
                            postil_document_get_name (here));
  if (postil_comparison_walk_is_echoed (walk, from_b, span))
    return g_strdup_printf (_ ("Only here; words of it stand elsewhere in “%s”"), name);
  return g_strdup_printf (_ ("Only here, nothing like it in “%s”"), name);
}

/**
 * postil_comparison_words_describe:
 * @walk: a walk
 * @row: number of one of its rows
 * @here: the document from which it is looked at
 * @there: the other one
 * @from_b: whether @here is the second text
 *
 * Returns: (transfer full): what that row is, in a line
 */
char *
postil_comparison_words_describe (PostilComparisonWalk *walk,
                                  guint row,
                                  PostilDocument *here,
                                  PostilDocument *there,
                                  gboolean from_b)
{
  const PostilComparisonRow *found;
  const char *name;
  guint paragraph;
  int score;

  g_return_val_if_fail (walk != NULL, NULL);
  found = postil_comparison_walk_get (walk, row);
  g_return_val_if_fail (found != NULL, NULL);

  if (found->pair == NULL)
    return describe_omission (walk, found, here, there, from_b);
  score = get_percentage (found->pair->score);
  name = postil_document_get_name (there);
  paragraph = get_paragraph (there, from_b ? found->a : found->b);
  switch (found->pair->kind)
    {
    case POSTIL_PAIR_SAME:
      return g_strdup (_ ("The same in both texts"));
    case POSTIL_PAIR_REWORDED:
      return g_strdup_printf (_ ("Reworded, %d %% in common"), score);
    case POSTIL_PAIR_MOVED:
      return g_strdup_printf (_ ("Moved, %d %% in common: paragraph %u of “%s”"), score, paragraph,
                              name);
    case POSTIL_PAIR_ECHO:
      return g_strdup_printf (_ ("Quoted again, %d %% in common: paragraph %u of “%s”"), score,
                              paragraph, name);
    default:
      g_assert_not_reached ();
    }
}

/**
 * postil_comparison_words_locate:
 * @walk: a walk
 * @filter: which rows are gone through
 * @row: where one is, or %POSTIL_COMPARISON_NONE
 *
 * Returns: (transfer full): the place among those rows, such as “12 of 58”, or how many there are
 */
char *
postil_comparison_words_locate (PostilComparisonWalk *walk,
                                PostilComparisonFilter filter,
                                guint row)
{
  guint n, position;

  g_return_val_if_fail (walk != NULL, NULL);

  n = postil_comparison_walk_count (walk, filter);
  position = postil_comparison_walk_get_position (walk, filter, row);
  if (position != POSTIL_COMPARISON_NONE)
    /* Translators: the number of the current passage and how many there are. */
    return g_strdup_printf (C_ ("passage", "%u of %u"), position + 1, n);
  /* Translators: how many passages there are, none of which is the current one. */
  return g_strdup_printf (ngettext ("%u passage", "%u passages", n), n);
}

/**
 * postil_comparison_words_name:
 * @filter: which rows
 *
 * Returns: (transfer none): what they are called
 */
const char *
postil_comparison_words_name (PostilComparisonFilter filter)
{
  switch (filter)
    {
    case POSTIL_COMPARISON_ALL:
      return C_ ("passages", "All");
    case POSTIL_COMPARISON_OMISSIONS:
      return _ ("Omissions");
    case POSTIL_COMPARISON_REWORDINGS:
      return _ ("Rewordings");
    case POSTIL_COMPARISON_MOVES:
      return _ ("Moved and Echoes");
    case POSTIL_COMPARISON_DIFFERENCES:
    default:
      return _ ("Differences");
    }
}

/**
 * postil_comparison_words_judge:
 * @alignment: two texts read against each other
 *
 * Returns: (transfer none) (nullable): what is to be said of them as a whole: that they are equal,
 * or have nothing in common
 */
const char *
postil_comparison_words_judge (PostilAlignment *alignment)
{
  PostilComparisonShares a, b;

  g_return_val_if_fail (alignment != NULL, NULL);

  a = postil_comparison_get_shares (alignment, FALSE);
  b = postil_comparison_get_shares (alignment, TRUE);
  if (a.length == 0 || b.length == 0)
    return _ ("One of the two texts is empty, so there is nothing to compare.");
  if (a.same == a.length && b.same == b.length)
    return _ ("Both texts say the same, word for word.");
  if (is_unrelated (&a) && is_unrelated (&b))
    return _ ("These two texts have next to nothing in common.");
  return NULL;
}
