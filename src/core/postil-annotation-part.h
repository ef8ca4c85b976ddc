/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-list.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationPart:
 * @document: a document
 * @handler: where the list listens to it
 * @next: (nullable): its index once what waits is announced
 * @now: what is listed
 * @then: what is not told yet to be gone; without an index when all is told
 * @n_told: how many rows of @now are told
 * @n_left: how many rows of @then are told to be gone
 * @n_scanned: how many annotations the present filter has seen
 * @n_fresh: how many matches it found among them
 * @earlier: indexes that the matches after the fresh ones may be of
 *
 * What a document has in a #PostilAnnotationList, which says how they hang together.
 */
typedef struct
{
  PostilDocument *document;
  gulong handler;
  PostilAnnotationIndex *next;
  PostilAnnotationRows now;
  PostilAnnotationRows then;
  guint n_told;
  guint n_left;
  guint n_scanned;
  guint n_fresh;
  GPtrArray *earlier;
} PostilAnnotationPart;

PostilAnnotationPart *postil_annotation_part_new (PostilDocument *document, gboolean filtered);
void postil_annotation_part_free (PostilAnnotationPart *self);

gboolean postil_annotation_part_hides (PostilAnnotation *annotation);
guint postil_annotation_part_count (const PostilAnnotationPart *self);
PostilAnnotation *postil_annotation_part_get (const PostilAnnotationPart *self, guint position);
gboolean postil_annotation_part_find (const PostilAnnotationPart *self,
                                      PostilAnnotation *annotation,
                                      guint *position);
gboolean postil_annotation_part_remove (PostilAnnotationPart *self,
                                        PostilAnnotation *annotation,
                                        guint *position);
void postil_annotation_part_restart (PostilAnnotationPart *self);
gboolean postil_annotation_part_is_filtered (const PostilAnnotationPart *self);
void postil_annotation_part_tell (PostilAnnotationPart *self,
                                  PostilAnnotationList *list,
                                  guint offset,
                                  PostilAnnotationRows then,
                                  guint n_same_first,
                                  guint n_same_last,
                                  GHashTable *rows,
                                  const PostilAnnotationSight *sight);

G_END_DECLS
