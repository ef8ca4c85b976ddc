/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-sidecar-form.h"

#include "postil-annotation.h"
#include "postil-environment.h"

#define BREAK(key) (1u << (key))
#define BREAK_ALL G_MAXUINT32
#define KEY(key)                                                                                   \
  {                                                                                                \
    key, sizeof key - 1, "\"" key "\": "                                                           \
  }

#define DEFINE_FORM(name, line_breaks, ...)                                                        \
  static const PostilSidecarKey name##_keys[] = { __VA_ARGS__ };                                   \
  const PostilSidecarForm postil_sidecar_form_##name = {                                           \
    .keys = name##_keys,                                                                           \
    .n_keys = G_N_ELEMENTS (name##_keys),                                                          \
    .breaks = (line_breaks),                                                                       \
  };

DEFINE_FORM (collection,
             BREAK_ALL,
             KEY ("@context"),
             KEY ("id"),
             KEY ("type"),
             KEY ("label"),
             KEY ("schema:version"),
             KEY ("total"),
             KEY ("creator"),
             KEY ("dcterms:source"),
             KEY ("dcterms:subject"),
             KEY ("first"))

DEFINE_FORM (person, 0, KEY ("id"), KEY ("type"), KEY ("name"))

DEFINE_FORM (source,
             BREAK (SOURCE_ID) | BREAK (SOURCE_SHA256),
             KEY ("id"),
             KEY ("type"),
             KEY ("label"),
             KEY ("format"),
             KEY ("language"),
             KEY ("schema:sha256"),
             KEY ("dcterms:extent"))

DEFINE_FORM (topic,
             0,
             KEY ("id"),
             KEY ("type"),
             KEY ("skos:prefLabel"),
             KEY ("skos:definition"),
             KEY ("skos:broader"),
             KEY ("schema:color"),
             KEY ("modified"),
             KEY ("owl:deprecated"))

DEFINE_FORM (reference, 0, KEY ("id"))

DEFINE_FORM (page,
             BREAK (PAGE_ID) | BREAK (PAGE_ITEMS),
             KEY ("id"),
             KEY ("type"),
             KEY ("partOf"),
             KEY ("startIndex"),
             KEY ("items"))

DEFINE_FORM (annotation,
             BREAK (ANNOTATION_ID) | BREAK (ANNOTATION_CREATED) | BREAK (ANNOTATION_VERSION_OF) |
               BREAK (ANNOTATION_STATUS) | BREAK (ANNOTATION_BODY) | BREAK (ANNOTATION_TARGET),
             KEY ("id"),
             KEY ("type"),
             KEY ("motivation"),
             KEY ("created"),
             KEY ("modified"),
             KEY ("creator"),
             KEY ("dcterms:isVersionOf"),
             KEY ("schema:creativeWorkStatus"),
             KEY ("body"),
             KEY ("target"))

/* The body of a topic has a source, that of a note, or of a topic in place, a format and a value;
 * only other programs give an id. */
DEFINE_FORM (body,
             0,
             KEY ("id"),
             KEY ("type"),
             KEY ("purpose"),
             KEY ("source"),
             KEY ("format"),
             KEY ("value"),
             KEY ("creator"),
             KEY ("created"))

/* Also the body of a link, which has no earlier place and no status. */
DEFINE_FORM (target,
             BREAK (TARGET_TYPE) | BREAK (TARGET_SELECTOR) | BREAK (TARGET_REPLACES) |
               BREAK (TARGET_STATUS) | BREAK (TARGET_RELATION),
             KEY ("type"),
             KEY ("source"),
             KEY ("selector"),
             KEY ("dcterms:replaces"),
             KEY ("schema:creativeWorkStatus"),
             KEY ("dcterms:relation"))

/* A position has a start and an end, a quote the others. */
DEFINE_FORM (selector,
             0,
             KEY ("type"),
             KEY ("start"),
             KEY ("end"),
             KEY ("prefix"),
             KEY ("exact"),
             KEY ("suffix"))

/**
 * postil_sidecar_form_find:
 * @form: a kind of object
 * @key: a key of such an object
 * @previous: index of the known key before it, -1 when there is none; a hint
 *
 * Returns: index of the key, or -1 when it is not known there
 */
int
postil_sidecar_form_find (const PostilSidecarForm *form, const PostilJsonSlice *key, int previous)
{
  int at = previous;

  /* Members mostly come in order, so the next key is mostly at hand. */
  for (guint i = 0; i < form->n_keys; i++)
    {
      const PostilSidecarKey *known;

      if (++at == (int) form->n_keys)
        at = 0;
      known = &form->keys[at];
      if (key->n_bytes == known->n_bytes && memcmp (key->bytes, known->name, known->n_bytes) == 0)
        return at;
    }
  return -1;
}

/**
 * postil_sidecar_form_get_status:
 * @status: a #PostilStatus
 *
 * Returns: (nullable): what stands in the sidecar for it; %NULL for placed
 */
const char *
postil_sidecar_form_get_status (guint status)
{
  static const char *const names[] = {
    [POSTIL_STATUS_PLACED] = NULL,
    [POSTIL_STATUS_MOVED] = "moved",
    [POSTIL_STATUS_UNCERTAIN] = "uncertain",
    [POSTIL_STATUS_ORPHANED] = "orphaned",
  };

  g_return_val_if_fail (status < G_N_ELEMENTS (names), NULL);

  return names[status];
}

/**
 * postil_sidecar_form_get_link_kind:
 * @kind: a #PostilLinkKind
 *
 * Returns: (nullable): what stands in the sidecar for it; %NULL for a plain link
 */
const char *
postil_sidecar_form_get_link_kind (guint kind)
{
  static const char *const names[] = {
    [POSTIL_LINK_PLAIN] = NULL,
    [POSTIL_LINK_PAIRED] = "paired",
    [POSTIL_LINK_DISMISSED] = "dismissed",
  };

  g_return_val_if_fail (kind < G_N_ELEMENTS (names), NULL);

  return names[kind];
}

/**
 * postil_sidecar_form_get_motivation:
 * @n_topics: how many topics an annotation has
 * @n_notes: how many notes
 * @n_bodies: how many bodies in all, with those of other programs
 *
 * Returns: (nullable): its motivation; %NULL when only other programs know it
 */
const char *
postil_sidecar_form_get_motivation (guint n_topics, guint n_notes, guint n_bodies)
{
  if (n_topics > 0)
    return "classifying";
  if (n_notes > 0)
    return "commenting";
  return n_bodies == 0 ? "highlighting" : NULL;
}

/**
 * postil_sidecar_form_dup_page_id:
 * @collection: IRI of a collection
 *
 * Returns: (transfer full): IRI of its only page, which nothing else refers to
 */
char *
postil_sidecar_form_dup_page_id (const char *collection)
{
  g_autofree char *seed = g_strconcat (collection, " first", NULL);

  return postil_environment_derive_id (seed);
}
