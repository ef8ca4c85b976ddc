/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pango/pango.h>
#include <string.h>

#include "postil-view-map.h"

static PostilText *
make_text (const char *unit, gsize n_bytes, const char *end)
{
  GString *string = g_string_new (NULL);
  gsize length;

  while (*unit != '\0' && string->len + strlen (unit) <= n_bytes)
    g_string_append (string, unit);
  g_string_append (string, end);
  length = string->len;
  return postil_text_new (g_string_free (string, FALSE), length, NULL);
}

/* What the view shows, read in steps of @step bytes. */
static char *
read_all (PostilViewMap *map, gsize step)
{
  GString *view = g_string_new (NULL);

  while (postil_view_map_read (map, step, view))
    ;
  g_assert_true (g_utf8_validate (view->str, view->len, NULL));
  return g_string_free (view, FALSE);
}

/* Walks both texts at once: what the view has more is breaks, and where they may be. */
static guint
check_view (PostilText *text, PostilViewMap *map, const char *view, gsize longest)
{
  const char *start = postil_text_get_utf8 (text, NULL), *t = start, *v = view;
  guint offset = 0, view_offset = 0, n_breaks = 0;
  gsize length;

  while (*v != '\0')
    {
      g_assert_cmpuint (postil_view_map_to_text (map, view_offset), ==, offset);
      if (*v == '\n' && *t != '\n')
        {
          PostilSpan here = { offset, offset };

          g_assert_cmpuint (postil_text_snap_to_graphemes (text, here).start, ==, offset);
          g_assert_true (t > start && t[-1] != '\n' && t[-1] != '\r' && *t != '\r' && *t != '\0');
          g_assert_cmpuint (postil_view_map_to_view (map, offset), ==, view_offset + 1);
          g_assert_cmpuint (
            postil_view_map_span_to_view (map, (PostilSpan){ offset - 1, offset }).end, ==,
            view_offset);
          g_assert_cmpuint (postil_view_map_get_break (map, n_breaks), ==, view_offset + 1);
          n_breaks++;
          v++;
          view_offset++;
          continue;
        }
      g_assert_cmpuint (g_utf8_get_char (v), ==, g_utf8_get_char (t));
      g_assert_cmpuint (postil_view_map_to_view (map, offset), ==, view_offset);
      v = g_utf8_next_char (v);
      t = g_utf8_next_char (t);
      view_offset++;
      offset++;
    }
  g_assert_cmpint (*t, ==, '\0');
  g_assert_cmpuint (postil_view_map_get_n_breaks (map), ==, n_breaks);
  g_assert_cmpuint (postil_view_map_get_length (map), ==, postil_text_get_length (text));

  for (v = view, length = strlen (view); length > 0;)
    {
      int content, next;

      pango_find_paragraph_boundary (v, length, &content, &next);
      g_assert_cmpuint (content, <=, longest);
      v += next;
      length -= next;
    }
  return n_breaks;
}

typedef struct
{
  const char *name;
  const char *unit;
  gsize n_bytes;
  const char *end;
  gsize longest;
  guint least_breaks;
} Case;

#define LIMIT POSTIL_VIEW_MAP_LIMIT

static const Case cases[] = {
  { "empty", "", 0, "", 0, 0 },
  { "short", "a line\n", 700, "", LIMIT, 0 },
  { "crlf", "a line\r\n", 20000, "", LIMIT, 0 },
  { "cr", "a line\r", 20000, "", LIMIT, 0 },
  { "separators", "a line\xe2\x80\xa9", 20000, "", LIMIT, 0 },
  { "just-fits", "x", LIMIT, "\n", LIMIT, 0 },
  { "just-fits-crlf", "x", LIMIT, "\r\nnext", LIMIT, 0 },
  { "one-too-many", "x", LIMIT + 1, "\r\n", LIMIT, 1 },
  { "two-too-many", "x", LIMIT + 2, "\r\n", LIMIT, 1 },
  { "words", "word after word ", 200000, "\n", LIMIT, 48 },
  { "no-blanks", "0123456789", 100000, "", LIMIT, 24 },
  { "chinese", "漢字かな混じり文、", 100000, "\n", LIMIT, 24 },
  { "thai", "ภาษาไทยไม่มีช่องว่าง", 100000, "\n", LIMIT, 24 },
  { "families", "👩‍👩‍👧", 100000, "\n", LIMIT, 24 },
  { "flags", "🇫🇷", 50000, "\n", LIMIT, 12 },
  { "accents", "e\xcc\x81\xcc\x88", 50000, "\n", LIMIT, 12 },
  { "accented-blanks", " \xcc\x81", 50000, "\n", LIMIT, 12 },
  { "arabic", "هذا نص طويل جدا ", 100000, "\n", LIMIT, 24 },
  { "long-word-in-front", "x", 3000, " and then many short words", LIMIT, 0 },
};

static void
test_case (gconstpointer data)
{
  static const gsize steps[] = { 1, 1000, 5000, G_MAXSIZE };
  const Case *self = data;
  g_autoptr (PostilText) text = make_text (self->unit, self->n_bytes, self->end);
  g_autofree char *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (PostilViewMap) map = postil_view_map_new (text);
      g_autofree char *view = read_all (map, steps[i]);

      if (first == NULL)
        {
          guint n_breaks = check_view (text, map, view, self->longest);

          g_assert_cmpuint (n_breaks, >=, self->least_breaks);
          if (self->least_breaks == 0)
            g_assert_cmpuint (n_breaks, ==, 0);
          first = g_steal_pointer (&view);
        }
      else
        g_assert_cmpstr (view, ==, first);
    }
}

/* A grapheme longer than the limit, which nobody wrote by hand, is not broken at a bad place. */
static void
test_monster (void)
{
  g_autoptr (PostilText) text = make_text ("\xcc\x81", 3000, "abc\r\nnext");
  g_autoptr (PostilViewMap) map = postil_view_map_new (text);
  g_autofree char *view = read_all (map, 100);

  check_view (text, map, view, LIMIT);
}

static void
test_random (void)
{
  static const char *const parts[] = {
    "word ", "\r\n",  "\n",      "\r", "漢字",        "e\xcc\x81", "👩‍👩‍👧",
    "🇫🇷",    "عربي ", "0123456", "-",  "\xe2\x80\xa9"
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint round = 0; round < 20; round++)
    {
      GString *string = g_string_new (NULL);
      gsize length;
      g_autoptr (PostilText) text = NULL;
      g_autoptr (PostilViewMap) map = NULL;
      g_autofree char *view = NULL;

      for (guint i = 0; i < 4000; i++)
        {
          /* Ends of paragraphs are rare. */
          guint part = g_rand_int_range (random, 0, G_N_ELEMENTS (parts));

          if (strpbrk (parts[part], "\r\n\xa9") != NULL && g_rand_int_range (random, 0, 400) != 0)
            part = 0;
          g_string_append (string, parts[part]);
        }
      length = string->len;
      text = postil_text_new (g_string_free (string, FALSE), length, NULL);
      map = postil_view_map_new (text);
      view = read_all (map, g_rand_int_range (random, 1, 10000));
      check_view (text, map, view, LIMIT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/view-map/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/view-map/monster", test_monster);
  g_test_add_func ("/view-map/random", test_random);
  return g_test_run ();
}
