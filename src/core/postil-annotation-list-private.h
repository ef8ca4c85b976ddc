/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the files of the annotation list share: postil-annotation-list.c has it follow the documents
 * and the codebook, -filtering.c filters and sorts it, at once and in a thread.
 */

#include "postil-annotation-list.h"
#include "postil-annotation-part.h"
#include "postil-annotation-telling.h"

G_BEGIN_DECLS

struct _PostilAnnotationList
{
  GObject parent_instance;

  PostilWorkspace *workspace;
  GPtrArray *documents;
  PostilAnnotationOrder order;
  /* What the parts are sorted by, or are being sorted by; NULL in reading order. */
  PostilAnnotationSorting *sorting;
  GPtrArray *parts;
  PostilAnnotationMatcher *matcher;
  GHashTable *rows;
  GString *folded;
  /* Whether single changes wait until they are asked for, and those that do. */
  gboolean waits;
  GArray *waiting;
  /* Of the thread that filters or sorts; NULL when none does. */
  GCancellable *filtering;
  /* Whether everything is listed anew, in that thread or just now. */
  gboolean is_listing;
  /* What is being announced; NULL when nothing is. */
  PostilAnnotationTelling *telling;
  /* Says where the view is; NULL when none does. */
  PostilAnnotationListLook look;
  gpointer look_data;
};

/* postil-annotation-list-filtering.c */
GPtrArray *postil_annotation_list_new_parts (void);
PostilAnnotationSorting *postil_annotation_list_new_reading_order (PostilAnnotationList *self,
                                                                   PostilDocument *document);
gboolean postil_annotation_list_is_outdated (PostilAnnotationList *self);
void postil_annotation_list_tell_rows (PostilAnnotationList *self,
                                       PostilAnnotationPart *part,
                                       PostilAnnotationRows then,
                                       guint n_same_first,
                                       guint n_same_last);
void postil_annotation_list_filter_some (PostilAnnotationList *self, gint64 stretch);
void postil_annotation_list_filter_rest (PostilAnnotationList *self);
void postil_annotation_list_renew (PostilAnnotationList *self);

G_END_DECLS
