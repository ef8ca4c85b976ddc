/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-span.h"
#include "postil-text.h"

G_BEGIN_DECLS

/* How much text a selector has before and after its quote, in code points. */
#define POSTIL_ANCHOR_CONTEXT 32

/**
 * PostilSelector:
 * @has_position: whether @position is given
 * @position: the place, in code points of the text that it was made on
 * @exact: the quoted passage, or %NULL
 * @prefix: what stood before it, or %NULL
 * @suffix: what stood after it, or %NULL
 *
 * How one range of a passage was described: the TextPositionSelector and TextQuoteSelector of the
 * W3C Web Annotation Data Model (4.2.4, 4.2.5).
 */
typedef struct
{
  gboolean has_position;
  PostilSpan position;
  const char *exact;
  const char *prefix;
  const char *suffix;
} PostilSelector;

#define POSTIL_TYPE_ANCHOR (postil_anchor_get_type ())
typedef struct _PostilAnchor PostilAnchor;
GType postil_anchor_get_type (void);

PostilAnchor *postil_anchor_new (const PostilSelector *selectors,
                                 guint n_selectors,
                                 const char *sha256,
                                 const char *source);
PostilAnchor *postil_anchor_new_for_spans (PostilText *text,
                                           const PostilSpan *spans,
                                           guint n_spans);
PostilAnchor *postil_anchor_ref (PostilAnchor *self);
void postil_anchor_unref (PostilAnchor *self);

const PostilSelector *postil_anchor_get_selectors (PostilAnchor *self, guint *n_selectors);
const char *postil_anchor_get_sha256 (PostilAnchor *self);
const char *postil_anchor_get_source (PostilAnchor *self);
guint postil_anchor_get_place (PostilAnchor *self);
char *postil_anchor_dup_quote (PostilAnchor *self);
gboolean postil_anchor_equal (PostilAnchor *a, PostilAnchor *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnchor, postil_anchor_unref)

G_END_DECLS
