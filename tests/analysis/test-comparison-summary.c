/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-comparison-summary.h"

#include <string.h>

#include "postil-edit.h"
#include "postil-test.h"

#define A                                                                                          \
  "Preparations began early in the morning. Ships were loaded with grain.\n\n"                     \
  "The envoys met on the island at dawn. They asked for tribute and for peace. "                   \
  "Nobody wrote down how the captain laughed about it.\n\n"                                        \
  "The islanders refused to surrender their ancient city."

#define B                                                                                          \
  "The envoys met on the island at dawn. They asked for tribute and for lasting peace.\n\n"        \
  "A storm delayed their sailing for three whole weeks.\n\n"                                       \
  "Then the islanders refused to surrender their ancient city."

typedef struct
{
  PostilWorkspace *workspace;
  PostilDocument *documents[2];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->workspace = postil_test_workspace_new ();
  fixture->documents[0] = postil_test_document_new ("a.txt", A);
  fixture->documents[1] = postil_test_document_new ("b.txt", B);
  for (guint i = 0; i < 2; i++)
    postil_workspace_add_document (fixture->workspace, fixture->documents[i]);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    g_clear_object (&fixture->documents[i]);
  g_clear_object (&fixture->workspace);
}

/* Of the two texts, or the other way round. */
static PostilComparisonSummary *
summarize (Fixture *fixture, gboolean reversed)
{
  PostilDocument *a = fixture->documents[reversed], *b = fixture->documents[!reversed];
  PostilText *text_a = postil_document_get_text (a), *text_b = postil_document_get_text (b);
  g_autoptr (PostilAlignment) alignment =
    postil_alignment_new (text_a, text_b, NULL, NULL, NULL, NULL);

  return postil_comparison_summary_new (alignment, text_a, postil_document_get_annotations (a),
                                        text_b, postil_document_get_annotations (b), NULL);
}

static void
annotate (Fixture *fixture, guint side, const char *words, const char *topic)
{
  PostilSpan span = postil_test_find_in (fixture->documents[side], words);

  g_free (postil_test_annotate (fixture->workspace, fixture->documents[side], span.start, span.end,
                                topic, NULL));
}

static void
assert_words (PostilDocument *document, PostilSpan span, const char *words)
{
  g_autofree char *found = postil_text_dup_range (postil_document_get_text (document), span);

  g_assert_cmpstr (found, ==, words);
}

static void
test_sides (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint n_same;
    guint n_reworded;
    struct
    {
      const char *words;
      guint n_words;
    } omissions[2];
  } sides[2] = {
    { 1,
      2,
      /* The longest first; sentences that stand together are one. */
      { { "Preparations began early in the morning. Ships were loaded with grain.", 11 },
        { "Nobody wrote down how the captain laughed about it.", 9 } } },
    { 1, 2, { { "A storm delayed their sailing for three whole weeks.", 9 } } },
  };

  for (guint reversed = 0; reversed < 2; reversed++)
    {
      g_autoptr (PostilComparisonSummary) summary = summarize (fixture, reversed);

      for (guint side = 0; side < 2; side++)
        {
          const PostilSummarySide *got = &summary->sides[side ^ reversed];
          guint n = 0;

          g_assert_cmpuint (got->n_same, ==, sides[side].n_same);
          g_assert_cmpuint (got->n_reworded, ==, sides[side].n_reworded);
          g_assert_cmpuint (got->n_moved, ==, 0);
          g_assert_cmpuint (got->shares.same, ==, strlen ("The envoys met on the island at dawn."));
          g_assert_cmpuint (got->shares.same + got->shares.reworded + got->shares.only, ==,
                            got->shares.length);
          for (; n < 2 && sides[side].omissions[n].words; n++)
            {
              const PostilOmission *omission = &g_array_index (got->omissions, PostilOmission, n);

              assert_words (fixture->documents[side], omission->span,
                            sides[side].omissions[n].words);
              g_assert_cmpuint (omission->n_words, ==, sides[side].omissions[n].n_words);
            }
          g_assert_cmpuint (got->omissions->len, ==, n);
        }
      g_assert_cmpuint (summary->topics->len, ==, 0);
    }
}

static void
test_topics (Fixture *fixture, gconstpointer data)
{
  PostilCodebook *codebook = postil_workspace_get_codebook (fixture->workspace);

  /* In both texts, with the topic in both, in the first one, in the second one. */
  annotate (fixture, 0, "envoys met", "Envoys");
  annotate (fixture, 1, "The envoys met on the island at dawn.", "Envoys");
  annotate (fixture, 0, "tribute", "Envoys");
  annotate (fixture, 1, "ancient city", "Envoys");
  /* Two where the other text has one. */
  annotate (fixture, 1, "lasting peace", "Peace");
  annotate (fixture, 0, "They asked", "Peace");
  annotate (fixture, 0, "for peace", "Peace");
  /* In one text alone. */
  annotate (fixture, 0, "captain", "Envoys");
  annotate (fixture, 1, "A storm", "Envoys");
  annotate (fixture, 1, "three whole weeks", "Envoys");

  for (guint reversed = 0; reversed < 2; reversed++)
    {
      g_autoptr (PostilComparisonSummary) summary = summarize (fixture, reversed);

      g_assert_cmpuint (summary->topics->len, ==, 2);
      for (guint i = 0; i < 2; i++)
        {
          const PostilSummaryTopic *topic = summary->topics->pdata[i];
          const char *label =
            postil_topic_get_label (postil_codebook_get_topic (codebook, topic->topic));
          const PostilSummaryPassage *first = &g_array_index (topic->both, PostilSummaryPassage, 0);

          if (g_str_equal (label, "Peace"))
            {
              g_assert_cmpuint (topic->both->len, ==, 2);
              for (guint k = 0; k < 2; k++)
                g_assert_true (first[k].annotations[0] && first[k].annotations[1]);
              g_assert_cmpuint (topic->only[0]->len + topic->only[1]->len, ==, 0);
              continue;
            }
          g_assert_cmpstr (label, ==, "Envoys");
          g_assert_cmpuint (topic->both->len, ==, 3);
          g_assert_cmpuint (topic->only[reversed]->len, ==, 1);
          g_assert_cmpuint (topic->only[!reversed]->len, ==, 2);
          g_assert_true (first[0].annotations[0] && first[0].annotations[1]);
          assert_words (fixture->documents[0], first[0].places[reversed], "envoys met");
          /* Where a text has no annotation, the counterpart of the other one. */
          g_assert_null (first[1].annotations[!reversed]);
          assert_words (fixture->documents[1], first[1].places[!reversed],
                        "They asked for tribute and for lasting peace.");
          g_assert_null (first[2].annotations[reversed]);
          first = &g_array_index (topic->only[reversed], PostilSummaryPassage, 0);
          assert_words (fixture->documents[0], first->places[reversed], "captain");
          g_assert_cmpuint (postil_span_length (first->places[!reversed]), ==, 0);
        }
    }
}

/* Empty texts, texts that have nothing in common, annotations without a place. */
static void
test_nothing (void)
{
  static const char *const texts[][2] = { { "", "" }, { "", "Words." }, { "Some words.", "Ab." } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Fixture fixture = { .workspace = postil_test_workspace_new () };
      g_autoptr (PostilComparisonSummary) summary = NULL;
      g_autoptr (PostilStep) step = postil_step_new ("Topic");
      g_autofree char *topic = NULL;
      const char *topics[] = { NULL, NULL };

      for (guint side = 0; side < 2; side++)
        {
          fixture.documents[side] = postil_test_document_new ("a.txt", texts[i][side]);
          postil_workspace_add_document (fixture.workspace, fixture.documents[side]);
        }
      topic = postil_edit_ensure_path (fixture.workspace, step, "Document");
      topics[0] = topic;
      g_free (postil_edit_add_annotation (fixture.workspace, step, fixture.documents[0], NULL, 0,
                                          topics, NULL));
      postil_workspace_commit (fixture.workspace, step, NULL);
      summary = summarize (&fixture, FALSE);
      g_assert_cmpuint (summary->topics->len, ==, 0);
      for (guint side = 0; side < 2; side++)
        {
          g_assert_cmpuint (summary->sides[side].shares.only, ==,
                            summary->sides[side].shares.length);
          g_assert_cmpuint (summary->sides[side].omissions->len, ==, texts[i][side][0] != '\0');
        }
      tear_down (&fixture, NULL);
    }
}

/* Many annotations, all in one sentence or each over everything. */
static void
test_many (void)
{
  const guint n = 20000;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PostilStep) step = postil_step_new ("Topics");
  g_autoptr (PostilComparisonSummary) summary = NULL;
  g_autofree char *topic = NULL;
  const PostilSummaryTopic *got;
  Fixture fixture = { .workspace = postil_test_workspace_new () };

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "Row %u was kept by clerk%u in a box. ", i, i * 7);
  for (guint side = 0; side < 2; side++)
    {
      fixture.documents[side] = postil_test_document_new ("a.txt", text->str);
      postil_workspace_add_document (fixture.workspace, fixture.documents[side]);
    }
  topic = postil_edit_ensure_path (fixture.workspace, step, "Many");
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < n; i++)
      {
        const char *const topics[] = { topic, NULL };
        const PostilSpan spans[] = { { 0, 5 }, { 0, text->len } };

        g_free (postil_edit_add_annotation (fixture.workspace, step, fixture.documents[side],
                                            &spans[i % 2], 1, topics, NULL));
      }
  postil_workspace_commit (fixture.workspace, step, NULL);
  summary = summarize (&fixture, FALSE);
  g_assert_cmpuint (summary->topics->len, ==, 1);
  got = summary->topics->pdata[0];
  g_assert_cmpuint (got->both->len, ==, n);
  g_assert_cmpuint (got->only[0]->len + got->only[1]->len, ==, 0);
  tear_down (&fixture, NULL);
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/comparison-summary/sides", test_sides);
  ADD ("/comparison-summary/topics", test_topics);
  g_test_add_func ("/comparison-summary/nothing", test_nothing);
  g_test_add_func ("/comparison-summary/many", test_many);
  return g_test_run ();
}
