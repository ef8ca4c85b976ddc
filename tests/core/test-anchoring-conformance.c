/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchoring.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "postil-test.h"

/*
 * Quote-finding cases of other programs, see ../shared/conformance/corpora/anchoring.
 *
 * Not asked: that of approx-string-match with a limit of errors, which anchoring does not take.
 */

static JsonObject *
read_cases (const char *name, JsonParser *parser)
{
  g_autofree char *folder = postil_test_find_shared ("conformance/corpora/anchoring");
  g_autofree char *path = folder ? g_build_filename (folder, name, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

/* A text of the file by its name, or that which stands behind "text:". */
static PostilText *
get_text (JsonObject *file, const char *name)
{
  if (g_str_has_prefix (name, "text:"))
    return make_text (name + strlen ("text:"));

  return make_text (
    json_object_get_string_member (json_object_get_object_member (file, "texts"), name));
}

static void
test_match_quote (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *file = read_cases ("match-quote.json", parser);
  JsonArray *cases;

  if (file == NULL)
    return;

  cases = json_object_get_array_member (file, "cases");
  g_assert_cmpuint (json_array_get_length (cases), >, 0);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *c = json_array_get_object_element (cases, i);
      g_autoptr (PostilText) text = get_text (file, json_object_get_string_member (c, "text"));
      PostilSelector selector = {
        .exact = json_object_get_string_member (c, "exact"),
        .prefix = json_object_get_string_member_with_default (c, "prefix", NULL),
        .suffix = json_object_get_string_member_with_default (c, "suffix", NULL),
      };
      g_autoptr (PostilAnchor) anchor = NULL;
      PostilPlacement placement = { 0 };

      g_test_message ("%s", json_object_get_string_member (c, "name"));
      if (json_object_has_member (c, "hint_start"))
        {
          selector.has_position = TRUE;
          selector.position.start = json_object_get_int_member (c, "hint_start");
          selector.position.end = selector.position.start + g_utf8_strlen (selector.exact, -1);
        }
      placement.anchor = anchor = postil_anchor_new (&selector, 1, NULL, NULL);
      postil_anchoring_place (text, NULL, &placement, 1, NULL, NULL, NULL);
      if (json_object_get_null_member (c, "expect"))
        g_assert_cmpint (placement.status, ==, POSTIL_STATUS_ORPHANED);
      else
        {
          JsonObject *expected = json_object_get_object_member (c, "expect");

          g_assert_cmpint (placement.status, !=, POSTIL_STATUS_ORPHANED);
          g_assert_cmpuint (placement.spans[0].start, ==,
                            json_object_get_int_member (expected, "start"));
          if (json_object_has_member (expected, "end"))
            g_assert_cmpuint (placement.spans[0].end, ==,
                              json_object_get_int_member (expected, "end"));
        }
      g_free (placement.spans);
    }
}

/* One of the members of @c is a list, worse from one to the next: so must the score be. */
static void
test_rankings (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *file = read_cases ("match-quote.json", parser);
  JsonArray *rankings;

  if (file == NULL)
    return;

  rankings = json_object_get_array_member (file, "rankings");
  g_assert_cmpuint (json_array_get_length (rankings), >, 0);
  for (guint i = 0; i < json_array_get_length (rankings); i++)
    {
      static const char *const members[] = { "exact", "prefix", "suffix" };
      JsonObject *c = json_array_get_object_element (rankings, i);
      g_autoptr (PostilText) text = get_text (file, json_object_get_string_member (c, "text"));
      double last = 2;
      guint n = 0;

      for (guint k = 0; k == 0 || k < n; k++)
        {
          const char *strings[G_N_ELEMENTS (members)] = { NULL };
          g_autoptr (PostilAnchor) anchor = NULL;
          g_autoptr (GArray) candidates = NULL;
          double score;

          for (guint m = 0; m < G_N_ELEMENTS (members); m++)
            {
              JsonNode *node = json_object_get_member (c, members[m]);

              if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
                {
                  n = json_array_get_length (json_node_get_array (node));
                  strings[m] = json_array_get_string_element (json_node_get_array (node), k);
                }
              else if (node != NULL)
                strings[m] = json_node_get_string (node);
            }
          anchor = postil_anchor_new (
            &(PostilSelector){ .exact = strings[0], .prefix = strings[1], .suffix = strings[2] }, 1,
            NULL, NULL);
          candidates = postil_anchoring_list_candidates (text, NULL, anchor, 0, 1);
          g_assert_cmpuint (candidates->len, ==, 1);
          score = g_array_index (candidates, PostilCandidate, 0).score;
          g_test_message ("%s %u: %f", json_object_get_string_member (c, "name"), k, score);
          g_assert_cmpfloat (score, <, last);
          last = score;
        }
      g_assert_cmpuint (n, >, 1);
    }
}

/* How many code points must be put in, left out or replaced to turn one string into another. */
static guint
count_errors (const char *a, const char *b)
{
  glong n_a, n_b;
  g_autofree gunichar *as = g_utf8_to_ucs4_fast (a, -1, &n_a);
  g_autofree gunichar *bs = g_utf8_to_ucs4_fast (b, -1, &n_b);
  g_autofree guint *row = g_new (guint, n_b + 1);

  for (glong j = 0; j <= n_b; j++)
    row[j] = j;
  for (glong i = 1; i <= n_a; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (glong j = 1; j <= n_b; j++)
        {
          guint above = row[j];

          row[j] = MIN (MIN (above, row[j - 1]) + 1, diagonal + (as[i - 1] != bs[j - 1]));
          diagonal = above;
        }
    }
  return row[n_b];
}

/* Of a place that ends where a match does only the start may be another, if it has no more errors:
 * which of several equal starts a match has is up to the way back through the table. */
static void
test_approximate (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *file = read_cases ("approx-string-match.json", parser);
  JsonArray *cases;

  if (file == NULL)
    return;

  cases = json_object_get_array_member (file, "cases");
  g_assert_cmpuint (json_array_get_length (cases), >, 0);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *c = json_array_get_object_element (cases, i);
      g_autoptr (PostilText) text = make_text (json_object_get_string_member (c, "text"));
      const char *pattern = json_object_get_string_member (c, "pattern");
      g_autoptr (PostilAnchor) anchor =
        postil_anchor_new (&(PostilSelector){ .exact = pattern }, 1, NULL, NULL);
      JsonArray *matches = json_object_get_array_member (
        c, json_object_has_member (c, "matches") ? "matches" : "code_point_matches");
      guint n = json_array_get_length (matches);
      g_autoptr (GArray) candidates = NULL;
      PostilSpan span;
      gboolean found = FALSE;

      if (json_object_has_member (c, "max_errors"))
        continue;
      g_test_message ("%s in %s", pattern, json_object_get_string_member (c, "text"));
      candidates = postil_anchoring_list_candidates (text, NULL, anchor, 0, 1);
      g_assert_cmpuint (candidates->len, ==, n > 0 ? 1 : 0);
      if (n == 0)
        continue;
      span = g_array_index (candidates, PostilCandidate, 0).span;
      for (guint k = 0; k < n && !found; k++)
        {
          JsonArray *match = json_array_get_array_element (matches, k);

          if (span.end != json_array_get_int_element (match, 1))
            continue;
          found = span.start == json_array_get_int_element (match, 0);
          if (!found && json_array_get_length (match) > 2)
            {
              g_autofree char *there = postil_text_dup_range (text, span);

              found = count_errors (pattern, there) <= json_array_get_int_element (match, 2);
            }
        }
      if (!found)
        g_test_fail_printf ("%s: found at %u to %u", pattern, span.start, span.end);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/anchoring-conformance/match-quote", test_match_quote);
  g_test_add_func ("/anchoring-conformance/rankings", test_rankings);
  g_test_add_func ("/anchoring-conformance/approximate", test_approximate);
  return g_test_run ();
}
