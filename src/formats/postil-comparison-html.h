/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"

G_BEGIN_DECLS

char *postil_comparison_to_html (const PostilAlignment *alignment,
                                 PostilText *const texts[2],
                                 const char *const names[2],
                                 gboolean exact);

G_END_DECLS
