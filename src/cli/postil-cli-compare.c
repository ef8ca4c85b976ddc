/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "postil-cli-session.h"
#include "postil-cli-util.h"
#include "postil-cli.h"
#include "postil-comparison-html.h"
#include "postil-comparison.h"
#include "postil-error.h"
#include "postil-linked-decisions.h"
#include "postil-word-diff.h"

/* Columns of the terminal: without one, and at least. */
#define USUAL_WIDTH 100
#define MIN_WIDTH 40

/* What stands between the two columns: what the row is, as a sign that is one column wide. */
#define GUTTER 3

typedef struct
{
  PostilText *texts[2];
  const char *names[2];
  guint width;
  gboolean color;
  gboolean exact;
} Report;

/* A column of a row: its text on one line with signs around the words that differ; the bytes where
 * such words begin and end, in turn, and how many of these places have been passed. */
typedef struct
{
  GString *text;
  gsize at;
  GArray *ends;
  guint n_passed;
} Column;

/* What stands around words that the other side has not, or has at another place. */
static const char *const brackets[][2] = {
  [POSTIL_WORD_RUN_SAME] = { "", "" },
  [POSTIL_WORD_RUN_REMOVED] = { "[", "]" },
  [POSTIL_WORD_RUN_ADDED] = { "[", "]" },
  [POSTIL_WORD_RUN_MOVED] = { "{", "}" },
};

static const char *const kind_names[] = {
  [POSTIL_PAIR_SAME] = "same",
  [POSTIL_PAIR_REWORDED] = "reworded",
  [POSTIL_PAIR_MOVED] = "moved",
  [POSTIL_PAIR_ECHO] = "echo",
};

static guint
get_width (void)
{
  const char *columns = g_getenv ("COLUMNS");
  struct winsize size;
  guint64 width = 0;

  if (isatty (STDOUT_FILENO) && ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
    width = size.ws_col;
  else if (columns != NULL)
    g_ascii_string_to_unsigned (columns, 10, 1, 10000, &width, NULL);
  return width == 0 ? USUAL_WIDTH : MAX (width, MIN_WIDTH);
}

static guint
get_columns (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

static const char *
get_utf8 (PostilText *text, PostilSpan span, gsize *n_bytes)
{
  gsize start = postil_text_get_byte (text, span.start);

  *n_bytes = postil_text_get_byte (text, span.end) - start;
  return postil_text_get_utf8 (text, NULL) + start;
}

/* Adds @n bytes on one line. What could command the terminal is blank, and what could turn round
 * the rest of the line is left out.
 */
static void
append_shown (GString *shown, const char *utf8, gsize n)
{
  for (const char *p = utf8; p < utf8 + n; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        g_string_append_c (shown, ' ');
      else if (!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069))
        g_string_append_unichar (shown, c);
    }
}

static void
append (Column *column, PostilText *text, PostilSpan span)
{
  gsize n;
  const char *utf8 = get_utf8 (text, span, &n);

  append_shown (column->text, utf8, n);
}

static void
append_end (Column *column)
{
  g_array_append_val (column->ends, column->text->len);
}

/* One side of a row; @runs are of both passages. */
static Column
column_new (PostilText *text, PostilSpan span, GArray *runs, gboolean of_b)
{
  Column column = { g_string_new (NULL), 0, g_array_new (FALSE, FALSE, sizeof (gsize)), 0 };
  g_autoptr (GArray) side = postil_word_diff_list_side (runs, of_b);
  guint done = span.start;

  for (guint i = 0; i < side->len; i++)
    {
      const PostilWordRun *run = &g_array_index (side, PostilWordRun, i);
      PostilSpan words = of_b ? run->b : run->a;

      if (run->kind == POSTIL_WORD_RUN_SAME)
        continue;
      words = (PostilSpan){ span.start + words.start, span.start + words.end };
      append (&column, text, (PostilSpan){ done, words.start });
      append_end (&column);
      g_string_append (column.text, brackets[run->kind][0]);
      append (&column, text, words);
      g_string_append (column.text, brackets[run->kind][1]);
      append_end (&column);
      done = words.end;
    }
  append (&column, text, (PostilSpan){ done, span.end });
  return column;
}

static void
column_clear (Column *column)
{
  g_string_free (column->text, TRUE);
  g_array_unref (column->ends);
}

/* Where the next line of the column ends: at a blank, or within a word that is too long. */
static const char *
find_line_end (const char *start, guint width)
{
  const char *blank = NULL, *p = start;
  guint n = 0;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      n += get_columns (g_utf8_get_char (p));
      if (n > width)
        return blank != NULL ? blank : p > start ? p : g_utf8_next_char (p);
      if (*p == ' ')
        blank = p;
      else if (g_unichar_iswide (g_utf8_get_char (p)))
        blank = g_utf8_next_char (p);
    }
  return p;
}

static void
print_line (const Report *report, Column *column, guint width, gboolean pad)
{
  const char *start = column->text->str + column->at, *end;
  gboolean marked = FALSE;
  guint n = 0;

  while (*start == ' ')
    start++;
  end = find_line_end (start, width);
  for (const char *p = start; p < end; p = g_utf8_next_char (p))
    {
      gsize at = p - column->text->str;
      gboolean now;

      while (column->n_passed < column->ends->len &&
             g_array_index (column->ends, gsize, column->n_passed) <= at)
        column->n_passed++;
      now = report->color && column->n_passed % 2 == 1;
      if (now != marked)
        fputs (now ? "\033[1m" : "\033[0m", stdout);
      marked = now;
      printf ("%.*s", (int) (g_utf8_next_char (p) - p), p);
      n += get_columns (g_utf8_get_char (p));
    }
  if (marked)
    fputs ("\033[0m", stdout);
  if (pad)
    printf ("%*s", (int) (width - MIN (n, width)), "");
  column->at = end - column->text->str;
}

static const char *
get_sign (const PostilComparisonRow *row)
{
  if (row->pair == NULL)
    return row->a.start < row->a.end ? "<" : ">";
  switch (row->pair->kind)
    {
    case POSTIL_PAIR_SAME:
      return "=";
    case POSTIL_PAIR_MOVED:
      return "%";
    case POSTIL_PAIR_ECHO:
      return "\"";
    default:
      return "~";
    }
}

/* What differs between the two sides of a row, where that is to be shown. */
static GArray *
list_differences (const Report *report, const PostilComparisonRow *row)
{
  gsize n_a, n_b;
  const char *a = get_utf8 (report->texts[0], row->a, &n_a);
  const char *b = get_utf8 (report->texts[1], row->b, &n_b);

  if (row->pair == NULL || (row->pair->kind == POSTIL_PAIR_SAME && !report->exact))
    return g_array_new (FALSE, FALSE, sizeof (PostilWordRun));
  return postil_word_diff (a, n_a, b, n_b, report->exact);
}

static void
print_row (const Report *report, const PostilComparisonRow *row)
{
  g_autoptr (GArray) runs = list_differences (report, row);
  Column columns[] = { column_new (report->texts[0], row->a, runs, FALSE),
                       column_new (report->texts[1], row->b, runs, TRUE) };
  guint width = (report->width - GUTTER) / 2;
  gboolean first = TRUE;

  do
    {
      print_line (report, &columns[0], width, TRUE);
      printf (" %s ", first ? get_sign (row) : " ");
      print_line (report, &columns[1], width, FALSE);
      putchar ('\n');
      first = FALSE;
    }
  while (columns[0].at < columns[0].text->len || columns[1].at < columns[1].text->len);
  putchar ('\n');
  column_clear (&columns[0]);
  column_clear (&columns[1]);
}

static double
get_percent (guint part, guint whole)
{
  return whole > 0 ? 100.0 * part / whole : 0;
}

static void
print_shares (const Report *report, const PostilAlignment *alignment)
{
  for (guint side = 0; side < 2; side++)
    {
      PostilComparisonShares shares = postil_comparison_get_shares (alignment, side == 1);
      g_autoptr (GString) name = g_string_new (NULL);

      append_shown (name, report->names[side], strlen (report->names[side]));
      /* Translators: shares of a text that the other one has too, or has not. */
      printf (_ ("%s: %.0f %% the same, %.0f %% reworded, %.0f %% moved, %.0f %% only here\n"),
              name->str, get_percent (shares.same, shares.length),
              get_percent (shares.reworded, shares.length),
              get_percent (shares.moved, shares.length), get_percent (shares.only, shares.length));
    }
  printf ("%s\n",
          _ ("= the same   ~ reworded   % moved   \" quoted again   < only in the first   > only "
             "in the second"));
  /* Translators: what the brackets say that stand around words of the two texts. */
  printf ("%s\n\n", _ ("[words only here]   {words that stand elsewhere in the passage}"));
}

static void
print_plain (const Report *report, const PostilAlignment *alignment)
{
  g_autoptr (GArray) rows = postil_comparison_list_rows (alignment, TRUE);

  print_shares (report, alignment);
  for (guint i = 0; i < rows->len; i++)
    print_row (report, &g_array_index (rows, PostilComparisonRow, i));
}

static void
print_string (const char *string)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), string);
  g_autofree char *json = json_to_string (node, FALSE);

  fputs (json, stdout);
}

static void
print_span (PostilSpan span)
{
  printf ("[%u,%u]", span.start, span.end);
}

static void
print_spans (const char *member, GArray *spans)
{
  printf (",\"%s\":[", member);
  for (guint i = 0; i < spans->len; i++)
    {
      fputs (i > 0 ? "," : "", stdout);
      print_span (g_array_index (spans, PostilSpan, i));
    }
  putchar (']');
}

/* With at most four decimals and at least one. */
static void
print_score (double score)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  gsize n;

  g_ascii_formatd (digits, sizeof digits, "%.4f", score);
  for (n = strlen (digits); digits[n - 1] == '0' && digits[n - 2] != '.';)
    digits[--n] = '\0';
  fputs (digits, stdout);
}

/* JSON-GLib would write 0.7 as 0.69999999999999996. */
static void
print_json (const Report *report, const PostilAlignment *alignment)
{
  fputs ("{\"a\":", stdout);
  print_string (report->names[0]);
  fputs (",\"b\":", stdout);
  print_string (report->names[1]);
  fputs (",\"pairs\":[", stdout);
  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);

      fputs (i > 0 ? ",{\"a\":" : "{\"a\":", stdout);
      print_span (pair->a);
      fputs (",\"b\":", stdout);
      print_span (pair->b);
      printf (",\"kind\":\"%s\",\"score\":", kind_names[pair->kind]);
      print_score (pair->score);
      putchar ('}');
    }
  putchar (']');
  print_spans ("only_a", alignment->only_a);
  print_spans ("only_b", alignment->only_b);
  fputs ("}\n", stdout);
}

static GArray *
list_decisions (PostilDocument *const documents[2], PostilText *const texts[2])
{
  GPtrArray *links[2];
  GArray *decisions;

  postil_linked_decisions_collect (documents[0], documents[1], links);
  decisions = postil_linked_decisions_resolve (links, texts, NULL, NULL);
  g_ptr_array_unref (links[0]);
  g_ptr_array_unref (links[1]);
  return decisions;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  gboolean json = FALSE, html = FALSE, exact = FALSE;
  const GOptionEntry entries[] = {
    { "exact", 0, 0, G_OPTION_ARG_NONE, &exact,
      N_ ("Show differences of case, quotes, dashes and spacing, too"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print a JSON object"), NULL },
    { "html", 0, 0, G_OPTION_ARG_NONE, &html, N_ ("Print a page that needs nothing else"), NULL },
    { NULL },
  };
  g_auto (GStrv) files = postil_cli_parse (
    argc, argv, entries, NULL, _ ("A B"),
    _ ("Shows what the texts A and B both say, in which words, and what only one of them says."),
    _ ("Scores go from 0 to 1: the share of the words' weight that both sides have."), error);
  g_autoptr (PostilCliSession) session = NULL;
  g_autoptr (PostilAlignment) alignment = NULL;
  g_autoptr (GArray) decisions = NULL;
  PostilDocument *compared[2];
  GPtrArray *documents;
  Report report = { 0 };

  if (files == NULL)
    return FALSE;
  if (g_strv_length (files) != 2 || (json && html))
    {
      g_set_error_literal (error, POSTIL_ERROR, POSTIL_ERROR_INVALID,
                           _ ("compare takes two files, and one of --json and --html at most; "
                              "“postil-cli compare --help” explains it."));
      return FALSE;
    }
  session = postil_cli_session_open ((const char *const *) files, error);
  if (session == NULL)
    return FALSE;
  documents = postil_cli_session_get_documents (session);
  for (guint side = 0; side < 2; side++)
    {
      /* A file that is named twice is one document. */
      PostilCliDocument *document = g_ptr_array_index (documents, MIN (side, documents->len - 1));

      compared[side] = document->document;
      report.texts[side] = document->read->text;
      report.names[side] = document->name;
    }
  report.width = get_width ();
  report.color = isatty (STDOUT_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;

  report.exact = exact;
  decisions = list_decisions (compared, report.texts);
  alignment = postil_alignment_new (report.texts[0], report.texts[1], decisions, NULL, NULL, NULL);
  if (json)
    print_json (&report, alignment);
  else if (html)
    {
      g_autofree char *page =
        postil_comparison_to_html (alignment, report.texts, report.names, exact);

      fputs (page, stdout);
    }
  else
    print_plain (&report, alignment);
  return TRUE;
}

const PostilCliCommand postil_cli_compare = {
  .name = "compare",
  .summary = N_ ("Compare two texts, passage by passage"),
  .run = run,
};
