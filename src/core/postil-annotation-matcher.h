/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-codebook.h"
#include "postil-document.h"
#include "postil-review.h"
#include "postil-word-places.h"

G_BEGIN_DECLS

/**
 * PostilAnnotationFilter:
 * @document: only annotations of this document, or %NULL for all
 * @topic: only annotations with this topic or one below it, or %NULL for all
 * @text: only annotations whose passage, note or topic holds these words, or %NULL for all
 * @review: only annotations that a person should look at for one of these reasons, or 0 for all
 */
typedef struct
{
  PostilDocument *document;
  const char *topic;
  const char *text;
  PostilReviewKinds review;
} PostilAnnotationFilter;

typedef struct _PostilAnnotationMatcher PostilAnnotationMatcher;

PostilAnnotationMatcher *postil_annotation_matcher_new (const PostilAnnotationFilter *filter,
                                                        PostilCodebook *codebook);
PostilAnnotationMatcher *postil_annotation_matcher_renew (PostilAnnotationMatcher *self);
PostilAnnotationMatcher *postil_annotation_matcher_ref (PostilAnnotationMatcher *self);
void postil_annotation_matcher_unref (PostilAnnotationMatcher *self);

gboolean postil_annotation_matcher_equal (PostilAnnotationMatcher *a, PostilAnnotationMatcher *b);
gboolean postil_annotation_matcher_reads_codebook (PostilAnnotationMatcher *self);
gboolean postil_annotation_matcher_match (PostilAnnotationMatcher *self,
                                          PostilDocument *document,
                                          PostilText *text,
                                          PostilAnnotation *annotation,
                                          GString *folded);
PostilWordPlaces *postil_annotation_matcher_find_words (PostilAnnotationMatcher *self,
                                                        PostilDocument *document,
                                                        PostilText *text,
                                                        GCancellable *cancellable);
gboolean postil_annotation_matcher_match_found (PostilAnnotationMatcher *self,
                                                PostilDocument *document,
                                                PostilText *text,
                                                const PostilWordPlaces *places,
                                                PostilAnnotation *annotation,
                                                GString *folded);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilAnnotationMatcher, postil_annotation_matcher_unref)

G_END_DECLS
