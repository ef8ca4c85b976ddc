/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-step.h"
#include "postil-topic.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_CODEBOOK (postil_codebook_get_type ())
G_DECLARE_FINAL_TYPE (PostilCodebook, postil_codebook, POSTIL, CODEBOOK, GObject)

/* What separates the labels of a path such as "Parent/Child"; a label's own "/" is written "\\/".
 */
#define POSTIL_TOPIC_PATH_SEPARATOR '/'

PostilCodebook *postil_codebook_new (void);

GPtrArray *postil_codebook_get_topics (PostilCodebook *self);
GPtrArray *postil_codebook_list_children (PostilCodebook *self, const char *broader);
GPtrArray *postil_codebook_list_in_order (PostilCodebook *self);
PostilTopic *postil_codebook_get_topic (PostilCodebook *self, const char *id);
PostilTopic *postil_codebook_find_label (PostilCodebook *self,
                                         const char *broader,
                                         const char *label);
GStrv postil_codebook_split_path (const char *path);
PostilTopic *postil_codebook_find_path (PostilCodebook *self, const char *path);
char *postil_codebook_dup_path (PostilCodebook *self, PostilTopic *topic);
gboolean postil_codebook_is_within (PostilCodebook *self, const char *id, const char *ancestor);
const char *postil_codebook_get_free_color (PostilCodebook *self);
const char *postil_codebook_get_free_color_after (PostilCodebook *self, PostilStep *step);
const char *const *postil_codebook_get_palette (void);

void postil_codebook_apply (PostilCodebook *self, const PostilChange *changes, guint n_changes);
guint postil_codebook_add_missing (PostilCodebook *self, GPtrArray *topics);

G_END_DECLS
