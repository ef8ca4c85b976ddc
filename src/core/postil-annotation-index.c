/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-index.h"

#include <stdlib.h>
#include <string.h>

#include "postil-annotation-map.h"
#include "postil-annotation-node.h"
#include "postil-free.h"

/* How many annotations ahead memory is asked for, and how much of each. */
#define N_AHEAD 8
#define N_LINES 3
#define CACHE_LINE 64

/* So many levels of a tree that no other index shares are taken for all of it. */
#define N_OWN_LEVELS 4

/* No tree of as many nodes as memory has room for is higher. */
#define MAX_HEIGHT 64

/* From how many annotations on a second thread saves more than it costs. */
#define MANY 10000

/*
 * PostilAnnotationIndex: the annotations of a document in reading order, found by number, by place
 * and by id, and counted by topic. It is a value: a reference to it is a snapshot that any thread
 * may read and that never changes. Whoever holds the only reference changes it in place; otherwise
 * a change copies the path to what it changes and shares the rest with the snapshots.
 *
 * Within it is an AVL tree with a node for each range. Each node knows how many annotations are in
 * the tree below it, so that the nth is found in O(log n), and how far their ranges reach, so that
 * what touches a span is found without looking at the rest (Cormen et al., Introduction to
 * Algorithms, "Augmenting Data Structures"). These always hold:
 *
 * - The nodes are in the order of postil_annotation_node_compare(): the first range of each
 *   annotation, its head, as postil_annotation_compare() orders the annotations; all ranges of
 *   passages by start.
 * - Only heads are counted.
 * - An annotation without a range has a head alone, which reaches nowhere, so no span touches it.
 *   Nor does one touch a link, which is not shown in the text.
 *
 * A sorted index holds annotations of any documents in another order, each once and no links, and
 * neither finds them by id or by place nor counts them by topic.
 */
struct _PostilAnnotationIndex
{
  gatomicrefcount refs;
  PostilAnnotationNode *root;
  PostilAnnotationMap *by_id;
  /* NULL when it is sorted. */
  PostilAnnotationTally *tally;
};

static int
compare_nodes (gconstpointer a, gconstpointer b)
{
  return postil_annotation_node_compare (a, b);
}

/* Where a walk through a tree is: what is still to come of it, the next on top, trees as a whole or
 * their roots alone.
 */
typedef struct
{
  struct
  {
    const PostilAnnotationNode *node;
    gboolean is_alone;
  } pending[2 * MAX_HEIGHT];
  guint n;
} Cursor;

static void
cursor_push (Cursor *self, const PostilAnnotationNode *node, gboolean is_alone)
{
  if (node == NULL)
    return;
  g_assert (self->n < G_N_ELEMENTS (self->pending));
  self->pending[self->n].node = node;
  self->pending[self->n].is_alone = is_alone;
  self->n++;
}

static const PostilAnnotationNode *
cursor_peek (const Cursor *self)
{
  return self->n > 0 ? self->pending[self->n - 1].node : NULL;
}

/* The height of the tree that comes next; 0 when it is a node alone, or nothing. */
static guint
cursor_height (const Cursor *self)
{
  return self->n > 0 && !self->pending[self->n - 1].is_alone ? cursor_peek (self)->height : 0;
}

static void
cursor_open (Cursor *self)
{
  const PostilAnnotationNode *node = self->pending[--self->n].node;

  cursor_push (self, node->right, FALSE);
  cursor_push (self, node, TRUE);
  cursor_push (self, node->left, FALSE);
}

static PostilAnnotationIndex *
index_new (PostilAnnotationNode *root, PostilAnnotationMap *by_id, PostilAnnotationTally *tally)
{
  PostilAnnotationIndex *self = g_slice_new (PostilAnnotationIndex);

  g_atomic_ref_count_init (&self->refs);
  self->root = root;
  self->by_id = by_id;
  self->tally = tally;
  return self;
}

static gboolean
is_sorted (PostilAnnotationIndex *self)
{
  return self->tally == NULL;
}

/* Turns a reference to an index into the only one: to itself where it is, else to a copy. */
static PostilAnnotationIndex *
own (PostilAnnotationIndex *self)
{
  PostilAnnotationIndex *copy;

  if (g_atomic_ref_count_compare (&self->refs, 1))
    return self;

  copy =
    index_new (postil_annotation_node_ref (self->root), postil_annotation_map_ref (self->by_id),
               is_sorted (self) ? NULL : postil_annotation_tally_ref (self->tally));
  postil_annotation_index_unref (self);
  return copy;
}

/* Finds the nth head. */
static const PostilAnnotationNode *
get_head (PostilAnnotationIndex *self, guint position)
{
  const PostilAnnotationNode *node = self->root;

  while (node != NULL)
    {
      guint n_before = postil_annotation_node_get_n_heads (node->left);

      if (position < n_before)
        {
          node = node->left;
          continue;
        }
      position -= n_before;
      if (node->is_head && position == 0)
        return node;
      position -= node->is_head;
      node = node->right;
    }
  return NULL;
}

/* Fills the nodes of all @annotations, and the hashes of their ids. Returns whether they are in
 * order.
 */
static gboolean
fill (GArray *nodes, PostilAnnotation *const *annotations, guint64 *hashes, guint n_annotations)
{
  gboolean sorted = TRUE;

  for (guint i = 0; i < n_annotations; i++)
    {
      guint n_nodes = postil_annotation_node_count (annotations[i]);

      /* They may lie anywhere in memory; to wait for each would take longer than all else. */
      if (i + N_AHEAD < n_annotations)
        for (guint line = 0; line < N_LINES; line++)
          __builtin_prefetch ((const char *) annotations[i + N_AHEAD] + line * CACHE_LINE);
      hashes[i] = postil_annotation_map_hash (postil_annotation_get_id (annotations[i]));
      for (guint range = 0; range < n_nodes; range++)
        {
          PostilAnnotationNode *node;

          g_array_set_size (nodes, nodes->len + 1);
          node = &g_array_index (nodes, PostilAnnotationNode, nodes->len - 1);
          postil_annotation_node_fill (node, annotations[i], range);
          sorted =
            sorted && (nodes->len == 1 || postil_annotation_node_compare (node - 1, node) <= 0);
        }
    }
  return sorted;
}

/* What the map is made of, maybe in a thread of its own. */
typedef struct
{
  PostilAnnotation *const *annotations;
  const guint64 *hashes;
  guint n_annotations;
  gboolean distinct;
} Mapping;

static gpointer
make_map (gpointer data)
{
  Mapping *self = data;

  return postil_annotation_map_new (self->annotations, self->hashes, self->n_annotations,
                                    &self->distinct);
}

static PostilAnnotationIndex *
build (PostilAnnotation *const *annotations, guint n_annotations, gboolean take, gboolean *distinct)
{
  g_autoptr (GArray) nodes =
    g_array_sized_new (FALSE, FALSE, sizeof (PostilAnnotationNode), n_annotations);
  g_autofree guint64 *hashes = g_new (guint64, n_annotations);
  Mapping mapping = { annotations, hashes, n_annotations };
  PostilAnnotationIndex *self;
  GThread *thread = NULL;
  gboolean sorted = fill (nodes, annotations, hashes, n_annotations);

  if (n_annotations >= MANY)
    thread = g_thread_try_new ("postil-map", make_map, &mapping, NULL);
  if (!sorted)
    qsort (nodes->data, nodes->len, sizeof (PostilAnnotationNode), compare_nodes);
  self = index_new (
    postil_annotation_node_join ((const PostilAnnotationNode *) nodes->data, nodes->len, take),
    NULL, postil_annotation_tally_new (annotations, hashes, n_annotations));
  self->by_id = thread != NULL ? g_thread_join (thread) : make_map (&mapping);
  *distinct = mapping.distinct;
  return self;
}

typedef struct
{
  PostilAnnotationFunc func;
  gpointer data;
} Visit;

static gboolean
visit_cb (const PostilAnnotationNode *node, gpointer data)
{
  Visit *visit = data;

  return visit->func (node->annotation, node->span, visit->data);
}

typedef struct
{
  GPtrArray *annotations;
  gboolean in_order;
} Listing;

static gboolean
list_cb (const PostilAnnotationNode *node, gpointer data)
{
  Listing *listing = data;

  g_ptr_array_add (listing->annotations, postil_annotation_ref (node->annotation));
  listing->in_order &= node->is_head;
  return G_SOURCE_CONTINUE;
}

static int
compare_pointed (gconstpointer a, gconstpointer b)
{
  return postil_annotation_compare (*(PostilAnnotation *const *) a, *(PostilAnnotation *const *) b);
}

/**
 * postil_annotation_index_new:
 * @annotations: (array length=n_annotations): annotations in any order, no two with one id
 * @n_annotations: how many
 *
 * Makes an index of many annotations at once, in O(n) when they come in reading order, else in
 * O(n log n).
 *
 * Returns: (transfer full): an index
 */
PostilAnnotationIndex *
postil_annotation_index_new (PostilAnnotation *const *annotations, guint n_annotations)
{
  gboolean distinct;

  g_return_val_if_fail (annotations != NULL || n_annotations == 0, NULL);

  return build (annotations, n_annotations, FALSE, &distinct);
}

/**
 * postil_annotation_index_new_take:
 * @annotations: (element-type PostilAnnotation): annotations in any order; empty then, unless %NULL
 * is returned
 *
 * Does as postil_annotation_index_new(), but for annotations that may share ids.
 *
 * Returns: (transfer full) (nullable): an index; %NULL where two ids are alike, or so much so that
 *   they have to be compared
 */
PostilAnnotationIndex *
postil_annotation_index_new_take (GPtrArray *annotations)
{
  PostilAnnotationIndex *self;
  gboolean distinct;

  g_return_val_if_fail (annotations != NULL, NULL);

  self = build ((PostilAnnotation *const *) annotations->pdata, annotations->len, TRUE, &distinct);
  if (distinct)
    {
      g_free (g_ptr_array_steal (annotations, NULL));
      return self;
    }
  for (guint i = 0; i < annotations->len; i++)
    postil_annotation_ref (annotations->pdata[i]);
  postil_annotation_index_unref (self);
  return NULL;
}

/**
 * postil_annotation_index_new_sorted:
 * @entries: (array length=n_entries): what it is to hold, in the order of
 * postil_annotation_entry_compare()
 * @n_entries: how many
 *
 * Makes a sorted index, in O(n); may be called in any thread.
 *
 * Returns: (transfer full): an index
 */
PostilAnnotationIndex *
postil_annotation_index_new_sorted (const PostilAnnotationEntry *entries, guint n_entries)
{
  g_autofree PostilAnnotationNode *nodes = g_new (PostilAnnotationNode, n_entries);

  g_return_val_if_fail (entries != NULL || n_entries == 0, NULL);

  for (guint i = 0; i < n_entries; i++)
    postil_annotation_node_fill_sorted (&nodes[i], &entries[i]);
  return index_new (postil_annotation_node_join (nodes, n_entries, FALSE), NULL, NULL);
}

/**
 * postil_annotation_index_ref:
 * @self: an index
 *
 * Takes a snapshot in O(1): the reference stays as it is now, whatever becomes of the document.
 *
 * Returns: (transfer full): @self
 */
PostilAnnotationIndex *
postil_annotation_index_ref (PostilAnnotationIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
free_index (gpointer data)
{
  PostilAnnotationIndex *self = data;

  postil_annotation_node_unref (self->root);
  postil_annotation_map_unref (self->by_id);
  if (!is_sorted (self))
    postil_annotation_tally_unref (self->tally);
  g_slice_free (PostilAnnotationIndex, self);
}

/**
 * postil_annotation_index_unref:
 * @self: (transfer full): an index
 *
 * Releases a reference, in any thread; with the last one to very many annotations these go in a
 * thread of their own, as nobody waits for that.
 */
void
postil_annotation_index_unref (PostilAnnotationIndex *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  if (postil_annotation_node_get_n_heads (self->root) >= MANY &&
      postil_annotation_node_is_own (self->root, N_OWN_LEVELS))
    postil_free_in_thread (self, free_index);
  else
    free_index (self);
}

/**
 * postil_annotation_index_replace:
 * @self: (transfer full): an index; the caller's reference is used up
 * @before: (nullable): an annotation that is in @self, or %NULL to add @after
 * @after: (nullable): what takes its place, or %NULL to remove @before; its id is not yet in @self,
 * unless it is that of @before
 *
 * Changes one annotation, in O(log n) for each of its ranges. Other references to @self stay as
 * they are. Written `index = postil_annotation_index_replace (index, before, after)`.
 *
 * Returns: (transfer full): the index after the change
 */
PostilAnnotationIndex *
postil_annotation_index_replace (PostilAnnotationIndex *self,
                                 PostilAnnotation *before,
                                 PostilAnnotation *after)
{
  g_autoptr (PostilAnnotation) removed = NULL;
  PostilAnnotationNode node;
  guint position;

  g_return_val_if_fail (self != NULL && !is_sorted (self), NULL);

  if (before != NULL)
    {
      const PostilAnnotationNode *head;

      postil_annotation_node_fill (&node, before, 0);
      head = postil_annotation_node_find (self->root, &node, &position);
      g_return_val_if_fail (head != NULL, self);
      removed = postil_annotation_ref (head->annotation);
    }
  self = own (self);

  for (guint range = 0; removed != NULL && range < postil_annotation_node_count (removed); range++)
    {
      postil_annotation_node_fill (&node, removed, range);
      self->root = postil_annotation_node_remove (self->root, &node);
    }
  for (guint range = 0; after != NULL && range < postil_annotation_node_count (after); range++)
    {
      postil_annotation_node_fill (&node, after, range);
      self->root = postil_annotation_node_insert (self->root, postil_annotation_node_new (&node));
    }
  /* The map borrows; what replaces another of the same id also replaces it there. */
  if (removed != NULL && (after == NULL || strcmp (postil_annotation_get_id (removed),
                                                   postil_annotation_get_id (after)) != 0))
    self->by_id = postil_annotation_map_remove (self->by_id, postil_annotation_get_id (removed));
  if (after != NULL)
    self->by_id = postil_annotation_map_insert (self->by_id, after);
  self->tally = postil_annotation_tally_change (self->tally, removed, after);
  return self;
}

/**
 * postil_annotation_index_replace_entry:
 * @self: (transfer full): an index, which may be a sorted one; the caller's reference is used up
 * @before: (nullable): an entry that is in @self, or %NULL to add @after
 * @after: (nullable): what takes its place, or %NULL to remove @before
 *
 * Does as postil_annotation_index_replace().
 *
 * Returns: (transfer full): the index after the change
 */
PostilAnnotationIndex *
postil_annotation_index_replace_entry (PostilAnnotationIndex *self,
                                       const PostilAnnotationEntry *before,
                                       const PostilAnnotationEntry *after)
{
  PostilAnnotationNode node;

  g_return_val_if_fail (self != NULL, NULL);

  if (!is_sorted (self))
    return postil_annotation_index_replace (self, before != NULL ? before->annotation : NULL,
                                            after != NULL ? after->annotation : NULL);
  self = own (self);
  if (before != NULL)
    {
      postil_annotation_node_fill_sorted (&node, before);
      self->root = postil_annotation_node_remove (self->root, &node);
    }
  if (after != NULL)
    {
      postil_annotation_node_fill_sorted (&node, after);
      self->root = postil_annotation_node_insert (self->root, postil_annotation_node_new (&node));
    }
  return self;
}

/**
 * postil_annotation_index_get_size:
 * @self: an index
 *
 * Returns: the number of annotations
 */
guint
postil_annotation_index_get_size (PostilAnnotationIndex *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return postil_annotation_node_get_n_heads (self->root);
}

/**
 * postil_annotation_index_get_n_shown:
 * @self: an index
 *
 * Returns: the number of annotations that are no links, in O(log n); the links come after them
 */
guint
postil_annotation_index_get_n_shown (PostilAnnotationIndex *self)
{
  const PostilAnnotationNode *node;
  guint n_shown = 0;

  g_return_val_if_fail (self != NULL, 0);

  node = self->root;
  while (node != NULL)
    if (node->kind == POSTIL_ANNOTATION_LINK)
      {
        node = node->left;
      }
    else
      {
        n_shown += postil_annotation_node_get_n_heads (node->left) + node->is_head;
        node = node->right;
      }
  return n_shown;
}

/**
 * postil_annotation_index_get:
 * @self: an index
 * @position: a place in reading order, from 0
 *
 * Gets the nth annotation, in O(log n).
 *
 * Returns: (transfer none) (nullable): the annotation, or %NULL if there are no more than @position
 */
PostilAnnotation *
postil_annotation_index_get (PostilAnnotationIndex *self, guint position)
{
  const PostilAnnotationNode *node;

  g_return_val_if_fail (self != NULL, NULL);

  node = get_head (self, position);
  return node != NULL ? node->annotation : NULL;
}

/**
 * postil_annotation_index_get_entry:
 * @self: an index, which may be a sorted one
 * @position: a place in its order, from 0
 * @entry: (out caller-allocates): the nth; the annotation is borrowed
 *
 * Does as postil_annotation_index_get().
 *
 * Returns: whether there are more than @position
 */
gboolean
postil_annotation_index_get_entry (PostilAnnotationIndex *self,
                                   guint position,
                                   PostilAnnotationEntry *entry)
{
  const PostilAnnotationNode *node;

  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  node = get_head (self, position);
  if (node == NULL)
    return FALSE;
  *entry = (PostilAnnotationEntry){ .annotation = node->annotation };
  if (is_sorted (self))
    {
      entry->key = node->span.start;
      entry->document = node->span.end;
    }
  return TRUE;
}

/**
 * postil_annotation_index_get_tally:
 * @self: an index
 *
 * Returns: (transfer none): how many annotations have which topic, and are to be reviewed
 */
PostilAnnotationTally *
postil_annotation_index_get_tally (PostilAnnotationIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->tally;
}

/**
 * postil_annotation_index_lookup:
 * @self: an index
 * @id: id of an annotation
 *
 * Returns: (transfer none) (nullable): that annotation
 */
PostilAnnotation *
postil_annotation_index_lookup (PostilAnnotationIndex *self, const char *id)
{
  g_return_val_if_fail (self != NULL, NULL);

  return postil_annotation_map_lookup (self->by_id, id);
}

/**
 * postil_annotation_index_find:
 * @self: an index
 * @annotation: an annotation
 * @position: (out) (optional): its place in reading order, from 0
 *
 * Looks for an annotation with the id and the place of @annotation, in O(log n).
 *
 * Returns: whether there is one; if not, @position says where it would come
 */
gboolean
postil_annotation_index_find (PostilAnnotationIndex *self,
                              PostilAnnotation *annotation,
                              guint *position)
{
  guint n_before;
  gboolean found;

  g_return_val_if_fail (self != NULL && !is_sorted (self), FALSE);
  g_return_val_if_fail (annotation != NULL, FALSE);

  found = postil_annotation_index_find_entry (
    self, &(PostilAnnotationEntry){ .annotation = annotation }, &n_before);
  if (position != NULL)
    *position = n_before;
  return found;
}

/**
 * postil_annotation_index_find_entry:
 * @self: an index, which may be a sorted one
 * @entry: an entry
 * @position: (out): its place in the order, from 0
 *
 * Does as postil_annotation_index_find().
 *
 * Returns: whether there is one; if not, @position says where it would come
 */
gboolean
postil_annotation_index_find_entry (PostilAnnotationIndex *self,
                                    const PostilAnnotationEntry *entry,
                                    guint *position)
{
  PostilAnnotationNode key;

  g_return_val_if_fail (self != NULL && entry != NULL && position != NULL, FALSE);

  if (is_sorted (self))
    postil_annotation_node_fill_sorted (&key, entry);
  else
    postil_annotation_node_fill (&key, entry->annotation, 0);
  return postil_annotation_node_find (self->root, &key, position) != NULL;
}

/**
 * postil_annotation_index_foreach:
 * @self: an index
 * @func: (scope call): what to call
 * @data: passed to @func
 *
 * Calls @func for each annotation once, in reading order, with its first range; with an empty span
 * when it has none. In a sorted index the span has the key and the document of its entry.
 */
void
postil_annotation_index_foreach (PostilAnnotationIndex *self,
                                 PostilAnnotationFunc func,
                                 gpointer data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  postil_annotation_node_foreach (self->root, func, data);
}

/**
 * postil_annotation_index_foreach_in:
 * @self: an index
 * @span: a part of the text, in code points
 * @func: (scope call): what to call
 * @data: passed to @func
 *
 * Calls @func for each range that touches @span (see postil_span_touches()), in the order of their
 * starts, in O(log n + k) for k of them. An annotation may be met several times, once a range; a
 * link is not met.
 */
void
postil_annotation_index_foreach_in (PostilAnnotationIndex *self,
                                    PostilSpan span,
                                    PostilAnnotationFunc func,
                                    gpointer data)
{
  Visit visit = { func, data };

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  postil_annotation_node_foreach_in (self->root, span, visit_cb, &visit);
}

/* Tells what stands at one place in two indexes, or in one of them. An annotation that stands
 * elsewhere in the other is met there, too.
 */
static gboolean
tell_difference (PostilAnnotationIndex *self,
                 PostilAnnotationIndex *other,
                 const PostilAnnotationNode *a,
                 const PostilAnnotationNode *b,
                 PostilAnnotationDifferenceFunc func,
                 gpointer data)
{
  PostilAnnotation *before = a != NULL ? a->annotation : NULL;
  PostilAnnotation *after = b != NULL ? b->annotation : NULL;

  if (before == after || !(a != NULL ? a : b)->is_head)
    return G_SOURCE_CONTINUE;
  if (after == NULL && postil_annotation_index_lookup (other, postil_annotation_get_id (before)))
    return G_SOURCE_CONTINUE;
  if (before == NULL)
    before = postil_annotation_index_lookup (self, postil_annotation_get_id (after));
  if (before != NULL && after != NULL && postil_annotation_equal (before, after))
    return G_SOURCE_CONTINUE;
  return func (before, after, data);
}

/**
 * postil_annotation_index_foreach_difference:
 * @self: an index
 * @after: another
 * @func: (scope call): what to call
 * @data: passed to @func
 *
 * Calls @func for each id of which the annotations are not equal in both, or only in one, in the
 * order of @after, or of @self where they are gone. What the indexes share, because one was made of
 * the other, is not gone through: that takes O(k log n) for k of them, otherwise O(n).
 */
void
postil_annotation_index_foreach_difference (PostilAnnotationIndex *self,
                                            PostilAnnotationIndex *after,
                                            PostilAnnotationDifferenceFunc func,
                                            gpointer data)
{
  Cursor ours = { .n = 0 }, theirs = { .n = 0 };

  g_return_if_fail (self != NULL && after != NULL);
  g_return_if_fail (func != NULL);

  cursor_push (&ours, self->root, FALSE);
  cursor_push (&theirs, after->root, FALSE);
  while (ours.n > 0 || theirs.n > 0)
    {
      const PostilAnnotationNode *a = cursor_peek (&ours), *b = cursor_peek (&theirs);
      guint a_height = cursor_height (&ours), b_height = cursor_height (&theirs);
      int order;

      if (a == b && a_height == b_height)
        {
          ours.n--;
          theirs.n--;
          continue;
        }
      if (a_height > 0 || b_height > 0)
        {
          cursor_open (a_height >= b_height ? &ours : &theirs);
          continue;
        }
      if (a == NULL || b == NULL)
        order = a == NULL ? 1 : -1;
      else if (a->is_head && b->is_head && a->annotation == b->annotation)
        order = 0;
      else
        order = postil_annotation_node_compare (a, b);
      if (order <= 0)
        ours.n--;
      if (order >= 0)
        theirs.n--;
      if (!tell_difference (self, after, order <= 0 ? a : NULL, order >= 0 ? b : NULL, func, data))
        return;
    }
}

/**
 * postil_annotation_index_list_in:
 * @self: an index
 * @span: a part of the text, in code points
 *
 * Lists the annotations of which a range touches @span, each once, in reading order.
 *
 * Returns: (transfer full) (element-type PostilAnnotation): the annotations
 */
GPtrArray *
postil_annotation_index_list_in (PostilAnnotationIndex *self, PostilSpan span)
{
  g_autoptr (GPtrArray) annotations = NULL;
  Listing listing;

  g_return_val_if_fail (self != NULL, NULL);

  annotations = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  listing = (Listing){ annotations, TRUE };
  postil_annotation_node_foreach_in (self->root, span, list_cb, &listing);

  /* Later ranges come among the heads of other annotations and after the head of their own. */
  if (!listing.in_order)
    {
      g_autoptr (GPtrArray) met = g_steal_pointer (&annotations);

      g_ptr_array_sort (met, compare_pointed);
      annotations = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
      for (guint i = 0; i < met->len; i++)
        if (i == 0 || met->pdata[i] != met->pdata[i - 1])
          g_ptr_array_add (annotations, postil_annotation_ref (met->pdata[i]));
    }
  return g_steal_pointer (&annotations);
}

/**
 * postil_annotation_entry_compare:
 * @a: an entry
 * @b: another
 *
 * Orders entries by their keys, then by their documents, then as postil_annotation_compare() does.
 *
 * Returns: negative, 0 or positive, as strcmp() does
 */
int
postil_annotation_entry_compare (const PostilAnnotationEntry *a, const PostilAnnotationEntry *b)
{
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  if (a->document != b->document)
    return a->document < b->document ? -1 : 1;
  return postil_annotation_compare (a->annotation, b->annotation);
}
