/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "postil-format.h"
#include "postil-record.h"

/*
 * One page that needs nothing else, for reading and printing: each text with its highlights, its
 * annotations in the margin, and an index of the topics. Annotations are numbered through the whole
 * page. Where ranges overlap, each has an underline of its own (a lane) in the colour and the line
 * style of its first topic, and all end in their numbers.
 */

/* More underlines than this under one line cannot be told apart; the numbers still tell. */
#define N_LANES 6
#define N_LINE_STYLES 5
#define QUOTE_LENGTH 120

typedef struct
{
  GString *out;
  GCancellable *cancellable;
  PostilCodebook *codebook;
  /* The topics in the order of the index, and the place there of each by its id. */
  GPtrArray *topics;
  GHashTable *topic_numbers;
  /* Of each topic the numbers of its annotations, an array of guint. */
  GPtrArray *uses;
  guint n_annotations;
} Page;

/* A range to be underlined. */
typedef struct
{
  PostilSpan span;
  guint number;
  int topic;
  char *title;
} Range;

/* Where the number of an annotation stands in the text: after its last range. */
typedef struct
{
  guint offset;
  guint number;
} Mark;

static const char style[] =
  ":root{color-scheme:light dark;--paper:#fff;--ink:#1e1e1e;--dim:#5e5c64;--line:#d0cfcc}\n"
  "@media (prefers-color-scheme:dark){"
  ":root{--paper:#1e1e1e;--ink:#f0f0f0;--dim:#b0aeb4;--line:#4a4a4a}}\n"
  "*{box-sizing:border-box}\n"
  "body{margin:0 auto;padding:1.5rem;max-width:80rem;background:var(--paper);color:var(--ink);"
  "font:1rem/1.9 Georgia,'Noto Serif',serif}\n"
  "h1,h2,h3,aside,.index{font-family:system-ui,sans-serif;line-height:1.4}\n"
  "a{color:inherit}\n"
  ".text{counter-reset:p;padding-left:3rem;overflow-wrap:anywhere}\n"
  ".text p{margin:0;min-height:1.9em;white-space:pre-wrap;counter-increment:p;position:relative}\n"
  ".text p::before{content:counter(p);position:absolute;left:-3rem;width:2.2rem;text-align:right;"
  "font:.7rem/2.7 system-ui,sans-serif;color:var(--dim)}\n"
  "mark{color:inherit;background:var(--b);text-decoration:underline 2px var(--s) var(--c);"
  "text-decoration-skip-ink:none;text-underline-offset:calc(.2em + var(--l)*.22em)}\n"
  "mark:target,li:target{outline:2px solid}\n"
  "sup{line-height:0;font:.65em system-ui,sans-serif}sup a{text-decoration:none;padding:0 .1em}\n"
  "aside{font-size:.9rem}aside ol,.index ul{padding-left:0;list-style:none}\n"
  ".index ul ul{padding-left:1.5rem}\n"
  "aside li{border-top:1px solid var(--line);padding:.5rem 0}aside li p{margin:.2rem 0}\n"
  ".note{white-space:pre-wrap;overflow-wrap:anywhere}.by,.state,.count{color:var(--dim)}\n"
  ".topic{border-bottom:3px var(--s) var(--c);margin-right:.5em}\n"
  ".plain{--c:#77767b;--b:#77767b33;--s:solid}\n"
  ".l0{--l:0}.l1{--l:1}.l2{--l:2}.l3{--l:3}.l4{--l:4}.l5{--l:5}\n"
  "@media (min-width:64rem){.pair{display:grid;grid-template-columns:3fr 2fr;gap:2rem}"
  "aside{position:sticky;top:0;max-height:100vh;overflow:auto}}\n"
  "@media print{:root{--paper:#fff;--ink:#000;--dim:#444;--line:#999}body{max-width:none;padding:0;"
  "font-size:10.5pt}.pair{display:block}aside{position:static;max-height:none;overflow:visible}"
  "aside li,.index li>p{break-inside:avoid}h2,h3{break-after:avoid}"
  "section+section{break-before:page}mark,.topic{print-color-adjust:exact;"
  "-webkit-print-color-adjust:exact}a{text-decoration:none}}\n";

static const char *const line_styles[N_LINE_STYLES] = { "solid", "dashed", "dotted", "double",
                                                        "wavy" };

/* Text as it stands, in elements and in quoted attributes. HTML has no way to write control
 * characters (HTML Living Standard, 13.1.4), so their pictures stand for them. */
static void
append_escaped (GString *out, const char *text, gssize n_bytes)
{
  const char *end = n_bytes < 0 ? text + strlen (text) : text + n_bytes;

  for (; text < end; text++)
    switch (*text)
      {
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      case '"':
        g_string_append (out, "&quot;");
        break;
      case '\'':
        g_string_append (out, "&#39;");
        break;
      case '\r':
        if (text + 1 == end || text[1] != '\n')
          g_string_append_c (out, '\n');
        break;
      case 0x7f:
        g_string_append (out, "␡");
        break;
      default:
        if ((guchar) *text < 0x20 && *text != '\n' && *text != '\t')
          g_string_append_unichar (out, 0x2400 + *text);
        else
          g_string_append_c (out, *text);
      }
}

static void
append_element (GString *out, const char *open, const char *text, const char *close)
{
  g_string_append (out, open);
  append_escaped (out, text, -1);
  g_string_append (out, close);
}

static int
find_topic (const Page *page, const char *id)
{
  gpointer number;

  return g_hash_table_lookup_extended (page->topic_numbers, id, NULL, &number)
           ? GPOINTER_TO_INT (number)
           : -1;
}

static void
append_class (GString *out, int topic)
{
  if (topic >= 0)
    g_string_append_printf (out, "t%d", topic);
  else
    g_string_append (out, "plain");
}

static void
page_init (Page *self, GPtrArray *snapshots, GString *out, GCancellable *cancellable)
{
  self->out = out;
  self->cancellable = cancellable;
  self->codebook = postil_codebook_new ();
  for (guint i = 0; i < snapshots->len; i++)
    postil_codebook_add_missing (self->codebook,
                                 ((PostilSnapshot *) g_ptr_array_index (snapshots, i))->topics);

  self->topics = postil_codebook_list_in_order (self->codebook);
  self->topic_numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->uses = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->n_annotations = 0;
  for (guint i = 0; i < self->topics->len; i++)
    {
      const char *id = postil_topic_get_id (g_ptr_array_index (self->topics, i));

      g_hash_table_insert (self->topic_numbers, (gpointer) id, GINT_TO_POINTER (i));
      g_ptr_array_add (self->uses, g_array_new (FALSE, FALSE, sizeof (guint)));
    }
}

static void
page_clear (Page *self)
{
  g_ptr_array_unref (self->uses);
  g_hash_table_unref (self->topic_numbers);
  g_ptr_array_unref (self->topics);
  g_object_unref (self->codebook);
}

static void
append_head (const Page *page, GPtrArray *snapshots)
{
  GString *out = page->out;

  /* Translators: the BCP 47 tag of the language that you translate to, such as "de" or "pt-BR". */
  append_element (out, "<!DOCTYPE html>\n<html lang=\"", C_ ("language tag", "en"),
                  "\">\n<head>\n<meta charset=\"utf-8\">\n");
  g_string_append (out, "<meta name=\"viewport\" content=\"width=device-width\">\n"
                        "<meta name=\"generator\" content=\"Postil " POSTIL_VERSION "\">\n<title>");
  for (guint i = 0; i < snapshots->len; i++)
    append_element (out, i > 0 ? " · " : "",
                    ((PostilSnapshot *) g_ptr_array_index (snapshots, i))->label, "");
  g_string_append (out, "</title>\n<style>\n");
  g_string_append (out, style);
  for (guint i = 0; i < page->topics->len; i++)
    {
      const char *color = postil_topic_get_color (g_ptr_array_index (page->topics, i));

      if (color == NULL || !postil_topic_is_color (color))
        color = "#77767b";
      g_string_append_printf (out, ".t%u{--c:%s;--b:%s33;--s:%s}\n", i, color, color,
                              line_styles[i % N_LINE_STYLES]);
    }
  g_string_append (out, "</style>\n</head>\n<body>\n");
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const Range *x = a, *y = b;

  if (x->span.start != y->span.start)
    return x->span.start < y->span.start ? -1 : 1;
  if (x->span.end != y->span.end)
    return x->span.end > y->span.end ? -1 : 1;
  return x->number < y->number ? -1 : 1;
}

static int
compare_marks (gconstpointer a, gconstpointer b)
{
  const Mark *x = a, *y = b;

  if (x->offset != y->offset)
    return x->offset < y->offset ? -1 : 1;
  return x->number < y->number ? -1 : 1;
}

static void
range_clear (Range *self)
{
  g_free (self->title);
}

static char *
dup_title (const PostilRecord *record, guint number)
{
  g_autofree char *topics = g_strjoinv ("; ", record->topics);

  return g_strdup_printf ("%u · %s", number, *topics != '\0' ? topics : _ ("Highlight"));
}

static void
append_segment (GString *out, Range *const *lanes, const char *text, gsize n_bytes)
{
  guint n_open = 0;

  for (guint lane = 0; lane < N_LANES; lane++)
    if (lanes[lane] != NULL)
      {
        g_string_append_printf (out, "<mark class=\"l%u ", lane);
        append_class (out, lanes[lane]->topic);
        append_element (out, "\" title=\"", lanes[lane]->title, "\"");
        g_string_append_printf (out, " aria-describedby=\"d%u\">", lanes[lane]->number);
        n_open++;
      }
  append_escaped (out, text, n_bytes);
  for (; n_open > 0; n_open--)
    g_string_append (out, "</mark>");
}

/* Ends the ranges that end at @offset and begins those that begin there.
 * Returns: where that is to be done next */
static guint
update_lanes (Range **lanes, GArray *ranges, guint *next_range, guint offset)
{
  guint next = G_MAXUINT;

  for (guint lane = 0; lane < N_LANES; lane++)
    if (lanes[lane] != NULL && lanes[lane]->span.end <= offset)
      lanes[lane] = NULL;

  for (; *next_range < ranges->len; ++*next_range)
    {
      Range *range = &g_array_index (ranges, Range, *next_range);
      guint lane = 0;

      if (range->span.start > offset)
        {
          next = range->span.start;
          break;
        }
      while (lane < N_LANES && lanes[lane] != NULL)
        lane++;
      if (lane < N_LANES && range->span.end > offset)
        lanes[lane] = range;
    }

  for (guint lane = 0; lane < N_LANES; lane++)
    if (lanes[lane] != NULL)
      next = MIN (next, lanes[lane]->span.end);
  return next;
}

static void
append_mark (GString *out, guint number)
{
  g_string_append_printf (out, "<sup><a href=\"#a%u\" id=\"r%u\">%u</a></sup>", number, number,
                          number);
}

static gboolean
append_text (const Page *page, PostilText *text, GArray *ranges, GArray *marks, GError **error)
{
  guint n_paragraphs = postil_text_get_n_paragraphs (text);
  const char *utf8 = postil_text_get_utf8 (text, NULL);
  Range *lanes[N_LANES] = { NULL };
  guint next_range = 0, next_mark = 0;

  for (guint paragraph = 0; paragraph < n_paragraphs; paragraph++)
    {
      PostilSpan span = postil_text_get_paragraph (text, paragraph);
      const char *p = utf8 + postil_text_get_byte (text, span.start);
      const char *end = utf8 + postil_text_get_byte (text, span.end);
      guint offset = span.start;

      if (g_cancellable_set_error_if_cancelled (page->cancellable, error))
        return FALSE;

      g_string_append (page->out, "<p dir=\"auto\">");
      while (p < end)
        {
          guint next = MIN (span.end, update_lanes (lanes, ranges, &next_range, offset));
          const char *cut;

          if (next_mark < marks->len)
            next = MIN (next, g_array_index (marks, Mark, next_mark).offset);
          cut = g_utf8_offset_to_pointer (p, next - offset);
          if (cut > p)
            append_segment (page->out, lanes, p, cut - p);
          p = cut;
          offset = next;
          while (next_mark < marks->len && g_array_index (marks, Mark, next_mark).offset <= offset)
            append_mark (page->out, g_array_index (marks, Mark, next_mark++).number);
        }
      g_string_append (page->out, "</p>\n");
    }
  return TRUE;
}

static void
append_notes (GString *out, PostilSnapshot *snapshot, PostilAnnotation *annotation)
{
  guint n_notes;
  PostilNote *const *notes = postil_annotation_get_notes (annotation, &n_notes);
  PostilAnnotationFields fields;

  postil_annotation_get_fields (annotation, &fields);
  for (guint i = 0; i < n_notes; i++)
    {
      const char *writer = postil_note_get_creator (notes[i]);

      g_string_append (out, "<p class=\"note\" dir=\"auto\">");
      append_escaped (out, postil_note_get_text (notes[i]), -1);
      g_string_append (out, "</p>\n");
      if (writer != NULL && g_strcmp0 (writer, fields.creator) != 0)
        append_element (out, "<p class=\"by\">", postil_record_find_annotator (snapshot, writer),
                        "</p>\n");
    }
}

static void
append_topics (const Page *page, PostilRecord *record, guint number)
{
  GString *out = page->out;
  guint n_topics;
  const char *const *topics = postil_annotation_get_topics (record->annotation, &n_topics);

  g_string_append_printf (out, "<p id=\"d%u\">", number);
  if (n_topics == 0 && record->placed)
    append_element (out, "<span class=\"topic plain\">", _ ("Highlight"), "</span>");
  for (guint i = 0; i < n_topics; i++)
    {
      g_string_append (out, "<span class=\"topic ");
      append_class (out, find_topic (page, topics[i]));
      append_element (out, "\">", record->topics[i], "</span>");
    }
  g_string_append (out, "</p>\n");
}

static void
append_annotation (const Page *page, PostilSnapshot *snapshot, PostilRecord *record, guint number)
{
  GString *out = page->out;

  g_string_append_printf (out, "<li id=\"a%u\" value=\"%u\">\n<p>", number, number);
  if (record->placed)
    g_string_append_printf (out, "<a href=\"#r%u\">%u</a>", number, number);
  else
    g_string_append_printf (out, "%u", number);
  if (record->quote != NULL)
    {
      g_autofree char *quote = postil_record_shorten (record->quote, QUOTE_LENGTH);

      append_element (out, " <q dir=\"auto\">", quote, "</q>");
    }
  g_string_append (out, "</p>\n");
  if (record->state != NULL)
    append_element (out, "<p class=\"state\">", record->state, "</p>\n");
  append_topics (page, record, number);
  append_notes (out, snapshot, record->annotation);
  if (record->creator != NULL || record->created != NULL)
    {
      g_string_append (out, "<p class=\"by\">");
      if (record->creator != NULL)
        append_escaped (out, record->creator, -1);
      if (record->created != NULL)
        g_string_append_printf (out, " <time datetime=\"%s\">%.10s</time>", record->created,
                                record->created);
      g_string_append (out, "</p>\n");
    }
  g_string_append (out, "</li>\n");
}

/* Remembers what is needed of an annotation in the text and in the index. */
static void
note_annotation (const Page *page,
                 PostilSnapshot *snapshot,
                 PostilRecord *record,
                 guint number,
                 GArray *ranges,
                 GArray *marks)
{
  guint n_spans, n_topics;
  const PostilSpan *spans = postil_annotation_get_spans (record->annotation, &n_spans);
  const char *const *topics = postil_annotation_get_topics (record->annotation, &n_topics);
  const char *utf8 = postil_text_get_utf8 (snapshot->text, NULL);

  for (guint i = 0; i < n_spans; i++)
    {
      Range range = { spans[i], number, n_topics > 0 ? find_topic (page, topics[0]) : -1,
                      dup_title (record, number) };

      g_array_append_val (ranges, range);
    }
  if (n_spans > 0)
    {
      Mark mark = { record->extent.end, number };
      gsize byte = postil_text_get_byte (snapshot->text, mark.offset);

      /* A number after a line's end would stand on a line of its own. */
      for (; byte > 0 && (utf8[byte - 1] == '\n' || utf8[byte - 1] == '\r'); byte--)
        mark.offset--;
      g_array_append_val (marks, mark);
    }
  for (guint i = 0; i < n_topics; i++)
    {
      int topic = find_topic (page, topics[i]);

      if (topic >= 0)
        g_array_append_val (g_ptr_array_index (page->uses, topic), number);
    }
}

static gboolean
append_document (Page *page, PostilSnapshot *snapshot, GError **error)
{
  GString *out = page->out;
  guint n_annotations = postil_annotation_index_get_n_shown (snapshot->annotations);
  g_autoptr (GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_record_free);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  guint first = page->n_annotations + 1;

  g_array_set_clear_func (ranges, (GDestroyNotify) range_clear);
  for (guint i = 0; i < n_annotations; i++)
    {
      PostilRecord *record = postil_record_new (
        snapshot, page->codebook, postil_annotation_index_get (snapshot->annotations, i));

      g_ptr_array_add (records, record);
      note_annotation (page, snapshot, record, first + i, ranges, marks);
    }
  page->n_annotations += n_annotations;
  g_array_sort (ranges, compare_ranges);
  g_array_sort (marks, compare_marks);

  append_element (out, "<section>\n<h1>", snapshot->label, "</h1>\n<div class=\"pair\">\n");
  g_string_append (out, "<div class=\"text\"");
  if (snapshot->language != NULL)
    append_element (out, " lang=\"", snapshot->language, "\"");
  g_string_append (out, ">\n");
  if (!append_text (page, snapshot->text, ranges, marks, error))
    return FALSE;
  g_string_append (out, "</div>\n");

  if (records->len > 0)
    {
      append_element (out, "<aside>\n<h2>", _ ("Annotations"), "</h2>\n<ol>\n");
      for (guint i = 0; i < records->len; i++)
        {
          if (g_cancellable_set_error_if_cancelled (page->cancellable, error))
            return FALSE;
          append_annotation (page, snapshot, g_ptr_array_index (records, i), first + i);
        }
      g_string_append (out, "</ol>\n</aside>\n");
    }
  g_string_append (out, "</div>\n</section>\n");
  return TRUE;
}

static void
append_index_topic (const Page *page, guint number)
{
  GString *out = page->out;
  PostilTopic *topic = g_ptr_array_index (page->topics, number);
  GArray *uses = g_ptr_array_index (page->uses, number);

  g_string_append (out, "<li><p><span class=\"topic ");
  append_class (out, number);
  append_element (out, "\">", postil_topic_get_label (topic), "</span>");
  g_string_append_printf (out, "<span class=\"count\">(%u)</span>", uses->len);
  for (guint use = 0; use < uses->len; use++)
    g_string_append_printf (out, " <a href=\"#a%u\">%u</a>", g_array_index (uses, guint, use),
                            g_array_index (uses, guint, use));
  g_string_append (out, "</p>\n");
  if (postil_topic_get_definition (topic) != NULL)
    append_element (out, "<p class=\"note\">", postil_topic_get_definition (topic), "</p>\n");
}

/* Leaves the topics of the index that are @open, the innermost last, but for @parent and those
 * above it; -1 is above all. */
static void
close_index_topics (GString *out, GArray *open, int parent)
{
  gboolean innermost = TRUE;

  for (; open->len > 0 && g_array_index (open, int, open->len - 1) != parent;
       g_array_set_size (open, open->len - 1))
    {
      g_string_append (out, innermost ? "</li>\n" : "</ul>\n</li>\n");
      innermost = FALSE;
    }
}

/* Walks through the topics without recursion, as a file may nest them deeper than the C stack is.
 */
static void
append_index (const Page *page)
{
  GString *out = page->out;
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < (int) page->topics->len; i++)
    {
      const char *broader = postil_topic_get_broader (g_ptr_array_index (page->topics, i));
      int parent = broader != NULL ? find_topic (page, broader) : -1;

      if (i == 0 || g_array_index (open, int, open->len - 1) == parent)
        g_string_append (out, "<ul>\n");
      else
        close_index_topics (out, open, parent);
      append_index_topic (page, i);
      g_array_append_val (open, i);
    }
  close_index_topics (out, open, -1);
  g_string_append (out, "</ul>\n");
}

static gboolean export(GPtrArray *snapshots,
                       GString *out,
                       GCancellable *cancellable,
                       GError **error)
{
  Page page;
  gboolean done = TRUE;

  page_init (&page, snapshots, out, cancellable);
  append_head (&page, snapshots);
  for (guint i = 0; done && i < snapshots->len; i++)
    done = append_document (&page, g_ptr_array_index (snapshots, i), error);
  if (page.topics->len > 0)
    {
      append_element (out, "<section class=\"index\">\n<h1>", _ ("Topics"), "</h1>\n");
      append_index (&page);
      g_string_append (out, "</section>\n");
    }
  g_string_append (out, "</body>\n</html>\n");
  page_clear (&page);
  return done;
}

const PostilFormat postil_format_html = {
  .name = "html",
  .title = N_ ("Web page (HTML)"),
  .suffix = ".html",
  .mime_type = "text/html",
  .export = export,
};
