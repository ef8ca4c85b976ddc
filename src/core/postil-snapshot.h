/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-index.h"
#include "postil-annotator.h"
#include "postil-foreign.h"
#include "postil-text.h"
#include "postil-topic.h"

G_BEGIN_DECLS

/**
 * PostilSnapshot:
 * @id: IRI of the text, what annotations have as the source of their target
 * @collection: IRI of the annotations' collection
 * @label: name of the document
 * @language: BCP 47 tag of the text's language, or %NULL
 * @text: the text; %NULL for a codebook
 * @annotations: all annotations of the document
 * @annotators: (element-type PostilAnnotator): who made them, in the order of the sidecar
 * @topics: (element-type PostilTopic): the topics that the sidecar carries, in the codebook's order
 * @foreign: what another program put beside them, or %NULL
 *
 * All that a sidecar holds, at one moment: what the reader makes, what a document starts from, what
 * the writer writes. Never changes once made; may be read in any thread.
 */
typedef struct
{
  char *id;
  char *collection;
  char *label;
  char *language;
  PostilText *text;
  PostilAnnotationIndex *annotations;
  GPtrArray *annotators;
  GPtrArray *topics;
  PostilForeign *foreign;
} PostilSnapshot;

#define POSTIL_TYPE_SNAPSHOT (postil_snapshot_get_type ())
GType postil_snapshot_get_type (void);

PostilSnapshot *postil_snapshot_new (const PostilSnapshot *fields);
PostilSnapshot *postil_snapshot_share (PostilSnapshot *self, PostilSnapshot *like);
PostilSnapshot *postil_snapshot_ref (PostilSnapshot *self);
void postil_snapshot_unref (PostilSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSnapshot, postil_snapshot_unref)

G_END_DECLS
