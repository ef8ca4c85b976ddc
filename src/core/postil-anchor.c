/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchor.h"

/*
 * PostilAnchor: how a passage was described on an earlier text, a selector a range. An immutable,
 * reference-counted value; may be read in any thread. An annotation has one from when its text
 * changed until a person confirms its new place.
 */
struct _PostilAnchor
{
  PostilSelector *selectors;
  guint n_selectors;
  char *sha256;
  char *source;
};

G_DEFINE_BOXED_TYPE (PostilAnchor, postil_anchor, postil_anchor_ref, postil_anchor_unref)

static void
postil_anchor_clear (PostilAnchor *self)
{
  for (guint i = 0; i < self->n_selectors; i++)
    {
      g_free ((char *) self->selectors[i].exact);
      g_free ((char *) self->selectors[i].prefix);
      g_free ((char *) self->selectors[i].suffix);
    }
  g_free (self->selectors);
  g_free (self->sha256);
  g_free (self->source);
}

/**
 * postil_anchor_new:
 * @selectors: (array length=n_selectors): one a range, in the order of the ranges; copied
 * @n_selectors: how many
 * @sha256: (nullable): SHA-256 of the file that the positions were made on, in hexadecimal
 * @source: (nullable): the bytes that it was read from, to be written back untouched
 *
 * Returns: (transfer full): a new anchor
 */
PostilAnchor *
postil_anchor_new (const PostilSelector *selectors,
                   guint n_selectors,
                   const char *sha256,
                   const char *source)
{
  PostilAnchor *self = g_atomic_rc_box_new0 (PostilAnchor);

  self->selectors = g_new (PostilSelector, n_selectors);
  self->n_selectors = n_selectors;
  for (guint i = 0; i < n_selectors; i++)
    {
      self->selectors[i] = selectors[i];
      self->selectors[i].exact = g_strdup (selectors[i].exact);
      self->selectors[i].prefix = g_strdup (selectors[i].prefix);
      self->selectors[i].suffix = g_strdup (selectors[i].suffix);
    }
  self->sha256 = g_strdup (sha256);
  self->source = g_strdup (source);

  return self;
}

PostilAnchor *
postil_anchor_ref (PostilAnchor *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_anchor_unref (PostilAnchor *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_anchor_clear);
}

const PostilSelector *
postil_anchor_get_selectors (PostilAnchor *self, guint *n_selectors)
{
  g_return_val_if_fail (self != NULL && n_selectors != NULL, NULL);

  *n_selectors = self->n_selectors;
  return self->selectors;
}

const char *
postil_anchor_get_sha256 (PostilAnchor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sha256;
}

const char *
postil_anchor_get_source (PostilAnchor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->source;
}

/**
 * postil_anchor_get_place:
 * @self: an anchor
 *
 * Returns: where its first range began, in code points; %G_MAXUINT when it never had a position
 */
guint
postil_anchor_get_place (PostilAnchor *self)
{
  guint place = G_MAXUINT;

  g_return_val_if_fail (self != NULL, G_MAXUINT);

  for (guint i = 0; i < self->n_selectors; i++)
    if (self->selectors[i].has_position)
      place = MIN (place, self->selectors[i].position.start);

  return place;
}

/**
 * postil_anchor_dup_quote:
 * @self: an anchor
 *
 * Returns: (transfer full): the quotes of its ranges, joined by an ellipsis
 */
char *
postil_anchor_dup_quote (PostilAnchor *self)
{
  GString *quote = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, g_string_free (quote, FALSE));

  for (guint i = 0; i < self->n_selectors; i++)
    if (self->selectors[i].exact)
      {
        if (quote->len > 0)
          g_string_append (quote, " … ");
        g_string_append (quote, self->selectors[i].exact);
      }

  return g_string_free (quote, FALSE);
}

/**
 * postil_anchor_equal:
 * @a: (nullable): an anchor
 * @b: (nullable): another
 *
 * Returns: whether both describe the same in the same words
 */
gboolean
postil_anchor_equal (PostilAnchor *a, PostilAnchor *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL || a->n_selectors != b->n_selectors ||
      g_strcmp0 (a->sha256, b->sha256) != 0 || g_strcmp0 (a->source, b->source) != 0)
    return FALSE;

  for (guint i = 0; i < a->n_selectors; i++)
    {
      const PostilSelector *x = &a->selectors[i], *y = &b->selectors[i];

      if (x->has_position != y->has_position ||
          (x->has_position &&
           (x->position.start != y->position.start || x->position.end != y->position.end)) ||
          g_strcmp0 (x->exact, y->exact) != 0 || g_strcmp0 (x->prefix, y->prefix) != 0 ||
          g_strcmp0 (x->suffix, y->suffix) != 0)
        return FALSE;
    }

  return TRUE;
}
