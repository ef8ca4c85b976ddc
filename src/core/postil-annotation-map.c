/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-map.h"

#include <string.h>

/* Each level of the trie takes so many bits of the hash; so many levels, then another hash. */
#define N_BITS 5
#define N_LEVELS 12

/*
 * PostilAnnotationMap: annotations by their ids. Owned by an index of annotations, which holds
 * those that it borrows. It is a value as the index is: a reference to it is a snapshot; whoever
 * holds the only one changes it in place, otherwise a change copies the path to what it changes.
 * NULL is the empty map.
 *
 * Each node of the trie has a slot for each value of its bits of the hash that occurs, in the order
 * of these values: a branch where several annotations have it, otherwise the annotation (Bagwell,
 * Ideal Hash Trees, 2001; Steindorfer and Vinju, Optimizing Hash-Array Mapped Tries, 2015).
 */
struct _PostilAnnotationMap
{
  int refs;
  guint32 branches;
  guint32 leaves;
  gpointer slots[];
};

static gsize
get_node_size (guint n_slots)
{
  return sizeof (PostilAnnotationMap) + n_slots * sizeof (gpointer);
}

static guint
count_slots (const PostilAnnotationMap *self)
{
  return __builtin_popcount (self->branches | self->leaves);
}

static guint
get_position (const PostilAnnotationMap *self, guint32 bit)
{
  return __builtin_popcount ((self->branches | self->leaves) & (bit - 1));
}

/* Multiplication by odd numbers with high halves folded down, eight bytes at a time. */
static guint64
hash_id (const char *id, guint seed)
{
  gsize length = strlen (id);
  guint64 hash = (seed + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + length;

  for (gsize at = 0; at < length; at += sizeof (guint64))
    {
      guint64 part = 0;

      memcpy (&part, id + at, MIN (length - at, sizeof part));
      hash = (hash ^ part) * G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
      hash ^= hash >> 32;
    }
  return hash * G_GUINT64_CONSTANT (0xd6e8feb86659fd93) ^ hash >> 29;
}

/* Goes down a level: which bit of a node at @level stands for @id. @hash is kept from one level to
 * the next.
 */
static guint32
get_bit (const char *id, guint level, guint64 *hash)
{
  if (level % N_LEVELS == 0)
    *hash = hash_id (id, level / N_LEVELS);
  return (guint32) 1 << ((*hash >> (level % N_LEVELS * N_BITS)) & ((1 << N_BITS) - 1));
}

/* The hash as get_bit() has left it above @level. */
static guint64
get_hash_above (const char *id, guint level)
{
  return level % N_LEVELS == 0 ? 0 : hash_id (id, level / N_LEVELS);
}

static PostilAnnotationMap *
node_new (guint32 branches, guint32 leaves)
{
  PostilAnnotationMap *self =
    g_slice_alloc (get_node_size (__builtin_popcount (branches | leaves)));

  self->refs = 1;
  self->branches = branches;
  self->leaves = leaves;
  return self;
}

/* Gives each branch that @self shares with its copy a reference more. */
static void
ref_branches (PostilAnnotationMap *self)
{
  for (guint32 left = self->branches; left != 0; left &= left - 1)
    postil_annotation_map_ref (self->slots[get_position (self, left & -left)]);
}

/* Uses up a reference to @self, the slots of which @copy has now. */
static void
move_to (PostilAnnotationMap *self, PostilAnnotationMap *copy)
{
  if (g_atomic_int_get (&self->refs) == 1)
    {
      g_slice_free1 (get_node_size (count_slots (self)), self);
      return;
    }
  ref_branches (self);
  postil_annotation_map_unref (self);
}

/* Turns a reference to @self into the only one. */
static PostilAnnotationMap *
own (PostilAnnotationMap *self)
{
  PostilAnnotationMap *copy;

  if (g_atomic_int_get (&self->refs) == 1)
    return self;
  copy = g_slice_copy (get_node_size (count_slots (self)), self);
  copy->refs = 1;
  move_to (self, copy);
  return copy;
}

static PostilAnnotationMap *
add_leaf (PostilAnnotationMap *self, guint32 bit, PostilAnnotation *annotation)
{
  guint n = count_slots (self), position = get_position (self, bit);
  PostilAnnotationMap *grown = node_new (self->branches, self->leaves | bit);

  memcpy (grown->slots, self->slots, position * sizeof (gpointer));
  grown->slots[position] = annotation;
  memcpy (grown->slots + position + 1, self->slots + position, (n - position) * sizeof (gpointer));
  move_to (self, grown);
  return grown;
}

/* Takes the slot of @bit, which is of no use any more, out of a node that is owned. Returns NULL
 * when nothing is left.
 */
static PostilAnnotationMap *
remove_slot (PostilAnnotationMap *self, guint32 bit)
{
  guint n = count_slots (self), position = get_position (self, bit);
  PostilAnnotationMap *shrunk = NULL;

  if (n > 1)
    {
      shrunk = node_new (self->branches & ~bit, self->leaves & ~bit);
      memcpy (shrunk->slots, self->slots, position * sizeof (gpointer));
      memcpy (shrunk->slots + position, self->slots + position + 1,
              (n - position - 1) * sizeof (gpointer));
    }
  g_slice_free1 (get_node_size (n), self);
  return shrunk;
}

static PostilAnnotationMap *
insert (PostilAnnotationMap *self, guint level, guint64 hash, PostilAnnotation *annotation)
{
  const char *id = postil_annotation_get_id (annotation);
  guint32 bit = get_bit (id, level, &hash);
  guint position;

  if (self == NULL)
    {
      self = node_new (0, bit);
      self->slots[0] = annotation;
      return self;
    }
  if (((self->branches | self->leaves) & bit) == 0)
    return add_leaf (self, bit, annotation);

  self = own (self);
  position = get_position (self, bit);
  if (self->branches & bit)
    self->slots[position] = insert (self->slots[position], level + 1, hash, annotation);
  else
    {
      PostilAnnotation *present = self->slots[position];
      const char *other = postil_annotation_get_id (present);
      PostilAnnotationMap *below;

      self->slots[position] = annotation;
      if (strcmp (other, id) == 0)
        return self;
      below = insert (NULL, level + 1, get_hash_above (other, level + 1), present);
      self->slots[position] = insert (below, level + 1, hash, annotation);
      self->leaves ^= bit;
      self->branches ^= bit;
    }
  return self;
}

/* @id is there. */
static PostilAnnotationMap *
remove_present (PostilAnnotationMap *self, guint level, guint64 hash, const char *id)
{
  guint32 bit = get_bit (id, level, &hash);
  PostilAnnotationMap *below;
  guint position;

  self = own (self);
  if (self->leaves & bit)
    return remove_slot (self, bit);

  position = get_position (self, bit);
  below = remove_present (self->slots[position], level + 1, hash, id);
  self->slots[position] = below;
  if (below == NULL)
    return remove_slot (self, bit);
  /* What is alone needs no branch. */
  if (below->branches == 0 && count_slots (below) == 1)
    {
      self->slots[position] = below->slots[0];
      self->branches ^= bit;
      self->leaves ^= bit;
      postil_annotation_map_unref (below);
    }
  return self;
}

typedef struct
{
  guint64 hash;
  PostilAnnotation *annotation;
} Entry;

/* Makes a node of @entries, which differ in their hashes from @level on; both arrays are used up.
 * Where they do not differ, @distinct becomes %FALSE.
 */
static PostilAnnotationMap *
join (Entry *entries, Entry *scratch, guint n, guint level, gboolean *distinct)
{
  guint ends[1 << N_BITS] = { 0 }, shift = level * N_BITS, first = 0, position = 0;
  guint32 branches = 0, leaves = 0;
  PostilAnnotationMap *self = NULL;

  if (level == N_LEVELS)
    {
      *distinct = FALSE;
      for (guint i = 0; i < n; i++)
        self = insert (self, level, 0, entries[i].annotation);
      return self;
    }
  for (guint i = 0; i < n; i++)
    ends[(entries[i].hash >> shift) & (G_N_ELEMENTS (ends) - 1)]++;
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      guint count = ends[i];

      ends[i] = first;
      first += count;
      if (count == 1)
        leaves |= (guint32) 1 << i;
      else if (count > 1)
        branches |= (guint32) 1 << i;
    }
  for (guint i = 0; i < n; i++)
    scratch[ends[(entries[i].hash >> shift) & (G_N_ELEMENTS (ends) - 1)]++] = entries[i];

  self = node_new (branches, leaves);
  first = 0;
  for (guint i = 0; i < G_N_ELEMENTS (ends); first = ends[i++])
    if (ends[i] - first == 1)
      self->slots[position++] = scratch[first].annotation;
    else if (ends[i] > first)
      self->slots[position++] =
        join (scratch + first, entries + first, ends[i] - first, level + 1, distinct);
  return self;
}

/**
 * postil_annotation_map_hash:
 * @id: id of an annotation
 *
 * Returns: a number that tells it from others
 */
guint64
postil_annotation_map_hash (const char *id)
{
  g_return_val_if_fail (id != NULL, 0);

  return hash_id (id, 0);
}

/**
 * postil_annotation_map_new:
 * @annotations: (array length=n_annotations): annotations
 * @hashes: (array length=n_annotations): what postil_annotation_map_hash() makes of their ids
 * @n_annotations: how many
 * @distinct: (out): whether no two hashes are alike, so that for sure no two ids are
 *
 * Makes a map of many annotations at once, in O(n), of equal ones with one of each.
 *
 * Returns: (transfer full) (nullable): the map
 */
PostilAnnotationMap *
postil_annotation_map_new (PostilAnnotation *const *annotations,
                           const guint64 *hashes,
                           guint n_annotations,
                           gboolean *distinct)
{
  g_autofree Entry *entries = g_new (Entry, n_annotations);
  g_autofree Entry *scratch = g_new (Entry, n_annotations);

  g_return_val_if_fail ((annotations != NULL && hashes != NULL) || n_annotations == 0, NULL);

  *distinct = TRUE;
  for (guint i = 0; i < n_annotations; i++)
    entries[i] = (Entry){ hashes[i], annotations[i] };
  return n_annotations > 0 ? join (entries, scratch, n_annotations, 0, distinct) : NULL;
}

/**
 * postil_annotation_map_ref:
 * @self: (nullable): a map
 *
 * Takes a snapshot in O(1).
 *
 * Returns: (transfer full) (nullable): @self
 */
PostilAnnotationMap *
postil_annotation_map_ref (PostilAnnotationMap *self)
{
  if (self != NULL)
    g_atomic_int_inc (&self->refs);
  return self;
}

/**
 * postil_annotation_map_unref:
 * @self: (transfer full) (nullable): a map
 *
 * Releases a reference, in any thread.
 */
void
postil_annotation_map_unref (PostilAnnotationMap *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->refs))
    return;

  for (guint32 left = self->branches; left != 0; left &= left - 1)
    postil_annotation_map_unref (self->slots[get_position (self, left & -left)]);
  g_slice_free1 (get_node_size (count_slots (self)), self);
}

/**
 * postil_annotation_map_lookup:
 * @self: (nullable): a map
 * @id: id of an annotation
 *
 * Returns: (transfer none) (nullable): that annotation
 */
PostilAnnotation *
postil_annotation_map_lookup (const PostilAnnotationMap *self, const char *id)
{
  guint64 hash = 0;

  g_return_val_if_fail (id != NULL, NULL);

  for (guint level = 0; self != NULL; level++)
    {
      guint32 bit = get_bit (id, level, &hash);
      gpointer slot;

      if (((self->branches | self->leaves) & bit) == 0)
        return NULL;
      slot = self->slots[get_position (self, bit)];
      if (self->leaves & bit)
        return strcmp (postil_annotation_get_id (slot), id) == 0 ? slot : NULL;
      self = slot;
    }
  return NULL;
}

/**
 * postil_annotation_map_insert:
 * @self: (transfer full) (nullable): a map; the caller's reference is used up
 * @annotation: (transfer none): an annotation; it replaces one with its id
 *
 * Returns: (transfer full): the map with it
 */
PostilAnnotationMap *
postil_annotation_map_insert (PostilAnnotationMap *self, PostilAnnotation *annotation)
{
  g_return_val_if_fail (annotation != NULL, self);

  return insert (self, 0, 0, annotation);
}

/**
 * postil_annotation_map_remove:
 * @self: (transfer full) (nullable): a map; the caller's reference is used up
 * @id: id of an annotation
 *
 * Returns: (transfer full) (nullable): the map without it
 */
PostilAnnotationMap *
postil_annotation_map_remove (PostilAnnotationMap *self, const char *id)
{
  g_return_val_if_fail (id != NULL, self);

  return postil_annotation_map_lookup (self, id) != NULL ? remove_present (self, 0, 0, id) : self;
}
