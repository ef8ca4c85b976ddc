/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-codebook.h"
#include "postil-document.h"

G_BEGIN_DECLS

char *postil_annotation_phrase_list (GPtrArray *annotations,
                                     PostilDocument *document,
                                     PostilCodebook *codebook,
                                     gboolean with_quotes);

G_END_DECLS
