/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-alignment.h"
#include "postil-pair-bands.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

/* Two texts side by side, with what joins them between. */
typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *documents[2];
  PostilTextView *views[2];
  GtkAdjustment *adjustments[2];
  PostilPairBands *bands;
  PostilAlignment *alignment;
  GtkWidget *window;
} TwoTexts;

void two_texts_show (TwoTexts *self, const char *a, const char *b, int height);
void two_texts_close (TwoTexts *self);
void two_texts_wait (TwoTexts *self);

G_END_DECLS
