/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-index.h"

G_BEGIN_DECLS

/* A kind that no annotation has. */
#define POSTIL_ANNOTATION_NODE_SORTED G_MAXUINT8

/**
 * PostilAnnotationNode:
 * @refs: how many trees, and who holds them, share it
 * @height: of the tree that it is the root of
 * @kind: that of the annotation
 * @is_head: whether it stands for the first range of the annotation
 * @is_placed: whether a span may touch it
 * @left: what comes before it
 * @right: what comes after it
 * @annotation: the annotation
 * @span: one of its ranges, in code points
 * @reach: how far the ranges of the tree reach, at most
 * @n_heads: how many heads are in the tree
 *
 * A range of an annotation in a document's index, and the AVL tree below it. A tree is a value:
 * whoever changes one uses up a reference and gets another tree, which shares with it what is the
 * same; where nobody else has the reference that is the same memory. %NULL is the empty tree.
 *
 * In a sorted index there is one for each annotation, of %POSTIL_ANNOTATION_NODE_SORTED, whose span
 * starts with the key and ends with the document of its entry.
 */
typedef struct _PostilAnnotationNode PostilAnnotationNode;
struct _PostilAnnotationNode
{
  int refs;
  guint8 height;
  guint8 kind;
  guint8 is_head;
  guint8 is_placed;
  PostilAnnotationNode *left;
  PostilAnnotationNode *right;
  PostilAnnotation *annotation;
  PostilSpan span;
  guint reach;
  guint n_heads;
};

typedef gboolean (*PostilAnnotationNodeFunc) (const PostilAnnotationNode *node, gpointer data);

/* How many annotations are in a tree. */
static inline guint
postil_annotation_node_get_n_heads (const PostilAnnotationNode *node)
{
  return node != NULL ? node->n_heads : 0;
}

/* Only the index calls them, and some very often: nothing is to keep the compiler from inlining. */
G_GNUC_INTERNAL guint postil_annotation_node_count (PostilAnnotation *annotation);
G_GNUC_INTERNAL void postil_annotation_node_fill (PostilAnnotationNode *node,
                                                  PostilAnnotation *annotation,
                                                  guint range);
G_GNUC_INTERNAL void postil_annotation_node_fill_sorted (PostilAnnotationNode *node,
                                                         const PostilAnnotationEntry *entry);
G_GNUC_INTERNAL PostilAnnotationNode *postil_annotation_node_new (const PostilAnnotationNode *node);
G_GNUC_INTERNAL PostilAnnotationNode *postil_annotation_node_ref (PostilAnnotationNode *node);
G_GNUC_INTERNAL void postil_annotation_node_unref (PostilAnnotationNode *node);
G_GNUC_INTERNAL int postil_annotation_node_compare (const PostilAnnotationNode *a,
                                                    const PostilAnnotationNode *b);
G_GNUC_INTERNAL PostilAnnotationNode *postil_annotation_node_insert (PostilAnnotationNode *node,
                                                                     PostilAnnotationNode *fresh);
G_GNUC_INTERNAL PostilAnnotationNode *postil_annotation_node_remove (
  PostilAnnotationNode *node,
  const PostilAnnotationNode *key);
G_GNUC_INTERNAL PostilAnnotationNode *postil_annotation_node_join (
  const PostilAnnotationNode *nodes,
  guint n_nodes,
  gboolean take);
G_GNUC_INTERNAL const PostilAnnotationNode *postil_annotation_node_find (
  const PostilAnnotationNode *node,
  const PostilAnnotationNode *key,
  guint *n_before);
G_GNUC_INTERNAL gboolean postil_annotation_node_foreach (const PostilAnnotationNode *node,
                                                         PostilAnnotationFunc func,
                                                         gpointer data);
G_GNUC_INTERNAL gboolean postil_annotation_node_foreach_in (const PostilAnnotationNode *node,
                                                            PostilSpan span,
                                                            PostilAnnotationNodeFunc func,
                                                            gpointer data);
G_GNUC_INTERNAL gboolean postil_annotation_node_is_own (const PostilAnnotationNode *node,
                                                        guint n_levels);

G_END_DECLS
