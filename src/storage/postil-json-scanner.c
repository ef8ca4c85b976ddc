/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-json-scanner.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <glib/gi18n-lib.h>

#include "postil-error.h"

/*
 * PostilJsonScanner: a pull scanner for JSON (RFC 8259), one pass over bytes that its user owns. It
 * allocates nothing, recurses nowhere and hands out slices of the bytes. Between calls it stands at
 * the first byte of a value, or behind one. Whatever it has passed was well-formed, in UTF-8 and
 * not nested deeper than POSTIL_JSON_MAX_DEPTH below the value that a skip began at; whether keys
 * stand twice is for its user to see.
 */

/* How many bytes of a string are looked at at once. */
#define STRIDE 16

/* Whether a byte of a string stands for itself, if it is well-formed UTF-8. */
static inline gboolean
is_plain (char byte)
{
  return (guint8) byte >= 0x20 && byte != '"' && byte != '\\';
}

/* How many of the next bytes are plain ASCII parts of a string, before a quote, a backslash, a
 * control character, or what is not ASCII, which as a signed number is below all of it. */
static inline guint
count_plain (const char *at)
{
#ifdef __SSE2__
  __m128i bytes = _mm_loadu_si128 ((const __m128i *) at);
  __m128i special = _mm_or_si128 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"')),
                                  _mm_or_si128 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\')),
                                                _mm_cmplt_epi8 (bytes, _mm_set1_epi8 (0x20))));
  guint mask = _mm_movemask_epi8 (special);

  return mask != 0 ? __builtin_ctz (mask) : STRIDE;
#else
  typedef gint8 Bytes __attribute__ ((vector_size (STRIDE)));
  guint64 halves[2];
  Bytes bytes;

  memcpy (&bytes, at, sizeof bytes);
  bytes = (Bytes) ((bytes < 0x20) | (bytes == '"') | (bytes == '\\'));
  memcpy (halves, &bytes, sizeof halves);
  if (halves[0] != 0)
    return __builtin_ctzll (GUINT64_FROM_LE (halves[0])) / 8;
  return halves[1] != 0 ? 8 + __builtin_ctzll (GUINT64_FROM_LE (halves[1])) / 8 : STRIDE;
#endif
}

/* How many of the next bytes are spaces. */
static inline guint
count_spaces (const char *at)
{
#ifdef __SSE2__
  __m128i bytes = _mm_loadu_si128 ((const __m128i *) at);
  guint mask = _mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (' ')));

  return __builtin_ctz (~mask);
#else
  guint n = 0;

  while (n < STRIDE && at[n] == ' ')
    n++;
  return n;
#endif
}

/* The length of the well-formed UTF-8 sequence at @at, which is not ASCII; 0 when it is ill-formed
 * (The Unicode Standard, table 3-7). */
static inline guint
sequence_length (const char *at, const char *end)
{
  const guint8 *p = (const guint8 *) at;
  gsize left = end - at;

  if (p[0] >= 0xC2 && p[0] <= 0xDF)
    return left >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
  if ((p[0] & 0xF0) == 0xE0)
    return left >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
               !(p[0] == 0xE0 && p[1] < 0xA0) && !(p[0] == 0xED && p[1] > 0x9F)
             ? 3
             : 0;
  if (p[0] >= 0xF0 && p[0] <= 0xF4)
    return left >= 4 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 && (p[3] & 0xC0) == 0x80 &&
               !(p[0] == 0xF0 && p[1] < 0x90) && !(p[0] == 0xF4 && p[1] > 0x8F)
             ? 4
             : 0;
  return 0;
}

/* At the end of the bytes, whatever was expected, the file ends too early. */
static gboolean
expected (PostilJsonScanner *self, PostilJsonProblem problem)
{
  postil_json_scanner_fail (self, self->at < self->end ? problem : POSTIL_JSON_PROBLEM_END,
                            self->at);
  return FALSE;
}

static gboolean
is_escape (const char *at, const char *end)
{
  if (end - at < 2)
    return FALSE;
  if (at[1] != 'u')
    return at[1] != '\0' && strchr ("\"\\/bfnrt", at[1]) != NULL;
  for (guint i = 2; i < 6; i++)
    if (end - at <= i || !g_ascii_isxdigit (at[i]))
      return FALSE;
  return TRUE;
}

static gunichar
read_hex (const char *at)
{
  gunichar unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit << 4 | g_ascii_xdigit_value (at[i]);
  return unit;
}

/* Reads a well-formed escape behind its backslash, and passes over it. Returns 0 for what UTF-8
 * cannot hold in a C string. */
static gunichar
read_escape (const char **at, const char *end)
{
  char kind = *(*at)++;
  gunichar unit, low;

  switch (kind)
    {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'u':
      break;
    default:
      return kind;
    }
  unit = read_hex (*at);
  *at += 4;
  if (unit >= 0xD800 && unit < 0xDC00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u')
    {
      low = read_hex (*at + 2);
      if (low >= 0xDC00 && low < 0xE000)
        {
          *at += 6;
          return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
    }
  return unit >= 0xD800 && unit < 0xE000 ? 0 : unit;
}

/* Reads the string whose first quote the scanner stands at. */
static gboolean
scan_string (PostilJsonScanner *self, PostilJsonSlice *string)
{
  const char *start = self->at + 1;
  const char *end = self->end;
  const char *at = start;
  gboolean escaped = FALSE;

  for (;;)
    {
      guint n_plain = STRIDE;

      while (end - at >= STRIDE && n_plain == STRIDE)
        {
          n_plain = count_plain (at);
          at += n_plain;
        }
      while (n_plain == STRIDE && at < end && (guint8) *at < 0x80 && is_plain (*at))
        at++;

      self->at = at;
      if (at == end)
        return expected (self, POSTIL_JSON_PROBLEM_END);
      if (*at == '"')
        break;
      if (*at == '\\')
        {
          if (!is_escape (at, end))
            return expected (self, POSTIL_JSON_PROBLEM_ESCAPE);
          escaped = TRUE;
          at += at[1] == 'u' ? 6 : 2;
        }
      else if ((guint8) *at < 0x20)
        {
          return expected (self, POSTIL_JSON_PROBLEM_CONTROL);
        }
      else
        {
          /* One such character seldom comes alone. */
          do
            {
              guint length = sequence_length (at, end);

              self->at = at;
              if (length == 0)
                return expected (self, POSTIL_JSON_PROBLEM_UTF8);
              at += length;
            }
          while (at < end && (guint8) *at >= 0x80);
        }
    }

  *string = (PostilJsonSlice){ .bytes = start, .n_bytes = at - start, .escaped = escaped };
  self->at = at + 1;
  return TRUE;
}

static const char *
scan_digits (const char *at, const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;
  return at;
}

static gboolean
scan_number (PostilJsonScanner *self)
{
  const char *end = self->end;
  const char *at = self->at + (*self->at == '-');
  const char *digits = at;

  at = scan_digits (at, end);
  if (at == digits || (*digits == '0' && at - digits > 1))
    return expected (self, POSTIL_JSON_PROBLEM_NUMBER);
  if (at < end && *at == '.')
    {
      digits = at + 1;
      at = scan_digits (digits, end);
      if (at == digits)
        return expected (self, POSTIL_JSON_PROBLEM_NUMBER);
    }
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      digits = at + 1;
      if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
      at = scan_digits (digits, end);
      if (at == digits)
        return expected (self, POSTIL_JSON_PROBLEM_NUMBER);
    }
  self->at = at;
  return TRUE;
}

static gboolean
scan_word (PostilJsonScanner *self, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return expected (self, POSTIL_JSON_PROBLEM_VALUE);
  self->at += length;
  return TRUE;
}

/* Passes a value that is neither an object nor an array. */
static gboolean
scan_scalar (PostilJsonScanner *self)
{
  PostilJsonSlice string;

  switch (postil_json_scanner_peek (self))
    {
    case '"':
      return scan_string (self, &string);
    case 't':
      return scan_word (self, "true");
    case 'f':
      return scan_word (self, "false");
    case 'n':
      return scan_word (self, "null");
    case '-':
    case '0' ... '9':
      return scan_number (self);
    default:
      if (self->at < self->end && (guint8) *self->at >= 0x80 &&
          sequence_length (self->at, self->end) == 0)
        return expected (self, POSTIL_JSON_PROBLEM_UTF8);
      return expected (self, POSTIL_JSON_PROBLEM_VALUE);
    }
}

/* Passes the colon behind a key. */
static gboolean
pass_colon (PostilJsonScanner *self)
{
  postil_json_scanner_skip_space (self);
  if (postil_json_scanner_peek (self) != ':')
    return expected (self, POSTIL_JSON_PROBLEM_COLON);
  self->at++;
  postil_json_scanner_skip_space (self);
  return TRUE;
}

/**
 * postil_json_scanner_init:
 * @self: a scanner
 * @bytes: what to scan; must outlive the scanner and all slices it gives
 * @n_bytes: how many, at most POSTIL_JSON_MAX_BYTES
 *
 * Sets the scanner to the first byte of the outermost value. A byte order mark is passed over.
 */
void
postil_json_scanner_init (PostilJsonScanner *self, const char *bytes, gsize n_bytes)
{
  g_return_if_fail (self != NULL && (bytes != NULL || n_bytes == 0));

  *self = (PostilJsonScanner){
    .at = bytes,
    .start = bytes,
    .end = bytes + n_bytes,
    .max_depth = POSTIL_JSON_MAX_DEPTH,
  };
  if (n_bytes >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0)
    self->at += 3;
  postil_json_scanner_skip_space (self);
}

/**
 * postil_json_scanner_enter:
 * @self: a scanner that stands at the opening bracket of an object or array
 */
void
postil_json_scanner_enter (PostilJsonScanner *self)
{
  g_return_if_fail (postil_json_scanner_peek (self) == '{' ||
                    postil_json_scanner_peek (self) == '[');

  self->at++;
}

/*
 * postil_json_scanner_skip_line:
 *
 * Passes over white space of any kind, mostly the indentation of the next line.
 */
void
postil_json_scanner_skip_line (PostilJsonScanner *self)
{
  const char *at = self->at;
  const char *end = self->end;

  while (at < end && (*at == '\n' || *at == ' ' || *at == '\r' || *at == '\t'))
    {
      guint n = STRIDE;

      at++;
      for (; end - at >= STRIDE && n == STRIDE; at += n)
        n = count_spaces (at);
    }
  self->at = at;
}

/*
 * postil_json_scanner_go_on:
 *
 * Does as postil_json_scanner_next() wherever that stands.
 */
gboolean
postil_json_scanner_go_on (PostilJsonScanner *self, guint *n, char closing)
{
  if (self->problem != POSTIL_JSON_PROBLEM_NONE)
    return FALSE;
  postil_json_scanner_skip_space (self);
  if (postil_json_scanner_peek (self) == closing)
    {
      self->at++;
      return FALSE;
    }
  if (*n > 0)
    {
      if (postil_json_scanner_peek (self) != ',')
        return expected (self, POSTIL_JSON_PROBLEM_COMMA);
      self->at++;
      postil_json_scanner_skip_space (self);
    }
  (*n)++;
  return TRUE;
}

/**
 * postil_json_scanner_next_member:
 * @self: a scanner inside an object, behind its opening bracket or behind a value
 * @n: (inout): how many members it has given of this object, 0 at first
 * @key: (out): the key
 *
 * Goes on to the value of the next member.
 *
 * Returns: %FALSE when the object is at its end, which has been passed, or when something is wrong
 */
gboolean
postil_json_scanner_next_member (PostilJsonScanner *self, guint *n, PostilJsonSlice *key)
{
  return postil_json_scanner_next (self, n, '}') && postil_json_scanner_read_key (self, key);
}

/**
 * postil_json_scanner_next_element:
 * @self: a scanner inside an array, behind its opening bracket or behind a value
 * @n: (inout): how many elements it has given of this array, 0 at first
 *
 * Goes on to the next element.
 *
 * Returns: %FALSE when the array is at its end, which has been passed, or when something is wrong
 */
gboolean
postil_json_scanner_next_element (PostilJsonScanner *self, guint *n)
{
  return postil_json_scanner_next (self, n, ']');
}

/**
 * postil_json_scanner_read_key:
 * @self: a scanner where a key is expected
 * @key: (out): the key
 *
 * Goes on to the value of the member that the scanner stands at.
 *
 * Returns: whether it is well-formed so far
 */
gboolean
postil_json_scanner_read_key (PostilJsonScanner *self, PostilJsonSlice *key)
{
  if (postil_json_scanner_peek (self) != '"')
    return expected (self, POSTIL_JSON_PROBLEM_KEY);
  return scan_string (self, key) && pass_colon (self);
}

/**
 * postil_json_scanner_read_string:
 * @self: a scanner that stands at a quote
 * @string: (out): what stands between the quotes
 *
 * Returns: whether it is well-formed
 */
gboolean
postil_json_scanner_read_string (PostilJsonScanner *self, PostilJsonSlice *string)
{
  g_return_val_if_fail (postil_json_scanner_peek (self) == '"', FALSE);

  return scan_string (self, string);
}

/**
 * postil_json_scanner_take_string:
 * @self: a scanner at a value
 * @text: well-formed UTF-8
 * @n_bytes: its length in bytes
 *
 * Passes over a string that says just @text, with nothing escaped that need not be: to compare it
 * takes a third of the time that reading it takes.
 *
 * Returns: whether that is what stands there
 */
gboolean
postil_json_scanner_take_string (PostilJsonScanner *self, const char *text, gsize n_bytes)
{
  const char *at = self->at + 1, *end = self->end, *text_end = text + n_bytes;

  if (postil_json_scanner_peek (self) != '"')
    return FALSE;
  for (;;)
    {
      gsize n_plain = postil_json_count_plain (text, text_end - text);

      if ((gsize) (end - at) <= n_plain || memcmp (at, text, n_plain) != 0)
        return FALSE;
      at += n_plain;
      text += n_plain;
      if (text == text_end)
        break;
      if (*at != '\\' || !is_escape (at, end))
        return FALSE;
      at++;
      if (read_escape (&at, end) != (guint8) *text++)
        return FALSE;
    }
  if (*at != '"')
    return FALSE;
  self->at = at + 1;
  return TRUE;
}

/**
 * postil_json_scanner_skip:
 * @self: a scanner at the start of a value
 * @raw: (out) (optional): its bytes
 *
 * Passes over a value of any type and checks all of it.
 *
 * Returns: whether it is well-formed
 */
gboolean
postil_json_scanner_skip (PostilJsonScanner *self, PostilJsonSlice *raw)
{
  /* A bit for each open bracket: whether it is an object's. */
  guint64 kinds[(POSTIL_JSON_MAX_DEPTH + POSTIL_JSON_EXTRA_DEPTH + 63) / 64];
  const char *start = self->at;
  PostilJsonSlice key;
  guint depth = 0;
  guint n = 0;

  if (self->problem != POSTIL_JSON_PROBLEM_NONE)
    return FALSE;

  do
    {
      char first = postil_json_scanner_peek (self);

      if (first == '{' || first == '[')
        {
          guint64 bit = G_GUINT64_CONSTANT (1) << (depth % 64);

          if (depth == self->max_depth)
            return expected (self, POSTIL_JSON_PROBLEM_DEPTH);
          if (first == '{')
            kinds[depth / 64] |= bit;
          else
            kinds[depth / 64] &= ~bit;
          depth++;
          self->at++;
          n = 0;
        }
      else if (!scan_scalar (self))
        {
          return FALSE;
        }

      /* On to the next value, out of all the brackets that close here. */
      while (depth > 0)
        {
          gboolean object = (kinds[(depth - 1) / 64] >> ((depth - 1) % 64)) & 1;

          if (object ? postil_json_scanner_next_member (self, &n, &key)
                     : postil_json_scanner_next_element (self, &n))
            break;
          if (self->problem != POSTIL_JSON_PROBLEM_NONE)
            return FALSE;
          depth--;
          n = 1;
        }
    }
  while (depth > 0);

  if (raw)
    *raw = (PostilJsonSlice){ .bytes = start, .n_bytes = self->at - start };
  return TRUE;
}

/**
 * postil_json_scanner_finish:
 * @self: a scanner behind the outermost value
 *
 * Returns: whether nothing but white space follows
 */
gboolean
postil_json_scanner_finish (PostilJsonScanner *self)
{
  if (self->problem != POSTIL_JSON_PROBLEM_NONE)
    return FALSE;
  postil_json_scanner_skip_space (self);
  return self->at == self->end || expected (self, POSTIL_JSON_PROBLEM_TRAILING);
}

/**
 * postil_json_scanner_fail:
 * @self: a scanner
 * @problem: what is wrong
 * @where: the byte at which it is wrong
 *
 * Ends the scan. Of several problems the first one stays.
 */
void
postil_json_scanner_fail (PostilJsonScanner *self, PostilJsonProblem problem, const char *where)
{
  if (self->problem != POSTIL_JSON_PROBLEM_NONE)
    return;
  self->problem = problem;
  self->where = where;
}

static char *
describe (PostilJsonScanner *self, const char *name, guint line, guint column)
{
  g_autofree char *key = NULL;
  g_autofree char *start_of_key = NULL;

  switch (self->problem)
    {
    case POSTIL_JSON_PROBLEM_UTF8:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: this is not UTF-8; save the file again as UTF-8."), name, line,
        column);
    case POSTIL_JSON_PROBLEM_END:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: the file ends too early; restore it from a copy."), name, line,
        column);
    case POSTIL_JSON_PROBLEM_VALUE:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: a JSON value is missing here; repair the file in a text "
           "editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_KEY:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: a key in double quotes is missing here; repair the file "
           "in a text editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_COLON:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: a colon is missing here; repair the file in a text "
           "editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_COMMA:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: a comma or a closing bracket is missing here; repair the "
           "file in a text editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_NUMBER:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: this is not a number as JSON writes it; repair the file "
           "in a text editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_ESCAPE:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: JSON has no such escape after a backslash; repair the "
           "file in a text editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_CONTROL:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: a control character stands inside a string; repair the "
           "file in a text editor, or restore it from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_DEPTH:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: brackets are nested too deep here; restore the file from "
           "a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_TRAILING:
      return g_strdup_printf (
        _ ("%s, line %u, column %u: something follows the end of the JSON; remove it in a "
           "text editor, or restore the file from a copy."),
        name, line, column);
    case POSTIL_JSON_PROBLEM_DUPLICATE:
      key = g_strndup (self->key.bytes, self->key.n_bytes);
      start_of_key = g_utf8_substring (key, 0, MIN (g_utf8_strlen (key, -1), 40));
      return g_strdup_printf (
        _ ("%s, line %u, column %u: the key “%s” stands twice in one object; remove one of "
           "them in a text editor, or restore the file from a copy."),
        name, line, column, start_of_key);
    case POSTIL_JSON_PROBLEM_NONE:
    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * postil_json_scanner_set_error:
 * @self: a scanner that found something wrong
 * @name: name of the file, for the message
 * @error: return location for %POSTIL_ERROR_SYNTAX with the name, the line, the column in code
 * points, what is wrong and what to do
 */
void
postil_json_scanner_set_error (PostilJsonScanner *self, const char *name, GError **error)
{
  g_autofree char *message = NULL;
  guint line = 1;
  guint column = 1;

  g_return_if_fail (self->problem != POSTIL_JSON_PROBLEM_NONE && name != NULL);

  for (const char *at = self->start; at < self->where; at++)
    if (*at == '\n')
      {
        line++;
        column = 1;
      }
    else if ((*at & 0xC0) != 0x80)
      {
        column++;
      }

  message = describe (self, name, line, column);
  g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX, message);
}

/**
 * postil_json_count_plain:
 * @text: well-formed UTF-8
 * @n_bytes: its length in bytes
 *
 * Returns: how many bytes of it stand for themselves in a string before one that must be escaped
 */
gsize
postil_json_count_plain (const char *text, gsize n_bytes)
{
  gsize n = 0;

#ifdef __SSE2__
  while (n_bytes - n >= STRIDE)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (text + n));
      __m128i control = _mm_cmpeq_epi8 (_mm_min_epu8 (bytes, _mm_set1_epi8 (0x1F)), bytes);
      __m128i special =
        _mm_or_si128 (control, _mm_or_si128 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"')),
                                             _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'))));
      guint mask = _mm_movemask_epi8 (special);

      if (mask != 0)
        return n + __builtin_ctz (mask);
      n += STRIDE;
      /* The last block begins among what was looked at already. */
      if (n < n_bytes)
        n = MIN (n, n_bytes - STRIDE);
    }
#endif
  while (n < n_bytes && is_plain (text[n]))
    n++;
  return n;
}

/**
 * postil_json_slice_can_unescape:
 * @self: a string that the scanner gave
 *
 * Returns: whether postil_json_slice_unescape() can
 */
gboolean
postil_json_slice_can_unescape (const PostilJsonSlice *self)
{
  const char *at = self->bytes;
  const char *end = at + self->n_bytes;

  while (self->escaped && (at = memchr (at, '\\', end - at)) != NULL)
    {
      at++;
      if (read_escape (&at, end) == 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * postil_json_slice_unescape:
 * @self: a string that the scanner gave
 * @text: what it stands for is appended here
 *
 * Returns: %FALSE when it stands for something that no UTF-8 C string can hold: U+0000, or half of
 *   a surrogate pair; @text then has a part of it
 */
gboolean
postil_json_slice_unescape (const PostilJsonSlice *self, GString *text)
{
  const char *at = self->bytes;
  const char *end = at + self->n_bytes;
  gsize n_bytes = text->len;
  gboolean done = TRUE;

  /* Nothing is longer than its escape. */
  g_string_set_size (text, n_bytes + self->n_bytes);
  while (at < end && done)
    {
      const char *backslash = self->escaped ? memchr (at, '\\', end - at) : NULL;
      gsize n_plain = (backslash ? backslash : end) - at;
      gunichar unit;

      memcpy (text->str + n_bytes, at, n_plain);
      n_bytes += n_plain;
      at += n_plain;
      if (backslash == NULL)
        break;
      at++;
      unit = read_escape (&at, end);
      done = unit != 0;
      if (done)
        n_bytes += g_unichar_to_utf8 (unit, text->str + n_bytes);
    }
  g_string_truncate (text, n_bytes);
  return done;
}
