/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fixture.h"

/* What a reader of the page sees: the body is read as XML, which it is too. */
typedef struct
{
  GString *text;
  /* The marks at each code point of the text, as their titles. */
  GPtrArray *open_titles;
  GString *titles_at_first;
  const char *watched;
  guint depth_of_text;
  guint depth;
  guint depth_of_number;
  GHashTable *ids;
  GPtrArray *links;
} Page;

static const char *
find_attribute (const char **names, const char **values, const char *name)
{
  for (; *names != NULL; names++, values++)
    if (strcmp (*names, name) == 0)
      return *values;
  return NULL;
}

static void
start_cb (GMarkupParseContext *context,
          const char *element,
          const char **names,
          const char **values,
          gpointer data,
          GError **error)
{
  Page *page = data;
  const char *id = find_attribute (names, values, "id");
  const char *link = find_attribute (names, values, "href");
  const char *described = find_attribute (names, values, "aria-describedby");

  page->depth++;
  if (g_strcmp0 (find_attribute (names, values, "class"), "text") == 0)
    page->depth_of_text = page->depth;
  if (strcmp (element, "sup") == 0)
    page->depth_of_number = page->depth;
  if (strcmp (element, "mark") == 0)
    g_ptr_array_add (page->open_titles, g_strdup (find_attribute (names, values, "title")));
  if (id != NULL)
    g_assert_true (g_hash_table_add (page->ids, g_strdup (id)));
  if (link != NULL)
    g_ptr_array_add (page->links, g_strdup (link + 1));
  if (described != NULL)
    g_ptr_array_add (page->links, g_strdup (described));
}

static void
end_cb (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Page *page = data;

  if (page->depth == page->depth_of_text)
    page->depth_of_text = 0;
  if (page->depth == page->depth_of_number)
    page->depth_of_number = 0;
  if (strcmp (element, "mark") == 0)
    g_ptr_array_set_size (page->open_titles, page->open_titles->len - 1);
  page->depth--;
}

static void
text_cb (GMarkupParseContext *context, const char *text, gsize n, gpointer data, GError **error)
{
  Page *page = data;

  /* The text is in paragraphs; between them are line ends of the page. */
  if (page->depth_of_text == 0 || page->depth <= page->depth_of_text || page->depth_of_number != 0)
    return;
  g_string_append_len (page->text, text, n);
  if (page->watched != NULL && g_strstr_len (text, n, page->watched) != NULL)
    for (guint i = 0; i < page->open_titles->len; i++)
      g_string_append_printf (page->titles_at_first, "{%s}",
                              (char *) g_ptr_array_index (page->open_titles, i));
}

static void
page_read (Page *page, const char *html, const char *watched)
{
  const GMarkupParser parser = { start_cb, end_cb, text_cb, NULL, NULL };
  g_autoptr (GMarkupParseContext) context =
    g_markup_parse_context_new (&parser, G_MARKUP_DEFAULT_FLAGS, page, NULL);
  const char *body = strstr (html, "<body>"), *end = strstr (html, "</html>");
  g_autoptr (GError) error = NULL;

  *page = (Page){ .text = g_string_new (NULL),
                  .open_titles = g_ptr_array_new_with_free_func (g_free),
                  .titles_at_first = g_string_new (NULL),
                  .watched = watched,
                  .ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  .links = g_ptr_array_new_with_free_func (g_free) };
  g_assert_nonnull (body);
  g_assert_nonnull (end);
  g_markup_parse_context_parse (context, body, end - body, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);

  /* Every link leads somewhere. */
  for (guint i = 0; i < page->links->len; i++)
    g_assert_true (g_hash_table_contains (page->ids, g_ptr_array_index (page->links, i)));
}

static void
page_clear (Page *page)
{
  g_string_free (page->text, TRUE);
  g_ptr_array_unref (page->open_titles);
  g_string_free (page->titles_at_first, TRUE);
  g_hash_table_unref (page->ids);
  g_ptr_array_unref (page->links);
}

static void
test_escaped (void)
{
  const char text[] = "<script>alert(\"&amp;\")</script> 'é' 😀\n\nline\twith\x01\x1b control\n";
  const FixtureAnnotation annotations[] = {
    { .spans = { { 0, 8 } }, .topics = "D", .note = "</li><b>\"&\n\nnext" },
    { .kind = POSTIL_ANNOTATION_DOCUMENT, .note = "<i>", .other_note = "<u>" },
    { .kind = POSTIL_ANNOTATION_FOREIGN },
    { .status = POSTIL_STATUS_ORPHANED, .lost_quote = "<gone>", .topics = "T" },
  };
  g_autoptr (PostilSnapshot) snapshot =
    fixture_snapshot ("<a> & \"b\".txt", text, annotations, G_N_ELEMENTS (annotations));
  g_autofree char *html = fixture_export ("html", snapshot, NULL);
  Page page;

  page_read (&page, html, NULL);
  g_assert_cmpstr (page.text->str, ==,
                   "<script>alert(\"&amp;\")</script> 'é' 😀\n\nline\twith␁␛ control\n");
  page_clear (&page);

  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "<i>"));
  g_assert_null (strstr (html, "<b>"));
  g_assert_nonnull (strstr (html, "&lt;gone&gt;"));
  g_assert_nonnull (strstr (html, "<title>&lt;a&gt; &amp; &quot;b&quot;.txt</title>"));
  g_assert_nonnull (strstr (html, "&lt;what it means&gt;"));
  g_assert_nonnull (strstr (html, "not found"));
  g_assert_nonnull (strstr (html, "another program"));
  g_assert_nonnull (strstr (html, "whole document"));
}

static void
test_overlaps (void)
{
  const FixtureAnnotation annotations[] = {
    { .spans = { { 0, 5 } }, .topics = "T" },
    { .spans = { { 3, 8 } }, .topics = "DT" },
    { .spans = { { 4, 5 } } },
    { .spans = { { 4, 5 }, { 9, 10 } }, .topics = "T" },
  };
  g_autoptr (PostilSnapshot) snapshot =
    fixture_snapshot ("a.txt", "abcd_fghij", annotations, G_N_ELEMENTS (annotations));
  g_autofree char *html = fixture_export ("html", snapshot, NULL);
  Page page;

  page_read (&page, html, "_");
  g_assert_cmpstr (page.text->str, ==, "abcd_fghij");
  g_assert_cmpstr (page.titles_at_first->str, ==,
                   "{1 · Trust}{2 · Doubt & <fear>; Trust}{3 · Highlight}{4 · Trust}");
  page_clear (&page);

  page_read (&page, html, "j");
  g_assert_cmpstr (page.titles_at_first->str, ==, "{4 · Trust}");
  page_clear (&page);

  page_read (&page, html, "fgh");
  g_assert_cmpstr (page.titles_at_first->str, ==, "{2 · Doubt & <fear>; Trust}");
  page_clear (&page);

  /* The index counts each topic and links to its annotations. */
  g_assert_nonnull (strstr (html, "Trust</span><span class=\"count\">(3)</span>"
                                  " <a href=\"#a1\">1</a> <a href=\"#a2\">2</a>"
                                  " <a href=\"#a4\">4</a>"));
}

/* A highlight up to a line's end has its number on that line. */
static void
test_number_at_line_end (void)
{
  const FixtureAnnotation annotation = { .spans = { { 0, 5 } } };
  g_autoptr (PostilSnapshot) snapshot = fixture_snapshot ("a.txt", "abc\r\nd", &annotation, 1);
  g_autofree char *html = fixture_export ("html", snapshot, NULL);

  g_assert_nonnull (strstr (html, "abc</mark><sup>"));
}

/* Whatever the ranges, the text stands whole and every tag is closed. */
static void
test_any_ranges (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (31);

  for (guint round = 0; round < 200; round++)
    {
      FixtureAnnotation annotations[30] = { 0 };
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (PostilSnapshot) snapshot = NULL;
      g_autofree char *html = NULL;
      guint length = g_rand_int_range (rand, 1, 60);
      Page page;

      for (guint i = 0; i < length; i++)
        g_string_append (
          text, ((const char *[]){ "a", "é", "😀", "\n", "&" })[g_rand_int_range (rand, 0, 5)]);
      for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
        {
          guint start = g_rand_int_range (rand, 0, length);

          annotations[i].spans[0] =
            (PostilSpan){ start, g_rand_int_range (rand, start + 1, length + 1) };
          annotations[i].topics = i % 3 == 0 ? "T" : NULL;
        }
      snapshot = fixture_snapshot ("a.txt", text->str, annotations, G_N_ELEMENTS (annotations));
      html = fixture_export ("html", snapshot, NULL);
      page_read (&page, html, NULL);
      g_assert_cmpstr (page.text->str, ==, text->str);
      page_clear (&page);
    }
}

static void
test_several (void)
{
  const FixtureAnnotation one = { .spans = { { 0, 1 } }, .topics = "T" };
  g_autoptr (PostilSnapshot) first = fixture_snapshot ("a.txt", "a\n", &one, 1);
  g_autoptr (PostilSnapshot) second = fixture_snapshot ("b.txt", "b", &one, 1);
  g_autofree char *html = fixture_export ("html", first, second);
  Page page;

  page_read (&page, html, NULL);
  g_assert_cmpstr (page.text->str, ==, "a\nb");
  g_assert_true (g_hash_table_contains (page.ids, "a2"));
  page_clear (&page);
  g_assert_nonnull (strstr (html, "Trust</span><span class=\"count\">(2)</span>"));
  g_assert_nonnull (strstr (html, "<title>a.txt · b.txt</title>"));
}

static void
test_empty (void)
{
  g_autoptr (PostilSnapshot) snapshot = fixture_snapshot ("a.txt", "", NULL, 0);
  g_autofree char *html = fixture_export ("html", snapshot, NULL);
  Page page;

  page_read (&page, html, NULL);
  g_assert_cmpstr (page.text->str, ==, "");
  page_clear (&page);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/html/escaped", test_escaped);
  g_test_add_func ("/html/overlaps", test_overlaps);
  g_test_add_func ("/html/number-at-line-end", test_number_at_line_end);
  g_test_add_func ("/html/any-ranges", test_any_ranges);
  g_test_add_func ("/html/several", test_several);
  g_test_add_func ("/html/empty", test_empty);

  return g_test_run ();
}
