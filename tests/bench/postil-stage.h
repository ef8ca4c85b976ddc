/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PostilStage:
 * @window: the window
 * @view: the text view in it
 * @adjustment: what scrolls it up and down
 *
 * A window of 1,000 × 800 pixels with a text view that is to be measured.
 */
typedef struct
{
  GtkWidget *window;
  GtkTextView *view;
  GtkAdjustment *adjustment;
} PostilStage;

/**
 * PostilStageCost:
 * @ms: how long it took
 * @cpu_ms: for how long the program's main thread computed meanwhile, which does not depend on what
 * else the machine does
 *
 * What painting or laying out takes, in milliseconds.
 */
typedef struct
{
  double ms;
  double cpu_ms;
} PostilStageCost;

/**
 * PostilStageFunc:
 *
 * What changes something that is to be painted.
 */
typedef void (*PostilStageFunc) (gpointer data);

gboolean postil_stage_init (void);
void postil_stage_run (guint ms);
void postil_stage_wait_for_paint (GtkWidget *widget);
double postil_stage_paint (GtkWidget *widget, PostilStageFunc change, gpointer data);

PostilStage *postil_stage_new (GtkWidget *view);
void postil_stage_free (PostilStage *self);
void postil_stage_match (PostilStage *self, PostilStage *model);
PostilStageCost postil_stage_scroll (PostilStage *self, double to);
PostilStageCost postil_stage_wait_for_layout (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilStage, postil_stage_free)

G_END_DECLS
