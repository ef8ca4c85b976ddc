/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-codebook.h"
#include "postil-snapshot.h"
#include "postil-step.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_DOCUMENT (postil_document_get_type ())
G_DECLARE_FINAL_TYPE (PostilDocument, postil_document, POSTIL, DOCUMENT, GObject)

PostilDocument *postil_document_new (GFile *file, PostilSnapshot *snapshot);

GFile *postil_document_get_file (PostilDocument *self);
const char *postil_document_get_name (PostilDocument *self);
const char *postil_document_get_id (PostilDocument *self);
PostilText *postil_document_get_text (PostilDocument *self);
PostilAnnotationIndex *postil_document_get_annotations (PostilDocument *self);
PostilAnnotation *postil_document_get_annotation (PostilDocument *self, const char *id);
GPtrArray *postil_document_get_links (PostilDocument *self, const char *annotation);
GPtrArray *postil_document_get_annotators (PostilDocument *self);
PostilAnnotator *postil_document_get_annotator (PostilDocument *self, const char *id);
void postil_document_add_annotator (PostilDocument *self, PostilAnnotator *annotator);
guint postil_document_count_topic (PostilDocument *self, const char *topic);
GPtrArray *postil_document_get_topics_read (PostilDocument *self);
gboolean postil_document_carries_topic (PostilDocument *self, const char *topic);
void postil_document_carry_topic (PostilDocument *self, const char *topic);
guint64 postil_document_get_version (PostilDocument *self);

void postil_document_apply (PostilDocument *self, const PostilChange *changes, guint n_changes);
void postil_document_exchange (PostilDocument *self,
                               PostilText *text,
                               PostilAnnotationIndex *annotations);
PostilSnapshot *postil_document_snapshot (PostilDocument *self, PostilCodebook *codebook);
void postil_document_reread (PostilDocument *self, PostilSnapshot *snapshot);

G_END_DECLS
