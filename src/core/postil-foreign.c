/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-foreign.h"

#include <string.h>

/*
 * PostilForeign: the members of a JSON object and of those inside it that Postil does not
 * interpret: those of one object together, in the order they came. An immutable, reference-counted
 * value; may be read in any thread. The model only carries it, the storage fills it and writes it
 * back.
 */
struct _PostilForeign
{
  GStringChunk *strings;
  PostilForeignMember *members;
  guint n_members;
};

G_DEFINE_BOXED_TYPE (PostilForeign, postil_foreign, postil_foreign_ref, postil_foreign_unref)

static void
postil_foreign_clear (PostilForeign *self)
{
  g_string_chunk_free (self->strings);
  g_free (self->members);
}

static int
compare_objects (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (((const PostilForeignMember *) a)->object,
                 ((const PostilForeignMember *) b)->object);
}

/**
 * postil_foreign_new:
 * @members: (array length=n_members): the members; copied
 * @n_members: how many, at least one
 *
 * Returns: (transfer full): a new value
 */
PostilForeign *
postil_foreign_new (const PostilForeignMember *members, guint n_members)
{
  PostilForeign *self;

  g_return_val_if_fail (members != NULL && n_members > 0, NULL);

  self = g_atomic_rc_box_new0 (PostilForeign);
  self->strings = g_string_chunk_new (64);
  self->members = g_new (PostilForeignMember, n_members);
  self->n_members = n_members;
  for (guint i = 0; i < n_members; i++)
    {
      const PostilForeignMember *from = &members[i];

      self->members[i] = (PostilForeignMember){
        .object = g_string_chunk_insert_const (self->strings, from->object),
        .after = g_string_chunk_insert_const (self->strings, from->after),
        .key = from->key ? g_string_chunk_insert_const (self->strings, from->key) : NULL,
        .value = g_string_chunk_insert_len (self->strings, from->value, from->n_value),
        .n_value = from->n_value,
      };
    }
  /* It is stable. */
  g_qsort_with_data (self->members, n_members, sizeof *self->members, compare_objects, NULL);

  return self;
}

PostilForeign *
postil_foreign_ref (PostilForeign *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_foreign_unref (PostilForeign *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_foreign_clear);
}

/**
 * postil_foreign_get_members:
 * @self: (nullable): a value, or %NULL for none
 * @n_members: (out): how many
 *
 * Returns: (transfer none) (array length=n_members): the members, those of one object in the order
 * they came
 */
const PostilForeignMember *
postil_foreign_get_members (PostilForeign *self, guint *n_members)
{
  g_return_val_if_fail (n_members != NULL, NULL);

  *n_members = self ? self->n_members : 0;
  return self ? self->members : NULL;
}

/**
 * postil_foreign_get_part:
 * @self: (nullable): a value, or %NULL for none
 * @object: an object
 * @n_members: (out): how many
 *
 * Finds them in a time that hardly grows with the members of other objects, as there may be
 * thousands of both.
 *
 * Returns: (transfer none) (array length=n_members): the members of @object, in the order they came
 */
const PostilForeignMember *
postil_foreign_get_part (PostilForeign *self, const char *object, guint *n_members)
{
  guint start = 0, end = self ? self->n_members : 0;

  g_return_val_if_fail (object != NULL && n_members != NULL, NULL);

  *n_members = 0;
  while (start < end)
    {
      guint middle = start + (end - start) / 2;

      if (strcmp (self->members[middle].object, object) < 0)
        start = middle + 1;
      else
        end = middle;
    }
  while (self && start + *n_members < self->n_members &&
         strcmp (self->members[start + *n_members].object, object) == 0)
    ++*n_members;
  return *n_members > 0 ? &self->members[start] : NULL;
}

/**
 * postil_foreign_find:
 * @self: (nullable): a value, or %NULL for none
 * @object: the object that it belongs to
 * @key: its key
 *
 * Returns: (transfer none) (nullable): the first member with that key
 */
const PostilForeignMember *
postil_foreign_find (PostilForeign *self, const char *object, const char *key)
{
  const PostilForeignMember *members;
  guint n_members;

  g_return_val_if_fail (object != NULL && key != NULL, NULL);

  members = postil_foreign_get_part (self, object, &n_members);
  for (guint i = 0; i < n_members; i++)
    if (g_strcmp0 (members[i].key, key) == 0)
      return &members[i];

  return NULL;
}

/**
 * postil_foreign_without:
 * @self: (nullable): a value, or %NULL for none
 * @object: the object that the member belongs to
 * @key: its key
 *
 * Returns: (transfer full) (nullable): @self less that member; %NULL when nothing is left
 */
PostilForeign *
postil_foreign_without (PostilForeign *self, const char *object, const char *key)
{
  g_autofree PostilForeignMember *left = NULL;
  guint n_left = 0;

  g_return_val_if_fail (object != NULL && key != NULL, NULL);

  if (postil_foreign_find (self, object, key) == NULL)
    return self ? postil_foreign_ref (self) : NULL;

  left = g_new (PostilForeignMember, self->n_members);
  for (guint i = 0; i < self->n_members; i++)
    if (g_strcmp0 (self->members[i].key, key) != 0 || strcmp (self->members[i].object, object) != 0)
      left[n_left++] = self->members[i];

  return n_left > 0 ? postil_foreign_new (left, n_left) : NULL;
}

/**
 * postil_foreign_equal:
 * @a: (nullable): a value
 * @b: (nullable): another
 *
 * Returns: whether both hold the same members in the same order
 */
gboolean
postil_foreign_equal (PostilForeign *a, PostilForeign *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL || a->n_members != b->n_members)
    return FALSE;

  for (guint i = 0; i < a->n_members; i++)
    {
      const PostilForeignMember *x = &a->members[i];
      const PostilForeignMember *y = &b->members[i];

      if (x->n_value != y->n_value || memcmp (x->value, y->value, x->n_value) != 0 ||
          strcmp (x->object, y->object) != 0 || strcmp (x->after, y->after) != 0 ||
          g_strcmp0 (x->key, y->key) != 0)
        return FALSE;
    }

  return TRUE;
}
