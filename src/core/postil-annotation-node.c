/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-annotation-node.h"

/* There may be a hundred thousand of them in a document. */
G_STATIC_ASSERT (sizeof (PostilAnnotationNode) <= 48);

/* An empty span is touched where it stands, as if it were one code point long. */
static guint
span_reach (PostilSpan span)
{
  return MAX (span.end, span.start + 1);
}

/* Turns a reference to @node into the only one: to itself where it is, else to a copy. */
static PostilAnnotationNode *
node_own (PostilAnnotationNode *node)
{
  PostilAnnotationNode *copy;

  if (g_atomic_int_get (&node->refs) == 1)
    return node;

  copy = g_slice_dup (PostilAnnotationNode, node);
  copy->refs = 1;
  postil_annotation_node_ref (copy->left);
  postil_annotation_node_ref (copy->right);
  postil_annotation_ref (copy->annotation);
  postil_annotation_node_unref (node);
  return copy;
}

static guint
node_height (const PostilAnnotationNode *node)
{
  return node != NULL ? node->height : 0;
}

static guint
node_reach (const PostilAnnotationNode *node)
{
  return node != NULL ? node->reach : 0;
}

/* Derives what @node knows of all below it from its children. */
static void
node_update (PostilAnnotationNode *node)
{
  guint own_reach = node->is_placed ? span_reach (node->span) : 0;

  node->height = 1 + MAX (node_height (node->left), node_height (node->right));
  node->n_heads = node->is_head + postil_annotation_node_get_n_heads (node->left) +
                  postil_annotation_node_get_n_heads (node->right);
  node->reach = MAX (own_reach, MAX (node_reach (node->left), node_reach (node->right)));
}

/* The nodes that these four change are owned already, or become so; they return the new top. */
static PostilAnnotationNode *
node_rotate_right (PostilAnnotationNode *node)
{
  PostilAnnotationNode *top = node_own (node->left);

  node->left = top->right;
  top->right = node;
  node_update (node);
  node_update (top);
  return top;
}

static PostilAnnotationNode *
node_rotate_left (PostilAnnotationNode *node)
{
  PostilAnnotationNode *top = node_own (node->right);

  node->right = top->left;
  top->left = node;
  node_update (node);
  node_update (top);
  return top;
}

static PostilAnnotationNode *
node_balance (PostilAnnotationNode *node)
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

/* Parts the first node from the rest; returns the rest. */
static PostilAnnotationNode *
node_take_first (PostilAnnotationNode *node, PostilAnnotationNode **first)
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

/**
 * postil_annotation_node_count:
 * @annotation: an annotation
 *
 * Returns: the number of nodes that it has in a tree
 */
guint
postil_annotation_node_count (PostilAnnotation *annotation)
{
  guint n_spans;

  postil_annotation_get_spans (annotation, &n_spans);
  return MAX (n_spans, 1);
}

/**
 * postil_annotation_node_fill:
 * @node: a node
 * @annotation: an annotation, which is borrowed
 * @range: number of one of its ranges, from 0
 *
 * Fills a node that is in no tree.
 */
void
postil_annotation_node_fill (PostilAnnotationNode *node, PostilAnnotation *annotation, guint range)
{
  guint n_spans;
  const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);
  PostilSpan extent;

  *node = (PostilAnnotationNode){ .refs = 1, .height = 1, .annotation = annotation };
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

/**
 * postil_annotation_node_fill_sorted:
 * @node: a node
 * @entry: what it is to stand for in a sorted index; the annotation is borrowed
 *
 * Fills a node that is in no tree.
 */
void
postil_annotation_node_fill_sorted (PostilAnnotationNode *node, const PostilAnnotationEntry *entry)
{
  *node = (PostilAnnotationNode){
    .refs = 1,
    .height = 1,
    .kind = POSTIL_ANNOTATION_NODE_SORTED,
    .is_head = TRUE,
    .annotation = entry->annotation,
    .span = { entry->key, entry->document },
    .n_heads = 1,
  };
}

/**
 * postil_annotation_node_new:
 * @node: a node that was filled
 *
 * Returns: (transfer full): a tree of it alone
 */
PostilAnnotationNode *
postil_annotation_node_new (const PostilAnnotationNode *node)
{
  postil_annotation_ref (node->annotation);
  return g_slice_dup (PostilAnnotationNode, node);
}

/**
 * postil_annotation_node_ref:
 * @node: (nullable): a tree
 *
 * Returns: (transfer full) (nullable): @node
 */
PostilAnnotationNode *
postil_annotation_node_ref (PostilAnnotationNode *node)
{
  if (node != NULL)
    g_atomic_int_inc (&node->refs);
  return node;
}

/**
 * postil_annotation_node_unref:
 * @node: (transfer full) (nullable): a tree
 *
 * Releases a reference, in any thread.
 */
void
postil_annotation_node_unref (PostilAnnotationNode *node)
{
  if (node == NULL || !g_atomic_int_dec_and_test (&node->refs))
    return;

  postil_annotation_node_unref (node->left);
  postil_annotation_node_unref (node->right);
  postil_annotation_unref (node->annotation);
  g_slice_free (PostilAnnotationNode, node);
}

/**
 * postil_annotation_node_compare:
 * @a: a node
 * @b: another
 *
 * Orders nodes. Where two ranges start together heads come first, so that non-heads never part two
 * heads whose order postil_annotation_compare() decides. Those of a sorted index are ordered as
 * postil_annotation_entry_compare() does.
 *
 * Returns: less than, equal to or greater than 0
 */
int
postil_annotation_node_compare (const PostilAnnotationNode *a, const PostilAnnotationNode *b)
{
  int order;

  if (a->kind != b->kind)
    return postil_annotation_compare (a->annotation, b->annotation);
  if (a->span.start != b->span.start)
    return a->span.start < b->span.start ? -1 : 1;
  if (a->is_head != b->is_head)
    return a->is_head ? -1 : 1;
  if (a->kind == POSTIL_ANNOTATION_NODE_SORTED && a->span.end != b->span.end)
    return a->span.end < b->span.end ? -1 : 1;
  order = postil_annotation_compare (a->annotation, b->annotation);
  if (order == 0 && !a->is_head && a->span.end != b->span.end)
    return a->span.end < b->span.end ? -1 : 1;
  return order;
}

/**
 * postil_annotation_node_insert:
 * @node: (transfer full) (nullable): a tree
 * @fresh: (transfer full): a node
 *
 * Returns: (transfer full): the tree with @fresh
 */
PostilAnnotationNode *
postil_annotation_node_insert (PostilAnnotationNode *node, PostilAnnotationNode *fresh)
{
  if (node == NULL)
    return fresh;

  node = node_own (node);
  if (postil_annotation_node_compare (fresh, node) < 0)
    node->left = postil_annotation_node_insert (node->left, fresh);
  else
    node->right = postil_annotation_node_insert (node->right, fresh);
  return node_balance (node);
}

/**
 * postil_annotation_node_remove:
 * @node: (transfer full): a tree
 * @key: what compares equal to the node that goes
 *
 * Returns: (transfer full) (nullable): the tree without that
 */
PostilAnnotationNode *
postil_annotation_node_remove (PostilAnnotationNode *node, const PostilAnnotationNode *key)
{
  PostilAnnotationNode *rest, *first;
  int order;

  g_assert (node != NULL);

  node = node_own (node);
  order = postil_annotation_node_compare (key, node);
  if (order < 0)
    node->left = postil_annotation_node_remove (node->left, key);
  else if (order > 0)
    node->right = postil_annotation_node_remove (node->right, key);
  else if (node->left == NULL || node->right == NULL)
    {
      rest = postil_annotation_node_ref (node->left != NULL ? node->left : node->right);
      postil_annotation_node_unref (node);
      return rest;
    }
  else
    {
      rest = node_take_first (g_steal_pointer (&node->right), &first);
      first->left = g_steal_pointer (&node->left);
      first->right = rest;
      postil_annotation_node_unref (node);
      return node_balance (first);
    }
  return node_balance (node);
}

/**
 * postil_annotation_node_join:
 * @nodes: (array length=n_nodes): nodes in order, which are copied
 * @n_nodes: how many
 * @take: whether the heads take over references to their annotations
 *
 * Makes a tree in O(n). In memory its nodes keep their order, so that neighbours are near.
 *
 * Returns: (transfer full) (nullable): the tree
 */
PostilAnnotationNode *
postil_annotation_node_join (const PostilAnnotationNode *nodes, guint n_nodes, gboolean take)
{
  guint middle = n_nodes / 2;
  PostilAnnotationNode *left, *node;

  if (n_nodes == 0)
    return NULL;

  left = postil_annotation_node_join (nodes, middle, take);
  node = g_slice_dup (PostilAnnotationNode, &nodes[middle]);
  if (!take || !node->is_head)
    postil_annotation_ref (node->annotation);
  node->left = left;
  node->right = postil_annotation_node_join (nodes + middle + 1, n_nodes - middle - 1, take);
  node_update (node);
  return node;
}

/**
 * postil_annotation_node_find:
 * @node: (nullable): a tree
 * @key: a head
 * @n_before: (out): how many heads come before it
 *
 * Returns: (transfer none) (nullable): what compares equal to @key
 */
const PostilAnnotationNode *
postil_annotation_node_find (const PostilAnnotationNode *node,
                             const PostilAnnotationNode *key,
                             guint *n_before)
{
  *n_before = 0;
  while (node != NULL)
    {
      int order = postil_annotation_node_compare (key, node);

      if (order >= 0)
        *n_before += postil_annotation_node_get_n_heads (node->left);
      if (order == 0)
        return node;
      if (order > 0)
        *n_before += node->is_head;
      node = order < 0 ? node->left : node->right;
    }
  return NULL;
}

/**
 * postil_annotation_node_foreach:
 * @node: (nullable): a tree
 * @func: called for each annotation once, in order, with its first range
 * @data: for @func
 *
 * Returns: %G_SOURCE_REMOVE when @func ended the walk
 */
gboolean
postil_annotation_node_foreach (const PostilAnnotationNode *node,
                                PostilAnnotationFunc func,
                                gpointer data)
{
  for (; node != NULL; node = node->right)
    {
      if (!postil_annotation_node_foreach (node->left, func, data))
        return G_SOURCE_REMOVE;
      if (node->is_head && !func (node->annotation, node->span, data))
        return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/**
 * postil_annotation_node_foreach_in:
 * @node: (nullable): a tree
 * @span: a part of the text, in code points
 * @func: called for each node that @span touches, by start
 * @data: for @func
 *
 * Whatever is left of a node that starts before the end of @span does so too; when it also reaches
 * beyond the start, it is touched. So nothing is visited in vain but the paths to what is found and
 * the one to where it ends.
 *
 * Returns: %G_SOURCE_REMOVE when @func ended the walk
 */
gboolean
postil_annotation_node_foreach_in (const PostilAnnotationNode *node,
                                   PostilSpan span,
                                   PostilAnnotationNodeFunc func,
                                   gpointer data)
{
  for (; node_reach (node) > span.start; node = node->right)
    {
      if (!postil_annotation_node_foreach_in (node->left, span, func, data))
        return G_SOURCE_REMOVE;
      if (node->kind == POSTIL_ANNOTATION_PASSAGE && node->span.start >= span_reach (span))
        return G_SOURCE_CONTINUE;
      if (node->is_placed && postil_span_touches (node->span, span) && !func (node, data))
        return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/**
 * postil_annotation_node_is_own:
 * @node: (nullable): a tree
 * @n_levels: how many levels of it to look at
 *
 * Returns: whether all nodes of them are there and no other tree shares one
 */
gboolean
postil_annotation_node_is_own (const PostilAnnotationNode *node, guint n_levels)
{
  return n_levels == 0 || (node != NULL && g_atomic_int_get (&node->refs) == 1 &&
                           postil_annotation_node_is_own (node->left, n_levels - 1) &&
                           postil_annotation_node_is_own (node->right, n_levels - 1));
}
