/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar-passage.h"

G_BEGIN_DECLS

/* How one range is described, still in the bytes of the sidecar. */
typedef struct
{
  gboolean has_position;
  gboolean has_quote;
  PostilSpan position;
  PostilJsonSlice exact;
  PostilJsonSlice prefix;
  PostilJsonSlice suffix;
} PostilSidecarDescription;

typedef struct
{
  PostilJsonSlice raw;
  PostilSidecarDescription now;
  /* What "dcterms:replaces" holds. */
  gboolean has_earlier;
  PostilJsonSlice earlier_raw;
  /* Whether the target tells the text that it is true for, which only an earlier one should. */
  gboolean has_sha256;
  /* What stands between the quotes of its "schema:sha256". */
  PostilJsonSlice earlier_sha256;
  PostilSidecarDescription earlier;
} PostilSidecarTarget;

struct _PostilSidecarPassage
{
  PostilJsonScanner *scanner;
  PostilSidecarContext context;
  const char *utf8;
  GArray *kept;
  GStringChunk *strings;
  GString *buffer;
  /* What is kept of a place that the present one replaces, which is kept as a whole. */
  GArray *ignored;

  gboolean shown;
  gboolean reshaped;
  guint n_bad_positions;
  PostilAnnotationKind kind;
  PostilStatus status;
  /* Whether the text is again what the places that were replaced were made on. */
  gboolean reverted;
  /* A key that stands twice in an object of this passage. */
  PostilJsonSlice duplicate;
  /* What a link calls the other document, and the SHA-256 of its file. */
  const char *label;
  const char *sha256;
  GArray *targets;
  /* The ranges in the order of the text, and which target each of them is of. */
  GArray *spans;
  GArray *order;
};

G_END_DECLS
