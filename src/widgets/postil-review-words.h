/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pango.h>

#include "postil-document.h"
#include "postil-review.h"

G_BEGIN_DECLS

/**
 * PostilMarkedText:
 * @text: a text on one line; empty when there is none
 * @attributes: how its parts are shown
 *
 * A text with its context dimmed and its differences marked.
 */
typedef struct
{
  char *text;
  PangoAttrList *attributes;
} PostilMarkedText;

void postil_marked_text_clear (PostilMarkedText *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PostilMarkedText, postil_marked_text_clear)

gboolean postil_review_words_compare (PostilDocument *document,
                                      PostilAnnotation *annotation,
                                      guint max_length,
                                      PostilMarkedText *before,
                                      PostilMarkedText *now);
void postil_review_words_show_place (PostilText *text,
                                     PostilSpan span,
                                     guint max_length,
                                     PostilMarkedText *shown);
char *postil_review_words_dup_kinds (PostilReviewKinds kinds);
const char *postil_review_words_get_help (PostilReviewKinds kinds);
const char *postil_review_words_get_icon (PostilReviewKinds kinds);

G_END_DECLS
