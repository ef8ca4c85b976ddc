/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz.h"
#include "postil-anchoring.h"

/*
 * Makes of bytes a text, what became of it, and descriptions of passages, some true of the old
 * text, some of anything. Whatever is answered lies in the text, is the same when asked again, and
 * on a text that did not change it is where the passage is.
 */

#define MAX_TEXT 400
#define MAX_EDITS 12
#define MAX_PASSAGES 8
#define MAX_CANDIDATES 4
#define MIN_LETTERS 8

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

/* The byte of a code point of @utf8. */
static gsize
take_place (FuzzBytes *bytes, const char *utf8)
{
  return g_utf8_offset_to_pointer (utf8, fuzz_take (bytes, g_utf8_strlen (utf8, -1) + 1)) - utf8;
}

static void
edit (FuzzBytes *bytes, GString *text)
{
  gsize at = take_place (bytes, text->str), end = take_place (bytes, text->str);
  g_autofree char *part = NULL;

  if (at > end)
    {
      gsize swap = at;

      at = end;
      end = swap;
    }
  part = g_strndup (text->str + at, end - at);
  switch (fuzz_take (bytes, 4))
    {
    case 0:
      g_string_erase (text, at, end - at);
      break;
    case 1:
      g_free (part);
      part = fuzz_take_string (bytes, fuzz_take (bytes, 32));
      g_string_insert (text, at, part);
      break;
    case 2:
      if (text->len < 2 * MAX_TEXT)
        g_string_insert (text, take_place (bytes, text->str), part);
      break;
    default:
      g_string_erase (text, at, end - at);
      g_string_insert (text, take_place (bytes, text->str), part);
    }
}

static gboolean
has_words (PostilText *text, PostilSpan span)
{
  g_autofree char *utf8 = postil_text_dup_range (text, span);
  guint n = 0;

  for (const char *p = utf8; *p != '\0'; p = g_utf8_next_char (p))
    n += g_unichar_isalnum (g_utf8_get_char (p));
  return n >= MIN_LETTERS;
}

/* Whether an offset is inside a row of one character over and over. */
static gboolean
is_in_row (PostilText *text, guint at)
{
  PostilSpan span = { at - MIN (at, 4), MIN (at + 4, postil_text_get_length (text)) };
  g_autofree char *row = postil_text_dup_range (text, span);
  gunichar first = g_utf8_get_char (row);

  for (const char *p = row; *p != '\0'; p = g_utf8_next_char (p))
    if (g_utf8_get_char (p) != first)
      return FALSE;
  return TRUE;
}

/* Whether a quote overlaps another that is equal, or begins or ends in a row. */
static gboolean
repeats (PostilText *text, PostilSpan span)
{
  guint n = span.end - span.start, length = postil_text_get_length (text);
  g_autofree char *quote = postil_text_dup_range (text, span);
  g_autofree char *before = NULL;
  g_autofree char *behind = NULL;

  if (n == 0 || is_in_row (text, span.start) || is_in_row (text, span.end))
    return n > 0;
  before =
    postil_text_dup_range (text, (PostilSpan){ span.start - MIN (span.start, n), span.end - 1 });
  behind = postil_text_dup_range (text, (PostilSpan){ span.start + 1, MIN (span.end + n, length) });
  return strstr (before, quote) != NULL || strstr (behind, quote) != NULL;
}

/* (transfer full): a description of some range of @text, true or made up; says which */
static PostilAnchor *
make_anchor (FuzzBytes *bytes, PostilText *text, gboolean *is_true)
{
  guint length = postil_text_get_length (text), n = 1 + (fuzz_take (bytes, 8) == 0);
  PostilSelector selectors[2] = { { 0 } };
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  *is_true = TRUE;
  for (guint i = 0; i < n; i++)
    {
      PostilSelector *selector = &selectors[i];
      PostilSpan span = { fuzz_take (bytes, length + 1), 0 };
      PostilSpan around;
      const char **parts[] = { &selector->prefix, &selector->exact, &selector->suffix };
      guint lies = fuzz_take (bytes, 32);

      span.end = span.start + fuzz_take (bytes, MIN (64, length - span.start + 1));
      span = postil_text_snap_to_graphemes (text, span);
      around = postil_text_add_context (text, span, 32);
      /* Little can be known of what has no words, nor which of its places a quote is at that is
       * beside itself. */
      *is_true &= span.end > span.start && has_words (text, around) && !repeats (text, span);
      selector->has_position = TRUE;
      selector->position = span;
      selector->prefix = postil_text_dup_range (text, (PostilSpan){ around.start, span.start });
      selector->exact = postil_text_dup_range (text, span);
      selector->suffix = postil_text_dup_range (text, (PostilSpan){ span.end, around.end });
      for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
        g_ptr_array_add (strings, (char *) *parts[k]);
      if (lies < 4)
        {
          guint omitted = lies == 3 ? fuzz_take (bytes, G_N_ELEMENTS (parts)) : 0;

          *is_true = FALSE;
          if (lies == 0)
            selector->has_position = FALSE;
          if (lies == 1)
            selector->position = (PostilSpan){ fuzz_take (bytes, 1 << 10) << 22, span.start };
          for (guint k = 0; lies == 2 && k < G_N_ELEMENTS (parts); k++)
            {
              *parts[k] = fuzz_take_string (bytes, fuzz_take (bytes, 80));
              g_ptr_array_add (strings, (char *) *parts[k]);
            }
          if (lies == 3)
            *parts[omitted] = NULL;
          /* Without its quote there is no context either. */
          if (lies == 3 && selector->exact == NULL)
            selector->prefix = selector->suffix = NULL;
        }
    }
  return postil_anchor_new (selectors, n, NULL, NULL);
}

static void
progress_cb (double fraction, gpointer data)
{
  double *last = data;

  g_assert_true (fraction >= *last && fraction <= 1);
  *last = fraction;
}

/* As Unicode has it; GLib leaves out two control characters. */
static gboolean
is_space (gunichar c)
{
  return g_unichar_isspace (c) || c == '\v' || c == 0x85;
}

static char *
drop_space (const char *utf8)
{
  GString *words = g_string_new (NULL);

  for (const char *p = utf8; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_space (g_utf8_get_char (p)))
      g_string_append_unichar (words, g_utf8_get_char (p));
  return g_string_free (words, FALSE);
}

static void
show (const PostilPlacement *placement)
{
  static const char *const statuses[] = { "placed", "moved", "uncertain", "orphaned" };
  guint n_selectors;
  const PostilSelector *selectors = postil_anchor_get_selectors (placement->anchor, &n_selectors);

  for (guint i = 0; i < n_selectors; i++)
    {
      g_autofree char *quote =
        g_strdup_printf ("%u-%u ⟦%s⟧%s⟦%s⟧", selectors[i].position.start, selectors[i].position.end,
                         selectors[i].prefix, selectors[i].exact, selectors[i].suffix);

      fuzz_show (statuses[placement->status], quote);
    }
}

/* Places @placements, and once more, which must come out the same. */
static void
place (PostilText *text, PostilText *old_text, PostilPlacement *placements, guint n)
{
  g_autofree PostilPlacement *again = g_memdup2 (placements, n * sizeof *placements);
  double progress = 0;

  g_assert_true (
    postil_anchoring_place (text, old_text, placements, n, progress_cb, &progress, NULL));
  g_assert_true (postil_anchoring_place (text, old_text, again, n, NULL, NULL, NULL));
  for (guint i = 0; i < n; i++)
    {
      guint n_selectors;
      const PostilSelector *selectors =
        postil_anchor_get_selectors (placements[i].anchor, &n_selectors);

      show (&placements[i]);
      g_assert_cmpint (placements[i].status, ==, again[i].status);
      g_assert_true ((placements[i].spans == NULL) ==
                     (placements[i].status == POSTIL_STATUS_ORPHANED));
      for (guint k = 0; placements[i].spans != NULL && k < n_selectors; k++)
        {
          PostilSpan span = placements[i].spans[k];

          g_assert_true (span.start <= span.end && span.end <= postil_text_get_length (text));
          g_assert_true (postil_span_equal (span, again[i].spans[k]));
          if (placements[i].status == POSTIL_STATUS_PLACED && selectors[k].exact != NULL)
            {
              g_autofree char *there = postil_text_dup_range (text, span);
              g_autofree char *words = drop_space (there);
              g_autofree char *expected = drop_space (selectors[k].exact);

              g_assert_cmpstr (words, ==, expected);
            }
        }
      g_free (again[i].spans);
    }
}

static void
list_candidates (PostilText *text, PostilText *old_text, PostilAnchor *anchor)
{
  g_autoptr (GArray) candidates =
    postil_anchoring_list_candidates (text, old_text, anchor, 0, MAX_CANDIDATES);
  double last = 1;

  g_assert_cmpuint (candidates->len, <=, MAX_CANDIDATES);
  for (guint i = 0; i < candidates->len; i++)
    {
      PostilCandidate candidate = g_array_index (candidates, PostilCandidate, i);

      g_assert_true (candidate.span.start <= candidate.span.end);
      g_assert_true (candidate.span.end <= postil_text_get_length (text));
      g_assert_true (candidate.score >= 0 && candidate.score <= last);
      last = candidate.score;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, data + size };
  guint n_edits = fuzz_take (&bytes, MAX_EDITS), n = 1 + fuzz_take (&bytes, MAX_PASSAGES);
  gboolean knows_old = fuzz_take (&bytes, 2), trusts = fuzz_take (&bytes, 4) == 0;
  g_autofree char *old_utf8 = fuzz_take_string (&bytes, fuzz_take (&bytes, MAX_TEXT));
  g_autoptr (GString) edited = g_string_new (old_utf8);
  g_autoptr (PostilText) old_text = make_text (old_utf8);
  g_autoptr (PostilText) text = NULL;
  PostilPlacement placements[MAX_PASSAGES] = { { 0 } };
  gboolean are_true = TRUE;

  for (guint i = 0; i < n_edits; i++)
    edit (&bytes, edited);
  text = make_text (edited->str);
  fuzz_show ("old text", old_utf8);
  fuzz_show ("new text", edited->str);
  for (guint i = 0; i < n; i++)
    {
      gboolean is_true;

      placements[i].anchor = make_anchor (&bytes, old_text, &is_true);
      /* The old text is known by what all of them say of it, so one that lies belies others. */
      are_true &= is_true;
    }

  place (old_text, knows_old ? old_text : NULL, placements, n);
  for (guint i = 0; i < n; i++)
    {
      guint n_selectors;
      const PostilSelector *selectors =
        postil_anchor_get_selectors (placements[i].anchor, &n_selectors);

      if (are_true)
        g_assert_cmpint (placements[i].status, ==, POSTIL_STATUS_PLACED);
      for (guint k = 0; are_true && k < n_selectors; k++)
        g_assert_true (postil_span_equal (placements[i].spans[k], selectors[k].position));
      g_clear_pointer (&placements[i].spans, g_free);
      placements[i].trusted = trusts;
    }

  place (text, knows_old ? old_text : NULL, placements, n);
  list_candidates (text, knows_old ? old_text : NULL, placements[0].anchor);
  for (guint i = 0; i < n; i++)
    {
      g_free (placements[i].spans);
      postil_anchor_unref (placements[i].anchor);
    }
  return 0;
}
