/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-annotation.h"
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
} PostilChange;

#define POSTIL_TYPE_STEP (postil_step_get_type ())
typedef struct _PostilStep PostilStep;
GType postil_step_get_type (void);

PostilStep *postil_step_new (const char *label);
PostilStep *postil_step_ref (PostilStep *self);
void postil_step_unref (PostilStep *self);

const char *postil_step_get_label (PostilStep *self);
const PostilChange *postil_step_get_changes (PostilStep *self, guint *n_changes);
void postil_step_change_annotation (PostilStep *self,
                                    PostilDocument *document,
                                    PostilAnnotation *before,
                                    PostilAnnotation *after);
void postil_step_change_topic (PostilStep *self, PostilTopic *before, PostilTopic *after);
void postil_step_change_text (PostilStep *self,
                              PostilDocument *document,
                              PostilText *before,
                              PostilText *after);
PostilStep *postil_step_reverse (PostilStep *self);
gboolean postil_step_absorb (PostilStep *self, PostilStep *later);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilStep, postil_step_unref)

G_END_DECLS
