/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-codebook.h"
#include "postil-snapshot.h"

G_BEGIN_DECLS

/**
 * PostilRecord:
 * @annotation: the annotation itself
 * @status: "placed", "moved", "uncertain" or "orphaned"
 * @state: what is to be said of its place, translated; %NULL when it is a passage as ever
 * @placed: whether it has ranges in the text
 * @extent: the outer ends of them, in code points
 * @paragraph: the paragraph that it begins in, from 1; 0 without a place
 * @quote: its passage, or what it was before it was orphaned; %NULL when there is none
 * @topics: labels of its topics
 * @note: its notes with an empty line between them, those of others after their names; or %NULL
 * @creator: name of the annotator, or %NULL
 * @created: when, as RFC 3339 in UTC, or %NULL
 *
 * An annotation in words and figures, as listings and exports give it.
 */
typedef struct
{
  PostilAnnotation *annotation;
  const char *status;
  const char *state;
  gboolean placed;
  PostilSpan extent;
  guint paragraph;
  char *quote;
  GStrv topics;
  char *note;
  const char *creator;
  char *created;
} PostilRecord;

PostilRecord *postil_record_new (PostilSnapshot *snapshot,
                                 PostilCodebook *codebook,
                                 PostilAnnotation *annotation);
void postil_record_free (PostilRecord *self);

const char *postil_record_find_annotator (PostilSnapshot *snapshot, const char *id);
char *postil_record_shorten (const char *text, guint max_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostilRecord, postil_record_free)

G_END_DECLS
