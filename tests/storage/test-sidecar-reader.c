/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "postil-error.h"
#include "postil-json-scanner.h"
#include "postil-sidecar-reader.h"
#include "postil-test.h"
#include "snapshot-writing.h"

#define CONTEXT "\"@context\": \"http://www.w3.org/ns/anno.jsonld\""
#define ITEM(members) "{ \"id\": \"urn:1\", \"type\": \"Annotation\", " members " }"
#define TARGET(selector) "\"target\": { \"source\": \"urn:s\", \"selector\": " selector " }"
#define QUOTE "{ \"type\": \"TextQuoteSelector\", \"exact\": \"café\" }"
#define PLACE(start, end)                                                                          \
  "{ \"type\": \"TextPositionSelector\", \"start\": " #start ", \"end\": " #end " }"
#define XPATH "{ \"type\": \"XPathSelector\", \"value\": \"/p[1]\" }"

static const char prose[] = "the café 😀 was closed.";

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

static guint
count (const char *text, const char *part)
{
  gsize n_part = strlen (part);
  guint n = 0;

  for (const char *at = text; *at != '\0'; at++)
    n += strncmp (at, part, n_part) == 0;
  return n;
}

static PostilSnapshot *
read_bytes (const char *json,
            gsize n_bytes,
            PostilText *text,
            PostilSidecarReport *report,
            GError **error)
{
  /* At the end of a block of its own, so that sanitizers see a byte too many being read. */
  g_autofree char *exact = g_memdup2 (json, n_bytes);

  return postil_sidecar_read (exact, n_bytes, "a.json", "prose.txt", text,
                              postil_test_get_environment (), NULL, NULL, report, error);
}

/* What a reader made of a sidecar, in a form that is easily compared: for each annotation its kind,
 * ranges or status, topics and notes. */
static char *
describe (PostilSnapshot *snapshot)
{
  static const char *const kinds[] = { "passage", "document", "foreign" };
  static const char *const statuses[] = { "", " moved", " uncertain", " orphaned" };
  GString *text = g_string_new (NULL);
  guint n = postil_annotation_index_get_size (snapshot->annotations);

  for (guint i = 0; i < n; i++)
    {
      PostilAnnotationFields fields;

      postil_annotation_get_fields (postil_annotation_index_get (snapshot->annotations, i),
                                    &fields);
      g_string_append_printf (text, "%s%s%s", i > 0 ? "; " : "", kinds[fields.kind],
                              statuses[fields.status]);
      for (guint j = 0; j < fields.n_spans; j++)
        g_string_append_printf (text, " %u-%u", fields.spans[j].start, fields.spans[j].end);
      for (guint j = 0; j < fields.n_topics; j++)
        for (guint k = 0; k < snapshot->topics->len; k++)
          if (g_str_equal (postil_topic_get_id (snapshot->topics->pdata[k]), fields.topics[j]))
            g_string_append_printf (text, " #%s",
                                    postil_topic_get_label (snapshot->topics->pdata[k]));
      for (guint j = 0; j < fields.n_notes; j++)
        g_string_append_printf (text, " “%s”", postil_note_get_text (fields.notes[j]));
    }
  return g_string_free (text, FALSE);
}

/* What Postil writes once it writes again, whatever it came from. */
static void
assert_settles (PostilSnapshot *snapshot)
{
  g_autoptr (GString) first = write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (PostilSnapshot) copy = NULL;
  g_autoptr (GString) second = NULL;
  g_autoptr (GError) error = NULL;

  copy = read_bytes (first->str, first->len, snapshot->text, NULL, &error);
  g_assert_no_error (error);
  second = write_snapshot (copy, POSTIL_SIDECAR_STYLE_NATIVE);
  if (strcmp (first->str, second->str) != 0)
    g_error ("%s\nis written again as\n%s", first->str, second->str);
}

static void
test_generous (void)
{
  static const struct
  {
    const char *json;
    const char *result;
    guint n_warnings;
  } table[] = {
    /* Shapes of files. */
    { ITEM (CONTEXT ", " TARGET (QUOTE)), "passage 4-8" },
    { "[ " ITEM (TARGET (QUOTE)) " ]", "passage 4-8" },
    { "{ \"items\": [ " ITEM (TARGET (QUOTE)) " ] }", "passage 4-8" },
    { "{ " CONTEXT ", \"id\": \"urn:p\", \"type\": \"AnnotationPage\", \"partOf\": \"urn:c\", "
      "\"items\": [ " ITEM (TARGET (QUOTE)) " ] }",
      "passage 4-8" },
    { "{ \"type\": \"AnnotationCollection\", \"items\": [ " ITEM (TARGET (QUOTE)) " ] }",
      "passage 4-8" },
    { "{ \"type\": [ \"x\", \"AnnotationCollection\" ], \"first\": { \"items\": " ITEM (
        TARGET (QUOTE)) " } }",
      "passage 4-8" },
    { "{ \"type\": \"AnnotationCollection\", \"first\": \"urn:page\" }", "", 1 },
    { "{ \"type\": \"AnnotationCollection\", \"first\": { \"items\": [ " ITEM (
        TARGET (QUOTE)) " ], \"next\": \"urn:page\" } }",
      "passage 4-8", 1 },
    { "{ \"first\": { \"items\": [ " ITEM (
        TARGET (QUOTE) ", \"body\": [ { \"purpose\": \"classifying\", \"source\": \"urn:t\" } "
                       "]") " ] }, "
                            "\"dcterms:subject\": [ { \"id\": \"urn:t\", \"skos:prefLabel\": "
                            "\"Late\" } ], \"type\": \"AnnotationCollection\" }",
      "passage 4-8 #Late" },
    { "\xEF\xBB\xBF[ " ITEM (TARGET (QUOTE)) " ]", "passage 4-8" },
    { "[ 5, " ITEM (TARGET (QUOTE)) ", \"urn:x\" ]", "passage 4-8; foreign; foreign" },

    /* Targets. */
    { "[ " ITEM (TARGET ("[ " PLACE (4, 8) " ]")) " ]", "passage 4-8" },
    { "[ " ITEM (TARGET ("[ " XPATH ", " QUOTE " ]")) " ]", "passage 4-8" },
    { "[ " ITEM (TARGET (XPATH)) " ]", "foreign" },
    { "[ " ITEM (TARGET ("{ \"type\": \"TextQuoteSelector\", \"exact\": \"café\", "
                         "\"refinedBy\": " PLACE (0, 1) " }")) " ]",
      "foreign" },
    { "[ " ITEM ("\"target\": \"urn:s\"") " ]", "document" },
    { "[ " ITEM ("\"target\": { \"id\": \"urn:s\", \"format\": \"text/plain\" }") " ]",
      "document" },
    { "[ " ITEM ("\"target\": { \"source\": \"urn:s\" }") " ]", "document" },
    { "[ " ITEM ("\"target\": [ { \"source\": \"urn:s\", \"selector\": " PLACE (
        11, 14) " }, { \"source\": \"urn:s\", \"selector\": " QUOTE " } ]") " ]",
      "passage 4-8 11-14" },
    { "[ " ITEM (TARGET (QUOTE)) ", { \"id\": \"urn:2\", \"type\": \"Annotation\", \"target\": "
                                 "\"urn:other\" } ]",
      "passage 4-8; foreign" },
    /* What no IRI names is named by one from then on; what is foreign goes on naming it as before.
     */
    { "[ " ITEM ("\"target\": { \"source\": \"a.txt\", \"x\": 1 }") " ]", "document" },
    { "[ " ITEM ("\"target\": { \"source\": { \"id\": \"a.txt\", \"x\": 1 }, \"selector\": " QUOTE
                 " }") " ]",
      "passage 4-8" },
    { "{ \"type\": \"AnnotationCollection\", \"id\": \"c\", \"v\\u0069a\": \"urn:c\", "
      "\"dcterms:source\": { \"id\": \"a.txt\", \"via\": [ \"urn:x\" ] }, "
      "\"first\": { \"items\": [ " ITEM ("\"target\": [ \"a.txt\" ]") " ] } }",
      "document" },
    { "{ \"type\": \"AnnotationCollection\", \"id\": \"c\", \"first\": { \"items\": [ " ITEM (
        TARGET (QUOTE)) " ] }, \"dcterms:source\": { \"id\": \"urn:other\" } }",
      "foreign" },
    { "[ " ITEM ("\"target\": [ \"urn:s\", \"urn:s\" ]") " ]", "foreign" },
    { "[ " ITEM ("\"target\": 5") " ]", "foreign" },
    { "[ " ITEM ("\"target\": []") " ]", "foreign" },
    { "[ " ITEM (TARGET ("[ " PLACE (8, 4) ", " QUOTE " ]")) " ]", "passage 4-8", 1 },
    { "[ " ITEM (TARGET ("[ " PLACE (-4, 4) " ]")) " ]", "passage orphaned", 1 },
    { "[ " ITEM (TARGET ("[ " PLACE (4.5, 1e9) ", " QUOTE " ]")) " ]", "passage 4-8", 1 },
    { "[ " ITEM (TARGET ("[ " PLACE (4, 99999999999) " ]")) " ]", "passage orphaned", 1 },
    { "[ " ITEM (TARGET ("[ " PLACE (4, 800) " ]")) " ]", "passage orphaned", 1 },
    { "[ " ITEM (TARGET ("[ " PLACE (4, 800) ", " QUOTE " ]")) " ]", "passage 4-8", 1 },
    { "[ " ITEM (TARGET ("[ " PLACE (12, 16) ", { \"type\": \"TextQuoteSelector\", \"prefix\": "
                                             "\"the \", \"exact\": \"café\" } ]")) " ]",
      "passage moved 4-8" },
    { "[ " ITEM (TARGET ("{ \"type\": \"TextQuoteSelector\", \"exact\": \"tea\" }")) " ]",
      "passage orphaned" },

    /* Bodies. */
    { "[ " ITEM ("\"target\": \"urn:s\", \"bodyValue\": \"hm\"") " ]", "document “hm”" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"body\": { \"type\": \"TextualBody\", \"value\": "
                 "\"hm\" }") " ]",
      "document “hm”" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"motivation\": \"tagging\", \"body\": { \"type\": "
                 "\"TextualBody\", \"value\": \"Trust\" }") " ]",
      "document #Trust" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"body\": [ { \"purpose\": \"tagging\", \"value\": "
                 "\"A\" }, { \"purpose\": \"tagging\", \"value\": \"B\" }, { \"purpose\": "
                 "\"tagging\", \"value\": \"A\" } ]") " ]",
      "document #A #B" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"body\": [ { \"type\": \"SpecificResource\", "
                 "\"purpose\": \"classifying\", \"source\": { \"id\": \"urn:t\", \"label\": "
                 "\"In place\" } } ]") " ]",
      "document #In place" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"body\": [ { \"purpose\": \"tagging\", \"source\": "
                 "\"http://example.org/tags/fox\" } ]") " ]",
      "document #fox", 1 },
    { "[ " ITEM ("\"target\": \"urn:s\", \"body\": \"http://example.org/post\"") " ]", "document" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"body\": [ 5, null, { \"type\": \"Choice\" }, { "
                 "\"type\": \"TextualBody\", \"value\": \"<p>\", \"format\": \"text/html\" }, { "
                 "\"type\": \"TextualBody\", \"value\": \"\\u0000\" } ]") " ]",
      "document" },
    /* A second comment by the same person is kept, but there is one note to show. */
    { "[ " ITEM ("\"target\": \"urn:s\", \"creator\": \"urn:p\", \"body\": [ { \"type\": "
                 "\"TextualBody\", \"value\": \"one\" }, { \"type\": \"TextualBody\", \"value\": "
                 "\"two\" }, { \"type\": \"TextualBody\", \"value\": \"three\", \"creator\": "
                 "\"urn:q\" } ]") " ]",
      "document “one” “three”" },

    /* What is beyond Postil is kept as a whole. */
    { "[ " ITEM ("\"target\": \"urn:s\", \"motivation\": \"linking\"") " ]", "foreign" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"motivation\": [ \"tagging\", \"editing\" ]") " ]",
      "foreign" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"creator\": [ \"urn:p\", \"urn:q\" ]") " ]", "foreign" },
    { "[ " ITEM ("\"target\": \"urn:s\", \"creator\": [ { \"name\": \"A\" } ]") " ]", "document" },
    { "[ { \"id\": [ \"urn:1\" ], \"type\": \"Annotation\", \"target\": \"urn:s\" } ]", "foreign" },
    { "[ { \"id\": \"a\\u0000\", \"type\": \"Annotation\", \"target\": \"urn:s\" } ]", "foreign" },
    { "[ { \"id\": \"urn:1\", \"type\": \"Thing\", \"target\": \"urn:s\" } ]", "foreign" },
    { "[ " ITEM ("\"motivation\": \"linking\", \"x\": { \"a\": 1, \"a\": 2 }, \"y\": 1, \"y\": 2, "
                 "\"target\": \"urn:s\"") " ]",
      "foreign" },

    /* Ids that two have. */
    { "[ " ITEM ("\"target\": \"urn:s\"") ", " ITEM ("\"target\": \"urn:s\"") " ]",
      "document; document", 1 },
    { "{ \"type\": \"AnnotationCollection\", \"dcterms:subject\": [ { \"id\": \"urn:t\", "
      "\"skos:prefLabel\": \"A\" }, { \"id\": \"urn:t\", \"skos:prefLabel\": \"B\" } ] }",
      "", 1 },
  };
  g_autoptr (PostilText) text = make_text (prose);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (PostilSidecarReport) report = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (PostilSnapshot) snapshot =
        read_bytes (table[i].json, strlen (table[i].json), text, &report, &error);
      g_autofree char *result = NULL;

      g_test_message ("%s", table[i].json);
      g_assert_no_error (error);
      result = describe (snapshot);
      g_assert_cmpstr (result, ==, table[i].result);
      g_assert_cmpuint (report.warnings->len, ==, table[i].n_warnings);
      g_assert_true (report.reshape);
      g_assert_false (report.text_changed);
      assert_settles (snapshot);
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *json;
    PostilError code;
    const char *says;
  } table[] = {
    { "{}", POSTIL_ERROR_NOT_ANNOTATIONS, "a.json" },
    { "\"x\"", POSTIL_ERROR_NOT_ANNOTATIONS, "a.json" },
    { "5", POSTIL_ERROR_NOT_ANNOTATIONS, "a.json" },
    { "[]", POSTIL_ERROR_NOT_ANNOTATIONS, "a.json" },
    { "[1, {\"a\": 2}]", POSTIL_ERROR_NOT_ANNOTATIONS, "a.json" },
    { "{\"items\": [1]}", POSTIL_ERROR_NOT_ANNOTATIONS, "a.json" },
    { "", POSTIL_ERROR_SYNTAX, "a.json, line 1, column 1:" },
    { "{\"type\": \"AnnotationCollection\",\n \"first\": {\"items\": [}}", POSTIL_ERROR_SYNTAX,
      "a.json, line 2, column 22:" },
    { "{\"type\": \"AnnotationCollection\",\n \"label\": \"a\", \"l\\u0061bel\": \"b\"}",
      POSTIL_ERROR_SYNTAX, "line 2, column 16: the key “l\\u0061bel”" },
    { "{\"type\": \"AnnotationCollection\",\n \"x\": 1, \"x\": 2}", POSTIL_ERROR_SYNTAX,
      "line 2, column 10: the key “x”" },
    { "[ " ITEM ("\"target\": { \"source\": \"urn:s\", \"selector\": { \"type\": "
                 "\"TextQuoteSelector\", \"exact\": \"a\", \"exact\": \"b\" } }") " ]",
      POSTIL_ERROR_SYNTAX, "the key “exact”" },
    { "[ { \"x\": 1, \"target\": { \"source\": \"urn:s\", \"selector\":", POSTIL_ERROR_SYNTAX,
      "a.json, line 1, column 55:" },
  };
  g_autoptr (PostilText) text = make_text (prose);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", table[i].json);
      g_assert_null (read_bytes (table[i].json, strlen (table[i].json), text, NULL, &error));
      g_assert_error (error, POSTIL_ERROR, (int) table[i].code);
      g_assert_nonnull (strstr (error->message, table[i].says));
    }
}

static void
test_circles (void)
{
  static const char json[] =
    "{ \"type\": \"AnnotationCollection\", \"dcterms:subject\": ["
    "{ \"id\": \"urn:a\", \"skos:prefLabel\": \"A\", \"skos:broader\": { \"id\": \"urn:b\" } },"
    "{ \"id\": \"urn:b\", \"skos:prefLabel\": \"B\", \"skos:broader\": { \"id\": \"urn:c\" } },"
    "{ \"id\": \"urn:c\", \"skos:prefLabel\": \"C\", \"skos:broader\": { \"id\": \"urn:b\" } },"
    "{ \"id\": \"urn:d\", \"skos:prefLabel\": \"D\", \"skos:broader\": { \"id\": \"urn:d\" } },"
    "{ \"id\": \"urn:e\", \"skos:prefLabel\": \"E\", \"skos:broader\": { \"id\": \"urn:x\" } } ] }";
  g_auto (PostilSidecarReport) report = { 0 };
  g_autoptr (PostilSnapshot) snapshot = read_bytes (json, strlen (json), NULL, &report, NULL);
  static const char *const parents[] = { "urn:b", NULL, "urn:b", NULL, "urn:x" };

  g_assert_cmpuint (snapshot->topics->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (postil_topic_get_broader (snapshot->topics->pdata[i]), ==, parents[i]);
  g_assert_cmpuint (report.warnings->len, ==, 2);
  g_assert_nonnull (strstr (report.warnings->pdata[0], "“B”"));
  g_assert_nonnull (strstr (report.warnings->pdata[1], "“D”"));
}

/* Ids that are no IRIs make way for ones that every reader derives from the same bytes. */
static void
test_ids (void)
{
  static const char json[] = "[ { \"id\": \"my id\", \"via\": \"urn:v\", \"type\": \"Annotation\", "
                             "\"target\": \"page one\", \"creator\": \"Bob\" } ]";
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) one = read_bytes (json, strlen (json), text, NULL, NULL);
  g_autoptr (PostilSnapshot) two = read_bytes (json, strlen (json), text, NULL, NULL);
  PostilAnnotation *annotation = postil_annotation_index_get (one->annotations, 0);
  g_autoptr (GString) sidecar = write_snapshot (one, POSTIL_SIDECAR_STYLE_NATIVE);

  g_assert_true (g_str_has_prefix (postil_annotation_get_id (annotation), "urn:uuid:"));
  g_assert_true (
    postil_annotation_equal (annotation, postil_annotation_index_get (two->annotations, 0)));
  g_assert_cmpint (postil_annotation_get_kind (annotation), ==, POSTIL_ANNOTATION_DOCUMENT);
  g_assert_true (g_str_has_prefix (one->id, "urn:uuid:"));
  g_assert_cmpstr (one->id, ==, two->id);
  g_assert_nonnull (strstr (sidecar->str, "\"via\": [\"my id\", \"urn:v\"]"));
  g_assert_nonnull (strstr (sidecar->str, "\"via\": \"page one\""));
  g_assert_cmpstr (postil_annotator_get_name (one->annotators->pdata[0]), ==, "Bob");
}

/* One id a great many times, and one passage of a great many ranges with foreign members, which
 * reading and writing must not take the square of that time for. */
static void
test_many (void)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (GString) json = g_string_new ("[ ");
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GString) sidecar = NULL;
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < 10000; i++)
    g_string_append (json, ITEM (TARGET (PLACE (4, 8))) ", ");
  g_string_append (json, "{ \"id\": \"urn:2\", \"type\": \"Annotation\", \"target\": [ ");
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (json, "%s{ %s }", i > 0 ? ", " : "",
                            "\"x\": 1, \"source\": \"urn:s\", \"selector\": " PLACE (4, 8));
  g_string_append (json, " ] } ]");

  snapshot = read_bytes (json->str, json->len, text, NULL, NULL);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 10001);
  for (guint i = 0; i < 10001; i++)
    g_assert_true (
      g_hash_table_add (ids, (gpointer) postil_annotation_get_id (
                               postil_annotation_index_get (snapshot->annotations, i))));
  sidecar = write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_assert_cmpuint (count (sidecar->str, "\"x\": 1"), ==, 10000);
}

/* What a person or another program calls the collection stays; what Postil called it follows the
 * document's name. */
static void
test_labels (void)
{
  static const struct
  {
    const char *collection, *source, *expected;
  } cases[] = {
    { "old.txt", "old.txt", "\"label\": \"prose.txt\"" },
    { "prose.txt", "prose.txt", "\"label\": \"prose.txt\"" },
    { "My title", "prose.txt", "\"label\": \"My title\"" },
    { "My title", NULL, "\"label\": \"My title\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *source =
        cases[i].source
          ? g_strdup_printf (", \"dcterms:source\": { \"label\": \"%s\" }", cases[i].source)
          : g_strdup ("");
      g_autofree char *json = g_strdup_printf (
        "{ \"type\": \"AnnotationCollection\", \"label\": \"%s\"%s }", cases[i].collection, source);
      g_autoptr (PostilText) text = make_text (prose);
      g_autoptr (PostilSnapshot) snapshot = read_bytes (json, strlen (json), text, NULL, NULL);
      g_autoptr (PostilSnapshot) named = NULL;
      g_autoptr (GString) sidecar = NULL;
      PostilSnapshot fields = *snapshot;

      fields.label = (char *) "prose.txt";
      named = postil_snapshot_new (&fields);
      sidecar = write_snapshot (named, POSTIL_SIDECAR_STYLE_NATIVE);
      g_assert_nonnull (strstr (sidecar->str, cases[i].expected));
      g_assert_nonnull (
        strstr (strstr (sidecar->str, "dcterms:source"), "\"label\": \"prose.txt\""));
    }
}

/* A text whose id is in an object of the first annotation; a place that was never that of the
 * present text does not get its checksum. */
static void
test_source_in_place (void)
{
  static const char json[] =
    "{ \"type\": \"Annotation\", \"id\": \"urn:1\", \"target\": { \"source\": { \"id\": \"urn:s\" "
    "}, "
    "\"selector\": [ " PLACE (0,
                              4) ", { \"type\": \"TextQuoteSelector\", \"exact\": \"gone\" } ] } }";
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) one = read_bytes (json, strlen (json), text, NULL, NULL);
  g_autoptr (GString) sidecar = write_snapshot (one, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autofree char *described = describe (one);
  char *found;

  g_assert_cmpstr (described, ==, "passage orphaned");
  g_assert_cmpstr (one->id, ==, "urn:s");
  found = strstr (sidecar->str, ",\n          \"dcterms:replaces\"");
  g_assert_nonnull (found);
  g_assert_null (strstr (found, "schema:sha256"));
}

/* What was written once is in its shape, so the file is not copied aside again and again. */
static void
test_reshaped_once (void)
{
  static const char *const cases[] = {
    "[ " ITEM (TARGET (QUOTE) ", \"body\": [ { \"purpose\": \"tagging\", \"value\": \"T\" }, "
                              "{ \"purpose\": \"tagging\", \"value\": \"T\" } ]") " ]",
    "[ " ITEM (TARGET (
      QUOTE) ", \"creator\": { \"id\": \"urn:p\", \"name\": \"P\" }") ", { \"id\": "
                                                                      "\"urn:2\", \"type\": "
                                                                      "\"Annotation\", \"target\": "
                                                                      "\"urn:s\", \"creator\": { "
                                                                      "\"id\": \"urn:p\", "
                                                                      "\"name\": \"Other\" } } ]",
    "{ \"type\": \"AnnotationPage\", \"next\": \"urn:n\", \"items\": [ " ITEM (
      TARGET (QUOTE)) " ] }",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilText) text = make_text (prose);
      g_auto (PostilSidecarReport) first = { 0 }, second = { 0 };
      g_autoptr (PostilSnapshot) one = read_bytes (cases[i], strlen (cases[i]), text, &first, NULL);
      g_autoptr (GString) sidecar = write_snapshot (one, POSTIL_SIDECAR_STYLE_NATIVE);
      g_autoptr (PostilSnapshot) two = read_bytes (sidecar->str, sidecar->len, text, &second, NULL);

      g_assert_nonnull (two);
      g_assert_true (first.reshape);
      g_assert_false (second.reshape);
    }
}

static void
test_cancelled (void)
{
  static const char json[] = "[ " ITEM (TARGET (QUOTE)) " ]";
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (postil_sidecar_read (json, strlen (json), "a.json", NULL, text,
                                      postil_test_get_environment (), NULL, cancellable, NULL,
                                      &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef void (*FileFunc) (const char *name, const char *bytes, gsize n_bytes);

static void
foreach_file (const char *folder, FileFunc func)
{
  g_autofree char *path = postil_test_find_shared (folder);
  g_autoptr (GDir) files = path ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;
  guint n = 0;

  while (files && (name = g_dir_read_name (files)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *bytes = NULL;
      gsize n_bytes;

      g_test_message ("%s", name);
      if (g_file_get_contents (file, &bytes, &n_bytes, NULL))
        func (name, bytes, n_bytes);
      n++;
    }
  if (files)
    g_assert_cmpuint (n, >, 1);
}

static void
read_any_file (const char *name, const char *bytes, gsize n_bytes)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot = read_bytes (bytes, n_bytes, text, NULL, &error);

  if (g_str_has_prefix (name, "n_"))
    g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
  else if (g_str_has_prefix (name, "y_"))
    g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_NOT_ANNOTATIONS);
  g_assert_true ((snapshot == NULL) == (error != NULL));
}

static void
test_any_file (void)
{
  foreach_file ("conformance/json-test-suite/test_parsing", read_any_file);
  foreach_file ("conformance/json-test-suite/test_transform", read_any_file);
  foreach_file ("conformance/naughty-strings", read_any_file);
  foreach_file ("conformance/utf8", read_any_file);
}

/* Whether each string and number of one JSON text is somewhere in another, less how many
 * annotations there are: a number that two people's changes would merge into a wrong one. */
static void
assert_values_kept (const char *json, gsize n_bytes, const char *other)
{
  g_autofree char *last = NULL;
  PostilJsonScanner scanner;
  PostilJsonSlice raw;

  postil_json_scanner_init (&scanner, json, n_bytes);
  while (scanner.at < scanner.end)
    {
      if (!strchr ("\"-0123456789", *scanner.at))
        {
          scanner.at++;
          continue;
        }
      g_assert_true (postil_json_scanner_skip (&scanner, &raw));
      if (*scanner.at != ':' && g_strcmp0 (last, "\"total\"") != 0)
        {
          g_autofree char *value = g_strndup (raw.bytes, raw.n_bytes);

          if (strstr (other, value) == NULL)
            g_error ("%s is not in %s", value, other);
        }
      g_free (last);
      last = g_strndup (raw.bytes, raw.n_bytes);
    }
}

static void
read_sample (const char *name, const char *bytes, gsize n_bytes)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (GError) error = NULL;
  g_autoptr (PostilSnapshot) snapshot = read_bytes (bytes, n_bytes, text, NULL, &error);
  g_autoptr (GString) sidecar = NULL;

  g_assert_no_error (error);
  assert_settles (snapshot);
  sidecar = write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  assert_values_kept (bytes, n_bytes, sidecar->str);
}

static void
test_samples (void)
{
  foreach_file ("conformance/web-annotation/samples/correct", read_sample);
}

/* A sidecar with much in it, to be damaged. */
static const char rich[] =
  "{ " CONTEXT ", \"id\": \"urn:c\", \"type\": \"AnnotationCollection\", \"label\": \"prose.txt\", "
  "\"schema:version\": \"1\", \"creator\": [ { \"id\": \"urn:p\", \"type\": \"Person\", "
  "\"name\": \"A\" }, \"urn:q\" ], \"dcterms:source\": { \"id\": \"urn:s\", \"type\": \"Text\", "
  "\"label\": \"prose.txt\", \"format\": \"text/plain; charset=utf-8\", \"schema:sha256\": "
  "\"00\", \"dcterms:extent\": 5 }, \"dcterms:subject\": [ { \"id\": \"urn:t\", \"type\": "
  "\"skos:Concept\", \"skos:prefLabel\": \"T\", \"skos:broader\": { \"id\": \"urn:u\" }, "
  "\"schema:color\": \"#00ff00\", \"modified\": \"2026-01-01T00:00:00Z\" }, { \"id\": \"urn:u\", "
  "\"skos:prefLabel\": \"U\", \"skos:broader\": { \"id\": \"urn:v\" }, \"owl:deprecated\": true } "
  "], \"first\": { \"id\": \"urn:page\", \"type\": \"AnnotationPage\", \"partOf\": \"urn:c\", "
  "\"startIndex\": 0, \"items\": [ { \"id\": \"urn:1\", \"type\": \"Annotation\", \"motivation\": "
  "\"classifying\", \"created\": \"2026-01-01T00:00:00Z\", \"creator\": \"urn:p\", \"x\": "
  "[1.5e3, { \"y\": null }], \"body\": [ { \"type\": \"SpecificResource\", \"purpose\": "
  "\"classifying\", \"source\": \"urn:t\", \"x\": 1 }, { \"type\": \"TextualBody\", \"purpose\": "
  "\"commenting\", \"format\": \"text/plain\", \"value\": \"caf\\u00e9 \\ud83d\\ude00\" }, "
  "\"urn:b\" ], \"target\": [ { \"type\": \"SpecificResource\", \"source\": \"urn:s\", "
  "\"selector\": [ " PLACE (
    11,
    14) ", { \"type\": \"TextQuoteSelector\", \"prefix\": \" \", "
        "\"exact\": \"was\", \"suffix\": \" \", \"x\": 1 }, " XPATH
        " ], \"x\": 1 }, { \"source\": \"urn:s\", \"selector\": " QUOTE
        ", \"dcterms:replaces\": { \"source\": \"urn:s\", "
        "\"selector\": [ " PLACE (
          1,
          3) ", " QUOTE " ], \"schema:sha256\": \"11\" }, \"schema:creativeWorkStatus\": \"moved\" "
             "} ] }, { \"id\": 5, "
             "\"type\": \"Annotation\", \"target\": \"urn:s\" }, { \"id\": \"my id\", \"type\": "
             "\"Annotation\", \"target\": \"urn:s\", \"bodyValue\": \"hm\", \"creator\": { "
             "\"name\": \"B\" } "
             "} ] } }\n";

static void
damage (GString *json, GRand *random)
{
  static const char *const tokens[] = {
    "\"",   "{",   "}",  "[",           "]",         ",",    ":",    "\\u0000", "\\ud800",
    "null", "1e9", "-1", "\"id\": 5, ", "\"urn:s\"", "\"\"", "\xC3", "[[[[",    "{}"
  };
  gsize at = g_rand_int_range (random, 0, json->len);
  gsize wanted = g_rand_int_range (random, 1, 60);
  gsize n = MIN (wanted, json->len - at);
  g_autofree char *part = g_strndup (json->str + at, n);

  switch (g_rand_int_range (random, 0, 5))
    {
    case 0:
      json->str[at] = g_rand_int_range (random, 1, 256);
      break;
    case 1:
      g_string_erase (json, at, n);
      break;
    case 2:
      g_string_insert (json, g_rand_int_range (random, 0, json->len), part);
      break;
    case 3:
      g_string_insert (json, at, tokens[g_rand_int_range (random, 0, G_N_ELEMENTS (tokens))]);
      break;
    default:
      /* Another value, or another key. */
      if (strchr (json->str + at, '"'))
        json->str[strchr (json->str + at, '"') - json->str + 1] =
          g_rand_int_range (random, 97, 123);
    }
}

/* However a sidecar is damaged, it is refused in a sentence or read to something that lasts. */
static void
test_damaged (void)
{
  guint n_runs = g_test_thorough () ? 300000 : 6000;
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (GRand) random = g_rand_new_with_seed (20260101);
  guint n_read = 0;

  for (guint i = 0; i < n_runs; i++)
    {
      g_autoptr (GString) json = g_string_new (rich);
      g_autoptr (GError) error = NULL;
      g_autoptr (PostilSnapshot) snapshot = NULL;

      for (int n = g_rand_int_range (random, 0, 4); n > 0; n--)
        damage (json, random);
      snapshot = read_bytes (json->str, json->len, i % 8 ? text : NULL, NULL, &error);
      if (snapshot)
        {
          n_read++;
          assert_settles (snapshot);
        }
      else
        {
          g_assert_nonnull (error);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
    }
  g_test_message ("%u of %u were read", n_read, n_runs);
  g_assert_cmpuint (n_read, >, n_runs / 10);
  g_assert_cmpuint (n_read, <, n_runs);
}

/* Wherever a sidecar is cut off, it is refused. */
static void
test_cut (void)
{
  g_autoptr (PostilText) text = make_text (prose);
  const char *end = strrchr (rich, '}');

  for (gsize n = 0; n < (gsize) (end - rich); n++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_bytes (rich, n, n % 2 ? text : NULL, NULL, &error));
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_SYNTAX);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sidecar-reader/generous", test_generous);
  g_test_add_func ("/sidecar-reader/refused", test_refused);
  g_test_add_func ("/sidecar-reader/circles", test_circles);
  g_test_add_func ("/sidecar-reader/ids", test_ids);
  g_test_add_func ("/sidecar-reader/many", test_many);
  g_test_add_func ("/sidecar-reader/labels", test_labels);
  g_test_add_func ("/sidecar-reader/source-in-place", test_source_in_place);
  g_test_add_func ("/sidecar-reader/reshaped-once", test_reshaped_once);
  g_test_add_func ("/sidecar-reader/cancelled", test_cancelled);
  g_test_add_func ("/sidecar-reader/any-file", test_any_file);
  g_test_add_func ("/sidecar-reader/samples", test_samples);
  g_test_add_func ("/sidecar-reader/damaged", test_damaged);
  g_test_add_func ("/sidecar-reader/cut", test_cut);
  return g_test_run ();
}
