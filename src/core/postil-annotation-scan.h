/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-matcher.h"
#include "postil-annotation-rows.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationScan PostilAnnotationScan;

PostilAnnotationScan *postil_annotation_scan_new (PostilAnnotationMatcher *matcher);
void postil_annotation_scan_free (PostilAnnotationScan *self);

void postil_annotation_scan_add (PostilAnnotationScan *self,
                                 PostilAnnotationSorting *sorting,
                                 PostilAnnotationIndex *index,
                                 guint first);
void postil_annotation_scan_run (PostilAnnotationScan *self, GCancellable *cancellable);
guint postil_annotation_scan_count (PostilAnnotationScan *self);
void postil_annotation_scan_get_rows (PostilAnnotationScan *self,
                                      guint number,
                                      PostilAnnotationRows *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationScan, postil_annotation_scan_free)

G_END_DECLS
