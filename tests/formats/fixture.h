/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-format.h"

G_BEGIN_DECLS

#define FIXTURE_ADA "urn:uuid:00000000-0000-4000-8000-000000000a01"
#define FIXTURE_BOB "urn:uuid:00000000-0000-4000-8000-000000000a02"
#define FIXTURE_TRUST "urn:uuid:00000000-0000-4000-8000-000000000b01"
#define FIXTURE_DOUBT "urn:uuid:00000000-0000-4000-8000-000000000b02"

/* An annotation by Ada. Its ranges end with one that ends at 0; @topics is any of "T" and "D" for
 * "Trust" and "Doubt", which is below it; @other_note is by Bob. */
typedef struct
{
  PostilAnnotationKind kind;
  PostilStatus status;
  PostilSpan spans[4];
  const char *topics;
  const char *note;
  const char *other_note;
  const char *lost_quote;
} FixtureAnnotation;

PostilSnapshot *fixture_snapshot (const char *label,
                                  const char *text,
                                  const FixtureAnnotation *annotations,
                                  guint n_annotations);
char *fixture_export (const char *format, PostilSnapshot *first, PostilSnapshot *second);

G_END_DECLS
