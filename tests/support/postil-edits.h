/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-anchoring.h"
#include "postil-text.h"

G_BEGIN_DECLS

typedef enum
{
  POSTIL_EDITS_ENGLISH,
  POSTIL_EDITS_GERMAN,
  POSTIL_EDITS_CJK,
  POSTIL_EDITS_ARABIC,
  POSTIL_EDITS_MIXED,
  POSTIL_EDITS_REPORT,
  POSTIL_EDITS_LIST,
  POSTIL_EDITS_N_STYLES
} PostilEditsStyle;

/**
 * PostilEditsKind:
 * @POSTIL_EDITS_NONE: nothing is changed
 * @POSTIL_EDITS_WORDS_1: 1 % of the words are replaced, deleted, doubled by another or misspelt
 * @POSTIL_EDITS_WORDS_3: 3 %
 * @POSTIL_EDITS_WORDS_5: 5 %
 * @POSTIL_EDITS_WORDS_10: 10 %
 * @POSTIL_EDITS_REFLOWED: other line breaks and white space
 * @POSTIL_EDITS_TYPOGRAPHY: other quotes, dashes, ellipses, case, accents or normal form
 * @POSTIL_EDITS_LINE_ENDS: LF became CRLF or the other way round
 * @POSTIL_EDITS_MOVED: one paragraph in ten stands elsewhere
 * @POSTIL_EDITS_INSERTED: new paragraphs, half of them look-alikes of others
 * @POSTIL_EDITS_REMOVED: one paragraph in ten is gone, look-alikes of it remain
 * @POSTIL_EDITS_DUPLICATED: one paragraph in ten stands a second time elsewhere
 * @POSTIL_EDITS_DECOYS: one paragraph in ten is edited, and a copy of what it was stands far
 * away
 * @POSTIL_EDITS_ALL: some of everything
 *
 * What becomes of a text.
 */
typedef enum
{
  POSTIL_EDITS_NONE,
  POSTIL_EDITS_WORDS_1,
  POSTIL_EDITS_WORDS_3,
  POSTIL_EDITS_WORDS_5,
  POSTIL_EDITS_WORDS_10,
  POSTIL_EDITS_REFLOWED,
  POSTIL_EDITS_TYPOGRAPHY,
  POSTIL_EDITS_LINE_ENDS,
  POSTIL_EDITS_MOVED,
  POSTIL_EDITS_INSERTED,
  POSTIL_EDITS_REMOVED,
  POSTIL_EDITS_DUPLICATED,
  POSTIL_EDITS_DECOYS,
  POSTIL_EDITS_ALL,
  POSTIL_EDITS_N_KINDS
} PostilEditsKind;

/**
 * PostilEditsFate:
 * @POSTIL_EDITS_SURVIVES: at least 80 % of its words are still there, together and in order
 * @POSTIL_EDITS_GONE: less than half of its words are
 * @POSTIL_EDITS_UNCLEAR: neither; nobody could say what the right answer is
 *
 * What became of a passage.
 */
typedef enum
{
  POSTIL_EDITS_SURVIVES,
  POSTIL_EDITS_GONE,
  POSTIL_EDITS_UNCLEAR
} PostilEditsFate;

/**
 * PostilEditsPassage:
 * @spans: its ranges in the old text, in code points
 * @n_spans: how many, one or two
 * @anchor: how Postil describes it
 * @fate: what became of it
 * @truth: where its ranges are in the new text, if it survives
 * @vague: whether its description fitted several places of the old text and it has been carried
 * away from where it stood, so that only who knows the old text can tell where it is
 */
typedef struct
{
  PostilSpan spans[2];
  guint n_spans;
  PostilAnchor *anchor;
  PostilEditsFate fate;
  PostilSpan truth[2];
  gboolean vague;
} PostilEditsPassage;

/**
 * PostilEdits:
 * @old_text: a text
 * @new_text: what became of it
 * @passages: (element-type PostilEditsPassage): annotated passages of the old text, by no order
 */
typedef struct
{
  PostilText *old_text;
  PostilText *new_text;
  GArray *passages;
} PostilEdits;

PostilEdits *postil_edits_new (PostilEditsStyle style,
                               PostilEditsKind kind,
                               guint n_points,
                               guint32 seed);
void postil_edits_free (PostilEdits *self);

const char *postil_edits_get_style_name (PostilEditsStyle style);
const char *postil_edits_get_kind_name (PostilEditsKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilEdits, postil_edits_free)

G_END_DECLS
