/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-annotation-index.h"
#include "postil-line-geometry.h"
#include "postil-palette.h"

G_BEGIN_DECLS

/**
 * PostilTextMarkKind:
 * @POSTIL_TEXT_MARK_ONLY_HERE: a passage without counterpart in the other text
 * @POSTIL_TEXT_MARK_CURRENT: the passage of the current pair or omission
 * @POSTIL_TEXT_MARK_COUNTERPART: the counterpart of what is selected or current in the other text
 * @POSTIL_TEXT_MARK_WORDS_ONLY_HERE: words of the current pair that the other side lacks
 * @POSTIL_TEXT_MARK_WORDS_REPLACED: words that the other side has others for
 * @POSTIL_TEXT_MARK_WORDS_MOVED: words that the other side has at another place
 *
 * What is marked in a text that is read beside another one.
 */
typedef enum
{
  POSTIL_TEXT_MARK_ONLY_HERE,
  POSTIL_TEXT_MARK_CURRENT,
  POSTIL_TEXT_MARK_COUNTERPART,
  POSTIL_TEXT_MARK_WORDS_ONLY_HERE,
  POSTIL_TEXT_MARK_WORDS_REPLACED,
  POSTIL_TEXT_MARK_WORDS_MOVED
} PostilTextMarkKind;

/**
 * PostilTextMark:
 * @span: where, in code points
 * @kind: what
 */
typedef struct
{
  PostilSpan span;
  PostilTextMarkKind kind;
} PostilTextMark;

/**
 * PostilTextMarksStyle:
 * @view: the text view
 * @annotations: what is underlined in it, so that words are underlined below that
 * @palette: the colours
 * @bar_x: where bars beside passages are, x as in the buffer
 * @bar_width: how thick they are, in pixels
 * @unit: thickness of the finest mark, in pixels
 *
 * What marks are painted with.
 */
typedef struct
{
  GtkTextView *view;
  PostilAnnotationIndex *annotations;
  PostilPalette *palette;
  int bar_x;
  int bar_width;
  int unit;
} PostilTextMarksStyle;

typedef struct _PostilTextMarks PostilTextMarks;

PostilTextMarks *postil_text_marks_new (const PostilTextMark *marks, guint n_marks);
void postil_text_marks_free (PostilTextMarks *self);

gboolean postil_text_marks_touch (PostilTextMarks *self, PostilSpan line);
GskRenderNode *postil_text_marks_paint (PostilTextMarks *self,
                                        const PostilTextMarksStyle *style,
                                        PostilLineGeometry *geometry,
                                        PostilSpan line,
                                        guint length,
                                        int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTextMarks, postil_text_marks_free)

G_END_DECLS
