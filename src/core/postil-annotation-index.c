/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-index.h"

#include <stdlib.h>
#include <string.h>

#include "postil-annotation-map.h"

/* How many annotations ahead memory is asked for, and how much of each. */
#define N_AHEAD 8
#define N_LINES 3
#define CACHE_LINE 64

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
 * - The nodes are in the order of node_compare(): the first range of each annotation, its head, as
 *   postil_annotation_compare() orders the annotations; all ranges of passages by start.
 * - Only heads are counted.
 * - An annotation without a range has a head alone, which reaches nowhere, so no span touches it.
 *   Nor does one touch a link, which is not shown in the text.
 */
struct _PostilAnnotationIndex
{
  gatomicrefcount refs;
  struct _Node *root;
  PostilAnnotationMap *by_id;
  PostilAnnotationTally *tally;
};

typedef struct _Node
{
  int refs;
  guint8 height;
  guint8 kind;
  guint8 is_head;
  guint8 is_placed;
  struct _Node *left;
  struct _Node *right;
  PostilAnnotation *annotation;
  PostilSpan span;
  guint reach;
  guint n_heads;
} Node;

typedef gboolean (*NodeFunc) (const Node *node, gpointer data);

/* There may be a hundred thousand of them in a document. */
G_STATIC_ASSERT (sizeof (Node) <= 48);

/* An empty span is touched where it stands, as if it were one code point long. */
static guint
span_reach (PostilSpan span)
{
  return MAX (span.end, span.start + 1);
}

/* Number of nodes that @annotation has in the tree. */
static inline guint
count_nodes (PostilAnnotation *annotation)
{
  guint n_spans;

  postil_annotation_get_spans (annotation, &n_spans);
  return MAX (n_spans, 1);
}

/* Fills @node for the range number @range of @annotation; borrows the annotation. */
static void
node_fill (Node *node, PostilAnnotation *annotation, guint range)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);
  PostilSpan extent;

  *node = (Node){ .refs = 1, .height = 1, .annotation = annotation };
  node->kind = postil_annotation_get_kind (annotation);
  node->is_head = range == 0;
  node->n_heads = node->is_head;
  if (range < n_spans)
    {
      node->is_placed = node->kind != POSTIL_ANNOTATION_LINK;
      node->span = spans[range];
      node->reach = node->is_placed ? span_reach (node->span) : 0;
    }
  else
    {
      extent = postil_annotation_get_extent (annotation);
      node->span = (PostilSpan){ extent.start, extent.start };
    }
}

static Node *
node_new (PostilAnnotation *annotation, guint range)
{
  Node *node = g_slice_new (Node);

  node_fill (node, annotation, range);
  postil_annotation_ref (annotation);
  return node;
}

static Node *
node_ref (Node *node)
{
  if (node != NULL)
    g_atomic_int_inc (&node->refs);
  return node;
}

static void
node_unref (Node *node)
{
  if (node == NULL || !g_atomic_int_dec_and_test (&node->refs))
    return;

  node_unref (node->left);
  node_unref (node->right);
  postil_annotation_unref (node->annotation);
  g_slice_free (Node, node);
}

/* Turns a reference to @node into the only one: to itself where it is, else to a copy. */
static Node *
node_own (Node *node)
{
  Node *copy;

  if (g_atomic_int_get (&node->refs) == 1)
    return node;

  copy = g_slice_dup (Node, node);
  copy->refs = 1;
  node_ref (copy->left);
  node_ref (copy->right);
  postil_annotation_ref (copy->annotation);
  node_unref (node);
  return copy;
}

/* Where two ranges start together heads come first, so that non-heads never part two heads whose
 * order postil_annotation_compare() decides.
 */
static int
node_compare (const Node *a, const Node *b)
{
  int order;

  if (a->kind != b->kind)
    return postil_annotation_compare (a->annotation, b->annotation);
  if (a->span.start != b->span.start)
    return a->span.start < b->span.start ? -1 : 1;
  if (a->is_head != b->is_head)
    return a->is_head ? -1 : 1;
  order = postil_annotation_compare (a->annotation, b->annotation);
  if (order == 0 && !a->is_head && a->span.end != b->span.end)
    return a->span.end < b->span.end ? -1 : 1;
  return order;
}

static int
node_compare_cb (gconstpointer a, gconstpointer b)
{
  return node_compare (a, b);
}

static guint
node_height (const Node *node)
{
  return node != NULL ? node->height : 0;
}

static guint
node_n_heads (const Node *node)
{
  return node != NULL ? node->n_heads : 0;
}

static guint
node_reach (const Node *node)
{
  return node != NULL ? node->reach : 0;
}

/* Derives what @node knows of all below it from its children. */
static void
node_update (Node *node)
{
  guint own_reach = node->is_placed ? span_reach (node->span) : 0;

  node->height = 1 + MAX (node_height (node->left), node_height (node->right));
  node->n_heads = node->is_head + node_n_heads (node->left) + node_n_heads (node->right);
  node->reach = MAX (own_reach, MAX (node_reach (node->left), node_reach (node->right)));
}

/* The nodes that these four change are owned already, or become so; they return the new top. */
static Node *
node_rotate_right (Node *node)
{
  Node *top = node_own (node->left);

  node->left = top->right;
  top->right = node;
  node_update (node);
  node_update (top);
  return top;
}

static Node *
node_rotate_left (Node *node)
{
  Node *top = node_own (node->right);

  node->right = top->left;
  top->left = node;
  node_update (node);
  node_update (top);
  return top;
}

static Node *
node_balance (Node *node)
{
  int slope = (int) node_height (node->left) - (int) node_height (node->right);

  if (slope > 1)
    {
      if (node_height (node->left->left) < node_height (node->left->right))
        node->left = node_rotate_left (node_own (node->left));
      return node_rotate_right (node);
    }
  if (slope < -1)
    {
      if (node_height (node->right->right) < node_height (node->right->left))
        node->right = node_rotate_right (node_own (node->right));
      return node_rotate_left (node);
    }
  node_update (node);
  return node;
}

static Node *
node_insert (Node *node, Node *fresh)
{
  if (node == NULL)
    return fresh;

  node = node_own (node);
  if (node_compare (fresh, node) < 0)
    node->left = node_insert (node->left, fresh);
  else
    node->right = node_insert (node->right, fresh);
  return node_balance (node);
}

/* Parts the first node from the rest; returns the rest. */
static Node *
node_take_first (Node *node, Node **first)
{
  node = node_own (node);
  if (node->left == NULL)
    {
      *first = node;
      return g_steal_pointer (&node->right);
    }
  node->left = node_take_first (node->left, first);
  return node_balance (node);
}

static Node *
node_remove (Node *node, const Node *key)
{
  Node *rest, *first;
  int order;

  g_assert (node != NULL);

  node = node_own (node);
  order = node_compare (key, node);
  if (order < 0)
    node->left = node_remove (node->left, key);
  else if (order > 0)
    node->right = node_remove (node->right, key);
  else if (node->left == NULL || node->right == NULL)
    {
      rest = node_ref (node->left != NULL ? node->left : node->right);
      node_unref (node);
      return rest;
    }
  else
    {
      rest = node_take_first (g_steal_pointer (&node->right), &first);
      first->left = g_steal_pointer (&node->left);
      first->right = rest;
      node_unref (node);
      return node_balance (first);
    }
  return node_balance (node);
}

/* Makes a tree of sorted nodes, in O(n). In memory they keep their order, so that neighbours are
 * near. With @take the heads take over references to their annotations.
 */
static Node *
node_join (const Node *nodes, guint n_nodes, gboolean take)
{
  guint middle = n_nodes / 2;
  Node *left, *node;

  if (n_nodes == 0)
    return NULL;

  left = node_join (nodes, middle, take);
  node = g_slice_dup (Node, &nodes[middle]);
  if (!take || !node->is_head)
    postil_annotation_ref (node->annotation);
  node->left = left;
  node->right = node_join (nodes + middle + 1, n_nodes - middle - 1, take);
  node_update (node);
  return node;
}

/* Finds the head of @annotation; @n_before says how many heads come before it. */
static const Node *
node_find (const Node *node, PostilAnnotation *annotation, guint *n_before)
{
  Node key;

  node_fill (&key, annotation, 0);
  *n_before = 0;
  while (node != NULL)
    {
      int order = node_compare (&key, node);

      if (order >= 0)
        *n_before += node_n_heads (node->left);
      if (order == 0)
        return node;
      if (order > 0)
        *n_before += node->is_head;
      node = order < 0 ? node->left : node->right;
    }
  return NULL;
}

static gboolean
node_foreach (const Node *node, PostilAnnotationFunc func, gpointer data)
{
  for (; node != NULL; node = node->right)
    {
      if (!node_foreach (node->left, func, data))
        return G_SOURCE_REMOVE;
      if (node->is_head && !func (node->annotation, node->span, data))
        return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/* Calls @func for each node that @span touches, by start. Whatever is left of a node that starts
 * before the end of @span does so too; when it also reaches beyond the start, it is touched. So
 * nothing is visited in vain but the paths to what is found and the one to where it ends.
 */
static gboolean
node_foreach_in (const Node *node, PostilSpan span, NodeFunc func, gpointer data)
{
  for (; node_reach (node) > span.start; node = node->right)
    {
      if (!node_foreach_in (node->left, span, func, data))
        return G_SOURCE_REMOVE;
      if (node->kind == POSTIL_ANNOTATION_PASSAGE && node->span.start >= span_reach (span))
        return G_SOURCE_CONTINUE;
      if (node->is_placed && postil_span_touches (node->span, span) && !func (node, data))
        return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/* Where a walk through a tree is: what is still to come of it, the next on top, trees as a whole or
 * their roots alone.
 */
typedef struct
{
  struct
  {
    const Node *node;
    gboolean is_alone;
  } pending[2 * MAX_HEIGHT];
  guint n;
} Cursor;

static void
cursor_push (Cursor *self, const Node *node, gboolean is_alone)
{
  if (node == NULL)
    return;
  g_assert (self->n < G_N_ELEMENTS (self->pending));
  self->pending[self->n].node = node;
  self->pending[self->n].is_alone = is_alone;
  self->n++;
}

static const Node *
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
  const Node *node = self->pending[--self->n].node;

  cursor_push (self, node->right, FALSE);
  cursor_push (self, node, TRUE);
  cursor_push (self, node->left, FALSE);
}

static PostilAnnotationIndex *
index_new (Node *root, PostilAnnotationMap *by_id, PostilAnnotationTally *tally)
{
  PostilAnnotationIndex *self = g_slice_new (PostilAnnotationIndex);

  g_atomic_ref_count_init (&self->refs);
  self->root = root;
  self->by_id = by_id;
  self->tally = tally;
  return self;
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
      guint n_nodes = count_nodes (annotations[i]);

      /* They may lie anywhere in memory; to wait for each would take longer than all else. */
      if (i + N_AHEAD < n_annotations)
        for (guint line = 0; line < N_LINES; line++)
          __builtin_prefetch ((const char *) annotations[i + N_AHEAD] + line * CACHE_LINE);
      hashes[i] = postil_annotation_map_hash (postil_annotation_get_id (annotations[i]));
      for (guint range = 0; range < n_nodes; range++)
        {
          Node *node;

          g_array_set_size (nodes, nodes->len + 1);
          node = &g_array_index (nodes, Node, nodes->len - 1);
          node_fill (node, annotations[i], range);
          sorted = sorted && (nodes->len == 1 || node_compare (node - 1, node) <= 0);
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
  g_autoptr (GArray) nodes = g_array_sized_new (FALSE, FALSE, sizeof (Node), n_annotations);
  g_autofree guint64 *hashes = g_new (guint64, n_annotations);
  Mapping mapping = { annotations, hashes, n_annotations };
  PostilAnnotationIndex *self;
  GThread *thread = NULL;
  gboolean sorted = fill (nodes, annotations, hashes, n_annotations);

  if (n_annotations >= MANY)
    thread = g_thread_try_new ("postil-map", make_map, &mapping, NULL);
  if (!sorted)
    qsort (nodes->data, nodes->len, sizeof (Node), node_compare_cb);
  self = index_new (node_join ((const Node *) nodes->data, nodes->len, take), NULL,
                    postil_annotation_tally_new (annotations, hashes, n_annotations));
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
visit_cb (const Node *node, gpointer data)
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
list_cb (const Node *node, gpointer data)
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

/**
 * postil_annotation_index_unref:
 * @self: (transfer full): an index
 *
 * Releases a reference, in any thread.
 */
void
postil_annotation_index_unref (PostilAnnotationIndex *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  node_unref (self->root);
  postil_annotation_map_unref (self->by_id);
  postil_annotation_tally_unref (self->tally);
  g_slice_free (PostilAnnotationIndex, self);
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
  guint position;

  g_return_val_if_fail (self != NULL, NULL);

  if (before != NULL)
    {
      const Node *head = node_find (self->root, before, &position);

      g_return_val_if_fail (head != NULL, self);
      removed = postil_annotation_ref (head->annotation);
    }
  if (!g_atomic_ref_count_compare (&self->refs, 1))
    {
      PostilAnnotationIndex *copy =
        index_new (node_ref (self->root), postil_annotation_map_ref (self->by_id),
                   postil_annotation_tally_ref (self->tally));

      postil_annotation_index_unref (self);
      self = copy;
    }

  for (guint range = 0; removed != NULL && range < count_nodes (removed); range++)
    {
      Node key;

      node_fill (&key, removed, range);
      self->root = node_remove (self->root, &key);
    }
  for (guint range = 0; after != NULL && range < count_nodes (after); range++)
    self->root = node_insert (self->root, node_new (after, range));
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
 * postil_annotation_index_get_size:
 * @self: an index
 *
 * Returns: the number of annotations
 */
guint
postil_annotation_index_get_size (PostilAnnotationIndex *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return node_n_heads (self->root);
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
  const Node *node;
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
        n_shown += node_n_heads (node->left) + node->is_head;
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
  const Node *node;

  g_return_val_if_fail (self != NULL, NULL);

  node = self->root;
  while (node != NULL)
    {
      guint n_before = node_n_heads (node->left);

      if (position < n_before)
        {
          node = node->left;
          continue;
        }
      position -= n_before;
      if (node->is_head && position == 0)
        return node->annotation;
      position -= node->is_head;
      node = node->right;
    }
  return NULL;
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
  const Node *node;
  guint n_before;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (annotation != NULL, FALSE);

  node = node_find (self->root, annotation, &n_before);
  if (position != NULL)
    *position = n_before;
  return node != NULL;
}

/**
 * postil_annotation_index_foreach:
 * @self: an index
 * @func: (scope call): what to call
 * @data: passed to @func
 *
 * Calls @func for each annotation once, in reading order, with its first range; with an empty span
 * when it has none.
 */
void
postil_annotation_index_foreach (PostilAnnotationIndex *self,
                                 PostilAnnotationFunc func,
                                 gpointer data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  node_foreach (self->root, func, data);
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

  node_foreach_in (self->root, span, visit_cb, &visit);
}

/**
 * postil_annotation_index_foreach_difference:
 * @self: an index
 * @after: another
 * @func: (scope call): what to call
 * @data: passed to @func
 *
 * Calls @func for each annotation that is not the very same in both: with both, where they have one
 * id and one place, or else with %NULL in the place of the other. What the indexes share, because
 * one was made of the other, is not gone through: that takes O(k log n) for k of them, otherwise
 * O(n).
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
      const Node *a = cursor_peek (&ours), *b = cursor_peek (&theirs);
      guint a_height = cursor_height (&ours), b_height = cursor_height (&theirs);
      gboolean goes_on = TRUE;
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
        order = node_compare (a, b);
      if (order <= 0)
        ours.n--;
      if (order >= 0)
        theirs.n--;
      if (order < 0 && a->is_head)
        goes_on = func (a->annotation, NULL, data);
      else if (order > 0 && b->is_head)
        goes_on = func (NULL, b->annotation, data);
      else if (order == 0 && a->is_head && a->annotation != b->annotation)
        goes_on = func (a->annotation, b->annotation, data);
      if (!goes_on)
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
  node_foreach_in (self->root, span, list_cb, &listing);

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
