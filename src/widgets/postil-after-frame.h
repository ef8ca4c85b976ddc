/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*PostilAfterFrameFunc) (GtkWidget *widget);

typedef struct _PostilAfterFrame PostilAfterFrame;

PostilAfterFrame *postil_after_frame_new (GtkWidget *widget, PostilAfterFrameFunc func);
void postil_after_frame_free (PostilAfterFrame *self);

void postil_after_frame_queue (PostilAfterFrame *self);
void postil_after_frame_flush (PostilAfterFrame *self);
void postil_after_frame_cancel (PostilAfterFrame *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAfterFrame, postil_after_frame_free)

G_END_DECLS
