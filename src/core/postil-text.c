/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-text.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include "postil-sha256.h"

/* Code points from one checkpoint to the next, a power of two. */
#define STRETCH 64

/* How far a boundary is looked for, in code points, before the text there counts as broken: no
 * natural grapheme or word is as long. It bounds the time that one call takes. */
#define WINDOW 1024

/* So many bytes of two texts are compared at once. */
#define BLOCK 1024

#define EVERY_BYTE G_GUINT64_CONSTANT (0x0101010101010101)

/**
 * PostilText:
 *
 * The text of a document as it was decoded: UTF-8 with its origin, and tables that make offsets in
 * code points as cheap as bytes. Shared by reference counting between the document, its snapshots
 * and their threads. Nothing of it changes after postil_text_new(), so any thread may read it.
 */
struct _PostilText
{
  gatomicrefcount ref_count;
  char *utf8;
  gsize n_bytes;
  guint length;
  /* The byte of every STRETCHth code point; NULL when each code point is one byte. 32 bits hold it,
   * as POSTIL_TEXT_MAX_LENGTH code points have fewer than 2^32 bytes. */
  guint32 *checkpoints;
  guint n_checkpoints;
  /* The first code point of every paragraph. */
  guint32 *paragraphs;
  guint n_paragraphs;
  char *charset;
  char *sha256;
  guint n_ill_formed;
};

G_DEFINE_BOXED_TYPE (PostilText, postil_text, postil_text_ref, postil_text_unref)

static inline guint64
load_word (const char *p)
{
  guint64 word;

  memcpy (&word, p, sizeof word);
  return word;
}

static inline guint
count_starts_in_word (guint64 word)
{
  guint64 continuations = (word >> 7) & (~word >> 6) & EVERY_BYTE;

  return 8 - ((continuations * EVERY_BYTE) >> 56);
}

static inline gboolean
word_has_byte (guint64 word, guint8 byte)
{
  guint64 zeroed = word ^ (EVERY_BYTE * byte);

  return ((zeroed - EVERY_BYTE) & ~zeroed & (EVERY_BYTE << 7)) != 0;
}

static inline gboolean
is_start (char byte)
{
  return (byte & 0xC0) != 0x80;
}

/* The code points that start in [p, end). */
static guint
count_starts (const char *p, const char *end)
{
  guint n = 0;

  for (; end - p >= 8; p += 8)
    n += count_starts_in_word (load_word (p));
  for (; p < end; p++)
    n += is_start (*p);
  return n;
}

/* The byte after @n code points from @p, which must be there. */
static const char *
skip_code_points (const char *p, guint n)
{
  /* As many code points are as many bytes at least, so no word reaches beyond the text. */
  for (; n >= 8; p += 8)
    n -= count_starts_in_word (load_word (p));
  while (!is_start (*p))
    p++;
  for (; n > 0; n--)
    p = g_utf8_next_char (p);
  return p;
}

typedef struct
{
  guint32 *values;
  gsize n_values;
  gsize n_allocated;
} Table;

static inline void
append (Table *table, guint32 value)
{
  if (G_UNLIKELY (table->n_values == table->n_allocated))
    {
      table->n_allocated = MAX (256, table->n_allocated * 2);
      table->values = g_renew (guint32, table->values, table->n_allocated);
    }
  table->values[table->n_values++] = value;
}

static inline gboolean
may_end_paragraph (guint64 word)
{
  return word_has_byte (word, '\n') || word_has_byte (word, '\r') || word_has_byte (word, 0xE2);
}

/* Whether a paragraph ends after the code point that starts at @p. */
static inline gboolean
ends_paragraph (const char *p)
{
  return *p == '\n' || (*p == '\r' && p[1] != '\n') ||
         ((guint8) *p == 0xE2 && (guint8) p[1] == 0x80 && (guint8) p[2] == 0xA9);
}

static void
build_tables (PostilText *self)
{
  const char *p = self->utf8, *end = self->utf8 + self->n_bytes;
  Table checkpoints = { 0 }, paragraphs = { 0 };
  guint offset = 0;

  append (&paragraphs, 0);
  while (p < end)
    {
      guint into = offset % STRETCH;

      /* A whole word at a time where neither a checkpoint nor the end of a paragraph can be. */
      if (end - p >= 8 && into != 0 && into + 8 <= STRETCH && !may_end_paragraph (load_word (p)))
        {
          offset += count_starts_in_word (load_word (p));
          p += 8;
          continue;
        }
      if (is_start (*p))
        {
          if (into == 0)
            append (&checkpoints, p - self->utf8);
          offset++;
          if (G_UNLIKELY (ends_paragraph (p)))
            append (&paragraphs, offset);
        }
      p++;
    }

  self->length = offset;
  self->paragraphs = g_renew (guint32, paragraphs.values, paragraphs.n_values);
  self->n_paragraphs = paragraphs.n_values;
  if (self->length == self->n_bytes)
    {
      g_free (checkpoints.values);
      return;
    }
  self->checkpoints = g_renew (guint32, checkpoints.values, checkpoints.n_values);
  self->n_checkpoints = checkpoints.n_values;
}

/* The index of the last of @values, which ascend from at most @value, that is not above @value. */
static guint
find_last (const guint32 *values, guint n_values, gsize value)
{
  guint low = 0, high = n_values;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (values[middle] <= value)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static gunichar
char_before (PostilText *self, gsize byte)
{
  return g_utf8_get_char (g_utf8_prev_char (self->utf8 + byte));
}

typedef gboolean (*Separates) (gunichar before, gunichar after);

/* Whether UAX #29 breaks graphemes here whatever stands around: between two characters of no
 * grapheme property, and at controls other than inside CRLF (GB3, GB4, GB5, GB999). */
static gboolean
separates_graphemes (gunichar before, gunichar after)
{
  int a = u_getIntPropertyValue (before, UCHAR_GRAPHEME_CLUSTER_BREAK);
  int b = u_getIntPropertyValue (after, UCHAR_GRAPHEME_CLUSTER_BREAK);

  if (a == U_GCB_CR && b == U_GCB_LF)
    return FALSE;
  if (a == U_GCB_CR || a == U_GCB_LF || a == U_GCB_CONTROL || b == U_GCB_CR || b == U_GCB_LF ||
      b == U_GCB_CONTROL)
    return TRUE;
  return a == U_GCB_OTHER && b == U_GCB_OTHER;
}

/* Whether UAX #29 breaks words here whatever stands around: after blanks and after punctuation that
 * no word can hold (WB3a, WB3b, WB3d, WB4, WB999). */
static gboolean
separates_words (gunichar before, gunichar after)
{
  int a = u_getIntPropertyValue (before, UCHAR_WORD_BREAK);
  int b = u_getIntPropertyValue (after, UCHAR_WORD_BREAK);

  if (a == U_WB_CR || a == U_WB_LF || a == U_WB_NEWLINE)
    return !(a == U_WB_CR && b == U_WB_LF);
  if (b == U_WB_EXTEND || b == U_WB_FORMAT || b == U_WB_ZWJ)
    return FALSE;
  if (a == U_WB_WSEGSPACE)
    return b != U_WB_WSEGSPACE;
  return a == U_WB_OTHER && (u_isUWhiteSpace (before) || u_ispunct (before));
}

/* Opens a break iterator over as little text round @byte as decides what is a boundary there.
 * Its indexes count from @from in bytes. */
static UBreakIterator *
open_window (PostilText *self,
             gsize byte,
             UBreakIteratorType type,
             Separates separates,
             UText *storage,
             gsize *from)
{
  UErrorCode status = U_ZERO_ERROR;
  const char *start = self->utf8 + byte, *end = start, *text_end = self->utf8 + self->n_bytes;
  UBreakIterator *breaks;

  for (guint n = 0; start > self->utf8 && n < WINDOW; n++)
    {
      const char *before = g_utf8_prev_char (start);

      if (separates (g_utf8_get_char (before), g_utf8_get_char (start)))
        break;
      start = before;
    }
  for (guint n = 0; end < text_end && n < WINDOW; n++)
    {
      const char *after = g_utf8_next_char (end);

      if (separates (char_before (self, end - self->utf8), g_utf8_get_char (end)))
        break;
      end = after;
    }

  *from = start - self->utf8;
  utext_openUTF8 (storage, start, end - start, &status);
  breaks = ubrk_open (type, "", NULL, 0, &status);
  ubrk_setUText (breaks, storage, &status);
  /* Only a missing ICU data file or memory gets here. */
  if (U_FAILURE (status))
    g_error ("ICU cannot break text: %s", u_errorName (status));
  return breaks;
}

static gboolean
is_grapheme_boundary_for_sure (PostilText *self, gsize byte)
{
  return byte == 0 || byte == self->n_bytes ||
         separates_graphemes (char_before (self, byte), g_utf8_get_char (self->utf8 + byte));
}

static gsize
snap_byte_to_grapheme (PostilText *self, gsize byte, gboolean up)
{
  UText storage = UTEXT_INITIALIZER;
  UBreakIterator *breaks;
  gsize from;

  if (is_grapheme_boundary_for_sure (self, byte))
    return byte;
  breaks = open_window (self, byte, UBRK_CHARACTER, separates_graphemes, &storage, &from);
  if (!ubrk_isBoundary (breaks, byte - from))
    byte =
      from + (up ? ubrk_following (breaks, byte - from) : ubrk_preceding (breaks, byte - from));
  ubrk_close (breaks);
  utext_close (&storage);
  return byte;
}

/* The nearest end of the word that @byte stands inside of; @byte when it stands in none. */
static gsize
snap_byte_to_word (PostilText *self, gsize byte, gboolean up)
{
  UText storage = UTEXT_INITIALIZER;
  UBreakIterator *breaks;
  gsize from;

  if (byte == 0 || byte == self->n_bytes ||
      separates_words (char_before (self, byte), g_utf8_get_char (self->utf8 + byte)))
    return byte;
  breaks = open_window (self, byte, UBRK_WORD, separates_words, &storage, &from);
  if (!ubrk_isBoundary (breaks, byte - from))
    {
      gsize next = from + ubrk_following (breaks, byte - from);

      if (ubrk_getRuleStatus (breaks) >= UBRK_WORD_NONE_LIMIT)
        byte = up ? next : from + ubrk_previous (breaks);
    }
  ubrk_close (breaks);
  utext_close (&storage);
  return byte;
}

/* Moves the ends of @span outwards; most stay, and then need not be counted again. */
static PostilSpan
snap (PostilText *self, PostilSpan span, gsize (*snap_byte) (PostilText *, gsize, gboolean))
{
  gsize start = postil_text_get_byte (self, span.start);
  gsize end = postil_text_get_byte (self, span.end);
  gsize snapped_start = snap_byte (self, start, FALSE);
  gsize snapped_end = snap_byte (self, end, TRUE);

  if (snapped_start != start)
    span.start = postil_text_get_offset (self, snapped_start);
  if (snapped_end != end)
    span.end = postil_text_get_offset (self, snapped_end);
  return span;
}

/* @span without the white space at its ends, unless it is nothing else. */
static PostilSpan
trim_blanks (PostilText *self, PostilSpan span)
{
  const char *start = self->utf8 + postil_text_get_byte (self, span.start);
  const char *end = self->utf8 + postil_text_get_byte (self, span.end);
  PostilSpan trimmed = span;

  for (; start < end && u_isUWhiteSpace (g_utf8_get_char (start)); start = g_utf8_next_char (start))
    trimmed.start++;
  if (start == end)
    return span;
  while (u_isUWhiteSpace (g_utf8_get_char (g_utf8_prev_char (end))))
    {
      end = g_utf8_prev_char (end);
      trimmed.end--;
    }
  return trimmed;
}

/* Whether the byte is not the first of its character. */
static gboolean
is_inside (PostilText *self, gsize byte)
{
  return byte < self->n_bytes && ((guint8) self->utf8[byte] & 0xC0) == 0x80;
}

/* Whether it is plain at once that no grapheme goes on behind @byte: between two ASCII characters,
 * or two others that have no say in that (Unicode Standard Annex #29, GB3 to GB5 and GB999). */
static gboolean
is_boundary (PostilText *self, gsize byte)
{
  const char *at = self->utf8 + byte;

  if (byte == 0 || byte == self->n_bytes)
    return TRUE;
  if (((guint8) at[-1] | (guint8) at[0]) < 0x80)
    return at[-1] != '\r' || at[0] != '\n';
  return u_getIntPropertyValue (g_utf8_get_char (g_utf8_prev_char (at)),
                                UCHAR_GRAPHEME_CLUSTER_BREAK) == U_GCB_OTHER &&
         u_getIntPropertyValue (g_utf8_get_char (at), UCHAR_GRAPHEME_CLUSTER_BREAK) == U_GCB_OTHER;
}

/* The nearest place at or after @offset, or before it, where no grapheme is cut. */
static guint
avoid_cut (PostilText *self, guint offset, gboolean forward)
{
  gsize byte = postil_text_get_byte (self, offset);
  PostilSpan snapped;

  if (is_boundary (self, byte))
    return offset;
  snapped = postil_text_snap_to_graphemes (self, (PostilSpan){ offset, offset + 1 });
  if (snapped.start == offset)
    return offset;
  return forward ? snapped.end : snapped.start;
}

/**
 * postil_text_new:
 * @utf8: (transfer full): valid UTF-8, NUL-terminated
 * @n_bytes: its length in bytes without the NUL; at most POSTIL_TEXT_MAX_LENGTH code points
 * @origin: (nullable): what is known of its file; without it, or without its members, the charset
 * is "UTF-8" and the SHA-256 that of @utf8
 *
 * Makes a text. Takes time in proportion to its length, some 10 ms for 10 MB.
 *
 * Returns: (transfer full): the text
 */
PostilText *
postil_text_new (char *utf8, gsize n_bytes, const PostilTextOrigin *origin)
{
  static const PostilTextOrigin none;
  PostilText *self;

  g_return_val_if_fail (utf8 != NULL && utf8[n_bytes] == '\0', NULL);

  if (origin == NULL)
    origin = &none;
  self = g_new0 (PostilText, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->utf8 = utf8;
  self->n_bytes = n_bytes;
  self->charset = g_strdup (origin->charset != NULL ? origin->charset : "UTF-8");
  self->sha256 =
    origin->sha256 != NULL ? g_strdup (origin->sha256) : postil_sha256_compute (utf8, n_bytes);
  self->n_ill_formed = origin->n_ill_formed;
  build_tables (self);
  return self;
}

/**
 * postil_text_ref:
 *
 * Returns: (transfer full): @self with one more reference
 */
PostilText *
postil_text_ref (PostilText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * postil_text_unref:
 * @self: a text
 *
 * Drops one reference; the last one frees the text.
 */
void
postil_text_unref (PostilText *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->utf8);
  g_free (self->checkpoints);
  g_free (self->paragraphs);
  g_free (self->charset);
  g_free (self->sha256);
  g_free (self);
}

/**
 * postil_text_get_utf8:
 * @n_bytes: (out) (optional): its length in bytes
 *
 * Returns: the text as UTF-8, NUL-terminated, without a byte order mark; lives as long as @self
 */
const char *
postil_text_get_utf8 (PostilText *self, gsize *n_bytes)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (n_bytes != NULL)
    *n_bytes = self->n_bytes;
  return self->utf8;
}

/**
 * postil_text_get_length:
 * @self: a text
 *
 * Returns: the length in code points
 */
guint
postil_text_get_length (PostilText *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->length;
}

/**
 * postil_text_get_charset:
 * @self: a text
 *
 * Returns: the IANA name of what the file was decoded with
 */
const char *
postil_text_get_charset (PostilText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->charset;
}

/**
 * postil_text_get_sha256:
 * @self: a text
 *
 * Returns: SHA-256 of the file's bytes in lower-case hexadecimal
 */
const char *
postil_text_get_sha256 (PostilText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sha256;
}

/**
 * postil_text_get_n_ill_formed:
 * @self: a text
 *
 * Returns: how many ill-formed parts of the file became U+FFFD
 */
guint
postil_text_get_n_ill_formed (PostilText *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_ill_formed;
}

/**
 * postil_text_get_byte:
 * @self: a text
 * @offset: in code points, at most the length
 *
 * Returns: where that code point starts in the UTF-8, in bytes
 */
gsize
postil_text_get_byte (PostilText *self, guint offset)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (offset <= self->length, self->n_bytes);

  if (self->checkpoints == NULL)
    return offset;
  if (offset == self->length)
    return self->n_bytes;
  return skip_code_points (self->utf8 + self->checkpoints[offset / STRETCH], offset % STRETCH) -
         self->utf8;
}

/**
 * postil_text_get_offset:
 * @self: a text
 * @byte: a place in the UTF-8, in bytes, at most its length
 *
 * Returns: the offset in code points of what @byte belongs to
 */
guint
postil_text_get_offset (PostilText *self, gsize byte)
{
  guint checkpoint;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (byte <= self->n_bytes, self->length);

  if (self->checkpoints == NULL)
    return byte;
  while (!is_start (self->utf8[byte]))
    byte--;
  checkpoint = find_last (self->checkpoints, self->n_checkpoints, byte);
  return checkpoint * STRETCH +
         count_starts (self->utf8 + self->checkpoints[checkpoint], self->utf8 + byte);
}

/**
 * postil_text_dup_range:
 * @self: a text
 * @span: within the text
 *
 * Returns: (transfer full): that range as UTF-8
 */
char *
postil_text_dup_range (PostilText *self, PostilSpan span)
{
  gsize start;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (span.start <= span.end && span.end <= self->length, NULL);

  start = postil_text_get_byte (self, span.start);
  return g_strndup (self->utf8 + start, postil_text_get_byte (self, span.end) - start);
}

/**
 * postil_text_get_n_paragraphs:
 * @self: a text
 *
 * Paragraphs end after "\n", "\r", "\r\n" and U+2029, as for Pango and GtkTextBuffer; so a text
 * that ends in one of them has an empty last paragraph, and an empty text has one.
 *
 * Returns: how many paragraphs there are, at least 1
 */
guint
postil_text_get_n_paragraphs (PostilText *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return self->n_paragraphs;
}

/**
 * postil_text_get_paragraph_at:
 * @self: a text
 * @offset: in code points, at most the length
 *
 * Returns: the index of the paragraph that holds @offset, from 0
 */
guint
postil_text_get_paragraph_at (PostilText *self, guint offset)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (offset <= self->length, self->n_paragraphs - 1);

  return find_last (self->paragraphs, self->n_paragraphs, offset);
}

/**
 * postil_text_get_paragraph:
 * @self: a text
 * @paragraph: an index from 0
 *
 * Returns: the span of that paragraph with what ends it
 */
PostilSpan
postil_text_get_paragraph (PostilText *self, guint paragraph)
{
  g_return_val_if_fail (self != NULL, (PostilSpan){ 0 });
  g_return_val_if_fail (paragraph < self->n_paragraphs, (PostilSpan){ 0 });

  return (PostilSpan){ self->paragraphs[paragraph], paragraph + 1 < self->n_paragraphs
                                                      ? self->paragraphs[paragraph + 1]
                                                      : self->length };
}

/**
 * postil_text_snap_to_graphemes:
 * @self: a text
 * @span: within the text
 *
 * Widens a span so that neither end stands inside a grapheme cluster (UAX #29); CRLF is one.
 *
 * Returns: the widened span
 */
PostilSpan
postil_text_snap_to_graphemes (PostilText *self, PostilSpan span)
{
  g_return_val_if_fail (self != NULL, span);
  g_return_val_if_fail (span.start <= span.end && span.end <= self->length, span);

  return snap (self, span, snap_byte_to_grapheme);
}

/**
 * postil_text_snap_to_words:
 * @self: a text
 * @span: within the text
 *
 * Widens a span so that neither end stands inside a word (UAX #29) or a grapheme cluster, then
 * leaves out the blanks at its ends. A span of blanks alone stays. Punctuation stands for itself.
 *
 * Returns: the span of whole words
 */
PostilSpan
postil_text_snap_to_words (PostilText *self, PostilSpan span)
{
  g_return_val_if_fail (self != NULL, span);
  g_return_val_if_fail (span.start <= span.end && span.end <= self->length, span);

  span = snap (self, postil_text_snap_to_graphemes (self, span), snap_byte_to_word);
  /* A blank may bear a combining mark. */
  return postil_text_snap_to_graphemes (self, trim_blanks (self, span));
}

/* How many of @n bytes are the same at two places. */
static gsize
match_start (const char *a, const char *b, gsize n)
{
  gsize same = 0;

  while (n - same >= BLOCK && memcmp (a + same, b + same, BLOCK) == 0)
    same += BLOCK;
  while (same < n && a[same] == b[same])
    same++;
  return same;
}

/* How many of the last @n bytes before two places are. */
static gsize
match_end (const char *a, const char *b, gsize n)
{
  gsize left = n;

  a -= n;
  b -= n;
  while (left >= BLOCK && memcmp (a + left - BLOCK, b + left - BLOCK, BLOCK) == 0)
    left -= BLOCK;
  while (left > 0 && a[left - 1] == b[left - 1])
    left--;
  return n - left;
}

/**
 * postil_text_compare:
 * @a: a text
 * @b: another
 * @before: (out): how much they begin with in common, in code points
 * @behind: (out): how much of what follows they end with in common, in code points
 *
 * Finds the part in which two texts differ; there is none when all of both is @before.
 */
void
postil_text_compare (PostilText *a, PostilText *b, guint *before, guint *behind)
{
  gsize n, start, end;

  g_return_if_fail (a != NULL && b != NULL && before != NULL && behind != NULL);

  n = MIN (a->n_bytes, b->n_bytes);
  start = match_start (a->utf8, b->utf8, n);
  while (start > 0 && (is_inside (a, start) || is_inside (b, start)))
    start--;
  end = match_end (a->utf8 + a->n_bytes, b->utf8 + b->n_bytes, n - start);
  while (end > 0 && is_inside (a, a->n_bytes - end))
    end--;
  *before = postil_text_get_offset (a, start);
  *behind = a->length - postil_text_get_offset (a, a->n_bytes - end);
}

/**
 * postil_text_add_context:
 * @self: a text
 * @span: within the text
 * @n: how much to add on each side, in code points
 *
 * Widens a span by what stands around it: by less than @n where the text ends, or where that would
 * cut a grapheme.
 *
 * Returns: the widened span
 */
PostilSpan
postil_text_add_context (PostilText *self, PostilSpan span, guint n)
{
  g_return_val_if_fail (self != NULL, span);
  g_return_val_if_fail (span.start <= span.end && span.end <= self->length, span);

  return (PostilSpan){
    MIN (avoid_cut (self, span.start - MIN (span.start, n), TRUE), span.start),
    MAX (avoid_cut (self, span.end + MIN (self->length - span.end, n), FALSE), span.end),
  };
}

/**
 * postil_text_get_context:
 * @self: a text
 * @span: a range of it, in code points
 * @n: how much to add before and after, in code points
 * @bytes: (out caller-allocates): the ends in bytes of what postil_text_add_context() gives, and
 * between them those of @span
 *
 * Finds all that a selector quotes, in less time than one end after the other takes.
 */
void
postil_text_get_context (PostilText *self, PostilSpan span, guint n, gsize bytes[4])
{
  const char *start, *end, *at;
  guint before = MIN (span.start, n), behind;

  g_return_if_fail (self != NULL && bytes != NULL);
  g_return_if_fail (span.start <= span.end && span.end <= self->length);

  behind = MIN (self->length - span.end, n);
  bytes[1] = postil_text_get_byte (self, span.start);
  bytes[2] = postil_text_get_byte (self, span.end);
  start = self->utf8 + bytes[1];
  end = self->utf8 + bytes[2];
  for (at = start; before > 0; before--)
    do
      at--;
    while (!is_start (*at));
  bytes[0] = at - self->utf8;
  for (at = end; behind > 0; behind--)
    at = g_utf8_next_char (at);
  bytes[3] = at - self->utf8;
  if (!is_boundary (self, bytes[0]) || !is_boundary (self, bytes[3]))
    {
      PostilSpan context = postil_text_add_context (self, span, n);

      bytes[0] = postil_text_get_byte (self, context.start);
      bytes[3] = postil_text_get_byte (self, context.end);
    }
}
