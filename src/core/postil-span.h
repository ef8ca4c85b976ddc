/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PostilSpan:
 * @start: first code point
 * @end: code point after the last one; never before @start
 *
 * A range of a text in Unicode code points, end exclusive, as the W3C TextPositionSelector counts.
 */
typedef struct
{
  guint start;
  guint end;
} PostilSpan;

static inline guint
postil_span_length (PostilSpan span)
{
  return span.end - span.start;
}

/* An empty span touches what it stands in or before. */
static inline gboolean
postil_span_touches (PostilSpan a, PostilSpan b)
{
  if (a.start == a.end)
    return b.start <= a.start && (a.start < b.end || a.start == b.start);
  if (b.start == b.end)
    return a.start <= b.start && b.start < a.end;
  return a.start < b.end && b.start < a.end;
}

static inline gboolean
postil_span_equal (PostilSpan a, PostilSpan b)
{
  return a.start == b.start && a.end == b.end;
}

/* In the order of the text, to sort spans by. */
static inline int
postil_span_compare (gconstpointer a, gconstpointer b)
{
  const PostilSpan *x = a, *y = b;

  if (x->start != y->start)
    return x->start < y->start ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

/* The same for positions in @spans, which are guint. */
static inline int
postil_span_compare_nth (gconstpointer a, gconstpointer b, gpointer spans)
{
  const PostilSpan *all = spans;

  return postil_span_compare (&all[*(const guint *) a], &all[*(const guint *) b]);
}

G_END_DECLS
