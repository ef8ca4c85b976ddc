/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-edits.h"

#include <string.h>

/*
 * PostilEdits: a made-up text, what an editor made of it, and the truth about its passages. Every
 * code point carries from where in the old text it comes, through all that is done to it, so the
 * place of a passage in the new text is not found but known. The caller owns it; the same seed
 * makes the same.
 *
 * What is true:
 * - A replaced word stands for the one that it replaces: a passage that begins with a word that was
 *   replaced begins with the new one now. It does not survive, though; a misspelt one does, and one
 *   that only became longer or shorter.
 * - A word that was put in at an edge of a passage is outside it, one further in is inside.
 * - Of a paragraph that stands twice, the one is meant that stands where it always stood.
 * - A passage of which the parts went different ways, or of which less than half of what lies
 *   between its ends is its own now, has no place that everyone would agree on.
 */

#define CONTEXT 32
#define POINTS_A_PASSAGE 150
#define NOWHERE G_MAXUINT

/* Whether a code point is that of the old text, or written the other way; otherwise it replaces it.
 */
#define KEPT 1
/* Whether its paragraph was carried away. */
#define CARRIED 2

/* A code point on its way. */
typedef struct
{
  gunichar character;
  /* Its offset in the old text; NOWHERE when it is new. */
  guint origin;
  /* The number of its word; 0 between words. */
  guint word;
  guint flags;
} Point;

typedef struct
{
  const char *name;
  const char *const *words;
  /* Of which rare words are made. */
  const char *const *syllables;
  const char *space;
  const char *comma;
  const char *stop;
} Style;

typedef struct
{
  const Style *style;
  PostilEditsStyle number;
  GRand *random;
  guint n_words;
  /* Arrays of points, one a paragraph with the line ends behind it. */
  GPtrArray *paragraphs;
  gboolean curly;
} Maker;

static const char *const english[] = {
  "the",     "of",       "and",     "to",      "a",        "in",      "that",    "was",
  "he",      "it",       "his",     "with",    "for",      "as",      "had",     "on",
  "not",     "at",       "be",      "by",      "they",     "from",    "her",     "she",
  "this",    "which",    "were",    "or",      "have",     "one",     "would",   "all",
  "their",   "there",    "been",    "when",    "who",      "more",    "no",      "if",
  "out",     "said",     "up",      "into",    "than",     "then",    "what",    "so",
  "ferry",   "council",  "harbour", "letter",  "promise",  "witness", "answer",  "question",
  "garden",  "lantern",  "winter",  "teacher", "village",  "morning", "evening", "silence",
  "bridge",  "account",  "meeting", "speaker", "record",   "window",  "copper",  "ledger",
  "carried", "refused",  "opened",  "forgot",  "believed", "asked",   "counted", "returned",
  "slowly",  "again",    "perhaps", "quietly", "never",    "already", "almost",  "together",
  "narrow",  "honest",   "distant", "heavy",   "familiar", "empty",   "early",   "stubborn",
  "café",    "naïve",    "fiancé",  "weather", "orchard",  "station", "journey", "neighbour",
  "price",   "promised", "barley",  "clock",   "kitchen",  "miller",  "sailor",  "argument",
  NULL,
};
static const char *const english_syllables[] = {
  "mar", "ven", "ko",  "lin", "dra", "sel", "ton", "wick", "ham", "bor", "est",
  "ran", "fol", "ing", "by",  "cas", "per", "um",  "ash",  "lo",  NULL,
};

static const char *const german[] = {
  "die",         "der",       "und",       "in",       "zu",          "den",       "das",
  "nicht",       "von",       "sie",       "ist",      "des",         "sich",      "mit",
  "dem",         "dass",      "er",        "es",       "ein",         "ich",       "auf",
  "so",          "eine",      "auch",      "als",      "an",          "nach",      "wie",
  "im",          "für",       "über",      "müssen",   "Straße",      "Brücke",    "Häuser",
  "Gespräch",    "Übergang",  "Gemüse",    "fröhlich", "langsam",     "plötzlich", "Bürger",
  "Abgeordnete", "Zeitung",   "Vorschlag", "Größe",    "schließlich", "Öffnung",   "Nachbar",
  "erzählte",    "hörte",     "wusste",    "verließ",  "kämpfte",     "blühte",    "Fähre",
  "Frühling",    "Schlüssel", "Mühle",     "Kapitän",  "Wörterbuch",  "während",   "gemäß",
  NULL,
};
static const char *const german_syllables[] = {
  "Grün", "berg", "schaft", "Wasser", "stein", "ung", "lich",
  "Ober", "höfe", "werk",   "ver",    "bau",   NULL,
};

static const char *const cjk[] = {
  "的",   "在",   "是",     "了",   "我们", "他们", "会议",   "记者", "问题",
  "回答", "城市", "早上",   "没有", "知道", "时间", "朋友",   "因为", "所以",
  "天气", "学生", "老师",   "经济", "发展", "河边", "桥",     "は",   "です",
  "した", "東京", "図書館", "先生", "手紙", "昨日", "静かに", "約束", "言葉",
  "窓",   "町",   "船",     "답",   "회의", "바다", "사람들", "어제", NULL,
};
static const char *const cjk_syllables[] = {
  "金", "山", "海", "林", "北", "安", "田", "川", "明", "和", "白", "石", "青", "原", NULL,
};

static const char *const arabic[] = {
  "في",    "من",   "على",   "أن",   "إلى",  "كان",    "هذا",  "التي",   "مع",
  "قال",   "بعد",  "كل",    "لا",   "ما",   "بيت",    "كتاب", "مدينة",  "رجل",
  "سؤال",  "جواب", "رسالة", "صباح", "طويل", "قديم",   "جديد", "المجلس", "البحر",
  "السوق", "يكتب", "يقرأ",  "وعد",  "كَلِمَة", "الشاهد", NULL,
};
static const char *const arabic_syllables[] = {
  "سل", "مان", "بر", "كو", "دار", "نو", "ري", "فا", "زين", "طا", NULL,
};

static const char *const emoji[] = {
  "😀", "👍🏽", "👩‍👩‍👧", "🇫🇷", "✨", "❤️", "🧑‍🚀", "🎉", NULL,
};

/* Clauses that differ in a few words only. A letter behind % is what stands there: a number, a
 * noun, a name, a place. */
static const char *const clauses[] = {
  "The Supplier shall deliver the %n to the %p of the Customer within %d days of the written order "
  "and shall bear all risks until the %n have been accepted by the Customer.",
  "If the Supplier fails to deliver the %n within %d days, the Customer may, after written notice "
  "to the Supplier, buy the %n elsewhere and claim the difference in price from the Supplier.",
  "The Customer shall pay the price of the %n within %d days of receipt of the invoice, without "
  "deduction, to the account that the Supplier has named in writing.",
  "Any dispute about the %n that arises under this clause shall be settled by %r in %p within %d "
  "days; the decision shall be final and binding on both parties.",
  "No amendment of this clause shall be valid unless it has been made in writing and signed by %r "
  "on behalf of the Customer.",
};
static const char *const nouns[] = {
  "pumps", "cables", "timber", "lamps", "valves", "bricks", "engines", "filters", "seeds", NULL,
};
static const char *const sites[] = {
  "northern depot", "main office", "harbour", "second warehouse", "mill", "railway station", NULL,
};

static const Style styles[] = {
  [POSTIL_EDITS_ENGLISH] = { "English", english, english_syllables, " ", ", ", "." },
  [POSTIL_EDITS_GERMAN] = { "German", german, german_syllables, " ", ", ", "." },
  [POSTIL_EDITS_CJK] = { "CJK", cjk, cjk_syllables, "", "，", "。" },
  [POSTIL_EDITS_ARABIC] = { "Arabic", arabic, arabic_syllables, " ", "، ", "." },
  [POSTIL_EDITS_MIXED] = { "mixed", english, english_syllables, " ", ", ", "." },
  [POSTIL_EDITS_REPORT] = { "report", english, english_syllables, " ", ", ", "." },
  [POSTIL_EDITS_LIST] = { "list", english, english_syllables, " ", ", ", "." },
};

static const char *const kinds[] = {
  [POSTIL_EDITS_NONE] = "nothing",
  [POSTIL_EDITS_WORDS_1] = "1 % of words",
  [POSTIL_EDITS_WORDS_3] = "3 % of words",
  [POSTIL_EDITS_WORDS_5] = "5 % of words",
  [POSTIL_EDITS_WORDS_10] = "10 % of words",
  [POSTIL_EDITS_REFLOWED] = "reflowed",
  [POSTIL_EDITS_TYPOGRAPHY] = "typography",
  [POSTIL_EDITS_LINE_ENDS] = "line ends",
  [POSTIL_EDITS_MOVED] = "moved",
  [POSTIL_EDITS_INSERTED] = "inserted",
  [POSTIL_EDITS_REMOVED] = "removed",
  [POSTIL_EDITS_DUPLICATED] = "duplicated",
  [POSTIL_EDITS_DECOYS] = "decoys",
  [POSTIL_EDITS_ALL] = "everything",
};

static gboolean
chance (Maker *self, double probability)
{
  return g_rand_double (self->random) < probability;
}

/* From @low to @high - 1. */
static guint
pick (Maker *self, guint low, guint high)
{
  return high > low + 1 ? (guint) g_rand_int_range (self->random, low, high) : low;
}

/* The first ones of @list most often, as common words are. */
static const char *
pick_string (Maker *self, const char *const *list, gboolean skewed)
{
  guint n = g_strv_length ((GStrv) list);
  double share = g_rand_double (self->random);

  return list[(guint) (n * (skewed ? share * share : share))];
}

static char *
make_word (Maker *self)
{
  const Style *style = self->style;

  if (self->number == POSTIL_EDITS_MIXED)
    {
      static const PostilEditsStyle others[] = { POSTIL_EDITS_GERMAN, POSTIL_EDITS_CJK,
                                                 POSTIL_EDITS_ARABIC };

      if (chance (self, 0.06))
        return g_strdup (pick_string (self, emoji, FALSE));
      if (chance (self, 0.25))
        style = &styles[others[pick (self, 0, G_N_ELEMENTS (others))]];
    }
  if (chance (self, 0.15))
    {
      g_autoptr (GString) word = g_string_new (NULL);

      for (guint n = pick (self, 2, 5); n > 0; n--)
        g_string_append (word, pick_string (self, style->syllables, FALSE));
      return g_string_free (g_steal_pointer (&word), FALSE);
    }
  return g_strdup (pick_string (self, style->words, TRUE));
}

static void
add (GArray *points, const char *utf8, guint word)
{
  for (const char *p = utf8; *p != '\0'; p = g_utf8_next_char (p))
    g_array_append_vals (points, &(Point){ g_utf8_get_char (p), NOWHERE, word, 0 }, 1);
}

static void
add_word (Maker *self, GArray *points, const char *utf8)
{
  add (points, utf8, ++self->n_words);
}

/* Adds words that are parted by spaces and end in punctuation or not. */
static void
add_words (Maker *self, GArray *points, const char *utf8)
{
  g_auto (GStrv) words = g_strsplit (utf8, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize n = strcspn (words[i], ".,;:");
      g_autofree char *word = g_strndup (words[i], n);

      if (i > 0)
        add (points, " ", 0);
      add_word (self, points, word);
      add (points, words[i] + n, 0);
    }
}

static void
add_sentence (Maker *self, GArray *points)
{
  guint n = pick (self, 4, 23);
  guint quote = chance (self, 0.25) ? pick (self, 0, n) : n, quote_end = quote + pick (self, 1, 6);
  guint first = points->len;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *word = make_word (self);

      if (i > 0 && chance (self, 0.07))
        add (points, self->style->comma, 0);
      else if (i > 0 && chance (self, 0.02))
        add (points, chance (self, 0.5) ? " – " : " - ", 0);
      else if (i > 0 && chance (self, 0.01))
        add (points, "... ", 0);
      else if (i > 0)
        add (points, self->style->space, 0);
      if (i == quote)
        add (points, self->curly ? "“" : "\"", 0);
      add_word (self, points, word);
      if (i == MIN (quote_end, n - 1) && quote < n)
        add (points, self->curly ? "”" : "\"", 0);
    }
  g_array_index (points, Point, first).character =
    g_unichar_totitle (g_array_index (points, Point, first).character);
  add (points, self->style->stop, 0);
}

static void
add_clause (Maker *self, GArray *points)
{
  const char *clause = clauses[pick (self, 0, G_N_ELEMENTS (clauses))];
  const char *noun = pick_string (self, nouns, FALSE);
  g_autofree char *name = g_strconcat (pick_string (self, english_syllables, FALSE),
                                       pick_string (self, english_syllables, FALSE), NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%u.%u ", pick (self, 1, 30), pick (self, 1, 10));
  for (const char *p = clause; *p != '\0'; p++)
    if (*p != '%')
      g_string_append_c (text, *p);
    else if (*++p == 'd')
      g_string_append_printf (text, "%u", pick (self, 2, 90));
    else
      g_string_append (text, *p == 'n'   ? noun
                             : *p == 'p' ? pick_string (self, sites, FALSE)
                                         : name);
  add_words (self, points, text->str);
}

static GArray *
make_paragraph (Maker *self)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (Point));

  if (self->number == POSTIL_EDITS_LIST)
    {
      add (points, "- ", 0);
      for (guint n = pick (self, 2, 9); n > 0; n--)
        {
          g_autofree char *word = make_word (self);

          add_word (self, points, word);
          add (points, n > 1 ? " " : "", 0);
        }
    }
  else if (self->number == POSTIL_EDITS_REPORT && chance (self, 0.8))
    add_clause (self, points);
  else
    for (guint n = pick (self, 1, 7); n > 0; n--)
      {
        add_sentence (self, points);
        add (points, n > 1 ? self->style->space : "", 0);
      }
  add (points, self->number == POSTIL_EDITS_LIST ? "\n" : "\n\n", 0);
  return points;
}

static char *
make_utf8 (const Point *points, guint n)
{
  GString *utf8 = g_string_sized_new (n * 2);

  for (guint i = 0; i < n; i++)
    g_string_append_unichar (utf8, points[i].character);
  return g_string_free (utf8, FALSE);
}

/* Misspells points @from up to @end, one word. */
static void
misspell (Maker *self, const GArray *old, guint from, guint end, GArray *points)
{
  guint at = pick (self, from + 1, end), kind = pick (self, 0, 4);

  for (guint i = from; i < end; i++)
    {
      Point point = g_array_index (old, Point, i);

      if (i == at && kind == 0)
        continue;
      if (i == at && kind == 1)
        point.character = g_utf8_get_char (pick_string (self, self->style->syllables, FALSE));
      if (kind == 2 && i + 1 == at)
        point.character = g_array_index (old, Point, at).character;
      else if (kind == 2 && i == at)
        point.character = g_array_index (old, Point, at - 1).character;
      g_array_append_val (points, point);
      if (i == at && kind == 3)
        g_array_append_val (points, point);
    }
}

/* Changes one word in 1 / @share. */
static void
change_words (Maker *self, GArray *paragraph, double share)
{
  g_autoptr (GArray) old = g_array_copy (paragraph);
  guint end;

  g_array_set_size (paragraph, 0);
  for (guint i = 0; i < old->len; i = end)
    {
      const Point *word = &g_array_index (old, Point, i);
      g_autofree char *other = NULL;
      double kind;

      for (end = i + 1;
           word->word != 0 && end < old->len && g_array_index (old, Point, end).word == word->word;)
        end++;
      kind = g_rand_double (self->random);
      if (word->word == 0 || !chance (self, share))
        {
          g_array_append_vals (paragraph, word, end - i);
          continue;
        }
      other = make_word (self);
      if (kind < 0.2)
        {
          while (end + 1 < old->len && g_array_index (old, Point, end).character == ' ')
            end++;
        }
      else if (kind < 0.4)
        {
          g_array_append_vals (paragraph, word, end - i);
          add (paragraph, self->style->space, 0);
          add_word (self, paragraph, other);
        }
      else if (kind < 0.6 && end - i >= 4 && g_unichar_isalpha (word->character))
        misspell (self, old, i, end, paragraph);
      else
        {
          guint first = paragraph->len, n = end - i;
          g_autofree char *this = make_utf8 (word, n);
          /* Nobody could tell such a word from one that is misspelt. */
          gboolean alike = strstr (this, other) != NULL || strstr (other, this) != NULL;

          add_word (self, paragraph, other);
          for (guint k = first; k < paragraph->len; k++)
            {
              Point *point = &g_array_index (paragraph, Point, k);

              if (word->origin != NOWHERE)
                point->origin =
                  word->origin + (k + 1 == paragraph->len ? n - 1 : MIN (k - first, n - 1));
              point->flags = alike ? word->flags : word->flags & ~KEPT;
            }
        }
    }
}

static gboolean
is_space (gunichar character)
{
  return character == ' ' || character == '\n' || character == '\r';
}

/* Breaks the lines of a paragraph at @width code points; 0 for no breaks. */
static void
reflow (Maker *self, GArray *paragraph, guint width)
{
  g_autoptr (GArray) old = g_array_copy (paragraph);
  guint end = old->len, column = 0;

  while (end > 0 && is_space (g_array_index (old, Point, end - 1).character))
    end--;
  g_array_set_size (paragraph, 0);
  for (guint i = 0; i < end; i++)
    {
      Point point = g_array_index (old, Point, i);
      gboolean full = width > 0 && column > width;

      if (is_space (point.character))
        {
          while (is_space (g_array_index (old, Point, i + 1).character))
            i++;
          point.character = full ? '\n' : ' ';
          if (!full && chance (self, 0.02))
            g_array_append_val (paragraph, point);
          column = full ? 0 : column;
        }
      else if (full && self->number == POSTIL_EDITS_CJK && i > 0 &&
               point.word != g_array_index (old, Point, i - 1).word)
        {
          add (paragraph, "\n", 0);
          column = 0;
        }
      column++;
      g_array_append_val (paragraph, point);
    }
  g_array_append_vals (paragraph, &g_array_index (old, Point, end), old->len - end);
}

/* Writes the same in other signs. */
static void
change_typography (Maker *self, GArray *paragraph, guint variants)
{
  g_autoptr (GArray) old = g_array_copy (paragraph);
  gboolean upper = (variants & 1) && chance (self, 0.2);
  gboolean title = (variants & 1) && chance (self, 0.2);
  gboolean opens = TRUE;

  g_array_set_size (paragraph, 0);
  for (guint i = 0; i < old->len; i++)
    {
      Point point = g_array_index (old, Point, i);
      gboolean first =
        point.word != 0 && (i == 0 || g_array_index (old, Point, i - 1).word != point.word);
      gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
      gsize n_parts = 1;

      if (upper || (title && first))
        point.character = g_unichar_toupper (point.character);
      if (variants & 2)
        switch (point.character)
          {
          case '"':
            point.character = opens ? 0x201c : 0x201d;
            opens = !opens;
            break;
          case 0x201c:
            point.character = 0xab;
            break;
          case 0x201d:
            point.character = 0xbb;
            break;
          case 0x2013:
            point.character = 0x2014;
            break;
          case '-':
            point.character = 0x2013;
            break;
          case '.':
            if (i + 2 < old->len && g_array_index (old, Point, i + 1).character == '.' &&
                g_array_index (old, Point, i + 2).character == '.')
              {
                point.character = 0x2026;
                i += 2;
              }
            break;
          default:
            break;
          }
      parts[0] = point.character;
      if ((variants & 4) || ((variants & 8) && point.character < 0x250))
        n_parts = g_unichar_fully_decompose (point.character, FALSE, parts, G_N_ELEMENTS (parts));
      for (guint k = 0; k < n_parts; k++)
        if (k == 0 || (variants & 8) == 0 || !g_unichar_ismark (parts[k]))
          {
            point.character = parts[k];
            g_array_append_val (paragraph, point);
          }
    }
}

static GArray *
copy_paragraph (GArray *paragraph)
{
  GArray *copy = g_array_copy (paragraph);

  for (guint i = 0; i < copy->len; i++)
    {
      g_array_index (copy, Point, i).origin = NOWHERE;
      g_array_index (copy, Point, i).flags = 0;
    }
  return copy;
}

/* The number of a place that is @distance or more away from paragraph @from. */
static guint
pick_away (Maker *self, guint from, guint distance)
{
  guint n = self->paragraphs->len, to;

  if (n <= 2 * distance)
    return from < n / 2 ? n : 0;
  do
    to = pick (self, 0, n + 1);
  while (to + distance > from && to < from + 1 + distance);
  return to;
}

static void
change_order (Maker *self, PostilEditsKind kind, guint n_changes)
{
  GPtrArray *paragraphs = self->paragraphs;

  for (; n_changes > 0 && paragraphs->len > 3; n_changes--)
    {
      guint from = pick (self, 0, paragraphs->len), to = pick_away (self, from, 2);
      GArray *paragraph = paragraphs->pdata[from];

      switch (kind)
        {
        case POSTIL_EDITS_MOVED:
          for (guint i = 0; i < paragraph->len; i++)
            g_array_index (paragraph, Point, i).flags |= CARRIED;
          g_ptr_array_insert (paragraphs, to, g_array_ref (paragraph));
          g_ptr_array_remove_index (paragraphs, from + (to <= from));
          break;
        case POSTIL_EDITS_INSERTED:
          if (chance (self, 0.5))
            g_ptr_array_insert (paragraphs, to, make_paragraph (self));
          else
            {
              GArray *alike = copy_paragraph (paragraph);

              change_words (self, alike, 0.25);
              g_ptr_array_insert (paragraphs, to, alike);
            }
          break;
        case POSTIL_EDITS_REMOVED:
          g_ptr_array_remove_index (paragraphs, from);
          break;
        case POSTIL_EDITS_DUPLICATED:
          g_ptr_array_insert (paragraphs, to, copy_paragraph (paragraph));
          break;
        case POSTIL_EDITS_DECOYS:
          g_ptr_array_insert (paragraphs, pick_away (self, from, paragraphs->len / 4),
                              copy_paragraph (paragraph));
          change_words (self, paragraph, 0.12);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

static void
change_all (Maker *self, PostilEditsKind kind)
{
  static const double shares[] = {
    [POSTIL_EDITS_WORDS_1] = 0.01, [POSTIL_EDITS_WORDS_3] = 0.03, [POSTIL_EDITS_WORDS_5] = 0.05,
    [POSTIL_EDITS_WORDS_10] = 0.1, [POSTIL_EDITS_ALL] = 0.04,
  };
  guint width = chance (self, 0.3) ? 0 : pick (self, 35, 95), variants = pick (self, 1, 16);
  guint n = MAX (1, self->paragraphs->len / (kind == POSTIL_EDITS_ALL ? 30 : 10));

  for (PostilEditsKind order = POSTIL_EDITS_MOVED; order <= POSTIL_EDITS_DECOYS; order++)
    if (kind == order || (kind == POSTIL_EDITS_ALL && order != POSTIL_EDITS_DECOYS))
      change_order (self, order, n);
  for (guint i = 0; i < self->paragraphs->len; i++)
    {
      GArray *paragraph = self->paragraphs->pdata[i];

      if (kind <= POSTIL_EDITS_WORDS_10 || kind == POSTIL_EDITS_ALL)
        change_words (self, paragraph, shares[kind]);
      if (kind == POSTIL_EDITS_REFLOWED || kind == POSTIL_EDITS_ALL)
        reflow (self, paragraph, width);
      if (kind == POSTIL_EDITS_TYPOGRAPHY)
        change_typography (self, paragraph, variants);
      else if (kind == POSTIL_EDITS_ALL)
        change_typography (self, paragraph, 2);
    }
}

/* All points one after the other, a line end as one or two code points. */
static GArray *
flatten (Maker *self, gboolean crlf)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Point));

  for (guint i = 0; i < self->paragraphs->len; i++)
    {
      GArray *paragraph = self->paragraphs->pdata[i];

      for (guint k = 0; k < paragraph->len; k++)
        {
          Point point = g_array_index (paragraph, Point, k), extra = point;

          extra.character = '\r';
          if (point.character == '\n' && crlf)
            g_array_append_val (all, extra);
          g_array_append_val (all, point);
        }
    }
  return all;
}

static PostilText *
make_text (const GArray *points)
{
  char *utf8 = make_utf8 ((const Point *) points->data, points->len);

  return postil_text_new (utf8, strlen (utf8), NULL);
}

/* Makes the old text of about @n_points; numbers the points of it. */
static GArray *
make_old (Maker *self, guint n_points, gboolean crlf)
{
  guint width = chance (self, 0.5) ? pick (self, 50, 80) : 0;
  guint n = 0, origin = 0;

  while (n < n_points)
    {
      GArray *paragraph;

      if (self->paragraphs->len > 3 && chance (self, 0.15))
        {
          paragraph =
            copy_paragraph (self->paragraphs->pdata[pick (self, 0, self->paragraphs->len)]);
          change_words (self, paragraph, 0.25);
        }
      else
        paragraph = make_paragraph (self);
      if (width > 0)
        reflow (self, paragraph, width);
      g_ptr_array_add (self->paragraphs, paragraph);
      n += paragraph->len;
    }
  for (guint i = 0; i < self->paragraphs->len; i++)
    {
      GArray *paragraph = self->paragraphs->pdata[i];

      for (guint k = 0; k < paragraph->len; k++)
        {
          Point *point = &g_array_index (paragraph, Point, k);

          /* Where a line end counts two, both are its place; it is the second one here. */
          origin += crlf && point->character == '\n';
          point->origin = origin++;
          point->flags = KEPT;
        }
    }
  return flatten (self, crlf);
}

/* Where the words of the old text are, and its paragraphs without the line ends. */
static void
list_units (const GArray *old, GArray *words, GArray *paragraphs)
{
  PostilSpan paragraph = { 0, 0 };

  for (guint i = 0; i < old->len; i++)
    {
      guint word = g_array_index (old, Point, i).word;

      if (word != 0)
        {
          guint start = i;

          while (i + 1 < old->len && g_array_index (old, Point, i + 1).word == word)
            i++;
          g_array_append_vals (words, &(PostilSpan){ start, i + 1 }, 1);
        }
    }
  for (guint i = 0; i <= old->len; i++)
    {
      gboolean ends = i == old->len || is_space (g_array_index (old, Point, i).character);

      if (!ends)
        paragraph.end = i + 1;
      /* Two line ends, or the "- " of a list behind one. */
      else if (paragraph.end > paragraph.start &&
               (i + 1 >= old->len || g_array_index (old, Point, i).character == '\n') &&
               (i + 1 >= old->len || is_space (g_array_index (old, Point, i + 1).character) ||
                g_array_index (old, Point, i + 1).character == '-'))
        {
          g_array_append_val (paragraphs, paragraph);
          paragraph.start = paragraph.end;
        }
      if (ends && paragraph.end <= paragraph.start)
        paragraph.start = paragraph.end = i + 1;
    }
}

static PostilSpan
pick_passage (Maker *self, const GArray *words, const GArray *paragraphs)
{
  double kind = g_rand_double (self->random);
  guint first = pick (self, 0, words->len);
  guint n = kind < 0.2 ? 1 : kind < 0.45 ? pick (self, 2, 6) : pick (self, 6, 26);
  PostilSpan span = g_array_index (words, PostilSpan, first);

  if (kind > 0.77 && paragraphs->len > 0)
    {
      guint paragraph = pick (self, 0, paragraphs->len);
      guint last = paragraph + (kind > 0.9 ? pick (self, 1, 4) : 0);

      span = g_array_index (paragraphs, PostilSpan, paragraph);
      span.end = g_array_index (paragraphs, PostilSpan, MIN (last, paragraphs->len - 1)).end;
      return span;
    }
  /* A part of a longer word, as of a compound. */
  if (kind > 0.75 && postil_span_length (span) >= 7)
    {
      span.end = span.start + 4;
      return span;
    }
  span.end = g_array_index (words, PostilSpan, MIN (first + n - 1, words->len - 1)).end;
  return span;
}

/* One that begins among the words of @outer and may end behind it. */
static PostilSpan
pick_nested (Maker *self, const GArray *words, PostilSpan outer)
{
  guint low = 0, high = words->len, last;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (words, PostilSpan, middle).start < outer.start)
        low = middle + 1;
      else
        high = middle;
    }
  low = MIN (low, words->len - 1);
  for (last = low;
       last + 1 < words->len && g_array_index (words, PostilSpan, last + 1).start < outer.end;)
    last++;
  low = pick (self, low, last + 1);
  last = pick (self, low, MIN (low + 8, words->len));
  return (PostilSpan){ g_array_index (words, PostilSpan, low).start,
                       g_array_index (words, PostilSpan, last).end };
}

/* Describes ranges as a sidecar does. */
static PostilAnchor *
describe (PostilText *text, const PostilSpan *spans, guint n_spans)
{
  PostilSelector selectors[2];
  char *strings[6];
  PostilAnchor *anchor;

  for (guint i = 0; i < n_spans; i++)
    {
      PostilSpan span = spans[i], around = postil_text_add_context (text, span, CONTEXT);
      char **parts = &strings[3 * i];

      parts[0] = postil_text_dup_range (text, (PostilSpan){ around.start, span.start });
      parts[1] = postil_text_dup_range (text, span);
      parts[2] = postil_text_dup_range (text, (PostilSpan){ span.end, around.end });
      selectors[i] = (PostilSelector){ TRUE, span, parts[1], parts[0], parts[2] };
    }
  anchor = postil_anchor_new (selectors, n_spans, NULL, NULL);
  for (guint i = 0; i < 3 * n_spans; i++)
    g_free (strings[i]);
  return anchor;
}

static gboolean
is_unique (PostilText *text, const PostilSelector *selector)
{
  g_autofree char *all = g_strconcat (selector->prefix, selector->exact, selector->suffix, NULL);
  const char *found = strstr (postil_text_get_utf8 (text, NULL), all);

  return found == NULL || strstr (found + 1, all) == NULL;
}

/* Says what became of @passage; @places holds for each code point of the old text where its first
 * and last ones are in the new text. */
static void
judge (PostilEdits *self,
       PostilEditsPassage *passage,
       const GArray *old,
       const GArray *new,
       const PostilSpan *places)
{
  guint n_selectors;
  const PostilSelector *selectors = postil_anchor_get_selectors (passage->anchor, &n_selectors);
  guint n_surviving = 0, n_gone = 0;

  for (guint i = 0; i < passage->n_spans; i++)
    {
      PostilSpan span = passage->spans[i], truth = { 0, 0 };
      guint n_words = 0, n_kept = 0, n_own = 0, word = 0;
      gboolean torn = FALSE, carried = FALSE, kept = FALSE;

      for (guint at = span.start; at < span.end; at++)
        {
          PostilSpan place = places[at];

          if (g_array_index (old, Point, at).word != word)
            {
              word = g_array_index (old, Point, at).word;
              n_words += word != 0;
              kept = FALSE;
            }
          if (place.start == NOWHERE)
            continue;
          torn |= n_own > 0 && place.start < truth.end;
          truth.start = n_own > 0 ? MIN (truth.start, place.start) : place.start;
          truth.end = MAX (truth.end, place.end);
          n_own += postil_span_length (place);
          carried |= (g_array_index (new, Point, place.start).flags & CARRIED) != 0;
          if (word != 0 && !kept && (g_array_index (new, Point, place.start).flags & KEPT) != 0)
            {
              kept = TRUE;
              n_kept++;
            }
        }
      if (n_kept * 2 < n_words || n_words == 0)
        n_gone++;
      else if (n_kept * 5 >= n_words * 4 && !torn && n_own * 2 >= postil_span_length (truth))
        n_surviving++;
      passage->truth[i] = truth;
      passage->vague |= carried && !is_unique (self->old_text, &selectors[i]);
    }
  passage->fate = n_surviving == passage->n_spans ? POSTIL_EDITS_SURVIVES
                  : n_gone == passage->n_spans    ? POSTIL_EDITS_GONE
                                                  : POSTIL_EDITS_UNCLEAR;
}

static void
passage_clear (gpointer data)
{
  PostilEditsPassage *passage = data;

  g_clear_pointer (&passage->anchor, postil_anchor_unref);
}

static void
paragraph_free (gpointer data)
{
  g_array_unref (data);
}

/**
 * postil_edits_new:
 * @style: what kind of text it is
 * @kind: what becomes of it
 * @n_points: about how long it is, in code points
 * @seed: the same seed makes the same
 *
 * Returns: (transfer full): a text, what became of it, and its passages, one in 150 code points
 */
PostilEdits *
postil_edits_new (PostilEditsStyle style, PostilEditsKind kind, guint n_points, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) paragraphs = g_ptr_array_new_with_free_func (paragraph_free);
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  g_autoptr (GArray) units = g_array_new (FALSE, FALSE, sizeof (PostilSpan));
  g_autoptr (GArray) old = NULL;
  g_autoptr (GArray) new = NULL;
  g_autofree PostilSpan *places = NULL;
  Maker maker = {
    .style = &styles[style], .number = style, .random = random, .paragraphs = paragraphs
  };
  PostilEdits *self = g_new0 (PostilEdits, 1);
  PostilSpan last = { 0, 0 };
  gboolean crlf;

  maker.curly = chance (&maker, 0.5);
  crlf = chance (&maker, 0.3);
  old = make_old (&maker, n_points, crlf);
  self->old_text = make_text (old);
  list_units (old, words, units);

  change_all (&maker, kind);
  new = flatten (&maker, kind == POSTIL_EDITS_LINE_ENDS || kind == POSTIL_EDITS_ALL ? !crlf : crlf);
  self->new_text = make_text (new);

  places = g_new (PostilSpan, old->len);
  for (guint i = 0; i < old->len; i++)
    places[i] = (PostilSpan){ NOWHERE, NOWHERE };
  for (guint i = 0; i < new->len; i++)
    {
      guint origin = g_array_index (new, Point, i).origin;

      if (origin == NOWHERE)
        continue;
      if (places[origin].start == NOWHERE)
        places[origin].start = i;
      places[origin].end = i + 1;
    }

  self->passages = g_array_new (FALSE, TRUE, sizeof (PostilEditsPassage));
  g_array_set_clear_func (self->passages, passage_clear);
  for (guint n = MAX (20, old->len / POINTS_A_PASSAGE); n > 0; n--)
    {
      PostilEditsPassage passage = { .n_spans = chance (&maker, 0.03) ? 2 : 1 };

      for (guint i = 0; i < passage.n_spans; i++)
        {
          if (last.end > 0 && chance (&maker, 0.25))
            last = pick_nested (&maker, words, last);
          else
            last = pick_passage (&maker, words, units);
          passage.spans[i] = postil_text_snap_to_graphemes (self->old_text, last);
        }
      passage.anchor = describe (self->old_text, passage.spans, passage.n_spans);
      judge (self, &passage, old, new, places);
      g_array_append_val (self->passages, passage);
    }
  return self;
}

void
postil_edits_free (PostilEdits *self)
{
  postil_text_unref (self->old_text);
  postil_text_unref (self->new_text);
  g_array_unref (self->passages);
  g_free (self);
}

const char *
postil_edits_get_style_name (PostilEditsStyle style)
{
  return styles[style].name;
}

const char *
postil_edits_get_kind_name (PostilEditsKind kind)
{
  return kinds[kind];
}
