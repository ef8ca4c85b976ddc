/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "postil-linking.h"
#include "postil-merge.h"
#include "postil-sidecar-finder.h"
#include "postil-sidecar-reader.h"
#include "postil-test.h"
#include "snapshot-writing.h"

#define PROSE "One sat by the harbour. Two counted the masts. Three went home.\n"
#define OTHER "At dawn there were the masts. Then a harbour, and a café 😀.\n"

static PostilText *
make_text (const char *utf8)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, utf8, -1);

  return postil_text_new (g_strdup (utf8), strlen (utf8),
                          &(PostilTextOrigin){ .charset = "UTF-8", .sha256 = sha256 });
}

static char *
write_sidecar (PostilSnapshot *snapshot, PostilSidecarStyle style)
{
  return g_string_free (write_snapshot (snapshot, style), FALSE);
}

static PostilSnapshot *
read_sidecar (const char *sidecar, PostilText *text, PostilSidecarReport *report)
{
  g_autoptr (GError) error = NULL;
  PostilSnapshot *snapshot =
    postil_sidecar_read (sidecar, strlen (sidecar), "a.json", "prose.txt", text,
                         postil_test_get_environment (), NULL, NULL, report, &error);

  g_assert_no_error (error);
  return snapshot;
}

/* A sidecar of PROSE with the annotations in @items. */
static char *
make_sidecar (const char *items)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, PROSE, -1);

  return g_strdup_printf (
    "{\n"
    "  \"@context\": \"http://www.w3.org/ns/anno.jsonld\",\n"
    "  \"id\": \"urn:x:c\",\n"
    "  \"type\": \"AnnotationCollection\",\n"
    "  \"label\": \"prose.txt\",\n"
    "  \"schema:version\": \"1\",\n"
    "  \"dcterms:source\": {\n"
    "    \"id\": \"urn:x:a\", \"type\": \"Text\", \"label\": \"prose.txt\", \"format\": "
    "\"text/plain; charset=utf-8\",\n"
    "    \"schema:sha256\": \"%s\", \"dcterms:extent\": %u\n"
    "  },\n"
    "  \"first\": {\n"
    "    \"id\": \"urn:uuid:8ef8b0c9-31df-5bda-a9b7-5c2ac2e3d9b8\", \"type\": \"AnnotationPage\", "
    "\"partOf\": \"urn:x:c\", \"startIndex\": 0,\n"
    "    \"items\": [\n%s\n"
    "    ]\n"
    "  }\n"
    "}\n",
    sha256, (guint) strlen (PROSE), items);
}

/* As g_assert_cmpstr(), but shows only where long texts differ. */
static void
assert_same_text (const char *a, const char *b)
{
  gsize at = 0;

  while (a[at] != '\0' && a[at] == b[at])
    at++;
  if (a[at] != b[at])
    g_error ("…%.300s\ndiffers from\n…%.300s", a + MAX (at, 100) - 100, b + MAX (at, 100) - 100);
}

/* The sidecar without the id of its page, which follows from another. */
static char *
cut_page_id (const char *sidecar)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("\"id\": \"[^\"]*\", \"type\": \"AnnotationPage\"", 0, 0, NULL);

  return g_regex_replace_literal (regex, sidecar, -1, 0, "…", 0, NULL);
}

/* Reads @sidecar with its text and without, and asserts that it is written as it was. */
static void
assert_round_trip (const char *sidecar)
{
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autofree char *expected = cut_page_id (sidecar);

  for (guint i = 0; i < 2; i++)
    {
      g_auto (PostilSidecarReport) report = { 0 };
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, i == 0 ? text : NULL, &report);
      g_autofree char *again = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      g_autofree char *written = cut_page_id (again);

      assert_same_text (written, expected);
      g_assert_false (report.reshape);
      g_assert_cmpuint (report.warnings->len, ==, 0);
    }
}

#define LINK_BEGIN                                                                                 \
  "      {\n"                                                                                      \
  "        \"id\": \"urn:x:1\", \"type\": \"Annotation\", \"motivation\": \"linking\",\n"          \
  "        \"created\": \"2026-01-01T00:00:00Z\",\n"
#define OTHER_SOURCE                                                                               \
  "\"source\": {\n"                                                                                \
  "            \"id\": \"urn:x:b\", \"type\": \"Text\", \"label\": \"letter.txt\",\n"              \
  "            \"schema:sha256\": "                                                                \
  "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n"                         \
  "          }"
#define BODY                                                                                       \
  "        \"body\": {\n"                                                                          \
  "          \"type\": \"SpecificResource\", " OTHER_SOURCE ",\n"                                  \
  "          \"selector\": [\n"                                                                    \
  "            { \"type\": \"TextPositionSelector\", \"start\": 19, \"end\": 28 },\n"              \
  "            { \"type\": \"TextQuoteSelector\", \"prefix\": \"At dawn there were \", "           \
  "\"exact\": \"the masts\", \"suffix\": \". Then\" }\n"                                           \
  "          ],\n"                                                                                 \
  "          \"dcterms:relation\": { \"id\": \"urn:x:7\" }\n"                                      \
  "        },\n"
#define TARGET                                                                                     \
  "        \"target\": {\n"                                                                        \
  "          \"type\": \"SpecificResource\", \"source\": \"urn:x:a\",\n"                           \
  "          \"selector\": [\n"                                                                    \
  "            { \"type\": \"TextPositionSelector\", \"start\": 36, \"end\": 45 },\n"              \
  "            { \"type\": \"TextQuoteSelector\", \"prefix\": \"sat by the harbour. Two "          \
  "counted \", \"exact\": \"the masts\", \"suffix\": \". Three went home.\\n\" }\n"                \
  "          ],\n"                                                                                 \
  "          \"dcterms:relation\": { \"id\": \"urn:x:8\" }\n"                                      \
  "        }\n"                                                                                    \
  "      }"

static const char full_link[] =
  LINK_BEGIN "        \"schema:creativeWorkStatus\": \"paired\",\n" BODY TARGET;

static PostilAnnotation *
get_only (PostilSnapshot *snapshot)
{
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 1);
  return postil_annotation_index_get (snapshot->annotations, 0);
}

static void
test_read (void)
{
  g_autofree char *sidecar = make_sidecar (full_link);
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text, NULL);
  PostilAnnotation *annotation = get_only (snapshot);
  PostilLink *link = postil_annotation_get_link (annotation);
  PostilAnchor *passage = postil_link_get_passage (link);
  PostilAnnotationFields fields;
  const PostilSelector *selectors;
  guint n_selectors;

  postil_annotation_get_fields (annotation, &fields);
  g_assert_cmpint (fields.kind, ==, POSTIL_ANNOTATION_LINK);
  g_assert_cmpint (fields.status, ==, POSTIL_STATUS_PLACED);
  g_assert_cmpuint (fields.n_spans, ==, 1);
  g_assert_cmpuint (fields.spans[0].start, ==, 36);
  g_assert_null (fields.foreign);
  g_assert_cmpint (postil_link_get_kind (link), ==, POSTIL_LINK_PAIRED);
  g_assert_cmpstr (postil_link_get_label (link), ==, "letter.txt");
  g_assert_cmpstr (postil_link_get_from (link), ==, "urn:x:7");
  g_assert_cmpstr (postil_link_get_to (link), ==, "urn:x:8");
  g_assert_cmpstr (postil_anchor_get_source (passage), ==, "urn:x:b");
  g_assert_cmpstr (postil_anchor_get_sha256 (passage), ==,
                   "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  selectors = postil_anchor_get_selectors (passage, &n_selectors);
  g_assert_cmpuint (n_selectors, ==, 1);
  g_assert_cmpuint (selectors[0].position.end, ==, 28);
  g_assert_cmpstr (selectors[0].exact, ==, "the masts");
  g_assert_cmpstr (selectors[0].suffix, ==, ". Then");
}

/* What Postil makes, in the layout that it writes. */
static void
test_layout (void)
{
  static const PostilSpan ranges[] = { { 0, 7 }, { 30, 35 } };
  g_autoptr (PostilWorkspace) workspace = postil_test_workspace_new ();
  g_autoptr (PostilDocument) a = postil_test_document_new ("prose.txt", PROSE);
  g_autoptr (PostilDocument) b = postil_test_document_new ("letter.txt", OTHER);
  g_autoptr (PostilStep) step = postil_step_new ("Link");
  g_autoptr (PostilSnapshot) snapshot = NULL, again = NULL;
  g_autofree char *written = NULL, *rewritten = NULL, *in_place = NULL;
  const char *body;
  PostilSpan near = { 36, 45 }, cafe = { 52, 58 };

  postil_workspace_add_document (workspace, a);
  postil_workspace_add_document (workspace, b);
  g_free (postil_linking_add (workspace, step, POSTIL_LINK_PLAIN, b, &cafe, 1, "urn:x:7", a, ranges,
                              2, "urn:x:8"));
  g_free (postil_linking_add (workspace, step, POSTIL_LINK_DISMISSED, b, ranges, 2, NULL, a, &near,
                              1, NULL));
  postil_workspace_commit (workspace, step, NULL);
  g_free (postil_test_annotate (workspace, a, 50, 55, NULL, "later than the links"));
  snapshot = postil_document_snapshot (a, postil_workspace_get_codebook (workspace));
  written = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);

  body = strstr (written, "\"schema:creativeWorkStatus\": \"dismissed\",\n        \"body\": [\n"
                          "          {\n            \"type\": \"SpecificResource\", \"source\": {");
  g_assert_nonnull (body);
  g_assert_nonnull (strstr (body, "\"type\": \"Text\", \"label\": \"letter.txt\",\n"));
  g_assert_nonnull (strstr (written, "\"exact\": \"café 😀\""));
  g_assert_nonnull (strstr (written, "\"dcterms:relation\": { \"id\": \"urn:x:7\" }"));
  /* Links come last. */
  g_assert_true (strstr (written, "later than the links") < strstr (written, "\"linking\""));

  again = read_sidecar (written, postil_document_get_text (a), NULL);
  rewritten = write_sidecar (again, POSTIL_SIDECAR_STYLE_NATIVE);
  assert_same_text (rewritten, written);
  for (guint i = 0; i < 3; i++)
    {
      PostilAnnotation *one = postil_annotation_index_get (snapshot->annotations, i);
      PostilAnnotation *other = postil_annotation_index_get (again->annotations, i);

      g_assert_true (postil_annotation_equal (one, other));
    }
  in_place = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_IN_PLACE);
  g_assert_nonnull (strstr (in_place, "\"linking\""));
}

/* Foreign members of all its parts return to their places. */
static void
test_round_trip (void)
{
  static const char *const links[] = {
    full_link,
    LINK_BEGIN "        \"schema:creativeWorkStatus\": \"dismissed\",\n" BODY TARGET,
    LINK_BEGIN BODY TARGET,
    /* A status that is none of these, and relations that say more. */
    LINK_BEGIN "        \"schema:creativeWorkStatus\": \"considered\",\n"
               "        \"body\": {\n"
               "          \"type\": \"SpecificResource\",\n"
               "          \"purpose\": \"linking\",\n"
               "          \"source\": {\n"
               "            \"id\": \"urn:x:b\", \"type\": \"Text\", \"label\": [ \"letter\" ], "
               "\"format\": \"text/html\", \"language\": \"en\",\n"
               "            \"x:size\": 1e400\n"
               "          },\n"
               "          \"selector\": [\n"
               "            { \"type\": \"TextQuoteSelector\", \"exact\": \"the masts\", "
               "\"x:score\": 1 },\n"
               "            { \"type\": \"XPathSelector\", \"value\": \"/p[1]\" }\n"
               "          ],\n"
               "          \"schema:creativeWorkStatus\": \"moved\",\n"
               "          \"dcterms:relation\": { \"id\": \"urn:x:7\", \"label\": \"it\" },\n"
               "          \"styleClass\": \"blue\"\n"
               "        },\n"
               "        \"target\": {\n"
               "          \"type\": \"SpecificResource\", \"source\": \"urn:x:a\",\n"
               "          \"selector\": [\n"
               "            { \"type\": \"TextPositionSelector\", \"start\": 36, \"end\": 45 },\n"
               "            { \"type\": \"TextQuoteSelector\", \"prefix\": \"sat by the harbour. "
               "Two counted \", \"exact\": \"the masts\", \"suffix\": \". Three went home.\\n\" }\n"
               "          ],\n"
               "          \"dcterms:relation\": [ \"urn:x:8\" ]\n"
               "        },\n"
               "        \"x:mine\": { \"a\": [] }\n"
               "      }",
    /* Several ranges, of which the second tells more of its source. */
    LINK_BEGIN "        \"body\": [\n"
               "          {\n"
               "            \"type\": \"SpecificResource\", \"source\": {\n"
               "              \"id\": \"urn:x:b\", \"type\": \"Text\"\n"
               "            },\n"
               "            \"selector\": [\n"
               "              { \"type\": \"TextPositionSelector\", \"start\": 40, \"end\": 50 }\n"
               "            ]\n"
               "          },\n"
               "          {\n"
               "            \"type\": \"SpecificResource\", \"source\": { \"id\": \"urn:x:b\" },\n"
               "            \"selector\": [\n"
               "              { \"type\": \"TextPositionSelector\", \"start\": 3, \"end\": 7, "
               "\"x:b\": 2 }\n"
               "            ]\n"
               "          }\n"
               "        ],\n" TARGET,
  };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *sidecar = make_sidecar (links[i]);
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, NULL, NULL);

      g_test_message ("case %u", i);
      g_assert_cmpint (postil_annotation_get_kind (get_only (snapshot)), ==,
                       POSTIL_ANNOTATION_LINK);
      assert_round_trip (sidecar);
    }
}

#define HOSTILE(body) "\"motivation\": \"linking\", \"body\": " body ", \"target\": " SMALL_TARGET
#define SMALL_TARGET                                                                               \
  "{ \"source\": \"urn:x:a\", \"selector\": [ { \"type\": \"TextPositionSelector\", \"start\": "   \
  "36, \"end\": 45 } ] }"
#define SELECTOR "\"selector\": [ { \"type\": \"TextQuoteSelector\", \"exact\": \"x\" } ]"
#define SMALL_BODY                                                                                 \
  "{ \"type\": \"SpecificResource\", \"source\": { \"id\": \"urn:x:b\" }, " SELECTOR " }"

/* What is no link that Postil makes use of stays as it came. */
static void
test_foreign (void)
{
  static const char *const links[] = {
    HOSTILE ("\"http://example.org/\""),
    HOSTILE ("[]"),
    HOSTILE ("7"),
    HOSTILE ("{}"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:b\" }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:b\", \"selector\": [] }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:b\", \"selector\": [ { "
             "\"type\": \"XPathSelector\", \"value\": \"/\" } ] }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:b\", \"selector\": [ { "
             "\"type\": \"TextPositionSelector\", \"start\": 9, \"end\": 3 } ] }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:b\", \"selector\": [ { "
             "\"type\": \"TextPositionSelector\", \"start\": -1, \"end\": 99999999999 } ] }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"no iri\", " SELECTOR " }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": 5, " SELECTOR " }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": {}, " SELECTOR " }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": { \"id\": \"\\ud800:x\" }, " SELECTOR
             " }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", " SELECTOR " }"),
    HOSTILE ("{ \"type\": \"Choice\", \"source\": \"urn:x:b\", " SELECTOR " }"),
    HOSTILE ("{ \"type\": \"TextualBody\", \"value\": \"see there\" }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"purpose\": \"classifying\", \"source\": "
             "\"urn:x:b\", " SELECTOR " }"),
    /* Of its own document, and of two others. */
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:a\", " SELECTOR " }"),
    HOSTILE ("[ " SMALL_BODY
             ", { \"type\": \"SpecificResource\", \"source\": \"urn:x:d\", " SELECTOR " } ]"),
    HOSTILE ("[ " SMALL_BODY ", { \"type\": \"TextualBody\", \"value\": \"and a note\" } ]"),
    HOSTILE ("[ " SMALL_BODY ", \"urn:x:b\" ]"),
    "\"motivation\": [ \"linking\", \"commenting\" ], \"body\": " SMALL_BODY
    ", \"target\": " SMALL_TARGET,
    "\"motivation\": \"linking\", \"body\": " SMALL_BODY ", \"target\": \"urn:x:a\"",
    "\"motivation\": \"linking\", \"body\": " SMALL_BODY ", \"target\": \"urn:x:d\"",
    "\"motivation\": \"linking\", \"body\": " SMALL_BODY,
    "\"motivation\": \"linking\", \"bodyValue\": \"x\", \"target\": " SMALL_TARGET,
    "\"motivation\": \"linking\", \"target\": " SMALL_TARGET,
  };
  g_autoptr (PostilText) text = make_text (PROSE);

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *item =
        g_strdup_printf ("      { \"id\": \"urn:x:1\", \"type\": \"Annotation\", %s }", links[i]);
      g_autofree char *sidecar = make_sidecar (item);
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text, NULL);
      g_autofree char *again = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);

      g_test_message ("case %u", i);
      g_assert_cmpint (postil_annotation_get_kind (get_only (snapshot)), ==,
                       POSTIL_ANNOTATION_FOREIGN);
      g_assert_null (postil_annotation_get_link (get_only (snapshot)));
      g_assert_nonnull (strstr (again, item));
    }
}

/* Others write members in any order, and what Postil shortens is copied aside first. */
static void
test_other_shapes (void)
{
  static const char *const links[] = {
    "\"target\": " SMALL_TARGET ", \"body\": " SMALL_BODY ", \"motivation\": \"linking\"",
    "\"motivation\": \"linking\", \"body\": [ " SMALL_BODY " ], \"target\": [ " SMALL_TARGET " ]",
    "\"motivation\": \"linking\", \"body\": { \"selector\": { \"exact\": \"x\", \"type\": "
    "\"TextQuoteSelector\" }, \"source\": \"urn:x:b\", \"type\": \"SpecificResource\" }, "
    "\"target\": " SMALL_TARGET,
  };
  g_autoptr (PostilText) text = make_text (PROSE);

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_auto (PostilSidecarReport) report = { 0 };
      g_autofree char *item =
        g_strdup_printf ("{ \"id\": \"urn:x:1\", \"type\": \"Annotation\", %s }", links[i]);
      g_autofree char *sidecar = make_sidecar (item);
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text, &report), again = NULL;
      g_autofree char *written = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);

      g_test_message ("case %u", i);
      g_assert_cmpint (postil_annotation_get_kind (get_only (snapshot)), ==,
                       POSTIL_ANNOTATION_LINK);
      g_assert_cmpint (report.reshape, ==, i > 0);
      again = read_sidecar (written, text, NULL);
      g_assert_true (postil_annotation_equal (get_only (snapshot), get_only (again)));
      assert_round_trip (written);
    }
}

static void
test_duplicate (void)
{
  static const char *const links[] = {
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": { \"id\": \"urn:x:b\", \"id\": "
             "\"urn:x:b\" }, " SELECTOR " }"),
    HOSTILE ("{ \"type\": \"SpecificResource\", \"source\": \"urn:x:b\", \"source\": "
             "\"urn:x:b\", " SELECTOR " }"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *item =
        g_strdup_printf ("{ \"id\": \"urn:x:1\", \"type\": \"Annotation\", %s }", links[i]);
      g_autofree char *sidecar = make_sidecar (item);
      g_autoptr (GError) error = NULL;

      g_assert_null (postil_sidecar_read (sidecar, strlen (sidecar), "a.json", NULL, NULL,
                                          postil_test_get_environment (), NULL, NULL, NULL,
                                          &error));
      g_assert_nonnull (error);
    }
}

/* The text changed while no one looked: its own passage is placed anew, the other stays. */
static void
test_changed_text (void)
{
  g_autofree char *sidecar = make_sidecar (full_link);
  g_autoptr (PostilText) moved = make_text ("Zero. Two counted the masts. Three went home.\n"
                                            "One sat by the harbour.\n");
  g_autoptr (PostilText) gone = make_text ("Nothing that was there has been left in it.\n");
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autoptr (PostilSnapshot) before = read_sidecar (sidecar, text, NULL);
  PostilText *const texts[] = { moved, gone };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, texts[i], NULL), again = NULL;
      g_autofree char *written = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      g_autofree char *rewritten = NULL;
      PostilAnnotation *annotation = get_only (snapshot);
      guint n_spans;
      const PostilSpan *spans = postil_annotation_get_spans (annotation, &n_spans);

      g_assert_cmpint (postil_annotation_get_kind (annotation), ==, POSTIL_ANNOTATION_LINK);
      g_assert_true (postil_link_equal (postil_annotation_get_link (annotation),
                                        postil_annotation_get_link (get_only (before))));
      g_assert_cmpuint (n_spans, ==, i == 0);
      if (i == 0)
        g_assert_cmpuint (spans[0].start, ==, 18);
      else
        g_assert_cmpint (postil_annotation_get_status (annotation), ==, POSTIL_STATUS_ORPHANED);
      g_assert_nonnull (strstr (written, "\"dcterms:relation\": { \"id\": \"urn:x:8\" }"));
      again = read_sidecar (written, texts[i], NULL);
      rewritten = write_sidecar (again, POSTIL_SIDECAR_STYLE_NATIVE);
      assert_same_text (rewritten, written);
    }
}

/* The link of test_read(), changed. */
typedef struct
{
  gboolean exists;
  PostilLinkKind kind;
  guint start;
  gint64 modified;
  const char *label;
} State;

static PostilSnapshot *
make_state (PostilSnapshot *snapshot, const State *state)
{
  PostilAnnotationFields fields;
  PostilLink *link = postil_annotation_get_link (get_only (snapshot));
  PostilSpan span = { state->start, state->start + 5 };
  g_autoptr (PostilLink) changed = postil_link_new (
    state->kind, postil_link_get_passage (link), state->label, postil_link_get_from (link), NULL);
  g_autoptr (PostilAnnotation) annotation = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  PostilSnapshot made = *snapshot;

  postil_annotation_get_fields (get_only (snapshot), &fields);
  fields.link = changed;
  fields.spans = &span;
  fields.modified = state->modified;
  annotation = postil_annotation_new (&fields);
  index = postil_annotation_index_new (&annotation, state->exists);
  made.annotations = index;
  return postil_snapshot_new (&made);
}

static void
test_merge (void)
{
  static const struct
  {
    State sides[3];
    State result;
  } cases[] = {
    /* One side changed it. */
    { { { TRUE, 1, 0, 0, "x" }, { TRUE, 2, 0, 9, "x" }, { TRUE, 1, 0, 0, "x" } },
      { TRUE, 2, 0, 9, "x" } },
    /* Both did: what is not the same of both, and what is, where the later one counts. */
    { { { TRUE, 1, 0, 0, "x" }, { TRUE, 2, 0, 9, "x" }, { TRUE, 1, 7, 5, "x" } },
      { TRUE, 2, 7, 9, "x" } },
    { { { TRUE, 1, 0, 0, "x" }, { TRUE, 2, 0, 9, "x" }, { TRUE, 0, 0, 11, "x" } },
      { TRUE, 0, 0, 11, "x" } },
    { { { TRUE, 1, 0, 0, "x" }, { TRUE, 1, 3, 9, "x" }, { TRUE, 1, 5, 8, "x" } },
      { TRUE, 1, 3, 9, "x" } },
    { { { TRUE, 1, 0, 0, "x" }, { TRUE, 1, 3, 9, "x" }, { TRUE, 1, 5, 9, "x" } },
      { TRUE, 1, 5, 9, "x" } },
    { { { FALSE, 0, 0, 0, "x" }, { TRUE, 1, 0, 9, "x" }, { TRUE, 2, 0, 8, "x" } },
      { TRUE, 1, 0, 9, "x" } },
    /* An edit beats a deletion, but to follow a text is no edit. */
    { { { TRUE, 1, 0, 0, "x" }, { FALSE, 0, 0, 0, "x" }, { TRUE, 2, 0, 5, "x" } },
      { TRUE, 2, 0, 5, "x" } },
    { { { TRUE, 1, 0, 0, "x" }, { FALSE, 0, 0, 0, "x" }, { TRUE, 1, 4, 0, "y" } },
      { FALSE, 0, 0, 0, "x" } },
  };
  g_autofree char *sidecar = make_sidecar (full_link);
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PostilSnapshot) base = make_state (snapshot, &cases[i].sides[0]);
      g_autoptr (PostilSnapshot) ours = make_state (snapshot, &cases[i].sides[1]);
      g_autoptr (PostilSnapshot) theirs = make_state (snapshot, &cases[i].sides[2]);
      g_autoptr (PostilSnapshot) expected = make_state (snapshot, &cases[i].result);
      g_autofree char *right = write_sidecar (expected, POSTIL_SIDECAR_STYLE_NATIVE);
      guint n_conflicts;

      g_test_message ("case %u", i);
      for (guint order = 0; order < 4; order++)
        {
          g_autoptr (PostilSnapshot) merged = order % 2 == 0
                                                ? postil_merge (base, ours, theirs, &n_conflicts)
                                                : postil_merge (base, theirs, ours, &n_conflicts);
          g_autoptr (PostilSnapshot) again =
            order < 2 ? postil_snapshot_ref (merged) : postil_merge (base, merged, theirs, NULL);
          g_autofree char *result = write_sidecar (again, POSTIL_SIDECAR_STYLE_NATIVE);

          assert_same_text (result, right);
          g_assert_cmpuint (n_conflicts, ==, 0);
        }
    }
}

static void
assert_merges_to (PostilSnapshot *base,
                  PostilSnapshot *ours,
                  PostilSnapshot *theirs,
                  const char *expected)
{
  g_autoptr (PostilSnapshot) merged = postil_merge (base, ours, theirs, NULL);
  g_autofree char *written = write_sidecar (merged, POSTIL_SIDECAR_STYLE_NATIVE);

  assert_same_text (written, expected);
}

/* Whatever the sides made of it: their order changes nothing, nor does merging again. */
static void
test_merge_random (void)
{
  static const char *const labels[] = { "x", "y", NULL };
  g_autofree char *sidecar = make_sidecar (full_link);
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text, NULL);
  GRand *random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (PostilSnapshot) merged = NULL;
      g_autofree char *result = NULL;
      PostilSnapshot *sides[3];

      for (guint side = 0; side < 3; side++)
        {
          State state = {
            .exists = g_rand_int_range (random, 0, 4) > 0,
            .kind = g_rand_int_range (random, 0, 3),
            .start = g_rand_int_range (random, 0, 3),
            .modified = g_rand_int_range (random, 0, 3),
            .label = labels[g_rand_int_range (random, 0, 3)],
          };

          sides[side] = make_state (snapshot, &state);
        }
      merged = postil_merge (sides[0], sides[1], sides[2], NULL);
      result = write_sidecar (merged, POSTIL_SIDECAR_STYLE_NATIVE);
      assert_merges_to (sides[0], sides[2], sides[1], result);
      assert_merges_to (sides[0], merged, sides[1], result);
      assert_merges_to (sides[0], merged, sides[2], result);
      assert_merges_to (merged, merged, merged, result);
      for (guint side = 0; side < 3; side++)
        postil_snapshot_unref (sides[side]);
    }
  g_rand_free (random);
}

/* What is a link on one side alone is another thing there, and kept as such. */
static void
test_merge_kinds (void)
{
  g_autofree char *sidecar = make_sidecar (full_link);
  g_autofree char *highlight = make_sidecar (
    "      { \"id\": \"urn:x:1\", \"type\": \"Annotation\", \"motivation\": "
    "\"highlighting\", \"modified\": \"2026-02-02T00:00:00Z\", \"target\": " SMALL_TARGET " }");
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autoptr (PostilSnapshot) ours = read_sidecar (sidecar, text, NULL);
  g_autoptr (PostilSnapshot) theirs = read_sidecar (highlight, text, NULL);
  g_autoptr (PostilSnapshot) one = postil_merge (NULL, ours, theirs, NULL);
  g_autoptr (PostilSnapshot) other = postil_merge (NULL, theirs, ours, NULL);
  g_autofree char *x = write_sidecar (one, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autofree char *y = write_sidecar (other, POSTIL_SIDECAR_STYLE_NATIVE);

  assert_same_text (x, y);
  g_assert_cmpuint (postil_annotation_index_get_size (one->annotations), ==, 2);
  g_assert_cmpuint (postil_annotation_index_get_n_shown (one->annotations), ==, 1);
}

/* A document of its own has ids of its own, also where its links name its annotations. */
static void
test_set_apart (void)
{
  g_autofree char *both = g_strconcat (
    "      { \"id\": \"urn:x:8\", \"type\": \"Annotation\", \"motivation\": \"highlighting\", "
    "\"target\": " SMALL_TARGET " },\n",
    full_link, NULL);
  g_autofree char *sidecar = make_sidecar (both);
  g_autoptr (PostilText) text = make_text (PROSE);
  g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text, NULL);
  g_autoptr (PostilSnapshot) apart =
    postil_sidecar_finder_set_apart (snapshot, postil_test_get_environment ());
  PostilAnnotation *shown = postil_annotation_index_get (apart->annotations, 0);
  PostilLink *link =
    postil_annotation_get_link (postil_annotation_index_get (apart->annotations, 1));

  g_assert_cmpstr (postil_annotation_get_id (shown), !=, "urn:x:8");
  g_assert_cmpstr (postil_link_get_to (link), ==, postil_annotation_get_id (shown));
  g_assert_cmpstr (postil_link_get_from (link), ==, "urn:x:7");
  g_assert_cmpstr (postil_anchor_get_source (postil_link_get_passage (link)), ==, "urn:x:b");
}

/* Thousands, among them such as point anywhere. */
static void
test_many (void)
{
  g_autoptr (GString) items = g_string_new (NULL);
  g_autoptr (PostilText) text = make_text (PROSE), other = make_text (OTHER);
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GPtrArray) links = g_ptr_array_new (), found = NULL;
  g_autofree char *sidecar = NULL;
  guint n_found = 0;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (
      items,
      "%s{ \"id\": \"urn:x:%05u\", \"type\": \"Annotation\", \"motivation\": \"linking\", "
      "\"body\": { \"type\": \"SpecificResource\", \"source\": { \"id\": \"urn:x:b\", "
      "\"schema:sha256\": \"%s\" }, \"selector\": [ { \"type\": \"TextPositionSelector\", "
      "\"start\": %u, \"end\": %u } ] }, \"target\": " SMALL_TARGET " }",
      i > 0 ? ",\n" : "", i, i % 2 == 0 ? postil_text_get_sha256 (other) : "00", i % 100,
      i % 100 + i % 7);
  sidecar = make_sidecar (items->str);
  snapshot = read_sidecar (sidecar, text, NULL);
  g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 5000);
  g_assert_cmpuint (postil_annotation_index_get_n_shown (snapshot->annotations), ==, 0);
  for (guint i = 0; i < 5000; i++)
    g_ptr_array_add (
      links, postil_annotation_get_link (postil_annotation_index_get (snapshot->annotations, i)));
  found = postil_linking_resolve_all (links, other, NULL);
  for (guint i = 0; i < 5000; i++)
    {
      GArray *spans = found->pdata[i];
      guint start = i % 100, end = i % 100 + i % 7;

      n_found += spans != NULL;
      g_assert_true (spans == NULL || i % 2 == 0);
      if (spans)
        g_assert_true (
          postil_span_equal (g_array_index (spans, PostilSpan, 0), (PostilSpan){ start, end }) &&
          end <= postil_text_get_length (other));
    }
  g_assert_cmpuint (n_found, >, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sidecar-links/read", test_read);
  g_test_add_func ("/sidecar-links/layout", test_layout);
  g_test_add_func ("/sidecar-links/round-trip", test_round_trip);
  g_test_add_func ("/sidecar-links/foreign", test_foreign);
  g_test_add_func ("/sidecar-links/other-shapes", test_other_shapes);
  g_test_add_func ("/sidecar-links/duplicate", test_duplicate);
  g_test_add_func ("/sidecar-links/changed-text", test_changed_text);
  g_test_add_func ("/sidecar-links/merge", test_merge);
  g_test_add_func ("/sidecar-links/merge-random", test_merge_random);
  g_test_add_func ("/sidecar-links/merge-kinds", test_merge_kinds);
  g_test_add_func ("/sidecar-links/set-apart", test_set_apart);
  g_test_add_func ("/sidecar-links/many", test_many);
  return g_test_run ();
}
