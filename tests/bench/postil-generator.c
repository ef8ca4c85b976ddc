/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-generator.h"

#include <stdlib.h>
#include <string.h>

#define N_TOPICS 50
#define MIN_SPAN 5
#define MAX_SPAN 400

/* How many annotations overlap on one word, and how far they reach to either side of it. */
#define HEAP 50
#define HEAP_REACH 40

#define FIRST_DATE G_GINT64_CONSTANT (1767225600) /* 2026-01-01T00:00:00Z */
#define SECONDS_A_YEAR (365 * 24 * 60 * 60)

static const char *const words[] = {
  "the",      "a",       "of",      "and",      "to",       "in",        "that",     "it",
  "was",      "he",      "she",     "they",     "we",       "for",       "on",       "with",
  "as",       "at",      "by",      "from",     "not",      "this",      "but",      "which",
  "had",      "were",    "one",     "all",      "there",    "would",     "their",    "been",
  "has",      "when",    "who",     "will",     "more",     "no",        "if",       "out",
  "said",     "what",    "up",      "its",      "about",    "into",      "than",     "them",
  "can",      "only",    "other",   "new",      "some",     "could",     "time",     "these",
  "two",      "may",     "then",    "do",       "first",    "any",       "my",       "now",
  "such",     "like",    "our",     "over",     "man",      "me",        "even",     "most",
  "made",     "after",   "also",    "did",      "many",     "before",    "must",     "through",
  "meeting",  "account", "answer",  "question", "minister", "delegate",  "evening",  "harbour",
  "letter",   "witness", "promise", "silence",  "river",    "agreement", "morning",  "translator",
  "café",     "naïve",   "façade",  "Zürich",   "señor",    "œuvre",     "rôle",     "coöperate",
  "dialogue", "version", "passage", "sentence", "speaker",  "audience",  "argument", "remembered",
};

static const char *const rare_words[] = {
  "会議",     "東京",   "对话", "问题",     "答案を聞いた",       "翻訳者は黙っていた",
  "記者会見", "한국어", "😀",    "👍🏽", "👩‍👩‍👧", "🇫🇷",
  "✨",        "日本語", "é",    "ﬁn",
};

static const char *const note_texts[] = {
  "why here?",
  "The other account leaves this out.",
  "Compare with the opening; the speaker says the opposite there.",
  "A \"quotation\" of the preface,\nnot of the speech itself. 😀",
};

static const char *const annotator_names[] = { "Annotator 1", "Annotator 2", "Annotator 3" };

static const char *
choose_word (GRand *random)
{
  return g_rand_int_range (random, 0, 40) == 0
           ? rare_words[g_rand_int_range (random, 0, G_N_ELEMENTS (rare_words))]
           : words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))];
}

static char *
make_prose (gsize n_bytes, guint32 seed, const char *paragraph_end)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GString *text = g_string_sized_new (n_bytes + 1);
  guint words_left = 0;
  guint sentences_left = 0;

  for (;;)
    {
      gboolean first = words_left == 0;
      const char *word = choose_word (random);
      const char *end = " ";

      if (first)
        words_left = g_rand_int_range (random, 5, 25);
      if (sentences_left == 0)
        sentences_left = g_rand_int_range (random, 2, 7);
      if (--words_left == 0)
        end = --sentences_left == 0 ? paragraph_end : ". ";
      if (text->len + strlen (word) + strlen (end) > n_bytes)
        break;

      g_string_append (text, word);
      if (first)
        {
          char *start = text->str + text->len - strlen (word);

          *start = g_ascii_toupper (*start);
        }
      g_string_append (text, end);
    }

  return g_string_free (text, FALSE);
}

/**
 * postil_generator_text:
 * @n_bytes: how many bytes are wanted
 * @seed: the same seed makes the same text
 *
 * Makes up prose in short paragraphs, one word in forty of them Chinese, Japanese, Korean or an
 * emoji. Ends at the end of a word, so it may be a few bytes shorter than @n_bytes.
 *
 * Returns: (transfer full): UTF-8 text of at most @n_bytes bytes
 */
char *
postil_generator_text (gsize n_bytes, guint32 seed)
{
  return make_prose (n_bytes, seed, ".\n\n");
}

/**
 * postil_generator_paragraph:
 * @n_bytes: how many bytes are wanted
 * @seed: the same seed makes the same text
 *
 * Makes up the prose of postil_generator_text() as one paragraph.
 *
 * Returns: (transfer full): UTF-8 text of at most @n_bytes bytes, on one line
 */
char *
postil_generator_paragraph (gsize n_bytes, guint32 seed)
{
  return make_prose (n_bytes, seed, ". ");
}

/**
 * postil_generator_lines:
 * @n_lines: how many lines are wanted
 * @seed: the same seed makes the same text
 *
 * Returns: (transfer full): UTF-8 text of lines of one word each
 */
char *
postil_generator_lines (guint n_lines, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "%s\n", choose_word (random));
  return g_string_free (text, FALSE);
}

static char *
make_id (GRand *random)
{
  guint32 a = g_rand_int (random);
  guint32 b = g_rand_int (random);
  guint32 c = g_rand_int (random);
  guint32 d = g_rand_int (random);

  return g_strdup_printf ("urn:uuid:%08x-%04x-4%03x-%04x-%04x%08x", a, b >> 16, b & 0xfff,
                          0x8000 | (c & 0x3fff), c >> 16, d);
}

static PostilSpan
choose_span (GRand *random, PostilText *text, guint max_span)
{
  guint length = postil_text_get_length (text);
  guint wanted = MIN (length, (guint) g_rand_int_range (random, MIN_SPAN, max_span + 1));
  guint start = g_rand_int_range (random, 0, length - wanted + 1);

  return (PostilSpan){ start, start + wanted };
}

/* One of a heap that lies round one word; heaps are as far from each other as they can be. */
static PostilSpan
choose_heaped_span (GRand *random, PostilText *text, guint nth, guint n_annotations)
{
  guint length = postil_text_get_length (text), n_heaps = MAX (n_annotations / HEAP, 1);
  guint middle = (guint) ((nth / HEAP % n_heaps + 0.5) * length / n_heaps);
  guint before = g_rand_int_range (random, 0, HEAP_REACH);
  guint behind = g_rand_int_range (random, 1, HEAP_REACH);

  return (PostilSpan){ middle - MIN (middle, before), MIN (middle + behind, length) };
}

static PostilAnnotation *
make_annotation (GRand *random, PostilSpan span, GPtrArray *topics, GPtrArray *annotators)
{
  PostilTopic *topic = g_ptr_array_index (topics, g_rand_int_range (random, 0, topics->len));
  PostilAnnotator *annotator =
    g_ptr_array_index (annotators, g_rand_int_range (random, 0, annotators->len));
  const char *topic_id = postil_topic_get_id (topic);
  gint64 created = FIRST_DATE + g_rand_int_range (random, 0, SECONDS_A_YEAR);
  g_autofree char *id = make_id (random);
  g_autoptr (PostilNote) note = NULL;
  PostilAnnotationFields fields = {
    .id = id,
    .creator = postil_annotator_get_id (annotator),
    .created = created,
    .spans = &span,
    .n_spans = 1,
    .topics = &topic_id,
    .n_topics = 1,
  };

  if (g_rand_boolean (random))
    {
      note = postil_note_new (note_texts[g_rand_int_range (random, 0, G_N_ELEMENTS (note_texts))],
                              postil_annotator_get_id (annotator), created, NULL);
      fields.notes = &note;
      fields.n_notes = 1;
    }
  return postil_annotation_new (&fields);
}

/* Without @max_span in heaps. */
static PostilSnapshot *
make_snapshot (PostilText *text, guint n_annotations, guint max_span, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) topics =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_topic_unref);
  g_autoptr (GPtrArray) annotators =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotator_unref);
  g_autoptr (GPtrArray) annotations =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_annotation_unref);
  g_autoptr (PostilAnnotationIndex) index = NULL;
  g_autofree char *id = make_id (random);
  g_autofree char *collection = make_id (random);
  PostilSnapshot fields;

  for (guint i = 0; i < N_TOPICS; i++)
    {
      g_autofree char *topic_id = make_id (random);
      g_autofree char *label = g_strdup_printf ("Topic %u", i + 1);
      g_autofree char *color = g_strdup_printf ("#%06x", g_rand_int (random) & 0xffffff);
      PostilTopicFields topic = {
        .id = topic_id,
        .label = label,
        .color = color,
        .modified = FIRST_DATE,
      };

      g_ptr_array_add (topics, postil_topic_new (&topic));
    }
  for (guint i = 0; i < G_N_ELEMENTS (annotator_names); i++)
    {
      g_autofree char *annotator_id = make_id (random);

      g_ptr_array_add (annotators, postil_annotator_new (annotator_id, annotator_names[i], NULL));
    }
  for (guint i = 0; i < n_annotations; i++)
    {
      PostilSpan span = max_span > 0 ? choose_span (random, text, max_span)
                                     : choose_heaped_span (random, text, i, n_annotations);

      g_ptr_array_add (annotations, make_annotation (random, span, topics, annotators));
    }

  index =
    postil_annotation_index_new ((PostilAnnotation *const *) annotations->pdata, annotations->len);
  fields = (PostilSnapshot){
    .id = id,
    .collection = collection,
    .label = (char *) "generated.txt",
    .language = (char *) "en",
    .text = text,
    .annotations = index,
    .annotators = annotators,
    .topics = topics,
  };
  return postil_snapshot_new (&fields);
}

/**
 * postil_generator_snapshot_of_spans:
 * @text: (transfer none): the text to annotate, longer than five code points
 * @n_annotations: how many annotations to make
 * @max_span: how long the longest may be, in code points
 * @seed: the same seed makes the same snapshot of the same text
 *
 * Makes annotations of random spans of 5 code points to so many, by three annotators, each with one
 * of 50 topics, every other one with a note.
 *
 * Returns: (transfer full): the snapshot
 */
PostilSnapshot *
postil_generator_snapshot_of_spans (PostilText *text,
                                    guint n_annotations,
                                    guint max_span,
                                    guint32 seed)
{
  g_return_val_if_fail (postil_text_get_length (text) > MIN_SPAN && max_span >= MIN_SPAN, NULL);

  return make_snapshot (text, n_annotations, max_span, seed);
}

/**
 * postil_generator_snapshot_of_heaps:
 * @text: (transfer none): the text to annotate, not empty
 * @n_annotations: how many annotations to make
 * @seed: the same seed makes the same snapshot of the same text
 *
 * Makes annotations that overlap on one word, 50 of each such word.
 *
 * Returns: (transfer full): the snapshot
 */
PostilSnapshot *
postil_generator_snapshot_of_heaps (PostilText *text, guint n_annotations, guint32 seed)
{
  g_return_val_if_fail (postil_text_get_length (text) > 0, NULL);

  return make_snapshot (text, n_annotations, 0, seed);
}

/**
 * postil_generator_snapshot:
 * @text: (transfer none): the text to annotate, longer than five code points
 * @n_annotations: how many annotations to make
 * @seed: the same seed makes the same snapshot of the same text
 *
 * Makes annotations of random spans of 5 to 400 code points, by three annotators, each with one of
 * 50 topics, every other one with a note.
 *
 * Returns: (transfer full): the snapshot
 */
PostilSnapshot *
postil_generator_snapshot (PostilText *text, guint n_annotations, guint32 seed)
{
  return postil_generator_snapshot_of_spans (text, n_annotations, MAX_SPAN, seed);
}

/**
 * postil_generator_get_argument:
 * @index: which argument of the command line
 * @fallback: what it is when it is not given
 *
 * Returns: a size that a benchmark is run with
 */
guint
postil_generator_get_argument (int argc, char **argv, int index, guint fallback)
{
  return argc > index ? strtoul (argv[index], NULL, 10) : fallback;
}
