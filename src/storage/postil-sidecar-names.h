/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotator.h"
#include "postil-json-scanner.h"
#include "postil-topic.h"

G_BEGIN_DECLS

typedef struct _PostilSidecarNames PostilSidecarNames;

PostilSidecarNames *postil_sidecar_names_new (PostilJsonScanner *scanner);
PostilSidecarNames *postil_sidecar_names_new_sealed (PostilJsonScanner *scanner,
                                                     const PostilSidecarNames *known);
void postil_sidecar_names_free (PostilSidecarNames *self);

gboolean postil_sidecar_names_read_person (PostilSidecarNames *self);
gboolean postil_sidecar_names_read_topic (PostilSidecarNames *self);
const char *postil_sidecar_names_resolve_person (PostilSidecarNames *self,
                                                 const PostilJsonSlice *value,
                                                 gboolean *exact);
const char *postil_sidecar_names_resolve_topic (PostilSidecarNames *self,
                                                const PostilJsonSlice *value,
                                                gboolean *exact);
const char *postil_sidecar_names_find_topic (PostilSidecarNames *self, const char *id);
const char *postil_sidecar_names_ensure_label (PostilSidecarNames *self, const char *label);

GPtrArray *postil_sidecar_names_get_annotators (PostilSidecarNames *self);
GPtrArray *postil_sidecar_names_get_topics (PostilSidecarNames *self);
GPtrArray *postil_sidecar_cut_circles (GPtrArray *topics);
guint postil_sidecar_names_get_n_duplicates (PostilSidecarNames *self);
guint postil_sidecar_names_get_n_undefined (PostilSidecarNames *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilSidecarNames, postil_sidecar_names_free)

G_END_DECLS
