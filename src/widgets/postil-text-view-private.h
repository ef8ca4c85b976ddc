/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the files of the text view share: postil-text-view.c holds it together, has it drawn and
 * tells what a person does in it, -document.c has it show a document and follow its text,
 * -places.c tells and changes what is selected and in sight.
 */

#include "postil-text-hits.h"
#include "postil-text-loading.h"
#include "postil-text-painter.h"
#include "postil-text-style.h"
#include "postil-text-view.h"

G_BEGIN_DECLS

/* Texts of so many code points may be higher than what GTK lays out at a time. */
#define POSTIL_TEXT_VIEW_LONG 1000

struct _PostilTextView
{
  GtkTextView parent_instance;

  PostilDocument *document;
  PostilCodebook *codebook;
  char *current;
  gboolean snap_to_words;
  gboolean show_paragraph_numbers;
  double zoom;

  PostilViewMap *map;
  PostilTextLoading *loading;
  PostilTextStyle *style;
  PostilTextPainter *painter;
  PostilTextScroller *scroller;
  PostilTextSelection *selection;
  PostilTextHits *hits;
  PostilSpan visible;
  PostilSpan visible_told;
  gboolean is_drawn;
  int width;

  guint caret_id;
  guint moved_id;
};

/* postil-text-view.c */
void postil_text_view_expect_layout (PostilTextView *self);
void postil_text_view_queue_caret_moved (PostilTextView *self);

/* postil-text-view-document.c */
void postil_text_view_clear_document (PostilTextView *self);

/* postil-text-view-places.c */
void postil_text_view_get_caret_iter (PostilTextView *self, GtkTextIter *iter);
int postil_text_view_get_y_in_sight (PostilTextView *self, guint offset);

G_END_DECLS
