/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-span.h"

G_BEGIN_DECLS

/* What white space, quotes and dashes fold to: between words they do not count. */
#define POSTIL_WORD_DIFF_IGNORED " '-"

/**
 * PostilWordRunKind:
 * @POSTIL_WORD_RUN_SAME: words that both texts have
 * @POSTIL_WORD_RUN_REMOVED: words of the first text that the second lacks
 * @POSTIL_WORD_RUN_ADDED: words of the second text that the first lacks
 * @POSTIL_WORD_RUN_MOVED: a few words in a row that both texts have, at different places
 *
 * What became of a run of words.
 */
typedef enum
{
  POSTIL_WORD_RUN_SAME,
  POSTIL_WORD_RUN_REMOVED,
  POSTIL_WORD_RUN_ADDED,
  POSTIL_WORD_RUN_MOVED
} PostilWordRunKind;

/**
 * PostilWordRun:
 * @kind: what became of it
 * @a: its place in the first text, in code points; empty, where it would be, when it was added
 * @b: its place in the second text, in code points; empty, where it was, when it was removed
 *
 * A run of words, from the first one's start to the last one's end. What does not count, such as
 * quotes, may stand between runs.
 */
typedef struct
{
  PostilWordRunKind kind;
  PostilSpan a;
  PostilSpan b;
} PostilWordRun;

GArray *postil_word_diff (const char *a, gsize n_a, const char *b, gsize n_b, gboolean exact);
GArray *postil_word_diff_list_side (GArray *runs, gboolean of_b);

G_END_DECLS
