/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-json-scanner.h"

G_BEGIN_DECLS

#define POSTIL_SIDECAR_CONTEXT "http://www.w3.org/ns/anno.jsonld"
#define POSTIL_SIDECAR_VERSION "1"

/**
 * PostilSidecarKey:
 * @name: the key
 * @n_bytes: its length
 * @written: the key as it is written: in quotes, with its colon and the space behind that
 */
typedef struct
{
  const char *name;
  gsize n_bytes;
  const char *written;
} PostilSidecarKey;

/**
 * PostilSidecarForm:
 * @keys: the keys that Postil knows in this kind of object, in the order it writes them
 * @n_keys: how many
 * @breaks: a bit for each key that begins a line; 0 when the object is written in one line
 *
 * One kind of object in a sidecar. The reader and the writer share these, so that whatever the one
 * takes for known the other writes, and what follows a known key can be put back there.
 */
typedef struct
{
  const PostilSidecarKey *keys;
  guint n_keys;
  guint32 breaks;
} PostilSidecarForm;

extern const PostilSidecarForm postil_sidecar_form_collection;
extern const PostilSidecarForm postil_sidecar_form_person;
extern const PostilSidecarForm postil_sidecar_form_source;
extern const PostilSidecarForm postil_sidecar_form_topic;
extern const PostilSidecarForm postil_sidecar_form_reference;
extern const PostilSidecarForm postil_sidecar_form_page;
extern const PostilSidecarForm postil_sidecar_form_annotation;
extern const PostilSidecarForm postil_sidecar_form_body;
extern const PostilSidecarForm postil_sidecar_form_target;
extern const PostilSidecarForm postil_sidecar_form_selector;

enum
{
  COLLECTION_CONTEXT,
  COLLECTION_ID,
  COLLECTION_TYPE,
  COLLECTION_LABEL,
  COLLECTION_VERSION,
  COLLECTION_TOTAL,
  COLLECTION_CREATOR,
  COLLECTION_SOURCE,
  COLLECTION_SUBJECT,
  COLLECTION_FIRST
};

enum
{
  PERSON_ID,
  PERSON_TYPE,
  PERSON_NAME
};

enum
{
  SOURCE_ID,
  SOURCE_TYPE,
  SOURCE_LABEL,
  SOURCE_FORMAT,
  SOURCE_LANGUAGE,
  SOURCE_SHA256,
  SOURCE_EXTENT
};

enum
{
  TOPIC_ID,
  TOPIC_TYPE,
  TOPIC_LABEL,
  TOPIC_DEFINITION,
  TOPIC_BROADER,
  TOPIC_COLOR,
  TOPIC_MODIFIED,
  TOPIC_DEPRECATED
};

enum
{
  REFERENCE_ID
};

enum
{
  PAGE_ID,
  PAGE_TYPE,
  PAGE_PART_OF,
  PAGE_START_INDEX,
  PAGE_ITEMS
};

enum
{
  ANNOTATION_ID,
  ANNOTATION_TYPE,
  ANNOTATION_MOTIVATION,
  ANNOTATION_CREATED,
  ANNOTATION_MODIFIED,
  ANNOTATION_CREATOR,
  ANNOTATION_VERSION_OF,
  ANNOTATION_STATUS,
  ANNOTATION_BODY,
  ANNOTATION_TARGET
};

enum
{
  BODY_ID,
  BODY_TYPE,
  BODY_PURPOSE,
  BODY_SOURCE,
  BODY_FORMAT,
  BODY_VALUE,
  BODY_CREATOR,
  BODY_CREATED
};

enum
{
  TARGET_TYPE,
  TARGET_SOURCE,
  TARGET_SELECTOR,
  TARGET_REPLACES,
  TARGET_STATUS,
  TARGET_RELATION
};

enum
{
  SELECTOR_TYPE,
  SELECTOR_START,
  SELECTOR_END,
  SELECTOR_PREFIX,
  SELECTOR_EXACT,
  SELECTOR_SUFFIX
};

int postil_sidecar_form_find (const PostilSidecarForm *form,
                              const PostilJsonSlice *key,
                              int previous);
const char *postil_sidecar_form_get_status (guint status);
const char *postil_sidecar_form_get_link_kind (guint kind);
char *postil_sidecar_form_dup_page_id (const char *collection);
const char *postil_sidecar_form_get_motivation (guint n_topics, guint n_notes, guint n_bodies);

G_END_DECLS
