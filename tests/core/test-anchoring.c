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
  postil_anchoring_place (text, placement, 1);
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
  { "empty quote, context",
    "one {}two",
    { AT (2, 2), "", "one ", "two" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "empty quote at its place", "one {}two", { AT (4, 4), "", "one ", "two" } },
  { "empty text", "", { AT (4, 7), "two" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "moved along",
    "zero one {two} three",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "moved beyond ASCII",
    "ça, é {né😀} e",
    { AT (1, 4), "né😀", "é ", " e" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "no position", "zero one {two} three", { .exact = "two" }, FALSE, POSTIL_STATUS_MOVED },
  { "changed quote",
    "one too three",
    { AT (4, 7), "two", "one ", " three" },
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
    "zero two four",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "one side agrees, quote not unique",
    "zero two three, two",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
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
    POSTIL_STATUS_MOVED },
  { "context decides inside words",
    "b{c}d bcx acd",
    { AT (9, 10), "c", "b", "d" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "twice with identical context",
    "x one two three one two three",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "twice with identical context, still at one",
    "one {two} three one two three",
    { AT (4, 7), "two", "one ", " three" } },
  { "twice without context", "a two two", { AT (1, 4), "two" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "inside a word", "concatenate", { AT (0, 3), "cat" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "inside a word with a mark",
    "cat\u0301 x",
    { AT (1, 4), "cat" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "inside a word with apostrophe",
    "x can't",
    { AT (1, 4), "can" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "part of an emoji", "x 👩\u200d👧", { AT (1, 2), "👩" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "part of CRLF", "x.\r\ny", { AT (1, 2), ".\r" }, FALSE, POSTIL_STATUS_ORPHANED },
  { "between ideographs", "我们{中国}人", { AT (0, 2), "中国" }, FALSE, POSTIL_STATUS_MOVED },
  { "before a quotation mark", "x '{can}'", { AT (1, 4), "can" }, FALSE, POSTIL_STATUS_MOVED },
  { "start of the text cut off",
    "e {two} three, two",
    { AT (9, 12), "two", "zero one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "all before it cut off",
    "{two} three, two",
    { AT (9, 12), "two", "zero one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "end of the text cut off",
    "two, one {two} th",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "all after it cut off",
    "two, one {two}",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "both sides cut off",
    "e {two} th",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_MOVED },
  { "nothing but the quote",
    "two",
    { AT (4, 7), "two", "one ", " three" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "a cut inside a character counts for nothing",
    "\u00a9 two",
    { AT (4, 7), "two", "é\u00e9 ", " x" },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "quote longer than the text",
    "two",
    { AT (0, 9), "two three and some more words", NULL, NULL },
    FALSE,
    POSTIL_STATUS_ORPHANED },
  { "all of the text", "{two three}", { AT (1, 10), "two three" }, FALSE, POSTIL_STATUS_MOVED },
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

/* A passage is found as a whole or not at all. */
static void
test_ranges (void)
{
  g_autoptr (PostilText) text = make_text ("zero one two three four five");
  const PostilSelector placed = { AT (0, 4), "zero", "", " one" };
  const PostilSelector moved = { AT (0, 3), "two", "one ", " three" };
  const PostilSelector lost = { AT (0, 3), "six", "one ", " three" };
  const struct
  {
    PostilSelector selectors[3];
    guint n_selectors;
    PostilStatus status;
  } passages[] = {
    { { placed }, 0, POSTIL_STATUS_ORPHANED },
    { { placed, placed }, 2, POSTIL_STATUS_PLACED },
    { { placed, moved }, 2, POSTIL_STATUS_MOVED },
    { { moved, placed, placed }, 3, POSTIL_STATUS_MOVED },
    { { placed, moved, lost }, 3, POSTIL_STATUS_ORPHANED },
    { { lost, moved, placed }, 3, POSTIL_STATUS_ORPHANED },
    { { moved, lost, moved }, 3, POSTIL_STATUS_ORPHANED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (passages); i++)
    {
      PostilPlacement placement;

      place_one (text, passages[i].selectors, passages[i].n_selectors, FALSE, &placement);
      g_assert_cmpint (placement.status, ==, passages[i].status);
      for (guint j = 0; placement.spans != NULL && j < passages[i].n_selectors; j++)
        {
          g_autofree char *quote = postil_text_dup_range (text, placement.spans[j]);

          g_assert_cmpstr (quote, ==, passages[i].selectors[j].exact);
        }
      placement_clear (&placement);
    }
}

/* What the rules say, looked up place by place in a text of letters and blanks. */

static gboolean
naive_cuts_word (const char *text, gsize at)
{
  return at > 0 && g_ascii_isalpha (text[at - 1]) && g_ascii_isalpha (text[at]);
}

typedef enum
{
  NAIVE_DISAGREES,
  NAIVE_CUT_OFF,
  NAIVE_AGREES
} NaiveSide;

static NaiveSide
naive_prefix (const char *text, gsize at, const char *prefix)
{
  gsize n = strlen (prefix);

  if (n > at)
    return strncmp (text, prefix + (n - at), at) == 0 ? NAIVE_CUT_OFF : NAIVE_DISAGREES;
  return strncmp (text + at - n, prefix, n) == 0 ? NAIVE_AGREES : NAIVE_DISAGREES;
}

static NaiveSide
naive_suffix (const char *text, gsize end, const char *suffix)
{
  gsize n = strlen (suffix), n_rest = strlen (text + end);

  if (n > n_rest)
    return strncmp (text + end, suffix, n_rest) == 0 ? NAIVE_CUT_OFF : NAIVE_DISAGREES;
  return strncmp (text + end, suffix, n) == 0 ? NAIVE_AGREES : NAIVE_DISAGREES;
}

static PostilStatus
naive_place (const char *text, const PostilSelector *selector, gsize *place)
{
  gsize n_exact = strlen (selector->exact);
  guint n_full = 0, n_cut = 0, n_whole = 0;
  gsize full = 0, cut = 0, whole = 0;
  NaiveSide before, after;

  for (const char *p = strstr (text, selector->exact); p != NULL;
       p = strstr (p + 1, selector->exact))
    {
      gsize at = p - text, end = at + n_exact;
      gboolean begins_whole = !naive_cuts_word (text, at);
      gboolean ends_whole = !naive_cuts_word (text, end);

      before = naive_prefix (text, at, selector->prefix);
      after = naive_suffix (text, end, selector->suffix);
      if (begins_whole && ends_whole)
        {
          n_whole++;
          whole = at;
        }
      if (before == NAIVE_DISAGREES || after == NAIVE_DISAGREES ||
          (selector->prefix[0] == '\0' && !begins_whole) ||
          (selector->suffix[0] == '\0' && !ends_whole))
        continue;
      if (at == selector->position.start)
        {
          *place = at;
          return POSTIL_STATUS_PLACED;
        }
      if (before == NAIVE_AGREES && after == NAIVE_AGREES)
        {
          n_full++;
          full = at;
        }
      else if (MIN (at, strlen (selector->prefix)) +
                 MIN (strlen (text + end), strlen (selector->suffix)) >
               0)
        {
          n_cut++;
          cut = at;
        }
    }
  *place = n_full > 0 ? full : n_cut == 1 ? cut : whole;
  if (n_full > 0)
    return n_full == 1 ? POSTIL_STATUS_MOVED : POSTIL_STATUS_ORPHANED;
  if (n_cut == 1)
    return POSTIL_STATUS_MOVED;
  if (n_whole != 1)
    return POSTIL_STATUS_ORPHANED;
  before = naive_prefix (text, whole, selector->prefix);
  after = naive_suffix (text, whole + n_exact, selector->suffix);
  if ((before != NAIVE_DISAGREES && whole > 0 && selector->prefix[0] != '\0') ||
      (after != NAIVE_DISAGREES && text[whole + n_exact] != '\0' && selector->suffix[0] != '\0'))
    return POSTIL_STATUS_MOVED;
  return POSTIL_STATUS_ORPHANED;
}

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

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_by_status[POSTIL_STATUS_ORPHANED + 1] = { 0 };

  for (guint round = 0; round < 400; round++)
    {
      guint n_letters = 1 + round % 5;
      guint n_context = round % 7 == 0 ? 40 : g_rand_int_range (rand, 0, 9);
      g_autofree char *before = make_words (rand, g_rand_int_range (rand, 1, 600), n_letters);
      g_autofree char *after = edit (rand, before, g_rand_int_range (rand, 0, 6), n_letters);
      g_autoptr (PostilText) text = make_text (after);
      gsize length = strlen (before);
      PostilSelector selectors[60];
      PostilPlacement placements[60] = { 0 };

      for (guint i = 0; i < G_N_ELEMENTS (placements); i++)
        {
          gsize start = g_rand_int_range (rand, 0, length);
          gsize end = start + g_rand_int_range (rand, 1, i % 4 == 0 ? 60 : 12);
          gsize n_before = MIN (start, n_context);

          end = MIN (end, length);
          selectors[i] = (PostilSelector){
            AT (start, end),
            .exact = g_strndup (before + start, end - start),
            .prefix = g_strndup (before + start - n_before, n_before),
            .suffix = g_strndup (before + end, n_context),
          };
          placements[i].anchor = postil_anchor_new (&selectors[i], 1, NULL, NULL);
        }
      postil_anchoring_place (text, placements, G_N_ELEMENTS (placements));

      for (guint i = 0; i < G_N_ELEMENTS (placements); i++)
        {
          gsize place;
          PostilStatus status = naive_place (after, &selectors[i], &place);

          n_by_status[status]++;
          if (placements[i].status != status)
            g_test_message ("round %u: “%s”[%s]“%s” at %u in “%s”", round, selectors[i].prefix,
                            selectors[i].exact, selectors[i].suffix, selectors[i].position.start,
                            after);
          g_assert_cmpint (placements[i].status, ==, status);
          if (status != POSTIL_STATUS_ORPHANED)
            {
              g_assert_cmpuint (placements[i].spans[0].start, ==, place);
              g_assert_cmpuint (placements[i].spans[0].end, ==,
                                place + strlen (selectors[i].exact));
            }
          placement_clear (&placements[i]);
          g_free ((char *) selectors[i].exact);
          g_free ((char *) selectors[i].prefix);
          g_free ((char *) selectors[i].suffix);
        }
    }
  g_test_message ("%u placed, %u moved, %u orphaned", n_by_status[POSTIL_STATUS_PLACED],
                  n_by_status[POSTIL_STATUS_MOVED], n_by_status[POSTIL_STATUS_ORPHANED]);
  for (guint i = 0; i < G_N_ELEMENTS (n_by_status); i++)
    g_assert_true (n_by_status[i] > 1000 || i == POSTIL_STATUS_UNCERTAIN);
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

static const struct
{
  const char *name;
  MakeText make_text;
  MakeSelector make_selector;
  guint n;
  PostilStatus status;
} floods[] = {
  { "one letter, identical", make_letters, make_identical, 20000, POSTIL_STATUS_ORPHANED },
  { "one letter, growing", make_letters, make_growing, 20000, POSTIL_STATUS_ORPHANED },
  { "one letter, tailed", make_letters, make_tailed, 20000, POSTIL_STATUS_ORPHANED },
  { "pairs, identical", make_pairs, make_identical, 20000, POSTIL_STATUS_ORPHANED },
  { "pairs, growing", make_pairs, make_growing, 20000, POSTIL_STATUS_ORPHANED },
  { "pairs, contexts", make_pairs, make_contexts, 20000, POSTIL_STATUS_MOVED },
  { "one letter, long contexts", make_letters, make_long_contexts, 2000, POSTIL_STATUS_MOVED },
};

static void
test_flood (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      g_autofree PostilPlacement *placements = g_new0 (PostilPlacement, floods[i].n);
      const gsize n_bytes = 1000000;
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
      postil_anchoring_place (text, placements, floods[i].n);
      g_test_message ("%s: %.0f ms", floods[i].name, 1000 * g_timer_elapsed (timer, NULL));
      g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 30);
      for (guint j = 0; j < floods[i].n; j++)
        {
          g_assert_cmpint (placements[j].status, ==, floods[i].status);
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
  g_test_add_func ("/anchoring/ranges", test_ranges);
  g_test_add_func ("/anchoring/random", test_random);
  g_test_add_func ("/anchoring/flood", test_flood);
  return g_test_run ();
}
