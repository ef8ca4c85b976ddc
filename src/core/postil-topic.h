/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "postil-foreign.h"

G_BEGIN_DECLS

#define POSTIL_TYPE_TOPIC (postil_topic_get_type ())
typedef struct _PostilTopic PostilTopic;
GType postil_topic_get_type (void);

/**
 * PostilTopicFields:
 * @id: its IRI
 * @label: what it is called; never empty
 * @definition: what it means, or %NULL
 * @color: "#rrggbb" in lower case, or %NULL
 * @broader: id of its parent, or %NULL
 * @modified: seconds since the Unix epoch, 0 when unknown
 * @deprecated: whether it was deleted; kept so that merging can tell a deletion from a gap
 * @foreign: what another program put into it, or %NULL
 *
 * All that a topic holds. To change one, take its fields, change them and make a new one.
 */
typedef struct
{
  const char *id;
  const char *label;
  const char *definition;
  const char *color;
  const char *broader;
  gint64 modified;
  gboolean deprecated;
  PostilForeign *foreign;
} PostilTopicFields;

PostilTopic *postil_topic_new (const PostilTopicFields *fields);
PostilTopic *postil_topic_ref (PostilTopic *self);
void postil_topic_unref (PostilTopic *self);

void postil_topic_get_fields (PostilTopic *self, PostilTopicFields *fields);
const char *postil_topic_get_id (PostilTopic *self);
const char *postil_topic_get_label (PostilTopic *self);
const char *postil_topic_get_definition (PostilTopic *self);
const char *postil_topic_get_color (PostilTopic *self);
const char *postil_topic_get_broader (PostilTopic *self);
gboolean postil_topic_is_deprecated (PostilTopic *self);
gboolean postil_topic_is_color (const char *text);
gboolean postil_topic_equal (PostilTopic *a, PostilTopic *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilTopic, postil_topic_unref)

G_END_DECLS
