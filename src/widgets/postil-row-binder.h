/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * PostilRowBinderFunc:
 * @list_item: a row
 * @data: what the caller gave
 *
 * Has a row show its item as it is now.
 *
 * Returns: %FALSE when it did already
 */
typedef gboolean (*PostilRowBinderFunc) (GtkListItem *list_item, gpointer data);

typedef struct _PostilRowBinder PostilRowBinder;

PostilRowBinder *postil_row_binder_new (GtkListView *view, PostilRowBinderFunc bind, gpointer data);
void postil_row_binder_free (PostilRowBinder *self);

void postil_row_binder_refresh (PostilRowBinder *self);
gboolean postil_row_binder_find_rows (PostilRowBinder *self,
                                      guint *first,
                                      guint *n_rows,
                                      guint *kept);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilRowBinder, postil_row_binder_free)

G_END_DECLS
