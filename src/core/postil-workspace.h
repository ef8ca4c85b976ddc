/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "postil-annotator.h"
#include "postil-codebook.h"
#include "postil-document.h"
#include "postil-environment.h"
#include "postil-history.h"
#include "postil-preparation.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_WORKSPACE (postil_workspace_get_type ())
G_DECLARE_FINAL_TYPE (PostilWorkspace, postil_workspace, POSTIL, WORKSPACE, GObject)

PostilWorkspace *postil_workspace_new (const PostilEnvironment *environment,
                                       PostilAnnotator *annotator);

const PostilEnvironment *postil_workspace_get_environment (PostilWorkspace *self);
PostilAnnotator *postil_workspace_get_annotator (PostilWorkspace *self);
void postil_workspace_set_annotator (PostilWorkspace *self, PostilAnnotator *annotator);
PostilCodebook *postil_workspace_get_codebook (PostilWorkspace *self);
PostilHistory *postil_workspace_get_history (PostilWorkspace *self);
GFile *postil_workspace_get_folder (PostilWorkspace *self);
void postil_workspace_set_folder (PostilWorkspace *self, GFile *folder);

GListModel *postil_workspace_get_documents (PostilWorkspace *self);
void postil_workspace_add_document (PostilWorkspace *self, PostilDocument *document);
void postil_workspace_remove_document (PostilWorkspace *self, PostilDocument *document);
PostilDocument *postil_workspace_find_document (PostilWorkspace *self, GFile *file);
guint postil_workspace_count_topic (PostilWorkspace *self, const char *topic);

void postil_workspace_commit (PostilWorkspace *self, PostilStep *step, const char *merge_key);
void postil_workspace_prepare (PostilWorkspace *self,
                               PostilStep *step,
                               guint n_annotations,
                               PostilStepFunc compose,
                               PostilStepFunc commit,
                               gpointer data,
                               GDestroyNotify free_data);
gboolean postil_workspace_is_preparing (PostilWorkspace *self);
gboolean postil_workspace_settle (PostilWorkspace *self);
void postil_workspace_undo (PostilWorkspace *self);
void postil_workspace_redo (PostilWorkspace *self);

G_END_DECLS
