/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-anchor.h"

G_BEGIN_DECLS

/**
 * PostilLinkKind:
 * @POSTIL_LINK_PLAIN: the two passages belong together
 * @POSTIL_LINK_PAIRED: a person decided that they are a pair
 * @POSTIL_LINK_DISMISSED: a person decided that they are none
 *
 * What a link says of its two passages.
 */
typedef enum
{
  POSTIL_LINK_PLAIN,
  POSTIL_LINK_PAIRED,
  POSTIL_LINK_DISMISSED
} PostilLinkKind;

#define POSTIL_TYPE_LINK (postil_link_get_type ())
typedef struct _PostilLink PostilLink;
GType postil_link_get_type (void);

PostilLink *postil_link_new (PostilLinkKind kind,
                             PostilAnchor *passage,
                             const char *label,
                             const char *from,
                             const char *to);
PostilLink *postil_link_ref (PostilLink *self);
void postil_link_unref (PostilLink *self);

PostilLinkKind postil_link_get_kind (PostilLink *self);
PostilAnchor *postil_link_get_passage (PostilLink *self);
const char *postil_link_get_label (PostilLink *self);
const char *postil_link_get_from (PostilLink *self);
const char *postil_link_get_to (PostilLink *self);
gboolean postil_link_equal (PostilLink *a, PostilLink *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilLink, postil_link_unref)

G_END_DECLS
