/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-snapshot.h"
#include "postil-step.h"

G_BEGIN_DECLS

/**
 * PostilSaverRecord:
 * @before: what changed, as it was
 * @after: the same as it is now
 * @whole: whether both hold all that there is, also what did not change
 *
 * One change for the journal: partial snapshots with nothing but what changed.
 */
typedef struct
{
  PostilSnapshot *before;
  PostilSnapshot *after;
  gboolean whole;
} PostilSaverRecord;

PostilSaverRecord *postil_saver_record_new (GPtrArray *topics,
                                            PostilSnapshot *snapshot,
                                            const PostilChange *changes,
                                            guint n_changes);
PostilSaverRecord *postil_saver_record_new_whole (PostilSnapshot *before, PostilSnapshot *after);
void postil_saver_record_reduce (PostilSaverRecord *self);
void postil_saver_record_free (PostilSaverRecord *self);
gboolean postil_saver_record_is_small (const PostilSaverRecord *self);

G_END_DECLS
