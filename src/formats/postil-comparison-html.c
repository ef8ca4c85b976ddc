/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparison-html.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-comparison.h"
#include "postil-word-diff.h"

/*
 * One page that needs nothing else, for reading and printing: the two texts side by side, a row a
 * pair, with the words marked that the other side lacks; before them the shares, after them the
 * passages that are quoted again.
 */

static const char style[] =
  ":root{color-scheme:light dark;--paper:#fff;--ink:#1e1e1e;--dim:#5e5c64;--line:#d0cfcc;"
  "--less:#f8d7da;--more:#d4edda;--moved:#dbe7fb;--only:#fff4ce}\n"
  "@media (prefers-color-scheme:dark){:root{--paper:#1e1e1e;--ink:#f0f0f0;--dim:#b0aeb4;"
  "--line:#4a4a4a;--less:#5c2b31;--more:#1f4d2e;--moved:#2a3f66;--only:#4d4220}}\n"
  "body{margin:0 auto;padding:1.5rem;max-width:90rem;background:var(--paper);color:var(--ink);"
  "font:1rem/1.6 Georgia,'Noto Serif',serif}\n"
  "h1,h2,th,.kind,.legend{font-family:system-ui,sans-serif;line-height:1.4}\n"
  "table{border-collapse:collapse;width:100%;table-layout:fixed}\n"
  "th{text-align:start;position:sticky;top:0;background:var(--paper)}\n"
  "td,th{vertical-align:top;padding:.4rem .8rem;border-top:1px solid var(--line);"
  "overflow-wrap:anywhere}\n"
  "td.kind,th.kind{width:6rem;color:var(--dim);font-size:.8rem}\n"
  "td p{margin:0;white-space:pre-line}\n"
  "tr.only td:not(:empty):not(.kind){background:var(--only)}\n"
  "del{background:var(--less);text-decoration:underline dotted}\n"
  "ins{background:var(--more);text-decoration:underline}\n"
  "mark{background:var(--moved);color:inherit;font-style:italic;text-decoration:underline double}\n"
  ".shares td{border:0;padding:.1rem .8rem .1rem 0;width:auto}.shares{width:auto;"
  "table-layout:auto;font-family:system-ui,sans-serif}\n"
  "@media "
  "print{:root{--paper:#fff;--ink:#000;--dim:#444;--line:#999;--less:#fff;--more:#fff;--moved:#fff;"
  "--only:#f2f2f2}body{max-width:none;padding:0;font-size:10pt}tr{break-inside:avoid}"
  "th{position:static}thead{display:table-header-group}}\n";

typedef struct
{
  GString *out;
  PostilText *const *texts;
  const char *const *names;
  gboolean exact;
} Page;

static const char *
get_kind (const PostilPair *pair)
{
  if (pair == NULL)
    return _ ("only here");
  switch (pair->kind)
    {
    case POSTIL_PAIR_SAME:
      return _ ("the same");
    case POSTIL_PAIR_REWORDED:
      return _ ("reworded");
    case POSTIL_PAIR_MOVED:
      return _ ("moved");
    case POSTIL_PAIR_ECHO:
      return _ ("quoted again");
    }
  g_assert_not_reached ();
}

static void
add_escaped (Page *page, const char *text, gssize n_bytes)
{
  g_autofree char *escaped = g_markup_escape_text (text, n_bytes);

  g_string_append (page->out, escaped);
}

/* A passage; HTML has no NUL. */
static void
add_text (Page *page, PostilText *text, PostilSpan span)
{
  gsize start = postil_text_get_byte (text, span.start);
  const char *utf8 = postil_text_get_utf8 (text, NULL) + start;
  const char *end = utf8 + postil_text_get_byte (text, span.end) - start;

  while (utf8 < end)
    {
      gsize n = strnlen (utf8, end - utf8);

      add_escaped (page, utf8, n);
      utf8 += n;
      if (utf8 < end)
        {
          g_string_append (page->out, "\357\277\275");
          utf8++;
        }
    }
}

static const char *
get_mark (PostilWordRunKind kind)
{
  switch (kind)
    {
    case POSTIL_WORD_RUN_REMOVED:
      return "del";
    case POSTIL_WORD_RUN_ADDED:
      return "ins";
    case POSTIL_WORD_RUN_MOVED:
      return "mark";
    default:
      return NULL;
    }
}

/* The words of one side of a pair, with those marked that the other one lacks or has elsewhere. */
static void
add_words (Page *page, PostilSpan span, GArray *runs, gboolean of_b)
{
  PostilText *text = page->texts[of_b ? 1 : 0];
  g_autoptr (GArray) side = postil_word_diff_list_side (runs, of_b);
  guint done = span.start;

  for (guint i = 0; i < side->len; i++)
    {
      const PostilWordRun *run = &g_array_index (side, PostilWordRun, i);
      PostilSpan words = of_b ? run->b : run->a;
      const char *mark = get_mark (run->kind);

      if (mark == NULL)
        continue;
      words = (PostilSpan){ span.start + words.start, span.start + words.end };
      add_text (page, text, (PostilSpan){ done, words.start });
      g_string_append_printf (page->out, "<%s>", mark);
      add_text (page, text, words);
      g_string_append_printf (page->out, "</%s>", mark);
      done = words.end;
    }
  add_text (page, text, (PostilSpan){ done, span.end });
}

static void
add_cell (Page *page, PostilSpan span, GArray *runs, gboolean of_b)
{
  g_string_append (page->out, "<td dir=\"auto\">");
  if (postil_span_length (span) > 0)
    {
      g_string_append (page->out, "<p>");
      add_words (page, span, runs, of_b);
      g_string_append (page->out, "</p>");
    }
  g_string_append (page->out, "</td>");
}

/* What differs between both sides of a pair, where that is to be shown. */
static GArray *
list_differences (Page *page, PostilSpan a, PostilSpan b, const PostilPair *pair)
{
  const PostilSpan spans[] = { a, b };
  const char *utf8[2];
  gsize n_bytes[2];

  if (pair == NULL || (pair->kind == POSTIL_PAIR_SAME && !page->exact))
    return g_array_new (FALSE, FALSE, sizeof (PostilWordRun));
  for (guint side = 0; side < 2; side++)
    {
      gsize start = postil_text_get_byte (page->texts[side], spans[side].start);

      utf8[side] = postil_text_get_utf8 (page->texts[side], NULL) + start;
      n_bytes[side] = postil_text_get_byte (page->texts[side], spans[side].end) - start;
    }
  return postil_word_diff (utf8[0], n_bytes[0], utf8[1], n_bytes[1], page->exact);
}

static void
add_row (Page *page, PostilSpan a, PostilSpan b, const PostilPair *pair)
{
  g_autoptr (GArray) runs = list_differences (page, a, b, pair);

  g_string_append (page->out, pair != NULL ? "<tr>" : "<tr class=\"only\">");
  add_cell (page, a, runs, FALSE);
  g_string_append (page->out, "<td class=\"kind\">");
  add_escaped (page, get_kind (pair), -1);
  g_string_append (page->out, "</td>");
  add_cell (page, b, runs, TRUE);
  g_string_append (page->out, "</tr>\n");
}

static void
add_head (Page *page)
{
  g_string_append (page->out, "<table>\n<thead><tr>");
  for (guint side = 0; side < 2; side++)
    {
      g_string_append (page->out, "<th>");
      add_escaped (page, page->names[side], -1);
      g_string_append (page->out, side == 0 ? "</th><th class=\"kind\"></th>" : "</th>");
    }
  g_string_append (page->out, "</tr></thead>\n<tbody>\n");
}

static void
add_shares (Page *page, const PostilAlignment *alignment)
{
  g_string_append (page->out, "<table class=\"shares\">\n");
  for (guint side = 0; side < 2; side++)
    {
      PostilComparisonShares shares = postil_comparison_get_shares (alignment, side == 1);
      const guint parts[] = { shares.same, shares.reworded, shares.moved, shares.only };
      const char *const words[] = { _ ("the same"), _ ("reworded"), _ ("moved"), _ ("only here") };

      g_string_append (page->out, "<tr><td>");
      add_escaped (page, page->names[side], -1);
      g_string_append (page->out, "</td>");
      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        g_string_append_printf (page->out, "<td>%.0f %% %s</td>",
                                shares.length > 0 ? 100.0 * parts[i] / shares.length : 0, words[i]);
      g_string_append (page->out, "</tr>\n");
    }
  g_string_append (page->out, "</table>\n");
}

static void
add_legend (Page *page)
{
  const char *const entries[][2] = { { "del", _ ("words only in the first text") },
                                     { "ins", _ ("words only in the second text") },
                                     { "mark", _ ("words that stand elsewhere in the passage") } };

  g_string_append (page->out, "<p class=\"legend\">");
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_string_append_printf (page->out, "%s<%s>", i > 0 ? " · " : "", entries[i][0]);
      add_escaped (page, entries[i][1], -1);
      g_string_append_printf (page->out, "</%s>", entries[i][0]);
    }
  g_string_append (page->out, "</p>\n");
}

static void
add_echoes (Page *page, const PostilAlignment *alignment)
{
  gboolean any = FALSE;

  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);

      if (pair->kind != POSTIL_PAIR_ECHO)
        continue;
      if (!any)
        {
          g_string_append (page->out, "<h2>");
          add_escaped (page, _ ("Quoted again"), -1);
          g_string_append (page->out, "</h2>\n");
          add_head (page);
        }
      any = TRUE;
      add_row (page, pair->a, pair->b, pair);
    }
  if (any)
    g_string_append (page->out, "</tbody></table>\n");
}

/**
 * postil_comparison_to_html:
 * @alignment: the alignment of two texts
 * @texts: (array fixed-size=2): these texts
 * @names: (array fixed-size=2): what they are called, in UTF-8
 * @exact: whether differences of case, quotes, dashes and spacing are shown, too
 *
 * Returns: (transfer full): a page with both side by side, in HTML 5
 */
char *
postil_comparison_to_html (const PostilAlignment *alignment,
                           PostilText *const texts[2],
                           const char *const names[2],
                           gboolean exact)
{
  Page page = { g_string_new (NULL), texts, names, exact };
  g_autoptr (GArray) rows = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (alignment != NULL, g_string_free (page.out, FALSE));

  /* Translators: the names of two texts that are compared. */
  title = g_strdup_printf (_ ("“%s” and “%s”"), names[0], names[1]);
  g_string_append (page.out, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n<title>");
  add_escaped (&page, title, -1);
  g_string_append_printf (page.out,
                          "</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                          "<style>\n%s</style></head><body>\n<h1>",
                          style);
  add_escaped (&page, title, -1);
  g_string_append (page.out, "</h1>\n");
  add_shares (&page, alignment);
  add_legend (&page);
  add_head (&page);
  rows = postil_comparison_list_rows (alignment, FALSE);
  for (guint i = 0; i < rows->len; i++)
    {
      const PostilComparisonRow *row = &g_array_index (rows, PostilComparisonRow, i);

      add_row (&page, row->a, row->b, row->pair);
    }
  g_string_append (page.out, "</tbody></table>\n");
  add_echoes (&page, alignment);
  g_string_append (page.out, "</body></html>\n");
  return g_string_free (page.out, FALSE);
}
