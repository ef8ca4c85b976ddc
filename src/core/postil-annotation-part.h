/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-matcher.h"
#include "postil-annotation-rows.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationPart:
 * @now: what is listed
 * @next: (nullable): the index of its document once what waits is announced
 * @n_scanned: how many annotations the present filter has seen
 * @n_fresh: how many matches it found among them
 * @earlier: indexes that the matches after the fresh ones may be of
 *
 * What one or more documents have in a #PostilAnnotationList, which says how they hang together.
 */
typedef struct
{
  PostilAnnotationRows now;
  PostilAnnotationIndex *next;
  guint n_scanned;
  guint n_fresh;
  GPtrArray *earlier;
} PostilAnnotationPart;

PostilAnnotationPart *postil_annotation_part_new (PostilAnnotationSorting *sorting,
                                                  PostilAnnotationIndex *index,
                                                  GArray *matches,
                                                  guint n_scanned);
PostilAnnotationPart *postil_annotation_part_hold (const PostilAnnotationPart *self);
void postil_annotation_part_free (PostilAnnotationPart *self);

gboolean postil_annotation_part_hides (PostilAnnotation *annotation);
gboolean postil_annotation_part_is_sorted (const PostilAnnotationPart *self);
PostilDocument *postil_annotation_part_get_document (const PostilAnnotationPart *self);
gboolean postil_annotation_part_match (const PostilAnnotationPart *self,
                                       PostilAnnotationMatcher *matcher,
                                       const PostilAnnotationEntry *entry,
                                       GString *folded);
gboolean postil_annotation_part_add (PostilAnnotationPart *self,
                                     const PostilAnnotationEntry *entry,
                                     PostilAnnotationMatcher *matcher,
                                     GString *folded,
                                     guint *position);
gboolean postil_annotation_part_remove (PostilAnnotationPart *self,
                                        const PostilAnnotationEntry *entry,
                                        guint *position);
guint postil_annotation_part_skip_replaced (const PostilAnnotationPart *self,
                                            guint position,
                                            guint n_rows,
                                            const PostilAnnotationEntry *entry);
void postil_annotation_part_restart (PostilAnnotationPart *self);
gboolean postil_annotation_part_is_filtered (const PostilAnnotationPart *self);

guint postil_annotation_parts_count (const GPtrArray *parts, guint n_parts);
PostilAnnotation *postil_annotation_parts_get (const GPtrArray *parts,
                                               guint position,
                                               PostilDocument **document);
gboolean postil_annotation_parts_find (const GPtrArray *parts,
                                       PostilDocument *document,
                                       PostilAnnotation *annotation,
                                       guint *position);

G_END_DECLS
