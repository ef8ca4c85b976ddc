/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-document.h"

G_BEGIN_DECLS

char *postil_annotation_words_dup_quote (PostilDocument *document,
                                         PostilAnnotation *annotation,
                                         guint max_length);
char *postil_annotation_words_dup_place (PostilDocument *document,
                                         PostilAnnotation *annotation,
                                         gboolean with_name);
const char *postil_annotation_words_get_kind (PostilAnnotation *annotation);
const char *postil_annotation_words_get_status (PostilStatus status);
const char *postil_annotation_words_get_status_help (PostilStatus status);
char *postil_annotation_words_dup_one_line (const char *text);
char *postil_annotation_words_dup_date (gint64 seconds);
char *postil_annotation_words_dup_origin (PostilDocument *document,
                                          const char *annotator,
                                          gint64 seconds);

G_END_DECLS
