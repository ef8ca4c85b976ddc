/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-document.h"

G_BEGIN_DECLS

char *postil_citation_format (PostilDocument *document, PostilSpan span);

G_END_DECLS
