/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "postil-annotation-list.h"

G_BEGIN_DECLS

typedef struct _PostilKeptSelection PostilKeptSelection;

/**
 * PostilKeptSelectionFunc:
 * @found: which rows it is now
 * @data: what the caller gave
 */
typedef void (*PostilKeptSelectionFunc) (GtkBitset *found, gpointer data);

PostilKeptSelection *postil_kept_selection_new (PostilAnnotationList *list, GtkBitset *selected);
void postil_kept_selection_free (PostilKeptSelection *self);

void postil_kept_selection_find (PostilKeptSelection *self,
                                 PostilAnnotationList *list,
                                 GListModel *documents,
                                 PostilKeptSelectionFunc func,
                                 gpointer data);
void postil_kept_selection_stop (PostilKeptSelection *self);

G_END_DECLS
