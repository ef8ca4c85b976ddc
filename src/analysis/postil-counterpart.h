/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"

G_BEGIN_DECLS

GArray *postil_counterpart_find (const PostilAlignment *alignment,
                                 PostilText *a,
                                 PostilText *b,
                                 gboolean from_b,
                                 PostilSpan span);

G_END_DECLS
