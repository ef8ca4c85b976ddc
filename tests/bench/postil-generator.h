/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-snapshot.h"

G_BEGIN_DECLS

char *postil_generator_text (gsize n_bytes, guint32 seed);
char *postil_generator_paragraph (gsize n_bytes, guint32 seed);
char *postil_generator_lines (guint n_lines, guint32 seed);
PostilSnapshot *postil_generator_snapshot_of_spans (PostilText *text,
                                                    guint n_annotations,
                                                    guint max_span,
                                                    guint32 seed);
PostilSnapshot *postil_generator_snapshot_of_heaps (PostilText *text,
                                                    guint n_annotations,
                                                    guint32 seed);
PostilSnapshot *postil_generator_snapshot (PostilText *text, guint n_annotations, guint32 seed);

guint postil_generator_get_argument (int argc, char **argv, int index, guint fallback);

G_END_DECLS
