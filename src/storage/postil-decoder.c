/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-decoder.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <uchardet/uchardet.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include "postil-error.h"
#include "postil-sha256.h"

/* What is looked at between two checks for cancelling, in bytes. */
#define PIECE (1024 * 1024)

/* How much of a text is looked at to tell what it is, in bytes. uchardet takes 100 ms for 1 MB. */
#define SAMPLE (64 * 1024)

#define REPLACEMENT "\xEF\xBF\xBD"

typedef struct
{
  const char *mark;
  gsize n_mark;
  const char *charset;
} ByteOrderMark;

/* The longer ones first, as that of UTF-32LE begins with that of UTF-16LE. */
static const ByteOrderMark byte_order_marks[] = {
  { "\xFF\xFE\0\0", 4, "UTF-32LE" }, { "\0\0\xFE\xFF", 4, "UTF-32BE" },
  { "\xEF\xBB\xBF", 3, "UTF-8" },    { "\xFF\xFE", 2, "UTF-16LE" },
  { "\xFE\xFF", 2, "UTF-16BE" },
};

/* Names of uchardet's that ICU lacks, or that are better read as another: a superset of it, as the
 * W3C Encoding standard does, always or where bytes stand for what ISO 8859 has only controls for.
 */
static const struct
{
  const char *detected;
  const char *charset;
  gboolean only_with_controls;
} charset_names[] = {
  { "ASCII", "windows-1252", FALSE },      { "UHC", "windows-949", FALSE },
  { "TIS-620", "windows-874", FALSE },     { "ISO-8859-1", "windows-1252", FALSE },
  { "ISO-8859-2", "windows-1250", TRUE },  { "ISO-8859-4", "windows-1257", TRUE },
  { "ISO-8859-5", "windows-1251", TRUE },  { "ISO-8859-6", "windows-1256", TRUE },
  { "ISO-8859-7", "windows-1253", TRUE },  { "ISO-8859-8", "windows-1255", TRUE },
  { "ISO-8859-9", "windows-1254", FALSE }, { "ISO-8859-11", "windows-874", FALSE },
  { "ISO-8859-13", "windows-1257", TRUE }, { "ISO-8859-15", "windows-1252", TRUE },
};

static gboolean
starts_with (const char *bytes, gsize n_bytes, const char *magic)
{
  return n_bytes >= strlen (magic) && memcmp (bytes, magic, strlen (magic)) == 0;
}

static gboolean
is_pdf (const char *bytes, gsize n_bytes)
{
  return starts_with (bytes, n_bytes, "%PDF-");
}

/* Word processors of today write zip files, those of old Microsoft's compound files. */
static gboolean
is_archive (const char *bytes, gsize n_bytes)
{
  return starts_with (bytes, n_bytes, "PK\3\4") ||
         starts_with (bytes, n_bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

static const ByteOrderMark *
find_byte_order_mark (const char *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (byte_order_marks); i++)
    {
      const ByteOrderMark *mark = &byte_order_marks[i];

      if (n_bytes >= mark->n_mark && memcmp (bytes, mark->mark, mark->n_mark) == 0)
        return mark;
    }
  return NULL;
}

/* Whether a character is a control that texts do not have. Backspace makes letters bold in manual
 * pages, escape sequences colour many a log. */
static gboolean
is_control (gunichar c)
{
  return c == 0x7F || (c < 0x20 && !(c >= '\b' && c <= '\r') && c != 0x1B);
}

/* Whether more than a few of the characters are controls that no text has. */
static gboolean
has_many_controls (const char *bytes, gsize n_bytes)
{
  gsize n = MIN (n_bytes, SAMPLE), n_controls = 0;

  for (gsize i = 0; i < n; i++)
    n_controls += is_control ((guint8) bytes[i]);
  return n_controls > 8 + n / 20;
}

/* Whether every unit is an assigned character in the byte order given by which byte is the high
 * one; a surrogate counts when its pair is there. */
static gboolean
is_clearly_utf16 (const guint8 *bytes, gsize n_bytes, guint high)
{
  for (gsize i = 0; i + 1 < n_bytes; i += 2)
    {
      UChar32 c = bytes[i + high] << 8 | bytes[i + 1 - high];

      if (U16_IS_LEAD (c) && i + 3 < n_bytes)
        {
          UChar32 trail = bytes[i + 2 + high] << 8 | bytes[i + 3 - high];

          if (!U16_IS_TRAIL (trail))
            return FALSE;
          c = U16_GET_SUPPLEMENTARY (c, trail);
          i += 2;
        }
      else if (U16_IS_SURROGATE (c) && i + 3 < n_bytes)
        return FALSE;
      if (is_control (c) || !u_isdefined (c))
        return FALSE;
    }
  return TRUE;
}

/* UTF-16 without a byte order mark: zero bytes stand at one of two places, and most characters are
 * of an alphabet, below U+2100. (Words of ASCII with a NUL between them could pass for Chinese.) */
static const char *
detect_utf16 (const char *bytes, gsize n_bytes)
{
  gsize n = MIN (n_bytes, SAMPLE), n_zeros[2] = { 0 }, n_alphabetic[2] = { 0 };
  guint high;

  if (n_bytes % 2 != 0)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      n_zeros[i % 2] += bytes[i] == 0;
      n_alphabetic[i % 2] += (guint8) bytes[i] <= 0x20;
    }
  high = n_zeros[1] > n_zeros[0];
  if (n_zeros[high] <= 4 * n_zeros[1 - high] || n_alphabetic[high] < n / 2 * 3 / 4 ||
      !is_clearly_utf16 ((guint8 *) bytes, n, high))
    return NULL;
  return high == 1 ? "UTF-16LE" : "UTF-16BE";
}

/* The length in bytes of the maximal subpart of the ill-formed sequence at @p, by table 3-7 of the
 * Unicode standard. */
static gsize
measure_ill_formed (const guint8 *p, gsize n_bytes)
{
  guint8 low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
  guint8 high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
  gsize n = 1;

  if (p[0] < 0xC2 || p[0] > 0xF4)
    return 1;
  while (n < n_bytes && p[n] >= low && p[n] <= high)
    {
      n++;
      low = 0x80;
      high = 0xBF;
    }
  return n;
}

typedef struct
{
  gsize n_bytes;
  guint n_ill_formed;
  /* Ill-formed parts that are the beginning of a sequence. */
  guint n_cut_off;
  /* Bytes of well-formed sequences beyond their first; counted only beside ill-formed parts. */
  gsize n_continuations;
} Utf8Counts;

static gsize
count_continuations (const char *p, const char *end)
{
  gsize n = 0;

  for (; p < end; p++)
    n += (*p & 0xC0) == 0x80;
  return n;
}

/* Reads @bytes, free of NUL, as UTF-8 with U+FFFD for what is ill-formed; @out, when given, takes
 * the result and has room for it. Stops early when cancelled. */
static void
scan_utf8 (const char *bytes,
           gsize n_bytes,
           char *out,
           Utf8Counts *counts,
           GCancellable *cancellable)
{
  const char *p = bytes, *end = bytes + n_bytes, *well_formed = p;
  gsize n_part;

  *counts = (Utf8Counts){ 0 };
  while (!g_cancellable_is_cancelled (cancellable))
    {
      const char *stop;
      gsize n_well_formed;

      /* A piece may end inside a sequence; then the next one begins with it. */
      g_utf8_validate_len (p, MIN (end - p, PIECE), &stop);
      if (stop > p)
        {
          p = stop;
          continue;
        }

      n_well_formed = p - well_formed;
      if (out != NULL)
        out = (char *) memcpy (out, well_formed, n_well_formed) + n_well_formed;
      counts->n_bytes += n_well_formed;
      if (p < end || counts->n_ill_formed > 0)
        counts->n_continuations += count_continuations (well_formed, p);
      if (p == end)
        break;
      if (out != NULL)
        out = (char *) memcpy (out, REPLACEMENT, strlen (REPLACEMENT)) + strlen (REPLACEMENT);
      counts->n_bytes += strlen (REPLACEMENT);
      counts->n_ill_formed++;
      n_part = measure_ill_formed ((guint8 *) p, end - p);
      counts->n_cut_off += n_part > 1;
      p += n_part;
      well_formed = p;
    }
}

/* Whether text with ill-formed parts is damaged UTF-8 rather than in another encoding. Sequences of
 * legacy encodings are well-formed UTF-8 by chance only, and short ones then: for each stray byte
 * there are at most 0.75 bytes of them in Thai, 0.4 in Chinese, Japanese and Korean, next to none
 * in alphabets of one byte a letter. */
static gboolean
is_mostly_utf8 (const Utf8Counts *counts)
{
  gsize n_stray = counts->n_ill_formed - counts->n_cut_off;

  return counts->n_continuations > 0 && counts->n_continuations + counts->n_cut_off >= 2 * n_stray;
}

static void
count_ill_formed_cb (const void *data,
                     UConverterToUnicodeArgs *arguments,
                     const char *units,
                     int32_t n_units,
                     UConverterCallbackReason reason,
                     UErrorCode *status)
{
  static const UChar replacement = 0xFFFD;

  if (reason > UCNV_IRREGULAR)
    return;
  ++*(guint *) data;
  *status = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars (arguments, &replacement, 1, 0, status);
}

/* Converts to UTF-8; %NULL without an error when ICU does not know @charset. */
static char *
convert (const char *bytes,
         gsize n_bytes,
         const char *charset,
         gsize *n_converted,
         guint *n_ill_formed,
         GCancellable *cancellable)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *from = ucnv_open (charset, &status);
  UConverter *to = ucnv_open ("UTF-8", &status);
  UChar pivot[4096], *pivot_source = pivot, *pivot_target = pivot;
  const char *source = bytes, *end = bytes + n_bytes;
  gsize n_allocated = n_bytes + n_bytes / 4 + 64;
  g_autofree char *converted = NULL;
  char *target;
  gboolean reset = TRUE, done = FALSE;

  *n_ill_formed = 0;
  ucnv_setToUCallBack (from, count_ill_formed_cb, n_ill_formed, NULL, NULL, &status);
  if (U_SUCCESS (status))
    target = converted = g_malloc (n_allocated + 1);
  while (U_SUCCESS (status) && !done && !g_cancellable_is_cancelled (cancellable))
    {
      const char *limit = source + MIN (end - source, PIECE);

      ucnv_convertEx (to, from, &target, converted + n_allocated, &source, limit, pivot,
                      &pivot_source, &pivot_target, pivot + G_N_ELEMENTS (pivot), reset,
                      limit == end, &status);
      reset = FALSE;
      if (status == U_BUFFER_OVERFLOW_ERROR)
        {
          gsize n_done = target - converted;

          n_allocated *= 2;
          converted = g_realloc (converted, n_allocated + 1);
          target = converted + n_done;
          status = U_ZERO_ERROR;
        }
      else
        done = source == end && limit == end;
    }
  ucnv_close (from);
  ucnv_close (to);
  if (!done)
    return NULL;

  *target = '\0';
  *n_converted = target - converted;
  return g_realloc (g_steal_pointer (&converted), *n_converted + 1);
}

static gboolean
has_c1_bytes (const char *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    if ((guint8) bytes[i] >= 0x80 && (guint8) bytes[i] < 0xA0)
      return TRUE;
  return FALSE;
}

/* (transfer full): what uchardet takes the text for, or %NULL. All before @first is ASCII. */
static char *
detect_charset (const char *bytes, gsize n_bytes, gsize first)
{
  uchardet_t detector = uchardet_new ();
  gsize start = first - MIN (first, 1024);
  char *charset;

  uchardet_handle_data (detector, bytes + start, MIN (n_bytes - start, SAMPLE));
  uchardet_data_end (detector);
  charset = g_strdup (uchardet_get_charset (detector));
  uchardet_delete (detector);
  for (gsize i = 0; i < G_N_ELEMENTS (charset_names); i++)
    if (g_ascii_strcasecmp (charset, charset_names[i].detected) == 0 &&
        (!charset_names[i].only_with_controls || has_c1_bytes (bytes, n_bytes)))
      {
        g_free (charset);
        return g_strdup (charset_names[i].charset);
      }
  if (*charset == '\0')
    g_clear_pointer (&charset, g_free);
  return charset;
}

/* The name that IANA gives a charset, in its usual spelling. */
static const char *
get_iana_name (const char *charset)
{
  UErrorCode status = U_ZERO_ERROR;
  const char *name = ucnv_getStandardName (charset, "MIME", &status);

  if (name == NULL)
    name = ucnv_getStandardName (charset, "IANA", &status);
  return name != NULL ? name : charset;
}

/* Converts what is not Unicode. Every byte means something in windows-1252, so it is the last
 * resort, also where another charset leaves more than one part in a hundred undecoded. */
static char *
convert_legacy (const char *bytes,
                gsize n_bytes,
                char **charset,
                gsize *n_converted,
                guint *n_ill_formed,
                GCancellable *cancellable)
{
  g_autofree char *converted = NULL;

  if (*charset != NULL)
    converted = convert (bytes, n_bytes, *charset, n_converted, n_ill_formed, cancellable);
  if (converted != NULL && *n_ill_formed <= n_bytes / 100 + 1)
    return g_steal_pointer (&converted);

  /* ICU lacks a few single-byte ones, such as VISCII and ISO-8859-16, that the C library has. */
  if (*charset != NULL && converted == NULL)
    {
      converted = g_convert (bytes, n_bytes, "UTF-8", *charset, NULL, n_converted, NULL);
      if (converted != NULL)
        return g_steal_pointer (&converted);
    }

  g_free (*charset);
  *charset = g_strdup ("windows-1252");
  return convert (bytes, n_bytes, *charset, n_converted, n_ill_formed, cancellable);
}

/* Decodes UTF-8 in the place where it came; %NULL when it rather is in another encoding. */
static char *
decode_utf8 (char **bytes,
             gsize *n_bytes,
             gboolean for_sure,
             guint *n_ill_formed,
             GCancellable *cancellable)
{
  g_autofree char *replaced = NULL;
  Utf8Counts counts;

  scan_utf8 (*bytes, *n_bytes, NULL, &counts, cancellable);
  *n_ill_formed = counts.n_ill_formed;
  if (counts.n_ill_formed == 0)
    return g_steal_pointer (bytes);
  if (!for_sure && !is_mostly_utf8 (&counts))
    return NULL;

  replaced = g_malloc (counts.n_bytes + 1);
  replaced[counts.n_bytes] = '\0';
  scan_utf8 (*bytes, *n_bytes, replaced, &counts, cancellable);
  *n_bytes = counts.n_bytes;
  return g_steal_pointer (&replaced);
}

static gsize
find_first_non_ascii (const char *bytes, gsize n_bytes)
{
  gsize i = 0;

  while (i < n_bytes && (guint8) bytes[i] < 0x80)
    i++;
  return i;
}

static char *
decode_bytes (char **bytes,
              gsize n_bytes,
              char **charset,
              gsize *n_decoded,
              guint *n_ill_formed,
              GCancellable *cancellable)
{
  const ByteOrderMark *mark = find_byte_order_mark (*bytes, n_bytes);
  gsize n_mark = mark != NULL ? mark->n_mark : 0;
  const char *unicode = mark != NULL ? mark->charset : NULL;
  g_autofree char *detected = NULL;
  char *utf8, *escape;

  if (unicode == NULL && memchr (*bytes, 0, n_bytes) != NULL)
    {
      unicode = detect_utf16 (*bytes, n_bytes);
      if (unicode == NULL)
        return NULL;
    }
  if (unicode != NULL && !g_str_equal (unicode, "UTF-8"))
    {
      *charset = g_strdup (unicode);
      return convert (*bytes + n_mark, n_bytes - n_mark, unicode, n_decoded, n_ill_formed,
                      cancellable);
    }

  if (memchr (*bytes, 0, n_bytes) != NULL)
    return NULL;
  memmove (*bytes, *bytes + n_mark, n_bytes - n_mark + 1);
  n_bytes -= n_mark;

  /* ISO-2022-JP and its like are ASCII bytes with escape sequences. */
  escape = memchr (*bytes, 0x1B, n_bytes);
  if (mark == NULL && escape != NULL)
    {
      detected = detect_charset (*bytes, n_bytes, escape - *bytes);
      if (detected != NULL && g_str_has_prefix (detected, "ISO-2022"))
        {
          *charset = g_strdup (get_iana_name (detected));
          return convert (*bytes, n_bytes, detected, n_decoded, n_ill_formed, cancellable);
        }
      g_clear_pointer (&detected, g_free);
    }

  *n_decoded = n_bytes;
  utf8 = decode_utf8 (bytes, n_decoded, mark != NULL, n_ill_formed, cancellable);
  if (utf8 != NULL)
    {
      *charset = g_strdup ("UTF-8");
      return utf8;
    }
  detected = detect_charset (*bytes, n_bytes, find_first_non_ascii (*bytes, n_bytes));
  utf8 = convert_legacy (*bytes, n_bytes, &detected, n_decoded, n_ill_formed, cancellable);
  *charset = g_strdup (get_iana_name (detected));
  return utf8;
}

/**
 * postil_decoder_check_size:
 * @n_bytes: size of a file in bytes
 * @name: the file's name, for the error
 *
 * To be asked before a file is read.
 *
 * Returns: whether a file of that size may be decoded; %FALSE sets %POSTIL_ERROR_TOO_LARGE
 */
gboolean
postil_decoder_check_size (guint64 n_bytes, const char *name, GError **error)
{
  g_autofree char *size = NULL, *limit = NULL;

  if (n_bytes <= POSTIL_DECODER_MAX_BYTES)
    return TRUE;
  size = g_format_size_full (n_bytes, G_FORMAT_SIZE_IEC_UNITS);
  limit = g_format_size_full (POSTIL_DECODER_MAX_BYTES + 1ull, G_FORMAT_SIZE_IEC_UNITS);
  g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_TOO_LARGE,
               _ ("“%s” is too large: it has %s and Postil opens texts of up to %s; split it into "
                  "smaller files"),
               name, size, limit);
  return FALSE;
}

/**
 * postil_decoder_looks_like_text:
 * @bytes: the beginning of a file
 * @n_bytes: how much of it, in bytes; an even number unless it is all
 *
 * A quick guess for listing files; only decoding a file tells.
 *
 * Returns: whether nothing speaks against its being a text
 */
gboolean
postil_decoder_looks_like_text (const char *bytes, gsize n_bytes)
{
  const ByteOrderMark *mark = find_byte_order_mark (bytes, n_bytes);

  if (is_pdf (bytes, n_bytes) || is_archive (bytes, n_bytes))
    return FALSE;
  if (mark != NULL)
    return TRUE;
  if (n_bytes > 0 && memchr (bytes, 0, n_bytes) != NULL)
    return detect_utf16 (bytes, n_bytes) != NULL;
  return !has_many_controls (bytes, n_bytes);
}

/**
 * postil_decoder_decode_take:
 * @bytes: (transfer full): the bytes of a file and a NUL after them
 * @n_bytes: how many, in bytes without that NUL
 * @sha256: (nullable): their SHA-256 in lower-case hexadecimal, if it was made while reading
 * @name: the file's name, for errors
 *
 * As postil_decoder_decode(), but valid UTF-8 becomes the text without being copied.
 *
 * Returns: (transfer full): the text, or %NULL with an error
 */
PostilText *
postil_decoder_decode_take (char *bytes,
                            gsize n_bytes,
                            const char *sha256,
                            const char *name,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autofree char *owned = bytes, *utf8 = NULL, *charset = NULL, *checksum = NULL;
  PostilTextOrigin origin = { 0 };
  gsize n_utf8 = 0;

  g_return_val_if_fail (bytes != NULL && bytes[n_bytes] == '\0', NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!postil_decoder_check_size (n_bytes, name, error))
    return NULL;
  if (is_pdf (owned, n_bytes))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY,
                   _ ("“%s” is a PDF document; save its text as a plain text file and open that"),
                   name);
      return NULL;
    }
  if (is_archive (owned, n_bytes))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY,
                   _ ("“%s” is an office document or an archive; save its text as a plain text "
                      "file and open that"),
                   name);
      return NULL;
    }

  if (sha256 == NULL)
    sha256 = checksum = postil_sha256_compute (owned, n_bytes);
  utf8 = decode_bytes (&owned, n_bytes, &charset, &n_utf8, &origin.n_ill_formed, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (utf8 == NULL || memchr (utf8, 0, n_utf8) != NULL || has_many_controls (utf8, n_utf8))
    {
      g_set_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY,
                   _ ("“%s” is not a text file; choose a plain text instead"), name);
      return NULL;
    }

  origin.charset = charset;
  origin.sha256 = sha256;
  return postil_text_new (g_steal_pointer (&utf8), n_utf8, &origin);
}

/**
 * postil_decoder_decode:
 * @bytes: the bytes of a file
 * @n_bytes: how many, in bytes
 * @name: the file's name, for errors
 *
 * Makes the text of a file: by its byte order mark, which is not part of the text; as UTF-16 or
 * UTF-8 where it clearly is; else by detection, windows-1252 being the last resort. Line ends stay
 * as they are. What cannot be decoded is one U+FFFD for each maximal subpart, as in the W3C
 * Encoding standard, and counted.
 *
 * Returns: (transfer full): the text, or %NULL with %POSTIL_ERROR_BINARY, %POSTIL_ERROR_TOO_LARGE
 * or %G_IO_ERROR_CANCELLED
 */
PostilText *
postil_decoder_decode (const char *bytes,
                       gsize n_bytes,
                       const char *name,
                       GCancellable *cancellable,
                       GError **error)
{
  char *copy;

  g_return_val_if_fail (bytes != NULL || n_bytes == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!postil_decoder_check_size (n_bytes, name, error))
    return NULL;
  copy = g_malloc (n_bytes + 1);
  if (n_bytes > 0)
    memcpy (copy, bytes, n_bytes);
  copy[n_bytes] = '\0';
  return postil_decoder_decode_take (copy, n_bytes, NULL, name, cancellable, error);
}
