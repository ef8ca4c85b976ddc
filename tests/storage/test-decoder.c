/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "postil-decoder.h"
#include "postil-error.h"
#include "postil-test.h"

#define N(literal) literal, sizeof literal - 1

static PostilText *
decode (const char *bytes, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  PostilText *text = postil_decoder_decode (bytes, n_bytes, "test.txt", NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (postil_text_get_utf8 (text, NULL), -1, NULL));
  return text;
}

typedef struct
{
  const char *bytes;
  gsize n_bytes;
  const char *utf8;
  const char *charset;
  guint n_ill_formed;
} DecodeCase;

static const DecodeCase unicode_cases[] = {
  { N (""), "", "UTF-8", 0 },
  { N ("abc"), "abc", "UTF-8", 0 },
  { N ("a\r\nb\rc\n"), "a\r\nb\rc\n", "UTF-8", 0 },
  { N ("\xEF\xBB\xBF"), "", "UTF-8", 0 },
  { N ("\xEF\xBB\xBF"
       "café"),
    "café", "UTF-8", 0 },
  { N ("\xEF\xBB\xBF\xEF\xBB\xBFx"), "\xEF\xBB\xBFx", "UTF-8", 0 },
  { N ("\xEF\xBB\xBF"
       "a\xE9"),
    "a\xEF\xBF\xBD", "UTF-8", 1 },
  { N ("\xFF\xFE"
       "a\0\x3D\xD8\0\xDE\r\0\n\0"),
    "a😀\r\n", "UTF-16LE", 0 },
  { N ("\xFE\xFF\0a\xD8\x3D\xDE\0"), "a😀", "UTF-16BE", 0 },
  { N ("\xFF\xFE"), "", "UTF-16LE", 0 },
  { N ("\xFF\xFE\0\0a\0\0\0\0\xF6\1\0"), "a😀", "UTF-32LE", 0 },
  { N ("\0\0\xFE\xFF\0\0\0a\0\1\xF6\0"), "a😀", "UTF-32BE", 0 },
  /* A lead surrogate alone, a trail alone, half a unit at the end. */
  { N ("\xFF\xFE"
       "a\0\x3D\xD8"
       "b\0"),
    "a\xEF\xBF\xBD"
    "b",
    "UTF-16LE", 1 },
  { N ("\xFF\xFE\0\xDE"
       "b\0"),
    "\xEF\xBF\xBD"
    "b",
    "UTF-16LE", 1 },
  { N ("\xFF\xFE"
       "a\0b"),
    "a\xEF\xBF\xBD", "UTF-16LE", 1 },
  /* Without a mark. */
  { N ("P\0l\0a\0i\0n\0\n\0"), "Plain\n", "UTF-16LE", 0 },
  { N ("\0P\0l\0a\0i\0n\0\n"), "Plain\n", "UTF-16BE", 0 },
  { N ("\x1F\4@\0 \0\x32\4\x4B\4"), "П@ вы", "UTF-16LE", 0 },
};

/* Damaged UTF-8 stays UTF-8. */
static const DecodeCase damaged_cases[] = {
  { N ("Ein “Wort” und \xE9 noch ein Wort"), "Ein “Wort” und \xEF\xBF\xBD noch ein Wort", "UTF-8",
    1 },
  { N ("総統 \xE7\xB7"), "総統 \xEF\xBF\xBD", "UTF-8", 1 },
  { N ("é\xF0\x9F\x98"
       "a\xF0\x9F"),
    "é\xEF\xBF\xBD"
    "a\xEF\xBF\xBD",
    "UTF-8", 2 },
};

static void
check_cases (const DecodeCase *cases, gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (PostilText) text = decode (cases[i].bytes, cases[i].n_bytes);
      g_autofree char *sha256 = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (const guchar *) cases[i].bytes, cases[i].n_bytes);

      g_assert_cmpstr (postil_text_get_utf8 (text, NULL), ==, cases[i].utf8);
      g_assert_cmpstr (postil_text_get_charset (text), ==, cases[i].charset);
      g_assert_cmpuint (postil_text_get_n_ill_formed (text), ==, cases[i].n_ill_formed);
      g_assert_cmpstr (postil_text_get_sha256 (text), ==, sha256);
    }
}

static void
test_unicode (void)
{
  check_cases (unicode_cases, G_N_ELEMENTS (unicode_cases));
}

static void
test_damaged (void)
{
  check_cases (damaged_cases, G_N_ELEMENTS (damaged_cases));
}

/* What a sentence in one of the encodings of old becomes; the second name is what is found where it
 * is another one that has the same bytes for it. */
static const struct
{
  const char *charset;
  const char *found;
  const char *utf8;
} legacy_cases[] = {
  { "windows-1252", NULL, "Der Bürgermeister sagte: „Wir müssen über die Straße gehen.“ Schön." },
  { "windows-1252", NULL, "Les élèves ont été très étonnés par la leçon d’hier, à la théorie." },
  { "ISO-8859-1", "windows-1252",
    "Der Bürgermeister müsste über die Straße gehen. Das wäre schön." },
  { "windows-1250", NULL, "Příliš žluťoučký kůň úpěl ďábelské ódy. Vláda oznámila opatření." },
  { "ISO-8859-2", NULL, "Zażółć gęślą jaźń. Rząd ogłosił wczoraj nowe środki, które mają pomóc." },
  { "ISO-8859-16", NULL, "Președintele a spus ieri că discuțiile vor continua și în țară." },
  { "windows-1251", NULL, "Президент сказал, что переговоры будут продолжены на неделе." },
  { "KOI8-R", NULL, "Президент сказал, что переговоры будут продолжены на неделе." },
  { "IBM866", NULL, "Президент сказал, что переговоры будут продолжены на неделе." },
  { "windows-1253", "ISO-8859-7", "Ο πρόεδρος είπε χθες ότι οι συνομιλίες θα συνεχιστούν αύριο." },
  { "windows-1254", NULL, "Cumhurbaşkanı dün görüşmelerin devam edeceğini söyledi. Ağaçlar." },
  { "windows-1255", NULL, "הנשיא אמר אתמול כי השיחות יימשכו בשבוע הבא. זהו משפט בעברית." },
  { "windows-1256", NULL, "قال الرئيس أمس إن المحادثات ستستمر الأسبوع المقبل. هذه جملة." },
  { "TIS-620", "windows-874", "ประธานาธิบดีกล่าวเมื่อวานนี้ว่าการเจรจาจะดำเนินต่อไปในสัปดาห์หน้า" },
  { "VISCII", NULL, "Tổng thống nói hôm qua rằng các cuộc đàm phán sẽ tiếp tục vào tuần tới." },
  { "Shift_JIS", NULL, "大統領は昨日、会談が来週も続くと述べました。これは日本語の文章です。" },
  { "EUC-JP", NULL, "大統領は昨日、会談が来週も続くと述べました。これは日本語の文章です。" },
  { "ISO-2022-JP", NULL, "大統領は昨日、会談が来週も続くと述べました。これは日本語です。" },
  { "GBK", "GB18030", "总统昨天表示，会谈将在下周继续。这是一个中文句子，用来测试编码检测。" },
  { "Big5", NULL, "總統昨天表示，會談將在下週繼續。這是一個中文句子，用來測試編碼檢測。" },
  { "EUC-KR", "KSC_5601", "대통령은 어제 회담이 다음 주에도 계속될 것이라고 말했다. 문장이다." },
};

static void
test_legacy (void)
{
  /* Also when the first word of another script stands far from the beginning. */
  g_autofree char *ascii = g_strnfill (300000, 'x');

  for (guint i = 0; i < 2 * G_N_ELEMENTS (legacy_cases); i++)
    {
      gsize j = i / 2;
      const char *found =
        legacy_cases[j].found != NULL ? legacy_cases[j].found : legacy_cases[j].charset;
      g_autofree char *utf8 = g_strconcat (i % 2 ? ascii : "", "\n", legacy_cases[j].utf8, NULL);
      g_autofree char *bytes = NULL;
      g_autoptr (PostilText) text = NULL;
      gsize n_bytes;

      bytes = g_convert (utf8, -1, legacy_cases[j].charset, "UTF-8", NULL, &n_bytes, NULL);
      g_assert_nonnull (bytes);
      text = decode (bytes, n_bytes);
      g_test_message ("%s", legacy_cases[j].charset);
      g_assert_cmpstr (postil_text_get_charset (text), ==, found);
      g_assert_cmpstr (postil_text_get_utf8 (text, NULL), ==, utf8);
      g_assert_cmpuint (postil_text_get_n_ill_formed (text), ==, 0);
    }
}

/* Every byte is something, also where nothing can be told. */
static void
test_last_resort (void)
{
  char bytes[256];
  g_autoptr (PostilText) text = NULL;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = i < 0x20 || i == 0x7F ? ' ' : i;
  text = decode (bytes, sizeof bytes);
  g_assert_cmpuint (postil_text_get_length (text), >=, 200);
}

static const struct
{
  const char *bytes;
  gsize n_bytes;
  const char *said;
} binary_cases[] = {
  { N ("a\0b"), "not a text file" },
  { N ("Hello\0World!"), "not a text file" },
  { N ("ab\0cd\0ef\0"), "not a text file" },
  { N ("\xEF\xBB\xBF"
       "a\0b"),
    "not a text file" },
  { N ("\xFF\xFE"
       "a\0\0\0"
       "b\0"),
    "not a text file" },
  { N ("%PDF-1.7\nplain"), "PDF" },
  { N ("PK\3\4..."), "office document" },
  { N ("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..."), "office document" },
  { N ("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "not a text file" },
  { N ("\x7F"
       "ELF\2\1\1\0\0"),
    "not a text file" },
  { N ("\1\2\3\4\5\6\1\2\3\4\5\6\1\2\3\4\5\6"), "not a text file" },
};

static void
test_binary (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (binary_cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (postil_decoder_decode (binary_cases[i].bytes, binary_cases[i].n_bytes,
                                            "some name", NULL, &error));
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY);
      g_assert_nonnull (strstr (error->message, "“some name”"));
      g_assert_nonnull (strstr (error->message, binary_cases[i].said));
    }
  g_assert_true (postil_decoder_looks_like_text (N ("plain")));
  g_assert_true (postil_decoder_looks_like_text (N ("")));
  g_assert_true (postil_decoder_looks_like_text (N ("p\0l\0a\0i\0n\0")));
  g_assert_true (postil_decoder_looks_like_text (N ("\xFF\xFE\1\2")));
  g_assert_true (postil_decoder_looks_like_text (N ("\x1B[1mbold\x1B[0m")));
  g_assert_false (postil_decoder_looks_like_text (N ("%PDF-1.7")));
  g_assert_false (postil_decoder_looks_like_text (N ("a\0b")));
}

static void
test_size (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (postil_decoder_check_size (POSTIL_DECODER_MAX_BYTES, "big.txt", &error));
  g_assert_no_error (error);
  g_assert_false (postil_decoder_check_size (POSTIL_DECODER_MAX_BYTES + 1ull, "big.txt", &error));
  g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "“big.txt”"));
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  static const char *const texts[] = { "plain", "caf\xE9 cr\xE8me",
                                       "\xFF\xFE"
                                       "ab" };

  g_cancellable_cancel (cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (postil_decoder_decode (texts[i], strlen (texts[i]), "x", cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

static GByteArray *
parse_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  if (g_str_equal (hex, "nothing"))
    return bytes;
  while (*hex != '\0')
    {
      guint8 byte;

      if (*hex == ' ')
        {
          hex++;
          continue;
        }
      byte = g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
      g_byte_array_append (bytes, &byte, 1);
      hex += 2;
    }
  return bytes;
}

static guint
count_replacements (const char *utf8)
{
  guint n = 0;

  while ((utf8 = strstr (utf8, "\xEF\xBF\xBD")) != NULL)
    {
      utf8 += strlen ("\xEF\xBF\xBD");
      n++;
    }
  return n;
}

/* Each vector once behind a byte order mark and once at the end of long UTF-8, over the border of
 * what is validated in one piece. */
static void
check_vector (JsonObject *vector, const char *before, gsize n_before, gsize n_mark)
{
  const char *hex = json_object_get_string_member (vector, "hex");
  gboolean valid = json_object_get_boolean_member (vector, "valid");
  g_autoptr (GByteArray) in = parse_hex (hex);
  g_autoptr (GByteArray) expected =
    parse_hex (valid ? hex : json_object_get_string_member (vector, "replace"));
  char *bytes = g_malloc (n_before + in->len + 1);
  g_autoptr (PostilText) text = NULL;
  g_autoptr (GError) error = NULL;
  const char *utf8;
  gsize n_utf8;

  memcpy (bytes, before, n_before);
  if (in->len > 0)
    memcpy (bytes + n_before, in->data, in->len);
  bytes[n_before + in->len] = '\0';
  text = postil_decoder_decode_take (bytes, n_before + in->len, "unused", "x", NULL, &error);
  g_test_message ("%s", json_object_get_string_member (vector, "id"));
  if (in->len > 0 && memchr (in->data, 0, in->len) != NULL)
    {
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY);
      return;
    }
  g_assert_no_error (error);
  utf8 = postil_text_get_utf8 (text, &n_utf8) + n_before - n_mark;
  g_assert_cmpmem (utf8, n_utf8 - (n_before - n_mark), expected->data, expected->len);
  g_assert_cmpstr (postil_text_get_charset (text), ==, "UTF-8");
  if (valid)
    g_assert_cmpuint (postil_text_get_n_ill_formed (text), ==, 0);
  else if (strstr (hex, "efbfbd") == NULL)
    g_assert_cmpuint (postil_text_get_n_ill_formed (text), ==, count_replacements (utf8));
}

static void
test_vectors (void)
{
  g_autofree char *path = postil_test_find_shared ("conformance/utf8/vectors.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) before = g_string_new (NULL);
  JsonArray *vectors;

  if (path == NULL)
    return;
  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  vectors =
    json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "vectors");
  g_assert_cmpuint (json_array_get_length (vectors), >, 200);
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    check_vector (json_array_get_object_element (vectors, i), N ("\xEF\xBB\xBF"), 3);

  while (before->len < 1024 * 1024 - 7)
    g_string_append (before, "Ελλάδα ");
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      check_vector (json_array_get_object_element (vectors, i), before->str, before->len, 0);
      if (i % 20 == 0)
        g_string_append_c (before, '.');
    }
}

/* Whole files of odd bytes: nothing crashes, and without their NULs they are UTF-8. */
static void
test_files (void)
{
  static const char *const names[] = { "UTF-8-test.txt", "utf8tests.bin" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *relative = g_build_filename ("conformance", "utf8", names[i], NULL);
      g_autofree char *path = postil_test_find_shared (relative);
      g_autofree char *bytes = NULL;
      g_autoptr (PostilText) text = NULL;
      g_autoptr (GError) error = NULL;
      gsize n_bytes;

      if (path == NULL)
        return;
      g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
      g_assert_null (postil_decoder_decode (bytes, n_bytes, "x", NULL, &error));
      g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY);
      for (gsize j = 0; j < n_bytes; j++)
        if (bytes[j] == '\0')
          bytes[j] = ' ';
      text = decode (bytes, n_bytes);
      g_assert_cmpstr (postil_text_get_charset (text), !=, NULL);
    }
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 4000; i++)
    {
      char bytes[64];
      gsize n = g_rand_int_range (random, 0, sizeof bytes);
      guint low = g_rand_int_range (random, 0, 256), high = g_rand_int_range (random, low, 256) + 1;
      g_autoptr (PostilText) text = NULL;
      g_autoptr (GError) error = NULL;

      for (gsize j = 0; j < n; j++)
        bytes[j] = g_rand_int_range (random, low, high);
      text = postil_decoder_decode (bytes, n, "x", NULL, &error);
      if (text == NULL)
        g_assert_error (error, POSTIL_ERROR, POSTIL_ERROR_BINARY);
      else
        g_assert_true (g_utf8_validate (postil_text_get_utf8 (text, NULL), -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/storage/decoder/unicode", test_unicode);
  g_test_add_func ("/storage/decoder/damaged", test_damaged);
  g_test_add_func ("/storage/decoder/legacy", test_legacy);
  g_test_add_func ("/storage/decoder/last-resort", test_last_resort);
  g_test_add_func ("/storage/decoder/binary", test_binary);
  g_test_add_func ("/storage/decoder/size", test_size);
  g_test_add_func ("/storage/decoder/cancelled", test_cancelled);
  g_test_add_func ("/storage/decoder/vectors", test_vectors);
  g_test_add_func ("/storage/decoder/files", test_files);
  g_test_add_func ("/storage/decoder/random", test_random);

  return g_test_run ();
}
