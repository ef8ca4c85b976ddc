/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-matcher.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationScan PostilAnnotationScan;

PostilAnnotationScan *postil_annotation_scan_new (PostilAnnotationMatcher *matcher);
void postil_annotation_scan_free (PostilAnnotationScan *self);

void postil_annotation_scan_add (PostilAnnotationScan *self,
                                 PostilDocument *document,
                                 PostilAnnotationIndex *index,
                                 guint first);
void postil_annotation_scan_run (PostilAnnotationScan *self, GCancellable *cancellable);
GArray *postil_annotation_scan_get_matches (PostilAnnotationScan *self, PostilDocument *document);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationScan, postil_annotation_scan_free)

G_END_DECLS
