/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-text.h"

G_BEGIN_DECLS

/**
 * PostilUtf8Slice:
 * @bytes: valid UTF-8, not terminated
 * @n_bytes: how many
 *
 * A part of a string that somebody else owns, passed by value.
 */
typedef struct
{
  const char *bytes;
  gsize n_bytes;
} PostilUtf8Slice;

PostilUtf8Slice postil_utf8_slice_new (const char *string);
PostilUtf8Slice postil_utf8_slice_of_text (PostilText *text);
PostilUtf8Slice postil_utf8_slice_keep_end (PostilUtf8Slice self, guint n_code_points);
PostilUtf8Slice postil_utf8_slice_keep_start (PostilUtf8Slice self, guint n_code_points);

const char *postil_utf8_slice_skip_blanks (const char *p, const char *end);
const char *postil_utf8_slice_match_forward (PostilUtf8Slice self,
                                             const char *text,
                                             const char *text_end);
gboolean postil_utf8_slice_matches_backward (PostilUtf8Slice self,
                                             const char *text_start,
                                             const char *text);

G_END_DECLS
