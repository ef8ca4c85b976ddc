/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "postil-error.h"
#include "postil-sidecar-item.h"
#include "postil-sidecar-own.h"
#include "postil-sidecar-reader.h"
#include "postil-test.h"
#include "snapshot-writing.h"

/*
 * Annotations read and written in the fast way and in the one for all: what the fast one takes is
 * what the other one makes, what it does not take it leaves untouched.
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

      g_test_message ("row %u", i);
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

/* (transfer full): the sidecar with one annotation */
static GString *
write_one (PostilText *text, const PostilAnnotationFields *fields)
{
  g_autoptr (PostilAnnotation) annotation = postil_annotation_new (fields);
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (&annotation, 1);
  g_autoptr (PostilSnapshot) snapshot =
    postil_snapshot_new (&(PostilSnapshot){ .id = (char *) "urn:text",
                                            .collection = (char *) "urn:c",
                                            .text = text,
                                            .annotations = index });

  return write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
}

/* With a member of another program an annotation is written in the way for all; less that member it
 * is the same. */
static void
test_written (void)
{
  static const char stranger[] = ",\n        \"x\": 1";
  static const PostilSpan spans[] = { { 0, 3 }, { 4, 8 },   { 9, 16 }, { 16, 18 },
                                      { 4, 4 }, { 20, 24 }, { 0, 24 } };
  static const char *const topics[] = { "urn:t", "urn:u\"" };
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  g_autoptr (PostilNote) mine = postil_note_new ("my\t\"note\" 😀", "urn:a", 1, NULL);
  g_autoptr (PostilNote) later = postil_note_new ("", "urn:a", 86400, NULL);
  g_autoptr (PostilNote) hers = postil_note_new ("hers", "urn:b", 0, NULL);
  g_autoptr (PostilNote) whose = postil_note_new ("whose?", NULL, 1, NULL);
  PostilNote *notes[] = { mine, later, hers, whose };
  g_autoptr (PostilForeign) foreign = postil_foreign_new (
    &(PostilForeignMember){
      .object = "", .after = "target", .key = "x", .value = "1", .n_value = 1 },
    1);

  for (guint i = 0; i < 7 * 3 * 5 * 8; i++)
    {
      guint n_first = i / 7 / 3 % 5;
      PostilAnnotationFields fields = {
        .id = "urn:uuid:1",
        .created = i / 7 / 3 / 5 & 1 ? 1 : 0,
        .modified = i / 7 / 3 / 5 & 2 ? 172799 : 0,
        .creator = i / 7 / 3 / 5 & 4 ? "urn:a" : NULL,
        .spans = &spans[i % 7],
        .n_spans = 1,
        .topics = topics,
        .n_topics = i / 7 % 3,
        .notes = notes + n_first,
        .n_notes = G_N_ELEMENTS (notes) - n_first,
      };
      g_autoptr (GString) own = write_one (text, &fields);
      g_autoptr (GString) other = NULL;
      g_autoptr (GString) bytes = g_string_new (NULL);
      char *at;

      fields.foreign = foreign;
      g_assert_false (postil_sidecar_own_write (bytes, text, "urn:text", &fields));
      g_assert_cmpuint (bytes->len, ==, 0);
      other = write_one (text, &fields);
      at = strstr (other->str, stranger);
      g_assert_nonnull (at);
      g_string_erase (other, at - other->str, strlen (stranger));
      g_assert_cmpstr (own->str, ==, other->str);
    }
}

/* (transfer full): a sidecar of more than two megabytes, with annotations of all kinds in it, the
 * members of which come in another order where @is_other says so */
static GString *
make_large (gboolean is_other)
{
  static const char *const creators[] = { "\"urn:a\"", "\"urn:unknown\"", "\"A name\"",
                                          "{ \"id\": \"urn:c\", \"name\": \"C\" }" };
  static const char *const topics[] = { "urn:t", "urn:undefined", "urn:undefined/2" };
  static const char *const ends[] = { "", ", \"x\": [ 1 ]" };
  GString *json =
    g_string_new ("{ \"dcterms:source\": { \"id\": \"urn:text\" }, \"dcterms:subject\": "
                  "[ { \"id\": \"urn:t\", \"skos:prefLabel\": \"T\" } ], \"first\": { "
                  "\"items\": [");

  for (guint i = 0; i < 6000; i++)
    {
      g_autofree char *id = g_strdup_printf ("\"id\": \"urn:uuid:%u\"", i % 5990);

      g_string_append_printf (
        json,
        "%s\n{ %s, %s, \"motivation\": \"classifying\", \"creator\": %s, \"body\": [ " TOPIC (
          "%s") " ], \"target\": { \"type\": \"SpecificResource\", \"source\": \"urn:text\", "
                "\"selector\": [ " PLACE ("4", "8") ", " QUOTE ("café") " ] }%s }",
        i > 0 ? "," : "", is_other ? "\"type\": \"Annotation\"" : id,
        is_other ? id : "\"type\": \"Annotation\"", creators[i % 1000 < 5 ? i % 4 : 0],
        topics[i % 700 < 4 ? i % 3 : 0], ends[i % 900 == 899]);
    }
  g_string_append (json, " ] } }");
  return json;
}

/* What is read by two threads in the fast way is what one reads in the way for all. */
static void
test_large (void)
{
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  PostilSnapshot *snapshots[2];
  PostilSidecarReport reports[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GString) json = make_large (i);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (json->len, >, 2 * 1024 * 1024);
      snapshots[i] =
        postil_sidecar_read (json->str, json->len, "a.json", "a.txt", text,
                             postil_test_get_environment (), NULL, NULL, &reports[i], &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (postil_annotation_index_get_size (snapshots[0]->annotations), ==, 6000);
  for (guint i = 0; i < 6000; i++)
    g_assert_true (
      postil_annotation_equal (postil_annotation_index_get (snapshots[0]->annotations, i),
                               postil_annotation_index_get (snapshots[1]->annotations, i)));
  g_assert_cmpuint (snapshots[0]->topics->len, ==, snapshots[1]->topics->len);
  g_assert_cmpuint (snapshots[0]->annotators->len, ==, snapshots[1]->annotators->len);
  g_assert_cmpuint (reports[0].warnings->len, ==, reports[1].warnings->len);
  for (guint i = 0; i < reports[0].warnings->len; i++)
    g_assert_cmpstr (reports[0].warnings->pdata[i], ==, reports[1].warnings->pdata[i]);
  for (guint i = 0; i < 2; i++)
    {
      postil_snapshot_unref (snapshots[i]);
      postil_sidecar_report_clear (&reports[i]);
    }
}

/* What is wrong anywhere is found just there. */
static void
test_large_errors (void)
{
  g_autoptr (PostilText) text = postil_text_new (g_strdup (prose), strlen (prose), NULL);
  g_autoptr (GString) json = make_large (FALSE);

  for (guint i = 1; i < 8; i++)
    {
      gsize at = strchr (json->str + json->len / 8 * i, '}') - json->str;
      g_autoptr (PostilSnapshot) snapshot = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *place = NULL;
      guint line = 1;

      for (gsize j = 0; j < at; j++)
        line += json->str[j] == '\n';
      place = g_strdup_printf ("line %u,", line);
      json->str[at] = ']';
      snapshot = postil_sidecar_read (json->str, json->len, "a.json", "a.txt", text,
                                      postil_test_get_environment (), NULL, NULL, NULL, &error);
      json->str[at] = '}';
      g_assert_null (snapshot);
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
      g_assert_nonnull (strstr (error->message, place));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sidecar-own/same", test_same);
  g_test_add_func ("/sidecar-own/context", test_context);
  g_test_add_func ("/sidecar-own/written", test_written);
  g_test_add_func ("/sidecar-own/large", test_large);
  g_test_add_func ("/sidecar-own/large-errors", test_large_errors);
  return g_test_run ();
}
