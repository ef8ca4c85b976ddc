/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchoring.h"

#include <string.h>
#include <unicode/uchar.h>

/*
 * Anchoring: where the passages that an anchor describes stand in a text.
 *
 * Quotes are only ever taken for found where the text leaves no doubt. Those that do not stand
 * where they stood are searched all at once, by hashes of a window of each as Karp and Rabin do
 * ("Efficient randomized pattern-matching algorithms", IBM Journal of Research and Development
 * 31(2), 1987), so that time grows with the text and the quotes, not with their product.
 */

/* More context than these bytes on a side tells nothing more. */
#define MAX_CONTEXT 256

/* A window is as wide as a needle, but for these widths above. */
#define MEDIUM_WINDOW 8
#define LARGE_WINDOW 16

/* One in so many places of the text says which windows are common. */
#define SAMPLE 7

/* What comparing needles with places that turn out otherwise may cost in all, and each at least. */
#define ALL_TRIES 20000000
#define MIN_TRIES 64

typedef struct
{
  const char *bytes;
  gsize n_bytes;
} Bytes;

/* Something to be searched. */
typedef struct _Needle
{
  /* In the same bucket. */
  struct _Needle *next;
  char *bytes;
  gsize n_bytes;
  /* Whether it has to begin and to end where no word is cut. */
  gboolean begins_whole;
  gboolean ends_whole;
  /* Which bytes of it are looked up. */
  gsize window;
  guint64 hash;
  gint64 n_tries;
  /* How often it was met, counted to two; two also when there was no telling. */
  guint n_found;
  gsize at;
} Needle;

/* A range of a placement that is not where it was. */
typedef struct
{
  PostilPlacement *placement;
  guint range;
  Bytes prefix;
  Bytes exact;
  Bytes suffix;
  Needle *needle;
} Quote;

static void
needle_free (gpointer data)
{
  Needle *needle = data;

  g_free (needle->bytes);
  g_free (needle);
}

static guint
needle_hash (gconstpointer data)
{
  const Needle *needle = data;

  return g_str_hash (needle->bytes);
}

static gboolean
needle_equal (gconstpointer a, gconstpointer b)
{
  const Needle *x = a, *y = b;

  return x->begins_whole == y->begins_whole && x->ends_whole == y->ends_whole &&
         x->n_bytes == y->n_bytes && memcmp (x->bytes, y->bytes, x->n_bytes) == 0;
}

static Bytes
bytes_new (const char *string)
{
  return string != NULL ? (Bytes){ string, strlen (string) } : (Bytes){ "", 0 };
}

static Bytes
cut_prefix (Bytes prefix)
{
  if (prefix.n_bytes > MAX_CONTEXT)
    {
      const char *end = prefix.bytes + prefix.n_bytes;

      prefix.bytes = g_utf8_find_next_char (end - MAX_CONTEXT - 1, end);
      prefix.n_bytes = end - prefix.bytes;
    }
  return prefix;
}

static Bytes
cut_suffix (Bytes suffix)
{
  if (suffix.n_bytes > MAX_CONTEXT)
    suffix.n_bytes =
      g_utf8_find_prev_char (suffix.bytes, suffix.bytes + MAX_CONTEXT + 1) - suffix.bytes;
  return suffix;
}

static gboolean
is_part_of_word (gunichar character)
{
  switch ((UWordBreakValues) u_getIntPropertyValue (character, UCHAR_WORD_BREAK))
    {
    case U_WB_ALETTER:
    case U_WB_HEBREW_LETTER:
    case U_WB_NUMERIC:
    case U_WB_KATAKANA:
    case U_WB_EXTENDNUMLET:
    case U_WB_EXTEND:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Apostrophes, points and the like, which belong to a word that goes on behind them. */
static gboolean
is_middle_of_word (gunichar character)
{
  switch ((UWordBreakValues) u_getIntPropertyValue (character, UCHAR_WORD_BREAK))
    {
    case U_WB_MIDLETTER:
    case U_WB_MIDNUM:
    case U_WB_MIDNUMLET:
    case U_WB_SINGLE_QUOTE:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whether a word or a grapheme would be cut at @at: the rules of UAX #29 that need no dictionary,
 * so between two ideographs, say, nothing is cut.
 */
static gboolean
is_inside_word (Bytes text, gsize at)
{
  const char *here = text.bytes + at, *end = text.bytes + text.n_bytes, *previous;
  gunichar before, after;

  if (at == 0 || at == text.n_bytes)
    return FALSE;

  previous = g_utf8_prev_char (here);
  before = g_utf8_get_char (previous);
  after = g_utf8_get_char (here);
  switch ((UWordBreakValues) u_getIntPropertyValue (after, UCHAR_WORD_BREAK))
    {
    case U_WB_EXTEND:
    case U_WB_FORMAT:
    case U_WB_ZWJ:
      return TRUE;
    case U_WB_LF:
      return before == '\r';
    default:
      break;
    }
  if (u_getIntPropertyValue (before, UCHAR_WORD_BREAK) == U_WB_ZWJ)
    return TRUE;
  if (is_part_of_word (before) && is_middle_of_word (after))
    {
      here = g_utf8_next_char (here);
      return here < end && is_part_of_word (g_utf8_get_char (here));
    }
  if (is_middle_of_word (before) && is_part_of_word (after))
    return previous > text.bytes && is_part_of_word (g_utf8_get_char (g_utf8_prev_char (previous)));
  return is_part_of_word (before) && is_part_of_word (after);
}

/* How many bytes of the context before @at can be compared: fewer where the text begins. */
static gsize
count_before (const Quote *quote, gsize at)
{
  return MIN (quote->prefix.n_bytes, at);
}

static gsize
count_after (const Quote *quote, Bytes text, gsize end)
{
  return MIN (quote->suffix.n_bytes, text.n_bytes - end);
}

static gboolean
prefix_agrees (const Quote *quote, Bytes text, gsize at)
{
  gsize n = count_before (quote, at);

  return memcmp (text.bytes + at - n, quote->prefix.bytes + quote->prefix.n_bytes - n, n) == 0;
}

static gboolean
suffix_agrees (const Quote *quote, Bytes text, gsize end)
{
  return memcmp (text.bytes + end, quote->suffix.bytes, count_after (quote, text, end)) == 0;
}

static gboolean
stands_at (const Quote *quote, Bytes text, gsize at)
{
  return text.n_bytes - at >= quote->exact.n_bytes &&
         memcmp (text.bytes + at, quote->exact.bytes, quote->exact.n_bytes) == 0;
}

/* Whether the quote stands at @at among all of its context that the text has room for. Where no
 * context is known it must not cut a word.
 */
static gboolean
stands_in_context (const Quote *quote, Bytes text, gsize at)
{
  gsize end = at + quote->exact.n_bytes;

  return stands_at (quote, text, at) && prefix_agrees (quote, text, at) &&
         suffix_agrees (quote, text, end) &&
         (quote->prefix.n_bytes > 0 || !is_inside_word (text, at)) &&
         (quote->suffix.n_bytes > 0 || !is_inside_word (text, end));
}

/* Whether the range is where its selector says that it is. */
static gboolean
stands_at_position (const Quote *quote, const PostilSelector *selector, PostilText *text)
{
  PostilSpan position = selector->position;
  Bytes bytes;
  gsize at;

  if (!selector->has_position || position.start > position.end ||
      position.end > postil_text_get_length (text))
    return FALSE;
  if (selector->exact == NULL ||
      quote->prefix.n_bytes + quote->exact.n_bytes + quote->suffix.n_bytes == 0)
    return quote->placement->trusted;

  bytes.bytes = postil_text_get_utf8 (text, &bytes.n_bytes);
  at = postil_text_get_byte (text, position.start);
  return stands_at (quote, bytes, at) &&
         at + quote->exact.n_bytes == postil_text_get_byte (text, position.end) &&
         (quote->placement->trusted || stands_in_context (quote, bytes, at));
}

static guint
choose_width (gsize n_bytes)
{
  return n_bytes >= LARGE_WINDOW ? LARGE_WINDOW : MIN (n_bytes, MEDIUM_WINDOW);
}

/* Hashes the first @width of @bytes, of which LARGE_WINDOW can be read. */
static inline guint64
hash_window (const char *bytes, guint width)
{
  guint64 words[2], hash;

  memcpy (words, bytes, sizeof words);
  words[0] = GUINT64_FROM_LE (words[0]);
  if (width < MEDIUM_WINDOW)
    words[0] &= (G_GUINT64_CONSTANT (1) << (8 * width)) - 1;
  if (width < LARGE_WINDOW)
    words[1] = width;
  /* Odd numbers without a pattern: the golden ratio's, and one of Steele and Vigna's. */
  hash = words[0] * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  hash = ((hash ^ (hash >> 32)) + words[1]) * G_GUINT64_CONSTANT (0xd1342543de82ef95);
  return hash ^ (hash >> 29);
}

/* Picks a window of each long needle that is rare in a sample of the text; without that, needles
 * that all share a common phrase would all be tried wherever it occurs.
 */
static void
choose_windows (GPtrArray *needles, Bytes text)
{
  guint bits = CLAMP (g_bit_storage (text.n_bytes / SAMPLE), 8, 24) + 1;
  g_autofree guint8 *counts = g_malloc0 ((gsize) 1 << bits);

  for (gsize at = 0; at + LARGE_WINDOW <= text.n_bytes; at += SAMPLE)
    {
      guint8 *count = &counts[hash_window (text.bytes + at, LARGE_WINDOW) >> (64 - bits)];

      *count += *count < G_MAXUINT8;
    }
  for (guint i = 0; i < needles->len; i++)
    {
      Needle *needle = needles->pdata[i];
      guint width = choose_width (needle->n_bytes), rarest = G_MAXUINT;
      char window[LARGE_WINDOW] = { 0 };

      memcpy (window, needle->bytes, width);
      needle->hash = hash_window (window, width);
      for (gsize at = 0; rarest > 0 && at + LARGE_WINDOW <= needle->n_bytes; at++)
        {
          guint64 hash = hash_window (needle->bytes + at, LARGE_WINDOW);

          if (counts[hash >> (64 - bits)] < rarest)
            {
              rarest = counts[hash >> (64 - bits)];
              needle->window = at;
              needle->hash = hash;
            }
        }
    }
}

/* Compares @needle with the text where its window was met; returns whether that settles it. */
static gboolean
try_needle (Needle *needle, Bytes text, gsize met)
{
  gsize at = met - needle->window;

  if (met < needle->window || text.n_bytes - at < needle->n_bytes)
    return FALSE;

  needle->n_tries -= 1 + needle->n_bytes / 256;
  if (memcmp (text.bytes + at, needle->bytes, needle->n_bytes) == 0 &&
      (!needle->begins_whole || !is_inside_word (text, at)) &&
      (!needle->ends_whole || !is_inside_word (text, at + needle->n_bytes)))
    {
      needle->n_found++;
      needle->at = at;
    }
  else if (needle->n_tries <= 0)
    needle->n_found = 2;
  return needle->n_found >= 2;
}

/* Finds all @needles in one walk through the text. */
static void
search (GPtrArray *needles, Bytes text)
{
  gsize tail = text.n_bytes - MIN (text.n_bytes, LARGE_WINDOW);
  char padded_tail[2 * LARGE_WINDOW] = { 0 };
  guint bits, filter_bits, widths[LARGE_WINDOW + 1], n_widths = 0;
  gboolean has_width[LARGE_WINDOW + 1] = { FALSE };
  g_autofree Needle **buckets = NULL;
  g_autofree guint8 *filter = NULL;

  if (needles->len == 0)
    return;
  choose_windows (needles, text);

  /* Nearly all windows of the text are in no needle. The filter, which has a bit for a hash and so
   * stays in the processor's cache, says so without a look into the buckets. */
  bits = CLAMP (g_bit_storage (needles->len), 8, 24);
  filter_bits = bits + 5;
  filter = g_malloc0 ((gsize) 1 << (filter_bits - 3));
  buckets = g_new0 (Needle *, (gsize) 1 << bits);
  for (guint i = 0; i < needles->len; i++)
    {
      Needle *needle = needles->pdata[i];
      Needle **bucket = &buckets[needle->hash >> (64 - bits)];
      guint64 filter_bit = needle->hash >> (64 - filter_bits);

      if (needle->n_bytes > text.n_bytes)
        continue;
      needle->n_tries = MAX (MIN_TRIES, ALL_TRIES / needles->len);
      needle->next = *bucket;
      *bucket = needle;
      filter[filter_bit / 8] |= 1 << (filter_bit % 8);
      has_width[choose_width (needle->n_bytes)] = TRUE;
    }
  for (guint width = 1; width <= LARGE_WINDOW; width++)
    if (has_width[width])
      widths[n_widths++] = width;

  memcpy (padded_tail, text.bytes + tail, text.n_bytes - tail);
  for (gsize at = 0; at < text.n_bytes; at++)
    {
      const char *bytes = at < tail ? text.bytes + at : padded_tail + (at - tail);

      for (guint i = 0; i < n_widths; i++)
        {
          guint64 hash = hash_window (bytes, widths[i]);
          guint64 filter_bit = hash >> (64 - filter_bits);
          Needle **link = &buckets[hash >> (64 - bits)];

          if ((filter[filter_bit / 8] >> (filter_bit % 8) & 1) == 0)
            continue;
          while (*link != NULL)
            {
              if ((*link)->hash == hash && try_needle (*link, text, at))
                *link = (*link)->next;
              else
                link = &(*link)->next;
            }
        }
    }
}

static void
settle (const Quote *quote, PostilText *text, gsize at)
{
  PostilPlacement *placement = quote->placement;
  guint n_selectors;
  const PostilSelector *selectors = postil_anchor_get_selectors (placement->anchor, &n_selectors);

  placement->spans[quote->range] = (PostilSpan){
    postil_text_get_offset (text, at),
    postil_text_get_offset (text, at + quote->exact.n_bytes),
  };
  if (!placement->trusted || selectors[quote->range].has_position)
    placement->status = POSTIL_STATUS_MOVED;
}

static void
give_up (PostilPlacement *placement)
{
  placement->status = POSTIL_STATUS_ORPHANED;
  g_clear_pointer (&placement->spans, g_free);
}

/* Finds the one place near an end of the text that has not room for all of the quote's context. */
static gboolean
find_at_ends (const Quote *quote, Bytes text, gsize *place)
{
  gsize n_exact = quote->exact.n_bytes, last, at = 0;
  guint n_found = 0;

  if (text.n_bytes < n_exact)
    return FALSE;

  last = text.n_bytes - n_exact;
  while (at <= last)
    {
      if (at >= quote->prefix.n_bytes && last - at >= quote->suffix.n_bytes)
        {
          /* Here it would have room. */
          if (quote->suffix.n_bytes == 0)
            break;
          at = last - quote->suffix.n_bytes + 1;
          continue;
        }
      if (count_before (quote, at) + count_after (quote, text, at + n_exact) > 0 &&
          stands_in_context (quote, text, at))
        {
          *place = at;
          n_found++;
        }
      at++;
    }
  return n_found == 1;
}

/* Searches @quotes, with their context or alone, places those that are found and leaves in @quotes
 * those that were not met at all.
 */
static void
search_quotes (GArray *quotes, PostilText *text, gboolean in_context)
{
  g_autoptr (GHashTable) set = g_hash_table_new_full (needle_hash, needle_equal, needle_free, NULL);
  g_autoptr (GPtrArray) needles = g_ptr_array_new ();
  guint n_left = 0;
  Bytes bytes;

  bytes.bytes = postil_text_get_utf8 (text, &bytes.n_bytes);

  for (guint i = 0; i < quotes->len; i++)
    {
      Quote *quote = &g_array_index (quotes, Quote, i);
      gsize n_prefix = in_context ? quote->prefix.n_bytes : 0;
      gsize n_suffix = in_context ? quote->suffix.n_bytes : 0;
      Needle *needle = g_new0 (Needle, 1);
      Needle *known;

      needle->n_bytes = n_prefix + quote->exact.n_bytes + n_suffix;
      needle->bytes = g_malloc (needle->n_bytes + 1);
      memcpy (needle->bytes, quote->prefix.bytes, n_prefix);
      memcpy (needle->bytes + n_prefix, quote->exact.bytes, quote->exact.n_bytes);
      memcpy (needle->bytes + n_prefix + quote->exact.n_bytes, quote->suffix.bytes, n_suffix);
      needle->bytes[needle->n_bytes] = '\0';
      needle->begins_whole = n_prefix == 0;
      needle->ends_whole = n_suffix == 0;

      known = g_hash_table_lookup (set, needle);
      if (known != NULL)
        {
          needle_free (needle);
          needle = known;
        }
      else
        {
          g_hash_table_add (set, needle);
          if (needle->n_bytes > 0)
            g_ptr_array_add (needles, needle);
        }
      quote->needle = needle;
    }

  search (needles, bytes);

  for (guint i = 0; i < quotes->len; i++)
    {
      Quote quote = g_array_index (quotes, Quote, i);
      gsize at = quote.needle->at + (in_context ? quote.prefix.n_bytes : 0);
      gsize end = at + quote.exact.n_bytes;

      if (quote.placement->status == POSTIL_STATUS_ORPHANED)
        continue;
      if (quote.needle->n_found == 0)
        g_array_index (quotes, Quote, n_left++) = quote;
      else if (quote.needle->n_found == 1 &&
               (in_context ||
                (count_before (&quote, at) > 0 && prefix_agrees (&quote, bytes, at)) ||
                (count_after (&quote, bytes, end) > 0 && suffix_agrees (&quote, bytes, end))))
        settle (&quote, text, at);
      else
        give_up (quote.placement);
    }
  g_array_set_size (quotes, n_left);
}

/* Notes a range to be searched unless it is where it was. */
static void
begin (PostilPlacement *placement, guint range, PostilText *text, GArray *quotes)
{
  guint n_selectors;
  const PostilSelector *selector =
    &postil_anchor_get_selectors (placement->anchor, &n_selectors)[range];
  Quote quote = {
    .placement = placement,
    .range = range,
    .prefix = cut_prefix (bytes_new (selector->prefix)),
    .exact = bytes_new (selector->exact),
    .suffix = cut_suffix (bytes_new (selector->suffix)),
  };

  if (stands_at_position (&quote, selector, text))
    placement->spans[range] = selector->position;
  else if (selector->exact != NULL)
    g_array_append_val (quotes, quote);
  else
    give_up (placement);
}

/**
 * postil_anchoring_place:
 * @text: a text
 * @placements: (array length=n_placements) (inout): the anchors to be placed; what became of them
 * @n_placements: how many
 *
 * Looks for the passages of many annotations in a text, in time that grows with the text and the
 * quotes together. A range of a passage is, by the first of these that holds,
 *
 * - placed, if it stands at its position: with its quote, if it has one, and on a text that is not
 *   trusted also with the context of the quote; a position without a quote needs a trusted text;
 * - moved, if its quote stands with its context in one place, of which the ends of the text may cut
 *   something off;
 * - moved, if its quote stands in one place, not inside a word, and the context on one side agrees;
 * - orphaned; also when so much of the text looks like its quote that telling would take too long.
 *
 * What has no position on a trusted text is placed rather than moved. A quote without context on a
 * side is not found where that side would cut a word. The passage is orphaned if one of its ranges
 * is; else it is moved if one is.
 *
 * On return the spans of each placement are (transfer full), to be freed with g_free(); they are in
 * the order of its selectors, which need not be that of the text any more. May be called in any
 * thread.
 */
void
postil_anchoring_place (PostilText *text, PostilPlacement *placements, guint n_placements)
{
  g_autoptr (GArray) quotes = g_array_new (FALSE, FALSE, sizeof (Quote));
  guint n_left = 0;
  Bytes bytes;

  g_return_if_fail (text != NULL);
  g_return_if_fail (placements != NULL || n_placements == 0);

  bytes.bytes = postil_text_get_utf8 (text, &bytes.n_bytes);
  for (guint i = 0; i < n_placements; i++)
    {
      PostilPlacement *placement = &placements[i];
      guint n_selectors;

      postil_anchor_get_selectors (placement->anchor, &n_selectors);
      placement->status = n_selectors > 0 ? POSTIL_STATUS_PLACED : POSTIL_STATUS_ORPHANED;
      placement->spans = n_selectors > 0 ? g_new (PostilSpan, n_selectors) : NULL;
      for (guint j = 0; j < n_selectors && placement->status != POSTIL_STATUS_ORPHANED; j++)
        begin (placement, j, text, quotes);
    }
  if (quotes->len == 0)
    return;

  search_quotes (quotes, text, TRUE);

  for (guint i = 0; i < quotes->len; i++)
    {
      Quote quote = g_array_index (quotes, Quote, i);
      gsize at;

      if (quote.placement->status == POSTIL_STATUS_ORPHANED)
        continue;
      if (find_at_ends (&quote, bytes, &at))
        settle (&quote, text, at);
      else if (quote.exact.n_bytes > 0 && quote.prefix.n_bytes + quote.suffix.n_bytes > 0)
        g_array_index (quotes, Quote, n_left++) = quote;
      else
        give_up (quote.placement);
    }
  g_array_set_size (quotes, n_left);

  search_quotes (quotes, text, FALSE);

  for (guint i = 0; i < quotes->len; i++)
    give_up (g_array_index (quotes, Quote, i).placement);
}
