/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fixture.h"

#define HEADER                                                                                     \
  "\xef\xbb\xbf"                                                                                   \
  "document,start,end,paragraph,quote,topics,note,creator,created,status,id\r\n"
#define N_COLUMNS 11
#define COLUMN_NOTE 6

/* Reads RFC 4180 strictly; rows are arrays of strings. */
static GPtrArray *
parse (const char *csv)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GPtrArray) row = g_ptr_array_new ();

  g_assert_true (g_str_has_prefix (csv, "\xef\xbb\xbf"));
  for (const char *p = csv + 3; *p != '\0';)
    {
      GString *cell = g_string_new (NULL);

      if (*p == '"')
        {
          for (p++; *p != '"' || p[1] == '"'; p++)
            {
              g_assert_cmpint (*p, !=, '\0');
              g_string_append_c (cell, *p);
              p += *p == '"';
            }
          p++;
        }
      else
        for (; *p != ',' && *p != '\r'; p++)
          {
            g_assert_null (strchr ("\"\n", *p));
            g_string_append_c (cell, *p);
          }
      g_ptr_array_add (row, g_string_free (cell, FALSE));

      if (*p == ',')
        {
          p++;
          continue;
        }
      g_assert_true (g_str_has_prefix (p, "\r\n"));
      p += 2;
      g_assert_cmpuint (row->len, ==, N_COLUMNS);
      g_ptr_array_add (row, NULL);
      g_ptr_array_add (rows, g_ptr_array_steal (row, NULL));
    }
  g_assert_cmpuint (row->len, ==, 0);
  return rows;
}

static void
test_rows (void)
{
  const FixtureAnnotation annotations[] = {
    { .spans = { { 0, 3 } }, .topics = "TD", .note = "=1+1", .other_note = "no" },
    { .spans = { { 4, 7 }, { 12, 15 } } },
    { .kind = POSTIL_ANNOTATION_DOCUMENT, .note = "two\nlines, \"quoted\"" },
    { .status = POSTIL_STATUS_ORPHANED, .lost_quote = "gone", .topics = "T" },
    { .status = POSTIL_STATUS_MOVED, .spans = { { 8, 11 } }, .lost_quote = "-ed" },
    { .kind = POSTIL_ANNOTATION_FOREIGN },
  };
  g_autoptr (PostilSnapshot) snapshot =
    fixture_snapshot ("a,b.txt", "one two\n@ed end 😀", annotations, G_N_ELEMENTS (annotations));
  g_autofree char *csv = fixture_export ("csv", snapshot, NULL);

#define BY "\"Ada \"\"A\"\" <a>\",2026-01-01T00:00:00Z,"
#define ID "urn:uuid:00000000-0000-4000-8000-00000000000"
  g_assert_cmpstr (csv, ==,
                   HEADER
                   "\"a,b.txt\",,,,,,\"two\nlines, \"\"quoted\"\"\"," BY "placed," ID "3\r\n"
                   "\"a,b.txt\",0,3,1,one,Trust; Trust/Doubt & <fear>,\"'=1+1\n\nBob: no\"," BY
                   "placed," ID "1\r\n"
                   "\"a,b.txt\",4,15,1,two … end,,," BY "placed," ID "2\r\n"
                   "\"a,b.txt\",8,11,2,'@ed,,," BY "moved," ID "5\r\n"
                   "\"a,b.txt\",,,,gone,Trust,," BY "orphaned," ID "4\r\n"
                   "\"a,b.txt\",,,,,,," BY "placed," ID "6\r\n");
}

static void
test_none (void)
{
  g_autoptr (PostilSnapshot) snapshot = fixture_snapshot ("a.txt", "", NULL, 0);
  g_autofree char *csv = fixture_export ("csv", snapshot, NULL);

  g_assert_cmpstr (csv, ==, HEADER);
}

static void
test_several (void)
{
  const FixtureAnnotation one = { .spans = { { 0, 1 } } };
  g_autoptr (PostilSnapshot) first = fixture_snapshot ("a.txt", "a", &one, 1);
  g_autoptr (PostilSnapshot) second = fixture_snapshot ("b.txt", "b", &one, 1);
  g_autofree char *csv = fixture_export ("csv", first, second);
  g_autoptr (GPtrArray) rows = parse (csv);

  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 1))[0], ==, "a.txt");
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 2))[0], ==, "b.txt");
}

/* Whatever a note holds, a reader gets it back, and no cell begins as a formula does. */
static void
test_any_text (void)
{
  static const char *const parts[] = { "=", "+", "-", "@", "\t", "\r", "\n", "\r\n",  "\"",
                                       ",", "'", ";", " ", "a",  "é",  "😀",  "\u2028" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (4180);

  for (guint round = 0; round < 500; round++)
    {
      g_autoptr (GString) note = g_string_new (NULL);
      FixtureAnnotation annotation = { .spans = { { 0, 1 } } };
      g_autoptr (PostilSnapshot) snapshot = NULL;
      g_autofree char *csv = NULL;
      g_autoptr (GPtrArray) rows = NULL;
      const char *cell;

      for (int n = g_rand_int_range (rand, 1, 6); n > 0; n--)
        g_string_append (note, parts[g_rand_int_range (rand, 0, G_N_ELEMENTS (parts))]);
      annotation.note = note->str;
      snapshot = fixture_snapshot ("a.txt", "a", &annotation, 1);
      csv = fixture_export ("csv", snapshot, NULL);
      rows = parse (csv);
      g_assert_cmpuint (rows->len, ==, 2);

      cell = ((char **) g_ptr_array_index (rows, 1))[COLUMN_NOTE];
      {
        /* Some spreadsheets pass over white space. */
        const char *first = note->str;

        while (g_unichar_isspace (g_utf8_get_char (first)))
          first = g_utf8_next_char (first);
        if (strchr ("\t\r", note->str[0]) != NULL || (*first != '\0' && strchr ("=+-@", *first)))
          g_assert_cmpint (*cell++, ==, '\'');
      }
      g_assert_cmpstr (cell, ==, note->str);
    }
}

static void
test_cancelled (void)
{
  const FixtureAnnotation one = { .spans = { { 0, 1 } } };
  g_autoptr (GPtrArray) snapshots =
    g_ptr_array_new_with_free_func ((GDestroyNotify) postil_snapshot_unref);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_ptr_array_add (snapshots, fixture_snapshot ("a.txt", "a", &one, 1));
  g_cancellable_cancel (cancellable);
  for (const PostilFormat *const *format = postil_format_list (); *format != NULL; format++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (postil_format_export (*format, snapshots, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/csv/rows", test_rows);
  g_test_add_func ("/csv/none", test_none);
  g_test_add_func ("/csv/several", test_several);
  g_test_add_func ("/csv/any-text", test_any_text);
  g_test_add_func ("/format/cancelled", test_cancelled);

  return g_test_run ();
}
