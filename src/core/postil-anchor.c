/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchor.h"

#include <string.h>

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

/**
 * postil_anchor_new_for_spans:
 * @text: a text
 * @spans: (array length=n_spans): ranges of it, in code points
 * @n_spans: how many
 *
 * Returns: (transfer full): how those ranges are described: each by its position, its quote and
 * what stands around that
 */
PostilAnchor *
postil_anchor_new_for_spans (PostilText *text, const PostilSpan *spans, guint n_spans)
{
  PostilAnchor *self;

  g_return_val_if_fail (text != NULL && (spans != NULL || n_spans == 0), NULL);

  self = g_atomic_rc_box_new0 (PostilAnchor);
  self->selectors = g_new0 (PostilSelector, n_spans);
  self->n_selectors = n_spans;
  self->sha256 = g_strdup (postil_text_get_sha256 (text));
  for (guint i = 0; i < n_spans; i++)
    {
      PostilSpan context = postil_text_add_context (text, spans[i], POSTIL_ANCHOR_CONTEXT);
      PostilSelector *selector = &self->selectors[i];

      selector->has_position = TRUE;
      selector->position = spans[i];
      selector->exact = postil_text_dup_range (text, spans[i]);
      if (context.start < spans[i].start)
        selector->prefix =
          postil_text_dup_range (text, (PostilSpan){ context.start, spans[i].start });
      if (context.end > spans[i].end)
        selector->suffix = postil_text_dup_range (text, (PostilSpan){ spans[i].end, context.end });
    }

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
      g_strcmp0 (a->sha256, b->sha256) != 0)
    return FALSE;
  /* What has none yet gets one when it is written, from all that is compared here. */
  if (a->source && b->source && strcmp (a->source, b->source) != 0)
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
