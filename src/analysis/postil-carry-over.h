/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-alignment.h"
#include "postil-annotation-matcher.h"
#include "postil-workspace.h"

G_BEGIN_DECLS

/**
 * PostilCarryOverState:
 * @POSTIL_CARRY_OVER_READY: it has a counterpart
 * @POSTIL_CARRY_OVER_DONE: it is linked with an annotation of the other document, or one there is
 * about the same passage and has all of its topics
 * @POSTIL_CARRY_OVER_MISSING: the other text has no counterpart of it
 *
 * Whether an annotation can be carried over.
 */
typedef enum
{
  POSTIL_CARRY_OVER_READY,
  POSTIL_CARRY_OVER_DONE,
  POSTIL_CARRY_OVER_MISSING
} PostilCarryOverState;

/**
 * PostilCarryOver:
 * @annotation: the annotation
 * @state: whether it can be carried over
 * @done: the annotation of the other document that it was carried over to, or %NULL
 * @places: (element-type PostilSpan): its counterpart in the other text, in code points, in order
 * @score: of the weakest pair that the counterpart was found by, from 0 to 1
 *
 * What carrying over an annotation would do.
 */
typedef struct
{
  PostilAnnotation *annotation;
  PostilCarryOverState state;
  PostilAnnotation *done;
  GArray *places;
  double score;
} PostilCarryOver;

GArray *postil_carry_over_find_places (PostilAlignment *alignment,
                                       PostilText *a,
                                       PostilText *b,
                                       gboolean from_b,
                                       const PostilSpan *spans,
                                       guint n_spans,
                                       double *score);
GPtrArray *postil_carry_over_plan (PostilAlignment *alignment,
                                   PostilDocument *a,
                                   PostilDocument *b,
                                   gboolean from_b,
                                   GPtrArray *annotations);
void postil_carry_over_plan_async (PostilAlignment *alignment,
                                   PostilDocument *a,
                                   PostilDocument *b,
                                   gboolean from_b,
                                   PostilAnnotationMatcher *matcher,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
GPtrArray *postil_carry_over_plan_finish (GAsyncResult *result, GError **error);
char *postil_carry_over_apply (PostilWorkspace *workspace,
                               PostilStep *step,
                               PostilDocument *from,
                               PostilDocument *to,
                               const PostilCarryOver *item,
                               gboolean with_note);
void postil_carry_over_free (PostilCarryOver *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilCarryOver, postil_carry_over_free)

G_END_DECLS
