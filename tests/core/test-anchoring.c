/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-anchoring.h"

#include <string.h>

static PostilText *
make_text (const char *utf8)
{
  return postil_text_new (g_strdup (utf8), strlen (utf8), NULL);
}

static void
place_one (PostilText *text,
           const PostilSelector *selectors,
           guint n_selectors,
           gboolean trusted,
           PostilPlacement *placement)
{
  *placement = (PostilPlacement){
    .anchor = postil_anchor_new (selectors, n_selectors, NULL, NULL),
    .trusted = trusted,
    .status = POSTIL_STATUS_UNCERTAIN,
  };
  postil_anchoring_place (text, NULL, placement, 1, NULL, NULL, NULL);
}

static void
placement_clear (PostilPlacement *placement)
{
  g_clear_pointer (&placement->anchor, postil_anchor_unref);
  g_clear_pointer (&placement->spans, g_free);
}

/* "{" and "}" enclose where the range should be found; neither is part of the text. */
typedef struct
{
  const char *name;
  const char *text;
  PostilSelector selector;
  gboolean trusted;
  PostilStatus status;
} Case;

#define AT(start, end) .has_position = TRUE, .position = { start, end }

static const Case cases[] = {
  { "as it was", "one {two} three", { AT (4, 7), "two", "one ", " three" }, TRUE },
  { "as it was, position only", "one {two} three", { AT (4, 7) }, TRUE },
  { "as it was, quote only", "one {two} three", { .exact = "two" }, TRUE },
  { "context is not read on a trusted text",
    "one {two} three",
    { AT (4, 7), "two", "x", "y" },
    TRUE },
  { "inside a word by position", "one t{w}o three", { AT (5, 6), "w" }, TRUE },
  { "position past the end", "one", { AT (2, 4) }, TRUE, POSTIL_STATUS_ORPHANED },
  { "position past the end, with quote",
    "{one} two",
    { AT (9, 12), "one" },
    TRUE,
    POSTIL_STATUS_MOVED },
  { "position upside down", "one two", { AT (4, 2) }, TRUE, POSTIL_STATUS_ORPHANED },
  { "position at the very end", "one{}", { AT (3, 3) }, TRUE },
  { "prefix without quote", "one {two}", { AT (4, 7), NULL, "one ", NULL }, TRUE },
  { "counted in UTF-16",
    "😀😀 the {café} is",
    { AT (9, 13), "café", "😀😀 the ", " is" },
    TRUE,
    POSTIL_STATUS_MOVED },
  { "counted in bytes", "é {né} e", { AT (3, 6), "né" }, TRUE, POSTIL_STATUS_MOVED },

  { "unchanged place", "one {two} three", { AT (4, 7), "two", "one ", " three" } },
  { "unchanged place, no context", "one {two} three two", { AT (4, 7), "two" } },
  { "unchanged place, now inside a word",
    "one twofold",
    { AT (4, 7), "two" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "position only", "one two three", { AT (4, 7) }, FALSE, POSTIL_STATUS_ORPHANED },
  { "empty quote, no context", "one two", { AT (3, 3), "" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "empty quote, context", "one {}two", { AT (2, 2), "", "one ", "two" } },
  { "empty quote at its place", "one {}two", { AT (4, 4), "", "one ", "two" } },
  { "empty text", "", { AT (4, 7), "two" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "moved along", "zero one {two} three", { AT (4, 7), "two", "one ", " three" } },
  { "ends inside white space",
    "zero one {two  }  three",
    { AT (4, 9), "two  ", "one ", "  three" } },
  { "begins inside white space",
    "zero one  {  two} three",
    { AT (5, 10), "  two", "one  ", " three" } },
  { "edge between equal characters",
    "4bec-b33d-ecd3f760ee9c\", \"type\"{\"http://w-ww.w3.org/ns/a-n}no.'",
    { AT (31, 57), "\"http://w-ww.w3.org/ns/a-n", "4bec-b33d-ecd3f760ee9c\", \"type\"", "no.'" } },
  { "moved beyond ASCII", "ça, é {né😀} e", { AT (1, 4), "né😀", "é ", " e" } },
  { "no position", "zero one {two} three", { .exact = "two" }, FALSE, POSTIL_STATUS_MOVED },
  { "misspelt quote",
    "one {too} three",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "replaced quote",
    "it was one {hundred} three times",
    { AT (11, 14), "two", "it was one ", " three times" },
    FALSE,
    POSTIL_STATUS_UNCERTAIN },
  { "deleted quote",
    "it was one three times",
    { AT (11, 14), "two", "it was one ", " three times" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "only prefix agrees",
    "zero one {two} four",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "only suffix agrees",
    "zero {two} three",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "no side agrees",
    "zero {two} four",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_UNCERTAIN },
  { "one side agrees, quote not unique",
    "zero {two} three, two",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "one side agrees, the other cuts a word",
    "zero one twofold",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "others are inside words",
    "twofold one {two} atwo, two's",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "context decides",
    "two; one {two} three; two",
    { AT (0, 3), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "context decides inside words",
    "b{c}d bcx acd",
    { AT (9, 10), "c", "b", "d" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "twice with identical context",
    "x one {two} three one two three",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_UNCERTAIN },
  { "twice with identical context, still at one",
    "one {two} three one two three",
    { AT (4, 7), "two", "one ", " three" } },
  { "twice without context", "a {two} two", { AT (1, 4), "two" }, FALSE, POSTIL_STATUS_UNCERTAIN },
  { "inside a word", "concatenate", { AT (0, 3), "cat" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "with a mark", "{cat\u0301} x", { AT (1, 4), "cat" }, FALSE, POSTIL_STATUS_MOVED },
  { "inside a word with apostrophe",
    "x can't",
    { AT (1, 4), "can" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "part of an emoji", "x 👩\u200d👧", { AT (1, 2), "👩" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "part of CRLF", "x{.\r\n}y", { AT (1, 2), ".\r" } },
  { "between ideographs", "我们{中国}人", { AT (0, 2), "中国" }, FALSE, POSTIL_STATUS_PLACED },
  { "before a quotation mark", "x '{can}'", { AT (1, 4), "can" }, FALSE, POSTIL_STATUS_PLACED },
  { "start of the text cut off",
    "e {two} three, two",
    { AT (9, 12), "two", "zero one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "all before it cut off",
    "{two} three, two",
    { AT (9, 12), "two", "zero one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "end of the text cut off",
    "two, one {two} th",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "all after it cut off",
    "two, one {two}",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "both sides cut off",
    "e {two} th",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "nothing but the quote",
    "{two}",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_PLACED },
  { "reflowed", "zero one\n  {two\n\tthree}\nfour", { AT (4, 13), "two three", "one ", " four" } },
  { "other line ends", "one\r\n{two}\r\nthree", { AT (4, 7), "two", "one\n", "\nthree" } },
  { "other quotation marks",
    "he said {“it’s – odd”} and left",
    { AT (8, 20), "\"it's - odd\"", "he said ", " and left" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "other dashes",
    "so {one—two} it is",
    { AT (3, 11), "one--two", "so ", " it is" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "other case",
    "in {NEW YORK} it is",
    { AT (3, 11), "New York", "in ", " it is" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "other normal form",
    "au {cafe\u0301} du coin",
    { AT (3, 7), "caf\u00e9", "au ", " du coin" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "word put in",
    "and then {one big two} came",
    { AT (9, 16), "one two", "and then ", " came" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "words put in at the ends stay outside",
    "and then big {one two} soon came",
    { AT (9, 16), "one two", "and then ", " came" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "first word left out",
    "and then {quick brown foxes} came along",
    { AT (9, 30), "those quick brown foxes", "and then ", " came along" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "last word replaced",
    "and then {quick brown cats} came along",
    { AT (9, 26), "quick brown foxes", "and then ", " came along" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "word before it replaced by one like it",
    "said the {Ministry} manage report on that",
    { AT (17, 25), "Ministry", "said the Foreign ", " report on that" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "ideographs replaced",
    "昨天我们在{北京看见}了他们的朋友",
    { AT (5, 10), "南京看见", "昨天我们在", "了他们的朋友" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "quote longer than the text",
    "two",
    { AT (0, 9), "two three and some more words", NULL, NULL },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "all of the text", "{two three}", { AT (1, 10), "two three" }, FALSE, POSTIL_STATUS_PLACED },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (PostilText) text = NULL;
  PostilSpan expected = { 0, 0 };
  PostilPlacement placement;

  for (const char *p = c->text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p == '{')
        expected.start = g_utf8_strlen (plain->str, -1);
      else if (*p == '}')
        expected.end = g_utf8_strlen (plain->str, -1);
      else
        g_string_append_unichar (plain, g_utf8_get_char (p));
    }
  g_assert_cmpint (strchr (c->text, '{') != NULL, ==, c->status != POSTIL_STATUS_ORPHANED);

  text = make_text (plain->str);
  place_one (text, &c->selector, 1, c->trusted, &placement);
  g_assert_cmpint (placement.status, ==, c->status);
  if (c->status == POSTIL_STATUS_ORPHANED)
    g_assert_null (placement.spans);
  else
    {
      g_assert_cmpuint (placement.spans[0].start, ==, expected.start);
      g_assert_cmpuint (placement.spans[0].end, ==, expected.end);
    }
  placement_clear (&placement);
}

/* A passage of which only some ranges are gone is uncertain, and keeps a place for them. */
static void
test_ranges (void)
{
  g_autoptr (PostilText) text = make_text ("zero one two three four five");
  const PostilSelector placed = { AT (0, 4), "zero", "", " one" };
  const PostilSelector edited = { AT (9, 12), "twoo", "one ", " three" };
  const PostilSelector lost = { AT (10, 16), "eleven", "nine ten ", " twelve thirteen" };
  const struct
  {
    PostilSelector selectors[3];
    guint n_selectors;
    PostilStatus status;
  } passages[] = {
    { { placed }, 0, POSTIL_STATUS_ORPHANED },
    { { placed, placed }, 2, POSTIL_STATUS_PLACED },
    { { placed, edited }, 2, POSTIL_STATUS_MOVED },
    { { edited, placed, placed }, 3, POSTIL_STATUS_MOVED },
    { { placed, edited, lost }, 3, POSTIL_STATUS_UNCERTAIN },
    { { lost, edited, placed }, 3, POSTIL_STATUS_UNCERTAIN },
    { { lost, lost }, 2, POSTIL_STATUS_ORPHANED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (passages); i++)
    {
      PostilPlacement placement;

      place_one (text, passages[i].selectors, passages[i].n_selectors, FALSE, &placement);
      g_assert_cmpint (placement.status, ==, passages[i].status);
      g_assert_cmpint (placement.spans == NULL, ==, placement.status == POSTIL_STATUS_ORPHANED);
      for (guint j = 0; placement.spans != NULL && j < passages[i].n_selectors; j++)
        {
          const char *exact = passages[i].selectors[j].exact;
          g_autofree char *quote = postil_text_dup_range (text, placement.spans[j]);

          g_assert_cmpstr (quote, ==,
                           exact == lost.exact     ? ""
                           : exact == edited.exact ? "two"
                                                   : exact);
        }
      placement_clear (&placement);
    }
}

/* What is lost of a passage is an empty span, and then the passage is never sure. */
static void
test_reversed (void)
{
  g_autoptr (PostilText) old = make_text ("In the morning we sat by the harbour. The boats were "
                                          "late. Nobody minded the wind.");
  g_autoptr (PostilText) text = make_text ("Nobody minded the wind. The boats were late. In the "
                                           "morning we sat by the harbour.");
  const PostilSelector ranges[] = {
    { AT (25, 36), "the harbour", "In the morning we sat by ", ". The boats were late." },
    { AT (59, 82), "Nobody minded the wind.", " harbour. The boats were late. ", "" },
  };
  g_autoptr (PostilAnchor) anchor = postil_anchor_new (ranges, G_N_ELEMENTS (ranges), NULL, NULL);
  PostilPlacement placement = { .anchor = anchor };

  postil_anchoring_place (text, old, &placement, 1, NULL, NULL, NULL);
  for (guint i = 0; placement.spans != NULL && i < G_N_ELEMENTS (ranges); i++)
    if (postil_span_length (placement.spans[i]) == 0)
      g_assert_cmpint (placement.status, ==, POSTIL_STATUS_UNCERTAIN);
  g_free (placement.spans);
}

/* A sentence comes back where all round it is new. */
static void
test_comes_back (void)
{
  g_autoptr (PostilText) text = make_text ("Many years later somebody asked her about those days. "
                                           "The lamp burnt green. She did not say more than that.");
  const PostilSelector selector = { AT (300, 321), "The lamp burnt green.",
                                    "who had built it, nor for whom. ",
                                    " On market days there was smoke " };
  PostilPlacement placement;

  place_one (text, &selector, 1, FALSE, &placement);
  g_assert_cmpint (placement.status, >=, POSTIL_STATUS_MOVED);
  g_assert_cmpint (placement.status, <=, POSTIL_STATUS_UNCERTAIN);
  g_assert_cmpuint (placement.spans[0].start, ==, 54);
  g_assert_cmpuint (placement.spans[0].end, ==, 75);
  placement_clear (&placement);
}

/* Rules that take more than a line: what was, what is, and what became of the passages, which are
 * enclosed by "{" and "}" in both; one that is gone is "{}" in the new text, in the same order. */
typedef struct
{
  const char *name;
  const char *old;
  const char *new;
  PostilStatus statuses[4];
  /* Whether one passage alone does not show what happened. */
  gboolean needs_old;
} Rule;

#define PARTIES                                                                                    \
  "Article 1. The Parties shall cooperate in the field of trade and report on it each year.\n"
#define CULTURE                                                                                    \
  "Article 2. The Parties shall cooperate in the field of culture and report on it each year.\n"
#define HEALTH                                                                                     \
  "Article 3. The Parties shall cooperate in the field of health and report on it each year.\n"
#define STORY "Nobody remembered who had built the lighthouse, nor why its lamp was green.\n"
#define HARBOUR "The harbour master kept a list of ships in a book bound with seal skin.\n"
#define MARKET "On market days the square smelled of smoked fish, tar and oranges.\n"

static const Rule rules[] = {
  { "all as it was",
    STORY "The harbour {master} kept a {list of ships} in a book.\n" MARKET,
    STORY "The harbour {master} kept a {list of ships} in a book.\n" MARKET,
    { POSTIL_STATUS_PLACED, POSTIL_STATUS_PLACED } },
  { "a paragraph came before it",
    HARBOUR "On market days {the square smelled} of smoked fish.\n",
    STORY HARBOUR "On market days {the square smelled} of smoked fish.\n",
    { POSTIL_STATUS_PLACED } },
  { "its paragraph was moved",
    STORY HARBOUR "On market days {the square smelled} of smoked fish, tar and oranges.\n" PARTIES,
    "On market days {the square smelled} of smoked fish, tar and oranges.\n" STORY HARBOUR PARTIES,
    { POSTIL_STATUS_MOVED },
    TRUE },
  { "a whole paragraph was moved",
    STORY HARBOUR "{On market days the square smelled of smoked fish, tar and oranges.}\n" PARTIES,
    "{On market days the square smelled of smoked fish, tar and oranges.}\n" STORY HARBOUR PARTIES,
    { POSTIL_STATUS_MOVED },
    TRUE },
  { "its paragraph is gone",
    STORY "The harbour {master} kept {a list of ships} in a book.\n" MARKET,
    STORY MARKET "{}{}",
    { POSTIL_STATUS_ORPHANED, POSTIL_STATUS_ORPHANED } },
  { "its sentence is gone, the word is elsewhere",
    STORY "He wrote in a {book} every night. " MARKET "She had read one book in her life.\n",
    STORY MARKET "She had read one book in her life.\n{}",
    { POSTIL_STATUS_ORPHANED } },
  { "edited in place, a copy far away",
    STORY
    "The harbour master {kept a list of ships in a book} bound with seal skin.\n" MARKET PARTIES
      CULTURE HEALTH,
    STORY
    "The harbour master {kept a long list of ships in the book} bound with seal skin.\n" MARKET
      PARTIES CULTURE HEALTH HARBOUR,
    { POSTIL_STATUS_MOVED },
    TRUE },
  { "copied far away",
    STORY "The harbour master {kept a list of ships in a book} bound with seal skin.\n" MARKET,
    STORY
    "The harbour master {kept a list of ships in a book} bound with seal skin.\n" MARKET HARBOUR,
    { POSTIL_STATUS_PLACED } },
  { "among paragraphs that are alike",
    PARTIES
    "Article 2. The Parties {shall cooperate in the field of culture} and report on it each "
    "year.\n" HEALTH STORY,
    MARKET PARTIES
    "Article 2. The Parties {shall cooperate in the field of culture} and report on it each "
    "year.\n" HEALTH STORY,
    { POSTIL_STATUS_PLACED } },
};

/* Takes the braces out of @marked. Returns the spans that they enclosed. */
static GArray *
read_marks (const char *marked, GString *plain)
{
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  guint offset = 0;

  for (const char *p = marked; *p != '\0'; p = g_utf8_next_char (p))
    {
      PostilSpan span = { offset, offset };

      if (*p == '{')
        g_array_append_val (spans, span);
      else if (*p == '}')
        g_array_index (spans, PostilSpan, spans->len - 1).end = offset;
      else
        {
          g_string_append_unichar (plain, g_utf8_get_char (p));
          offset++;
        }
    }
  return spans;
}

static PostilAnchor *
make_anchor (PostilText *text, PostilSpan span, guint n_context)
{
  guint length = postil_text_get_length (text);
  g_autofree char *exact = postil_text_dup_range (text, span);
  g_autofree char *prefix = postil_text_dup_range (
    text, (PostilSpan){ span.start - MIN (span.start, n_context), span.start });
  g_autofree char *suffix =
    postil_text_dup_range (text, (PostilSpan){ span.end, MIN (span.end + n_context, length) });
  PostilSelector selector = { TRUE, span, exact, prefix, suffix };

  return postil_anchor_new (&selector, 1, NULL, NULL);
}

static void
test_rule (gconstpointer data)
{
  const Rule *rule = data;
  g_autoptr (GString) old_plain = g_string_new (NULL);
  g_autoptr (GString) new_plain = g_string_new (NULL);
  g_autoptr (GArray) old_spans = read_marks (rule->old, old_plain);
  g_autoptr (GArray) new_spans = read_marks (rule->new, new_plain);
  g_autoptr (PostilText) old = make_text (old_plain->str);
  g_autoptr (PostilText) new = make_text (new_plain->str);

  g_assert_cmpuint (old_spans->len, ==, new_spans->len);
  for (guint known = rule->needs_old; known < 2; known++)
    {
      PostilPlacement placements[4] = { 0 };

      for (guint i = 0; i < old_spans->len; i++)
        placements[i].anchor = make_anchor (old, g_array_index (old_spans, PostilSpan, i), 32);
      g_assert_true (postil_anchoring_place (new, known ? old : NULL, placements, old_spans->len,
                                             NULL, NULL, NULL));
      for (guint i = 0; i < old_spans->len; i++)
        {
          PostilSpan expected = g_array_index (new_spans, PostilSpan, i);

          g_assert_cmpint (placements[i].status, ==, rule->statuses[i]);
          if (rule->statuses[i] != POSTIL_STATUS_ORPHANED)
            {
              g_assert_cmpuint (placements[i].spans[0].start, ==, expected.start);
              g_assert_cmpuint (placements[i].spans[0].end, ==, expected.end);
            }
          placement_clear (&placements[i]);
        }
    }
}

/* Only the old text tells that the article about culture is gone: what is left was always about
 * health. */
static void
test_look_alike (void)
{
  g_autoptr (PostilText) old = make_text (STORY PARTIES CULTURE HEALTH MARKET);
  g_autoptr (PostilText) new = make_text (STORY PARTIES HEALTH MARKET);
  guint start = g_utf8_strlen (STORY PARTIES, -1);
  PostilPlacement placement = {
    .anchor = make_anchor (old, (PostilSpan){ start + 23, start + 62 }, 32),
  };

  postil_anchoring_place (new, old, &placement, 1, NULL, NULL, NULL);
  g_assert_cmpint (placement.status, >=, POSTIL_STATUS_UNCERTAIN);
  placement_clear (&placement);
}

/* A position without a quote can be followed when the old text is known. */
static void
test_position_only (void)
{
  g_autoptr (PostilText) old = make_text (STORY HARBOUR MARKET);
  g_autoptr (PostilText) new = make_text (HARBOUR STORY MARKET);
  PostilSelector selector = { AT (7, 17) };
  PostilPlacement placement = { .anchor = postil_anchor_new (&selector, 1, NULL, NULL) };
  g_autofree char *quote = NULL;

  g_assert_true (postil_anchoring_place (new, old, &placement, 1, NULL, NULL, NULL));
  g_assert_cmpint (placement.status, <, POSTIL_STATUS_ORPHANED);
  quote = postil_text_dup_range (new, placement.spans[0]);
  g_assert_cmpstr (quote, ==, "remembered");
  placement_clear (&placement);
}

static void
progress_cb (double fraction, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
}

static void
cancel_cb (double fraction, gpointer data)
{
  if (fraction >= 0.4)
    g_cancellable_cancel (data);
}

static void
test_progress (void)
{
  g_autoptr (PostilText) old = make_text (STORY HARBOUR MARKET);
  g_autoptr (PostilText) new = make_text (HARBOUR STORY MARKET);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  PostilPlacement placement = { .anchor = make_anchor (old, (PostilSpan){ 7, 17 }, 32) };
  double last = 0;

  g_assert_true (postil_anchoring_place (new, NULL, &placement, 1, progress_cb, &last, NULL));
  g_assert_cmpfloat (last, ==, 1);
  g_clear_pointer (&placement.spans, g_free);

  g_assert_false (
    postil_anchoring_place (new, NULL, &placement, 1, cancel_cb, cancellable, cancellable));
  g_assert_cmpint (placement.status, ==, POSTIL_STATUS_ORPHANED);
  g_assert_null (placement.spans);
  placement_clear (&placement);
}

static void
test_candidates (void)
{
  g_autoptr (PostilText) old = make_text (STORY CULTURE MARKET);
  g_autoptr (PostilText) new = make_text (STORY PARTIES MARKET HEALTH);
  guint start = g_utf8_strlen (STORY, -1);
  g_autoptr (PostilAnchor) anchor = make_anchor (old, (PostilSpan){ start + 23, start + 62 }, 32);
  g_autoptr (GArray) some = postil_anchoring_list_candidates (new, old, anchor, 0, 5);
  g_autoptr (GArray) one = postil_anchoring_list_candidates (new, NULL, anchor, 0, 1);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpuint (some->len, >=, 2);
  g_assert_cmpuint (some->len, <=, 5);
  g_assert_cmpuint (one->len, ==, 1);
  for (guint i = 0; i < some->len; i++)
    {
      const PostilCandidate *candidate = &g_array_index (some, PostilCandidate, i);

      g_assert_cmpfloat (candidate->score, >=, 0);
      g_assert_cmpfloat (candidate->score, <=, i > 0 ? candidate[-1].score : 1);
    }
  first = postil_text_dup_range (new, g_array_index (some, PostilCandidate, 0).span);
  second = postil_text_dup_range (new, g_array_index (some, PostilCandidate, 1).span);
  g_assert_cmpstr (first, ==, "shall cooperate in the field of trade");
  g_assert_cmpstr (second, ==, "shall cooperate in the field of health");
}

/* Texts of letters and blanks, edited anyhow: nothing is found that is not there, and what is said
 * to be placed is. */

static char *
make_words (GRand *rand, guint n_bytes, guint n_letters)
{
  char *words = g_malloc (n_bytes + 1);

  for (guint i = 0; i < n_bytes; i++)
    words[i] =
      g_rand_int_range (rand, 0, 5) == 0 ? ' ' : 'a' + g_rand_int_range (rand, 0, n_letters);
  words[n_bytes] = '\0';
  return words;
}

/* Cuts out, puts in and moves parts of a text. */
static char *
edit (GRand *rand, const char *text, guint n_edits, guint n_letters)
{
  g_autoptr (GString) edited = g_string_new (text);

  for (guint i = 0; i < n_edits && edited->len > 0; i++)
    {
      gsize at = g_rand_int_range (rand, 0, edited->len);
      gsize n = g_rand_int_range (rand, 0, 1 + (edited->len - at) / 4);
      g_autofree char *part = g_strndup (edited->str + at, n);
      g_autofree char *words = make_words (rand, g_rand_int_range (rand, 1, 9), n_letters);
      guint kind = g_rand_int_range (rand, 0, 4);

      if (kind < 2)
        g_string_insert (edited, at, words);
      if (kind > 1)
        g_string_erase (edited, at, n);
      if (kind == 3)
        g_string_insert (edited, g_rand_int_range (rand, 0, edited->len + 1), part);
    }
  return g_string_free (g_steal_pointer (&edited), FALSE);
}

static gboolean
has_words (const char *text, gsize at, const char *words)
{
  for (; *words != '\0'; words++)
    {
      if (*words == ' ' && text[at] == ' ')
        {
          while (words[1] == ' ')
            words++;
          while (text[at + 1] == ' ')
            at++;
        }
      if (text[at++] != *words)
        return FALSE;
    }
  return TRUE;
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_by_status[POSTIL_STATUS_ORPHANED + 1] = { 0 };

  for (guint round = 0; round < 300; round++)
    {
      guint n_letters = 1 + round % 26;
      guint n_edits = round % 3 == 0 ? 0 : g_rand_int_range (rand, 0, 6);
      g_autofree char *before = make_words (rand, g_rand_int_range (rand, 1, 600), n_letters);
      g_autofree char *after = edit (rand, before, n_edits, n_letters);
      g_autoptr (PostilText) old = make_text (before);
      g_autoptr (PostilText) text = make_text (after);
      guint length = strlen (before);
      PostilPlacement placements[60] = { 0 };
      PostilSpan positions[60];

      for (guint i = 0; i < G_N_ELEMENTS (placements); i++)
        {
          positions[i].start = g_rand_int_range (rand, 0, length);
          positions[i].end = positions[i].start + g_rand_int_range (rand, 1, i % 4 == 0 ? 400 : 12);
          positions[i].end = MIN (positions[i].end, length);
          placements[i].anchor = make_anchor (old, positions[i], g_rand_int_range (rand, 0, 40));
        }
      postil_anchoring_place (text, round % 2 == 0 ? old : NULL, placements,
                              G_N_ELEMENTS (placements), NULL, NULL, NULL);

      for (guint i = 0; i < G_N_ELEMENTS (placements); i++)
        {
          guint n;
          const PostilSelector *selector = postil_anchor_get_selectors (placements[i].anchor, &n);
          PostilSpan span;

          n_by_status[placements[i].status]++;
          g_assert_cmpint (placements[i].spans == NULL, ==,
                           placements[i].status == POSTIL_STATUS_ORPHANED);
          if (placements[i].spans == NULL)
            continue;
          span = placements[i].spans[0];
          g_assert_cmpuint (span.start, <=, span.end);
          g_assert_cmpuint (span.end, <=, strlen (after));
          if (placements[i].status == POSTIL_STATUS_PLACED)
            g_assert_true (has_words (after, span.start, selector->exact));
          placement_clear (&placements[i]);
        }
      for (guint i = 0; i < G_N_ELEMENTS (placements); i++)
        placement_clear (&placements[i]);
    }
  g_test_message ("%u placed, %u moved, %u uncertain, %u orphaned",
                  n_by_status[POSTIL_STATUS_PLACED], n_by_status[POSTIL_STATUS_MOVED],
                  n_by_status[POSTIL_STATUS_UNCERTAIN], n_by_status[POSTIL_STATUS_ORPHANED]);
  for (guint i = 0; i < G_N_ELEMENTS (n_by_status); i++)
    g_assert_cmpuint (n_by_status[i], >, 100);
}

/* Texts and quotes that make comparing one by one take hours. */

typedef char *(*MakeText) (gsize n_bytes);
typedef void (*MakeSelector) (guint i, PostilSelector *selector);

static char *
make_letters (gsize n_bytes)
{
  return g_strnfill (n_bytes, 'a');
}

static char *
make_pairs (gsize n_bytes)
{
  char *text = g_strnfill (n_bytes, ' ');

  for (gsize i = 0; i < n_bytes; i += 2)
    text[i] = 'a';
  return text;
}

static void
make_identical (guint i, PostilSelector *selector)
{
  selector->exact = g_strdup ("a");
}

static void
make_growing (guint i, PostilSelector *selector)
{
  selector->exact = g_strnfill (1 + i % 2000, 'a');
}

static void
make_tailed (guint i, PostilSelector *selector)
{
  g_autofree char *head = g_strnfill (60, 'a');

  selector->exact = g_strdup_printf ("%s%u", head, i);
}

static void
make_contexts (guint i, PostilSelector *selector)
{
  selector->prefix = g_strdup_printf ("%u ", i);
  selector->exact = g_strdup ("a");
  selector->suffix = g_strdup (" a a a a a a a a a a a a a a a a a a a a a a a a a a a");
}

static void
make_long_contexts (guint i, PostilSelector *selector)
{
  selector->prefix = g_strnfill (5000, 'a');
  selector->exact = g_strdup_printf ("a%s", i % 2 == 0 ? "" : "a");
  selector->suffix = g_strnfill (5000, 'b');
}

static void
make_nothing (guint i, PostilSelector *selector)
{
  selector->exact = g_strdup ("");
}

static char *
make_lines (gsize n_bytes)
{
  char *text = g_malloc (n_bytes + 1);

  for (gsize i = 0; i < n_bytes; i++)
    text[i] = "as above\n\n"[i % 10];
  text[n_bytes] = '\0';
  return text;
}

static void
make_line (guint i, PostilSelector *selector)
{
  selector->position = (PostilSpan){ 10 * i, 10 * i + 8 };
  selector->prefix = g_strdup (i > 0 ? "above\n\n" : "");
  selector->exact = g_strdup ("as above");
  selector->suffix = g_strdup ("\n\nas");
}

static void
make_huge (guint i, PostilSelector *selector)
{
  selector->exact = make_lines (1000000 + i);
}

static const struct
{
  const char *name;
  MakeText make_text;
  MakeSelector make_selector;
  guint n;
} floods[] = {
  { "one letter, identical", make_letters, make_identical, 20000 },
  { "one letter, growing", make_letters, make_growing, 5000 },
  { "one letter, tailed", make_letters, make_tailed, 20000 },
  { "pairs, identical", make_pairs, make_identical, 20000 },
  { "pairs, growing", make_pairs, make_growing, 5000 },
  { "pairs, contexts", make_pairs, make_contexts, 20000 },
  { "one letter, long contexts", make_letters, make_long_contexts, 2000 },
  { "empty quotes", make_lines, make_nothing, 20000 },
  { "identical lines", make_lines, make_line, 20000 },
  { "quotes longer than the text", make_lines, make_huge, 8 },
};

/* Whatever comes, it ends, with places that are in the text. */
static void
test_flood (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      g_autofree PostilPlacement *placements = g_new0 (PostilPlacement, floods[i].n);
      const gsize n_bytes = 300000;
      g_autoptr (PostilText) text = postil_text_new (floods[i].make_text (n_bytes), n_bytes, NULL);
      g_autoptr (GTimer) timer = NULL;

      for (guint j = 0; j < floods[i].n; j++)
        {
          PostilSelector selector = { AT (n_bytes - 1, n_bytes + 5) };

          floods[i].make_selector (j, &selector);
          placements[j].anchor = postil_anchor_new (&selector, 1, NULL, NULL);
          g_free ((char *) selector.exact);
          g_free ((char *) selector.prefix);
          g_free ((char *) selector.suffix);
        }
      timer = g_timer_new ();
      postil_anchoring_place (text, NULL, placements, floods[i].n, NULL, NULL, NULL);
      g_test_message ("%s: %.0f ms", floods[i].name, 1000 * g_timer_elapsed (timer, NULL));
      for (guint j = 0; j < floods[i].n; j++)
        {
          if (placements[j].spans != NULL)
            g_assert_cmpuint (placements[j].spans[0].end, <=, n_bytes);
          placement_clear (&placements[j]);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/anchoring/case/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *path = g_strdup_printf ("/anchoring/rule/%s", rules[i].name);

      g_test_add_data_func (path, &rules[i], test_rule);
    }
  g_test_add_func ("/anchoring/ranges", test_ranges);
  g_test_add_func ("/anchoring/reversed", test_reversed);
  g_test_add_func ("/anchoring/comes-back", test_comes_back);
  g_test_add_func ("/anchoring/look-alike", test_look_alike);
  g_test_add_func ("/anchoring/position-only", test_position_only);
  g_test_add_func ("/anchoring/progress", test_progress);
  g_test_add_func ("/anchoring/candidates", test_candidates);
  g_test_add_func ("/anchoring/random", test_random);
  g_test_add_func ("/anchoring/flood", test_flood);
  return g_test_run ();
}
