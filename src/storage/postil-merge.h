/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-snapshot.h"

G_BEGIN_DECLS

PostilSnapshot *postil_merge (PostilSnapshot *base,
                              PostilSnapshot *ours,
                              PostilSnapshot *theirs,
                              guint *n_conflicts);
void postil_merge_into (PostilSnapshot *base, PostilSnapshot **ours, PostilSnapshot *theirs);

G_END_DECLS
