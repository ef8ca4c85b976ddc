/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-topic.h"

#include <string.h>

#include "postil-id.h"

/*
 * PostilTopic: a label from the codebook. An immutable, reference-counted value; may be read in any
 * thread. Annotations refer to it by its id, so that an edit replaces this one value only.
 */
struct _PostilTopic
{
  PostilTopicFields fields;
};

G_DEFINE_BOXED_TYPE (PostilTopic, postil_topic, postil_topic_ref, postil_topic_unref)

static void
postil_topic_clear (PostilTopic *self)
{
  g_ref_string_release ((char *) self->fields.id);
  g_free ((char *) self->fields.label);
  g_free ((char *) self->fields.definition);
  g_free ((char *) self->fields.color);
  if (self->fields.broader)
    g_ref_string_release ((char *) self->fields.broader);
  g_clear_pointer (&self->fields.foreign, postil_foreign_unref);
}

/**
 * postil_topic_new:
 * @fields: what it holds; copied
 *
 * Returns: (transfer full): a new topic
 */
PostilTopic *
postil_topic_new (const PostilTopicFields *fields)
{
  PostilTopic *self;

  g_return_val_if_fail (fields != NULL && fields->id != NULL && fields->label != NULL, NULL);

  self = g_atomic_rc_box_new0 (PostilTopic);
  self->fields = *fields;
  self->fields.id = postil_id_intern (fields->id);
  self->fields.label = g_strdup (fields->label);
  self->fields.definition = g_strdup (fields->definition);
  self->fields.color = g_strdup (fields->color);
  self->fields.broader = fields->broader ? postil_id_intern (fields->broader) : NULL;
  self->fields.foreign = fields->foreign ? postil_foreign_ref (fields->foreign) : NULL;

  return self;
}

PostilTopic *
postil_topic_ref (PostilTopic *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
postil_topic_unref (PostilTopic *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) postil_topic_clear);
}

/**
 * postil_topic_get_fields:
 * @self: a topic
 * @fields: (out caller-allocates): what it holds; borrowed, valid as long as @self
 */
void
postil_topic_get_fields (PostilTopic *self, PostilTopicFields *fields)
{
  g_return_if_fail (self != NULL && fields != NULL);

  *fields = self->fields;
}

const char *
postil_topic_get_id (PostilTopic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.id;
}

const char *
postil_topic_get_label (PostilTopic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.label;
}

const char *
postil_topic_get_definition (PostilTopic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.definition;
}

const char *
postil_topic_get_color (PostilTopic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.color;
}

const char *
postil_topic_get_broader (PostilTopic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.broader;
}

gboolean
postil_topic_is_deprecated (PostilTopic *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->fields.deprecated;
}

/**
 * postil_topic_is_color:
 * @text: any text
 *
 * Returns: whether it is a colour as topics have them, "#rrggbb" in digits of either case
 */
gboolean
postil_topic_is_color (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return strlen (text) == 7 && text[0] == '#' && strspn (text + 1, "0123456789abcdefABCDEF") == 6;
}

gboolean
postil_topic_equal (PostilTopic *a, PostilTopic *b)
{
  return a == b || (a->fields.id == b->fields.id && a->fields.broader == b->fields.broader &&
                    a->fields.modified == b->fields.modified &&
                    a->fields.deprecated == b->fields.deprecated &&
                    g_strcmp0 (a->fields.label, b->fields.label) == 0 &&
                    g_strcmp0 (a->fields.definition, b->fields.definition) == 0 &&
                    g_strcmp0 (a->fields.color, b->fields.color) == 0 &&
                    postil_foreign_equal (a->fields.foreign, b->fields.foreign));
}
