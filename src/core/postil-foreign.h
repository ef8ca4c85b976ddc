/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PostilForeignMember:
 * @object: which object of the carrier it belongs to: "" for the carrier itself, else a name that
 * the storage chose
 * @after: the key it followed, "" when it came first
 * @key: the key as it stood between its quotes, still escaped; %NULL for an element of an array
 * @value: the bytes of its value, untouched, NUL-terminated
 * @n_value: length of @value in bytes
 *
 * One member of a JSON object that Postil does not interpret, as it came.
 */
typedef struct
{
  const char *object;
  const char *after;
  const char *key;
  const char *value;
  gsize n_value;
} PostilForeignMember;

/* Keys of the members that stand in for a property of their carrier, because another program wrote
 * it as Postil could not. Whoever changes the property drops them. */
#define POSTIL_FOREIGN_MODIFIED "modified"
#define POSTIL_FOREIGN_MOTIVATION "motivation"
#define POSTIL_FOREIGN_NAME "name"
#define POSTIL_FOREIGN_LABEL "skos:prefLabel"
#define POSTIL_FOREIGN_DEFINITION "skos:definition"
#define POSTIL_FOREIGN_COLOR "schema:color"
#define POSTIL_FOREIGN_BROADER "skos:broader"
#define POSTIL_FOREIGN_DEPRECATED "owl:deprecated"

#define POSTIL_TYPE_FOREIGN (postil_foreign_get_type ())
typedef struct _PostilForeign PostilForeign;
GType postil_foreign_get_type (void);

PostilForeign *postil_foreign_new (const PostilForeignMember *members, guint n_members);
PostilForeign *postil_foreign_ref (PostilForeign *self);
void postil_foreign_unref (PostilForeign *self);

const PostilForeignMember *postil_foreign_get_members (PostilForeign *self, guint *n_members);
const PostilForeignMember *postil_foreign_get_part (PostilForeign *self,
                                                    const char *object,
                                                    guint *n_members);
const PostilForeignMember *postil_foreign_find (PostilForeign *self,
                                                const char *object,
                                                const char *key);
PostilForeign *postil_foreign_without (PostilForeign *self, const char *object, const char *key);
gboolean postil_foreign_equal (PostilForeign *a, PostilForeign *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilForeign, postil_foreign_unref)

G_END_DECLS
