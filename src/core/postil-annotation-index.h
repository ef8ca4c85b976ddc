/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-annotation-tally.h"

G_BEGIN_DECLS

typedef struct _PostilAnnotationIndex PostilAnnotationIndex;

/**
 * PostilAnnotationEntry:
 * @annotation: an annotation
 * @key: what it is sorted by
 * @document: the number of its document
 *
 * An annotation of a sorted index; both numbers are 0 in the index of a document.
 */
typedef struct
{
  PostilAnnotation *annotation;
  guint key;
  guint document;
} PostilAnnotationEntry;

/**
 * PostilAnnotationFunc:
 * @annotation: an annotation
 * @span: the range of it that was met, in code points
 * @data: what the caller gave
 *
 * Returns: %G_SOURCE_CONTINUE to go on, %G_SOURCE_REMOVE to end the walk
 */
typedef gboolean (*PostilAnnotationFunc) (PostilAnnotation *annotation,
                                          PostilSpan span,
                                          gpointer data);

/**
 * PostilAnnotationDifferenceFunc:
 * @before: (nullable): an annotation; %NULL when @after is new
 * @after: (nullable): the one with the same id, which is not equal; %NULL when @before is gone
 * @data: what the caller gave
 *
 * Returns: %G_SOURCE_CONTINUE to go on, %G_SOURCE_REMOVE to end the walk
 */
typedef gboolean (*PostilAnnotationDifferenceFunc) (PostilAnnotation *before,
                                                    PostilAnnotation *after,
                                                    gpointer data);

PostilAnnotationIndex *postil_annotation_index_new (PostilAnnotation *const *annotations,
                                                    guint n_annotations);
PostilAnnotationIndex *postil_annotation_index_new_take (GPtrArray *annotations);
PostilAnnotationIndex *postil_annotation_index_new_sorted (const PostilAnnotationEntry *entries,
                                                           guint n_entries);
PostilAnnotationIndex *postil_annotation_index_ref (PostilAnnotationIndex *self);
void postil_annotation_index_unref (PostilAnnotationIndex *self);

PostilAnnotationIndex *postil_annotation_index_replace (PostilAnnotationIndex *self,
                                                        PostilAnnotation *before,
                                                        PostilAnnotation *after);
PostilAnnotationIndex *postil_annotation_index_replace_entry (PostilAnnotationIndex *self,
                                                              const PostilAnnotationEntry *before,
                                                              const PostilAnnotationEntry *after);
guint postil_annotation_index_get_size (PostilAnnotationIndex *self);
guint postil_annotation_index_get_n_shown (PostilAnnotationIndex *self);
PostilAnnotation *postil_annotation_index_get (PostilAnnotationIndex *self, guint position);
gboolean postil_annotation_index_get_entry (PostilAnnotationIndex *self,
                                            guint position,
                                            PostilAnnotationEntry *entry);
PostilAnnotationTally *postil_annotation_index_get_tally (PostilAnnotationIndex *self);
PostilAnnotation *postil_annotation_index_lookup (PostilAnnotationIndex *self, const char *id);
gboolean postil_annotation_index_find (PostilAnnotationIndex *self,
                                       PostilAnnotation *annotation,
                                       guint *position);
gboolean postil_annotation_index_find_entry (PostilAnnotationIndex *self,
                                             const PostilAnnotationEntry *entry,
                                             guint *position);
void postil_annotation_index_foreach (PostilAnnotationIndex *self,
                                      PostilAnnotationFunc func,
                                      gpointer data);
void postil_annotation_index_foreach_in (PostilAnnotationIndex *self,
                                         PostilSpan span,
                                         PostilAnnotationFunc func,
                                         gpointer data);
void postil_annotation_index_foreach_difference (PostilAnnotationIndex *self,
                                                 PostilAnnotationIndex *after,
                                                 PostilAnnotationDifferenceFunc func,
                                                 gpointer data);
GPtrArray *postil_annotation_index_list_in (PostilAnnotationIndex *self, PostilSpan span);

int postil_annotation_entry_compare (const PostilAnnotationEntry *a,
                                     const PostilAnnotationEntry *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationIndex, postil_annotation_index_unref)

G_END_DECLS
