/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-annotation-index.h"
#include "postil-text.h"
#include "postil-topic.h"

G_BEGIN_DECLS

typedef struct _PostilDocument PostilDocument;

/**
 * PostilChange:
 * @document: whose annotation changes; %NULL when a topic of the codebook does
 * @annotation: the annotation before and after; %NULL before when it is new, after when it goes
 * @topic: the same for a topic
 * @text: the same for the text of @document
 * @annotations: the same for all annotations of @document, where very many change together
 *
 * One value replaced by another. Read backwards it is its own undoing.
 */
typedef struct
{
  PostilDocument *document;
  struct
  {
    PostilAnnotation *before;
    PostilAnnotation *after;
  } annotation;
  struct
  {
    PostilTopic *before;
    PostilTopic *after;
  } topic;
  struct
  {
    PostilText *before;
    PostilText *after;
  } text;
  struct
  {
    PostilAnnotationIndex *before;
    PostilAnnotationIndex *after;
  } annotations;
} PostilChange;

/**
 * PostilRun:
 * @document: what it changes; %NULL for the codebook
 * @first: its first change
 * @n_changes: how many follow each other that change the same
 * @text: the document's text before and after, where that changes; else %NULL
 * @annotations: all annotations of the document before and after, once known, when the changes are
 *   so many that they are made at once; else %NULL
 *
 * Changes of a step that are made together.
 */
typedef struct
{
  PostilDocument *document;
  guint first;
  guint n_changes;
  struct
  {
    PostilText *before;
    PostilText *after;
  } text;
  struct
  {
    PostilAnnotationIndex *before;
    PostilAnnotationIndex *after;
  } annotations;
} PostilRun;

/* From so many changes of a document on they are made at once. */
#define POSTIL_RUN_MANY 1000

PostilAnnotationIndex *postil_changes_make (PostilAnnotationIndex *annotations,
                                            const PostilChange *changes,
                                            guint n_changes);
gboolean postil_changes_have_text (const PostilChange *changes, guint n_changes);
gboolean postil_changes_touch (const PostilChange *changes,
                               guint n_changes,
                               const char *annotation);

#define POSTIL_TYPE_STEP (postil_step_get_type ())
typedef struct _PostilStep PostilStep;
GType postil_step_get_type (void);

PostilStep *postil_step_new (const char *label);
PostilStep *postil_step_ref (PostilStep *self);
void postil_step_unref (PostilStep *self);

const char *postil_step_get_label (PostilStep *self);
const PostilChange *postil_step_get_changes (PostilStep *self, guint *n_changes);
gboolean postil_step_replaces (PostilStep *self, PostilAnnotation *annotation);
void postil_step_change_annotation (PostilStep *self,
                                    PostilDocument *document,
                                    PostilAnnotation *before,
                                    PostilAnnotation *after);
void postil_step_change_annotations (PostilStep *self,
                                     PostilDocument *document,
                                     PostilAnnotationIndex *before,
                                     PostilAnnotationIndex *after);
void postil_step_change_topic (PostilStep *self, PostilTopic *before, PostilTopic *after);
void postil_step_change_text (PostilStep *self,
                              PostilDocument *document,
                              PostilText *before,
                              PostilText *after);
const PostilRun *postil_step_get_runs (PostilStep *self, guint *n_runs);
void postil_step_prepare_run (PostilStep *self, guint run, PostilAnnotationIndex *before);
gboolean postil_step_absorb (PostilStep *self, PostilStep *later);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilStep, postil_step_unref)

G_END_DECLS
