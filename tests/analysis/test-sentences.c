/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "postil-sentences.h"

/* The cases were split by hand; sentences without a letter are left out there. */
static gboolean
has_letter (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

static void
test_case (gconstpointer data)
{
  JsonObject *object = (JsonObject *) data;
  const char *utf8 = json_object_get_string_member (object, "text");
  JsonArray *wanted = json_object_get_array_member (object, "sentences");
  g_autoptr (PostilText) text = postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
  g_autoptr (GArray) sentences = postil_sentences_list (text, NULL);
  guint n = 0;

  for (guint i = 0; i < sentences->len; i++)
    {
      g_autofree char *sentence =
        postil_text_dup_range (text, g_array_index (sentences, PostilSpan, i));

      if (!has_letter (sentence))
        continue;
      g_assert_cmpuint (n, <, json_array_get_length (wanted));
      g_assert_cmpstr (sentence, ==, json_array_get_string_element (wanted, n));
      n++;
    }
  g_assert_cmpuint (n, ==, json_array_get_length (wanted));
}

/* What never ends is divided all the same, and in time that grows with the text. */
static void
test_endless (void)
{
  const char *const pieces[] = { "U.S. ", "no end ", "a\n", ". ", "[1]", "…", "“", "？" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      GString *utf8 = g_string_new (NULL);
      g_autoptr (PostilText) text = NULL;
      g_autoptr (GArray) sentences = NULL;
      guint last = 0;

      while (utf8->len < 200000)
        g_string_append (utf8, pieces[i]);
      text = postil_text_new (utf8->str, utf8->len, NULL);
      g_string_free (utf8, FALSE);
      sentences = postil_sentences_list (text, NULL);
      for (guint j = 0; j < sentences->len; j++)
        {
          PostilSpan span = g_array_index (sentences, PostilSpan, j);

          g_assert_cmpuint (last, <=, span.start);
          g_assert_cmpuint (span.start, <, span.end);
          last = span.end;
        }
      g_assert_cmpuint (last, <=, postil_text_get_length (text));
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  JsonArray *cases;

  g_test_init (&argc, &argv, NULL);

  path = g_test_build_filename (G_TEST_DIST, "analysis", "sentences.json", NULL);
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  cases = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/sentences/case/%u", i);

      g_test_add_data_func (name, json_array_get_object_element (cases, i), test_case);
    }
  g_test_add_func ("/sentences/endless", test_endless);
  return g_test_run ();
}
