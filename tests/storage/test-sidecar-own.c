/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-sidecar-item.h"
#include "postil-sidecar-own.h"
#include "postil-test.h"

/*
 * Annotations read in the fast way and in the one for all: what the fast one takes is what the
 * other one makes, what it does not take it leaves untouched.
 */

#define HEAD "{ \"id\": \"urn:uuid:1\", \"type\": \"Annotation\", "
#define CLASSIFYING "\"motivation\": \"classifying\", "
#define COMMENTING "\"motivation\": \"commenting\", "
#define TOPIC(id)                                                                                  \
  "{ \"type\": \"SpecificResource\", \"purpose\": \"classifying\", \"source\": \"" id "\" }"
#define NOTE(rest)                                                                                 \
  "{ \"type\": \"TextualBody\", \"purpose\": \"commenting\", \"format\": \"text/plain\", " rest " }"
#define PLACE(start, end)                                                                          \
  "{ \"type\": \"TextPositionSelector\", \"start\": " start ", \"end\": " end " }"
#define QUOTE(exact)                                                                               \
  "{ \"type\": \"TextQuoteSelector\", \"prefix\": \"x\", \"exact\": \"" exact "\", \"suffix\": "   \
  "\"y\" }"
#define TARGET_WITH(place, quote)                                                                  \
  "\"target\": { \"type\": \"SpecificResource\", \"source\": \"urn:text\", \"selector\": [ " place \
  ", " quote " ] } }"
#define TARGET TARGET_WITH (PLACE ("4", "8"), QUOTE ("café"))
#define DATES "\"created\": \"2026-01-01T00:00:00Z\", \"modified\": \"2026-02-28T23:59:59Z\", "

static const char prose[] = "the café 😀 \"was\"\nclosed.";

static const struct
{
  const char *json;
  gboolean is_own;
} table[] = {
  { HEAD "\"motivation\": \"highlighting\", " TARGET, TRUE },
  { HEAD CLASSIFYING DATES "\"creator\": \"urn:a\", \"body\": [ " TOPIC ("urn:t") " ], " TARGET,
    TRUE },
  { HEAD CLASSIFYING "\"body\": [ " TOPIC ("urn:t") ", " TOPIC ("urn:new") ", " NOTE (
      "\"value\": \"a \\\"note\\\" \\u00e9\\ud83d\\ude00\\n\"") " ], " TARGET,
    TRUE },
  { HEAD COMMENTING "\"creator\": \"urn:a\", \"body\": [ " NOTE ("\"value\": \"mine\"") ", " NOTE (
      "\"value\": \"hers\", \"creator\": \"urn:b\", \"created\": "
      "\"2026-01-01T00:00:00Z\"") " ], " TARGET,
    TRUE },
  /* In any white space. */
  { "{\"id\":\"urn:uuid:1\",\"type\":\"Annotation\",\"motivation\":\"highlighting\",\"target\":{"
    "\"type\":\"SpecificResource\",\"source\":\"urn:text\",\"selector\":[{\"type\":"
    "\"TextPositionSelector\",\"start\":0,\"end\":3},{\"type\":\"TextQuoteSelector\",\"exact\":"
    "\"the\"}]}}",
    TRUE },
  { "{\r\n\t\"id\" : 1 }", FALSE },
  { HEAD
    "\n\n                                        \"motivation\": \"highlighting\"  \t,\n" TARGET,
    TRUE },
  /* Quotes with escapes, and of code points beyond the first plane. */
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("9", "16"),
                                                           QUOTE ("😀 \\\"was\\u0022")),
    TRUE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("16", "18"), QUOTE ("\\nc")),
    TRUE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("4", "4"), QUOTE ("")), TRUE },

  /* What does not stand there, or is none. */
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("4", "8"), QUOTE ("cafe")),
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("8", "4"), QUOTE ("café")),
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("4", "99"), QUOTE ("café")),
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("4", "8.0"), QUOTE ("café")),
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("04", "8"), QUOTE ("café")),
    FALSE },
  { HEAD
    "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("4294967300", "8"), QUOTE ("café")),
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("4", "8"), QUOTE ("caf\xC3")),
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", " TARGET_WITH (PLACE ("15", "16"), QUOTE ("\"")),
    FALSE },
  /* Other orders, members and values. */
  { "{ \"type\": \"Annotation\", \"id\": \"urn:uuid:1\", \"motivation\": \"highlighting\", " TARGET,
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"x\": 1, " TARGET, FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"motivation\": \"highlighting\", " TARGET, FALSE },
  { HEAD "\"motivation\": \"tagging\", \"body\": [ " TOPIC ("urn:t") " ], " TARGET, FALSE },
  { HEAD "\"motivation\": \"linking\", \"body\": [ " TOPIC ("urn:new") " ], " TARGET, FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"created\": \"2026-02-30T00:00:00Z\", " TARGET,
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"created\": \"2026-01-01T00:00:00.5Z\", " TARGET,
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"creator\": { \"id\": \"urn:a\" }, " TARGET, FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"creator\": \"\", " TARGET, FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"body\": [], " TARGET, FALSE },
  { HEAD COMMENTING "\"body\": " NOTE ("\"value\": \"bare\"") ", " TARGET, FALSE },
  { HEAD COMMENTING
    "\"body\": [ " NOTE ("\"value\": \"1\"") ", " NOTE ("\"value\": \"2\"") " ], " TARGET,
    FALSE },
  { HEAD COMMENTING "\"body\": [ " NOTE ("\"value\": \"\\u0000\"") " ], " TARGET, FALSE },
  { HEAD COMMENTING "\"body\": [ " NOTE ("\"value\": \"a\", \"language\": \"en\"") " ], " TARGET,
    FALSE },
  { HEAD CLASSIFYING "\"body\": [ " TOPIC ("urn:t") ", " TOPIC ("urn:t") " ], " TARGET, FALSE },
  { HEAD CLASSIFYING "\"body\": [ " TOPIC ("no IRI") " ], " TARGET, FALSE },
  { "{ \"id\": \"no IRI\", \"type\": \"Annotation\", \"motivation\": \"highlighting\", " TARGET,
    FALSE },
  { HEAD "\"motivation\": \"highlighting\", \"target\": \"urn:text\" }", FALSE },
  { HEAD
    "\"motivation\": \"highlighting\", \"target\": { \"type\": \"SpecificResource\", \"source\": "
    "\"urn:other\", \"selector\": [ " PLACE ("4", "8") ", " QUOTE ("café") " ] } }",
    FALSE },
  { "[]", FALSE },
  { "", FALSE },
};

typedef struct
{
  PostilJsonScanner scanner;
  PostilSidecarNames *names;
} Sidecar;

/* Begins to read @json, of a sidecar that has a topic and two annotators. */
static void
begin (Sidecar *sidecar, const char *json)
{
  static const char *const persons[] = { "{ \"id\": \"urn:a\", \"name\": \"A\" }",
                                         "{ \"id\": \"urn:b\", \"name\": \"B\" }" };
  static const char topic[] = "{ \"id\": \"urn:t\", \"skos:prefLabel\": \"T\" }";

  sidecar->names = postil_sidecar_names_new (&sidecar->scanner);
  for (guint i = 0; i < G_N_ELEMENTS (persons); i++)
    {
      postil_json_scanner_init (&sidecar->scanner, persons[i], strlen (persons[i]));
      g_assert_true (postil_sidecar_names_read_person (sidecar->names));
    }
  postil_json_scanner_init (&sidecar->scanner, topic, strlen (topic));
  g_assert_true (postil_sidecar_names_read_topic (sidecar->names));
  postil_json_scanner_init (&sidecar->scanner, json, strlen (json));
}

/* Reads @json in the way for all, as something that was found where it stands. */
static PostilAnnotation *
read_item (Sidecar *sidecar, const char *json, const PostilSidecarContext *context)
{
  g_autoptr (PostilSidecarItem) item = NULL;
  PostilPlacement request;
  const char *sha256;

  begin (sidecar, json);
  item = postil_sidecar_item_new (&sidecar->scanner, sidecar->names);
  postil_sidecar_item_read (item, context);
  g_assert_cmpint (sidecar->scanner.problem, ==, POSTIL_JSON_PROBLEM_NONE);
  g_assert_true (postil_sidecar_item_is_annotation (item));
  g_assert_false (postil_sidecar_item_needs_place (item, &request, &sha256));
  g_assert_cmpuint (postil_sidecar_item_get_n_bad_positions (item), ==, 0);
  return postil_sidecar_item_build (item, NULL);
}

static void
test_same (void)
{
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  const PostilSidecarContext context = { .text = text, .source = "urn:text", .trusted = TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (PostilAnnotation) annotation = NULL, expected = NULL;
      g_autoptr (PostilSidecarOwn) own = NULL;
      Sidecar sidecar, other;

      g_test_message ("row %u: %s", i, table[i].json);
      begin (&sidecar, table[i].json);
      own = postil_sidecar_own_new (&sidecar.scanner, sidecar.names);
      annotation = postil_sidecar_own_read (own, &context);
      g_assert_true ((annotation != NULL) == table[i].is_own);
      g_assert_cmpint (sidecar.scanner.problem, ==, POSTIL_JSON_PROBLEM_NONE);
      if (annotation)
        {
          expected = read_item (&other, table[i].json, &context);
          g_assert_true (postil_annotation_equal (annotation, expected));
          g_assert_true (sidecar.scanner.at == other.scanner.at);
          g_assert_cmpuint (postil_sidecar_names_get_topics (sidecar.names)->len, ==,
                            postil_sidecar_names_get_topics (other.names)->len);
          g_assert_cmpuint (postil_sidecar_names_get_annotators (sidecar.names)->len, ==,
                            postil_sidecar_names_get_annotators (other.names)->len);
          g_clear_pointer (&other.names, postil_sidecar_names_free);
        }
      else
        {
          g_assert_true (sidecar.scanner.at == table[i].json);
        }
      g_clear_pointer (&sidecar.names, postil_sidecar_names_free);
    }
}

/* On a text that changed, or without one, nothing is taken. */
static void
test_context (void)
{
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  const PostilSidecarContext contexts[] = {
    { .text = text, .source = "urn:text", .trusted = FALSE },
    { .text = NULL, .source = "urn:text", .trusted = TRUE },
    { .text = text, .source = NULL, .trusted = TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    {
      g_autoptr (PostilSidecarOwn) own = NULL;
      Sidecar sidecar;

      begin (&sidecar, table[0].json);
      own = postil_sidecar_own_new (&sidecar.scanner, sidecar.names);
      g_assert_null (postil_sidecar_own_read (own, &contexts[i]));
      g_clear_pointer (&own, postil_sidecar_own_free);
      postil_sidecar_names_free (sidecar.names);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sidecar-own/same", test_same);
  g_test_add_func ("/sidecar-own/context", test_context);
  return g_test_run ();
}
