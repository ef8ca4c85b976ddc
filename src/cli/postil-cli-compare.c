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
} Report;

/* A column of a row: its text on one line, and which bytes of it the other side lacks. */
typedef struct
{
  char *text;
  gsize at;
  GArray *marks;
} Column;

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

/* Blanks, and what could command the terminal, are blanks here. */
static Column
column_new (PostilText *text, PostilSpan span)
{
  g_autofree char *utf8 = postil_text_dup_range (text, span);
  GString *line = g_string_new (NULL);

  for (const char *p = utf8; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (line, g_unichar_isspace (c) || g_unichar_iscntrl (c) ? ' ' : c);
    }
  return (Column){ g_string_free (line, FALSE), 0,
                   g_array_new (FALSE, FALSE, sizeof (PostilSpan)) };
}

static void
column_clear (Column *column)
{
  g_free (column->text);
  g_array_unref (column->marks);
}

/* Both columns have as many code points as before, so the runs' offsets hold. */
static void
mark_differences (Column columns[2])
{
  g_autoptr (GArray) runs = postil_word_diff (columns[0].text, strlen (columns[0].text),
                                              columns[1].text, strlen (columns[1].text));

  for (guint i = 0; i < runs->len; i++)
    {
      const PostilWordRun *run = &g_array_index (runs, PostilWordRun, i);

      if (run->kind == POSTIL_WORD_RUN_REMOVED)
        g_array_append_val (columns[0].marks, run->a);
      else if (run->kind == POSTIL_WORD_RUN_ADDED)
        g_array_append_val (columns[1].marks, run->b);
    }
}

static gboolean
is_marked (const Column *column, guint offset)
{
  for (guint i = 0; i < column->marks->len; i++)
    {
      PostilSpan mark = g_array_index (column->marks, PostilSpan, i);

      if (mark.start <= offset && offset < mark.end)
        return TRUE;
    }
  return FALSE;
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
  const char *start = column->text + column->at, *end;
  guint offset, n = 0;
  gboolean marked = FALSE;

  while (*start == ' ')
    start++;
  end = find_line_end (start, width);
  offset = g_utf8_pointer_to_offset (column->text, start);
  for (const char *p = start; p < end; p = g_utf8_next_char (p), offset++)
    {
      gunichar c = g_utf8_get_char (p);
      gboolean now = report->color && is_marked (column, offset);

      if (now != marked)
        fputs (now ? "\033[1;4m" : "\033[0m", stdout);
      marked = now;
      printf ("%.*s", (int) (g_utf8_next_char (p) - p), p);
      n += get_columns (c);
    }
  if (marked)
    fputs ("\033[0m", stdout);
  if (pad)
    printf ("%*s", (int) (width - MIN (n, width)), "");
  column->at = end - column->text;
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
    default:
      return "~";
    }
}

static void
print_row (const Report *report, const PostilComparisonRow *row)
{
  Column columns[2] = { column_new (report->texts[0], row->a),
                        column_new (report->texts[1], row->b) };
  guint width = (report->width - GUTTER) / 2;
  gboolean first = TRUE;

  if (row->pair != NULL && row->pair->kind != POSTIL_PAIR_SAME)
    mark_differences (columns);
  do
    {
      print_line (report, &columns[0], width, TRUE);
      printf (" %s ", first ? get_sign (row) : " ");
      print_line (report, &columns[1], width, FALSE);
      putchar ('\n');
      first = FALSE;
    }
  while (columns[0].text[columns[0].at] != '\0' || columns[1].text[columns[1].at] != '\0');
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

      /* Translators: shares of a text that the other one has too, or has not. */
      printf (_ ("%s: %.0f %% the same, %.0f %% reworded, %.0f %% moved, %.0f %% only here\n"),
              report->names[side], get_percent (shares.same, shares.length),
              get_percent (shares.reworded, shares.length),
              get_percent (shares.moved, shares.length), get_percent (shares.only, shares.length));
    }
  printf ("%s\n\n", _ ("= the same   ~ reworded   % moved   < only in the first   > only in the "
                       "second"));
}

static void
print_plain (const Report *report, const PostilAlignment *alignment)
{
  g_autoptr (GArray) rows = postil_comparison_list_rows (alignment);

  print_shares (report, alignment);
  for (guint i = 0; i < rows->len; i++)
    print_row (report, &g_array_index (rows, PostilComparisonRow, i));
}

static void
add_span (JsonBuilder *builder, PostilSpan span)
{
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, span.start);
  json_builder_add_int_value (builder, span.end);
  json_builder_end_array (builder);
}

static void
add_spans (JsonBuilder *builder, const char *member, GArray *spans)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; i < spans->len; i++)
    add_span (builder, g_array_index (spans, PostilSpan, i));
  json_builder_end_array (builder);
}

static void
print_json (const Report *report, const PostilAlignment *alignment)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  postil_cli_add_string (builder, "a", report->names[0]);
  postil_cli_add_string (builder, "b", report->names[1]);
  json_builder_set_member_name (builder, "pairs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < alignment->pairs->len; i++)
    {
      const PostilPair *pair = &g_array_index (alignment->pairs, PostilPair, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "a");
      add_span (builder, pair->a);
      json_builder_set_member_name (builder, "b");
      add_span (builder, pair->b);
      postil_cli_add_string (builder, "kind", kind_names[pair->kind]);
      json_builder_set_member_name (builder, "score");
      json_builder_add_double_value (builder, pair->score);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_spans (builder, "only_a", alignment->only_a);
  add_spans (builder, "only_b", alignment->only_b);
  json_builder_end_object (builder);
  postil_cli_print_json (builder);
  putchar ('\n');
}

static gboolean
run (int argc, char **argv, GError **error)
{
  gboolean json = FALSE, html = FALSE;
  const GOptionEntry entries[] = {
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

      report.texts[side] = document->read->text;
      report.names[side] = document->name;
    }
  report.width = get_width ();
  report.color = isatty (STDOUT_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;

  alignment = postil_alignment_new (report.texts[0], report.texts[1], NULL, NULL, NULL);
  if (json)
    print_json (&report, alignment);
  else if (html)
    {
      g_autofree char *page = postil_comparison_to_html (alignment, report.texts, report.names);

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
