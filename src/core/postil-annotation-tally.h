/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-review-counts.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationTally PostilAnnotationTally;

PostilAnnotationTally *postil_annotation_tally_new (PostilAnnotation *const *annotations,
                                                    const guint64 *hashes,
                                                    guint n_annotations);
PostilAnnotationTally *postil_annotation_tally_ref (PostilAnnotationTally *self);
void postil_annotation_tally_unref (PostilAnnotationTally *self);

PostilAnnotationTally *postil_annotation_tally_change (PostilAnnotationTally *self,
                                                       PostilAnnotation *before,
                                                       PostilAnnotation *after);
guint postil_annotation_tally_count_topic (const PostilAnnotationTally *self, const char *topic);
void postil_annotation_tally_foreach_topic (const PostilAnnotationTally *self,
                                            GFunc func,
                                            gpointer data);
guint64 postil_annotation_tally_get_order (const PostilAnnotationTally *self);
const PostilReviewCounts *postil_annotation_tally_get_review (const PostilAnnotationTally *self);

G_END_DECLS
