/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotator.h"
#include "postil-topic.h"

G_BEGIN_DECLS

GPtrArray *postil_merge_topics (GPtrArray *const *lists,
                                GHashTable *const *used,
                                guint *n_conflicts);
GPtrArray *postil_merge_annotators (GPtrArray *const *lists, GHashTable *const *used);

G_END_DECLS
