/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

/* How deep objects and arrays may lie inside one skipped value. */
#define POSTIL_JSON_MAX_DEPTH 1000

/* How much deeper they may lie in values that were well-formed before, apart from one another. */
#define POSTIL_JSON_EXTRA_DEPTH 24

/* Limit of a JSON file in bytes. */
#define POSTIL_JSON_MAX_BYTES G_MAXINT32

/**
 * PostilJsonSlice:
 * @bytes: first byte, inside the scanned bytes
 * @n_bytes: how many
 * @escaped: whether a string holds escapes
 *
 * A string as it stands between its quotes, or any value as it stands.
 */
typedef struct
{
  const char *bytes;
  gsize n_bytes;
  gboolean escaped;
} PostilJsonSlice;

typedef enum
{
  POSTIL_JSON_PROBLEM_NONE,
  POSTIL_JSON_PROBLEM_UTF8,
  POSTIL_JSON_PROBLEM_END,
  POSTIL_JSON_PROBLEM_VALUE,
  POSTIL_JSON_PROBLEM_KEY,
  POSTIL_JSON_PROBLEM_COLON,
  POSTIL_JSON_PROBLEM_COMMA,
  POSTIL_JSON_PROBLEM_NUMBER,
  POSTIL_JSON_PROBLEM_ESCAPE,
  POSTIL_JSON_PROBLEM_CONTROL,
  POSTIL_JSON_PROBLEM_DEPTH,
  POSTIL_JSON_PROBLEM_TRAILING,
  POSTIL_JSON_PROBLEM_DUPLICATE
} PostilJsonProblem;

/**
 * PostilJsonScanner:
 * @at: the next byte
 * @end: the byte after the last one
 * @start: the first byte
 * @max_depth: how deep a skip may go; POSTIL_JSON_MAX_DEPTH, or with POSTIL_JSON_EXTRA_DEPTH
 * @problem: what is wrong; once it is set, every function returns %FALSE
 * @where: the byte at which it is wrong
 * @key: the key that stands twice
 *
 * Where a scan stands. Only @at may be set from outside, to the start of a value, and @max_depth.
 */
typedef struct
{
  const char *at;
  const char *end;
  const char *start;
  guint max_depth;
  PostilJsonProblem problem;
  const char *where;
  PostilJsonSlice key;
} PostilJsonScanner;

/* The byte that the scanner stands at, which tells the type of a value; 0 at the end. */
static inline char
postil_json_scanner_peek (const PostilJsonScanner *self)
{
  return self->at < self->end ? *self->at : '\0';
}

/* Whether a string or a value stands there as just @text, with nothing escaped. */
static inline gboolean
postil_json_slice_is (const PostilJsonSlice *self, const char *text)
{
  gsize n_bytes = strlen (text);

  return self->n_bytes == n_bytes && memcmp (self->bytes, text, n_bytes) == 0;
}

static inline gboolean
postil_json_slice_equal (const PostilJsonSlice *a, const PostilJsonSlice *b)
{
  return a->n_bytes == b->n_bytes && memcmp (a->bytes, b->bytes, a->n_bytes) == 0;
}

void postil_json_scanner_skip_line (PostilJsonScanner *self);
gboolean postil_json_scanner_go_on (PostilJsonScanner *self, guint *n, char closing);

/* Passes over white space, mostly one space or none. */
static inline __attribute__ ((always_inline)) void
postil_json_scanner_skip_space (PostilJsonScanner *self)
{
  if (postil_json_scanner_peek (self) == ' ')
    self->at++;
  if ((guint8) postil_json_scanner_peek (self) <= ' ')
    postil_json_scanner_skip_line (self);
}

/* Goes on to the next element of an array, or to the key of the next member of an object, of which
 * @n have been given and @closing is the end; mostly behind a comma. Returns FALSE at the end,
 * which has been passed, or when something is wrong. */
static inline gboolean
postil_json_scanner_next (PostilJsonScanner *self, guint *n, char closing)
{
  if (*n == 0 || postil_json_scanner_peek (self) != ',' ||
      self->problem != POSTIL_JSON_PROBLEM_NONE)
    return postil_json_scanner_go_on (self, n, closing);
  self->at++;
  postil_json_scanner_skip_space (self);
  (*n)++;
  return TRUE;
}

/* Passes over just these bytes, two or more, if they are what stands there: what is expected takes
 * less so than to be read, and least where their number is known to the compiler. */
static inline __attribute__ ((always_inline)) gboolean
postil_json_scanner_take (PostilJsonScanner *self, const char *bytes, gsize n_bytes)
{
  if ((gsize) (self->end - self->at) < n_bytes || self->at[1] != bytes[1] ||
      memcmp (self->at, bytes, n_bytes) != 0)
    return FALSE;
  self->at += n_bytes;
  return TRUE;
}

void postil_json_scanner_init (PostilJsonScanner *self, const char *bytes, gsize n_bytes);
void postil_json_scanner_enter (PostilJsonScanner *self);
gboolean postil_json_scanner_next_member (PostilJsonScanner *self, guint *n, PostilJsonSlice *key);
gboolean postil_json_scanner_next_element (PostilJsonScanner *self, guint *n);
gboolean postil_json_scanner_read_key (PostilJsonScanner *self, PostilJsonSlice *key);
gboolean postil_json_scanner_read_string (PostilJsonScanner *self, PostilJsonSlice *string);
gboolean postil_json_scanner_take_string (PostilJsonScanner *self, const char *text, gsize n_bytes);
gboolean postil_json_scanner_skip (PostilJsonScanner *self, PostilJsonSlice *raw);
gboolean postil_json_scanner_finish (PostilJsonScanner *self);
void postil_json_scanner_fail (PostilJsonScanner *self,
                               PostilJsonProblem problem,
                               const char *where);
void postil_json_scanner_set_error (PostilJsonScanner *self, const char *name, GError **error);

gsize postil_json_count_plain (const char *text, gsize n_bytes);
gboolean postil_json_slice_can_unescape (const PostilJsonSlice *self);
gboolean postil_json_slice_unescape (const PostilJsonSlice *self, GString *text);

G_END_DECLS
