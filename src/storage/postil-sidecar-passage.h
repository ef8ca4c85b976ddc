/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-reanchoring.h"
#include "postil-sidecar-object.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarPassage PostilSidecarPassage;

/**
 * PostilSidecarContext:
 * @text: (nullable): the text; without it passages stay as they are described
 * @source: what targets name when they mean the text, or %NULL
 * @former_source: what they named before, which was no IRI; foreign ones still do; or %NULL
 * @sha256: SHA-256 of the file that the sidecar's positions were made on, or %NULL
 * @trusted: whether the text is from just that file
 *
 * What an annotation of a sidecar is read against.
 */
typedef struct
{
  PostilText *text;
  const char *source;
  const char *former_source;
  const char *sha256;
  gboolean trusted;
} PostilSidecarContext;

PostilSidecarPassage *postil_sidecar_passage_new (PostilJsonScanner *scanner,
                                                  GArray *kept,
                                                  GStringChunk *strings);
void postil_sidecar_passage_free (PostilSidecarPassage *self);

void postil_sidecar_passage_reset (PostilSidecarPassage *self, const PostilSidecarContext *context);
void postil_sidecar_passage_read (PostilSidecarPassage *self, PostilSidecarObject *object);
gboolean postil_sidecar_passage_read_other (PostilSidecarPassage *self);
gboolean postil_sidecar_passage_is_same (PostilSidecarPassage *self, PostilSidecarPassage *other);
const char *postil_sidecar_passage_take_relation (PostilSidecarPassage *self);
PostilAnnotationKind postil_sidecar_passage_get_kind (PostilSidecarPassage *self);
gboolean postil_sidecar_passage_is_reshaped (PostilSidecarPassage *self);
guint postil_sidecar_passage_get_n_bad_positions (PostilSidecarPassage *self);
void postil_sidecar_passage_refuse_duplicate (PostilSidecarPassage *self);

gboolean postil_sidecar_passage_needs_place (PostilSidecarPassage *self,
                                             PostilPlacement *request,
                                             const char **sha256);
PostilAnchor *postil_sidecar_passage_build (PostilSidecarPassage *self,
                                            const PostilPlacement *answer,
                                            PostilAnnotationFields *fields);
PostilAnchor *postil_sidecar_passage_build_other (PostilSidecarPassage *self, const char **label);
void postil_sidecar_passage_name_kept (PostilSidecarPassage *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarPassage, postil_sidecar_passage_free)

G_END_DECLS
