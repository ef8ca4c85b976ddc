/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-error.h"
#include "postil-json-scanner.h"
#include "postil-test.h"

static PostilJsonProblem
scan (const char *bytes, gsize n_bytes, char **message)
{
  PostilJsonScanner scanner;
  g_autoptr (GError) error = NULL;
  /* At the end of a block of its own, so that sanitizers see a byte too many being read. */
  g_autofree char *exact = g_memdup2 (bytes, n_bytes);

  postil_json_scanner_init (&scanner, exact, n_bytes);
  if (postil_json_scanner_skip (&scanner, NULL) && postil_json_scanner_finish (&scanner))
    {
      g_assert_cmpint (scanner.problem, ==, POSTIL_JSON_PROBLEM_NONE);
      return POSTIL_JSON_PROBLEM_NONE;
    }
  postil_json_scanner_set_error (&scanner, "a.json", &error);
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
  if (message)
    *message = g_strdup (error->message);
  return scanner.problem;
}

static void
test_problems (void)
{
  static const struct
  {
    const char *json;
    PostilJsonProblem problem;
    const char *place;
  } table[] = {
    { "{\"a\": [1, -0.5e+3, \"\\u00e9\\n\", true, false, null, {}, []]}" },
    { "\xEF\xBB\xBF{}" },
    { " \t\r\n0 " },
    { "\"a string that is longer than sixteen bytes, with café and 😀 in it\"" },
    { "", POSTIL_JSON_PROBLEM_END, "line 1, column 1:" },
    { "{\n  \"a\": 1,\n  \"b\" 2}", POSTIL_JSON_PROBLEM_COLON, "line 3, column 7:" },
    { "[\"é😀\" 1]", POSTIL_JSON_PROBLEM_COMMA, "line 1, column 7:" },
    { "[1,]", POSTIL_JSON_PROBLEM_VALUE, "line 1, column 4:" },
    { "{\"a\":1,}", POSTIL_JSON_PROBLEM_KEY, "line 1, column 8:" },
    { "{'a': 1}", POSTIL_JSON_PROBLEM_KEY, "line 1, column 2:" },
    { "[01]", POSTIL_JSON_PROBLEM_NUMBER, "line 1, column 2:" },
    { "[1.]", POSTIL_JSON_PROBLEM_NUMBER, "line 1, column 2:" },
    { "[-]", POSTIL_JSON_PROBLEM_NUMBER, "line 1, column 2:" },
    { "[nul]", POSTIL_JSON_PROBLEM_VALUE, "line 1, column 2:" },
    { "[\"a\tb\"]", POSTIL_JSON_PROBLEM_CONTROL, "line 1, column 4:" },
    { "[\"\\x\"]", POSTIL_JSON_PROBLEM_ESCAPE, "line 1, column 3:" },
    { "[\"\\u00g0\"]", POSTIL_JSON_PROBLEM_ESCAPE, "line 1, column 3:" },
    { "[\"\xC0\xAF\"]", POSTIL_JSON_PROBLEM_UTF8, "line 1, column 3:" },
    { "[\"\xED\xA0\x80\"]", POSTIL_JSON_PROBLEM_UTF8, "line 1, column 3:" },
    { "\xFF\xFE[\0]", POSTIL_JSON_PROBLEM_UTF8, "line 1, column 1:" },
    { "[\"abc", POSTIL_JSON_PROBLEM_END, "line 1, column 6:" },
    { "{} x", POSTIL_JSON_PROBLEM_TRAILING, "line 1, column 4:" },
    { "// no\n{}", POSTIL_JSON_PROBLEM_VALUE, "line 1, column 1:" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *message = NULL;

      g_test_message ("row %u", i);
      g_assert_cmpint (scan (table[i].json, strlen (table[i].json), &message), ==,
                       table[i].problem);
      if (table[i].place)
        {
          g_assert_nonnull (strstr (message, table[i].place));
          g_assert_true (g_str_has_prefix (message, "a.json, line "));
        }
    }
}

static void
test_depth (void)
{
  for (guint depth = POSTIL_JSON_MAX_DEPTH; depth <= 100000; depth += 99000)
    {
      g_autoptr (GString) json = g_string_new (NULL);

      for (guint i = 0; i < depth; i++)
        g_string_append (json, i % 2 ? "[" : "{\"a\":");
      g_string_append_c (json, '1');
      for (guint i = depth; i-- > 0;)
        g_string_append_c (json, i % 2 ? ']' : '}');
      g_assert_cmpint (scan (json->str, json->len, NULL), ==,
                       depth > POSTIL_JSON_MAX_DEPTH ? POSTIL_JSON_PROBLEM_DEPTH
                                                     : POSTIL_JSON_PROBLEM_NONE);
    }
}

/* Every truncation of a document is refused, and none is read beyond its end. */
static void
test_truncated (void)
{
  static const char json[] = "{\"a long key for the stride\": [\"é😀\\ud83d\\ude00\", -1.5e-7, "
                             "true, null, {\"b\": false}]}";

  for (gsize n = 0; n < sizeof json - 1; n++)
    g_assert_cmpint (scan (json, n, NULL), !=, POSTIL_JSON_PROBLEM_NONE);
  g_assert_cmpint (scan (json, sizeof json - 1, NULL), ==, POSTIL_JSON_PROBLEM_NONE);
}

static void
test_unescape (void)
{
  static const struct
  {
    const char *json;
    const char *text;
  } table[] = {
    { "\"plain café\"", "plain café" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
    { "\"\\u00e9\\u20AC\\uD83D\\uDE00!\"", "é€😀!" },
    { "\"\\u0000\"", NULL },
    { "\"\\uD83D\"", NULL },
    { "\"\\uDE00\\uD83D\"", NULL },
    { "\"\\uD83D\\u0041\"", NULL },
    { "\"\\uFFFF\"", "\xEF\xBF\xBF" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      PostilJsonScanner scanner;
      PostilJsonSlice string;

      postil_json_scanner_init (&scanner, table[i].json, strlen (table[i].json));
      g_assert_cmpint (postil_json_scanner_peek (&scanner), ==, '"');
      g_assert_true (postil_json_scanner_read_string (&scanner, &string));
      g_assert_true (postil_json_slice_unescape (&string, text) == (table[i].text != NULL));
      if (table[i].text)
        g_assert_cmpstr (text->str, ==, table[i].text);
    }
}

/* Pulling gives the members, the elements and their bytes, one by one. */
/* A string is only passed over when it says just the text, and where it may be cut it is not read
 * beyond. */
static void
test_take_string (void)
{
  static const struct
  {
    const char *json;
    const char *text;
    gboolean taken;
  } table[] = {
    { "\"\"", "", TRUE },
    { "\"abc\"", "abc", TRUE },
    { "\"longer than sixteen bytes, with café and 😀\"",
      "longer than sixteen bytes, with café and 😀", TRUE },
    { "\"a\\n\\u0009\\\"b\\\\\"", "a\n\t\"b\\", TRUE },
    { "\"longer than sixteen bytes\\nand\\nlines\"", "longer than sixteen bytes\nand\nlines",
      TRUE },
    /* The same in other words is left to who reads it. */
    { "\"\\u0061bc\"", "abc", FALSE },
    { "\"\\/\"", "/", FALSE },
    { "\"abc\"", "ab", FALSE },
    { "\"ab\"", "abc", FALSE },
    { "\"a\nb\"", "a\nb", FALSE },
    { "\"a\"b\"", "a\"b", FALSE },
    { "\"a\\b\"", "a\\b", FALSE },
    { "\"a\\tb\"", "a\nb", FALSE },
    { "[]", "", FALSE },
    { "", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (gsize n = 0; n <= strlen (table[i].json); n++)
      {
        g_autofree char *exact = g_memdup2 (table[i].json, n);
        gboolean taken = table[i].taken && n == strlen (table[i].json);
        PostilJsonScanner scanner;

        g_test_message ("case %u, %u bytes", i, (guint) n);
        postil_json_scanner_init (&scanner, n > 0 ? exact : "", n);
        g_assert_cmpint (
          postil_json_scanner_take_string (&scanner, table[i].text, strlen (table[i].text)), ==,
          taken);
        g_assert_cmpint (scanner.at - scanner.start, ==, taken ? n : 0);
        g_assert_cmpint (scanner.problem, ==, POSTIL_JSON_PROBLEM_NONE);
      }
}

static void
test_pull (void)
{
  static const char json[] = "{ \"a\" : [ 1 , \"x\\n\" ] , \"b\" : { } }";
  PostilJsonScanner scanner;
  PostilJsonSlice key, value;
  guint n = 0, n_elements = 0;

  postil_json_scanner_init (&scanner, json, strlen (json));
  postil_json_scanner_enter (&scanner);
  g_assert_true (postil_json_scanner_next_member (&scanner, &n, &key));
  g_assert_true (postil_json_slice_is (&key, "a"));
  postil_json_scanner_enter (&scanner);
  g_assert_true (postil_json_scanner_next_element (&scanner, &n_elements));
  g_assert_true (postil_json_scanner_skip (&scanner, &value));
  g_assert_true (postil_json_slice_is (&value, "1"));
  g_assert_true (postil_json_scanner_next_element (&scanner, &n_elements));
  g_assert_true (postil_json_scanner_read_string (&scanner, &value));
  g_assert_true (value.escaped);
  g_assert_false (postil_json_scanner_next_element (&scanner, &n_elements));
  g_assert_cmpuint (n_elements, ==, 2);
  g_assert_true (postil_json_scanner_next_member (&scanner, &n, &key));
  g_assert_true (postil_json_scanner_skip (&scanner, &value));
  g_assert_true (postil_json_slice_is (&value, "{ }"));
  g_assert_false (postil_json_scanner_next_member (&scanner, &n, &key));
  g_assert_true (postil_json_scanner_finish (&scanner));
}

/* Each y_ file is taken and each n_ file refused; of the i_ files those that are UTF-8 are taken.
 */
static void
test_suite (void)
{
  g_autofree char *folder = postil_test_find_shared ("conformance/json-test-suite/test_parsing");
  g_autoptr (GDir) files = folder ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;
  guint n = 0;

  if (files == NULL)
    return;
  while ((name = g_dir_read_name (files)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize n_bytes;
      gboolean taken;

      g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
      taken = scan (bytes, n_bytes, NULL) == POSTIL_JSON_PROBLEM_NONE;
      g_test_message ("%s: %s", name, taken ? "taken" : "refused");
      if (name[0] != 'i')
        g_assert_true (taken == (name[0] == 'y'));
      n++;
    }
  g_assert_cmpuint (n, >, 300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-scanner/problems", test_problems);
  g_test_add_func ("/json-scanner/depth", test_depth);
  g_test_add_func ("/json-scanner/truncated", test_truncated);
  g_test_add_func ("/json-scanner/unescape", test_unescape);
  g_test_add_func ("/json-scanner/take-string", test_take_string);
  g_test_add_func ("/json-scanner/pull", test_pull);
  g_test_add_func ("/json-scanner/suite", test_suite);
  return g_test_run ();
}
