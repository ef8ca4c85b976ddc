/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "postil-json-scanner.h"
#include "postil-sidecar-reader.h"
#include "postil-test.h"
#include "snapshot-writing.h"

#define ID(last) "urn:uuid:6f1d6c4e-0b4a-4f5e-9a57-2a2f0a4f" last

static const char prose[] =
  "the café 😀 was closed.\r\nA \"second\" line\\, 会議\tend; 👩‍👩‍👧 again.\n";

/* The same with a word put in, and all of it further down. */
static const char edited_prose[] = "One: the café 😀 was quite closed.\r\nA \"second\" line\\, "
                                   "会議\tend; 👩‍👩‍👧 again.\n";

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
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

/* What was read without its text is written as it was. */
static void
assert_same_without_text (const GString *sidecar)
{
  g_autoptr (GString) again = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  snapshot = postil_sidecar_read (sidecar->str, sidecar->len, "a.json", NULL, NULL,
                                  postil_test_get_environment (), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  again = write_snapshot (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  assert_same_text (again->str, sidecar->str);
}

static GString *
write_sidecar (PostilSnapshot *snapshot, PostilSidecarStyle style)
{
  GString *sidecar = write_snapshot (snapshot, style);

  if (style == POSTIL_SIDECAR_STYLE_NATIVE)
    assert_same_without_text (sidecar);
  return sidecar;
}

static PostilSnapshot *
read_sidecar (const GString *sidecar, PostilText *text)
{
  g_autoptr (GError) error = NULL;
  PostilSnapshot *snapshot =
    postil_sidecar_read (sidecar->str, sidecar->len, "a.json", "prose.txt", text,
                         postil_test_get_environment (), NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return snapshot;
}

/* A link of two ranges with a decision, or one of one range between two annotations. */
static PostilAnnotation *
make_link (gboolean decided)
{
  static const PostilSelector selectors[] = {
    { TRUE, { 3, 9 }, "a \"café\"", "in ", " by" },
    { TRUE, { 14, 20 }, "会議 😀", NULL, NULL },
  };
  static const PostilSpan ranges[] = { { 4, 10 }, { 15, 21 } };
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "other", -1);
  g_autoptr (PostilAnchor) passage =
    postil_anchor_new (selectors, decided ? 2 : 1, decided ? sha256 : NULL, ID ("3a31"));
  g_autoptr (PostilLink) link = postil_link_new (
    decided ? POSTIL_LINK_PAIRED : POSTIL_LINK_PLAIN, passage, decided ? "other.txt" : NULL,
    decided ? NULL : ID ("3a40"), decided ? NULL : ID ("3a03"));

  return postil_annotation_new (&(PostilAnnotationFields){
    .id = decided ? ID ("3a06") : ID ("3a07"),
    .kind = POSTIL_ANNOTATION_LINK,
    .creator = ID ("3a10"),
    .created = 1767225600,
    .modified = decided ? 1767312000 : 0,
    .spans = ranges,
    .n_spans = decided ? 1 : 2,
    .link = link,
  });
}

/* A snapshot with one of everything that Postil can make, less what only a changed text brings. */
static PostilSnapshot *
make_snapshot (PostilText *text)
{
  static const char *const several[] = { ID ("3a20"), ID ("3a21"), ID ("3a23") };
  static const PostilSpan ranges[] = { { 4, 10 }, { 15, 21 } };
  static const PostilSpan all_lines[] = { { 0, 22 } };
  g_autoptr (GPtrArray) annotators =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (GPtrArray) annotations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (PostilNote) own = postil_note_new ("why \"here\"?\n😀", ID ("3a10"), 1767225600, NULL);
  g_autoptr (PostilNote) other = postil_note_new ("because", ID ("3a11"), 1767312000, NULL);
  PostilNote *const notes[] = { own, other };
  g_autoptr (PostilAnnotationIndex) index = NULL;

  g_ptr_array_add (annotators, postil_annotator_new (ID ("3a10"), "Annotator 1", NULL));
  g_ptr_array_add (annotators, postil_annotator_new (ID ("3a11"), "Annotator \"2\"", NULL));
  g_ptr_array_add (topics, postil_topic_new (&(PostilTopicFields){
                             .id = ID ("3a20"),
                             .label = "Trust",
                             .definition = "Relying on\nanother",
                             .broader = ID ("3a21"),
                             .color = "#e5a50a",
                             .modified = 1767225600,
                           }));
  g_ptr_array_add (topics,
                   postil_topic_new (&(PostilTopicFields){ .id = ID ("3a21"), .label = "会議" }));
  g_ptr_array_add (topics, postil_topic_new (&(PostilTopicFields){
                             .id = ID ("3a23"), .label = "Trust", .broader = ID ("3a20") }));
  g_ptr_array_add (topics, postil_topic_new (&(PostilTopicFields){
                             .id = ID ("3a22"),
                             .label = "Gone",
                             .modified = 1767225600,
                             .deprecated = TRUE,
                           }));

  g_ptr_array_add (annotations, postil_annotation_new (&(PostilAnnotationFields){
                                  .id = ID ("3a02"),
                                  .kind = POSTIL_ANNOTATION_DOCUMENT,
                                  .creator = ID ("3a10"),
                                  .created = 1767225600,
                                  .notes = notes,
                                  .n_notes = 2,
                                }));
  g_ptr_array_add (annotations, postil_annotation_new (&(PostilAnnotationFields){
                                  .id = ID ("3a03"),
                                  .creator = ID ("3a10"),
                                  .created = 1767225600,
                                  .modified = 1767312000,
                                  .version_of = ID ("3a04"),
                                  .spans = ranges,
                                  .n_spans = 1,
                                  .topics = several,
                                  .n_topics = 3,
                                  .notes = notes,
                                  .n_notes = 1,
                                }));
  g_ptr_array_add (annotations, postil_annotation_new (&(PostilAnnotationFields){
                                  .id = ID ("3a04"),
                                  .spans = ranges,
                                  .n_spans = 2,
                                  .topics = several,
                                  .n_topics = 1,
                                }));
  g_ptr_array_add (annotations, postil_annotation_new (&(PostilAnnotationFields){
                                  .id = ID ("3a05"),
                                  .creator = ID ("3a11"),
                                  .created = -1,
                                  .spans = all_lines,
                                  .n_spans = 1,
                                }));
  g_ptr_array_add (annotations, make_link (TRUE));
  g_ptr_array_add (annotations, make_link (FALSE));
  index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  return postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) ID ("3a30"),
    .collection = (char *) ID ("3a01"),
    .label = (char *) "prose.txt",
    .language = (char *) "en",
    .text = text,
    .annotations = index,
    .annotators = annotators,
    .topics = topics,
  });
}

static PostilSnapshot *
make_empty (PostilText *text, GPtrArray *topics)
{
  return postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) (text ? ID ("3a30") : NULL),
    .collection = (char *) ID ("3a01"),
    .label = (char *) "empty.txt",
    .text = text,
    .topics = topics,
  });
}

/* The sidecar of a text that became @now since @before. */
static GString *
write_after_change (const char *now)
{
  g_autoptr (PostilText) before = make_text (prose);
  g_autoptr (PostilSnapshot) first = make_snapshot (before);
  g_autoptr (GString) sidecar = write_sidecar (first, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (PostilText) text = make_text (now);
  g_autoptr (PostilSnapshot) second = read_sidecar (sidecar, text);

  return write_sidecar (second, POSTIL_SIDECAR_STYLE_NATIVE);
}

static void
test_layout (void)
{
  static const char expected[] =
    "{\n"
    "  \"@context\": \"http://www.w3.org/ns/anno.jsonld\",\n"
    "  \"id\": \"urn:a\",\n"
    "  \"type\": \"AnnotationCollection\",\n"
    "  \"label\": \"a.txt\",\n"
    "  \"schema:version\": \"1\",\n"
    "  \"creator\": [\n"
    "    { \"id\": \"urn:p\", \"type\": \"Person\", \"name\": \"Annotator 1\" }\n"
    "  ],\n"
    "  \"dcterms:source\": {\n"
    "    \"id\": \"urn:s\", \"type\": \"Text\", \"label\": \"a.txt\", \"format\": \"text/plain; "
    "charset=utf-8\", \"language\": \"en\",\n"
    "    \"schema:sha256\": \"0f\", \"dcterms:extent\": 14\n"
    "  },\n"
    "  \"dcterms:subject\": [\n"
    "    { \"id\": \"urn:t\", \"type\": \"skos:Concept\", \"skos:prefLabel\": \"Trust\", "
    "\"skos:definition\": \"…\", \"skos:broader\": { \"id\": \"urn:u\" }, \"schema:color\": "
    "\"#e5a50a\", \"modified\": \"2026-01-01T00:00:00Z\", \"owl:deprecated\": true }\n"
    "  ],\n"
    "  \"first\": {\n"
    "    \"id\": \"urn:uuid:6bb06f75-808e-5a06-baa7-ee07203ffd74\", \"type\": \"AnnotationPage\", "
    "\"partOf\": \"urn:a\", \"startIndex\": 0,\n"
    "    \"items\": [\n"
    "      {\n"
    "        \"id\": \"urn:1\", \"type\": \"Annotation\", \"motivation\": \"classifying\",\n"
    "        \"created\": \"2026-01-01T00:00:00Z\", \"modified\": \"2026-01-02T00:00:00Z\", "
    "\"creator\": \"urn:p\",\n"
    "        \"body\": [\n"
    "          { \"type\": \"SpecificResource\", \"purpose\": \"classifying\", \"source\": "
    "\"urn:t\" },\n"
    "          { \"type\": \"TextualBody\", \"purpose\": \"commenting\", \"format\": "
    "\"text/plain\", \"value\": \"why here?\" }\n"
    "        ],\n"
    "        \"target\": {\n"
    "          \"type\": \"SpecificResource\", \"source\": \"urn:s\",\n"
    "          \"selector\": [\n"
    "            { \"type\": \"TextPositionSelector\", \"start\": 4, \"end\": 10 },\n"
    "            { \"type\": \"TextQuoteSelector\", \"prefix\": \"the \", \"exact\": \"café 😀\", "
    "\"suffix\": \" was\" }\n"
    "          ]\n"
    "        }\n"
    "      }\n"
    "    ]\n"
    "  }\n"
    "}\n";
  static const char utf8[] = "the café 😀 was";
  static const PostilSpan span = { 4, 10 };
  static const char *const topic = "urn:t";
  g_autoptr (PostilText) text =
    postil_text_new (g_strdup (utf8), strlen (utf8), &(PostilTextOrigin){ .sha256 = "0f" });
  g_autoptr (PostilNote) note = postil_note_new ("why here?", "urn:p", 1767225600, NULL);
  g_autoptr (PostilAnnotation) annotation = postil_annotation_new (&(PostilAnnotationFields){
    .id = "urn:1",
    .creator = "urn:p",
    .created = 1767225600,
    .modified = 1767312000,
    .spans = &span,
    .n_spans = 1,
    .topics = &topic,
    .n_topics = 1,
    .notes = &note,
    .n_notes = 1,
  });
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_new (&annotation, 1);
  g_autoptr (GPtrArray) annotators =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GString) sidecar = NULL;

  g_ptr_array_add (annotators, postil_annotator_new ("urn:p", "Annotator 1", NULL));
  g_ptr_array_add (topics, postil_topic_new (&(PostilTopicFields){
                             .id = "urn:t",
                             .label = "Trust",
                             .definition = "…",
                             .broader = "urn:u",
                             .color = "#e5a50a",
                             .modified = 1767225600,
                             .deprecated = TRUE,
                           }));
  snapshot = postil_snapshot_new (&(PostilSnapshot){
    .id = (char *) "urn:s",
    .collection = (char *) "urn:a",
    .label = (char *) "a.txt",
    .language = (char *) "en",
    .text = text,
    .annotations = index,
    .annotators = annotators,
    .topics = topics,
  });
  sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_assert_cmpstr (sidecar->str, ==, expected);
}

static void
assert_same_annotations (PostilSnapshot *a, PostilSnapshot *b)
{
  guint n = postil_annotation_index_get_size (a->annotations);

  g_assert_cmpuint (postil_annotation_index_get_size (b->annotations), ==, n);
  for (guint i = 0; i < n; i++)
    {
      PostilAnnotation *x = postil_annotation_index_get (a->annotations, i);
      PostilAnnotation *y = postil_annotation_index_get (b->annotations, i);

      if (!postil_annotation_equal (x, y))
        g_error ("%s and %s differ", postil_annotation_get_id (x), postil_annotation_get_id (y));
    }
}

static void
test_round_trip (void)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) snapshot = make_snapshot (text);
  g_autoptr (GString) first = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (PostilSnapshot) copy = read_sidecar (first, text);
  g_autoptr (GString) second = write_sidecar (copy, POSTIL_SIDECAR_STYLE_NATIVE);

  assert_same_annotations (snapshot, copy);
  g_assert_cmpuint (copy->topics->len, ==, snapshot->topics->len);
  for (guint i = 0; i < copy->topics->len; i++)
    g_assert_true (postil_topic_equal (copy->topics->pdata[i], snapshot->topics->pdata[i]));
  g_assert_cmpuint (copy->annotators->len, ==, 2);
  g_assert_cmpstr (copy->id, ==, snapshot->id);
  g_assert_cmpstr (copy->collection, ==, snapshot->collection);
  g_assert_cmpstr (copy->label, ==, snapshot->label);
  g_assert_cmpstr (copy->language, ==, snapshot->language);
  g_assert_null (copy->foreign);
  assert_same_text (first->str, second->str);
}

static void
test_empty (void)
{
  g_autoptr (PostilText) text = make_text ("");
  g_autoptr (PostilSnapshot) snapshot = make_empty (text, NULL);
  g_autoptr (GString) sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (PostilSnapshot) copy = read_sidecar (sidecar, text);
  g_autoptr (GString) again = write_sidecar (copy, POSTIL_SIDECAR_STYLE_NATIVE);

  g_assert_nonnull (strstr (sidecar->str, "\"total\": 0"));
  g_assert_null (strstr (sidecar->str, "\"first\""));
  assert_same_text (sidecar->str, again->str);
}

static void
test_codebook (void)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) full = make_snapshot (text);
  g_autoptr (PostilSnapshot) snapshot = make_empty (NULL, full->topics);
  g_autoptr (GString) codebook = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (PostilSnapshot) copy = read_sidecar (codebook, NULL);
  g_autoptr (GString) again = write_sidecar (copy, POSTIL_SIDECAR_STYLE_NATIVE);

  g_assert_null (strstr (codebook->str, "dcterms:source"));
  g_assert_cmpuint (copy->topics->len, ==, full->topics->len);
  g_assert_null (copy->id);
  assert_same_text (codebook->str, again->str);
}

/* Written in place and read back, labels and names find the topics and annotators they are of. */
static void
test_in_place (void)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) snapshot = make_snapshot (text);
  g_autoptr (GString) sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_IN_PLACE);
  g_autoptr (PostilSnapshot) copy = read_sidecar (sidecar, text);
  g_autoptr (GString) native = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (GString) again = write_sidecar (copy, POSTIL_SIDECAR_STYLE_NATIVE);

  g_assert_nonnull (strstr (sidecar->str, "\"purpose\": \"tagging\", \"format\": \"text/plain\", "
                                          "\"value\": \"Trust\""));
  g_assert_nonnull (strstr (sidecar->str, "\"source\": { \"id\": \"" ID ("3a23")));
  g_assert_nonnull (strstr (sidecar->str, "\"creator\": { \"id\": \"" ID ("3a10")));
  assert_same_annotations (snapshot, copy);
  assert_same_text (native->str, again->str);
}

static void
test_changed_text (void)
{
  static const struct
  {
    const char *now;
    const char *holds[5];
    const char *lacks;
  } table[] = {
    /* Everything is further down, and a word was put in. */
    { "New: the café 😀 was quite closed.\r\nA \"second\" line\\, 会議\tend; "
      "👩‍👩‍👧 "
      "again.\n",
      { "\"start\": 9, \"end\": 15", "\"schema:creativeWorkStatus\": \"moved\"",
        "\"start\": 4, \"end\": 10", "\"schema:sha256\"" },
      "orphaned" },
    /* One passage is gone: its target is kept as it was, and no position is made up. */
    { "the tea 🍵 was closed.\n",
      { "\"schema:creativeWorkStatus\": \"orphaned\"", "\"exact\": \"café 😀\"",
        "          \"dcterms:replaces\": {\n"
        "          \"type\": \"SpecificResource\", \"source\": \"" ID (
          "3a30") "\",\n"
                  "          \"selector\": [\n"
                  "            { \"type\": \"TextPositionSelector\", \"start\": 4, \"end\": 10 "
                  "},\n",
        "          ],\n"
        "          \"schema:sha256\": \"" },
      "moved" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GString) sidecar = write_after_change (table[i].now);
      g_autoptr (PostilText) now = make_text (table[i].now);
      g_autoptr (PostilText) before = make_text (prose);
      g_autoptr (PostilSnapshot) copy = read_sidecar (sidecar, now);
      g_autoptr (GString) again = write_sidecar (copy, POSTIL_SIDECAR_STYLE_NATIVE);
      g_autoptr (PostilSnapshot) original = make_snapshot (before);
      g_autoptr (GString) expected = write_sidecar (original, POSTIL_SIDECAR_STYLE_NATIVE);
      g_autoptr (PostilSnapshot) reverted = read_sidecar (sidecar, before);
      g_autoptr (GString) restored = write_sidecar (reverted, POSTIL_SIDECAR_STYLE_NATIVE);

      for (guint j = 0; table[i].holds[j]; j++)
        if (strstr (sidecar->str, table[i].holds[j]) == NULL)
          g_error ("%s is not in %s", table[i].holds[j], sidecar->str);
      g_assert_null (strstr (sidecar->str, table[i].lacks));
      assert_same_text (sidecar->str, again->str);
      /* When the text is again what it was, so is the sidecar. */
      assert_same_text (restored->str, expected->str);
    }
}

/* Through several changes of the text the first place stays known, and an orphan comes back. */
static void
test_changed_again (void)
{
  static const char *const texts[] = {
    edited_prose,
    "nothing",
    "One. Two: the café 😀 was quite closed.\r\nA \"second\" line\\, 会議\tend; "
    "👩‍👩‍👧 "
    "again.\n",
  };
  static const PostilStatus statuses[] = { POSTIL_STATUS_MOVED, POSTIL_STATUS_ORPHANED,
                                           POSTIL_STATUS_MOVED };
  g_autoptr (PostilText) before = make_text (prose);
  g_autoptr (PostilSnapshot) first = make_snapshot (before);
  g_autoptr (GString) sidecar = write_sidecar (first, POSTIL_SIDECAR_STYLE_NATIVE);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (PostilText) text = make_text (texts[i]);
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, text);
      PostilAnnotationFields fields;
      const PostilSelector *selectors;
      guint n_selectors;

      g_string_free (sidecar, TRUE);
      sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      for (guint j = 1; j < 4; j++)
        {
          postil_annotation_get_fields (postil_annotation_index_get (snapshot->annotations, j),
                                        &fields);
          g_test_message ("text %u: %s", i, fields.id);
          g_assert_cmpint (fields.status, ==, statuses[i]);
          g_assert_nonnull (fields.anchor);
          g_assert_cmpstr (postil_anchor_get_sha256 (fields.anchor), ==,
                           postil_text_get_sha256 (before));
          selectors = postil_anchor_get_selectors (fields.anchor, &n_selectors);
          g_assert_true (selectors[0].has_position);
          if (g_str_equal (fields.id, ID ("3a03")))
            {
              g_assert_cmpuint (selectors[0].position.start, ==, 4);
              g_assert_cmpstr (selectors[0].exact, ==, "café 😀");
            }
        }
    }
}

/* Of a passage of several ranges one may be new since its text changed: each earlier place keeps
 * the checksum of the text that it was true for. */
static void
test_changed_in_part (void)
{
  static const char third[] = "One: a café 😀 was quite closed.\n";
  g_autoptr (PostilText) first = make_text (prose);
  g_autoptr (PostilText) second = make_text (edited_prose);
  g_autoptr (PostilText) text = make_text (third);
  g_autoptr (GString) sidecar = write_after_change (edited_prose);
  g_autoptr (PostilSnapshot) partial = NULL;
  g_autoptr (PostilSnapshot) changed = NULL;
  g_autoptr (GString) again = NULL;
  g_autoptr (GString) more = NULL;
  char *links = strstr (sidecar->str, "\"linking\""), *start, *end;

  g_assert_nonnull (links);
  start = g_strrstr_len (sidecar->str, links - sidecar->str, ",\n            \"dcterms:replaces\"");
  g_assert_nonnull (start);
  end = strstr (start, ",\n            \"schema:creativeWorkStatus\"");
  g_assert_nonnull (end);
  g_string_erase (sidecar, start - sidecar->str, end - start);

  assert_same_without_text (sidecar);
  partial = read_sidecar (sidecar, second);
  again = write_sidecar (partial, POSTIL_SIDECAR_STYLE_NATIVE);
  assert_same_text (again->str, sidecar->str);
  changed = read_sidecar (sidecar, text);
  more = write_sidecar (changed, POSTIL_SIDECAR_STYLE_NATIVE);
  g_string_truncate (more, strstr (more->str, "\"linking\"") - more->str);
  start = strstr (more->str, ID ("3a04") "\", \"type\"");
  g_assert_nonnull (start);
  start = strstr (start, postil_text_get_sha256 (first));
  g_assert_nonnull (start);
  g_assert_null (strstr (start + 1, postil_text_get_sha256 (first)));
  g_assert_nonnull (strstr (start, postil_text_get_sha256 (second)));
}

/* Without its text, what is no position stays as it came, and the target has it still when it is
 * read once more. */
static void
test_bad_position (void)
{
  static const char *const selectors[] = {
    "{ \"type\": \"TextPositionSelector\", \"start\": 30, \"end\": 20 }",
    "[ { \"type\": \"TextPositionSelector\", \"start\": 4, \"end\": -1 } ]",
    "[ { \"type\": \"TextPositionSelector\", \"start\": 9, \"end\": 8, \"x\": 1 }, "
    "{ \"type\": \"TextQuoteSelector\", \"exact\": \"tea\" } ]",
    "[ { \"type\": \"TextQuoteSelector\", \"exact\": \"tea\" }, "
    "{ \"type\": \"TextPositionSelector\", \"start\": 9, \"end\": 8 } ]",
  };
  static const char *const others[] = {
    "",
    ", \"dcterms:replaces\": { \"source\": \"urn:s\" }, "
    "\"schema:creativeWorkStatus\": \"orphaned\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (selectors) * G_N_ELEMENTS (others); i++)
    {
      g_autofree char *json =
        g_strdup_printf ("{ \"type\": \"AnnotationCollection\", \"id\": \"urn:c\", "
                         "\"dcterms:source\": { \"id\": \"urn:s\" }, \"first\": { \"items\": [ "
                         "{ \"id\": \"urn:a\", \"type\": \"Annotation\", "
                         "\"target\": { \"source\": \"urn:s\", \"selector\": %s%s } } ] } }",
                         selectors[i / G_N_ELEMENTS (others)], others[i % G_N_ELEMENTS (others)]);
      g_autoptr (GError) error = NULL;
      g_autoptr (PostilSnapshot) snapshot =
        postil_sidecar_read (json, strlen (json), "a.json", NULL, NULL,
                             postil_test_get_environment (), NULL, NULL, NULL, &error);
      g_autoptr (GString) sidecar = NULL;

      g_assert_no_error (error);
      sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      g_assert_nonnull (strstr (sidecar->str, "\"TextPositionSelector\""));
      if (strstr (json, "tea"))
        g_assert_nonnull (strstr (sidecar->str, "\"tea\""));
    }
}

/* Prefix and suffix never cut a grapheme, and stay within 32 code points. */
static void
test_context (void)
{
  g_autoptr (GString) utf8 = g_string_new (NULL);
  g_autoptr (PostilText) text = NULL;
  g_autoptr (PostilAnnotation) annotation = NULL;
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autoptr (PostilSnapshot) snapshot = NULL;
  g_autoptr (GString) sidecar = NULL;
  PostilSpan span = { 40, 41 };

  /* Each pair is e and a combining acute accent; the pair before offset 8 would be cut. */
  g_string_append_c (utf8, 'x');
  for (guint i = 0; i < 39; i++)
    g_string_append (utf8, i % 2 ? "\xCC\x81" : "e");
  g_string_append (utf8, "X");
  for (guint i = 0; i < 40; i++)
    g_string_append (utf8, i == 0 ? "." : i % 2 ? "e" : "\xCC\x81");
  text = make_text (utf8->str);
  annotation = postil_annotation_new (
    &(PostilAnnotationFields){ .id = "urn:1", .spans = &span, .n_spans = 1 });
  index = postil_annotation_index_new (&annotation, 1);
  snapshot = postil_snapshot_new (&(PostilSnapshot){ .id = (char *) "urn:s",
                                                     .collection = (char *) "urn:a",
                                                     .label = (char *) "a",
                                                     .text = text,
                                                     .annotations = index });
  sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
  g_assert_nonnull (strstr (sidecar->str, "\"prefix\": \"e"));
  g_assert_null (strstr (sidecar->str, "\"prefix\": \"\xCC"));
  g_assert_null (strstr (sidecar->str, "e\" }"));
}

/* Values that a tool that parses and serialises would change. */
static GPtrArray *
list_values (void)
{
  static const char *const own[] = { "1e400",
                                     "18446744073709551615",
                                     "0.1",
                                     "1E-0",
                                     "-0",
                                     "{\"a\":1,\"a\":2}",
                                     "\"\\u0000\\ud800 \\/\"",
                                     "[ ]",
                                     "{\n\"b\" :\t[null ,true]}" };
  g_autofree char *folder = postil_test_find_shared ("conformance/json-test-suite/test_parsing");
  g_autoptr (GDir) files = folder ? g_dir_open (folder, 0, NULL) : NULL;
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  GString *deep = g_string_new (NULL);
  const char *name;

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_ptr_array_add (values, g_strdup (own[i]));
  for (guint i = 0; i < POSTIL_JSON_MAX_DEPTH; i++)
    g_string_append_c (deep, '[');
  for (guint i = 0; i < POSTIL_JSON_MAX_DEPTH; i++)
    g_string_append_c (deep, ']');
  g_ptr_array_add (values, g_string_free (deep, FALSE));
  while (files && (name = g_dir_read_name (files)))
    if (g_str_has_prefix (name, "y_"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        char *bytes;

        g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
        g_ptr_array_add (values, g_strstrip (bytes));
      }
  return values;
}

typedef struct
{
  PostilJsonScanner scanner;
  GPtrArray *values;
  GString *out;
  guint n_inserted;
} Inserter;

static void
insert_value (Inserter *self, gboolean member)
{
  const char *value = self->values->pdata[self->n_inserted % self->values->len];

  if (member)
    g_string_append_printf (self->out, "\"x:%u\": ", self->n_inserted);
  g_string_append (self->out, value);
  self->n_inserted++;
}

/* Copies the value that the scanner stands at, in Postil's layout, with a foreign member before and
 * behind every member of every object, and foreign elements in the arrays that may have them. */
static void
copy_value (Inserter *self, const char *array, guint indent)
{
  PostilJsonSlice key, raw;
  guint n = 0;
  gboolean object = postil_json_scanner_peek (&self->scanner) == '{';
  gboolean lines, elements;
  g_autofree char *separator = NULL;

  if (!object && postil_json_scanner_peek (&self->scanner) != '[')
    {
      postil_json_scanner_skip (&self->scanner, &raw);
      g_string_append_len (self->out, raw.bytes, raw.n_bytes);
      return;
    }

  lines = self->scanner.at[1] == '\n';
  separator = lines ? g_strdup_printf ("\n%*s", (int) indent + 2, "") : g_strdup (" ");
  elements = !object && (g_str_equal (array, "body") || g_str_equal (array, "selector") ||
                         g_str_equal (array, "creator") || g_str_equal (array, "dcterms:subject"));
  g_string_append_c (self->out, object ? '{' : '[');
  g_string_append (self->out, separator);
  if (object || elements)
    insert_value (self, object);
  postil_json_scanner_enter (&self->scanner);
  while (object ? postil_json_scanner_next_member (&self->scanner, &n, &key)
                : postil_json_scanner_next_element (&self->scanner, &n))
    {
      g_autofree char *name = object ? g_strndup (key.bytes, key.n_bytes) : g_strdup ("");

      if (n > 1 || object || elements)
        g_string_append_printf (self->out, ",%s", separator);
      if (object)
        g_string_append_printf (self->out, "\"%s\": ", name);
      copy_value (self, name, lines ? indent + 2 : indent);
      if (object || elements)
        {
          g_string_append_printf (self->out, ",%s", separator);
          insert_value (self, object);
        }
    }
  if (lines)
    g_string_append_printf (self->out, "\n%*s", (int) indent, "");
  else
    g_string_append_c (self->out, ' ');
  g_string_append_c (self->out, object ? '}' : ']');
}

static GString *
insert_foreign (const GString *sidecar, GPtrArray *values)
{
  Inserter self = { .values = values, .out = g_string_new (NULL) };

  postil_json_scanner_init (&self.scanner, sidecar->str, sidecar->len);
  copy_value (&self, "", 0);
  g_string_append_c (self.out, '\n');
  g_assert_cmpint (self.scanner.problem, ==, POSTIL_JSON_PROBLEM_NONE);
  g_assert_cmpuint (self.n_inserted, >, 5);
  return self.out;
}

static PostilSnapshot *
add_annotation (PostilSnapshot *snapshot)
{
  PostilSpan span = { 2, 3 };
  g_autoptr (PostilAnnotation) added = postil_annotation_new (
    &(PostilAnnotationFields){ .id = "urn:added", .spans = &span, .n_spans = 1 });
  PostilSnapshot fields = *snapshot;
  g_autoptr (PostilAnnotationIndex) index = postil_annotation_index_replace (
    postil_annotation_index_ref (snapshot->annotations), NULL, added);

  fields.annotations = index;
  return postil_snapshot_new (&fields);
}

/* Whatever other programs put anywhere stays there byte for byte, and also after an edit. */
static void
test_foreign_members (void)
{
  g_autoptr (GPtrArray) values = list_values ();
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilText) nowhere = make_text ("nothing");
  g_autoptr (PostilSnapshot) full = make_snapshot (text);
  g_autoptr (PostilSnapshot) empty = make_empty (text, full->topics);
  g_autoptr (PostilSnapshot) codebook = make_empty (NULL, full->topics);
  g_autoptr (GString) full_json = write_sidecar (full, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (GString) empty_json = write_sidecar (empty, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (GString) codebook_json = write_sidecar (codebook, POSTIL_SIDECAR_STYLE_NATIVE);
  g_autoptr (GString) orphans_json = write_after_change ("nothing");
  g_autoptr (PostilText) edited_text = make_text (edited_prose);
  g_autoptr (GString) moved_json = write_after_change (edited_prose);
  const struct
  {
    GString *json;
    PostilText *text;
    gboolean addable;
  } table[] = {
    { full_json, text, TRUE },         { empty_json, text, FALSE },
    { codebook_json, NULL, FALSE },    { orphans_json, nowhere, TRUE },
    { moved_json, edited_text, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GString) sidecar = insert_foreign (table[i].json, values);
      g_autoptr (PostilSnapshot) snapshot = read_sidecar (sidecar, table[i].text);
      g_autoptr (GString) again = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      g_autoptr (PostilSnapshot) more = NULL;
      g_autoptr (GString) edited = NULL;
      char *start, *end;

      assert_same_text (again->str, sidecar->str);
      if (!table[i].addable)
        continue;
      more = add_annotation (snapshot);
      edited = write_sidecar (more, POSTIL_SIDECAR_STYLE_NATIVE);
      start = strstr (edited->str, "      {\n        \"id\": \"urn:added\"");
      g_assert_nonnull (start);
      end = strstr (start, "\n      },\n");
      g_assert_nonnull (end);
      g_string_erase (edited, start - edited->str, end + strlen ("\n      },\n") - start);
      assert_same_text (edited->str, sidecar->str);
    }
}

/* Known keys with values that Postil has no way to write stay as they are. */
static void
test_foreign_values (void)
{
  static const struct
  {
    const char *own;
    const char *other;
  } table[] = {
    { "\"@context\": \"http://www.w3.org/ns/anno.jsonld\"",
      "\"@context\": [\"http://www.w3.org/ns/anno.jsonld\", {\"x\": \"urn:x#\"}]" },
    { "\"label\": \"prose.txt\",\n", "\"label\": 5,\n" },
    { "\"label\": \"prose.txt\",\n", "\"label\": \"\\ud800\",\n" },
    { "\"schema:version\": \"1\"", "\"schema:version\": \"9\"" },
    { "\"type\": \"Text\"", "\"type\": [\"Text\", \"x:Text\"]" },
    { "\"language\": \"en\"", "\"language\": [\"en\", \"de\"]" },
    { "\"type\": \"Person\"", "\"type\": \"Organization\"" },
    { "\"name\": \"Annotator 1\"", "\"name\": [ \"A\" ]" },
    { "\"skos:prefLabel\": \"Trust\"", "\"skos:prefLabel\": { \"@value\": \"Trust\" }" },
    { "\"schema:color\": \"#e5a50a\"", "\"schema:color\": \"#E5A50A\"" },
    { "\"schema:color\": \"#e5a50a\"", "\"schema:color\": \"orange\"" },
    { "\"owl:deprecated\": true", "\"owl:deprecated\": false" },
    { "\"skos:broader\": { \"id\": \"" ID ("3a21") "\" }",
      "\"skos:broader\": [ { \"id\": \"urn:b\" }, { \"id\": \"urn:c\" } ]" },
    { "\"modified\": \"2026-01-02T00:00:00Z\"", "\"modified\": \"2026-01-02T01:00:00+01:00\"" },
    { "\"created\": \"2026-01-01T00:00:00Z\", \"modified\"",
      "\"created\": \"yesterday\", \"modified\"" },
    { "\"motivation\": \"classifying\",\n", "\"motivation\": [ \"classifying\", \"tagging\" ],\n" },
    { "\"motivation\": \"highlighting\"", "\"motivation\": \"commenting\"" },
    { "\"type\": \"Annotation\", \"motivation\": \"highlighting\"",
      "\"type\": [\"Annotation\", \"x:Mark\"], \"motivation\": \"highlighting\"" },
    { "\"startIndex\": 0", "\"startIndex\": 7" },
    { "\"schema:version\": \"1\",\n", "\"schema:version\": \"1\",\n  \"total\": 12,\n" },
  };
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) full = make_snapshot (text);
  g_autoptr (GString) json = write_sidecar (full, POSTIL_SIDECAR_STYLE_NATIVE);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GString) sidecar = g_string_new (json->str);
      g_autoptr (PostilSnapshot) snapshot = NULL;
      g_autoptr (GString) again = NULL;

      g_test_message ("%s", table[i].other);
      g_assert_cmpuint (g_string_replace (sidecar, table[i].own, table[i].other, 1), ==, 1);
      snapshot = read_sidecar (sidecar, text);
      g_assert_cmpuint (postil_annotation_index_get_size (snapshot->annotations), ==, 6);
      again = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      assert_same_text (again->str, sidecar->str);
    }
}

/* Every naughty string, as a topic, a note, an annotator's name and the text itself. */
static void
test_naughty_strings (void)
{
  g_autofree char *path = postil_test_find_shared ("conformance/naughty-strings/blns.txt");
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;

  if (path == NULL)
    return;
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    {
      const char *topic_id = ID ("3a20");
      PostilSpan span = { 0, g_utf8_strlen (lines[i], -1) };
      g_autoptr (PostilText) text = NULL;
      g_autoptr (PostilNote) note = NULL;
      g_autoptr (PostilAnnotation) annotation = NULL;
      g_autoptr (PostilAnnotationIndex) index = NULL;
      g_autoptr (GPtrArray) topics = NULL;
      g_autoptr (GPtrArray) annotators = NULL;
      g_autoptr (PostilSnapshot) snapshot = NULL;
      g_autoptr (PostilSnapshot) copy = NULL;
      g_autoptr (GString) sidecar = NULL;

      if (*lines[i] == '\0' || !g_utf8_validate (lines[i], -1, NULL))
        continue;
      text = make_text (lines[i]);
      note = postil_note_new (lines[i], ID ("3a10"), 0, NULL);
      annotation = postil_annotation_new (&(PostilAnnotationFields){ .id = ID ("3a03"),
                                                                     .creator = ID ("3a10"),
                                                                     .spans = &span,
                                                                     .n_spans = 1,
                                                                     .topics = &topic_id,
                                                                     .n_topics = 1,
                                                                     .notes = &note,
                                                                     .n_notes = 1 });
      index = postil_annotation_index_new (&annotation, 1);
      topics = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
      g_ptr_array_add (topics, postil_topic_new (&(PostilTopicFields){
                                 .id = topic_id, .label = lines[i], .definition = lines[i] }));
      annotators = g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
      g_ptr_array_add (annotators, postil_annotator_new (ID ("3a10"), lines[i], NULL));
      snapshot = postil_snapshot_new (&(PostilSnapshot){ .id = (char *) ID ("3a30"),
                                                         .collection = (char *) ID ("3a01"),
                                                         .label = lines[i],
                                                         .text = text,
                                                         .annotations = index,
                                                         .topics = topics,
                                                         .annotators = annotators });
      sidecar = write_sidecar (snapshot, POSTIL_SIDECAR_STYLE_NATIVE);
      copy = read_sidecar (sidecar, text);
      assert_same_annotations (snapshot, copy);
      g_assert_cmpstr (copy->label, ==, lines[i]);
      g_assert_true (postil_topic_equal (copy->topics->pdata[0], topics->pdata[0]));
      g_assert_cmpstr (postil_annotator_get_name (copy->annotators->pdata[0]), ==, lines[i]);
    }
}

static gboolean
refuse (const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

static void
test_refused (void)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) snapshot = make_snapshot (text);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (
    postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, refuse, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (postil_sidecar_write (snapshot, POSTIL_SIDECAR_STYLE_NATIVE, refuse, NULL,
                                        cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
check_files (const char *node, const char *checker)
{
  g_autoptr (PostilText) text = make_text (prose);
  g_autoptr (PostilSnapshot) full = make_snapshot (text);
  g_autoptr (PostilSnapshot) empty = make_empty (text, NULL);
  g_autoptr (PostilSnapshot) codebook = make_empty (NULL, full->topics);
  g_autofree char *folder = g_dir_make_tmp ("postil-XXXXXX", NULL);
  GString *const files[] = {
    write_sidecar (full, POSTIL_SIDECAR_STYLE_NATIVE),
    write_sidecar (full, POSTIL_SIDECAR_STYLE_IN_PLACE),
    write_sidecar (empty, POSTIL_SIDECAR_STYLE_NATIVE),
    write_sidecar (codebook, POSTIL_SIDECAR_STYLE_NATIVE),
    write_after_change ("nothing"),
    write_after_change (edited_prose),
  };
  char *arguments[3 + G_N_ELEMENTS (files) + 1] = { (char *) node, (char *) checker,
                                                    (char *) "--jsonld" };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.json", i);

      arguments[3 + i] = g_build_filename (folder, name, NULL);
      g_assert_true (g_file_set_contents (arguments[3 + i], files[i]->str, files[i]->len, NULL));
      g_string_free (files[i], TRUE);
    }
  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_remove (arguments[3 + i]);
      g_free (arguments[3 + i]);
    }
  g_rmdir (folder);
  if (status != 0 || strstr (output, " 0 failed") == NULL)
    g_error ("%s", output);
}

/* What Postil writes passes the checker of the W3C suite, which needs Node and what it installed.
 */
static void
test_conformance (void)
{
  g_autofree char *checker = postil_test_find_shared ("conformance/web-annotation/check.mjs");
  g_autofree char *node = g_find_program_in_path ("node");
  g_autofree char *installed =
    g_build_filename (g_get_tmp_dir (), "postil-check-npm", "node_modules", "jsonld", NULL);

  if (checker == NULL)
    return;
  if (node == NULL || !g_file_test (installed, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("the W3C checker cannot run: Node or its packages are absent");
      return;
    }
  check_files (node, checker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sidecar-writer/layout", test_layout);
  g_test_add_func ("/sidecar-writer/round-trip", test_round_trip);
  g_test_add_func ("/sidecar-writer/empty", test_empty);
  g_test_add_func ("/sidecar-writer/codebook", test_codebook);
  g_test_add_func ("/sidecar-writer/in-place", test_in_place);
  g_test_add_func ("/sidecar-writer/changed-text", test_changed_text);
  g_test_add_func ("/sidecar-writer/changed-again", test_changed_again);
  g_test_add_func ("/sidecar-writer/changed-in-part", test_changed_in_part);
  g_test_add_func ("/sidecar-writer/bad-position", test_bad_position);
  g_test_add_func ("/sidecar-writer/context", test_context);
  g_test_add_func ("/sidecar-writer/foreign-members", test_foreign_members);
  g_test_add_func ("/sidecar-writer/foreign-values", test_foreign_values);
  g_test_add_func ("/sidecar-writer/naughty-strings", test_naughty_strings);
  g_test_add_func ("/sidecar-writer/refused", test_refused);
  g_test_add_func ("/sidecar-writer/conformance", test_conformance);
  return g_test_run ();
}
