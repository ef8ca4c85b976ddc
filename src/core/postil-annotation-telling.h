/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-list.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationTelling:
 * @now: (element-type PostilAnnotationPart): what is listed
 * @then: (element-type PostilAnnotationPart): what was
 * @n_told: how many rows of @now are told
 * @n_left: how many rows of @then are told to be gone
 *
 * What a #PostilAnnotationList has while it announces that very many rows changed: the first of
 * @now and behind them the last of @then.
 */
typedef struct
{
  const GPtrArray *now;
  const GPtrArray *then;
  guint n_told;
  guint n_left;
} PostilAnnotationTelling;

guint postil_annotation_telling_count (const PostilAnnotationTelling *self);
PostilAnnotation *postil_annotation_telling_get (const PostilAnnotationTelling *self,
                                                 guint position,
                                                 PostilDocument **document);
gboolean postil_annotation_telling_find (const PostilAnnotationTelling *self,
                                         PostilDocument *document,
                                         PostilAnnotation *annotation,
                                         guint *position);
void postil_annotation_telling_run (PostilAnnotationTelling *self,
                                    PostilAnnotationList *list,
                                    guint n_same_first,
                                    guint n_same_last,
                                    GHashTable *rows,
                                    const PostilAnnotationSight *sight);

G_END_DECLS
