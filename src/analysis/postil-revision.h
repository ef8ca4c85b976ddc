/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-aligner.h"

G_BEGIN_DECLS

/**
 * PostilRevision:
 * @pairs: (element-type PostilPair): the pairs as they were, of the texts as they were
 * @decisions: what a person had decided, of the texts as they were
 * @changes: (element-type PostilTextChange): what changed in each text since
 *
 * What an alignment that is made anew can keep. The texts are in the order of the aligner.
 */
typedef struct _PostilRevision
{
  GArray *pairs;
  PostilDecisions *decisions;
  GArray *changes[2];
} PostilRevision;

GArray *postil_revision_keep (const PostilRevision *self, PostilAligner *aligner);

G_END_DECLS
