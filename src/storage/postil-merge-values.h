/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-foreign.h"

G_BEGIN_DECLS

/**
 * PostilMergeSide:
 * @POSTIL_MERGE_BASE: what both sides started from
 * @POSTIL_MERGE_OURS: one side
 * @POSTIL_MERGE_THEIRS: the other
 * @POSTIL_MERGE_N_SIDES: how many; as a choice, that each side wants something else
 */
typedef enum
{
  POSTIL_MERGE_BASE,
  POSTIL_MERGE_OURS,
  POSTIL_MERGE_THEIRS,
  POSTIL_MERGE_N_SIDES
} PostilMergeSide;

/* As a choice. */
#define POSTIL_MERGE_BOTH POSTIL_MERGE_N_SIDES

/**
 * PostilMergeOwner:
 * @member: a foreign member
 *
 * Returns: which property of its carrier it stands in for or belongs to; -1 for none
 */
typedef int (*PostilMergeOwner) (const PostilForeignMember *member);

PostilMergeSide postil_merge_choose (const char *const *values);
PostilMergeSide postil_merge_choose_greater (const char *const *values);
PostilMergeSide postil_merge_choose_number (const gint64 *values);
GPtrArray *postil_merge_order (GPtrArray *const *lists, GHashTable *wanted);
char *postil_merge_unite (const char *a, const char *b);
void postil_merge_describe_owned (GString *text,
                                  PostilForeign *foreign,
                                  PostilMergeOwner owner,
                                  int property);
PostilForeign *postil_merge_foreign (PostilForeign *const *foreign,
                                     PostilMergeOwner owner,
                                     const PostilMergeSide *sides,
                                     const PostilForeignMember *added,
                                     guint n_added);

G_END_DECLS
