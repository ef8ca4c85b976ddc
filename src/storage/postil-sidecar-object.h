/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-foreign.h"
#include "postil-sidecar-form.h"

G_BEGIN_DECLS

/**
 * PostilSidecarKept:
 * @object: the part of the carrier that it belongs to
 * @index: which of several such parts
 * @after: the known key it followed, or for an element how many known ones it followed
 * @key: its key as it stands; no bytes for an element of an array
 * @value: its value as it stands
 *
 * A member or an element that Postil does not interpret, still in the bytes of the sidecar.
 */
typedef struct
{
  const char *object;
  guint index;
  const char *after;
  PostilJsonSlice key;
  PostilJsonSlice value;
} PostilSidecarKept;

/**
 * PostilSidecarObject:
 * @seen: a bit for each known key that it has had
 * @duplicate: a key that stands twice in it; no bytes when there is none
 *
 * An object that is being read. The rest is its own.
 */
typedef struct
{
  PostilJsonScanner *scanner;
  const PostilSidecarForm *form;
  GArray *kept;
  const char *object;
  guint index;
  guint n_members;
  int known;
  guint32 seen;
  const char *value;
  GHashTable *unknown;
  PostilJsonSlice duplicate;
} PostilSidecarObject;

void postil_sidecar_object_enter (PostilSidecarObject *self,
                                  PostilJsonScanner *scanner,
                                  const PostilSidecarForm *form,
                                  GArray *kept,
                                  const char *object,
                                  guint index);
int postil_sidecar_object_next (PostilSidecarObject *self);
void postil_sidecar_refuse_duplicate (PostilJsonScanner *scanner, const PostilJsonSlice *key);
void postil_sidecar_object_keep (PostilSidecarObject *self);
gboolean postil_sidecar_object_read_string (PostilSidecarObject *self, PostilJsonSlice *string);
char *postil_sidecar_object_dup_string (PostilSidecarObject *self);
gint64 postil_sidecar_object_read_date (PostilSidecarObject *self);
void postil_sidecar_object_expect (PostilSidecarObject *self, const char *text);

PostilJsonSlice postil_sidecar_object_get_value (const PostilSidecarObject *self);

gboolean postil_sidecar_parse_date (const PostilJsonSlice *string, gint64 *date);
char *postil_sidecar_dup_string (const PostilJsonSlice *string);
const char *postil_sidecar_take_string (GStringChunk *strings, const PostilJsonSlice *string);
const char *postil_sidecar_insert_number (GStringChunk *strings, guint number);
gboolean postil_sidecar_is_iri (const char *id);
void postil_sidecar_keep_element (GArray *kept,
                                  const char *object,
                                  guint index,
                                  const char *after,
                                  const PostilJsonSlice *value);
void postil_sidecar_keep_old_id (GArray *kept,
                                 const char *object,
                                 const PostilJsonSlice *old,
                                 GStringChunk *strings);
PostilForeign *postil_sidecar_make_foreign (const GArray *kept);

G_END_DECLS
