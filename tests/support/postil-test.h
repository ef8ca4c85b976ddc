/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-workspace.h"

G_BEGIN_DECLS

/* What tests of all folders share. Time stands still and ids count, so that results can be
 * compared. */
const PostilEnvironment *postil_test_get_environment (void);
PostilWorkspace *postil_test_workspace_new (void);
PostilDocument *postil_test_document_new (const char *name, const char *utf8);
char *postil_test_annotate (PostilWorkspace *workspace,
                            PostilDocument *document,
                            guint start,
                            guint end,
                            const char *topic_path,
                            const char *note);
PostilSpan postil_test_find (PostilText *text, const char *words);
PostilSpan postil_test_find_in (PostilDocument *document, const char *words);
char *postil_test_find_shared (const char *path);
void postil_test_remove_all (const char *path);

G_END_DECLS
