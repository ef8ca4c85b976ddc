/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PostilRowRevealFunc:
 * @position: (out): where the row is; %GTK_INVALID_LIST_POSITION as long as that is not settled
 * @data: what the caller gave
 *
 * Returns: whether there is a row to be shown
 */
typedef gboolean (*PostilRowRevealFunc) (guint *position, gpointer data);

typedef struct _PostilRowReveal PostilRowReveal;

PostilRowReveal *postil_row_reveal_new (GtkListView *view, PostilRowRevealFunc find, gpointer data);
void postil_row_reveal_free (PostilRowReveal *self);

void postil_row_reveal_queue (PostilRowReveal *self);
void postil_row_reveal_stay_at_top (PostilRowReveal *self);
void postil_row_reveal_cancel (PostilRowReveal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilRowReveal, postil_row_reveal_free)

G_END_DECLS
