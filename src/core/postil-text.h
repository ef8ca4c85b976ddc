/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-span.h"

G_BEGIN_DECLS

/**
 * PostilTextOrigin:
 * @charset: what the file was decoded with, an IANA name such as "UTF-8"
 * @sha256: SHA-256 of the file's bytes in lower-case hexadecimal
 * @n_ill_formed: how many ill-formed parts became U+FFFD
 *
 * What is known of the file that a text was decoded from.
 */
typedef struct
{
  const char *charset;
  const char *sha256;
  guint n_ill_formed;
} PostilTextOrigin;

#define POSTIL_TYPE_TEXT (postil_text_get_type ())
typedef struct _PostilText PostilText;
GType postil_text_get_type (void);

/* Limit of a text in code points, so that every offset fits a GtkTextIter. */
#define POSTIL_TEXT_MAX_LENGTH (G_MAXINT / 2)

PostilText *postil_text_new (char *utf8, gsize n_bytes, const PostilTextOrigin *origin);
PostilText *postil_text_ref (PostilText *self);
void postil_text_unref (PostilText *self);

const char *postil_text_get_utf8 (PostilText *self, gsize *n_bytes);
guint postil_text_get_length (PostilText *self);
const char *postil_text_get_charset (PostilText *self);
const char *postil_text_get_sha256 (PostilText *self);
guint postil_text_get_n_ill_formed (PostilText *self);

gsize postil_text_get_byte (PostilText *self, guint offset);
guint postil_text_get_offset (PostilText *self, gsize byte);
char *postil_text_dup_range (PostilText *self, PostilSpan span);

guint postil_text_get_n_paragraphs (PostilText *self);
guint postil_text_get_paragraph_at (PostilText *self, guint offset);
PostilSpan postil_text_get_paragraph (PostilText *self, guint paragraph);

PostilSpan postil_text_snap_to_graphemes (PostilText *self, PostilSpan span);
PostilSpan postil_text_snap_to_words (PostilText *self, PostilSpan span);
void postil_text_compare (PostilText *a, PostilText *b, guint *before, guint *behind);
PostilSpan postil_text_add_context (PostilText *self, PostilSpan span, guint n);
void postil_text_get_context (PostilText *self, PostilSpan span, guint n, gsize bytes[4]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilText, postil_text_unref)

G_END_DECLS
