/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-link.h"

/*
 * PostilLink: what an annotation that is a link says beside its own passage: the passage of another
 * document, described so that it can be found without that document's sidecar. An immutable,
 * reference-counted value; may be read in any thread.
 */
struct _PostilLink
{
  PostilLinkKind kind;
  PostilAnchor *passage;
  char *label;
  char *from;
  char *to;
};

G_DEFINE_BOXED_TYPE (PostilLink, postil_link, postil_link_ref, postil_link_unref)

static void
postil_link_clear (PostilLink *self)
{
  postil_anchor_unref (self->passage);
  g_free (self->label);
  g_free (self->from);
  g_free (self->to);
}

/**
 * postil_link_new:
 * @kind: what it says
 * @passage: the passage of the other document; its source is the IRI of that text
 * @label: (nullable): name of the other document
 * @from: (nullable): id of the annotation of that passage, when two annotations are linked
 * @to: (nullable): id of the annotation of this document that it is linked with
 *
 * Returns: (transfer full): a new link
 */
PostilLink *
postil_link_new (PostilLinkKind kind,
                 PostilAnchor *passage,
                 const char *label,
                 const char *from,
                 const char *to)
{
  PostilLink *self;

  g_return_val_if_fail (passage != NULL, NULL);

  self = g_atomic_rc_box_new0 (PostilLink);
  self->kind = kind;
  self->passage = postil_anchor_ref (passage);
  self->label = g_strdup (label);
  self->from = g_strdup (from);
  self->to = g_strdup (to);

  return self;
}

PostilLink *
postil_link_ref (PostilLink *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_link_unref (PostilLink *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_link_clear);
}

PostilLinkKind
postil_link_get_kind (PostilLink *self)
{
  g_return_val_if_fail (self != NULL, POSTIL_LINK_PLAIN);

  return self->kind;
}

/**
 * postil_link_get_passage:
 * @self: a link
 *
 * Returns: (transfer none): the passage of the other document
 */
PostilAnchor *
postil_link_get_passage (PostilLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->passage;
}

/**
 * postil_link_get_label:
 * @self: a link
 *
 * Returns: (nullable): name of the other document
 */
const char *
postil_link_get_label (PostilLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->label;
}

/**
 * postil_link_get_from:
 * @self: a link
 *
 * Returns: (nullable): id of the annotation of the other document that is linked
 */
const char *
postil_link_get_from (PostilLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->from;
}

/**
 * postil_link_get_to:
 * @self: a link
 *
 * Returns: (nullable): id of the annotation of this document that is linked
 */
const char *
postil_link_get_to (PostilLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->to;
}

/**
 * postil_link_equal:
 * @a: (nullable): a link
 * @b: (nullable): another
 *
 * Returns: whether both hold the same
 */
gboolean
postil_link_equal (PostilLink *a, PostilLink *b)
{
  if (a == b)
    return TRUE;
  return a != NULL && b != NULL && a->kind == b->kind &&
         postil_anchor_equal (a->passage, b->passage) && g_strcmp0 (a->label, b->label) == 0 &&
         g_strcmp0 (a->from, b->from) == 0 && g_strcmp0 (a->to, b->to) == 0;
}
